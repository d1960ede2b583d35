"""Checks that only one country or document has, from their definitions.

CHECKS: name of the check, and whether it holds. MAKE: for those that no search
digit by digit comes upon, a value that they hold for.
"""
import datetime
import string

DIGITS = string.digits
UPPER = string.ascii_uppercase


def us_ssn(v, c):
    """SSA: no area 000, 666 or 9xx, no group 00, no serial 0000."""
    return len(v) == 9 and v.isdigit() and v[:3] not in ("000", "666") and \
        v[0] != "9" and v[3:5] != "00" and v[5:] != "0000"


def luhn_sum(digits):
    """Every second digit from the left is doubled."""
    return sum(int(d) if i % 2 else sum(map(int, str(2 * int(d))))
               for i, d in enumerate(digits))


def es_cif(v, c):
    """Orden EHA/451/2008."""
    if len(v) != 9 or not v[1:8].isdigit() or v[0] not in "ABCDEFGHJNPQRSUVW":
        return False
    n = -luhn_sum(v[1:8]) % 10
    letter = v[8] == "JABCDEFGHI"[n]
    if v[0] in "NPQRSW" or v[1:3] == "00":
        return letter
    return v[8] == str(n) if v[0] in "ABEH" else letter or v[8] == str(n)


def es_cups(v, c):
    """Sixteen digits modulo 529, as two letters of the table of 23."""
    if len(v) not in (20, 22) or v[:2] != "ES" or not v[2:18].isdigit():
        return False
    table = "TRWAGMYFPDXBNJZSQVHLCKE"
    a, b = divmod(int(v[2:18]) % 529, 23)
    if v[18:20] != table[a] + table[b]:
        return False
    return len(v) == 20 or v[20].isdigit() and v[21] in "FPRCXYZ"


def tr_tckn(v, c):
    if len(v) != 11 or not v.isdigit() or v[0] == "0":
        return False
    d = [int(x) for x in v]
    tenth = (7 * sum(d[0:9:2]) - sum(d[1:8:2])) % 10
    return d[9] == tenth and d[10] == sum(d[:10]) % 10


def tr_vkn(v, c):
    if len(v) != 10 or not v.isdigit():
        return False
    total = 0
    for i, x in enumerate(v[:9]):
        t = (int(x) + 9 - i) % 10
        if t:
            total += t * 2 ** (9 - i) % 9 or 9
    return (total + int(v[9])) % 10 == 0


def fr_vat_key(v, c):
    """Two digits: (12 + 3 * (SIREN mod 97)) mod 97; with a letter the new key.

    New keys: the base is 34 characters, 0-9 and A-Z without I and O.
    """
    alphabet = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    if len(v) != 11 or not v[2:].isdigit() or \
            any(ch not in alphabet for ch in v[:2]):
        return False
    siren = int(v[2:])
    if v[:2].isdigit():
        return int(v[:2]) == (12 + 3 * (siren % 97)) % 97
    a, b = alphabet.index(v[0]), alphabet.index(v[1])
    s = a * 24 + b - 10 if a < 10 else a * 34 + b - 100
    p, x = divmod(s, 11)
    return (siren + p + 1) % 11 == x


# ---- Italy: decree of 23 December 1976 -------------------------------------

ODD = dict(zip(DIGITS, [1, 0, 5, 7, 9, 13, 15, 17, 19, 21]))
ODD.update(zip(UPPER, [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3,
                       6, 8, 12, 14, 16, 10, 22, 25, 24, 23]))
MONTHS = "ABCDEHLMPRST"
OMOCODIA = "LMNPQRSTUV"


def italy_letter(text):
    total = 0
    for i, ch in enumerate(text):
        if i % 2 == 0:
            total += ODD[ch]
        else:
            total += int(ch) if ch.isdigit() else UPPER.index(ch)
    return UPPER[total % 26]


def short_name(s):
    """Three consonants; fewer, then vowels, then X."""
    vowels = [i for i, ch in enumerate(s) if ch in "AEIOU"]
    if not vowels:
        return True
    rest = s[vowels[0]:].lstrip("AEIOU")
    return rest.strip("X") == ""


def it_codicefiscale(v, c):
    if len(v) != 16 or not (v[:6] + v[11] + v[15]).isalpha() or \
            not v.isalnum() or not short_name(v[:3]) or \
            not short_name(v[3:6]) or v[8] not in MONTHS:
        return False
    plain = [str(OMOCODIA.index(ch)) if ch in OMOCODIA else ch
             for ch in v]
    number = "".join(plain[i] for i in (6, 7, 9, 10, 12, 13, 14))
    if not number.isdigit():
        return False
    day = int(number[2:4])
    day -= 40 if day > 40 else 0
    try:
        datetime.date(2000, MONTHS.index(v[8]) + 1, day)
    except ValueError:
        return False
    return italy_letter(v[:15]) == v[15]


def make_italy(rng):
    consonants = [ch for ch in UPPER if ch not in "AEIOU"]
    day = rng.randint(1, 28) + rng.choice([0, 40])
    v = "".join(rng.choice(consonants) for _ in range(6))
    v += "%02d%s%02d" % (rng.randint(30, 99), rng.choice(MONTHS), day)
    v += "%s%03d" % (rng.choice("ABCDEFGHILMZ"), rng.randint(1, 999))
    return v + italy_letter(v)


# ---- others ----------------------------------------------------------------

def de_idnr_digits(v, c):
    """One of the first ten digits stands twice or three times, no other."""
    v = v[:10]
    many = [d for d in DIGITS if v.count(d) > 1]
    return len(v) == 10 and v.isdigit() and len(many) == 1 and \
        v.count(many[0]) <= 3 and many[0] * 3 not in v


def make_germany(rng):
    while True:
        d = rng.sample(DIGITS, 9)
        d.insert(rng.randrange(10), rng.choice(d))
        if d[0] != "0":
            return "".join(d)


def kr_brn(v, c):
    if len(v) != 10 or not v.isdigit():
        return False
    total = sum(int(d) * w for d, w in zip(v, [1, 3, 7, 1, 3, 7, 1, 3, 5]))
    return (total + int(v[8]) * 5 // 10 + int(v[9])) % 10 == 0


def cy_vat(v, c):
    """As in Italy, digits at odd places are others."""
    return len(v) == 9 and v[:8].isdigit() and v[8].isalpha() and \
        italy_letter(v[:8]) == v[8]


def pt_cc(v, c):
    """A Luhn sum in which letters count 10 to 35 and lose nine once."""
    if len(v) != 12 or not v[:9].isdigit() or not v[11].isdigit():
        return False
    total = 0
    for i, ch in enumerate(v):
        d = int(ch) if ch.isdigit() else 10 + UPPER.index(ch)
        if i % 2 == 0:
            d = 2 * d - 9 if 2 * d > 9 else 2 * d
        total += d
    return total % 10 == 0


def br_cnh(v, c):
    if len(v) != 11 or not v.isdigit():
        return False
    d = [int(x) for x in v]
    one = sum((9 - i) * x for i, x in enumerate(d[:9])) % 11
    two = sum((i + 1) * x for i, x in enumerate(d[:9])) % 11
    if one == 10:
        one, two = 0, (two - 2) % 11
    return d[9] == one and d[10] == (0 if two == 10 else two)


# ---- machine readable zones: ICAO Doc 9303 ---------------------------------

def zone_digit(text):
    total = 0
    for i, ch in enumerate(text):
        n = 0 if ch == "<" else int(ch, 36)
        total += n * (7, 3, 1)[i % 3]
    return str(total % 10)


def zone_lines(v):
    return [x for x in v.replace("\r", "").split("\n") if x]


def zone_holds(v, layout):
    lines = zone_lines(v)
    n, wide = {"td1": (3, 30), "td2": (2, 36), "td3": (2, 44),
               "mrva": (2, 44), "mrvb": (2, 36)}[layout]
    if len(lines) != n or any(len(x) != wide for x in lines):
        return False
    a, b = lines[0], lines[1]
    if layout == "td1":
        pairs = [(a[5:14], a[14]), (b[:6], b[6]), (b[8:14], b[14]),
                 (a[5:] + b[:7] + b[8:15] + b[18:29], b[29])]
    else:
        pairs = [(b[:9], b[9]), (b[13:19], b[19]), (b[21:27], b[27])]
    if layout in ("td2", "td3"):
        pairs.append((b[:10] + b[13:20] + b[21:-1], b[-1]))
    if layout == "td3" and (b[28:42].strip("<") or b[42] != "<"):
        pairs.append((b[28:42], b[42]))
    return all(zone_digit(text) == digit for text, digit in pairs)


def mrz(v, c):
    return zone_holds(v, c["layout"])


def make_zone(rng, layout):
    def some(stock, n):
        return "".join(rng.choice(stock) for _ in range(n))

    def day(low, high):
        text = "%02d%02d%02d" % (rng.randint(low, high), rng.randint(1, 12),
                                 rng.randint(1, 28))
        return text + zone_digit(text)

    state = rng.choice(["UTO", "FRA", "ITA", "POL", "BRA", "IND", "ZAF"])
    name = some(UPPER, rng.randint(4, 8)) + "<<" + some(UPPER, 5)
    number = some(UPPER, 1) + some(DIGITS, 7) + "<"
    number += zone_digit(number)
    born, ends = day(40, 99), day(27, 35)
    sex = rng.choice("MF<")
    end = rng.choice(["\n", "\r\n"])
    if layout == "td1":
        a = ("I<" + state + number).ljust(30, "<")
        b = born + sex + ends + state + "<" * 11
        b += zone_digit(a[5:] + b[:7] + b[8:15] + b[18:29])
        return a + end + b + end + name.ljust(30, "<")
    wide = 44 if layout == "td3" else 36
    a = ((("P<" if layout == "td3" else "I<") + state + name)
         .ljust(wide, "<"))
    b = number + state + born + sex + ends
    if layout == "td3":
        own = (some(DIGITS, 8) if rng.random() < .5 else "").ljust(14, "<")
        b += own + zone_digit(own)
    else:
        b += "<" * 7
    return a + end + b + zone_digit(b[:10] + b[13:20] + b[21:])


CHECKS = {f.__name__: f for f in (
    us_ssn, es_cif, es_cups, tr_tckn, tr_vkn, fr_vat_key, it_codicefiscale,
    de_idnr_digits, kr_brn, cy_vat, pt_cc, br_cnh)}
MAKE = {"it_codicefiscale": make_italy, "de_idnr_digits": make_germany}
