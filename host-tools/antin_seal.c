#include "host-tools/antin.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/disk.h"
#include "base/when.h"
#include "crypto/signing_cert.h"
#include "document/dormant.h"
#include "document/mark.h"
#include "document/seal_code.h"
#include "host-tools/cades.h"
#include "host-tools/collect.h"
#include "host-tools/input.h"
#include "host-tools/key.h"
#include "host-tools/longterm.h"
#include "host-tools/roots.h"
#include "host-tools/seal_wish.h"
#include "host-tools/tsa.h"

#define STAMP_MARGIN 256u
#define STAMPS_MAX (1u << 20) /* bytes of tokens */

/* Things that are open while files are sealed. */
struct seal {
	const struct seal_wish *wish;
	struct picture picture;
	struct key key;
	bool logged_in, no_key;
	struct cert_file_set roots;
	struct longterm longterm;
	struct collection collection; /* for all files */
	struct arena stamps;          /* tokens of the file */
	struct cms_recipe recipe;
	struct buf date_text;
	struct note note;
	/* Of the file that is being sealed. */
	const char *in;
	struct disk_map map;
	struct pdf_file pdf;
	size_t needed;   /* bytes of the CMS as it was, when it found no room */
	struct buf tail; /* what stands behind the file in the end */
	struct qr code;
};

/* What one signs should be what one has seen. */
static void
warn_of_dormant(struct seal *s)
{
	unsigned found = dormant_find(&s->pdf, DORMANT_THOROUGH);
	struct buf text;

	if (!found)
		return;
	buf_init(&text, 4096);
	dormant_text(found, &text);
	fprintf(stderr, "antin: %s: %.*s\n", s->in, (int)text.len,
	    (const char *)text.data);
	buf_free(&text);
}

static enum fail
open_input(struct seal *s)
{
	enum fail f = input_map(s->in, s->wish->out, &s->map, &s->note);

	if (f)
		return f;
	f = pdf_file_open_with(&s->pdf, s->map.bytes,
	    s->wish->password ? BYTES_TEXT(s->wish->password) :
				(struct bytes){ NULL, 0 });
	if (f)
		s->note = s->pdf.note;
	else
		warn_of_dormant(s);
	return f;
}

static enum fail
open_picture(struct seal *s)
{
	struct buf png;
	enum fail f;

	if (!s->wish->picture)
		return FAIL_NONE;
	buf_init(&png, PICTURE_FILE_MAX);
	f = disk_read(s->wish->picture, &png);
	if (f)
		note_write(&s->note, f, "cannot read the picture");
	else
		f = picture_read(&s->picture, buf_view(&png), &s->note);
	/* It is not the document that is broken. */
	if (f == FAIL_FORMAT || f == FAIL_LIMIT || f == FAIL_UNSUPPORTED)
		f = FAIL_PICTURE;
	if (!f && s->wish->diameter)
		picture_scale(&s->picture, strtod(s->wish->diameter, NULL));
	buf_free(&png);
	return f;
}

static enum fail
stamp_value(struct seal *s, struct bytes value)
{
	struct timestamp_query q = { .hash = s->wish->imprint };

	hash_bytes(q.hash, value, q.digest);
	return tsa_ask(
	    &s->longterm.tsa, &q, &s->stamps, &s->recipe.time_stamp, &s->note);
}

/* Ask the token and put the CMS into its place. */
static enum fail
sign(struct seal *s, struct pades_update *update)
{
	uint8_t content[HASH_MAX], digest[HASH_MAX], value[SIGNATURE_MAX];
	struct buf attributes, cms;
	struct hash h;
	size_t len = 0;
	enum fail f;

	buf_init(&attributes, CERT_SIZE_MAX);
	buf_init(&cms, PDF_UPDATE_MAX);
	hash_init(&h, s->recipe.algorithm.hash);
	f = disk_each(&s->map, hash_step, &h);
	if (f)
		goto out;
	pades_digest(update, &h, content);
	s->recipe.message_digest = content;
	f = cms_attributes(&s->recipe, &attributes);
	if (f)
		goto out;
	hash_bytes(s->recipe.algorithm.hash, buf_view(&attributes), digest);
	f = token_sign(s->key.token, 0, &s->recipe.algorithm, digest, value,
	    &len, &s->note);
	if (f)
		goto out;
	if (s->wish->tsa.addresses)
		f = stamp_value(s, (struct bytes){ value, len });
	if (!f)
		f = cms_write(&s->recipe, buf_view(&attributes),
		    (struct bytes){ value, len }, &cms);
	if (!f)
		f = pades_finish(update, buf_view(&cms));
	s->needed = f == FAIL_LIMIT ? cms.len : 0;
out:
	s->recipe.message_digest = NULL;
	buf_free(&cms);
	buf_free(&attributes);
	return f;
}

/* What the code says, signed by the token before the file itself is. */
static enum fail
sign_code(struct seal *s, struct buf *body, struct buf *text)
{
	const struct seal_wish *w = s->wish;
	struct signature_algorithm algorithm = { .kind = s->key.algorithm.kind,
		.hash = HASH_SHA256 };
	struct seal_code code = { .agency = BYTES_TEXT(w->qr),
		.number = BYTES_TEXT(w->number),
		.day = w->day,
		.length = (uint32_t)s->map.bytes.len };
	uint8_t whole[HASH_MAX], digest[HASH_LEN], value[SIGNATURE_MAX];
	struct hash h;
	size_t len = 0;
	enum fail f;

	if (s->map.bytes.len > UINT32_MAX)
		return note_set(
		    &s->note, FAIL_LIMIT, "a code tells of files below 4 GB");
	hash_init(&h, HASH_SHA256);
	f = disk_each(&s->map, hash_step, &h);
	hash_done(&h, whole);
	memcpy(code.hash, whole, SEAL_CODE_HASH);
	if (!f)
		f = seal_code_body(&code, body, &s->note);
	if (f)
		return f;
	seal_code_digest(buf_view(body), digest);
	f = token_sign(
	    s->key.token, 0, &algorithm, digest, value, &len, &s->note);
	if (!f)
		f = seal_code_text(buf_view(body), &s->key.signer.key,
		    (struct bytes){ value, len }, text);
	return f ? f : qr_make(buf_view(text), &s->code);
}

static enum fail
make_code(struct seal *s)
{
	struct buf body, text;
	enum fail f;

	buf_init(&body, SEAL_CODE_MAX);
	buf_init(&text, SEAL_CODE_TEXT_MAX);
	f = sign_code(s, &body, &text);
	buf_free(&text);
	buf_free(&body);
	return f;
}

/* As it stands in box 4. */
static void
put_date(struct seal *s)
{
	char day[WHEN_TEXT_MAX];

	when_head_text(s->wish->day, day);
	buf_clear(&s->date_text);
	if (s->wish->place)
		buf_printf(&s->date_text, "%s, ", s->wish->place);
	buf_text(&s->date_text, day);
}

static enum fail
plan(struct seal *s, struct mark_plan *plan)
{
	const struct seal_wish *w = s->wish;
	struct mark_request r = { .role = w->role,
		.iso_time = w->iso_time,
		.picture = w->picture ? &s->picture : NULL,
		.page = w->page ? (unsigned)strtoul(w->page, NULL, 10) : 0,
		.make_fields = w->role == MARK_PERSON && w->picture,
		.copy = w->copy,
		.placed = w->at,
		.x = w->x,
		.y = w->y,
		.time = when_now() };
	enum fail f;

	if (w->number)
		r.number = BYTES_TEXT(w->number);
	if (w->name)
		r.name = BYTES_TEXT(w->name);
	if (w->agency)
		r.agency = BYTES_TEXT(w->agency);
	if (w->qr)
		r.code = &s->code;
	if (w->date) {
		put_date(s);
		r.date = buf_view(&s->date_text);
	}
	f = mark_plan(&s->pdf, &r, plan, &s->note);
	if (!f && plan->usual)
		fprintf(stderr,
		    "antin: %s: the text does not have the name \"%s\": the "
		    "signature goes where it usually stands, on the last "
		    "page\n",
		    s->in, w->name ? w->name : "");
	if (!f && plan->covers > MARK_COVERS_MOST)
		fprintf(stderr,
		    "antin: %s: the signature stands so near to the page's "
		    "edge that the seal %s %u %% of it, not a third\n",
		    s->in, w->role == MARK_AGENCY ? "covers" : "will cover",
		    plan->covers);
	plan->settings.plain_cms = w->plain_cms;
	plan->settings.certify = w->certify;
	plan->settings.field = w->field;
	s->recipe.stamp_room = w->tsa.addresses ? LONGTERM_STAMP_ROOM : 0;
	if (!f)
		f = cms_size(&s->recipe, &plan->settings.contents);
	/* The last try did not fit: as much as it had, and a little more, for
	 * tokens of one authority differ by some bytes. */
	if (!f && s->needed)
		plan->settings.contents = s->needed + STAMP_MARGIN;
	return f;
}

/* Decree 68/2024 Art. 29: the certificate and its path before the signature. */
static enum fail
look_at_signer(struct seal *s, struct pdf_file *pdf)
{
	const struct seal_wish *w = s->wish;
	enum fail f = signing_cert_may(&s->key.signer, when_now(), &s->note);

	if (!f && w->roots)
		f = roots_load(w->roots, &s->roots, &s->key.pool, &s->note);
	s->longterm = (struct longterm){ .roots = cert_file_view(&s->roots),
		.pool = cert_file_view(&s->key.pool),
		.tsa = w->tsa,
		.imprint = w->imprint,
		.collection = &s->collection };
	s->longterm.tsa.roots =
	    w->roots ? s->longterm.roots : (struct cert_set){ NULL, 0 };
	s->longterm.tsa.pool = s->longterm.pool;
	if (w->password)
		s->longterm.password = BYTES_TEXT(w->password);
	if (!f)
		key_collect_chain(&s->key);
	if (!f && !signing_is_as_wished(&s->key.algorithm, &w->key.way))
		f = note_set(&s->note, FAIL_KEY,
		    "RFC 4055 3.1: the key does not sign in that way");
	if (f || !w->roots)
		return f;
	return longterm_may_sign(&s->longterm, pdf, &s->key.signer, &s->note);
}

/* Key and PIN, before the first file; the key is the same for the others. */
static enum fail
log_in(struct seal *s)
{
	enum fail f = FAIL_NONE;

	if (s->logged_in)
		return f;
	f = open_picture(s);
	if (!f)
		f = key_open(&s->key, &s->wish->key, &s->note);
	if (!f)
		f = look_at_signer(s, &s->pdf);
	if (!f)
		f = key_login(&s->key, s->wish->key.pin_file, &s->note);
	s->logged_in = !f;
	s->recipe = (struct cms_recipe){ .signer = &s->key.signer,
		.chain = s->key.chain,
		.chain_count = s->key.chain_count,
		.algorithm = s->key.algorithm };
	return f;
}

/* It is not the input that is missing. */
static enum fail
no_out(struct seal *s, enum fail f, const char *path)
{
	return f ? note_set(&s->note, f == FAIL_MISSING ? FAIL_IO : f,
		       "cannot write %s", path) :
		   FAIL_NONE;
}

/* Where the signed file goes: as -o says, or into that folder by its name. */
static enum fail
put_out(struct seal *s)
{
	const char *name = strrchr(s->in, '/');
	struct stat there;
	struct buf path;
	enum fail f;

	if (!s->wish->into_folder) {
		f = input_put(s->wish->out, &s->map, buf_view(&s->tail));
		return no_out(s, f, s->wish->out);
	}
	buf_init(&path, PATH_MAX);
	buf_printf(&path, "%s/%s", s->wish->out, name ? name + 1 : s->in);
	buf_u8(&path, 0);
	f = buf_fail(&path);
	if (!f && disk_is((const char *)path.data, &s->map))
		f = note_set(&s->note, FAIL_EXISTS,
		    "the folder is the one the file is in");
	if (!f && !stat((const char *)path.data, &there))
		f = note_set(&s->note, FAIL_EXISTS,
		    "the folder has a file of that name");
	if (!f)
		f = no_out(s,
		    input_put(
			(const char *)path.data, &s->map, buf_view(&s->tail)),
		    (const char *)path.data);
	buf_free(&path);
	return f;
}

static enum fail
seal_once(struct seal *s)
{
	struct mark_plan marks = { .settings = { .mark_count = 0 } };
	struct pades_update update;
	enum fail f = plan(s, &marks);

	s->needed = 0;
	if (!f)
		f = pades_begin(&update, &s->pdf, &marks.settings, &s->note);
	mark_plan_free(&marks);
	if (f)
		return f;
	f = sign(s, &update);
	if (!f) {
		buf_bytes(&s->tail, pades_bytes(&update));
		f = buf_fail(&s->tail);
	}
	pades_close(&update);
	return f;
}

static enum fail
seal_run(struct seal *s)
{
	enum fail f = open_input(s);

	if (f)
		return f;
	f = log_in(s);
	s->no_key = f != FAIL_NONE;
	if (!f && s->wish->qr)
		f = make_code(s);
	if (!f)
		f = seal_once(s);
	/* A time-stamp larger than any seen: laid out once more for its size.
	 * The PIN is not asked for again. */
	if (f == FAIL_LIMIT && s->needed)
		f = seal_once(s);
	if (!f)
		f = longterm_raise(
		    &s->longterm, s->wish->level, &s->map, &s->tail, &s->note);
	return f ? f : put_out(s);
}

/* What is wrong with the key is wrong for all files. */
static bool
goes_on(const struct seal *s, enum fail f)
{
	return !s->no_key && f != FAIL_TOKEN && f != FAIL_TOKEN_GONE &&
	    f != FAIL_PIN && f != FAIL_STATE && f != FAIL_KEY;
}

/* One after another; a file that is refused is told, and the others go on. */
static int
seal_pdfs(struct seal *s)
{
	int code = 0;
	enum fail f = FAIL_NONE;

	for (size_t i = 0; i < s->wish->file_count; i++) {
		s->in = s->wish->files[i];
		s->map.fd = -1;
		f = seal_run(s);
		if (f)
			code = antin_refuse(s->in, f, &s->note);
		s->note.text[0] = '\0';
		pdf_file_close(&s->pdf);
		disk_unmap(&s->map);
		buf_clear(&s->tail);
		arena_free(&s->stamps);
		arena_init(&s->stamps, STAMPS_MAX);
		if (f && !goes_on(s, f))
			break;
	}
	return code;
}

/* Files that are no PDF. */
static int
seal_files(struct seal *s)
{
	const struct seal_wish *w = s->wish;
	struct cades_order order = { .files = w->files,
		.count = w->file_count,
		.out = w->out,
		.container = w->asice,
		.level = w->level,
		.longterm = &s->longterm,
		.pin_file = w->key.pin_file };
	enum fail f = key_open(&s->key, &w->key, &s->note);

	if (!f)
		f = look_at_signer(s, NULL);
	if (!f)
		f = cades_run(&order, &s->key, &s->note);
	return f ? antin_refuse(w->files[0], f, &s->note) : 0;
}

int
antin_seal(int argc, char **argv)
{
	struct seal_wish wish = { .imprint = HASH_SHA256 };
	struct seal s = { .wish = &wish, .map = { .fd = -1 } };
	const char *mistake = seal_wish_read(&wish, argc, argv);
	int code;

	if (mistake)
		return antin_usage("seal", mistake);
	cert_file_set_init(&s.roots);
	buf_init(&s.tail, 2 * PDF_UPDATE_MAX);
	buf_init(&s.date_text, 4096);
	arena_init(&s.stamps, STAMPS_MAX);
	collect_init(&s.collection, true);
	code = wish.cades || wish.asice ? seal_files(&s) : seal_pdfs(&s);
	collect_free(&s.collection);
	arena_free(&s.stamps);
	buf_free(&wish.tsa.policy);
	key_close(&s.key);
	picture_free(&s.picture);
	buf_free(&s.tail);
	buf_free(&s.date_text);
	cert_file_set_free(&s.roots);
	return code;
}
