/* dfsend sends chunks of the store in the current directory to a server on
 * descriptors 6 and 7, as orders on standard input say. With -f it follows
 * orders and spool files that are still being written, and without an order to
 * end it never sends the end mark. */

#include "digest.h"
#include "fds.h"
#include "follow.h"
#include "listfile.h"
#include "number.h"
#include "orders.h"
#include "passing.h"
#include "pushid.h"
#include "relay.h"
#include "sender.h"

#include <errmsg.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define USAGE "usage: dfsend [-f] [-i id] [-r rate] [-t seconds]"
#define PIECE 1048576
#define PATIENCE 600 /* seconds for the receiver's commit */

static struct {
  int follows, given_up;
  const char *host;
  struct sender sender;
  struct orders orders;
  struct follow follow;
  struct passing chunk;
  char list[LIST_MAX];
} job = {.host = "the server"};

static void die_send(void) {
  const struct sender *s = &job.sender;
  const int code = s->ended ? RELAY_REFUSED : 111;
  if ((errno = s->error))
    diesys(code, "fatal: unable to send to ", job.host, ": ", s->why);
  die(code, "fatal: unable to send to ", job.host, ": ", s->why);
}

static void must(int sent) {
  if (sent < 0)
    die_send();
}

/* Waits for what is written next; whoever was to write it must be there. */
static void wait_more(int *gone) {
  if (*gone)
    die(100, "fatal: the orders end without end");
  must(sender_idle(&job.sender));
  *gone = follow_gone(0);
  if (!*gone)
    follow_wait(&job.follow, job.sender.in);
}

/* 1: *o is the next order; 0: none so far, only where wait is 0. */
static int next_order(struct order *o, int wait) {
  int gone = 0;
  for (;;) {
    int r;
    if (!job.follows && !orders_ready(&job.orders))
      must(sender_wait(&job.sender, 0));
    r = orders_next(&job.orders, o);
    if (r < 0 && errno == EPROTO)
      die(100, "fatal: bad order");
    if (r < 0)
      diesys(111, "fatal: unable to read orders");
    if (r)
      return 1;
    if (!job.follows && job.orders.pos < job.orders.len)
      die(100, "fatal: bad order"); /* its newline is missing */
    if (!job.follows) {
      o->kind = ORDER_END;
      return 1;
    }
    if (!wait)
      return 0;
    wait_more(&gone);
  }
}

/* Sends what the file has from at on. Where it ends now; data that cannot be
 * read: -1. */
static int64_t send_data(int64_t at) {
  for (;;) {
    struct stat st;
    int64_t n;
    int r;
    if (fstat(job.chunk.fd, &st) < 0)
      return -1;
    if (st.st_size <= at)
      return at;
    n = st.st_size - at < PIECE ? st.st_size - at : PIECE;
    r = sender_file(&job.sender, job.chunk.fd, (uint64_t)at, (size_t)n);
    must(r);
    if (r > 0)
      return -1;
    at += n;
  }
}

static void give_up(void) {
  must(sender_trailer(&job.sender, 0));
}

static void fail_chunk(const char *what, const char *name) {
  carpsys("warning: unable to ", what, " ", name, ", given up");
  ++job.given_up;
  give_up();
}

/* A chunk that is whole: found is what passing_stored or passing_commit said.
 */
static void send_whole(int found, const char *name) {
  struct passing *p = &job.chunk;
  if (found < 1) {
    errno = found ? errno : ENOENT;
    carpsys("warning: unable to find ", name);
    ++job.given_up;
    return;
  }
  must(sender_header(&job.sender, p->header, p->header_len));
  if (p->pointless) {
    give_up();
    return;
  }
  if (!p->alone) {
    int64_t end = p->fd < 0 ? -1 : send_data(0);
    if (end >= 0 && (uint64_t)end != p->trailer.length) {
      errno = EIO;
      end = -1;
    }
    if (end < 0) {
      fail_chunk("read", p->trailer.md5);
      return;
    }
  }
  must(sender_trailer(&job.sender, &p->trailer));
}

/* Follows a spool file until the orders say how it ends. */
static void send_spool(const char *name) {
  struct passing *p = &job.chunk;
  struct order o;
  int64_t at = 0;
  int found = passing_spool(p, name), gone = 0;
  if (found < 1)
    diesys(111, "fatal: unable to find spool file ", name);
  must(sender_header(&job.sender, p->header, p->header_len));
  follow_spool(&job.follow, p->fd);
  for (;;) {
    int ordered = next_order(&o, 0);
    if (ordered && o.kind == ORDER_LOST) {
      give_up();
      return;
    }
    if (p->fd >= 0)
      at = send_data(at);
    if (at < 0)
      diesys(111, "fatal: unable to read spool file ", name);
    if (ordered)
      break;
    wait_more(&gone);
  }
  if (o.kind != ORDER_DONE)
    die(100, "fatal: bad order");
  if (passing_trailer(p, name) < 1 || (uint64_t)at != p->trailer.length)
    die(111, "fatal: spool file ", name, " is not what was ordered");
  must(sender_trailer(&job.sender, &p->trailer));
}

static void obey(const struct order *o) {
  char name[ORDER_NAME + 16];
  int found;
  switch (o->kind) {
  case ORDER_MD5:
    send_whole(passing_stored(&job.chunk, o->name), o->name);
    break;
  case ORDER_COMMIT:
    snprintf(name, sizeof name, "%s %lu", o->name, (unsigned long)o->index);
    found = passing_commit(&job.chunk, o->name, o->index);
    if (!found)
      return; /* the commit is settled: nobody is owed anything of it */
    send_whole(found, name);
    break;
  case ORDER_SPOOL:
    send_spool(o->name);
    follow_spool(&job.follow, -1);
    break;
  case ORDER_COMMITTED:
    return;
  default:
    die(100, "fatal: bad order");
  }
  passing_close(&job.chunk);
}

static size_t read_list(void) {
  const char *name = getenv("REPLICATE_FN"), *why;
  size_t len = 0;
  if (!name || !*name)
    return 0;
  why = listfile_read(name, job.list, &len);
  if (why && errno)
    diesys(111, "fatal: unable to read list ", name);
  if (why)
    die(100, "fatal: bad list ", name, ": ", why);
  return len;
}

static const char *remote(void) {
  const char *host = getenv("TCPREMOTEHOST");
  if (!host || !*host)
    host = getenv("TCPREMOTEIP");
  return host && *host ? host : "the server";
}

int main(int argc, char **argv) {
  char id[STREAM_ID + 1] = "";
  uint64_t timeout = 30, rate = 0;
  struct order o;
  size_t list_len;
  int opt, good = 1;
  if (fds_check() < 0)
    _exit(111);
  errmsg_iam("dfsend");
  opterr = 0;
  while (good && (opt = getopt(argc, argv, "fi:r:t:")) != -1)
    if (opt == 'f')
      job.follows = 1;
    else if (opt == 'i' && (good = pushid_valid(optarg)))
      memcpy(id, optarg, sizeof id);
    else if (opt == 'r')
      good = number_rate(optarg, &rate);
    else if (opt != 't' || !number_arg(optarg, 1, 86400, &timeout))
      good = 0;
  if (!good || argv[optind])
    die(100, USAGE);
  fds_close_from(8);
  signal(SIGPIPE, SIG_IGN);
  list_len = read_list();
  if (!*id && pushid_make(id) < 0)
    diesys(111, "fatal: unable to get random bytes");
  job.host = remote();
  if (sender_start(&job.sender, (unsigned int)timeout) < 0)
    die(100, "fatal: descriptors 6 and 7 are not open: ",
        "a UCSPI client such as tcpclient runs dfsend");
  if (rate)
    sender_pace(&job.sender, rate);
  orders_start(&job.orders, 0);
  follow_start(&job.follow, 0);
  must(sender_begin(&job.sender, id, job.list, list_len));
  while (next_order(&o, 1) && o.kind != ORDER_END)
    obey(&o);
  must(sender_end(&job.sender, PATIENCE));
  if (job.given_up)
    die(RELAY_REFUSED, "fatal: some chunks could not be sent");
  return 0;
}
