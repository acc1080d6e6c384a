#include "sweep.h"

#include "slot.h"
#include "spool.h"

void sweep_store(void) {
  spool_sweep_all();
  lock_sweep_dir(".df/tmp");
  lock_sweep_dir(".df/id");
  lock_sweep_dir(".df/lock");
}
