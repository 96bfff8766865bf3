#include "crypto/name.h"

#include "base/text.h"
#include "crypto/der_read.h"
#include "crypto/der_write.h"
#include "crypto/oid.h"
#include "tests/unit/crypto/crypto_test.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
put_hex(struct buf *out, const char *hex)
{
	size_t len = strlen(hex) / 2;
	uint8_t *at = buf_grow(out, len);

	assert_int_equal(buf_fail(out), FAIL_NONE);
	assert_true(bytes_from_hex(hex, 2 * len, at, len));
}

static void
name_shows(const char *value, const char *want)
{
	struct buf name, out;
	der_mark all, set, pair;

	buf_init(&name, 1000);
	buf_init(&out, 1000);
	all = set = pair = der_begin(&name);
	oid_put(&name, OID_COMMON_NAME);
	put_hex(&name, value);
	der_end_with(&name, pair, DER_SEQUENCE);
	der_end_with(&name, set, DER_SET);
	der_end_with(&name, all, DER_SEQUENCE);
	assert_int_equal(name_text(buf_view(&name), &out), FAIL_NONE);
	if (!bytes_equal_text(buf_view(&out), want))
		fail_msg("%s shown as %.*s", value, (int)out.len, out.data);
	assert_true(text_valid(buf_view(&out)));
	buf_free(&name);
	buf_free(&out);
}

static void
values_become_utf8_without_controls(void **state)
{
	static const struct {
		const char *value, *shown;
	} rows[] = {
		{ "0c04e1baa56e", "CN=ấn" },
		{ "13024142", "CN=AB" },
		{ "16024142", "CN=AB" },
		{ "1e041ea5006e", "CN=ấn" },
		{ "1e00", "CN=" },
		{ "0c00", "CN=" },
		{ "0c03410a42", "CN=A?B" },
		{ "0c03410042", "CN=A?B" },
		{ "0c03417f42", "CN=A?B" },
		{ "0c01ff", "CN=?" },
		{ "0c02c380", "CN=À" },
		{ "1e02000a", "CN=?" },
		{ "1e0300410a", "CN=A?" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		name_shows(rows[i].value, rows[i].shown);
}

/* U+D83D U+DE00 in a BMPString (UTF-16 code units are not characters). */
static void
surrogates_in_a_bmp_string_do_not_break_utf8(void **state)
{
	(void)state;
	name_shows("1e04d83dde00", "CN=??");
	name_shows("1e02d800", "CN=?");
}

static void
broken_names_are_refused(void **state)
{
	static const struct {
		const char *name, *why;
	} rows[] = {
		{ "", "nothing" },
		{ "3100", "a SET" },
		{ "30023000", "SEQUENCE where a SET stands" },
		{ "30023100", "an empty set" },
		{ "300a3108300606035504030c", "value cut" },
		{ "3009310730050603550403", "no value" },
		{ "300e310c300a06035504030c01540500", "a third part" },
		{ "300c310a300806035504030c015400", "trailing byte" },
	};
	struct buf in, out;

	(void)state;
	buf_init(&in, 1000);
	buf_init(&out, 1000);
	for (size_t i = 0; i < COUNT(rows); i++) {
		buf_clear(&in);
		put_hex(&in, rows[i].name);
		if (name_text(buf_view(&in), &out) != FAIL_FORMAT)
			fail_msg("%s", rows[i].why);
	}
	buf_free(&in);
	buf_free(&out);
}

static void
who_it_is(void **state)
{
	static const struct {
		const char *name, *shown;
	} rows[] = {
		/* CN=A, O=B, CN=C: the last common name. */
		{ "3024"
		  "310a300806035504030c0141"
		  "310a3008060355040a0c0142"
		  "310a300806035504030c0143",
		    "C" },
		/* BMPString and UniversalString. */
		{ "300f310d300b06035504031e0400421ed9", "Bộ" },
		{ "3013"
		  "3111300f06035504031c080000004200001ed9",
		    "Bộ" },
		/* T61String: UTF-8, or else Latin-1. */
		{ "300f310d300b0603550403140442e1bb99", "Bộ" },
		{ "300d310b30090603550403140242e9", "Bé" },
		/* CN=C, CN=B as BMPString. */
		{ "3019"
		  "310a300806035504030c0143"
		  "310b300906035504031e020042",
		    "B" },
		/* Half a letter. */
		{ "300e310c300a06035504031e0300421e", "B?" },
		{ "300c310a3008060355040a0c0142", "O=B" },
		{ "3000", "" },
	};
	char shown[32];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		name_keep(unhex(rows[i].name), shown, sizeof(shown));
		assert_string_equal(shown, rows[i].shown);
	}
}

/* ---- comparing ---- */

/* A name with one attribute, its value in hex, type O. */
static struct bytes
organization(const char *value, struct buf *out)
{
	der_mark all, set, pair;

	buf_init(out, 1000);
	all = set = pair = der_begin(out);
	oid_put(out, OID_ORGANIZATION);
	put_hex(out, value);
	der_end_with(out, pair, DER_SEQUENCE);
	der_end_with(out, set, DER_SET);
	der_end_with(out, all, DER_SEQUENCE);
	return buf_view(out);
}

static void
letters_count_and_not_how_they_are_written(void **state)
{
	static const struct {
		const char *a, *b;
		bool equal;
		const char *why;
	} rows[] = {
		{ "0c024142", "13024142", true, "UTF8String, PrintableString" },
		{ "0c024142", "1e0400410042", true, "BMPString" },
		{ "0c024142", "0c026162", true, "small letters" },
		{ "0c03412042", "0c054120202042", true, "spaces between" },
		{ "0c024142", "0c0420414220", true, "spaces around" },
		{ "0c024142", "0c03412042", false, "a space more" },
		{ "0c024142", "0c03414243", false, "a letter more" },
		{ "0c024142", "0c0141", false, "a letter less" },
		{ "0c00", "0c0120", true, "nothing but a space" },
		{ "0c02c3a0", "0c02c380", false, "letters beyond ASCII" },
		{ "0c02c3a0", "1e0200e0", true, "the same letter beyond it" },
		{ "0c03410042", "0c03410043", false, "behind a NUL" },
		{ "1402c3a0", "0c02c3a0", true, "UTF-8 in a T61String" },
		{ "1401e0", "0c02c3a0", true, "Latin-1 in a T61String" },
		{ "1c04000000e0", "0c02c3a0", true, "UniversalString" },
		{ "1a024142", "1b024142", true, "Visible and General" },
		{ "1401ff", "1401fe", false, "bytes that are no UTF-8" },
		{ "1401ff", "1401ff", true, "the same bytes" },
		{ "0401ff", "0401ff", true, "no text, the same" },
		{ "04014a", "04016a", false, "no text" },
		{ "1e0100", "1e00", false, "half a letter" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buf a, b;
		struct bytes x = organization(rows[i].a, &a);
		struct bytes y = organization(rows[i].b, &b);

		if (name_equal(x, y) != rows[i].equal ||
		    name_equal(y, x) != rows[i].equal)
			fail_msg("%s", rows[i].why);
		buf_free(&a);
		buf_free(&b);
	}
}

#define CN_A "300806035504030c0141"
#define CN_B "300806035504030c0142"
#define O_A "3008060355040a0c0141"

static void
a_name_lies_within_its_beginnings(void **state)
{
	static const struct {
		const char *name, *prefix;
		bool within, equal;
	} rows[] = {
		{ "3018310a" O_A "310a" CN_A, "300c310a" O_A, true, false },
		{ "3018310a" O_A "310a" CN_A, "3000", true, false },
		{ "3018310a" O_A "310a" CN_A, "300c310a" CN_A, false, false },
		{ "300c310a" O_A, "3018310a" O_A "310a" CN_A, false, false },
		{ "300c310a" O_A, "300c310a" O_A, true, true },
		{ "300c310a" CN_A, "300c310a" CN_B, false, false },
		{ "300c310a" CN_A, "300c310a" O_A, false, false },
		/* A set of two is not a set of one, nor two sets. */
		{ "30163114" CN_A O_A, "300c310a" CN_A, false, false },
		{ "30163114" CN_A O_A, "3018310a" CN_A "310a" O_A, false,
		    false },
		{ "30163114" CN_A O_A, "30163114" CN_A O_A, true, true },
		{ "30163114" CN_A O_A, "30163114" O_A CN_A, true, true },
		{ "30163114" CN_A CN_A, "30163114" CN_A CN_B, false, false },
		{ "3000", "3000", true, true },
		{ "31", "3000", false, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buf a, b;

		buf_init(&a, 1000);
		buf_init(&b, 1000);
		put_hex(&a, rows[i].name);
		put_hex(&b, rows[i].prefix);
		if (name_within(buf_view(&a), buf_view(&b)) != rows[i].within ||
		    name_equal(buf_view(&a), buf_view(&b)) != rows[i].equal)
			fail_msg("row %zu", i);
		buf_free(&a);
		buf_free(&b);
	}
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, open_memory, close_memory)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(values_become_utf8_without_controls),
		ROW(surrogates_in_a_bmp_string_do_not_break_utf8),
		ROW(broken_names_are_refused),
		ROW(who_it_is),
		ROW(letters_count_and_not_how_they_are_written),
		ROW(a_name_lies_within_its_beginnings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
