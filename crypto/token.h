/*
 * A token or HSM behind a vendor's PKCS#11 module (OASIS PKCS #11 2.40).
 *
 * Keys are chosen by the SHA-256 of their certificate, never by slot or label.
 * A PIN is sent once per human entry: no retry by program, and not at all when
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

/* Load a module by the path of its shared object. */
CHECKED enum fail
token_open(const char *module, struct token **token, struct note *note);
void token_close(struct token *token);

/* All certificates on all tokens now plugged in; their bytes in arena. */
CHECKED enum fail token_list(struct token *token, struct arena *arena,
    struct token_cert certs[static TOKEN_CERTS_MAX], size_t *count,
    struct note *note);

/* Choose the certificate (and its key) to sign with.  FAIL_KEY: not on any
 * token; FAIL_TOKEN_GONE: no token at all. */
CHECKED enum fail token_select(struct token *token,
    const uint8_t cert_hash[static HASH_LEN], struct note *note);

/* PIN state of the selected token, as it says itself. */
CHECKED enum fail
token_pin_state(struct token *token, enum token_pin *state, struct note *note);

/* Send the PIN, once; *sent tells whether it was.  FAIL_PIN, FAIL_PIN_LAST (not
 * sent), FAIL_PIN_LOCKED, FAIL_TOKEN_GONE, FAIL_TOKEN. */
CHECKED enum fail token_login(struct token *token, const struct secret *pin,
    bool *sent, struct note *note);

void token_logout(struct token *token);

/*
 * Sign a digest of hash_len(algorithm->hash) bytes with the selected key.
 * ECDSA comes in DER.  FAIL_SIGNATURE: the token gave a value that does not
 * verify with its own certificate.
 */
CHECKED enum fail token_sign(struct token *token,
    const struct signature_algorithm *algorithm, const uint8_t *digest,
    uint8_t out[static SIGNATURE_MAX], size_t *len, struct note *note);

#endif
