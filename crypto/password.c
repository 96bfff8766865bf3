#include "crypto/password.h"

#include <sodium.h>

_Static_assert(
    PASSWORD_HASH_MAX >= crypto_pwhash_STRBYTES, "room for an encoded hash");

enum fail
password_hash(struct bytes password, char out[static PASSWORD_HASH_MAX])
{
	if (sodium_init() < 0 ||
	    crypto_pwhash_str(out, (const char *)password.data, password.len,
		crypto_pwhash_OPSLIMIT_INTERACTIVE,
		crypto_pwhash_MEMLIMIT_INTERACTIVE))
		return FAIL_MEMORY;
	return FAIL_NONE;
}

enum fail
password_check(struct bytes stored, struct bytes password)
{
	char hash[PASSWORD_HASH_MAX] = "";

	if (sodium_init() < 0)
		return FAIL_MEMORY;
	if (!stored.len || stored.len >= sizeof(hash))
		return FAIL_CORRUPT;
	memcpy(hash, stored.data, stored.len);
	return crypto_pwhash_str_verify(
		   hash, (const char *)password.data, password.len) ?
	    FAIL_LOGIN :
	    FAIL_NONE;
}
