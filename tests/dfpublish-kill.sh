# once
# dfpublish killed before each of its system calls, and each of them failing once:
# what is public is right all the time, and the next run brings the same end.
command -v strace >/dev/null || exit
D=$PWD
(cd "$T/.." && ./compile -c -o "$D/mkcommit.o" tests/mkcommit.c &&
  ./load "$D/mkcommit" "$D/mkcommit.o" src/libdf/libdf.a) || exit
export DFHOST=10.0.0.1

# A store with two chunks and keys; then two commits: new chunks (as many as is
# said) of which one takes a key over, a new header for an old one.
prepare() {
  rm -rf base
  mkdir base
  cd base || exit
  new=
  for i in $(seq 1 $((2 + $1))); do
    printf "$i" >"../data$i"
    printf 'Key: k%d\nHost: h\nStamp: @400000006a00001000000000\n' "$i" >"../h$i"
    [ "$i" -le 2 ] || new="$new ../h$i ../data$i"
  done
  printf 'Key: k1\nHost: h\nStamp: @400000006a00002000000000\n' >../take
  printf 'Key: x\nHost: g\nStamp: @400000006a00002100000000\n' >../merge
  ../mkcommit -t 10.0.0.2:1 c1 @400000006a00007000000000 ../h1 ../data1 ../h2 ../data2
  dfpublish
  # shellcheck disable=SC2086
  ../mkcommit c2 @400000006a00007100000000 ../take ../data3 $new
  ../mkcommit -d D -t 10.0.0.2:1 c3 @400000006a00007200000000 ../merge ../data2
  cd ..
  rm -rf s
  cp -a base s
  (cd s && dfpublish)
  echo $?
  (cd s && python3 "$T/pubstate.py") >end
  wc -l <end
}

each() {
  python3 "$T/publishkill.py" "$@"
}

prepare 1
echo '--- killed'
each signal=KILL 'write fsync rename unlink symlink pwrite64'
echo '--- killed while everything is made anew'
each signal=KILL 'write fsync rename unlink symlink pwrite64' -r
echo '--- failing'
each error=EIO 'write fsync rename unlink symlink pwrite64 flock'
echo '--- many files'
prepare 12
each signal=KILL syncfs
each error=EIO syncfs
