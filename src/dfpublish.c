/* dfpublish: the only writer of everything public but md5/. What a run is about
 * to change stands in .df/publishing until all of it is durable, so that the
 * next run can finish what a killed one began. See dfpublish(8). */
#include "changes.h"
#include "commit.h"
#include "expiry.h"
#include "fds.h"
#include "file.h"
#include "heads.h"
#include "keys.h"
#include "leaving.h"
#include "pending.h"
#include "printable.h"
#include "recording.h"
#include "rewriting.h"
#include "sandbox.h"
#include "stage.h"
#include "status.h"
#include "store.h"
#include "sweep.h"
#include "taking.h"
#include "turn.h"

#include <errmsg.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define USAGE "usage: dfpublish [-r] [-c]"
#define DAY 86400
#define NEW_STATUS ".df/publish/status"

struct run {
  int anew; /* everything is made anew */
  int told; /* index.json or status.json says what is in the delta */
  struct changes changes;
  struct stage stage;
  struct leaving leaving;
  struct taking taking;
  struct expiry expiry;
  struct pending pending;
  struct recording recording;
  stralloc commits; /* names, each with its NUL */
  const char *what; /* what failed, for the message */
  char object[STAGE_PATH];
};

static int failed(struct run *r, const char *what, const char *object) {
  r->what = what;
  snprintf(r->object, sizeof r->object, "%s", object);
  return -1;
}

static void warn(const char *a, const char *md5, const char *b, const char *c) {
  carp("warning: ", a, md5, b, c);
}

static int read_commit(void *context, const char *name) {
  struct run *r = context;
  struct commit c;
  int open, published, e, ok = commit_open(&c, name);
  if (ok < 0 && errno == EPROTO) {
    carp("warning: .df/commit/", name, " is not a commit");
    return 0;
  }
  if (ok < 0)
    return failed(r, "read .df/commit/", name);
  if (!ok)
    return 0;
  published = commit_published(&c);
  ok = r->anew || !published ? taking_commit(&r->taking, &c, published) : 0;
  if (ok < 0 && r->taking.what)
    failed(r, r->taking.what, r->taking.md5);
  if (ok == 0) {
    open = pending_add(&r->pending, &c);
    if (open < 0)
      ok = failed(r, "read .df/commit/", name);
    else if ((!published || !open) &&
             !stralloc_catb(&r->commits, name, strlen(name) + 1))
      ok = failed(r, "remember .df/commit/", name);
  }
  e = errno;
  commit_close(&c);
  errno = e;
  return ok;
}

static int settle_commits(struct run *r) {
  for (size_t i = 0; i < r->commits.len; i += strlen(r->commits.s + i) + 1) {
    const char *name = r->commits.s + i;
    struct commit c;
    int ok = commit_open(&c, name);
    if (!ok)
      continue;
    if (ok < 0 || (!commit_published(&c) && commit_mark_published(&c) < 0) ||
        commit_settle(&c) < 0)
      return failed(r, "finish .df/commit/", name);
    commit_close(&c);
  }
  return 0;
}

static int check_key(void *context, const char *name) {
  struct run *r = context;
  char shown[PRINTABLE_MAX];
  int there = keys_check(&r->stage, name);
  if (there < 0)
    return failed(r, "check key/", name);
  if (!there)
    carp("warning: key/", printable(shown, name, strlen(name)),
         " leads to nothing: removed");
  return 0;
}

/* An epoch that begins just leaves it out. */
static int put_gone(struct run *r, const struct leaving_chunk *c) {
  if (recording_is_new(&r->recording) || !leaving_asked(c))
    return 0;
  if (recording_gone(&r->recording, c->md5, c->reason) < 0)
    return failed(r, "write the record of ", c->md5);
  return 0;
}

static int note_expiry(void *context, const char *md5) {
  struct run *r = context;
  char h[HEADER_MAX];
  struct header scan;
  ssize_t len = taking_stored(&r->taking, md5, h, &scan);
  if (len < 0)
    return failed(r, r->taking.what, md5);
  if (len && expiry_note(&r->expiry, &scan) < 0)
    return failed(r, "note the end of ", md5);
  return 0;
}

static int publish_header(void *context, const char *md5) {
  struct run *r = context;
  char h[HEADER_MAX];
  struct header scan;
  const struct leaving_chunk *leaves = leaving_find(&r->leaving, md5);
  int there;
  ssize_t len;
  if (leaves)
    return put_gone(r, leaves);
  len = taking_stored(&r->taking, md5, h, &scan);
  if (len < 0)
    return failed(r, r->taking.what, md5);
  if (!len)
    return 0;
  there = keys_data_there(md5, scan.length);
  if (there < 0)
    return failed(r, "look at the data of ", md5);
  if (!there) {
    carp("warning: header without data is skipped: ", md5);
    return 0;
  }
  if (expiry_note(&r->expiry, &scan) < 0)
    return failed(r, "note the end of ", md5);
  if (recording_put(&r->recording, md5, h, (size_t)len, scan.length) < 0)
    return failed(r, "write the record of ", md5);
  return 0;
}

/* Headers and keys to their places. From here on the run is on record. */
static int apply(struct run *r) {
  changes_sort(&r->changes);
  if ((r->changes.all || r->changes.n) && changes_save(&r->changes) < 0)
    return failed(r, "write ", CHANGES_FILE);
  if (stage_apply(&r->stage) < 0)
    return failed(r, "place headers and keys", "");
  if (leaving_apply(&r->leaving) < 0)
    return failed(r, "change .df/going", "");
  if (!r->anew)
    return 0;
  if (heads_names("key", check_key, r) < 0 ||
      heads_names("head/key", check_key, r) < 0)
    return r->what ? -1 : failed(r, "read the keys", "");
  if (stage_apply(&r->stage) < 0 || file_sync_dir("key") < 0 ||
      file_sync_dir("head/key") < 0)
    return failed(r, "place keys", "");
  return 0;
}

/* Whether all that changes is new here: then nothing is looked up. */
static int all_new(const struct run *r) {
  return !r->changes.n || (!r->taking.found_old && !r->leaving.n);
}

static int write_delta(struct run *r) {
  struct recording *c = &r->recording;
  char md5[MD5_HEX + 1];
  int go_on = r->anew ? 0 : recording_resume(c, !all_new(r)), all;
  if (go_on < 0)
    return failed(r, "open the delta of ", c->index.epoch);
  all = expiry_start(&r->expiry, !go_on);
  if (all < 0 || (all && go_on && heads_each(note_expiry, r) < 0))
    return r->what ? -1 : failed(r, "write ", EXPIRY_DIR);
  if (!go_on && recording_begin(c) < 0)
    return failed(r, "begin a delta", "");
  if (!go_on && heads_each(publish_header, r) < 0)
    return r->what ? -1 : failed(r, "read the headers", "");
  for (size_t i = 0; go_on && i < r->changes.n; ++i) {
    changes_get(&r->changes, i, md5);
    if (publish_header(r, md5) < 0)
      return -1;
  }
  if (expiry_finish(&r->expiry) < 0)
    return failed(r, "write ", EXPIRY_DIR);
  if (recording_finish(c) < 0)
    return failed(r, "write the delta of ", c->delta.epoch);
  return 0;
}

/* What goes is gone from the index before the status tells of its record in
 * the delta; nobody else makes an index meanwhile. */
static int write_status(struct run *r) {
  struct index *in = &r->recording.index;
  char host[256], published[21];
  const char *why;
  int written, lock = -1;
  label_iso(published, time(0));
  status_host(host);
  written = status_write(NEW_STATUS, in, host, published, &r->pending);
  if (written < 0)
    return failed(r, "write ", STATUS_FILE);
  if (leaving_any(&r->leaving)) {
    r->told = 1;
    lock = rewriting_ahead(in, host, &why);
    if (lock < 0)
      return failed(r, why, "");
  }
  if (written && writer_place(NEW_STATUS, STATUS_FILE) < 0)
    return failed(r, "write ", STATUS_FILE);
  r->told = 1;
  if (written && file_sync_dir(".") < 0)
    return failed(r, "write ", STATUS_FILE);
  if (lock >= 0)
    close(lock);
  return 0;
}

static int write_all(struct run *r) {
  if (write_delta(r) < 0 || write_status(r) < 0) {
    if (!r->told)
      recording_abandon(&r->recording);
    return -1;
  }
  delta_close(&r->recording.delta);
  if (delta_clean(r->recording.index.epoch, time(0) - DAY) < 0)
    return failed(r, "remove old deltas", "");
  return 0;
}

static int publish(struct run *r) {
  const char *md5;
  int cut = changes_load(&r->changes);
  if (cut < 0 && errno != EPROTO)
    return failed(r, "read ", CHANGES_FILE);
  if (cut < 0) {
    carp("warning: ", CHANGES_FILE, " is broken: everything is made anew");
    r->changes.all = 1;
  }
  r->changes.all |= r->anew;
  r->anew = r->changes.all;
  r->taking = (struct taking){.stage = &r->stage,
                              .changes = &r->changes,
                              .leaving = &r->leaving,
                              .anew = r->anew,
                              .warn = warn};
  if (status_read(&r->recording.index) < 0)
    return failed(r, "read ", STATUS_FILE);
  if (stage_start(&r->stage) < 0)
    return failed(r, "prepare .df/publish", "");
  r->taking.found_old = cut;
  if (cut && stage_recover(&r->stage) < 0)
    return failed(r, "sync the store", "");
  if (leaving_load(&r->leaving) < 0)
    return failed(r, "read .df/going", "");
  if (heads_sorted(".df/commit", read_commit, r) < 0)
    return r->what ? -1 : failed(r, "read .df/commit", "");
  if (taking_leave(&r->taking) < 0)
    return failed(r, r->taking.what, r->taking.md5);
  if (apply(r) < 0 || write_all(r) < 0)
    return -1;
  if (leaving_finish(&r->leaving, &md5) < 0)
    return failed(r, "take away ", md5);
  if (unlink(CHANGES_FILE) < 0 && errno != ENOENT)
    return failed(r, "remove ", CHANGES_FILE);
  return settle_commits(r);
}

int main(int argc, char **argv) {
  static struct run r;
  const char *why;
  int option, turn, lock, coalesce = 0, confined;
  errmsg_iam("dfpublish");
  if (fds_check() < 0)
    _exit(111);
  fds_close_from(3);
  signal(SIGPIPE, SIG_IGN);
  opterr = 0;
  while ((option = getopt(argc, argv, "rc")) == 'r' || option == 'c')
    *(option == 'r' ? &r.anew : &coalesce) = 1;
  if (option != -1 || optind != argc)
    die(100, USAGE);
  confined = sandbox_enter(0, 0);
  if (confined < 0)
    diesys(111, "fatal: unable to give up rights");
  if (!confined && !coalesce) /* whoever gives -c has said so */
    carp("warning: no landlock in this kernel");
  why = store_open();
  if (why && errno)
    diesys(111, "fatal: ", why);
  if (why)
    die(100, "fatal: ", why);
  turn = turn_take(coalesce, &lock);
  if (turn < 0)
    diesys(111, "fatal: unable to lock .df/lock/publish");
  if (!turn)
    return 0; /* one waits that has not begun to look */
  sweep_store();
  if (publish(&r) < 0)
    diesys(111, "fatal: unable to ", r.what, r.object);
  close(lock);
  if (rewriting_run(!coalesce, &why) < 0)
    diesys(111, "fatal: unable to ", why);
  return 0;
}
