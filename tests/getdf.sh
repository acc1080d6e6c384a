# getdf: whichever host has the data, and however the others lie.
# once
. "$T/hosts.sh"
trap hosts_end EXIT

seq 100000 | head -c 300000 >data
md5=$(md5 data)
host 1
push 1 -k a/b -S -h 127.0.0.2 -b 127.0.0.3 -b 127.0.0.4 -t 3600 -o ticket <data
printf small | push 1 -k small -h 127.0.0.2 -b 127.0.0.3
push 1 -k none -h 127.0.0.2 </dev/null
until_true test -s h1/head/key/none
until_true idle 1
for n in 2 3 4; do
  mkdir "h$n"
  cp -R h1/head h1/key h1/md5 "h$n"
done
python3 "$T/webhosts.py" 127.0.0.2 127.0.0.3 127.0.0.4 \
  127.0.0.5- 127.0.0.6- >port &
servers="$servers $!"
until_true test -s port
DFURL="http://%h:$(cat port)/"
export DFURL

# hosts 2 3 4 are as the arguments say.
lies() {
  echo "$1" >is.2
  echo "${2-}" >is.3
  echo "${3-}" >is.4
  : >asked
}
# What was asked of whom, with short names.
asked() {
  sed "s|/key/a=2Fb|/KEY|; s|/../$md5|/MD5|" asked | tr '\n' ';'
  echo
  : >asked
}
# try ARGUMENT...: to a file.
try() {
  rm -f out
  getdf "$@" -o out
  echo $?
  [ ! -e out ] || cmp data out
}

echo '--- by key, MD5, ticket; to a file, a pipe, a regular file, at the end of one'
lies good
try -H 127.0.0.2 -k a/b
asked
DFHOST=127.0.0.3 try "$md5"
asked
try -t ticket
asked
try -t h1/head/key/a=2Fb
getdf -H 127.0.0.2 -k a/b | cmp - data
getdf -H 127.0.0.2 -k a/b >out
cmp out data
echo before >out
getdf -H 127.0.0.2 -k a/b >>out
(echo before && cat data) | cmp - out
getdf -H 127.0.0.2 -k none | wc -c
getdf -H 127.0.0.2 -k small
echo
getdf -u "http://127.0.0.2:$(cat port)/%h/.." -H 127.0.0.7 -k small
echo
umask 027
try -t ticket
stat -c %a out
umask 022

# where the first host of three has something wrong
wrong() {
  echo "- $*"
  lies "$@"
  try -H 127.0.0.2 -k a/b
  asked
}
echo '--- wrong data, length, ranges: the next host'
wrong flip
wrong flip 'status 500 Out of order'
wrong flip flip flip
wrong short
wrong long
wrong endless-data
wrong 'claims 300001'
wrong 'claims 5'
wrong 'claims 99999999999999999999'
wrong no-range

echo '--- what is no header: the next host'
also() {
  echo "- $*"
  lies "$@"
  try -H 127.0.0.2 -H 127.0.0.3 -k a/b
}
for lie in endless garbage heads continues 'status 206 Part' 'status 204 No' \
  'status 302 Found' 'status 410 Gone' 'to file:///etc/passwd'; do
  also "$lie"
done

echo '--- a download that is cut goes on with a Range, here or at the next host'
wrong 'cut 100000'
wrong 'cut 10000'
wrong 'once 100000'
wrong 'once 100000' other-range
wrong 'once 100000' no-range
wrong 'once 100000' short
wrong 'once 290000' flip
lies 'cut 0'
try -t ticket
asked

echo '--- headers that lie: of another chunk, another key, of other lengths'
head=h1/head/$(echo "$md5" | cut -c 1-2)/$md5
cp h1/head/key/small small
sed 's/^Key: .*/Key: other/' h1/head/key/a=2Fb >other
sed 's/^\(Content-Length: \).*/\1299999/' h1/head/key/a=2Fb >shorter
sed 's/^\(Content-Length: \).*/\1999999999999999999/' h1/head/key/a=2Fb >longer
sed 's/^\(SHA-256: \).*/\1'"$(sha256sum <small | cut -c 1-64)/" \
  h1/head/key/a=2Fb >sha
yes 'Backup-Host: 10.0.0.1' | head -c 20000 >huge
printf 'Key: a/b\0\n' >nul
for f in other shorter longer sha huge nul ticket /dev/null; do
  also "header $f"
done
lies 'header small'
try -H 127.0.0.2 -H 127.0.0.3 "$md5"
asked
lies 'header shorter' 'header sha'
try -t "$head"
sed 's/^TTL: .*/TTL: 0/' "$head" >old
try -t old
asked

echo '--- a wrong header leads nowhere where the ticket is right; a wrong ticket'
try -t sha
try -t shorter


echo '--- nowhere, and no such chunk anywhere that answered'
none=00000000000000000000000000000000
lies
try -H 127.0.0.2 -H 127.0.0.3 "$none"
try -H 127.0.0.2 -H 127.0.0.5 "$none"
try -H 127.0.0.2 -k a/c
lies 'status 404 No' 'status 410 No'
try -H 127.0.0.2 -H 127.0.0.3 -k a/b
lies 'status 404 No' 'status 503 No'
try -H 127.0.0.2 -H 127.0.0.3 -k a/b
try -H 127.0.0.5 -H 127.0.0.6 -k a/b
asked
lies 'status 404 No' 'status 404 No' 'status 404 No'
try -t ticket

echo '--- each host once, those of -H first; -e: no others'
lies 'status 500 No'
try -H 127.0.0.4 -H 127.0.0.4 -H 127.0.0.2 -t ticket
asked
lies flip flip flip
try -H 127.0.0.4 -H 127.0.0.3 -H 127.0.0.3 -k a/b
asked
try -e -H 127.0.0.4 -H 127.0.0.3 "$md5"
asked
try -e -H 127.0.0.4 -t ticket
asked
lies '' 'status 404 No'
try -H 127.0.0.3 -H 127.0.0.2 -k a/b
asked

echo '--- redirects: not without -L, and to http and https only'
lies "moved http://127.0.0.4:$(cat port)"
try -e -H 127.0.0.2 "$md5"
asked
try -L -e -H 127.0.0.2 "$md5"
asked
for to in "file:$PWD/$head" ftp://127.0.0.4/x "http://127.0.0.2:$(cat port)/"; do
  lies "to $to"
  try -L -e -H 127.0.0.2 -f "$md5" 2>&1 | sed 's/[0-9]*"/"/'
done

echo '--- TTL: the header is looked up anew; nobody answers: the old one'
sed 's/^TTL: .*/TTL: 0/; /^Host/d; /^Backup-Host/d; s/^Stamp.*/&\nHost: 127.0.0.4/' \
  ticket >old
lies
try -t old
asked
lies '' '' 'status 404 No'
try -H 127.0.0.3 -t old
asked
lies '' '' 'status 500 No'
try -t old
asked
sed 's/^Host: .*/Host: 127.0.0.5/' old >older
try -t older

echo '--- a life that is over: not without -f'
sed 's/^Stamp: .*/Stamp: @400000006553f10a00000000/; s/^TTL.*/Cache-Time: 5/' \
  ticket >over
try -t over
asked
try -f -t over
sed 's/^Cache.*/&\nTTL: 1000/' over >both
try -t both # an old ticket: the life is that of the newer header
asked
lies '' '' "status 404 No"
sed 's/^Stamp: .*/Stamp: @400000006553f10a00000000/; s/^TTL.*/Cache-Time: 5/' \
  "$head" >late
lies 'header late'
try -H 127.0.0.2 "$md5"
asked
try -H 127.0.0.2 -H 127.0.0.3 "$md5"
asked
try -f -H 127.0.0.2 "$md5"
lies 'header late' 'status 404 No'
try -H 127.0.0.2 -H 127.0.0.3 "$md5"
lies 'header late' 'status 500 No'
try -H 127.0.0.2 -H 127.0.0.3 "$md5"
lies

echo '--- a size'
try -m 299999 -t ticket
try -m 299999 -H 127.0.0.2 -k a/b
try -m 300000 -H 127.0.0.2 -k a/b

echo '--- to a pipe: 1 MiB is held back; what has left and is wrong is said to be'
cat data data data data >big
big=$(md5 big)
push 1 -k big -h 127.0.0.2 -b 127.0.0.3 <big
until_true test -s h1/head/key/big
until_true idle 1
for n in 2 3 4; do
  cp -R h1/head h1/md5 "h$n"
done
into() {
  { getdf "$@"; echo $? >&2; } | md5sum | sed "s/$big/right/"
  asked | sed "s|/../$big|/MD5|g"
}
lies flip
into -H 127.0.0.2 -k a/b | sed "s/$md5/right/"
into -H 127.0.0.2 -k big
lies 'once 1100000'
into -H 127.0.0.2 -k big
lies 'once 1100000' short 'status 404 No'
into -H 127.0.0.2 -k big
lies long
into -H 127.0.0.2 -k big
lies 'once 1100000' other-range
into -H 127.0.0.2 -k big | sed 's/^[0-9a-f]* .*-$/cut/'
echo '- a regular file: all is taken back'
echo before >out
lies flip flip
getdf -H 127.0.0.2 -k big >>out
echo $?
cat out
lies flip
getdf -H 127.0.0.2 -k big >out
md5 out | sed "s/$big/right/"
head -c 2000000 /dev/zero >out
lies flip
getdf -H 127.0.0.2 -k big 1<>out
echo $?
stat -c %s out
lies

echo '--- what is there stays until all is right, and nothing is left over'
mkdir o
cd o
echo old >out
echo flip >../is.2
getdf -e -H 127.0.0.2 -k a/b -o out
echo $?
cat out
ls
ln -s out link
for o in link . none/out ''; do
  getdf -H 127.0.0.2 -k a/b -o "$o"
  echo $?
done
echo 'stall 1000' >../is.2
: >../asked
getdf -e -H 127.0.0.2 -k a/b -o out &
until_true grep -q md5/ ../asked
until_true eval 'ls out.* >/dev/null'
kill $!
wait $! 2>/dev/null
echo $?
ls
cat out
cd ..
lies

echo '--- output that fails'
getdf -H 127.0.0.2 -k a/b >/dev/full
echo $?
{ getdf -H 127.0.0.2 -k big; echo $? >&2; } | true
(ulimit -f 100; getdf -H 127.0.0.2 -k a/b -o out)
echo $?
ls out.* 2>/dev/null
getdf -H 127.0.0.2 -k a/b >&-
echo $?

echo '--- usage'
use() {
  getdf "$@"
  echo $?
}
use 2>&1 | head -c 14
use "$md5" "$md5"
use -k a "$md5"
use -k a -t ticket
use -H 127.0.0.2 -w 0 -k a/b
use -H 127.0.0.2 -T 86401 -k a/b
use -H 127.0.0.2 -r 1023 -k a/b
use -H 127.0.0.2 -m x -k a/b
use -H 127.0.0.2 "$(echo "$md5" | tr a-f A-F)x"
use -H 127.0.0.2 -k ' a'
use -H 127.0.0.2 -k ''
use -H '-x' -k a
use -H '127.1' -k a
use -H 'a/b' -k a
use -k a
DFHOST=a/b getdf -k a
use -e -t ticket
use -u 'file://%h/' -H 127.0.0.2 -k a
use -u 'http://127.0.0.1/' -H 127.0.0.2 -k a
use -t none
use -t data
use -t .
head -n 1 ticket >bad
use -t bad
use -t small <small
getdf -H 127.0.0.2 -t /dev/stdin <ticket | cmp - data
env -u DFURL getdf -T 1 -H 127.0.0.77 -k a 2>&1 | sed -n 's/77: .*/77/p'
