#include "number.h"

#include <string.h>

#define RATE_MIN 1024

int number_scan(const char *s, size_t len, uint64_t *u) {
  uint64_t n = 0;

  if (len < 1 || len > 18)
    return 0;
  for (size_t i = 0; i < len; i++) {
    if (s[i] < '0' || s[i] > '9')
      return 0;
    n = n * 10 + (uint64_t)(s[i] - '0');
  }
  *u = n;
  return 1;
}

int number_arg(const char *s, uint64_t min, uint64_t max, uint64_t *u) {
  uint64_t n;

  if (!number_scan(s, strlen(s), &n) || n < min || n > max)
    return 0;
  *u = n;
  return 1;
}

static unsigned int size_shift(char c) {
  switch (c) {
  case 'k':
    return 10;
  case 'M':
    return 20;
  case 'G':
    return 30;
  case 'T':
    return 40;
  default:
    return 0;
  }
}

int number_size(const char *s, uint64_t *u) {
  const size_t len = strlen(s);
  const unsigned int shift = len ? size_shift(s[len - 1]) : 0;
  uint64_t n;

  if (!number_scan(s, len - (shift > 0), &n) ||
      n > (uint64_t)INT64_MAX >> shift)
    return 0;
  *u = n << shift;
  return 1;
}

int number_rate(const char *s, uint64_t *u) {
  uint64_t n;

  if (!number_size(s, &n) || n < RATE_MIN)
    return 0;
  *u = n;
  return 1;
}
