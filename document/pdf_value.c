#include "document/pdf_value.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"

/* One open array or dictionary while a value is read. */
struct level {
	struct pdf_value *made;
	struct pdf_value *last;    /* youngest child */
	struct bytes key, raw_key; /* dictionary: key waiting for its value */
	bool has_key;
};

#define NAME_LONG 128u /* bytes as written; Annex C has 127 */

/* Is a name, its solidus first, not as 7.3.5 has it: a byte that is no letter
 * of ASCII and not escaped, an escape without two digits or of no byte? */
static bool
is_loose_name(struct bytes raw)
{
	if (raw.len > NAME_LONG)
		return true;
	for (size_t i = 1; i < raw.len; i++) {
		uint8_t c = raw.data[i];
		int high, low;

		if (c < '!' || c > '~')
			return true;
		if (c != '#')
			continue;
		if (raw.len - i < 3)
			return true;
		high = hex_digit(raw.data[i + 1]);
		low = hex_digit(raw.data[i + 2]);
		if (high < 0 || low < 0 || (high | low) == 0)
			return true;
		i += 2;
	}
	return false;
}

/* … or is it one that readers take for others: they undo what is no escape in
 * their ways, and bytes beyond ASCII in one. */
static bool
is_vague_name(struct bytes raw)
{
	return raw.len > NAME_LONG ||
	    (memchr(raw.data, '#', raw.len) && is_loose_name(raw));
}

/* "#2F" in a name stands for one byte (ISO 32000-1 7.3.5). */
static struct bytes
decode_name(struct bytes raw, struct arena *arena)
{
	struct bytes name = bytes_part(raw, 1, raw.len);
	uint8_t *out;
	size_t n = 0;

	if (!name.len || !memchr(name.data, '#', name.len))
		return name;
	out = arena_take(arena, name.len, 1);
	if (!out)
		return (struct bytes){ NULL, 0 };
	for (size_t i = 0; i < name.len; i++) {
		int high = -1, low = -1;

		if (name.data[i] == '#' && i + 2 < name.len) {
			high = hex_digit(name.data[i + 1]);
			low = hex_digit(name.data[i + 2]);
		}
		if (high >= 0 && low >= 0) {
			out[n++] = (uint8_t)(high << 4 | low);
			i += 2;
		} else {
			out[n++] = name.data[i];
		}
	}
	return (struct bytes){ out, n };
}

/* The byte an escape stands for; -1: nothing (a continued line).  Of more than
 * a byte the high bits go (7.3.4.2); not every reader thinks so. */
static int
decode_escape(struct bytes in, size_t *i, bool *vague)
{
	static const char plain[] = "nrtbf", meant[] = "\n\r\t\b\f";
	uint8_t c = in.data[*i];
	const char *hit = c ? strchr(plain, c) : NULL;
	int octal = 0;

	if (hit)
		return meant[hit - plain];
	if (c == '\r' || c == '\n') {
		if (c == '\r' && *i + 1 < in.len && in.data[*i + 1] == '\n')
			(*i)++;
		return -1;
	}
	if (c < '0' || c > '7')
		return c;
	for (int n = 0; n < 3 && *i < in.len; n++, (*i)++) {
		if (in.data[*i] < '0' || in.data[*i] > '7')
			break;
		octal = octal * 8 + (in.data[*i] - '0');
	}
	(*i)--;
	*vague = *vague || octal > 0xFF;
	return octal & 0xFF;
}

static struct bytes
decode_string(
    const struct pdf_token *t, struct arena *arena, bool *loose, bool *vague)
{
	struct bytes in = bytes_part(t->raw, 1, t->raw.len - 1 - t->whole);
	uint8_t *out;
	size_t n = 0;

	/* One line end for another, one that is stepped over: readers agree on
	 * none of it, and some end a string at one. */
	if (in.len &&
	    (memchr(in.data, '\r', in.len) || memchr(in.data, '\n', in.len)))
		*loose = true;
	if (!in.len || !memchr(in.data, '\\', in.len))
		return in;
	out = arena_take(arena, in.len, 1);
	if (!out)
		return (struct bytes){ NULL, 0 };
	for (size_t i = 0; i < in.len; i++) {
		int c = in.data[i];

		if (c == '\\') {
			if (++i == in.len)
				break;
			c = decode_escape(in, &i, vague);
		}
		if (c >= 0)
			out[n++] = (uint8_t)c;
	}
	return (struct bytes){ out, n };
}

/* Blanks of which no reader makes something else (Table 1). */
static bool
is_plain_space(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct bytes
decode_hex(const struct pdf_token *t, struct arena *arena, bool *vague)
{
	struct bytes in = bytes_part(t->raw, 1, t->raw.len - 1 - t->whole);
	uint8_t *out = arena_take(arena, in.len / 2 + 1, 1);
	size_t at = 0, n = 0;
	int half = -1;

	if (!out)
		return (struct bytes){ NULL, 0 };
	/* A signature's value is tens of thousands of digits without a blank:
	 * two at a time. */
	while (at + 2 <= in.len) {
		int high = hex_digit(in.data[at]);
		int low = hex_digit(in.data[at + 1]);

		if ((high | low) < 0)
			break;
		out[n++] = (uint8_t)(high << 4 | low);
		at += 2;
	}
	for (; at < in.len; at++) {
		int digit = hex_digit(in.data[at]);

		if (digit < 0) {
			*vague = *vague || !is_plain_space(in.data[at]);
			continue;
		}
		if (half < 0) {
			half = digit;
			continue;
		}
		out[n++] = (uint8_t)(half << 4 | digit);
		half = -1;
	}
	/* A last odd digit is the high half (7.3.4.3). */
	if (half >= 0)
		out[n++] = (uint8_t)(half << 4);
	return (struct bytes){ out, n };
}

/* After an integer: is this "num gen R"?  Then step over all of it. */
static bool
read_ref(
    struct pdf_lexer *l, const struct pdf_token *first, struct pdf_value *v)
{
	struct pdf_lexer ahead = *l;
	struct pdf_token gen, r;

	if (first->integer < 0 || first->integer > UINT32_MAX)
		return false;
	gen = pdf_token_next(&ahead);
	if (gen.kind != TOKEN_INTEGER || gen.integer < 0 ||
	    gen.integer > UINT16_MAX)
		return false;
	r = pdf_token_next(&ahead);
	if (r.kind != TOKEN_KEYWORD || !bytes_equal_text(r.raw, "R"))
		return false;
	v->type = PDF_REF;
	v->plain = false;
	/* Digits and blanks alone. */
	v->loose = v->vague = first->loose || gen.loose ||
	    !pdf_is_digits(first->raw) || !pdf_is_digits(gen.raw);
	v->ref =
	    (struct pdf_ref){ (uint32_t)first->integer, (uint16_t)gen.integer };
	v->raw.len = (size_t)(r.raw.data + r.raw.len - v->raw.data);
	*l = ahead;
	return true;
}

/* The value a token starts; containers come back empty. */
static void
fill(struct pdf_value *v, const struct pdf_token *t, struct pdf_lexer *l,
    struct arena *arena)
{
	v->raw = t->raw;
	v->plain = true;
	v->loose = t->loose;
	switch (t->kind) {
	case TOKEN_INTEGER:
		if (read_ref(l, t, v))
			return;
		v->type = PDF_INTEGER;
		v->vague = t->loose;
		v->integer = t->integer;
		v->real = t->real;
		return;
	case TOKEN_REAL:
		v->type = PDF_REAL;
		v->vague = t->loose;
		v->integer = t->integer;
		v->real = t->real;
		return;
	case TOKEN_NAME:
		v->type = PDF_NAME;
		v->loose = is_loose_name(t->raw);
		v->vague = v->loose && is_vague_name(t->raw);
		v->text = decode_name(t->raw, arena);
		return;
	case TOKEN_STRING:
		v->unclosed = !t->whole;
		v->type = PDF_STRING;
		v->text = decode_string(t, arena, &v->loose, &v->vague);
		v->loose = v->loose || v->vague;
		return;
	case TOKEN_HEX:
		v->unclosed = !t->whole;
		v->type = PDF_STRING;
		v->text = decode_hex(t, arena, &v->vague);
		v->loose = v->loose || v->vague;
		return;
	case TOKEN_ARRAY:
		v->type = PDF_ARRAY;
		return;
	case TOKEN_DICT:
		v->type = PDF_DICT;
		return;
	default:
		v->type = PDF_NULL;
		v->odd = t->kind != TOKEN_KEYWORD ||
		    (!bytes_equal_text(t->raw, "null") &&
			!bytes_equal_text(t->raw, "true") &&
			!bytes_equal_text(t->raw, "false"));
		v->boolean = bytes_equal_text(t->raw, "true");
		if (v->boolean || bytes_equal_text(t->raw, "false"))
			v->type = PDF_BOOL;
		return;
	}
}

static void
adopt(struct level *level, struct pdf_value *child)
{
	struct pdf_value *parent = level->made;

	if (parent->type == PDF_DICT) {
		child->key = level->key;
		child->raw_key = level->raw_key;
		level->has_key = false;
	}
	if (level->last)
		level->last->next = child;
	else
		parent->first = child;
	level->last = child;
	parent->count++;
}

static bool
ends_object(const struct pdf_token *t)
{
	return t->kind == TOKEN_END ||
	    (t->kind == TOKEN_KEYWORD &&
		(bytes_equal_text(t->raw, "endobj") ||
		    bytes_equal_text(t->raw, "obj") ||
		    bytes_equal_text(t->raw, "stream") ||
		    bytes_equal_text(t->raw, "endstream")));
}

static int
by_key(const void *a, const void *b)
{
	return bytes_compare((*(const struct pdf_value *const *)a)->key,
	    (*(const struct pdf_value *const *)b)->key);
}

static bool
is_ascii(struct bytes key)
{
	for (size_t i = 0; i < key.len; i++)
		if (key.data[i] > 0x7E)
			return false;
	return true;
}

static void
sort_keys(struct pdf_value *dict, const struct pdf_value **sorted)
{
	size_t n = 0, letters = 0, pages = 0;

	for (const struct pdf_value *v = dict->first; v; v = v->next) {
		sorted[n++] = v;
		if (is_ascii(v->key))
			continue;
		letters++;
		pages += !text_valid(v->key);
	}
	/* What is no UTF-8 is of some code page: readers may take two names for
	 * one. */
	dict->loose = dict->loose || (pages && letters > 1);
	qsort(sorted, n, sizeof(*sorted), by_key);
	for (size_t i = 1; i < n; i++)
		if (bytes_equal(sorted[i - 1]->key, sorted[i]->key))
			dict->doubled = true;
}

/* Nearly all are small: the arena need not go back for them. */
static enum fail
mark_doubled(struct pdf_value *dict, struct arena *arena)
{
	const struct pdf_value *few[32], **sorted;
	struct arena_mark mark = arena_mark(arena);

	if (dict->count <= sizeof(few) / sizeof(few[0])) {
		sort_keys(dict, few);
		return FAIL_NONE;
	}
	sorted = arena_take(arena, dict->count, sizeof(*sorted));
	if (!sorted)
		return FAIL_MEMORY;
	sort_keys(dict, sorted);
	arena_back(arena, mark);
	return FAIL_NONE;
}

/* A palette (8.6.6.3), whose letters are colours: an end of a line in it is one
 * byte to some readers and two to others. */
static bool
is_vague_palette(const struct pdf_value *made, const struct pdf_value *last)
{
	return made->type == PDF_ARRAY && made->count == 4 &&
	    (pdf_is_name(made->first, "Indexed") ||
		pdf_is_name(made->first, "I")) &&
	    last->type == PDF_STRING && last->loose;
}

/* Close the innermost container; *done when that was the outermost one. */
static enum fail
close_level(struct level *levels, size_t *depth, const uint8_t *end,
    struct arena *arena, bool *done)
{
	struct pdf_value *made = levels[*depth - 1].made;
	enum fail f = FAIL_NONE;

	made->raw.len = (size_t)(end - made->raw.data);
	/* A key without a value. */
	made->odd = made->odd || levels[*depth - 1].has_key;
	for (const struct pdf_value *v = made->first; v; v = v->next) {
		if (!v->next && v->loose)
			made->vague = made->vague || is_vague_palette(made, v);
		made->unclosed = made->unclosed || v->unclosed;
		made->odd = made->odd || v->odd;
		made->loose = made->loose || v->loose;
		made->vague = made->vague || v->vague;
		made->plain = made->plain && v->plain;
	}
	*done = --*depth == 0;
	if (made->type == PDF_DICT && made->count > 1)
		f = mark_doubled(made, arena);
	made->plain = made->plain && !made->doubled;
	return f;
}

enum fail
pdf_value_read(
    struct pdf_lexer *l, struct arena *arena, struct pdf_value **value)
{
	struct level levels[PDF_DEPTH_MAX];
	size_t depth = 0;

	for (;;) {
		struct level *top = depth ? &levels[depth - 1] : NULL;
		size_t before = l->at;
		struct pdf_token t = pdf_token_next(l);
		struct pdf_value *v;
		bool done;
		enum fail f;

		if (ends_object(&t)) {
			/* Unclosed at the end of the object: close what is
			 * open, as viewers do, and leave the word unread. */
			l->at = before;
			if (!depth)
				return FAIL_FORMAT;
			*value = levels[0].made;
			do {
				levels[depth - 1].made->unclosed = true;
				f = close_level(levels, &depth,
				    l->in.data + before, arena, &done);
			} while (!f && !done);
			return f;
		}
		if (t.kind == TOKEN_ARRAY_END || t.kind == TOKEN_DICT_END) {
			if (!depth)
				return FAIL_FORMAT;
			*value = levels[0].made;
			if ((t.kind == TOKEN_DICT_END) !=
			    (levels[depth - 1].made->type == PDF_DICT))
				levels[depth - 1].made->odd = true;
			f = close_level(
			    levels, &depth, l->in.data + l->at, arena, &done);
			if (f || done)
				return f;
			continue;
		}
		if (top && top->made->type == PDF_DICT && !top->has_key) {
			/* A key must be a name; step over anything else. */
			if (t.kind != TOKEN_NAME) {
				top->made->odd = true;
				continue;
			}
			top->key = decode_name(t.raw, arena);
			top->made->loose =
			    top->made->loose || is_loose_name(t.raw);
			top->made->vague =
			    top->made->vague || is_vague_name(t.raw);
			top->raw_key = t.raw;
			top->has_key = true;
			continue;
		}
		v = arena_take(arena, 1, sizeof(*v));
		if (!v)
			return FAIL_MEMORY;
		fill(v, &t, l, arena);
		if (top)
			adopt(top, v);
		if (v->type != PDF_ARRAY && v->type != PDF_DICT) {
			if (top)
				continue;
			*value = v;
			return FAIL_NONE;
		}
		if (depth == PDF_DEPTH_MAX)
			return FAIL_LIMIT;
		v->loose = depth >= PDF_DEPTH_PLAIN;
		levels[depth++] = (struct level){ .made = v };
	}
}

const struct pdf_value *
pdf_entry(const struct pdf_value *dict, const char *key)
{
	const struct pdf_value *found = NULL;
	size_t len = strlen(key);

	if (!dict || dict->type != PDF_DICT)
		return NULL;
	for (const struct pdf_value *v = dict->first; v; v = v->next)
		if (v->key.len == len && !memcmp(v->key.data, key, len))
			found = v;
	return found;
}

const struct pdf_value *
pdf_entry_named(const struct pdf_value *dict, struct bytes name)
{
	struct bytes key = bytes_part(name, 1, SIZE_MAX);
	const struct pdf_value *found = NULL;

	if (!dict || dict->type != PDF_DICT)
		return NULL;
	for (const struct pdf_value *v = dict->first; v; v = v->next)
		if (bytes_equal(v->key, key))
			found = v;
	return found;
}

const struct pdf_value *
pdf_tree_next(struct pdf_tree *t)
{
	const struct pdf_value *v = t->given;

	if (!v)
		return t->given = t->top;
	if (v->first && !(t->skips_plain && v->plain)) {
		/* What was read is not nested deeper. */
		assert(t->level < PDF_DEPTH_MAX);
		t->above[t->level++] = v;
		return t->given = v->first;
	}
	while (t->level && !v->next)
		v = t->above[--t->level];
	/* The outermost one has no neighbours. */
	t->given = t->level ? v->next : NULL;
	if (!t->level)
		t->top = NULL;
	return t->given;
}

const struct pdf_value *
pdf_element(const struct pdf_value *array, size_t n)
{
	const struct pdf_value *v;

	if (!array || array->type != PDF_ARRAY)
		return NULL;
	for (v = array->first; v && n; v = v->next)
		n--;
	return v;
}

bool
pdf_is_name(const struct pdf_value *value, const char *name)
{
	return value && value->type == PDF_NAME &&
	    bytes_equal_text(value->text, name);
}

bool
pdf_is_number(const struct pdf_value *value)
{
	return value && (value->type == PDF_INTEGER || value->type == PDF_REAL);
}

void
pdf_put_string(struct buf *out, struct bytes text)
{
	buf_char(out, '(');
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.data[i];

		if (c == '(' || c == ')' || c == '\\')
			buf_printf(out, "\\%c", c);
		else if (c < 0x20 || c >= 0x7F)
			buf_printf(out, "\\%03o", c);
		else
			buf_u8(out, c);
	}
	buf_char(out, ')');
}

static void
put_utf16(struct buf *out, uint32_t point)
{
	if (point >= 0x10000) {
		point -= 0x10000;
		buf_printf(out, "%04X%04X", 0xD800 + (point >> 10),
		    0xDC00 + (point & 0x3FF));
	} else {
		buf_printf(out, "%04X", point);
	}
}

void
pdf_put_text(struct buf *out, struct bytes utf8)
{
	bool ascii = true;

	for (size_t i = 0; i < utf8.len; i++)
		ascii = ascii && utf8.data[i] < 0x7F && utf8.data[i] >= 0x20;
	if (ascii) {
		pdf_put_string(out, utf8);
		return;
	}
	buf_text(out, "<FEFF");
	for (size_t at = 0; at < utf8.len;) {
		uint32_t p = text_next(utf8, &at);

		put_utf16(out, p == UINT32_MAX ? 0xFFFD : p);
	}
	buf_char(out, '>');
}

void
pdf_put_number(struct buf *out, double number)
{
	char text[64];
	int n;

	/* Far outside any page: a lying box; keep the text short. */
	if (!(fabs(number) < 1e9))
		number = 0;
	n = snprintf(text, sizeof(text), "%.3f", number);
	while (n > 1 && text[n - 1] == '0')
		n--;
	if (text[n - 1] == '.')
		n--;
	buf_add(out, text, (size_t)n);
}

/* PDFDocEncoding (ISO 32000-1 D.3) where it is not Latin-1. */
static uint32_t
doc_letter(uint8_t c)
{
	static const uint16_t low[] = { 0x02D8, 0x02C7, 0x02C6, 0x02D9, 0x02DD,
		0x02DB, 0x02DA, 0x02DC };
	static const uint16_t high[] = { 0x2022, 0x2020, 0x2021, 0x2026, 0x2014,
		0x2013, 0x0192, 0x2044, 0x2039, 0x203A, 0x2212, 0x2030, 0x201E,
		0x201C, 0x201D, 0x2018, 0x2019, 0x201A, 0x2122, 0xFB01, 0xFB02,
		0x0141, 0x0152, 0x0160, 0x0178, 0x017D, 0x0131, 0x0142, 0x0153,
		0x0161, 0x017E, 0xFFFD, 0x20AC };

	if (c >= 0x18 && c < 0x20)
		return low[c - 0x18];
	return c >= 0x80 && c <= 0xA0 ? high[c - 0x80] : c;
}

/* One letter of UTF-16, big end first; half a pair is U+FFFD. */
static uint32_t
wide_letter(struct bytes in, size_t *at)
{
	uint32_t p = (uint32_t)in.data[*at] << 8 | in.data[*at + 1], low;

	*at += 2;
	if (p < 0xD800 || p >= 0xE000)
		return p;
	if (p >= 0xDC00 || in.len - *at < 2)
		return 0xFFFD;
	low = (uint32_t)in.data[*at] << 8 | in.data[*at + 1];
	*at += 2;
	return 0x10000 + ((p - 0xD800) << 10) + ((low - 0xDC00) & 0x3FF);
}

void
pdf_text_utf8(const struct pdf_value *string, struct buf *out)
{
	struct bytes in = { NULL, 0 };

	if (string && (string->type == PDF_STRING || string->type == PDF_NAME))
		in = string->text;
	if (bytes_starts(in, "\xFE\xFF")) {
		for (size_t at = 2; at + 2 <= in.len && !out->fail;)
			text_put(out, wide_letter(in, &at));
		return;
	}
	/* PDF 2.0 has UTF-8, too (ISO 32000-2 7.9.2.2). */
	if (bytes_starts(in, "\xEF\xBB\xBF")) {
		for (size_t at = 3; at < in.len && !out->fail;)
			text_put(out, text_next(in, &at));
		return;
	}
	for (size_t at = 0; at < in.len && !out->fail; at++)
		text_put(out, doc_letter(in.data[at]));
}

bool
pdf_scalar_equal(const struct pdf_value *a, const struct pdf_value *b)
{
	if (pdf_is_number(a) && pdf_is_number(b))
		return a->real == b->real;
	if (a->type != b->type)
		return false;
	switch (a->type) {
	case PDF_BOOL:
		return a->boolean == b->boolean;
	case PDF_NAME:
	case PDF_STRING:
		return bytes_equal(a->text, b->text);
	default:
		return true;
	}
}
