"""Follows the trace of a run (record.sh) on the model of the store."""
import os
import re

import checkstore
from disk import DIR, FIFO, FILE, LINK, Inode, Model


class Call:
    def __init__(self, pid, name, args, result):
        self.pid, self.name, self.args = pid, name, args
        self.result = result

    def fd(self, n=0):
        """The path of a descriptor; None: it has none, or has lost it."""
        m = re.match(r"-?\w+<((?:\\x[0-9a-f]{2})*)>(.*)\Z", self.args[n])
        path = m and plain(m.group(1))
        if not m or m.group(2) or path.endswith(" (deleted)"):
            return None
        return path

    def string(self, n):
        return bytes_of(re.match(r'"([^"]*)"\Z', self.args[n]).group(1))

    def number(self, n):
        return int(self.args[n], 0)

    def mode(self, n):
        return int(self.args[n], 8) & ~0o022


def bytes_of(s):
    return bytes.fromhex(s.replace("\\x", ""))


def plain(s):
    return os.fsdecode(bytes_of(s))


def calls(trace):
    """In the order in which they came to their ends; those that failed do not
    count."""
    begun = {}
    with open(trace) as f:
        for line in f:
            pid, rest = line.rstrip("\n").split(None, 1)
            if rest.startswith("<... "):
                rest = begun.pop(pid) + rest.partition(" resumed>")[2]
            elif rest.endswith(" <unfinished ...>"):
                begun[pid] = rest[:-len(" <unfinished ...>")]
                continue
            m = re.match(r"(\w+)\((.*)\)\s+= (-?\d+|\?|0x[0-9a-f]+)", rest)
            if not m:
                raise SystemExit("%s: %.100s" % (trace, rest))
            if not m.group(3).startswith("-"):
                yield Call(pid, m.group(1), m.group(2).split(", "), m.group(3))


class Run:
    """Follows a trace; after each step there is something to look at."""

    def __init__(self, case):
        self.case = case
        self.model = Model(os.path.join(case, "before"))
        self.top = self.lines("path")[0]
        self.acked = self.lines("acked")
        self.delivered = set(self.lines("delivered"))
        self.hosts = dict(h.split() for h in self.lines("hosts"))
        self.program, self.target = {}, {}
        self.publisher = None # who made status.json last
        self.noted = {} # by path of a commit: who wrote to it last, inode
        self.namer = {}  # by path: the dfpublish that made it and still runs
        # What was wrong before, such as a rotten copy, may stay so.
        wrong = checkstore.check(os.path.join(case, "before"))
        self.known = {w.partition(": ")[0] for w in wrong}

    def lines(self, name):
        with open(os.path.join(self.case, name)) as f:
            return f.read().splitlines()

    def inside(self, path):
        """As a path from the store's top; None: elsewhere."""
        path = os.path.normpath(os.path.join(self.top, path))
        if path == self.top:
            return ""
        if path.startswith(self.top + "/"):
            return path[len(self.top) + 1:]
        return None

    def at(self, c, n):
        """The path of two arguments, directory and name."""
        if c.args[n].startswith("AT_FDCWD"):
            return self.inside(os.fsdecode(c.string(n + 1)))
        return self.inside(os.path.join(c.fd(n) or "/",
                                        os.fsdecode(c.string(n + 1))))

    def here(self, c, n):
        return self.inside(os.fsdecode(c.string(n)))

    def file(self, c):
        path = c.fd()
        path = path and self.inside(path)
        return None if path is None else self.model.find(path)

    def steps(self):
        for c in calls(os.path.join(self.case, "trace")):
            do = getattr(self, "do_" + c.name, None)
            if not do:
                raise SystemExit("no model of " + c.name)
            do(c)
            yield c

    # --- names

    def make(self, path, inode):
        if path is not None:
            self.model.enter((path, inode))

    def open(self, path, flags, c, n):
        if path is None:
            return
        found = self.model.find(path)
        if "O_TRUNC" in flags and found:
            self.model.changed += 1
            found.now = b""
        if "O_CREAT" in flags and not found:
            self.make(path, Inode(FILE, c.mode(n)))

    def do_openat(self, c):
        self.open(self.at(c, 0), c.args[2], c, 3)

    def do_open(self, c):
        self.open(self.here(c, 0), c.args[1], c, 2)

    def do_mkdir(self, c):
        self.make(self.here(c, 0), Inode(DIR, c.mode(1)))

    def do_mknod(self, c):
        self.make(self.here(c, 0), Inode(FIFO, 0o600))

    def do_mknodat(self, c):
        self.make(self.at(c, 0), Inode(FIFO, 0o600))

    def do_symlink(self, c):
        self.make(self.here(c, 1), Inode(LINK, 0, c.string(0)))

    def link(self, a, b):
        self.make(b, self.model.find(a))

    def do_link(self, c):
        self.link(self.here(c, 0), self.here(c, 1))

    def do_linkat(self, c):
        self.link(self.at(c, 0), self.at(c, 2))

    def rename(self, a, b, exchange=False):
        if a is None or b is None:
            return
        old = self.model.find(b) if exchange else None
        self.model.enter((a, old), (b, self.model.find(a)))

    def do_rename(self, c):
        self.rename(self.here(c, 0), self.here(c, 1))

    def do_renameat(self, c):
        self.rename(self.at(c, 0), self.at(c, 2))

    def do_renameat2(self, c):
        self.rename(self.at(c, 0), self.at(c, 2), "EXCHANGE" in c.args[4])

    def do_unlink(self, c):
        self.make(self.here(c, 0), None)

    def do_unlinkat(self, c):
        self.make(self.at(c, 0), None)

    def do_rmdir(self, c):
        self.make(self.here(c, 0), None)

    # --- data

    def do_write(self, c):
        f = self.file(c)
        if f and f.kind == FILE:
            self.model.write(f, c.string(1)[:int(c.result)])

    def do_pwrite64(self, c):
        f = self.file(c)
        if f:
            self.model.write(f, c.string(1)[:int(c.result)], c.number(3))

    def do_ftruncate(self, c):
        f = self.file(c)
        if f:
            self.model.changed += 1
            f.now = f.now[:c.number(1)].ljust(c.number(1), b"\0")

    def do_fallocate(self, c):
        if "KEEP_SIZE" not in c.args[1]:
            raise SystemExit("no model of fallocate that makes files longer")

    def do_mmap(self, c):
        if "MAP_SHARED" in c.args[3] and "PROT_WRITE" in c.args[2]:
            raise SystemExit("no model of writes by mmap")

    def do_fsync(self, c):
        f = self.file(c)
        if f:
            self.model.sync(f)

    do_fdatasync = do_fsync

    def do_unknown(self, c):
        f = self.file(c)
        if f and f.kind != DIR:
            raise SystemExit("no model of %s in the store" % c.name)

    do_writev = do_sendfile = do_splice = do_copy_file_range = do_unknown
    do_pwritev = do_fchmod = do_unknown

    def do_truncate(self, c):
        if self.here(c, 0) is not None:
            raise SystemExit("no model of %s in the store" % c.name)

    do_chmod = do_creat = do_truncate

    def do_chdir(self, c):
        raise SystemExit("no model of chdir")

    do_fchdir = do_chdir

    def do_syncfs(self, c):
        self.model.sync_all()

    do_sync = do_syncfs

    # --- what is promised

    def do_execve(self, c):
        words = [plain(w) for w in re.findall(r'"((?:\\x[0-9a-f]{2})*)"',
                                              ", ".join(c.args[1:-1]))]
        self.program[c.pid] = os.path.basename(words[0])
        if "dfsend" in words[1:]:
            n = words.index("dfsend")
            self.target[c.pid] = ":".join(words[n - 2:n])

    def do_shutdown(self, c):
        if self.program.get(c.pid) == "dfserve":
            self.acked = self.acked + self.lines("chunks")
            self.model.changed += 1

    def do_exit_group(self, c):
        if self.program.get(c.pid) == "dfsend" and c.args[0] == "0":
            self.delivered = self.delivered | {self.target[c.pid]}
            self.model.changed += 1

    def same_as_end(self):
        """What the model says that the store is now, it is."""
        m, end = self.model, Model(os.path.join(self.case, "end"))
        mine, theirs = ({p: (i.kind, i.mode, i.now) for p, i in x.walk(x.root,
                        "") if p} for x in (m, end))
        for path in sorted(set(mine) | set(theirs)):
            if mine.get(path) != theirs.get(path):
                raise SystemExit("%s: the model differs at %s: %.200r, %.200r"
                                 % (self.case, path, mine.get(path),
                                    theirs.get(path)))
