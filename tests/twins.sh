# The same push over two ways at once: stored, published and passed on once.
. "$T/hosts.sh"
trap hosts_end EXIT

for h in 1 2 3 4 5; do
  host "$h"
done
REPLICATE_FN=$PWD/list.dat
export REPLICATE_FN

echo "--- twins: the same 64 MiB over two ways at once"
head -c 67108864 /dev/urandom >twin
m=$(md5 twin)
printf '%s\n%s\nTARGET\n%s\nTARGET\n%s\n' "$(at 1)" "$(at 2)" "$(at 3)" \
  "$(at 4)" | genrep >list.dat
push 5 <twin
echo $?
for h in 1 2 3 4; do
  until_true has "$h" "$m" && echo "host $h has it"
done
until_true idle 1 2 3 4 5 && echo "nothing is left to do"
echo "host 3 stored it: $(grep -c "stored .* $m " h3.log)"
echo "a duplicate came: $(grep -c "duplicate .* $m " h3.log)"
echo "host 3 reset: $(grep -c "dfserve: reset" h3.log)"
echo "host 3 sent it on: $(grep -c "delivered .*$(at 4) $m" h3.log)"
echo "host 4 got it: $(grep -c "stored .* $m " h4.log) and again: $(grep -c "duplicate .* $m " h4.log)"
for h in 3 4; do
  cat h$h/delta/*.jsonl | grep -c "$m"
done
