#include "leaving.h"

#include "file.h"
#include "keys.h"
#include "store.h"
#include "stored.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HAS(c, stage) ((c)->stages >> (stage)&1)

struct loading {
  struct leaving *l;
  enum going_stage stage;
};

static int add(void *context, const char *md5) {
  const struct loading *at = context;
  struct leaving *l = at->l;
  struct leaving_chunk *c;
  if (l->n == l->room) {
    size_t room = l->room ? l->room * 2 : 16;
    c = realloc(l->chunk, room * sizeof *c);
    if (!c)
      return -1;
    l->chunk = c;
    l->room = room;
  }
  c = l->chunk + l->n;
  memset(c, 0, sizeof *c);
  memcpy(c->md5, md5, MD5_HEX);
  c->stages = (unsigned char)(1 << at->stage);
  if (at->stage == GOING_ASKED && going_get(at->stage, md5, c->reason) < 0)
    return -1;
  ++l->n;
  return 0;
}

static int compare(const void *a, const void *b) {
  const struct leaving_chunk *x = a, *y = b;
  return memcmp(x->md5, y->md5, MD5_HEX);
}

int leaving_load(struct leaving *l) {
  size_t n = 0;
  for (int stage = 0; stage < GOING_STAGES; ++stage) {
    struct loading at = {l, (enum going_stage)stage};
    if (going_each(at.stage, add, &at) < 0)
      return -1;
  }
  if (!l->n)
    return 0;
  qsort(l->chunk, l->n, sizeof *l->chunk, compare);
  for (size_t i = 1; i < l->n; ++i) {
    struct leaving_chunk *to = l->chunk + n, *c = l->chunk + i;
    if (compare(to, c)) {
      l->chunk[++n] = *c;
      continue;
    }
    to->stages |= c->stages;
    if (*c->reason)
      memcpy(to->reason, c->reason, sizeof to->reason);
  }
  l->n = n + 1;
  return 0;
}

struct leaving_chunk *leaving_find(const struct leaving *l, const char *md5) {
  struct leaving_chunk key, *c;
  if (!l->n)
    return 0;
  memcpy(key.md5, md5, MD5_HEX);
  c = bsearch(&key, l->chunk, l->n, sizeof key, compare);
  return c && !c->stays ? c : 0;
}

int leaving_asked(const struct leaving_chunk *c) {
  return HAS(c, GOING_ASKED);
}

int leaving_any(const struct leaving *l) {
  for (size_t i = 0; i < l->n; ++i)
    if (HAS(l->chunk + i, GOING_ASKED) && !l->chunk[i].stays)
      return 1;
  return 0;
}

int leaving_apply(struct leaving *l) {
  int cleared[GOING_STAGES] = {0};
  for (size_t i = 0; i < l->n; ++i)
    for (int s = 0; l->chunk[i].stays && s < GOING_STAGES; ++s)
      if (HAS(l->chunk + i, s)) {
        if (going_clear((enum going_stage)s, l->chunk[i].md5) < 0)
          return -1;
        cleared[s] = 1;
      }
  for (int s = 0; s < GOING_STAGES; ++s)
    if (cleared[s] && going_sync((enum going_stage)s) < 0)
      return -1;
  return 0;
}

/* Keys of one chunk: 1: some were there. */
static int leave_keys(const char *md5, int comes_back) {
  static char h[HEADER_MAX];
  struct header scan;
  const char *why;
  ssize_t len = stored_read(md5, h, &scan, &why);
  if (len < 0)
    return -1;
  return !len && !why ? 0
                      : keys_leave(md5, len ? h : 0, (size_t)len, comes_back);
}

/* Of all that corrupt and out say. */
static int keys(const struct leaving *l, const char **md5) {
  int any = 0;
  for (size_t i = 0; i < l->n; ++i) {
    const struct leaving_chunk *c = l->chunk + i;
    int r;
    *md5 = c->md5;
    if (c->stays || (!HAS(c, GOING_OUT) && strcmp(c->reason, GOING_CORRUPT)))
      continue;
    r = leave_keys(c->md5, !HAS(c, GOING_OUT));
    if (r < 0)
      return -1;
    any |= r;
  }
  *md5 = "";
  return any && (file_sync_dir("key") < 0 || file_sync_dir("head/key") < 0) ? -1
                                                                            : 0;
}

static int headers(const struct leaving *l, const char **md5) {
  char path[STORE_MD5], dir[STORE_MD5] = "", is[STORE_MD5];
  for (size_t i = 0; i < l->n; ++i) {
    const struct leaving_chunk *c = l->chunk + i;
    if (c->stays || !HAS(c, GOING_OUT))
      continue;
    *md5 = c->md5;
    store_header(path, c->md5);
    if (unlink(path) < 0) {
      if (errno == ENOENT)
        continue;
      return -1;
    }
    store_header_dir(is, c->md5); /* they are sorted */
    if (*dir && strcmp(dir, is) && file_sync_dir(dir) < 0)
      return -1;
    memcpy(dir, is, sizeof dir);
  }
  *md5 = "";
  return *dir ? file_sync_dir(dir) : 0;
}

static int unlisted(const struct leaving *l, const char **md5) {
  int any = 0;
  for (size_t i = 0; i < l->n; ++i) {
    const struct leaving_chunk *c = l->chunk + i;
    if (c->stays || !HAS(c, GOING_ASKED))
      continue;
    *md5 = c->md5;
    any = 1;
    if (going_set(GOING_UNLISTED, c->md5, c->reason) < 0)
      return -1;
  }
  *md5 = "";
  if (!any)
    return 0;
  if (going_sync(GOING_UNLISTED) < 0)
    return -1;
  for (size_t i = 0; i < l->n; ++i)
    if (!l->chunk[i].stays && HAS(l->chunk + i, GOING_ASKED) &&
        going_clear(GOING_ASKED, l->chunk[i].md5) < 0)
      return -1;
  return going_sync(GOING_ASKED);
}

int leaving_finish(struct leaving *l, const char **md5) {
  return keys(l, md5) < 0 || headers(l, md5) < 0 || unlisted(l, md5) < 0 ? -1
                                                                         : 0;
}
