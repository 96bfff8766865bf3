/* A plain look (pdf_plain.h) while it is read, operator by operator. */
#ifndef DOCUMENT_PDF_PLAIN_READER_H
#define DOCUMENT_PDF_PLAIN_READER_H

#include "document/pdf_letters.h"
#include "document/pdf_page.h"
#include "document/pdf_plain.h"
#include "document/pdf_shade.h"

#define SAVED_MAX 8u
#define OPERANDS_MAX 6u

/* What Q brings back. */
struct plain_kept {
	double across, up; /* by cm */
	struct pdf_box seen;
	enum pdf_shade shade;
	double thick;             /* of lines */
	size_t inks, stroke_inks; /* of the spaces of colours; 0: only black
				     is known */
	double leading;
	const struct pdf_letters *font;
	double size;
};

struct plain_reader {
	struct pdf_file *file;
	const struct pdf_value *fonts, *spaces; /* looked up once */
	struct pdf_plain *out;
	struct pdf_box box;
	unsigned comb;
	bool bad;
	size_t saved, marked;
	struct plain_kept now, kept[SAVED_MAX];
	bool text, over; /* between BT and ET; behind ET */
	/* The path: rectangles, or lines of two ends; then what it cuts. */
	unsigned rectangles, lines;
	struct pdf_box part;
	bool begun, frame, cut;
	bool stroked;
	unsigned frames;
	struct pdf_box clear; /* what they leave */
	double x, y;
	double line_x, line_y; /* where the line of letters begins */
	bool placed;           /* letters may follow */
	double at;             /* where they go on */
	double ended;          /* where the last one ended */
	bool blank;            /* it is one */
	size_t shown;          /* letters */
	double last_y;
	double drift;            /* from where they ended, in thousandths */
	bool any, none;          /* letters were; a string without them was */
	bool signs, signs_known; /* they are signs */
	long combed;             /* the place of the last one in a comb */
	double off;              /* from its middle to the first one's */
	double beside;           /* what lines between places take of each */
	/* Operands so far: a letter for each, as ops has them, … */
	char kinds[OPERANDS_MAX + 2];
	size_t all;
	double numbers[OPERANDS_MAX]; /* … and those that are numbers */
	size_t count;
	struct bytes name, string;
	size_t array, array_end; /* of the content */
	bool nested;
	struct bytes content;
	/* One font that is written in place. */
	struct pdf_letters own;
	const struct pdf_value *own_entry;
	size_t spent;
};

/* Paths: re; m and l; what ends them.  bad is set at what is not plain. */
void plain_rectangle(struct plain_reader *reader);
void plain_line(struct plain_reader *reader, uint8_t op);
void plain_end_path(struct plain_reader *reader, struct bytes op);

static inline bool
plain_is_near(double a, double b, double off)
{
	return a >= b - off && a <= b + off;
}

#endif
