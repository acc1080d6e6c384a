# -r over ten seconds: within 5 % of the rate, over TCP (the kernel from 1 MiB/s
# on, slices below), into a pipe, and of a relay of dfserve.
. "$T/hosts.sh"
trap hosts_end EXIT

cat >rate.py <<'END'
import os
import socket
import subprocess
import sys
import time

SECONDS = 10
bad = 0


def read_all(read):
    n, start, last = 0, time.monotonic(), 0
    while True:
        data = read(1 << 20)
        if not data:
            return n, last - start
        n += len(data)
        last = time.monotonic()


def say(what, rate, n, seconds):
    global bad
    ratio = n / seconds / rate
    bad |= not 0.95 <= ratio <= 1.05
    print("%s at %d bytes/s: %d in %.2f s, ratio %.3f" %
          (what, rate, n, seconds, ratio))


def sized(rate):
    with open("big", "wb") as f:
        f.truncate(rate * SECONDS)


def tcp(rate):
    sized(rate)
    s = socket.create_server(("127.0.0.1", 0))
    with open("big") as f:
        p = subprocess.Popen(["tcpclient", "-RHl0", "127.0.0.1",
                              str(s.getsockname()[1]), "pushdf", "-r",
                              str(rate)], stdin=f)
    c = s.accept()[0]
    n, seconds = read_all(c.recv)
    c.close()
    assert p.wait() == 0
    say("TCP", rate, n, seconds)


def pipe(rate):
    sized(rate)
    r, w = os.pipe()
    with open("big") as f:
        p = subprocess.Popen(["sh", "-c", "exec pushdf -h h -r %d 6</dev/null"
                              " 7>&1" % rate], stdin=f, stdout=w)
    os.close(w)
    n, seconds = read_all(lambda most: os.read(r, most))
    os.close(r)
    assert p.wait() == 0
    say("pipe", rate, n, seconds)


for rate in (20000, 500000, 1 << 20, 30000000):
    tcp(rate)
for rate in (20000, 5000000):
    pipe(rate)
sys.exit(bad)
END
python3 rate.py || exit

host 1 -r 3M
host 2
printf '%s\n' "$(at 2)" | genrep >list.dat
export REPLICATE_FN=$PWD/list.dat
head -c $((30 * 1024 * 1024)) /dev/urandom >big
push 1 -q big || exit
until_true has 2 "$(md5 big)" || exit
until_true idle 1 2 || exit
ms=$(sed -n 's/^dfrelay: delivered .* 31457280 \([0-9]*\).*/\1/p' h1.log)
echo "relay: 31457280 bytes in $ms ms at 3 MiB/s"
[ "$ms" -ge 9500 ] && [ "$ms" -le 10500 ]
