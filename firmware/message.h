/*
 * Every message that passes between roles, in one table: name, number, who
 * sends it, who receives it, least and greatest payload in bytes, descriptors.
 * The enum, the checks on both ends, the fuzz target and the negative tests
 * are made from it.  Payloads are little-endian fields (base/buf.h,
 * base/bytes.h) in the order the comments give; "field" is a 16-bit length and
 * bytes.
 */
#ifndef FIRMWARE_MESSAGE_H
#define FIRMWARE_MESSAGE_H

#include "base/channel.h"
#include "crypto/hash.h"

enum role { ROLE_CORE, ROLE_NET, ROLE_SIGNER, ROLE_WORKER };

/* clang-format off */
#define MESSAGES(M) \
	/* field name, field password, field peer */ \
	M(ASK_LOGIN,      1, NET,    CORE,     6,  1024, 0) \
	/* 32 token */ \
	M(ASK_LOGOUT,     2, NET,    CORE,    32,    32, 0) \
	/* 32 token, u16 act, u64 record, u64 offset and u64 length of the \
	 * file in the descriptor, u8 count, fields */ \
	M(ASK_ACT,        3, NET,    CORE,    59, 16384, 1) \
	/* 32 token, field PIN, 32 list hash, u8 1: with a code beside the \
	 * number, u16 count, u64 records */ \
	M(ASK_SEAL,       4, NET,    CORE,    69, 16384, 0) \
	/* 32 token */ \
	M(ASK_TOKEN,      5, NET,    CORE,    32,    32, 0) \
	/* 32 token: this login was just used; no answer */ \
	M(ASK_TOUCH,      6, NET,    CORE,    32,    32, 0) \
	/* 32 token, field old password, field new one */ \
	M(ASK_PASSWORD,   7, NET,    CORE,    36,  1024, 0) \
	/* u16 fail, u16 HTTP status; descriptor of the body */ \
	M(FETCHED,        8, NET,    CORE,     4,     4, 1) \
	/* u32 most bytes of the body, u32 milliseconds, field URL, field type \
	 * (empty: GET), field body; descriptor of a file for what comes, or \
	 * none: it is kept in memory */ \
	M(FETCH,         24, CORE,   NET,     14, 16384, 1) \
	/* 32 token, u16 act (ACT_SIGN, ACT_SEAL), fields page, left and top \
	 * of a picture that is put by hand, u16 count, u64 records: how these \
	 * will look */ \
	M(ASK_SKETCH,    11, NET,    CORE,    50, 16384, 0) \
	/* 32 token, u16 count, u64 records: sent out, each that can be */ \
	M(ASK_ISSUE,     12, NET,    CORE,    42, 16384, 0) \
	/* u64 offset, u64 length, the same of the content that a detached \
	 * signature signs (length 0: none) and of the file's evidence record \
	 * (likewise), field password of the file; descriptor: the body with \
	 * them in it.  Anybody may ask */ \
	M(ASK_VERIFY,    10, NET,    CORE,    50,  1024, 1) \
	/* u16 fail, u64 record, field note */ \
	M(ANSWER,        20, CORE,   NET,     12,   512, 0) \
	/* 32 token, u64 person, u8 must change the password */ \
	M(ANSWER_LOGIN,  21, CORE,   NET,     41,    41, 0) \
	/* u16 fail of the batch, u8 PIN state, u16 count, each u64 record, \
	 * u16 fail; of ASK_ISSUE the PIN state is 0 */ \
	M(ANSWER_SEAL,   22, CORE,   NET,      5, 16384, 0) \
	/* as SIGNED_STATUS, then u16 batches that have the token or wait \
	 * for it, u32 their documents, u32 seconds these may take */ \
	M(ANSWER_TOKEN,  23, CORE,   NET,     24,   256, 0) \
	/* u16 fail, field note, field report (document/report.h) */ \
	M(ANSWER_VERIFY, 25, CORE,   NET,      6, 65000, 0) \
	/* u16 fail; descriptor of what came of each record: u64 record, u16 \
	 * fail, field note, sketch (document/sketch.h) */ \
	M(ANSWER_SKETCH, 26, CORE,   NET,      2,     2, 1) \
	/* field stored hash (empty: make one), field password */ \
	M(WORK_PASSWORD, 40, CORE,   WORKER,   4,  1024, 0) \
	/* u64 offset, u64 length, u8 mark role that it must be able to bear \
	 * (annex, copy; else: any), field the words of that mark; descriptor \
	 * of the file */ \
	M(WORK_INSPECT,  41, CORE,   WORKER,  19,  4096, 1) \
	/* u8 mark role, u8 make fields, u64 time, field name to look for, \
	 * field number, field date, field text of the code beside them, u8 \
	 * hash kind (0: none is wanted), u32 room for the CMS, field agency \
	 * that copies, u8 kind of copy, u8 place for the picture (0: none \
	 * given, 1: by hand, 2: where the name is not found), u16 page, u16 \
	 * left, u16 top (firmware/flow/spot.h), u8 bits (1: the mark says it \
	 * is a test, 2: times as ISO 8601 has them, 4: \
	 * adbe.pkcs7.detached); descriptors: file, picture */ \
	M(WORK_PREPARE,  42, CORE,   WORKER,  34,  8192, 2) \
	/* u64 size of the part signed by others, fields number and date with \
	 * which to try whether the seal could be put on it (empty: no trial), \
	 * u8 count, 32 each: hashes of the certificates that must have \
	 * signed, field root, u8 1: it must end with a time-stamp of an \
	 * authority below a root; descriptor of the file */ \
	M(WORK_CHECK,    43, CORE,   WORKER,  16, 65000, 1) \
	/* u64 now, field certificate, field root, field CA below it; \
	 * descriptor of the evidence at hand (firmware/flow/evidence.h) */ \
	M(WORK_TRUST,    44, CORE,   WORKER,  14, 16384, 1) \
	/* u64 now, field root, field CA, u8 hash kind of the time-stamp, u32 \
	 * room for it, u8 1: nothing but it; descriptors: file, evidence */ \
	M(WORK_RAISE,    45, CORE,   WORKER,  18, 16384, 2) \
	/* u64 now, u8 hash kind, 64 digest, 8 nonce, field root, field \
	 * policy's OID (empty: any); descriptor of an authority's answer */ \
	M(WORK_STAMP,    46, CORE,   WORKER,  85,  8192, 1) \
	/* u64 now, u64 bytes of a detached signature's content in front of \
	 * the file, u64 bytes of an evidence record behind it, field root, \
	 * field CA below it, field password of the file; descriptors: file, \
	 * evidence */ \
	M(WORK_VERIFY,   47, CORE,   WORKER,  30, 16384, 2) \
	/* u64 now, field root, field CA below it; descriptors: time-stamp \
	 * token, evidence */ \
	M(WORK_PROVE,    48, CORE,   WORKER,  12, 16384, 2) \
	/* as WORK_PREPARE: how will it look? */ \
	M(WORK_SKETCH,   49, CORE,   WORKER,  34,  8192, 2) \
	/* u16 fail, field hash */ \
	M(DONE_PASSWORD, 60, WORKER, CORE,     4,   256, 0) \
	/* u16 fail, field note, u32 pages, u16 signatures, u8 dormant content \
	 * (document/dormant.h), u32 what it says of its date \
	 * (document/head_words.h) */ \
	M(DONE_INSPECT,  61, WORKER, CORE,    15,   512, 0) \
	/* u16 fail, field note, u64 gap, u64 its end, 64 digest; \
	 * descriptor of the update */ \
	M(DONE_PREPARE,  62, WORKER, CORE,    84,   512, 1) \
	/* u16 fail, field note */ \
	M(DONE_CHECK,    63, WORKER, CORE,     4,   512, 0) \
	/* u16 fail, field note, what is missing and what was used of the \
	 * evidence (firmware/flow/evidence.h) */ \
	M(DONE_TRUST,    64, WORKER, CORE,     7, 65000, 0) \
	/* the same, then u64 gap, u64 its end, 64 digest; descriptor of the \
	 * update when nothing is missing */ \
	M(DONE_RAISE,    65, WORKER, CORE,    87, 65000, 1) \
	/* u16 fail, field note, u64 time, u64 when its path ends, field token \
	 */ \
	M(DONE_STAMP,    66, WORKER, CORE,    22, 65000, 0) \
	/* as DONE_TRUST, then field report (document/report.h) */ \
	M(DONE_VERIFY,   67, WORKER, CORE,     9, 65000, 0) \
	/* as DONE_TRUST; descriptor of the token with what tells about its \
	 * authority when nothing is missing */ \
	M(DONE_PROVE,    68, WORKER, CORE,     7, 65000, 1) \
	/* u16 fail, field note, sketch (document/sketch.h) */ \
	M(DONE_SKETCH,   69, WORKER, CORE,     5, 65000, 0) \
	/* 32 certificate hash */ \
	M(SIGN_STATUS,   80, CORE,   SIGNER,  32,    32, 0) \
	/* 32 certificate hash, field PIN (empty: asked for on the token), u8 \
	 * lanes wanted (0: as many as suit the token) */ \
	M(SIGN_LOGIN,    81, CORE,   SIGNER,  35,   512, 0) \
	/* u8 key kind, u8 hash kind, 64 digest */ \
	M(SIGN_DIGEST,   82, CORE,   SIGNER,  66,    66, 0) \
	/* nothing */ \
	M(SIGN_LOGOUT,   83, CORE,   SIGNER,   0,     0, 0) \
	/* u16 fail, u8 PIN state, u8 whether the PIN is typed on the \
	 * token, field label, u64 notAfter */ \
	M(SIGNED_STATUS, 90, SIGNER, CORE,    14,   200, 0) \
	/* u16 fail, u8 PIN state after, u8 whether that cost a try, u8 lanes: \
	 * signatures made at the same time */ \
	M(SIGNED_LOGIN,  91, SIGNER, CORE,     5,     5, 0) \
	/* u16 fail, field value, u32 microseconds the token took */ \
	M(SIGNED_VALUE,  92, SIGNER, CORE,     8,   600, 0) \
	/* 32 token, u64 person who gets the agency's token, field written \
	 * permission, field his password */ \
	M(ASK_HAND_OVER,  9, NET,    CORE,    44,  1024, 0)
/* clang-format on */

enum message_kind {
#define M(name, number, from, to, least, most, fds) MESSAGE_##name = number,
	MESSAGES(M)
#undef M
};

/* May from send to this message, in its length and with its descriptors? */
bool
message_allowed(const struct message *message, enum role from, enum role to);

const char *message_name(uint16_t kind);

/*
 * Receive and check in one: FAIL_PEER also for a message that the table does
 * not allow (its descriptors are closed).
 */
CHECKED enum fail message_receive(int fd, uint8_t *room, enum role from,
    enum role to, struct message *message);

/* A u16 that says how something went.  FAIL_PEER: it is no code of ours. */
enum fail message_fail(struct cursor *c);

/* The note that follows it. */
void message_why(struct cursor *c, char why[static NOTE_TEXT_MAX]);

/* Send kind with the payload built in body (then cleared); fd -1: none. */
CHECKED enum fail message_send(
    int channel, enum message_kind kind, uint64_t id, struct buf *body, int fd);
CHECKED enum fail message_send_two(int channel, enum message_kind kind,
    uint64_t id, struct buf *body, int first, int second);

#endif
