#ifndef STORED_H
#define STORED_H

#include "header.h"

#include <sys/types.h>

/* Reads the stored header of a chunk: the staged one, else the public one
 * (stage.h). Its length; 0: there is none that is good, and *why says what is
 * wrong (0: there is none at all); -1: errno. */
ssize_t stored_read(const char *md5, char h[HEADER_MAX], struct header *scan,
                    const char **why);

#endif
