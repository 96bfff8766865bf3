/*
 * Ciphers of the PDF standard security handler (ISO 32000-2 7.6).  MD5 and RC4
 * are here for old protected files only; nothing of ours is secured by them.
 */
#ifndef CRYPTO_CIPHER_H
#define CRYPTO_CIPHER_H

#include "base/buf.h"

#define CIPHER_MD5_LEN 16u
#define CIPHER_BLOCK 16u /* of AES */

void cipher_md5(struct bytes in, uint8_t out[static CIPHER_MD5_LEN]);

/* RC4 both ways; appends as many bytes as came in. */
void cipher_rc4(struct bytes key, struct bytes in, struct buf *out);

/*
 * AES-CBC with a 16 or 32 byte key; in is whole blocks, no padding is added or
 * taken off.  FAIL_FORMAT: not whole blocks.
 */
CHECKED enum fail cipher_aes_cbc(bool encrypt, struct bytes key,
    const uint8_t iv[static CIPHER_BLOCK], struct bytes in, struct buf *out);

#endif
