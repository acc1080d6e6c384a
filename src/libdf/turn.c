#include "turn.h"

#include "slot.h"

#include <errno.h>
#include <unistd.h>

#define NEXT ".df/lock/publish.wait"
#define NOW ".df/lock/publish"

int turn_take(int leave) {
  int e, now, next = leave ? lock_take(NEXT) : lock_wait(NEXT);
  if (next < 0)
    return leave && errno == EAGAIN ? 0 : -1;
  now = lock_wait(NOW); /* stays open */
  e = errno;
  close(next);
  errno = e;
  return now < 0 ? -1 : 1;
}
