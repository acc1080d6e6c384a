#!/usr/bin/env python3
"""Each system call of a program fails, once and from then on, by strace -e
inject; then all that runs.judge looks at. A run that is acknowledged, or
exits 0, although a call failed, must stand in IGNORED.

    calls.py [-av] [-m POINTS] [-j WORKERS] SCENE...

-a   each call with each error; else with one of them once, and with one for
     good, in turn
-m   at most so many points of each scene, evenly spread
-j   at a time

Exit status 1: something is wrong. With -v what was ignored is told."""
import argparse
import collections
import multiprocessing
import os
import re
import signal
import sys

import rig
import runs

DISK = "ENOSPC EIO EDQUOT EROFS ENOMEM"
FDS = "EMFILE ENFILE ENOMEM"
ONCE = {"EINTR", "EAGAIN"}  # nothing returns these for ever

ERRORS = {
    "openat": "ENOSPC EIO EDQUOT EROFS EINTR " + FDS,
    "read": "EIO EINTR", "pread64": "EIO EINTR ENOMEM",
    "write": "ENOSPC EIO EDQUOT EINTR", "pwrite64": "ENOSPC EIO EDQUOT EINTR",
    "writev": "EIO EINTR EAGAIN ENOMEM",
    "sendfile": "EIO EINTR EAGAIN ENOMEM EINVAL",
    "fsync": "ENOSPC EIO EDQUOT", "fdatasync": "ENOSPC EIO EDQUOT",
    "syncfs": "ENOSPC EIO EDQUOT", "sync_file_range": "EIO ENOSPC",
    "fallocate": "ENOSPC EIO EDQUOT EINTR", "ftruncate": "EIO EINTR",
    "link": DISK, "linkat": DISK, "symlink": DISK, "mkdir": DISK,
    "rename": DISK, "renameat": DISK, "renameat2": DISK,
    "mknodat": DISK, "mknod": DISK,
    "unlink": "EIO EROFS ENOMEM", "unlinkat": "EIO EROFS ENOMEM",
    "rmdir": "EIO EROFS ENOMEM", "fchmod": "EIO EROFS", "chmod": "EIO EROFS",
    "close": "EIO EINTR ENOSPC EDQUOT", "close_range": "EMFILE ENOMEM",
    "clone3": "EAGAIN ENOMEM", "clone": "EAGAIN ENOMEM", "fork": "EAGAIN",
    "vfork": "EAGAIN ENOMEM", "pipe2": "EMFILE ENFILE",
    "mmap": "ENOMEM EAGAIN ENFILE", "mprotect": "ENOMEM",
    "flock": "ENOLCK EINTR ENOMEM", "fcntl": "EMFILE",
    "dup": "EMFILE", "dup2": "EMFILE EINTR",
    "newfstatat": "EIO ENOMEM", "statfs": "EIO EINTR ENOMEM",
    "fstatfs": "EIO ENOMEM", "access": "EIO ENOMEM",
    "readlink": "EIO ENOMEM", "getdents64": "EIO ENOMEM", "lseek": "EIO",
    "setsockopt": "ENOMEM ENOBUFS", "getsockopt": "ENOMEM ENOBUFS",
    "shutdown": "ENOBUFS ENOTCONN", "ioctl": "ENOMEM EIO",
    "poll": "EINTR ENOMEM", "wait4": "EINTR",
    "getrandom": "EINTR EAGAIN", "inotify_init1": FDS,
    "inotify_add_watch": "ENOSPC ENOMEM", "signalfd4": FDS,
    "landlock_create_ruleset": FDS, "landlock_add_rule": "ENOMEM",
    "landlock_restrict_self": "ENOMEM E2BIG", "prctl": "EINVAL",
    "clock_nanosleep": "EINTR", "uname": "EFAULT",
    "utimensat": "EIO EROFS", "fadvise64": "EIO",
}
# They cannot fail, or not like this: brk tells it by its value, of a futex libc
# knows no failure.
NEVER = set("""brk exit_group munmap rt_sigaction rt_sigprocmask getpid geteuid
    getuid umask prlimit64 madvise rt_sigreturn getppid execve futex""".split())

# strace does not close what it says could not be closed; the kernel does: a
# reader waits for ever, and so does who takes the same lock again.
ARTIFACTS = r"close\(\d+<(pipe:|.*/\.df/lock/)"
# And these fail in no way that there is in the table.
ARTIFACTS += r"|fcntl\(.*F_[GS]ET|wait4\(-1,.*WNOHANG"

# Program (dfserve:before: anything was read), what failed as strace shows it,
# why it may be acknowledged.
IGNORED = [
    (".*", r"close\(", "all was synced before, or only read"),
    (".*", r"write\(2<", "a log line is lost"),
    (".*", r"(read|write|writev|pread64|pwrite64|poll|wait4|clock_nanosleep)"
     r"\(.* EINTR", "tried once more"),
    (".*", r"(writev|getrandom)\(.* EAGAIN", "tried once more"),
    ("dfsend", r"sendfile\(", "read and written instead"),
    (".*", r"getrandom\(.*GRND_NONBLOCK", "malloc's own, it goes without"),
    (".*", r"mmap\(.*MAP_DROPPABLE", "getrandom's own, it goes without"),
    (".*", r"close_range\(", "each descriptor is closed by itself"),
    (".*", r"openat\(.*O_PATH", "a right less than there might be"),
    (".*", r'access\("\.df/ready"', "all is synced once more"),
    (".*", r'unlink\("\.df/tmp/', "a leftover, swept by dfpublish"),
    (".*", r".*/(localtime|zoneinfo/)", "libc: no part of what is written"),
    (".*", r"(newfstatat|mmap)\(.*rules\.cdb>",
     "the rules are read in pieces"),
    ("dfserve", r".*\.df/host[\">]", "the index names another host"),
    ("dfserve", r"getsockopt\(.*SO_(TYPE|DOMAIN)", "logged as no TCP"),
    ("dfserve:before", r".*\.df/tmp/", "the index names another host"),
    ("dfserve", r".*\.df/recent[\">]", "announced late, not early"),
    ("dfserve", r"getdents64\(.*/\.df/commit>", "more duties, not fewer"),
    ("dfserve", r'unlink\("\.df/stream/', "a leftover, goes with the rest"),
    ("dfserve", r".*\.df/(lock/(relay|target)|stream/[^/]*/0\.list)",
     "no relay now: dfretry does it"),
    ("dfserve", r"(mmap\(NULL, 36864|clone3\()",
     "no relay now: dfretry does it"),
    ("dfserve", r'access\("md5/', "group_commit looks again"),
    ("dfserve", r"shutdown\(.* ENOTCONN", "the client has gone"),
    ("dfpublish", r".*\.df/(stream|tmp|id|lock|verify)[\"/>]",
     "swept another time"),
    (".*", r".*\.df/rewrite[\">]", "only a hint"),
    ("dfpublish", r"clock_gettime\(CLOCK_PROCESS_CPUTIME_ID", "only a hint"),
    ("dfpublish", r'access\("\.df/expire/whole"', "all ends are noted anew"),
    ("dfpublish", r'statfs\("\."', "the page does not tell what is free"),
    ("dfpublish", r'newfstatat\(.*("index\.json"|/delta/)', "a new epoch"),
    ("dfpublish", r"openat\(.*\.df/try/", "no error is told in pending"),
    ("dfpublish", r"getdents64\(.*/delta>", "removed another time"),
    ("dfpublish", r'(utimensat|newfstatat)\(.*"delta/', "removed sooner"),
    ("dfretry|dfreceipt", r"(mmap\(NULL, 36864|clone3\()",
     "dfpublish did not run"),
    ("dfexpire|dfverify", r"(mmap\(NULL, 36864|clone3\()",
     "dfpublish ran later"),
    ("dfverify", r"fadvise64\(", "what is cached is read"),
    ("dfverify", r'unlink\("\.df/verify/', "a leftover, swept by dfpublish"),
    ("dfverify", r"pread64\(.*/(md5|\.df/verify)/.* EIO", "it is corrupt"),
    ("dfexpire", r'newfstatat\(.*"md5/', "a line has no length"),
    ("dfretry|dfreceipt", r"openat\(.*\.df/stream/", "nobody holds it"),
    ("dfreceipt", r".*\.df/(receipt|tmp)[/\">]", "only a hint"),
    ("dfreceipt", r'unlink\("\.df/try/', "an old error is told in pending"),
    ("dfreceipt", r"(socketpair|[gs]etsockopt|get(sock|peer)name|poll)\(",
     "libcurl goes without"),
    ("dfreceipt", r".*(/dev/urandom|/etc/)", "libcurl goes without"),
    ("dfretry", r"flock\(.*/\.df/stream/", "swept another time"),
    ("dfretry", r"(poll|read)\(.*(/\.df/trigger|signalfd)",
     "looks at all anyway"),
    ("dfrelay", r"read\(\d+<pipe:", "only a message is lost"),
    ("dfrelay", r"(lseek|read|openat|newfstatat|mmap|pwrite64|fsync)\("
     r".*/?(orders|\.df/commit)", "not noted: sent once more"),
    ("dfrelay", r".*", "the target had taken it before"),
    ("pushdf|dfsend", r"setsockopt\(", "a guard less, the rest tells"),
    ("pushdf|dfsend", r"getsockopt\(.*SO_(TYPE|DOMAIN)",
     "taken for no TCP socket"),
    ("pushdf", r"fadvise64\(|ioctl\(2<", "a matter of speed, of looks"),
    ("dfsend", r"inotify_", "waits in short steps"),
    ("pushdf|dfsend", r"poll\(.*, 3, 0\)", "what is held goes a little later"),
]


def is_ignored(program, lines, at):
    """Why the failure in this line may be; None: it may not."""
    when = program
    if program == "dfserve":
        done = [x.partition("(")[0] for x in lines[:at] if "= -1" not in x]
        if "shutdown" in done:
            return "the connection had been ended in order"
        if "poll" not in done:
            when = "dfserve:before"  # anything was read
    for p, pattern, why in IGNORED:
        if (re.fullmatch(p, program) or p == when) and re.match(
                pattern, lines[at]):
            return why
    return None


def calls(path):
    """[(process, name, line)]; where only one is traced it has no number."""
    begun, out = {}, []
    with open(path, errors="replace") as f:
        for x in f:
            pid, line = re.match(r"(\d*) *(.*)", x).groups()
            m = re.match(r"<\.\.\. \w+ resumed>(.*)", line)
            if m:
                line = begun.pop(pid, "") + m.group(1)
            if line.endswith(" <unfinished ...>"):
                begun[pid] = line[:-len(" <unfinished ...>")]
            elif re.match(r"[a-z0-9_]+\(", line):
                out.append((pid, line.partition("(")[0], line))
    return out


def strace(scene, trace, *more):
    return ["strace", "-qq", *["-f"] * scene.forks, "-y", "-s", "80", "-o",
            trace, *more]


def points(w, scene, full):
    """What can fail: (name, ordinal, error, "+" or ""). strace counts for each
    process by itself: what a child does as early as its parent started is left
    out, the parent would not start."""
    trace = os.path.join(w.dir, "trace")
    scene.prepare(w)
    code, acknowledged = scene.run(w, strace(scene, trace))
    assert code == 0 and acknowledged or 0 not in scene.codes, code
    done = calls(trace)
    start = next(i for i, (_, n, _) in enumerate(done) if n == "munmap")
    first = collections.Counter(n for _, n, _ in done[:start + 1])
    counts, out = collections.Counter(), {}
    locked = [i for i, (_, name, line) in enumerate(done)
              if name == "close" and re.match(ARTIFACTS, line)]
    for i, (pid, name, line) in enumerate(done):
        counts[pid, name] += 1
        n = counts[pid, name]
        if n <= first[name] or name in NEVER or re.match(ARTIFACTS, line):
            continue
        errors = ERRORS.get(name, "EIO ENOMEM").split()
        lasting = [e for e in errors if e not in ONCE]
        if name == "close" and locked and i < locked[-1]:
            lasting = []
        for k in range(len(errors) if full else 1):
            out[name, n, errors[(n + k) % len(errors)], ""] = True
            if lasting and k < len(lasting):
                out[name, n, lasting[(n + k) % len(lasting)], "+"] = True
    return list(out)


def one(w, scene, point):
    name, n, error, ever = point
    trace = os.path.join(w.dir, "trace")
    wrap = strace(scene, trace, "-e", "inject=%s:error=%s:when=%d%s"
                  % (name, error, n, ever))
    scene.prepare(w)
    code, acknowledged, wrong = runs.judge(
        scene, w, lambda: scene.run(w, wrap))
    done = [x for _, _, x in calls(trace)]
    hits = [i for i, x in enumerate(done) if x.endswith("(INJECTED)")]
    if not hits:
        return point, code, acknowledged, "not reached", wrong
    why = ""
    if any(done[i].startswith("unlink") for i in hits):
        wrong = [x for x in wrong if not x.startswith("is left: ")]
    if acknowledged and not scene.tells:
        reasons = [is_ignored(scene.program, done, i) for i in hits]
        if None in reasons:
            wrong.append("acknowledged after "
                         + done[hits[reasons.index(None)]])
        else:
            why = reasons[0]
    return point, code, acknowledged, why, wrong


def stop(*_):
    sys.exit(1)


def worker(jobs, results):
    signal.signal(signal.SIGTERM, stop)
    w = rig.World()
    try:
        for scene, point in iter(jobs.get, None):
            try:
                results.put((scene, *one(w, runs.SCENES[scene](), point)))
            except Exception as e:  # noqa: BLE001
                results.put((scene, point, None, False, "", [repr(e)]))
    finally:
        w.end()


def spread(all_points, most):
    if not most or len(all_points) <= most:
        return all_points
    return [all_points[i * len(all_points) // most] for i in range(most)]


def collect(names, most, full):
    w, todo = rig.World(), []
    try:
        for s in names:
            every = points(w, runs.SCENES[s](), full)
            some = spread(every, most)
            print("%s: %d of %d points" % (s, len(some), len(every)))
            todo += [(s, p) for p in some]
    finally:
        w.end()
    return todo


def tell(result, tally, told):
    scene, point, code, acknowledged, why, wrong = result
    tally[scene, code, acknowledged] += 1
    if why:
        told[scene, point[0], why] += 1
    for x in wrong:
        print("wrong: %s, %s %d %s%s: %s" % (scene, *point, x), flush=True)
    return bool(wrong)


def main():
    a = argparse.ArgumentParser()
    a.add_argument("-m", type=int, default=0)
    a.add_argument("-j", type=int, default=os.cpu_count())
    a.add_argument("-a", action="store_true")
    a.add_argument("-v", action="store_true")
    a.add_argument("scene", nargs="*", default=list(runs.SCENES))
    o = a.parse_args()
    todo = collect(o.scene, o.m, o.a)
    signal.signal(signal.SIGTERM, stop)
    jobs, results = multiprocessing.Queue(), multiprocessing.Queue()
    for job in todo + [None] * o.j:
        jobs.put(job)
    workers = [multiprocessing.Process(target=worker, args=(jobs, results),
                                       daemon=True)
               for _ in range(o.j)]
    for p in workers:
        p.start()
    tally, told, bad = collections.Counter(), collections.Counter(), 0
    for _ in todo:
        bad += tell(results.get(), tally, told)
    for p in workers:
        p.join()
    if o.v:
        for (scene, name, why), n in sorted(told.items()):
            print("%s: %d times %s: %s" % (scene, n, name, why))
        for (scene, code, acknowledged), n in sorted(tally.items(), key=str):
            print("%s: exit %s%s: %d" % (scene, code, ", acknowledged"
                                         if acknowledged else "", n))
    print("%d points, %d wrong" % (len(todo), bad))
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
