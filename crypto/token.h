/*
 * A token or HSM behind a vendor's PKCS#11 module (OASIS PKCS #11 2.40).
 *
 * Keys are chosen by the SHA-256 of their certificate, never by slot or label;
 * of two tokens that look alike it is the one that holds the certificate.  A
 * PIN is sent once per human entry: no retry by program, and not at all when
 * the token says that one try is left or none.  Every signature is verified
 * with the certificate before it leaves this file.
 *
 * One module per process: vendor modules are foreign code that may crash or
 * hang, which is why they live in the signer role alone.
 */
#ifndef CRYPTO_TOKEN_H
#define CRYPTO_TOKEN_H

#include "base/arena.h"
#include "base/secret.h"
#include "crypto/cert.h"

struct token;

#define TOKEN_CERTS_MAX 64u
#define TOKEN_TEXT_MAX 64u
#define TOKEN_LANES_MAX 16u

enum token_pin {
	TOKEN_PIN_FINE,
	TOKEN_PIN_LOW,  /* at least one wrong PIN since the last right one */
	TOKEN_PIN_LAST, /* the next wrong PIN locks it */
	TOKEN_PIN_LOCKED,
};

/* One certificate found on any token of the module. */
struct token_cert {
	char label[TOKEN_TEXT_MAX];  /* of the token */
	char serial[TOKEN_TEXT_MAX]; /* of the token */
	struct bytes der;
};

/* What the selected token says of itself. */
struct token_state {
	enum token_pin pin;
	bool pad;       /* the PIN is typed on the token or its reader */
	bool removable; /* a token in a reader or port, not an HSM */
};

/* Load a module by the path of its shared object. */
CHECKED enum fail
token_open(const char *module, struct token **token, struct note *note);
void token_close(struct token *token);

/* All certificates on all tokens now plugged in; their bytes in arena. */
CHECKED enum fail token_list(struct token *token, struct arena *arena,
    struct token_cert certs[static TOKEN_CERTS_MAX], size_t *count,
    struct note *note);

/* Choose the certificate (and its key) to sign with.  Of a token that is still
 * there nothing is read again.  FAIL_KEY: not on any token; FAIL_TOKEN_GONE: no
 * token at all. */
CHECKED enum fail token_select(struct token *token,
    const uint8_t cert_hash[static HASH_LEN], struct note *note);

/* The selected certificate; valid until another one is selected. */
const struct cert *token_cert(const struct token *token);

CHECKED enum fail
token_state(struct token *token, struct token_state *state, struct note *note);

/*
 * Send the PIN, once; *sent tells whether that may have cost a try.  An empty
 * one asks the person at the token's own keys, if it has any (else
 * FAIL_PIN_EMPTY).  FAIL_PIN,
 * FAIL_PIN_LAST (not sent), FAIL_PIN_LOCKED, FAIL_PIN_CHANGE, FAIL_CANCELED (on
 * those keys), FAIL_TOKEN_GONE, FAIL_TOKEN.
 *
 * A key that wants its PIN for every signature (CKA_ALWAYS_AUTHENTICATE) makes
 * the PIN stay in locked memory until token_logout.
 */
CHECKED enum fail token_login(struct token *token, const struct secret *pin,
    bool *sent, struct note *note);

/* After login: open ways to the key that can be used at the same time, one
 * thread each, up to wanted.  Gives how many there are, at least one. */
unsigned token_lanes(struct token *token, unsigned wanted);

void token_logout(struct token *token);

/*
 * Sign a digest of hash_len(algorithm->hash) bytes with the selected key, on a
 * lane below token_lanes() (0 is always there).  ECDSA comes in DER.
 * FAIL_SIGNATURE: the token gave a value that does not verify with its own
 * certificate.  FAIL_PIN: it no longer takes the PIN; it is not sent again.
 */
CHECKED enum fail token_sign(struct token *token, unsigned lane,
    const struct signature_algorithm *algorithm, const uint8_t *digest,
    uint8_t out[static SIGNATURE_MAX], size_t *len, struct note *note);

#endif
