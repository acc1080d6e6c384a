#ifndef WHOLE_H
#define WHOLE_H

#include <stddef.h>
#include <sys/types.h>

/* Reads fd to its end into memory of max bytes: how many there were; -1 errno
 * (EFBIG: more than max). */
ssize_t whole_read(int fd, void *p, size_t max);

#endif
