/*
 * The list of what may change behind a signature (ISO 32000-2 12.8.2.2): each
 * value has a role, by the way it is reached.
 */
#ifndef DOCUMENT_PDF_ROLES_H
#define DOCUMENT_PDF_ROLES_H

#include "base/bytes.h"

/* How a value is reached, which is what decides about its changes. */
enum role {
	ROLE_FIXED, /* must be the same */
	ROLE_FREE,  /* may be anything: validation data, metadata */
	ROLE_CATALOG,
	ROLE_PAGES,  /* page tree nodes and pages */
	ROLE_ANNOTS, /* array of annotations of a page */
	ROLE_ANNOT,
	ROLE_FORM,     /* the interactive form dictionary */
	ROLE_GROW,     /* resources: new kinds may come, of each … */
	ROLE_NAMES,    /* … new names … */
	ROLE_NAME,     /* … that nothing used before */
	ROLE_KEPT,     /* the same, and of lists, too: what a trailer names */
	ROLE_FIELDS,   /* array of fields */
	ROLE_FIELD,    /* a field, or a widget among a field's kids */
	ROLE_FILL,     /* the value of an existing field */
	ROLE_LOOK,     /* the appearance of a field filled or signed just now */
	ROLE_TICK,     /* the appearance state of a button */
	ROLE_REDRAWN,  /* looks that are compared one by one */
	ROLE_DRAWN,    /* whether readers draw looks themselves */
	ROLE_UP_FIELD, /* what is above: the same, and compared as such */
	ROLE_UP_PAGES,
	ROLE_UP_ANNOT,
	ROLE_UP_STRUCT,
	ROLE_ABOVE,   /* /P to a page: the same, not looked into */
	ROLE_STRUCT,  /* the structure tree's root, an element (14.7.2) */
	ROLE_BRANCH,  /* /K of those */
	ROLE_NUMBERS, /* a node of its tree of numbers */
	ROLE_NUMS,    /* the pairs in it */
	ROLE_NEXT,    /* the next number: it may grow */
	ROLE_LED,     /* what a new look leads to: it is there */
	ROLE_COUNT
};

/* What decides about the entries of a field or widget. */
struct facts {
	bool is_field;
	bool is_button;
	bool is_signature;
	bool closed; /* a field that can have no other below it */
	bool locked;
	bool filled;   /* before, perhaps by what it inherits */
	bool fresh;    /* empty before, and filled or signed now */
	bool vanishes; /* signed now, and on no room any more */
	bool shut;     /* its flags are as before, and read only */
	bool lookless; /* it had no look of its own before */
};

/* The role of an entry, by its key and the role of its dictionary. */
enum role
pdf_role_of(enum role role, const struct facts *facts, struct bytes key);

/* Is what has this role a dictionary and no stream, whatever a file makes it?
 */
bool pdf_role_is_dict(enum role role);

/* Is it a part of the structure tree? */
bool pdf_role_is_structure(enum role role);

#endif
