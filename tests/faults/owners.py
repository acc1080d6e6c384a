"""Scenes of what the owner of a host runs, dfexpire and dfverify, and of what
readers run, dfcheck and getdf."""
import hashlib
import json
import os

from rig import HELLO, copy, empty, expect, put
from scene import Scene

LARGE = (b"0123456789abcde\n" * 6250)[:100000]
SMALL = (b"0123456789abcde\n" * 200)[:3000]
OVER = 'stamp:@400000006a00000000000000 "+Cache-Time: 10"'


def md5(data):
    return hashlib.md5(data).hexdigest()


def at(w, top, name):
    return os.path.join(w.a.dir, top, name[:2], name)


def read(path):
    with open(path, "rb") as f:
        return f.read()


class Expire(Scene):
    """The lives of two chunks are over; one of them is owed to a target."""
    name, program = "dfexpire", "dfexpire"
    gone = True
    options = ("-1", "-w", "0")
    life = OVER

    def before(self, w):
        w.fake("dfrelay")
        owed = 'begin id:%s to:4=127.0.0.1=9 fill:100000 "+Key: owed" %s end'
        data = w.stream(owed % ("1" * 32, OVER))
        assert w.serve(data) == (0, True)
        data = w.stream('begin chunk:hello "+Key: goes" %s '
                        'fill:3000 "+Key: stays" end' % self.life)
        assert w.serve(data) == (0, True)

    def prepare(self, w):
        w.made(self.name, lambda: self.before(w))
        w.fake()

    def run(self, w, wrap, env=None):
        code = w.run([*wrap, "dfexpire", *self.options], env=env or {})
        return code, code == 0

    def always(self, w):
        return ["%s 100000 127.0.0.1:9" % md5(LARGE),
                "%s 3000" % md5(SMALL)]

    def there(self, w):
        """What is left of the chunk that goes, in the order of its going."""
        index = read(w.a.dir + "/index.json")
        return {"record": HELLO.encode() in index,
                "link": os.path.lexists(w.a.dir + "/key/goes"),
                "ticket": os.path.lexists(w.a.dir + "/head/key/goes"),
                "header": os.path.lexists(at(w, "head", HELLO)),
                "data": os.path.lexists(at(w, "md5", HELLO))}

    def after(self, w, acknowledged):
        there = self.there(w)
        wrong = ["%s is there without %s" % (a, b)
                 for a, b in (("record", "link"), ("record", "ticket"),
                              ("link", "header"), ("ticket", "header"),
                              ("header", "data")) if there[a] and not there[b]]
        for key, data in ("owed", LARGE), ("stays", SMALL):
            link = w.a.dir + "/key/" + key
            if not os.path.exists(link) or read(link) != data or \
                    not os.path.exists(w.a.dir + "/head/key/" + key):
                wrong.append("key %s is not what it was" % key)
        return wrong + (self.left(w) if acknowledged else [])

    def left(self, w):
        wrong = ["is left: " + what for what, is_there in self.there(w).items()
                 if is_there]
        for path, _, names in os.walk(w.a.dir + "/.df/going"):
            wrong += ["is left: %s/%s" % (path, n) for n in names]
        return wrong

    def again(self, w):
        return expect(self.run(w, ()), (0, True)) + self.left(w)


class Remove(Expire):
    """By its owner's will; what is owed and over stays."""
    name = "dfexpire-d"
    options = ("-w", "0", "-d", HELLO)
    life = ""

    def again(self, w):
        """Where its header has gone there is none to remove: the rest goes."""
        begun = not os.path.exists(at(w, "head", HELLO))
        wrong = expect(self.run(w, ())[0], 100 if begun else 0)
        wrong += expect(w.run(["dfexpire", "-1", "-w", "0"]), 0)
        return wrong + self.left(w)


class Verify(Scene):
    """One chunk is good, one is corrupt, one was set aside; host 2 has them."""
    name, program = "dfverify", "dfverify"
    gone = True
    rotten = HELLO
    bad = b"hellO"

    def before(self, w):
        w.fake("dfrelay")
        host = '-Host "+Host: 127.0.0.2" "+Key: %s"'
        data = w.stream("begin chunk:hello %s fill:3000 %s fill:100000 %s end"
                        % tuple(host % k for k in ("one", "two", "three")))
        assert w.serve(data) == (0, True)
        w.a.settle()
        copy(w.a.dir, w.dir + "/h2")
        self.rot(w, SMALL, SMALL[1:])
        assert w.run(["dfverify", "-1"]) == 111
        w.a.settle()
        self.rot(w, b"hello", self.bad)

    @staticmethod
    def rot(w, data, bad):
        path = at(w, "md5", md5(data))
        os.chmod(path, 0o644)
        put(path, bad)
        os.chmod(path, 0o444)

    def prepare(self, w):
        w.made(self.name, lambda: self.before(w))
        w.fake()

    def run(self, w, wrap, env=None):
        code = w.run([*wrap, "dfverify", "-1", "-r", "0", "-x", w.rules],
                     env=dict(env or {}, DFURL=w.url()))
        return code, code == 0

    def lines(self, w):
        return [(w.a, ["%s %d" % (md5(d), len(d))
                       for d in (b"hello", SMALL, LARGE)])]

    def aside(self, w):
        top = w.a.dir + "/.df/corrupt"
        return [read(os.path.join(top, n)) for n in os.listdir(top)]

    def unread(self, w):
        """The good one cannot be read: it was marked and set aside."""
        return LARGE in self.aside(w) and os.path.lexists(
            w.a.dir + "/.df/going/unlisted/" + md5(LARGE))

    def always(self, w):
        return [] if self.unread(w) else ["%s 100000" % md5(LARGE)]

    def after(self, w, acknowledged):
        found = self.aside(w)
        if os.path.exists(at(w, "md5", HELLO)):
            found.append(read(at(w, "md5", HELLO)))
        wrong = ["corrupt data are lost: %r" % d[:10]
                 for d in (self.bad, SMALL[1:]) if d not in found]
        if not self.unread(w) and read(w.a.dir + "/key/three") != LARGE:
            wrong.append("a good chunk has lost its key")
        return wrong + (self.healed(w) if acknowledged else [])

    def healed(self, w):
        index = read(w.a.dir + "/index.json")
        return ["no record of %s" % md5(d) for d in (b"hello", SMALL, LARGE)
                if md5(d).encode() not in index]

    def again(self, w):
        """What a dfpublish left that failed is ended by the next."""
        return (expect(self.run(w, ()), (0, True))
                + expect(w.run(["dfpublish"]), 0) + self.healed(w)
                + w.check(w.a, gone=True, acknowledged=self.lines(w)[0][1]))


class Check(Scene):
    """Which of three chunks hosts 2 and 3 have; of host 2 something is known."""
    name, program = "dfcheck", "dfcheck"
    codes = (1, 111)
    store, forks, linked, tells = False, True, True, True
    options = ()
    has = {HELLO: (True, True), md5(SMALL): (True, False),
           md5(b""): (False, False)}

    def before(self, w):
        w.fake("dfrelay")
        empty(w.a.dir)
        for n, words in enumerate(("chunk:hello", "fill:3000", "fill:100000")):
            data = w.stream("begin id:%s %s end" % (str(n) * 32, words))
            assert w.serve(data) == (0, True)
            w.a.settle()
            if words == "chunk:hello":
                copy(w.a.dir, w.dir + "/h3")
                copy(w.a.dir, w.dir + "/h2")
                assert self.ask(w, (), None) in (0, 1)
        copy(w.a.dir, w.dir + "/h2")

    def prepare(self, w):
        put(w.dir + "/list", ("%s\n" % "\n".join(self.has)).encode())
        os.makedirs(w.dir + "/cache", exist_ok=True)
        w.kept("dfcheck", w.dir + "/cache", lambda: self.before(w))

    def ask(self, w, wrap, env):
        with open(w.dir + "/list") as f, open(w.dir + "/answer", "w") as out:
            return w.run(
                [*wrap, "dfcheck", "-t", "5", "-T", "5", *self.options,
                 "127.0.0.2", "127.0.0.3"], stdin=f, stdout=out, where=w.dir,
                env=dict(env or {}, DFURL=w.url(),
                         XDG_CACHE_HOME=w.dir + "/cache"))

    def run(self, w, wrap, env=None):
        code = self.ask(w, wrap, env)
        return code, code == 1

    def cells(self, w, whole):
        """{md5: [True, False, None]} as far as it is told."""
        rows = [x.split() for x in read(w.dir + "/answer").decode().split("\n")]
        words = {"yes": True, "no": False, "?": None}
        return {r[0]: [words[x] for x in r[1:]] for r in rows
                if r and r[0] in self.has and (whole or len(r) == 3)}

    def after(self, w, acknowledged):
        told = self.cells(w, acknowledged)
        wrong = ["told of %s: %s" % (m, t) for m, t in told.items()
                 if any(x not in (None, is_so)
                        for x, is_so in zip(t, self.has[m]))]
        if acknowledged and told != {m: list(t) for m, t in self.has.items()}:
            wrong.append("told: %s" % told)
        return wrong

    def again(self, w):
        return expect(self.run(w, ()), (1, True)) + self.after(w, True)

    def where(self, w):
        return w.dir + "/cache"


class CheckAll(Check):
    """All that host 2 has, as JSON."""
    name = "dfcheck-aj"
    options = ("-a", "-j")
    has = {HELLO: (True, True), md5(SMALL): (True, False),
           md5(LARGE): (True, False)}

    def cells(self, w, whole):
        try:
            answer = json.loads(read(w.dir + "/answer").decode())
        except ValueError:
            if whole:
                raise
            return {}
        return {c["md5"]: [c["has"]["127.0.0.2"], c["has"]["127.0.0.3"]]
                for c in answer["chunks"]}


class Get(Scene):
    """By its key, into a file that is there; the connection to one host is cut
    off, another one has the rest."""
    name, program = "getdf", "getdf"
    store, linked, tells = False, True, True
    was = b"before\n"

    def before(self, w):
        w.fake("dfrelay")
        empty(w.a.dir)
        data = w.stream('begin fill:100000 -Host "+Host: 127.0.0.4" '
                        '"+Key: key" end')
        assert w.serve(data) == (0, True)
        w.a.settle()
        copy(w.a.dir, w.dir + "/h4")
        copy(w.a.dir, w.dir + "/h5")
        put(w.dir + "/is.5", b"once 30000")

    def prepare(self, w):
        if not os.path.exists(w.dir + "/h5"):
            self.before(w)
        empty(w.dir + "/out")
        put(w.dir + "/out/got", self.was)

    def get(self, w, wrap, env, *arguments, **more):
        code = w.run([*wrap, "getdf", "-q", "-T", "5", "-w", "5", "-H",
                      "127.0.0.5", *arguments], where=w.dir + "/out",
                     env=dict(env or {}, DFURL=w.url()), **more)
        return code, code == 0

    def run(self, w, wrap, env=None):
        return self.get(w, wrap, env, "-o", "got", "-k", "key")

    def after(self, w, acknowledged):
        wrong = ["is left: " + n for n in os.listdir(w.dir + "/out")
                 if n != "got"]
        got = read(w.dir + "/out/got")
        if got not in (LARGE, self.was) or (acknowledged and got != LARGE):
            wrong.append("%d wrong bytes" % len(got))
        return wrong

    def again(self, w):
        for name in os.listdir(w.dir + "/out"):
            if name != "got":
                os.unlink(os.path.join(w.dir, "out", name))
        return expect(self.run(w, ()), (0, True)) + self.after(w, True)

    def where(self, w):
        return w.dir + "/out"


class GetAppended(Get):
    """By its MD5, to the end of a file that is descriptor 1."""
    name = "getdf-1"

    def run(self, w, wrap, env=None):
        with open(w.dir + "/out/got", "ab") as out:
            return self.get(w, wrap, env, md5(LARGE), stdout=out)

    def after(self, w, acknowledged):
        got = read(w.dir + "/out/got")
        wrong = [] if got.startswith(self.was) else ["what was there is not"]
        if acknowledged and got != self.was + LARGE:
            wrong.append("%d wrong bytes" % len(got))
        return wrong

    def again(self, w):
        put(w.dir + "/out/got", self.was)
        return expect(self.run(w, ()), (0, True)) + self.after(w, True)


ALL = [Expire, Remove, Verify, Check, CheckAll, Get, GetAppended]
