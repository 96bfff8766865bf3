#include "base/channel.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

struct both {
	int ends[2];
	uint8_t *room;
};

static int
open_both(void **state)
{
	struct both *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	b->room = malloc(CHANNEL_PAYLOAD_MAX + 16);
	assert_non_null(b->room);
	assert_int_equal(channel_pair(b->ends), FAIL_NONE);
	*state = b;
	return 0;
}

static int
close_both(void **state)
{
	struct both *b = *state;

	for (size_t i = 0; i < 2; i++)
		if (b->ends[i] >= 0)
			close(b->ends[i]);
	free(b->room);
	free(b);
	return 0;
}

static struct message
message_of(uint16_t kind, struct bytes payload)
{
	return (struct message){ .kind = kind,
		.id = UINT64_C(0x0102030405060708),
		.payload = payload,
		.fds = { -1, -1, -1 } };
}

static size_t
open_descriptors(void)
{
	size_t n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static int
file_of(const char *text)
{
	int fd = memfd_create("test", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	return fd;
}

static void
messages_arrive_whole_and_in_order(void **state)
{
	struct both *b = *state;
	struct message got;

	for (uint16_t kind = 1; kind <= 5; kind++) {
		struct message m = message_of(kind, BYTES_TEXT("payload"));

		m.payload.len = kind;
		assert_int_equal(channel_send(b->ends[0], &m), FAIL_NONE);
	}
	for (uint16_t kind = 1; kind <= 5; kind++) {
		assert_int_equal(
		    channel_receive(b->ends[1], b->room, &got), FAIL_NONE);
		assert_int_equal(got.kind, kind);
		assert_true(got.id == UINT64_C(0x0102030405060708));
		assert_int_equal(got.payload.len, kind);
		assert_memory_equal(got.payload.data, "payload", kind);
		assert_int_equal(got.fd_count, 0);
	}
	assert_int_equal(
	    channel_receive(b->ends[1], b->room, &got), FAIL_MISSING);
}

static void
empty_and_greatest_payloads_pass_and_a_greater_one_is_refused(void **state)
{
	static uint8_t data[CHANNEL_PAYLOAD_MAX + 1];
	struct both *b = *state;
	struct message got, m = message_of(1, (struct bytes){ NULL, 0 });

	data[CHANNEL_PAYLOAD_MAX - 1] = 7;
	assert_int_equal(channel_send(b->ends[0], &m), FAIL_NONE);
	assert_int_equal(channel_receive(b->ends[1], b->room, &got), FAIL_NONE);
	assert_int_equal(got.payload.len, 0);
	m.payload = (struct bytes){ data, CHANNEL_PAYLOAD_MAX };
	assert_int_equal(channel_send(b->ends[0], &m), FAIL_NONE);
	assert_int_equal(channel_receive(b->ends[1], b->room, &got), FAIL_NONE);
	assert_true(bytes_equal(got.payload, m.payload));
	m.payload.len++;
	assert_int_equal(channel_send(b->ends[0], &m), FAIL_LIMIT);
	assert_int_equal(
	    channel_receive(b->ends[1], b->room, &got), FAIL_MISSING);
}

static void
descriptors_arrive_and_the_senders_stay_its_own(void **state)
{
	static const char *const texts[] = { "một", "hai", "ba" };
	struct both *b = *state;
	struct message got, m = message_of(1, (struct bytes){ NULL, 0 });

	for (size_t i = 0; i < CHANNEL_FDS_MAX; i++)
		m.fds[m.fd_count++] = file_of(texts[i]);
	assert_int_equal(channel_send(b->ends[0], &m), FAIL_NONE);
	for (size_t i = 0; i < CHANNEL_FDS_MAX; i++)
		assert_int_equal(close(m.fds[i]), 0);
	assert_int_equal(channel_receive(b->ends[1], b->room, &got), FAIL_NONE);
	assert_int_equal(got.fd_count, CHANNEL_FDS_MAX);
	for (size_t i = 0; i < CHANNEL_FDS_MAX; i++) {
		char text[8] = "";

		assert_true(fcntl(got.fds[i], F_GETFD) & FD_CLOEXEC);
		assert_true(pread(got.fds[i], text, 7, 0) > 0);
		assert_string_equal(text, texts[i]);
	}
	message_close_fds(&got);
}

static void
descriptors_not_taken_are_closed_and_taken_ones_are_not(void **state)
{
	struct both *b = *state;
	size_t before = open_descriptors();
	struct message got, m = message_of(1, (struct bytes){ NULL, 0 });
	int taken;

	m.fd_count = 2;
	m.fds[0] = file_of("a");
	m.fds[1] = file_of("b");
	assert_int_equal(channel_send(b->ends[0], &m), FAIL_NONE);
	assert_int_equal(channel_receive(b->ends[1], b->room, &got), FAIL_NONE);
	taken = message_take_fd(&got, 1);
	assert_true(taken >= 0);
	assert_int_equal(message_take_fd(&got, 1), -1);
	assert_int_equal(message_take_fd(&got, 2), -1);
	message_close_fds(&got);
	message_close_fds(&got);
	assert_int_equal(open_descriptors(), before + 3);
	close(taken);
	close(m.fds[0]);
	close(m.fds[1]);
}

static void
more_descriptors_than_allowed_are_not_sent(void **state)
{
	struct both *b = *state;
	struct message m = message_of(1, (struct bytes){ NULL, 0 });

	m.fd_count = CHANNEL_FDS_MAX + 1;
	assert_int_equal(channel_send(b->ends[0], &m), FAIL_LIMIT);
}

/* Send bytes and descriptors as a hostile peer would. */
static void
send_raw(int fd, const void *data, size_t len, size_t fds)
{
	struct iovec part = { (void *)(uintptr_t)data, len };
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(16 * sizeof(int))];
	} control = { .head = { .cmsg_level = SOL_SOCKET,
			  .cmsg_type = SCM_RIGHTS,
			  .cmsg_len = CMSG_LEN(fds * sizeof(int)) } };
	struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1 };

	if (fds) {
		m.msg_control = &control;
		m.msg_controllen = CMSG_SPACE(fds * sizeof(int));
	}
	for (size_t i = 0; i < fds; i++)
		memset(
		    CMSG_DATA(&control.head) + i * sizeof(int), 0, sizeof(int));
	assert_int_equal(sendmsg(fd, &m, 0), (ssize_t)len);
}

static void
what_is_no_message_is_refused_and_leaves_no_descriptor(void **state)
{
	static uint8_t data[CHANNEL_PAYLOAD_MAX + 11];
	static const struct {
		size_t len, fds;
	} cases[] = {
		{ 1, 0 }, /* no whole head */
		{ 9, 1 },
		{ sizeof(data), 2 }, /* too long */
		{ 10, CHANNEL_FDS_MAX + 1 },
		{ 10, 16 },
	};
	struct both *b = *state;
	size_t before = open_descriptors();
	struct message got;

	const char *emulated = getenv("ANTIN_EMULATED");

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		/* qemu-user loses descriptors that do not fit. */
		if (emulated && *emulated && cases[i].fds > CHANNEL_FDS_MAX)
			continue;
		send_raw(b->ends[0], data, cases[i].len, cases[i].fds);
		assert_int_equal(
		    channel_receive(b->ends[1], b->room, &got), FAIL_PEER);
		assert_int_equal(open_descriptors(), before);
	}
}

static void
peer_that_is_gone_is_told_on_both_ways(void **state)
{
	struct both *b = *state;
	struct message got, m = message_of(1, BYTES_TEXT("x"));

	close(b->ends[1]);
	b->ends[1] = -1;
	assert_int_equal(channel_send(b->ends[0], &m), FAIL_PEER);
	assert_int_equal(channel_receive(b->ends[0], b->room, &got), FAIL_PEER);
}

static void
last_words_of_a_peer_are_still_read(void **state)
{
	struct both *b = *state;
	struct message got, m = message_of(9, BYTES_TEXT("last"));

	assert_int_equal(channel_send(b->ends[0], &m), FAIL_NONE);
	close(b->ends[0]);
	b->ends[0] = -1;
	assert_int_equal(channel_receive(b->ends[1], b->room, &got), FAIL_NONE);
	assert_true(bytes_equal_text(got.payload, "last"));
	assert_int_equal(channel_receive(b->ends[1], b->room, &got), FAIL_PEER);
}

/* Takes the five seconds that a sender waits. */
static void
full_queue_times_out_and_nothing_sent_before_is_lost(void **state)
{
	static uint8_t data[CHANNEL_PAYLOAD_MAX];
	struct both *b = *state;
	struct message got, m = message_of(1, BYTES_ARRAY(data));
	enum fail f = FAIL_NONE;
	size_t sent = 0;

	while (!f && sent < 1000) {
		m.kind = (uint16_t)sent;
		f = channel_send(b->ends[0], &m);
		sent += !f;
	}
	assert_int_equal(f, FAIL_TIMEOUT);
	assert_true(sent > 0);
	for (size_t i = 0; i < sent; i++) {
		assert_int_equal(
		    channel_receive(b->ends[1], b->room, &got), FAIL_NONE);
		assert_int_equal(got.kind, i);
		assert_int_equal(got.payload.len, sizeof(data));
	}
	assert_int_equal(
	    channel_receive(b->ends[1], b->room, &got), FAIL_MISSING);
	assert_int_equal(channel_send(b->ends[0], &m), FAIL_NONE);
}

static void
both_ends_are_close_on_exec_and_non_blocking(void **state)
{
	struct both *b = *state;

	for (size_t i = 0; i < 2; i++) {
		assert_true(fcntl(b->ends[i], F_GETFD) & FD_CLOEXEC);
		assert_true(fcntl(b->ends[i], F_GETFL) & O_NONBLOCK);
	}
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, open_both, close_both)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(messages_arrive_whole_and_in_order),
		ROW(empty_and_greatest_payloads_pass_and_a_greater_one_is_refused),
		ROW(descriptors_arrive_and_the_senders_stay_its_own),
		ROW(descriptors_not_taken_are_closed_and_taken_ones_are_not),
		ROW(more_descriptors_than_allowed_are_not_sent),
		ROW(what_is_no_message_is_refused_and_leaves_no_descriptor),
		ROW(peer_that_is_gone_is_told_on_both_ways),
		ROW(last_words_of_a_peer_are_still_read),
		ROW(full_queue_times_out_and_nothing_sent_before_is_lost),
		ROW(both_ends_are_close_on_exec_and_non_blocking),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
