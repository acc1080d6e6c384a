#!/usr/bin/env python3
"""webhosts.py ADDRESS...: one process is a web server on all these addresses,
on one port, which it prints. Host 127.0.0.N serves the files below hN/; what
the file is.N says (read anew for each request) is how it lies. "asked" has a
line for each request: N, path, range or "-". An address with "!" behind it takes
no connection: its queue is full; one with "-" refuses every one."""
import os
import re
import socket
import sys
import threading

JUNK = b"junk" * 16384


def say(s, status, head=(), body=b""):
    lines = ["HTTP/1.1 %s" % status, "Connection: close", *head]
    s.sendall(("\r\n".join(lines) + "\r\n\r\n").encode() + body)


def hold(s):
    while s.recv(4096):
        pass


def for_ever(s, piece):
    while True:
        s.sendall(piece)


def serve(s, body, span, lie, is_data):
    """A file, honestly, but for the lies about its bytes."""
    if lie == "flip" and is_data:
        body = body[:-1] + bytes([body[-1] ^ 1])
    elif lie == "short" and is_data:
        body = body[: len(body) // 2]
    elif lie == "long" and is_data:
        body += JUNK
    elif lie == "endless" or lie == "endless-data" and is_data:
        say(s, "200 OK", (), body)
        for_ever(s, JUNK)
    elif lie == "other-range" and span:
        return say(s, "206 Part", ["Content-Range: bytes 1-9/10"], body)
    elif lie.startswith("once ") and span:
        return say(s, "500 No more")
    elif lie == "no-range":
        span = None
    status, at = "200 OK", 0
    head = []
    if span:
        at = int(span.split("-")[0])
        if at >= len(body):
            return say(s, "416 No")
        status = "206 Part"
        head = ["Content-Range: bytes %d-%d/%d" % (at, len(body) - 1, len(body))]
    size = len(body) - at
    if lie.startswith("claims ") and is_data:
        size = int(lie.split()[1])
    head.append("Content-Length: %d" % size)
    out = body[at:]
    if is_data and lie.startswith(("cut ", "stall ", "once ")):
        out = out[: int(lie.split()[1])]
    say(s, status, head, out)
    if is_data and lie.startswith("stall "):
        hold(s)


def answer(s, n):
    text = b""
    while b"\r\n\r\n" not in text and len(text) < 65536:
        piece = s.recv(4096)
        if not piece:
            return
        text += piece
    path = text.split()[1].decode()
    span = re.search(rb"Range: bytes=(\S+)", text)
    span = span and span.group(1).decode()
    with open("asked", "a") as log:
        log.write("%s %s %s\n" % (n, path, span or "-"))
    try:
        lie = open("is." + n).read().strip()
    except OSError:
        lie = ""
    is_data = path.startswith("/md5/")
    if lie == "silent":
        return hold(s)
    if lie == "garbage":
        return s.sendall(b"\0\xff garbage\r\n" * 100)
    if lie == "heads":
        s.sendall(b"HTTP/1.1 200 OK\r\n")
        for_ever(s, b"X: y\r\n" * 1000)
    if lie == "continues":
        for_ever(s, b"HTTP/1.1 100 Continue\r\n\r\n" * 100)
    if lie.startswith("status "):
        return say(s, lie[7:], (), b"no")
    if lie.startswith("moved "):
        return say(s, "302 Found", ["Location: " + lie[6:] + path])
    if lie.startswith("to "):
        return say(s, "302 Found", ["Location: " + lie[3:]])
    if lie.startswith("header ") and not is_data:
        return serve(s, open(lie[7:], "rb").read(), span, "", 0)
    try:
        body = open("h" + n + path, "rb").read()
    except OSError:
        return say(s, "404 Not Found", (), b"no")
    serve(s, body, span, lie, is_data)


def one(s, n):
    try:
        answer(s, n)
        s.shutdown(socket.SHUT_WR)
        hold(s)
    except OSError:
        pass
    s.close()


def listen(port, addresses):
    sockets = []
    for a in addresses:
        s = socket.socket()
        s.bind((a.rstrip("!-"), port or (sockets and sockets[0].getsockname()[1])
                or 0))
        if not a.endswith("-"):
            s.listen(0 if a.endswith("!") else 64)
        sockets.append(s)
    return sockets


def accept(s, n):
    while True:
        c, _ = s.accept()
        threading.Thread(target=one, args=(c, n), daemon=True).start()


def fill(s):
    """Connects until nobody answers any more."""
    full = []
    for _ in range(8):
        c = socket.socket()
        c.settimeout(0.3)
        full.append(c)
        try:
            c.connect(s.getsockname())
        except OSError:
            break
    return full


for _ in range(100):
    try:
        sockets = listen(0, sys.argv[1:])
        break
    except OSError:
        pass
kept = []
for a, s in zip(sys.argv[1:], sockets):
    if a.endswith("!"):
        kept.append((s, fill(s)))
    elif not a.endswith("-"):
        threading.Thread(target=accept, args=(s, a.split(".")[-1]),
                         daemon=True).start()
print(sockets[0].getsockname()[1], flush=True)
os.close(1)
threading.Event().wait()
