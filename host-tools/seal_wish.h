/*
 * What the command line of antin seal asks for.
 */
#ifndef HOST_TOOLS_SEAL_WISH_H
#define HOST_TOOLS_SEAL_WISH_H

#include "base/when.h"
#include "document/mark.h"
#include "host-tools/key.h"
#include "host-tools/longterm.h"

struct seal_wish {
	const char *name, *agency;
	const char *out, *picture, *diameter;
	bool into_folder; /* out is one */
	struct key_choice key;
	const char *number, *date, *place, *page, *at, *field, *password,
	    *roots;
	struct tsa_list tsa; /* without roots */
	double x, y;    /* of at, in points from the page's lower left corner */
	const char *qr; /* the agency's identifier */
	enum level level;
	enum hash_kind imprint;
	unsigned certify;
	enum mark_role role;
	enum mark_copy copy;
	bool has_copy, plain_cms, iso_time, cades, asice;
	char *const *files;
	size_t file_count;
	struct when_date day;
};

/* NULL, or what is wrong with it: nothing that was asked for is passed over in
 * silence.  The texts are argv's. */
const char *seal_wish_read(struct seal_wish *w, int argc, char **argv);

#endif
