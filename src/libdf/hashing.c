#include "hashing.h"

#include <limits.h>
#include <signal.h>
#include <string.h>

#define STACK 262144 /* only what is touched of it becomes memory */

static size_t least(size_t a, uint64_t b) {
  return a < b ? a : (size_t)b;
}

/* The bytes of the ring from at on that stand in one piece. */
static size_t straight(uint64_t at) {
  return HASHING_RING - (size_t)(at % HASHING_RING);
}

static char *spot(struct hashing *h, uint64_t at) {
  return h->ring + at % HASHING_RING;
}

static void *work(void *hashing) {
  struct hashing *h = hashing;
  pthread_mutex_lock(&h->lock);
  for (;;) {
    size_t n;
    while (h->put == h->done && !h->ends) {
      h->sleeps = 1;
      pthread_cond_wait(&h->wake_thread, &h->lock);
    }
    h->sleeps = 0;
    if (h->ends) {
      pthread_mutex_unlock(&h->lock);
      return 0;
    }
    n = least(least(HASHING_PIECE, straight(h->done)), h->put - h->done);
    pthread_mutex_unlock(&h->lock);
    digest_add(&h->digest, spot(h, h->done), n);
    pthread_mutex_lock(&h->lock);
    h->done += n;
    if (h->waits)
      pthread_cond_signal(&h->wake_caller);
  }
}

/* Signals are for the caller. */
static int start_thread(struct hashing *h) {
  pthread_attr_t attr;
  sigset_t all, before;
  int r;
  if (pthread_attr_init(&attr))
    return -1;
  pthread_attr_setstacksize(&attr, STACK);
  pthread_mutex_init(&h->lock, 0);
  pthread_cond_init(&h->wake_thread, 0);
  pthread_cond_init(&h->wake_caller, 0);
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  r = pthread_create(&h->thread, &attr, work, h);
  pthread_sigmask(SIG_SETMASK, &before, 0);
  pthread_attr_destroy(&attr);
  return r ? -1 : 1;
}

/* Until no more than so many bytes wait for the thread. */
static void await(struct hashing *h, uint64_t most) {
  if (h->state < 1)
    return;
  pthread_mutex_lock(&h->lock);
  while (h->put - h->done > most) {
    h->waits = 1;
    pthread_cond_wait(&h->wake_caller, &h->lock);
  }
  h->waits = 0;
  pthread_mutex_unlock(&h->lock);
}

void hashing_start(struct hashing *h, int want_sha256) {
  await(h, 0);
  digest_start(&h->digest, want_sha256);
  h->taken = 0;
}

/* 1: these bytes are for the thread, which is there then. */
static int is_beside(struct hashing *h, size_t len) {
  int idle;
  if (h->taken < HASHING_INLINE)
    return 0;
  if (!h->state)
    h->state = start_thread(h);
  if (h->state < 1)
    return 0;
  if (len >= HASHING_SMALL)
    return 1;
  pthread_mutex_lock(&h->lock);
  idle = h->put == h->done;
  pthread_mutex_unlock(&h->lock);
  return !idle;
}

char *hashing_room(struct hashing *h, size_t *len) {
  *len = least(HASHING_PIECE, straight(h->put));
  await(h, HASHING_RING - *len);
  return spot(h, h->put);
}

void hashing_put(struct hashing *h, size_t len) {
  if (!is_beside(h, len))
    digest_add(&h->digest, spot(h, h->put), len);
  else {
    pthread_mutex_lock(&h->lock);
    h->put += len;
    if (h->sleeps)
      pthread_cond_signal(&h->wake_thread);
    pthread_mutex_unlock(&h->lock);
  }
  h->taken += len;
}

void hashing_add(struct hashing *h, const void *p, size_t len) {
  const char *from = p;
  if (!is_beside(h, len)) {
    digest_add(&h->digest, from, len);
    h->taken += len;
    return;
  }
  while (len) {
    size_t n;
    char *to = hashing_room(h, &n);
    if (n > len)
      n = len;
    memcpy(to, from, n);
    hashing_put(h, n);
    from += n;
    len -= n;
  }
}

void hashing_end(struct hashing *h) {
  await(h, 0);
}

void hashing_stop(struct hashing *h) {
  if (h->state < 1)
    return;
  pthread_mutex_lock(&h->lock);
  h->ends = 1;
  pthread_cond_signal(&h->wake_thread);
  pthread_mutex_unlock(&h->lock);
  pthread_join(h->thread, 0);
  h->state = h->ends = 0;
  h->put = h->done = 0;
}
