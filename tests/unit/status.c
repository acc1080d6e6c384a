#include "status.h"
#include "file.h"
#include "pending.h"
#include "refused.h"
#include "store.h"
#include "writer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#define A "5d41402abc4b2a76b9719d911017c592"
#define EPOCH "@400000006a00000000000000"
#define HEADER "Host: h\nStamp: " EPOCH "\n"

static struct index in = {EPOCH, 10, 2, 77};

static int start(void **state) {
  (void)state;
  return store_open() ? -1 : 0;
}

/* A commit of two chunks and a void one, for two targets. */
static void commit(const char *name, const char *stored, const char *duty) {
  struct commit_writer w;
  assert_int_equal(commit_start(&w, name, "s",
                                "0123456789abcdef0123456789abcdef", stored, "",
                                0),
                   0);
  assert_int_equal(commit_add_target(&w, 0, "10.0.0.2:17478"), 0);
  assert_int_equal(commit_add_target(&w, 1, "10.0.0.10:17478"), 0);
  for (int i = 0; i < 3; ++i)
    assert_int_equal(commit_add_chunk(&w, A, 5, "", HEADER, strlen(HEADER)), 0);
  assert_int_equal(commit_finish(&w, "++-", duty), 0);
}

static int add(struct pending *p, const char *name) {
  struct commit c;
  int r;
  assert_int_equal(commit_open(&c, name), 1);
  r = pending_add(p, &c);
  commit_close(&c);
  return r;
}

static void is(const struct pending *p, const char *published, int written,
               const char *want) {
  char text[8192];
  ssize_t len;
  json_t *j;
  int r = status_write(".df/new", &in, "h\"", published, p);
  assert_int_equal(r, written);
  if (written)
    assert_int_equal(writer_place(".df/new", STATUS_FILE), 0);
  len = file_read(STATUS_FILE, text, sizeof text - 1);
  assert_true(len > 0);
  text[len] = 0;
  assert_string_equal(text, want);
  j = json_loads(text, JSON_REJECT_DUPLICATES, 0);
  assert_non_null(j);
  json_decref(j);
}

#define START(published)                                                       \
  "{\"dataflow\":1,\"host\":\"h\\\"\",\"published\":\"" published              \
  "\",\"chunks\":2,\"bytes\":77,\"epoch\":\"" EPOCH                            \
  "\",\"delta\":\"delta/" EPOCH ".jsonl\",\"delta_bytes\":10,\"pending\":["

static void writes(void **state) {
  struct pending p = {0};
  struct index was = {.chunks = 0};
  (void)state;
  assert_int_equal(status_read(&was), 0);
  is(&p, "then", 1, START("then") "],\"refused\":[]}\n");
  is(&p, "now", 0, START("then") "],\"refused\":[]}\n");
  assert_int_equal(status_read(&was), 1);
  assert_string_equal(was.epoch, EPOCH);
  assert_int_equal(was.delta_bytes, 10);
  assert_int_equal(was.chunks, 2);
  assert_int_equal(was.bytes, 77);
  assert_int_equal(file_replace(STATUS_FILE, "{}", 2, 0644, 0), 0);
  assert_int_equal(status_read(&was), 0);
}

static void shows_pending(void **state) {
  static const char tries[] = "tries 3\nlast_error timed \"out\"\n";
  static struct pending p;
  (void)state;
  commit("c1", "@400000006a00000b00000000", "TTT");
  commit("c2", "@400000006a00000a00000000", "BDT");
  commit("c3", "@400000006a00000100000000", "DXT");
  assert_int_equal(add(&p, "c1"), 1);
  assert_int_equal(add(&p, "c2"), 1);
  assert_int_equal(
      file_replace(".df/try/10.0.0.2:17478", tries, sizeof tries - 1, 0600, 0),
      0);
  is(&p, "now", 1,
     START("now") "{\"target\":\"10.0.0.10:17478\",\"chunks\":3,\"bytes\":15,"
                  "\"oldest\":\"2026-05-10T03:48:16Z\",\"tries\":0,"
                  "\"last_error\":null},"
                  "{\"target\":\"10.0.0.2:17478\",\"chunks\":3,\"bytes\":15,"
                  "\"oldest\":\"2026-05-10T03:48:16Z\",\"tries\":3,"
                  "\"last_error\":\"timed \\\"out\\\"\"}],\"refused\":[]}\n");
  /* What was given up stays, and is said. */
  assert_int_equal(add(&p, "c3"), 1);
  is(&p, "now", 1,
     START("now") "{\"target\":\"10.0.0.10:17478\",\"chunks\":4,\"bytes\":20,"
                  "\"oldest\":\"2026-05-10T03:48:07Z\",\"tries\":0,"
                  "\"last_error\":\"given up\"},"
                  "{\"target\":\"10.0.0.2:17478\",\"chunks\":4,\"bytes\":20,"
                  "\"oldest\":\"2026-05-10T03:48:07Z\",\"tries\":3,"
                  "\"last_error\":\"given up\"}],\"refused\":[]}\n");
}

static void shows_refused(void **state) {
  char text[1000];
  struct pending p = {0};
  ssize_t len;
  (void)state;
  assert_int_equal(refused_add("10.0.0.9", A, "wrong hash"), 0);
  assert_int_equal(status_write(".df/new", &in, "h", "now", &p), 1);
  len = file_read(".df/new", text, sizeof text - 1);
  assert_true(len > 0);
  text[len] = 0;
  assert_non_null(strstr(text, "\"from\":\"10.0.0.9\",\"md5\":\"" A
                               "\",\"reason\":\"wrong hash\"}]}\n"));
}

static void host(void **state) {
  char h[256], name[256];
  (void)state;
  unsetenv("DFHOST");
  status_host(h);
  gethostname(name, sizeof name);
  assert_string_equal(h, name);
  assert_int_equal(file_replace(".df/host", "10.0.0.1\n", 9, 0600, 0), 0);
  status_host(h);
  assert_string_equal(h, "10.0.0.1");
  setenv("DFHOST", "h.example", 1);
  status_host(h);
  assert_string_equal(h, "h.example");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(writes),
      cmocka_unit_test(shows_pending),
      cmocka_unit_test(shows_refused),
      cmocka_unit_test(host),
  };
  return cmocka_run_group_tests(tests, start, 0);
}
