/* dfcheck looks which hosts have which chunks, in what they publish. A process
 * for each host asks it, all at the same time, and leaves the MD5s in a file of
 * memory; this one compares them. */

#include "chunklist.h"
#include "clock.h"
#include "digest.h"
#include "fds.h"
#include "file.h"
#include "header.h"
#include "hex.h"
#include "holding.h"
#include "inquiry.h"
#include "json.h"
#include "number.h"
#include "printable.h"
#include "text.h"
#include "url.h"

#include <errmsg.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define USAGE                                                                  \
  "usage: dfcheck [-ajm] [-t seconds] [-T seconds] [-u template] "             \
  "[-w seconds] host ..."
#define HOSTS_MAX 256
#define WAIT_MAX 86400
#define MD5_TEXT (MD5_HEX + 2) /* width of the table's first column */

struct column {
  const char *name;
  int fd; /* what its process found: holding.h */
  pid_t pid;
  struct text file;
  const unsigned char *md5s;
  size_t n, at;
  uint64_t missing;
  const char *why; /* it could not be asked */
};

static struct {
  uint64_t timeout, connect_timeout, wait;
  const char *url;
  int all, json, orders;
  struct column host[HOSTS_MAX];
  size_t hosts;
  char (*why)[PRINTABLE_MAX]; /* of each host, shared with its process */
  uint64_t deadline;
  struct md5set list; /* of standard input */
  const unsigned char *md5s;
  size_t n;
} check = {.timeout = 30, .connect_timeout = 3};

static const char *ask(const struct column *c) {
  struct inquiry a = {.host = c->name,
                      .url = check.url,
                      .connect = (unsigned int)check.connect_timeout,
                      .stall = (unsigned int)check.timeout,
                      .wait = (unsigned int)check.wait,
                      .deadline = check.deadline,
                      .md5s = check.md5s,
                      .n = check.n};
  return inquiry_host(&a, c->fd);
}

static void start(struct column *c, char why[PRINTABLE_MAX]) {
  const char *w;
  pid_t parent = getpid();
  snprintf(why, PRINTABLE_MAX, "the process that asked it has died");
  c->pid = fork();
  if (c->pid < 0)
    diesys(111, "fatal: unable to fork");
  if (c->pid)
    return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent)
    _exit(111);
  w = ask(c);
  printable(why, w ? w : "", w ? strlen(w) : 0);
  _exit(0);
}

static void finish(struct column *c, const char *why) {
  int status;
  while (waitpid(c->pid, &status, 0) < 0)
    if (errno != EINTR)
      diesys(111, "fatal: unable to wait for a process");
  c->why = *why ? why : 0;
  file_unmap(c->file.p, c->file.len);
  if (file_map(c->fd, &c->file.p, &c->file.len) < 0)
    diesys(111, "fatal: unable to read what was found at ", c->name);
  c->n = c->why ? 0 : holding_view(c->file.p, c->file.len, &c->md5s);
}

/* Asks the hosts from the first one on that lack something, all at once. */
static void ask_hosts(size_t first) {
  for (size_t i = first; i < check.hosts; ++i)
    start(check.host + i, check.why[i]);
  for (size_t i = first; i < check.hosts; ++i)
    finish(check.host + i, check.why[i]);
}

static int has(struct column *c, size_t i) {
  return md5set_find(c->md5s, c->n, &c->at, check.md5s + i * MD5SET_BYTES);
}

static void rewind_hosts(void) {
  for (size_t i = 0; i < check.hosts; ++i)
    check.host[i].at = 0;
}

/* 0, 1 or 111. */
static int count(void) {
  int missing = 0, unknown = 0;
  rewind_hosts();
  for (size_t h = 0; h < check.hosts; ++h) {
    struct column *c = check.host + h;
    c->missing = 0;
    for (size_t i = 0; !c->why && i < check.n; ++i)
      c->missing += !has(c, i);
    missing |= c->missing != 0;
    unknown |= c->why != 0;
  }
  rewind_hosts();
  return unknown ? 111 : missing;
}

static void put_md5(char hex[MD5_HEX + 1], size_t i) {
  hex_fmt(hex, check.md5s + i * MD5SET_BYTES, MD5SET_BYTES);
}

static void put_cell(size_t h, const char *text) {
  int width = (int)strlen(check.host[h].name);
  if (h + 1 == check.hosts)
    printf("%s\n", text);
  else
    printf("%-*s  ", width > 3 ? width : 3, text);
}

static void put_table(void) {
  char text[MD5_HEX + 1];
  printf("%-*s", MD5_TEXT, "");
  for (size_t h = 0; h < check.hosts; ++h)
    put_cell(h, check.host[h].name);
  for (size_t i = 0; i < check.n; ++i) {
    put_md5(text, i);
    printf("%-*s", MD5_TEXT, text);
    for (size_t h = 0; h < check.hosts; ++h) {
      struct column *c = check.host + h;
      put_cell(h, c->why ? "?" : has(c, i) ? "yes" : "no");
    }
  }
  snprintf(text, sizeof text, "%lu chunk%s, missing", (unsigned long)check.n,
           check.n == 1 ? "" : "s");
  printf("%-*s", MD5_TEXT, text);
  for (size_t h = 0; h < check.hosts; ++h) {
    const struct column *c = check.host + h;
    snprintf(text, sizeof text, "%llu", (unsigned long long)c->missing);
    put_cell(h, c->why ? "?" : text);
  }
}

static void put_string(const char *s) {
  stralloc text = {0};
  if (json_put_string(&text, s, strlen(s)) < 0)
    die(111, "fatal: out of memory");
  printf("%.*s", (int)text.len, text.s);
  stralloc_free(&text);
}

static void put_hosts(void) {
  for (size_t h = 0; h < check.hosts; ++h) {
    const struct column *c = check.host + h;
    printf("%s\n{\"host\":\"%s\",\"missing\":", h ? "," : "", c->name);
    if (c->why) {
      printf("null,\"error\":");
      put_string(c->why);
    } else
      printf("%llu,\"error\":null", (unsigned long long)c->missing);
    printf("}");
  }
}

static void put_json(void) {
  static const char *const marks[] = {"false", "true"};
  char hex[MD5_HEX + 1];
  printf("{\"dataflow\":1,\"hosts\":[");
  put_hosts();
  printf("\n],\"chunks\":[");
  for (size_t i = 0; i < check.n; ++i) {
    put_md5(hex, i);
    printf("%s\n{\"md5\":\"%s\",\"has\":{", i ? "," : "", hex);
    for (size_t h = 0; h < check.hosts; ++h) {
      struct column *c = check.host + h;
      printf("%s\"%s\":%s", h ? "," : "", c->name,
             c->why ? "null" : marks[has(c, i)]);
    }
    printf("}}");
  }
  printf("\n]}\n");
}

/* What the last host lacks and the first one, where there are two, has. */
static void put_orders(void) {
  struct column *from = check.host, *to = check.host + check.hosts - 1;
  char hex[MD5_HEX + 1];
  for (size_t i = 0; !from->why && !to->why && i < check.n; ++i)
    if ((from == to || has(from, i)) && !has(to, i)) {
      put_md5(hex, i);
      puts(hex);
    }
}

static void read_list(void) {
  uint64_t line;
  char n[24];
  const char *why = chunklist_read(0, &check.list, &line);
  snprintf(n, sizeof n, "%llu", (unsigned long long)line);
  if (why && errno)
    diesys(111, "fatal: chunks of standard input: ", why);
  if (why)
    die(100, "fatal: standard input, line ", n, ": ", why);
  if (!check.list.n)
    die(100, "fatal: standard input names no chunk");
  check.md5s = check.list.md5s;
  check.n = check.list.n;
}

static void options(int argc, char **argv) {
  int opt, good = 1;
  check.url = getenv("DFURL");
  opterr = 0;
  while (good && (opt = getopt(argc, argv, "ajmt:T:u:w:")) != -1)
    if (opt == 'a')
      check.all = 1;
    else if (opt == 'j')
      check.json = 1;
    else if (opt == 'm')
      check.orders = 1;
    else if (opt == 't')
      good = number_arg(optarg, 1, 86400, &check.timeout);
    else if (opt == 'T')
      good = number_arg(optarg, 1, 86400, &check.connect_timeout);
    else if (opt == 'u')
      check.url = optarg;
    else if (opt == 'w')
      good = number_arg(optarg, 0, WAIT_MAX, &check.wait);
    else
      good = 0;
  argc -= optind;
  if (!good || argc < 1 || argc > HOSTS_MAX || (check.json && check.orders) ||
      (check.orders && argc > 2))
    die(100, USAGE);
  check.hosts = (size_t)argc;
  if (!check.url || !*check.url)
    check.url = URL_DEFAULT;
}

static void prepare(char **names) {
  const char *why;
  for (size_t i = 0; i < check.hosts; ++i) {
    struct column *c = check.host + i;
    c->name = names[i];
    if (!host_valid(c->name, strlen(c->name)))
      die(100, "fatal: bad host: ", c->name);
    for (size_t j = 0; j < i; ++j)
      if (!strcmp(c->name, names[j]))
        die(100, "fatal: host named twice: ", c->name);
    why = url_make((char[URL_MAX]){0}, check.url, c->name, "status.json");
    if (why)
      die(100, "fatal: bad template: ", why);
    c->fd = memfd_create("dfcheck", MFD_CLOEXEC);
    if (c->fd < 0)
      diesys(111, "fatal: unable to make a file of memory");
  }
  check.why = mmap(0, check.hosts * sizeof *check.why, PROT_READ | PROT_WRITE,
                   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (check.why == MAP_FAILED)
    die(111, "fatal: out of memory");
}

int main(int argc, char **argv) {
  int code;
  if (fds_check() < 0)
    _exit(111);
  errmsg_iam("dfcheck");
  signal(SIGPIPE, SIG_IGN);
  signal(SIGCHLD, SIG_DFL);
  options(argc, argv);
  fds_close_from(3);
  prepare(argv + optind);
  if (!check.all)
    read_list();
  check.deadline = clock_ms() + check.wait * 1000;
  ask_hosts(0);
  if (check.all) {
    check.md5s = check.host[0].md5s;
    check.n = check.host[0].n;
  }
  code = count();
  if (check.all && check.wait && code == 1) {
    ask_hosts(1);
    code = count();
  }
  for (size_t h = 0; h < check.hosts; ++h)
    if (check.host[h].why)
      carp("warning: unable to ask ", check.host[h].name, ": ",
           check.host[h].why);
  if (check.orders)
    put_orders();
  else if (check.json)
    put_json();
  else
    put_table();
  if (fflush(stdout) || ferror(stdout))
    diesys(111, "fatal: unable to write");
  return code;
}
