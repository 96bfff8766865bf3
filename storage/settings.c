#include "storage/settings.h"

enum fail
settings_get(struct txn *txn, const char *name, struct bytes *value)
{
	return table_get(txn, TABLE_SETTINGS, BYTES_TEXT(name), value);
}

enum fail
settings_put(struct txn *txn, const char *name, struct bytes value)
{
	if (strlen(name) > STORE_KEY_MAX || value.len > SETTING_VALUE_MAX)
		return FAIL_LIMIT;
	return table_put(txn, TABLE_SETTINGS, BYTES_TEXT(name), value);
}

enum fail
settings_hold(
    struct txn *txn, struct arena *arena, const char *name, struct bytes *value)
{
	struct bytes view = { NULL, 0 };
	enum fail f = settings_get(txn, name, &view);

	if (!f)
		*value = arena_copy(arena, view);
	return !f && !value->data ? FAIL_MEMORY : f;
}

unsigned
settings_number(struct txn *txn, const char *name, unsigned least,
    unsigned most, unsigned usual)
{
	struct bytes text = { NULL, 0 };
	unsigned value = 0;

	if (settings_get(txn, name, &text) || !text.len || text.len > 6)
		return usual;
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return usual;
		value = value * 10 + (unsigned)(text.data[i] - '0');
	}
	return value >= least && value <= most ? value : usual;
}
