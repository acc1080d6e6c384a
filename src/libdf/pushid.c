#include "pushid.h"

#include <string.h>
#include <sys/random.h>

static const char digits[] = "0123456789abcdef";

int pushid_make(char out[STREAM_ID + 1]) {
  unsigned char random[STREAM_ID / 2];
  if (getrandom(random, sizeof random, 0) != sizeof random)
    return -1;
  for (int i = 0; i < STREAM_ID; ++i)
    out[i] = digits[random[i / 2] >> (i % 2 ? 0 : 4) & 15];
  out[STREAM_ID] = 0;
  return 0;
}

int pushid_valid(const char *s) {
  return strlen(s) == STREAM_ID && strspn(s, digits) == STREAM_ID;
}
