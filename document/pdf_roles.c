#include "document/pdf_roles.h"

/* What may change in an existing field or widget. */
static enum role
role_in_field(const struct facts *facts, struct bytes key)
{
	bool value = bytes_equal_text(key, "V");

	if (facts->locked || facts->filled)
		return ROLE_FIXED;
	/* A signature's value is told of where it makes the field fresh. */
	if (facts->is_signature && value)
		return facts->fresh ? ROLE_LOOK : ROLE_FIXED;
	if (value)
		return ROLE_FILL;
	if (facts->is_button)
		return bytes_equal_text(key, "AS") ? ROLE_TICK : ROLE_FIXED;
	if (facts->fresh &&
	    (bytes_equal_text(key, "AP") || bytes_equal_text(key, "M") ||
		bytes_equal_text(key, "F")))
		return ROLE_LOOK;
	/* Its place in the structure tree, which is judged there. */
	if (facts->fresh && facts->is_signature &&
	    bytes_equal_text(key, "StructParent"))
		return ROLE_LOOK;
	return facts->fresh && facts->is_signature &&
		bytes_equal_text(key, "Ff") ?
	    ROLE_SHUT :
	    ROLE_FIXED;
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
		{ ROLE_FORM, "Fields", ROLE_FIELDS },
		{ ROLE_FORM, "SigFlags", ROLE_FREE },
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
		{ ROLE_NUMBERS, "Limits", ROLE_FREE },
		{ ROLE_ANNOT, "Parent", ROLE_UP_ANNOT },
		{ ROLE_ANNOT, "P", ROLE_ABOVE },
	};

	if (role == ROLE_ANNOT && facts->is_field &&
	    bytes_equal_text(key, "Parent"))
		return ROLE_UP_FIELD;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (rules[i].in == role && bytes_equal_text(key, rules[i].key))
			return rules[i].role;
	if (role == ROLE_GROW)
		return ROLE_NAMES;
	if (role == ROLE_KEPT)
		return role;
	return facts->is_field ? role_in_field(facts, key) : ROLE_FIXED;
}
