#include "verified.h"

#include "file.h"
#include "number.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define NAME ".df/verified"

void verified_begin(struct verified *v) {
  v->began = time(0);
  *v->last = 0;
}

int verified_read(struct verified *v) {
  char line[64];
  size_t len, from;
  uint64_t u;
  ssize_t r = file_read(NAME, line, sizeof line - 1);
  verified_begin(v);
  if (r < 0)
    return errno == ENOENT || errno == EFBIG ? 0 : -1;
  line[r] = 0;
  from = strcspn(line, " ");
  if (!number_scan(line, from, &u) || !line[from])
    return 0;
  len = strcspn(line + ++from, "\n");
  if (len > MD5_HEX || strspn(line + from, "0123456789abcdef-") != len)
    return 0;
  v->began = (int64_t)u;
  memcpy(v->last, line + from, len);
  v->last[len] = 0;
  return 0;
}

int verified_write(const struct verified *v) {
  char line[64];
  int len =
      snprintf(line, sizeof line, "%lld %s\n", (long long)v->began, v->last);
  return file_replace(NAME, line, (size_t)len, 0600, 0);
}
