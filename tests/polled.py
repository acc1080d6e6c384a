#!/usr/bin/env python3
"""polled.py MD5 NAME COMMAND...: a reader that polls the store in the current
directory for a chunk with this key while COMMAND runs, until its data is gone.
Says in which order it went from index, delta, link and data, and whether it was
ever seen the other way round."""
import json
import os
import subprocess
import sys
import time

md5, name = sys.argv[1:3]


def in_index():
    with open("index.json") as f:
        return any(c["md5"] == md5 for c in json.load(f)["chunks"])


def in_delta():
    with open("status.json") as f:
        s = json.load(f)
    with open(s["delta"], "rb") as f:
        lines = f.read(s["delta_bytes"]).decode().split("\n")[:-1]
    there = False
    for line in lines:
        r = json.loads(line)
        if r["md5"] == md5:
            there = "gone" not in r
    return there


def in_link():
    return os.path.lexists("key/" + name)


def in_data():
    return os.path.exists("md5/%s/%s" % (md5[:2], md5))


PLACES = [("index", in_index), ("delta", in_delta), ("link", in_link),
          ("data", in_data)]
assert all(look() for _, look in PLACES)
p = subprocess.Popen(sys.argv[3:])
end, order, polls = time.monotonic() + 60, [], 0
while len(order) < 4 and time.monotonic() < end:
    # From the last to the first: what is seen gone was gone before the next is
    # looked at, so each that comes before it must be gone too.
    seen = [(place, look()) for place, look in reversed(PLACES)]
    polls += 1
    for (later, a), (sooner, b) in zip(seen, seen[1:]):
        if not a and b:
            print("%s is gone, and %s is not" % (later, sooner))
    for place, there in reversed(seen):
        if not there and place not in order:
            order.append(place)
print("gone from", *order)
if polls < 3:
    print("only", polls, "looks")
p.terminate()
p.wait()
