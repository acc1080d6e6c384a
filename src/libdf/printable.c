#include "printable.h"

#include <string.h>

#define SHOWN 100

static int is_graphic(char c) {
  return c >= 33 && c <= 126;
}

const char *printable(char out[PRINTABLE_MAX], const char *s, size_t len) {
  const size_t shown = len > SHOWN ? SHOWN : len;

  for (size_t i = 0; i < shown; i++) {
    const int is_single = s[i] == ' ' && i > 0 && is_graphic(s[i - 1]) &&
                          i + 1 < len && is_graphic(s[i + 1]);
    out[i] = is_graphic(s[i]) || is_single ? s[i] : '?';
  }
  memcpy(out + shown, "...", 4);
  if (len <= SHOWN)
    out[shown] = 0;
  return out;
}
