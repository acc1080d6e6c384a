#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include <sched.h>
#include <sys/wait.h>

#include "indexfile.h"
#include "label.h"
#include "rewriting.h"
#include "setup.h"
#include "slot.h"
#include "synced.h"

#define EPOCH "@400000006a00000000000000"
#define LOCK ".df/lock/publish.index"

/* Another status.json, and so something to do. */
static void changes(void) {
  static int n;
  char text[256];
  put_text("delta/" EPOCH ".jsonl", "");
  snprintf(text, sizeof text,
           "{\"dataflow\":1,\"host\":\"h%d\",\"published\":\"\",\"chunks\":0,"
           "\"bytes\":0,\"epoch\":\"" EPOCH "\",\"delta_bytes\":0}\n",
           ++n);
  put_text("status.json", text);
  snprintf(text, sizeof text, "h%d", n);
  assert_int_equal(setenv("DFHOST", text, 1), 0);
}

static int is_done(void) {
  struct index in = {.epoch = EPOCH};
  return indexfile_current(&in, getenv("DFHOST"));
}

static void run(int now) {
  const char *what;
  assert_int_equal(rewriting_run(now, &what), 0);
}

/* So many microseconds were spent that long ago. */
static void spent(uint64_t us, int64_t ago) {
  char line[64], label[LABEL_LEN + 1];
  label_fmt(label, (int64_t)time(0) - ago, 0);
  snprintf(line, sizeof line, "%s %018llu\n", label, (unsigned long long)us);
  put_text(REWRITING_FILE, line);
}

static void nothing(void **state) {
  (void)state;
  run(0);
  run(1);
  assert_int_equal(rewriting_due(), 0);
  assert_int_equal(access("index.json", F_OK), -1);
}

static void at_once(void **state) {
  struct stat a, b;
  (void)state;
  changes();
  assert_int_equal(rewriting_due(), 1);
  synced_forget();
  run(0);
  assert_int_equal(synced("."), 1); /* before it, and after it */
  assert_string_equal(synced_log + synced_len - 3, "\n.\n");
  assert_true(is_done());
  assert_int_equal(rewriting_due(), 0);
  assert_int_equal(stat("index.json", &a), 0);
  run(1);
  assert_int_equal(stat("index.json", &b), 0);
  assert_int_equal(a.st_ino, b.st_ino);
}

/* What is over a second is paid off at one part in 25. */
static void put_off(void **state) {
  char line[64];
  (void)state;
  changes();
  spent(REWRITING_BURST + 4000000, 50);
  run(0);
  assert_false(is_done());
  assert_int_equal(rewriting_due(), 0);
  spent(REWRITING_BURST + 4000000, 101);
  assert_int_equal(rewriting_due(), 1);
  run(0);
  assert_true(is_done());
  assert_int_equal(file_read(REWRITING_FILE, line, sizeof line), 45);
  line[44] = 0;
  assert_in_range(strtoull(line + 26, 0, 10), REWRITING_BURST - 200000,
                  REWRITING_BURST + 1000000);
}

static void now(void **state) {
  (void)state;
  changes();
  spent(900000000, 0);
  run(0);
  assert_false(is_done());
  run(1);
  assert_true(is_done());
}

/* A clock that was set back, and a file that is none, forgive. */
static void forgives(void **state) {
  (void)state;
  changes();
  spent(900000000, -60);
  run(0);
  assert_true(is_done());
  changes();
  put_text(REWRITING_FILE, "nonsense");
  run(0);
  assert_true(is_done());
}

/* Runs f in a child while this process has the lock. */
static pid_t apart(int lock, int at_any_price) {
  pid_t pid = fork();
  const char *what;
  assert_true(pid >= 0);
  if (!pid)
    _exit(close(lock) < 0 || rewriting_run(at_any_price, &what) < 0);
  return pid;
}

static void ends(pid_t pid) {
  int status;
  assert_int_equal(waitpid(pid, &status, 0), pid);
  assert_int_equal(status, 0);
}

static void one_at_a_time(void **state) {
  int lock = lock_take(LOCK);
  pid_t pid;
  char line[256], inode[32];
  struct stat st;
  int waits = 0;
  (void)state;
  assert_true(lock >= 0);
  assert_int_equal(fstat(lock, &st), 0);
  snprintf(inode, sizeof inode, ":%lu ", (unsigned long)st.st_ino);
  changes();
  ends(apart(lock, 0)); /* left to who has the lock */
  assert_false(is_done());
  pid = apart(lock, 1);
  while (!waits) {
    FILE *f = fopen("/proc/locks", "r");
    assert_non_null(f);
    while (fgets(line, sizeof line, f))
      waits |= strstr(line, "-> FLOCK") && strstr(line, inode);
    fclose(f);
    sched_yield();
  }
  assert_false(is_done());
  close(lock);
  ends(pid);
  assert_true(is_done());
}

/* Made before status.json says so; the lock is kept. */
static void ahead(void **state) {
  struct index in = {.epoch = EPOCH};
  const char *what;
  int lock;
  (void)state;
  changes();
  lock = rewriting_ahead(&in, getenv("DFHOST"), &what);
  assert_true(lock >= 0);
  assert_true(is_done());
  changes();
  run(0);
  assert_false(is_done());
  close(lock);
  run(0);
  assert_true(is_done());
}

static void failures(void **state) {
  const char *what;
  (void)state;
  changes();
  put_text("delta/" EPOCH ".jsonl", "");
  assert_int_equal(unlink("delta/" EPOCH ".jsonl"), 0);
  assert_int_equal(mkdir("delta/" EPOCH ".jsonl", 0755), 0);
  assert_int_equal(rewriting_run(1, &what), -1);
  assert_string_equal(what, "write index.json");
  assert_int_equal(names_in(".df/tmp"), 0);
  assert_int_equal(rmdir("delta/" EPOCH ".jsonl"), 0);
  assert_int_equal(rename(".df/lock", ".df/away"), 0);
  assert_int_equal(rewriting_run(0, &what), -1);
  assert_string_equal(what, "lock .df/lock/publish.index");
  assert_int_equal(rewriting_ahead(&(struct index){.epoch = EPOCH}, "h", &what),
                   -1);
  assert_string_equal(what, "lock .df/lock/publish.index");
  assert_int_equal(rename(".df/away", ".df/lock"), 0);
  assert_int_equal(unlink("status.json"), 0);
  assert_int_equal(mkdir("status.json", 0755), 0);
  assert_int_equal(rewriting_run(0, &what), -1);
  assert_string_equal(what, "read status.json");
  assert_int_equal(rmdir("status.json"), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nothing),  cmocka_unit_test(at_once),
      cmocka_unit_test(put_off),  cmocka_unit_test(now),
      cmocka_unit_test(forgives), cmocka_unit_test(one_at_a_time),
      cmocka_unit_test(ahead),    cmocka_unit_test(failures),
  };
  return cmocka_run_group_tests(tests, in_store, 0);
}
