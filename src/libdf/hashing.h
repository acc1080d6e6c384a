#ifndef HASHING_H
#define HASHING_H

#include "digest.h"

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

/* Digests of a chunk beside the moving of its data: the first HASHING_INLINE
 * bytes are digested where they come, what follows by a thread of its own, on
 * another core; where there is no thread to be had, all of it where it comes.
 * A struct of zeros is a good start. */
#define HASHING_RING 1048576 /* bytes that may wait for the thread */
#define HASHING_PIECE 262144 /* at most so much at once */
#define HASHING_INLINE 1048576
#define HASHING_SMALL 16384 /* not worth waking a thread that waits */

struct hashing {
  struct digest digest; /* the caller's after hashing_end */
  int state;            /* 0: no thread yet; 1: it runs; -1: none to be had */
  int ends;             /* the thread is to end */
  int sleeps, waits;    /* the thread for data; the caller for room */
  uint64_t put, done;   /* bytes that went into the ring, and out of it */
  uint64_t taken;       /* bytes of this chunk so far */
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t wake_thread, wake_caller;
  char ring[HASHING_RING];
};

/* A new chunk; one before that was not ended is forgotten. */
void hashing_start(struct hashing *h, int want_sha256);

/* len bytes of data; they are copied where the thread digests them. */
void hashing_add(struct hashing *h, const void *p, size_t len);

/* Without the copy: room for *len bytes of data, 1 to HASHING_PIECE. The caller
 * fills some of it and says how many; he may read them until he asks for room
 * the next time. */
char *hashing_room(struct hashing *h, size_t *len);
void hashing_put(struct hashing *h, size_t len);

/* Waits until all is digested: then h->digest is ready for digest_end. */
void hashing_end(struct hashing *h);

/* Ends the thread, before its memory goes; what was not ended is forgotten. The
 * end of the process needs none of this. */
void hashing_stop(struct hashing *h);

#endif
