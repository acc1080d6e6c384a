#include "place.h"

#include "digest.h"
#include "file.h"
#include "label.h"
#include "slot.h"
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE 65536

static int open_file(const char *name) {
  return open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
}

static ssize_t piece(int fd, char *p) {
  size_t len = 0;
  while (len < PIECE) {
    ssize_t r = read(fd, p + len, PIECE - len);
    if (r < 0 && errno == EINTR)
      continue;
    if (r < 0)
      return -1;
    if (!r)
      break;
    len += (size_t)r;
  }
  return (ssize_t)len;
}

#define UNREADABLE 2

/* 1 equal, 0 not, UNREADABLE: b cannot be read; -1. */
static int same(int a, int b) {
  static char p[PIECE], q[PIECE];
  for (;;) {
    ssize_t n = piece(a, p), m = piece(b, q);
    if (n < 0)
      return -1;
    if (m < 0)
      return errno == EIO ? UNREADABLE : -1;
    if (n != m || memcmp(p, q, (size_t)n))
      return 0;
    if (!n)
      return 1;
  }
}

/* 1: the stored file is not what its name says; 0: it is; -1. */
static int rotten(int fd, const char *md5) {
  char found[MD5_HEX + 1], none[SHA256_HEX + 1];
  uint64_t bytes;
  if (digest_file(fd, 0, found, none, &bytes) < 0)
    return errno == EIO ? 1 : -1;
  return memcmp(found, md5, MD5_HEX) != 0;
}

static enum place compare(const char *spool, const char *stored,
                          const char *md5) {
  int a = open_file(spool), b = open_file(stored), r = -1, bad, e;
  enum place p = PLACE_FAILED;
  if (a >= 0 && b >= 0)
    r = same(a, b);
  e = errno;
  if (r == 1)
    p = PLACE_HERE;
  if (r == 0 || r == UNREADABLE) {
    bad = rotten(b, md5);
    if (bad > 0)
      p = PLACE_REPLACED;
    else if (!bad && !r)
      p = PLACE_COLLISION; /* unreadable once, and good: nothing is known */
    else if (bad < 0)
      e = errno;
  }
  if (a >= 0)
    close(a);
  if (b >= 0)
    close(b);
  errno = e;
  return p;
}

static int set_aside(const char *name, const char *md5) {
  char corrupt[STORE_MD5 + LABEL_LEN + 16], label[LABEL_LEN + 1];
  label_now(label);
  snprintf(corrupt, sizeof corrupt, ".df/corrupt/%.32s.%s", md5, label);
  if (rename(name, corrupt) < 0)
    return -1;
  return file_sync_dir(".df/corrupt");
}

/* Under a lock, and compared once more: another process may have replaced the
 * rotten copy by now. The good one takes its name in one step. */
static enum place replace(const char *spool, const char *stored,
                          const char *md5) {
  int lock = lock_wait(".df/lock/rotten"), e;
  enum place p = lock < 0 ? PLACE_FAILED : compare(spool, stored, md5);
  if (p == PLACE_REPLACED &&
      (renameat2(AT_FDCWD, spool, AT_FDCWD, stored, RENAME_EXCHANGE) < 0 ||
       set_aside(spool, md5) < 0))
    p = PLACE_FAILED;
  e = errno;
  if (lock >= 0)
    close(lock);
  errno = e;
  return p;
}

enum place place_look(const char *spool, const char *md5) {
  char stored[STORE_MD5];
  enum place p;
  store_data(stored, md5);
  if (access(stored, F_OK) < 0)
    return PLACE_NEW;
  p = compare(spool, stored, md5);
  return p == PLACE_FAILED && errno == ENOENT ? PLACE_NEW : p;
}

/* Into a directory that is one: a link in its place is not followed. */
static int move(const char *from, const char *md5) {
  char name[STORE_MD5];
  int dir, r, e;
  store_data_dir(name, md5);
  dir = file_open_dir(name);
  if (dir < 0)
    return -1;
  r = file_move(from, dir, md5);
  e = errno;
  close(dir);
  errno = e;
  return r;
}

enum place place(const char *spool, const char *md5) {
  char stored[STORE_MD5], dir[STORE_MD5];
  enum place p;
  store_data(stored, md5);
  for (;;) {
    if (move(spool, md5) == 0)
      return PLACE_NEW;
    if (errno == ENOENT) {
      int made;
      store_data_dir(dir, md5);
      made = file_mkdir(dir, 0755);
      if (made < 0 || (!made && access(spool, F_OK) < 0))
        return PLACE_FAILED;
      continue;
    }
    if (errno != EEXIST)
      return PLACE_FAILED;
    p = compare(spool, stored, md5);
    if (p == PLACE_REPLACED)
      p = replace(spool, stored, md5);
    if (p != PLACE_FAILED || errno != ENOENT)
      return p; /* else it went meanwhile */
  }
}
