/* What the steps of the flow share among themselves. */
#ifndef FIRMWARE_FLOW_FLOW_H
#define FIRMWARE_FLOW_FLOW_H

#include "autoconf.h"
#include "document/findings.h"
#include "firmware/core.h"
#include "firmware/flow/act.h"
#include "firmware/flow/evidence.h"
#include "storage/session.h"

/* Who asks: the person of a session token that is still good.  FAIL_LOGIN;
 * FAIL_PASSWORD: *person is set, but must change the password before any act.
 */
CHECKED enum fail flow_person(struct core *core, struct txn *txn,
    struct bytes token, struct person *person);

/* A record whose texts are held in arena: it may be changed and kept. */
CHECKED enum fail flow_record(
    struct txn *txn, uint64_t id, struct arena *arena, struct record *record);

/* The row for an act, with the refusal told apart: FAIL_RIGHTS, FAIL_STATE. */
CHECKED enum fail flow_row(enum act act, const struct record *record,
    const struct person *person, const struct act_row **row);

/* Write the record in its new state together with its journal entry. */
CHECKED enum fail flow_keep(struct txn *txn, struct record *record,
    enum act act, enum record_state to, uint64_t actor, struct bytes reason,
    const uint8_t *thing);

/* Room for the texts of one record. */
#define FLOW_ARENA (64u << 10)

/* Bytes of one upload, and of all whose copies core holds at a time. */
#define FLOW_UPLOADS_MAX ((uint64_t)CONFIG_NET_REQUEST_MIB << 20)

#define FLOW_FETCH_MS 20000u /* net's time where nobody waits */

/* Have a piece of evidence fetched; then keep what came in core's cache. */
void flow_fetch(struct core *core, struct job *job,
    const struct evidence_need *need, uint32_t milliseconds, job_step *step);
void flow_fetched(struct core *core, const struct evidence_need *need,
    enum fail f, struct message *reply);

/* Parts of a body that net sent, one behind the other as a file of our own:
 * net's could change under us. */
struct disk_map;
struct flow_part {
	uint64_t offset, length;
};
CHECKED enum fail flow_copy_parts(struct message *m,
    const struct flow_part *parts, size_t count, struct disk_map *own);

/* ---- reports on signatures: flow_check.c ---- */

/* A document's newest file. */
const uint8_t *flow_newest_file(const struct record *record);

/* The verdict of a report (document/report.h), and what the first bad
 * signature fails with: FAIL_REVOKED, FAIL_SIGNATURE; FAIL_NONE: there is none.
 * FAIL_PEER: it is no report. */
CHECKED enum fail
flow_report_verdict(struct bytes report, enum verdict *verdict, enum fail *why);

/* Keep what a check of one of a document's files found, in the record and in
 * the journal: the report, or (checked) why there is none. */
CHECKED enum fail
flow_keep_check(struct txn *txn, struct record *record, const uint8_t *file,
    enum fail checked, struct bytes report, uint64_t actor);

/* Check a document's newest file for somebody who is told and nothing kept.
 * FAIL_NONE: told is called once, maybe before this returns. */
typedef void
flow_told(void *listener, uint64_t record, enum fail f, struct bytes report);
CHECKED enum fail flow_check_tell(
    struct core *core, uint64_t record, flow_told *told, void *listener);

/* Append the evidence record of a file of record (flow_archive.c).
 * FAIL_MISSING: there is none yet; FAIL_CORRUPT; FAIL_LIMIT: out has no room.
 */
CHECKED enum fail flow_evidence_record(
    struct txn *txn, const uint8_t hash[HASH_LEN], struct buf *out);

/* What net asks, one family per file. */
void flow_verify(struct core *core, struct message *m);
void flow_login(struct core *core, struct message *m);
void flow_logout(struct core *core, struct message *m);
void flow_touch(struct core *core, struct message *m);
void flow_password(struct core *core, struct message *m);
void flow_act(struct core *core, struct message *m);
void flow_issue(struct core *core, struct message *m);
void flow_seal(struct core *core, struct message *m);
void flow_token(struct core *core, struct message *m);
void flow_sketch(struct core *core, struct message *m);
void flow_hand_over(struct core *core, struct message *m);

/* An act with a file: flow_file.c. */
struct act_call;
void flow_file(struct core *core, struct message *m, struct act_call *call);

/* A document's signatures checked again: flow_check.c. */
void flow_check(struct core *core, struct message *m, struct act_call *call);

/* An act of one leader with his token: flow_sign.c. */
void flow_sign(struct core *core, struct message *m, struct act_call *call);

#define ACT_FIELDS_MAX 8u

/* ASK_ACT taken apart; views die with the message. */
struct act_call {
	struct bytes token;
	enum act act;
	uint64_t record, offset, length;
	struct bytes fields[ACT_FIELDS_MAX];
	size_t field_count;
};

#endif
