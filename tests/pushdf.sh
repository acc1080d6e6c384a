# pushdf: what it sends, what it says, when it is content.

say() {
  printf -- '--- %s\n' "$1"
}

# A client's rig: nothing to be read on 6, the stream goes to the file out.
try() {
  pushdf "$@" 6</dev/null 7>out
  echo $?
}

read_out() {
  python3 "$T/readstream.py" -n "$@" <out
}

ticket() {
  sed 's/^Stamp: @[0-9a-f]*$/Stamp: .../' "$1"
}

export TCPREMOTEIP=10.0.0.1
printf hello >hello
printf 'x%.0s' 1 2 3 4 5 6 7 >seven

say 'standard input from a file'
try <hello
read_out
say 'from a file that was read in part'
{ dd bs=1 count=2 of=/dev/null 2>/dev/null && try; } <hello
read_out | grep -e Length -e data
say 'from a file that was read to its end'
{ cat >/dev/null && try; } <hello
read_out | grep -e Length -e data
say 'from a pipe'
printf hello | try
read_out
say 'from /dev/null'
try </dev/null
read_out
say 'from a file that says it is empty and is not'
try </proc/version
python3 "$T/readstream.py" -n -o . <out >/dev/null && cmp 0 /proc/version
say 'a large pipe in blocks'
head -c 3000000 /dev/zero | try
read_out | grep data
say 'a directory'
try </
say 'the id is another one each time'
for i in 1 2 3; do
  pushdf 6</dev/null 7>out </dev/null
  python3 "$T/readstream.py" <out | grep '^id'
done | sort -u | grep -c '^id [0-9a-f]\{32\}$'

say 'all header lines'
try -k ' ' </dev/null
try -S -k backups/monday -c 86400 -t 3600 -b 10.0.0.2 -b b.example.org \
  -b 2001:db8::1 -b B.Example.ORG -b 2001:DB8:0::1 -h host.example <hello
read_out
say '$TCPREMOTEHOST comes first where it is fit to'
TCPREMOTEHOST=h.example try <hello
read_out | grep Host
TCPREMOTEHOST=h_x try <hello
read_out | grep Host
TCPREMOTEHOST= try <hello
read_out | grep Host
say 'no host, bad hosts'
env -u TCPREMOTEIP pushdf <hello 6</dev/null 7>out
echo $?
TCPREMOTEIP=fe80::1%lo try <hello
try -h 10.0.0.256 <hello
try -h '' <hello
try -b '[::1]' <hello
wc -c <out

say 'several files, names as keys'
mkdir sub
printf world >sub/world
try -vK hello sub/world - <seven
read_out
say 'no keys'
try hello sub/world
read_out | grep -c Key
say 'names from standard input'
printf 'hello\0sub/world\0seven' | try -0vK
read_out
say 'no names'
try -0 </dev/null
read_out
say 'an empty name, one too long, one that is no key'
head -c 5000 /dev/zero | tr '\0' a >long
{ printf 'hello\0\0' && cat long && printf '\0seven'; } | try -0v
read_out | grep data
{ printf 'hello\0' && printf 'a\nb\0seven'; } | try -0Kv
read_out | grep -e data -e Key
say 'many names'
for i in $(seq 1 2000); do printf 'hello\0'; done | try -0
read_out | grep -c '^data 5 5d41402abc4b2a76b9719d911017c592'
say 'names that cannot be read'
try -0 </
say 'files that cannot be read are left out'
try -v hello nothing sub seven
read_out | grep -e data -e end
say 'a name with control bytes'
printf x >"$(printf 'a\tb\nc')"
try -v "$(printf 'a\tb\nc')"

say 'a file that becomes shorter is given up, the others go on'
cat >reader.py <<'END'
import os
import sys
first = os.read(0, 1000)
size = int(sys.argv[1])
with open("big", "r+b") as f:
    f.truncate(size)
with open("out", "wb") as f:
    f.write(first)
    f.write(sys.stdin.buffer.read())
END
head -c 20000000 /dev/zero >big
{ pushdf -v hello big seven 6</dev/null 7>&1 >sent; echo $? >code; } |
  python3 reader.py 1000000
cat code sent
read_out | grep -e Length -e '^data [57] ' -e given -e end
say 'of one that grows, what was announced is sent'
head -c 20000000 /dev/zero >big
{ pushdf -v big 6</dev/null 7>&1 >sent; echo $? >code; } |
  python3 reader.py 30000000
cat code sent
read_out | grep -e Length -e data

say 'tickets'
try -o ticket -k greeting -S <hello
ticket ticket
stat -c %a ticket
printf hello | try -o ticket -c 5
ticket ticket
try -o ticket hello
ticket ticket | grep -c .
ls | grep ticket
say 'no ticket where things went wrong'
rm ticket
try -o ticket nothing
pushdf -o ticket hello 6</dev/null 7>/dev/full
echo $?
ls | grep ticket
say 'tickets that cannot be written'
rm out
try -o nothing/ticket hello
try -o sub hello
try -o /dev/null hello
try -o long/ticket hello
wc -c <out
say 'nothing in the way of the next'
test -c /dev/null && ls -a . sub | grep '\.[A-Za-z0-9]\{6\}$'

say 'keys'
k() {
  try -k "$1" <hello
}
k "$(printf 'a%.0s' $(seq 1 255))"
k "$(printf 'a%.0s' $(seq 1 256))"
k "$(printf '/%.0s' $(seq 1 85))"
k "$(printf '/%.0s' $(seq 1 86))"
k "$(printf 'a%.0s' $(seq 1 513))"
k ''
k ' a'
k "$(printf '\ta')"
k "$(printf 'a\nb')"
k "$(printf 'a\177b')"
k "$(printf 'ä b=c')"
read_out | grep Key
try -K hello ' x'

say 'usage'
try -x
try -k
try -Kk a hello
try -0 hello
try -0k a
try -k a hello seven
try -K
try -0o t
try -o t hello seven
try -w 0
try -w 86401
try -w 1s
try -c -1
try -c ''
try -c 1234567890123456789
try -t x
try -r 1023
try -c 999999999999999999 -t 0 -w 86400 <hello
read_out | grep -e Cache -e TTL

say 'a header alone, of a ticket from standard input; the list is not named'
pushdf -o ticket -S -c 500 -k k 6</dev/null 7>out hello
echo $?
printf '%s\n' 10.0.0.7:1 | genrep >list
REPLICATE_FN=list try -a -b 10.0.0.8 -v <ticket
read_out | sed 's/Time: [45][0-9][0-9]$/Time: .../'
say 'what is no ticket is left out'
try -av ticket hello nothing long
read_out | grep -c header
head -c 17000 ticket /dev/zero | try -a
printf 'ticket\0hello\0' | try -a0v
say 'one that has no more room'
seq -f 'Backup-Host: h%g' 249 | cat ticket - >full
try -a -v full
try -a -v -b one.example full
try -a -v -b one.example -b two.example full
seq -f '-b h%g' 256 >many
try -a $(cat many) ticket
try -aK ticket
try -aS ticket
try -a -k k ticket ticket
try -a -k '' ticket

say 'the replicate list'
l() {
  REPLICATE_FN=$1 try <hello
}
l "$T/vectors/list-tree.dat"
read_out | grep -e list -e Host
l ''
read_out | grep list
printf DFR1 >list
l list
read_out | grep list
say 'a dry run says who would get what over which hop, and sends nothing'
printf '%s\n' 10.0.0.7:1 ' h:2' TARGET '[::1]:3' | genrep >list
rm out
dry() {
  REPLICATE_FN=list pushdf -n "$@" 6<&- 7>&-
  echo $?
}
TCPREMOTEPORT=17478 dry hello "$(printf 'a\tb\nc')"
TCPREMOTEIP=10.0.0.7 TCPREMOTEPORT=1 dry -o new.ticket <hello
TCPREMOTEIP=::1 TCPREMOTEPORT=3 dry -h reader.example -a ticket
TCPREMOTEIP= dry -h first.example - <hello
printf 'hello\0nothing\0' | dry -0K
dry -K hello ' x'
dry -a hello
TCPREMOTEIP= dry hello
pushdf -n hello >/dev/full
echo $?
ls out new.ticket

say 'lists that are none'
l nothing
l sub
l hello
: >list
l list
printf 'DFR1\0\0\0' >list
l list
printf 'DFR1\0\0\0\001\004' >list
l list
{ printf DFR1 && head -c 262145 /dev/zero; } >list
l list
l /dev/zero
wc -c <out
say 'hosts after those of -b, each once'
printf '%s\n' h:1 10.0.0.9:1 h:2 H:3 '[::1]:1' '[0::1]:2' | genrep >list
REPLICATE_FN=list try -b H -b ::1 <hello
read_out | grep Backup
say 'many ports of one host'
seq -f 'h:%g' 8192 | genrep >list
l list
read_out | grep Backup
say 'as many lines as a header may have, and one more'
seq -f 'h%g:1' 252 | genrep >list
REPLICATE_FN=list try -k k <hello
read_out | grep -c :
seq -f 'h%g:1' 253 | genrep >list
REPLICATE_FN=list try -k k <hello
REPLICATE_FN=list try <hello
REPLICATE_FN=list try -o t <hello
seq -f 'h%g:1' 8192 | genrep >list
l list
say 'as many bytes'
b=$(printf 'a%.0s' $(seq 1 240))
seq -f "$b%g:1" 70 | genrep >list
l list

say 'descriptors'
pushdf 6<&- 7>&- <hello
echo $?
pushdf <&- 6</dev/null 7>out
echo $?
pushdf 6</dev/null 7>out 2>&- <hello
echo $?

say 'the other side'
pushdf 6</dev/null 7>/dev/full <hello
echo $?
pushdf 6<hello 7>out <hello
echo $?
pushdf -v 6</dev/null 7>out <hello >/dev/full
echo $?
mkfifo fifo
pushdf -w 1 6</dev/null 7<>fifo </dev/zero
echo $?
{ pushdf 6</dev/null 7>&1 2>err </dev/zero; echo $? >code; } | head -c 5 >out
cat out err code

# tcpserver with these arguments; its port.
start() {
  rm -f port
  tcpserver -1 -RHl0 "$@" >port 2>/dev/null &
  server=$!
  until [ -s port ]; do :; done
  port=$(head -n 1 port)
}

# Pushes $1 times; how often which exit status, and what was said.
push() {
  for i in $(seq "$1"); do
    tcpclient -RHl0 127.0.0.1 "$port" pushdf <"$2" 2>>err
    echo $?
  done | sort | uniq -c | sed 's/^ *//'
  kill "$server"
  wait "$server" 2>/dev/null
  sed 's/: connection reset by the server$/: .../
    s/: the server ended the connection too early$/: .../' err | sort -u
  rm -f err
}

unset TCPREMOTEIP
: >err
say 'a TCP server that takes all'
start 127.0.0.1 0 sh -c 'cat >out.$TCPREMOTEPORT'
push 1 big
mv out.* out
read_out | grep -e Host -e data
say 'one that refuses connections by its rules'
echo ':deny' | tcprules deny.cdb deny.tmp
for f in /dev/null hello big; do
  start -x deny.cdb 127.0.0.1 0 cat
  push 20 $f
done
say 'one whose program is missing'
for f in /dev/null hello big; do
  start 127.0.0.1 0 ./missing
  push 20 $f
done
say 'one that ends without reading'
for f in /dev/null hello big; do
  start 127.0.0.1 0 true
  push 20 $f
done
say 'one that is killed when it has read all'
cat >killed.py <<'END'
import os
import socket
import struct
s = socket.socket(fileno=0)
s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
while s.recv(65536):
    pass
os.kill(os.getpid(), 9)
END
start 127.0.0.1 0 python3 killed.py
push 5 hello
say 'one that answers'
start 127.0.0.1 0 sh -c 'cat >/dev/null; echo'
push 5 hello

say 'a terminal shows progress, -q and a pipe do not'
cat >terminal.py <<'END'
import os
import pty
import re
import sys
import time
pid, fd = pty.fork()
if pid == 0:
    os.environ["TCPREMOTEIP"] = "10.0.0.1"
    r, w = os.pipe()
    if os.fork() == 0:
        os.close(w)
        end = time.monotonic() + 1.5
        while time.monotonic() < end:
            os.read(r, 1)
        while os.read(r, 65536):
            pass
        os._exit(0)
    os.close(r)
    os.dup2(w, 7)
    os.dup2(os.open("/dev/null", os.O_RDONLY), 6)
    os.closerange(8, 20)
    os.execvp("pushdf", ["pushdf"] + sys.argv[1:])
out = b""
try:
    while True:
        out += os.read(fd, 4096)
except OSError:
    pass
text = out.decode()
print(len(re.findall(r"big: [0-9.]+ .?i?B of 28\.6 MiB, \d+%", text)) > 0,
      "waiting for the server" in text, len(text.split("\r")) < 40,
      text == "" or text.endswith("\r\033[K"))
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
END
python3 terminal.py big
python3 terminal.py -q big
