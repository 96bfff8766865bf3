#include "crypto/cms.h"

#include <stdlib.h>

#include "base/effort.h"
#include "crypto/der_read.h"
#include "crypto/der_write.h"
#include "crypto/distribution.h"

/* What reading one takes (base/effort.h). */
#define READ_NS 1000u
#define READ_BYTE_NS 2u

/* CertificateChoices: plain certificates are kept, other kinds stepped over. */
static enum fail
read_certs(struct bytes content, struct cms *cms)
{
	struct der in = der_open(content);
	struct der_item item;

	while (!der_end(&in)) {
		enum fail f = der_any(&in, &item);

		if (f)
			return f;
		if (item.tag != DER_SEQUENCE)
			continue;
		if (cms->cert_count == CMS_CERTS_MAX)
			return FAIL_LIMIT;
		cms->certs[cms->cert_count++] = item.whole;
	}
	return FAIL_NONE;
}

/* IssuerSerial (RFC 5035 5): names of the issuer, and the number. */
static enum fail
read_issuer_serial(struct der *id, struct cms_signer *s)
{
	struct der in;
	struct der_item names, serial;
	enum fail f = der_into(id, DER_SEQUENCE, &in);

	if (!f)
		f = der_take(&in, DER_SEQUENCE, &names);
	if (!f)
		f = der_take(&in, DER_INTEGER, &serial);
	if (f || !der_end(id))
		return FAIL_FORMAT;
	s->cert_issuers = names.value;
	s->cert_serial = serial.value;
	return FAIL_NONE;
}

/* SigningCertificate (RFC 2634 5.4) and V2 (RFC 5035 4): the first ESSCertID
 * names the signer's certificate. */
static enum fail
read_signing_cert(struct der *value, bool v2, struct cms_signer *s)
{
	struct der all, ids, id;
	struct der_item item;
	enum hash_kind kind = v2 ? HASH_SHA256 : HASH_SHA1;
	enum fail f = der_into(value, DER_SEQUENCE, &all);

	if (!f)
		f = der_into(&all, DER_SEQUENCE, &ids);
	if (!f)
		f = der_into(&ids, DER_SEQUENCE, &id);
	if (!f && v2 && der_peek(&id) == DER_SEQUENCE) {
		f = der_any(&id, &item);
		if (!f)
			f = hash_algorithm_read(item.whole, &kind);
	}
	if (!f)
		f = der_take(&id, DER_OCTET_STRING, &item);
	if (!f && item.value.len != hash_len(kind))
		f = FAIL_FORMAT;
	if (f)
		return f;
	/* With both versions present the stronger digest counts. */
	if (s->cert_hash_kind >= kind)
		return FAIL_NONE;
	s->cert_hash_kind = kind;
	s->cert_hash = item.value;
	s->cert_issuers = s->cert_serial = (struct bytes){ NULL, 0 };
	return der_end(&id) ? FAIL_NONE : read_issuer_serial(&id, s);
}

/* AlgorithmProtection (RFC 6211 2). */
static enum fail
read_protection(struct der *value, struct cms_signer *s)
{
	struct der in;
	struct der_item digest, signature;
	enum fail f = der_into(value, DER_SEQUENCE, &in);

	if (!f)
		f = der_take(&in, DER_SEQUENCE, &digest);
	if (!f)
		f = hash_algorithm_read(digest.whole, &s->protected_digest);
	if (!f)
		f = der_take(&in, DER_CONTEXT_MADE(1), &signature);
	if (!f)
		s->protected_signature = signature.value;
	return f || der_end(&in) ? f : FAIL_FORMAT;
}

/* Does a signed attribute that names the algorithms name these? */
static bool
is_protected(const struct cms_signer *s, struct bytes algorithm)
{
	return !s->protected_signature.len ||
	    (s->protected_digest == s->digest &&
		bytes_equal(s->protected_signature, algorithm));
}

static enum fail
read_signed_value(enum oid type, struct der *value, struct cms_signer *s)
{
	struct der_item item;
	enum fail f;

	switch (type) {
	case OID_ATTR_CONTENT_TYPE:
		f = der_take(value, DER_OID, &item);
		if (!f)
			s->content_type = item.value;
		return f;
	case OID_ATTR_MESSAGE_DIGEST:
		f = der_take(value, DER_OCTET_STRING, &item);
		if (!f)
			s->message_digest = item.value;
		return f;
	case OID_ATTR_SIGNING_TIME:
		s->has_signing_time = true;
		return der_time(value, &s->signing_time);
	case OID_ATTR_SIGNING_CERT:
	case OID_ATTR_SIGNING_CERT_V2:
		return read_signing_cert(
		    value, type == OID_ATTR_SIGNING_CERT_V2, s);
	case OID_ATTR_ALGORITHM_PROTECTION:
		return read_protection(value, s);
	case OID_ATTR_REVOCATION_ARCHIVE:
		f = der_any(value, &item);
		if (!f)
			s->revocations[0] = item.whole;
		return f;
	default:
		return der_any(value, &item);
	}
}

/* One Attribute: type and a set of values. */
static enum fail
attribute_open(struct der *list, enum oid *type, struct der *values)
{
	struct der one;
	struct der_item name;
	enum fail f = der_into(list, DER_SEQUENCE, &one);

	if (!f)
		f = der_take(&one, DER_OID, &name);
	if (!f)
		f = der_into(&one, DER_SET, values);
	if (!f && (!der_end(&one) || der_end(values)))
		f = FAIL_FORMAT;
	if (!f)
		*type = oid_find(name.value);
	return f;
}

static enum fail
read_signed_attributes(
    struct bytes content, struct cms_signer *s, struct note *note)
{
	struct der list = der_open(content), values;
	struct bytes before = { NULL, 0 };
	bool seen[OID_COUNT] = { false };
	unsigned count = 0;

	while (!der_end(&list)) {
		struct bytes rest = list.rest, whole;
		enum oid type;
		enum fail f = attribute_open(&list, &type, &values);

		/* X.690 11.6: what was signed is the set in ascending order,
		 * however it stands. */
		whole = bytes_part(rest, 0, rest.len - list.rest.len);
		if (!f && bytes_compare(before, whole) > 0)
			s->unsorted = true;
		before = whole;

		if (f)
			return note_set(note, f, "RFC 5652 5.3: attribute");
		if (++count > CMS_ATTRIBUTES_MAX)
			return note_set(note, FAIL_LIMIT,
			    "more than %u attributes", CMS_ATTRIBUTES_MAX);
		if (type == OID_UNKNOWN)
			continue;
		/* RFC 5652 11: each of these once, with one value. */
		if (seen[type])
			return note_set(note, FAIL_FORMAT,
			    "RFC 5652 11: %s twice", oid_name(type));
		seen[type] = true;
		f = read_signed_value(type, &values, s);
		if (f || !der_end(&values))
			return note_set(note, f ? f : FAIL_FORMAT,
			    "RFC 5652 11: bad %s", oid_name(type));
	}
	if (!seen[OID_ATTR_CONTENT_TYPE] || !seen[OID_ATTR_MESSAGE_DIGEST])
		return note_set(note, FAIL_FORMAT,
		    "RFC 5652 5.3: contentType or messageDigest lacks");
	return FAIL_NONE;
}

/* Of several of a kind, in one attribute or in more, the first counts;
 * time-stamps all do. */
static void
take_unsigned_value(
    enum oid type, const struct der_item *item, struct cms_signer *s)
{
	if (type == OID_ATTR_TIME_STAMP && s->stamp_count < CMS_STAMPS_MAX)
		s->time_stamps[s->stamp_count++] = item->whole;
	if (type == OID_ATTR_ATS_INDEX_V3 && !s->hash_index.len)
		s->hash_index = item->whole;
	if (type == OID_ATTR_REVOCATION_VALUES && !s->revocations[1].len)
		s->revocations[1] = item->whole;
	if (type == OID_ATTR_CERT_VALUES && !s->cert_values.len)
		s->cert_values = item->value;
	if (type == OID_ATTR_ARCHIVE_STAMP_V3 &&
	    s->archive_count < CMS_ARCHIVES_MAX)
		s->archives[s->archive_count++] = item->whole;
}

static enum fail
read_unsigned_attributes(struct bytes content, struct cms_signer *s)
{
	struct der list = der_open(content), values;

	while (!der_end(&list)) {
		struct der_item item;
		enum oid type;
		enum fail f = attribute_open(&list, &type, &values);

		do {
			f = f ? f : der_any(&values, &item);
			if (f)
				return f;
			take_unsigned_value(type, &item, s);
		} while (!der_end(&values));
	}
	return FAIL_NONE;
}

static enum fail
read_signer_id(struct der *in, struct cms_signer *s)
{
	struct der id;
	struct der_item item;
	enum fail f;

	if (der_peek(in) == DER_CONTEXT(0)) {
		f = der_any(in, &item);
		if (!f)
			s->subject_key = item.value;
		return f;
	}
	f = der_into(in, DER_SEQUENCE, &id);
	if (!f)
		f = der_take(&id, DER_SEQUENCE, &item);
	if (f)
		return f;
	s->issuer = item.whole;
	f = der_take(&id, DER_INTEGER, &item);
	if (!f && (!der_end(&id) || !item.value.len))
		f = FAIL_FORMAT;
	if (!f)
		s->serial = item.value;
	return f;
}

static enum fail
read_signer(struct bytes content, struct cms_signer *s, struct note *note)
{
	struct der in = der_open(content);
	struct der_item item;
	int version;
	enum fail f = der_int(&in, &version);

	if (!f)
		f = read_signer_id(&in, s);
	if (!f && version != (s->subject_key.len ? 3 : 1))
		f = FAIL_FORMAT;
	if (!f)
		f = der_take(&in, DER_SEQUENCE, &item);
	if (f)
		return note_set(note, f, "RFC 5652 5.3: SignerInfo");
	f = hash_algorithm_read(item.whole, &s->digest);
	if (f)
		return note_set(note, f, "RFC 5652 5.3: digest algorithm");
	f = der_optional(&in, DER_CONTEXT_MADE(0), &item);
	if (!f && item.whole.len) {
		s->attributes = item.whole;
		f = read_signed_attributes(item.value, s, note);
		if (f)
			return f;
	}
	if (!f)
		f = der_take(&in, DER_SEQUENCE, &item);
	if (f)
		return note_set(note, f, "RFC 5652 5.3: SignerInfo");
	if (!is_protected(s, item.value))
		return note_set(note, FAIL_FORMAT,
		    "RFC 6211 3: another algorithm than the signed one");
	f = signature_algorithm_read(item.whole, s->digest, &s->algorithm);
	if (!f && s->algorithm.kind == KEY_DSA)
		f = FAIL_UNSUPPORTED;
	if (f)
		return note_set(note, f, "RFC 5652 5.3: signature algorithm");
	f = der_take(&in, DER_OCTET_STRING, &item);
	if (!f)
		s->signature = item.value;
	if (!f)
		f = der_optional(&in, DER_CONTEXT_MADE(1), &item);
	if (!f && item.whole.len)
		f = read_unsigned_attributes(item.value, s);
	if (!f && !der_end(&in))
		f = FAIL_FORMAT;
	if (f)
		return note_set(note, f, "RFC 5652 5.3: SignerInfo");
	return FAIL_NONE;
}

static enum fail
read_content(struct der *in, struct cms *cms)
{
	struct der info, wrapped;
	struct der_item item;
	enum fail f = der_into(in, DER_SEQUENCE, &info);

	if (!f)
		f = der_take(&info, DER_OID, &item);
	if (f)
		return f;
	cms->content_type = item.value;
	f = der_optional(&info, DER_CONTEXT_MADE(0), &item);
	if (f || !item.whole.len)
		return f ? f : der_end(&info) ? FAIL_NONE : FAIL_FORMAT;
	wrapped = der_open(item.value);
	f = der_take(&wrapped, DER_OCTET_STRING, &item);
	if (f || !der_end(&wrapped) || !der_end(&info))
		return FAIL_FORMAT;
	cms->has_content = true;
	cms->content = item.value;
	return FAIL_NONE;
}

/* digestAlgorithms must name the signer's: RFC 5652 5.1 lets a verifier refuse
 * a signature whose digest is not in the set. */
static bool
lists_digest(struct bytes set, enum hash_kind wanted)
{
	struct der in = der_open(set);
	struct der_item item;
	bool listed = false;

	while (!der_end(&in)) {
		enum hash_kind kind;

		if (der_take(&in, DER_SEQUENCE, &item))
			return false;
		if (!hash_algorithm_read(item.whole, &kind))
			listed = listed || kind == wanted;
	}
	return listed;
}

/* Read the n-th and count them. */
static enum fail
read_signers(struct der *signers, size_t n, struct cms *cms, struct note *note)
{
	struct der_item item;
	enum fail f = FAIL_NONE;

	for (; !f && !der_end(signers); cms->signer_count++) {
		if (cms->signer_count == CMS_SIGNERS_MAX)
			return note_set(note, FAIL_LIMIT,
			    "more than %u signers", CMS_SIGNERS_MAX);
		f = der_take(signers, DER_SEQUENCE, &item);
		if (f)
			return note_set(note, f, "RFC 5652 5.3: SignerInfo");
		if (cms->signer_count == n)
			f = read_signer(item.value, &cms->signer, note);
	}
	if (!f && !cms->signer_count)
		return note_set(
		    note, FAIL_FORMAT, "RFC 5652 5.1: no SignerInfo");
	if (!f && n >= cms->signer_count)
		return note_set(note, FAIL_MISSING, "no such signer");
	return f;
}

static enum fail
read_signed_data(struct der *in, size_t n, struct cms *cms, struct note *note)
{
	struct der signers;
	struct der_item item, digests, crls;
	int version;
	enum fail f = der_int(in, &version);

	if (!f)
		f = der_take(in, DER_SET, &digests);
	if (!f)
		f = read_content(in, cms);
	if (!f)
		f = der_optional(in, DER_CONTEXT_MADE(0), &item);
	if (!f && item.whole.len)
		f = read_certs(item.value, cms);
	if (!f)
		f = der_optional(in, DER_CONTEXT_MADE(1), &crls);
	if (!f)
		cms->lists = crls.value;
	if (!f)
		f = der_into(in, DER_SET, &signers);
	if (!f && !der_end(in))
		f = FAIL_FORMAT;
	if (f)
		return note_set(note, f, "RFC 5652 5.1: SignedData");
	f = read_signers(&signers, n, cms, note);
	/* It depends on what the content brings, which writers do not always
	 * see; 2 never was one. */
	if (!f && (version < 1 || version == 2 || version > 5))
		f = note_set(
		    note, FAIL_FORMAT, "RFC 5652 5.1: version %d", version);
	if (!f && !cms->signer.attributes.len &&
	    oid_find(cms->content_type) != OID_CMS_DATA)
		f = note_set(note, FAIL_FORMAT,
		    "RFC 5652 5.3: no signedAttrs, which another content than "
		    "id-data wants");
	if (!f && !lists_digest(digests.value, cms->signer.digest))
		f = note_set(note, FAIL_FORMAT,
		    "RFC 5652 5.1: digestAlgorithms lacks the signer's");
	return f;
}

enum fail
cms_read_nth(struct bytes der, size_t n, struct cms *cms, struct note *note)
{
	struct der_item whole, item;
	struct der in, wrapped, data;
	enum fail f;

	*cms = (struct cms){ 0 };
	effort_add(READ_NS + READ_BYTE_NS * der.len);
	f = der_whole(der, DER_SEQUENCE, &whole);
	if (f)
		return note_set(note, f, "RFC 5652 3: ContentInfo");
	in = der_open(whole.value);
	/* Without its ContentInfo it says itself that it is none. */
	f = der_peek(&in) == DER_INTEGER ? FAIL_UNSUPPORTED :
					   der_take(&in, DER_OID, &item);
	if (!f && oid_find(item.value) != OID_CMS_SIGNED_DATA)
		f = FAIL_UNSUPPORTED;
	if (!f)
		f = der_into(&in, DER_CONTEXT_MADE(0), &wrapped);
	if (!f)
		f = der_into(&wrapped, DER_SEQUENCE, &data);
	if (!f && (!der_end(&in) || !der_end(&wrapped)))
		f = FAIL_FORMAT;
	if (f)
		return note_set(note, f, "RFC 5652 3: not SignedData");
	return read_signed_data(&data, n, cms, note);
}

enum fail
cms_read(struct bytes der, struct cms *cms, struct note *note)
{
	enum fail f = cms_read_nth(der, 0, cms, note);

	if (!f && cms->signer_count > 1)
		return note_set(note, FAIL_UNSUPPORTED,
		    "EN 319 142-1 5.3: more than one SignerInfo");
	return f;
}

static bool
cert_hash_matches(const struct cms_signer *s, const struct cert *cert)
{
	uint8_t digest[HASH_MAX];

	if (s->cert_hash_kind == HASH_NONE)
		return true;
	if (s->cert_serial.len &&
	    (!bytes_equal(s->cert_serial, cert->serial) ||
		!distribution_lists(s->cert_issuers, cert->issuer)))
		return false;
	hash_bytes(s->cert_hash_kind, cert->der, digest);
	return bytes_equal(s->cert_hash,
	    (struct bytes){ digest, hash_len(s->cert_hash_kind) });
}

static bool
identified(const struct cms_signer *s, const struct cert *cert)
{
	if (s->subject_key.len)
		return bytes_equal(s->subject_key, cert->subject_key);
	return bytes_equal(s->issuer, cert->issuer) &&
	    bytes_equal(s->serial, cert->serial);
}

const struct cert *
cms_find_signer(
    const struct cms_signer *signer, const struct cert *certs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (identified(signer, &certs[i]) &&
		    cert_hash_matches(signer, &certs[i]))
			return &certs[i];
	return NULL;
}

bool
cms_signer_differs(
    const struct cms_signer *signer, const struct cert *certs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (identified(signer, &certs[i]) &&
		    !cert_hash_matches(signer, &certs[i]))
			return true;
	return false;
}

static int
by_encoding(const void *a, const void *b)
{
	return bytes_compare(
	    *(const struct bytes *)a, *(const struct bytes *)b);
}

/* The attributes in ascending order, without their tag and length. */
static enum fail
put_sorted(struct bytes attributes, struct buf *out)
{
	struct bytes all[CMS_ATTRIBUTES_MAX];
	struct der top = der_open(attributes), list;
	struct der_item item;
	size_t count = 0;
	enum fail f = der_into(&top, DER_CONTEXT_MADE(0), &list);

	while (!f && !der_end(&list)) {
		f = count == CMS_ATTRIBUTES_MAX ? FAIL_LIMIT :
						  der_any(&list, &item);
		if (!f)
			all[count++] = item.whole;
	}
	if (f)
		return f;
	qsort(all, count, sizeof(all[0]), by_encoding);
	for (size_t i = 0; i < count; i++)
		buf_bytes(out, all[i]);
	return FAIL_NONE;
}

/* RFC 5652 5.4: what is signed are the attributes with the tag of SET OF, in
 * DER. */
static enum fail
verify_attributes(const struct cms_signer *s, const struct cert *cert)
{
	struct buf set;
	enum fail f = FAIL_NONE;

	buf_init(&set, s->attributes.len + 16);
	if (s->unsorted) {
		der_mark mark = der_begin(&set);

		f = put_sorted(s->attributes, &set);
		der_end_with(&set, mark, DER_SET);
	} else {
		buf_u8(&set, DER_SET);
		buf_bytes(&set, bytes_part(s->attributes, 1, SIZE_MAX));
	}
	if (!f)
		f = buf_fail(&set);
	if (!f)
		f = signature_verify_message(
		    &cert->key, &s->algorithm, buf_view(&set), s->signature);
	buf_free(&set);
	return f;
}

enum fail
cms_verify(const struct cms *cms, const struct cert *cert,
    const uint8_t *content_digest, struct note *note)
{
	const struct cms_signer *s = &cms->signer;
	const size_t len = hash_len(s->digest);
	enum fail f;

	if (!identified(s, cert) || !cert_hash_matches(s, cert))
		return note_set(note, FAIL_FORMAT,
		    "RFC 5035 5: signingCertificate names another one");
	if (s->attributes.len) {
		if (!bytes_equal(s->content_type, cms->content_type))
			return note_set(note, FAIL_FORMAT,
			    "RFC 5652 11.1: contentType differs");
		if (!bytes_equal(s->message_digest,
			(struct bytes){ content_digest, len }))
			return note_set(note, FAIL_DIGEST,
			    "RFC 5652 5.4: message digest differs");
		f = verify_attributes(s, cert);
	} else {
		f = signature_verify(
		    &cert->key, &s->algorithm, content_digest, s->signature);
	}
	if (f == FAIL_UNSUPPORTED)
		return note_set(note, f, "RFC 5652 5.6: a key of that kind");
	/* Of attributes in another order some sign the bytes as they stand. */
	if (f == FAIL_SIGNATURE && s->unsorted)
		return note_set(note, FAIL_FORMAT,
		    "X.690 11.6: the attributes are not sorted");
	if (f)
		return note_set(note, FAIL_SIGNATURE,
		    "RFC 5652 5.6: signature value does not verify");
	return FAIL_NONE;
}
