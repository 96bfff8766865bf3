/* Check the signatures of CMS files: CAdES, PKCS #7, time-stamp tokens. */
#include <stdio.h>

#include "base/disk.h"
#include "base/effort.h"
#include "base/when.h"
#include "crypto/cert_file.h"
#include "crypto/pem.h"
#include "document/cades_check.h"
#include "document/file_check.h"
#include "host-tools/antin.h"
#include "host-tools/check_options.h"
#include "host-tools/collect.h"
#include "host-tools/roots.h"

struct wish {
	struct check_options check;
	const char *content;
	struct cert_file_set pool; /* more certificates, of signers too */
	const char *what;          /* file that an error is about */
	struct note note;
};

enum { OPT_CONTENT = 256, OPT_CERT };

static const struct option options[] = {
	CHECK_OPTION_ROWS,
	{ "content", required_argument, NULL, OPT_CONTENT },
	{ "cert", required_argument, NULL, OPT_CERT },
	{ 0 },
};

static const char *
take_option(struct wish *w, int c, enum fail *f)
{
	switch (c) {
	case OPT_CONTENT:
		w->content = optarg;
		return NULL;
	case OPT_CERT:
		w->what = optarg;
		*f = cert_file_add(&w->pool, optarg, &w->note);
		return NULL;
	default:
		return check_options_take(&w->check, c);
	}
}

static const char *
read_options(int argc, char **argv, struct wish *w, enum fail *f)
{
	const char *mistake = NULL;
	int c;

	while (!mistake && !*f &&
	    (c = getopt_long(argc, argv, "", options, NULL)) != -1)
		mistake = take_option(w, c, f);
	if (mistake || *f)
		return mistake;
	if ((w->content || w->check.form == REPORT_PDF) && optind + 1 != argc)
		return "--content and --pdf are of one file";
	return optind == argc ? "no file given" : NULL;
}

static int
check_file(const struct wish *w, const char *path,
    const struct disk_map *content, const struct check_policy *policy)
{
	struct signature_report report;
	struct disk_map map;
	struct bytes cms;
	struct buf der;
	bool counts;
	int code;
	enum fail f = disk_map(path, &map);

	if (f)
		return antin_refuse(path, f, &w->note);
	buf_init(&der, CMS_FILE_MAX);
	counts =
	    effort_begin(map.bytes.len + (content ? content->bytes.len : 0));
	f = pem_cms(map.bytes, &der, &cms);
	if (!f)
		f = cades_check(cms, content, policy, &report);
	effort_end(counts);
	if (!f && (f = file_check_face(cms, &report)))
		signature_report_free(&report);
	if (f) {
		code = antin_refuse(path, f, &w->note);
	} else {
		report_print(w->check.form, path, &report, w->check.now);
		code = report_exit(report.verdict);
		signature_report_free(&report);
	}
	buf_free(&der);
	disk_unmap(&map);
	return code;
}

static int
check_all(struct wish *w, const struct cert_file_set *roots, char **files)
{
	struct collection collection;
	struct check_policy policy = {
		.trust = { .roots = cert_file_view(roots),
		    .pool = cert_file_view(&w->pool),
		    .now = w->check.now,
		    .no_revocation = w->check.no_revocation,
		    .source = &collection.source },
		.assume_trusted = w->check.assume_trusted
	};
	struct disk_map content = { .fd = -1 };
	int code = EXIT_VALID;
	enum fail f = w->content ? disk_map(w->content, &content) : FAIL_NONE;

	if (f)
		return antin_refuse(w->content, f, &w->note);
	collect_init(&collection, w->check.online);
	for (; *files; files++)
		code = report_worse(code,
		    check_file(
			w, *files, w->content ? &content : NULL, &policy));
	collect_free(&collection);
	if (w->content)
		disk_unmap(&content);
	return code;
}

int
antin_cms(int argc, char **argv)
{
	struct wish w = { .check.now = when_now() };
	struct cert_file_set roots;
	const char *mistake;
	enum fail f = FAIL_NONE;
	int code;

	cert_file_set_init(&roots);
	cert_file_set_init(&w.pool);
	mistake = read_options(argc, argv, &w, &f);
	if (!mistake && !f)
		f = cert_file_add_builtin_cas(&w.pool, &w.note);
	if (!mistake && !f && w.check.roots) {
		w.what = w.check.roots;
		f = roots_load(w.check.roots, &roots, &w.pool, &w.note);
	}
	code = mistake ? antin_usage("cms", mistake) :
	    f          ? antin_refuse(w.what ? w.what : "cms", f, &w.note) :
			 check_all(&w, &roots, argv + optind);
	cert_file_set_free(&w.pool);
	cert_file_set_free(&roots);
	return code;
}
