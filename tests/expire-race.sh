# dfexpire and a push of the same chunk at the same moment: the push wins.
# once
: "${N:=6}"
export DFHOST=10.0.0.1
mkdir s
printf DFR1 >list
export REPLICATE_FN=list
printf 'the same data' >data
md5=$(md5sum <data | cut -d ' ' -f 1)
file=md5/$(echo "$md5" | cut -c 1-2)/$md5
echo "old begin file:data stamp:@400000006a00000000000000 '+Key: k' '+Cache-Time: 1' end" |
  python3 -B "$T/stream.py"
won=0
for i in $(seq "$N"); do
  (cd s && dfserve <../old 2>/dev/null) || echo "round $i: not taken"
  # Every other time the push comes just before the data goes.
  slow= begun=true
  [ $((i % 2)) = 0 ] || {
    slow="strace -f -qq -o /dev/null -P $file -e trace=unlink"
    slow="$slow -e inject=unlink:delay_enter=100000"
    begun="test ! -e s/head/${file#md5/}"
  }
  # shellcheck disable=SC2086
  (cd s && $slow dfexpire -1 -w 0 2>../log) &
  until $begun; do :; done
  pushdf -qk k -h 10.0.0.1 data 6</dev/null 7>&1 | (cd s && dfserve 2>/dev/null)
  code=$?
  wait
  [ "$code" = 0 ] || continue # what is not acknowledged counts for nothing
  (cd s && dfpublish) || echo "round $i: dfpublish fails"
  won=$((won + 1))
  cmp -s data "s/$file" || echo "round $i: its data has gone"
  [ "$(readlink s/key/k)" = "../$file" ] || echo "round $i: its key has gone"
  jq -e --arg m "$md5" '.chunks[] | select(.md5 == $m and .expires == null)' \
    s/index.json >/dev/null || echo "round $i: its record has gone"
  python3 -B "$T/crash/checkstore.py" s --recovered --gone || echo "round $i"
  (cd s && dfexpire -d "$md5" 2>/dev/null) || echo "round $i: not removed"
  [ ! -e "s/$file" ] || echo "round $i: it is still there"
done
[ "$won" -gt 0 ] && echo "the push won each time"
