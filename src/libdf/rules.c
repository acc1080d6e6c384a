#include "rules.h"

#include "number.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DATA_MAX 4096

int rules_open(struct rules *r, const char *name) {
  memset(r, 0, sizeof *r); /* cdb_init unmaps what it finds there */
  r->fd = -1;
  if (!name)
    return 0;
  r->fd = open(name, O_RDONLY | O_CLOEXEC);
  if (r->fd < 0)
    return -1;
  cdb_init(&r->cdb, r->fd);
  return 0;
}

void rules_close(struct rules *r) {
  if (r->fd < 0)
    return;
  cdb_free(&r->cdb);
  close(r->fd);
  r->fd = -1;
}

/* 1: found, its instructions are in data; 0: no such rule; -1. */
static int find(struct rules *r, const char *key, size_t len, char *data,
                size_t *data_len) {
  int found = cdb_find(&r->cdb, (const unsigned char *)key, len);
  if (found <= 0)
    return found;
  *data_len = cdb_datalen(&r->cdb);
  if (*data_len > DATA_MAX)
    return -1;
  if (*data_len && cdb_read(&r->cdb, (unsigned char *)data, *data_len,
                            cdb_datapos(&r->cdb)) < 0)
    return -1;
  return 1;
}

/* The address itself, then its prefixes that end in a dot or colon, then the
 * empty string: rules.c of ucspi-tcp. */
static int find_address(struct rules *r, const char *ip, char *data,
                        size_t *data_len) {
  size_t len = strlen(ip);
  int found = find(r, ip, len, data, data_len);
  for (; !found && len; --len)
    if (ip[len - 1] == '.' || ip[len - 1] == ':')
      found = find(r, ip, len, data, data_len);
  return found ? found : find(r, "", 0, data, data_len);
}

static int port_listed(const char *s, size_t len, uint16_t port) {
  while (len) {
    const char *end = memchr(s, ',', len);
    size_t n = end ? (size_t)(end - s) : len;
    uint64_t u;
    if (number_scan(s, n, &u) && u == port)
      return 1;
    if (!end)
      break;
    s += n + 1;
    len -= n + 1;
  }
  return 0;
}

/* port 0: any will do. */
static const char *judge(const char *data, size_t len, uint16_t port,
                         uint16_t own_port) {
  static const char name[] = "+DFPORTS=";
  int ports = 0, listed = 0;
  while (len) {
    const char *end = memchr(data, 0, len);
    size_t n = end ? (size_t)(end - data) : len;
    if (*data == 'D')
      return "denied by the target rules";
    if (n >= sizeof name - 1 && !memcmp(data, name, sizeof name - 1)) {
      ports = 1;
      listed = port_listed(data + sizeof name - 1, n - (sizeof name - 1), port);
    }
    if (!end)
      break;
    data += n + 1;
    len -= n + 1;
  }
  if (!port || (ports ? listed : own_port && port == own_port))
    return 0;
  return "port not allowed by the target rules";
}

const char *rules_refuse(struct rules *r, const struct entry *target,
                         uint16_t own_port) {
  static const char zeros[16];
  struct entry e = *target;
  char data[DATA_MAX], key[LIST_TEXT + 1];
  size_t data_len, len;
  int found;
  if (r->fd < 0)
    return "no target rules";
  entry_unmap(&e);
  if (e.kind && !memcmp(e.address, zeros, e.address_len))
    return "address of no host";
  if (e.kind) {
    entry_host(&e, key);
    found = find_address(r, key, data, &data_len);
  } else {
    key[0] = '=';
    len = entry_host(&e, key + 1);
    for (size_t i = 1; i <= len; ++i)
      key[i] = (char)tolower((unsigned char)key[i]);
    found = find(r, key, len + 1, data, &data_len);
  }
  if (found < 0)
    return "unable to read the target rules";
  if (!found)
    return "not allowed by the target rules";
  return judge(data, data_len, e.port, own_port);
}

const char *rules_refuse_host(struct rules *r, const char *host) {
  char text[LIST_TEXT], buf[LIST_TEXT];
  struct entry e;
  int len =
      snprintf(text, sizeof text, strchr(host, ':') ? "[%s]:1" : "%s:1", host);
  if (len < 0 || (size_t)len >= sizeof text ||
      entry_scan(text, (size_t)len, buf, &e))
    return "no host";
  e.port = 0;
  return rules_refuse(r, &e, 0);
}

const char *rules_refuse_target(const char *name, const char *target,
                                uint16_t own_port) {
  char buf[LIST_TEXT];
  struct rules rules;
  struct entry e;
  const char *why;
  if (entry_scan(target, strlen(target), buf, &e))
    return "no target";
  if (rules_open(&rules, name) < 0)
    return "unable to open the target rules";
  why = rules_refuse(&rules, &e, own_port);
  rules_close(&rules);
  return why;
}
