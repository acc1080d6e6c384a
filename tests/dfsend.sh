# dfsend: orders of every kind, good and bad; the list; -f, -i, -t; what it takes
# for success. The server is a file, a pipe or a socket; readstream.py says what
# was sent.
# waits

say() {
  echo "--- $1"
}

# send OPTION...: to the file out, with a server that ends in order.
send() {
  dfsend "$@" 6</dev/null 7>out
  echo $?
}

# sent: what out has of it, in short.
sent() {
  python3 "$T/readstream.py" -n <out | sed '/^    [BCHS]/d'
}

python3 "$T/stream.py" <<'E'
stream begin chunk:one '+Key: k1' '+Odd: odd' chunk:two '+Key: k2' '+SHA-256: {sha256}' chunk: end
again begin chunk:one '+Key: k3' end
owed begin to:4=10.0.0.1=17478 chunk:three '+Key: k4' chunk:four chunk:r4 ~ alone:one '+Key: k5' end
E
mkdir bin
echo '#!/bin/sh' >bin/dfrelay
chmod 755 bin/dfrelay
echo :allow | tcprules t.cdb t.tmp
for s in stream again owed; do
  PATH=$PWD/bin:$PATH TCPLOCALPORT=17478 dfserve -x t.cdb <$s 2>/dev/null
done
one=f97c5d29941bfb1b2fdab0874906ab82
two=b8a9f715dbb64fd5c56e7783c6820a61
none=d41d8cd98f00b204e9800998ecf8427e
commit=$(ls .df/commit)

echo '=== orders'
say 'no order at all'
send </dev/null
sent
say 'stored chunks: the first key, neither Stored nor Taken'
printf '%s\n' $one $two $none end | send
sent
grep -a -c -e Stored: -e Taken: out
say 'of a commit, as they came; committed is skipped'
printf '%s\n' "commit $commit 0" "committed $commit" "commit $commit 2" end | send
sent
say 'nothing is sent after end'
printf '%s\n' end $one | send
sent
say 'a commit whose duties are done'
cp ".df/commit/$commit" c.1
size=$(wc -c <c.1)
printf DDD | dd of=.df/commit/"$commit" bs=1 seek=$((size - 3)) conv=notrunc \
  status=none
printf '%s\n' "commit $commit 0" $one | send
sent
cp c.1 .df/commit/"$commit"

say 'what is not there: the others are sent'
printf '%s\n' 00000000000000000000000000000000 "commit $commit 9" \
  'commit none 0' $one | send 2>err
sed "s/$commit/NAME/" err
sent
say 'data that are not there, or too short: given up'
mv md5/b8 .df/b8
printf '%s\n' $two $one | send
sent
mv .df/b8 md5/b8
chmod 644 md5/f9/$one
printf o >md5/f9/$one
printf '%s\n' $one $two | send
sent
printf one >md5/f9/$one
say 'a header that is damaged'
cp head/f9/$one head.1
echo >head/f9/$one
printf '%s\n' $one $two | send
sent
cp head.1 head/f9/$one

echo '=== bad orders'
for order in x 'commit' 'commit x' 'commit x y' 'commit ../x 0' 'commit /x 0' \
  'commit .x 0' 'commit a/../b 0' 'commit X 0' 'spool' 'spool a b' 'done' 'lost' \
  'end ' ' end' '' 'F97C5D29941BFB1B2FDAB0874906AB82' \
  'f97c5d29941bfb1b2fdab0874906ab8' 'committed' 'commit a 4294967296' \
  "commit $(printf %080d 0) 0" "$(printf %0200d 0)"; do
  echo "$order: $(echo "$order" | send 2>&1 | tr '\n' ' ')"
done
say 'the end within a line'
printf %s $one | send
printf '%s\nen' $one | send
say 'orders that cannot be read'
send <.
mkdir -p .df/stream/s

echo '=== spool files'
# spool LENGTH TEXT: files of a spooled chunk, with a trailer for LENGTH.
spool() {
  h='Host: 10.0.0.1
Stamp: @400000006500000000000000
'
  t="Content-Length: $1
md5hash: $(printf %s "$2" | md5sum | cut -c 1-32)
"
  printf %s "$2" >.df/stream/s/0
  printf '%s:%s,%s:%s,' ${#h} "$h" ${#t} "$t" >.df/stream/s/0.h
}
say 'whole'
spool 5 hello
printf '%s\n' 'spool s/0' 'done' $two | send
sent
say 'lost'
printf '%s\n' 'spool s/0' lost $two | send
sent
say 'another length'
spool 4 hello
printf '%s\n' 'spool s/0' 'done' | send
say 'no trailer'
printf '48:Host: 10.0.0.1\nStamp: @400000006500000000000000\n,' >.df/stream/s/0.h
printf '%s\n' 'spool s/0' 'done' | send
say 'another order between'
printf '%s\n' 'spool s/0' $one | send
printf '%s\n' 'spool s/0' end | send
say 'no such file'
printf '%s\n' 'spool s/1' 'done' | send
printf '%s\n' 'spool t/0' 'done' | send

echo '=== options'
say 'usage'
for words in -x x -i '-i 0' '-i 0123456789abcdef0123456789abcdeF' \
  '-i 0123456789abcdef0123456789abcdef0' -t '-t 0' '-t 86401' '-t 1s' '-r 0'; do
  # shellcheck disable=SC2086
  dfsend $words </dev/null >err 2>&1 6</dev/null 7>out
  echo "$words: $?"
done
cat err
say '-i'
send -i 00112233445566778899aabbccddeeff -t 86400 </dev/null
python3 "$T/readstream.py" <out
say 'ids of its own differ'
send </dev/null
cp out out.1
send </dev/null
cmp -s out out.1
echo $?
say '-f: orders and a spool file that grow; then the writer is gone'
spool 5 hello
: >.df/stream/s/0
: >orders
mkfifo go go1 go2 go3
(
  flock 9
  echo 'spool s/0' >&9
  read -r _ <go1
  printf hel >>.df/stream/s/0
  read -r _ <go2
  printf lo >>.df/stream/s/0
  printf 'done\nen' >&9
  read -r _ <go3
  printf 'd\n' >&9
) 9>>orders &
until [ -s orders ]; do
  timeout 0.02 tail -f /dev/null
done
dfsend -f <orders 6</dev/null 7>out &
sender=$!
# has TEXT: waits for it in what was sent.
has() {
  until grep -a -q "$1" out; do
    timeout 0.02 tail -f /dev/null
  done
}
has Stamp
echo >go1
has hel
echo >go2
has md5hash
tail -c 3 out
echo
echo >go3
wait $sender
echo $?
wait
sent
say '-f: the writer dies without end'
: >orders
flock orders sh -c "echo $one >orders; exec cat go" >/dev/null &
until [ -s orders ]; do
  timeout 0.02 tail -f /dev/null
done
dfsend -f <orders 6</dev/null 7>out &
sender=$!
has md5hash
: >go
wait $sender
echo $?
say '-f: there never was one'
echo $one >orders
send -f <orders
say '-t: the server takes nothing'
mkfifo server
head -c 200000 /dev/zero >zeros
python3 "$T/stream.py" <<'E'
large begin file:zeros end
E
dfserve <large 2>/dev/null
m=$(md5sum <zeros | cut -c 1-32)
(
  exec 9<>server
  echo "$m" | dfsend -t 1 6</dev/null 7>server 9>&-
  echo $?
)

echo '=== the list'
cp "$T/vectors/list-tree.dat" list.dat
export REPLICATE_FN=list.dat
send </dev/null
sent
say 'none'
REPLICATE_FN='' send </dev/null
sent
printf DFR1 >empty.dat
REPLICATE_FN=empty.dat send </dev/null
sent
say 'bad ones'
REPLICATE_FN=none.dat send </dev/null
REPLICATE_FN=. send </dev/null
: >nothing.dat
head -c 50 list.dat >cut.dat
for f in nothing cut; do
  REPLICATE_FN=$f.dat send </dev/null
done
unset REPLICATE_FN

echo '=== the server'
say 'descriptors 6 and 7'
dfsend </dev/null
echo $?
dfsend </dev/null 6</dev/null
echo $?
dfsend </dev/null 7>out
echo $?
for fd in 0 1 2; do
  case $fd in
    0) dfsend <&- 6</dev/null 7>out ;;
    1) dfsend </dev/null >&- 6</dev/null 7>out ;;
    2) dfsend </dev/null 2>&- 6</dev/null 7>out ;;
  esac
  echo "$fd closed: $?"
done
say 'it sends something'
echo x >says
TCPREMOTEIP=10.0.0.2 dfsend </dev/null 6<says 7>out
echo $?
say 'it takes nothing more'
TCPREMOTEHOST=a.example TCPREMOTEIP=10.0.0.2 dfsend </dev/null 6</dev/null 7>/dev/full
echo $?
say 'a pipe that nobody reads'
(
  exec 9<>server 7>server 9>&-
  TCPREMOTEHOST='' TCPREMOTEIP=10.0.0.2 dfsend </dev/null 6</dev/null
  echo $?
)
say 'sockets: an orderly end, an end too early, a reset, a byte'
cat >server.py <<'E'
import socket
import subprocess
import struct
import sys

how = sys.argv[1]
s = socket.create_server(("127.0.0.1", 0))
p = subprocess.Popen(
    ["tcpclient", "-RHl0", "127.0.0.1", str(s.getsockname()[1]), "dfsend"],
    stdin=subprocess.PIPE)
c = s.accept()[0]
if how == "early":
    c.recv(50)
    c.shutdown(socket.SHUT_WR)
elif how == "byte":
    c.recv(50)
    c.send(b"x")
else:
    p.stdin.close()
    while c.recv(65536):
        pass
    if how == "reset":
        c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                     struct.pack("ii", 1, 0))
    c.close()
if how in ("early", "byte"):
    c.setblocking(True)
    p.stdin.write(sys.argv[2].encode() + b"\n")
    p.stdin.close()
print(p.wait())
E
for how in orderly early reset byte; do
  python3 server.py $how "$m"
done
