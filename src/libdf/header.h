#ifndef HEADER_H
#define HEADER_H

#include "digest.h"
#include "label.h"

#include <stddef.h>
#include <stdint.h>

/* Headers and trailers of chunks: protocol.md sections 2 and 3. */
#define HEADER_MAX 16384
#define HEADER_LINES 256
#define TRAILER_MAX 1024
#define KEY_MAX 512
#define HOST_MAX 253

/* One line; the pointers go into the header that was given. */
struct field {
  const char *name;
  size_t name_len;
  const char *value; /* spaces and tabs before it skipped */
  size_t value_len;
  const char *line; /* the whole line with its newline */
  size_t line_len;
};

/* The next line of the len bytes at h, from *pos on. 1: in *f, *pos moved on;
 * 0: end; -1: not a header line (form, byte not allowed). */
int header_next(const char *h, size_t len, size_t *pos, struct field *f);

/* 1: f's name is this one (without case). */
int field_is(const struct field *f, const char *name);

/* What the lines say. Numbers that stand nowhere have their has_ at 0. Pointers go
 * into the header. md5, sha256 and stamp are "" where the line is missing. */
struct header {
  const char *key; /* the first one; 0: none */
  size_t key_len;
  const char *host;
  size_t host_len;
  char stamp[LABEL_LEN + 1];
  char md5[MD5_HEX + 1];
  char sha256[SHA256_HEX + 1];
  uint64_t length, cache_time, ttl;
  int has_length, has_cache_time, has_ttl;
  int data_none; /* "Data: none" */
};

enum header_kind { HEADER_STREAM, HEADER_STORED, HEADER_TICKET };

/* Checks form, limits and how often each line may stand. 0: good, *out is
 * filled; else what is wrong, a short constant. HEADER_STORED also asks for
 * Content-Length, md5hash and Stored and allows any number of keys; a stored
 * header has no Data line. A ticket is such a header with or without Stored. */
const char *header_scan(const char *h, size_t len, enum header_kind kind,
                        struct header *out);

struct trailer {
  char md5[MD5_HEX + 1];
  char sha256[SHA256_HEX + 1]; /* "": none */
  uint64_t length;
};

/* As header_scan, for a trailer that is not empty. */
const char *trailer_scan(const char *t, size_t len, struct trailer *out);

/* Writes a trailer, NUL-terminated; sha256 "": without. Returns its length. */
size_t trailer_fmt(char out[TRAILER_MAX], const struct trailer *t);

/* 1: the len bytes at s are an IP address (RFC 1123 dotted quad; RFC 4291 text
 * without zone) or a host name as protocol.md section 4 has it; else 0. */
int host_valid(const char *s, size_t len);

/* A header under construction, never over max (HEADER_MAX) bytes. */
struct header_text {
  char s[HEADER_MAX];
  size_t len;
  unsigned int lines;
};

/* Adds "name: value\n". 1; 0: over the limits of a header, nothing added. */
int header_add(struct header_text *t, const char *name, const char *value,
               size_t value_len);
int header_add_number(struct header_text *t, const char *name, uint64_t u);

/* Adds a whole line as it is, newline included. */
int header_add_line(struct header_text *t, const char *line, size_t len);

#endif
