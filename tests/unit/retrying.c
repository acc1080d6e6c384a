#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "clock.h"
#include "commit.h"
#include "heads.h"
#include "list.h"
#include "retrying.h"
#include "setup.h"
#include "slot.h"
#include "spool.h"
#include "trying.h"

#define STORED "@400000006a1b2c3d00000001"
#define ID "0123456789abcdef0123456789abcdef"
#define HEADER "Host: 10.0.0.1\nStamp: " STORED "\n"
#define TARGET "10.0.0.2:17478"

/* 10.0.0.2, then 10.0.0.3 in the second set. */
static const char list[] = "\0\0\0\v\4\n\0\0\2DF\0\0\0\0"
                           "\0\0\0\v\4\n\0\0\3DF\0\0\0";

/* In place of dfrelay, and of dfreceipt: how it was run, and its orders. */
static const char relay[] = "#!/bin/sh\n"
                            "shift 8\necho \"$2 $3 $4\" >said\n"
                            "cat \".df/stream/$1/orders\" >>said\n";
static const char receipt[] = "#!/bin/sh\necho \"$*\" >said\n";

static char target[] = TARGET;
static const struct relay limits = {
    .timeout = 30, .connect_timeout = 3, .relays = 2};

static int forget(void *context, const char *name) {
  char path[128];
  (void)context;
  snprintf(path, sizeof path, ".df/commit/%s", name);
  return unlink(path);
}

static int begin(void **state) {
  char path[4096], dir[4000];
  if (in_store(state) < 0 || !getcwd(dir, sizeof dir))
    return -1;
  snprintf(path, sizeof path, "%s:%s", dir, getenv("PATH"));
  setenv("PATH", path, 1);
  return file_replace("dfrelay", relay, strlen(relay), 0755, 0) < 0 ||
                 file_replace("dfreceipt", receipt, strlen(receipt), 0755, 0)
             ? -1
             : 0;
}

/* A commit of so many chunks, all of which the target is owed. */
static void owed(int chunks) {
  char flags[COMMIT_CHUNKS], duty[COMMIT_CHUNKS];
  struct commit_writer w;
  memset(flags, '+', sizeof flags);
  memset(duty, DUTY_TODO, sizeof duty);
  heads_names(".df/commit", forget, 0);
  assert_int_equal(
      commit_start(&w, "a", "stream", ID, STORED, list, sizeof list), 0);
  assert_int_equal(commit_add_target(&w, 0, TARGET), 0);
  for (int i = 0; i < chunks; ++i) {
    char md5[MD5_HEX + 1];
    snprintf(md5, sizeof md5, "%032d", i);
    assert_int_equal(commit_add_chunk(&w, md5, 5, "", HEADER, strlen(HEADER)),
                     0);
  }
  assert_int_equal(commit_finish(&w, flags, duty), 0);
}

static const char *said(pid_t pid) {
  static char text[1024];
  int status;
  ssize_t len;
  assert_true(pid > 0);
  assert_int_equal(waitpid(pid, &status, 0), pid);
  assert_int_equal(status, 0);
  len = file_read("said", text, sizeof text - 1);
  assert_true(len > 0);
  text[len] = 0;
  return text;
}

static void done(struct retrying *t) {
  free(t->refused);
  memset(t, 0, sizeof *t);
  t->target = target;
}

/* All in one stream; after a reset halves, the first of them first. */
static void sends(void **state) {
  struct retrying t = {.target = target};
  pid_t pid;
  (void)state;
  owed(3);
  assert_int_equal(retrying_begin(&t), 1);
  pid = retrying_send(&t, &limits);
  assert_int_equal(t.pid, pid);
  assert_string_equal(said(pid), "0 10.0.0.2 17478\n"
                                 "commit a 0\ncommitted a 0\n"
                                 "commit a 1\ncommitted a 1\n"
                                 "commit a 2\ncommitted a 2\nend\n");
  assert_int_equal(retrying_ended(&t, RELAY_REFUSED), 1);
  assert_string_equal(said(retrying_send(&t, &limits)),
                      "0 10.0.0.2 17478\ncommit a 0\ncommitted a 0\nend\n");
  assert_int_equal(retrying_ended(&t, 0), 1);
  assert_string_equal(said(retrying_send(&t, &limits)),
                      "0 10.0.0.2 17478\ncommit a 1\ncommitted a 1\n"
                      "commit a 2\ncommitted a 2\nend\n");
  assert_int_equal(retrying_ended(&t, 0), 0);
  assert_int_equal(t.lock, 0);
  done(&t);
}

/* One dfretry at a time works for a target. */
static void locked(void **state) {
  struct retrying a = {.target = target}, b = {.target = target};
  (void)state;
  owed(1);
  assert_int_equal(retrying_begin(&a), 1);
  assert_int_equal(retrying_begin(&b), 0);
  retrying_wait(&a, 100000);
  assert_true(a.next > clock_ms() + 50000);
  assert_int_equal(a.tries, 0);
  assert_int_equal(retrying_begin(&b), 1);
  assert_int_equal(retrying_ended(&b, 111), 0);
  assert_int_equal(b.tries, 1);
  heads_names(".df/commit", forget, 0);
  assert_int_equal(retrying_begin(&a), 0); /* nothing to do: it lets go */
  assert_int_equal(a.lock, 0);
}

static void too_many_relays(void **state) {
  struct retrying t = {.target = target};
  int a = slot_take("relay", 2), b = slot_take("relay", 2);
  (void)state;
  spool_sweep_all();
  owed(1);
  assert_true(a >= 0 && b >= 0);
  assert_int_equal(retrying_begin(&t), 1);
  assert_int_equal(retrying_send(&t, &limits), 0);
  assert_int_equal(names_in(".df/stream"), 0);
  close(a);
  said(retrying_send(&t, &limits));
  assert_int_equal(retrying_ended(&t, 0), 0);
  close(b);
}

/* After four chunks refused one after the other what is left goes as a whole:
 * it is the target that refuses. */
static void refuses_all(void **state) {
  struct retrying t = {.target = target};
  (void)state;
  owed(64);
  assert_int_equal(retrying_begin(&t), 1);
  for (int i = 0; t.vain < RETRYING_VAIN; ++i) {
    assert_true(i < 20);
    assert_int_equal(retrying_ended(&t, RELAY_REFUSED), 1);
  }
  assert_int_equal(t.n_refused, RETRYING_VAIN);
  assert_int_equal(t.ranges, 1);
  assert_int_equal(t.range[0].from, 4);
  assert_int_equal(t.range[0].to, 64);
  assert_int_equal(retrying_ended(&t, RELAY_REFUSED), 0);
  assert_int_equal(t.tries, 1);
  done(&t);
}

/* A chunk's back-off grows, and is forgotten long after. */
static void one_is_refused(void **state) {
  struct retrying t = {.target = target};
  uint64_t first;
  (void)state;
  owed(1);
  assert_int_equal(retrying_begin(&t), 1);
  assert_int_equal(retrying_ended(&t, RELAY_REFUSED), 0);
  assert_int_equal(t.n_refused, 1);
  first = t.refused[0].next;
  assert_true(first > clock_ms());
  assert_int_equal(retrying_begin(&t), 0); /* it waits */
  t.refused[0].next = clock_ms(); /* it is over */
  assert_int_equal(retrying_begin(&t), 1);
  assert_int_equal(retrying_ended(&t, RELAY_REFUSED), 0);
  assert_int_equal(t.n_refused, 1);
  assert_int_equal(t.refused[0].tries, 2);
  assert_true(t.refused[0].next > first);
  t.refused[0].next = 0;
  if (clock_ms() > RETRYING_LAST * 1000) { /* the machine has run so long */
    assert_int_equal(retrying_begin(&t), 1);
    assert_int_equal(t.n_refused, 0);
    retrying_wait(&t, 0);
  }
  /* no room for more: the target has failed */
  t.n_refused = RETRYING_REFUSED;
  for (int i = 0; i < RETRYING_REFUSED; ++i) {
    memset(t.refused + i, 0, sizeof t.refused[i]);
    t.refused[i].next = clock_ms();
  }
  assert_int_equal(retrying_begin(&t), 1);
  assert_int_equal(retrying_ended(&t, RELAY_REFUSED), 0);
  assert_int_equal(t.tries, 1);
  done(&t);
}

/* What another process has tried in vain counts. */
static void resumes(void **state) {
  struct retrying t = {.target = target};
  (void)state;
  retrying_resume(&t);
  assert_int_equal(t.tries, 0);
  assert_int_equal(t.next, 0);
  for (int i = 0; i < 3; ++i)
    assert_int_equal(trying_failed(TARGET, "no"), 0);
  retrying_resume(&t);
  assert_int_equal(t.tries, 3);
  assert_true(t.next > clock_ms() + 20000);
  assert_true(t.next <= clock_ms() + 60000);
  trying_reached(TARGET);
}

/* Only with DFURL, not so often, and under the lock. */
static void looks(void **state) {
  struct retrying t = {.target = target}, other = {.target = target};
  (void)state;
  owed(1);
  unsetenv("DFURL");
  assert_int_equal(retrying_look(&t, &limits), 0);
  setenv("DFURL", "http://%h/", 1);
  assert_string_equal(said(retrying_look(&t, &limits)),
                      "-t 30 -T 3 -w 0 10.0.0.2:17478\n");
  assert_int_equal(t.looking, 1);
  assert_int_equal(retrying_look(&other, &limits), 0);
  retrying_looked(&t);
  assert_int_equal(t.looking, 0);
  assert_int_equal(t.pid, 0);
  assert_int_equal(retrying_look(&t, &limits), 0); /* of late */
  assert_int_equal(retrying_begin(&t), 1);         /* the lock is kept */
  retrying_wait(&t, 0);
  assert_true(retrying_look(&other, &limits) > 0);
  said(other.pid);
  retrying_looked(&other);
  close(other.lock);
  unsetenv("DFURL");
}

static void cannot_be_run(void **state) {
  struct retrying t = {.target = target};
  char path[4096];
  (void)state;
  owed(1);
  spool_sweep_all();
  snprintf(path, sizeof path, "%s", getenv("PATH"));
  setenv("PATH", "/nowhere", 1);
  setenv("DFURL", "http://%h/", 1);
  assert_int_equal(retrying_look(&t, &limits), -1);
  unsetenv("DFURL");
  assert_int_equal(retrying_begin(&t), 1);
  assert_int_equal(retrying_send(&t, &limits), -1);
  assert_int_equal(errno, ENOENT);
  setenv("PATH", path, 1);
  assert_int_equal(retrying_ended(&t, 111), 0);
  assert_int_equal(names_in(".df/stream"), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sends),           cmocka_unit_test(locked),
      cmocka_unit_test(too_many_relays), cmocka_unit_test(refuses_all),
      cmocka_unit_test(one_is_refused),  cmocka_unit_test(resumes),
      cmocka_unit_test(looks),           cmocka_unit_test(cannot_be_run),
  };
  return cmocka_run_group_tests(tests, begin, 0);
}
