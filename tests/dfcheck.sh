# dfcheck: who has what, in what hosts publish; the script of its manual page.
# once
# waits
. "$T/hosts.sh"
trap hosts_end EXIT
export XDG_CACHE_HOME="$PWD/cache"
mkdir cache

# The web server of all hosts: 127.0.0.N has hN/; "asked" gets a line for each
# request, "N PATH RANGE". hN/answer makes it answer otherwise.
cat >web.py <<'E'
import http.server, os, socket, threading

together = threading.Barrier(2)
lock = threading.Lock()

class Web(http.server.BaseHTTPRequestHandler):
    def log_message(self, *words):
        pass

    def say(self, code, body=b"", **fields):
        self.send_response(code)
        for name, value in fields.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def part(self, body, span):
        first, last = (int(n) for n in span.split("=")[1].split("-"))
        if first >= len(body):
            self.say(416)
        else:
            self.say(206, body[first:last + 1], Content_Range="bytes %d-%d/%d"
                     % (first, min(last, len(body) - 1), len(body)))

    def do_GET(self):
        host = "h" + self.connection.getsockname()[0].split(".")[3]
        span = self.headers.get("Range", "-")
        with lock, open("asked", "a") as f:
            print(host, self.path, span, file=f)
        answer = ""
        if os.path.exists(host + "/answer"):
            answer = open(host + "/answer").read().strip()
        if answer == "together" and "status" in self.path:
            together.wait(60)
        elif answer == "never":
            self.rfile.read()
            return
        elif answer == "redirect":
            self.say(302, Location="http://127.0.0.6:%d%s" % (port, self.path))
            return
        elif answer == "endless" and "index" in self.path:
            self.say(200)
            while True:
                self.wfile.write(b" " * 65536)
        try:
            body = open(host + self.path, "rb").read()
        except OSError:
            self.say(404)
            return
        if span == "-" or answer == "whole":
            self.say(200, body)
        else:
            self.part(body, span)

class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    def handle_error(self, *words):
        pass

# The servers, and 127.0.0.9, where a connection is never taken: the one that
# may wait there is ours.
def servers():
    global full, mine
    first = Server(("127.0.0.1", 0), Web)
    full, mine = socket.socket(), socket.socket()
    try:
        full.bind(("127.0.0.9", first.server_port))
        full.listen(0)
        mine.connect(full.getsockname())
        return [first] + [Server(("127.0.0.%d" % n, first.server_port), Web)
                          for n in range(2, 9)]
    except OSError:
        return servers()

all = servers()
port = all[0].server_port
for s in all:
    threading.Thread(target=s.serve_forever, daemon=True).start()
print(port, flush=True)
threading.Event().wait()
E
python3 web.py >web.port 2>web.log &
servers="$servers $!"
until_true test -s web.port
port=$(cat web.port)
export DFURL="http://%h:$port/"

# check ARGUMENT...: with what it complains of behind its output.
me=main
check() {
  dfcheck "$@" 2>"errors.$me"
  code=$?
  cat "errors.$me"
  echo "exit $code"
}
A=00000000000000000000000000000001
B=00000000000000000000000000000002
C=00000000000000000000000000000003
E1=@400000006a00000000000001
E2=@400000006a00000000000002

# A host that does not take connections, while the rest goes on.
(
  me=connecting
  began=$(date +%s)
  echo $A | check -T 5 127.0.0.9
  [ $(($(date +%s) - began)) -ge 5 ] && echo 'after the seconds of -T'
) >connecting 2>&1 &
connecting=$!

# store N MD5...: what host N publishes, in a new epoch E1.
store() {
  n=$1
  shift
  rm -rf "h$n"
  mkdir -p "h$n/delta"
  : >"h$n/delta/$E1.jsonl"
  {
    echo "{\"epoch\":\"$E1\",\"delta_bytes\":0,\"chunks\":["
    for m; do
      echo "{\"md5\":\"$m\",\"keys\":[\"gone\"]},"
    done | sed '$s/,$//'
    echo ']}'
  } >"h$n/index.json"
  status "$n" "$E1" 0 $#
}
# status N EPOCH BYTES CHUNKS
status() {
  echo "{\"epoch\":\"$2\",\"delta_bytes\":$3,\"chunks\":$4}" >"h$1/new"
  mv "h$1/new" "h$1/status.json"
}
# changes N CHUNKS LINE...: appended to the delta of E1 and published.
changes() {
  n=$1
  count=$2
  shift 2
  printf '%s\n' "$@" >>"h$n/delta/$E1.jsonl"
  status "$n" "$E1" "$(wc -c <"h$n/delta/$E1.jsonl")" "$count"
}
asked() {
  sort asked
  rm asked
}

echo '--- the script of the manual page: a push, confirmed on all hosts of a tree'
for h in 1 2 3 4 5; do
  host "$h"
done
printf '%s\n    %s\n%s\n    %s\n' "$(at 2)" "$(at 4)" "$(at 3)" "$(at 5)" \
  >tree.txt
mandoc -T ascii -O width=200 "$T/../man/dfcheck.1" | sed 's/.\x08//g' |
  sed -n '/^ *genrep </,/< ticket$/s/^ *//p' >confirm
wc -l <confirm
printf hello >hello
DFTARGETS=../targets.cdb sh -e confirm 127.0.0.1 "$(cat h1.port)" greeting hello
echo $?
for h in 1 2 3 4 5; do
  [ "$(cat "h$h/key/greeting")" = hello ] && echo "host $h has it"
done

echo '--- what a host lacks, as orders for dfsend'
printf two | push 1
printf three | push 1
until_true jq -e '.chunks == 3' h1/status.json >/dev/null
check -a 127.0.0.1 127.0.0.2
check -m -a 127.0.0.1 127.0.0.2 | tee orders
sed -i '$d' orders
(cd h1 && tcpclient -RHl0 127.0.0.2 "$(cat ../h2.port)" dfsend <../orders)
echo $?
rm asked
check -w 60 -a 127.0.0.1 127.0.0.2
grep -c index asked
(cat ticket && md5 hello && printf two | md5) | check -m 127.0.0.3
printf two | md5 | check -m 127.0.0.4 127.0.0.3
{ printf two | md5 && echo $C; } | check -m 127.0.0.1 127.0.0.5
for h in 1 2 3 4 5; do
  stop "$h"
done

echo '--- some, none, a host that is not there'
store 6 $A $B
store 7 $B $C
printf '%s\n' $A $B $C | check 127.0.0.6 127.0.0.7
printf '%s\n' $A $B $C | check 127.0.0.10 127.0.0.6 127.0.0.7 |
  sed 's/ask 127.0.0.10: .*/ask 127.0.0.10: .../'
echo $A | check 127.0.0.8
echo $A | check 127.0.0.6
check -a 127.0.0.8 127.0.0.6
check -m -a 127.0.0.6 127.0.0.8
store 8
check -a 127.0.0.8 127.0.0.6

echo '--- JSON'
printf '%s\n' $A $B | check -j 127.0.0.6 127.0.0.7 | tee json
sed -i '$d' json
jq -r '.chunks[] | select(.has["127.0.0.7"] == false).md5' json
rm h8/status.json
echo $A | check -j 127.0.0.6 127.0.0.8

echo '--- only what is new is asked for'
rm -rf cache asked
mkdir cache
check -a 127.0.0.6 >/dev/null
asked
check -a 127.0.0.6 >/dev/null
asked
changes 6 3 "{\"md5\":\"$C\"}"
changes 6 2 "{\"md5\":\"$A\",\"gone\":\"expired\",\"at\":\"...\"}"
check -a 127.0.0.6
asked
echo whole >h6/answer
changes 6 3 "{\"md5\":\"$A\"}"
check -a 127.0.0.6
asked
rm h6/answer
echo '--- a new epoch'
printf '{"md5":"%s"}\n' $B >"h6/delta/$E2.jsonl"
status 6 $E2 43 1
check -a 127.0.0.6
asked
echo '--- another template is another place'
check -u "http://%h:$port/./" -a 127.0.0.6 >/dev/null
asked
echo '--- damaged, of another host, not to be written, not to be used'
store 6 $A
rm -rf cache/dataflow
check -a 127.0.0.6 >/dev/null
name=$(echo cache/dataflow/check-*)
printf x | dd of="$name" bs=1 seek=100 conv=notrunc 2>/dev/null
rm asked
check -a 127.0.0.6
asked
check -a 127.0.0.7 >/dev/null
for f in cache/dataflow/check-*; do
  [ "$f" = "$name" ] || cp "$name" "$f"
done
rm asked
check -a 127.0.0.7
asked
rm -rf cache/dataflow
check -a 127.0.0.6 >/dev/null
chmod 777 cache/dataflow
rm asked
check -a 127.0.0.6
asked
rm -rf cache
: >cache
check -a 127.0.0.6
asked
rm cache
env -u XDG_CACHE_HOME HOME="$PWD/home" dfcheck -a 127.0.0.6 >/dev/null
echo $?
mkdir home
env -u XDG_CACHE_HOME HOME="$PWD/home" dfcheck -a 127.0.0.6 >/dev/null
find home/.cache -type f | sed 's/check-[0-9a-f]*$/check-MD5/'
mkdir cache
echo '--- many at once'
for i in 1 2 3 4 5 6 7 8; do
  dfcheck -a 127.0.0.7 127.0.0.7 >many.$i 2>&1
  dfcheck -a 127.0.0.7 127.0.0.6 >many.$i 2>&1 &
  pids="${pids:-} $!"
done
# shellcheck disable=SC2086
wait $pids
sort many.? | uniq -c | sed 's/^ *//'
rm asked
check -a 127.0.0.7 >/dev/null
asked

echo '--- all hosts are asked at the same time'
store 6 $A
store 7 $A
echo together >h6/answer
echo together >h7/answer
echo $A | check 127.0.0.6 127.0.0.7
rm h6/answer h7/answer

echo '--- it waits: for a chunk, for a host'
rm -f asked
(
  until_true sh -c '[ "$(grep -c "h7 /status" asked)" -ge 3 ]'
  changes 7 2 "{\"md5\":\"$B\"}"
) &
printf '%s\n' $A $B | check -w 60 127.0.0.7
wait $!
rm -rf h8
rm -f asked
(
  until_true sh -c '[ "$(grep -c "h8 /status" asked)" -ge 3 ]'
  store 8 $A
) &
echo $A | check -w 60 127.0.0.7 127.0.0.8
wait $!
echo '--- with -a: for what the first host had at first'
store 6 $A $B
store 8 $A
rm -f asked
(
  until_true sh -c '[ "$(grep -c "h8 /status" asked)" -ge 3 ]'
  changes 6 3 "{\"md5\":\"$C\"}"
  changes 8 2 "{\"md5\":\"$B\"}"
) &
check -w 60 -a 127.0.0.6 127.0.0.8
wait $!
echo '--- no longer'
echo $B | check -w 1 127.0.0.6 127.0.0.8
rm h8/status.json
echo $C | check -w 1 127.0.0.7 127.0.0.8

echo '--- hostile answers'
store 8 $A
for answer in never redirect endless; do
  echo "$answer:"
  echo $answer >h8/answer
  echo $A | check -t 1 127.0.0.6 127.0.0.8
done
store 8 $A
for line in '{"md5":1}' '{"md5":"0"}' '[' '{}' "{\"md5\":\"$A\",}" \
  "{\"md5\":\"$A\"} ]}" "{\"md5\":\"$A\",\"gone\":1}"; do
  printf '{"epoch":"%s","delta_bytes":0,"chunks":[\n%s\n]}\n' $E1 "$line" \
    >h8/index.json
  status 8 $E1 0 1
  rm -rf cache/dataflow
  echo $A | check 127.0.0.8 | grep warning
done
store 8 $A
status 8 $E1 10 1
echo $A | check 127.0.0.8

echo '--- its processes'
store 8 $A
echo never >h8/answer
# child PROCESS: the one that it has started.
child() {
  until_true pgrep -P "$1" >/dev/null
  pgrep -P "$1"
}
echo $A >a
dfcheck -t 600 127.0.0.8 <a 2>&1 &
kill -KILL "$(child $!)"
wait $!
echo $?
dfcheck -t 600 127.0.0.8 <a 2>&1 &
one=$(child $!)
kill -KILL $!
wait $! 2>/dev/null
gone() {
  ! kill -0 "$1"
}
until_true gone "$one" && echo 'the other one ends, too'
rm h8/answer
(trap '' CHLD && check 127.0.0.8 <a)

echo '--- malformed input'
echo x | check 127.0.0.6
printf '%s\nmd5hash: x\n' $A | check 127.0.0.6
grep -v Stamp ticket | check 127.0.0.6
grep -v md5hash ticket | check 127.0.0.6
head -c 16385 /dev/zero | tr '\0' a | check 127.0.0.6
check 127.0.0.6 </dev/null
check 127.0.0.6 <h6
echo '--- tickets'
{ cat ticket ticket && echo && echo $A && cat h1/head/key/greeting; } |
  check 127.0.0.6

echo '--- messages'
check <a
check -q 127.0.0.6 <a
check -jm 127.0.0.6 <a
check -m 127.0.0.6 127.0.0.7 127.0.0.8 <a
check -w 86401 127.0.0.6 <a
check -t 0 127.0.0.6 <a
check -T 0 127.0.0.6 <a
check $(seq -f h%g 257) <a
check '[::1]' <a
check -- -h <a
check 127.0.0.6 127.0.0.6 <a
check -u ftp://%h/ 127.0.0.6 <a
check -u http://h/ 127.0.0.6 <a
check -u 'http://%h/ ' 127.0.0.6 <a
check -u "http://%h/$(head -c 2048 /dev/zero | tr '\0' a)" 127.0.0.6 <a
DFURL='' check -T 1 127.0.0.255 <a
failing() {
  strace -o /dev/null -e "inject=$1:error=ENOMEM" dfcheck 127.0.0.6 <a 2>&1
  echo $?
}
failing memfd_create
failing clone,clone3,fork
failing wait4
dfcheck 127.0.0.6 <a >/dev/full
echo $?
dfcheck 127.0.0.6 <&-
echo $?
wait $connecting
cat connecting
