/*
 * The cross-reference of a PDF file: read from its sections, or rebuilt by
 * scanning.  For the files of document/ that must see below objects.
 */
#ifndef DOCUMENT_PDF_XREF_H
#define DOCUMENT_PDF_XREF_H

#include "document/pdf_file.h"

/* Follow startxref and /Prev; fills entries, trailer, root, start. */
CHECKED enum fail pdf_xref_read(struct pdf_file *file);

/* Forget all entries and find objects and a trailer by scanning. */
CHECKED enum fail pdf_xref_repair(struct pdf_file *file);

/* Keep all sections as they are read, for earlier revisions of the same bytes
 * that are opened later; where that is not worth it or fails they are read
 * again.  Forgotten by pdf_file_close. */
void pdf_xref_keep(struct pdf_file *file);
void pdf_xref_forget(struct pdf_sections *kept);

/* Set an entry unless a newer section did (force: in any case). */
CHECKED enum fail pdf_xref_set(struct pdf_file *file, uint32_t num,
    struct pdf_xref_entry entry, bool force);

/* Where a section says that an object is: its offset in the file. */
struct pdf_place {
	uint64_t at;
	uint32_t num;
	uint16_t gen;
	bool section; /* a section itself; a stream is an object, too */
	bool packed;  /* in a stream of objects: at is nothing */
	size_t end;   /* of a table: behind its trailer; else 0 */
};

/*
 * Where the revisions end whose sections stand at or behind an offset, newest
 * first, each a struct pdf_revision.  Until the first that lists a number that
 * one behind it lists, too, `again` is false.
 */
struct pdf_revision {
	size_t section; /* where its section stands */
	size_t end;     /* behind "%%EOF" and its line end; SIZE_MAX: no such
			   end */
	bool again;
};
CHECKED enum fail
pdf_xref_revisions(struct pdf_file *file, size_t from, struct buf *revisions);

/*
 * The places of all objects that the file's sections list, appended to out:
 * from the section that *section is the offset of, as written, back to offset
 * from in the file.  *section is then the one to go on with.
 */
CHECKED enum fail pdf_xref_listed(
    struct pdf_file *file, size_t from, int64_t *section, struct buf *out);

/* Where "num gen " in front of an "obj" or "R" at position at starts, or
 * SIZE_MAX. */
size_t pdf_object_start(struct bytes in, size_t at);

/* Where a plain object ends with its "endobj" or "endstream"; SIZE_MAX: that
 * word does not stand there, and what follows could be read with it. */
size_t pdf_object_end(struct bytes in, const struct pdf_object *object);

/* Read the object whose "num gen obj" stands at offset at. */
CHECKED enum fail
pdf_object_at(struct pdf_file *file, size_t at, struct pdf_object *object);

/* Is this a key of the trailer itself (7.5.5, 7.5.8.2), which each section has
 * for its own? */
bool pdf_trailer_needs(struct bytes key);

/* The catalogue that a trailer names; false: none. */
bool pdf_take_root(struct pdf_file *file, const struct pdf_value *trailer);

#endif
