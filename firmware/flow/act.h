/*
 * What people do to documents, as one table: from which state, by
 * which role, to which state, and what must be given with it (workflow.md §2.3
 * and §1.4).  The server refuses everything that has no row.
 */
#ifndef FIRMWARE_FLOW_ACT_H
#define FIRMWARE_FLOW_ACT_H

#include "storage/journal.h"
#include "storage/people.h"
#include "storage/record.h"

/* Numbers are in the journal: add at the end, never change. */
enum act {
	ACT_NONE,
	ACT_CREATE,      /* soạn: a draft with its file */
	ACT_REVISE,      /* sửa: a new version of the file */
	ACT_SUBMIT,      /* trình */
	ACT_AGREE,       /* đồng ý, ký nháy */
	ACT_RETURN,      /* trả lại */
	ACT_APPROVE,     /* duyệt */
	ACT_SIGN,        /* ký số, with the leader's own token in the box */
	ACT_SIGN_UPLOAD, /* tải bản đã ký lên */
	ACT_WITHDRAW,    /* rút duyệt */
	ACT_RETURN_FORM, /* trả thể thức */
	ACT_NUMBER,      /* vào sổ */
	ACT_SEAL_BEGIN,  /* the seal's digest goes to the token */
	ACT_SEAL,        /* đóng dấu */
	ACT_ISSUE,       /* phát hành */
	ACT_ARCHIVE,     /* lưu */
	ACT_LOGIN,
	ACT_LOGOUT,
	ACT_LOGIN_FAILED,
	ACT_PASSWORD,   /* đổi mật khẩu */
	ACT_SIGN_BEGIN, /* the leader's digest goes to the token */
	ACT_BACKUP,     /* sao lưu */
	ACT_RAISE, /* gắn dấu thời gian: a long-term level, by itself */
	ACT_PIN_CLEAR, /* xóa số lần sai PIN */
	ACT_RENEW_ALL, /* gia hạn dấu thời gian toàn kho */
	ACT_CODE, /* bắt đầu ký mã QR: the code's digest goes to the token */
	ACT_HAND_OVER,    /* bàn giao thiết bị ký */
	ACT_ARCHIVE_NOW,  /* lập bằng chứng lưu trữ ngay */
	ACT_ROUND,        /* a round of archiving is stamped */
	ACT_ANNEX_ADD,    /* thêm phụ lục */
	ACT_ANNEX_REMOVE, /* bỏ phụ lục */
	ACT_RECEIVE,      /* tiếp nhận: an incoming document's file */
	ACT_CHECK, /* kiểm tra chữ ký: a report on its file is kept */
	ACT_COUNT
};

/* Who among those with the role. */
enum whose { WHOSE_ANY, WHOSE_OTHERS, WHOSE_DRAFTER, WHOSE_UNIT, WHOSE_LEADER };

enum {
	NEEDS_REASON = 1,
	NEEDS_FILE = 2,
	NEEDS_PIN = 4, /* goes through the signer */
	OF_COPY = 8,   /* the row is for copies (Decree 30/2020 Art. 25) … */
	OF_OTHER = 16, /* … for all but copies; neither: for both */
};

struct act_row {
	enum act act;
	enum record_state from;
	unsigned roles; /* bits 1 << enum person_role */
	enum whose whose;
	unsigned needs;
	enum record_state to;
};

/* The row for an act on a document in a state, by this person; NULL when no
 * row of the act starts from that state.  *rights tells whether the person
 * may: a wrong state and a wrong person are told apart. */
const struct act_row *act_find(enum act act, const struct record *record,
    const struct person *person, bool *rights);

/* "duyệt", … for the pages and the journal print. */
const char *act_name(enum act act);

/* Does the act concern a document?  Else the record in its journal entry is
 * none of a document's. */
bool act_on_document(enum act act);

/* Does its leader's own signature stand on what is sealed?  Not on annexes and
 * copies, which he approves only (Decree 30/2020 Annex I, Art. 25). */
bool act_leader_signs(const struct record *record);

/* May this person see the document at all?  (workflow.md §1.4: titles and
 * contents.) */
bool act_may_see(const struct record *record, const struct person *person);

#endif
