#include "crypto/evidence_record.h"

#include <stdlib.h>

#include "base/effort.h"
#include "crypto/der_read.h"
#include "crypto/der_write.h"
#include "crypto/oid.h"
#include "crypto/signature.h"
#include "crypto/timestamp.h"

static enum fail
wrong(struct note *note, enum fail f, const char *what)
{
	return note_set(note, f, "RFC 4998: %s", what);
}

/* ---- making ---- */

static void
put_hash(struct buf *out, const uint8_t hash[static HASH_LEN])
{
	der_put(out, DER_OCTET_STRING, (struct bytes){ hash, HASH_LEN });
}

/* 4.1: the lists of a reduced tree; what is covered is in the first one. */
static void
put_way(struct buf *out, const struct hash_way *way)
{
	bool turn = memcmp(way->leaf, way->beside[0], HASH_LEN) > 0;
	der_mark list = der_begin(out);

	put_hash(out, turn ? way->beside[0] : way->leaf);
	put_hash(out, turn ? way->leaf : way->beside[0]);
	der_end_with(out, list, DER_SEQUENCE);
	for (size_t i = 1; i < way->steps; i++) {
		list = der_begin(out);
		put_hash(out, way->beside[i]);
		der_end_with(out, list, DER_SEQUENCE);
	}
}

enum fail
ers_write(const struct hash_link *links, size_t count, struct buf *out)
{
	der_mark record = der_begin(out), mark, inner;

	der_put_int(out, 1);
	mark = inner = der_begin(out);
	oid_put(out, OID_SHA256);
	der_end_with(out, inner, DER_SEQUENCE);
	der_end_with(out, mark, DER_SEQUENCE);
	mark = der_begin(out);
	for (size_t i = 0; i < count; i++) {
		der_mark stamp = der_begin(out);

		if (links[i].way.steps) {
			inner = der_begin(out);
			put_way(out, &links[i].way);
			der_end_with(out, inner, DER_CONTEXT_MADE(2));
		}
		buf_bytes(out, links[i].token);
		der_end_with(out, stamp, DER_SEQUENCE);
	}
	der_end_with(out, mark, DER_SEQUENCE); /* its one chain */
	der_end_with(out, mark, DER_SEQUENCE);
	der_end_with(out, record, DER_SEQUENCE);
	return buf_fail(out);
}

/* ---- reading ---- */

struct reading {
	const struct ers_group *group;
	uint8_t (*values)[HASH_MAX]; /* owned: what the next tree covers … */
	size_t count; /* … of the group, or of one time-stamp */
	uint8_t (
	    *digests[HASH_KINDS])[HASH_MAX]; /* owned: of the group, by kind,
					   once they were asked for */
	struct ers *record;
	struct note *note;
	const uint8_t *chains; /* where the first chain begins */
};

static int
by_bytes(const void *a, const void *b)
{
	return bytes_compare(
	    *(const struct bytes *)a, *(const struct bytes *)b);
}

static bool
holds(const struct bytes *list, size_t count, struct bytes hash)
{
	for (size_t i = 0; i < count; i++)
		if (bytes_equal(list[i], hash))
			return true;
	return false;
}

/* Is a hash one of what is covered? */
static bool
among(const struct reading *r, enum hash_kind kind, struct bytes hash)
{
	for (size_t i = 0; i < r->count; i++)
		if (!memcmp(hash.data, r->values[i], hash_len(kind)))
			return true;
	return false;
}

/* One list on the way to the root; *count hashes. */
static enum fail
read_list(struct der list, enum hash_kind kind,
    struct bytes hashes[static ERS_LIST_MAX], size_t *count, struct note *note)
{
	struct der_item item;
	enum fail f = FAIL_NONE;

	for (*count = 0; !f && !der_end(&list);) {
		f = *count == ERS_LIST_MAX ?
		    FAIL_LIMIT :
		    der_take(&list, DER_OCTET_STRING, &item);
		if (!f && item.value.len != hash_len(kind))
			f = FAIL_FORMAT;
		if (!f)
			hashes[(*count)++] = item.value;
	}
	return f ? wrong(note, f, "a list of hashes does not read") : f;
}

static void
join(struct bytes *hashes, size_t count, enum hash_kind kind,
    uint8_t value[static HASH_MAX])
{
	struct hash h;

	qsort(hashes, count, sizeof(hashes[0]), by_bytes);
	hash_init(&h, kind);
	for (size_t i = 0; i < count; i++)
		hash_add(&h, hashes[i]);
	hash_done(&h, value);
}

/* How a first list of a single hash is taken: 4.3 says that it is hashed, but
 * writers go on with the hash itself. */
enum lone { AS_IT_IS, HASHED };

/* 4.3: the first list holds what is covered; with a group, nothing else. */
static enum fail
follow_first(const struct reading *r, struct der list, enum hash_kind kind,
    enum lone lone, uint8_t value[static HASH_MAX])
{
	struct bytes hashes[ERS_LIST_MAX];
	size_t count, others = 0, covered = r->count;
	enum fail f = read_list(list, kind, hashes, &count, r->note);

	for (size_t i = 0; i < covered && !f; i++)
		if (!holds(hashes, count,
			(struct bytes){ r->values[i], hash_len(kind) }))
			f = wrong(r->note, FAIL_DIGEST,
			    "4.3: what it is to cover is not in the tree");
	for (size_t i = 0; i < count && !f && covered > 1; i++)
		others += !among(r, kind, hashes[i]);
	if (others)
		f = wrong(r->note, FAIL_DIGEST,
		    "4.3: it covers more than this group");
	if (!f && count == 1 && lone == AS_IT_IS)
		memcpy(value, hashes[0].data, hashes[0].len);
	else if (!f)
		join(hashes, count, kind, value);
	return f;
}

/* What came up to a later list, and after it what goes on. */
static enum fail
follow_list(struct der list, enum hash_kind kind,
    uint8_t value[static HASH_MAX], struct note *note)
{
	struct bytes hashes[ERS_LIST_MAX + 1];
	struct bytes own = { value, hash_len(kind) };
	size_t count;
	enum fail f = read_list(list, kind, hashes, &count, note);

	if (f)
		return f;
	if (!holds(hashes, count, own))
		hashes[count++] = own;
	join(hashes, count, kind, value);
	return FAIL_NONE;
}

/* From the reading's values to the root of this time-stamp's tree. */
static enum fail
follow_tree(const struct reading *r, struct bytes tree, enum hash_kind kind,
    enum lone lone, uint8_t value[static HASH_MAX])
{
	struct der top = der_open(tree), lists, list;
	enum fail f;

	lists = der_open(tree);
	if (tree.len && (f = der_into(&top, DER_CONTEXT_MADE(2), &lists)))
		return f;
	if (der_end(&lists)) {
		memcpy(value, r->values[0], HASH_MAX);
		return r->count == 1 ?
		    FAIL_NONE :
		    wrong(r->note, FAIL_DIGEST,
			"4.2: without a tree it cannot cover a group");
	}
	f = der_into(&lists, DER_SEQUENCE, &list);
	if (!f)
		f = follow_first(r, list, kind, lone, value);
	while (!f && !der_end(&lists)) {
		f = der_into(&lists, DER_SEQUENCE, &list);
		if (!f)
			f = follow_list(list, kind, value, r->note);
	}
	return f;
}

/* One ArchiveTimeStamp in pieces. */
struct piece {
	enum hash_kind hash;
	struct bytes tree, token; /* whole */
};

/* Does the token stamp this digest? */
static bool
stamps(struct bytes token, enum hash_kind kind, const uint8_t *digest)
{
	struct timestamp *t = calloc(1, sizeof(*t));
	bool same = t && !timestamp_read(token, t, NULL) && t->hash == kind &&
	    !memcmp(t->imprint.data, digest, hash_len(kind));

	free(t);
	return same;
}

/* What the token must stamp: the root that either reading of a lone hash leads
 * to. */
static enum fail
follow(const struct reading *r, const struct piece *p,
    uint8_t root[static HASH_MAX])
{
	uint8_t other[HASH_MAX];
	enum fail f = follow_tree(r, p->tree, p->hash, AS_IT_IS, root);

	if (f || stamps(p->token, p->hash, root))
		return f;
	f = follow_tree(r, p->tree, p->hash, HASHED, other);
	if (!f && stamps(p->token, p->hash, other))
		memcpy(root, other, HASH_MAX);
	return f;
}

static enum fail
token_hash(struct bytes token, enum hash_kind *kind, struct note *note)
{
	struct timestamp *t = calloc(1, sizeof(*t));
	enum fail f = t ? timestamp_read(token, t, note) : FAIL_MEMORY;

	if (!f)
		*kind = t->hash;
	free(t);
	return f;
}

/* An AlgorithmIdentifier that is tagged [0] in place of its own tag. */
static enum fail
tagged_hash(struct bytes whole, enum hash_kind *kind)
{
	uint8_t own[64] = { DER_SEQUENCE };

	if (whole.len > sizeof(own))
		return FAIL_FORMAT;
	memcpy(own + 1, whole.data + 1, whole.len - 1);
	return hash_algorithm_read((struct bytes){ own, whole.len }, kind);
}

static enum fail
read_piece(struct der *chain, struct piece *p, struct note *note)
{
	struct der_item algorithm, attributes, tree, token;
	struct der d;
	enum fail f = der_into(chain, DER_SEQUENCE, &d);

	if (!f)
		f = der_optional(&d, DER_CONTEXT_MADE(0), &algorithm);
	if (!f)
		f = der_optional(&d, DER_CONTEXT_MADE(1), &attributes);
	if (!f)
		f = der_optional(&d, DER_CONTEXT_MADE(2), &tree);
	if (!f)
		f = der_take(&d, DER_SEQUENCE, &token);
	if (!f && !der_end(&d))
		f = FAIL_FORMAT;
	if (f)
		return wrong(note, f, "an archive time-stamp does not read");
	p->tree = tree.whole;
	p->token = token.whole;
	/* 4.1: without one, the algorithm is the time-stamp's own. */
	if (algorithm.whole.len)
		return tagged_hash(algorithm.whole, &p->hash);
	return token_hash(token.whole, &p->hash, note);
}

/* 5.3: the digest of the sequence of all chains before. */
static enum fail
digest_before(
    struct bytes before, enum hash_kind kind, uint8_t out[static HASH_MAX])
{
	struct buf sequence;
	der_mark mark;
	enum fail f;

	buf_init(&sequence, before.len + 16);
	mark = der_begin(&sequence);
	buf_bytes(&sequence, before);
	der_end_with(&sequence, mark, DER_SEQUENCE);
	f = buf_fail(&sequence);
	if (!f)
		hash_bytes(kind, buf_view(&sequence), out);
	buf_free(&sequence);
	return f;
}

/* The group's digests, made once: chains may come back to an algorithm. */
static enum fail
know_digests(struct reading *r, enum hash_kind kind)
{
	const struct ers_group *group = r->group;

	if (r->digests[kind])
		return FAIL_NONE;
	if (effort_is_spent())
		return FAIL_LIMIT;
	r->digests[kind] = calloc(group->count, sizeof(*r->digests[kind]));
	if (!r->digests[kind])
		return FAIL_MEMORY;
	for (size_t i = 0; i < group->count; i++)
		group->digest(group->context, i, kind, r->digests[kind][i]);
	return FAIL_NONE;
}

/* What the first time-stamp of a chain covers: the documents and, behind
 * another chain, each of them with all chains before (5.3). */
static enum fail
take_group(struct reading *r, const uint8_t *chain, enum hash_kind kind)
{
	struct bytes before = { r->chains, (size_t)(chain - r->chains) };
	uint8_t chains[HASH_MAX] = { 0 };
	enum fail f = know_digests(r, kind);

	if (!f && before.len)
		f = digest_before(before, kind, chains);
	r->count = r->group->count;
	for (size_t i = 0; i < r->count && !f; i++) {
		uint8_t *value = r->values[i];
		struct hash h;

		memcpy(value, r->digests[kind][i], HASH_MAX);
		if (!before.len)
			continue;
		hash_init(&h, kind);
		hash_add(&h, (struct bytes){ value, hash_len(kind) });
		hash_add(&h, (struct bytes){ chains, hash_len(kind) });
		hash_done(&h, value);
	}
	return f;
}

static enum fail
read_chain(struct reading *r, struct der_item whole)
{
	struct der chain = der_open(whole.value);
	struct bytes last = { NULL, 0 };
	enum hash_kind kind = HASH_NONE;
	enum fail f = der_end(&chain) ? FAIL_FORMAT : FAIL_NONE;

	while (!f && !der_end(&chain)) {
		struct ers_stamp *s = &r->record->stamps[r->record->count];
		struct piece p = { .hash = HASH_NONE };

		if (r->record->count == ERS_STAMPS_MAX)
			return wrong(r->note, FAIL_LIMIT, "too many renewals");
		f = read_piece(&chain, &p, r->note);
		if (f)
			return f;
		/* 5.3: another algorithm begins another chain, so that the
		 * document is bound by it too. */
		if (last.len && p.hash != kind)
			return wrong(r->note, FAIL_FORMAT,
			    "5.3: a chain has one algorithm");
		kind = p.hash;
		r->count = 1;
		if (last.len)
			hash_bytes(p.hash, last, r->values[0]);
		else
			f = take_group(r, whole.whole.data, p.hash);
		if (f)
			return f;
		f = follow(r, &p, s->digest);
		s->hash = p.hash;
		s->token = last = p.token;
		r->record->count++;
	}
	return f;
}

static enum fail
read_sequence(struct reading *r, struct der sequence)
{
	struct der_item chain;
	enum fail f = FAIL_NONE;

	r->chains = sequence.rest.data;
	while (!f && !der_end(&sequence)) {
		f = der_take(&sequence, DER_SEQUENCE, &chain);
		if (!f)
			f = read_chain(r, chain);
	}
	return f;
}

enum fail
ers_read(struct bytes der, const struct ers_group *group, struct ers *record,
    struct note *note)
{
	struct reading r = { .group = group, .record = record, .note = note };
	struct der top = der_open(der), d, sequence;
	struct der_item item;
	int version = 0;
	enum fail f =
	    der.len > ERS_MAX ? FAIL_LIMIT : der_into(&top, DER_SEQUENCE, &d);

	record->count = 0;
	if (!f)
		f = der_int(&d, &version);
	if (!f)
		f = der_take(&d, DER_SEQUENCE, &item); /* its algorithms */
	if (!f)
		f = der_optional(&d, DER_CONTEXT_MADE(0), &item);
	if (f || !der_end(&top) || version != 1)
		return wrong(note, f ? f : FAIL_FORMAT, "not a record");
	if (der_peek(&d) == DER_CONTEXT_MADE(1))
		return wrong(note, FAIL_UNSUPPORTED, "of encrypted data");
	f = der_into(&d, DER_SEQUENCE, &sequence);
	if (f || !der_end(&d) || der_end(&sequence))
		return wrong(note, f ? f : FAIL_FORMAT, "no time-stamps");
	if (!group->count || group->count > ERS_LIST_MAX)
		return wrong(note, FAIL_LIMIT, "too large a group");
	r.values = calloc(group->count, sizeof(*r.values));
	f = r.values ? read_sequence(&r, sequence) : FAIL_MEMORY;
	for (size_t i = 0; i < HASH_KINDS; i++)
		free(r.digests[i]);
	free(r.values);
	return f;
}
