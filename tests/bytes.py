"""Checks the public files of the store that is the current directory against
what the formats say of their bytes, from the description alone: names, types
and order of members, one object a line, dates and labels that belong together,
lines of stored headers. What is wrong is said, exit 1.
"""
import hashlib
import json
import os
import re
import sys
import time

LABEL = r"@[0-9a-f]{24}"
DATE = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
HEX = r"[0-9a-f]{32}"


def need(condition, *words):
    if not condition:
        print("wrong:", *words)
        sys.exit(1)


def text(form):
    return lambda v: isinstance(v, str) and re.fullmatch(form, v)


def number(v):
    return type(v) is int and v >= 0


def null_or(check):
    return lambda v: v is None or check(v)


def array(check):
    return lambda v: isinstance(v, list) and all(check(x) for x in v)


RECORD = [
    ("md5", text(HEX)), ("sha256", null_or(text(r"[0-9a-f]{64}"))),
    ("content_length", number), ("keys", array(text(r"(?s:.+)"))),
    ("host", text(".+")), ("backup_hosts", array(text(".+"))),
    ("cache_time", null_or(number)), ("ttl", null_or(number)),
    ("stamp", text(LABEL)), ("stored", text(DATE)),
    ("expires", null_or(text(DATE))), ("path", text("md5/../" + HEX)),
    ("taken", array(text(LABEL + " " + HEX))),
]
INDEX = [
    ("dataflow", lambda v: v == 1), ("host", text(".+")),
    ("published", text(DATE)), ("epoch", text(LABEL)),
    ("delta_bytes", number), ("chunks", array(lambda v: True)),
]
PENDING = [
    ("target", text(r".+:\d+")), ("chunks", number), ("bytes", number),
    ("oldest", text(DATE)), ("tries", number),
    ("last_error", null_or(text(".*"))),
]
REFUSED = [
    ("at", text(DATE)), ("from", text(".+")), ("md5", null_or(text(HEX))),
    ("reason", text(".+")),
]


def members(want):
    def check(value):
        need(isinstance(value, dict), "no object:", value)
        names = [n for n in value if n != "keys_raw"]
        need(names == [n for n, _ in want], "members", names)
        for name, good in want:
            need(good(value[name]), name, "is", value[name])
        return True
    return check


STATUS = [
    ("dataflow", lambda v: v == 1), ("host", text(".+")),
    ("published", text(DATE)), ("chunks", number), ("bytes", number),
    ("epoch", text(LABEL)), ("delta", text("delta/" + LABEL + r"\.jsonl")),
    ("delta_bytes", number), ("pending", array(members(PENDING))),
    ("refused", array(members(REFUSED))),
]


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def seconds(label):
    return int(label[1:17], 16) - 2 ** 62 - 10


def date(s):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(s))


def header(path):
    with open(path, "rb") as f:
        b = f.read()
    need(b.endswith(b"\n") and len(b) <= 16384, path, "of", len(b), "bytes")
    found = [line.partition(b":") for line in b[:-1].split(b"\n")]
    need(len(found) <= 256, path, "of", len(found), "lines")
    need(all(colon for _, colon, _ in found), "line in", path)
    return [(n.lower().decode(), v.lstrip(b" \t").decode("latin-1"))
            for n, _, v in found]


def check_stored(r):
    """Section 5, and what the record says of the same header."""
    found = header("head/%s/%s" % (r["md5"][:2], r["md5"]))
    names = [n for n, _ in found]
    once = dict(found)
    for n in ("stored", "content-length", "md5hash", "host", "stamp"):
        need(names.count(n) == 1, n, names.count(n), "times")
    need("data" not in names, "a Data line in", r["md5"])
    need(once["md5hash"] == r["md5"], "md5hash")
    need(once["content-length"] == str(r["content_length"]), "Content-Length")
    need(once.get("sha-256") == r["sha256"], "SHA-256")
    for n, member in (("cache-time", "cache_time"), ("ttl", "ttl")):
        need(once.get(n) == (None if r[member] is None else str(r[member])), n)
    need(once["host"] == r["host"] and once["stamp"] == r["stamp"], "Host")
    need([v for n, v in found if n == "backup-host"] == r["backup_hosts"],
         "Backup-Host")
    need([v for n, v in found if n == "taken"] == r["taken"], "Taken")
    need(1 <= len(r["taken"]) <= 32, len(r["taken"]), "Taken lines")
    need(r["stamp"] in [v.split()[0] for v in r["taken"]], "Stamp in Taken")
    need(re.fullmatch(LABEL, once["stored"]), "Stored", once["stored"])
    need(abs(seconds(once["stored"]) - time.time()) < 3600, "Stored")
    need(date(seconds(once["stored"])) == r["stored"], "stored", r["stored"])
    need(r["expires"] == (r["cache_time"] and date(
        seconds(r["stamp"]) + r["cache_time"])), "expires", r["expires"])


def check_data(r):
    need(r["path"] == "md5/%s/%s" % (r["md5"][:2], r["md5"]), r["path"])
    with open(r["path"], "rb") as f:
        data = f.read()
    need(hashlib.md5(data).hexdigest() == r["md5"], "data of", r["md5"])
    need(r["sha256"] in (None, hashlib.sha256(data).hexdigest()), "SHA-256")
    need(os.stat(r["path"]).st_mode & 0o777 == 0o444, "mode of", r["path"])


def check_index():
    with open("index.json", encoding="utf-8") as f:
        lines = f.read().split("\n")
    index = json.loads("\n".join(lines))
    members(INDEX)(index)
    first = compact(dict(index, chunks=[]))
    need(lines[0] == first[:-2], "first line", lines[0])
    need(lines[-2:] == ["]}", ""], "last lines", lines[-2:])
    need(len(lines) == len(index["chunks"]) + 3, len(lines), "lines")
    for n, (line, r) in enumerate(zip(lines[1:], index["chunks"]), 1):
        members(RECORD)(r)
        comma = "," if n < len(index["chunks"]) else ""
        need(line == compact(r) + comma, "line", line)
        check_data(r)
        check_stored(r)
    return index


def check_delta(status, index):
    with open(status["delta"], "rb") as f:
        data = f.read()
    need(len(data) >= status["delta_bytes"], "delta is too short")
    last = {}
    for line in data[:status["delta_bytes"]].decode().split("\n")[:-1]:
        r = json.loads(line)
        members(RECORD)(r)
        need(line == compact(r), "line of the delta", line)
        last[r["md5"]] = r
    need(last == {r["md5"]: r for r in index["chunks"]}, "delta and index")


def main():
    index = check_index()
    with open("status.json", encoding="utf-8") as f:
        whole = f.read()
    status = json.loads(whole)
    members(STATUS)(status)
    need(whole == compact(status) + "\n", "bytes of status.json")
    need(status["delta"] == "delta/%s.jsonl" % status["epoch"], "delta")
    need(status["chunks"] == len(index["chunks"]), "chunks")
    need(status["bytes"] == sum(r["content_length"] for r in index["chunks"]),
         "bytes")
    check_delta(status, index)
    print("%d records are right" % len(index["chunks"]))


main()
