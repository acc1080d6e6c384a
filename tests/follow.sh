# examples/metrics and examples/follow, on a store behind a web server.
# once
. "$T/hosts.sh"
trap hosts_end EXIT
E=$T/../examples

say() {
  echo "--- $1"
}
mkdir h1 seen
tcpserver -1RHl0 127.0.0.1 0 busybox httpd -i -h "$PWD/h1" >web.port &
servers=$!
until_true test -s web.port
host 1
url=http://127.0.0.1:$(cat web.port)
cat >command <<'E2'
#!/bin/sh
# Says what it is given, as long as there is no file "broken".
[ ! -e broken ] || exit 7
[ "$(curl -sf "$3" | md5sum)" = "$2  -" ] || echo 'not its data'
jq -r --arg md5 "$2" --arg what "$1" 'select(.md5 == $md5) | "\($what) \(.keys[])"'
E2
chmod 755 command
follow() {
  sh "$E/follow" seen "$url/" ./command new
  echo $?
}
# The delta of which status.json speaks has the key.
published() {
  head -c "$(jq .delta_bytes h1/status.json)" \
    "h1/$(jq -r .delta h1/status.json)" | grep -q "\"$1\""
}
put() {
  echo "$1" | push 1 -k "${2:-$1}" || echo 'not pushed'
  until_true published "${2:-$1}"
}

say 'follow: an empty store, two chunks, nothing new, one more'
(cd h1 && dfpublish)
follow
put one
put two
follow
follow
put three
follow
say 'another key of an old chunk is no new chunk'
put three third
follow
say 'a command that fails: the next run begins there'
put four
put five
: >broken
follow
rm broken
follow
say 'another epoch: nothing is told twice'
was=$(jq -r .epoch h1/status.json)
(cd h1 && dfpublish -r)
[ "$was" != "$(jq -r .epoch h1/status.json)" ] && echo 'a new epoch'
put six
follow
follow
say 'gone and there again'
printf '{"md5":"%s","gone":"removed","at":"2026-11-25T00:00:00Z"}\n' \
  "$(echo one | md5)" >gone
cat gone >>"h1/$(jq -r .delta h1/status.json)"
jq -c ".delta_bytes += $(wc -c <gone)" h1/status.json >status
cp status h1/status.json
follow
ls seen/done | wc -l
say 'how it fails'
sh "$E/follow" seen "$url"
echo $?
sh "$E/follow" seen "$url/nothing" ./command 2>out
echo $?
grep '^follow' out
mkdir h1/bad
for s in '{"epoch":"../../etc","delta_bytes":1}' \
  '{"epoch":"@400000006a00000000000000","delta_bytes":"1"}' '[]'; do
  echo "$s" >h1/bad/status.json
  sh "$E/follow" seen "$url/bad" ./command 2>&1 | grep '^follow'
done
mkdir h1/bad/delta
cp h1/delta/* h1/bad/delta
echo '{"md5":"../../passwd"}' >>"h1/bad/$(jq -r .delta h1/status.json)"
for more in 23 10; do
  jq -c ".delta_bytes += $more" h1/status.json >h1/bad/status.json
  sh "$E/follow" seen "$url/bad" ./command 2>&1 | grep '^follow'
done

say 'metrics: a store with nothing owed, and one that owes'
numbers() {
  sh "$E/metrics" | grep -v '^#' | sed 's/ [0-9]\{10\}$/ TIME/'
}
numbers <h1/status.json
jq -c '.pending = [{"target":"[::1]:17478","chunks":2,"bytes":10,"oldest":"2026-11-25T00:00:00Z","tries":3,"last_error":"x\"y"}, {"target":"a\"\\b","chunks":1,"bytes":1,"oldest":"1970-01-01T00:00:09Z","tries":0,"last_error":null}] |
  .refused = [{"at":"2026-11-25T00:00:00Z"},{"at":"2026-11-24T00:00:00Z"}]' \
  h1/status.json >owing
sh "$E/metrics" <owing | grep 'pending\|refused' | grep -v HELP
say 'each has its help and its type'
sh "$E/metrics" <owing | sed 's/{.*} / /' | awk '
  $2 == "HELP" { help[$3] = 1 } $2 == "TYPE" && $4 == "gauge" { type[$3] = 1 }
  !/^#/ && !(help[$1] && type[$1]) { print "not so: " $0 }
  !/^#/ { n++ } END { print n " numbers" }'
say 'what is no status.json'
for f in '{"dataflow":2}' '[' ''; do
  echo "$f" | sh "$E/metrics" 2>/dev/null || echo "refused: $f"
done
