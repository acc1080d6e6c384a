"""Runs points of scenes in several processes, each with a world of its own."""
import argparse
import json
import os
import shutil
import sys
import tempfile
import time
import traceback

import scenes
import world


def arguments(about):
    p = argparse.ArgumentParser(description=about)
    p.add_argument("--jobs", type=int, default=2)
    p.add_argument("--every", type=int, default=1, metavar="N",
                   help="only each Nth point")
    p.add_argument("--scene", action="append", help="only this one")
    return p


def wanted(a, kinds):
    return [k for k in kinds
            if not a.scene or k.__name__.lower() in a.scene]


def make_world(top, kind=world.World):
    os.makedirs(os.path.join(top, "data"))
    for name, data in scenes.DATA.items():
        with open(os.path.join(top, "data", name), "wb") as f:
            f.write(data)
    return kind(top, os.path.dirname(shutil.which("dfserve")))


def points(scene, changing=False):
    """Of three runs, which may differ a little; changing: only calls that may
    matter to what is stored."""
    found = {}
    for _ in range(3):
        found.update(scene.record())
    return sorted(p for p, changes in found.items() if changes or not changing)


class Pool:
    """Its directory is removed at the end."""

    def __init__(self, jobs):
        self.jobs = jobs
        self.top = tempfile.mkdtemp(prefix="dataflow-crash.", dir="/dev/shm")

    def each(self, work):
        """work(directory, job) in each process; what they return, as JSON."""
        pids, out = [], []
        name = "%f" % time.monotonic()
        for job in range(self.jobs):
            pids.append(os.fork())
            if not pids[-1]:
                self.child(work, os.path.join(self.top, name, str(job)), job)
        codes = [os.waitstatus_to_exitcode(os.waitpid(p, 0)[1]) for p in pids]
        if any(codes):
            self.end()
            sys.exit(111)
        for job in range(self.jobs):
            with open(os.path.join(self.top, name, str(job), "out")) as f:
                out.append(json.load(f))
        shutil.rmtree(os.path.join(self.top, name))
        return out

    def share(self, work, todo):
        """work(directory, x) for each x of todo, 255 at most, by whichever
        process is free; what they return, as JSON, in the order of todo."""
        r, w = os.pipe()
        os.write(w, bytes(range(len(todo))))
        os.close(w)

        def some(top, _):
            out = []
            while n := os.read(r, 1):
                out.append((n[0], work(os.path.join(top, str(n[0])),
                                       todo[n[0]])))
            return out
        return [x for _, x in sorted(sum(self.each(some), []))]

    @staticmethod
    def child(work, top, job):
        try:
            os.makedirs(top)
            out = work(os.path.join(top, "world"), job)
            with open(os.path.join(top, "out"), "w") as f:
                json.dump(out, f)
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(111)

    def end(self):
        if os.environ.get("KEEP"):
            print("kept:", self.top)
        else:
            shutil.rmtree(self.top)


class Table:
    """A line for each scene, and a last one."""

    def __init__(self, *columns):
        self.columns, self.total = columns, [0] * len(columns)
        self.line("", columns)

    @staticmethod
    def line(name, values):
        print("%-14s" % name + "".join("%12s" % v for v in values), flush=True)

    def add(self, name, values):
        self.total = [a + b for a, b in zip(self.total, values)]
        self.line(name, values)

    def end(self):
        """The exit status: a violation is in the last column, points in the
        first."""
        self.line("in all", self.total)
        return 1 if self.total[-1] or not self.total[0] else 0
