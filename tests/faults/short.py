#!/usr/bin/env python3
"""Reads and writes in pieces, every second call interrupted, one byte a TCP
segment: a push by way of two hosts ends as it does without.

    short.py SHORT.SO [quick]

quick   one size, few programs"""
import os
import socket
import sys

import rig
import runs

PROGRAMS = ("pushdf", "dfserve", "dfrelay", "dfsend", "dfpublish", "dfretry",
            "dfexpire", "dfverify", "dfreceipt", "dfcheck", "getdf")
ALONE = ("dfretry", "dfreceipt", "dfreceipt-missing", "dfexpire", "dfexpire-d",
         "dfverify", "dfcheck", "dfcheck-aj", "getdf", "getdf-1")
CHUNKS = (("d6f268054c0e9d554a9fdde0127c6dfd", 100000), (rig.HELLO, 5),
          ("d41d8cd98f00b204e9800998ecf8427e", 0))


def wrap(w, shim, most, storm):
    """Scripts before the programs."""
    w.fake()
    for name in PROGRAMS:
        path = os.path.join(w.fakes, name)
        rig.put(path, ("#!/bin/sh\nFAULTS_SHORT=%d %s LD_PRELOAD=%s exec %s "
                       '"$@"\n' % (most, "FAULTS_EINTR=1" if storm else "",
                                   shim, os.path.join(rig.SRC, name))).encode())
        os.chmod(path, 0o755)


def bytewise(client, data):
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for i in range(len(data)):
        client.sendall(data[i:i + 1])


def alone(w, name, wrapped):
    """A scene's program, and what it starts; wrapped() is called before."""
    scene = runs.SCENES[name]()
    scene.prepare(w)
    wrapped()
    wrong = scene.again(w)
    if scene.store:
        w.a.settle()
        wrong += ends(w, w.a, gone=scene.gone)
    return wrong


def ends(w, host, **how):
    return w.check(host, recovered=True, **how)


def chain(w, fed=None):
    """a takes three chunks, b gets them."""
    rig.empty(w.a.dir)
    rig.empty(w.b.dir)
    data = w.stream('begin to:4=127.0.0.1=%d fill:100000 "+Key: one" '
                    'chunk:hello "+Key: two" chunk: end' % w.b.port)
    wrong = rig.expect(w.serve(data, fed=fed), (0, True))
    w.a.settle()
    w.b.settle()
    lines = ["%s %d %s" % (m, n, w.b.target()) for m, n in CHUNKS]
    wrong += ends(w, w.a, acknowledged=lines)
    wrong += ends(w, w.b, acknowledged=["%s %d" % c for c in CHUNKS])
    left = os.listdir(w.a.dir + "/.df/commit")
    return wrong + ["duties are left: " + c for c in left]


def pushed(w):
    """pushdf to b."""
    scene = runs.Push()
    rig.empty(w.a.dir)
    rig.empty(w.b.dir)
    rig.put(w.a.dir + "/f1", b"0123456789abcde\n" * 20000)
    rig.put(w.a.dir + "/f2", b"hello")
    wrong = rig.expect(scene.run(w, ()), (0, True))
    return wrong + ends(w, w.b, acknowledged=scene.lines(w)[0][1])


def main():
    shim = os.path.abspath(sys.argv[1])
    w, bad, tried = rig.World(), 0, 0
    cases = [(n, s) for n in (1, 7, 4096) for s in (False, True)] + [(0, True)]
    names = ALONE
    if sys.argv[2:] == ["quick"]:
        cases, names = [(1000, True)], ("dfretry", "dfverify")

    def tell(what, wrong):
        nonlocal bad, tried
        tried += 1
        bad += bool(wrong)
        for x in wrong:
            print("wrong: %s: %s" % (what, x), flush=True)

    try:
        tell("one byte a segment", chain(w, bytewise))
        for most, storm in cases:
            what = "1 to %d bytes%s" % (most, ", EINTR" if storm else "")
            for name in names:
                tell(what + ", " + name, alone(
                    w, name, lambda: wrap(w, shim, most, storm)))
            tell(what + ", chain", chain(w))
            tell(what + ", pushdf", pushed(w))
        wrap(w, shim, cases[0][0], True)
        tell("one byte of each", chain(w, bytewise))
    finally:
        w.end()
    print("%d runs, %d wrong" % (tried, bad))
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
