/*
 * TCP connections of lwIP as plain byte streams without blocking.
 *
 * A stream tells its owner that something happened (bytes came, room to send,
 * the other side is gone) by one call-back; the owner then reads and writes.
 * The call-back runs inside lwIP: it may read, write and close its own stream.
 */
#ifndef NET_STREAM_H
#define NET_STREAM_H

#include "base/bytes.h"
#include "base/fail.h"

struct stream;

typedef void stream_event(void *context);

/* A new connection: return false to refuse it.  The owner sets itself with
 * stream_own before it returns. */
typedef bool stream_accept(void *context, struct stream *stream);

CHECKED enum fail
stream_listen(uint16_t port, stream_accept *accept, void *context);

void stream_own(struct stream *stream, stream_event *event, void *context);

/*
 * Open a connection to a name or dotted address.  It may be written to at once:
 * what is written leaves when the other side has answered.  A name that is not
 * found and a connection that is refused show as a broken stream.
 */
CHECKED enum fail stream_connect(const char *host, uint16_t port,
    stream_event *event, void *context, struct stream **stream);

/* Bytes read into out (0: none now).  *ended: the other side has finished and
 * everything was read, or the connection broke. */
size_t
stream_read(struct stream *stream, uint8_t *out, size_t room, bool *ended);

/* Bytes taken for sending (0: no room now); copied. */
size_t stream_write(struct stream *stream, struct bytes data);

/* Push what was written to the wire now. */
void stream_flush(struct stream *stream);

/* Is everything written also acknowledged? */
bool stream_sent(const struct stream *stream);

/* The connection broke: nothing can be sent any more. */
bool stream_broken(const struct stream *stream);

/* Throw away what has come; true when the other side will send no more. */
bool stream_drain(struct stream *stream);

/* Nothing more is written: the other side is told behind the last byte, and may
 * still send. */
void stream_finish(struct stream *stream);

/* End: what was written is still delivered, for ten seconds.  The stream is
 * gone for its owner.  NULL does nothing. */
void stream_close(struct stream *stream);

/* Dotted address of the other side. */
#define STREAM_PEER_MAX 48
void stream_peer(const struct stream *stream, char out[STREAM_PEER_MAX]);

#endif
