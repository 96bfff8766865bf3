#include "document/pdf_token.h"

#define NUMBER_CLIP (INT64_C(1) << 53)
#define NUMBER_LONG 32u /* bytes; some readers read no more of one */

const uint8_t pdf_classes[256] = { [' '] = 1,
	['\n'] = 1,
	['\r'] = 1,
	['\t'] = 1,
	['\f'] = 1,
	['\0'] = 1,
	['('] = 2,
	[')'] = 2,
	['<'] = 2,
	['>'] = 2,
	['['] = 2,
	[']'] = 2,
	['{'] = 2,
	['}'] = 2,
	['/'] = 2,
	['%'] = 2 };

bool
pdf_only_space(struct bytes in)
{
	for (size_t i = 0; i < in.len; i++)
		if (!pdf_is_space(in.data[i]))
			return false;
	return true;
}

bool
pdf_is_digits(struct bytes in)
{
	for (size_t i = 0; i < in.len; i++)
		if (in.data[i] < '0' || in.data[i] > '9')
			return false;
	return in.len != 0;
}

void
pdf_skip_space(struct pdf_lexer *l)
{
	while (l->at < l->in.len) {
		uint8_t c = l->in.data[l->at];

		if (c == '%') {
			while (l->at < l->in.len && l->in.data[l->at] != '\n' &&
			    l->in.data[l->at] != '\r')
				l->at++;
		} else if (pdf_is_space(c)) {
			l->at++;
		} else {
			return;
		}
	}
}

/* Literal string: balanced parentheses, backslash hides the next byte. */
static void
read_string(struct pdf_lexer *l, struct pdf_token *t)
{
	size_t depth = 0;

	while (l->at < l->in.len) {
		uint8_t c = l->in.data[l->at++];

		if (c == '\\' && l->at < l->in.len)
			l->at++;
		else if (c == '(')
			depth++;
		else if (c == ')' && --depth == 0) {
			t->whole = true;
			return;
		}
	}
}

static void
read_hex(struct pdf_lexer *l, struct pdf_token *t)
{
	const uint8_t *end;

	l->at++;
	end = l->at < l->in.len ?
	    memchr(l->in.data + l->at, '>', l->in.len - l->at) :
	    NULL;
	t->whole = end != NULL;
	l->at = end ? (size_t)(end - l->in.data) + 1 : l->in.len;
}

/*
 * A number as viewers take it: signs in front, digits, one point.  Anything
 * else makes the token a keyword.  One sign, and digits to the end, is
 * how 7.3.3 has it.
 */
static void
judge_number(struct pdf_token *t)
{
	struct bytes raw = t->raw;
	bool minus = false, point = false, digit = false;
	double value = 0, step = 1;
	size_t i = 0;

	for (; i < raw.len && (raw.data[i] == '+' || raw.data[i] == '-'); i++)
		minus = raw.data[i] == '-';
	t->loose = i > 1;
	for (; i < raw.len; i++) {
		uint8_t c = raw.data[i];

		if (c == '.' && !point) {
			point = true;
		} else if (c >= '0' && c <= '9') {
			digit = true;
			if (point)
				step /= 10;
			if (point)
				value += (c - '0') * step;
			else
				value = value * 10 + (c - '0');
		} else if (c == '-' && digit) {
			/* "12.3-4": writers' slip; viewers stop there. */
			t->loose = true;
			break;
		} else {
			return;
		}
	}
	if (!digit && !point)
		return;
	if (value > (double)NUMBER_CLIP) {
		value = (double)NUMBER_CLIP;
		t->loose = true;
	}
	t->loose = t->loose || !digit || raw.len > NUMBER_LONG;
	t->real = minus ? -value : value;
	t->integer = (int64_t)t->real;
	t->kind = point ? TOKEN_REAL : TOKEN_INTEGER;
}

struct pdf_token
pdf_token_next(struct pdf_lexer *l)
{
	struct pdf_token t = { .kind = TOKEN_END };
	size_t start;
	uint8_t c, after;

	pdf_skip_space(l);
	start = l->at;
	if (start == l->in.len)
		return t;
	c = l->in.data[start];
	after = start + 1 < l->in.len ? l->in.data[start + 1] : 0;
	if (c == '(') {
		t.kind = TOKEN_STRING;
		read_string(l, &t);
	} else if (c == '<' && after != '<') {
		t.kind = TOKEN_HEX;
		read_hex(l, &t);
	} else if (c == '<' || (c == '>' && after == '>')) {
		t.kind = c == '<' ? TOKEN_DICT : TOKEN_DICT_END;
		l->at += 2;
	} else if (c == '[' || c == ']') {
		t.kind = c == '[' ? TOKEN_ARRAY : TOKEN_ARRAY_END;
		l->at++;
	} else {
		t.kind = c == '/' ? TOKEN_NAME : TOKEN_KEYWORD;
		l->at++;
		if (c == '/' || pdf_is_regular(c))
			while (l->at < l->in.len &&
			    pdf_is_regular(l->in.data[l->at]))
				l->at++;
	}
	t.raw = bytes_part(l->in, start, l->at - start);
	if (t.kind == TOKEN_KEYWORD)
		judge_number(&t);
	return t;
}
