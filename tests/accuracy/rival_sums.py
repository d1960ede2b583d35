"""Rules by which a number's check digits are tested, for rival_ids.py.

Each takes the whole number and says whether it holds. No check digit is ever
computed here: rivals.py draws numbers by chance until the rule lets one pass.
"""
UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
BASE36 = "0123456789" + UPPER


def digits(v):
    return [int(c) for c in v if c.isdigit()]


def dot(v, weights):
    return sum(a * b for a, b in zip(digits(v), weights))


def luhn(v):
    d = digits(v)[::-1]
    return sum(d[::2] + [x // 5 + x * 2 % 10 for x in d[1::2]]) % 10 == 0


def luhn36(v):
    total = 0
    for i, c in enumerate(reversed(v)):
        n = BASE36.index(c) * (1 + i % 2)
        total += n // 36 + n % 36
    return total % 36 == 0


def zero(weights, m=11):
    """The weighted digits are a multiple of m."""
    return lambda v: dot(v, weights) % m == 0


def last(weights, m=11, ten=None, minus=True):
    """The last digit is what the weighted rest leaves, or lacks to m."""
    def holds(v):
        left = dot(v[:-1], weights) % m
        want = -left % m if minus else left
        want = ten if want == 10 else want
        return want is not None and want == int(v[-1])
    return holds


def twice(first, second, m=11):
    """The second weights when the first leave 10; 0 when those do as well."""
    def holds(v):
        left = dot(v[:-1], first) % m
        left = dot(v[:-1], second) % m if left == 10 else left
        return left % 10 == int(v[-1])
    return holds


def eleven_ten(v):
    p = 10
    for d in digits(v)[:-1]:
        p = ((p + d) % 10 or 10) * 2 % 11
    return (p + digits(v)[-1]) % 10 == 1


def eleven_two(v):
    total = sum(int(c) << (17 - i) for i, c in enumerate(v[:-1]))
    return (total + (10 if v[-1] == "X" else int(v[-1]))) % 11 == 1


def ninety_seven(v):
    return int("".join(str(BASE36.index(c)) for c in v)) % 97 == 1


DIHEDRAL = [[(i + j) % 5 if i < 5 and j < 5 else
             5 + (i + j) % 5 if i < 5 else
             5 + (i - 5 - j) % 5 if j < 5 else (i - j) % 5
             for j in range(10)] for i in range(10)]
TURN = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def verhoeff(v):
    c = 0
    for i, d in enumerate(reversed(digits(v))):
        for _ in range(i % 8):
            d = TURN[d]
        c = DIHEDRAL[c][d]
    return c == 0


def ean(v):
    return sum(d * (3 if i % 2 else 1)
               for i, d in enumerate(digits(v)[::-1])) % 10 == 0


# ---- those of one country --------------------------------------------------

def at_vnr(v):
    return dot(v, (3, 7, 9, 0, 5, 8, 4, 2, 1, 6)) % 11 == int(v[3])


def at_vat(v):
    d = digits(v)
    s = sum(x // 5 + x * 2 % 10 if i % 2 else x for i, x in enumerate(d[:7]))
    return (s + 4 + d[7]) % 10 == 0


def au_abn(v):
    return (dot(v, (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)) - 10) % 89 == 0


def be_nn(v):
    n = int(v[:9]) if int(v[:2]) > 30 else int("2" + v[:9])
    return 97 - n % 97 == int(v[9:])


def be_vat(v):
    v = v.lstrip("BE")
    return 97 - int(v[:8]) % 97 == int(v[8:])


def bg_eik(v):
    return twice(range(1, 9), range(3, 11))(v)


def two_marks(first, second, m=11):
    """Two check digits, each 11 less the rest, which is 0 from 10 on."""
    def one(v, weights):
        left = m - dot(v[:-1], weights) % m
        return (0 if left > 9 else left) == int(v[-1])
    return lambda v: one(v[:-1], first) and one(v, second)


def cl_rut(v):
    total = sum(d * (2 + i % 6) for i, d in enumerate(digits(v[:-1])[::-1]))
    return "0K987654321"[total % 11] == v[-1]


def cn_uscc(v):
    stock = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    return sum(stock.index(c) * pow(3, i, 31)
               for i, c in enumerate(v[:-1])) % 31 == \
        (31 - stock.index(v[-1])) % 31


def co_nit(v):
    w = (3, 7, 13, 17, 19, 23, 29, 37, 41)
    left = sum(d * x for d, x in zip(digits(v[:-1])[::-1], w)) % 11
    return (left if left < 2 else 11 - left) == int(v[-1])


def cz_ico(v):
    return (11 - dot(v[:7], range(8, 1, -1)) % 11) % 10 == int(v[7])


def de_idnr(v):
    seen = sorted(v[:10].count(c) for c in set(v[:10]))
    return seen in ([1] * 8 + [2], [1] * 7 + [3]) and eleven_ten(v)


def letters_as_two(v):
    return "".join(c if c.isdigit() else "%02d" % (UPPER.index(c) + 1)
                   for c in v)


def de_kvnr(v):
    s = sum(x * w // 10 + x * w % 10 for x, w in
            zip(digits(letters_as_two(v)[:-1]), (1, 2) * 5))
    return s % 10 == int(v[-1])


def de_rvnr(v):
    s = sum(x * w // 10 + x * w % 10 for x, w in
            zip(digits(letters_as_two(v)[:-1]),
                (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)))
    return s % 10 == int(v[-1])


def seven_three_one(v):
    return sum(BASE36.index(c) * (7, 3, 1)[i % 3]
               for i, c in enumerate(v[:-1])) % 10 == int(v[-1])


def do_rnc(v):
    return (10 - dot(v[:8], (7, 9, 8, 6, 5, 4, 3, 2)) % 11) % 9 + 1 == \
        int(v[8])


def baltic(v):
    return twice((1, 2, 3, 4, 5, 6, 7, 8, 9, 1),
                 (3, 4, 5, 6, 7, 8, 9, 1, 2, 3))(v)


DNI = "TRWAGMYFPDXBNJZSQVHLCKE"


def es_nif(v):
    return DNI[int(v[:-1]) % 23] == v[-1]


def es_nie(v):
    return es_nif(str("XYZ".index(v[0])) + v[1:])


def es_cif(v):
    d = digits(v[1:8])
    n = -sum(d[1::2] + [x // 5 + x * 2 % 10 for x in d[::2]]) % 10
    return v[-1] == ("JABCDEFGHI"[n] if v[0] in "PQRSW" else str(n))


def es_nss(v):
    return int(v[:-2]) % 97 == int(v[-2:]) and v[2] != "0"


def es_ccc(v):
    w = (1, 2, 4, 8, 5, 10, 9, 7, 3, 6)
    marks = ((0, 1, 9, 8, 7, 6, 5, 4, 3, 2, 1)[dot(x, w) % 11]
             for x in ("00" + v[:8], v[10:]))
    return "".join(map(str, marks)) == v[8:10]


def fi_hetu(v):
    n = int(v[:6] + v[7:10]) % 31
    return "0123456789ABCDEFHJKLMNPRSTUVWXY"[n] == v[-1]


def fr_nir(v):
    return 97 - int(v[:13]) % 97 == int(v[13:])


def fr_vat(v):
    return luhn(v[4:]) and int(v[2:4]) == (12 + 3 * (int(v[4:]) % 97)) % 97


def gr_afm(v):
    v = v.lstrip("EL")
    return dot(v[:8], [2 ** (8 - i) for i in range(8)]) % 11 % 10 == int(v[8])


def hk_id(v):
    s = 36 * 9 + (BASE36.index(v[0])) * 8 + dot(v[1:7], range(7, 1, -1))
    return "0123456789A"[-s % 11] == v[-1]


def hu_taj(v):
    return dot(v[:8], (3, 7) * 4) % 10 == int(v[8])


def ie_pps(v):
    s = dot(v[:7], range(8, 1, -1))
    if len(v) == 9:
        s += (UPPER.index(v[8]) + 1) % 23 * 9
    return ("W" + UPPER)[s % 23] == v[7]


def ir_nid(v):
    left = dot(v[:9], range(10, 1, -1)) % 11
    return (left if left < 2 else 11 - left) == int(v[9])


ODD = dict(zip(BASE36, [1, 0, 5, 7, 9, 13, 15, 17, 19, 21] +
               [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8,
                12, 14, 16, 10, 22, 25, 24, 23]))


def it_cf(v):
    even = {c: i % 10 if i < 10 else i - 10 for i, c in enumerate(BASE36)}
    s = sum(ODD[c] if i % 2 == 0 else even[c] for i, c in enumerate(v[:15]))
    return UPPER[s % 26] == v[15]


def jp_my_number(v):
    left = dot(v[10::-1], (2, 3, 4, 5, 6, 7, 2, 3, 4, 5, 6)) % 11
    return (0 if left < 2 else 11 - left) == int(v[11])


def jp_cn(v):
    s = sum(d * (1 + i % 2) for i, d in enumerate(digits(v[1:])[::-1]))
    return 9 - s % 9 == int(v[0])


def kr_rrn(v):
    return (11 - dot(v[:12], (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)) % 11) \
        % 10 == int(v[12])


def kr_brn(v):
    d = digits(v)
    s = dot(v[:9], (1, 3, 7, 1, 3, 7, 1, 3, 5)) + d[8] * 5 // 10
    return -s % 10 == d[9]


def kz_iin(v):
    left = dot(v[:11], range(1, 12)) % 11
    if left == 10:
        left = dot(v[:11], (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)) % 11
    return left == int(v[11])


def lv_pk(v):
    s = 1101 - dot(v[:10], (1, 6, 3, 7, 9, 10, 5, 8, 4, 2))
    return s % 11 % 10 == int(v[10])


def lu_nin(v):
    return luhn(v[:12]) and verhoeff(v[:11] + v[12])


def mx_curp(v):
    stock = "0123456789ABCDEFGHIJKLMN\u00d1OPQRSTUVWXYZ"
    s = sum(stock.index(c) * (18 - i) for i, c in enumerate(v[:17]))
    return -s % 10 == int(v[17])


def mx_clabe(v):
    return -sum(d * (3, 7, 1)[i % 3] % 10
                for i, d in enumerate(digits(v[:17]))) % 10 == int(v[17])


def no_fnr(v):
    return zero((3, 7, 6, 1, 8, 9, 4, 5, 2, 1))(v[:10]) and \
        zero((5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1))(v)


def nz_ird(v):
    left = dot("%09d" % int(v), (3, 2, 7, 6, 5, 4, 3, 2)) % 11
    if left and 11 - left == 10:
        left = dot("%09d" % int(v), (7, 4, 3, 2, 5, 2, 7, 6)) % 11
    return (11 - left if left else 0) == int(v[-1])


def pt_niss(v):
    return 9 - dot(v[:10], (29, 23, 19, 17, 13, 11, 7, 5, 3, 2)) % 10 == \
        int(v[10])


def pt_nif(v):
    left = 11 - dot(v[:8], range(9, 1, -1)) % 11
    return (0 if left > 9 else left) == int(v[8])


def ro_cnp(v):
    left = dot(v[:12], (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11
    return (1 if left == 10 else left) == int(v[12])


def ro_cui(v):
    v = v.lstrip("RO")
    return dot("%09d" % int(v[:-1]), (7, 5, 3, 2, 1, 7, 5, 3, 2)) * 10 \
        % 11 % 10 == int(v[-1])


def jmbg(v):
    left = 11 - dot(v[:12], (7, 6, 5, 4, 3, 2) * 2) % 11
    return left != 10 and left % 11 == int(v[12])


def ru_inn(v):
    one = (2, 4, 10, 3, 5, 9, 4, 6, 8)
    if len(v) == 10:
        return dot(v[:9], one) % 11 % 10 == int(v[9])
    return dot(v[:10], (7,) + one) % 11 % 10 == int(v[10]) and \
        dot(v[:11], (3, 7) + one) % 11 % 10 == int(v[11])


def ru_snils(v):
    return dot(v[:9], range(9, 0, -1)) % 101 % 100 == int(v[9:])


def ru_ogrn(v):
    return int(v[:-1]) % 11 % 10 == int(v[-1])


def sg_nric(v):
    s = dot(v[1:8], (2, 7, 6, 5, 4, 3, 2)) + (4 if v[0] in "TG" else 0)
    return ("JZIHGFEDCBA" if v[0] in "ST" else "XWUTRQPNMLK")[s % 11] == v[8]


def si_tax(v):
    v = v.lstrip("SI")
    left = 11 - dot(v[:7], range(8, 1, -1)) % 11
    return left != 11 and left % 10 == int(v[7])


def th_pin(v):
    return (11 - dot(v[:12], range(13, 1, -1)) % 11) % 10 == int(v[12])


def tr_tckn(v):
    d = digits(v)
    return (sum(d[:9:2]) * 7 - sum(d[1:8:2])) % 10 == d[9] and \
        sum(d[:10]) % 10 == d[10]


def tr_vkn(v):
    total = 0
    for i, d in enumerate(digits(v[:9])):
        a = (d + 9 - i) % 10
        if a:
            total += a * 2 ** (9 - i) % 9 or 9
    return -total % 10 == int(v[9])


def tw_nid(v):
    area = "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(v[0]) + 10
    return dot("%d%s" % (area, v[1:]), (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)) \
        % 10 == 0


def tw_ubn(v):
    s = sum(x // 10 + x % 10 for x in
            (a * b for a, b in zip(digits(v), (1, 2, 1, 2, 1, 2, 4, 1))))
    return s % 5 == 0 or (v[6] == "7" and (s + 1) % 5 == 0)


def ua_tax(v):
    return dot(v[:9], (-1, 5, 7, 9, 4, 6, 10, 5, 7)) % 11 % 10 == int(v[9])


def uk_vat(v):
    v = v.lstrip("GB")
    s = dot(v[:7], range(8, 1, -1)) + int(v[7:])
    return s % 97 in (0, 42)


def uk_utr(v):
    left = dot(v[1:], (6, 7, 8, 9, 10, 5, 4, 3, 2)) % 11
    return "21987654321"[left] == v[0]


def us_dea(v):
    d = digits(v[2:])
    return (d[0] + d[2] + d[4] + 2 * (d[1] + d[3] + d[5])) % 10 == d[6]


def us_npi(v):
    return luhn("80840" + v)


def uy_ci(v):
    return -dot(v[:7], (2, 9, 8, 7, 6, 3, 4)) % 10 == int(v[7])


def uy_rut(v):
    left = -dot(v[:11], (4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)) % 11
    return left < 10 and left == int(v[11])


def ve_rif(v):
    s = {"V": 4, "E": 8, "J": 12, "P": 16, "G": 20}[v[0]]
    left = 11 - (s + dot(v[1:9], (3, 2, 7, 6, 5, 4, 3, 2))) % 11
    return (0 if left > 9 else left) == int(v[9])


def ch_uid(v):
    left = 11 - dot(v[3:11], (5, 4, 3, 2, 7, 6, 5, 4)) % 11
    return left != 10 and left % 11 == int(v[11])


def isin(v):
    return luhn("".join(str(BASE36.index(c)) for c in v))


def vin(v):
    value = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ",
                     (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5,
                      6, 7, 8, 9)), **{c: int(c) for c in "0123456789"})
    s = sum(value[c] * w for c, w in
            zip(v, (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)))
    return "0123456789X"[s % 11] == v[8]


def iso6346(v):
    value = [n for n in range(10, 39) if n % 11]
    s = sum((int(c) if c.isdigit() else value[UPPER.index(c)]) << i
            for i, c in enumerate(v[:10]))
    return s % 11 % 10 == int(v[10])


def imo(v):
    return dot(v[:6], range(7, 1, -1)) % 10 == int(v[6])


def pe_ruc(v):
    return (11 - dot(v[:10], (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11) % 10 == \
        int(v[10])


def md_idno(v):
    return dot(v[:12], (7, 3, 1) * 4) % 10 == int(v[12])


def by_unp(v):
    left = dot(v[:8], (29, 23, 19, 17, 13, 7, 5, 3)) % 11
    return left < 10 and left == int(v[8])


def gt_nit(v):
    s = sum(d * (i + 2) for i, d in enumerate(digits(v[:-1])[::-1]))
    return "0123456789K"[-s % 11] == v[-1]


def py_ruc(v):
    s = sum(d * (i + 2) for i, d in enumerate(digits(v[:-1])[::-1]))
    return -s % 11 % 10 == int(v[-1])


def mx_rfc(v):
    stock = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ \u00d1"
    s = sum(stock.index(c) * (13 - i) for i, c in enumerate(v[:12]))
    return "0123456789A"[-s % 11] == v[12]


def de_license(v):
    s = sum(BASE36.index(c) * (9 - i) for i, c in enumerate(v[:9]))
    return "0123456789X"[s % 11] == v[9]


def pl_id(v):
    s = sum(BASE36.index(c) * w
            for c, w in zip(v, (7, 3, 1, 9, 7, 3, 1, 7, 3)))
    return s % 10 == 0
