#!/usr/bin/env python3
"""Many at once in one store: uploads of the same and of other keys and data,
publishers, expiry, and a reader of every version of what is published; each
program under strace, which delays a call or two of it, so that what may come
between two steps does. Then the store must be in order, with all that was
acknowledged."""
import argparse
import hashlib
import json
import os
import random
import subprocess
import sys
import time

import checkstore
import formats

CALLS = ("rename", "renameat2", "link", "linkat", "unlink", "unlinkat", "fsync",
         "openat", "open", "flock", "mkdir", "pwrite64", "ftruncate",
         "symlink", "symlinkat", "getdents64", "newfstatat")
AT_ONCE = 8


def ns(data):
    return b"%d:%s," % (len(data), data)


def label(nanoseconds):
    return "@%016x%08x" % (formats.EPOCH + nanoseconds // 10**9,
                           nanoseconds % 10**9)


def stream(r, chunks):
    out = ns(b"DF1") + ns(b"%032x" % r.getrandbits(128)) + ns(b"")
    for key, data, life, stamp in chunks:
        header = "Key: %s\nHost: 10.0.0.1\nStamp: %s\n" % (key, stamp)
        if life is not None:
            header += "Cache-Time: %d\n" % life
        trailer = "Content-Length: %d\nmd5hash: %s\n" % (
            len(data), hashlib.md5(data).hexdigest())
        out += ns(header.encode()) + (ns(data) if data else b"") + ns(b"")
        out += ns(trailer.encode())
    return out + ns(b"")


class Races:
    def __init__(self, top, seed):
        self.top, self.random = top, random.Random(seed)
        self.store = top + "/store"
        os.mkdir(self.store)
        self.log = open(top + "/log", "ab")
        self.running = {}
        self.acknowledged = {}  # md5: length, of those without an end
        self.newest = {}        # key: (stamp, md5), of what was acknowledged
        self.wrong, self.seen = [], set()
        self.count = {"uploads": 0, "acknowledged": 0, "others": 0,
                      "versions": 0}

    def start(self, argv, job=None, data=None):
        r = self.random
        words = ["strace", "-qq", "-f", "-o", "/dev/null"]
        for call in r.sample(CALLS, 2):
            words += ["-e", "inject=%s:delay_enter=%d:when=%d%s" % (
                call, r.choice((2000, 20000, 100000)), r.randint(1, 20),
                r.choice(("", "", "+9")))]
        words[5:5] = ["-e", "trace=" + ",".join(
            w.split(":")[0][7:] for w in words if w.startswith("inject="))]
        with open(self.top + "/in", "wb") as f:
            f.write(data or b"")
        with open(self.top + "/in", "rb") as f:
            p = subprocess.Popen(
                words + argv, cwd=self.store, stdin=f, stdout=self.log,
                stderr=self.log, env={"PATH": os.environ["PATH"]})
        os.unlink(self.top + "/in")
        self.running[p] = job

    def upload(self):
        r = self.random
        chunks = []
        for _ in range(r.choice((1, 1, 3))):
            data = b"data %d" % r.randrange(12)
            life = r.choice((None, None, 0, 2))
            if life is not None:
                data += b" of an end"
            at = time.time_ns() - r.randrange(3 * 10**9) * (life is None)
            chunks.append(("key%d" % r.randrange(6), data, life, label(at)))
        self.count["uploads"] += 1
        self.start(["dfserve", "-s", "1M"], chunks, stream(r, chunks))

    def ended(self, code, chunks):
        if code:
            self.wrong.append("dfserve: exit %d" % code)
            return
        self.count["acknowledged"] += 1
        for key, data, life, stamp in chunks:
            md5 = hashlib.md5(data).hexdigest()
            if life is None:
                self.acknowledged[md5] = len(data)
            self.newest[key] = max(self.newest.get(key, ("", "")),
                                   (stamp, md5, life is None))

    def reap(self):
        for p in [p for p in self.running if p.poll() is not None]:
            chunks = self.running.pop(p)
            if chunks:
                self.ended(p.returncode, chunks)
            elif p.returncode:
                self.wrong.append("%s: exit %d" % (p.args[-1], p.returncode))

    # --- the reader

    def read(self, name):
        """The file's text, where it is a version not seen yet."""
        try:
            with open(self.store + "/" + name, "rb") as f:
                st = os.fstat(f.fileno())
                version = name, st.st_ino, st.st_mtime_ns
                text = f.read().decode()
        except FileNotFoundError:
            return None
        if version in self.seen:
            return None
        self.seen.add(version)
        self.count["versions"] += 1
        return text

    def look(self):
        try:
            index, status = self.read("index.json"), self.read("status.json")
            if index is not None:
                self.index(json.loads(index))
            if status is not None:
                self.status(json.loads(status))
        except (ValueError, KeyError) as e:
            self.wrong.append("a reader: %r" % e)

    def index(self, index):
        """It names what is there: what goes leaves the index a while before."""
        md5s = [r["md5"] for r in index["chunks"]]
        if len(md5s) != len(set(md5s)):
            self.wrong.append("a chunk twice in the index")
        for r in index["chunks"]:
            with open(self.store + "/" + r["path"], "rb") as f:
                if hashlib.md5(f.read()).hexdigest() != r["md5"]:
                    self.wrong.append("wrong bytes of " + r["md5"])

    def status(self, status):
        with open(self.store + "/" + status["delta"], "rb") as f:
            text = f.read(status["delta_bytes"])
        if len(text) != status["delta_bytes"]:
            self.wrong.append("the delta is shorter than status.json says")
        for line in text.decode().split("\n")[:-1]:
            json.loads(line)

    # --- all of it

    def run(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.reap()
            while len(self.running) < AT_ONCE:
                if self.random.random() < 0.7:
                    self.upload()
                else:
                    self.count["others"] += 1
                    self.start(self.random.choice((
                        ["dfpublish"], ["dfexpire", "-1", "-w", "1"],
                        ["dfpublish", "-r"])))
            self.look()
            time.sleep(0.002)
        while self.running:
            self.reap()
            self.look()
            time.sleep(0.01)
        self.check()

    def check(self):
        subprocess.run(["dfpublish"], cwd=self.store, check=True,
                       stdin=subprocess.DEVNULL, stderr=self.log)
        self.wrong += checkstore.check(
            self.store, True,
            ["%s %d" % x for x in self.acknowledged.items()], gone=True)
        for key, (_, md5, stays) in self.newest.items():
            path = "%s/key/%s" % (self.store, key)
            to = os.readlink(path)[-32:] if os.path.islink(path) else None
            if stays and to != md5:
                self.wrong.append("key %s is of %s, not %s" % (key, to, md5))


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--seconds", type=float, default=60)
    a = p.parse_args()
    top = os.path.abspath("races")
    os.mkdir(top)
    r = Races(top, a.seed)
    r.run(a.seconds)
    print("seed %d: %s; %d wrong" % (a.seed, ", ".join(
        "%d %s" % (n, k) for k, n in r.count.items()), len(r.wrong)))
    for w in r.wrong[:40]:
        print("wrong:", w)
    sys.exit(1 if r.wrong or not r.count["acknowledged"] or
             not r.count["versions"] else 0)


if __name__ == "__main__":
    main()
