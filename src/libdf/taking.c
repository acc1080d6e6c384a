#include "taking.h"

#include "expiry.h"
#include "keys.h"
#include "keyticket.h"
#include "merge.h"
#include "stored.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

static int failed(struct taking *t, const char *what, const char *md5) {
  t->what = what;
  snprintf(t->md5, sizeof t->md5, "%s", md5);
  return -1;
}

ssize_t taking_stored(struct taking *t, const char *md5, char h[HEADER_MAX],
                      struct header *scan) {
  const char *why;
  ssize_t len = stored_read(md5, h, scan, &why);
  if (len < 0)
    return failed(t, "read the header of ", md5);
  if (why)
    t->warn("stored header of ", md5, " is not used: ", why);
  t->found_old |= len > 0 || why;
  return len;
}

static int take_key(struct taking *t, const char *md5,
                    const struct merge_push *p,
                    const struct header_text *merged) {
  struct header_text ticket;
  struct keys_move m;
  struct header h;
  int moved;
  if (!keyticket_of_push(&ticket, p) ||
      header_scan(ticket.s, ticket.len, HEADER_STORED, &h) ||
      !merge_has(merged->s, merged->len, "Key", h.key, h.key_len))
    return 0;
  moved = keys_take(t->stage, ticket.s, ticket.len, &m);
  if (moved < 0 && errno == EINVAL) {
    t->warn("key of ", md5, " is not taken: ", "its name is too long");
    return 0;
  }
  if (moved < 0)
    return failed(t, "take the key of ", md5);
  t->found_old |= moved && *m.from;
  if (moved && ((*m.from && changes_add(t->changes, m.from) < 0) ||
                changes_add(t->changes, m.to) < 0))
    return failed(t, "note a change of ", md5);
  return 0;
}

/* It does not go after all: it has a record again, and its keys. */
static int stay(struct taking *t, struct leaving_chunk *c, const char *h,
                size_t len) {
  if (!c)
    return 0;
  c->stays = 1;
  if (keys_return(t->stage, c->md5, h, len) < 0)
    return failed(t, "take the keys of ", c->md5);
  if (changes_add(t->changes, c->md5) < 0)
    return failed(t, "note a change of ", c->md5);
  return 0;
}

static int take_chunk(struct taking *t, const char *md5,
                      const struct merge_push *p) {
  char old[HEADER_MAX], n[40];
  struct header_text merged;
  struct header scan;
  unsigned int dropped;
  const char *why;
  ssize_t len = taking_stored(t, md5, old, &scan);
  if (len < 0)
    return -1;
  why = merge(&merged, old, (size_t)len, p, &dropped);
  if (why) {
    t->warn("chunk ", md5, " of a commit is not published: ", why);
    return 0;
  }
  if (dropped) {
    snprintf(n, sizeof n, "%u lines dropped", dropped);
    t->warn("no room in the stored header of ", md5, ": ", n);
  }
  if ((size_t)len != merged.len || memcmp(old, merged.s, merged.len)) {
    if (stage_put(t->stage, STAGE_HEADER, md5, merged.s, merged.len) < 0)
      return failed(t, "write the header of ", md5);
    if (!merge_alike(old, (size_t)len, merged.s, merged.len) &&
        changes_add(t->changes, md5) < 0)
      return failed(t, "note a change of ", md5);
  }
  if (take_key(t, md5, p, &merged) < 0)
    return -1;
  return stay(t, leaving_find(t->leaving, md5), merged.s, merged.len);
}

/* A published commit counts only where a stored header has been lost. */
static int wanted(struct taking *t, const char *md5, int published) {
  char path[STAGE_PATH];
  struct stat st;
  stage_path(path, STAGE_HEADER, md5);
  return !published ||
         (t->anew && lstat(path, &st) < 0 && !leaving_find(t->leaving, md5));
}

int taking_commit(struct taking *t, const struct commit *c, int published) {
  char md5[MD5_HEX + 1], list_md5[MD5_HEX + 1];
  struct commit_chunk k;
  size_t at = c->chunks_at;
  digest_md5(c->list, c->list_len, list_md5);
  for (uint32_t i = 0; i < c->chunks; ++i) {
    struct merge_push p = {.md5 = md5, .stored = c->stored};
    int there;
    if (commit_next_chunk(c, &at, i, &k) < 0)
      return -1;
    memcpy(md5, k.md5, MD5_HEX);
    md5[MD5_HEX] = 0;
    if (k.is_void || !wanted(t, md5, published))
      continue;
    there = keys_data_there(md5, k.length);
    if (there < 0)
      return failed(t, "look at the data of ", md5);
    if (!there && !published)
      t->warn("chunk ", md5, " is not published: ", "its data is not there");
    if (!there)
      continue;
    p.header = k.header;
    p.header_len = k.header_len;
    p.length = k.length;
    p.sha256 = k.sha256;
    p.sha256_len = k.sha256_len;
    p.list_md5 = list_md5;
    if (take_chunk(t, md5, &p) < 0)
      return -1;
  }
  return 0;
}

/* 1: it has what its reason needs; 0: it stays. */
static int goes(const struct leaving_chunk *c, const struct header *scan) {
  if (!strcmp(c->reason, GOING_BACK))
    return 0;
  return strcmp(c->reason, GOING_EXPIRED) || expiry_at(scan) < time(0);
}

int taking_leave(struct taking *t) {
  for (size_t i = 0; i < t->leaving->n; ++i) {
    struct leaving_chunk *c = t->leaving->chunk + i;
    char h[HEADER_MAX];
    struct header scan;
    ssize_t len;
    if (c->stays || !leaving_asked(c))
      continue;
    len = taking_stored(t, c->md5, h, &scan);
    if (len < 0)
      return -1;
    if (len && !goes(c, &scan)) {
      if (stay(t, c, h, (size_t)len) < 0)
        return -1;
    } else if (changes_add(t->changes, c->md5) < 0)
      return failed(t, "note a change of ", c->md5);
  }
  return 0;
}
