#ifndef JSONWALK_H
#define JSONWALK_H

#include <stddef.h>

/* The members of a JSON object (RFC 8259) that others have written, one after
 * the other, without memory of its own: for lines by the million. The form of
 * all of it is checked, but not whether strings are UTF-8. */
#define JSONWALK_DEPTH 64 /* arrays and objects in each other, in a value */

struct jsonwalk {
  const char *at, *end;
  int begun;
};

struct member {
  const char *name; /* between the quotes, escapes as they stand */
  size_t name_len;
  const char *value; /* its text; of a string with the quotes */
  size_t value_len;
};

/* The text must stay where it is. */
void jsonwalk_start(struct jsonwalk *w, const char *s, size_t len);

/* 1: the next member; 0: there are no more, and nothing but white space follows
 * the object; -1: it is no object. */
int jsonwalk_next(struct jsonwalk *w, struct member *m);

/* 1: its name is this one. */
int jsonwalk_is(const struct member *m, const char *name);

#endif
