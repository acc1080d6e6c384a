# once
# A diamond with a slow way: a transfer that takes more than five times -t, with
# progress all the time.
# waits
. "$T/hosts.sh"
trap hosts_end EXIT

# pace COMMAND...: descriptor 7 takes 250 kB a second, where the peer is host 3 or
# the command is pushdf.
mkdir bin
cat >bin/pace <<E
#!/usr/bin/env python3
import os, socket, sys
if sys.argv[1] == "pushdf" or os.environ["TCPREMOTEIP"] == "127.0.0.3":
    s = socket.socket(fileno=os.dup(7))
    s.setsockopt(socket.SOL_SOCKET, 47, 250000)  # SO_MAX_PACING_RATE
os.execv("$T/../src/" + sys.argv[1], sys.argv[1:])
E
printf '#!/bin/sh\nexec pace dfsend "$@"\n' >bin/dfsend
chmod 755 bin/*
PATH=$PWD/bin:$PATH
export PATH

for h in 1 2 3 4; do
  host "$h" -t 1
done
printf '%s\n%s\nTARGET\n%s\n' "$(at 2)" "$(at 3)" "$(at 4)" | genrep >list.dat
REPLICATE_FN=$PWD/list.dat
export REPLICATE_FN
head -c 2200000 /dev/urandom >data

# try COMMAND...: what it pushes is everywhere, once, and nothing has failed.
try() {
  for h in 1 2 3 4; do
    : >"h$h.log"
  done
  began=$(date +%s%N)
  tcpclient -RHl0 127.0.0.1 "$(cat h1.port)" "$@" <data
  echo $?
  for h in 1 2 3 4; do
    until_true has "$h" "$(md5 data)" && echo "host $h has it"
  done
  until_true idle 1 2 3 4 && echo "nothing is left to do"
  [ $((($(date +%s%N) - began) / 1000000)) -ge 5000 ] &&
    echo "it took five times -t"
  cat h?.log | grep -e failed -e taken-over -e reset
  cat h?.log | grep -c 'dfrelay: delivered'
}

echo '--- one of two ways is slow'
try pushdf
echo '--- all of it is slow'
head -c 2200000 /dev/urandom >data
try pace pushdf
