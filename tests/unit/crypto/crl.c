#include "crypto/crl.h"

#include "crypto/der_read.h"
#include "crypto/der_write.h"
#include "crypto/oid.h"
#include "tests/unit/crypto/revocation_test.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define MARCH_2024 INT64_C(1709251200)

static void
a_list_of_openssl_is_read(void **state)
{
	struct cert ca = cert_of(ca_der), other = cert_of(responder_der);
	uint8_t many[] = { 0x00, 0x90, 0xAB, 0x12 }, none[] = { 0x10, 0x03 };
	struct crl_wanted wanted[] = {
		{ ca.subject, cert_of(user_1001).serial },
		{ ca.subject, BYTES_ARRAY(many) },
		{ ca.subject, BYTES_ARRAY(none) },
		{ other.subject, cert_of(user_1001).serial },
	};
	struct crl crl;

	(void)state;
	if (crl_read(unhex(list_der), &crl, wanted, COUNT(wanted)))
		fail_msg("%s", crl.note.text);
	assert_true(bytes_equal(crl.issuer, ca.subject));
	assert_int_equal(crl.this_update, MADE);
	assert_int_equal(crl.next_update, MADE_NEXT);
	assert_true(bytes_equal(crl.authority_key, ca.subject_key));
	assert_int_equal(crl.number.len, 2);
	assert_int_equal(crl.count, 3);
	assert_false(crl.unknown_critical);
	assert_true(crl.entries[0].found);
	assert_int_equal(crl.entries[0].time, MARCH_2024);
	assert_int_equal(crl.entries[0].reason, 1);
	assert_true(crl.entries[1].found);
	assert_int_equal(crl.entries[1].reason, 4);
	assert_false(crl.entries[2].found);
	assert_false(crl.entries[3].found);
	assert_int_equal(crl_verify(&crl, &ca.key), FAIL_NONE);
	assert_int_equal(crl_verify(&crl, &other.key), FAIL_SIGNATURE);
	crl_free(&crl);
}

static void
the_size_of_pieces_does_not_matter(void **state)
{
	struct bytes der = unhex(list_der);
	struct cert ca = cert_of(ca_der);

	(void)state;
	for (size_t step = 1; step < der.len; step++) {
		struct crl crl;

		crl_begin(&crl, NULL, 0);
		for (size_t at = 0; at < der.len; at += step)
			assert_int_equal(
			    crl_feed(&crl, bytes_part(der, at, step)),
			    FAIL_NONE);
		assert_int_equal(crl_end(&crl), FAIL_NONE);
		assert_int_equal(crl.count, 3);
		assert_int_equal(crl_verify(&crl, &ca.key), FAIL_NONE);
		crl_free(&crl);
	}
}

static void
a_list_cut_off_or_with_more_behind_is_refused(void **state)
{
	struct bytes der = unhex(list_der);
	struct crl crl;

	(void)state;
	for (size_t len = 0; len < der.len; len++) {
		assert_int_not_equal(
		    crl_read(bytes_part(der, 0, len), &crl, NULL, 0),
		    FAIL_NONE);
		crl_free(&crl);
	}
	crl_begin(&crl, NULL, 0);
	assert_int_equal(crl_feed(&crl, der), FAIL_NONE);
	assert_int_equal(
	    crl_feed(&crl, (struct bytes){ der.data, 1 }), FAIL_FORMAT);
	crl_free(&crl);
}

/* No single bit can be turned without being noticed. */
static void
a_changed_list_does_not_verify(void **state)
{
	struct bytes der = unhex(list_der);
	struct cert ca = cert_of(ca_der);
	uint8_t *copy = arena_take(&memory, der.len, 1);

	(void)state;
	for (size_t bit = 0; bit < 8 * der.len; bit++) {
		struct crl crl;
		enum fail f;

		memcpy(copy, der.data, der.len);
		copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
		f = crl_read((struct bytes){ copy, der.len }, &crl, NULL, 0);
		if (!f)
			f = crl_verify(&crl, &ca.key);
		crl_free(&crl);
		if (!f)
			fail_msg("bit %zu", bit);
	}
}

/* ---- lists put together piece by piece ---- */

/* NULL is a good one.  All in hex. */
struct odd {
	const char *version, *algorithm, *issuer, *times, *entries, *extensions;
	const char *outer_algorithm, *after;
	enum fail fail;
	const char *why;
};

#define ECDSA "300a06082a8648ce3d040302"
#define ISSUER "300e310c300a06035504030c03544855"
#define THIS "170d3236313132383134313333385a"
#define NEXT "170d3335303231343134313333385a"

static void
put_or(struct buf *out, const char *hex, const char *otherwise)
{
	struct bytes data = unhex(hex ? hex : otherwise);

	buf_bytes(out, data);
}

static enum fail
read_odd(const struct odd *odd, struct crl *crl, struct buf *out)
{
	der_mark all, tbs;

	buf_clear(out);
	all = tbs = der_begin(out);
	put_or(out, odd->version, "020101");
	put_or(out, odd->algorithm, ECDSA);
	put_or(out, odd->issuer, ISSUER);
	put_or(out, odd->times, THIS NEXT);
	put_or(out, odd->entries, "");
	put_or(out, odd->extensions, "");
	der_end_with(out, tbs, DER_SEQUENCE);
	put_or(out, odd->outer_algorithm, ECDSA);
	put_or(out, odd->after, "0303001122");
	der_end_with(out, all, DER_SEQUENCE);
	return crl_read(buf_view(out), crl, NULL, 0);
}

static void
odd_lists_are_refused(void **state)
{
	static const struct odd rows[] = {
		{ .fail = FAIL_NONE, .why = "a good one" },
		{ .version = "", .why = "version 1", .fail = FAIL_NONE },
		{ .version = "020100", .fail = FAIL_FORMAT, .why = "version" },
		{ .version = "020102", .fail = FAIL_FORMAT, .why = "version" },
		{ .algorithm = "300706052b0e030207",
		    .outer_algorithm = "300706052b0e030207",
		    .fail = FAIL_UNSUPPORTED,
		    .why = "an algorithm nobody knows" },
		{ .algorithm = "300506032b6570",
		    .outer_algorithm = "300506032b6570",
		    .fail = FAIL_UNSUPPORTED,
		    .why = "Ed25519 signs no digest" },
		{ .outer_algorithm = "300a06082a8648ce3d040303",
		    .fail = FAIL_FORMAT,
		    .why = "two algorithms" },
		{ .issuer = "3100", .fail = FAIL_FORMAT, .why = "no Name" },
		{ .times = THIS, .fail = FAIL_NONE, .why = "no nextUpdate" },
		{ .times = "", .fail = FAIL_FORMAT, .why = "no thisUpdate" },
		{ .times = THIS NEXT NEXT,
		    .fail = FAIL_FORMAT,
		    .why = "three times" },
		{ .entries = "3000",
		    .fail = FAIL_NONE,
		    .why = "an empty list" },
		{ .entries = "30143012020105" THIS,
		    .fail = FAIL_NONE,
		    .why = "an entry" },
		{ .entries = "30153012020105" THIS "00",
		    .fail = FAIL_FORMAT,
		    .why = "bytes behind an entry" },
		{ .entries = "30143112020105" THIS,
		    .fail = FAIL_FORMAT,
		    .why = "an entry that is a SET" },
		{ .entries = "30143012040105" THIS,
		    .fail = FAIL_FORMAT,
		    .why = "a serial that is no INTEGER" },
		{ .entries = "30053003020105",
		    .fail = FAIL_FORMAT,
		    .why = "an entry without a time" },
		{ .entries =
			"30223020020105" THIS "300c300a0603551d1504030a0101",
		    .fail = FAIL_NONE,
		    .why = "a reason" },
		{ .entries =
			"30223020020105" THIS "300c300a0603551d150403020101",
		    .fail = FAIL_FORMAT,
		    .why = "a reason that is an INTEGER" },
		{ .entries = "30863012020105" THIS,
		    .fail = FAIL_FORMAT,
		    .why = "a list longer than what is signed" },
		{ .extensions = "a00e300c300a0603551d140403020107",
		    .fail = FAIL_NONE,
		    .why = "a number" },
		{ .extensions = "a01a3018300a0603551d140403020107"
				"300a0603551d140403020107",
		    .fail = FAIL_FORMAT,
		    .why = "a number twice" },
		{ .extensions = "a10e300c300a0603551d140403020107",
		    .fail = FAIL_FORMAT,
		    .why = "[1]" },
		{ .extensions = "a00e300c300a0603551d140403020107a000",
		    .fail = FAIL_FORMAT,
		    .why = "something behind the extensions" },
		{ .after = "", .fail = FAIL_FORMAT, .why = "no signature" },
		{ .after = "0303011122",
		    .fail = FAIL_FORMAT,
		    .why = "unused bits" },
		{ .after = "03030011220500",
		    .fail = FAIL_FORMAT,
		    .why = "something behind the signature" },
	};
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct crl crl;
		enum fail f = read_odd(&rows[i], &crl, &out);

		if (f != rows[i].fail)
			fail_msg("%s: %s %s", rows[i].why, fail_name(f),
			    crl.note.text);
		crl_free(&crl);
	}
	buf_free(&out);
}

static void
what_the_list_is_about_is_read(void **state)
{
	/* Critical issuingDistributionPoint: users only, keyCompromise and
	 * cACompromise only, indirect. */
	static const struct odd odd = {
		.extensions =
		    "a01a301830160603551d1c0101ff040c300a8101ff83020560"
		    "8401ff"
	};
	struct buf out;
	struct crl crl;

	(void)state;
	buf_init(&out, 4096);
	if (read_odd(&odd, &crl, &out))
		fail_msg("%s", crl.note.text);
	assert_true(crl.scope.users_only && crl.scope.indirect);
	assert_int_equal(crl.scope.reasons, 0x06);
	assert_false(crl.scope.cas_only || crl.scope.attributes_only);
	assert_false(crl.unknown_critical);
	crl_free(&crl);
	buf_free(&out);
}

static void
unknown_critical_extensions_are_told(void **state)
{
	static const struct odd rows[] = {
		{ .extensions = "a011300f300d06032a03040101ff0403020107" },
		{ .entries = "30253023020105" THIS
			     "300f300d06032a03040101ff0403020107" },
	};
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct crl crl;

		assert_int_equal(read_odd(&rows[i], &crl, &out), FAIL_NONE);
		assert_true(crl.unknown_critical);
		crl_free(&crl);
	}
	buf_free(&out);
}

/* SEQUENCE and a length of four bytes. */
static void
put_long(struct buf *out, uint32_t len)
{
	buf_u8(out, DER_SEQUENCE);
	buf_u8(out, 0x84);
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_u8(out, (uint8_t)(len >> shift));
}

/* Nothing of a long list is kept. */
static void
memory_does_not_grow_with_the_list(void **state)
{
	uint8_t entry[22] = { DER_SEQUENCE, 20, DER_INTEGER, 3, 0, 0, 0 };
	const uint32_t count = 1000000, list = count * sizeof(entry);
	uint8_t serial[] = { 0x0F, 0x42, 0x3F }; /* the last one's */
	struct bytes name = unhex(ISSUER), fields = unhex("020101" ECDSA);
	struct bytes times = unhex(THIS NEXT), tail;
	struct crl_wanted wanted = { name, BYTES_ARRAY(serial) };
	uint32_t tbs = (uint32_t)(fields.len + name.len + times.len) + 6 + list;
	struct buf head;
	struct crl crl;

	(void)state;
	tail = unhex(ECDSA "0303001122");
	memcpy(entry + 7, times.data, 15);
	buf_init(&head, 4096);
	put_long(&head, 6 + tbs + (uint32_t)tail.len);
	put_long(&head, tbs);
	buf_bytes(&head, fields);
	buf_bytes(&head, name);
	buf_bytes(&head, times);
	put_long(&head, list);
	crl_begin(&crl, &wanted, 1);
	assert_int_equal(crl_feed(&crl, buf_view(&head)), FAIL_NONE);
	for (uint32_t i = 0; i < count; i++) {
		entry[4] = (uint8_t)(i >> 16);
		entry[5] = (uint8_t)(i >> 8);
		entry[6] = (uint8_t)i;
		/* A number has no zeros in front. */
		if (i < 0x8000)
			entry[4] = 0x7F;
		if (crl_feed(&crl, BYTES_ARRAY(entry)))
			fail_msg("%u: %s", i, crl.note.text);
	}
	assert_int_equal(crl_feed(&crl, tail), FAIL_NONE);
	assert_int_equal(crl_end(&crl), FAIL_NONE);
	assert_int_equal(crl.count, count);
	assert_true(crl.entries[0].found);
	assert_true(
	    crl.arena.held + crl.pending.room + crl.early.room < 512u << 10);
	crl_free(&crl);
	buf_free(&head);
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, open_memory, close_memory)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(a_list_of_openssl_is_read),
		ROW(the_size_of_pieces_does_not_matter),
		ROW(a_list_cut_off_or_with_more_behind_is_refused),
		ROW(a_changed_list_does_not_verify),
		ROW(odd_lists_are_refused),
		ROW(what_the_list_is_about_is_read),
		ROW(unknown_critical_extensions_are_told),
		ROW(memory_does_not_grow_with_the_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
