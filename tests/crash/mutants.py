#!/usr/bin/env python3
"""F14: takes each fsync, link, lock and check out of the product, one at a time, and
says which test notices.

    mutants.py TREE [PATTERN...]    only mutants whose name has a PATTERN in it;
                                    SENTENCES: only these, for a first look

TREE is a scratch copy of the tree; JOBS copies of it are built beside it and
changed. Mutants are found in the sources: a call of CALLS (it does nothing, and
succeeds) or of LOCKS (all get it), a condition before a reason or a refusal (it
is never met). CHECKS are further ones: (file, text, what stands there instead);
where white space is in the text, any is in the source. A text that is not found
exactly once counts as one that survives, as does what does not compile.

The tests are run until one fails: the module's unit test, those that name its
header, its fuzz target, then sentences; first those that noticed another mutant
of the file. What fails must fail twice, and pass without the mutant."""
import collections
import concurrent.futures
import os
import queue
import re
import shutil
import subprocess
import sys
import threading
import time

CALLS = ("fsync fdatasync syncfs sync sync_file_range msync file_sync_dir link linkat "
         "renameat2 flock tcp_linger shutdown").split()
LOCKS = "lock_take lock_wait slot_take".split()
REFUSAL = r'return (?:\w+ = )?"|arriving_refuse\('
CHECKS = [
    ("src/libdf/verify.c", "if (strcmp(t->md5, md5) ||", "if (0 && strcmp(t->md5, md5) ||"),
    ("src/libdf/verify.c", "(!p->alone && t->length != p->length) ||", ""),
    ("src/libdf/verify.c", "(*t->sha256 && strcmp(t->sha256, sha256)) ||", ""),
    ("src/libdf/place.c", "n != m || memcmp(p, q, (size_t)n)", "n != m"),
    ("src/libdf/group.c", "duty[i] = is_void || g->p[i].taken ?", "duty[i] = is_void ?"),
    ("src/libdf/commit.c", "if (!commit_published(c)) return 0;", ""),
    ("src/libdf/commit.c", "if (commit_duty(c, t, i) != DUTY_DONE) return 0;", ""),
    ("src/libdf/noting.c", "named->duty[i] && d.state", "d.state"),
    ("src/libdf/takeover.c", "return same_list(t, c, i, &to);", "return 1;"),
    ("src/libdf/duties.c", "commit_duty(d->commit, d->target, d->chunk) == d->state", "1"),
    ("src/libdf/sender.c", "if (queue || !s->bytes)", "if (0)"),
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
    "src/libdf/stage.c: sync()": "compiled only where there is no syncfs",
    "src/libdf/expiry.c: sync()": "compiled only where there is no syncfs",
    "src/libdf/fetch.c: check e == CURLE_TOO_LARGE: return \"its HTTP header has no "
    "end\";": "compiled only where libcurl is 8.6 or later",
    "src/libdf/room.c: sync_file_range(fd, (off_t)from, (off_t)(end - from), "
    "SYNC_FILE_RANGE_WRITE)": "it only begins to write sooner: fsync follows",
    "src/libdf/follow.c: flock(fd, LOCK_UN)": "the descriptor's lock is shared and "
    "goes with the next look",
}
# What sees most comes first; the others follow.
SENTENCES = ("order strict-quick dfpublish dfserve dfretry dfrelay pushdf dfsend "
             "takeover expire-race dfexpire dfverify twins threats threats-net "
             "receipts getdf crash-quick "
             "dfpublish-kill faults-quick").split()


def close_of(text, at):
    """The offset behind the bracket that closes the first one from there on."""
    depth = 0
    for m in re.compile(r"[()]|'(?:\\.|[^'])'|\"(?:\\.|[^\"])*\"").finditer(text, at):
        depth += {"(": 1, ")": -1}.get(m.group(), 0)
        if depth == 0:
            return m.end()
    raise ValueError(text[at:at + 40])


def short(code):
    return " ".join(code.split())


def of_calls(text):
    """(name, text) with a call taken out, or a condition."""
    for m in re.finditer(r"(?<![\w>.])(%s)\(" % "|".join(CALLS + LOCKS), text):
        start = text.rfind("\n", 0, m.start()) + 1
        line = text[start:text.index("\n", start)]
        if re.match(r"[A-Za-z/]| \*", line): # a function, a comment
            continue
        end = close_of(text, m.start())
        call = text[m.start():end]
        none = '((void)%s, open("/dev/null", O_RDONLY | O_CLOEXEC))'
        new = ("(void)0" if m.group(1) == "sync" else
               "(0 && %s)" % call if m.group(1) in CALLS else
               none % call[call.index("("):])
        yield short(call), "#include <fcntl.h>\n" + text[:m.start()] + new + text[end:]
    for m in re.finditer(r"(?<![\w])if \(", text):
        end = close_of(text, m.start())
        after = re.match(r"\s*\{?\s*(?:%s)[^;]*;" % REFUSAL, text[end:])
        if after:
            condition = text[m.end():end - 1]
            yield ("check %s: %s" % (short(condition), short(after.group())),
                   text[:m.end()] + "0 && (" + condition + ")" + text[end - 1:])


def mutants(tree):
    """(file, name, text, or None: it is not there once)."""
    files = sorted(os.path.join(d, f) for d in ("src", "src/libdf")
                   for f in os.listdir(os.path.join(tree, d)) if f.endswith(".c"))
    for name in files:
        with open(os.path.join(tree, name)) as f:
            text = f.read()
        for what, new in of_calls(text):
            yield name, what, new
        for _, old, new in (c for c in CHECKS if c[0] == name):
            pattern = r"\s+".join(map(re.escape, old.split()))
            once = len(re.findall(pattern, text)) == 1
            yield name, "check " + short(old), (
                re.sub(pattern, lambda m: new, text) if once else None)
    for name, old, _ in CHECKS:
        if name not in files:
            yield name, "check " + short(old), None


class Tree:
    """A copy in which one mutant at a time is tried."""

    def __init__(self, source, to):
        self.top = to
        shutil.copytree(source, to, symlinks=True)

    def make(self, *what):
        return subprocess.run(["make", "-s", *what], cwd=self.top, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True)

    def run(self, command, expected=None):
        """Why the test fails; "": it passes. One that hangs has failed."""
        work = self.top + ".run"
        shutil.rmtree(work, ignore_errors=True)
        os.mkdir(work)
        os.chmod(work, 0o755)
        env = {"PATH": self.top + "/src:/usr/bin:/bin:/usr/sbin:/sbin",
               "T": self.top + "/tests"}
        limit = LIMIT if expected else LIMIT / 3 # units are short
        out = self.top + ".out"
        with open(out, "w+b") as f:
            p = subprocess.Popen(command, cwd=work, env=env, stdout=f,
                                 stdin=subprocess.DEVNULL,
                                 stderr=subprocess.STDOUT, start_new_session=True)
            late = self.wait(p, out, expected, limit)
            try:
                os.killpg(p.pid, 9)
            except ProcessLookupError:
                pass
            code = p.wait()
        if late:
            return late
        if expected is None:
            return "" if code == 0 else "exit %d" % code
        return "" if self.said(out) == expected else "differs"

    @staticmethod
    def said(out):
        with open(out, "rb") as f:
            return f.read()

    def wait(self, p, out, expected, limit):
        """Why it need not be waited for any longer; "": it has ended."""
        end = time.monotonic() + limit
        while True:
            try:
                p.wait(0.2)
                return ""
            except subprocess.TimeoutExpired:
                pass
            lines = self.said(out).rpartition(b"\n")
            if expected is not None and not expected.startswith(lines[0] + lines[1]):
                return "differs"
            if time.monotonic() > end:
                return "hangs"

    def passes(self, kind, name):
        if kind == "unit":
            made = self.make("tests/unit/%s.test" % name)
            command = [self.top + "/tests/unit/%s.test" % name]
        elif kind == "fuzz":
            made = self.make("tests/fuzz/%s.fuzz" % name)
            command = ["sh", self.top + "/tests/fuzz/rerun", name]
        else:
            made = self.make("it")
            command = ["sh", self.top + "/tests/%s.sh" % name]
        if made.returncode:
            raise OSError(made.stderr)
        expected = None
        if kind == "sentence":
            with open(self.top + "/tests/%s.exp" % name, "rb") as f:
                expected = f.read()
        return not self.run(command, expected)


def units_of(tree, module):
    """Its own unit test, then those that name its header."""
    top = os.path.join(tree, "tests/unit")
    own, other = [], []
    for f in sorted(os.listdir(top)):
        if f.endswith(".c"):
            with open(os.path.join(top, f)) as text:
                if f == module + ".c":
                    own.append(f[:-2])
                elif '"%s.h"' % module in text.read():
                    other.append(f[:-2])
    return own + other


class Run:
    def __init__(self, source):
        self.source = source
        all_of_them = [f[:-4] for f in sorted(os.listdir(source + "/tests"))
                       if f.endswith(".exp") and f[:-4] not in SENTENCES]
        few = os.environ.get("SENTENCES")
        self.sentences = SENTENCES + all_of_them if few is None else few.split()
        self.noticed = collections.defaultdict(list) # by file
        self.good = Tree(source, source + ".good")
        self.lock = threading.Lock()
        self.passed = {}
        self.trees = queue.Queue()
        for n in range(int(os.environ.get("JOBS", os.cpu_count()))):
            self.trees.put(Tree(source, "%s.%d" % (source, n)))

    def tests(self, name):
        module = os.path.basename(name)[:-2]
        is_module = name.startswith("src/libdf/")
        tests = [("unit", u) for u in units_of(self.source, module) if is_module]
        if is_module and os.path.exists("%s/tests/fuzz/%s.c" % (self.source, module)):
            tests.append(("fuzz", module))
        first = [("sentence", module)] if module in self.sentences else []
        tests += first + [("sentence", s) for s in self.sentences]
        return list(dict.fromkeys(self.noticed[name] + tests))

    def well(self, test):
        """It passes where nothing is taken out."""
        with self.lock:
            if not self.passed.get(test):
                self.passed[test] = self.good.passes(*test)
            return self.passed[test]

    def killer(self, tree, name):
        for test in self.tests(name):
            if tree.passes(*test):
                continue
            if tree.passes(*test):
                continue # a busy machine
            if not self.well(test):
                print("%s/%s fails by itself" % test, flush=True)
                continue
            if test in self.noticed[name]:
                self.noticed[name].remove(test)
            self.noticed[name].insert(0, test)
            return "%s/%s" % test
        return None

    def try_one(self, job):
        name, what, text = job
        if text is None:
            return job, "NOT FOUND once"
        tree = self.trees.get()
        path = os.path.join(tree.top, name)
        try:
            with open(path) as f:
                good = f.read()
            with open(path, "w") as f:
                f.write(text)
            by = self.killer(tree, name)
        except OSError as e:
            by = "DOES NOT COMPILE: %s" % e
        finally:
            with open(path, "w") as f:
                f.write(good)
            self.trees.put(tree)
        title = "%s: %s" % (name, what)
        return job, by or ("(equal: %s)" % EQUAL[title] if title in EQUAL else None)


def main():
    global LIMIT
    LIMIT = int(os.environ.get("LIMIT", 120))
    source = os.path.abspath(sys.argv[1])
    jobs = [j for j in mutants(source) if not sys.argv[2:] or
            any(p in "%s: %s" % j[:2] for p in sys.argv[2:])]
    run = Run(source)
    survivors = 0
    with concurrent.futures.ThreadPoolExecutor(run.trees.qsize()) as pool:
        for done in concurrent.futures.as_completed(
                [pool.submit(run.try_one, j) for j in jobs]):
            (name, what, _), by = done.result()
            survivors += not by or by.startswith(("NOT", "DOES"))
            print("%-60s %s" % ("%s: %s" % (name, what), by or "SURVIVES"), flush=True)
    print("%d mutants, %d survive" % (len(jobs), survivors))
    sys.exit(1 if survivors or not jobs else 0)


main()
