"""Cases of a sixth writer: what people and offices send each other.

Mail threads with quoted replies, tickets, talks, pay slips, bank statements,
till and hotel papers, settings that hold passwords (neighbour_papers.py), with
the numbers of neighbour_rules.py. Nothing here reads a catalogue file, another
writer's tables or the detector.
"""
import random
import re
import uuid
from collections import namedtuple

import neighbour_papers as papers
import neighbour_rules as rules
from neighbour_rules import DIGITS, UPPER, luhn_digit, number

Shown = namedtuple("Shown", "group id how text at length want")


def put(rng, paper, value, title="", **more):
    """(text, where the value begins)"""
    text = paper.format(v="\0", t=title, n=number(rng, 4, "123456789"), **more)
    at = text.index("\0")
    return text.replace("\0", value), at


def papers_of(rule):
    """One of each kind that is written in the rule's tongue."""
    tongue = rule.tongue
    yield "thread", papers.THREADS.get(tongue, papers.THREADS["en"])
    yield "ticket", papers.TICKETS
    yield "talk", papers.TALKS
    yield "slip", papers.SLIPS.get(tongue, papers.SLIPS["en"])
    yield "message", papers.MESSAGES


def around(rng, group, rule, value, want, kinds=None):
    for how, stock in papers_of(rule):
        if kinds is None or how in kinds:
            text, at = put(rng, rng.choice(stock), value,
                           rng.choice(rule.titles))
            yield Shown(group, rule.kind, how, text, at, len(value), want)


def changed(rng, value):
    at = rng.choice([i for i, c in enumerate(value) if c in DIGITS])
    return value[:at] + rng.choice(DIGITS.replace(value[at], "")) + \
        value[at + 1:]


def ids(rng, n):
    for rule in rules.RULES * n:
        value = rule.make(rng)
        yield from around(rng, "id", rule, rules.shown(rng, rule, value), True)
        yield from around(rng, "id", rule, rules.shown(rng, rule,
                                                       rule.make(rng)), True)
        bad = next((b for b in (changed(rng, value) for _ in range(20))
                    if not rule.holds(b)), None)
        if bad is not None:
            yield from around(rng, "id", rule, rules.shown(rng, rule, bad),
                              False, ("thread", "slip", "talk"))


def plain_ids(rng, n):
    for rule in rules.PLAIN * n:
        for _ in range(3):
            yield from around(rng, "id_plain", rule, rules.shown(
                rng, rule, rule.make(rng)), True)
        # the same characters as a number of something else
        other = rule._replace(titles=["Order", "Parcel", "Article no"])
        yield from around(rng, "id_plain", other, rule.make(rng), False,
                          ("ticket",))


# ---- a whole payroll: several numbers in each row --------------------------

def payroll(rng, n):
    """Rows of people, with the numbers of one land in columns side by side."""
    lands = {}
    for rule in rules.RULES:
        lands.setdefault(rule.tongue, []).append(rule)
    for tongue, kinds in list(lands.items()) * n:
        some = rng.sample(kinds, min(2, len(kinds)))
        sep = rng.choice(";\t,|")
        head = ["Nr", "Name"] + [r.titles[0] for r in some] + ["Brutto"]
        rows, marks = [sep.join(head)], []
        for k in range(4):
            cells = [str(1000 + k), rng.choice(["Berg", "Lind", "Haug"])]
            cells += [rules.shown(rng, r, r.make(rng)) for r in some]
            marks += list(zip(some, cells[2:]))
            rows.append(sep.join(cells + ["%d.00" % rng.randint(2000, 6000)]))
        text = "\n".join(rows) + "\n"
        for rule, value in marks:
            yield Shown("id", rule.kind, "payroll", text, text.index(value),
                        len(value), True)


# ---- accounts --------------------------------------------------------------

# the account numbers of these have no check digits of their own
LANDS = {"DE": "18n", "AT": "16n", "GB": "4a14n", "IE": "4a14n", "CH": "17n",
         "DK": "14n", "LT": "16n", "RO": "4a16c", "GR": "23n",
         "LU": "3n13c", "SA": "20n", "AE": "19n", "SE": "20n"}


def account(rng, land):
    body = ""
    for size, kind in re.findall(r"(\d+)([anc])", LANDS[land]):
        stock = {"n": DIGITS, "a": UPPER, "c": DIGITS + UPPER}[kind]
        body += "".join(rng.choice(stock) for _ in range(int(size)))
    spelt = "".join(str(int(c, 36)) for c in body + land + "00")
    return "%s%02d%s" % (land, 98 - int(spelt) % 97, body)


def accounts(rng, n):
    for land in list(LANDS) * n:
        for paper in papers.STATEMENTS:
            value = account(rng, land)
            fours = re.sub("(.{4})(?=.)", r"\1 ", value)
            shown = value if paper[0] in ":<F" else rng.choice([value, fours])
            text, at = put(rng, paper, shown)
            yield Shown("iban", "iban", "statement", text, at, len(shown),
                        True)
            bad = value[:-1] + str((ord(value[-1]) + 1) % 10)
            text, at = put(rng, paper, bad)
            yield Shown("iban", "iban", "off", text, at, len(bad), False)
    for text in papers.NO_ACCOUNTS * n * 4:
        text = text.format(n=number(rng, 4), u=a_uuid(rng))
        yield Shown("iban", "iban", "none", text, 0, len(text), False)


def a_uuid(rng):
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


# ---- cards -----------------------------------------------------------------

# brand as it is said, the code of two letters of reservations, prefix, length
BRANDS = [("card_visa", "Visa", "VI", "4", 16),
          ("card_visa", "VISA", "VI", "45", 16),
          ("card_mastercard", "MasterCard", "CA", "53", 16),
          ("card_mastercard", "Mastercard", "MC", "2412", 16),
          ("card_amex", "American Express", "AX", "37", 15),
          ("card_amex", "Amex", "AX", "34", 15),
          ("card_diners", "Diners Club", "DC", "36", 14),
          ("card_discover", "Discover", "DS", "6011", 16),
          ("card_jcb", "JCB", "JC", "3540", 16),
          ("card_unionpay", "UnionPay", "UP", "6225", 16)]


def grouped(rng, value):
    sizes = {15: (4, 6, 5), 14: (4, 6, 4)}.get(len(value), (4, 4, 4, 4))
    out, at = [], 0
    for s in sizes:
        out.append(value[at:at + s])
        at += s
    return rng.choice([" ", " ", "-"]).join(out)


def cards(rng, n):
    for kind, said, code, prefix, size in BRANDS * n:
        for paper in papers.TILLS:
            body = prefix + number(rng, size - 1 - len(prefix))
            bare = body + luhn_digit(body)
            bad = body + DIGITS[(int(bare[-1]) + rng.randint(1, 9)) % 10]
            for value, want in ((bare, True), (bad, False)):
                shown = rng.choice([value, grouped(rng, value)])
                if "{d}" in paper:
                    shown = value
                text = paper.replace("{d}", "{v}")
                first = text.index("{v}") + 3
                text = text[:first] + text[first:].replace("{v}", shown)
                text, at = put(rng, text, shown, b=said, x=code)
                yield Shown("card", kind, "till", text, at, len(shown), want)
        for text in papers.NO_TILLS:
            text = text.format(b=said, n=number(rng, 4), m=number(rng, 5),
                               w=number(rng, 10))
            yield Shown("card", kind, "none", text, 0, len(text), False)


# ---- phones and addresses of mail ------------------------------------------

SIGNED = ["Tel. {v}", "Mobile: {v} | Fax on request", "M {v}", "T: {v}",
          "TEL;TYPE=CELL:{v}", "Ph: {v} (Mon-Fri)", "Telefon {v}",
          "Handy: {v}", "t\u00e9l. {v}", "Tel\u00e9fono: {v}",
          "Callback number: {v}", "\u260e {v}", "call me on {v}",
          "WhatsApp {v}", "\u0442\u0435\u043b. {v}"]
DIALLED = ["+49 171 {7}", "+49 (0) 30 {8}", "+33 6 {2} {2} {2} {2}",
           "+44 7{3} {6}", "+1 (415) 5{2}-{4}", "+1-212-5{2}-{4}",
           "+39 347 {3} {4}", "+34 6{2} {3} {3}", "+31 6 {8}",
           "+46 70 {3} {2} {2}", "+48 6{2} {3} {3}", "+7 916 {3}-{2}-{2}",
           "+41 79 {3} {2} {2}", "+90 532 {3} {2} {2}", "+61 4{2} {3} {3}",
           "+55 11 9{4}-{4}", "+91 98{3} {5}", "(415) 5{2}-{4}",
           "0171 {7}", "06 {2} {2} {2} {2}"]
NO_DIALLED = ["Invoice {4} {6}", "Case {8}", "VAT DE{9}", "{2}.{2}.2026",
              "Konto {8}, BLZ {8}", "Ref. {3}-{3}-{4}", "HD-{6}",
              "{3} {3} {4} NHS no", "Kd.-Nr. {9}", "EUR {3}.{3},{2}",
              "Art. {4}-{5}", "IMEI {8}{7}", "lot {3} {3} {4}",
              "sum {3} {3} {3}", "pos {2} {3} {4}", "p. {3}-{3}"]


def dialled(rng, plan):
    return re.sub(r"\{(\d)\}", lambda m: number(rng, int(m[1]), "23456789"),
                  plan)


def phones(rng, n):
    for plan in DIALLED * n:
        for line in rng.sample(SIGNED, 6):
            value = dialled(rng, plan)
            text, at = put(rng, "-- \nPia Lind\nKvarn AB\n" + line + "\n",
                           value)
            yield Shown("phone", "phone", "signed", text, at, len(value), True)
    for plan in NO_DIALLED * n * 2:
        value = dialled(rng, plan)
        for text in ("> " + value + "\n", value + "\n",
                     "see " + value + " of 3 March\n"):
            yield Shown("phone", "phone", "none", text, 0, len(text), False)


# ---- secrets ---------------------------------------------------------------

SMALL = "abcdefghijkmnpqrstuvwxyz"
WORDS = ["Fjord", "Kvarn", "Winter", "Bergen", "Lachs", "Nebel", "otter",
         "granit", "Pfeffer", "tulpe"]


def chosen(rng):
    """Passwords as people and machines make them."""
    return rng.choice([
        lambda: rng.choice(WORDS) + number(rng, 3) + rng.choice("!$?#"),
        lambda: rng.choice(WORDS) + rng.choice("-_.") + rng.choice(WORDS) +
        number(rng, 2) + rng.choice("!+"),
        lambda: "".join(rng.choice(SMALL + UPPER + "23456789")
                        for _ in range(12)),
        lambda: "".join(rng.choice(SMALL + UPPER + "23456789!%+=")
                        for _ in range(16)),
        lambda: "".join(rng.choice("0123456789abcdef") for _ in range(32)),
    ])()


def secrets(rng, n):
    for paper in papers.HIDDEN * n * 3:
        value = chosen(rng)
        user = rng.choice(["oberg", "svc_hr", "root", "lind"])
        text, at = put(rng, paper, value, u=user)
        yield Shown("secret", "", "hidden", text, at, len(value), True)
    for text in papers.NO_HIDDEN * n * 2:
        text = text.format(n=number(rng, 2), u=a_uuid(rng))
        yield Shown("secret", "", "none", text, 0, len(text), False)


def suites(rng, n):
    rng = random.Random(rng.random())
    for make in (ids, plain_ids, payroll, accounts, cards, phones, secrets):
        yield from make(rng, n)
