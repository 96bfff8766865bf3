#include "base/text.h"
#include "base/when.h"
#include "crypto/pem.h"
#include "document/finding_text.h"
#include "document/indication.h"
#include "document/report.h"

/* TS 119 102-2 5.1: indications and sub-indications are URIs. */
#define MAIN "urn:etsi:019102:mainindication:"
#define SUB "urn:etsi:019102:subindication:"

/* The letters XML 1.0 cannot carry are told as question marks. */
static void
put(struct buf *out, struct bytes text)
{
	size_t at = 0;

	while (at < text.len) {
		uint32_t p = text_next(text, &at);
		struct buf one;

		if ((p < 0x20 && p != '\t' && p != '\n' && p != '\r') ||
		    (p >= 0xD800 && p < 0xE000) || p == 0xFFFE || p == 0xFFFF ||
		    p > 0x10FFFF)
			p = '?';
		buf_init(&one, 8);
		text_put(&one, p);
		text_escape(out, buf_view(&one));
		buf_free(&one);
	}
}

static void
put_time(struct buf *out, const char *element, int64_t instant)
{
	char text[WHEN_TEXT_MAX];

	when_iso_text(instant, text);
	buf_printf(out, "<%s>%s</%s>", element, text, element);
}

/* TS 119 102-2 5.1.4.4: a word the standard does not have is left out. */
static void
put_status(const struct findings *r, struct buf *out)
{
	static const char *const mains[] = { "total-passed", "total-failed",
		"indeterminate" };
	enum indication indication;
	enum sub_indication sub = indication_of(r, &indication);
	struct buf text;

	buf_printf(out,
	    "<SignatureValidationStatus><MainIndication>" MAIN
	    "%s</MainIndication>",
	    mains[indication]);
	if (sub && sub != SUB_GENERIC)
		buf_printf(out, "<SubIndication>" SUB "%s</SubIndication>",
		    sub_indication_name(sub));
	buf_text(out,
	    "<AssociatedValidationReportData>"
	    "<AdditionalValidationReportData>");
	buf_init(&text, 4096);
	for (enum finding_kind k = 0; k < FINDING_COUNT; k++) {
		enum finding_state state;

		buf_clear(&text);
		state = finding_text(r, k, &text);
		buf_printf(out,
		    "<ReportData><Type>urn:antin:finding:%s:%s</Type><Value>",
		    finding_name(k), finding_state_name(state));
		put(out, buf_view(&text));
		buf_text(out, "</Value></ReportData>");
	}
	buf_free(&text);
	buf_text(out,
	    "</AdditionalValidationReportData>"
	    "</AssociatedValidationReportData></SignatureValidationStatus>");
}

static void
put_times(const struct findings *r, int64_t instant, struct buf *out)
{
	buf_text(out, "<ValidationTimeInfo>");
	put_time(out, "ValidationTime", instant);
	/* It begins as the time of checking (EN 319 102-1 5.6.2). */
	buf_text(out, "<BestSignatureTime>");
	put_time(out, "POETime", r->best_time ? r->best_time : instant);
	buf_text(out,
	    "<TypeOfProof>urn:etsi:019102:poetype:validation</TypeOfProof>"
	    "</BestSignatureTime></ValidationTimeInfo>");
}

static void
put_signature(
    const struct findings *r, size_t number, int64_t instant, struct buf *out)
{
	buf_printf(out,
	    "<SignatureValidationReport><SignatureIdentifier id=\"s%zu\">"
	    "<HashOnly>false</HashOnly><DocHashOnly>false</DocHashOnly>"
	    "<DAIdentifier>",
	    number);
	put(out, BYTES_TEXT(r->field));
	buf_text(out, "</DAIdentifier></SignatureIdentifier>");
	put_times(r, instant, out);
	if (r->has_signer) {
		buf_printf(out,
		    "<SignerInformation><SignerCertificate "
		    "VOReference=\"c%zu\"/>"
		    "<Signer>",
		    number);
		put(out, BYTES_TEXT(r->signer));
		buf_text(out, "</Signer></SignerInformation>");
	}
	put_status(r, out);
	buf_text(out, "</SignatureValidationReport>");
}

/* Certificates are told by their digests. */
static void
put_objects(const struct signature_report *report, struct buf *out)
{
	bool any = false;

	for (size_t i = 0; i < report->count; i++)
		any = any || report->results[i].has_signer;
	if (!any)
		return;
	buf_text(out, "<SignatureValidationObjects>");
	for (size_t i = 0; i < report->count; i++) {
		if (!report->results[i].has_signer)
			continue;
		buf_printf(out,
		    "<ValidationObject id=\"c%zu\"><ObjectType>"
		    "urn:etsi:019102:validationObject:certificate</ObjectType>"
		    "<ValidationObjectRepresentation><DigestAlgAndValue>"
		    "<ds:DigestMethod "
		    "Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>"
		    "<ds:DigestValue>",
		    i + 1);
		pem_base64(BYTES_ARRAY(report->results[i].signer_hash), out);
		buf_text(out,
		    "</ds:DigestValue></DigestAlgAndValue>"
		    "</ValidationObjectRepresentation></ValidationObject>");
	}
	buf_text(out, "</SignatureValidationObjects>");
}

void
report_xml(
    const struct signature_report *report, int64_t instant, struct buf *out)
{
	buf_text(out,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<ValidationReport xmlns=\"http://uri.etsi.org/19102/v1.2.1#\" "
	    "xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">");
	for (size_t i = 0; i < report->count; i++)
		put_signature(&report->results[i], i + 1, instant, out);
	/* The standard has no word for it, and wants one report at least. */
	if (!report->count)
		buf_text(out,
		    "<SignatureValidationReport><SignatureValidationStatus>"
		    "<MainIndication>urn:antin:mainindication:no-signature"
		    "</MainIndication></SignatureValidationStatus>"
		    "</SignatureValidationReport>");
	put_objects(report, out);
	buf_text(out, "</ValidationReport>\n");
}
