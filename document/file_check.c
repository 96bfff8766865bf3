#include "document/file_check.h"

#include <stdlib.h>

#include "base/effort.h"
#include "crypto/der_read.h"
#include "crypto/pem.h"
#include "document/asic_check.h"
#include "document/cades_check.h"
#include "document/ers_check.h"
#include "document/pades_check.h"
#include "document/second_face.h"
#include "document/unzip.h"
#include "document/xml_check.h"

#define HEAD_MAX 32u
#define MAIL_HEAD 65536u

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
	pdf_file_back(&pdf, file->map);
	f = pades_check(&pdf, policy, report);
	*note = pdf.note;
	pdf_file_close(&pdf);
	return f;
}

/* ---- what could be taken for a PDF, too ---- */

#define PARTS_MAX 65536u /* pieces of a streamed CMS of 64 MB */

static int
by_place(const void *a, const void *b)
{
	const struct bytes *x = a, *y = b;

	return x->data < y->data ? -1 : x->data > y->data;
}

/* What of a picture cannot be packed stands there in clear, and objects of a
 * PDF between.  Bytes unpacked to see, of all files. */
#define PACKED_MAX (32u << 20)
#define STORED_MAX 65536u

static bool
note_stored(void *context, const struct deflate_stored *stored)
{
	struct second_face_clear *clear = context;

	if (stored->len && clear->count < STORED_MAX)
		clear->list[clear->count++] = *stored;
	return clear->count < STORED_MAX;
}

static enum second_face
packed_face(const struct unzip_entry *e, size_t *left)
{
	struct second_face_clear clear = { NULL, 0 };
	enum second_face face = FACE_OTHER;
	struct buf content;

	if (e->size > *left)
		return FACE_OTHER;
	*left -= e->size;
	clear.list = malloc(STORED_MAX * sizeof(*clear.list));
	buf_init(&content, PACKED_MAX);
	if (clear.list && !unzip_read(e, &content) &&
	    !deflate_each_stored(e->data, note_stored, &clear))
		face = second_face_of(e->data, buf_view(&content), &clear);
	buf_free(&content);
	free(clear.list);
	return face;
}

static enum second_face
face_of(const struct unzip_entry *e, size_t *left)
{
	if (e->packed)
		return packed_face(e, left);
	if (!second_face_is_itself(e->data))
		return FACE_OTHER;
	/* Objects in what is no PDF are a part of one. */
	return second_face_is_headed(e->data) ? FACE_WHOLE : FACE_PART;
}

/* Files of a container as they are signed.  What is a part of a PDF is so only
 * where nothing else is of one. */
static size_t
find_files(struct bytes in, struct bytes *parts)
{
	size_t count = 0, leading = 0, left = PACKED_MAX;
	bool in_part = false;
	struct unzip zip;

	if (unzip_open(&zip, in))
		return 0;
	for (size_t i = 0; i < zip.count && count < PARTS_MAX; i++) {
		const struct unzip_entry *e = &zip.entries[i];
		bool leads = second_face_leads(e->data);
		enum second_face face = FACE_WHOLE;

		if (!e->data.len || bytes_starts(e->name, "META-INF/"))
			continue;
		if (leads)
			face = face_of(e, &left);
		leading += leads;
		in_part = in_part || face == FACE_PART;
		if (face != FACE_OTHER)
			parts[count++] = e->data;
	}
	unzip_close(&zip);
	if (in_part && leading > 1)
		count = 0;
	qsort(parts, count, sizeof(*parts), by_place);
	return count;
}

/* What an item of BER holds that has a tag, with only such of one tag before
 * it. */
static bool
step_into(struct bytes *at, size_t skip, uint8_t tag)
{
	struct ber_item item;

	for (size_t i = 0; i <= skip; i++)
		if (ber_any(at, &item))
			return false;
	*at = item.value;
	return item.tag == tag;
}

/* Sizes of pieces as writers make them: OpenSSL, Bouncy Castle.  Who chooses
 * another one chooses what stands in the middle of a line. */
static bool
is_piece(size_t len)
{
	return len == 1000 ||
	    (len >= 1024 && len <= 65536 && !(len & (len - 1)));
}

/* The content that a CMS in BER carries in pieces. */
static size_t
find_pieces(struct bytes in, struct bytes *parts)
{
	struct bytes at = in;
	struct ber_item piece;
	size_t count = 0;

	if (!step_into(&at, 0, DER_SEQUENCE) ||
	    !step_into(&at, 1, DER_CONTEXT_MADE(0)) ||
	    !step_into(&at, 0, DER_SEQUENCE) ||
	    !step_into(&at, 2, DER_SEQUENCE) ||
	    !step_into(&at, 1, DER_CONTEXT_MADE(0)) ||
	    !step_into(&at, 0, DER_OCTET_STRING | DER_MADE))
		return 0;
	while (at.len && count < PARTS_MAX && !ber_any(&at, &piece)) {
		if (piece.tag != DER_OCTET_STRING ||
		    (count &&
			(parts[count - 1].len != parts[0].len ||
			    piece.value.len > parts[0].len)) ||
		    (at.len && !is_piece(piece.value.len)))
			return 0;
		parts[count++] = piece.value;
	}
	return count;
}

/* In one piece, or put together. */
static bool
is_itself(const struct bytes *parts, size_t count)
{
	struct buf whole;
	bool good;

	if (count < 2)
		return !count || second_face_is_itself(parts[0]);
	buf_init(&whole, PACKED_MAX);
	for (size_t i = 0; i < count; i++)
		buf_bytes(&whole, parts[i]);
	good = !buf_fail(&whole) && second_face_is_itself(buf_view(&whole));
	buf_free(&whole);
	return good;
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
	if (!count)
		count = find_pieces(in, parts);
	return is_itself(parts, count) ? count : 0;
}

/* Who opens it by its name may see something else than was signed. */
static enum fail
look_for_others(
    struct bytes in, bool container, struct signature_report *report)
{
	struct bytes *parts = malloc(PARTS_MAX * sizeof(*parts));
	size_t count;
	bool found;

	if (!parts)
		return FAIL_MEMORY;
	count = container ? find_files(in, parts) : find_content(in, parts);
	found = second_face_is_pdf(in, parts, count) ||
	    (!container && second_face_is_archive(in, parts, count));
	free(parts);
	for (size_t i = 0; i < report->count && found; i++) {
		struct findings *r = &report->results[i];

		r->warnings |= WARN_SECOND_FACE;
		r->verdict = findings_judge(r);
	}
	signature_report_judge(report);
	return FAIL_NONE;
}

enum fail
file_check_face(struct bytes cms, struct signature_report *report)
{
	return report->count ? look_for_others(cms, false, report) : FAIL_NONE;
}

static enum fail
check_by_kind(struct bytes in, const struct checked_file *file,
    const struct check_policy *policy, struct signature_report *report,
    struct note *note)
{
	bool container = asic_is(in);
	enum fail f;

	if (file->content && (container || !is_cms(in)))
		return FAIL_USAGE;
	if (container || is_cms(in)) {
		f = container ? asic_check(in, policy, report) :
				cades_check(in, file->content, policy, report);
		return f || !report->count ?
		    f :
		    look_for_others(in, container, report);
	}
	if (xml_is_signed(in))
		return xml_check(in, report);
	return check_pdf(file, policy, report, note);
}

static enum fail
check_signatures(const struct checked_file *file,
    const struct check_policy *policy, struct signature_report *report,
    struct note *note)
{
	struct bytes in;
	struct buf der;
	enum fail f;

	buf_init(&der, CMS_FILE_MAX);
	f = pem_cms(file->map->bytes, &der, &in);
	if (!f)
		f = check_by_kind(in, file, policy, report, note);
	buf_free(&der);
	return f;
}

/* A record may be of any file, also of one that is not read here. */
static bool
is_unread(enum fail f)
{
	return f == FAIL_NOT_PDF || f == FAIL_FORMAT || f == FAIL_UNSUPPORTED ||
	    f == FAIL_LIMIT || f == FAIL_ENCRYPTED;
}

/* Files that are signed in ways which are not read here: mail, texts, documents
 * of offices. */
static bool
may_be_signed(struct bytes in)
{
	static const char *const heads[] = { "-----BEGIN CMS",
		"-----BEGIN PKCS7", "-----BEGIN PGP", "multipart/signed",
		"pkcs7-mime" };
	static const char *const names[] = { "_xmlsignatures/",
		"META-INF/documentsignatures.xml" };
	struct bytes head = bytes_part(in, 0, MAIL_HEAD);
	bool found = second_face_is_headed(in);

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		found = found || bytes_find(head, heads[i]) != SIZE_MAX;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		found = found || bytes_find(in, names[i]) != SIZE_MAX;
	return found;
}

/* What is known to be no signed file has no signature; of another nobody knows.
 */
static enum fail
add_unread(enum fail why, struct bytes in, struct signature_report *report)
{
	struct findings *row;

	*report = (struct signature_report){ .verdict = VERDICT_NONE };
	if (why == FAIL_NOT_PDF && !may_be_signed(in))
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
	bool own;
	enum fail f;

	*report = (struct signature_report){ .verdict = VERDICT_NONE };
	own = effort_begin(file->map->bytes.len +
	    (file->content ? file->content->bytes.len : 0));
	f = (file->record ? check_with_record : check_signatures)(
	    file, policy, report, note);
	effort_end(own);
	return f;
}
