/*
 * Values of PDF (ISO 32000-1 7.3), read into an arena as small trees.
 *
 * Every value keeps the bytes it was read from, so that a changed dictionary
 * is written with its untouched entries exactly as they stood.  Values live as
 * long as the arena (not reset) and the bytes they were read from.
 */
#ifndef DOCUMENT_PDF_VALUE_H
#define DOCUMENT_PDF_VALUE_H

#include "base/arena.h"
#include "base/buf.h"
#include "document/pdf_token.h"

#define PDF_DEPTH_MAX 128  /* nested arrays and dictionaries */
#define PDF_DEPTH_PLAIN 32 /* of what is written now: some readers stop */

enum pdf_type {
	PDF_NULL,
	PDF_BOOL,
	PDF_INTEGER,
	PDF_REAL,
	PDF_NAME,
	PDF_STRING,
	PDF_ARRAY,
	PDF_DICT,
	PDF_REF,
};

struct pdf_ref {
	uint32_t num; /* 0: no object */
	uint16_t gen;
};

struct pdf_value {
	enum pdf_type type;
	struct bytes raw;     /* source bytes of the whole value */
	struct bytes key;     /* decoded name, when an entry of a dictionary */
	struct bytes raw_key; /* the same as it stood, with its solidus */
	struct pdf_value *next; /* in the same array or dictionary */
	bool boolean;
	int64_t integer;    /* PDF_INTEGER, and PDF_REAL cut */
	double real;        /* PDF_INTEGER and PDF_REAL */
	struct bytes text;  /* PDF_NAME without solidus, PDF_STRING; decoded */
	struct pdf_ref ref; /* PDF_REF */
	struct pdf_value *first; /* PDF_ARRAY, PDF_DICT: children in order */
	size_t count;
	bool plain;    /* nothing in it refers to an object or stands twice */
	bool doubled;  /* PDF_DICT: a key stands twice */
	bool unclosed; /* its end, or that of something in it, is missing */
	bool odd;   /* it, or something in it, is no PDF: readers may differ */
	bool loose; /* … is written as 7.3 does not have it, likewise */
	bool vague; /* … in a number, a reference, an escape of a name or how
		       its stream begins */
	bool cut; /* of a stream's dictionary: its /Length is not the data's */
};

/* Do some readers take it, or something in it, for something else? */
static inline bool
pdf_value_is_misread(const struct pdf_value *v)
{
	return v->odd || v->unclosed || v->cut || v->vague;
}

/*
 * Read one value.  The lexer is left behind it.  FAIL_FORMAT: nothing that is
 * a value stands there; FAIL_LIMIT: nested too deep; FAIL_MEMORY: arena full.
 */
CHECKED enum fail pdf_value_read(
    struct pdf_lexer *lexer, struct arena *arena, struct pdf_value **value);

/* The entry of a dictionary (the last one, if doubled), or NULL.  A NULL or
 * other value than a dictionary has no entries. */
const struct pdf_value *
pdf_entry(const struct pdf_value *dict, const char *key);

/* The same by a name as a content has it, with its solidus and no other way of
 * writing it. */
const struct pdf_value *
pdf_entry_named(const struct pdf_value *dict, struct bytes name);

/*
 * A way through a value and all that is in it, each before what is in it.  Set
 * .top (NULL: nothing) and .skips_plain (what is in plain ones is passed over),
 * all else zero.
 */
struct pdf_tree {
	const struct pdf_value *top;
	bool skips_plain;
	size_t level; /* of the value just given; the outermost one's is 0 */
	const struct pdf_value *given;
	const struct pdf_value *above[PDF_DEPTH_MAX];
};

/* The next value, or NULL at the end. */
const struct pdf_value *pdf_tree_next(struct pdf_tree *tree);

/* The n-th element of an array, or NULL. */
const struct pdf_value *pdf_element(const struct pdf_value *array, size_t n);

bool pdf_is_name(const struct pdf_value *value, const char *name);
bool pdf_is_number(const struct pdf_value *value);

/* Append text as a literal string, bytes outside ASCII escaped. */
void pdf_put_string(struct buf *out, struct bytes text);

/* Append UTF-8 as a text string: ASCII plain, else UTF-16BE with its mark
 * (ISO 32000-1 7.9.2.2). */
void pdf_put_text(struct buf *out, struct bytes utf8);

/* Append a number with at most three decimals and no exponent. */
void pdf_put_number(struct buf *out, double number);

/* A text string as UTF-8; PDFDocEncoding is read as Latin-1. */
void pdf_text_utf8(const struct pdf_value *string, struct buf *out);

/* Two numbers, names, strings or truths of the same value; of anything else,
 * the same type. */
bool pdf_scalar_equal(const struct pdf_value *a, const struct pdf_value *b);

#endif
