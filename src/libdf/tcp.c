#include "tcp.h"

#include <limits.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

int tcp_option(int fd, int level, int name) {
  int v = -1;
  socklen_t len = sizeof v;
  return getsockopt(fd, level, name, &v, &len) == 0 ? v : -1;
}

int tcp_is(int fd) {
  int domain = tcp_option(fd, SOL_SOCKET, SO_DOMAIN);
  return (domain == AF_INET || domain == AF_INET6) &&
         tcp_option(fd, SOL_SOCKET, SO_TYPE) == SOCK_STREAM;
}

int tcp_linger(int fd, int on) {
  const struct linger l = {on, 0};
  return setsockopt(fd, SOL_SOCKET, SO_LINGER, &l, sizeof l);
}

int tcp_pace(int fd, uint64_t rate) {
  const unsigned long most = rate < ULONG_MAX ? (unsigned long)rate : ULONG_MAX;
  return setsockopt(fd, SOL_SOCKET, SO_MAX_PACING_RATE, &most, sizeof most);
}

void tcp_keepalive(int fd) {
  const int on = 1, idle = 30, interval = 10, count = 3;
  setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
  setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof interval);
  setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &count, sizeof count);
}

void tcp_nodelay(int fd) {
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

int tcp_unacknowledged(int fd) {
  int n = 0;
  return ioctl(fd, SIOCOUTQ, &n) < 0 ? -1 : n;
}
