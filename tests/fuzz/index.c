/* A delta made into an index, in one go and in two; then the same bytes read as
 * index.json and as status.json. */
#include "target.h"

#include "delta.h"
#include "file.h"
#include "indexfile.h"
#include "json.h"
#include "listed.h"
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

/* What the index names, in its order, and that it can be looked up there, or in
 * the delta alone. */
static void put_chunks(const struct index *in) {
  struct listed l;
  struct text t, line;
  struct index was;
  const char *v;
  unsigned long long chunks = 0, bytes = 0;
  uint64_t length;
  size_t len, pos;
  MUST(listed_open(&l, in) == 0);
  MUST(text_map(INDEX_FILE, &t) == 1 && indexfile_scan(&t, &was, &pos) == 1);
  while (indexfile_record(&t, &pos, &line)) {
    char md5[MD5_HEX + 1] = "";
    MUST(json_find(line.p, line.len, "md5", &v, &len) && len == MD5_HEX);
    memcpy(md5, v, MD5_HEX);
    MUST(listed_find(&l, md5, &length) == 1);
    ++chunks;
    bytes += length;
  }
  listed_close(&l);
  verdict(" %llu %llu", chunks, bytes);
  indexfile_scan(&t, &was, &pos);
  while (indexfile_record(&t, &pos, &line)) {
    MUST(json_find(line.p, line.len, "md5", &v, &len));
    verdict(" ");
    verdict_hex(v, len);
  }
  text_unmap(&t);
}

/* own: if there is an index, it was made here. */
static void make(const uint8_t *p, size_t len, int own) {
  struct index in = {.delta_bytes = len};
  struct writer w;
  char tmp[64];
  memcpy(in.epoch, EPOCH, sizeof EPOCH);
  target_put(name, p, len);
  MUST(writer_begin(&w, tmp, 0644) == 0);
  if (indexfile_write(&w, &in, "h", "2026-11-23T12:00:00Z") < 0) {
    MUST(errno == EPROTO);
    writer_drop(&w, tmp);
    verdict(" bad");
    return;
  }
  MUST(writer_replace(&w, tmp, INDEX_FILE) == 0);
  MUST(indexfile_current(&in, "h") == 1);
  if (own)
    put_chunks(&in);
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
  make(p, len, 1);
  unlink(INDEX_FILE);
  verdict("; half");
  make(p, half(p, len), 1);
  verdict("; both");
  make(p, len, 1);
  verdict("; ");
  target_put(STATUS_FILE, p, len);
  if (status_read(&in) == 1)
    verdict("status %s %llu %llu %llu", in.epoch,
            (unsigned long long)in.delta_bytes, (unsigned long long)in.chunks,
            (unsigned long long)in.bytes);
  else
    verdict("no status");
  target_put(INDEX_FILE, p, len);
  make(p, len, 0);
  return 0;
}
