#include "host-tools/antin.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/disk.h"
#include "base/text.h"
#include "base/when.h"
#include "crypto/cert_file.h"
#include "crypto/evidence_record.h"
#include "crypto/name.h"
#include "crypto/signing_cert.h"
#include "document/file_check.h"
#include "document/mark.h"
#include "document/pades_check.h"
#include "document/seal_code.h"
#include "host-tools/check_options.h"
#include "host-tools/collect.h"
#include "host-tools/roots.h"

struct wish {
	struct check_options check;
	const char *password, *qr, *cert, *record, *content;
	const struct seal_code *code; /* the file must follow it, or NULL … */
	const uint8_t *sealer; /* … by a signature with this certificate */
};

enum { OPT_PASSWORD = 256, OPT_QR, OPT_RECORD, OPT_CERT, OPT_CONTENT };

static const struct option options[] = {
	CHECK_OPTION_ROWS,
	{ "password", required_argument, NULL, OPT_PASSWORD },
	{ "qr", required_argument, NULL, OPT_QR },
	{ "record", required_argument, NULL, OPT_RECORD },
	{ "cert", required_argument, NULL, OPT_CERT },
	{ "content", required_argument, NULL, OPT_CONTENT },
	{ 0 },
};

/* A signature behind the code by whoever signed that. */
static bool
is_sealers(const struct wish *w, const struct findings *r)
{
	return r->signed_end > w->code->length && r->verdict == VERDICT_VALID &&
	    r->has_signer && !memcmp(r->signer_hash, w->sealer, HASH_LEN);
}

static enum fail
open_part(const struct wish *w, struct pdf_file *pdf, uint64_t len,
    struct pdf_file *part)
{
	return pdf_file_open_with(part, bytes_part(pdf->in, 0, (size_t)len),
	    w->password ? BYTES_TEXT(w->password) : (struct bytes){ NULL, 0 });
}

/* Does the file say the code's number and day as its sealer signed it?  What
 * others say behind that is their word. */
static bool
says_code(const struct wish *w, struct pdf_file *pdf,
    const struct signature_report *report)
{
	bool said = false;

	for (size_t i = 0; i < report->count && !said; i++) {
		struct pdf_file part;

		if (!is_sealers(w, &report->results[i]) ||
		    open_part(w, pdf, report->results[i].signed_end, &part))
			continue;
		said = mark_head_says(&part, w->code->number, w->code->day);
		pdf_file_close(&part);
	}
	return said;
}

/*
 * Is the file what the code was made for, and no more than sealed since?  The
 * code tells of the bytes before the seal only: whoever had them, and the
 * agency itself by mistake, could put something else behind them.
 */
static enum fail
follows_code(const struct wish *w, struct pdf_file *pdf,
    const struct signature_report *report, struct note *note)
{
	bool found = false, drafted = true;
	enum pdf_changes changes;
	struct pdf_file before;

	for (size_t i = 0; i < report->count; i++) {
		const struct findings *r = &report->results[i];

		drafted = drafted && r->signed_end > w->code->length;
		found = found || is_sealers(w, r);
	}
	if (!found)
		return note_set(note, FAIL_SIGNATURE,
		    "no valid signature behind the code is its signer's");
	if (open_part(w, pdf, w->code->length, &before))
		return note_set(note, FAIL_DIGEST, "%s", before.note.text);
	changes = pdf_changes_judge(
	    &before, pdf, drafted ? STAGE_DRAFT : STAGE_SIGNED, NULL, note);
	pdf_file_close(&before);
	if (changes > CHANGES_FORM)
		return FAIL_DIGEST;
	/* The same draft may have been issued under another number, too. */
	return says_code(w, pdf, report) ?
	    FAIL_NONE :
	    note_set(note, FAIL_MISSING,
		"the file does not say the code's number and day");
}

/* The report of a PDF that is to follow a code, and whether it does. */
static enum fail
check_coded(const struct disk_map *map, const struct wish *wish,
    const struct check_policy *policy, struct signature_report *report,
    enum fail *follows, struct note *note)
{
	struct pdf_file pdf;
	enum fail f = pdf_file_open_with(&pdf, map->bytes,
	    wish->password ? BYTES_TEXT(wish->password) :
			     (struct bytes){ NULL, 0 });

	*note = pdf.note;
	if (f)
		return f;
	pdf_file_back(&pdf, map);
	f = pades_check(&pdf, policy, report);
	*note = pdf.note;
	if (!f)
		*follows = follows_code(wish, &pdf, report, note);
	pdf_file_close(&pdf);
	return f;
}

/* With what was named beside it; *path becomes the file that did not read. */
static enum fail
check_any(const struct disk_map *map, const struct wish *wish,
    const struct check_policy *policy, struct signature_report *report,
    const char **path, struct note *note)
{
	struct disk_map content = { .fd = -1 };
	struct checked_file in = { .map = map,
		.content = wish->content ? &content : NULL,
		.password = wish->password ? BYTES_TEXT(wish->password) :
					     (struct bytes){ NULL, 0 } };
	struct bytes bytes;
	struct buf record;
	enum fail f = FAIL_NONE;

	buf_init(&record, ERS_MAX);
	if (wish->record && (f = disk_read(wish->record, &record)))
		*path = wish->record;
	bytes = buf_view(&record);
	in.record = wish->record ? &bytes : NULL;
	if (!f && wish->content && (f = disk_map(wish->content, &content)))
		*path = wish->content;
	if (!f)
		f = file_check(&in, policy, report, note);
	if (wish->content)
		disk_unmap(&content);
	buf_free(&record);
	return f;
}

/* Of a file without signatures the record alone was asked about. */
static int
exit_of_record(const struct signature_report *report)
{
	int code = EXIT_VALID;

	for (size_t i = 0; i < report->count; i++)
		code =
		    report_worse(code, report_exit(report->results[i].verdict));
	return code;
}

static int
verify_file(const char *path, const struct wish *wish,
    const struct check_policy *policy)
{
	struct disk_map map;
	struct signature_report report;
	struct note note = { 0 };
	int code;
	enum fail follows = FAIL_NONE, f = disk_map(path, &map);

	if (f)
		return antin_refuse(path, f, &note);
	if (wish->code)
		f = check_coded(&map, wish, policy, &report, &follows, &note);
	else
		f = check_any(&map, wish, policy, &report, &path, &note);
	disk_unmap(&map);
	if (f)
		return antin_refuse(path, f, &note);
	report_print(wish->check.form, path, &report, wish->check.now);
	code = report_exit(report.verdict);
	if (code == EXIT_UNSIGNED && wish->record)
		code = exit_of_record(&report);
	if (code == EXIT_VALID && follows) {
		code = antin_exit(follows);
		printf("code and file: %s\n  because     %s\n",
		    code == EXIT_INVALID ? "INVALID" : "INDETERMINATE",
		    note.text);
	}
	signature_report_free(&report);
	return code;
}

static const char *
take_option(struct wish *w, int c)
{
	switch (c) {
	case OPT_PASSWORD:
		w->password = optarg;
		return NULL;
	case OPT_QR:
		w->qr = optarg;
		return NULL;
	case OPT_CERT:
		w->cert = optarg;
		return NULL;
	case OPT_RECORD:
		w->record = optarg;
		return NULL;
	case OPT_CONTENT:
		w->content = optarg;
		return NULL;
	default:
		return check_options_take(&w->check, c);
	}
}

/* What does not go together. */
static const char *
mistake_in(const struct wish *w, int files)
{
	bool plain = !w->check.form && !w->content;

	if (!w->qr != !w->cert || (w->qr && (!plain || files > 1)))
		return "--qr and --cert go together, with one file at most and "
		       "without --content, --json, --html, --pdf and --xml";
	if (w->record && w->qr)
		return "--record does not go with --qr";
	if ((w->content || w->record || w->check.form == REPORT_PDF) &&
	    files != 1)
		return "--content, --record and --pdf are of one file";
	return files || w->qr ? NULL : "no file given";
}

static const char *
read_options(int argc, char **argv, struct wish *w)
{
	const char *mistake = NULL;
	int c;

	while (
	    !mistake && (c = getopt_long(argc, argv, "", options, NULL)) != -1)
		mistake = take_option(w, c);
	return mistake ? mistake : mistake_in(w, argc - optind);
}

/* ---- the code beside a document's number ---- */

struct code_check {
	struct seal_code code;
	struct cert_file_set signer;
	uint8_t sealer[HASH_LEN];
	bool verified; /* the certificate's key signed it */
	bool grown;    /* the file has more than the code tells of */
	struct note note;
};

static enum fail
match_file(struct code_check *c, const char *path)
{
	struct disk_map map;
	enum fail f = disk_map(path, &map);

	if (f)
		return note_set(&c->note, FAIL_IO, "cannot read the file");
	f = seal_code_fits(&c->code, map.bytes);
	c->grown = map.bytes.len > c->code.length;
	disk_unmap(&map);
	return f;
}

static enum fail
judge_code(struct code_check *c, const struct wish *w,
    const struct check_policy *policy, const char *path)
{
	struct trust_answer answer;
	struct trust trust;
	enum fail f = FAIL_NONE;

	/* No evidence that is missing: a mistake of who asks. */
	if (cert_file_add(&c->signer, w->cert, &c->note))
		return FAIL_USAGE;
	if (c->signer.count != 1)
		f = note_set(
		    &c->note, FAIL_USAGE, "--cert holds one certificate");
	if (!f)
		f = seal_code_verify(&c->code, &c->signer.certs[0].key);
	c->verified = !f;
	if (!f && path)
		f = match_file(c, path);
	if (f)
		return f;
	hash_sha256(c->signer.certs[0].der, c->sealer);
	if (!signing_cert_is_for_documents(&c->signer.certs[0]))
		return note_set(&c->note, FAIL_CHAIN,
		    "RFC 5280 4.2.1.3: the certificate is not for documents");
	if (signing_key_is_weak(&c->signer.certs[0].key, policy->trust.now))
		return note_set(&c->note, FAIL_CHAIN,
		    "EN 319 102-1 5.2.8: the certificate's key is too short");
	if (policy->assume_trusted)
		return FAIL_NONE;
	f = trust_open(&trust, &policy->trust, NULL);
	if (f)
		return f;
	trust_judge_signer(
	    &trust, &c->signer.certs[0], policy->trust.now, &answer);
	trust_close(&trust);
	c->note = answer.note;
	return answer.chain ? answer.chain : answer.revocation;
}

static void
print_code(const struct code_check *c, enum fail f, int exit)
{
	const struct seal_code *code = &c->code;
	char day[WHEN_TEXT_MAX], signer[128];

	when_day_text(code->day, day);
	printf("code: %s\n  answer      %s\n",
	    exit == EXIT_VALID       ? "VALID" :
		exit == EXIT_INVALID ? "INVALID" :
				       "INDETERMINATE",
	    report_answer(f));
	/* What nobody signed is not told. */
	if (c->verified)
		name_keep(c->signer.certs[0].subject, signer, sizeof(signer));
	if (c->verified)
		printf("  signer      %s\n  agency      %.*s\n"
		       "  number      %.*s\n  date        %s\n",
		    signer, (int)code->agency.len,
		    (const char *)code->agency.data, (int)code->number.len,
		    (const char *)code->number.data, day);
	if (c->note.text[0])
		printf("  because     %s\n", c->note.text);
}

/* The code, and of a file that has grown since (the seal came after it) every
 * signature, for what was added is not in the code. */
static int
verify_code(
    const struct wish *w, const struct check_policy *policy, const char *path)
{
	struct code_check c = { .grown = false };
	struct buf bytes;
	int exit;
	enum fail f;

	buf_init(&bytes, SEAL_CODE_MAX);
	cert_file_set_init(&c.signer);
	f = seal_code_read(BYTES_TEXT(w->qr), &bytes, &c.code, &c.note);
	if (!f)
		f = judge_code(&c, w, policy, path);
	exit = antin_exit(f);
	if (exit == EXIT_REFUSED)
		antin_refuse(path ? path : "--qr", f, &c.note);
	else
		print_code(&c, f, exit);
	if (exit != EXIT_REFUSED && exit != EXIT_INVALID && c.grown) {
		struct wish of_file = *w;

		of_file.code = &c.code;
		of_file.sealer = c.sealer;
		exit = report_worse(exit, verify_file(path, &of_file, policy));
	}
	cert_file_set_free(&c.signer);
	buf_free(&bytes);
	return exit;
}

int
antin_verify(int argc, char **argv)
{
	struct wish wish = { .check.now = when_now() };
	struct cert_file_set roots, pool;
	struct note note = { 0 };
	const char *mistake = read_options(argc, argv, &wish);
	int code = EXIT_VALID;
	enum fail f = FAIL_NONE;

	if (mistake)
		return antin_usage("verify", mistake);
	cert_file_set_init(&roots);
	cert_file_set_init(&pool);
	f = cert_file_add_builtin_cas(&pool, &note);
	if (!f && wish.check.roots)
		f = roots_load(wish.check.roots, &roots, &pool, &note);
	if (f) {
		code = antin_refuse(wish.check.roots, f, &note);
	} else {
		struct collection collection;
		struct check_policy policy = {
			.trust = { .roots = cert_file_view(&roots),
			    .pool = cert_file_view(&pool),
			    .now = wish.check.now,
			    .no_revocation = wish.check.no_revocation,
			    .source = &collection.source },
			.assume_trusted = wish.check.assume_trusted
		};

		collect_init(&collection, wish.check.online);

		if (wish.qr)
			code = verify_code(&wish, &policy, argv[optind]);
		for (int i = optind; i < argc && !wish.qr; i++)
			code = report_worse(
			    code, verify_file(argv[i], &wish, &policy));
		collect_free(&collection);
	}
	cert_file_set_free(&pool);
	cert_file_set_free(&roots);
	return code;
}
