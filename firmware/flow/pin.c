#include "firmware/flow/pin.h"

#include <stdlib.h>

#include "storage/settings.h"

#define NAME_MAX 64u

static void
name_of(const uint8_t *cert_hash, char name[static NAME_MAX])
{
	memcpy(name, SETTING_PIN_WRONG, sizeof(SETTING_PIN_WRONG));
	bytes_to_hex((struct bytes){ cert_hash, 16 }, name + strlen(name));
}

static enum fail
read_count(struct txn *txn, const uint8_t *cert_hash, unsigned *wrong)
{
	struct bytes value = { NULL, 0 };
	char name[NAME_MAX];
	enum fail f;

	name_of(cert_hash, name);
	f = settings_get(txn, name, &value);
	*wrong = !f && value.len == 1 ? value.data[0] : 0;
	return f == FAIL_MISSING ? FAIL_NONE : f;
}

static enum fail
write_count(struct txn *txn, const uint8_t *cert_hash, unsigned wrong)
{
	uint8_t value = (uint8_t)(wrong > UINT8_MAX ? UINT8_MAX : wrong);
	char name[NAME_MAX];

	name_of(cert_hash, name);
	return settings_put(txn, name, (struct bytes){ &value, 1 });
}

enum fail
pin_count(
    struct txn *txn, const uint8_t *cert_hash, unsigned *wrong, unsigned *most)
{
	*most =
	    settings_number(txn, SETTING_PIN_TRIES, 2, 200, PIN_TRIES_USUAL);
	return read_count(txn, cert_hash, wrong);
}

enum fail
pin_spend(struct txn *txn, const uint8_t *cert_hash)
{
	unsigned wrong, most;
	enum fail f = pin_count(txn, cert_hash, &wrong, &most);

	if (!f && wrong + 1 >= most)
		f = FAIL_PIN_LAST;
	return f ? f : write_count(txn, cert_hash, wrong + 1);
}

enum fail
pin_settle(
    struct txn *txn, const uint8_t *cert_hash, enum fail outcome, bool sent)
{
	unsigned wrong;
	enum fail f = read_count(txn, cert_hash, &wrong);

	if (f || !wrong || (outcome && sent))
		return f;
	return write_count(txn, cert_hash, sent ? 0 : wrong - 1);
}

enum fail
pin_clear(struct txn *txn, const uint8_t *cert_hash)
{
	return write_count(txn, cert_hash, 0);
}
