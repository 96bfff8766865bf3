#include "document/seal_code.h"

#include "base/base45.h"
#include "base/text.h"
#include "crypto/ecdsa.h"

#define PREFIX "AT1:"
#define VERSION 1u
#define CONTEXT "antin seal code 1" /* signed in front of the body */
#define DAY (24 * 3600)

/* The first day that two bytes can tell. */
static const struct when_date first_day = {
	.year = 2000, .month = 1, .day = 1
};

/* Seven bits a byte, lowest first, the last one below 128. */
static void
put_varint(struct buf *out, uint32_t value)
{
	for (; value >= 0x80; value >>= 7)
		buf_u8(out, (uint8_t)(value | 0x80));
	buf_u8(out, (uint8_t)value);
}

/* The shortest form only: a code has one text. */
static uint32_t
take_varint(struct cursor *c)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 35; shift += 7) {
		uint8_t byte = cursor_u8(c);

		value |= (uint64_t)(byte & 0x7F) << shift;
		if (byte & 0x80)
			continue;
		if ((shift && !byte) || value > UINT32_MAX)
			break;
		return (uint32_t)value;
	}
	c->failed = true;
	return 0;
}

static void
put_short(struct buf *out, struct bytes text)
{
	buf_u8(out, (uint8_t)text.len);
	buf_bytes(out, text);
}

static bool
is_plain(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] <= 0x20 || text.data[i] >= 0x7F)
			return false;
	return text.len > 0;
}

enum fail
seal_code_body(
    const struct seal_code *code, struct buf *body, struct note *note)
{
	size_t start = body->len;
	int64_t days;
	enum fail f;

	if (!is_plain(code->agency) || !code->number.len ||
	    !text_valid(code->number) || !when_valid(code->day))
		return note_set(note, FAIL_FORMAT,
		    "a code tells the agency's identifier, the number and the "
		    "day");
	days = (when_join(code->day, 0) - when_join(first_day, 0)) / DAY;
	if (days < 0 || days > UINT16_MAX)
		return note_set(
		    note, FAIL_FORMAT, "a code tells days from 2000 on");
	if (code->agency.len + code->number.len > SEAL_CODE_BODY_MAX)
		return note_set(note, FAIL_LIMIT,
		    "identifier and number are too long for a code");
	buf_u8(body, VERSION);
	put_short(body, code->agency);
	put_short(body, code->number);
	buf_u16(body, (uint16_t)days);
	put_varint(body, code->length);
	buf_add(body, code->hash, SEAL_CODE_HASH);
	put_varint(body, code->log_index);
	f = buf_fail(body);
	if (!f && body->len - start > SEAL_CODE_BODY_MAX)
		return note_set(note, FAIL_LIMIT,
		    "identifier and number are too long for a code");
	return f;
}

void
seal_code_digest(struct bytes body, uint8_t out[static HASH_LEN])
{
	uint8_t digest[HASH_MAX];
	struct hash h;

	/* With its final zero. */
	hash_init(&h, HASH_SHA256);
	hash_add(
	    &h, (struct bytes){ (const uint8_t *)CONTEXT, sizeof(CONTEXT) });
	hash_add(&h, body);
	hash_done(&h, digest);
	memcpy(out, digest, HASH_LEN);
}

/* The algorithm follows from the key, the code does not name it. */
static enum fail
algorithm_of(const struct public_key *key, struct signature_algorithm *a)
{
	if (key->kind != KEY_RSA && key->kind != KEY_EC)
		return FAIL_UNSUPPORTED;
	*a = (struct signature_algorithm){ .kind = key->kind,
		.hash = HASH_SHA256 };
	return FAIL_NONE;
}

enum fail
seal_code_text(struct bytes body, const struct public_key *key,
    struct bytes signature, struct buf *text)
{
	struct signature_algorithm a;
	struct buf all;
	enum fail f = algorithm_of(key, &a);

	if (f)
		return f;
	buf_init(&all, SEAL_CODE_MAX);
	buf_bytes(&all, body);
	if (key->kind == KEY_EC)
		f = ecdsa_to_raw(signature, key->bits, &all);
	else
		buf_bytes(&all, signature);
	if (!f)
		f = buf_fail(&all);
	if (!f) {
		buf_text(text, PREFIX);
		base45_put(buf_view(&all), text);
		f = buf_fail(text);
	}
	buf_free(&all);
	return f;
}

enum fail
seal_code_read(struct bytes text, struct buf *bytes, struct seal_code *code,
    struct note *note)
{
	static const char broken[] = "this is no code of a seal";
	struct bytes hash;
	struct cursor c;
	int64_t days;

	*code = (struct seal_code){ .length = 0 };
	if (text.len > SEAL_CODE_TEXT_MAX || !bytes_starts(text, PREFIX) ||
	    base45_read(bytes_part(text, strlen(PREFIX), SIZE_MAX), bytes))
		return note_set(note, FAIL_FORMAT, "%s", broken);
	c = cursor_of(buf_view(bytes));
	if (cursor_u8(&c) != VERSION)
		return note_set(note, FAIL_FORMAT, "%s", broken);
	code->agency = cursor_bytes(&c, cursor_u8(&c));
	code->number = cursor_bytes(&c, cursor_u8(&c));
	days = cursor_u16(&c);
	code->length = take_varint(&c);
	hash = cursor_bytes(&c, SEAL_CODE_HASH);
	code->log_index = take_varint(&c);
	if (c.failed || !is_plain(code->agency) || !code->number.len ||
	    !text_valid(code->number))
		return note_set(note, FAIL_FORMAT, "%s", broken);
	memcpy(code->hash, hash.data, SEAL_CODE_HASH);
	code->day = when_split(when_join(first_day, 0) + days * DAY, 0);
	code->body = bytes_part(c.in, 0, c.at);
	code->signature = bytes_part(c.in, c.at, SIZE_MAX);
	if (code->body.len > SEAL_CODE_BODY_MAX || !code->signature.len)
		return note_set(note, FAIL_FORMAT, "%s", broken);
	return FAIL_NONE;
}

enum fail
seal_code_verify(const struct seal_code *code, const struct public_key *key)
{
	uint8_t digest[HASH_LEN];
	struct signature_algorithm a;
	struct buf der;
	enum fail f = algorithm_of(key, &a);

	if (f)
		return f;
	seal_code_digest(code->body, digest);
	if (key->kind == KEY_RSA)
		return signature_verify(key, &a, digest, code->signature);
	if (code->signature.len != 2 * (size_t)((key->bits + 7) / 8))
		return FAIL_SIGNATURE;
	buf_init(&der, SIGNATURE_MAX);
	f = ecdsa_to_der(code->signature, &der);
	if (!f)
		f = signature_verify(key, &a, digest, buf_view(&der));
	buf_free(&der);
	return f;
}

enum fail
seal_code_fits(const struct seal_code *code, struct bytes file)
{
	uint8_t digest[HASH_LEN];

	if (file.len < code->length)
		return FAIL_DIGEST;
	hash_sha256(bytes_part(file, 0, code->length), digest);
	return memcmp(digest, code->hash, SEAL_CODE_HASH) ? FAIL_DIGEST :
							    FAIL_NONE;
}
