#ifndef INQUIRY_H
#define INQUIRY_H

#include <stddef.h>
#include <stdint.h>

/* Asking a host what it has, in a process that does nothing else, with what the
 * user's cache remembers of it. */
struct inquiry {
  const char *host, *url;      /* published.h */
  unsigned int connect, stall; /* seconds */
  unsigned int wait;           /* seconds to the deadline, at the start */
  uint64_t deadline;         /* clock_ms; no look begins later, but the first */
  const unsigned char *md5s; /* n, ascending: it waits for these */
  size_t n;
};

/* Looks until the host has them, or the deadline is over. fd is a file, empty
 * or of an earlier call for the host, which then has what the host has
 * (holding_view). 0; else why it could not be asked, printable, constant or
 * good until the next call. */
const char *inquiry_host(const struct inquiry *a, int fd);

#endif
