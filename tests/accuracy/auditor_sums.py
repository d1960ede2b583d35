"""Check digits as the standards and laws state them, a rule each.

Every rule takes the value without separators, letters as capitals, and tells
whether it holds. Nothing here is of another writer or of the detector.
"""

A36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def n(v):
    return [int(c) for c in v]


def dot(v, weights):
    return sum(a * b for a, b in zip(n(v), weights))


def luhn(v):
    total = 0
    for i, d in enumerate(reversed(n(v))):
        d *= 1 + i % 2
        total += d // 10 + d % 10
    return total % 10 == 0


def mod97(v):
    """ISO/IEC 7064 MOD 97-10 of letters and digits, remainder 1."""
    return int("".join(str(A36.index(c)) for c in v)) % 97 == 1


def iban(v):
    return mod97(v[4:] + v[:4])


def mod11_10(v):
    p = 10
    for d in n(v[:-1]):
        p = (p + d) % 10 or 10
        p = p * 2 % 11
    return (p + int(v[-1])) % 10 == 1


def mod11_2(v):
    p = 0
    for c in v[:-1]:
        p = (p + int(c)) * 2 % 11
    return (p + (10 if v[-1] == "X" else int(v[-1]))) % 11 == 1


def dihedral(a, b):
    """The group of a pentagon's turns and flips."""
    if a < 5:
        return (a + b) % 5 if b < 5 else (a + b - 5) % 5 + 5
    return (a - 5 - b) % 5 + 5 if b < 5 else (a - b) % 5


def verhoeff(v):
    turn = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]
    rows = [list(range(10))]
    for _ in range(7):
        rows.append([turn[x] for x in rows[-1]])
    c = 0
    for i, d in enumerate(reversed(n(v))):
        c = dihedral(c, rows[i % 8][d])
    return c == 0


def ean(v):
    return sum(d * (3 if i % 2 else 1)
               for i, d in enumerate(reversed(n(v)))) % 10 == 0


# ---- Europe ----------------------------------------------------------------

def de_idnr(v):
    counts = [v[:10].count(c) for c in "0123456789"]
    return v[0] != "0" and mod11_10(v) and \
        sorted(counts)[-1] == 2 and counts.count(2) == 1


def de_id_card(v):
    total = sum(A36.index(c) * (7, 3, 1)[i % 3] for i, c in enumerate(v[:9]))
    return total % 10 == int(v[9])


def de_rvnr(v):
    digits = v[:8] + "%02d" % (ord(v[8]) - 64) + v[9:11]
    total = sum(sum(n(str(d * w))) for d, w in
                zip(n(digits), (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)))
    return total % 10 == int(v[11])


def de_kvnr(v):
    return luhn_tail("%02d" % (ord(v[0]) - 64) + v[1:9], v[9])


def luhn_tail(body, check):
    total = sum(sum(n(str(d * (1 + i % 2)))) for i, d in enumerate(n(body)))
    return total % 10 == int(check)


def at_vnr(v):
    return dot(v[:3] + v[4:], (3, 7, 9, 5, 8, 4, 2, 1, 6)) % 11 == int(v[3])


def fr_nir(v):
    return 97 - int(v[:13]) % 97 == int(v[13:])


def fr_vat(v):
    return luhn(v[4:]) and (12 + 3 * (int(v[4:]) % 97)) % 97 == int(v[2:4])


def es_dni(v):
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(v[:8]) % 23] == v[8]


def es_nie(v):
    return es_dni(str("XYZ".index(v[0])) + v[1:])


def it_vat(v):
    return luhn(v)


ODD = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14,
       16, 10, 22, 25, 24, 23)


def it_cf(v):
    total = 0
    for i, c in enumerate(v[:15]):
        x = int(c) if c.isdigit() else ord(c) - 65
        total += x if i % 2 else ODD[x]
    return chr(65 + total % 26) == v[15]


def nl_bsn(v):
    return dot(v[:8], range(9, 1, -1)) % 11 == int(v[8])


def be_nn(v):
    return 97 - int(v[:9]) % 97 == int(v[9:])  # born before 2000


def be_vat(v):
    return 97 - int(v[2:10]) % 97 == int(v[10:])


def pl_pesel(v):
    return dot(v, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0


def pl_nip(v):
    return dot(v[:9], (6, 5, 7, 2, 3, 4, 5, 6, 7)) % 11 == int(v[9])


def pl_regon(v):
    return dot(v[:8], (8, 9, 2, 3, 4, 5, 6, 7)) % 11 % 10 == int(v[8])


def pt_nif(v):
    r = 11 - dot(v[:8], range(9, 1, -1)) % 11
    return (0 if r > 9 else r) == int(v[8])


def ro_cnp(v):
    return dot(v[:12], (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11 % 10 == \
        int(v[12]) and dot(v[:12], (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) \
        % 11 < 10


def cz_rc(v):
    return int(v) % 11 == 0


def fi_hetu(v):
    return "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(v[:6] + v[6:9]) % 31] == v[9]


def no_fnr(v):
    return dot(v[:10], (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)) % 11 == 0 and \
        dot(v, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


def se_pnr(v):
    return luhn(v[-10:])


def hr_oib(v):
    return mod11_10(v)


def bg_egn(v):
    return dot(v[:9], (2, 4, 8, 5, 10, 9, 7, 3, 6)) % 11 % 10 == int(v[9])


def gr_afm(v):
    return dot(v[:8], (256, 128, 64, 32, 16, 8, 4, 2)) % 11 % 10 == int(v[8])


def ie_pps(v):
    return "WABCDEFGHIJKLMNOPQRSTUV"[dot(v[:7], range(8, 1, -1)) % 23] == v[7]


def ch_ahv(v):
    return ean(v)


def tr_tckn(v):
    d = n(v)
    return d[0] != 0 and \
        (7 * sum(d[0:9:2]) - sum(d[1:8:2])) % 10 == d[9] and \
        sum(d[:10]) % 10 == d[10]


def ru_inn(v):
    return dot(v[:10], (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)) % 11 % 10 == \
        int(v[10]) and dot(v[:11], (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)) \
        % 11 % 10 == int(v[11])


def ru_snils(v):
    return dot(v[:9], range(9, 0, -1)) % 101 % 100 == int(v[9:])


def uk_nhs(v):
    r = 11 - dot(v[:9], range(10, 1, -1)) % 11
    return (0 if r == 11 else r) == int(v[9])


def uk_vat(v):
    total = dot(v[2:9], range(8, 1, -1)) + int(v[9:])
    return total % 97 in (0, 42)


# ---- the Americas ----------------------------------------------------------

def us_ssn(v):
    return v[:3] not in ("000", "666") and v[0] != "9" and \
        v[3:5] != "00" and v[5:] != "0000"


def us_aba(v):
    return dot(v, (3, 7, 1) * 3) % 10 == 0


def us_npi(v):
    return luhn("80840" + v)


def us_dea(v):
    d = n(v[2:])
    return (d[0] + d[2] + d[4] + 2 * (d[1] + d[3] + d[5])) % 10 == d[6]


def vin(v):
    values = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ",
                      (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4,
                       5, 6, 7, 8, 9)))
    values.update({c: int(c) for c in "0123456789"})
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    return "0123456789X"[sum(values[c] * w for c, w in zip(v, weights)) % 11] \
        == v[8]


def br_cpf(v):
    def mark(body):
        r = dot(body, range(len(body) + 1, 1, -1)) * 10 % 11
        return r % 10
    return len(set(v)) > 1 and mark(v[:9]) == int(v[9]) and \
        mark(v[:10]) == int(v[10])


def br_cnpj(v):
    w = (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)

    def mark(body):
        r = dot(body, w[-len(body):]) % 11
        return 0 if r < 2 else 11 - r
    return mark(v[:12]) == int(v[12]) and mark(v[:13]) == int(v[13])


def ar_cuit(v):
    return dot(v, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


def cl_rut(v):
    r = sum(d * (2 + i % 6) for i, d in enumerate(reversed(n(v[:-1])))) % 11
    return "0K987654321"[r] == v[-1]


def mx_clabe(v):
    return sum(d * w % 10 for d, w in zip(n(v[:17]), (3, 7, 1) * 6)) % 10 == \
        (10 - int(v[17])) % 10


MX = "0123456789ABCDEFGHIJKLMN\u00d1OPQRSTUVWXYZ"


def mx_curp(v):
    total = sum(MX.index(c) * (18 - i) for i, c in enumerate(v[:17]))
    return (10 - total % 10) % 10 == int(v[17])


# ---- Asia, Africa, Oceania -------------------------------------------------

def cn_ric(v):
    return mod11_2(v)


def in_gstin(v):
    total = 0
    for i, c in enumerate(v[:14]):
        x = A36.index(c) * (1 + i % 2)
        total += x // 36 + x % 36
    return A36[(36 - total % 36) % 36] == v[14]


def kr_rrn(v):
    return (11 - dot(v[:12], (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)) % 11) % 10 \
        == int(v[12])


def jp_my(v):
    r = sum(d * ((i + 2) if i < 6 else (i - 4))
            for i, d in enumerate(reversed(n(v[:11])))) % 11
    return (0 if r < 2 else 11 - r) == int(v[11])


def sg_nric(v):
    total = dot(v[1:8], (2, 7, 6, 5, 4, 3, 2)) + (4 if v[0] in "TG" else 0)
    marks = "JZIHGFEDCBA" if v[0] in "ST" else "XWUTRQPNMLK"
    return marks[total % 11] == v[8]


def th_pin(v):
    return (11 - dot(v[:12], range(13, 1, -1)) % 11) % 10 == int(v[12])


def tw_nid(v):
    code = "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(v[0]) + 10
    return (code // 10 + code % 10 * 9 +
            dot(v[1:], (8, 7, 6, 5, 4, 3, 2, 1, 1))) % 10 == 0


def hk_id(v):
    total = 36 * 9 + A36.index(v[0]) * 8 + dot(v[1:7], range(7, 1, -1))
    return "0123456789A"[(11 - total % 11) % 11] == v[7]


def il_id(v):
    return luhn(v)


def za_id(v):
    return luhn(v)


def au_tfn(v):
    return dot(v, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0


def au_abn(v):
    return dot(str(int(v[0]) - 1) + v[1:],
               (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)) % 89 == 0


def au_medicare(v):
    return dot(v[:8], (1, 3, 7, 9, 1, 3, 7, 9)) % 10 == int(v[8])


def nz_ird(v):
    for w in ((3, 2, 7, 6, 5, 4, 3, 2), (7, 4, 3, 2, 5, 2, 7, 6)):
        r = -dot(v[:8], w) % 11
        if r < 10:
            return r == int(v[8])
    return False


def isin(v):
    return luhn("".join(str(A36.index(c)) for c in v))
