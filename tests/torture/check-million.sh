# Two stores of a million chunks, compared by dfcheck: in seconds, and in bounded
# memory; and again, from what it remembers. Then a host whose index does not
# end. N=10000 for a try.
. "$T/hosts.sh"
trap hosts_end EXIT
: "${N:=1000000}"
export XDG_CACHE_HOME="$PWD/cache"

# The second store has the chunks in the reverse order, two that the first has
# not, and lacks its last one.
cat >stores.py <<'E'
import hashlib, json, os, sys
N = int(sys.argv[1])
LABEL = "@400000006a1b2c3d%08x"
RECORD = ('{"md5":"%s","sha256":null,"content_length":%d,"keys":["backups/%d"],'
          '"host":"10.0.0.1","backup_hosts":["10.0.0.2","10.0.0.3"],'
          '"cache_time":86400,"ttl":3600,"stamp":"%s",'
          '"stored":"2026-11-23T12:00:00Z","expires":"2026-11-24T12:00:00Z",'
          '"path":"md5/%s/%s","taken":["%s %s"]}')
def record(i):
    m = hashlib.md5(b"%d" % i).hexdigest()
    stamp = LABEL % i
    return RECORD % (m, i, i, stamp, m[:2], m, stamp, m)
def store(where, numbers):
    epoch = LABEL % 0
    os.makedirs(where + "/delta")
    open(where + "/delta/" + epoch + ".jsonl", "w").close()
    with open(where + "/index.json", "w") as f:
        f.write('{"dataflow":1,"host":"h","published":"2026-11-23T12:00:00Z",'
                '"epoch":"%s","delta_bytes":0,"chunks":[\n' % epoch)
        for at, i in enumerate(numbers):
            f.write((",\n" if at else "") + record(i))
        f.write("\n]}\n")
    with open(where + "/status.json", "w") as f:
        json.dump({"chunks": len(numbers), "epoch": epoch, "delta_bytes": 0}, f)
store("h1", range(N))
store("h2", [N + 1, N] + list(range(N - 2, -1, -1)))
E
python3 stores.py "$N" || exit
echo "two stores, index.json of $(wc -c <h1/index.json) bytes"
for n in 1 2; do
  : >"w$n.port"
  tcpserver -1vRHl0 "127.0.0.$n" "${port:-0}" \
    busybox httpd -i -h "$PWD/h$n" >"w$n.port" 2>"w$n.log" &
  servers="${servers:-} $!"
  until_true test -s "w$n.port"
  : "${port:=$(cat w1.port)}"
done

cat >endless <<'E'
import sys
path = sys.stdin.buffer.readline()
while sys.stdin.buffer.readline().strip():
    pass
out = sys.stdout.buffer
out.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
          b'{"epoch":"@400000006a1b2c3d00000000","delta_bytes":0')
if b"status" in path:
    out.write(b"}")
else:
    out.write(b',"chunks":[\n')
    for i in range(0, 1 << 40, 1000):
        out.write(b"".join(b'{"md5":"%032x"},\n' % n
                           for n in range(i, i + 1000)))
out.flush()
E
tcpserver -1RHl0 127.0.0.3 "$port" python3 endless >w3.port 2>/dev/null &
servers="$servers $!"
until_true test -s w3.port

# The memory is that of the largest of its processes, with what they share.
cat >measured <<'E'
import resource, subprocess, sys, time
began = time.monotonic()
code = subprocess.call(["dfcheck"] + sys.argv[3:])
seconds = time.monotonic() - began
kib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print("exit %d, %.1f s, largest process %d KiB" % (code, seconds, kib),
      file=sys.stderr)
sys.exit(code != int(sys.argv[1]) or kib >= int(sys.argv[2]) or seconds >= 120)
E
export DFURL="http://%h:$port/"
python3 measured 1 102400 -m -a 127.0.0.1 127.0.0.2 >orders || exit
[ "$(cat orders)" = "$(printf %s $((N - 1)) | md5)" ] || exit
python3 measured 1 102400 -m -a 127.0.0.2 127.0.0.1 >orders || exit
[ "$(wc -l <orders)" = 2 ] || exit
[ "$(grep -c '^tcpserver: ok' w1.log)" = 3 ] || exit
echo "the second time index.json was not read"
python3 measured 111 524288 -a 127.0.0.3 2>endless.said || exit
cat endless.said
grep -q 'unable to ask 127.0.0.3: it has too many chunks' endless.said
