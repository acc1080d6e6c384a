# A disk that begins to fail between two writes of dfserve and the sync (F8): a
# block device of nbdkit whose writes give EIO from some byte of the stream on.
# What is acknowledged all the same is there when the disk is well again. Needs
# root.
[ "$(id -u)" = 0 ] || { echo 'needs root' && exit 1; }
if [ "${1-}" != within ]; then
  exec unshare -mpf --kill-child --mount-proc --propagation private \
    sh "$0" within
fi
stream=$T/vectors/stream-3.bin
size=$(wc -c <"$stream")
mkdir mnt dev
nbdfuse dev/disk --command nbdkit -s --exit-with-parent --filter=error \
  memory 64M error-pwrite=EIO error-pwrite-rate=100% \
  error-pwrite-file="$PWD/failing" 2>nbd.log &
tries=0
until [ -e dev/disk ] || [ "$tries" = 600 ]; do
  timeout 0.1 tail -f /dev/null
  tries=$((tries + 1))
done
mke2fs -q -F -t ext4 dev/disk && mount -o loop dev/disk mnt || exit 1
printf '%s\n' '5d41402abc4b2a76b9719d911017c592 5' \
  'd41d8cd98f00b204e9800998ecf8427e 0' >chunks
failed=0
wrong() {
  echo "wrong: from byte $at on: $*"
  failed=1
}
reset=0
acknowledged=0
mkfifo in
for at in 0 40 60 100 140 180 220 260 300 340 380 420 460 "$size"; do
  s=mnt/$at
  mkdir "$s" && (cd "$s" && dfpublish 2>/dev/null) && sync -f mnt
  (cd "$s" && exec dfserve -s 1M <../../in 2>"../../log") &
  pid=$!
  exec 9>in
  head -c "$at" "$stream" >&9
  # All of it has been read, and dfserve waits for more.
  tries=0
  until [ "$at" = 0 ] || grep -q '^State:.S' "/proc/$pid/status" ||
    [ "$tries" = 100 ]; do
    tries=$((tries + 1))
  done
  : >failing
  tail -c "+$((at + 1))" "$stream" >&9
  exec 9>&-
  wait "$pid"
  code=$?
  umount mnt
  rm failing
  mount -o loop dev/disk mnt || exit 1
  case $code in
    0) acknowledged=$((acknowledged + 1)) ;;
    111) reset=$((reset + 1)) ;;
    *) wrong "exit code $code" ;;
  esac
  [ "$code" = 0 ] && cp chunks ack || : >ack
  (cd "$s" && dfpublish) || wrong 'dfpublish fails'
  python3 -B "$T/crash/checkstore.py" "$s" --recovered --acknowledged ack ||
    wrong 'the store'
  (cd "$s" && dfserve -s 1M <"$stream" 2>/dev/null) || wrong 'the same again'
  python3 -B "$T/crash/checkstore.py" "$s" --recovered --acknowledged chunks ||
    wrong 'the store, the same again'
done
umount mnt
echo "$reset reset, $acknowledged acknowledged"
[ "$reset" -gt 0 ] && [ "$failed" = 0 ]
