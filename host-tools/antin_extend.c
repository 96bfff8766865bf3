#include <getopt.h>
#include <stdio.h>

#include "base/disk.h"
#include "host-tools/antin.h"
#include "host-tools/longterm.h"
#include "host-tools/roots.h"

struct wish {
	const char *in, *out, *roots, *tsa, *password;
	enum level level;
	enum hash_kind imprint;
};

enum {
	OPT_ROOTS = 256,
	OPT_TSA,
	OPT_PASSWORD,
	OPT_LEVEL,
	OPT_TSA_SHA1,
};

static const struct option options[] = {
	{ "roots", required_argument, NULL, OPT_ROOTS },
	{ "tsa", required_argument, NULL, OPT_TSA },
	{ "password", required_argument, NULL, OPT_PASSWORD },
	{ "level", required_argument, NULL, OPT_LEVEL },
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
			w->tsa = optarg;
			break;
		case OPT_PASSWORD:
			w->password = optarg;
			break;
		case OPT_TSA_SHA1:
			w->imprint = HASH_SHA1;
			break;
		case OPT_LEVEL:
			if (!longterm_level(optarg, &w->level) ||
			    w->level < LEVEL_LT)
				return "--level is B-LT or B-LTA";
			break;
		default:
			return "unknown option";
		}
	if (optind + 1 != argc || !w->out || !w->roots)
		return "IN.pdf, -o and --roots are needed";
	if (w->level == LEVEL_LTA && !w->tsa)
		return "B-LTA wants --tsa";
	w->in = argv[optind];
	return NULL;
}

static enum fail
extend(const struct wish *w, struct cert_file_set *roots,
    struct cert_file_set *pool, struct note *note)
{
	struct longterm lt = { .tsa = w->tsa, .imprint = w->imprint };
	struct disk_map map;
	struct buf tail;
	enum fail f = disk_map(w->in, &map);

	if (f)
		return note_set(note, f, "cannot open the file");
	buf_init(&tail, 2 * PDF_UPDATE_MAX);
	f = cert_file_add_builtin_cas(pool, note);
	if (!f)
		f = roots_load(w->roots, roots, pool, note);
	lt.roots = cert_file_view(roots);
	lt.pool = cert_file_view(pool);
	if (w->password)
		lt.password = BYTES_TEXT(w->password);
	if (!f)
		f = longterm_raise(&lt, w->level, &map, &tail, note);
	if (!f)
		f = disk_put(w->out, &map, buf_view(&tail));
	buf_free(&tail);
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
	cert_file_set_free(&pool);
	cert_file_set_free(&roots);
	return f ? antin_refuse(wish.in, f, &note) : 0;
}
