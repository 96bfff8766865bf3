/*
 * Entries of a container that are about the others (EN 319 162-1 4.3.3, 4.4.3
 * and Annex A, OpenDocument 1.3 part 2): signatures, time-stamps, records, and
 * manifests that are some.  Anything else is a file like any, whatever it is
 * called: who unpacks the container reads it.
 */
#ifndef DOCUMENT_ASIC_META_H
#define DOCUMENT_ASIC_META_H

#include "document/unzip.h"
#include "document/xml_read.h"

#define ASIC_META "META-INF/"
#define ASIC_MANIFEST_MAX (4u << 20) /* bytes of one */

/* Is an entry about the others?  *left: bytes of manifests that may still be
 * read for it. */
bool asic_meta_is(
    const struct unzip *zip, const struct unzip_entry *entry, uint64_t *left);

/* Append the name of an entry that an attribute holds as a relative reference.
 * FAIL_MISSING: there is no such attribute; FAIL_FORMAT. */
CHECKED enum fail asic_meta_name(
    const struct xml_item *item, const char *attribute, struct buf *out);

#endif
