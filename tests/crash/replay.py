#!/usr/bin/env python3
"""Strict replay: what a power cut may leave of a recorded run.

    replay.py [--quick] CASE... [--promises CASE...]

A CASE is a directory that record.sh made. The run is followed system call by
system call on a model of a file system that promises no more than it must:

- a name that was made, moved or removed is durable once its directory was
  synced (fsync of it, or syncfs); until then each such operation may be lost,
  whatever else was not. A rename within one directory is one operation, from
  one into another two.
- bytes that were written are durable once their file was synced (fsync,
  fdatasync, syncfs). Until then a file may be as it was, whole, torn in the
  middle, or as long as it should be with NULs in it.

After each call the stores that may be found are built, those of equal content
once: nothing lost, all lost, each operation alone lost, alone kept, all after
one lost, each two lost; each with the data in these ways. Each must be in a
listed state with all in it that had been acknowledged then (checkstore.py),
and a duty may be done only when its target had it. Then dfpublish, dfretry or
dfserve is run on it, in turns, and it must be right again.

What promises.py says of the order is looked at after each call, too; of the
cases after --promises that is all.

Prints the figures and what is wrong. Exit status 1: something is."""
import argparse
import collections
import itertools
import multiprocessing
import os
import random
import re
import signal
import shutil
import subprocess
import sys
import tempfile

import checkstore
import formats
from disk import build, key_of
from promises import broken
from traced import Run, plain

SHOWN = 12


def kept_sets(model, quick):
    """Which of the operations that are not durable are on the disk."""
    every = tuple(range(len(model.pending)))
    core = tuple(i for i in every if not model.pending[i][2])
    yield every
    yield ()
    yield core
    for i in core:
        yield tuple(x for x in every if x != i)
        yield tuple(x for x in core if x != i)
        yield (i,)
        yield every[:i]
    if quick:
        return
    for i in every:
        yield every[:i] + every[i + 1:]
        yield (i,)
        yield every[:i]
    for i, k in itertools.combinations(core, 2):
        yield tuple(x for x in every if x not in (i, k))


WAYS = ("whole", "durable", "torn", "nul")
# Where so many operations are not durable, not each of these is looked at.
MANY = 90
COMMON = ("openat", "write", "mkdir", "rename", "renameat2", "unlink")
MOST = 600  # sets of operations that are tried at one point


def states(model, quick):
    """(kept, ways, way): what is tried at one point."""
    ways = WAYS if not quick else ("whole", "durable")
    files = model.unsynced()
    every = tuple(range(len(model.pending)))
    sets = list(dict.fromkeys(kept_sets(model, quick)))
    most = MOST // 20 if quick else MOST
    if len(sets) > most: # too many: those that come first, and some
        sets = sets[:3] + random.Random(len(sets)).sample(sets[3:], most - 3)
    for kept in sets:
        for way in ways if files else ("whole",):
            yield kept, {}, way
    for f in files:
        for way in WAYS[1:]:
            yield every, {id(f): way}, "whole"
        if not quick:
            yield every, {id(f): "whole"}, "durable"


def ns(b):
    return b"%d:%s," % (len(b), b)


def stream():
    head = b"Key: after\nHost: 10.0.0.1\nStamp: @400000006760e4800000000a\n"
    tail = (b"Content-Length: 5\nmd5hash: 632a2406bbcbcd553eec45ac14b40a0a\n")
    return (ns(b"DF1") + ns(b"0" * 32) + ns(b"") + ns(head) + ns(b"after")
            + ns(b"") + ns(tail) + ns(b""))


PROGRAMS = ((["dfpublish"], (0,), b""), (["dfretry", "-1"], (0, 111), b""),
            (["dfserve"], (0,), stream()))


def done_too_soon(top, delivered):
    """A duty that is done in a commit, though its target never said so."""
    where = os.path.join(top, ".df/commit")
    for name in checkstore.names(where):
        try:
            c = formats.Commit(checkstore.read(os.path.join(where, name)))
        except formats.Bad:
            continue # checkstore says it
        for _, target, k, state in c.duties():
            if state == "D" and target not in delivered:
                yield "duty %s %s is done too soon" % (k.md5, target)


def try_state(job):
    number, tree, recover, acked, delivered, hosts, known = job
    top = os.path.join(WORK, str(number))
    wrong = []
    build(tree, top)
    stores = {t: d if t in delivered else "/nonexistent"
              for t, d in hosts.items()}
    try:
        wrong = checkstore.check(top, False, acked, stores)
        wrong += done_too_soon(top, delivered)
        wrong = [w for w in wrong if w.partition(": ")[0] not in known]
        if recover and not wrong:
            argv, codes, data = PROGRAMS[number % 3]
            r = subprocess.run(argv, cwd=top, input=data, timeout=60,
                               env={"PATH": os.environ["PATH"]},
                               capture_output=True)
            if r.returncode not in codes:
                wrong.append("%s: %d" % (argv[0], r.returncode))
            wrong += checkstore.check(top, True, acked, stores)
            wrong = [w for w in wrong if w.partition(": ")[0] not in known]
            if wrong:
                wrong.append("(%s) %s" % (argv[0],
                                          r.stderr.decode(errors="replace")))
    except (OSError, ValueError, subprocess.TimeoutExpired) as e:
        wrong.append(repr(e))
    if not wrong or not KEEP:
        shutil.rmtree(top, ignore_errors=True)
    return number, wrong


def follow(run, count):
    """The steps; says what is wrong with their order."""
    for c in run.steps():
        for wrong in broken(run, c):
            count["violations"] += 1
            print("wrong: %s(%s) of %s: %s" % (c.name, ", ".join(
                map(readable, c.args))[:300], run.program.get(c.pid), wrong))
        count["calls"] += 1
        yield c


def jobs(run, quick, count, notes):
    seen, recovered = set(), set()
    was, many = None, 0
    for c in follow(run, count):
        now = len(run.model.pending), run.model.changed
        if now == was:
            continue
        was = now
        many += now[0] > MANY
        if now[0] > MANY and many % 8 and c.name in COMMON:
            continue
        count["points"] += 1
        promised = tuple(run.acked), frozenset(run.delivered)
        for kept, ways, way in states(run.model, quick):
            count["tried"] += 1
            tree = run.model.tree(kept, ways, way)
            key = key_of(tree, False), promised
            if key in seen:
                continue
            seen.add(key)
            count["states"] += 1
            key = key_of(tree, True), promised
            # Leftovers are swept: of all stores that differ in them only, one
            # is recovered, and some more.
            recover = key not in recovered or count["states"] % 50 == 0
            recovered.add(key)
            count["recoveries"] += recover
            n = count["states"]
            notes[n] = c, kept, ways, way, describe(run.model, kept)
            yield (n, tree, recover, run.acked, run.delivered, run.hosts,
                   run.known)


def describe(model, kept):
    path = {id(i): p for p, i in model.walk(model.root, "")}
    lost = [p for n, p in enumerate(model.pending) if n not in set(kept)]
    return ["%s/{%s}" % (path.get(id(w), "?"), ",".join(ops))
            for w, ops, _ in lost]


def replay(pool, case, quick):
    run = Run(case)
    count, notes, bad = collections.Counter(), {}, collections.Counter()
    work = jobs(run, quick, count, notes)
    shown = 0
    batches = iter(lambda: list(itertools.islice(work, 256)), [])
    tried = (pool.imap_unordered(try_state, b, 4) for b in batches)
    for number, wrong in itertools.chain.from_iterable(tried):
        c, kept, ways, way, lost = notes.pop(number)
        if not wrong:
            continue
        count["violations"] += 1
        kind = re.sub(r"[0-9a-f@.]{8,}|[0-9]+", "#", wrong[0])
        bad[kind] += 1
        if bad[kind] > 1 or shown >= SHOWN:
            continue
        shown += 1
        print("wrong: state %d after %s(%s) of %s" % (
            number, c.name, ", ".join(map(readable, c.args))[:300],
            run.program.get(c.pid)))
        print("  lost:", " ".join(lost)[:2000] or "-", "data:", way, len(ways))
        for w in wrong:
            print("  %.1000s" % w)
    run.same_as_end()
    for kind, n in bad.most_common():
        print("%6d times: %s" % (n, kind))
    print("%s: %d points, %d distinct states, %d recoveries, %d violations"
          % (os.path.basename(case), count["points"], count["states"],
             count["recoveries"], count["violations"]))
    return count


def look(case):
    """At the order alone."""
    run = Run(case)
    count = collections.Counter()
    for _ in follow(run, count):
        pass
    run.same_as_end()
    print("%s: %d calls, %d violations" % (os.path.basename(case),
          count["calls"], count["violations"]))
    return count


def readable(arg):
    return re.sub(r"(?:\\x[0-9a-f]{2}){1,200}", lambda m: plain(m.group(0)),
                  arg[:1000])


def main():
    global WORK, KEEP
    p = argparse.ArgumentParser()
    p.add_argument("--quick", action="store_true")
    p.add_argument("--keep", action="store_true")
    p.add_argument("cases", nargs="*", metavar="CASE")
    p.add_argument("--promises", nargs="*", metavar="CASE", default=[])
    a = p.parse_args()
    KEEP = a.keep
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    WORK = tempfile.mkdtemp(prefix="dataflow-replay.", dir=memory)
    total = collections.Counter()
    os.umask(0)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(111))
    try:
        if a.cases:
            with multiprocessing.Pool(2) as pool:
                for case in a.cases:
                    total += replay(pool, case, a.quick)
    finally:
        if not KEEP:
            shutil.rmtree(WORK, ignore_errors=True)
    for case in a.promises:
        total += look(case)
    if not total["calls"] or a.cases and not total["states"]:
        raise SystemExit("there was nothing to replay")
    print("all: %d points, %d distinct states, %d recoveries, %d violations"
          % (total["points"], total["states"], total["recoveries"],
             total["violations"]))
    sys.exit(1 if total["violations"] else 0)


if __name__ == "__main__":
    main()
