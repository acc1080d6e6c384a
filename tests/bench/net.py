"""P7, P8: hosts in network namespaces, each on a link of its own to a bridge,
shaped by tbf in both directions."""
import os
import subprocess

from lab import (RUNS, Disk, Host, allow, end_below, median, push, replicate,
                 run, until)
from local import random_file

FAST, SLOW = "200mbit", "1mbit"
MIB = 1 << 20


class Net:
    """A bridge with n links: number i has the address 10.77.0.i and the
    namespace of that number; the client's is 0, address 10.77.0.100."""

    def __init__(self, n):
        self.name = "dfbench%d" % os.getpid()
        self.spaces = []
        self.add(self.space("b"))
        self.ip("b", "link", "add", "bridge", "type", "bridge")
        self.ip("b", "link", "set", "bridge", "up")
        for i in range(n + 1):
            self.link(i)

    def space(self, i):
        return "%s.%s" % (self.name, i)

    def add(self, space):
        run("ip", "netns", "add", space)
        self.spaces.append(space)

    def ip(self, i, *words):
        run("ip", "-n", self.space(i), *words)

    def shape(self, i, rate):
        for space, dev in ((self.space(i), "eth"), (self.space("b"),
                                                    "port%d" % i)):
            run("tc", "-n", space, "qdisc", "replace", "dev", dev, "root",
                "tbf", "rate", rate, "burst", "128kb", "latency", "50ms")

    def link(self, i):
        self.add(self.space(i))
        self.ip("b", "link", "add", "port%d" % i, "type", "veth", "peer",
                "name", "eth", "netns", self.space(i))
        self.ip("b", "link", "set", "port%d" % i, "master", "bridge", "up")
        self.ip(i, "link", "set", "lo", "up")
        self.ip(i, "address", "add", "10.77.0.%d/24" % (i or 100), "dev",
                "eth")
        self.ip(i, "link", "set", "eth", "up")
        self.shape(i, FAST)

    def within(self, i):
        return ["ip", "netns", "exec", self.space(i)]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for s in reversed(self.spaces):
            run("ip", "netns", "del", s)


def deliver(net, n, data, lines, who):
    """Pushes to host 1 with the list that lines(hosts) makes: seconds until
    those in who have it."""
    md5 = subprocess.check_output(["md5sum", data], text=True)[:32]
    with Disk(2) as disk:
        hosts = {i: Host("%s/h%d" % (disk, i), "10.77.0.%d" % i, 17478,
                         net.within(i)) for i in range(1, n + 1)}
        allow(disk, hosts.values())
        text = lines(hosts)
        env = replicate(disk, text) if text else dict(os.environ)
        with open(data, "rb") as f:
            c = push(hosts[1], stdin=f, env=env, wrap=net.within(0))
            done = until(lambda: all(hosts[i].has(md5) for i in who),
                         every=0.005)
        c.end()
        end_below(disk)
        for h in hosts.values():
            h.stop()
        return done - c.started


def chain(hosts):
    return "TARGET\n".join(h.at() + "\n" for i, h in hosts.items() if i > 1)


def chains():
    """P7."""
    data = random_file("medium", 128 * MIB)
    rows = {k: [] for k in ("one", "four", "eight")}
    with Net(8) as net:
        for _ in range(RUNS):
            rows["one"].append(deliver(net, 1, data, chain, [1]))
            rows["four"].append(deliver(net, 4, data, chain, [4]))
            rows["eight"].append(deliver(net, 8, data, chain, [8]))
    m = {k: median(v) for k, v in rows.items()}
    for n in ("four", "eight"):
        yield ("P7", "128 MiB down a chain of %s / to one" % n,
               m[n] / m["one"], 1.03, rows)


def siblings(hosts):
    return "".join(h.at() + "\n" for i, h in hosts.items() if i > 1)


def above(hosts):
    """Host 2, and 4 where there is one, then host 3."""
    first = "".join(hosts[i].at() + "\n" for i in (2, 4) if i in hosts)
    return first + "TARGET\n" + hosts[3].at() + "\n"


def slow_hosts():
    """P8: host 4 is the slow one."""
    data = random_file("little", 32 * MIB)
    rows = {k: [] for k in ("siblings", "with_slow", "above",
                            "above_with_slow")}
    with Net(4) as net:
        net.shape(4, SLOW)
        for _ in range(RUNS):
            for lines, key in ((siblings, "siblings"), (above, "above")):
                with_slow = "with_slow" if lines is siblings \
                    else "above_with_slow"
                who = [2, 3] if lines is siblings else [3]
                rows[key].append(deliver(net, 3, data, lines, who))
                rows[with_slow].append(deliver(net, 4, data, lines, who))
    m = {k: median(v) for k, v in rows.items()}
    yield ("P8", "two siblings with a third at 1 Mbit/s / without",
           m["with_slow"] / m["siblings"], 1.05, rows)
    yield ("P8", "below a set with a slow host / without it",
           m["above_with_slow"] / m["above"], 1.05, rows)
