#ifndef EXPIRY_H
#define EXPIRY_H

#include "header.h"

#include <stddef.h>
#include <stdint.h>

/* When chunks' lives end: Stamp and Cache-Time (protocol.md section 3). Those
 * that end in the hour from the Unix second SECONDS on stand in the file
 * .df/expire/SECONDS (12 digits), in lines of EXPIRY_LINE bytes:
 *
 *   STATE " " MD5 " " SECONDS "\n"
 *
 * STATE is '+', or '-' where nothing is left to do. A chunk may have several;
 * its stored header tells which is true. The file .df/expire/whole is there
 * when every chunk with an end has a line. Written under dfpublish's lock. */
#define EXPIRY_DIR ".df/expire"
#define EXPIRY_NEVER INT64_MAX
#define EXPIRY_HOUR 3600
#define EXPIRY_LINE 48
#define EXPIRY_PATH 40
#define EXPIRY_BUFFER 4096

/* The last second in which the chunk may be served; EXPIRY_NEVER: no end. */
int64_t expiry_at(const struct header *h);

void expiry_path(char out[EXPIRY_PATH], int64_t hour);

struct expiry_line {
  char md5[MD5_HEX + 1];
  int64_t at;
};

struct expiry {
  int dir;   /* on EXPIRY_DIR since before the first write, for syncfs */
  int whole; /* the file is there */
  int many;  /* files were written that have not been synced */
  size_t files, n;
  struct expiry_line line[EXPIRY_BUFFER];
};

/* anew: all that stands there is removed. 1: every chunk is to be noted; 0:
 * those that change; -1. */
int expiry_start(struct expiry *e, int anew);

/* Notes when a chunk's life ends. 0; -1. */
int expiry_note(struct expiry *e, const struct header *h);

/* What was noted is durable. 0; -1. */
int expiry_finish(struct expiry *e);

#endif
