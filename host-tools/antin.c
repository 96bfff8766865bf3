#include "host-tools/antin.h"

#include <stdio.h>
#include <string.h>

#include <psa/crypto.h>

#include "base/heap.h"

static const struct {
	const char *name;
	antin_command *run;
	const char *arguments;
	const char *help;
} commands[] = {
	{ "seal", antin_seal,
	    "IN… -o OUT|DIR --module SO --token LABEL|--cert SHA256\n"
	    "           --pin-file F [--cades|--asice] [--as "
	    "person|agency|annex|copy]\n"
	    "           [--picture PNG [--diameter MM]] [--page N --at X,Y]\n"
	    "           [--name TEXT]\n"
	    "           [--number S] [--date YYYY-MM-DD [--place TEXT]]\n"
	    "           [--copy sao-y|sao-luc|trich-sao] [--agency TEXT]\n"
	    "           [--iso-time] [--certify 1|2|3]\n"
	    "           [--chain DIR] [--plain-cms] [--roots DIR] [--tsa URL]\n"
	    "           [--level B-B…B-LTA] [--tsa-sha1] [--tsa-policy OID]\n"
	    "           [--qr CODE] [--field NAME]\n"
	    "           [--password P] [--digest sha256|sha384|sha512] [--pss]",
	    "put a PAdES signature on a PDF, or sign other files" },
	{ "tokens", antin_tokens, "[--json] --module SO",
	    "list the certificates that are plugged in to sign with" },
	{ "extend", antin_extend,
	    "FILE -o OUT --roots DIR [--tsa URL] [--level B-T|B-LT|B-LTA]\n"
	    "             [--tsa-sha1] [--tsa-policy OID] [--password P]\n"
	    "             [--content F]",
	    "raise signatures of a PDF, CMS or container to a long-term "
	    "level" },
	{ "receive", antin_receive,
	    "IN.pdf -o OUT.pdf --agency TEXT --number N --date "
	    "YYYY-MM-DD\n"
	    "              [--forward TEXT] [--dossier TEXT] [--at X,Y]\n"
	    "              [--password P]",
	    "put the mark \"ĐẾN\" on a rendition of an incoming document" },
	{ "archive", antin_archive, "-o DIR --tsa URL [--tsa-policy OID] FILE…",
	    "have many files time-stamped at once: an evidence record each" },
	{ "verify", antin_verify,
	    "[--json|--html|--pdf|--xml] [--roots DIR] [--online] "
	    "[--at TIME]\n"
	    "             [--password P] [--content F]\n"
	    "             [--assume-trusted] [--no-revocation] [--qr TEXT "
	    "--cert "
	    "CERT]\n"
	    "             [--record ERS] FILE…",
	    "check signatures of PDF files, codes and evidence records" },
	{ "cms", antin_cms,
	    "[--json|--html|--pdf|--xml] [--content F] [--cert F]… [--roots "
	    "DIR] "
	    "[--online]\n"
	    "          [--at TIME] [--assume-trusted] [--no-revocation] FILE…",
	    "check signatures of CMS files: CAdES, PKCS #7, time-stamps" },
	{ "path", antin_path,
	    "[--json] --anchor F… [--intermediate F]… [--crl F]… [--ocsp F]…\n"
	    "           [--at TIME] [--policy OID]… [--explicit-policy]\n"
	    "           [--inhibit-policy-mapping] [--inhibit-any-policy]\n"
	    "           [--no-revocation] CERT",
	    "is there a valid path (RFC 5280) from a certificate to an "
	    "anchor?" },
};

#define COUNT (sizeof(commands) / sizeof(commands[0]))

static void
put_usage(FILE *out, const char *command)
{
	for (size_t i = 0; i < COUNT; i++)
		if (!command || !strcmp(command, commands[i].name))
			fprintf(out, "usage: antin %s %s\n       %s\n",
			    commands[i].name, commands[i].arguments,
			    commands[i].help);
}

int
antin_usage(const char *command, const char *mistake)
{
	if (mistake)
		fprintf(stderr, "antin: %s\n", mistake);
	put_usage(stderr, command);
	return EXIT_USAGE;
}

int
antin_refuse(const char *file, enum fail f, const struct note *note)
{
	fprintf(stderr, "antin: %s: %s: %s%s%s\n%s\n", file, fail_name(f),
	    fail_text(f), note->text[0] ? " - " : "", note->text,
	    fail_vietnamese(f));
	return EXIT_REFUSED;
}

int
antin_exit(enum fail f)
{
	switch (f) {
	case FAIL_NONE:
		return EXIT_VALID;
	case FAIL_SIGNATURE:
	case FAIL_DIGEST:
	case FAIL_REVOKED:
		return EXIT_INVALID;
	case FAIL_CHAIN:
	case FAIL_EXPIRED:
	case FAIL_MISSING:
		return EXIT_INDETERMINATE;
	default:
		return EXIT_REFUSED;
	}
}

/* What was printed must have arrived: the exit status says that it did. */
static int
finish(int code)
{
	if (!fflush(stdout) && !ferror(stdout))
		return code;
	fprintf(stderr, "antin: standard output cannot be written\n");
	return EXIT_REFUSED;
}

int
main(int argc, char **argv)
{
	if (argc < 2)
		return antin_usage(NULL, NULL);
	if (!strcmp(argv[1], "--help")) {
		put_usage(stdout, NULL);
		return finish(0);
	}
	heap_keep();
	if (psa_crypto_init() != PSA_SUCCESS) {
		fprintf(stderr, "antin: the crypto library does not start\n");
		return EXIT_REFUSED;
	}
	for (size_t i = 0; i < COUNT; i++) {
		if (strcmp(argv[1], commands[i].name) != 0)
			continue;
		if (argc == 3 && !strcmp(argv[2], "--help")) {
			put_usage(stdout, argv[1]);
			return finish(0);
		}
		return finish(commands[i].run(argc - 1, argv + 1));
	}
	return antin_usage(NULL, "no such command");
}
