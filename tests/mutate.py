#!/usr/bin/env python3
"""Feeds mutated streams to dfserve and compares with a model of the formats.

    mutate.py SEED STREAMS VECTOR...

The model, written from the description of the formats alone, says of each
stream how dfserve must end and which chunks must be in md5/ then. Stores are
below the current directory, s0/ s1/ ...; streams go in batches, every other one
into a store that is emptied after each stream. The last of a batch has the real
dfpublish, the others one that does nothing. What differs is said, the stream is
left in wrong.N. How often each verdict came stands in the file "figures".
"""
import codecs
import collections
import hashlib
import ipaddress
import json
import multiprocessing
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import time

LARGEST = 1048576  # dfserve -m
BATCH = 50
DAY = 86400


# ---------------------------------------------------------------- the model

class Broken(Exception):
    pass


class Cut(Exception):
    pass


class Either(Exception):
    """Cut off where it was broken already; the formats leave it open."""


def must(condition, why=""):
    if not condition:
        raise Broken(why)


class Input:
    def __init__(self, data):
        self.data, self.at = data, 0
        self.seen = 0 # of what was read last, how much there is
        self.in_block = False

    def length(self, most):
        n, first = 0, self.at
        while True:
            if self.at == len(self.data):
                raise Cut
            c = self.data[self.at]
            self.at += 1
            if c == 0x3A and self.at - first > 1:
                return n
            must(0x30 <= c <= 0x39, "length")
            must(self.at - first == 1 or self.data[first] != 0x30, "zero")
            n = n * 10 + c - 0x30
            must(n <= most, "limit")

    def rest(self, n):
        self.seen = min(n, len(self.data) - self.at)
        if len(self.data) - self.at <= n:
            raise Cut
        found = self.data[self.at:self.at + n]
        self.at += n + 1
        must(self.data[self.at - 1] == 0x2C, "comma")
        return found

    def netstring(self, most):
        return self.rest(self.length(most))


def host_name(s):
    return (0 < len(s) < 254
            and re.fullmatch(rb"[A-Za-z0-9][A-Za-z0-9.-]*", s) is not None
            and re.fullmatch(rb"[0-9]+", s[s.rfind(b".") + 1:]) is None)


def host(s):
    try:
        ipaddress.ip_address(s.decode("ascii"))
        return b"%" not in s
    except ValueError:
        return host_name(s)


def check_list(b):
    entries = 0
    todo = [(b, 0)]
    while todo:
        b, depth = todo.pop()
        must(depth <= 16, "deep")
        sets = 0
        while b:
            sets += 1
            must(sets <= 256 and len(b) > 4, "set")
            n = struct.unpack(">I", b[:4])[0]
            must(0 < n <= len(b) - 4, "set length")
            one, b = b[4:4 + n], b[4 + n:]
            while one:
                entries += 1
                must(entries <= 8192 and one[0] in (0, 4, 6), "entry")
                k = {4: 5, 6: 17}.get(one[0])
                if k is None:
                    must(len(one) > 1, "entry")
                    k = 2 + one[1]
                    must(host_name(one[2:k]) and len(one) > k, "name")
                must(len(one) >= k + 6, "entry cut")
                port, m = struct.unpack(">HI", one[k:k + 6])
                must(port and m <= len(one) - k - 6, "port or branch")
                if m:
                    todo.append((one[k + 6:k + 6 + m], depth + 1))
                one = one[k + 6 + m:]


def lines(text):
    must(text[-1:] == b"\n", "newline")
    out = []
    for line in text[:-1].split(b"\n"):
        name, colon, value = line.partition(b":")
        value = value.lstrip(b" \t")
        must(colon and re.fullmatch(rb"[!-~]+", name), "line")
        must(not re.search(rb"[\x00-\x1f\x7f]", value), "byte")
        out.append((name.lower(), value))
    must(len(out) <= 256, "lines")
    return out


FORM = {b"content-length": rb"[0-9]{1,18}", b"cache-time": rb"[0-9]{1,18}",
        b"ttl": rb"[0-9]{1,18}", b"md5hash": rb"[0-9a-f]{32}",
        b"sha-256": rb"[0-9a-f]{64}", b"stamp": rb"@[0-9a-f]{24}",
        b"data": rb"none", b"key": rb"(?s:.{1,512})"}


def once(found):
    out = {}
    for name, value in found:
        if name in (b"host", b"backup-host"):
            must(host(value), "host")
        if name in FORM:
            must(re.fullmatch(FORM[name], value), name)
        if name in FORM or name == b"host":
            must(name not in out, "twice")
            out[name] = value
    return out


def read_header(text):
    must(text, "no header")
    h = once(lines(text))
    must(b"host" in h and b"stamp" in h, "missing")
    return h


def read_trailer(text):
    found = lines(text)
    must({n for n, _ in found} <= {b"content-length", b"md5hash", b"sha-256"},
         "trailer")
    t = once(found)
    must(b"content-length" in t and b"md5hash" in t, "trailer lacks")
    return t


def key_name(key):
    out = b""
    for i, c in enumerate(key):
        plain = re.match(rb"[A-Za-z0-9_.,+@~-]", bytes([c]))
        out += bytes([c]) if plain and (i or c != 0x2E) else b"=%02X" % c
    return out


def stamp_time(stamp):
    return int(stamp[1:17], 16) - 2 ** 62 - 10


class Model:
    """A store: data by MD5, owners of keys."""

    def __init__(self):
        self.data, self.keys = {}, {}

    def early(self, h, length):
        """Refused whatever the trailer says."""
        return (length > LARGEST
                or b"data" not in h
                and int(h.get(b"content-length", 0)) > LARGEST
                or len(key_name(h.get(b"key", b""))) > 255
                or stamp_time(h[b"stamp"]) > time.time() + DAY)

    def refuses(self, h, t, data):
        md5, length = t[b"md5hash"].decode(), int(t[b"content-length"])
        if self.early(h, len(data)):
            return True
        if b"data" in h:
            if md5 not in self.data:
                return True
            data = self.data[md5]
        sha = hashlib.sha256(data).hexdigest()
        for x in (h, t):
            if (int(x.get(b"content-length", length)) != len(data)
                    or x.get(b"md5hash", md5.encode()) != md5.encode()
                    or x.get(b"sha-256", sha.encode()) != sha.encode()):
                return True
        return (hashlib.md5(data).hexdigest() != md5
                or self.data.get(md5, data) != data)

    def take(self, h, t, data):
        md5 = t[b"md5hash"].decode()
        if b"data" not in h:
            self.data[md5] = data
        if b"key" in h:
            owner = h[b"stamp"], md5
            self.keys[h[b"key"]] = max(self.keys.get(h[b"key"], owner), owner)

    def chunk(self, f, h, result):
        blocks = []
        try:
            self.whole_chunk(f, h, result, blocks)
        except (Broken, Cut):
            # What was refused before the end is refused.
            length = sum(map(len, blocks)) + (f.seen if f.in_block else 0)
            result["coming"] += (self.early(h, length) or b"data" not in h and
                                 length > int(h.get(b"content-length", length)))
            raise

    def whole_chunk(self, f, h, result, blocks):
        while True:
            f.in_block, f.seen = True, 0
            n = f.length(16777216)
            if n and b"data" in h:
                if f.at == len(f.data):
                    raise Either
                must(False, "data after a header alone")
            block = f.rest(n)
            f.in_block = False
            if not n:
                break
            blocks.append(block)
        data = b"".join(blocks)
        trailer = f.netstring(1024)
        if not trailer:
            # The sender gave up what is refused too: either is right.
            result["open" if self.early(h, len(data)) else "given up"] += 1
            return
        t = read_trailer(trailer)
        if self.refuses(h, t, data):
            result["refused"] += 1
        else:
            result["taken"] += 1
            self.take(h, t, data)

    def stream(self, data):
        """The verdict, and how many chunks were taken, refused, given up."""
        f, result = Input(data), collections.Counter()
        try:
            must(f.netstring(3) == b"DF1", "DF1")
            must(re.fullmatch(rb"[0-9a-f]{32}", f.netstring(32)), "id")
            check_list(f.netstring(262144))
            while True:
                text = f.netstring(16384)
                if not text:
                    break
                self.chunk(f, read_header(text), result)
            must(f.at == len(data), "bytes after the end mark")
        except Broken:
            return "broken", result
        except Cut:
            return "cut", result
        except Either:
            return "either", result
        if result["refused"]:
            return "refused", result
        return ("open" if result["open"] else "ok"), result


CODES = {"ok": [0], "refused": [100], "broken": [100], "cut": [111],
         "either": [100, 111], "open": [0, 100]}


# -------------------------------------------------------------- the streams

def ns(b):
    return b"%d:%s," % (len(b), b)


def label(seconds):
    return b"@%016x%08x" % (2 ** 62 + 10 + int(seconds), 10)


def text_of(found):
    return b"".join(x + b"\n" for x in found)


class Chunk:
    def __init__(self, head, data=b"", pieces=1, sha=False, alone=False):
        self.head = [b"Host: 10.0.0.1", b"Stamp: " + label(1734400000)] + head
        size = max(1, -(-len(data) // pieces))
        self.blocks = [data[i:i + size] for i in range(0, len(data), size)]
        self.tail = [b"Content-Length: %d" % len(data),
                     b"md5hash: " + hashlib.md5(data).hexdigest().encode()]
        if sha:
            self.tail.append(b"SHA-256: "
                             + hashlib.sha256(data).hexdigest().encode())
        if alone:
            self.head.append(b"Data: none")
            self.blocks = []

    def bytes(self):
        return (ns(text_of(self.head)) + b"".join(ns(b) for b in self.blocks)
                + b"0:," + ns(text_of(self.tail)))


class Stream:
    def __init__(self, chunks, replicate=b""):
        self.magic, self.id = b"DF1", b"000102030405060708090a0b0c0d0e0f"
        self.list, self.chunks, self.end = replicate, chunks, b"0:,"

    def bytes(self):
        return (ns(self.magic) + ns(self.id) + ns(self.list)
                + b"".join(c.bytes() for c in self.chunks) + self.end)


def take_apart(data):
    f, s = Input(data), Stream([])
    f.netstring(3)
    s.id, s.list = f.netstring(32), f.netstring(262144)
    s.end = b""
    while f.at < len(data):
        head = f.netstring(16384)
        if not head:
            s.end = b"0:,"
            break
        c = Chunk([])
        c.head, c.blocks = head.split(b"\n")[:-1], []
        while block := f.netstring(16777216):
            c.blocks.append(block)
        c.tail = f.netstring(1024).split(b"\n")[:-1]
        s.chunks.append(c)
    return s


def entry(name, port=17478, branch=b""):
    kind = b"\0" + bytes([len(name)]) + name
    try:
        a = ipaddress.ip_address(name.decode())
        kind = bytes([a.version]) + a.packed
    except ValueError:
        pass
    return kind + struct.pack(">HI", port, len(branch)) + branch


def one_set(*entries):
    b = b"".join(entries)
    return struct.pack(">I", len(b)) + b


def nested(depth):
    b = b""
    for _ in range(depth + 1):
        b = one_set(entry(b"10.0.0.2", branch=b))
    return b


def long_list(size):
    name = b"a" * 253
    parts = [entry(b"%04d" % i + name[4:]) for i in range((size - 300) // 261)]
    left = size - 4 - sum(map(len, parts)) - 16
    parts += [entry(b"b" * (left // 2)), entry(b"c" * (left - left // 2))]
    return one_set(*parts)


LISTS = [nested(16), nested(17), one_set(entry(b"a")) * 256,
         one_set(entry(b"a")) * 257, one_set(entry(b"a") * 8192),
         one_set(entry(b"a") * 8193), long_list(262144), long_list(262145)]


def rich(vectors):
    out = [take_apart(open(v, "rb").read()) for v in vectors
           if os.path.basename(v).startswith("stream")]
    pair = [open(v, "rb").read() for v in vectors
            if os.path.basename(v).startswith("md5-collision")]
    branch = one_set(entry(b"10.0.1.1"), entry(b"b.example.org", 1))
    replicate = one_set(entry(b"10.0.0.2", branch=branch), entry(b"2001:db8::1")
                        ) + one_set(entry(b"c.example.org", 65535))
    other = [b"X-Colour: blue", b"x-colour: red", b"TTL: 3600"]
    hello = hashlib.md5(b"hello").hexdigest().encode()
    sha = hashlib.sha256(b"x").hexdigest().encode()
    out += [
        Stream([Chunk([b"Key: a/b"], b"hello"), Chunk(other, b"")], replicate),
        Stream([Chunk([b"Key: cup"], b"one"), Chunk([b"Key: cup"], b"two"),
                Chunk([b"Key: .mug", b"Cache-Time: 7"], b"three")]),
        Stream([Chunk([], b"hello", sha=True),
                Chunk([b"SHA-256: " + sha], b"x"),
                Chunk([], b"y" * 700, 4, True)]),
        Stream([Chunk([], b"hello"),
                Chunk([b"Key: more", b"Backup-Host: ::1"], b"hello",
                      sha=True, alone=True)]),
        Stream([Chunk([], b"not known", alone=True), Chunk([], b"known")]),
        Stream([Chunk([b"Content-Length: 5", b"md5hash: " + hello], b"hello"),
                Chunk([], b"0123456789" * 30, 7), Chunk([], b""),
                Chunk([], b"last")], replicate),
        Stream([Chunk([], pair[0]), Chunk([], b"between"), Chunk([], pair[1])]),
        Stream([Chunk([b"Key: %d" % i], b"%d" % i) for i in range(12)]),
    ]
    out[-1].chunks[3].tail = []
    large = [Stream([Chunk([b"Key: big"], b"0123456789" * 30000, 3)]),
             Stream([Chunk([b"Key: %d" % (i % 9)], b"%d" % i)
                     for i in range(40)])]
    return out, large


# ------------------------------------------------------------ the mutations

NUMBERS = [b"0", b"1", b"4", b"5", b"6", b"05", b"+5", b"-1", b"5 ", b"", b"5x",
           b"0" * 17 + b"5", b"0" * 18 + b"5", b"9" * 18, b"1048576",
           b"1048577", b"16777217", b"99999999", b"100000000"]
HOSTS = [b"::1", b"1.2.3.4", b"1.2.3", b"1.2.3.04", b"1.2.3.256", b"a_b", b"-a",
         b"a.", b"..", b"a..b", b"fe80::1%eth0", b"::ffff:1.2.3.4", b"1::2::3",
         b"x" * 253, b"x" * 254, b"0x7f.1", b"12", b"a.12", b"a.1b", b"",
         b"[::1]", b"10.0.0.1:1", b"a b", b"a\xc3\xa9", b"EXAMPLE.org"]
KEYS = [b"k" * 255, b"k" * 256, b"k" * 512, b"k" * 513, b"/" * 85, b"/" * 86,
        b"..", b"../../x", b".", b"\xff\xc3\xa9\xed\xa0\x80\xf0\x9f", b"",
        b"a b ", b"a\tb", b"<\"\\&>", b"cup", b"a/b", b"\xe2\x80\xa8", b"a:b",
        b"=41"]
STAMPS = [lambda: label(0), lambda: label(time.time() + 80000),
          lambda: label(time.time() + 90000), lambda: label(1734400001),
          lambda: label(-1), lambda: b"@" + b"f" * 24, lambda: b"@" + b"0" * 24,
          lambda: label(1734400000).upper(), lambda: label(1734400000)[:-1],
          lambda: label(1734400000) + b"0", lambda: label(1734400000)[1:]]
BYTES = [0, 9, 10, 13, 31, 32, 58, 127, 128, 255]
NAMES = [b"Key", b"Host", b"Backup-Host", b"Content-Length", b"Cache-Time",
         b"TTL", b"md5hash", b"SHA-256", b"Stamp", b"Data", b"X-y", b"Stored",
         b"Taken"]


def value_for(r, name, c):
    name = name.lower()
    if name in (b"host", b"backup-host"):
        return r.choice(HOSTS)
    if name == b"key":
        return r.choice(KEYS)
    if name == b"stamp":
        return r.choice(STAMPS)()
    if name in (b"content-length", b"cache-time", b"ttl"):
        return r.choice(NUMBERS + [b"%d" % len(b"".join(c.blocks))] * 5)
    if name in (b"md5hash", b"sha-256"):
        h = hashlib.md5 if name == b"md5hash" else hashlib.sha256
        good = h(b"".join(c.blocks)).hexdigest().encode()
        return r.choice([good, good, h(b"hello").hexdigest().encode(),
                         good.upper(), good[:-1], good + b"0", good + b" "])
    if name == b"data":
        return r.choice([b"none", b"none", b"None", b"none ", b"some", b""])
    return r.choice([b"", b"v", b"\xff", b"a\0b", label(0)])


def mutate_line(r, c, where):
    i = r.randrange(len(where)) if where else 0
    how = r.randrange(10) if where else 9
    name, _, value = where[i].partition(b":") if where else (b"", b"", b"")
    if how == 0:
        del where[i]
    elif how == 1:
        where.insert(r.randrange(len(where) + 1), where[i])
    elif how == 2:
        r.shuffle(where)
    elif how == 3:
        where[i] = r.choice([name.upper(), name.lower(), name.swapcase()]
                            ) + b":" + value
    elif how == 4:
        where[i] = name + r.choice([b":", b":\t", b":  \t ", b" :", b"", b";"]
                                   ) + value.strip()
    elif how == 5:
        at = r.randrange(len(where[i]) + 1)
        where[i] = where[i][:at] + bytes([r.choice(BYTES)]) + where[i][at:]
    elif how in (6, 7):
        where[i] = name + b": " + value_for(r, name, c)
    else:
        name = r.choice(NAMES)
        where.insert(r.randrange(len(where) + 1),
                     name + b": " + value_for(r, name, c))


def pad(r, c):
    """To a limit, or one over it."""
    more = r.randrange(2)
    how = r.randrange(4)
    if how == 0:
        c.head += [b"X: y"] * (256 + more - len(c.head))
    elif how == 1:
        c.head.append(b"X:" + b" " * (16384 + more - len(text_of(c.head)) - 3))
    elif how == 2:
        c.head.append(b"X: " + b"x" * (16384 + more - len(text_of(c.head)) - 4))
    elif c.tail:
        room = 1024 + more - len(text_of(c.tail))
        c.tail[0] = c.tail[0].replace(b":", b":" + b" " * room, 1)


def mutate_chunk(r, s):
    i = r.randrange(len(s.chunks))
    c, how = s.chunks[i], r.randrange(12)
    again = Chunk([])
    again.head, again.blocks, again.tail = c.head[:], c.blocks[:], c.tail[:]
    s.chunks[i] = again
    if how == 0:
        del s.chunks[i]
    elif how == 1:
        s.chunks.insert(r.randrange(len(s.chunks) + 1), c)
    elif how == 2:
        r.shuffle(s.chunks)
    elif how == 3:
        again.tail = []
    elif how == 4:
        again.tail = r.choice(s.chunks).tail
    elif how == 5:
        again.head.append(b"Data: none")
        again.blocks = r.choice([[], [], again.blocks])
    elif how == 6:
        again.blocks.insert(r.randrange(len(again.blocks) + 1),
                            r.choice([b"", b"x"]))
    elif how == 7:
        data = b"".join(again.blocks)
        at = r.randrange(len(data) + 1)
        again.blocks = [b for b in (data[:at], data[at:]) if b]
    elif how == 8 and r.random() < 0.4:
        pad(r, again)
    elif how == 9:
        alone = Chunk([b"Key: late", b"Backup-Host: z"], alone=True)
        alone.tail = again.tail
        s.chunks.append(alone)
    elif how == 10:
        again.head = [x for x in again.head if not x.startswith(b"Key")]
        again.head.append(b"Key: " + r.choice(KEYS))
    else:
        again.blocks = [b"new %d" % r.randrange(1000)]
        again.tail = Chunk([], again.blocks[0]).tail


def mutate_stream(r, s):
    how = r.randrange(9)
    if how == 0:
        s.end = b""
    elif how == 1:
        s.end += r.choice([b"0:,", b"x", b"\n", s.bytes()])
    elif how == 2:
        s.id = r.choice([s.id[1:], s.id + b"0", s.id.upper(), b"", b"g" * 32])
    elif how == 3:
        s.magic = r.choice([b"DF2", b"df1", b"DF", b"DF1 ", b""])
    elif how == 4:
        s.list = r.choice(LISTS)
    elif s.list:
        b = bytearray(s.list)
        at = r.randrange(len(b))
        b[at] = r.choice([0, 1, 4, 6, 255, b[at] ^ 1 << r.randrange(8)])
        s.list = bytes(b)[:r.choice([len(b)] * 4 + [at])]
    else:
        s.list = one_set(entry(r.choice(HOSTS)[:255], r.choice([0, 1, 65535])))


def copy(s):
    out = Stream(s.chunks[:], s.list)
    out.id, out.end = s.id, s.end
    return out


def structural(r, s):
    s = copy(s)
    for _ in range(r.choice([1, 1, 2, 3])):
        how = r.randrange(10)
        if how < 4 and s.chunks:
            i = r.randrange(len(s.chunks))
            c, old = Chunk([]), s.chunks[i]
            c.head, c.blocks, c.tail = old.head[:], old.blocks, old.tail[:]
            s.chunks[i] = c
            mutate_line(r, c, c.tail if how < 1 and c.tail else c.head)
        elif how < 9 and s.chunks:
            mutate_chunk(r, s)
        else:
            mutate_stream(r, s)
    return s.bytes()


def number_edit(r, b):
    found = list(re.finditer(rb"[0-9]+", b))
    if not found:
        return b
    m = r.choice(found)
    n = int(m.group()[:18])
    new = r.choice([b"%d" % (n + 1), b"%d" % max(0, n - 1), b"0" + m.group(),
                    b"%d" % (n * 10), r.choice(NUMBERS), b" " + m.group()])
    return b[:m.start()] + new + b[m.end():]


def bytewise(r, b, others):
    for _ in range(r.choice([1, 1, 1, 2, 4])):
        at = r.randrange(len(b) + 1)
        n = r.choice([1, 1, 2, 7, 40])
        how = r.randrange(8)
        if how == 0 and at < len(b):
            b = b[:at] + bytes([b[at] ^ 1 << r.randrange(8)]) + b[at + 1:]
        elif how == 1 and at < len(b):
            b = b[:at] + bytes([r.choice(BYTES)]) + b[at + 1:]
        elif how == 2:
            b = b[:at] + b[at + n:]
        elif how == 3:
            b = b[:at] + r.randbytes(n) + b[at:]
        elif how == 4:
            b = b[:at]
        elif how == 5:
            b = b[:at + n] + b[at:]
        elif how == 6:
            b = number_edit(r, b)
        else:
            other = r.choice(others).bytes()
            b = b[:at] + other[r.randrange(len(other)):]
    return b


def mutated(r, streams, large):
    s = r.choice(large if r.random() < 0.01 else streams)
    if r.random() < 0.7:
        b = structural(r, s)
        return bytewise(r, b, streams) if r.random() < 0.1 else b
    return bytewise(r, s.bytes(), streams)


# -------------------------------------------------------------- the trials

class Wrong(Exception):
    pass


def agree(what, got, want):
    if got != want:
        raise Wrong("%s: %r, should be %r" % (what, got, want))


def names_below(directory):
    return [os.path.join(top, f) for top, _, files in os.walk(directory)
            for f in files]


def run(store, data, path):
    with open("in." + store, "w+b") as f:
        f.write(data)
        f.seek(0)
        env = {"PATH": path, "TCPREMOTEIP": "10.0.0.9", "DFHOST": "10.0.0.1"}
        if "ASAN_OPTIONS" in os.environ:
            env["ASAN_OPTIONS"] = os.environ["ASAN_OPTIONS"]
        p = subprocess.run([DFSERVE, "-m", "1M"], cwd=store, env=env, stdin=f,
                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                           timeout=30)
    return p.returncode, p.stderr


def check_end(verdict, result, code, log):
    if code not in CODES[verdict]:
        raise Wrong("exit status %d, should be %s (%s)"
                    % (code, CODES[verdict], verdict))
    if not re.fullmatch(rb"[\n -~]*", log):
        raise Wrong("not printable: %r" % log)
    said = collections.Counter(re.findall(rb"^dfserve: ([a-z-]+) ", log, re.M))
    agree("chunks taken", said[b"stored"] + said[b"duplicate"], result["taken"])
    more = said[b"refused"] - result["refused"]
    more -= result["coming"]
    if not 0 <= more <= result["open"]:
        raise Wrong("chunks refused: %d, should be %d"
                    % (said[b"refused"], result["refused"]))
    agree("lines of a reset", said[b"reset"], int(code != 0))


def check_data(store, model, known):
    """What is in md5/, and nothing is left over in .df."""
    found = {}
    for path in names_below(store + "/md5"):
        name = os.path.basename(path)
        agree("directory", path, "%s/md5/%s/%s" % (store, name[:2], name))
        if name not in known:
            data = open(path, "rb").read()
            agree("MD5", hashlib.md5(data).hexdigest(), name)
            agree("mode", os.stat(path).st_mode & 0o7777, 0o444)
        found[name] = path
    agree("chunks in md5/", sorted(found), sorted(model.data))
    agree("leftovers", [names_below(store + "/.df/" + d)
                        for d in ("stream", "tmp")], [[], []])
    return found


def empty(store, found):
    for path in (list(found.values()) + names_below(store + "/.df/commit")
                 + names_below(store + "/.df/id")):
        os.unlink(path)


def each_byte(error):
    return "\ufffd" * (error.end - error.start), error.end


def shown(key):
    return key.decode("utf-8", "each_byte")


def check_public(store, model, log):
    index = json.load(open(store + "/index.json", encoding="utf-8"))
    status = json.load(open(store + "/status.json", encoding="utf-8"))
    got = {c["md5"]: c["content_length"] for c in index["chunks"]}
    agree("index", got, {m: len(d) for m, d in model.data.items()})
    agree("records", len(index["chunks"]), len(got))
    agree("status", (status["chunks"], status["bytes"]),
          (len(got), sum(got.values())))
    heads = names_below(store + "/head")
    for path in heads:
        found = lines(open(path, "rb").read())
        plain = [x for x in found if x[0] != b"key"]
        h = once(plain)
        must(b"host" in h and b"stamp" in h and b"md5hash" in h, path)
        agree("Stored", sum(n == b"stored" for n, _ in found), 1)
    if b" dropped" in log:  # the limits of a stored header
        return 0
    want = collections.defaultdict(list)
    for key, (_, md5) in model.keys.items():
        want[md5].append(shown(key))
        link = os.readlink("%s/key/%s" % (store, key_name(key).decode()))
        agree("link", link, "../md5/%s/%s" % (md5[:2], md5))
    agree("keys", {c["md5"]: sorted(c["keys"]) for c in index["chunks"]},
          {m: sorted(want[m]) for m in got})
    agree("headers", len(heads), len(got) + len(model.keys))
    return 1


def batch(number):
    r = random.Random("%s %d" % (SEED, number))
    store, model, known = "s%d" % number, Model(), {}
    figures = collections.Counter()
    os.mkdir(store)
    todo = min(BATCH, STREAMS - number * BATCH)
    for i in range(todo):
        last = i == todo - 1
        if number % 2 == 0:
            model = Model()
        data = mutated(r, GOOD, LARGE)
        try:
            verdict, result = model.stream(data)
            code, log = run(store, data, os.environ["PATH"] if last else FAKE)
            check_end(verdict, result, code, log)
            found = check_data(store, model, known)
            if last:
                figures["keys compared"] += check_public(store, model, log)
        except (Wrong, Broken, OSError, ValueError, KeyError,
                subprocess.TimeoutExpired) as why:
            name = "wrong.%d.%d" % (number, i)
            open(name, "wb").write(data)
            return "%s: %s" % (name, why), figures
        figures[verdict] += 1
        figures.update({k + " chunks": n for k, n in result.items()})
        if number % 2 == 0 and not last:
            empty(store, found)
        elif number % 2:
            known = found
    shutil.rmtree(store)
    os.unlink("in." + store)
    return "", figures


codecs.register_error("each_byte", each_byte)
SEED, STREAMS = sys.argv[1], int(sys.argv[2])
GOOD, LARGE = rich(sys.argv[3:])
DFSERVE = shutil.which("dfserve")
FAKE = os.path.abspath("fake")


def main():
    os.mkdir("fake")
    os.symlink("/bin/true", "fake/dfpublish")
    for s in GOOD + LARGE:
        verdict, _ = Model().stream(s.bytes())
        if verdict not in ("ok", "refused", "cut"):
            raise SystemExit("a stream to begin with is " + verdict)
    total, wrong = collections.Counter(), []
    # They wait for the disk most of the time.
    with multiprocessing.Pool(8 * (os.cpu_count() or 1)) as pool:
        batches = range(-(-STREAMS // BATCH))
        for why, figures in pool.imap_unordered(batch, batches):
            total.update(figures)
            if why:
                wrong.append(why)
    with open("figures", "w") as f:
        for name, n in sorted(total.items()):
            print(n, name, file=f)
    for why in wrong[:5]:
        print(why)
    if wrong:
        raise SystemExit("%d batches with a difference" % len(wrong))
    # Nothing is shown by streams that are all of one kind.
    for name in ("ok", "refused", "broken", "cut", "taken chunks",
                 "refused chunks", "given up chunks"):
        if total[name] < STREAMS // 20:
            raise SystemExit("only %d %s" % (total[name], name))
    if total["keys compared"] < len(batches) // 2:
        raise SystemExit("keys were compared too seldom")
    print("%d streams" % sum(total[v] for v in CODES))


if __name__ == "__main__":
    main()
