#!/usr/bin/env python3
"""Keys of any bytes: makes a stream of them, and reads what was published.

    keys.py make N SEED     the stream on standard output
    keys.py check N SEED    reads index.json, status.json and the delta of the
                            store in the current directory with Python's parser
                            and with jq; each key must come back as it was sent
    keys.py log             standard input is a log: lines of printable ASCII

An independent writer and reader, written from the description of the formats.
"""
import base64
import codecs
import hashlib
import json
import random
import re
import subprocess
import sys

SAFE = (b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        b"-_.,+@~")
HOSTILE = [b'"', b"\\", b"\\u0000", b'"},{"md5":"', b"</script>", b"<!--", b"'",
           b"\xe2\x80\xa8", b"\xc2\x85", b"\xef\xbb\xbf", b"\xed\xa0\x80",
           b"\xc0\x80", b"\xf4\x90\x80\x80", b"\xf0\x9f\x98\x80", b"../", b"/",
           b"=0A", b"%0a", b"\\n", b"\xe2\x80\xae", b"{", b"]", b",", b" ", b"\xff"]


def ns(b):
    return b"%d:%s," % (len(b), b)


def name(key):
    out = b""
    for i, c in enumerate(key):
        safe = c in SAFE and not (c == ord(".") and i == 0)
        out += bytes([c]) if safe else b"=%02X" % c
    return out


def one(r):
    kind = r.randrange(4)
    n = r.randrange(1, 80)
    if kind == 0:
        key = bytes(r.choice([*range(32, 127), *range(128, 256)])
                    for _ in range(n))
    elif kind == 1:
        key = b"".join(r.choice(HOSTILE) for _ in range(r.randrange(1, 20)))
    elif kind == 2:
        key = "".join(chr(r.choice([r.randrange(32, 127),
                                    r.randrange(160, 0xd800),
                                    r.randrange(0xe000, 0x110000)]))
                      for _ in range(r.randrange(1, 25))).encode()
        if r.randrange(2):
            cut = r.randrange(len(key))
            key = key[:cut] + key[cut + 1:]
    else:
        key = bytes(r.choice(SAFE) for _ in range(n))
    return key.lstrip(b" ")


def keys(n, seed):
    r = random.Random(seed)
    found = {}
    while len(found) < n:
        key = one(r)
        if key and len(name(key)) <= 255:
            found.setdefault(key, b"%d" % len(found))
    return {hashlib.md5(data).hexdigest(): (key, data)
            for key, data in found.items()}


def make(n, seed):
    out = sys.stdout.buffer
    out.write(ns(b"DF1") + ns(b"%032x" % seed) + ns(b""))
    for md5, (key, data) in keys(n, seed).items():
        out.write(ns(b"Key: %s\nHost: 10.0.0.1\n"
                     b"Stamp: @400000006500000000000000\n" % key))
        out.write(ns(data) + ns(b""))
        out.write(ns(b"Content-Length: %d\nmd5hash: %s\n"
                     % (len(data), md5.encode())))
    out.write(ns(b""))


codecs.register_error("each byte", lambda e: ("\ufffd", e.start + 1))


def verdict(what, wrong):
    print("%s: %s" % (what, "all as they were" if not wrong else
                      "%d wrong, as %s" % (len(wrong), wrong[:2])))


def judge(what, want, records):
    """records: md5, what the parser made of the key (bytes), of keys_raw."""
    wrong, seen = [], set()
    for md5, key, raw in records:
        seen.add(md5)
        sent = want[md5][0] if md5 in want else b""
        shown = sent.decode("utf-8", "each byte")
        needs_raw = shown.encode() != sent
        if key != shown.encode() or raw != (name(sent) if needs_raw else None):
            wrong.append((md5, sent, key, raw))
    wrong += sorted(set(want) - seen)
    verdict(what, wrong)


def python(lines):
    for o in lines:
        raw = o.get("keys_raw")
        assert len(o["keys"]) == 1 and (raw is None or len(raw) == 1)
        yield o["md5"], o["keys"][0].encode(), raw and raw[0].encode()


def jq(query, path):
    out = subprocess.run(
        ["jq", "-r", query + " | [.md5, (.keys[0] | @base64), "
         "(.keys_raw // [] | .[0] // \"-\")] | join(\" \")", path],
        stdout=subprocess.PIPE, check=True).stdout
    for line in out.split(b"\n")[:-1]:
        md5, key, raw = line.split(b" ")
        yield (md5.decode(), base64.b64decode(key),
               raw if raw != b"-" else None)


def check(n, seed):
    want = keys(n, seed)
    with open("status.json", "rb") as f:
        status = json.loads(f.read().decode())
    delta = status["delta"]
    with open("index.json", "rb") as f:
        index = f.read()
    with open(delta, "rb") as f:
        lines = f.read()[:status["delta_bytes"]]
    judge("index.json, python", want, python(json.loads(index)["chunks"]))
    judge("index.json, jq", want, jq(".chunks[]", "index.json"))
    judge("delta, python", want,
          python(json.loads(line) for line in lines.split(b"\n")[:-1]))
    judge("delta, jq", want, jq(".", delta))
    judge("index.json, a line each", want,
          python(json.loads(line.rstrip(b",")) for line in
                 index.split(b"\n")[1:-2]))
    print("control characters: %d"
          % len(re.findall(b"[\\x00-\\x09\\x0b-\\x1f\\x7f]", index + lines)))


def log():
    lines = sys.stdin.buffer.read().split(b"\n")
    bad = [line for line in lines[:-1] if not re.fullmatch(b"[ -~]+", line)]
    print("lines not printable: %d" % len(bad), *bad[:2])
    print("cut off: %r" % lines[-1])


def main():
    if sys.argv[1] == "log":
        log()
    else:
        {"make": make, "check": check}[sys.argv[1]](
            int(sys.argv[2]), int(sys.argv[3]))


main()
