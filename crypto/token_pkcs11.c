/*
 * The one door to pkcs11-helper.  The library finds tokens, keeps sessions and
 * speaks PKCS#11; two things it cannot do are done here on the module itself:
 * reading the PIN flags, and sending a PIN exactly once.
 */
#include "crypto/token.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include <pkcs11-helper-1.0/pkcs11h-certificate.h>
#include <pkcs11-helper-1.0/pkcs11h-core.h>
#include <pkcs11-helper-1.0/pkcs11h-token.h>

#include "base/buf.h"
#include "crypto/der_write.h"
#include "crypto/ecdsa.h"
#include "crypto/oid.h"

struct token {
	void *module; /* the same shared object, for its function list */
	CK_FUNCTION_LIST *calls;
	pkcs11h_token_id_t id; /* of the selected certificate */
	pkcs11h_certificate_t selected;
	struct buf selected_der;
	struct cert cert;
};

/* PKCS#11 return values become ours here and go no further. */
static enum fail
fail_of(CK_RV rv, struct note *note, const char *call)
{
	enum fail f;

	switch (rv) {
	case CKR_OK:
		return FAIL_NONE;
	case CKR_PIN_INCORRECT:
	case CKR_PIN_INVALID:
	case CKR_PIN_LEN_RANGE:
		f = FAIL_PIN;
		break;
	case CKR_PIN_LOCKED:
		f = FAIL_PIN_LOCKED;
		break;
	case CKR_TOKEN_NOT_PRESENT:
	case CKR_DEVICE_REMOVED:
	case CKR_SLOT_ID_INVALID:
	case CKR_SESSION_HANDLE_INVALID:
	case CKR_SESSION_CLOSED:
	case CKR_TOKEN_NOT_RECOGNIZED:
	case CKR_CANCEL: /* the helper: token is gone and nobody is asked */
		f = FAIL_TOKEN_GONE;
		break;
	case CKR_HOST_MEMORY:
	case CKR_DEVICE_MEMORY:
		f = FAIL_MEMORY;
		break;
	case CKR_MECHANISM_INVALID:
	case CKR_MECHANISM_PARAM_INVALID:
		f = FAIL_UNSUPPORTED;
		break;
	case CKR_USER_NOT_LOGGED_IN:
	case CKR_FUNCTION_REJECTED: /* a prompt was needed and refused */
		f = FAIL_STATE;
		break;
	default:
		f = FAIL_TOKEN;
		break;
	}
	return note_set(note, f, "PKCS #11 %s: 0x%08lX", call, rv);
}

/* The helper may never ask for a PIN by itself: by default it would send a
 * wrong one three times and lock the card. */
static PKCS11H_BOOL
refuse_pin(void *global, void *user, const pkcs11h_token_id_t id,
    const unsigned retry, char *pin, const size_t pin_max)
{
	(void)global;
	(void)user;
	(void)id;
	(void)retry;
	(void)pin;
	(void)pin_max;
	return FALSE;
}

static PKCS11H_BOOL
refuse_token(
    void *global, void *user, const pkcs11h_token_id_t id, const unsigned retry)
{
	(void)global;
	(void)user;
	(void)id;
	(void)retry;
	return FALSE;
}

static enum fail
start_helper(const char *module, struct note *note)
{
	CK_RV rv = pkcs11h_initialize();

	if (rv == CKR_OK) {
		pkcs11h_setLogLevel(PKCS11H_LOG_QUIET);
		rv = pkcs11h_setForkMode(FALSE);
	}
	if (rv == CKR_OK)
		rv = pkcs11h_setMaxLoginRetries(1);
	if (rv == CKR_OK)
		rv = pkcs11h_setPINCachePeriod(PKCS11H_PIN_CACHE_INFINITE);
	if (rv == CKR_OK)
		rv = pkcs11h_setPINPromptHook(refuse_pin, NULL);
	if (rv == CKR_OK)
		rv = pkcs11h_setTokenPromptHook(refuse_token, NULL);
	if (rv == CKR_OK)
		rv = pkcs11h_addProvider("token", module, FALSE,
		    PKCS11H_PRIVATEMODE_MASK_SIGN,
		    PKCS11H_SLOTEVENT_METHOD_AUTO, 0, FALSE);
	return fail_of(rv, note, "C_Initialize");
}

enum fail
token_open(const char *module, struct token **token, struct note *note)
{
	struct token *t = calloc(1, sizeof(*t));
	CK_RV (*get_list)(CK_FUNCTION_LIST **);
	enum fail f;

	if (!t)
		return FAIL_MEMORY;
	buf_init(&t->selected_der, CERT_SIZE_MAX);
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
	f = start_helper(module, note);
	if (f)
		goto stop;
	*token = t;
	return FAIL_NONE;
stop:
	pkcs11h_terminate();
close:
	dlclose(t->module);
free:
	free(t);
	return f;
}

static void
unselect(struct token *t)
{
	if (t->selected)
		pkcs11h_certificate_freeCertificate(t->selected);
	if (t->id)
		pkcs11h_token_freeTokenId(t->id);
	t->selected = NULL;
	t->id = NULL;
	buf_clear(&t->selected_der);
}

void
token_close(struct token *t)
{
	if (!t)
		return;
	token_logout(t);
	unselect(t);
	pkcs11h_terminate();
	dlclose(t->module);
	buf_free(&t->selected_der);
	free(t);
}

/* Visit every certificate of every token; stops when see returns false. */
typedef bool see_cert(void *context, pkcs11h_certificate_id_t id);

static enum fail
visit(see_cert *see, void *context, struct note *note)
{
	pkcs11h_certificate_id_list_t lists[2] = { NULL, NULL };
	bool on = true;
	CK_RV rv = pkcs11h_certificate_enumCertificateIds(
	    PKCS11H_ENUM_METHOD_RELOAD, NULL, 0, &lists[0], &lists[1]);

	for (size_t i = 0; rv == CKR_OK && i < 2; i++)
		for (pkcs11h_certificate_id_list_t at = lists[i]; at && on;
		     at = at->next)
			on = see(context, at->certificate_id);
	for (size_t i = 0; i < 2; i++)
		if (lists[i])
			pkcs11h_certificate_freeCertificateIdList(lists[i]);
	return fail_of(rv, note, "certificates");
}

struct listing {
	struct arena *arena;
	struct token_cert *certs;
	size_t count;
	enum fail fail;
};

static bool
list_one(void *context, pkcs11h_certificate_id_t id)
{
	struct listing *l = context;
	struct token_cert *c = &l->certs[l->count];

	if (l->count == TOKEN_CERTS_MAX) {
		l->fail = FAIL_LIMIT;
		return false;
	}
	snprintf(c->label, sizeof(c->label), "%.*s", (int)TOKEN_TEXT_MAX - 1,
	    id->token_id->label);
	snprintf(c->serial, sizeof(c->serial), "%.*s", (int)TOKEN_TEXT_MAX - 1,
	    id->token_id->serialNumber);
	c->der = arena_copy(l->arena,
	    (struct bytes){ id->certificate_blob, id->certificate_blob_size });
	if (!c->der.data)
		l->fail = FAIL_MEMORY;
	l->count++;
	return !l->fail;
}

enum fail
token_list(struct token *t, struct arena *arena,
    struct token_cert certs[static TOKEN_CERTS_MAX], size_t *count,
    struct note *note)
{
	struct listing l = { arena, certs, 0, FAIL_NONE };
	enum fail f = visit(list_one, &l, note);

	(void)t;
	*count = l.count;
	return f ? f : l.fail;
}

struct search {
	const uint8_t *hash;
	pkcs11h_certificate_id_t found; /* a copy of ours */
	bool any;
};

static bool
match_one(void *context, pkcs11h_certificate_id_t id)
{
	struct search *s = context;
	uint8_t hash[HASH_LEN];

	s->any = true;
	hash_sha256(
	    (struct bytes){ id->certificate_blob, id->certificate_blob_size },
	    hash);
	if (memcmp(hash, s->hash, HASH_LEN))
		return true;
	if (pkcs11h_certificate_duplicateCertificateId(&s->found, id) != CKR_OK)
		s->found = NULL;
	return false;
}

enum fail
token_select(struct token *t, const uint8_t cert_hash[static HASH_LEN],
    struct note *note)
{
	struct search s = { .hash = cert_hash };
	enum fail f;

	unselect(t);
	f = visit(match_one, &s, note);
	if (f)
		return f;
	if (!s.found)
		return note_set(note, s.any ? FAIL_KEY : FAIL_TOKEN_GONE,
		    s.any ? "no token holds the certificate" : "no token");
	buf_add(&t->selected_der, s.found->certificate_blob,
	    s.found->certificate_blob_size);
	f = buf_fail(&t->selected_der);
	if (!f)
		f = cert_read(buf_view(&t->selected_der), &t->cert, note);
	if (!f)
		f = fail_of(
		    pkcs11h_token_duplicateTokenId(&t->id, s.found->token_id),
		    note, "token");
	if (!f)
		f = fail_of(pkcs11h_certificate_create(s.found, NULL, 0,
				PKCS11H_PIN_CACHE_INFINITE, &t->selected),
		    note, "certificate");
	pkcs11h_certificate_freeCertificateId(s.found);
	if (f)
		unselect(t);
	return f;
}

/* A blank-padded field of PKCS#11 against a C string. */
static bool
padded_equal(const unsigned char *field, size_t len, const char *text)
{
	size_t n = strnlen(text, len);

	while (len && field[len - 1] == ' ')
		len--;
	while (n && text[n - 1] == ' ')
		n--;
	return n == len && !memcmp(field, text, n);
}

/* The selected token's info, found by label and serial among the slots. */
static enum fail
token_info(struct token *t, CK_TOKEN_INFO *info, struct note *note)
{
	CK_SLOT_ID slots[TOKEN_CERTS_MAX];
	CK_ULONG count = TOKEN_CERTS_MAX;
	CK_RV rv = t->calls->C_GetSlotList(CK_TRUE, slots, &count);

	if (rv != CKR_OK)
		return fail_of(rv, note, "C_GetSlotList");
	for (CK_ULONG i = 0; i < count; i++) {
		if (t->calls->C_GetTokenInfo(slots[i], info) != CKR_OK)
			continue;
		if (padded_equal(
			info->label, sizeof(info->label), t->id->label) &&
		    padded_equal(info->serialNumber, sizeof(info->serialNumber),
			t->id->serialNumber))
			return FAIL_NONE;
	}
	return note_set(note, FAIL_TOKEN_GONE, "the token was pulled out");
}

enum fail
token_pin_state(struct token *t, enum token_pin *state, struct note *note)
{
	CK_TOKEN_INFO info;
	enum fail f;

	if (!t->id)
		return note_set(note, FAIL_STATE, "no certificate selected");
	f = token_info(t, &info, note);
	if (f)
		return f;
	*state = info.flags & CKF_USER_PIN_LOCKED ? TOKEN_PIN_LOCKED :
	    info.flags & CKF_USER_PIN_FINAL_TRY   ? TOKEN_PIN_LAST :
	    info.flags & CKF_USER_PIN_COUNT_LOW   ? TOKEN_PIN_LOW :
						    TOKEN_PIN_FINE;
	return FAIL_NONE;
}

enum fail
token_login(
    struct token *t, const struct secret *pin, bool *sent, struct note *note)
{
	char text[SECRET_MAX + 1] = { 0 };
	struct bytes digits = secret_get(pin);
	enum token_pin state;
	enum fail f = token_pin_state(t, &state, note);

	*sent = false;
	if (f)
		return f;
	if (state == TOKEN_PIN_LOCKED)
		return note_set(note, FAIL_PIN_LOCKED, "the PIN is locked");
	if (state == TOKEN_PIN_LAST)
		return note_set(note, FAIL_PIN_LAST, "one try left");
	if (!digits.len || memchr(digits.data, 0, digits.len))
		return note_set(note, FAIL_PIN, "empty PIN");
	memcpy(text, digits.data, digits.len);
	*sent = true;
	f = fail_of(pkcs11h_token_login(t->id, TRUE, text), note, "C_Login");
	explicit_bzero(text, sizeof(text));
	return f;
}

void
token_logout(struct token *t)
{
	if (t->id)
		(void)pkcs11h_token_logout(t->id);
}

/* DigestInfo of RFC 8017 9.2, which the token pads and signs. */
static enum fail
digest_info(enum hash_kind kind, const uint8_t *digest, struct buf *out)
{
	static const enum oid oids[] = { OID_UNKNOWN, OID_SHA1, OID_SHA224,
		OID_SHA256, OID_SHA384, OID_SHA512 };
	der_mark whole = der_begin(out), algorithm = whole;

	oid_put(out, oids[kind]);
	der_put_null(out);
	der_end_with(out, algorithm, 0x30);
	der_put(out, 0x04, (struct bytes){ digest, hash_len(kind) });
	der_end_with(out, whole, 0x30);
	return buf_fail(out);
}

static enum fail
sign_rsa(struct token *t, const struct signature_algorithm *a,
    const uint8_t *digest, uint8_t *out, size_t *len, struct note *note)
{
	struct buf info;
	enum fail f;

	buf_init(&info, 128);
	f = digest_info(a->hash, digest, &info);
	if (!f)
		f = fail_of(pkcs11h_certificate_signAny(t->selected,
				CKM_RSA_PKCS, info.data, info.len, out, len),
		    note, "C_Sign");
	buf_free(&info);
	return f;
}

static enum fail
sign_pss(struct token *t, const struct signature_algorithm *a,
    const uint8_t *digest, uint8_t *out, size_t *len, struct note *note)
{
	static const CK_MECHANISM_TYPE hashes[] = { 0, CKM_SHA_1, CKM_SHA224,
		CKM_SHA256, CKM_SHA384, CKM_SHA512 };
	static const CK_RSA_PKCS_MGF_TYPE masks[] = { 0, CKG_MGF1_SHA1,
		CKG_MGF1_SHA224, CKG_MGF1_SHA256, CKG_MGF1_SHA384,
		CKG_MGF1_SHA512 };
	CK_RSA_PKCS_PSS_PARAMS parameters = { hashes[a->hash],
		masks[a->mgf_hash], (CK_ULONG)a->salt_len };
	CK_MECHANISM mechanism = { CKM_RSA_PKCS_PSS, &parameters,
		sizeof(parameters) };

	return fail_of(pkcs11h_certificate_signAny_ex(t->selected, &mechanism,
			   digest, hash_len(a->hash), out, len),
	    note, "C_Sign");
}

static enum fail
sign_ec(struct token *t, const struct signature_algorithm *a,
    const uint8_t *digest, uint8_t *out, size_t *len, struct note *note)
{
	uint8_t raw[SIGNATURE_MAX];
	size_t raw_len = sizeof(raw);
	struct buf der;
	enum fail f;

	f = fail_of(pkcs11h_certificate_signAny(t->selected, CKM_ECDSA, digest,
			hash_len(a->hash), raw, &raw_len),
	    note, "C_Sign");
	if (f)
		return f;
	buf_init(&der, SIGNATURE_MAX);
	f = ecdsa_to_der((struct bytes){ raw, raw_len }, &der);
	if (f) {
		f = note_set(
		    note, FAIL_TOKEN, "ECDSA value of %zu bytes", raw_len);
	} else {
		memcpy(out, der.data, der.len);
		*len = der.len;
	}
	buf_free(&der);
	return f;
}

enum fail
token_sign(struct token *t, const struct signature_algorithm *a,
    const uint8_t *digest, uint8_t out[static SIGNATURE_MAX], size_t *len,
    struct note *note)
{
	enum fail f;

	if (!t->selected)
		return note_set(note, FAIL_STATE, "no certificate selected");
	*len = SIGNATURE_MAX;
	if (a->kind == KEY_EC)
		f = sign_ec(t, a, digest, out, len, note);
	else if (a->kind == KEY_RSA_PSS)
		f = sign_pss(t, a, digest, out, len, note);
	else
		f = sign_rsa(t, a, digest, out, len, note);
	if (f)
		return f;
	if (signature_verify(
		&t->cert.key, a, digest, (struct bytes){ out, *len }))
		return note_set(note, FAIL_SIGNATURE,
		    "the token's signature does not verify");
	return FAIL_NONE;
}
