"""See publish-million.sh: publish-million.py N"""
import hashlib
import json
import os
import re
import statistics
import subprocess
import sys
import threading
import time

N = int(sys.argv[1])
T = os.environ["T"]
SECONDS = 120
failures = 0


def judge(good, *words):
    global failures
    failures += not good
    print("ok" if good else "FAILED", *words, flush=True)


def anonymous(pid):
    try:
        with open("/proc/%d/status" % pid) as f:
            return int(re.search(r"RssAnon:\s*(\d+)", f.read()).group(1)) * 1024
    except (OSError, AttributeError):
        return 0


def run(*command):
    """Wall and processor seconds, largest anonymous memory."""
    most = 0
    began, p = time.monotonic(), subprocess.Popen(command)
    done = threading.Event()

    def watch():
        nonlocal most
        while not done.wait(0.005):
            most = max(most, anonymous(p.pid))
    t = threading.Thread(target=watch)
    t.start()
    _, status, used = os.wait4(p.pid, 0)
    wall = time.monotonic() - began
    done.set()
    t.join()
    p.returncode = status
    if status:
        sys.exit("%s: exit status %d" % (" ".join(command), status))
    return wall, used.ru_utime + used.ru_stime, most


count = 0


def new_chunk():
    """A commit of one chunk that nobody has seen."""
    global count
    count += 1
    with open("../data", "w") as f:
        f.write("new %d %s\n" % (count, os.getcwd()))
    with open("../header", "w") as f:
        f.write("Key: new %d\nHost: 10.0.0.1\nStamp: @400000006a%06x00000000\n"
                % (count, count))
    subprocess.check_call(["mkcommit", "c%d" % count,
                           "@400000006a00007000000000", "../header", "../data"])
    with open("../data", "rb") as f:
        return hashlib.md5(f.read()).hexdigest()


def spent(us):
    with open(".df/rewrite") as f:
        label = f.read().split()[0]
    with open(".df/rewrite", "w") as f:
        f.write("%s %018d\n" % (label, us))


def status():
    with open("status.json") as f:
        return json.load(f)


def calls():
    """System calls of a run for one new chunk, and what took longest."""
    new_chunk()
    subprocess.check_call(["strace", "-f", "-c", "-o", "../calls", "dfpublish",
                           "-c"])
    rows = [line.split() for line in open("../calls")]
    return {r[-1]: int(r[3]) for r in rows
            if len(r) > 4 and r[3].isdigit() and r[-1] != "total"}


def single(name):
    """Runs for one new chunk, index.json put off: wall ms, processor ms."""
    walls, cpus = [], []
    spent(900000000000)
    for _ in range(21):
        md5 = new_chunk()
        wall, cpu, _ = run("dfpublish", "-c")
        walls.append(wall * 1000)
        cpus.append(cpu * 1000)
        s = status()
        with open(s["delta"], "rb") as f:
            f.seek(max(0, s["delta_bytes"] - 4096))
            last = f.read(s["delta_bytes"] - f.tell())
        if md5.encode() not in last.split(b"\n")[-2]:
            judge(False, "the delta ends with the new chunk")
    print("%s: %.1f ms (best %.1f), %.1f ms of processor time"
          % (name, statistics.median(walls), min(walls),
             statistics.median(cpus)))
    return min(walls), statistics.median(cpus), calls()


def store(name, n):
    os.mkdir(name)
    os.chdir(name)
    subprocess.check_call([sys.executable, T + "/fillstore.py", str(n),
                           str(n // 10)])
    os.sync()
    result = run("dfpublish", "-r")
    judge(status()["chunks"] == n, "status.json counts", n)
    return result


wall, cpu, most = store("small", 1000)
few_wall, few_cpu, few_calls = single("one new chunk among 1000")
os.chdir("..")
wall, cpu, most = store("large", N)
judge(most < 64 * N + 4 * 1048576,
      "dfpublish -r: %.0f s, %.0f s of processor time, %.1f bytes of memory"
      " a chunk" % (wall, cpu, most / N))
many_wall, many_cpu, many_calls = single("one new chunk among %d" % N)
judge(many_wall < 20, "the best of these took less than 20 ms: %.1f"
      % many_wall)
judge(many_cpu < 1.5 * few_cpu + 1, "processor time %.2f times that of 1000"
      % (many_cpu / few_cpu))
judge(many_calls == few_calls, "the same system calls, %d"
      % sum(many_calls.values()))
for name in set(few_calls) | set(many_calls):
    if few_calls.get(name) != many_calls.get(name):
        print("  ", name, few_calls.get(name), many_calls.get(name))

# As pushes come: delta and status at once, index.json within its share.
spent(0)
began = time.monotonic()
total = rewriting = slowest = 0
runs = rewrites = 0
before = os.stat("index.json").st_ino
while time.monotonic() - began < SECONDS:
    new_chunk()
    old = os.stat("status.json").st_ino
    started, p = time.monotonic(), subprocess.Popen(["dfpublish", "-c"])
    while (os.stat("status.json").st_ino == old
           and time.monotonic() - started < 60):
        pass
    slowest = max(slowest, time.monotonic() - started)
    _, code, used = os.wait4(p.pid, 0)
    p.returncode = code
    runs += 1
    after = os.stat("index.json").st_ino
    if after != before:
        rewrites += 1
        rewriting += used.ru_utime + used.ru_stime
        each = used.ru_utime + used.ru_stime
    before = after
passed = time.monotonic() - began
judge(rewrites > 0, "%d runs in %.0f s made index.json %d times, %.1f s of "
      "processor time each" % (runs, passed, rewrites, rewriting / rewrites))
judge(rewriting < 0.05 * passed + 1 + each,
      "index.json cost %.1f s of %.0f s" % (rewriting, passed))
print("the slowest status.json came after %.0f ms" % (slowest * 1000))
run("dfpublish")
index = json.loads(open("index.json").read())
s = status()
judge(len(index["chunks"]) == s["chunks"] and
      index["delta_bytes"] == s["delta_bytes"], "by hand index.json has all")
judge(sum(r["content_length"] for r in index["chunks"]) == s["bytes"],
      "status.json counts the bytes")
sys.exit(failures > 0)
