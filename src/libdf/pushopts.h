#ifndef PUSHOPTS_H
#define PUSHOPTS_H

#include "origin.h"

#include <stdint.h>

/* The options of pushdf(1). Strings are those of argv. */
struct pushopts {
  const char *key, *ticket; /* -k, -o */
  int append, dry;          /* -a: headers alone, of tickets; -n */
  int key_is_name, names_from_stdin, quiet, verbose;
  uint64_t timeout;     /* seconds */
  uint64_t rate;        /* bytes a second; 0: no bound */
  struct origin origin; /* -b -c -h -S -t */

  /* What is wrong. */
  const char *why;      /* a short constant; 0: the usage */
  const char *argument; /* that it is about; 0: none */
};

/* Reads them with getopt(3). 1: optind is the first operand; 0: o->why. */
int pushopts_read(struct pushopts *o, int argc, char **argv);

/* Whether they go together, and with these operands (ended by a null pointer).
 * 0: they do; else why not, a short constant. */
const char *pushopts_check(const struct pushopts *o, char *const *names);

#endif
