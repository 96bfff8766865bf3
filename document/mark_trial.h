/*
 * A draft is tried before people approve it: a person's signature with his
 * picture and then the agency's with its seal, number and date are laid out in
 * memory, and the second must leave the first one comparable.
 */
#ifndef DOCUMENT_MARK_TRIAL_H
#define DOCUMENT_MARK_TRIAL_H

#include "base/disk.h"
#include "document/pdf_file.h"
#include "document/picture.h"

/* A seal without pixels, for trials. */
extern const struct picture mark_trial_seal;

/* map: the file that is open; number and date: examples as long as any.
 * FAIL_UNSEALABLE: readers would differ about what came later; others as
 * mark_plan. */
CHECKED enum fail
mark_try_two(const struct disk_map *map, struct pdf_file *file,
    struct bytes number, struct bytes date, struct note *note);

#endif
