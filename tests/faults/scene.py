"""What a scene of the fault tests is: a program in a situation. A run of one
has an exit code and may have been acknowledged (its client saw an orderly end,
or it exited as without a fault). judge() looks at what a fault has done:
afterwards the store is in a listed state, nothing acknowledged lacks, and the
same again without a fault works."""
import os

from rig import Hangs, expect


def committed(host):
    """[(commit, index)] of all chunks."""
    top = host.dir + "/.df/commit/"
    out = []
    for name in sorted(os.listdir(top)):
        with open(top + name, "rb") as f:
            out += [(name.encode(), i) for i in range(int(f.read(15)[7:]))]
    return out


class Scene:
    name = program = None
    codes = (0, 111)  # what its manual page allows after a failed call
    store = True      # its store is looked at
    forks = False     # its children are a part of it
    linked = False    # with libcurl, whose libraries make many allocations
    tells = False     # all that it did shows in what after() looks at
    rotten = None     # MD5 of a chunk whose data may have rotted
    gone = False      # chunks may have gone

    def prepare(self, w):
        pass

    def run(self, w, wrap, env=None):
        """Exit code, acknowledged."""
        raise NotImplementedError

    def lines(self, w):
        """What an acknowledgement says is there: host, lines of checkstore."""
        return []

    def always(self, w):
        """What was acknowledged before: lines of checkstore, for host a."""
        return []

    def after(self, w, acknowledged):
        """What is wrong after a run with a fault, beside all that."""
        return []

    def again(self, w):
        """The same without a fault; what is wrong."""
        raise NotImplementedError

    def where(self, w):
        """The directory that it writes to."""
        return w.a.dir


def look(scene, w, acknowledged):
    wrong = []
    if scene.store and os.path.isdir(w.a.dir + "/.df"):
        wrong += w.check(w.a, acknowledged=scene.always(w), gone=scene.gone,
                         rotten=scene.rotten)
    if acknowledged:
        for host, lines in scene.lines(w):
            wrong += w.check(host, acknowledged=lines, gone=scene.gone)
    return wrong + scene.after(w, acknowledged)


def judge(scene, w, run, well=lambda: None):
    """One run with a fault, and all that must hold. well() ends a fault that
    lasts. Exit code, whether it was acknowledged, what is wrong."""
    try:
        code, acknowledged = run()
        wrong = []
        if code not in scene.codes:
            wrong.append("exit code %d" % code)
        wrong += look(scene, w, acknowledged)
        well()
        wrong += scene.again(w)
        w.a.settle()
        if scene.store and os.path.isdir(w.a.dir + "/.df"):
            wrong += expect(w.run(["dfpublish"]), 0)  # what a fake has left
            wrong += w.check(w.a, recovered=True, gone=scene.gone,
                             acknowledged=scene.always(w))
        return code, acknowledged, wrong
    except Hangs as e:
        return None, False, ["hangs: %s" % e]
