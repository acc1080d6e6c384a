#!/usr/bin/env python3
"""F14: takes each fsync, link, lock and check out of the product, one at a time, and
says which test notices.

    mutants.py TREE [PATTERN...]    only mutants whose name has a PATTERN in it

TREE is a scratch copy in which make it unit was run; it is changed. Exit 1 if one
survives. Every call of CALLS in src is a mutant (it does nothing and succeeds);
CHECKS are further ones: (file, text, what stands there instead). A text that is
not found exactly once is an error. TESTS are run in this order until one fails;
the unit test of the module comes first.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

CALLS = ("fsync fdatasync syncfs file_sync_dir link linkat renameat2 flock "
         "tcp_linger shutdown").split()
CHECKS = [
    ("src/libdf/verify.c", "if (strcmp(t->md5, md5) ||", "if (0 && strcmp(t->md5, md5) ||"),
    ("src/libdf/verify.c", "(!p->alone && t->length != p->length) ||", ""),
    ("src/libdf/verify.c", "(*t->sha256 && strcmp(t->sha256, sha256)) ||", ""),
    ("src/libdf/place.c", "n != m || memcmp(p, q, (size_t)n)", "n != m"),
    ("src/libdf/group.c", "place_all(g) < 0 || sync_dirs(g) < 0)",
     "place_all(g) < 0)"),
    ("src/libdf/group.c", "duty[i] = is_void || g->p[i].taken ?", "duty[i] = is_void ?"),
    ("src/libdf/commit.c", "if (!commit_published(c))\n    return 0;", ""),
    ("src/libdf/commit.c", "if (commit_duty(c, t, i) != DUTY_DONE)\n        return 0;", ""),
    ("src/libdf/noting.c", "named->duty[i] && d.state", "d.state"),
    ("src/libdf/takeover.c", "return same_list(t, c, i, &to);", "return 1;"),
    ("src/libdf/sender.c", "if (queue || !s->bytes)", "if (0)"),
    ("src/libdf/arriving.c", "if (p->length > r->largest)", "if (0)"),
    ("src/libdf/holding.c", "!memcmp(&good, is, sizeof good) && ", ""),
    ("src/libdf/published.c", "strcmp(p->index.epoch, p->epoch) ? 0 : ", ""),
    ("src/libdf/recent.c", "!memcmp(tag, r->key, TAG)", "0"),
    ("src/libdf/download.c", "if (strcmp(md5, d->md5))", "if (0)"),
    ("src/libdf/download.c", "*d->sha256 && strcmp(sha256, d->sha256)", "0"),
    ("src/libdf/download.c", "if (d->digest.bytes < d->length)\n    return DOWNLOAD_ABSENT;", ""),
    ("src/libdf/download.c", "disagreement(d) ? DOWNLOAD_STUCK : DOWNLOAD_RIGHT", "DOWNLOAD_RIGHT"),
    ("src/libdf/download.c", "end == DOWNLOAD_WRONG && mixed", "0"),
    ("src/libdf/finding.c", "*f->md5 && strcmp(h->md5, f->md5)", "0"),
    ("src/libdf/finding.c", "life_end(h) < f->now", "0"),
    ("src/libdf/finding.c", "h->length != f->header.length", "0"),
    ("src/libdf/finding.c", "wrong && !f->is_ticket", "0"),
    ("src/libdf/sink.c", "at == st.st_size", "1"),
    ("src/libdf/fetch.c", "f->head > FETCH_HEAD", "0"),
    ("src/getdf.c", "get.find.end < get.find.now", "0"),
    ("src/getdf.c", "if (*get.sink.tmp)", "if (0)"),
]
# Reasons why what survives makes no difference that a test could see.
EQUAL = {
    "src/libdf/follow.c: flock(fd, LOCK_UN)": "the descriptor's lock is shared and "
    "goes with the next look",
    "src/libdf/sender.c: tcp_linger(s->out, 0)": "after shutdown(SHUT_WR) only a "
    "close with unread data differs, and nothing is read from a server",
}
TESTS = ("dfserve order dfpublish pushdf dfsend dfrelay strict-quick dfretry "
         "takeover twins hops dfpublish-kill crash-quick cutthrough getdf "
         "getdf-slow").split()


def call_at(text, at):
    """The call that begins at the offset: its text."""
    depth = 0
    for i in range(text.index("(", at), len(text)):
        depth += {"(": 1, ")": -1}.get(text[i], 0)
        if depth == 0:
            return text[at:i + 1]
    raise ValueError(text[at:at + 40])


def mutants(tree):
    files = sorted(os.path.join(d, f) for d in ("src", "src/libdf")
                   for f in os.listdir(os.path.join(tree, d)) if f.endswith(".c"))
    for name in files:
        text = open(os.path.join(tree, name)).read()
        for m in re.finditer(r"(?<![\w>.])(%s)\(" % "|".join(CALLS), text):
            start = text.rfind("\n", 0, m.start()) + 1
            line = text[start:text.index("\n", start)]
            if line[:1].isalpha() or line.startswith("/*") or "#define few" in line:
                continue
            call = call_at(text, m.start())
            yield (name, "%s" % " ".join(call.split()), text[:m.start()] +
                   "(0 && %s)" % call + text[m.start() + len(call):])
    for name, old, new in CHECKS:
        text = open(os.path.join(tree, name)).read()
        if text.count(old) != 1:
            sys.exit("mutants: fatal: %s: %d times: %s" % (name, text.count(old), old))
        yield name, "check " + " ".join(old.split()), text.replace(old, new)


def run(tree, command, expected=None):
    """True: the test passes."""
    work = tempfile.mkdtemp(prefix="mutant.", dir=os.path.dirname(tree))
    os.chmod(work, 0o755)
    env = {"PATH": tree + "/src:/usr/bin:/bin:/usr/sbin:/sbin", "T": tree + "/tests"}
    p = subprocess.Popen(command, cwd=work, env=env, stdin=subprocess.DEVNULL,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         start_new_session=True)
    try:
        out = p.communicate(timeout=100)[0]
    except subprocess.TimeoutExpired:
        out = None
    try:
        os.killpg(p.pid, 9)
    except ProcessLookupError:
        pass
    p.wait()
    shutil.rmtree(work, ignore_errors=True)
    if out is None:
        return False
    return out == expected if expected is not None else p.returncode == 0


def killer(tree, name):
    module = os.path.basename(name)[:-2]
    unit = os.path.join(tree, "tests/unit", module + ".test")
    tests = [module] if module in TESTS else []
    if os.path.exists(unit) and not run(tree, [unit]):
        return "unit/" + module
    for t in tests + [t for t in TESTS if t not in tests]:
        base = os.path.join(tree, "tests", t)
        if not run(tree, ["sh", base + ".sh"], open(base + ".exp", "rb").read()):
            return t
    return None


def build(tree):
    p = subprocess.run(["make", "-s", "it", "unit"], cwd=tree,
                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if p.returncode:
        sys.exit("mutants: fatal: make: " + p.stderr)


def main():
    tree = os.path.abspath(sys.argv[1])
    survivors = total = 0
    for name, what, text in list(mutants(tree)):
        title = "%s: %s" % (name, what)
        if sys.argv[2:] and not any(p in title for p in sys.argv[2:]):
            continue
        path = os.path.join(tree, name)
        good = open(path).read()
        open(path, "w").write(text)
        build(tree)
        total += 1
        by = killer(tree, name)
        open(path, "w").write(good)
        if not by and title in EQUAL:
            by = "(equal: %s)" % EQUAL[title]
        survivors += not by
        print("%-60s %s" % (title, by or "SURVIVES"), flush=True)
    print("%d mutants, %d survive" % (total, survivors))
    sys.exit(1 if survivors or not total else 0)


main()
