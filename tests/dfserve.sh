# dfserve: streams on descriptors 0 and 1, good, broken, refused and cut; limits
# on both sides; options; what there is of target rules; the store and how the
# connection ends. Streams are made by stream.py.

say() {
  echo "--- $1"
}

# Log lines without pid and milliseconds, without what is said of every pipe.
norm() {
  sed -e '/^dfserve: no-reset /d' \
    -e 's/^\(df[a-z]*: [a-z-]*\) [0-9]* \([^ ]* [^ ]* [0-9]*\) [0-9]*/\1 \2/'
}

# All that is in the store but what dfpublish rewrites each time.
listing() {
  (cd store && find md5 head key .df/commit .df/tmp ! -type d |
    sort) 2>/dev/null
}

# changes: what is new since $before was listed, or has gone; then that is now.
changes() {
  after=$(listing)
  [ "$before" = "$after" ] || {
    echo "$before" >before
    echo "$after" | comm -3 before - |
      sed -e 's|commit/@.*|commit/NAME|' -e '/^\t*$/d' -e 's/^\t/new /; t' \
        -e 's/^/gone /'
  }
  before=$after
}

# served FILE [OPTION...]: its log, its exit code, and what changes. The pipe ends
# when the relays have ended, too.
served() {
  stream=$1
  shift
  { (cd store && dfserve "$@" <"../$stream"; echo $?) 2>&1; } | norm
  changes
}

serve() {
  before=$(listing)
  served "$@"
}

# Lines "'SENTENCE' WORD...": one stream each.
each() {
  cat >words
  python3 "$T/stream.py" <words
  sed "s/^'\([^']*\)'.*/\1/" words >sentences
  before=$(listing)
  while read -r sentence; do
    say "$sentence"
    served "$sentence" "$@"
  done <sentences
}

mkdir store

echo '=== good streams'
each <<'E'
'nothing but the end mark' begin end
'two chunks, one of no bytes' begin chunk:one '+Key: k/1' chunk: end
'one of them again' begin chunk:one '+Key: k/1' end
'a chunk in blocks of a byte' begin chunk:abc block:1 end
'one that is given up, one that is not' begin chunk:gone ~ chunk:there end
'a header alone' begin 'alone:there' '+Key: alone' end
'a header alone of a chunk of the same stream' begin chunk:same alone:same '+Key: same' end
'all lines that there are' begin chunk:lines '+Key: l' '+Backup-Host: 10.0.0.2' '+Backup-Host: a.example' '+backup-host: ::1' '+Content-Length: 5' '+Cache-Time: 1' '+TTL: 0' '+md5hash: {md5}' '+SHA-256: {sha256}' '+Odd: a:b  c' '~+SHA-256: {sha256}' end
'SHA-256 in the trailer only' begin chunk:shatrailer '~+SHA-256: {sha256}' end
'SHA-256 of a header alone' begin alone:shatrailer '+SHA-256: {sha256}' '+Key: sha' end
'names in any case, spaces and tabs before values' begin chunk:case -Host '+hOST: \t10.0.0.1' '+KEY:k' '~=CONTENT-LENGTH:4\nMD5HASH:\t {md5}\n' end
'keys that are no paths' begin chunk:1 '+Key: ../../up' chunk:2 '+Key: .' chunk:3 '+Key: a/../b' chunk:4 '+Key: \xff\xfe' end
E

echo '=== vectors'
for v in stream-3 stream-badhash stream-cut; do
  cp "$T/vectors/$v.bin" .
  say "$v"
  serve "$v.bin"
done

echo '=== at the limit, and one over it'
# quiet: leaves the lines of single targets away.
quiet() {
  each "$@" | sed '/^dfserve: target-refused/d'
}
quiet <<'E'
'a list of 262144 bytes' begin bytes:262144 end
'a list of 262145 bytes' begin bytes:262145 end
'8192 entries' begin entries:8192 end
'8193 entries' begin entries:8193 end
'256 sets' begin sets:256 end
'257 sets' begin sets:257 end
'branches 16 deep' begin deep:16 end
'branches 17 deep' begin deep:17 end
'a header of 16384 bytes' begin chunk:pad pad:16384 end
'a header of 16385 bytes' begin chunk:pad1 pad:16385 end
'a header of 256 lines' begin chunk:256 lines:256 end
'a header of 257 lines' begin chunk:257 lines:257 end
'a trailer of 1024 bytes' begin chunk:1024 ~pad:1024 end
'a trailer of 1025 bytes' begin chunk:1025 ~pad:1025 end
'a block of 16777216 bytes' begin fill:16777216 block:16777216 end
'a block of 16777217 bytes' begin fill:16777217 block:16777217 end
'a NAME of 255 bytes' begin chunk:255 key:255 end
'a NAME of 256 bytes' begin chunk:256a key:256 end
'a NAME of 255 bytes with escapes' begin chunk:esc '+Key: /////////////////////////////////////////////////////////////////////////////////////' end
'a NAME of 258 bytes with escapes' begin chunk:esc8 '+Key: //////////////////////////////////////////////////////////////////////////////////////' end
'a key of 512 bytes' begin chunk:512 key:512 end
'a key of 513 bytes' begin chunk:513 key:513 end
'numbers of 18 digits' begin chunk:18 '+Content-Length: 000000000000000002' '+Cache-Time: 999999999999999999' '+TTL: 999999999999999999' end
'a Content-Length of 19 digits' begin chunk:19 '+Content-Length: 0000000000000000002' end
'a Cache-Time of 19 digits' begin chunk:19 '+Cache-Time: 0000000000000000002' end
'a TTL of 19 digits' begin chunk:19 '+TTL: 0000000000000000002' end
'a Stamp less than a day ahead' begin chunk:day stamp:86300 end
'a Stamp more than a day ahead' begin chunk:day1 stamp:86500 end
'a Stamp after the end of time' begin chunk:day2 stamp:@7fffffffffffffff00000000 end
'the last Stamp that can be written' begin chunk:day3 stamp:@ffffffffffffffffffffffff end
'a Stamp before there was time' begin chunk:day4 stamp:@000000000000000000000000 end
'a host of 253 bytes' begin chunk:h253 host:253 end
'a host of 254 bytes' begin chunk:h254 host:254 end
E

echo '=== broken: the stream'
each <<'E'
'no netstring' raw:GET\x20/\x20HTTP/1.0\r\n
'another magic' ns:DF2 end
'a shorter magic' ns:DF end
'a longer magic' ns:DF10 end
'an id of 31 digits' begin id:0123456789abcdef0123456789abcde end
'an id of 33 digits' begin id:0123456789abcdef0123456789abcdef0 end
'an id with a capital' begin id:0123456789abcdef0123456789abcdeF end
'an id with a NUL' begin id:0123456789abcdef0123456789abcde\x00 end
'a length of 9 digits' raw:000000003:DF1,
'a leading zero' raw:03:DF1,
'a sign' raw:+3:DF1,
'a space' 'raw: 3:DF1,'
'a length without digits' raw:::
'a netstring without its comma' raw:3:DF1;
'a block without its comma' begin chunk:x open raw:1:a;
'an end of data without its comma' begin chunk:x open raw:0:;
'no netstring for a block' begin chunk:x open raw:x
'an end mark without its comma' begin raw:0:;
'a byte after the end mark: the chunk before stays' begin chunk:after end raw:x
'a second stream after the first' begin chunk:after end begin chunk:after2 end
E

echo '=== broken: the list'
each <<'E'
'the length of a set is cut off' begin hex:000000
'an empty set' begin hex:00000000
'a set that is cut off' begin hex:0000000c040a0000010001000000
'an entry that is cut off' begin hex:0000000a040a000001000100000000
'an unknown kind' begin hex:0000000b050a000001000100000000
'port 0' begin to:4=10.0.0.1=0
'an entry without a name' begin to:n==1
'a name that begins with -' begin to:n=-oProxyCommand=1
'a name with a NUL' begin to:n=a\x00b=1
'a name with a slash' begin to:n=a/b=1
'a name with a space' begin 'to:n=a b=1'
'a name whose last label is a number' begin to:n=a.1=1
'an address as a name' begin to:n=127.0.0.1=1
'a branch that is longer than its set' begin hex:0000000b040a000001000100000001
'a branch with an empty set' begin hex:0000000f040a00000100010000000400000000
E

echo '=== broken: the header'
each <<'E'
'no Host' begin chunk:bad -Host end
'a bad Host' begin chunk:bad -Host '+Host: -a' end
'an empty Host' begin chunk:bad -Host '+Host:' end
'two Hosts' begin chunk:bad '+Host: 10.0.0.2' end
'a bad Backup-Host' begin chunk:bad '+Backup-Host: a b' end
'an address with a zone' begin chunk:bad '+Backup-Host: fe80::1%eth0' end
'an address in brackets' begin chunk:bad '+Backup-Host: [::1]' end
'no Stamp' begin chunk:bad -Stamp end
'a bad Stamp' begin chunk:bad stamp:@40000000 end
'a Stamp with capitals' begin chunk:bad stamp:@40000000650000000000000A end
'two Stamps' begin chunk:bad '+Stamp: @400000006500000000000000' end
'an empty key' begin chunk:bad '+Key: ' end
'two keys' begin chunk:bad '+Key: a' '+Key: b' end
'a newline is missing' begin chunk:bad '=Host: 10.0.0.1' end
'a line without a colon' begin chunk:bad '+Key' end
'a line without a name' begin chunk:bad '+: x' end
'an empty line' begin chunk:bad '+' end
'a space in a name' begin chunk:bad '+Ke y: x' end
'a NUL in a value' begin chunk:bad '+Key: a\x00b' end
'a tab in a value' begin chunk:bad '+Key: a\tb' end
'a DEL in a value' begin chunk:bad '+Key: a\x7fb' end
'a CR at the end of a line' begin chunk:bad '+Key: a\r' end
'a Content-Length that is no number' begin chunk:bad '+Content-Length: -1' end
'a Cache-Time that is no number' begin chunk:bad '+Cache-Time: 1h' end
'an empty TTL' begin chunk:bad '+TTL:' end
'two Content-Lengths' begin chunk:bad '+Content-Length: 3' '+Content-Length: 3' end
'two Cache-Times' begin chunk:bad '+Cache-Time: 3' '+Cache-Time: 3' end
'two TTLs' begin chunk:bad '+TTL: 3' '+ttl: 3' end
'a short md5hash' begin chunk:bad '+md5hash: 0' end
'an md5hash with capitals' begin chunk:bad '+md5hash: 0123456789ABCDEF0123456789ABCDEF' end
'two md5hashes' begin chunk:bad '+md5hash: {md5}' '+md5hash: {md5}' end
'a bad SHA-256' begin chunk:bad '+SHA-256: {md5}' end
'two SHA-256' begin chunk:bad '+SHA-256: {sha256}' '+SHA-256: {sha256}' end
'bad Data' begin chunk:bad '+Data: some' end
'Data twice' begin alone:bad '+Data: none' end
'data after a header alone' begin chunk:known alone:known data:known end
E

echo '=== broken: the trailer'
each <<'E'
'no Content-Length' begin chunk:bad ~-Content-Length end
'no md5hash' begin chunk:bad ~-md5hash end
'a Content-Length of 19 digits in the trailer' begin chunk:bad ~-Content-Length '~+Content-Length: 0000000000000000003' end
'a bad md5hash' begin chunk:bad ~-md5hash '~+md5hash: x' end
'a bad SHA-256 in the trailer' begin chunk:bad '~+SHA-256: x' end
'Content-Length twice' begin chunk:bad '~+Content-Length: 3' end
'md5hash twice' begin chunk:bad '~+md5hash: {md5}' end
'SHA-256 twice' begin chunk:bad '~+SHA-256: {sha256}' '~+SHA-256: {sha256}' end
'another line' begin chunk:bad '~+Key: x' end
'no line at all' begin chunk:bad '~=x' end
E

echo '=== broken after whole chunks, which stay'
each <<'E'
'garbage where a header should be' begin chunk:stays1 chunk:stays2 raw:x
'a bad header' begin chunk:stays3 chunk:bad -Host end
'a bad trailer' begin chunk:stays4 chunk:bad '~=x' chunk:never end
E

echo '=== refused: the others are stored'
each <<'E'
'md5hash of the trailer is wrong' begin chunk:r1 ~-md5hash '~+md5hash: 0123456789abcdef0123456789abcdef' chunk:other1 end
'md5hash of the header is wrong' begin chunk:r2 '+md5hash: 0123456789abcdef0123456789abcdef' chunk:other2 end
'Content-Length of the trailer is wrong' begin chunk:r3 ~-Content-Length '~+Content-Length: 3' chunk:other3 end
'Content-Length of the header is wrong' begin chunk:r4 '+Content-Length: 3' chunk:other4 end
'SHA-256 of the trailer is wrong' begin chunk:r5 '~+SHA-256: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef' chunk:other5 end
'SHA-256 of the header is wrong' begin chunk:r6 '+SHA-256: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef' chunk:other6 end
'two SHA-256 that differ' begin chunk:r7 '+SHA-256: {sha256}' '~+SHA-256: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef' end
'a header alone of a chunk that is not here' begin alone:r8 chunk:other8 end
'a header alone of another length' begin chunk:r9 alone:r9 '+Key: r9' ~-Content-Length '~+Content-Length: 3' end
'a header alone of another SHA-256' begin alone:r9 '+Key: r9' '+SHA-256: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef' end
'more than there is room for' begin chunk:r10 '+Content-Length: 999999999999999999' chunk:other10 end
'refused, then given up' begin chunk:r11 stamp:86500 ~ end
'refused, then broken' begin chunk:r12 stamp:86500 raw:x
'no room, then broken' begin chunk:r13 '+Content-Length: 999999999999999999' raw:x
'refused and cut off' begin chunk:r14 stamp:86500
E
cp "$T"/vectors/md5-collision-?.bin .
each <<'E'
'one of two blocks with the same MD5' begin file:md5-collision-a.bin '+Key: c' end
'the other one: a collision' begin file:md5-collision-b.bin '+Key: c' chunk:beside end
'the first one again' begin file:md5-collision-a.bin end
E
say 'the stored one is rotten: it is replaced'
m=$(md5sum <md5-collision-a.bin | cut -c 1-32)
f=store/md5/$(echo "$m" | cut -c 1-2)/$m
chmod 644 "$f"
echo rotten >"$f"
serve 'the other one: a collision'
cmp "$f" md5-collision-b.bin
cat store/.df/corrupt/"$m".*

echo '=== cut off'
python3 "$T/stream.py" <<'E'
whole begin chunk:cutme '+Key: cut' '+Content-Length: 5' end
nochunk begin
E
say 'anywhere before its last byte: reset; not a trace before the trailer is whole'
size=$(wc -c <whole)
i=0
(
  cd store || exit
  while [ "$i" -lt "$size" ]; do
    head -c "$i" ../whole | dfserve 2>/dev/null
    echo "exit $?, $(set -- key/*cut*; [ -L "$1" ] && echo $# || echo 0) stored"
    i=$((i + 1))
  done
) | uniq | sed '/ 1 stored/s/^/only the end mark is missing: /'
say 'all of it'
serve whole

echo '=== options'
say 'usage'
for words in -y 'x' '-x' '-t' '-t 0' '-t 86401' '-t 1s' '-t -1' '-r 1023' '-T 0' '-T x' \
  '-m' '-m x' '-m 1K' '-m 9223372036854775808' '-m 8388608T' '-s' '-s -1' \
  '-n 0' '-n 8193' '-c 0' '-c 100001'; do
  # shellcheck disable=SC2086
  (cd store && dfserve $words </dev/null 2>&1) >out
  echo "$words: $?"
done
tail -n 1 out
say 'the greatest ones'
serve whole -t 86400 -T 86400 -r 8388607T -m 8388607T -s 0 -n 8192 -c 100000
say 'usage comes before the store'
mkdir none
(cd none && dfserve -y </dev/null >/dev/null 2>&1; echo $?; ls -A)

say '-m: as large as that'
python3 "$T/stream.py" <<'E'
m begin fill:2048 chunk:small1 end
m1 begin fill:2049 chunk:small2 end
m2 begin fill:2049 '+Content-Length: 2049' end
E
serve m -m 2k
serve m1 -m 2k
serve m2 -m 2k
say '-s: more than the disk has'
python3 "$T/stream.py" <<'E'
s begin chunk:bytes chunk: chunk:more end
E
serve s -s 8000T
say 'a file may not become so large'
python3 "$T/stream.py" <<'E'
large begin fill:300000 chunk:small3 end
large1 begin fill:300000 '+Content-Length: 300000' chunk:small4 end
E
trap '' XFSZ
(ulimit -f 400; serve large; serve large1)
trap - XFSZ

say '-t: an idle client'
mkfifo fifo
python3 "$T/stream.py" <<'E'
part begin chunk:timed chunk:half open
rest raw:0:,0:, end
E
(cd store && dfserve -t 1 <>../fifo; echo $?) 2>&1 | norm
say '-t: idle in the middle of a chunk; the one before stays'
before=$(listing)
(
  exec 9<>fifo
  cat part >fifo
  (cd store && exec dfserve -t 1 <../fifo; echo $?) 2>&1 9>&- | norm
)
changes | sed -n 's/^new //p'
say '-t: between two chunks the client may be busy for longer'
python3 "$T/stream.py" <<'E'
part begin chunk:timed chunk:half
rest chunk:third end
E
{
  cat part
  timeout 1.5 tail -f /dev/null
  cat rest
} | (cd store && dfserve -t 1; echo $?) 2>&1 | norm

say '-c: streams of one address at a time'
# hold NAME N COMMAND...: runs it while NAME.0 to NAME.(N-1) are locked.
cat >hold <<'E'
import fcntl
import os
import sys
for i in range(int(sys.argv[2])):
    fd = os.open("store/.df/lock/%s.%d" % (sys.argv[1], i),
                 os.O_RDONLY | os.O_CREAT, 0o600)
    fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
pid = os.posix_spawnp(sys.argv[3], sys.argv[3:], os.environ)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
E
cat >one <<'E'
stream=$1
shift
cd store && dfserve "$@" <"../$stream"
echo $?
E
export TCPREMOTEIP=10.0.0.9 TCPREMOTEPORT=4711
python3 hold from-10.0.0.9 1 sh one whole -c 1 2>&1 | norm
python3 hold from-10.0.0.9 1 sh one whole -c 2 2>&1 | norm
python3 hold from-10.0.0.9 1 sh one whole 2>&1 | norm
python3 hold from-10.0.0.9 20 sh one whole 2>&1 | norm
python3 hold from-10.0.0.9 20 sh one whole -c 21 2>&1 | norm
say 'another address is served'
export TCPREMOTEIP=2001:db8::9
python3 hold from-10.0.0.9 20 sh one whole 2>&1 | norm
say 'of IPv6 the addresses of one /64 are counted together'
python3 hold from-2001:db8:: 1 sh one whole -c 1 2>&1 | norm
TCPREMOTEIP=2001:db8::1:2:3:4 python3 hold from-2001:db8:: 1 sh one whole -c 1 2>&1 |
  norm
TCPREMOTEIP=2001:db8:0:1::9 python3 hold from-2001:db8:: 1 sh one whole -c 1 2>&1 |
  norm
TCPREMOTEIP=::ffff:10.0.0.9 python3 hold from-10.0.0.9 1 sh one whole -c 1 2>&1 | norm
say 'an address that is none'
export TCPREMOTEIP=../../x
sh one whole 2>&1 | norm
say 'one that is not fit for a log line'
export TCPREMOTEIP='a
b'
sh one whole 2>&1 | norm
unset TCPREMOTEIP TCPREMOTEPORT

echo '=== targets'
# The relay of these cases leaves a mark in the store and says how it was run.
mkdir bin
cat >bin/dfrelay <<'E'
#!/bin/sh
fd0=$(readlink /proc/$$/fd/0) fd1=$(readlink /proc/$$/fd/1)
[ ! -e ../show ] || {
  env | sed '/^PWD=/d; /^ASAN/d; /^SAN=/d; /^_=/d; /^OLDPWD=/d' | cut -d = -f 1 | sort
  echo "$fd0 $fd1"
  tail -c +5 ".df/stream/$9/${10}.list" | od -An -tx1 -v | tr -d ' \n'
  echo
} >>shown
echo "$*" | sed 's/@[0-9a-f]*[.][0-9]*/STREAM/' >>mark
E
chmod 755 bin/dfrelay
PATH=$PWD/bin:$PATH
# marks: which relays were started.
marks() {
  echo "relays: $([ ! -e store/mark ] || sort store/mark)"
  rm -f store/mark
}
# rules LINE...: the target rules.
rules() {
  printf '%s\n' "$@" | tcprules targets.cdb targets.tmp
}
targets() {
  each "$@"
  marks
}

say 'nobody by default: not an entry of any kind'
targets <<'E'
'targets without rules' begin to:4=10.0.0.1=17478 to:6=2001:db8::1=17478 to:n=a.example=17478 chunk:targets end
E
say 'rules that are not there'
serve 'targets without rules' -x none.cdb
marks
say 'DFTARGETS is -x'
export DFTARGETS=none.cdb
serve 'targets without rules'
unset DFTARGETS
marks
say 'rules that are no cdb'
head -c 3000 /dev/zero | tr '\0' '\377' >garbage.cdb
: >empty.cdb
for f in garbage empty; do
  serve 'targets without rules' -x ../$f.cdb
  marks
done

say 'what rules allow; each target once, whatever the case of its name'
export TCPLOCALIP=10.0.0.7 TCPLOCALPORT=17478
rules 10.0.0.:allow 10.0.0.5:deny '10.0.1.1:allow,DFPORTS="1,4000"' \
  2001:db8::1:allow =a.example:allow '=b.example:allow,DFPORTS="5"'
targets -x ../targets.cdb <<'E'
'targets' begin to:4=10.0.0.1=17478 to:4=10.0.0.1=17478 to:4=10.0.0.1=17479 to:4=10.0.0.5=17478 to:4=10.0.1.1=17478 to:4=10.0.1.1=4000 to:4=10.0.1.1=1 to:4=10.0.1.2=17478 to:6=2001:db8::1=17478 to:6=2001:db8::2=17478 to:n=A.example=17478 to:n=a.Example=17478 to:n=b.example=5 to:n=b.example=17478 to:n=c.example=17478 chunk:allowed end
E
ls store/.df/commit | wc -l
say 'mapped IPv4 is IPv4'
targets -x ../targets.cdb <<'E'
'mapped' begin to:6=::ffff:10.0.0.2=17478 to:6=::ffff:10.0.0.5=17478 to:6=::ffff:10.9.0.5=17478 chunk:mapped end
E
say 'the host itself is skipped, without a word; on another port it is none'
targets -x ../targets.cdb <<'E'
'itself' begin to:4=10.0.0.7=17478 to:4=10.0.0.7=17479 chunk:itself end
E
say 'DFPORT stands in for TCPLOCALPORT'
rules :allow
unset TCPLOCALPORT
serve targets -x ../targets.cdb | grep -c 'port not allowed'
marks
export DFPORT=17479
targets -x ../targets.cdb <<'E'
'own port' begin to:4=10.0.0.1=17478 to:4=10.0.0.1=17479 chunk:ownport end
E
unset DFPORT TCPLOCALIP
export TCPLOCALPORT=17478

say 'a name goes by its own rule only'
rules :allow =:allow =.example:allow =example:allow a.example:allow =b.example:allow
targets -x ../targets.cdb <<'E'
'names' begin to:n=a.example=17478 to:n=b.example=17478 to:n=x.b.example=17478 to:n=b.example.=17478 to:n=localhost=17478 chunk:names end
E
say 'no instructions without a port of our own: none is allowed'
unset TCPLOCALPORT
rules :allow
targets -x ../targets.cdb <<'E'
'no own port' begin to:4=10.0.0.1=17478 chunk:noport end
E
export TCPLOCALPORT=17478

say 'spellings of forbidden targets: none is started'
rules 127.:deny 169.254.:deny ::1:deny fe80:deny fe80::1:deny :allow,DFPORTS='"17478"' \
  =good.example:allow
targets -x ../targets.cdb <<'E' | sed 's/^dfserve: given-up.*//'
'spellings in one list' begin to:4=127.0.0.1=17478 to:4=127.1.2.3=17478 to:4=127.255.255.255=17478 to:4=0.0.0.0=17478 to:4=169.254.169.254=17478 to:6=::1=17478 to:6=::=17478 to:6=::ffff:127.0.0.1=17478 to:6=::ffff:0.0.0.0=17478 to:6=::ffff:169.254.169.254=17478 to:6=fe80::1=17478 to:4=10.0.0.1=17479 to:4=10.0.0.1=22 to:4=10.0.0.1=80 to:6=::ffff:10.0.0.1=80 to:n=localhost=17478 to:n=LOCALHOST=17478 to:n=localhost.=17478 to:n=good.example.=17478 to:n=good.example=17479 to:n=GOOD.EXAMPLE=22 to:n=good.example.evil=17478 to:n=ip6-localhost=17478 to:n=0x7f000001=17478 to:n=0177.0.0.0x1=17478 to:n=127.0.0.1.=17478 to:n=127.0.0.1.nip.io=17478 to:n=metadata.google.internal=17478 to:n=a=17478 to:n=1.=17478 chunk:forbidden end
E
say 'spellings that break the list'
targets -x ../targets.cdb <<'E' | sed -n 's/.*: reset //p; /^relays/p; /^[0-9]/p; /^new/p'
'127.0.0.1 as a name' begin to:n=127.0.0.1=17478 chunk:f end
'127.1 as a name' begin to:n=127.1=17478 chunk:f end
'2130706433 as a name' begin to:n=2130706433=17478 chunk:f end
'0 as a name' begin to:n=0=17478 chunk:f end
'IPv6 as a name' begin to:n=::1=17478 chunk:f end
'IPv6 in brackets' begin to:n=[::1]=17478 chunk:f end
'a zone' begin to:n=fe80::1%eth0=17478 chunk:f end
'a name, a NUL' begin to:n=good.example\x00=17478 chunk:f end
'a NUL, a name' begin to:n=\x00good.example=17478 chunk:f end
'a name, a newline' begin to:n=good.example\n=17478 chunk:f end
'a name, a space' begin 'to:n=good.example =17478' chunk:f end
'an option' begin to:n=-T9=17478 chunk:f end
'a dot first' begin to:n=.good.example=17478 chunk:f end
'a user' begin to:n=root@good.example=17478 chunk:f end
'a path' begin to:n=good.example/x=17478 chunk:f end
'a port in the name' begin to:n=good.example:22=17478 chunk:f end
'underscore' begin to:n=_good.example=17478 chunk:f end
'high bytes' begin to:n=\xff\xfegood.example=17478 chunk:f end
'a command' begin 'to:n=$(touch x)=17478' chunk:f end
'port 0 of all' begin to:4=10.0.0.1=0 chunk:f end
E

say 'how a relay is run: -t, -T, list, environment, descriptors'
rules :allow
: >show
export DFHOST=h DFPORT=1 DFURL=u DFCLIENT=c DFTARGETS=t HOME=/ SECRET=s TCPREMOTEHOST=r
targets -x ../targets.cdb -t 7 -T 8 <<'E'
'run' begin id:00112233445566778899aabbccddeeff hex:0000001a040a00000144460000000f0000000b040a0000024446000000000000000b040a000003444600000000 chunk:run2 end
E
cat store/shown
rm show
unset DFHOST DFPORT DFURL DFCLIENT DFTARGETS HOME SECRET TCPREMOTEHOST

say 'no relay where nothing is left for it to do'
rules :allow
targets -x ../targets.cdb <<'E'
'no chunk' begin to:4=10.0.0.1=17478 end
'refused only' begin to:4=10.0.0.1=17478 chunk:norelay ~-Content-Length '~+Content-Length: 1' end
'given up only' begin to:4=10.0.0.1=17478 chunk:norelay ~ end
E
say 'the same MD5, Stamp and list: no new duties'
targets -x ../targets.cdb <<'E'
'first' begin to:4=10.0.0.1=17478 chunk:replay stamp:@400000006500000000000000 end
'again under another id' begin id:ffffffffffffffffffffffffffffffff to:4=10.0.0.1=17478 chunk:replay stamp:@400000006500000000000000 end
E
targets -x ../targets.cdb <<'E'
'another Stamp' begin to:4=10.0.0.1=17478 chunk:replay stamp:@400000006500000000000001 end
'another list' begin to:4=10.0.0.2=17478 chunk:replay stamp:@400000006500000000000000 end
E
say '-n: so many relays at a time; 4 of one target'
python3 hold relay 1 sh one first -x ../targets.cdb -n 1 2>&1 | norm
python3 "$T/stream.py" <<'E'
n begin to:4=10.0.0.3=17478 chunk:n end
n2 begin to:4=10.0.0.3=17478 chunk:n2 end
n3 begin to:4=10.0.0.3=17478 chunk:n3 end
n4 begin to:4=10.0.0.3=17478 chunk:n4 end
E
python3 hold relay 1 sh one n -x ../targets.cdb -n 1 2>&1 | norm
marks
python3 hold relay 64 sh one n2 -x ../targets.cdb 2>&1 | norm
marks
python3 hold relay 64 sh one n3 -x ../targets.cdb -n 65 2>&1 | norm
marks
python3 hold target-10.0.0.3:17478 4 sh one n4 -x ../targets.cdb 2>&1 | norm
marks
say 'no dfrelay to be found: the duty stays'
rm -rf store/.df/commit/*
mkdir bin2
for p in dfserve dfpublish; do
  ln -s "$T/../src/$p" bin2/
done
python3 "$T/stream.py" <<'E'
norelay begin to:4=10.0.0.4=17478 chunk:nobody end
E
(
  PATH=$PWD/bin2:/usr/bin:/bin:/usr/sbin:/sbin
  serve norelay -x ../targets.cdb
)
tail -c 2 store/.df/commit/*
echo

say 'a relay starts while the chunk still arrives'
rm -rf store/.df/commit/*
python3 "$T/stream.py" <<'E'
early begin to:4=10.0.0.5=17478 fill:70000 block:70000 '+Key: early' end
E
(
  exec 9<>fifo
  { (cd store && exec dfserve -x ../targets.cdb <../fifo 2>&1) | norm >log; } 9>&- &
  head -c 70500 early >&9
  until [ -s store/mark ]; do
    timeout 0.02 tail -f /dev/null
  done
  marks
  ls store/.df/commit store/key | grep -c -e @ -e early
  tail -c +70501 early >&9
  exec 9>&-
  wait
)
cat log
ls store/.df/commit store/key | grep -c -e @ -e early

echo '=== the same push twice'
i=0123456789abcdef0123456789abcdef
python3 "$T/stream.py" <<'E'
twin begin to:4=10.0.0.6=17478 fill:20000 '+Key: twin' end
twin2 begin to:4=10.0.0.8=17478 chunk:twin2 end
E
list=$(printf '\0\0\0\013\004\012\0\0\006\104\106\0\0\0\0' | md5sum | cut -c 1-32)
say 'the same list: the relays of the connection that came first have the duties'
echo "000000000000000000 $list FIRST" >"store/.df/id/$i"
flock "store/.df/id/$i" sh one twin -x ../targets.cdb 2>&1 | norm
marks
cat store/.df/commit/* | grep -a -c '5:FIRST,'
say 'another list: relays of its own'
flock "store/.df/id/$i" sh one twin2 -x ../targets.cdb 2>&1 | norm
marks
rm -f "store/.df/id/$i"

echo '=== the store'
for d in . md5 .df .df/commit; do
  say "$d may be written by others"
  chmod 777 "store/$d"
  serve whole
  chmod 775 "store/$d"
  serve whole
  chmod 755 "store/$d"
done
say 'it belongs to somebody else'
if [ "$(id -u)" = 0 ]; then
  chown 65534:65534 store
  serve whole
  chown 0:0 store
else
  (cd / && dfserve <"$OLDPWD/whole" 2>&1; echo $?) | norm
fi
say 'a link or a file where a directory should be'
mv store/md5 store/md5.real
ln -s md5.real store/md5
(cd store && dfserve <../whole; echo $?) 2>&1 | norm
rm store/md5
: >store/md5
(cd store && dfserve <../whole; echo $?) 2>&1 | norm
rm store/md5
mv store/md5.real store/md5
say 'nothing may be made in it'
mkdir open
user=
if [ "$(id -u)" = 0 ]; then
  chown 65534:65534 open
  user="setpriv --reuid 65534 --regid 65534 --clear-groups"
fi
chmod 555 open
cd open || exit
{ $user dfserve <../whole; echo $?; } 2>&1 | norm
ls -A
chmod 755 .
$user dfserve <../whole 2>&1 | norm
python3 "$T/stream.py" <<'E'
../next begin to:4=10.0.0.1=17478 chunk:next end
E
chmod 644 ../next ../targets.cdb
export TCPREMOTEIP=10.0.0.9
for d in .df/lock .df/stream .df/id .df/tmp md5 .df/commit; do
  say "$d may not be written"
  chmod 555 $d
  { $user dfserve -x ../targets.cdb <../next; echo $?; } 2>&1 | norm |
    sed '/^dfpublish: /d'
  chmod 755 $d
  find .df/stream .df/tmp .df/commit -type f
done
unset TCPREMOTEIP
cd ..

echo '=== descriptors'
for fd in 0 1 2; do
  say "$fd is closed"
  mkdir "closed$fd"
  (
    cd "closed$fd" || exit
    case $fd in
      0) dfserve <&- ;;
      1) dfserve <../whole >&- ;;
      2) dfserve <../whole 2>&- ;;
    esac
    echo $?
    ls -A
  )
done
say 'one that cannot be asked what it is'
python3 - <<'E'
import os
import subprocess

fd = os.open(".", os.O_PATH)
print(subprocess.run("dfserve", stdin=fd, stderr=1, cwd="store").returncode)
E
say 'a pipe and a socket of AF_UNIX promise nothing'
no_reset() {
  grep '^dfserve: no-reset' | sed 's/ [0-9]* / /; s/ 0 [0-9]* not / 0 MS not /'
}
(cd store && dfserve <../whole 2>&1) | no_reset
python3 - <<'E' | no_reset
import socket
import subprocess

a, b = socket.socketpair()
with open("whole", "rb") as f:
    a.sendall(f.read())
a.shutdown(socket.SHUT_WR)
subprocess.run("dfserve", stdin=b, stderr=1, cwd="store")
E

echo '=== how a connection ends'
# tcpserver -1 prints its port. When log has its end, nobody writes any more.
(
  cd store || exit
  exec sh -c 'echo $$ >../pid; exec tcpserver -1RHl0 127.0.0.1 0 dfserve' \
    2>&1 >../port
) | cat >log &
until [ -s port ]; do
  timeout 0.02 tail -f /dev/null
done
python3 "$T/stream.py" <<'E'
good begin chunk:tcp fill:3000000 end
refused begin chunk:tcp1 ~-Content-Length '~+Content-Length: 5' fill:3000001 end
broken begin chunk:tcp2 chunk:tcp3 -Host fill:3000002 end
after begin chunk:tcp4 end raw:x
cutoff begin chunk:tcp5
E
: >nothing
for s in good good refused broken after cutoff nothing; do
  echo "$s: $(python3 "$T/stream.py" -c "$(cat port)" "$s")"
done
kill "$(cat pid)"
wait
norm <log | sed -e 's/ 127.0.0.1:[0-9]* / 127.0.0.1:PORT /' \
  -e '/: reset/s/ - [0-9]* / - BYTES /'

echo '=== all that is here'
say 'every chunk is what its name says, every key leads to one'
cd store || exit
find md5 -type f | sed 's|^md5/../\(.*\)|\1  &|' | md5sum -c --quiet && echo good
find key -xtype l
say 'what is left below .df'
find .df/tmp .df/id ! -type d
