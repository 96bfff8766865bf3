/* A table of the documents in one state. */
#include <inttypes.h>

#include "firmware/web/web.h"

struct listing {
	struct visit *visit;
	const struct html_list *list;
	size_t shown, most;
	uint64_t next; /* first record that found no room; 0: all are shown */
};

static enum fail
put_row(void *context, const struct record *r)
{
	struct listing *l = context;

	if (!act_may_see(r, &l->visit->person))
		return FAIL_NONE;
	if (l->shown == l->most) {
		l->next = r->id;
		return FAIL_MISSING;
	}
	l->shown++;
	buf_text(&l->visit->reply.body, "<tr>");
	l->list->row(l->visit, r);
	buf_text(&l->visit->reply.body, "</tr>");
	return FAIL_NONE;
}

void
html_list(
    struct visit *v, const struct html_list *list, uint64_t from, size_t most)
{
	struct listing l = { v, list, 0, most, 0 };
	struct buf *out = &v->reply.body;
	size_t before = out->len, columns = 0;
	enum fail f;

	buf_printf(out, "<h2>%s</h2><table><thead><tr>",
	    record_state_name(list->state));
	for (; columns < HTML_COLUMNS_MAX && list->columns[columns]; columns++)
		buf_printf(
		    out, "<th scope=\"col\">%s</th>", list->columns[columns]);
	buf_text(out, "</tr></thead><tbody>");
	f = record_each(v->txn, list->state, true, from, put_row, &l);
	if (f)
		buf_printf(out,
		    "<tr><td colspan=\"%zu\">Không đọc được danh sách. Báo "
		    "quản trị.</td></tr>",
		    columns);
	buf_text(out, "</tbody></table>");
	if (l.next)
		buf_printf(out, "<p><a href=\"%s%" PRIu64 "\">Xem tiếp</a></p>",
		    list->more, l.next);
	if (!l.shown && !f)
		out->len = before;
}
