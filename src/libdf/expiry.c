#include "expiry.h"

#include "file.h"
#include "heads.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WHOLE EXPIRY_DIR "/whole"
#define MOST 253402300799 /* the end of the year 9999 */
#define FEW 32            /* files that are synced one by one */

int64_t expiry_at(const struct header *h) {
  int64_t at = h->has_cache_time ? label_after(h->stamp, h->cache_time)
                                 : EXPIRY_NEVER;
  return at == EXPIRY_NEVER && h->has_cache_time ? at - 1 : at;
}

void expiry_path(char out[EXPIRY_PATH], int64_t hour) {
  snprintf(out, EXPIRY_PATH, EXPIRY_DIR "/%012lld", (long long)hour);
}

static int forget(void *context, const char *name) {
  char path[EXPIRY_PATH];
  (void)context;
  snprintf(path, sizeof path, EXPIRY_DIR "/%.16s", name);
  return unlink(path);
}

int expiry_start(struct expiry *e, int anew) {
  e->n = e->files = 0;
  e->many = 0;
  e->whole = !anew && access(WHOLE, F_OK) == 0;
  e->dir = file_open_dir(EXPIRY_DIR);
  if (e->dir < 0)
    return -1;
  if (e->whole)
    return 0;
  if ((unlink(WHOLE) < 0 && errno != ENOENT) || fsync(e->dir) < 0 ||
      heads_names(EXPIRY_DIR, forget, 0) < 0)
    return -1;
  return 1;
}

static int compare(const void *a, const void *b) {
  const struct expiry_line *x = a, *y = b;
  return (x->at > y->at) - (x->at < y->at);
}

static int64_t hour_of(const struct expiry_line *l) {
  return l->at - l->at % EXPIRY_HOUR;
}

/* A line that a crash has torn is cut off: each has its place. */
static int append(int fd, const struct expiry_line *l, size_t n) {
  char line[EXPIRY_LINE + 1], out[64 * EXPIRY_LINE];
  struct stat st;
  size_t len = 0;
  if (fstat(fd, &st) < 0 ||
      (st.st_size % EXPIRY_LINE &&
       ftruncate(fd, st.st_size - st.st_size % EXPIRY_LINE) < 0))
    return -1;
  for (size_t i = 0; i < n; ++i) {
    snprintf(line, sizeof line, "+ %.32s %012lld\n", l[i].md5,
             (long long)l[i].at);
    memcpy(out + len, line, EXPIRY_LINE);
    len += EXPIRY_LINE;
    if (len < sizeof out && i + 1 < n)
      continue;
    if (file_write(fd, out, len) < 0)
      return -1;
    len = 0;
  }
  return 0;
}

static int put(struct expiry *e, const struct expiry_line *l, size_t n) {
  char path[EXPIRY_PATH];
  int error, fd, r;
  expiry_path(path, hour_of(l));
  fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    return -1;
  r = append(fd, l, n);
  if (r == 0 && ++e->files <= FEW)
    r = fsync(fd);
  else
    e->many = 1;
  error = errno;
  close(fd);
  errno = error;
  return r;
}

/* Each file once. */
static int flush(struct expiry *e) {
  size_t from = 0;
  qsort(e->line, e->n, sizeof *e->line, compare);
  for (size_t i = 1; i <= e->n; ++i)
    if (i == e->n || hour_of(e->line + i) != hour_of(e->line + from)) {
      if (put(e, e->line + from, i - from) < 0)
        return -1;
      from = i;
    }
  e->n = 0;
  return 0;
}

int expiry_note(struct expiry *e, const struct header *h) {
  int64_t at = expiry_at(h);
  if (at > MOST)
    return 0;
  if (e->n == EXPIRY_BUFFER && flush(e) < 0)
    return -1;
  memcpy(e->line[e->n].md5, h->md5, MD5_HEX + 1);
  e->line[e->n++].at = at < 0 ? 0 : at;
  return 0;
}

static int settle(struct expiry *e) {
  if (flush(e) < 0)
    return -1;
#ifdef __linux__
  if (e->many && syncfs(e->dir) < 0)
    return -1;
#else
  if (e->many)
    sync();
#endif
  if (e->files && fsync(e->dir) < 0)
    return -1;
  if (e->whole)
    return 0;
  return file_replace(WHOLE, "", 0, 0600, EXPIRY_DIR);
}

int expiry_finish(struct expiry *e) {
  int r = settle(e), error = errno;
  close(e->dir);
  errno = error;
  return r;
}
