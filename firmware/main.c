/* The appliance's one program: core when started, another role when core
 * starts it again. */
#include <getopt.h>
#include <locale.h>
#include <psa/crypto.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/heap.h"
#include "base/log.h"
#include "firmware/backup.h"
#include "firmware/role.h"

enum {
	OPT_ROLE = 256,
	OPT_CHANNEL,
	OPT_DATA,
	OPT_MODULE,
	OPT_TAP,
	OPT_LISTEN,
	OPT_HTTPS,
	OPT_HTTP,
	OPT_CONSOLE,
	OPT_BACKUP,
	OPT_VERBOSE
};

static const struct option options[] = {
	{ "role", required_argument, NULL, OPT_ROLE },
	{ "channel", required_argument, NULL, OPT_CHANNEL },
	{ "data", required_argument, NULL, OPT_DATA },
	{ "module", required_argument, NULL, OPT_MODULE },
	{ "tap", required_argument, NULL, OPT_TAP },
	{ "listen", required_argument, NULL, OPT_LISTEN },
	{ "https", required_argument, NULL, OPT_HTTPS },
	{ "http", required_argument, NULL, OPT_HTTP },
	{ "console", required_argument, NULL, OPT_CONSOLE },
	{ "backup", required_argument, NULL, OPT_BACKUP },
	{ "verbose", no_argument, NULL, OPT_VERBOSE },
	{ 0 },
};

static enum role
role_of(const char *name)
{
	for (enum role r = ROLE_CORE; r <= ROLE_WORKER; r++)
		if (!strcmp(name, role_name(r)))
			return r;
	return ROLE_CORE;
}

static int
usage(void)
{
	fprintf(stderr,
	    "usage: antin-box --data FOLDER --module PKCS11.so\n"
	    "       [--https PORT] [--http PORT] [--listen ADDRESS]\n"
	    "       [--tap DEVICE] [--console -|pty] [--verbose]\n"
	    "       [--backup NEW-FOLDER: copy the store, then end]\n");
	return 64;
}

int
main(int argc, char **argv)
{
	struct role_settings s = { .listen = "127.0.0.1", .https_port = 8443 };
	enum role role = ROLE_CORE;
	int channel = -1, c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1)
		switch (c) {
		case OPT_ROLE:
			role = role_of(optarg);
			break;
		case OPT_CHANNEL:
			channel = (int)strtol(optarg, NULL, 10);
			break;
		case OPT_DATA:
			s.data = optarg;
			break;
		case OPT_MODULE:
			s.module = optarg;
			break;
		case OPT_TAP:
			s.tap = optarg;
			break;
		case OPT_LISTEN:
			s.listen = optarg;
			break;
		case OPT_HTTPS:
			s.https_port = (uint16_t)strtoul(optarg, NULL, 10);
			break;
		case OPT_HTTP:
			s.http_port = (uint16_t)strtoul(optarg, NULL, 10);
			break;
		case OPT_BACKUP:
			s.backup = optarg;
			break;
		case OPT_CONSOLE:
			s.console = optarg;
			break;
		case OPT_VERBOSE:
			s.verbose = true;
			break;
		default:
			return usage();
		}
	if (!s.data || !s.module || optind != argc)
		return usage();
	log_open(role_name(role), s.verbose ? LOG_TRACE : LOG_NOTICE);
	/* libslirp writes to sockets whose other end may have just hung up:
	 * that is an error to be returned, not the end of the process. */
	signal(SIGPIPE, SIG_IGN);
	heap_keep();
	if (s.backup)
		return backup_run(&s);
	if (psa_crypto_init() != PSA_SUCCESS)
		return 1;
	switch (role) {
	case ROLE_NET:
		return role_net(&s, channel);
	case ROLE_SIGNER:
		return role_signer(&s, channel);
	case ROLE_WORKER:
		return role_worker(&s, channel);
	default:
		return role_core(&s);
	}
}
