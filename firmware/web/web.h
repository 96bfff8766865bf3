/*
 * The LAN pages: server-rendered HTML in Vietnamese, forms that work without
 * scripts, nothing from outside.  They run in the net role: they read the
 * store through its read-only map and ask core for every act.
 */
#ifndef FIRMWARE_WEB_WEB_H
#define FIRMWARE_WEB_WEB_H

#include "base/disk.h"
#include "crypto/cert.h"
#include "document/sketch.h"
#include "firmware/flow/act.h"
#include "firmware/flow/brake.h"
#include "firmware/message.h"
#include "net/form.h"
#include "net/http.h"
#include "storage/session.h"

#define WEB_PAGE_MAX (4u << 20) /* bytes of one page */
#define WEB_VERIFY "/kiem-tra"  /* open to everybody */
#define WEB_ASKS_MAX 1024u      /* questions to core under way */

struct web;
struct visit;

/* core's answer to what a page asked. */
typedef void
web_answer(struct web *web, struct visit *visit, const struct message *answer);

/* A question under way: who waits for it and what he sees then. */
struct web_ask {
	uint64_t id;   /* 0: free */
	int64_t since; /* monotonic milliseconds */
	http_id http;
	web_answer *done;
	uint64_t record;
	enum act act;
	uint8_t token[SESSION_TOKEN]; /* who asked, for what he asks next */
	struct http_reply begun;      /* a page that waits for the rest */
};

struct web {
	struct store *store;
	struct http_server *server;
	int channel;
	uint64_t last_ask;
	struct web_ask asks[WEB_ASKS_MAX];
	struct buf out;        /* scratch for messages */
	struct brake verifies; /* files from those who are not logged in */
};

/* One request while it is handled. */
struct visit {
	struct web *web;
	http_id id;
	const struct http_request *request;
	struct txn *txn; /* read-only; NULL after a question was sent */
	bool known;      /* somebody is logged in */
	uint8_t token[SESSION_TOKEN];
	struct session session;
	struct person person;
	uint64_t number; /* the number in the path, if its route has one */
	struct http_reply reply;
	bool answered; /* or a question was asked: nothing to send now */
};

/* All requests come in here: http_handler. */
void web_handle(void *context, http_id id, const struct http_request *request);

/* Bytes of body the bearer of this cookie may send: http_body_limit.  Whose
 * login is over is sent to the login page; to one page everybody may send a
 * file. */
uint64_t web_body_limit(
    void *context, struct bytes path, struct bytes cookie, int *refusal);

/* A message from core. */
void web_message(struct web *web, const struct message *message);

/* Once a second or so: who waits far too long is told so. */
void web_sweep(struct web *web);

/* ---- for the pages ---- */

/* Start and end a page; its body is written to visit->reply.body between. */
void page_begin(struct visit *visit, int status, const char *title);
void page_end(struct visit *visit);

/* A page that only says something, with a way back. */
void page_message(
    struct visit *visit, int status, const char *title, const char *text);

/* The page for a failure, with its HTTP status. */
void page_fail(struct visit *visit, enum fail f, const char *note);
int status_of(enum fail f);

/* Send the browser to another page (303). */
void page_go(struct visit *visit, const char *path);

/* Text with the five characters escaped. */
void html_text(struct buf *out, struct bytes text);
void html_plain(struct buf *out, const char *text);

/* A paragraph that says what went wrong, read aloud at once. */
void html_alert(struct buf *out, const char *text);

/* The same for a failure, with its code and a note for the engineer. */
void html_trouble(struct buf *out, enum fail f, struct bytes note);

/* What is told of a token before its PIN is typed (an ANSWER_TOKEN). */
enum token_pin {
	PIN_HERE,
	PIN_ON_TOKEN, /* it is typed there */
	PIN_UNKNOWN   /* nobody could ask the token, which may be at work */
};
enum token_pin html_token(struct buf *out, const struct message *message);

/* A pinned certificate by its SHA-256. */
CHECKED enum fail web_cert(
    struct txn *txn, const uint8_t hash[static HASH_LEN], struct cert *cert);

/* Does the certificate with which one signs, a clerk the agency's, end soon?
 * That is told 60, 30 and 7 days before. */
void html_cert_end(struct visit *visit);
void html_pin_state(struct buf *out, uint8_t state);
void html_pin_field(struct buf *out, const char *label, enum token_pin pin);

/* How its pages will look, small; opened it is large. */
void html_sketch(struct buf *out, const struct sketch *sketch);

/* An ANSWER_SKETCH: what came of each document asked about, one after another.
 * FAIL_PEER; unmap the rows unless it failed. */
struct web_sketch {
	uint64_t record;
	enum fail fail;
	struct bytes note; /* for the engineer */
	struct sketch sketch;
};
CHECKED enum fail
web_sketches(const struct message *message, struct disk_map *rows);
bool web_sketch_next(struct cursor *rows, struct web_sketch *row);

/* The hidden field that proves that a form is ours. */
void html_csrf(struct visit *visit);

/* A number in the query; other when it is not there or is none. */
uint64_t web_query(const struct visit *visit, const char *name, uint64_t other);

/* dd/mm/yyyy HH:MM in Viet Nam. */
void html_time(struct buf *out, int64_t instant);

/* Is the form this request carries ours?  Else the 403 page is written. */
bool web_same_form(struct visit *visit, struct bytes token);

/* Send a question built in web->out; the answer leads to done.  A page begun
 * before is kept: done finds it in its visit and goes on; it may ask again. */
void web_ask(struct visit *visit, enum message_kind kind, int fd,
    web_answer *done, uint64_t record, enum act act);

/* The body as a file for core; a small one is in memory only and becomes one
 * here.  The caller closes it; -1: no memory. */
int web_body_file(struct visit *visit);

/* ASK_ACT up to its fields; then buf_u8 count and buf_field each. */
void web_put_act(struct visit *visit, enum act act, uint64_t record,
    uint64_t offset, uint64_t length);

/* An act with the file of the form's part "tep" and the named fields. */
void web_file_act(struct visit *visit, enum act act, uint64_t record,
    const struct form_part *parts, size_t count, const char *const *fields,
    size_t field_count);

/* Back to the document after an act, or why not: a web_answer. */
void web_act_answered(
    struct web *web, struct visit *visit, const struct message *answer);

/* Does that file of record begin as a PDF?  Only then it was checked as one:
 * with other bytes in front it may be a CMS or a container that has a PDF in
 * it, and browsers would show that. */
bool web_file_is_pdf(struct txn *txn, const uint8_t *hash);

#define HTML_COLUMNS_MAX 8u

/* A table of the documents in one state that the person may see, newest first:
 * what stands in it. */
struct html_list {
	enum record_state state;
	const char *columns[HTML_COLUMNS_MAX]; /* their heads, up to NULL */
	const char *more; /* where the rest is, before a number */
	void (*row)(struct visit *visit, const struct record *record);
};

/* At most so many of them, from number `from` (0: the newest) down; nothing
 * when there are none. */
void html_list(struct visit *visit, const struct html_list *list, uint64_t from,
    size_t most);

/* The one of incoming documents. */
void html_arrivals(struct visit *visit, uint64_t from, size_t most);

/* What is known of an incoming document; of a document's last check. */
void html_arrival(struct visit *visit, const struct record *record);
void html_check(struct visit *visit, const struct record *record);

/* Why a file's signatures could not be checked, and what to do then. */
const char *html_unchecked(enum fail f);

/* What is unseen in its file, for whoever is going to sign it. */
void html_dormant(struct visit *visit, const struct record *record);

/* ---- pages ---- */
typedef void web_page(struct visit *visit);

web_page page_login, page_login_post, page_logout_post, page_password,
    page_password_post, page_home, page_list, page_document, page_new,
    page_new_post, page_act_post, page_file, page_record, page_sign, page_seal,
    page_seal_check, page_seal_post, page_issue_post, page_register, page_code,
    page_code_post, page_custody, page_custody_post, page_verify,
    page_verify_post, page_incoming, page_receive, page_receive_post,
    page_report, page_report_pdf, page_report_xml, page_style, page_health;

#endif
