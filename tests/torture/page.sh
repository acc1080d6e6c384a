# The page in headless Chromium, served by nginx as in examples: what it shows,
# the search used, 100 000 chunks, a key full of markup, telephone and dark.
# N=1000 for a try; SHOTS=DIR keeps the screenshots. Only loopback.
: "${N:=100000}" "${SHOTS:=$PWD}"
D=$PWD
failures=0
judge() { # COMMAND... : the words in $what are true if it succeeds
  if "$@" >/dev/null; then
    echo "ok $what"
  else
    echo "FAILED $what"
    failures=$((failures + 1))
  fi
}
(cd "$T/.." && ./compile -c -o "$D/mkcommit.o" tests/mkcommit.c &&
  ./load "$D/mkcommit" "$D/mkcommit.o" src/libdf/libdf.a) || exit
mkdir -p www/dfstor
cd www/dfstor || exit
python3 "$T/fillstore.py" "$N" "$N" || exit
DFHOST=10.0.0.1 dfpublish -r || exit
cd "$D" || exit

# nginx has no way to say which port it was given: one that is free now.
port=$(python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')
sed -e "s|^user .*|user $(id -un);|; s|/run/nginx-dataflow.pid|$D/pid|" \
  -e "s|listen 80;|listen 127.0.0.1:$port;|; /listen \[::\]/d" \
  -e "s|/srv/dataflow|$D/www|" "$T/../examples/nginx.conf" >nginx.conf
nginx -p "$D" -e "$D/log" -c "$D/nginx.conf" -g 'daemon off;' &
trap 'kill $!' EXIT
until curl -s "http://127.0.0.1:$port/" >/dev/null; do kill -0 $! || exit; done
web=http://127.0.0.1:$port/dfstor

# browse OPTION... URL: what Chromium says goes to said
browse() {
  rm -rf profile
  timeout 180 chromium --headless --no-sandbox --disable-gpu --disable-quic \
    --no-first-run --disable-background-networking --disable-component-update \
    --disable-sync --disable-dev-shm-usage --hide-scrollbars \
    --enable-logging=stderr --user-data-dir="$D/profile" "$@" 2>said
}
quiet() { ! grep -E 'CONSOLE|Refused' said; }
# dom URL [TEXT]: the page as it is after its script has run. Chromium may take
# the wait for index.json for the end of it: then once more.
dom() {
  for i in 1 2 3 4 5; do
    browse --virtual-time-budget=60000 --dump-dom "$1" >dom
    [ $# = 2 ] || return
    shown "$2" >/dev/null && return
  done
}
rows() { sed -n '/id="rows"/,/<\/tbody>/p' dom | grep -o '<tr id=' | wc -l; }
cat >shown.py <<'E'
import html.parser, sys


class Page(html.parser.HTMLParser):
    inside, text = [], []

    def handle_starttag(self, tag, attrs):
        if tag in ("script", "style"):
            self.inside.append(tag)
        if tag == "img" or any(k.startswith("on") for k, v in attrs):
            print("MARKUP", tag, attrs)

    def handle_endtag(self, tag):
        if self.inside and tag == self.inside[-1]:
            self.inside.pop()

    def handle_data(self, data):
        if not self.inside:
            self.text.append(data)


page = Page()
page.feed(open("dom").read())
print(" ".join(" ".join(page.text).split()))
E
shown() { python3 shown.py | grep -F -e "$1"; }

dom "$web/"
what='nothing is refused or complained of' judge quiet
what="$N chunks are told" judge shown "$N chunks, "
what='200 rows' judge [ "$(rows)" = 200 ]
what='ages in place of dates' judge shown 'Key Size Age Life left MD5 Also at'
what='no duties, no table of them' judge grep -q 'id="owed" hidden' dom

curl -s "$web/" >dom
what='as it is served: 200 rows' judge [ "$(rows)" = 200 ]
what='and dates' judge shown 'Key Size Stored Until MD5 Also at'

last=$(printf 'backups/2026/%06d' $((N - 1)))
began=$(date +%s%N)
dom "$web/#q=backups%2F2026%2F000001" " found"
echo "searched all $N chunks in $((($(date +%s%N) - began) / 1000000)) ms, browser and all"
what='one found' judge shown ' 1 found '
what='it is the one' judge shown 'backups/2026/000001'
dom "$web/#q=BACKUPS" " found"
what='letters of any case, the newest 200 of many' judge \
  shown "$((N - 1)) found, the newest 200 are shown"
what='the newest first' judge shown "Also at $last"
dom "$web/#q=2001:db8::2" " found"
what='by host' judge shown "$(((N + 4) / 5)) found, the newest 200 are shown"
what='an IPv6 address in brackets' judge grep -q 'href="http://\[2001:db8::2\]/dfstor/"' dom
dom "$web/#q=nothing+of+this+kind" " found"
what='none found' judge shown ' 0 found '
dom "$web/#q=onerror" " found"
what='markup is text' judge shown "<script>alert(1)</script>\"><img src=x onerror=alert(2)>&amp;'"
what='and no markup' judge [ "$(python3 shown.py | grep -c MARKUP)" = 0 ]
what='and nothing ran' judge quiet
name=$(ls www/dfstor/key | grep script)
what='its link is its key' judge grep -qF "href=\"key/$name\"" dom

echo '=== behind: index.json and the page are put off, the delta is not'
sed -i 's/ .*/ 000000900000000000/' www/dfstor/.df/rewrite
(
  cd www/dfstor || exit
  echo new >"$D/data"
  printf '%s\n' 'Key: brand new' 'Host: 10.0.0.1' 'Backup-Host: b.example' \
    'Stamp: @400000006b00000000000000' >"$D/header"
  ../../mkcommit -t 10.0.0.2:17478 -d T c1 @400000006b00000000000000 \
    "$D/header" "$D/data"
  printf 'tries 3\nlast_error <b>refused</b>\n' >.df/try/10.0.0.2:17478
  DFHOST=10.0.0.1 dfpublish -c
)
what='index.json does not have it' judge [ "$(grep -c 'brand new' www/dfstor/index.json)" = 0 ]
dom "$web/" 'brand new'
what='the page shows it first' judge shown 'Also at brand new 4 bytes'
what='the totals have it' judge shown "$((N + 1)) chunks, "
what='what is owed' judge shown '10.0.0.2:17478 1 4 bytes'
what='and why' judge shown '3 <b>refused</b>'
dom "$web/#q=brand" " found"
what='the search finds it' judge shown ' 1 found '
(cd www/dfstor && DFHOST=10.0.0.1 dfpublish)

echo '=== a server without ranges'
sed -i 's/gzip off;/gzip off; max_ranges 0;/' nginx.conf
kill -HUP $!
dom "$web/#q=brand" " found"
what='the same' judge shown ' 1 found '

echo '=== screenshots'
shot() { # NAME WIDTH,HEIGHT [option]
  browse --virtual-time-budget=10000 --screenshot="$SHOTS/$1.png" \
    --window-size="$2" ${3:+"$3"} "$web/${4-}"
  what="$1 $2" judge [ -s "$SHOTS/$1.png" ]
}
shot desk 1280,900
sed '/<script>/,/<.script>/d' www/dfstor/index.html >plain.html
web=file://$D
shot plain 1280,900 '' plain.html
web=http://127.0.0.1:$port/dfstor
shot telephone 390,844
shot dark 1280,900 --blink-settings=preferredColorScheme=0 '#q=script'
[ "$failures" = 0 ]
