#ifndef COPYING_H
#define COPYING_H

#include "header.h"

/* Good copies of chunks from their Host and Backup-Hosts, by getdf. */
#define COPYING_PATH 64
#define COPYING_HOSTS 16 /* at most so many are asked */

/* What getdf is to write, and what beside it is a leftover: .df/verify/MD5. */
void copying_path(char out[COPYING_PATH], const char *md5);

/* Gets the data of the chunk with this stored header, from those of its hosts
 * for which allow returns 1, in their order, in the environment that getdf(1)
 * has. 1: the file is there, and getdf says that it is right; 0: *why says why
 * not; -1: errno. */
int copying_get(const struct header *h, const char *header, size_t len,
                int (*allow)(void *context, const char *host), void *context,
                const char **why);

/* Puts the file under its name in md5/, durably; it was verified. 1; 0: *why
 * says why not; -1: errno. */
int copying_place(const char *md5, const char **why);

#endif
