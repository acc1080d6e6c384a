#ifndef LABEL_H
#define LABEL_H

#include <stddef.h>
#include <stdint.h>

/* TAI64N labels as daemontools' tai64n writes them: '@', 24 lowercase hex
 * digits. Labels compare as strings. Seconds here are Unix seconds. */
#define LABEL_LEN 25

/* Now, never the same twice in one process, NUL-terminated. */
void label_now(char out[LABEL_LEN + 1]);
void label_fmt(char out[LABEL_LEN + 1], int64_t seconds, uint32_t nanoseconds);

/* 1: the len bytes at s are a label, its Unix seconds are in *seconds (0
 * pointer: not wanted; out of int64_t's range: the nearest end); 0: not a
 * label. */
int label_scan(const char *s, size_t len, int64_t *seconds);

/* The Unix seconds that many seconds after a label; INT64_MAX at most. */
int64_t label_after(const char label[LABEL_LEN + 1], uint64_t seconds);

/* Seconds as 2026-11-23T12:00:00Z (RFC 3339), NUL-terminated; before year 0 or
 * after 9999: the nearest that can be written. */
void label_iso(char out[21], int64_t seconds);

#endif
