#include "duties.h"

#include "follow.h"
#include "heads.h"
#include "list.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

struct walk {
  const char *target;
  int (*each)(void *context, const struct duty_at *d);
  void *context;
};

static int is_open(char duty) {
  return commit_duty_open(duty) || duty == DUTY_GIVEN_UP;
}

static int of_target(const struct walk *w, struct commit *c, uint32_t target,
                     const struct commit_target *to) {
  struct commit_chunk k;
  size_t at = c->chunks_at;
  for (uint32_t i = 0; i < c->chunks; ++i) {
    struct duty_at d = {c, target, i, commit_duty(c, target, i), to, &k};
    int r = commit_next_chunk(c, &at, i, &k);
    if (r > 0)
      r = is_open(d.state) && !k.is_void ? w->each(w->context, &d) : 0;
    if (r)
      return r;
  }
  return 0;
}

static int of_commit(void *context, const char *name) {
  const struct walk *w = context;
  size_t at, len = w->target ? strlen(w->target) : 0;
  struct commit_target to;
  struct commit c;
  int e, r = commit_open(&c, name);
  if (r <= 0)
    return r < 0 && errno != EPROTO ? -1 : 0;
  at = c.targets_at;
  r = 0;
  for (uint32_t t = 0; !r && t < c.targets; ++t) {
    if (commit_next_target(&c, &at, &to) < 0)
      break;
    if (!w->target || (to.text_len == len && !memcmp(to.text, w->target, len)))
      r = of_target(w, &c, t, &to);
  }
  if (c.noted && commit_settle(&c) < 0 && !r)
    r = -1;
  e = errno;
  commit_close(&c);
  errno = e;
  return r;
}

int duties_each(const char *target,
                int (*each)(void *context, const struct duty_at *d),
                void *context) {
  struct walk w = {target, each, context};
  return heads_names(".df/commit", of_commit, &w);
}

/* 1: somebody holds a lock (how) on it; 0: nobody; -1: it is not there. */
static int locked(const char *stream, const char *name, int how) {
  char path[128];
  int fd, r;
  snprintf(path, sizeof path, ".df/stream/%s%s", stream, name);
  fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0)
    return errno == ENOENT ? -1 : 1;
  r = flock(fd, how | LOCK_NB) < 0;
  close(fd);
  return r;
}

/* Those who live share the directory's lock; who has it alone sweeps what they
 * have left, or looks as we do. */
static int lives(const char *stream) {
  return locked(stream, "", LOCK_EX) == 1 && locked(stream, "", LOCK_SH) == 0;
}

/* While dfserve lives, its relays may still be to be started. What is not there
 * has been swept, or was not made yet. */
int duties_held(const struct commit *c, uint32_t target) {
  char stream[COMMIT_NAME], name[32];
  int orders;
  if (c->stream_len >= sizeof stream)
    return 0;
  memcpy(stream, c->stream, c->stream_len);
  stream[c->stream_len] = 0;
  if (!lives(stream))
    return 0;
  orders = locked(stream, "/orders", LOCK_SH);
  if (orders < 0)
    return lives(stream);
  if (orders)
    return 1;
  snprintf(name, sizeof name, "/%lu.list", (unsigned long)target);
  return locked(stream, name, LOCK_SH) > 0;
}

/* Who had it may have done it just before. */
int duties_free(const struct duty_at *d) {
  return !duties_held(d->commit, d->target) &&
         commit_duty(d->commit, d->target, d->chunk) == d->state;
}

int duties_list(const struct duty_at *d, struct duty_list *l) {
  const char *set;
  size_t set_len, at = 0;
  size_t rest = list_head(d->commit->list, d->commit->list_len, &set, &set_len);
  struct entry e;
  l->branch = l->rest = d->commit->list;
  l->branch_len = l->rest_len = 0;
  if (d->state == DUTY_TAKEN_OVER)
    return 0;
  for (uint32_t i = 0; i <= d->to->entry; ++i)
    if (!list_entry(set, set_len, &at, &e))
      return errno = EPROTO, -1;
  l->branch = e.branch;
  l->branch_len = e.branch_len;
  l->rest = d->commit->list + rest;
  l->rest_len = d->commit->list_len - rest;
  return 0;
}
