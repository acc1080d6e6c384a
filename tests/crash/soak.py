#!/usr/bin/env python3
"""Five hosts, each on a disk and a link of its own, with target rules of its
own and all that runs on a host; uploads and readers throughout, and faults at
random, from a seed: rules, uploads, faults and the times between them follow
from it alone. Then all is well again, and when nothing is owed any more, each
chunk that was acknowledged must be on every host that its list and the rules
lead to, and on none that they do not, each key must be of the newest push, and
each store in order. Needs root, and to be the first process of its namespaces
(torture/soak.sh)."""
import argparse
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time

import checkstore
import cluster
import expected
import fire
from cluster import CLIENT, PORT, Host, Net, address, send, spawn
from powercut import unmount

HOSTS = (1, 2, 3, 4, 5)
HEAL = 150           # seconds until nothing is owed any more
LARGE = 200_000_000  # bytes in all that are pushed in large chunks
EARLIER = 30         # so many pushes are kept, to be pushed again


def label_now():
    return expected.label(time.time_ns())


class Seeded:
    """A stream of random numbers for each thing that is done: what the tenth
    upload is does not depend on how many faults there were before."""

    def __init__(self, seed):
        self.seed = seed

    def of(self, *what):
        return random.Random(" ".join(map(str, (self.seed,) + what)))


def rules(r):
    """Which host may send to which, and the lines of each one's rules."""
    allowed, lines = set(), {i: [] for i in HOSTS}
    for a in HOSTS:
        for b in HOSTS:
            yes = r.choice(("", ",DFPORTS=\"%d\"" % PORT,
                            ",DFPORTS=\"4000,%d\"" % PORT))
            no = r.choice(("deny", "allow,DFPORTS=\"4000\"", None))
            if r.random() < 0.8:
                allowed.add((address(a), address(b)))
                lines[a].append("%s:allow%s" % (address(b), yes))
            elif no:
                lines[a].append("%s:%s" % (address(b), no))
    return expected.Rules(allowed), lines


def list_text(r, hosts):
    """A set, a chain, a tree, a set after a set: whatever the seed says. The
    text of a list, or none."""
    kind = r.choice(("set", "chain", "tree", "sets", "deep", "twice", "none"))
    lines = []
    for i, h in enumerate(hosts):
        if kind == "chain" and i or kind == "sets" and i == 1:
            lines.append("TARGET")
        deep = {"tree": min(i, 1), "deep": i}.get(kind, 0)
        lines.append("%s%s:%d" % ("  " * deep, address(h), PORT))
    if kind == "twice": # more ways than one to a host, or back
        lines += ["TARGET", "%s:%d" % (address(r.choice(HOSTS)), PORT)]
    return "" if kind == "none" else "\n".join(lines) + "\n"


class Contents:
    """What is pushed, as files of their MD5."""

    def __init__(self, top):
        self.top, self.large = top, 0
        os.mkdir(top)

    def path(self, md5):
        return "%s/%s" % (self.top, md5)

    def make(self, r, size):
        data = r.randbytes(size)
        md5 = hashlib.md5(data).hexdigest()
        with open(self.path(md5), "wb") as f:
            f.write(data)
        return md5, size

    def size(self, r):
        if r.random() < 0.04 and self.large < LARGE:
            self.large += 20_000_000
            return r.randrange(10_000_000, 40_000_000)
        return r.choice((1, 1000, 40000, 300000, 2000000)) + r.randrange(1000)


class Push:
    """Chunks on their way from the client to a host, with a list."""

    def __init__(self, soak, n):
        self.n, r = n, soak.seeded.of("push", n)
        self.host = r.choice(HOSTS)
        others = [h for h in HOSTS if h != self.host or r.random() < 0.2]
        others = r.sample(others, min(len(others), r.randint(1, 4)))
        self.earlier = soak.pushes[-EARLIER:]
        chunks = {}
        many = r.choice((1, 1, 1, 2, 5, 20))
        for i in range(many):
            key = "p%d.%d" % (n, i)
            old = self.one_of_old(r)
            if old and r.random() < 0.25:
                key = old[0]
            old = self.one_of_old(r)
            again = old and r.random() < 0.25
            chunks[key] = old[1:] if again else soak.contents.make(
                r, soak.contents.size(r) if many < 3 else
                r.choice((0, 1, 1000, 40000)) + r.randrange(1000))
        self.dir = "%s/pushes/%d" % (soak.top, n)
        os.mkdir(self.dir)
        for key, (md5, _) in chunks.items():
            os.link(soak.contents.path(md5), "%s/%s" % (self.dir, key))
        self.what = expected.Pushed(soak.rules, address(self.host),
                                    self.list(r, others),
                                    [(k, *c) for k, c in chunks.items()])
        self.begin(soak)

    def one_of_old(self, r):
        """(key, MD5, length) of an upload before, which may still run."""
        return r.choice(r.choice(self.earlier).what.chunks) \
            if self.earlier else None

    def list(self, r, others):
        text = list_text(r, others)
        data = subprocess.run(["genrep"], input=text.encode(), check=True,
                              capture_output=True).stdout if text else b"DFR1"
        with open(self.dir + ".list", "wb") as f:
            f.write(data)
        return data[4:]

    def begin(self, soak):
        keys = [k for k, _, _ in self.what.chunks]
        ticket, listed = self.dir + ".ticket", self.dir + ".list"
        how = ["-K"] if keys[1:] else ["-k", keys[0], "-o", ticket]
        self.what.first = label_now()
        self.pid = spawn(
            Net.within(CLIENT) + ["timeout", "30", "tcpclient", "-RHl0", "-T2",
                                  address(self.host), str(PORT), "pushdf",
                                  "-q", "-w5", *how, *keys],
            cwd=self.dir, stdout=soak.log, stderr=soak.log,
            env={"PATH": os.environ["PATH"], "REPLICATE_FN": listed})

    def ended(self, code):
        p = self.what
        p.acknowledged, p.last = code == 0, label_now()
        if p.acknowledged and os.path.exists(self.dir + ".ticket"):
            with open(self.dir + ".ticket") as f:
                p.first = p.last = next(line.split()[1] for line in f
                                        if line.startswith("Stamp:"))


class Soak:
    def __init__(self, top, a):
        self.top, self.a = top, a
        self.seeded = Seeded(a.seed)
        self.log = open(top + "/log", "ab")
        os.mkdir(top + "/pushes")
        os.mkdir(top + "/reads")
        self.contents = Contents(top + "/contents")
        Net(HOSTS + (CLIENT,))
        self.rules, lines = rules(self.seeded.of("rules"))
        for i in HOSTS:
            cluster.write_rules("%s/h%d.cdb" % (top, i), lines[i])
        self.hosts = {i: Host(top, i, a.receipts) for i in HOSTS}
        self.faults = fire.Faults(self)
        self.pushes, self.running, self.reads = [], {}, {}
        self.read_count = self.good_reads = 0
        self.verified = {}  # pid of a dfverify: host
        self.codes = {}     # host: exit codes of the last ones
        self.wrong, self.lost, self.wrong_bytes = [], 0, 0
        self.repairs = []   # (when, what to do)

    def later(self, seconds, repair):
        self.repairs.append((time.monotonic() + seconds, repair))

    def end_all(self, host):
        for _ in host.kill():
            self.reap()

    def reap(self):
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            code = os.waitstatus_to_exitcode(status)
            for h in self.hosts.values():
                h.gone(pid)
            if pid in self.running:
                self.running.pop(pid).ended(code)
            if pid in self.reads:
                self.read(code, *self.reads.pop(pid))
            if pid in self.verified:
                self.codes[self.verified.pop(pid)].append(code)

    def read(self, code, good, path):
        if code == 0:
            with open(path, "rb") as f:
                got = hashlib.file_digest(f, "md5").hexdigest()
            self.good_reads += 1
            if got not in good():
                self.wrong_bytes += 1
                self.wrong.append("getdf: exit 0 for the bytes of " + got)
        if os.path.exists(path):
            os.unlink(path)

    def under_key(self, key):
        return {md5 for p in self.pushes for k, md5, _ in p.what.chunks
                if k == key}

    def start_read(self):
        r = self.seeded.of("read", self.read_count)
        there = [p for p in self.pushes if p.what.acknowledged]
        if not there:
            return
        p = r.choice(there)
        key, md5, _ = r.choice(p.what.chunks)
        what, good = r.choice((([md5], lambda: {md5}),
                               (["-k", key], lambda: self.under_key(key))))
        self.read_count += 1
        path = "%s/reads/%d" % (self.top, self.read_count)
        hosts = sum((["-H", address(h)] for h in r.sample(HOSTS, 5)), [])
        with open(path, "wb") as f:
            pid = spawn(
                Net.within(CLIENT) + ["timeout", "20", "getdf", "-q", "-T", "1",
                                      "-u", "http://%h/", *hosts, *what],
                cwd=self.top + "/reads", stdout=f, stderr=self.log,
                env={"PATH": os.environ["PATH"]})
        self.reads[pid] = good, path

    # --- the run

    def step(self, everything=False):
        now = time.monotonic()
        due = [r for r in self.repairs if everything or r[0] <= now]
        self.repairs = [r for r in self.repairs if r not in due]
        for _, repair in due:
            repair()
        self.reap()
        for h in self.hosts.values():
            h.keep()

    def push(self):
        p = Push(self, len(self.pushes))
        self.pushes.append(p)
        self.running[p.pid] = p

    def run(self):
        end = time.monotonic() + self.a.seconds
        gaps = {"push": self.a.pushes, "fault": self.a.faults,
                "read": self.a.reads}
        due, number = dict.fromkeys(gaps, 0), dict.fromkeys(gaps, 0)
        while time.monotonic() < end:
            self.step()
            for what, rate in gaps.items():
                if time.monotonic() < due[what]:
                    continue
                n = number[what] = number[what] + 1
                due[what] = time.monotonic() + self.seeded.of(
                    what, "gap", n).expovariate(rate)
                if what == "fault":
                    self.faults.strike(n)
                elif what == "read" and len(self.reads) < 2:
                    self.start_read()
                elif what == "push" and len(self.running) < 6:
                    self.push()
            time.sleep(0.05)
        return self.heal()

    def heal(self):
        """Until nothing is on its way or owed, and each host has gone through
        all that it has without finding anything: how many seconds. The first
        dfverify of a host may only have ended the pass that was begun; what has
        rotted cannot be delivered before it is well."""
        began = last = time.monotonic()
        while self.repairs:
            self.step(True)
        self.codes = {h: [] for h in self.hosts.values()}
        self.verified = {h.verify(): h for h in self.hosts.values()}
        while time.monotonic() - began < HEAL:
            self.step()
            if time.monotonic() - last > 3:
                last = time.monotonic()
                send([h.pids["dfretry"] for h in self.hosts.values()
                      if cluster.name_of(h.pids["dfretry"]) == "dfretry"],
                     signal.SIGHUP)
            bad = [h for h, c in self.codes.items() if c[-2:] != [0, 0]]
            if not self.verified and (bad or not self.busy()):
                if not bad:
                    break
                self.verified = {h.verify(): h for h in bad}
            time.sleep(0.2)
        else:
            self.wrong.append("after %d s there is still something to do: %s"
                              % (HEAL, self.busy()))
        return time.monotonic() - began

    def busy(self):
        """What there is still to do."""
        out = {"h%d" % i: (h.owed(), h.working())
               for i, h in self.hosts.items() if h.owed() or h.working()}
        if self.running or self.reads:
            out["client"] = len(self.running), len(self.reads)
        return out

    # --- in the end

    def check(self):
        for i, h in self.hosts.items():
            self.end_all(h)
            subprocess.run(["dfpublish"], cwd=h.dir, env=h.environment(),
                           stdin=subprocess.DEVNULL, stdout=self.log,
                           stderr=self.log)
            self.wrong += ["h%d: %s" % (i, w) for w in self.check_host(h)]

    def check_host(self, h):
        pushes, a = [p.what for p in self.pushes], address(h.number)
        s = checkstore.Store(h.dir, True)
        out = list(s.check())
        before = len(out)
        out = list(s.acknowledged(expected.lost(pushes, a)))
        self.lost += len(out) - before
        for name in s.commits:
            out.append("commit %s is left" % name)
        for md5 in sorted(expected.astray(pushes, a, set(s.data))):
            out.append("%s should not be here" % md5)
        rotten = {md5 for md5, o in self.faults.rotten.items() if o is h}
        for md5 in sorted(rotten):
            if md5 not in s.data or s.goes(md5):
                out.append("%s has rotted and did not come back" % md5)
        return out + expected.wrong_keys(pushes, a, s.tickets)

    def figures(self, healed):
        good = [p.what for p in self.pushes if p.what.acknowledged]
        return {"seed": self.a.seed, "receipts": self.a.receipts,
                "seconds": self.a.seconds, "pushes": len(self.pushes),
                "acknowledged": len(good),
                "chunks": sum(len(p.chunks) for p in good),
                "bytes": sum(c[2] for p in good for c in p.chunks),
                "reads": self.read_count, "good reads": self.good_reads,
                "faults": self.faults.count, "lost": self.lost,
                "wrong bytes": self.wrong_bytes, "wrong": len(self.wrong),
                "healed": healed}


def told(f):
    """A line of figures."""
    return ("%d s; %d pushes, %d acknowledged; faults: %d (%s); chunks "
            "acknowledged %d (%d MB), lost %d; %d of %d reads good, wrong "
            "bytes served %d; other violations %d; longest time to heal %.1f "
            "s" % (
                f["seconds"], f["pushes"], f["acknowledged"],
                sum(f["faults"].values()),
                ", ".join("%d %s" % (n, k) for k, n in f["faults"].items()),
                f["chunks"], f["bytes"] // 1_000_000, f["lost"],
                f["good reads"], f["reads"], f["wrong bytes"],
                f["wrong"] - f["lost"] - f["wrong bytes"], f["healed"]))


def together(all_of_them):
    """Of several runs."""
    out = {"faults": {}, "healed": max(f["healed"] for f in all_of_them)}
    for f in all_of_them:
        for k, n in f["faults"].items():
            out["faults"][k] = out["faults"].get(k, 0) + n
    for k in all_of_them[0]:
        if k not in out:
            out[k] = sum(f[k] for f in all_of_them)
    return out


def summary(path):
    with open(path) as f:
        runs = [json.loads(line) for line in f]
    print("seeds %s: %s" % (
        " ".join("%d%s" % (f["seed"], "r" * f["receipts"]) for f in runs),
        told(together(runs))))


def arguments():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--seconds", type=float, default=60)
    p.add_argument("--faults", type=float, default=2, help="a second")
    p.add_argument("--pushes", type=float, default=4, help="a second")
    p.add_argument("--reads", type=float, default=4, help="a second")
    p.add_argument("--receipts", action="store_true")
    p.add_argument("--figures", metavar="FILE",
                   help="they are appended to it, an object a line")
    p.add_argument("--sum", metavar="FILE", help="tells these, in one line")
    p.add_argument("--lacking", action="store_true",
                   help="tells why this cannot run here")
    return p.parse_args()


def main():
    a = arguments()
    if a.sum:
        summary(a.sum)
        return
    if os.getuid() or os.getpid() != 1:
        sys.exit("soak.py: see soak.sh")
    if a.lacking:
        why = cluster.lacking(os.path.abspath("."))
        print(why or "", end="")
        sys.exit(bool(why))
    top = os.path.abspath("soak")
    os.mkdir(top)
    print("seed %d%s" % (a.seed, " --receipts" * a.receipts), flush=True)
    soak = Soak(top, a)
    healed = soak.run()
    soak.check()
    f = soak.figures(healed)
    if not f["chunks"] or not f["good reads"]:
        soak.wrong.append("nothing was acknowledged, or nothing read")
    if a.figures:
        with open(a.figures, "a") as out:
            print(json.dumps(f), file=out)
    print(told(f))
    for w in soak.wrong[:40]:
        print("wrong:", w)
    for h in soak.hosts.values():
        unmount(h.dir)
    sys.exit(1 if soak.wrong else 0)


if __name__ == "__main__":
    main()
