#include "trigger.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define TRIGGER ".df/trigger"

/* Open for writing too: else it is at its end when a writer has gone. */
int trigger_open(void) {
  if (mkfifo(TRIGGER, 0600) < 0 && errno != EEXIST)
    return -1;
  return open(TRIGGER, O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
}

int trigger_clear(int fd) {
  char bytes[512];
  int told = 0;
  while (read(fd, bytes, sizeof bytes) > 0)
    told = 1;
  return told;
}

void trigger_pull(void) {
  int fd = open(TRIGGER, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0)
    return;
  if (write(fd, "", 1) < 0)
    errno = 0; /* it is full: dfretry knows */
  close(fd);
}
