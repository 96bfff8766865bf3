#include "document/pdf_crypt.h"

#include "crypto/cipher.h"
#include "crypto/hash.h"
#include "crypto/random.h"

#define PASSWORD_MAX 127u
#define USER_LEN 48u /* bytes of /U and /O from revision 5 on */
#define CRYPT_DATA_MAX (64u << 20)

/* What /P grants (ISO 32000-2 table 22), the bits counted from 1 there. */
#define PERMIT_CHANGE (1u << 3)
#define PERMIT_ANNOTATE (1u << 5) /* and, with CHANGE, make form fields */
#define PERMIT_FILL (1u << 8)     /* form fields, signatures among them */

/* ISO 32000-1 7.6.3.3: fills short passwords. */
static const uint8_t filling[32] = { 0x28, 0xBF, 0x4E, 0x5E, 0x4E, 0x75, 0x8A,
	0x41, 0x64, 0x00, 0x4E, 0x56, 0xFF, 0xFA, 0x01, 0x08, 0x2E, 0x2E, 0x00,
	0xB6, 0xD0, 0x68, 0x3E, 0x80, 0x2F, 0x0C, 0xA9, 0xFE, 0x64, 0x53, 0x69,
	0x7A };

struct handler {
	int64_t version, revision, permissions, length;
	struct bytes owner, user, user_key, owner_key;
	bool encrypt_metadata;
};

static int64_t
integer(const struct pdf_value *dict, const char *key, int64_t otherwise)
{
	const struct pdf_value *v = pdf_entry(dict, key);

	return v && v->type == PDF_INTEGER ? v->integer : otherwise;
}

static struct bytes
text(const struct pdf_value *dict, const char *key)
{
	const struct pdf_value *v = pdf_entry(dict, key);

	return v && v->type == PDF_STRING ? v->text : (struct bytes){ NULL, 0 };
}

/* Algorithm 2: the key of revisions 2 to 4. */
static void
old_key(const struct handler *h, struct bytes id, struct bytes password,
    struct pdf_crypt *c)
{
	uint8_t digest[CIPHER_MD5_LEN];
	struct buf in;
	uint32_t p = (uint32_t)h->permissions;

	buf_init(&in, 4096);
	buf_bytes(&in, bytes_part(password, 0, 32));
	buf_add(&in, filling, 32 - in.len);
	buf_bytes(&in, bytes_part(h->owner, 0, 32));
	buf_u32(&in, p);
	buf_bytes(&in, bytes_part(id, 0, 1024));
	if (h->revision >= 4 && !h->encrypt_metadata)
		buf_u32(&in, UINT32_MAX);
	cipher_md5(buf_view(&in), digest);
	buf_wipe(&in);
	for (int i = 0; i < 50 && h->revision >= 3; i++)
		cipher_md5((struct bytes){ digest, c->key_len }, digest);
	memcpy(c->key, digest, c->key_len);
}

/* One RC4 pass with every byte of the key changed by `mix`. */
static void
mixed_rc4(struct bytes key, uint8_t mix, uint8_t data[static 32])
{
	uint8_t mixed[16];
	struct buf out;

	buf_init(&out, 32);
	for (size_t n = 0; n < key.len; n++)
		mixed[n] = key.data[n] ^ mix;
	cipher_rc4(
	    (struct bytes){ mixed, key.len }, (struct bytes){ data, 32 }, &out);
	if (out.len == 32)
		memcpy(data, out.data, 32);
	buf_wipe(&out);
}

/* Algorithms 4 to 6: does the key belong to the user password? */
static bool
old_key_good(
    const struct handler *h, struct bytes id, const struct pdf_crypt *c)
{
	struct bytes key = { c->key, c->key_len };
	uint8_t check[32];
	struct buf in;

	memcpy(check, filling, sizeof(check));
	if (h->revision == 2) {
		mixed_rc4(key, 0, check);
		return bytes_equal(
		    bytes_part(h->user, 0, 32), BYTES_ARRAY(check));
	}
	buf_init(&in, 4096);
	buf_add(&in, filling, sizeof(filling));
	buf_bytes(&in, bytes_part(id, 0, 1024));
	cipher_md5(buf_view(&in), check);
	buf_free(&in);
	for (uint8_t i = 0; i <= 19; i++)
		mixed_rc4(key, i, check);
	return bytes_equal(
	    bytes_part(h->user, 0, 16), (struct bytes){ check, 16 });
}

/* Algorithm 7: the user password that an owner password opens to. */
static void
old_user_password(const struct handler *h, struct bytes owner_password,
    size_t key_len, uint8_t user[static 32])
{
	uint8_t digest[CIPHER_MD5_LEN];
	struct bytes key = { digest, key_len };
	struct buf in;

	buf_init(&in, 64);
	buf_bytes(&in, bytes_part(owner_password, 0, 32));
	buf_add(&in, filling, 32 - in.len);
	cipher_md5(buf_view(&in), digest);
	buf_wipe(&in);
	for (int i = 0; i < 50 && h->revision >= 3; i++)
		cipher_md5(BYTES_ARRAY(digest), digest);
	memcpy(user, h->owner.data, 32);
	for (int i = h->revision >= 3 ? 19 : 0; i >= 0; i--)
		mixed_rc4(key, (uint8_t)i, user);
}

/* Revisions 2 to 4: as the owner, then as a user. */
static enum fail
old_open(const struct handler *h, struct bytes id, struct bytes password,
    struct pdf_crypt *c)
{
	uint8_t user[32];

	if (h->owner.len < 32 || h->user.len < 16)
		return FAIL_FORMAT;
	old_user_password(h, password, c->key_len, user);
	old_key(h, id, BYTES_ARRAY(user), c);
	explicit_bzero(user, sizeof(user));
	c->owner = old_key_good(h, id, c);
	if (c->owner)
		return FAIL_NONE;
	old_key(h, id, password, c);
	return old_key_good(h, id, c) ? FAIL_NONE : FAIL_ENCRYPTED;
}

/* Algorithm 2.B of revision 6; revision 5 is one SHA-256.  user is the whole
 * /U for an owner's password, else empty. */
static enum fail
new_hash(int64_t revision, struct bytes password, struct bytes salt,
    struct bytes user, uint8_t out[static HASH_LEN])
{
	static const enum hash_kind kinds[] = { HASH_SHA256, HASH_SHA384,
		HASH_SHA512 };
	uint8_t k[HASH_MAX];
	size_t k_len = HASH_LEN;
	struct buf in, e;
	enum fail f = FAIL_NONE;

	buf_init(&in, 64 * (PASSWORD_MAX + HASH_MAX + USER_LEN));
	buf_init(&e, 64 * (PASSWORD_MAX + HASH_MAX + USER_LEN));
	buf_bytes(&in, password);
	buf_bytes(&in, salt);
	buf_bytes(&in, user);
	hash_bytes(HASH_SHA256, buf_view(&in), k);
	for (unsigned round = 0; revision >= 6 && !f; round++) {
		unsigned rest = 0;

		buf_clear(&in);
		buf_clear(&e);
		for (int i = 0; i < 64; i++) {
			buf_bytes(&in, password);
			buf_add(&in, k, k_len);
			buf_bytes(&in, user);
		}
		f = cipher_aes_cbc(
		    true, (struct bytes){ k, 16 }, k + 16, buf_view(&in), &e);
		for (size_t i = 0; i < 16 && !f; i++)
			rest += e.data[i];
		k_len = hash_len(kinds[rest % 3]);
		hash_bytes(kinds[rest % 3], buf_view(&e), k);
		if (!f && round >= 63 && e.data[e.len - 1] <= round - 31)
			break;
	}
	memcpy(out, k, HASH_LEN);
	buf_wipe(&e);
	buf_wipe(&in);
	return f;
}

/* Algorithm 2.A with one of the two passwords: `check` is /U or /O, `sealed` is
 * /UE or /OE.  FAIL_ENCRYPTED: another password's. */
static enum fail
new_key(const struct handler *h, struct bytes password, struct bytes check,
    struct bytes sealed, struct bytes user, struct pdf_crypt *c)
{
	static const uint8_t zeros[CIPHER_BLOCK];
	uint8_t hash[HASH_LEN];
	struct buf key;
	enum fail f;

	f = new_hash(
	    h->revision, password, bytes_part(check, 32, 8), user, hash);
	if (!f && memcmp(hash, check.data, HASH_LEN))
		f = FAIL_ENCRYPTED;
	if (!f)
		f = new_hash(h->revision, password, bytes_part(check, 40, 8),
		    user, hash);
	buf_init(&key, 64);
	if (!f)
		f = cipher_aes_cbc(false, BYTES_ARRAY(hash), zeros,
		    bytes_part(sealed, 0, 32), &key);
	if (!f) {
		memcpy(c->key, key.data, 32);
		c->key_len = 32;
	}
	buf_wipe(&key);
	return f;
}

/* Revisions 5 and 6: as the owner, then as a user. */
static enum fail
new_open(const struct handler *h, struct bytes password, struct pdf_crypt *c)
{
	struct bytes user = bytes_part(h->user, 0, USER_LEN);
	enum fail f = FAIL_ENCRYPTED;

	password = bytes_part(password, 0, PASSWORD_MAX);
	if (user.len < USER_LEN || h->user_key.len < 32)
		return FAIL_FORMAT;
	if (h->owner.len >= USER_LEN && h->owner_key.len >= 32)
		f = new_key(h, password, h->owner, h->owner_key, user, c);
	c->owner = !f;
	if (f != FAIL_ENCRYPTED)
		return f;
	return new_key(
	    h, password, user, h->user_key, (struct bytes){ NULL, 0 }, c);
}

/* The cipher of a named crypt filter (7.6.6). */
static enum fail
filter_cipher(
    const struct pdf_value *dict, const char *use, enum pdf_cipher *cipher)
{
	const struct pdf_value *name = pdf_entry(dict, use), *filter = NULL;
	const struct pdf_value *filters = pdf_entry(dict, "CF");

	*cipher = PDF_CIPHER_NONE;
	if (!name || pdf_is_name(name, "Identity"))
		return FAIL_NONE;
	if (filters && filters->type == PDF_DICT)
		for (const struct pdf_value *v = filters->first; v; v = v->next)
			if (bytes_equal(v->key, name->text))
				filter = v;
	name = pdf_entry(filter, "CFM");
	if (pdf_is_name(name, "V2"))
		*cipher = PDF_CIPHER_RC4;
	else if (pdf_is_name(name, "AESV2"))
		*cipher = PDF_CIPHER_AES128;
	else if (pdf_is_name(name, "AESV3"))
		*cipher = PDF_CIPHER_AES256;
	else if (!pdf_is_name(name, "None"))
		return FAIL_UNSUPPORTED;
	return FAIL_NONE;
}

enum fail
pdf_crypt_open(struct pdf_crypt *c, const struct pdf_value *dict,
    struct bytes id, struct bytes password)
{
	const struct pdf_value *metadata = pdf_entry(dict, "EncryptMetadata");
	struct handler h = { .version = integer(dict, "V", 0),
		.revision = integer(dict, "R", 0),
		.permissions = integer(dict, "P", 0),
		.length = integer(dict, "Length", 40),
		.owner = text(dict, "O"),
		.user = text(dict, "U"),
		.user_key = text(dict, "UE"),
		.owner_key = text(dict, "OE"),
		.encrypt_metadata = !metadata || metadata->type != PDF_BOOL ||
		    metadata->boolean };
	enum fail f = FAIL_NONE;

	if (!pdf_is_name(pdf_entry(dict, "Filter"), "Standard") ||
	    h.revision < 2 || h.revision > 6)
		return FAIL_UNSUPPORTED;
	c->strings = c->streams = PDF_CIPHER_RC4;
	if (h.version >= 4) {
		f = filter_cipher(dict, "StrF", &c->strings);
		if (!f)
			f = filter_cipher(dict, "StmF", &c->streams);
		h.length = 128;
	}
	if (h.version == 1 || h.revision == 2)
		h.length = 40;
	if (f || h.length < 40 || h.length > 128)
		return f ? f : FAIL_FORMAT;
	c->key_len = (size_t)h.length / 8;
	c->owner = false;
	c->permissions = (uint32_t)h.permissions;
	c->revision = (unsigned)h.revision;
	c->clear_metadata = !h.encrypt_metadata;
	f = h.revision >= 5 ? new_open(&h, password, c) :
			      old_open(&h, id, password, c);
	c->active = !f;
	return f;
}

bool
pdf_crypt_same(const struct pdf_crypt *a, const struct pdf_crypt *b)
{
	if (!a->active || !b->active)
		return a->active == b->active;
	return a->revision == b->revision && a->strings == b->strings &&
	    a->streams == b->streams &&
	    a->clear_metadata == b->clear_metadata &&
	    a->dictionary == b->dictionary && a->key_len == b->key_len &&
	    !memcmp(a->key, b->key, a->key_len);
}

bool
pdf_crypt_may_sign(const struct pdf_crypt *c, bool new_field)
{
	bool change = c->permissions & PERMIT_CHANGE;
	bool annotate = c->permissions & PERMIT_ANNOTATE;
	bool fill = c->revision >= 3 && c->permissions & PERMIT_FILL;

	if (!c->active || c->owner)
		return true;
	return new_field ? annotate && change : annotate || fill;
}

/* Algorithm 1: the key of one object. */
static struct bytes
object_key(const struct pdf_crypt *c, enum pdf_cipher cipher,
    struct pdf_ref ref, uint8_t room[static 64])
{
	static const uint8_t salt[4] = { 's', 'A', 'l', 'T' };
	size_t n = c->key_len;

	memcpy(room, c->key, n);
	if (cipher == PDF_CIPHER_AES256)
		return (struct bytes){ room, n };
	room[n++] = (uint8_t)ref.num;
	room[n++] = (uint8_t)(ref.num >> 8);
	room[n++] = (uint8_t)(ref.num >> 16);
	room[n++] = (uint8_t)ref.gen;
	room[n++] = (uint8_t)(ref.gen >> 8);
	if (cipher == PDF_CIPHER_AES128) {
		memcpy(room + n, salt, sizeof(salt));
		n += 4;
	}
	cipher_md5((struct bytes){ room, n }, room);
	return (
	    struct bytes){ room, c->key_len + 5 < 16 ? c->key_len + 5 : 16 };
}

static enum fail
aes_encrypt(struct bytes key, struct bytes in, struct buf *out)
{
	uint8_t iv[CIPHER_BLOCK];
	size_t pad = CIPHER_BLOCK - in.len % CIPHER_BLOCK;
	struct buf plain;
	enum fail f;

	random_bytes(iv, sizeof(iv));
	buf_init(&plain, in.len + CIPHER_BLOCK);
	buf_bytes(&plain, in);
	for (size_t i = 0; i < pad; i++)
		buf_u8(&plain, (uint8_t)pad);
	buf_add(out, iv, sizeof(iv));
	f = buf_fail(&plain);
	if (!f)
		f = cipher_aes_cbc(true, key, iv, buf_view(&plain), out);
	buf_free(&plain);
	return f;
}

static enum fail
aes_decrypt(struct bytes key, struct bytes in, struct buf *out)
{
	size_t start = out->len, len;
	enum fail f;

	if (in.len < 2 * CIPHER_BLOCK)
		return FAIL_NONE; /* empty, or nothing a viewer would show */
	len = (in.len - CIPHER_BLOCK) / CIPHER_BLOCK * CIPHER_BLOCK;
	f = cipher_aes_cbc(
	    false, key, in.data, bytes_part(in, CIPHER_BLOCK, len), out);
	if (!f && out->len > start && out->data[out->len - 1] &&
	    out->data[out->len - 1] <= CIPHER_BLOCK)
		out->len -= out->data[out->len - 1];
	return f;
}

enum fail
pdf_crypt_data(const struct pdf_crypt *c, enum pdf_cipher cipher, bool encrypt,
    struct pdf_ref ref, struct bytes in, struct buf *out)
{
	uint8_t room[64];
	struct bytes key;

	if (!c->active || cipher == PDF_CIPHER_NONE) {
		buf_bytes(out, in);
		return buf_fail(out);
	}
	key = object_key(c, cipher, ref, room);
	if (cipher == PDF_CIPHER_RC4) {
		cipher_rc4(key, in, out);
		return buf_fail(out);
	}
	return encrypt ? aes_encrypt(key, in, out) : aes_decrypt(key, in, out);
}

/* One string: decode it, pass it through the cipher, write it as hex. */
static enum fail
put_string(const struct pdf_crypt *c, bool encrypt, struct pdf_ref ref,
    struct bytes raw, struct arena *arena, struct buf *out)
{
	struct pdf_lexer l = { raw, 0 };
	struct pdf_value *value;
	struct buf data;
	enum fail f = pdf_value_read(&l, arena, &value);

	if (f || value->type != PDF_STRING)
		return f ? f : FAIL_FORMAT;
	buf_init(&data, CRYPT_DATA_MAX);
	f = pdf_crypt_data(c, c->strings, encrypt, ref, value->text, &data);
	buf_char(out, '<');
	for (size_t i = 0; i < data.len; i++)
		buf_printf(out, "%02x", data.data[i]);
	buf_char(out, '>');
	buf_free(&data);
	return f ? f : buf_fail(out);
}

/* The strings of an object's text that are encrypted, one after the other: a
 * signature's /Contents is not (7.6.2). */
struct strings {
	struct pdf_lexer in;
	bool skip_contents, exempt;
};

static bool
next_string(struct strings *s, struct pdf_token *t)
{
	bool is_one;

	do {
		*t = pdf_token_next(&s->in);
		is_one = (t->kind == TOKEN_STRING || t->kind == TOKEN_HEX) &&
		    !s->exempt;
		s->exempt = s->skip_contents && t->kind == TOKEN_NAME &&
		    bytes_equal_text(t->raw, "/Contents");
	} while (!is_one && t->kind != TOKEN_END);
	return is_one;
}

enum fail
pdf_crypt_text(const struct pdf_crypt *c, bool encrypt, struct pdf_ref ref,
    bool skip_contents, struct bytes text_in, struct buf *out)
{
	struct strings s = { { text_in, 0 }, skip_contents, false };
	struct arena arena;
	struct pdf_token t;
	size_t copied = 0;
	enum fail f = FAIL_NONE;

	arena_init(&arena, CRYPT_DATA_MAX);
	while (!f && next_string(&s, &t)) {
		struct arena_mark mark = arena_mark(&arena);
		size_t at = (size_t)(t.raw.data - text_in.data);

		buf_bytes(out, bytes_part(text_in, copied, at - copied));
		f = put_string(c, encrypt, ref, t.raw, &arena, out);
		arena_back(&arena, mark);
		copied = at + t.raw.len;
	}
	buf_bytes(out, bytes_part(text_in, copied, SIZE_MAX));
	arena_free(&arena);
	return f ? f : buf_fail(out);
}

bool
pdf_crypt_is_padded(const struct pdf_crypt *c, enum pdf_cipher cipher,
    struct pdf_ref ref, struct bytes in)
{
	uint8_t room[64];
	struct bytes last;
	struct buf plain;
	bool good;

	if (!c->active || cipher < PDF_CIPHER_AES128 || !in.len)
		return true;
	if (in.len < 2 * CIPHER_BLOCK || in.len % CIPHER_BLOCK)
		return false;
	last = bytes_part(in, in.len - CIPHER_BLOCK, CIPHER_BLOCK);
	buf_init(&plain, CIPHER_BLOCK);
	good = !cipher_aes_cbc(false, object_key(c, cipher, ref, room),
	    last.data - CIPHER_BLOCK, last, &plain);
	if (good) {
		uint8_t count = plain.data[CIPHER_BLOCK - 1];

		good = count && count <= CIPHER_BLOCK;
		for (size_t i = 1; i <= count && good; i++)
			good = plain.data[CIPHER_BLOCK - i] == count;
	}
	buf_free(&plain);
	return good;
}

bool
pdf_crypt_are_padded(const struct pdf_crypt *c, struct pdf_ref ref,
    bool skip_contents, struct bytes text)
{
	struct strings s = { { text, 0 }, skip_contents, false };
	struct arena arena;
	struct pdf_token t;
	bool good = true;

	arena_init(&arena, CRYPT_DATA_MAX);
	while (good && next_string(&s, &t)) {
		struct arena_mark mark = arena_mark(&arena);
		struct pdf_lexer one = { t.raw, 0 };
		struct pdf_value *value;

		good = !pdf_value_read(&one, &arena, &value) &&
		    pdf_crypt_is_padded(c, c->strings, ref, value->text);
		arena_back(&arena, mark);
	}
	arena_free(&arena);
	return good;
}
