#include "clock.h"

#include <poll.h>
#include <time.h>

uint64_t clock_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void clock_wait(unsigned int ms) {
  poll(0, 0, (int)ms);
}
