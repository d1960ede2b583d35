"""The checks of the catalogue, written from their definitions.

Nothing here knows how the detector does it: a value that these hold for must
be found, one that they refuse must not. A check that is not here raises
Unknown, and its type is left out of the suite and named in the report.
"""
import datetime
import math
import re
from collections import Counter

import special

DIGITS = "0123456789"
ALNUM = DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Unknown(Exception):
    pass


def cut(v, c):
    """What a check sees of the value: picks glued, then the slice."""
    if "pick" in c:
        parts = []
        for p in c["pick"]:
            a, _, b = str(p).partition(":")
            parts.append(v[int(a) if a else None:int(b) if b else None])
        v = "".join(parts)
    return v


def sliced(v, c):
    v = cut(v, c)
    s = v[c.get("from"):c.get("to")]
    if not s:
        raise IndexError
    return s


# ---- check digits ----------------------------------------------------------

def luhn(v, c):
    base = c.get("base", 10)
    s = str(c.get("prefix", "")) + v
    total = 0
    for i, ch in enumerate(reversed(s)):
        d = ALNUM.index(ch)
        if d >= base:
            return False
        if i % 2:
            d *= 2
            d = d // base + d % base
        total += d
    return total % base == 0


def luhn_expand(v, c):
    return luhn("".join(str(ALNUM.index(ch)) for ch in v), {})


_D = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
      [2, 3, 4, 0, 1, 7, 8, 9, 5, 6], [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
      [4, 0, 1, 2, 3, 9, 5, 6, 7, 8], [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
      [6, 5, 9, 8, 7, 1, 0, 4, 3, 2], [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
      [8, 7, 6, 5, 9, 3, 2, 1, 0, 4], [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]]
_P = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]


def verhoeff(v, c):
    r = 0
    for i, ch in enumerate(reversed(v)):
        d = int(ch)
        for _ in range(i % 8):
            d = _P[d]
        r = _D[r][d]
    return r == 0


_DAMM = ["0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
         "3674209581", "5869720134", "8945362017", "9438617205", "2581436790"]


def damm(v, c):
    r = 0
    for ch in v:
        r = int(_DAMM[r][int(ch)])
    return r == 0


def mod10_recursive(v, c):
    carry = 0
    for ch in v[:-1]:
        carry = [0, 9, 4, 6, 8, 2, 7, 1, 3, 5][(carry + int(ch)) % 10]
    return (10 - carry) % 10 == int(v[-1])


def _value97(v):
    return int("".join(str(ALNUM.index(ch)) for ch in v))


def iso7064_97_10(v, c):
    n = c.get("rotate", 0)
    return _value97(v[n:] + v[:n]) % 97 == 1


def _hybrid(v, alphabet):
    m = len(alphabet)
    p = m
    for ch in v[:-1]:
        p = (p + alphabet.index(ch)) % m or m
        p = p * 2 % (m + 1)
    return (p + alphabet.index(v[-1])) % m == 1


def _pure(v, modulus, radix, alphabet):
    p = 0
    for ch in v[:-1]:
        p = (p + alphabet.index(ch)) * radix % modulus
    return (p + alphabet.index(v[-1])) % modulus == 1


def iso7064_11_10(v, c):
    return _hybrid(v, DIGITS)


def iso7064_37_36(v, c):
    return _hybrid(v, ALNUM)


def iso7064_11_2(v, c):
    return _pure(v, 11, 2, DIGITS + "X")


def iso7064_37_2(v, c):
    return _pure(v, 37, 2, ALNUM + "*")


# ---- sums ------------------------------------------------------------------

def _letters(c):
    table = {ch: i for i, ch in enumerate(str(c.get("values", ALNUM)))}
    if isinstance(c.get("letters"), list):
        table = {ch: i for i, ch in enumerate(DIGITS)}
        table.update(zip(ALNUM[10:], c["letters"]))
    elif isinstance(c.get("letters"), dict):
        table = {ch: i for i, ch in enumerate(DIGITS)}
        table.update(c["letters"])
    if "replace" in c:
        pairs = str(c["replace"])
        table.update({pairs[i]: int(pairs[i + 1])
                      for i in range(0, len(pairs), 2)})
    return table


def _frame(v, c):
    """The slice [f, t) and where the check character or number stands."""
    v = cut(v, c)
    n = len(v)
    width = c.get("width")
    at = None
    if "equals" not in c:
        at = c.get("at", n - (width or 1))
        if at < 0:
            at += n
    f, t, _ = slice(c.get("from"), c.get("to")).indices(n)
    if "from" not in c and "to" not in c and at is not None:
        if at + (width or 1) == n:
            t = at
        elif at == 0:
            f = width or 1
    return v, f, t, at


def _settle(v, c, r, at):
    """True, False, or None when r has no character."""
    if "equals" in c:
        e = c["equals"]
        return r in e if isinstance(e, list) else r == e
    if "width" in c:
        w = c["width"]
        return int(v[at:at + w]) == r % 10 ** w
    table = str(c.get("map", DIGITS))
    if r >= len(table) or table[r] == " ":
        return None
    return v[at] == table[r]


def _weigh(v, f, t, at, c, weights):
    table = _letters(c)
    m = c["modulus"]
    total = c.get("add", 0)
    span = range(f, t)
    for k, i in enumerate(span):
        w = weights[k % len(weights)]
        if c.get("align") == "right":
            w = weights[(t - 1 - i) % len(weights)]
        if i == at and "width" not in c:
            continue
        p = table[v[i]] * w
        if c.get("digits") == "sum":
            p = sum(int(d) for d in str(p))
        elif c.get("digits") == "mod":
            p %= m
        total += p
    r = total % m
    return (m - r) % m if c.get("complement") else r


def wsum(v, c):
    v, f, t, at = _frame(v, c)
    said = _settle(v, c, _weigh(v, f, t, at, c, c["weights"]), at)
    if said is None and "second" in c:
        said = _settle(v, c, _weigh(v, f, t, at, c, c["second"]), at)
    if said is None and "zero" in c:
        said = _settle(v, c, c["zero"], at)
    return bool(said)


def mod(v, c):
    v, f, t, at = _frame(v, c)
    table = _letters({"values": DIGITS, **{k: c[k] for k in
                                           ("letters", "replace") if k in c}})
    n = 0
    for ch in str(c.get("prepend", "")) + v[f:t]:
        n = n * 10 + table[ch]
    r = n % c["modulus"]
    if r == 0 and "zero" in c:
        r = c["zero"]
    elif c.get("complement"):
        r = c["modulus"] - r
    return bool(_settle(v, c, r, at))


# ---- dates, ranges, lists --------------------------------------------------

def _valid(y, m, d):
    try:
        datetime.date(y, m, d)
        return True
    except ValueError:
        return False


def _years(v, s, layout, c):
    y = "".join(ch for ch, l in zip(s, layout) if l == "Y")
    if len(y) == 4:
        return [int(y)]
    if len(y) == 3:
        return [1000 + int(y), 2000 + int(y)]
    if "century" in c:
        cent = str(c["century"])
        if "=" not in cent:
            return [int(cent) * 100 + int(y)]
        table = dict(p.split("=") for p in cent.split())
        sign = v[c["century_at"]] if "century_at" in c else s[layout.index("C")]
        if sign not in table:
            return []
        if table[sign] != "0":
            return [int(table[sign]) * 100 + int(y)]
    return [1900 + int(y), 2000 + int(y), 1800 + int(y)]


def date(v, c):
    v = cut(v, c)
    layout = c["layout"]
    s = v[c.get("from"):c.get("to")][:len(layout)]
    if len(s) < len(layout):
        return False

    def part(letter):
        got = "".join(ch for ch, l in zip(s, layout) if l == letter)
        return int(got) if got else None

    month, day = part("M"), part("D")
    for y in _years(v, s, layout, c):
        low, high = c.get("min_year", 0), c.get("max_year", 2035)
        if month is None:
            ok = day is None or 1 <= day <= 365 + (y % 4 == 0)
        else:
            ok = False
            for add in c.get("month_add", [0]):
                for plus in c.get("day_add", [0]):
                    d = (day or 1) - plus if day is not None else 1
                    ok |= _valid(y, month - add, d)
                    ok |= bool(c.get("unknown")) and (
                        0 <= month - add <= 12 and 0 <= d <= 31)
        if ok and low <= y <= high:
            return True
    return False


def spread(c):
    """[(low, high)] of a range check."""
    if "ranges" not in c:
        return [(c.get("min", 0), c.get("max", 10 ** 18))]
    out = []
    for r in c["ranges"]:
        a, _, b = str(r).partition("-")
        out.append((int(a), int(b or a)))
    return out


def in_range(v, c):
    return v.isdigit() and any(a <= int(v) <= b for a, b in spread(c))


def listed(c):
    if "values" in c:
        return [str(x) for x in c["values"]]
    return c["_list"]


def entropy(v, c):
    v = v[c.get("skip", 0):]
    n = len(v)
    e = -sum(k / n * math.log2(k / n) for k in Counter(v).values())
    return e * 100 >= c["centibits"]


def digit_and_letter(v, c):
    v = v[c.get("skip", 0):]
    return any(ch.isdigit() for ch in v) and any(ch.isalpha() for ch in v)


def not_sequence(v, c):
    return v not in "01234567890123456789" and v not in "98765432109876543210"


def lacks_words(v, c):
    for word in re.findall(r"[^\W\d_]+", v):
        if word.upper() in listed(c):
            return False
        if word[0].islower():
            break
    return True


SEES_SLICE = {
    "luhn": luhn, "luhn_expand": luhn_expand, "verhoeff": verhoeff,
    "damm": damm, "mod10_recursive": mod10_recursive,
    "iso7064_97_10": iso7064_97_10, "iso7064_11_10": iso7064_11_10,
    "iso7064_37_36": iso7064_37_36, "iso7064_11_2": iso7064_11_2,
    "iso7064_37_2": iso7064_37_2, "range": in_range,
    "one_of": lambda v, c: v in listed(c),
    "none_of": lambda v, c: v not in listed(c),
    "lacks_words": lacks_words,
    "not_all_same": lambda v, c: len(set(v)) > 1,
    "not_sequence": not_sequence,
    "not_palindrome": lambda v, c: v != v[::-1],
    "entropy": entropy, "digit_and_letter": digit_and_letter,
    "not_placeholder": lambda v, c: True,
}
SEES_SLICE.update(special.CHECKS)
SEES_ALL = {"wsum": wsum, "mod": mod, "date": date, "mrz": special.mrz}
# What makes a value wrong when one digit is off; others only narrow it.
DIGIT_CHECKS = {"luhn", "luhn_expand", "verhoeff", "damm", "mod10_recursive",
                "iso7064_97_10", "iso7064_11_10", "iso7064_37_36",
                "iso7064_11_2", "iso7064_37_2", "wsum", "mod", "mrz"}
DIGIT_CHECKS |= set(special.CHECKS) - {"us_ssn", "de_idnr_digits"}


def norm(link):
    return {"use": link} if isinstance(link, str) else link


def holds(v, link):
    c = norm(link)
    use = c["use"]
    if "bonus" in c:
        return True
    try:
        if use == "any":
            return any(all(holds(v, x) for x in chain) for chain in c["of"])
        if use in SEES_ALL:
            return SEES_ALL[use](v, c)
        if use in SEES_SLICE:
            return SEES_SLICE[use](sliced(v, c), c)
    except (IndexError, ValueError, KeyError):
        return False
    raise Unknown(use)


def has_digit_check(chain):
    for link in chain:
        c = norm(link)
        if "bonus" in c:
            continue
        if c["use"] in DIGIT_CHECKS:
            return True
        if c["use"] == "any" and all(has_digit_check(x) for x in c["of"]):
            return True
        if c["use"] not in SEES_ALL and c["use"] not in SEES_SLICE and \
                c["use"] != "any":
            return True
    return False
