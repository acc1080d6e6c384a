/* The bytes as a JSON string, and as an object in which members are looked for.
 */
#include "target.h"

#include "json.h"

#include <stdlib.h>

static const char *const names[] = {"md5", "epoch", "bytes", "a", ""};

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len) {
  const char *s = (const char *)p, *v;
  stralloc out = {0};
  size_t n;
  int r = json_put_string(&out, s, len);
  MUST(r >= 0);
  verdict("%d ", r);
  verdict_hex(out.s, out.len);
  stralloc_free(&out);
  for (size_t i = 0; i < sizeof names / sizeof *names; ++i)
    if (json_find(s, len, names[i], &v, &n)) {
      MUST(v >= s && v + n <= s + len);
      verdict(" %s=", names[i]);
      verdict_hex(v, n);
    }
  return 0;
}
