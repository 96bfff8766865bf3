/*
 * A document's record: everything the register and the pages show of it, and
 * the hashes of its files.  What happened to it is in the journal.
 */
#ifndef STORAGE_RECORD_H
#define STORAGE_RECORD_H

#include "base/arena.h"
#include "crypto/hash.h"
#include "storage/store.h"

/* Lengths in characters, Decree 30/2020 Annex VI; bytes hold four times. */
#define RECORD_SUBJECT_MAX 500u
#define RECORD_TEXT_BYTES 2000u

/* States of workflow.md §2.3; numbers are stored: add at the end. */
enum record_state {
	STATE_NONE,
	STATE_DRAFT,          /* NHÁP */
	STATE_WAIT_UNIT,      /* CHỜ TRƯỞNG PHÒNG */
	STATE_RETURNED,       /* BỊ TRẢ LẠI */
	STATE_WAIT_LEADER,    /* CHỜ LÃNH ĐẠO */
	STATE_WAIT_SIGNATURE, /* CHỜ CHỮ KÝ */
	STATE_WAIT_NUMBER,    /* CHỜ VÀO SỔ ĐI */
	STATE_WAIT_SEAL,      /* CHỜ ĐÓNG DẤU */
	STATE_SIGNING,        /* a digest of it or of an annex went to the
				 token, not all values are kept yet */
	STATE_WAIT_ISSUE,     /* CHỜ PHÁT HÀNH */
	STATE_ISSUED,         /* ĐÃ PHÁT HÀNH */
	STATE_ARCHIVED,       /* LƯU */
	STATE_VOID,           /* HỦY SỐ */
	STATE_ANNEX,          /* a file beside its main document, which says
				 how far it is */
	STATE_ANNEX_REMOVED,
	STATE_ARRIVED, /* CHỜ VÀO SỔ ĐẾN: received, not in a register yet */
	STATE_COUNT
};

/* Where an incoming document came from; numbers are stored. */
enum record_source {
	SOURCE_NONE, /* it is an outgoing one */
	SOURCE_OFFICE,
	SOURCE_MAIL,
	SOURCE_PAPER,
	SOURCE_COUNT
};

/* The last time the signatures of one of its files were checked. */
struct record_check {
	int64_t time; /* UTC seconds; 0: never */
	uint8_t file[HASH_LEN];
	uint8_t report[HASH_LEN]; /* blob of document/report.h; zeros: none … */
	uint16_t fail;            /* … and why there is none (enum fail) */
	uint8_t verdict;          /* the report's (enum verdict), below … */
};
#define RECORD_VERDICTS 4u /* … this */

struct record {
	uint64_t id;
	uint64_t main; /* of an annex: its main document; else 0 */
	uint8_t state; /* enum record_state */
	uint8_t kind;  /* index into document kinds, firmware/flow/kind.h */
	uint8_t urgency; /* 0 thường, 1 khẩn, 2 thượng khẩn, 3 hỏa tốc */
	uint64_t drafter, leader; /* people */
	uint16_t unit;            /* drafting unit */
	uint16_t pages;
	uint16_t copies;          /* số lượng bản */
	int64_t created, changed; /* UTC seconds */
	uint16_t book, year;      /* 0: not numbered yet */
	uint32_t number;
	uint32_t date;                 /* yyyymmdd of issue; 0: none */
	uint8_t draft[HASH_LEN];       /* file as submitted; approved as such;
					  of an incoming one: as received */
	uint8_t approved[HASH_LEN];    /* equals draft once approved; zeros */
	uint8_t signed_file[HASH_LEN]; /* with the leader's signature */
	uint8_t sealed[HASH_LEN];
	uint8_t raised[HASH_LEN]; /* the sealed file with what a long-term level
				     adds behind it; zeros: not yet */
	int64_t stamped;          /* the time-stamp's time; 0: none */
	uint8_t evidence[HASH_LEN]; /* digest given to the token last */
	uint8_t source;             /* enum record_source */
	uint8_t dormant; /* what is unseen in its file (document/dormant.h) */
	uint32_t dated;  /* what the draft says of its date: yyyymmdd, zeros
			    where it leaves a blank */
	struct record_check check;
	struct bytes subject;    /* trích yếu; all texts UTF-8, NFC */
	struct bytes recipients; /* nơi nhận, one per line */
	struct bytes symbol;     /* ký hiệu, "QĐ-BQL" */
	struct bytes reason;     /* of the last return */
	struct bytes sender;     /* nơi gửi, of an incoming one */
};

/* Views of the texts live as long as the transaction. */
CHECKED enum fail
record_get(struct txn *txn, uint64_t id, struct record *record);

/* Copy the texts into arena, so that the record outlives writes. */
CHECKED enum fail record_hold(struct record *record, struct arena *arena);

/* Write a record and keep the index of states in step. */
CHECKED enum fail record_put(struct txn *txn, const struct record *record);

/* Visit records of a state by number, from the oldest up or, newest_first, from
 * number `from` (0: the newest) down; stops when visit gives a failure, which
 * is handed on (FAIL_MISSING ends quietly). */
typedef enum fail record_visit(void *context, const struct record *record);
CHECKED enum fail record_each(struct txn *txn, enum record_state state,
    bool newest_first, uint64_t from, record_visit *visit, void *context);

/* How many records are in a state. */
CHECKED enum fail
record_count(struct txn *txn, enum record_state state, uint64_t *count);

/* An annex in its own file, its own record, goes where its main document goes.
 * The ids of a document's annexes, in order; FAIL_LIMIT: there are more. */
#define RECORD_ANNEXES_MAX 20u
CHECKED enum fail record_annexes(struct txn *txn, uint64_t main,
    uint64_t ids[RECORD_ANNEXES_MAX], size_t *count);

/* Name of a state, of a source on the screen. */
const char *record_state_name(enum record_state state);
const char *record_source_name(enum record_source source);

#endif
