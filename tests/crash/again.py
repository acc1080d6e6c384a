#!/usr/bin/env python3
"""A crash during the recovery from a crash: for a sample of crashes of each
scene the program that recovers is killed at each call that may matter, with
all that its host runs; then another recovers, and everything is delivered."""
import sys

import jobs
import recovery
import scenes
import world

HOW = ["dfpublish", "dfretry", "again"]


class Twice(scenes.Scene):
    """Its base is what a crash has left; what recovers is struck."""

    def __init__(self, scene, lines, how):
        for name in "w", "list", "dead", "branch", "keeps", "rotten":
            setattr(self, name, getattr(scene, name))
        self.name, self.lines_before, self.how = "twice", lines, how
        self.program = "dfserve" if how == "again" else how
        self.w.save("base.twice")

    def go(self):
        if self.how == "again":
            return self.push()
        self.w.spawn([self.how] + ["-1"] * (self.how == "dfretry"), "h1")

    def acknowledged(self, pid):
        if pid and self.w.codes[pid] == 0:
            return sorted(set(self.lines_before + self.lines("a", "b")))
        return self.lines_before


def crash(scene, point):
    """The lines that were acknowledged, or None."""
    scene.w.on_kill = scene.w.kill
    lines = scene.strike(*point)
    scene.w.on_kill = None
    return lines


def one(twice, point, how):
    twice.w.on_kill = twice.w.kill
    try:
        lines = twice.strike(*point)
        twice.w.on_kill = None
        return None if lines is None else recovery.recover(twice, lines, how)
    except world.Hangs as e:
        return [str(e)]


def strike(top, kind, points, job, a):
    """[kills, points not reached, violations]"""
    scene = kind(jobs.make_world(top))
    kills = missed = bad = n = 0
    for i, first in enumerate(points):
        for j, by in enumerate(HOW):
            if (i * len(HOW) + j) % a.jobs != job:
                continue
            lines = crash(scene, first)
            if lines is None:
                missed += 1
                continue
            twice = Twice(scene, lines, by)
            for point in jobs.points(twice, changing=True)[::a.every]:
                n += 1
                how = recovery.FIRST[n % 4]
                wrong = one(twice, point, how)
                if wrong is None:
                    missed += 1
                    continue
                kills += 1
                bad += bool(wrong)
                for x in wrong:
                    print("wrong: %s, %s %d, then %s, %s %d, then %s: %s" % (
                        scene.name, *first, by, *point, how, x), flush=True)
    return kills, missed, bad


def main():
    p = jobs.arguments(__doc__)
    p.add_argument("--crashes", type=int, default=8, help="of each scene")
    a = p.parse_args()
    pool = jobs.Pool(a.jobs)
    table = jobs.Table("crashes", "kills", "not reached", "wrong")
    for kind in jobs.wanted(a, scenes.ALL):
        points = max(pool.each(lambda top, job: jobs.points(
            kind(jobs.make_world(top)), changing=True)), key=len)
        sample = points[::max(1, len(points) // a.crashes)][:a.crashes]
        out = pool.each(lambda top, job: strike(top, kind, sample, job, a))
        table.add(kind.__name__, [len(sample)] + [sum(x) for x in zip(*out)])
    pool.end()
    sys.exit(table.end())


if __name__ == "__main__":
    main()
