#include "document/stamp.h"

#include <stdio.h>

void
stamp_resources_init(struct stamp_resources *r, const struct font *font)
{
	font_subset_init(&r->letters, font);
	r->font = (struct pdf_ref){ 0, 0 };
}

/* The image and, as its soft mask, the transparency. */
static struct pdf_ref
put_picture(const struct picture *p, struct pdf_append *a)
{
	struct pdf_ref image = pdf_append_new(a), mask = pdf_append_new(a);
	char dict[256];

	snprintf(dict, sizeof(dict),
	    "/Type/XObject/Subtype/Image/Width %u/Height %u"
	    "/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode",
	    p->width, p->height);
	pdf_append_stream(a, mask, dict, buf_view(&p->alpha));
	snprintf(dict, sizeof(dict),
	    "/Type/XObject/Subtype/Image/Width %u/Height %u"
	    "/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/FlateDecode"
	    "/SMask %u 0 R",
	    p->width, p->height, mask.num);
	pdf_append_stream(a, image, dict, buf_view(&p->color));
	return image;
}

static void
draw_picture(const struct stamp_picture *p, struct buf *out)
{
	buf_text(out, "q ");
	pdf_put_number(out, p->box.x1 - p->box.x0);
	buf_text(out, " 0 0 ");
	pdf_put_number(out, p->box.y1 - p->box.y0);
	buf_char(out, ' ');
	pdf_put_number(out, p->box.x0);
	buf_char(out, ' ');
	pdf_put_number(out, p->box.y0);
	buf_text(out, " cm /Im Do Q\n");
}

static void
draw_text(
    const struct stamp_text *t, struct font_subset *letters, struct buf *out)
{
	buf_text(out, "BT 0 g /F ");
	pdf_put_number(out, t->size);
	buf_text(out, " Tf ");
	pdf_put_number(out, t->x);
	buf_char(out, ' ');
	pdf_put_number(out, t->y);
	buf_text(out, " Td ");
	font_put_text(letters, t->text, out);
	buf_text(out, " Tj ET\n");
}

enum fail
stamp_put(const struct stamp *s, struct stamp_resources *r,
    struct pdf_append *a, struct pdf_ref *form)
{
	struct buf drawing, dict;
	enum fail f;

	buf_init(&drawing, 65536);
	buf_init(&dict, 1024);
	buf_text(&dict, "/Type/XObject/Subtype/Form/BBox[0 0 ");
	pdf_put_number(&dict, s->width);
	buf_char(&dict, ' ');
	pdf_put_number(&dict, s->height);
	buf_text(&dict, "]/Resources<<");
	if (s->picture.picture) {
		draw_picture(&s->picture, &drawing);
		buf_printf(&dict, "/XObject<</Im %u 0 R>>",
		    put_picture(s->picture.picture, a).num);
	}
	for (size_t i = 0; i < s->text_count; i++)
		draw_text(&s->texts[i], &r->letters, &drawing);
	if (s->text_count) {
		if (!r->font.num)
			r->font = pdf_append_new(a);
		buf_printf(&dict, "/Font<</F %u 0 R>>", r->font.num);
	}
	buf_text(&dict, ">>");
	buf_char(&dict, '\0');
	f = buf_fail(&dict) ? buf_fail(&dict) : buf_fail(&drawing);
	if (!f) {
		*form = pdf_append_new(a);
		pdf_append_stream(
		    a, *form, (const char *)dict.data, buf_view(&drawing));
	}
	buf_free(&dict);
	buf_free(&drawing);
	return f;
}

enum fail
stamp_resources_put(struct stamp_resources *r, struct pdf_append *a)
{
	if (!r->font.num)
		return FAIL_NONE;
	return font_embed(&r->letters, a, r->font);
}

struct pdf_box
stamp_seal_box(struct pdf_box signature, double diameter)
{
	double overlap = (signature.x1 - signature.x0) / 3;
	double middle = (signature.y0 + signature.y1) / 2;

	return (struct pdf_box){ signature.x0 + overlap - diameter,
		middle - diameter / 2, signature.x0 + overlap,
		middle + diameter / 2 };
}
