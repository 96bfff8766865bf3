#include "host-tools/seal_wish.h"

#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
	OPT_MODULE = 256,
	OPT_TOKEN,
	OPT_CERT,
	OPT_PIN_FILE,
	OPT_AS,
	OPT_PICTURE,
	OPT_DIAMETER,
	OPT_NUMBER,
	OPT_DATE,
	OPT_PLACE,
	OPT_PAGE,
	OPT_AT,
	OPT_CHAIN,
	OPT_PLAIN,
	OPT_ISO,
	OPT_FIELD,
	OPT_PASSWORD,
	OPT_TSA,
	OPT_TSA_POLICY,
	OPT_CERTIFY,
	OPT_ROOTS,
	OPT_LEVEL,
	OPT_TSA_SHA1,
	OPT_NAME,
	OPT_AGENCY,
	OPT_COPY,
	OPT_CADES,
	OPT_ASICE,
	OPT_QR,
	OPT_DIGEST,
	OPT_PSS
};

static const struct option options[] = {
	{ "module", required_argument, NULL, OPT_MODULE },
	{ "token", required_argument, NULL, OPT_TOKEN },
	{ "cert", required_argument, NULL, OPT_CERT },
	{ "pin-file", required_argument, NULL, OPT_PIN_FILE },
	{ "as", required_argument, NULL, OPT_AS },
	{ "picture", required_argument, NULL, OPT_PICTURE },
	{ "diameter", required_argument, NULL, OPT_DIAMETER },
	{ "number", required_argument, NULL, OPT_NUMBER },
	{ "date", required_argument, NULL, OPT_DATE },
	{ "place", required_argument, NULL, OPT_PLACE },
	{ "page", required_argument, NULL, OPT_PAGE },
	{ "at", required_argument, NULL, OPT_AT },
	{ "chain", required_argument, NULL, OPT_CHAIN },
	{ "plain-cms", no_argument, NULL, OPT_PLAIN },
	{ "iso-time", no_argument, NULL, OPT_ISO },
	{ "field", required_argument, NULL, OPT_FIELD },
	{ "password", required_argument, NULL, OPT_PASSWORD },
	{ "tsa", required_argument, NULL, OPT_TSA },
	{ "tsa-policy", required_argument, NULL, OPT_TSA_POLICY },
	{ "certify", required_argument, NULL, OPT_CERTIFY },
	{ "roots", required_argument, NULL, OPT_ROOTS },
	{ "level", required_argument, NULL, OPT_LEVEL },
	{ "tsa-sha1", no_argument, NULL, OPT_TSA_SHA1 },
	{ "name", required_argument, NULL, OPT_NAME },
	{ "agency", required_argument, NULL, OPT_AGENCY },
	{ "copy", required_argument, NULL, OPT_COPY },
	{ "cades", no_argument, NULL, OPT_CADES },
	{ "asice", no_argument, NULL, OPT_ASICE },
	{ "qr", required_argument, NULL, OPT_QR },
	{ "digest", required_argument, NULL, OPT_DIGEST },
	{ "pss", no_argument, NULL, OPT_PSS },
	{ 0 },
};

static const char *
read_digest(struct seal_wish *w, const char *name)
{
	w->key.way.digest = signing_digest(BYTES_TEXT(name));
	return w->key.way.digest != HASH_NONE ?
	    NULL :
	    "--digest is sha256, sha384 or sha512";
}

static const char *
read_role(struct seal_wish *w, const char *role)
{
	static const char *const names[] = { "person", "agency", "annex",
		"copy" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(role, names[i])) {
			w->role = (enum mark_role)i;
			return NULL;
		}
	return "--as is person, agency, annex or copy";
}

static const char *
read_copy(struct seal_wish *w, const char *kind)
{
	static const char *const names[] = { "sao-y", "sao-luc", "trich-sao" };

	w->has_copy = true;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(kind, names[i])) {
			w->copy = (enum mark_copy)i;
			return NULL;
		}
	return "--copy is sao-y, sao-luc or trich-sao";
}

static const char *
read_level(struct seal_wish *w, const char *level)
{
	if (strlen(level) != 1 || *level < '1' || *level > '3')
		return "--certify is 1, 2 or 3";
	w->certify = (unsigned)(*level - '0');
	return NULL;
}

/* What a level needs besides the key. */
static const char *
look_at_level(struct seal_wish *w)
{
	if (w->level == LEVEL_B && w->tsa.addresses)
		w->level = LEVEL_T;
	if (w->imprint == HASH_SHA1 && !w->tsa.addresses)
		return "--tsa-sha1 is how a --tsa is asked";
	if (w->tsa.policy.len && !w->tsa.addresses)
		return "--tsa-policy is of a --tsa";
	if (w->level >= LEVEL_T && !w->tsa.addresses)
		return "--level from B-T on wants --tsa";
	if (w->level >= LEVEL_LT && !w->roots)
		return "--level from B-LT on wants --roots";
	return NULL;
}

static bool
is_millimetres(const char *text)
{
	char *end;
	double mm = strtod(text, &end);

	return end != text && !*end && mm > 0 && mm < 1000;
}

/* X,Y. */
static bool
read_place(const char *text, double *x, double *y)
{
	char *end;

	*x = strtod(text, &end);
	if (end == text || *end != ',' || !isfinite(*x))
		return false;
	text = end + 1;
	*y = strtod(text, &end);
	return end != text && !*end && isfinite(*y);
}

/* What is of pages, marks and PDFs. */
static bool
has_page_options(const struct seal_wish *w)
{
	return w->picture || w->number || w->date || w->place || w->page ||
	    w->at || w->field || w->password || w->name || w->agency || w->qr ||
	    w->certify || w->plain_cms || w->iso_time || w->has_copy ||
	    w->role != MARK_PERSON;
}

/* Words and pictures go with those who bear them. */
static const char *
look_at_role(const struct seal_wish *w)
{
	bool agency = w->role == MARK_AGENCY, annex = w->role == MARK_ANNEX;
	bool copy = w->role == MARK_COPY, person = w->role == MARK_PERSON;

	if (w->number && !agency && !annex)
		return "--number goes with --as agency or annex";
	if (w->date && !agency)
		return "--date goes with --as agency";
	if (w->place && !w->date)
		return "--place is what stands before a --date";
	if ((w->has_copy || w->agency) && !copy)
		return "--copy and --agency go with --as copy";
	if (w->iso_time && !annex && !copy)
		return "--iso-time is of the words of annexes and copies";
	if (w->name && (!person || !w->picture))
		return "--name is where a person's --picture goes";
	if ((w->page || w->at) && person && !w->picture)
		return "--page and --at are where a --picture goes";
	if (w->diameter && (!agency || !w->picture))
		return "--diameter is of a seal's --picture";
	if (w->qr && (!agency || !w->number || !w->date))
		return "--qr goes with --as agency, --number and --date";
	return NULL;
}

static const char *
look_at_pairs(struct seal_wish *w)
{
	struct stat out;
	char *end;

	w->into_folder = !stat(w->out, &out) && S_ISDIR(out.st_mode);
	if (w->file_count > 1 && w->cades)
		return "--cades signs one file; --asice takes several";
	if (w->file_count > 1 && !w->asice && !w->into_folder)
		return "several PDFs want a folder behind -o";
	if (w->into_folder && (w->cades || w->asice))
		return "--cades and --asice want a file behind -o";
	if (w->file_count > 1 && w->number && w->role == MARK_AGENCY)
		return "--number is the number of one document";
	if (w->diameter && !is_millimetres(w->diameter))
		return "--diameter wants millimetres, as in 36";
	if (w->cades && w->asice)
		return "--cades and --asice are two things";
	if (w->key.token && w->key.cert)
		return "say the key once: --token or --cert";
	if ((w->cades || w->asice) && has_page_options(w))
		return "--cades and --asice sign files, not pages";
	if (w->page &&
	    (strtoul(w->page, &end, 10) - 1 >= 1000000 || *end ||
		end == w->page))
		return "--page wants a number from 1";
	if (w->at && !read_place(w->at, &w->x, &w->y))
		return "--at wants X,Y in points";
	return look_at_role(w);
}

const char *
seal_wish_read(struct seal_wish *w, int argc, char **argv)
{
	const char **texts[] = { [OPT_MODULE - 256] = &w->key.module,
		[OPT_TOKEN - 256] = &w->key.token,
		[OPT_CERT - 256] = &w->key.cert,
		[OPT_PIN_FILE - 256] = &w->key.pin_file,
		[OPT_PICTURE - 256] = &w->picture,
		[OPT_DIAMETER - 256] = &w->diameter,
		[OPT_NUMBER - 256] = &w->number,
		[OPT_DATE - 256] = &w->date,
		[OPT_PLACE - 256] = &w->place,
		[OPT_PAGE - 256] = &w->page,
		[OPT_AT - 256] = &w->at,
		[OPT_CHAIN - 256] = &w->key.chain,
		[OPT_FIELD - 256] = &w->field,
		[OPT_PASSWORD - 256] = &w->password,
		[OPT_TSA - 256] = &w->tsa.addresses,
		[OPT_ROOTS - 256] = &w->roots,
		[OPT_NAME - 256] = &w->name,
		[OPT_AGENCY - 256] = &w->agency,
		[OPT_QR - 256] = &w->qr };
	const char *mistake = NULL;
	int c;

	while ((c = getopt_long(argc, argv, "o:", options, NULL)) != -1) {
		if (c == '?')
			return "unknown option";
		if (c == 'o')
			w->out = optarg;
		else if (c == OPT_AS)
			mistake = read_role(w, optarg);
		else if (c == OPT_COPY)
			mistake = read_copy(w, optarg);
		else if (c == OPT_CERTIFY)
			mistake = read_level(w, optarg);
		else if (c == OPT_LEVEL)
			mistake = longterm_level(optarg, &w->level) ?
			    NULL :
			    "--level is B-B, B-T, B-LT or B-LTA";
		else if (c == OPT_TSA_POLICY)
			mistake = tsa_policy(&w->tsa, optarg) ?
			    "--tsa-policy wants 1.2.3" :
			    NULL;
		else if (c == OPT_TSA_SHA1)
			w->imprint = HASH_SHA1;
		else if (c == OPT_CADES || c == OPT_ASICE)
			*(c == OPT_CADES ? &w->cades : &w->asice) = true;
		else if (c == OPT_PLAIN)
			w->plain_cms = true;
		else if (c == OPT_ISO)
			w->iso_time = true;
		else if (c == OPT_DIGEST)
			mistake = read_digest(w, optarg);
		else if (c == OPT_PSS)
			w->key.way.pss = true;
		else
			*texts[c - 256] = optarg;
		if (mistake)
			return mistake;
	}
	w->files = argv + optind;
	w->file_count = (size_t)(argc - optind);
	if (!w->file_count || !w->out || !w->key.module || !w->key.pin_file)
		return "a file, -o, --module and --pin-file are needed";
	if (!w->key.token && !w->key.cert)
		return "say which key: --token or --cert";
	if (w->key.cert && strlen(w->key.cert) != 2 * HASH_LEN)
		return "--cert wants 64 hexadecimal digits";
	if (w->date && !when_parse_day(w->date, &w->day))
		return "--date wants YYYY-MM-DD";
	mistake = look_at_pairs(w);
	return mistake ? mistake : look_at_level(w);
}
