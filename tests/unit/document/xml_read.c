#include "document/xml_read.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

/* What is read, written shortly: <name … > and its text. */
static const struct {
	const char *text, *read;
	enum fail fail;
} rows[] = {
	{ "<a/>", "(a)", FAIL_NONE },
	{ "<?xml version=\"1.0\"?>\n<x:a b='1'><c>t&amp;&#x1EBF;</c></x:a>\n",
	    "'\n'(a(c't&\xE1\xBA\xBF'))'\n'", FAIL_NONE },
	{ "<a><!-- <b> --><c x = \">\" /></a>", "(a(c))", FAIL_NONE },
	{ "", "", FAIL_FORMAT },
	{ "<a>", "(a", FAIL_FORMAT },
	{ "<a></b>", "(a", FAIL_FORMAT },
	{ "<x:a></y:a>", "(a", FAIL_FORMAT },
	{ "<a/><a/>", "(a)", FAIL_FORMAT },
	{ "<a/>x", "(a)", FAIL_FORMAT },
	{ "x<a/>", "", FAIL_FORMAT },
	{ "<a b='1' b='2'/>", "", FAIL_FORMAT },
	{ "<a b='<'/>", "", FAIL_FORMAT },
	{ "<a b=1/>", "", FAIL_FORMAT },
	{ "<a b='1'c='2'/>", "", FAIL_FORMAT },
	{ "<a>&what;</a>", "(a'", FAIL_FORMAT },
	{ "<a>&#0;</a>", "(a'", FAIL_FORMAT },
	{ "<a>&#xD800;</a>", "(a'", FAIL_FORMAT },
	{ "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "", FAIL_FORMAT },
	{ "<a><![CDATA[b]]></a>", "(a", FAIL_FORMAT },
	{ "<!-- <a/>", "", FAIL_FORMAT },
};

static enum fail
read_all(struct bytes in, struct buf *out)
{
	struct xml x = xml_open(in);
	struct xml_item item;
	enum fail f;

	while (!(f = xml_next(&x, &item)) && item.kind != XML_DONE) {
		if (item.kind == XML_START) {
			buf_char(out, '(');
			buf_bytes(out, item.name);
		} else if (item.kind == XML_END) {
			buf_char(out, ')');
		} else {
			buf_char(out, '\'');
			f = xml_put_text(item.text, out);
			if (f)
				return f;
			buf_char(out, '\'');
		}
	}
	return f;
}

static void
documents_are_read_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf out;
		enum fail f;

		buf_init(&out, 1024);
		f = read_all(BYTES_TEXT(rows[i].text), &out);
		if (f != rows[i].fail ||
		    !bytes_equal_text(buf_view(&out), rows[i].read))
			fail_msg("%s: %d %.*s", rows[i].text, (int)f,
			    (int)out.len, (const char *)out.data);
		buf_free(&out);
	}
}

static void
nesting_ends(void **state)
{
	struct buf in, out;

	(void)state;
	buf_init(&in, 4096);
	buf_init(&out, 4096);
	for (unsigned i = 0; i <= XML_DEPTH_MAX; i++)
		buf_text(&in, "<a>");
	assert_int_equal(read_all(buf_view(&in), &out), FAIL_LIMIT);
	buf_free(&in);
	buf_free(&out);
}

static void
attributes_are_found_by_local_name(void **state)
{
	struct xml x =
	    xml_open(BYTES_TEXT("<a x:URI='b&#32;c' Algorithm=\"&lt;\"/>"));
	struct xml_item item;
	struct buf out;

	(void)state;
	buf_init(&out, 64);
	assert_int_equal(xml_next(&x, &item), FAIL_NONE);
	assert_int_equal(xml_attribute(&item, "URI", &out), FAIL_NONE);
	assert_int_equal(xml_attribute(&item, "Algorithm", &out), FAIL_NONE);
	assert_true(bytes_equal_text(buf_view(&out), "b c<"));
	assert_int_equal(xml_attribute(&item, "URL", &out), FAIL_MISSING);
	buf_free(&out);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(documents_are_read_or_refused),
		cmocka_unit_test(nesting_ends),
		cmocka_unit_test(attributes_are_found_by_local_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
