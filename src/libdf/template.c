#include "template.h"

#include <string.h>

#define PLAIN                                                                  \
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._,:+@-"

static const char *value_of(char letter, const struct template_value *values,
                            size_t n) {
  if (letter == '%')
    return "%";
  for (size_t i = 0; i < n; ++i)
    if (values[i].letter == letter)
      return values[i].text;
  return 0;
}

ssize_t template_fill(char *out, size_t max, const char *text,
                      const struct template_value *values, size_t n) {
  size_t len = 0;
  while (*text) {
    size_t run = strcspn(text, "%");
    const char *from = text;
    text += run;
    if (!run) {
      from = value_of(text[1], values, n);
      if (!from)
        return -1;
      run = strlen(from);
      text += 2;
    }
    if (run >= max - len)
      return -1;
    memcpy(out + len, from, run);
    len += run;
  }
  if (len >= max)
    return -1;
  out[len] = 0;
  return (ssize_t)len;
}

int template_plain(const char *s) {
  return *s && *s != '-' && !s[strspn(s, PLAIN)];
}
