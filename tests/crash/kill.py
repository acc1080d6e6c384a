#!/usr/bin/env python3
"""SIGKILL at every (system call, ordinal) of the programs that write to a
store, of the program alone and of all that its host runs; then recovery by one
of them (which is first goes round), then everything is delivered."""
import sys

import jobs
import recovery
import scenes
import world


def one(scene, point, how, everything):
    """What is wrong, or None where the point was not reached."""
    scene.w.on_kill = scene.w.kill if everything else None
    try:
        lines = scene.strike(*point)
        scene.w.on_kill = None
        return None if lines is None else recovery.recover(scene, lines, how)
    except world.Hangs as e:
        return [str(e)]


def strike(top, kind, a):
    """[points, points reached, not reached, violations]"""
    scene = kind(jobs.make_world(top))
    points = jobs.points(scene)[::a.every]
    reached = missed = bad = 0
    for i, point in enumerate(points):
        for everything in False, True:
            how = recovery.FIRST[(i + everything) % 4]
            wrong = one(scene, point, how, everything)
            if wrong is None:
                missed += 1
                continue
            reached += 1
            bad += bool(wrong)
            for x in wrong:
                print("wrong: %s, %s %d, %s killed, then %s: %s" % (
                    scene.name, *point, "all" if everything else "one",
                    how, x), flush=True)
    return len(points), reached, missed, bad


def main():
    a = jobs.arguments(__doc__).parse_args()
    pool = jobs.Pool(a.jobs)
    table = jobs.Table("points", "kills", "not reached", "wrong")
    kinds = jobs.wanted(a, scenes.ALL)
    out = pool.share(lambda top, kind: strike(top, kind, a), kinds)
    for kind, values in zip(kinds, out):
        table.add(kind.__name__, values)
    pool.end()
    sys.exit(table.end())


if __name__ == "__main__":
    main()
