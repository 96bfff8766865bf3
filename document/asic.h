/*
 * ASiC-E with CAdES (EN 319 162-1 4.4): files and one signature over a manifest
 * that names them by their digests, in a ZIP.
 */
#ifndef DOCUMENT_ASIC_H
#define DOCUMENT_ASIC_H

#include "document/zip.h"

#define ASIC_SIGNATURE "META-INF/signature001.p7s"
#define ASIC_MANIFEST "META-INF/ASiCManifest001.xml"

struct asic_file {
	const char *name; /* in the container */
	struct bytes content;
};

/* The manifest: what the signature signs.  FAIL_USAGE: a name that cannot stand
 * in it. */
CHECKED enum fail
asic_manifest(const struct asic_file *files, size_t count, struct buf *out);

/* The container around files, manifest and signature. */
CHECKED enum fail asic_write(const struct asic_file *files, size_t count,
    struct bytes manifest, struct bytes signature, struct zip *zip);

#endif
