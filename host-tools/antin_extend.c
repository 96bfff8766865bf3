#include <getopt.h>
#include <stdio.h>

#include "base/disk.h"
#include "crypto/der_read.h"
#include "crypto/pem.h"
#include "document/asic_check.h"
#include "document/cades_raise.h"
#include "document/cms_check.h"
#include "host-tools/antin.h"
#include "host-tools/input.h"
#include "host-tools/longterm.h"
#include "host-tools/roots.h"

struct wish {
	const char *in, *out, *roots, *password, *content;
	struct tsa_list tsa;
	enum level level;
	enum hash_kind imprint;
};

enum {
	OPT_ROOTS = 256,
	OPT_TSA,
	OPT_TSA_POLICY,
	OPT_PASSWORD,
	OPT_LEVEL,
	OPT_CONTENT,
	OPT_TSA_SHA1,
};

static const struct option options[] = {
	{ "roots", required_argument, NULL, OPT_ROOTS },
	{ "tsa", required_argument, NULL, OPT_TSA },
	{ "tsa-policy", required_argument, NULL, OPT_TSA_POLICY },
	{ "password", required_argument, NULL, OPT_PASSWORD },
	{ "level", required_argument, NULL, OPT_LEVEL },
	{ "content", required_argument, NULL, OPT_CONTENT },
	{ "tsa-sha1", no_argument, NULL, OPT_TSA_SHA1 },
	{ 0 },
};

/* NULL, or what is wrong with the command line. */
static const char *
read_options(int argc, char **argv, struct wish *w)
{
	int c;

	while ((c = getopt_long(argc, argv, "o:", options, NULL)) != -1)
		switch (c) {
		case 'o':
			w->out = optarg;
			break;
		case OPT_ROOTS:
			w->roots = optarg;
			break;
		case OPT_TSA:
			w->tsa.addresses = optarg;
			break;
		case OPT_PASSWORD:
			w->password = optarg;
			break;
		case OPT_TSA_POLICY:
			if (tsa_policy(&w->tsa, optarg))
				return "--tsa-policy wants 1.2.3";
			break;
		case OPT_TSA_SHA1:
			w->imprint = HASH_SHA1;
			break;
		case OPT_LEVEL:
			if (!longterm_level(optarg, &w->level) ||
			    w->level < LEVEL_T)
				return "--level is B-T, B-LT or B-LTA";
			break;
		case OPT_CONTENT:
			w->content = optarg;
			break;
		default:
			return "unknown option";
		}
	if (optind + 1 != argc || !w->out || !w->roots)
		return "a file, -o and --roots are needed";
	if (w->level == LEVEL_LTA && !w->tsa.addresses)
		return "B-LTA wants --tsa";
	w->in = argv[optind];
	return NULL;
}

static enum fail
extend_pdf(const struct wish *w, const struct longterm *lt,
    const struct disk_map *map, struct note *note)
{
	struct buf tail;
	enum fail f;

	buf_init(&tail, 2 * PDF_UPDATE_MAX);
	f = longterm_raise(lt, w->level, map, &tail, note);
	if (!f)
		f = input_put(w->out, map, buf_view(&tail));
	buf_free(&tail);
	return f;
}

static enum fail
extend_container(const struct wish *w, const struct longterm *lt,
    const struct disk_map *map, struct note *note)
{
	struct disk_temp temp;
	struct zip zip;
	enum fail f = disk_temp_open(&temp, w->out);

	if (f)
		return f;
	zip_init(&zip, disk_temp_put, &temp);
	f = longterm_raise_container(lt, w->level, map, &zip, note);
	zip_free(&zip);
	return disk_temp_close(&temp, f);
}

static enum fail
extend_cms(const struct wish *w, const struct longterm *lt, struct bytes old,
    struct note *note)
{
	struct disk_map content;
	struct buf cms;
	enum fail f = FAIL_NONE;

	if (w->content)
		f = disk_map(w->content, &content);
	if (f)
		return note_set(note, f, "cannot open %s", w->content);
	if (w->content && disk_is(w->out, &content)) {
		disk_unmap(&content);
		return note_set(
		    note, FAIL_USAGE, "-o names the file that is signed");
	}
	buf_init(&cms, CADES_RAISED_MAX);
	f = longterm_raise_cms(
	    lt, w->level, old, w->content ? &content : NULL, &cms, note);
	if (!f)
		f = disk_replace(w->out, NULL, buf_view(&cms));
	buf_free(&cms);
	if (w->content)
		disk_unmap(&content);
	return f;
}

/* Whatever the file is, by how it begins; old is it or the CMS of its text. */
static enum fail
extend_file(const struct wish *w, const struct longterm *lt,
    const struct disk_map *map, struct bytes old, struct note *note)
{
	bool container = asic_is(map->bytes);
	bool cms = old.len && old.data[0] == DER_SEQUENCE;

	if (w->content && !cms)
		return note_set(
		    note, FAIL_USAGE, "--content is of a CMS signature (.p7s)");
	if (w->level == LEVEL_T && !cms && !container)
		return note_set(note, FAIL_USAGE,
		    "--level B-T is of CMS signatures and containers");
	return container ? extend_container(w, lt, map, note) :
	    cms          ? extend_cms(w, lt, old, note) :
			   extend_pdf(w, lt, map, note);
}

static enum fail
extend(const struct wish *w, struct cert_file_set *roots,
    struct cert_file_set *pool, struct note *note)
{
	struct longterm lt = { .tsa = w->tsa, .imprint = w->imprint };
	struct disk_map map;
	struct bytes old;
	struct buf der;
	enum fail f = input_map(w->in, w->out, &map, note);

	if (f)
		return f;
	f = cert_file_add_builtin_cas(pool, note);
	if (!f)
		f = roots_load(w->roots, roots, pool, note);
	lt.roots = cert_file_view(roots);
	lt.pool = cert_file_view(pool);
	lt.tsa.roots = lt.roots;
	lt.tsa.pool = lt.pool;
	if (w->password)
		lt.password = BYTES_TEXT(w->password);
	buf_init(&der, CMS_FILE_MAX);
	if (!f)
		f = pem_cms(map.bytes, &der, &old);
	if (!f)
		f = extend_file(w, &lt, &map, old, note);
	buf_free(&der);
	disk_unmap(&map);
	return f;
}

int
antin_extend(int argc, char **argv)
{
	struct wish wish = { .level = LEVEL_LTA, .imprint = HASH_SHA256 };
	struct cert_file_set roots, pool;
	struct note note = { FAIL_NONE, "" };
	const char *mistake = read_options(argc, argv, &wish);
	enum fail f;

	if (mistake)
		return antin_usage("extend", mistake);
	cert_file_set_init(&roots);
	cert_file_set_init(&pool);
	f = extend(&wish, &roots, &pool, &note);
	buf_free(&wish.tsa.policy);
	cert_file_set_free(&pool);
	cert_file_set_free(&roots);
	if (!f && note.text[0])
		fprintf(stderr,
		    "antin: %s: nothing can be kept for a signature below an "
		    "unknown root: %s\n",
		    wish.in, note.text);
	return f ? antin_refuse(wish.in, f, &note) : 0;
}
