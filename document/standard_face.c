#include "document/standard_face.h"

#include "base/text.h"

#define ASCII_FIRST ' '
#define ASCII_COUNT 95u

struct standard_face {
	uint16_t ascii[ASCII_COUNT]; /* from the blank to the tilde */
	uint8_t others;              /* which column of them */
};

#define COURIER 600u /* all that it has */

static const struct standard_face helvetica = {
	{ 278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333,
	    278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278,
	    278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778,
	    722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611,
	    722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556,
	    556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556,
	    556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
	    260, 334, 584 },
	0
};

static const struct standard_face helvetica_bold = {
	{ 278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333,
	    278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 333,
	    333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778,
	    722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611,
	    722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556, 333, 556,
	    611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611,
	    611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389,
	    280, 389, 584 },
	1
};

static const struct standard_face times = {
	{ 250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333,
	    250, 278, 500, 500, 500, 500, 500, 500, 500, 500, 500, 500, 278,
	    278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611, 556, 722,
	    722, 333, 389, 722, 611, 889, 722, 722, 556, 722, 667, 556, 611,
	    722, 722, 944, 722, 722, 611, 333, 278, 333, 469, 500, 333, 444,
	    500, 444, 500, 444, 333, 500, 500, 278, 278, 500, 278, 778, 500,
	    500, 500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480,
	    200, 480, 541 },
	2
};

static const struct standard_face times_bold = {
	{ 250, 333, 555, 500, 500, 1000, 833, 278, 333, 333, 500, 570, 250, 333,
	    250, 278, 500, 500, 500, 500, 500, 500, 500, 500, 500, 500, 333,
	    333, 570, 570, 570, 500, 930, 722, 667, 722, 722, 667, 611, 778,
	    778, 389, 500, 778, 667, 944, 722, 778, 611, 778, 722, 556, 667,
	    722, 722, 1000, 722, 722, 667, 333, 278, 333, 581, 500, 333, 500,
	    556, 444, 556, 444, 333, 500, 556, 278, 333, 556, 278, 833, 556,
	    500, 556, 556, 444, 389, 333, 556, 500, 722, 500, 500, 444, 394,
	    220, 394, 520 },
	3
};

static const struct standard_face times_italic = {
	{ 250, 333, 420, 500, 500, 833, 778, 214, 333, 333, 500, 675, 250, 333,
	    250, 278, 500, 500, 500, 500, 500, 500, 500, 500, 500, 500, 333,
	    333, 675, 675, 675, 500, 920, 611, 611, 667, 722, 611, 611, 722,
	    722, 333, 444, 667, 556, 833, 667, 722, 611, 722, 611, 500, 556,
	    722, 611, 833, 611, 556, 556, 389, 278, 389, 422, 500, 333, 500,
	    500, 444, 500, 444, 278, 500, 500, 278, 278, 444, 278, 722, 500,
	    500, 500, 500, 389, 389, 278, 500, 444, 667, 444, 444, 389, 400,
	    275, 400, 541 },
	4
};

static const struct standard_face times_bold_italic = {
	{ 250, 389, 555, 500, 500, 833, 778, 278, 333, 333, 500, 570, 250, 333,
	    250, 278, 500, 500, 500, 500, 500, 500, 500, 500, 500, 500, 333,
	    333, 570, 570, 570, 500, 832, 667, 667, 667, 722, 667, 667, 722,
	    778, 389, 500, 667, 611, 889, 722, 722, 611, 722, 667, 556, 611,
	    722, 667, 889, 667, 611, 611, 333, 278, 333, 570, 500, 333, 500,
	    500, 444, 500, 444, 333, 500, 556, 278, 278, 500, 278, 778, 556,
	    500, 500, 500, 389, 389, 278, 556, 444, 667, 500, 444, 389, 348,
	    220, 348, 570 },
	5
};

static const struct standard_face courier = { { COURIER }, 6 };

/* Letters that are not ASCII, of the faces above in their order. */
static const struct other {
	uint16_t point, width[6];
} others[] = {
	{ 0xA3, { 556, 556, 500, 500, 500, 500 } },
	{ 0xA7, { 556, 556, 500, 500, 500, 500 } },
	{ 0xA9, { 737, 737, 760, 747, 760, 747 } },
	{ 0xAB, { 556, 556, 500, 500, 500, 500 } },
	{ 0xAE, { 737, 737, 760, 747, 760, 747 } },
	{ 0xB0, { 400, 400, 400, 400, 400, 400 } },
	{ 0xB1, { 584, 584, 564, 570, 675, 570 } },
	{ 0xB7, { 278, 278, 250, 250, 250, 250 } },
	{ 0xBB, { 556, 556, 500, 500, 500, 500 } },
	{ 0xD7, { 584, 584, 564, 570, 675, 570 } },
	{ 0xDF, { 611, 611, 500, 556, 500, 500 } },
	{ 0x2013, { 556, 556, 500, 500, 500, 500 } },
	{ 0x2014, { 1000, 1000, 1000, 1000, 889, 1000 } },
	{ 0x2018, { 222, 278, 333, 333, 333, 333 } },
	{ 0x2019, { 222, 278, 333, 333, 333, 333 } },
	{ 0x201C, { 333, 500, 444, 500, 556, 500 } },
	{ 0x201D, { 333, 500, 444, 500, 556, 500 } },
	{ 0x2022, { 350, 350, 350, 350, 350, 350 } },
	{ 0x2026, { 1000, 1000, 1000, 1000, 889, 1000 } },
	{ 0x20AC, { 556, 556, 500, 500, 500, 500 } },
};

/* How faces are called behind their family's name. */
enum { BOLD = 1, SLANTED = 2 };
static const struct style {
	const char *name;
	unsigned is;
} styles[] = { { "", 0 }, { "-Roman", 0 }, { "-Regular", 0 }, { "-Bold", BOLD },
	{ ",Bold", BOLD }, { "-BoldMT", BOLD }, { "-Italic", SLANTED },
	{ ",Italic", SLANTED }, { "-ItalicMT", SLANTED },
	{ "-Oblique", SLANTED }, { "-BoldItalic", BOLD | SLANTED },
	{ ",BoldItalic", BOLD | SLANTED }, { "-BoldItalicMT", BOLD | SLANTED },
	{ "-BoldOblique", BOLD | SLANTED } };

static bool
find_style(struct bytes name, unsigned *is)
{
	static const char *const makes[] = { "", "MT", "PSMT", "PS" };

	for (size_t i = 0; i < sizeof(makes) / sizeof(makes[0]); i++) {
		struct bytes rest =
		    bytes_part(name, strlen(makes[i]), SIZE_MAX);

		if (!bytes_starts(name, makes[i]))
			continue;
		for (size_t j = 0; j < sizeof(styles) / sizeof(styles[0]); j++)
			if (bytes_equal_text(rest, styles[j].name)) {
				*is = styles[j].is;
				return true;
			}
	}
	return false;
}

const struct standard_face *
standard_face(struct bytes name)
{
	static const struct family {
		const char *name;
		const struct standard_face *faces[4]; /* by style */
	} families[] = {
		{ "Helvetica",
		    { &helvetica, &helvetica_bold, &helvetica,
			&helvetica_bold } },
		{ "Arial",
		    { &helvetica, &helvetica_bold, &helvetica,
			&helvetica_bold } },
		{ "TimesNewRoman",
		    { &times, &times_bold, &times_italic,
			&times_bold_italic } },
		{ "Times",
		    { &times, &times_bold, &times_italic,
			&times_bold_italic } },
		{ "CourierNew", { &courier, &courier, &courier, &courier } },
		{ "Courier", { &courier, &courier, &courier, &courier } },
	};
	unsigned is;

	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		const struct family *f = &families[i];

		if (bytes_starts(name, f->name) &&
		    find_style(
			bytes_part(name, strlen(f->name), SIZE_MAX), &is))
			return f->faces[is];
	}
	return NULL;
}

/* Of a letter with a mark that of the letter. */
static uint32_t
base_of(uint32_t point)
{
	uint32_t base = text_fold_point(point);
	bool capital = point >= 0xC0 && point <= 0xDE;

	if (base >= 'a' && base <= 'z' && capital)
		base -= 'a' - 'A';
	return base;
}

#define NO_BREAK 0xA0u
/* ì, í, î and ï of Helvetica are wider than its i. */
#define WIDE_I_FIRST 0xECu
#define WIDE_I_LAST 0xEFu
#define WIDE_I 278u

unsigned
standard_face_width(const struct standard_face *face, uint32_t point)
{
	uint32_t base = point < 0x80       ? point :
	    point == NO_BREAK              ? ' ' :
	    point >= 0xC0 && point <= 0xFF ? base_of(point) :
					     0;

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (others[i].point == point)
			return face == &courier ? COURIER :
						  others[i].width[face->others];
	if (base < ASCII_FIRST || base >= ASCII_FIRST + ASCII_COUNT)
		return 0;
	if (face == &helvetica && point >= WIDE_I_FIRST && point <= WIDE_I_LAST)
		return WIDE_I;
	return face == &courier ? COURIER : face->ascii[base - ASCII_FIRST];
}
