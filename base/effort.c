#include "base/effort.h"

_Thread_local uint64_t effort_left = EFFORT_ENDLESS;
