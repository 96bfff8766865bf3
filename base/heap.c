#include "base/heap.h"

#include <malloc.h>

#define FROM_KERNEL (3 << 20) /* bytes of one piece that has its own pages */
#define KEPT (8 << 20)        /* bytes kept at the end of the heap */

void
heap_keep(void)
{
	mallopt(M_MMAP_THRESHOLD, FROM_KERNEL);
	mallopt(M_TRIM_THRESHOLD, KEPT);
}
