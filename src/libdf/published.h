#ifndef PUBLISHED_H
#define PUBLISHED_H

#include "fetch.h"
#include "label.h"

#include <stddef.h>
#include <stdint.h>

/* What a host publishes (protocol.md section 6), record by record: status.json,
 * then what its delta has since the last look; where that cannot be told, all
 * of index.json and the delta from there on. Nothing that comes is trusted. */
#define PUBLISHED_STATUS 1048576 /* bytes of a status.json, at most */
#define PUBLISHED_LINE 262144    /* of a record; headers make none so long */
#define PUBLISHED_INDEX (UINT64_C(1) << 40)
#define PUBLISHED_UNKNOWN UINT64_MAX

struct published {
  const char *host; /* an address without brackets, or a name */
  const char *url;  /* the template: url.h */
  /* A line without its newline and comma. 0: go on; 1: the rest of index.json
   * is not needed; -1: it is no record. */
  int (*record)(void *context, const char *line, size_t len);
  /* All there is follows: what was told before does not count. May be 0. */
  void (*anew)(void *context);
  void *context;
  struct fetch f;
  char epoch[LABEL_LEN + 1]; /* of status.json */
  uint64_t bytes;            /* of its delta */
  uint64_t chunks;           /* that it counts; or PUBLISHED_UNKNOWN */
  char read_epoch[LABEL_LEN + 1];
  uint64_t read; /* so much of that epoch's delta has been told; the caller may
                    set both to what an earlier look came to */
  struct {
    char epoch[LABEL_LEN + 1];
    uint64_t bytes;
    int begun, ended;
  } index;
  char buf[PUBLISHED_STATUS]; /* a status.json, or a line */
  size_t len;
  char why[128];
};

/* Takes host, url and functions as they stand in *p and clears the rest.
 * Seconds: fetch.h. 0; -1: no memory. */
int published_open(struct published *p, unsigned int connect,
                   unsigned int stall, unsigned int all);
void published_close(struct published *p);

/* Each of these: 0; else what is wrong, printable, good until the next call,
 * with the name of the file. */

/* Reads status.json. */
const char *published_status(struct published *p);

/* Tells what has come since, up to what status.json says; or all. After a
 * failure the next call tells all. */
const char *published_new(struct published *p);
const char *published_all(struct published *p);

/* The pause before the next look, after the last one: milliseconds, 0 at first.
 */
unsigned int published_pause(unsigned int last);

/* Asks for status.json again, with growing pauses, until it is not what has
 * been read, or ms milliseconds since that time (clock_ms) are over: *moved is
 * 0 then. That there is none (404) is waited through. */
const char *published_await(struct published *p, uint64_t since, uint64_t ms,
                            int *moved);

/* 1: the last answer was that there is no such file; 0. */
int published_is_bare(const struct published *p);

#endif
