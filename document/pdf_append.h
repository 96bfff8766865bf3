/*
 * An incremental update of a PDF (ISO 32000-1 7.5.6): new and changed objects,
 * a cross-reference section of the kind the file already uses, a trailer.
 *
 * The update is a run of bytes to put behind the file, which itself is never
 * touched; offsets in it count from the file's first byte.  A file whose own
 * cross-reference had to be rebuilt gets a complete new one, so that every
 * reader finds its objects without guessing; so does one that readers may take
 * in different ways, as long as nobody has signed it.
 */
#ifndef DOCUMENT_PDF_APPEND_H
#define DOCUMENT_PDF_APPEND_H

#include "document/pdf_page.h"

#define PDF_UPDATE_MAX (256u << 20) /* bytes of one update */

struct pdf_change; /* one object written: number, generation, offset */

struct pdf_append {
	struct pdf_file *file;      /* borrowed, open */
	bool anew;                  /* it gets a complete cross-reference */
	struct buf out;             /* the update so far */
	struct pdf_change *changes; /* owned */
	size_t change_count, change_room;
	uint32_t next;       /* number of the next new object */
	struct pdf_ref open; /* object being written, and where it starts */
	size_t open_at;
	enum fail fail;
};

void pdf_append_open(struct pdf_append *append, struct pdf_file *file);
void pdf_append_close(struct pdf_append *append);

/* A number for a new object, generation 0. */
struct pdf_ref pdf_append_new(struct pdf_append *append);

/* Start object ref at the end of append->out ("n g obj\n"); its value is then
 * written to append->out by the caller; end it ("\nendobj\n"). */
void pdf_append_begin(struct pdf_append *append, struct pdf_ref ref);
void pdf_append_end(struct pdf_append *append);

/* A whole stream object; dict is what stands in its dictionary besides
 * /Length. */
void pdf_append_stream(struct pdf_append *append, struct pdf_ref ref,
    const char *dict, struct bytes data);

/* Write a dictionary's opening and every entry but the named ones, exactly as
 * they stood; the caller writes more entries and the closing. */
void pdf_append_copy(struct pdf_append *append, const struct pdf_value *dict,
    const char *const *without, size_t without_count);

/* Write an array's opening and its elements as they stood; the caller writes
 * more and the closing.  What is no array has no elements. */
void
pdf_append_elements(struct pdf_append *append, const struct pdf_value *array);

/* Write a page anew, with more annotations behind those it has. */
void pdf_append_annots(struct pdf_append *append, const struct pdf_page *page,
    const struct pdf_ref *refs, size_t count);

/* Write "n g R". */
void pdf_append_ref(struct pdf_append *append, struct pdf_ref ref);

/* Offset in the finished file of what is written next. */
size_t pdf_append_offset(const struct pdf_append *append);

/* Cross-reference section, trailer, startxref.  append->out is then complete.
 * Any failure of the calls above shows here. */
CHECKED enum fail pdf_append_finish(struct pdf_append *append);

#endif
