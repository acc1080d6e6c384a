/* The text of a list. */
#include "target.h"

#include "digest.h"
#include "listtext.h"

#include <stdlib.h>
#include <string.h>

static struct listtext first, second;
static char text[LISTTEXT_MAX];

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len) {
  const char *s = (const char *)p;
  struct complaint c;
  char md5[MD5_HEX + 1];
  size_t n;
  if (!listtext_scan(&first, s, len, &c)) {
    verdict("bad");
    MUST(c.why && (!c.text_len || (c.text >= s && c.text_len <= len &&
                                   c.text + c.text_len <= s + len)));
    return 0;
  }
  digest_md5(first.list, first.len, md5);
  verdict("ok %u %u %s", first.entries, first.sets, md5);
  MUST(!list_check(first.list, first.len));
  n = listtext_fmt(text, first.list, first.len);
  MUST(listtext_scan(&second, text, n, &c));
  MUST(second.len == first.len && !memcmp(second.list, first.list, first.len));
  return 0;
}
