#include "document/pdf_operand.h"

#include <string.h>

#define NUMBER_MAX 32767.0 /* readers count no further … */
#define DIGITS_MAX 32u     /* … and read no longer ones */

/* As 7.3.3 has it, and no larger than all readers take it. */
static bool
is_number(const struct pdf_token *t)
{
	bool point = false, digit = false;

	for (size_t i = 0; i < t->raw.len; i++) {
		uint8_t c = t->raw.data[i];

		if (c >= '0' && c <= '9')
			digit = true;
		else if (c == '.' && !point)
			point = true;
		else if (i || c != '-')
			return false;
	}
	return digit && t->raw.len <= DIGITS_MAX && t->real >= -NUMBER_MAX &&
	    t->real <= NUMBER_MAX;
}

/* 7.3.4.2: escapes that all readers know, octal ones of three digits; ends of
 * lines are escaped. */
static bool
is_literal(struct bytes raw)
{
	for (size_t i = 1; i + 1 < raw.len; i++) {
		const uint8_t *c = raw.data + i;

		if (*c == '\r' || *c == '\n')
			return false;
		if (*c != '\\')
			continue;
		if (i + 2 >= raw.len)
			return false;
		i++;
		if (c[1] && strchr("nrtbf()\\", c[1]))
			continue;
		if (i + 3 >= raw.len || c[1] < '0' || c[1] > '3' ||
		    c[2] < '0' || c[2] > '7' || c[3] < '0' || c[3] > '7')
			return false;
		i += 2;
	}
	return true;
}

static bool
is_hex(struct bytes raw)
{
	size_t digits = 0;

	for (size_t i = 1; i + 1 < raw.len; i++) {
		if (raw.data[i] && pdf_is_space(raw.data[i]))
			continue;
		if (hex_digit(raw.data[i]) < 0)
			return false;
		digits++;
	}
	return digits % 2 == 0;
}

char
pdf_operand_kind(const struct pdf_token *t)
{
	switch (t->kind) {
	case TOKEN_INTEGER:
	case TOKEN_REAL:
		return is_number(t) ? 'n' : '?';
	case TOKEN_NAME:
		return memchr(t->raw.data, '#', t->raw.len) ? '?' : 'N';
	case TOKEN_STRING:
		return t->whole && is_literal(t->raw) ? 'S' : '?';
	case TOKEN_HEX:
		return t->whole && is_hex(t->raw) ? 'S' : '?';
	case TOKEN_ARRAY:
		return 'A';
	default:
		return '?';
	}
}

#define STROKE_LEAST 1.0 /* points */
#define STROKE_MOST 3.0

bool
pdf_operand_is_dash(struct bytes content, size_t from, size_t end)
{
	struct pdf_lexer l = { bytes_part(content, 0, end), from };
	struct pdf_token t;
	double length = 0;

	while ((t = pdf_token_next(&l)).kind != TOKEN_END &&
	    t.kind != TOKEN_ARRAY_END) {
		if (t.real < STROKE_LEAST || t.real > STROKE_MOST ||
		    (length > 0 && t.real != length))
			return false;
		length = t.real;
	}
	return true;
}
