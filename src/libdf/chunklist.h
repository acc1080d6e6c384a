#ifndef CHUNKLIST_H
#define CHUNKLIST_H

#include "md5set.h"

#include <stdint.h>

/* Chunks that somebody asks about: lines that are an MD5, and tickets
 * (protocol.md section 3), of which md5hash counts. Tickets may follow each
 * other with or without empty lines. */

/* Reads fd to its end; *out, empty at first, has the MD5s then. 0; else what is
 * wrong, a short constant: with errno in a system's words, and otherwise with
 * errno 0 and the number of the line. */
const char *chunklist_read(int fd, struct md5set *out, uint64_t *line);

#endif
