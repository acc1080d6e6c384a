#include "room.h"

#include <fcntl.h>
#include <sys/statvfs.h>

int room_for(uint64_t reserve, uint64_t need) {
  struct statvfs v;
  uint64_t left;
  if (statvfs(".", &v) < 0)
    return -1;
  left = (uint64_t)v.f_bavail * v.f_frsize;
  return left > reserve && left - reserve > need;
}

void room_kick(int fd, uint64_t from, uint64_t end) {
  sync_file_range(fd, (off_t)from, (off_t)(end - from), SYNC_FILE_RANGE_WRITE);
}
