#include "cachefile.h"

#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* 1: dir is the directory, made if need be, and nobody else's; 0. */
static int find(char dir[PATH_MAX]) {
  const char *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
  struct stat st;
  int is_xdg = xdg && *xdg == '/', n, m;
  if (!is_xdg && (!home || *home != '/'))
    return 0;
  n = snprintf(dir, PATH_MAX, is_xdg ? "%s" : "%s/.cache", is_xdg ? xdg : home);
  if (n < 0 || n >= PATH_MAX || file_mkdir(dir, 0700) < 0)
    return 0;
  m = snprintf(dir + n, (size_t)(PATH_MAX - n), "/dataflow");
  return m < PATH_MAX - n && file_mkdir(dir, 0700) >= 0 &&
         stat(dir, &st) == 0 && st.st_uid == geteuid() &&
         !(st.st_mode & (S_IWGRP | S_IWOTH));
}

int cachefile_name(struct cachefile *c, const char *name) {
  char dir[PATH_MAX];
  int n;
  if (!find(dir))
    return 0;
  n = snprintf(c->name, sizeof c->name, "%s/%s", dir, name);
  if (n < 0 || (size_t)n >= sizeof c->name)
    return 0;
  n = snprintf(c->new, sizeof c->new, "%s/%s.new", dir, name);
  return n > 0 && (size_t)n < sizeof c->new;
}

int cachefile_open(const struct cachefile *c) {
  return open(c->name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
}

/* 1: the name is that of the open file; 0: it was put in place meanwhile. */
static int is_there(const struct cachefile *c) {
  struct stat a, b;
  return fstat(c->fd, &a) == 0 && lstat(c->new, &b) == 0 &&
         a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* Whoever has the lock writes; what a killed process left has none and is
 * written over. */
int cachefile_begin(struct cachefile *c) {
  c->fd = open(c->new, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
               0600);
  if (c->fd < 0)
    return -1;
  if (flock(c->fd, LOCK_EX | LOCK_NB) == 0 && is_there(c) &&
      ftruncate(c->fd, 0) == 0)
    return 1;
  close(c->fd);
  return 0;
}

int cachefile_end(struct cachefile *c, int good) {
  int r = good ? rename(c->new, c->name) : -1, e = errno;
  if (r < 0)
    unlink(c->new);
  close(c->fd);
  errno = e;
  return good ? r : 0;
}
