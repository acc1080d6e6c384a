"""Measures dataflow beside its peers: bench.py [P1 ...]. Prints a table, writes
$OUT as JSON. A figure is ours through the peer's, of medians of $RUNS runs each
that take turns; the limit is what it may be at most."""
import json
import os
import platform
import signal
import sys
import time

import lab
import local
import net

CASES = [
    (("P1", "P2", "P3"), local.one_stream),
    (("P4", "P5"), local.many_chunks),
    (("P6",), local.four_hosts),
    (("P7",), net.chains),
    (("P8",), net.slow_hosts),
    (("P9",), local.small_push),
    (("P10",), local.memory),
]


def first(name, key):
    """What stands behind key in the file."""
    try:
        with open(name) as f:
            for line in f:
                if line.startswith(key):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return "?"


def disk_of(path):
    with open("/proc/mounts") as f:
        mounts = [line.split() for line in f]
    best = max((m for m in mounts if os.path.abspath(path).startswith(m[1])),
               key=lambda m: len(m[1]))
    return "%s %s" % (best[2], best[0])


def write_speed():
    """MB a second of 1 GiB, written and synced."""
    piece = os.urandom(1 << 20)
    start = time.monotonic()
    with open("speed", "wb") as f:
        for _ in range(1024):
            f.write(piece)
        os.fsync(f.fileno())
    seconds = time.monotonic() - start
    os.unlink("speed")
    return round(1073.7 / seconds)


def show(row):
    good = "yes" if row["figure"] <= row["limit"] else "NO"
    print("%-4s %-50s %8.2f %8.2f  %s" % (
        row["id"], row["what"], row["figure"], row["limit"], good), flush=True)


def main():
    wanted = set(sys.argv[1:])
    known = {i for ids, _ in CASES for i in ids}
    if wanted - known:
        sys.exit("bench: fatal: no such case: " + " ".join(wanted - known))
    lab.adopt()
    for s in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(s, lambda *_: sys.exit(111))  # disks are given back
    out = {"date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
           "machine": "%s, %d cores, Linux %s" % (
               first("/proc/cpuinfo", "model name"), os.cpu_count(),
               platform.release()),
           "disk": "%s, %d MB/s written" % (disk_of("."), write_speed()),
           "load_before": os.getloadavg()[0], "runs": lab.RUNS, "rows": []}
    print(out["machine"])
    print(out["disk"] + ", load before: %.1f" % out["load_before"])
    print("%-4s %-50s %8s %8s" % ("", "what", "figure", "at most"), flush=True)
    start = time.monotonic()
    for ids, case in CASES:
        if wanted and not wanted & set(ids):
            continue
        for i, what, figure, limit, seconds in case():
            row = {"id": i, "what": what, "figure": figure, "limit": limit,
                   "measured": seconds}
            out["rows"].append(row)
            show(row)
    good = sum(r["figure"] <= r["limit"] for r in out["rows"])
    out["seconds"] = time.monotonic() - start
    print("%d of %d within their limits, %d s" % (
        good, len(out["rows"]), out["seconds"]))
    with open(os.environ["OUT"], "w") as f:
        json.dump(out, f, indent=1)
        f.write("\n")


main()
