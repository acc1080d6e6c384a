#include "work.h"

#include "file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct collect {
  struct work *w;
  int (*want)(void *context, const struct duty_at *d);
  void *context;
  int round; /* what want has to say */
  int has_list;
  char held[COMMIT_NAME]; /* has the first that somebody had; "": none */
  uint32_t held_target;
  char list_md5[MD5_HEX + 1];
};

static void list_digest(const struct duty_list *l, char md5[MD5_HEX + 1]) {
  char none[SHA256_HEX + 1];
  struct digest d;
  digest_start(&d, 0);
  digest_add(&d, l->branch, l->branch_len);
  digest_add(&d, l->rest, l->rest_len);
  digest_end(&d, md5, none);
}

static int take(void *context, const struct duty_at *d) {
  struct collect *c = context;
  struct work_item item;
  struct duty_list l;
  char md5[MD5_HEX + 1];
  if (d->state == DUTY_GIVEN_UP || duties_list(d, &l) < 0 ||
      c->want(c->context, d) != c->round)
    return 0;
  if (!duties_free(d)) {
    if (!*c->held) {
      memcpy(c->held, d->commit->name, sizeof c->held);
      c->held_target = d->target;
    }
    return 0;
  }
  list_digest(&l, md5);
  if (!c->has_list) {
    c->has_list = 1;
    memcpy(c->list_md5, md5, sizeof md5);
    c->w->list_len = l.branch_len + l.rest_len;
    if (file_write(c->w->fd, l.branch, l.branch_len) < 0 ||
        file_write(c->w->fd, l.rest, l.rest_len) < 0)
      return -1;
  }
  if (strcmp(c->list_md5, md5))
    return 0;
  memset(&item, 0, sizeof item);
  memcpy(item.commit, d->commit->name, sizeof item.commit);
  item.chunk = d->chunk;
  ++c->w->n;
  return file_write(c->w->fd, &item, sizeof item);
}

/* 1: what was held has become free since: where one relay ends while its duties
 * are looked through, they must not be divided. */
static int freed(const struct collect *c) {
  struct commit k;
  int r;
  if (!*c->held || commit_open(&k, c->held) < 1)
    return 0;
  r = !duties_held(&k, c->held_target);
  commit_close(&k);
  return r;
}

/* As work_collect; 2: once more. */
static int collect(struct work *w, const char *target,
                   int (*want)(void *context, const struct duty_at *d),
                   void *context) {
  struct collect c = {.w = w, .want = want, .context = context};
  char tmp[64];
  int r = 0;
  w->n = 0;
  w->fd = file_create(tmp, 0600);
  if (w->fd < 0)
    return -1;
  unlink(tmp);
  for (c.round = 1; r == 0 && c.round <= WORK_ROUNDS; ++c.round)
    r = duties_each(target, take, &c);
  if (r == 0 && w->n)
    return 1 + freed(&c);
  work_free(w);
  return r;
}

int work_collect(struct work *w, const char *target,
                 int (*want)(void *context, const struct duty_at *d),
                 void *context) {
  int r = collect(w, target, want, context);
  if (r < 2)
    return r;
  work_free(w);
  r = collect(w, target, want, context);
  return r > 0 ? 1 : r;
}

static int read_at(int fd, void *p, size_t len, uint64_t at) {
  ssize_t r = file_read_at(fd, p, len, (off_t)at);
  if (r == (ssize_t)len)
    return 0;
  if (r >= 0)
    errno = EIO;
  return -1;
}

int work_item(const struct work *w, uint32_t i, struct work_item *item) {
  return read_at(w->fd, item, sizeof *item,
                 w->list_len + (uint64_t)i * sizeof *item);
}

int work_list(const struct work *w, char *list) {
  return read_at(w->fd, list, w->list_len, 0);
}

void work_free(struct work *w) {
  int e = errno;
  close(w->fd);
  w->fd = -1;
  errno = e;
}
