/* How a page will look once it is signed: drawn by the browser, from numbers,
 * small and, when it is opened, large. */
#include <unistd.h>

#include "firmware/web/web.h"

static const struct {
	const char *name; /* as told to who cannot see it; NULL: the file's */
	const char *look;
} kinds[SKETCH_KINDS] = {
	[SKETCH_TEXT] = { NULL, "fill=\"#9a9a9a\"" },
	[SKETCH_IMAGE] = { NULL, "fill=\"#dcdcd6\"" },
	[SKETCH_SIGNATURE] = { "chữ ký",
	    "fill=\"#0b4a8f\" fill-opacity=\".35\" stroke=\"#0b4a8f\"" },
	[SKETCH_SEAL] = { "dấu",
	    "fill=\"#c4141f\" fill-opacity=\".3\" stroke=\"#c4141f\" "
	    "stroke-width=\"4\"" },
	[SKETCH_WORDS] = { "số, ngày hoặc lời ghi",
	    "fill=\"#1c7c3a\" fill-opacity=\".5\" stroke=\"#1c7c3a\"" },
	[SKETCH_CODE] = { "mã QR (nếu chọn in)",
	    "fill=\"none\" stroke=\"#1a1a1a\" stroke-dasharray=\"4 3\"" },
	[SKETCH_ROOM] = { "chỗ cho số và ngày",
	    "fill=\"none\" stroke=\"#1c7c3a\" stroke-dasharray=\"6 3\"" },
};

/* "Trang 2: chữ ký, dấu" */
static void
put_label(struct buf *out, const struct sketch_page *p)
{
	bool any = false;

	buf_printf(out, "Trang %u", p->number);
	for (unsigned kind = 0; kind < SKETCH_KINDS; kind++) {
		bool there = false;

		for (size_t i = 0; i < p->count; i++)
			there = there || p->shapes[i].kind == kind;
		if (!there || !kinds[kind].name)
			continue;
		buf_printf(out, "%s%s", any ? ", " : ": ", kinds[kind].name);
		any = true;
	}
}

static void
put_shape(struct buf *out, const struct sketch_shape *s)
{
	if (s->kind == SKETCH_SEAL)
		buf_printf(out,
		    "<ellipse cx=\"%u\" cy=\"%u\" rx=\"%u\" ry=\"%u\" %s/>",
		    s->left + s->width / 2, s->top + s->height / 2,
		    s->width / 2, s->height / 2, kinds[s->kind].look);
	else
		buf_printf(out,
		    "<rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\" "
		    "%s/>",
		    s->left, s->top, s->width, s->height, kinds[s->kind].look);
}

static void
put_page(struct buf *out, const struct sketch_page *p)
{
	buf_printf(out, "<svg viewBox=\"0 0 %u %u\" role=\"img\" aria-label=\"",
	    p->width, p->height);
	put_label(out, p);
	buf_text(out, "\">");
	/* What is much the same goes into one path: pages stay small. */
	buf_printf(out, "<path %s d=\"", kinds[SKETCH_TEXT].look);
	for (size_t i = 0; i < p->count; i++)
		if (p->shapes[i].kind == SKETCH_TEXT)
			buf_printf(out, "M%u %uh%uv%uh-%uz", p->shapes[i].left,
			    p->shapes[i].top, p->shapes[i].width,
			    p->shapes[i].height, p->shapes[i].width);
	buf_text(out, "\"/>");
	for (size_t i = 0; i < p->count; i++)
		if (p->shapes[i].kind != SKETCH_TEXT)
			put_shape(out, &p->shapes[i]);
	buf_text(out, "</svg>");
}

void
html_sketch(struct buf *out, const struct sketch *sketch)
{
	buf_text(out, "<details class=\"sketch\"><summary>");
	for (size_t i = 0; i < sketch->count; i++)
		put_page(out, &sketch->pages[i]);
	buf_text(out, "</summary></details>");
	if (sketch->covers > MARK_COVERS_MOST)
		buf_printf(out,
		    "<p class=\"small\">Chữ ký quá sát mép trang: dấu trùm "
		    "%u %% chữ ký thay vì một phần ba. Vẫn ký và đóng dấu "
		    "được; muốn đúng hơn, đặt chữ ký xa mép trang hơn.</p>",
		    sketch->covers);
}

enum fail
web_sketches(const struct message *m, struct disk_map *rows)
{
	struct cursor c = cursor_of(m->payload);
	enum fail f = message_fail(&c);

	*rows = (struct disk_map){ .fd = -1 };
	if (m->kind != MESSAGE_ANSWER_SKETCH)
		return f ? f : FAIL_PEER;
	if (f)
		return f;
	return m->fd_count ? disk_map_fd(dup(m->fds[0]), rows) : FAIL_PEER;
}

bool
web_sketch_next(struct cursor *rows, struct web_sketch *row)
{
	if (rows->at == rows->in.len)
		return false;
	row->record = cursor_u64(rows);
	row->fail = message_fail(rows);
	row->note = cursor_field(rows);
	if (sketch_get(rows, &row->sketch))
		row->fail = FAIL_PEER;
	return !rows->failed;
}
