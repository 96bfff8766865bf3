#include "document/pdf_roles.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static bool
is_among(struct bytes key, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (bytes_equal_text(key, names[i]))
			return true;
	return false;
}

/* What comes with a value: how it looks and, of a signature, its place in the
 * structure tree, which is judged there; of a text or choice how it is set
 * (12.7.4.3) and the same value once more (/RV, /I). */
static bool
is_look(const struct facts *facts, struct bytes key)
{
	static const char *const all[] = { "AP", "M", "F" };
	static const char *const signature[] = { "StructParent", "MK", "DA" };
	static const char *const text[] = { "DA", "Q", "RV", "I", "TI", "MK" };

	return is_among(key, all, COUNT(all)) ||
	    (facts->is_signature ? is_among(key, signature, COUNT(signature)) :
				   is_among(key, text, COUNT(text)));
}

/* What may change in an existing field or widget. */
static enum role
role_in_field(const struct facts *facts, struct bytes key)
{
	bool value = bytes_equal_text(key, "V");

	/* Whoever locks fields may make them read only, too. */
	if (facts->shut && bytes_equal_text(key, "Ff"))
		return ROLE_LOOK;
	if (facts->locked || facts->filled)
		return ROLE_FIXED;
	/* A signature's value is told of where it makes the field fresh. */
	if (facts->is_signature && value)
		return facts->fresh ? ROLE_LOOK : ROLE_FIXED;
	if (value)
		return ROLE_FILL;
	if (facts->is_button && facts->fresh && bytes_equal_text(key, "AS"))
		return ROLE_TICK;
	/* One that readers drew themselves may get its looks. */
	if (facts->is_button && facts->fresh && bytes_equal_text(key, "AP"))
		return facts->lookless ? ROLE_LOOK : ROLE_REDRAWN;
	if (facts->is_button && facts->fresh && bytes_equal_text(key, "M"))
		return ROLE_LOOK;
	if (facts->is_button)
		return ROLE_FIXED;
	if (facts->vanishes && bytes_equal_text(key, "Rect"))
		return ROLE_LOOK;
	if (facts->fresh && is_look(facts, key))
		return ROLE_LOOK;
	return ROLE_FIXED;
}

enum role
pdf_role_of(enum role role, const struct facts *facts, struct bytes key)
{
	static const struct {
		enum role in;
		const char *key;
		enum role role;
	} rules[] = {
		{ ROLE_CATALOG, "AcroForm", ROLE_FORM },
		{ ROLE_CATALOG, "Pages", ROLE_PAGES },
		{ ROLE_CATALOG, "StructTreeRoot", ROLE_STRUCT },
		{ ROLE_CATALOG, "DSS", ROLE_FREE },
		{ ROLE_CATALOG, "Extensions", ROLE_FREE },
		{ ROLE_CATALOG, "Version", ROLE_FREE },
		{ ROLE_CATALOG, "Metadata", ROLE_FREE },
		{ ROLE_PAGES, "Kids", ROLE_PAGES },
		{ ROLE_PAGES, "Annots", ROLE_ANNOTS },
		{ ROLE_PAGES, "Parent", ROLE_UP_PAGES },
		/* iText, VGCA's tool too, leaves its version there. */
		{ ROLE_PAGES, "ITXT", ROLE_FREE },
		/* The order in which the tab key goes through fields. */
		{ ROLE_PAGES, "Tabs", ROLE_FREE },
		{ ROLE_FORM, "Fields", ROLE_FIELDS },
		{ ROLE_FORM, "SigFlags", ROLE_FREE },
		{ ROLE_FORM, "NeedAppearances", ROLE_DRAWN },
		{ ROLE_FORM, "DR", ROLE_GROW },
		{ ROLE_FORM, "DA", ROLE_GROW },
		{ ROLE_FIELD, "Kids", ROLE_FIELDS },
		{ ROLE_FIELD, "Parent", ROLE_UP_FIELD },
		{ ROLE_FIELD, "P", ROLE_ABOVE },
		{ ROLE_STRUCT, "K", ROLE_BRANCH },
		{ ROLE_STRUCT, "P", ROLE_UP_STRUCT },
		{ ROLE_STRUCT, "ParentTree", ROLE_NUMBERS },
		{ ROLE_STRUCT, "ParentTreeNextKey", ROLE_NEXT },
		{ ROLE_NUMBERS, "Kids", ROLE_NUMBERS },
		{ ROLE_NUMBERS, "Nums", ROLE_NUMS },
		{ ROLE_NUMBERS, "Limits", ROLE_FREE }, /* walk_bounds */
		{ ROLE_ANNOT, "Parent", ROLE_UP_ANNOT },
		{ ROLE_ANNOT, "P", ROLE_ABOVE },
	};

	if (facts->closed && bytes_equal_text(key, "Kids"))
		return role;
	if (role == ROLE_ANNOT && facts->is_field &&
	    bytes_equal_text(key, "Parent"))
		return ROLE_UP_FIELD;
	for (size_t i = 0; i < COUNT(rules); i++)
		if (rules[i].in == role && bytes_equal_text(key, rules[i].key))
			return rules[i].role;
	if (role == ROLE_GROW)
		return ROLE_NAMES;
	if (role == ROLE_NAMES)
		return ROLE_NAME;
	if (role == ROLE_KEPT)
		return role;
	return facts->is_field ? role_in_field(facts, key) : ROLE_FIXED;
}

bool
pdf_role_is_dict(enum role role)
{
	switch (role) {
	case ROLE_CATALOG:
	case ROLE_PAGES:
	case ROLE_ANNOT:
	case ROLE_FORM:
	case ROLE_GROW:
	case ROLE_NAMES:
	case ROLE_FIELD:
	case ROLE_STRUCT:
	case ROLE_NUMBERS:
		return true;
	default:
		return false;
	}
}

bool
pdf_role_is_structure(enum role role)
{
	return role == ROLE_UP_STRUCT ||
	    (role >= ROLE_STRUCT && role <= ROLE_NEXT);
}
