#!/usr/bin/env python3
"""Parsers of what is fuzzed, written from the description of the formats alone
(dataflow(5), dfsend(1)), against the targets.

  parser.py TARGET PROGRAM DIR...   PROGRAM (the target, main.c) is run on the
                                    files of the directories; prints each file
                                    of which it says something else, exit 1
"""
import hashlib
import json
import os
import re
import struct
import subprocess
import sys
import time

LABEL = rb"@[0-9a-f]{24}"
EPOCH = (1 << 62) + 10


class Bad(Exception):
    """Not of the form."""


class Cut(Exception):
    """It ends before anything is wrong."""


def must(true):
    if not true:
        raise Bad


def md5(b):
    return hashlib.md5(b).hexdigest()


def number(b):
    must(re.fullmatch(rb"[0-9]{1,18}", b))
    return int(b)


# Addresses.

def ip4(b):
    parts = b.split(b".")
    must(len(parts) == 4)
    for part in parts:
        must(re.fullmatch(rb"0|[1-9][0-9]{0,2}", part) and int(part) < 256)
    return bytes(int(part) for part in parts)


def groups(b):
    out = b""
    parts = b.split(b":") if b else []
    for i, part in enumerate(parts):
        if b"." in part:
            must(i == len(parts) - 1)
            out += ip4(part)
        else:
            must(re.fullmatch(rb"[0-9A-Fa-f]{1,4}", part))
            out += int(part, 16).to_bytes(2, "big")
    return out


def ip6(b):
    before, two, after = b.partition(b"::")
    if not two:
        out = groups(b)
        must(len(out) == 16)
        return out
    must(b"." not in before)
    first, last = groups(before), groups(after)
    must(len(first) + len(last) <= 14)
    return first + bytes(16 - len(first) - len(last)) + last


def name(b):
    must(re.fullmatch(rb"[A-Za-z0-9][A-Za-z0-9.-]{0,252}", b))
    must(not re.fullmatch(rb"[0-9]+", b.split(b".")[-1]))
    return b


def attempt(parse, b):
    try:
        return parse(b)
    except Bad:
        return None


def host(b):
    must(any(attempt(parse, b) is not None for parse in (ip4, ip6, name)))


# Headers.

def lines(b):
    must(b.endswith(b"\n") or not b)
    out = []
    for line in b.split(b"\n")[:-1]:
        field, colon, value = line.partition(b":")
        must(colon and re.fullmatch(rb"[!-~]+", field))
        value = value.lstrip(b" \t")
        must(not re.search(rb"[\x00-\x1f\x7f]", value))
        out.append((field.lower(), value))
    return out


class Header:
    def __init__(self, b, kind):
        must(1 <= len(b) <= 16384)
        self.kind = kind
        self.all = lines(b)
        must(len(self.all) <= 256)
        self.loose = False
        self.keys = self.values(b"key")
        for k in self.keys:
            must(1 <= len(k) <= 512)
        self.host = self.one(b"host", True)
        for h in [self.host] + self.values(b"backup-host"):
            host(h)
        self.stamp = self.one(b"stamp", True)
        must(re.fullmatch(LABEL, self.stamp))
        self.length = self.count(b"content-length")
        self.cache = self.count(b"cache-time")
        self.ttl = self.count(b"ttl")
        self.md5 = self.hex(b"md5hash", 32)
        self.sha256 = self.hex(b"sha-256", 64)
        self.none = self.one(b"data")
        must(self.none in (None, b"none"))
        if kind == "stored":
            self.stored()
        else:
            must(len(self.keys) <= 1)

    def values(self, field):
        return [v for f, v in self.all if f == field]

    def one(self, field, needed=False):
        found = self.values(field)
        must(len(found) <= 1 and (found or not needed))
        return found[0] if found else None

    def count(self, field):
        v = self.one(field)
        return None if v is None else number(v)

    def hex(self, field, digits):
        v = self.one(field)
        must(v is None or re.fullmatch(rb"[0-9a-f]{%d}" % digits, v))
        return v and v.decode()

    def stored(self):
        must(self.none is None and self.length is not None and self.md5)
        must(re.fullmatch(LABEL, self.one(b"stored", True)))
        taken = self.values(b"taken")
        self.loose = len(taken) > 32 or any(
            not re.fullmatch(LABEL + rb" [0-9a-f]{32}", v) for v in taken)

    def words(self):
        out = self.kind
        if self.keys:
            out += " key=" + self.keys[0].hex()
        out += " host=%s stamp=%s" % (self.host.hex(), self.stamp.decode())
        for word, v in (("md5", self.md5), ("sha256", self.sha256),
                        ("length", self.length), ("cache", self.cache),
                        ("ttl", self.ttl)):
            if v is not None:
                out += " %s=%s" % (word, v)
        return out + (" none" if self.none else "") + "; "


class Trailer:
    def __init__(self, b):
        must(1 <= len(b) <= 1024)
        found = dict(lines(b))
        must(len(found) == len(lines(b)))
        must(set(found) - {b"sha-256"} == {b"content-length", b"md5hash"})
        self.length = number(found[b"content-length"])
        self.md5 = found[b"md5hash"].decode("latin-1")
        must(re.fullmatch("[0-9a-f]{32}", self.md5))
        self.sha256 = found.get(b"sha-256", b"").decode("latin-1")
        must(b"sha-256" not in found or
             re.fullmatch("[0-9a-f]{64}", self.sha256))


def header(b, said):
    said = said.split("; ")
    must(len(said) == 3)
    for i, kind in enumerate(("stream", "stored")):
        h = attempt(lambda x: Header(x, kind), b)
        if h and h.loose and said[i] == kind + " bad":
            continue
        must(said[i] + "; " == (h.words() if h else kind + " bad; "))
    t = attempt(Trailer, b)
    must(said[2] == ("trailer length=%d md5=%s sha256=%s" %
                     (t.length, t.md5, t.sha256) if t else "trailer bad"))


# Lists.

class List:
    def __init__(self, b):
        must(len(b) <= 262144)
        self.said, self.n = b"", 0
        self.head = None
        self.sets(b, 0)

    def sets(self, b, depth):
        at = row = 0
        must(depth <= 16)
        while at < len(b):
            must(len(b) - at >= 4)
            n, = struct.unpack_from(">I", b, at)
            row += 1
            must(1 <= n <= len(b) - at - 4 and row <= 256)
            who = self.entries(b[at + 4:at + 4 + n], depth)
            if self.head is None or depth == 0 and row == 1:
                self.head = who
            at += 4 + n

    def entries(self, b, depth):
        at, first, who = 0, 1, set()
        while at < len(b):
            kind = b[at]
            at += 1
            must(kind in (0, 4, 6))
            n = kind and (4 if kind == 4 else 16)
            if not kind:
                must(at < len(b))
                n = b[at]
                at += 1
            must(len(b) - at >= n + 6)
            address = b[at:at + n] if kind else name(b[at:at + n])
            port, m = struct.unpack_from(">HI", b, at + n)
            at += n + 6
            must(port and m <= len(b) - at)
            who.add((kind, address if kind else address.lower(), port))
            self.n += 1
            must(self.n <= 8192)
            self.said += b"%d %d %d %s %d\n" % (depth, first, kind, address,
                                                port)
            first = 0
            self.sets(b[at:at + m], depth + 1) if m else None
            at += m
        return who


def list_(b, said):
    good = attempt(List, b)
    must(said == ("ok %d %d %s" % (good.n, len(good.head or ()), md5(good.said))
                  if good else "bad"))


def entry_text(b):
    address, colon, port = b.rpartition(b":")
    must(colon and re.fullmatch(rb"[0-9]{1,18}", port))
    port = int(port)
    must(1 <= port <= 65535)
    if address[:1] == b"[":
        must(address[-1:] == b"]")
        return 6, ip6(address[1:-1]), port
    ip = attempt(ip4, address)
    return (4, ip, port) if ip is not None else (0, name(address), port)


class Text:
    """Levels, outermost first: [indentation, sets, who is in the last one];
    a set is a list of [entry, sets of its branch]."""

    def __init__(self, b):
        self.levels = [[0, [[]], set()]]
        self.blanks = b""
        self.above = False
        self.n = self.row = 0
        for line in b.split(b"\n"):
            line = line.rstrip(b" \t\r")
            word = line.lstrip(b" \t")
            if word and not word.startswith(b"#"):
                self.line(line[:len(line) - len(word)], word)
        while self.levels:
            self.close()
        must(self.n)

    def close(self):
        must(self.levels.pop()[1][-1])

    def line(self, indent, word):
        self.blanks += indent[:1]
        must(len(set(self.blanks + indent)) <= 1)
        if len(indent) > self.levels[-1][0]:
            must(self.above and len(self.levels) <= 16)
            branch = self.levels[-1][1][-1][-1][1]
            branch.append([])
            self.levels.append([len(indent), branch, set()])
        while len(indent) < self.levels[-1][0]:
            self.close()
        must(len(indent) == self.levels[-1][0])
        sets = self.levels[-1][1]
        self.above = word != b"TARGET"
        if not self.above:
            must(sets[-1] and len(sets) < 256)
            sets.append([])
            self.levels[-1][2] = set()
            return
        kind, address, port = entry_text(word)
        who = kind, address if kind else address.lower(), port
        must(who not in self.levels[-1][2])
        self.levels[-1][2].add(who)
        sets[-1].append([(kind, address, port), []])
        if len(self.levels) == 1:
            self.top = sets
        self.n += 1
        must(self.n <= 8192)


def binary(sets):
    out, n = b"", 0
    for one in sets:
        entries = b""
        for (kind, address, port), branch in one:
            below, below_n = binary(branch)
            n += below_n
            if not kind:
                address = bytes([len(address)]) + address
            entries += bytes([kind]) + address
            entries += struct.pack(">HI", port, len(below)) + below
        n += 1
        out += struct.pack(">I", len(entries)) + entries
    return out, n


def listtext(b, said):
    good = attempt(Text, b)
    out, sets = binary(good.top) if good else (b"", 0)
    if len(out) > 262144:
        good = None
    must(said == ("ok %d %d %s" % (good.n, sets, md5(out)) if good else "bad"))


# Streams.

class Stream:
    """Takes netstrings off the front."""

    def __init__(self, b):
        self.b, self.at = b, 0

    def netstring(self, most):
        digits = re.compile(rb"[0-9]{0,9}").match(self.b, self.at).group()
        must(len(digits) <= 8 and not re.match(rb"0[0-9]", digits))
        after = self.at + len(digits)
        must(not digits or int(digits) <= most)
        if after == len(self.b):
            raise Cut
        must(digits and self.b[after] == 0x3A)
        n = int(digits)
        out = self.b[after + 1:after + 1 + n]
        if len(self.b) < after + 2 + n:
            raise Cut
        must(self.b[after + 1 + n] == 0x2C)
        self.at = after + 2 + n
        return out

    def begin(self):
        must(self.netstring(3) == b"DF1")
        self.id = self.netstring(32)
        must(re.fullmatch(rb"[0-9a-f]{32}", self.id))
        self.list = self.netstring(262144)
        List(self.list)

    def header(self):
        b = self.netstring(16384)
        return (b, Header(b, "stream")) if b else None

    def data(self, h, alone_may):
        out = b""
        while True:
            block = self.netstring(16777216)
            if not block:
                return out
            must(alone_may or not h.none)
            out += block

    def trailer(self):
        b = self.netstring(1024)
        return Trailer(b) if b else None

    def end(self):
        must(self.at == len(self.b))


def stream(b, said):
    s, out = Stream(b), ""
    try:
        s.begin()
        out = "id %s list %s; " % (s.id.decode(), md5(s.list))
        while True:
            h = s.header()
            if not h:
                break
            out += "header %s" % md5(h[0])
            data = s.data(h[1], True)
            out += " data %d %s" % (len(data), md5(data))
            t = s.trailer()
            out += (" trailer %d %s %s; " % (t.length, t.md5, t.sha256) if t
                    else " given up; ")
        s.end()
        out += "end"
    except (Bad, Cut) as e:
        out += "cut" if isinstance(e, Cut) else "broken"
    must(out == said)


def refusal(h, t, data, here):
    if h.keys and sum(1 if re.match(rb"[A-Za-z0-9\-_.,+@~]", bytes([c])) and
                      (i or c != 0x2E) else 3
                      for i, c in enumerate(h.keys[0])) > 255:
        return True
    if int(h.stamp[1:17], 16) - EPOCH > time.time() + 86400:
        return True
    if h.none:
        if t.md5 not in here or len(here[t.md5]) != t.length:
            return True
        data = here[t.md5]
    elif len(data) > 100000 or (h.length or 0) > 100000:
        return True
    sha = hashlib.sha256(data).hexdigest()
    return (t.length != len(data) or h.length not in (None, len(data)) or
            t.md5 != md5(data) or h.md5 not in (None, t.md5) or
            any(x not in ("", None, sha) for x in (t.sha256, h.sha256)))


def receive(b, said):
    s, here, again, how = Stream(b), {}, 0, "end"
    try:
        s.begin()
        while True:
            h = s.header()
            if not h:
                break
            data = s.data(h[1], False)
            t = s.trailer()
            if not t:
                continue
            if refusal(h[1], t, data, here):
                how = "reset"
                continue
            again += t.md5 in here
            here.setdefault(t.md5, data)
        s.end()
    except (Bad, Cut):
        how = "reset"
    must(said == "".join(m + " " for m in sorted(here)) +
         "duplicates %d %s" % (again, how))


# Orders.

NAME = rb"(?![./])(?!.*/\.)[0-9a-z@./-]{1,79}"
FORMS = [("md5", rb"([0-9a-f]{32})"), ("end", rb"end"), ("done", rb"done"),
         ("lost", rb"lost"), ("spool", rb"spool (%s)" % NAME),
         ("commit", rb"commit (%s) ([0-9]{1,18})" % NAME),
         ("committed", rb"committed (%s)(?: ([0-9]{1,18}))?" % NAME)]


def order(line):
    for kind, form in FORMS:
        m = re.fullmatch(form, line, re.S)
        if m:
            words = [w.decode() for w in m.groups() if w is not None]
            if len(words) == 2:
                words[1] = str(int(words[1]))
                must(int(words[1]) < 1 << 32)
            return " ".join([kind] + words) + "; "
    raise Bad


def orders(b, said):
    out, ended = "", " ended" if b[-4:] == b"end\n" else ""
    *whole, rest = b.split(b"\n")
    try:
        for line in whole:
            out += order(line)
    except Bad:
        must(said == out + "bad" + ended)
        return
    loose = len(rest) > 110     # longer than any order
    must(said == out + "rest" + ended or loose and said == out + "bad")


# Commits.

class Commit:
    """What can be walked over; strict: and is as dataflow(5) says."""

    def __init__(self, b):
        m = re.match(rb"DFC1 ..([0-9]{8}).([0-9]{8}).([0-9]{12}).", b, re.S)
        must(m)
        n, targets, flags = (int(x) for x in m.groups())
        must(n <= 1024 and targets <= 8192 and flags <= len(b))
        must(len(b) - flags == n * (targets + 1))
        s = Stream(b[:flags])
        s.at = m.end()
        stream, id_, stored, list_ = (s.netstring(262144) for _ in range(4))
        must(len(id_) == 32)
        must(re.fullmatch(LABEL, stored))
        self.strict = [(re.match(rb"DFC1 [NP] .{8} .{8} .{12}\n", b), None),
                       (re.fullmatch(rb"[0-9a-f]{32}", id_), None),
                       (List, list_)]
        out = [stream, id_, stored, list_]
        for _ in range(targets):
            entry, space, text = s.netstring(262144).partition(b" ")
            must(space and number(entry) < 8192)
            self.strict.append((entry_text, text))
            out += [b"%d" % int(entry), text]
        for i in range(n):
            out += self.chunk(s, b[flags + i])
            duty = b[flags + n + i::n]
            self.strict.append((re.fullmatch(rb"[TDBHX]*", duty), None))
            out += [bytes([c]) for c in duty]
        self.strict.append((s.at == flags, None))
        self.said = "ok %d %d %d %s" % (
            n, targets, b[5] == 0x50, md5(b"".join(x + b"\n" for x in out)))

    def chunk(self, s, flag):
        digest, length, sha, h = (s.netstring(262144) for _ in range(4))
        must(len(digest) == 32 and len(sha) in (0, 64))
        self.strict += [(re.fullmatch(rb"[0-9a-f]{32}", digest), None),
                        (re.fullmatch(rb"([0-9a-f]{64})?", sha), None),
                        (flag in b"+-", None)]
        if flag == 0x2B:
            self.strict.append((lambda x: Header(x, "stream"), h))
        number(length)
        return [digest, length.lstrip(b"0") or b"0", sha, h,
                b"+" if flag == 0x2B else b"-"]

    def is_strict(self):
        return all(test if b is None else test and attempt(test, b) is not None
                   for test, b in self.strict)


def commit(b, said):
    """A commit is private, and whole before it has its name. What is damaged in
    it, but can be walked over, need not be found out."""
    try:
        good = Commit(b)
    except (Bad, Cut):
        good = None
    if not good:
        must(said == "bad")
    else:
        must(said == good.said or said == "bad" and not good.is_strict())


# The index.

def as_written(line):
    """A JSON object in the compact form that dataflow writes, or None."""
    try:
        o = json.loads(line, object_pairs_hook=dict)
    except (ValueError, RecursionError):
        return None
    if not isinstance(o, dict):
        return None
    for ascii_ in False, True:
        if json.dumps(o, separators=(",", ":"), ensure_ascii=ascii_) == line:
            return o
    return None


def is_count(v):
    return type(v) is int and 0 <= v < 10 ** 18


def delta_of(b):
    """What the lines come to: {md5: length}; None: not a delta."""
    here = {}
    try:
        text = b.decode()
    except UnicodeDecodeError:
        return None
    if not text.endswith("\n") and text:
        return None
    for line in text.split("\n")[:-1]:
        o = as_written(line)
        m = o and o.get("md5")
        if not isinstance(m, str) or not re.fullmatch("[0-9a-f]{32}", m):
            return None
        if isinstance(o.get("gone"), str):
            here.pop(m, None)
        elif "gone" not in o and is_count(o.get("content_length")):
            here[m] = o["content_length"]
        else:
            return None
    return here


def index(b, said):
    whole, half, both, status = said.split("; ", 3)
    here = delta_of(b)
    if here is not None:
        for word, got in ("whole", whole), ("both", both):
            got = got.split(" ")
            must(got[:3] == [word, str(len(here)), str(sum(here.values()))])
            must(sorted(bytes.fromhex(m).decode() for m in got[3:]) ==
                 sorted(here))
        must(not half.endswith("bad"))
    o = as_written(b.decode("utf-8", "replace").rstrip("\n"))
    counts = [(o or {}).get(k) for k in ("delta_bytes", "chunks", "bytes")]
    epoch = (o or {}).get("epoch")
    if (isinstance(epoch, str) and re.fullmatch(LABEL.decode(), epoch) and
            all(is_count(c) for c in counts)):
        must(status.startswith("status %s %d %d %d" % (epoch, *counts)))
    else:
        must(o is None or status.startswith("no status"))


# What a host publishes.

class Loose(Exception):
    """Two parsers of JSON may differ."""


def pairs(line, strict):
    """The members of a JSON object. strict: no doubt is allowed."""
    if b"\\u00" in line or line.count(b"[") + line.count(b"{") > 60:
        raise Loose
    try:
        text = line.decode("utf-8" if strict else "latin-1")
    except UnicodeDecodeError:
        raise Loose from None
    if strict and "\\u" in text:
        raise Loose
    found = []

    def keep(o):
        found.append(o)
        return dict(o)

    def integer(digits):
        if strict and len(digits) > 18:
            raise Loose
        return int(digits) if strict else 0

    def real(digits):
        if strict and "e" in digits.lower():
            raise Loose
        return 0.5

    def no_constant(_):
        raise ValueError

    try:
        last = json.loads(text, object_pairs_hook=keep,
                          parse_int=integer, parse_float=real,
                          parse_constant=no_constant)
    except (ValueError, RecursionError):
        raise Bad from None
    must(isinstance(last, dict))
    if strict and len(dict(found[-1])) < len(found[-1]):
        raise Loose
    return found[-1]


def place(line):
    o = dict(pairs(line, True))
    epoch, n = o.get("epoch"), o.get("delta_bytes")
    must(isinstance(epoch, str) and re.fullmatch(LABEL.decode(), epoch))
    must(type(n) is int and n >= 0)
    return epoch, n


def take_record(here, line):
    must(len(line) <= 262144)
    digest, gone = None, False
    for k, v in pairs(line, False):
        if k == "md5":
            must(isinstance(v, str) and re.fullmatch("[0-9a-f]{32}", v))
            digest = v
        elif k == "gone":
            must(isinstance(v, str))
            gone = True
    must(digest)
    (here.discard if gone else here.add)(digest)


def published(b, said):
    status, text, delta = (b.split(b"\0", 2) + [b"", b""])[:3]
    here, at = set(), 0
    try:
        epoch, n = place(status)
        first, *records = text.split(b"\n")[:-1] or [b""]
        must(first.endswith(b"["))
        of, at = place(first + b"]}")
        if of != epoch:
            at, records = 0, [b"]}"]
        for line in records[:-1]:
            must(line != b"]}")
            take_record(here, line[:-1] if line.endswith(b",") else line)
        must(records and records[-1] == b"]}")
        if at < n:
            must(n <= len(delta) and delta[n - 1:n] == b"\n")
            for line in delta[at:n - 1].split(b"\n"):
                take_record(here, line)
    except Bad:
        must(said == "bad")
    except Loose:
        pass
    else:
        must(said == " ".join(["ok"] + sorted(here)))


def json_(b, said):
    valid, out, *found = said.split(" ")
    want, at = "", 0
    while at < len(b):
        for n in 1, 2, 3, 4:
            c = b[at:at + n].decode("utf-8", "ignore")
            if c and c.encode() == b[at:at + n]:
                want += c
                at += n
                break
        else:
            want += "\ufffd"
            at += 1
    out = bytes.fromhex(out)
    must(json.loads(out) == want)
    must(not re.search(rb"[\x00-\x1f\x7f]", out))
    must((valid == "1") == (attempt_decode(b) is not None))
    o = as_written(attempt_decode(b) or "")
    if o is None:
        return
    scalars = {k: o[k] for k in ("md5", "epoch", "bytes", "a", "")
               if k in o and not isinstance(o[k], (dict, list))}
    want = []
    for k, v in scalars.items():
        text = b.decode()
        forms = {json.dumps(v, ensure_ascii=a) for a in (False, True)}
        forms = {f[1:-1] if isinstance(v, str) else f for f in forms
                 if f in text}
        want.append({"%s=%s" % (k, f.encode().hex()) for f in forms})
    must(len(found) == len(want))
    must(all(any(f in w for w in want) for f in found))


def attempt_decode(b):
    try:
        return b.decode()
    except UnicodeDecodeError:
        return None


TARGETS = {"header": header, "list": list_, "listtext": listtext,
           "stream": stream, "receive": receive, "orders": orders,
           "commit": commit, "index": index, "json": json_,
           "published": published}


def main():
    target = sys.argv[1]
    program, *dirs = map(os.path.abspath, sys.argv[2:])
    agrees = TARGETS[target]
    n = failed = 0
    for d in dirs:
        ran = subprocess.run([program, d], capture_output=True, text=True)
        said = dict(line.split("\t", 1) for line in ran.stdout.splitlines())
        names = sorted(f for f in os.listdir(d) if f[0] != ".")
        if ran.returncode:
            print("%s: exit %d\n%s" % (d, ran.returncode, ran.stderr))
            failed = 1
        for f in names:
            n += 1
            with open(os.path.join(d, f), "rb") as file:
                b = file.read()
            try:
                must(f in said)
                agrees(b, said[f])
            except (Bad, Cut):
                print("%s/%s: the parser does not agree: %s" %
                      (d, f, said.get(f, "nothing")[:300]))
                failed = 1
    if not n:
        print("there is no file to compare")
    return 0 if n and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
