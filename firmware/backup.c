#include "firmware/backup.h"

#include <stdio.h>
#include <sys/wait.h>

#include "autoconf.h"
#include "base/disk.h"
#include "base/log.h"
#include "base/when.h"
#include "firmware/flow/act.h"
#include "storage/journal.h"

enum fail
backup_start(struct core *core, const char *folder, uint64_t actor)
{
	struct backup *b = &core->backup;
	enum fail f;

	if (b->pid)
		return FAIL_STATE;
	if (strlen(folder) >= sizeof(b->folder))
		return FAIL_USAGE;
	f = disk_make_folder(folder);
	if (f)
		return f;
	snprintf(b->folder, sizeof(b->folder), "%s", folder);
	b->actor = actor;
	f = process_start_backup(core, b->folder, &b->pid);
	if (f)
		b->pid = 0;
	return f;
}

static enum fail
write_down(struct core *core)
{
	struct journal_entry e = { .time = when_now(),
		.actor = core->backup.actor,
		.act = ACT_BACKUP };
	struct txn *txn;
	enum fail f = keep_begin(core, &txn);

	return f ? f : keep_end(core, txn, journal_add(txn, &e));
}

bool
backup_ended(struct core *core, char *text, size_t room)
{
	struct backup *b = &core->backup;
	int status = 0;
	pid_t ended = b->pid ? waitpid(b->pid, &status, WNOHANG) : 0;
	bool good;

	if (!ended)
		return false;
	good = ended == b->pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
	if (good && write_down(core))
		log_warning("a backup was not written down");
	b->pid = 0;
	log_notice("backup into %s: %s", b->folder, good ? "good" : "failed");
	snprintf(text, room,
	    good ? "Đã sao lưu xong và kiểm tra nhật ký của bản sao: %s\n" :
		   "SAO LƯU KHÔNG XONG, bản sao không dùng được: %s\n",
	    b->folder);
	return true;
}

/* The copy must open and its journal must hold together. */
static enum fail
look_at_copy(const char *folder)
{
	uint8_t head[HASH_LEN];
	struct store *copy;
	struct txn *txn;
	uint64_t number;
	enum fail f = store_open(
	    folder, (uint64_t)CONFIG_STORE_MAP_GIB << 30, true, &copy);

	if (f)
		return f;
	f = txn_begin(copy, false, NULL, &txn);
	if (!f) {
		f = journal_verify(txn, &number, head);
		txn_abort(txn);
	}
	store_close(copy);
	return f;
}

int
backup_run(const struct role_settings *settings)
{
	struct store *store;
	enum fail f = store_open(
	    settings->data, (uint64_t)CONFIG_STORE_MAP_GIB << 30, true, &store);

	if (!f) {
		f = store_copy(store, settings->backup);
		store_close(store);
	}
	if (!f)
		f = look_at_copy(settings->backup);
	if (f)
		log_error("backup: %s", fail_text(f));
	return f ? 1 : 0;
}
