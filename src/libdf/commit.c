#include "commit.h"

#include "file.h"
#include "list.h"
#include "netstring.h"
#include "number.h"
#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The first line: magic, state (N new, P published), chunks, targets, offset
 * of the flags. Then netstrings: stream, id, stored, list; each target; four
 * for each chunk. Then the flags and the duties. */
#define STATE_AT 5
#define LINE_LEN 38

static void first_line(char out[LINE_LEN + 1], uint32_t chunks,
                       uint32_t targets, uint64_t duties) {
  snprintf(out, LINE_LEN + 1, "DFC1 N %08u %08u %012llu\n", (unsigned)chunks,
           (unsigned)targets, (unsigned long long)duties);
}

static int next(const struct commit *c, size_t *at, const char **p,
                size_t *len) {
  long n = 0;
  if (*at < c->duties)
    n = netstring_scan(c->map + *at, c->duties - *at, LIST_MAX, p, len);
  if (n <= 0)
    return errno = EPROTO, -1;
  *at += (size_t)n;
  return 1;
}

static int scan_start(struct commit *c) {
  uint64_t chunks, targets, duties;
  const char *stored;
  size_t id_len, len;
  if (c->size < LINE_LEN || memcmp(c->map, "DFC1 ", STATE_AT) ||
      !number_scan(c->map + 7, 8, &chunks) ||
      !number_scan(c->map + 16, 8, &targets) ||
      !number_scan(c->map + 25, 12, &duties) || duties > c->size ||
      chunks > COMMIT_CHUNKS || targets > LIST_ENTRIES ||
      chunks * (targets + 1) != c->size - duties)
    return errno = EPROTO, -1;
  c->chunks = (uint32_t)chunks;
  c->targets = (uint32_t)targets;
  c->duties = duties;
  c->targets_at = LINE_LEN;
  if (next(c, &c->targets_at, &c->stream, &c->stream_len) < 0 ||
      next(c, &c->targets_at, &c->id, &id_len) < 0 ||
      next(c, &c->targets_at, &stored, &len) < 0)
    return -1;
  if (id_len != STREAM_ID || !label_scan(stored, len, 0))
    return errno = EPROTO, -1;
  memcpy(c->stored, stored, LABEL_LEN);
  c->stored[LABEL_LEN] = 0;
  if (next(c, &c->targets_at, &c->list, &c->list_len) < 0)
    return -1;
  c->chunks_at = c->targets_at;
  for (uint32_t i = 0; i < c->targets; ++i)
    if (next(c, &c->chunks_at, &stored, &len) < 0)
      return -1;
  return 1;
}

int commit_open(struct commit *c, const char *name) {
  char path[COMMIT_NAME + 16];
  int e;
  snprintf(path, sizeof path, ".df/commit/%s", name);
  snprintf(c->name, sizeof c->name, "%s", name);
  c->fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (c->fd < 0)
    return errno == ENOENT ? 0 : -1;
  c->size = 0;
  if (file_map(c->fd, &c->map, &c->size) == 0 && scan_start(c) > 0)
    return 1;
  e = errno;
  commit_close(c);
  errno = e;
  return -1;
}

void commit_close(struct commit *c) {
  file_unmap(c->map, c->size);
  close(c->fd);
}

int commit_next_target(const struct commit *c, size_t *at,
                       struct commit_target *t) {
  const char *p, *space;
  size_t len;
  uint64_t entry;
  if (next(c, at, &p, &len) < 0)
    return -1;
  space = memchr(p, ' ', len);
  if (!space || !number_scan(p, (size_t)(space - p), &entry) ||
      entry >= LIST_ENTRIES)
    return errno = EPROTO, -1;
  t->entry = (uint32_t)entry;
  t->text = space + 1;
  t->text_len = len - (size_t)(t->text - p);
  return 1;
}

int commit_next_chunk(const struct commit *c, size_t *at, uint32_t i,
                      struct commit_chunk *k) {
  const char *length;
  size_t md5_len, length_len;
  if (i >= c->chunks)
    return errno = EPROTO, -1;
  if (next(c, at, &k->md5, &md5_len) < 0 ||
      next(c, at, &length, &length_len) < 0 ||
      next(c, at, &k->sha256, &k->sha256_len) < 0 ||
      next(c, at, &k->header, &k->header_len) < 0)
    return -1;
  if (md5_len != MD5_HEX || !number_scan(length, length_len, &k->length) ||
      (k->sha256_len && k->sha256_len != SHA256_HEX))
    return errno = EPROTO, -1;
  k->is_void = c->map[c->duties + i] != '+';
  return 1;
}

static size_t duty_at(const struct commit *c, uint32_t target, uint32_t chunk) {
  return c->duties + (size_t)(target + 1) * c->chunks + chunk;
}

char commit_duty(const struct commit *c, uint32_t target, uint32_t chunk) {
  return ((volatile const char *)c->map)[duty_at(c, target, chunk)];
}

int commit_duty_open(char duty) {
  return duty == DUTY_TODO || duty == DUTY_TAKEN_OVER || duty == DUTY_HALF;
}

static int overwrite(const struct commit *c, size_t at, char byte) {
  ssize_t w;
  do
    w = pwrite(c->fd, &byte, 1, (off_t)at);
  while (w < 0 && errno == EINTR);
  return w == 1 ? 0 : -1;
}

int commit_note(struct commit *c, uint32_t target, uint32_t chunk,
                enum duty duty) {
  if (target >= c->targets || chunk >= c->chunks)
    return errno = EPROTO, -1;
  c->noted = 1;
  return overwrite(c, duty_at(c, target, chunk), (char)duty);
}

int commit_published(const struct commit *c) {
  return ((volatile const char *)c->map)[STATE_AT] == 'P';
}

int commit_mark_published(struct commit *c) {
  return overwrite(c, STATE_AT, 'P');
}

/* Whoever writes the last byte that was missing, publisher or relay, finds
 * all of them written: each looks after its own write. */
int commit_settle(struct commit *c) {
  char path[COMMIT_NAME + 16];
  if (fsync(c->fd) < 0)
    return -1;
  if (!commit_published(c))
    return 0;
  for (uint32_t i = 0; i < c->chunks; ++i)
    for (uint32_t t = 0; c->map[c->duties + i] == '+' && t < c->targets; ++t)
      if (commit_duty(c, t, i) != DUTY_DONE)
        return 0;
  snprintf(path, sizeof path, ".df/commit/%s", c->name);
  if (unlink(path) < 0 && errno != ENOENT)
    return -1;
  return 1;
}

int commit_flush(struct commit_writer *w) {
  size_t n = w->held_len;
  w->held_len = 0;
  return file_write(w->fd, w->held, n);
}

static int put(struct commit_writer *w, const char *p, size_t len) {
  if (len > sizeof w->held - w->held_len && commit_flush(w) < 0)
    return -1;
  if (len > sizeof w->held)
    return file_write(w->fd, p, len);
  memcpy(w->held + w->held_len, p, len);
  w->held_len += len;
  return 0;
}

static int append(struct commit_writer *w, const char *p, size_t len) {
  char head[NETSTRING_HEAD];
  size_t n = netstring_head(head, len);
  if (put(w, head, n) < 0 || put(w, p, len) < 0 || put(w, ",", 1) < 0)
    return -1;
  w->size += n + len + 1;
  return 0;
}

int commit_start(struct commit_writer *w, const char *name, const char *stream,
                 const char *id, const char *stored, const char *list,
                 size_t list_len) {
  char line[LINE_LEN + 1];
  w->held_len = 0;
  w->chunks = w->targets = 0;
  snprintf(w->name, sizeof w->name, "%s", name);
  w->fd = file_create(w->tmp, 0600);
  if (w->fd < 0)
    return -1;
  first_line(line, 0, 0, 0);
  w->size = LINE_LEN;
  if (put(w, line, LINE_LEN) < 0 || append(w, stream, strlen(stream)) < 0 ||
      append(w, id, strlen(id)) < 0 || append(w, stored, strlen(stored)) < 0)
    goto failed;
  w->stored_at = w->size - strlen(stored) - 1;
  if (append(w, list, list_len) == 0)
    return 0;
failed:
  commit_cancel(w);
  return -1;
}

int commit_stamp(struct commit_writer *w, const char stored[LABEL_LEN + 1]) {
  ssize_t r;
  if (commit_flush(w) < 0)
    return -1;
  r = pwrite(w->fd, stored, LABEL_LEN, (off_t)w->stored_at);
  if (r >= 0 && r < LABEL_LEN)
    errno = EIO;
  return r == LABEL_LEN ? 0 : -1;
}

int commit_add_target(struct commit_writer *w, uint32_t entry,
                      const char *text) {
  char line[LIST_TEXT + 16];
  snprintf(line, sizeof line, "%u %s", (unsigned)entry, text);
  ++w->targets;
  return append(w, line, strlen(line));
}

int commit_add_chunk(struct commit_writer *w, const char *md5, uint64_t length,
                     const char *sha256, const char *header,
                     size_t header_len) {
  char number[24];
  snprintf(number, sizeof number, "%llu", (unsigned long long)length);
  ++w->chunks;
  if (append(w, md5, MD5_HEX) < 0 || append(w, number, strlen(number)) < 0 ||
      append(w, sha256, strlen(sha256)) < 0 ||
      append(w, header, header_len) < 0)
    return -1;
  return 0;
}

static int seal(struct commit_writer *w, const char *flags, const char *duty) {
  char path[COMMIT_NAME + 16], line[LINE_LEN + 1];
  int e;
  first_line(line, w->chunks, w->targets, w->size);
  if (put(w, flags, w->chunks) < 0)
    return -1;
  for (uint32_t t = 0; t < w->targets; ++t)
    if (put(w, duty, w->chunks) < 0)
      return -1;
  if (commit_flush(w) < 0 || pwrite(w->fd, line, LINE_LEN, 0) != LINE_LEN ||
      fsync(w->fd) < 0)
    return -1;
  snprintf(path, sizeof path, ".df/commit/%s", w->name);
  if (file_move(w->tmp, AT_FDCWD, path) < 0) /* a link may need an inode */
    return -1;
  if (file_sync_dir(".df/commit") == 0)
    return 0;
  e = errno;
  unlink(path);
  errno = e;
  return -1;
}

int commit_finish(struct commit_writer *w, const char *flags,
                  const char *duty) {
  int r = seal(w, flags, duty), e = errno;
  commit_cancel(w);
  errno = e;
  return r;
}

void commit_cancel(struct commit_writer *w) {
  if (w->fd < 0)
    return;
  close(w->fd);
  unlink(w->tmp);
  w->fd = -1;
}
