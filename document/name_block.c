#include "document/name_block.h"

#include "base/text.h"
#include "document/page_lines.h"

#define NAME_MAX 256u
#define CAP_HEIGHT 0.7   /* of the size */
#define POST_NEAREST 1.2 /* lines between name and post, of the size */
#define POST_FARTHEST 14.0
#define POST_USUAL 7.0
#define ROOM 2.2           /* for a hand, of the size */
#define CANDIDATES_MAX 64u /* of one page … */
#define BEGUN_MAX 256u     /* … and of names that may go on below */
#define NEXT_LINE 1.8      /* of the size, at most */
#define COLUMN 3.0         /* of the size, between the middles */
#define PAGES_MAX 400u     /* in the middle of a long file */

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

/*
 * "KT. GIÁM ĐỐC", "CHỦ TỊCH", "TRƯỞNG PHÒNG" (Decree 30/2020 Annex I, 7a).
 * Without their marks some are names as well: what may be one is looked for at
 * the line's beginning, and with what is no name behind it.
 */
static bool
is_post(struct bytes line)
{
	static const char *const begin[] = { "kt.", "tm.", "tl.", "tuq.", "q.",
		"truong phong", "truong ban", "truong khoa", "truong bo",
		"truong doan", "truong cong", "truong trung", "truong tram",
		"truong nhom", "truong to", "truong doi", "truong chi",
		"truong thon", "truong dai", "pho truong", "chanh van",
		"chanh thanh", "chanh an", "pho chanh", "tong bien",
		"tong thanh", "tong cuc", "pho tong", "thu ky", "nguoi ",
		"can bo", "chuyen vien", "ben a", "ben b", "thuong truc",
		"lanh dao", "thanh vien", "to truong", "bo truong",
		"thu truong", "doi truong", "vu truong" };
	static const char *const words[] = { "giam doc", "chu tich",
		"chu nhiem", "bi thu", "uy vien", "dai dien", "tham phan",
		"ke toan", "chu toa", "chu tri", "hieu truong", "vien truong",
		"cuc truong", "nhom truong", "doan truong", "tram truong" };

	for (size_t i = 0; i < sizeof(begin) / sizeof(begin[0]); i++)
		if (bytes_starts(line, begin[i]))
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

/* A name as it stands in a line. */
struct hit {
	size_t from, len;
};

/* Without what is written behind a name: a full stop, a bracket's end, a
 * telephone number. */
static struct bytes
cut_end(struct bytes line)
{
	static const char *const words[] = { " sdt", " dt", " tel",
		" dien thoai" };

	for (size_t i = 0; i <= sizeof(words) / sizeof(words[0]); i++) {
		while (line.len &&
		    strchr("0123456789 .,;:()+-/", line.data[line.len - 1]))
			line.len--;
		for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++) {
			size_t n = strlen(words[k]);

			if (line.len > n &&
			    bytes_equal_text(
				bytes_part(line, line.len - n, n), words[k]))
				line.len -= n;
		}
	}
	return line;
}

/* The same letters, whatever is between them. */
static bool
is_spaced(struct bytes line, struct bytes name)
{
	size_t i = 0, j = 0;

	for (;;) {
		while (i < line.len && line.data[i] == ' ')
			i++;
		while (j < name.len && name.data[j] == ' ')
			j++;
		if (i == line.len || j == name.len)
			return i == line.len && j == name.len;
		if (line.data[i++] != name.data[j++])
			return false;
	}
}

/* The whole line, or its end behind a space: "KT. … Nguyễn Văn A" in a table
 * cell without a gap is still his. */
static bool
ends_with(struct bytes line, struct bytes name, struct hit *hit)
{
	size_t at;

	line = cut_end(line);
	*hit = (struct hit){ 0, line.len };
	if (is_spaced(line, name))
		return true;
	if (line.len < name.len)
		return false;
	at = line.len - name.len;
	*hit = (struct hit){ at, name.len };
	return bytes_equal(bytes_part(line, at, SIZE_MAX), name) &&
	    (!at || strchr(" .(", line.data[at - 1]));
}

/* The end of a name in the line below, in the same column. */
static bool
goes_on_below(
    const struct page_lines *p, const struct page_line *line, struct bytes rest)
{
	double x = (line->x0 + line->x1) / 2;
	struct hit hit;

	for (size_t i = 0; i < p->count; i++) {
		const struct page_line *l = &p->list[i];
		double down = line->y - l->y;

		if (down > line->size / 2 && down < NEXT_LINE * line->size &&
		    (l->x0 + l->x1) / 2 > x - COLUMN * line->size &&
		    (l->x0 + l->x1) / 2 < x + COLUMN * line->size &&
		    ends_with(page_line_text(p, l), rest, &hit) && !hit.from)
			return true;
	}
	return false;
}

/* Is it in this line, or begun in it: narrow columns break names. */
static bool
has_name(const struct page_lines *p, const struct page_line *line,
    struct bytes name, struct hit *hit, size_t *begun)
{
	struct bytes text = page_line_text(p, line);

	if (ends_with(text, name, hit))
		return true;
	for (size_t i = 1; i + 1 < name.len; i++)
		if (name.data[i] == ' ' &&
		    ends_with(text, bytes_part(name, 0, i), hit) &&
		    (*begun)++ < BEGUN_MAX &&
		    goes_on_below(p, line, bytes_part(name, i + 1, SIZE_MAX)))
			return true;
	return false;
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
    const struct hit *hit, struct name_block *block)
{
	struct bytes before = bytes_part(page_line_text(p, line), 0, hit->from);
	/* Titles are centred with the name. */
	size_t from = is_title(before) ? 0 : hit->from;
	double letter = (line->x1 - line->x0) / (double)line->len;
	bool post = false;
	unsigned weight;
	double up;

	/* The name's part of the line, by its letters. */
	block->x =
	    line->x0 + letter * (double)(from + hit->from + hit->len) / 2;
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
	size_t looked = 0, begun = 0;

	for (size_t i = 0; i < p->count && looked < CANDIDATES_MAX; i++) {
		struct name_block here = *block;
		struct hit hit;
		unsigned weight;

		if (!has_name(p, &p->list[i], name, &hit, &begun))
			continue;
		looked++;
		weight = weigh(p, &p->list[i], &hit, &here);
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
		/* Where no post is told, the last: lists come before. */
		if (weight > *best ||
		    (weight && weight == *best && weight < FOR_BLOCK)) {
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
	struct bytes wanted;
	unsigned pages, best = 0;
	enum fail f;

	buf_init(&folded, NAME_MAX);
	f = fold_name(name, &folded);
	wanted = cut_end(buf_view(&folded));
	if (!f && !wanted.len)
		f = FAIL_MISSING;
	if (!f)
		f = pdf_page_count(file, &pages);
	if (!f) {
		unsigned first =
		    pages < NAME_BLOCK_PAGES ? pages : NAME_BLOCK_PAGES;

		f = look_through(file, 1, first, wanted, block, &best);
		if (!f && !best && pages > first)
			f = look_through(file,
			    pages - first > NAME_BLOCK_PAGES ?
				pages - NAME_BLOCK_PAGES + 1 :
				first + 1,
			    pages, wanted, block, &best);
		if (!f && !best && pages > 2 * first)
			f = look_through(file, first + 1,
			    pages - first > first + PAGES_MAX ?
				first + PAGES_MAX :
				pages - first,
			    wanted, block, &best);
	}
	buf_free(&folded);
	return !f && !best ? FAIL_MISSING : f;
}
