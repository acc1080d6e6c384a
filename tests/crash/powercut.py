#!/usr/bin/env python3
"""The power goes at each call of a program that may matter: the store is on a
journalled ext4 image, which is shut down when the program has been killed, its
journal flushed or not; mounted again, recovered, checked against what was
acknowledged. Needs root."""
import ctypes
import fcntl
import os
import struct
import select
import subprocess
import sys
import time

import jobs
import recovery
import scenes
import world

EXT4_IOC_SHUTDOWN = 0x8004587D
FLAGS = {"journal flushed": 1, "not flushed": 2}
CLONE_NEWNS = 0x20000


def command(*words):
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)


def unmount(directory):
    """Whoever was killed may take a while to be gone."""
    end = time.monotonic() + 30
    while True:
        try:
            command("umount", directory)
            return
        except subprocess.CalledProcessError:
            if time.monotonic() > end:
                raise
            select.select([], [], [], 0.05)


class Disk(world.World):
    """h1 is a file system of its own."""
    options = ["-s", "1M"]

    def __init__(self, top, bin_dir):
        self.mounted, self.cut = False, False
        self.image = os.path.join(top, "image")
        with open(self.image + ".empty", "wb") as f:
            f.truncate(24 << 20)
        command("mke2fs", "-q", "-F", "-t", "ext4", "-J", "size=4",
                self.image + ".empty")
        os.mkdir(os.path.join(top, "h1"))
        super().__init__(top, bin_dir)

    def mount(self):
        command("mount", "-o", "loop", self.image, self.dir("h1"))
        self.mounted = True

    def unmount(self):
        if self.mounted:
            unmount(self.dir("h1"))
            self.mounted = False

    def insert(self, image):
        self.unmount()
        command("cp", "--sparse=always", image, self.image)
        self.mount()

    def clear(self, hosts=(2, 3, 4)):
        super().clear(hosts)
        self.insert(self.image + ".empty")
        os.rmdir(self.dir("h1/lost+found"))
        os.chmod(self.dir("h1"), 0o755)

    def save(self, name, hosts=(2, 3, 4)):
        super().save(name, hosts)
        self.unmount()
        command("cp", "--sparse=always", self.image, self.dir(name, "image"))
        self.mount()

    def load(self, name, hosts=(2, 3, 4)):
        super().load(name, hosts)
        self.insert(self.dir(name, "image"))

    def power_off(self, flag):
        fd = os.open(self.dir("h1"), os.O_RDONLY | os.O_DIRECTORY)
        fcntl.ioctl(fd, EXT4_IOC_SHUTDOWN, struct.pack("I", flag))
        os.close(fd)
        self.kill()
        self.cut = True

    def unwrap(self):
        if self.cut:
            self.close_trace()
            self.unmount()
            self.mount()
            self.cut = False
        super().unwrap()


def one(scene, point, how, flag):
    """What is wrong, or None where the point was not reached."""
    w = scene.w
    w.on_kill = lambda: w.power_off(flag)
    try:
        lines = scene.strike(*point)
        w.on_kill = None
        return None if lines is None else recovery.recover(scene, lines, how)
    except world.Hangs as e:
        return [str(e)]


def strike(top, kind, points, job, a):
    """[cuts, points not reached, violations]"""
    w = jobs.make_world(top, Disk)
    scene = kind(w)
    cuts = missed = bad = 0
    for i in range(job * a.every, len(points), a.jobs * a.every):
        for j, (name, flag) in enumerate(FLAGS.items()):
            how = recovery.FIRST[(i // a.every // a.jobs + j) % 4]
            wrong = one(scene, points[i], how, flag)
            if wrong is None:
                missed += 1
                continue
            cuts += 1
            bad += bool(wrong)
            for x in wrong:
                print("wrong: %s, %s %d, %s, then %s: %s" % (
                    scene.name, *points[i], name, how, x), flush=True)
    w.unmount()
    return cuts, missed, bad


def record(top, kind):
    w = jobs.make_world(top, Disk)
    points = jobs.points(kind(w), changing=True)
    w.unmount()
    return points


def main():
    a = jobs.arguments(__doc__).parse_args()
    if os.getuid():
        sys.exit("powercut.py: this needs root")
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNS):
        sys.exit("powercut.py: no mounts of our own")
    command("mount", "--make-rprivate", "/")
    pool = jobs.Pool(a.jobs)
    table = jobs.Table("points", "cuts", "not reached", "wrong")
    for kind in jobs.wanted(a, scenes.ALL):
        points = max(pool.each(lambda top, job: record(top, kind)), key=len)
        out = pool.each(lambda top, job: strike(top, kind, points, job, a))
        table.add(kind.__name__, [len(points[::a.every])] +
                  [sum(x) for x in zip(*out)])
    pool.end()
    sys.exit(table.end())


if __name__ == "__main__":
    main()
