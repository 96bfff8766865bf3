#include "crypto/pem.h"

#include <stdio.h>

#include <mbedtls/base64.h>

#define LABEL_MAX 64u

enum fail
pem_next(struct bytes *text, const char *label, struct buf *der)
{
	char begin[LABEL_MAX], end[LABEL_MAX];
	size_t at, stop, len = 0, had = der->len;
	struct bytes body;

	snprintf(begin, sizeof(begin), "-----BEGIN %s-----", label);
	snprintf(end, sizeof(end), "-----END %s-----", label);
	at = bytes_find(*text, begin);
	if (at == SIZE_MAX)
		return FAIL_MISSING;
	body = bytes_part(*text, at + strlen(begin), SIZE_MAX);
	stop = bytes_find(body, end);
	if (stop == SIZE_MAX)
		return FAIL_FORMAT;
	/* Never longer than its letters. */
	if (!buf_grow(der, stop))
		return buf_fail(der);
	if (mbedtls_base64_decode(der->data + had, stop, &len, body.data, stop))
		return FAIL_FORMAT;
	der->len = had + len;
	*text = bytes_part(body, stop, SIZE_MAX);
	return FAIL_NONE;
}

/* One block of this label from the first byte to the last. */
static enum fail
only_block(struct bytes text, const char *label, struct buf *der)
{
	static const char blank[] = { ' ', '\t', '\r', '\n' };
	char begin[LABEL_MAX], end[LABEL_MAX];
	enum fail f;

	snprintf(begin, sizeof(begin), "-----BEGIN %s-----", label);
	snprintf(end, sizeof(end), "-----END %s-----", label);
	if (!bytes_starts(text, begin))
		return FAIL_MISSING;
	f = pem_next(&text, label, der);
	if (f)
		return f;
	text = bytes_part(text, strlen(end), SIZE_MAX);
	for (size_t i = 0; i < text.len; i++)
		if (!memchr(blank, text.data[i], sizeof(blank)))
			return FAIL_FORMAT;
	return FAIL_NONE;
}

enum fail
pem_cms(struct bytes file, struct buf *der, struct bytes *cms)
{
	static const char *const labels[] = { "CMS", "PKCS7" };

	*cms = file;
	for (size_t i = 0; i < 2; i++) {
		enum fail f = only_block(file, labels[i], der);

		if (!f)
			*cms = buf_view(der);
		else
			buf_clear(der);
		if (!f || f == FAIL_LIMIT || f == FAIL_MEMORY)
			return f;
	}
	return FAIL_NONE;
}

void
pem_base64(struct bytes in, struct buf *out)
{
	size_t room = (in.len + 2) / 3 * 4 + 1, had = out->len, len = 0;

	if (!buf_grow(out, room))
		return;
	/* The room is right: it cannot fail. */
	(void)!mbedtls_base64_encode(
	    out->data + had, room, &len, in.data, in.len);
	out->len = had + len;
}

enum fail
pem_unbase64(struct bytes text, struct buf *out)
{
	size_t had = out->len, len = 0;

	if (!buf_grow(out, text.len + 1))
		return buf_fail(out);
	if (mbedtls_base64_decode(
		out->data + had, text.len + 1, &len, text.data, text.len)) {
		out->len = had;
		return FAIL_FORMAT;
	}
	out->len = had + len;
	return FAIL_NONE;
}
