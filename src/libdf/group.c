#include "group.h"

#include "clock.h"
#include "file.h"
#include "keeping.h"
#include "place.h"
#include "slot.h"
#include "store.h"
#include "taken.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int start(struct group *g) {
  char label[LABEL_LEN + 1];
  label_now(label);
  snprintf(g->name, sizeof g->name, "%s.%u", g->spool->name,
           (unsigned)g->commits++);
  g->since = clock_ms();
  if (commit_start(&g->writer, g->name, g->keeper, g->id, label, g->list,
                   g->list_len) < 0)
    return -1;
  for (uint32_t i = 0; i < g->targets->n; ++i) {
    struct entry e;
    char text[LIST_TEXT];
    targets_entry(g->targets, i, &e);
    entry_text(&e, text);
    if (commit_add_target(&g->writer, g->targets->t[i].entry, text) < 0) {
      commit_cancel(&g->writer);
      return -1;
    }
  }
  return 0;
}

/* Above a few files, one syncfs is cheaper than to sync each: those opened so
 * far are closed, the rest is never kept open. */
static void close_all(struct group *g) {
  for (uint32_t i = 0; i < g->n; ++i)
    if (g->p[i].fd >= 0) {
      close(g->p[i].fd);
      g->p[i].fd = -1;
    }
}

int group_add(struct group *g, const struct pending *c, const char *sha256,
              const char *header, size_t header_len) {
  struct pending *p = &g->p[g->n];
  if (!g->n && start(g) < 0) {
    int e = errno;
    if (c->fd >= 0)
      close(c->fd);
    errno = e;
    return -1;
  }
  *p = *c;
  g->n++;
  g->bytes += p->length;
  if (p->fd >= 0 && ++g->open > GROUP_OPEN)
    close_all(g);
  return commit_add_chunk(&g->writer, p->md5, p->length, sha256, header,
                          header_len);
}

int group_full(const struct group *g) {
  return g->n && (g->n == COMMIT_CHUNKS || g->bytes >= GROUP_BYTES ||
                  clock_ms() - g->since >= GROUP_MS);
}

static int sync_data(struct group *g) {
  if (g->open > GROUP_OPEN)
    return syncfs(g->store);
  for (uint32_t i = 0; i < g->n; ++i)
    if (g->p[i].fd >= 0 && fsync(g->p[i].fd) < 0)
      return -1;
  return 0;
}

/* Before anything is placed: no room for the last one is no room for any. */
static int make_dirs(struct group *g) {
  for (uint32_t i = 0; i < g->n; ++i) {
    char dir[STORE_MD5];
    store_data_dir(dir, g->p[i].md5);
    if (!g->p[i].alone && file_mkdir(dir, 0755) < 0)
      return -1;
  }
  return 0;
}

static enum outcome look_at(const struct pending *p) {
  char path[STORE_MD5];
  store_data(path, p->md5);
  return access(path, F_OK) == 0 ? OUTCOME_DUPLICATE : OUTCOME_GONE;
}

static int place_all(struct group *g) {
  for (uint32_t i = 0; i < g->n; ++i) {
    struct pending *p = &g->p[i];
    char path[SPOOL_PATH];
    p->outcome = p->alone ? look_at(p) : OUTCOME_DUPLICATE;
    if (p->alone)
      continue;
    spool_path(path, g->spool, p->number, "");
    switch (place(path, p->md5)) {
    case PLACE_NEW:
    case PLACE_REPLACED:
      p->outcome = OUTCOME_STORED;
      break;
    case PLACE_HERE:
      break;
    case PLACE_COLLISION:
      p->outcome = OUTCOME_COLLISION;
      break;
    case PLACE_FAILED:
      return -1;
    }
  }
  return 0;
}

/* Also where chunk or directory were there already: whoever made them may not
 * have synced them yet. */
static int sync_dirs(struct group *g) {
  char dirs[COMMIT_CHUNKS][3];
  uint32_t n = 0;
  for (uint32_t i = 0; i < g->n && n <= GROUP_OPEN; ++i) {
    uint32_t j = 0;
    if (g->p[i].outcome == OUTCOME_GONE)
      continue;
    while (j < n && memcmp(dirs[j], g->p[i].md5, 2))
      ++j;
    if (j == n)
      memcpy(dirs[n++], g->p[i].md5, 2);
  }
  if (n > GROUP_OPEN)
    return syncfs(g->store);
  for (uint32_t i = 0; i < n; ++i) {
    char dir[STORE_MD5];
    store_data_dir(dir, dirs[i]);
    if (file_sync_dir(dir) < 0)
      return -1;
  }
  return file_sync_dir("md5");
}

/* Stored is now: whoever finds the chunks here says so later than those who
 * brought them. */
static int finish(struct group *g) {
  char flags[COMMIT_CHUNKS], duty[COMMIT_CHUNKS], label[LABEL_LEN + 1];
  for (uint32_t i = 0; i < g->n; ++i) {
    int is_void = g->p[i].outcome >= OUTCOME_COLLISION;
    flags[i] = is_void ? '-' : '+';
    duty[i] = is_void || g->p[i].taken ? DUTY_DONE : DUTY_TODO;
  }
  label_now(label);
  if (commit_stamp(&g->writer, label) < 0)
    return -1;
  return commit_finish(&g->writer, flags, duty);
}

static int commit_kept(struct group *g) {
  g->step = "store the data";
  if (make_dirs(g) < 0 || place_all(g) < 0 || sync_dirs(g) < 0)
    return -1;
  g->step = "look through the commits";
  if (g->targets->n && taken_find(g) < 0)
    return -1;
  g->step = "write the commit";
  return finish(g);
}

/* From here on what is found in md5/ stays there, until the commit says so. */
static int commit_locked(struct group *g) {
  int e, r, keeping = keeping_share();
  g->step = "lock the data";
  if (keeping < 0)
    return -1;
  r = commit_kept(g);
  e = errno;
  close(keeping);
  errno = e;
  return r;
}

/* The same list is committed by one at a time: two that bring the same chunk
 * must not both find that it was not taken yet. */
int group_commit(struct group *g) {
  char path[32];
  int lock = -1, r;
  if (!g->n)
    return 0;
  g->step = "write the commit";
  if (commit_flush(&g->writer) <
      0) /* no room is found before data are placed */
    return -1;
  g->step = "sync the data";
  if (sync_data(g) < 0)
    return -1;
  if (g->targets->n) {
    snprintf(path, sizeof path, ".df/lock/list.%c", g->list_md5[0]);
    g->step = "lock the list";
    lock = lock_wait(path);
    if (lock < 0)
      return -1;
  }
  r = commit_locked(g);
  if (lock >= 0) {
    int e = errno;
    close(lock);
    errno = e;
  }
  return r;
}

void group_clear(struct group *g) {
  close_all(g);
  if (g->n)
    commit_cancel(&g->writer);
  g->n = g->open = 0;
  g->bytes = 0;
}
