#ifndef HOLDING_H
#define HOLDING_H

#include "md5set.h"
#include "published.h"

/* What a host has: the MD5s of the chunks that it publishes, kept in a file
 * from one look to the next, so that only what is new is read. */
#define HOLDING_SECONDS 3600 /* all requests of a look end then */

struct holding {
  struct published from;
  struct md5set set;
  const char *why; /* what a record failed of, if not of its form */
  int counts_else; /* status.json counts otherwise, even when all is read */
};

/* host, url: published.h; they stay the caller's. Seconds to connect, without
 * progress, and for all requests. 0; -1: no memory. */
int holding_open(struct holding *h, const char *host, const char *url,
                 unsigned int connect, unsigned int stall, unsigned int all);
void holding_close(struct holding *h);

/* Reads what is new. 0: the set is what the host has; else what is wrong, as in
 * published.h, and the set is no good. What does not fit to what was loaded is
 * read anew, once. */
const char *holding_look(struct holding *h);

/* 1: it has all n MD5s, which ascend; 0. */
int holding_has(const struct holding *h, const unsigned char *md5s, size_t n);

/* Writes the set and how far the delta was read, or gets them back, for this
 * host and url. The file has a checksum and is of this machine. save: 0; -1:
 * errno. load: 1; 0: it is not what save has written for them, the next look
 * reads all; -1: errno. */
int holding_save(const struct holding *h, int fd);
int holding_load(struct holding *h, int fd);

/* The MD5s in such a file of len bytes that this process may trust. How many.
 */
size_t holding_view(const char *p, size_t len, const unsigned char **md5s);

#endif
