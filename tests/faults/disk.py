#!/usr/bin/env python3
"""A store on a tmpfs that has so much room left and no more, or so many inodes:
dfserve takes all, or resets with 111 and leaves nothing behind; the same push
works once there is room, and then all is published. Run as root, in a mount
namespace of its own (unshare -m).

    disk.py STEP CASE...

STEP   pages from one size to the next where it matters; sixteen times that
       elsewhere
CASE   one        a chunk of 1 MiB of a length that nobody announced
       announced  one whose header has it
       many       sixty chunks with keys
       inodes     many again: not the room but the inodes are counted
       publish    a small chunk; there is room for it, at first not for what
                  dfpublish writes
       reserve    one, with the default of -s, on disks around 64 MiB
       NAME       a scene of owners.py; NAME.inodes: these are counted

Exit status 1: something is wrong."""
import os
import subprocess
import sys

import rig
import runs

PAGE = 4096
ROOM = "128m"
WELL = "size=%s,nr_inodes=100000" % ROOM
MIB = 1 << 20
MD5 = "d6ec8d1bbeba09ed9e2d8ea2a1e18b5b"
PRIVATE = ("tmp", "stream", "id", "commit", "corrupt", "publish")


def mount(what, path):
    subprocess.run(["mount", "-t", "tmpfs", "-o", what, "tmpfs", path],
                   check=True)


def remount(what, path):
    subprocess.run(["mount", "-o", "remount," + what, path], check=True)


def files(top):
    """What a refused stream must leave as it was: data, and what dfserve keeps
    below .df, but for logs and locks."""
    found = []
    for where in ["md5", "head", "key", *[".df/" + p for p in PRIVATE]]:
        for path, dirs, names in os.walk(os.path.join(top, where)):
            found += [os.path.relpath(os.path.join(path, n), top)
                      for n in names]
    return sorted(found)


def used(top):
    s = os.statvfs(top)
    return s.f_blocks - s.f_bfree, s.f_files - s.f_ffree


def leave(what, units, path):
    """So many pages or inodes are free, and no more."""
    pages, inodes = used(path)
    if what == "size":
        remount("size=%d" % ((pages + units) * PAGE), path)
    else:
        remount("nr_inodes=%d" % (inodes + units), path)


class Case:
    needs = True  # room
    options = ("-s", "0")
    unit = "size"

    def __init__(self, w, name):
        self.w, self.name, self.top = w, name, w.a.dir
        self.counts = {}
        words = "begin " + {
            "announced": 'fill:%d "+Content-Length: %d" "+Key: k"' % (MIB, MIB),
            "publish": 'fill:100 "+Key: k"'}.get(name,
                                                 'fill:%d "+Key: k"' % MIB)
        if name in ("many", "inodes"):
            words = "begin" + "".join(
                ' "chunk:n%d" "+Key: key%d"' % (i, i) for i in range(60))
        if name == "inodes":
            self.unit = "nr_inodes"
        if name == "reserve":
            self.options = ()
        self.data = w.stream(words + " end")
        self.one = name in ("one", "announced", "reserve")
        w.fake()
        self.base = self.before()

    def before(self):
        """A store with a chunk, and a line about one that was refused."""
        base = os.path.join(self.w.dir, "disk." + self.name)
        rig.empty(self.top)
        hello = self.w.stream("begin id:%s chunk:hello end" % ("1" * 32))
        assert self.w.serve(hello) == (0, True)
        assert self.w.serve(self.w.stream("begin fill:9 end"), (),
                            ("-s", "0", "-m", "1")) == (100, False)
        self.w.a.settle()
        rig.copy(self.top, base)
        return base

    def run(self, units):
        """With so many pages or inodes left. What is wrong; code."""
        mount("size=%s,mode=755" % ROOM, self.top)
        try:
            rig.copy(self.base, self.top)
            pages = used(self.top)[0]
            leave(self.unit, units, self.top)
            was = files(self.top)
            code, acknowledged = self.w.serve(self.data, (), self.options)
            self.w.a.settle()
            wrong = self.look(code, acknowledged, was, pages)
            remount(WELL, self.top)
            return wrong + self.again(acknowledged), code
        finally:
            self.w.a.settle()
            subprocess.run(["umount", self.top], check=True)

    def look(self, code, acknowledged, was, pages):
        wrong = self.w.check(self.w.a)
        if (code, acknowledged) == (0, True):
            self.counts["taken"] = self.counts.get("taken", 0) + 1
            return wrong
        if (code, acknowledged) != (111, False):
            wrong.append("exit %d, acknowledged: %s" % (code, acknowledged))
        now = files(self.top)
        new = [f for f in now if f not in was]
        if self.one:
            wrong += ["is left: " + f for f in new]
            if used(self.top)[0] > pages + 2:  # the logs have grown
                wrong.append("%d pages are left" % (used(self.top)[0] - pages))
        else:
            wrong += ["is left: " + f for f in new if f.startswith(
                (".df/tmp/", ".df/stream/", ".df/id/"))]
            wrong += self.placed()
        self.counts["refused"] = self.counts.get("refused", 0) + 1
        return wrong

    def placed(self):
        """Data that no commit and no header names."""
        s = rig.checkstore.Store(self.top)
        s.check()
        named = set(s.heads) | {k.md5 for c in s.commits.values()
                                for k in c.chunks if k.taken}
        return ["is left: md5 " + m for m in s.data if m not in named]

    def again(self, acknowledged):
        if acknowledged:
            wrong = rig.expect(self.w.run(["dfpublish"]), 0)
        else:
            wrong = rig.expect(self.w.serve(self.data), (0, True))
            self.w.a.settle()
        return wrong + self.w.check(self.w.a, recovered=True)

    def sizes(self, step):
        if self.name == "inodes":
            return range(0, 330, step)
        if self.name == "publish":
            return range(0, 32, 1)
        if self.name == "reserve":
            return range(64 * 256 - 64, 66 * 256 + 128, 32 * step)
        if self.name == "many":
            return range(0, 260, step)
        return sorted({*range(0, 256, 16 * step), *range(236, 296, step)})


class Scene:
    """A program of the owner or of a reader, where it writes to."""

    def __init__(self, w, name):
        name, _, inodes = name.partition(".")
        self.w, self.scene, self.counts = w, runs.SCENES[name](), {}
        self.unit = "nr_inodes" if inodes else "size"
        self.needs = self.scene.where(w) != w.dir + "/cache"
        self.scene.prepare(w)

    def run(self, units):
        top = self.scene.where(self.w)
        mount("size=%s,mode=755" % ROOM, top)
        try:
            self.scene.prepare(self.w)
            leave(self.unit, units, top)
            code, acknowledged, wrong = runs.judge(
                self.scene, self.w, lambda: self.scene.run(self.w, ()),
                lambda: remount(WELL, top))
            what = "taken" if acknowledged else "refused"
            self.counts[what] = self.counts.get(what, 0) + 1
            return wrong, code
        finally:
            self.w.a.settle()
            subprocess.run(["umount", top], check=True)

    def sizes(self, step):
        return range(0, 12 if self.unit == "nr_inodes" else 64, step)


def main():
    step, names = int(sys.argv[1]), sys.argv[2:]
    w, bad = rig.World(), 0
    try:
        for name in names:
            is_scene = name.partition(".")[0] in runs.SCENES
            c = (Scene if is_scene else Case)(w, name)
            for units in c.sizes(step):
                wrong, _ = c.run(units)
                bad += bool(wrong)
                for x in wrong:
                    print("wrong: %s, %d: %s" % (name, units, x), flush=True)
            if not (c.counts.get("taken") and c.counts.get("refused")
                    or not c.needs and not c.counts.get("refused")):
                print("wrong: %s: %s" % (name, c.counts))
                bad += 1
            print("%s: %d %s, %s" % (
                name, len(c.sizes(step)), "sizes" if c.unit == "size"
                else "numbers of inodes", ", ".join(
                    "%d %s" % (n, k) for k, n in sorted(c.counts.items()))),
                flush=True)
    finally:
        w.end()
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
