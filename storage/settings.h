/* The agency's settings: short texts by name. */
#ifndef STORAGE_SETTINGS_H
#define STORAGE_SETTINGS_H

#include "base/arena.h"
#include "storage/store.h"

#define SETTING_VALUE_MAX (1u << 20) /* bytes; pictures are settings too */

/* Names in use; FORMATS.md tells what each holds. */
#define SETTING_AGENCY "agency.name"
#define SETTING_SYMBOL "agency.symbol"         /* "BQL" */
#define SETTING_PLACE "agency.place"           /* "Khánh Hòa" */
#define SETTING_CERT "agency.cert"             /* SHA-256, 32 bytes */
#define SETTING_ROOT "pki.root"                /* pinned root, DER */
#define SETTING_CHAIN "pki.chain"              /* issuing CA, DER */
#define SETTING_SEAL "picture.seal"            /* PNG */
#define SETTING_SIGNATURE "picture.signature." /* + user name; PNG */
#define SETTING_TSA "tsa"           /* authorities' URLs, separated by commas */
#define SETTING_TSA_SHA1 "tsa.sha1" /* "1": they stamp SHA-1 digests only */
#define SETTING_TSA_POLICY                                                   \
	"tsa.policy" /* under which they must, in dotted decimals; none: any \
		      */
#define SETTING_PIN_TRIES "pin.tries"  /* wrong PINs in a row that lock it */
#define SETTING_PIN_WRONG "pin.wrong." /* + certificate's hash; a byte */
#define SETTING_PLAIN_CMS "sign.plain" /* "1": adbe.pkcs7.detached */
#define SETTING_DIGEST "sign.digest"   /* "sha384": crypto/signing_cert.h */
#define SETTING_PSS "sign.pss"         /* "1": of RSA keys RSASSA-PSS */
#define SETTING_ISO_TIME "sign.iso"    /* "1": marks have ISO 8601 times */
#define SETTING_LANES "token.lanes"    /* signatures made at once, 1 to 16 */
#define SETTING_RENEW_DAYS \
	"renew.days" /* before a time-stamp's path ends: another one */
#define SETTING_RENEW_ALL                                                      \
	"renew.all" /* all that ends before an instant; when that was said … \
		     */
#define SETTING_RENEW_FROM "renew.from" /* … from this line on, 16 bytes */
#define SETTING_ARCHIVE_DAYS "archive.days" /* from one round to the next */
#define SETTING_ARCHIVE_LAST "archive.last" /* when one began, 8 bytes */
#define SETTING_ARCHIVE_NOW                                              \
	"archive.now" /* one is wanted; renews what ends before, 8 bytes \
		       */
#define SETTING_SPOT "spot."       /* + kind and person: firmware/flow/spot.h */
#define SETTING_CODE "agency.code" /* its identifier, as in G22.99.08 */
#define SETTING_CUSTODY "token.custody" /* storage/custody.h */
#define SETTING_EGRESS "egress" /* hosts to go out to: firmware/egress.h */
#define SETTING_STRICT                                         \
	"revocation.strict" /* "1": nothing is signed while    \
			       nobody tells whether the signer \
			       is revoked */

/* FAIL_MISSING; the view lives as long as the transaction. */
CHECKED enum fail
settings_get(struct txn *txn, const char *name, struct bytes *value);

/* The same, copied into arena. */
CHECKED enum fail settings_hold(struct txn *txn, struct arena *arena,
    const char *name, struct bytes *value);
CHECKED enum fail
settings_put(struct txn *txn, const char *name, struct bytes value);

/* A decimal number from least to most; usual when it is not there or is none.
 */
unsigned settings_number(struct txn *txn, const char *name, unsigned least,
    unsigned most, unsigned usual);

#endif
