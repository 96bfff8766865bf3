/*
 * What the signatures of an ASiC container sign (EN 319 162-1 4.3, 4.4): a
 * manifest that names the signature, and files by their digests; or the one
 * file there is.
 */
#ifndef DOCUMENT_ASIC_SIGNED_H
#define DOCUMENT_ASIC_SIGNED_H

#include "crypto/hash.h"
#include "document/asic_meta.h"
#include "document/unzip.h"

#define ASIC_CONTENT_MAX (1u << 30) /* bytes of all files, unpacked */

/* Digests of an entry's content, each worked out once for all that sign it. */
struct asic_known {
	bool has[HASH_KINDS];
	uint8_t digest[HASH_KINDS][HASH_MAX];
};

struct asic_signed {
	struct unzip zip;
	bool *covered; /* owned: of each entry, by the manifest at hand … */
	const struct unzip_entry *manifest; /* … which is signed itself */
	bool *about;              /* owned: is each entry about the others? */
	struct asic_known *known; /* owned: of each entry */
	uint64_t left;            /* bytes that may still be unpacked … */
	uint64_t read_left;       /* … and that manifests may be read of */
};

/* Borrow container.  As unzip_open. */
CHECKED enum fail
asic_signed_open(struct asic_signed *a, struct bytes container);
void asic_signed_close(struct asic_signed *a);

/* A CMS or a time-stamp that signs others; an evidence record. */
bool asic_is_signature(const struct unzip_entry *entry);
bool asic_is_stamp(const struct unzip_entry *entry);
bool asic_is_record(const struct unzip_entry *entry);

/* Something by which signatures themselves may be covered: a record, a
 * time-stamp, a manifest for the archive (A.7).  They cannot be changed then.
 */
bool asic_covers_signatures(const struct unzip_entry *entry);

/* One of the files that are to be signed: it is not about the others. */
bool
asic_is_content(const struct asic_signed *a, const struct unzip_entry *entry);

/* FAIL_LIMIT: of all that is unpacked there is a budget. */
CHECKED enum fail
asic_signed_digest(struct asic_signed *a, const struct unzip_entry *entry,
    enum hash_kind kind, const uint8_t **digest);

/*
 * What the signature of that name signs: the manifest, or the one file.  It is
 * unpacked into content where it has to be, and files that it names are marked
 * as covered.  FAIL_DIGEST: a file is another; FAIL_MISSING: nothing is signed
 * by it.
 */
CHECKED enum fail
asic_signed_find(struct asic_signed *a, struct bytes signature,
    struct buf *content, struct bytes *view, bool *by_manifest);

/* Are all files covered? */
bool asic_signed_all(const struct asic_signed *a);

#endif
