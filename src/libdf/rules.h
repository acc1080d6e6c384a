#ifndef RULES_H
#define RULES_H

#include "list.h"

#include <cdb.h>
#include <stdint.h>

/* Which targets the owner of this host allows: a cdb made by tcprules
 * (ucspi-tcp), looked up as tcpserver does, but what matches nothing is
 * refused. */
struct rules {
  struct cdb cdb;
  int fd; /* -1: no rules, nothing is allowed */
};

/* name 0: no rules. 0; -1: errno. */
int rules_open(struct rules *r, const char *name);
void rules_close(struct rules *r);

/* 0: allowed; else why not, a short constant. own_port: the port that is
 * allowed without DFPORTS; 0: none. */
const char *rules_refuse(struct rules *r, const struct entry *e,
                         uint16_t own_port);

/* The same for a host, whatever the port. */
const char *rules_refuse_host(struct rules *r, const char *host);

/* The same for a target "address:port" by the rules as they stand in the file
 * now. */
const char *rules_refuse_target(const char *name, const char *target,
                                uint16_t own_port);

#endif
