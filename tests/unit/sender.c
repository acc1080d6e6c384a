/* waits */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sender.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define ID "000102030405060708090a0b0c0d0e0f"
#define HEADER "Host: 10.0.0.1\nStamp: @400000006760e4800000000a\n"
#define MD5 "5d41402abc4b2a76b9719d911017c592"

static const char whole[] =
    "3:DF1,32:" ID ",0:,48:" HEADER ",5:hello,0:,60:Content-Length: 5\n"
    "md5hash: " MD5 "\n,0:,";

static void close_others(int but) {
  for (int fd = 3; fd < 20; fd++)
    if (fd != but)
      close(fd);
}

/* A connected pair of TCP sockets: ours on 6 and 7, the server's returned. */
static int connect_tcp(void) {
  struct sockaddr_in a = {.sin_family = AF_INET};
  socklen_t len = sizeof a;
  const int l = socket(AF_INET, SOCK_STREAM, 0);
  const int c = socket(AF_INET, SOCK_STREAM, 0);
  int s;

  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  assert_int_equal(bind(l, (struct sockaddr *)&a, sizeof a), 0);
  assert_int_equal(listen(l, 1), 0);
  assert_int_equal(getsockname(l, (struct sockaddr *)&a, &len), 0);
  assert_int_equal(connect(c, (struct sockaddr *)&a, sizeof a), 0);
  s = fcntl(accept(l, 0, 0), F_DUPFD, 20);
  assert_true(s >= 20);
  close_others(c);
  if (c != 6)
    assert_int_equal(dup2(c, 6), 6);
  if (c != 7)
    assert_int_equal(dup2(c, 7), 7);
  if (c != 6 && c != 7)
    close(c);
  return s;
}

static void close_ours(void) {
  close(6);
  close(7);
}

static void reset(int s) {
  const struct linger l = {1, 0};

  setsockopt(s, SOL_SOCKET, SO_LINGER, &l, sizeof l);
  close(s);
}

static struct sender s;

static int send_chunk(void) {
  struct trailer t = {.length = 5, .md5 = MD5};

  if (sender_begin(&s, ID, "", 0) < 0 ||
      sender_header(&s, HEADER, strlen(HEADER)) < 0 ||
      sender_block(&s, "hello", 5) < 0)
    return -1;
  return sender_trailer(&s, &t);
}

static size_t read_all(int fd, char *buf, size_t max) {
  size_t n = 0;
  ssize_t r;

  while (n < max && (r = read(fd, buf + n, max - n)) > 0)
    n += (size_t)r;
  return n;
}

/* Runs f(fd) as the server, in a process of its own. */
static pid_t serve(int fd, void (*f)(int)) {
  const pid_t pid = fork();

  assert_true(pid >= 0);
  if (pid == 0) {
    close_ours();
    f(fd);
    _exit(0);
  }
  close(fd);
  return pid;
}

static int status_of(pid_t pid) {
  int status;

  assert_int_equal(waitpid(pid, &status, 0), pid);
  return status;
}

static void take_all(int fd) {
  char buf[1024];

  if (read_all(fd, buf, sizeof buf) != sizeof whole - 1 ||
      memcmp(buf, whole, sizeof whole - 1) != 0)
    _exit(1);
}

static void take_all_say_byte(int fd) {
  take_all(fd);
  if (write(fd, "x", 1) != 1)
    _exit(1);
}

static void take_all_reset(int fd) {
  take_all(fd);
  reset(fd);
}

static void take_all_die(int fd) {
  const struct linger l = {1, 0};

  setsockopt(fd, SOL_SOCKET, SO_LINGER, &l, sizeof l);
  take_all(fd);
  raise(SIGKILL);
}

static void wait_long(int fd) {
  struct pollfd p = {fd, 0, 0};

  poll(&p, 1, 10000);
}

static void sends_and_ends(void **state) {
  const pid_t pid = serve(connect_tcp(), take_all);

  (void)state;
  assert_int_equal(sender_start(&s, 5), 0);
  assert_true(s.is_tcp);
  assert_int_equal(send_chunk(), 0);
  assert_int_equal(sender_end(&s, 5), 0);
  assert_int_equal(s.bytes, sizeof whole - 1);
  assert_int_equal(status_of(pid), 0);
  close_ours();
}

static void fails(void (*server)(int), const char *why) {
  const pid_t pid = serve(connect_tcp(), server);

  assert_int_equal(sender_start(&s, 5), 0);
  assert_int_equal(send_chunk(), 0);
  assert_int_equal(sender_end(&s, 5), -1);
  assert_string_equal(s.why, why);
  assert_int_equal(s.error, 0);
  status_of(pid);
  assert_int_equal(sender_end(&s, 5), -1);
  assert_int_equal(send_chunk(), -1);
  close_ours();
}

static void fails_after_the_end_mark(void **state) {
  (void)state;
  fails(take_all_say_byte, "the server sent something");
  fails(take_all_reset, "connection reset by the server");
  fails(take_all_die, "connection reset by the server");
}

/* What the server did before is seen before anything is sent. */
static void sees_an_early_end(void **state) {
  struct pollfd p = {6, POLLIN, 0};
  int fd = connect_tcp();

  (void)state;
  assert_int_equal(sender_start(&s, 5), 0);
  assert_int_equal(sender_idle(&s), 0);
  shutdown(fd, SHUT_WR);
  poll(&p, 1, 5000);
  assert_int_equal(sender_idle(&s), -1);
  assert_string_equal(s.why, "the server ended the connection too early");
  assert_int_equal(send_chunk(), -1);
  assert_int_equal(s.bytes, 0);
  close(fd);
  close_ours();

  fd = connect_tcp();
  assert_int_equal(sender_start(&s, 5), 0);
  assert_int_equal(write(fd, "x", 1), 1);
  poll(&p, 1, 5000);
  assert_int_equal(send_chunk(), 0); /* it is held */
  assert_int_equal(sender_idle(&s), -1);
  assert_string_equal(s.why, "the server sent something");
  assert_int_equal(sender_block(&s, "hello", 5), -1);
  assert_int_equal(sender_wait(&s, 0), -1);
  assert_int_equal(s.bytes, 0);
  close(fd);
  close_ours();

  fd = connect_tcp();
  assert_int_equal(sender_start(&s, 5), 0);
  reset(fd);
  poll(&p, 1, 5000);
  assert_int_equal(sender_wait(&s, 0), -1);
  assert_string_equal(s.why, "connection reset by the server");
  close_ours();
}

static int tcp_state(int fd) {
  struct tcp_info info;
  socklen_t len = sizeof info;

  return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) == 0
             ? info.tcpi_state
             : -1;
}

/* Two connections, one on 6 and one on 7: so the end of the first can come when
 * the second is in any state. */
static void connect_two(int *end_of_6, int *end_of_7) {
  int ours;

  *end_of_6 = connect_tcp();
  ours = fcntl(6, F_DUPFD, 20);
  *end_of_7 = connect_tcp();
  assert_int_equal(dup2(ours, 6), 6);
  close(ours);
  assert_int_equal(sender_start(&s, 5), 0);
  assert_true(s.is_tcp);
}

/* End of file, but not all of ours is acknowledged. */
static void asks_for_acknowledgement(void **state) {
  static char big[100000];
  const int room = 200000, little = 1;
  int end_of_6, end_of_7;
  pid_t pid;

  (void)state;
  connect_two(&end_of_6, &end_of_7);
  setsockopt(end_of_7, SOL_SOCKET, SO_RCVBUF, &little, sizeof little);
  setsockopt(7, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
  assert_int_equal(send_chunk(), 0);
  assert_int_equal(sender_block(&s, big, sizeof big), 0);
  pid = fork();
  if (pid == 0) {
    while (tcp_state(7) != TCP_FIN_WAIT1)
      poll(0, 0, 1);
    shutdown(end_of_6, SHUT_WR);
    _exit(0);
  }
  assert_int_equal(sender_end(&s, 5), -1);
  assert_string_equal(s.why, "the server ended the connection too early");
  status_of(pid);
  close_ours();
}

/* End of file, all is acknowledged, but there was a reset after it. */
static void asks_for_errors(void **state) {
  int end_of_6, end_of_7;
  pid_t pid;

  (void)state;
  connect_two(&end_of_6, &end_of_7);
  assert_int_equal(send_chunk(), 0);
  pid = fork();
  if (pid == 0) {
    take_all(end_of_7);
    reset(end_of_7);
    while (tcp_state(7) != TCP_CLOSE)
      poll(0, 0, 1);
    shutdown(end_of_6, SHUT_WR);
    _exit(0);
  }
  close(end_of_7);
  assert_int_equal(sender_end(&s, 5), -1);
  assert_string_equal(s.why, "connection reset by the server");
  status_of(pid);
  close_ours();
}

/* Once all is sent, the death of the sender does not disturb the server. */
static void leaves_in_peace(void **state) {
  int fd = connect_tcp(), error = -1, i;
  struct linger l = {1, 0};
  socklen_t len = sizeof l;
  const pid_t pid = fork();

  (void)state;
  if (pid == 0) {
    close(fd);
    if (sender_start(&s, 5) == 0 && send_chunk() == 0)
      sender_end(&s, 5);
    _exit(1);
  }
  take_all(fd);
  for (i = 0; i < 2000 && l.l_onoff; i++, poll(0, 0, 1))
    getsockopt(7, SOL_SOCKET, SO_LINGER, &l, &len);
  close_ours();
  kill(pid, SIGKILL);
  status_of(pid);
  len = sizeof error;
  assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len), 0);
  assert_int_equal(error, 0);
  close(fd);
}

static void does_not_wait_for_ever(void **state) {
  static char big[32 << 20];
  pid_t pid = serve(connect_tcp(), wait_long);

  (void)state;
  assert_int_equal(sender_start(&s, 1), 0);
  assert_int_equal(sender_block(&s, big, sizeof big), -1);
  assert_string_equal(s.why, "time-out: the server takes nothing");
  close_ours();
  kill(pid, SIGKILL);
  status_of(pid);

  pid = serve(connect_tcp(), wait_long);
  assert_int_equal(sender_start(&s, 1), 0);
  assert_int_equal(send_chunk(), 0);
  assert_int_equal(sender_end(&s, 1), -1);
  assert_string_equal(s.why,
                      "time-out: the server does not end the connection");
  close_ours();
  kill(pid, SIGKILL);
  status_of(pid);
}

/* A sender that is killed resets: no orderly end. */
static void dies_by_reset(void **state) {
  char buf[64];
  int fd = connect_tcp();
  const pid_t pid = fork();
  ssize_t r;

  (void)state;
  if (pid == 0) {
    close(fd);
    if (sender_start(&s, 5) == 0 && sender_begin(&s, ID, "", 0) == 0 &&
        sender_idle(&s) == 0)
      raise(SIGKILL);
    _exit(1);
  }
  close_ours();
  assert_true(WIFSIGNALED(status_of(pid)));
  while ((r = recv(fd, buf, sizeof buf, 0)) > 0)
    ;
  assert_int_equal(r, -1);
  close(fd);
}

static void gives_a_chunk_up(void **state) {
  int in[2], out[2];
  char buf[64];

  (void)state;
  assert_int_equal(pipe(in), 0);
  assert_int_equal(pipe(out), 0);
  in[0] = fcntl(in[0], F_DUPFD, 20);
  out[0] = fcntl(out[0], F_DUPFD, 20);
  out[1] = fcntl(out[1], F_DUPFD, 20);
  in[1] = fcntl(in[1], F_DUPFD, 20);
  close_others(-1);
  assert_int_equal(dup2(in[0], 6), 6);
  assert_int_equal(dup2(out[1], 7), 7);
  close(out[1]);
  close(in[1]);
  assert_int_equal(sender_start(&s, 5), 0);
  assert_false(s.is_tcp || s.watch);
  assert_int_equal(sender_block(&s, "ab", 2), 0);
  assert_int_equal(sender_block(&s, "", 0), 0);
  assert_int_equal(sender_trailer(&s, 0), 0);
  assert_int_equal(sender_end(&s, 5), 0);
  assert_int_equal(read_all(out[0], buf, sizeof buf), 14);
  assert_memory_equal(buf, "2:ab,0:,0:,0:,", 14);
  close(out[0]);
  close(in[0]);
  close(6);
}

/* AF_UNIX: end of file counts, and is watched for. */
static void speaks_to_local_sockets(void **state) {
  int pair[2];
  pid_t pid;

  (void)state;
  assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  pair[0] = fcntl(pair[0], F_DUPFD_CLOEXEC, 20);
  pair[1] = fcntl(pair[1], F_DUPFD_CLOEXEC, 20);
  close_others(-1);
  assert_int_equal(dup2(pair[0], 6), 6);
  assert_int_equal(dup2(pair[0], 7), 7);
  close(pair[0]);
  pid = serve(pair[1], take_all);
  assert_int_equal(sender_start(&s, 5), 0);
  assert_true(!s.is_tcp && s.watch);
  assert_int_equal(send_chunk(), 0);
  assert_int_equal(sender_end(&s, 5), 0);
  assert_int_equal(status_of(pid), 0);
  assert_int_equal(sender_idle(&s), -1);
  close_ours();
}

static void needs_descriptors(void **state) {
  (void)state;
  close_ours();
  assert_int_equal(sender_start(&s, 5), -1);
}

static uint64_t told;

static void tell(void *context, uint64_t bytes) {
  *(uint64_t *)context = bytes;
}

static void splits_blocks_and_tells(void **state) {
  static char big[(16 << 20) + 1];
  int fd;

  (void)state;
  fd = open("/dev/null", O_RDWR);
  assert_int_equal(dup2(fd, 6), 6);
  assert_int_equal(dup2(fd, 7), 7);
  assert_int_equal(sender_start(&s, 5), 0);
  s.progress = tell;
  s.context = &told;
  assert_int_equal(sender_block(&s, big, sizeof big), 0);
  assert_int_equal(sender_idle(&s), 0);
  assert_int_equal(s.bytes, sizeof big + strlen("16777216:,1:,"));
  assert_int_equal(told, s.bytes);
  close_ours();
}

/* Who keeps the rate, and that what was sent counts. */
static void keeps_a_rate(void **state) {
  static char some[4096];
  unsigned long rate = 0;
  socklen_t len = sizeof rate;
  int fd;

  (void)state;
  fd = connect_tcp();
  assert_int_equal(sender_start(&s, 5), 0);
  sender_pace(&s, 1048576);
  assert_true(!s.pace.rate);
  assert_int_equal(getsockopt(7, SOL_SOCKET, SO_MAX_PACING_RATE, &rate, &len),
                   0);
  assert_int_equal(rate, 1048576);
  sender_pace(&s, 1048575); /* its bursts would weigh too much */
  assert_int_equal(s.pace.rate, 1048575);
  close(fd);
  close_ours();
  fd = open("/dev/null", O_RDWR);
  assert_int_equal(dup2(fd, 6), 6);
  assert_int_equal(dup2(fd, 7), 7);
  assert_int_equal(sender_start(&s, 5), 0);
  sender_pace(&s, 10 << 20);
  assert_int_equal(s.pace.rate, 10 << 20);
  sender_pace(&s, 16384);
  assert_int_equal(sender_block(&s, some, sizeof some), 0);
  assert_int_equal(s.bytes, 0);
  assert_int_equal(sender_idle(&s), 0);
  assert_int_equal(s.bytes, sizeof some + strlen("4096:,"));
  close_ours();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sends_and_ends),
      cmocka_unit_test(fails_after_the_end_mark),
      cmocka_unit_test(sees_an_early_end),
      cmocka_unit_test(asks_for_acknowledgement),
      cmocka_unit_test(asks_for_errors),
      cmocka_unit_test(leaves_in_peace),
      cmocka_unit_test(does_not_wait_for_ever),
      cmocka_unit_test(dies_by_reset),
      cmocka_unit_test(gives_a_chunk_up),
      cmocka_unit_test(speaks_to_local_sockets),
      cmocka_unit_test(splits_blocks_and_tells),
      cmocka_unit_test(keeps_a_rate),
      cmocka_unit_test(needs_descriptors),
  };

  signal(SIGPIPE, SIG_IGN);
  return cmocka_run_group_tests(tests, 0, 0);
}
