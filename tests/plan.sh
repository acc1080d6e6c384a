# pushdf -n: what it says is what happens then, over hosts and in what order.
. "$T/hosts.sh"
trap hosts_end EXIT

for h in 1 2 3 4; do
  host "$h"
done
REPLICATE_FN=$PWD/list.dat
export REPLICATE_FN
printf hello >hello

# plan ARGUMENT...: as if under tcpclient to host 1, without descriptors 6 and 7.
plan() {
  TCPREMOTEIP=127.0.0.1 TCPREMOTEPORT=$(cat h1.port) pushdf -n "$@"
}

# by_name: hosts by their numbers, without ports.
by_name() {
  sed 's/127\.0\.0\.\([1-9]\):[0-9]*/host\1/g'
}

# started: the relays that there were, FROM TO.
started() {
  for i in 1 2 3 4; do
    sed -n "s/.*dfrelay: started [0-9]* \([^ ]*\) .*/host$i \1/p" "h$i.log"
  done | by_name | sort
}

# compare LIST CHUNK: a push must come to the hosts that were said.
compare() {
  printf "$1" | genrep >list.dat
  plan "$2" >planned
  by_name <planned
  started >before
  push 1 "$2"
  for i in $(by_name <planned | sed 's/.* host\([1-4]\) [0-9a-f]* .*/\1/' | sort -u); do
    until_true has "$i" "$(md5 "$2")"
  done
  until_true idle 1 2 3 4
  started >after
  by_name <planned | awk '$1 > 1 { print $2, $3 }' | sort >should
  sort before should | cmp - after && echo 'as it was said'
}

echo "--- a set, with a branch, and another set"
compare "$(at 2)\n  $(at 3)\n$(at 1)\nTARGET\n$(at 4)\n$(at 2)\n" hello
echo "--- a chain"
head -c 100000 /dev/zero >zero
compare "$(at 2)\nTARGET\n$(at 3)\nTARGET\n$(at 4)\nTARGET\n$(at 1)\n" zero
echo "--- no list"
REPLICATE_FN='' plan hello | by_name
