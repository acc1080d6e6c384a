#include "twin.h"

#include "clock.h"
#include "file.h"
#include "number.h"
#include "slot.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The file: bytes, MD5 of the list, stream. The last line of a file that is not
 * locked tells that its writer died before twin_done. */
#define BYTES_LEN 18
#define LIST_AT (BYTES_LEN + 1)
#define STREAM_AT (LIST_AT + MD5_HEX + 1)
#define SAMPLE_MS 1000
#define CLAIM_MS 100 /* from the lock to the line, at most */
#define FAST 1048576 /* bytes a second */

static int claim(struct twin *t) {
  char line[STREAM_AT + TWIN_NAME + 1];
  int n = snprintf(line, sizeof line, "%0*d %s %s\n", BYTES_LEN, 0, t->list_md5,
                   t->stream);
  char old;
  ssize_t r = file_read_at(t->fd, &old, 1, 0);
  if (r < 0)
    return -1;
  t->died = r > 0;
  if (ftruncate(t->fd, 0) < 0 || pwrite(t->fd, line, (size_t)n, 0) != n)
    return -1;
  return 0;
}

static void read_first(struct twin *t) {
  char line[STREAM_AT + TWIN_NAME + 1];
  ssize_t n = file_read(t->path, line, sizeof line - 1);
  uint64_t bytes, now;
  for (int i = 0; !n && i < CLAIM_MS; ++i) { /* it has just got the lock */
    clock_wait(1);
    n = file_read(t->path, line, sizeof line - 1);
  }
  now = clock_ms();
  if (n <= STREAM_AT || !number_scan(line, BYTES_LEN, &bytes))
    return;
  line[n - 1] = 0;
  snprintf(t->first_stream, sizeof t->first_stream, "%.*s", TWIN_NAME - 1,
           line + STREAM_AT);
  t->same_list = !memcmp(line + LIST_AT, t->list_md5, MD5_HEX);
  if (now - t->seen_at < SAMPLE_MS)
    return;
  t->fast = (bytes - t->seen) * 1000 > FAST * (now - t->seen_at);
  t->seen = bytes;
  t->seen_at = now;
}

int twin_look(struct twin *t) {
  t->fd = lock_take(t->path);
  if (t->fd >= 0)
    return claim(t);
  if (errno != EAGAIN)
    return -1;
  read_first(t);
  return 0;
}

int twin_start(struct twin *t, const char *id, const char *list_md5,
               const char *stream) {
  memset(t, 0, sizeof *t);
  snprintf(t->path, sizeof t->path, ".df/id/%s", id);
  snprintf(t->list_md5, sizeof t->list_md5, "%s", list_md5);
  snprintf(t->stream, sizeof t->stream, "%s", stream);
  t->seen_at = clock_ms();
  t->fast = 1;
  return twin_look(t);
}

void twin_progress(struct twin *t, uint64_t bytes) {
  char number[BYTES_LEN + 1];
  if (t->fd < 0)
    return;
  snprintf(number, sizeof number, "%018llu", (unsigned long long)bytes);
  if (pwrite(t->fd, number, BYTES_LEN, 0) < 0)
    return; /* the other then takes us for slow */
}

void twin_done(struct twin *t) {
  if (t->fd >= 0)
    unlink(t->path);
  twin_give_back(t);
}

void twin_give_back(struct twin *t) {
  if (t->fd >= 0)
    close(t->fd);
  t->fd = -1;
}
