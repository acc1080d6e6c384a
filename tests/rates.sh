# -r of each program that sends: never faster than it says; how near to it they come
# make torture measures (rates).
# once
# waits
. "$T/hosts.sh"
trap hosts_end EXIT

now() {
  date +%s%3N
}

# least MS STARTED: so long it has taken at least.
least() {
  took=$(($(now) - $2))
  [ "$took" -ge "$1" ] && echo "no less" || echo "only $took ms"
}

head -c 1000000 /dev/urandom >data
head -c 3000000 /dev/zero >big
m=$(md5 data)
export TCPREMOTEIP=10.0.0.1
host 1 -r 500000
for h in 2 3 4; do
  host "$h"
done
stop 3
printf '%s\n%s\n' "$(at 2)" "$(at 3)" | genrep >list.dat

# At the same time: 1 MB at 500 kB/s, in slices of 1/16 s, into a pipe, and 4 MB
# at 2 MiB/s over TCP, where the kernel does it, with a burst of some 300 kB.
{
  t=$(now)
  { pushdf -r 500000 6</dev/null 7>&1 <data; echo $? >pipe.code; } | cat >out
  least 1900 "$t"
} >pipe &
pipe=$!
{
  t=$(now)
  push 4 -r 2M data big 2>&1
  echo $?
  least 1500 "$t"
} >tcp &
tcp=$!

echo "--- the relay of dfserve"
t=$(now)
REPLICATE_FN=list.dat push 1 data
echo $?
until_true has 2 "$m"
least 1900 "$t"
grep -c "dfrelay: failed .*$(at 3)" h1.log

echo "--- pushdf, into a pipe"
wait "$pipe"
cat pipe.code pipe
python3 "$T/readstream.py" <out | grep -c "^data 1000000 $m"
echo "--- pushdf, over TCP"
wait "$tcp"
cat tcp

{
  t=$(now)
  (cd h2 && echo "$m" | dfsend -r 500000 6</dev/null 7>../out)
  least 1900 "$t"
} >dfsend &
dfsend=$!
echo "--- dfretry"
again 3
until_true tcpclient -RHl0 127.0.0.3 "$(cat h3.port)" true
t=$(now)
(cd h1 && DFPORT=$(cat ../h1.port) dfretry -1 -r 500000 -x ../targets.cdb) 2>/dev/null
least 1900 "$t"
until_true has 3 "$m" && echo 'host 3 has it'
echo "--- dfsend"
wait "$dfsend"
cat dfsend
python3 "$T/readstream.py" <out | grep -c "^data 1000000 $m"
