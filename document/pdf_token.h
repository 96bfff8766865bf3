/*
 * Lexical level of PDF (ISO 32000-1 7.2, 7.3): one token after another from a
 * stretch of bytes.  Never fails: what is no token of PDF comes as a keyword,
 * for its reader to judge.
 */
#ifndef DOCUMENT_PDF_TOKEN_H
#define DOCUMENT_PDF_TOKEN_H

#include "base/bytes.h"

enum pdf_token_kind {
	TOKEN_END, /* no more bytes */
	TOKEN_INTEGER,
	TOKEN_REAL,
	TOKEN_NAME,   /* raw starts with the solidus */
	TOKEN_STRING, /* raw with its parentheses */
	TOKEN_HEX,    /* raw with its angle brackets */
	TOKEN_ARRAY,  /* [ */
	TOKEN_ARRAY_END,
	TOKEN_DICT, /* << */
	TOKEN_DICT_END,
	TOKEN_KEYWORD,
};

struct pdf_token {
	enum pdf_token_kind kind;
	struct bytes raw;
	int64_t integer; /* TOKEN_INTEGER; clipped to ±2^53 */
	double real;     /* TOKEN_INTEGER and TOKEN_REAL */
	bool whole;      /* a string whose end was found */
	bool loose;      /* not written as 7.3 has it: readers may differ */
};

struct pdf_lexer {
	struct bytes in;
	size_t at;
};

extern const uint8_t pdf_classes[256]; /* 0 regular, 1 space, 2 delimiter */
static inline bool
pdf_is_space(uint8_t c)
{
	return pdf_classes[c] == 1;
}

static inline bool
pdf_is_regular(uint8_t c)
{
	return !pdf_classes[c];
}

/* Nothing but white space, or nothing? */
bool pdf_only_space(struct bytes in);

/* Nothing but digits, and one at least? */
bool pdf_is_digits(struct bytes in);

/* Step over white space and comments. */
void pdf_skip_space(struct pdf_lexer *lexer);

struct pdf_token pdf_token_next(struct pdf_lexer *lexer);

#endif
