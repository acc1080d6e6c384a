/* A commit, opened and walked. */
#include "target.h"

#include "commit.h"
#include "stream.h"

#include <errno.h>
#include <stdio.h>

static struct digest d;

static void add(const char *p, size_t len) {
  digest_add(&d, p, len);
  digest_add(&d, "\n", 1);
}

static void add_number(uint64_t u) {
  char text[24];
  add(text, (size_t)snprintf(text, sizeof text, "%llu", (unsigned long long)u));
}

static int targets(const struct commit *c) {
  struct commit_target t;
  size_t at = c->targets_at;
  for (uint32_t i = 0; i < c->targets; ++i) {
    if (commit_next_target(c, &at, &t) < 0)
      return -1;
    add_number(t.entry);
    add(t.text, t.text_len);
  }
  return 0;
}

static int chunks(const struct commit *c) {
  struct commit_chunk k;
  size_t at = c->chunks_at;
  char duty;
  for (uint32_t i = 0; i < c->chunks; ++i) {
    if (commit_next_chunk(c, &at, i, &k) < 0)
      return -1;
    add(k.md5, MD5_HEX);
    add_number(k.length);
    add(k.sha256, k.sha256_len);
    add(k.header, k.header_len);
    add(k.is_void ? "-" : "+", 1);
    for (uint32_t t = 0; t < c->targets; ++t) {
      duty = commit_duty(c, t, i);
      add(&duty, 1);
    }
  }
  return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len) {
  char md5[MD5_HEX + 1], sha256[SHA256_HEX + 1];
  struct commit c;
  int good;
  target_store();
  target_put(".df/commit/c", p, len);
  errno = 0;
  if (commit_open(&c, "c") < 0) {
    verdict("bad");
    MUST(errno == EPROTO);
    return 0;
  }
  digest_start(&d, 0);
  add(c.stream, c.stream_len);
  add(c.id, STREAM_ID);
  add(c.stored, LABEL_LEN);
  add(c.list, c.list_len);
  good = targets(&c) == 0 && chunks(&c) == 0;
  digest_end(&d, md5, sha256);
  if (good)
    verdict("ok %u %u %d %s", c.chunks, c.targets, commit_published(&c), md5);
  else
    verdict("bad");
  MUST(good || errno == EPROTO);
  commit_close(&c);
  return 0;
}
