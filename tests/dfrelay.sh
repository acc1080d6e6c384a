# dfrelay: what it runs, what it notes and logs of success and failure. The
# commits and orders are dfserve's; the client is a script.

id=0123456789abcdef0123456789abcdef

say() {
  echo "--- $1"
}

norm() {
  sed 's/^\(df[a-z]*: [a-z-]*\) [0-9]* \([^ ]* [^ ]* [0-9]*\) [0-9]*/\1 \2/'
}

python3 "$T/stream.py" <<'E'
one begin to:4=10.0.0.1=17478 to:6=2001:db8::1=17478 to:n=a.example=17478 chunk:one '+Key: k1' end
two begin id:00112233445566778899aabbccddeeff to:4=10.0.0.1=17478 chunk:two chunk:three end
E
mkdir bin store store/saved
PATH=$PWD/bin:$PATH
here=$PWD

# The relay that dfserve starts keeps the stream's directory for later.
cat >bin/dfrelay <<'E'
#!/bin/sh
until grep -q '^end' ".df/stream/$9/orders"; do
  timeout 0.02 tail -f /dev/null
done
mkdir "saved/$9" 2>/dev/null
cp ".df/stream/$9/${10}.list" "saved/$9/"
cp ".df/stream/$9/orders" "saved/$9/"
E
chmod 755 bin/dfrelay
printf '%s\n' :allow =a.example:allow | tcprules t.cdb t.tmp
serve() {
  (cd store && TCPLOCALPORT=17478 dfserve -x ../t.cdb <"../$1" 2>&1) | cat >/dev/null
}
serve one
one=$(ls store/saved)
serve two
two=$(ls store/saved | grep -v "$one")
rm bin/dfrelay
mv store/saved .

# The client: says how it was run, then goes on with dfsend, or fails.
cat >bin/client <<'E'
#!/bin/sh
echo "$*" >>../ran
echo "$REPLICATE_FN" | sed 's|@[^/]*|STREAM|' >>../ran
while [ "$1" != dfsend ]; do
  shift
done
[ ! -e ../fails ] || . ../fails
exec "$@" 6</dev/null 7>../out
E
chmod 755 bin/client
DFCLIENT=client
export DFCLIENT

# relay STREAM NUMBER HOST PORT [OPTION...]
relay() {
  s=$1 n=$2 h=$3 p=$4
  shift 4
  rm -f ran
  cp -r "saved/$s" store/.df/stream/
  { (cd store && dfrelay "$@" -i $id \
    "$s" "$n" "$h" "$p"; echo $?) 2>&1; } | norm | sed "s/$s/STREAM/"
  [ ! -e ran ] || sed "/$id/!s/ -i [0-9a-f]\{32\}\$/ -i ANOTHER/" ran
  ls store/.df/stream | sed 's/.*/left: a stream/'
}

# duties STREAM: chunks' flags, then each target's duties; what is tried in vain.
duties() {
  f=$(ls store/.df/commit/"$1".* 2>/dev/null)
  if [ -n "$f" ]; then
    tail -c +"$(($(head -c 37 "$f" | tail -c 12 | sed 's/^0*//') + 1))" "$f"
    echo
  else
    echo settled
  fi
  (cd store/.df/try && grep -H . ./* 2>/dev/null)
}

say 'before: two commits'
ls store/.df/commit | wc -l
duties "$one"
duties "$two"

say 'a failure leaves the duty; it is counted'
echo 'echo client: fatal: no way >&2; exit 7' >fails
relay "$one" 0 10.0.0.1 17478
duties "$one"
say 'what the client says last counts; -t, -T and the words of DFCLIENT'
echo 'echo first >&2; echo "second line" >&2; exit 1' >fails
DFCLIENT='client  a -b c' relay "$one" 1 2001:db8::1 17478 -t 7 -T 8
duties "$one"
say 'it says nothing'
echo 'exit 1' >fails
relay "$one" 0 10.0.0.1 17478
duties "$one"
say 'it is killed'
echo 'kill -KILL $$' >fails
relay "$one" 0 10.0.0.1 17478
say 'it exits 99: once more, as another stream'
echo 'exit 99' >fails
relay "$one" 0 10.0.0.1 17478
say 'what it says is long, and not fit for a log line'
echo 'printf "x: fatal: \001%0300d\n" 0 >&2; exit 1' >fails
relay "$one" 0 10.0.0.1 17478
say 'it is not there'
rm fails
DFCLIENT=./none relay "$one" 0 10.0.0.1 17478
say 'dfsend fails'
echo 'exec "$@" 6</dev/null 7>/dev/full' >fails
relay "$one" 0 10.0.0.1 17478
rm fails
say 'it has the same words when it is run once more'
echo 'exit 99' >fails
DFCLIENT='client a' relay "$one" 0 10.0.0.1 17478
rm fails
say 'without DFCLIENT: tcpclient'
cp bin/client bin/tcpclient
unset DFCLIENT
relay "$one" 2 A.EXAMPLE 17478 -T 86400
duties "$one" | head -n 1
rm bin/tcpclient
DFCLIENT=client
export DFCLIENT

say 'success notes the duty of this target, and forgets its failures'
relay "$one" 0 10.0.0.1 17478
duties "$one"
python3 "$T/readstream.py" -n <out
say 'again: nothing is left to note'
relay "$one" 0 10.0.0.1 17478
say 'the list of the target is sent: there is none after these'
od -An -c "saved/$one/0.list"
say 'the others: then the commit is settled'
relay "$one" 1 2001:db8::1 17478
relay "$one" 2 a.example 17478
duties "$one"
say 'two chunks at once'
relay "$two" 0 10.0.0.1 17478
duties "$two"
say 'the commit has gone'
relay "$two" 0 10.0.0.9 17478
say 'a chunk could not be sent: nothing is noted'
python3 "$T/stream.py" <<'E'
three begin to:4=10.0.0.1=17478 chunk:gone end
E
cat >bin/dfrelay <<'E'
#!/bin/sh
until grep -q '^end' ".df/stream/$9/orders"; do
  timeout 0.02 tail -f /dev/null
done
cp -r ".df/stream/$9" three
E
chmod 755 bin/dfrelay
serve three
mv store/three saved/
rm bin/dfrelay
rm store/md5/*/"$(printf gone | md5sum | cut -c 1-32)"
relay three 0 10.0.0.1 17478
tail -c 2 store/.df/commit/*
echo

say 'usage'
cd store || exit
for words in '' 's 0 h 1' "-i $id" "-i $id s 0 h" "-i $id s 0 h 1 x" \
  "-i 0 s 0 h 1" "-i $id -t 0 s 0 h 1" "-i $id -r 1 s 0 h 1" \
  "-i $id -T x s 0 h 1" "-i $id -n 0 s 0 h 1" "-x -i $id s 0 h 1" \
  "-i $id ../s 0 h 1" "-i $id .s 0 h 1" "-i $id s -1 h 1" "-i $id s 8193 h 1" \
  "-i $id $(printf %048d 0) 0 h 1"; do
  # shellcheck disable=SC2086
  dfrelay $words >../err 2>&1
  echo "$words: $?"
done
cat ../err
say 'a bad target'
for words in 'h 0' '-h 1' '127.1 1' 'h x' 'h 65536' '[::1] 1' 'fe80::1%eth0 1' \
  'a/b 1'; do
  # shellcheck disable=SC2086
  dfrelay -i $id -- s 0 $words
  echo $?
done
dfrelay -i $id -- s 0 "$(printf %0300d 0)" 1
echo $?
say 'DFCLIENT is too long'
DFCLIENT=$(printf '%04096d' 1) dfrelay -i $id s 0 h 1
echo $?
say 'no such stream'
dfrelay -i $id s 0 h 1
echo $?
for fd in 0 1 2; do
  case $fd in
    0) dfrelay -i $id s 0 h 1 <&- ;;
    1) dfrelay -i $id s 0 h 1 >&- ;;
    2) dfrelay -i $id s 0 h 1 2>&- ;;
  esac
  echo "$fd closed: $?"
done
say 'no dfpublish to be found'
cd "$here" || exit
mkdir bin2
ln -s "$T"/../src/dfrelay bin2/
echo 'exit 1' >fails
PATH=$here/bin:$here/bin2:/usr/bin:/bin relay three 0 10.0.0.1 17478
