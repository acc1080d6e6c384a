"""Hosts on disks and links of their own: a network namespace, a small image of
ext4 and all that runs on a host, for each. Needs root, and to be the first
process of PID, network and mount namespaces (within.sh)."""
import fcntl
import os
import signal
import struct
import subprocess

import formats
from powercut import EXT4_IOC_SHUTDOWN, command, unmount

PORT = 17478
CLIENT = 100
SIZE = 1 << 30  # of an image; sparse
SERVICES = {
    "tcpserver": "exec tcpserver -RHDl0 -c40 {ip} {port} "
                 "dfserve -t 3 -T 1 -s 1M",
    "dfretry": "exec dfretry -t 3 -T 1",
    "dfexpire": "exec dfexpire -w 1",
    "httpd": "exec busybox httpd -f -p {ip}:80 -h .",
}
WORKERS = ("dfserve", "dfrelay", "dfsend", "dfpublish", "dfreceipt", "dfverify",
           "getdf")


def address(i):
    return "10.79.0.%d" % i


class Net:
    """A bridge of ours, and a link to a namespace for each host."""

    def __init__(self, numbers):
        command("mount", "-t", "tmpfs", "none", "/run")
        command("ip", "link", "set", "lo", "up")
        command("ip", "link", "add", "bridge", "type", "bridge")
        command("ip", "link", "set", "bridge", "up")
        for i in numbers:
            name = "h%d" % i
            command("ip", "netns", "add", name)
            command("ip", "link", "add", name, "type", "veth", "peer", "name",
                    "eth", "netns", name)
            command("ip", "link", "set", name, "master", "bridge", "up")
            for words in (["link", "set", "lo", "up"],
                          ["address", "add", address(i) + "/24", "dev", "eth"],
                          ["link", "set", "eth", "up"]):
                command("ip", "-n", name, *words)

    @staticmethod
    def within(i):
        return ["nsenter", "--net=/run/netns/h%d" % i]

    @staticmethod
    def link(i, state):
        command("ip", "link", "set", "h%d" % i, state)

    @staticmethod
    def shape(i, slow):
        words = ["tc", "qdisc", "add" if slow else "del", "dev", "h%d" % i,
                 "root"]
        if slow:
            words += ["tbf", "rate", "1mbit", "burst", "16kb", "latency",
                      "200ms"]
        command(*words)

    @staticmethod
    def rule(i, how, words):
        command(*Net.within(i), "iptables", how, "INPUT", "-p", "tcp",
                "--dport", str(PORT), *words)


REFUSE = ["-j", "REJECT", "--reject-with", "tcp-reset"]
DROP = ["-j", "DROP"]


def spawn(argv, **more):
    """Its pid; whoever calls this waits for it."""
    p = subprocess.Popen(argv, stdin=subprocess.DEVNULL, **more)
    p.returncode = 0
    return p.pid


def processes(directory):
    """Those whose current directory is there."""
    for p in filter(str.isdigit, os.listdir("/proc")):
        try:
            cwd = os.readlink("/proc/%s/cwd" % p)
        except OSError:
            continue
        if cwd == directory or cwd.startswith(directory + "/"):
            yield int(p)


def name_of(pid):
    try:
        with open("/proc/%d/comm" % pid) as f:
            return f.read().strip()
    except OSError:
        return ""


def send(pids, which):
    for p in pids:
        try:
            os.kill(p, which)
        except ProcessLookupError:
            pass


def write_rules(path, lines):
    subprocess.run(["tcprules", path, path + ".tmp"], check=True,
                   input="".join(line + "\n" for line in lines).encode())


class Host:
    """Its target rules are DIR.cdb, made by whoever made the host."""

    def __init__(self, top, number, receipts=False):
        self.number, self.dir = number, "%s/h%d" % (top, number)
        self.image = self.dir + ".image"
        self.receipts = receipts
        self.up = False
        self.pids = {}
        self.log = open(self.dir + ".log", "ab")
        os.mkdir(self.dir)
        with open(self.image, "wb") as f:
            f.truncate(SIZE)
        command("mke2fs", "-q", "-F", "-t", "ext4", "-J", "size=4", "-m", "0",
                "-N", "16384", self.image)
        self.mount()
        os.rmdir(self.dir + "/lost+found")
        os.chmod(self.dir, 0o755)

    def mount(self):
        command("mount", "-o", "loop", self.image, self.dir)
        self.up = True

    def environment(self):
        return {"PATH": os.environ["PATH"], "DFHOST": address(self.number),
                "DFPORT": str(PORT), "DFTARGETS": self.dir + ".cdb",
                "DFURL": "http://%h/"}

    def start(self, line, **more):
        env = self.environment()
        env.update(more)
        return spawn(Net.within(self.number) + ["sh", "-c", line],
                     cwd=self.dir, stdout=self.log, stderr=self.log,
                     env={k: v for k, v in env.items() if v})

    def keep(self):
        """Starts what does not run."""
        for name, line in SERVICES.items():
            if not self.up or self.pids.get(name):
                continue
            line = line.format(ip=address(self.number), port=PORT)
            self.pids[name] = self.start(
                line, **({} if self.receipts else {"DFURL": ""}))

    def verify(self):
        """All that is stored is hashed, and what is corrupt fetched anew."""
        return self.start("exec dfverify -1 -r 0")

    def gone(self, pid):
        for name, p in self.pids.items():
            if p == pid:
                self.pids[name] = None

    def kill(self):
        """All of it, by and by: whoever waits for them goes through this."""
        self.up = False
        while True:
            there = list(processes(self.dir))
            send(there, signal.SIGKILL)
            if not there:
                return
            yield

    def shut_down(self, flag):
        fd = os.open(self.dir, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.ioctl(fd, EXT4_IOC_SHUTDOWN, struct.pack("I", flag))
        os.close(fd)

    def data(self, md5):
        return "%s/md5/%s/%s" % (self.dir, md5[:2], md5)

    def has(self, md5):
        return os.path.exists(self.data(md5))

    def header(self, md5):
        """As it is stored; None: it has none."""
        try:
            with open("%s/head/%s/%s" % (self.dir, md5[:2], md5), "rb") as f:
                return formats.Header(f.read(), "stored")
        except FileNotFoundError:
            return None

    def working(self):
        return [p for p in map(name_of, processes(self.dir)) if p in WORKERS]

    def owed(self):
        """A number: commits, and duties that are open in them."""
        n = 0
        where = self.dir + "/.df/commit"
        for name in os.listdir(where) if os.path.isdir(where) else ():
            try:
                with open(where + "/" + name, "rb") as f:
                    c = formats.Commit(f.read())
            except FileNotFoundError:
                continue
            n += 1 + sum(s in "TBH" for _, _, _, s in c.duties())
        return n


def lacking(top):
    """Why there can be no such hosts here, or None: tries what they need."""
    try:
        net = Net((1,))
        net.shape(1, True)
        net.shape(1, False)
        for words in REFUSE, DROP:
            net.rule(1, "-A", words)
            net.rule(1, "-D", words)
        h = Host(top, 1)
        h.shut_down(2)
        unmount(h.dir)
        h.mount()
        unmount(h.dir)
    except (OSError, subprocess.CalledProcessError) as e:
        return str(e)
    return None
