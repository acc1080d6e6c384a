#include "jsonwalk.h"

#include <stdint.h>
#include <string.h>

/* Each of these is given where something begins and returns where it ends, 0 if
 * it is not that. */

static const char *space(const char *p, const char *end) {
  while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'))
    ++p;
  return p;
}

static const char *digits(const char *p, const char *end) {
  const char *begin = p;
  while (p < end && *p >= '0' && *p <= '9')
    ++p;
  return p > begin ? p : 0;
}

static const char *number(const char *p, const char *end) {
  if (*p == '-')
    ++p;
  p = p < end && *p == '0' ? p + 1 : digits(p, end);
  if (p && p < end && *p == '.')
    p = digits(p + 1, end);
  if (p && p < end && (*p == 'e' || *p == 'E')) {
    ++p;
    if (p < end && (*p == '+' || *p == '-'))
      ++p;
    p = digits(p, end);
  }
  return p;
}

static const char *word(const char *p, const char *end, const char *w) {
  size_t n = strlen(w);
  return (size_t)(end - p) >= n && !memcmp(p, w, n) ? p + n : 0;
}

/* Behind the backslash. */
static const char *escape(const char *p, const char *end) {
  if (p == end || !strchr("\"\\/bfnrtu", *p) || !*p)
    return 0;
  if (*p++ != 'u')
    return p;
  for (int i = 0; i < 4; ++i, ++p)
    if (p == end || !*p || !strchr("0123456789abcdefABCDEF", *p))
      return 0;
  return p;
}

static const char *string(const char *p, const char *end) {
  if (p == end || *p != '"')
    return 0;
  for (++p; p < end; ++p) {
    if (*p == '"')
      return p + 1;
    if ((unsigned char)*p < ' ')
      return 0;
    if (*p == '\\') {
      p = escape(p + 1, end);
      if (!p)
        return 0;
      --p;
    }
  }
  return 0;
}

static const char *scalar(const char *p, const char *end) {
  switch (p < end ? *p : 0) {
  case '"':
    return string(p, end);
  case 't':
    return word(p, end, "true");
  case 'f':
    return word(p, end, "false");
  case 'n':
    return word(p, end, "null");
  case 0:
    return 0;
  default:
    return number(p, end);
  }
}

/* A member's name with its colon. */
static const char *name(const char *p, const char *end) {
  p = string(space(p, end), end);
  if (p)
    p = space(p, end);
  return p && p < end && *p == ':' ? p + 1 : 0;
}

/* What is open: depth, and a bit for each whether it is an object. */
struct open {
  uint64_t objects;
  unsigned int depth;
};

/* At a bracket: goes in. *empty: its end is next. */
static const char *enter(struct open *o, const char *p, const char *end,
                         int *empty) {
  int is_object = *p == '{';
  if (o->depth++ == JSONWALK_DEPTH)
    return 0;
  o->objects = o->objects << 1 | (unsigned)is_object;
  p = space(p + 1, end);
  *empty = p < end && *p == (is_object ? '}' : ']');
  return is_object && !*empty ? name(p, end) : p;
}

/* Behind a value: out of all that ends here, up to the next value or the end
 * of the outermost. */
static const char *leave(struct open *o, const char *p, const char *end) {
  while (p && o->depth) {
    int is_object = o->objects & 1;
    p = space(p, end);
    if (p < end && *p == ',')
      return is_object ? name(p + 1, end) : p + 1;
    if (p == end || *p != (is_object ? '}' : ']'))
      return 0;
    ++p;
    o->objects >>= 1;
    --o->depth;
  }
  return p;
}

static const char *value(const char *p, const char *end) {
  struct open o = {0, 0};
  do {
    int empty = 0;
    p = space(p, end);
    if (p < end && (*p == '{' || *p == '[')) {
      p = enter(&o, p, end, &empty);
      if (!empty)
        continue;
    } else
      p = scalar(p, end);
    p = leave(&o, p, end);
  } while (p && o.depth);
  return p;
}

void jsonwalk_start(struct jsonwalk *w, const char *s, size_t len) {
  w->at = s;
  w->end = s + len;
  w->begun = 0;
}

/* Past the brace or comma. 1; 0: the end; -1. */
static int step(struct jsonwalk *w) {
  const char *p = space(w->at, w->end);
  int first = !w->begun;
  if (p == w->end || (*p != (first ? '{' : ',') && (first || *p != '}')))
    return -1;
  w->begun = 1;
  if (first) {
    w->at = space(p + 1, w->end);
    if (w->at == w->end || *w->at != '}')
      return 1;
    p = w->at;
  }
  w->at = p + 1;
  if (*p == ',')
    return 1;
  return space(p + 1, w->end) == w->end ? 0 : -1;
}

int jsonwalk_next(struct jsonwalk *w, struct member *m) {
  const char *p;
  int r = step(w);
  if (r < 1)
    return r;
  m->name = space(w->at, w->end) + 1;
  p = name(w->at, w->end);
  if (!p)
    return -1;
  m->name_len = (size_t)(string(m->name - 1, w->end) - 1 - m->name);
  m->value = space(p, w->end);
  p = value(p, w->end);
  if (!p)
    return -1;
  m->value_len = (size_t)(p - m->value);
  w->at = p;
  return 1;
}

int jsonwalk_is(const struct member *m, const char *s) {
  return m->name_len == strlen(s) && !memcmp(m->name, s, m->name_len);
}
