#ifndef SLOT_H
#define SLOT_H

#include <stddef.h>

/* Locks that count: .df/lock/NAME.0 to NAME.(n-1), held with flock(2) on a
 * descriptor, freed by the death of all who have it open. */

/* Takes a free one: its descriptor (O_CLOEXEC; close it to give it back);
 * -1 with errno EAGAIN: all n are taken; -1: other failure. The name is
 * printable and has no slash. */
int slot_take(const char *name, unsigned int n);

/* Opens the file and locks it: descriptor; -1 with EAGAIN: held by somebody. It
 * is the file that stands under this name, also where others remove it at the
 * same time. */
int lock_take(const char *path);

/* As lock_take, but waits until the lock is free. */
int lock_wait(const char *path);

/* As lock_wait, but any number may have it, if nobody has it alone. */
int lock_share(const char *path);

/* Removes the file if nobody holds its lock. */
void lock_sweep(const char *path);

/* Removes every lock file below dir that nobody holds. */
void lock_sweep_dir(const char *dir);

#endif
