/*
 * The nine findings about a signature, never folded into one: what was found,
 * how bad that is, and a sentence for the clerk.
 */
#ifndef DOCUMENT_FINDING_TEXT_H
#define DOCUMENT_FINDING_TEXT_H

#include "base/buf.h"
#include "document/findings.h"

enum finding_kind {
	FINDING_INTEGRITY,  /* are the signed bytes the file's? */
	FINDING_COVERAGE,   /* all of it, or what came later? */
	FINDING_VALUE,      /* the arithmetic */
	FINDING_CHAIN,      /* a path to a pinned root? */
	FINDING_CLASS,      /* whose certificate? */
	FINDING_VALIDITY,   /* in time at the best signature time? */
	FINDING_REVOCATION, /* by which data, how old? */
	FINDING_TIME,       /* the time-stamp and the claim */
	FINDING_STRENGTH,   /* digests and keys */
	FINDING_COUNT
};

enum finding_state {
	FINDING_GOOD,
	FINDING_NOTICE,  /* worth a word, decides nothing */
	FINDING_UNKNOWN, /* cannot be told */
	FINDING_BAD,
};

/* Append the sentence, Vietnamese, UTF-8, without a line's end. */
enum finding_state finding_text(
    const struct findings *findings, enum finding_kind kind, struct buf *out);

/* "integrity", …; its Vietnamese title; "good", "notice", "unknown", "bad";
 * "Đạt", "Lưu ý", "Chưa rõ", "KHÔNG ĐẠT". */
const char *finding_name(enum finding_kind kind);
const char *finding_title(enum finding_kind kind);
const char *finding_state_name(enum finding_state state);
const char *finding_state_vietnamese(enum finding_state state);

/* "Chữ ký", "Dấu thời gian", "Bằng chứng lưu trữ". */
const char *findings_title(const struct findings *findings);

/* "sha1", "short-key", … of one bit of enum warning; NULL past the last. */
const char *warning_name(unsigned index);

#endif
