# A sample of make torture's failing-calls, no-memory, short-io, full-disk.
# once
command -v strace >/dev/null || exit
D=$PWD
for f in memory short; do
  (cd "$T/.." && ./compile -shared -fPIC -o "$D/$f.so" "tests/faults/$f.c")
done
# What is wrong, and the exit code.
run() {
  "$@" >out 2>&1
  code=$?
  grep -v '^[^:]*: [0-9]\|^[0-9]* points\|^[0-9]* runs' out
  echo $code
}
root=
[ "$(id -u)" = 0 ] || root=-r
echo '--- a system call fails'
run python3 "$T/faults/calls.py" -j 2 -m 4 dfserve dfserve-new dfpublish \
  dfpublish-r pushdf dfsend dfretry dfrelay dfexpire dfverify dfcheck getdf
echo '--- an allocation fails'
run python3 "$T/faults/memory.py" -m 2 memory.so dfserve dfpublish dfretry \
  dfexpire dfverify
echo '--- short reads and writes, interrupted calls, one byte a segment'
run python3 "$T/faults/short.py" short.so quick
echo '--- a full disk'
run unshare -m $root python3 "$T/faults/disk.py" 16 one many publish dfexpire \
  getdf
