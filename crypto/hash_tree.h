/*
 * Hash trees of RFC 4998 with SHA-256: the leaves in ascending order, each node
 * the digest of its two children's, and the ways that lead from a leaf to the
 * root.
 */
#ifndef CRYPTO_HASH_TREE_H
#define CRYPTO_HASH_TREE_H

#include "crypto/hash.h"

#define HASH_LEVELS_MAX 24u /* above the leaves */
#define HASH_LEAVES_MAX (1u << HASH_LEVELS_MAX)

/* 4.2: a node is the digest of its children, the smaller first. */
void hash_pair(const uint8_t a[static HASH_LEN],
    const uint8_t b[static HASH_LEN], uint8_t node[static HASH_LEN]);

/* How many nodes stand above so many: whoever is alone at the end of a level
 * goes up as it is. */
uint64_t hash_above(uint64_t nodes);

/* From a leaf to the root. */
struct hash_way {
	uint8_t leaf[HASH_LEN];
	uint8_t beside[HASH_LEVELS_MAX][HASH_LEN]; /* what stands beside it, the
						      lowest first */
	size_t steps;                              /* 0: the leaf is the root */
};

/* Where a way ends. */
void hash_climb(const struct hash_way *way, uint8_t root[static HASH_LEN]);

/* A way, and the time-stamp token over its root. */
struct hash_link {
	struct hash_way way;
	struct bytes token;
};

/* A tree in memory. */
struct hash_tree {
	uint8_t (*nodes)[HASH_LEN]; /* owned: leaves, the level above, … root */
	size_t leaves;
};

/* Over leaves that are in ascending order and all different.  FAIL_USAGE: they
 * are not, or there are none; FAIL_LIMIT; FAIL_MEMORY. */
CHECKED enum fail hash_tree_make(
    const uint8_t (*leaves)[HASH_LEN], size_t count, struct hash_tree *tree);
void hash_tree_free(struct hash_tree *tree);
const uint8_t *hash_tree_root(const struct hash_tree *tree);
void
hash_tree_way(const struct hash_tree *tree, size_t which, struct hash_way *way);

#endif
