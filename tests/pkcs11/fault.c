/*
 * A PKCS#11 module that stands before a real one and misbehaves as it is told.
 * Tests only.  Environment:
 *
 *   FAULT_MODULE  the real module
 *   FAULT_ORDERS  a file with words, read again at every call:
 *                   sign-error N     every N-th C_Sign: CKR_DEVICE_ERROR
 *                   sign-wrong N     … gives a value that does not verify
 *                   sign-short N     … gives a value too short
 *                   sign-slow MS     … takes so long
 *                   sign-crash N     … ends the process
 *                   remove N         from the N-th C_Sign on there is no token
 *                   flags fine|low|last|locked   what C_GetTokenInfo says
 *                   login locked|gone|error      what C_Login answers
 *                   login expired|canceled       likewise
 *                   each-time    every signature wants the PIN once more
 *                   each-refuse  … which is refused
 *                   pad          the PIN is typed on the token: FAULT_PAD
 *                   equal        all tokens have one label and serial
 *   FAULT_LOG     a file that gets a line for every C_Login that reaches the
 *                 token ("login 0x…"), every signature given out ("sign") and
 *                 every fault
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pkcs11-helper-1.0/pkcs11h-core.h>

static CK_FUNCTION_LIST calls;
static CK_FUNCTION_LIST_PTR real;
static unsigned signs; /* C_Sign calls that were to give a value */
static bool each_done; /* the PIN for the next one has come */

/* The number behind a word of the orders; 0: it is not there. */
static unsigned
order(const char *word)
{
	const char *path = getenv("FAULT_ORDERS");
	char text[512] = "";
	const char *at;
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	text[n < 0 ? 0 : n] = '\0';
	at = strstr(text, word);
	return at ? (unsigned)strtoul(at + strlen(word), NULL, 10) : 0;
}

static bool
ordered(const char *words)
{
	const char *path = getenv("FAULT_ORDERS");
	char text[512] = "";
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	text[n < 0 ? 0 : n] = '\0';
	return strstr(text, words) != NULL;
}

static void
note(const char *text)
{
	const char *path = getenv("FAULT_LOG");
	int fd = path ?
	    open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600) :
	    -1;

	if (fd < 0)
		return;
	(void)!write(fd, text, strlen(text));
	close(fd);
}

/* Has the token been pulled out? */
static bool
removed(void)
{
	unsigned at = order("remove ");

	return at && signs >= at;
}

static CK_RV
get_slots(CK_BBOOL present, CK_SLOT_ID_PTR slots, CK_ULONG_PTR count)
{
	if (!removed())
		return real->C_GetSlotList(present, slots, count);
	*count = 0;
	return CKR_OK;
}

static CK_RV
get_token(CK_SLOT_ID slot, CK_TOKEN_INFO_PTR info)
{
	const CK_FLAGS all = CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY |
	    CKF_USER_PIN_LOCKED;
	CK_RV rv = removed() ? CKR_TOKEN_NOT_PRESENT :
			       real->C_GetTokenInfo(slot, info);

	if (rv != CKR_OK)
		return rv;
	if (ordered("pad"))
		info->flags |= CKF_PROTECTED_AUTHENTICATION_PATH;
	if (ordered("equal")) {
		memset(info->label, ' ', sizeof(info->label));
		memset(info->serialNumber, '0', sizeof(info->serialNumber));
	}
	if (!ordered("flags "))
		return CKR_OK;
	info->flags &= ~all;
	if (ordered("flags low"))
		info->flags |= CKF_USER_PIN_COUNT_LOW;
	if (ordered("flags last"))
		info->flags |= CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY;
	if (ordered("flags locked"))
		info->flags |= CKF_USER_PIN_LOCKED;
	return CKR_OK;
}

/* What a person would type on the token's own keys. */
static CK_RV
login_at_pad(CK_SESSION_HANDLE session, CK_USER_TYPE user)
{
	const char *pin = getenv("FAULT_PAD");

	if (!ordered("pad") || !pin)
		return CKR_ARGUMENTS_BAD;
	note("pad\n");
	return real->C_Login(
	    session, user, (CK_UTF8CHAR_PTR)(uintptr_t)pin, strlen(pin));
}

/* The PIN before one signature. */
static CK_RV
login_each(CK_ULONG len)
{
	if (ordered("each-refuse")) {
		note("each refused\n");
		return CKR_PIN_INCORRECT;
	}
	note(len ? "each\n" : "each at pad\n");
	each_done = len > 0 || ordered("pad");
	return each_done ? CKR_OK : CKR_ARGUMENTS_BAD;
}

static CK_RV
login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin,
    CK_ULONG len)
{
	char line[64];
	CK_RV rv;

	if (removed())
		return CKR_DEVICE_REMOVED;
	if (ordered("login gone"))
		return CKR_DEVICE_REMOVED;
	if (ordered("login error"))
		return CKR_DEVICE_ERROR;
	if (ordered("login expired"))
		return CKR_PIN_EXPIRED;
	if (ordered("login canceled"))
		return CKR_FUNCTION_CANCELED;
	if (user == CKU_CONTEXT_SPECIFIC)
		return login_each(len);
	rv = ordered("login locked") ? CKR_PIN_LOCKED :
	    pin                      ? real->C_Login(session, user, pin, len) :
				       login_at_pad(session, user);
	snprintf(line, sizeof(line), "login 0x%lx\n", rv);
	note(line);
	return rv;
}

static CK_RV
get_attributes(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
    CK_ATTRIBUTE_PTR attributes, CK_ULONG count)
{
	CK_RV rv =
	    real->C_GetAttributeValue(session, object, attributes, count);

	if (ordered("each-") && count == 1 &&
	    attributes->type == CKA_ALWAYS_AUTHENTICATE && attributes->pValue)
		*(CK_BBOOL *)attributes->pValue = CK_TRUE;
	return rv;
}

static bool
due(const char *word)
{
	unsigned every = order(word);

	return every && signs % every == 0;
}

static CK_RV
sign(CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG len, CK_BYTE_PTR out,
    CK_ULONG_PTR out_len)
{
	CK_RV rv;

	if (!out)
		return real->C_Sign(session, data, len, out, out_len);
	signs++;
	if (ordered("each-") && !each_done)
		return CKR_USER_NOT_LOGGED_IN;
	each_done = false;
	if (order("sign-slow "))
		usleep(1000 * order("sign-slow "));
	if (removed()) {
		note("fault removed\n");
		return CKR_DEVICE_REMOVED;
	}
	if (due("sign-crash ")) {
		note("fault crash\n");
		abort();
	}
	if (due("sign-error ")) {
		note("fault error\n");
		return CKR_DEVICE_ERROR;
	}
	rv = real->C_Sign(session, data, len, out, out_len);
	if (rv != CKR_OK)
		return rv;
	if (due("sign-wrong ")) {
		note("fault wrong\n");
		out[*out_len / 2] ^= 1;
	} else if (due("sign-short ")) {
		note("fault short\n");
		*out_len -= 7;
	} else {
		note("sign\n");
	}
	return CKR_OK;
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR list);

CK_RV
C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR list)
{
	const char *path = getenv("FAULT_MODULE");
	void *module = path ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;
	CK_C_GetFunctionList get = NULL;

	if (module)
		*(void **)&get = dlsym(module, "C_GetFunctionList");
	if (!get || get(&real) != CKR_OK)
		return CKR_GENERAL_ERROR;
	calls = *real;
	calls.C_GetSlotList = get_slots;
	calls.C_GetTokenInfo = get_token;
	calls.C_Login = login;
	calls.C_Sign = sign;
	calls.C_GetAttributeValue = get_attributes;
	*list = &calls;
	return CKR_OK;
}
