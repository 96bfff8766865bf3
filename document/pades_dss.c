#include "document/pades_dss.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/when.h"
#include "crypto/hash.h"

static const char *const list_names[DSS_KINDS] = { "Certs", "CRLs", "OCSPs" };
static const char *const vri_names[DSS_KINDS] = { "Cert", "CRL", "OCSP" };

void
dss_init(struct dss *d)
{
	*d = (struct dss){ .count = 0 };
	arena_init(&d->arena, DSS_BYTES_MAX + (1u << 20));
}

void
dss_free(struct dss *d)
{
	arena_free(&d->arena);
	free(d->items);
	d->items = NULL;
	d->count = 0;
}

/* Room for one more, and its bytes; NULL: it is there, or too much. */
static enum fail
take(
    struct dss *d, enum dss_kind kind, struct bytes der, struct dss_item **item)
{
	*item = NULL;
	for (size_t i = 0; i < d->count; i++)
		if (d->items[i].kind == kind &&
		    bytes_equal(d->items[i].der, der))
			return FAIL_NONE;
	if (d->count == DSS_ITEMS_MAX || der.len > DSS_BYTES_MAX - d->held)
		return FAIL_LIMIT;
	if (!d->items)
		d->items = malloc(DSS_ITEMS_MAX * sizeof(*d->items));
	if (!d->items)
		return FAIL_MEMORY;
	der = arena_copy(&d->arena, der);
	if (!der.data)
		return FAIL_MEMORY;
	d->held += der.len;
	*item = &d->items[d->count++];
	**item = (struct dss_item){ kind, der, { 0, 0 }, SIZE_MAX };
	return FAIL_NONE;
}

enum fail
dss_add(struct dss *d, enum dss_kind kind, struct bytes der)
{
	struct dss_item *item;

	return take(d, kind, der, &item);
}

static enum fail
read_item(struct dss *d, struct pdf_file *file, enum dss_kind kind,
    const struct pdf_value *value)
{
	struct pdf_object object;
	struct dss_item *item;
	struct buf der;
	enum fail f;

	if (++d->tried > DSS_ITEMS_MAX || d->read > 2 * (size_t)DSS_BYTES_MAX)
		return FAIL_LIMIT;
	if (value->type != PDF_REF ||
	    pdf_object_read(file, value->ref.num, &object) || !object.is_stream)
		return FAIL_NONE;
	buf_init(&der, DSS_BYTES_MAX);
	f = pdf_stream_decode(file, &object, &der);
	d->read += der.len + object.stream.len;
	if (f || !der.len) {
		buf_free(&der);
		return FAIL_NONE;
	}
	f = take(d, kind, buf_view(&der), &item);
	if (!f && item) {
		item->ref = object.id;
		item->at = object.stream.data ?
		    (size_t)(object.stream.data - file->in.data) +
			object.stream.len :
		    SIZE_MAX;
	}
	buf_free(&der);
	return f;
}

enum fail
dss_read(struct dss *d, struct pdf_file *file)
{
	const struct pdf_value *dss = pdf_get(file, pdf_catalog(file), "DSS");
	enum fail f = FAIL_NONE;

	for (size_t kind = 0; kind < DSS_KINDS && !f; kind++) {
		const struct pdf_value *list =
		    pdf_get(file, dss, list_names[kind]);

		if (list->type != PDF_ARRAY)
			continue;
		for (const struct pdf_value *v = list->first; v && !f;
		     v = v->next)
			f = read_item(d, file, (enum dss_kind)kind, v);
	}
	return f;
}

/* ---- writing ---- */

static void
put_refs(struct pdf_append *a, const struct dss *d, const struct pdf_ref *refs,
    enum dss_kind kind, const char *name)
{
	bool any = false;

	for (size_t i = 0; i < d->count; i++) {
		if (d->items[i].kind != kind)
			continue;
		if (any)
			buf_char(&a->out, ' ');
		else
			buf_printf(&a->out, "/%s[", name);
		any = true;
		pdf_append_ref(a, refs[i]);
	}
	if (any)
		buf_char(&a->out, ']');
}

#define KEY_LEN 40u /* SHA-1 in hexadecimal */

/* The names of signatures in /VRI (EN 319 142-1 5.4.2.3). */
struct vri_key {
	char hex[KEY_LEN + 1];
};

static struct vri_key *
make_keys(const struct bytes *contents, size_t count)
{
	struct vri_key *keys = calloc(count + 1, sizeof(*keys));

	for (size_t i = 0; i < count && keys; i++) {
		uint8_t digest[HASH_MAX];

		hash_bytes(HASH_SHA1, contents[i], digest);
		for (size_t k = 0; k < KEY_LEN / 2; k++)
			snprintf(keys[i].hex + 2 * k, 3, "%02X", digest[k]);
	}
	return keys;
}

/* One signature's entry, named by the SHA-1 of its /Contents. */
static void
put_vri(struct pdf_append *a, const struct dss *d, const struct pdf_ref *refs,
    const struct vri_key *key, const char *when)
{
	buf_printf(&a->out, "/%s<<", key->hex);
	for (size_t kind = 0; kind < DSS_KINDS; kind++)
		put_refs(a, d, refs, (enum dss_kind)kind, vri_names[kind]);
	buf_printf(&a->out, "/TU(%s)>>\n", when);
}

static bool
is_renewed(struct bytes key, const struct vri_key *keys, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (key.len == KEY_LEN &&
		    !strncasecmp((const char *)key.data, keys[i].hex, KEY_LEN))
			return true;
	return false;
}

static void
put_store(struct pdf_append *a, const struct dss *d, const struct pdf_ref *refs,
    const struct vri_key *keys, size_t count, int64_t time)
{
	const struct pdf_value *old =
	    pdf_get(a->file, pdf_catalog(a->file), "DSS");
	const struct pdf_value *vri = pdf_get(a->file, old, "VRI");
	char when[WHEN_TEXT_MAX];

	when_pdf_text(time, when);
	buf_text(&a->out, "<</Type/DSS");
	for (size_t kind = 0; kind < DSS_KINDS; kind++)
		put_refs(a, d, refs, (enum dss_kind)kind, list_names[kind]);
	buf_text(&a->out, "\n/VRI<<");
	if (vri->type == PDF_DICT)
		for (const struct pdf_value *v = vri->first; v; v = v->next) {
			if (is_renewed(v->key, keys, count))
				continue;
			buf_bytes(&a->out, v->raw_key);
			buf_char(&a->out, ' ');
			buf_bytes(&a->out, v->raw);
		}
	for (size_t i = 0; i < count; i++)
		put_vri(a, d, refs, &keys[i], when);
	buf_text(&a->out, ">>>>");
}

enum fail
dss_write(const struct dss *d, struct pdf_append *a,
    const struct bytes *contents, size_t count, int64_t time)
{
	static const char *const own[] = { "DSS" };
	struct pdf_ref *refs = calloc(d->count + 1, sizeof(*refs)), store;
	struct vri_key *keys = make_keys(contents, count);

	if (!refs || !keys) {
		free(refs);
		free(keys);
		return FAIL_MEMORY;
	}
	for (size_t i = 0; i < d->count; i++) {
		refs[i] = d->items[i].ref;
		if (refs[i].num)
			continue;
		refs[i] = pdf_append_new(a);
		pdf_append_stream(a, refs[i], "", d->items[i].der);
	}
	store = pdf_append_new(a);
	pdf_append_begin(a, store);
	put_store(a, d, refs, keys, count, time);
	pdf_append_end(a);
	pdf_append_begin(a, a->file->root);
	pdf_append_copy(a, pdf_catalog(a->file), own, 1);
	buf_printf(&a->out, "/DSS %u 0 R>>", store.num);
	pdf_append_end(a);
	free(refs);
	free(keys);
	return a->fail ? a->fail : buf_fail(&a->out);
}
