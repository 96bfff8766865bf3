/*
 * How much work the checking of one file may cost.  It is counted while it is
 * done, in nanoseconds of an ordinary processor or so, and comes to the same on
 * every machine, but for what a process remembers of certificates.  What a
 * small file can have done again and again – digests, signatures, names,
 * certificates – counts itself; loops over such things ask, and stop.  What was
 * judged after the end is never called valid: whoever judges asks once more
 * (document/findings.h).
 */
#ifndef BASE_EFFORT_H
#define BASE_EFFORT_H

#include <stdbool.h>
#include <stdint.h>

#define EFFORT_ENDLESS UINT64_MAX
#define EFFORT_SPENT "the file costs too much work" /* for notes */

/* What is enough for a file of so many bytes, with all that it brings. */
#define EFFORT_LEAST UINT64_C(3000000000)
#define EFFORT_BYTE 64u

/* What is left; of each thread. */
extern _Thread_local uint64_t effort_left;

static inline void
effort_add(uint64_t ns)
{
	if (effort_left != EFFORT_ENDLESS)
		effort_left = ns < effort_left ? effort_left - ns : 0;
}

static inline bool
effort_is_spent(void)
{
	return effort_left == 0;
}

/* Count from here on, for so many bytes; true: whoever is told so ends it.
 * Within another count that one goes on. */
static inline bool
effort_begin(uint64_t size)
{
	bool own = effort_left == EFFORT_ENDLESS;

	if (own)
		effort_left = EFFORT_LEAST + EFFORT_BYTE * size;
	return own;
}

static inline void
effort_end(bool own)
{
	if (own)
		effort_left = EFFORT_ENDLESS;
}

#endif
