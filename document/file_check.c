#include "document/file_check.h"

#include <stdlib.h>

#include "crypto/der_read.h"
#include "document/asic_check.h"
#include "document/cades_check.h"
#include "document/ers_check.h"
#include "document/pades_check.h"
#include "document/second_face.h"
#include "document/unzip.h"
#include "document/xml_check.h"

#define HEAD_MAX 32u
#define HEADER_WINDOW 1024u /* where readers look for a PDF's header */

static bool
is_cms(struct bytes in)
{
	struct bytes oid = oid_content(OID_CMS_SIGNED_DATA);
	struct bytes head = bytes_part(in, 0, HEAD_MAX);

	return head.len && head.data[0] == DER_SEQUENCE &&
	    memmem(head.data, head.len, oid.data, oid.len) != NULL;
}

static enum fail
check_pdf(const struct checked_file *file, const struct check_policy *policy,
    struct signature_report *report, struct note *note)
{
	struct pdf_file pdf;
	enum fail f =
	    pdf_file_open_with(&pdf, file->map->bytes, file->password);

	*note = pdf.note;
	if (f)
		return f;
	if (file->map->bytes.len > DISK_SMALL && !file->map->from)
		pdf.fd = file->map->fd;
	f = pades_check(&pdf, policy, report);
	*note = pdf.note;
	pdf_file_close(&pdf);
	return f;
}

/* ---- what could be taken for a PDF, too ---- */

#define PARTS_MAX 1024u

static int
by_place(const void *a, const void *b)
{
	const struct bytes *x = a, *y = b;

	return x->data < y->data ? -1 : x->data > y->data;
}

/* Files of a container as they are signed: those that are not packed. */
static size_t
find_files(struct bytes in, struct bytes *parts)
{
	struct unzip zip;
	size_t count = 0;

	if (unzip_open(&zip, in))
		return 0;
	for (size_t i = 0; i < zip.count && count < PARTS_MAX; i++)
		if (!zip.entries[i].packed && zip.entries[i].data.len &&
		    !bytes_starts(zip.entries[i].name, "META-INF/"))
			parts[count++] = zip.entries[i].data;
	unzip_close(&zip);
	qsort(parts, count, sizeof(*parts), by_place);
	return count;
}

/* The content that a CMS carries, if it stands there in one piece. */
static size_t
find_content(struct bytes in, struct bytes *parts)
{
	struct cms *cms = malloc(sizeof(*cms));
	size_t count = 0;

	if (cms && !cms_read_nth(in, 0, cms, NULL) && cms->has_content &&
	    cms->content.data >= in.data &&
	    cms->content.data < in.data + in.len)
		parts[count++] = cms->content;
	free(cms);
	return count;
}

/* Who opens it by its name may see something else than was signed. */
static enum fail
look_for_pdf(struct bytes in, bool container, struct signature_report *report)
{
	struct bytes *parts = malloc(PARTS_MAX * sizeof(*parts));
	size_t count;
	bool found;

	if (!parts)
		return FAIL_MEMORY;
	count = container ? find_files(in, parts) : find_content(in, parts);
	found = second_face_is_pdf(in, parts, count);
	free(parts);
	for (size_t i = 0; i < report->count && found; i++) {
		struct findings *r = &report->results[i];

		r->warnings |= WARN_SECOND_FACE;
		r->verdict = findings_judge(r);
	}
	signature_report_judge(report);
	return FAIL_NONE;
}

static enum fail
check_signatures(const struct checked_file *file,
    const struct check_policy *policy, struct signature_report *report,
    struct note *note)
{
	struct bytes in = file->map->bytes;
	bool container = asic_is(in);
	enum fail f;

	if (file->content && (asic_is(in) || !is_cms(in)))
		return FAIL_USAGE;
	if (container || is_cms(in)) {
		f = container ? asic_check(in, policy, report) :
				cades_check(in, file->content, policy, report);
		return f || !report->count ?
		    f :
		    look_for_pdf(in, container, report);
	}
	if (xml_is_signed(in))
		return xml_check(in, report);
	return check_pdf(file, policy, report, note);
}

/* A record may be of any file, also of one that is not read here. */
static bool
is_unread(enum fail f)
{
	return f == FAIL_NOT_PDF || f == FAIL_FORMAT || f == FAIL_UNSUPPORTED ||
	    f == FAIL_LIMIT || f == FAIL_ENCRYPTED;
}

/* What is known to be no signed file has no signature; of another nobody knows.
 */
static enum fail
add_unread(enum fail why, struct bytes in, struct signature_report *report)
{
	struct findings *row;

	*report = (struct signature_report){ .verdict = VERDICT_NONE };
	if (why == FAIL_NOT_PDF &&
	    bytes_find(bytes_part(in, 0, HEADER_WINDOW), "%PDF-") == SIZE_MAX)
		return FAIL_NONE;
	row = calloc(1, sizeof(*row));
	if (!row)
		return FAIL_MEMORY;
	*row = (struct findings){ .chain = FAIL_CHAIN,
		.revocation = FAIL_MISSING,
		.cms = FAIL_UNSUPPORTED };
	note_write(&row->note, why,
	    "the file's signatures could not be read: %s", fail_text(why));
	row->verdict = findings_judge(row);
	report->results = row;
	report->count = 1;
	return FAIL_NONE;
}

/* The record comes first, as it says when the signatures were there. */
static enum fail
check_with_record(const struct checked_file *file,
    const struct check_policy *policy, struct signature_report *report,
    struct note *note)
{
	struct signature_report rows = { .verdict = VERDICT_NONE };
	struct check_policy own = *policy;
	int64_t proven = trust_known(&policy->trust);
	enum fail f = ers_check_file(*file->record, BYTES_TEXT("RFC 4998"),
	    file->map, policy, &rows, &proven);

	own.trust.proven = proven;
	if (!f)
		f = check_signatures(file, &own, report, note);
	if (is_unread(f))
		f = add_unread(f, file->map->bytes, report);
	if (!f)
		f = signature_report_take(report, &rows);
	if (f)
		signature_report_free(report);
	signature_report_free(&rows);
	return f;
}

enum fail
file_check(const struct checked_file *file, const struct check_policy *policy,
    struct signature_report *report, struct note *note)
{
	*report = (struct signature_report){ .verdict = VERDICT_NONE };
	return file->record ? check_with_record(file, policy, report, note) :
			      check_signatures(file, policy, report, note);
}
