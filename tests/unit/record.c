#include "record.h"
#include "store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#define MD5 "5d41402abc4b2a76b9719d911017c592"
#define SHA "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
#define FACTS                                                                  \
  "Host: 10.0.0.1\nContent-Length: 5\nmd5hash: " MD5                           \
  "\nStamp: @400000006a00000000000000\nStored: @400000006a00000a00000000\n"

static stralloc out;

static void is(const char *header, const char *want) {
  json_t *j;
  stralloc_zero(&out);
  assert_int_equal(record_put(&out, header, strlen(header)), 1);
  assert_true(stralloc_0(&out));
  assert_string_equal(out.s, want);
  j = json_loads(out.s, JSON_REJECT_DUPLICATES, 0);
  assert_non_null(j);
  json_decref(j);
}

static int start(void **state) {
  (void)state;
  return store_open() ? -1 : 0;
}

static void least(void **state) {
  (void)state;
  is(FACTS,
     "{\"md5\":\"" MD5 "\",\"sha256\":null,\"content_length\":5,\"keys\":[],"
     "\"host\":\"10.0.0.1\",\"backup_hosts\":[],\"cache_time\":null,"
     "\"ttl\":null,\"stamp\":\"@400000006a00000000000000\","
     "\"stored\":\"2026-05-10T03:48:16Z\",\"expires\":null,"
     "\"path\":\"md5/5d/" MD5 "\",\"taken\":[]}");
}

static void most(void **state) {
  (void)state;
  assert_int_equal(symlink("../md5/5d/" MD5, "key/a=2Fb"), 0);
  assert_int_equal(symlink("../md5/5d/" MD5, "key/c"), 0);
  assert_int_equal(
      symlink("../md5/00/0041402abc4b2a76b9719d911017c592", "key/other"), 0);
  is("Key: other\nKey: a/b\nKey: none\nKey: c\nX: y\n" FACTS "SHA-256: " SHA
     "\nCache-Time: 10\nTTL: 3600\nBackup-Host: b\n"
     "Backup-Host: ::1\nTaken: @1 2\nTaken: @3 4\n",
     "{\"md5\":\"" MD5 "\",\"sha256\":\"" SHA "\",\"content_length\":5,"
     "\"keys\":[\"a/b\",\"c\"],\"host\":\"10.0.0.1\","
     "\"backup_hosts\":[\"b\",\"::1\"],\"cache_time\":10,\"ttl\":3600,"
     "\"stamp\":\"@400000006a00000000000000\","
     "\"stored\":\"2026-05-10T03:48:16Z\","
     "\"expires\":\"2026-05-10T03:48:16Z\","
     "\"path\":\"md5/5d/" MD5 "\",\"taken\":[\"@1 2\",\"@3 4\"]}");
}

static void raw_keys(void **state) {
  (void)state;
  assert_int_equal(symlink("../md5/5d/" MD5, "key/=FF"), 0);
  assert_int_equal(symlink("../md5/5d/" MD5, "key/=22=C3=A9"), 0);
  is("Key: \xff\nKey: \"\xc3\xa9\n" FACTS,
     "{\"md5\":\"" MD5 "\",\"sha256\":null,\"content_length\":5,"
     "\"keys\":[\"\xef\xbf\xbd\",\"\\\"\xc3\xa9\"],"
     "\"keys_raw\":[\"=FF\",\"=22=C3=A9\"],"
     "\"host\":\"10.0.0.1\",\"backup_hosts\":[],\"cache_time\":null,"
     "\"ttl\":null,\"stamp\":\"@400000006a00000000000000\","
     "\"stored\":\"2026-05-10T03:48:16Z\",\"expires\":null,"
     "\"path\":\"md5/5d/" MD5 "\",\"taken\":[]}");
}

static void far_future(void **state) {
  (void)state;
  stralloc_zero(&out);
  assert_int_equal(record_put(&out, FACTS "Cache-Time: 999999999999999999\n",
                              strlen(FACTS) + 31),
                   1);
  assert_true(stralloc_0(&out));
  assert_non_null(strstr(out.s, "\"expires\":\"9999-12-31T23:59:59Z\""));
}

static void broken(void **state) {
  (void)state;
  stralloc_zero(&out);
  assert_int_equal(record_put(&out, "Host: h\n", 8), 0);
  assert_int_equal(out.len, 0);
}

static void gone(void **state) {
  (void)state;
  stralloc_zero(&out);
  assert_int_equal(record_gone(&out, MD5, "expired"), 0);
  assert_true(stralloc_0(&out));
  assert_int_equal(strlen(out.s),
                   strlen("{\"md5\":\"" MD5 "\",\"gone\":\"expired\","
                          "\"at\":\"2026-05-10T03:48:16Z\"}"));
  assert_memory_equal(
      out.s, "{\"md5\":\"" MD5 "\",\"gone\":\"expired\",\"at\":\"", 65);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(least),    cmocka_unit_test(most),
      cmocka_unit_test(raw_keys), cmocka_unit_test(far_future),
      cmocka_unit_test(broken),   cmocka_unit_test(gone),
  };
  return cmocka_run_group_tests(tests, start, 0);
}
