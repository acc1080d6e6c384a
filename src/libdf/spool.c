#include "spool.h"

#include "file.h"
#include "netstring.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static void dir_path(char out[SPOOL_PATH], const char *name) {
  snprintf(out, SPOOL_PATH, ".df/stream/%s", name);
}

static int open_dir(const char *path) {
  return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
}

/* A sweeper may come between mkdir and flock: then there is no name left to
 * what was locked, and another is made. */
int spool_open(struct spool *s) {
  char path[SPOOL_PATH], label[LABEL_LEN + 1];
  s->orders = -1;
  s->next = 0;
  for (;;) {
    struct stat st;
    label_now(label);
    snprintf(s->name, sizeof s->name, "%s.%ld", label, (long)getpid());
    dir_path(path, s->name);
    if (mkdir(path, 0700) < 0)
      return -1;
    s->lock = open_dir(path);
    if (s->lock < 0 && errno != ENOENT)
      return -1;
    if (s->lock < 0)
      continue;
    if (flock(s->lock, LOCK_SH) < 0 || fstat(s->lock, &st) < 0) {
      close(s->lock);
      return -1;
    }
    if (st.st_nlink)
      return 0;
    close(s->lock);
  }
}

void spool_path(char out[SPOOL_PATH], const struct spool *s, uint32_t number,
                const char *suffix) {
  snprintf(out, SPOOL_PATH, ".df/stream/%s/%lu%s", s->name,
           (unsigned long)number, suffix);
}

int spool_create(struct spool *s, uint64_t length) {
  char path[SPOOL_PATH];
  int fd, e;
  spool_path(path, s, s->next++, "");
  fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0444);
  if (fd < 0 || length <= SPOOL_SMALL || length > INT64_MAX)
    return fd;
  if (fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, (off_t)length) == 0 ||
      errno == EOPNOTSUPP || errno == ENOSYS)
    return fd;
  e = errno;
  close(fd);
  unlink(path);
  errno = e == EFBIG ? ENOSPC : e;
  return -1;
}

static int append(const char *path, int flags, const char *p, size_t len) {
  char head[NETSTRING_HEAD];
  int e, r, fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
  if (fd < 0)
    return -1;
  r = file_write(fd, head, netstring_head(head, len)) < 0 ||
              file_write(fd, p, len) < 0 || file_write(fd, ",", 1) < 0
          ? -1
          : 0;
  e = errno;
  close(fd);
  errno = e;
  return r;
}

int spool_put_header(const struct spool *s, uint32_t number, const char *header,
                     size_t len) {
  char path[SPOOL_PATH];
  spool_path(path, s, number, ".h");
  return append(path, O_CREAT | O_EXCL, header, len);
}

int spool_put_trailer(const struct spool *s, uint32_t number,
                      const struct trailer *t) {
  char path[SPOOL_PATH], text[TRAILER_MAX];
  spool_path(path, s, number, ".h");
  return append(path, O_APPEND, text, trailer_fmt(text, t));
}

int spool_link(struct spool *s, const char *name) {
  char from[SPOOL_PATH + 16], to[SPOOL_PATH];
  snprintf(from, sizeof from, ".df/stream/%s", name);
  spool_path(to, s, s->next, "");
  if (link(from, to) < 0 && errno != ENOENT)
    return -1;
  snprintf(from, sizeof from, ".df/stream/%s.h", name);
  spool_path(to, s, s->next++, ".h");
  return link(from, to);
}

int spool_order(struct spool *s, const char *line) {
  if (s->orders < 0) {
    char path[SPOOL_PATH];
    snprintf(path, sizeof path, ".df/stream/%s/orders", s->name);
    s->orders = open(
        path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOFOLLOW,
        0600);
    if (s->orders < 0 || flock(s->orders, LOCK_EX) < 0)
      return -1;
  }
  return file_write(s->orders, line, strlen(line));
}

void spool_drop(const struct spool *s, uint32_t number) {
  char path[SPOOL_PATH];
  spool_path(path, s, number, "");
  unlink(path);
}

void spool_close(struct spool *s) {
  if (s->orders >= 0)
    close(s->orders);
  close(s->lock);
  spool_sweep(s->name);
}

static void empty(int dir) {
  DIR *d = fdopendir(dup(dir));
  struct dirent *e;
  if (!d)
    return;
  while ((e = readdir(d)))
    if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
      unlinkat(dir, e->d_name, 0);
  closedir(d);
}

void spool_sweep(const char *name) {
  char path[SPOOL_PATH];
  int dir;
  dir_path(path, name);
  dir = open_dir(path);
  if (dir < 0)
    return;
  if (flock(dir, LOCK_EX | LOCK_NB) == 0) {
    empty(dir);
    rmdir(path);
  }
  close(dir);
}

void spool_sweep_all(void) {
  DIR *d = opendir(".df/stream");
  struct dirent *e;
  if (!d)
    return;
  while ((e = readdir(d)))
    if (*e->d_name != '.' && strlen(e->d_name) < SPOOL_NAME)
      spool_sweep(e->d_name);
  closedir(d);
}
