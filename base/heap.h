/* How the C library's heap behaves. */
#ifndef BASE_HEAP_H
#define BASE_HEAP_H

/*
 * Keep some memory that was given back.  Documents come one after another and
 * each wants the same again; else the kernel takes it, and clears it anew for
 * the next one.
 */
void heap_keep(void);

#endif
