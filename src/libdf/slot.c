#include "slot.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static int lock(const char *path, int flags, int how) {
  for (;;) {
    struct stat a, b;
    int there, e;
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
    if (fd < 0)
      return -1;
    if (flock(fd, how) < 0 || fstat(fd, &a) < 0) {
      e = errno == EWOULDBLOCK ? EAGAIN : errno;
      close(fd);
      errno = e;
      return -1;
    }
    there = stat(path, &b) == 0;
    if (there && a.st_dev == b.st_dev && a.st_ino == b.st_ino)
      return fd;
    e = there ? ENOENT : errno;
    close(fd);
    errno = e;
    if (e != ENOENT)
      return -1; /* else it was removed meanwhile */
  }
}

int lock_take(const char *path) {
  return lock(path, O_CREAT, LOCK_EX | LOCK_NB);
}

int lock_wait(const char *path) {
  return lock(path, O_CREAT, LOCK_EX);
}

int lock_share(const char *path) {
  return lock(path, O_CREAT, LOCK_SH);
}

int slot_take(const char *name, unsigned int n) {
  for (unsigned int i = 0; i < n; ++i) {
    char path[PATH_MAX];
    int fd;
    snprintf(path, sizeof path, ".df/lock/%s.%u", name, i);
    fd = lock_take(path);
    if (fd >= 0 || errno != EAGAIN)
      return fd;
  }
  errno = EAGAIN;
  return -1;
}

void lock_sweep(const char *path) {
  int fd = lock(path, 0, LOCK_EX | LOCK_NB);
  if (fd < 0)
    return;
  unlink(path);
  close(fd);
}

void lock_sweep_dir(const char *dir) {
  DIR *d = opendir(dir);
  struct dirent *e;
  if (!d)
    return;
  while ((e = readdir(d))) {
    char path[PATH_MAX];
    if (*e->d_name == '.')
      continue;
    snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
    lock_sweep(path);
  }
  closedir(d);
}
