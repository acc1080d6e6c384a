#include "json.h"

#include <scan.h>
#include <stdio.h>
#include <string.h>

/* Bytes of the UTF-8 sequence at s; 0: none. */
static size_t sequence(const unsigned char *s, size_t len) {
  static const struct {
    unsigned char low, high; /* first byte */
    unsigned char low2, high2;
    size_t len;
  } forms[] = {
      {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
      {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3},
      {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
      {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
  };
  if (*s < 0x80)
    return 1;
  for (size_t i = 0; i < sizeof forms / sizeof *forms; ++i) {
    if (*s < forms[i].low || *s > forms[i].high)
      continue;
    if (len < forms[i].len || s[1] < forms[i].low2 || s[1] > forms[i].high2)
      return 0;
    for (size_t k = 2; k < forms[i].len; ++k)
      if ((s[k] & 0xc0) != 0x80)
        return 0;
    return forms[i].len;
  }
  return 0;
}

static int escape(stralloc *out, unsigned char c) {
  char u[8];
  char e[] = {'\\', (char)c};
  if (c == '"' || c == '\\')
    return stralloc_catb(out, e, 2);
  snprintf(u, sizeof u, "\\u%04x", c);
  return stralloc_cats(out, u);
}

int json_put_string(stralloc *out, const char *s, size_t len) {
  const unsigned char *p = (const unsigned char *)s;
  int good = 1;
  if (!stralloc_catb(out, "\"", 1))
    return -1;
  for (size_t i = 0; i < len;) {
    size_t n = sequence(p + i, len - i);
    int ok;
    if (!n) {
      ok = stralloc_catb(out, "\xef\xbf\xbd", 3);
      good = 0;
      n = 1;
    } else if (p[i] < 32 || p[i] == 127 || p[i] == '"' || p[i] == '\\')
      ok = escape(out, p[i]);
    else
      ok = stralloc_catb(out, s + i, n);
    if (!ok)
      return -1;
    i += n;
  }
  return stralloc_catb(out, "\"", 1) ? good : -1;
}

int json_put_text(stralloc *out, const char *text) {
  return stralloc_cats(out, text) ? 0 : -1;
}

int json_put_number(stralloc *out, uint64_t u) {
  char digits[24];
  snprintf(digits, sizeof digits, "%llu", (unsigned long long)u);
  return json_put_text(out, digits);
}

/* The place after the string that begins at i; len if it has no end. */
static size_t skip_string(const char *s, size_t len, size_t i) {
  for (++i; i < len && s[i] != '"'; ++i)
    if (s[i] == '\\')
      ++i;
  return i < len ? i + 1 : len;
}

static int scalar(const char *s, size_t len, size_t i, const char **value,
                  size_t *value_len) {
  size_t end;
  if (i >= len || s[i] == '{' || s[i] == '[')
    return 0;
  if (s[i] == '"') {
    end = skip_string(s, len, i);
    if (end < i + 2 || s[end - 1] != '"')
      return 0;
    *value = s + i + 1;
    *value_len = end - i - 2;
    return 1;
  }
  for (end = i; end < len && !memchr(",}]\n", s[end], 4); ++end)
    ;
  *value = s + i;
  *value_len = end - i;
  return 1;
}

/* The place of the value of a member; 0: there is none. */
static size_t find(const char *s, size_t len, const char *name) {
  const size_t n = strlen(name);
  unsigned int depth = 0;
  for (size_t i = 0, end; i < len; i = end) {
    end = i + 1;
    if (s[i] == '{' || s[i] == '[')
      ++depth;
    else if (s[i] == '}' || s[i] == ']') {
      if (!depth || !--depth)
        return 0;
    } else if (s[i] == '"') {
      end = skip_string(s, len, i);
      if (depth == 1 && end < len && s[end] == ':' && end - i == n + 2 &&
          !memcmp(s + i + 1, name, n))
        return end + 1;
    }
  }
  return 0;
}

int json_find(const char *s, size_t len, const char *name, const char **value,
              size_t *value_len) {
  size_t at = find(s, len, name);
  return at && scalar(s, len, at, value, value_len);
}

const char *json_list(const char *s, size_t len, const char *name) {
  size_t at = find(s, len, name);
  return at && at < len && s[at] == '[' ? s + at + 1 : 0;
}

/* The place after the object or array at i. */
static size_t skip_nested(const char *s, size_t len, size_t i) {
  unsigned int depth = 0;
  while (i < len) {
    if (s[i] == '"') {
      i = skip_string(s, len, i);
      continue;
    }
    depth += s[i] == '{' || s[i] == '[';
    if ((s[i] == '}' || s[i] == ']') && !--depth)
      return i + 1;
    ++i;
  }
  return len;
}

int json_next(const char **at, const char *end, const char **value,
              size_t *value_len) {
  const char *s = *at;
  size_t len, used;
  if (s < end && *s == ',')
    ++s;
  if (s >= end || *s == ']')
    return 0;
  len = (size_t)(end - s);
  if (*s == '{' || *s == '[') {
    used = skip_nested(s, len, 0);
    *value = s;
    *value_len = used;
  } else {
    if (!scalar(s, len, 0, value, value_len))
      return 0;
    used = *value_len + (*s == '"' ? 2 : 0);
  }
  *at = s + used;
  return used > 0;
}

int json_plain(stralloc *out, const char *s, size_t len) {
  for (size_t i = 0; i < len; ++i) {
    char c = s[i];
    if (c == '\\' && i + 1 < len && s[i + 1] != 'u')
      c = s[++i];
    else if (c == '\\' && i + 5 < len) { /* a control byte: \u00XX */
      c = (char)(scan_fromhex((unsigned char)s[i + 4]) << 4 |
                 scan_fromhex((unsigned char)s[i + 5]));
      i += 5;
    }
    if (!stralloc_catb(out, &c, 1))
      return -1;
  }
  return 0;
}
