#!/usr/bin/env python3
"""Ledgers of what was not read (JSON lines).

ledger.py make DIR     files of which something cannot be read, made up
ledger.py same A B     A is of `trawl scan --coverage`, B of `trawl-master
                       export --coverage`: object by object, place by place,
                       and their totals. Exit 0 when equal and not empty; else
                       the first differences are printed and the exit is 1."""
import gzip
import io
import json
import os
import sys
import zipfile

OBJECT = ("path", "place", "coverage", "reason", "text", "size", "read",
          "members", "members_partial", "members_unread", "notes",
          "more_places")
TOTALS = ("whole", "objects", "full", "partial", "unread", "bytes",
          "unread_bytes", "members", "members_partial", "members_unread")


def packed(names, odd=(), locked=()):
    """A zip; members of `odd` by an unknown method, of `locked` encrypted."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name in names:
            z.writestr(name, "nothing here\n" * 20)
    data = bytearray(out.getvalue())
    for name in list(odd) + list(locked):
        local = data.index(name.encode()) - 30
        central = data.rindex(name.encode()) - 46
        if name in odd:
            data[local + 8:local + 10] = b"\x7b\x00"
            data[central + 10:central + 12] = b"\x7b\x00"
        else:
            data[local + 6] |= 1
            data[central + 8] |= 1
    return bytes(data)


def make(top):
    os.makedirs(top)

    def put(name, data):
        with open(os.path.join(top, name), "wb") as f:
            f.write(data)
    put("whole.zip", packed(["a.txt", "b.txt"]))
    put("odd.zip", packed(["a.txt", "b.txt", "c.txt"], odd=["b.txt"],
                          locked=["c.txt"]))
    inner = packed(["in.txt", "locked.txt"], locked=["locked.txt"])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("first.txt", "nothing here\n")
        z.writestr("inner.zip", inner)
    put("nested.zip", out.getvalue())
    many = ["m%03d.txt" % i for i in range(300)]
    put("many.zip", packed(many, odd=many))
    put("short.gz", gzip.compress(os.urandom(4000))[:-300])
    os.mkfifo(os.path.join(top, "pipe"))
    os.symlink("whole.zip", os.path.join(top, "link"))


def load(name):
    objects, totals = {}, None
    for line in open(name, encoding="utf-8"):
        row = json.loads(line)
        if "totals" in row:
            totals = row["totals"]
        else:
            objects[row["path"]] = {k: row.get(k) for k in OBJECT}
    return objects, totals


def reasons(totals):
    of = totals["reasons"]
    if isinstance(of, dict):
        return of
    return {r["reason"]: r["partial"] + r["unread"] for r in of}


def same(first, second):
    a, sum_a = load(first)
    b, sum_b = load(second)
    wrong = []
    for path in sorted(set(a) | set(b)):
        if a.get(path) != b.get(path):
            wrong.append("%s:\n  %r\n  %r" % (path, a.get(path), b.get(path)))
    for key in TOTALS:
        if sum_a[key] != sum_b[key]:
            wrong.append("total %s: %r, %r" % (key, sum_a[key], sum_b[key]))
    if reasons(sum_a) != reasons(sum_b):
        wrong.append("reasons: %r, %r" % (reasons(sum_a), reasons(sum_b)))
    places = sum(len(o["notes"] or ()) for o in b.values())
    if not any(o["more_places"] for o in b.values()) or places < 256:
        wrong.append("only %d places: not what was made" % places)
    print("\n".join(wrong[:6]) or
          "same: %d objects, %d places" % (len(b), places))
    return 1 if wrong else 0


if sys.argv[1] == "make":
    make(sys.argv[2])
else:
    sys.exit(same(sys.argv[2], sys.argv[3]))
