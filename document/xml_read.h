/*
 * A strict reader of the plain XML 1.0 that manifests are written in: elements,
 * attributes, text and the five entities.  No document types, so nothing is
 * fetched or expanded; what is not understood is an error, never skipped.
 */
#ifndef DOCUMENT_XML_READ_H
#define DOCUMENT_XML_READ_H

#include "base/buf.h"

#define XML_DEPTH_MAX 32u
#define XML_ATTRIBUTES_MAX 64u /* of one element */

enum xml_kind { XML_START, XML_END, XML_TEXT, XML_DONE };

struct xml_item {
	enum xml_kind kind;
	struct bytes name;       /* of a tag, without its prefix */
	struct bytes attributes; /* of XML_START: as they stand */
	struct bytes text; /* of XML_TEXT: as it stands, entities and all */
};

struct xml {
	struct bytes rest;
	struct bytes open[XML_DEPTH_MAX]; /* names as they stand */
	size_t depth;
	bool closing; /* an empty element's end is due */
	bool had_root;
};

struct xml xml_open(struct bytes in);

/* The next item.  FAIL_FORMAT: it is not well formed, or not plain; FAIL_LIMIT:
 * nested too deep, too many attributes. */
CHECKED enum fail xml_next(struct xml *xml, struct xml_item *item);

/* The next of an element's attributes, stepped over: its name as it stands and
 * its value, entities and all.  FAIL_MISSING at the end; FAIL_FORMAT. */
CHECKED enum fail xml_next_attribute(
    struct bytes *attributes, struct bytes *name, struct bytes *value);

/* Append the value of an attribute (its name without prefix).  FAIL_MISSING;
 * FAIL_FORMAT. */
CHECKED enum fail
xml_attribute(const struct xml_item *item, const char *name, struct buf *out);

/* Append text with its entities resolved. */
CHECKED enum fail xml_put_text(struct bytes text, struct buf *out);

#endif
