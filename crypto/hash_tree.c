#include "crypto/hash_tree.h"

#include <stdlib.h>

void
hash_pair(const uint8_t a[static HASH_LEN], const uint8_t b[static HASH_LEN],
    uint8_t node[static HASH_LEN])
{
	uint8_t both[2 * HASH_LEN];
	bool turn = memcmp(a, b, HASH_LEN) > 0;

	memcpy(both, turn ? b : a, HASH_LEN);
	memcpy(both + HASH_LEN, turn ? a : b, HASH_LEN);
	hash_sha256(BYTES_ARRAY(both), node);
}

uint64_t
hash_above(uint64_t nodes)
{
	return nodes / 2 + nodes % 2;
}

static enum fail
look_at_leaves(const uint8_t (*leaves)[HASH_LEN], size_t count)
{
	if (!count || count > HASH_LEAVES_MAX)
		return count ? FAIL_LIMIT : FAIL_USAGE;
	for (size_t i = 1; i < count; i++)
		if (memcmp(leaves[i - 1], leaves[i], HASH_LEN) >= 0)
			return FAIL_USAGE;
	return FAIL_NONE;
}

static size_t
tree_size(size_t leaves)
{
	size_t size = 1;

	for (size_t n = leaves; n > 1; n = (size_t)hash_above(n))
		size += n;
	return size;
}

enum fail
hash_tree_make(
    const uint8_t (*leaves)[HASH_LEN], size_t count, struct hash_tree *tree)
{
	enum fail f = look_at_leaves(leaves, count);
	uint8_t(*level)[HASH_LEN], (*above)[HASH_LEN];

	*tree = (struct hash_tree){ NULL, count };
	if (f)
		return f;
	tree->nodes = malloc(tree_size(count) * sizeof(*tree->nodes));
	if (!tree->nodes)
		return FAIL_MEMORY;
	level = tree->nodes;
	memcpy(level, leaves, count * sizeof(*level));
	for (size_t n = count; n > 1; n = (size_t)hash_above(n)) {
		above = level + n;
		for (size_t i = 0; i + 1 < n; i += 2)
			hash_pair(level[i], level[i + 1], above[i / 2]);
		if (n % 2)
			memcpy(above[n / 2], level[n - 1], HASH_LEN);
		level = above;
	}
	return FAIL_NONE;
}

void
hash_tree_free(struct hash_tree *tree)
{
	free(tree->nodes);
	tree->nodes = NULL;
}

const uint8_t *
hash_tree_root(const struct hash_tree *tree)
{
	return tree->nodes[tree_size(tree->leaves) - 1];
}

void
hash_tree_way(const struct hash_tree *tree, size_t which, struct hash_way *way)
{
	const uint8_t(*level)[HASH_LEN] =
	    (const uint8_t(*)[HASH_LEN])tree->nodes;

	memcpy(way->leaf, level[which], HASH_LEN);
	way->steps = 0;
	for (size_t n = tree->leaves; n > 1; n = (size_t)hash_above(n)) {
		if ((which ^ 1) < n)
			memcpy(way->beside[way->steps++], level[which ^ 1],
			    HASH_LEN);
		level += n;
		which /= 2;
	}
}

void
hash_climb(const struct hash_way *way, uint8_t root[static HASH_LEN])
{
	memcpy(root, way->leaf, HASH_LEN);
	for (size_t i = 0; i < way->steps; i++)
		hash_pair(root, way->beside[i], root);
}
