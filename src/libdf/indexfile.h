#ifndef INDEXFILE_H
#define INDEXFILE_H

#include "label.h"
#include "text.h"
#include "writer.h"

#include <stddef.h>
#include <stdint.h>

/* index.json (protocol.md section 6): a function of the delta, in the order of
 * the MD5s. What stands is carried on where it is of the same epoch, else it is
 * made from the delta's first byte. */
#define INDEX_FILE "index.json"

struct index {
  char epoch[LABEL_LEN + 1];
  uint64_t delta_bytes;
  uint64_t chunks, bytes; /* how many there are, and their length in all */
};

/* Puts a new index, true up to in->epoch and in->delta_bytes, into the file w,
 * which is empty. host and published (ISO) go into it. Memory: 24 bytes for
 * each record of the delta that is new, twice while they are sorted. 0; -1:
 * errno (EPROTO: the delta has something else than records). */
int indexfile_write(struct writer *w, const struct index *in, const char *host,
                    const char *published);

/* Epoch, delta_bytes and host of index.json. 1: as given; 0: it is
 * not there, or other, or no index; -1. */
int indexfile_current(const struct index *in, const char *host);

/* Epoch and delta_bytes of an index that is whole; *records is where its first
 * record is, a line each up to the line "]}". 1; 0: it is none. */
int indexfile_scan(const struct text *t, struct index *in, size_t *records);

/* The record at *pos, without its comma; moves *pos on. 1; 0: no more. */
int indexfile_record(const struct text *t, size_t *pos, struct text *record);

#endif
