#include <stdlib.h>

#include "document/dormant.h"
#include "document/report.h"

#define VERSION 1u
#define HEAD 7u        /* bytes in front of the first signature */
#define ONE_LEAST 121u /* bytes of one signature with no texts at all */
#define DIFFS_MAX 6u   /* told of one signature */
#define ONE_MAX 4096u  /* bytes of one, with so many changes */

/* The many yeses and noes, one bit each. */
enum {
	BIT_COVERS = 1 << 0,
	BIT_ASSUMED = 1 << 1,
	BIT_UNASKED = 1 << 2,
	BIT_BY_ANSWER = 1 << 3,
	BIT_LOCKS = 1 << 4,
	BIT_SIGNER = 1 << 5,
	BIT_TIME = 1 << 6,
	BIT_TIMESTAMP = 1 << 7,
	BIT_STAMPED = 1 << 8,
	BIT_LATER = 1 << 9,
	BIT_RECORD = 1 << 10,
};

static unsigned
bits_of(const struct findings *r)
{
	return (r->covers_file ? BIT_COVERS : 0u) |
	    (r->assumed ? BIT_ASSUMED : 0u) | (r->unasked ? BIT_UNASKED : 0u) |
	    (r->by_answer ? BIT_BY_ANSWER : 0u) |
	    (r->locks_fields ? BIT_LOCKS : 0u) |
	    (r->has_signer ? BIT_SIGNER : 0u) | (r->has_time ? BIT_TIME : 0u) |
	    (r->is_timestamp ? BIT_TIMESTAMP : 0u) |
	    (r->timestamp.present ? BIT_STAMPED : 0u) |
	    (r->signed_later ? BIT_LATER : 0u) |
	    (r->of_record ? BIT_RECORD : 0u);
}

/* At most so many of the changes. */
static void
put_diff(const struct pdf_diff *d, size_t most, struct buf *out)
{
	size_t count = d ? d->count : 0;

	if (count > most)
		count = most;
	buf_u8(out, (uint8_t)count);
	buf_u8(out, d && (d->more || d->count > count));
	for (size_t i = 0; i < count; i++) {
		const struct diff_item *item = &d->items[i];

		buf_u8(out, (uint8_t)item->kind);
		buf_u32(out, item->page);
		buf_field(out, BYTES_TEXT(item->name));
		buf_field(out, BYTES_TEXT(item->before));
		buf_field(out, BYTES_TEXT(item->after));
	}
}

static void
put_one(const struct findings *r, size_t diffs, struct buf *out)
{
	const enum fail fails[] = { r->ranges, r->cms, r->digest, r->value,
		r->chain, r->revocation, r->strength, r->timestamp.state };
	const int64_t times[] = { r->best_time, r->proven, r->revoked,
		r->data_time, r->time, r->timestamp.time };

	buf_field(out, BYTES_TEXT(r->field));
	buf_field(out, BYTES_TEXT(r->sub_filter));
	buf_field(out, BYTES_TEXT(r->signer));
	buf_field(out, BYTES_TEXT(r->timestamp.authority));
	buf_field(out, BYTES_TEXT(r->note.text));
	buf_u64(out, r->signed_end);
	buf_u16(out, (uint16_t)bits_of(r));
	for (size_t i = 0; i < sizeof(fails) / sizeof(fails[0]); i++)
		buf_u16(out, (uint16_t)fails[i]);
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		buf_u64(out, (uint64_t)times[i]);
	buf_u8(out, (uint8_t)r->changes);
	buf_u8(out, (uint8_t)(r->docmdp < 0 || r->docmdp > 3 ? 3 : r->docmdp));
	buf_add(out, r->signer_hash, HASH_LEN);
	buf_u32(out, r->key_bits);
	buf_u8(out, (uint8_t)r->hash);
	buf_u8(out, (uint8_t)r->pki);
	buf_u32(out, r->warnings);
	buf_u8(out, (uint8_t)r->verdict);
	put_diff(r->diff, diffs, out);
}

/* Bytes that all of them take when no changes are told. */
static size_t
least_room(const struct signature_report *report, struct buf *one)
{
	size_t room = 0;

	for (size_t i = 0; i < report->count; i++) {
		buf_clear(one);
		put_one(&report->results[i], 0, one);
		room += one->len;
	}
	return room;
}

/* The signatures come first, what has changed takes the room they leave. */
static size_t
put_those_that_fit(
    const struct signature_report *report, size_t most, struct buf *out)
{
	size_t told = 0, least, spare;
	struct buf one;

	buf_init(&one, ONE_MAX);
	least = least_room(report, &one);
	spare = most > least ? most - least : 0;
	for (; told < report->count; told++) {
		const struct findings *r = &report->results[told];
		size_t plain;

		buf_clear(&one);
		put_one(r, 0, &one);
		plain = one.len;
		buf_clear(&one);
		put_one(r, DIFFS_MAX, &one);
		if (one.len - plain > spare) {
			buf_clear(&one);
			put_one(r, 0, &one);
		}
		if (out->len + one.len > most)
			break;
		spare -= one.len - plain;
		buf_bytes(out, buf_view(&one));
	}
	if (buf_fail(&one))
		out->fail = one.fail;
	buf_free(&one);
	return told;
}

void
report_put(const struct signature_report *report, size_t most, struct buf *out)
{
	struct buf rows;
	size_t told;

	buf_init(&rows, most > HEAD ? most - HEAD : 0);
	told = put_those_that_fit(report, rows.ceiling, &rows);
	buf_u8(out, VERSION);
	buf_u8(out, (uint8_t)report->verdict);
	buf_u8(out, (uint8_t)report->dormant);
	buf_u16(out, (uint16_t)report->count);
	buf_u16(out, (uint16_t)told);
	buf_bytes(out, buf_view(&rows));
	if (buf_fail(&rows))
		out->fail = rows.fail;
	buf_free(&rows);
}

static void
take_text(struct cursor *c, char *text, size_t room)
{
	struct bytes in = cursor_field(c);

	if (in.len >= room)
		c->failed = true;
	if (c->failed)
		return;
	memcpy(text, in.data, in.len);
	text[in.len] = '\0';
}

/* A number below a limit, of an enum. */
static unsigned
take_below(struct cursor *c, unsigned value, unsigned limit)
{
	if (value >= limit)
		c->failed = true;
	return c->failed ? 0 : value;
}

static void
take_bits(struct findings *r, unsigned bits)
{
	r->covers_file = bits & BIT_COVERS;
	r->assumed = bits & BIT_ASSUMED;
	r->unasked = bits & BIT_UNASKED;
	r->by_answer = bits & BIT_BY_ANSWER;
	r->locks_fields = bits & BIT_LOCKS;
	r->has_signer = bits & BIT_SIGNER;
	r->has_time = bits & BIT_TIME;
	r->is_timestamp = bits & BIT_TIMESTAMP;
	r->timestamp.present = bits & BIT_STAMPED;
	r->signed_later = bits & BIT_LATER;
	r->of_record = bits & BIT_RECORD;
}

static void
take_diff(struct cursor *c, struct findings *r)
{
	unsigned count = take_below(c, cursor_u8(c), DIFFS_MAX + 1);
	bool more = cursor_u8(c) != 0;

	r->diff =
	    (count || more) && !c->failed ? calloc(1, sizeof(*r->diff)) : NULL;
	if (!r->diff)
		return;
	r->diff->more = more;
	for (; r->diff->count < count && !c->failed; r->diff->count++) {
		struct diff_item *item = &r->diff->items[r->diff->count];

		item->kind = take_below(c, cursor_u8(c), DIFF_PAGES + 1);
		item->page = cursor_u32(c);
		take_text(c, item->name, sizeof(item->name));
		take_text(c, item->before, sizeof(item->before));
		take_text(c, item->after, sizeof(item->after));
	}
}

static void
take_one(struct cursor *c, struct findings *r)
{
	enum fail *fails[] = { &r->ranges, &r->cms, &r->digest, &r->value,
		&r->chain, &r->revocation, &r->strength, &r->timestamp.state };
	int64_t *times[] = { &r->best_time, &r->proven, &r->revoked,
		&r->data_time, &r->time, &r->timestamp.time };
	struct bytes hash;

	take_text(c, r->field, sizeof(r->field));
	take_text(c, r->sub_filter, sizeof(r->sub_filter));
	take_text(c, r->signer, sizeof(r->signer));
	take_text(c, r->timestamp.authority, sizeof(r->timestamp.authority));
	take_text(c, r->note.text, sizeof(r->note.text));
	r->signed_end = (size_t)cursor_u64(c);
	take_bits(r, cursor_u16(c));
	for (size_t i = 0; i < sizeof(fails) / sizeof(fails[0]); i++)
		*fails[i] = take_below(c, cursor_u16(c), FAIL_COUNT);
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		*times[i] = (int64_t)cursor_u64(c);
	r->changes = take_below(c, cursor_u8(c), CHANGES_UNKNOWN + 1);
	r->docmdp = take_below(c, cursor_u8(c), 4);
	hash = cursor_bytes(c, HASH_LEN);
	if (!c->failed)
		memcpy(r->signer_hash, hash.data, HASH_LEN);
	r->key_bits = cursor_u32(c);
	r->hash = take_below(c, cursor_u8(c), HASH_KINDS);
	r->pki = take_below(c, cursor_u8(c), PKI_PUBLIC + 1);
	r->warnings = cursor_u32(c);
	r->verdict = take_below(c, cursor_u8(c), VERDICT_NONE + 1);
	take_diff(c, r);
}

enum fail
report_get(struct bytes in, struct signature_report *report, size_t *all)
{
	struct cursor c = cursor_of(in);
	size_t told;

	*report = (struct signature_report){ .verdict = VERDICT_NONE };
	if (cursor_u8(&c) != VERSION)
		return FAIL_PEER;
	report->verdict = take_below(&c, cursor_u8(&c), VERDICT_NONE + 1);
	report->dormant = take_below(&c, cursor_u8(&c), 1u << DORMANT_KINDS);
	*all = cursor_u16(&c);
	told = cursor_u16(&c);
	if (c.failed || told > *all || told > in.len / ONE_LEAST)
		return FAIL_PEER;
	report->results = calloc(told ? told : 1, sizeof(*report->results));
	if (!report->results)
		return FAIL_MEMORY;
	for (; report->count < told && !c.failed; report->count++)
		take_one(&c, &report->results[report->count]);
	if (cursor_done(&c))
		return FAIL_NONE;
	signature_report_free(report);
	return FAIL_PEER;
}
