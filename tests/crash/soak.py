#!/usr/bin/env python3
"""Five hosts, each on a disk and a link of its own, with all that runs on one;
uploads and readers throughout, and faults at random, from a seed. Then all is
well again, and when nothing is owed any more, each chunk that was acknowledged
must be on every host of its list, and each store in order. Needs root, and to
be the first process of its PID, network and mount namespaces (soak.sh)."""
import argparse
import fcntl
import hashlib
import os
import random
import signal
import struct
import subprocess
import sys
import time

import checkstore
import formats
from powercut import EXT4_IOC_SHUTDOWN, command

PORT = 17478
HOSTS = (1, 2, 3, 4, 5)
CLIENT = 100
HEAL = 150  # seconds until nothing is owed any more
SERVICES = {
    "tcpserver": "exec tcpserver -RHDl0 -c40 {ip} {port} "
                 "dfserve -t 3 -T 1 -s 1M",
    "dfretry": "exec dfretry -t 3 -T 1",
    "dfexpire": "exec dfexpire -w 1",
    "httpd": "exec busybox httpd -f -p {ip}:80 -h .",
}


def address(i):
    return "10.79.0.%d" % i


class Net:
    """A bridge of ours, and a link to a namespace for each host."""

    def __init__(self, numbers):
        command("mount", "-t", "tmpfs", "none", "/run")
        command("ip", "link", "set", "lo", "up")
        command("ip", "link", "add", "bridge", "type", "bridge")
        command("ip", "link", "set", "bridge", "up")
        for i in numbers:
            name = "h%d" % i
            command("ip", "netns", "add", name)
            command("ip", "link", "add", name, "type", "veth", "peer", "name",
                    "eth", "netns", name)
            command("ip", "link", "set", name, "master", "bridge", "up")
            for words in (["link", "set", "lo", "up"],
                          ["address", "add", address(i) + "/24", "dev", "eth"],
                          ["link", "set", "eth", "up"]):
                command("ip", "-n", name, *words)

    @staticmethod
    def within(i):
        return ["nsenter", "--net=/run/netns/h%d" % i]

    @staticmethod
    def link(i, state):
        command("ip", "link", "set", "h%d" % i, state)

    @staticmethod
    def shape(i, slow):
        words = ["tc", "qdisc", "add" if slow else "del", "dev", "h%d" % i,
                 "root"]
        if slow:
            words += ["tbf", "rate", "1mbit", "burst", "16kb", "latency",
                      "200ms"]
        command(*words)


def spawn(argv, **more):
    """Its pid; it is waited for by Soak.reap."""
    p = subprocess.Popen(argv, stdin=subprocess.DEVNULL, **more)
    p.returncode = 0
    return p.pid


def processes(directory):
    """Those whose current directory is there."""
    for p in filter(str.isdigit, os.listdir("/proc")):
        try:
            cwd = os.readlink("/proc/%s/cwd" % p)
        except OSError:
            continue
        if cwd == directory or cwd.startswith(directory + "/"):
            yield int(p)


def name_of(pid):
    try:
        with open("/proc/%d/comm" % pid) as f:
            return f.read().strip()
    except OSError:
        return ""


class Host:
    def __init__(self, top, number):
        self.number, self.dir = number, "%s/h%d" % (top, number)
        self.image = self.dir + ".image"
        self.up, self.stopped = False, []
        self.pids = {}
        self.log = open(self.dir + ".log", "ab")
        os.mkdir(self.dir)
        with open(self.image, "wb") as f:
            f.truncate(256 << 20)
        command("mke2fs", "-q", "-F", "-t", "ext4", "-J", "size=4", "-m", "0",
                "-N", "8192", self.image)
        self.mount()
        os.rmdir(self.dir + "/lost+found")
        os.chmod(self.dir, 0o755)

    def mount(self):
        command("mount", "-o", "loop", self.image, self.dir)
        self.up = True

    def environment(self):
        return {"PATH": os.environ["PATH"], "DFHOST": address(self.number),
                "DFPORT": str(PORT), "DFTARGETS": os.path.dirname(self.dir) +
                "/targets.cdb", "DFURL": "http://%h/"}

    def keep(self):
        """Starts what does not run."""
        for name, line in SERVICES.items():
            if not self.up or self.pids.get(name):
                continue
            line = line.format(ip=address(self.number), port=PORT)
            env = self.environment()
            if not self.receipts:
                del env["DFURL"]
            self.pids[name] = spawn(
                Net.within(self.number) + ["sh", "-c", line], cwd=self.dir,
                env=env, stdout=self.log, stderr=self.log)

    def verify(self):
        """All that is stored, and what is corrupt from others."""
        subprocess.run(Net.within(self.number) + ["dfverify", "-1", "-r", "0"],
                       cwd=self.dir, env=self.environment(),
                       stdin=subprocess.DEVNULL, stdout=self.log,
                       stderr=self.log)

    def gone(self, pid):
        for name, p in self.pids.items():
            if p == pid:
                self.pids[name] = None

    def kill(self):
        self.up = False
        while True:
            there = list(processes(self.dir))
            for p in there:
                try:
                    os.kill(p, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            if not there:
                break
            yield
        self.stopped = []

    def shut_down(self, flag):
        fd = os.open(self.dir, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.ioctl(fd, EXT4_IOC_SHUTDOWN, struct.pack("I", flag))
        os.close(fd)

    def data(self, md5):
        return "%s/md5/%s/%s" % (self.dir, md5[:2], md5)

    def has(self, md5):
        return os.path.exists(self.data(md5))

    def working(self):
        return [p for p in map(name_of, processes(self.dir))
                if p in ("dfserve", "dfrelay", "dfsend", "dfpublish",
                         "dfreceipt", "dfverify", "getdf")]

    def owed(self):
        n = 0
        where = self.dir + "/.df/commit"
        for name in os.listdir(where) if os.path.isdir(where) else ():
            try:
                with open(where + "/" + name, "rb") as f:
                    c = formats.Commit(f.read())
            except FileNotFoundError:
                continue
            n += 1 + sum(s in "TBH" for _, _, _, s in c.duties())
        return n


class Push:
    """Chunks on their way from the client to a host, with a list."""

    def __init__(self, soak, n):
        r = soak.random
        self.host = r.choice(HOSTS)
        others = r.sample([h for h in HOSTS if h != self.host], r.randint(1, 4))
        self.hosts = [self.host] + others
        self.files, self.sums = [], []
        self.name = "p%d" % n
        for i in range(r.choice((1, 1, 1, 2, 5, 20))):
            name = "%s.%d" % (self.name, i)
            size = r.choice((0, 1, 1000, 40000, 300000, 0 if i else 2000000))
            data = r.randbytes(size) + name.encode()
            with open("%s/data/%s" % (soak.top, name), "wb") as f:
                f.write(data)
            self.files.append(name)
            self.sums.append((hashlib.md5(data).hexdigest(), len(data)))
        listed = "%s/data/%s.dat" % (soak.top, self.name)
        with open(listed, "wb") as f:
            subprocess.run(["genrep"], input=self.text(r, others).encode(),
                           stdout=f, check=True)
        env = {"PATH": os.environ["PATH"], "REPLICATE_FN": listed}
        backups = sum((["-b", address(h)] for h in others), [])
        self.pid = spawn(
            Net.within(CLIENT) + ["timeout", "60", "tcpclient", "-RHl0", "-T2",
                                  address(self.host), str(PORT), "pushdf",
                                  "-qK", *backups, *self.files],
            cwd=soak.top + "/data", env=env, stdout=soak.log, stderr=soak.log)

    @staticmethod
    def text(r, others):
        """A set, a chain, a tree, a set after a set: whatever the seed says."""
        kind = r.choice(("set", "chain", "tree", "sets"))
        lines = []
        for i, h in enumerate(others):
            if kind == "chain" and i or kind == "sets" and i == 1:
                lines.append("TARGET")
            indent = "  " if kind == "tree" and i else ""
            lines.append("%s%s:%d" % (indent, address(h), PORT))
        return "\n".join(lines) + "\n"


class Soak:
    FAULTS = ("kill", "kill", "kill", "reboot", "cut", "cut", "full", "link",
              "stop", "slow", "refuse", "drop", "rot", "verify")

    def __init__(self, top, a):
        self.top, self.a = top, a
        self.random = random.Random(a.seed)
        self.log = open(top + "/log", "ab")
        os.mkdir(top + "/data")
        self.net = Net(HOSTS + (CLIENT,))
        subprocess.run(
            ["tcprules", "targets.cdb", "targets.tmp"], cwd=top, check=True,
            input="".join("%s:allow,DFPORTS=\"%d\"\n" % (address(i), PORT)
                          for i in HOSTS).encode())
        self.hosts = {i: Host(top, i) for i in HOSTS}
        for h in self.hosts.values():
            h.receipts = a.receipts
        self.pushes, self.acknowledged, self.reads = {}, [], {}
        self.count = {"pushes": 0, "chunks": 0, "reads": 0, "good reads": 0}
        self.faults = {}
        self.wrong = []
        self.repairs = []  # (when, what to do)
        self.rotten = set()

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
            if pid in self.pushes:
                p = self.pushes.pop(pid)
                if code == 0:
                    self.acknowledged.append(p)
                    self.count["chunks"] += len(p.files)
                for f in p.files:
                    os.unlink("%s/data/%s" % (self.top, f))
            if pid in self.reads:
                self.read(code, *self.reads.pop(pid))

    def read(self, code, md5, path):
        if code == 0:
            with open(path, "rb") as f:
                got = hashlib.md5(f.read()).hexdigest()
            self.count["good reads"] += 1
            if got != md5:
                self.wrong.append("getdf: exit 0 for wrong bytes of " + md5)
        if os.path.exists(path):
            os.unlink(path)

    def start_read(self):
        p = self.random.choice(self.acknowledged)
        at = self.random.randrange(len(p.files))
        md5 = p.sums[at][0]
        what = self.random.choice(([md5], ["-k", p.files[at]]))
        self.count["reads"] += 1
        path = "%s/data/read%d" % (self.top, self.count["reads"])
        hosts = sum((["-H", address(h)] for h in p.hosts), [])
        with open(path, "wb") as f:
            pid = spawn(
                Net.within(CLIENT) + ["timeout", "20", "getdf", "-q", "-T", "1",
                                      "-u", "http://%h/", *hosts, *what],
                cwd=self.top + "/data", stdout=f, stderr=self.log,
                env={"PATH": os.environ["PATH"]})
        self.reads[pid] = md5, path

    # --- faults

    def later(self, seconds, repair):
        self.repairs.append((time.monotonic() + seconds, repair))

    def fault(self):
        r = self.random
        host, kind = self.hosts[r.choice(HOSTS)], r.choice(self.FAULTS)
        if not host.up:
            return
        lasts = r.choice((0.1, 0.5, 2, 5))
        if getattr(self, kind)(host, lasts) is not False:
            self.faults[kind] = self.faults.get(kind, 0) + 1

    def kill(self, host, _):
        there = sorted(processes(host.dir))
        if not there:
            return False
        os.kill(self.random.choice(there), signal.SIGKILL)

    def ended(self, host):
        for _ in host.kill():
            self.reap()

    def reboot(self, host, lasts):
        """Everything is killed, what was written stays."""
        self.ended(host)
        self.later(lasts, lambda: setattr(host, "up", True))

    def cut(self, host, lasts):
        """The power goes."""
        host.shut_down(self.random.choice((1, 2)))
        self.ended(host)

        def again():
            command("umount", host.dir)
            host.mount()
        self.later(lasts, again)

    def full(self, host, lasts):
        path = host.dir + ".filler"
        if os.path.exists(path):
            return False
        open(path, "w").close()
        room = os.statvfs(host.dir)
        size = room.f_bavail * room.f_frsize - self.random.choice(
            (0, 20000, 1 << 20))
        try:
            with open(host.dir + "/filler", "wb") as f:
                os.posix_fallocate(f.fileno(), 0, max(1, size))
        except OSError:
            pass

        def again():
            if not host.up: # a power cut may bring it back
                self.later(lasts, again)
                return
            if os.path.exists(host.dir + "/filler"):
                os.unlink(host.dir + "/filler")
            os.unlink(path)
        self.later(lasts, again)

    def once(self, host, kind, begin, end, lasts):
        """Such a fault once at a time."""
        mark = "%s.%s" % (host.dir, kind)
        if os.path.exists(mark):
            return False
        open(mark, "w").close()
        begin()

        def again():
            os.unlink(mark)
            end()
        self.later(lasts, again)

    def link(self, host, lasts):
        return self.once(host, "link",
                         lambda: self.net.link(host.number, "down"),
                         lambda: self.net.link(host.number, "up"), lasts)

    def slow(self, host, lasts):
        return self.once(host, "slow",
                         lambda: self.net.shape(host.number, True),
                         lambda: self.net.shape(host.number, False), lasts)

    def filter(self, host, kind, words, lasts):
        rule = ["INPUT", "-p", "tcp", "--dport", str(PORT), *words]

        def change(how):
            command(*Net.within(host.number), "iptables", how, *rule)
        return self.once(host, kind, lambda: change("-A"),
                         lambda: change("-D"), lasts)

    def drop(self, host, lasts):
        return self.filter(host, "drop", ["-j", "DROP"], lasts)

    def refuse(self, host, lasts):
        return self.filter(host, "refuse", ["-j", "REJECT", "--reject-with",
                                            "tcp-reset"], lasts)

    def stop(self, host, lasts):
        there = list(processes(host.dir))
        for p in there:
            try:
                os.kill(p, signal.SIGSTOP)
            except ProcessLookupError:
                pass

        def again():
            for p in there:
                try:
                    os.kill(p, signal.SIGCONT)
                except ProcessLookupError:
                    pass
        self.later(lasts, again)

    def rot(self, host, _):
        """A byte of one of the copies of a chunk is another one."""
        there = [(md5, at) for p in self.acknowledged for md5, size in p.sums
                 for at in [self.random.randrange(size)]
                 if md5 not in self.rotten and host.has(md5) and
                 sum(h.up and h.has(md5) for h in self.hosts.values()) > 1]
        if not there:
            return False
        md5, at = self.random.choice(there)
        self.rotten.add(md5)
        with open(host.data(md5), "r+b") as f:
            f.seek(at)
            byte = f.read(1)[0]
            f.seek(at)
            f.write(bytes([byte ^ 1]))

    def verify(self, host, _):
        spawn(Net.within(host.number) + ["dfverify", "-1", "-r", "0"],
              cwd=host.dir, env=host.environment(), stdout=self.log,
              stderr=self.log)

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

    def run(self):
        end = time.monotonic() + self.a.seconds
        n = strikes = 0
        while time.monotonic() < end:
            self.step()
            if len(self.pushes) < 4:
                p = Push(self, n)
                self.pushes[p.pid] = p
                n += 1
            if self.acknowledged and len(self.reads) < 2:
                self.start_read()
            if time.monotonic() > strikes:
                strikes = time.monotonic() + self.random.expovariate(
                    self.a.rate)
                self.fault()
            time.sleep(0.05)
        self.count["pushes"] = n
        return self.heal()

    def heal(self):
        """Until what has rotted is well again, nothing is on its way, and what
        rotted meanwhile is well, too: how many seconds."""
        began = time.monotonic()
        while self.repairs:
            self.step(True)
        for h in self.hosts.values():
            h.verify() # what has rotted cannot be delivered
        self.quiet(began)
        for h in self.hosts.values():
            h.verify()
        self.quiet(began)
        return time.monotonic() - began

    def quiet(self, began):
        last = 0
        while time.monotonic() - began < HEAL:
            self.step()
            if time.monotonic() - last > 3:
                last = time.monotonic()
                for h in self.hosts.values():
                    if name_of(h.pids["dfretry"]) == "dfretry":
                        os.kill(h.pids["dfretry"], signal.SIGHUP)
            if not self.pushes and not self.reads and not any(
                    h.owed() or h.working() for h in self.hosts.values()):
                break
            time.sleep(0.2)
        else:
            self.wrong.append("after %d s there is still something to do: %s"
                              % (HEAL, {i: (h.owed(), h.working())
                                        for i, h in self.hosts.items()}))

    def check(self):
        for i, h in self.hosts.items():
            self.ended(h)
            subprocess.run(["dfpublish"], cwd=h.dir, env=h.environment(),
                           stdin=subprocess.DEVNULL, stdout=self.log,
                           stderr=self.log)
            lines = ["%s %d" % c for p in self.acknowledged if i in p.hosts
                     for c in p.sums]
            self.wrong += ["h%d: %s" % (i, w)
                           for w in checkstore.check(h.dir, True, lines)]
            for p in self.acknowledged:
                if i not in p.hosts:
                    continue
                for f, (md5, _) in zip(p.files, p.sums):
                    to = "%s/key/%s" % (h.dir, formats.key_name(f.encode()))
                    if not os.path.islink(to) or md5 not in os.readlink(to):
                        self.wrong.append("h%d: no key %s" % (i, f))


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--seconds", type=float, default=60)
    p.add_argument("--rate", type=float, default=2,
                   help="faults a second")
    p.add_argument("--receipts", action="store_true")
    a = p.parse_args()
    if os.getuid() or os.getpid() != 1:
        sys.exit("soak.py: see soak.sh")
    top = os.path.abspath("soak")
    os.mkdir(top)
    soak = Soak(top, a)
    healed = soak.run()
    soak.check()
    lost = [w for w in soak.wrong if "is not here" in w]
    c = soak.count
    print("seed %d: %d pushes, %d acknowledged, %d chunks; %d reads, %d good; "
          "faults: %s; healed after %.1f s; %d lost, %d wrong" % (
              a.seed, c["pushes"], len(soak.acknowledged), c["chunks"],
              c["reads"], c["good reads"],
              ", ".join("%d %s" % (n, k)
                        for k, n in sorted(soak.faults.items())),
              healed, len(lost), len(soak.wrong)))
    for w in soak.wrong[:40]:
        print("wrong:", w)
    if not soak.acknowledged or not c["good reads"]:
        print("wrong: nothing was acknowledged, or nothing read")
    for h in soak.hosts.values():
        command("umount", h.dir)
    sys.exit(1 if soak.wrong or not soak.acknowledged or not c["good reads"]
             else 0)


if __name__ == "__main__":
    main()
