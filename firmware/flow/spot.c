#include "firmware/flow/spot.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/buf.h"
#include "storage/settings.h"

#define VERSION 1u

/* Digits with at most one decimal, as tenths. */
static bool
read_tenths(struct bytes text, unsigned most, unsigned *tenths)
{
	size_t i = 0;

	*tenths = 0;
	for (; i < text.len && text.data[i] >= '0' && text.data[i] <= '9'; i++)
		if ((*tenths = *tenths * 10 + (text.data[i] - '0')) > most)
			return false;
	if (!i)
		return false;
	*tenths *= 10;
	if (i + 2 == text.len && (text.data[i] == ',' || text.data[i] == '.') &&
	    text.data[i + 1] >= '0' && text.data[i + 1] <= '9')
		*tenths += text.data[i + 1] - '0';
	else if (i < text.len)
		return false;
	return *tenths <= 10 * most;
}

enum fail
spot_read(
    struct bytes page, struct bytes left, struct bytes top, struct spot *spot)
{
	unsigned number = 0, x, y;

	if (!page.len && !left.len && !top.len)
		return FAIL_MISSING;
	if ((page.len &&
		(!read_tenths(page, SPOT_PAGE_MAX, &number) || number % 10)) ||
	    !read_tenths(left, SPOT_MM_MAX, &x) ||
	    !read_tenths(top, SPOT_MM_MAX, &y))
		return FAIL_USAGE;
	*spot =
	    (struct spot){ (uint16_t)(number / 10), (uint16_t)x, (uint16_t)y };
	return FAIL_NONE;
}

static void
make_name(char name[static STORE_KEY_MAX], unsigned kind, uint64_t person)
{
	snprintf(name, STORE_KEY_MAX, SETTING_SPOT "%u.%" PRIu64, kind, person);
}

enum fail
spot_get(struct txn *txn, unsigned kind, uint64_t person, struct spot *spot)
{
	char name[STORE_KEY_MAX];
	struct bytes stored = { NULL, 0 };
	struct cursor c;
	enum fail f;

	make_name(name, kind, person);
	f = settings_get(txn, name, &stored);
	if (f)
		return f;
	c = cursor_of(stored);
	if (cursor_u8(&c) != VERSION)
		return FAIL_CORRUPT;
	spot->page = cursor_u16(&c);
	spot->left = cursor_u16(&c);
	spot->top = cursor_u16(&c);
	return cursor_done(&c) ? FAIL_NONE : FAIL_CORRUPT;
}

enum fail
spot_put(
    struct txn *txn, unsigned kind, uint64_t person, const struct spot *spot)
{
	char name[STORE_KEY_MAX];
	struct buf out;
	enum fail f;

	make_name(name, kind, person);
	buf_init(&out, 8);
	buf_u8(&out, VERSION);
	buf_u16(&out, spot->page);
	buf_u16(&out, spot->left);
	buf_u16(&out, spot->top);
	f = buf_fail(&out);
	if (!f)
		f = settings_put(txn, name, buf_view(&out));
	buf_free(&out);
	return f;
}
