#include "expired.h"

#include "heads.h"
#include "number.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DIGITS 12
#define MD5_AT 2
#define SECONDS_AT (MD5_AT + MD5_HEX + 1)

struct walk {
  int64_t now, *next;
  int (*each)(void *context, const char md5[MD5_HEX + 1],
              const struct expired_at *at);
  void *context;
};

/* 1: there is something left to do; 0: nothing, or it is torn. */
static int scan(const char *line, char md5[MD5_HEX + 1], int64_t *seconds) {
  uint64_t u;
  if (*line != '+' || !number_scan(line + SECONDS_AT, DIGITS, &u))
    return 0;
  *seconds = (int64_t)u;
  memcpy(md5, line + MD5_AT, MD5_HEX);
  md5[MD5_HEX] = 0;
  return strspn(md5, "0123456789abcdef") == MD5_HEX;
}

/* *left: how many have something left to do. */
static int lines(const struct walk *w, const struct text *t, int64_t hour,
                 uint64_t *left) {
  struct expired_at at = {.hour = hour};
  for (size_t i = 0; i + EXPIRY_LINE <= t->len; i += EXPIRY_LINE, ++at.line) {
    char md5[MD5_HEX + 1];
    int64_t seconds;
    int r;
    if (!scan(t->p + i, md5, &seconds))
      continue;
    ++*left;
    if (seconds >= w->now) {
      if (seconds + 1 < *w->next)
        *w->next = seconds + 1;
      continue;
    }
    r = w->each(w->context, md5, &at);
    if (r)
      return r;
  }
  return 0;
}

static int file(void *context, const char *name) {
  const struct walk *w = context;
  char path[EXPIRY_PATH];
  uint64_t left = 0, u;
  int64_t hour;
  struct text t;
  int e, r;
  if (!number_scan(name, strlen(name), &u) || strlen(name) != DIGITS)
    return 0;
  hour = (int64_t)u;
  if (hour >= w->now)
    return 0;
  expiry_path(path, hour);
  r = text_map(path, &t);
  if (r <= 0)
    return r;
  r = lines(w, &t, hour, &left);
  e = errno;
  text_unmap(&t);
  errno = e;
  if (r == 0 && !left && hour + EXPIRY_HOUR < w->now)
    return unlink(path);
  return r;
}

int expired_each(int64_t now, int64_t *next,
                 int (*each)(void *context, const char md5[MD5_HEX + 1],
                             const struct expired_at *at),
                 void *context) {
  struct walk w = {now, next, each, context};
  *next = EXPIRY_NEVER;
  return heads_names(EXPIRY_DIR, file, &w);
}

int expired_done(const struct expired_at *at) {
  char path[EXPIRY_PATH];
  int e, fd;
  ssize_t w;
  expiry_path(path, at->hour);
  fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0)
    return errno == ENOENT ? 0 : -1;
  do
    w = pwrite(fd, "-", 1, (off_t)(at->line * EXPIRY_LINE));
  while (w < 0 && errno == EINTR);
  e = errno;
  close(fd);
  errno = e;
  return w == 1 ? 0 : -1;
}
