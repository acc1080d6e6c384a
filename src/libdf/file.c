#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int file_write(int fd, const void *p, size_t len) {
  const char *s = p;
  while (len) {
    ssize_t w = write(fd, s, len);
    if (w < 0 && errno == EINTR)
      continue;
    if (w < 0)
      return -1;
    s += w;
    len -= (size_t)w;
  }
  return 0;
}

ssize_t file_read_at(int fd, void *p, size_t len, off_t at) {
  size_t n = 0;
  while (n < len) {
    ssize_t r = pread(fd, (char *)p + n, len - n, at + (off_t)n);
    if (r < 0 && errno == EINTR)
      continue;
    if (r < 0)
      return -1;
    if (!r)
      break;
    n += (size_t)r;
  }
  return (ssize_t)n;
}

ssize_t file_read(const char *name, void *p, size_t max) {
  int fd = open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  size_t len = 0;
  char more;
  if (fd < 0)
    return -1;
  for (;;) {
    ssize_t r =
        len < max ? read(fd, (char *)p + len, max - len) : read(fd, &more, 1);
    if (r < 0 && errno == EINTR)
      continue;
    if (r > 0 && len == max) {
      errno = EFBIG;
      r = -1;
    }
    if (r < 0) {
      int e = errno;
      close(fd);
      errno = e;
      return -1;
    }
    if (!r)
      break;
    len += (size_t)r;
  }
  close(fd);
  return (ssize_t)len;
}

int file_open_dir(const char *dir) {
  return open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
}

int file_sync_dir(const char *dir) {
  int fd = file_open_dir(dir);
  int r, e;
  if (fd < 0)
    return -1;
  r = fsync(fd);
  e = errno;
  close(fd);
  errno = e;
  return r;
}

int file_move(const char *from, int dir, const char *name) {
  int r = renameat2(AT_FDCWD, from, dir, name, RENAME_NOREPLACE);
  if (r == 0 || (errno != EINVAL && errno != ENOSYS))
    return r;
  r = linkat(AT_FDCWD, from, dir, name, 0);
  return r == 0 ? unlink(from) : r;
}

int file_mkdir(const char *dir, mode_t mode) {
  if (mkdir(dir, mode) == 0)
    return 1;
  return errno == EEXIST ? 0 : -1;
}

/* The lock tells sweepers that somebody is at it; one that comes between open
 * and flock has removed the name. */
int file_create(char tmp[64], mode_t mode) {
  static unsigned long count;
  for (;;) {
    struct stat st;
    int e, fd;
    snprintf(tmp, 64, ".df/tmp/%ld.%lu", (long)getpid(), count++);
    fd = open(tmp, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (fd < 0 && errno == EEXIST)
      continue; /* of a process of the same number that was killed */
    if (fd < 0)
      return -1;
    if (flock(fd, LOCK_EX) == 0 && fstat(fd, &st) == 0) {
      if (st.st_nlink)
        return fd;
      close(fd);
      continue;
    }
    e = errno;
    close(fd);
    unlink(tmp);
    errno = e;
    return -1;
  }
}

int file_replace(const char *name, const void *p, size_t len, mode_t mode,
                 const char *sync_dir) {
  char tmp[64];
  int e, r, fd = file_create(tmp, mode);
  if (fd < 0)
    return -1;
  r = file_write(fd, p, len) < 0 || fsync(fd) < 0 ? -1 : rename(tmp, name);
  e = errno;
  if (r < 0)
    unlink(tmp);
  close(fd);
  errno = e;
  return r == 0 && sync_dir ? file_sync_dir(sync_dir) : r;
}

int file_map(int fd, const char **p, size_t *len) {
  struct stat st;
  void *m;
  *p = "";
  *len = 0;
  if (fstat(fd, &st) < 0)
    return -1;
  if (!st.st_size)
    return 0;
  m = mmap(0, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
  if (m == MAP_FAILED)
    return -1;
  *p = m;
  *len = (size_t)st.st_size;
  return 0;
}

void file_unmap(const char *p, size_t len) {
  if (len)
    munmap((void *)(uintptr_t)p, len);
}
