#include "crypto/name_constraints.h"

#include <strings.h>

#include "crypto/der_read.h"
#include "crypto/name.h"

/* Forms of a GeneralName (RFC 5280 4.2.1.6) by their tags. */
#define FORM_MAIL DER_CONTEXT(1)
#define FORM_HOST DER_CONTEXT(2)
#define FORM_DIRECTORY DER_CONTEXT_MADE(4)
#define FORM_URI DER_CONTEXT(6)
#define FORM_ADDRESS DER_CONTEXT(7)

/* How one name stands to a CA's subtrees. */
struct matching {
	struct bytes permitted, excluded; /* GeneralSubtrees' contents */
	uint8_t form;
	struct bytes name;
	unsigned *left; /* comparisons that may still be made */
};

static bool
same_letters(struct bytes a, struct bytes b)
{
	return a.len == b.len &&
	    (!a.len ||
		!strncasecmp(
		    (const char *)a.data, (const char *)b.data, a.len));
}

static struct bytes
last_of(struct bytes in, size_t len)
{
	return bytes_part(in, in.len - len, len);
}

/* ---- one form each ---- */

/* The host itself or anything below it; with a leading dot what is below. */
static bool
host_within(struct bytes host, struct bytes base)
{
	if (!base.len)
		return true;
	if (host.len < base.len || !same_letters(last_of(host, base.len), base))
		return false;
	return host.len == base.len ?
	    base.data[0] != '.' :
	    base.data[0] == '.' || host.data[host.len - base.len - 1] == '.';
}

/* Exactly this host; with a leading dot what is below it. */
static bool
exact_host(struct bytes host, struct bytes base)
{
	if (base.len && base.data[0] == '.')
		return host_within(host, base);
	return same_letters(host, base);
}

static size_t
find_letter(struct bytes in, char letter)
{
	size_t at = 0;

	while (at < in.len && in.data[at] != (uint8_t)letter)
		at++;
	return at;
}

/* A mailbox, all mailboxes of a host, or of the hosts below one. */
static bool
mail_within(struct bytes mail, struct bytes base)
{
	size_t at = mail.len, base_at = find_letter(base, '@');
	struct bytes host;

	/* The last one: a quoted local part may hold others. */
	while (at && mail.data[at - 1] != '@')
		at--;
	if (!at)
		return false;
	host = bytes_part(mail, at--, SIZE_MAX);
	if (base_at < base.len)
		return bytes_equal(bytes_part(mail, 0, at),
			   bytes_part(base, 0, base_at)) &&
		    same_letters(host, bytes_part(base, base_at + 1, SIZE_MAX));
	return exact_host(host, base);
}

/* The host of a URI with an authority (RFC 3986 3.2), or an empty view. */
static struct bytes
uri_host(struct bytes uri)
{
	size_t colon = find_letter(uri, ':'), at;
	struct bytes rest = bytes_part(uri, colon + 1, SIZE_MAX);

	if (rest.len < 2 || rest.data[0] != '/' || rest.data[1] != '/')
		return (struct bytes){ NULL, 0 };
	rest = bytes_part(rest, 2, SIZE_MAX);
	for (at = 0; at < rest.len; at++)
		if (strchr("/?#", rest.data[at]))
			break;
	rest = bytes_part(rest, 0, at);
	at = find_letter(rest, '@');
	if (at < rest.len)
		rest = bytes_part(rest, at + 1, SIZE_MAX);
	return bytes_part(rest, 0, find_letter(rest, ':'));
}

static bool
uri_within(struct bytes uri, struct bytes base)
{
	struct bytes host = uri_host(uri);

	return host.len && exact_host(host, base);
}

/* An address and its mask; both of the name's own kind. */
static bool
address_within(struct bytes address, struct bytes base)
{
	if (base.len != 2 * address.len)
		return false;
	for (size_t i = 0; i < address.len; i++)
		if ((address.data[i] ^ base.data[i]) &
		    base.data[address.len + i])
			return false;
	return true;
}

static bool
within(uint8_t form, struct bytes name, struct bytes base)
{
	switch (form) {
	case FORM_MAIL:
		return mail_within(name, base);
	case FORM_HOST:
		return host_within(name, base);
	case FORM_URI:
		return uri_within(name, base);
	case FORM_ADDRESS:
		return address_within(name, base);
	default:
		return name_within(name, base);
	}
}

/* Printing ASCII, as names of hosts and mailboxes are here (4.2.1.6). */
static bool
is_plain(struct bytes name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.data[i] <= ' ' || name.data[i] > '~')
			return false;
	return name.len > 0;
}

/* … of a host with no dot at its end. */
static bool
is_plain_host(struct bytes name)
{
	return is_plain(name) && name.data[name.len - 1] != '.';
}

/* Can the name be held against subtrees of its form at all?  Of what cannot
 * nobody knows that it is not within an excluded one. */
static bool
is_clear(uint8_t form, struct bytes name)
{
	switch (form) {
	case FORM_MAIL:
		return is_plain_host(name) && find_letter(name, '@') < name.len;
	case FORM_HOST:
		return is_plain_host(name);
	case FORM_URI: /* one without a host has no place (4.2.1.10) */
		return is_plain(name) && is_plain_host(uri_host(name));
	case FORM_ADDRESS:
		return name.len == 4 || name.len == 16;
	case FORM_DIRECTORY:
		return name_is_clear(name);
	default:
		return false;
	}
}

static bool
is_known(uint8_t form)
{
	return form == FORM_MAIL || form == FORM_HOST || form == FORM_URI ||
	    form == FORM_ADDRESS || form == FORM_DIRECTORY;
}

/* ---- subtrees ---- */

/* Minimum 0 and no maximum: the only ones there are (4.2.1.10). */
static enum fail
next_subtree(struct der *list, struct der_item *base)
{
	struct der one;
	enum fail f = der_into(list, DER_SEQUENCE, &one);

	if (!f)
		f = der_any(&one, base);
	if (!f && !der_end(&one))
		f = FAIL_FORMAT;
	return f;
}

/* Does a list speak of the name's form, and does it hold the name? */
static enum fail
look(struct matching *m, struct bytes subtrees, bool *speaks, bool *holds)
{
	struct der list = der_open(subtrees);
	struct der_item base;
	enum fail f = FAIL_NONE;

	*speaks = *holds = false;
	while (!f && !der_end(&list)) {
		f = next_subtree(&list, &base);
		if (f || base.tag != m->form)
			continue;
		if (!*m->left)
			return FAIL_LIMIT;
		--*m->left;
		*speaks = true;
		*holds = *holds || within(m->form, m->name, base.value);
	}
	return f;
}

static enum fail
check_name(struct matching *m)
{
	bool speaks, holds;
	enum fail f = look(m, m->excluded, &speaks, &holds);

	if (f)
		return f;
	if (holds || (speaks && !is_clear(m->form, m->name)))
		return FAIL_CHAIN;
	f = look(m, m->permitted, &speaks, &holds);
	if (f)
		return f;
	return speaks && (!holds || !is_known(m->form)) ? FAIL_CHAIN :
							  FAIL_NONE;
}

/* ---- a certificate's names ---- */

static enum fail
check_alternatives(struct matching *m, struct bytes content, bool *has_mail)
{
	struct der_item whole, item;
	struct der list;
	enum fail f = der_whole(content, DER_SEQUENCE, &whole);

	list = der_open(f ? content : whole.value);
	while (!f && !der_end(&list)) {
		f = der_any(&list, &item);
		if (f)
			break;
		m->form = item.tag;
		m->name = item.value;
		*has_mail = *has_mail || item.tag == FORM_MAIL;
		f = check_name(m);
	}
	return f;
}

/* Without one among the alternatives a mail address in the subject counts: by
 * 4.2.1.10 without alternatives, but one of another form beside it says nothing
 * for it. */
static enum fail
check_subject_mail(struct matching *m, struct bytes subject)
{
	struct bytes mail;
	enum fail f = FAIL_NONE;

	for (size_t n = 0; !f; n++) {
		mail = name_attribute(subject, OID_EMAIL, n);
		if (!mail.len)
			break;
		m->form = FORM_MAIL;
		m->name = mail;
		f = check_name(m);
	}
	return f;
}

static bool
has_attributes(struct bytes name)
{
	struct der_item whole;

	return !der_whole(name, DER_SEQUENCE, &whole) && whole.value.len;
}

static enum fail
check_names(struct matching *m, const struct cert *cert)
{
	enum fail f = FAIL_NONE;
	bool has_mail = false;

	if (has_attributes(cert->subject)) {
		m->form = FORM_DIRECTORY;
		m->name = cert->subject;
		f = check_name(m);
	}
	if (!f && cert->alternatives.len)
		f = check_alternatives(m, cert->alternatives, &has_mail);
	return f || has_mail ? f : check_subject_mail(m, cert->subject);
}

enum fail
names_within(const struct cert *ca, const struct cert *cert, struct note *note)
{
	unsigned left = CONSTRAINT_COMPARISONS_MAX;
	struct matching m = { .left = &left };
	struct der_item whole, item;
	struct der in;
	enum fail f = der_whole(ca->name_constraints, DER_SEQUENCE, &whole);

	in = der_open(f ? ca->name_constraints : whole.value);
	if (!f)
		f = der_optional(&in, DER_CONTEXT_MADE(0), &item);
	if (!f)
		m.permitted = item.value;
	if (!f)
		f = der_optional(&in, DER_CONTEXT_MADE(1), &item);
	if (!f)
		m.excluded = item.value;
	if (!f && !der_end(&in))
		f = FAIL_FORMAT;
	if (!f)
		f = check_names(&m, cert);
	if (f == FAIL_CHAIN)
		return note_set(
		    note, f, "RFC 5280 6.1.3: a name its CA may not speak for");
	return f ? note_set(note, f, "RFC 5280 4.2.1.10: name constraints") :
		   FAIL_NONE;
}
