"""Four hosts in one directory: stores h1 to h4, h1 the one that crashes. A
world accepts the connections itself and starts dfserve for each, adopts what
its programs leave behind, and knows when nothing runs any more."""
import ctypes
import os
import re
import select
import shutil
import signal
import socket
import struct
import subprocess
import time

PR_SET_CHILD_SUBREAPER = 36
LIMIT = 30  # seconds until something that runs has to have ended
# Confined as what it stands for: it writes below the store only.
WRAPPER = """#!/bin/sh
set -C
if %s && (: >once) 2>/dev/null; then
  exec strace -o trace %s %s "$@"
fi
exec %s "$@"
"""


class Hangs(Exception):
    pass


def entry(port, host, branch=b""):
    return (b"\4" + socket.inet_aton(host) +
            struct.pack(">HI", port, len(branch)) + branch)


def one_set(entries):
    return struct.pack(">I", len(entries)) + entries


# What a crash before it or after it may tell apart; of openat: if it creates.
CHANGES = re.compile(r"(write|pwrite64|writev|rename|renameat2|link|linkat|"
                     r"unlink|unlinkat|symlink|mkdir|rmdir|ftruncate|mknodat?|"
                     r"fallocate|utimensat|fsync|fdatasync|syncfs|shutdown|"
                     r"setsockopt|connect|clone3?|vfork|exit_group)\(|"
                     r"open(at)?\(.*O_(CREAT|TRUNC)")


class World:
    serve = ["dfserve"]  # on h1
    options = []         # of that one

    def __init__(self, top, bin_dir):
        self.top, self.bin = os.path.abspath(top), bin_dir
        self.path = bin_dir + ":/usr/bin:/bin:/usr/sbin:/sbin"
        self.sockets, self.ports = {}, {}
        self.groups, self.orphans, self.codes = set(), set(), {}
        self.on_kill = None  # called as soon as strace has struck
        os.makedirs(self.dir("wrap"))
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.wake, w = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        os.set_blocking(w, False)
        signal.set_wakeup_fd(w, warn_on_full_buffer=False)
        self.trace = None
        self.log = open(self.dir("log"), "ab")
        for n in 1, 2, 3, 4:
            self.up(n)
        self.rules()

    def dir(self, *parts):
        return os.path.join(self.top, *parts)

    # --- hosts and their connections

    def bound(self, n):
        if n in self.sockets:
            self.sockets[n].close()
        s = self.sockets[n] = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind(("127.0.0.%d" % n, self.ports.get(n, 0)))
        self.ports[n] = s.getsockname()[1]
        return s

    def up(self, n):
        self.bound(n).listen(20)

    def down(self, n):
        """Connections are refused; the port stays ours."""
        self.bound(n)

    def at(self, n):
        return "127.0.0.%d:%d" % (n, self.ports[n])

    def entry(self, n, branch=b""):
        return entry(self.ports[n], "127.0.0.%d" % n, branch)

    def rules(self):
        text = "".join("127.0.0.%d:allow,DFPORTS=\"%d\"\n" % p
                       for p in self.ports.items())
        subprocess.run(["tcprules", "targets.cdb", "targets.tmp"],
                       input=text.encode(), cwd=self.top, check=True)

    def environment(self, **more):
        return {"PATH": self.dir("wrap") + ":" + self.path,
                "DFTARGETS": self.dir("targets.cdb"), **more}

    def spawn(self, argv, cwd, group=True, **more):
        files = {"stdin": subprocess.DEVNULL, "stdout": self.log}
        files.update({k: more.pop(k) for k in list(more) if k in files})
        p = subprocess.Popen(argv, cwd=self.dir(cwd), stderr=self.log,
                             env=self.environment(**more), process_group=0,
                             **files)
        if group:
            self.groups.add(p.pid)
        p.returncode = 0  # it is waited for here
        return p.pid

    def accept(self, n):
        c, (ip, port) = self.sockets[n].accept()
        path = {} if n == 1 else {"PATH": self.path}
        program = self.serve + self.options if n == 1 else ["dfserve"]
        self.spawn(program, "h%d" % n, n == 1, stdin=c, stdout=c,
                   TCPLOCALIP="127.0.0.%d" % n, TCPREMOTEIP=ip,
                   TCPLOCALPORT=str(self.ports[n]), TCPREMOTEPORT=str(port),
                   **path)
        c.close()

    def push(self, *arguments, replicate=None):
        """To h1; its pid."""
        more = {"REPLICATE_FN": replicate} if replicate else {}
        return self.spawn(["tcpclient", "-RHl0", "127.0.0.1",
                           str(self.ports[1]), "pushdf", *arguments],
                          "data", False, PATH=self.path, **more)

    # --- strace

    def wrap(self, program, options, condition="true"):
        """The program's next run on h1 is under strace."""
        path = self.dir("wrap", program)
        os.mkfifo(self.dir("h1/trace"))
        self.trace = os.open(self.dir("h1/trace"), os.O_RDWR | os.O_NONBLOCK)
        self.calls, self.struck = [], False
        real = os.path.join(self.bin, program)
        with open(path, "w") as f:
            f.write(WRAPPER % (condition, options, real, real))
        os.chmod(path, 0o755)

    def unwrap(self):
        self.close_trace()
        for path in ["h1/trace", "h1/once"] + [
                "wrap/" + n for n in os.listdir(self.dir("wrap"))]:
            if os.path.lexists(self.dir(path)):
                os.unlink(self.dir(path))

    def close_trace(self):
        if self.trace is not None:
            os.close(self.trace)
        self.trace = None

    def read_trace(self):
        text = b""
        while True:
            try:
                text += os.read(self.trace, 65536)
            except BlockingIOError:
                break
        for line in text.decode("latin-1").split("\n"):
            m = re.match(r"(\w+)\(", line)
            if m:
                self.calls.append((m.group(1), bool(CHANGES.match(line))))
            if "killed by SIGKILL" in line and not self.struck:
                self.struck = True
                if self.on_kill:
                    self.on_kill()

    # --- until all is quiet

    def reap(self):
        """True: there is no child any more."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return True
            if not pid:
                return False
            self.codes[pid] = os.waitstatus_to_exitcode(status)
            if pid in self.groups:
                self.groups.remove(pid)
                self.orphans.add(pid)

    def listening(self):
        return {s.fileno(): n for n, s in self.sockets.items()
                if s.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)}

    def quiet(self):
        """Serves until nothing runs and nobody waits to be served."""
        end = time.monotonic() + LIMIT
        while True:
            fds = self.listening()
            p = select.poll()
            traces = [] if self.trace is None else [self.trace]
            for fd in list(fds) + [self.wake] + traces:
                p.register(fd, select.POLLIN)
            alone = self.reap()
            ready = [fd for fd, _ in p.poll(0 if alone else 1000)]
            if alone and not any(fd in fds or fd in traces for fd in ready):
                self.orphans.clear()
                return
            if self.wake in ready:
                os.read(self.wake, 4096)
            if traces:
                self.read_trace()
            for fd in ready:
                if fd in fds:
                    self.accept(fds[fd])
            if time.monotonic() > end:
                self.kill()
                raise Hangs("something hangs")

    def kill(self):
        """Whatever h1 runs is gone at once."""
        for g in self.groups:
            os.killpg(g, signal.SIGKILL)
        while self.orphans and any([self.kill_orphan(p)
                                    for p in os.listdir("/proc")
                                    if p.isdigit()]):
            pass

    def kill_orphan(self, pid):
        """Of a group whose first process is gone: its number may be that of
        another group by now. True: it was running."""
        try:
            with open("/proc/%s/stat" % pid) as f:
                state, _, group = f.read().rpartition(")")[2].split()[:3]
            if state in "ZX" or int(group) not in self.orphans or \
                    not os.readlink("/proc/%s/cwd" % pid).startswith(self.top):
                return False
            os.kill(int(pid), signal.SIGKILL)
            return True
        except (FileNotFoundError, ProcessLookupError):
            return False

    def run(self, argv, cwd="h1"):
        """To its end, and all that it has begun; its exit code."""
        pid = self.spawn(argv, cwd)
        self.quiet()
        return self.codes[pid]

    # --- states

    def clear(self, hosts=(1, 2, 3, 4)):
        """Empty directories."""
        for n in hosts:
            shutil.rmtree(self.dir("h%d" % n), ignore_errors=True)
            os.mkdir(self.dir("h%d" % n))

    def save(self, name, hosts=(1, 2, 3, 4)):
        shutil.rmtree(self.dir(name), ignore_errors=True)
        os.mkdir(self.dir(name))
        self.copy(self.top, self.dir(name), hosts)

    def load(self, name, hosts=(1, 2, 3, 4)):
        for n in hosts:
            shutil.rmtree(self.dir("h%d" % n), ignore_errors=True)
        self.copy(self.dir(name), self.top, hosts)

    @staticmethod
    def copy(a, b, hosts):
        subprocess.run(["cp", "-a", *(os.path.join(a, "h%d" % n)
                                      for n in hosts), b], check=True)
