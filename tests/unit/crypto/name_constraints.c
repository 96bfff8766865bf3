#include "crypto/name_constraints.h"

#include "crypto/der_read.h"
#include "crypto/der_write.h"
#include "tests/unit/crypto/crypto_test.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* A GeneralName: its tag and its content, "#…" for hex. */
struct name {
	uint8_t tag;
	const char *text;
};

#define MAIL 0x81
#define HOST 0x82
#define URI 0x86
#define ADDRESS 0x87
#define OTHER 0xA0
#define DIRECTORY 0xA4

/* Names of X.501: C=VN, and C=VN, O=A. */
#define VN "#300d310b3009060355040613024356"
#define C_VN "#300d310b300906035504061302564e"
#define C_VN_O_A "#3019310b300906035504061302564e310a3008060355040a0c0141"

static struct bytes
kept(struct bytes in)
{
	uint8_t *copy = arena_take(&memory, in.len + 1, 1);

	memcpy(copy, in.data, in.len);
	return (struct bytes){ copy, in.len };
}

static struct bytes
octets(const char *text)
{
	struct buf out;
	struct bytes all;

	if (text[0] != '#')
		return BYTES_TEXT(text);
	buf_init(&out, 1024);
	for (text++; *text; text += 2)
		buf_u8(&out,
		    (uint8_t)(hex_digit((uint8_t)text[0]) << 4 |
			hex_digit((uint8_t)text[1])));
	all = kept(buf_view(&out));
	buf_free(&out);
	return all;
}

static struct bytes
wrapped(int tag, struct bytes content)
{
	struct buf out;
	struct bytes all;

	buf_init(&out, 1 << 16);
	der_put(&out, (uint8_t)tag, content);
	all = kept(buf_view(&out));
	buf_free(&out);
	return all;
}

static struct bytes
general(const struct name *n)
{
	return wrapped(n->tag, octets(n->text));
}

/* nameConstraints with one subtree in one of its lists. */
static struct bytes
constraints(const struct name *base, bool excluded)
{
	struct bytes subtree = wrapped(DER_SEQUENCE, general(base));

	return wrapped(
	    DER_SEQUENCE, wrapped(DER_CONTEXT_MADE(excluded), subtree));
}

static enum fail
judge(const struct name *base, bool excluded, const struct name *name)
{
	struct cert ca = { .name_constraints = constraints(base, excluded) };
	struct cert cert = { .subject = octets("#3000"),
		.alternatives = wrapped(DER_SEQUENCE, general(name)) };

	return names_within(&ca, &cert, NULL);
}

static void
names_are_within_their_base_or_not(void **state)
{
	static const struct {
		struct name base;
		const char *name;
		bool within;
	} rows[] = {
		{ { HOST, "gov.vn" }, "gov.vn", true },
		{ { HOST, "gov.vn" }, "a.GOV.vn", true },
		{ { HOST, "gov.vn" }, "agov.vn", false },
		{ { HOST, ".gov.vn" }, "a.gov.vn", true },
		{ { HOST, ".gov.vn" }, "gov.vn", false },
		{ { HOST, "" }, "any.thing", true },
		{ { MAIL, "gov.vn" }, "a@gov.vn", true },
		{ { MAIL, "gov.vn" }, "a@x.gov.vn", false },
		{ { MAIL, ".gov.vn" }, "a@x.gov.vn", true },
		{ { MAIL, ".gov.vn" }, "a@gov.vn", false },
		{ { MAIL, "a@gov.vn" }, "a@GOV.vn", true },
		{ { MAIL, "a@gov.vn" }, "A@gov.vn", false },
		{ { MAIL, "gov.vn" }, "\"a@b\"@gov.vn", true },
		{ { URI, "gov.vn" }, "https://gov.vn/x?y", true },
		{ { URI, "gov.vn" }, "https://a.gov.vn", false },
		{ { URI, ".gov.vn" }, "https://u@a.gov.vn:8443/", true },
		{ { URI, ".gov.vn" }, "https://evil.example/.gov.vn", false },
		{ { URI, ".gov.vn" }, "https://a.gov.vn@evil.example", false },
		{ { ADDRESS, "#0a000000ff000000" }, "#0a010203", true },
		{ { ADDRESS, "#0a000000ff000000" }, "#0b010203", false },
		{ { ADDRESS, "#0a000000ff000000" },
		    "#0a010203000000000000000000000000", false },
		{ { DIRECTORY, C_VN }, C_VN_O_A, true },
		{ { DIRECTORY, C_VN }, C_VN, true },
		{ { DIRECTORY, C_VN_O_A }, C_VN, false },
		{ { DIRECTORY, C_VN }, VN, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct name name = { rows[i].base.tag, rows[i].name };
		enum fail permitted = judge(&rows[i].base, false, &name);
		enum fail excluded = judge(&rows[i].base, true, &name);

		if (permitted != (rows[i].within ? FAIL_NONE : FAIL_CHAIN) ||
		    excluded != (rows[i].within ? FAIL_CHAIN : FAIL_NONE))
			fail_msg("row %zu: %s", i, rows[i].name);
	}
}

/* Nobody knows that it is not within what is excluded. */
static void
what_cannot_be_compared_is_refused(void **state)
{
	static const struct {
		struct name base;
		const char *name;
	} rows[] = {
		{ { URI, ".gov.vn" }, "urn:a.gov.vn" },
		{ { URI, ".gov.vn" }, "https://a.gov.vn./" },
		{ { MAIL, "gov.vn" }, "gov.vn" },
		{ { MAIL, "gov.vn" }, "#61004062" },
		{ { HOST, "gov.vn" }, "gov.vn." },
		{ { ADDRESS, "#0a000000ff000000" }, "#0a0102" },
		/* O, as a GraphicString. */
		{ { DIRECTORY, C_VN_O_A },
		    "#3019310b300906035504061302564e310a3008060355040a190141" },
		/* O, in half a letter. */
		{ { DIRECTORY, C_VN_O_A },
		    "#300d310b300906035504"
		    "0a1e020041ff" },
		{ { DIRECTORY, C_VN_O_A }, "#300d310b3009060355040a1e0100" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct name name = { rows[i].base.tag, rows[i].name };

		if (judge(&rows[i].base, false, &name) != FAIL_CHAIN ||
		    judge(&rows[i].base, true, &name) != FAIL_CHAIN)
			fail_msg("row %zu: %s", i, rows[i].name);
	}
}

static void
another_form_is_free_and_an_unknown_one_refused(void **state)
{
	static const struct name host = { HOST, "gov.vn" };
	static const struct name mail = { MAIL, "a@elsewhere.example" };
	static const struct name other = { OTHER, "#0603550403" };

	(void)state;
	assert_int_equal(judge(&host, false, &mail), FAIL_NONE);
	assert_int_equal(judge(&other, false, &mail), FAIL_NONE);
	assert_int_equal(judge(&other, false, &other), FAIL_CHAIN);
	assert_int_equal(judge(&other, true, &other), FAIL_CHAIN);
}

/* CN is left out: only the mail address matters. */
static void
mail_of_a_subject_counts_beside_other_forms(void **state)
{
	static const struct name base = { MAIL, "gov.vn" };
	static const struct name host = { HOST, "x.example" };
	static const struct name mail = { MAIL, "a@gov.vn" };
	struct cert ca = { .name_constraints = constraints(&base, false) };
	/* emailAddress=a@b.vn */
	struct cert cert = { .subject =
				 octets("#301731153013"
					"06092a864886f70d0109011606614062"
					"2e766e") };

	(void)state;
	assert_int_equal(names_within(&ca, &cert, NULL), FAIL_CHAIN);
	cert.alternatives = wrapped(DER_SEQUENCE, general(&host));
	assert_int_equal(names_within(&ca, &cert, NULL), FAIL_CHAIN);
	cert.alternatives = wrapped(DER_SEQUENCE, general(&mail));
	assert_int_equal(names_within(&ca, &cert, NULL), FAIL_NONE);
}

static void
broken_constraints_are_refused(void **state)
{
	static const char *const rows[] = { "#", "#3000ff", "#3103a00100",
		"#3004a0020500", "#3002a200", "#3006a00430820101",
		/* minimum 1 */
		"#300ca00a30088203612e62800101" };
	static const struct name host = { HOST, "a.b" };
	struct cert cert = { .subject = octets("#3000"),
		.alternatives = wrapped(DER_SEQUENCE, general(&host)) };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct cert ca = { .name_constraints = octets(rows[i]) };

		if (names_within(&ca, &cert, NULL) != FAIL_FORMAT)
			fail_msg("row %zu", i);
	}
}

static void
comparisons_are_bounded(void **state)
{
	static const struct name base = { HOST, "a.b" };
	struct bytes one = wrapped(DER_SEQUENCE, general(&base));
	struct bytes name = general(&base);
	struct buf bases, names;
	struct cert ca = { 0 }, cert = { .subject = octets("#3000") };

	(void)state;
	buf_init(&bases, 1 << 20);
	buf_init(&names, 1 << 20);
	for (size_t i = 0; i < 300; i++) {
		buf_bytes(&bases, one);
		buf_bytes(&names, name);
	}
	ca.name_constraints = wrapped(
	    DER_SEQUENCE, wrapped(DER_CONTEXT_MADE(0), buf_view(&bases)));
	cert.alternatives = wrapped(DER_SEQUENCE, buf_view(&names));
	assert_int_equal(names_within(&ca, &cert, NULL), FAIL_LIMIT);
	buf_free(&bases);
	buf_free(&names);
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, open_memory, close_memory)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(names_are_within_their_base_or_not),
		ROW(what_cannot_be_compared_is_refused),
		ROW(another_form_is_free_and_an_unknown_one_refused),
		ROW(mail_of_a_subject_counts_beside_other_forms),
		ROW(broken_constraints_are_refused),
		ROW(comparisons_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
