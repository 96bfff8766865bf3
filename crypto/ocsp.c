#include "crypto/ocsp.h"

#include "base/effort.h"
#include "crypto/der_read.h"
#include "crypto/der_write.h"
#include "crypto/name.h"

/* ---- identifiers ---- */

/* The key's own octets: the content of the BIT STRING in its
 * SubjectPublicKeyInfo. */
static enum fail
key_octets(const struct cert *cert, struct bytes *octets)
{
	struct der_item whole, item;
	struct der in;
	enum fail f = der_whole(cert->key.spki, DER_SEQUENCE, &whole);

	if (f)
		return f;
	in = der_open(whole.value);
	f = der_take(&in, DER_SEQUENCE, &item);
	return f ? f : der_bits(&in, octets);
}

static enum fail
hash_key(const struct cert *cert, enum hash_kind kind, uint8_t *digest)
{
	struct bytes octets;
	enum fail f = key_octets(cert, &octets);

	if (!f)
		hash_bytes(kind, octets, digest);
	return f;
}

/* ---- asking ---- */

static enum fail
put_cert_id(const struct cert *cert, const struct cert *issuer, struct buf *out)
{
	uint8_t name[HASH_MAX], key[HASH_MAX];
	size_t len = hash_len(HASH_SHA1);
	der_mark id = der_begin(out), algorithm = id;
	enum fail f = hash_key(issuer, HASH_SHA1, key);

	if (f)
		return f;
	hash_bytes(HASH_SHA1, cert->issuer, name);
	oid_put(out, OID_SHA1);
	der_put_null(out);
	der_end_with(out, algorithm, DER_SEQUENCE);
	der_put(out, DER_OCTET_STRING, (struct bytes){ name, len });
	der_put(out, DER_OCTET_STRING, (struct bytes){ key, len });
	der_put(out, DER_INTEGER, cert->serial);
	der_end_with(out, id, DER_SEQUENCE);
	return FAIL_NONE;
}

static void
put_nonce(struct bytes nonce, struct buf *out)
{
	der_mark tagged = der_begin(out), list = tagged, one = tagged, value;

	oid_put(out, OID_OCSP_NONCE);
	value = der_begin(out);
	der_put(out, DER_OCTET_STRING, nonce);
	der_end_with(out, value, DER_OCTET_STRING);
	der_end_with(out, one, DER_SEQUENCE);
	der_end_with(out, list, DER_SEQUENCE);
	der_end_with(out, tagged, DER_CONTEXT_MADE(2));
}

enum fail
ocsp_request_write(const struct cert *cert, const struct cert *issuer,
    struct bytes nonce, struct buf *out)
{
	der_mark all = der_begin(out), tbs = all, list = all, one = all;
	enum fail f = put_cert_id(cert, issuer, out);

	if (f)
		return f;
	der_end_with(out, one, DER_SEQUENCE);
	der_end_with(out, list, DER_SEQUENCE);
	if (nonce.len)
		put_nonce(nonce, out);
	der_end_with(out, tbs, DER_SEQUENCE);
	der_end_with(out, all, DER_SEQUENCE);
	return buf_fail(out);
}

/* ---- reading ---- */

/* CertStatus: [0] good, [1] revoked at a time for a reason, [2] unknown. */
static enum fail
read_status(struct der *in, struct ocsp_single *s)
{
	struct der_item item, reason;
	struct der info;
	enum fail f = der_any(in, &item);

	if (f)
		return f;
	switch (item.tag) {
	case DER_CONTEXT(0):
		s->status = OCSP_GOOD;
		return item.value.len ? FAIL_FORMAT : FAIL_NONE;
	case DER_CONTEXT(2):
		s->status = OCSP_UNKNOWN;
		return FAIL_NONE;
	case DER_CONTEXT_MADE(1):
		s->status = OCSP_REVOKED;
		info = der_open(item.value);
		f = der_time(&info, &s->revoked);
		if (!f)
			f = der_optional(&info, DER_CONTEXT_MADE(0), &reason);
		if (!f && reason.whole.len && reason.value.len == 3)
			s->reason = reason.value.data[2];
		return !f && !der_end(&info) ? FAIL_FORMAT : f;
	default:
		return FAIL_FORMAT;
	}
}

/* Extensions of which none but the nonce of all, and of a single answer the
 * cutoff, have a meaning here. */
static enum fail
read_extensions(struct bytes content, bool *unknown_critical,
    struct bytes *nonce, int64_t *keeps)
{
	struct der_item all;
	struct der list;
	enum fail f = der_whole(content, DER_SEQUENCE, &all);

	list = der_open(f ? (struct bytes){ NULL, 0 } : all.value);
	while (!f && !der_end(&list)) {
		struct der one;
		struct der_item name, value;
		bool critical = false;

		f = der_into(&list, DER_SEQUENCE, &one);
		if (!f)
			f = der_take(&one, DER_OID, &name);
		if (!f && der_peek(&one) == DER_BOOLEAN)
			f = der_bool(&one, &critical);
		if (!f)
			f = der_take(&one, DER_OCTET_STRING, &value);
		if (!f && !der_end(&one))
			f = FAIL_FORMAT;
		if (f)
			break;
		if (nonce && oid_find(name.value) == OID_OCSP_NONCE) {
			struct der_item inner;

			/* Older responders left the inner item out. */
			*nonce =
			    der_whole(value.value, DER_OCTET_STRING, &inner) ?
			    value.value :
			    inner.value;
		} else if (keeps && oid_find(name.value) == OID_OCSP_CUTOFF) {
			struct der time = der_open(value.value);

			f = der_time(&time, keeps);
			if (!f && !der_end(&time))
				f = FAIL_FORMAT;
		} else if (critical) {
			*unknown_critical = true;
		}
	}
	return f;
}

static enum fail
read_cert_id(struct der *in, struct ocsp_single *s)
{
	struct der id;
	struct der_item algorithm, item;
	enum fail f = der_into(in, DER_SEQUENCE, &id);

	if (!f)
		f = der_take(&id, DER_SEQUENCE, &algorithm);
	/* An unknown hash is an identifier of somebody else's certificate. */
	if (!f && hash_algorithm_read(algorithm.whole, &s->hash))
		s->hash = HASH_NONE;
	if (!f)
		f = der_take(&id, DER_OCTET_STRING, &item);
	if (!f) {
		s->issuer_name_hash = item.value;
		f = der_take(&id, DER_OCTET_STRING, &item);
	}
	if (!f) {
		s->issuer_key_hash = item.value;
		f = der_take(&id, DER_INTEGER, &item);
	}
	if (!f)
		s->serial = item.value;
	return !f && !der_end(&id) ? FAIL_FORMAT : f;
}

static enum fail
read_single(struct der *list, struct ocsp_single *s)
{
	struct der in, inner;
	struct der_item item;
	enum fail f = der_into(list, DER_SEQUENCE, &in);

	*s = (struct ocsp_single){ .next_update = INT64_MAX,
		.keeps = INT64_MAX };
	if (!f)
		f = read_cert_id(&in, s);
	if (!f)
		f = read_status(&in, s);
	if (!f)
		f = der_time(&in, &s->this_update);
	if (!f)
		f = der_optional(&in, DER_CONTEXT_MADE(0), &item);
	if (!f && item.whole.len) {
		inner = der_open(item.value);
		f = der_time(&inner, &s->next_update);
	}
	if (!f)
		f = der_optional(&in, DER_CONTEXT_MADE(1), &item);
	if (!f && item.whole.len)
		f = read_extensions(
		    item.value, &s->unknown_critical, NULL, &s->keeps);
	return !f && !der_end(&in) ? FAIL_FORMAT : f;
}

static enum fail
read_responder(struct der *in, struct ocsp *o)
{
	struct der_item item, inner;
	enum fail f = der_any(in, &item);

	if (f)
		return f;
	if (item.tag == DER_CONTEXT_MADE(1)) {
		o->by_name = item.value;
		return FAIL_NONE;
	}
	if (item.tag != DER_CONTEXT_MADE(2))
		return FAIL_FORMAT;
	f = der_whole(item.value, DER_OCTET_STRING, &inner);
	if (!f)
		o->by_key = inner.value;
	return f;
}

/* ResponseData. */
static enum fail
read_data(struct ocsp *o)
{
	struct der_item whole, item;
	struct der in, list;
	enum fail f = der_whole(o->tbs, DER_SEQUENCE, &whole);

	if (f)
		return f;
	in = der_open(whole.value);
	f = der_optional(&in, DER_CONTEXT_MADE(0), &item);
	/* The one version is the default one, and some write it all the same.
	 */
	if (!f && item.whole.len) {
		struct der version = der_open(item.value);
		int v;

		f = der_int(&version, &v);
		if (!f && v != 0)
			f = FAIL_UNSUPPORTED;
	}
	if (!f)
		f = read_responder(&in, o);
	if (!f)
		f = der_time(&in, &o->produced);
	if (!f)
		f = der_into(&in, DER_SEQUENCE, &list);
	while (!f && !der_end(&list)) {
		if (o->single_count == OCSP_SINGLES_MAX)
			return FAIL_LIMIT;
		f = read_single(&list, &o->singles[o->single_count++]);
	}
	if (!f)
		f = der_optional(&in, DER_CONTEXT_MADE(1), &item);
	if (!f && item.whole.len)
		f = read_extensions(
		    item.value, &o->unknown_critical, &o->nonce, NULL);
	return !f && !der_end(&in) ? FAIL_FORMAT : f;
}

static enum fail
read_certs(struct der *in, struct ocsp *o)
{
	struct der_item item, all, one;
	struct der list;
	enum fail f = der_optional(in, DER_CONTEXT_MADE(0), &item);

	if (f || !item.whole.len)
		return f;
	f = der_whole(item.value, DER_SEQUENCE, &all);
	list = der_open(f ? (struct bytes){ NULL, 0 } : all.value);
	while (!f && !der_end(&list)) {
		f = der_take(&list, DER_SEQUENCE, &one);
		if (!f && o->cert_count < OCSP_CERTS_MAX)
			o->certs[o->cert_count++] = one.whole;
	}
	return f;
}

enum fail
ocsp_read_basic(struct bytes basic, struct ocsp *o, struct note *note)
{
	struct der_item whole, item;
	struct der in;
	enum fail f = basic.len > OCSP_ANSWER_MAX ?
	    FAIL_LIMIT :
	    der_whole(basic, DER_SEQUENCE, &whole);

	*o = (struct ocsp){ .basic = basic };
	if (f)
		return note_set(note, f, "RFC 6960 4.2.1: BasicOCSPResponse");
	in = der_open(whole.value);
	f = der_take(&in, DER_SEQUENCE, &item);
	if (!f) {
		o->tbs = item.whole;
		f = read_data(o);
	}
	if (f)
		return note_set(note, f, "RFC 6960 4.2.1: ResponseData");
	f = der_take(&in, DER_SEQUENCE, &item);
	if (!f)
		f = signature_algorithm_read(
		    item.whole, HASH_NONE, &o->algorithm);
	if (!f)
		f = der_bits(&in, &o->signature);
	if (!f)
		f = read_certs(&in, o);
	if (!f && !der_end(&in))
		f = FAIL_FORMAT;
	return f ? note_set(note, f, "RFC 6960 4.2.1: its signature") : f;
}

enum fail
ocsp_read(struct bytes answer, struct ocsp *o, struct note *note)
{
	static const char *const states[] = { "successful", "malformedRequest",
		"internalError", "tryLater", "4", "sigRequired",
		"unauthorized" };
	struct der_item whole, item;
	struct der in, bytes;
	unsigned status;
	enum fail f = answer.len > OCSP_ANSWER_MAX ?
	    FAIL_LIMIT :
	    der_whole(answer, DER_SEQUENCE, &whole);

	if (f)
		return note_set(note, f, "RFC 6960 4.2.1: OCSPResponse");
	in = der_open(whole.value);
	f = der_take(&in, DER_ENUMERATED, &item);
	if (!f && item.value.len != 1)
		f = FAIL_FORMAT;
	if (f)
		return note_set(note, f, "RFC 6960 4.2.1: responseStatus");
	status = item.value.data[0];
	if (status)
		return note_set(note, FAIL_PEER, "RFC 6960 4.2.1: %s",
		    status < 7 ? states[status] : "unknown status");
	f = der_take(&in, DER_CONTEXT_MADE(0), &item);
	if (!f && !der_end(&in))
		f = FAIL_FORMAT;
	if (!f)
		f = der_whole(item.value, DER_SEQUENCE, &whole);
	if (!f) {
		bytes = der_open(whole.value);
		f = der_take(&bytes, DER_OID, &item);
	}
	if (!f && oid_find(item.value) != OID_OCSP_BASIC)
		f = FAIL_UNSUPPORTED;
	if (!f)
		f = der_take(&bytes, DER_OCTET_STRING, &item);
	if (!f && !der_end(&bytes))
		f = FAIL_FORMAT;
	if (f)
		return note_set(note, f, "RFC 6960 4.2.1: responseBytes");
	return ocsp_read_basic(item.value, o, note);
}

/* ---- finding ---- */

const struct ocsp_single *
ocsp_find(
    const struct ocsp *o, const struct cert *cert, const struct cert *issuer)
{
	const struct ocsp_single *found = NULL;

	for (size_t i = 0; i < o->single_count; i++) {
		const struct ocsp_single *s = &o->singles[i];
		uint8_t digest[HASH_MAX];
		struct bytes view = { digest, hash_len(s->hash) };

		if (s->hash == HASH_NONE ||
		    !bytes_equal(s->serial, cert->serial))
			continue;
		hash_bytes(s->hash, issuer->subject, digest);
		if (!bytes_equal(s->issuer_name_hash, view)) {
			/* The name as the certificate writes it may differ in
			 * its string types. */
			hash_bytes(s->hash, cert->issuer, digest);
			if (!bytes_equal(s->issuer_name_hash, view))
				continue;
		}
		if (!hash_key(issuer, s->hash, digest) &&
		    bytes_equal(s->issuer_key_hash, view) &&
		    (!found || s->status == OCSP_REVOKED))
			found = s;
	}
	return found;
}

/* ---- checking ---- */

static bool
is_responder(const struct ocsp *o, const struct cert *cert)
{
	uint8_t digest[HASH_MAX];

	if (o->by_name.len)
		return name_equal(o->by_name, cert->subject);
	return !hash_key(cert, HASH_SHA1, digest) &&
	    bytes_equal(
		o->by_key, (struct bytes){ digest, hash_len(HASH_SHA1) });
}

/* 4.2.2.2: made a responder by the very CA that issued the certificate asked
 * about. */
static enum fail
is_delegate(
    const struct ocsp *o, const struct cert *cert, const struct cert *issuer)
{
	if (!name_equal(cert->issuer, issuer->subject) ||
	    !cert_has_purpose(cert, OID_EKU_OCSP_SIGNING) ||
	    cert->unknown_critical || cert_verify(cert, &issuer->key))
		return FAIL_CHAIN;
	if (cert->has_usage &&
	    !(cert->usage & (USAGE_DIGITAL_SIGNATURE | USAGE_NON_REPUDIATION)))
		return FAIL_CHAIN;
	return o->produced < cert->not_before || o->produced > cert->not_after ?
	    FAIL_EXPIRED :
	    FAIL_NONE;
}

enum fail
ocsp_verify(const struct ocsp *o, const struct cert *issuer, struct cert *room,
    const struct cert **responder, struct note *note)
{
	enum fail f = FAIL_CHAIN;

	*responder = NULL;
	if (is_responder(o, issuer)) {
		*responder = issuer;
		f = FAIL_NONE;
	}
	for (size_t i = 0; i < o->cert_count && f; i++) {
		enum fail g = cert_read(o->certs[i], room, NULL);

		if (g || !is_responder(o, room))
			continue;
		f = is_delegate(o, room, issuer);
		*responder = f ? NULL : room;
	}
	if (f)
		return note_set(
		    note, f, "RFC 6960 4.2.2.2: not the issuer's responder");
	f = signature_verify_message(
	    &(*responder)->key, &o->algorithm, o->tbs, o->signature);
	return f ?
	    note_set(note, f, "RFC 6960 4.2.1: signature of the answer") :
	    FAIL_NONE;
}
