#include "firmware/flow/act.h"

#include "firmware/flow/kind.h"

#define R(role) (1u << (role))
#define DRAFTERS (R(ROLE_CLERK) | R(ROLE_LEADER) | R(ROLE_HEAD) | R(ROLE_STAFF))

#define CHECKERS (R(ROLE_CLERK) | R(ROLE_LEADER))

static const struct act_row rows[] = {
	{ ACT_CREATE, STATE_NONE, DRAFTERS, WHOSE_ANY, NEEDS_FILE,
	    STATE_DRAFT },
	{ ACT_REVISE, STATE_DRAFT, DRAFTERS, WHOSE_DRAFTER, NEEDS_FILE,
	    STATE_DRAFT },
	{ ACT_REVISE, STATE_RETURNED, DRAFTERS, WHOSE_DRAFTER, NEEDS_FILE,
	    STATE_DRAFT },
	{ ACT_ANNEX_ADD, STATE_DRAFT, DRAFTERS, WHOSE_DRAFTER,
	    NEEDS_FILE | OF_OTHER, STATE_DRAFT },
	{ ACT_ANNEX_ADD, STATE_RETURNED, DRAFTERS, WHOSE_DRAFTER,
	    NEEDS_FILE | OF_OTHER, STATE_DRAFT },
	{ ACT_ANNEX_REMOVE, STATE_DRAFT, DRAFTERS, WHOSE_DRAFTER, OF_OTHER,
	    STATE_DRAFT },
	{ ACT_ANNEX_REMOVE, STATE_RETURNED, DRAFTERS, WHOSE_DRAFTER, OF_OTHER,
	    STATE_DRAFT },
	/* A head's own draft needs no agreement of his unit (2.3.1). */
	{ ACT_SUBMIT, STATE_DRAFT, R(ROLE_HEAD) | R(ROLE_LEADER), WHOSE_DRAFTER,
	    0, STATE_WAIT_LEADER },
	{ ACT_SUBMIT, STATE_DRAFT, R(ROLE_STAFF) | R(ROLE_CLERK), WHOSE_DRAFTER,
	    0, STATE_WAIT_UNIT },
	{ ACT_AGREE, STATE_WAIT_UNIT, R(ROLE_HEAD), WHOSE_UNIT, 0,
	    STATE_WAIT_LEADER },
	{ ACT_RETURN, STATE_WAIT_UNIT, R(ROLE_HEAD), WHOSE_UNIT, NEEDS_REASON,
	    STATE_RETURNED },
	/* A leader may act at unit level too (1.4): a unit can be without a
	 * head, and its drafts must not get stuck. */
	{ ACT_AGREE, STATE_WAIT_UNIT, R(ROLE_LEADER), WHOSE_OTHERS, 0,
	    STATE_WAIT_LEADER },
	{ ACT_RETURN, STATE_WAIT_UNIT, R(ROLE_LEADER), WHOSE_OTHERS,
	    NEEDS_REASON, STATE_RETURNED },
	{ ACT_RETURN, STATE_WAIT_LEADER, R(ROLE_LEADER), WHOSE_LEADER,
	    NEEDS_REASON, STATE_RETURNED },
	{ ACT_APPROVE, STATE_WAIT_LEADER, R(ROLE_LEADER), WHOSE_LEADER,
	    OF_OTHER, STATE_WAIT_SIGNATURE },
	/* An electronic copy bears the agency's signature alone. */
	{ ACT_APPROVE, STATE_WAIT_LEADER, R(ROLE_LEADER), WHOSE_LEADER, OF_COPY,
	    STATE_WAIT_NUMBER },
	{ ACT_SIGN, STATE_WAIT_SIGNATURE, R(ROLE_LEADER), WHOSE_LEADER,
	    NEEDS_PIN | OF_OTHER, STATE_WAIT_NUMBER },
	{ ACT_SIGN_UPLOAD, STATE_WAIT_SIGNATURE, R(ROLE_LEADER), WHOSE_LEADER,
	    NEEDS_FILE | OF_OTHER, STATE_WAIT_NUMBER },
	{ ACT_WITHDRAW, STATE_WAIT_SIGNATURE, R(ROLE_LEADER), WHOSE_LEADER,
	    NEEDS_REASON | OF_OTHER, STATE_WAIT_LEADER },
	{ ACT_WITHDRAW, STATE_WAIT_NUMBER, R(ROLE_LEADER), WHOSE_LEADER,
	    NEEDS_REASON, STATE_WAIT_LEADER },
	{ ACT_RETURN_FORM, STATE_WAIT_NUMBER, R(ROLE_CLERK), WHOSE_ANY,
	    NEEDS_REASON, STATE_RETURNED },
	{ ACT_NUMBER, STATE_WAIT_NUMBER, R(ROLE_CLERK), WHOSE_ANY, 0,
	    STATE_WAIT_SEAL },
	{ ACT_SEAL, STATE_WAIT_SEAL, R(ROLE_CLERK), WHOSE_ANY, NEEDS_PIN,
	    STATE_WAIT_ISSUE },
	/* After a power cut: the same number, the digest kept as evidence. */
	{ ACT_SEAL, STATE_SIGNING, R(ROLE_CLERK), WHOSE_ANY, NEEDS_PIN,
	    STATE_WAIT_ISSUE },
	{ ACT_ISSUE, STATE_WAIT_ISSUE, R(ROLE_CLERK), WHOSE_ANY, 0,
	    STATE_ISSUED },
	{ ACT_ARCHIVE, STATE_ISSUED, R(ROLE_CLERK), WHOSE_ANY, 0,
	    STATE_ARCHIVED },
	{ ACT_RECEIVE, STATE_NONE, R(ROLE_CLERK), WHOSE_ANY, NEEDS_FILE,
	    STATE_ARRIVED },
	/* What nobody could tell of a signature when it came is asked again. */
	{ ACT_CHECK, STATE_ARRIVED, CHECKERS, WHOSE_ANY, 0, STATE_ARRIVED },
	{ ACT_CHECK, STATE_WAIT_NUMBER, CHECKERS, WHOSE_ANY, 0,
	    STATE_WAIT_NUMBER },
	{ ACT_CHECK, STATE_WAIT_SEAL, CHECKERS, WHOSE_ANY, 0, STATE_WAIT_SEAL },
	{ ACT_CHECK, STATE_WAIT_ISSUE, CHECKERS, WHOSE_ANY, 0,
	    STATE_WAIT_ISSUE },
	{ ACT_CHECK, STATE_ISSUED, CHECKERS, WHOSE_ANY, 0, STATE_ISSUED },
	{ ACT_CHECK, STATE_ARCHIVED, CHECKERS, WHOSE_ANY, 0, STATE_ARCHIVED },
};

static bool
is_theirs(enum whose whose, const struct record *r, const struct person *p)
{
	switch (whose) {
	case WHOSE_OTHERS:
		return r->drafter != p->id;
	case WHOSE_DRAFTER:
		return r->drafter == p->id;
	case WHOSE_UNIT:
		return r->unit == p->unit && r->drafter != p->id;
	case WHOSE_LEADER:
		/* Drafter and approver of one version are two people. */
		return r->leader == p->id && r->drafter != p->id;
	default:
		return true;
	}
}

static bool
is_of(unsigned needs, const struct record *r)
{
	return !(needs & (kind_is_copy(r->kind) ? OF_OTHER : OF_COPY));
}

const struct act_row *
act_find(enum act act, const struct record *record, const struct person *person,
    bool *rights)
{
	const struct act_row *found = NULL;

	*rights = false;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct act_row *row = &rows[i];
		bool may = row->roles & R(person->role) &&
		    is_theirs(row->whose, record, person);

		if (row->act != act || !is_of(row->needs, record))
			continue;
		/* In another state the act may still be this person's: then
		 * the state is what is wrong. */
		*rights = *rights || may;
		if (row->from != (enum record_state)record->state)
			continue;
		if (may)
			return row;
		if (!found)
			found = row;
	}
	if (found)
		*rights = false;
	return found;
}

const char *
act_name(enum act act)
{
	static const char *const names[ACT_COUNT] = { "", "soạn", "sửa",
		"trình", "đồng ý", "trả lại", "duyệt", "ký số", "tải bản đã ký",
		"rút duyệt", "trả thể thức", "vào sổ", "bắt đầu đóng dấu",
		"đóng dấu", "phát hành", "lưu", "đăng nhập", "đăng xuất",
		"đăng nhập sai", "đổi mật khẩu", "bắt đầu ký số", "sao lưu",
		"gắn dấu thời gian, lưu trữ dài hạn", "xóa số lần sai PIN",
		"gia hạn dấu thời gian toàn kho", "bắt đầu ký mã QR",
		"bàn giao thiết bị ký", "lập bằng chứng lưu trữ ngay",
		"đóng dấu thời gian bằng chứng lưu trữ", "thêm phụ lục",
		"bỏ phụ lục", "tiếp nhận", "kiểm tra chữ ký" };

	return act < ACT_COUNT ? names[act] : "";
}

bool
act_on_document(enum act act)
{
	return act < ACT_LOGIN || act == ACT_SIGN_BEGIN || act == ACT_RAISE ||
	    act == ACT_CODE || act == ACT_ANNEX_ADD ||
	    act == ACT_ANNEX_REMOVE || act == ACT_RECEIVE || act == ACT_CHECK;
}

bool
act_leader_signs(const struct record *r)
{
	return !r->main && !kind_is_copy(r->kind);
}

bool
act_may_see(const struct record *r, const struct person *p)
{
	switch ((enum person_role)p->role) {
	case ROLE_CLERK:
	case ROLE_LEADER:
		return true;
	case ROLE_HEAD:
		/* Nobody else has been told of an incoming one yet. */
		if (r->state == STATE_ARRIVED)
			return false;
		return r->unit == p->unit || r->drafter == p->id;
	case ROLE_STAFF:
		return r->state != STATE_ARRIVED && r->drafter == p->id;
	default:
		return false;
	}
}
