#include "storage/room.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define LEVEL BYTES_TEXT("room")
#define BALLAST "ballast"

enum room
room_of(unsigned per_mille)
{
	if (per_mille >= ROOM_FULL_PER_MILLE)
		return ROOM_FULL;
	return per_mille >= ROOM_LOW_PER_MILLE ? ROOM_LOW : ROOM_GOOD;
}

enum room
room_get(struct txn *txn)
{
	struct bytes held;

	if (table_get(txn, TABLE_META, LEVEL, &held) || held.len != 1 ||
	    held.data[0] > ROOM_FULL)
		return ROOM_GOOD;
	return (enum room)held.data[0];
}

enum fail
room_put(struct txn *txn, enum room room)
{
	uint8_t level = (uint8_t)room;

	return table_put(txn, TABLE_META, LEVEL, (struct bytes){ &level, 1 });
}

/* A large file must not use up in one go what the level keeps free. */
bool
room_takes(struct txn *txn, uint64_t bytes)
{
	struct store_use use;

	if (room_get(txn) == ROOM_FULL)
		return false;
	store_measure(txn_store(txn), &use);
	return use.held + bytes <= use.ceiling / 1000 * ROOM_FULL_PER_MILLE;
}

enum fail
room_take_ballast(const struct store *store)
{
	int folder = store_folder(store), fd;
	enum fail f = FAIL_NONE;

	if (!faccessat(folder, BALLAST, F_OK, 0))
		return FAIL_NONE;
	fd = openat(folder, BALLAST, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return FAIL_IO;
	/* Blocks of its own, not a hole. */
	if (posix_fallocate(fd, 0, ROOM_BALLAST) || fsync(fd)) {
		f = FAIL_FULL;
		(void)unlinkat(folder, BALLAST, 0);
	}
	close(fd);
	return f;
}

enum fail
room_drop_ballast(const struct store *store)
{
	int folder = store_folder(store);

	if (unlinkat(folder, BALLAST, 0))
		return errno == ENOENT ? FAIL_NONE : FAIL_IO;
	return fsync(folder) ? FAIL_IO : FAIL_NONE;
}
