#include "entry.h"

#include "number.h"

#include <arpa/inet.h>
#include <fmt.h>
#include <ip4.h>
#include <ip6.h>
#include <string.h>
#include <strings.h>

#define NAME_MAX_LEN 253

static int is_digit(char c) {
  return c >= '0' && c <= '9';
}

static int is_alnum(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

int list_name_valid(const char *s, size_t len) {
  size_t label = 0; /* bytes of the label so far */
  int has_other = 0;

  if (len < 1 || len > NAME_MAX_LEN || !is_alnum(s[0]))
    return 0;
  for (size_t i = 0; i < len; i++) {
    if (s[i] == '.') {
      label = 0;
      has_other = 0;
      continue;
    }
    if (!is_alnum(s[i]) && s[i] != '-')
      return 0;
    label++;
    if (!is_digit(s[i]))
      has_other = 1;
  }
  return label == 0 || has_other;
}

int entry_same(const struct entry *a, const struct entry *b) {
  if (a->kind != b->kind || a->port != b->port ||
      a->address_len != b->address_len)
    return 0;
  if (a->kind == 0x00)
    return strncasecmp(a->address, b->address, a->address_len) == 0;
  return memcmp(a->address, b->address, a->address_len) == 0;
}

void entry_unmap(struct entry *e) {
  static const char prefix[12] = {[10] = '\xff', [11] = '\xff'};
  if (e->kind != 0x06 || memcmp(e->address, prefix, sizeof prefix) != 0)
    return;
  e->kind = 0x04;
  e->address += sizeof prefix;
  e->address_len = 4;
}

/* libowfat's fmt_ip6 looks at the bytes after an address that ends in a zero
 * group, and writes "::" if they are not zero. */
static size_t ip6_text(char *out, const char *address) {
  char padded[32] = {0};

  memcpy(padded, address, 16);
  return fmt_ip6(out, padded);
}

size_t entry_host(const struct entry *e, char out[LIST_TEXT]) {
  size_t len = e->address_len;

  if (e->kind == 0x04)
    len = fmt_ip4(out, e->address);
  else if (e->kind == 0x06)
    len = ip6_text(out, e->address);
  else
    memcpy(out, e->address, len);
  out[len] = 0;
  return len;
}

size_t entry_text(const struct entry *e, char out[LIST_TEXT]) {
  const size_t bracket = e->kind == 0x06;
  size_t len = bracket + entry_host(e, out + bracket);

  if (bracket) {
    out[0] = '[';
    out[len++] = ']';
  }
  out[len++] = ':';
  len += fmt_ulong(out + len, e->port);
  out[len] = 0;
  return len;
}

/* An IP address as inet_pton(3) has it: 1, its bytes are in buf; else 0. */
static int ip_scan(int family, const char *s, size_t len, char *buf) {
  char text[INET6_ADDRSTRLEN];

  if (len >= sizeof text || memchr(s, 0, len))
    return 0;
  memcpy(text, s, len);
  text[len] = 0;
  return inet_pton(family, text, buf) == 1;
}

/* The address of the len bytes at s, without brackets. */
static const char *address_scan(const char *s, size_t len, int is_ip6,
                                char buf[LIST_TEXT], struct entry *e) {
  if (len == 0)
    return "the address is missing";
  if (len > NAME_MAX_LEN)
    return "the address is longer than 253 bytes";
  e->address = buf;
  if (is_ip6) {
    e->kind = 0x06;
    e->address_len = 16;
    return ip_scan(AF_INET6, s, len, buf) ? 0 : "this is no IPv6 address";
  }
  if (ip_scan(AF_INET, s, len, buf)) {
    e->kind = 0x04;
    e->address_len = 4;
    return 0;
  }
  if (!list_name_valid(s, len))
    return "this is no IPv4 address and no host name";
  memcpy(buf, s, len);
  e->kind = 0x00;
  e->address_len = len;
  return 0;
}

const char *entry_scan(const char *s, size_t len, char buf[LIST_TEXT],
                       struct entry *e) {
  const int is_ip6 = len > 0 && s[0] == '[';
  const char *colon = memrchr(s, ':', len);
  const char *why;
  uint64_t port;
  size_t host_len;

  if (is_ip6) {
    const char *close = memchr(s, ']', len);
    if (!close)
      return "the bracket is not closed";
    colon = close + 1 < s + len && close[1] == ':' ? close + 1 : 0;
    if (!colon && close + 1 < s + len)
      return "something else than a port follows the bracket";
  }
  if (!colon)
    return "the port is missing";
  host_len = (size_t)(colon - s);
  if (!is_ip6 &&
      (ip_scan(AF_INET6, s, host_len, buf) || ip_scan(AF_INET6, s, len, buf)))
    return "an IPv6 address needs brackets";
  why = is_ip6 ? address_scan(s + 1, host_len - 2, 1, buf, e)
               : address_scan(s, host_len, 0, buf, e);
  if (why)
    return why;
  colon++;
  if (colon == s + len)
    return "the port is missing";
  if (!number_scan(colon, (size_t)(s + len - colon), &port) || port < 1 ||
      port > 65535)
    return "the port is not a number from 1 to 65535";
  e->port = (uint16_t)port;
  e->branch = buf;
  e->branch_len = 0;
  return 0;
}
