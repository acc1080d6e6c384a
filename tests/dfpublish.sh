# dfpublish: from commits to what is public. mkcommit puts commits into the store
# as dfserve would, pubstate.py checks all that is public against the formats.
D=$PWD
(cd "$T/.." && ./compile -c -o "$D/mkcommit.o" tests/mkcommit.c &&
  ./load "$D/mkcommit" "$D/mkcommit.o" src/libdf/libdf.a) || exit
export DFHOST=10.0.0.1
mkdir s
cd s || exit
printf hello >../hello
printf world >../world
printf again >../again

# header FILE STAMP LINE ...: STAMP is two hex digits
header() {
  to=$1
  stamp=$2
  shift 2
  {
    printf '%s\n' "$@"
    echo "Stamp: @400000006a0000${stamp}00000000"
  } >"../$to"
}
commit() { ../mkcommit "$@"; }
stored=@400000006a00007000000000

# jq's and python's opinion
parsed() {
  jq -c "$2" "$1" && python3 -c 'import json, sys; json.load(sys.stdin)' <"$1"
}
chunks() { parsed index.json '.chunks[] | [.content_length, .keys, .host, .backup_hosts]'; }
state() { python3 "$T/pubstate.py" >../state || cat ../state; }
whole() { state && echo whole; }

echo '--- options'
dfpublish -x
echo $?
dfpublish x
echo $?
dfpublish -rc x
echo $?

echo '--- an empty store has all files'
dfpublish
echo $?
parsed index.json '[.dataflow, .host, .delta_bytes, .chunks]'
parsed status.json '[.dataflow, .host, .chunks, .bytes, .delta_bytes, .pending, .refused]'
sed 's/"published":"[^"]*"/"published":"TIME"/; s/@[0-9a-f]*/LABEL/g' index.json status.json
ls
ls -l delta | grep -c ' 0 .*jsonl$'
whole

echo '--- a chunk'
header h1 10 'Key: greeting' 'Host: 10.0.0.1' 'Backup-Host: 10.0.0.2' 'Cache-Time: 100' 'TTL: 7' 'X-a: b'
commit -t 10.0.0.2:17478 c1 $stored ../h1 ../hello
dfpublish
echo $?
cat head/5d/*
readlink key/greeting
cat head/key/greeting
sed 1d index.json
cmp delta/*.jsonl - <<X
$(sed -n 2p index.json)
X
parsed status.json '[.chunks, .bytes, .pending]'
stat -c '%a %n' index.json status.json head/5d/* head/key/*
ls .df/commit
whole

echo '--- nothing new: nothing is touched'
ls -lR --time-style=full-iso index.json status.json head key delta >../before
dfpublish
echo $?
commit -d D -t 10.0.0.2:17478 c1again $stored ../h1 ../hello
dfpublish
echo $?
ls -lR --time-style=full-iso index.json status.json head key delta | cmp - ../before
ls .df/commit

echo '--- a void chunk is not published'
: >../void
commit c2 $stored ../void ../world
dfpublish
echo $?
chunks
ls .df/commit

echo '--- two chunks of one MD5 in one commit, and another commit: all are merged'
header h2 20 'Key: k2' 'Host: 10.0.0.2' 'Backup-Host: b'
header h3 18 'Key: k3' 'Host: 10.0.0.3'
header h4 19 'Key: k4' 'Host: 10.0.0.4' 'X-old: x'
commit c3 $stored ../h2 ../hello ../h3 ../hello
commit c4 $stored ../h4 ../hello
dfpublish
echo $?
grep -v '^Key: k\|^Backup-Host\|^Taken' head/5d/*
grep -c '^Key\|^Backup-Host\|^Taken' head/5d/*
jq -c '.chunks[] | [(.keys | sort), (.backup_hosts | sort), .taken]' index.json
whole

echo '--- a key goes to the newest Stamp, in both orders of arrival'
header a 30 'Key: cup' 'Host: h'
header b 31 'Key: cup' 'Host: h'
commit c5 $stored ../a ../world
dfpublish
commit c6 $stored ../b ../again
dfpublish
chunks
commit c5again $stored ../a ../world
dfpublish
readlink key/cup
header a 40 'Key: mug' 'Host: h'
header b 41 'Key: mug' 'Host: h'
commit c7 $stored ../b ../again
dfpublish
commit c8 $stored ../a ../world
dfpublish
readlink key/mug
commit c9 $stored ../a ../again ../b ../world
dfpublish
readlink key/mug
whole
tail -n 2 delta/*.jsonl | jq -c '[.md5, .keys]' | sort

echo '--- of equal Stamps the greater MD5, in one run too'
header a 50 'Key: pot' 'Host: h'
commit c10 $stored ../a ../hello ../a ../world ../a ../again
dfpublish
readlink key/pot
whole

echo '--- keys of any bytes'
printf 'Key: ../../etc/passwd\nHost: h\nStamp: @400000006a00005000000000\n' >../h5
printf 'Key: .df\303\251 "\\\nHost: h\nStamp: @400000006a00005000000000\n' >../h6
printf 'Key: a\377b\355\240\200\nHost: h\nStamp: @400000006a00005000000000\n' >../h7
printf 'Key: %0300d\nHost: h\nStamp: @400000006a00005000000000\n' 7 >../h8
printf 'Key: <b>\342\200\250\nHost: h\nStamp: @400000006a00005000000000\n' >../h9
commit c11 $stored ../h5 ../world ../h6 ../world ../h7 ../world ../h8 ../world ../h9 ../world
dfpublish
echo $?
ls key | cat
jq -r '.chunks[] | select(.keys_raw) | .keys_raw[]' index.json
jq -a -c '.chunks[] | select(.keys_raw) | .keys' index.json
ls -A .. | cat
whole

echo '--- limits of a stored header: surplus keys are dropped and logged'
printf empty >../one
for i in $(seq 1 300); do
  printf 'Key: number %d\nHost: h%d\nStamp: @400000006a00005000000000\n' "$i" "$i" >"../k$i"
done
commit c12 $stored $(seq -f ../k%g -s ' ../one ' 1 300) ../one
dfpublish >../log 2>&1
echo $?
grep -c 'dropped' ../log
sort -u ../log
wc -l <head/a2/a2e4822a98337283e39f7b60acf85ec9
whole

echo '--- what is pending, by target'
header h1 60 'Host: h'
commit -t '[2001:db8::1]:17478' p1 @400000006a00007200000000 ../h1 ../hello ../h1 ../world
header h1 61 'Host: h'
commit -t '[2001:db8::1]:17478' -d B p2 @400000006a00007100000000 ../h1 ../hello
header h1 62 'Host: h'
commit -t '[2001:db8::1]:17478' -d X p3 @400000006a00000100000000 ../h1 ../hello
printf 'tries 4\nlast_error connection refused\n' >'.df/try/[2001:db8::1]:17478'
dfpublish
jq -c '.pending[]' status.json
ls .df/commit | cat

echo '--- what was refused'
for i in $(seq 1 120); do
  echo "@400000006a00007200000000 10.0.0.9 - number \"$i\""
done >.df/refused
echo '@400000006a00007200000000 10.0.0.9 5d41402abc4b2a76b9719d911017c592 wrong hash' >>.df/refused
dfpublish
jq -c '.refused | length, .[0], .[99]' status.json

echo '--- the host: DFHOST, the address of the last stream, the name of the machine'
echo 10.0.0.7 >.df/host
dfpublish
jq -c .host index.json status.json
(unset DFHOST; dfpublish)
jq -c .host index.json status.json
rm .df/host
(unset DFHOST; dfpublish)
test "$(jq -r .host status.json)" = "$(uname -n)"
echo $?
dfpublish

echo '--- -r makes the same anew'
state
cp ../state ../before
delta=$(jq -r .delta status.json)
dfpublish -r
echo $?
state
cmp ../state ../before
test "$delta" != "$(jq -r .delta status.json)"
echo $?
ls delta | wc -l

echo '--- -r brings back links and tickets, and removes what leads to nothing'
rm key/cup head/key/mug head/key/k4
echo nonsense >head/key/k2
ln -s ../md5/00/00000000000000000000000000000000 key/nothing
dfpublish -r
echo $?
readlink key/cup key/mug key/nothing
ls head/key/mug head/key/k2 head/key/k4
whole

echo '--- -r skips a header without data'
mkdir -p head/00
sed 's/md5hash: .*/md5hash: 00000000000000000000000000000000/' head/5d/5d* >head/00/00000000000000000000000000000000
dfpublish -r
echo $?
rm -r head/00
dfpublish -r
whole
cp ../state ../before

echo '--- whatever is missing is made anew'
for f in index.json status.json "$(jq -r .delta status.json)"; do
  rm "$f"
  dfpublish
  echo $?
  state
  cmp ../state ../before
done

echo '--- a delta that is longer than status.json says: a new epoch'
echo '{"md5":"torn' >>"$(jq -r .delta status.json)"
dfpublish
echo $?
whole
cmp ../state ../before

echo '--- a delta that has grown too large: a new epoch'
delta=$(jq -r .delta status.json)
line=$(head -n 1 "$delta")
yes "$line" | head -c 1200000 | sed '$d' >../big
size=$(wc -c <../big)
cat ../big >>"$delta"
sed "s/\"delta_bytes\":[0-9]*/\"delta_bytes\":$(wc -c <"$delta")/" status.json >../status
cat ../status >status.json
test "$size" -gt 1048576
echo $?
dfpublish
echo $?
test "$delta" != "$(jq -r .delta status.json)"
echo $?
whole
ls "$delta" | wc -l

echo '--- deltas of former epochs stay for a day'
touch -d '25 hours ago' delta/*
touch -d '23 hours ago' "$delta"
rm status.json
dfpublish
ls delta | wc -l
ls "$delta" | wc -l
whole

echo '--- many at once: what they find is published when the last has ended'
rm -rf ../m
mkdir ../m
cd ../m || exit
for i in $(seq 1 500); do
  printf 'Key: key %d\nHost: h\nStamp: @400000006a00005000000000\n' "$i" >../hm
  echo "$i" >../data
  ../mkcommit "m$i" $stored ../hm ../data
  if [ $((i % 25)) = 0 ]; then
    dfpublish -c &
  fi
done
dfpublish -c
wait
echo $?
ls .df/commit | wc -l
jq -c '[.chunks, .bytes]' status.json
whole

echo '--- -c leaves when one waits; without -c it waits'
mkfifo ../go
flock .df/lock/publish sh -c ': >../held; read x <../go' &
until [ -e ../held ]; do :; done
../mkcommit late $stored ../h1 ../hello
dfpublish -c &
until grep -q -e "-> FLOCK .*:$(stat -c %i .df/lock/publish) " /proc/locks; do :; done
dfpublish -c
echo $?
ls .df/commit
dfpublish &
echo >../go
wait
ls .df/commit
jq .chunks status.json

echo '--- index.json: put off with -c where it has cost much, never without'
grep -cx '@[0-9a-f]\{24\} [0-9]\{18\}' .df/rewrite
sed -i 's/ .*/ 000000900000000000/' .df/rewrite
../mkcommit later $stored ../h1 ../world
dfpublish -c
echo $?
jq .chunks status.json
jq '.chunks | length' index.json
rm index.json
dfpublish -c
ls index.json 2>&1
dfpublish
jq '.chunks | length' index.json

echo '--- dfretry makes good what was put off, as soon as it may'
sed -i 's/ .*/ 000000900000000000/' .df/rewrite
../mkcommit latest $stored ../h1 ../again
dfpublish -c
jq '.chunks | length' index.json
rm .df/rewrite
dfretry &
until [ "$(jq '.chunks | length' index.json)" = 503 ]; do :; done
kill $!
whole

echo '--- status.json counts what changes, is new, or is there again after a crash'
dfpublish -r
../mkcommit n1 $stored ../h2 ../hello
../mkcommit n2 $stored ../h3 ../world
dfpublish -c
whole
jq -r '.chunks[:3][].md5' index.json >.df/publishing
../mkcommit n3 $stored ../hm ../hello
dfpublish -c
whole

echo '--- index.html: what people see; nothing that was pushed is markup'
mkdir ../p
cd ../p || exit
dfpublish
python3 "$T/pagerows.py"
printf '%s\n' 'Key: <script>alert(1)</script>"&' 'Backup-Host: b.example' \
  'Host: 10.0.0.1' 'Stamp: @400000006a00005000000000' >../hs
../mkcommit -t 10.0.0.2:17478 -d T c1 $stored ../hs ../hello
printf 'tries 3\nlast_error <b>refused</b>\n' >.df/try/10.0.0.2:17478
DFURL='https://%h/x/' dfpublish
python3 "$T/pagerows.py"
rm index.html
dfpublish
python3 "$T/pagerows.py" | grep -c http://b.example/dfstor/
cd ../s || exit

echo '--- failures'
cd ../s || exit
umask 022
mkdir ../bad
chmod 777 ../bad
(cd ../bad && dfpublish)
echo $?
dfpublish 0<&-
echo $?
sed 's/: 5d41/: 0000/' head/5d/5d* >../wrong
cat ../wrong >head/5d/5d41402abc4b2a76b9719d911017c592
header h1 63 'Host: h'
commit w1 $stored ../h1 ../hello
dfpublish
echo $?
cat head/5d/5d*
echo nonsense >.df/commit/nonsense
dfpublish
echo $?
rm .df/commit/nonsense
echo nonsense >.df/publishing
dfpublish 2>&1 | grep -v key/
ls .df/publishing
printf 'Host: h\n' >../h2
commit w2 $stored ../h2 ../world
dfpublish
echo $?
header h1 64 'Host: h'
commit w3 $stored ../h1 ../hello
rm -f md5/5d/*
dfpublish
echo $?
ls .df/commit | cat
mv status.json ../status
mkdir status.json
dfpublish 2>&1 | sed 's/status.json:.*/status.json: WHY/'
rmdir status.json
mv ../status status.json
rm -rf .df/lock
mkdir -p .df/lock/publish
dfpublish
echo $?
