#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rfc1321.h"

#include <nettle/md5.h>
#include <string.h>

static void digest(const char *s, size_t piece, unsigned char out[16]) {
  struct rfc1321 m;
  size_t len = strlen(s), n;

  rfc1321_start(&m);
  for (; len; s += n, len -= n) {
    n = piece < len ? piece : len;
    rfc1321_add(&m, s, n);
  }
  rfc1321_end(&m, out);
}

static void check(const char *s, const char *want) {
  unsigned char out[RFC1321_DIGEST];
  char hex[33];
  size_t piece, i;

  for (piece = 1; piece < 82; piece++) {
    digest(s, piece, out);
    for (i = 0; i < 32; i++)
      hex[i] = "0123456789abcdef"[out[i / 2] >> (i % 2 ? 0 : 4) & 15];
    hex[32] = 0;
    assert_string_equal(hex, want);
  }
}

/* Appendix A.5 */
static void knows_vectors(void **state) {
  (void)state;
  check("", "d41d8cd98f00b204e9800998ecf8427e");
  check("a", "0cc175b9c0f1b6a831c399e269772661");
  check("abc", "900150983cd24fb0d6963f7d28e17f72");
  check("message digest", "f96b697d7cb7938d525a2f31aaf161d0");
  check("abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b");
  check("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
        "d174ab98d277d9f5a5611c2c9f419d9f");
  check("1234567890123456789012345678901234567890"
        "1234567890123456789012345678901234567890",
        "57edf4a22be3c955ac49da2e2107b67a");
}

/* Every length around the blocks, in pieces, unaligned: as nettle says. */
static void agrees_with_nettle(void **state) {
  static unsigned char data[700];
  unsigned char a[RFC1321_DIGEST], b[MD5_DIGEST_SIZE];
  uint32_t x = 1;
  size_t i, len;

  (void)state;
  for (i = 0; i < sizeof data; i++)
    data[i] = (unsigned char)((x = x * 1664525 + 1013904223) >> 24);
  for (len = 0; len < sizeof data; len++) {
    struct rfc1321 m;
    struct md5_ctx n;
    const size_t cut = len * 7 % 130 < len ? len * 7 % 130 : len;

    rfc1321_start(&m);
    rfc1321_add(&m, data, cut);
    rfc1321_add(&m, data + cut, len - cut);
    assert_int_equal(m.bytes, len);
    rfc1321_end(&m, a);
    md5_init(&n);
    md5_update(&n, len, data);
    md5_digest(&n, sizeof b, b);
    assert_memory_equal(a, b, sizeof a);
  }
}

/* The count of bits goes beyond 32 bits: as if 8 TiB had been before. */
static void counts_far(void **state) {
  unsigned char a[RFC1321_DIGEST], b[MD5_DIGEST_SIZE];
  struct rfc1321 m;
  struct md5_ctx n;

  (void)state;
  rfc1321_start(&m);
  m.bytes = UINT64_C(1) << 43;
  md5_init(&n);
  n.count = m.bytes / RFC1321_BLOCK;
  rfc1321_add(&m, "abc", 3);
  md5_update(&n, 3, (const uint8_t *)"abc");
  rfc1321_end(&m, a);
  md5_digest(&n, sizeof b, b);
  assert_memory_equal(a, b, sizeof a);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(knows_vectors),
      cmocka_unit_test(agrees_with_nettle),
      cmocka_unit_test(counts_far),
  };

  return cmocka_run_group_tests(tests, 0, 0);
}
