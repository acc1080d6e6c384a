# The order of writes where another process has died half-way, and what is
# refused late.
# waits
. "$T/hosts.sh"
trap hosts_end EXIT

# synced NAME: the run that is traced in the file trace synced this directory.
synced() {
  dir=$(cd "$1" && pwd)
  grep -q "^fsync([0-9]*<$dir>" trace && echo "$1: synced"
}
hello=5d41402abc4b2a76b9719d911017c592
store() {
  rm -rf "$1"
  mkdir "$1"
  cd "$1" || exit 111
}

echo "--- directories that a killed process made are synced by the next"
store s1
strace -f -o /dev/null -e trace=fsync -e inject=fsync:signal=KILL:when=1 \
  dfserve <"$T/vectors/stream-3.bin" >/dev/null 2>&1
echo $?
strace -y -o trace -e trace=fsync dfserve <"$T/vectors/stream-3.bin" 2>/dev/null
echo $?
for d in . .df head md5 md5/5d .df/commit; do
  synced "$d"
done
cd ..

echo "--- the same for md5/5d in a store that was in use"
store s2
dfserve <"$T/vectors/stream-badhash.bin" 2>/dev/null
strace -o /dev/null -e trace=renameat2 \
  -e inject=renameat2:signal=KILL:when=1 dfserve \
  <"$T/vectors/stream-3.bin" >/dev/null 2>&1
ls md5
strace -y -o trace -e trace=fsync dfserve <"$T/vectors/stream-3.bin" 2>/dev/null
synced md5
cd ..

echo "--- where the file system has no renameat2 it is a link"
store s5
strace -o /dev/null -e trace=renameat2 -e inject=renameat2:error=EINVAL \
  dfserve <"$T/vectors/stream-3.bin" 2>/dev/null
echo $?
cat "md5/5d/$hello"
echo
ls .df/stream
cd ..

echo "--- a key that leads to nothing is durably gone after dfpublish -r"
store s4
dfserve <"$T/vectors/stream-3.bin" 2>/dev/null
ln -s ../md5/00/00000000000000000000000000000000 key/none
cp head/key/greeting head/key/none
strace -y -o trace -e trace=fsync dfpublish -r 2>&1
ls key head/key
synced key
synced head/key
cd ..

echo "--- a stored copy that cannot be read is replaced"
store s3
dfserve <"$T/vectors/stream-3.bin" 2>/dev/null
strace -o /dev/null -P "$PWD/md5/5d/$hello" -P "md5/5d/$hello" \
  -e trace=read,pread64 -e inject=read,pread64:error=EIO \
  dfserve <"$T/vectors/stream-3.bin" 2>/dev/null
echo $?
cat "md5/5d/$hello"
echo
ls .df/corrupt | cut -c 1-32

echo "--- one that another process replaces meanwhile is left alone"
chmod 644 "md5/5d/$hello"
printf hellO >"md5/5d/$hello"
strace -o /dev/null -e trace=renameat2 \
  -e inject=renameat2:delay_enter=700000:when=3 \
  dfserve <"$T/vectors/stream-3.bin" 2>/dev/null &
pid=$!
dfserve <"$T/vectors/stream-3.bin" 2>/dev/null
echo $?
wait "$pid"
echo $?
cat "md5/5d/$hello"
echo
md5sum .df/corrupt/* | cut -d ' ' -f 1 | sort -u | wc -l
cd ..

echo "--- a collision that the relays follow already is given up for them"
host 1
host 2
head -c 300000 /dev/zero >zeros
cat "$T/vectors/md5-collision-a.bin" zeros >a
cat "$T/vectors/md5-collision-b.bin" zeros >b
push 1 <a
echo $?
at 2 | genrep >list.dat
REPLICATE_FN=$PWD/list.dat push 1 -q <b 2>/dev/null
echo $?
until_true idle 1 2
find h2/md5 -type f
grep -c 'refused .* other data of the same MD5' h1.log

echo "--- why a chunk was refused is said, also where the stream is cut"
store s4
{
  printf '3:DF1,32:000102030405060708090a0b0c0d0e0f,0:,'
  printf '56:Host: 10.0.0.1\nStamp: @400000006760e4800000000a\nX: 1234\n,'
  printf '20:01234567890123456789,'
} | dfserve -m 10 2>err
echo $?
sed -n 's/ [0-9]* [^ ]* - / /; s/ [0-9]*\( [a-z]\)/\1/; /refused/p' err
jq -c '[.refused[].reason]' status.json
cd ..
