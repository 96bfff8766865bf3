#include "crypto/password.h"

#include <sodium.h>

#include "base/buf.h"
#include "base/text.h"

_Static_assert(
    PASSWORD_HASH_MAX >= crypto_pwhash_STRBYTES, "room for an encoded hash");

/* One spelling for one password: NFC where it is text at all. */
static enum fail
spell(struct bytes password, struct buf *out)
{
	buf_init(out, 4 * password.len + 16);
	if (text_compose(password, out)) {
		buf_wipe(out);
		buf_bytes(out, password);
	}
	return buf_fail(out);
}

enum fail
password_hash(struct bytes password, char out[static PASSWORD_HASH_MAX])
{
	struct buf word;
	enum fail f = spell(password, &word);

	if (!f &&
	    (sodium_init() < 0 ||
		crypto_pwhash_str(out, (const char *)word.data, word.len,
		    crypto_pwhash_OPSLIMIT_INTERACTIVE,
		    crypto_pwhash_MEMLIMIT_INTERACTIVE)))
		f = FAIL_MEMORY;
	buf_wipe(&word);
	buf_free(&word);
	return f;
}

enum fail
password_check(struct bytes stored, struct bytes password)
{
	char hash[PASSWORD_HASH_MAX] = "";
	struct buf word;
	enum fail f;

	if (sodium_init() < 0)
		return FAIL_MEMORY;
	if (!stored.len || stored.len >= sizeof(hash))
		return FAIL_CORRUPT;
	memcpy(hash, stored.data, stored.len);
	f = spell(password, &word);
	if (!f &&
	    crypto_pwhash_str_verify(hash, (const char *)word.data, word.len))
		f = FAIL_LOGIN;
	buf_wipe(&word);
	buf_free(&word);
	return f;
}
