#include "firmware/message.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* The table once more, as data: every row is tried the same way. */
static const struct row {
	uint16_t kind;
	const char *name;
	enum role from, to;
	size_t least, most, fds;
} rows[] = {
#define M(name, number, from, to, least, most, fds) \
	{ number, #name, ROLE_##from, ROLE_##to, least, most, fds },
	MESSAGES(M)
#undef M
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static uint8_t payload[CHANNEL_PAYLOAD_MAX + 1];

static struct message
message_of(const struct row *row, size_t len, size_t fds)
{
	return (struct message){ .kind = row->kind,
		.payload = { payload, len },
		.fds = { -1, -1, -1 },
		.fd_count = fds };
}

static bool
allowed(const struct row *row, size_t len, size_t fds)
{
	struct message m = message_of(row, len, fds);

	return message_allowed(&m, row->from, row->to);
}

static void
row_is_allowed_at_both_ends_of_its_length(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		assert_true(allowed(&rows[i], rows[i].least, 0));
		assert_true(allowed(&rows[i], rows[i].most, rows[i].fds));
	}
}

static void
row_is_refused_between_any_other_roles(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS; i++)
		for (enum role from = ROLE_CORE; from <= ROLE_WORKER; from++)
			for (enum role to = ROLE_CORE; to <= ROLE_WORKER;
			     to++) {
				struct message m =
				    message_of(&rows[i], rows[i].least, 0);

				assert_int_equal(message_allowed(&m, from, to),
				    from == rows[i].from && to == rows[i].to);
			}
}

static void
row_is_refused_one_byte_too_short(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].least)
			assert_false(allowed(&rows[i], rows[i].least - 1, 0));
}

static void
row_is_refused_one_byte_too_long(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS; i++)
		assert_false(allowed(&rows[i], rows[i].most + 1, 0));
}

static void
row_is_refused_with_one_descriptor_too_many(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS; i++)
		assert_false(allowed(&rows[i], rows[i].least, rows[i].fds + 1));
}

static void
number_without_a_row_is_refused(void **state)
{
	(void)state;
	for (unsigned kind = 0; kind <= UINT16_MAX; kind++) {
		struct row unknown = { .kind = (uint16_t)kind };
		struct message m = message_of(&unknown, 32, 0);
		bool known = false;

		for (size_t i = 0; i < ROWS; i++)
			known = known || rows[i].kind == kind;
		if (known)
			continue;
		for (enum role r = ROLE_CORE; r <= ROLE_WORKER; r++) {
			assert_false(message_allowed(&m, r, ROLE_CORE));
			assert_false(message_allowed(&m, ROLE_CORE, r));
		}
		assert_string_equal(message_name(m.kind), "unknown");
	}
}

static void
rows_have_numbers_of_their_own_and_fit_the_channel(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		assert_true(rows[i].least <= rows[i].most);
		assert_true(rows[i].most <= CHANNEL_PAYLOAD_MAX);
		assert_true(rows[i].fds < CHANNEL_FDS_MAX);
		assert_string_equal(message_name(rows[i].kind), rows[i].name);
		for (size_t j = 0; j < i; j++)
			assert_int_not_equal(rows[i].kind, rows[j].kind);
	}
}

static void
core_is_on_one_side_of_every_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS; i++)
		assert_true(
		    (rows[i].from == ROLE_CORE) != (rows[i].to == ROLE_CORE));
}

static size_t
open_descriptors(void)
{
	size_t n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void
every_row_goes_through_a_channel_and_a_wrong_one_leaves_nothing(void **state)
{
	uint8_t *room = malloc(CHANNEL_PAYLOAD_MAX + 16);
	int ends[2];

	(void)state;
	assert_non_null(room);
	assert_int_equal(channel_pair(ends), FAIL_NONE);
	for (size_t i = 0; i < ROWS; i++) {
		const struct row *row = &rows[i];
		struct message m = message_of(row, row->most, 0), got;
		size_t before = open_descriptors();

		m.id = i;
		assert_int_equal(channel_send(ends[0], &m), FAIL_NONE);
		assert_int_equal(
		    message_receive(ends[1], room, row->from, row->to, &got),
		    FAIL_NONE);
		assert_true(got.id == i && got.kind == row->kind);
		assert_int_equal(got.payload.len, row->most);
		/* The same with a descriptor too many. */
		m.payload.len = row->least;
		m.fd_count = row->fds + 1;
		for (size_t n = 0; n < m.fd_count; n++)
			m.fds[n] = 0;
		assert_int_equal(channel_send(ends[0], &m), FAIL_NONE);
		assert_int_equal(
		    message_receive(ends[1], room, row->from, row->to, &got),
		    FAIL_PEER);
		assert_int_equal(open_descriptors(), before);
	}
	close(ends[0]);
	close(ends[1]);
	free(room);
}

static void
body_that_failed_is_not_sent_and_is_cleared(void **state)
{
	uint8_t *room = malloc(CHANNEL_PAYLOAD_MAX + 16);
	struct message got;
	struct buf body;
	int ends[2];

	(void)state;
	assert_non_null(room);
	assert_int_equal(channel_pair(ends), FAIL_NONE);
	buf_init(&body, 10);
	buf_text(&body, "longer than that");
	assert_int_equal(
	    message_send(ends[0], MESSAGE_ANSWER, 1, &body, -1), FAIL_LIMIT);
	assert_int_equal(body.len, 0);
	assert_int_equal(buf_fail(&body), FAIL_NONE);
	assert_int_equal(channel_receive(ends[1], room, &got), FAIL_MISSING);
	buf_free(&body);
	close(ends[0]);
	close(ends[1]);
	free(room);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(row_is_allowed_at_both_ends_of_its_length),
		cmocka_unit_test(row_is_refused_between_any_other_roles),
		cmocka_unit_test(row_is_refused_one_byte_too_short),
		cmocka_unit_test(row_is_refused_one_byte_too_long),
		cmocka_unit_test(row_is_refused_with_one_descriptor_too_many),
		cmocka_unit_test(number_without_a_row_is_refused),
		cmocka_unit_test(
		    rows_have_numbers_of_their_own_and_fit_the_channel),
		cmocka_unit_test(core_is_on_one_side_of_every_row),
		cmocka_unit_test(
		    every_row_goes_through_a_channel_and_a_wrong_one_leaves_nothing),
		cmocka_unit_test(body_that_failed_is_not_sent_and_is_cleared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
