#ifndef NETSTRING_H
#define NETSTRING_H

#include <stddef.h>

/* Netstrings (protocol.md section 1): decimal-length ":" bytes ",", no leading
 * zero, at most 8 digits. */
#define NETSTRING_HEAD 9 /* longest length and colon */

/* Writes the length and the colon to out; returns how many bytes those are. */
size_t netstring_head(char out[NETSTRING_HEAD], size_t len);

/* A netstring at the start of the avail bytes at p. Returns how many bytes it
 * takes in all and points *bytes at its *len bytes; 0: more is needed to tell;
 * -1: no netstring, or one of more than max bytes. */
long netstring_scan(const char *p, size_t avail, size_t max,
                    const char **bytes, size_t *len);

/* Appends a whole netstring at out, which has room (len + 10 bytes); returns
 * the bytes written. */
size_t netstring_put(char *out, const char *bytes, size_t len);

#endif
