# Sourced: records runs for replay.py. A case is a directory:
#
#   before/   the store as it was
#   trace     what was done to it, by strace
#   path      of the store that the trace is about
#   chunks    "MD5 LENGTH ADDRESS:PORT..." of each chunk that is pushed
#   acked     the same of those that were acknowledged before
#   hosts     "ADDRESS:PORT DIR": stores of the targets
#   delivered the targets that had taken all there was before
#   end       the store as it was then
. "$T/hosts.sh"
wrap= # for host()
: "$wrap"

calls=openat,open,creat,write,writev,pwrite64,pwritev,ftruncate,truncate
calls=$calls,fallocate,fsync,fdatasync,syncfs,sync,rename,renameat,renameat2
calls=$calls,link,linkat,unlink,unlinkat,mkdir,mkdirat,rmdir,symlink,symlinkat
calls=$calls,mknod,mknodat,chmod,fchmod,fchmodat,mmap,chdir,fchdir,shutdown
calls=$calls,execve,exit_group,copy_file_range,sendfile,splice
traced="strace -f -qq -y -xx -s 1000000 -e signal=none -e trace=$calls"

# begin CASE: what is done in h1 from now on, under $(tracer CASE), is the case.
begin() {
  rm -rf "$1"
  mkdir -p "$1" h1
  cp -a h1 "$1/before"
  (cd h1 && pwd -P) >"$1/path"
  : >"$1/chunks"
  : >"$1/acked"
  : >"$1/hosts"
  : >"$1/delivered"
  for i in 2 3; do
    [ ! -f "h$i.port" ] || echo "$(at $i) $PWD/h$i" >>"$1/hosts"
  done
}
tracer() {
  echo "flock -o $PWD/$1/lock $traced -o $PWD/$1/trace"
}
# finish CASE: all that is traced has come to its end.
finish() {
  until_true test -s "$1/trace"
  timeout 60 flock "$1/lock" true
  rm -rf "$1/end"
  cp -a h1 "$1/end"
}
chunk_line() { # FILE TARGET...
  printf '%s %s' "$(md5 "$1")" "$(wc -c <"$1")"
  shift
  [ $# -eq 0 ] || printf ' %s' "$@"
  echo
}

# A new store, two chunks, two targets that take them.
record_deliver() {
  begin deliver
  chunk_line small "$(at 2)" "$(at 3)" >>deliver/chunks
  chunk_line large "$(at 2)" "$(at 3)" >>deliver/chunks
  wrap=$(tracer deliver)
  host 1
  wrap=
  printf '%s\n%s\n' "$(at 2)" "$(at 3)" | genrep >list.dat
  push 1 -K small large || echo "deliver: pushdf failed"
  until_true idle 1 2 3
  stop 1
  finish deliver
}

# One of the chunks again with a new key, and a rotten copy of the other.
record_again() {
  begin again
  m=$(md5 large)
  file=h1/md5/$(echo "$m" | cut -c 1-2)/$m
  chmod 644 "$file"
  printf rotten | dd of="$file" conv=notrunc status=none
  chmod 444 "$file"
  rm -rf again/before
  cp -a h1 again/before
  chunk_line small >>again/acked
  chunk_line small >>again/chunks
  chunk_line large >>again/chunks
  wrap=$(tracer again)
  host 1
  wrap=
  printf DFR1 >list.dat
  cp small moved
  push 1 -K moved large || echo "again: pushdf failed"
  stop 1
  finish again
}

# Target 2 is dead: its branch, target 3, is taken over by dfrelay.
record_takeover() {
  begin takeover
  chunk_line third "$(at 2)" >>takeover/chunks
  chunk_line fourth "$(at 2)" >>takeover/chunks
  wrap=$(tracer takeover)
  host 1
  wrap=
  stop 2
  printf '%s\nTARGET\n%s\n' "$(at 2)" "$(at 3)" | genrep >list.dat
  push 1 -K third fourth || echo "takeover: pushdf failed"
  until_true idle 3
  stop 1
  finish takeover
}

# It comes back: dfretry.
record_retry() {
  again 2
  begin retry
  cp takeover/chunks retry/acked
  at 3 >retry/delivered
  run=$(tracer retry)
  # shellcheck disable=SC2086
  (cd h1 && timeout 60 $run dfretry -1 -x ../targets.cdb \
    2>>../h1.log) || echo "retry: dfretry failed"
  until_true idle 1 2 3
  finish retry
}

# More files than are synced one by one.
record_many() {
  begin many
  mkdir -p chunks
  for i in $(seq 40); do
    echo "chunk $i" >"chunks/$i"
    chunk_line "chunks/$i" >>many/chunks
  done
  wrap=$(tracer many)
  host 1
  wrap=
  printf DFR1 >list.dat
  push 1 -K chunks/* || echo "many: pushdf failed"
  stop 1
  finish many
}

# All that is public is made anew; a key that leads to nothing goes.
record_anew() {
  ln -s ../md5/00/00000000000000000000000000000000 h1/key/none
  cp h1/head/key/small h1/head/key/none
  begin anew
  run=$(tracer anew)
  # shellcheck disable=SC2086
  (cd h1 && timeout 60 $run dfpublish -r 2>>../h1.log) ||
    echo "anew: dfpublish failed"
  finish anew
}

# The life of a chunk is over: all of it goes, and the others stay.
record_expire() {
  printf '%s\n' "old begin chunk:over stamp:@400000006a00000000000000 '+Key: over'" \
    "'+Cache-Time: 1' end" | tr '\n' ' ' | python3 -B "$T/stream.py"
  (cd h1 && dfserve <../old 2>/dev/null) || echo "expire: dfserve failed"
  begin expire
  chunk_line small >>expire/acked
  chunk_line large >>expire/acked
  cp expire/acked expire/chunks
  run=$(tracer expire)
  # shellcheck disable=SC2086
  (cd h1 && timeout 60 $run dfexpire -1 -w 0 2>>../h1.log) ||
    echo "expire: dfexpire failed"
  finish expire
}

# What is corrupt, and has no other host, is set aside.
record_verify() {
  echo "bad begin chunk:bad '+Key: bad' end" | python3 -B "$T/stream.py"
  (cd h1 && dfserve <../bad 2>/dev/null) || echo "verify: dfserve failed"
  m=$(printf bad | md5)
  file=h1/md5/$(echo "$m" | cut -c 1-2)/$m
  chmod 644 "$file"
  printf BAD >"$file"
  begin verify
  run=$(tracer verify)
  # shellcheck disable=SC2086
  (cd h1 && timeout 60 $run dfverify -1 2>>../h1.log)
  [ $? = 111 ] || echo "verify: dfverify found nothing"
  finish verify
}
