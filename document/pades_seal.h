/*
 * Putting a PAdES signature on a PDF (EN 319 142-1, level B-B; ISO 32000-1
 * 12.8): one incremental update that holds the signature, its mark on the
 * page, and the text fields filled with it.
 *
 * Three steps, so that the slow and the secret ones stay outside:
 *   pades_begin   lays out the update with an empty place for the signature;
 *   pades_digest  tells what has to be signed;
 *   pades_finish  puts the CMS in its place.
 * The file's own bytes are never changed: file + update is the signed file.
 */
#ifndef DOCUMENT_PADES_SEAL_H
#define DOCUMENT_PADES_SEAL_H

#include "crypto/cms.h"
#include "document/pdf_field.h"
#include "document/stamp.h"

#define PADES_FIELDS_MAX 4u
#define PADES_MARKS_MAX 3u

/* A text field: made now and filled with this signature, or made empty to be
 * filled with a later one, for filling a form is allowed after signing, drawing
 * on the page is not. */
struct pades_field {
	const char *name;
	unsigned page;      /* from 1; only when it is made */
	struct pdf_box box; /* in the page's units; only when it is made */
	struct bytes text;  /* empty: leave the field blank */
	enum font_face face;
	bool centred; /* the text, in its box, as small as it must be */
};

/* Where and how the signature shows. */
struct pades_mark {
	unsigned page;      /* from 1; 0: last page */
	struct pdf_box box; /* in the page's units */
	const struct stamp *stamp;
};

struct pades_settings {
	const char *field; /* name of the signature field; NULL: the first free
			      "ChuKySoN", of a time-stamp "DauThoiGianN" */
	struct pades_mark marks[PADES_MARKS_MAX]; /* none: invisible */
	size_t mark_count;
	int64_t time;        /* /M, UTC seconds */
	struct bytes reason; /* UTF-8, may be empty */
	struct bytes place;  /* UTF-8, may be empty */
	unsigned certify;    /* DocMDP level of a certification: 1 no changes, 2
				forms and signatures, 3 annotations too; 0: an
				approval signature */
	bool timestamp;      /* a document time-stamp: the token of an authority
				stands in place of the CMS; nobody signs */
	bool plain_cms;      /* /adbe.pkcs7.detached instead of ETSI.CAdES */
	struct pades_field make[PADES_FIELDS_MAX]; /* fields to make */
	size_t make_count;
	struct pades_field fill[PADES_FIELDS_MAX]; /* fields to fill, by name */
	size_t fill_count;
	size_t contents; /* bytes to reserve for the CMS */
};

struct pades_update {
	struct pdf_append append;
	size_t gap;     /* offset in the update of the '<' of /Contents */
	size_t gap_end; /* offset behind its '>' */
};

/*
 * Lay out the update of an open file.  FAIL_CERTIFIED: DocMDP forbids it;
 * FAIL_PROTECTED: an encrypted file's permissions do; FAIL_MISSING: no such
 * page; FAIL_EXISTS: the named field is signed already, or a file that is to be
 * certified has a signature; FAIL_UNSUPPORTED: several marks for a field that
 * is there already.
 */
CHECKED enum fail
pades_begin(struct pades_update *update, struct pdf_file *file,
    const struct pades_settings *settings, struct note *note);

/* Digest of what is signed: h has already taken in the whole file. */
void pades_digest(const struct pades_update *update, struct hash *h,
    uint8_t out[static HASH_MAX]);

/* FAIL_LIMIT: the CMS is larger than the place reserved. */
CHECKED enum fail pades_finish(struct pades_update *update, struct bytes cms);

/* The update's bytes; borrowed. */
struct bytes pades_bytes(const struct pades_update *update);

void pades_close(struct pades_update *update);

/*
 * The visible mark of the newest signature in the file that has one: where the
 * seal is laid over.  FAIL_MISSING: no signature shows a mark.
 */
CHECKED enum fail
pades_last_mark(struct pdf_file *file, unsigned *page, struct pdf_box *box);

#endif
