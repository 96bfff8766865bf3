/*
 * Certificates from files: trust anchors and intermediates of a folder, DER or
 * PEM, held together with their bytes.
 */
#ifndef CRYPTO_CERT_FILE_H
#define CRYPTO_CERT_FILE_H

#include "base/arena.h"
#include "crypto/chain.h"

#define CERT_FILES_MAX 1024u

struct cert_file_set {
	struct arena arena; /* owns the DER */
	struct cert *certs; /* owned */
	size_t count;
};

void cert_file_set_init(struct cert_file_set *set);
void cert_file_set_free(struct cert_file_set *set);

/* Add every certificate of a file; PEM may hold several. */
CHECKED enum fail
cert_file_add(struct cert_file_set *set, const char *path, struct note *note);

/* Add the .pem, .der, .crt and .cer files of a folder, not of those below. */
CHECKED enum fail cert_file_add_folder(
    struct cert_file_set *set, const char *folder, struct note *note);

/* The CAs that are part of the program (crypto/trust): the government's own two
 * trees, with their roots among the state's, and the public one. */
enum cert_tree { TREE_STATE, TREE_PARTY, TREE_PUBLIC };

CHECKED enum fail cert_file_add_tree(
    struct cert_file_set *set, enum cert_tree tree, struct note *note);

/* Of the government's own: the CAs below the roots, or the roots. */
CHECKED enum fail
cert_file_add_builtin_cas(struct cert_file_set *set, struct note *note);
CHECKED enum fail
cert_file_add_builtin_roots(struct cert_file_set *set, struct note *note);

/*
 * Is it the government's first root, G1?  Signed with SHA-1, and followed by G2
 * in 2018: it still stands above a time-stamp authority, and above signers of
 * before CERT_LEGACY_UNTIL (2026-01-01) only: DESIGN.md says why then.
 */
#define CERT_LEGACY_UNTIL INT64_C(1767225600)
bool cert_file_is_legacy_root(const struct cert *cert);

/* Is it the government's root of today, G2; is it the CA below that which
 * serves the agencies of the state ("CA phục vụ các cơ quan Nhà nước G2")? */
bool cert_file_is_state_root(const struct cert *cert);
bool cert_file_is_state_ca(const struct cert *cert);

/* Add one DER certificate unless it is there. */
CHECKED enum fail cert_file_add_der(
    struct cert_file_set *set, struct bytes der, struct note *note);

struct cert_set cert_file_view(const struct cert_file_set *set);

#endif
