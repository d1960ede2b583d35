#!/usr/bin/env python3
"""Recall of what is planted inside containers.
truth_inside.py FINDINGS.jsonl CORPUS [RECALL]

FINDINGS come from a scan with --reveal: inside a container there is no offset
to compare, so the value and the member are. A planted value is found when a
finding in the same object and member that names its type (or names it in "also")
shows it, or its beginning (the first 16 digits of a longer card may be a card,
too), as often as it was planted. RECALL (0.99) is asked of cards in every kind of
container, where one may be missing however few there are, and of all types
together except phones and national numbers, which carry no check."""
import collections
import json
import os
import re
import sys

GROUPS = {"card": "card_", "ssn": "us_ssn", "iban": "iban", "email": "email",
          "phone": "phone", "secret": "secret.", "uk_nino": "uk_nino",
          "es_dni": "es_nif", "nl_bsn": "nl_bsn", "pl_pesel": "pl_pesel",
          "br_cpf": "br_cpf"}
PLACES = [  # member of a truth file -> a part of the place of a finding
    (r"m\d+\.txt", lambda m, rel: m.group() + " → "),
    (r"b(\d+)", lambda m, rel: "message %d → body" % (int(m.group(1)) + 1)),
    (r"att(\d+)", lambda m, rel: "message %d → a.csv" % (int(m.group(1)) + 1)),
    (r"x", lambda m, rel: os.path.basename(rel)[:-3] + " → line "),
    (r"t", lambda m, rel: " t.a"),
    (r"d", lambda m, rel: "paragraph "),
    (r"s", lambda m, rel: "sheet1!A"),
    (r"p", lambda m, rel: "page "),
]


def plain(value):
    return re.sub(r"[^0-9a-z]", "", value.lower())


def place_of(rel, member):
    for pattern, place in PLACES:
        m = re.fullmatch(pattern, member)
        if m:
            return place(m, rel)
    raise ValueError(member)


def truth(corpus):
    rows = collections.Counter()
    for line in open(os.path.join(corpus, "truth.d.tsv"), encoding="utf-8"):
        path, _, _, kind, sub, raw, _ = line.rstrip("\n").split("\t")
        rel, member = path.split("//")
        kind = sub if kind == "natid" else kind
        rows[kind, rel, place_of(rel, member), plain(raw)] += 1
    return rows


def findings(name, corpus):
    """(path, value) -> types and places; 12 characters stand for what is longer"""
    rows = collections.defaultdict(list)
    root = os.path.join(corpus, "")
    for line in open(name, encoding="utf-8"):
        f = json.loads(line)
        value = plain(f["match"])
        for kind in [f["type"], *f.get("also", [])]:
            rows[f["path"][len(root):], value[:12]].append((kind, f["place"], value))
    return rows


def shows(value, shown):
    return value.startswith(shown) or shown.startswith(value)


def main():
    corpus = sys.argv[2]
    want = float(sys.argv[3]) if len(sys.argv) > 3 else 0.99
    found = findings(sys.argv[1], corpus)
    score = collections.defaultdict(lambda: [0, 0])
    for (kind, rel, place, value), times in truth(corpus).items():
        near = found.get((rel, value[:12]), [])
        got = sum(t.startswith(GROUPS[kind]) and place in p + " → " and shows(value, v)
                  for t, p, v in near)
        box = rel.split("/")[1]
        for key in ((kind, "all"), (kind, box)):
            score[key][0] += times
            score[key][1] += min(got, times)
        if got < times and os.environ.get("MISSED"):
            print("missed", kind, rel, place, value, near)
    ok = True
    for (kind, box), (n, got) in sorted(score.items()):
        print("%-8s %-7s planted %6d recall %.4f" % (kind, box, n, got / n))
        if kind == "card":
            ok = ok and n - got <= max(1, (1 - want) * n)
    checked = [s for (k, b), s in score.items()
               if b == "all" and k in ("card", "iban", "secret", "email", "ssn")]
    n, got = sum(s[0] for s in checked), sum(s[1] for s in checked)
    print("together planted %d recall %.4f" % (n, got / max(n, 1)))
    return 0 if ok and n > 0 and got >= want * n else 1


sys.exit(main())
