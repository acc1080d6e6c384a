"""Watches the anonymous memory of programs (RssAnon of /proc/PID/status, which
/proc/PID/statm has more cheaply: what is resident and not shared):

    memory.py FILE KIB PROGRAM... [-- KIB PROGRAM...]

until it is ended by SIGTERM. Only processes count whose current directory is
below the one that it was started in. Then it says of each program whether the
most was under so many KiB, and adds the figures to FILE.
"""
import os
import signal
import sys
import time


def limits(words):
    out, most = {}, 0
    for w in words:
        if w.isdigit():
            most = int(w)
        elif w != "--":
            out[w] = most
    return out


def name_of(pid):
    try:
        with open("/proc/%s/comm" % pid) as f:
            return f.read().rstrip("\n")
    except OSError:
        return ""


def mine(pid):
    try:
        cwd = os.readlink("/proc/%s/cwd" % pid)
    except OSError:
        return False
    return cwd == HERE or cwd.startswith(HERE + "/")


def anonymous(fd):
    """KiB; -1: it has ended."""
    try:
        _, resident, shared, *_ = os.pread(fd, 200, 0).split()
        return (int(resident) - int(shared)) * PAGE
    except OSError:
        return -1


def processes(programs):
    """[(descriptor of its statm, name)] of those that run now."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        name = name_of(pid)
        if name in programs and mine(pid):
            try:
                found.append((os.open("/proc/%s/statm" % pid, os.O_RDONLY),
                              name))
            except OSError:
                pass
    return found


def main():
    most = dict.fromkeys(PROGRAMS, -1)
    looks = dict.fromkeys(PROGRAMS, 0)
    while not ended:
        watched = processes(PROGRAMS)
        for _ in range(20):
            for fd, name in watched:
                kib = anonymous(fd)
                looks[name] += kib > 0
                most[name] = max(most[name], kib)
            time.sleep(0.002)
        for fd, _ in watched:
            os.close(fd)
    with open(sys.argv[1], "a") as f:
        for name in PROGRAMS:
            print(name, most[name], "KiB", looks[name], "looks", file=f)
    for name, limit in PROGRAMS.items():
        good = 0 < most[name] < limit
        print("%s %s %d KiB" % (name, "under" if good else "NOT under", limit))


def end(*_):
    global ended
    ended = True


ended = False
HERE = os.getcwd()
PAGE = os.sysconf("SC_PAGESIZE") // 1024
PROGRAMS = limits(sys.argv[2:])
signal.signal(signal.SIGTERM, end)
print("watching", file=open(sys.argv[1] + ".ready", "w"))
main()
