#include "pending.h"

#include "heads.h"
#include "json.h"
#include "record.h"
#include "trying.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int compare(const struct pending_target *a, const char *text,
                   size_t len) {
  int r = strncmp(a->text, text, len);
  return r ? r : a->text[len] != 0;
}

/* The place of a target; makes it if need be. */
static struct pending_target *find(struct pending *p, const char *text,
                                   size_t len) {
  size_t low = 0, high = p->n;
  struct pending_target *t;
  while (low < high) {
    size_t mid = low + (high - low) / 2;
    int r = compare(p->target + mid, text, len);
    if (!r)
      return p->target + mid;
    if (r < 0)
      low = mid + 1;
    else
      high = mid;
  }
  if (p->n == p->room) {
    size_t room = p->room ? p->room * 2 : 16;
    t = realloc(p->target, room * sizeof *t);
    if (!t)
      return 0;
    p->target = t;
    p->room = room;
  }
  t = p->target + low;
  memmove(t + 1, t, (p->n - low) * sizeof *t);
  memset(t, 0, sizeof *t);
  t->text = strndup(text, len);
  if (!t->text) {
    memmove(t, t + 1, (p->n - low) * sizeof *t);
    return 0;
  }
  ++p->n;
  return t;
}

/* The open duties for target number i. 0; -1. */
static int add_target(struct pending *p, const struct commit *c, uint32_t i,
                      const struct commit_target *to, int *open) {
  struct pending_target *t = 0;
  struct commit_chunk k;
  size_t at = c->chunks_at;
  for (uint32_t n = 0; n < c->chunks; ++n) {
    char duty = commit_duty(c, i, n);
    if (commit_next_chunk(c, &at, n, &k) < 0)
      return -1;
    if (k.is_void || (!commit_duty_open(duty) && duty != DUTY_GIVEN_UP))
      continue;
    if (!t && !(t = find(p, to->text, to->text_len)))
      return -1;
    ++t->chunks;
    t->given_up += duty == DUTY_GIVEN_UP;
    t->bytes += k.length;
    if (!*t->oldest || strcmp(c->stored, t->oldest) < 0)
      memcpy(t->oldest, c->stored, sizeof t->oldest);
    *open = 1;
  }
  return 0;
}

int pending_add(struct pending *p, const struct commit *c) {
  struct commit_target t;
  size_t at = c->targets_at;
  int open = 0;
  for (uint32_t i = 0; i < c->targets; ++i)
    if (commit_next_target(c, &at, &t) < 0 ||
        add_target(p, c, i, &t, &open) < 0)
      return -1;
  return open;
}

static int put_try(stralloc *out, const struct pending_target *t) {
  char error[PRINTABLE_MAX];
  uint64_t tries;
  trying_read(t->text, &tries, error);
  if (json_put_text(out, ",\"tries\":") < 0 ||
      json_put_number(out, tries) < 0 ||
      json_put_text(out, ",\"last_error\":") < 0)
    return -1;
  if (t->given_up)
    return json_put_text(out, "\"given up\"");
  if (*error)
    return json_put_string(out, error, strlen(error)) < 0 ? -1 : 0;
  return json_put_text(out, "null");
}

static int put(stralloc *out, const struct pending_target *t) {
  int64_t oldest = 0;
  label_scan(t->oldest, LABEL_LEN, &oldest);
  if (json_put_text(out, "{\"target\":") < 0 ||
      json_put_string(out, t->text, strlen(t->text)) < 0 ||
      json_put_text(out, ",\"chunks\":") < 0 ||
      json_put_number(out, t->chunks) < 0 ||
      json_put_text(out, ",\"bytes\":") < 0 ||
      json_put_number(out, t->bytes) < 0 ||
      json_put_text(out, ",\"oldest\":") < 0 || record_date(out, oldest) < 0 ||
      put_try(out, t) < 0)
    return -1;
  return json_put_text(out, "}");
}

int pending_put(stralloc *out, const struct pending *p) {
  for (size_t i = 0; i < p->n; ++i)
    if ((i && json_put_text(out, ",") < 0) || put(out, p->target + i) < 0)
      return -1;
  return 0;
}

static int add(void *context, const char *name) {
  struct commit c;
  int r = commit_open(&c, name);
  if (r <= 0)
    return r < 0 && errno != EPROTO ? -1 : 0;
  r = pending_add(context, &c);
  commit_close(&c);
  return r < 0 ? -1 : 0;
}

int pending_load(struct pending *p) {
  return heads_names(".df/commit", add, p);
}
