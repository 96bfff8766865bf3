/*
 * A line as it is typed on a terminal: moving in it, taking away, what was
 * typed before.  Nothing is read or written here: keys are fed in one byte at
 * a time and what the terminal has to show comes out, so a half-sent escape
 * sequence makes nobody wait.
 *
 * Keys: left and right, Home and End (Ctrl-A, Ctrl-E), Backspace, Delete,
 * Ctrl-U (all), Ctrl-K (rest), Ctrl-W (word), up and down (earlier lines),
 * Ctrl-L (draw again), Ctrl-C (give the line up), Ctrl-D (Delete; on an empty
 * line the end).  Text is UTF-8.
 */
#ifndef FIRMWARE_CONSOLE_LINE_H
#define FIRMWARE_CONSOLE_LINE_H

#include "base/buf.h"

#define LINE_BYTES_MAX 512u /* of a line, with its terminating zero */
#define LINE_PAST 20u       /* earlier lines that are kept */
#define LINE_COLUMNS 78u    /* shown at once; longer lines move sideways */

struct line {
	char text[LINE_BYTES_MAX]; /* no controls; always ends in a zero */
	size_t len, at;            /* at: the cursor, between two letters */
	const char *prompt;
	bool hidden;    /* a password: not shown, not kept */
	uint8_t key[8]; /* bytes of an escape sequence or letter so far */
	size_t key_len;
	uint8_t last; /* CR and LF together end one line */
	char past[LINE_PAST][LINE_BYTES_MAX];
	size_t past_count, past_at; /* past_at: 0 now, 1 the one before, … */
	char now[LINE_BYTES_MAX];   /* what was typed before going back */
};

enum line_result {
	LINE_MORE,
	LINE_DONE,     /* text is whole; line_begin starts the next */
	LINE_GIVEN_UP, /* Ctrl-C */
	LINE_END,      /* Ctrl-D on an empty line */
};

/* Begin a line behind a prompt (which stays the caller's).  The lines of
 * before are kept; a zeroed struct has none. */
void line_begin(
    struct line *line, const char *prompt, bool hidden, struct buf *show);

enum line_result line_feed(struct line *line, uint8_t byte, struct buf *show);

/* Remember what was typed, unless it was the last line already. */
void line_keep(struct line *line);

#endif
