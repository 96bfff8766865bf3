/*
 * A strict reader of DER (X.690).
 *
 * Items are read one after another from a stretch of memory; each gives its
 * tag, its content and its whole encoding.  Only definite, minimal lengths and
 * one-byte tags pass: everything X.509, CMS and TSP use.  Nothing recurses;
 * callers open a constructed item by making a new reader of its content.
 */
#ifndef CRYPTO_DER_READ_H
#define CRYPTO_DER_READ_H

#include "base/bytes.h"
#include "base/fail.h"

enum der_tag {
	DER_BOOLEAN = 0x01,
	DER_INTEGER = 0x02,
	DER_BIT_STRING = 0x03,
	DER_OCTET_STRING = 0x04,
	DER_NULL = 0x05,
	DER_OID = 0x06,
	DER_ENUMERATED = 0x0A,
	DER_UTF8 = 0x0C,
	DER_NUMERIC = 0x12,
	DER_PRINTABLE = 0x13,
	DER_T61 = 0x14,
	DER_IA5 = 0x16,
	DER_UTC_TIME = 0x17,
	DER_GENERAL_TIME = 0x18,
	DER_VISIBLE = 0x1A,
	DER_GENERAL = 0x1B,
	DER_UNIVERSAL = 0x1C,
	DER_BMP = 0x1E,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
};

/* Context-specific tags: [n] primitive and [n] constructed. */
#define DER_MADE 0x20 /* of other items */
#define DER_CONTEXT(n) (0x80 | (n))
#define DER_CONTEXT_MADE(n) (0xA0 | (n))

struct der_item {
	uint8_t tag;
	struct bytes value; /* the content octets */
	struct bytes whole; /* tag, length and content */
};

struct der {
	struct bytes rest;
};

struct der der_open(struct bytes in);
bool der_end(const struct der *d);

/* The tag of the next item, or -1 at the end. */
int der_peek(const struct der *d);

/* The next item, whatever it is. */
CHECKED enum fail der_any(struct der *d, struct der_item *item);

/* The next item, which must have this tag. */
CHECKED enum fail der_take(struct der *d, int tag, struct der_item *item);

/* The next item if it has this tag; item->whole.len is 0 when it has not. */
CHECKED enum fail der_optional(struct der *d, int tag, struct der_item *item);

/* Take an item with this tag and open its content. */
CHECKED enum fail der_into(struct der *d, int tag, struct der *inside);

/* Exactly one item with this tag in all of in. */
CHECKED enum fail der_whole(struct bytes in, int tag, struct der_item *item);

CHECKED enum fail der_bool(struct der *d, bool *value);

/* A non-negative integer up to 2^31 - 1. */
CHECKED enum fail der_int(struct der *d, int *value);

/* The same from content octets under a tag of their own. */
CHECKED enum fail der_int_content(struct bytes content, int *value);

/* UTCTime or GeneralizedTime ending in Z, as RFC 5280 4.1.2.5 writes them
 * (fractions of a second are allowed, as RFC 3161 uses, and dropped). */
CHECKED enum fail der_time(struct der *d, int64_t *instant);

/* A BIT STRING with no unused bits: its octets. */
CHECKED enum fail der_bits(struct der *d, struct bytes *octets);

/* An item of BER, whose length may be indefinite. */
struct ber_item {
	uint8_t tag;
	bool open;          /* indefinite */
	struct bytes value; /* without the mark at an open one's end */
	struct bytes whole; /* with it */
};

/* Take the item at the front of rest. */
CHECKED enum fail ber_any(struct bytes *rest, struct ber_item *item);

/*
 * Rewrite one BER item at the front of in, with indefinite lengths or
 * constructed octet strings, in definite form; *used is how much of in it took.
 * Content that is already definite is copied as it is.  Depth and size (by the
 * ceiling of out) are bounded.
 */
struct buf;
CHECKED enum fail der_from_ber(struct bytes in, struct buf *out, size_t *used);

#endif
