/* A file of orders, up to the first line that is none. */
#include "target.h"

#include "file.h"
#include "orders.h"

#include <sys/mman.h>
#include <unistd.h>

static const char *const kinds[] = {"md5",  "commit",    "spool", "done",
                                    "lost", "committed", "end"};

static void put(const struct order *o) {
  verdict("%s", kinds[o->kind]);
  if (*o->name)
    verdict(" %s", o->name);
  if (o->has_index)
    verdict(" %u", o->index);
  verdict("; ");
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len) {
  static struct orders r;
  static int fd = -1;
  struct order o;
  int more;
  if (fd < 0)
    fd = memfd_create("orders", MFD_CLOEXEC);
  MUST(ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) == 0 &&
       file_write(fd, p, len) == 0 && lseek(fd, 0, SEEK_SET) == 0);
  orders_start(&r, fd);
  while ((more = orders_next(&r, &o)) == 1)
    put(&o);
  verdict("%s%s", more < 0 ? "bad" : "rest", orders_ended(fd) ? " ended" : "");
  return 0;
}
