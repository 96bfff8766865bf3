#include <getopt.h>
#include <math.h>
#include <stdlib.h>

#include "base/disk.h"
#include "base/when.h"
#include "document/arrival.h"
#include "host-tools/antin.h"

struct wish {
	const char *in, *out, *password, *at;
	struct arrival arrival;
	char date[WHEN_TEXT_MAX];
};

enum {
	OPT_AGENCY = 256,
	OPT_NUMBER,
	OPT_DATE,
	OPT_FORWARD,
	OPT_DOSSIER,
	OPT_AT,
	OPT_PASSWORD,
};

static const struct option options[] = {
	{ "agency", required_argument, NULL, OPT_AGENCY },
	{ "number", required_argument, NULL, OPT_NUMBER },
	{ "date", required_argument, NULL, OPT_DATE },
	{ "forward", required_argument, NULL, OPT_FORWARD },
	{ "dossier", required_argument, NULL, OPT_DOSSIER },
	{ "at", required_argument, NULL, OPT_AT },
	{ "password", required_argument, NULL, OPT_PASSWORD },
	{ 0 },
};

static const char *
read_date(struct wish *w, const char *text)
{
	struct when_date day;

	if (!when_parse_day(text, &day))
		return "--date wants YYYY-MM-DD";
	when_day_text(day, w->date);
	w->arrival.date = BYTES_TEXT(w->date);
	return NULL;
}

/* --at X,Y in millimetres from the upper left corner. */
static const char *
read_place(struct wish *w, const char *text)
{
	char *end;

	w->arrival.placed = true;
	w->arrival.x = strtod(text, &end);
	if (end == text || *end != ',')
		return "--at wants X,Y";
	text = end + 1;
	w->arrival.y = strtod(text, &end);
	if (end == text || *end ||
	    !(fabs(w->arrival.x) + fabs(w->arrival.y) < 10000))
		return "--at wants X,Y";
	return NULL;
}

/* NULL, or what is wrong with the command line. */
static const char *
read_options(int argc, char **argv, struct wish *w)
{
	struct arrival *a = &w->arrival;
	struct bytes *texts[] = { [0] = &a->agency,
		[OPT_NUMBER - OPT_AGENCY] = &a->number,
		[OPT_FORWARD - OPT_AGENCY] = &a->forward,
		[OPT_DOSSIER - OPT_AGENCY] = &a->dossier };
	const char *mistake = NULL;
	int c;

	while ((c = getopt_long(argc, argv, "o:", options, NULL)) != -1) {
		if (c == '?')
			return "unknown option";
		if (c == 'o')
			w->out = optarg;
		else if (c == OPT_PASSWORD)
			w->password = optarg;
		else if (c == OPT_DATE)
			mistake = read_date(w, optarg);
		else if (c == OPT_AT)
			mistake = read_place(w, optarg);
		else
			*texts[c - OPT_AGENCY] = BYTES_TEXT(optarg);
		if (mistake)
			return mistake;
	}
	if (optind + 1 != argc || !w->out || !a->agency.len || !a->number.len ||
	    !a->date.len)
		return "IN.pdf, -o, --agency, --number and --date are needed";
	w->in = argv[optind];
	return NULL;
}

static enum fail
receive(const struct wish *w, struct note *note)
{
	struct pdf_append append;
	struct pdf_file pdf;
	struct disk_map map;
	enum fail f = disk_map(w->in, &map);

	if (f)
		return note_set(note, f, "cannot open the file");
	/* What came stays as it came. */
	if (disk_is(w->out, &map)) {
		disk_unmap(&map);
		return note_set(note, FAIL_EXISTS,
		    "the rendition is another file than the document");
	}
	f = pdf_file_open_with(&pdf, map.bytes,
	    w->password ? BYTES_TEXT(w->password) : (struct bytes){ NULL, 0 });
	if (f) {
		*note = pdf.note;
		disk_unmap(&map);
		return f;
	}
	f = arrival_put(&pdf, &w->arrival, &append, note);
	if (!f) {
		f = disk_replace(w->out, &map, buf_view(&append.out));
		pdf_append_close(&append);
	}
	pdf_file_close(&pdf);
	disk_unmap(&map);
	return f;
}

int
antin_receive(int argc, char **argv)
{
	struct wish w = { .in = NULL };
	struct note note = { 0 };
	const char *mistake = read_options(argc, argv, &w);
	enum fail f;

	if (mistake)
		return antin_usage("receive", mistake);
	f = receive(&w, &note);
	return f ? antin_refuse(w.in, f, &note) : 0;
}
