#include "firmware/flow/batch.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/disk.h"
#include "crypto/cms.h"
#include "firmware/flow/list.h"
#include "storage/custody.h"
#include "storage/settings.h"

void
batch_free(struct batch *b)
{
	if (!b)
		return;
	secret_free(&b->pin);
	arena_free(&b->arena);
	if (b->picture >= 0)
		close(b->picture);
	free(b);
}

static enum fail
load_picture(struct txn *txn, struct batch *b, const char *name)
{
	struct bytes png = { NULL, 0 };
	enum fail f = settings_get(txn, name, &png);
	int fd;

	if (f)
		return f == FAIL_MISSING ? FAIL_NONE : f;
	fd = memfd_create("picture", MFD_CLOEXEC);
	f = fd < 0 ? FAIL_IO : disk_write_all(fd, png);
	if (!f && (b->picture = disk_reopen(fd)) < 0)
		f = FAIL_IO;
	disk_close(&fd);
	return f;
}

static enum fail
load_batch(struct txn *txn, struct batch *b, const struct person *person)
{
	struct cms_recipe recipe = { .signer = &b->signer.cert,
		.chain = b->signer.chain };
	struct bytes agency = { NULL, 0 };
	char picture[64];
	enum fail f;

	if (b->act == ACT_SIGN) {
		snprintf(picture, sizeof(picture), SETTING_SIGNATURE "%.*s",
		    (int)person->name.len, (const char *)person->name.data);
		f = signer_load(txn, &b->arena, person->cert, &b->signer);
	} else {
		snprintf(picture, sizeof(picture), SETTING_SEAL);
		f = settings_get(txn, SETTING_CERT, &agency);
		if (!f && agency.len != HASH_LEN)
			f = FAIL_CORRUPT;
		if (!f)
			f = signer_load(
			    txn, &b->arena, agency.data, &b->signer);
	}
	if (!f)
		f = settings_hold(txn, &b->arena, SETTING_PLACE, &b->place);
	if (!f && b->act == ACT_SEAL) {
		f = settings_hold(txn, &b->arena, SETTING_CODE, &b->code);
		f = f == FAIL_MISSING ? FAIL_NONE : f;
	}
	if (!f)
		f = load_picture(txn, b, picture);
	b->lanes = (uint8_t)settings_number(txn, SETTING_LANES, 1, 16, 0);
	b->iso_time = settings_number(txn, SETTING_ISO_TIME, 0, 1, 0);
	b->plain_cms = settings_number(txn, SETTING_PLAIN_CMS, 0, 1, 0);
	recipe.chain_count = b->signer.chain_count;
	recipe.algorithm = b->signer.algorithm;
	return f ? f : cms_size(&recipe, &b->room);
}

/* Every document of the batch may be signed by this person, now. */
static enum fail
guard(struct txn *txn, const struct batch *b, const struct person *person)
{
	for (size_t i = 0; i < b->count; i++) {
		const struct act_row *row;
		struct record r;
		enum fail f = record_get(txn, b->ids[i], &r);

		if (!f)
			f = flow_row(b->act, &r, person, &row);
		for (size_t j = 0; j < i && !f; j++)
			if (b->ids[j] == b->ids[i])
				f = FAIL_USAGE;
		if (f)
			return f;
	}
	return FAIL_NONE;
}

enum fail
batch_new(struct core *core, enum act act, struct bytes token,
    const uint64_t *ids, size_t count, struct batch **made)
{
	struct batch *b = calloc(1, sizeof(*b));
	struct person person = { 0 };
	struct txn *txn;
	enum fail f = b ? core_read(core, &txn) : FAIL_MEMORY;

	if (f) {
		free(b);
		return f;
	}
	b->act = act;
	b->count = count;
	b->picture = -1;
	arena_init(&b->arena, 1u << 20);
	memcpy(b->ids, ids, count * sizeof(*ids));
	f = secret_init(&b->pin);
	if (!f)
		f = flow_person(core, txn, token, &person);
	if (!f)
		f = guard(txn, b, &person);
	if (!f && act == ACT_SEAL)
		f = custody_check(txn, person.id);
	if (!f)
		f = load_batch(txn, b, &person);
	b->actor = person.id;
	txn_abort(txn);
	if (f)
		batch_free(b);
	else
		*made = b;
	return f;
}

enum fail
batch_agree(
    struct core *core, struct batch *b, struct bytes pin, struct bytes list)
{
	uint8_t hash[HASH_LEN];
	struct txn *txn;
	enum fail f;

	/* What is no PIN is not sent, and costs no try. */
	if (pin.len && memchr(pin.data, 0, pin.len))
		return FAIL_PIN;
	f = secret_set(&b->pin, pin);
	if (f || b->act != ACT_SEAL)
		return f;
	f = core_read(core, &txn);
	if (f)
		return f;
	/* What is signed is what was shown. */
	f = list_hash(txn, b->ids, b->count, hash);
	txn_abort(txn);
	return f || bytes_equal(list, BYTES_ARRAY(hash)) ? f : FAIL_STATE;
}

enum fail
batch_place(struct batch *b, const struct spot *spot)
{
	if (b->act != ACT_SIGN || b->picture < 0)
		return FAIL_USAGE;
	b->placed = true;
	b->spot = *spot;
	return FAIL_NONE;
}
