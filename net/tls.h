/*
 * TLS 1.3 and 1.2 (RFC 8446, RFC 5246) over a stream, server side: ECDHE with
 * AES-GCM or ChaCha20-Poly1305, one certificate.
 */
#ifndef NET_TLS_H
#define NET_TLS_H

#include "net/stream.h"

struct tls_server; /* certificate, key, session tickets */
struct tls;        /* one connection */

enum tls_result { TLS_DONE, TLS_WANT, TLS_CLOSED, TLS_FAILED };

/* chain and key are PEM with a terminating zero counted in their length. */
CHECKED enum fail tls_server_new(
    struct bytes chain, struct bytes key, struct tls_server **server);
void tls_server_free(struct tls_server *server);

/* The stream stays the caller's and outlives the tls. */
CHECKED enum fail
tls_new(struct tls_server *server, struct stream *stream, struct tls **tls);
void tls_free(struct tls *tls);

enum tls_result tls_handshake(struct tls *tls);

/* *len: room before, bytes read after. */
enum tls_result tls_read(struct tls *tls, uint8_t *out, size_t *len);

/* *taken of data were encrypted and queued; call again with the rest. */
enum tls_result tls_write(struct tls *tls, struct bytes data, size_t *taken);

/* Say goodbye; the stream is then closed by the caller. */
void tls_goodbye(struct tls *tls);

#endif
