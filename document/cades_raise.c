#include "document/cades_raise.h"

#include <stdlib.h>

#include "crypto/cms_evidence.h"
#include "crypto/cms_grow.h"
#include "crypto/cms_record.h"
#include "crypto/der_read.h"
#include "document/cades_check.h"
#include "document/gathering.h"

enum fail
cades_raise_open(struct bytes cms, struct buf *der, struct note *note)
{
	struct cms *read = calloc(1, sizeof(*read));
	struct cms_record records[CMS_RECORDS_MAX];
	size_t used = cms.len;
	enum fail f = read ? cms_read(cms, read, note) : FAIL_MEMORY;

	if (!f) {
		buf_bytes(der, cms);
	} else if (f == FAIL_FORMAT) {
		f = der_from_ber(cms, der, &used);
		if (!f)
			f = used == cms.len ?
			    cms_read(buf_view(der), read, note) :
			    FAIL_FORMAT;
	}
	if (!f && cms_records_find(buf_view(der), records)) {
		free(read);
		return note_set(note, FAIL_UNSUPPORTED,
		    "RFC 4998 A: an evidence record covers it as it is");
	}
	if (f)
		note_write(note, f,
		    f == FAIL_UNSUPPORTED ?
			"RFC 5652 5.1: several signers, or an algorithm that "
			"is not known here" :
			"RFC 5652 5.1: it is no CMS signature");
	free(read);
	return f ? f : buf_fail(der);
}

enum fail
cades_value(struct bytes cms, struct bytes *value, bool *stamped)
{
	struct cms *read = calloc(1, sizeof(*read));
	enum fail f = read ? cms_read(cms, read, NULL) : FAIL_MEMORY;

	if (!f) {
		*value = read->signer.signature;
		*stamped = read->signer.stamp_count > 0;
	}
	free(read);
	return f;
}

enum fail
cades_content(struct bytes cms, struct bytes *content)
{
	struct cms *read = calloc(1, sizeof(*read));
	enum fail f = read ? cms_read(cms, read, NULL) : FAIL_MEMORY;

	*content = (struct bytes){ NULL, 0 };
	if (!f && !read->has_content)
		f = FAIL_MISSING;
	if (!f)
		*content = read->content;
	free(read);
	return f;
}

enum fail
cades_stamp(struct bytes cms, struct bytes token, struct buf *out)
{
	const struct cms_growth more = { .attribute = OID_ATTR_TIME_STAMP,
		.value = token };

	return cms_grow(cms, &more, out);
}

enum fail
cades_gather(struct bytes cms, const struct disk_map *content,
    const struct trust_policy *policy, struct dss *dss, struct note *note)
{
	struct check_policy whole = { .trust = *policy, .verdicts_only = true };
	struct signature_report report;
	struct gathering g;
	enum fail f;

	gathering_init(&g, policy->source, dss);
	whole.trust.source = &g.source;
	f = cades_check(cms, content, &whole, &report);
	if (f)
		return f;
	f = gathering_judge(&report, note);
	signature_report_free(&report);
	return f ? f : gathering_fail(&g, note);
}

static bool
has_cert(const struct cms *cms, struct bytes der)
{
	for (size_t i = 0; i < cms->cert_count; i++)
		if (bytes_equal(cms->certs[i], der))
			return true;
	return false;
}

static bool
has_evidence(const struct cms *cms, struct bytes der)
{
	struct cms_evidence_walk walk;
	struct cms_evidence e;

	cms_evidence_open(cms, &walk);
	while (cms_evidence_next(&walk, &e))
		if (bytes_equal(e.der, der))
			return true;
	return false;
}

enum fail
cades_store(struct bytes cms, const struct dss *dss, struct buf *out)
{
	struct cms_evidence evidence[DSS_ITEMS_MAX];
	struct bytes certs[CMS_CERTS_MAX];
	struct cms_growth more = { .certs = certs, .evidence = evidence };
	struct cms *read = calloc(1, sizeof(*read));
	enum fail f = read ? cms_read(cms, read, NULL) : FAIL_MEMORY;

	for (size_t i = 0; i < dss->count && !f; i++) {
		const struct dss_item *item = &dss->items[i];

		if (item->kind == DSS_CERT && !has_cert(read, item->der)) {
			if (read->cert_count + more.cert_count == CMS_CERTS_MAX)
				f = FAIL_LIMIT;
			else
				certs[more.cert_count++] = item->der;
		} else if (item->kind != DSS_CERT &&
		    !has_evidence(read, item->der)) {
			evidence[more.evidence_count++] =
			    (struct cms_evidence){ .is_answer =
						       item->kind == DSS_OCSP,
				    .der = item->der };
		}
	}
	if (!f)
		f = cms_grow(cms, &more, out);
	free(read);
	return f;
}
