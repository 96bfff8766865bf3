#include "document/file_check.h"

#include "crypto/der_read.h"
#include "document/asic_check.h"
#include "document/cades_check.h"
#include "document/xml_check.h"

#define HEAD_MAX 32u

static bool
is_cms(struct bytes in)
{
	struct bytes oid = oid_content(OID_CMS_SIGNED_DATA);
	struct bytes head = bytes_part(in, 0, HEAD_MAX);

	return head.len && head.data[0] == DER_SEQUENCE &&
	    memmem(head.data, head.len, oid.data, oid.len) != NULL;
}

bool
file_check_takes(struct bytes in)
{
	return asic_is(in) || is_cms(in) || xml_is_signed(in);
}

enum fail
file_check(struct bytes in, const struct disk_map *content,
    const struct check_policy *policy, struct signature_report *report)
{
	*report = (struct signature_report){ .verdict = VERDICT_NONE };
	if (content && (asic_is(in) || !is_cms(in)))
		return FAIL_USAGE;
	if (asic_is(in))
		return asic_check(in, policy, report);
	if (is_cms(in))
		return cades_check(in, content, policy, report);
	return xml_check(in, report);
}
