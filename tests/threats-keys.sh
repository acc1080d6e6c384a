# Forged log or index lines: keys of any bytes, thousands of them, come back equal
# from two parsers; no text of a stranger makes a line of a log or breaks one.

say() {
  echo "--- $1"
}

norm() {
  sed -e '/^dfserve: no-reset /d' \
    -e 's/^\(df[a-z]*: [a-z-]*\) [0-9]* \([^ ]* [^ ]* [0-9]*\) [0-9]*/\1 \2/'
}

say '3000 keys of any bytes'
mkdir store
python3 "$T/keys.py" make 3000 7 >stream
(cd store && dfserve <../stream; echo $?) >log 2>&1
tail -n 1 log
python3 "$T/keys.py" log <log
(cd store && python3 "$T/keys.py" check 3000 7)

say 'control characters in keys, other lines, hosts: none gets in'
python3 - >words <<'E'
for c in (*range(10), *range(11, 32), 127):
    for what in ("Key: a%sb", "Any: a%sb", "Host: a%sb", "Backup-Host: a%sb"):
        drop = "-Host " if what[0] == "H" else ""
        print("c%d-%s begin chunk:bad %s'+%s' end"
              % (c, what[0], drop, what % ("\\x%02x" % c)))
E
python3 "$T/stream.py" <words
cut -d ' ' -f 1 words | while read -r s; do
  (cd store && dfserve <../"$s"; echo "exit $?") 2>&1
done >log
python3 "$T/keys.py" log <log
sed 's/.*: reset .* \(malformed\|bad\)/\1/' log | grep -v no-reset | sort |
  uniq -c | sed 's/^ *//'
jq '.chunks | length' store/index.json

say 'what is said of the client is made fit for a line'
python3 "$T/stream.py" <<'E'
bad begin chunk:x ~-Content-Length '~+Content-Length: 2' end
E
for ip in 'a
dfserve: stored 1 10.0.0.1:1 - 0 0' '	b' "$(printf '\033[31m')" \
  "$(printf '\377\376')" '"},{"at":"' "$(printf '%0300d' 0)"; do
  (cd store && TCPREMOTEIP=$ip TCPREMOTEPORT=$ip dfserve <../bad) 2>&1
done >log
python3 "$T/keys.py" log <log
norm <log | cut -c 1-58
jq -r '.refused[].from | select(. != "-")' store/status.json | cut -c 1-30
