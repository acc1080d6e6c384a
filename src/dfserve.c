/* dfserve takes one stream from a client on descriptors 0 and 1, under
 * tcpserver, into the store in the current directory. What the client sees is
 * only how the connection ends: in order when all of it is stored, durably, or
 * with a reset. */

#include "clock.h"
#include "connection.h"
#include "event.h"
#include "fds.h"
#include "file.h"
#include "group.h"
#include "input.h"
#include "network.h"
#include "number.h"
#include "publishing.h"
#include "receive.h"
#include "refused.h"
#include "relay.h"
#include "rules.h"
#include "sandbox.h"
#include "slot.h"
#include "store.h"
#include "trigger.h"

#include <errmsg.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define USAGE                                                                  \
  "usage: dfserve [-x targets.cdb] [-t seconds] [-T seconds] [-m size] "       \
  "[-s size] [-n targets] [-c streams] [-r rate]"

static struct {
  const char *rules_name;
  uint64_t largest, reserve, streams;
  const char *ip; /* of the client; 0: not known */
  char peer[LIST_TEXT];
  uint16_t port; /* our own; 0: not known */
  int fd;        /* the connection */
  int code;      /* exit code so far */
  int touched;   /* there is something to publish */
  uint64_t started;
  struct rules rules;
  struct receiver r;
} srv = {.r.relay = {RELAY_LIMITS},
         .largest = INT64_MAX,
         .reserve = 64 << 20,
         .streams = 20,
         .fd = -1};

static void event(const char *what, const char *peer, const char *md5,
                  uint64_t bytes, uint64_t since, const char *reason) {
  char line[EVENT_MAX];
  size_t len = event_line(line, "dfserve", what, peer, md5, bytes,
                          clock_ms() - since, reason);
  file_write(2, line, len);
}

/* The end of the connection comes before the publisher: nobody waits for it. */
static void finish(int code, const char *why) {
  if (code) {
    event("reset", srv.peer, 0, srv.r.stream.bytes, srv.started, why);
    close(srv.fd);
  } else {
    if (connection_end(srv.fd) < 0 && errno != ENOTCONN)
      carpsys("warning: unable to end the connection");
    close(srv.fd);
    twin_done(&srv.r.twin);
  }
  twin_give_back(&srv.r.twin);
  group_clear(&srv.r.group);
  if (srv.r.spool.lock >= 0)
    spool_close(&srv.r.spool);
  if (srv.r.targets.n) /* not all of them may have a relay */
    trigger_pull();
  if (srv.touched || access("status.json", F_OK) < 0)
    if (publishing_run() < 0)
      carpsys("warning: unable to run dfpublish");
  _exit(code);
}

static void finish_sys(const char *what) {
  char why[256];
  snprintf(why, sizeof why, "unable to %s: %s", what, strerror(errno));
  finish(111, why);
}

static void told(void *context, const struct receiver_event *e) {
  (void)context;
  switch (e->what) {
  case RECEIVER_STORED:
  case RECEIVER_DUPLICATE:
    srv.touched = 1;
    event(e->what == RECEIVER_STORED ? "stored" : "duplicate", srv.peer, e->md5,
          e->bytes, e->started, 0);
    break;
  case RECEIVER_REFUSED:
    srv.touched = 1;
    if (srv.code != 111)
      srv.code = e->code;
    event("refused", srv.peer, e->md5, e->bytes, e->started, e->reason);
    refused_add(srv.ip ? srv.ip : "-", e->md5, e->reason);
    break;
  case RECEIVER_GIVEN_UP:
    event("given-up", srv.peer, 0, e->bytes, e->started, e->reason);
    break;
  case RECEIVER_NO_RELAY:
    event("failed", e->target, 0, 0, e->started, e->reason);
    break;
  }
}

static int keep_target(void *context, const struct entry *e) {
  char text[LIST_TEXT];
  const char *why;
  (void)context;
  if (entry_is(e, getenv("TCPLOCALIP"), srv.port))
    return 0;
  why = rules_refuse(&srv.rules, e, srv.port);
  if (!why)
    return 1;
  entry_text(e, text);
  event("target-refused", text, 0, 0, srv.started, why);
  return 0;
}

static void set_peer(void) {
  const char *port = getenv("TCPREMOTEPORT");
  srv.ip = getenv("TCPREMOTEIP");
  snprintf(srv.peer, sizeof srv.peer,
           srv.ip && strchr(srv.ip, ':') ? "[%.45s]:%.5s" : "%.45s:%.5s",
           srv.ip ? srv.ip : "-", port ? port : "-");
}

static void set_port(void) {
  const char *port = getenv("TCPLOCALPORT");
  uint64_t u;
  if (!port)
    port = getenv("DFPORT");
  if (port && number_arg(port, 1, 65535, &u))
    srv.port = (uint16_t)u;
}

/* The address that we were last reached at is the host that the index names. */
static void note_host(void) {
  const char *ip = getenv("TCPLOCALIP");
  char line[64], old[64];
  int len;
  ssize_t old_len;
  if (!ip || !host_valid(ip, strlen(ip)))
    return;
  len = snprintf(line, sizeof line, "%s\n", ip);
  old_len = file_read(".df/host", old, sizeof old);
  if (old_len == len && !memcmp(line, old, (size_t)len))
    return;
  srv.touched = 1;
  if (file_replace(".df/host", line, (size_t)len, 0600, 0) < 0)
    carpsys("warning: unable to write .df/host");
}

/* At most so many streams of one address, or IPv6 network. */
static void take_slot(void) {
  char name[64], network[NETWORK_TEXT];
  if (!srv.ip)
    return;
  snprintf(name, sizeof name, "from-%.45s",
           network_of(network, srv.ip) ? network : srv.ip);
  if (strchr(name, '/'))
    finish(111, "TCPREMOTEIP is no address");
  if (slot_take(name, (unsigned int)srv.streams) >= 0)
    return;
  if (errno != EAGAIN)
    finish_sys("lock");
  finish(111, "too many streams of this address");
}

static void options(int argc, char **argv) {
  int opt, good = 1;
  srv.rules_name = getenv("DFTARGETS");
  opterr = 0;
  while (good && (opt = getopt(argc, argv, "x:t:T:m:s:n:c:r:")) != -1)
    switch (opt) {
    case 'x':
      srv.rules_name = optarg;
      break;
    case 'm':
      good = number_size(optarg, &srv.largest);
      break;
    case 's':
      good = number_size(optarg, &srv.reserve);
      break;
    case 'c':
      good = number_arg(optarg, 1, 100000, &srv.streams);
      break;
    default:
      good = relay_option(&srv.r.relay, opt, optarg);
    }
  if (!good || argv[optind])
    die(100, USAGE);
}

/* First of all, so that the client sees a reset whatever happens. */
static void take_connection(void) {
  int tcp = connection_guard(0);
  if (tcp < 0)
    diesys(111, "fatal: unable to set SO_LINGER");
  srv.fd = connection_move();
  if (srv.fd < 0)
    diesys(111, "fatal: unable to set up descriptors");
  set_peer();
  set_port();
  if (!tcp)
    event("no-reset", srv.peer, 0, 0, srv.started,
          "not a TCP connection: its end promises nothing");
}

/* For the relays: whose branches they take over is for the rules to say. */
static void pass_rules(void) {
  char port[8];
  snprintf(port, sizeof port, "%u", (unsigned)srv.port);
  if ((srv.rules_name && setenv("DFTARGETS", srv.rules_name, 1) < 0) ||
      (srv.port && setenv("DFPORT", port, 1) < 0))
    diesys(111, "fatal: unable to set the environment");
}

/* Before a byte is read. The client of the relays is the owner's choice. */
static void confine(void) {
  const char *path = getenv("PATH");
  const char *programs[] = {"dfrelay dfpublish dfreceipt dfsend tcpclient",
                            getenv("DFCLIENT"), 0};
  int r = sandbox_enter(path ? path : "/bin:/usr/bin", programs);
  if (r < 0)
    diesys(111, "fatal: unable to give up rights");
  if (!r)
    carp("warning: no landlock in this kernel");
}

static void open_store(void) {
  const char *why;
  errno = 0;
  why = store_open();
  if (why && errno)
    diesys(111, "fatal: ", why);
  if (why)
    die(100, "fatal: ", why);
}

/* Where there are rules, what they allow is a duty: without them it is none. */
static void open_rules(void) {
  if (rules_open(&srv.rules, srv.rules_name) == 0)
    return;
  if (errno != ENOENT)
    diesys(111, "fatal: unable to open ", srv.rules_name);
  carpsys("warning: unable to open ", srv.rules_name, ", nothing is passed on");
}

static void receive(void) {
  struct receiver *r = &srv.r;
  int ended;
  r->input = (struct input){.fd = srv.fd, .timeout = r->relay.timeout};
  r->largest = srv.largest;
  r->reserve = srv.reserve;
  r->told = told;
  if (receiver_begin(r) < 0)
    goto failed;
  targets_filter(&r->targets, keep_target, 0);
  while ((ended = receiver_chunk(r)) > 0)
    ;
  if (ended < 0 || receiver_end(r) < 0)
    goto failed;
  finish(srv.code, srv.code ? "a chunk was refused" : 0);
failed:
  if (r->step) {
    srv.touched = 1; /* dfpublish sweeps what is left */
    finish_sys(r->step);
  }
  if (!r->stream.cut)
    refused_add(srv.ip ? srv.ip : "-", 0, r->stream.why);
  srv.touched |= !r->stream.cut;
  if (r->input.slow)
    r->stream.why = "less than 1 KiB a second";
  finish(r->stream.cut || srv.code == 111 ? 111 : 100, r->stream.why);
}

int main(int argc, char **argv) {
  if (fds_check() < 0)
    _exit(111);
  errmsg_iam("dfserve");
  srv.started = clock_ms();
  srv.r.spool.lock = -1;
  srv.r.twin.fd = -1;
  fds_close_from(3);
  signal(SIGPIPE, SIG_IGN);
  take_connection();
  options(argc, argv);
  pass_rules();
  confine();
  open_store();
  take_slot();
  note_host();
  open_rules();
  receive();
}
