#include "crypto/signing_cert.h"

#include "crypto/der_read.h"

/* What purposes say: of documents, of something else than documents, or of
 * neither. */
enum purpose { PURPOSE_FREE, PURPOSE_DOCUMENTS, PURPOSE_OTHER };

static enum purpose
purpose_of(struct bytes oid)
{
	static const struct {
		uint8_t len, oid[10];
		enum purpose purpose;
	} known[] = {
		/* Servers, code, time-stamps, responders. */
		{ 8, { 0x2B, 6, 1, 5, 5, 7, 3, 1 }, PURPOSE_OTHER },
		{ 8, { 0x2B, 6, 1, 5, 5, 7, 3, 3 }, PURPOSE_OTHER },
		{ 8, { 0x2B, 6, 1, 5, 5, 7, 3, 8 }, PURPOSE_OTHER },
		{ 8, { 0x2B, 6, 1, 5, 5, 7, 3, 9 }, PURPOSE_OTHER },
		/* emailProtection, documentSigning (RFC 9336). */
		{ 8, { 0x2B, 6, 1, 5, 5, 7, 3, 4 }, PURPOSE_DOCUMENTS },
		{ 8, { 0x2B, 6, 1, 5, 5, 7, 3, 36 }, PURPOSE_DOCUMENTS },
		/* Microsoft's and Adobe's; anyExtendedKeyUsage. */
		{ 10, { 0x2B, 6, 1, 4, 1, 0x82, 0x37, 10, 3, 12 },
		    PURPOSE_DOCUMENTS },
		{ 9, { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x2F, 1, 1, 5 },
		    PURPOSE_DOCUMENTS },
		{ 4, { 0x55, 0x1D, 0x25, 0 }, PURPOSE_DOCUMENTS },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (bytes_equal(
			oid, (struct bytes){ known[i].oid, known[i].len }))
			return known[i].purpose;
	return PURPOSE_FREE;
}

/* A certificate that is for something else is for documents only if it says
 * so. */
static bool
purposes_allow(const struct cert *cert)
{
	struct der list = der_open(cert->ext_usage);
	struct der_item item;
	size_t counts[3] = { 0 };

	if (!cert->ext_usage.len)
		return true;
	while (!der_end(&list) && !der_take(&list, DER_OID, &item))
		counts[purpose_of(item.value)]++;
	return counts[PURPOSE_DOCUMENTS] ||
	    (counts[PURPOSE_FREE] && !counts[PURPOSE_OTHER]);
}

bool
signing_cert_is_for_documents(const struct cert *cert)
{
	if (cert->has_usage &&
	    !(cert->usage & (USAGE_DIGITAL_SIGNATURE | USAGE_NON_REPUDIATION)))
		return false;
	return purposes_allow(cert);
}

bool
signing_ca_is_for_documents(const struct cert *ca)
{
	return purposes_allow(ca);
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
