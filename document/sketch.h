/*
 * What a page will look like once it is signed, for whoever is about to sign:
 * where its lines of text and its pictures are, and where the signature's marks
 * will go.  Places only: no word of the file stands in it, so whoever shows it
 * need not trust the process that read the file.
 */
#ifndef DOCUMENT_SKETCH_H
#define DOCUMENT_SKETCH_H

#include "document/mark.h"

#define SKETCH_PAGES_MAX 2u
#define SKETCH_SHAPES_MAX 250u /* on one page */

enum sketch_kind {
	SKETCH_TEXT,      /* a line of the file's */
	SKETCH_IMAGE,     /* a picture of the file's */
	SKETCH_SIGNATURE, /* a person's picture, also one that is there */
	SKETCH_SEAL,
	SKETCH_WORDS, /* number, date, or the words of annexes and copies */
	SKETCH_CODE,  /* if it is chosen */
	SKETCH_ROOM,  /* a field made now, to be filled later */
	SKETCH_KINDS
};

/* In points from the page's upper left corner, inside the page. */
struct sketch_shape {
	uint8_t kind;
	uint16_t left, top, width, height;
};

struct sketch_page {
	uint16_t number, width, height; /* number: from 1 */
	uint16_t count;
	struct sketch_shape shapes[SKETCH_SHAPES_MAX];
};

/* The pages that get a mark, that of the picture first. */
struct sketch {
	uint8_t count;
	uint8_t covers; /* percent: what the seal covers (document/mark.h) */
	struct sketch_page pages[SKETCH_PAGES_MAX];
};

/* FAIL_MEMORY, or what reading the pages fails with. */
CHECKED enum fail sketch_make(
    struct pdf_file *file, const struct mark_plan *plan, struct sketch *sketch);

/* As bytes for another process: u8 covers, u8 pages, each u16 number, width,
 * height and count of shapes, each of these u8 kind, u16 left, top, width,
 * height. */
void sketch_put(const struct sketch *sketch, struct buf *out);
/* FAIL_PEER: it is none, or a shape stands outside its page. */
CHECKED enum fail sketch_get(struct cursor *c, struct sketch *sketch);

#endif
