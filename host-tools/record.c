#include "host-tools/record.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/disk.h"
#include "base/when.h"
#include "crypto/evidence_record.h"
#include "crypto/name.h"
#include "crypto/timestamp.h"
#include "host-tools/antin.h"

/* One time-stamp of the record, and what was found. */
struct stamp {
	struct timestamp token;
	struct bytes authority; /* common name, in the token's bytes */
	enum fail state;
	char text[WHEN_TEXT_MAX];
};

/* The file, and whether it could always be read to its end. */
struct reading {
	struct disk_map map;
	enum fail fail;
};

static void
digest_file(void *context, enum hash_kind kind, uint8_t out[static HASH_MAX])
{
	struct reading *r = context;
	struct hash h;
	enum fail f;

	hash_init(&h, kind);
	f = disk_each(&r->map, hash_step, &h);
	if (f)
		r->fail = f;
	hash_done(&h, out);
}

/* Is the token over its digest, of an authority that led to a root at an
 * instant: when the next one came, or now for the last? */
static enum fail
judge(struct trust *trust, const struct check_policy *policy,
    const struct ers_stamp *s, int64_t instant, struct stamp *out,
    struct note *note)
{
	const struct cert *authority = NULL;
	struct trust_answer answer;
	enum fail f = timestamp_verify(&out->token, s->digest, trust->certs,
	    trust->cert_count, &authority, note);

	if (authority)
		out->authority = name_common(authority->subject);
	/* hash.h: whoever can make two files of one SHA-1 can have one of
	 * them stamped. */
	if (!f && s->hash == HASH_SHA1)
		f = note_set(note, FAIL_EXPIRED,
		    "RFC 4998 5.3: SHA-1 proves nothing any more");
	if (!f && out->token.hash != s->hash)
		f = note_set(note, FAIL_DIGEST,
		    "RFC 4998 4.1: the token is of another algorithm");
	if (f || policy->assume_trusted)
		return f;
	trust_judge(trust, authority, instant, &answer);
	f = answer.chain ? answer.chain : answer.revocation;
	if (f)
		*note = answer.note;
	return f;
}

/* Bytes that are no record prove nothing. */
static int
exit_of(enum fail f)
{
	return f == FAIL_FORMAT ? EXIT_INVALID : antin_exit(f);
}

static void
print_stamp(const struct stamp *s)
{
	printf("  time-stamp  %s, %s, %s, %.*s\n",
	    s->state ? fail_name(s->state) : "good", s->text,
	    hash_name(s->token.hash), (int)s->authority.len,
	    s->authority.len ? (const char *)s->authority.data : "");
}

/* Newest last: each is judged at the time of the next. */
static enum fail
judge_all(const struct ers *record, const struct check_policy *policy,
    struct stamp *stamps, struct note *note)
{
	struct trust trust;
	enum fail worst = FAIL_NONE,
		  f = trust_open(&trust, &policy->trust, NULL);

	if (f)
		return f;
	for (size_t i = 0; i < record->count && !f; i++) {
		f = timestamp_read(
		    record->stamps[i].token, &stamps[i].token, note);
		if (!f)
			trust_add_cms(&trust, &stamps[i].token.cms);
		when_stamp_text(stamps[i].token.time, stamps[i].text);
	}
	for (size_t i = 0; i < record->count && !f; i++) {
		int64_t instant = i + 1 < record->count ?
		    stamps[i + 1].token.time :
		    policy->trust.now;

		stamps[i].state = judge(&trust, policy, &record->stamps[i],
		    instant, &stamps[i], note);
		/* Time does not run backwards. */
		if (!stamps[i].state && stamps[i].token.time > instant)
			stamps[i].state = note_set(note, FAIL_FORMAT,
			    "RFC 4998 5.3: a renewal is older than what it "
			    "renews");
		if (exit_of(stamps[i].state) != EXIT_VALID &&
		    (!worst || exit_of(stamps[i].state) == EXIT_INVALID))
			worst = stamps[i].state;
	}
	trust_close(&trust);
	return f ? f : worst;
}

static enum fail
read_and_judge(struct reading *file, const char *path, struct buf *der,
    struct ers *record, struct stamp *stamps, const struct check_policy *policy,
    struct note *note)
{
	enum fail f = disk_read(path, der);

	if (f)
		return note_set(note, FAIL_IO, "cannot read the record");
	f = ers_read(buf_view(der), digest_file, file, record, note);
	if (file->fail)
		return note_set(note, FAIL_IO, "cannot read the file");
	return f ? f : judge_all(record, policy, stamps, note);
}

int
record_verify(
    const char *file, const char *path, const struct check_policy *policy)
{
	struct ers *record = calloc(1, sizeof(*record));
	struct stamp *stamps = calloc(ERS_STAMPS_MAX, sizeof(*stamps));
	struct reading reading = { .map = { .fd = -1 } };
	struct note note = { 0 };
	struct buf der;
	int code;
	enum fail f =
	    record && stamps ? disk_map(file, &reading.map) : FAIL_MEMORY;

	buf_init(&der, ERS_MAX);
	if (!f)
		f = read_and_judge(
		    &reading, path, &der, record, stamps, policy, &note);
	code = exit_of(f);
	if (code == EXIT_REFUSED) {
		antin_refuse(file, f, &note);
	} else {
		printf("%s: record %s\n", file,
		    code == EXIT_VALID       ? "VALID" :
			code == EXIT_INVALID ? "INVALID" :
					       "INDETERMINATE");
		for (size_t i = 0;
		     record && f != FAIL_FORMAT && i < record->count; i++)
			if (stamps[i].token.time)
				print_stamp(&stamps[i]);
		if (f && note.text[0])
			printf("  because     %s\n", note.text);
	}
	disk_unmap(&reading.map);
	buf_free(&der);
	free(stamps);
	free(record);
	return code;
}
