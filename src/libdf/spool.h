#ifndef SPOOL_H
#define SPOOL_H

#include "header.h"

#include <stddef.h>
#include <stdint.h>

/* .df/stream/NAME/: what one stream brings, and what its relays follow.
 *   orders       dfsend's orders; dfserve holds its lock
 *   NUMBER       data of a chunk, until it is placed
 *   NUMBER.h     NS(header), then NS(trailer) when it is known to be good
 *   NUMBER.list  the list for a target; its relay holds the lock
 * The directory itself is locked (shared) by all of them: one that can be
 * locked exclusively is a leftover. */
#define SPOOL_NAME 48
#define SPOOL_PATH 96
#define SPOOL_SMALL 65536 /* no room is taken beforehand for less */

struct spool {
  char name[SPOOL_NAME]; /* LABEL.PID, also the name that commits carry */
  int lock;              /* the directory, locked */
  int orders;            /* -1: none yet */
  uint32_t next;         /* number of the next spool file */
};

/* Makes the directory and locks it. 0; -1. */
int spool_open(struct spool *s);

/* Path of a file in the directory. */
void spool_path(char out[SPOOL_PATH], const struct spool *s, uint32_t number,
                const char *suffix);

/* A new spool file, open for reading and writing, mode 0444; its number is
 * s->next - 1. length: room is taken for it, 0: not known. Its descriptor; -1
 * (ENOSPC: no room). */
int spool_create(struct spool *s, uint64_t length);

/* A link to another stream's spool file (STREAM/NUMBER) and its .h, under the
 * number s->next - 1; the data may have been placed already. 0; -1. */
int spool_link(struct spool *s, const char *name);

/* NUMBER.h: the header; later the trailer behind it. 0; -1. */
int spool_put_header(const struct spool *s, uint32_t number, const char *header,
                     size_t len);
int spool_put_trailer(const struct spool *s, uint32_t number,
                      const struct trailer *t);

/* Adds a line to the orders. 0; -1. */
int spool_order(struct spool *s, const char *line);

/* Forgets the data of a chunk. */
void spool_drop(const struct spool *s, uint32_t number);

/* Gives the locks back; removes the directory if no relay holds it. */
void spool_close(struct spool *s);

/* Removes .df/stream/NAME and what is in it if nobody holds its lock. */
void spool_sweep(const char *name);

/* The same for all of them. */
void spool_sweep_all(void);

#endif
