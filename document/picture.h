/*
 * A signature or seal picture: a PNG with transparency, turned once into the
 * two compressed streams a PDF image needs, then used for any number of
 * documents.
 */
#ifndef DOCUMENT_PICTURE_H
#define DOCUMENT_PICTURE_H

#include "base/buf.h"

#define PICTURE_SIDE_MAX 4096u      /* pixels */
#define PICTURE_FILE_MAX (8u << 20) /* bytes of PNG */

/* What colour most of the ink has, by hue (rules of Decree 30/2020 Annex I as
 * we measure them): blue 200 to 260 degrees, red 340 to 20. */
enum picture_ink { INK_OTHER, INK_BLUE, INK_RED };

struct picture {
	uint32_t width, height;     /* pixels, of its ink: margins are cut */
	double width_mm, height_mm; /* from pHYs; 0 when it has none */
	enum picture_ink ink;
	bool corners_clear; /* nothing is painted in the four corners */
	struct buf color;   /* RGB, 8 bits, Flate */
	struct buf alpha;   /* grey, 8 bits, Flate */
};

/*
 * Decode a PNG.  FAIL_FORMAT: not a PNG or damaged; FAIL_LIMIT: too large;
 * FAIL_UNSUPPORTED: without transparency, which a mark must have
 * (Decree 30/2020 Annex I).
 */
CHECKED enum fail
picture_read(struct picture *picture, struct bytes png, struct note *note);
void picture_free(struct picture *picture);

/* Its ink is so wide, whatever the PNG says. */
void picture_scale(struct picture *picture, double width_mm);

/*
 * Append a PNG, read into picture, that says so itself (pHYs).  FAIL_FORMAT.
 */
CHECKED enum fail picture_put_scale(struct bytes png,
    const struct picture *picture, double width_mm, struct buf *out);

#define PICTURE_STREAM_MAX \
	(PICTURE_SIDE_MAX * PICTURE_SIDE_MAX * 3u + (1u << 20)) /* bytes */

/*
 * The same for where nothing may be seen through: colours as on white paper,
 * and a mask of one bit a pixel (1: not painted, ISO 32000-1 8.9.6.2) instead
 * of the alpha.  Both are appended compressed.
 */
CHECKED enum fail picture_flatten(
    const struct picture *picture, struct buf *color, struct buf *mask);

#endif
