#include "firmware/flow/order.h"

#include "base/when.h"
#include "firmware/flow/kind.h"
#include "storage/settings.h"

enum mark_role
order_role(const struct batch *b, const struct record *r)
{
	return b->act == ACT_SIGN ? MARK_PERSON :
	    kind_is_copy(r->kind) ? MARK_COPY :
				    MARK_AGENCY;
}

const uint8_t *
order_source(enum mark_role role, const struct record *r)
{
	switch (role) {
	case MARK_PERSON:
		return r->approved;
	case MARK_ANNEX:
		return r->draft;
	default:
		return r->signed_file;
	}
}

int
order_picture(const struct batch *b, enum mark_role role)
{
	return role == MARK_ANNEX || role == MARK_COPY ? -1 : b->picture;
}

bool
order_digests_here(const struct batch *b)
{
	return b->signer.algorithm.hash == HASH_SHA256;
}

/* Number and date: of an annex the number alone, of its main document. */
static void
put_texts(const struct batch *b, enum mark_role role, const struct record *r,
    struct buf *out)
{
	struct when_date date = { .year = (int)(r->date / 10000),
		.month = (int)(r->date / 100 % 100),
		.day = (int)(r->date % 100) };
	struct buf number, day;

	buf_init(&number, 256);
	buf_init(&day, 512);
	if (role == MARK_ANNEX)
		kind_number(r->number, r->symbol, &number);
	if (role == MARK_AGENCY) {
		buf_text(&number, KIND_NUMBER_PREFIX);
		kind_number(r->number, r->symbol, &number);
		kind_date(b->place, date, &day);
	}
	buf_field(out, buf_view(&number));
	buf_field(out, buf_view(&day));
	buf_free(&day);
	buf_free(&number);
}

/* The person's name, to be looked for where he signs. */
static void
put_name(struct txn *txn, uint64_t id, struct buf *out)
{
	struct person p;

	if (id && !people_get(txn, id, &p))
		buf_field(out, p.full_name);
	else
		buf_field(out, (struct bytes){ NULL, 0 });
}

/* Where the leader's picture goes if not by his name: as he says now, or as he
 * said the last time for this kind. */
static void
put_spot(struct txn *txn, const struct batch *b, enum mark_role role,
    const struct record *r, struct buf *out)
{
	struct spot spot = b->spot;
	uint8_t placing = b->placed;

	if (role == MARK_PERSON && !b->placed &&
	    !spot_get(txn, r->kind, b->actor, &spot))
		placing = 2;
	buf_u8(out, placing);
	buf_u16(out, spot.page);
	buf_u16(out, spot.left);
	buf_u16(out, spot.top);
}

enum fail
order_put(struct txn *txn, const struct batch *b, enum mark_role role,
    const struct record *r, struct bytes code, struct buf *out)
{
	bool person = role == MARK_PERSON;
	struct bytes agency = { NULL, 0 };
	enum fail f = FAIL_NONE;

	if (role == MARK_COPY)
		f = settings_get(txn, SETTING_AGENCY, &agency);
	if (f)
		return f;
	buf_u8(out, (uint8_t)role);
	buf_u8(out, person);
	buf_u64(out, (uint64_t)when_now());
	put_name(txn, person ? r->leader : 0, out);
	put_texts(b, role, r, out);
	buf_field(out, code);
	buf_u8(out,
	    order_digests_here(b) ? HASH_NONE :
				    (uint8_t)b->signer.algorithm.hash);
	buf_u32(out, (uint32_t)b->room);
	buf_field(out, agency);
	buf_u8(out, role == MARK_COPY ? (uint8_t)(r->kind - KIND_COPY) : 0);
	put_spot(txn, b, role, r, out);
	buf_u8(out,
	    (uint8_t)(b->signer.test | b->iso_time << 1 | b->plain_cms << 2));
	return FAIL_NONE;
}
