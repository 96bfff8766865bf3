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
	const struct cert *authority;
	enum fail state;
	char text[WHEN_TEXT_MAX];
};

static void
hash_step(void *context, struct bytes step)
{
	hash_add(context, step);
}

static void
digest_file(void *context, enum hash_kind kind, uint8_t out[static HASH_MAX])
{
	struct hash h;

	hash_init(&h, kind);
	/* A file that cannot be read to its end has another digest. */
	(void)!disk_each(context, hash_step, &h);
	hash_done(&h, out);
}

static void
add_certs(struct trust *trust, const struct cms *cms)
{
	for (size_t i = 0; i < cms->cert_count; i++) {
		struct cert cert;

		if (!cert_read(cms->certs[i], &cert, NULL))
			trust_add_cert(trust, &cert);
	}
}

/* Is the token over its digest, of an authority that led to a root at an
 * instant: when the next one came, or now for the last? */
static enum fail
judge(struct trust *trust, const struct pades_policy *policy,
    const struct ers_stamp *s, int64_t instant, struct stamp *out,
    struct note *note)
{
	struct trust_answer answer;
	enum fail f = timestamp_verify(&out->token, s->digest, trust->certs,
	    trust->cert_count, &out->authority, note);

	if (!f && out->token.hash != s->hash)
		f = note_set(note, FAIL_DIGEST,
		    "RFC 4998 4.1: the token is of another algorithm");
	if (f || policy->assume_trusted)
		return f;
	trust_judge(trust, out->authority, instant, &answer);
	f = answer.chain ? answer.chain : answer.revocation;
	if (f)
		*note = answer.note;
	return f;
}

static int
exit_of(enum fail f)
{
	switch (f) {
	case FAIL_NONE:
		return EXIT_VALID;
	case FAIL_DIGEST:
	case FAIL_SIGNATURE:
	case FAIL_REVOKED:
	case FAIL_FORMAT:
		return EXIT_INVALID;
	case FAIL_CHAIN:
	case FAIL_EXPIRED:
	case FAIL_MISSING:
		return EXIT_INDETERMINATE;
	default:
		return EXIT_REFUSED;
	}
}

static void
print_stamp(const struct stamp *s)
{
	struct bytes name = s->authority ? name_common(s->authority->subject) :
					   (struct bytes){ NULL, 0 };

	printf("  time-stamp  %s, %s, %.*s\n",
	    s->state ? fail_name(s->state) : "good", s->text, (int)name.len,
	    name.len ? (const char *)name.data : "");
}

/* Newest last: each is judged at the time of the next. */
static enum fail
judge_all(const struct ers *record, const struct pades_policy *policy,
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
			add_certs(&trust, &stamps[i].token.cms);
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
read_and_judge(struct disk_map *map, const char *path, struct buf *der,
    struct ers *record, struct stamp *stamps, const struct pades_policy *policy,
    struct note *note)
{
	enum fail f = disk_read(path, der);

	if (f)
		return note_set(note, FAIL_IO, "cannot read the record");
	f = ers_read(buf_view(der), digest_file, map, record, note);
	return f ? f : judge_all(record, policy, stamps, note);
}

int
record_verify(
    const char *file, const char *path, const struct pades_policy *policy)
{
	struct ers *record = calloc(1, sizeof(*record));
	struct stamp *stamps = calloc(ERS_STAMPS_MAX, sizeof(*stamps));
	struct disk_map map = { .fd = -1 };
	struct note note = { 0 };
	struct buf der;
	int code;
	enum fail f = record && stamps ? disk_map(file, &map) : FAIL_MEMORY;

	buf_init(&der, ERS_MAX);
	if (!f)
		f = read_and_judge(
		    &map, path, &der, record, stamps, policy, &note);
	code = exit_of(f);
	if (code == EXIT_REFUSED) {
		antin_refuse(file, f, &note);
	} else {
		printf("%s: record %s\n", file,
		    code == EXIT_VALID       ? "VALID" :
			code == EXIT_INVALID ? "INVALID" :
					       "INDETERMINATE");
		for (size_t i = 0; f != FAIL_FORMAT && i < record->count; i++)
			if (stamps[i].token.time)
				print_stamp(&stamps[i]);
		if (f && note.text[0])
			printf("  because     %s\n", note.text);
	}
	disk_unmap(&map);
	buf_free(&der);
	free(stamps);
	free(record);
	return code;
}
