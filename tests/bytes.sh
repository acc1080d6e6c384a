# What goes out and what is published, against independent readers of the
# formats: dfsend's streams, stored headers, index, delta, status.
. "$T/hosts.sh"

say() {
  echo "--- $1"
}

# Labels and dates differ from run to run.
norm() {
  sed 's/@[0-9a-f]\{24\}/LABEL/g; s/[0-9-]*T[0-9:]*Z/DATE/g'
}

# serve FILE: the stream goes into the store; its targets are not there.
serve() {
  (cd store && dfserve -x ../targets.cdb <"../$1" 2>>../log)
  echo $?
}

# nothing_sent: the relays have ended.
nothing_sent() {
  [ -z "$(find store/.df/stream -mindepth 1)" ]
}

# send ORDER...: the stream that dfsend makes of the orders.
send() {
  printf '%s\n' "$@" | (cd store && dfsend 6</dev/null 7>../out)
  echo $?
}

read_out() {
  python3 "$T/readstream.py" "$@" <out
}

export TCPREMOTEIP=10.0.0.9 DFHOST=10.0.0.1
echo '127.0.0.1:allow,DFPORTS="1"' | tcprules targets.cdb targets.tmp
mkdir store
printf '10.0.0.7:17478\n  [2001:db8::7]:1\nTARGET\nb.example.org:65535\n' |
  genrep >list.dat

python3 "$T/stream.py" <<'E'
came begin to:4=127.0.0.1=1 chunk:one stamp:@400000006b00000000000000 '+Key: k/1' '+hOST-x: a:b  c' '+CACHE-TIME:\t 60' '+TTL: 0009' '+Backup-Host: b.example.org' '+X-y:' chunk: '+X-Colour: \xff"' fill:300000 '+Key: large' '~+SHA-256: {sha256}' chunk:head '+SHA-256: {sha256}' '+Content-Length: {length}' '+md5hash: {md5}' '~+SHA-256: {sha256}' alone:one stamp:@400000006b00000500000000 '+Cache-Time: 7' '+Key: more "\\ \xc3\xa9' '+Backup-Host: 2001:db8::1' end
refused begin chunk:wrong '~-md5hash' '~+md5hash: 00000000000000000000000000000000' end
broken begin chunk:wrong -Host end
E
python3 "$T/readstream.py" <came | grep -v -e '^id' -e '^list' -e '^end' >came.txt

say 'the stream of an independent writer is taken, with a duty for each chunk'
serve came
until_true nothing_sent
# Every chunk of every commit, as orders; the first line says how many.
for name in $(ls store/.df/commit); do
  n=$(head -c 15 "store/.df/commit/$name" | tail -c 8 | sed 's/^0*//')
  seq 0 $((n - 1)) | sed "s/^/commit $name /"
done >orders
wc -l <orders

say 'commit orders: headers, data and trailers go out as they came'
export REPLICATE_FN=$PWD/list.dat
echo end >>orders
(cd store && dfsend <../orders 6</dev/null 7>../out)
echo $?
read_out | grep -v -e '^id' -e '^list' -e '^end' >went.txt
grep -c '^header' went.txt
cmp came.txt went.txt && echo equal
read_out | grep -e '^id' -e '^list' -e '^end' >other.txt
grep -c '^id [0-9a-f]\{32\}$' other.txt
list=$(tail -c +5 list.dat | od -An -v -tx1 | tr -d ' \n')
grep -q "^list $((${#list} / 2)) $list\$" other.txt && echo 'the list of the file'
tail -n 1 other.txt
unset REPLICATE_FN

say 'MD5 orders: the stored header, one key, one Host, nothing of this host'
(cd store && dfpublish)
echo $?
m=$(printf one | md5)
send "$m" "$(md5 </dev/null)"
read_out -n >out.txt
echo $?
grep -v '^ ' out.txt
grep '^ ' out.txt | LC_ALL=C sort

say 'a stored header'
LC_ALL=C sort "store/head/$(echo "$m" | cut -c 1-2)/$m" | norm

say 'a refused chunk, a broken stream'
serve refused
serve broken

say 'a chunk that comes again and again: the 32 newest pushes are named'
echo again begin "$(for i in $(seq 10 49); do
  echo "alone:one stamp:@400000006a0000${i}00000000 '+Cache-Time: 1'"
done)" end | tr '\n' ' ' | python3 "$T/stream.py"
serve again
(cd store && dfpublish)
jq -r --arg m "$m" '.chunks[] | select(.md5 == $m) | .taken[]' \
  store/index.json >taken
wc -l <taken
sort taken | sed -n '1p;30p'

say 'every member of every record, against the stored headers and the data'
(cd store && python3 "$T/bytes.py")
(cd store && python3 "$T/pubstate.py" >/dev/null) && echo 'nothing contradicts'

say 'names, order and types of members, as jq has them'
cd store || exit
jq -c 'to_entries[] | [.key, (.value | type)]' status.json
jq -c '.pending[0], .refused[0] | to_entries[] | [.key, (.value | type)]' \
  status.json
jq -c 'to_entries[] | [.key, (.value | type)]' index.json
jq -c '.chunks | sort_by(.md5)[0] | to_entries[] | [.key, (.value | type)]' index.json

say 'values'
jq -c '(.pending[] | del(.last_error)), .refused[]' status.json | norm
jq -c --arg m "$m" '.chunks[] | select(.md5 == $m) | del(.taken)' index.json |
  norm
