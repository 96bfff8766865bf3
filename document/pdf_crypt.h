/*
 * The standard security handler (ISO 32000-2 7.6.4): RC4 and AES, revisions 2
 * to 6, opened with the owner's, the user's or no password.
 *
 * An encrypted file is read as if it were plain: strings of each object are
 * decrypted as it is read, streams as they are decoded; what an update writes
 * is encrypted in the same way.  The signature's own /Contents is exempt
 * (7.6.2).
 */
#ifndef DOCUMENT_PDF_CRYPT_H
#define DOCUMENT_PDF_CRYPT_H

#include "document/pdf_value.h"

enum pdf_cipher {
	PDF_CIPHER_NONE,
	PDF_CIPHER_RC4,
	PDF_CIPHER_AES128,
	PDF_CIPHER_AES256
};

struct pdf_crypt {
	bool active;
	bool owner; /* opened with the owner's password: nothing is forbidden */
	uint32_t permissions; /* /P */
	unsigned revision;
	enum pdf_cipher strings, streams;
	bool clear_metadata; /* /EncryptMetadata false: it may stand in clear */
	uint8_t key[32];
	size_t key_len;
	uint32_t dictionary; /* object number of /Encrypt, never encrypted */
};

/*
 * Take the key from an encryption dictionary, the first file identifier and a
 * password.  FAIL_ENCRYPTED: the password does not open it; FAIL_UNSUPPORTED:
 * another handler or cipher.
 */
CHECKED enum fail pdf_crypt_open(struct pdf_crypt *crypt,
    const struct pdf_value *dict, struct bytes id, struct bytes password);

/* Do both read the same in the same bytes? */
bool pdf_crypt_same(const struct pdf_crypt *a, const struct pdf_crypt *b);

/* Does the file let whoever opened it sign: in an empty field that is there, or
 * in a new one? */
bool pdf_crypt_may_sign(const struct pdf_crypt *crypt, bool new_field);

/* Append in, decrypted or encrypted as data of object ref. */
CHECKED enum fail
pdf_crypt_data(const struct pdf_crypt *crypt, enum pdf_cipher cipher,
    bool encrypt, struct pdf_ref ref, struct bytes in, struct buf *out);

/*
 * Append the text of an object with every string in it decrypted or encrypted;
 * hexadecimal strings that follow the key /Contents in a signature dictionary
 * are copied when skip_contents is set.
 */
CHECKED enum fail pdf_crypt_text(const struct pdf_crypt *crypt, bool encrypt,
    struct pdf_ref ref, bool skip_contents, struct bytes text, struct buf *out);

/*
 * Is encrypted data, or every string in an object's text, padded as 7.6.3.1
 * says?  Of what is not some readers drop the last block, others keep it.
 */
bool pdf_crypt_is_padded(const struct pdf_crypt *crypt, enum pdf_cipher cipher,
    struct pdf_ref ref, struct bytes in);
bool pdf_crypt_are_padded(const struct pdf_crypt *crypt, struct pdf_ref ref,
    bool skip_contents, struct bytes text);

#endif
