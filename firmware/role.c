#include "firmware/role.h"

const char *
role_name(enum role role)
{
	static const char *const names[] = { "core", "net", "signer",
		"worker" };

	return names[role];
}
