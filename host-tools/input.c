#include "host-tools/input.h"

#include "document/pdf_unfinished.h"

enum fail
input_map(
    const char *in, const char *out, struct disk_map *map, struct note *note)
{
	size_t whole = 0;
	enum fail f = disk_map(in, map);

	if (f)
		return note_set(note, f, "cannot open the file");
	if (!pdf_is_unfinished(map->bytes, &whole))
		return FAIL_NONE;
	if (!disk_is(out, map))
		f = note_set(note, FAIL_FORMAT,
		    "an update of it in place was cut short: do that again, "
		    "or cut it to %zu bytes",
		    whole);
	disk_unmap(map);
	return f ? f : disk_map_head(in, whole, map);
}

/* What was begun behind the mapped part, if out is that file, goes. */
static enum fail
cut_back(const char *out, const struct disk_map *map)
{
	struct disk_map all;
	size_t whole = 0;
	enum fail f;

	if (!disk_is(out, map))
		return FAIL_NONE;
	f = disk_map(out, &all);
	if (f)
		return f;
	if (pdf_is_unfinished(all.bytes, &whole) && whole == map->bytes.len)
		f = disk_cut(out, &all, whole);
	disk_unmap(&all);
	return f;
}

enum fail
input_put(const char *out, const struct disk_map *map, struct bytes update)
{
	struct buf meanwhile;
	enum fail f = cut_back(out, map);

	if (f)
		return f;
	buf_init(&meanwhile, PDF_UNFINISHED_MAX);
	pdf_unfinished_end(map->bytes, &meanwhile);
	f = disk_put(out, map, update, buf_view(&meanwhile));
	buf_free(&meanwhile);
	return f;
}
