#ifndef NUMBER_H
#define NUMBER_H

#include <stddef.h>
#include <stdint.h>

/* The len bytes at s as a decimal number: 1 to 18 digits and nothing else
 * (protocol.md section 3). 1: stored in *u; 0: no such number. */
int number_scan(const char *s, size_t len, uint64_t *u);

/* A whole argument, as number_scan, in min..max. 1: stored; 0: not so. */
int number_arg(const char *s, uint64_t min, uint64_t max, uint64_t *u);

/* A whole argument as a size in bytes; a last letter k, M, G or T multiplies
 * by 2^10, 2^20, 2^30, 2^40. 1: stored; 0: no size, or over 2^63 - 1. */
int number_size(const char *s, uint64_t *u);

/* A whole argument as a rate: a size of at least 1024 bytes a second, what
 * dfserve asks for. 1: stored; 0: no rate. */
int number_rate(const char *s, uint64_t *u);

#endif
