#include "document/name_block.h"

#include "base/text.h"
#include "document/page_lines.h"

#define NAME_MAX 256u
#define CAP_HEIGHT 0.7   /* of the size */
#define POST_NEAREST 1.2 /* lines between name and post, of the size */
#define POST_FARTHEST 14.0
#define POST_USUAL 7.0
#define ROOM 2.2           /* for a hand, of the size */
#define CANDIDATES_MAX 64u /* of one page */

/* ---- the name ---- */

static enum fail
fold_name(struct bytes name, struct buf *out)
{
	struct buf folded;
	enum fail f;

	buf_init(&folded, NAME_MAX);
	f = text_fold(name, &folded);
	for (size_t i = 0; i < folded.len && !f; i++) {
		uint8_t c = folded.data[i];

		if (c == ' ' && (!out->len || out->data[out->len - 1] == ' '))
			continue;
		buf_u8(out, c);
	}
	buf_free(&folded);
	while (out->len && out->data[out->len - 1] == ' ')
		out->len--;
	if (!f)
		f = buf_fail(out);
	return !f && !out->len ? FAIL_MISSING : f;
}

/* ---- which of several ---- */

/* What speaks for a place; one without any is a mention and no block. */
#define FOR_ROOM 2u   /* room for a hand above the name … */
#define FOR_POST 2u   /* … and a post above that */
#define FOR_ALONE 1u  /* nothing else on its line but titles */
#define FOR_PLACES 1u /* the recipients' list is on the same page */
#define FOR_BLOCK (FOR_ROOM + FOR_POST)
#define FOR_ALL (FOR_BLOCK + FOR_ALONE + FOR_PLACES)

static bool
has_word(struct bytes line, const char *word)
{
	return bytes_find(line, word) != SIZE_MAX;
}

/* "KT. GIÁM ĐỐC", "CHỦ TỊCH", "TRƯỞNG PHÒNG" (Decree 30/2020 Annex I, 7a). */
static bool
is_post(struct bytes line)
{
	static const char *const orders[] = { "kt.", "tm.", "tl.", "tuq.",
		"q." };
	static const char *const words[] = { "giam doc", "truong", "chu tich",
		"chanh", "chu nhiem", "bi thu", "tong ", "uy vien", "dai dien",
		"tham phan", "ke toan" };

	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++)
		if (bytes_starts(line, orders[i]))
			return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (has_word(line, words[i]))
			return true;
	return false;
}

/* "TS.", "PGS.TS.", "Đại tá": what may stand before a name. */
static bool
is_title(struct bytes text)
{
	static const char *const words[] = { "gs", "pgs", "ts", "ths", "bs",
		"bscki", "bsckii", "cki", "ckii", "ks", "kts", "cn", "ls", "dr",
		"nsnd", "nsut", "thac", "tien", "si", "sy", "dai", "thuong",
		"trung", "thieu", "ta", "tuong", "uy" };

	while (text.len) {
		size_t n = 0;
		bool known = false;

		while (
		    n < text.len && text.data[n] != '.' && text.data[n] != ' ')
			n++;
		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			known = known ||
			    bytes_equal_text(bytes_part(text, 0, n), words[i]);
		if (n && !known)
			return false;
		text = bytes_part(text, n + (n < text.len), SIZE_MAX);
	}
	return true;
}

/* The whole line, or its end behind a space: "KT. … Nguyễn Văn A" in a table
 * cell without a gap is still his. */
static bool
ends_with(struct bytes line, struct bytes name)
{
	size_t at;

	if (line.len < name.len)
		return false;
	at = line.len - name.len;
	return bytes_equal(bytes_part(line, at, SIZE_MAX), name) &&
	    (!at || line.data[at - 1] == ' ' || line.data[at - 1] == '.');
}

/* The nearest line above that stands over the name: how far, and is it a
 * post's? */
static double
find_post(const struct page_lines *p, const struct page_line *name, double x,
    bool *is_one)
{
	double nearest = POST_FARTHEST * name->size;

	*is_one = false;
	for (size_t i = 0; i < p->count; i++) {
		const struct page_line *l = &p->list[i];
		double up = l->y - name->y;

		if (up < POST_NEAREST * name->size || up > nearest ||
		    l->x1 < x - 4 * l->size || l->x0 > x + 4 * l->size)
			continue;
		nearest = up;
		*is_one = is_post(page_line_text(p, l));
	}
	return nearest;
}

static bool
has_recipients(const struct page_lines *p)
{
	return has_word(buf_view(&p->letters), "noi nhan");
}

/* What speaks for the line at hand, and where the hand goes. */
static unsigned
weigh(const struct page_lines *p, const struct page_line *line,
    struct bytes name, struct name_block *block)
{
	/* The name's part of the line, by its letters. */
	double share = (double)name.len / (double)line->len;
	struct bytes before =
	    bytes_part(page_line_text(p, line), 0, line->len - name.len);
	bool post = false;
	unsigned weight;
	double up;

	block->x = line->x1 - share * (line->x1 - line->x0) / 2;
	block->name_top = line->y + CAP_HEIGHT * line->size;
	up = find_post(p, line, block->x, &post);
	/* Nothing over it, as on a page that begins with it. */
	block->post = line->y +
	    (up < POST_FARTHEST * line->size ? up : POST_USUAL * line->size);
	weight = (up >= ROOM * line->size ? FOR_ROOM : 0) +
	    (post || is_post(before) ? FOR_POST : 0);
	if (weight && is_title(before))
		weight += FOR_ALONE;
	/* A mention: "soạn thảo: …" below whatever it is. */
	else if (weight < FOR_BLOCK)
		weight = 0;
	return weight && has_recipients(p) ? weight + FOR_PLACES : weight;
}

static unsigned
find_on_page(
    const struct page_lines *p, struct bytes name, struct name_block *block)
{
	unsigned best = 0;
	size_t looked = 0;

	for (size_t i = 0; i < p->count && looked < CANDIDATES_MAX; i++) {
		struct name_block here = *block;
		unsigned weight;

		if (!ends_with(page_line_text(p, &p->list[i]), name))
			continue;
		looked++;
		weight = weigh(p, &p->list[i], name, &here);
		/* Of two as good on one page the lower. */
		if (weight && weight >= best) {
			best = weight;
			*block = here;
		}
	}
	return best;
}

static enum fail
look_at_page(struct pdf_file *file, unsigned number, struct bytes name,
    struct name_block *block, unsigned *weight)
{
	struct page_lines lines;
	struct pdf_page page;
	enum fail f = pdf_page_find(file, number, &page);

	*weight = 0;
	block->page = number;
	if (f)
		return f;
	f = page_lines_read(file, &page, false, &lines);
	if (!f)
		*weight = find_on_page(&lines, name, block);
	page_lines_free(&lines);
	return f;
}

/* Of two as good the first: what follows is an annex in the same file, with
 * another's block or the same person's once more. */
static enum fail
look_through(struct pdf_file *file, unsigned from, unsigned to,
    struct bytes name, struct name_block *block, unsigned *best)
{
	struct arena_mark mark = arena_mark(&file->arena);
	enum fail f = FAIL_NONE;

	for (unsigned n = from; n <= to && !f && *best < FOR_ALL; n++) {
		struct name_block here;
		unsigned weight;

		f = look_at_page(file, n, name, &here, &weight);
		arena_back(&file->arena, mark);
		if (weight > *best) {
			*best = weight;
			*block = here;
		}
	}
	return f;
}

enum fail
name_block_find(
    struct pdf_file *file, struct bytes name, struct name_block *block)
{
	struct buf folded;
	unsigned pages, best = 0;
	enum fail f;

	buf_init(&folded, NAME_MAX);
	f = fold_name(name, &folded);
	if (!f)
		f = pdf_page_count(file, &pages);
	if (!f) {
		unsigned first =
		    pages < NAME_BLOCK_PAGES ? pages : NAME_BLOCK_PAGES;

		f = look_through(
		    file, 1, first, buf_view(&folded), block, &best);
		if (!f && !best && pages > first)
			f = look_through(file,
			    pages - first > NAME_BLOCK_PAGES ?
				pages - NAME_BLOCK_PAGES + 1 :
				first + 1,
			    pages, buf_view(&folded), block, &best);
	}
	buf_free(&folded);
	return !f && !best ? FAIL_MISSING : f;
}
