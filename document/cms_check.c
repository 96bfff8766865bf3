#include "document/cms_check.h"

#include <stdlib.h>

#include "base/text.h"
#include "crypto/der_read.h"
#include "crypto/name.h"

/* What was strong enough until when, UTC seconds. */
#define SHA1_UNTIL INT64_C(1546300800)  /* 2019-01-01 */
#define SHORT_KEY 2048u                 /* bits of RSA */
#define SHORT_UNTIL INT64_C(1388534400) /* 2014-01-01 */

#define CLOCK_SLACK 60         /* seconds between two clocks */
#define HANOI_AHEAD (7 * 3600) /* of UTC */

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

	if (contents.len > CMS_CHECK_MAX)
		return note_set(
		    note, FAIL_LIMIT, "CMS of %zu bytes", contents.len);
	f = trim_cms(c, contents, der);
	return f ? note_set(note, f, "X.690 8.1: not BER") : FAIL_NONE;
}

static void
describe_signer(struct cms_check *c)
{
	struct findings *r = c->findings;
	struct bytes name = name_common(c->signer->subject);

	r->has_signer = true;
	text_keep(r->signer, sizeof(r->signer), name);
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
	if (f)
		return f;
	trust_add_cms(c->trust, &c->cms);
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

static bool
is_rsa(const struct public_key *key)
{
	return key->kind == KEY_RSA || key->kind == KEY_RSA_PSS;
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
	if (is_rsa(&c->signer->key) && r->key_bits < SHORT_KEY)
		r->warnings |= WARN_SHORT_KEY;
	if (c->policy->assume_trusted)
		return;
	if ((r->warnings & WARN_SHA1 && r->best_time >= SHA1_UNTIL) ||
	    (r->warnings & WARN_SHORT_KEY && r->best_time >= SHORT_UNTIL))
		r->strength = note_set(&r->note, FAIL_UNSUPPORTED,
		    "EN 319 102-1 5.2.8: digest or key too weak");
}

void
cms_check_value(struct cms_check *c, const uint8_t digest[static HASH_MAX])
{
	struct findings *r = c->findings;
	enum fail f = cms_verify(&c->cms, c->signer, digest, &r->note);

	r->digest = f == FAIL_DIGEST ? f : FAIL_NONE;
	r->value = f == FAIL_DIGEST ? FAIL_NONE : f;
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
}

/* ---- time-stamps ---- */

static void
describe_timestamp(struct cms_check *c, const struct timestamp *t,
    const struct cert *authority, enum fail state)
{
	struct stamp_finding *s = &c->findings->timestamp;
	struct bytes name = authority ? name_common(authority->subject) :
					(struct bytes){ NULL, 0 };

	s->present = true;
	s->state = state;
	s->time = t->time;
	text_keep(s->authority, sizeof(s->authority), name);
}

enum fail
cms_check_authority(
    struct cms_check *c, const struct cert *authority, int64_t instant)
{
	struct trust_answer a;

	if (c->policy->assume_trusted)
		return FAIL_NONE;
	trust_judge(c->trust, authority, instant, &a);
	return a.chain ? a.chain : a.revocation;
}

/* The token in the signature stamps the signature's value (RFC 3161 A).  It
 * proves the time or does not; the signature stands by itself. */
static void
check_signature_timestamp(struct cms_check *c)
{
	const struct trust *all = c->trust;
	struct bytes token = c->cms.signer.time_stamp;
	struct timestamp *t = calloc(1, sizeof(*t));
	const struct cert *authority = NULL;
	uint8_t digest[HASH_MAX];
	enum fail f;

	c->findings->timestamp.state = FAIL_MEMORY;
	c->findings->timestamp.present = true;
	if (!t)
		return;
	f = timestamp_read(token, t, NULL);
	if (!f) {
		trust_add_cms(c->trust, &t->cms);
		hash_bytes(t->hash, c->cms.signer.signature, digest);
		f = timestamp_verify(
		    t, digest, all->certs, all->cert_count, &authority, NULL);
		/* It says that somebody else made it. */
		if (f == FAIL_MISSING &&
		    cms_signer_differs(
			&t->cms.signer, all->certs, all->cert_count))
			f = FAIL_SIGNATURE;
	}
	if (!f)
		f = cms_check_authority(c, authority, c->proven);
	if (t->hash == HASH_SHA1)
		c->findings->warnings |= WARN_SHA1_STAMP;
	describe_timestamp(c, t, authority, f);
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

	if (c->cms.signer.time_stamp.len)
		check_signature_timestamp(c);
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
	trust_add_cms(c->trust, &c->cms);
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
	}
	if (token->hash == HASH_SHA1)
		r->warnings |= WARN_SHA1_STAMP;
	describe_timestamp(c, token, c->signer,
	    f            ? f :
		r->chain ? r->chain :
			   r->revocation);
}
