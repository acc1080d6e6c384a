"""After a crash of h1: what one of the programs makes of it, and whether
everything is delivered in the end."""
import os

import checkstore
import scenes

# What runs first: dfserve with a fresh stream, or with the same push again.
FIRST = ["dfserve", "dfretry", "dfpublish", "again"]


def hosts(w):
    return {w.at(n): w.dir("h%d" % n) for n in (2, 3, 4)}


def check(scene, when, recovered, lines):
    w = scene.w
    wrong = checkstore.check(w.dir("h1"), recovered, lines,
                             hosts(w) if scene.keeps else None, scene.rotten,
                             not scene.branch, scene.gone)
    return ["%s: %s" % (when, x) for x in wrong]


def first(scene, how):
    """What is acknowledged by it, as lines; None: it fails."""
    w = scene.w
    w.serve = ["dfserve"]
    if how == "dfpublish":
        return None if w.run(["dfpublish"]) else []
    if how == "dfretry":
        w.run(["dfretry", "-1"])
        return []
    pid = scene.push() if how == "again" else w.push("-qK", "c")
    w.quiet()
    if w.codes[pid]:
        return None
    if how == "again":
        return scene.lines("a", "b")
    return ["%s %d" % (scenes.md5("c"), len(scenes.DATA["c"]))]


def recover(scene, lines, how):
    """What is wrong, from the crash on."""
    wrong = check(scene, "after the crash", False, lines)
    more = first(scene, how)
    if more is None:
        return wrong + [how + " fails"]
    lines = sorted(set(lines + more))
    wrong += check(scene, "after " + how, True, lines)
    return wrong + deliver(scene, lines)


def deliver(scene, lines):
    """Everyone is reachable again: a pass, and they have all."""
    w = scene.w
    for n in 2, 3, 4:
        w.up(n)
    code = w.run(["dfretry", "-1"])
    if not code and scene.gone:
        code = w.run(["dfexpire", "-1", "-w", "0"])
    wrong = ["dfretry -1: exit %d" % code] if code else []
    wrong += check(scene, "in the end", True, lines)
    if scene.gone:
        wrong += gone(scene, lines)
    if not scene.keeps:
        return wrong
    if os.listdir(w.dir("h1/.df/commit")):
        wrong.append("in the end: there still are commits")
    for n in 2, 3, 4:
        wrong += ["in the end, h%d: %s" % (n, x)
                  for x in checkstore.check(w.dir("h%d" % n), True)]
    return wrong + delivered(scene)


def gone(scene, lines):
    """Chunk c has gone whole, unless it was pushed again; or it is there whole:
    nobody had begun, and its removal was not asked for again."""
    w, c = scene.w, scenes.md5("c")
    left = [p for p in ("md5/%s/%s" % (c[:2], c), "head/%s/%s" % (c[:2], c))
            if os.path.exists(w.dir("h1", p))]
    left += [os.path.join(d, c) for d, _, files in os.walk(
        w.dir("h1/.df/going")) if c in files]
    pushed = any(x.startswith(c) for x in lines)
    if scene.rotten:
        good = not os.path.islink(w.dir("h1/.df/going/unlisted", c)) and \
            "md5/%s/%s" % (c[:2], c) in left
        return ["in the end: c is not good"] * (pushed and not good)
    if pushed or scene.program == "dfexpire" and len(left) == 2 and \
            type(scene).__name__ == "Remove":
        return []
    return ["in the end: of c there is " + ", ".join(left)] * bool(left)


def delivered(scene):
    """What h1 has taken from the push with the list, its targets have: in their
    index, as checkstore found, each chunk once."""
    w, wrong = scene.w, []
    for name in "a", "b":
        path = "head/%s/%s" % (scenes.md5(name)[:2], scenes.md5(name))
        if not taken(w.dir("h1", path), scene):
            continue
        for n in (2, 3, 4) if scene.branch else (2, 3):
            if not os.path.exists(w.dir("h%d" % n, path)):
                wrong.append("in the end: h%d never got %s" % (n, name))
    return wrong


def taken(path, scene):
    """The stored header tells so; the other pushes have no list."""
    try:
        with open(path) as f:
            pushes = [x.split()[2] for x in f if x.startswith("Taken: ")]
    except FileNotFoundError:
        return False
    return any(p != scenes.NO_LIST for p in pushes)
