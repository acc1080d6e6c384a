#ifndef RECORDING_H
#define RECORDING_H

#include "delta.h"
#include "indexfile.h"
#include "listed.h"

#include <stddef.h>
#include <stdint.h>
#include <stralloc.h>

/* The delta as dfpublish writes it, with the totals that status.json tells: a
 * record costs the same whatever is stored. */
struct recording {
  struct index index; /* what status.json says, after recording_finish what it
                         is to say */
  struct delta delta;
  int is_open;
  int looks; /* listed is open */
  struct listed listed;
  char old[LABEL_LEN + 1]; /* the epoch that has ended */
  stralloc record;
};

/* Goes on in the epoch of r->index. looks: not all that is put is new here. 1;
 * 0: there is no such delta, or it has grown too large against index.json; -1:
 * errno. */
int recording_resume(struct recording *r, int looks);

/* Begins an epoch: every chunk is to be put. 0; -1. */
int recording_begin(struct recording *r);

/* Puts the record of a stored header (record.h) of length bytes of data. 0; -1.
 */
int recording_put(struct recording *r, const char *md5, const char *header,
                  size_t len, uint64_t length);

/* Puts that it has gone, and why. 0; -1. */
int recording_gone(struct recording *r, const char *md5, const char *why);

/* 1: an epoch begins, what is not put is not there. */
int recording_is_new(const struct recording *r);

/* Durable. 0; -1. */
int recording_finish(struct recording *r);

/* Takes back what was put, if status.json does not tell of it yet. errno
 * stays. */
void recording_abandon(struct recording *r);

#endif
