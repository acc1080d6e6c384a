#ifndef ASKING_H
#define ASKING_H

#include "header.h"
#include "hosts.h"

#include <stddef.h>

/* Asking hosts over HTTP for a header, until one gives a good one. */
#define ASKING_AT_ONCE 8

struct asking {
  const char *url;             /* the template: url.h */
  unsigned int connect, stall; /* seconds */
  int follow;                  /* redirects */
  /* ms without an answer after which the next host is asked too; 0: each is
   * asked when the one before has failed. */
  unsigned int hedge;
  /* What is wrong with what a host gave, a short constant; 0: it is good. */
  const char *(*judge)(void *context, const char *text, size_t len);
  /* Is told of each host that failed: HTTP status (0: no answer). */
  void (*failed)(void *context, const char *host, long status, const char *why);
  void *context;
};

/* Asks those of the hosts that are new, then the late ones, for path (relative
 * to the store), notes the state of those that failed, and those that had not
 * answered when another did as late. 1: *host gave *text; 0: nobody; -1: no
 * memory. */
int asking(const struct asking *a, struct hosts *hosts, const char *path,
           size_t *host, struct header_text *text);

#endif
