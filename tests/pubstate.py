"""Checks what is public in the store that is the current directory, from the
formats alone, and prints it in an order of its own. Others import it: state().
  pubstate.py      a store on which dfpublish has come to its end
  pubstate.py -c   a run has been cut: only what always holds is checked
"""
import hashlib
import json
import os
import re
import sys

class Wrong(Exception):
    pass


def complain(*words):
    raise Wrong(" ".join(map(str, words)))


def header(path):
    lines = []
    for line in open(path, "rb").read().split(b"\n")[:-1]:
        name, value = line.split(b":", 1)
        lines.append((name.decode().lower(), value.strip(b" \t")))
    return lines


def one(lines, name):
    found = [v for n, v in lines if n == name]
    if len(found) != 1:
        complain(name, "stands", len(found), "times")
    return found[0].decode()


def name_of(key):
    out = ""
    for i, c in enumerate(key):
        ok = re.match(rb"[A-Za-z0-9\-_.,+@~]", bytes([c]))
        out += chr(c) if ok and not (i == 0 and c == 0x2E) else "=%02X" % c
    return out


def replay(epoch, end):
    chunks = {}
    data = open("delta/%s.jsonl" % epoch, "rb").read()
    if len(data) < end:
        complain("the delta is shorter than", end)
    data = data[:end]
    if data and not data.endswith(b"\n"):
        complain("the delta ends within a line")
    for line in data.split(b"\n")[:-1]:
        record = json.loads(line)
        if "gone" in record:
            chunks.pop(record["md5"], None)
        else:
            chunks[record["md5"]] = record
    return chunks


def check_record(r):
    path = "md5/%s/%s" % (r["md5"][:2], r["md5"])
    if r["path"] != path:
        complain("path", r["path"])
    data = open(path, "rb").read()
    if hashlib.md5(data).hexdigest() != r["md5"]:
        complain("data of", r["md5"])
    if len(data) != r["content_length"]:
        complain("length of", r["md5"])
    return header("head/%s/%s" % (r["md5"][:2], r["md5"]))


def check_header(r, lines):
    if one(lines, "md5hash") != r["md5"] or one(lines, "host") != r["host"]:
        complain("header of", r["md5"])
    one(lines, "stored")
    if one(lines, "stamp") != r["stamp"]:
        complain("stamp of", r["md5"])
    names = [name_of(v) for n, v in lines if n == "key"]
    mine = [n for n in names if os.path.islink("key/" + n)
            and os.readlink("key/" + n) == "../" + r["path"]]
    if "keys_raw" in r and r["keys_raw"] != mine:
        complain("raw keys of", r["md5"])
    if len(r["keys"]) != len(mine):
        complain("keys of", r["md5"], r["keys"], mine)
    if [v.decode() for n, v in lines if n == "taken"] != r["taken"]:
        complain("taken of", r["md5"])
    return mine


def published():
    """The index and the status, their chunks, and the header of each."""
    lines = open("index.json", encoding="utf-8").read().split("\n")
    index = json.loads("\n".join(lines))
    status = json.load(open("status.json", encoding="utf-8"))
    chunks = {r["md5"]: r for r in index["chunks"]}
    if len(chunks) != len(index["chunks"]):
        complain("a chunk twice")
    if lines[-2:] != ["]}", ""] or len(lines) != len(chunks) + 3:
        complain("lines of the index", len(lines))
    heads = {m: check_record(r) for m, r in chunks.items()}
    if replay(index["epoch"], index["delta_bytes"]) != chunks:
        complain("the index is not what the delta says")
    told = replay(status["epoch"], status["delta_bytes"])
    if status["delta"] != "delta/%s.jsonl" % status["epoch"]:
        complain("delta", status["delta"])
    if len(told) != status["chunks"]:
        complain("chunks of the status")
    if sum(r["content_length"] for r in told.values()) != status["bytes"]:
        complain("bytes of the status")
    for name in os.listdir("key"):
        if not os.path.exists("key/" + name):
            complain("key", name, "leads to nothing")
    return index, status, told, chunks, heads


def check_end(index, status, told, chunks):
    if told != chunks or status["epoch"] != index["epoch"]:
        complain("status and index differ")
    page = open("index.html", "rb").read()
    told = hashlib.md5(open("status.json", "rb").read()).hexdigest()
    if not page.startswith(b'<!doctype html>\n<html lang="en" data-status="%s"'
                           % told.encode()) or not page.endswith(b"</html>\n"):
        complain("index.html is not of this status.json")
    if os.path.exists(".df/publishing"):
        complain(".df/publishing is there")


def check_names(chunks, owned):
    if sorted(owned) != sorted(os.listdir("key")):
        complain("keys", owned, os.listdir("key"))
    if sorted(owned) != sorted(os.listdir("head/key")):
        complain("tickets", owned, os.listdir("head/key"))
    stored = [m for d in os.listdir("head") if d != "key"
              for m in os.listdir("head/" + d)]
    if sorted(stored) != sorted(chunks):
        complain("headers and index differ")
    for top, _, files in os.walk("."):
        if not top.startswith("./.df"):
            for f in files:
                st = os.lstat(top + "/" + f)
                if st.st_mode & 0o777 not in (0o644, 0o777, 0o444):
                    complain("mode of", top, f)


def state(cut=False):
    """What is public, as text; cut: only checks. Raises Wrong."""
    index, status, told, chunks, heads = published()
    if cut:
        return ""
    check_end(index, status, told, chunks)
    owned = []
    for m, r in chunks.items():
        owned += check_header(r, heads[m])
    check_names(chunks, owned)
    out = [json.dumps(chunks[m], sort_keys=True) for m in sorted(chunks)]
    for name in sorted(owned):
        out.append("%s %s" % (name, os.readlink("key/" + name)))
        out.append(str(open("head/key/" + name, "rb").read()))
    out += [str(open("head/%s/%s" % (m[:2], m), "rb").read())
            for m in sorted(chunks)]
    out.append(json.dumps([status["chunks"], status["bytes"],
                           status["pending"]]))
    return "".join(x + "\n" for x in out)


def main():
    try:
        sys.stdout.write(state(sys.argv[1:] == ["-c"]))
    except Wrong as why:
        print("wrong:", why)
        sys.exit(1)


if __name__ == "__main__":
    main()
