#include "follow.h"

#include <poll.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <unistd.h>

#define TICK_MS 500 /* a lock is freed after the last event */
#define SHORT_MS 20

static int watch(const struct follow *f, int fd) {
  char path[32];
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  return inotify_add_watch(f->inotify, path, IN_MODIFY | IN_CLOSE_WRITE);
}

void follow_start(struct follow *f, int fd) {
  f->spool = -1;
  f->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (f->inotify >= 0 && watch(f, fd) < 0) {
    close(f->inotify);
    f->inotify = -1;
  }
}

void follow_spool(struct follow *f, int fd) {
  if (f->inotify < 0)
    return;
  if (f->spool >= 0)
    inotify_rm_watch(f->inotify, f->spool);
  f->spool = fd < 0 ? -1 : watch(f, fd);
}

void follow_wait(struct follow *f, int other) {
  char events[4096];
  struct pollfd p[2] = {{.fd = other, .events = POLLIN},
                        {.fd = f->inotify, .events = POLLIN}};
  poll(p, 2, f->inotify < 0 ? SHORT_MS : TICK_MS);
  if (f->inotify >= 0)
    while (read(f->inotify, events, sizeof events) > 0)
      ;
}

int follow_gone(int fd) {
  if (flock(fd, LOCK_SH | LOCK_NB) < 0)
    return 0;
  flock(fd, LOCK_UN);
  return 1;
}
