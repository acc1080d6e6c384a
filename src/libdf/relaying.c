#include "relaying.h"

#include "clock.h"
#include "orders.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int order(struct receiver *r, const char *line) {
  r->orders = 1;
  return spool_order(&r->spool, line);
}

/* 1: the connection that came first has relays for this list. */
static int left_to_first(const struct receiver *r) {
  return r->twin.fd < 0 && r->twin.same_list;
}

const char *relaying_keeper(const struct receiver *r) {
  return left_to_first(r) ? r->twin.first_stream : r->spool.name;
}

static void start_relays(struct receiver *r) {
  if (r->relays)
    return;
  r->relays = 1;
  for (uint32_t i = 0; i < r->targets.n; ++i) {
    char text[LIST_TEXT];
    struct entry e;
    struct receiver_event told = {
        .what = RECEIVER_NO_RELAY, .target = text, .started = clock_ms()};
    pid_t started;
    targets_entry(&r->targets, i, &e);
    started =
        relay_start(&r->relay, i, &e, r->targets.rest, r->targets.rest_len);
    if (started > 0)
      continue;
    entry_text(&e, text);
    told.reason = started ? strerror(errno) : "too many relays";
    r->told(r->context, &told);
  }
}

static int announce(struct receiver *r) {
  char line[ORDER_LINE];
  if (spool_put_header(&r->spool, r->c.p.number, r->c.header, r->c.header_len) <
      0)
    return -1;
  snprintf(line, sizeof line, "spool %s/%lu\n", r->spool.name,
           (unsigned long)r->c.p.number);
  return order(r, line);
}

/* A later twin does not announce, nor what seems to have come before: what it
 * brings is here already, as a rule. */
int relaying_early(const struct receiver *r) {
  int later = r->twin.same_list && !r->twin.died;
  return r->targets.n && !later && !r->c.p.again && !r->c.p.announced &&
         !r->c.p.alone && !r->c.refused;
}

int relaying_announce(struct receiver *r) {
  if (announce(r) < 0)
    return -1;
  r->c.p.announced = 1;
  start_relays(r);
  return 0;
}

int relaying_done(struct receiver *r, const struct trailer *t) {
  if (!r->c.p.announced)
    return 0;
  if (spool_put_trailer(&r->spool, r->c.p.number, t) < 0)
    return -1;
  return order(r, "done\n");
}

int relaying_lost(struct receiver *r) {
  if (!r->targets.n || left_to_first(r) || r->c.lost)
    return 0;
  r->c.lost = 1;
  if (!r->c.p.announced && announce(r) < 0)
    return -1;
  return order(r, "lost\n");
}

/* Where a later connection was faster, its commit has the duties. */
static int order_chunk(struct receiver *r, const struct pending *p,
                       uint32_t i) {
  const char *name = p->kept ? p->taken_name : r->group.name;
  char line[ORDER_LINE];
  snprintf(line, sizeof line, "commit %s %lu\n", name,
           (unsigned long)(p->kept ? p->taken_index : i));
  if (!p->announced && order(r, line) < 0)
    return -1;
  if (!*p->taken_name || (!p->announced && !p->kept))
    return 0;
  snprintf(line, sizeof line, "committed %s %lu\n", p->taken_name,
           (unsigned long)p->taken_index);
  return order(r, line);
}

int relaying_committed(struct receiver *r) {
  struct group *g = &r->group;
  char line[ORDER_LINE];
  int duties = 0;
  if (!r->targets.n || left_to_first(r))
    return 0;
  for (uint32_t i = 0; i < g->n; ++i) {
    const struct pending *p = &g->p[i];
    if (order_chunk(r, p, i) < 0)
      return -1;
    duties |= p->outcome < OUTCOME_COLLISION && (!p->taken || p->kept);
  }
  snprintf(line, sizeof line, "committed %s\n", g->name);
  if (order(r, line) < 0)
    return -1;
  if (duties)
    start_relays(r);
  return 0;
}

int relaying_end(struct receiver *r) {
  return r->relays ? order(r, "end\n") : 0;
}
