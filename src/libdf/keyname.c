#include "keyname.h"
#include "header.h"

#include <string.h>

static int plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') || (c && strchr("-_.,+@~", c));
}

size_t keyname_encode(char out[KEYNAME_MAX + 1], const char *key, size_t len) {
  static const char digits[] = "0123456789ABCDEF";
  size_t i, n = 0;

  for (i = 0; i < len; i++) {
    unsigned char c = (unsigned char)key[i];

    if (plain(key[i]) && !(i == 0 && c == '.')) {
      if (n + 1 > KEYNAME_MAX)
        return 0;
      out[n++] = key[i];
      continue;
    }
    if (n + 3 > KEYNAME_MAX)
      return 0;
    out[n++] = '=';
    out[n++] = digits[c >> 4];
    out[n++] = digits[c & 15];
  }
  out[n] = 0;
  return n;
}

const char *key_check(const char *key, size_t len) {
  char name[KEYNAME_MAX + 1];
  size_t i;

  if (!len)
    return "it is empty";
  if (len > KEY_MAX)
    return "it is longer than 512 bytes";
  if (*key == ' ' || *key == '\t')
    return "it begins with a space or a tab";
  for (i = 0; i < len; i++)
    if ((unsigned char)key[i] < 32 || key[i] == 127)
      return "it has a control byte in it";
  if (!keyname_encode(name, key, len))
    return "its encoded name is longer than 255 bytes";
  return 0;
}
