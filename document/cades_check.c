#include "document/cades_check.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/effort.h"
#include "crypto/cms_archive.h"
#include "crypto/cms_evidence.h"
#include "crypto/cms_record.h"
#include "crypto/der_read.h"
#include "document/ers_check.h"

/* One CMS while its signers are checked. */
struct visit {
	struct bytes file; /* in DER … */
	enum fail broken;  /* … or it could not be brought into it */
	const struct disk_map *content; /* or NULL */
	const struct check_policy *policy;
	struct check_policy own; /* the same with what records prove */
	struct trust trust;
	struct buf der;    /* what was brought into DER */
	struct buf unused; /* nothing more has to be */
	/* Of the content beside it and the one inside, for all signers and
	 * time-stamps. */
	struct {
		bool known;
		enum fail fail;
		uint8_t digest[HASH_MAX];
	} beside[HASH_KINDS], inside[HASH_KINDS];
	size_t looked_up; /* evidence in indexes; LOOKED_UP_MAX */
};

/* One signer. */
struct check {
	struct visit *visit;
	struct findings *result;
	struct cms_check cms;
	size_t n;
};

/* ---- the content ---- */

static enum fail
digest_beside(
    struct visit *v, enum hash_kind kind, uint8_t out[static HASH_MAX])
{
	struct hash h;

	if (!v->beside[kind].known) {
		hash_init(&h, kind);
		v->beside[kind].fail = disk_each(v->content, hash_step, &h);
		hash_done(&h, v->beside[kind].digest);
		v->beside[kind].known = true;
	}
	memcpy(out, v->beside[kind].digest, HASH_MAX);
	return v->beside[kind].fail;
}

static void
digest_inside(struct visit *v, enum hash_kind kind, struct bytes content,
    uint8_t out[static HASH_MAX])
{
	if (!v->inside[kind].known)
		hash_bytes(kind, content, v->inside[kind].digest);
	v->inside[kind].known = true;
	memcpy(out, v->inside[kind].digest, HASH_MAX);
}

/* FAIL_MISSING: there is nothing that could have been signed; FAIL_DIGEST:
 * there are two different things. */
static enum fail
digest_content(
    struct check *c, enum hash_kind kind, uint8_t out[static HASH_MAX])
{
	const struct cms *cms = &c->cms.cms;
	struct note *note = &c->result->note;
	uint8_t beside[HASH_MAX];
	enum fail f;

	if (!cms->has_content && !c->visit->content)
		return note_set(note, FAIL_MISSING,
		    "RFC 5652 5.2: the signed content is not here");
	if (!cms->has_content)
		return digest_beside(c->visit, kind, out);
	digest_inside(c->visit, kind, cms->content, out);
	if (!c->visit->content)
		return FAIL_NONE;
	f = digest_beside(c->visit, kind, beside);
	if (!f && memcmp(out, beside, hash_len(kind)) != 0)
		f = note_set(note, FAIL_DIGEST,
		    "the CMS holds another content than the file beside it");
	return f;
}

/* ---- archive time-stamps ---- */

struct archive {
	struct bytes whole;
	struct timestamp token;
	bool reads;
	int64_t proven; /* it was there by then */
};

/* Is the token over the signature and all that its index names, and of an
 * authority that counted when the next one came? */
static enum fail
judge_archive(struct check *c, const struct archive *a)
{
	struct trust *t = &c->visit->trust;
	const struct timestamp *token = &a->token;
	uint8_t content[HASH_MAX], imprint[HASH_MAX];
	const struct cert *authority = NULL;
	enum fail f;

	if (effort_is_spent())
		return FAIL_LIMIT;
	trust_add_cms(t, &token->cms, a->proven);
	f = digest_content(c, token->hash, content);
	if (!f)
		f = cms_archive_imprint(c->visit->file, c->n, token->hash,
		    content, token->cms.signer.hash_index, imprint);
	if (!f)
		f = timestamp_verify(
		    token, imprint, t->certs, t->cert_count, &authority, NULL);
	return f ? f :
		   cms_check_authority(&c->cms, token, authority, a->proven);
}

static void
prove(int64_t *proven, int64_t instant)
{
	if (*proven > instant)
		*proven = instant;
}

#define LOOKED_UP_MAX 8192u

/* Revocation data that the index names, or the attribute it stands in. */
static void
prove_evidence(struct check *c, const struct timestamp *token)
{
	const struct cms *cms = &c->cms.cms;
	struct trust *t = &c->visit->trust;
	struct bytes index = token->cms.signer.hash_index;
	bool values = cms_archive_covers_value(index, token->hash,
	    OID_ATTR_REVOCATION_VALUES, cms->signer.revocations[1]);
	struct cms_evidence_walk walk;
	struct cms_evidence e;

	cms_evidence_open(cms, &walk);
	while (cms_evidence_next(&walk, &e)) {
		struct evidence *known = trust_find(t, e.der);

		/* After so many nothing more is proven. */
		if (!known || c->visit->looked_up++ >= LOOKED_UP_MAX)
			continue;
		if ((values && walk.place == CMS_EVIDENCE_VALUES) ||
		    cms_archive_covers(index, token->hash, e.whole) ||
		    cms_archive_covers(index, token->hash, e.der))
			prove(&known->proven, token->time);
	}
}

/* What it protects was there by its time; time-stamps, too, only if the index
 * names them. */
static void
take_proof(struct check *c, const struct timestamp *token,
    struct archive *older, size_t count)
{
	const struct cms_signer *s = &c->cms.cms.signer;
	struct bytes index = token->cms.signer.hash_index;

	prove_evidence(c, token);
	for (size_t i = 0; i < s->stamp_count; i++)
		if (cms_archive_covers_value(index, token->hash,
			OID_ATTR_TIME_STAMP, s->time_stamps[i]))
			prove(&c->cms.stamp_proven[i], token->time);
	for (size_t i = 0; i < count; i++)
		if (cms_archive_covers_value(index, token->hash,
			OID_ATTR_ARCHIVE_STAMP_V3, older[i].whole))
			prove(&older[i].proven, token->time);
	c->cms.proven = token->time;
}

static int
newest_first(const void *a, const void *b)
{
	int64_t x = ((const struct archive *)a)->token.time;
	int64_t y = ((const struct archive *)b)->token.time;

	return x > y ? -1 : x < y;
}

/* From the newest back; one that does not hold proves nothing, and says nothing
 * against the signature. */
static void
follow_archives(struct check *c)
{
	const struct cms_signer *s = &c->cms.cms.signer;
	struct archive *all = calloc(CMS_ARCHIVES_MAX, sizeof(*all));

	if (!all)
		return;
	for (size_t i = 0; i < s->archive_count; i++) {
		all[i].whole = s->archives[i];
		all[i].proven = c->cms.proven;
		all[i].reads =
		    !timestamp_read(s->archives[i], &all[i].token, NULL);
	}
	for (size_t i = 0; i < CMS_STAMPS_MAX; i++)
		c->cms.stamp_proven[i] = c->cms.proven;
	qsort(all, s->archive_count, sizeof(*all), newest_first);
	for (size_t i = 0; i < s->archive_count; i++)
		if (all[i].reads && all[i].token.time <= c->cms.proven &&
		    !judge_archive(c, &all[i]))
			take_proof(c, &all[i].token, &all[i + 1],
			    s->archive_count - i - 1);
	free(all);
}

/* ---- one signer ---- */

/* Without signed attributes the content itself is signed … */
static struct bytes
bare_content(const struct check *c)
{
	const struct cms *cms = &c->cms.cms;

	if (cms->signer.attributes.len)
		return (struct bytes){ NULL, 0 };
	if (cms->has_content)
		return cms->content;
	return c->visit->content ? c->visit->content->bytes :
				   (struct bytes){ NULL, 0 };
}

/* … and one that could be somebody's attributes was perhaps signed as such … */
static bool
are_attributes(struct bytes content)
{
	struct der_item set, item;
	struct der in;

	if (der_whole(content, DER_SET, &set))
		return false;
	in = der_open(set.value);
	if (der_into(&in, DER_SEQUENCE, &in))
		return false;
	return !der_take(&in, DER_OID, &item) &&
	    !der_take(&in, DER_SET, &item) && der_end(&in);
}

/* … as may a certificate, a list, a request, an answer or a time-stamp have
 * been: their signed parts are SEQUENCEs that do not begin with a name. */
static bool
is_signed_part(struct bytes content)
{
	struct der_item whole, item;
	struct der in;

	if (der_whole(content, DER_SEQUENCE, &whole))
		return false;
	in = der_open(whole.value);
	if (der_end(&in) || der_peek(&in) == DER_OID)
		return false;
	while (!der_end(&in))
		if (der_any(&in, &item))
			return false;
	return true;
}

static void
check_bare(struct check *c)
{
	struct findings *r = c->result;
	struct bytes content = bare_content(c);

	if (are_attributes(content))
		r->value = note_set(&r->note, FAIL_FORMAT,
		    "RFC 5652 5.4: the content is another signature's "
		    "attributes");
	else if (is_signed_part(content))
		r->value = note_set(&r->note, FAIL_UNSUPPORTED,
		    "RFC 5652 5.4: the content may be a certificate's or a "
		    "list's, signed as such");
}

static void
check_signer(struct check *c)
{
	struct findings *r = c->result;
	uint8_t digest[HASH_MAX];
	enum fail f = cms_check_read(&c->cms, c->visit->file, c->n);

	if (f)
		return;
	snprintf(r->sub_filter, sizeof(r->sub_filter), "%s",
	    c->cms.cms.signer.cert_hash_kind ? "CAdES" : "CMS");
	f = digest_content(c, c->cms.cms.signer.digest, digest);
	*(f == FAIL_DIGEST ? &r->digest : &r->value) = f;
	if (!f)
		check_bare(c);
	if (!f && !r->value)
		cms_check_value(&c->cms, digest);
	if (r->digest || r->value)
		return;
	follow_archives(c);
	cms_check_trust(&c->cms);
}

/* A time-stamp token by itself: over the file beside it, if there is one. */
static void
check_token(struct check *c)
{
	struct findings *r = c->result;
	struct timestamp *t = calloc(1, sizeof(*t));
	uint8_t digest[HASH_MAX];
	enum fail f =
	    t ? cms_check_read_token(&c->cms, c->visit->file, t) : FAIL_MEMORY;

	r->is_timestamp = true;
	r->cms = f;
	snprintf(r->sub_filter, sizeof(r->sub_filter), "RFC 3161");
	if (!f && c->visit->content)
		f = digest_beside(c->visit, t->hash, digest);
	else if (!f)
		memcpy(digest, t->imprint.data, t->imprint.len);
	if (!f)
		cms_check_token(&c->cms, t, digest);
	else if (!r->cms)
		r->value = f;
	if (!c->visit->content && !r->cms && !r->digest && !r->value)
		r->value = note_set(&r->note, FAIL_MISSING,
		    "RFC 3161 2.4.2: what was stamped is not here");
	free(t);
}

static enum fail
check_one(struct visit *v, size_t n, bool token, struct findings *r)
{
	struct check *c = calloc(1, sizeof(*c));

	if (!c)
		return FAIL_MEMORY;
	*r = (struct findings){ .chain = FAIL_CHAIN,
		.revocation = FAIL_MISSING,
		.covers_file = true };
	snprintf(r->field, sizeof(r->field), "%zu", n + 1);
	*c = (struct check){ .visit = v,
		.result = r,
		.n = n,
		.cms = { .trust = &v->trust,
		    .policy = v->policy,
		    .findings = r,
		    .der = &v->unused,
		    .proven = trust_known(&v->policy->trust) } };
	if (v->broken)
		r->cms = note_set(&r->note, v->broken,
		    "RFC 5652 3: the file is not one ContentInfo");
	else if (effort_is_spent())
		r->cms = note_set(&r->note, FAIL_LIMIT, EFFORT_SPENT);
	else if (token)
		check_token(c);
	else
		check_signer(c);
	r->verdict = findings_judge(r);
	free(c);
	return FAIL_NONE;
}

/* ---- the file ---- */

/* In DER all the way: BER may stand in it, as it came from elsewhere. */
static bool
is_read(struct bytes file)
{
	struct cms *cms = calloc(1, sizeof(*cms));
	bool reads = !cms || cms_read_nth(file, 0, cms, NULL) != FAIL_FORMAT;

	free(cms);
	return reads;
}

/* Whole and in DER: a file, unlike /Contents, has no place to be filled. */
static void
take_file(struct visit *v, struct bytes cms)
{
	struct der_item whole;
	size_t used = 0;

	v->file = cms;
	if (!der_whole(cms, DER_SEQUENCE, &whole) && is_read(cms))
		return;
	v->broken = der_from_ber(cms, &v->der, &used);
	if (!v->broken && used != cms.len)
		v->broken = FAIL_FORMAT;
	v->file = buf_view(&v->der);
}

/* How many signers, and whether it is a token; what does not read counts as
 * one, who is told about. */
static size_t
look_at(const struct visit *v, bool *token)
{
	struct cms *cms = calloc(1, sizeof(*cms));
	size_t count = 1;

	*token = false;
	if (cms && !v->broken && !cms_read_nth(v->file, 0, cms, NULL)) {
		count = cms->signer_count;
		*token = oid_find(cms->content_type) == OID_CMS_TST_INFO;
	}
	free(cms);
	return count;
}

/* ---- evidence records in it ---- */

/* What a record is about: the CMS as it was before, and the content. */
struct covered {
	struct bytes cms;
	struct visit *visit;
	enum fail fail; /* the content could not be read */
};

static void
digest_covered(
    void *context, size_t n, enum hash_kind kind, uint8_t out[static HASH_MAX])
{
	struct covered *c = context;
	enum fail f = FAIL_NONE;

	if (n)
		f = digest_beside(c->visit, kind, out);
	else
		hash_bytes(kind, c->cms, out);
	if (f)
		c->fail = f;
}

/* What a record proves of these bytes of the CMS. */
static enum fail
follow_record(struct visit *v, const struct cms_record *record,
    struct bytes cms, int64_t *proven)
{
	struct signature_report rows = { .verdict = VERDICT_NONE };
	struct covered covered = { .cms = cms, .visit = v };
	struct ers_group group = { record->external ? 2 : 1, digest_covered,
		&covered };
	int64_t found = *proven;
	enum fail f;

	if (record->external && !v->content)
		return FAIL_NONE;
	f = ers_check(
	    record->record, BYTES_TEXT(""), &group, v->policy, &rows, &found);
	if (!f && !covered.fail)
		*proven = found;
	signature_report_free(&rows);
	return f;
}

/* Every attribute that holds records goes, one after the other; empty: that
 * cannot be. */
static void
strip_all(struct bytes cms, struct buf *out)
{
	struct cms_record records[CMS_RECORDS_MAX];
	struct buf held[2];
	enum fail f = FAIL_NONE;

	buf_init(&held[0], CMS_CHECK_MAX);
	buf_init(&held[1], CMS_CHECK_MAX);
	for (size_t n = 0;
	     !f && n < CMS_RECORDS_MAX && cms_records_find(cms, records); n++) {
		buf_clear(&held[n % 2]);
		f = cms_records_strip(cms, records[0].attribute, &held[n % 2]);
		cms = buf_view(&held[n % 2]);
	}
	if (!f)
		buf_bytes(out, cms);
	buf_free(&held[0]);
	buf_free(&held[1]);
}

/* The CMS may have been stamped before any of its records was put in, or just
 * before the one was. */
static enum fail
follow_form(struct visit *v, struct bytes cms, int64_t *proven)
{
	struct cms_record records[CMS_RECORDS_MAX];
	size_t count = cms_records_find(cms, records);
	struct buf before, without;
	enum fail f = FAIL_NONE;

	buf_init(&before, CMS_CHECK_MAX);
	buf_init(&without, CMS_CHECK_MAX);
	if (count > 1)
		strip_all(cms, &before);
	for (size_t i = 0; i < count && !f && !effort_is_spent(); i++) {
		buf_clear(&without);
		if (!cms_records_strip(cms, records[i].attribute, &without))
			f = follow_record(
			    v, &records[i], buf_view(&without), proven);
		if (!f && before.len)
			f = follow_record(
			    v, &records[i], buf_view(&before), proven);
	}
	buf_free(&without);
	buf_free(&before);
	return f;
}

/* One that does not hold proves nothing, and says nothing against the
 * signatures.  The bytes that were stamped are those of the writer, or what
 * they are in DER (RFC 4998 A.1). */
static enum fail
follow_records(struct visit *v, struct bytes cms)
{
	int64_t proven = trust_known(&v->policy->trust);
	enum fail f = FAIL_NONE;

	if (!v->broken)
		f = follow_form(v, cms, &proven);
	if (!f && !v->broken && v->der.len)
		f = follow_form(v, v->file, &proven);
	v->own = *v->policy;
	v->own.trust.proven = proven;
	v->policy = &v->own;
	return f;
}

static enum fail
check_all(struct visit *v, struct signature_report *report)
{
	bool token;
	size_t count = look_at(v, &token);
	enum fail f = FAIL_NONE;

	report->results = calloc(count, sizeof(*report->results));
	if (!report->results)
		return FAIL_MEMORY;
	for (size_t i = 0; i < count && !f; i++) {
		f = check_one(v, i, token, &report->results[i]);
		report->count = i + 1;
	}
	report->token = token;
	signature_report_judge(report);
	return f;
}

enum fail
cades_check(struct bytes cms, const struct disk_map *content,
    const struct check_policy *policy, struct signature_report *report)
{
	struct visit v = { .content = content, .policy = policy };
	enum fail f;

	*report = (struct signature_report){ .verdict = VERDICT_NONE };
	if (cms.len > CMS_FILE_MAX)
		return FAIL_LIMIT;
	buf_init(&v.der, CMS_FILE_MAX);
	buf_init(&v.unused, CMS_CHECK_MAX);
	take_file(&v, cms);
	f = follow_records(&v, cms);
	if (!f)
		f = trust_open(&v.trust, &v.policy->trust, NULL);
	if (!f) {
		f = check_all(&v, report);
		trust_close(&v.trust);
	}
	buf_free(&v.unused);
	buf_free(&v.der);
	if (f)
		signature_report_free(report);
	return f;
}
