#ifndef FINDING_H
#define FINDING_H

#include "asking.h"
#include "header.h"
#include "hosts.h"

#include <stddef.h>
#include <stdint.h>

#define FINDING_OVER "its cache life is over"

/* Which chunk is wanted, and which host is asked for it next (protocol.md
 * section 3: Host, Backup-Host, TTL, Cache-Time). A header that a host gave is
 * hearsay: it names hosts, a life, and how long the data are, until that proves
 * wrong. Only the MD5 that was asked for, or a ticket, stands. */
struct finding {
  /* To be set before the rest is called; judge and context are set here. */
  struct asking ask;
  const char *key;    /* that is wanted, of a form that key_check takes; or 0 */
  int only;           /* no hosts but those that were added */
  uint64_t most;      /* bytes that the data may have */
  int64_t now;     /* Unix seconds: lives that ended before are over; or
                      INT64_MIN */
  struct hosts hosts; /* those that the user named, at first */
  size_t given;       /* how many these were, with a ticket */

  char md5[MD5_HEX + 1]; /* "": not known yet */
  int is_ticket;         /* length and SHA-256 are those of a ticket */
  int has_header;        /* as follows */
  int in_doubt;          /* a host's data are not what its header says */
  struct header_text text;
  struct header header; /* its pointers go into text */
  int64_t end; /* Unix seconds: the life is over then; INT64_MAX: never */
};

/* The ticket of len bytes. 0; else what is wrong with it, a short constant. */
const char *finding_ticket(struct finding *f, const char *ticket, size_t len);

/* 1: it is older than its TTL. */
int finding_is_old(const struct finding *f, int64_t now);

/* Looks a ticket up anew: its hosts become those of the newer header, then the
 * older; its life the longer one. 1; 0: nobody has it; -1: no memory. */
int finding_refresh(struct finding *f);

/* The next host to get the data from, as has_header's header says; looks that
 * header up first where there is none, or it is in doubt, or hosts race. 1; 0:
 * no host is left; -1: no memory. */
int finding_next(struct finding *f, size_t *host);

/* That host could not be reached, or had no such data, or wrong ones. */
void finding_failed(struct finding *f, size_t host, int reached, int wrong);

#endif
