/*
 * The signer: the token and nothing else.  A vendor module that hangs or
 * crashes takes only this process with it, and core starts another.
 *
 * Questions are answered one after another, but for signatures on a token with
 * several lanes: there each lane has a thread, and whatever else is asked waits
 * until all of them are idle.
 */
#include "firmware/role.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/log.h"
#include "base/when.h"
#include "crypto/token.h"
#include "firmware/sandbox.h"

#define MODULE_ROOM (256u << 20) /* address space a vendor module may take */

#define WAITING_MAX (2u * TOKEN_LANES_MAX) /* core sends no more ahead */
#define LANE_STACK (1u << 20)

/* A digest to sign. */
struct question {
	uint64_t id;
	struct signature_algorithm algorithm;
	uint8_t digest[HASH_MAX];
};

struct signer {
	int channel;
	struct token *token; /* NULL until the module could be loaded */
	const char *module;
	struct buf out; /* of the main thread */
	struct secret pin;
	/* What lanes take from, under lock; a ring. */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct question waiting[WAITING_MAX];
	size_t first, count;
	size_t busy; /* lanes at work */
	unsigned lanes, threads;
};

struct lane {
	struct signer *signer;
	unsigned number;
};

static enum fail
ready(struct signer *s, const uint8_t *hash)
{
	struct note note = { 0 };
	enum fail f = FAIL_NONE;

	if (!s->token)
		f = token_open(s->module, &s->token, &note);
	if (!f)
		f = token_select(s->token, hash, &note);
	if (f)
		log_notice("token: %s: %s", fail_name(f), note.text);
	return f;
}

static void
status(struct signer *s, const struct message *m)
{
	struct token_cert certs[TOKEN_CERTS_MAX];
	struct arena arena;
	struct token_state state = { .pin = TOKEN_PIN_FINE };
	const char *label = "";
	uint64_t not_after = 0;
	size_t count = 0;
	enum fail f = ready(s, m->payload.data);

	arena_init(&arena, 4u << 20);
	if (!f)
		f = token_state(s->token, &state, NULL);
	if (!f)
		f = token_list(s->token, &arena, certs, &count, NULL);
	for (size_t i = 0; i < count; i++) {
		struct cert cert;
		uint8_t hash[HASH_LEN];

		if (cert_read(certs[i].der, &cert, NULL))
			continue;
		cert_hash(&cert, hash);
		if (memcmp(hash, m->payload.data, HASH_LEN))
			continue;
		label = certs[i].label;
		not_after = (uint64_t)cert.not_after;
	}
	buf_u16(&s->out, (uint16_t)f);
	buf_u8(&s->out, (uint8_t)state.pin);
	buf_u8(&s->out, state.pad);
	buf_field(&s->out, BYTES_TEXT(label));
	buf_u64(&s->out, not_after);
	arena_free(&arena);
	if (message_send(s->channel, MESSAGE_SIGNED_STATUS, m->id, &s->out, -1))
		exit(1);
}

/* ---- signatures ---- */

static void
sign(struct signer *s, unsigned lane, const struct question *q, struct buf *out)
{
	uint8_t value[SIGNATURE_MAX];
	size_t len = 0;
	struct note note = { 0 };
	int64_t began = when_monotonic_us();
	enum fail f = FAIL_STATE;

	if (q->algorithm.kind > KEY_EC || q->algorithm.hash > HASH_SHA512)
		f = FAIL_PEER;
	else if (s->token)
		f = token_sign(s->token, lane, &q->algorithm, q->digest, value,
		    &len, &note);
	if (f)
		log_notice("sign: %s: %s", fail_name(f), note.text);
	buf_u16(out, (uint16_t)f);
	buf_field(out, (struct bytes){ value, f ? 0 : len });
	buf_u32(out, (uint32_t)(when_monotonic_us() - began));
	if (message_send(s->channel, MESSAGE_SIGNED_VALUE, q->id, out, -1))
		exit(1);
}

static void *
lane_run(void *context)
{
	struct lane *lane = context;
	struct signer *s = lane->signer;
	struct question q;
	struct buf out;

	buf_init(&out, 4096);
	pthread_mutex_lock(&s->lock);
	for (;;) {
		if (!s->count || lane->number >= s->lanes) {
			pthread_cond_wait(&s->changed, &s->lock);
			continue;
		}
		q = s->waiting[s->first];
		s->first = (s->first + 1) % WAITING_MAX;
		s->count--;
		s->busy++;
		pthread_mutex_unlock(&s->lock);
		sign(s, lane->number, &q, &out);
		pthread_mutex_lock(&s->lock);
		s->busy--;
		pthread_cond_broadcast(&s->changed);
	}
	return NULL;
}

/* Until no lane has anything left to do. */
static void
wait_idle(struct signer *s)
{
	pthread_mutex_lock(&s->lock);
	while (s->count || s->busy)
		pthread_cond_wait(&s->changed, &s->lock);
	pthread_mutex_unlock(&s->lock);
}

/* A thread for every lane there is now; they stay until the process ends. */
static void
set_lanes(struct signer *s, unsigned lanes)
{
	static struct lane all[TOKEN_LANES_MAX];
	pthread_attr_t attributes;
	pthread_t thread;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, LANE_STACK);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	while (lanes > 1 && s->threads < lanes) {
		struct lane *lane = &all[s->threads];

		*lane = (struct lane){ s, s->threads };
		if (pthread_create(&thread, &attributes, lane_run, lane))
			break;
		s->threads++;
	}
	pthread_attr_destroy(&attributes);
	pthread_mutex_lock(&s->lock);
	s->lanes = lanes < s->threads ? lanes : s->threads;
	pthread_mutex_unlock(&s->lock);
}

static void
hand_out(struct signer *s, const struct question *q)
{
	pthread_mutex_lock(&s->lock);
	while (s->count == WAITING_MAX)
		pthread_cond_wait(&s->changed, &s->lock);
	s->waiting[(s->first + s->count) % WAITING_MAX] = *q;
	s->count++;
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
}

static void
take_digest(struct signer *s, const struct message *m)
{
	struct question q = { .id = m->id,
		.algorithm = {
		    .kind = m->payload.data[0], .hash = m->payload.data[1] } };

	q.algorithm.mgf_hash = q.algorithm.hash;
	/* As core writes it into the CMS (RFC 4055 3.1). */
	q.algorithm.salt_len = q.algorithm.hash <= HASH_SHA512 ?
	    (int)hash_len(q.algorithm.hash) :
	    0;
	memcpy(q.digest, m->payload.data + 2, HASH_MAX);
	if (s->lanes > 1)
		hand_out(s, &q);
	else
		sign(s, 0, &q, &s->out);
}

static void
login(struct signer *s, const struct message *m)
{
	struct cursor c = cursor_of(m->payload);
	struct bytes hash = cursor_bytes(&c, HASH_LEN);
	struct bytes pin = cursor_field(&c);
	unsigned wanted = cursor_u8(&c);
	struct token_state state = { .pin = TOKEN_PIN_FINE };
	struct note note = { 0 };
	bool sent = false;
	enum fail f = cursor_done(&c) ? ready(s, hash.data) : FAIL_PEER;

	if (!f)
		f = secret_set(&s->pin, pin);
	if (!f)
		f = token_login(s->token, &s->pin, &sent, &note);
	secret_wipe(&s->pin);
	if (s->token && token_state(s->token, &state, NULL))
		state.pin = TOKEN_PIN_FINE;
	if (f)
		log_notice("login: %s: %s", fail_name(f), note.text);
	/* An HSM takes all it has; a token in a port does one at a time. */
	if (!wanted)
		wanted = state.removable ? 1 : TOKEN_LANES_MAX;
	set_lanes(s, f ? 1 : token_lanes(s->token, wanted));
	buf_u16(&s->out, (uint16_t)f);
	buf_u8(&s->out, (uint8_t)state.pin);
	buf_u8(&s->out, sent);
	buf_u8(&s->out, (uint8_t)(s->lanes > 1 ? s->lanes : 1));
	if (message_send(s->channel, MESSAGE_SIGNED_LOGIN, m->id, &s->out, -1))
		exit(1);
}

/* PINs pass through the module's memory too: lock all of it where the limits
 * leave room for the module itself.  Under a small limit a lock would only make
 * loading it fail. */
static void
lock_memory(void)
{
	void *room;

	if (mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT)) {
		log_notice("memory could not be locked as a whole");
		return;
	}
	room = mmap(NULL, MODULE_ROOM, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (room == MAP_FAILED) {
		munlockall();
		log_notice("memory is not locked: its limit is too small");
	} else {
		munmap(room, MODULE_ROOM);
	}
}

int
role_signer(const struct role_settings *settings, int channel)
{
	struct signer s = { .channel = channel, .module = settings->module };
	struct pollfd wait = { .fd = channel, .events = POLLIN };
	static uint8_t room[CHANNEL_PAYLOAD_MAX + 16];
	struct message m;
	enum fail f;

	buf_init(&s.out, 4096);
	pthread_mutex_init(&s.lock, NULL);
	pthread_cond_init(&s.changed, NULL);
	lock_memory();
	if (secret_init(&s.pin) || sandbox_enter(ROLE_SIGNER))
		return 1;
	for (;;) {
		f = message_receive(channel, room, ROLE_CORE, ROLE_SIGNER, &m);
		if (f == FAIL_MISSING) {
			(void)poll(&wait, 1, -1);
			continue;
		}
		if (f)
			break;
		if (m.kind != MESSAGE_SIGN_DIGEST)
			wait_idle(&s);
		if (m.kind == MESSAGE_SIGN_STATUS)
			status(&s, &m);
		else if (m.kind == MESSAGE_SIGN_LOGIN)
			login(&s, &m);
		else if (m.kind == MESSAGE_SIGN_DIGEST)
			take_digest(&s, &m);
		else if (s.token)
			token_logout(s.token);
		/* A PIN may have been in there. */
		explicit_bzero(room, sizeof(room));
	}
	wait_idle(&s);
	token_close(s.token);
	secret_free(&s.pin);
	buf_free(&s.out);
	return 0;
}
