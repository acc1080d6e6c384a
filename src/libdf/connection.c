#include "connection.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

static int linger(int fd, int on) {
  struct linger l = {.l_onoff = on, .l_linger = 0};
  return setsockopt(fd, SOL_SOCKET, SO_LINGER, &l, sizeof l);
}

int connection_guard(int fd) {
  int domain = 0;
  socklen_t len = sizeof domain;
  if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len) < 0)
    return errno == ENOTSOCK ? 0 : -1;
  if (linger(fd, 1) < 0)
    return -1;
  return domain == AF_INET || domain == AF_INET6;
}

int connection_move(void) {
  int fd = fcntl(0, F_DUPFD_CLOEXEC, 3);
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (fd < 0 || null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0)
    return -1;
  close(null);
  return fd;
}

int connection_end(int fd) {
  if (linger(fd, 0) < 0)
    return errno == ENOTSOCK ? 0 : -1;
  return shutdown(fd, SHUT_WR);
}
