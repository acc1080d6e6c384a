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


def strike(top, kind, points, job, a):
    """[points reached, not reached, violations]"""
    scene = kind(jobs.make_world(top))
    reached = missed = bad = 0
    for i in range(job * a.every, len(points), a.jobs * a.every):
        for everything in False, True:
            how = recovery.FIRST[(i // a.every // a.jobs + everything) % 4]
            wrong = one(scene, points[i], how, everything)
            if wrong is None:
                missed += 1
                continue
            reached += 1
            bad += bool(wrong)
            for x in wrong:
                print("wrong: %s, %s %d, %s killed, then %s: %s" % (
                    scene.name, *points[i], "all" if everything else "one",
                    how, x), flush=True)
    return reached, missed, bad


def main():
    a = jobs.arguments(__doc__).parse_args()
    pool = jobs.Pool(a.jobs)
    table = jobs.Table("points", "kills", "not reached", "wrong")
    for kind in jobs.wanted(a, scenes.ALL):
        points = max(pool.each(lambda top, job: jobs.points(
            kind(jobs.make_world(top)))), key=len)
        out = pool.each(lambda top, job: strike(top, kind, points, job, a))
        table.add(kind.__name__, [len(points[::a.every])] +
                  [sum(x) for x in zip(*out)])
    pool.end()
    sys.exit(table.end())


if __name__ == "__main__":
    main()
