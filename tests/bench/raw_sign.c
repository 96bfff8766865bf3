/*
 * Signatures per second of a token by itself: C_SignInit and C_Sign with
 * CKM_RSA_PKCS on the first private key of the token with the given label.
 *
 *   raw_sign MODULE LABEL PIN COUNT
 */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <pkcs11-helper-1.0/pkcs11.h>

#define SLOTS_MAX 64

static CK_FUNCTION_LIST *p11;

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int
load(const char *path)
{
	CK_RV (*get_list)(CK_FUNCTION_LIST **);
	void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL);

	if (!module)
		return 0;
	*(void **)&get_list = dlsym(module, "C_GetFunctionList");
	return get_list && get_list(&p11) == CKR_OK &&
	    p11->C_Initialize(NULL) == CKR_OK;
}

static int
open_token(const char *label, const char *pin, CK_SESSION_HANDLE *session)
{
	CK_SLOT_ID slots[SLOTS_MAX];
	CK_ULONG count = SLOTS_MAX;
	CK_TOKEN_INFO info;
	size_t len = strlen(label);

	if (p11->C_GetSlotList(CK_TRUE, slots, &count) != CKR_OK)
		return 0;
	for (CK_ULONG i = 0; i < count; i++)
		if (p11->C_GetTokenInfo(slots[i], &info) == CKR_OK &&
		    len < sizeof(info.label) &&
		    !memcmp(info.label, label, len) && info.label[len] == ' ')
			return p11->C_OpenSession(slots[i], CKF_SERIAL_SESSION,
				   NULL, NULL, session) == CKR_OK &&
			    p11->C_Login(*session, CKU_USER,
				(unsigned char *)(uintptr_t)pin,
				strlen(pin)) == CKR_OK;
	return 0;
}

static int
find_key(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *key)
{
	CK_OBJECT_CLASS private = CKO_PRIVATE_KEY;
	CK_ATTRIBUTE wanted = { CKA_CLASS, &private, sizeof(private) };
	CK_ULONG count = 0;

	return p11->C_FindObjectsInit(session, &wanted, 1) == CKR_OK &&
	    p11->C_FindObjects(session, key, 1, &count) == CKR_OK &&
	    p11->C_FindObjectsFinal(session) == CKR_OK && count == 1;
}

int
main(int argc, char **argv)
{
	CK_MECHANISM mechanism = { CKM_RSA_PKCS, NULL, 0 };
	CK_SESSION_HANDLE session;
	CK_OBJECT_HANDLE key;
	unsigned char info[51] = { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60,
		0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
		0x04, 0x20 };
	unsigned char value[512];
	long count = argc == 5 ? strtol(argv[4], NULL, 10) : 0;
	double began;

	if (count < 1 || !load(argv[1]) ||
	    !open_token(argv[2], argv[3], &session) || !find_key(session, &key))
		return 1;
	began = now();
	for (long i = 0; i < count; i++) {
		CK_ULONG len = sizeof(value);

		memcpy(info + 19, &i, sizeof(i));
		if (p11->C_SignInit(session, &mechanism, key) != CKR_OK ||
		    p11->C_Sign(session, info, sizeof(info), value, &len) !=
			CKR_OK)
			return 1;
	}
	printf("%.0f\n", (double)count / (now() - began));
	p11->C_Finalize(NULL);
	return 0;
}
