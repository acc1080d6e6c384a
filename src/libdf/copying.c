#include "copying.h"

#include "fds.h"
#include "file.h"
#include "hosts.h"
#include "keeping.h"
#include "place.h"
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const environment[] = {"PATH", "DFURL", "http_proxy",
                                          "no_proxy", 0};

void copying_path(char out[COPYING_PATH], const char *md5) {
  snprintf(out, COPYING_PATH, ".df/verify/%.32s", md5);
}

/* Its exit code; -1. */
static int run(const char *const *argv) {
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
  return WIFEXITED(status) ? WEXITSTATUS(status) : 111;
}

int copying_get(const struct header *h, const char *header, size_t len,
                int (*allow)(void *context, const char *host), void *context,
                const char **why) {
  static struct hosts hosts;
  const char *argv[8 + 2 * COPYING_HOSTS];
  char path[COPYING_PATH], most[24];
  int n = 0, asked = 0, r;
  copying_path(path, h->md5);
  snprintf(most, sizeof most, "%llu",
           (unsigned long long)(h->length ? h->length : 1));
  argv[n++] = "getdf";
  argv[n++] = "-eq";
  argv[n++] = "-m";
  argv[n++] = most;
  argv[n++] = "-o";
  argv[n++] = path;
  hosts.n = 0;
  hosts_add_header(&hosts, header, len);
  for (size_t i = 0; i < hosts.n && asked < COPYING_HOSTS; ++i) {
    if (!allow(context, hosts.at[i].name))
      continue;
    argv[n++] = "-H";
    argv[n++] = hosts.at[i].name;
    ++asked;
  }
  argv[n++] = h->md5;
  argv[n] = 0;
  *why = "none of its hosts is allowed by the target rules";
  if (!asked)
    return 0;
  r = run(argv);
  *why = "no host has given a good copy";
  return r < 0 ? -1 : !r;
}

static int place_it(const char *path, const char *md5, const char **why) {
  char dir[STORE_MD5];
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), e, r;
  if (fd < 0)
    return -1;
  r = fchmod(fd, 0444) < 0 || fsync(fd) < 0 ? -1 : 0;
  e = errno;
  close(fd);
  errno = e;
  store_data_dir(dir, md5);
  if (r < 0 || file_mkdir(dir, 0755) < 0)
    return -1;
  switch (place(path, md5)) {
  case PLACE_COLLISION:
    *why = "other data of the same MD5 is stored";
    return 0;
  case PLACE_FAILED:
    return -1;
  default:
    return file_sync_dir(dir) < 0 || file_sync_dir("md5") < 0 ? -1 : 1;
  }
}

int copying_place(const char *md5, const char **why) {
  char path[COPYING_PATH];
  int keeping = keeping_share(), e, r;
  if (keeping < 0)
    return -1;
  copying_path(path, md5);
  r = place_it(path, md5, why);
  e = errno;
  close(keeping);
  unlink(path); /* it was there already */
  errno = e;
  return r;
}
