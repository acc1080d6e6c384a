# What a broken-into parser could do: no new rights, writes only below the store,
# programs only those of PATH, and the client. Seen from the inside: by the
# owner's client, and by code that runs within dfserve, dfpublish, dfexpire and
# dfverify.
# once
. "$T/hosts.sh"
trap hosts_end EXIT

say() {
  echo "--- $1"
}

norm() {
  sed -e '/^dfserve: no-reset /d' \
    -e 's/^\(df[a-z]*: [a-z-]*\) [0-9]* \([^ ]* [^ ]* [0-9]*\) [0-9]*/\1 \2/'
}

# Tries what must not be, and what must; the directory is the store.
mkdir elsewhere
cat >elsewhere/client <<'E'
#!/bin/sh
try() {
  what=$1
  shift
  if "$@" 2>/dev/null; then echo "$what: done"; else echo "$what: failed"; fi
}
put() {
  (echo >>"$1")
}
{
  grep NoNewPrivs /proc/self/status
  try 'a file beside the store' put ../beside
  try 'a file of another store' put ../h2/foreign
  try 'a file in /tmp' put "/tmp/dataflow-threats.$$"
  rm -f "/tmp/dataflow-threats.$$"
  try 'what is beside the store' mv ../victim ../gone
  try 'rules' put ../rules
  try 'a file in the store' put mine
  try '/dev/null' put /dev/null
  try 'a program of PATH' sh -c :
  cp /bin/true mine-too
  chmod 755 mine-too
  try 'a program in the store' ./mine-too
  try 'a program elsewhere' "${0%/*}/other"
  try 'a signal to the server' kill -0 "$(cat ../server)"
} >seen
exec tcpclient "$@"
E
cp /bin/true elsewhere/other
: >victim
: >rules
chmod 755 elsewhere/client
DFCLIENT="$PWD/elsewhere/client -RHl0"
export DFCLIENT

host 1
host 2
# shellcheck disable=SC2154
echo "$server1" >server
REPLICATE_FN=$PWD/list.dat
export REPLICATE_FN
at 2 | genrep >list.dat

say 'the client, started by dfrelay, started by dfserve'
echo hello >hello
push 1 <hello
echo $?
until_true has 2 "$(md5 hello)" && echo 'host 2 has it'
until_true idle 1
cat h1/seen
ls elsewhere
find . -name beside -o -name foreign -o -name gone -o -name rules -size +0

say 'the same under dfretry: it takes no bytes from strangers, and is free'
stop 2
echo more >more
push 1 <more
echo $?
until_true jq -e '.pending[0].tries == 1' h1/status.json >/dev/null
again 2
(cd h1 && DFTARGETS=../targets.cdb dfretry -1) >/dev/null 2>&1
until_true has 2 "$(md5 more)" && echo 'host 2 has it'
grep 'a file beside the store' h1/seen
rm -f beside

# Code inside: what umask() does, which all call when they have begun.
cat >inside.c <<'E'
#include <fcntl.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *opens(const char *name) {
  int fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (fd >= 0)
    close(fd);
  return fd < 0 ? "failed" : "done";
}

mode_t umask(mode_t mode) {
  dprintf(2, "no new rights: %d\n", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
  dprintf(2, "a file beside the store: %s\n", opens("../beside"));
  dprintf(2, "a file in the store: %s\n", opens("mine"));
  if (access("run", F_OK) == 0) {
    dup2(2, 1);
    execl("/bin/echo", "echo", "a program of PATH: done", (char *)0);
    dprintf(2, "a program of PATH: failed\n");
  }
  return mode;
}
E
cc -shared -fPIC -o inside.so inside.c
mkdir store
inside() {
  say "inside $1"
  (cd store && LD_PRELOAD=../inside.so "$@" </dev/null 2>&1) |
    grep -v '^df[a-z]*: '
}
for _ in opens runs; do
  inside dfserve
  inside dfpublish
  inside dfexpire -1
  inside dfverify -1
  : >store/run
done
rm store/run
ls beside 2>/dev/null

say 'a kernel without landlock: said once, and all goes on'
python3 "$T/stream.py" <<'E'
stream begin chunk:hello '+Key: k' end
E
for e in ENOSYS EOPNOTSUPP; do
  (cd store && strace -f -qq -o ../trace -e trace=landlock_create_ruleset \
    -e inject=landlock_create_ruleset:error=$e dfserve <../stream
  echo $?) 2>&1 | norm
done
jq -c '.chunks[].keys' store/index.json
for program in dfpublish 'dfpublish -c' 'dfexpire -1' 'dfverify -1'; do
  # shellcheck disable=SC2086
  (cd store && strace -qq -o ../trace -e trace=landlock_create_ruleset \
    -e inject=landlock_create_ruleset:error=ENOSYS $program
  echo $?) 2>&1 | norm
done
say 'one where it fails: nothing is begun'
mkdir none
cd none || exit
for program in dfserve dfpublish 'dfexpire -1' 'dfverify -1'; do
  # shellcheck disable=SC2086
  { strace -f -qq -o ../trace -e trace=landlock_restrict_self \
    -e inject=landlock_restrict_self:error=ENOMEM $program <../stream
  echo $?; } 2>&1 | norm
done
ls -A
