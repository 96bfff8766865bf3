#include "document/pdf_walk.h"

/* Nothing, or what stands for it in most readers. */
static bool
is_nothing(struct pdf_file *f, const struct pdf_value *v)
{
	return !v || pdf_resolve(f, v)->type == PDF_NULL;
}

bool
walk_retold(struct walk *w, const struct pair *p)
{
	const struct pdf_value *a = p->old, *b = p->new;

	if (p->role == ROLE_FREE)
		return false;
	if (!a || !b)
		return is_nothing(w->old, a) && is_nothing(w->new, b);
	switch (p->role) {
	case ROLE_FIXED:
	case ROLE_KEPT:
	case ROLE_PAGES:
	case ROLE_ANNOT:
	case ROLE_FIELD:
	case ROLE_NAME:
	case ROLE_STRUCT:
	case ROLE_NUMBERS:
		return walk_is_ref(a) != walk_is_ref(b) ||
		    (walk_is_ref(a) && a->ref.num != b->ref.num);
	case ROLE_TICK:
		return walk_is_ref(b) && !walk_is_ref(a);
	default:
		return false;
	}
}

bool
walk_is_box(struct bytes key)
{
	static const char *const keys[] = { "Rect", "BBox", "MediaBox",
		"CropBox", "BleedBox", "TrimBox", "ArtBox" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (bytes_equal_text(key, keys[i]))
			return true;
	return false;
}

bool
walk_same_number(const struct pdf_value *a, const struct pdf_value *b)
{
	return pdf_is_number(a) && pdf_is_number(b) && a->real == b->real;
}
