/*
 * What is on all the tokens: the door to pkcs11-helper, which knows how they
 * come and go.  What is done with one of them is token_pkcs11.c's.
 */
#ifndef CRYPTO_TOKEN_FIND_H
#define CRYPTO_TOKEN_FIND_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/fail.h"

/* A certificate on a token; borrowed, for the time of the call. */
struct token_seen {
	const char *label, *serial; /* of the token */
	struct bytes der;
};

/* Give the module to the library; it may be initialised already. */
CHECKED enum fail token_find_start(const char *module, struct note *note);
void token_find_stop(void);

/* Call see for every certificate of every token now plugged in, until it
 * returns false. */
typedef bool token_see(void *context, const struct token_seen *seen);
CHECKED enum fail token_find(token_see *see, void *context, struct note *note);

/* PKCS #11's return values become ours and go no further. */
enum fail token_fail(unsigned long rv, struct note *note, const char *call);

#endif
