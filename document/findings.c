#include "document/findings.h"

#include <stdlib.h>

#include "base/effort.h"

const char *
verdict_name(enum verdict verdict)
{
	static const char *const names[] = { "VALID", "INVALID",
		"INDETERMINATE", "NO SIGNATURE" };

	return names[verdict];
}

const char *
verdict_vietnamese(enum verdict verdict)
{
	static const char *const names[] = { "HỢP LỆ", "KHÔNG HỢP LỆ",
		"CHƯA XÁC ĐỊNH", "KHÔNG CÓ CHỮ KÝ SỐ" };

	return names[verdict];
}

/* What the signer left open: without certification, signing and filling. */
bool
findings_changes_allowed(const struct findings *r)
{
	/* P = 1 leaves room for evidence only (EN 319 142-1 5.5). */
	if (r->docmdp == 1)
		return r->changes <= CHANGES_EVIDENCE;
	return r->changes <= CHANGES_FORM;
}

/* ---- verdict ---- */

static bool
is_ours(enum fail f)
{
	return f == FAIL_MEMORY || f == FAIL_IO;
}

/* No mere lack of trust, or bytes that cannot be read: it is another's. Whoever
 * put it there tells something false about the signature. */
static bool
stamp_is_broken(const struct findings *r)
{
	enum fail f = r->timestamp.state;

	return r->timestamp.present && !r->is_timestamp &&
	    (f == FAIL_DIGEST || f == FAIL_SIGNATURE);
}

enum verdict
findings_judge(struct findings *r)
{
	/* Our own trouble says nothing about the signature. */
	if (is_ours(r->ranges) || is_ours(r->digest) || is_ours(r->cms) ||
	    is_ours(r->value))
		return VERDICT_INDETERMINATE;
	if (r->ranges || r->digest)
		return VERDICT_INVALID;
	if (r->value == FAIL_UNSUPPORTED && r->changes == CHANGES_OTHER)
		return VERDICT_INVALID;
	if (r->cms || r->value)
		return r->cms == FAIL_UNSUPPORTED || r->cms == FAIL_MISSING ||
			r->cms == FAIL_LIMIT || r->value == FAIL_LIMIT ||
			r->value == FAIL_UNSUPPORTED ||
			r->value == FAIL_MISSING ?
		    VERDICT_INDETERMINATE :
		    VERDICT_INVALID;
	if (r->changes == CHANGES_UNKNOWN) {
		note_write(&r->note, FAIL_UNSUPPORTED,
		    "later changes could not be compared");
		return VERDICT_INDETERMINATE;
	}
	if (!findings_changes_allowed(r))
		return VERDICT_INVALID;
	if (r->warnings & WARN_UNCOVERED) {
		note_write(&r->note, FAIL_MISSING,
		    "EN 319 162-1 4.4.3: a file in the container is not "
		    "signed by it");
		return VERDICT_INDETERMINATE;
	}
	if (r->warnings & WARN_SECOND_FACE) {
		note_write(&r->note, FAIL_UNSUPPORTED,
		    "the file can be opened as a PDF or ZIP, which is not "
		    "signed");
		return VERDICT_INDETERMINATE;
	}
	if (r->chain || r->strength)
		return VERDICT_INDETERMINATE;
	if (stamp_is_broken(r)) {
		note_write(&r->note, r->timestamp.state,
		    "RFC 3161 2.4.2: the time-stamp beside it is broken");
		return VERDICT_INDETERMINATE;
	}
	/* EN 319 102-1 5.2.6: made after that by the signer's own word, or
	 * perhaps before it. */
	if (r->revocation == FAIL_REVOKED)
		return r->has_time && r->time >= r->revoked ?
		    VERDICT_INVALID :
		    VERDICT_INDETERMINATE;
	if (r->revocation)
		return VERDICT_INDETERMINATE;
	/* It says that it keeps to a standard which wants one. */
	if (r->warnings & WARN_NO_CERT_REFERENCE &&
	    !strcmp(r->sub_filter, "ETSI.CAdES.detached")) {
		note_write(&r->note, FAIL_MISSING,
		    "EN 319 142-1 6.3: no signing-certificate");
		return VERDICT_INDETERMINATE;
	}
	/* Something that was not looked at may have told otherwise. */
	if (effort_is_spent()) {
		note_write(&r->note, FAIL_LIMIT, EFFORT_SPENT);
		r->chain = FAIL_LIMIT;
		return VERDICT_INDETERMINATE;
	}
	r->note = (struct note){ FAIL_NONE, "" };
	return VERDICT_VALID;
}

static enum verdict
worse(enum verdict a, enum verdict b)
{
	if (a == VERDICT_INVALID || b == VERDICT_INVALID)
		return VERDICT_INVALID;
	return a == VERDICT_VALID ? b : a;
}

/* Somebody's signature that nothing was filled in behind. */
static bool
closes(const struct findings *r, const struct findings *before)
{
	return r->verdict == VERDICT_VALID && !r->is_timestamp &&
	    r->signed_end > before->signed_end && r->changes <= CHANGES_SIGNED;
}

void
signature_report_warn(struct signature_report *report)
{
	for (size_t i = 0; i < report->count; i++) {
		struct findings *r = &report->results[i];
		bool closed = false;

		for (size_t j = 0; j < report->count && !closed; j++)
			closed = closes(&report->results[j], r);
		if (r->changes == CHANGES_FORM && !closed)
			r->warnings |= WARN_UNSIGNED_FILLING;
	}
}

void
signature_report_judge(struct signature_report *report)
{
	bool bad = false, signed_by_one = report->token;

	report->verdict = VERDICT_NONE;
	for (size_t i = 0; i < report->count; i++) {
		const struct findings *r = &report->results[i];

		if (r->of_record) {
			bad = bad || r->verdict == VERDICT_INVALID;
			continue;
		}
		signed_by_one = signed_by_one || !r->is_timestamp;
		report->verdict = report->verdict == VERDICT_NONE ?
		    r->verdict :
		    worse(report->verdict, r->verdict);
	}
	if (report->verdict == VERDICT_VALID && !signed_by_one)
		report->verdict = VERDICT_NONE;
	if (bad)
		report->verdict = VERDICT_INVALID;
}

enum fail
signature_report_take(
    struct signature_report *report, struct signature_report *other)
{
	size_t count = report->count + other->count;
	struct findings *all =
	    realloc(report->results, (count ? count : 1) * sizeof(*all));

	if (!all)
		return FAIL_MEMORY;
	report->results = all;
	for (size_t i = 0; i < other->count; i++)
		all[report->count + i] = other->results[i];
	report->count = count;
	other->count = 0;
	signature_report_free(other);
	signature_report_judge(report);
	return FAIL_NONE;
}

void
signature_report_free(struct signature_report *report)
{
	for (size_t i = 0; i < report->count; i++)
		free(report->results[i].diff);
	free(report->results);
	*report = (struct signature_report){ .verdict = VERDICT_NONE };
}
