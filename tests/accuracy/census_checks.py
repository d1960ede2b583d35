"""Check digits that census.py needs and papers.py does not have."""
import papers
from papers import ALNUM, D, U, down, iso97, luhn, staged, total, up


def inside(at, check):
    """The check digit stands at a place in the middle."""
    def whole(body):
        c = check(body)
        return None if c is None else body[:at] + c + body[at:]
    return whole


def tail(n, check):
    """What is behind the check digit takes no part in it."""
    def whole(body):
        c = check(body[:-n])
        return None if c is None else body[:-n] + c + body[-n:]
    return whole


def behind(n, check):
    """What stands before the number takes no part in it."""
    return lambda body: check(body[n:])


def cbu(body):
    a = down([7, 1, 3, 9, 7, 1, 3], 10)(body[:7])
    return body[:7] + a + body[7:] + down([3, 9, 7, 1, 3, 9, 7, 1, 3, 9, 7, 1,
                                           3], 10)(body[7:])


def austrian(body):
    s = sum(int(c) if i % 2 == 0 else sum(divmod(int(c) * 2, 10))
            for i, c in enumerate(body[3:]))
    return str((6 - s) % 10)


def voter(body):
    a = up(range(2, 10), 11, "01234567890")(body[:8])
    return a + up([7, 8, 9], 11, "01234567890")(body[8:] + a)


def licence(body):
    a = total(body, range(9, 0, -1)) % 11
    b = total(body, range(1, 10)) % 11
    return "%d%d" % (a, b) if a < 10 and b < 10 else None


def court(body):
    n = int(body + "00")
    return body[:7] + "%02d" % (98 - n % 97) + body[7:]


def chain10(body):
    table, c = [0, 9, 4, 6, 8, 2, 7, 1, 3, 5], 0
    for ch in body:
        c = table[(int(ch) + c) % 10]
    return str((10 - c) % 10)


def uscc(body):
    stock = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    s = sum(stock.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return stock[-s % 31]


def colombian(body):
    w = [3, 7, 13, 17, 19, 23, 29, 37, 41, 43]
    s = sum(int(c) * x for c, x in zip(reversed(body), w)) % 11
    return "01987654321"[s]


def cypriot(body):
    odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21]
    s = sum(odd[int(c)] if i % 2 == 0 else int(c) for i, c in enumerate(body))
    return U[s % 26]


def ico(body):
    return str((11 - total(body, range(8, 1, -1)) % 11) % 10)


def german_health(body):
    digits = "%02d" % (U.index(body[0]) + 1) + body[1:]
    return str(sum(sum(divmod(int(c) * (1 + i % 2), 10))
                   for i, c in enumerate(digits)) % 10)


def mrz(body):
    return str(total(body, [7, 3, 1] * 4) % 10)


def cif(body):
    n = int(luhn(body[1:]))
    return "JABCDEFGHI"[n] if body[0] in "PQRSNW" else str(n)


def ccc(body):
    def one(x):
        r = 11 - total(x, [1, 2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11
        return {11: "0", 10: "1"}.get(r, str(r))
    return body[:8] + one("00" + body[:8]) + one(body[8:]) + body[8:]


def cups(body):
    stock = "TRWAGMYFPDXBNJZSQVHLCKE"
    n = int(body[2:]) % 529
    return stock[n // 23] + stock[n % 23]


def creditor(body):
    """Country, check digits to come, business code, number."""
    return body[:2] + iso97(body[5:] + body[:2]) + body[2:]


def french_vat(body):
    siren = body + luhn(body)
    return "FR%02d" % ((12 + 3 * (int(siren) % 97)) % 97) + siren


def rib(body):
    return "%02d" % (97 - (89 * int(body[:5]) + 15 * int(body[5:10]) +
                           3 * int(body[10:])) % 97)


def ghana(body):
    return "0123456789X"[sum((i + 1) * int(c) for i, c in
                             enumerate(body[1:])) % 11]


def base36(body):
    s = 0
    for i, c in enumerate(reversed(body)):
        v = ALNUM.index(c) * (2 - i % 2)
        s += v // 36 + v % 36
    return ALNUM[-s % 36]


def iran(body):
    r = total(body, range(10, 1, -1)) % 11
    return str(r if r < 2 else 11 - r)


def company_jp(body):
    s = sum(int(c) * (1 + i % 2) for i, c in enumerate(reversed(body)))
    return str(9 - s % 9) + body


def business_kr(body):
    s = total(body, [1, 3, 7, 1, 3, 7, 1, 3, 5]) + int(body[8]) * 5 // 10
    return str(-s % 10)


def luxembourg(body):
    return luhn(body) + papers.verhoeff(body)


def latvian(body):
    s = total(body, [10, 5, 8, 4, 2, 1, 6, 3, 7, 9])
    return str((1 + s) % 11 % 10)


def latvian_vat(body):
    r = (3 - total(body, [9, 1, 4, 8, 3, 10, 2, 5, 7, 6])) % 11
    return str(r) if r < 10 else None


def macedonian(body):
    return str(-total(body, [7, 6, 5, 4, 3, 2] * 2) % 11 % 10)


def mexican_tax(body):
    stock = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ \u00d1"
    s = sum(stock.index(c) * (13 - i)
            for i, c in enumerate(body.rjust(12)))
    return "0123456789A"[-s % 11]


def portuguese_card(body):
    s = 0
    for i, c in enumerate(reversed(body)):
        v = ALNUM.index(c) * (2 - i % 2)
        s += v - 9 if i % 2 == 0 and v > 9 else v
    return str(-s % 10)


def reverse11(body):
    s = sum(int(c) * (i + 2) for i, c in enumerate(reversed(body)))
    return str(-s % 11 % 10)


def turkish_tax(body):
    s = 0
    for i, c in enumerate(body):
        t = (int(c) + 9 - i) % 10
        s += t * pow(2, 9 - i) % 9 or (9 if t else 0)
    return str(-s % 10)


def taiwan_firm(body):
    s = sum(sum(divmod(int(c) * w, 10))
            for c, w in zip(body, [1, 2, 1, 2, 1, 2, 4]))
    return str(-s % 10)


def ukraine_firm(body):
    w = [1, 2, 3, 4, 5, 6, 7]
    if "3" <= body[0] < "6":
        w = [7, 1, 2, 3, 4, 5, 6]
    return staged(w, [x + 2 for x in w])(body)


def dea(body):
    d = [int(c) for c in body[2:]]
    return str((sum(d[::2]) + 2 * sum(d[1::2])) % 10)


def venezuela(body):
    s = {"V": 4, "E": 8, "J": 12, "P": 16, "G": 20}[body[0]] + \
        total(body[1:], [3, 2, 7, 6, 5, 4, 3, 2])
    return "00987654321"[s % 11]


def freight(body):
    v = dict(zip(U, [10, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 23, 24, 25, 26,
                     27, 28, 29, 30, 31, 32, 34, 35, 36, 37, 38]))
    s = sum(int(v.get(c, c)) << i for i, c in enumerate(body)) % 11
    return str(s) if s < 10 else None


def cusip(body):
    s = 0
    for i, c in enumerate(body):
        v = ALNUM.index(c) * (1 + i % 2)
        s += v // 10 + v % 10
    return str(-s % 10)


def sedol(body):
    return str(-total(body, [1, 3, 1, 7, 3, 9]) % 10)


def nhi(body):
    stock = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    s = sum((stock.index(c) + 1 if c in stock else int(c)) * w
            for c, w in zip(body, range(7, 1, -1))) % 11
    return None if s == 0 else str((11 - s) % 10)


def rf(body):
    return "RF" + iso97(body + "RF") + body
