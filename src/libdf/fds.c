#include "fds.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

int fds_check(void) {
  for (int fd = 0; fd < 3; ++fd)
    if (fcntl(fd, F_GETFD) < 0)
      return -1;
  return 0;
}

void fds_close_from(int first) {
  if (close_range((unsigned int)first, ~0U, 0) == 0)
    return;
  for (int fd = first, max = (int)sysconf(_SC_OPEN_MAX); fd < max; ++fd)
    close(fd);
}

void fds_environment(const char *const *names, char **env) {
  for (; *names; ++names) {
    size_t len = strlen(*names);
    for (char **e = environ; *e; ++e)
      if (!strncmp(*e, *names, len) && (*e)[len] == '=') {
        *env++ = *e;
        break;
      }
  }
  *env = 0;
}
