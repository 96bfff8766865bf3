/*
 * Set up a new appliance's store from a description of the agency: its name,
 * certificates, pictures and first accounts.  Run once; a store that has an
 * agency already is left alone.
 *
 *   provision DATA-FOLDER AGENCY-FILE
 *
 * The file has one thing per line, a word and its value; FORMATS.md lists
 * them.  Paths in it are relative to the file's folder.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/disk.h"
#include "base/text.h"
#include "crypto/cert.h"
#include "crypto/password.h"
#include "crypto/signing_cert.h"
#include "document/mark.h"
#include "document/picture.h"
#include "storage/people.h"
#include "storage/settings.h"

#define LINE_MAX_BYTES 1024
#define MAP_SIZE (UINT64_C(64) << 30)

struct setup {
	struct txn *txn;
	const char *folder;
	unsigned line;
	bool must_change; /* the people that follow */
};

static enum fail
read_file(const struct setup *s, const char *name, struct buf *out)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", s->folder, name);
	buf_init(out, SETTING_VALUE_MAX);
	return disk_read(path, out);
}

static enum fail
put_file(const struct setup *s, const char *setting, const char *name)
{
	struct buf file;
	enum fail f = read_file(s, name, &file);

	if (!f)
		f = settings_put(s->txn, setting, buf_view(&file));
	buf_free(&file);
	return f;
}

/* Keep a certificate under its hash; hash is given back. */
static enum fail
put_cert(const struct setup *s, const char *name, uint8_t hash[static HASH_LEN])
{
	char setting[64] = "cert.";
	struct cert cert;
	struct buf file;
	enum fail f = read_file(s, name, &file);

	if (!f)
		f = cert_read(buf_view(&file), &cert, NULL);
	if (!f) {
		cert_hash(&cert, hash);
		bytes_to_hex(
		    (struct bytes){ hash, 16 }, setting + strlen(setting));
		f = settings_put(s->txn, setting, buf_view(&file));
	}
	buf_free(&file);
	return f;
}

static enum person_role
role_of(const char *word)
{
	static const char *const words[] = { "", "clerk", "leader", "head",
		"staff", "administrator" };

	for (enum person_role r = ROLE_CLERK; r < ROLE_COUNT_PEOPLE; r++)
		if (!strcmp(word, words[r]))
			return r;
	return ROLE_NOBODY;
}

/* person NAME ROLE UNIT PASSWORD CERT|- PICTURE|- FULL NAME */
static enum fail
put_person(const struct setup *s, char *value)
{
	char *words[6], *rest = value, hash[PASSWORD_HASH_MAX];
	char setting[96];
	struct person p = { 0 };
	enum fail f;

	for (size_t i = 0; i < 6; i++) {
		words[i] = strsep(&rest, " ");
		if (!words[i] || !rest)
			return FAIL_USAGE;
	}
	p.role = (uint8_t)role_of(words[1]);
	p.unit = (uint16_t)strtoul(words[2], NULL, 10);
	p.name = BYTES_TEXT(words[0]);
	p.full_name = BYTES_TEXT(rest);
	if (!p.role || !text_valid(p.full_name))
		return FAIL_USAGE;
	f = password_hash(BYTES_TEXT(words[3]), hash);
	if (f)
		return f;
	p.password = BYTES_TEXT(hash);
	p.must_change = s->must_change;
	f = strcmp(words[4], "-") != 0 ? put_cert(s, words[4], p.cert) :
					 FAIL_NONE;
	if (!f && strcmp(words[5], "-") != 0) {
		snprintf(
		    setting, sizeof(setting), SETTING_SIGNATURE "%s", words[0]);
		f = put_file(s, setting, words[5]);
	}
	return f ? f : people_add(s->txn, &p);
}

/* seal PNG [MM]: its size is asked for now, not when the first document waits
 * for it. */
static enum fail
put_seal(const struct setup *s, char *value)
{
	char *name = value, *end = NULL, *number = strrchr(value, ' ');
	double mm = number ? strtod(number + 1, &end) : 0;
	bool sized = number && end != number + 1 && !*end;
	struct note note = { .text = "" };
	struct picture picture;
	struct buf png, scaled;
	enum fail f;

	/* A name may have blanks, too. */
	if (sized)
		*number = '\0';
	f = read_file(s, name, &png);
	buf_init(&scaled, 2 * PICTURE_FILE_MAX);
	if (!f && sized && mm <= 0)
		f = FAIL_USAGE;
	if (!f)
		f = picture_read(&picture, buf_view(&png), &note);
	if (!f) {
		if (sized)
			picture_scale(&picture, mm);
		f = mark_picture_may(&picture, MARK_AGENCY, &note);
		if (!f && sized)
			f = picture_put_scale(
			    buf_view(&png), &picture, mm, &scaled);
		if (!f)
			f = settings_put(s->txn, SETTING_SEAL,
			    buf_view(sized ? &scaled : &png));
		picture_free(&picture);
	}
	if (f && note.text[0])
		fprintf(stderr, "provision: %s: %s\n", name, note.text);
	buf_free(&scaled);
	buf_free(&png);
	return f;
}

static enum fail
put_unit(const struct setup *s, char *value)
{
	char setting[64], *number = strsep(&value, " ");

	if (!value)
		return FAIL_USAGE;
	snprintf(setting, sizeof(setting), "unit.%lu.symbol",
	    strtoul(number, NULL, 10));
	return settings_put(s->txn, setting, BYTES_TEXT(value));
}

static bool
is_oid(const char *text)
{
	struct buf oid;
	bool is;

	buf_init(&oid, strlen(text) + 1);
	is = !oid_parse(text, &oid);
	buf_free(&oid);
	return is;
}

static enum fail
run_line(struct setup *s, char *line)
{
	static const struct {
		const char *word, *setting;
		bool file;
	} plain[] = {
		{ "agency", SETTING_AGENCY, false },
		{ "symbol", SETTING_SYMBOL, false },
		{ "place", SETTING_PLACE, false },
		{ "code", SETTING_CODE, false },
		{ "tsa", SETTING_TSA, false },
		{ "tsa-sha1", SETTING_TSA_SHA1, false },
		{ "tsa-policy", SETTING_TSA_POLICY, false },
		{ "egress", SETTING_EGRESS, false },
		{ "pin-tries", SETTING_PIN_TRIES, false },
		{ "lanes", SETTING_LANES, false },
		{ "plain-cms", SETTING_PLAIN_CMS, false },
		{ "iso-time", SETTING_ISO_TIME, false },
		{ "pss", SETTING_PSS, false },
		{ "renew-days", SETTING_RENEW_DAYS, false },
		{ "archive-days", SETTING_ARCHIVE_DAYS, false },
		{ "strict", SETTING_STRICT, false },
		{ "root", SETTING_ROOT, true },
		{ "chain", SETTING_CHAIN, true },
	};
	char *value = line, *word = strsep(&value, " ");
	uint8_t hash[HASH_LEN];
	enum fail f;

	if (!*word || *word == '#')
		return FAIL_NONE;
	if (!value || (!strcmp(word, "tsa-policy") && !is_oid(value)))
		return FAIL_USAGE;
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		if (strcmp(word, plain[i].word) != 0)
			continue;
		return plain[i].file ?
		    put_file(s, plain[i].setting, value) :
		    settings_put(s->txn, plain[i].setting, BYTES_TEXT(value));
	}
	if (!strcmp(word, "digest"))
		return signing_digest(BYTES_TEXT(value)) == HASH_NONE ?
		    FAIL_USAGE :
		    settings_put(s->txn, SETTING_DIGEST, BYTES_TEXT(value));
	if (!strcmp(word, "change")) {
		s->must_change = !strcmp(value, "1");
		return FAIL_NONE;
	}
	if (!strcmp(word, "person"))
		return put_person(s, value);
	if (!strcmp(word, "seal"))
		return put_seal(s, value);
	if (!strcmp(word, "unit"))
		return put_unit(s, value);
	if (strcmp(word, "cert") != 0)
		return FAIL_USAGE;
	f = put_cert(s, value, hash);
	return f ? f : settings_put(s->txn, SETTING_CERT, BYTES_ARRAY(hash));
}

static enum fail
run_file(struct setup *s, const char *path)
{
	char line[LINE_MAX_BYTES];
	FILE *file = fopen(path, "r");
	enum fail f = file ? FAIL_NONE : FAIL_MISSING;

	while (!f && fgets(line, sizeof(line), file)) {
		s->line++;
		line[strcspn(line, "\n")] = '\0';
		f = run_line(s, line);
	}
	if (file)
		fclose(file);
	return f;
}

/* Has the store an agency already?  Then its set-up is done. */
static enum fail
is_set_up(const char *folder, bool *done)
{
	char path[4096];
	struct store *store;
	struct txn *txn;
	struct bytes agency;
	enum fail f;

	*done = false;
	snprintf(path, sizeof(path), "%s/data.mdb", folder);
	if (access(path, F_OK))
		return FAIL_NONE;
	f = store_open(folder, MAP_SIZE, true, &store);
	if (f)
		return f;
	f = txn_begin(store, false, NULL, &txn);
	if (!f) {
		*done = !settings_get(txn, SETTING_AGENCY, &agency);
		txn_abort(txn);
	}
	store_close(store);
	return f;
}

/* Everything in one transaction of a store that nobody sees yet. */
static enum fail
set_up(const char *folder, const char *agency_file)
{
	struct setup s = { 0 };
	struct store *store;
	char *copy = strdup(agency_file);
	enum fail f =
	    copy ? store_open(folder, MAP_SIZE, false, &store) : FAIL_MEMORY;

	if (f) {
		free(copy);
		return f;
	}
	s.folder = dirname(copy);
	f = txn_begin(store, true, NULL, &s.txn);
	if (!f) {
		f = run_file(&s, agency_file);
		if (f) {
			txn_abort(s.txn);
			fprintf(stderr, "provision: %s:%u: %s\n", agency_file,
			    s.line, fail_text(f));
		} else {
			f = txn_commit(s.txn);
		}
	}
	store_close(store);
	free(copy);
	return f;
}

/* The store is made in a folder of its own and gets its name when it is whole:
 * LMDB's first two pages are not written all at once. */
static enum fail
make_store(const char *folder, const char *agency_file)
{
	static const char *const names[] = { "data.mdb", "lock.mdb",
		"ballast" };
	char fresh[4096], from[4200], to[4200];
	int fd;
	enum fail f;

	snprintf(fresh, sizeof(fresh), "%s/.new", folder);
	for (size_t i = 0; i < 3; i++) {
		snprintf(from, sizeof(from), "%s/%s", fresh, names[i]);
		(void)unlink(from);
	}
	if (mkdir(fresh, 0700) && errno != EEXIST)
		return FAIL_IO;
	f = set_up(fresh, agency_file);
	if (f)
		return f;
	snprintf(from, sizeof(from), "%s/data.mdb", fresh);
	snprintf(to, sizeof(to), "%s/data.mdb", folder);
	if (rename(from, to))
		return FAIL_IO;
	snprintf(from, sizeof(from), "%s/lock.mdb", fresh);
	(void)unlink(from);
	(void)rmdir(fresh);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	f = fd < 0 || fsync(fd) ? FAIL_IO : FAIL_NONE;
	if (fd >= 0)
		close(fd);
	return f;
}

int
main(int argc, char **argv)
{
	bool done;
	enum fail f;

	if (argc != 3) {
		fprintf(stderr, "usage: provision DATA-FOLDER AGENCY-FILE\n");
		return 64;
	}
	f = is_set_up(argv[1], &done);
	if (!f && !done)
		f = make_store(argv[1], argv[2]);
	if (f)
		fprintf(stderr, "provision: %s: %s\n", argv[1], fail_text(f));
	return f ? 1 : 0;
}
