"""Numbers that payrolls and help desks write down, for neighbours.py.

Made and checked here from what the tax and insurance offices publish, with no
line of another writer or of the detector. `ways` are templates with an x for
each character; `fill` holds body and check.
"""
import datetime
from collections import namedtuple

DIGITS = "0123456789"
UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# tongue: of the papers that it stands in
Rule = namedtuple("Rule", "kind tongue titles ways make holds")
RULES, PLAIN = [], []


def number(rng, n, first=DIGITS):
    return rng.choice(first) + "".join(rng.choice(DIGITS)
                                       for _ in range(n - 1))


def day(rng, layout, first=1955, last=1999):
    at = datetime.date(first, 1, 1)
    at += datetime.timedelta(rng.randrange((last - first + 1) * 365))
    return at.strftime(layout)


def total(text, weights):
    return sum(int(c) * w for c, w in zip(text, weights))


def luhn_digit(body):
    doubled = {c: str(int(c) * 2 // 10 + int(c) * 2 % 10) for c in DIGITS}
    return str(-sum(int(doubled[c] if i % 2 == 0 else c)
                    for i, c in enumerate(body[::-1])) % 10)


def rule(kind, tongue, titles, ways, body, check, size=1, plain=False):
    """check(body) are the last characters; None: there is no such number."""
    def make(rng):
        while True:
            b = body(rng)
            c = check(b) if check else ""
            if c is not None:
                return b + c

    def holds(v):
        try:
            return check(v[:-size]) == v[-size:]
        except (ValueError, KeyError, IndexError):
            return False
    (PLAIN if plain else RULES).append(
        Rule(kind, tongue, titles.split("|"), ways.split("|"), make, holds))


def shown(rng, r, value):
    ways = [w for w in r.ways if w.count("x") == len(value)]
    if not ways:
        return value
    rest = list(value)
    return "".join(rest.pop(0) if c == "x" else c for c in rng.choice(ways))


# ---- German ----------------------------------------------------------------

def steuer_body(rng):
    """One digit stands twice, one is missing, the first is no zero."""
    while True:
        ten = rng.sample(DIGITS, 10)
        ten[rng.randrange(10)] = ten[rng.randrange(10)]
        if ten[0] != "0" and len(set(ten)) == 9:
            return "".join(ten)


def mod11_10(body):
    p = 10
    for c in body:
        p = ((int(c) + p) % 10 or 10) * 2 % 11
    return str((11 - p) % 10)


def rente_check(b):
    """Area, birthday, first letter of the name, serial."""
    plain = b[:8] + "%02d" % (UPPER.index(b[8]) + 1) + b[9:]
    return str(sum(sum(map(int, str(int(c) * w))) for c, w in zip(
        plain, [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1])) % 10)


def ahv_check(b):
    return str(-total(b, [1, 3] * 6) % 10)


rule("de_idnr", "de", "Steuer-ID|IdNr.|Steuerliche Identifikationsnummer|"
     "Steuer-Identnr.|Steuer-IdNr.", "xxxxxxxxxxx|xx xxx xxx xxx",
     steuer_body, mod11_10)
rule("de_rvnr", "de", "SV-Nummer|Sozialversicherungsnummer|RV-Nummer|"
     "Rentenversicherungsnr.|SV-Nr.", "xxxxxxxxxxxx|xx xxxxxx x xxx",
     lambda r: r.choice(["12", "15", "53", "65"]) + day(r, "%d%m%y") +
     r.choice(UPPER) + number(r, 2), rente_check)
rule("ch_ssn", "de", "AHV-Nr.|AHV-Nummer|Sozialversicherungsnummer AHV",
     "xxx.xxxx.xxxx.xx|xxxxxxxxxxxxx", lambda r: "756" + number(r, 9),
     ahv_check)

# ---- French, Italian, Spanish, Portuguese ----------------------------------


def nir_key(b):
    return "%02d" % (97 - int(b) % 97)


def nir_body(rng):
    return rng.choice("12") + day(rng, "%y%m") + rng.choice(
        ["13", "31", "59", "69", "75", "92"]) + number(rng, 3, "0123") + \
        number(rng, 3)


CF_ODD = dict(zip(DIGITS + UPPER, [1, 0, 5, 7, 9, 13, 15, 17, 19, 21] + [
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16,
    10, 22, 25, 24, 23]))
CF_EVEN = dict(zip(DIGITS + UPPER, list(range(10)) + list(range(26))))


def cf_check(b):
    return UPPER[sum((CF_EVEN if i % 2 else CF_ODD)[c]
                     for i, c in enumerate(b)) % 26]


def cf_body(rng):
    name = "".join(rng.choice("BCDFGLMNPRSTVZ") for _ in range(6))
    at = datetime.date(1950, 1, 1) + datetime.timedelta(rng.randrange(18000))
    return "%s%02d%s%02d%s%s" % (
        name, at.year % 100, "ABCDEHLMPRST"[at.month - 1],
        at.day + rng.choice([0, 40]), rng.choice("ADFHL"), number(rng, 3))


NIF_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"


def nie_check(b):
    return NIF_LETTERS[int(str("XYZ".index(b[0])) + b[1:]) % 23]


def pt_nif(b):
    return str((11 - total(b, range(9, 1, -1)) % 11) % 11 % 10)


rule("fr_nir", "fr", "N\u00b0 SS|N\u00b0 S\u00e9curit\u00e9 sociale|"
     "Num\u00e9ro de s\u00e9curit\u00e9 sociale|NIR|N\u00b0 de S\u00e9cu",
     "xxxxxxxxxxxxxxx|x xx xx xx xxx xxx xx|x xx xx xx xxx xxx / xx",
     nir_body, nir_key, 2)
rule("fr_siret", "fr", "SIRET|N\u00b0 SIRET|Siret employeur",
     "xxxxxxxxxxxxxx|xxx xxx xxx xxxxx",
     lambda r: (lambda s: s + luhn_digit(s) + "000")(number(r, 8, "345")) +
     number(r, 1), luhn_digit)
rule("it_codicefiscale|it_codicefiscale_spaced", "it", "Cod. Fiscale|Codice Fiscale|C.F.|Cod.Fisc.|"
     "codice fiscale dipendente", "xxxxxxxxxxxxxxxx|xxx xxx xxxxx xxxxx",
     cf_body, cf_check)
rule("es_nif", "es", "N.I.F.|NIF trabajador|D.N.I.|DNI|N.I.F. perceptor",
     "xxxxxxxxx|xxxxxxxx-x|xx.xxx.xxx-x",
     lambda r: number(r, 8, "1234567"), lambda b: NIF_LETTERS[int(b) % 23])
rule("es_nie", "es", "N.I.E.|NIE|NIE del trabajador", "xxxxxxxxx|x-xxxxxxx-x",
     lambda r: r.choice("XYZ") + number(r, 7), nie_check)
rule("es_nss", "es", "N\u00ba Afil. S.S.|N\u00famero de afiliaci\u00f3n|NAF|"
     "N\u00ba Seguridad Social", "xxxxxxxxxxxx|xx/xxxxxxxx/xx|xx xxxxxxxx xx",
     lambda r: r.choice(["08", "28", "41", "46"]) + number(r, 8, "123"),
     lambda b: "%02d" % (int(b) % 97), 2)
rule("pt_nif", "pt", "NIF|Contribuinte n\u00ba|N\u00ba Contribuinte|N.I.F.",
     "xxxxxxxxx|xxx xxx xxx", lambda r: number(r, 8, "12"), pt_nif)


def cpf_check(b):
    for _ in range(2):
        r = total(b, range(len(b) + 1, 1, -1)) * 10 % 11
        b += str(r % 10)
    return b[-2:]


rule("br_cpf", "pt", "CPF|C.P.F.|CPF do funcion\u00e1rio", "xxx.xxx.xxx-xx|"
     "xxxxxxxxxxx", lambda r: number(r, 9), cpf_check, 2)


def cuil_check(b):
    r = 11 - total(b, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11
    return {11: "0", 10: None}.get(r, str(r))


rule("ar_cuit", "es", "CUIL|C.U.I.L.|CUIT/CUIL", "xx-xxxxxxxx-x|xxxxxxxxxxx",
     lambda r: r.choice(["20", "27"]) + number(r, 8, "123"), cuil_check)


def rut_check(b):
    r = total(b[::-1], [2, 3, 4, 5, 6, 7, 2, 3]) % 11
    return "0K987654321"[r]


rule("cl_rut", "es", "RUT|R.U.T.|RUT trabajador", "xx.xxx.xxx-x|xxxxxxxx-x",
     lambda r: number(r, 8, "12"), rut_check)

# ---- Dutch, the North ------------------------------------------------------


def bsn_check(b):
    r = total(b, range(9, 1, -1)) % 11
    return None if r == 10 else str(r)


rule("nl_bsn", "nl", "BSN|Burgerservicenummer|BSN nr|Sofi-/BSN-nummer",
     "xxxxxxxxx|xxxx.xx.xxx|xxx xxx xxx", lambda r: number(r, 8, "123"),
     bsn_check)
rule("be_nn", "nl", "Rijksregisternummer|INSZ|Rijksregisternr.|INSZ-nummer",
     "xx.xx.xx-xxx.xx|xxxxxxxxxxx",
     lambda r: day(r, "%y%m%d") + "%03d" % r.randint(1, 997),
     lambda b: "%02d" % (97 - int(b) % 97), 2)
rule("se_personnummer", "sv", "Personnummer|Personnr|Pers.nr",
     "xxxxxx-xxxx|xxxxxxxxxx",
     lambda r: day(r, "%y%m%d") + number(r, 3), luhn_digit)


def fnr_check(b):
    for w in ([3, 7, 6, 1, 8, 9, 4, 5, 2], [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]):
        r = -total(b, w) % 11
        if r == 10:
            return None
        b += str(r)
    return b[-2:]


rule("no_fodselsnummer", "no", "F\u00f8dselsnummer|F\u00f8dselsnr.|F.nr.|"
     "Personnummer", "xxxxxx xxxxx|xxxxxxxxxxx",
     lambda r: day(r, "%d%m%y", 1960, 1989) + number(r, 3, "01234"), fnr_check,
     2)
rule("fi_hetu", "fi", "Henkil\u00f6tunnus|HETU|Hetu", "xxxxxx-xxxx",
     lambda r: day(r, "%d%m%y") + "%03d" % r.randint(2, 899),
     lambda b: "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(b) % 31])

# ---- the East --------------------------------------------------------------


def pesel_check(b):
    return str(-total(b, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)


def nip_check(b):
    r = total(b, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11
    return None if r == 10 else str(r)


def cnp_check(b):
    r = total(b, map(int, "279146358279")) % 11
    return "1" if r == 10 else str(r)


def egn_check(b):
    return str(total(b, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10)


def baltic_check(b):
    r = total(b, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11
    if r == 10:
        r = total(b, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11
    return str(r % 10)


def rc_check(b):
    r = -int(b) * 10 % 11
    return None if r == 10 else str(r)


def tckn_check(b):
    odd, even = total(b[::2], [1] * 5), total(b[1::2], [1] * 4)
    tenth = (odd * 7 - even) % 10
    return "%d%d" % (tenth, (odd + even + tenth) % 10)


def snils_check(b):
    return "%02d" % (total(b, range(9, 0, -1)) % 101 % 100)


rule("pl_pesel", "pl", "PESEL|Nr PESEL|PESEL pracownika", "xxxxxxxxxxx",
     lambda r: day(r, "%y%m%d") + number(r, 4), pesel_check)
rule("pl_nip", "pl", "NIP|NIP pracodawcy|Numer NIP",
     "xxx-xxx-xx-xx|xxxxxxxxxx|xxx-xx-xx-xxx", lambda r: number(r, 9,
                                                                "56789"),
     nip_check)
rule("cz_rc", "cs", "Rodn\u00e9 \u010d\u00edslo|R.\u010d.|Rod. \u010d\u00edslo",
     "xxxxxx/xxxx", lambda r: day(r, "%y%m%d") + number(r, 3), rc_check)
rule("ro_cnp", "en", "CNP|Cod numeric personal|C.N.P.", "xxxxxxxxxxxxx",
     lambda r: r.choice("12") + day(r, "%y%m%d") + "%02d" % r.randint(1, 46) +
     "%03d" % r.randint(1, 999), cnp_check)
rule("bg_egn", "ru", "\u0415\u0413\u041d|EGN", "xxxxxxxxxx",
     lambda r: day(r, "%y%m%d") + number(r, 3), egn_check)
rule("hr_oib", "en", "OIB|OIB radnika|Osobni identifikacijski broj",
     "xxxxxxxxxxx", lambda r: number(r, 10, "12345678"), mod11_10)
rule("ee_ik", "en", "Isikukood|isikukood (EE)", "xxxxxxxxxxx",
     lambda r: r.choice("34") + day(r, "%y%m%d") + number(r, 3), baltic_check)
rule("tr_tckimlik", "tr", "T.C. Kimlik No|TC Kimlik Numaras\u0131|TCKN",
     "xxxxxxxxxxx", lambda r: number(r, 9, "123456789"), tckn_check, 2)
rule("ru_snils", "ru", "\u0421\u041d\u0418\u041b\u0421|"
     "\u043d\u043e\u043c\u0435\u0440 \u0421\u041d\u0418\u041b\u0421",
     "xxx-xxx-xxx xx", lambda r: number(r, 9, "123"), snils_check, 2)

# ---- English ---------------------------------------------------------------


def nhs_check(b):
    r = -total(b, range(10, 1, -1)) % 11
    return None if r == 10 else str(r)


def pps_check(b):
    return "WABCDEFGHIJKLMNOPQRSTUV"[total(b, range(8, 1, -1)) % 23]


def tfn_check(b):
    """So that the whole sum is nothing modulo 11."""
    for c in DIGITS:
        if total(b + c, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 == 0:
            return c
    return None


rule("uk_nhs", "en", "NHS number|NHS No.|Patient NHS no", "xxx xxx xxxx|"
     "xxxxxxxxxx|xxx-xxx-xxxx", lambda r: number(r, 9, "4567"), nhs_check)
rule("ie_pps", "en", "PPS No.|PPSN|Employee PPS number", "xxxxxxxx",
     lambda r: number(r, 7), pps_check)
rule("au_tfn", "en", "Tax File Number|TFN|Employee TFN", "xxx xxx xxx|"
     "xxxxxxxxx", lambda r: number(r, 8, "12345678"), tfn_check)
rule("ca_sin", "en", "SIN|Social insurance number|Employee SIN",
     "xxx xxx xxx|xxx-xxx-xxx|xxxxxxxxx", lambda r: number(r, 8, "1234567"),
     luhn_digit)
rule("za_idnr", "en", "SA ID number|ID Number (RSA)|South African ID",
     "xxxxxxxxxxxxx|xxxxxx xxxx xxx", lambda r: day(r, "%y%m%d") +
     number(r, 4) + "08", luhn_digit)


def plain(kind, tongue, titles, ways, body):
    rule(kind, tongue, titles, ways, body, None, plain=True)


plain("us_ssn", "en", "SSN|Employee's social security number|Soc Sec No|"
      "Social Security #", "xxx-xx-xxxx", lambda r: "%03d%02d%04d" % (
          r.randint(100, 665), r.randint(1, 99), r.randint(1, 9999)))
plain("uk_nino", "en", "NI Number|National Insurance number|NINO|NI No.",
      "xxxxxxxxx|xx xx xx xx x", lambda r: r.choice(
          ["AB", "CE", "JR", "PK", "SX", "WM"]) + number(r, 6) +
      r.choice("ABCD"))
plain("dk_cpr", "no", "CPR-nr.|CPR-nummer|Personnummer (CPR)", "xxxxxx-xxxx",
      lambda r: day(r, "%d%m%y") + number(r, 4, "0123"))
plain("in_pan", "en", "PAN|Employee PAN|PAN No.", "xxxxxxxxxx",
      lambda r: "".join(r.choice(UPPER) for _ in range(3)) + "P" +
      r.choice(UPPER) + number(r, 4) + r.choice(UPPER))
