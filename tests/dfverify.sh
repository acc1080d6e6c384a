# dfverify: what is corrupt or missing goes at once, and comes back from a host
# that the rules allow.
# once
# waits
. "$T/hosts.sh"
trap hosts_end EXIT
seq 100000 | head -c 300000 >data
md5=$(md5 data)
file=md5/$(echo "$md5" | cut -c 1-2)/$md5
host 1
push 1 -k a/b -S -h 127.0.0.2 -b 127.0.0.3 -b 127.0.0.4 <data
printf small | push 1 -k small -h 127.0.0.2
printf other | push 1 -k other -h 127.0.0.1 -c 9999999
until_true test -s h1/head/key/other
until_true idle 1
for n in 2 3 4; do
  mkdir "h$n"
  cp -R h1/head h1/key h1/md5 "h$n"
done
python3 "$T/webhosts.py" 127.0.0.2 127.0.0.3 127.0.0.4 127.0.0.5- 127.0.0.6- \
  >port &
servers="$servers $!"
until_true test -s port
DFURL="http://%h:$(cat port)/"
DFHOST=127.0.0.1
DFTARGETS=../allowed.cdb
export DFURL DFHOST DFTARGETS
printf '127.0.0.3:allow,DFPORTS="1"\n127.0.0.4:allow\n127.0.0.2:deny\n' |
  tcprules allowed.cdb allowed.tmp
echo good | tee is.2 is.3 >is.4
: >asked

say() {
  echo "--- $1"
}
verify() {
  (cd h1 && timeout 60 dfverify -1 "$@" 2>&1; echo $?) | sed -e '/^getdf: /d' \
    -e 's/^\(dfverify: [a-z]*\) [0-9]* \(- [-0-9a-f]* [0-9]*\) [0-9]*/\1 \2/'
}
asked() {
  sed "s|/../$md5|/MD5|" asked | tr '\n' ';'
  echo
  : >asked
}
rot() {
  chmod 644 "h1/$file"
  printf X | dd of="h1/$file" bs=1 seek=1000 conv=notrunc status=none
  chmod 444 "h1/$file"
}
# What there is of the large chunk.
state() {
  jq -r --arg m "$md5" '.chunks[] | select(.md5 == $m) | "index"' h1/index.json
  cat h1/delta/* | jq -r --arg m "$md5" 'select(.md5 == $m) | .gone // "record"'
  [ ! -L h1/key/a=2Fb ] || echo link
  [ ! -e h1/head/key/a=2Fb ] || echo ticket
  cmp "h1/head/${file#md5/}" header && echo header
  cmp "h1/$file" data && echo data
  find h1/.df/going h1/.df/corrupt h1/.df/verify -mindepth 1 ! -type d \
    -printf '%P %l\n' | sed 's/@[0-9a-f]*/LABEL/'
}
sound() {
  python3 -B "$T/crash/checkstore.py" h1 --recovered --gone "$@" &&
    echo "the store is sound"
}
cp "h1/head/${file#md5/}" header

say usage
for a in -x '-r x' '-1 more'; do
  # shellcheck disable=SC2086
  verify $a
done

say 'all is good'
verify
sound

say 'corrupt: from the first host that the rules allow'
rot
verify
state 2>/dev/null | tr '\n' ' '
asked
sound
rm h1/.df/corrupt/*

say 'missing'
rm "h1/$file"
verify
state 2>/dev/null | tr '\n' ' '
asked
sound

say 'shorter'
chmod 644 "h1/$file"
truncate -s 299999 "h1/$file"
chmod 444 "h1/$file"
verify
sound
rm h1/.df/corrupt/*
: >asked

say 'no host gives a good copy: it stays away'
echo flip | tee is.3 >is.4
rot
verify
state 2>/dev/null | tr '\n' ' '
asked
sound
verify
: >asked
say 'until one does'
echo good >is.4
verify
state 2>/dev/null | tr '\n' ' '
asked
sound
rm h1/.df/corrupt/*

say 'no rules: nobody is asked'
rot
DFTARGETS='' verify -x ../none.cdb
(unset DFTARGETS && verify)
asked
say 'a push brings it again, with its keys'
push 1 -k c <data
until_true test -L h1/key/c
until_true idle 1
ls h1/key
cmp "h1/$file" data
sound
rm h1/.df/corrupt/*
cp "h1/head/${file#md5/}" header
say 'its keys are of the pushes that they were of'
cp h1/head/key/a=2Fb ticket
push 1 -k newer <data
until_true test -L h1/key/newer
until_true idle 1
rot
verify | tail -n 1
cmp h1/head/key/a=2Fb ticket && readlink h1/key/a=2Fb
sound
rm h1/.df/corrupt/*
: >asked
cp "h1/head/${file#md5/}" header

say 'nothing is set aside that the index still names'
mkdir fake
real=$PATH
PATH=$PWD/fake:$PATH
cat >fake/dfpublish <<'X'
#!/bin/sh
case $(find .df/going/asked -type l -printf %l) in
corrupt) [ ! -e ../fails.corrupt ] || exit 111 ;;
back) [ ! -e ../fails.back ] || exit 111 ;;
esac
PATH=${PATH#*:}
exec dfpublish "$@"
X
chmod 755 fake/dfpublish
echo good >is.3
rot
: >fails.corrupt
verify
state 2>/dev/null | tr '\n' ' '
rm fails.corrupt
say 'nor called good before it is public'
: >fails.back
verify
verify
rm fails.back
verify
state 2>/dev/null | tr '\n' ' '
PATH=$real
sound
rm h1/.df/corrupt/*
: >asked

say 'whose life is over is not fetched'
printf gone >gone
gone=$(md5 gone)
push 1 -k gone -c 1 -h 127.0.0.3 <gone
until_true test -L h1/key/gone
until_true idle 1
rm "h1/md5/$(echo "$gone" | cut -c 1-2)/$gone"
ends=$(($(date +%s) + 3))
until_true eval '[ "$(date +%s)" -ge $ends ]'
verify
: >asked
(cd h1 && dfexpire -1 -w 0 2>/dev/null; echo $?)
find h1 -name "*$gone*"
sound

say 'it goes on where it was'
echo "$(date +%s) $md5" >h1/.df/verified
verify | sed 's/.* \([0-9]* chunks,\)/\1/'
verify | sed 's/.* \([0-9]* chunks,\)/\1/'
echo nonsense >h1/.df/verified
verify | sed 's/.* \([0-9]* chunks,\)/\1/'

say 'at a bounded rate'
(cd h1 && dfverify -1 -r 200k 2>&1) | awk '{ if ($6 < 1000) print "too fast:", $0 }'

say 'it waits while dfpublish is at work'
rot
exec 9<h1/.df/lock/publish
flock 9
(exec 9<&- && verify >waited) &
waiter=$!
inode=$(stat -L -c %i /proc/self/fd/9)
until_true grep -q -- "-> FLOCK .*:$inode " /proc/locks
find h1/.df/going -mindepth 2
exec 9<&-
wait "$waiter"
cat waited
asked
rm h1/.df/corrupt/*

say 'one at a time'
(flock 9 && cd h1 && dfverify -1 2>&1; echo $?) 9>h1/.df/lock/verify

say 'under supervise: it looks at once'
rot
rm h1/.df/verified
(cd h1 && exec dfverify 2>../log) &
pid=$!
servers="$servers $pid"
until_true grep -q ': pass ' log
kill $pid
sed 's/^\(dfverify: [a-z]*\).*/\1/' log | grep -v getdf
sound
