# Chunks over real hosts: chains, sets, branches, targets that are down or not
# allowed, the same content and the same key twice, many chunks in a stream.
. "$T/hosts.sh"
trap hosts_end EXIT

for h in 1 2 3 4; do
  host "$h"
done
head -c 3000000 /dev/urandom >big
printf hello >hello
REPLICATE_FN=$PWD/list.dat
export REPLICATE_FN

# everywhere FILE HOST...: the hosts have it and nothing is left to do.
everywhere() {
  m=$(md5 "$1")
  shift
  for i; do
    until_true has "$i" "$m" && echo "host $i has it"
  done
  until_true idle 1 2 3 4 && echo "nothing is left to do"
}

# known HOST MD5: how many records its index has for the chunk.
known() {
  jq "[.chunks[] | select(.md5 == \"$2\")] | length" "h$1/index.json"
}

echo "--- a chain of four, from a file"
printf '%s\nTARGET\n%s\nTARGET\n%s\n' "$(at 2)" "$(at 3)" "$(at 4)" |
  genrep >list.dat
push 1 -k backups/monday <big
echo $?
everywhere big 1 2 3 4
for h in 1 2 3 4; do
  readlink "h$h/key/backups=2Fmonday" | sed "s/[0-9a-f]*.$(md5 big)/AB\/MD5/"
done
grep -h -c '^Backup-Host' h4/head/key/backups=2Fmonday

echo "--- the same from a pipe of unknown length"
head -c 200000 /dev/urandom >middle
cat middle | push 1 -k middle
echo $?
everywhere middle 1 2 3 4

echo "--- two sets: each of the first sends to the second"
printf '%s\n%s\nTARGET\n%s\n' "$(at 2)" "$(at 3)" "$(at 4)" | genrep >list.dat
push 1 <hello
echo $?
everywhere hello 1 2 3 4
known 4 "$(md5 hello)"

echo "--- branches"
head -c 70000 /dev/urandom >branches
printf '%s\n  %s\n%s\n' "$(at 2)" "$(at 4)" "$(at 3)" | genrep >list.dat
push 1 <branches
echo $?
everywhere branches 1 2 3 4
grep -c "started.* $(at 4) " h1.log h2.log h3.log

echo "--- the same content again, under another key"
printf '%s\n' "$(at 2)" | genrep >list.dat
push 1 -k again <hello
echo $?
until_true test -e h2/key/again
until_true idle 1 2
for h in 1 2; do
  known "$h" "$(md5 hello)"
  grep -c duplicate "h$h.log"
done

echo "--- the same key again, with other content"
printf other >other
push 1 -k again <other
echo $?
everywhere other 1 2
for h in 1 2; do
  cat "h$h/key/again"
  echo
  jq -c --arg m "$(md5 hello)" '.chunks[] | select(.md5 == $m) | .keys' \
    "h$h/index.json"
done

echo "--- 500 chunks in one stream"
mkdir many
for i in $(seq 500); do
  echo "chunk $i" >"many/$i"
done
printf '%s\nTARGET\n%s\n' "$(at 2)" "$(at 3)" | genrep >list.dat
started=$(grep -c 'dfrelay: started' h1.log)
(cd many && find . -type f -print0 | sort -z) >names
(cd many && tcpclient -RHl0 127.0.0.1 "$(cat ../h1.port)" pushdf -0K <../names)
echo $?
until_true idle 1 2 3
for h in 1 2 3; do
  until_true test -L "h$h/key/=2E=2F500"
  jq '[.chunks[] | select(.keys[]? | startswith("./"))] | length' \
    "h$h/index.json"
done
cmp many/77 "h3/key/=2E=2F77" && echo equal
echo "relays for it on host 1: $(($(grep -c 'dfrelay: started' h1.log) - started))"

echo "--- a target that is down: the others get it, the duty stays"
# shellcheck disable=SC2154
kill "$server4"
wait "$server4" 2>/dev/null
printf '%s\n%s\n' "$(at 4)" "$(at 2)" | genrep >list.dat
printf down >down
push 1 <down
echo $?
until_true has 2 "$(md5 down)" && echo "host 2 has it"
until_true grep -q "dfrelay: failed .*$(at 4)" h1.log
until_true sh -c '[ -z "$(find h1/.df/stream -mindepth 1)" ]'
until_true jq -e '.pending[0].tries == 1' h1/status.json >/dev/null
jq -c '.pending[] | [.chunks, .bytes, .tries, .last_error]' h1/status.json |
  sed 's/.*refused.*/connection refused/'
find h1/.df/commit -type f | wc -l

echo "--- a target that the rules do not allow"
printf '127.0.0.3:deny\n127.:allow,DFPORTS="%s"\n' "$(cat h2.port)" |
  tcprules targets.cdb targets.tmp
printf '%s\n%s\n' "$(at 3)" "$(at 2)" | genrep >list.dat
printf rules >rules
push 1 <rules
echo $?
until_true has 2 "$(md5 rules)" && echo "host 2 has it"
ls "h3/md5/$(md5 rules | cut -c 1-2)/$(md5 rules)" 2>/dev/null
grep -c "target-refused .* denied by the target rules" h1.log

echo "--- 0 and the host itself in the list"
printf '%s\n0.0.0.0:%s\n' "$(at 1)" "$(cat h2.port)" | genrep >list.dat
printf self | push 1
echo $?
grep -c "target-refused .* address of no host" h1.log
grep -c "started .*$(at 1)" h1.log || :
