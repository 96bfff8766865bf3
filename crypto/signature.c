#include "crypto/signature.h"

#include <mbedtls/ecdsa.h>
#include <mbedtls/ecp.h>
#include <mbedtls/rsa.h>
#include <sodium.h>

#include "base/effort.h"
#include "crypto/der_read.h"
#include "crypto/dsa.h"
#include "crypto/oid.h"

#define EXPONENT_USUAL 17.0 /* bits: 65537 */
#define EXPONENT_SELF \
	16.0 /* bits that the rest of verifying takes as long as */
#define RSA_2048_NS 35000.0 /* to verify with such a key (base/effort.h) */

/* Below this an RSA key is refused outright; below 2048 it is reported. */
#define RSA_BYTES_MAX 1024u /* of a modulus */
#define RSA_BITS_MIN 1024u
#define RSA_EXPONENT_MAX 8u /* bytes; a signer's is 3 or 65537 */

static const struct {
	enum oid oid;
	enum hash_kind hash;
} digests[] = {
	{ OID_SHA1, HASH_SHA1 },
	{ OID_SHA224, HASH_SHA224 },
	{ OID_SHA256, HASH_SHA256 },
	{ OID_SHA384, HASH_SHA384 },
	{ OID_SHA512, HASH_SHA512 },
	{ OID_SHA3_224, HASH_SHA3_224 },
	{ OID_SHA3_256, HASH_SHA3_256 },
	{ OID_SHA3_384, HASH_SHA3_384 },
	{ OID_SHA3_512, HASH_SHA3_512 },
};

static const struct {
	enum oid oid;
	enum key_kind kind;
	enum hash_kind hash; /* HASH_NONE: the SignerInfo's digest */
} algorithms[] = {
	{ OID_RSA, KEY_RSA, HASH_NONE },
	{ OID_RSA_SHA1, KEY_RSA, HASH_SHA1 },
	{ OID_RSA_SHA224, KEY_RSA, HASH_SHA224 },
	{ OID_RSA_SHA256, KEY_RSA, HASH_SHA256 },
	{ OID_RSA_SHA384, KEY_RSA, HASH_SHA384 },
	{ OID_RSA_SHA512, KEY_RSA, HASH_SHA512 },
	{ OID_RSA_SHA3_224, KEY_RSA, HASH_SHA3_224 },
	{ OID_RSA_SHA3_256, KEY_RSA, HASH_SHA3_256 },
	{ OID_RSA_SHA3_384, KEY_RSA, HASH_SHA3_384 },
	{ OID_RSA_SHA3_512, KEY_RSA, HASH_SHA3_512 },
	{ OID_DSA_SHA1, KEY_DSA, HASH_SHA1 },
	{ OID_DSA_SHA224, KEY_DSA, HASH_SHA224 },
	{ OID_DSA_SHA256, KEY_DSA, HASH_SHA256 },
	{ OID_EC_KEY, KEY_EC, HASH_NONE },
	{ OID_ECDSA_SHA1, KEY_EC, HASH_SHA1 },
	{ OID_ECDSA_SHA224, KEY_EC, HASH_SHA224 },
	{ OID_ECDSA_SHA256, KEY_EC, HASH_SHA256 },
	{ OID_ECDSA_SHA384, KEY_EC, HASH_SHA384 },
	{ OID_ECDSA_SHA512, KEY_EC, HASH_SHA512 },
	{ OID_ECDSA_SHA3_224, KEY_EC, HASH_SHA3_224 },
	{ OID_ECDSA_SHA3_256, KEY_EC, HASH_SHA3_256 },
	{ OID_ECDSA_SHA3_384, KEY_EC, HASH_SHA3_384 },
	{ OID_ECDSA_SHA3_512, KEY_EC, HASH_SHA3_512 },
	/* RFC 8419 3.1: beside it in a SignerInfo stands SHA-512. */
	{ OID_ED25519, KEY_ED25519, HASH_SHA512 },
};

static const struct {
	enum oid oid;
	mbedtls_ecp_group_id group;
	unsigned bits;
	double cost; /* struct public_key */
} curves[] = {
	{ OID_CURVE_P256, MBEDTLS_ECP_DP_SECP256R1, 256, 20 },
	{ OID_CURVE_P384, MBEDTLS_ECP_DP_SECP384R1, 384, 30 },
	{ OID_CURVE_P521, MBEDTLS_ECP_DP_SECP521R1, 521, 45 },
	{ OID_CURVE_BP256, MBEDTLS_ECP_DP_BP256R1, 256, 60 },
	{ OID_CURVE_BP384, MBEDTLS_ECP_DP_BP384R1, 384, 100 },
	{ OID_CURVE_BP512, MBEDTLS_ECP_DP_BP512R1, 512, 230 },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* AlgorithmIdentifier: its OID, and its parameters left in *rest. */
static enum fail
identifier_open(struct bytes identifier, enum oid *oid, struct der *rest)
{
	struct der_item whole, name;
	enum fail f = der_whole(identifier, DER_SEQUENCE, &whole);

	if (f)
		return f;
	*rest = der_open(whole.value);
	f = der_take(rest, DER_OID, &name);
	if (!f)
		*oid = oid_find(name.value);
	return f;
}

/* Absent parameters or NULL: RFC 4055 2.1 wants both accepted. */
static enum fail
no_parameters(struct der *rest)
{
	struct der_item null;
	enum fail f = der_optional(rest, DER_NULL, &null);

	if (!f && (!der_end(rest) || null.value.len))
		f = FAIL_FORMAT;
	return f;
}

enum fail
hash_algorithm_read(struct bytes identifier, enum hash_kind *kind)
{
	enum oid oid;
	struct der rest;
	enum fail f = identifier_open(identifier, &oid, &rest);

	if (!f)
		f = no_parameters(&rest);
	if (f)
		return f;
	for (size_t i = 0; i < COUNT(digests); i++)
		if (digests[i].oid == oid) {
			*kind = digests[i].hash;
			return FAIL_NONE;
		}
	return FAIL_UNSUPPORTED;
}

enum oid
hash_oid(enum hash_kind kind)
{
	for (size_t i = 0; i < COUNT(digests); i++)
		if (digests[i].hash == kind)
			return digests[i].oid;
	return OID_UNKNOWN;
}

/* RSASSA-PSS-params, RFC 4055 3.1; all fields default to SHA-1. */
static enum fail
pss_read(struct der *rest, struct signature_algorithm *a)
{
	struct der in, field;
	struct der_item item;
	enum oid mask;
	int trailer = 1;
	enum fail f;

	a->kind = KEY_RSA_PSS;
	a->hash = a->mgf_hash = HASH_SHA1;
	a->salt_len = 20;
	f = der_into(rest, DER_SEQUENCE, &in);
	if (!f && !der_end(rest))
		f = FAIL_FORMAT;
	if (!f)
		f = der_optional(&in, DER_CONTEXT_MADE(0), &item);
	if (!f && item.whole.len)
		f = hash_algorithm_read(item.value, &a->hash);
	if (!f)
		f = der_optional(&in, DER_CONTEXT_MADE(1), &item);
	if (!f && item.whole.len) {
		f = identifier_open(item.value, &mask, &field);
		if (!f && mask != OID_MGF1)
			f = FAIL_UNSUPPORTED;
		if (!f)
			f = hash_algorithm_read(field.rest, &a->mgf_hash);
	}
	if (!f)
		f = der_optional(&in, DER_CONTEXT_MADE(2), &item);
	if (!f && item.whole.len) {
		field = der_open(item.value);
		f = der_int(&field, &a->salt_len);
		if (!f && !der_end(&field))
			f = FAIL_FORMAT;
	}
	if (!f)
		f = der_optional(&in, DER_CONTEXT_MADE(3), &item);
	if (!f && item.whole.len) {
		field = der_open(item.value);
		f = der_int(&field, &trailer);
		if (!f && !der_end(&field))
			f = FAIL_FORMAT;
	}
	if (!f && (!der_end(&in) || trailer != 1))
		f = FAIL_FORMAT;
	return f;
}

enum fail
signature_algorithm_read(struct bytes identifier, enum hash_kind digest,
    struct signature_algorithm *algorithm)
{
	struct signature_algorithm a = { 0 };
	enum oid oid;
	struct der rest;
	enum fail f = identifier_open(identifier, &oid, &rest);

	if (f)
		return f;
	if (oid == OID_RSA_PSS) {
		f = pss_read(&rest, &a);
	} else {
		f = FAIL_UNSUPPORTED;
		for (size_t i = 0; i < COUNT(algorithms); i++)
			if (algorithms[i].oid == oid) {
				a.kind = algorithms[i].kind;
				a.hash = algorithms[i].hash;
				/* RFC 8410 3: none at all, not even NULL. */
				f = oid != OID_ED25519 ? no_parameters(&rest) :
				    der_end(&rest)     ? FAIL_NONE :
							 FAIL_FORMAT;
			}
		if (!f && a.hash == HASH_NONE)
			a.hash = digest;
		if (!f && a.hash == HASH_NONE)
			f = FAIL_UNSUPPORTED;
	}
	if (!f && digest != HASH_NONE && digest != a.hash)
		f = FAIL_FORMAT;
	if (!f)
		*algorithm = a;
	return f;
}

/* An INTEGER above zero in fewest octets (X.690 8.3.2): a padded modulus would
 * pass for a longer key. */
static bool
positive(struct bytes value)
{
	if (!value.len || value.data[0] & 0x80)
		return false;
	return value.data[0] || (value.len > 1 && value.data[1] & 0x80);
}

/* RSAPublicKey, RFC 8017 A.1.1; n and e without their sign octet. */
static enum fail
rsa_numbers(struct bytes octets, struct bytes *n, struct bytes *e)
{
	struct der_item whole, item;
	struct bytes *numbers[] = { n, e };
	struct der in;
	enum fail f = der_whole(octets, DER_SEQUENCE, &whole);

	if (f)
		return f;
	in = der_open(whole.value);
	for (size_t i = 0; i < 2; i++) {
		f = der_take(&in, DER_INTEGER, &item);
		if (f)
			return f;
		/* Cards of one country (2014 to 2017) left out the sign octet
		 * of the modulus; it is above zero all the same. */
		if (!positive(item.value) &&
		    (i || !item.value.len || item.value.data[0] < 0x80))
			return FAIL_FORMAT;
		*numbers[i] = item.value;
		if (item.value.data[0] == 0)
			*numbers[i] = bytes_part(item.value, 1, item.value.len);
	}
	/* RFC 8017 3.1: odd, and three at the least: with one, what is signed
	 * is the signature. */
	if (!e->len || !(e->data[e->len - 1] & 1) ||
	    (e->len == 1 && e->data[0] < 3))
		return FAIL_FORMAT;
	/* A long one takes as long as signing; nobody has any. */
	if (e->len > RSA_EXPONENT_MAX)
		return FAIL_UNSUPPORTED;
	return der_end(&in) && n->len ? FAIL_NONE : FAIL_FORMAT;
}

/* Split a SubjectPublicKeyInfo into algorithm, parameters and key octets. */
static enum fail
spki_open(struct bytes spki, enum oid *oid, struct der *parameters,
    struct bytes *octets)
{
	struct der_item whole, identifier;
	struct der in;
	enum fail f = der_whole(spki, DER_SEQUENCE, &whole);

	if (f)
		return f;
	in = der_open(whole.value);
	f = der_take(&in, DER_SEQUENCE, &identifier);
	if (!f)
		f = identifier_open(identifier.whole, oid, parameters);
	if (!f)
		f = der_bits(&in, octets);
	if (!f && !der_end(&in))
		f = FAIL_FORMAT;
	return f;
}

/* Index into curves, or FAIL_UNSUPPORTED (explicit curves are never read). */
static enum fail
curve_find(struct der *parameters, size_t *which)
{
	struct der_item name;
	enum fail f = der_take(parameters, DER_OID, &name);

	if (f)
		return FAIL_UNSUPPORTED;
	for (size_t i = 0; i < COUNT(curves); i++)
		if (oid_find(name.value) == curves[i].oid) {
			*which = i;
			return FAIL_NONE;
		}
	return FAIL_UNSUPPORTED;
}

static unsigned
bit_count(struct bytes number)
{
	unsigned bits = (unsigned)number.len * 8;

	for (uint8_t mask = 0x80; mask && !(number.data[0] & mask); mask >>= 1)
		bits--;
	return bits;
}

/* A key for PSS alone may be for certain parameters only. */
static enum fail
pss_restrict(struct der *parameters, struct public_key *key)
{
	struct signature_algorithm a = { .kind = KEY_NONE };
	enum fail f;

	if (der_end(parameters))
		return FAIL_NONE;
	f = pss_read(parameters, &a);
	key->pss_hash = a.hash;
	key->pss_salt = a.salt_len;
	return f;
}

enum fail
public_key_read(struct bytes spki, struct public_key *key)
{
	struct der parameters;
	struct bytes octets, n, e;
	enum oid oid;
	size_t curve;
	enum fail f = spki_open(spki, &oid, &parameters, &octets);

	if (f)
		return f;
	*key = (struct public_key){ .spki = spki };
	switch (oid) {
	case OID_RSA:
	case OID_RSA_PSS:
		f = rsa_numbers(octets, &n, &e);
		if (f)
			return f;
		key->kind = oid == OID_RSA ? KEY_RSA : KEY_RSA_PSS;
		key->bits = bit_count(n);
		key->cost = key->bits / 2048.0 * key->bits / 2048.0 *
		    (bit_count(e) + EXPONENT_SELF) /
		    (EXPONENT_USUAL + EXPONENT_SELF);
		return oid == OID_RSA ? FAIL_NONE :
					pss_restrict(&parameters, key);
	case OID_EC_KEY:
		f = curve_find(&parameters, &curve);
		if (f)
			return f;
		key->kind = KEY_EC;
		key->bits = curves[curve].bits;
		key->cost = curves[curve].cost;
		return FAIL_NONE;
	case OID_DSA:
		key->kind = KEY_DSA;
		key->cost = 40;
		return dsa_parameters(parameters.rest, key);
	case OID_ED25519:
		if (octets.len != crypto_sign_PUBLICKEYBYTES ||
		    !der_end(&parameters))
			return FAIL_FORMAT;
		key->kind = KEY_ED25519;
		key->bits = 256;
		key->cost = 2;
		return FAIL_NONE;
	default:
		return FAIL_UNSUPPORTED;
	}
}

static mbedtls_md_type_t
md_of(enum hash_kind kind)
{
	static const mbedtls_md_type_t types[] = { MBEDTLS_MD_NONE,
		MBEDTLS_MD_SHA1, MBEDTLS_MD_SHA224, MBEDTLS_MD_SHA256,
		MBEDTLS_MD_SHA384, MBEDTLS_MD_SHA512, MBEDTLS_MD_SHA3_224,
		MBEDTLS_MD_SHA3_256, MBEDTLS_MD_SHA3_384, MBEDTLS_MD_SHA3_512 };

	return types[kind];
}

/* Keys used last, with what Mbed TLS works out once for a modulus: a batch, or
 * a file with many signatures, comes back to the same few. */
#define KEYS_KEPT 4u

static _Thread_local struct rsa_kept {
	uint8_t id[HASH_LEN]; /* of the key's octets */
	mbedtls_rsa_context rsa;
	bool used;
} kept[KEYS_KEPT];
static _Thread_local unsigned kept_next;

static enum fail
rsa_read(struct bytes octets, mbedtls_rsa_context *rsa)
{
	struct bytes n, e;
	enum fail f = rsa_numbers(octets, &n, &e);

	if (f)
		return f;
	if (bit_count(n) < RSA_BITS_MIN || n.len > RSA_BYTES_MAX)
		return FAIL_UNSUPPORTED;
	return mbedtls_rsa_import_raw(rsa, n.data, n.len, NULL, 0, NULL, 0,
		   NULL, 0, e.data, e.len) ||
		mbedtls_rsa_complete(rsa) ?
	    FAIL_SIGNATURE :
	    FAIL_NONE;
}

static enum fail
rsa_get(struct bytes octets, mbedtls_rsa_context **rsa)
{
	struct rsa_kept *k;
	uint8_t id[HASH_LEN];
	enum fail f;

	hash_sha256(octets, id);
	for (unsigned i = 0; i < KEYS_KEPT; i++)
		if (kept[i].used && !memcmp(kept[i].id, id, HASH_LEN)) {
			*rsa = &kept[i].rsa;
			return FAIL_NONE;
		}
	k = &kept[kept_next++ % KEYS_KEPT];
	if (k->used)
		mbedtls_rsa_free(&k->rsa);
	mbedtls_rsa_init(&k->rsa);
	f = rsa_read(octets, &k->rsa);
	k->used = !f;
	if (f)
		mbedtls_rsa_free(&k->rsa);
	memcpy(k->id, id, HASH_LEN);
	*rsa = &k->rsa;
	return f;
}

static enum fail
rsa_verify(struct bytes octets, const struct signature_algorithm *a,
    const uint8_t *digest, struct bytes signature)
{
	mbedtls_rsa_context *rsa;
	unsigned len = (unsigned)hash_len(a->hash);
	int rc;
	enum fail f = rsa_get(octets, &rsa);

	if (f)
		return f;
	if (signature.len != mbedtls_rsa_get_len(rsa))
		return FAIL_SIGNATURE;
	if (a->kind == KEY_RSA)
		rc = mbedtls_rsa_pkcs1_verify(
		    rsa, md_of(a->hash), len, digest, signature.data);
	else
		rc = mbedtls_rsa_rsassa_pss_verify_ext(rsa, md_of(a->hash), len,
		    digest, md_of(a->mgf_hash), a->salt_len, signature.data);
	/* It has two errors in one number, of which this is the lower. */
	if ((-rc & 0x7F) == -MBEDTLS_ERR_MPI_ALLOC_FAILED)
		return FAIL_MEMORY;
	return rc ? FAIL_SIGNATURE : FAIL_NONE;
}

/* ECDSA-Sig-Value ::= SEQUENCE { r, s } (RFC 3279 2.2.3). */
static enum fail
ec_numbers(struct bytes signature, mbedtls_mpi *r, mbedtls_mpi *s)
{
	mbedtls_mpi *numbers[] = { r, s };
	struct der_item whole, item;
	struct der in;

	if (der_whole(signature, DER_SEQUENCE, &whole))
		return FAIL_SIGNATURE;
	in = der_open(whole.value);
	for (size_t i = 0; i < 2; i++) {
		if (der_take(&in, DER_INTEGER, &item) || !positive(item.value))
			return FAIL_SIGNATURE;
		if (mbedtls_mpi_read_binary(
			numbers[i], item.value.data, item.value.len))
			return FAIL_MEMORY;
	}
	return der_end(&in) ? FAIL_NONE : FAIL_SIGNATURE;
}

static enum fail
ec_verify(struct der *parameters, struct bytes octets,
    const struct signature_algorithm *a, const uint8_t *digest,
    struct bytes signature)
{
	mbedtls_ecp_group group;
	mbedtls_ecp_point point;
	mbedtls_mpi r, s;
	size_t which;
	enum fail f = curve_find(parameters, &which);

	if (f)
		return f;
	mbedtls_ecp_group_init(&group);
	mbedtls_ecp_point_init(&point);
	mbedtls_mpi_init(&r);
	mbedtls_mpi_init(&s);
	f = ec_numbers(signature, &r, &s);
	if (!f && mbedtls_ecp_group_load(&group, curves[which].group))
		f = FAIL_MEMORY;
	if (!f &&
	    (mbedtls_ecp_point_read_binary(
		 &group, &point, octets.data, octets.len) ||
		mbedtls_ecp_check_pubkey(&group, &point)))
		f = FAIL_FORMAT;
	if (!f &&
	    mbedtls_ecdsa_verify(
		&group, digest, hash_len(a->hash), &point, &r, &s))
		f = FAIL_SIGNATURE;
	mbedtls_mpi_free(&s);
	mbedtls_mpi_free(&r);
	mbedtls_ecp_point_free(&point);
	mbedtls_ecp_group_free(&group);
	return f;
}

enum fail
signature_verify(const struct public_key *key,
    const struct signature_algorithm *a, const uint8_t *digest,
    struct bytes signature)
{
	struct der parameters;
	struct bytes octets;
	enum oid oid;
	enum fail f;

	if (key->kind != a->kind &&
	    !(key->kind == KEY_RSA && a->kind == KEY_RSA_PSS))
		return FAIL_UNSUPPORTED;
	if (a->kind == KEY_RSA_PSS && a->mgf_hash != a->hash)
		return FAIL_UNSUPPORTED;
	effort_add((uint64_t)(key->cost * RSA_2048_NS));
	if (key->pss_hash &&
	    (a->hash != key->pss_hash || a->salt_len < key->pss_salt))
		return FAIL_SIGNATURE;
	/* It signs messages, and there is none here. */
	if (a->kind == KEY_ED25519)
		return FAIL_UNSUPPORTED;
	f = spki_open(key->spki, &oid, &parameters, &octets);
	if (f)
		return f;
	if (a->kind == KEY_DSA)
		return dsa_verify(
		    key, octets, digest, hash_len(a->hash), signature);
	if (a->kind == KEY_EC)
		return ec_verify(&parameters, octets, a, digest, signature);
	return rsa_verify(octets, a, digest, signature);
}

enum fail
signature_verify_message(const struct public_key *key,
    const struct signature_algorithm *a, struct bytes message,
    struct bytes signature)
{
	uint8_t digest[HASH_MAX];
	struct der parameters;
	struct bytes octets;
	enum oid oid;

	if (a->kind != KEY_ED25519 || key->kind != KEY_ED25519) {
		hash_bytes(a->hash, message, digest);
		return signature_verify(key, a, digest, signature);
	}
	if (spki_open(key->spki, &oid, &parameters, &octets) ||
	    signature.len != crypto_sign_BYTES || sodium_init() < 0 ||
	    crypto_sign_verify_detached(
		signature.data, message.data, message.len, octets.data))
		return FAIL_SIGNATURE;
	return FAIL_NONE;
}
