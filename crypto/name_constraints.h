/*
 * Which names a CA may speak for (nameConstraints, RFC 5280 4.2.1.10): of a
 * directory, mail addresses, hosts, URIs and IP addresses.  Names of another
 * form are refused when a constraint of that form exists.
 */
#ifndef CRYPTO_NAME_CONSTRAINTS_H
#define CRYPTO_NAME_CONSTRAINTS_H

#include "crypto/cert.h"

#define CONSTRAINT_COMPARISONS_MAX 65536u

/*
 * May ca, somewhere above cert, have its names?  FAIL_CHAIN: one is excluded,
 * or none of the permitted ones of its form; FAIL_FORMAT; FAIL_LIMIT: more
 * comparisons than are made.
 */
CHECKED enum fail
names_within(const struct cert *ca, const struct cert *cert, struct note *note);

#endif
