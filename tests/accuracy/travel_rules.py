"""Numbers of persons and firms for travellers.py: how each is made and checked.

Written from what the offices publish, and from no other file here. A rule's
`holds` is of the bare value; `ways` are templates with an x for each character.
"""
import datetime
import re
from collections import namedtuple

DIGITS = "0123456789"
CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
Rule = namedtuple("Rule", "kind titles ways make holds")
CHECKED, PLAIN = [], []


def digits(rng, n):
    return "".join(rng.choice(DIGITS) for _ in range(n))


def letters(rng, n, of=CAPITALS):
    return "".join(rng.choice(of) for _ in range(n))


def date(rng, layout, first=1950, last=1999):
    span = (datetime.date(last, 12, 31) - datetime.date(first, 1, 1)).days
    day = datetime.date(first, 1, 1) + datetime.timedelta(
        rng.randrange(span))
    return day.strftime(layout)


def written(rng, rule, value):
    ways = [w for w in rule.ways if w.count("x") == len(value)]
    if not ways:
        return value
    chars = iter(value)
    return "".join(next(chars) if c == "x" else c for c in rng.choice(ways))


def dot(text, weights):
    return sum(int(a) * b for a, b in zip(text, weights))


def luhn(body):
    total = 0
    for i, c in enumerate(reversed(body)):
        total += sum(divmod(int(c) * (2 - i % 2), 10))
    return str(-total % 10)


def by_digit(kind, titles, ways, body, digit):
    """The last character is `digit` of what is before it; None refuses."""
    def make(rng):
        while True:
            b = body(rng)
            d = digit(b)
            if d is not None:
                return b + d

    def holds(v):
        try:
            return digit(v[:-1]) == v[-1]
        except ValueError:
            return False
    CHECKED.append(Rule(kind, titles.split("|"), ways.split("|"), make, holds))


def by_tail(kind, titles, ways, body, tail, size=2):
    def make(rng):
        b = body(rng)
        return b + tail(b)
    CHECKED.append(Rule(kind, titles.split("|"), ways.split("|"), make,
                        lambda v: tail(v[:-size]) == v[-size:]))


def plain(kind, titles, ways, make):
    PLAIN.append(Rule(kind, titles.split("|"), ways.split("|"), make, None))


def ten_less(weights, m=10):
    return lambda b: str(-dot(b, weights) % m)


def eleven(weights, ten=None, down=True):
    """11 - sum or the remainder itself; ten: what 10 becomes, None refuses."""
    def digit(b):
        r = (-dot(b, weights) if down else dot(b, weights)) % 11
        return ten if r == 10 else str(r)
    return digit


def iso11_10(b):
    p = 10
    for c in b:
        p = (int(c) + p) % 10 or 10
        p = p * 2 % 11
    return str((11 - p) % 10)


VERHOEFF_D = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
              [2, 3, 4, 0, 1, 7, 8, 9, 5, 6], [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
              [4, 0, 1, 2, 3, 9, 5, 6, 7, 8], [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
              [6, 5, 9, 8, 7, 1, 0, 4, 3, 2], [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
              [8, 7, 6, 5, 9, 3, 2, 1, 0, 4], [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]]
VERHOEFF_P = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]]
for _ in range(6):
    VERHOEFF_P.append([VERHOEFF_P[-1][VERHOEFF_P[1][i]] for i in range(10)])


def verhoeff(b):
    c = 0
    for i, ch in enumerate(reversed(b + "0")):
        c = VERHOEFF_D[c][VERHOEFF_P[i % 8][int(ch)]]
    return str(VERHOEFF_D[c].index(0))


def nonzero(n, first="123456789"):
    return lambda rng: rng.choice(first) + digits(rng, n - 1)


# ---- North America ---------------------------------------------------------

by_digit("ca_sin", "SIN|Social Insurance Number|Num\u00e9ro d'assurance "
         "sociale", "xxx xxx xxx|xxx-xxx-xxx|xxxxxxxxx", nonzero(8, "1234567"),
         luhn)
by_digit("us_npi", "NPI|Provider NPI|National Provider Identifier",
         "xxxxxxxxxx", nonzero(9, "12"), lambda b: luhn("80840" + b))
by_digit("us_aba_routing", "Routing number|ABA|ABA routing no|routing_number",
         "xxxxxxxxx", lambda r: r.choice(["02", "06", "11", "26", "31"]) +
         digits(r, 6), ten_less([3, 7, 1] * 3))
by_digit("us_dea", "DEA number|DEA Registration|DEA#", "xxxxxxxxx",
         lambda r: r.choice("ABFM") + letters(r, 1) + digits(r, 6),
         lambda b: str((dot(b[2::2], [1] * 3) + 2 * dot(b[3::2], [1] * 3)) %
                       10))
plain("us_ssn", "SSN|Social Security Number|social security no", "xxx-xx-xxxx",
      lambda r: "%03d%02d%04d" % (r.randint(100, 665), r.randint(1, 99),
                                  r.randint(1, 9999)))
plain("us_ein", "EIN|Employer Identification Number|Federal Tax ID",
      "xx-xxxxxxx", lambda r: r.choice(["12", "27", "45", "83"]) +
      digits(r, 7))
plain("us_mbi", "Medicare Beneficiary Identifier|MBI|Medicare number",
      "xxxxxxxxxxx|xxxx-xxx-xxxx", lambda r: r.choice("123456789") + letters(
          r, 1, "ACDEFGHJKMNPQRTUVWXY") + r.choice("ACDEF123") + digits(r, 1) +
      letters(r, 1, "ACDEFGHJKM") + r.choice("ACDEF123") + digits(r, 1) +
      letters(r, 2, "ACDEFGHJKM") + digits(r, 2))
plain("us_passport", "US passport|US Passport number", "xxxxxxxxx",
      nonzero(9, "3456"))

# ---- the islands of Britain, Ireland, the Pacific --------------------------

by_digit("uk_nhs", "NHS number|NHS No|NHS no.", "xxx xxx xxxx|xxxxxxxxxx|"
         "xxx-xxx-xxxx", nonzero(9, "4679"), eleven(range(10, 1, -1)))
by_digit("au_tfn", "TFN|Tax File Number", "xxx xxx xxx|xxxxxxxxx",
         nonzero(8), lambda b: next((str(d) for d in range(10) if dot(
             b + str(d), [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 == 0), None))
by_digit("au_acn", "ACN|Australian Company Number", "xxx xxx xxx|xxxxxxxxx",
         lambda r: r.choice("016") + digits(r, 7),
         ten_less([8, 7, 6, 5, 4, 3, 2, 1]))


def abn_make(rng):
    while True:
        v = nonzero(11)(rng)
        if abn_holds(v):
            return v


def abn_holds(v):
    w = [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]
    return dot(str(int(v[0]) - 1) + v[1:], w) % 89 == 0 if v[0] != "0" \
        else False


CHECKED.append(Rule("au_abn", ["ABN", "Australian Business Number"],
                    ["xx xxx xxx xxx", "xxxxxxxxxxx"], abn_make, abn_holds))
by_digit("ie_pps", "PPS number|PPSN|PPS No.", "xxxxxxxx|xxxxxxx x",
         nonzero(7), lambda b: "WABCDEFGHIJKLMNOPQRSTUV"[
             dot(b, range(8, 1, -1)) % 23])
plain("uk_nino", "National Insurance number|NI number|NINO|NI No.",
      "xx xx xx xx x|xxxxxxxxx", lambda r: letters(r, 1, "ABCEGHJLMNPRSW") +
      letters(r, 1, "ABCEGHJKLMPRSTWXYZ") + digits(r, 6) + r.choice("ABCD"))
plain("nz_passport", "New Zealand passport|NZ passport number", "xxxxxxxx",
      lambda r: "L" + r.choice("AHN") + digits(r, 6))

# ---- middle of Europe ------------------------------------------------------


def idnr(rng):
    while True:
        v = nonzero(10)(rng)
        counts = sorted(v.count(d) for d in set(v))
        if counts[-1] == 2 and counts[:-1] == [1] * 8:
            return v


by_digit("de_idnr", "Steuer-ID|Steuerliche Identifikationsnummer|IdNr.|"
         "Steueridentifikationsnummer", "xx xxx xxx xxx|xxxxxxxxxxx", idnr,
         iso11_10)
by_digit("de_vat", "USt-IdNr.|Umsatzsteuer-ID|VAT ID", "xxxxxxxxxxx",
         lambda r: "DE" + nonzero(8)(r), lambda b: iso11_10(b[2:]))


def pension(b):
    digits_of = b[:8] + "%02d" % (ord(b[8]) - 64) + b[9:]
    return str(sum(sum(divmod(int(a) * w, 10)) for a, w in zip(
        digits_of, [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1])) % 10)


by_digit("de_rvnr", "Rentenversicherungsnummer|Sozialversicherungsnummer|"
         "RVNR|SV-Nummer", "xx xxxxxx x xxx|xxxxxxxxxxxx",
         lambda r: r.choice(["12", "53", "65", "15"]) + date(r, "%d%m%y") +
         letters(r, 1) + digits(r, 2), pension)


def austrian(rng):
    while True:
        serial, day = nonzero(3)(rng), date(rng, "%d%m%y")
        d = dot(serial, [3, 7, 9]) + dot(day, [5, 8, 4, 2, 1, 6])
        if d % 11 < 10:
            return serial + str(d % 11) + day


def austrian_holds(v):
    return (dot(v[:3], [3, 7, 9]) + dot(v[4:], [5, 8, 4, 2, 1, 6])) % 11 == \
        int(v[3])


CHECKED.append(Rule("at_vnr", ["SVNR", "Sozialversicherungsnummer "
                               "(\u00d6sterreich)", "SV-Nr."],
                    ["xxxx xxxxxx", "xxxxxxxxxx"], austrian, austrian_holds))
by_digit("ch_ssn", "AHV-Nummer|AHV-Nr.|Num\u00e9ro AVS|Numero AVS",
         "xxx.xxxx.xxxx.xx|xxxxxxxxxxxxx", lambda r: "756" + digits(r, 9),
         ten_less([1, 3] * 6))
by_digit("ch_uid", "UID|Unternehmens-Identifikationsnummer|IDE",
         "xxx-xxx.xxx.xxx|xxxxxxxxxxxx", lambda r: "CHE" + nonzero(8)(r),
         lambda b: eleven([5, 4, 3, 2, 7, 6, 5, 4])(b[3:]))
by_digit("de_id_card", "Personalausweis|Personalausweisnummer|Ausweisnummer",
         "xxxxxxxxxx", lambda r: "L" + letters(r, 3, "CFGHJK") + digits(r, 5),
         lambda b: str(sum(int(c, 36) * w for c, w in zip(
             b, [7, 3, 1] * 3)) % 10))

# ---- west ------------------------------------------------------------------


def french(rng):
    return rng.choice("12") + date(rng, "%y%m") + \
        "%02d" % rng.choice([13, 31, 59, 69, 75, 92]) + \
        "%03d" % rng.randint(1, 400) + "%03d" % rng.randint(1, 500)


by_tail("fr_nir", "Num\u00e9ro de s\u00e9curit\u00e9 sociale|NIR|"
        "N\u00b0 s\u00e9cu", "x xx xx xx xxx xxx xx|xxxxxxxxxxxxxxx", french,
        lambda b: "%02d" % (97 - int(b) % 97))
by_digit("fr_siren", "SIREN|N\u00b0 SIREN", "xxx xxx xxx|xxxxxxxxx",
         nonzero(8, "345789"), luhn)
by_digit("fr_siret", "SIRET|N\u00b0 SIRET", "xxx xxx xxx xxxxx|"
         "xxxxxxxxxxxxxx", lambda r: (lambda s: s + luhn(s) + "000" +
                                      digits(r, 1))(nonzero(8, "345789")(r)),
         luhn)
by_digit("nl_bsn", "BSN|Burgerservicenummer", "xxxxxxxxx|xxxx.xx.xxx",
         nonzero(8, "12"), lambda b: eleven(range(9, 1, -1), None, False)(b))
by_tail("be_nn", "Rijksregisternummer|Num\u00e9ro national|NISS|INSZ",
        "xx.xx.xx-xxx.xx|xxxxxxxxxxx", lambda r: date(r, "%y%m%d") +
        "%03d" % r.randint(1, 990), lambda b: "%02d" % (97 - int(b) % 97))
by_tail("be_vat", "Ondernemingsnummer|BTW-nummer|Num\u00e9ro d'entreprise",
        "xxxx.xxx.xxx|xxxxxxxxxx", lambda r: "0" + r.choice("45678") +
        digits(r, 6), lambda b: "%02d" % (97 - int(b) % 97))
NIF = "TRWAGMYFPDXBNJZSQVHLCKE"
by_digit("es_nif", "DNI|NIF|DNI del titular", "xxxxxxxxx|xxxxxxxx-x",
         nonzero(8, "1234567"), lambda b: NIF[int(b) % 23])
by_digit("es_nie", "NIE|N\u00famero de identidad de extranjero", "xxxxxxxxx|"
         "x-xxxxxxx-x", lambda r: r.choice("XYZ") + digits(r, 7),
         lambda b: NIF[int(str("XYZ".index(b[0])) + b[1:]) % 23])
by_tail("es_nss", "N\u00famero de la Seguridad Social|NSS|N.S.S.|NUSS",
        "xx/xxxxxxxx/xx|xx xxxxxxxx xx|xxxxxxxxxxxx",
        lambda r: "%02d" % r.randint(1, 50) + nonzero(8)(r),
        lambda b: "%02d" % (int(b) % 97))
by_digit("pt_nif", "NIF|Contribuinte|N\u00ba de contribuinte",
         "xxx xxx xxx|xxxxxxxxx", lambda r: r.choice("125") + digits(r, 7),
         eleven(range(9, 1, -1), "0"))


def fiscal(b):
    odd = dict(zip(DIGITS + CAPITALS, [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21,
        2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23]))
    even = {c: int(c) if c in DIGITS else ord(c) - 65
            for c in DIGITS + CAPITALS}
    return CAPITALS[sum((even if i % 2 else odd)[c]
                        for i, c in enumerate(b)) % 26]


by_digit("it_codicefiscale", "Codice fiscale|C.F.|Cod. Fisc.",
         "xxxxxxxxxxxxxxxx|xxx xxx xxxxx xxxxx", lambda r: letters(
             r, 6, "BCDFGLMNPRSTVZ") + date(r, "%y") +
         r.choice("ABCDEHLMPRST") + "%02d" % (r.randint(1, 28) +
                                              r.choice([0, 40])) +
         r.choice(["H501", "F205", "L219", "A944"]), fiscal)
by_digit("it_vat", "Partita IVA|P.IVA|P. IVA", "xxxxxxxxxxx",
         lambda r: "0" + digits(r, 6) + "0" + r.choice(["15", "58", "63"]),
         luhn)

# ---- north -----------------------------------------------------------------


def norwegian(rng):
    while True:
        b = date(rng, "%d%m%y", 1955) + "%03d" % rng.randint(0, 499)
        one = eleven([3, 7, 6, 1, 8, 9, 4, 5, 2])(b)
        if one is None:
            continue
        two = eleven([5, 4, 3, 2, 7, 6, 5, 4, 3, 2])(b + one)
        if two is not None:
            return b + one + two


def norwegian_holds(v):
    return eleven([3, 7, 6, 1, 8, 9, 4, 5, 2])(v[:9]) == v[9] and \
        eleven([5, 4, 3, 2, 7, 6, 5, 4, 3, 2])(v[:10]) == v[10]


CHECKED.append(Rule("no_fodselsnummer", ["F\u00f8dselsnummer", "Personnummer",
                                         "f\u00f8dselsnr"],
                    ["xxxxxx xxxxx", "xxxxxxxxxxx"], norwegian,
                    norwegian_holds))
by_digit("no_orgnr", "Organisasjonsnummer|Org.nr.|Orgnr", "xxx xxx xxx|"
         "xxxxxxxxx", nonzero(8, "89"), eleven([3, 2, 7, 6, 5, 4, 3, 2]))
by_digit("se_personnummer", "Personnummer|Personnr|Pnr", "xxxxxx-xxxx|"
         "xxxxxxxxxx", lambda r: date(r, "%y%m%d") + digits(r, 3), luhn)
by_digit("se_orgnr", "Organisationsnummer|Org.nr|Orgnr", "xxxxxx-xxxx",
         lambda r: "556" + digits(r, 6) if r.random() < .5 else
         "559" + digits(r, 6), luhn)
by_digit("fi_hetu", "Henkil\u00f6tunnus|HETU|hetu", "xxxxxx-xxxx",
         lambda r: date(r, "%d%m%y") + "%03d" % r.randint(2, 899),
         lambda b: "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(b) % 31])
by_digit("fi_ytunnus", "Y-tunnus|Business ID", "xxxxxxx-x", nonzero(7, "012"),
         eleven([7, 9, 10, 5, 8, 4, 2]))


def baltic(b):
    r = dot(b, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11
    if r == 10:
        r = dot(b, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11 % 10
    return str(r)


for _kind, _titles in (("ee_ik", "Isikukood|Isiku kood"),
                       ("lt_asmens", "Asmens kodas|A. k.")):
    by_digit(_kind, _titles, "xxxxxxxxxxx", lambda r: r.choice("34") + date(
        r, "%y%m%d") + digits(r, 3), baltic)
plain("dk_cpr", "CPR-nummer|CPR-nr.|CPR", "xxxxxx-xxxx", lambda r: date(
    r, "%d%m%y") + "%04d" % r.randint(1, 3999))

# ---- east ------------------------------------------------------------------

by_digit("pl_pesel", "PESEL|Numer PESEL|nr PESEL", "xxxxxxxxxxx",
         lambda r: date(r, "%y%m%d") + digits(r, 4),
         ten_less([1, 3, 7, 9, 1, 3, 7, 9, 1, 3]))
by_digit("pl_nip", "NIP|Numer NIP", "xxx-xxx-xx-xx|xxxxxxxxxx",
         nonzero(9, "5678"), eleven([6, 5, 7, 2, 3, 4, 5, 6, 7], None, False))
by_digit("pl_regon", "REGON|Numer REGON", "xxxxxxxxx", nonzero(8, "0123"),
         eleven([8, 9, 2, 3, 4, 5, 6, 7], "0", False))
by_digit("cz_ico", "I\u010cO|I\u010c", "xxxxxxxx|xxx xx xxx",
         nonzero(7, "0246"), lambda b: str((11 - dot(
             b, range(8, 1, -1)) % 11) % 10))
by_digit("hu_taj", "TAJ sz\u00e1m|TAJ-sz\u00e1m|TAJ", "xxx xxx xxx|"
         "xxx-xxx-xxx|xxxxxxxxx", nonzero(8, "01"),
         lambda b: str(dot(b, [3, 7] * 4) % 10))
by_digit("ro_cnp", "CNP|Cod numeric personal", "xxxxxxxxxxxxx",
         lambda r: r.choice("12") + date(r, "%y%m%d") + "%02d" % r.randint(
             1, 46) + "%03d" % r.randint(1, 999),
         eleven([2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9], "1", False))
by_digit("bg_egn", "\u0415\u0413\u041d|EGN", "xxxxxxxxxx", lambda r: date(
    r, "%y%m%d") + digits(r, 3), lambda b: str(dot(
        b, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10))
by_digit("hr_oib", "OIB|Osobni identifikacijski broj", "xxxxxxxxxxx",
         nonzero(10), iso11_10)
by_digit("gr_amka", "\u0391\u039c\u039a\u0391|AMKA", "xxxxxxxxxxx",
         lambda r: date(r, "%d%m%y") + digits(r, 4), luhn)
by_digit("gr_vat", "\u0391\u03a6\u039c|AFM", "xxxxxxxxx", nonzero(8, "01"),
         lambda b: str(dot(b, [256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10))
by_digit("yu_jmbg", "JMBG|Mati\u010dni broj|\u0408\u041c\u0411\u0413",
         "xxxxxxxxxxxxx", lambda r: date(r, "%d%m") + "9" + date(r, "%y") +
         r.choice(["71", "33", "15", "41"]) + digits(r, 3),
         eleven([7, 6, 5, 4, 3, 2] * 2))
by_digit("ua_rntrc", "\u0420\u041d\u041e\u041a\u041f\u041f|\u0406\u041f\u041d",
         "xxxxxxxxxx", lambda r: "%05d" % r.randint(20000, 36000) + digits(
             r, 4), lambda b: str(dot(b, [-1, 5, 7, 9, 4, 6, 10, 5, 7]) % 11 %
                                  10))
by_digit("kz_iin", "\u0418\u0418\u041d|IIN|\u0416\u0421\u041d", "xxxxxxxxxxxx",
         lambda r: date(r, "%y%m%d") + r.choice("34") + digits(r, 4),
         eleven(range(1, 12), None, False))
by_digit("ru_inn", "\u0418\u041d\u041d|INN", "xxxxxxxxxx", lambda r: r.choice(
    ["77", "78", "50", "66"]) + digits(r, 7), lambda b: str(dot(
        b, [2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10))
by_tail("ru_snils", "\u0421\u041d\u0418\u041b\u0421|SNILS", "xxx-xxx-xxx xx|"
        "xxxxxxxxxxx", nonzero(9), lambda b: "%02d" % (dot(
            b, range(9, 0, -1)) % 101 % 100))
by_digit("ru_ogrn", "\u041e\u0413\u0420\u041d|OGRN", "xxxxxxxxxxxxx",
         lambda r: "1" + date(r, "%y", 2003, 2019) + "77" + digits(r, 7),
         lambda b: str(int(b) % 11 % 10))


def turkish(rng):
    b = nonzero(9)(rng)
    return b + turkish_tail(b)


def turkish_tail(b):
    ten = (7 * dot(b[::2], [1] * 5) - dot(b[1::2], [1] * 4)) % 10
    return str(ten) + str((sum(map(int, b)) + ten) % 10)


CHECKED.append(Rule("tr_tckimlik", ["T.C. Kimlik No", "TC Kimlik Numaras\u0131",
                                    "TCKN"], ["xxxxxxxxxxx"], turkish,
                    lambda v: turkish_tail(v[:9]) == v[9:]))

# ---- Asia, Africa ----------------------------------------------------------

by_digit("il_idnr", "\u05ea\u05e2\u05d5\u05d3\u05ea \u05d6\u05d4\u05d5\u05ea|"
         "Teudat Zehut|Israeli ID number", "xxxxxxxxx", nonzero(8, "0234"),
         luhn)
by_digit("cn_ric", "\u8eab\u4efd\u8bc1|\u8eab\u4efd\u8bc1\u53f7|"
         "Resident identity card", "xxxxxxxxxxxxxxxxxx",
         lambda r: r.choice(["110105", "310104", "440305", "510104"]) + date(
             r, "%Y%m%d") + digits(r, 3), lambda b: "10X98765432"[dot(
                 b, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) %
                 11])
by_digit("in_aadhaar", "Aadhaar|Aadhaar number|Aadhaar No", "xxxx xxxx xxxx|"
         "xxxxxxxxxxxx", nonzero(11, "23456789"), verhoeff)
by_digit("th_pin", "\u0e40\u0e25\u0e02\u0e1b\u0e23\u0e30\u0e08\u0e33\u0e15"
         "\u0e31\u0e27\u0e1b\u0e23\u0e30\u0e0a\u0e32\u0e0a\u0e19|Thai ID",
         "x-xxxx-xxxxx-xx-x|xxxxxxxxxxxxx", nonzero(12, "12345"),
         lambda b: str((11 - dot(b, range(13, 1, -1)) % 11) % 10))
by_digit("sg_nric", "NRIC|NRIC/FIN", "xxxxxxxxx", lambda r: r.choice("ST") +
         digits(r, 7), lambda b: "JZIHGFEDCBA"[(dot(
             b[1:], [2, 7, 6, 5, 4, 3, 2]) + (4 if b[0] == "T" else 0)) % 11])
by_digit("hk_id", "HKID|HKID No.|\u9999\u6e2f\u8eab\u4efd\u8b49",
         "xxxxxxx(x)", lambda r: letters(r, 1) + digits(r, 6),
         lambda b: "0A987654321"[(36 * 9 + (ord(b[0]) - 55) * 8 + dot(
             b[1:], range(7, 1, -1))) % 11])
by_digit("tw_nid", "\u8eab\u5206\u8b49\u5b57\u865f|\u8eab\u5206\u8b49|"
         "Taiwan ID", "xxxxxxxxxx", lambda r: letters(r, 1) + r.choice("12") +
         digits(r, 7), lambda b: str(-(lambda n: n // 10 + n % 10 * 9 + dot(
             b[1:], range(8, 0, -1)))(10 + "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(
                 b[0])) % 10))
by_digit("za_idnr", "SA ID number|ID number (South Africa)|RSA ID", "xxxxxx "
         "xxxx xxx|xxxxxxxxxxxxx", lambda r: date(r, "%y%m%d") + digits(r, 4) +
         "08", luhn)
by_digit("kr_brn", "\uc0ac\uc5c5\uc790\ub4f1\ub85d\ubc88\ud638|"
         "\uc0ac\uc5c5\uc790 \ubc88\ud638", "xxx-xx-xxxxx",
         lambda r: "%03d" % r.randint(101, 899) + "%02d" % r.randint(1, 79) +
         nonzero(4)(r), lambda b: str(-(dot(b, [1, 3, 7, 1, 3, 7, 1, 3, 5]) +
                                       int(b[8]) * 5 // 10) % 10))
by_digit("jp_in", "\u30de\u30a4\u30ca\u30f3\u30d0\u30fc|My Number|"
         "\u500b\u4eba\u756a\u53f7", "xxxx xxxx xxxx|xxxxxxxxxxxx",
         nonzero(11), lambda b: (lambda r: "0" if r < 2 else str(11 - r))(
             dot(b, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11))
plain("in_pan", "PAN|PAN card|Permanent Account Number", "xxxxxxxxxx",
      lambda r: letters(r, 3) + "P" + letters(r, 1) + digits(r, 4) +
      letters(r, 1))
plain("my_nric", "MyKad|No. K/P|No. Kad Pengenalan", "xxxxxx-xx-xxxx",
      lambda r: date(r, "%y%m%d") + "%02d" % r.randint(1, 14) + digits(r, 4))
by_digit("kr_rrn", "\uc8fc\ubbfc\ub4f1\ub85d\ubc88\ud638|RRN",
         "xxxxxx-xxxxxxx", lambda r: date(r, "%y%m%d") + r.choice("12") +
         digits(r, 5), lambda b: str((11 - dot(
             b, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11) % 10))
plain("id_nik", "NIK|Nomor Induk Kependudukan|No. KTP", "xxxxxxxxxxxxxxxx",
      lambda r: r.choice(["317305", "327301", "517102"]) + date(
          r, "%d%m%y") + "%04d" % r.randint(1, 99))
plain("pk_cnic", "CNIC|CNIC No", "xxxxx-xxxxxxx-x", lambda r: r.choice(
    "34") + digits(r, 4) + digits(r, 7) + digits(r, 1))

# ---- South America ---------------------------------------------------------


def twice(first, second):
    def tail(b):
        for w in (first, second):
            r = dot(b, w) % 11
            b += "0" if r < 2 else str(11 - r)
        return b[-2:]
    return tail


by_tail("br_cpf", "CPF|CPF do titular|N\u00ba do CPF", "xxx.xxx.xxx-xx|"
        "xxxxxxxxxxx", lambda r: digits(r, 9), twice(range(10, 1, -1),
                                                     range(11, 1, -1)))
by_tail("br_cnpj", "CNPJ|CNPJ da empresa", "xx.xxx.xxx/xxxx-xx|"
        "xxxxxxxxxxxxxx", lambda r: nonzero(8)(r) + "0001",
        twice([5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2],
              [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]))
by_digit("ar_cuit", "CUIT|CUIL|CUIT/CUIL", "xx-xxxxxxxx-x|xxxxxxxxxxx",
         lambda r: r.choice(["20", "27", "23", "30"]) + nonzero(8, "1234")(r),
         eleven([5, 4, 3, 2, 7, 6, 5, 4, 3, 2]))
by_digit("cl_rut", "RUT|RUN|R.U.T.", "xx.xxx.xxx-x|xxxxxxxx-x",
         nonzero(8, "12"), eleven([3, 2, 7, 6, 5, 4, 3, 2], "K"))
by_digit("co_nit", "NIT|N.I.T.", "xxx.xxx.xxx-x|xxxxxxxxx-x",
         nonzero(9, "89"), lambda b: (lambda r: str(r if r < 2 else 11 - r))(
             dot(b, [41, 37, 29, 23, 19, 17, 13, 7, 3]) % 11))
by_digit("pe_ruc", "RUC|N\u00b0 RUC", "xxxxxxxxxxx", lambda r: r.choice(
    ["10", "20"]) + digits(r, 8), lambda b: str((11 - dot(
        b, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 10))
by_digit("mx_clabe", "CLABE|CLABE interbancaria", "xxxxxxxxxxxxxxxxxx",
         lambda r: r.choice(["002", "012", "014", "072"]) + "180" + digits(
             r, 11), lambda b: str(-sum(int(a) * w % 10 for a, w in zip(
                 b, [3, 7, 1] * 6)) % 10))


def curp(b):
    stock = "0123456789ABCDEFGHIJKLMN\u00d1OPQRSTUVWXYZ"
    return str(-sum(stock.index(c) * (18 - i) for i, c in enumerate(b)) % 10)


by_digit("mx_curp", "CURP|Clave CURP", "xxxxxxxxxxxxxxxxxx",
         lambda r: letters(r, 1, "BCDFGLMPRST") + r.choice("AEIO") + letters(
             r, 2, "BCDFGLMPRST") + date(r, "%y%m%d") + r.choice("HM") +
         r.choice(["DF", "JC", "NL"]) + letters(r, 3, "BCDFGLMNPRST") + "0",
         curp)
by_digit("ec_ci", "C\u00e9dula (Ecuador)|C\u00e9dula de identidad|C.I.",
         "xxxxxxxxxx", lambda r: "%02d" % r.randint(1, 24) + r.choice(
             "012345") + digits(r, 6), luhn)

# ---- the world -------------------------------------------------------------


def isin(b):
    return luhn("".join(str(int(c, 36)) for c in b))


by_digit("isin", "ISIN|ISIN code", "xxxxxxxxxxxx", lambda r: r.choice(
    ["US", "DE", "FR", "GB", "JP"]) + digits(r, 9), isin)
by_tail("lei", "LEI|Legal Entity Identifier", "xxxxxxxxxxxxxxxxxxxx",
        lambda r: "%04d" % r.randint(2138, 9845) + "00" + letters(
            r, 12, DIGITS + CAPITALS), lambda b: "%02d" % (98 - int("".join(
                str(int(c, 36)) for c in b) + "00") % 97))


def vin(rng):
    stock = "ABCDEFGHJKLMNPRSTUVWXYZ" + DIGITS
    value = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ",
                     [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5,
                      6, 7, 8, 9]), **{d: int(d) for d in DIGITS})
    v = rng.choice(["1HG", "WVW", "JTD", "5YJ"]) + digits(rng, 2) + \
        letters(rng, 3, stock) + \
        "0" + letters(rng, 3, "GHJKLMN") + digits(rng, 5)
    r = sum(value[c] * w for c, w in zip(v, [
        8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2])) % 11
    return v[:8] + "0123456789X"[r] + v[9:]


plain("vin", "VIN|Chassis no.|Vehicle identification number|FIN",
      "xxxxxxxxxxxxxxxxx", vin)
plain("imei", "IMEI|IMEI no.", "xxxxxxxxxxxxxxx|xx-xxxxxx-xxxxxx-x",
      lambda r: (lambda b: b + luhn(b))("35" + digits(r, 12)))

# ---- accounts --------------------------------------------------------------

# country: the bank's part, n a digit, a a capital, c either; of countries whose
# accounts have no check of their own inside
IBANS = {"DE": "n18", "AT": "n16", "CH": "n5c12", "GB": "a4n14", "IE": "a4n14",
         "LU": "n3c13", "DK": "n14", "LT": "n16", "LV": "a4c13",
         "RO": "a4c16", "BG": "a4n6c8", "GR": "n7c16", "CY": "n8c16",
         "MT": "a4n5c18", "SA": "n2c18", "AE": "n19", "QA": "a4c21",
         "KW": "a4c22", "PK": "a4c16", "UA": "n6c19", "KZ": "n3c13",
         "GI": "a4c15", "LI": "n5c12", "GE": "a2n16"}


def as_number(text):
    return int("".join(str(int(c, 36)) for c in text))


def iban(rng, country):
    body = ""
    for kind, n in re.findall(r"([anc])(\d+)", IBANS[country]):
        stock = {"a": CAPITALS, "n": DIGITS, "c": DIGITS}[kind]
        body += letters(rng, int(n), stock)
    rest = as_number(body + country + "00") % 97
    return country + "%02d" % (98 - rest) + body


def iban_holds(v):
    return as_number(v[4:] + v[:4]) % 97 == 1
