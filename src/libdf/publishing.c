#include "publishing.h"

#include "fds.h"

#include <errno.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/wait.h>

static const char *const environment[] = {"PATH", "DFHOST", 0};

int publishing_run(void) {
  const char *argv[] = {"dfpublish", "-c", 0};
  char *env[sizeof environment / sizeof *environment];
  pid_t pid;
  int status;
  fds_environment(environment, env);
  errno = posix_spawnp(&pid, argv[0], 0, 0, (char **)(uintptr_t)argv, env);
  if (errno)
    return -1;
  while (waitpid(pid, &status, 0) < 0)
    if (errno != EINTR)
      return -1;
  return 0;
}
