#ifndef INDEXFILE_H
#define INDEXFILE_H

#include "label.h"
#include "writer.h"

#include <stddef.h>
#include <stdint.h>

/* index.json (protocol.md section 6): a function of the delta. What stands is
 * carried on where it is of the same epoch, else it is made from the delta's
 * first byte. */
#define INDEX_FILE "index.json"

struct index {
  char epoch[LABEL_LEN + 1];
  uint64_t delta_bytes;
  uint64_t chunks, bytes; /* how many it names, and their length in all */
};

/* Writes a new index, true up to in->epoch and in->delta_bytes, into the file
 * tmp; durable, to be renamed to INDEX_FILE.
 * Fills chunks and bytes. host and published (ISO) go into it. Memory: 24
 * bytes for each record of the delta that is new. 0; -1: errno (EPROTO: the
 * delta has something else than records). */
int indexfile_write(const char *tmp, struct index *in, const char *host,
                    const char *published);

/* Epoch, delta_bytes and host of index.json. 1: as given; 0: it is
 * not there, or other, or no index; -1. */
int indexfile_current(const struct index *in, const char *host);

#endif
