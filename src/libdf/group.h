#ifndef GROUP_H
#define GROUP_H

#include "commit.h"
#include "recent.h"
#include "spool.h"
#include "targets.h"

#include <stddef.h>
#include <stdint.h>

/* The chunks of a stream that are whole and verified and wait for their
 * commit: reliability.md section 1, steps 2 to 5. */
#define GROUP_BYTES 67108864
#define GROUP_MS 1000
#define GROUP_OPEN 32 /* files that are synced one by one; above: syncfs */

enum outcome {
  OUTCOME_STORED,
  OUTCOME_DUPLICATE,
  OUTCOME_COLLISION, /* refused */
  OUTCOME_GONE /* refused: a header alone whose chunk has gone meanwhile */
};

struct pending {
  char md5[MD5_HEX + 1];
  char stamp[LABEL_LEN + 1];
  uint64_t length;
  uint64_t started;        /* clock_ms, for the log */
  uint32_t number;         /* of the spool file */
  int fd;                  /* -1: closed, or none */
  unsigned char alone;     /* a header alone */
  unsigned char announced; /* ordered as a spool file */
  unsigned char again;     /* seems to have been committed before */
  struct recent recent;
  /* After group_commit: */
  unsigned char outcome;
  unsigned char taken;          /* with the same Stamp and list: no duties */
  unsigned char kept;           /* but ours are those of taken_name */
  char taken_name[COMMIT_NAME]; /* where they stand; "": settled */
  uint32_t taken_index;
};

struct group {
  /* Set by the user, for the whole stream. */
  const struct spool *spool;
  const struct targets *targets;
  const char *id, *keeper; /* keeper: the stream whose relays do the duties */
  const char *list;
  size_t list_len;
  char list_md5[MD5_HEX + 1];
  int store; /* a descriptor in the store, opened before any write */

  struct commit_writer writer;
  char name[COMMIT_NAME]; /* of the commit that is being gathered */
  uint32_t commits, n, open;
  uint64_t bytes, since; /* clock_ms of the first */
  const char *step;      /* what failed in group_commit */
  struct pending p[COMMIT_CHUNKS];
};

/* Adds a chunk: *c is copied; c->fd is the group's from now on. header as it
 * came; sha256 "": none. 0; -1. */
int group_add(struct group *g, const struct pending *c, const char *sha256,
              const char *header, size_t header_len);

/* 1: it must be committed before another is added. */
int group_full(const struct group *g);

/* Commits what there is (g->n chunks; their outcomes are in g->p until
 * group_clear). 0; -1: nothing of it is committed, g->step says where. */
int group_commit(struct group *g);

/* Empties the group, closes what is open. */
void group_clear(struct group *g);

#endif
