#include "backup.h"
#include "digest.h"
#include "fds.h"
#include "file.h"
#include "header.h"
#include "keyname.h"
#include "listfile.h"
#include "names.h"
#include "number.h"
#include "origin.h"
#include "printable.h"
#include "progress.h"
#include "sender.h"
#include "source.h"
#include "ticket.h"

#include <buffer.h>
#include <errmsg.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define PIECE 262144
#define PATIENCE 600 /* seconds for the server's commit */
#define NUMBER_MAX UINT64_C(999999999999999999)

static struct push {
  const char *key, *ticket;
  int key_is_name, names_from_stdin, quiet, verbose;
  uint64_t timeout;
  struct origin origin;

  struct sender sender;
  char list[LIST_MAX];
  size_t list_len;
  char piece[PIECE];
  struct header_text header, ticket_text;
  int unreadable, refused, whole; /* chunks that were not sent, or were */
  struct progress progress;
} push;

static const char header_limits[] =
    "the header would be over 16384 bytes or 256 lines: too many backup hosts";

static void usage(void) {
  carp("usage: pushdf [-qSv] [-k key | -K] [-b backup-host] [-c cache-time] "
       "[-h host] [-o ticket] [-t ttl] [-w seconds] [-0 | file ...]");
  exit(100);
}

/* Exits, and by that resets the connection. */
static void die_sender(void) {
  struct sender *s = &push.sender;

  progress_clear(&push.progress);
  errno = s->error;
  if (s->error)
    diesys(111, "fatal: unable to send to ", push.origin.host, ": ", s->why);
  die(111, "fatal: unable to send to ", push.origin.host, ": ", s->why);
}

static ssize_t output_op(int fd, const void *p, size_t len) {
  if (file_write(fd, p, len) < 0) {
    progress_clear(&push.progress);
    diesys(111, "fatal: unable to write output");
  }
  return (ssize_t)len;
}

/* "MD5 LENGTH NAME", control bytes of the name as '?' */
static void report(const char *name, const struct trailer *t) {
  static char space[1024];
  static buffer b = BUFFER_INIT((void *)output_op, 1, space, sizeof space);

  progress_clear(&push.progress);
  buffer_puts(&b, t->md5);
  buffer_puts(&b, " ");
  buffer_putulonglong(&b, t->length);
  buffer_puts(&b, " ");
  for (; *name; name++)
    buffer_put(&b, (unsigned char)*name < 32 || *name == 127 ? "?" : name, 1);
  buffer_puts(&b, "\n");
  buffer_flush(&b);
}

static void not_sent(const char *name, const char *why) {
  char text[PRINTABLE_MAX];

  progress_clear(&push.progress);
  printable(text, name, strlen(name));
  carp("warning: unable to send ", *name ? text : "\"\"", ": ", why);
}

/* Sends the data and t. 0; -1: the source failed, the chunk is given up. */
static int send_data(struct source *s, struct trailer *t) {
  struct digest d;
  ssize_t r;
  int error;

  digest_start(&d, push.origin.sha256);
  for (;;) {
    if (!s->is_file && sender_wait(&push.sender, s->fd) < 0)
      die_sender();
    r = source_read(s, push.piece, sizeof push.piece);
    error = errno;
    if (r <= 0)
      break;
    digest_add(&d, push.piece, (size_t)r);
    if (sender_block(&push.sender, push.piece, (size_t)r) < 0)
      die_sender();
  }
  digest_end(&d, t->md5, t->sha256);
  t->length = d.bytes;
  if (sender_trailer(&push.sender, r < 0 ? 0 : t) < 0)
    die_sender();
  errno = error;
  return r < 0 ? -1 : 0;
}

static void send_chunk(const char *name, struct source *s) {
  const char *key = push.key_is_name ? name : push.key;
  struct trailer t;

  if (!origin_header(&push.header, &push.origin, key,
                     s->has_length ? &s->length : 0)) {
    not_sent(name, header_limits);
    push.refused = 1;
    return;
  }
  if (sender_header(&push.sender, push.header.s, push.header.len) < 0)
    die_sender();
  progress_chunk(&push.progress, name, s->length, push.sender.bytes);
  if (send_data(s, &t) < 0) {
    not_sent(name, errno ? strerror(errno) : "it became shorter meanwhile");
    push.unreadable = 1;
    return;
  }
  push.whole++;
  if (push.verbose)
    report(name, &t);
  /* It fits: that was looked at before anything was sent. */
  if (push.ticket)
    ticket_make(&push.ticket_text, &push.header, &t);
}

static void send_stdin(void) {
  struct source s;

  if (source_take(&s, 0) < 0)
    diesys(111, "fatal: unable to read standard input");
  send_chunk("-", &s);
}

static void send_file(const char *name) {
  struct source s;

  if (source_open(&s, name) < 0) {
    not_sent(name, strerror(errno));
    push.unreadable = 1;
    return;
  }
  send_chunk(name, &s);
  source_close(&s);
}

static void send_names(void) {
  static struct names n;
  const char *why;
  int r;

  names_start(&n, 0);
  for (;;) {
    if (n.pos == n.len && sender_wait(&push.sender, 0) < 0)
      die_sender();
    r = names_next(&n);
    if (r == 0)
      return;
    if (r < 0 && errno != ENAMETOOLONG)
      diesys(111, "fatal: unable to read names");
    why = push.key_is_name ? key_check(n.name, strlen(n.name)) : 0;
    if (r < 0) {
      not_sent(n.name, strerror(ENAMETOOLONG));
      push.unreadable = 1;
    } else if (why) {
      not_sent(n.name, why);
      push.refused = 1;
    } else
      send_file(n.name);
  }
}

static void number_option(const char *s, uint64_t min, uint64_t max,
                          const char *what, uint64_t *u) {
  if (!number_arg(s, min, max, u))
    die(100, "fatal: bad ", what, ": ", s);
}

static void backup_option(const char *host) {
  if (!host_valid(host, strlen(host)))
    die(100, "fatal: bad backup host: ", host);
  if (!backup_add(&push.origin.backups, host))
    die(100, "fatal: ", header_limits);
}

static void options(int argc, char **argv) {
  struct push *p = &push;
  int c;

  opterr = 0;
  p->timeout = 30;
  while ((c = getopt(argc, argv, "+k:Kc:t:b:h:Sw:o:qv0")) != -1)
    switch (c) {
    case 'k':
      p->key = optarg;
      break;
    case 'K':
      p->key_is_name = 1;
      break;
    case 'c':
      p->origin.has_cache_time = 1;
      number_option(optarg, 0, NUMBER_MAX, "cache time", &p->origin.cache_time);
      break;
    case 't':
      p->origin.has_ttl = 1;
      number_option(optarg, 0, NUMBER_MAX, "ttl", &p->origin.ttl);
      break;
    case 'b':
      backup_option(optarg);
      break;
    case 'h':
      p->origin.host = optarg;
      break;
    case 'S':
      p->origin.sha256 = 1;
      break;
    case 'w':
      number_option(optarg, 1, 86400, "time-out", &p->timeout);
      break;
    case 'o':
      p->ticket = optarg;
      break;
    case 'q':
      p->quiet = 1;
      break;
    case 'v':
      p->verbose = 1;
      break;
    case '0':
      p->names_from_stdin = 1;
      break;
    default:
      usage();
    }
}

/* Which options go together. */
static void check_use(char **names) {
  const int many = push.names_from_stdin || (names[0] && names[1]);

  if (push.names_from_stdin && names[0])
    die(100, "fatal: -0 reads the names from standard input: give none");
  if (push.key && push.key_is_name)
    die(100, "fatal: -k and -K exclude each other");
  if (push.key && many)
    die(100, "fatal: -k is for one chunk only: -K takes the names as keys");
  if (push.key_is_name && !push.names_from_stdin && !names[0])
    die(100, "fatal: -K takes the names of files as keys: there are none");
  if (push.ticket && many)
    die(100, "fatal: -o is for one chunk only");
}

static void check_key(const char *key) {
  const char *why = key_check(key, strlen(key));
  char text[PRINTABLE_MAX];

  printable(text, key, strlen(key));
  if (why)
    die(100, "fatal: bad key ", *key ? text : "\"\"", ": ", why);
  if (!origin_fits(&push.origin, key, push.ticket != 0))
    die(100, "fatal: ", header_limits);
}

/* $NAME, where it is set and not empty. */
static const char *environment(const char *name) {
  const char *s = getenv(name);

  return s && *s ? s : 0;
}

static void find_host(void) {
  const char *h = push.origin.host;
  char text[PRINTABLE_MAX];

  if (!h) {
    h = environment("TCPREMOTEHOST");
    if (!h || !host_valid(h, strlen(h)))
      h = environment("TCPREMOTEIP");
  }
  if (!h)
    die(100, "fatal: no host: $TCPREMOTEIP is not set, give -h");
  if (!host_valid(h, strlen(h)))
    die(100, "fatal: bad host: ", printable(text, h, strlen(h)));
  push.origin.host = h;
}

static void read_list(void) {
  const char *name = environment("REPLICATE_FN"), *why;

  if (!name)
    return;
  why = listfile_read(name, push.list, &push.list_len);
  if (why && errno)
    diesys(111, "fatal: unable to read list ", name);
  if (why)
    die(100, "fatal: bad list ", name, ": ", why);
  if (!backup_add_list(&push.origin.backups, push.list, push.list_len))
    die(100, "fatal: ", header_limits);
}

/* All that can be found wrong before anything is sent. */
static void prepare(char **names) {
  size_t i;

  check_use(names);
  find_host();
  read_list();
  if (push.key)
    check_key(push.key);
  else if (!origin_fits(&push.origin, 0, push.ticket != 0))
    die(100, "fatal: ", header_limits);
  for (i = 0; push.key_is_name && names[i]; i++)
    check_key(names[i]);
  if (push.ticket && ticket_check(push.ticket) < 0)
    diesys(111, "fatal: unable to write ticket ", push.ticket);
}

static void begin(void) {
  uint8_t random[16];
  char id[33];
  size_t i;

  if (getrandom(random, sizeof random, 0) != sizeof random)
    diesys(111, "fatal: unable to get random bytes");
  for (i = 0; i < 32; i++)
    id[i] = "0123456789abcdef"[random[i / 2] >> (i % 2 ? 0 : 4) & 15];
  id[32] = 0;
  if (sender_start(&push.sender, (unsigned int)push.timeout) < 0)
    die(100, "fatal: descriptors 6 and 7 are not open: ",
        "a UCSPI client such as tcpclient runs pushdf");
  progress_start(&push.progress, !push.quiet && isatty(2) ? 2 : -1);
  push.sender.progress = progress_sent;
  push.sender.context = &push.progress;
  if (sender_begin(&push.sender, id, push.list, push.list_len) < 0)
    die_sender();
}

int main(int argc, char **argv) {
  if (fds_check() < 0)
    return 111;
  errmsg_iam("pushdf");
  signal(SIGPIPE, SIG_IGN);
  options(argc, argv);
  argv += optind;
  prepare(argv);
  begin();
  if (push.names_from_stdin)
    send_names();
  else if (!*argv)
    send_stdin();
  for (; *argv; argv++)
    if (strcmp(*argv, "-") == 0)
      send_stdin();
    else
      send_file(*argv);
  progress_say(&push.progress,
               "all is sent, waiting for the server to store it");
  if (sender_end(&push.sender, PATIENCE) < 0)
    die_sender();
  progress_clear(&push.progress);
  if (push.ticket && push.whole &&
      ticket_write(push.ticket, &push.ticket_text) < 0)
    diesys(111, "fatal: all is stored, but unable to write ticket ",
           push.ticket);
  return push.unreadable ? 111 : push.refused ? 100 : 0;
}
