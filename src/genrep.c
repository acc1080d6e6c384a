#include "fds.h"
#include "file.h"
#include "layout.h"
#include "listcount.h"
#include "listtext.h"
#include "number.h"
#include "printable.h"
#include "whole.h"

#include <errmsg.h>
#include <errno.h>
#include <fmt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define INPUT_MAX 16777216
#define DELIVERIES 100000
#define MAGIC_LEN (sizeof LIST_MAGIC - 1)

struct options {
  int any_deliveries, divide;
  uint64_t fanout; /* 0: as the list is */
};

static void usage(void) {
  die(100, "usage: genrep [-F] [-d | -f n]");
}

static struct options scan_options(int argc, char **argv) {
  struct options o = {0, 0, 0};
  int opt;

  opterr = 0;
  while ((opt = getopt(argc, argv, "Fdf:")) != -1) {
    if (opt == 'F')
      o.any_deliveries = 1;
    else if (opt == 'd')
      o.divide = 1;
    else if (opt != 'f' || !number_arg(optarg, 1, LIST_ENTRIES, &o.fanout))
      usage();
  }
  if (optind < argc || (o.divide && o.fanout))
    usage();
  return o;
}

static const char *decimal(char out[FMT_ULONG + 1], uint64_t u) {
  out[fmt_ulong(out, u)] = 0;
  return out;
}

static void die_complaint(const struct complaint *c) {
  char line[FMT_ULONG + 1], other[FMT_ULONG + 1], text[PRINTABLE_MAX];

  if (c->line == 0)
    die(100, "fatal: ", c->why);
  decimal(line, c->line);
  printable(text, c->text, c->text_len);
  if (c->other == 0)
    die(100, "fatal: line ", line, ": ", text, ": ", c->why);
  die(100, "fatal: line ", line, ": ", text, ": ", c->why, ", see line ",
      decimal(other, c->other));
}

/* A complaint about an entry that was read well in itself. */
static void die_entry(const struct listtext *t, uint32_t n, const char *why) {
  char text[LIST_TEXT];
  struct complaint c = {.why = why, .text = text};

  if (n < t->entries) {
    c.line = t->line[n];
    c.text_len = entry_text(&t->entry[n], text);
  }
  die_complaint(&c);
}

static void read_text(struct listtext *t) {
  struct complaint c;
  char *text = malloc(INPUT_MAX);
  ssize_t len;

  if (!text)
    die(111, "fatal: out of memory");
  len = whole_read(0, text, INPUT_MAX);
  if (len == -1 && errno == EFBIG)
    die(100, "fatal: standard input is longer than 16777216 bytes");
  if (len == -1)
    diesys(111, "fatal: unable to read standard input");
  if (!listtext_scan(t, text, (size_t)len, &c))
    die_complaint(&c);
  free(text);
}

/* Writes the list that is wanted to out; returns its length. */
static size_t lay_out(const struct options *o, const struct listtext *t,
                      char out[LIST_MAX]) {
  static struct layout l;
  size_t len = t->len;
  const char *why = 0;

  if (o->divide)
    why = layout_divide(&l, t->list, t->len, out, &len);
  else if (o->fanout)
    why = layout_tree(&l, t->list, t->len, (uint32_t)o->fanout, out, &len);
  else
    memcpy(out, t->list, t->len);
  if (why)
    die_entry(t, l.fault, why);
  return len;
}

static void count(const struct options *o, const struct listtext *t,
                  const char *list, size_t len) {
  static struct listcount c;
  const char *why = listcount(&c, list, len);
  char hosts[FMT_ULONG + 1], hops[FMT_ULONG + 1], deliveries[FMT_ULONG + 1];

  if (why)
    die_entry(t, c.entries, why);
  decimal(hosts, c.hosts);
  decimal(hops, c.hops);
  decimal(deliveries, c.deliveries);
  if (c.deliveries > DELIVERIES && !o->any_deliveries)
    die(100, "fatal: the list makes ", deliveries,
        " deliveries, more than 100000: use -d, or -F if it must be");
  if (isatty(2))
    carp(hosts, c.hosts == 1 ? " host, " : " hosts, ", hops,
         c.hops == 1 ? " hop, " : " hops, ", deliveries,
         c.deliveries == 1 ? " delivery" : " deliveries");
}

int main(int argc, char **argv) {
  static struct listtext t;
  static char out[MAGIC_LEN + LIST_MAX];
  struct options o;
  size_t len;

  errmsg_iam("genrep");
  if (fds_check() == -1)
    die(111, "fatal: descriptor 0, 1 or 2 is closed");
  signal(SIGPIPE, SIG_IGN);
  o = scan_options(argc, argv);
  read_text(&t);
  memcpy(out, LIST_MAGIC, MAGIC_LEN);
  len = lay_out(&o, &t, out + MAGIC_LEN);
  count(&o, &t, out + MAGIC_LEN, len);
  if (file_write(1, out, MAGIC_LEN + len) == -1)
    diesys(111, "fatal: unable to write standard output");
  return 0;
}
