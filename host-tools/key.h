/*
 * The key the PC tool signs with: on a token behind a PKCS#11 module, with its
 * certificate and those above it that are at hand.
 */
#ifndef HOST_TOOLS_KEY_H
#define HOST_TOOLS_KEY_H

#include "crypto/cert_file.h"
#include "crypto/cms.h"
#include "crypto/signing_cert.h"
#include "crypto/token.h"

/* Which key; texts of the command line. */
struct key_choice {
	const char *module;   /* the shared object */
	const char *token;    /* by the token's label … */
	const char *cert;     /* … or by the certificate's hash, in hex */
	const char *pin_file; /* the PIN is its first line */
	const char *chain;    /* folder with more CA certificates, or NULL */
	struct signing_wish way;
};

struct key {
	struct token *token;
	struct signing_wish way;
	struct arena arena;
	struct cert_file_set pool; /* intermediates at hand */
	struct cert signer;
	/* The signer's certificate and those above it, without the root:
	 * whoever verifies has his own. */
	struct bytes chain[CHAIN_DEPTH_MAX];
	size_t chain_count;
	struct signature_algorithm algorithm;
};

/* Open the module and find the key; nobody is logged in yet, and the chain is
 * not collected: the pool may get more. */
CHECKED enum fail
key_open(struct key *key, const struct key_choice *choice, struct note *note);
void key_close(struct key *key);

/* Fill the chain from what the pool has by now. */
void key_collect_chain(struct key *key);

/* Send the PIN, once. */
CHECKED enum fail
key_login(struct key *key, const char *pin_file, struct note *note);

#endif
