/*
 * What a person should see of what came after a signature: values of form
 * fields, texts of pages, annotations, the number of pages, before and after.
 * It decides nothing (document/pdf_changes.h does) and finds a few things of
 * each kind, not all.
 */
#ifndef DOCUMENT_PDF_DIFF_H
#define DOCUMENT_PDF_DIFF_H

#include "document/pdf_file.h"

#define DIFF_ITEMS_MAX 12u
#define DIFF_NAME_MAX 64u
#define DIFF_TEXT_MAX 160u

enum diff_kind {
	DIFF_FIELD,      /* name; values, empty: there was none */
	DIFF_LOOK,       /* name; what the field's appearance says */
	DIFF_TEXT,       /* of a page: the stretch that differs */
	DIFF_ANNOTATION, /* its kind and place; empty: it was, or is, not there
			  */
	DIFF_PAGES,      /* how many there are */
};

struct diff_item {
	enum diff_kind kind;
	unsigned page;            /* from 1; 0: not of a page */
	char name[DIFF_NAME_MAX]; /* of the field; UTF-8, cut if longer */
	char before[DIFF_TEXT_MAX], after[DIFF_TEXT_MAX]; /* likewise */
};

struct pdf_diff {
	struct diff_item items[DIFF_ITEMS_MAX];
	size_t count;
	bool more; /* there was no room for all */
};

/* Both files stay open and unchanged. */
void
pdf_diff(struct pdf_file *old, struct pdf_file *new, struct pdf_diff *diff);

/* "field", "look", "text", "annotation", "pages"; and in Vietnamese. */
const char *diff_kind_name(enum diff_kind kind);
const char *diff_kind_vietnamese(enum diff_kind kind);

#endif
