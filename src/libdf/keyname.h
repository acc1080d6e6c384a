#ifndef KEYNAME_H
#define KEYNAME_H

#include <stddef.h>

/* NAME of a key below key/ and head/key/ (protocol.md section 5). */
#define KEYNAME_MAX 255

/* Encodes the key, NUL-terminated. Returns the length; 0: the key is empty or
 * its NAME is longer than KEYNAME_MAX. */
size_t keyname_encode(char out[KEYNAME_MAX + 1], const char *key, size_t len);

/* 0: pushdf may send this key; else what is wrong with it, a short constant. */
const char *key_check(const char *key, size_t len);

#endif
