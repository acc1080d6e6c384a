# A dead hop does not cut its branch off.
# waits
. "$T/hosts.sh"
trap hosts_end EXIT

for h in 1 2 3 4 5; do
  host "$h"
  (cd "h$h" && DFPORT=$(cat "../h$h.port") && export DFPORT &&
    exec dfretry -x ../targets.cdb -t 3 2>>"../h$h.retry") &
  servers="$servers $!"
  retries="${retries:-} $!"
  until_true test -p "h$h/.df/trigger"
done
REPLICATE_FN=$PWD/list.dat
export REPLICATE_FN
# back FILE: all that waits is tried at once; host 2 gets its copy.
back() {
  # shellcheck disable=SC2086
  kill -HUP $retries
  test -e "h2/md5/$(md5 "$1" | cut -c 1-2)/$(md5 "$1")"
}
streams() {
  cat h*.log h*.retry | grep -c "delivered .* $(at "$1") "
}

echo "--- a chain of five, the second is down"
printf '%s\nTARGET\n%s\nTARGET\n%s\nTARGET\n%s\n' "$(at 2)" "$(at 3)" \
  "$(at 4)" "$(at 5)" | genrep >list.dat
stop 2
head -c 300000 /dev/urandom >data
push 1 <data
echo $?
for h in 3 4 5; do
  until_true has "$h" "$(md5 data)" && echo "host $h has it"
done
grep -c "dfrelay: taken-over" h1.log
until_true idle 3 4 5
jq -c '[.pending[] | .chunks]' h1/status.json

echo "--- it comes back: its own copy, and nothing more down its branch"
again 2
until_true back data && echo "host 2 has it"
until_true idle 1 2 3 4 5 && echo "nothing is left to do"
streams 3
streams 2
for h in 3 4 5; do
  jq --arg m "$(md5 data)" '[.chunks[] | select(.md5 == $m)] | length' \
    "h$h/index.json"
done

echo "--- killed in the middle of a transfer: the others have it while it arrives"
mkfifo client
push 1 <client &
pid=$!
exec 9>client
head -c 200000 /dev/urandom >half
cat half >&9
# coming N BYTES: so much of a chunk is in the spool there.
coming() {
  until_true sh -c "find h$1/.df/stream -name '[0-9]' -size +$2c | grep -q ."
}
coming 5 199999
# shellcheck disable=SC2154
children=$(pgrep -P "$server2")
stop 2
# shellcheck disable=SC2086
kill -KILL $children
cat half >&9
for h in 3 4 5; do
  coming "$h" 399999 && echo "host $h has all so far"
done
test -z "$(ls h1/.df/commit)" && echo "nothing is committed"
exec 9>&-
wait "$pid"
echo $?
cat half half >whole
for h in 3 4 5; do
  until_true has "$h" "$(md5 whole)" && echo "host $h has it"
done
until_true idle 3 4 5
grep -c "dfrelay: taken-over .* 1 chunks" h1.log
grep -c "dfrelay: started .* $(at 3) " h1.log
streams 3
again 2
until_true back whole && echo "host 2 has it"
until_true idle 1 2 3 4 5 && echo "nothing is left to do"
streams 3
for h in 2 3 4 5; do
  jq --arg m "$(md5 whole)" '[.chunks[] | select(.md5 == $m)] | length' \
    "h$h/index.json"
done
