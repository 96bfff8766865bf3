/*
 * The signer: the token and nothing else.  It answers one question after
 * another; a vendor module that hangs or crashes takes only this process with
 * it, and core starts another.
 */
#include "firmware/role.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/log.h"
#include "crypto/token.h"
#include "firmware/sandbox.h"

#define MODULE_ROOM (256u << 20) /* address space a vendor module may take */

struct signer {
	int channel;
	struct token *token; /* NULL until the module could be loaded */
	const char *module;
	struct buf out;
	struct secret pin;
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
	enum token_pin pin = TOKEN_PIN_FINE;
	const char *label = "";
	uint64_t not_after = 0;
	size_t count = 0;
	enum fail f = ready(s, m->payload.data);

	arena_init(&arena, 4u << 20);
	if (!f)
		f = token_pin_state(s->token, &pin, NULL);
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
	buf_u8(&s->out, (uint8_t)pin);
	buf_field(&s->out, BYTES_TEXT(label));
	buf_u64(&s->out, not_after);
	arena_free(&arena);
	if (message_send(s->channel, MESSAGE_SIGNED_STATUS, m->id, &s->out, -1))
		exit(1);
}

static void
login(struct signer *s, const struct message *m)
{
	struct cursor c = cursor_of(m->payload);
	struct bytes hash = cursor_bytes(&c, HASH_LEN);
	struct bytes pin = cursor_field(&c);
	enum token_pin state = TOKEN_PIN_FINE;
	struct note note = { 0 };
	bool sent = false;
	enum fail f = cursor_done(&c) ? ready(s, hash.data) : FAIL_PEER;

	if (!f)
		f = secret_set(&s->pin, pin);
	if (!f)
		f = token_login(s->token, &s->pin, &sent, &note);
	secret_wipe(&s->pin);
	if (s->token && token_pin_state(s->token, &state, NULL))
		state = TOKEN_PIN_FINE;
	if (f)
		log_notice("login: %s: %s", fail_name(f), note.text);
	buf_u16(&s->out, (uint16_t)f);
	buf_u8(&s->out, (uint8_t)state);
	buf_u8(&s->out, sent);
	if (message_send(s->channel, MESSAGE_SIGNED_LOGIN, m->id, &s->out, -1))
		exit(1);
}

static void
sign(struct signer *s, const struct message *m)
{
	struct signature_algorithm a = { .kind = m->payload.data[0],
		.hash = m->payload.data[1] };
	uint8_t value[SIGNATURE_MAX];
	size_t len = 0;
	struct note note = { 0 };
	enum fail f = FAIL_STATE;

	a.mgf_hash = a.hash;
	/* As core writes it into the CMS (RFC 4055 3.1). */
	a.salt_len = a.hash <= HASH_SHA512 ? (int)hash_len(a.hash) : 0;
	if (a.kind > KEY_EC || a.hash > HASH_SHA512)
		f = FAIL_PEER;
	else if (s->token)
		f = token_sign(
		    s->token, &a, m->payload.data + 2, value, &len, &note);
	if (f)
		log_notice("sign: %s: %s", fail_name(f), note.text);
	buf_u16(&s->out, (uint16_t)f);
	buf_field(&s->out, (struct bytes){ value, f ? 0 : len });
	if (message_send(s->channel, MESSAGE_SIGNED_VALUE, m->id, &s->out, -1))
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
		if (m.kind == MESSAGE_SIGN_STATUS)
			status(&s, &m);
		else if (m.kind == MESSAGE_SIGN_LOGIN)
			login(&s, &m);
		else if (m.kind == MESSAGE_SIGN_DIGEST)
			sign(&s, &m);
		else if (s.token)
			token_logout(s.token);
		/* A PIN may have been in there. */
		explicit_bzero(room, sizeof(room));
	}
	token_close(s.token);
	secret_free(&s.pin);
	buf_free(&s.out);
	return 0;
}
