#include "document/pdf_listed.h"

#include <stdlib.h>

#include "document/pdf_shared.h"
#include "document/pdf_strict.h"
#include "document/pdf_xref.h"

#define WORD_LEN 3u       /* of "obj" */
#define COMMENT_MAX 1024u /* bytes of one looked back over */

static int
by_place(const void *a, const void *b)
{
	const struct pdf_place *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->num < y->num ? -1 : x->num > y->num;
}

/* What some reader or other takes for a blank, or for a part of a number. */
static bool
is_gap(uint8_t c)
{
	return pdf_is_space(c) || c == '\v' || c == 0xA0;
}

static bool
is_figure(uint8_t c)
{
	return (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
}

/* Back over blanks, and over comments that end their lines. */
static size_t
back_gap(struct bytes in, size_t at)
{
	for (;;) {
		bool ended = false; /* a line, which ends a comment */
		size_t line;

		for (; at && is_gap(in.data[at - 1]); at--)
			ended = ended || in.data[at - 1] == '\n' ||
			    in.data[at - 1] == '\r';
		line = at;
		while (line && at - line < COMMENT_MAX &&
		    in.data[line - 1] != '\n' && in.data[line - 1] != '\r' &&
		    in.data[line - 1] != '%')
			line--;
		if (!line || in.data[line - 1] != '%' || !ended)
			return at;
		at = line - 1;
	}
}

/* Back over a number as anybody may read it; *any: it has a digit. */
static size_t
back_number(struct bytes in, size_t at, bool *any)
{
	*any = false;
	while (at && is_figure(in.data[at - 1])) {
		at--;
		*any = *any || (in.data[at] >= '0' && in.data[at] <= '9');
	}
	return at;
}

/* Where an object would begin for the most forgiving reader, whose word "obj"
 * stands at a place; SIZE_MAX: none does. */
static size_t
loose_start(struct bytes in, size_t at)
{
	size_t gen_end = back_gap(in, at), gen, num_end, num;
	bool any, whole;

	gen = back_number(in, gen_end, &any);
	num_end = back_gap(in, gen);
	num = back_number(in, num_end, &whole);
	return any && whole && num_end < gen ? num : SIZE_MAX;
}

/* The word's last letter is the rare one. */
size_t
pdf_next_object(struct bytes in, size_t *at)
{
	while (*at < in.len) {
		const uint8_t *hit = memchr(in.data + *at, 'j', in.len - *at);
		size_t start;

		if (!hit)
			break;
		*at = (size_t)(hit - in.data) + 1;
		if (*at < WORD_LEN || memcmp(hit - 2, "obj", WORD_LEN))
			continue;
		start = loose_start(in, *at - WORD_LEN);
		if (start != SIZE_MAX)
			return start;
	}
	*at = in.len;
	return SIZE_MAX;
}

/* The same in a file, whose pages are given back behind it: it may be larger
 * than memory. */
#define SCANNED (4u << 20)

static size_t
next_object(struct pdf_file *f, size_t *at)
{
	size_t start, from, end;

	do {
		from = *at - *at % SCANNED;
		end = f->in.len - from > SCANNED ? from + SCANNED : f->in.len;
		start = pdf_next_object(bytes_part(f->in, 0, end), at);
		pdf_file_forget(f, from, *at - *at % SCANNED);
	} while (start == SIZE_MAX && end < f->in.len);
	return start;
}

#define SPACE_MAX 16u

/* Where an object is as the file is read now, itself or the stream that holds
 * it; 0: nowhere.  Some writers' entries point to the space before an object:
 * it is that one which every reader takes. */
static uint64_t
place_now(const struct pdf_file *f, uint64_t num)
{
	struct pdf_xref_entry e = { .kind = ENTRY_NONE };
	size_t at;

	if (num < f->entry_count)
		e = f->entries[num];
	if (e.kind == ENTRY_PACKED)
		e = e.where < f->entry_count ?
		    f->entries[e.where] :
		    (struct pdf_xref_entry){ .kind = ENTRY_NONE };
	if (e.kind != ENTRY_PLAIN)
		return 0;
	at = e.where + f->base;
	for (size_t n = 0;
	     n < SPACE_MAX && at < f->in.len && pdf_is_space(f->in.data[at]);
	     n++)
		at++;
	return at;
}

/* The first of the sorted places that is not before start. */
static size_t
first_at(const struct buf *listed, size_t start)
{
	const struct pdf_place *all = (const struct pdf_place *)listed->data;
	size_t low = 0, high = listed->len / sizeof(*all);

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (all[middle].at < start)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/*
 * Is what stands there listed as what it says that it is?  And is it, or
 * something behind it, what the file is read with: who rebuilds the table takes
 * the last object of a number.
 */
static bool
is_listed(const struct pdf_file *f, const struct buf *listed, size_t start)
{
	const struct pdf_place *all = (const struct pdf_place *)listed->data;
	size_t count = listed->len / sizeof(*all), low;
	struct pdf_lexer l = { f->in, start };
	struct pdf_token num = pdf_token_next(&l), gen = pdf_token_next(&l);
	uint64_t now;

	if (num.kind != TOKEN_INTEGER || gen.kind != TOKEN_INTEGER ||
	    num.integer < 0)
		return false;
	now = place_now(f, (uint64_t)num.integer);
	for (low = first_at(listed, start); low < count && all[low].at == start;
	     low++)
		if (all[low].section ? !now || now >= start :
				       all[low].num == num.integer &&
			    all[low].gen == gen.integer && now >= start)
			return true;
	return false;
}

/* The same for what is listed. */
static void
pass_space(struct bytes in, struct buf *listed)
{
	struct pdf_place *all = (struct pdf_place *)listed->data;

	for (size_t i = 0; i < listed->len / sizeof(*all); i++)
		for (size_t n = 0; n < SPACE_MAX && all[i].at < in.len &&
		     pdf_is_space(in.data[all[i].at]);
		     n++)
			all[i].at++;
}

/* ---- nothing between ---- */

/* Blanks, comments, and the words that stand between objects. */
static bool
is_blank(struct bytes in)
{
	static const char *const words[] = { "endobj", "startxref" };
	struct pdf_lexer l = { in, 0 };
	bool number = false;

	/* The word in a comment is found by readers that look for it. */
	for (size_t at = 0; at < in.len; at++) {
		size_t hit =
		    bytes_find(bytes_part(in, at, SIZE_MAX), "startxref");

		if (hit == SIZE_MAX)
			break;
		at += hit;
		if (at && in.data[at - 1] != '\n' && in.data[at - 1] != '\r')
			return false;
	}
	for (;;) {
		struct pdf_token t = pdf_token_next(&l);
		bool known = t.kind == TOKEN_INTEGER && number &&
		    t.raw.data[0] >= '0' && t.raw.data[0] <= '9';

		if (t.kind == TOKEN_END)
			return true;
		number = t.kind == TOKEN_KEYWORD &&
		    bytes_equal_text(t.raw, "startxref");
		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			known = known ||
			    (t.kind == TOKEN_KEYWORD &&
				bytes_equal_text(t.raw, words[i]));
		if (!known)
			return false;
	}
}

/* One member: a value, written plainly, and nothing behind it. */
static bool
is_plain_member(struct pdf_file *f, struct bytes in)
{
	struct pdf_lexer l = { in, 0 };
	struct pdf_value *v;

	return !pdf_value_read(&l, &f->arena, &v) && !v->odd && !v->loose &&
	    !v->unclosed && !v->doubled && v->type != PDF_REF &&
	    pdf_only_space(bytes_part(in, l.at, SIZE_MAX)) &&
	    pdf_strict_references(f, v);
}

/* So many members one behind the other from `first` on, each the newest of its
 * number (7.5.7): who rebuilds the table takes all of them, and who finds
 * something between or behind them takes that. */
static bool
are_members_plain(struct pdf_file *f, struct bytes data, int64_t count,
    size_t first, size_t at)
{
	struct pdf_lexer l = { data, 0 };
	struct bytes members = bytes_part(data, first, SIZE_MAX);
	size_t from = 0;

	for (int64_t i = 0; i < count; i++) {
		struct pdf_token num = pdf_token_next(&l);
		struct pdf_token offset = pdf_token_next(&l);

		if (!pdf_is_digits(num.raw) || !pdf_is_digits(offset.raw) ||
		    l.at > first || num.integer < 0 ||
		    place_now(f, (uint64_t)num.integer) < at)
			return false;
		if (offset.integer < 0 || (!i && offset.integer) ||
		    (i && (size_t)offset.integer <= from) ||
		    (uint64_t)offset.integer > members.len)
			return false;
		if (i &&
		    !is_plain_member(f,
			bytes_part(
			    members, from, (size_t)offset.integer - from)))
			return false;
		from = (size_t)offset.integer;
	}
	return pdf_only_space(bytes_part(data, l.at, first - l.at)) &&
	    (!count || is_plain_member(f, bytes_part(members, from, SIZE_MAX)));
}

/* Objects packed in a stream of the update. */
static bool
are_members_listed(
    struct pdf_file *f, const struct pdf_object *object, size_t at)
{
	const struct pdf_value *n = pdf_entry(object->value, "N");
	const struct pdf_value *first = pdf_entry(object->value, "First");
	struct buf data;
	bool all;

	if (!pdf_is_name(pdf_entry(object->value, "Type"), "ObjStm"))
		return true;
	buf_init(&data, PDF_STREAM_MAX);
	all = n && n->type == PDF_INTEGER && n->integer >= 0 && first &&
	    first->type == PDF_INTEGER && first->integer >= 0 &&
	    !pdf_stream_decode(f, object, &data) &&
	    (uint64_t)first->integer <= data.len &&
	    are_members_plain(
		f, buf_view(&data), n->integer, (size_t)first->integer, at);
	buf_free(&data);
	return all;
}

/* In an encrypted file a cross-reference is not (7.5.8.2): what says that it is
 * one, and is read as something else, some readers decrypt. */
static bool
is_clear_there(const struct pdf_file *f, const struct pdf_object *object)
{
	return f->crypt.active &&
	    pdf_is_name(pdf_entry(object->value, "Type"), "XRef");
}

bool
pdf_is_padded(const struct pdf_file *f, const struct pdf_object *object)
{
	bool signs = pdf_entry(object->value, "ByteRange") != NULL;

	if (!f->crypt.active || object->id.num == f->crypt.dictionary)
		return true;
	return pdf_crypt_are_padded(
		   &f->crypt, object->id, signs, object->source->raw) &&
	    (!object->is_stream ||
		(f->crypt.clear_metadata &&
		    pdf_is_name(
			pdf_entry(object->value, "Type"), "Metadata")) ||
		pdf_crypt_is_padded(
		    &f->crypt, f->crypt.streams, object->id, object->stream));
}

/* Where something listed ends; SIZE_MAX: it does not read as what it is. */
static size_t
end_of(struct pdf_file *f, const struct pdf_place *place)
{
	struct arena_mark mark = arena_mark(&f->arena);
	const struct pdf_object *known;
	struct pdf_object object;
	size_t end = SIZE_MAX;

	if (place->end)
		return place->end;
	known = pdf_shared_at(f, (size_t)place->at);
	if (known)
		object = *known;
	if ((known || !pdf_object_at(f, (size_t)place->at, &object)) &&
	    pdf_strict_object(f->in, &object) &&
	    pdf_strict_references(f, object.value) &&
	    (place->section ||
		(object.id.num == place->num && object.id.gen == place->gen &&
		    !is_clear_there(f, &object) &&
		    pdf_is_padded(f, &object))) &&
	    are_members_listed(f, &object, (size_t)place->at))
		end = pdf_object_end(f->in, &object);
	arena_back(&f->arena, mark);
	return end;
}

/* One that stands somewhere else, or did: it reads as what it is. */
static bool
reads(struct pdf_file *f, const struct pdf_place *place)
{
	struct arena_mark mark = arena_mark(&f->arena);
	struct pdf_object object;
	bool good;

	if (!place->packed)
		return end_of(f, place) != SIZE_MAX;
	if (place->num < f->entry_count &&
	    f->entries[place->num].kind != ENTRY_PACKED)
		return true;
	good = !pdf_object_read(f, place->num, &object);
	arena_back(&f->arena, mark);
	return good;
}

/* Do those listed, and nothing else, stand between two places? */
static bool
is_all_there(
    struct pdf_file *f, const struct buf *listed, size_t from, size_t end)
{
	const struct pdf_place *all = (const struct pdf_place *)listed->data;
	size_t count = listed->len / sizeof(*all), at = from;

	for (size_t i = 0; i < count; i++) {
		size_t behind;

		if (all[i].packed || all[i].at < from || all[i].at >= end) {
			if (!reads(f, &all[i]))
				return false;
			continue;
		}
		if (i && all[i].at == all[i - 1].at)
			continue;
		behind = end_of(f, &all[i]);
		if (behind == SIZE_MAX || all[i].at < at ||
		    !is_blank(bytes_part(f->in, at, all[i].at - at)))
			return false;
		at = behind;
	}
	return at <= end && is_blank(bytes_part(f->in, at, end - at));
}

static void
sort(struct pdf_file *f, struct buf *listed)
{
	pass_space(f->in, listed);
	if (listed->len)
		qsort(listed->data, listed->len / sizeof(struct pdf_place),
		    sizeof(struct pdf_place), by_place);
}

/* What sections list, sorted by place. */
static enum fail
list(struct pdf_file *f, size_t from, int64_t *section, struct buf *listed)
{
	enum fail fail = pdf_xref_listed(f, from, section, listed);

	sort(f, listed);
	return fail;
}

/* Are all objects between two places listed by the sections from *section back
 * to the first place? */
static bool
listed_between(struct pdf_file *file, size_t at, size_t end, int64_t *section)
{
	size_t start, from = at;
	struct buf listed;
	bool all;

	buf_init(&listed, PDF_STREAM_MAX);
	all = !list(file, at, section, &listed);
	/* An object is where its word is: at stands behind it. */
	while (all && (start = next_object(file, &at)) != SIZE_MAX &&
	    at - WORD_LEN < end)
		all = is_listed(file, &listed, start);
	all = all && is_all_there(file, &listed, from, end);
	buf_free(&listed);
	return all;
}

/* ---- sleeping ---- */

#define SLEEPERS_MAX 4096u

/* Nobody lists it: some readers saw it until something came behind it. */
static bool
note_sleeper(struct pdf_file *f, size_t start, int64_t num)
{
	if (!f->sleepers)
		f->sleepers = calloc(SLEEPERS_MAX, sizeof(*f->sleepers));
	if (!f->sleepers || f->sleeper_count == SLEEPERS_MAX ||
	    num > UINT32_MAX)
		return false;
	f->sleepers[f->sleeper_count++] =
	    (struct pdf_sleeper){ start, (uint32_t)num };
	return true;
}

/* Is one of its number read now that stands behind it, or was it listed and
 * taken out since, as any update does? */
static bool
is_passed(struct pdf_file *f, size_t start, const struct buf *listed)
{
	const struct pdf_place *all = (const struct pdf_place *)listed->data;
	struct pdf_lexer l = { f->in, start };
	struct pdf_token num = pdf_token_next(&l);
	uint64_t now;

	if (num.kind != TOKEN_INTEGER || num.integer < 0)
		return false;
	now = place_now(f, (uint64_t)num.integer);
	if (now)
		return now > start && note_sleeper(f, start, num.integer);
	for (size_t i = first_at(listed, start);
	     i < listed->len / sizeof(*all) && all[i].at == start; i++)
		if (all[i].num == num.integer)
			return true;
	return false;
}

/* What an older section lists behind what a newer one does sleeps like what
 * nobody lists: who rebuilds the table takes the last.  In the order of the
 * sections, newest first. */
static enum fail
note_turned(struct pdf_file *f, const struct buf *listed)
{
	const struct pdf_place *all = (const struct pdf_place *)listed->data;
	uint64_t *least = calloc(f->entry_count + 1u, sizeof(*least));
	bool good = least != NULL;

	for (size_t i = 0; i < listed->len / sizeof(*all) && good; i++) {
		const struct pdf_place *p = &all[i];

		if (p->section || p->packed || p->num >= f->entry_count)
			continue;
		if (least[p->num] && p->at > least[p->num])
			good = note_sleeper(f, (size_t)p->at, p->num);
		if (!least[p->num] || p->at < least[p->num])
			least[p->num] = p->at;
	}
	free(least);
	return good ? FAIL_NONE : FAIL_LIMIT;
}

static size_t
first_hidden(struct pdf_file *f)
{
	int64_t section = (int64_t)f->start;
	size_t at = 1, start;
	struct buf listed;
	enum fail fail;

	buf_init(&listed, PDF_STREAM_MAX);
	fail = pdf_xref_listed(f, 0, &section, &listed);
	if (!fail)
		fail = note_turned(f, &listed);
	sort(f, &listed);
	start = fail ? 1 : 0;
	while (!start) {
		start = next_object(f, &at);
		if (start != SIZE_MAX &&
		    (is_listed(f, &listed, start) ||
			is_passed(f, start, &listed)))
			start = 0;
	}
	buf_free(&listed);
	return start;
}

bool
pdf_hides_object(struct pdf_file *file, size_t before)
{
	if (!file->hidden_at)
		file->hidden_at = first_hidden(file);
	return file->hidden_at < before;
}

bool
pdf_hid_object(const struct pdf_file *old)
{
	struct pdf_file *newest = old->newer;

	if (!newest)
		return false;
	(void)pdf_hides_object(newest, 0);
	for (size_t i = 0; i < newest->sleeper_count; i++) {
		const struct pdf_sleeper *s = &newest->sleepers[i];

		if (s->at < old->in.len && place_now(old, s->num) < s->at)
			return true;
	}
	return false;
}

/* Is what holds each packed object there, as a stream of objects?  Readers that
 * do not find one rebuild the table, be it only for what nothing uses. */
static bool
find_packs(struct pdf_file *f)
{
	struct arena_mark mark = arena_mark(&f->arena);
	uint64_t last = 0;
	bool good = true;

	for (uint32_t n = 0; n < f->entry_count && good; n++) {
		const struct pdf_xref_entry *e = &f->entries[n];
		struct pdf_object pack;

		if (e->kind != ENTRY_PACKED || e->where == last)
			continue;
		last = e->where;
		good = e->where < f->entry_count &&
		    f->entries[e->where].kind == ENTRY_PLAIN &&
		    !pdf_object_read(f, (uint32_t)e->where, &pack) &&
		    pdf_is_name(pdf_entry(pack.value, "Type"), "ObjStm");
		arena_back(&f->arena, mark);
	}
	return good;
}

static bool
has_all_packs(struct pdf_file *f)
{
	if (f->packs_there == PACKS_UNASKED)
		f->packs_there = find_packs(f) ? PACKS_THERE : PACKS_MISSING;
	return f->packs_there == PACKS_THERE;
}

bool
pdf_all_listed(struct pdf_file *file, size_t from)
{
	int64_t section = file->listed_next;

	if (!has_all_packs(file))
		return false;

	/* Who asks for one revision after the other, the newest first, has most
	 * of the answer already. */
	if (!file->listed_from || from > file->listed_from ||
	    !listed_between(file, from, file->listed_from, &section)) {
		section = (int64_t)file->start;
		if (!listed_between(file, from, file->in.len, &section))
			return false;
	}
	file->listed_from = from;
	file->listed_next = section;
	return true;
}
