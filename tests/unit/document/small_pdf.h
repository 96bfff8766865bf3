/*
 * Small PDFs for the unit tests, written piece by piece: objects, tables and
 * updates stand exactly as the test says.
 */
#ifndef TESTS_UNIT_DOCUMENT_SMALL_PDF_H
#define TESTS_UNIT_DOCUMENT_SMALL_PDF_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "document/pdf_file.h"

#define SMALL_OBJECTS 64u

struct small_pdf {
	struct buf out;
	size_t at[SMALL_OBJECTS]; /* offset of each object; 0: none since the
				     last table */
	size_t start;             /* of the last table */
};

static inline void
small_init(struct small_pdf *s)
{
	*s = (struct small_pdf){ .start = 0 };
	buf_init(&s->out, 1u << 20);
	buf_text(&s->out, "%PDF-1.7\n");
}

static inline void
small_object(struct small_pdf *s, unsigned num, const char *value)
{
	s->at[num] = s->out.len;
	buf_printf(&s->out, "%u 0 obj\n%s\nendobj\n", num, value);
}

static inline void
small_stream(
    struct small_pdf *s, unsigned num, const char *entries, const char *data)
{
	s->at[num] = s->out.len;
	buf_printf(&s->out,
	    "%u 0 obj\n<<%s/Length %zu>>\nstream\n%s\nendstream\nendobj\n", num,
	    entries, strlen(data), data);
}

/* A table of the objects written since the last one, and a trailer; entries
 * are added to /Root and /Prev. */
static inline void
small_table(struct small_pdf *s, const char *entries)
{
	size_t start = s->out.len;

	buf_text(&s->out, "xref\n0 1\n0000000000 65535 f\r\n");
	for (unsigned i = 1; i < SMALL_OBJECTS; i++) {
		if (!s->at[i])
			continue;
		buf_printf(&s->out, "%u 1\n%010zu 00000 n\r\n", i, s->at[i]);
		s->at[i] = 0;
	}
	buf_printf(&s->out, "trailer\n<</Size %u/Root 1 0 R%s", SMALL_OBJECTS,
	    entries);
	if (s->start)
		buf_printf(&s->out, "/Prev %zu", s->start);
	buf_printf(&s->out, ">>\nstartxref\n%zu\n%%%%EOF\n", start);
	s->start = start;
}

static inline void
small_free(struct small_pdf *s)
{
	buf_free(&s->out);
}

/* A page tree of one page: objects 1 to 4. */
static inline void
small_page(struct small_pdf *s, const char *catalog, const char *page)
{
	char text[1024];

	snprintf(
	    text, sizeof(text), "<</Type/Catalog/Pages 2 0 R%s>>", catalog);
	small_object(s, 1, text);
	small_object(s, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
	snprintf(text, sizeof(text),
	    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 "
	    "R%s>>",
	    page);
	small_object(s, 3, text);
	small_stream(s, 4, "", "BT ET");
}

static inline void
small_open(struct small_pdf *s, struct pdf_file *file)
{
	assert_int_equal(buf_fail(&s->out), FAIL_NONE);
	assert_int_equal(pdf_file_open(file, buf_view(&s->out)), FAIL_NONE);
}

#define assert_bytes(b, text)                                   \
	do {                                                    \
		struct bytes seen = (b);                        \
		assert_int_equal(seen.len, strlen(text));       \
		assert_memory_equal(seen.data, text, seen.len); \
	} while (0)

#endif
