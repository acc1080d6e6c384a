#ifndef STRAY_H
#define STRAY_H

#include "digest.h"

#include <stddef.h>

/* Data below md5/ that nothing names, neither a stored header nor a commit:
 * whoever placed them died, or failed, before there was a commit, and made no
 * promise (dataflow(5), placed). They are removed while nobody commits
 * (keeping.h). */

/* Those among these chunks, at most BATCH_MAX. 0; -1: errno. */
int stray_remove(const char *const *md5s, size_t n);

/* Those that an unfinished commit below .df/tmp was to name. Before .df/tmp is
 * swept. */
void stray_sweep(void);

#endif
