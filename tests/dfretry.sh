# dfretry: duties that no relay holds are worked off.
# waits
. "$T/hosts.sh"
trap hosts_end EXIT

for h in 1 2 3; do
  host "$h"
done
REPLICATE_FN=$PWD/list.dat
export REPLICATE_FN
DFTARGETS=../targets.cdb
export DFTARGETS

# no_stream N: no relay runs there.
no_stream() {
  [ -z "$(find "h$1/.df/stream" -mindepth 1)" ]
}

# pass N: one pass of dfretry there; its log without what changes.
pass() {
  (cd "h$1" && dfretry -1 2>>"../h$1.retry" && echo "all done" || echo "exit $?")
}

echo "--- nothing to do"
pass 1
(cd h1 && dfretry -l)

echo "--- a target that was down"
printf '%s\n%s\n' "$(at 2)" "$(at 3)" | genrep >list.dat
stop 2
for i in 1 2 3; do
  echo "chunk $i" | push 1 -k "chunk/$i"
done
until_true jq -e '.pending | length == 1 and .[0].chunks == 3 and
  .[0].tries >= 1' h1/status.json >/dev/null
pass 1
(cd h1 && dfretry -l) | cut -d ' ' -f 2,3
again 2
pass 1
for i in 1 2 3; do
  until_true test -e "h2/key/chunk=2F$i"
  cat "h2/key/chunk=2F$i"
done
find h1/.df/commit h1/.df/stream h1/.df/try -mindepth 1
jq -c .pending h1/status.json
echo "streams to host 2: $(grep -c "delivered .*$(at 2)" h1.retry)"

echo "--- what it sends has the rest of the list"
printf '%s\nTARGET\n%s\n' "$(at 2)" "$(at 3)" | genrep >list.dat
stop 2
echo further | push 1 -k further
until_true grep -q "failed .*$(at 2)" h1.log
until_true no_stream 1
again 2
pass 1
until_true has 3 "$(echo further | md5)" && echo "host 3 has it"
until_true idle 1 2 3 && echo "nothing is left to do"

# small N OPTION...: host N again on its port, with these options.
small() {
  stop "$1"
  n=$1
  shift
  (cd "h$n" && exec tcpserver -RHl0 -x ../clients.cdb "127.0.0.$n" \
    "$(cat "../h$n.port")" dfserve -x ../targets.cdb "$@" 2>>"../h$n.log") &
  eval "server$n=$!"
  servers="$servers $!"
}
echo "--- 100 chunks, one of which the target does not take: its branch does"
printf '%s\nTARGET\n%s\n' "$(at 2)" "$(at 3)" | genrep >list.dat
mkdir many
for i in $(seq 100); do
  echo "many $i" >"many/$i"
done
head -c 5000 /dev/zero >many/50
small 2 -m 4k
(cd many && tcpclient -RHl0 127.0.0.1 "$(cat ../h1.port)" pushdf -K *)
until_true grep -q "failed .*$(at 2)" h1.log
until_true no_stream 1
pass 1
# keys N PATTERN COUNT: so many have come.
keys() {
  [ "$(find "h$1/key" -name "$2" | wc -l)" = "$3" ]
}
until_true keys 3 '[0-9]*' 100
until_true no_stream 1
(cd h1 && dfretry -l) | cut -d ' ' -f 2,3
for h in 2 3; do
  find "h$h/key" -name '[0-9]*' | wc -l
done

echo "--- ten chunks for a target that resets every connection"
mkdir ten
for i in 0 1 2 3 4 5 6 7 8 9; do
  echo "ten $i" >"ten/ten$i"
done
small 2 -m 1
: >h1.retry
(cd ten && tcpclient -RHl0 127.0.0.1 "$(cat ../h1.port)" pushdf -K *)
until_true sh -c "grep 'failed .*$(at 2)' h1.log | grep -qv ' many'"
until_true no_stream 1
pass 1
until_true keys 3 'ten?' 10
until_true no_stream 1
(cd h1 && dfretry -l) | cut -d ' ' -f 2,3
find h3/key -name 'ten?' | wc -l
[ "$(grep -c "failed .*$(at 2)" h1.retry)" -lt 20 ] && echo "few streams in vain"
small 2 -m 4k
pass 1
find h2/key -name 'ten?' | wc -l

echo "--- giving up: -g, then -d"
(cd h1 && dfretry -1 -g 0 2>&1) | sed -n 's/.*\(given-up\).*\( 5000 .*\)/\1\2/p'
jq -c '.pending[] | [.chunks, .bytes, .last_error]' h1/status.json
(cd h1 && dfretry -l) | cut -d ' ' -f 2,3,6-
target=$(at 2)
(cd h1 && dfretry -d "$target" 2>/dev/null)
echo $?
(cd h1 && dfretry -l)
jq -c .pending h1/status.json

echo "--- a target that the rules no longer allow"
stop 2
echo rules | push 1
until_true grep -q "failed .*$(at 2) .*refused" h1.log
until_true no_stream 1
echo :deny | tcprules targets.cdb targets.tmp
pass 1
jq -r '.pending[].last_error' h1/status.json
rules
again 2
pass 1

echo "--- as a service: told by the trigger, at once by SIGHUP"
(cd h1 && exec dfretry 2>>../h1.retry) &
retry=$!
servers="$servers $!"
until_true test -p h1/.df/trigger
stop 2
echo service | push 1
until_true jq -e '.pending[0].tries >= 1' h1/status.json >/dev/null
again 2
until_true sh -c "kill -HUP $retry; cd h2 && test -e md5/$(echo service |
  md5 | cut -c 1-2)/$(echo service | md5)" && echo "host 2 has it"
until_true idle 1 && echo "nothing is left to do"
