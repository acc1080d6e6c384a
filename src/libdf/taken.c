#include "taken.h"

#include "file.h"
#include "header.h"
#include "store.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

static int wanted(const struct pending *p) {
  return p->outcome == OUTCOME_DUPLICATE && !p->taken;
}

static int same_stamp(const struct commit_chunk *k, const char *stamp) {
  struct header h;
  return !header_scan(k->header, k->header_len, HEADER_STREAM, &h) &&
         !strcmp(h.stamp, stamp);
}

static int look_in(struct group *g, const char *name) {
  struct commit c;
  struct commit_chunk k;
  size_t at;
  int r = commit_open(&c, name);
  if (r <= 0)
    return r;
  at = c.chunks_at;
  if (c.list_len == g->list_len && !memcmp(c.list, g->list, c.list_len))
    for (uint32_t i = 0; i < c.chunks; ++i) {
      r = commit_next_chunk(&c, &at, i, &k);
      if (r < 0)
        break;
      for (uint32_t j = 0; !k.is_void && j < g->n; ++j) {
        struct pending *p = &g->p[j];
        if (!wanted(p) || memcmp(k.md5, p->md5, MD5_HEX) ||
            !same_stamp(&k, p->stamp))
          continue;
        p->taken = 1;
        memcpy(p->taken_name, c.name, sizeof c.name);
        p->taken_index = i;
        p->kept = c.stream_len == strlen(g->spool->name) &&
                  !memcmp(c.stream, g->spool->name, c.stream_len);
      }
    }
  commit_close(&c);
  return r;
}

static int look_in_header(struct pending *p, const char *list_md5) {
  static char h[HEADER_MAX];
  char path[STORE_MD5];
  struct field f;
  size_t pos = 0;
  ssize_t len;
  store_header(path, p->md5);
  len = file_read(path, h, sizeof h);
  if (len < 0)
    return errno == ENOENT ? 0 : -1;
  while (header_next(h, (size_t)len, &pos, &f) == 1)
    if (field_is(&f, "Taken") && f.value_len == LABEL_LEN + 1 + MD5_HEX &&
        !memcmp(f.value, p->stamp, LABEL_LEN) &&
        !memcmp(f.value + LABEL_LEN + 1, list_md5, MD5_HEX))
      p->taken = 1;
  return 0;
}

/* Commits first: one that is published and unlinked meanwhile has its Taken
 * line in the header by then. */
int taken_find(struct group *g) {
  int any = 0, r = 0;
  struct dirent *e;
  DIR *d;
  for (uint32_t i = 0; i < g->n; ++i)
    any |= wanted(&g->p[i]);
  if (!any)
    return 0;
  d = opendir(".df/commit");
  if (!d)
    return -1;
  while (r >= 0 && (e = readdir(d)))
    if (*e->d_name != '.' && strlen(e->d_name) < COMMIT_NAME)
      r = look_in(g, e->d_name);
  closedir(d);
  for (uint32_t i = 0; r >= 0 && i < g->n; ++i)
    if (wanted(&g->p[i]))
      r = look_in_header(&g->p[i], g->list_md5);
  return r < 0 ? -1 : 0;
}
