# Who must not get what, over real connections: idle clients, lying targets.
# once
# waits
. "$T/hosts.sh"
trap hosts_end EXIT

say() {
  echo "--- $1"
}

host 1
host 2
REPLICATE_FN=$PWD/list.dat
export REPLICATE_FN

say '41 idle clients of one address: another is served within a second'
: >list.dat
printf DFR1 >list.dat
cat >idle.py <<'E'
# Connects 41 times from 127.0.0.2; some say nothing, some begin a stream. Says
# how many are still open once the host has refused what it will.
import select
import socket
import sys
import time

idle = []
for i in range(41):
    s = socket.socket()
    s.bind(("127.0.0.2", 0))
    try:
        s.connect(("127.0.0.1", int(sys.argv[1])))
        if i % 2:
            s.sendall(b"3:DF1,32:%032x,0:,100:Key" % i)
        idle.append(s)
    except ConnectionError:  # refused as quickly as that
        pass
end = time.monotonic() + 30
while len(idle) > 20 and time.monotonic() < end:
    for s in select.select(idle, [], [], 1)[0]:
        idle.remove(s)
print(len(idle), flush=True)
sys.stdin.read()
# None of those that are left has been let go meanwhile.
print(len(idle) - len(select.select(idle, [], [], 0)[0]), flush=True)
E
mkfifo release
python3 idle.py "$(cat h1.port)" <release >idle 2>&1 &
pid=$!
exec 9>release
until_true test -s idle
echo served >served
before=$(date +%s%N)
tcpclient -RHl0 -i 127.0.0.3 127.0.0.1 "$(cat h1.port)" pushdf <served
echo $?
took=$((($(date +%s%N) - before) / 1000000))
[ "$took" -lt 1000 ] && echo 'within a second' || echo "after $took ms"
say 'one more of their own address is refused'
tcpclient -RHl0 -i 127.0.0.2 127.0.0.1 "$(cat h1.port)" pushdf -q <served 2>/dev/null
echo $?
exec 9>&-
wait "$pid"
cat idle
until_true grep -q 'reset .* stream cut off' h1.log
grep -c 'reset 127.0.0.2.*too many streams\|too many streams of this' h1.log

say 'a target that lies: it can make us send again, never delete or replace'
# liar COMMAND: a target that does this with each connection.
liar() {
  rm -f h9.port
  tcpserver -1RHl0 127.0.0.9 0 sh -c "$1" >h9.port 2>/dev/null &
  liar=$!
  until_true test -s h9.port
  rules
  at 9 | genrep >list.dat
}
public() {
  (cd h1 && find md5 head key ! -type d ! -name lie -printf '%p %s %T@ %l\n' &&
    find md5 head -type f ! -name lie -exec md5sum {} +) | LC_ALL=C sort
}
n=0
for lie in 'cat >/dev/null; echo thanks' \
  'echo gone; exec cat >/dev/null' \
  'printf "3:DF1,32:00000000000000000000000000000000,0:,0:,"; exec cat >/dev/null' \
  'head -c 100 >/dev/null' \
  'exec <&- >&-' \
  'head -c 100 /dev/zero; kill -KILL $$'; do
  n=$((n + 1))
  echo "lie $n" >lie
  liar "$lie"
  public >before
  push 1 -k lie <lie >/dev/null
  echo "push: $?"
  until_true has 1 "$(md5 lie)"
  until_true grep -q "dfrelay: [a-z]* [0-9]* $(at 9) .*" h1.log
  until_true sh -c '[ -z "$(find h1/.df/stream -mindepth 1)" ]'
  public >after
  echo "lost: $(LC_ALL=C comm -23 before after | wc -l)"
  has 1 "$(md5 lie)" && echo 'it is here'
  tail -c 2 h1/.df/commit/* | tr -d '\n' | sed 's/.*+/duty: /'
  echo
  rm -f h1/.df/commit/* h1/.df/try/*
  kill "$liar"
  wait "$liar" 2>/dev/null
done
rm -f h9.port
