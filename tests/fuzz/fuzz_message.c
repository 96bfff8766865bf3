/*
 * Core as those see it who may be broken into: net asks, workers and the
 * signer answer, all with bytes of the fuzzer's.  Core, its flow and its store
 * are the real ones; at the other ends of the channels stands this file.
 *
 * Input: steps of u8 who, u8 kind's row, u16 length, payload; a payload that
 * begins with a small byte gets the token of a real login in its place.
 */
#include "firmware/core.h"

#include <fcntl.h>
#include <psa/crypto.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/disk.h"
#include "base/log.h"
#include "base/when.h"
#include "crypto/cert_file.h"
#include "firmware/flow/act.h"
#include "firmware/flow/list.h"
#include "storage/blob.h"
#include "storage/counter.h"
#include "storage/people.h"
#include "storage/raising.h"
#include "storage/record.h"
#include "storage/session.h"
#include "storage/settings.h"
#include "tests/fuzz/fuzz.h"

#define FUZZ_SIZE_MAX 8192u
#define PEOPLE 5u
#define RENEW 20000u /* inputs, then a new store */
#define OTHER_ENDS 5u
#define FILE_BYTES 32768

static const uint16_t kinds[] = {
#define M(name, number, from, to, least, most, fds) number,
	MESSAGES(M)
#undef M
};

static struct core core;
static struct role_settings settings = { .module = "none" };
static char folder[64];
static int ends[OTHER_ENDS]; /* net, signer, two workers, keeper */
static uint8_t tokens[PEOPLE][SESSION_TOKEN];
static uint32_t asked_room; /* bytes for a CMS or token, in the last question */

/* ---- an agency with documents in every state ---- */

static void
put_agency(struct txn *txn)
{
	struct cert_file_set set;
	const struct cert *root = NULL, *ca = NULL;
	uint8_t hash[HASH_LEN];
	char name[64] = "cert.";

	cert_file_set_init(&set);
	fuzz_must(!cert_file_add_builtin_cas(&set, NULL));
	for (size_t i = 0; i < set.count; i++)
		if (set.certs[i].key.bits == 4096)
			ca = &set.certs[i];
	fuzz_must(ca != NULL);
	/* A CA stands for the agency's certificate and for its own root: what
	 * is signed is never good, which is what is looked for here. */
	root = ca;
	cert_hash(ca, hash);
	bytes_to_hex((struct bytes){ hash, 16 }, name + strlen(name));
	fuzz_must(!settings_put(txn, name, ca->der));
	fuzz_must(!settings_put(txn, SETTING_ROOT, root->der));
	fuzz_must(!settings_put(txn, SETTING_CHAIN, ca->der));
	fuzz_must(!settings_put(txn, SETTING_CERT, BYTES_ARRAY(hash)));
	fuzz_must(!settings_put(txn, SETTING_SYMBOL, BYTES_TEXT("BQL")));
	fuzz_must(!settings_put(txn, SETTING_PLACE, BYTES_TEXT("Khánh Hòa")));
	fuzz_must(!settings_put(
	    txn, SETTING_TSA, BYTES_TEXT("http://a.test/,http://b.test/")));
	fuzz_must(!settings_put(txn, SETTING_EGRESS, BYTES_TEXT("a.test")));
	fuzz_must(!settings_put(txn, SETTING_CODE, BYTES_TEXT("G22.99")));
	cert_file_set_free(&set);
	for (unsigned i = 0; i < PEOPLE; i++) {
		char user[8] = { 'a', (char)('a' + i) };
		struct person p = { .role = (uint8_t)(ROLE_CLERK + i),
			.unit = 1,
			.name = BYTES_TEXT(user),
			.full_name = BYTES_TEXT("Thử"),
			.password = BYTES_TEXT("x") };
		struct session s = { .started = when_now() };

		memcpy(p.cert, hash, HASH_LEN);
		fuzz_must(!people_add(txn, &p));
		s.person = p.id;
		s.used = s.started;
		fuzz_must(!session_add(txn, &s, tokens[i]));
	}
}

/* Every file is one byte, with which an upload by person 1 begins too. */
static void
put_documents(struct txn *txn)
{
	static const uint8_t content[1] = { 1 };
	uint8_t hash[HASH_LEN];

	fuzz_must(!blob_put(
	    txn, NULL, (struct bytes){ NULL, 0 }, BYTES_ARRAY(content), hash));
	for (unsigned i = 0; i < 3 * STATE_COUNT; i++) {
		struct record r = { .state =
					(uint8_t)(1 + i % (STATE_COUNT - 1)),
			.drafter = 4,
			.leader = 2,
			.unit = 1,
			.book = 1,
			.year = 2026,
			.number = i + 1,
			.date = 20260101,
			.subject = BYTES_TEXT("Về việc thử"),
			.symbol = BYTES_TEXT("QĐ-BQL") };

		fuzz_must(!counter_take_id(txn, COUNTER_RECORD, &r.id));
		memcpy(r.draft, hash, HASH_LEN);
		memcpy(r.approved, hash, HASH_LEN);
		memcpy(r.signed_file, hash, HASH_LEN);
		memcpy(r.sealed, hash, HASH_LEN);
		fuzz_must(!record_put(txn, &r));
		if (r.state >= STATE_WAIT_ISSUE)
			fuzz_must(!raising_put(
			    txn, &(struct raising){ .record = r.id }));
	}
}

static void
open_box(void)
{
	struct txn *txn;

	snprintf(folder, sizeof(folder), "/dev/shm/antin-fuzz.XXXXXX");
	fuzz_must(mkdtemp(folder) != NULL);
	settings.data = folder;
	fuzz_must(!store_open(folder, UINT64_C(1) << 30, false, &core.store));
	fuzz_must(!txn_begin(core.store, true, NULL, &txn));
	put_agency(txn);
	put_documents(txn);
	fuzz_must(!txn_commit(txn));
}

static void
close_box(void)
{
	static const char *const files[] = { "data.mdb", "lock.mdb", "" };

	store_close(core.store);
	for (size_t i = 0; i < 3; i++) {
		char path[96];

		snprintf(path, sizeof(path), "%s/%s", folder, files[i]);
		(void)remove(path);
	}
}

static void
start(void)
{
	struct process *all[OTHER_ENDS] = { &core.net, &core.signer,
		&core.workers[0], &core.workers[1], &core.keeper };

	log_open("fuzz", LOG_ERROR);
	(void)!freopen("/dev/null", "w", stdout);
	fuzz_must(psa_crypto_init() == PSA_SUCCESS);
	core.settings = &settings;
	buf_init(&core.out, CHANNEL_PAYLOAD_MAX);
	for (size_t i = 0; i < CORE_WORKERS_MAX; i++)
		core.workers[i].channel = -1;
	for (size_t i = 0; i < OTHER_ENDS; i++) {
		int pair[2];

		fuzz_must(!channel_pair(pair));
		all[i]->channel = pair[0];
		all[i]->ahead = 3;
		all[i]->pid = 1;
		ends[i] = pair[1];
	}
	open_box();
}

/* ---- the other ends ---- */

/* Whatever core said is allowed by its table; count what it answered net. */
/* How much room for a signature a worker is asked for. */
static void
note_room(const struct message *m)
{
	struct cursor c = cursor_of(m->payload);

	if (m->kind == MESSAGE_WORK_PREPARE) {
		(void)cursor_bytes(&c, 1 + 1 + 8);
		for (int i = 0; i < 4; i++)
			(void)cursor_field(&c);
	} else if (m->kind == MESSAGE_WORK_RAISE) {
		(void)cursor_u64(&c);
		(void)cursor_field(&c);
		(void)cursor_field(&c);
	} else {
		return;
	}
	(void)cursor_u8(&c);
	asked_room = cursor_u32(&c);
}

static void
hear(void)
{
	static const enum role who[OTHER_ENDS] = { ROLE_NET, ROLE_SIGNER,
		ROLE_WORKER, ROLE_WORKER, ROLE_WORKER };
	static uint8_t room[CHANNEL_PAYLOAD_MAX + 16];

	for (size_t i = 0; i < OTHER_ENDS; i++) {
		struct message m;
		enum fail f;

		while (!(f = message_receive(
			     ends[i], room, ROLE_CORE, who[i], &m))) {
			note_room(&m);
			message_close_fds(&m);
		}
		fuzz_must(f == FAIL_MISSING);
	}
}

/* A file that begins with the payload and has room for a signature. */
static int
file_of(struct bytes payload)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	fuzz_must(fd >= 0 && !disk_write_all(fd, payload) &&
	    !ftruncate(fd, FILE_BYTES));
	return fd;
}

/* The clerk's list is bound to its documents by a hash nobody guesses: put the
 * right one where zeros stand. */
static void
fill_list(uint8_t *payload, size_t len)
{
	struct cursor c = cursor_of((struct bytes){ payload, len });
	uint64_t ids[64];
	size_t at, count;
	struct txn *txn;

	(void)cursor_bytes(&c, SESSION_TOKEN);
	(void)cursor_field(&c);
	at = c.at;
	(void)cursor_bytes(&c, HASH_LEN);
	(void)cursor_u8(&c);
	count = cursor_u16(&c);
	for (size_t i = 0; i < count && i < 64; i++)
		ids[i] = cursor_u64(&c);
	if (c.failed || count > 64 || payload[at])
		return;
	fuzz_must(!core_read(&core, &txn));
	(void)!list_hash(txn, ids, count, payload + at);
	txn_abort(txn);
}

/* So is the end of the gap that core asked for. */
static void
fill_gap_end(uint16_t kind, uint8_t *payload, size_t len)
{
	struct cursor c = cursor_of((struct bytes){ payload, len });
	uint64_t gap, end;

	(void)cursor_u16(&c);
	(void)cursor_field(&c);
	/* Nothing missing, nothing used. */
	if (kind == MESSAGE_DONE_RAISE && (cursor_u8(&c) || cursor_u16(&c)))
		return;
	gap = cursor_u64(&c);
	end = gap + 2 * (uint64_t)asked_room + 2;
	if (!cursor_u64(&c) && !c.failed)
		for (size_t i = 0; i < 8; i++)
			payload[c.at - 8 + i] = (uint8_t)(end >> 8 * i);
}

static void
say(enum role from, struct process *p, uint16_t kind, struct bytes payload)
{
	static const uint8_t none[SESSION_TOKEN];
	uint8_t copy[FUZZ_SIZE_MAX + SESSION_TOKEN];
	struct message m = { .kind = kind, .id = 7, .fds = { -1, -1, -1 } };

	memcpy(copy, payload.len ? payload.data : none, payload.len);
	if (from == ROLE_NET && payload.len >= SESSION_TOKEN &&
	    copy[0] < PEOPLE)
		memcpy(copy, tokens[copy[0]], SESSION_TOKEN);
	if (kind == MESSAGE_ASK_SEAL)
		fill_list(copy, payload.len);
	if (kind == MESSAGE_DONE_PREPARE || kind == MESSAGE_DONE_RAISE)
		fill_gap_end(kind, copy, payload.len);
	if (kind == MESSAGE_FETCHED && core.fetching)
		m.id = core.fetching->fetch;
	m.payload = (struct bytes){ copy, payload.len };
	m.fds[0] = file_of(payload);
	m.fd_count = 1;
	if (!message_allowed(&m, from, ROLE_CORE)) {
		message_close_fds(&m);
		m.fd_count = 0;
		if (!message_allowed(&m, from, ROLE_CORE))
			return;
	}
	if (from == ROLE_NET) {
		if (kind == MESSAGE_FETCHED)
			core_fetched(&core, &m);
		else
			flow_ask(&core, &m);
		message_close_fds(&m);
	} else {
		m.id = p->asked.first->asked;
		fuzz_must(!core_reply(&core, p, &m));
	}
}

/* All that core still waits for never comes: every job must end. */
static void
end_all(void)
{
	struct process *all[] = { &core.signer, &core.workers[0],
		&core.workers[1], &core.keeper };

	for (unsigned turn = 0;; turn++) {
		bool waits = core.committing.first || core.group;

		fuzz_must(turn < 10000);
		for (size_t i = 0; i < 4; i++) {
			struct queue asked = all[i]->asked;

			all[i]->asked = (struct queue){ NULL, NULL };
			all[i]->count = 0;
			waits = waits || asked.first;
			core_lost(&core, asked, FAIL_PEER);
		}
		core_feed_workers(&core);
		core_feed_keeper(&core);
		core_feed_signer(&core);
		waits = waits || core.fetching;
		core_fetched(&core, NULL);
		core_flush(&core);
		hear();
		if (!waits)
			break;
	}
	fuzz_must(!core.raise.busy);
	fuzz_must(!core.signer_holder);
	fuzz_must(!core.for_worker.first && !core.for_signer.first &&
	    !core.for_keeper.first && !core.uploads);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned runs;
	struct cursor c = cursor_of((struct bytes){ data, size });

	if (size > FUZZ_SIZE_MAX)
		return 0;
	if (!core.store)
		start();
	if (++runs % RENEW == 0) {
		close_box();
		open_box();
	}
	while (c.at < size && !c.failed) {
		uint8_t who = cursor_u8(&c) % OTHER_ENDS;
		uint16_t kind =
		    kinds[cursor_u8(&c) % (sizeof(kinds) / sizeof(kinds[0]))];
		struct bytes payload = cursor_bytes(&c, cursor_u16(&c));
		struct process *p = who == 1 ? &core.signer :
		    who == 4                 ? &core.keeper :
					       &core.workers[who & 1];

		if (c.failed)
			break;
		if (!who)
			say(ROLE_NET, NULL, kind, payload);
		else if (p->asked.first)
			say(who == 1 ? ROLE_SIGNER : ROLE_WORKER, p, kind,
			    payload);
		if (who == 3)
			core_flush(&core);
		core_feed_workers(&core);
		core_feed_keeper(&core);
		core_feed_signer(&core);
		core_feed_net(&core);
		flow_raise(&core);
		hear();
	}
	end_all();
	evidence_free(&core.evidence);
	core.raise = (struct raise_state){ .busy = false };
	core.brake = (struct brake){ .rows = { { 0 } } };
	core.stopping = false;
	return 0;
}
