#ifndef COMMIT_H
#define COMMIT_H

#include "digest.h"
#include "label.h"

#include <stddef.h>
#include <stdint.h>

/* A commit: one file .df/commit/NAME for a group of chunks, with one duty byte
 * per chunk and target. Written aside, linked when it is complete, then only
 * single bytes of it are overwritten. dataflow(5) has the format. */
#define COMMIT_CHUNKS 1024
#define COMMIT_NAME 64 /* room for a name and NUL */

enum duty {
  DUTY_TODO = 'T',
  DUTY_DONE = 'D',
  DUTY_TAKEN_OVER = 'B', /* branch taken over, own copy still to do */
  DUTY_HALF = 'H',       /* so far as the rules allow it: else to do, as T */
  DUTY_GIVEN_UP = 'X'
};

/* Reading: the whole file is mapped; strings point into the mapping. */
struct commit {
  char name[COMMIT_NAME];
  int fd; /* open for reading and writing */
  const char *map;
  size_t size;
  size_t duties; /* offset of the chunks' flags, then of each target's bytes */
  uint32_t chunks, targets;
  int noted;          /* commit_note was called: commit_settle is due */
  const char *stream; /* keeper of the duties: a name below .df/stream */
  size_t stream_len;
  const char *id; /* STREAM_ID bytes */
  char stored[LABEL_LEN + 1];
  const char *list; /* as it came */
  size_t list_len;
  size_t targets_at, chunks_at; /* offsets */
};

struct commit_target {
  uint32_t entry;   /* place in the list's head, from 0 on */
  const char *text; /* "address:port", not NUL-terminated */
  size_t text_len;
};

struct commit_chunk {
  const char *md5; /* 32 digits */
  uint64_t length;
  const char *sha256; /* 64 digits or none */
  size_t sha256_len;
  const char *header; /* as it came */
  size_t header_len;
  int is_void; /* refused while the group was committed: nobody's duty, not
                  stored */
};

/* 1: open; 0: no such commit; -1: errno (EPROTO: not a commit). Commits that
 * are whole were synced before they were linked. */
int commit_open(struct commit *c, const char *name);
void commit_close(struct commit *c);

/* Walks: *at starts at c->targets_at or c->chunks_at, i at 0. 1; -1 EPROTO. */
int commit_next_target(const struct commit *c, size_t *at,
                       struct commit_target *t);
int commit_next_chunk(const struct commit *c, size_t *at, uint32_t i,
                      struct commit_chunk *k);

/* The chunk's state and the duty byte, from the mapping (shared: sees notes).
 */
char commit_duty(const struct commit *c, uint32_t target, uint32_t chunk);
int commit_duty_open(char duty); /* 1: it will be tried (T, B, H) */

/* Notes one duty. Nothing is synced. 0, -1. */
int commit_note(struct commit *c, uint32_t target, uint32_t chunk,
                enum duty duty);

/* 1: it has been published. */
int commit_published(const struct commit *c);
int commit_mark_published(struct commit *c); /* overwrites one byte, no sync */

/* Syncs the notes and unlinks the commit if it is published and nothing of it
 * is left to do (T, B, H, X). 1: unlinked; 0: it stays; -1. */
int commit_settle(struct commit *c);

/* Writing. */
#define COMMIT_HELD 16384

struct commit_writer {
  int fd;
  char tmp[64];
  char name[COMMIT_NAME];
  uint64_t size, stored_at; /* stored_at: offset of the label */
  uint32_t chunks, targets;
  size_t held_len;
  char held[COMMIT_HELD]; /* not written yet */
};

/* Starts a commit file aside. stored, list: as in struct commit. Targets
 * follow, then chunks, then commit_finish. All: 0, -1. */
int commit_start(struct commit_writer *w, const char *name, const char *stream,
                 const char *id, const char *stored, const char *list,
                 size_t list_len);
int commit_add_target(struct commit_writer *w, uint32_t entry,
                      const char *text);
int commit_add_chunk(struct commit_writer *w, const char *md5, uint64_t length,
                     const char *sha256, const char *header, size_t header_len);

/* Writes what is held: there is room for it then. 0; -1. */
int commit_flush(struct commit_writer *w);

/* Puts another label in the place of stored. 0; -1. */
int commit_stamp(struct commit_writer *w, const char stored[LABEL_LEN + 1]);

/* flags: a byte per chunk, '+' or '-' (void). duty: the byte that all targets
 * get for each chunk (T, or D where the chunk was taken before). Syncs, links,
 * syncs the directory: this is the commit. 0; -1: there is no commit, the file
 * aside is gone. */
int commit_finish(struct commit_writer *w, const char *flags, const char *duty);
/* No commit after all; also after commit_finish, where nothing is left to do.
 */
void commit_cancel(struct commit_writer *w);

#endif
