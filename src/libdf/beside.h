#ifndef BESIDE_H
#define BESIDE_H

#include <limits.h>
#include <sys/types.h>

/* Files that are written beside the name that they will have, as NAME.XXXXXX,
 * and then renamed. Names are those of a user. All return -1 with errno. */

/* Whether that could succeed: name is free or a regular file, its directory may
 * be written. 0 (EISDIR, EINVAL: something else is there). */
int beside_check(const char *name);

/* A new file, mode 0600, its name in tmp, to be given to beside_end or
 * unlinked: its descriptor. */
int beside_open(const char *name, char tmp[PATH_MAX]);

/* Sets the mode, syncs, renames, closes. 0; -1: it is closed and unlinked. */
int beside_end(int fd, const char *tmp, const char *name, mode_t mode);

#endif
