#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "page.h"
#include "pagetext.h"
#include "setup.h"

#define EPOCH "@400000006a00000000000000"
#define STATUS                                                                 \
  "{\"dataflow\":1,\"host\":\"h\\\"<\",\"published\":\"2026-11-23T12:00:"      \
  "00Z\","                                                                     \
  "\"chunks\":1,\"bytes\":5,\"epoch\":\"" EPOCH "\",\"delta_bytes\":7,"        \
  "\"pending\":[%s],\"refused\":[]}\n"
#define TARGET                                                                 \
  "{\"target\":\"10.0.0.2:1\",\"chunks\":1,\"bytes\":5,\"oldest\":\"2026-11-"  \
  "23"                                                                         \
  "T12:00:00Z\",\"tries\":1,\"last_error\":null}"
#define MD5 "5d41402abc4b2a76b9719d911017c592"
#define RECORD                                                                 \
  "{\"md5\":\"" MD5 "\",\"content_length\":5,\"keys\":[\"</script>\"],"        \
  "\"host\":\"h\\\"<\",\"backup_hosts\":[\"b\"],\"stored\":\"2026-11-23T12:00" \
  ":00Z\",\"expires\":null,\"path\":\"md5/5d/" MD5 "\"}\n"

static char page[100000], md5[MD5_HEX + 1];

static void write_page(const char *pending, const char *records) {
  char text[2048];
  char tmp[64];
  struct writer w;
  ssize_t len;
  snprintf(text, sizeof text, STATUS, pending);
  put_text("status.json", text);
  digest_md5(text, strlen(text), md5);
  if (records) {
    snprintf(text, sizeof text,
             "{\"dataflow\":1,\"host\":\"h\",\"epoch\":\"" EPOCH
             "\",\"delta_bytes\":7,\"chunks\":[\n%s]}\n",
             records);
    put_text("index.json", text);
  }
  assert_int_equal(writer_begin(&w, tmp, 0644), 0);
  assert_int_equal(page_write(&w), 0);
  assert_int_equal(writer_replace(&w, tmp, PAGE_FILE), 0);
  len = file_read(PAGE_FILE, page, sizeof page - 1);
  assert_true(len > 0);
  page[len] = 0;
}

static void has(const char *text) {
  if (!strstr(page, text))
    fail_msg("not in the page: %s", text);
}

static void lacks(const char *text) {
  if (strstr(page, text))
    fail_msg("in the page: %s", text);
}

/* Once each: nothing of what is shown is markup. */
static void once(const char *text) {
  const char *p = strstr(page, text);
  assert_non_null(p);
  assert_null(strstr(p + 1, text));
}

static void empty(void **state) {
  (void)state;
  write_page("", 0);
  has("No chunk is stored here.");
  has("<section id=\"owed\" hidden>");
  has("data-epoch=\"\" data-bytes=\"0\"");
  write_page("", "");
  has("No chunk is stored here.");
  has("data-epoch=\"" EPOCH "\" data-bytes=\"7\"");
  has(" free; as of <time datetime=\"2026-11-23T12:00:00Z\">");
}

static void all(void **state) {
  (void)state;
  write_page(TARGET, RECORD);
  has("<section id=\"owed\">");
  has("10.0.0.2:1");
  has("<h1>h&quot;&lt;</h1>");
  has("data-host=\"h&quot;&lt;\"");
  has("1 chunks, 5 bytes</span>");
  has("&lt;/script&gt;</a>");
  has("<td data-n=\"Also at\"><a href=\"http://b/dfstor/\">b</a></tr>");
  has(pagetext_script);
  has(pagetext_style);
  once("<script>");
  once("</script>");
  once("<style>");
  lacks("No chunk");
  assert_string_equal(page + strlen(page) - 8, "</html>\n");
}

/* By this alone the browser runs nothing else. */
static void policy(void **state) {
  (void)state;
  write_page("", RECORD);
  has("content=\"default-src 'none'; connect-src 'self'; base-uri 'none'; "
      "form-action 'none'; script-src 'sha256-");
  has("='; style-src 'sha256-");
}

static void template(void **state) {
  (void)state;
  assert_int_equal(setenv("DFURL", "https://x.%h/d&\"", 1), 0);
  write_page("", RECORD);
  has("data-url=\"https://x.%h/d&amp;&quot;\"");
  has("<a href=\"https://x.b/d&amp;&quot;/\">b</a>");
  assert_int_equal(setenv("DFURL", "javascript:%h", 1), 0);
  write_page("", RECORD);
  has("data-url=\"\"");
  lacks("javascript:");
  has("<a>b</a>");
  assert_int_equal(unsetenv("DFURL"), 0);
}

static void current(void **state) {
  (void)state;
  write_page("", RECORD);
  assert_int_equal(page_current(md5), 1);
  assert_int_equal(page_current("00000000000000000000000000000000"), 0);
  put_text(PAGE_FILE, "<!doctype html>\n");
  assert_int_equal(page_current(md5), 0);
  assert_int_equal(unlink(PAGE_FILE), 0);
  assert_int_equal(page_current(md5), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(empty),   cmocka_unit_test(all),
      cmocka_unit_test(policy),  cmocka_unit_test(template),
      cmocka_unit_test(current),
  };
  return cmocka_run_group_tests(tests, in_store, 0);
}
