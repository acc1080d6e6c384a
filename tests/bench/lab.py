"""What the measurements share: fresh disks, hosts, peers, clocks."""
import ctypes
import os
import resource
import shutil
import signal
import statistics
import subprocess
import time

RUNS = int(os.environ.get("RUNS", "5"))
PR_SET_CHILD_SUBREAPER = 36
WAIT = 120  # seconds for what must come


def adopt():
    """Relays and publishers that outlive their parents become ours: their CPU
    seconds are counted."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def run(*argv, **more):
    subprocess.run([str(a) for a in argv], check=True, **more)


def median(values):
    return statistics.median(values)


def until(what, *args, every=0.0005):
    """Waits until what(*args) is true, looks every so many seconds; the clock
    when it was."""
    end = time.monotonic() + WAIT
    while not what(*args):
        if time.monotonic() > end:
            raise SystemExit("bench: fatal: never true: %s" % (args,))
        time.sleep(every)
    return time.monotonic()


class Disk:
    """A new image of ext4 with a journal, on the disk of the current directory,
    mounted. Direct I/O, as a disk has: else what is written to the image waits in
    the cache of its file, and all of it goes to the disk at the next fsync."""

    def __init__(self, gib=4, inodes=None):
        self.image = os.path.abspath("image.%d" % time.monotonic_ns())
        self.at = self.image + ".mounted"
        with open(self.image, "w") as f:
            os.truncate(f.fileno(), gib << 30)
        more = ["-N", inodes] if inodes else []
        run("mkfs.ext4", "-q", "-F", "-E",
            "lazy_itable_init=0,lazy_journal_init=0", *more, self.image)
        self.loop = subprocess.check_output(
            ["losetup", "--show", "--direct-io=on", "-f", self.image],
            text=True).strip()
        os.mkdir(self.at)
        run("mount", self.loop, self.at)

    def unmount(self):
        """What was ended may take a moment to let go."""
        return subprocess.call(["umount", "-q", self.at],
                               stderr=subprocess.DEVNULL) == 0

    def __enter__(self):
        os.sync()
        return self.at

    def __exit__(self, *_):
        end_below(self.at)
        until(self.unmount)
        run("losetup", "-d", self.loop)
        os.unlink(self.image)
        os.rmdir(self.at)


def below(directory):
    """The processes whose current directory is there."""
    for p in filter(str.isdigit, os.listdir("/proc")):
        try:
            cwd = os.readlink("/proc/%s/cwd" % p)
        except OSError:
            continue
        if cwd == directory or cwd.startswith(directory + "/"):
            yield int(p)


def end_below(directory):
    """Ends what works there, and takes it in."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        there = [p for p in below(directory) if p != os.getpid()]
        if not there:
            break
        for p in there:
            try:
                os.kill(p, signal.SIGKILL)
            except OSError:
                pass
        reap()


def reap():
    """Takes in what has ended."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


class Task:
    """A command: its seconds, and its CPU seconds with those of its children
    that it waited for."""

    def __init__(self, argv, **more):
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            argv, stdin=more.pop("stdin", subprocess.DEVNULL),
            stdout=subprocess.DEVNULL, **more)
        self.argv = argv

    def end(self):
        _, status, usage = os.wait4(self.process.pid, 0)
        self.seconds = time.monotonic() - self.started
        self.cpu = usage.ru_utime + usage.ru_stime
        self.process.returncode = os.waitstatus_to_exitcode(status)
        if self.process.returncode:
            raise SystemExit("bench: fatal: %s: exit code %d" % (
                " ".join(self.argv), self.process.returncode))
        return self


def task(argv, **more):
    return Task(argv, **more).end()


def together(tasks):
    """Seconds from the start of the first to the end of the last."""
    for t in tasks:
        t.end()
    return max(t.started + t.seconds for t in tasks) - tasks[0].started


def cpu():
    """Of all children that have been taken in."""
    u = resource.getrusage(resource.RUSAGE_CHILDREN)
    return u.ru_utime + u.ru_stime


class Host:
    """A store under tcpserver; address and port of it. wrap goes before
    tcpserver (a network namespace)."""
    rules = {}

    def __init__(self, store, address="127.0.0.1", port=0, wrap=()):
        self.store, self.address = store, address
        os.makedirs(store)
        log = open(store + ".log", "ab")
        self.process = subprocess.Popen(
            [*wrap, "tcpserver", "-1RHDl0", "-c200", address, str(port),
             "dfserve", "-x", os.path.join(os.path.dirname(store), "cdb")],
            cwd=store, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=log)
        log.close()
        self.port = int(self.process.stdout.readline())

    def at(self):
        return "%s:%d" % (self.address, self.port)

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()

    def quiet(self):
        """1: nothing works in the store."""
        reap()
        return not [p for p in below(self.store) if p != self.process.pid]

    def chunks(self):
        """How many status.json counts."""
        try:
            with open(self.store + "/status.json") as f:
                text = f.read()
        except OSError:
            return 0
        at = text.find('"chunks":')
        return int(text[at + 9:text.index(",", at)]) if at >= 0 else 0

    def has(self, md5):
        return os.path.exists("%s/md5/%s/%s" % (self.store, md5[:2], md5))


def allow(disk, hosts):
    """Target rules: all of these hosts."""
    by = {}
    for h in hosts:
        by.setdefault(h.address, []).append(str(h.port))
    text = "".join('%s:allow,DFPORTS="%s"\n' % (a, ",".join(p))
                   for a, p in by.items())
    run("tcprules", disk + "/cdb", disk + "/cdb.tmp", input=text.encode())


def replicate(disk, text):
    """The environment for a push with this list."""
    name = disk + "/list.dat"
    with open(name, "wb") as f:
        run("genrep", input=text.encode(), stdout=f)
    return dict(os.environ, REPLICATE_FN=name)


def push(host, *arguments, wrap=(), **more):
    return Task([*wrap, "tcpclient", "-RHDl0", host.address, str(host.port),
                 "pushdf", "-q", *arguments], **more)


class Rsync:
    """A daemon of rsync with modules 1 to n below directory."""

    def __init__(self, directory, n=1):
        self.conf = directory + "/rsyncd.conf"
        for i in range(1, n + 1):
            os.mkdir("%s/r%d" % (directory, i))
        with open(self.conf, "w") as f:
            f.write("use chroot = no\nuid = 0\ngid = 0\nread only = no\n")
            for i in range(1, n + 1):
                f.write("[r%d]\npath = %s/r%d\n" % (i, directory, i))
        self.server = subprocess.Popen(
            ["tcpserver", "-1RHDl0", "-c200", "127.0.0.1", "0", "rsync",
             "--daemon", "--config=" + self.conf],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL)
        self.port = int(self.server.stdout.readline())

    def send(self, source, *options, module=1):
        return Task(["rsync", "-W", "-r", *options, source,
                     "rsync://127.0.0.1:%d/r%d/" % (self.port, module)])

    def stop(self):
        self.server.terminate()
        self.server.wait()
        self.server.stdout.close()


def forget(path):
    shutil.rmtree(path, ignore_errors=True)
