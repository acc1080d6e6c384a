#ifndef TWIN_H
#define TWIN_H

#include "digest.h"
#include "stream.h"

#include <stdint.h>

/* The same push over several ways (protocol.md section 2, "The same push
 * twice"): the first connection of an id holds .df/id/ID and writes there how
 * much it has brought; later ones look. */
#define TWIN_NAME 64

struct twin {
  int fd; /* the lock; -1: another connection brings this id */
  char path[STREAM_ID + 16];
  char list_md5[MD5_HEX + 1];
  char stream[TWIN_NAME];
  /* Of the other, while fd is -1: */
  char first_stream[TWIN_NAME]; /* its stream; "": not known */
  int same_list;                /* it came with the same list */
  int died;                     /* it ended without twin_done */
  int fast;                     /* it brings more than 1 MiB a second */
  uint64_t seen, seen_at;       /* its bytes, when (ms) */
};

/* Takes the id, or looks who has it. 0; -1 errno. */
int twin_start(struct twin *t, const char *id, const char *list_md5,
               const char *stream);

/* While fd is -1: looks again, takes the id if it has become free. 0; -1. */
int twin_look(struct twin *t);

/* Notes how much has been read, if the id is ours. */
void twin_progress(struct twin *t, uint64_t bytes);

/* The push is over and all of it is stored. */
void twin_done(struct twin *t);

/* It is over, but not all of it is stored. */
void twin_give_back(struct twin *t);

#endif
