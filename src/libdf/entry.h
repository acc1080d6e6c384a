#ifndef ENTRY_H
#define ENTRY_H

#include <stddef.h>
#include <stdint.h>

/* One entry of a replicate list: protocol.md section 4. */
#define LIST_TEXT 264 /* room for "[address]:port" or "name:port" and NUL */

struct entry {
  unsigned char kind; /* 0x04, 0x06, 0x00 */
  const char *address;
  size_t address_len; /* 4, 16, 1 to 253 */
  uint16_t port;
  const char *branch;
  size_t branch_len;
};

/* 1: the same address and port (names without case); 0: not. */
int entry_same(const struct entry *a, const struct entry *b);

/* The address alone (no brackets) as text, NUL-terminated; returns its length.
 * IPv6 as tcpserver and tcprules write it (libowfat fmt_ip6). */
size_t entry_host(const struct entry *e, char out[LIST_TEXT]);

/* "address:port", IPv6 in brackets, as in a list's text. */
size_t entry_text(const struct entry *e, char out[LIST_TEXT]);

/* Scans "address:port" (text form of one entry, len bytes) into *e; address
 * bytes go to buf. 0: good, else what is wrong, a short constant. */
const char *entry_scan(const char *s, size_t len, char buf[LIST_TEXT],
                       struct entry *e);

/* 1: s is a host name as protocol.md section 4 allows in a list. */
int list_name_valid(const char *s, size_t len);

/* An IPv4 address that is written as IPv6 (RFC 4291 section 2.5.5.2) becomes
 * the IPv4 one. */
void entry_unmap(struct entry *e);

#endif
