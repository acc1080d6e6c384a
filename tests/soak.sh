# once
# A part of tests/torture/soak.sh: some seconds, one seed. As root, and where
# namespaces and mounts may be made.
: "${SOAK_SECONDS:=8}"
within="unshare -mnpf --kill-child --mount-proc --propagation private"
echo "--- five hosts, faults at random, then all is well again"
if [ "$(id -u)" = 0 ] && $within mount -t tmpfs none /mnt 2>/dev/null &&
  [ -e /dev/loop-control ]; then
  $within python3 -B "$T/crash/soak.py" --seed 7 --rate 1 \
    --seconds "$SOAK_SECONDS" >out 2>&1
  code=$?
  grep '^wrong\|Error' out
  echo "$code"
else
  echo 0
fi
