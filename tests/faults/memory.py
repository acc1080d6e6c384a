#!/usr/bin/env python3
"""The Nth allocation of a program fails, once and from then on, for N from 1 on
as far as any run without a fault comes; then all that runs.judge looks at. A run
may succeed all the same. A program that is ended by a signal has failed.

    memory.py [-m POINTS] MEMORY.SO SCENE...

-m   at most so many values of N for each scene, evenly spread

Where libcurl is linked all allocations are those of the program and of libc, and
some are of all others."""
import argparse
import os
import sys

import rig
import runs

COUNTING = 2  # runs that are counted
LINKED = 60   # of the thousands that libcurl's libraries make
TRIES = 5     # runs until one comes to an allocation that not all have


class Counted:
    """A scene's run with the shim."""

    def __init__(self, w, shim, scene, own):
        self.w, self.scene = w, scene
        self.file = os.path.join(w.dir, "count")
        self.env = {"LD_PRELOAD": shim, "FAULTS_COUNT": self.file,
                    "FAULTS_PROGRAM": scene.program}
        if own:
            self.env["FAULTS_OWN"] = "1"

    def run(self, when):
        rig.put(self.file, bytes(8))
        return self.scene.run(self.w, (), dict(self.env, FAULTS_WHEN=when))

    def count(self):
        with open(self.file, "rb") as f:
            return int.from_bytes(f.read(), sys.byteorder)

    def all(self):
        """How many allocations there are where none fails: it may depend on how
        the data come in. The least and the most of some runs."""
        counts = []
        for _ in range(COUNTING):
            self.scene.prepare(self.w)
            code, acknowledged = self.run("0")
            assert code == 0 or 0 not in self.scene.codes, code
            counts.append(self.count())
        return min(counts), max(counts)

    def failing(self, when, ever):
        """A run in which it fails: whether the program failed, what is wrong.
        None: there is no run that comes to it."""
        for _ in range(TRIES):
            self.scene.prepare(self.w)
            code, acknowledged, wrong = runs.judge(
                self.scene, self.w, lambda: self.run("%d%s" % (when, ever)))
            if wrong or code is None or self.count() >= when:
                return not acknowledged, wrong
        return None


def failing(w, shim, name, most, own):
    """How many runs were wrong."""
    c = Counted(w, shim, runs.SCENES[name](), own)
    least, n = c.all()
    step = max(1, n // most) if most else 1
    tried = bad = refused = 0
    for when in range(1, n + 1, step):
        for ever in ("", "+"):
            result = c.failing(when, ever)
            if not result and when > least:
                continue
            failed, wrong = result or (False, ["it was not reached"])
            tried += 1
            bad += bool(wrong)
            refused += failed
            for x in wrong:
                print("wrong: %s, allocation %d%s: %s" % (name, when, ever, x))
    print("%s: %d allocations%s, %d runs, %d of them failed, %d wrong"
          % (name, n, " of its own" if own else "", tried, refused, bad),
          flush=True)
    return bad


def main():
    a = argparse.ArgumentParser()
    a.add_argument("-m", type=int, default=0)
    a.add_argument("shim")
    a.add_argument("scene", nargs="*", default=list(runs.SCENES))
    o = a.parse_args()
    w, bad = rig.World(), 0
    try:
        for name in o.scene or runs.SCENES:
            shim, linked = os.path.abspath(o.shim), runs.SCENES[name].linked
            bad += failing(w, shim, name, o.m, linked)
            if linked and not o.m:
                bad += failing(w, shim, name, LINKED, False)
    finally:
        w.end()
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
