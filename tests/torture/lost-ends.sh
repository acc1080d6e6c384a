# Two hosts a set, four sets deep; the first time that a host connects to another,
# the end of the connection is lost: a reset, though all has been committed.
. "$T/hosts.sh"
trap hosts_end EXIT

cat >lossy <<'E'
#!/usr/bin/env python3
import os, socket, struct, subprocess, sys
peers = os.environ["TCPLOCALIP"], os.environ["TCPREMOTEIP"]
os.makedirs("../seen", exist_ok=True)
with open("../streams", "a") as log:
    print("%s from %s" % peers, file=log)
try:
    os.close(os.open("../seen/%s-%s" % peers, os.O_CREAT | os.O_EXCL))
except FileExistsError:
    os.execvp(sys.argv[1], sys.argv[1:])
client = socket.socket(fileno=0)
listener = socket.create_server(("127.0.0.1", 0))
server = socket.create_connection(listener.getsockname())
inner = listener.accept()[0]
listener.close()
child = subprocess.Popen(sys.argv[1:], stdin=inner, stdout=inner)
inner.close()
while data := client.recv(65536):
    server.sendall(data)
server.shutdown(socket.SHUT_WR)
server.recv(1)
child.wait()
client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
E
chmod 755 lossy

wrap=$PWD/lossy
for h in 1 2 3 4 5 6 7 8 9; do
  export DFCLIENT="tcpclient -RHl0 -i 127.0.0.$h"
  host "$h"
done
for h in 1 2 3 4 5 6 7 8 9; do
  (cd "h$h" && DFPORT=$(cat "../h$h.port") && export DFPORT &&
    DFCLIENT="tcpclient -RHl0 -i 127.0.0.$h" &&
    exec dfretry -x ../targets.cdb 2>>"../h$h.retry") &
  servers="$servers $!"
  until_true test -p "h$h/.df/trigger"
done
REPLICATE_FN=$PWD/list.dat
export REPLICATE_FN
printf '%s\n%s\nTARGET\n%s\n%s\nTARGET\n%s\n%s\nTARGET\n%s\n%s\n' "$(at 2)" \
  "$(at 3)" "$(at 4)" "$(at 5)" "$(at 6)" "$(at 7)" "$(at 8)" "$(at 9)" |
  genrep >list.dat

# all FILE...: every host has it, in one record of its delta.
all() {
  for h in 1 2 3 4 5 6 7 8 9; do
    for c; do
      has $h "$(md5 "$c")" || return 1
      [ "$(cat h$h/delta/*.jsonl | grep -c "$(md5 "$c")")" = 1 ] || return 1
    done
  done
}
# try FILE...: one push; its own end is lost too.
try() {
  rm -rf seen
  : >streams
  tcpclient -RHl0 -i 127.0.0.10 127.0.0.1 "$(cat h1.port)" pushdf -q "$@" 2>&1
  echo $?
  until_true all "$@" && echo "every host has all, once" || exit 1
  until_true idle 1 2 3 4 5 6 7 8 9 && echo "nothing is left to do" || exit 1
  echo "ends that were lost: $(find seen -type f | wc -l)"
  echo "streams: $(wc -l <streams)"
  [ "$(wc -l <streams)" -le 30 ] && return
  sort streams | uniq -c
  exit 1
}

for i in 1 2 3 4; do
  head -c 100000 /dev/urandom >"chunk$i"
done
echo '--- one chunk: 15 streams without a fault'
try chunk1
echo '--- three chunks'
try chunk2 chunk3 chunk4
