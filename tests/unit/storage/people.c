#include "storage/people.h"

#include "tests/unit/storage/store_test.h"

static struct person
sample(const char *name)
{
	return (struct person){ .role = ROLE_LEADER,
		.must_change = true,
		.unit = 2,
		.name = BYTES_TEXT(name),
		.full_name = BYTES_TEXT("Châu Ngô Anh Nhân"),
		.title = BYTES_TEXT("Giám đốc"),
		.password = BYTES_TEXT("$argon2id$…"),
		.cert = { 1, 2, 3 } };
}

static uint64_t
add(struct txn *txn, const char *name)
{
	struct person p = sample(name);

	assert_int_equal(people_add(txn, &p), FAIL_NONE);
	return p.id;
}

static void
person_is_found_by_name_and_by_number(void **state)
{
	struct place *p = *state;
	struct person want = sample("cnanhan"), is[2];

	assert_int_equal(people_add(p->txn, &want), FAIL_NONE);
	assert_true(want.id == 1);
	assert_int_equal(people_get(p->txn, 1, &is[0]), FAIL_NONE);
	assert_int_equal(
	    people_find(p->txn, BYTES_TEXT("cnanhan"), &is[1]), FAIL_NONE);
	for (size_t i = 0; i < 2; i++) {
		assert_true(is[i].id == 1 && is[i].role == ROLE_LEADER);
		assert_true(is[i].must_change && !is[i].locked);
		assert_int_equal(is[i].unit, 2);
		assert_true(bytes_equal(is[i].name, want.name));
		assert_true(bytes_equal(is[i].full_name, want.full_name));
		assert_true(bytes_equal(is[i].title, want.title));
		assert_true(bytes_equal(is[i].password, want.password));
		assert_memory_equal(is[i].cert, want.cert, HASH_LEN);
	}
}

static void
nobody_is_missing_and_leaves_the_person_alone(void **state)
{
	struct place *p = *state;
	struct person is = { .id = 77 };

	assert_int_equal(people_get(p->txn, 1, &is), FAIL_MISSING);
	assert_int_equal(
	    people_find(p->txn, BYTES_TEXT(""), &is), FAIL_MISSING);
	assert_int_equal(
	    people_find(p->txn, BYTES_TEXT("x"), &is), FAIL_MISSING);
	assert_true(is.id == 77);
}

static void
name_is_never_given_twice(void **state)
{
	struct place *p = *state;
	struct person again = sample("lnam"), first;

	assert_true(add(p->txn, "lnam") == 1);
	assert_int_equal(people_add(p->txn, &again), FAIL_EXISTS);
	assert_int_equal(
	    people_find(p->txn, BYTES_TEXT("lnam"), &first), FAIL_NONE);
	assert_true(first.id == 1);
	first.locked = true;
	assert_int_equal(people_put(p->txn, &first), FAIL_NONE);
	assert_int_equal(people_add(p->txn, &again), FAIL_EXISTS);
}

static void
changes_are_kept_under_the_same_number(void **state)
{
	struct place *p = *state;
	struct person is, changed = sample("lnam");

	assert_int_equal(people_add(p->txn, &changed), FAIL_NONE);
	changed.locked = true;
	changed.must_change = false;
	changed.role = ROLE_STAFF;
	changed.password = BYTES_TEXT("other");
	assert_int_equal(people_put(p->txn, &changed), FAIL_NONE);
	assert_int_equal(
	    people_find(p->txn, BYTES_TEXT("lnam"), &is), FAIL_NONE);
	assert_true(is.locked && !is.must_change && is.role == ROLE_STAFF);
	assert_true(bytes_equal_text(is.password, "other"));
}

static void
long_names_are_told_apart(void **state)
{
	struct place *p = *state;
	char name[PERSON_TEXT_MAX + 1];
	struct person is;

	memset(name, 'a', sizeof(name));
	name[PERSON_TEXT_MAX] = '\0';
	assert_true(add(p->txn, name) == 1);
	name[PERSON_TEXT_MAX - 1] = 'b';
	assert_true(add(p->txn, name) == 2);
	assert_int_equal(people_find(p->txn, BYTES_TEXT(name), &is), FAIL_NONE);
	assert_true(is.id == 2);
}

static enum fail
note_id(void *context, const struct person *person)
{
	uint64_t *sum = context;

	*sum = *sum * 10 + person->id;
	return person->id == 4 ? FAIL_LIMIT : FAIL_NONE;
}

static void
everybody_is_visited_in_order_until_told_to_stop(void **state)
{
	struct place *p = *state;
	uint64_t sum = 0;

	assert_int_equal(people_each(p->txn, note_id, &sum), FAIL_NONE);
	assert_true(sum == 0);
	add(p->txn, "a");
	add(p->txn, "c");
	add(p->txn, "b");
	assert_int_equal(people_each(p->txn, note_id, &sum), FAIL_NONE);
	assert_true(sum == 123);
	add(p->txn, "d");
	add(p->txn, "e");
	sum = 0;
	assert_int_equal(people_each(p->txn, note_id, &sum), FAIL_LIMIT);
	assert_true(sum == 1234);
}

static void
unknown_version_or_role_is_corrupt(void **state)
{
	struct place *p = *state;
	struct bytes held;
	struct person is;
	uint8_t key[8], copy[1024];

	add(p->txn, "a");
	key_u64(key, 1);
	assert_int_equal(
	    table_get(p->txn, TABLE_PEOPLE, BYTES_ARRAY(key), &held),
	    FAIL_NONE);
	assert_true(held.len <= sizeof(copy));
	memcpy(copy, held.data, held.len);
	held = (struct bytes){ copy, held.len };
	copy[0] = 2;
	assert_int_equal(
	    table_put(p->txn, TABLE_PEOPLE, BYTES_ARRAY(key), held), FAIL_NONE);
	assert_int_equal(people_get(p->txn, 1, &is), FAIL_CORRUPT);
	copy[0] = 1;
	copy[1] = ROLE_COUNT_PEOPLE;
	assert_int_equal(
	    table_put(p->txn, TABLE_PEOPLE, BYTES_ARRAY(key), held), FAIL_NONE);
	assert_int_equal(people_get(p->txn, 1, &is), FAIL_CORRUPT);
}

static void
every_role_has_its_own_name(void **state)
{
	(void)state;
	for (enum person_role a = ROLE_CLERK; a < ROLE_COUNT_PEOPLE; a++) {
		assert_true(person_role_name(a)[0]);
		for (enum person_role b = ROLE_CLERK; b < a; b++)
			assert_string_not_equal(
			    person_role_name(a), person_role_name(b));
	}
	assert_string_equal(person_role_name(ROLE_NOBODY), "");
	assert_string_equal(person_role_name(ROLE_COUNT_PEOPLE), "");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(person_is_found_by_name_and_by_number),
		ROW(nobody_is_missing_and_leaves_the_person_alone),
		ROW(name_is_never_given_twice),
		ROW(changes_are_kept_under_the_same_number),
		ROW(long_names_are_told_apart),
		ROW(everybody_is_visited_in_order_until_told_to_stop),
		ROW(unknown_version_or_role_is_corrupt),
		cmocka_unit_test(every_role_has_its_own_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
