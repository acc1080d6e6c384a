# An independent reader and writer of replicate lists, written from protocol.md
# section 4 alone, against genrep and dumprep. Random lists, fixed seeds.
import functools
import ipaddress
import os
import pty
import random
import re
import struct
import subprocess
import sys


def run(program, *args, data):
    return subprocess.run([program, *args], input=data, capture_output=True)


def packed(host):
    try:
        a = ipaddress.ip_address(host)
        return bytes([a.version]) + a.packed
    except ValueError:
        return bytes([0, len(host)]) + host.encode()


def binary(sets):
    out = b""
    for one in sets:
        entries = b""
        for host, port, branch in one:
            b = binary(branch)
            entries += packed(host) + struct.pack(">HI", port, len(b)) + b
        out += struct.pack(">I", len(entries)) + entries
    return out


def text(sets, r, unit, indent=""):
    out = []
    for n, one in enumerate(sets):
        if n:
            out.append(indent + "TARGET")
        for host, port, branch in one:
            if r.random() < 0.1:
                out.append(r.choice(["", "  ", "\t# x", "# TARGET", "\r"]))
            shown = "[%s]" % host if ":" in host else host
            out.append("%s%s:%d" % (indent, shown, port))
            if branch:
                deeper = indent + unit * r.randint(1, 5)
                out += text(branch, r, unit, deeper)
    return out


def host(r):
    kind = r.randrange(4)
    if kind == 0:
        words = [r.choice([0, 0, 1, r.getrandbits(16)]) for _ in range(8)]
        return str(ipaddress.IPv6Address(b"".join(w.to_bytes(2, "big")
                                                  for w in words)))
    if kind == 1:
        name = r.choice("az09") + "".join(
            r.choice("abcXYZ0189-.") for _ in range(r.choice([1, 9, 252])))
        last = name.rsplit(".", 1)[-1]
        return name if not last.isdigit() else name + "x" * (len(name) < 253)
    return "10.%d.%d.%d" % tuple(r.randrange(256) for _ in range(3))


def sets(r, depth=0):
    out = []
    for _ in range(r.choice([1, 1, 2, 3])):
        one, seen = [], set()
        for _ in range(r.choice([1, 2, 3, 6])):
            e = host(r), r.choice([1, 17478, 65535])
            key = packed(e[0]).lower(), e[1]
            last = e[0].rsplit(".", 1)[-1]
            if key in seen or (last.isdigit() and ":" not in e[0] and
                               not e[0].startswith("10.")):
                continue
            seen.add(key)
            below = r.random() < 0.3 and depth < 5
            one.append((*e, sets(r, depth + 1) if below else []))
        out += [one] if one else []
    return out or [[("10.0.0.1", 1, [])]]


def same(what, got, want):
    if got != want:
        print("%s differ:\n%r\n%r" % (what, got, want))
        sys.exit(1)


def round_trips(n):
    for seed in range(n):
        r = random.Random(seed)
        s = sets(r)
        want = b"DFR1" + binary(s)
        ends = r.choice(["\n", "\r\n", " \n", "\t \r\n"])
        lines = text(s, r, r.choice(" \t"))
        t = (ends.join(lines) + r.choice(["", ends])).encode()
        made = run("genrep", "-F", data=t)
        same("lists of seed %d" % seed, (made.stdout, made.stderr), (want, b""))
        shown = run("dumprep", data=want)
        same("messages", shown.stderr, b"")
        again = run("genrep", "-F", data=shown.stdout)
        same("lists", again.stdout, want)
        broken = bytearray(want)
        for _ in range(r.randint(1, 3)):
            broken[r.randrange(len(broken))] = r.getrandbits(8)
        got = run("dumprep", data=bytes(broken))
        if got.returncode == 0:
            back = run("genrep", "-F", data=got.stdout)
            if not got.stderr:
                same("lists", back.stdout, bytes(broken))
            else:
                same("bytes", (back.returncode, back.stdout), (100, b""))
        else:
            same("ends", (got.returncode, got.stdout), (100, b""))
    print("%d lists" % n)


def read(b):
    out = []
    while b:
        n, = struct.unpack(">I", b[:4])
        s, b, one = b[4:4 + n], b[4 + n:], []
        while s:
            k = {4: 5, 6: 17}.get(s[0]) or 2 + s[1]
            m, = struct.unpack(">I", s[k + 2:k + 6])
            one.append((s[:k + 2], s[k + 6:k + 6 + m]))
            s = s[k + 6 + m:]
        out.append((one, b))
    return out


# What hosts do with a list: who is reached at which hop, in how many deliveries.
def push(b):
    todo, done, hops, deliveries = [(None, b, 0)], set(), {}, 0
    while todo:
        me, b, hop = todo.pop(0)
        if (me, b) in done or not b:
            continue
        done.add((me, b))
        one, rest = read(b)[0]
        for address, branch in one:
            if address == me:
                continue
            deliveries += 1
            hops.setdefault(address, hop + 1)
            todo.append((address, branch + rest, hop + 1))
    return hops, deliveries


def layouts():
    for n in (1, 2, 3, 7, 30, 31, 200, 256):
        names = ["h%d:1" % i for i in range(n)]
        flat = "\n".join(names).encode()
        order = [b"\0" + bytes([len(x) - 2]) + x[:-2].encode() + b"\0\1"
                 for x in names]
        for fan in (1, 2, 3, 8, 8192):
            b = run("genrep", "-f", str(fan), data=flat).stdout[4:]
            hops, deliveries = push(b)
            same("hosts", list(hops), order)
            same("deliveries", deliveries, n)
            left, hop = n, 0
            while left > 0:
                hop += 1
                left -= fan ** hop
            same("hops", max(hops.values()), hop)
    for sizes in ((1,), (3, 7), (7, 3), (2, 4, 8, 5), (1,) * 17):
        lines, starts, n = [], [], 0
        for k in sizes:
            starts.append(n)
            lines.append("\n".join("h%d:1" % i for i in range(n, n + k)))
            n += k
        b = run("genrep", "-d", data="\nTARGET\n".join(lines).encode())
        reached, deliveries = push(b.stdout[4:])
        same("deliveries", (deliveries, len(reached)), (n, n))
        one, rest = read(b.stdout[4:])[0]
        same("rest", rest, b"")
        for level in range(len(sizes) - 1):
            below = []
            for i, (_, branch) in enumerate(one):
                got = [a for a, _ in read(branch)[0][0]] if branch else []
                want = ["h%d" % (starts[level + 1] + k)
                        for k in range(i, sizes[level + 1], sizes[level])]
                same("branch", [a[2:-2].decode() for a in got], want)
                below += read(branch)[0][0] if branch else []
            one = sorted(below, key=lambda e: int(e[0][3:-2]))
    print("layouts")


@functools.lru_cache(None)
def longest(b):
    if not b:
        return 0
    one, rest = read(b)[0]
    return 1 + max(longest(branch + rest) for _, branch in one)


# Lists of few hosts, which meet again and again.
def few(r, depth=0):
    out = []
    for _ in range(r.choice([1, 1, 2])):
        names = r.sample(["a", "B", "c", "d", "e"], r.choice([1, 2, 2, 3]))
        out.append([(n, 1, few(r, depth + 1)
                     if depth < 2 and r.random() < 0.3 else [])
                    for n in names])
    return out


# What genrep says on a terminal.
def counts(n):
    for seed in range(n):
        r = random.Random(seed)
        b = binary(few(r))
        ours, theirs = pty.openpty()
        t = run("dumprep", data=b"DFR1" + b).stdout
        subprocess.run(["genrep"], input=t, stdout=subprocess.DEVNULL,
                       stderr=theirs)
        shown = os.read(ours, 1000)
        os.close(ours)
        os.close(theirs)
        reached, deliveries = push(b)
        numbers = [int(x) for x in re.findall(rb"[0-9]+", shown)]
        same("counts of seed %d" % seed, numbers,
             [len(reached), longest(b), deliveries])
    print("%d counts" % n)


if sys.argv[1] == "trips":
    round_trips(int(sys.argv[2]))
elif sys.argv[1] == "layouts":
    layouts()
elif sys.argv[1] == "counts":
    counts(int(sys.argv[2]))
