#ifndef HOSTS_H
#define HOSTS_H

#include "header.h"

#include <stddef.h>

/* The hosts that may have a chunk, in the order in which they are asked, each
 * once: addresses compare as addresses, names without case (backup.h). */
#define HOSTS_MAX 1024

enum host_state {
  HOST_NEW,
  HOST_LATE, /* gave no answer in time: asked when there are no new ones */
  HOST_FAILED,
  HOST_UNREACHABLE /* no answer at all */
};

/* All zero at first. */
struct hosts {
  size_t n;
  struct {
    char name[HOST_MAX + 1];
    enum host_state state;
  } at[HOSTS_MAX];
};

/* Adds one at the end, in the form that host_valid takes. 1; 0: it is there
 * already, or there is no room. */
int hosts_add(struct hosts *h, const char *name, size_t len);

/* Adds the Host, then the Backup-Hosts of a header that was scanned. */
void hosts_add_header(struct hosts *h, const char *header, size_t len);

/* The first new one, else the first late one; h->n: none. */
size_t hosts_next(const struct hosts *h);

/* Those that failed become new again. */
void hosts_again(struct hosts *h);

/* Takes the states over from another list, host by host. */
void hosts_recall(struct hosts *h, const struct hosts *from);

#endif
