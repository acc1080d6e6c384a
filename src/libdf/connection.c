#include "connection.h"

#include "tcp.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

int connection_guard(int fd) {
  if (tcp_linger(fd, 1) < 0)
    return errno == ENOTSOCK ? 0 : -1;
  return tcp_is(fd);
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
  if (tcp_linger(fd, 0) < 0)
    return errno == ENOTSOCK ? 0 : -1;
  return shutdown(fd, SHUT_WR);
}
