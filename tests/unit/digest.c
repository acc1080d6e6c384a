#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "digest.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void check(const char *s, const char *want_md5, const char *want_sha) {
  struct digest d;
  char md5[MD5_HEX + 1], sha[SHA256_HEX + 1];
  size_t i;

  digest_md5(s, strlen(s), md5);
  assert_string_equal(md5, want_md5);
  digest_start(&d, 1);
  for (i = 0; s[i]; i++)
    digest_add(&d, s + i, 1);
  assert_int_equal(d.bytes, strlen(s));
  digest_end(&d, md5, sha);
  assert_string_equal(md5, want_md5);
  assert_string_equal(sha, want_sha);
}

/* RFC 1321, appendix A.5; FIPS 180-4 examples */
static void knows_vectors(void **state) {
  (void)state;
  check("", "d41d8cd98f00b204e9800998ecf8427e",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  check("abc", "900150983cd24fb0d6963f7d28e17f72",
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void leaves_sha_out(void **state) {
  struct digest d;
  char md5[MD5_HEX + 1], sha[SHA256_HEX + 1] = "x";

  (void)state;
  digest_start(&d, 0);
  digest_add(&d, "abc", 3);
  digest_end(&d, md5, sha);
  assert_string_equal(md5, "900150983cd24fb0d6963f7d28e17f72");
  assert_string_equal(sha, "");
}

/* A million times "a": FIPS 180-4; longer than one read. */
static void digests_files(void **state) {
  FILE *f = tmpfile();
  char md5[MD5_HEX + 1], sha[SHA256_HEX + 1];
  uint64_t bytes;
  int i;

  (void)state;
  assert_non_null(f);
  for (i = 0; i < 1000000; i++)
    putc('a', f);
  assert_int_equal(fflush(f), 0);
  lseek(fileno(f), 17, SEEK_SET);
  assert_int_equal(digest_file(fileno(f), 1, md5, sha, &bytes), 0);
  assert_int_equal(bytes, 1000000);
  assert_string_equal(md5, "7707d6ae4e027c70eea2a935c2296f21");
  assert_string_equal(
      sha, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  assert_int_equal(lseek(fileno(f), 0, SEEK_CUR), 17);
  fclose(f);
}

static void says_errors(void **state) {
  char md5[MD5_HEX + 1], sha[SHA256_HEX + 1];
  uint64_t bytes;
  const int fd = open("/", O_RDONLY);

  (void)state;
  assert_int_equal(digest_file(-1, 0, md5, sha, &bytes), -1);
  assert_int_equal(digest_file(fd, 0, md5, sha, &bytes), -1);
  close(fd);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(knows_vectors),
      cmocka_unit_test(leaves_sha_out),
      cmocka_unit_test(digests_files),
      cmocka_unit_test(says_errors),
  };

  return cmocka_run_group_tests(tests, 0, 0);
}
