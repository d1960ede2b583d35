"""Account numbers (IBAN) of many countries, with what each checks inside.

Written from the registry of SWIFT and from the rules of each country's banks,
never from the detector or its tables. INSIDE has the countries whose numbers
have check digits within; a wrong one of them is wrong though modulo 97 is right.
"""
import re
import string

DIGITS = string.digits
UPPER = string.ascii_uppercase

# country: what stands behind the check digits; n digits, a capitals, c either
REGISTRY = {
    "AD": "4n4n12c", "AE": "3n16n", "AL": "8n16c", "AT": "5n11n",
    "AZ": "4a20c", "BA": "16n", "BE": "12n", "BG": "4a4n2n8c", "BH": "4a14c",
    "BR": "8n5n10n1a1c", "CH": "5n12c", "CR": "4n14n", "CY": "3n5n16c",
    "CZ": "20n", "DE": "8n10n", "DK": "4n9n1n", "DO": "4c20n", "EE": "16n",
    "ES": "20n", "FI": "14n", "FO": "4n9n1n", "FR": "5n5n11c2n",
    "GB": "4a6n8n", "GE": "2a16n", "GI": "4a15c", "GL": "4n9n1n",
    "GR": "3n4n16c", "HR": "17n", "HU": "24n", "IE": "4a6n8n", "IL": "3n3n13n",
    "IS": "22n", "IT": "1a5n5n12c", "JO": "4a4n18c", "KW": "4a22c",
    "KZ": "3n13c", "LB": "4n20c", "LI": "5n12c", "LT": "5n11n", "LU": "3n13c",
    "LV": "4a13c", "MC": "5n5n11c2n", "MD": "2c18c", "ME": "18n",
    "MK": "3n10c2n", "MT": "4a5n18c", "MU": "4a2n2n12n3n3a", "NL": "4a10n",
    "NO": "11n", "PK": "4a16c", "PL": "8n16n", "PT": "21n", "QA": "4a21c",
    "RO": "4a16c", "RS": "18n", "SA": "2n18c", "SE": "3n16n1n", "SI": "15n",
    "SK": "20n", "SM": "1a5n5n12c", "TN": "20n", "TR": "5n1n16c", "UA": "6n19c",
    "VG": "4a16n", "XK": "4n10n2n",
}


def value97(text):
    return int("".join(str(int(ch, 36)) for ch in text)) % 97


def check_digits(country, inner):
    return "%02d" % (98 - value97(inner + country + "00"))


def weighed(text, weights):
    return sum(int(d) * w for d, w in zip(text, weights))


# ---- what countries check inside: each gives a right number or None --------

def whole97(v):
    """ISO 7064 modulo 97-10 over all of it."""
    return v[:-2] + "%02d" % (98 - value97(v[:-2] + "00"))


def belgium(v):
    return v[:10] + "%02d" % (int(v[:10]) % 97 or 97)


def czech(v):
    """Prefix and number: weights from the right 1 2 4 8 5 10 9 7 3 6."""
    def eleven(text):
        weights = [6, 3, 7, 9, 10, 5, 8, 4, 2, 1][-len(text):]
        k = -weighed(text[:-1], weights) % 11
        return None if k == 10 else text[:-1] + str(k)

    prefix, number = eleven(v[4:10]), eleven(v[10:])
    return prefix and number and v[:4] + prefix + number


def estonia(v):
    """Of the account with its branch: 7, 3, 1 from the right."""
    total = sum(int(d) * (7, 3, 1)[i % 3]
                for i, d in enumerate(reversed(v[2:15])))
    return v[:15] + str(-total % 10)


def spain(v):
    def digit(text):
        k = 11 - weighed(text, [1, 2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11
        return str({10: 1, 11: 0}.get(k, k))

    return v[:8] + digit("00" + v[:8]) + digit(v[10:]) + v[10:]


def finland(v):
    total = 0
    for i, d in enumerate(reversed(v[:13])):
        p = int(d) * (2 - i % 2)
        total += p // 10 + p % 10
    return v[:13] + str(-total % 10)


def france(v):
    """RIB: letters count 1 to 9, S begins with 2."""
    plain = "".join(d if d.isdigit() else
                    str((UPPER.index(d) + (d >= "S")) % 9 + 1) for d in v[:21])
    key = 97 - (89 * int(plain[:5]) + 15 * int(plain[5:10]) +
                3 * int(plain[10:])) % 97
    return v[:21] + "%02d" % key


def croatia(v):
    """ISO 7064 modulo 11,10 of the bank and of the account."""
    def hybrid(text):
        p = 10
        for d in text:
            p = ((p + int(d)) % 10 or 10) * 2 % 11
        return text + str((11 - p) % 10)

    return hybrid(v[:6]) + hybrid(v[7:16])


def hungary(v):
    def nines(text):
        weights = [9, 7, 3, 1] * 4
        return text + str(-weighed(text, weights) % 10)

    return nines(v[:7]) + nines(v[8:23])


def iceland(v):
    """The owner's number: the ninth digit checks eight, the tenth is the
    century."""
    def within(text, most):
        n = int(text)
        return "%02d" % (n if 1 <= n <= most else n % most + 1)

    day = within(v[12:14], 28) + within(v[14:16], 12) + v[16:20]
    century = v[21] if v[21] in "890" else "9"
    k = -weighed(day, [3, 2, 7, 6, 5, 4, 3, 2]) % 11
    return None if k == 10 else v[:12] + day + str(k) + century


def italy(v):
    odd = dict(zip(DIGITS + UPPER, [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21,
        2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23]))
    even = {ch: int(ch, 36) - (0 if ch.isdigit() else 10)
            for ch in DIGITS + UPPER}
    total = sum((even if i % 2 else odd)[ch] for i, ch in enumerate(v[1:]))
    return UPPER[total % 26] + v[1:]


def netherlands(v):
    """The eleven proof."""
    k = weighed(v[4:13], range(10, 1, -1))
    k = -k % 11
    return None if k == 10 or v[4:] == "0" * 10 else v[:13] + str(k)


def norway(v):
    k = -weighed(v[:10], [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11
    return None if k == 10 else v[:10] + str(k)


def poland(v):
    """The number of the branch."""
    return v[:7] + str(-weighed(v[:7], [3, 9, 7, 1, 3, 9, 7]) % 10) + v[8:]


def albania(v):
    return v[:7] + str(-weighed(v[:7], [9, 7, 3, 1, 9, 7, 3]) % 10) + v[8:]


def tunisia(v):
    return v[:18] + "%02d" % (97 - int(v[:18] + "00") % 97)


def turkey(v):
    """One digit is kept for later."""
    return v[:5] + "0" + v[6:]


INSIDE = {
    "AL": albania, "BA": whole97, "BE": belgium, "CZ": czech, "EE": estonia,
    "ES": spain, "FI": finland, "FR": france, "HR": croatia, "HU": hungary,
    "IS": iceland, "IT": italy, "MC": france, "ME": whole97, "MK": whole97,
    "NL": netherlands, "NO": norway, "PL": poland, "PT": whole97,
    "RS": whole97, "SI": whole97, "SK": czech, "SM": italy, "TN": tunisia,
    "TR": turkey, "XK": whole97,
}


def inner(rng, country):
    """What stands behind the check digits."""
    stock = {"n": DIGITS, "a": UPPER,
             "c": DIGITS * 3 + UPPER if rng.random() < .3 else DIGITS}
    while True:
        text = ""
        for n, kind in re.findall(r"(\d+)([nac])", REGISTRY[country]):
            text += "".join(rng.choice(stock[kind]) for _ in range(int(n)))
        text = INSIDE[country](text) if country in INSIDE else text
        if text:
            return text


def account(rng, country):
    text = inner(rng, country)
    return country + check_digits(country, text) + text


def wrong_inside(rng, value):
    """Modulo 97 is right, and what the country checks is not; or None."""
    country, text = value[:2], value[4:]
    if country not in INSIDE:
        return None
    for _ in range(50):
        i = rng.choice([i for i, ch in enumerate(text) if ch.isdigit()])
        other = text[:i] + rng.choice(DIGITS) + text[i + 1:]
        if other != text and INSIDE[country](other) not in (other, None):
            return country + check_digits(country, other) + other
    return None


def wrong_length(rng, value):
    text = value[4:] + rng.choice(DIGITS)
    return value[:2] + check_digits(value[:2], text) + text


def wrong_class(rng, value):
    """A letter where the registry wants a digit."""
    at = [m.start() for m in re.finditer(r"\d", value[4:])]
    kinds = "".join(int(n) * k for n, k in
                    re.findall(r"(\d+)([nac])", REGISTRY[value[:2]]))
    at = [i for i in at if kinds[i] == "n"]
    if not at:
        return None
    i = rng.choice(at)
    text = value[4:4 + i] + rng.choice(UPPER) + value[5 + i:]
    return value[:2] + check_digits(value[:2], text) + text
