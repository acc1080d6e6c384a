/* A delta made into an index, in one go and in two; then the same bytes read as
 * index.json and as status.json. */
#include "target.h"

#include "delta.h"
#include "file.h"
#include "indexfile.h"
#include "json.h"
#include "status.h"
#include "text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EPOCH "@400000006a1b2c3d00000001"

int fsync(int fd) {
  (void)fd;
  return 0;
}

static char name[DELTA_NAME];

/* What the index names, in its order. */
static void put_chunks(void) {
  struct text t, line;
  const char *v;
  size_t len, pos = 0;
  MUST(text_map(INDEX_FILE, &t) == 1);
  while (text_line(&t, &pos, &line))
    if (json_find(line.p, line.len, "md5", &v, &len)) {
      verdict(" ");
      verdict_hex(v, len);
    }
  text_unmap(&t);
}

static void make(const uint8_t *p, size_t len) {
  struct index in = {.delta_bytes = len};
  memcpy(in.epoch, EPOCH, sizeof EPOCH);
  target_put(name, p, len);
  if (indexfile_write("new", &in, "h", "2026-11-23T12:00:00Z") < 0) {
    MUST(errno == EPROTO && access("new", F_OK) < 0);
    verdict(" bad");
    return;
  }
  unlink(INDEX_FILE);
  MUST(rename("new", INDEX_FILE) == 0 && indexfile_current(&in, "h") == 1);
  verdict(" %llu %llu", (unsigned long long)in.chunks,
          (unsigned long long)in.bytes);
  put_chunks();
}

static size_t half(const uint8_t *p, size_t len) {
  size_t n = len / 2;
  while (n < len && p[n] != '\n')
    ++n;
  return n < len ? n + 1 : n;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len) {
  struct index in = {.delta_bytes = len};
  target_store();
  delta_name(name, EPOCH);
  unlink(INDEX_FILE);
  verdict("whole");
  make(p, len);
  unlink(INDEX_FILE);
  verdict("; half");
  make(p, half(p, len));
  verdict("; both");
  make(p, len);
  verdict("; ");
  target_put(STATUS_FILE, p, len);
  if (status_read(&in) == 1)
    verdict("status %s %llu %llu %llu", in.epoch,
            (unsigned long long)in.delta_bytes, (unsigned long long)in.chunks,
            (unsigned long long)in.bytes);
  else
    verdict("no status");
  target_put(INDEX_FILE, p, len);
  make(p, len);
  return 0;
}
