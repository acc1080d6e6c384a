#include "turn.h"

#include "slot.h"

#include <errno.h>
#include <unistd.h>

#define NEXT ".df/lock/publish.wait"
#define NOW ".df/lock/publish"

int turn_take(int leave, int *lock) {
  int e, next = leave ? lock_take(NEXT) : lock_wait(NEXT);
  if (next < 0)
    return leave && errno == EAGAIN ? 0 : -1;
  *lock = lock_wait(NOW);
  e = errno;
  close(next);
  errno = e;
  return *lock < 0 ? -1 : 1;
}
