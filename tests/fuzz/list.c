/* A binary list, and what is made of a good one: head, targets, text, other
 * shapes. */
#include "target.h"

#include "layout.h"
#include "listcount.h"
#include "listtext.h"
#include "targets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct listtext scanned;
static struct layout layout;
static struct listcount counted;
static struct targets targets;
static char text[LISTTEXT_MAX], other[LIST_MAX];

/* All entries, in the parser's words: depth, whether a set begins, address. */
static uint32_t entries(const char *list, size_t len, char md5[MD5_HEX + 1]) {
  struct list_walk w;
  struct entry e;
  struct digest d;
  char line[64], sha256[SHA256_HEX + 1];
  uint32_t n = 0;
  digest_start(&d, 0);
  list_walk_start(&w, list, len);
  for (; list_walk_next(&w, &e); ++n) {
    digest_add(&d, line,
               (size_t)snprintf(line, sizeof line, "%u %d %u ", w.entry_depth,
                                w.begins_set, e.kind));
    digest_add(&d, e.address, e.address_len);
    digest_add(&d, line, (size_t)snprintf(line, sizeof line, " %u\n", e.port));
  }
  digest_end(&d, md5, sha256);
  return n;
}

/* The text of a list is that list, but where it says an entry twice. */
static void as_text(const char *list, size_t len) {
  struct complaint c;
  size_t n = listtext_fmt(text, list, len);
  MUST(n <= sizeof text);
  if (!listtext_scan(&scanned, text, n, &c)) {
    MUST(c.other || !len);
    return;
  }
  MUST(scanned.len == len && !memcmp(scanned.list, list, len));
}

static void other_shapes(const char *list, size_t len) {
  size_t n;
  if (!layout_tree(&layout, list, len, 1, other, &n))
    MUST(!list_check(other, n));
  if (!layout_tree(&layout, list, len, 3, other, &n))
    MUST(!list_check(other, n));
  if (!layout_divide(&layout, list, len, other, &n))
    MUST(!list_check(other, n));
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len) {
  const char *list = (const char *)p, *set;
  char md5[MD5_HEX + 1];
  struct entry e;
  size_t set_len, rest, pos = 0;
  if (list_check(list, len)) {
    verdict("bad");
    return 0;
  }
  verdict("ok %u", entries(list, len, md5));
  rest = list_head(list, len, &set, &set_len);
  MUST(rest <= len && !list_check(list + rest, len - rest));
  while (list_entry(set, set_len, &pos, &e))
    MUST(!list_check(e.branch, e.branch_len));
  MUST(pos == set_len);
  targets_scan(&targets, list, len);
  verdict(" %u %s", targets.n, md5);
  as_text(list, len);
  other_shapes(list, len);
  listcount(&counted, list, len);
  return 0;
}
