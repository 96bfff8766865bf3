/*
 * Checking evidence records (RFC 4998).  One that holds proves that what it
 * covers was there by the time of its first time-stamp (EN 319 102-1 5.6.2.3):
 * signatures in it are then judged at that time.
 */
#ifndef DOCUMENT_ERS_CHECK_H
#define DOCUMENT_ERS_CHECK_H

#include "base/disk.h"
#include "crypto/evidence_record.h"
#include "document/cms_check.h"

/*
 * Append to the report one row for each time-stamp of a record, the oldest
 * first; of one that does not read, or is about something else, a single row.
 * name is the record's, for people.  Each is judged at the time of the next,
 * the last one when the record was there by the policy.  When all hold and
 * *proven is later than the first, *proven becomes its time.
 */
CHECKED enum fail ers_check(struct bytes record, struct bytes name,
    const struct ers_group *group, const struct check_policy *policy,
    struct signature_report *report, int64_t *proven);

/* A row that says why a record was not followed. */
CHECKED enum fail ers_refuse(enum fail why, const char *text, struct bytes name,
    struct signature_report *report);

/* The same of a record beside a file; FAIL_IO: the file could not be read. */
CHECKED enum fail ers_check_file(struct bytes record, struct bytes name,
    const struct disk_map *file, const struct check_policy *policy,
    struct signature_report *report, int64_t *proven);

#endif
