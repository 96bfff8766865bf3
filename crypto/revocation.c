#include "crypto/revocation.h"

#include <stdlib.h>

#include "base/effort.h"
#include "crypto/distribution.h"
#include "crypto/name.h"

/* Clocks of responders run ahead of ours by seconds. */
#define CLOCK_SLACK 300

#define REASON_HOLD 6 /* certificateHold: it may be taken back (5.3.1) */

/* How long evidence counts that does not say when the next comes. */
#define NO_NEXT_UPDATE 86400

/* What reading an answer takes (base/effort.h). */
#define ANSWER_NS 1000u
#define ANSWER_BYTE_NS 4u

struct search;

/* May this list have been signed by whom it was? */
typedef enum fail
signer_check(struct search *s, const struct evidence *e, const struct crl *crl);

struct search {
	const struct revocation_question *q;
	struct evidence_set evidence;
	struct revocation *result;
	bool answered; /* a responder has told, of all reasons */
	bool cut;      /* the budget ended: something was not looked at */
	signer_check *signer; /* whose lists count */
	unsigned reasons;     /* covered so far by lists (6.3.3 (d)) */
};

#define NUMBER_MAX 32u /* octets of a list's number (5.2.3: at most 20) */

static enum fail
useless(struct search *s, const char *why)
{
	if (s->result->state)
		note_write(&s->result->note, FAIL_MISSING, "%s", why);
	return FAIL_MISSING;
}

/*
 * May evidence of this age tell about the instant?  It covers it, or it is
 * younger: a certificate that was not revoked later was not revoked then.  But
 * lists forget certificates that have expired, unless they say how long they
 * keep them.  What was revoked for good stays so, whenever it is told.  Who has
 * the key of a revoked CA could tell anything: what is good must have been told
 * before (EN 319 102-1 5.6.2).
 */
static bool
tells(const struct search *s, const struct evidence *e, int64_t this_update,
    int64_t next_update, int64_t keeps, bool for_good)
{
	const struct revocation_question *q = s->q;

	if (this_update > e->proven + CLOCK_SLACK)
		return false;
	if (for_good)
		return true;
	if (q->control && e->proven > q->control)
		return false;
	if (this_update > q->instant + CLOCK_SLACK)
		return this_update <= q->cert->not_after ||
		    keeps <= q->cert->not_after;
	if (next_update == INT64_MAX)
		next_update = this_update + NO_NEXT_UPDATE;
	return q->instant <= next_update;
}

/* False: newer evidence has decided already. */
static bool
decide(struct search *s, const struct evidence *e, int64_t this_update,
    int64_t next_update, enum fail state)
{
	if (!state && !s->result->state &&
	    this_update <= s->result->this_update)
		return false;
	s->result->state = state;
	s->result->evidence = e;
	s->result->this_update = this_update;
	s->result->next_update = next_update;
	s->result->note = (struct note){ FAIL_NONE, "" };
	return true;
}

static enum fail
revoked(struct search *s, int64_t time, int reason)
{
	s->result->revoked = time;
	s->result->reason = reason;
	return time <= s->q->instant ? FAIL_REVOKED : FAIL_NONE;
}

/* ---- answers of responders ---- */

/* FAIL_LIMIT: the file has cost too much already. */
static enum fail
read_answer(struct search *s, const struct evidence *e, struct ocsp *o,
    struct note *note)
{
	if (effort_is_spent()) {
		s->cut = true;
		return note_set(
		    note, FAIL_LIMIT, "more responders' answers than are read");
	}
	effort_add(ANSWER_NS + ANSWER_BYTE_NS * e->der.len);
	return ocsp_read(e->der, o, note) ? ocsp_read_basic(e->der, o, note) :
					    FAIL_NONE;
}

static void try_list(struct search *s, const struct evidence *e);

/* An answer of the issuer himself about somebody who signed for him. */
static void
try_own_answer(struct search *s, const struct evidence *e, struct ocsp *o)
{
	const struct revocation_question *q = s->q;
	const struct ocsp_single *single;
	const struct cert *responder;
	struct cert room;
	bool told;

	if (read_answer(s, e, o, NULL))
		return;
	single = ocsp_find(o, q->cert, q->issuer);
	if (!single || single->status == OCSP_UNKNOWN || o->unknown_critical ||
	    single->unknown_critical)
		return;
	told = single->status != OCSP_GOOD;
	if (!tells(s, e, single->this_update, single->next_update,
		single->keeps, told && single->reason != REASON_HOLD) ||
	    ocsp_verify(o, q->issuer, &room, &responder, NULL) ||
	    responder != q->issuer)
		return;
	(void)decide(s, e, single->this_update, single->next_update,
	    told ? revoked(s, single->revoked, single->reason) : FAIL_NONE);
}

/*
 * What lists, and the issuer's own answers, say about somebody who signed a
 * list or an answer, at the instant by which it was there; other responders are
 * not asked, or there were no end.  FAIL_LIMIT: not all lists could be read.
 */
static enum fail
by_issuer_alone(const struct search *s, const struct cert *cert,
    const struct cert *issuer, signer_check *signer, int64_t instant)
{
	struct revocation_question q = *s->q;
	struct revocation *r = calloc(1, sizeof(*r));
	struct ocsp *o = malloc(sizeof(*o));
	struct search own = {
		.q = &q, .evidence = s->evidence, .result = r, .signer = signer
	};
	enum fail state = FAIL_MEMORY;

	q.cert = cert;
	q.issuer = issuer;
	q.instant = instant;
	if (r && o) {
		r->state = FAIL_MISSING;
		for (size_t i = 0;
		     i < s->evidence.count && r->state != FAIL_REVOKED; i++)
			if (s->evidence.items[i].kind == EVIDENCE_CRL)
				try_list(&own, &s->evidence.items[i]);
			else
				try_own_answer(&own, &s->evidence.items[i], o);
		state =
		    own.cut && r->state != FAIL_REVOKED ? FAIL_LIMIT : r->state;
	}
	free(o);
	free(r);
	return state;
}

/* A responder whose certificate does not ask to be spared (RFC 6960 4.2.2.2.1)
 * may have been revoked himself, by the time of his answer. */
static bool
is_revoked(const struct search *s, const struct evidence *e,
    const struct cert *responder)
{
	enum fail f =
	    by_issuer_alone(s, responder, s->q->issuer, s->signer, e->proven);

	return f && f != FAIL_MISSING;
}

static enum fail
by_answer(struct search *s, const struct evidence *e, struct ocsp *o)
{
	const struct revocation_question *q = s->q;
	struct note note = { FAIL_NONE, "" };
	const struct ocsp_single *single;
	const struct cert *responder;
	struct cert room;
	enum fail f;

	if (read_answer(s, e, o, &note))
		return useless(s, note.text);
	single = ocsp_find(o, q->cert, q->issuer);
	if (!single)
		return useless(s, "RFC 6960 3.2: an answer about another one");
	if (o->unknown_critical || single->unknown_critical)
		return useless(s, "RFC 6960 4.4: unknown critical extension");
	if (single->status == OCSP_UNKNOWN)
		return useless(s, "RFC 6960 2.2: the responder does not know");
	if (!tells(s, e, single->this_update, single->next_update,
		single->keeps,
		single->status == OCSP_REVOKED &&
		    single->reason != REASON_HOLD) ||
	    o->produced > e->proven + CLOCK_SLACK)
		return useless(s, "RFC 6960 3.2: an answer of another time");
	f = ocsp_verify(o, q->issuer, &room, &responder, &note);
	if (f)
		return useless(s, note.text);
	/* Its key could be in other hands once its certificate has ended. */
	if (responder->not_after < e->proven)
		return useless(
		    s, "RFC 6960 4.2.2.2: the responder has expired");
	if (responder != q->issuer && !responder->no_check &&
	    is_revoked(s, e, responder))
		return useless(s, "RFC 6960 4.2.2.2: the responder is revoked");
	s->answered = true;
	if (!decide(s, e, single->this_update, single->next_update,
		single->status == OCSP_GOOD ?
		    FAIL_NONE :
		    revoked(s, single->revoked, single->reason)))
		return FAIL_NONE;
	s->result->has_responder = responder != q->issuer;
	if (s->result->has_responder)
		s->result->responder = *responder;
	return FAIL_NONE;
}

/* ---- lists ---- */

static void
feed_step(void *context, struct bytes step)
{
	(void)!crl_feed(context, step);
}

static enum fail
read_list(struct search *s, const struct evidence *e,
    const struct crl_wanted *wanted, struct crl *crl)
{
	uint64_t size = e->der.len;
	enum fail f = FAIL_NONE;

	crl_begin(crl, wanted, 1);
	if (s->q->budget) {
		s->cut = s->cut || size > s->q->budget->bytes;
		if (size > s->q->budget->bytes)
			return note_set(&crl->note, FAIL_LIMIT,
			    "more revocation lists than are read");
		s->q->budget->bytes -= size;
	}
	if (e->file)
		f = disk_each(e->file, feed_step, crl);
	else
		(void)!crl_feed(crl, e->der);
	return f ? f : crl_end(crl);
}

/* One more signer may be tried. */
static bool
spend(struct search *s)
{
	struct revocation_budget *b = s->q->budget;

	if (b && !b->signers) {
		s->cut = true;
		return false;
	}
	if (b)
		b->signers--;
	return true;
}

static bool
may_sign_lists(const struct cert *c)
{
	return c->has_usage ? (c->usage & USAGE_CRL_SIGN) != 0 : c->is_ca;
}

static signer_check check_any_signer;

/*
 * Is everybody on the path to a list's signer still in office (6.3.3 (f))?  A
 * CA that changed its key may tell of its new one with that key only; of
 * anybody else it must be known; a list may tell of its own signer.
 */
static bool
in_office(
    const struct search *s, const struct evidence *e, const struct chain *path)
{

	for (size_t i = 0; i + 1 < path->count; i++) {
		enum fail f = by_issuer_alone(s, path->certs[i],
		    path->certs[i + 1], check_any_signer, e->proven);

		if (f == FAIL_MISSING &&
		    name_equal(path->certs[i]->subject, s->q->issuer->subject))
			continue;
		if (f)
			return false;
	}
	return true;
}

/* Who else has the list's issuer's name may sign it, if a path leads from the
 * certificate's own root to him. */
static enum fail
signed_by_another(struct search *s, const struct evidence *e,
    const struct crl *crl, struct cert_set set, bool watched)
{
	for (size_t i = 0; i < set.count; i++) {
		const struct cert *c = &set.certs[i];
		struct chain chain;

		if (!name_equal(c->subject, crl->issuer) ||
		    !may_sign_lists(c) ||
		    (crl->authority_key.len && c->subject_key.len &&
			!bytes_equal(crl->authority_key, c->subject_key)) ||
		    !spend(s) || crl_verify(crl, &c->key))
			continue;
		if (!chain_build(
			c, s->q->pool, s->q->roots, e->proven, &chain, NULL) &&
		    (!s->q->root ||
			bytes_equal(s->q->root->der,
			    chain.certs[chain.count - 1]->der)) &&
		    (!watched || in_office(s, e, &chain)))
			return FAIL_NONE;
	}
	return FAIL_CHAIN;
}

/* The usual case: the certificate's own issuer. */
static bool
is_own_list(const struct search *s, const struct crl *crl)
{
	const struct cert *issuer = s->q->issuer;

	return name_equal(issuer->subject, crl->issuer) &&
	    (!issuer->has_usage || issuer->usage & USAGE_CRL_SIGN) &&
	    !crl_verify(crl, &issuer->key);
}

static enum fail
check_all_signers(struct search *s, const struct evidence *e,
    const struct crl *crl, bool watched)
{
	enum fail f;

	if (is_own_list(s, crl))
		return FAIL_NONE;
	f = signed_by_another(s, e, crl, s->q->pool, watched);
	return f ? signed_by_another(s, e, crl, s->q->roots, watched) : f;
}

static enum fail
check_any_signer(
    struct search *s, const struct evidence *e, const struct crl *crl)
{
	return check_all_signers(s, e, crl, false);
}

static enum fail
check_signer(struct search *s, const struct evidence *e, const struct crl *crl)
{
	return check_all_signers(s, e, crl, true);
}

/* Is the list about this certificate, through this distribution point
 * (6.3.3 (b))?  A certificate without one has an implied one: its issuer. */
static bool
covers(const struct search *s, const struct crl *crl,
    const struct distribution_point *point)
{
	const struct cert *cert = s->q->cert;
	const struct crl_scope *scope = &crl->scope;

	if (point->crl_issuer.len) {
		if (!distribution_lists(point->crl_issuer, crl->issuer) ||
		    !scope->indirect)
			return false;
	} else if (!name_equal(crl->issuer, cert->issuer)) {
		return false;
	}
	if (scope->attributes_only || (scope->users_only && cert->is_ca) ||
	    (scope->cas_only && !cert->is_ca))
		return false;
	if (!scope->point.len)
		return true;
	if (point->name.len)
		return distribution_match(
		    scope->point, point->name, crl->issuer);
	/* A point that names only its issuer: the list must name him too. */
	return distribution_names(scope->point, crl->issuer);
}

static bool
same_scope(const struct crl *a, const struct crl *b)
{
	return name_equal(a->issuer, b->issuer) &&
	    bytes_equal(a->authority_key, b->authority_key) &&
	    bytes_equal(a->scope.point, b->scope.point) &&
	    a->scope.users_only == b->scope.users_only &&
	    a->scope.cas_only == b->scope.cas_only &&
	    a->scope.attributes_only == b->scope.attributes_only &&
	    a->scope.indirect == b->scope.indirect &&
	    a->scope.reasons == b->scope.reasons;
}

/* Positive INTEGERs by their contents. */
static int
compare_numbers(struct bytes a, struct bytes b)
{
	while (a.len > 1 && !a.data[0])
		a = bytes_part(a, 1, SIZE_MAX);
	while (b.len > 1 && !b.data[0])
		b = bytes_part(b, 1, SIZE_MAX);
	if (a.len != b.len)
		return a.len < b.len ? -1 : 1;
	return bytes_compare(a, b);
}

static bool
is_for_good(const struct crl_entry *entry)
{
	return entry->found && entry->reason != CRL_REMOVED &&
	    entry->reason != REASON_HOLD;
}

/* Is this a delta (5.2.4) whole for the complete list and newer than what has
 * been taken in so far?  What it revokes for good counts in any case. */
static bool
continues(struct search *s, const struct evidence *e, const struct crl *full,
    struct bytes newest, const struct crl *delta)
{
	bool for_good = is_for_good(&delta->entries[0]);

	return delta->base.len && delta->number.len &&
	    delta->number.len <= NUMBER_MAX && !delta->unknown_critical &&
	    same_scope(full, delta) &&
	    (for_good ||
		(compare_numbers(delta->base, full->number) <= 0 &&
		    compare_numbers(delta->number, newest) > 0)) &&
	    tells(s, e, delta->this_update, delta->next_update, delta->keeps,
		for_good) &&
	    !s->signer(s, e, delta);
}

/* What the newest delta says comes in place of what the list says.
 * FAIL_LIMIT: not all could be read. */
static enum fail
apply_delta(struct search *s, const struct evidence *own,
    const struct crl *full, struct crl_entry *entry)
{
	struct crl_wanted wanted = { s->q->cert->issuer, s->q->cert->serial };
	uint8_t number[NUMBER_MAX];
	struct bytes newest = full->number;
	enum fail f = FAIL_NONE;

	for (size_t i = 0;
	     i < s->evidence.count && full->number.len && f != FAIL_LIMIT;
	     i++) {
		const struct evidence *each = &s->evidence.items[i];
		struct crl delta;

		if (each->kind != EVIDENCE_CRL || each == own)
			continue;
		f = read_list(s, each, &wanted, &delta);
		if (!f && continues(s, each, full, newest, &delta)) {
			memcpy(number, delta.number.data, delta.number.len);
			newest = (struct bytes){ number, delta.number.len };
			if (delta.entries[0].found && !is_for_good(entry))
				*entry = delta.entries[0];
		}
		crl_free(&delta);
	}
	return f == FAIL_LIMIT ? f : FAIL_NONE;
}

static enum fail
by_list(struct search *s, const struct evidence *e, const struct crl *crl,
    const struct distribution_point *point)
{
	unsigned reasons = point->reasons & crl->scope.reasons;
	struct crl_entry entry = crl->entries[0];
	enum fail state = FAIL_NONE;

	if (crl->base.len || !covers(s, crl, point))
		return useless(s, "RFC 5280 6.3.3: a list about others");
	/* 5.3.1: only a delta takes a certificate out. */
	if (entry.found && entry.reason == CRL_REMOVED)
		entry.reason = REASON_HOLD;
	if (crl->unknown_critical)
		return useless(s, "RFC 5280 5.2: unknown critical extension");
	if (!tells(s, e, crl->this_update, crl->next_update, crl->keeps,
		is_for_good(&entry)))
		return useless(s, "RFC 5280 6.3.3: a list of another time");
	if (s->signer(s, e, crl))
		return useless(s, "RFC 5280 6.3.3: not the issuer's list");
	if (apply_delta(s, e, crl, &entry))
		return useless(s, "more revocation lists than are read");
	if (entry.found && entry.reason != CRL_REMOVED)
		state = revoked(s, entry.time, entry.reason);
	s->reasons |= reasons;
	if (decide(s, e, crl->this_update, crl->next_update, state))
		s->result->has_responder = false;
	return FAIL_NONE;
}

/* One list for every point of the certificate that it may be of. */
static void
try_list(struct search *s, const struct evidence *e)
{
	struct crl_wanted wanted = { s->q->cert->issuer, s->q->cert->serial };
	struct distribution_point point = { .reasons = CRL_ALL_REASONS };
	struct crl crl;
	struct der points;
	enum fail f = read_list(s, e, &wanted, &crl);

	if (f) {
		(void)useless(s, crl.note.text);
		crl_free(&crl);
		return;
	}
	if (!s->q->cert->crl_points.len ||
	    distribution_open(s->q->cert->crl_points, &points)) {
		(void)by_list(s, e, &crl, &point);
	} else {
		while (!distribution_next(&points, &point))
			if (!by_list(s, e, &crl, &point))
				break;
	}
	crl_free(&crl);
}

/* ---- both ---- */

static bool
settled(const struct search *s)
{
	return s->result->state == FAIL_REVOKED ||
	    (s->result->state == FAIL_NONE &&
		(s->answered || s->reasons == CRL_ALL_REASONS));
}

void
revocation_check(const struct revocation_question *q,
    struct evidence_set evidence, struct revocation *result)
{
	struct search s = { .q = q,
		.evidence = evidence,
		.result = result,
		.signer = check_signer };
	struct ocsp *o = malloc(sizeof(*o));

	*result = (struct revocation){ .state = FAIL_MISSING };
	note_write(
	    &result->note, FAIL_MISSING, "RFC 5280 6.3: no revocation data");
	/* Answers first: they are about this one certificate. */
	for (size_t i = 0;
	     i < evidence.count && result->state != FAIL_REVOKED && o; i++)
		if (evidence.items[i].kind == EVIDENCE_OCSP)
			(void)by_answer(&s, &evidence.items[i], o);
	for (size_t i = 0; i < evidence.count && result->state != FAIL_REVOKED;
	     i++)
		if (evidence.items[i].kind == EVIDENCE_CRL)
			try_list(&s, &evidence.items[i]);
	free(o);
	/* What was not looked at may have told. */
	if (s.cut && result->state == FAIL_NONE) {
		result->state = FAIL_MISSING;
		note_write(&result->note, FAIL_MISSING,
		    "more revocation data than is read");
	}
	/* Lists of some reasons are no answer for the others. */
	if (!settled(&s) && result->state == FAIL_NONE) {
		result->state = FAIL_MISSING;
		note_write(&result->note, FAIL_MISSING,
		    "RFC 5280 6.3.3: lists of some reasons only");
	}
}

enum fail
revocation_place(const struct cert *cert, size_t n, enum evidence_kind *kind,
    struct bytes *url)
{
	size_t responders = 0;

	*kind = EVIDENCE_OCSP;
	*url = access_url(cert->access, OID_ACCESS_OCSP, n);
	if (url->len)
		return FAIL_NONE;
	while (access_url(cert->access, OID_ACCESS_OCSP, responders).len)
		responders++;
	*kind = EVIDENCE_CRL;
	*url = distribution_url(cert->crl_points, n - responders);
	return url->len ? FAIL_NONE : FAIL_MISSING;
}
