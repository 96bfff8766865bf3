/* Pages of a PDF: the page tree and what pages inherit (ISO 32000-1 7.7.3). */
#ifndef DOCUMENT_PDF_PAGE_H
#define DOCUMENT_PDF_PAGE_H

#include "document/pdf_file.h"

#define PDF_PAGES_MAX 100000u
#define PDF_TREE_DEPTH_MAX 256u

/* A rectangle with x0 <= x1, y0 <= y1, in default user space units. */
struct pdf_box {
	double x0, y0, x1, y1;
};

struct pdf_page {
	struct pdf_ref ref;
	const struct pdf_value *dict;
	struct pdf_box media, crop; /* crop lies within media */
	int rotate;                 /* 0, 90, 180, 270, clockwise */
	double unit;                /* points per unit (UserUnit), usually 1 */
};

/* Points in a unit of a page's dictionary, or of what is taken for one. */
double pdf_page_unit(struct pdf_file *file, const struct pdf_value *page);

/*
 * Find page number, from 1; 0 means the last one.  FAIL_MISSING: there is no
 * such page.  FAIL_LIMIT: the tree is deeper or larger than we follow.
 */
CHECKED enum fail
pdf_page_find(struct pdf_file *file, unsigned number, struct pdf_page *page);

/* Number of leaves of the page tree, counted, not believed. */
CHECKED enum fail pdf_page_count(struct pdf_file *file, unsigned *count);

/*
 * Visit all pages in order.  node is asked before each node of the tree is
 * read: false ends in FAIL_LIMIT; page, which lives as long as its call: false
 * ends well.
 */
struct pages_visit {
	bool (*node)(void *context);
	bool (*page)(void *context, const struct pdf_page *page);
	void *context;
};
CHECKED enum fail
pdf_pages_each(struct pdf_file *file, const struct pages_visit *visit);

/*
 * The page as it is shown: turned by its /Rotate, its visible part from 0,0 at
 * the lower left, still in the page's units.  What is laid out for the eye is
 * laid out there and then brought back into the page's own space.
 */
struct pdf_box pdf_page_shown(const struct pdf_page *page);
struct pdf_box
pdf_box_to_shown(const struct pdf_page *page, struct pdf_box own);
struct pdf_box
pdf_box_from_shown(const struct pdf_page *page, struct pdf_box shown);

/* Four numbers as a normalised box; false when they are not there. */
bool pdf_box_read(
    struct pdf_file *file, const struct pdf_value *value, struct pdf_box *box);

/* What two boxes have in common; turned over where it is nothing. */
struct pdf_box pdf_box_common(struct pdf_box a, struct pdf_box b);

/* Append it as an array of four numbers. */
void pdf_put_box(struct buf *out, struct pdf_box box);

#endif
