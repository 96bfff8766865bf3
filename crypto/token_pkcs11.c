/*
 * Working with the one token that holds a certificate, by the module's own
 * calls: its flags, its PIN sent exactly once, its sessions.  pkcs11-helper
 * would send a wrong PIN three times, does not tell tokens of one label and
 * serial apart, and has one session for all.
 */
#include "crypto/token.h"

#include <dlfcn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include <pkcs11-helper-1.0/pkcs11.h>

#include "base/buf.h"
#include "crypto/token_find.h"
#include "crypto/token_mechanism.h"

#define KEY_ID_MAX 256u

struct lane {
	CK_SESSION_HANDLE session;
	CK_OBJECT_HANDLE key; /* of this login; CK_INVALID_HANDLE: not found yet
			       */
	bool open;
};

struct token {
	void *module;
	CK_FUNCTION_LIST *calls;
	bool initialised; /* by us, and able to take threads */
	/* The chosen certificate and where it is; der empty: none. */
	struct buf der, id;
	struct cert cert;
	uint8_t hash[HASH_LEN]; /* what is looked for */
	bool any;               /* some certificate was seen meanwhile */
	CK_SLOT_ID slot;
	struct lane lanes[TOKEN_LANES_MAX];
	bool each_time;    /* the key wants the PIN for every signature … */
	struct secret pin; /* … so it is kept from login to logout … */
	CK_RV refused;     /* … or until it was refused, which says why */
	/* A call failed: another token may stand in the slot by now. */
	atomic_bool doubt;
};

/* ---- the module ---- */

/* Ask for a module that threads may use; one that cannot is left for the helper
 * to initialise, and gets no second lane. */
static enum fail
start(struct token *t, const char *module, struct note *note)
{
	CK_C_INITIALIZE_ARGS args = { .flags = CKF_OS_LOCKING_OK };
	enum fail f;

	t->initialised = t->calls->C_Initialize(&args) == CKR_OK;
	f = token_find_start(module, note);
	if (f)
		token_find_stop();
	if (f && t->initialised)
		t->calls->C_Finalize(NULL);
	return f;
}

enum fail
token_open(const char *module, struct token **token, struct note *note)
{
	struct token *t = calloc(1, sizeof(*t));
	CK_RV (*get_list)(CK_FUNCTION_LIST **);
	enum fail f;

	if (!t)
		return FAIL_MEMORY;
	buf_init(&t->der, CERT_SIZE_MAX);
	buf_init(&t->id, KEY_ID_MAX);
	f = secret_init(&t->pin);
	if (f)
		goto free;
	t->module = dlopen(module, RTLD_NOW | RTLD_LOCAL);
	if (!t->module) {
		f = note_set(note, FAIL_TOKEN, "module: %.150s", dlerror());
		goto free;
	}
	/* POSIX: dlsym gives functions as data pointers. */
	*(void **)&get_list = dlsym(t->module, "C_GetFunctionList");
	if (!get_list || get_list(&t->calls) != CKR_OK) {
		f = note_set(note, FAIL_TOKEN, "module: no C_GetFunctionList");
		goto close;
	}
	f = start(t, module, note);
	if (f)
		goto close;
	*token = t;
	return FAIL_NONE;
close:
	dlclose(t->module);
free:
	secret_free(&t->pin);
	free(t);
	return f;
}

static void
lane_close(struct token *t, struct lane *lane)
{
	if (lane->open)
		(void)t->calls->C_CloseSession(lane->session);
	*lane = (struct lane){ .open = false };
}

static void
unselect(struct token *t)
{
	token_logout(t);
	for (size_t i = 0; i < TOKEN_LANES_MAX; i++)
		lane_close(t, &t->lanes[i]);
	buf_clear(&t->der);
	buf_clear(&t->id);
	t->each_time = false;
	t->doubt = false;
}

void
token_close(struct token *t)
{
	if (!t)
		return;
	unselect(t);
	token_find_stop();
	if (t->initialised)
		t->calls->C_Finalize(NULL);
	dlclose(t->module);
	secret_free(&t->pin);
	buf_free(&t->id);
	buf_free(&t->der);
	free(t);
}

/* ---- looking ---- */

/* Visit the objects of a session that have these attributes, until one is the
 * one. */
typedef bool is_object(struct token *t, CK_SESSION_HANDLE session,
    CK_OBJECT_HANDLE object, void *context);

static CK_OBJECT_HANDLE
find_object(struct token *t, CK_SESSION_HANDLE session, CK_ATTRIBUTE *wanted,
    CK_ULONG wanted_count, is_object *is, void *context)
{
	CK_OBJECT_HANDLE object, found = CK_INVALID_HANDLE;
	CK_ULONG count = 0;

	if (t->calls->C_FindObjectsInit(session, wanted, wanted_count) !=
	    CKR_OK)
		return CK_INVALID_HANDLE;
	while (found == CK_INVALID_HANDLE &&
	    t->calls->C_FindObjects(session, &object, 1, &count) == CKR_OK &&
	    count == 1)
		if (!is || is(t, session, object, context))
			found = object;
	(void)t->calls->C_FindObjectsFinal(session);
	return found;
}

/* The slots with a token now.  PKCS #11 2.40 5.4: what was plugged in since is
 * seen by a call that asks for the number alone. */
static CK_RV
get_slots(
    struct token *t, CK_SLOT_ID slots[static TOKEN_CERTS_MAX], CK_ULONG *count)
{
	CK_ULONG seen = 0;
	CK_RV rv;

	*count = TOKEN_CERTS_MAX;
	(void)t->calls->C_GetSlotList(CK_TRUE, NULL, &seen);
	rv = t->calls->C_GetSlotList(CK_TRUE, slots, count);
	/* Some say how many there are, and not how many they gave. */
	if (*count > TOKEN_CERTS_MAX)
		*count = TOKEN_CERTS_MAX;
	return rv;
}

/* A certificate's bytes. */
static bool
read_der(struct token *t, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
    uint8_t room[static CERT_SIZE_MAX], struct bytes *der)
{
	CK_ATTRIBUTE value = { CKA_VALUE, room, CERT_SIZE_MAX };

	if (t->calls->C_GetAttributeValue(session, object, &value, 1) !=
		CKR_OK ||
	    value.ulValueLen > CERT_SIZE_MAX)
		return false;
	*der = (struct bytes){ room, value.ulValueLen };
	return true;
}

static const CK_OBJECT_CLASS certificate_class = CKO_CERTIFICATE;
#define CERTIFICATES                                              \
	(CK_ATTRIBUTE)                                            \
	{                                                         \
		CKA_CLASS, (void *)(uintptr_t)&certificate_class, \
		    sizeof(certificate_class)                     \
	}

/* ---- all of them ---- */

struct listing {
	struct arena *arena;
	struct token_cert *certs;
	size_t count;
	enum fail fail;
	CK_TOKEN_INFO info; /* of the token that is looked at */
};

static bool
list_one(void *context, const struct token_seen *seen)
{
	struct listing *l = context;
	struct token_cert *c = &l->certs[l->count];

	if (l->count == TOKEN_CERTS_MAX) {
		l->fail = FAIL_LIMIT;
		return false;
	}
	snprintf(c->label, sizeof(c->label), "%.*s", (int)TOKEN_TEXT_MAX - 1,
	    seen->label);
	snprintf(c->serial, sizeof(c->serial), "%.*s", (int)TOKEN_TEXT_MAX - 1,
	    seen->serial);
	c->der = arena_copy(l->arena, seen->der);
	if (!c->der.data)
		l->fail = FAIL_MEMORY;
	l->count++;
	return !l->fail;
}

/* Texts of a token are padded with blanks. */
static void
unpad(char out[static TOKEN_TEXT_MAX], const CK_UTF8CHAR *text, size_t len)
{
	while (len && text[len - 1] == ' ')
		len--;
	memcpy(out, text, len);
	out[len] = '\0';
}

/* One that the helper did not tell of. */
static bool
list_missing(struct token *t, CK_SESSION_HANDLE session,
    CK_OBJECT_HANDLE object, void *context)
{
	struct listing *l = context;
	uint8_t room[CERT_SIZE_MAX];
	char label[TOKEN_TEXT_MAX], serial[TOKEN_TEXT_MAX];
	struct token_seen seen = { label, serial, { NULL, 0 } };

	if (!read_der(t, session, object, room, &seen.der))
		return false;
	for (size_t i = 0; i < l->count; i++)
		if (bytes_equal(l->certs[i].der, seen.der))
			return false;
	unpad(label, l->info.label, sizeof(l->info.label));
	unpad(serial, l->info.serialNumber, sizeof(l->info.serialNumber));
	return !list_one(l, &seen);
}

/* For the helper tokens of one label and serial are one.  What it told stands
 * also where slots cannot be listed. */
static void
list_slots(struct token *t, struct listing *l)
{
	CK_SLOT_ID slots[TOKEN_CERTS_MAX];
	CK_ATTRIBUTE wanted = CERTIFICATES;
	CK_ULONG count;
	CK_RV rv = get_slots(t, slots, &count);

	for (CK_ULONG i = 0; rv == CKR_OK && i < count; i++) {
		CK_SESSION_HANDLE session;

		if (t->calls->C_GetTokenInfo(slots[i], &l->info) != CKR_OK ||
		    t->calls->C_OpenSession(slots[i], CKF_SERIAL_SESSION, NULL,
			NULL, &session) != CKR_OK)
			continue;
		(void)find_object(t, session, &wanted, 1, list_missing, l);
		(void)t->calls->C_CloseSession(session);
	}
}

enum fail
token_list(struct token *t, struct arena *arena,
    struct token_cert certs[static TOKEN_CERTS_MAX], size_t *count,
    struct note *note)
{
	struct listing l = { .arena = arena, .certs = certs };
	enum fail f = token_find(list_one, &l, note);

	if (!f && !l.fail)
		list_slots(t, &l);
	*count = l.count;
	return f ? f : l.fail;
}

/* ---- choosing ---- */

/* A certificate of this session: if it is the one, keep it and its key's id. */
static bool
is_wanted(struct token *t, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
    void *context)
{
	uint8_t room[CERT_SIZE_MAX], id[KEY_ID_MAX], hash[HASH_LEN];
	CK_ATTRIBUTE key = { CKA_ID, id, sizeof(id) };
	struct bytes der;

	(void)context;
	t->any = true;
	if (!read_der(t, session, object, room, &der))
		return false;
	hash_sha256(der, hash);
	if (memcmp(hash, t->hash, HASH_LEN) != 0 ||
	    t->calls->C_GetAttributeValue(session, object, &key, 1) != CKR_OK ||
	    key.ulValueLen > sizeof(id))
		return false;
	buf_bytes(&t->der, der);
	buf_add(&t->id, id, key.ulValueLen);
	return true;
}

/* The slot that holds the wanted certificate, with a session on it. */
static enum fail
find_slot(struct token *t, struct note *note)
{
	CK_SLOT_ID slots[TOKEN_CERTS_MAX];
	CK_ATTRIBUTE certificates = CERTIFICATES;
	CK_ULONG count;
	struct lane *lane = &t->lanes[0];
	CK_RV rv = get_slots(t, slots, &count);

	if (rv != CKR_OK)
		return token_fail(rv, note, "C_GetSlotList");
	t->any = false;
	for (CK_ULONG i = 0; i < count; i++) {
		if (t->calls->C_OpenSession(slots[i], CKF_SERIAL_SESSION, NULL,
			NULL, &lane->session) != CKR_OK)
			continue;
		lane->open = true;
		t->slot = slots[i];
		if (find_object(t, lane->session, &certificates, 1, is_wanted,
			NULL) != CK_INVALID_HANDLE)
			return FAIL_NONE;
		lane_close(t, lane);
	}
	return note_set(note, t->any ? FAIL_KEY : FAIL_TOKEN_GONE,
	    t->any ? "no token holds the certificate" : "no token");
}

static CK_OBJECT_HANDLE
find_key(struct token *t, struct lane *lane)
{
	CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	CK_ATTRIBUTE wanted[] = { { CKA_CLASS, &class, sizeof(class) },
		{ CKA_ID, t->id.data, t->id.len } };

	return find_object(t, lane->session, wanted, 2, NULL, NULL);
}

/* Is the chosen token still where it was? */
static bool
still_there(struct token *t)
{
	CK_SESSION_INFO session;
	CK_TOKEN_INFO info;

	return t->der.len && !t->doubt && t->lanes[0].open &&
	    t->calls->C_GetTokenInfo(t->slot, &info) == CKR_OK &&
	    t->calls->C_GetSessionInfo(t->lanes[0].session, &session) == CKR_OK;
}

enum fail
token_select(struct token *t, const uint8_t cert_hash[static HASH_LEN],
    struct note *note)
{
	enum fail f;

	if (still_there(t) && !memcmp(t->hash, cert_hash, HASH_LEN))
		return FAIL_NONE;
	unselect(t);
	memcpy(t->hash, cert_hash, HASH_LEN);
	f = find_slot(t, note);
	if (!f)
		f = buf_fail(&t->der) ? buf_fail(&t->der) : buf_fail(&t->id);
	if (!f)
		f = cert_read(buf_view(&t->der), &t->cert, note);
	if (f)
		unselect(t);
	return f;
}

const struct cert *
token_cert(const struct token *t)
{
	return &t->cert;
}

/* ---- state and PIN ---- */

enum fail
token_state(struct token *t, struct token_state *state, struct note *note)
{
	CK_TOKEN_INFO info;
	CK_SLOT_INFO slot;
	CK_RV rv;

	if (!t->der.len)
		return note_set(note, FAIL_STATE, "no certificate selected");
	rv = t->calls->C_GetTokenInfo(t->slot, &info);
	if (rv == CKR_OK)
		rv = t->calls->C_GetSlotInfo(t->slot, &slot);
	if (rv != CKR_OK)
		return token_fail(rv, note, "C_GetTokenInfo");
	state->pin = info.flags & CKF_USER_PIN_LOCKED ? TOKEN_PIN_LOCKED :
	    info.flags & CKF_USER_PIN_FINAL_TRY       ? TOKEN_PIN_LAST :
	    info.flags & CKF_USER_PIN_COUNT_LOW       ? TOKEN_PIN_LOW :
							TOKEN_PIN_FINE;
	state->pad = (info.flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0;
	state->removable = (slot.flags & CKF_REMOVABLE_DEVICE) != 0;
	return FAIL_NONE;
}

/* An empty PIN: NULL, and the person is asked at the token itself. */
static CK_RV
send_pin(struct token *t, CK_SESSION_HANDLE session, CK_USER_TYPE user,
    struct bytes pin)
{
	/* PKCS #11 2.40 5.6: the PIN is read only. */
	return t->calls->C_Login(session, user,
	    pin.len ? (CK_UTF8CHAR_PTR)(uintptr_t)pin.data : NULL, pin.len);
}

/* Must the PIN come with every signature?  Tokens that do not know the question
 * say no. */
static bool
wants_pin_each_time(struct token *t, const struct lane *lane)
{
	CK_BBOOL yes = CK_FALSE;
	CK_ATTRIBUTE each = { CKA_ALWAYS_AUTHENTICATE, &yes, sizeof(yes) };

	return t->calls->C_GetAttributeValue(
		   lane->session, lane->key, &each, 1) == CKR_OK &&
	    yes;
}

static enum fail
look_at_key(struct token *t, const struct secret *pin, struct note *note)
{
	struct lane *lane = &t->lanes[0];

	lane->key = find_key(t, lane);
	if (lane->key == CK_INVALID_HANDLE)
		return note_set(note, FAIL_KEY,
		    "the token has the certificate, but not its key");
	t->each_time = wants_pin_each_time(t, lane);
	return t->each_time ? secret_set(&t->pin, secret_get(pin)) : FAIL_NONE;
}

enum fail
token_login(
    struct token *t, const struct secret *pin, bool *sent, struct note *note)
{
	struct bytes digits = secret_get(pin);
	struct token_state state = { .pad = false };
	CK_RV rv;
	enum fail f = token_state(t, &state, note);

	*sent = false;
	if (f)
		return f;
	if (state.pin == TOKEN_PIN_LOCKED)
		return note_set(note, FAIL_PIN_LOCKED, "the PIN is locked");
	if (state.pin == TOKEN_PIN_LAST)
		return note_set(note, FAIL_PIN_LAST, "one try left");
	if (!digits.len && !state.pad)
		return note_set(note, FAIL_PIN_EMPTY, "empty PIN");
	if (digits.len && memchr(digits.data, 0, digits.len))
		return note_set(note, FAIL_PIN, "no PIN");
	/* Whoever was logged in before: this PIN is to be looked at. */
	token_logout(t);
	t->refused = CKR_OK;
	*sent = true;
	rv = send_pin(t, t->lanes[0].session, CKU_USER, digits);
	if (rv != CKR_OK)
		return token_fail(rv, note, "C_Login");
	*sent = false; /* a right PIN costs no try */
	f = look_at_key(t, pin, note);
	if (f)
		token_logout(t);
	return f;
}

void
token_logout(struct token *t)
{
	secret_wipe(&t->pin);
	if (t->lanes[0].open)
		(void)t->calls->C_Logout(t->lanes[0].session);
	for (size_t i = 0; i < TOKEN_LANES_MAX; i++)
		t->lanes[i].key = CK_INVALID_HANDLE;
}

/* ---- lanes ---- */

static CK_RV
lane_open(struct token *t, struct lane *lane)
{
	CK_RV rv;

	if (lane->open)
		return CKR_OK;
	rv = t->calls->C_OpenSession(
	    t->slot, CKF_SERIAL_SESSION, NULL, NULL, &lane->session);
	lane->open = rv == CKR_OK;
	return rv;
}

unsigned
token_lanes(struct token *t, unsigned wanted)
{
	unsigned count = 1;

	/* A PIN with every signature is sent by one thread, after looking at
	 * how the last one went. */
	if (!t->initialised || t->each_time)
		wanted = 1;
	while (count < wanted && count < TOKEN_LANES_MAX &&
	    lane_open(t, &t->lanes[count]) == CKR_OK)
		count++;
	return count;
}

/* The key, found once a login. */
static enum fail
lane_ready(struct token *t, struct lane *lane, struct note *note)
{
	enum fail f = token_fail(lane_open(t, lane), note, "C_OpenSession");

	if (f || lane->key != CK_INVALID_HANDLE)
		return f;
	lane->key = find_key(t, lane);
	if (lane->key != CK_INVALID_HANDLE)
		return FAIL_NONE;
	t->doubt = true;
	return note_set(note, FAIL_STATE, "nobody is logged in");
}

/* A call was broken off, and the session may still be busy with it: have a new
 * one.  It comes before the old one goes, for with the last session the login
 * ends. */
static void
lane_renew(struct token *t, struct lane *lane)
{
	struct lane old = *lane;

	*lane = (struct lane){ .open = false };
	if (lane_open(t, lane) == CKR_OK)
		(void)t->calls->C_CloseSession(old.session);
	else
		*lane = old;
}

/* ---- signing ---- */

/* The PIN of a key that wants it each time.  Once refused, for whatever reason,
 * nobody is asked and nothing sent again before the next login. */
static CK_RV
authenticate(struct token *t, struct lane *lane, struct note *note)
{
	struct bytes pin = secret_get(&t->pin);
	struct token_state state = { .pad = false };

	if (!t->each_time)
		return CKR_OK;
	if (t->refused != CKR_OK)
		return t->refused;
	if (!pin.len && (token_state(t, &state, note) || !state.pad))
		t->refused = CKR_PIN_INCORRECT;
	else if (!pin.len && state.pin >= TOKEN_PIN_LAST)
		t->refused = CKR_FUNCTION_CANCELED;
	else
		t->refused =
		    send_pin(t, lane->session, CKU_CONTEXT_SPECIFIC, pin);
	if (t->refused != CKR_OK)
		secret_wipe(&t->pin);
	return t->refused;
}

static enum fail
sign(struct token *t, struct lane *lane, struct token_mechanism *m,
    uint8_t *out, size_t *len, struct note *note)
{
	CK_ULONG room = SIGNATURE_MAX;
	const char *call = "C_SignInit";
	CK_RV rv =
	    t->calls->C_SignInit(lane->session, &m->mechanism, lane->key);

	if (rv == CKR_OK) {
		call = "C_Login for one signature";
		rv = authenticate(t, lane, note);
	}
	if (rv == CKR_OK) {
		call = "C_Sign";
		rv = t->calls->C_Sign(
		    lane->session, m->in, m->in_len, out, &room);
	}
	/* A module that says it wrote more than there was room for. */
	if (rv == CKR_OK && room > SIGNATURE_MAX)
		rv = CKR_GENERAL_ERROR;
	if (rv != CKR_OK) {
		t->doubt = true;
		lane_renew(t, lane);
	}
	*len = room;
	return token_fail(rv, note, call);
}

enum fail
token_sign(struct token *t, unsigned number,
    const struct signature_algorithm *a, const uint8_t *digest,
    uint8_t out[static SIGNATURE_MAX], size_t *len, struct note *note)
{
	struct lane *lane = &t->lanes[number];
	struct token_mechanism m;
	enum fail f;

	if (!t->der.len || number >= TOKEN_LANES_MAX)
		return note_set(note, FAIL_STATE, "no certificate selected");
	f = lane_ready(t, lane, note);
	if (f)
		return f;
	f = token_mechanism_make(a, digest, &m);
	if (f)
		return note_set(note, f, "the algorithm's mechanism");
	f = sign(t, lane, &m, out, len, note);
	if (f)
		return f;
	if (token_value_finish(a, out, len))
		return note_set(
		    note, FAIL_TOKEN, "ECDSA value of %zu bytes", *len);
	if (signature_verify(
		&t->cert.key, a, digest, (struct bytes){ out, *len }))
		return note_set(note, FAIL_SIGNATURE,
		    "the token's signature does not verify");
	return FAIL_NONE;
}
