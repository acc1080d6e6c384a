"""Readers of the formats of a store, written from their description alone
(dataflow(5)); strict, they share nothing with the programs."""
import functools
import ipaddress
import re
import struct
import time

MD5 = re.compile(r"[0-9a-f]{32}\Z")
LABEL = re.compile(r"@[0-9a-f]{24}\Z")
NUMBER = re.compile(r"[0-9]{1,18}\Z")
HOST = re.compile(r"(?!(.*\.)?[0-9]+\Z)[A-Za-z0-9][A-Za-z0-9.-]{0,252}\Z")
EPOCH = (1 << 62) + 10
DUTIES = "TDBHX"


class Bad(Exception):
    pass


def must(true, *why):
    if not true:
        raise Bad(" ".join(str(w) for w in why))


def key_name(key):
    out = ""
    for i, c in enumerate(key):
        plain = re.match(rb"[A-Za-z0-9\-_.,+@~]", bytes([c]))
        out += chr(c) if plain and (i or c != 0x2E) else "=%02X" % c
    return out


def seconds(label):
    return int(label[1:17], 16) - EPOCH


def iso(at):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))


# Stores that differ in little are read one after the other: nobody changes a
# Header or Commit.
@functools.lru_cache(1024)
class Header:
    """kind: "stream", "stored" (a ticket is one too)."""

    LINES = {"host": (1, 1), "content-length": (0, 1), "cache-time": (0, 1),
             "ttl": (0, 1), "md5hash": (0, 1), "sha-256": (0, 1),
             "stamp": (1, 1), "data": (0, 1), "stored": (0, None),
             "taken": (0, None)}

    def __init__(self, data, kind):
        self.fields = []
        must(1 <= len(data) <= 16384, "header of", len(data), "bytes")
        must(data.endswith(b"\n"), "a line without its end")
        lines = data.split(b"\n")[:-1]
        must(len(lines) <= 256, len(lines), "lines")
        for line in lines:
            name, colon, value = line.partition(b":")
            must(colon and re.match(rb"[!-9;-~]+\Z", name), "line", line)
            value = value.lstrip(b" \t")
            must(not re.search(rb"[\x00-\x1f\x7f]", value), "line", line)
            self.fields.append((name.decode().lower(), value))
        self.check(kind)

    def values(self, name):
        return [v for n, v in self.fields if n == name]

    def value(self, name):
        found = self.values(name)
        return found[0].decode("latin-1") if found else None

    def number(self, name):
        v = self.value(name)
        return None if v is None else int(v)

    def keys(self):
        return self.values("key")

    def check(self, kind):
        for name, (least, most) in self.LINES.items():
            n = len(self.values(name))
            must(n >= least and (most is None or n <= most),
                 n, "lines", name)
        for name in "content-length", "cache-time", "ttl":
            v = self.value(name)
            must(v is None or NUMBER.match(v), name, v)
        for name, digits in ("md5hash", 32), ("sha-256", 64):
            v = self.value(name)
            must(v is None or re.match("[0-9a-f]{%d}\\Z" % digits, v), name, v)
        must(LABEL.match(self.value("stamp")), "stamp", self.value("stamp"))
        for k in self.keys():
            must(1 <= len(k) <= 512, "key of", len(k), "bytes")
        for h in self.values("host") + self.values("backup-host"):
            must(host_ok(h.decode("latin-1")), "host", h)
        if kind == "stream":
            must(self.value("data") in (None, "none"), "data")
            must(len(self.keys()) <= 1, "keys")
        else:
            self.check_stored()

    def check_stored(self):
        for name in "content-length", "md5hash":
            must(self.value(name) is not None, "no line", name)
        must(self.value("data") is None, "a line data")
        for v in self.values("stored"):
            must(LABEL.match(v.decode("latin-1")), "stored", v)
        for v in self.values("taken"):
            must(re.match(rb"@[0-9a-f]{24} [0-9a-f]{32}\Z", v), "taken", v)
        must(len(self.values("taken")) <= 32, "taken")


def host_ok(h):
    try:
        ipaddress.ip_address(h)
        return True
    except ValueError:
        return bool(HOST.match(h))


class Entry:
    def __init__(self, kind, address, port, branch):
        self.kind, self.address, self.port = kind, address, port
        self.branch = branch

    def who(self):
        return self.kind, self.address, self.port


def who(text):
    """A target's text, so that two spellings of one target are equal."""
    m = re.match(r"\[([0-9a-f:.]+)\]:([0-9]+)\Z|([^:\[\]]+):([0-9]+)\Z", text)
    must(m, "target", text)
    host, port = m.group(1) or m.group(3), int(m.group(2) or m.group(4))
    must(1 <= port <= 65535, "port", text)
    try:
        a = ipaddress.ip_address(host)
        must((a.version == 6) == bool(m.group(1)), "target", text)
        return a.version, a.packed, port
    except ValueError:
        must(HOST.match(host) and not m.group(1), "target", text)
        return 0, host.encode(), port


class Cut:
    """Takes bytes off the front."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, n):
        must(len(self.data) - self.at >= n, "it ends early")
        self.at += n
        return self.data[self.at - n:self.at]

    def u32(self):
        return struct.unpack(">I", self.take(4))[0]

    def more(self):
        return self.at < len(self.data)

    def netstring(self):
        m = re.match(rb"(0|[1-9][0-9]{0,7}):", self.data[self.at:self.at + 9])
        must(m, "no netstring at", self.at)
        self.take(m.end())
        text = self.take(int(m.group(1)))
        must(self.take(1) == b",", "no comma at", self.at)
        return text


def entries(data, deep):
    c, out = Cut(data), []
    while c.more():
        kind = c.take(1)[0]
        must(kind in (0, 4, 6), "kind", kind)
        n = {4: 4, 6: 16}.get(kind)
        address = c.take(c.take(1)[0] if n is None else n)
        must(kind or HOST.match(address.decode("latin-1")), "name", address)
        port = struct.unpack(">H", c.take(2))[0]
        must(port, "port 0")
        branch = c.take(c.u32())
        list_sets(branch, deep + 1)
        out.append(Entry(kind, address, port, branch))
    return out


def list_sets(data, deep=0):
    """Its sets, each an array of entries; all of it is checked."""
    must(len(data) <= 262144 and deep <= 17, "list too large or deep")
    c, out = Cut(data), []
    while c.more():
        n = c.u32()
        must(n, "an empty set")
        out.append(entries(c.take(n), deep))
    must(len(out) <= 256, len(out), "sets")
    return out


def list_for(data, number):
    """The list that entry number of its head is sent."""
    head = list_sets(data)[0]
    n = struct.unpack(">I", data[:4])[0]
    return head[number].branch + data[4 + n:]


class Chunk:
    def __init__(self, c):
        self.md5 = c.netstring().decode("latin-1")
        must(MD5.match(self.md5), "md5", self.md5)
        length = c.netstring().decode("latin-1")
        must(NUMBER.match(length), "length", length)
        self.length = int(length)
        sha256 = c.netstring()
        must(re.match(rb"([0-9a-f]{64})?\Z", sha256), "sha256", sha256)
        self.text = c.netstring()
        self.header = Header(self.text, "stream")
        self.taken = True


@functools.lru_cache(1024)
class Commit:
    def __init__(self, data):
        m = re.match(rb"DFC1 ([NP]) (\d{8}) (\d{8}) (\d{12})\n", data)
        must(m, "first line", data[:40])
        self.published = m.group(1) == b"P"
        chunks, targets, flags = (int(m.group(i)) for i in (2, 3, 4))
        must(1 <= chunks <= 1024, chunks, "chunks")
        must(targets <= 8192, targets, "targets")
        must(len(data) == flags + chunks * (1 + targets), "its length")
        c = Cut(data[:flags])
        c.take(m.end())
        self.stream, self.id = c.netstring().decode(), c.netstring().decode()
        self.stored, self.list = c.netstring().decode(), c.netstring()
        must(MD5.match(self.id), "id", self.id)
        must(LABEL.match(self.stored), "stored", self.stored)
        sets = list_sets(self.list)
        self.targets = [self.target(c, sets) for _ in range(targets)]
        self.chunks = [Chunk(c) for _ in range(chunks)]
        must(not c.more(), "more before the flags")
        rest = data[flags:].decode("latin-1")
        must(not rest[:chunks].strip("+-"), "flags", rest[:chunks])
        for k, flag in zip(self.chunks, rest):
            k.taken = flag == "+"
        rows = rest[chunks:]
        must(not rows.strip(DUTIES), "duties", rows)
        self.rows = [rows[i * chunks:(i + 1) * chunks] for i in range(targets)]

    @staticmethod
    def target(c, sets):
        number, space, text = c.netstring().decode("latin-1").partition(" ")
        must(space and NUMBER.match(number), "target", number, text)
        head = sets[0] if sets else []
        must(int(number) < len(head), "entry", number)
        must(who(text) == head[int(number)].who(), "target", text)
        return int(number), text

    def duties(self):
        """(target's number, its text, chunk, state) of all that count."""
        for (number, text), row in zip(self.targets, self.rows):
            for k, state in zip(self.chunks, row):
                if k.taken:
                    yield number, text, k, state

    def settled(self):
        return all(state == "D" for _, _, _, state in self.duties())
