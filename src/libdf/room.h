#ifndef ROOM_H
#define ROOM_H

#include <stdint.h>

/* 1: the file system of the current directory has more than reserve + need
 * bytes left (statvfs); 0: not; -1 errno. */
int room_for(uint64_t reserve, uint64_t need);

/* Has the kernel begin to write out what stands before end in the file, so that
 * a later fsync has less to wait for. Harmless where it is not known. */
void room_kick(int fd, uint64_t from, uint64_t end);

#endif
