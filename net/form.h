/*
 * What browsers send with a form: application/x-www-form-urlencoded and
 * multipart/form-data (RFC 7578).  Views into the body; decoded values go to
 * the caller's buffer.
 */
#ifndef NET_FORM_H
#define NET_FORM_H

#include "base/buf.h"

#define FORM_PARTS_MAX 32u

/* The n-th (from 0) value of name in an urlencoded body, decoded to out.
 * FAIL_MISSING; FAIL_FORMAT: a broken percent escape or a zero byte. */
CHECKED enum fail
form_get(struct bytes body, const char *name, size_t n, struct buf *out);

struct form_part {
	struct bytes name;
	bool is_file;         /* it had a file name */
	struct bytes content; /* view into the body */
};

/* Split a multipart body; content_type is the request's header. */
CHECKED enum fail form_parts(struct bytes content_type, struct bytes body,
    struct form_part parts[static FORM_PARTS_MAX], size_t *count);

/* The part of that name, or NULL. */
const struct form_part *
form_part(const struct form_part *parts, size_t count, const char *name);

/* The value of a cookie by name in a Cookie header; empty when absent. */
struct bytes form_cookie(struct bytes header, const char *name);

#endif
