#include "firmware/flow/act.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "firmware/flow/kind.h"

/* Everybody in one office: number, role, unit. */
static const struct person people[] = {
	{ .id = 1, .role = ROLE_CLERK, .unit = 1 },
	{ .id = 2, .role = ROLE_LEADER, .unit = 1 },
	{ .id = 3, .role = ROLE_HEAD, .unit = 2 },
	{ .id = 4, .role = ROLE_STAFF, .unit = 2 },
	{ .id = 5, .role = ROLE_ADMINISTRATOR, .unit = 1 },
	{ .id = 6, .role = ROLE_LEADER, .unit = 1 },
	{ .id = 7, .role = ROLE_HEAD, .unit = 3 },
	{ .id = 8, .role = ROLE_STAFF, .unit = 2 },
	{ .id = 9, .role = ROLE_NOBODY, .unit = 2 },
};

#define PEOPLE (sizeof(people) / sizeof(people[0]))
enum { CLERK = 1, LEADER, HEAD, STAFF, ADMIN, LEADER2, HEAD2, STAFF2, NOBODY };

/* A document of a drafter for a leader, in the drafter's unit. */
static struct record
document(enum record_state state, uint64_t drafter, uint64_t leader)
{
	return (struct record){ .state = (uint8_t)state,
		.drafter = drafter,
		.leader = leader,
		.unit = people[drafter - 1].unit };
}

/* Where the act leads this person; STATE_NONE when it is refused. */
static enum record_state
leads(enum act act, const struct record *r, uint64_t person)
{
	bool rights = false;
	const struct act_row *row =
	    act_find(act, r, &people[person - 1], &rights);

	return row && rights ? row->to : STATE_NONE;
}

/* One line for each right of workflow.md 1.4 and 2.3: a document of STAFF for
 * LEADER. */
static const struct {
	enum act act;
	enum record_state from, to;
	uint64_t person;
} may[] = {
	{ ACT_CREATE, STATE_NONE, STATE_DRAFT, STAFF },
	{ ACT_REVISE, STATE_DRAFT, STATE_DRAFT, STAFF },
	{ ACT_REVISE, STATE_RETURNED, STATE_DRAFT, STAFF },
	{ ACT_ANNEX_ADD, STATE_DRAFT, STATE_DRAFT, STAFF },
	{ ACT_ANNEX_ADD, STATE_RETURNED, STATE_DRAFT, STAFF },
	{ ACT_ANNEX_REMOVE, STATE_DRAFT, STATE_DRAFT, STAFF },
	{ ACT_ANNEX_REMOVE, STATE_RETURNED, STATE_DRAFT, STAFF },
	{ ACT_SUBMIT, STATE_DRAFT, STATE_WAIT_UNIT, STAFF },
	{ ACT_AGREE, STATE_WAIT_UNIT, STATE_WAIT_LEADER, HEAD },
	{ ACT_RETURN, STATE_WAIT_UNIT, STATE_RETURNED, HEAD },
	/* 1.4: a leader approves at unit level too. */
	{ ACT_AGREE, STATE_WAIT_UNIT, STATE_WAIT_LEADER, LEADER },
	{ ACT_AGREE, STATE_WAIT_UNIT, STATE_WAIT_LEADER, LEADER2 },
	{ ACT_RETURN, STATE_WAIT_UNIT, STATE_RETURNED, LEADER },
	{ ACT_RETURN, STATE_WAIT_UNIT, STATE_RETURNED, LEADER2 },
	{ ACT_RETURN, STATE_WAIT_LEADER, STATE_RETURNED, LEADER },
	{ ACT_APPROVE, STATE_WAIT_LEADER, STATE_WAIT_SIGNATURE, LEADER },
	{ ACT_SIGN, STATE_WAIT_SIGNATURE, STATE_WAIT_NUMBER, LEADER },
	{ ACT_SIGN_UPLOAD, STATE_WAIT_SIGNATURE, STATE_WAIT_NUMBER, LEADER },
	{ ACT_WITHDRAW, STATE_WAIT_SIGNATURE, STATE_WAIT_LEADER, LEADER },
	{ ACT_WITHDRAW, STATE_WAIT_NUMBER, STATE_WAIT_LEADER, LEADER },
	{ ACT_RETURN_FORM, STATE_WAIT_NUMBER, STATE_RETURNED, CLERK },
	{ ACT_NUMBER, STATE_WAIT_NUMBER, STATE_WAIT_SEAL, CLERK },
	{ ACT_SEAL, STATE_WAIT_SEAL, STATE_WAIT_ISSUE, CLERK },
	{ ACT_SEAL, STATE_SIGNING, STATE_WAIT_ISSUE, CLERK },
	{ ACT_ISSUE, STATE_WAIT_ISSUE, STATE_ISSUED, CLERK },
	{ ACT_ARCHIVE, STATE_ISSUED, STATE_ARCHIVED, CLERK },
	{ ACT_RECEIVE, STATE_NONE, STATE_ARRIVED, CLERK },
	{ ACT_CHECK, STATE_WAIT_NUMBER, STATE_WAIT_NUMBER, CLERK },
	{ ACT_CHECK, STATE_WAIT_NUMBER, STATE_WAIT_NUMBER, LEADER },
	{ ACT_CHECK, STATE_WAIT_NUMBER, STATE_WAIT_NUMBER, LEADER2 },
	{ ACT_CHECK, STATE_WAIT_SEAL, STATE_WAIT_SEAL, CLERK },
	{ ACT_CHECK, STATE_WAIT_SEAL, STATE_WAIT_SEAL, LEADER },
	{ ACT_CHECK, STATE_WAIT_SEAL, STATE_WAIT_SEAL, LEADER2 },
	{ ACT_CHECK, STATE_WAIT_ISSUE, STATE_WAIT_ISSUE, CLERK },
	{ ACT_CHECK, STATE_WAIT_ISSUE, STATE_WAIT_ISSUE, LEADER },
	{ ACT_CHECK, STATE_WAIT_ISSUE, STATE_WAIT_ISSUE, LEADER2 },
	{ ACT_CHECK, STATE_ISSUED, STATE_ISSUED, CLERK },
	{ ACT_CHECK, STATE_ISSUED, STATE_ISSUED, LEADER },
	{ ACT_CHECK, STATE_ISSUED, STATE_ISSUED, LEADER2 },
	{ ACT_CHECK, STATE_ARCHIVED, STATE_ARCHIVED, CLERK },
	{ ACT_CHECK, STATE_ARCHIVED, STATE_ARCHIVED, LEADER },
	{ ACT_CHECK, STATE_ARCHIVED, STATE_ARCHIVED, LEADER2 },
	{ ACT_CHECK, STATE_ARRIVED, STATE_ARRIVED, CLERK },
	{ ACT_CHECK, STATE_ARRIVED, STATE_ARRIVED, LEADER },
	{ ACT_CHECK, STATE_ARRIVED, STATE_ARRIVED, LEADER2 },
};

#define MAY (sizeof(may) / sizeof(may[0]))

static void
each_right_leads_where_the_workflow_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < MAY; i++) {
		struct record r = document(may[i].from, STAFF, LEADER);

		assert_int_equal(
		    leads(may[i].act, &r, may[i].person), may[i].to);
	}
}

static bool
is_listed(enum act act, enum record_state from, uint64_t person)
{
	/* Anybody but the administrator drafts. */
	if (act == ACT_CREATE && from == STATE_NONE)
		return person != ADMIN && person != NOBODY;
	for (size_t i = 0; i < MAY; i++) {
		uint64_t who = may[i].person;

		if (may[i].act == act && may[i].from == from && who == person)
			return true;
	}
	return false;
}

static void
whatever_is_not_listed_is_refused(void **state)
{
	(void)state;
	for (enum act act = ACT_NONE; act < ACT_COUNT; act++)
		for (enum record_state s = STATE_NONE; s < STATE_COUNT; s++)
			for (uint64_t who = CLERK; who <= NOBODY; who++) {
				struct record r = document(s, STAFF, LEADER);

				assert_int_equal(
				    leads(act, &r, who) != STATE_NONE,
				    is_listed(act, s, who));
			}
}

/* Decree 30/2020 Art. 25 and Annex I: nobody signs a copy but the agency, and
 * it has no annexes. */
static void
copy_is_approved_and_then_numbered(void **state)
{
	(void)state;
	for (enum act act = ACT_NONE; act < ACT_COUNT; act++)
		for (enum record_state s = STATE_NONE; s < STATE_COUNT; s++)
			for (uint64_t who = CLERK; who <= NOBODY; who++) {
				struct record r = document(s, STAFF, LEADER);
				enum record_state to = leads(act, &r, who);

				r.kind = KIND_COPY;
				assert_false(act_leader_signs(&r));
				if (to == STATE_WAIT_SIGNATURE)
					to = STATE_WAIT_NUMBER;
				if (act == ACT_ANNEX_ADD ||
				    act == ACT_ANNEX_REMOVE ||
				    s == STATE_WAIT_SIGNATURE)
					to = STATE_NONE;
				assert_int_equal(leads(act, &r, who), to);
			}
}

static void
wrong_state_and_wrong_person_are_told_apart(void **state)
{
	struct record r = document(STATE_DRAFT, STAFF, LEADER);
	bool rights;

	(void)state;
	/* The leader may approve, but not yet. */
	assert_null(act_find(ACT_APPROVE, &r, &people[LEADER - 1], &rights));
	assert_true(rights);
	/* Another leader may not at all. */
	assert_null(act_find(ACT_APPROVE, &r, &people[LEADER2 - 1], &rights));
	assert_false(rights);
	r.state = STATE_WAIT_LEADER;
	(void)act_find(ACT_APPROVE, &r, &people[LEADER2 - 1], &rights);
	assert_false(rights);
	(void)act_find(ACT_APPROVE, &r, &people[LEADER - 1], &rights);
	assert_true(rights);
}

static void
nobody_agrees_to_approves_or_signs_his_own_draft(void **state)
{
	static const enum act acts[] = { ACT_AGREE, ACT_APPROVE, ACT_SIGN,
		ACT_SIGN_UPLOAD, ACT_RETURN, ACT_WITHDRAW };

	(void)state;
	for (uint64_t who = CLERK; who <= NOBODY; who++)
		for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++)
			for (enum record_state s = STATE_NONE; s < STATE_COUNT;
			     s++) {
				struct record r = document(s, who, who);

				assert_int_equal(
				    leads(acts[i], &r, who), STATE_NONE);
			}
}

static void
draft_of_a_head_or_leader_goes_to_the_leader_at_once(void **state)
{
	static const struct {
		uint64_t drafter;
		enum record_state to;
	} cases[] = { { CLERK, STATE_WAIT_UNIT }, { STAFF, STATE_WAIT_UNIT },
		{ HEAD, STATE_WAIT_LEADER }, { LEADER2, STATE_WAIT_LEADER } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct record r =
		    document(STATE_DRAFT, cases[i].drafter, LEADER);

		assert_int_equal(
		    leads(ACT_SUBMIT, &r, cases[i].drafter), cases[i].to);
	}
}

static void
every_state_of_the_way_can_be_reached_from_nothing(void **state)
{
	bool reached[STATE_COUNT] = { [STATE_NONE] = true };
	bool more = true;

	(void)state;
	while (more) {
		more = false;
		for (enum act a = ACT_NONE; a < ACT_COUNT; a++)
			for (enum record_state s = STATE_NONE; s < STATE_COUNT;
			     s++)
				for (uint64_t w = CLERK; w <= NOBODY; w++) {
					struct record r =
					    document(s, STAFF, LEADER);
					enum record_state to = leads(a, &r, w);

					if (!reached[s] || reached[to])
						continue;
					reached[to] = more = true;
				}
	}
	/* Signing is entered by the seal itself; voiding is not made yet. */
	for (enum record_state s = STATE_DRAFT; s < STATE_COUNT; s++)
		assert_int_equal(reached[s],
		    (s != STATE_SIGNING && s < STATE_VOID) ||
			s == STATE_ARRIVED);
}

/* Once in the register a document only goes forward. */
static void
numbered_document_never_loses_its_number(void **state)
{
	(void)state;
	for (enum act a = ACT_NONE; a < ACT_COUNT; a++)
		for (enum record_state s = STATE_WAIT_SEAL; s < STATE_COUNT;
		     s++)
			for (uint64_t w = CLERK; w <= NOBODY; w++) {
				struct record r = document(s, STAFF, LEADER);
				enum record_state to = leads(a, &r, w);

				assert_true(to == STATE_NONE || to > s ||
				    (a == ACT_CHECK && to == s));
			}
}

static void
refusals_and_withdrawals_need_a_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < MAY; i++) {
		struct record r = document(may[i].from, STAFF, LEADER);
		bool rights,
		    back = may[i].to < may[i].from &&
		    may[i].act != ACT_REVISE && may[i].act != ACT_ANNEX_ADD &&
		    may[i].act != ACT_ANNEX_REMOVE;
		const struct act_row *row = act_find(
		    may[i].act, &r, &people[may[i].person - 1], &rights);

		assert_non_null(row);
		assert_int_equal(!!(row->needs & NEEDS_REASON),
		    back || may[i].act == ACT_RETURN ||
			may[i].act == ACT_RETURN_FORM);
		assert_int_equal(!!(row->needs & NEEDS_PIN),
		    may[i].act == ACT_SIGN || may[i].act == ACT_SEAL);
	}
}

/* Who sees a document of STAFF in unit 2, in every state (workflow.md 1.4). */
static const struct {
	uint64_t person;
	bool sees;
} sight[] = { { CLERK, true }, { LEADER, true }, { HEAD, true },
	{ STAFF, true }, { ADMIN, false }, { LEADER2, true }, { HEAD2, false },
	{ STAFF2, false }, { NOBODY, false } };

static void
documents_are_seen_by_those_concerned_only(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(sight) / sizeof(sight[0]); i++)
		for (enum record_state s = STATE_DRAFT; s < STATE_COUNT; s++) {
			struct record r = document(s, STAFF, LEADER);
			enum person_role role =
			    people[sight[i].person - 1].role;
			/* Nobody else was told of an incoming one yet. */
			bool early = s == STATE_ARRIVED && role != ROLE_CLERK &&
			    role != ROLE_LEADER;

			assert_int_equal(
			    act_may_see(&r, &people[sight[i].person - 1]),
			    sight[i].sees && !early);
		}
}

static void
every_act_has_its_own_name(void **state)
{
	(void)state;
	for (enum act a = ACT_CREATE; a < ACT_COUNT; a++) {
		assert_true(act_name(a)[0]);
		for (enum act b = ACT_CREATE; b < a; b++)
			assert_string_not_equal(act_name(a), act_name(b));
	}
	assert_string_equal(act_name(ACT_COUNT), "");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_right_leads_where_the_workflow_says),
		cmocka_unit_test(whatever_is_not_listed_is_refused),
		cmocka_unit_test(copy_is_approved_and_then_numbered),
		cmocka_unit_test(wrong_state_and_wrong_person_are_told_apart),
		cmocka_unit_test(
		    nobody_agrees_to_approves_or_signs_his_own_draft),
		cmocka_unit_test(
		    draft_of_a_head_or_leader_goes_to_the_leader_at_once),
		cmocka_unit_test(
		    every_state_of_the_way_can_be_reached_from_nothing),
		cmocka_unit_test(numbered_document_never_loses_its_number),
		cmocka_unit_test(refusals_and_withdrawals_need_a_reason),
		cmocka_unit_test(documents_are_seen_by_those_concerned_only),
		cmocka_unit_test(every_act_has_its_own_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
