#include "firmware/console/line.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum {
	CTRL_A = 1,
	CTRL_C = 3,
	CTRL_D = 4,
	CTRL_E = 5,
	CTRL_H = 8,
	CTRL_K = 11,
	CTRL_L = 12,
	CTRL_U = 21,
	CTRL_W = 23,
	ESCAPE = 27,
	RUBOUT = 127
};

/* ---- letters ---- */

static bool
goes_on(char byte)
{
	return (byte & 0xC0) == 0x80;
}

static size_t
before(const struct line *l, size_t at)
{
	if (at)
		at--;
	while (at && goes_on(l->text[at]))
		at--;
	return at;
}

static size_t
behind(const struct line *l, size_t at)
{
	if (at < l->len)
		at++;
	while (at < l->len && goes_on(l->text[at]))
		at++;
	return at;
}

/* Columns that bytes of the line take: combining marks take none. */
static size_t
columns(const struct line *l, size_t from, size_t to)
{
	struct bytes part = { (const uint8_t *)l->text + from, to - from };
	size_t at = 0, count = 0;

	while (at < part.len) {
		uint32_t point = text_next(part, &at);

		if (point < 0x300 || point > 0x36F)
			count++;
	}
	return count;
}

/* ---- what the terminal shows ---- */

static void
draw(const struct line *l, struct buf *show)
{
	struct bytes prompt = BYTES_TEXT(l->prompt);
	size_t room = LINE_COLUMNS - text_length(prompt), from = 0, to = l->len;
	size_t back;

	if (l->hidden)
		return;
	while (columns(l, from, l->at) >= room)
		from = behind(l, from);
	while (columns(l, from, to) > room)
		to = before(l, to);
	buf_printf(show, "\r%s", l->prompt);
	buf_add(show, l->text + from, to - from);
	buf_text(show, "\x1b[K");
	back = columns(l, l->at, to);
	if (back)
		buf_printf(show, "\x1b[%zuD", back);
}

/* ---- changes ---- */

static void
take_away(struct line *l, size_t from, size_t to)
{
	memmove(l->text + from, l->text + to, l->len - to + 1);
	explicit_bzero(l->text + l->len - (to - from), to - from);
	l->len -= to - from;
	l->at = from;
}

/* A letter is put in whole or not at all. */
static void
put_in(struct line *l, const uint8_t *letter, size_t len)
{
	if (l->len + len >= LINE_BYTES_MAX)
		return;
	memmove(l->text + l->at + len, l->text + l->at, l->len - l->at + 1);
	memcpy(l->text + l->at, letter, len);
	l->len += len;
	l->at += len;
}

static size_t
word_start(const struct line *l)
{
	size_t at = l->at;

	while (at && l->text[at - 1] == ' ')
		at--;
	while (at && l->text[at - 1] != ' ')
		at--;
	return at;
}

static void
show_past(struct line *l, size_t which)
{
	if (l->hidden || which > l->past_count || which == l->past_at)
		return;
	if (!l->past_at)
		memcpy(l->now, l->text, sizeof(l->now));
	l->past_at = which;
	memcpy(l->text, which ? l->past[l->past_count - which] : l->now,
	    sizeof(l->text));
	l->len = l->at = strlen(l->text);
}

/* ---- keys ---- */

static void
move_key(struct line *l, uint8_t key)
{
	switch (key) {
	case 'A':
		show_past(l, l->past_at + 1);
		break;
	case 'B':
		if (l->past_at)
			show_past(l, l->past_at - 1);
		break;
	case 'C':
		l->at = behind(l, l->at);
		break;
	case 'D':
		l->at = before(l, l->at);
		break;
	case 'H':
		l->at = 0;
		break;
	case 'F':
		l->at = l->len;
		break;
	default:
		break;
	}
}

/* Sequences of ECMA-48 as terminals send them: ESC [ parameters letter, or
 * ESC O letter.  Whatever else it may be is swallowed. */
static void
feed_escape(struct line *l, uint8_t byte)
{
	bool whole;

	if (l->key_len < sizeof(l->key))
		l->key[l->key_len++] = byte;
	if (l->key_len == 2 && (byte == '[' || byte == 'O'))
		return;
	whole = l->key_len == 2 || (byte >= '@' && byte <= '~') || byte < ' ' ||
	    byte > '~';
	if (!whole)
		return;
	if (l->key_len == 3) {
		move_key(l, l->key[2]);
	} else if (l->key_len == 4 && byte == '~') {
		if (l->key[2] == '1' || l->key[2] == '7')
			l->at = 0;
		else if (l->key[2] == '4' || l->key[2] == '8')
			l->at = l->len;
		else if (l->key[2] == '3')
			take_away(l, l->at, behind(l, l->at));
	}
	l->key_len = 0;
}

/* How many bytes the letter that begins with this one has; 0: none does. */
static size_t
letter_len(uint8_t first)
{
	return first < 0x80 ? 1 :
	    first < 0xC2    ? 0 :
	    first < 0xE0    ? 2 :
	    first < 0xF0    ? 3 :
	    first < 0xF5    ? 4 :
			      0;
}

/* A letter at the end of a line that has room is only shown behind it. */
static void
show_letter(const struct line *l, size_t from, struct buf *show)
{
	if (l->at < l->len ||
	    text_length(BYTES_TEXT(l->prompt)) + columns(l, 0, l->len) >=
		LINE_COLUMNS)
		draw(l, show);
	else if (!l->hidden)
		buf_add(show, l->text + from, l->len - from);
}

static void
feed_letter(struct line *l, uint8_t byte, struct buf *show)
{
	size_t from = l->at;
	size_t at = 0;
	uint32_t point;

	/* A letter cut short is forgotten; this byte may begin another. */
	if (l->key_len && (byte & 0xC0) != 0x80)
		l->key_len = 0;
	if (!l->key_len && !letter_len(byte))
		return;
	l->key[l->key_len++] = byte;
	if (l->key_len < letter_len(l->key[0]))
		return;
	point = text_next((struct bytes){ l->key, l->key_len }, &at);
	/* U+0080 to U+009F are controls too. */
	if (point != UINT32_MAX && at == l->key_len &&
	    (point < 0x80 || point >= 0xA0))
		put_in(l, l->key, l->key_len);
	if (l->at != from)
		show_letter(l, from, show);
	explicit_bzero(l->key, sizeof(l->key));
	l->key_len = 0;
}

static void
feed_control(struct line *l, uint8_t byte)
{
	switch (byte) {
	case CTRL_A:
		l->at = 0;
		break;
	case CTRL_E:
		l->at = l->len;
		break;
	case CTRL_D:
		take_away(l, l->at, behind(l, l->at));
		break;
	case CTRL_H:
	case RUBOUT:
		take_away(l, before(l, l->at), l->at);
		break;
	case CTRL_K:
		take_away(l, l->at, l->len);
		l->at = l->len;
		break;
	case CTRL_U:
		take_away(l, 0, l->len);
		break;
	case CTRL_W:
		take_away(l, word_start(l), l->at);
		break;
	default:
		break;
	}
}

void
line_begin(struct line *l, const char *prompt, bool hidden, struct buf *show)
{
	explicit_bzero(l->text, sizeof(l->text));
	explicit_bzero(l->key, sizeof(l->key));
	l->len = l->at = l->key_len = l->past_at = 0;
	l->prompt = prompt;
	l->hidden = hidden;
	buf_text(show, prompt);
}

enum line_result
line_feed(struct line *l, uint8_t byte, struct buf *show)
{
	uint8_t last = l->last;

	l->last = byte;
	if (l->key_len && l->key[0] == ESCAPE) {
		feed_escape(l, byte);
		if (!l->key_len)
			draw(l, show);
		return LINE_MORE;
	}
	if (byte == '\n' && last == '\r')
		return LINE_MORE;
	if (byte == '\r' || byte == '\n') {
		buf_text(show, "\n");
		return LINE_DONE;
	}
	if (byte == CTRL_C) {
		buf_text(show, "^C\n");
		return LINE_GIVEN_UP;
	}
	if (byte == CTRL_D && !l->len) {
		buf_text(show, "\n");
		return LINE_END;
	}
	if (byte == ESCAPE) {
		l->key[0] = ESCAPE;
		l->key_len = 1;
		return LINE_MORE;
	}
	if (byte < ' ' || byte == RUBOUT) {
		l->key_len = 0;
		feed_control(l, byte);
		draw(l, show);
	} else {
		feed_letter(l, byte, show);
	}
	return LINE_MORE;
}

void
line_keep(struct line *l)
{
	if (l->hidden || !l->len ||
	    (l->past_count && strcmp(l->past[l->past_count - 1], l->text) == 0))
		return;
	if (l->past_count == LINE_PAST) {
		memmove(l->past[0], l->past[1],
		    (LINE_PAST - 1) * sizeof(l->past[0]));
		l->past_count--;
	}
	memcpy(l->past[l->past_count++], l->text, sizeof(l->text));
}
