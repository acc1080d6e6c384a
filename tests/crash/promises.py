"""The order of writes of a recorded run: each sync stands where it must, also
where what is lost without it would be put right. See replay.py.

A name is given to a file only when its data are durable; a commit is made when
all that it names is, the commit is durable before the connection ends, a public
file before the one that tells of it, and all before dfpublish is through. The mark
of a chunk that goes stays until the data are gone for good."""
import re

from disk import DIR, FILE, LEFTOVERS

# (of what is made, of directories in which nothing may be pending then)
BEFORE = (
    (r"\.df/commit/", r"md5(/..)?|\.df/corrupt"),
    (r"(head|key)/", r"\.df/changes"),
    (r"key/|head/key/", r"head/.."),
    (r"status\.json", r"(head|key|delta)(/.*)?"),
    (r"index\.json", r"status\.json"),
    (r"\.df/ready", r"\.df|head|md5|key|delta|"),
)


def made(run, c):
    """The path that a call has given to something; None: it has not."""
    if c.name in ("rename", "link"):
        return run.here(c, 1)
    if c.name in ("renameat", "renameat2", "linkat"):
        return run.at(c, 2)
    return None


def pending(model):
    """(path, inode or None) of each name that is not durable yet."""
    dirs = {id(i): p for p, i in model.walk(model.root, "") if i.kind == DIR}
    for where, ops, leftover in model.pending:
        top = dirs.get(id(where))
        if top is not None and not leftover:
            for name, inode in ops.items():
                yield top, top + "/" * bool(top) + name, inode


def not_durable(run, c, dirs, but=""):
    """Names in these directories, or these names; not those that another
    dfpublish, which is not through, has made meanwhile."""
    for top, path, inode in pending(run.model):
        if (path != but and run.namer.get(path, c.pid) == c.pid
                and any(re.fullmatch(dirs, p) for p in (top, path))):
            yield "%s: not durable yet" % path


def at_end(run):
    """The last word of dfserve."""
    for top, path, inode in pending(run.model):
        if inode and (inode.kind == DIR or top == ".df/commit"):
            yield "%s: not durable when the connection ends" % path


def broken(run, c):
    """What is not as it must be after this call."""
    path = made(run, c)
    program = run.program.get(c.pid)
    if path is not None and program == "dfpublish":
        run.namer[path] = c.pid
    if path is not None and not path.startswith(LEFTOVERS):
        inode = run.model.find(path)
        if inode.kind == FILE and inode.durable != inode.now:
            yield "%s: named before its data are durable" % path
        for name, dirs in BEFORE:
            if re.match(name, path):
                for w in not_durable(run, c, dirs, path):
                    yield "%s when %s is made" % (w, path)
    if c.name in ("unlink", "unlinkat") and program == "dfexpire":
        gone = run.here(c, 0) if c.name == "unlink" else run.at(c, 0)
        if gone and gone.startswith(".df/going/out/"):
            for w in not_durable(run, c, r"md5(/..)?"):
                yield "%s when %s goes" % (w, gone)
    note = c.name == "pwrite64" and run.inside(c.fd() or "/")
    if note and note.startswith(".df/commit/"):
        run.noted[note] = c.pid, run.file(c)
        for w in not_durable(run, c, r"((head|key|delta)(/.*)?|)") \
                if program == "dfpublish" else ():
            yield "%s when %s is marked" % (w, note)
    if path == "status.json": # one at a time; others leave it to the next
        run.publisher = c.pid
    if c.name == "shutdown" and program == "dfserve":
        yield from at_end(run)
    if c.name != "exit_group":
        return
    if program == "dfverify":
        for w in not_durable(run, c, r"md5(/..)?|\.df/corrupt"):
            yield w + " when dfverify is through"
    if c.pid == run.publisher and c.args[0] == "0":
        for w in not_durable(run, c, r"((head|key|delta)(/.*)?|)"):
            yield w + " when dfpublish is through"
    run.namer = {p: pid for p, pid in run.namer.items() if pid != c.pid}
    for pid, inode in run.noted.values():
        if pid == c.pid and inode.durable != inode.now:
            yield "a note is not durable when %s is through" % program
