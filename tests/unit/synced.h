#ifndef SYNCED_H
#define SYNCED_H

/* In place of the C library's: what the module syncs, in order. Included after
 * cmocka.h, once in a program. */

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int fsync(int fd);
int syncfs(int fd);

static char synced_log[65536]; /* a path a line; of syncfs with "/." */
static size_t synced_len;
static int synced_fails; /* 1: every sync does */

static inline void synced_forget(void) {
  synced_len = 0;
  *synced_log = 0;
}

static inline int synced_note(int fd, const char *end) {
  char link[64], path[4096], here[4096];
  ssize_t len;
  const char *p = path;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  len = readlink(link, path, sizeof path - 1);
  if (len < 0 || !getcwd(here, sizeof here))
    return -1;
  path[len] = 0;
  if (!strcmp(path, here))
    p = ".";
  if (!strncmp(path, here, strlen(here)) && path[strlen(here)] == '/')
    p += strlen(here) + 1;
  synced_len +=
      (size_t)snprintf(synced_log + synced_len, sizeof synced_log - synced_len,
                       "%s%s\n", p, end);
  assert_true(synced_len < sizeof synced_log);
  if (synced_fails)
    errno = EIO;
  return synced_fails ? -1 : 0;
}

int fsync(int fd) {
  return synced_note(fd, "") < 0 ? -1 : (int)syscall(SYS_fsync, fd);
}

int syncfs(int fd) {
  return synced_note(fd, "/.") < 0 ? -1 : (int)syscall(SYS_syncfs, fd);
}

/* Where in that order a path is, from 1 on, that a pattern of the shell fits
 * and that was synced since synced_forget; 0: none. */
static inline int synced(const char *pattern) {
  char path[4096];
  const char *p = synced_log;
  for (int n = 1; *p; ++n) {
    size_t len = strcspn(p, "\n");
    snprintf(path, sizeof path, "%.*s", (int)len, p);
    if (!fnmatch(pattern, path, FNM_PATHNAME))
      return n;
    p += len + 1;
  }
  return 0;
}

#endif
