#include "publishing.h"

#include "fds.h"
#include "rewriting.h"

#include <errno.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/wait.h>

static const char *const environment[] = {"PATH", "DFHOST", "DFURL", 0};

static pid_t start(const char *option) {
  const char *argv[] = {"dfpublish", option, 0};
  char *env[sizeof environment / sizeof *environment];
  pid_t pid;
  fds_environment(environment, env);
  errno = posix_spawnp(&pid, argv[0], 0, 0, (char **)(uintptr_t)argv, env);
  return errno ? -1 : pid;
}

static int finish(pid_t pid, int *status) {
  if (pid < 0)
    return -1;
  while (waitpid(pid, status, 0) < 0)
    if (errno != EINTR)
      return -1;
  return 0;
}

int publishing_run(void) {
  int status;
  return finish(start("-c"), &status);
}

int publishing_catch_up(void) {
  int due = rewriting_due();
  if (due > 0)
    due = start("-c");
  return due < 0 ? -1 : 0;
}

int publishing_all(void) {
  int status;
  if (finish(start(0), &status) < 0)
    return -1;
  return WIFEXITED(status) && !WEXITSTATUS(status);
}
