/* What the commands that check signatures are all told. */
#ifndef HOST_TOOLS_CHECK_OPTIONS_H
#define HOST_TOOLS_CHECK_OPTIONS_H

#include <getopt.h>

#include "host-tools/report.h"

struct check_options {
	const char *roots; /* folder with anchors, or NULL */
	enum report_form form;
	bool assume_trusted, no_revocation, online;
	int64_t now; /* set before: the usual instant */
};

enum {
	OPT_CHECK_JSON = 512,
	OPT_CHECK_HTML,
	OPT_CHECK_PDF,
	OPT_CHECK_XML,
	OPT_CHECK_ROOTS,
	OPT_CHECK_ASSUME,
	OPT_CHECK_NO_REVOCATION,
	OPT_CHECK_ONLINE,
	OPT_CHECK_AT,
};

/* Rows for getopt_long. */
/* clang-format off */
#define CHECK_OPTION_ROWS \
	{ "json", no_argument, NULL, OPT_CHECK_JSON }, \
	{ "html", no_argument, NULL, OPT_CHECK_HTML }, \
	{ "pdf", no_argument, NULL, OPT_CHECK_PDF }, \
	{ "xml", no_argument, NULL, OPT_CHECK_XML }, \
	{ "roots", required_argument, NULL, OPT_CHECK_ROOTS }, \
	{ "assume-trusted", no_argument, NULL, OPT_CHECK_ASSUME }, \
	{ "no-revocation", no_argument, NULL, OPT_CHECK_NO_REVOCATION }, \
	{ "online", no_argument, NULL, OPT_CHECK_ONLINE }, \
	{ "at", required_argument, NULL, OPT_CHECK_AT }
/* clang-format on */

/* Take one that getopt_long found, with its optarg; what is wrong with it, or
 * NULL. */
const char *check_options_take(struct check_options *options, int option);

#endif
