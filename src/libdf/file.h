#ifndef FILE_H
#define FILE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Files, whole and durable. Names are relative to the store. Everything is
 * opened O_CLOEXEC and O_NOFOLLOW. All return -1 with errno on failure. */

/* All of it, over short writes and EINTR. 0 done. */
int file_write(int fd, const void *p, size_t len);

/* The len bytes from at on, over short reads and EINTR: how many there were. */
ssize_t file_read_at(int fd, void *p, size_t len, off_t at);

/* Up to max bytes of the file: how many there were. Larger files: -1, EFBIG.
 * No such file: -1, ENOENT. */
ssize_t file_read(const char *name, void *p, size_t max);

/* A directory, open for reading; a symbolic link is none (ENOTDIR). */
int file_open_dir(const char *dir);

/* fsync of a directory. 0 done. */
int file_sync_dir(const char *dir);

/* Gives a file another name, in this directory (or AT_FDCWD), where there is
 * none yet: in one step, or where the file system cannot, as a link. 0; -1
 * errno (EEXIST). */
int file_move(const char *from, int dir, const char *name);

/* mkdir, if it is not there (1: made, parent not yet synced; 0: was there). */
int file_mkdir(const char *dir, mode_t mode);

/* Replaces name atomically: file_create, fsync, rename, and where sync_dir is
 * not 0 fsync of that directory. 0 done. */
int file_replace(const char *name, const void *p, size_t len, mode_t mode,
                 const char *sync_dir);

/* A new file below .df/tmp, open for reading and writing, its name in tmp. It
 * is locked (flock) for as long as the descriptor is open: one that is not is a
 * leftover. The descriptor; -1. */
int file_create(char tmp[64], mode_t mode);

/* Whole file into memory of its own (read-only mapping, shared: later writes
 * are seen); an empty file is "". On failure there is nothing to give back.
 * file_unmap gives it back. 0 done. */
int file_map(int fd, const char **p, size_t *len);
void file_unmap(const char *p, size_t len);

#endif
