# Receipts: with $DFURL a duty is done only when the target's index says so.
# once
# waits
. "$T/hosts.sh"
trap hosts_end EXIT
REPLICATE_FN=$PWD/list.dat
export REPLICATE_FN
DFTARGETS=../targets.cdb
export DFTARGETS
mkdir bin
PATH=$PWD/bin:$PATH

# web N [COMMAND...]: a web server for host N, all on one port; its log wN.log
# has a line "tcpserver: ok" for each request.
web() {
  n=$1
  shift
  mkdir -p "h$n"
  [ $# -gt 0 ] || set -- busybox httpd -i -h "$PWD/h$n"
  : >"w$n.port"
  tcpserver -1vRHl0 "127.0.0.$n" "${port_of_web:-0}" "$@" \
    >"w$n.port" 2>>"w$n.log" &
  eval "web$n=$!"
  servers="${servers:-} $!"
  until_true test -s "w$n.port"
  : "${port_of_web:=$(cat "w$n.port")}"
}
web_stop() {
  eval "kill \$web$1; wait \$web$1" 2>/dev/null
}
requests() {
  grep -c '^tcpserver: ok' "w$1.log"
}

# The client loses the end of the connection while there is a file "lose".
cat >bin/lossy <<'E'
#!/bin/sh
tcpclient -RHl0 "$@" || exit
[ ! -e ../lose ] || exit 111
E
# A target that reads all, ends in order, and stores nothing.
cat >bin/liar <<'E'
#!/bin/sh
exec cat >/dev/null
E
# Runs a command; says so if it takes much time or memory.
cat >bin/measured <<'E'
#!/usr/bin/env python3
import resource, subprocess, sys, time
start = time.monotonic()
code = subprocess.call(sys.argv[1:])
kib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
if kib > 65536 or time.monotonic() - start > 20:
    print(kib, "KiB,", time.monotonic() - start, "s")
sys.exit(code)
E
# A web server that answers as the file "answer" says.
cat >bin/hostile <<'E'
#!/usr/bin/env python3
import os, sys
path = sys.stdin.buffer.readline().split()[1].decode()
while sys.stdin.buffer.readline().strip():
    pass
out = sys.stdout.buffer
def say(head, body=b""):
    out.write(b"HTTP/1.1 " + head + b"\r\nConnection: close\r\n\r\n" + body)
STATUS = b'{"epoch":"@400000006a00000000000000","delta_bytes":1000000}'
INDEX = b'{"epoch":"@400000000000000000000000","delta_bytes":0,"chunks":[\n]}\n'
what = open("answer").read().strip()
try:
    if what == "a redirect":
        say(b"302 Found\r\nLocation: http://127.0.0.2:%s/status.json"
            % open("w2.port", "rb").read().strip())
    elif what == "no end":
        say(b"200 OK")
        while True:
            out.write(b"{" * 65536)
    elif what == "nested":
        say(b"200 OK", b'{"a":' * 200000)
    elif what == "objects":
        say(b"200 OK", b'{"a":[' + b"{}," * 340000 + b"0]}")
    elif what == "no bytes":
        sys.stdin.buffer.read()
    elif path.endswith("status.json"):
        say(b"200 OK", STATUS)
    elif path.endswith("index.json"):
        say(b"200 OK", INDEX)
    elif what == "416":
        say(b"416 Range Not Satisfiable")
    elif what == "another range":
        say(b"206 Partial Content\r\nContent-Range: bytes 5-999999/1000000",
            b"{}\n" * 333333)
    elif what == "too short":
        say(b"200 OK", b'{"md5":"%032d","gone":"expired"}\n' % 0)
    elif what == "a huge line":
        say(b"200 OK", b" " * 1000000)
    elif what == "no record":
        say(b"200 OK", b"[1]\n" * 250000)
    out.flush()
except OSError:
    pass
os._exit(0)
E
chmod 755 bin/*

web 2
DFURL=http://%h:$port_of_web/
export DFURL
web 3
web 4
DFCLIENT=lossy
export DFCLIENT
host 1 -t 1
unset DFCLIENT
host 2
host 3
url=$DFURL
unset DFURL
host 5
DFURL=$url
export DFURL
tcpserver -1RHl0 127.0.0.4 0 liar >h4.port &
server4=$!
servers="$servers $server4"
until_true test -s h4.port
rules
(cd h4 && dfpublish -r)

# pass: one pass of dfretry on host 1; what it has sent, and has found there.
plain() {
  sed 's/^\(df[a-z]*: [a-z-]*\) [0-9]* \([^ ]*\):[0-9]* \([^ ]* [0-9]*\) [0-9]*/\1 \2 \3/' "$@"
}
pass() {
  (cd h1 && dfretry -1 -t 1 2>../retry.log)
  grep -v 127.0.0.4 retry.log | plain
}
# owed HOST TARGET: how many chunks.
owed() {
  (cd "h$1" && dfretry -l) | sed -n "s/^127.0.0.$2:[0-9]* \([0-9]*\) .*/\1/p"
}
# No relay to host N runs on host 1.
free() {
  until_true flock -n "h1/.df/lock/target-$(at "$1").0" true
}

echo "--- a target that stores nothing: without DFURL it counts, with it not"
at 4 | genrep >list.dat
echo lie | push 5
until_true idle 5 && echo "host 5 has nothing left to do"
echo lie | push 1 # its receipt is waited for while the next ones run

echo "--- delivered: the receipt alone counts"
printf '%s\n%s\n' "$(at 2)" "$(at 3)" | genrep >list.dat
echo one | push 1 -k one
until_true grep -q "delivered .*$(at 2)" h1.log
until_true grep -q "delivered .*$(at 3)" h1.log
grep '^dfreceipt' h1.log | plain | sort
echo "owed: $(owed 1 2)$(owed 1 3)"
sed 's/^@[0-9a-f]* [0-9]*$/EPOCH BYTES/' "h1/.df/receipt/$(at 2)"

echo "--- no web server: the duty stays; dfretry finds it, and sends nothing"
web_stop 3
at 3 | genrep >list.dat
echo two | push 1
until_true grep -q "failed .*$(at 3) .*no receipt" h1.log
free 3
grep '^dfreceipt: failed' h1.log | plain
until_true has 3 "$(echo two | md5)" && echo "host 3 has it"
echo "owed: $(owed 1 3)"
web 3
pass
echo "owed: $(owed 1 3)"

echo "--- the end of the connection is lost: a receipt, no second stream"
: >lose
at 2 | genrep >list.dat
echo three | push 1
until_true grep -q "failed .*$(at 2)" h1.log
until_true has 2 "$(echo three | md5)"
free 2
rm lose
echo "owed: $(owed 1 2)"
pass
echo "owed: $(owed 1 2)"

echo "--- 500 chunks: one look"
mkdir many
for i in $(seq 500); do
  echo "many $i" >"many/$i"
done
before=$(requests 2)
(cd many && tcpclient -RHl0 127.0.0.1 "$(cat ../h1.port)" pushdf -K *)
until_true grep -q '500 chunks' h1.log
grep -o '500 chunks, 0 missing' h1.log
n=$(($(requests 2) - before))
[ "$n" -ge 2 ] && [ "$n" -le 30 ] && echo "a few requests" || echo "$n requests"

echo "--- the target that stores nothing"
until_true grep -q "failed .*$(at 4) .*no receipt" h1.log
free 4
echo "owed: $(owed 1 4)"
look() {
  to=$(at 4)
  (cd h1 && measured dfreceipt -t 1 "$to" 2>../look.log)
  echo "exit $?, owed: $(owed 1 4)"
  plain look.log
}
look

echo "--- it has a copy that came with another list"
epoch=$(jq -r .epoch h4/status.json)
jq -c --arg m "$(echo lie | md5)" --arg l "$(echo other | md5)" \
  '.chunks[] | select(.md5 == $m) | .taken = ["\(.stamp) \($l)"]' \
  h1/index.json >>"h4/delta/$epoch.jsonl"
bytes=$(wc -c <"h4/delta/$epoch.jsonl")
echo "{\"epoch\":\"$epoch\",\"delta_bytes\":$bytes}" >h4/status.json
look

echo "--- a real server comes"
stop 4
rm -rf h4/delta h4/*.json
again 4
pass4() {
  (cd h1 && dfretry -1 -t 1 2>../retry.log)
  plain retry.log
}
pass4
has 4 "$(echo lie | md5)" && echo "host 4 has it"
echo "owed: $(owed 1 4)"

echo "--- hostile answers"
stop 4
web_stop 4
at 4 | genrep >list.dat
echo four | push 1
until_true grep -q "failed .*$(at 4) .*refused" h1.log
free 4
web 4 hostile
for answer in 'a redirect' 'no end' nested objects 416 'another range' \
  'too short' 'a huge line' 'no record' 'no bytes'; do
  echo "$answer:"
  echo "$answer" >answer
  look
done

echo "--- messages"
cd h1 || exit
dfreceipt 10.0.0.1
echo $?
dfreceipt 10.0.0.1:1 none 2>&1
echo $?
dfreceipt 10.0.0.1:1 ../x
echo $?
DFURL='' dfreceipt 10.0.0.1:1
echo $?
DFURL=ftp://%h/ dfreceipt 10.0.0.1:1
echo $?
DFURL=http://10.0.0.1/ dfreceipt 10.0.0.1:1
echo $?
dfreceipt -w 301 10.0.0.1:1
echo $?
dfreceipt 10.0.0.1:1
echo $?
