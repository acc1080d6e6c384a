#include "relay.h"

#include "digest.h"
#include "fds.h"
#include "file.h"
#include "number.h"
#include "slot.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static const char *const environment[] = {
    "PATH",      "DFHOST",     "DFPORT",         "DFURL", "DFCLIENT",
    "DFTARGETS", "DNSCACHEIP", "DNSREWRITEFILE", "HOME",  0};
#define ENVIRONMENT (sizeof environment / sizeof *environment)

static int number(const char *s, uint64_t max, unsigned int *out) {
  uint64_t u;
  if (!number_arg(s, 1, max, &u))
    return 0;
  *out = (unsigned)u;
  return 1;
}

int relay_option(struct relay *r, int option, const char *argument) {
  switch (option) {
  case 't':
    return number(argument, 86400, &r->timeout);
  case 'T':
    return number(argument, 86400, &r->connect_timeout);
  case 'n':
    return number(argument, LIST_ENTRIES, &r->relays);
  case 'r':
    return number_rate(argument, &r->rate);
  default:
    return 0;
  }
}

/* NUMBER.list, locked: who holds the lock has the stream's duties for this
 * target. */
static int put_list(const struct relay *r, uint32_t number,
                    const struct entry *e, const char *rest, size_t rest_len) {
  char path[SPOOL_PATH];
  int fd;
  spool_path(path, r->spool, number, ".list");
  fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    return -1;
  if (flock(fd, LOCK_EX) == 0 &&
      file_write(fd, LIST_MAGIC, strlen(LIST_MAGIC)) == 0 &&
      file_write(fd, e->branch, e->branch_len) == 0 &&
      file_write(fd, rest, rest_len) == 0)
    return fd;
  close(fd);
  return -1;
}

/* A target too long for a name of a file: the MD5 of it. */
static int take_target(const struct entry *e) {
  char text[LIST_TEXT], name[LIST_TEXT + 16], md5[MD5_HEX + 1];
  size_t len = entry_text(e, text);
  digest_md5(text, len, md5);
  snprintf(name, sizeof name, "target-%s", len > 200 ? md5 : text);
  return slot_take(name, RELAY_PER_TARGET);
}

/* A descriptor that is put on itself stays open in the new program. */
static pid_t run(const struct relay *r, uint32_t number, const struct entry *e,
                 const int keep[5]) {
  char t[16], connect[16], relays[16], rate[24], n[16], port[16];
  char host[LIST_TEXT];
  const char *argv[] = {
      "dfrelay", "-r",           rate, "-t",   t,
      "-T",      connect,        "-n", relays, r->whole ? "-wi" : "-i",
      r->id,     r->spool->name, n,    host,   port,
      0};
  const char **words = r->rate ? argv : argv + 2;
  char *env[ENVIRONMENT];
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attr;
  sigset_t none;
  pid_t pid;
  words[0] = argv[0];
  snprintf(rate, sizeof rate, "%llu", (unsigned long long)r->rate);
  snprintf(t, sizeof t, "%u", r->timeout);
  snprintf(connect, sizeof connect, "%u", r->connect_timeout);
  snprintf(relays, sizeof relays, "%u", r->relays);
  snprintf(n, sizeof n, "%lu", (unsigned long)number);
  snprintf(port, sizeof port, "%u", (unsigned)e->port);
  entry_host(e, host);
  fds_environment(environment, env);
  sigemptyset(&none);
  posix_spawnattr_init(&attr);
  posix_spawnattr_setsigmask(&attr, &none);
  posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
  errno = posix_spawn_file_actions_init(&actions);
  for (int i = 0; !errno && i < 5 && keep[i]; ++i)
    errno = posix_spawn_file_actions_adddup2(&actions, keep[i], keep[i]);
  if (!errno)
    errno = posix_spawnp(&pid, words[0], &actions, &attr,
                         (char **)(uintptr_t)words, env);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attr);
  return errno ? -1 : pid;
}

pid_t relay_start(const struct relay *r, uint32_t number, const struct entry *e,
                  const char *rest, size_t rest_len) {
  int slot, target, list, error;
  pid_t started = -1;
  slot = slot_take("relay", r->relays);
  if (slot < 0)
    return errno == EAGAIN ? 0 : -1;
  target = take_target(e);
  if (target < 0) {
    error = errno;
    close(slot);
    errno = error;
    return errno == EAGAIN ? 0 : -1;
  }
  list = put_list(r, number, e, rest, rest_len);
  if (list >= 0)
    started =
        run(r, number, e, (int[]){slot, target, list, r->spool->lock, r->lock});
  error = errno;
  close(slot);
  close(target);
  if (list >= 0)
    close(list);
  errno = error;
  return started;
}
