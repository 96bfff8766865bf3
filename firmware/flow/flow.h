/* What the steps of the flow share among themselves. */
#ifndef FIRMWARE_FLOW_FLOW_H
#define FIRMWARE_FLOW_FLOW_H

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

#define FLOW_FETCH_MS 20000u /* net's time where nobody waits */

/* Have a piece of evidence fetched; then keep what came in core's cache. */
void flow_fetch(struct core *core, struct job *job,
    const struct evidence_need *need, uint32_t milliseconds, job_step *step);
void flow_fetched(struct core *core, const struct evidence_need *need,
    enum fail f, struct message *reply);

/* The part of a body that net sent, as a file of our own: net's could change
 * under us. */
struct disk_map;
CHECKED enum fail flow_copy_part(
    struct message *m, uint64_t offset, uint64_t length, struct disk_map *own);

/* What net asks, one family per file. */
void flow_verify(struct core *core, struct message *m);
void flow_login(struct core *core, struct message *m);
void flow_logout(struct core *core, struct message *m);
void flow_touch(struct core *core, struct message *m);
void flow_password(struct core *core, struct message *m);
void flow_act(struct core *core, struct message *m);
void flow_seal(struct core *core, struct message *m);
void flow_token(struct core *core, struct message *m);
void flow_hand_over(struct core *core, struct message *m);

/* An act with a file: flow_file.c. */
struct act_call;
void flow_file(struct core *core, struct message *m, struct act_call *call);

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
