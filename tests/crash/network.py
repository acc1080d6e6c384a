#!/usr/bin/env python3
"""Each fault of the network by itself, on the way to one of two targets: the
uploader and the other target do not notice, the relay does within its time-out,
nothing hangs, and the duty drains once it is over, to one delivery. Needs root,
and to be the first process of its namespaces (network.sh)."""
import hashlib
import os
import signal
import subprocess
import sys
import time

from cluster import (CLIENT, PORT, Host, Net, address, processes, send, spawn,
                     write_rules)
from powercut import command, unmount

SIZE = 3 << 20
ACKNOWLEDGED = 20  # seconds to the end of the upload, and to the other target
NOTICED = 90       # -t 3 and -T 1, twice; 3 MiB at 1 Mbit/s are 26 s
DRAINED = 60       # from the end of the fault on


class Failed(Exception):
    pass


def until(what, seconds, true, step):
    began = time.monotonic()
    while not true():
        step()
        if time.monotonic() - began > seconds:
            raise Failed("not within %d s: %s" % (seconds, what))
        time.sleep(0.05)
    return time.monotonic() - began


class Lab:
    def __init__(self, top):
        self.top = top
        self.net = Net((1, 2, 3, CLIENT))
        with open(top + "/list.dat", "wb") as f:
            text = "%s:%d\n%s:%d\n" % (address(2), PORT, address(3), PORT)
            subprocess.run(["genrep"], input=text.encode(), stdout=f,
                           check=True)
        for i in (1, 2, 3):
            write_rules("%s/h%d.cdb" % (top, i),
                        [address(j) + ":allow" for j in (1, 2, 3)])
        self.hosts = {i: Host(top, i) for i in (1, 2, 3)}
        self.codes = {}
        self.log = open(top + "/log", "ab")

    def step(self):
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if not pid:
                break
            self.codes[pid] = os.waitstatus_to_exitcode(status)
            for h in self.hosts.values():
                h.gone(pid)
        for h in self.hosts.values():
            h.keep()

    def listening(self):
        """A connection to each is accepted."""
        return all(subprocess.call(
            Net.within(CLIENT) + ["tcpclient", "-RHl0", "-T1", address(i),
                                  str(PORT), "true"], stderr=self.log) == 0
                   for i in (1, 2, 3))

    def push(self, name):
        return spawn(
            Net.within(CLIENT) + ["tcpclient", "-RHl0", address(1), str(PORT),
                                  "pushdf", "-qK", name],
            cwd=self.top, stdout=self.log, stderr=self.log,
            env={"PATH": os.environ["PATH"],
                 "REPLICATE_FN": self.top + "/list.dat"})

    def lines(self, what):
        with open(self.hosts[1].dir + ".log") as f:
            return sum(what in line and address(2) in line for line in f)

    def retry(self):
        """Each second, what waits is tried."""
        if time.monotonic() - self.retried > 1:
            self.retried = time.monotonic()
            if self.hosts[1].pids.get("dfretry"):
                os.kill(self.hosts[1].pids["dfretry"], signal.SIGHUP)
        self.step()

    def one(self, name, fault):
        """Seconds: upload, noticed, drained."""
        data = os.urandom(SIZE)
        md5 = hashlib.md5(data).hexdigest()
        with open("%s/%s" % (self.top, name), "wb") as f:
            f.write(data)
        until("all serve", 60, self.listening, self.step)
        failed, delivered = map(self.lines, ("dfrelay: failed",
                                             "dfrelay: delivered"))
        fault.begin()
        pid = self.push(name)
        upload = until("uploaded", ACKNOWLEDGED, lambda: pid in self.codes,
                       self.step)
        if self.codes[pid]:
            raise Failed("the upload fails: %d" % self.codes[pid])
        until("the other target has it", ACKNOWLEDGED,
              lambda: self.hosts[3].has(md5), self.step)
        fault.strike()
        noticed = until(
            "the relay notices" if fault.fails else "delivered", NOTICED,
            lambda: self.lines("dfrelay: failed") > failed if fault.fails
            else self.hosts[2].has(md5), self.step)
        fault.end()
        self.retried = 0
        drained = until("delivered", DRAINED, lambda: not any(
            h.owed() or h.working() for h in self.hosts.values()), self.retry)
        if not self.hosts[2].has(md5):
            raise Failed("it never came")
        n = self.lines("dfrelay: delivered") - delivered
        if n != 1:
            raise Failed("%d deliveries" % n)
        return upload, noticed, drained


class Fault:
    """begin: before the upload; strike: when all others have it."""
    fails = True

    def __init__(self, lab):
        self.lab, self.host = lab, lab.hosts[2]

    def begin(self):
        pass

    def strike(self):
        pass

    def end(self):
        pass


class Down(Fault):
    def begin(self):
        self.lab.net.link(2, "down")

    def end(self):
        self.lab.net.link(2, "up")


class Stopped(Fault):
    def begin(self):
        self.pids = list(processes(self.host.dir))
        send(self.pids, signal.SIGSTOP)

    def end(self):
        send(self.pids, signal.SIGCONT)


class Rule(Fault):
    rule = None

    def change(self, how):
        chain, *words = self.rule
        command(*Net.within(2), "iptables", how, chain, "-p", "tcp", *words)

    def begin(self):
        self.change("-A")

    def end(self):
        self.change("-D")


class BlackHole(Rule):
    rule = ["INPUT", "--dport", str(PORT), "-j", "DROP"]


class Refused(Rule):
    rule = ["INPUT", "--dport", str(PORT), "-j", "REJECT", "--reject-with",
            "tcp-reset"]


class ResetLost(Rule):
    """Its processes are killed in the middle, and nobody hears of it."""
    rule = ["OUTPUT", "--sport", str(PORT), "--tcp-flags", "RST", "RST", "-j",
            "DROP"]

    def begin(self):
        self.lab.net.shape(2, True)
        super().begin()

    def strike(self):
        for _ in self.host.kill():
            self.lab.step()

    def end(self):
        super().end()
        self.lab.net.shape(2, False)
        self.host.up = True


class Reboot(Fault):
    """In the middle of the transfer the power goes."""

    def begin(self):
        self.lab.net.shape(2, True)

    def strike(self):
        self.host.shut_down(2)
        for _ in self.host.kill():
            self.lab.step()
        unmount(self.host.dir)
        self.lab.net.shape(2, False)
        self.host.mount()


class Slow(Fault):
    """1 Mbit/s: it takes its time, and goes through."""
    fails = False

    def begin(self):
        self.lab.net.shape(2, True)

    def end(self):
        self.lab.net.shape(2, False)


def main():
    if os.getuid() or os.getpid() != 1:
        sys.exit("network.py: see network.sh")
    top = os.path.abspath("network")
    os.mkdir(top)
    lab, bad = Lab(top), 0
    for kind in Down, Stopped, BlackHole, Refused, ResetLost, Reboot, Slow:
        try:
            print("%-10s upload %.1f s, %s %.1f s, drained %.1f s" % (
                (kind.__name__,) + (lambda x: (x[0], "noticed" if kind.fails
                                               else "through", *x[1:]))(
                    lab.one(kind.__name__, kind(lab)))), flush=True)
        except Failed as e:
            bad += 1
            print("wrong: %s: %s" % (kind.__name__, e), flush=True)
            break
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
