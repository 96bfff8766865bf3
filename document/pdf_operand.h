/*
 * What stands before an operator of a content (ISO 32000-1 7.8.2), as long as
 * all readers take it alike: of numbers, names and strings that are written in
 * other ways some take what they can, and others nothing.
 */
#ifndef DOCUMENT_PDF_OPERAND_H
#define DOCUMENT_PDF_OPERAND_H

#include "document/pdf_token.h"

/* n a number, N a name, S a string, A the beginning of an array; '?' whatever
 * else. */
char pdf_operand_kind(const struct pdf_token *token);

/* Does an array of numbers there make a broken line of short strokes, all as
 * long? */
bool pdf_operand_is_dash(struct bytes content, size_t from, size_t end);

#endif
