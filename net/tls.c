#include "net/tls.h"

#include <stdlib.h>

#include <mbedtls/ssl.h>
#include <mbedtls/ssl_ticket.h>
#include <mbedtls/x509_crt.h>
#include <psa/crypto.h>
#include <sodium.h>

#define TICKET_SECONDS 3600

struct tls_server {
	mbedtls_ssl_config config;
	mbedtls_x509_crt chain;
	mbedtls_pk_context key;
	mbedtls_ssl_ticket_context tickets;
};

struct tls {
	mbedtls_ssl_context ssl;
	struct stream *stream;
};

static int
random_for(void *context, unsigned char *out, size_t len)
{
	(void)context;
	randombytes_buf(out, len);
	return 0;
}

static int
setup(struct tls_server *s, struct bytes chain, struct bytes key)
{
	int rc = mbedtls_x509_crt_parse(&s->chain, chain.data, chain.len);

	if (!rc)
		rc = mbedtls_pk_parse_key(
		    &s->key, key.data, key.len, NULL, 0, random_for, NULL);
	if (!rc)
		rc = mbedtls_ssl_config_defaults(&s->config,
		    MBEDTLS_SSL_IS_SERVER, MBEDTLS_SSL_TRANSPORT_STREAM,
		    MBEDTLS_SSL_PRESET_DEFAULT);
	if (rc)
		return rc;
	mbedtls_ssl_conf_rng(&s->config, random_for, NULL);
	mbedtls_ssl_conf_min_tls_version(
	    &s->config, MBEDTLS_SSL_VERSION_TLS1_2);
	rc = mbedtls_ssl_conf_own_cert(&s->config, &s->chain, &s->key);
	if (!rc)
		rc = mbedtls_ssl_ticket_setup(&s->tickets, random_for, NULL,
		    MBEDTLS_CIPHER_AES_256_GCM, TICKET_SECONDS);
	if (!rc)
		mbedtls_ssl_conf_session_tickets_cb(&s->config,
		    mbedtls_ssl_ticket_write, mbedtls_ssl_ticket_parse,
		    &s->tickets);
	return rc;
}

enum fail
tls_server_new(struct bytes chain, struct bytes key, struct tls_server **server)
{
	struct tls_server *s = calloc(1, sizeof(*s));

	if (!s)
		return FAIL_MEMORY;
	mbedtls_ssl_config_init(&s->config);
	mbedtls_x509_crt_init(&s->chain);
	mbedtls_pk_init(&s->key);
	mbedtls_ssl_ticket_init(&s->tickets);
	if (psa_crypto_init() != PSA_SUCCESS || setup(s, chain, key)) {
		tls_server_free(s);
		return FAIL_FORMAT;
	}
	*server = s;
	return FAIL_NONE;
}

void
tls_server_free(struct tls_server *s)
{
	if (!s)
		return;
	mbedtls_ssl_ticket_free(&s->tickets);
	mbedtls_pk_free(&s->key);
	mbedtls_x509_crt_free(&s->chain);
	mbedtls_ssl_config_free(&s->config);
	free(s);
}

static int
bio_send(void *context, const unsigned char *data, size_t len)
{
	struct tls *t = context;
	size_t n = stream_write(t->stream, (struct bytes){ data, len });

	if (n)
		return (int)n;
	return stream_broken(t->stream) ? MBEDTLS_ERR_SSL_CONN_EOF :
					  MBEDTLS_ERR_SSL_WANT_WRITE;
}

static int
bio_receive(void *context, unsigned char *out, size_t room)
{
	struct tls *t = context;
	bool ended;
	size_t n = stream_read(t->stream, out, room, &ended);

	if (n)
		return (int)n;
	return ended ? 0 : MBEDTLS_ERR_SSL_WANT_READ;
}

enum fail
tls_new(struct tls_server *server, struct stream *stream, struct tls **tls)
{
	struct tls *t = calloc(1, sizeof(*t));

	if (!t)
		return FAIL_MEMORY;
	t->stream = stream;
	mbedtls_ssl_init(&t->ssl);
	if (mbedtls_ssl_setup(&t->ssl, &server->config)) {
		tls_free(t);
		return FAIL_MEMORY;
	}
	mbedtls_ssl_set_bio(&t->ssl, t, bio_send, bio_receive, NULL);
	*tls = t;
	return FAIL_NONE;
}

void
tls_free(struct tls *t)
{
	if (!t)
		return;
	mbedtls_ssl_free(&t->ssl);
	free(t);
}

/* Mbed TLS's codes become ours here. */
static enum tls_result
result_of(int rc)
{
	switch (rc) {
	case MBEDTLS_ERR_SSL_WANT_READ:
	case MBEDTLS_ERR_SSL_WANT_WRITE:
	case MBEDTLS_ERR_SSL_ASYNC_IN_PROGRESS:
		return TLS_WANT;
	case 0:
	case MBEDTLS_ERR_SSL_CONN_EOF:
	case MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY:
		return TLS_CLOSED;
	default:
		return rc > 0 ? TLS_DONE : TLS_FAILED;
	}
}

enum tls_result
tls_handshake(struct tls *t)
{
	int rc = mbedtls_ssl_handshake(&t->ssl);

	stream_flush(t->stream);
	return rc ? result_of(rc) : TLS_DONE;
}

enum tls_result
tls_read(struct tls *t, uint8_t *out, size_t *len)
{
	int rc;

	do
		rc = mbedtls_ssl_read(&t->ssl, out, *len);
	while (rc == MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET);
	*len = rc > 0 ? (size_t)rc : 0;
	return result_of(rc);
}

enum tls_result
tls_write(struct tls *t, struct bytes data, size_t *taken)
{
	int rc;

	*taken = 0;
	while (data.len) {
		rc = mbedtls_ssl_write(&t->ssl, data.data, data.len);
		if (rc <= 0)
			return result_of(rc);
		*taken += (size_t)rc;
		data = bytes_part(data, (size_t)rc, SIZE_MAX);
	}
	return TLS_DONE;
}

void
tls_goodbye(struct tls *t)
{
	(void)mbedtls_ssl_close_notify(&t->ssl);
}
