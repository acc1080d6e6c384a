/* dfretry works off the duties of the store in the current directory that no
 * relay holds: a target at a time is sent all that it lacks, in one stream, by
 * dfrelay; a target that fails waits longer and longer. */

#include "clock.h"
#include "duties.h"
#include "event.h"
#include "fds.h"
#include "file.h"
#include "number.h"
#include "pending.h"
#include "publishing.h"
#include "retrying.h"
#include "rules.h"
#include "store.h"
#include "trigger.h"
#include "trying.h"

#include <errmsg.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define USAGE                                                                  \
  "usage: dfretry [-1] [-l] [-d target] [-x targets.cdb] [-t seconds] "        \
  "[-T seconds] [-n targets] [-g seconds] [-r rate]"
#define LOOK_MS 60000 /* the commits are looked through at least so often */
#define SOON_MS 1000  /* and at most so often */

static struct {
  int once, list;
  const char *drop, *rules_name;
  struct relay limits;
  uint64_t keep;
  uint16_t port;
  struct retrying *target;
  size_t n;
  unsigned int running;
  int left; /* -1: something could not be delivered */
} retry = {.limits = {RELAY_LIMITS}, .keep = 604800};

static void event(const char *what, const char *target, const char *md5,
                  uint64_t bytes, const char *reason) {
  char line[EVENT_MAX];
  size_t len = event_line(line, "dfretry", what, target, md5, bytes, 0, reason);
  file_write(2, line, len);
}

static struct retrying *find(const struct commit_target *to) {
  struct retrying *t;
  for (size_t i = 0; i < retry.n; ++i)
    if (strlen(retry.target[i].target) == to->text_len &&
        !memcmp(retry.target[i].target, to->text, to->text_len))
      return retry.target + i;
  t = realloc(retry.target, (retry.n + 1) * sizeof *t);
  if (!t)
    return 0;
  retry.target = t;
  t += retry.n;
  memset(t, 0, sizeof *t);
  t->target = strndup(to->text, to->text_len);
  if (!t->target)
    return 0;
  ++retry.n;
  if (!retry.once)
    retrying_resume(t);
  return t;
}

/* What a duty that is too old asks for: given up, but not in silence. */
static int give_up(const struct duty_at *d, const char *target) {
  char md5[MD5_HEX + 1];
  snprintf(md5, sizeof md5, "%.32s", d->what->md5);
  if (commit_note(d->commit, d->target, d->chunk, DUTY_GIVEN_UP) < 0)
    return -1;
  event("given-up", target, md5, d->what->length, "older than -g");
  return 0;
}

static int look_at(void *context, const struct duty_at *d) {
  struct retrying *t = find(d->to);
  int64_t stored;
  (void)context;
  if (!t)
    return -1;
  if (d->state == DUTY_GIVEN_UP)
    return 0;
  label_scan(d->commit->stored, LABEL_LEN, &stored);
  if ((int64_t)time(0) - stored >= (int64_t)retry.keep && duties_free(d))
    return give_up(d, t->target);
  t->seen = 1;
  return 0;
}

static void forget(size_t i) {
  free(retry.target[i].target);
  free(retry.target[i].refused);
  retry.target[i] = retry.target[--retry.n];
}

static void look(void) {
  for (size_t i = 0; i < retry.n; ++i)
    retry.target[i].seen = 0;
  if (duties_each(0, look_at, 0) < 0)
    diesys(111, "fatal: unable to look through the commits");
  for (size_t i = 0; i < retry.n;)
    if (!retry.target[i].seen && !retry.target[i].pid)
      forget(i);
    else
      ++i;
}

static void send(struct retrying *t) {
  pid_t pid = retrying_send(t, &retry.limits);
  if (pid > 0) {
    ++retry.running;
    t->busy = 0;
    return;
  }
  if (!pid && !t->busy)
    t->busy = clock_ms();
  if (!pid && clock_ms() - t->busy < retry.limits.timeout * 1000) {
    retrying_wait(t, SOON_MS);
    return;
  }
  event("failed", t->target, 0, 0, pid ? strerror(errno) : "too many relays");
  retry.left = -1;
  t->busy = 0;
  retrying_ended(t, 111);
}

static void send_all(struct retrying *t) {
  int todo = retrying_begin(t);
  if (todo < 0)
    diesys(111, "fatal: unable to collect the duties of ", t->target);
  if (todo)
    send(t);
  else
    t->next = clock_ms() + SOON_MS * 15; /* others hold them, or they wait */
}

/* Before anything is sent, what has arrived is noted. */
static void begin(struct retrying *t) {
  const char *why =
      rules_refuse_target(retry.rules_name, t->target, retry.port);
  pid_t pid;
  if (why) {
    event("target-refused", t->target, 0, 0, why);
    trying_failed(t->target, why);
    t->next = clock_ms() + retrying_backoff(++t->tries);
    retry.left = -1;
    return;
  }
  pid = retrying_look(t, &retry.limits);
  if (pid > 0) {
    ++retry.running;
    return;
  }
  if (pid < 0)
    carpsys("warning: unable to look for receipts of ", t->target);
  send_all(t);
}

static void ended(pid_t pid, int status) {
  int code = WIFEXITED(status) ? WEXITSTATUS(status) : 111;
  for (size_t i = 0; i < retry.n; ++i) {
    struct retrying *t = retry.target + i;
    if (t->pid != pid)
      continue;
    --retry.running;
    if (t->looking) {
      retrying_looked(t);
      send_all(t);
      return;
    }
    if (code)
      retry.left = -1;
    if (retrying_ended(t, code))
      send(t);
    return;
  }
}

/* When there is something to do again, in ms. */
static int wait_ms(void) {
  uint64_t now = clock_ms(), ms = LOOK_MS;
  for (size_t i = 0; i < retry.n; ++i) {
    const struct retrying *t = retry.target + i;
    uint64_t in = t->next > now ? t->next - now : SOON_MS;
    if (!t->pid && in < ms)
      ms = in;
  }
  return (int)ms;
}

static int signals(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  sigaddset(&set, SIGHUP);
  sigprocmask(SIG_BLOCK, &set, 0);
  return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

static void take_signals(int fd) {
  struct signalfd_siginfo s;
  int status;
  pid_t pid;
  while (read(fd, &s, sizeof s) == sizeof s)
    for (size_t i = 0; s.ssi_signo == SIGHUP && i < retry.n; ++i) {
      retry.target[i].next = 0;
      retry.target[i].n_refused = 0;
    }
  while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
    ended(pid, status);
}

/* -1: every target until it fails, whatever its back-off. */
static int is_due(const struct retrying *t) {
  if (t->pid || !t->seen)
    return 0;
  return retry.once ? !t->tries : t->next <= clock_ms();
}

/* Something has failed, or what was held is free: none that is well waits. */
static void told(void) {
  for (size_t i = 0; i < retry.n; ++i)
    if (!retry.target[i].tries)
      retry.target[i].next = 0;
}

static int any_busy(void) {
  for (size_t i = 0; i < retry.n; ++i)
    if (retry.target[i].busy)
      return 1;
  return 0;
}

static void run(void) {
  int trigger = trigger_open(), sig = signals();
  struct pollfd p[2] = {{.fd = sig, .events = POLLIN},
                        {.fd = trigger, .events = POLLIN}};
  if (trigger < 0 || sig < 0)
    diesys(111, "fatal: unable to open .df/trigger");
  for (;;) {
    look();
    for (size_t i = 0; i < retry.n && retry.running < retry.limits.relays; ++i)
      if (is_due(retry.target + i))
        begin(retry.target + i);
    if (retry.once && !retry.running && !any_busy())
      return;
    if (!retry.once && publishing_catch_up() < 0)
      carpsys("warning: unable to run dfpublish");
    if (!retry.once && !retry.running)
      clock_wait(SOON_MS);
    poll(p, 2, wait_ms());
    if (trigger_clear(trigger))
      told();
    take_signals(sig);
  }
}

static int drop_one(void *context, const struct duty_at *d) {
  uint64_t *dropped = context;
  if (!duties_free(d))
    return 0;
  if (commit_note(d->commit, d->target, d->chunk, DUTY_DONE) < 0)
    return -1;
  ++*dropped;
  return 0;
}

static void publish(void) {
  if (publishing_run() < 0)
    carpsys("warning: unable to run dfpublish");
}

static void drop(void) {
  uint64_t dropped = 0;
  char n[24];
  if (duties_each(retry.drop, drop_one, &dropped) < 0)
    diesys(111, "fatal: unable to give up the duties of ", retry.drop);
  snprintf(n, sizeof n, "%llu chunks", (unsigned long long)dropped);
  trying_reached(retry.drop);
  event("dropped", retry.drop, 0, 0, n);
}

static void list(void) {
  static struct pending p;
  if (pending_load(&p) < 0)
    diesys(111, "fatal: unable to look through the commits");
  for (size_t i = 0; i < p.n; ++i) {
    char error[PRINTABLE_MAX], oldest[21];
    uint64_t tries;
    int64_t seconds;
    trying_read(p.target[i].text, &tries, error);
    label_scan(p.target[i].oldest, LABEL_LEN, &seconds);
    label_iso(oldest, seconds);
    printf("%s %llu %llu %s %llu %s\n", p.target[i].text,
           (unsigned long long)p.target[i].chunks,
           (unsigned long long)p.target[i].bytes, oldest,
           (unsigned long long)tries,
           p.target[i].given_up ? "given up"
           : *error             ? error
                                : "-");
  }
  if (fflush(stdout) || ferror(stdout))
    diesys(111, "fatal: unable to write output");
}

static void options(int argc, char **argv) {
  const char *port = getenv("DFPORT");
  uint64_t u;
  int opt, good = 1;
  retry.rules_name = getenv("DFTARGETS");
  if (port && number_arg(port, 1, 65535, &u))
    retry.port = (uint16_t)u;
  opterr = 0;
  while (good && (opt = getopt(argc, argv, "1ld:x:t:T:n:g:r:")) != -1)
    switch (opt) {
    case '1':
      retry.once = 1;
      break;
    case 'l':
      retry.list = 1;
      break;
    case 'd':
      retry.drop = optarg;
      break;
    case 'x':
      retry.rules_name = optarg;
      break;
    case 'g':
      good = number_arg(optarg, 0, 1000000000, &retry.keep);
      break;
    default:
      good = relay_option(&retry.limits, opt, optarg);
    }
  if (!good || argv[optind] || retry.once + retry.list + !!retry.drop > 1)
    die(100, USAGE);
}

int main(int argc, char **argv) {
  const char *why;
  if (fds_check() < 0)
    _exit(111);
  errmsg_iam("dfretry");
  options(argc, argv);
  fds_close_from(3);
  signal(SIGPIPE, SIG_IGN);
  if (retry.rules_name && setenv("DFTARGETS", retry.rules_name, 1) < 0)
    diesys(111, "fatal: unable to set the environment");
  srandom((unsigned)time(0) ^ (unsigned)getpid());
  why = store_open();
  if (why && errno)
    diesys(111, "fatal: ", why);
  if (why)
    die(100, "fatal: ", why);
  if (retry.list) {
    list();
    return 0;
  }
  if (retry.drop)
    drop();
  else {
    publish(); /* it puts right what a crash has left */
    run();
  }
  publish();
  return retry.left ? 111 : 0;
}
