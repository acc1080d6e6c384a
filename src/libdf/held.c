#include "held.h"

#include "commit.h"
#include "heads.h"

#include <errno.h>
#include <string.h>

struct walk {
  int (*each)(void *context, const char *md5, int is_new);
  void *context;
};

static int is_owed(const struct commit *c, uint32_t chunk) {
  for (uint32_t t = 0; t < c->targets; ++t)
    if (commit_duty_open(commit_duty(c, t, chunk)))
      return 1;
  return 0;
}

static int look(const struct walk *w, const struct commit *c) {
  int published = commit_published(c), r = 0;
  size_t at = c->chunks_at;
  for (uint32_t i = 0; r == 0 && i < c->chunks; ++i) {
    char md5[MD5_HEX + 1];
    struct commit_chunk k;
    if (commit_next_chunk(c, &at, i, &k) < 0)
      return -1;
    if (k.is_void || (published && !is_owed(c, i)))
      continue;
    memcpy(md5, k.md5, MD5_HEX);
    md5[MD5_HEX] = 0;
    r = w->each(w->context, md5, !published);
  }
  return r;
}

/* What is no commit holds nothing, as for dfpublish. */
static int one(void *context, const char *name) {
  struct commit c;
  int e, r = commit_open(&c, name);
  if (r <= 0)
    return r < 0 && errno != EPROTO ? -1 : 0;
  r = look(context, &c);
  e = errno;
  commit_close(&c);
  errno = e;
  return r;
}

int held_each(int (*each)(void *context, const char md5[MD5_HEX + 1],
                          int is_new),
              void *context) {
  struct walk w = {each, context};
  return heads_names(".df/commit", one, &w);
}
