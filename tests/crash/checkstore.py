#!/usr/bin/env python3
"""Checks that a store is in a state that dataflow(5) lists; nothing may be
running in it that changes it.

    checkstore.py DIR [--recovered] [--acknowledged FILE] [--rotten MD5]
                      [--host ADDRESS:PORT=DIR]... [--once] [--gone]

--recovered     one of the programs has come to its end after the crash: no
                leftover that nobody holds locked, all of it is published
--acknowledged  a file with a line "MD5 LENGTH [ADDRESS:PORT ...]" for each
                chunk that was acknowledged to its sender: it is here, and each
                duty stands open in a commit, or is done
--rotten        the data of this chunk may have rotted
--host          the store of a target: where a duty is done it has the chunk (a
                directory that is not there: it never got one)
--once          no duty stands in two commits
--gone          chunks may have gone, and with each the keys that it owned

Prints what is wrong, a line each. Exit status 1: something is; else 0."""
import argparse
import fcntl
import hashlib
import json
import os
import re
import stat
import sys

import formats
from formats import Bad, MD5, LABEL, key_name, must

ROOT = {"md5", "head", "key", "delta", ".df", "index.json", "status.json",
        "index.html"}
PRIVATE = {"commit", "stream", "id", "lock", "try", "tmp", "corrupt",
           "publish", "host", "refused", "publishing", "publishing.new",
           "trigger", "ready", "recent", "rewrite", "expire", "going",
           "verify", "verified", "receipt"}
STAGES = ("asked", "unlisted", "out")
REASONS = {"expired", "removed", "corrupt", "back"}
STAGED = {"header", "ticket", "link", "status"}
STREAM = re.compile(r"@[0-9a-f]{24}\.[0-9]+\Z")
COMMIT = re.compile(r"@[0-9a-f]{24}\.[0-9]+\.([0-9]+|t)\Z")
SPOOL = re.compile(r"(orders|[0-9]+(\.h|\.list)?)\Z")
LOCK = re.compile(r"(publish|publish\.(wait|index)|data|data\.wait|refused|rotten|"
                  r"verify|"
                  r"list\.[0-9a-f]|(from|relay|target|retry)[^/]*\.[0-9]+)\Z")
RECORD = ["md5", "sha256", "content_length", "keys", "host", "backup_hosts",
          "cache_time", "ttl", "stamp", "stored", "expires", "path", "taken"]


def names(path):
    try:
        return sorted(os.listdir(path))
    except FileNotFoundError:
        return []


def read(path):
    with open(path, "rb") as f:
        return f.read()


def is_locked(path):
    fd = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return False
    except BlockingIOError:
        return True
    finally:
        os.close(fd)


class Store:
    def __init__(self, top, recovered=False, hosts=None, rotten=None,
                 gone=False):
        self.top, self.recovered, self.rotten = top, recovered, rotten
        self.gone = gone
        self.hosts = hosts or {}
        self.wrong = []
        self.data = {}     # MD5: length
        self.rot = set()   # MD5s of those that have rotted
        self.heads = {}    # MD5: stored header
        self.commits = {}  # name: commit
        self.links = {}    # NAME: MD5
        self.tickets = {}  # NAME: header
        self.going = {s: {} for s in STAGES}  # MD5: reason
        self.lives = set() # (MD5, seconds) of those that end
        self.changing = self.there(".df/publishing")

    def path(self, *parts):
        return os.path.join(self.top, *parts)

    def there(self, *parts):
        return os.path.lexists(self.path(*parts))

    def complain(self, *words):
        self.wrong.append(" ".join(str(w) for w in words))

    def each(self, where, check, *args):
        """check(name, ...) for all names of a directory."""
        for name in names(self.path(where)):
            try:
                check(name, *args)
            except (Bad, OSError, ValueError) as e:
                self.complain("%s/%s:" % (where, name), e)

    def good(self, md5, length):
        return self.data.get(md5) == length

    def goes(self, md5):
        """It has no record any more."""
        return any(md5 in self.going[s] for s in STAGES)

    def damaged(self, md5):
        """Its data are set aside until a good copy comes."""
        return any(self.going[s].get(md5) in ("corrupt", "back")
                   for s in STAGES[:2])

    # --- data, headers, keys

    def data_file(self, name, where):
        path = self.path("md5", where, name)
        st = os.lstat(path)
        must(MD5.match(name) and name[:2] == where, "no such name")
        must(stat.S_ISREG(st.st_mode), "no file")
        must(st.st_mode & 0o7777 == 0o444, "mode %o" % st.st_mode)
        must(st.st_nlink == 1 or not self.recovered, st.st_nlink, "links")
        data = read(path)
        if hashlib.md5(data).hexdigest() != name:
            must(name == self.rotten, "its bytes are others")
            self.rot.add(name)
        self.data[name] = len(data)

    def head_file(self, name, where):
        must(MD5.match(name) and name[:2] == where, "no such name")
        h = formats.Header(read(self.path("head", where, name)), "stored")
        must(h.value("md5hash") == name, "it is of", h.value("md5hash"))
        must(len(h.values("stored")) == 1, "not one line Stored")
        must(self.good(name, h.number("content-length")) or
             self.damaged(name), "without its data")
        must(name not in self.going["out"] or not self.recovered,
             "is there, though it went")
        for k in h.keys():
            must(len(key_name(k)) <= 255, "key", k)
        self.heads[name] = h

    def two_levels(self, top, check):
        for where in names(self.path(top)):
            if top == "head" and where == "key":
                continue
            if not re.match(r"[0-9a-f]{2}\Z", where):
                self.complain(top + "/" + where, "has no such name")
            else:
                self.each(top + "/" + where, check, where)

    def link(self, name):
        to = os.readlink(self.path("key", name))
        m = re.match(r"\.\./md5/([0-9a-f]{2})/([0-9a-f]{32})\Z", to)
        must(m and m.group(2)[:2] == m.group(1), "leads to", to)
        must(m.group(2) in self.data, "leads to nothing")
        must(m.group(2) in self.heads, "leads to what has no header")
        self.links[name] = m.group(2)

    def ticket(self, name):
        h = formats.Header(read(self.path("head/key", name)), "stored")
        must(len(h.keys()) == 1 and key_name(h.keys()[0]) == name,
             "keys", h.keys())
        must(self.good(h.value("md5hash"), h.number("content-length")) or
             self.damaged(h.value("md5hash")), "its data are not there")
        self.tickets[name] = h

    def keys(self):
        self.each("key", self.link)
        self.each("head/key", self.ticket)
        if self.changing:
            return
        for name in sorted(set(self.links) | set(self.tickets)):
            t, to = self.tickets.get(name), self.links.get(name)
            if self.goes(to) or t and self.goes(t.value("md5hash")):
                continue
            if not t or t.value("md5hash") != to:
                self.complain("key", name, "link and ticket differ")
            if to and name not in map(key_name, self.heads[to].keys()):
                self.complain("key", name, "is not in the header of", to)
        for md5, h in self.heads.items():
            if self.gone or self.goes(md5):
                continue # a key goes with its chunk, whoever had it before
            for k in h.keys():
                if key_name(k) not in self.links:
                    self.complain("key", key_name(k), "of", md5, "is nowhere")

    # --- commits

    def commit(self, name):
        must(COMMIT.match(name), "no such name")
        c = formats.Commit(read(self.path(".df/commit", name)))
        self.commits[name] = c
        must(STREAM.match(c.stream), "stream", c.stream)
        owed = {k.md5 for _, _, k, state in c.duties() if state in "TBH"}
        for k in c.chunks:
            must(not k.taken or self.good(k.md5, k.length) or
                 c.published and k.md5 not in owed or self.damaged(k.md5),
                 "without the data of", k.md5)
            must(not k.taken or not c.published or k.md5 in self.heads or
                 k.md5 not in owed, "no header", k.md5)
        if self.recovered:
            must(c.published, "is not published")
            must(not c.settled(), "is settled and there")

    # --- what is private

    def private(self):
        for name in names(self.path(".df")):
            if name not in PRIVATE:
                self.complain(".df/" + name, "is not listed")
        if stat.S_IMODE(os.lstat(self.path(".df")).st_mode) != 0o700:
            self.complain(".df can be read by others")
        self.each(".df/lock", lambda n: must(LOCK.match(n), "is not listed"))
        self.each(".df/corrupt", lambda n: must(
            re.match(r"[0-9a-f]{32}\.@[0-9a-f]{24}\Z", n), "is not listed"))
        self.each(".df/tmp", self.leftover, re.compile(r"[0-9]+\.[0-9]+\Z"))
        self.each(".df/id", self.leftover, MD5)
        self.each(".df/stream", self.stream)
        self.each(".df/try", self.tries)
        self.each(".df/receipt", self.receipt)
        self.each(".df/publish", self.staged)
        for stage in STAGES:
            self.each(".df/going/" + stage, self.mark, stage)
        self.each(".df/going", lambda n: must(n in STAGES, "is not listed"))
        self.each(".df/expire", self.ends)
        self.each(".df/verify", self.copy)
        for name, check in (("host", self.host),
                            ("publishing", self.publishing)):
            if self.there(".df", name):
                self.each_of(".df/" + name, check)
        if self.recovered and self.there(".df/publishing.new"):
            self.complain(".df/publishing.new is left")

    def each_of(self, path, check):
        try:
            check(read(self.path(path)))
        except Bad as e:
            self.complain(path + ":", e)

    def copy(self, name):
        must(re.match(r"[0-9a-f]{32}(\..*)?\Z", name), "is not listed")
        must(not self.recovered or is_locked(self.path(".df/lock/verify")),
             "is left")

    def mark(self, name, stage):
        must(MD5.match(name), "is not listed")
        reason = os.readlink(self.path(".df/going", stage, name))
        must(reason in REASONS, reason)
        must(stage == "asked" or reason != "back", reason)
        must(stage != "out" or reason in ("expired", "removed"), reason)
        must(stage != "asked" or not self.recovered, "is left")
        self.going[stage][name] = reason

    def ends(self, name):
        if name == "whole":
            return
        must(re.match(r"[0-9]{12}\Z", name), "is not listed")
        lines = read(self.path(".df/expire", name))
        for at in range(0, len(lines) - len(lines) % 48, 48):
            m = re.match(rb"([-+]) ([0-9a-f]{32}) ([0-9]{12})\n\Z",
                         lines[at:at + 48])
            must(m or not lines[at:at + 48].strip(b"\0"), "line", at)
            if m and m.group(1) == b"+":
                at = int(m.group(3))
                must(0 <= at - int(name) < 3600, at, "is of another hour")
                self.lives.add((m.group(2).decode(), at))

    def every_end(self):
        """Whatever has an end is found when it has come."""
        if not self.there(".df/expire/whole"):
            return
        for md5, h in self.heads.items():
            life = h.number("cache-time")
            if life is None or self.goes(md5):
                continue
            end = max(0, formats.seconds(h.value("stamp")) + life)
            must(end > 253402300799 or (md5, end) in self.lives,
                 "nobody knows when", md5, "ends")

    def leftover(self, name, pattern):
        must(pattern.match(name), "is not listed")
        where = ".df/tmp" if pattern is not MD5 else ".df/id"
        must(not self.recovered or is_locked(self.path(where, name)),
             "is left")

    def stream(self, name):
        must(STREAM.match(name), "is not listed")
        path = self.path(".df/stream", name)
        for n in names(path):
            must(SPOOL.match(n), n, "is not listed")
        must(not self.recovered or is_locked(path), "is left")

    def tries(self, name):
        text = read(self.path(".df/try", name))
        must(re.match(rb"tries [0-9]+\nlast_error [ -~]*\n\Z", text), text)

    def receipt(self, name):
        text = read(self.path(".df/receipt", name))
        must(re.match(rb"@[0-9a-f]{24} [0-9]+\n\Z", text), text)

    def staged(self, name):
        must(name in STAGED, "is not listed")
        path = self.path(".df/publish", name)
        if self.recovered:
            must(os.path.isdir(path), "is left")
            must(not names(path), names(path), "are left")

    @staticmethod
    def host(text):
        must(re.match(rb"[^\n]+\n\Z", text), text)

    def publishing(self, text):
        must(not self.recovered, "is left")
        must(re.match(rb"(all\n)?([0-9a-f]{32}\n)*\Z", text), text)

    # --- what is published

    def record(self, r):
        """What holds in any state."""
        must([k for k in r if k != "keys_raw"] == RECORD, "record", r)
        md5 = r["md5"]
        must(self.good(md5, r["content_length"]), md5, "is not there")
        must(md5 in self.heads, "no header of", md5)
        must(r["path"] == "md5/%s/%s" % (md5[:2], md5), r["path"])
        must(LABEL.match(r["stamp"]), "stamp", r["stamp"])

    def replay(self, epoch, end):
        must(LABEL.match(epoch), "epoch", epoch)
        data = read(self.path("delta", epoch + ".jsonl"))
        must(len(data) >= end, "the delta ends before", end)
        must(not self.recovered or len(data) == end, "the delta is longer")
        data, chunks = data[:end], {}
        must(not data or data.endswith(b"\n"), "the delta ends in a line")
        for line in data.decode().split("\n")[:-1]:
            r = json.loads(line)
            chunks.pop(r["md5"], None)
            if "gone" in r:
                must(r["gone"] in REASONS - {"back"}, "gone", r)
            else:
                chunks[r["md5"]] = r
        for r in chunks.values():
            self.record(r)
        return chunks

    def status(self):
        s = json.loads(read(self.path("status.json")).decode())
        must(s["dataflow"] == 1, "status", s)
        must(s["delta"] == "delta/%s.jsonl" % s["epoch"], s["delta"])
        chunks = self.replay(s["epoch"], s["delta_bytes"])
        lengths = sum(r["content_length"] for r in chunks.values())
        must(s["chunks"] == len(chunks) and s["bytes"] == lengths,
             "status.json counts", s["chunks"], s["bytes"])
        if self.recovered:
            self.pending(s["pending"])
        return s, chunks

    def pending(self, told):
        owed = {}
        for c in self.commits.values():
            for _, text, k, state in c.duties():
                if state != "D":
                    n, length = owed.get(text, (0, 0))
                    owed[text] = n + 1, length + k.length
        told = {p["target"]: (p["chunks"], p["bytes"]) for p in told}
        must(told == owed, "pending is", told, "and not", owed)

    def index(self):
        lines = read(self.path("index.json")).decode().split("\n")
        index = json.loads("\n".join(lines))
        chunks = {r["md5"]: r for r in index["chunks"]}
        must(len(chunks) == len(index["chunks"]), "a chunk twice")
        must(lines[-2:] == ["]}", ""] and len(lines) == len(chunks) + 3,
             "the lines of the index")
        for r in index["chunks"]:
            self.record(r)
        must(self.replay(index["epoch"], index["delta_bytes"]) == chunks,
             "the index is not what the delta says")
        return index, chunks

    def same_as_header(self, r):
        h = self.heads[r["md5"]]
        life, stamp = h.number("cache-time"), h.value("stamp")
        owned = [k for k in h.keys()
                 if self.links.get(key_name(k)) == r["md5"]]
        want = [h.value("md5hash"), h.value("sha-256"),
                h.number("content-length"),
                [k.decode("utf-8", "replace") for k in owned],
                h.value("host"),
                [v.decode() for v in h.values("backup-host")],
                life, h.number("ttl"), stamp,
                formats.iso(formats.seconds(h.value("stored"))),
                None if life is None
                else formats.iso(formats.seconds(stamp) + life),
                r["path"], [v.decode() for v in h.values("taken")]]
        for name, value in zip(RECORD, want):
            must(r[name] == value, "%s of %s is %r, not %r"
                 % (name, r["md5"], r[name], value))

    def published(self):
        has_status, has_index = map(self.there, ("status.json", "index.json"))
        if self.recovered and not (has_status and has_index):
            self.complain("status.json or index.json is not there")
        if not has_status:
            if has_index:
                self.complain("index.json is there without status.json")
            return
        try:
            status, told = self.status()
            index, chunks = self.index() if has_index else (None, {})
            self.page()
            if not self.recovered:
                return
            must(told == chunks and index["epoch"] == status["epoch"],
                 "status.json and index.json differ")
            must(set(chunks) == {m for m in self.heads if not self.goes(m)},
                 "headers and index differ")
            self.every_end()
            for r in chunks.values():
                self.same_as_header(r)
        except (Bad, OSError, ValueError, KeyError, TypeError) as e:
            self.complain("what is published:", repr(e))

    def page(self):
        """index.html is replaced as a whole, and at last is of this status."""
        if not self.recovered and not self.there("index.html"):
            return
        text = read(self.path("index.html"))
        m = re.match(rb'<!doctype html>\n<html lang="en" data-status="'
                     rb'([0-9a-f]{32})"', text)
        must(m and text.endswith(b"</script>\n</html>\n"), "index.html is cut")
        want = hashlib.md5(read(self.path("status.json"))).hexdigest()
        must(not self.recovered or m.group(1).decode() == want,
             "index.html is not of this status.json")

    # --- all of it

    def check(self):
        for name in names(self.top):
            if name not in ROOT:
                self.complain(name, "is not listed")
        if self.there(".df"):
            self.private()
        self.two_levels("md5", self.data_file)
        self.two_levels("head", self.head_file)
        self.keys()
        self.each(".df/commit", self.commit)
        self.each("delta", lambda n: must(
            re.match(r"@[0-9a-f]{24}\.jsonl\Z", n), "is not listed"))
        self.published()
        return self.wrong

    def doubled(self):
        """The same push of a chunk makes one duty for a target; not so where a
        branch was taken over by two that died."""
        seen = set()
        for c in self.commits.values():
            for _, text, k, state in c.duties():
                duty = k.md5, k.header.value("stamp"), c.list, text
                if state in "TBH" and duty in seen:
                    self.complain("duty", k.md5, text, "stands twice")
                seen.add(duty)

    def has(self, md5, length):
        """It is here and will not be forgotten."""
        named = any(k.taken and k.md5 == md5 for c in self.commits.values()
                    for k in c.chunks)
        return (self.good(md5, length) and md5 not in self.rot and
                (md5 in self.heads or named))

    def acknowledged(self, lines):
        for line in lines:
            md5, length, *targets = line.split()
            if not self.has(md5, int(length)):
                self.complain("acknowledged chunk", md5, "is not here")
            for t in targets:
                self.owed(md5, int(length), formats.who(t), t)
        return self.wrong

    def owed(self, md5, length, target, text):
        states = ""
        for c in self.commits.values():
            for number, t, k, state in c.duties():
                if k.md5 != md5 or formats.who(t) != target:
                    continue
                states += state
                if state == "B":
                    self.heirs(md5, length, c, number)
        if set(states) & set("TBH"):
            return
        if "X" in states:
            self.complain("duty", md5, text, "was given up")
        elif not self.delivered(md5, length, target):
            self.complain("duty", md5, text, "is neither open nor done")

    def heirs(self, md5, length, commit, number):
        """Of a branch that was taken over, as far as we know their stores."""
        sets = formats.list_sets(formats.list_for(commit.list, number))
        for e in sets[0] if sets else []:
            if e.who() in self.hosts:
                self.owed(md5, length, e.who(), "%s:%d" % (e.address, e.port))

    def delivered(self, md5, length, target):
        if target not in self.hosts:
            return True
        other = Store(self.hosts[target])
        other.two_levels("md5", other.data_file)
        other.two_levels("head", other.head_file)
        other.each(".df/commit", other.commit)
        return other.has(md5, length)


def check(top, recovered=False, acknowledged=(), hosts=None, rotten=None,
          once=False, gone=False):
    """What is wrong with it, an array. hosts: {ADDRESS:PORT: directory}"""
    hosts = {formats.who(t): d for t, d in (hosts or {}).items()}
    s = Store(top, recovered, hosts, rotten, gone)
    s.check()
    if once:
        s.doubled()
    return s.acknowledged(acknowledged)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("dir")
    p.add_argument("--recovered", action="store_true")
    p.add_argument("--acknowledged", metavar="FILE")
    p.add_argument("--once", action="store_true")
    p.add_argument("--gone", action="store_true")
    p.add_argument("--rotten", metavar="MD5")
    p.add_argument("--host", action="append", default=[],
                   metavar="ADDRESS:PORT=DIR")
    a = p.parse_args()
    lines = []
    if a.acknowledged:
        lines = read(a.acknowledged).decode().split("\n")[:-1]
    hosts = dict(h.split("=", 1) for h in a.host)
    wrong = check(a.dir, a.recovered, lines, hosts, a.rotten, a.once, a.gone)
    for w in wrong:
        print("wrong:", w)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
