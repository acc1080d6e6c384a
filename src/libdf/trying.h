#ifndef TRYING_H
#define TRYING_H

#include "printable.h"

#include <stdint.h>

/* What failed last for a target: .df/try/TARGET, lines "tries N" and
 * "last_error TEXT" (printable). TARGET as in a commit. */

/* One more try that failed. 0; -1. */
int trying_failed(const char *target, const char *why);

/* How often in vain, and why at last; 0 and "" where nothing failed. Returns
 * how many seconds ago that was. */
int64_t trying_read(const char *target, uint64_t *tries,
                    char error[PRINTABLE_MAX]);

/* It has been reached. */
void trying_reached(const char *target);

#endif
