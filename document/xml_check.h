/*
 * XML signatures (XML-DSig, XAdES) of edXML messages and tax files: recognised,
 * counted, and each told as not checked.
 */
#ifndef DOCUMENT_XML_CHECK_H
#define DOCUMENT_XML_CHECK_H

#include "document/findings.h"

#define XML_SIGNATURES_MAX 64u

/* Is it XML that has to do with signatures? */
bool xml_is_signed(struct bytes in);

/* One CHƯA XÁC ĐỊNH of each signature, and at least one: what this reader does
 * not understand may be one.  FAIL_MEMORY. */
CHECKED enum fail xml_check(struct bytes in, struct signature_report *report);

#endif
