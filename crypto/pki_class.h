/*
 * Whose certificate is it?  Vietnam has two trees for the state's own use, of
 * its agencies and of the Party, and public CAs below the national root.
 */
#ifndef CRYPTO_PKI_CLASS_H
#define CRYPTO_PKI_CLASS_H

#include "crypto/chain.h"

enum pki_class {
	PKI_OTHER,  /* of none of these, or it is not known of which */
	PKI_STATE,  /* VGCA, agencies of the state */
	PKI_PARTY,  /* VGCA, agencies of the Party */
	PKI_PUBLIC, /* a public CA */
};

/*
 * By the CA above it that this program knows, over any certificate of pool;
 * signatures count, names do not.  It says nothing about whether the
 * certificate is valid, let alone trusted.
 */
enum pki_class pki_class_of(const struct cert *cert, struct cert_set pool);

/* "state", "party", "public", "other"; and in Vietnamese. */
const char *pki_class_name(enum pki_class pki);
const char *pki_class_vietnamese(enum pki_class pki);

#endif
