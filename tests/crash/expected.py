"""What must be where in the end, and what may be: by the lists and the target
rules, and by the Stamps (dataflow(5)), whoever died meanwhile."""
import ipaddress

import formats


def label(ns):
    """Of a time in nanoseconds since 1970."""
    return "@%016x%08x" % (formats.EPOCH + ns // 10**9, ns % 10**9)


class Rules:
    """Which host may send to which: pairs of addresses."""

    def __init__(self, allowed):
        self.allowed = allowed

    def heirs(self, x, data):
        """(address, the list that it is sent) of the head of a list."""
        sets = formats.list_sets(data)
        for n, e in enumerate(sets[0] if sets else []):
            a = str(ipaddress.ip_address(e.address))
            if (x, a) in self.allowed:
                yield a, formats.list_for(data, n)

    def must(self, x, data):
        """Who gets what x has taken with this list: where x or somebody on the
        way takes a branch over, they get it from there."""
        out = {x}
        for a, rest in self.heirs(x, data):
            if a != x:
                out |= self.must(a, rest)
        return out

    def may(self, x, data):
        """The same, and whom x reaches for a target that it takes the branch
        over of, where that target's own rules would not."""
        out = {x}
        for a, rest in self.heirs(x, data):
            out |= self.may(x, rest) | (self.may(a, rest) if a != x else set())
        return out


class Pushed:
    """One push: from when till when it ran, and what became of it."""

    def __init__(self, rules, host, data, chunks):
        self.chunks = chunks  # (key, MD5, length)
        self.must, self.may = rules.must(host, data), rules.may(host, data)
        self.acknowledged = False
        self.first, self.last = "@", "@g"  # Stamps: not before, not after

    def owners(self):
        return {(key, md5) for key, md5, _ in self.chunks}


def lost(pushes, a):
    """Lines for checkstore: what was acknowledged and must be on this host."""
    return sorted({"%s %d" % (md5, length) for p in pushes
                   if p.acknowledged and a in p.must
                   for _, md5, length in p.chunks})


def astray(pushes, a, there):
    """MD5s that nothing allows to be on this host."""
    return there - {md5 for p in pushes if a in p.may
                    for _, md5, _ in p.chunks}


def wrong_keys(pushes, a, tickets):
    """What is wrong with the keys of a host. tickets: {NAME: header}."""
    out, known, newest = [], {}, {}
    for p in pushes:
        for key, md5 in p.owners() if a in p.may else ():
            known.setdefault(key, []).append((p.first, p.last, md5))
            if p.acknowledged and a in p.must:
                newest[key] = max(newest.get(key, ("", "")), (p.first, md5))
    for key in sorted(set(known) | set(newest)):
        t = tickets.get(formats.key_name(key.encode()))
        if not t:
            if key in newest:
                out.append("no key " + key)
            continue
        stamp, md5 = t.value("stamp"), t.value("md5hash")
        if md5 not in {m for _, _, m in known[key]}:
            out.append("key %s was never of %s" % (key, md5))
        elif not any(m == md5 and first <= stamp <= last
                     for first, last, m in known[key]):
            out.append("key %s of %s: no push of %s" % (key, md5, stamp))
        elif (stamp, md5) < newest.get(key, ("", "")):
            out.append("key %s is of %s %s and not of %s %s" % (
                key, stamp, md5, *newest[key]))
    return out
