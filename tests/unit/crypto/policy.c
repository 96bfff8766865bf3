#include "crypto/policy.h"

#include "crypto/der_read.h"
#include "crypto/der_write.h"
#include "tests/unit/crypto/crypto_test.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define CERTS 4u

/* What a certificate says: policies, letters, '*' for anyPolicy; and mappings,
 * two letters each. */
struct says {
	const char *p, *m;
	int require, inhibit_mapping, inhibit_any; /* plus one; 0: nothing */
	bool self_issued;
};

static struct bytes
kept(struct bytes in)
{
	uint8_t *copy = arena_take(&memory, in.len + 1, 1);

	memcpy(copy, in.data, in.len);
	return (struct bytes){ copy, in.len };
}

/* 1.2.N for a letter. */
static struct bytes
oid_of(char letter)
{
	uint8_t content[] = { 0x2A, (uint8_t)letter };

	return letter == '*' ? oid_content(OID_ANY_POLICY) :
			       kept(BYTES_ARRAY(content));
}

/* So many letters each make a SEQUENCE of OIDs. */
static struct bytes
sequence(const char *letters, size_t each)
{
	struct buf list, one, all;
	struct bytes made;

	if (!letters)
		return (struct bytes){ NULL, 0 };
	buf_init(&list, 65536);
	buf_init(&one, 256);
	buf_init(&all, 65536);
	for (; *letters; letters += each) {
		buf_clear(&one);
		for (size_t i = 0; i < each; i++)
			der_put(&one, DER_OID, oid_of(letters[i]));
		der_put(&list, DER_SEQUENCE, buf_view(&one));
	}
	der_put(&all, DER_SEQUENCE, buf_view(&list));
	made = kept(buf_view(&all));
	buf_free(&all);
	buf_free(&one);
	buf_free(&list);
	return made;
}

static enum fail
walk(const struct path_policy *policy, const struct says *certs, size_t count)
{
	struct policy_state state;
	enum fail f = policy_begin(&state, policy, count);

	for (size_t i = 0; i < count && !f; i++) {
		struct cert cert = {
			.policies = sequence(certs[i].p, 1),
			.policy_mappings = sequence(certs[i].m, 2),
			.require_policy = certs[i].require - 1,
			.inhibit_mapping = certs[i].inhibit_mapping - 1,
			.inhibit_any = certs[i].inhibit_any - 1,
			.subject = BYTES_TEXT("s"),
			.issuer = BYTES_TEXT(certs[i].self_issued ? "s" : "i"),
		};

		f = policy_next(&state, &cert, i + 1 == count, NULL);
	}
	return f;
}

/* CA first, leaf last. */
static const struct {
	const char *wanted;
	bool explicit_policy, no_mapping, no_any;
	struct says certs[CERTS];
	size_t count;
	enum fail fail;
} rows[] = {
	/* Nobody asks. */
	{ "", 0, 0, 0, { { 0 }, { 0 } }, 2, FAIL_NONE },
	{ "A", 0, 0, 0, { { 0 }, { 0 } }, 2, FAIL_NONE },
	/* Somebody asks. */
	{ "", 1, 0, 0, { { 0 }, { 0 } }, 2, FAIL_CHAIN },
	{ "", 1, 0, 0, { { .p = "A" }, { .p = "A" } }, 2, FAIL_NONE },
	{ "", 1, 0, 0, { { .p = "A" }, { .p = "B" } }, 2, FAIL_CHAIN },
	{ "A", 1, 0, 0, { { .p = "AB" }, { .p = "AB" } }, 2, FAIL_NONE },
	{ "C", 1, 0, 0, { { .p = "AB" }, { .p = "AB" } }, 2, FAIL_CHAIN },
	{ "*", 1, 0, 0, { { .p = "AB" }, { .p = "AB" } }, 2, FAIL_NONE },
	/* A certificate demands it. */
	{ "", 0, 0, 0, { { .p = "A", .require = 1 }, { .p = "A" } }, 2,
	    FAIL_NONE },
	{ "", 0, 0, 0, { { .p = "A", .require = 1 }, { .p = "B" } }, 2,
	    FAIL_CHAIN },
	{ "", 0, 0, 0, { { .p = "A", .require = 2 }, { .p = "B" } }, 2,
	    FAIL_CHAIN }, /* 6.1.5 (a) counts down once more */
	{ "", 0, 0, 0, { { .p = "A", .require = 3 }, { .p = "B" } }, 2,
	    FAIL_NONE },
	{ "", 0, 0, 0, { { .p = "A" }, { .p = "B", .require = 1 } }, 2,
	    FAIL_CHAIN },
	{ "", 0, 0, 0,
	    { { .p = "A", .require = 2 }, { .p = "A", .self_issued = 1 },
		{ .p = "B" } },
	    3, FAIL_CHAIN },
	/* anyPolicy. */
	{ "A", 1, 0, 0, { { .p = "*" }, { .p = "A" } }, 2, FAIL_NONE },
	{ "A", 1, 0, 0, { { .p = "A" }, { .p = "*" } }, 2, FAIL_NONE },
	{ "A", 1, 0, 0, { { .p = "*" }, { .p = "*" } }, 2, FAIL_NONE },
	{ "A", 1, 0, 0, { { .p = "B" }, { .p = "*" } }, 2, FAIL_CHAIN },
	{ "A", 1, 0, 1, { { .p = "*" }, { .p = "A" } }, 2, FAIL_CHAIN },
	{ "A", 1, 0, 1, { { .p = "*", .self_issued = 1 }, { .p = "A" } }, 2,
	    FAIL_NONE },
	{ "A", 1, 0, 0, { { .p = "A", .inhibit_any = 1 }, { .p = "*" } }, 2,
	    FAIL_CHAIN },
	/* Mappings. */
	{ "A", 1, 0, 0, { { .p = "A", .m = "AB" }, { .p = "B" } }, 2,
	    FAIL_NONE },
	{ "B", 1, 0, 0, { { .p = "A", .m = "AB" }, { .p = "B" } }, 2,
	    FAIL_CHAIN },
	{ "A", 1, 0, 0, { { .p = "A", .m = "AB" }, { .p = "A" } }, 2,
	    FAIL_CHAIN },
	{ "A", 1, 1, 0, { { .p = "A", .m = "AB" }, { .p = "B" } }, 2,
	    FAIL_CHAIN },
	{ "A", 1, 0, 0, { { .p = "A", .m = "ABAC" }, { .p = "C" } }, 2,
	    FAIL_NONE },
	{ "A", 1, 0, 0, { { .p = "*", .m = "AB" }, { .p = "B" } }, 2,
	    FAIL_NONE },
	{ "B", 1, 0, 0, { { .p = "*", .m = "AB" }, { .p = "B" } }, 2,
	    FAIL_CHAIN },
	{ "A", 1, 0, 0, { { .p = "A", .m = "A*" }, { .p = "A" } }, 2,
	    FAIL_CHAIN },
	{ "A", 1, 0, 0, { { .p = "A", .m = "*B" }, { .p = "B" } }, 2,
	    FAIL_CHAIN },
	{ "A", 1, 0, 0,
	    { { .p = "A", .m = "AB" }, { .p = "B", .m = "BC" },
		{ .p = "C", .m = "CD" }, { .p = "D" } },
	    4, FAIL_NONE },
	{ "A", 1, 0, 0,
	    { { .p = "A", .m = "AB", .inhibit_mapping = 1 },
		{ .p = "B", .m = "BC" }, { .p = "C" } },
	    3, FAIL_CHAIN },
	/* Two that become one keep both their roots. */
	{ "A", 1, 0, 0, { { .p = "AB", .m = "ACBC" }, { .p = "C" } }, 2,
	    FAIL_NONE },
	{ "B", 1, 0, 0, { { .p = "AB", .m = "ACBC" }, { .p = "C" } }, 2,
	    FAIL_NONE },
	/* 4.2.1.4: none stands twice. */
	{ "A", 1, 0, 0, { { .p = "AA" }, { .p = "A" } }, 2, FAIL_FORMAT },
	{ "A", 1, 0, 0, { { .p = "**" }, { .p = "A" } }, 2, FAIL_FORMAT },
};

static void
paths_have_a_wanted_policy_or_not(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bytes wanted[4];
		struct path_policy policy = { .wanted = wanted,
			.wanted_count = strlen(rows[i].wanted),
			.explicit_policy = rows[i].explicit_policy,
			.inhibit_mapping = rows[i].no_mapping,
			.inhibit_any = rows[i].no_any };
		enum fail f;

		for (size_t k = 0; k < policy.wanted_count; k++)
			wanted[k] = oid_of(rows[i].wanted[k]);
		f = walk(&policy, rows[i].certs, rows[i].count);
		if (f != rows[i].fail)
			fail_msg("row %zu: %s", i, fail_name(f));
	}
}

/* A tree of the standard's own kind would have 2^n leaves here. */
static void
hostile_mappings_stay_small(void **state)
{
	char policies[101], mappings[401];
	struct says certs[CERTS];
	static const struct path_policy policy = { .explicit_policy = true };
	size_t n = 0;

	(void)state;
	for (char c = 27; c < 127; c++)
		policies[n++] = c == '*' ? 127 : c;
	policies[n] = '\0';
	for (size_t i = 0; i < 100; i++) {
		mappings[4 * i] = mappings[4 * i + 2] = policies[i];
		mappings[4 * i + 1] = policies[(i + 1) % 100];
		mappings[4 * i + 3] = policies[(i + 7) % 100];
	}
	mappings[400] = '\0';
	for (size_t i = 0; i < CERTS; i++)
		certs[i] = (struct says){ policies, mappings, 0, 0, 0, false };
	assert_int_equal(walk(&policy, certs, CERTS), FAIL_NONE);
}

static void
too_many_are_refused(void **state)
{
	static struct bytes wanted[POLICY_WANTED_MAX + 1];
	struct path_policy policy = { .wanted = wanted,
		.wanted_count = POLICY_WANTED_MAX + 1 };
	struct policy_state s;
	struct buf list, all;
	struct cert cert = { .subject = BYTES_TEXT("s"),
		.issuer = BYTES_TEXT("i") };

	(void)state;
	assert_int_equal(policy_begin(&s, &policy, 1), FAIL_LIMIT);
	buf_init(&list, 65536);
	buf_init(&all, 65536);
	for (unsigned i = 0; i <= POLICY_LEVEL_MAX; i++) {
		uint8_t one[] = { 0x30, 5, 6, 3, 0x2A, (uint8_t)(i >> 7 | 0x80),
			(uint8_t)(i & 127) };

		buf_add(&list, one, sizeof(one));
	}
	der_put(&all, DER_SEQUENCE, buf_view(&list));
	cert.policies = buf_view(&all);
	assert_int_equal(policy_begin(&s, NULL, 1), FAIL_NONE);
	assert_int_equal(policy_next(&s, &cert, true, NULL), FAIL_LIMIT);
	buf_free(&all);
	buf_free(&list);
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, open_memory, close_memory)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(paths_have_a_wanted_policy_or_not),
		ROW(hostile_mappings_stay_small),
		ROW(too_many_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
