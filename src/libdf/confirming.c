#include "confirming.h"

#include "fds.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

static const char *const environment[] = {
    "PATH", "DFHOST", "DFURL", "DNSCACHEIP", "DNSREWRITEFILE", "HOME", 0};

int confirming_wanted(void) {
  const char *url = getenv("DFURL");
  return url && *url;
}

pid_t confirming_start(const struct confirming *c) {
  char t[16], connect[16], wait[16];
  const char *argv[] = {"dfreceipt", "-t", t,         "-T",      connect,
                        "-w",        wait, c->target, c->stream, 0};
  char *env[sizeof environment / sizeof *environment];
  posix_spawnattr_t attr;
  sigset_t none;
  pid_t pid;
  snprintf(t, sizeof t, "%u", c->timeout);
  snprintf(connect, sizeof connect, "%u", c->connect_timeout);
  snprintf(wait, sizeof wait, "%u", c->wait);
  fds_environment(environment, env);
  sigemptyset(&none);
  posix_spawnattr_init(&attr);
  posix_spawnattr_setsigmask(&attr, &none);
  posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
  errno = posix_spawnp(&pid, argv[0], 0, &attr, (char **)(uintptr_t)argv, env);
  posix_spawnattr_destroy(&attr);
  return errno ? -1 : pid;
}

int confirming_run(const struct confirming *c) {
  pid_t pid = confirming_start(c);
  int status;
  if (pid < 0)
    return 111;
  while (waitpid(pid, &status, 0) < 0)
    if (errno != EINTR)
      return 111;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 111;
}
