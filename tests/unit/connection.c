#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "connection.h"

/* Both ends of a TCP connection over the loopback. */
static void tcp(int *server, int *client) {
  struct sockaddr_in a = {.sin_family = AF_INET};
  socklen_t len = sizeof a;
  int listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  assert_int_equal(bind(listening, (struct sockaddr *)&a, len), 0);
  assert_int_equal(listen(listening, 1), 0);
  assert_int_equal(getsockname(listening, (struct sockaddr *)&a, &len), 0);
  *client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_int_equal(connect(*client, (struct sockaddr *)&a, len), 0);
  *server = accept(listening, 0, 0);
  assert_true(*server >= 0);
  close(listening);
}

static int linger_of(int fd) {
  struct linger l;
  socklen_t len = sizeof l;
  assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_LINGER, &l, &len), 0);
  assert_int_equal(l.l_linger, 0);
  return l.l_onoff != 0;
}

static void guard_says_what_it_is(void **state) {
  int server, client, pair[2], p[2];
  (void)state;
  tcp(&server, &client);
  assert_int_equal(connection_guard(server), 1);
  assert_int_equal(linger_of(server), 1);
  close(server);
  close(client);
  server = socket(AF_INET6, SOCK_STREAM, 0);
  if (server >= 0) {
    assert_int_equal(connection_guard(server), 1);
    close(server);
  }
  assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  assert_int_equal(connection_guard(pair[0]), 0);
  assert_int_equal(pipe(p), 0);
  assert_int_equal(connection_guard(p[0]), 0);
  assert_int_equal(connection_end(p[1]), 0);
  assert_int_equal(write(p[1], "x", 1), 1);
  close(pair[0]);
  close(pair[1]);
  close(p[0]);
  close(p[1]);
  assert_int_equal(connection_guard(p[0]), -1);
  assert_int_equal(errno, EBADF);
  assert_int_equal(connection_end(p[0]), -1);
  assert_int_equal(errno, EBADF);
}

/* What a client sees: 0 end of file, else errno. The server's end is only in
 * the child, which has got and read a byte, and goes as told: 0 killed, 1 exit,
 * 2 connection_end, 3 the same with a byte unread. */
static int seen(int how) {
  int server, client, status, e = 0;
  char c;
  pid_t pid;
  tcp(&server, &client);
  assert_int_equal(write(client, "xy", how == 3 ? 2 : 1), how == 3 ? 2 : 1);
  pid = fork();
  assert_true(pid >= 0);
  if (pid == 0) {
    close(client);
    if (connection_guard(server) != 1 || read(server, &c, 1) != 1)
      _exit(1);
    if (how == 0)
      kill(getpid(), SIGKILL);
    if (how >= 2 && connection_end(server) < 0)
      _exit(1);
    _exit(0);
  }
  close(server);
  assert_int_equal(waitpid(pid, &status, 0), pid);
  assert_int_equal(how == 0 ? WTERMSIG(status) : status, how ? 0 : SIGKILL);
  if (read(client, &c, 1) < 0)
    e = errno;
  close(client);
  return e;
}

static void death_is_a_reset(void **state) {
  (void)state;
  assert_int_equal(seen(0), ECONNRESET);
  assert_int_equal(seen(1), ECONNRESET);
}

static void end_is_orderly(void **state) {
  (void)state;
  assert_int_equal(seen(2), 0);
}

static void end_half_closes(void **state) {
  int server, client;
  char c;
  (void)state;
  tcp(&server, &client);
  assert_int_equal(connection_guard(server), 1);
  assert_int_equal(connection_end(server), 0);
  assert_int_equal(linger_of(server), 0);
  assert_int_equal(read(client, &c, 1), 0);
  assert_int_equal(write(client, "z", 1), 1);
  assert_int_equal(read(server, &c, 1), 1);
  close(server);
  close(client);
}

/* How many descriptors above 2 are /dev/null. */
static int nulls_above(void) {
  struct stat null, st;
  int n = 0;
  if (stat("/dev/null", &null) < 0)
    return -1;
  for (int i = 3; i < 100; ++i)
    n += fstat(i, &st) == 0 && st.st_rdev == null.st_rdev;
  return n;
}

static void moves(void **state) {
  int server, client, status;
  pid_t pid;
  char c;
  (void)state;
  tcp(&server, &client);
  pid = fork();
  assert_true(pid >= 0);
  if (pid == 0) {
    struct stat null, a, b;
    int fd, nulls;
    dup2(server, 0);
    dup2(server, 1);
    close(server);
    close(client);
    nulls = nulls_above();
    fd = connection_move();
    if (fd < 3 || !(fcntl(fd, F_GETFD) & FD_CLOEXEC))
      _exit(1);
    if (stat("/dev/null", &null) < 0 || fstat(0, &a) < 0 || fstat(1, &b) < 0 ||
        a.st_rdev != null.st_rdev || b.st_rdev != null.st_rdev)
      _exit(2);
    if (fcntl(0, F_GETFD) || fcntl(1, F_GETFD))
      _exit(3);
    if (write(1, "nowhere", 7) != 7 || write(fd, "k", 1) != 1)
      _exit(4);
    if (nulls_above() != nulls)
      _exit(5);
    _exit(0);
  }
  close(server);
  assert_int_equal(waitpid(pid, &status, 0), pid);
  assert_int_equal(status, 0);
  assert_int_equal(read(client, &c, 1), 1);
  assert_int_equal(c, 'k');
  assert_int_equal(read(client, &c, 1), 0);
  close(client);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(guard_says_what_it_is),
      cmocka_unit_test(death_is_a_reset),
      cmocka_unit_test(end_is_orderly),
      cmocka_unit_test(end_half_closes),
      cmocka_unit_test(moves),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
