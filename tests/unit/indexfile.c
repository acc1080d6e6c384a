#include "indexfile.h"
#include "delta.h"
#include "file.h"
#include "store.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#define A "5d41402abc4b2a76b9719d911017c592"
#define B "7d793037a0760186574b0282f2f435e7"
#define C "9dd4e461268c8034f5c8564e155c67a6"
#define R(md5, n, v)                                                           \
  "{\"md5\":\"" md5 "\",\"sha256\":null,\"content_length\":" n ",\"v\":" v "}"
#define GONE(md5) "{\"md5\":\"" md5 "\",\"gone\":\"expired\",\"at\":\"x\"}"
#define HEAD "{\"dataflow\":1,\"host\":\"h\",\"published\":\"now\",\"epoch\":\""

static struct index in;
static char delta[4096];

static int start(void **state) {
  (void)state;
  return store_open() ? -1 : 0;
}

static void epoch(const char *label) {
  snprintf(in.epoch, sizeof in.epoch, "%s", label);
  *delta = 0;
}

static void add(const char *line) {
  char name[DELTA_NAME];
  strcat(delta, line);
  strcat(delta, "\n");
  delta_name(name, in.epoch);
  in.delta_bytes = strlen(delta);
  assert_int_equal(file_replace(name, delta, strlen(delta), 0644, 0), 0);
}

static int make(void) {
  struct writer w;
  char tmp[64];
  assert_int_equal(writer_begin(&w, tmp, 0644), 0);
  if (indexfile_write(&w, &in, "h", "now") < 0) {
    writer_drop(&w, tmp);
    return -1;
  }
  return writer_replace(&w, tmp, INDEX_FILE);
}

static void is(const char *records) {
  char want[4096], text[4096];
  ssize_t len;
  json_t *j;
  assert_int_equal(make(), 0);
  snprintf(want, sizeof want,
           HEAD "%s\",\"delta_bytes\":%zu,\"chunks\":[\n%s]}\n", in.epoch,
           strlen(delta), records);
  len = file_read(INDEX_FILE, text, sizeof text - 1);
  assert_true(len > 0);
  text[len] = 0;
  assert_string_equal(text, want);
  j = json_loads(text, 0, 0);
  assert_non_null(j);
  assert_non_null(json_object_get(j, "chunks"));
  json_decref(j);
}

static void follows_delta(void **state) {
  (void)state;
  epoch("@400000006a00000000000000");
  add("");
  delta[0] = 0;
  in.delta_bytes = 0;
  assert_int_equal(
      file_replace("delta/@400000006a00000000000000.jsonl", "", 0, 0644, 0), 0);
  is("");
  add(R(A, "5", "1"));
  add(R(B, "7", "1"));
  is(R(A, "5", "1") ",\n" R(B, "7", "1") "\n");
  add(R(A, "5", "2"));
  add(R(C, "1", "1"));
  add(R(A, "5", "3"));
  is(R(A, "5", "3") ",\n" R(B, "7", "1") ",\n" R(C, "1", "1") "\n");
  add(GONE(A));
  is(R(B, "7", "1") ",\n" R(C, "1", "1") "\n");
  add(GONE(B));
  add(R(B, "7", "2"));
  is(R(B, "7", "2") ",\n" R(C, "1", "1") "\n");
  add(GONE(B));
  add(GONE(C));
  is("");
  is("");
}

/* What does not belong to this delta is not carried on. */
static void begins_anew(void **state) {
  static const char *const bad[] = {
      "", "x", "{}\n", HEAD "@400000006a00000100000000\",\"delta_bytes\":0\n",
      HEAD "@400000006a00000100000000\",\"delta_bytes\":99999,\"chunks\":[\n" R(
          C, "1", "1") "\n]}\n"};
  (void)state;
  epoch("@400000006a00000100000000");
  add(R(A, "5", "1"));
  is(R(A, "5", "1") "\n");
  epoch("@400000006a00000200000000");
  add(R(B, "7", "1"));
  is(R(B, "7", "1") "\n");
  epoch("@400000006a00000100000000");
  add(R(A, "5", "1"));
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
    assert_int_equal(file_replace(INDEX_FILE, bad[i], strlen(bad[i]), 0644, 0),
                     0);
    is(R(A, "5", "1") "\n");
  }
}

/* What has been appended since, and is not told of yet, does not count. */
static void up_to_what_is_told(void **state) {
  uint64_t told;
  (void)state;
  epoch("@400000006a00000600000000");
  add(R(A, "5", "1"));
  told = in.delta_bytes;
  add("half a rec");
  in.delta_bytes = told;
  delta[told] = 0;
  is(R(A, "5", "1") "\n");
}

/* An index that another program has sorted otherwise is made anew. */
static void out_of_order(void **state) {
  static const char text[] =
      HEAD "@400000006a00000700000000\",\"delta_bytes\":0,\"chunks\":[\n" R(
          C, "1", "9") ",\n" R(B, "7", "9") "\n]}\n";
  (void)state;
  epoch("@400000006a00000700000000");
  add(R(B, "7", "1"));
  add(R(A, "5", "1"));
  assert_int_equal(file_replace(INDEX_FILE, text, sizeof text - 1, 0644, 0), 0);
  is(R(A, "5", "1") ",\n" R(B, "7", "1") "\n");
}

static void records(void **state) {
  struct index was;
  struct text t, line;
  size_t pos;
  (void)state;
  epoch("@400000006a00000800000000");
  add(R(B, "7", "1"));
  add(R(A, "5", "1"));
  is(R(A, "5", "1") ",\n" R(B, "7", "1") "\n");
  assert_int_equal(text_map(INDEX_FILE, &t), 1);
  assert_int_equal(indexfile_scan(&t, &was, &pos), 1);
  assert_string_equal(was.epoch, in.epoch);
  assert_int_equal(was.delta_bytes, in.delta_bytes);
  assert_int_equal(indexfile_record(&t, &pos, &line), 1);
  assert_int_equal(line.len, strlen(R(A, "5", "1")));
  assert_memory_equal(line.p, R(A, "5", "1"), line.len);
  assert_int_equal(indexfile_record(&t, &pos, &line), 1);
  assert_memory_equal(line.p, R(B, "7", "1"), strlen(R(B, "7", "1")));
  assert_int_equal(indexfile_record(&t, &pos, &line), 0);
  text_unmap(&t);
}

static void refuses_a_broken_delta(void **state) {
  (void)state;
  epoch("@400000006a00000300000000");
  add(R(A, "5", "1"));
  ++in.delta_bytes;
  assert_int_equal(make(), -1);
  assert_int_equal(errno, EPROTO);
  add("nonsense");
  assert_int_equal(make(), -1);
  assert_int_equal(errno, EPROTO);
  epoch("@400000006a00000300000000");
  add("{\"md5\":\"" A "\"}");
  assert_int_equal(make(), -1);
  assert_int_equal(errno, EPROTO);
}

static void current(void **state) {
  struct index other;
  (void)state;
  epoch("@400000006a00000400000000");
  add(R(A, "5", "1"));
  is(R(A, "5", "1") "\n");
  assert_int_equal(indexfile_current(&in, "h"), 1);
  assert_int_equal(indexfile_current(&in, "g"), 0);
  assert_int_equal(indexfile_current(&in, ""), 0);
  other = in;
  ++other.delta_bytes;
  assert_int_equal(indexfile_current(&other, "h"), 0);
  other = in;
  other.epoch[5] = 'f';
  assert_int_equal(indexfile_current(&other, "h"), 0);
  remove(INDEX_FILE);
  assert_int_equal(indexfile_current(&in, "h"), 0);
}

/* Records of many chunks, many times. */
static void many(void **state) {
  static char big[200000];
  static char seen[100];
  size_t len = 0;
  json_t *j, *chunks;
  (void)state;
  memset(seen, 0, sizeof seen);
  epoch("@400000006a00000500000000");
  for (int i = 0; i < 1500; ++i)
    len += (size_t)snprintf(big + len, sizeof big - len,
                            R("%032x", "2", "%d") "\n", i * 7 % 100, i);
  in.delta_bytes = len;
  assert_int_equal(
      file_replace("delta/@400000006a00000500000000.jsonl", big, len, 0644, 0),
      0);
  assert_int_equal(make(), 0);
  j = json_load_file(INDEX_FILE, 0, 0);
  chunks = json_object_get(j, "chunks");
  assert_int_equal(json_array_size(chunks), 100);
  for (size_t i = 0; i < 100; ++i)
    assert_true(json_integer_value(
                    json_object_get(json_array_get(chunks, i), "v")) >= 1400);
  json_decref(j);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(follows_delta),
      cmocka_unit_test(begins_anew),
      cmocka_unit_test(up_to_what_is_told),
      cmocka_unit_test(out_of_order),
      cmocka_unit_test(records),
      cmocka_unit_test(refuses_a_broken_delta),
      cmocka_unit_test(current),
      cmocka_unit_test(many),
  };
  return cmocka_run_group_tests(tests, start, 0);
}
