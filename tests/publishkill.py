"""A run of dfpublish for every place where it makes a call, which is struck
there: a step of dfpublish-kill.sh, in its directory.

    publishkill.py INJECTION CALLS [ARGUMENT...]

INJECTION is strace's, as in signal=KILL, CALLS are names with blanks between
them. Each run has a copy of base; what is public must be right after it, and the
next run must bring what is in the file end. Prints what is wrong, the calls that
are made at all, and the exit codes there were."""
import os
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
import pubstate  # noqa: E402

DFPUBLISH = shutil.which("dfpublish")


def run(argv, err, mode):
    """In the store; its exit code as a shell says it."""
    with open(err, mode) as f:
        code = subprocess.call(argv, cwd="s", stdin=subprocess.DEVNULL,
                               stdout=f, stderr=f)
    return 128 - code if code < 0 else code


def state(cut=False):
    """What is public; None: it is wrong, which goes to the file err."""
    os.chdir("s")
    try:
        return pubstate.state(cut)
    except (pubstate.Wrong, OSError, ValueError, KeyError) as why:
        with open("../err", "a") as f:
            print("wrong:", repr(why), file=f)
        return None
    finally:
        os.chdir("..")


def leftovers():
    found = [os.path.join(top, n) for top, dirs, files in os.walk("s/.df")
             for n in dirs + files]
    return [p for p in found if os.path.basename(p).startswith("publishing") or
            p.startswith(("s/.df/tmp/", "s/.df/publish/")) and
            (os.path.islink(p) or not os.path.isdir(p))]


def check(end):
    """Public state after a run that was cut, and after the next run."""
    bad = []
    if state(True) is None:
        bad.append("in between")
    if run([DFPUBLISH], "err", "a"):
        bad.append("the next run")
    now = state()
    if now is None:
        bad.append("the end")
    if now != end:
        bad.append("another end")
    if leftovers():
        bad.append("leftovers")
    if os.listdir("s/.df/commit") != ["c1"]:
        bad.append("commits")
    return bad


def strike(inject, call, n, arguments):
    """The exit code of dfpublish; None: it makes no such call."""
    subprocess.run(["rm", "-rf", "s"], check=True)
    subprocess.run(["cp", "-a", "base", "s"], check=True)
    code = run(["strace", "-qq", "-o", "../trace", "-e", "trace=" + call, "-e",
                "inject=%s:%s:when=%d" % (call, inject, n), DFPUBLISH,
                *arguments], "err", "w")
    with open("trace", errors="replace") as f:
        trace = f.read()
    return code if "INJECTED" in trace or "SIGKILL" in trace else None


def main():
    inject, calls, *arguments = sys.argv[1:]
    with open("end") as f:
        end = f.read()
    codes, made = set(), []
    for call in calls.split():
        n = 1
        while (code := strike(inject, call, n, arguments)) is not None:
            codes.add(str(code))
            bad = check(end)
            if bad:
                print(call, n, *arguments)
                print("wrong: " + ", ".join(bad))
                with open("err", errors="replace") as f:
                    print(f.read(), end="")
            n += 1
        if n > 1:
            made.append(call)
    print("".join(m + " " for m in made) + "\n".join(sorted(codes)))


main()
