"""Values that a catalogue file says are of its type, made by chance."""
import random
import re
import string

import checks
import special
from checks import ALNUM, DIGITS, Unknown, norm

UPPER = string.ascii_uppercase
SEPS = " -./:+"


def expand(shape, separators, sep=None):
    """A shape as a list of places: a set of characters, or one separator."""
    if re.fullmatch(r"\d+(-\d+)*", shape):
        if sep is None:
            sep = random.choice(separators) if separators else ""
        out = []
        for i, n in enumerate(shape.split("-")):
            if i:
                out.append(sep)
            out += [DIGITS] * int(n)
        return out
    out, i = [], 0
    while i < len(shape):
        ch = shape[i]
        if ch == "[":
            end = shape.index("]", i)
            body, i = shape[i + 1:end], end
            item = ""
            k = 0
            while k < len(body):
                if k + 2 < len(body) and body[k + 1] == "-":
                    item += "".join(map(chr, range(ord(body[k]),
                                                   ord(body[k + 2]) + 1)))
                    k += 3
                else:
                    item += body[k]
                    k += 1
        elif ch == "{":
            end = shape.index("}", i)
            out += [out[-1]] * (int(shape[i + 1:end]) - 1)
            i = end + 1
            continue
        else:
            item = {"#": DIGITS, "@": UPPER, "*": ALNUM}.get(ch, ch)
        out.append(item)
        i += 1
    return out


class Maker:
    """One form of one type."""

    def __init__(self, rng, places, prefix, chain):
        self.rng = rng
        self.places = [p for p in places if p not in SEPS or p == ""]
        self.places = [p for p in self.places if p]
        self.layout = places
        self.chain = chain
        self.prefix = prefix

    def put(self, v, at, text):
        for i, ch in enumerate(text):
            if at + i < len(v) and ch in self.places[at + i]:
                v[at + i] = ch

    def start(self, v, c):
        f = c.get("from", 0)
        return f + len(v) if f < 0 else f

    def seed(self, v, link):
        """Fill what a check says outright: dates, ranges, lists."""
        c = norm(link)
        if "pick" in c or "bonus" in c:
            return
        if c["use"] == "any":
            for x in self.rng.choice(c["of"]):
                self.seed(v, x)
        elif c["use"] == "date":
            self.seed_date(v, c)
        elif c["use"] == "range":
            a, b = self.rng.choice(checks.spread(c))
            f = self.start(v, c)
            t = c.get("to", len(v))
            t = t + len(v) if t < 0 else t
            b = min(b, 10 ** (t - f) - 1)
            if a <= b:
                self.put(v, f, str(self.rng.randint(a, b)).zfill(t - f))
        elif c["use"] == "one_of":
            self.put(v, self.start(v, c), self.rng.choice(checks.listed(c)))
        elif c["use"] in special.MAKE:
            self.put(v, self.start(v, c), special.MAKE[c["use"]](self.rng))

    def seed_date(self, v, c):
        y = self.rng.randint(max(1940, c.get("min_year", 0)),
                             min(2004, c.get("max_year", 2004)))
        month, day = self.rng.randint(1, 12), self.rng.randint(1, 28)
        cent = str(c.get("century", ""))
        if "=" in cent:
            signs = [p.split("=")[0] for p in cent.split()
                     if p.split("=")[1] in (str(y // 100), "0")]
            if not signs:
                return
            sign = self.rng.choice(signs)
            if "century_at" in c:
                self.put(v, c["century_at"], sign)
        elif cent.isdigit():
            y = int(cent) * 100 + y % 100
        add = self.rng.choice(c.get("month_add", [0]))
        if "month_century" in c:
            k = c["month_century"].index(y // 100) \
                if y // 100 in c["month_century"] else 0
            add = c["month_add"][k]
        month += add
        day += self.rng.choice(c.get("day_add", [0]))
        layout = c["layout"]
        if "M" not in layout:
            day = self.rng.randint(1, 365)
        stock = {"Y": str(y)[-layout.count("Y"):] if "Y" in layout else "",
                 "M": str(month).zfill(layout.count("M")),
                 "D": str(day).zfill(layout.count("D")),
                 "C": sign if "=" in cent and "C" in layout else ""}
        f = self.start(v, c)
        for i, letter in enumerate(layout):
            if letter in stock and stock[letter]:
                self.put(v, f + i, stock[letter][0])
                stock[letter] = stock[letter][1:]

    def fix(self, v):
        """Try one place after another until one more check holds."""
        for _ in range(4 * len(self.chain) + 4):
            text = "".join(v)
            bad = [x for x in self.chain if not checks.holds(text, x)]
            if not bad:
                return True
            if not self.step(v, len(bad)):
                return False
        return False

    def step(self, v, worst):
        order = list(range(len(v) - 1, -1, -1))
        free = [i for i in order if len(self.places[i]) > 1 and
                i >= len(self.prefix)]
        ways = [(i,) for i in free]
        ways += [(free[k + 1], free[k]) for k in range(len(free) - 1)]
        for places in ways:
            old = [v[i] for i in places]
            for pick in self.picks(places):
                for i, ch in zip(places, pick):
                    v[i] = ch
                text = "".join(v)
                if sum(not checks.holds(text, x)
                       for x in self.chain) < worst:
                    return True
            for i, ch in zip(places, old):
                v[i] = ch
        return False

    def picks(self, places):
        a = self.places[places[0]]
        if len(places) == 1:
            return [(x,) for x in a]
        b = self.places[places[1]]
        return [(x, y) for x in a for y in b] if len(a) * len(b) <= 100 else []

    def one(self):
        for _ in range(60):
            v = [self.rng.choice(p) for p in self.places]
            self.put(v, 0, self.prefix)
            for link in self.chain:
                self.seed(v, link)
            if self.fix(v):
                return "".join(v)
        return None

    def written(self, value):
        out, k = "", 0
        for p in self.layout:
            if p == "":
                continue
            if p in SEPS:
                out += p
            else:
                out += value[k]
                k += 1
        return out

    def wrong(self, value):
        """The same with one digit off, so that a check refuses it."""
        order = [i for i, ch in enumerate(value) if ch.isdigit()]
        self.rng.shuffle(order)
        for i in order:
            for d in self.rng.sample(DIGITS, 10):
                if d == value[i] or d not in self.places[i]:
                    continue
                other = value[:i] + d + value[i + 1:]
                if not all(checks.holds(other, x) for x in self.chain):
                    return other
        return None


def prefix_of(rng, form):
    if not form.get("prefixes"):
        return ""
    p = str(rng.choice(form["prefixes"]))
    a, _, b = p.partition("-")
    return str(rng.randint(int(a), int(b or a))).zfill(len(a))


def makers(rng, rule):
    """One for each shape of an id."""
    for form in rule.get("forms", []):
        for shape in form["shapes"]:
            chain = list(rule.get("checks", [])) + list(form.get("checks", []))
            places = expand(str(shape), form.get("separators", ""))
            yield Maker(rng, places, prefix_of(rng, form), chain)


def begins(form, value):
    """Whether it has one of the form's prefixes, if there are any."""
    if not form.get("prefixes"):
        return True
    for p in form["prefixes"]:
        a, _, b = str(p).partition("-")
        head = value[:len(a)]
        if head.isdigit() and int(a) <= int(head) <= int(b or a):
            return True
    return False


def accepts(rule, shown):
    """Whether a text is of a type, as its file says it."""
    value = "".join(ch for ch in shown if ch not in SEPS)
    for form in rule.get("forms", []):
        chain = list(rule.get("checks", [])) + list(form.get("checks", []))
        seps = form.get("separators", "") or [""]
        for shape in form["shapes"]:
            for sep in seps:
                places = [p for p in expand(str(shape), "", sep) if p]
                if len(places) != len(shown) or \
                        not all(ch in p for ch, p in zip(shown, places)):
                    continue
                try:
                    if begins(form, value) and \
                            all(checks.holds(value, x) for x in chain):
                        return True
                except Unknown:
                    return True
    return False


# ---- texts that an expression matches --------------------------------------

def from_pattern(rng, text, caseless):
    import re._parser as parser
    import re._constants as K
    tree = parser.parse(text, re.I if caseless else 0)
    printable = [ch for ch in string.printable if ch not in "\r\n\t\x0b\x0c"]

    def of_set(items):
        ok, deny = set(), False
        for op, arg in items:
            if op is K.NEGATE:
                deny = True
            elif op is K.LITERAL:
                ok.add(chr(arg))
            elif op is K.RANGE:
                ok |= set(map(chr, range(arg[0], arg[1] + 1)))
            elif op is K.CATEGORY:
                ok |= {K.CATEGORY_DIGIT: set(DIGITS),
                       K.CATEGORY_SPACE: {" "},
                       K.CATEGORY_WORD: set(string.ascii_letters + DIGITS)
                       }.get(arg, set())
        if deny:
            ok = set(printable) - ok
        return rng.choice(sorted(ok & set(printable)) or [" "])

    def walk(nodes):
        out = ""
        for op, arg in nodes:
            if op is K.LITERAL:
                out += chr(arg)
            elif op is K.NOT_LITERAL:
                out += rng.choice([c for c in printable if ord(c) != arg])
            elif op is K.ANY:
                out += "x"
            elif op is K.IN:
                out += of_set(arg)
            elif op in (K.MAX_REPEAT, K.MIN_REPEAT):
                low, high, body = arg
                n = rng.randint(low, min(high, low + 8))
                out += "".join(walk(body) for _ in range(n))
            elif op is K.SUBPATTERN:
                out += walk(arg[-1])
            elif op is K.BRANCH:
                out += walk(rng.choice(arg[1]))
            elif op is K.AT:
                continue
            else:
                raise Unknown(str(op))
        return out

    return walk(tree)


def more_of(rng, spec):
    """'[A-Za-z0-9_-]{0,400}' behind a match: as little as may be."""
    m = re.fullmatch(r"(\[.*\])\{(\d+)(?:,(\d+))?\}", spec)
    if not m:
        raise Unknown("more")
    return from_pattern(rng, "%s{%d}" % (m.group(1), int(m.group(2))), False)


def rest_of(rng, value, have):
    """What of a value stands behind the match, so that it is long enough:
    digits where there may be digits."""
    least = int(value.group(2))
    kind = "[0-9]" if "0-9" in value.group(1) else value.group(1)
    return from_pattern(rng, "%s{%d}" % (kind, max(0, least - have)), False)


def zone_of(chain):
    """The layout of a machine readable zone that a chain wants, or None."""
    for link in chain:
        c = norm(link)
        if c["use"] == "mrz":
            return c["layout"]
        for x in c.get("of", []):
            if zone_of(x):
                return zone_of(x)
    return None


def pattern_value(rng, rule):
    """(text, where the value lies in it) of a pattern that has no `until`."""
    if zone_of(rule.get("checks", [])):
        return special.make_zone(rng, zone_of(rule["checks"])), 0
    if "until" in rule or rule.get("url") or rule["token"] != "pattern":
        raise Unknown("until")
    if any(str(x).startswith("hex:") for x in rule["examples"]["match"]):
        raise Unknown("bytes, no text")
    chain = rule.get("checks", [])
    for _ in range(60):
        text = from_pattern(rng, rule["pattern"], rule.get("caseless", False))
        start = 0
        if "value" in rule:
            m = re.fullmatch(r"(\[.*\])\{(\d+)(?:,(\d+))?\}", rule["value"])
            tail = re.search("(?:%s)+$" % m.group(1), text) if m else None
            if not tail:
                raise Unknown("value")
            start = tail.start()
            text += rest_of(rng, m, len(text) - start)
        if "more" in rule:
            text += more_of(rng, rule["more"])
        if all(checks.holds(text[start:], x) for x in chain):
            return text, start
    return None, 0
