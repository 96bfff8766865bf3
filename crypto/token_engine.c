/*
 * The few questions pkcs11-helper asks about certificates, answered with our
 * own reader instead of OpenSSL.  Debian's archive of the library names its
 * engine after OpenSSL; defining these symbols here keeps libcrypto out.
 */
#include <pkcs11-helper-1.0/pkcs11h-core.h>
#include <pkcs11-helper-1.0/pkcs11h-engines.h>
#include <stdio.h>
#include <time.h>

#include "crypto/cert.h"
#include "crypto/name.h"

static int
nothing(void *const global)
{
	(void)global;
	return TRUE;
}

static int
expiration(void *const global, const unsigned char *const blob,
    const size_t len, time_t *const when)
{
	struct cert cert;

	(void)global;
	if (cert_read((struct bytes){ blob, len }, &cert, NULL))
		return FALSE;
	*when = (time_t)cert.not_after;
	return TRUE;
}

static int
name(void *const global, const unsigned char *const blob, const size_t len,
    char *const text, const size_t room)
{
	struct cert cert;
	struct buf out;
	int done = FALSE;

	(void)global;
	if (cert_read((struct bytes){ blob, len }, &cert, NULL))
		return FALSE;
	buf_init(&out, CERT_SIZE_MAX);
	if (!name_text(cert.subject, &out) && room) {
		snprintf(text, room, "%.*s", (int)out.len,
		    out.len ? (const char *)out.data : "");
		done = TRUE;
	}
	buf_free(&out);
	return done;
}

static int
is_issuer(void *const global, const unsigned char *const issuer,
    const size_t issuer_len, const unsigned char *const blob, const size_t len)
{
	struct cert above, below;

	(void)global;
	if (cert_read((struct bytes){ issuer, issuer_len }, &above, NULL) ||
	    cert_read((struct bytes){ blob, len }, &below, NULL))
		return FALSE;
	return above.is_ca && bytes_equal(above.subject, below.issuer) &&
	    !cert_verify(&below, &above.key);
}

extern const pkcs11h_engine_crypto_t _g_pkcs11h_crypto_engine_openssl;
PKCS11H_BOOL _pkcs11h_openssl_initialize(void);
PKCS11H_BOOL _pkcs11h_openssl_terminate(void);

const pkcs11h_engine_crypto_t _g_pkcs11h_crypto_engine_openssl = {
	.global_data = NULL,
	.initialize = nothing,
	.uninitialize = nothing,
	.certificate_get_expiration = expiration,
	.certificate_get_dn = name,
	.certificate_is_issuer = is_issuer,
};

PKCS11H_BOOL
_pkcs11h_openssl_initialize(void)
{
	return TRUE;
}

PKCS11H_BOOL
_pkcs11h_openssl_terminate(void)
{
	return TRUE;
}
