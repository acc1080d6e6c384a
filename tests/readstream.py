#!/usr/bin/env python3
"""Reads one stream from standard input and says what it carries.

An independent reader, written from the description of the formats alone; it
shares nothing with the programs. Prints

    id HEX
    list LENGTH HEX
    header LENGTH           and its lines, indented
    data LENGTH MD5 SHA256  blocks joined
    trailer LENGTH          and its lines, indented; "trailer given up"
    end

Options: -o DIR writes the data of chunk N to DIR/N; -n leaves out what differs
from run to run (the id, Stamp). Whatever is not as it must be is said on
standard error, exit 1.
"""
import hashlib
import re
import struct
import sys


OCTET = rb"(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"


class Bad(Exception):
    pass


def need(condition, why):
    if not condition:
        raise Bad(why)


class Reader:
    def __init__(self, f):
        self.f = f

    def exactly(self, n):
        out = self.f.read(n)
        need(len(out) == n, "cut off")
        return out

    def netstring(self, most):
        digits = b""
        while True:
            c = self.exactly(1)
            if c == b":":
                break
            need(c.isdigit() and c.isascii(), "netstring length: %r" % c)
            digits += c
            need(len(digits) <= 8, "netstring length: too many digits")
        need(digits, "netstring without a length")
        need(digits == b"0" or digits[:1] != b"0", "leading zero")
        n = int(digits)
        need(n <= most, "netstring of %d bytes, %d allowed" % (n, most))
        out = self.exactly(n)
        need(self.exactly(1) == b",", "netstring without comma")
        return out


def is_name(s):
    return (1 <= len(s) <= 253
            and re.fullmatch(rb"[A-Za-z0-9][A-Za-z0-9.-]*", s) is not None
            and not re.fullmatch(rb"[0-9]*", s.split(b".")[-1]))


def is_host(s):
    if re.fullmatch(rb"(%s\.){3}%s" % (OCTET, OCTET), s):
        return True
    import ipaddress  # takes longer than all the rest
    try:
        text = s.decode("ascii")
        ipaddress.ip_address(text)
        return "%" not in text
    except ValueError:
        return is_name(s)


def read_list(data):
    """Checks a list; returns (kind, address, port) of all entries in order."""
    found = []

    def level(part, depth):
        need(depth <= 16, "list: nested too deep")
        at, sets = 0, 0
        while at < len(part):
            need(at + 4 <= len(part), "list: set cut off")
            n, = struct.unpack_from(">I", part, at)
            at += 4
            need(1 <= n <= len(part) - at, "list: set of %d bytes" % n)
            one_set(part[at:at + n], depth)
            at += n
            sets += 1
            need(sets <= 256, "list: too many sets")

    def one_set(part, depth):
        at = 0
        while at < len(part):
            kind = part[at]
            at += 1
            if kind == 0:
                need(at < len(part), "list: entry cut off")
                k = part[at]
                at += 1
            else:
                need(kind in (4, 6), "list: kind %d" % kind)
                k = 4 if kind == 4 else 16
            need(at + k + 6 <= len(part), "list: entry cut off")
            address = part[at:at + k]
            need(kind or is_name(address), "list: bad name")
            at += k
            port, m = struct.unpack_from(">HI", part, at)
            at += 6
            need(port, "list: port 0")
            need(m <= len(part) - at, "list: branch cut off")
            found.append((kind, address, port))
            need(len(found) <= 8192, "list: too many entries")
            if m:
                level(part[at:at + m], depth + 1)
            at += m

    level(data, 0)
    return found


def fields(text, what):
    need(text.endswith(b"\n"), what + " without a newline at its end")
    lines = text[:-1].split(b"\n")
    need(len(lines) <= 256, what + " of too many lines")
    out = []
    for line in lines:
        m = re.fullmatch(rb"([!-9;-~]+):[ \t]*(.*)", line, re.DOTALL)
        need(m, "%s line %r" % (what, line))
        value = m.group(2)
        need(not re.search(rb"[\x00-\x1f\x7f]", value), "byte in %r" % line)
        out.append((m.group(1).lower().decode(), value))
    return out


NUMBER = rb"[0-9]{1,18}"
FORMS = {
    "content-length": NUMBER, "cache-time": NUMBER, "ttl": NUMBER,
    "md5hash": rb"[0-9a-f]{32}", "sha-256": rb"[0-9a-f]{64}",
    "stamp": rb"@[0-9a-f]{24}", "data": rb"none",
}


def check_fields(lines, what, allowed=None):
    seen = {}
    for name, value in lines:
        need(allowed is None or name in allowed, "%s has %s" % (what, name))
        if name in FORMS or name in ("key", "host"):
            need(name not in seen, "%s has %s twice" % (what, name))
        if name in FORMS:
            need(re.fullmatch(FORMS[name], value), "%s: %r" % (name, value))
        if name in ("host", "backup-host"):
            need(is_host(value), "%s: %r" % (name, value))
        if name == "key":
            need(1 <= len(value) <= 512, "key of %d bytes" % len(value))
        seen[name] = value
    return seen


def show(text, hide):
    for line in text.split(b"\n")[:-1]:
        if hide and line.lower().startswith(b"stamp:"):
            line = b"Stamp: ..."
        print("   ", line.decode("utf-8", "backslashreplace"))


def agree(places, length, md5, sha256):
    for p in places:
        need(p.get("content-length", b"%d" % length) == b"%d" % length
             or int(p["content-length"]) == length, "length differs")
        need(p.get("md5hash", md5) == md5, "MD5 differs")
        need(p.get("sha-256", sha256) == sha256, "SHA-256 differs")


def chunk(r, text, number, directory, hide):
    print("header", len(text))
    show(text, hide)
    head = check_fields(fields(text, "header"), "header")
    need("host" in head and "stamp" in head, "header without Host or Stamp")
    md5, sha256, length = hashlib.md5(), hashlib.sha256(), 0
    out = open("%s/%d" % (directory, number), "wb") if directory else None
    while True:
        block = r.netstring(16777216)
        if not block:
            break
        need("data" not in head, "data after a header alone")
        md5.update(block)
        sha256.update(block)
        length += len(block)
        if out:
            out.write(block)
    if out:
        out.close()
    print("data", length, md5.hexdigest(), sha256.hexdigest())
    trailer = r.netstring(1024)
    if not trailer:
        print("trailer given up")
        return
    print("trailer", len(trailer))
    show(trailer, hide)
    tail = check_fields(fields(trailer, "trailer"), "trailer",
                        ("content-length", "md5hash", "sha-256"))
    need("content-length" in tail and "md5hash" in tail, "trailer lacks lines")
    if "data" not in head:
        agree((head, tail), length, md5.hexdigest().encode(),
              sha256.hexdigest().encode())


def stream(r, directory, hide):
    need(r.netstring(3) == b"DF1", "no DF1")
    ident = r.netstring(32)
    need(re.fullmatch(rb"[0-9a-f]{32}", ident), "id %r" % ident)
    print("id", "..." if hide else ident.decode())
    replicate = r.netstring(262144)
    read_list(replicate)
    print("list", len(replicate), replicate.hex())
    number = 0
    while True:
        text = r.netstring(16384)
        if not text:
            break
        chunk(r, text, number, directory, hide)
        number += 1
    need(r.f.read(1) == b"", "bytes after the end mark")
    print("end")


def main():
    directory, hide = None, False
    words = iter(sys.argv[1:])
    for w in words:
        if w == "-o":
            directory = next(words)
        elif w == "-n":
            hide = True
        else:
            sys.exit("readstream: what is %r?" % w)
    try:
        stream(Reader(sys.stdin.buffer), directory, hide)
    except Bad as why:
        sys.stdout.flush()
        print("readstream:", why, file=sys.stderr)
        sys.exit(1)


main()
