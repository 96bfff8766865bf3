#include "crypto/cert.h"

#include "base/effort.h"
#include "crypto/der_read.h"
#include "crypto/name.h"

/* What reading one takes (base/effort.h). */
#define READ_NS 1000u
#define READ_BYTE_NS 8u

static enum fail
read_constraints(struct der *in, struct cert *c)
{
	struct der list;
	enum fail f = der_into(in, DER_SEQUENCE, &list);

	if (!f && der_peek(&list) == DER_BOOLEAN)
		f = der_bool(&list, &c->is_ca);
	if (!f && der_peek(&list) == DER_INTEGER)
		f = der_int(&list, &c->path_len);
	if (!f && !der_end(&list))
		f = FAIL_FORMAT;
	c->has_constraints = true;
	return f;
}

static enum fail
read_usage(struct der *in, struct cert *c)
{
	struct der_item item;
	enum fail f = der_take(in, DER_BIT_STRING, &item);

	if (f)
		return f;
	if (!item.value.len || item.value.data[0] > 7)
		return FAIL_FORMAT;
	c->has_usage = true;
	/* Bit 0 is the highest of the first octet. */
	for (unsigned bit = 0; bit < 9; bit++)
		if (1 + bit / 8 < item.value.len &&
		    item.value.data[1 + bit / 8] & (0x80 >> bit % 8))
			c->usage |= 1u << bit;
	return FAIL_NONE;
}

static enum fail
read_authority_key(struct der *in, struct cert *c)
{
	struct der list;
	struct der_item id;
	enum fail f = der_into(in, DER_SEQUENCE, &list);

	if (!f)
		f = der_optional(&list, DER_CONTEXT(0), &id);
	if (!f)
		c->authority_key = id.value;
	return f;
}

/* PolicyConstraints (RFC 5280 4.2.1.11): never an empty sequence. */
static enum fail
read_policy_constraints(struct der *in, struct cert *c)
{
	int *fields[] = { &c->require_policy, &c->inhibit_mapping };
	struct der list;
	struct der_item item;
	enum fail f = der_into(in, DER_SEQUENCE, &list);

	if (!f && der_end(&list))
		f = FAIL_FORMAT;
	for (int i = 0; i < 2 && !f; i++) {
		f = der_optional(&list, DER_CONTEXT(i), &item);
		if (!f && item.whole.len)
			f = der_int_content(item.value, fields[i]);
	}
	if (!f && !der_end(&list))
		f = FAIL_FORMAT;
	return f;
}

/* One extension's content; *known says whether its meaning is processed. */
static enum fail
read_extension(enum oid oid, struct bytes content, struct cert *c, bool *known)
{
	struct der in = der_open(content);
	struct der_item item;
	enum fail f = FAIL_NONE;

	*known = true;
	switch (oid) {
	case OID_BASIC_CONSTRAINTS:
		f = read_constraints(&in, c);
		break;
	case OID_KEY_USAGE:
		f = read_usage(&in, c);
		break;
	case OID_SUBJECT_KEY_ID:
		f = der_take(&in, DER_OCTET_STRING, &item);
		if (!f)
			c->subject_key = item.value;
		break;
	case OID_AUTHORITY_KEY_ID:
		f = read_authority_key(&in, c);
		break;
	case OID_EXT_KEY_USAGE:
		f = der_take(&in, DER_SEQUENCE, &item);
		if (!f)
			c->ext_usage = item.value;
		break;
	case OID_CRL_POINTS:
		c->crl_points = content;
		return FAIL_NONE;
	case OID_FRESHEST_CRL:
		c->freshest_points = content;
		return FAIL_NONE;
	case OID_AUTHORITY_INFO:
		c->access = content;
		return FAIL_NONE;
	case OID_OCSP_NOCHECK:
		c->no_check = true;
		return FAIL_NONE;
	case OID_SUBJECT_ALT_NAME:
		c->alternatives = content;
		return FAIL_NONE;
	case OID_POLICIES:
		c->policies = content;
		return FAIL_NONE;
	case OID_POLICY_MAPPINGS:
		c->policy_mappings = content;
		return FAIL_NONE;
	case OID_NAME_CONSTRAINTS:
		c->name_constraints = content;
		return FAIL_NONE;
	case OID_POLICY_CONSTRAINTS:
		f = read_policy_constraints(&in, c);
		break;
	case OID_INHIBIT_ANY_POLICY:
		f = der_int(&in, &c->inhibit_any);
		break;
	default:
		*known = false;
		return FAIL_NONE;
	}
	return !f && !der_end(&in) ? FAIL_FORMAT : f;
}

/* Does an extension with this OID stand more than once in the list? */
static bool
twice(struct bytes extensions, struct bytes oid)
{
	struct der list = der_open(extensions), one;
	struct der_item name;
	unsigned count = 0;

	while (!der_end(&list)) {
		if (der_into(&list, DER_SEQUENCE, &one) ||
		    der_take(&one, DER_OID, &name))
			return true;
		count += bytes_equal(name.whole, oid);
	}
	return count > 1;
}

/* Real ones have two dozen; each is compared with all others that are not
 * known. */
#define EXTENSIONS_MAX 100u

static bool
too_many(struct bytes extensions)
{
	struct der list = der_open(extensions);
	struct der_item one;
	unsigned count = 0;

	while (
	    count <= EXTENSIONS_MAX && !der_end(&list) && !der_any(&list, &one))
		count++;
	return count > EXTENSIONS_MAX;
}

static enum fail
read_extensions(struct bytes whole, struct cert *c, struct note *note)
{
	struct der_item all;
	struct der list;
	bool seen[OID_COUNT] = { false };
	enum fail f = der_whole(whole, DER_SEQUENCE, &all);

	if (!f && too_many(all.value))
		f = FAIL_LIMIT;
	if (f)
		return note_set(note, f, "RFC 5280 4.1: extensions");
	list = der_open(all.value);
	while (!der_end(&list)) {
		struct der one;
		struct der_item name, value;
		bool critical = false, known;
		enum oid oid;

		f = der_into(&list, DER_SEQUENCE, &one);
		if (!f)
			f = der_take(&one, DER_OID, &name);
		if (!f && der_peek(&one) == DER_BOOLEAN)
			f = der_bool(&one, &critical);
		if (!f)
			f = der_take(&one, DER_OCTET_STRING, &value);
		if (!f && !der_end(&one))
			f = FAIL_FORMAT;
		if (f)
			return note_set(note, f, "RFC 5280 4.1: extension");
		oid = oid_find(name.value);
		if (seen[oid] && twice(all.value, name.whole))
			return note_set(note, FAIL_FORMAT,
			    "RFC 5280 4.2: %s twice", oid_name(oid));
		seen[oid] = true;
		f = read_extension(oid, value.value, c, &known);
		if (f)
			return note_set(
			    note, f, "RFC 5280 4.2: bad %s", oid_name(oid));
		if (critical && !known)
			c->unknown_critical = true;
		if (critical && oid == OID_EXT_KEY_USAGE)
			c->ext_usage_critical = true;
	}
	return FAIL_NONE;
}

static enum fail
read_validity(struct der *tbs, struct cert *c)
{
	struct der times;
	enum fail f = der_into(tbs, DER_SEQUENCE, &times);

	if (!f)
		f = der_time(&times, &c->not_before);
	if (!f)
		f = der_time(&times, &c->not_after);
	if (!f && !der_end(&times))
		f = FAIL_FORMAT;
	return f;
}

static enum fail
read_tbs(struct cert *c, struct bytes outer_algorithm, struct note *note)
{
	struct der_item item, whole;
	struct der in;
	int version = 0;
	enum fail f = der_whole(c->tbs, DER_SEQUENCE, &whole);

	if (f)
		return note_set(note, f, "RFC 5280 4.1.2: TBSCertificate");
	in = der_open(whole.value);
	f = der_optional(&in, DER_CONTEXT_MADE(0), &item);
	if (!f && item.whole.len) {
		struct der inner = der_open(item.value);

		f = der_int(&inner, &version);
		if (!f && (!der_end(&inner) || version > 2))
			f = FAIL_FORMAT;
	}
	if (!f)
		f = der_take(&in, DER_INTEGER, &item);
	if (!f && !item.value.len)
		f = FAIL_FORMAT;
	if (!f)
		c->serial = item.value;
	if (!f)
		f = der_take(&in, DER_SEQUENCE, &item);
	/* RFC 5280 4.1.1.2: both algorithm fields must be the same. */
	if (!f && !bytes_equal(item.whole, outer_algorithm))
		f = FAIL_FORMAT;
	if (!f)
		f = der_take(&in, DER_SEQUENCE, &item);
	if (!f)
		c->issuer = item.whole;
	if (!f)
		f = read_validity(&in, c);
	if (!f)
		f = der_take(&in, DER_SEQUENCE, &item);
	if (!f)
		c->subject = item.whole;
	if (!f)
		f = der_take(&in, DER_SEQUENCE, &item);
	if (f)
		return note_set(note, f, "RFC 5280 4.1.2: certificate field");
	/* A key we cannot use is no reason to refuse reading: it is reported
	 * when somebody wants to verify with it. */
	if (public_key_read(item.whole, &c->key))
		c->key = (struct public_key){ .spki = item.whole };
	f = der_optional(&in, DER_CONTEXT(1), &item);
	if (!f)
		f = der_optional(&in, DER_CONTEXT(2), &item);
	if (!f)
		f = der_optional(&in, DER_CONTEXT_MADE(3), &item);
	if (!f && !der_end(&in))
		f = FAIL_FORMAT;
	if (f)
		return note_set(note, f, "RFC 5280 4.1.2: trailing fields");
	if (!item.whole.len)
		return FAIL_NONE;
	if (version != 2)
		return note_set(note, FAIL_FORMAT,
		    "RFC 5280 4.1.2.1: extensions need version 3");
	return read_extensions(item.value, c, note);
}

enum fail
cert_read(struct bytes der, struct cert *cert, struct note *note)
{
	struct cert c = { .der = der,
		.path_len = -1,
		.require_policy = -1,
		.inhibit_mapping = -1,
		.inhibit_any = -1 };
	struct der_item whole, tbs, algorithm;
	struct der in;
	enum fail f;

	effort_add(READ_NS + READ_BYTE_NS * der.len);
	if (der.len > CERT_SIZE_MAX)
		return note_set(
		    note, FAIL_LIMIT, "certificate of %zu bytes", der.len);
	f = der_whole(der, DER_SEQUENCE, &whole);
	if (f)
		return note_set(note, f, "RFC 5280 4.1: not a certificate");
	in = der_open(whole.value);
	f = der_take(&in, DER_SEQUENCE, &tbs);
	if (!f)
		f = der_take(&in, DER_SEQUENCE, &algorithm);
	if (!f)
		f = der_bits(&in, &c.signature);
	if (!f && !der_end(&in))
		f = FAIL_FORMAT;
	if (f)
		return note_set(note, f, "RFC 5280 4.1: not a certificate");
	c.tbs = tbs.whole;
	if (signature_algorithm_read(algorithm.whole, HASH_NONE, &c.algorithm))
		c.algorithm = (struct signature_algorithm){ 0 };
	f = read_tbs(&c, algorithm.whole, note);
	if (!f)
		*cert = c;
	return f;
}

/*
 * Pairs of certificate and issuer's key that were looked at lately, under a
 * hash of all that was compared.  A batch checks the same few certificates for
 * every document: without this a fifth of its time goes there; and a file may
 * have one certificate that sixty others could have issued, but did not.
 */
#define MEMO_COUNT 256u

static struct {
	uint8_t key[HASH_LEN];
	enum fail result; /* FAIL_NONE or FAIL_SIGNATURE */
} memo[MEMO_COUNT];
static unsigned memo_count, memo_next;

static void
memo_key(const struct cert *cert, const struct public_key *issuer,
    uint8_t key[static HASH_LEN])
{
	uint8_t full[HASH_MAX];
	struct hash h;

	hash_init(&h, HASH_SHA256);
	hash_add(&h, cert->der);
	hash_add(&h, issuer->spki);
	hash_add(&h, issuer->parameters);
	hash_done(&h, full);
	memcpy(key, full, HASH_LEN);
}

enum fail
cert_verify(const struct cert *cert, const struct public_key *issuer)
{
	uint8_t key[HASH_LEN];
	enum fail f;

	if (cert->algorithm.kind == KEY_NONE || issuer->kind == KEY_NONE)
		return FAIL_UNSUPPORTED;
	memo_key(cert, issuer, key);
	for (unsigned i = 0; i < memo_count; i++)
		if (!memcmp(memo[i].key, key, HASH_LEN))
			return memo[i].result;
	if (effort_is_spent())
		return FAIL_LIMIT;
	f = signature_verify_message(
	    issuer, &cert->algorithm, cert->tbs, cert->signature);
	if (f && f != FAIL_SIGNATURE)
		return f;
	memcpy(memo[memo_next].key, key, HASH_LEN);
	memo[memo_next].result = f;
	memo_next = (memo_next + 1) % MEMO_COUNT;
	memo_count += memo_count < MEMO_COUNT;
	return f;
}

bool
cert_self_issued(const struct cert *cert)
{
	return name_equal(cert->issuer, cert->subject);
}

void
cert_hash(const struct cert *cert, uint8_t out[static HASH_LEN])
{
	hash_sha256(cert->der, out);
}

bool
cert_has_purpose(const struct cert *cert, enum oid purpose)
{
	struct der list = der_open(cert->ext_usage);
	struct der_item item;

	while (!der_end(&list) && !der_take(&list, DER_OID, &item))
		if (oid_find(item.value) == purpose)
			return true;
	return false;
}
