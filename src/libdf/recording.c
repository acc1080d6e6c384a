#include "recording.h"

#include "record.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define SMALL 1048576 /* bytes of a delta that never is too large */

static void close_listed(struct recording *r) {
  if (r->looks)
    listed_close(&r->listed);
  r->looks = 0;
}

int recording_resume(struct recording *r, int looks) {
  struct stat st;
  uint64_t most = SMALL;
  if (!*r->index.epoch)
    return 0;
  if (lstat(INDEX_FILE, &st) == 0 && (uint64_t)st.st_size > most / 4)
    most = (uint64_t)st.st_size * 4;
  if (r->index.delta_bytes > most)
    return 0;
  r->is_open = delta_resume(&r->delta, r->index.epoch, r->index.delta_bytes);
  if (r->is_open <= 0 || !looks)
    return r->is_open;
  r->looks = listed_open(&r->listed, &r->index) == 0;
  return r->looks ? 1 : -1;
}

int recording_begin(struct recording *r) {
  memcpy(r->old, r->index.epoch, sizeof r->old);
  r->index.chunks = r->index.bytes = 0;
  r->is_open = delta_begin(&r->delta) == 0;
  return r->is_open ? 0 : -1;
}

int recording_put(struct recording *r, const char *md5, const char *header,
                  size_t len, uint64_t length) {
  uint64_t was;
  int there = r->looks ? listed_find(&r->listed, md5, &was) : 0;
  int ok;
  if (there < 0)
    return -1;
  stralloc_zero(&r->record);
  ok = record_put(&r->record, header, len);
  if (ok <= 0)
    return ok;
  r->index.chunks += !there;
  r->index.bytes += there ? 0 : length;
  return delta_put(&r->delta, r->record.s, r->record.len);
}

int recording_gone(struct recording *r, const char *md5, const char *why) {
  uint64_t was = 0;
  int there = r->looks ? listed_find(&r->listed, md5, &was) : 0;
  stralloc_zero(&r->record);
  if (there < 0 || record_gone(&r->record, md5, why) < 0)
    return -1;
  r->index.chunks -= (uint64_t)there;
  r->index.bytes -= there ? was : 0;
  return delta_put(&r->delta, r->record.s, r->record.len);
}

int recording_is_new(const struct recording *r) {
  return !r->delta.start;
}

int recording_finish(struct recording *r) {
  close_listed(r);
  if (delta_sync(&r->delta) < 0)
    return -1;
  if (*r->old)
    delta_retire(r->old);
  memcpy(r->index.epoch, r->delta.epoch, sizeof r->index.epoch);
  r->index.delta_bytes = delta_bytes(&r->delta);
  return 0;
}

void recording_abandon(struct recording *r) {
  int e = errno;
  close_listed(r);
  if (r->is_open)
    delta_abandon(&r->delta);
  errno = e;
}
