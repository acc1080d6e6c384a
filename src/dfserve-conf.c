/* dfserve-conf makes the service directories of a host, and what they share,
 * in a new directory: never anything in place of what is there. The texts below
 * are what the host's owner reads and changes later. */

#include "fds.h"
#include "newtree.h"
#include "number.h"
#include "template.h"

#include <errmsg.h>

#include <errno.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define USAGE "usage: dfserve-conf acct logacct dir addr port store"
#define TEXT_MAX 8192

static struct {
  const char *acct, *logacct, *dir, *addr, *port, *store;
  struct owner {
    uid_t uid;
    gid_t gid;
  } user, logger;
  int has_store;
} conf;

#define WHERE                                                                  \
  "exec 2>&1\n"                                                                \
  "cd %d/root || exit 111\n"
#define LIMITS "softlimit -d256000000"
#define LOOP                                                                   \
  WHERE "exec envdir %d/env setuidgid %a " LIMITS " \\\n"                      \
        "  %n\n"

static const char dfserve_run[] =
    "#!/bin/sh\n"
    "# Takes streams, for the clients that ../rules/clients lets in. The "
    "store\n"
    "# is ../root; dfserve(8) has the options, ../env the environment.\n" WHERE
    "exec envdir %d/env envuidgid %a " LIMITS " \\\n"
    "  tcpserver -vURHl0 -c 100 -x %d/rules/clients.cdb %i %p \\\n"
    "  dfserve\n";

static const char dfretry_run[] =
    "#!/bin/sh\n"
    "# Sends what could not be delivered at once: dfretry(8).\n" LOOP;

static const char dfexpire_run[] =
    "#!/bin/sh\n"
    "# Takes away what has outlived its Cache-Time: dfexpire(8).\n" LOOP;

static const char dfverify_run[] = "#!/bin/sh\n"
                                   "# Reads the store over and over; puts "
                                   "right what has rotted: dfverify(8).\n"
                                   "# Its -r says how fast it reads.\n" LOOP;

static const char log_run[] =
    "#!/bin/sh\n"
    "# All in main; what asks for somebody, see dataflow(7), in main/trouble "
    "as "
    "well.\n"
    "exec setuidgid %l multilog t s1000000 n20 ./main \\\n"
    "  '-*' '+* *: refused *' '+* *: reset *' '+* *: failed *' \\\n"
    "  '+* *: target-refused *' '+* *: given-up *' \\\n"
    "  '+* dfverify: corrupt *' '+* dfverify: missing *' \\\n"
    "  '+* *: warning: *' '+* *: fatal: *' s100000 n10 ./main/trouble\n";

static const char clients[] =
    "# Who may connect to dfserve. Run make here after a change.\n"
    "# A line for each address, or beginning of one, as in tcprules(1):\n"
    "#   10.0.0.7:allow\n"
    "#   10.0.1.:allow\n"
    "#   2001:db8::7:allow\n"
    "# The last line, for all others, must stay.\n"
    ":deny\n";

static const char targets[] =
    "# Where this host may send to. Run make here after a change.\n"
    "# The port must be the one in ../env/DFPORT, unless DFPORTS lists others; "
    "a\n"
    "# target that a list gives by name needs a rule for that name: "
    "dfserve(8).\n"
    "#   10.0.0.:allow\n"
    "#   10.0.1.9:allow,DFPORTS=\"17478,4000\"\n"
    "#   2001:db8::7:allow\n"
    "#   =backup.example.org:allow\n"
    "# The last line, for all others, should stay.\n"
    ":deny\n";

static const char makefile[] = "# Each change takes effect with the next "
                               "connection; no restart is needed.\n"
                               "it: clients.cdb targets.cdb\n"
                               "\n"
                               "clients.cdb: clients\n"
                               "\ttcprules clients.cdb clients.tmp < clients\n"
                               "\n"
                               "targets.cdb: targets\n"
                               "\ttcprules targets.cdb targets.tmp < targets\n";

static const char readme[] =
    "A host of dataflow(7), made by dfserve-conf(8). The store is\n"
    "%s, served at %i port %p\n"
    "by the user %a; the logs belong to %l.\n"
    "\n"
    "rules/     who may connect, and where this host sends to: edit, run make\n"
    "env/       the environment of all services; a file for each variable, "
    "its\n"
    "           first line the value: envdir(8). Restart them after a change.\n"
    "           DFHOST    this host's name in its index, if not its address\n"
    "           DFURL     where indexes are found; asks for receipts\n"
    "           DFCLIENT  what connects to targets, in place of tcpclient\n"
    "root       the store\n"
    "dfserve/ dfretry/ dfexpire/ dfverify/\n"
    "           services, for svscan, s6-svscan or runsvdir: link each into "
    "the\n"
    "           directory that yours has, such as /etc/service. Logs are in\n"
    "           log/main; what needs somebody is in log/main/trouble, too.\n"
    "\n"
    "By hand, for example: (cd root && envdir ../env setuidgid %a dfretry "
    "-l)\n";

static const struct service {
  const char *name, *run;
} services[] = {{"dfserve", dfserve_run},
                {"dfretry", dfretry_run},
                {"dfexpire", dfexpire_run},
                {"dfverify", dfverify_run}};

static void die_unable(const char *to, const char *name) {
  diesys(111, "fatal: unable to ", to, " ", conf.dir, "/", name);
}

static void make_dir(const char *name) {
  if (newtree_dir(name, 0755, geteuid(), getegid()) < 0)
    die_unable("make", name);
}

/* service: what %n stands for. */
static void make_file(const char *name, const char *text, mode_t mode,
                      const char *service) {
  const struct template_value values[] = {
      {'a', conf.acct}, {'l', conf.logacct}, {'d', conf.dir}, {'i', conf.addr},
      {'p', conf.port}, {'s', conf.store},   {'n', service}};
  char out[TEXT_MAX];
  ssize_t len = template_fill(out, sizeof out, text, values,
                              sizeof values / sizeof *values);
  if (len < 0)
    die(100, "fatal: the arguments are too long");
  if (newtree_file(name, out, (size_t)len, mode) < 0)
    die_unable("make", name);
}

static void make_service(const struct service *s) {
  make_dir(s->name);
  if (chdir(s->name) < 0)
    die_unable("enter", s->name);
  make_file("run", s->run, 0755, s->name);
  make_dir("log");
  make_file("log/run", log_run, 0755, s->name);
  if (newtree_dir("log/main", 0755, conf.logger.uid, conf.logger.gid) < 0)
    die_unable("make", "log/main");
  if (chdir("..") < 0)
    die_unable("leave", s->name);
}

static void make_store(void) {
  if (!conf.has_store &&
      (newtree_parents(conf.store) < 0 ||
       newtree_dir(conf.store, 0755, conf.user.uid, conf.user.gid) < 0))
    diesys(111, "fatal: unable to make ", conf.store);
  if (symlink(conf.store, "root") < 0)
    die_unable("make", "root");
}

static void make_all(void) {
  if (newtree_dir(conf.dir, 0755, geteuid(), getegid()) < 0)
    diesys(111, "fatal: unable to make ", conf.dir);
  if (chdir(conf.dir) < 0)
    diesys(111, "fatal: unable to enter ", conf.dir);
  make_store();
  make_file("README", readme, 0644, "");
  make_dir("env");
  make_file("env/DFPORT", "%p\n", 0644, "");
  make_file("env/DFTARGETS", "%d/rules/targets.cdb\n", 0644, "");
  make_dir("rules");
  make_file("rules/clients", clients, 0644, "");
  make_file("rules/targets", targets, 0644, "");
  make_file("rules/Makefile", makefile, 0644, "");
  for (size_t i = 0; i < sizeof services / sizeof *services; ++i)
    make_service(services + i);
  sync();
}

static struct owner account(const char *name) {
  const struct passwd *p;
  errno = 0;
  p = getpwnam(name);
  if (!p && errno && errno != ENOENT)
    diesys(111, "fatal: unable to look for the account ", name);
  if (!p)
    die(100, "fatal: unknown account ", name);
  return (struct owner){p->pw_uid, p->pw_gid};
}

/* A store that is there is left as it is, if dfserve will take it. */
static void look_at_store(void) {
  struct stat st;
  if (stat(conf.store, &st) < 0) {
    if (errno != ENOENT)
      diesys(111, "fatal: unable to look at ", conf.store);
    return;
  }
  if (!S_ISDIR(st.st_mode))
    die(100, "fatal: ", conf.store, " is no directory");
  if (st.st_uid != conf.user.uid)
    die(100, "fatal: ", conf.store, " does not belong to ", conf.acct);
  if (st.st_mode & (S_IWGRP | S_IWOTH))
    die(100, "fatal: ", conf.store, " may be written by others");
  conf.has_store = 1;
}

static void arguments(int argc, char **argv) {
  uint64_t port;
  if (argc != 7)
    die(100, USAGE);
  for (int i = 1; i < argc; ++i)
    if (!template_plain(argv[i]))
      die(100, USAGE);
  conf.acct = argv[1];
  conf.logacct = argv[2];
  conf.dir = argv[3];
  conf.addr = argv[4];
  conf.port = argv[5];
  conf.store = argv[6];
  if (*conf.dir != '/' || *conf.store != '/' ||
      !number_arg(conf.port, 1, 65535, &port))
    die(100, USAGE);
}

int main(int argc, char **argv) {
  if (fds_check() < 0)
    _exit(111);
  errmsg_iam("dfserve-conf");
  arguments(argc, argv);
  conf.user = account(conf.acct);
  conf.logger = account(conf.logacct);
  look_at_store();
  umask(022);
  make_all();
  return 0;
}
