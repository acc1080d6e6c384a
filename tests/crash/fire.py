"""The faults of soak.py: what happens to its hosts, at random."""
import os
import signal

import cluster
from cluster import Net, address, processes, send
from powercut import unmount


class Faults:
    """Each takes a host, for how long, and random numbers of its own; False:
    there was nothing to do it to. What ends a fault is left to soak.later."""
    KINDS = ("kill", "kill", "kill", "reboot", "cut", "cut", "full", "link",
             "stop", "freeze", "slow", "refuse", "drop", "rot", "verify")

    def __init__(self, soak):
        self.soak = soak
        self.under_way = set()
        self.count = dict.fromkeys(sorted(set(self.KINDS)), 0)
        self.rotten = {}  # MD5: the host

    def strike(self, n):
        r = self.soak.seeded.of("fault", n)
        host = self.soak.hosts[r.choice(sorted(self.soak.hosts))]
        kind = r.choice(self.KINDS)
        lasts = r.choice((0.1, 0.5, 2, 5))
        if host.up and getattr(self, kind)(host, lasts, r) is not False:
            self.count[kind] += 1

    def once(self, host, kind, begin, end, lasts):
        """Such a fault once at a time."""
        what = host.number, kind
        if what in self.under_way:
            return False
        self.under_way.add(what)
        begin()

        def again():
            self.under_way.remove(what)
            end()
        return self.soak.later(lasts, again)

    def kill(self, host, _, r):
        there = sorted(processes(host.dir))
        if not there:
            return False
        return send([r.choice(there)], signal.SIGKILL)

    def reboot(self, host, lasts, _):
        """Everything is killed, what was written stays."""
        self.soak.end_all(host)
        self.soak.later(lasts, lambda: self.back(host))

    def cut(self, host, lasts, r):
        """The power goes."""
        host.shut_down(r.choice((1, 2)))
        self.soak.end_all(host)

        def again():
            unmount(host.dir)
            host.mount()
            self.back(host)
        self.soak.later(lasts, again)

    def back(self, host):
        """What filled its disk may have gone meanwhile, or come back."""
        host.up = True
        full = (host.number, "full") in self.under_way
        if not full and os.path.exists(host.dir + "/filler"):
            os.unlink(host.dir + "/filler")

    def full(self, host, lasts, r):
        def begin():
            room = os.statvfs(host.dir)
            size = room.f_bavail * room.f_frsize - r.choice((0, 20000, 1 << 20))
            try:
                with open(host.dir + "/filler", "wb") as f:
                    os.posix_fallocate(f.fileno(), 0, max(1, size))
            except OSError:
                pass

        return self.once(host, "full", begin,
                         lambda: host.up and self.back(host), lasts)

    def link(self, host, lasts, _):
        return self.once(host, "link", lambda: Net.link(host.number, "down"),
                         lambda: Net.link(host.number, "up"), lasts)

    def slow(self, host, lasts, _):
        return self.once(host, "slow", lambda: Net.shape(host.number, True),
                         lambda: Net.shape(host.number, False), lasts)

    def filter(self, host, kind, words, lasts):
        return self.once(host, kind,
                         lambda: Net.rule(host.number, "-A", words),
                         lambda: Net.rule(host.number, "-D", words), lasts)

    def drop(self, host, lasts, _):
        return self.filter(host, "drop", cluster.DROP, lasts)

    def refuse(self, host, lasts, _):
        return self.filter(host, "refuse", cluster.REFUSE, lasts)

    def stopped(self, there, lasts):
        send(there, signal.SIGSTOP)
        self.soak.later(lasts, lambda: send(there, signal.SIGCONT))

    def stop(self, host, lasts, _):
        self.stopped(list(processes(host.dir)), lasts)

    def freeze(self, host, lasts, r):
        """One of them."""
        there = sorted(processes(host.dir))
        if not there:
            return False
        return self.stopped([r.choice(there)], lasts)

    def rot(self, host, _, r):
        """A byte of a published copy is another one, where some host has the
        chunk too that this one may ask for it."""
        there = [(md5, r.randrange(size)) for p in self.soak.pushes
                 for _, md5, size in p.what.chunks
                 if size and p.what.acknowledged and md5 not in self.rotten and
                 self.can_heal(host, md5)]
        if not there:
            return False
        md5, at = r.choice(there)
        try:
            with open(host.data(md5), "r+b") as f:
                f.seek(at)
                byte = f.read(1)[0]
                f.seek(at)
                f.write(bytes([byte ^ 1]))
        except FileNotFoundError: # it has just been set aside
            return False
        self.rotten[md5] = host
        return True

    def can_heal(self, host, md5):
        h = host.header(md5) if host.has(md5) else None
        named = h.values("host") + h.values("backup-host") if h else ()
        return any(
            (address(host.number), address(i)) in self.soak.rules.allowed and
            o is not host and o.up and address(i).encode() in named and
            o.has(md5) and o.header(md5) for i, o in self.soak.hosts.items())

    def verify(self, host, _, __):
        host.verify()
