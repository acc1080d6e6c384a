#!/usr/bin/env python3
"""limits.py TARGET DIR: writes inputs that stand at a limit of the formats, and
one beyond it. They are too large, and too easily made, to be kept."""
import hashlib
import os
import struct
import sys

ID = b"0123456789abcdef" * 2
STAMP = b"@400000006a1b2c3d00000001"
MD5 = b"5d41402abc4b2a76b9719d911017c592"
SHA = hashlib.sha256(b"hello").hexdigest().encode()
LEAST = b"Host: 10.0.0.1\nStamp: " + STAMP + b"\n"
TRAILER = b"Content-Length: 5\nmd5hash: " + MD5 + b"\n"
STORED = b"Content-Length: 5\nmd5hash: " + MD5 + b"\nStored: " + STAMP + b"\n"


def ns(*all_):
    return b"".join(b"%d:%s," % (len(b), b) for b in all_)


def fill(b, n):
    """A header of n bytes."""
    return b + b"X:" + b"x" * (n - len(b) - 3) + b"\n"


def headers():
    for kind in b"", STORED:
        for n in 16384, 16385:
            yield fill(kind + LEAST, n)
        for n in 256, 257:
            base = kind + LEAST
            yield base + b"X:\n" * (n - base.count(b"\n"))
        for n in 0, 1, 512, 513:
            yield kind + b"Key: " + b"k" * n + b"\n" + LEAST
        yield kind + b"Key: a\nkEY:\t b\n" + LEAST
        for line in (b"Host: h", b"Stamp: " + STAMP, b"Data: none",
                     b"Data: None", b"TTL: 1\nTTL: 2", b"TTL: " + b"9" * 18,
                     b"TTL: " + b"9" * 19, b"TTL:", b"TTL: -1",
                     b"Cache-Time:  \t 0", b"SHA-256: " + SHA, b"sha-256:",
                     b"md5hash: " + MD5.upper(), b"Backup-Host: h.1",
                     b"Backup-Host: ::ffff:1.2.3.4", b"Backup-Host: 1.2.3",
                     b"Backup-Host: a" + b"b" * 252, b"Backup-Host: fe80::1%a",
                     b"Backup-Host: a" + b"b" * 253, b"Backup-Host: h.",
                     b"Backup-Host: 01.2.3.4", b"Backup-Host: 1:2:3:4:5:6:7::",
                     b"Backup-Host: 1::2:3:4:5:6:7:8", b"Backup-Host: -h",
                     b"Backup-Host: 1:2:3:4:5:6:1.2.3.4", b"X: \x7f",
                     b"X: \x1f", b"X:\t\tx\t", b"X: \xff", b"X x: y", b": x",
                     b"X", b"X: \0", b"Host : h", b"Taken: x"):
            yield kind + LEAST + line + b"\n"
    yield LEAST[:-1]
    yield TRAILER
    yield TRAILER + b"SHA-256: " + SHA + b"\n"
    yield TRAILER + b"SHA-256:\n"
    yield TRAILER * 2
    yield TRAILER + b"X: y\n"
    yield b"md5hash: " + MD5 + b"\n"
    for n in 1024, 1025:
        yield b"Content-Length:" + b" " * (n - len(TRAILER)) + TRAILER[15:]


def entry(address=b"\4\n\0\0\1", branch=b"", port=17478):
    return address + struct.pack(">HI", port, len(branch)) + branch


def sets(*all_):
    return b"".join(struct.pack(">I", len(s)) + s for s in all_)


def named(b):
    return entry(bytes([0, len(b) & 255]) + b)


def nested(n):
    out = b""
    for _ in range(n + 1):
        out = sets(entry(branch=out))
    return out


def lists():
    yield b""
    for n in 16, 17:
        yield nested(n)
    for n in 256, 257:
        yield sets(*[entry()] * n)
        yield sets(entry(branch=sets(*[entry()] * n)))
    for n in 8192, 8193:
        yield sets(entry() * n)
    for n in 0, 1:     # 1008 names of 252 bytes and one that fills it up
        some = named(b"b" * 252) * 1008
        yield sets(some + named(b"c" * (262144 - 4 - len(some) - 8 + n)))
    for n in 0, 1, 253, 254:
        yield sets(named(b"a" * n))
    for b in (b"1.2.3", b"h.1", b"h.", b"-h", b"a..b", b"A.b", b"h_", b"h\0"):
        yield sets(named(b))
    yield sets(named(b"Ab") + named(b"aB"))
    for port in 0, 1, 65535:
        yield sets(entry(port=port))
    yield sets(entry(b"\6" + bytes(16)))
    yield sets(entry(b"\6" + bytes(10) + b"\xff\xff\1\2\3\4"))
    yield sets(entry(b"\5"))
    for cut in range(1, 12):
        yield sets(entry())[:-cut]
        yield sets(entry()[:-cut])
    yield sets(entry() + entry())[:4] + entry()
    yield sets(b"")


def indented(n, unit=b" "):
    return b"".join(unit * i + b"h:1\n" for i in range(n + 1))


def texts():
    yield b""
    yield b"#\n"
    for n in 16, 17:
        yield indented(n)
    for n in 256, 257:
        yield b"TARGET\n".join([b"h:1\n"] * n)
    for n in 8192, 8193:
        yield b"".join(b"1.2.%d.%d:1\n" % divmod(i, 256) for i in range(n))
    for n in 253, 254:
        yield b"a" * n + b":1"
    for b in (b"h:0", b"h:1", b"h:65535", b"h:65536", b"h:" + b"0" * 17 + b"1",
              b"h:" + b"0" * 18 + b"1", b"h:", b"h", b":1", b"::1:1", b"[::1:1",
              b"[::1]1", b"[::1]", b"[]:1", b"[1.2.3.4]:1", b"[::1.2.3.4]:1",
              b"[::]:1 \t\r", b"[1::2::3]:1", b"1.2.3.4:1", b"1.2.3.04:1",
              b"1.2.3:1", b"h:1 # x", b"h:1\nh:1", b"h:1\nH:1",
              b"h:1\nTARGET\nh:1", b"TARGET", b"h:1\nTARGET", b" h:1",
              b"h:1\nTARGET\nTARGET\nh:1", b"h:1\n h:1\n  i:1\n\tj:1",
              b"h:1\n  i:1\n j:1", b"h:1\n i:1\n TARGET\n j:1\nk:1",
              b"h:1\n i:1\n TARGET\nk:1", b"h:1\nTARGET\n i:1",
              b"h:1\n\n \t#\n i:1\n\n", b"h:1\n target:1", b"\0h:1", b"h\0:1",
              b"h:1\r\nTARGET\r\ni:1\r\n", b"[%eth]:1", b"[::1%1]:1",
              b"[1:2:3:4:5:6:7:8]:1", b"[1:2:3:4:5:6:7:8:9]:1", b"-h:1"):
        yield b


def chunk(data=b"hello", header=LEAST, trailer=None):
    if trailer is None:
        trailer = b"Content-Length: %d\nmd5hash: %s\n" % (
            len(data), hashlib.md5(data).hexdigest().encode())
    return ns(header) + (ns(data) if data else b"") + ns(b"", trailer)


BEGIN = ns(b"DF1", ID, b"")
ALONE = LEAST.replace(b"10.0.0.1", b"h") + b"Data: none\n"


def streams():
    yield b""
    yield BEGIN + ns(b"")
    yield BEGIN + chunk() + ns(b"")
    yield BEGIN + chunk() + chunk(b"") + chunk() + ns(b"")
    yield BEGIN + chunk(trailer=b"") + ns(b"")
    yield BEGIN + chunk() + ns(b"") + b"0"
    yield BEGIN + chunk() + ns(ALONE, b"", TRAILER, b"")
    yield BEGIN + chunk() + ns(ALONE, b"", b"", b"")
    yield BEGIN + ns(ALONE, b"", TRAILER, b"")
    yield BEGIN + chunk() + ns(ALONE, b"hello", b"", TRAILER, b"")
    yield BEGIN + chunk() + ns(ALONE + b"SHA-256: " + SHA + b"\n", b"",
                               TRAILER, b"")
    yield BEGIN + chunk() + ns(ALONE, b"", TRAILER.replace(b" 5\n", b" 6\n"),
                               b"")
    for add in (b"Content-Length: 5\n", b"Content-Length: 4\n",
                b"Content-Length: 6\n", b"Content-Length: 100001\n",
                b"md5hash: " + MD5 + b"\n", b"md5hash: " + ID + b"\n",
                b"SHA-256: " + SHA + b"\n", b"SHA-256: " + ID * 2 + b"\n",
                b"Key: " + b"k" * 255 + b"\n", b"Key: " + b"k" * 256 + b"\n",
                b"Key: " + b"/" * 85 + b"\n", b"Key: ." + b"/" * 84 + b"\n",
                b"Key: .." + b"/" * 84 + b"\n", b"X: y\n"):
        yield BEGIN + chunk(header=LEAST + add) + chunk(b"x") + ns(b"")
        yield BEGIN + chunk() + chunk(trailer=TRAILER + add) + ns(b"")
    for label in b"@" + b"f" * 24, b"@" + b"0" * 24:
        yield BEGIN + chunk(header=LEAST.replace(STAMP, label)) + ns(b"")
    for n in 16384, 16385:
        yield BEGIN + chunk(header=fill(LEAST, n)) + ns(b"")
    for n in 100000, 100001:
        yield BEGIN + chunk(b"a" * n) + ns(b"")
    yield BEGIN + ns(LEAST, b"hel", b"lo", b"", TRAILER, b"")
    for list_ in b"\0", sets(entry()), nested(16), nested(17):
        yield ns(b"DF1", ID, list_) + chunk() + ns(b"")
    for b in (b"3:DF2,", b"03:DF1,", b"4:", b"3DF1,", b":", b"3:DF1;", b"3:DF",
              ns(b"DF1", ID[1:]), ns(b"DF1", ID + b"0"), ns(b"DF1", ID.upper()),
              ns(b"DF1", ID) + b"262145:", ns(b"DF1", ID) + b"262144:",
              BEGIN + b"16385:", BEGIN + b"000", BEGIN + b"123456789",
              BEGIN + ns(LEAST) + b"16777216:", BEGIN + ns(LEAST) + b"16777217",
              BEGIN + ns(LEAST, b"") + b"1025:", BEGIN + ns(LEAST, b"x") + b"0",
              BEGIN + ns(LEAST) + b"1:xx", BEGIN + ns(LEAST) + b"0:;"):
        yield b
    whole = BEGIN + chunk() + ns(b"")
    for n in range(1, len(whole)):
        yield whole[:n]


def order_files():
    name = b"@400000006a1b2c3d00000001.4711"
    for line in (MD5, MD5.upper(), MD5 + b"0", b"commit " + name + b" 0",
                 b"commit " + name, b"committed " + name,
                 b"committed " + name + b" 4294967295",
                 b"commit " + name + b" 4294967296",
                 b"commit a " + b"0" * 18, b"commit a " + b"0" * 19,
                 b"spool " + b"a" * 79, b"spool " + b"a" * 80,
                 b"spool a/0", b"spool /a", b"spool a/../b", b"spool .a",
                 b"spool a/.b", b"spool a 0", b"spool ", b"done", b"lost",
                 b"end", b"End", b"", b"end ", b"spool a\0b",
                 b"x" * 127, b"x" * 128, b"x" * 129):
        yield line
        yield b"done\n" + line + b"\nend\n"
    yield (b"done\n" * 819 + MD5 + b"\n") * 3 + b"end\n"


def commit_file(chunks=1, targets=1, duty=b"T", state=b"N", flag=b"+", **k):
    body = ns(k.get("stream", STAMP + b".1"), k.get("id", ID),
              k.get("stored", STAMP), k.get("list", b""))
    for t in range(targets):
        body += ns(b"%d 10.0.0.%d:17478" % (t + k.get("entry", 0), t % 256))
    for _ in range(chunks):
        body += ns(k.get("md5", MD5), k.get("length", b"5"), k.get("sha", b""),
                   k.get("header", LEAST))
    line = b"DFC1 %s %08d %08d %012d\n" % (state, chunks, targets,
                                          38 + len(body))
    return line + body + flag * chunks + duty * (chunks * targets)


def commits():
    for n in 0, 1, 1024, 1025:
        yield commit_file(n, header=LEAST[:40])
        yield commit_file(n)
    for n in 0, 2, 8192, 8193:
        yield commit_file(1, n)
    for state in b"P", b"X":
        yield commit_file(state=state)
    for duty in b"TDBHXx\0":
        yield commit_file(2, 2, duty=bytes([duty]), sha=SHA)
    yield commit_file(flag=b"-", header=b"")
    for k in ({"id": b""}, {"id": ID + b"0"}, {"stored": b""}, {"md5": b""},
              {"length": b""}, {"length": b"9" * 18}, {"length": b"9" * 19},
              {"sha": ID}, {"header": b"x" * 262144}, {"header": b"x" * 262145},
              {"list": sets(entry())}, {"list": b"x"}, {"stream": b""},
              {"entry": 8191}, {"entry": 8192}):
        yield commit_file(**k)
    whole = commit_file()
    for n in range(0, len(whole), 7):
        yield whole[:n]
    yield whole + b"T"
    yield whole.replace(b"5d4140", b"XY4140")


def record(n, more=b'"content_length":5'):
    return b'{"md5":"%032x",%s}\n' % (n, more)


def deltas():
    gone = b'"gone":"expired","at":"2026-11-23T12:00:00Z"'
    yield b""
    yield record(1)
    yield record(1) + record(2) + record(1, gone) + record(3)
    yield b"".join(record(i % 70) for i in range(200))
    yield record(1, gone)
    yield record(1)[:-1]
    yield record(1) + b"\n"
    yield record(1, b'"a":{"md5":"x"},"b":["content_length",1],'
                    b'"content_length":999999999999999999')
    yield record(1, b'"content_length":1000000000000000000')
    yield record(1, b'"content_length":null')
    yield b'{"md5":"%s","content_length":5}\n' % ID.upper()
    yield b'{"a":{"md5":"%s","content_length":9},' % ID + record(1)[1:]
    yield b'{"keys":["\\"md5\\":\\"x\\\\"],' + record(1)[1:]
    yield (b'{"dataflow":1,"host":"h","epoch":"%s","delta_bytes":5,"chunks":[\n'
           b'%s,\n%s\n]}\n' % (STAMP, record(1)[:-1], record(2)[:-1]))
    yield (b'{"dataflow":1,"host":"h","chunks":1,"bytes":5,"epoch":"%s",'
           b'"delta_bytes":5,"pending":[]}\n' % STAMP)


def hosts():
    at = b'{"dataflow":1,"epoch":"%s","delta_bytes":%d'
    other = STAMP[:-1] + b"2"
    gone = b'"gone":"expired","at":"2026-11-23T12:00:00Z"'
    one, two = record(1)[:-1], record(2)[:-1]

    def host(delta, from_, *records, status=None, end=b"]}\n", epoch=STAMP):
        text = at % (epoch, from_) + b',"chunks":[\n' + b",\n".join(records)
        return b"\0".join([status or at % (STAMP, len(delta)) + b"}",
                           text + b"\n" * (len(records) > 0) + end, delta])

    yield b""
    yield b"\0\0"
    yield host(b"", 0)
    yield host(b"", 0, one, two)
    yield host(record(3) + record(1, gone), 0, one, two)
    yield host(record(3) + record(1, gone), len(record(3)), one, two)
    yield host(record(3), 1000, one)
    yield host(record(3)[:-1], 0, one)
    yield host(record(3), 1, one)
    yield host(b"\n", 0, one)
    yield host(b"", 0, one, one + b",")
    yield host(b"", 0, one, b"]}")
    yield host(b"", 0, b"")
    yield host(record(3), 5, one, epoch=other)
    yield host(record(3), 5, b"x", epoch=other, end=b"")
    for end in b"", b"]}", b"]}\n]}\n", b"]}\n\n", b"]}\nx", b"] }\n", b"},\n":
        yield host(b"", 0, one, end=end)
    for status in (at % (STAMP, 5), at % (b"../x", 0) + b"}", b"[]", b"1",
                   b'{"epoch":"%s"}' % STAMP,
                   b'{"epoch":"%s","delta_bytes":1.0}' % STAMP,
                   b'{"epoch":"%s","delta_bytes":true}' % STAMP,
                   b'{"delta_bytes":0,"epoch":"%s"} \n' % STAMP,
                   at % (STAMP, -1) + b"}", b'{"a":' * 3000):
        yield host(b"", 0, one, status=status)
    for line in (b"{}", b"[]", b"null", b"", b" ", one + b" ", one[:-1],
                 one + b"}", b'{"md5":"%s"}' % ID, b'{"md5":"%s"}' % ID.upper(),
                 b'{"md5":"%s"}' % ID[1:], b'{"md5":1}', b'{"md5":["%s"]}' % ID,
                 b'{"a":{"md5":"%s"}}' % ID, b'{"a":["gone"],"md5":"%s"}' % ID,
                 b'{"gone":"x"}', record(1, b'"gone":null')[:-1],
                 record(1, b'"gone":"x","md5":"%s"' % MD5)[:-1],
                 record(1, b'"a":"\xff\t"')[:-1], record(1, b'"a":NaN')[:-1],
                 record(1, b'"a":01')[:-1], record(1, b'"a":-0.5')[:-1],
                 record(1, b'"a":tru')[:-1], record(1, b'"a":[1,]')[:-1],
                 record(1, b'"a":' + b"[" * 60 + b"]" * 60)[:-1],
                 record(1, b'"a":' + b"[" * 90 + b"]" * 90)[:-1],
                 b'{"md5":"%s","a":"%s"}' % (ID, b"x" * (262144 - 49)),
                 b'{"md5":"%s","a":"%s"}' % (ID, b"x" * (262144 - 48)),
                 b'{"md5":"%s","a":"%s"}' % (ID, b"x" * 262144)):
        yield host(b"", 0, two, line)
        yield host(line + b"\n", 0, two)


def strings():
    for b in (b"", b"md5", b'"', b"\\", b"\0\x1f\x7f\x80\xff", b"\xc0\x80",
              b"\xc2\x80\xdf\xbf", b"\xe0\x9f\xbf\xe0\xa0\x80", b"\xed\xa0\x80",
              b"\xed\x9f\xbf\xee\x80\x80", b"\xf0\x8f\xbf\xbf\xf0\x90\x80\x80",
              b"\xf4\x8f\xbf\xbf\xf4\x90\x80\x80\xf5", b"\xe2\x82", b"\xf0\x90",
              b"\xc2", b"</script>", b'{"md5":"x"}', b'{"a":1,"md5":"\\""}',
              b'{"a":{"md5":1},"epoch":true}', b'{"bytes":[1,2],"a":null}',
              b'{"a":"\\\\","":"}"}', b'{"md5":"', b'{"md5":', b"}", b"]",
              b'{"x":"\\"md5\\":1","bytes":12}', b'{"md5":"x\\', b"[" * 4000):
        yield b


ALL = {"header": headers, "list": lists, "listtext": texts, "stream": streams,
       "receive": streams, "orders": order_files, "commit": commits,
       "index": deltas, "json": strings, "published": hosts}


def main():
    target, to = sys.argv[1:]
    os.makedirs(to, exist_ok=True)
    for i, b in enumerate(ALL[target]()):
        with open(os.path.join(to, "limit-%03d" % i), "wb") as f:
            f.write(b)


if __name__ == "__main__":
    main()
