/* Grounds, frames and lines of a plain look, and what it cuts. */
#include <math.h>

#include "document/pdf_plain_reader.h"

#define EDGE 4.0        /* from the box's side to a frame's */
#define EDGE_LINE 1.5   /* to a line that is alone … */
#define LINE_END 1.5    /* … and from its ends */
#define LINE_THICK 0.15 /* of the box */
#define COMB_OFF 1.0    /* from the middle between two letters */
#define COMB_THICK 1.0  /* of a line there */

/* A frame or ground lies along the box's sides, inside. */
static bool
is_frame(const struct pdf_box *a, const struct pdf_box *b)
{
	return a->x0 >= b->x0 - 1 && a->x0 <= b->x0 + EDGE &&
	    a->y0 >= b->y0 - 1 && a->y0 <= b->y0 + EDGE && a->x1 <= b->x1 + 1 &&
	    a->x1 >= b->x1 - EDGE && a->y1 <= b->y1 + 1 &&
	    a->y1 >= b->y1 - EDGE && a->x1 - a->x0 > (b->x1 - b->x0) / 2 &&
	    a->y1 - a->y0 > (b->y1 - b->y0) / 2;
}

void
plain_rectangle(struct plain_reader *r)
{
	const double *m = r->numbers;
	double x = m[0] + r->now.across, y = m[1] + r->now.up;

	r->bad = r->bad || m[2] <= 0 || m[3] <= 0 || r->begun;
	r->part = (struct pdf_box){ x, y, x + m[2], y + m[3] };
	r->frame =
	    (r->rectangles ? r->frame : true) && is_frame(&r->part, &r->box);
	r->rectangles++;
}

/* One from side to side, not thick: along the bottom, which letters stand
 * above, or between two of a comb. */
static bool
is_line(struct plain_reader *r, double x, double y)
{
	const struct pdf_box *b = &r->box;
	double one = (b->x1 - b->x0) / (r->comb ? r->comb : 1);
	double thick = r->now.thick;

	if (thick > LINE_THICK * fmin(b->x1 - b->x0, b->y1 - b->y0))
		return false;
	if (y == r->y) {
		r->clear.y0 = fmax(r->clear.y0, y + thick / 2);
		return plain_is_near(fmin(x, r->x), b->x0, LINE_END) &&
		    plain_is_near(fmax(x, r->x), b->x1, LINE_END) &&
		    plain_is_near(y, b->y0, EDGE_LINE);
	}
	for (unsigned i = 1; i < r->comb; i++) {
		double off = fabs(x - b->x0 - one * i);

		if (off > COMB_OFF)
			continue;
		r->beside = fmax(r->beside, off + thick / 2);
		return x == r->x && thick <= COMB_THICK &&
		    plain_is_near(fmin(y, r->y), b->y0, LINE_END) &&
		    plain_is_near(fmax(y, r->y), b->y1, LINE_END);
	}
	return false;
}

void
plain_line(struct plain_reader *r, uint8_t op)
{
	double x = r->numbers[0] + r->now.across;
	double y = r->numbers[1] + r->now.up;

	r->bad = r->bad || r->rectangles || (op == 'm') == r->begun;
	if (op == 'l') {
		r->bad = r->bad || !is_line(r, x, y);
		r->lines++;
	}
	r->begun = op == 'm';
	r->x = x;
	r->y = y;
}

#define FRAMES_MAX 2u
#define FRAME_MOST 0.2 /* of the box, from each side */

/* A frame leaves most of its box free, and letters stand inside of it. */
static void
take_frame(struct plain_reader *r)
{
	const struct pdf_box *b = &r->box;
	double half = r->now.thick / 2;
	double most = fmin(b->x1 - b->x0, b->y1 - b->y0) * FRAME_MOST + 0.5;
	struct pdf_box in = { r->part.x0 + half, r->part.y0 + half,
		r->part.x1 - half, r->part.y1 - half };

	r->bad = r->bad || r->rectangles != 1 || r->frames++ == FRAMES_MAX ||
	    in.x0 - b->x0 > most || in.y0 - b->y0 > most ||
	    b->x1 - in.x1 > most || b->y1 - in.y1 > most;
	r->clear = pdf_box_common(r->clear, in);
}

/* What is drawn stands below the letters, grounds below frames. */
void
plain_end_path(struct plain_reader *r, struct bytes op)
{
	static const char *const strokes[] = { "S", "s", "B", "b", NULL };
	static const char *const fills[] = { "f", "F", "B", "b", NULL };
	bool stroke = bytes_among(op, strokes), fill = bytes_among(op, fills);
	bool closes = *op.data == 's' || *op.data == 'b';

	r->bad = r->bad || r->begun || r->text;
	if (r->cut) {
		r->bad =
		    r->bad || stroke || fill || r->lines || r->rectangles != 1;
		r->now.seen = pdf_box_common(r->now.seen, r->part);
	} else if (stroke || fill) {
		r->bad = r->bad || r->any || (r->rectangles && !r->frame) ||
		    (closes && r->lines) ||
		    (fill &&
			(r->lines || r->stroked ||
			    r->now.shade != SHADE_LIGHT));
		if (stroke && r->rectangles)
			take_frame(r);
		r->stroked = r->stroked || stroke;
	}
	r->rectangles = r->lines = 0;
	r->cut = false;
}
