# Who must not get what: keys as paths, replay, amplification, links in the store,
# lengths from the wire, inherited things. tests/README says which threat is
# shown where.

say() {
  echo "--- $1"
}

norm() {
  sed -e '/^dfserve: no-reset /d' \
    -e 's/^\(df[a-z]*: [a-z-]*\) [0-9]* \([^ ]* [^ ]* [0-9]*\) [0-9]*/\1 \2/'
}

# serve STREAM [OPTION...]: to the store: the log and the exit code.
serve() {
  stream=$PWD/$1
  shift
  { (cd "$store" && dfserve "$@" <"$stream"; echo $?) 2>&1; } | norm
}

# state DIR [-path X -prune -o]: every name there, with its bytes and times.
state() {
  find "$@" -printf '%p %y %s %T@ %C@ %l\n' | sort
  find "$@" -type f -exec md5sum {} + | sort
}

store=around/a/store
mkdir -p around/a/store around/b
echo canary >around/canary
echo canary >around/a/canary
ln -s b around/a/link
TCPLOCALPORT=17478 DFHOST=10.0.0.1
export TCPLOCALPORT DFHOST

echo '=== keys as paths'
python3 "$T/stream.py" <<'E'
paths begin chunk:1 '+Key: ..' chunk:2 '+Key: .' chunk:3 '+Key: /' chunk:4 '+Key: ../../canary' chunk:5 '+Key: /etc/passwd' chunk:6 '+Key: a/../../../canary' chunk:7 '+Key: ....//....//canary' chunk:8 '+Key: .df/commit/x' chunk:9 '+Key: ~/x' chunk:10 '+Key: $(touch x)`touch y`' chunk:11 '+Key: %2e%2e%2fcanary' chunk:12 '+Key: =2E=2E=2Fcanary' chunk:13 '+Key: ..\\..\\canary' chunk:14 '+Key: \xc0\xae\xc0\xae\xc0\xaf\xff\xfe' chunk:15 '+Key: -rf' chunk:16 '+Key: *' chunk:17 '+Key: a/' chunk:18 '+Key: key/../../x' chunk:19 '+Key: \xed\xa0\x80' chunk:20 '+Key: ../../link/x' chunk:21 key:255 chunk:22 key:256 chunk:23 '+Key: ..;id' end
nul begin chunk:24 '+Key: a\x00/../b' end
newline begin chunk:24 '+Key: a\n../b' end
carriage begin chunk:24 '+Key: ..\r' end
long begin chunk:24 key:4096 end
E
state around -path around/a/store -prune -o >before
serve paths | sed 's/ [0-9a-f]\{32\} / MD5 /' | sort | uniq -c | sed 's/^ *//'
for s in nul newline carriage long; do
  serve $s
done
state around -path around/a/store -prune -o | diff before - &&
  echo 'nothing around the store has changed'
(cd $store && find . -mindepth 1 -maxdepth 2 ! -path './.df/*' ! -path './md5/*' \
  ! -path './head/[0-9a-f]*' ! -path './delta/*' -printf '%y %p\n') |
  LC_ALL=C sort | sed 's/k\{255\}/k x 255/'
find $store/key -type l -printf '%l\n' | grep -vc '^\.\./md5/\(..\)/\1[0-9a-f]\{30\}$'
find $store/key -xtype l

echo '=== replay'
mkdir bin
cat >bin/dfrelay <<'E'
#!/bin/sh
E
chmod 755 bin/dfrelay
path=$PATH
PATH=$PWD/bin:$PATH
echo :allow | tcprules targets.cdb targets.tmp
python3 "$T/stream.py" <<'E'
once begin to:4=10.0.0.2=17478 to:n=a.example=17478 chunk:replay stamp:@400000006500000000000000 '+Key: replay' '+Cache-Time: 60' '+Backup-Host: 10.0.0.9' chunk: stamp:@400000006500000000000001 '+Key: empty' alone:replay stamp:@400000006500000000000002 '+Key: alone' end
other begin id:ffffffffffffffffffffffffffffffff to:4=10.0.0.2=17478 to:n=a.example=17478 chunk:replay stamp:@400000006500000000000000 '+Key: replay' '+Cache-Time: 60' '+Backup-Host: 10.0.0.9' chunk: stamp:@400000006500000000000001 '+Key: empty' alone:replay stamp:@400000006500000000000002 '+Key: alone' end
cut begin to:4=10.0.0.2=17478 to:n=a.example=17478 chunk:replay stamp:@400000006500000000000000 '+Key: replay' '+Cache-Time: 60' '+Backup-Host: 10.0.0.9'
E
serve once -x "$PWD/targets.cdb"
state $store -path $store/.df -prune -o >before
ls $store/.df/commit >commits
for s in once other cut once; do
  say "again: $s"
  serve $s -x "$PWD/targets.cdb"
  state $store -path $store/.df -prune -o | diff before - &&
    echo 'nothing public has changed'
  ls $store/.df/commit | diff commits - && echo 'no duty more'
done

echo '=== amplification, relay flood'
# A relay that stays, with the locks that it was started with.
cat >bin/dfrelay <<'E'
#!/bin/sh
echo $$ >>started
exec cat hold 2>/dev/null
E
mkfifo $store/hold
let_go() {
  exec 9>$store/hold
  exec 9>&-
  end=$(($(date +%s) + 60))
  # shellcheck disable=SC2046
  until ! kill -0 $(cat $store/started) 2>/dev/null; do
    [ "$(date +%s)" -lt $end ] || break
    timeout 0.02 tail -f /dev/null
  done
  rm $store/started
}
python3 - >words <<'E'
# 100 targets, each of them twice
one = " ".join("to:4=10.1.0.%d=17478" % i for i in range(100))
print("fan begin", one, one, "chunk:fan end")
for i in range(6):
    print("flood%d begin to:4=10.0.0.3=17478 chunk:flood%d end" % (i, i))
E
python3 "$T/stream.py" <words
say '100 targets, each of them twice: 64 relays, the other 36 are for dfretry'
serve fan -x "$PWD/targets.cdb" >log
grep -c 'failed .* too many relays' log
wc -l <$store/started
say 'while they run: none for anybody else'
serve flood5 -x "$PWD/targets.cdb"
let_go
say 'five streams for one target, one after the other: 4 relays, though each dfserve has ended'
for i in 0 1 2 3 4; do
  serve flood$i -x "$PWD/targets.cdb" | grep failed
done
wc -l <$store/started
let_go
say 'when they have ended: again'
rm -f $store/.df/commit/*
serve flood5 -x "$PWD/targets.cdb" | grep -c failed
cat >bin/dfrelay <<'E'
#!/bin/sh
E

echo '=== links in the store'
# None of these is followed: what it leads to is in the store, so that it is not
# the sandbox that says no.
mkdir inner outer
store=inner
python3 "$T/stream.py" <<'E'
link begin chunk:link '+Key: link' end
E
serve link >/dev/null
mkdir inner/elsewhere
echo canary >inner/elsewhere/canary
state inner/elsewhere >before
unchanged() {
  state inner/elsewhere | diff before - && echo 'nothing there has changed'
}
for d in .df .df/commit .df/stream .df/id .df/lock .df/try .df/tmp \
  .df/corrupt md5 head head/key key delta; do
  say "$d"
  mv "inner/$d" outer/real
  ln -s "$PWD/inner/elsewhere" "inner/$d"
  serve link
  (cd inner && dfpublish; echo $?)
  unchanged
  rm "inner/$d"
  mv outer/real "inner/$d"
done
for d in .df/publish .df/publish/header .df/publish/ticket .df/publish/link; do
  say "$d"
  mv "inner/$d" outer/real
  ln -s "$PWD/inner/elsewhere" "inner/$d"
  (cd inner && dfpublish; echo $?)
  unchanged
  rm "inner/$d"
  mv outer/real "inner/$d"
done
say 'md5/2a, as a new chunk needs it'
python3 "$T/stream.py" <<'E'
link begin chunk:link '+Key: link' chunk:link2 '+Key: link2' end
new begin chunk:new '+Key: new' end
E
m=$(printf new | md5sum | cut -c 1-2)
ln -s ../elsewhere "inner/md5/$m"
serve new
unchanged
rm "inner/md5/$m"
say 'head/.., as its header needs it'
ln -s ../elsewhere "inner/head/$m"
serve new | sed 's/ [0-9a-f]\{32\} / MD5 /'
unchanged
rm "inner/head/$m"
(cd inner && dfpublish; echo $?)
say 'files: locks, an id, the list of what was refused, the address'
export TCPREMOTEIP=10.0.0.9 TCPLOCALIP=10.0.0.1
python3 "$T/stream.py" <<'E'
refused begin chunk:refused ~-Content-Length '~+Content-Length: 1' end
E
for f in .df/lock/from-10.0.0.9.0 .df/id/0123456789abcdef0123456789abcdef \
  .df/refused .df/host .df/lock/publish; do
  say "$f"
  rm -f "inner/$f"
  ln -s "$PWD/inner/elsewhere/canary" "inner/$f"
  serve refused
  unchanged
  rm -f "inner/$f"
done
unset TCPREMOTEIP TCPLOCALIP
say 'files: index.json, status.json, a stored header, a key'
(cd inner && dfpublish)
f=head/$m/$(printf new | md5sum | cut -c 1-32)
for f in index.json status.json "$f" head/key/new; do
  mv "inner/$f" outer/real
  ln -s "$PWD/inner/elsewhere/canary" "inner/$f"
  (cd inner && dfpublish -r 2>&1) | sed "s|[0-9a-f]\{32\}|MD5|"
  unchanged
  rm -f "inner/$f"
  mv outer/real "inner/$f"
done
say 'a delta'
f=inner/$(jq -r .delta inner/status.json)
rm "$f"
ln -s "$PWD/inner/elsewhere/canary" "$f"
python3 "$T/stream.py" <<'E'
newer begin chunk:newer '+Key: newer' end
E
serve newer | sed 's/ [0-9a-f]\{32\} / MD5 /'
unchanged
rm -f "$f"

echo '=== a store that others may write'
for mode in 775 757 1777 2775 777; do
  chmod $mode inner
  serve link | head -n 1
  (cd inner && dfpublish 2>&1)
  chmod 755 inner
done

echo '=== lengths from the wire are no sizes of memory'
python3 "$T/stream.py" <<'E'
magic raw:99999999:x
id raw:3:DF1,99999999:x
list raw:3:DF1,32:0123456789abcdef0123456789abcdef,99999999:x
list2 raw:3:DF1,32:0123456789abcdef0123456789abcdef,262144:x
set begin hex:fffffff0040a0000014446
branch begin hex:0000000b040a0000014446fffffff0
header begin raw:99999999:x
header2 begin raw:16384:x
block begin chunk:x open raw:99999999:x
block2 begin chunk:x open raw:16777216:x
length begin chunk:x '+Content-Length: 999999999999999999' end
length2 begin chunk:x ~-Content-Length '~+Content-Length: 999999999999999999' end
trailer begin chunk:x open raw:0:,99999999:x
E
for s in magic id list list2 set branch header header2 block block2 length \
  length2 trailer; do
  # It needs less than 4000; a sanitizer needs terabytes.
  ([ -n "${SAN:-}" ] || ulimit -v 10000; serve $s) | tail -n 2
done

echo '=== inherited things: programs that do not just exit 111'
PATH=$path
for p in "$T"/../src/*.c; do
  p=${p##*/}
  p=${p%.c}
  mkdir "closed-$p"
  cd "closed-$p" || exit
  "$p" <&- >out1 2>out2 6</dev/null 7>/dev/null
  echo "$p: 0 closed: $?, 1: $("$p" </dev/null >&- 2>/dev/null 6<&0 7>/dev/null
    echo $? >../code; cat ../code), 2: $("$p" </dev/null 2>&- 6<&0 7>/dev/null
    echo $?); $(cat out1 out2 | wc -c) bytes, $(ls -A | wc -l) files"
  cd ..
done | grep -v ' 111, 1: 111, 2: 111; 0 bytes, 2 files$'
say 'descriptors and environment of what dfserve and dfrelay start'
cat >bin/dfpublish <<'E'
#!/bin/sh
{
  echo "${0##*/} $(env | sed '/^PWD=/d; /^SHLVL=/d; /^_=/d; /^OLDPWD=/d' |
    cut -d = -f 1 | sort | tr '\n' ' ')"
  ls -l /proc/$$/fd | grep -c secret
} >>seen
E
cp bin/dfpublish bin/dfrelay
chmod 755 bin/*
PATH=$PWD/bin:$PATH
echo secret >secret
python3 "$T/stream.py" <<'E'
started begin to:4=10.0.0.2=17478 chunk:started end
E
(
  exec 5<secret 7<secret 9<secret
  export SECRET=s LD_LIBRARY_PATH=/nonexistent TCPREMOTEHOST=x DFCLIENT=c
  export DFURL=u DFTARGETS="$PWD/targets.cdb"
  serve started | sed 's/ [0-9a-f]\{32\} / MD5 /'
)
sort inner/seen
