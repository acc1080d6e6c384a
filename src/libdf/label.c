#include "label.h"

#include <string.h>
#include <time.h>

/* TAI64 label of the Unix epoch as libowfat's tai_unix has it (and with it
 * tai64n): 2^62 and the ten seconds of 1970; leap seconds are not counted. */
#define EPOCH UINT64_C(4611686018427387914)

static void hex(char *out, uint64_t u, size_t digits) {
  while (digits--) {
    out[digits] = "0123456789abcdef"[u & 15];
    u >>= 4;
  }
}

void label_fmt(char out[LABEL_LEN + 1], int64_t seconds, uint32_t nanoseconds) {
  out[0] = '@';
  hex(out + 1, EPOCH + (uint64_t)seconds, 16);
  hex(out + 17, nanoseconds, 8);
  out[LABEL_LEN] = 0;
}

void label_now(char out[LABEL_LEN + 1]) {
  static struct timespec last;
  struct timespec t;

  clock_gettime(CLOCK_REALTIME, &t);
  if (t.tv_sec == last.tv_sec && t.tv_nsec <= last.tv_nsec)
    t.tv_nsec = last.tv_nsec + 1;
  if (t.tv_nsec == 1000000000) {
    t.tv_sec++;
    t.tv_nsec = 0;
  }
  last = t;
  label_fmt(out, t.tv_sec, (uint32_t)t.tv_nsec);
}

int label_scan(const char *s, size_t len, int64_t *seconds) {
  const char *digits = "0123456789abcdef", *d;
  uint64_t u = 0;
  size_t i;

  if (len != LABEL_LEN || s[0] != '@')
    return 0;
  for (i = 1; i < LABEL_LEN; i++) {
    d = memchr(digits, s[i], 16);
    if (!d)
      return 0;
    if (i <= 16)
      u = u << 4 | (uint64_t)(d - digits);
  }
  if (!seconds)
    return 1;
  if (u >= EPOCH)
    *seconds = u - EPOCH > INT64_MAX ? INT64_MAX : (int64_t)(u - EPOCH);
  else
    *seconds = -(int64_t)(EPOCH - u);
  return 1;
}

int64_t label_after(const char label[LABEL_LEN + 1], uint64_t seconds) {
  int64_t from = 0;

  label_scan(label, LABEL_LEN, &from);
  if (seconds > INT64_MAX || from > INT64_MAX - (int64_t)seconds)
    return INT64_MAX;
  return from + (int64_t)seconds;
}

static void decimal(char *out, int u, size_t digits) {
  while (digits--) {
    out[digits] = (char)('0' + u % 10);
    u /= 10;
  }
}

void label_iso(char out[21], int64_t seconds) {
  const int64_t first = -62167219200, last = 253402300799;
  time_t t = seconds < first ? first : seconds > last ? last : seconds;
  struct tm tm;

  gmtime_r(&t, &tm);
  memcpy(out, "0000-00-00T00:00:00Z", 21);
  decimal(out, tm.tm_year + 1900, 4);
  decimal(out + 5, tm.tm_mon + 1, 2);
  decimal(out + 8, tm.tm_mday, 2);
  decimal(out + 11, tm.tm_hour, 2);
  decimal(out + 14, tm.tm_min, 2);
  decimal(out + 17, tm.tm_sec, 2);
}
