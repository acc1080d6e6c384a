/* dfreceipt notes duties as done for which there is a receipt: the target's
 * published index says that it has taken the chunk with this Stamp and list.
 * dfrelay runs it for its stream; dfretry, for all that a target is owed. */

#include "clock.h"
#include "confirming.h"
#include "digest.h"
#include "duties.h"
#include "entry.h"
#include "event.h"
#include "fds.h"
#include "file.h"
#include "header.h"
#include "noting.h"
#include "number.h"
#include "publishing.h"
#include "receipt.h"
#include "spool.h"
#include "trying.h"
#include "url.h"

#include <errmsg.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define USAGE                                                                  \
  "usage: dfreceipt [-t seconds] [-T seconds] [-w seconds] target [stream]"

static struct {
  uint64_t timeout, connect_timeout, wait;
  char target[LIST_TEXT], host[LIST_TEXT];
  const char *stream, *url;
  int orders;
  uint64_t started;
  struct wants wants;
  struct noting noted;
  int more; /* there were more duties than can be looked for at once */
} look = {.timeout = 30, .connect_timeout = 3, .orders = -1};

/* What goes for all chunks of a commit that are owed in the same way. */
static struct {
  char commit[COMMIT_NAME];
  uint32_t target;
  char state;
  int held;
  char list_md5[MD5_HEX + 1];
} same;

static void event(const char *what, const char *reason) {
  char line[EVENT_MAX];
  size_t len = event_line(line, "dfreceipt", what, look.target,
                          look.noted.chunks == 1 ? look.noted.md5 : 0,
                          look.noted.bytes, clock_ms() - look.started, reason);
  file_write(2, line, len);
}

/* 0; -1: its list makes no sense. */
static int read_same(const struct duty_at *d) {
  char none[SHA256_HEX + 1];
  struct duty_list l;
  struct digest digest;
  if (!strcmp(same.commit, d->commit->name) && same.target == d->target &&
      same.state == d->state)
    return 0;
  *same.commit = 0;
  if (duties_list(d, &l) < 0)
    return -1;
  digest_start(&digest, 0);
  digest_add(&digest, l.branch, l.branch_len);
  digest_add(&digest, l.rest, l.rest_len);
  digest_end(&digest, same.list_md5, none);
  same.held = !look.stream && duties_held(d->commit, d->target);
  same.target = d->target;
  same.state = d->state;
  memcpy(same.commit, d->commit->name, sizeof same.commit);
  return 0;
}

/* 1: the duty can be looked for; 0: not, or a relay has it. */
static int scan(const struct duty_at *d, char md5[MD5_HEX + 1],
                struct header *h) {
  if (d->state == DUTY_GIVEN_UP || read_same(d) < 0 || same.held)
    return 0;
  memcpy(md5, d->what->md5, MD5_HEX);
  md5[MD5_HEX] = 0;
  return !header_scan(d->what->header, d->what->header_len, HEADER_STREAM, h);
}

static int collect(void *context, const struct duty_at *d) {
  char md5[MD5_HEX + 1];
  struct header h;
  int r;
  (void)context;
  if (!scan(d, md5, &h))
    return 0;
  r = wants_add(&look.wants, md5, h.stamp, same.list_md5);
  look.more |= r == 0;
  return r < 0 ? -1 : 0;
}

static int note(void *context, const struct duty_at *d) {
  char md5[MD5_HEX + 1];
  struct header h;
  (void)context;
  if (!scan(d, md5, &h) ||
      !wants_seen(&look.wants, md5, h.stamp, same.list_md5))
    return 0;
  return noting_one(&look.noted, d);
}

static int each(int (*what)(void *context, const struct duty_at *d)) {
  *same.commit = 0;
  return look.stream ? noting_each(look.orders, look.target, what, 0)
                     : duties_each(look.target, what, 0);
}

static void read_target(const char *target) {
  char buf[LIST_TEXT];
  struct entry e;
  const char *why = entry_scan(target, strlen(target), buf, &e);
  if (why)
    die(100, "fatal: bad target: ", target);
  entry_host(&e, look.host);
  snprintf(look.target, sizeof look.target, "%s", target);
  look.url = getenv("DFURL");
  if (!look.url || !*look.url)
    die(100, "fatal: DFURL is not set");
  why = url_make((char[URL_MAX]){0}, look.url, look.host, "status.json");
  if (why)
    die(100, "fatal: DFURL cannot be used: ", why);
}

static void open_orders(void) {
  char path[SPOOL_PATH];
  if (strchr(look.stream, '/') || *look.stream == '.' ||
      strlen(look.stream) >= SPOOL_NAME)
    die(100, USAGE);
  snprintf(path, sizeof path, ".df/stream/%s/orders", look.stream);
  look.orders = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (look.orders < 0)
    diesys(111, "fatal: unable to open ", path);
}

static void options(int argc, char **argv) {
  int opt, good = 1;
  opterr = 0;
  while (good && (opt = getopt(argc, argv, "t:T:w:")) != -1)
    if (opt == 't')
      good = number_arg(optarg, 1, 86400, &look.timeout);
    else if (opt == 'T')
      good = number_arg(optarg, 1, 86400, &look.connect_timeout);
    else if (opt == 'w')
      good = number_arg(optarg, 0, CONFIRMING_WAIT_MAX, &look.wait);
    else
      good = 0;
  argc -= optind;
  if (!good || argc < 1 || argc > 2)
    die(100, USAGE);
  read_target(argv[optind]);
  look.stream = argc > 1 ? argv[optind + 1] : 0;
}

int main(int argc, char **argv) {
  struct receipt r = {.target = look.target, .host = look.host};
  const char *why = 0;
  char n[64];
  if (fds_check() < 0)
    _exit(111);
  errmsg_iam("dfreceipt");
  look.started = clock_ms();
  options(argc, argv);
  fds_close_from(3);
  signal(SIGPIPE, SIG_IGN);
  r.url = look.url;
  r.connect = (unsigned)look.connect_timeout;
  r.stall = (unsigned)look.timeout;
  r.wait = (unsigned)look.wait;
  if (look.stream)
    open_orders();
  if (each(collect) < 0)
    diesys(111, "fatal: unable to look through the commits");
  wants_sort(&look.wants);
  if (look.wants.n)
    why = receipt_look(&r, &look.wants);
  if (each(note) < 0)
    diesys(111, "fatal: unable to note what was delivered");
  snprintf(n, sizeof n, "%llu chunks, %llu missing",
           (unsigned long long)look.noted.chunks,
           (unsigned long long)look.wants.missing);
  if (look.noted.chunks)
    event("receipt", n);
  if (why)
    event("failed", why);
  if (!look.stream && look.noted.chunks) {
    if (!look.wants.missing)
      trying_reached(look.target);
    if (publishing_run() < 0) /* pending in status.json */
      carpsys("warning: unable to run dfpublish");
  }
  if (look.wants.missing || look.more)
    return why ? 111 : CONFIRMING_MISSING;
  return 0;
}
