# getdf and hosts that are dead, silent or slow: what it waits for, and what not.
# once
# waits
. "$T/hosts.sh"
trap hosts_end EXIT

seq 100000 | head -c 300000 >data
host 1
push 1 -k a/b -h 127.0.0.9 -b 127.0.0.2 -b 127.0.0.3 -o ticket <data
until_true test -s h1/head/key/a=2Fb

# with NAME LIES2 LIES3 COMMAND...: all of these run at the same time, each in
# its own directory with its own three hosts, of which 127.0.0.9 is dead; what
# they say goes to NAME.said.
with() {
  mkdir "$1"
  said=$PWD/$1.said
  (
    cd "$1" || exit
    echo "--- $1"
    echo "$2" >is.2
    echo "$3" >is.3
    shift 3
    ln -s ../h1 h2
    ln -s ../h1 h3
    python3 "$T/webhosts.py" 127.0.0.2 127.0.0.3 127.0.0.9! >port &
    until_true test -s port
    DFURL="http://%h:$(cat port)/"
    export DFURL
    "$@"
    kill $!
  ) >"$said" 2>&1 &
  running="${running:-} $!"
  all="${all:-} $said"
}
# within MS ARGUMENT...: the best of three tries takes less; what the last said.
within() {
  limit=$1
  shift
  for try in 1 2 3; do
    rm -f out
    start=$(date +%s%N)
    getdf "$@" -o out 2>said
    status=$?
    ms=$((($(date +%s%N) - start) / 1000000))
    [ "$ms" -ge "$limit" ] || break
  done
  sort said
  echo "$status"
  [ ! -e out ] || cmp out ../data
  [ "$ms" -lt "$limit" ] || echo "it took $ms ms"
}
rate() {
  start=$(date +%s%N)
  getdf -r 200k -e -H 127.0.0.2 -k a/b | cmp - ../data
  [ $((($(date +%s%N) - start) / 1000000)) -ge 1000 ] || echo 'too fast'
}
# The file is synced, and what cannot be written leaves nothing.
fails() {
  mkdir o
  echo old >o/out
  for call in fsync rename ftruncate write; do
    strace -qqo calls -e trace="$call" -e inject="$call:error=EIO" \
      getdf -H 127.0.0.2 -k a/b -o o/out
    echo "$?" "$call" "$(grep -c INJECTED calls)"
    ls o
    cat o/out
  done
}
# On a terminal.
shown() {
  script -qec "getdf $1 -r 200k -e -H 127.0.0.2 -k a/b -o out" /dev/null \
    >seen </dev/null
  echo $?
  cmp out ../data
  grep -c 'a/b: .* of 292.9 KiB' seen
}

with 'three connect time-outs, first dead, second wrong' flip '' \
  within 3000 -T 1 -H 127.0.0.9 -H 127.0.0.2 -k a/b
with 'with a ticket' flip '' within 3000 -T 1 -t ../ticket
with 'by -n in 1.5 s' flip '' within 1500 -n -H 127.0.0.9 -H 127.0.0.2 -k a/b
with 'by -n, with a ticket' flip '' within 1500 -n -t ../ticket
with 'by -n, silent ones' silent '' within 1500 -n -t ../ticket
with 'silent ones are asked after all others' silent 'status 404 No' \
  within 30000 -n -T 1 -w 1 -t ../ticket
with 'a stall ends after -w' 'stall 100000' '' \
  within 30000 -w 1 -e -H 127.0.0.2 -H 127.0.0.3 -t ../ticket
with 'calls that fail' flip '' fails
with 'a rate' '' '' rate
with 'progress' '' '' shown
with 'no progress with -q' '' '' shown -q
# shellcheck disable=SC2086
wait $running
echo "$all" | sed "s| $PWD/|\n|g" | sed 1d | while IFS= read -r said; do
  cat "$said"
done
