#ifndef HEX_H
#define HEX_H

#include <stddef.h>

/* Hexadecimal digits, lowercase as everywhere here (protocol.md). */

/* 1: the 2 n digits at s are in the n bytes of out; 0: there is something else
 * among them, out is not to be used. */
int hex_scan(unsigned char *out, const char *s, size_t n);

/* Writes the n bytes at p as 2 n digits and NUL. */
void hex_fmt(char *out, const unsigned char *p, size_t n);

#endif
