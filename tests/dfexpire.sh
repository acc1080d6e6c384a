# dfexpire: chunks whose life is over go, in order; those that are held stay, and
# a push wins.
# once
D=$PWD
(cd "$T/.." && ./compile -c -o "$D/mkcommit.o" tests/mkcommit.c &&
  ./load "$D/mkcommit" "$D/mkcommit.o" src/libdf/libdf.a) || exit
export DFHOST=10.0.0.1
mkdir s

say() {
  echo "--- $1"
}
md5() {
  printf %s "$1" | md5sum | cut -d ' ' -f 1
}
# commit NAME DATA LINE...: as dfserve leaves it; $to is a target.
commit() {
  name=$1 data=$2
  shift 2
  printf %s "$data" >data
  printf '%s\n' "$@" 'Host: h' >header
  grep -q '^Stamp' header || echo "Stamp: $(date | tai64)" >>header
  (cd s && ../mkcommit ${to:+-t "$to"} "$name" "$(date | tai64)" ../header ../data)
}
tai64() {
  printf '@%x%08x' "$((0x4000000000000000 + 10 + $(date +%s) + ${ahead:-0}))" 0
}
old='Stamp: @400000006a00000000000000'
expire() {
  (cd s && timeout 60 dfexpire "$@" 2>&1; echo $?) |
    sed 's/^\(dfexpire: [a-z]*\) [0-9]* \(- [0-9a-f]* [0-9]*\) [0-9]*$/\1 \2/'
}
# state DATA: where it is.
state() {
  m=$(md5 "$1")
  d=$(echo "$m" | cut -c 1-2)
  (
    cd s || exit
    jq -r --arg m "$m" '.chunks[] | select(.md5 == $m) | "index"' index.json
    cat delta/* | jq -r --arg m "$m" 'select(.md5 == $m) | .gone // "record"'
    find key head/key -mindepth 1 ! -name key -exec grep -l "$m" {} + 2>/dev/null |
      sort
    [ ! -e "head/$d/$m" ] || echo header
    [ ! -e "md5/$d/$m" ] || echo data
    (cd .df/going && find . -name "$m" -printf '%h %l\n')
  ) | tr '\n' ' '
  echo
}
sound() {
  python3 -B "$T/crash/checkstore.py" s --recovered --gone "$@" &&
    echo "the store is sound"
}
# age SECONDS: so long ago what is unlisted was.
age() {
  find s/.df/going/unlisted -type l -exec touch -h -d "$1 seconds ago" {} +
}

say 'usage'
for a in -x '-w x' -w-1 '-w 86401' '-1 more' -d; do
  # shellcheck disable=SC2086
  expire $a
done
expire -d ../../etc/passwd
expire -d "$(md5 none)"

say 'an empty store'
expire -1
sound

say 'a chunk whose life is over: its record goes, then the rest'
commit a.1.0 one 'Key: k1' "$old" 'Cache-Time: 10'
commit b.1.0 stays 'Key: k2'
(cd s && dfpublish)
expire -1
state one
age 59
expire -1
state one
age 62
expire -1
state one
state stays
sound

say 'at once'
commit a.1.0 two 'Key: k1' "$old" 'Cache-Time: 10'
expire -1 -w 0
state two
sound

say 'the last second of a life still counts'
ahead=-100
commit a.1.0 alive 'Key: alive' "Stamp: $(tai64)" 'Cache-Time: 10000'
ahead=
(cd s && dfpublish)
expire -1 -w 0
state alive

say 'not while a duty is open; and once it is given up'
to=10.0.0.2:1
commit c.1.0 owed "$old" 'Cache-Time: 10'
to=
(cd s && dfpublish)
expire -1 -w 0
expire -d "$(md5 owed)"
state owed
sed 's/T$/X/' s/.df/commit/c.1.0 >x && cat x >s/.df/commit/c.1.0
expire -1 -w 0
state owed
(cd s && dfretry -d 10.0.0.2:1 2>/dev/null; ls .df/commit)
sound

say 'not while a commit is not published'
commit a.1.0 new "$old" 'Cache-Time: 10'
(cd s && dfpublish)
commit d.1.0 new "$old" 'Cache-Time: 10'
cat >dfpublish <<'X'
#!/bin/sh
X
chmod 755 dfpublish
real=$PATH
PATH=$D:$PATH
expire -1 -w 0
PATH=$real
state new
expire -1 -w 0
state new

say 'it waits while dfpublish is at work'
commit a.1.0 due "$old" 'Cache-Time: 10'
(cd s && dfpublish)
exec 9<s/.df/lock/publish
flock 9
(exec 9<&- && expire -d "$(md5 due)" >waited) &
inode=$(stat -L -c %i /proc/self/fd/9)
end=$(($(date +%s) + 60))
until grep -q -- "-> FLOCK .*:$inode " /proc/locks; do
  [ "$(date +%s)" -lt "$end" ] || break
  timeout 0.03 tail -f /dev/null || :
done
state due
exec 9<&-
wait
cat waited
state due

say 'a push in between: its record comes back'
commit a.1.0 again 'Key: again' "$old" 'Cache-Time: 10'
expire -1
state again
commit e.1.0 again 'Key: too' 'Cache-Time: 10000'
(cd s && dfpublish)
state again
expire -1 -w 0
state again
sound

say 'the same when its keys and header are gone already, or about to go'
commit a.1.0 late 'Key: late' "$old" 'Cache-Time: 10'
expire -1
m=$(md5 late)
(cd s/.df/going && mv "unlisted/$m" out/)
commit e.1.0 late 'Key: later' 'Cache-Time: 10000'
(cd s && dfpublish)
state late
expire -1 -w 0
state late

say 'a key that another chunk has taken stays'
commit a.1.0 first 'Key: shared' "$old" 'Cache-Time: 10'
commit b.1.0 second 'Key: shared' 'Cache-Time: 10000'
expire -1 -w 0
state first
state second

say 'removed by its owner'
expire -d "$(md5 stays)"
state stays
expire -d "$(md5 stays)"
sound

say 'what dfpublish -r makes anew does not come back'
commit a.1.0 anew 'Key: anew' "$old" 'Cache-Time: 10'
expire -1
(cd s && dfpublish -r)
state anew
rm -r s/.df/expire
(cd s && dfpublish)
expire -1 -w 0
state anew
commit a.1.0 anew2 'Key: anew' "$old" 'Cache-Time: 10'
(cd s && dfpublish && rm -r .df/expire && dfpublish)
expire -1 -w 0
state anew2
sound

say 'a reader that polls'
commit f.1.0 polled 'Key: polled' 'Cache-Time: 2'
(cd s && dfpublish && python3 -B "$T/polled.py" "$(md5 polled)" polled \
  dfexpire -w 0) 2>&1 | grep -v '^dfexpire: [a-z]* [0-9]'
(cd s && dfexpire -1 2>/dev/null) # its mark may be left
sound

say 'dfpublish fails'
commit a.1.0 stuck "$old" 'Cache-Time: 10'
(cd s && dfpublish)
cat >dfpublish <<'X'
#!/bin/sh
exit 111
X
PATH=$D:$PATH
expire -1 -w 0
PATH=$real
state stuck
expire -1 -w 0
state stuck
sound

say 'of many chunks, one of which is due, few are looked at'
mkdir t
cd t || exit
for i in $(seq 300); do
  printf 'Key: k%d\nHost: h\nStamp: @400000006a00000000000000\n' "$i" >../header
  printf 'Cache-Time: 99999%d\n' "$((1000 + i))" >>../header
  printf '%d' "$i" >"../data$i"
  cp ../header "../h$i"
  set -- "$@" "../h$i" "../data$i"
done
printf 'Host: h\nStamp: @400000006a00000000000000\nCache-Time: 5\n' >../header
../mkcommit m.1.0 @400000006a00000000000000 "$@" ../header ../data
dfpublish
strace -qq -e trace=openat,open,readlink,access,stat,newfstatat,lstat -o ../trace \
  dfexpire -1 -w 0 2>/dev/null
jq .chunks status.json
[ "$(grep -c 'head/../' ../trace)" -lt 6 ] || grep 'head/../' ../trace
[ "$(wc -l <../trace)" -lt 250 ] || wc -l ../trace
