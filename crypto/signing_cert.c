#include "crypto/signing_cert.h"

#include "crypto/der_read.h"

bool
signing_cert_is_for_documents(const struct cert *cert)
{
	static const uint8_t purposes[] = { 0x2B, 6, 1, 5, 5, 7, 3 };
	/* Servers, code, time-stamps, responders. */
	static const uint8_t others[] = { 1, 3, 8, 9 };
	struct der list = der_open(cert->ext_usage);
	struct der_item item;

	if (cert->has_usage &&
	    !(cert->usage & (USAGE_DIGITAL_SIGNATURE | USAGE_NON_REPUDIATION)))
		return false;
	if (!cert->ext_usage.len)
		return true;
	while (!der_end(&list) && !der_take(&list, DER_OID, &item)) {
		struct bytes own =
		    bytes_part(item.value, sizeof(purposes), SIZE_MAX);

		if (item.value.len != sizeof(purposes) + 1 ||
		    memcmp(item.value.data, purposes, sizeof(purposes)) != 0 ||
		    !memchr(others, own.data[0], sizeof(others)))
			return true;
	}
	return false;
}

bool
signing_key_is_weak(const struct public_key *key, int64_t instant)
{
	return (key->kind == KEY_RSA || key->kind == KEY_RSA_PSS) &&
	    key->bits < SIGNING_SHORT_KEY && instant >= SIGNING_SHORT_UNTIL;
}

enum fail
signing_cert_may(const struct cert *cert, int64_t now, struct note *note)
{
	if (now < cert->not_before || now > cert->not_after)
		return note_set(note, FAIL_EXPIRED,
		    "RFC 5280 4.1.2.5: the certificate is not valid today");
	if (!signing_cert_is_for_documents(cert))
		return note_set(note, FAIL_KEY,
		    "RFC 5280 4.2.1.3: the certificate is not for documents");
	if (signing_key_is_weak(&cert->key, now))
		return note_set(note, FAIL_KEY,
		    "EN 319 102-1 5.2.8: a key of %u bits is too weak",
		    cert->key.bits);
	return FAIL_NONE;
}

enum hash_kind
signing_digest(struct bytes name)
{
	static const struct {
		const char *name;
		enum hash_kind kind;
	} kinds[] = { { "sha256", HASH_SHA256 }, { "sha384", HASH_SHA384 },
		{ "sha512", HASH_SHA512 } };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (bytes_equal_text(name, kinds[i].name))
			return kinds[i].kind;
	return HASH_NONE;
}

struct signature_algorithm
signing_algorithm(const struct public_key *key, const struct signing_wish *wish)
{
	struct signature_algorithm a = { key->kind, HASH_SHA256, HASH_SHA256,
		(int)HASH_LEN };

	if (key->kind == KEY_EC && key->bits > 256)
		a.hash = key->bits > 384 ? HASH_SHA512 : HASH_SHA384;
	if (wish->digest != HASH_NONE) {
		a.hash = a.mgf_hash = wish->digest;
		a.salt_len = (int)hash_len(wish->digest);
	}
	if (key->kind == KEY_RSA && wish->pss)
		a.kind = KEY_RSA_PSS;
	if (key->kind == KEY_RSA_PSS && key->pss_hash != HASH_NONE) {
		a.hash = a.mgf_hash = key->pss_hash;
		a.salt_len = (int)hash_len(key->pss_hash);
		if (key->pss_salt > a.salt_len)
			a.salt_len = key->pss_salt;
	}
	return a;
}

bool
signing_is_as_wished(
    const struct signature_algorithm *a, const struct signing_wish *wish)
{
	return (wish->digest == HASH_NONE || wish->digest == a->hash) &&
	    (!wish->pss || a->kind == KEY_RSA_PSS);
}
