#include "document/picture.h"

#include "document/deflate.h"
#include "tests/fuzz/fuzz.h"

#define FUZZ_SIZE_MAX 16384u
#define PIXELS 4000000u /* of the pictures whose streams are read back */

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct picture picture;
	struct note note = { 0 };
	struct buf out;

	if (size > FUZZ_SIZE_MAX)
		return 0;
	/* A bomb of 16 million pixels is allowed and slow: try few of them. */
	if (size > 24 && (data[18] > 7 || data[22] > 7))
		return 0;
	if (picture_read(&picture, (struct bytes){ data, size }, &note)) {
		fuzz_must(!picture.color.data && !picture.alpha.data);
		return 0;
	}
	fuzz_must(picture.width && picture.width <= PICTURE_SIDE_MAX);
	fuzz_must(picture.height && picture.height <= PICTURE_SIDE_MAX);
	fuzz_must(picture.width_mm >= 0 && picture.height_mm >= 0);
	if ((uint64_t)picture.width * picture.height <= PIXELS) {
		buf_init(&out, 3 * PIXELS);
		fuzz_must(!deflate_read(buf_view(&picture.color), &out, NULL));
		fuzz_must(
		    out.len == (size_t)3 * picture.width * picture.height);
		buf_free(&out);
	}
	picture_free(&picture);
	return 0;
}
