#ifndef NEWTREE_H
#define NEWTREE_H

#include <stddef.h>
#include <sys/types.h>

/* Files and directories that are not there yet: nothing is ever replaced, and a
 * link in a last place is not followed. All return 0, -1 errno (EEXIST: there
 * is something of that name). Modes are as umask leaves them. */

/* A file with the len bytes at p, on the disk. */
int newtree_file(const char *name, const void *p, size_t len, mode_t mode);

/* A directory that belongs to uid and gid. */
int newtree_dir(const char *name, mode_t mode, uid_t uid, gid_t gid);

/* The directories above name that are not there, mode 0755. A name of more than
 * 4095 bytes: ENAMETOOLONG. */
int newtree_parents(const char *name);

#endif
