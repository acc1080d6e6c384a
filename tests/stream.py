#!/usr/bin/env python3
"""Writes streams, good and broken ones, from a few words each.

An independent writer, written from the description of the formats alone; it
shares nothing with the programs.

    stream.py            lines "FILE WORD..." on standard input, words with
                         spaces in quotes; FILE gets the stream
    stream.py -c PORT FILE   sends FILE to 127.0.0.1, says how the server ends
                         the connection: "end", "reset", or what it sent

Words, in their order; in TEXT and LINE escapes such as \\n and \\x00 count, in
LINE also {md5}, {sha256}, {length} of the chunk's data:

    begin           the first three netstrings; of these
    id:TEXT           another id
    list:FILE         the list in this file, its magic taken off
    hex:HEX           this list
    to:KIND=A=PORT    adds an entry to the list's only set; KIND 4, 6 or n
    entries:N         a list of one set of N entries
    sets:N            a list of N sets
    deep:N            a list with branches nested N deep
    bytes:N           a list of N bytes
    chunk:TEXT      a whole chunk with these data
    fill:N          ... with N bytes
    file:FILE       ... with those of the file
    alone:TEXT      a header alone for a chunk with these data; of these four
    +LINE             adds a header line
    -NAME             takes the lines of this name away
    =TEXT             is the header
    stamp:N           Stamp is N seconds from now
    stamp:@LABEL      Stamp is this
    key:N             adds a key of N bytes
    host:N            adds a Backup-Host of N bytes
    pad:N             adds a line that makes the header N bytes
    lines:N           adds lines until there are N
    block:N           blocks of so many bytes
    data:TEXT         a block though there is none
    open              neither end of data nor trailer
    ~+LINE ~-NAME ~=TEXT ~pad:N   the same for the trailer
    ~                 the chunk is given up
    end             the end mark
    ns:TEXT         a netstring
    nsfill:N        a netstring of N bytes
    raw:TEXT        these bytes
"""
import hashlib
import struct
import sys
import time
# And those that not every run needs, where they are: this is run very often.

BLOCK = 65536
NOW = int(time.time())  # one Stamp for all that one run makes


def ns(b):
    return b"%d:%s," % (len(b), b)


def raw(text):
    return text.encode("latin-1").decode("unicode_escape").encode("latin-1")


def label(seconds):
    return b"@%016x%08x" % (0x4000000000000000 + 10 + seconds, 0)


def entry(kind, address, port, branch=b""):
    if kind == "n":
        packed = b"\0" + bytes([len(address)]) + address
    else:
        import ipaddress
        packed = bytes([int(kind)])
        packed += ipaddress.ip_address(address.decode()).packed
    return packed + struct.pack(">HI", port, len(branch)) + branch


def one_set(entries):
    return struct.pack(">I", len(entries)) + entries


class Begin:
    def __init__(self):
        self.id = b"0123456789abcdef0123456789abcdef"
        self.list = b""
        self.entries = b""

    def word(self, name, value):
        if name == "id":
            self.id = raw(value)
        elif name == "list":
            with open(value, "rb") as f:
                self.list = f.read()[4:]
        elif name == "hex":
            self.list = bytes.fromhex(value)
        elif name == "to":
            kind, address, port = value.split("=")
            self.entries += entry(kind, raw(address), int(port))
            self.list = one_set(self.entries)
        elif name == "entries":
            self.list = one_set(b"".join(
                entry("4", b"10.%d.%d.1" % (i >> 8, i & 255), 1)
                for i in range(int(value))))
        elif name == "sets":
            self.list = one_set(entry("4", b"10.0.0.1", 1)) * int(value)
        elif name == "deep":
            self.list = one_set(entry("4", b"10.0.0.1", 1))
            for _ in range(int(value)):
                self.list = one_set(entry("4", b"10.0.0.1", 1, self.list))
        elif name == "bytes":
            n, left = b"", int(value) - 4
            while left:
                k = 253 if left - 261 >= 9 or left == 261 else left - 8
                n += entry("n", b"n" * min(k, 200) + b"a" * max(k - 200, 0), 1)
                left -= k + 8
            self.list = one_set(n)
        else:
            return False
        return True

    def bytes(self):
        return ns(b"DF1") + ns(self.id) + ns(self.list)


class Text:
    """Lines of a header or trailer."""

    def __init__(self, lines):
        self.lines = lines
        self.text = None

    def drop(self, name):
        self.lines = [line for line in self.lines
                      if line.split(b":")[0].lower() != name.lower()]

    def bytes(self):
        if self.text is not None:
            return self.text
        return b"".join(line + b"\n" for line in self.lines)

    def word(self, w, fill):
        if w[:1] == "+":
            self.lines.append(fill(raw(w[1:])))
        elif w[:1] == "-":
            self.drop(w[1:].encode())
        elif w[:1] == "=":
            self.text = fill(raw(w[1:]))
        else:
            return False
        return True


class Chunk:
    def __init__(self, data, alone=False):
        self.data = data
        self.header = Text([b"Host: 10.0.0.1",
                            b"Stamp: " + label(NOW)])
        self.trailer = Text([b"Content-Length: %d" % len(data),
                             b"md5hash: " + self.hex("md5")])
        self.blocks = [] if alone else None
        self.size = BLOCK
        self.is_open = False
        if alone:
            self.header.lines.append(b"Data: none")

    def hex(self, kind):
        return hashlib.new(kind, self.data).hexdigest().encode()

    def fill(self, b):
        for name, value in ((b"{md5}", self.hex("md5")),
                            (b"{sha256}", self.hex("sha256")),
                            (b"{length}", b"%d" % len(self.data))):
            b = b.replace(name, value)
        return b

    def word(self, name, value, w):
        h = self.header
        if w == "~":
            self.trailer.text = b""
        elif name == "~pad":
            n = int(value) - len(self.trailer.bytes())
            line = self.trailer.lines[0]
            self.trailer.lines[0] = line.replace(b": ", b": " + b" " * n)
        elif w[:1] == "~":
            return self.trailer.word(w[1:], self.fill)
        elif name == "stamp":
            h.drop(b"Stamp")
            h.lines.append(b"Stamp: " + (
                value.encode() if value[0] == "@"
                else label(NOW + int(value))))
        elif name == "key":
            h.lines.append(b"Key: " + b"k" * int(value))
        elif name == "host":
            h.lines.append(b"Backup-Host: " + b"h" * int(value))
        elif name == "pad":
            n = int(value) - len(h.bytes()) - len(b"X: \n")
            h.lines.append(b"X: " + b"x" * n)
        elif name == "lines":
            while len(h.lines) < int(value):
                h.lines.append(b"X: %d" % len(h.lines))
        elif name == "block":
            self.size = int(value)
        elif name == "data":
            self.blocks = [raw(value)]
        elif w == "open":
            self.is_open = True
        else:
            return h.word(w, self.fill)
        return True

    def bytes(self):
        blocks = self.blocks
        if blocks is None:
            blocks = [self.data[i:i + self.size]
                      for i in range(0, len(self.data), self.size)]
        out = ns(self.header.bytes()) + b"".join(ns(b) for b in blocks)
        if self.is_open:
            return out
        return out + ns(b"") + ns(self.trailer.bytes())


class Bytes:
    def __init__(self, b):
        self.b = b

    def bytes(self):
        return self.b


def filling(n):
    return (b"0123456789abcde\n" * (n // 16 + 1))[:n]


def stream(words):
    items = []
    for w in words:
        name, _, value = w.partition(":")
        last = items[-1] if items else None
        if w == "begin":
            items.append(Begin())
        elif name == "chunk":
            items.append(Chunk(raw(value)))
        elif name == "fill":
            items.append(Chunk(filling(int(value))))
        elif name == "file":
            with open(value, "rb") as f:
                items.append(Chunk(f.read()))
        elif name == "alone":
            items.append(Chunk(raw(value), alone=True))
        elif w == "end":
            items.append(Bytes(ns(b"")))
        elif name == "ns":
            items.append(Bytes(ns(raw(value))))
        elif name == "nsfill":
            items.append(Bytes(ns(filling(int(value)))))
        elif name == "raw":
            items.append(Bytes(raw(value)))
        elif isinstance(last, Begin) and last.word(name, value):
            pass
        elif isinstance(last, Chunk) and last.word(name, value, w):
            pass
        else:
            sys.exit("stream.py: what is %r?" % w)
    return b"".join(i.bytes() for i in items)


def words_of(line):
    """Blanks part them, but not those in quotes."""
    words, word, quote = [], None, None
    for c in line + "\n":
        if c == quote:
            quote = None
        elif quote:
            word += c
        elif c in "'\"":
            quote, word = c, word or ""
        elif c not in " \t\n":
            word = (word or "") + c
        elif word is not None:
            words.append(word)
            word = None
    if quote:
        sys.exit("stream.py: no end of %r" % line)
    return words


def client(port, name):
    import socket
    with open(name, "rb") as f:
        data = f.read()
    s = socket.create_connection(("127.0.0.1", int(port)))
    try:
        s.sendall(data)
        s.shutdown(socket.SHUT_WR)
        got = s.recv(100)
    except (ConnectionResetError, BrokenPipeError):
        print("reset")
    else:
        print(got or "end")


def main():
    if sys.argv[1:2] == ["-c"]:
        client(*sys.argv[2:])
        return
    for line in sys.stdin:
        words = words_of(line)
        if words:
            with open(words[0], "wb") as f:
                f.write(stream(words[1:]))


if __name__ == "__main__":
    main()
