"""Check digits as the offices publish them, for the rows of clerk_rows.py.

Each takes the value without its check characters and gives these, or None when
no such number is issued. Written once more from the rules: nothing here is
taken from another writer or from the detector.
"""
D = "0123456789"
AZ = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def val(c):
    return int(c, 36)


def weigh(s, weights):
    return sum(val(c) * w for c, w in zip(s, weights))


def part(begin, end, check):
    return lambda b: check(b[begin:end])


def rest(weights, m, marks="0123456789 "):
    """The sum's remainder as a character; a blank is never issued."""
    def f(b):
        c = marks[weigh(b, weights) % m]
        return None if c == " " else c
    return f


def lack(weights, m, marks="0123456789 "):
    """What the sum lacks to a multiple of m."""
    def f(b):
        c = marks[-weigh(b, weights) % m]
        return None if c == " " else c
    return f


def luhn(b):
    total = 0
    for i, c in enumerate(reversed(b)):
        n = int(c) * (2 - i % 2)
        total += n // 10 + n % 10
    return str(-total % 10)


def luhn36(b):
    total = 0
    for i, c in enumerate(reversed(b)):
        n = val(c) * (2 - i % 2)
        total += n // 36 + n % 36
    return (D + AZ)[-total % 36]


def spelt(s):
    return int("".join(str(val(c)) for c in s))


def pair97(b):
    """ISO/IEC 7064 MOD 97-10: two digits at the end."""
    return "%02d" % (98 - spelt(b + "00") % 97)


def front97(land, body):
    return "%02d" % (98 - spelt(body + land + "00") % 97)


def hybrid10(b):
    """ISO/IEC 7064 MOD 11,10."""
    p = 10
    for c in b:
        p = ((p + int(c)) % 10 or 10) * 2 % 11
    return str((11 - p) % 10)


def pure11(b):
    """ISO/IEC 7064 MOD 11-2."""
    p = 0
    for c in b:
        p = (p + int(c)) * 2 % 11
    return "0123456789X"[(12 - p) % 11]


D5 = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
      [2, 3, 4, 0, 1, 7, 8, 9, 5, 6], [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
      [4, 0, 1, 2, 3, 9, 5, 6, 7, 8], [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
      [6, 5, 9, 8, 7, 1, 0, 4, 3, 2], [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
      [8, 7, 6, 5, 9, 3, 2, 1, 0, 4], [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]]
TURN = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]


def verhoeff(b):
    def turned(n, times):
        for _ in range(times % 8):
            n = TURN[n]
        return n
    for last in D:
        c = 0
        for i, x in enumerate(reversed(b + last)):
            c = D5[c][turned(int(x), i)]
        if c == 0:
            return last
    return None


def staged(first, second, marks="01234567890"):
    def f(b):
        r = weigh(b, first) % 11
        return marks[r if r < 10 else weigh(b, second) % 11]
    return f


def sums(weights):
    """Of each product the digits are added up."""
    def f(b):
        s = sum(sum(map(int, str(int(c) * w))) for c, w in zip(b, weights))
        return str(-s % 10)
    return f


def sum731(b):
    return str(weigh(b, [7, 3, 1] * 5) % 10)


def twice(one, two):
    """A second check digit over the first and all before it."""
    def f(b):
        x = one(b)
        y = x and two(b + x)
        return y and x + y
    return f


def low11(weights):
    return rest(weights, 11, "01234567890")


def high11(weights):
    """11 - r, where 10 and 11 are 0."""
    return lambda b: str((11 - weigh(b, weights) % 11) % 11 % 10) \
        if weigh(b, weights) % 11 != 1 else "0"


# ---- by country ------------------------------------------------------------

def abn(b):
    return str(11 + (-weigh(b, range(3, 20, 2)) - 1) % 89)


def cbu(b):
    return luhnish(b[:7]) + luhnish(b[7:])


def luhnish(b):
    return str(-sum(int(c) * [3, 1, 7, 9][i % 4]
                    for i, c in enumerate(reversed(b))) % 10)


def at_tin(b):
    return str(-sum(int("0246813579"[int(c)] if i % 2 else c)
                    for i, c in enumerate(b)) % 10)


def at_vat(b):
    s = 4 + sum(int("0246813579"[int(c)] if i % 2 else c)
                for i, c in enumerate(b[3:]))
    return str(-s % 10)


def belgian(b):
    return "%02d" % (97 - int(b) % 97)


def ogm(b):
    return "%02d" % (int(b) % 97 or 97)


def bg_vat(b):
    r = weigh(b, range(1, 9)) % 11
    return str(r if r < 10 else weigh(b, range(3, 11)) % 11 % 10)


cpf = twice(high11(range(10, 1, -1)), high11(range(11, 1, -1)))
cnpj = twice(high11([5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]),
             high11([6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]))


def cnh(b):
    x, y = weigh(b, range(9, 0, -1)) % 11, weigh(b, range(1, 10)) % 11
    return "%d%d" % (x, y if y < 10 else 0) if x < 10 else None


def titulo(b):
    x = weigh(b[:8], range(2, 10)) % 11 % 10
    y = weigh(b[8:] + str(x), [7, 8, 9]) % 11 % 10
    return "%d%d" % (x, y)


def ean(b):
    return str(-sum(int(c) * (1 + 2 * (i % 2)) for i, c in enumerate(b)) % 10)


def recursive(b):
    c = 0
    for x in b:
        c = [0, 9, 4, 6, 8, 2, 7, 1, 3, 5][(c + int(x)) % 10]
    return str((10 - c) % 10)


def chilean(b):
    s = sum(int(c) * (2 + i % 6) for i, c in enumerate(reversed(b)))
    return "0123456789K"[-s % 11]


def uscc(b):
    stock = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    if any(c not in stock for c in b):
        return None
    s = sum(stock.index(c) * pow(3, i, 31) for i, c in enumerate(b))
    return stock[-s % 31]


def nit_co(b):
    s = sum(int(c) * w for c, w in zip(
        reversed(b), [3, 7, 13, 17, 19, 23, 29, 37, 41, 43]))
    return "01987654321"[s % 11]


def cy_vat(b):
    odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21]
    s = sum(odd[int(c)] if i % 2 == 0 else int(c) for i, c in enumerate(b[2:]))
    return AZ[s % 26]


def birth(b):
    r = int(b) % 11
    return str(r) if r < 10 else None


def ico(b):
    r = weigh(b, range(8, 1, -1)) % 11
    return str((11 - r) % 10)


def cz_account(b):
    """Six digits, then ten: each sum is a multiple of 11."""
    w = [6, 3, 7, 9, 10, 5, 8, 4, 2, 1]
    s = weigh(b, w[:9]) % 11
    return str(-s % 11) if -s % 11 < 10 else None


def rvnr(b):
    s = "".join("%02d" % (val(c) - 9) if c.isalpha() else c for c in b)
    t = sum(sum(map(int, str(int(c) * w)))
            for c, w in zip(s, [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]))
    return str(t % 10)


def kvnr(b):
    s = "%02d" % (val(b[0]) - 9) + b[1:]
    t = sum(sum(map(int, str(int(c) * (1 + i % 2)))) for i, c in enumerate(s))
    return str(t % 10)


def lanr(b):
    return str(-sum(int(c) * (4, 9)[i % 2] for i, c in enumerate(b[:6])) % 10)


def de_licence(b):
    s = sum(val(c) * (9 - i) for i, c in enumerate(b[:9]))
    return "0123456789X"[s % 11]


def ec_ruc(b):
    return sums([2, 1] * 4 + [2])(b[:9])


def es_dni(b):
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(b) % 23]


def es_nie(b):
    return es_dni("%d%s" % ("XYZ".index(b[0]), b[1:]))


def es_cif(b):
    c = luhn(b[1:])
    return "JABCDEFGHI"[int(c)] if b[0] in "PQSW" else c


def cups(b):
    n = int(b[2:])
    t = "TRWAGMYFPDXBNJZSQVHLCKE"
    return t[n % 529 // 23] + t[n % 529 % 23]


def ccc(b):
    w = [1, 2, 4, 8, 5, 10, 9, 7, 3, 6]
    out = ""
    for s in ("00" + b[:8], b[8:]):
        r = 11 - weigh(s, w) % 11
        out += str({10: 1, 11: 0}.get(r, r))
    return out


def cadastre(b):
    alphabet = "ABCDEFGHIJKLMN\u00d1OPQRSTUVWXYZ"
    w = [13, 15, 12, 5, 4, 17, 9, 21, 3, 7, 1]

    def one(s):
        t = sum((int(c) if c in D else alphabet.index(c) + 1) * k
                for c, k in zip(s, w))
        return "MQWERTYUIOPASDFGHJKLBZX"[t % 23]
    return one(b[:7] + b[14:]) + one(b[7:14] + b[14:])


def finnish(b):
    digits = "".join(c for c in b if c in D)
    return "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(digits[:9]) % 31]


def nir(b):
    return "%02d" % (97 - int(b) % 97)


def fr_vat(b):
    return "%02d" % ((12 + 3 * (int(b[2:]) % 97)) % 97)


def siren_siret(b):
    """SIREN of nine with its own digit, then four of the place."""
    siren = b[:8] + luhn(b[:8])
    return siren[-1] + luhn(siren + b[8:])


def rib(b):
    s = "".join(str((val(c) - 10) % 9 + 1 + (c >= "S")) if c.isalpha() else c
                for c in b)
    n = 89 * int(s[:5]) + 15 * int(s[5:10]) + 3 * int(s[10:])
    return "%02d" % (97 - n % 97)


def gh_tin(b):
    return rest(range(1, 10), 11, "0123456789X")(b[1:])


def gt_nit(b):
    s = sum(int(c) * (i + 2) for i, c in enumerate(reversed(b)))
    return "0123456789K"[-s % 11]


def hu_personal(b):
    r = weigh(b, range(1, 11)) % 11
    return str(r) if r < 10 else None


def irish(b):
    return "WABCDEFGHIJKLMNOPQRSTUV"[weigh(b[-7:], range(8, 1, -1)) % 23]


def codice(b):
    odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12,
           14, 16, 10, 22, 25, 24, 23]
    s = 0
    for i, c in enumerate(b):
        n = int(c) if c in D else ord(c) - 65
        s += n if i % 2 else odd[n]
    return AZ[s % 26]


def aic(b):
    s = 0
    for i, c in enumerate(b):
        n = int(c) * (1 + i % 2)
        s += n // 10 + n % 10
    return str(s % 10)


def gstin(b):
    total = 0
    for i, c in enumerate(b):
        n = val(c) * (1 + i % 2)
        total += n // 36 + n % 36
    return (D + AZ)[-total % 36]


def jp_cn(b):
    return str(9 - sum(int(c) * (1 + i % 2)
                       for i, c in enumerate(reversed(b))) % 9)


def jp_in(b):
    r = weigh(b, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11
    return "0" if r <= 1 else str(11 - r)


def korean(b):
    return str((11 - weigh(b, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11) % 10)


def foreigner_kr(b):
    return str((13 - weigh(b, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11) % 10)


def kr_brn(b):
    s = weigh(b, [1, 3, 7, 1, 3, 7, 1, 3, 5]) + int(b[8]) * 5 // 10
    return str(-s % 10)


def lu_nin(b):
    return luhn(b) + verhoeff(b)


def lu_vat(b):
    return "%02d" % (int(b) % 89)


def latvian(b):
    s = weigh(b, [1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
    r = (1101 - s) % 11
    return str(r) if r < 10 else None


def lv_vat(b):
    r = 3 - weigh(b, [9, 1, 4, 8, 3, 10, 2, 5, 7, 6]) % 11
    return None if r == -1 else str(r + 11 if r < -1 else r)


def curp(b):
    stock = "0123456789ABCDEFGHIJKLMN\u00d1OPQRSTUVWXYZ"
    s = sum(stock.index(c) * (18 - i) for i, c in enumerate(b))
    return str(-s % 10)


def rfc(b):
    stock = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ \u00d1"
    s = sum(stock.index(c) * (13 - i) for i, c in enumerate(b.rjust(12)))
    return "0123456789A"[-s % 11]


def norwegian(b):
    x = lack([3, 7, 6, 1, 8, 9, 4, 5, 2], 11)(b)
    y = x and lack([5, 4, 3, 2, 7, 6, 5, 4, 3, 2], 11)(b + x)
    return y and x + y


def nl_vat(b):
    """BSN, then B and two digits."""
    r = weigh(b[2:10], range(9, 1, -1)) % 11
    return str(r) if r < 10 else None


def school_nl(b):
    r = (weigh(b, range(9, 1, -1)) - 5) % 11
    return str(r) if r < 10 else None


def ird(b):
    for w in ([3, 2, 7, 6, 5, 4, 3, 2], [7, 4, 3, 2, 5, 2, 7, 6]):
        r = -weigh(b.rjust(8, "0"), w) % 11
        if r < 10:
            return str(r)
    return None


def nhi(b):
    stock = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    s = sum((stock.index(c) + 1 if c.isalpha() else int(c)) * (7 - i)
            for i, c in enumerate(b))
    r = s % 11
    return None if r == 0 else str((11 - r) % 10)


def pt_cc(b):
    eight, tail = b[:8], b[8:]
    nif = lack(range(9, 1, -1), 11, "01234567890")(eight)
    for last in D:
        s = 0
        for i, c in enumerate(reversed(eight + nif + tail + last)):
            n = val(c) * (1 + i % 2)
            s += n - 9 if i % 2 and n > 9 else n
        if s % 10 == 0:
            return nif + last
    return None


def ro_cui(b):
    r = weigh(b.rjust(9, "0"), [7, 5, 3, 2, 1, 7, 5, 3, 2]) * 10 % 11
    return str(r % 10)


def inn12(b):
    return twice(low11([7, 2, 4, 10, 3, 5, 9, 4, 6, 8]),
                 low11([3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]))(b)


def snils(b):
    return "%02d" % (weigh(b, range(9, 0, -1)) % 101 % 100)


def nric(b):
    s = weigh(b[1:], [2, 7, 6, 5, 4, 3, 2]) + (4 if b[0] in "TG" else 0)
    table = "JZIHGFEDCBA" if b[0] in "ST" else "XWUTRQPNMLK"
    return table[s % 11]


def uen(b):
    w = [10, 4, 9, 3, 8, 2, 7, 1]
    return "XMKECAWLJDB"[weigh(b, w) % 11]


def th_pin(b):
    return str((11 - weigh(b, range(13, 1, -1)) % 11) % 10)


def tckn(b):
    odd, even = (sum(map(int, b[i::2])) for i in (0, 1))
    x = (odd * 7 - even) % 10
    return "%d%d" % (x, (odd + even + x) % 10)


def vkn(b):
    s = 0
    for i, c in enumerate(b):
        n = (int(c) + 9 - i) % 10
        if n:
            s += n * 2 ** (9 - i) % 9 or 9
    return str(-s % 10)


def taiwan(b):
    n = "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(b[0]) + 10
    return str(-weigh(str(n) + b[1:], [1, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 10)


def ubn(b):
    for last in D:
        s = sum(sum(divmod(int(c) * w, 10))
                for c, w in zip(b + last, [1, 2, 1, 2, 1, 2, 4, 1]))
        if s % 5 == 0:
            return last
    return None


def rntrc(b):
    return str(weigh(b, [-1, 5, 7, 9, 4, 6, 10, 5, 7]) % 11 % 10)


def edrpou(b):
    w = [1, 2, 3, 4, 5, 6, 7]
    if b[0] in "345":
        w = [7, 1, 2, 3, 4, 5, 6]
    r = weigh(b, w) % 11
    return str(r if r < 10 else weigh(b, [x + 2 for x in w]) % 11 % 10)


def dea(b):
    n = list(map(int, b[2:]))
    return str((n[0] + n[2] + n[4] + 2 * (n[1] + n[3] + n[5])) % 10)


def npi(b):
    return luhn("80840" + b)


def rif(b):
    s = {"V": 4, "E": 8, "J": 12, "P": 16, "G": 20}[b[0]]
    s += weigh(b[1:], [3, 2, 7, 6, 5, 4, 3, 2])
    r = 11 - s % 11
    return "0" if r > 9 else str(r)


def uk_vat(b):
    return "%02d" % (97 - weigh(b, range(8, 1, -1)) % 97)


def upn(b):
    s = sum(val(c) * (i + 2) for i, c in enumerate(b))
    return "ABCDEFGHJKLMNPQRTUVWXYZ"[s % 23]


def vin(b):
    stock = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ",
                     [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5,
                      6, 7, 8, 9]))
    w = [8, 7, 6, 5, 4, 3, 2, 10, 9, 8, 7, 6, 5, 4, 3, 2]
    s = sum((int(c) if c in D else stock[c]) * k for c, k in zip(b, w))
    return "0123456789X"[s % 11]


def box(b):
    values = {}
    n = 10
    for c in AZ:
        n += n % 11 == 0
        values[c] = n
        n += 1
    s = sum((values.get(c) or int(c)) * 2 ** i if c != "0" else 0
            for i, c in enumerate(b))
    return str(s % 11 % 10)


def isin(b):
    return luhn("".join(str(val(c)) for c in b))


def cusip(b):
    s = 0
    for i, c in enumerate(b):
        n = val(c) * (1 + i % 2)
        s += n // 10 + n % 10
    return str(-s % 10)


figi = cusip


def meid(b):
    s = 0
    for i, c in enumerate(reversed(b)):
        n = int(c, 16) * (2 - i % 2)
        s += n // 16 + n % 16
    return "%X" % (-s % 16)


def ups(b):
    s = 0
    for i, c in enumerate(b[2:]):
        n = int(c) if c in D else (ord(c) - 63) % 10
        s += n * (1 + i % 2)
    return str(-s % 10)


def isk(b):
    return lack([3, 2, 7, 6, 5, 4, 3, 2], 11)(b[:8])


def at_02(b):
    return front97(b[:2], b[5:])


def iranian(b):
    r = weigh(b, range(10, 1, -1)) % 11
    return str(r if r < 2 else 11 - r)


def slovene(b):
    r = 11 - weigh(b, range(8, 1, -1)) % 11
    return None if r == 11 else str(r % 10)
