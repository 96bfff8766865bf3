/* Is there a valid path from a certificate to an anchor (RFC 5280 6)? */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <yyjson.h>

#include "base/when.h"
#include "crypto/cert_file.h"
#include "crypto/name.h"
#include "document/pades_trust.h"
#include "host-tools/antin.h"
#include "host-tools/evidence_file.h"

#define EVIDENCE_FILES_MAX 256u
#define OID_TEXT_MAX 128u

struct wish {
	struct cert_file_set anchors, pool, leaf;
	struct evidence_file *evidence; /* owned */
	size_t evidence_count;
	struct buf oids[POLICY_WANTED_MAX];
	struct bytes wanted[POLICY_WANTED_MAX];
	struct path_policy policy;
	int64_t now;
	bool json, no_revocation;
	const char *what; /* file that an error is about */
	struct note note;
};

enum {
	OPT_JSON = 256,
	OPT_ANCHOR,
	OPT_INTERMEDIATE,
	OPT_CRL,
	OPT_OCSP,
	OPT_AT,
	OPT_POLICY,
	OPT_EXPLICIT,
	OPT_NO_MAPPING,
	OPT_NO_ANY,
	OPT_NO_REVOCATION,
};

static const struct option options[] = {
	{ "json", no_argument, NULL, OPT_JSON },
	{ "anchor", required_argument, NULL, OPT_ANCHOR },
	{ "intermediate", required_argument, NULL, OPT_INTERMEDIATE },
	{ "crl", required_argument, NULL, OPT_CRL },
	{ "ocsp", required_argument, NULL, OPT_OCSP },
	{ "at", required_argument, NULL, OPT_AT },
	{ "policy", required_argument, NULL, OPT_POLICY },
	{ "explicit-policy", no_argument, NULL, OPT_EXPLICIT },
	{ "inhibit-policy-mapping", no_argument, NULL, OPT_NO_MAPPING },
	{ "inhibit-any-policy", no_argument, NULL, OPT_NO_ANY },
	{ "no-revocation", no_argument, NULL, OPT_NO_REVOCATION },
	{ 0 },
};

/* ---- what is given ---- */

/* A file, or all certificates of a folder. */
static enum fail
add_certs(struct wish *w, struct cert_file_set *set, const char *path)
{
	struct stat st;

	w->what = path;
	return !stat(path, &st) && S_ISDIR(st.st_mode) ?
	    cert_file_add_folder(set, path, &w->note) :
	    cert_file_add(set, path, &w->note);
}

/* What cannot be read helps nobody, but does not end the search either. */
static enum fail
add_intermediates(struct wish *w, const char *path)
{
	enum fail f = add_certs(w, &w->pool, path);

	if (f != FAIL_FORMAT)
		return f;
	fprintf(stderr, "antin: %s is passed over: %s\n", path, w->note.text);
	w->note = (struct note){ FAIL_NONE, "" };
	return FAIL_NONE;
}

static enum fail
add_evidence(struct wish *w, const char *path, enum evidence_kind kind)
{
	enum fail f;

	w->what = path;
	if (w->evidence_count == EVIDENCE_FILES_MAX)
		return note_set(&w->note, FAIL_LIMIT, "too many files");
	f = evidence_file_open(
	    &w->evidence[w->evidence_count], path, kind, w->now, &w->note);
	w->evidence_count += !f;
	return f;
}

static const char *
add_policy(struct wish *w, const char *text)
{
	size_t n = w->policy.wanted_count;

	if (n == POLICY_WANTED_MAX)
		return "too many policies";
	buf_init(&w->oids[n], OID_TEXT_MAX);
	w->policy.wanted = w->wanted;
	w->policy.wanted_count++;
	if (oid_parse(text, &w->oids[n]))
		return "--policy wants an OID in dotted decimals";
	w->wanted[n] = buf_view(&w->oids[n]);
	return NULL;
}

/* What has nothing to do with files. */
static const char *
take_option(struct wish *w, int c)
{
	switch (c) {
	case OPT_JSON:
		w->json = true;
		return NULL;
	case OPT_POLICY:
		return add_policy(w, optarg);
	case OPT_EXPLICIT:
		w->policy.explicit_policy = true;
		return NULL;
	case OPT_NO_MAPPING:
		w->policy.inhibit_mapping = true;
		return NULL;
	case OPT_NO_ANY:
		w->policy.inhibit_any = true;
		return NULL;
	case OPT_NO_REVOCATION:
		w->no_revocation = true;
		return NULL;
	case OPT_AT:
		return when_parse_instant(optarg, &w->now) ?
		    NULL :
		    "--at wants YYYY-MM-DDTHH:MM:SSZ";
	default:
		return "unknown option";
	}
}

/* *f: one of the files could not be read. */
static const char *
read_options(int argc, char **argv, struct wish *w, enum fail *f)
{
	const char *mistake = NULL;
	int c;

	while (!mistake && !*f &&
	    (c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == OPT_ANCHOR)
			*f = add_certs(w, &w->anchors, optarg);
		else if (c == OPT_INTERMEDIATE)
			*f = add_intermediates(w, optarg);
		else if (c == OPT_CRL)
			*f = add_evidence(w, optarg, EVIDENCE_CRL);
		else if (c == OPT_OCSP)
			*f = add_evidence(w, optarg, EVIDENCE_OCSP);
		else
			mistake = take_option(w, c);
	}
	if (mistake || *f)
		return mistake;
	if (!w->anchors.count)
		return "--anchor is needed";
	if (optind + 1 != argc)
		return "one certificate is asked about";
	*f = add_certs(w, &w->leaf, argv[optind]);
	/* One that is none has no path: an answer, not a mistake. */
	if (*f == FAIL_FORMAT)
		*f = FAIL_NONE;
	else if (!*f && w->leaf.count != 1)
		return "one certificate is asked about";
	return NULL;
}

/* ---- the answer ---- */

static const char *
verdict_of(const struct trust_answer *a)
{
	return a->chain || a->revocation == FAIL_REVOKED ? "INVALID" :
	    a->revocation                                ? "INDETERMINATE" :
							   "VALID";
}

static void
put_subject(struct buf *out, const struct cert *cert)
{
	buf_clear(out);
	if (name_text(cert->subject, out))
		buf_text(out, "?");
	buf_u8(out, 0);
}

static const char *
answer_text(enum fail f)
{
	return f ? fail_name(f) : "good";
}

static void
print_text(const struct trust_answer *a)
{
	struct buf name;

	buf_init(&name, CERT_SIZE_MAX);
	printf("path: %s\n  chain       %s\n  revocation  %s\n", verdict_of(a),
	    answer_text(a->chain), answer_text(a->revocation));
	if (a->note.text[0])
		printf("  because     %s\n", a->note.text);
	for (size_t i = 0; i < a->path.count; i++) {
		put_subject(&name, a->path.certs[i]);
		printf("  %zu           %s\n", i, (const char *)name.data);
	}
	buf_free(&name);
}

static void
print_json(const struct trust_answer *a)
{
	yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
	yyjson_mut_val *root = yyjson_mut_obj(doc), *list;
	struct buf name;
	char *text;

	buf_init(&name, CERT_SIZE_MAX);
	yyjson_mut_doc_set_root(doc, root);
	yyjson_mut_obj_add_str(doc, root, "verdict", verdict_of(a));
	yyjson_mut_obj_add_str(doc, root, "chain", answer_text(a->chain));
	yyjson_mut_obj_add_str(
	    doc, root, "revocation", answer_text(a->revocation));
	yyjson_mut_obj_add_str(doc, root, "because", a->note.text);
	list = yyjson_mut_obj_add_arr(doc, root, "path");
	for (size_t i = 0; i < a->path.count; i++) {
		put_subject(&name, a->path.certs[i]);
		yyjson_mut_arr_add_strcpy(doc, list, (const char *)name.data);
	}
	text = yyjson_mut_write(doc, YYJSON_WRITE_ALLOW_INVALID_UNICODE, NULL);
	puts(text ? text : "{}");
	free(text);
	yyjson_mut_doc_free(doc);
	buf_free(&name);
}

static void
judge(const struct wish *w, struct trust *trust, struct trust_answer *a)
{
	if (!w->leaf.count) {
		*a = (struct trust_answer){ .chain = FAIL_FORMAT,
			.revocation = FAIL_MISSING,
			.note = w->note };
		return;
	}
	for (size_t i = 0; i < w->evidence_count; i++)
		trust_add(trust, &w->evidence[i].evidence);
	trust_judge(trust, &w->leaf.certs[0], w->now, a);
}

static int
answer(const struct wish *w)
{
	struct trust_policy policy = { .roots = cert_file_view(&w->anchors),
		.pool = cert_file_view(&w->pool),
		.now = w->now,
		.path = &w->policy,
		.no_revocation = w->no_revocation };
	struct trust_answer a;
	struct trust trust;
	enum fail f = trust_open(&trust, &policy, NULL);

	if (f)
		return antin_refuse(w->what, f, &w->note);
	judge(w, &trust, &a);
	if (w->json)
		print_json(&a);
	else
		print_text(&a);
	trust_close(&trust);
	return a.chain || a.revocation == FAIL_REVOKED ? EXIT_INVALID :
	    a.revocation                               ? EXIT_INDETERMINATE :
							 EXIT_VALID;
}

static void
wish_free(struct wish *w)
{
	for (size_t i = 0; i < w->evidence_count; i++)
		evidence_file_close(&w->evidence[i]);
	free(w->evidence);
	for (size_t i = 0; i < w->policy.wanted_count; i++)
		buf_free(&w->oids[i]);
	cert_file_set_free(&w->leaf);
	cert_file_set_free(&w->pool);
	cert_file_set_free(&w->anchors);
}

int
antin_path(int argc, char **argv)
{
	struct wish w = { .now = when_now() };
	const char *mistake = NULL;
	enum fail f = FAIL_NONE;
	int code;

	cert_file_set_init(&w.anchors);
	cert_file_set_init(&w.pool);
	cert_file_set_init(&w.leaf);
	w.evidence = calloc(EVIDENCE_FILES_MAX, sizeof(*w.evidence));
	if (w.evidence)
		mistake = read_options(argc, argv, &w, &f);
	else
		f = FAIL_MEMORY;
	/* Given before --at, they count as of then all the same. */
	for (size_t i = 0; w.evidence && i < w.evidence_count; i++)
		w.evidence[i].evidence.proven = w.now;
	code = mistake ? antin_usage("path", mistake) :
	    f          ? antin_refuse(w.what ? w.what : "path", f, &w.note) :
			 answer(&w);
	wish_free(&w);
	return code;
}
