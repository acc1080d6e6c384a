#ifndef TEMPLATE_H
#define TEMPLATE_H

#include <stddef.h>
#include <sys/types.h>

/* Texts with places to be filled in: "%x" stands for the value of the letter x,
 * "%%" for "%". */
struct template_value {
  char letter;
  const char *text;
};

/* Fills text in with the n values; out has room for max bytes and is ended by
 * NUL. The length; -1: it does not fit, or a letter has no value. */
ssize_t template_fill(char *out, size_t max, const char *text,
                      const struct template_value *values, size_t n);

/* 1: s can stand in a shell script, a rule or a Makefile as it is: not empty,
 * of letters, digits and "/._,:+@-" only, and does not begin with "-". 0: not.
 */
int template_plain(const char *s);

#endif
