#include "document/asic_check.h"

#include <psa/crypto.h>

#include "base/text.h"
#include "document/unzip.h"
#include "document/zip.h"
#include "document/xml_read.h"
#include "tests/fuzz/fuzz_report.h"

#define FUZZ_SIZE_MAX 65536u
#define CONTENT_MAX (1u << 20)
#define COMPOSED 1        /* first byte of an input that compose takes … */
#define COMPOSED_RECORD 2 /* … with an evidence record in it */
#define NOW INT64_C(1795392000) /* 2026-11-23 */

/* An item is part of what was read, and the depth is what was opened. */
static void
read_xml(struct bytes in)
{
	struct xml x = xml_open(in);
	struct xml_item item;
	size_t depth = 0;

	while (!xml_next(&x, &item) && item.kind != XML_DONE) {
		depth += item.kind == XML_START;
		depth -= item.kind == XML_END;
		fuzz_must(depth <= XML_DEPTH_MAX);
		fuzz_must(item.name.len + item.text.len <= in.len);
	}
}

static void
read_zip(struct bytes in)
{
	struct unzip zip;

	if (unzip_open(&zip, in))
		return;
	for (size_t i = 0; i < zip.count; i++) {
		const struct unzip_entry *e = &zip.entries[i];
		struct buf out;

		fuzz_must(unzip_find(&zip, e->name) == e);
		buf_init(&out, CONTENT_MAX);
		if (!unzip_read(e, &out)) {
			fuzz_must(out.len == e->size);
			read_xml(buf_view(&out));
		}
		buf_free(&out);
	}
	unzip_close(&zip);
}

static void
check(struct bytes in, bool assume)
{
	struct check_policy policy = { .trust = { .now = NOW },
		.assume_trusted = assume };
	struct signature_report report;

	if (asic_check(in, &policy, &report))
		return;
	for (size_t i = 0; i < report.count; i++) {
		const struct findings *r = &report.results[i];

		fuzz_must(r->verdict != VERDICT_VALID ||
		    (assume && !r->cms && !r->digest && !r->value &&
			r->has_signer && !(r->warnings & WARN_UNCOVERED)));
	}
	if (in.len % FUZZ_REPORT_EACH == 0)
		fuzz_report(&report);
	signature_report_free(&report);
}

/* A file, a manifest and a signature or a record in a container: their
 * checksums would keep most inputs out. */
static void
compose(struct bytes in, bool record, struct buf *out)
{
	struct cursor c = cursor_of(in);
	uint16_t file_len = cursor_u16(&c), manifest_len = cursor_u16(&c);
	struct bytes file = cursor_bytes(&c, file_len);
	struct bytes manifest = cursor_bytes(&c, manifest_len);
	struct buf made;
	struct zip zip;

	buf_init(&made, 4 * FUZZ_SIZE_MAX);
	zip_init(&zip, zip_put_buf, &made);
	if (!c.failed && !zip_add(&zip, "a b", file) &&
	    !zip_add(&zip, "META-INF/ASiCManifest.xml", manifest) &&
	    !zip_add(&zip,
		record ? "META-INF/evidencerecord.ers" :
			 "META-INF/signature.p7s",
		bytes_part(in, c.at, SIZE_MAX)) &&
	    !zip_finish(&zip))
		buf_bytes(out, buf_view(&made));
	zip_free(&zip);
	buf_free(&made);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool started;
	struct bytes in = { data, size };
	struct buf made;

	if (size > FUZZ_SIZE_MAX)
		return 0;
	if (!started)
		started = psa_crypto_init() == PSA_SUCCESS;
	read_xml(in);
	buf_init(&made, 4 * FUZZ_SIZE_MAX);
	if (size && (data[0] == COMPOSED || data[0] == COMPOSED_RECORD)) {
		compose(bytes_part(in, 1, SIZE_MAX), data[0] == COMPOSED_RECORD,
		    &made);
		in = buf_view(&made);
	}
	read_zip(in);
	check(in, true);
	check(in, false);
	buf_free(&made);
	return 0;
}
