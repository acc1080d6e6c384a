"""Puts N chunks of a few bytes into the store that is the current directory, in
the format of dataflow(5) and as if they had been published: dfpublish -r makes
the rest.
  fillstore.py N [KEYS]    the first KEYS of them have a key
The first key is full of markup. Chunk i was stored i seconds after the start of
2026; every third one has a life of a day, of every fifth a copy is at another
host.
"""
import hashlib
import os
import sys

MARKUP = "<script>alert(1)</script>\"><img src=x onerror=alert(2)>&amp;'"
PLAIN = set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
            b"-_.,+@~")
FIRST = 1767225600
LABEL = (1 << 62) + 10


def key_name(key):
    return "".join(chr(c) if c in PLAIN and not (i == 0 and c == 46)
                   else "=%02X" % c for i, c in enumerate(key.encode()))


def label(i):
    return "@%016x00000000" % (LABEL + FIRST + i)


def put(path, text, mode=0o644):
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    os.write(fd, text)
    os.close(fd)


def main():
    n, keys = int(sys.argv[1]), int((sys.argv[2:] or [0])[0])
    os.umask(0o022)
    for top in "md5", "head":
        for i in range(256):
            os.makedirs("%s/%02x" % (top, i), exist_ok=True)
    for top in "key", "head/key":
        os.makedirs(top, exist_ok=True)
    for i in range(n):
        data = b"%d\n" % i
        md5 = hashlib.md5(data).hexdigest()
        where = "%s/%s" % (md5[:2], md5)
        head = ("Host: 10.0.0.1\nContent-Length: %d\nmd5hash: %s\nStamp: %s\n"
                % (len(data), md5, label(i)))
        if i % 3 == 0:
            head += "Cache-Time: 86400\n"
        if i % 5 == 0:
            head += "Backup-Host: 10.0.0.2\nBackup-Host: 2001:db8::2\n"
        stored = "Stored: %s\n" % label(i)
        if i < keys:
            key = "backups/2026/%06d" % i if i else MARKUP
            head = "Key: %s\n" % key + head
            os.symlink("../md5/" + where, "key/" + key_name(key))
            put("head/key/" + key_name(key), (head + stored).encode())
        put("md5/" + where, data, 0o444)
        put("head/" + where, (head + stored).encode())


main()
