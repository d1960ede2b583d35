#!/usr/bin/env python3
"""Recall and precision of card numbers against planted truth.
truth.py FINDINGS.jsonl CORPUS [RECALL PRECISION]

A planted card is found when a finding of a card type overlaps it; a finding of
a card type is right when it overlaps a planted card. Only paths of the corpus'
truth files count. Also prints the other planted types, for reading."""
import collections
import glob
import json
import os
import sys

GROUPS = {"card": "card_", "ssn": "us_ssn", "iban": "iban", "email": "email",
          "phone": "phone", "secret": "secret."}


def truth(corpus):
    rows = collections.defaultdict(list)
    for name in sorted(glob.glob(os.path.join(corpus, "truth.*.tsv"))):
        for line in open(name, encoding="utf-8"):
            path, off, length, kind = line.rstrip("\n").split("\t")[:4]
            rows[kind, path].append((int(off), int(off) + int(length)))
    return rows


def findings(name, corpus, prefix):
    rows = collections.defaultdict(list)
    root = os.path.join(corpus, "")
    for line in open(name, encoding="utf-8"):
        f = json.loads(line)
        if f["path"].startswith(root + "truth."):
            continue
        if f["type"].startswith(prefix) and f["path"].startswith(root):
            rows[f["path"][len(root):]].append((f["offset"], f["offset"] + f["length"]))
    return rows


def hits(some, others):
    """How many stretches of `some` overlap one of `others`"""
    n = 0
    for path, spans in some.items():
        near = sorted(others.get(path, []))
        n += sum(any(a < y and x < b for x, y in near) for a, b in spans)
    return n


def main():
    corpus = sys.argv[2]
    want = [float(x) for x in sys.argv[3:5]] or [0.99, 0.99]
    planted, ok = truth(corpus), True
    for kind, prefix in GROUPS.items():
        real = {p: s for (k, p), s in planted.items() if k == kind}
        found = findings(sys.argv[1], corpus, prefix)
        n, m = sum(map(len, real.values())), sum(map(len, found.values()))
        recall = hits(real, found) / max(n, 1)
        precision = hits(found, real) / max(m, 1)
        print("%-7s planted %6d found %6d recall %.4f precision %.4f" %
              (kind, n, m, recall, precision))
        if kind == "card":
            ok = n > 0 and recall >= want[0] and precision >= want[1]
    return 0 if ok else 1


sys.exit(main())
