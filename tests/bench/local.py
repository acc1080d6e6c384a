"""P1 to P6, P9, P10: client and hosts on this machine, over loopback."""
import os
import subprocess
import time

from lab import (RUNS, Disk, Host, Rsync, Task, allow, cpu, end_below, median,
                 push, reap, replicate, run, task, together, until)

GIB = 1 << 30
MANY = 10000


def random_file(name, size):
    if not os.path.exists(name):
        with open("/dev/urandom", "rb") as f, open(name, "wb") as to:
            for _ in range(size >> 20):
                to.write(f.read(1 << 20))
    os.sync()
    with open(name, "rb") as f:  # from the page cache for all alike
        while f.read(1 << 20):
            pass
    return os.path.abspath(name)


def ours(big):
    """Wall seconds of the client, CPU seconds of both sides to the end."""
    with Disk() as disk:
        before = cpu()
        host = Host(disk + "/h")
        allow(disk, [])
        with open(big, "rb") as f:
            client = push(host, stdin=f).end()
        until(host.quiet)
        host.stop()
        reap()
        return client.seconds, cpu() - before


def peer(big, *options):
    with Disk() as disk:
        daemon = Rsync(disk)
        seconds = daemon.send(big, *options).end().seconds
        daemon.stop()
        return seconds


def one_stream():
    """P1, P2, P3."""
    big = random_file("big", GIB)
    rows = {k: [] for k in ("ours", "cpu", "md5", "md5_cpu", "rsync",
                            "rsync_md5")}
    for _ in range(RUNS):
        rows["md5"].append(together([Task(["md5sum", big])
                                     for _ in range(2)]))
        rows["md5_cpu"].append(task(["md5sum", big]).cpu)
        seconds, used = ours(big)
        rows["ours"].append(seconds)
        rows["cpu"].append(used)
        rows["rsync"].append(peer(big, "--fsync"))
        rows["rsync_md5"].append(
            peer(big, "--fsync", "--checksum-choice=md5"))
    m = {k: median(v) for k, v in rows.items()}
    yield ("P1", "1 GiB durable / two md5sum at once",
           m["ours"] / m["md5"], 1.5, rows)
    yield ("P2", "1 GiB / rsync -W --fsync", m["ours"] / m["rsync"], 1.0, rows)
    yield ("P2", "1 GiB / rsync by MD5", m["ours"] / m["rsync_md5"],
           1 / 1.5, rows)
    yield ("P3", "CPU of 1 GiB / CPU of md5sum", m["cpu"] / m["md5_cpu"], 3.0,
           rows)


def small_files(directory="many"):
    if not os.path.isdir(directory):
        os.mkdir(directory)
        for i in range(MANY):
            with open("%s/f%05d" % (directory, i), "wb") as f:
                f.write(os.urandom(4096))
        with open("names", "wb") as f:
            f.write(b"".join(b"%s/f%05d\0" % (directory.encode(), i)
                             for i in range(MANY)))
    os.sync()


def many_ours():
    """Seconds to the end of the connection, and until all is published."""
    with Disk() as disk:
        host = Host(disk + "/h")
        allow(disk, [])
        with open("names", "rb") as f:
            client = push(host, "-0K", stdin=f).end()
        published = until(lambda: host.chunks() == MANY, every=0.005)
        until(host.quiet)
        host.stop()
        return client.seconds, published - client.started


def many_chunks():
    """P4, P5."""
    small_files()
    rows = {k: [] for k in ("durable", "published", "rsync_fsync", "rsync")}
    for _ in range(RUNS):
        durable, published = many_ours()
        rows["durable"].append(durable)
        rows["published"].append(published)
        rows["rsync_fsync"].append(peer("many/", "--fsync"))
        rows["rsync"].append(peer("many/"))
    m = {k: median(v) for k, v in rows.items()}
    yield ("P4", "10000 chunks published / rsync --fsync",
           m["published"] / m["rsync_fsync"], 1 / 3, rows)
    yield ("P5", "10000 chunks durable / rsync",
           m["durable"] / m["rsync"], 1.5, rows)


def four_ours(big, md5):
    """Seconds until all four have it, CPU seconds of the client."""
    with Disk(6) as disk:
        hosts = [Host("%s/h%d" % (disk, i)) for i in range(4)]
        allow(disk, hosts)
        env = replicate(disk, "".join(h.at() + "\n" for h in hosts[1:]))
        with open(big, "rb") as f:
            client = push(hosts[0], stdin=f, env=env).end()
        done = until(lambda: all(h.has(md5) for h in hosts) and
                     all(h.quiet() for h in hosts), every=0.01)
        for h in hosts:
            h.stop()
        return done - client.started, client.cpu


def four_peers(big):
    with Disk(6) as disk:
        daemon = Rsync(disk, 4)
        clients = [daemon.send(big, "--fsync", "--checksum-choice=md5",
                               module=i) for i in range(1, 5)]
        seconds = together(clients)
        daemon.stop()
        return seconds, sum(c.cpu for c in clients)


def four_hosts():
    """P6. To the end of all work, notes and publishing too."""
    big = random_file("big", GIB)
    md5 = subprocess.check_output(["md5sum", big], text=True)[:32]
    rows = {k: [] for k in ("ours", "client_cpu", "rsync", "rsync_cpu")}
    for _ in range(RUNS):
        seconds, used = four_ours(big, md5)
        rows["ours"].append(seconds)
        rows["client_cpu"].append(used)
        seconds, used = four_peers(big)
        rows["rsync"].append(seconds)
        rows["rsync_cpu"].append(used)
    m = {k: median(v) for k, v in rows.items()}
    yield ("P6", "1 GiB to four hosts / four rsync by MD5",
           m["ours"] / m["rsync"], 1.0, rows)
    yield ("P6", "CPU of the client / of four rsync",
           m["client_cpu"] / m["rsync_cpu"], 1 / 3, rows)


def fsync_seconds(disk):
    """Of a new file of 1 KiB."""
    out = []
    for i in range(20):
        fd = os.open("%s/f%d" % (disk, i), os.O_CREAT | os.O_WRONLY)
        os.write(fd, b"x" * 1024)
        start = time.monotonic()
        os.fsync(fd)
        out.append(time.monotonic() - start)
        os.close(fd)
    return median(out)


def tree(disk):
    """One host, two below it, five below those; a host alone."""
    hosts = [Host("%s/h%d" % (disk, i)) for i in range(8)]
    alone = Host(disk + "/alone")
    allow(disk, hosts)
    text = ""
    for above, below in ((1, hosts[3:6]), (2, hosts[6:])):
        text += hosts[above].at() + "\n"
        text += "".join("    %s\n" % h.at() for h in below)
    return hosts, alone, replicate(disk, text)


def small_push():
    """P9. Published is later than durable, for one host as for the tree."""
    rows = {k: [] for k in ("push", "bare", "fsync", "one", "tree")}
    with open("small", "wb") as f:
        f.write(os.urandom(1024))
    with Disk() as disk:
        first = Host(disk + "/first")
        hosts, alone, env = tree(disk)
        name = ["tcpclient", "-RHDl0", first.address, str(first.port)]
        for i in range(4 * RUNS):
            rows["bare"].append(task([*name, "true"]).seconds)
            until(first.quiet)
            with open("small", "rb") as f:
                rows["push"].append(push(first, stdin=f).end().seconds)
            until(first.quiet)
        rows["fsync"] = [fsync_seconds(disk)]
        for i in range(1, RUNS + 1):
            for where, key, more in ((alone, "one", {}),
                                     (hosts[0], "tree", {"env": env})):
                with open("small", "wb") as f:
                    f.write(os.urandom(1024))
                these = [alone] if key == "one" else hosts
                with open("small", "rb") as f:
                    c = push(where, stdin=f, **more)
                    done = until(lambda t=these, n=i: all(
                        h.chunks() == n for h in t))
                    c.end()
                rows[key].append(done - c.started)
                until(lambda t=these: all(h.quiet() for h in t))
        for h in [first, alone, *hosts]:
            h.stop()
    m = {k: median(v) for k, v in rows.items()}
    yield ("P9", "1 KiB durable / (5 bare tcpclient + 5 fsync)",
           m["push"] / (5 * m["bare"] + 5 * m["fsync"]), 1.0, rows)
    yield ("P9", "1 KiB published on a tree of eight / on one",
           m["tree"] / m["one"], 10.0, rows)


def memory():
    """P10, one run: a file of 8 GiB, of zeros, passed on to a second host."""
    with Disk(18) as disk:
        hosts = [Host("%s/h%d" % (disk, i)) for i in range(2)]
        allow(disk, hosts)
        env = replicate(disk, hosts[1].at() + "\n")
        run("truncate", "-s", "8G", disk + "/zeros")
        here = os.path.dirname(os.path.abspath(__file__))
        watch = subprocess.Popen(
            ["python3", here + "/../memory.py", "figures", "4096", "dfserve",
             "dfrelay", "dfsend"], cwd=disk, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL)
        until(os.path.exists, disk + "/figures.ready")
        with open(disk + "/zeros", "rb") as f:
            push(hosts[0], stdin=f, env=env).end()
        until(lambda: hosts[1].chunks() == 1, every=0.1)
        watch.terminate()
        watch.wait()
        for h in hosts:
            h.stop()
        with open(disk + "/figures") as f:
            kib = {w[0]: int(w[1]) for w in map(str.split, f)}
        end_below(disk)
    for name, most in kib.items():
        yield ("P10", "RssAnon of %s, 8 GiB, in MiB" % name, most / 1024, 4.0,
               {name: [most]})
