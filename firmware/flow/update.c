#include "firmware/flow/update.h"

#include <unistd.h>

#include "base/disk.h"
#include "document/pdf_append.h"

void
update_init(struct update *u)
{
	*u = (struct update){ .file = -1, .shown = -1 };
	buf_init(&u->bytes, PDF_UPDATE_MAX);
}

void
update_free(struct update *u)
{
	disk_close(&u->file);
	disk_close(&u->shown);
	buf_free(&u->bytes);
}

enum fail
update_load(struct core *core, const uint8_t *hash, struct update *u)
{
	uint64_t size = 0;
	enum fail f;

	update_free(u);
	update_init(u);
	f = core_blob_file(core, hash, &u->file, &u->after);
	if (!f)
		f = disk_size(u->file, &size);
	if (!f && (u->shown = disk_reopen(u->file)) < 0)
		f = FAIL_IO;
	u->head = (size_t)size;
	return f;
}

static enum fail
copy(struct update *u, int from, size_t size)
{
	uint8_t *to;

	buf_clear(&u->bytes);
	to = buf_grow(&u->bytes, size);
	return to ? disk_read_at(from, 0, size, to) : FAIL_MEMORY;
}

enum fail
update_take(
    struct update *u, int from, uint64_t gap, uint64_t gap_end, size_t room)
{
	uint64_t size = 0;
	enum fail f = from < 0 ? FAIL_PEER : disk_size(from, &size);

	if (!f &&
	    (size > PDF_UPDATE_MAX || gap_end > size || gap > gap_end ||
		gap_end - gap != 2 * (uint64_t)room + 2))
		f = FAIL_PEER;
	if (!f)
		f = copy(u, from, (size_t)size);
	disk_close(&from);
	u->gap = gap;
	u->gap_end = gap_end;
	return f;
}

void
update_digest(const struct update *u, uint8_t out[static HASH_MAX])
{
	struct bytes all = buf_view(&u->bytes);
	struct hash h = u->after;

	hash_add(&h, bytes_part(all, 0, (size_t)u->gap));
	hash_add(&h, bytes_part(all, (size_t)u->gap_end, SIZE_MAX));
	hash_done(&h, out);
}

enum fail
update_fill(struct update *u, struct bytes value)
{
	size_t room = (size_t)(u->gap_end - u->gap - 2);
	char *at = (char *)u->bytes.data + u->gap + 1;

	if (value.len > room / 2)
		return FAIL_LIMIT;
	memset(at, '0', room);
	bytes_to_hex(value, at);
	/* The end that bytes_to_hex wrote. */
	at[2 * value.len] = 2 * value.len < room ? '0' : '>';
	return FAIL_NONE;
}

enum fail
update_append(struct update *u)
{
	if (lseek(u->file, (off_t)u->head, SEEK_SET) != (off_t)u->head)
		return FAIL_IO;
	return disk_write_all(u->file, buf_view(&u->bytes));
}
