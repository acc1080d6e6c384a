"""What the fault tests share: hosts in a scratch directory, one run of a
program in one of them with a fault, and what must hold afterwards."""
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SRC = os.path.join(os.path.dirname(TESTS), "src")
sys.path[:0] = os.path.join(TESTS, "crash"), TESTS
sys.dont_write_bytecode = True
import checkstore  # noqa: E402
import formats  # noqa: E402
import stream  # noqa: E402

PATIENCE = 25  # seconds; what takes longer hangs
HELLO = "5d41402abc4b2a76b9719d911017c592"


class Hangs(Exception):
    pass


def put(path, data):
    with open(path, "wb") as f:
        f.write(data)


def empty(path):
    """The directory stays: a server is in it."""
    os.makedirs(path, exist_ok=True)
    for name in os.listdir(path):
        p = os.path.join(path, name)
        if os.path.isdir(p) and not os.path.islink(p):
            shutil.rmtree(p)
        else:
            os.unlink(p)


def copy(source, path):
    empty(path)
    subprocess.run(["cp", "-a", source + "/.", path], check=True)


def those_in(path):
    """Processes whose current directory it is."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.readlink("/proc/%s/cwd" % pid) == path:
                found.append(int(pid))
        except OSError:
            pass
    return found


class Host:
    """The store w/NAME. Others reach it by its tcpserver, if it has one."""

    def __init__(self, world, name, serves=False):
        self.dir = os.path.join(world.dir, name)
        os.makedirs(self.dir)
        self.server = self.port = None
        if serves:
            self.server = subprocess.Popen(
                ["tcpserver", "-1RHl0", "127.0.0.1", "0", "dfserve", "-s",
                 "0", "-t", "5", "-c", "100"],
                cwd=self.dir, env=world.env, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=world.log)
            self.port = int(self.server.stdout.readline())

    def target(self):
        return "127.0.0.1:%d" % self.port

    def settle(self):
        """Waits until nobody works there."""
        own = [self.server.pid] if self.server else []
        end = time.monotonic() + PATIENCE
        while [p for p in those_in(self.dir) if p not in own]:
            if time.monotonic() > end:
                raise Hangs("somebody stays in " + self.dir)
            time.sleep(0.003)

    def end(self):
        if self.server:
            self.server.kill()
            self.server.wait()


class World:
    """A scratch directory with hosts a (where the fault is) and b, the rules,
    and fakes, programs that are found before the real ones."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="faults.", dir=os.getcwd())
        self.log = open(os.path.join(self.dir, "log"), "ab")
        self.fakes = os.path.join(self.dir, "fakes")
        os.mkdir(self.fakes)
        self.env = {"PATH": "%s:%s:/usr/bin:/bin" % (self.fakes, SRC),
                    "DFHOST": "10.0.0.1", "HOME": "/"}
        self.a = Host(self, "a")
        self.b = Host(self, "b", serves=True)
        subprocess.run(["tcprules", "rules.cdb", "rules.tmp"], cwd=self.dir,
                       input=b'127.:allow,DFPORTS="9,%d"\n' % self.b.port,
                       check=True)
        self.rules = os.path.join(self.dir, "rules.cdb")
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.base = {}  # name: directory with what a scene begins with
        self.web = self.web_port = None

    def end(self):
        self.b.end()
        if self.web:
            self.web.kill()
            self.web.wait()
        self.log.close()
        shutil.rmtree(self.dir, ignore_errors=True)

    def url(self):
        """For DFURL: hosts 127.0.0.N have what is below hN, N up to 6; h1 is b.
        is.N says how host N lies, see webhosts.py."""
        if not self.web:
            os.symlink("b", os.path.join(self.dir, "h1"))
            self.web = subprocess.Popen(
                [sys.executable, os.path.join(TESTS, "webhosts.py"),
                 *("127.0.0.%d" % n for n in range(1, 7))], cwd=self.dir,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=self.log)
            self.web_port = int(self.web.stdout.readline())
        return "http://%%h:%d/" % self.web_port

    def fake(self, *names):
        """These programs do nothing."""
        for name in os.listdir(self.fakes):
            os.unlink(os.path.join(self.fakes, name))
        for name in names:
            os.symlink("/bin/true", os.path.join(self.fakes, name))

    @staticmethod
    def stream(words):
        stream.NOW = int(time.time())
        return stream.stream(stream.words_of(words))

    def run(self, command, where=None, wait=True, **more):
        """Its exit code, or the process."""
        env = dict(self.env, **more.pop("env", {}))
        more.setdefault("stdin", subprocess.DEVNULL)
        more.setdefault("stdout", self.log)
        p = subprocess.Popen(command, cwd=where or self.a.dir, env=env,
                             stderr=self.log, start_new_session=True, **more)
        return self.wait(p) if wait else p

    @staticmethod
    def wait(p):
        try:
            return p.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(p.pid, signal.SIGKILL)
            p.wait()
            raise Hangs(" ".join(p.args[-6:])) from None

    def serve(self, data, wrap=(), options=("-s", "0"), env=None, fed=None):
        """A connection to dfserve in a. Its exit code, and whether the client
        saw an orderly end. fed sends the data, where not all at once."""
        client = socket.create_connection(self.listener.getsockname())
        client.settimeout(PATIENCE)
        server, peer = self.listener.accept()
        e = {"TCPREMOTEIP": "127.0.0.1", "TCPREMOTEPORT": str(peer[1]),
             "TCPLOCALIP": "127.0.0.1", "TCPLOCALPORT": "17478"}
        with server:
            p = self.run([*wrap, "dfserve", "-t", "5", "-x", self.rules,
                          *options], wait=False, stdin=server, stdout=server,
                         env=dict(e, **(env or {})))
        with client:
            try:
                (fed or socket.socket.sendall)(client, data)
                client.shutdown(socket.SHUT_WR)
                acknowledged = client.recv(1) == b""
            except TimeoutError:
                acknowledged = False
            except OSError:
                acknowledged = False
        return self.wait(p), acknowledged

    def made(self, name, make):
        """Puts into a what make() left there when it was first called."""
        if name not in self.base:
            empty(self.a.dir)
            make()
            self.a.settle()
            self.base[name] = os.path.join(self.dir, "base." + name)
            copy(self.a.dir, self.base[name])
        copy(self.base[name], self.a.dir)

    def kept(self, name, path, make):
        """The same with any directory, which make() begins with as it is."""
        if name not in self.base:
            make()
            self.base[name] = os.path.join(self.dir, "base." + name)
            copy(path, self.base[name])
        else:
            copy(self.base[name], path)

    @staticmethod
    def duties(host):
        """The states of all duties."""
        top = host.dir + "/.df/commit/"
        out = []
        for name in os.listdir(top):
            with open(top + name, "rb") as f:
                out += [d[3] for d in formats.Commit(f.read()).duties()]
        return out

    def check(self, host, **how):
        hosts = {"127.0.0.1:9": self.dir + "/nobody",
                 self.b.target(): self.b.dir}
        return checkstore.check(host.dir, hosts=hosts, **how)


def expect(what, *wanted):
    return [] if what in wanted else ["again: %r" % (what,)]
