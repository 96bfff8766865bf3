/*
 * The engineer's log: one line per event on standard error, which the core
 * role keeps in a ring for the console.  It may be lost; evidence goes to the
 * journal (storage/journal.h).  Never log a PIN, a key, a password or words of
 * a document: register numbers, states, clauses and sizes only.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/fail.h"

enum log_level { LOG_ERROR, LOG_WARNING, LOG_NOTICE, LOG_TRACE };

/* Name of this process in each line, and the least important level shown. */
void log_open(const char *role, enum log_level least);

void log_line(enum log_level level, const char *format, ...) PRINTF_LIKE(2, 3);

#define log_error(...) log_line(LOG_ERROR, __VA_ARGS__)
#define log_warning(...) log_line(LOG_WARNING, __VA_ARGS__)
#define log_notice(...) log_line(LOG_NOTICE, __VA_ARGS__)
#define log_trace(...) log_line(LOG_TRACE, __VA_ARGS__)

#endif
