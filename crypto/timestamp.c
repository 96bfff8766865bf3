#include "crypto/timestamp.h"

#include <stdlib.h>

#include "crypto/der_read.h"
#include "crypto/der_write.h"

/* ---- reading a token ---- */

static enum fail
read_imprint(struct der *in, enum hash_kind *hash, struct bytes *imprint)
{
	struct der both;
	struct der_item algorithm, digest;
	enum fail f = der_into(in, DER_SEQUENCE, &both);

	if (!f)
		f = der_take(&both, DER_SEQUENCE, &algorithm);
	if (!f)
		f = hash_algorithm_read(algorithm.whole, hash);
	if (!f)
		f = der_take(&both, DER_OCTET_STRING, &digest);
	if (!f && (!der_end(&both) || digest.value.len != hash_len(*hash)))
		f = FAIL_FORMAT;
	if (!f)
		*imprint = digest.value;
	return f;
}

/* Extensions of the TSTInfo: none is known here, so none may be critical. */
static enum fail
read_extensions(struct bytes content)
{
	struct der list = der_open(content), one;

	while (!der_end(&list)) {
		struct der_item item;
		bool critical = false;
		enum fail f = der_into(&list, DER_SEQUENCE, &one);

		if (!f)
			f = der_take(&one, DER_OID, &item);
		if (!f && der_peek(&one) == DER_BOOLEAN)
			f = der_bool(&one, &critical);
		if (!f)
			f = der_take(&one, DER_OCTET_STRING, &item);
		if (!f && !der_end(&one))
			f = FAIL_FORMAT;
		if (f)
			return f;
		if (critical)
			return FAIL_UNSUPPORTED;
	}
	return FAIL_NONE;
}

/* TSTInfo from genTime on: what may be left out, in its order. */
static enum fail
read_rest(struct der *in, struct timestamp *t)
{
	struct der_item item;
	bool ordering;
	enum fail f = der_time(in, &t->time);

	if (!f)
		f = der_optional(in, DER_SEQUENCE, &item); /* accuracy */
	if (!f && der_peek(in) == DER_BOOLEAN)
		f = der_bool(in, &ordering);
	if (!f)
		f = der_optional(in, DER_INTEGER, &item);
	if (!f && item.whole.len)
		t->nonce = item.value;
	if (!f)
		f = der_optional(in, DER_CONTEXT_MADE(0), &item); /* tsa */
	if (!f)
		f = der_optional(in, DER_CONTEXT_MADE(1), &item);
	if (!f && item.whole.len)
		f = read_extensions(item.value);
	return !f && !der_end(in) ? FAIL_FORMAT : f;
}

static enum fail
read_info(struct bytes content, struct timestamp *t)
{
	struct der_item whole, item;
	struct der in;
	int version;
	enum fail f = der_whole(content, DER_SEQUENCE, &whole);

	if (f)
		return f;
	in = der_open(whole.value);
	f = der_int(&in, &version);
	if (!f && version != 1)
		f = FAIL_UNSUPPORTED;
	if (!f)
		f = der_take(&in, DER_OID, &item);
	if (!f) {
		t->policy = item.value;
		f = read_imprint(&in, &t->hash, &t->imprint);
	}
	if (!f)
		f = der_take(&in, DER_INTEGER, &item);
	if (!f && !item.value.len)
		f = FAIL_FORMAT;
	if (!f) {
		t->serial = item.value;
		f = read_rest(&in, t);
	}
	return f;
}

enum fail
timestamp_read(struct bytes token, struct timestamp *t, struct note *note)
{
	enum fail f;

	*t = (struct timestamp){ .time = 0 };
	f = cms_read(token, &t->cms, note);
	if (f)
		return f;
	if (oid_find(t->cms.content_type) != OID_CMS_TST_INFO ||
	    !t->cms.has_content)
		return note_set(
		    note, FAIL_FORMAT, "RFC 3161 2.4.2: no TSTInfo inside");
	/* The attribute is what ties the token to one certificate. */
	if (t->cms.signer.cert_hash_kind == HASH_NONE)
		return note_set(note, FAIL_FORMAT,
		    "RFC 3161 2.4.2: signingCertificate lacks");
	f = read_info(t->cms.content, t);
	return f ? note_set(note, f, "RFC 3161 2.4.2: TSTInfo") : FAIL_NONE;
}

/* ---- checking it ---- */

/* RFC 3161 2.3: the one purpose, and critical. */
static bool
is_for_time_stamps(const struct cert *cert)
{
	struct der list = der_open(cert->ext_usage);
	struct der_item only;

	/* Signatures are what it makes (RFC 5280 4.2.1.3). */
	if (cert->has_usage &&
	    !(cert->usage & (USAGE_DIGITAL_SIGNATURE | USAGE_NON_REPUDIATION)))
		return false;
	return cert->ext_usage_critical && !der_take(&list, DER_OID, &only) &&
	    der_end(&list) && oid_find(only.value) == OID_EKU_TIME_STAMPING;
}

enum fail
timestamp_verify(const struct timestamp *t, const uint8_t *digest,
    const struct cert *certs, size_t count, const struct cert **authority,
    struct note *note)
{
	const struct cert *signer =
	    cms_find_signer(&t->cms.signer, certs, count);
	uint8_t content[HASH_MAX];
	enum fail f;

	*authority = signer;
	if (!signer)
		return note_set(note, FAIL_MISSING,
		    "RFC 3161 2.4.1: no certificate of the authority");
	hash_bytes(t->cms.signer.digest, t->cms.content, content);
	f = cms_verify(&t->cms, signer, content, note);
	/* The token's own content: a digest that differs there is a forgery of
	 * the token, not another thing stamped. */
	if (f)
		return f == FAIL_DIGEST ? FAIL_SIGNATURE : f;
	if (!is_for_time_stamps(signer))
		return note_set(note, FAIL_FORMAT,
		    "RFC 3161 2.3: not a certificate for time-stamps");
	if (memcmp(digest, t->imprint.data, t->imprint.len) != 0)
		return note_set(note, FAIL_DIGEST,
		    "RFC 3161 2.4.2: the time-stamp is for something else");
	return FAIL_NONE;
}

/* ---- asking for one ---- */

/* A random INTEGER that is positive and has no byte to spare. */
static void
put_nonce(struct buf *out, const uint8_t nonce[static TIMESTAMP_NONCE])
{
	uint8_t value[TIMESTAMP_NONCE];

	memcpy(value, nonce, sizeof(value));
	value[0] = (value[0] & 0x3F) | 0x40;
	der_put(out, DER_INTEGER, BYTES_ARRAY(value));
}

enum fail
timestamp_query_write(const struct timestamp_query *q, struct buf *out)
{
	static const uint8_t yes = 0xFF;
	der_mark all = der_begin(out), imprint, algorithm;

	der_put_int(out, 1);
	imprint = algorithm = der_begin(out);
	oid_put(out, hash_oid(q->hash));
	/* With NULL, as the clients write it that authorities have met. */
	der_put_null(out);
	der_end_with(out, algorithm, DER_SEQUENCE);
	der_put(out, DER_OCTET_STRING,
	    (struct bytes){ q->digest, hash_len(q->hash) });
	der_end_with(out, imprint, DER_SEQUENCE);
	if (q->policy.len)
		der_put(out, DER_OID, q->policy);
	put_nonce(out, q->nonce);
	der_put(out, DER_BOOLEAN, (struct bytes){ &yes, 1 });
	der_end_with(out, all, DER_SEQUENCE);
	return buf_fail(out);
}

/* PKIStatusInfo: 0 granted, 1 granted with modifications; else refused. */
static enum fail
read_status(struct der *in, struct note *note)
{
	struct der info;
	struct der_item text, bits = { .tag = 0 };
	int status;
	enum fail f = der_into(in, DER_SEQUENCE, &info);

	if (!f)
		f = der_int(&info, &status);
	if (!f)
		f = der_optional(&info, DER_SEQUENCE, &text);
	if (!f)
		f = der_optional(&info, DER_BIT_STRING, &bits);
	if (f || !der_end(&info))
		return note_set(
		    note, FAIL_FORMAT, "RFC 3161 2.4.2: PKIStatusInfo");
	if (status > 1)
		return note_set(note, FAIL_PEER,
		    "RFC 3161 2.4.2: status %d, failure bits %02X%02X%02X",
		    status, bits.value.len > 1 ? bits.value.data[1] : 0,
		    bits.value.len > 2 ? bits.value.data[2] : 0,
		    bits.value.len > 3 ? bits.value.data[3] : 0);
	return FAIL_NONE;
}

static bool
answers(const struct timestamp *t, const struct timestamp_query *q)
{
	struct buf nonce;
	struct der_item item;
	bool same;

	buf_init(&nonce, 16);
	put_nonce(&nonce, q->nonce);
	same = !der_whole(buf_view(&nonce), DER_INTEGER, &item) &&
	    bytes_equal(item.value, t->nonce);
	buf_free(&nonce);
	return same && t->hash == q->hash &&
	    !memcmp(t->imprint.data, q->digest, t->imprint.len);
}

enum fail
timestamp_answer_read(struct bytes answer, const struct timestamp_query *q,
    struct bytes *token, struct note *note)
{
	struct timestamp *t;
	struct der_item whole, item;
	struct der in;
	enum fail f = answer.len > TIMESTAMP_ANSWER_MAX ?
	    FAIL_LIMIT :
	    der_whole(answer, DER_SEQUENCE, &whole);

	if (f)
		return note_set(note, f, "RFC 3161 2.4.2: TimeStampResp");
	in = der_open(whole.value);
	f = read_status(&in, note);
	if (f)
		return f;
	if (der_take(&in, DER_SEQUENCE, &item) || !der_end(&in))
		return note_set(
		    note, FAIL_FORMAT, "RFC 3161 2.4.2: granted, but no token");
	t = calloc(1, sizeof(*t));
	if (!t)
		return FAIL_MEMORY;
	f = timestamp_read(item.whole, t, note);
	if (!f && !answers(t, q))
		f = note_set(note, FAIL_DIGEST,
		    "RFC 3161 2.4.2: the token answers another query");
	if (!f && q->policy.len && !bytes_equal(t->policy, q->policy))
		f = note_set(note, FAIL_PEER,
		    "RFC 3161 2.4.2: the token is under another policy");
	free(t);
	if (!f)
		*token = item.whole;
	return f;
}

/* Who is asked brings his certificate. */
static enum fail
check_alone(const struct timestamp *t, const struct timestamp_query *q,
    struct cert *certs, struct note *note)
{
	const struct cert *authority;
	size_t count = 0;
	enum fail f;

	for (size_t i = 0; i < t->cms.cert_count; i++)
		count += !cert_read(t->cms.certs[i], &certs[count], NULL);
	f = timestamp_verify(t, q->digest, certs, count, &authority, note);
	if (!f &&
	    (t->time < authority->not_before || t->time > authority->not_after))
		f = note_set(note, FAIL_EXPIRED,
		    "RFC 3161 4: the authority's certificate is not valid");
	return f;
}

enum fail
timestamp_answer_check(struct bytes answer, const struct timestamp_query *q,
    int64_t now, struct bytes *token, struct note *note)
{
	struct timestamp *t = calloc(1, sizeof(*t));
	struct cert *certs = calloc(CMS_CERTS_MAX, sizeof(*certs));
	enum fail f = t && certs ?
	    timestamp_answer_read(answer, q, token, note) :
	    FAIL_MEMORY;

	if (!f)
		f = timestamp_read(*token, t, note);
	if (!f)
		f = check_alone(t, q, certs, note);
	if (!f && llabs(t->time - now) > TIMESTAMP_CLOCK_MAX)
		f = note_set(note, FAIL_CLOCK,
		    "the authority's clock is %+lld s from ours",
		    (long long)(t->time - now));
	free(certs);
	free(t);
	return f;
}
