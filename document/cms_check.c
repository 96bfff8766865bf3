#include "document/cms_check.h"

#include <stdlib.h>

#include "base/effort.h"
#include "base/text.h"
#include "crypto/der_read.h"
#include "crypto/name.h"
#include "crypto/signing_cert.h"

/* What was strong enough until when, UTC seconds. */
#define SHA1_UNTIL INT64_C(1546300800) /* 2019-01-01 */

#define SIGNERS_TRIED 8u       /* certificates of one name and number */
#define CLOCK_SLACK 60         /* seconds between two clocks */
#define HANOI_AHEAD (7 * 3600) /* of UTC */
#define STAMP_AHEAD 86400      /* seconds, of an authority's clock */

/* ---- the CMS ---- */

static bool
all_zero(struct bytes in)
{
	for (size_t i = 0; i < in.len; i++)
		if (in.data[i])
			return false;
	return true;
}

static void
note_padding(struct cms_check *c, struct bytes rest)
{
	if (!all_zero(rest))
		c->findings->warnings |= WARN_PADDING;
}

/*
 * The CMS without what fills its reserved place.  That should be zeros; writers
 * left other things there, which nobody signed and nobody reads: a word is said
 * about it.  Older ones left BER: it is brought into definite form first, once.
 */
static enum fail
trim_cms(struct cms_check *c, struct bytes contents, struct bytes *der)
{
	struct der d = der_open(contents);
	struct der_item item;
	size_t used;
	enum fail f;

	if (!der_any(&d, &item)) {
		*der = item.whole;
		note_padding(c, d.rest);
		return FAIL_NONE;
	}
	/* Its certificates may be needed for older signatures too. */
	buf_init(c->der, CMS_CHECK_MAX);
	f = der_from_ber(contents, c->der, &used);
	if (!f)
		note_padding(c, bytes_part(contents, used, SIZE_MAX));
	*der = buf_view(c->der);
	return f;
}

static enum fail
get_der(struct cms_check *c, struct bytes contents, struct bytes *der)
{
	struct note *note = &c->findings->note;
	enum fail f;

	if (contents.len > CMS_FILE_MAX)
		return note_set(
		    note, FAIL_LIMIT, "CMS of %zu bytes", contents.len);
	f = trim_cms(c, contents, der);
	return f ? note_set(note, f, "X.690 8.1: not BER") : FAIL_NONE;
}

/* Some writers put BER into DER: a token as it came.  False: it is none, or has
 * been brought into DER already. */
static bool
in_der(struct cms_check *c, struct bytes ber, struct bytes *der)
{
	size_t used;

	if (c->der->len)
		return false;
	buf_init(c->der, CMS_CHECK_MAX);
	if (der_from_ber(ber, c->der, &used) || used != ber.len)
		return false;
	*der = buf_view(c->der);
	return true;
}

static void
describe_signer(struct cms_check *c)
{
	struct findings *r = c->findings;

	r->has_signer = true;
	name_keep(c->signer->subject, r->signer, sizeof(r->signer));
	cert_hash(c->signer, r->signer_hash);
	r->key_bits = c->signer->key.bits;
	r->hash = c->cms.signer.digest;
	if (!c->policy->verdicts_only)
		r->pki = pki_class_of(c->signer,
		    (struct cert_set){ c->trust->certs, c->trust->cert_count });
}

static enum fail
read_signer(struct cms_check *c, struct bytes contents, size_t n)
{
	struct note *note = &c->findings->note;
	struct bytes der;
	enum fail f = get_der(c, contents, &der);

	if (!f)
		f = cms_read_nth(der, n, &c->cms, note);
	if (f == FAIL_FORMAT && in_der(c, der, &der))
		f = cms_read_nth(der, n, &c->cms, note);
	if (f)
		return f;
	trust_add_cms(c->trust, &c->cms, c->proven);
	c->signer = cms_find_signer(
	    &c->cms.signer, c->trust->certs, c->trust->cert_count);
	if (!c->signer)
		return note_set(note, FAIL_MISSING,
		    "EN 319 142-1 6.2: no signer certificate in the CMS");
	return FAIL_NONE;
}

enum fail
cms_check_read(struct cms_check *c, struct bytes contents, size_t n)
{
	enum fail f = read_signer(c, contents, n);

	c->findings->cms = f;
	if (!f)
		describe_signer(c);
	return f;
}

/* ---- how strong it is ---- */

/* What could be forged by the instant at which it is known to have been there
 * (EN 319 102-1 5.2.8). */
static bool
is_weak(const struct public_key *key, enum hash_kind hash, int64_t instant)
{
	return (hash == HASH_SHA1 && instant >= SHA1_UNTIL) ||
	    signing_key_is_weak(key, instant);
}

/* CAs with short keys, or certificates that were made with SHA-1 when nobody
 * should any more.  The root is trusted for being pinned. */
static bool
is_weak_path(const struct chain *path, int64_t instant)
{
	for (size_t i = 0; i + 1 < path->count; i++) {
		const struct cert *c = path->certs[i];

		if ((i && is_weak(&c->key, HASH_NONE, instant)) ||
		    (c->algorithm.hash == HASH_SHA1 &&
			c->not_before >= SHA1_UNTIL))
			return true;
	}
	return false;
}

/*
 * Digest and key were good until some day; after it a signature that is not
 * known to be older could be a forgery (EN 319 102-1 5.2.8).  Whose chain is
 * taken as trusted is taken as strong, too.
 */
static void
check_strength(struct cms_check *c)
{
	struct findings *r = c->findings;

	if (r->hash == HASH_SHA1)
		r->warnings |= WARN_SHA1;
	if (signing_key_is_weak(&c->signer->key, INT64_MAX))
		r->warnings |= WARN_SHORT_KEY;
	if (c->policy->assume_trusted)
		return;
	if (is_weak(&c->signer->key, r->hash, r->best_time))
		r->strength = note_set(&r->note, FAIL_UNSUPPORTED,
		    "EN 319 102-1 5.2.8: digest or key too weak");
}

void
cms_check_value(struct cms_check *c, const uint8_t digest[static HASH_MAX])
{
	struct findings *r = c->findings;
	const struct cert *end = c->trust->certs + c->trust->cert_count;
	const struct cert *first = c->signer;
	struct note note;
	enum fail f = cms_verify(&c->cms, c->signer, digest, &r->note);

	/* Anybody can put a certificate of that name and number there. */
	for (unsigned n = 1;
	     f == FAIL_SIGNATURE && c->signer + 1 < end && n < SIGNERS_TRIED;
	     n++) {
		c->signer = cms_find_signer(&c->cms.signer, c->signer + 1,
		    (size_t)(end - c->signer - 1));
		if (!c->signer)
			break;
		f = cms_verify(&c->cms, c->signer, digest, &note);
	}
	if (f)
		c->signer = first;
	else if (c->signer != first)
		describe_signer(c);
	r->digest = f == FAIL_DIGEST ? f : FAIL_NONE;
	r->value = f == FAIL_DIGEST ? FAIL_NONE : f;
}

/*
 * A CA above was revoked later: what it made is taken only when it was there
 * before, or whoever has the CA's key made it.  A signature that names its
 * certificate says so, for it was there by the instant; of certificates between
 * nobody says it.
 */
static bool
is_before_control(const struct cms_signer *s, const struct trust_answer *a)
{
	return !a->control ||
	    (s->cert_hash_kind != HASH_NONE && !a->control_far);
}

static void
check_control(struct cms_check *c, const struct trust_answer *a)
{
	struct findings *r = c->findings;

	if (!r->revocation && !is_before_control(&c->cms.signer, a))
		r->revocation = note_set(&r->note, FAIL_MISSING,
		    "EN 319 102-1 5.6.2: nothing says that the certificate "
		    "was there before its CA was revoked");
}

static bool
is_for_documents(const struct cms_check *c, const struct chain *path)
{
	for (size_t i = 1; i + 1 < path->count; i++)
		if (!signing_ca_is_for_documents(path->certs[i]))
			return false;
	return signing_cert_is_for_documents(c->signer);
}

/*
 * The path at an instant: of the best signature time, the earliest at which the
 * signature is known to have been there (EN 319 102-1 5.6).
 */
static void
check_chain(struct cms_check *c, int64_t instant)
{
	struct findings *r = c->findings;
	struct trust_answer a;

	if (c->policy->assume_trusted) {
		r->chain = r->revocation = FAIL_NONE;
		r->assumed = true;
		return;
	}
	trust_judge_signer(c->trust, c->signer, instant, &a);
	r->chain = a.chain;
	r->revocation = a.revocation;
	r->unasked = c->policy->trust.no_revocation && !a.chain;
	r->revoked = a.revoked;
	r->by_answer = a.by_answer;
	r->data_time = a.this_update == INT64_MAX ? 0 : a.this_update;
	for (size_t i = 0; i + 1 < a.path.count; i++)
		if (a.path.certs[i]->algorithm.hash == HASH_SHA1)
			r->warnings |= WARN_SHA1_CHAIN;
	if (a.note.fail)
		r->note = a.note;
	check_control(c, &a);
	if (!r->chain && !r->is_timestamp && !is_for_documents(c, &a.path))
		r->chain = note_set(&r->note, FAIL_CHAIN,
		    "RFC 5280 4.2.1.3: not a certificate for documents");
	if (!r->chain && is_weak_path(&a.path, instant))
		r->strength = note_set(&r->note, FAIL_UNSUPPORTED,
		    "EN 319 102-1 5.2.8: a key or digest on the path is too "
		    "weak");
}

/* ---- time-stamps ---- */

/* Clocks of authorities have been hours fast. */
static bool
is_of_the_future(const struct cms_check *c, const struct timestamp *t)
{
	return t->time > c->policy->trust.now + STAMP_AHEAD;
}

static void
describe_timestamp(struct cms_check *c, const struct timestamp *t,
    const struct cert *authority, enum fail state)
{
	struct stamp_finding *s = &c->findings->timestamp;

	s->present = true;
	s->state = state;
	s->time = t->time;
	s->authority[0] = '\0';
	if (authority)
		name_keep(
		    authority->subject, s->authority, sizeof(s->authority));
}

enum fail
cms_check_authority(struct cms_check *c, const struct timestamp *t,
    const struct cert *authority, int64_t instant)
{
	struct trust_answer a;

	if (c->policy->assume_trusted)
		return FAIL_NONE;
	if (is_of_the_future(c, t))
		return FAIL_CLOCK;
	if (t->time < authority->not_before || t->time > authority->not_after)
		return FAIL_EXPIRED;
	trust_judge(c->trust, authority, instant, &a);
	if (a.chain || a.revocation)
		return a.chain ? a.chain : a.revocation;
	if (!is_before_control(&t->cms.signer, &a))
		return FAIL_MISSING;
	return is_weak(&authority->key, t->cms.signer.digest, instant) ||
		is_weak_path(&a.path, instant) ?
	    FAIL_UNSUPPORTED :
	    FAIL_NONE;
}

/* One token in the signature stamps the signature's value (RFC 3161 A). */
static enum fail
check_one_stamp(struct cms_check *c, size_t n, struct timestamp *t,
    const struct cert **authority)
{
	const struct trust *all = c->trust;
	int64_t instant = c->stamp_proven[n] ? c->stamp_proven[n] : c->proven;
	uint8_t digest[HASH_MAX];
	enum fail f = timestamp_read(c->cms.signer.time_stamps[n], t, NULL);

	*authority = NULL;
	if (f)
		return f;
	trust_add_cms(c->trust, &t->cms, instant);
	hash_bytes(t->hash, c->cms.signer.signature, digest);
	f = timestamp_verify(
	    t, digest, all->certs, all->cert_count, authority, NULL);
	/* It says that somebody else made it. */
	if (f == FAIL_MISSING &&
	    cms_signer_differs(&t->cms.signer, all->certs, all->cert_count))
		f = FAIL_SIGNATURE;
	return f ? f : cms_check_authority(c, t, *authority, instant);
}

/* Of those that hold the earliest (EN 319 102-1 5.5): in what order they stand
 * is chance.  If none does, the first.  The signature stands by itself. */
static void
check_signature_timestamps(struct cms_check *c)
{
	struct timestamp *t = calloc(1, sizeof(*t));
	struct stamp_finding *told = &c->findings->timestamp;
	const struct cert *authority;

	told->state = t ? FAIL_LIMIT : FAIL_MEMORY;
	told->present = true;
	for (size_t n = 0;
	     t && !effort_is_spent() && n < c->cms.signer.stamp_count; n++) {
		enum fail f = check_one_stamp(c, n, t, &authority);

		if (t->hash == HASH_SHA1)
			c->findings->warnings |= WARN_SHA1_STAMP;
		if (!n || (!f && (told->state || t->time < told->time)))
			describe_timestamp(c, t, authority, f);
	}
	free(t);
}

static void
take_proof(struct cms_check *c)
{
	if (c->proven < c->policy->trust.now)
		c->findings->proven = c->proven;
}

/* The earliest instant at which the signature is known to have been there. */
static int64_t
best_time(const struct cms_check *c)
{
	const struct stamp_finding *t = &c->findings->timestamp;

	return t->present && !t->state && t->time < c->proven ? t->time :
								c->proven;
}

static bool
is_near(int64_t a, int64_t b)
{
	return a - b <= CLOCK_SLACK && b - a <= CLOCK_SLACK;
}

/*
 * The signer's own words about the time, on which nothing depends: signingTime
 * if it agrees with /M.  VGCA's tool writes the time of Hanoi there and calls
 * it UTC.
 */
static void
take_claim(struct cms_check *c)
{
	const struct cms_signer *s = &c->cms.signer;
	struct findings *r = c->findings;
	int64_t signed_at = s->signing_time;

	if (!s->has_signing_time)
		return;
	if (r->has_time && is_near(signed_at - HANOI_AHEAD, r->time)) {
		r->warnings |= WARN_LOCAL_AS_UTC;
		signed_at -= HANOI_AHEAD;
	} else if (r->has_time && !is_near(signed_at, r->time)) {
		r->warnings |= WARN_CLAIMS_DIFFER;
		return;
	}
	r->has_time = true;
	r->time = signed_at;
}

static void
check_claims(struct cms_check *c)
{
	struct findings *r = c->findings;

	take_claim(c);
	if (c->cms.signer.cert_hash_kind == HASH_NONE)
		r->warnings |= WARN_NO_CERT_REFERENCE;
	if (r->has_time && r->timestamp.time &&
	    !is_near(r->timestamp.time, r->time))
		r->warnings |= WARN_CLOCK;
}

void
cms_check_trust(struct cms_check *c)
{
	struct findings *r = c->findings;

	if (c->cms.signer.stamp_count)
		check_signature_timestamps(c);
	take_proof(c);
	r->best_time = best_time(c);
	check_claims(c);
	check_chain(c, r->best_time);
	check_strength(c);
}

/* ---- a time-stamp by itself ---- */

enum fail
cms_check_read_token(
    struct cms_check *c, struct bytes contents, struct timestamp *token)
{
	struct findings *r = c->findings;
	struct bytes der;
	enum fail f = get_der(c, contents, &der);

	r->is_timestamp = true;
	if (!f)
		f = timestamp_read(der, token, &r->note);
	r->cms = f;
	if (f)
		return f;
	c->cms = token->cms;
	trust_add_cms(c->trust, &c->cms, c->proven);
	return FAIL_NONE;
}

void
cms_check_token(struct cms_check *c, const struct timestamp *token,
    const uint8_t digest[static HASH_MAX])
{
	struct findings *r = c->findings;
	enum fail f = timestamp_verify(token, digest, c->trust->certs,
	    c->trust->cert_count, &c->signer, &r->note);

	if (c->signer)
		describe_signer(c);
	if (f == FAIL_MISSING)
		r->cms = f;
	else if (f == FAIL_DIGEST)
		r->digest = f;
	else
		r->value = f;
	if (!f && c->signer) {
		take_proof(c);
		r->best_time = c->proven;
		check_chain(c, c->proven);
		check_strength(c);
		if (!r->chain && !r->assumed &&
		    (token->time < c->signer->not_before ||
			token->time > c->signer->not_after))
			r->chain = note_set(&r->note, FAIL_EXPIRED,
			    "RFC 3161 2.4.2: of another time than the "
			    "authority's certificate");
		if (!r->chain && !r->assumed && is_of_the_future(c, token))
			r->chain = note_set(&r->note, FAIL_CLOCK,
			    "RFC 3161 2.4.2: of a time to come");
	}
	if (token->hash == HASH_SHA1)
		r->warnings |= WARN_SHA1_STAMP;
	describe_timestamp(c, token, c->signer,
	    f            ? f :
		r->chain ? r->chain :
			   r->revocation);
}
