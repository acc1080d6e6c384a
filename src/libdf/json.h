#ifndef JSON_H
#define JSON_H

#include <stddef.h>
#include <stdint.h>
#include <stralloc.h>

/* JSON (RFC 8259) as protocol.md section 6 has it: compact, UTF-8. */

/* Appends s as a string, quotes included: '"', '\\' and control bytes escaped,
 * a byte that is not of valid UTF-8 (RFC 3629) as U+FFFD, all else as it is.
 * 1; 0: as well, but there were such bytes; -1: no memory. */
int json_put_string(stralloc *out, const char *s, size_t len);

/* Appends text as it is, or a number. 0; -1: no memory. */
int json_put_text(stralloc *out, const char *text);
int json_put_number(stralloc *out, uint64_t u);

/* For what dataflow itself has written: the value of a member of the object
 * that begins at s (its end need not be there). *value is what stands between
 * the quotes of a string, or a number or word. 1; 0: no such member, or its
 * value is an object or array. */
int json_find(const char *s, size_t len, const char *name, const char **value,
              size_t *value_len);

/* For the same: where the elements of a member that is an array begin, for
 * json_next. 0: it has none. */
const char *json_list(const char *s, size_t len, const char *name);

/* The element at *at, before end: what stands between the quotes of a string,
 * or the whole of anything else; *at moves on. 1; 0: no more. */
int json_next(const char **at, const char *end, const char **value,
              size_t *value_len);

/* Appends what a string means, given what stands between its quotes. 0; -1: no
 * memory. */
int json_plain(stralloc *out, const char *s, size_t len);

#endif
