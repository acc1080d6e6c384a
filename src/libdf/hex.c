#include "hex.h"

static int digit(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int hex_scan(unsigned char *out, const char *s, size_t n) {
  for (size_t i = 0; i < n; ++i) {
    int high = digit(s[2 * i]), low = high < 0 ? -1 : digit(s[2 * i + 1]);
    if (low < 0)
      return 0;
    out[i] = (unsigned char)(high << 4 | low);
  }
  return 1;
}

void hex_fmt(char *out, const unsigned char *p, size_t n) {
  const char *digits = "0123456789abcdef";
  for (size_t i = 0; i < n; ++i) {
    out[2 * i] = digits[p[i] >> 4];
    out[2 * i + 1] = digits[p[i] & 15];
  }
  out[2 * n] = 0;
}
