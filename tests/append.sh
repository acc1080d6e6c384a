# pushdf -a: headers alone over a list of two hosts; what the hosts make of them.
. "$T/hosts.sh"
trap hosts_end EXIT

for h in 1 2 3; do
  host "$h"
done
REPLICATE_FN=$PWD/list.dat
export REPLICATE_FN
printf '%s\n' "$(at 2)" | genrep >list.dat

# shown FILE: a header without what differs from run to run.
shown() {
  sed 's/@[0-9a-f]*/@/g; /^Stored/d; /^Taken/d' "$1"
}

# told HOST MD5 JQ: a part of its record.
told() {
  jq -c --arg m "$2" ".chunks[] | select(.md5 == \$m) | $3" "h$1/index.json"
}

# named HOST MD5 NAME: the host's index has that backup host.
named() {
  told "$1" "$2" .backup_hosts | grep -q "\"$3\""
}

printf hello >hello
hello=$(md5 hello)
head_of() {
  echo "h$1/head/$(echo "$2" | cut -c 1-2)/$2"
}

echo "--- a chunk over two hosts"
push 1 -k greeting -t 60 -c 5000 -S -o ticket <hello
echo $?
until_true has 2 "$hello"
until_true idle 1 2

echo "--- backup hosts are appended, on both"
cp ticket before
push 1 -a -v -b late.example -b 10.9.9.9 ticket
echo $?
for h in 1 2; do
  until_true named "$h" "$hello" 10.9.9.9
done
until_true idle 1 2
for h in 1 2; do
  shown "$(head_of "$h" "$hello")" | sed 's/^Cache-Time: [45][0-9]*$/Cache-Time: .../'
  told "$h" "$hello" '[.host, .backup_hosts, .keys, .ttl]'
  grep -c "duplicate .* $hello " "h$h.log"
done
cmp ticket before

echo "--- a key, and a new ticket; the other key stays where it is"
printf newer | push 1 -k greeting
echo $?
until_true has 2 "$(printf newer | md5sum | cut -d ' ' -f 1)"
push 1 -a -k later -o ticket <ticket
echo $?
shown ticket | grep -v Cache-Time
for h in 1 2; do
  until_true sh -c "grep -q '\"later\"' h$h/index.json"
  told "$h" "$hello" .keys
  readlink "h$h/key/greeting" | grep -c "$hello"
done

echo "--- a longer life, another TTL, another Host: the old one is kept behind"
push 1 -a -c 5000 -t 7 -h first.example ticket
echo $?
for h in 1 2; do
  until_true named "$h" "$hello" 127.0.0.1
  told "$h" "$hello" '[.host, .cache_time, .ttl]'
done

echo "--- a stored header is a ticket too, in a stream of several"
printf other >other
push 1 -o other.ticket <other
until_true has 2 "$(md5 other)"
printf '%s\0' other.ticket "$(head_of 2 "$hello")" | push 1 -a0 -b h0.example
echo $?
for h in 1 2; do
  until_true named "$h" "$(md5 other)" h0.example
  until_true named "$h" "$hello" h0.example
done

echo "--- a host that lacks the chunk refuses it"
push 3 -a -b 10.0.0.9 ticket
echo $?
events 3
ls h3/head

echo "--- also at the end of a list; it is owed then"
printf '%s\n%s\n' "$(at 2)" "$(at 3)" | genrep >list.dat
push 1 -a -b last.example ticket
echo $?
until_true named 2 "$hello" last.example
until_true grep -q "dfrelay: failed .*$(at 3)" h1.log
until_true jq -e '.pending[0].chunks == 1' h1/status.json >/dev/null

echo "--- once it has the chunk, it takes the header"
REPLICATE_FN='' push 3 <hello
echo $?
until_true has 3 "$hello"
(cd h1 && DFTARGETS=../targets.cdb DFPORT=$(cat ../h1.port) dfretry -1 2>/dev/null)
until_true idle 1
until_true named 3 "$hello" last.example && echo "host 3 names it"
