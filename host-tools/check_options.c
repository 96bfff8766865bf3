#include "host-tools/check_options.h"

#include "base/when.h"

const char *
check_options_take(struct check_options *o, int option)
{
	switch (option) {
	case OPT_CHECK_JSON:
		o->form = REPORT_JSON;
		break;
	case OPT_CHECK_HTML:
		o->form = REPORT_HTML;
		break;
	case OPT_CHECK_PDF:
		o->form = REPORT_PDF;
		break;
	case OPT_CHECK_XML:
		o->form = REPORT_XML;
		break;
	case OPT_CHECK_ROOTS:
		o->roots = optarg;
		break;
	case OPT_CHECK_ASSUME:
		o->assume_trusted = true;
		break;
	case OPT_CHECK_NO_REVOCATION:
		o->no_revocation = true;
		break;
	case OPT_CHECK_ONLINE:
		o->online = true;
		break;
	case OPT_CHECK_AT:
		if (!when_parse_instant(optarg, &o->now))
			return "--at wants YYYY-MM-DDTHH:MM:SSZ";
		break;
	default:
		return "unknown option";
	}
	return NULL;
}
