#include "base/disk.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct place {
	char folder[64], path[96];
};

static int
open_place(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	snprintf(p->folder, sizeof(p->folder), "/tmp/antin-disk.XXXXXX");
	assert_non_null(mkdtemp(p->folder));
	snprintf(p->path, sizeof(p->path), "%s/file", p->folder);
	*state = p;
	return 0;
}

static int
close_place(void **state)
{
	struct place *p = *state;

	unlink(p->path);
	rmdir(p->folder);
	free(p);
	return 0;
}

static void
write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void
assert_file(const char *path, struct bytes want)
{
	struct buf is;

	buf_init(&is, 1u << 20);
	assert_int_equal(disk_read(path, &is), FAIL_NONE);
	assert_true(bytes_equal(buf_view(&is), want));
	buf_free(&is);
}

static size_t
files_in(const char *folder)
{
	DIR *dir = opendir(folder);
	size_t n = 0;

	assert_non_null(dir);
	for (struct dirent *e = readdir(dir); e; e = readdir(dir))
		n += e->d_name[0] != '.';
	closedir(dir);
	return n;
}

static void
file_is_mapped_and_read_as_it_is(void **state)
{
	struct place *p = *state;
	struct disk_map map;

	write_file(p->path, "nội dung");
	assert_int_equal(disk_map(p->path, &map), FAIL_NONE);
	assert_true(bytes_equal_text(map.bytes, "nội dung"));
	disk_unmap(&map);
	assert_int_equal(map.fd, -1);
	disk_unmap(&map);
	assert_file(p->path, BYTES_TEXT("nội dung"));
}

static void
empty_file_is_an_empty_map(void **state)
{
	struct place *p = *state;
	struct disk_map map;

	write_file(p->path, "");
	assert_int_equal(disk_map(p->path, &map), FAIL_NONE);
	assert_int_equal(map.bytes.len, 0);
	assert_true(map.fd >= 0);
	disk_unmap(&map);
}

static void
what_is_no_file_is_refused_and_the_descriptor_closed(void **state)
{
	struct place *p = *state;
	struct disk_map map;
	int ends[2];

	assert_int_equal(disk_map(p->path, &map), FAIL_MISSING);
	assert_int_equal(map.fd, -1);
	assert_int_equal(disk_map(p->folder, &map), FAIL_USAGE);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(disk_map_fd(ends[0], &map), FAIL_USAGE);
	assert_int_equal(fcntl(ends[0], F_GETFD), -1);
	close(ends[1]);
	assert_int_not_equal(disk_map_fd(-1, &map), FAIL_NONE);
}

static void
reading_stops_at_the_ceiling(void **state)
{
	struct place *p = *state;
	struct buf out;

	write_file(p->path, "0123456789");
	buf_init(&out, 9);
	assert_int_equal(disk_read(p->path, &out), FAIL_LIMIT);
	buf_free(&out);
	buf_init(&out, 10);
	assert_int_equal(disk_read(p->path, &out), FAIL_NONE);
	buf_free(&out);
}

static void
add_step(void *context, struct bytes step)
{
	buf_bytes(context, step);
}

static void
each_visits_the_whole_file_from_its_start(void **state)
{
	static uint8_t data[600000];
	struct place *p = *state;
	struct disk_map map;
	struct buf out;

	for (uint32_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 2654435761u >> 24);
	assert_int_equal(
	    disk_replace(p->path, NULL, BYTES_ARRAY(data)), FAIL_NONE);
	assert_int_equal(disk_map(p->path, &map), FAIL_NONE);
	buf_init(&out, sizeof(data));
	assert_int_equal(disk_each(&map, add_step, &out), FAIL_NONE);
	assert_true(bytes_equal(buf_view(&out), BYTES_ARRAY(data)));
	buf_free(&out);
	disk_unmap(&map);
}

static void
replaced_file_is_head_and_tail_and_nothing_else_is_left(void **state)
{
	struct place *p = *state;
	struct disk_map head;
	struct stat about;

	assert_int_equal(
	    disk_replace(p->path, NULL, BYTES_TEXT("một ")), FAIL_NONE);
	assert_file(p->path, BYTES_TEXT("một "));
	assert_int_equal(disk_map(p->path, &head), FAIL_NONE);
	/* The head is the very file that is replaced. */
	assert_int_equal(
	    disk_replace(p->path, &head, BYTES_TEXT("hai")), FAIL_NONE);
	assert_true(bytes_equal_text(head.bytes, "một "));
	disk_unmap(&head);
	assert_file(p->path, BYTES_TEXT("một hai"));
	assert_int_equal(files_in(p->folder), 1);
	assert_int_equal(stat(p->path, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0644);
}

static void
head_in_memory_is_copied_across_file_systems(void **state)
{
	struct place *p = *state;
	struct disk_map head;
	int fd = memfd_create("head", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(disk_write_all(fd, BYTES_TEXT("đầu ")), FAIL_NONE);
	assert_int_equal(disk_map_fd(fd, &head), FAIL_NONE);
	assert_int_equal(
	    disk_replace(p->path, &head, BYTES_TEXT("đuôi")), FAIL_NONE);
	disk_unmap(&head);
	assert_file(p->path, BYTES_TEXT("đầu đuôi"));
}

static void
replacing_in_a_folder_that_is_not_there_is_refused(void **state)
{
	(void)state;
	assert_int_equal(
	    disk_replace("/tmp/antin-none/file", NULL, BYTES_TEXT("x")),
	    FAIL_MISSING);
}

/* No file may grow past 64 KiB for a while: as a disk that is full. */
static void
limit_files(rlim_t most)
{
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = most ? most : limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void
old_file_is_intact_when_the_new_one_does_not_fit(void **state)
{
	static uint8_t large[1u << 20];
	struct place *p = *state;
	struct disk_map head;
	enum fail f[2];

	assert_int_equal(
	    disk_replace(p->path, NULL, BYTES_TEXT("cũ")), FAIL_NONE);
	assert_int_equal(disk_map(p->path, &head), FAIL_NONE);
	limit_files(64u << 10);
	f[0] = disk_replace(p->path, NULL, BYTES_ARRAY(large));
	f[1] = disk_replace(p->path, &head, BYTES_ARRAY(large));
	limit_files(0);
	disk_unmap(&head);
	assert_int_not_equal(f[0], FAIL_NONE);
	assert_int_not_equal(f[1], FAIL_NONE);
	assert_file(p->path, BYTES_TEXT("cũ"));
	assert_int_equal(files_in(p->folder), 1);
}

static void
a_file_that_is_its_own_head_grows_in_place(void **state)
{
	static uint8_t large[1u << 20];
	struct place *p = *state;
	struct disk_map head;
	struct stat before, after;
	enum fail f;

	assert_int_equal(
	    disk_replace(p->path, NULL, BYTES_TEXT("cũ, ")), FAIL_NONE);
	assert_int_equal(stat(p->path, &before), 0);
	assert_int_equal(disk_map(p->path, &head), FAIL_NONE);
	assert_int_equal(
	    disk_put(p->path, &head, BYTES_TEXT("mới"), BYTES_TEXT("")),
	    FAIL_NONE);
	assert_file(p->path, BYTES_TEXT("cũ, mới"));
	assert_int_equal(stat(p->path, &after), 0);
	assert_true(before.st_ino == after.st_ino);
	/* It has grown since it was mapped. */
	assert_int_equal(
	    disk_put(p->path, &head, BYTES_TEXT("x"), BYTES_TEXT("")),
	    FAIL_STATE);
	disk_unmap(&head);
	assert_int_equal(disk_map(p->path, &head), FAIL_NONE);
	limit_files(64u << 10);
	f = disk_put(p->path, &head, BYTES_ARRAY(large), BYTES_TEXT(""));
	limit_files(0);
	assert_int_not_equal(f, FAIL_NONE);
	assert_file(p->path, BYTES_TEXT("cũ, mới"));
	assert_int_equal(
	    disk_put(p->path, &head, BYTES_ARRAY(large), BYTES_TEXT("")),
	    FAIL_NONE);
	disk_unmap(&head);
	assert_int_equal(files_in(p->folder), 1);
}

static void
old_folder_is_intact_when_a_folder_stands_in_the_way(void **state)
{
	struct place *p = *state;
	struct stat about;

	assert_int_equal(mkdir(p->path, 0700), 0);
	assert_int_not_equal(
	    disk_replace(p->path, NULL, BYTES_TEXT("x")), FAIL_NONE);
	assert_int_equal(stat(p->path, &about), 0);
	assert_true(S_ISDIR(about.st_mode));
	assert_int_equal(files_in(p->folder), 1);
	rmdir(p->path);
}

static void
path_too_long_is_refused(void **state)
{
	char path[5000];

	(void)state;
	memset(path, 'a', sizeof(path));
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(disk_replace(path, NULL, BYTES_TEXT("x")), FAIL_LIMIT);
}

/* Who dies while writing leaves nothing behind, and what was there. */
static void
nothing_is_left_of_a_killed_writer(void **state)
{
	struct place *p = *state;
	struct disk_temp temp;
	int fd = open(p->folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd < 0)
		skip(); /* the file system has no such files */
	close(fd);
	for (int was = 0; was < 2; was++) {
		const char *text = was ? "mới" : "cũ";
		pid_t pid = fork();
		int status;

		assert_true(pid >= 0);
		if (!pid) {
			if (disk_temp_open(&temp, p->path))
				_exit(1);
			disk_temp_put(&temp, BYTES_TEXT("nửa chừng"));
			_exit(temp.fail ? 1 : 0);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(status, 0);
		assert_int_equal(files_in(p->folder), was);
		assert_int_equal(disk_temp_open(&temp, p->path), FAIL_NONE);
		disk_temp_put(&temp, BYTES_TEXT(text));
		assert_int_equal(disk_temp_close(&temp, FAIL_NONE), FAIL_NONE);
		assert_file(p->path, BYTES_TEXT(text));
	}
	assert_int_equal(files_in(p->folder), 1);
}

/* The name that it would have for a moment is another's. */
static void
a_name_that_is_taken_is_left(void **state)
{
	struct place *p = *state;
	char taken[128];

	snprintf(taken, sizeof(taken), "%s.%ld-0", p->path, (long)getpid());
	write_file(taken, "another's");
	for (int i = 0; i < 2; i++)
		assert_int_equal(
		    disk_replace(p->path, NULL, BYTES_TEXT(i ? "b" : "a")),
		    FAIL_NONE);
	assert_file(p->path, BYTES_TEXT("b"));
	assert_file(taken, BYTES_TEXT("another's"));
	assert_int_equal(files_in(p->folder), 2);
	unlink(taken);
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, open_place, close_place)

static void
copy_takes_a_part_and_tells_of_one_that_is_not_there(void **state)
{
	int from = memfd_create("from", 0), to = memfd_create("to", 0);
	struct bytes words = BYTES_TEXT("con dấu cơ quan");
	uint64_t size = 0;
	char is[16] = "";

	(void)state;
	assert_true(from >= 0 && to >= 0);
	assert_int_equal(disk_write_all(from, words), FAIL_NONE);
	assert_int_equal(disk_size(from, &size), FAIL_NONE);
	assert_true(size == words.len);
	assert_int_equal(disk_copy(from, 4, 4, to), FAIL_NONE);
	assert_int_equal(pread(to, is, sizeof(is), 0), 4);
	assert_memory_equal(is, "dấ", 4);
	assert_int_equal(disk_copy(from, 4, words.len, to), FAIL_USAGE);
	/* Cut off meanwhile: told, not a signal. */
	assert_int_equal(ftruncate(from, 2), 0);
	assert_int_equal(disk_copy(from, 0, size, to), FAIL_USAGE);
	close(from);
	close(to);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(file_is_mapped_and_read_as_it_is),
		ROW(empty_file_is_an_empty_map),
		ROW(what_is_no_file_is_refused_and_the_descriptor_closed),
		ROW(reading_stops_at_the_ceiling),
		ROW(each_visits_the_whole_file_from_its_start),
		ROW(replaced_file_is_head_and_tail_and_nothing_else_is_left),
		ROW(head_in_memory_is_copied_across_file_systems),
		ROW(replacing_in_a_folder_that_is_not_there_is_refused),
		ROW(old_file_is_intact_when_the_new_one_does_not_fit),
		ROW(a_file_that_is_its_own_head_grows_in_place),
		ROW(old_folder_is_intact_when_a_folder_stands_in_the_way),
		ROW(path_too_long_is_refused),
		ROW(nothing_is_left_of_a_killed_writer),
		ROW(a_name_that_is_taken_is_left),
		cmocka_unit_test(
		    copy_takes_a_part_and_tells_of_one_that_is_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
