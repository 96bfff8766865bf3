/*
 * ASiC-E with CAdES (EN 319 162-1 4.4): files and one signature over a manifest
 * that names them by their digests, in a ZIP.
 */
#ifndef DOCUMENT_ASIC_H
#define DOCUMENT_ASIC_H

#include "base/disk.h"
#include "crypto/hash.h"
#include "document/zip.h"

#define ASIC_SIGNATURE "META-INF/signature001.p7s"
#define ASIC_MANIFEST "META-INF/ASiCManifest001.xml"

struct asic_file {
	const char *name; /* in the container */
	const struct disk_map *map;
	uint8_t digest[HASH_MAX]; /* asic_look: SHA-256 … */
	uint32_t crc;             /* … and CRC-32 of the content */
};

/* Work out a file's digests, in one pass. */
CHECKED enum fail asic_look(struct asic_file *file);

/* The manifest of files that were looked at: what the signature signs.
 * FAIL_USAGE: a name that cannot stand in it. */
CHECKED enum fail
asic_manifest(const struct asic_file *files, size_t count, struct buf *out);

/* The container around files, manifest and signature; each is read a second
 * time. */
CHECKED enum fail asic_write(const struct asic_file *files, size_t count,
    struct bytes manifest, struct bytes signature, struct zip *zip);

/* A container anew, with other signatures: those of the entries (in the order
 * of its directory) for which there is one that is not empty. */
CHECKED enum fail asic_rewrite(const struct disk_map *container,
    const struct bytes *signatures, struct zip *zip);

#endif
