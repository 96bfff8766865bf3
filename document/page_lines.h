/*
 * The lines of text that a page shows: upright ones, from the top down and on
 * one height from left to right.
 */
#ifndef DOCUMENT_PAGE_LINES_H
#define DOCUMENT_PAGE_LINES_H

#include "document/pdf_page.h"

/* A stretch of one line without a wide gap, in the page as it is shown. */
struct page_line {
	double x0, x1, y, size; /* y: of the base line */
	size_t from, len;       /* of its letters */
};

/* From where to where a byte of the letters stands. */
struct page_letter {
	double x0, x1;
};

struct page_lines {
	struct page_line *list; /* owned */
	size_t count;
	struct buf letters; /* folded (base/text.h), words one space apart */
	struct buf places;  /* struct page_letter, one for each byte; empty
			       unless asked for */
};

/*
 * Read them; places says whether letters' places are wanted, which are told as
 * if the font were as wide as Times New Roman.  FAIL_MEMORY.  Free the lines
 * also after a failure.
 */
CHECKED enum fail page_lines_read(struct pdf_file *file,
    const struct pdf_page *page, bool places, struct page_lines *lines);
void page_lines_free(struct page_lines *lines);

/* A line's letters. */
struct bytes
page_line_text(const struct page_lines *lines, const struct page_line *line);

/* Do two lines stand on one height? */
bool page_line_beside(const struct page_line *a, const struct page_line *b);

#endif
