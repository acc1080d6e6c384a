/* short.so, for LD_PRELOAD: what is read and written comes and goes in pieces
 * of 1 to $FAULTS_SHORT bytes; where $FAULTS_EINTR is set, about every second
 * call ends by a signal. Only in programs whose name begins with df, in pushdf
 * and getdf. $FAULTS_SHORT in the environment of the first is enough: what
 * dfserve starts does not get it, so there are scripts in their place that set
 * it again. */
#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static size_t most;
static int storm;
static uint32_t reads, recvs, preads, writes, writevs, polls, waits;

__attribute__((constructor)) static void start(void) {
  const char *n = getenv("FAULTS_SHORT"), *name = program_invocation_short_name;
  if (!n || (strncmp(name, "df", 2) && strcmp(name, "pushdf") &&
             strcmp(name, "getdf")))
    return;
  most = strtoul(n, 0, 10);
  storm = getenv("FAULTS_EINTR") != 0;
}

/* Of the calls of one name, and not in turns: where two calls follow each other
 * it would always be the same that fails. */
static int interrupted(uint32_t *calls) {
  *calls = *calls * 1664525 + 1013904223;
  if (!storm || *calls >> 31)
    return 0;
  errno = EINTR;
  return 1;
}

static size_t cut(size_t len) {
  static uint32_t seed = 1;
  size_t n;
  if (!most)
    return len;
  seed = seed * 1664525 + 1013904223;
  n = 1 + (seed >> 8) % most;
  return n < len ? n : len;
}

ssize_t read(int fd, void *p, size_t len) {
  return interrupted(&reads) ? -1 : syscall(SYS_read, fd, p, cut(len));
}

ssize_t recv(int fd, void *p, size_t len, int flags) {
  if (interrupted(&recvs))
    return -1;
  return syscall(SYS_recvfrom, fd, p, cut(len), flags, 0, 0);
}

ssize_t pread(int fd, void *p, size_t len, off_t at) {
  return interrupted(&preads) ? -1 : syscall(SYS_pread64, fd, p, cut(len), at);
}

ssize_t write(int fd, const void *p, size_t len) {
  return interrupted(&writes) ? -1 : syscall(SYS_write, fd, p, cut(len));
}

/* Of the first piece that is not empty. */
ssize_t writev(int fd, const struct iovec *v, int n) {
  if (interrupted(&writevs))
    return -1;
  if (!most)
    return syscall(SYS_writev, fd, v, n);
  for (; n > 1 && !v->iov_len; ++v)
    --n;
  return syscall(SYS_write, fd, v->iov_base, cut(v->iov_len));
}

int poll(struct pollfd *p, nfds_t n, int ms) {
  return interrupted(&polls) ? -1 : (int)syscall(SYS_poll, p, n, ms);
}

pid_t waitpid(pid_t pid, int *status, int options) {
  if (!(options & WNOHANG) && interrupted(&waits))
    return -1;
  return (pid_t)syscall(SYS_wait4, pid, status, options, 0);
}
