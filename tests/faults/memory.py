#!/usr/bin/env python3
"""The Nth allocation of a program fails, once and from then on, for N from 1 on
until a run no longer comes to it; then all that runs.judge looks at. A run
may succeed all the same. A program that is ended by a signal has failed.

    memory.py [-m POINTS] MEMORY.SO SCENE...

-m   at most so many values of N for each scene, evenly spread"""
import argparse
import os
import sys

import rig
import runs


class Counted:
    """A scene's run with the shim."""

    def __init__(self, w, shim, scene):
        self.w, self.scene = w, scene
        self.file = os.path.join(w.dir, "count")
        self.env = {"LD_PRELOAD": shim, "FAULTS_COUNT": self.file,
                    "FAULTS_PROGRAM": scene.program}

    def run(self, when):
        rig.put(self.file, bytes(8))
        return self.scene.run(self.w, (), dict(self.env, FAULTS_WHEN=when))

    def count(self):
        with open(self.file, "rb") as f:
            return int.from_bytes(f.read(), sys.byteorder)

    def all(self):
        """How many allocations there are where none fails."""
        self.scene.prepare(self.w)
        code, acknowledged = self.run("0")
        assert code == 0 or 0 not in self.scene.codes, code
        return self.count()


def failing(w, shim, name, most):
    """Number of runs, and of those that were wrong."""
    scene = runs.SCENES[name]()
    c = Counted(w, shim, scene)
    n = c.all()
    step = max(1, n // most) if most else 1
    tried = bad = refused = 0
    for when in range(1, n + 1, step):
        for ever in ("", "+"):
            scene.prepare(w)
            code, _, wrong = runs.judge(
                scene, w, lambda: c.run("%d%s" % (when, ever)))
            if code is not None and c.count() < when:
                wrong.append("it was not reached")
            tried += 1
            bad += bool(wrong)
            refused += bool(code)
            for x in wrong:
                print("wrong: %s, allocation %d%s: %s" % (name, when, ever, x))
    print("%s: %d allocations, %d runs, %d of them failed, %d wrong"
          % (name, n, tried, refused, bad), flush=True)
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
            bad += failing(w, os.path.abspath(o.shim), name, o.m)
    finally:
        w.end()
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
