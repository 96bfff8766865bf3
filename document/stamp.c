#include "document/stamp.h"

#include <stdio.h>

enum fail
stamp_resources_init(
    struct stamp_resources *r, struct pdf_file *file, struct note *note)
{
	r->rules = pdfa_of(file);
	for (enum font_face i = FONT_UPRIGHT; i < FONT_FACES; i++) {
		struct stamp_face *face = &r->faces[i];
		enum fail f = font_open(&face->font, font_builtin(i), note);

		if (f)
			return f;
		font_subset_init(&face->letters, &face->font);
		face->ref = (struct pdf_ref){ 0, 0 };
	}
	return FAIL_NONE;
}

/* sRGB and its grey, as ISO 32000-1 8.6.5.3 has them. */
#define CALIBRATED_GRAY "[/CalGray<</WhitePoint[.9505 1 1.089]/Gamma 2.2>>]"
#define CALIBRATED_RGB                                            \
	"[/CalRGB<</WhitePoint[.9505 1 1.089]/Gamma[2.2 2.2 2.2]" \
	"/Matrix[.4124 .2126 .0193 .3576 .7152 .1192 .1805 .0722 .9505]>>]"

#define IMAGE                                                   \
	"/Type/XObject/Subtype/Image/Width %u/Height %u/Filter" \
	"/FlateDecode"

/* The image and, as its mask, the transparency. */
static struct pdf_ref
put_image(const struct picture *p, const struct pdfa *rules,
    struct pdf_append *a, struct bytes color, struct bytes alpha)
{
	struct pdf_ref image = pdf_append_new(a), mask = pdf_append_new(a);
	char dict[512];

	snprintf(dict, sizeof(dict), IMAGE "%s", p->width, p->height,
	    rules->flat ? "/ImageMask true/BitsPerComponent 1" :
			  "/ColorSpace/DeviceGray/BitsPerComponent 8");
	pdf_append_stream(a, mask, dict, alpha);
	snprintf(dict, sizeof(dict),
	    IMAGE "/ColorSpace%s/BitsPerComponent 8/%s %u 0 R", p->width,
	    p->height, rules->calibrated ? CALIBRATED_RGB : "/DeviceRGB",
	    rules->flat ? "Mask" : "SMask", mask.num);
	pdf_append_stream(a, image, dict, color);
	return image;
}

static enum fail
put_picture(const struct picture *p, const struct pdfa *rules,
    struct pdf_append *a, struct pdf_ref *image)
{
	struct buf color, mask;
	enum fail f;

	/* A trial's picture has no pixels. */
	if (!rules->flat || !p->color.len) {
		*image = put_image(
		    p, rules, a, buf_view(&p->color), buf_view(&p->alpha));
		return FAIL_NONE;
	}
	buf_init(&color, PICTURE_STREAM_MAX);
	buf_init(&mask, PICTURE_STREAM_MAX);
	f = picture_flatten(p, &color, &mask);
	if (!f)
		*image =
		    put_image(p, rules, a, buf_view(&color), buf_view(&mask));
	buf_free(&color);
	buf_free(&mask);
	return f;
}

/* The form's own colour space, for black (8.6.8). */
static const char *
black(const struct pdfa *rules, bool lines)
{
	if (rules->calibrated)
		return lines ? "/Black CS 0 SC " : "/Black cs 0 sc ";
	return lines ? "0 G " : "0 g ";
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

static enum fail
draw_text(
    const struct stamp_text *t, struct stamp_resources *r, struct buf *out)
{
	struct stamp_face *face = &r->faces[t->face];
	double size = t->size, width = font_width(&face->font, t->text, size);

	if (t->width > 0 && width > t->width)
		size *= t->width / width;
	if (size < STAMP_TEXT_LEAST && !t->tiny)
		return FAIL_LIMIT;
	buf_printf(out, "BT %s/F%d ", black(&r->rules, false), t->face);
	pdf_put_number(out, size);
	buf_text(out, " Tf ");
	pdf_put_number(out, t->x);
	buf_char(out, ' ');
	pdf_put_number(out, t->y);
	buf_text(out, " Td ");
	font_put_text(&face->letters, t->text, out);
	buf_text(out, " Tj ET\n");
	return FAIL_NONE;
}

/* Black runs, all in one path: no seams between the rows.  The quiet zone is
 * left as it is: a white ground could hide words. */
static void
draw_code(const struct stamp *s, const struct pdfa *rules, struct buf *out)
{
	const struct qr *qr = s->code;

	buf_printf(out, "q %s", black(rules, false));
	pdf_put_number(out, s->width / (qr->side + 2 * QR_QUIET));
	buf_text(out, " 0 0 ");
	pdf_put_number(out, s->height / (qr->side + 2 * QR_QUIET));
	buf_text(out, " 0 0 cm\n");
	for (unsigned y = 0; y < qr->side; y++)
		for (unsigned x = 0; x < qr->side; x++) {
			unsigned from = x;

			while (x < qr->side && qr->dark[y][x])
				x++;
			if (x > from)
				buf_printf(out, "%u %u %u 1 re ",
				    QR_QUIET + from,
				    QR_QUIET + qr->side - 1 - y, x - from);
		}
	buf_text(out, "f Q\n");
}

static void
draw_line(const struct stamp_line *l, const struct pdfa *rules, struct buf *out)
{
	const double numbers[] = { l->width, l->x0, l->y0, l->x1, l->y1 };
	static const char *const words[] = { " w ", " ", " m ", " ", " l S\n" };

	buf_text(out, black(rules, true));
	for (size_t i = 0; i < 5; i++) {
		pdf_put_number(out, numbers[i]);
		buf_text(out, words[i]);
	}
}

/* The fonts that the texts of one stamp use, as its resources. */
static void
put_fonts(const struct stamp *s, struct stamp_resources *r,
    struct pdf_append *a, struct buf *dict)
{
	bool used[FONT_FACES] = { false };

	buf_text(dict, "/Font<<");
	for (size_t i = 0; i < s->text_count; i++) {
		enum font_face face = s->texts[i].face;

		if (used[face])
			continue;
		used[face] = true;
		if (!r->faces[face].ref.num)
			r->faces[face].ref = pdf_append_new(a);
		buf_printf(dict, "/F%d %u 0 R", face, r->faces[face].ref.num);
	}
	buf_text(dict, ">>");
}

/* The page turns clockwise, the stamp as much the other way (8.10.2: readers
 * move the turned box into the widget's place by themselves). */
static const char *
matrix_of(int turn)
{
	switch (turn) {
	case 90:
		return "/Matrix[0 1 -1 0 0 0]";
	case 180:
		return "/Matrix[-1 0 0 -1 0 0]";
	case 270:
		return "/Matrix[0 -1 1 0 0 0]";
	default:
		return "";
	}
}

enum fail
stamp_put(const struct stamp *s, struct stamp_resources *r,
    struct pdf_append *a, struct pdf_ref *form)
{
	struct buf drawing, dict;
	struct pdf_ref image;
	enum fail f = FAIL_NONE;

	buf_init(&drawing, 65536);
	buf_init(&dict, 1024);
	buf_text(&dict, "/Type/XObject/Subtype/Form/BBox[0 0 ");
	pdf_put_number(&dict, s->width);
	buf_char(&dict, ' ');
	pdf_put_number(&dict, s->height);
	buf_printf(&dict, "]%s/Resources<<", matrix_of(s->turn));
	if (r->rules.calibrated)
		buf_text(&dict, "/ColorSpace<</Black" CALIBRATED_GRAY ">>");
	if (s->picture.picture) {
		f = put_picture(s->picture.picture, &r->rules, a, &image);
		draw_picture(&s->picture, &drawing);
		buf_printf(&dict, "/XObject<</Im %u 0 R>>", f ? 0 : image.num);
	}
	if (s->code)
		draw_code(s, &r->rules, &drawing);
	for (size_t i = 0; i < s->line_count; i++)
		draw_line(&s->lines[i], &r->rules, &drawing);
	for (size_t i = 0; i < s->text_count && !f; i++)
		f = draw_text(&s->texts[i], r, &drawing);
	if (s->text_count)
		put_fonts(s, r, a, &dict);
	buf_text(&dict, ">>");
	buf_char(&dict, '\0');
	if (!f)
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
	enum fail f = FAIL_NONE;

	for (size_t i = 0; i < FONT_FACES && !f; i++)
		if (r->faces[i].ref.num)
			f = font_embed(&r->faces[i].letters, a, r->faces[i].ref,
			    r->rules.part == 1);
	return f;
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
