#include "passing.h"

#include "file.h"
#include "netstring.h"
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SIDE_MAX (HEADER_MAX + TRAILER_MAX + 32)

static void start(struct passing *p) {
  p->fd = -1;
  p->has_trailer = p->alone = p->pointless = 0;
}

static int open_file(const char *path) {
  return open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
}

static void open_data(struct passing *p) {
  char path[STORE_MD5];
  store_data(path, p->trailer.md5);
  p->fd = open_file(path);
}

int passing_stored(struct passing *p, const char *md5) {
  static char stored[HEADER_MAX];
  static struct header_text text;
  char path[STORE_MD5];
  struct field f;
  struct header h;
  size_t pos = 0;
  int keys = 0;
  ssize_t len;
  start(p);
  store_header(path, md5);
  len = file_read(path, stored, sizeof stored);
  if (len < 0)
    return errno == ENOENT ? 0 : -1;
  if (header_scan(stored, (size_t)len, HEADER_STORED, &h))
    return errno = EPROTO, -1;
  text.len = text.lines = 0;
  while (header_next(stored, (size_t)len, &pos, &f) == 1) {
    if (field_is(&f, "Stored") || field_is(&f, "Taken") ||
        (field_is(&f, "Key") && keys++))
      continue;
    header_add_line(&text, f.line, f.line_len);
  }
  memcpy(p->header, text.s, p->header_len = text.len);
  memcpy(p->trailer.md5, h.md5, sizeof h.md5);
  memcpy(p->trailer.sha256, h.sha256, sizeof h.sha256);
  p->trailer.length = h.length;
  p->has_trailer = 1;
  open_data(p);
  return 1;
}

static int to_do(const struct commit *c, uint32_t index) {
  for (uint32_t t = 0; t < c->targets; ++t)
    if (commit_duty(c, t, index) != DUTY_DONE)
      return 1;
  return 0;
}

static int take(struct passing *p, const struct commit *c, uint32_t index) {
  struct commit_chunk k;
  struct header h;
  size_t at = c->chunks_at;
  if (index >= c->chunks)
    return errno = EPROTO, -1;
  for (uint32_t i = 0; i <= index; ++i)
    if (commit_next_chunk(c, &at, i, &k) < 0)
      return -1;
  if (k.header_len > HEADER_MAX ||
      header_scan(k.header, k.header_len, HEADER_STREAM, &h))
    return errno = EPROTO, -1;
  memcpy(p->header, k.header, p->header_len = k.header_len);
  snprintf(p->trailer.md5, sizeof p->trailer.md5, "%.32s", k.md5);
  snprintf(p->trailer.sha256, sizeof p->trailer.sha256, "%.*s",
           (int)k.sha256_len, k.sha256);
  p->trailer.length = k.length;
  p->has_trailer = 1;
  p->alone = h.data_none;
  p->pointless = k.is_void || !to_do(c, index);
  return 1;
}

int passing_commit(struct passing *p, const char *name, uint32_t index) {
  struct commit c;
  int r, e;
  start(p);
  r = commit_open(&c, name);
  if (r <= 0)
    return r;
  r = take(p, &c, index);
  e = errno;
  commit_close(&c);
  errno = e;
  if (r == 1 && !p->alone && !p->pointless)
    open_data(p);
  return r;
}

/* The side file: NS(header), then NS(trailer) when the chunk is good. */
static int read_side(struct passing *p, const char *name) {
  static char side[SIDE_MAX];
  char path[SPOOL_PATH + 16];
  const char *s;
  size_t len;
  ssize_t n;
  long used;
  snprintf(path, sizeof path, ".df/stream/%s.h", name);
  n = file_read(path, side, sizeof side);
  if (n < 0)
    return errno == ENOENT ? 0 : -1;
  used = netstring_scan(side, (size_t)n, HEADER_MAX, &s, &len);
  if (used <= 0)
    return errno = EPROTO, -1;
  memcpy(p->header, s, p->header_len = len);
  if (netstring_scan(side + used, (size_t)(n - used), TRAILER_MAX, &s, &len) >
      0)
    p->has_trailer = !trailer_scan(s, len, &p->trailer);
  return 1;
}

int passing_trailer(struct passing *p, const char *name) {
  int r = p->has_trailer ? 1 : read_side(p, name);
  return r < 0 ? -1 : p->has_trailer;
}

/* The trailer is written before the data gets its final name: whoever does not
 * find the spool file then finds the trailer, or the chunk is lost. */
int passing_spool(struct passing *p, const char *name) {
  char path[SPOOL_PATH + 16];
  int r;
  start(p);
  snprintf(path, sizeof path, ".df/stream/%s", name);
  p->fd = open_file(path);
  if (p->fd < 0 && errno != ENOENT)
    return -1;
  r = read_side(p, name);
  if (r == 1 && p->fd < 0 && p->has_trailer)
    open_data(p);
  return r;
}

void passing_close(struct passing *p) {
  if (p->fd >= 0)
    close(p->fd);
  p->fd = -1;
}
