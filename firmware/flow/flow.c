/* Which step a question of net begins. */
#include "firmware/flow/flow.h"

void
flow_ask(struct core *core, struct message *m)
{
	switch (m->kind) {
	case MESSAGE_ASK_LOGIN:
		flow_login(core, m);
		break;
	case MESSAGE_ASK_LOGOUT:
		flow_logout(core, m);
		break;
	case MESSAGE_ASK_PASSWORD:
		flow_password(core, m);
		break;
	case MESSAGE_ASK_TOUCH:
		flow_touch(core, m);
		break;
	case MESSAGE_ASK_ACT:
		flow_act(core, m);
		break;
	case MESSAGE_ASK_SEAL:
		flow_seal(core, m);
		break;
	case MESSAGE_ASK_VERIFY:
		flow_verify(core, m);
		break;
	case MESSAGE_ASK_ISSUE:
		flow_issue(core, m);
		break;
	case MESSAGE_ASK_SKETCH:
		flow_sketch(core, m);
		break;
	case MESSAGE_ASK_HAND_OVER:
		flow_hand_over(core, m);
		break;
	default:
		flow_token(core, m);
		break;
	}
}
