#!/usr/bin/env python3
"""Are two files of findings (JSON lines) the same?  same.py A B [--ignore K,K]

Only the keys that `trawl scan` prints are compared, order does not matter, a
line that stands twice must stand twice in both. Exit 0 when equal; else the
first differences are printed (masked values only) and the exit is 1."""
import collections
import json
import sys

KEYS = ("path", "place", "type", "offset", "length", "match", "confidence",
        "level", "reasons", "also")


def load(name, ignore):
    rows = collections.Counter()
    for line in open(name, encoding="utf-8"):
        row = json.loads(line)
        key = [row.get(k) for k in KEYS if k not in ignore]
        rows[json.dumps(key, sort_keys=True)] += 1
    return rows


def main():
    ignore = sys.argv[4].split(",") if len(sys.argv) > 4 else []
    a, b = load(sys.argv[1], ignore), load(sys.argv[2], ignore)
    if a == b and sum(a.values()) > 0:
        print("same: %d findings" % sum(a.values()))
        return 0
    print("%d findings against %d" % (sum(a.values()), sum(b.values())))
    for title, rows in (("only in the first", a - b), ("only in the second", b - a)):
        for row, n in list(rows.items())[:5]:
            print("%s (%d times): %s" % (title, n, row))
    return 1


sys.exit(main())
