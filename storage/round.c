#include "storage/round.h"

#include <stdlib.h>

#include "base/buf.h"
#include "storage/renewal.h"

#define VERSION 2u
#define UNPROVEN 1u /* the version without proven, and a shorter token */
#define COVERED 1u  /* version of what says which round has a leaf */
#define CHUNK_KEY 13u

/* ---- the line of a round ---- */

enum fail
round_put(struct txn *txn, const struct round *r)
{
	uint8_t key[8];
	struct buf out;
	enum fail f;

	key_u64(key, r->number);
	buf_init(&out, ROUND_TOKEN_MAX + 256);
	buf_u8(&out, VERSION);
	buf_u8(&out, r->state);
	buf_u64(&out, (uint64_t)r->begun);
	buf_u64(&out, r->next);
	buf_u8(&out, r->level);
	buf_u64(&out, r->leaves);
	buf_add(&out, r->root, HASH_LEN);
	buf_u64(&out, (uint64_t)r->stamped);
	buf_u64(&out, (uint64_t)r->until);
	buf_u64(&out, r->renewed);
	buf_u64(&out, r->proven);
	buf_u64(&out, (uint64_t)r->vain);
	buf_u32(&out, (uint32_t)r->token.len);
	buf_bytes(&out, r->token);
	f = buf_fail(&out);
	if (!f)
		f = table_put(
		    txn, TABLE_ROUNDS, BYTES_ARRAY(key), buf_view(&out));
	buf_free(&out);
	return f;
}

static enum fail
decode(struct bytes key, struct bytes stored, struct round *r)
{
	struct cursor c = cursor_of(stored);
	uint8_t version = cursor_u8(&c);
	struct bytes root;

	if (key.len != 8 || (version != VERSION && version != UNPROVEN))
		return FAIL_CORRUPT;
	r->number = key_number(key);
	r->state = cursor_u8(&c);
	r->begun = (int64_t)cursor_u64(&c);
	r->next = cursor_u64(&c);
	r->level = cursor_u8(&c);
	r->leaves = cursor_u64(&c);
	root = cursor_bytes(&c, HASH_LEN);
	if (root.len)
		memcpy(r->root, root.data, HASH_LEN);
	r->stamped = (int64_t)cursor_u64(&c);
	r->until = (int64_t)cursor_u64(&c);
	r->renewed = cursor_u64(&c);
	r->proven = version == UNPROVEN ? 0 : cursor_u64(&c);
	r->vain = version == UNPROVEN ? 0 : (int64_t)cursor_u64(&c);
	r->token = version == UNPROVEN ? cursor_field(&c) :
					 cursor_bytes(&c, cursor_u32(&c));
	return cursor_done(&c) && r->state > ROUND_NONE &&
		r->state <= ROUND_STAMPED ?
	    FAIL_NONE :
	    FAIL_CORRUPT;
}

enum fail
round_get(struct txn *txn, uint64_t number, struct round *r)
{
	struct bytes stored = { NULL, 0 };
	uint8_t key[8];
	enum fail f;

	key_u64(key, number);
	f = table_get(txn, TABLE_ROUNDS, BYTES_ARRAY(key), &stored);
	return f ? f : decode(BYTES_ARRAY(key), stored, r);
}

enum fail
round_last(struct txn *txn, struct round *r)
{
	uint64_t last;
	enum fail f = table_last(txn, TABLE_ROUNDS, &last);

	return f ? f : round_get(txn, last, r);
}

bool
round_is_asked(const struct round *r, const struct round *open)
{
	return r->proven == open->number;
}

/* ---- collecting ---- */

enum fail
round_add(struct txn *txn, struct round *r, const uint8_t hash[HASH_LEN])
{
	struct bytes key = { hash, HASH_LEN };
	uint8_t value[9] = { COVERED };
	enum fail f;

	key_u64(value + 1, r->number);
	f = table_add(txn, TABLE_COVERED, key, BYTES_ARRAY(value));
	if (f)
		return f == FAIL_EXISTS ? FAIL_NONE : f;
	f = table_put(txn, TABLE_LEAVES, key, (struct bytes){ NULL, 0 });
	r->leaves++;
	return f;
}

static bool
must_renew(const struct round *r, const struct round_wish *wish)
{
	if (r->state != ROUND_STAMPED || r->renewed)
		return false;
	if (r->until < wish->before)
		return true;
	if (r->vain && r->vain <= wish->now &&
	    wish->now - r->vain < ROUND_AGAIN &&
	    r->until - wish->now > ROUND_LATE)
		return false;
	return renewal_due(r->stamped, r->until, wish->horizon) <= wish->now;
}

/* A round is a month's work: there are few. */
enum fail
round_due(struct txn *txn, uint64_t from, const struct round_wish *wish,
    struct round *r)
{
	struct table_walk *walk;
	struct bytes at, stored;
	uint8_t key[8];
	enum fail f;

	key_u64(key, from);
	f = table_walk_open(txn, TABLE_ROUNDS, BYTES_ARRAY(key), false, &walk);
	if (f)
		return f;
	while (!(f = table_walk_next(walk, &at, &stored))) {
		f = decode(at, stored, r);
		if (f || must_renew(r, wish))
			break;
	}
	table_walk_close(walk);
	return f;
}

enum fail
round_renew(struct txn *txn, struct round *open, const struct round_wish *wish)
{
	uint8_t hash[HASH_LEN];
	struct round r = { .number = 0 };
	enum fail f;

	while (!(f = round_due(txn, r.number + 1, wish, &r))) {
		/* It may have come due since they were asked about. */
		if (!round_is_asked(&r, open))
			continue;
		hash_sha256(r.token, hash);
		r.renewed = open->number;
		f = round_put(txn, &r);
		if (!f)
			f = round_add(txn, open, hash);
		if (f)
			return f;
	}
	return f == FAIL_MISSING ? FAIL_NONE : f;
}

enum fail
round_drop(struct txn *txn, const struct round *open)
{
	struct round r = { .number = open->number };
	uint8_t key[8];
	enum fail f;

	key_u64(key, open->number);
	f = open->leaves ? FAIL_STATE :
			   table_delete(txn, TABLE_ROUNDS, BYTES_ARRAY(key));
	while (!f && r.number > 1) {
		f = round_get(txn, r.number - 1, &r);
		if (f || !round_is_asked(&r, open))
			continue;
		r.proven = 0;
		f = round_put(txn, &r);
	}
	return f;
}

/* ---- all rounds ---- */

typedef void each_round(void *context, const struct round *r);

static enum fail
visit_all(struct txn *txn, each_round *each, void *context)
{
	struct table_walk *walk;
	struct bytes at, stored;
	struct round r;
	enum fail f = table_walk_open(
	    txn, TABLE_ROUNDS, (struct bytes){ NULL, 0 }, false, &walk);

	if (f)
		return f;
	while (!(f = table_walk_next(walk, &at, &stored))) {
		f = decode(at, stored, &r);
		if (f)
			break;
		each(context, &r);
	}
	table_walk_close(walk);
	return f == FAIL_MISSING ? FAIL_NONE : f;
}

struct renewed {
	uint64_t by;
	int64_t stamped;
};

static void
look_renewed(void *context, const struct round *r)
{
	struct renewed *found = context;

	if (r->renewed == found->by && r->stamped > found->stamped)
		found->stamped = r->stamped;
}

enum fail
round_renewed(struct txn *txn, uint64_t number, int64_t *stamped)
{
	struct renewed found = { number, 0 };
	enum fail f = visit_all(txn, look_renewed, &found);

	*stamped = found.stamped;
	return f;
}

struct counted {
	uint64_t leaves, tokens, open;
};

static void
count_files(void *context, const struct round *r)
{
	struct counted *c = context;

	if (r->state != ROUND_STAMPED) {
		c->open = r->number; /* the last, if any */
		return;
	}
	c->leaves += r->leaves;
	c->tokens += r->renewed != 0;
}

/* Tokens whose renewal is still open are in no round that counts. */
static void
count_waiting(void *context, const struct round *r)
{
	struct counted *c = context;

	if (c->open && r->renewed == c->open)
		c->tokens--;
}

enum fail
round_files(struct txn *txn, uint64_t *files)
{
	struct counted c = { 0 };
	enum fail f = visit_all(txn, count_files, &c);

	if (!f)
		f = visit_all(txn, count_waiting, &c);
	*files = c.leaves - c.tokens;
	return f;
}

/* ---- the tree, in chunks of a level's nodes ---- */

static void
make_key(uint8_t key[static CHUNK_KEY], uint64_t round, unsigned level,
    uint64_t chunk)
{
	key_u64(key, round);
	key[8] = (uint8_t)level;
	key_u32(key + 9, (uint32_t)chunk);
}

static enum fail
get_chunk(struct txn *txn, uint64_t round, unsigned level, uint64_t chunk,
    struct bytes *nodes)
{
	uint8_t key[CHUNK_KEY];
	enum fail f;

	make_key(key, round, level, chunk);
	f = table_get(txn, TABLE_TREES, BYTES_ARRAY(key), nodes);
	if (f == FAIL_MISSING || (!f && (!nodes->len || nodes->len % HASH_LEN)))
		return FAIL_CORRUPT;
	return f;
}

static enum fail
get_node(struct txn *txn, uint64_t round, unsigned level, uint64_t which,
    struct bytes *node)
{
	struct bytes nodes;
	enum fail f = get_chunk(txn, round, level, which / ROUND_CHUNK, &nodes);

	if (f)
		return f;
	*node = bytes_part(
	    nodes, (size_t)(which % ROUND_CHUNK) * HASH_LEN, HASH_LEN);
	return node->len == HASH_LEN ? FAIL_NONE : FAIL_CORRUPT;
}

static enum fail
put_chunk(
    struct txn *txn, const struct round *r, const uint8_t *nodes, size_t count)
{
	uint8_t key[CHUNK_KEY];

	make_key(key, r->number, r->level, r->next);
	return table_put(txn, TABLE_TREES, BYTES_ARRAY(key),
	    (struct bytes){ nodes, count * HASH_LEN });
}

/* The next leaves in order, which then stand in the tree. */
static enum fail
take_leaves(struct txn *txn, uint8_t (*nodes)[HASH_LEN], size_t *count)
{
	static const uint8_t first[HASH_LEN];
	struct table_walk *walk;
	struct bytes key, value;
	enum fail f = table_walk_open(
	    txn, TABLE_LEAVES, BYTES_ARRAY(first), false, &walk);

	*count = 0;
	if (f)
		return f;
	while (*count < ROUND_CHUNK &&
	    !(f = table_walk_next(walk, &key, &value))) {
		if (key.len != HASH_LEN) {
			f = FAIL_CORRUPT;
			break;
		}
		memcpy(nodes[(*count)++], key.data, HASH_LEN);
	}
	table_walk_close(walk);
	if (f == FAIL_MISSING)
		f = FAIL_NONE;
	for (size_t i = 0; i < *count && !f; i++)
		f = table_delete(
		    txn, TABLE_LEAVES, (struct bytes){ nodes[i], HASH_LEN });
	return f;
}

/* A chunk of nodes out of two of the level below. */
static enum fail
take_pairs(struct txn *txn, const struct round *r, uint64_t below,
    uint8_t (*nodes)[HASH_LEN], size_t *count)
{
	uint64_t from = 2 * r->next * ROUND_CHUNK;
	struct bytes left, right;
	enum fail f = FAIL_NONE;

	*count = 0;
	for (uint64_t i = from; i < below && *count < ROUND_CHUNK && !f;
	     i += 2) {
		f = get_node(txn, r->number, r->level - 1u, i, &left);
		if (!f && i + 1 < below)
			f = get_node(
			    txn, r->number, r->level - 1u, i + 1, &right);
		if (f)
			break;
		if (i + 1 < below)
			hash_pair(left.data, right.data, nodes[*count]);
		else
			memcpy(nodes[*count], left.data, HASH_LEN);
		++*count;
	}
	return f;
}

/* How many nodes a level has. */
static uint64_t
level_size(const struct round *r, unsigned level)
{
	uint64_t size = r->leaves;

	while (level-- > 0)
		size = hash_above(size);
	return size;
}

static enum fail
build_chunk(struct txn *txn, struct round *r, uint8_t (*nodes)[HASH_LEN])
{
	uint64_t size = level_size(r, r->level);
	uint64_t left = size - r->next * ROUND_CHUNK;
	size_t count = 0;
	enum fail f = r->level ?
	    take_pairs(txn, r, level_size(r, r->level - 1u), nodes, &count) :
	    take_leaves(txn, nodes, &count);

	if (!f && count != (left < ROUND_CHUNK ? left : ROUND_CHUNK))
		f = FAIL_CORRUPT;
	if (!f)
		f = put_chunk(txn, r, nodes[0], count);
	if (f)
		return f;
	r->next++;
	if (left > count)
		return FAIL_NONE;
	if (size == 1) {
		memcpy(r->root, nodes[0], HASH_LEN);
		r->state = ROUND_WAITING;
	}
	r->level++;
	r->next = 0;
	return FAIL_NONE;
}

enum fail
round_build(struct txn *txn, struct round *r, size_t chunks)
{
	uint8_t(*nodes)[HASH_LEN] = malloc(ROUND_CHUNK * sizeof(*nodes));
	enum fail f = FAIL_NONE;

	if (!nodes)
		return FAIL_MEMORY;
	if (r->state != ROUND_BUILDING || !r->leaves ||
	    r->leaves > HASH_LEAVES_MAX)
		f = FAIL_STATE;
	while (chunks-- > 0 && r->state == ROUND_BUILDING && !f)
		f = build_chunk(txn, r, nodes);
	free(nodes);
	return f ? f : round_put(txn, r);
}

/* ---- records ---- */

/* The leaf's place, looked for by halves. */
static enum fail
find_leaf(struct txn *txn, const struct round *r, const uint8_t hash[HASH_LEN],
    uint64_t *which)
{
	uint64_t low = 0, high = r->leaves;
	struct bytes node;

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		enum fail f = get_node(txn, r->number, 0, middle, &node);
		int order = f ? 0 : memcmp(hash, node.data, HASH_LEN);

		if (f || !order) {
			*which = middle;
			return f;
		}
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return FAIL_CORRUPT;
}

/* The link of a leaf in a round that is stamped. */
static enum fail
read_link(struct txn *txn, const struct round *r, const uint8_t hash[HASH_LEN],
    struct hash_link *link)
{
	uint64_t which, size = r->leaves;
	uint8_t root[HASH_LEN];
	struct bytes node;
	enum fail f = size > HASH_LEAVES_MAX ? FAIL_CORRUPT :
					       find_leaf(txn, r, hash, &which);

	memcpy(link->way.leaf, hash, HASH_LEN);
	link->way.steps = 0;
	link->token = r->token;
	for (unsigned level = 0; size > 1 && !f; level++) {
		if ((which ^ 1) < size) {
			f = get_node(txn, r->number, level, which ^ 1, &node);
			if (!f)
				memcpy(link->way.beside[link->way.steps++],
				    node.data, HASH_LEN);
		}
		which /= 2;
		size = hash_above(size);
	}
	if (f)
		return f;
	hash_climb(&link->way, root);
	return memcmp(root, r->root, HASH_LEN) ? FAIL_CORRUPT : FAIL_NONE;
}

/* The round that has a leaf. */
static enum fail
round_of(struct txn *txn, const uint8_t hash[HASH_LEN], struct round *r)
{
	struct bytes value = { NULL, 0 };
	enum fail f = table_get(
	    txn, TABLE_COVERED, (struct bytes){ hash, HASH_LEN }, &value);

	if (f)
		return f;
	if (value.len != 9 || value.data[0] != COVERED)
		return FAIL_CORRUPT;
	f = round_get(txn, key_number(bytes_part(value, 1, 8)), r);
	if (f)
		return f == FAIL_MISSING ? FAIL_CORRUPT : f;
	return r->state == ROUND_STAMPED ? FAIL_NONE : FAIL_MISSING;
}

/* The round that renewed this one; FAIL_MISSING: none yet.  It is a later one,
 * so this ends. */
static enum fail
next_round(struct txn *txn, struct round *r)
{
	uint64_t number = r->number;
	enum fail f = r->renewed ? round_get(txn, r->renewed, r) : FAIL_MISSING;

	if (f)
		return f;
	if (r->number <= number)
		return FAIL_CORRUPT;
	return r->state == ROUND_STAMPED ? FAIL_NONE : FAIL_MISSING;
}

enum fail
round_links(struct txn *txn, const uint8_t hash[HASH_LEN],
    struct hash_link links[ROUND_LINKS_MAX], size_t *count)
{
	uint8_t covered[HASH_LEN];
	struct round r;
	enum fail f = round_of(txn, hash, &r);

	*count = 0;
	memcpy(covered, hash, HASH_LEN);
	while (!f) {
		f = *count == ROUND_LINKS_MAX ?
		    FAIL_LIMIT :
		    read_link(txn, &r, covered, &links[*count]);
		if (f)
			return f;
		hash_sha256(links[(*count)++].token, covered);
		f = next_round(txn, &r);
		if (f == FAIL_MISSING)
			return FAIL_NONE;
	}
	return f;
}

enum fail
round_about(struct txn *txn, const uint8_t hash[HASH_LEN], int64_t *stamped,
    int64_t *until)
{
	struct round r;
	enum fail f = round_of(txn, hash, &r);

	while (!f) {
		*stamped = r.stamped;
		*until = r.until;
		f = next_round(txn, &r);
		if (f == FAIL_MISSING)
			return FAIL_NONE;
	}
	return f;
}
