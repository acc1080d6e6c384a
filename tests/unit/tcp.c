#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "tcp.h"

static int client, server;

static int start(void **state) {
  struct sockaddr_in a = {.sin_family = AF_INET};
  socklen_t len = sizeof a;
  int s = socket(AF_INET, SOCK_STREAM, 0);
  (void)state;
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  client = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(s, (void *)&a, len) < 0 || listen(s, 1) < 0 ||
      getsockname(s, (void *)&a, &len) < 0 ||
      connect(client, (void *)&a, len) < 0)
    return -1;
  server = accept(s, 0, 0);
  return close(s);
}

static void what_it_is(void **state) {
  int p[2], u[2];
  (void)state;
  assert_int_equal(pipe(p), 0);
  assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, u), 0);
  assert_int_equal(tcp_is(client), 1);
  assert_int_equal(tcp_is(u[0]), 0);
  assert_int_equal(tcp_is(p[0]), 0);
  assert_int_equal(tcp_option(p[0], SOL_SOCKET, SO_TYPE), -1);
  assert_int_equal(tcp_option(u[0], SOL_SOCKET, SO_TYPE), SOCK_STREAM);
  assert_int_equal(tcp_linger(p[0], 1), -1);
  assert_int_equal(errno, ENOTSOCK);
  assert_int_equal(tcp_unacknowledged(p[0]), -1);
  for (int i = 0; i < 2; ++i) {
    close(p[i]);
    close(u[i]);
  }
}

static void options(void **state) {
  struct linger l;
  socklen_t len = sizeof l;
  (void)state;
  tcp_keepalive(client);
  assert_int_equal(tcp_option(client, SOL_SOCKET, SO_KEEPALIVE), 1);
  assert_int_equal(tcp_option(client, IPPROTO_TCP, TCP_KEEPIDLE), 30);
  assert_int_equal(tcp_option(client, IPPROTO_TCP, TCP_KEEPINTVL), 10);
  assert_int_equal(tcp_option(client, IPPROTO_TCP, TCP_KEEPCNT), 3);
  assert_int_equal(tcp_linger(client, 1), 0);
  assert_int_equal(getsockopt(client, SOL_SOCKET, SO_LINGER, &l, &len), 0);
  assert_int_equal(l.l_onoff, 1);
  assert_int_equal(l.l_linger, 0);
}

static void pace(void **state) {
  unsigned long rate = 0;
  socklen_t len = sizeof rate;
  (void)state;
  assert_int_equal(tcp_pace(client, UINT64_C(1) << 33), 0);
  assert_int_equal(
      getsockopt(client, SOL_SOCKET, SO_MAX_PACING_RATE, &rate, &len), 0);
  assert_true(rate == (unsigned long)1 << 33);
  assert_int_equal(tcp_pace(-1, 1000000), -1);
}

static void a_reset(void **state) {
  static char much[1 << 22];
  ssize_t sent;
  char c;
  (void)state;
  assert_int_equal(tcp_unacknowledged(client), 0);
  fcntl(client, F_SETFL, O_NONBLOCK);
  while ((sent = write(client, much, sizeof much)) > 0)
    ;
  assert_true(tcp_unacknowledged(client) > 0);
  close(client);
  while ((sent = read(server, &c, 1)) > 0)
    ;
  assert_int_equal(sent, -1);
  assert_int_equal(errno, ECONNRESET);
  close(server);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_it_is), cmocka_unit_test(options),
      cmocka_unit_test(pace), cmocka_unit_test(a_reset)};
  return cmocka_run_group_tests(tests, start, 0);
}
