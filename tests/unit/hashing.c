#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hashing.h"

#include <stdlib.h>
#include <string.h>

#define DATA 5000011

static struct hashing hashing;
static char *data;
static char want_md5[MD5_HEX + 1], want_sha[SHA256_HEX + 1];
static char md5[MD5_HEX + 1], sha[SHA256_HEX + 1];

static void want(size_t len) {
  struct digest d;

  digest_start(&d, 1);
  digest_add(&d, data, len);
  digest_end(&d, want_md5, want_sha);
}

static void check(struct hashing *h, size_t len) {
  want(len);
  hashing_end(h);
  assert_int_equal(h->digest.bytes, len);
  digest_end(&h->digest, md5, sha);
  assert_string_equal(md5, want_md5);
  assert_string_equal(sha, h->digest.want_sha256 ? want_sha : "");
}

static void add(struct hashing *h, size_t len, size_t piece) {
  size_t at, n;

  for (at = 0; at < len; at += n) {
    n = piece < len - at ? piece : len - at;
    hashing_add(h, data + at, n);
  }
}

static int start(void **state) {
  size_t i;

  data = malloc(DATA);
  if (!data)
    return -1;
  for (i = 0; i < DATA; i++)
    data[i] = (char)(i * 2654435761u >> 13);
  *state = &hashing;
  return 0;
}

static int end(void **state) {
  hashing_stop(*state);
  free(data);
  return 0;
}

static void digests_small_chunks_inline(void **state) {
  struct hashing *h = *state;

  hashing_start(h, 1);
  check(h, 0);
  hashing_start(h, 1);
  add(h, HASHING_INLINE, 4096);
  assert_int_equal(h->state, 0);
  check(h, HASHING_INLINE);
  hashing_start(h, 0);
  add(h, 5, 1);
  check(h, 5);
  assert_int_equal(h->state, 0);
}

static void digests_large_chunks_beside(void **state) {
  static const size_t pieces[] = {700001, 262144, 65536, 16384, 1448};
  struct hashing *h = *state;
  size_t i;

  for (i = 0; i < sizeof pieces / sizeof *pieces; i++) {
    hashing_start(h, i % 2 == 0);
    add(h, DATA, pieces[i]);
    assert_int_equal(h->state, 1);
    check(h, DATA);
  }
  assert_int_not_equal(h->put, 0);
}

/* Small and large ones in turn, also after the thread is there. */
static void keeps_the_order(void **state) {
  struct hashing *h = *state;
  size_t at, n, i = 0;

  hashing_start(h, 1);
  for (at = 0; at < DATA; at += n) {
    n = i++ % 3 ? 17 : 90001;
    if (n > DATA - at)
      n = DATA - at;
    hashing_add(h, data + at, n);
  }
  assert_int_equal(h->state, 1);
  check(h, DATA);
}

static void gives_room(void **state) {
  struct hashing *h = *state;
  size_t at, n, i = 0;

  hashing_start(h, 1);
  for (at = 0; at < DATA; at += n) {
    char *p = hashing_room(h, &n);

    assert_in_range(n, 1, HASHING_PIECE);
    if (i++ % 4 == 3 && n > 777)
      n = 777;
    if (n > DATA - at)
      n = DATA - at;
    memcpy(p, data + at, n);
    hashing_put(h, n);
    assert_memory_equal(p, data + at, n); /* for as long as he sends it */
  }
  check(h, DATA);
}

static void forgets_what_was_not_ended(void **state) {
  struct hashing *h = *state;

  hashing_start(h, 1);
  add(h, DATA, HASHING_PIECE);
  hashing_start(h, 0);
  add(h, 3, 3);
  check(h, 3);
}

static void starts_anew_after_a_stop(void **state) {
  struct hashing *h = *state;

  hashing_start(h, 1);
  add(h, DATA, HASHING_PIECE);
  hashing_stop(h);
  assert_int_equal(h->state, 0);
  hashing_stop(h);
  hashing_start(h, 1);
  add(h, DATA, HASHING_PIECE);
  assert_int_equal(h->state, 1);
  check(h, DATA);
}

static void does_without_a_thread(void **state) {
  struct hashing *h = *state;

  h->state = -1; /* as after pthread_create has failed */
  hashing_start(h, 1);
  add(h, DATA, 65536);
  assert_int_equal(h->put, 0);
  check(h, DATA);
  h->state = 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(digests_small_chunks_inline, start, end),
      cmocka_unit_test_setup_teardown(digests_large_chunks_beside, start, end),
      cmocka_unit_test_setup_teardown(keeps_the_order, start, end),
      cmocka_unit_test_setup_teardown(gives_room, start, end),
      cmocka_unit_test_setup_teardown(forgets_what_was_not_ended, start, end),
      cmocka_unit_test_setup_teardown(starts_anew_after_a_stop, start, end),
      cmocka_unit_test_setup_teardown(does_without_a_thread, start, end),
  };

  return cmocka_run_group_tests(tests, 0, 0);
}
