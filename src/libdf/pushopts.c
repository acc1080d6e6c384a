#include "pushopts.h"
#include "backup.h"
#include "number.h"

#include <string.h>
#include <unistd.h>

#define NUMBER_MAX UINT64_C(999999999999999999)

static void wrong(struct pushopts *o, const char *why, const char *argument) {
  if (o->why)
    return;
  o->why = why;
  o->argument = argument;
}

static void number(struct pushopts *o, uint64_t min, uint64_t max, uint64_t *u,
                   const char *why) {
  if (!number_arg(optarg, min, max, u))
    wrong(o, why, optarg);
}

static void backup(struct pushopts *o) {
  if (!host_valid(optarg, strlen(optarg)))
    wrong(o, "bad backup host", optarg);
  else if (!backup_add(&o->origin.backups, optarg))
    wrong(o, ORIGIN_LIMITS, 0);
}

/* What goes into the header. 1; 0: it is none of these. */
static int header_option(struct pushopts *o, int option) {
  struct origin *h = &o->origin;

  switch (option) {
  case 'b':
    backup(o);
    return 1;
  case 'c':
    h->has_cache_time = 1;
    number(o, 0, NUMBER_MAX, &h->cache_time, "bad cache time");
    return 1;
  case 't':
    h->has_ttl = 1;
    number(o, 0, NUMBER_MAX, &h->ttl, "bad ttl");
    return 1;
  case 'h':
    h->host = optarg;
    return 1;
  case 'S':
    h->sha256 = 1;
    return 1;
  case 'k':
    o->key = optarg;
    return 1;
  case 'K':
    o->key_is_name = 1;
    return 1;
  default:
    return 0;
  }
}

static int other_option(struct pushopts *o, int option) {
  switch (option) {
  case 'a':
    o->append = 1;
    return 1;
  case 'n':
    o->dry = 1;
    return 1;
  case 'w':
    number(o, 1, 86400, &o->timeout, "bad time-out");
    return 1;
  case 'r':
    if (!number_rate(optarg, &o->rate))
      wrong(o, "bad rate", optarg);
    return 1;
  case 'o':
    o->ticket = optarg;
    return 1;
  case 'q':
    o->quiet = 1;
    return 1;
  case 'v':
    o->verbose = 1;
    return 1;
  case '0':
    o->names_from_stdin = 1;
    return 1;
  default:
    return 0;
  }
}

int pushopts_read(struct pushopts *o, int argc, char **argv) {
  int option;

  memset(o, 0, sizeof *o);
  o->timeout = 30;
  opterr = 0;
  while ((option = getopt(argc, argv, "+ank:Kc:t:b:h:Sw:o:r:qv0")) != -1)
    if ((!header_option(o, option) && !other_option(o, option)) || o->why)
      return 0;
  return 1;
}

const char *pushopts_check(const struct pushopts *o, char *const *names) {
  const int many = o->names_from_stdin || (names[0] && names[1]);

  if (o->names_from_stdin && names[0])
    return "-0 reads the names from standard input: give none";
  if (o->append && (o->key_is_name || o->origin.sha256))
    return "-a takes tickets: -K and -S are for data";
  if (o->key && o->key_is_name)
    return "-k and -K exclude each other";
  if (o->key && many)
    return "-k is for one chunk only: -K takes the names as keys";
  if (o->key_is_name && !o->names_from_stdin && !names[0])
    return "-K takes the names of files as keys: there are none";
  if (o->ticket && many)
    return "-o is for one chunk only";
  return 0;
}
