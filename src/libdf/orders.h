#ifndef ORDERS_H
#define ORDERS_H

#include "digest.h"

#include <stddef.h>
#include <stdint.h>

/* Orders tell dfsend and dfrelay what to send; a line each (dfsend(1)):
 *   MD5                that stored chunk, with its stored header
 *   commit NAME INDEX  that chunk of that commit, header as it came
 *   spool NAME         the spool file .df/stream/NAME, as it grows; then
 *   done               ... it is whole and good, or
 *   lost               ... it is given up
 *   committed NAME [INDEX]  the duties of the chunks so far stand there
 *   end                all is committed: send the end mark */
#define ORDER_NAME 80
#define ORDER_LINE 128

enum order_kind {
  ORDER_MD5,
  ORDER_COMMIT,
  ORDER_SPOOL,
  ORDER_DONE,
  ORDER_LOST,
  ORDER_COMMITTED,
  ORDER_END
};

struct order {
  enum order_kind kind;
  char name[ORDER_NAME]; /* MD5, or NAME */
  uint32_t index;
  int has_index; /* committed: one chunk, not all of the commit */
};

/* One line without its newline. 1: an order; 0: none. */
int order_scan(const char *line, size_t len, struct order *o);

/* Reading from a descriptor, line by line. */
struct orders {
  int fd;
  size_t pos, len;
  char buf[4096];
};
void orders_start(struct orders *r, int fd);

/* 1: an order; 0: nothing more there now (end of file; a line that is not whole
 * yet stays); -1: errno (EPROTO: a line that is no order). */
int orders_next(struct orders *r, struct order *o);

/* 1: orders_next has a line without reading; 0. */
int orders_ready(const struct orders *r);

/* 1: they have come to their end, in the file. */
int orders_ended(int fd);

#endif
