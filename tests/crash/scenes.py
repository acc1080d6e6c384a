"""What is going on when a crash strikes: h1 takes a push of two chunks for the
hosts 2 and 3, passes it on, works its duties off or publishes. A scene prepares
the state before ("base") and starts the program that will be struck."""
import hashlib
import os
import subprocess

import world

DATA = {"a": b"".join(b"%d\n" % i for i in range(900)),
        "b": b"".join(b"line %d of it\n" % i for i in range(9000)),
        "c": b"another one\n"}
NO_LIST = hashlib.md5(b"").hexdigest()
STREAM = ["python3", "-B",
          os.path.join(os.path.dirname(__file__), "..", "stream.py")]
OPTIONS = "-e trace=%s -e inject=%s:signal=KILL:when=%d"


def md5(name):
    return hashlib.md5(DATA[name]).hexdigest()


class Scene:
    program = None
    to_host_2 = False  # only what is run for that host is struck
    dead = ()          # hosts that are not reachable until all is well again
    branch = False     # host 2 has host 4 for a branch
    pushed = True      # before the crash
    keeps = True       # every duty
    rotten = None      # MD5 of a stored chunk that has rotted
    gone = False       # chunks go
    serve = ["dfserve"]

    def __init__(self, w):
        self.w = w
        self.name = type(self).__name__.lower()
        w.serve = self.serve
        self.list = w.dir("list." + self.name)
        w.down(2), w.down(3), w.up(4)
        self.make_list()
        w.clear()
        for n in 2, 3, 4:
            w.run(["dfpublish"], "h%d" % n)
        self.prepare()
        w.save("base." + self.name)

    def leave_unpublished(self):
        """No dfpublish until w.unwrap()."""
        path = self.w.dir("wrap", "dfpublish")
        with open(path, "w") as f:
            f.write("#!/bin/sh\n")
        os.chmod(path, 0o755)

    def make_list(self):
        branch = world.one_set(self.w.entry(4)) if self.branch else b""
        with open(self.list, "wb") as f:
            f.write(b"DFR1" + world.one_set(self.w.entry(2, branch) +
                                            self.w.entry(3)))

    def prepare(self):
        """The store before; where pushed, the push is acknowledged in it."""
        pid = self.push()
        self.w.quiet()
        assert self.w.codes[pid] == 0

    def push(self, *names):
        return self.w.push("-qK", *(names or ("a", "b")), replicate=self.list)

    def go(self):
        """Starts what will be struck. The pusher, where there is one."""
        return self.push()

    def condition(self):
        if not self.to_host_2:
            return "true"
        return ("case \" $* $TCPREMOTEIP $TCPREMOTEPORT \" in "
                "*\" 127.0.0.2 %d \"*) ;; *) false ;; esac"
                % self.w.ports[2])

    def begin(self):
        """From the base on, everyone reachable who is to be."""
        self.w.load("base." + self.name)
        self.w.serve = self.serve
        for n in 2, 3, 4:
            (self.w.down if n in self.dead else self.w.up)(n)

    def record(self):
        """The calls that the program makes: {(call, ordinal): it changes
        something}"""
        self.begin()
        self.w.wrap(self.program, "", self.condition())
        self.go()
        self.w.quiet()
        self.w.unwrap()
        counts, points = {}, {}
        for call, changes in self.w.calls:
            counts[call] = counts.get(call, 0) + 1
            points[call, counts[call]] = changes
        points.pop(("execve", 1))  # by which it begins
        return points

    def strike(self, call, when):
        """Kills the program before that call. The lines of what was
        acknowledged, or None if it makes no such call."""
        self.begin()
        self.w.wrap(self.program, OPTIONS % (call, call, when),
                    self.condition())
        pid = self.go()
        self.w.quiet()
        self.w.unwrap()
        return self.acknowledged(pid) if self.w.struck else None

    def acknowledged(self, pid):
        if self.pushed or self.w.codes[pid] == 0:
            return self.lines("a", "b")
        return []

    def lines(self, *names):
        to = (self.w.at(2), self.w.at(3)) if self.keeps else ("", "")
        return ["%s %d %s %s" % (md5(n), len(DATA[n]), *to) for n in names]


class Serve(Scene):
    """Into a store that is new."""
    program, pushed = "dfserve", False

    def prepare(self):
        pass


class ServeUsed(Serve):
    """Into one that has a chunk under another key, and a rotten one."""
    rotten = md5("b")

    def prepare(self):
        w = self.w
        w.push("-qk", "old", "a"), w.push("-q", "b"), w.quiet()
        rotten = w.dir("h1", "md5", md5("b")[:2], md5("b"))
        os.chmod(rotten, 0o644)
        with open(rotten, "r+b") as f:
            f.write(b"LINE")
        os.chmod(rotten, 0o444)


class ServeTwice(Scene):
    """The same stream a second time: no new duties."""
    program = "dfserve"

    def prepare(self):
        w = self.w
        with open(w.dir("stream"), "wb") as f:
            w.spawn(["sh", "-c", "exec pushdf -qK -h 127.0.0.1 a b "
                     "6</dev/null 7>&1"], "data", False, stdout=f, PATH=w.path,
                    REPLICATE_FN=self.list)
            w.quiet()
        w.spawn(self.client(), "data"), w.quiet()
        assert len(os.listdir(w.dir("h1/key"))) == 2

    def client(self):
        return STREAM + ["-c", str(self.w.ports[1]), self.w.dir("stream")]

    def go(self):
        self.w.spawn(self.client(), "data", False)


class ServeRefused(Serve):
    """Chunk b is too large."""
    serve = ["dfserve", "-m", "10000"]

    def acknowledged(self, pid):
        return ["pushdf ended in order"] if self.w.codes[pid] == 0 else []


class Relay(Scene):
    program, to_host_2, pushed = "dfrelay", True, False

    def prepare(self):
        self.w.run(["dfpublish"])


class RelayDead(Relay):
    """Host 2 is dead, its branch is taken over."""
    dead, branch = (2,), True


class Send(Relay):
    program = "dfsend"


class Retry(Scene):
    program = "dfretry"

    def go(self):
        self.w.spawn(["dfretry", "-1"], "h1")


class RetryDead(Retry):
    dead, branch = (2,), True


class RetryRelay(Retry):
    """The relay that dfretry starts."""
    program, to_host_2 = "dfrelay", True


class GiveUp(Retry):
    """All that is owed is older than it may be."""
    keeps = False

    def go(self):
        self.w.spawn(["dfretry", "-1", "-g", "0"], "h1")


class Drop(Retry):
    keeps = False

    def go(self):
        self.w.spawn(["dfretry", "-d", self.w.at(2)], "h1")


class Publish(Scene):
    """Two commits that are new, one that is not."""
    program = "dfpublish"

    def prepare(self):
        w = self.w
        pid = w.push("-qk", "a", "a"), w.push("-qk", "c", "c")
        w.quiet()
        self.leave_unpublished()
        for name in "a", "b":
            self.push(name)
            w.quiet()
        w.unwrap()
        assert len(os.listdir(w.dir("h1/.df/commit"))) == 2, pid

    def go(self):
        self.w.spawn(["dfpublish"], "h1")


class PublishAnew(Scene):
    program = "dfpublish"

    def go(self):
        self.w.spawn(["dfpublish", "-r"], "h1")


class Expire(Scene):
    """Of three chunks the life of one is over."""
    program, gone = "dfexpire", True

    def prepare(self):
        super().prepare()
        w = self.w
        subprocess.run(STREAM, cwd=w.dir("data"), check=True, input=b"""
            ../stream begin file:c stamp:@400000006a00000000000000
            '+Key: c' '+Cache-Time: 10' end""".replace(b"\n", b" "))
        w.spawn(STREAM + ["-c", str(w.ports[1]), w.dir("stream")], "data")
        w.quiet()
        assert os.path.lexists(w.dir("h1/key/c"))

    def go(self):
        self.w.spawn(["dfexpire", "-1", "-w", "0"], "h1")


class Remove(Scene):
    program, gone = "dfexpire", True

    def prepare(self):
        super().prepare()
        self.w.push("-qk", "c", "c"), self.w.quiet()

    def go(self):
        self.w.spawn(["dfexpire", "-d", md5("c")], "h1")


class PublishAsked(Expire):
    """The record is to go."""
    program = "dfpublish"

    def prepare(self):
        super().prepare()
        self.leave_unpublished()
        self.w.run(["dfexpire", "-1"])
        self.w.unwrap()

    def go(self):
        self.w.spawn(["dfpublish"], "h1")


class PublishOut(PublishAsked):
    """Keys and header are to go."""

    def prepare(self):
        super().prepare()
        self.w.run(["dfpublish"])
        going = self.w.dir("h1/.df/going")
        os.rename(going + "/unlisted/" + md5("c"), going + "/out/" + md5("c"))


class Verify(Expire):
    """A chunk has rotted, and nobody may be asked for another copy."""
    program, rotten = "dfverify", md5("c")

    def prepare(self):
        Scene.prepare(self)
        w = self.w
        w.push("-qk", "c", "-h", "10.0.0.1", "c"), w.quiet()
        path = w.dir("h1", "md5", md5("c")[:2], md5("c"))
        os.chmod(path, 0o644)
        with open(path, "r+b") as f:
            f.write(b"X")
        os.chmod(path, 0o444)

    def go(self):
        self.w.spawn(["dfverify", "-1", "-r", "1G"], "h1")


class PublishCorrupt(Verify):
    """Its record and keys are to go."""
    program = "dfpublish"

    def prepare(self):
        super().prepare()
        asked = self.w.dir("h1/.df/going/asked/", md5("c"))
        os.symlink("corrupt", asked)

    def go(self):
        self.w.spawn(["dfpublish"], "h1")


ALL = [Serve, ServeUsed, ServeTwice, ServeRefused, Relay, RelayDead, Send,
       Retry, RetryDead, RetryRelay, GiveUp, Drop, Publish, PublishAnew,
       Expire, Remove, PublishAsked, PublishOut, Verify,
       PublishCorrupt]
