#include "firmware/console/console.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "base/log.h"
#include "base/when.h"
#include "crypto/password.h"
#include "firmware/console/line.h"
#include "storage/people.h"

#define FAILURES_MAX 5 /* wrong passwords, then a pause */
#define PAUSE_MS 30000
#define OUT_MAX (256u << 10) /* bytes waiting for the terminal */

enum console_state { AT_NAME, AT_PASSWORD, AT_PROMPT };

struct console {
	struct core *core;
	int fd, write_fd, slave;
	enum console_state state;
	struct line line;
	char name[64]; /* who logs in or is logged in */
	unsigned failures;
	int64_t pause_until;
	struct termios before;
	bool terminal;  /* shows what is typed; else lines just come in */
	bool returns;   /* a serial line: a new line needs a carriage return */
	struct buf out; /* not yet taken by the terminal */
	size_t out_at;
};

void
console_drain(struct console *c)
{
	while (c->out_at < c->out.len) {
		struct bytes rest =
		    bytes_part(buf_view(&c->out), c->out_at, SIZE_MAX);
		ssize_t n = write(c->write_fd, rest.data, rest.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		/* Nobody listens any more: then there is nobody to tell. */
		c->out_at = n < 0 ? c->out.len : c->out_at + (size_t)n;
	}
	buf_clear(&c->out);
	c->out_at = 0;
}

/* The terminal may have stopped (Ctrl-S, a cable pulled): what it does not take
 * waits, and past a limit is dropped.  Core goes on. */
static void
say_bytes(struct console *c, struct bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (c->returns && text.data[i] == '\n')
			buf_char(&c->out, '\r');
		buf_u8(&c->out, text.data[i]);
	}
	c->out.fail = FAIL_NONE;
	console_drain(c);
}

static void
say(struct console *c, const char *text)
{
	say_bytes(c, BYTES_TEXT(text));
}

static void
prompt(struct console *c)
{
	static const char *const prompts[] = {
		"Tên đăng nhập: ", "Mật khẩu: ", "antin> "
	};
	struct buf show;

	buf_init(&show, 256);
	line_begin(&c->line, prompts[c->state], c->state == AT_PASSWORD, &show);
	say_bytes(c, buf_view(&show));
	buf_free(&show);
}

/* ---- login: only administrators ---- */

static bool
check_password(struct console *c, const char *password)
{
	struct person p;
	struct txn *txn;
	bool good;

	if (core_read(c->core, &txn))
		return false;
	good = !people_find(txn, BYTES_TEXT(c->name), &p) && !p.locked &&
	    p.role == ROLE_ADMINISTRATOR &&
	    !password_check(p.password, BYTES_TEXT(password));
	txn_abort(txn);
	return good;
}

static void
on_password(struct console *c)
{
	bool good = when_monotonic_ms() >= c->pause_until &&
	    check_password(c, c->line.text);

	log_notice("console: login %s", good ? "accepted" : "refused");
	if (good) {
		c->failures = 0;
		c->state = AT_PROMPT;
		say(c, "Gõ help để xem các lệnh.\n");
		return;
	}
	c->state = AT_NAME;
	say(c, "Tên hoặc mật khẩu không đúng.\n");
	if (++c->failures >= FAILURES_MAX) {
		c->pause_until = when_monotonic_ms() + PAUSE_MS;
		c->failures = 0;
		say(c, "Tạm dừng đăng nhập 30 giây.\n");
	}
}

/* ---- commands ---- */

static void
print_help(struct buf *out)
{
	for (const struct console_command *r = console_commands; r->name; r++)
		buf_printf(
		    out, "  %s %s\n      %s\n", r->name, r->args, r->help);
	buf_text(out,
	    "  help\n      xem các lệnh\n"
	    "  exit\n      đăng xuất\n");
}

static void
run_line(struct console *c, struct buf *out)
{
	struct console_call call = {
		.core = c->core, .console = c, .out = out, .actor = c->name
	};
	enum fail f = console_split(c->line.text, call.words, &call.count);

	if (!f && !call.count)
		return;
	if (!f && !strcmp(call.words[0], "exit")) {
		c->state = AT_NAME;
		return;
	}
	if (!f && !strcmp(call.words[0], "help")) {
		print_help(out);
		return;
	}
	for (const struct console_command *r = console_commands; r->name && !f;
	     r++) {
		/* A command may be two words: "journal verify". */
		const char *second = strchr(r->name, ' ');
		size_t first =
		    second ? (size_t)(second - r->name) : strlen(r->name);

		if (strlen(call.words[0]) != first ||
		    strncmp(call.words[0], r->name, first) != 0 ||
		    (second &&
			(call.count < 2 ||
			    strcmp(call.words[1], second + 1) != 0)))
			continue;
		f = r->run(&call);
		if (f)
			buf_printf(
			    out, "%s: %s\n", fail_name(f), fail_vietnamese(f));
		return;
	}
	buf_text(out, "Không có lệnh này. Gõ help để xem các lệnh.\n");
}

static void
on_line(struct console *c)
{
	struct buf out;

	switch (c->state) {
	case AT_NAME:
		memset(c->name, 0, sizeof(c->name));
		memcpy(c->name, c->line.text,
		    strnlen(c->line.text, sizeof(c->name) - 1));
		c->state = c->name[0] ? AT_PASSWORD : AT_NAME;
		break;
	case AT_PASSWORD:
		on_password(c);
		break;
	case AT_PROMPT:
		line_keep(&c->line);
		buf_init(&out, 1u << 20);
		run_line(c, &out);
		say_bytes(c, buf_view(&out));
		buf_free(&out);
		break;
	}
	prompt(c);
}

static void
take_key(struct console *c, uint8_t key)
{
	struct buf show;
	enum line_result result;

	buf_init(&show, 4 * LINE_BYTES_MAX);
	result = line_feed(&c->line, key, &show);
	if (c->terminal)
		say_bytes(c, buf_view(&show));
	buf_wipe(&show);
	switch (result) {
	case LINE_MORE:
		break;
	case LINE_DONE:
		on_line(c);
		break;
	case LINE_END:
		c->state = AT_NAME;
		prompt(c);
		break;
	case LINE_GIVEN_UP:
		if (c->state == AT_PASSWORD)
			c->state = AT_NAME;
		prompt(c);
		break;
	}
}

void
console_tell(struct console *c, const char *text)
{
	if (!c || c->state != AT_PROMPT)
		return;
	say(c, "\n");
	say(c, text);
	prompt(c);
}

void
console_ready(struct console *c)
{
	char in[256];
	ssize_t n = read(c->fd, in, sizeof(in));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		/* A pty whose other end was closed comes back; a terminal
		 * that ended does not. */
		if (c->slave < 0)
			c->fd = -1;
		c->state = AT_NAME;
		return;
	}
	for (ssize_t i = 0; i < n; i++)
		take_key(c, (uint8_t)in[i]);
	explicit_bzero(in, sizeof(in));
}

int
console_out(const struct console *c)
{
	return c->out.len ? c->write_fd : -1;
}

int
console_fd(const struct console *c)
{
	return c->fd;
}

/* A new pseudo-terminal; its other end stays open so that it never hangs up. */
static enum fail
open_pty(struct console *c)
{
	struct termios plain;
	const char *name;

	c->fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (c->fd < 0 || grantpt(c->fd) || unlockpt(c->fd))
		return FAIL_IO;
	name = ptsname(c->fd);
	if (!name)
		return FAIL_IO;
	c->slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	c->write_fd = c->fd;
	if (fcntl(c->fd, F_SETFL, O_RDWR | O_NONBLOCK))
		return FAIL_IO;
	c->terminal = c->returns = true;
	log_notice("console on %s", name);
	if (c->slave < 0)
		return FAIL_IO;
	/* Like a serial line: what we write must not be echoed back to us. */
	if (tcgetattr(c->slave, &c->before))
		return FAIL_IO;
	plain = c->before;
	cfmakeraw(&plain);
	return tcsetattr(c->slave, TCSANOW, &plain) ? FAIL_IO : FAIL_NONE;
}

/* This terminal's keys come one by one and are shown by us; Ctrl-C still stops
 * the simulator. */
static enum fail
take_terminal(struct console *c)
{
	struct termios keys;

	if (tcgetattr(c->fd, &c->before))
		return FAIL_NONE;
	c->terminal = true;
	keys = c->before;
	keys.c_lflag &= ~(tcflag_t)(ICANON | ECHO | IEXTEN);
	keys.c_iflag &= ~(tcflag_t)(ICRNL | INLCR | IGNCR | IXON);
	keys.c_cc[VMIN] = 1;
	keys.c_cc[VTIME] = 0;
	return tcsetattr(c->fd, TCSANOW, &keys) ? FAIL_IO : FAIL_NONE;
}

enum fail
console_open(struct core *core, const char *where, struct console **console)
{
	struct console *c = calloc(1, sizeof(*c));
	enum fail f = FAIL_NONE;

	if (!c)
		return FAIL_MEMORY;
	c->core = core;
	c->slave = -1;
	buf_init(&c->out, OUT_MAX);
	if (!strcmp(where, "pty")) {
		f = open_pty(c);
	} else {
		c->fd = STDIN_FILENO;
		/* Opened anew, for not to wait is a mark of the open file, and
		 * the shell shares ours.  A pipe or socket is kept as it is. */
		c->write_fd = open("/proc/self/fd/1",
		    O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
		if (c->write_fd < 0)
			c->write_fd = STDOUT_FILENO;
		f = take_terminal(c);
	}
	if (f) {
		free(c);
		return f;
	}
	prompt(c);
	*console = c;
	return FAIL_NONE;
}

void
console_close(struct console *c)
{
	if (!c)
		return;
	if (c->slave >= 0) {
		close(c->slave);
		close(c->fd);
	} else if (c->terminal) {
		tcsetattr(STDIN_FILENO, TCSANOW, &c->before);
	}
	buf_free(&c->out);
	explicit_bzero(c, sizeof(*c));
	free(c);
}
