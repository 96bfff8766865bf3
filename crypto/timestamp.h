/*
 * Time-stamps (RFC 3161): asking an authority for one, reading what it gives,
 * checking a token.
 *
 * Views point into the token's bytes, which stay the caller's.  Whether the
 * authority's certificate leads to a pinned root is asked of crypto/chain.h.
 */
#ifndef CRYPTO_TIMESTAMP_H
#define CRYPTO_TIMESTAMP_H

#include "crypto/cms.h"

#define TIMESTAMP_NONCE 8u               /* bytes */
#define TIMESTAMP_ANSWER_MAX (64u << 10) /* bytes of an authority's answer */

struct timestamp {
	struct cms cms;
	struct bytes policy;  /* OID content */
	enum hash_kind hash;  /* of the imprint */
	struct bytes imprint; /* hash_len(hash) bytes */
	struct bytes serial;  /* INTEGER content */
	int64_t time;         /* genTime, UTC seconds */
	struct bytes nonce;   /* INTEGER content; empty: none */
};

/* Read a token: a ContentInfo holding SignedData over a TSTInfo. */
CHECKED enum fail
timestamp_read(struct bytes token, struct timestamp *stamp, struct note *note);

/*
 * Does the token stamp this digest (hash_len(stamp->hash) bytes), signed by one
 * of certs?  *authority is that one.  FAIL_MISSING: it is not among them;
 * FAIL_DIGEST: another thing was stamped; FAIL_SIGNATURE; FAIL_FORMAT: the
 * certificate is none for time-stamps alone (RFC 3161 2.3).
 */
CHECKED enum fail timestamp_verify(const struct timestamp *stamp,
    const uint8_t *digest, const struct cert *certs, size_t count,
    const struct cert **authority, struct note *note);

/* What is asked. */
struct timestamp_query {
	enum hash_kind hash;
	uint8_t digest[HASH_MAX];
	uint8_t nonce[TIMESTAMP_NONCE]; /* random; says the answer is to this */
	struct bytes policy; /* OID content under which it must be; empty: any
			      */
};

/* A TimeStampReq that also asks for the authority's certificate. */
CHECKED enum fail
timestamp_query_write(const struct timestamp_query *query, struct buf *out);

/*
 * Take the token out of a TimeStampResp and hold it against the query: granted,
 * same digest, same nonce.  FAIL_PEER: the authority refused, the note says
 * why, or its policy is another; FAIL_DIGEST: the token answers another query.
 */
CHECKED enum fail
timestamp_answer_read(struct bytes answer, const struct timestamp_query *query,
    struct bytes *token, struct note *note);

/* Seconds a token may differ from our own clock when it comes in. */
#define TIMESTAMP_CLOCK_MAX 60

/*
 * The same, and the token must be sound by itself: signed by a certificate that
 * it brings, which is for time-stamps and valid, and close to our clock.
 * FAIL_CLOCK: it is off; another machine of the authority may do better.
 */
CHECKED enum fail
timestamp_answer_check(struct bytes answer, const struct timestamp_query *query,
    int64_t now, struct bytes *token, struct note *note);

#endif
