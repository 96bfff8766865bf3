/*
 * Plain objects of a file and its earlier revisions, each read once: by the
 * place where it stands, in the newest revision.  For pdf_file.c.
 */
#ifndef DOCUMENT_PDF_SHARED_H
#define DOCUMENT_PDF_SHARED_H

#include "document/pdf_file.h"

/* From now on objects of this file, the newest revision, are shared with those
 * before it; nothing where there is no memory for it.  They stay until
 * pdf_file_close. */
void pdf_shared_begin(struct pdf_file *newest);
void pdf_shared_free(struct pdf_shared *shared);

/*
 * What stands at a place as this revision reads it, whose entry is there; NULL:
 * it is not shared, or would read otherwise in fewer bytes.
 */
const struct pdf_object *pdf_shared_at(struct pdf_file *file, size_t at);

#endif
