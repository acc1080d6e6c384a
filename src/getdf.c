/* getdf gets the data of a chunk from whichever host has them: first the
 * header, then its Host, its Backup-Hosts, until one gives data that are right.
 */

#include "clock.h"
#include "digest.h"
#include "download.h"
#include "fds.h"
#include "fetch.h"
#include "finding.h"
#include "header.h"
#include "keyname.h"
#include "label.h"
#include "number.h"
#include "printable.h"
#include "progress.h"
#include "sink.h"
#include "store.h"
#include "url.h"
#include "whole.h"

#include <errmsg.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define USAGE                                                                  \
  "usage: getdf [-efLnq] [-H host] [-m size] [-o file] [-r rate] "             \
  "[-T seconds] [-u template] [-w seconds] md5 | -k key | -t ticket"
#define HEDGE 200 /* ms */

static struct {
  const char *ticket, *file;
  int quiet;
  uint64_t rate, connect, stall;
  const char *name; /* what is wanted, printable */
  char printable_name[PRINTABLE_MAX];

  struct finding find;
  struct fetch fetch;
  struct sink sink;
  struct download download;
  struct progress progress;
  /* Hosts that answered: it is not there, its life is over, anything else. */
  unsigned int absent, over, other;
} get = {.connect = 3, .stall = 30};

static void usage(void) {
  die(100, USAGE);
}

/* What a host has answered, or not. */
static void failed(void *context, const char *host, long status,
                   const char *why) {
  char text[PRINTABLE_MAX];
  (void)context;
  progress_clear(&get.progress);
  if (status == 404 || status == 410)
    ++get.absent;
  else if (!strcmp(why, FINDING_OVER))
    ++get.over;
  else if (status)
    ++get.other;
  carp("warning: ", host, ": ", printable(text, why, strlen(why)));
}

/* Does not come back. */
static void give_up(int code, const char *why) {
  progress_clear(&get.progress);
  if (sink_give_up(&get.sink) < 0)
    die(111, "fatal: what was written of ", get.name,
        " is cut off or wrong: ", why);
  die(code, "fatal: unable to get ", get.name, ": ", why);
}

static void give_up_writing(int error) {
  progress_clear(&get.progress);
  sink_give_up(&get.sink);
  errno = error;
  diesys(111, "fatal: unable to write ", get.file ? get.file : "output");
}

/* A signal: nothing is left behind. */
static void stop(int sig) {
  if (*get.sink.tmp)
    unlink(get.sink.tmp);
  signal(sig, SIG_DFL);
  raise(sig);
}

static int is_md5(const char *s) {
  return strlen(s) == MD5_HEX && strspn(s, "0123456789abcdef") == MD5_HEX;
}

static void host_option(const char *host) {
  char text[PRINTABLE_MAX];
  if (!host_valid(host, strlen(host)))
    die(100, "fatal: bad host: ", printable(text, host, strlen(host)));
  hosts_add(&get.find.hosts, host, strlen(host));
}

static int option(int opt) {
  switch (opt) {
  case 'e':
    return get.find.only = 1;
  case 'f':
    get.find.now = INT64_MIN;
    return 1;
  case 'H':
    host_option(optarg);
    return 1;
  case 'k':
    get.find.key = optarg;
    return 1;
  case 'L':
    return get.find.ask.follow = 1;
  case 'm':
    return number_size(optarg, &get.find.most);
  case 'n':
    get.find.ask.hedge = HEDGE;
    return 1;
  case 'o':
    get.file = optarg;
    return 1;
  case 'q':
    return get.quiet = 1;
  case 'r':
    return number_size(optarg, &get.rate) && get.rate >= FETCH_RATE;
  case 't':
    get.ticket = optarg;
    return 1;
  case 'T':
    return number_arg(optarg, 1, 86400, &get.connect);
  case 'u':
    get.find.ask.url = optarg;
    return 1;
  case 'w':
    return number_arg(optarg, 1, 86400, &get.stall);
  }
  return 0;
}

static const char *environment(const char *name) {
  const char *s = getenv(name);
  return s && *s ? s : 0;
}

static void check_url(void) {
  struct asking *a = &get.find.ask;
  const char *why;
  if (!a->url)
    a->url = environment("DFURL");
  if (!a->url)
    a->url = URL_DEFAULT;
  why = url_check(a->url);
  if (why)
    die(100, "fatal: bad URL template: ", why);
}

/* What is wanted, and its name in messages. */
static void wanted(char **args) {
  const char *key = get.find.key, *why;
  const char *name = get.ticket ? get.ticket : key ? key : *args;
  if ((*args != 0) + (key != 0) + (get.ticket != 0) != 1 || (*args && args[1]))
    usage();
  get.name = printable(get.printable_name, name, strlen(name));
  why = key ? key_check(key, strlen(key)) : 0;
  if (why)
    die(100, "fatal: bad key ", get.name, ": ", why);
  if (*args && !is_md5(*args))
    die(100, "fatal: bad MD5: ", get.name);
  if (*args)
    memcpy(get.find.md5, *args, MD5_HEX + 1);
}

static void options(int argc, char **argv) {
  struct asking *a = &get.find.ask;
  int opt;
  opterr = 0;
  get.find.most = UINT64_MAX;
  get.find.now = time(0);
  while ((opt = getopt(argc, argv, "efH:k:Lm:no:qr:t:T:u:w:")) != -1)
    if (!option(opt))
      usage();
  wanted(argv + optind);
  check_url();
  if (get.find.only && !get.find.hosts.n)
    die(100, "fatal: -e is for hosts of -H: there are none");
  if (!get.find.hosts.n && !get.ticket) {
    if (!environment("DFHOST"))
      die(100, "fatal: no host: give -H or set DFHOST");
    host_option(environment("DFHOST"));
  }
  a->connect = (unsigned int)get.connect;
  a->stall = (unsigned int)get.stall;
  a->failed = failed;
}

static void read_ticket(void) {
  static char text[HEADER_MAX];
  int fd = open(get.ticket, O_RDONLY | O_CLOEXEC);
  ssize_t len = fd < 0 ? -1 : whole_read(fd, text, sizeof text);
  const char *why;
  if (len < 0 && errno != EFBIG)
    diesys(111, "fatal: unable to read ticket ", get.name);
  why = len < 0 ? "header too long"
                : finding_ticket(&get.find, text, (size_t)len);
  if (why)
    die(100, "fatal: bad ticket ", get.name, ": ", why);
  close(fd);
}

/* A ticket that is old, or whose chunk's life is over. */
static void check_ticket(void) {
  int r = finding_is_old(&get.find, time(0)) ? finding_refresh(&get.find) : 1;
  if (r < 0)
    give_up(111, "out of memory");
  if (!r)
    carp("warning: ticket ", get.name,
         " is older than its TTL, and no host has a newer one");
  if (get.find.end < get.find.now)
    give_up(100, FINDING_OVER ": -f gets it all the same");
}

static void start_output(void) {
  int r =
      get.file ? sink_file(&get.sink, get.file) : sink_descriptor(&get.sink, 1);
  if (r < 0)
    diesys(111, "fatal: unable to write ", get.file ? get.file : "output");
}

static void start(void) {
  struct sigaction stopping = {.sa_handler = stop};
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
  sigaction(SIGINT, &stopping, 0);
  sigaction(SIGTERM, &stopping, 0);
  sigaction(SIGHUP, &stopping, 0);
  if (fetch_open(&get.fetch, (unsigned int)get.connect, (unsigned int)get.stall,
                 0) < 0 ||
      (get.find.ask.follow && fetch_follow(&get.fetch) < 0) ||
      (get.rate && fetch_rate(&get.fetch, get.rate) < 0))
    die(111, "fatal: out of memory");
  get.download.fetch = &get.fetch;
  get.download.sink = &get.sink;
  get.download.progress = progress_sent;
  get.download.context = &get.progress;
  progress_start(&get.progress, !get.quiet && isatty(2) ? 2 : -1);
}

/* No host was left. */
static void nowhere(void) {
  if (get.other || (!get.absent && !get.over))
    give_up(111, "no host has given it whole and right");
  if (get.over)
    give_up(100, FINDING_OVER ": -f gets it all the same");
  give_up(100, "no host that answered has it");
}

/* 1: got it; 0: not from this host. */
static int get_from(size_t host) {
  struct download *d = &get.download;
  const struct header *h = &get.find.header;
  const char *name = get.find.hosts.at[host].name, *why;
  char url[URL_MAX], path[STORE_MD5];
  enum download_end end;
  if (d->length != h->length || strcmp(d->md5, h->md5) ||
      strcmp(d->sha256, h->sha256))
    download_start(d, h->length, h->md5, h->sha256);
  progress_chunk(&get.progress, get.name, h->length, 0);
  store_data(path, h->md5);
  why = url_make(url, get.find.ask.url, name, path);
  if (why) {
    failed(0, name, 0, why);
    finding_failed(&get.find, host, 0, 0);
    return 0;
  }
  end = download_from(d, url, &why);
  if (end == DOWNLOAD_RIGHT)
    return 1;
  if (end == DOWNLOAD_ERROR)
    give_up_writing(d->error);
  failed(0, name, get.fetch.status, why);
  if (end == DOWNLOAD_STUCK)
    give_up(111, why);
  finding_failed(&get.find, host, get.fetch.status != 0, end == DOWNLOAD_WRONG);
  return 0;
}

/* 1: got it; 0: no host is left. */
static int get_from_any(void) {
  size_t host;
  int r;
  while ((r = finding_next(&get.find, &host)) == 1)
    if (get_from(host))
      return 1;
  if (r < 0)
    give_up(111, "out of memory");
  return 0;
}

int main(int argc, char **argv) {
  mode_t mask = umask(0);
  umask(mask);
  if (fds_check() < 0)
    return 111;
  errmsg_iam("getdf");
  options(argc, argv);
  start();
  if (get.ticket) {
    read_ticket();
    check_ticket();
  }
  start_output();
  if (!get_from_any())
    nowhere();
  if (sink_end(&get.sink, 0666 & ~mask) < 0)
    give_up_writing(errno);
  progress_clear(&get.progress);
  fetch_close(&get.fetch);
  return 0;
}
