#include "append.h"
#include "backup.h"
#include "chunkline.h"
#include "fds.h"
#include "file.h"
#include "hashing.h"
#include "header.h"
#include "keyname.h"
#include "listfile.h"
#include "names.h"
#include "origin.h"
#include "plan.h"
#include "printable.h"
#include "progress.h"
#include "pushid.h"
#include "pushopts.h"
#include "remote.h"
#include "sender.h"
#include "source.h"
#include "ticket.h"

#include <buffer.h>
#include <errmsg.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE 600 /* seconds for the server's commit */

static struct push {
  struct pushopts o;
  const char *host; /* that is pushed to */
  struct sender sender;
  char list[LIST_MAX];
  size_t list_len;
  struct hashing hashing;
  char given[HEADER_MAX + 1]; /* the ticket of -a */
  struct header_text header, ticket_text;
  struct append append;
  int unreadable, refused, whole; /* chunks that were not sent, or were */
  struct progress progress;
  struct plan plan;
} push;

/* Unless it was sent: exits, and by that resets the connection. */
static void must(int sent) {
  struct sender *s = &push.sender;

  if (sent == 0)
    return;
  progress_clear(&push.progress);
  errno = s->error;
  if (s->error)
    diesys(111, "fatal: unable to send to ", push.host, ": ", s->why);
  die(111, "fatal: unable to send to ", push.host, ": ", s->why);
}

static ssize_t output_op(int fd, const void *p, size_t len) {
  if (file_write(fd, p, len) < 0) {
    progress_clear(&push.progress);
    diesys(111, "fatal: unable to write output");
  }
  return (ssize_t)len;
}

/* *count: of which kind it is, push.unreadable or push.refused. */
static void not_sent(const char *name, const char *why, int *count) {
  char text[PRINTABLE_MAX];

  progress_clear(&push.progress);
  printable(text, name, strlen(name));
  carp("warning: unable to send ", *name ? text : "\"\"", ": ", why);
  ++*count;
}

/* What -v and -n say of a chunk. */
static void sent(const char *name, const struct trailer *t) {
  static char space[1024];
  static buffer b = BUFFER_INIT((void *)output_op, 1, space, sizeof space);
  const char *why = 0;

  progress_clear(&push.progress);
  if (push.o.dry)
    why = plan_put(&push.plan, &b, name, t);
  else if (push.o.verbose)
    chunkline_put(&b, "", name, t);
  buffer_flush(&b);
  if (why)
    not_sent(name, why, &push.refused);
  else
    push.whole++;
}

/* Sends the data and t. 0; -1: the source failed, the chunk is given up. */
static int send_data(struct source *s, struct trailer *t) {
  struct hashing *h = &push.hashing;
  size_t len;
  ssize_t r;
  char *p;
  int error;

  hashing_start(h, push.o.origin.sha256);
  for (;;) {
    if (!s->is_file)
      must(sender_wait(&push.sender, s->fd));
    p = hashing_room(h, &len);
    r = source_read(s, p, len);
    error = errno;
    if (r <= 0)
      break;
    hashing_put(h, (size_t)r);
    must(sender_block(&push.sender, p, (size_t)r));
  }
  hashing_end(h);
  digest_end(&h->digest, t->md5, t->sha256);
  t->length = h->digest.bytes;
  must(sender_trailer(&push.sender, r < 0 ? 0 : t));
  errno = error;
  return r < 0 ? -1 : 0;
}

/* Why source_read failed. */
static const char *source_why(void) {
  return errno ? strerror(errno) : "it became shorter meanwhile";
}

static void send_chunk(const char *name, struct source *s) {
  const char *key = push.o.key_is_name ? name : push.o.key;
  struct trailer t;
  int r;

  if (!origin_header(&push.header, &push.o.origin, key,
                     s->has_length ? &s->length : 0)) {
    not_sent(name, ORIGIN_LIMITS, &push.refused);
    return;
  }
  if (push.o.dry)
    r = source_digest(s, push.o.origin.sha256, &t);
  else {
    must(sender_header(&push.sender, push.header.s, push.header.len));
    progress_chunk(&push.progress, name, s->length, push.sender.bytes);
    r = send_data(s, &t);
  }
  if (r < 0) {
    not_sent(name, source_why(), &push.unreadable);
    return;
  }
  sent(name, &t);
  /* It fits: that was looked at before anything was sent. */
  if (push.o.ticket)
    ticket_make(&push.ticket_text, &push.header, &t);
}

/* -a: the source is a ticket, its header goes alone. */
static void send_alone(const char *name, struct source *s) {
  struct append *a = &push.append;
  const ssize_t len = source_all(s, push.given, HEADER_MAX + 1);
  const char *why;

  if (len < 0) {
    not_sent(name, source_why(), &push.unreadable);
    return;
  }
  why = append_make(a, &push.o.origin, push.o.key, push.given, (size_t)len);
  if (why) {
    not_sent(name, why, &push.refused);
    return;
  }
  if (!push.o.dry) {
    must(sender_header(&push.sender, a->header.s, a->header.len));
    must(sender_trailer(&push.sender, &a->trailer));
  }
  sent(name, &a->trailer);
  push.ticket_text = a->ticket;
}

static void send_source(const char *name, struct source *s) {
  if (push.o.append)
    send_alone(name, s);
  else
    send_chunk(name, s);
}

static void send_stdin(void) {
  struct source s;

  if (source_take(&s, 0) < 0)
    diesys(111, "fatal: unable to read standard input");
  send_source("-", &s);
}

static void send_file(const char *name) {
  struct source s;

  if (source_open(&s, name) < 0) {
    not_sent(name, strerror(errno), &push.unreadable);
    return;
  }
  send_source(name, &s);
  source_close(&s);
}

static void send_names(void) {
  static struct names n;
  const char *why;
  int r;

  names_start(&n, 0);
  for (;;) {
    if (n.pos == n.len && !push.o.dry)
      must(sender_wait(&push.sender, 0));
    r = names_next(&n);
    if (r == 0)
      return;
    if (r < 0 && errno != ENAMETOOLONG)
      diesys(111, "fatal: unable to read names");
    why = push.o.key_is_name ? key_check(n.name, strlen(n.name)) : 0;
    if (r < 0)
      not_sent(n.name, strerror(ENAMETOOLONG), &push.unreadable);
    else if (why)
      not_sent(n.name, why, &push.refused);
    else
      send_file(n.name);
  }
}

static void options(int argc, char **argv) {
  struct pushopts *o = &push.o;

  if (pushopts_read(o, argc, argv))
    return;
  if (!o->why)
    die(100,
        "usage: pushdf [-anqSv] [-k key | -K] [-b backup-host] [-c cache-time] "
        "[-h host] [-o ticket] [-r rate] [-t ttl] [-w seconds] [-0 | file "
        "...]");
  if (!o->argument)
    die(100, "fatal: ", o->why);
  die(100, "fatal: ", o->why, ": ", o->argument);
}

/* 0: of no key. */
static void check_key(const char *key) {
  const char *why = key ? key_check(key, strlen(key)) : 0;
  char text[PRINTABLE_MAX];

  if (why)
    die(100, "fatal: bad key ",
        *key ? printable(text, key, strlen(key)) : "\"\"", ": ", why);
  if (!push.o.append && !origin_fits(&push.o.origin, key, push.o.ticket != 0))
    die(100, "fatal: ", ORIGIN_LIMITS);
}

static void find_host(void) {
  const char *h = push.o.origin.host ? push.o.origin.host : remote_host();
  char text[PRINTABLE_MAX];

  if (!h)
    die(100, "fatal: no host: $TCPREMOTEIP is not set, give -h");
  if (!host_valid(h, strlen(h)))
    die(100, "fatal: bad host: ", printable(text, h, strlen(h)));
  push.host = h;
  if (!push.o.append)
    push.o.origin.host = h;
}

static void read_list(void) {
  const char *name = remote_environment("REPLICATE_FN"), *why;

  if (!name)
    return;
  why = listfile_read(name, push.list, &push.list_len);
  if (why && errno)
    diesys(111, "fatal: unable to read list ", name);
  if (why)
    die(100, "fatal: bad list ", name, ": ", why);
  if (!push.o.append &&
      !backup_add_list(&push.o.origin.backups, push.list, push.list_len))
    die(100, "fatal: ", ORIGIN_LIMITS);
}

/* All that can be found wrong before anything is sent. */
static void prepare(char **names) {
  const char *why = pushopts_check(&push.o, names);
  size_t i;

  if (why)
    die(100, "fatal: ", why);
  find_host();
  read_list();
  check_key(push.o.key);
  for (i = 0; push.o.key_is_name && names[i]; i++)
    check_key(names[i]);
  if (push.o.ticket && ticket_check(push.o.ticket) < 0)
    diesys(111, "fatal: unable to write ticket ", push.o.ticket);
}

static void begin(void) {
  char id[STREAM_ID + 1];

  if (pushid_make(id) < 0)
    diesys(111, "fatal: unable to get random bytes");
  if (sender_start(&push.sender, (unsigned int)push.o.timeout) < 0)
    die(100, "fatal: descriptors 6 and 7 are not open: ",
        "a UCSPI client such as tcpclient runs pushdf");
  if (push.o.rate)
    sender_pace(&push.sender, push.o.rate);
  progress_start(&push.progress, !push.o.quiet && isatty(2) ? 2 : -1);
  push.sender.progress = progress_sent;
  push.sender.context = &push.progress;
  must(sender_begin(&push.sender, id, push.list, push.list_len));
}

/* All is sent: waits for the end that is a promise. */
static void end(void) {
  progress_say(&push.progress,
               "all is sent, waiting for the server to store it");
  must(sender_end(&push.sender, PATIENCE));
  progress_clear(&push.progress);
  if (push.o.ticket && push.whole &&
      ticket_write(push.o.ticket, &push.ticket_text) < 0)
    diesys(111, "fatal: all is stored, but unable to write ticket ",
           push.o.ticket);
}

int main(int argc, char **argv) {
  if (fds_check() < 0)
    return 111;
  errmsg_iam("pushdf");
  signal(SIGPIPE, SIG_IGN);
  options(argc, argv);
  argv += optind;
  prepare(argv);
  if (push.o.dry)
    plan_start(&push.plan, push.host, remote_environment("TCPREMOTEIP"),
               remote_environment("TCPREMOTEPORT"), push.list, push.list_len);
  else
    begin();
  if (push.o.names_from_stdin)
    send_names();
  else if (!*argv)
    send_stdin();
  for (; *argv; argv++)
    if (strcmp(*argv, "-") == 0)
      send_stdin();
    else
      send_file(*argv);
  if (!push.o.dry)
    end();
  return push.unreadable ? 111 : push.refused ? 100 : 0;
}
