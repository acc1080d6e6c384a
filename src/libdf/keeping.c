#include "keeping.h"

#include "slot.h"

#include <errno.h>
#include <unistd.h>

#define DATA ".df/lock/data"
#define NEXT ".df/lock/data.wait"

/* Through a gate: else those who share the lock, always some of them, would
 * never let anyone have it alone. */
static int take(int (*lock)(const char *path)) {
  int e, fd, next = lock_wait(NEXT);
  if (next < 0)
    return -1;
  fd = lock(DATA);
  e = errno;
  close(next);
  errno = e;
  return fd;
}

int keeping_share(void) {
  return take(lock_share);
}

int keeping_alone(void) {
  return take(lock_wait);
}
