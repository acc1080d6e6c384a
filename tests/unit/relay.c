#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "file.h"
#include "relay.h"
#include "slot.h"
#include "store.h"

#define ID "0123456789abcdef0123456789abcdef"

/* It writes down what it got, then waits for the end of a FIFO; with $DFURL it
 * only waits, in one process. */
static const char fake[] =
    "#!/bin/sh\n"
    "test -z \"$DFURL\" || exec cat hold\n"
    "{ echo \"$# $*\"; env | sort; echo fds; ls -l /proc/$$/fd; } > got.tmp\n"
    "mv got.tmp got; read -r x < hold; exit 0\n";

static struct spool spool;
static struct relay relay;
static char text[65536], path[SPOOL_PATH];

static int start(void **state) {
  char old[4096], dir[4000];
  (void)state;
  if (mkdir("bin", 0755) < 0 || mkdir("store", 0755) < 0 || !getcwd(dir, 4000))
    return -1;
  snprintf(old, sizeof old, "%s/bin:/usr/bin:/bin", dir);
  if (chdir("store") < 0 || store_open() ||
      file_replace("../bin/dfrelay", fake, strlen(fake), 0755, 0) < 0 ||
      mkfifo("hold", 0600) < 0)
    return -1;
  clearenv();
  setenv("PATH", old, 1);
  setenv("DFHOST", "10.0.0.1", 1);
  setenv("DFTARGETS", "../targets.cdb", 1);
  setenv("TCPREMOTEIP", "192.0.2.1", 1);
  setenv("LD_LIBRARY_PATH", "/nowhere", 1);
  return 0;
}

static int begin(void **state) {
  (void)state;
  relay = (struct relay){.spool = &spool,
                         .id = ID,
                         .timeout = 30,
                         .connect_timeout = 3,
                         .relays = 64};
  unlink("got");
  setenv("DFURL", "wait", 1);
  return spool_open(&spool);
}

static int end(void **state) {
  (void)state;
  spool_close(&spool);
  lock_sweep_dir(".df/lock");
  return 0;
}

static void target(struct entry *e, const char *s) {
  static char buf[LIST_TEXT];
  assert_null(entry_scan(s, strlen(s), buf, e));
}

static int exit_of(pid_t pid) {
  int status;
  assert_int_equal(waitpid(pid, &status, 0), pid);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void let_go(void) {
  int fd = open("hold", O_WRONLY);
  assert_true(fd >= 0);
  close(fd);
}

static void read_all(const char *name) {
  ssize_t len = file_read(name, text, sizeof text - 1);
  assert_true(len >= 0);
  text[len] = 0;
}

static int is_locked(const char *name, int how) {
  int r, fd = open(name, O_RDONLY | O_CLOEXEC);
  assert_true(fd >= 0);
  r = flock(fd, how | LOCK_NB);
  close(fd);
  return r < 0;
}

static void what_it_gets(void **state) {
  struct entry e;
  char want[512], dir[SPOOL_NAME + 16];
  pid_t pid;
  (void)state;
  unsetenv("DFURL");
  target(&e, "[2001:db8::1]:17478");
  e.branch = "bran\0ch";
  e.branch_len = 7;
  pid = relay_start(&relay, 5, &e, "the\0rest", 8);
  assert_true(pid > 0);
  let_go(); /* it has opened the FIFO when this returns */
  assert_int_equal(exit_of(pid), 0);
  read_all("got");
  snprintf(want, sizeof want,
           "12 -t 30 -T 3 -n 64 -i " ID " %s 5 2001:db8::1 17478\n", spool.name);
  assert_int_equal(strncmp(text, want, strlen(want)), 0);
  assert_non_null(strstr(text, "\nDFHOST=10.0.0.1\n"));
  assert_non_null(strstr(text, "\nDFTARGETS=../targets.cdb\n"));
  assert_null(strstr(text, "TCPREMOTEIP"));
  assert_null(strstr(text, "LD_LIBRARY_PATH"));
  spool_path(path, &spool, 5, ".list");
  assert_int_equal(file_read(path, text, sizeof text), 19);
  assert_memory_equal(text, "DFR1bran\0chthe\0rest", 19);
  snprintf(dir, sizeof dir, ".df/stream/%.*s", SPOOL_NAME - 1, spool.name);
  assert_false(is_locked(path, LOCK_SH));
}

static void what_has_a_rate(void **state) {
  static const char want[] = "14 -r 70000 -t 5 -T 6 -n 7 -wi ";
  struct entry e;
  pid_t pid;
  (void)state;
  unsetenv("DFURL");
  target(&e, "10.0.0.2:17478");
  assert_int_equal(relay_option(&relay, 't', "5"), 1);
  assert_int_equal(relay_option(&relay, 'T', "6"), 1);
  assert_int_equal(relay_option(&relay, 'n', "7"), 1);
  assert_int_equal(relay_option(&relay, 'r', "70000"), 1);
  assert_int_equal(relay_option(&relay, 't', "0"), 0);
  assert_int_equal(relay_option(&relay, 'T', "86401"), 0);
  assert_int_equal(relay_option(&relay, 'n', "8193"), 0);
  assert_int_equal(relay_option(&relay, 'r', "1000"), 0);
  assert_int_equal(relay_option(&relay, 'x', "1"), 0);
  relay.whole = 1;
  pid = relay_start(&relay, 0, &e, "", 0);
  assert_true(pid > 0);
  let_go();
  assert_int_equal(exit_of(pid), 0);
  read_all("got");
  assert_int_equal(strncmp(text, want, strlen(want)), 0);
}

/* Its slot, its target's slot, its list and its stream, until it dies. */
static void what_it_holds(void **state) {
  struct entry e;
  char dir[SPOOL_NAME + 16], lock[] = "own.lock";
  int own = lock_take(lock);
  pid_t pid;
  (void)state;
  assert_true(own >= 0);
  relay.lock = own;
  snprintf(dir, sizeof dir, ".df/stream/%.*s", SPOOL_NAME - 1, spool.name);
  target(&e, "10.0.0.2:17478");
  pid = relay_start(&relay, 0, &e, "", 0);
  assert_true(pid > 0);
  close(own);
  spool_path(path, &spool, 0, ".list");
  for (int after = 0; after < 2; ++after) {
    assert_int_equal(is_locked(path, LOCK_SH), !after);
    assert_int_equal(is_locked(lock, LOCK_SH), !after);
    assert_int_equal(is_locked(".df/lock/relay.0", LOCK_SH), !after);
    assert_int_equal(is_locked(".df/lock/target-10.0.0.2:17478.0", LOCK_SH),
                     !after);
    if (!after) {
      let_go();
      assert_int_equal(exit_of(pid), 0);
    }
  }
  pid = relay_start(&relay, 1, &e, "", 0);
  assert_true(pid > 0);
  spool_close(&spool);
  assert_int_equal(access(dir, F_OK), 0);
  let_go();
  assert_int_equal(exit_of(pid), 0);
  spool_sweep(spool.name);
  assert_int_equal(access(dir, F_OK), -1);
  assert_int_equal(spool_open(&spool), 0);
}

static void other_descriptors_stay_here(void **state) {
  struct entry e;
  int secret = open("secret", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  pid_t pid;
  (void)state;
  assert_true(secret >= 0);
  unsetenv("DFURL");
  target(&e, "10.0.0.2:17478");
  pid = relay_start(&relay, 0, &e, "", 0);
  assert_true(pid > 0);
  assert_int_equal(is_locked("secret", LOCK_EX), 0);
  assert_int_equal(flock(secret, LOCK_EX), 0);
  close(secret);
  assert_int_equal(is_locked("secret", LOCK_EX), 0);
  let_go();
  assert_int_equal(exit_of(pid), 0);
  read_all("got");
  assert_non_null(strstr(text, "/0.list\n"));
  assert_null(strstr(text, "/secret\n"));
}

static void so_many_at_a_time(void **state) {
  struct entry e;
  pid_t pid[6];
  (void)state;
  target(&e, "10.0.0.2:17478");
  for (uint32_t i = 0; i < RELAY_PER_TARGET; ++i) {
    pid[i] = relay_start(&relay, i, &e, "", 0);
    assert_true(pid[i] > 0);
  }
  assert_int_equal(relay_start(&relay, 4, &e, "", 0), 0);
  spool_path(path, &spool, 4, ".list");
  assert_int_equal(access(path, F_OK), -1);
  target(&e, "10.0.0.2:17479");
  relay.relays = 5;
  pid[4] = relay_start(&relay, 4, &e, "", 0);
  assert_true(pid[4] > 0);
  target(&e, "10.0.0.3:17478");
  assert_int_equal(relay_start(&relay, 5, &e, "", 0), 0);
  relay.relays = 6;
  pid[5] = relay_start(&relay, 5, &e, "", 0);
  assert_true(pid[5] > 0);
  for (int i = 0; i < 6; ++i) {
    assert_int_equal(kill(pid[i], SIGKILL), 0);
    assert_int_equal(exit_of(pid[i]), -SIGKILL);
  }
  target(&e, "10.0.0.2:17478");
  pid[0] = relay_start(&relay, 6, &e, "", 0);
  assert_true(pid[0] > 0);
  let_go();
  assert_int_equal(exit_of(pid[0]), 0);
}

/* Whatever we block or ignore, the relay can be ended by SIGTERM. */
static void signals_reach_it(void **state) {
  struct entry e;
  sigset_t term, before;
  pid_t pid;
  (void)state;
  sigemptyset(&term);
  sigaddset(&term, SIGTERM);
  assert_int_equal(sigprocmask(SIG_BLOCK, &term, &before), 0);
  target(&e, "10.0.0.2:17478");
  pid = relay_start(&relay, 0, &e, "", 0);
  assert_true(pid > 0);
  assert_int_equal(sigprocmask(SIG_SETMASK, &before, 0), 0);
  assert_int_equal(kill(pid, SIGTERM), 0);
  assert_int_equal(exit_of(pid), -SIGTERM);
}

static void the_longest_name(void **state) {
  struct entry e;
  char name[LIST_TEXT];
  pid_t pid, other;
  (void)state;
  memset(name, 'n', 253);
  memcpy(name + 253, ":65535", 7);
  target(&e, name);
  relay.relays = 2;
  pid = relay_start(&relay, 0, &e, "", 0);
  assert_true(pid > 0);
  name[0] = 'm';
  target(&e, name);
  other = relay_start(&relay, 1, &e, "", 0);
  assert_true(other > 0);
  assert_int_equal(kill(pid, SIGKILL), 0);
  assert_int_equal(exit_of(pid), -SIGKILL);
  assert_int_equal(kill(other, SIGKILL), 0);
  assert_int_equal(exit_of(other), -SIGKILL);
}

static void failures(void **state) {
  struct entry e;
  (void)state;
  target(&e, "10.0.0.2:17478");
  spool_path(path, &spool, 0, ".list");
  assert_int_equal(file_replace(path, "x", 1, 0600, 0), 0);
  assert_int_equal(relay_start(&relay, 0, &e, "", 0), -1);
  assert_int_equal(errno, EEXIST);
  setenv("PATH", "/nowhere", 1);
  assert_int_equal(relay_start(&relay, 1, &e, "", 0), -1);
  assert_int_equal(errno, ENOENT);
  assert_false(is_locked(".df/lock/relay.0", LOCK_SH));
  assert_false(is_locked(".df/lock/target-10.0.0.2:17478.0", LOCK_SH));
  assert_int_equal(rename(".df/lock", ".df/away"), 0);
  assert_int_equal(relay_start(&relay, 2, &e, "", 0), -1);
  assert_int_equal(errno, ENOENT);
  assert_int_equal(rename(".df/away", ".df/lock"), 0);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)
  const struct CMUnitTest tests[] = {
      TEST(what_it_gets),
      TEST(what_has_a_rate),
      TEST(what_it_holds),
      TEST(other_descriptors_stay_here),
      TEST(so_many_at_a_time),
      TEST(signals_reach_it),
      TEST(the_longest_name),
      TEST(failures),
  };
  return cmocka_run_group_tests(tests, start, 0);
}
