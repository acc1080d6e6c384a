#ifndef DELTA_H
#define DELTA_H

#include "label.h"
#include "writer.h"

#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* delta/EPOCH.jsonl (protocol.md section 6): records are appended, an epoch
 * begins with the record of every chunk. */
#define DELTA_NAME 48

struct delta {
  char epoch[LABEL_LEN + 1];
  uint64_t start; /* bytes that were there already */
  struct writer w;
};

void delta_name(char out[DELTA_NAME], const char *epoch);

/* A new epoch. 0; -1. */
int delta_begin(struct delta *d);

/* Goes on in an epoch that has bytes. 1; 0: there is no such file, or it has
 * more or less than that; -1. */
int delta_resume(struct delta *d, const char *epoch, uint64_t bytes);

/* Appends a record and a newline. 0; -1: errno. */
int delta_put(struct delta *d, const char *record, size_t len);

/* How long it is now. */
uint64_t delta_bytes(const struct delta *d);

/* Durable now, its name too. 0; -1. */
int delta_sync(struct delta *d);
void delta_close(struct delta *d);

/* Takes back what was put; nobody may have been told of it yet. */
void delta_abandon(struct delta *d);

/* The epoch has ended now: its file stays for a while from now on. */
void delta_retire(const char *epoch);

/* Removes the files of other epochs that were not written to since then. 0; -1.
 */
int delta_clean(const char *epoch, time_t since);

#endif
