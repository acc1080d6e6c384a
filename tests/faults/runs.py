"""The scenes of the fault tests, see scene.py; those of the programs that the
owner of a host, and readers, run are in owners.py."""
import os

import owners
from rig import HELLO, empty, expect, put
from scene import Scene, committed, judge  # noqa: F401: for those who use us


class Serve(Scene):
    """Two chunks with a target; the second is here already."""
    name, program = "dfserve", "dfserve"
    words = ('begin to:4=127.0.0.1=9 fill:100000 "+Key: one" '
             'chunk:hello "+Key: two" end')
    chunks = (("d6f268054c0e9d554a9fdde0127c6dfd", 100000), (HELLO, 5))
    duty = " 127.0.0.1:9"
    options = ("-s", "0")

    def before(self, w):
        data = w.stream("begin id:" + "1" * 32 + " chunk:hello end")
        assert w.serve(data) == (0, True)

    def prepare(self, w):
        w.fake("dfrelay")
        w.made(self.name, lambda: self.before(w))
        self.data = w.stream(self.words)

    def run(self, w, wrap, env=None):
        return w.serve(self.data, wrap, self.options, env)

    def lines(self, w):
        return [(w.a, ["%s %d%s" % (m, n, self.duty) for m, n in self.chunks])]

    def again(self, w):
        return expect(w.serve(self.data, (), self.options), (0, True))


class ServeNew(Serve):
    """One chunk for a directory that is no store yet."""
    name = "dfserve-new"
    words = "begin chunk:hello end"
    chunks = ((HELLO, 5),)
    duty = ""

    def before(self, w):
        pass


class Publish(Scene):
    """A key that changes hands, a new chunk, a header that is merged."""
    name, program = "dfpublish", "dfpublish"
    options = ()

    def before(self, w):
        w.fake("dfrelay")
        key, old, new = '"+Key: one"', "stamp:-100", "stamp:-50"
        one = "begin id:%s chunk:hello %s %s end" % ("1" * 32, key, old)
        assert w.serve(w.stream(one)) == (0, True)
        w.a.settle()
        w.fake("dfrelay", "dfpublish")
        two = ('begin to:4=127.0.0.1=9 fill:3000 %s %s '
               'chunk:hello "+Key: two" %s end' % (key, new, new))
        assert w.serve(w.stream(two)) == (0, True)

    def prepare(self, w):
        w.made(self.name, lambda: self.before(w))
        w.fake()

    def run(self, w, wrap, env=None):
        code = w.run([*wrap, "dfpublish", *self.options], env=env or {})
        return code, code == 0

    def lines(self, w):
        return [(w.a, [HELLO + " 5 127.0.0.1:9"])]

    def again(self, w):
        return expect(w.run(["dfpublish", *self.options]), 0)


class PublishAnew(Publish):
    name = "dfpublish-r"
    options = ("-r",)


class Push(Scene):
    """Two files to b; the first is sent in two blocks."""
    name, program = "pushdf", "pushdf"
    codes = (0, 111)

    def prepare(self, w):
        w.fake()
        empty(w.a.dir)
        empty(w.b.dir)
        put(w.a.dir + "/f1", b"0123456789abcde\n" * 20000)
        put(w.a.dir + "/f2", b"hello")

    def run(self, w, wrap, env=None):
        code = w.run(["tcpclient", "-RHl0", "127.0.0.1", str(w.b.port), "env",
                      *["%s=%s" % e for e in (env or {}).items()], *wrap,
                      "pushdf", "-Kw", "5", "f1", "f2"])
        w.b.settle()
        return code, code == 0

    def lines(self, w):
        return [(w.b, ["71c284bece05ddaa099ffad2854c2f2a 320000",
                       HELLO + " 5"])]

    def again(self, w):
        return expect(self.run(w, ()), (0, True))


class Send(Push):
    """A stored chunk, and one of a commit, to b."""
    name, program = "dfsend", "dfsend"
    codes = (0, 99, 111)

    def before(self, w):
        w.fake("dfrelay")
        data = w.stream("begin to:4=127.0.0.1=%d chunk:hello fill:100000 end"
                        % w.b.port)
        assert w.serve(data) == (0, True)

    def prepare(self, w):
        w.made(self.name, lambda: self.before(w))
        w.fake()
        empty(w.b.dir)
        put(w.dir + "/orders", ("%s\n" % HELLO).encode()
            + b"".join(b"commit %s %d\n" % c for c in committed(w.a)))

    def run(self, w, wrap, env=None):
        with open(w.dir + "/orders", "rb") as orders:
            code = w.run(["tcpclient", "-RHl0", "127.0.0.1", str(w.b.port),
                          "env", *["%s=%s" % e for e in (env or {}).items()],
                          *wrap, "dfsend", "-t", "5"], stdin=orders)
        w.b.settle()
        return code, code == 0

    def lines(self, w):
        return [(w.b, ["%s %d" % c for c in Serve.chunks])]


class Retry(Send):
    """The duties of two chunks; b takes them."""
    name, program = "dfretry", "dfretry"
    codes = (0, 111)

    def prepare(self, w):
        w.made("dfsend", lambda: self.before(w))
        w.fake()
        empty(w.b.dir)

    def run(self, w, wrap, env=None):
        code = w.run([*wrap, "dfretry", "-1", "-t", "5", "-x", w.rules],
                     env=env or {})
        w.a.settle()
        w.b.settle()
        return code, code == 0

    def again(self, w):
        wrong = expect(self.run(w, ()), (0, True))
        if not wrong and os.listdir(w.a.dir + "/.df/commit"):
            wrong = ["again: duties are left"]
        return wrong + w.check(w.b, acknowledged=self.lines(w)[0][1])

    def always(self, w):
        return ["%s %d %s" % (*c, w.b.target()) for c in Serve.chunks]


class Relay(Retry):
    """The same by dfrelay, with the client's orders."""
    name, program = "dfrelay", "dfrelay"
    codes = (0, 99, 111)
    stream = "@400000006a00000000000000.1"

    def orders(self, w, listed):
        top = "%s/.df/stream/%s/" % (w.a.dir, self.stream)
        os.mkdir(top, 0o700)
        put(top + "orders", b"".join(
            b"commit %s %d\ncommitted %s %d\n" % (c + c)
            for c in committed(w.a)) + b"end\n")
        put(top + "0.list", b"DFR1" + listed)

    def prepare(self, w):
        super().prepare(w)
        self.orders(w, b"")

    def relay(self, w, wrap, env, port):
        code = w.run([*wrap, "dfrelay", "-t", "5", "-i", "a" * 32, self.stream,
                      "0", "127.0.0.1", str(port)],
                     env=dict(env or {}, DFTARGETS=w.rules))
        w.a.settle()
        w.b.settle()
        return code, code == 0

    def run(self, w, wrap, env=None):
        return self.relay(w, wrap, env, w.b.port)

    def again(self, w):
        return Retry.again(Retry(), w)


class RelayBranch(Relay):
    """The target is dead; b is behind it."""
    name = "dfrelay-branch"
    codes = (111,)

    @staticmethod
    def listed(port, branch):
        e = b"\x04\x7f\0\0\x01" + port.to_bytes(2, "big")
        e += len(branch).to_bytes(4, "big") + branch
        return len(e).to_bytes(4, "big") + e

    def before(self, w):
        w.fake("dfrelay")
        both = self.listed(9, self.listed(w.b.port, b""))
        data = w.stream("begin hex:%s chunk:hello fill:100000 end"
                        % both.hex())
        assert w.serve(data) == (0, True)

    def prepare(self, w):
        w.made(self.name, lambda: self.before(w))
        w.fake()
        empty(w.b.dir)
        self.orders(w, self.listed(w.b.port, b""))

    def run(self, w, wrap, env=None):
        return self.relay(w, wrap, env, 9)[0], False

    def again(self, w):
        """b gets it, by whoever takes it over."""
        w.run(["dfretry", "-1", "-t", "5", "-x", w.rules])
        w.a.settle()
        w.b.settle()
        return (w.check(w.b, acknowledged=self.lines(w)[0][1])
                + w.check(w.a, acknowledged=self.always(w)))

    def always(self, w):
        return ["%s %d 127.0.0.1:9" % c for c in Serve.chunks]


class Receipt(Retry):
    """b has what it is owed, and its index says so."""
    name, program = "dfreceipt", "dfreceipt"
    codes = (0, 111)
    linked = True
    has = (1, 1)
    good = (0, True)

    def before_b(self, w):
        """b takes what it has by the push itself."""
        empty(w.b.dir)
        for n, has in enumerate(self.has):
            if not has:
                continue
            orders = ("commit %s %d\n" % (committed(w.a)[n][0].decode(),
                                          committed(w.a)[n][1])).encode()
            put(w.dir + "/orders", orders)
            with open(w.dir + "/orders", "rb") as f:
                assert w.run(["tcpclient", "-RHl0", "127.0.0.1",
                              str(w.b.port), "dfsend"], stdin=f) == 0
        w.b.settle()

    def prepare(self, w):
        w.made("dfsend", lambda: self.before(w))
        w.fake()
        w.kept("b." + self.name, w.b.dir, lambda: self.before_b(w))

    def run(self, w, wrap, env=None):
        code = w.run([*wrap, "dfreceipt", "-t", "5", w.b.target()],
                     env=dict(env or {}, DFURL=w.url()))
        w.a.settle()
        return code, code == self.good[0]

    def lines(self, w):
        return [(w.b, ["%s %d" % c for c, has in zip(Serve.chunks[::-1],
                                                     self.has) if has])]

    def after(self, w, acknowledged):
        if not acknowledged:
            return []
        open_duties = sum(s in "TBH" for s in w.duties(w.a))
        if open_duties != self.has.count(0):
            return ["%d duties are open" % open_duties]
        return []

    def again(self, w):
        wrong = expect(self.run(w, ()), self.good)
        return wrong + self.after(w, True)


class ReceiptMissing(Receipt):
    """One of them; the other is not to be noted."""
    name = "dfreceipt-missing"
    codes = (99, 111)
    has = (1, 0)
    good = (99, True)


SCENES = {s.name: s for s in (
    Serve, ServeNew, Publish, PublishAnew, Push, Send, Retry, Relay,
    RelayBranch, Receipt, ReceiptMissing, *owners.ALL)}
