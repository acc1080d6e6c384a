# Memory: the same little, however large or many the chunks are.
# once
. "$T/hosts.sh"
trap hosts_end EXIT

watch() {
  rm -f figures.ready
  python3 "$T/memory.py" figures "$@" &
  watcher=$!
  until_true test -s figures.ready
}

watched() {
  kill "$watcher"
  wait "$watcher"
}

for h in 1 2 3 4; do
  host "$h"
done
REPLICATE_FN=$PWD/list.dat
export REPLICATE_FN

echo '--- a chunk of 2 GiB'
at 2 | genrep >list.dat
truncate -s 2G big
watch 4096 dfserve dfrelay dfsend
push 1 -k big <big
echo $?
until_true idle 1 2 && echo 'nothing is left to do'
watched
rm big
jq -c '.chunks[] | [.content_length, .keys]' h1/index.json h2/index.json
rm -rf h1/md5 h2/md5

echo '--- 10000 chunks of 100 bytes'
at 4 | genrep >list.dat
mkdir many
seq -f '%099g' 10000 | (cd many && split -a 5 -d -l 1)
find many -type f -size -101c | wc -l
find many -type f -print0 >names
watch 4096 dfserve dfrelay dfsend -- 16384 dfpublish
push 3 -0K <names
echo $?
until_true idle 3 4 && echo 'nothing is left to do'
watched
jq .chunks h3/status.json h4/status.json
