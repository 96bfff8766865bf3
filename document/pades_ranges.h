/*
 * Which bytes of a file a signature covers (ISO 32000-2 12.8.1): from its first
 * byte to the end of a revision, without the hexadecimal string of /Contents.
 */
#ifndef DOCUMENT_PADES_RANGES_H
#define DOCUMENT_PADES_RANGES_H

#include "crypto/hash.h"
#include "document/pdf_file.h"

struct pades_ranges {
	size_t gap, gap_end;   /* of /Contents with its brackets */
	size_t end;            /* of what is covered */
	struct bytes contents; /* decoded, padding and all */
};

/*
 * Read them from a signature field's value.  FAIL_FORMAT: /ByteRange is not
 * exactly the file up to some end but for /Contents where the dictionary has
 * it.
 */
CHECKED enum fail
pades_ranges_read(struct pdf_file *file, const struct pdf_value *value,
    struct pades_ranges *ranges, struct note *note);

/*
 * Digests of many signatures' ranges.  All begin with the file's first byte, so
 * what is read for the longest serves the others: a file is gone through about
 * once however many signatures it has.
 */
struct pades_prefix {
	struct hash hash; /* of the file's beginning; HASH_NONE: not yet read */
	size_t len;
};

struct pades_digester {
	struct pades_prefix *prefixes; /* owned, in order of their length */
	size_t count;
};

/* Take note of where the gaps are; FAIL_MEMORY. */
CHECKED enum fail pades_digester_init(
    struct pades_digester *digester, const size_t *gaps, size_t count);
void pades_digester_free(struct pades_digester *digester);

/* Digest one.  Memory stays small however large the file is. */
CHECKED enum fail pades_ranges_digest(struct pades_digester *digester,
    struct pdf_file *file, const struct pades_ranges *ranges,
    enum hash_kind kind, uint8_t out[static HASH_MAX]);

#endif
