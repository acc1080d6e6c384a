#ifndef GOING_H
#define GOING_H

#include "digest.h"

/* Chunks that are about to go: .df/going/STAGE/MD5, symbolic links whose text
 * is the reason. A chunk may stand in several of them: it is marked for the
 * next before the last mark is taken away. All under dfpublish's lock. */
enum going_stage {
  GOING_ASKED,    /* its record shall go from delta and index */
  GOING_UNLISTED, /* it has gone */
  GOING_OUT,      /* keys and header shall go, then the data */
  GOING_STAGES
};

#define GOING_REASON 16

/* The reasons of protocol.md section 6; GOING_BACK is none: a chunk that was
 * corrupt is good again. */
#define GOING_EXPIRED "expired"
#define GOING_REMOVED "removed"
#define GOING_CORRUPT "corrupt"
#define GOING_BACK "back"

/* Marks a chunk; another reason is replaced. 0; -1. Not synced. */
int going_set(enum going_stage stage, const char *md5, const char *reason);

/* Why, NUL-terminated. 1; 0: it is not marked; -1. */
int going_get(enum going_stage stage, const char *md5,
              char reason[GOING_REASON]);

/* For how many seconds it has been marked; less than 0: since some time in the
 * future. 1; 0: it is not marked; -1. */
int going_age(enum going_stage stage, const char *md5, long *seconds);

/* Takes a mark away, if it is there. 0; -1. Not synced. */
int going_clear(enum going_stage stage, const char *md5);

/* Makes durable what was marked and taken away. 0; -1. */
int going_sync(enum going_stage stage);

/* Calls each for every chunk of a stage, in no order, until it returns
 * something else than 0. Returns that, or 0; -1: errno. */
int going_each(enum going_stage stage,
               int (*each)(void *context, const char *md5), void *context);

#endif
