/*
 * What a text field's own script makes of a number when it shows it.  Acrobat
 * keeps 1500 and draws 1,500.00 where the field came with a call of
 * AFNumber_Format and nothing else (Adobe's Acrobat Forms API Reference); other
 * scripts are not read.
 */
#include "base/text.h"
#include "document/pdf_walk.h"

#define SCRIPT_MAX 256u
#define DIGITS_MAX 15u   /* scripts count in doubles */
#define DECIMALS_MAX 10u /* the interface offers as many */

/* AFNumber_Format(decimals, separators, negatives, 0, "currency", before) */
struct format {
	unsigned decimals, separators, negatives;
	struct bytes currency;
	bool before;
};

/* ---- the script ---- */

struct script {
	struct bytes in;
	size_t at;
	bool bad;
};

static uint8_t
look_at(const struct script *s)
{
	return s->at < s->in.len ? s->in.data[s->at] : 0;
}

static void
skip_space(struct script *s)
{
	while (look_at(s) == ' ' || look_at(s) == '\t' || look_at(s) == '\r' ||
	    look_at(s) == '\n')
		s->at++;
}

/* This word comes next, whatever blanks are before it. */
static bool
take(struct script *s, const char *word)
{
	skip_space(s);
	if (!bytes_starts(bytes_part(s->in, s->at, SIZE_MAX), word))
		return false;
	s->at += strlen(word);
	return true;
}

static void
want(struct script *s, const char *word)
{
	s->bad = s->bad || !take(s, word);
}

static unsigned
take_number(struct script *s, unsigned most)
{
	unsigned n = 0;
	size_t from;

	skip_space(s);
	from = s->at;
	for (; look_at(s) >= '0' && look_at(s) <= '9' && n <= most; s->at++)
		n = 10 * n + look_at(s) - '0';
	s->bad = s->bad || s->at == from || n > most;
	return n;
}

static struct bytes
take_string(struct script *s)
{
	size_t from;

	want(s, "\"");
	from = s->at;
	while (s->at < s->in.len && look_at(s) != '"') {
		/* No escapes, and nothing of a number. */
		s->bad = s->bad || strchr("\\.,-", look_at(s)) ||
		    look_at(s) < ' ' ||
		    (look_at(s) >= '0' && look_at(s) <= '9');
		s->at++;
	}
	want(s, "\"");
	return s->bad ? (struct bytes){ NULL, 0 } :
			bytes_part(s->in, from, s->at - 1 - from);
}

static bool
read_script(struct bytes text, struct format *f)
{
	struct script s = { text, 0, false };

	want(&s, "AFNumber_Format");
	want(&s, "(");
	f->decimals = take_number(&s, DECIMALS_MAX);
	want(&s, ",");
	f->separators = take_number(&s, 3);
	want(&s, ",");
	f->negatives = take_number(&s, 3);
	want(&s, ",");
	(void)take_number(&s, 9);
	want(&s, ",");
	f->currency = take_string(&s);
	want(&s, ",");
	f->before = take(&s, "true");
	if (!f->before)
		want(&s, "false");
	want(&s, ")");
	(void)take(&s, ";");
	skip_space(&s);
	return !s.bad && s.at == text.len;
}

/* ---- the number ---- */

/* Digits, and behind a point as many as are shown at the most: nothing is
 * rounded. */
static bool
is_number(struct bytes v, const struct format *f, size_t *whole)
{
	size_t digits = 0, decimals = 0;
	bool point = false;

	for (size_t i = 0; i < v.len; i++) {
		if (v.data[i] == '.' && !point && digits) {
			point = true;
			continue;
		}
		if (v.data[i] < '0' || v.data[i] > '9')
			return false;
		digits += !point;
		decimals += point;
	}
	*whole = digits;
	return digits && digits <= DIGITS_MAX && decimals <= f->decimals &&
	    point == (decimals > 0) && (digits == 1 || v.data[0] != '0');
}

static void
put_number(
    struct buf *out, struct bytes v, size_t whole, const struct format *f)
{
	static const char groups[] = { ',', '\0', '.', '\0' };
	char group = groups[f->separators];
	struct bytes decimals = bytes_part(v, whole + 1, SIZE_MAX);

	for (size_t i = 0; i < whole; i++) {
		if (group && i && (whole - i) % 3 == 0)
			buf_char(out, group);
		buf_u8(out, v.data[i]);
	}
	if (!f->decimals)
		return;
	buf_char(out, f->separators < 2 ? '.' : ',');
	buf_bytes(out, decimals);
	for (size_t i = decimals.len; i < f->decimals; i++)
		buf_char(out, '0');
}

static bool
shows_number(struct bytes said, struct bytes look, const struct format *f)
{
	bool less = bytes_starts(said, "-"), same;
	struct bytes v = bytes_part(said, less, SIZE_MAX);
	struct buf text;
	size_t whole;

	/* Others are red, or in brackets. */
	if (!is_number(v, f, &whole) || (less && f->negatives))
		return false;
	buf_init(&text, 2 * SCRIPT_MAX);
	if (less)
		buf_char(&text, '-');
	if (f->before)
		buf_bytes(&text, f->currency);
	put_number(&text, v, whole, f);
	if (!f->before)
		buf_bytes(&text, f->currency);
	same = !buf_fail(&text) && bytes_equal(buf_view(&text), look);
	buf_free(&text);
	return same;
}

bool
walk_is_formatted(struct walk *w, const struct pdf_value *field,
    struct bytes said, struct bytes look)
{
	const struct pdf_value *act =
	    pdf_get(w->new, pdf_get(w->new, field, "AA"), "F");
	const struct pdf_value *js = pdf_get(w->new, act, "JS");
	struct format format;
	struct buf script;
	bool good;

	if (!pdf_is_name(pdf_get(w->new, act, "S"), "JavaScript") ||
	    pdf_entry(act, "Next") || js->type != PDF_STRING ||
	    js->text.len > SCRIPT_MAX)
		return false;
	buf_init(&script, 4 * SCRIPT_MAX);
	pdf_text_utf8(js, &script);
	good = !buf_fail(&script) && read_script(buf_view(&script), &format) &&
	    shows_number(said, look, &format);
	buf_free(&script);
	return good;
}
