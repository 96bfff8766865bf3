/*
 * Vietnamese text (TCVN 6909:2001, that is Unicode).  Stored and compared in
 * NFC; searched by a folded form without marks.  All strings are UTF-8.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/buf.h"
#include "base/bytes.h"
#include "base/fail.h"

/*
 * Read one code point at *at and step over it.  An overlong form, surrogate,
 * value past U+10FFFF or cut sequence gives UINT32_MAX and steps one byte.
 */
uint32_t text_next(struct bytes text, size_t *at);

/* Append one code point as UTF-8. */
void text_put(struct buf *out, uint32_t point);

/* Copy text into room bytes (at least one) as valid UTF-8: what is none, and
 * characters that control a terminal or the direction of writing or are not
 * seen at all, become '?'; cut between letters if it is longer. */
void text_keep(char *out, size_t room, struct bytes text);

/* Append text with the five characters of HTML and XML escaped. */
void text_escape(struct buf *out, struct bytes text);

/* Well-formed UTF-8 without controls other than tab and newline, or of the
 * direction of writing. */
bool text_valid(struct bytes text);

/* Code points, each invalid byte counting as one (NĐ 30 Annex VI counts
 * characters, not bytes). */
size_t text_length(struct bytes text);

/*
 * Compose base letters and Vietnamese combining marks, in any order, into the
 * 134 precomposed letters; other text is copied.  FAIL_FORMAT: not UTF-8.
 */
CHECKED enum fail text_compose(struct bytes text, struct buf *out);

/*
 * The letter's base and its marks: 'ế' gives 'e'.  đ becomes d.  Points that
 * are not Vietnamese letters come back as they are.  Lower-cased as well.
 */
uint32_t text_fold_point(uint32_t point);

/* Fold every point, drop combining marks.  Idempotent. */
CHECKED enum fail text_fold(struct bytes text, struct buf *out);

/* The i-th of the 134 letters beyond ASCII, i below TEXT_LETTERS; for tests
 * and for the built-in font subset. */
#define TEXT_LETTERS 134u
uint32_t text_letter(size_t i);

#endif
