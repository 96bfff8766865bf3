/*
 * The four roles, each a process of the one binary.  Each runs until it is
 * told to stop or its channel to core ends; the exit code is 0 then.
 */
#ifndef FIRMWARE_ROLE_H
#define FIRMWARE_ROLE_H

#include "firmware/message.h"

#define ROLE_FORWARDS_MAX 2u

struct role_settings {
	const char *data;    /* folder of the store and the TLS key */
	const char *module;  /* PKCS#11 module */
	const char *tap;     /* TAP device; NULL: user-mode network */
	const char *listen;  /* host address of the forwarded ports */
	const char *backup;  /* folder of the copy to make; NULL: a role */
	const char *console; /* "-": this terminal; "pty": a new one; NULL */
	uint16_t https_port, http_port; /* of the host; 0: not forwarded */
	bool verbose;
};

/* channel is the descriptor of the channel to core. */
int role_core(const struct role_settings *settings);
int role_net(const struct role_settings *settings, int channel);
int role_signer(const struct role_settings *settings, int channel);
int role_worker(const struct role_settings *settings, int channel);

const char *role_name(enum role role);

#endif
