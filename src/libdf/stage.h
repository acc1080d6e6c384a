#ifndef STAGE_H
#define STAGE_H

#include "digest.h"

#include <stddef.h>
#include <sys/types.h>

/* Public files are first written into .df/publish/KIND/NAME, where the same
 * run sees them; then all are made durable, then renamed to their places, then
 * the directories are made durable. What a killed run left there is removed by
 * the next. All under dfpublish's lock. */
enum stage_kind {
  STAGE_HEADER, /* NAME is the MD5: head/ab/MD5 */
  STAGE_TICKET, /* head/key/NAME */
  STAGE_LINK    /* key/NAME, a symbolic link */
};

#define STAGE_PATH 288

/* Up to this many files each is synced alone, more of them with one syncfs. */
#define STAGE_FEW 32

struct stage {
  int fs; /* on the file system since before the first write, for syncfs */
  size_t files;
};

/* Makes it, empty. 0; -1. */
int stage_start(struct stage *s);
void stage_end(struct stage *s);

/* Makes durable whatever a run that was cut has left. 0; -1. */
int stage_recover(struct stage *s);

/* Where it will be public. */
void stage_path(char out[STAGE_PATH], enum stage_kind kind, const char *name);

/* Puts a file, or for STAGE_LINK a link to p (NUL-terminated). 0; -1. */
int stage_put(struct stage *s, enum stage_kind kind, const char *name,
              const void *p, size_t len);

/* What will be there: the staged one, else the public one. For STAGE_LINK,
 * where the link leads to. How many bytes (max at most, else EFBIG); -1: errno,
 * ENOENT where there is none. */
ssize_t stage_read(enum stage_kind kind, const char *name, char *p, size_t max);

/* Everything to its place, durably. 0; -1: some may be there already. */
int stage_apply(struct stage *s);

#endif
