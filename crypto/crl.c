#include "crypto/crl.h"

#include "crypto/der_read.h"
#include "crypto/distribution.h"
#include "crypto/name.h"
#include "crypto/oid.h"

#define STEP 32768u /* bytes taken in at a time */
#define ARENA_MAX (8 * CRL_PART_MAX)

void
crl_begin(struct crl *c, const struct crl_wanted *wanted, size_t count)
{
	*c = (struct crl){ .next_update = INT64_MAX,
		.keeps = INT64_MAX,
		.scope.reasons = CRL_ALL_REASONS,
		.wanted = wanted,
		.wanted_count = count };
	if (count > CRL_WANTED_MAX)
		c->fail = FAIL_LIMIT;
	arena_init(&c->arena, ARENA_MAX);
	buf_init(&c->pending, CRL_PART_MAX + STEP);
	buf_init(&c->early, 2 * CRL_PART_MAX);
}

void
crl_free(struct crl *c)
{
	arena_free(&c->arena);
	buf_free(&c->pending);
	buf_free(&c->early);
}

static enum fail
broken(struct crl *c, const char *where)
{
	return note_set(&c->note, FAIL_FORMAT, "RFC 5280 5.1: %s", where);
}

/* ---- extensions ---- */

/* One extension of a list: its OID, whether it is critical, its content. */
static enum fail
next_extension(
    struct der *list, enum oid *oid, bool *critical, struct bytes *content)
{
	struct der one;
	struct der_item item;
	enum fail f = der_into(list, DER_SEQUENCE, &one);

	*critical = false;
	if (!f)
		f = der_take(&one, DER_OID, &item);
	if (!f) {
		*oid = oid_find(item.value);
		if (der_peek(&one) == DER_BOOLEAN)
			f = der_bool(&one, critical);
	}
	if (!f)
		f = der_take(&one, DER_OCTET_STRING, &item);
	if (!f)
		*content = item.value;
	return !f && !der_end(&one) ? FAIL_FORMAT : f;
}

static enum fail
read_flag(struct der *in, int tag, bool *flag)
{
	struct der_item item;
	enum fail f = der_optional(in, tag, &item);

	if (!f && item.whole.len) {
		if (item.value.len != 1)
			return FAIL_FORMAT;
		*flag = item.value.data[0] != 0;
	}
	return f;
}

static enum fail
read_scope(struct crl *c, struct bytes content)
{
	struct crl_scope *s = &c->scope;
	struct der_item whole, item;
	struct der in;
	enum fail f = der_whole(content, DER_SEQUENCE, &whole);

	if (f)
		return f;
	in = der_open(whole.value);
	f = der_optional(&in, DER_CONTEXT_MADE(0), &item);
	if (!f && item.whole.len) {
		s->point = arena_copy(&c->arena, item.value);
		f = s->point.len ? FAIL_NONE : FAIL_FORMAT;
	}
	if (!f)
		f = read_flag(&in, DER_CONTEXT(1), &s->users_only);
	if (!f)
		f = read_flag(&in, DER_CONTEXT(2), &s->cas_only);
	if (!f)
		f = der_optional(&in, DER_CONTEXT(3), &item);
	if (!f && item.whole.len)
		f = reasons_read(item.value, &s->reasons);
	if (!f)
		f = read_flag(&in, DER_CONTEXT(4), &s->indirect);
	if (!f)
		f = read_flag(&in, DER_CONTEXT(5), &s->attributes_only);
	return !f && !der_end(&in) ? FAIL_FORMAT : f;
}

static enum fail
read_number(struct crl *c, struct bytes content, struct bytes *number)
{
	struct der_item item;
	enum fail f = der_whole(content, DER_INTEGER, &item);

	if (!f)
		*number = arena_copy(&c->arena, item.value);
	return !f && !number->len ? FAIL_FORMAT : f;
}

static enum fail
read_authority_key(struct crl *c, struct bytes content)
{
	struct der_item whole, id;
	struct der in;
	enum fail f = der_whole(content, DER_SEQUENCE, &whole);

	if (f)
		return f;
	in = der_open(whole.value);
	f = der_optional(&in, DER_CONTEXT(0), &id);
	if (!f)
		c->authority_key = arena_copy(&c->arena, id.value);
	return f;
}

static enum fail
read_time(struct bytes content, int64_t *time)
{
	struct der in = der_open(content);
	enum fail f = der_time(&in, time);

	return !f && !der_end(&in) ? FAIL_FORMAT : f;
}

/* crlExtensions (5.2), the content of [0]. */
static enum fail
read_extensions(struct crl *c, struct bytes content)
{
	struct der_item all;
	struct der list;
	bool seen[OID_COUNT] = { false };
	enum fail f = der_whole(content, DER_SEQUENCE, &all);

	list = der_open(f ? (struct bytes){ NULL, 0 } : all.value);
	while (!f && !der_end(&list)) {
		struct bytes value;
		bool critical;
		enum oid oid;

		f = next_extension(&list, &oid, &critical, &value);
		if (f)
			break;
		if (oid != OID_UNKNOWN && seen[oid])
			return broken(c, "an extension twice");
		seen[oid] = true;
		switch (oid) {
		case OID_AUTHORITY_KEY_ID:
			f = read_authority_key(c, value);
			break;
		case OID_CRL_NUMBER:
			f = read_number(c, value, &c->number);
			break;
		case OID_DELTA_CRL:
			f = read_number(c, value, &c->base);
			break;
		case OID_ISSUING_POINT:
			f = read_scope(c, value);
			break;
		case OID_CRL_EXPIRED:
			f = read_time(value, &c->keeps);
			break;
		default:
			c->unknown_critical = c->unknown_critical || critical;
			break;
		}
	}
	return f ? broken(c, "crlExtensions") : FAIL_NONE;
}

/* ---- entries ---- */

/* certificateIssuer (5.3.3): from here on the entries are this one's. */
static enum fail
take_entry_issuer(struct crl *c, struct bytes content)
{
	struct der_item names, directory;
	struct der list, name;
	struct arena_mark mark = arena_mark(&c->arena);
	enum fail f = der_whole(content, DER_SEQUENCE, &names);

	if (f)
		return f;
	list = der_open(names.value);
	f = der_into(&list, DER_CONTEXT_MADE(4), &name);
	if (!f)
		f = der_take(&name, DER_SEQUENCE, &directory);
	if (f || bytes_equal(directory.whole, c->entry_issuer))
		return f;
	c->other_issuers = true;
	/* Thousands of issuers would fill the arena: the last one is enough. */
	if (c->entry_issuer.data != c->issuer.data)
		arena_back(&c->arena, c->entry_mark);
	else
		c->entry_mark = mark;
	c->entry_issuer = arena_copy(&c->arena, directory.whole);
	return c->entry_issuer.len ? FAIL_NONE : FAIL_LIMIT;
}

static enum fail
read_entry_extensions(struct crl *c, struct bytes content, int *reason)
{
	struct der list = der_open(content);

	while (!der_end(&list)) {
		struct bytes value;
		bool critical;
		enum oid oid;
		enum fail f = next_extension(&list, &oid, &critical, &value);

		if (!f && oid == OID_CRL_REASON) {
			if (value.len != 3 || value.data[0] != DER_ENUMERATED ||
			    value.data[1] != 1)
				return FAIL_FORMAT;
			*reason = value.data[2];
		} else if (!f && oid == OID_CERT_ISSUER) {
			f = take_entry_issuer(c, value);
		} else if (!f && oid != OID_INVALIDITY_DATE) {
			c->unknown_critical = c->unknown_critical || critical;
		}
		if (f)
			return f;
	}
	return FAIL_NONE;
}

/* A serial that stands twice counts as revoked since the earlier time. */
static void
take_entry(struct crl_entry *old, struct crl_entry new)
{
	if (old->found &&
	    (new.reason == CRL_REMOVED ||
		(old->reason != CRL_REMOVED && old->time <= new.time)))
		return;
	*old = new;
}

static enum fail
read_entry(struct crl *c, struct bytes whole)
{
	struct der_item entry, serial, item;
	struct der in;
	int64_t time;
	int reason = CRL_UNSPECIFIED;
	enum fail f = der_whole(whole, DER_SEQUENCE, &entry);

	if (f)
		return broken(c, "revokedCertificates");
	in = der_open(entry.value);
	f = der_take(&in, DER_INTEGER, &serial);
	if (!f)
		f = der_time(&in, &time);
	if (!f)
		f = der_optional(&in, DER_SEQUENCE, &item);
	if (!f && item.whole.len)
		f = read_entry_extensions(c, item.value, &reason);
	if (f || !der_end(&in))
		return broken(c, "revokedCertificates");
	c->count++;
	for (size_t i = 0; i < c->wanted_count; i++)
		if (bytes_equal(serial.value, c->wanted[i].serial) &&
		    name_equal(c->entry_issuer, c->wanted[i].issuer))
			take_entry(&c->entries[i],
			    (struct crl_entry){ true, time, reason });
	return FAIL_NONE;
}

/* ---- parts ---- */

/* Tag and length in front of in: *head bytes, then *len of content.
 * FAIL_MISSING: more is needed to tell. */
static enum fail
read_head(struct bytes in, uint8_t *tag, size_t *head, uint64_t *len)
{
	size_t n;

	if (in.len < 2)
		return FAIL_MISSING;
	*tag = in.data[0];
	*len = in.data[1];
	*head = 2;
	if (*len < 0x80)
		return FAIL_NONE;
	n = *len & 0x7F;
	if (!n || n > 5)
		return FAIL_FORMAT;
	if (in.len < 2 + n)
		return FAIL_MISSING;
	*len = 0;
	for (size_t i = 0; i < n; i++)
		*len = *len << 8 | in.data[2 + i];
	*head = 2 + n;
	/* DER: the shortest form. */
	return in.data[2] && *len >= 0x80 ? FAIL_NONE : FAIL_FORMAT;
}

/* A whole item at the front of in. */
static enum fail
read_part(struct bytes in, struct bytes *part)
{
	uint8_t tag;
	size_t head;
	uint64_t len;
	enum fail f = read_head(in, &tag, &head, &len);

	if (f)
		return f;
	if (len > CRL_PART_MAX - head)
		return FAIL_LIMIT;
	if (in.len - head < len)
		return FAIL_MISSING;
	*part = bytes_part(in, 0, head + (size_t)len);
	return FAIL_NONE;
}

/* Signed bytes go into the digest; until the algorithm is known they wait. */
static void
take_signed(struct crl *c, struct bytes part)
{
	if (c->hashing)
		hash_add(&c->hash, part);
	else
		buf_bytes(&c->early, part);
}

static enum fail
start_hash(struct crl *c, struct bytes identifier)
{
	enum fail f =
	    signature_algorithm_read(identifier, HASH_NONE, &c->algorithm);

	c->algorithm_der = arena_copy(&c->arena, identifier);
	if (!f && c->algorithm.kind == KEY_ED25519)
		f = FAIL_UNSUPPORTED;
	if (f)
		return note_set(
		    &c->note, f, "RFC 5280 5.1.1.2: signature algorithm");
	hash_init(&c->hash, c->algorithm.hash);
	hash_add(&c->hash, buf_view(&c->early));
	c->hashing = true;
	return buf_fail(&c->early);
}

/* A field of the head, in their order: version, signature, issuer, thisUpdate,
 * nextUpdate.  *done: none of these any more. */
static enum fail
read_field(struct crl *c, struct bytes part, bool *done)
{
	enum { VERSION, ALGORITHM, ISSUER, THIS_UPDATE, NEXT_UPDATE, REST };
	struct der in = der_open(part);
	uint8_t tag = part.data[0];
	int version;

	*done = false;
	if (c->field == VERSION) {
		c->field = ALGORITHM;
		if (tag == DER_INTEGER)
			return der_int(&in, &version) || version != 1 ?
			    broken(c, "version") :
			    FAIL_NONE;
	}
	switch (c->field++) {
	case ALGORITHM:
		return start_hash(c, part);
	case ISSUER:
		c->issuer = c->entry_issuer = arena_copy(&c->arena, part);
		return tag == DER_SEQUENCE && c->issuer.len ?
		    FAIL_NONE :
		    broken(c, "issuer");
	case THIS_UPDATE:
		return der_time(&in, &c->this_update) ?
		    broken(c, "thisUpdate") :
		    FAIL_NONE;
	default:
		if (tag == DER_UTC_TIME || tag == DER_GENERAL_TIME) {
			if (c->field > REST || der_time(&in, &c->next_update))
				return broken(c, "nextUpdate");
			return FAIL_NONE;
		}
		*done = true;
		return FAIL_NONE;
	}
}

/* Take what one stage takes from in; *used bytes of it.  FAIL_MISSING: wait for
 * more. */
static enum fail
take_outer(struct crl *c, struct bytes in, size_t *used)
{
	uint8_t tag;
	size_t head;
	uint64_t len;
	enum fail f = read_head(in, &tag, &head, &len);

	if (f)
		return f;
	if (tag != DER_SEQUENCE)
		return FAIL_FORMAT;
	*used = head;
	if (c->stage == CRL_OUTER) {
		c->left = len;
		c->stage = CRL_TBS;
		return FAIL_NONE;
	}
	take_signed(c, bytes_part(in, 0, head));
	c->tbs_left = len;
	c->stage = CRL_FIELDS;
	return FAIL_NONE;
}

/* The head of the list of entries. */
static enum fail
take_list(struct crl *c, struct bytes in, size_t *used)
{
	uint8_t tag;
	size_t head;
	uint64_t len;
	enum fail f = read_head(in, &tag, &head, &len);

	if (f)
		return f;
	if (head + len > c->tbs_left)
		return FAIL_FORMAT;
	*used = head;
	c->list_left = len;
	c->stage = CRL_ENTRIES;
	return FAIL_NONE;
}

static enum fail
take_field(struct crl *c, struct bytes in, size_t *used)
{
	struct bytes part;
	bool done;
	enum fail f;

	/* Behind thisUpdate the list of entries may begin: it is no part. */
	if (c->field >= 4 && in.len && in.data[0] == DER_SEQUENCE)
		return take_list(c, in, used);
	f = read_part(in, &part);
	if (!f)
		f = read_field(c, part, &done);
	if (f)
		return f;
	if (done)
		c->stage = CRL_EXTENSIONS;
	else
		*used = part.len;
	return FAIL_NONE;
}

static enum fail
take_extensions(struct crl *c, struct bytes in, size_t *used)
{
	struct bytes part;
	struct der_item item;
	enum fail f = read_part(in, &part);

	if (!f && part.len != c->tbs_left)
		f = FAIL_FORMAT;
	if (!f)
		f = der_whole(part, DER_CONTEXT_MADE(0), &item);
	if (f)
		return f;
	*used = part.len;
	return read_extensions(c, item.value);
}

static enum fail
take_tail(struct crl *c, struct bytes in, size_t *used)
{
	struct der d;
	struct bytes part, octets;
	enum fail f = read_part(in, &part);

	if (f)
		return f;
	*used = part.len;
	if (c->stage == CRL_ALGORITHM) {
		c->stage = CRL_SIGNATURE;
		return bytes_equal(part, c->algorithm_der) ?
		    FAIL_NONE :
		    broken(c, "two different algorithms");
	}
	d = der_open(part);
	if (der_bits(&d, &octets))
		return broken(c, "signatureValue");
	c->signature = arena_copy(&c->arena, octets);
	c->stage = CRL_DONE;
	return c->signature.len ? FAIL_NONE : FAIL_FORMAT;
}

static enum fail
take(struct crl *c, struct bytes in, size_t *used)
{
	struct bytes part;
	enum fail f;

	*used = 0;
	switch (c->stage) {
	case CRL_OUTER:
	case CRL_TBS:
		return take_outer(c, in, used);
	case CRL_FIELDS:
		return take_field(c, in, used);
	case CRL_ENTRIES:
		f = read_part(in, &part);
		if (!f && part.len > c->list_left)
			f = FAIL_FORMAT;
		if (!f)
			f = read_entry(c, part);
		if (!f)
			*used = part.len;
		return f;
	case CRL_EXTENSIONS:
		return take_extensions(c, in, used);
	case CRL_ALGORITHM:
	case CRL_SIGNATURE:
		return take_tail(c, in, used);
	default:
		return broken(c, "something behind it");
	}
}

/* Count what was taken, and step on where a stretch is at its end. */
static enum fail
account(struct crl *c, enum crl_stage before, struct bytes taken)
{
	bool in_tbs = before >= CRL_FIELDS && before <= CRL_EXTENSIONS;

	if (before >= CRL_TBS) {
		if (taken.len > c->left)
			return FAIL_FORMAT;
		c->left -= taken.len;
	}
	if (in_tbs) {
		if (taken.len > c->tbs_left)
			return FAIL_FORMAT;
		/* take_field has started the digest with what came before. */
		take_signed(c, taken);
		c->tbs_left -= taken.len;
	}
	if (before == CRL_ENTRIES)
		c->list_left -= taken.len;
	if (c->stage == CRL_ENTRIES && !c->list_left)
		c->stage = CRL_EXTENSIONS;
	if (c->stage >= CRL_FIELDS && c->stage <= CRL_EXTENSIONS &&
	    !c->tbs_left) {
		if (c->field < 4 || c->stage == CRL_ENTRIES)
			return FAIL_FORMAT;
		hash_done(&c->hash, c->digest);
		c->stage = CRL_ALGORITHM;
	}
	return FAIL_NONE;
}

static enum fail
drain(struct crl *c, struct bytes in, size_t *used_all)
{
	enum fail f = FAIL_NONE;

	*used_all = 0;
	while (!f && *used_all < in.len) {
		struct bytes rest = bytes_part(in, *used_all, SIZE_MAX);
		enum crl_stage before = c->stage;
		size_t used;

		f = take(c, rest, &used);
		if (!f)
			f = account(c, before, bytes_part(rest, 0, used));
		if (!f)
			*used_all += used;
	}
	return f == FAIL_MISSING ? FAIL_NONE : f;
}

enum fail
crl_feed(struct crl *c, struct bytes in)
{
	while (!c->fail && in.len) {
		struct bytes step = bytes_part(in, 0, STEP);
		size_t used;

		buf_bytes(&c->pending, step);
		in = bytes_part(in, step.len, SIZE_MAX);
		c->fail = buf_fail(&c->pending);
		if (!c->fail)
			c->fail = drain(c, buf_view(&c->pending), &used);
		if (!c->fail)
			buf_drop(&c->pending, used);
		if (c->fail && !c->note.fail)
			note_write(&c->note, c->fail, "RFC 5280 5.1: no CRL");
	}
	return c->fail;
}

enum fail
crl_end(struct crl *c)
{
	if (!c->fail && (c->stage != CRL_DONE || c->left))
		c->fail = broken(c, "it is cut off");
	/* 5.3.3: only an indirect list names other issuers. */
	if (!c->fail && c->other_issuers && !c->scope.indirect)
		c->fail = broken(c, "issuers of others in a list of one");
	return c->fail;
}

enum fail
crl_read(struct bytes der, struct crl *c, const struct crl_wanted *wanted,
    size_t wanted_count)
{
	crl_begin(c, wanted, wanted_count);
	(void)!crl_feed(c, der);
	return crl_end(c);
}

enum fail
crl_verify(const struct crl *c, const struct public_key *key)
{
	if (c->fail || c->stage != CRL_DONE)
		return FAIL_STATE;
	return signature_verify(key, &c->algorithm, c->digest, c->signature);
}
