#include "netstring.h"

#include <string.h>

#define DIGITS 8

size_t netstring_head(char out[NETSTRING_HEAD], size_t len) {
  char digits[DIGITS];
  size_t i = DIGITS;

  do
    digits[--i] = (char)('0' + len % 10);
  while ((len /= 10) && i);
  memcpy(out, digits + i, DIGITS - i);
  out[DIGITS - i] = ':';
  return DIGITS - i + 1;
}

long netstring_scan(const char *p, size_t avail, size_t max, const char **bytes,
                    size_t *len) {
  size_t i, n = 0;

  for (i = 0; i < avail && p[i] >= '0' && p[i] <= '9'; i++) {
    if (i == DIGITS || (i == 1 && p[0] == '0'))
      return -1;
    n = n * 10 + (size_t)(p[i] - '0');
  }
  if (i && n > max)
    return -1;
  if (i == avail)
    return 0;
  if (!i || p[i] != ':')
    return -1;
  i++;
  if (avail - i <= n)
    return 0;
  if (p[i + n] != ',')
    return -1;
  *bytes = p + i;
  *len = n;
  return (long)(i + n + 1);
}

size_t netstring_put(char *out, const char *bytes, size_t len) {
  size_t n = netstring_head(out, len);

  memcpy(out + n, bytes, len);
  out[n + len] = ',';
  return n + len + 1;
}
