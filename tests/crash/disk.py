"""A model of a file system that promises no more than it must: see replay.py."""
import collections
import os

FILE, DIR, LINK, FIFO = "file", "dir", "link", "fifo"
# Of what is only swept after a crash; not every pair of these is tried.
LEFTOVERS = (".df/stream", ".df/tmp", ".df/publish", ".df/id", ".df/lock",
             ".df/try")


class Inode:
    def __init__(self, kind, mode, text=b""):
        self.kind, self.mode, self.now = kind, mode, text
        self.durable = text if kind == LINK else b""
        self.names, self.durable_names = {}, {}


class Model:
    """The store, as it is seen and as it is on the disk."""

    def __init__(self, before):
        self.pending = []  # (directory, {name: inode or None}, leftover)
        self.changed = 0   # counts what became durable, or was written
        self.root = self.load(before, {})

    def load(self, path, seen):
        st = os.lstat(path)
        if st.st_ino in seen and not os.path.isdir(path):
            return seen[st.st_ino]
        mode = st.st_mode & 0o7777
        if os.path.islink(path):
            made = Inode(LINK, 0, os.fsencode(os.readlink(path)))
        elif os.path.isdir(path):
            made = Inode(DIR, mode)
            for name in os.listdir(path):
                made.names[name] = self.load(os.path.join(path, name), seen)
            made.durable_names = dict(made.names)
        elif os.path.isfile(path):
            with open(path, "rb") as f:
                made = Inode(FILE, mode, f.read())
            made.durable = made.now
        else:
            made = Inode(FIFO, mode)
        seen[st.st_ino] = made
        return made

    def find(self, path):
        at = self.root
        for name in path.split("/"):
            if name and at:
                at = at.names.get(name)
        return at

    def place(self, path):
        top, _, name = path.rpartition("/")
        return self.find(top), name, path.startswith(LEFTOVERS)

    def enter(self, *names):
        """(path, inode or None)...: what is in one directory together."""
        kept = {}
        for path, inode in names:
            where, name, leftover = self.place(path)
            ops, _ = kept.setdefault(id(where), ({}, (where, leftover)))
            ops[name] = inode
        for ops, (where, leftover) in kept.values():
            where.names.update(ops)
            self.pending.append((where, ops, leftover))
            for name in [n for n, i in ops.items() if i is None]:
                del where.names[name]

    def write(self, inode, data, at=None):
        self.changed += 1
        at = len(inode.now) if at is None else at
        gap = b"\0" * (at - len(inode.now))
        inode.now = (inode.now + gap)[:at] + data + inode.now[at + len(data):]

    def sync(self, inode):
        self.changed += 1
        inode.durable = inode.now
        if inode.kind != DIR:
            return
        mine = [p for p in self.pending if p[0] is inode]
        self.pending = [p for p in self.pending if p[0] is not inode]
        for _, ops, _ in mine:
            change(inode.durable_names, ops)

    def sync_all(self):
        for _, inode in self.walk(self.root, ""):
            self.sync(inode)
        for where in {id(p[0]): p[0] for p in self.pending}.values():
            self.sync(where)

    def walk(self, at, path):
        yield path, at
        for name, inode in at.names.items():
            yield from self.walk(inode, path + "/" + name if path else name)

    def unsynced(self):
        found = {}
        for where, ops, _ in self.pending:
            for inode in ops.values():
                if inode:
                    found[id(inode)] = inode
        for _, inode in self.walk(self.root, ""):
            found[id(inode)] = inode
        return [i for i in found.values() if i.durable != i.now]

    def tree(self, kept, ways, way):
        """{path: (kind, mode, text, inode)} with these operations kept."""
        names = {}
        for n in kept:
            where, ops, _ = self.pending[n]
            if id(where) not in names:
                names[id(where)] = dict(where.durable_names)
            change(names[id(where)], ops)
        out = {}

        def put(at, path):
            for name, i in names.get(id(at), at.durable_names).items():
                to = path + name
                out[to] = (i.kind, i.mode, text(i, ways.get(id(i), way)), id(i))
                if i.kind == DIR:
                    put(i, to + "/")
        put(self.root, "")
        return out


def change(names, ops):
    for name, inode in ops.items():
        if inode:
            names[name] = inode
        else:
            names.pop(name, None)


def text(i, way):
    """What is found in it: durable, whole, torn, with NULs."""
    a, b = i.durable, i.now
    if a == b or way == "durable" or i.kind != FILE:
        return a
    if way == "whole":
        return b
    first = next((n for n, (x, y) in enumerate(zip(a, b)) if x != y),
                 min(len(a), len(b)))
    middle = first + (max(len(a), len(b)) - first) // 2
    if way == "torn":
        return b[:middle] + (a[middle:] if len(a) >= len(b) else b"")
    return a[:first] + b"\0" * (len(b) - first) if b[:len(a)] == a else a


def key_of(tree, sweep):
    """Trees of one key are one store. sweep: leftovers are all alike."""
    groups = collections.defaultdict(list)
    out = []
    for path, (kind, mode, data, inode) in tree.items():
        leftover = sweep and path.startswith(LEFTOVERS)
        if leftover and path not in LEFTOVERS:
            continue
        out.append((path, kind, mode, data))
        if kind == FILE:
            groups[inode].append(path)
    many = [tuple(sorted(g)) for g in groups.values() if len(g) > 1]
    return hash((frozenset(out), frozenset(many)))


def build(tree, top):
    made = {}
    os.mkdir(top, 0o755)
    for path in sorted(tree):
        kind, mode, data, inode = tree[path]
        to = os.path.join(top, path)
        if kind == DIR:
            os.mkdir(to, mode)
        elif kind == LINK:
            os.symlink(data, os.fsencode(to))
        elif kind == FIFO:
            os.mkfifo(to, mode)
        elif inode in made:
            os.link(made[inode], to)
        else:
            fd = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
            os.write(fd, data)
            os.close(fd)
            made[inode] = to
