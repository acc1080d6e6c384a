# How a chunk goes through: cut-through, pace, resets, twins.
# waits
. "$T/hosts.sh"
trap hosts_end EXIT

host 1 -t 3
host 2
host 3
REPLICATE_FN=$PWD/list.dat
export REPLICATE_FN

# spooled N BYTES: host N has so many bytes of a chunk in its spool.
spooled() {
  find "h$1/.df/stream" -type f -name '[0-9]' -size "+$(($2 - 1))c" |
    grep -q .
}

echo "--- cut-through: the last of three has bytes before the client's end"
printf '%s\nTARGET\n%s\n' "$(at 2)" "$(at 3)" | genrep >list.dat
mkfifo client
push 1 <client &
pid=$!
exec 9>client
head -c 1000 /dev/urandom >part
cat part >&9
until_true spooled 3 1000 && echo "host 3 has the bytes in its spool"
find h1/md5 h2/md5 h3/md5 -type f
cat part >&9
exec 9>&-
wait "$pid"
echo $?
cat part part >whole
until_true has 3 "$(md5 whole)" && echo "host 3 has the chunk"
until_true idle 1 2 3 && echo "nothing is left to do"

echo "--- a chunk that is whole goes before one that is still coming"
printf '%s\n' "$(at 2)" | genrep >list.dat
echo small >small
push 1 small client &
pid=$!
exec 9>client
cat part >&9
until_true spooled 2 1000 && echo "host 2 has bytes of the second"
until_true test -e "h2/md5/$(md5 small | cut -c 1-2)/$(md5 small)" &&
  echo "host 2 has the first"
cat part >&9
exec 9>&-
wait "$pid"
echo $?
until_true idle 1 2 && echo "nothing is left to do"
grep -c "failed .*bad order" h1.log
printf '%s\nTARGET\n%s\n' "$(at 2)" "$(at 3)" | genrep >list.dat

echo "--- pace: a target that does not read delays nobody"
head -c 30000000 /dev/urandom >big
# A server that stops as soon as it is connected to.
tcpserver -1RHl0 127.0.0.9 0 sh -c 'kill -STOP $$' >h9.port 2>/dev/null &
stopped=$!
until_true test -s h9.port
rules
printf '%s\n%s\n' "$(at 9)" "$(at 3)" | genrep >list.dat
push 1 -w 20 <big
echo $?
until_true has 3 "$(md5 big)" && echo "the sibling has it"
grep -c "dfrelay: failed" h1.log
until_true grep -q "dfrelay: failed .*$(at 9) .*time-out" h1.log &&
  echo "then the relay fails"
pkill -KILL -P "$stopped"
kill "$stopped"
rm h9.port

echo "--- reset: dfserve is killed before the commit"
printf '%s\n' "$(at 2)" | genrep >list.dat
: >killed
for bytes in 0 1 100000; do
  push 1 -q <client 2>/dev/null &
  pid=$!
  exec 9>client
  head -c "$bytes" /dev/urandom >&9
  until_true pgrep -f -P "$(eval echo "\$server1")" dfserve >/dev/null
  [ "$bytes" = 0 ] || until_true spooled 1 "$bytes"
  # shellcheck disable=SC2154
  pkill -KILL -P "$server1"
  exec 9>&-
  wait "$pid"
  echo "after $bytes bytes: $?"
done
until_true grep -q "failed .* the orders end without end" h1.log &&
  echo "its relay ends without the end mark"
find h1/md5 h2/md5 -newer killed -type f

echo "--- a rule denies, a program is missing"
for program in dfserve /nonexistent; do
  tcpserver -1RHl0 -x deny.cdb 127.0.0.8 0 $program >h8.port 2>/dev/null &
  pid=$!
  until_true test -s h8.port
  if [ "$program" = dfserve ]; then
    echo :deny | tcprules deny.cdb deny.tmp
  else
    echo :allow | tcprules deny.cdb deny.tmp
  fi
  for i in 1 2 3 4 5; do
    push 8 -q </dev/null 2>/dev/null
    printf '%s ' $?
    push 8 -q <big 2>/dev/null
    printf '%s ' $?
  done
  echo
  kill "$pid"
  rm h8.port
done
