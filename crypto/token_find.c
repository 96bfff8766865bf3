#include "crypto/token_find.h"

#include <pkcs11-helper-1.0/pkcs11h-certificate.h>
#include <pkcs11-helper-1.0/pkcs11h-core.h>
#include <pkcs11-helper-1.0/pkcs11h-token.h>

enum fail
token_fail(unsigned long rv, struct note *note, const char *call)
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
	case CKR_PIN_EXPIRED:
	case CKR_USER_PIN_NOT_INITIALIZED:
		f = FAIL_PIN_CHANGE;
		break;
	case CKR_FUNCTION_CANCELED:
		f = FAIL_CANCELED;
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
	case CKR_KEY_FUNCTION_NOT_PERMITTED:
	case CKR_KEY_TYPE_INCONSISTENT:
	case CKR_KEY_HANDLE_INVALID:
		f = FAIL_KEY;
		break;
	case CKR_USER_NOT_LOGGED_IN:
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

enum fail
token_find_start(const char *module, struct note *note)
{
	CK_RV rv = pkcs11h_initialize();

	if (rv == CKR_OK) {
		pkcs11h_setLogLevel(PKCS11H_LOG_QUIET);
		rv = pkcs11h_setForkMode(FALSE);
	}
	if (rv == CKR_OK)
		rv = pkcs11h_setMaxLoginRetries(1);
	if (rv == CKR_OK)
		rv = pkcs11h_setPINPromptHook(refuse_pin, NULL);
	if (rv == CKR_OK)
		rv = pkcs11h_setTokenPromptHook(refuse_token, NULL);
	if (rv == CKR_OK)
		rv = pkcs11h_addProvider("token", module, FALSE,
		    PKCS11H_PRIVATEMODE_MASK_SIGN,
		    PKCS11H_SLOTEVENT_METHOD_AUTO, 0, FALSE);
	return token_fail(rv, note, "C_Initialize");
}

void
token_find_stop(void)
{
	pkcs11h_terminate();
}

static struct token_seen
seen_of(pkcs11h_certificate_id_t id)
{
	return (struct token_seen){ .label = id->token_id->label,
		.serial = id->token_id->serialNumber,
		.der = { id->certificate_blob, id->certificate_blob_size } };
}

enum fail
token_find(token_see *see, void *context, struct note *note)
{
	pkcs11h_certificate_id_list_t lists[2] = { NULL, NULL };
	bool on = true;
	CK_RV rv = pkcs11h_certificate_enumCertificateIds(
	    PKCS11H_ENUM_METHOD_RELOAD, NULL, 0, &lists[0], &lists[1]);

	for (size_t i = 0; rv == CKR_OK && i < 2; i++)
		for (pkcs11h_certificate_id_list_t at = lists[i]; at && on;
		     at = at->next) {
			struct token_seen seen = seen_of(at->certificate_id);

			on = see(context, &seen);
		}
	for (size_t i = 0; i < 2; i++)
		if (lists[i])
			pkcs11h_certificate_freeCertificateIdList(lists[i]);
	return token_fail(rv, note, "certificates");
}
