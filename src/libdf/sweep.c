#include "sweep.h"

#include "heads.h"
#include "slot.h"
#include "spool.h"

#include <stdio.h>
#include <unistd.h>

static int remove_copy(void *context, const char *name) {
  char path[320];
  (void)context;
  snprintf(path, sizeof path, ".df/verify/%.255s", name);
  unlink(path);
  return 0;
}

/* Those of a dfverify that is no more. */
static void sweep_copies(void) {
  int lock = lock_take(".df/lock/verify");
  if (lock < 0)
    return;
  heads_names(".df/verify", remove_copy, 0);
  close(lock);
}

void sweep_store(void) {
  spool_sweep_all();
  lock_sweep_dir(".df/tmp");
  lock_sweep_dir(".df/id");
  sweep_copies();
  lock_sweep_dir(".df/lock");
}
