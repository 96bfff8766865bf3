#include <string.h>

#include "firmware/console/console.h"

enum fail
console_split(
    char *line, const char *words[static CONSOLE_ARGS_MAX], size_t *count)
{
	char *rest, *word;

	*count = 0;
	for (word = strtok_r(line, " \t", &rest); word;
	     word = strtok_r(NULL, " \t", &rest)) {
		if (*count == CONSOLE_ARGS_MAX)
			return FAIL_USAGE;
		words[(*count)++] = word;
	}
	return FAIL_NONE;
}
