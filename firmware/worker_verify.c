/* What is to be said about a file's signatures: a PDF's, or another signed
 * file's. */
#include "document/file_check.h"
#include "document/report.h"
#include "firmware/worker.h"
#include "firmware/worker_hand.h"

#define REPORT_MAX 40960u /* bytes; the rest of the message is evidence */

struct order {
	int64_t now;
	uint64_t content; /* bytes in front of the file … */
	uint64_t record;  /* … and behind it */
	struct bytes root, chain, password;
};

static enum fail
read_order(struct bytes payload, struct order *o)
{
	struct cursor c = cursor_of(payload);

	o->now = (int64_t)cursor_u64(&c);
	o->content = cursor_u64(&c);
	o->record = cursor_u64(&c);
	o->root = cursor_field(&c);
	o->chain = cursor_field(&c);
	o->password = cursor_field(&c);
	return cursor_done(&c) ? FAIL_NONE : FAIL_PEER;
}

static enum fail
check_parts(const struct disk_map *map, const struct order *o,
    const struct check_policy *policy, struct signature_report *report,
    struct note *note)
{
	size_t len = map->bytes.len;
	struct checked_file in = { .password = o->password };
	struct disk_map content, file;
	struct bytes record;

	if (o->content >= len || o->record >= len - o->content)
		return FAIL_USAGE;
	len -= (size_t)o->record;
	content = disk_map_part(map, 0, (size_t)o->content);
	file = disk_map_part(map, (size_t)o->content, len - (size_t)o->content);
	in.map = &file;
	in.content = o->content ? &content : NULL;
	record = bytes_part(map->bytes, len, SIZE_MAX);
	in.record = o->record ? &record : NULL;
	return file_check(&in, policy, report, note);
}

static enum fail
check_file(struct message *m, const struct order *o, struct hand *h,
    struct signature_report *report, struct note *note)
{
	struct cert_file_set roots, pool;
	struct disk_map map;
	enum fail f = disk_map_fd(message_take_fd(m, 0), &map);

	if (f)
		return f;
	cert_file_set_init(&roots);
	cert_file_set_init(&pool);
	f = worker_stamp_roots(o->root, &roots, note);
	if (!f)
		f = cert_file_add_builtin_cas(&pool, note);
	if (!f)
		f = cert_file_add_der(&pool, o->chain, note);
	if (!f) {
		struct check_policy policy = {
			.trust = { .roots = cert_file_view(&roots),
			    .pool = cert_file_view(&pool),
			    .now = o->now,
			    .source = &h->source }
		};

		f = check_parts(&map, o, &policy, report, note);
	}
	cert_file_set_free(&pool);
	cert_file_set_free(&roots);
	disk_unmap(&map);
	return f;
}

void
worker_verify(struct worker *w, struct message *m)
{
	struct signature_report report = { .verdict = VERDICT_NONE };
	struct note note = { FAIL_NONE, "" };
	struct hand *h = NULL;
	struct order order;
	struct buf bytes;
	enum fail f = read_order(m->payload, &order);

	buf_init(&bytes, REPORT_MAX);
	if (!f)
		f = hand_open(m, 1, &h);
	if (!f)
		f = check_file(m, &order, h, &report, &note);
	if (!f) {
		report_put(&report, REPORT_MAX - 16, &bytes);
		signature_report_free(&report);
		f = buf_fail(&bytes);
	}
	buf_u16(&w->out, (uint16_t)f);
	buf_field(&w->out, BYTES_TEXT(f ? note.text : ""));
	hand_put(&w->out, h);
	buf_field(&w->out, f ? (struct bytes){ NULL, 0 } : buf_view(&bytes));
	buf_free(&bytes);
	hand_close(h);
	worker_answer(w, MESSAGE_DONE_VERIFY, m->id, -1);
}
