#ifndef SWEEP_H
#define SWEEP_H

/* Removes what dead processes have left below .df: spool and temporary files,
 * ids, locks. Whatever somebody holds a lock on stays. Only for
 * dfpublish, before it looks at the commits: it holds publish.wait for a
 * moment, and others then take it for one that has not looked yet. */
void sweep_store(void);

#endif
