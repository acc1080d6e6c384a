/* dfrelay keeps one stream for one target: it runs a UCSPI client with dfsend,
 * which follows the stream's orders, and notes the duties as done when all has
 * been taken. dfserve and dfretry start it in the store; it holds the locks
 * that they took for it by the descriptors that it has inherited. */

#include "branch.h"
#include "clock.h"
#include "confirming.h"
#include "event.h"
#include "fds.h"
#include "file.h"
#include "list.h"
#include "listfile.h"
#include "noting.h"
#include "number.h"
#include "orders.h"
#include "publishing.h"
#include "pushid.h"
#include "rules.h"
#include "spool.h"
#include "takeover.h"
#include "trigger.h"
#include "trying.h"

#include <errmsg.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define USAGE                                                                  \
  "usage: dfrelay [-w] [-r rate] [-t seconds] [-T seconds] [-n targets] "      \
  "-i id stream number host port"
#define LOCAL 100 /* of dfsend: it is not the target that has failed */
#define WORDS 32  /* of $DFCLIENT */
#define CLIENT 4096

extern char **environ;

static struct {
  const char *id, *stream, *host, *port;
  struct relay limits;
  uint64_t number;
  char target[LIST_TEXT];
  char said[256]; /* the last line that the client wrote to descriptor 2 */
  uint64_t started;
  uint16_t own_port;
  int whole;
} relay = {.limits = {RELAY_LIMITS}};

static void event(const char *what, const struct noting *n,
                  const char *reason) {
  char line[EVENT_MAX];
  const char *md5 = n && n->chunks == 1 ? n->md5 : 0;
  size_t len = event_line(line, "dfrelay", what, relay.target, md5,
                          n ? n->bytes : 0, clock_ms() - relay.started, reason);
  file_write(2, line, len);
}

/* $DFCLIENT in words, or tcpclient; then the host, the port and dfsend. */
static void client_words(const char *argv[WORDS + 12]) {
  static char connect[16], timeout[16], rate[24], words[CLIENT];
  const char *client = getenv("DFCLIENT");
  size_t n = 0;
  snprintf(connect, sizeof connect, "-T%u", relay.limits.connect_timeout);
  snprintf(timeout, sizeof timeout, "%u", relay.limits.timeout);
  snprintf(rate, sizeof rate, "%llu", (unsigned long long)relay.limits.rate);
  if (client && *client) {
    snprintf(words, sizeof words, "%s", client);
    for (char *w = strtok(words, " "); w && n < WORDS; w = strtok(0, " "))
      argv[n++] = w;
  } else {
    argv[n++] = "tcpclient";
    argv[n++] = "-RHl0";
    argv[n++] = connect;
  }
  argv[n++] = relay.host;
  argv[n++] = relay.port;
  argv[n++] = "dfsend";
  argv[n++] = "-f";
  argv[n++] = "-t";
  argv[n++] = timeout;
  if (relay.limits.rate) {
    argv[n++] = "-r";
    argv[n++] = rate;
  }
  argv[n++] = "-i";
  argv[n++] = relay.id;
  argv[n] = 0;
}

/* Reads what the client says until it has closed its descriptor 2. */
static void listen_to(int fd) {
  size_t len = 0;
  char c[256];
  ssize_t r;
  while ((r = read(fd, c, sizeof c)) > 0 || (r < 0 && errno == EINTR))
    for (ssize_t i = 0; i < r; ++i) {
      if (len && relay.said[len - 1] == '\n')
        len = 0;
      if (len < sizeof relay.said - 1)
        relay.said[len++] = c[i];
    }
  while (len && relay.said[len - 1] == '\n')
    --len;
  relay.said[len] = 0;
}

/* Runs the client to its end. Its exit code; -1: it was killed. */
static int run(int orders) {
  const char *argv[WORDS + 12];
  posix_spawn_file_actions_t actions;
  int said[2], status;
  pid_t pid;
  client_words(argv);
  if (pipe2(said, O_CLOEXEC) < 0)
    diesys(111, "fatal: unable to make a pipe");
  errno = posix_spawn_file_actions_init(&actions);
  if (!errno)
    errno = posix_spawn_file_actions_adddup2(&actions, orders, 0);
  if (!errno)
    errno = posix_spawn_file_actions_adddup2(&actions, said[1], 2);
  if (!errno)
    errno = posix_spawnp(&pid, argv[0], &actions, 0, (char **)(uintptr_t)argv,
                         environ);
  posix_spawn_file_actions_destroy(&actions);
  if (errno) {
    snprintf(relay.said, sizeof relay.said, "unable to run %s: %s", argv[0],
             strerror(errno));
    return 111;
  }
  close(said[1]);
  listen_to(said[0]);
  while (waitpid(pid, &status, 0) < 0)
    if (errno != EINTR)
      diesys(111, "fatal: unable to wait for ", argv[0]);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* What is behind the last "fatal: " says enough. */
static const char *reason(int code) {
  const char *fatal = strstr(relay.said, ": fatal: ");
  if (fatal)
    return fatal + 9;
  if (*relay.said)
    return relay.said;
  return code < 0 ? "the client was killed" : "the client failed";
}

static int allowed(void *context, const struct entry *e) {
  return !rules_refuse(context, e, relay.own_port);
}

static void left(void *context, const char *target, const char *why) {
  (void)context;
  carp("warning: unable to start a relay for ", target, ": ", why);
}

/* A dead target does not cut its branch off. */
static void take_over(int orders) {
  static char list[LIST_MAX];
  struct rules rules;
  struct branch b = {.relay = relay.limits,
                     .target = relay.target,
                     .list = list,
                     .keep = allowed,
                     .left = left,
                     .context = &rules};
  const char *name = getenv("REPLICATE_FN");
  char n[48];
  b.relay.id = relay.id;
  if (listfile_read(name, list, &b.list_len)) {
    carpsys("warning: unable to read list ", name);
    return;
  }
  if (rules_open(&rules, getenv("DFTARGETS")) < 0) {
    carpsys("warning: unable to open ", getenv("DFTARGETS"));
    return;
  }
  if (branch_keep(&b, orders) < 0)
    carpsys("warning: unable to take the branch over");
  if (b.chunks) {
    snprintf(n, sizeof n, "%lu chunks", b.chunks);
    event("taken-over", 0, n);
  }
}

/* Of several chunks fewer at a time may go through. */
static int several(int orders, int code) {
  return code == RELAY_REFUSED && !relay.whole && orders_ended(orders) &&
         !takeover_single(orders);
}

/* Sends it all; a reset is answered by another try, as a stream of its own,
 * where it may be the target that has died, or one chunk that it refuses. */
static int deliver(int orders) {
  static char id[STREAM_ID + 1];
  int code = run(orders);
  if (code != RELAY_REFUSED || relay.whole || several(orders, code))
    return code;
  event("failed", 0, reason(code));
  if (pushid_make(id) < 0 || lseek(orders, 0, SEEK_SET) < 0)
    return code;
  relay.id = id;
  return run(orders);
}

/* Where $DFURL asks for receipts they alone count, however the connection has
 * ended. No receipt is as good as a reset; if none could be looked for, the
 * target has not failed. */
static int confirm(int orders, int code) {
  const unsigned int timeout = relay.limits.timeout;
  unsigned int wait = timeout < CONFIRMING_WAIT       ? CONFIRMING_WAIT
                      : timeout > CONFIRMING_WAIT_MAX ? CONFIRMING_WAIT_MAX
                                                      : timeout;
  struct confirming c = {.target = relay.target,
                         .stream = relay.stream,
                         .timeout = timeout,
                         .connect_timeout = relay.limits.connect_timeout,
                         .wait = code ? 0 : wait};
  int r;
  if (code && (code != RELAY_REFUSED || !orders_ended(orders)))
    return code;
  r = confirming_run(&c);
  if (!r || code)
    return r ? code : 0;
  snprintf(relay.said, sizeof relay.said, "no receipt");
  return r == CONFIRMING_MISSING ? RELAY_REFUSED : LOCAL;
}

static void read_target(void) {
  char buf[LIST_TEXT];
  struct entry e;
  const char *format = strchr(relay.host, ':') ? "[%s]:%s" : "%s:%s";
  int len = snprintf(relay.target, sizeof relay.target, format, relay.host,
                     relay.port);
  if (len < 0 || (size_t)len >= sizeof relay.target ||
      entry_scan(relay.target, (size_t)len, buf, &e))
    die(100, "fatal: bad target: ", relay.target);
}

static int open_orders(void) {
  char path[SPOOL_PATH];
  int fd;
  snprintf(path, sizeof path, ".df/stream/%s/%llu.list", relay.stream,
           (unsigned long long)relay.number);
  if (setenv("REPLICATE_FN", path, 1) < 0)
    diesys(111, "fatal: unable to set the environment");
  snprintf(path, sizeof path, ".df/stream/%s/orders", relay.stream);
  fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0)
    diesys(111, "fatal: unable to open ", path);
  return fd;
}

static void options(int argc, char **argv) {
  const char *own = getenv("DFPORT"), *client = getenv("DFCLIENT");
  int opt, good = 1;
  uint64_t u;
  if (own && number_arg(own, 1, 65535, &u))
    relay.own_port = (uint16_t)u;
  opterr = 0;
  while (good && (opt = getopt(argc, argv, "wr:t:T:n:i:")) != -1)
    if (opt == 'w')
      relay.whole = 1;
    else if (opt == 'i')
      good = pushid_valid(relay.id = optarg);
    else
      good = relay_option(&relay.limits, opt, optarg);
  argv += optind;
  if (!good || !relay.id || argc - optind != 4)
    die(100, USAGE);
  relay.stream = argv[0];
  if (strchr(relay.stream, '/') || strlen(relay.stream) >= SPOOL_NAME ||
      *relay.stream == '.' ||
      !number_arg(argv[1], 0, LIST_ENTRIES, &relay.number))
    die(100, USAGE);
  if (client && strlen(client) >= CLIENT)
    die(100, "fatal: DFCLIENT is too long");
  relay.host = argv[2];
  relay.port = argv[3];
}

int main(int argc, char **argv) {
  struct noting n;
  int orders, code;
  if (fds_check() < 0)
    _exit(111);
  errmsg_iam("dfrelay");
  relay.started = clock_ms();
  options(argc, argv);
  read_target();
  close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
  signal(SIGPIPE, SIG_IGN);
  orders = open_orders();
  event("started", 0, 0);
  code = deliver(orders);
  if (confirming_wanted())
    code = confirm(orders, code);
  else if (!code && noting_done(&n, orders, relay.target) < 0)
    carpsys("warning: unable to note what was delivered");
  if (!code) {
    trying_reached(relay.target);
    event("delivered", confirming_wanted() ? 0 : &n, 0);
  } else {
    event("failed", 0, reason(code));
    if (!several(orders, code)) {
      trying_failed(relay.target, reason(code));
      if (code != LOCAL)
        take_over(orders);
    }
  }
  close_range(3, ~0U, 0); /* the locks */
  spool_sweep(relay.stream);
  trigger_pull();
  if (publishing_run() < 0) /* pending in status.json */
    carpsys("warning: unable to run dfpublish");
  return code == RELAY_REFUSED || !code ? code : 111;
}
