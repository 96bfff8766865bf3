#include "firmware/flow/evidence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/disk.h"

#define NOW INT64_C(1795875218)

static struct evidence_cache cache;

static struct evidence_need
need_of(unsigned n)
{
	struct evidence_need need = { .kind = 1, .body_len = 3 };

	snprintf(need.url, sizeof(need.url), "http://a.test/%u", n);
	memcpy(need.body, "abc", 3);
	return need;
}

static void
keep(unsigned n, const char *bytes, int64_t now)
{
	struct evidence_need need = need_of(n);
	int fd = memfd_create("t", MFD_CLOEXEC);

	assert_int_equal(disk_write_all(fd, BYTES_TEXT(bytes)), FAIL_NONE);
	evidence_keep(&cache, &need, fd, now);
	close(fd);
}

/* All that is good now, as one text: size and bytes of each row. */
static size_t
rows_of(int64_t now, size_t *bytes)
{
	struct disk_map map;
	struct cursor c;
	size_t rows = 0;
	int fd;

	*bytes = 0;
	assert_int_equal(evidence_bundle(&cache, now, &fd), FAIL_NONE);
	assert_int_equal(disk_map_fd(fd, &map), FAIL_NONE);
	c = cursor_of(map.bytes);
	while (c.at < map.bytes.len) {
		uint64_t size;

		(void)cursor_bytes(&c, HASH_LEN);
		assert_true(cursor_u8(&c) <= 1);
		(void)cursor_u64(&c);
		size = cursor_u64(&c);
		(void)cursor_bytes(&c, (size_t)size);
		*bytes += (size_t)size;
		rows++;
	}
	assert_true(cursor_done(&c));
	disk_unmap(&map);
	return rows;
}

static int
forget(void **state)
{
	(void)state;
	evidence_free(&cache);
	return 0;
}

static void
what_was_fetched_is_handed_over_while_it_is_good(void **state)
{
	size_t bytes;

	(void)state;
	keep(1, "answer", NOW);
	assert_int_equal(rows_of(NOW, &bytes), 1);
	assert_int_equal(bytes, 6);
	assert_int_equal(rows_of(NOW + EVIDENCE_VAIN + 1, &bytes), 0);
}

static void
the_same_question_has_one_answer(void **state)
{
	struct evidence_need vain = need_of(1);
	size_t bytes;

	(void)state;
	keep(1, "first", NOW);
	keep(1, "second!", NOW);
	keep(2, "other", NOW);
	assert_int_equal(rows_of(NOW, &bytes), 2);
	assert_int_equal(bytes, 12);
	/* None in place of an answer at hand: the answer stays. */
	evidence_keep(&cache, &vain, -1, NOW);
	assert_int_equal(rows_of(NOW, &bytes), 2);
	assert_int_equal(bytes, 12);
	assert_int_equal(cache.held, 12);
	vain = need_of(3);
	evidence_keep(&cache, &vain, -1, NOW);
	assert_int_equal(rows_of(NOW, &bytes), 3);
	assert_int_equal(bytes, 12);
}

static void
the_oldest_gives_way(void **state)
{
	size_t bytes;

	(void)state;
	for (unsigned n = 0; n < EVIDENCE_ROWS_MAX + 10; n++)
		keep(n, "x", NOW + n);
	assert_int_equal(rows_of(NOW, &bytes), EVIDENCE_ROWS_MAX);
	assert_int_equal(cache.held, EVIDENCE_ROWS_MAX);
	for (size_t i = 0; i < cache.count; i++)
		assert_true(cache.rows[i].fetched >= NOW + 10);
}

/* A list of megabytes is handed over as any other, and takes none of the heap;
 * what is handed over is made once, until something comes or goes. */
static void
a_large_one_stands_on_the_disk(void **state)
{
	struct evidence_need need = need_of(1);
	int fd = memfd_create("large", MFD_CLOEXEC);
	size_t bytes;

	(void)state;
	assert_int_equal(ftruncate(fd, 3 << 20), 0);
	need.kind = 0; /* a list */
	cache.folder = "/tmp";
	evidence_keep(&cache, &need, fd, NOW);
	close(fd);
	keep(2, "other", NOW);
	assert_int_equal(rows_of(NOW, &bytes), 2);
	assert_int_equal(bytes, (3 << 20) + 5);
	assert_int_equal(cache.held, bytes);
	assert_true(cache.rows[0].file >= 0);
	assert_true(cache.made);
	assert_int_equal(rows_of(NOW, &bytes), 2);
	keep(2, "another", NOW);
	assert_false(cache.made);
	assert_int_equal(rows_of(NOW, &bytes), 2);
	assert_int_equal(bytes, (3 << 20) + 7);
	assert_int_equal(rows_of(NOW + EVIDENCE_VAIN + 1, &bytes), 0);
	assert_int_equal(cache.held, 0);
	cache.folder = NULL;
}

/* What net hands over is looked at before a byte of it is read. */
static void
a_file_without_end_came_in_vain(void **state)
{
	struct evidence_need need = need_of(1);
	int fd = memfd_create("endless", MFD_CLOEXEC);
	size_t bytes;

	(void)state;
	keep(2, "other", NOW);
	assert_int_equal(ftruncate(fd, (off_t)1 << 62), 0);
	evidence_keep(&cache, &need, fd, NOW);
	close(fd);
	assert_int_equal(rows_of(NOW, &bytes), 2);
	assert_int_equal(bytes, 5);
}

static void
a_worker_prolongs_but_not_for_ever(void **state)
{
	struct evidence_need need = need_of(1);
	struct evidence_needs needs;
	uint8_t key[HASH_LEN];
	struct cursor c;
	struct buf said;
	size_t bytes;

	(void)state;
	keep(1, "answer", NOW);
	evidence_key(&need, key);
	buf_init(&said, 200);
	buf_u8(&said, 0);
	buf_u16(&said, 1);
	buf_add(&said, key, HASH_LEN);
	buf_u64(&said, UINT64_MAX / 2);
	c = cursor_of(buf_view(&said));
	assert_int_equal(evidence_read(&c, &cache, &needs, NOW), FAIL_NONE);
	assert_int_equal(needs.count, 0);
	assert_int_equal(rows_of(NOW + EVIDENCE_DAY, &bytes), 1);
	assert_int_equal(rows_of(NOW + EVIDENCE_DAY + 1, &bytes), 0);
	buf_free(&said);
}

static void
needs_are_read_and_odd_ones_refused(void **state)
{
	static const struct {
		const char *url;
		size_t url_len, body_len;
		unsigned count;
		enum fail fail;
	} rows[] = {
		{ "http://a", 8, 0, 1, FAIL_NONE },
		{ "http://a", 8, 1024, 1, FAIL_NONE },
		{ "http://a", 8, 1025, 1, FAIL_PEER },
		{ "", 0, 0, 1, FAIL_PEER },
		{ "ht\0p", 4, 0, 1, FAIL_PEER },
		{ "http://a", 8, 0, 9, FAIL_PEER },
	};
	static const uint8_t body[2000];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct evidence_needs needs;
		struct cursor c;
		struct buf said;

		buf_init(&said, 1 << 16);
		buf_u8(&said, (uint8_t)rows[i].count);
		for (unsigned n = 0; n < rows[i].count; n++) {
			buf_u8(&said, 1);
			buf_field(&said,
			    (struct bytes){ (const uint8_t *)rows[i].url,
				rows[i].url_len });
			buf_field(
			    &said, (struct bytes){ body, rows[i].body_len });
		}
		buf_u16(&said, 0);
		c = cursor_of(buf_view(&said));
		if (evidence_read(&c, &cache, &needs, NOW) != rows[i].fail)
			fail_msg("row %zu", i);
		buf_free(&said);
	}
}

#define ROW(f) cmocka_unit_test_teardown(f, forget)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(what_was_fetched_is_handed_over_while_it_is_good),
		ROW(the_same_question_has_one_answer),
		ROW(the_oldest_gives_way),
		ROW(a_large_one_stands_on_the_disk),
		ROW(a_file_without_end_came_in_vain),
		ROW(a_worker_prolongs_but_not_for_ever),
		ROW(needs_are_read_and_odd_ones_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
