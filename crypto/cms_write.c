#include "crypto/cms.h"

#include <stdlib.h>

#include "crypto/der_read.h"
#include "crypto/der_write.h"

/* What stands around a time-stamp, and what the lengths above it grow by. */
#define STAMP_FRAME 64u
/* One attribute holds little: a digest, a type, a certificate's hash. */
#define ATTRIBUTE_MAX 512u
#define ATTRIBUTES 4u /* that we sign at the most */

/* Absent parameters, as RFC 5754 2 prefers. */
static void
put_digest_algorithm(struct buf *out, enum hash_kind kind)
{
	der_mark mark = der_begin(out);

	oid_put(out, hash_oid(kind));
	der_end_with(out, mark, DER_SEQUENCE);
}

static void
put_pss_parameters(struct buf *out, const struct signature_algorithm *a)
{
	der_mark all = der_begin(out), field, mask;

	field = der_begin(out);
	put_digest_algorithm(out, a->hash);
	der_end_with(out, field, DER_CONTEXT_MADE(0));
	field = der_begin(out);
	mask = der_begin(out);
	oid_put(out, OID_MGF1);
	put_digest_algorithm(out, a->mgf_hash);
	der_end_with(out, mask, DER_SEQUENCE);
	der_end_with(out, field, DER_CONTEXT_MADE(1));
	field = der_begin(out);
	der_put_int(out, (uint32_t)a->salt_len);
	der_end_with(out, field, DER_CONTEXT_MADE(2));
	der_end_with(out, all, DER_SEQUENCE);
}

static void
put_signature_algorithm(struct buf *out, const struct signature_algorithm *a)
{
	der_mark mark = der_begin(out);

	switch (a->kind) {
	case KEY_EC:
		oid_put(out,
		    a->hash == HASH_SHA512     ? OID_ECDSA_SHA512 :
			a->hash == HASH_SHA384 ? OID_ECDSA_SHA384 :
						 OID_ECDSA_SHA256);
		break;
	case KEY_RSA_PSS:
		oid_put(out, OID_RSA_PSS);
		put_pss_parameters(out, a);
		break;
	default:
		/* rsaEncryption with NULL: what every reader knows. */
		oid_put(out, OID_RSA);
		der_put_null(out);
		break;
	}
	der_end_with(out, mark, DER_SEQUENCE);
}

/* Attribute ::= SEQUENCE { type, SET { value } }, value already encoded. */
static void
put_attribute(struct buf *out, enum oid type, struct bytes value)
{
	der_mark whole = der_begin(out), set;

	oid_put(out, type);
	set = der_begin(out);
	buf_bytes(out, value);
	der_end_with(out, set, DER_SET);
	der_end_with(out, whole, DER_SEQUENCE);
}

/* SigningCertificateV2 with one ESSCertIDv2; SHA-256 is its default and must
 * then be left out (DER). */
static void
put_signing_cert(struct buf *out, const struct cert *cert)
{
	uint8_t digest[HASH_LEN];
	der_mark all = der_begin(out), ids = all, id = all;

	cert_hash(cert, digest);
	der_put(out, DER_OCTET_STRING, BYTES_ARRAY(digest));
	der_end_with(out, id, DER_SEQUENCE);
	der_end_with(out, ids, DER_SEQUENCE);
	der_end_with(out, all, DER_SEQUENCE);
}

static int
compare_encodings(const void *a, const void *b)
{
	return bytes_compare(
	    *(const struct bytes *)a, *(const struct bytes *)b);
}

enum fail
cms_attributes(const struct cms_recipe *recipe, struct buf *out)
{
	struct buf made[ATTRIBUTES], value;
	struct bytes sorted[ATTRIBUTES];
	size_t count = recipe->has_time ? 4 : 3;
	der_mark set;
	enum fail f = FAIL_NONE;

	buf_init(&value, ATTRIBUTE_MAX);
	for (size_t i = 0; i < count; i++)
		buf_init(&made[i], ATTRIBUTE_MAX);
	oid_put(&value, OID_CMS_DATA);
	put_attribute(&made[0], OID_ATTR_CONTENT_TYPE, buf_view(&value));
	buf_clear(&value);
	der_put(&value, DER_OCTET_STRING,
	    (struct bytes){
		recipe->message_digest, hash_len(recipe->algorithm.hash) });
	put_attribute(&made[1], OID_ATTR_MESSAGE_DIGEST, buf_view(&value));
	buf_clear(&value);
	put_signing_cert(&value, recipe->signer);
	put_attribute(&made[2], OID_ATTR_SIGNING_CERT_V2, buf_view(&value));
	if (recipe->has_time) {
		buf_clear(&value);
		der_put_time(&value, recipe->time);
		put_attribute(
		    &made[3], OID_ATTR_SIGNING_TIME, buf_view(&value));
	}
	f = buf_fail(&value);
	for (size_t i = 0; i < count; i++) {
		if (!f)
			f = buf_fail(&made[i]);
		sorted[i] = buf_view(&made[i]);
	}
	if (!f) {
		/* X.690 11.6: the elements of a SET OF in ascending order. */
		qsort(sorted, count, sizeof(sorted[0]), compare_encodings);
		set = der_begin(out);
		for (size_t i = 0; i < count; i++)
			buf_bytes(out, sorted[i]);
		der_end_with(out, set, DER_SET);
		f = buf_fail(out);
	}
	for (size_t i = 0; i < count; i++)
		buf_free(&made[i]);
	buf_free(&value);
	return f;
}

static void
put_signer(struct buf *out, const struct cms_recipe *recipe,
    struct bytes attributes, struct bytes signature)
{
	der_mark whole = der_begin(out), id;

	der_put_int(out, 1);
	id = der_begin(out);
	buf_bytes(out, recipe->signer->issuer);
	der_put(out, DER_INTEGER, recipe->signer->serial);
	der_end_with(out, id, DER_SEQUENCE);
	put_digest_algorithm(out, recipe->algorithm.hash);
	/* The same content as the SET OF that was signed, tagged [0]. */
	buf_u8(out, DER_CONTEXT_MADE(0));
	buf_bytes(out, bytes_part(attributes, 1, SIZE_MAX));
	put_signature_algorithm(out, &recipe->algorithm);
	der_put(out, DER_OCTET_STRING, signature);
	if (recipe->time_stamp.len) {
		der_mark unsigned_attributes = der_begin(out);

		put_attribute(out, OID_ATTR_TIME_STAMP, recipe->time_stamp);
		der_end_with(out, unsigned_attributes, DER_CONTEXT_MADE(1));
	}
	der_end_with(out, whole, DER_SEQUENCE);
}

enum fail
cms_write(const struct cms_recipe *recipe, struct bytes attributes,
    struct bytes signature, struct buf *out)
{
	der_mark info = der_begin(out), wrapped, data, mark;

	oid_put(out, OID_CMS_SIGNED_DATA);
	wrapped = data = der_begin(out);
	der_put_int(out, 1);
	mark = der_begin(out);
	put_digest_algorithm(out, recipe->algorithm.hash);
	der_end_with(out, mark, DER_SET);
	mark = der_begin(out);
	oid_put(out, OID_CMS_DATA);
	der_end_with(out, mark, DER_SEQUENCE);
	mark = der_begin(out);
	for (size_t i = 0; i < recipe->chain_count; i++)
		buf_bytes(out, recipe->chain[i]);
	der_end_with(out, mark, DER_CONTEXT_MADE(0));
	mark = der_begin(out);
	put_signer(out, recipe, attributes, signature);
	der_end_with(out, mark, DER_SET);
	der_end_with(out, data, DER_SEQUENCE);
	der_end_with(out, wrapped, DER_CONTEXT_MADE(0));
	der_end_with(out, info, DER_SEQUENCE);
	return buf_fail(out);
}

/* The longest value a key of this kind gives; ECDSA in DER with both sign
 * octets. */
static size_t
signature_room(const struct public_key *key)
{
	size_t octets = (key->bits + 7) / 8;

	return key->kind == KEY_EC ? 2 * (octets + 3) + 4 : octets;
}

enum fail
cms_size(const struct cms_recipe *recipe, size_t *size)
{
	static const uint8_t zeros[SIGNATURE_MAX];
	struct cms_recipe dummy = *recipe;
	struct buf attributes, whole;
	enum fail f;

	if (signature_room(&recipe->signer->key) > sizeof(zeros))
		return FAIL_UNSUPPORTED;
	dummy.message_digest = zeros;
	buf_init(&attributes, CERT_SIZE_MAX);
	buf_init(&whole, CMS_CERTS_MAX * CERT_SIZE_MAX);
	f = cms_attributes(&dummy, &attributes);
	if (!f)
		f = cms_write(&dummy, buf_view(&attributes),
		    (struct bytes){
			zeros, signature_room(&recipe->signer->key) },
		    &whole);
	*size = whole.len;
	if (recipe->stamp_room)
		*size += recipe->stamp_room + STAMP_FRAME;
	buf_free(&whole);
	buf_free(&attributes);
	return f;
}
