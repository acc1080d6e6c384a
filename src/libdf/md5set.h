#ifndef MD5SET_H
#define MD5SET_H

#include <stddef.h>

/* A set of MD5s, by the million: 16 bytes for each, and what is put since they
 * were last in order, at most a quarter of that or 1 MiB. */
#define MD5SET_BYTES 16
#define MD5SET_MAX 16777216 /* so many: 256 MiB */

struct md5set_change;

/* All zero at first. */
struct md5set {
  unsigned char *md5s; /* MD5SET_BYTES each, ascending, each once */
  size_t n;
  size_t room;
  struct md5set_change *changes; /* not in md5s yet, in their order */
  size_t changed, changes_room;
};

/* Puts one in, or takes it out where in is 0; what is put last counts. 0; -1:
 * errno (EOVERFLOW: MD5SET_MAX). */
int md5set_put(struct md5set *s, const unsigned char *md5, int in);

/* To be called when all have been put: md5s and n are true then. 0; -1: errno.
 */
int md5set_settle(struct md5set *s);

/* 1: the n MD5s are ascending, each once. */
int md5set_is_sorted(const unsigned char *md5s, size_t n);

/* Looks for ascending MD5s one after the other: *at, 0 at first, moves on.
 * 1: it is there; 0. */
int md5set_find(const unsigned char *md5s, size_t n, size_t *at,
                const unsigned char *md5);

void md5set_free(struct md5set *s);

#endif
