"""Numbers of persons and firms, as laws and registries of the countries say.

Written from the rules themselves and from no catalogue file. Each paper has a
body, a check of it, the ways it is written, and what people call it.
"""
import datetime
import string
from collections import namedtuple

D, U = string.digits, string.ascii_uppercase
ALNUM = D + U

# kind; titles; written ways (# a character of the value); body; check
Paper = namedtuple("Paper", "kind titles ways body check")


def num(k, first="0123456789"):
    return lambda r: r.choice(first) + "".join(r.choice(D)
                                               for _ in range(k - 1))


def day(r, first=1940, last=2005):
    d = datetime.date(first, 1, 1).toordinal()
    e = datetime.date(last, 12, 31).toordinal()
    return datetime.date.fromordinal(r.randint(d, e))


def dated(layout, tail, first=1940, last=1999):
    """A day written as strftime has it, then so many digits."""
    return lambda r: day(r, first, last).strftime(layout) + num(tail)(r)


def total(body, weights):
    return sum(int(c, 36) * w for c, w in zip(body, weights))


def luhn(body):
    s = 0
    for i, c in enumerate(reversed(body)):
        d = int(c) * (2 - i % 2)
        s += d // 10 + d % 10
    return str(-s % 10)


def down(weights, m, chars="0123456789"):
    """m minus the sum modulo m; what has no character is never issued."""
    def check(body):
        r = -total(body, weights) % m
        return chars[r] if r < len(chars) and chars[r] != " " else None
    return check


def up(weights, m, chars="0123456789"):
    def check(body):
        r = total(body, weights) % m
        return chars[r] if r < len(chars) and chars[r] != " " else None
    return check


def both(first, second):
    """Two check characters, the second over the first as well."""
    def check(body):
        a = first(body)
        b = second(body + a) if a is not None else None
        return a + b if b is not None else None
    return check


def mod97(body):
    return "%02d" % (97 - int(body) % 97)


def iso11_10(body):
    p = 10
    for c in body:
        p = ((int(c) + p) % 10 or 10) * 2 % 11
    return str((11 - p) % 10)


def iso97(body):
    n = int("".join(str(int(c, 36)) for c in body + "00"))
    return "%02d" % (98 - n % 97)


DIHEDRAL = [[(a + b) % 5 if a < 5 and b < 5 else
             5 + (a + b) % 5 if a < 5 else
             5 + (a - b) % 5 if b < 5 else
             (a - b) % 5 for b in range(10)] for a in range(10)]
TURN = [list(range(10)), [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]]
for _ in range(6):
    TURN.append([TURN[1][x] for x in TURN[-1]])


def verhoeff(body):
    c = 0
    for i, ch in enumerate(reversed(body), 1):
        c = DIHEDRAL[c][TURN[i % 8][int(ch)]]
    return str(DIHEDRAL[c].index(0))


def staged(one, two, m=11):
    def check(body):
        r = total(body, one) % m
        if r == 10:
            r = total(body, two) % m
        return str(r % 10)
    return check


def fiscal_letter(body):
    odd = dict(zip(ALNUM, [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9,
                           13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12,
                           14, 16, 10, 22, 25, 24, 23]))
    even = {c: i if c in D else U.index(c) for i, c in enumerate(ALNUM)}
    return U[sum((odd if i % 2 == 0 else even)[c]
                 for i, c in enumerate(body)) % 26]


def fiscal(r):
    w = "BCDFGLMNPRSTV"
    d = day(r)
    return "".join(r.choice(w) for _ in range(6)) + d.strftime("%y") + \
        "ABCDEHLMPRST"[d.month - 1] + "%02d" % (d.day + r.choice([0, 40])) + \
        r.choice(["H501", "F205", "L219", "F839", "A944", "D612"])


def turkish(body):
    d = [int(c) for c in body]
    a = (sum(d[::2]) * 7 - sum(d[1::2])) % 10
    return "%d%d" % (a, (sum(d) + a) % 10)


def brazil(body):
    w = list(range(len(body) + 1, 1, -1)) if len(body) < 12 else \
        [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]
    first = down(w, 11, "01234567890")
    more = [len(body) + 2] + w if len(body) < 12 else [6] + w
    return both(first, down(more, 11, "01234567890"))(body)


def taiwan(body):
    v = "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(body[0]) + 10
    s = v // 10 + v % 10 * 9 + total(body[1:], range(8, 0, -1))
    return str(-s % 10)


def hongkong(body):
    s = 324 + total(body, [8, 7, 6, 5, 4, 3, 2])
    return "0123456789A"[-s % 11]


def singapore(body):
    s = total(body[1:], [2, 7, 6, 5, 4, 3, 2]) + (4 if body[0] in "TG" else 0)
    return ("JZIHGFEDCBA" if body[0] in "ST" else "XWUTRQPNMLK")[s % 11]


def curp(body):
    stock = "0123456789ABCDEFGHIJKLMN\u00d1OPQRSTUVWXYZ"
    return str(-sum(stock.index(c) * (18 - i)
                    for i, c in enumerate(body)) % 10)


def mexican(r):
    return r.choice("BCDGLMPRST") + r.choice("AEIO") + r.choice("BCLMR") + \
        r.choice("ABCDLMR") + day(r, 1940, 1999).strftime("%y%m%d") + \
        r.choice("HM") + r.choice(["DF", "JC", "NL", "MC", "VZ", "PL"]) + \
        "".join(r.choice("BCDFGLMNPRST") for _ in range(3)) + "0"


def abn(body):
    """Here the check digits come first."""
    for k in range(10, 100):
        v = str(k) + body
        w = [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]
        if (total(v, w) - 10) % 89 == 0:
            return v
    return None


def snils(body):
    s = total(body, range(9, 0, -1)) % 101
    return "%02d" % (s % 100) if int(body) > 1001998 else None


def korean(r):
    return day(r, 1940, 1999).strftime("%y%m%d") + r.choice("12") + \
        "%02d" % r.randint(0, 90) + num(3)(r)


def vin(body):
    value = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", [
        1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9]))
    w = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
    v = body[:8] + "0" + body[8:]
    r = sum(int(value.get(c, c)) * x for c, x in zip(v, w)) % 11
    return body[:8] + "0123456789X"[r] + body[8:]


def isin(body):
    return luhn("".join(str(int(c, 36)) for c in body))


def letters(body, stock="TRWAGMYFPDXBNJZSQVHLCKE"):
    return stock[int(body.replace("X", "0").replace("Y", "1")
                     .replace("Z", "2")) % 23]


def french(r):
    return "%s%02d%02d%02d%s%s" % (
        r.choice("12"), r.randint(40, 99), r.randint(1, 12),
        r.choice([1, 13, 33, 59, 69, 75, 92]), num(3)(r),
        "%03d" % r.randint(1, 900))


def norwegian(body):
    return both(down([3, 7, 6, 1, 8, 9, 4, 5, 2], 11),
                down([5, 4, 3, 2, 7, 6, 5, 4, 3, 2], 11))(body)


def belgian(body):
    return mod97("2" + body if int(body[:2]) < 10 else body)


def swiss(body):
    return str(-total(body, [1, 3] * 6) % 10)


def plain(_):
    return ""


def of(*parts):
    return lambda r: "".join(p(r) if callable(p) else p for p in parts)


def one(stock):
    return lambda r: r.choice(stock)


def char(stock, k):
    return lambda r: "".join(r.choice(stock) for _ in range(k))


PAPERS = [
    Paper("pl_pesel", ["PESEL", "nr PESEL", "Numer PESEL", "Polish PESEL"],
          ["#" * 11], dated("%y%m%d", 4), down([1, 3, 7, 9] * 3, 10)),
    Paper("pl_nip", ["NIP", "Nr NIP", "NIP nabywcy", "Polish tax number"],
          ["#" * 10, "###-###-##-##"],
          num(9, "56789"), up([6, 5, 7, 2, 3, 4, 5, 6, 7], 11)),
    Paper("pl_regon", ["REGON", "Numer REGON"], ["#" * 9], num(8),
          up([8, 9, 2, 3, 4, 5, 6, 7], 11, "01234567890")),
    Paper("de_rvnr", ["Rentenversicherungsnummer", "RVNR", "SV-Nummer",
                      "Sozialversicherungsnummer", "German pension number"],
          ["#" * 12, "## ###### # ###"],
          lambda r: r.choice(["12", "15", "65", "53"]) +
          day(r).strftime("%d%m%y") + r.choice(U) + num(2)(r),
          lambda b: str(sum(sum(divmod(int(c) * w, 10)) for c, w in zip(
              b[:8] + "%02d" % (U.index(b[8]) + 1) + b[9:],
              [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1])) % 10)),
    Paper("de_vat", ["USt-IdNr.", "Umsatzsteuer-ID", "VAT ID", "USt-ID"],
          ["DE" + "#" * 9, "DE ### ### ###"], num(8, "123"), iso11_10),
    Paper("fr_nir", ["NIR", "Num\u00e9ro de s\u00e9curit\u00e9 sociale",
                     "N\u00b0 S\u00e9cu", "INSEE number",
                     "French social security number"],
          ["#" * 15, "# ## ## ## ### ### ##"], french, mod97),
    Paper("fr_siren", ["SIREN", "N\u00b0 SIREN", "RCS Paris"],
          ["#" * 9, "### ### ###"], num(8, "3456789"), luhn),
    Paper("fr_siret", ["SIRET", "N\u00b0 SIRET", "Num\u00e9ro SIRET"],
          ["#" * 14, "### ### ### #####"],
          lambda r: (lambda s: s + luhn(s) + "000" + r.choice("1234"))(
              num(8, "3456789")(r)), luhn),
    Paper("es_nif", ["DNI", "NIF", "N.I.F.", "Documento nacional de identidad",
                     "Spanish DNI", "DNI/NIF"],
          ["#########", "########-#", "##.###.###-#"], num(8), letters),
    Paper("es_nie", ["NIE", "N.I.E.", "N\u00famero de extranjero"],
          ["#########", "#-#######-#"], of(one("XYZ"), num(7)), letters),
    Paper("es_nss", ["N\u00famero de afiliaci\u00f3n", "NSS",
                     "Seguridad Social"], ["#" * 12, "##/########/##"],
          of(one(["28", "08", "41", "46"]), num(8, "123456789")),
          lambda b: "%02d" % (int(b) % 97)),
    Paper("it_codicefiscale", ["Codice fiscale", "C.F.", "CF", "Cod. Fisc.",
                               "Italian tax code"], ["#" * 16], fiscal,
          fiscal_letter),
    Paper("it_vat", ["Partita IVA", "P.IVA", "P. IVA", "Italian VAT"],
          ["#" * 11, "IT" + "#" * 11], of("0", num(6), "015"), luhn),
    Paper("uk_nhs", ["NHS number", "NHS No.", "NHS no", "NHS", "patient NHS"],
          ["#" * 10, "### ### ####", "###-###-####"], num(9, "4679"),
          down(range(10, 1, -1), 11)),
    Paper("uk_utr", ["UTR", "Unique Taxpayer Reference", "Tax reference"],
          ["#" * 10, "##### #####"],
          num(9), lambda b: "21987654321"[total(
              b, [6, 7, 8, 9, 10, 5, 4, 3, 2]) % 11] + b),
    Paper("nl_bsn", ["BSN", "Burgerservicenummer", "sofinummer", "Dutch BSN"],
          ["#" * 9, "####.##.###"], num(8, "12"),
          up(range(9, 1, -1), 11)),
    Paper("be_nn", ["Rijksregisternummer", "Num\u00e9ro national", "NISS",
                    "INSZ", "Belgian national number"],
          ["#" * 11, "##.##.##-###.##", "##.##.## ###-##"],
          lambda r: day(r, 1950, 1999).strftime("%y%m%d") +
          "%03d" % r.randint(1, 990), belgian),
    Paper("se_personnummer", ["Personnummer", "personnr", "Pers.nr",
                              "Swedish personal number"],
          ["######-####", "#" * 10], dated("%y%m%d", 3), luhn),
    Paper("no_fodselsnummer", ["F\u00f8dselsnummer", "Fnr", "Personnummer",
                               "Norwegian national ID"],
          ["#" * 11, "###### #####"],
          lambda r: day(r, 1940, 1999).strftime("%d%m%y") +
          "%03d" % r.randint(0, 499), norwegian),
    Paper("fi_hetu", ["Henkil\u00f6tunnus", "HETU", "Hetu",
                      "Finnish personal identity code"],
          ["######-####"], lambda r: day(r, 1940, 1999).strftime("%d%m%y") +
          "%03d" % r.randint(2, 899),
          lambda b: "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(b) % 31]),
    Paper("ee_ik", ["Isikukood", "Estonian personal code"], ["#" * 11],
          of(one("34"), dated("%y%m%d", 3)),
          staged([1, 2, 3, 4, 5, 6, 7, 8, 9, 1],
                 [3, 4, 5, 6, 7, 8, 9, 1, 2, 3])),
    Paper("lt_asmens", ["Asmens kodas", "a.k.", "Lithuanian personal code"],
          ["#" * 11], of(one("34"), dated("%y%m%d", 3)),
          staged([1, 2, 3, 4, 5, 6, 7, 8, 9, 1],
                 [3, 4, 5, 6, 7, 8, 9, 1, 2, 3])),
    Paper("cz_rc", ["Rodn\u00e9 \u010d\u00edslo", "R\u010c", "rodne cislo",
                    "Czech birth number"], ["######/####", "#" * 10],
          dated("%y%m%d", 3, 1955), lambda b: next(
              (d for d in D if int(b + d) % 11 == 0), None)),
    Paper("hu_tax_id", ["Ad\u00f3azonos\u00edt\u00f3 jel",
                        "Ad\u00f3azonos\u00edt\u00f3"], ["#" * 10],
          lambda r: "8" + "%05d" % r.randint(26000, 50000) + num(3)(r),
          up(range(1, 10), 11)),
    Paper("hu_taj", ["TAJ", "TAJ sz\u00e1m", "TAJ-sz\u00e1m"],
          ["### ### ###", "###-###-###", "#" * 9], num(8, "01"),
          up([3, 7] * 4, 10)),
    Paper("ro_cnp", ["CNP", "Cod numeric personal", "Romanian CNP"],
          ["#" * 13], lambda r: r.choice("12") +
          day(r, 1940, 1999).strftime("%y%m%d") + "%02d" % r.randint(1, 46) +
          "%03d" % r.randint(1, 999),
          up([2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9], 11, "01234567891")),
    Paper("bg_egn", ["\u0415\u0413\u041d", "EGN", "Bulgarian EGN"],
          ["#" * 10], dated("%y%m%d", 3),
          up([2, 4, 8, 5, 10, 9, 7, 3, 6], 11, "01234567890")),
    Paper("gr_amka", ["\u0391\u039c\u039a\u0391", "AMKA"], ["#" * 11],
          dated("%d%m%y", 4), luhn),
    Paper("gr_vat", ["\u0391\u03a6\u039c", "AFM", "\u0391.\u03a6.\u039c."],
          ["#" * 9, "EL" + "#" * 9], num(8, "01"),
          up([256, 128, 64, 32, 16, 8, 4, 2], 11, "01234567890")),
    Paper("hr_oib", ["OIB", "Osobni identifikacijski broj"], ["#" * 11],
          num(10, "123456789"), iso11_10),
    Paper("yu_jmbg", ["JMBG", "EM\u0160O", "\u0408\u041c\u0411\u0413",
                      "Mati\u010dni broj"], ["#" * 13],
          lambda r: (lambda d: d.strftime("%d%m") + d.strftime("%Y")[1:])(
              day(r, 1940, 1999)) + r.choice(["50", "71", "33", "01"]) +
          num(3)(r), down([7, 6, 5, 4, 3, 2] * 2, 11, "0123456789")),
    Paper("pt_nif", ["NIF", "N\u00famero de contribuinte", "Contribuinte",
                     "NIPC"], ["#" * 9, "### ### ###"],
          num(8, "125"), down(range(9, 1, -1), 11, "01234567890")),
    Paper("ie_pps", ["PPS number", "PPSN", "PPS No"], ["########"],
          num(7), up(range(8, 1, -1), 23, "WABCDEFGHIJKLMNOPQRSTUV")),
    Paper("ch_ssn", ["AHV-Nummer", "AHV-Nr.", "No AVS", "Numero AVS",
                     "Swiss social security number"],
          ["###.####.####.##", "#" * 13], of("756", num(9)), swiss),
    Paper("at_vnr", ["SV-Nummer", "Sozialversicherungsnummer", "SVNR"],
          ["#### ######", "#" * 10],
          lambda r: num(3, "123456789")(r) + day(r).strftime("%d%m%y"),
          lambda b: (lambda c: b[:3] + str(c) + b[3:] if c < 10 else None)(
              total(b, [3, 7, 9, 5, 8, 4, 2, 1, 6]) % 11)),
    Paper("tr_tckimlik", ["T.C. Kimlik No", "TC Kimlik", "TCKN", "Kimlik No",
                          "Turkish ID"], ["#" * 11], num(9, "123456789"),
          turkish),
    Paper("il_idnr", ["Teudat Zehut", "\u05ea\u05e2\u05d5\u05d3\u05ea "
                      "\u05d6\u05d4\u05d5\u05ea", "Israeli ID", "T.Z."],
          ["#" * 9], num(8, "0123"), luhn),
    Paper("za_idnr", ["SA ID", "ID number", "RSA ID", "South African ID"],
          ["#" * 13, "###### #### ###"],
          lambda r: day(r, 1940, 1999).strftime("%y%m%d") + num(4)(r) + "08",
          luhn),
    Paper("in_aadhaar", ["Aadhaar", "Aadhaar No", "UIDAI", "Aadhar number",
                         "\u0906\u0927\u093e\u0930"],
          ["#" * 12, "#### #### ####"], num(11, "23456789"), verhoeff),
    Paper("cn_ric", ["\u8eab\u4efd\u8bc1", "\u8eab\u4efd\u8bc1\u53f7",
                     "Resident ID", "Chinese ID card"], ["#" * 18],
          lambda r: r.choice(["110101", "310115", "440305", "330106"]) +
          day(r).strftime("%Y%m%d") + num(3)(r),
          lambda b: "10X98765432"[sum(
              int(c) * pow(2, 17 - i, 11) for i, c in enumerate(b)) % 11]),
    Paper("hk_id", ["HKID", "HKID No", "Hong Kong ID", "\u8eab\u4efd\u8b49"],
          ["#######(#)", "########"], of(one("ACDEGKPRVYZ"), num(6)),
          hongkong),
    Paper("tw_nid", ["\u8eab\u5206\u8b49", "\u8eab\u5206\u8b49\u5b57\u865f",
                     "Taiwan ID"], ["#" * 10],
          of(one("ABCDEFGHJKNPQT"), one("12"), num(7)), taiwan),
    Paper("kr_rrn", ["\uc8fc\ubbfc\ub4f1\ub85d\ubc88\ud638", "RRN",
                     "Korean resident number"], ["######-#######", "#" * 13],
          korean, lambda b: str((11 - total(
              b, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11) % 10)),
    Paper("jp_in", ["\u30de\u30a4\u30ca\u30f3\u30d0\u30fc", "My Number",
                    "\u500b\u4eba\u756a\u53f7"], ["#" * 12, "#### #### ####"],
          num(11), down([6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2], 11,
                        "01234567890")),
    Paper("sg_nric", ["NRIC", "NRIC No", "FIN", "Singapore NRIC"], ["#" * 9],
          of(one("STFG"), num(7)), singapore),
    Paper("th_pin", ["\u0e40\u0e25\u0e02\u0e1b\u0e23\u0e30\u0e08\u0e33\u0e15"
                     "\u0e31\u0e27\u0e1b\u0e23\u0e30\u0e0a\u0e32\u0e0a\u0e19",
                     "Thai ID", "Thai national ID"],
          ["#" * 13, "#-####-#####-##-#"], num(12, "12345"),
          lambda b: str((11 - total(b, range(13, 1, -1)) % 11) % 10)),
    Paper("br_cpf", ["CPF", "CPF n\u00ba", "Cadastro de pessoas"],
          ["#" * 11, "###.###.###-##"], num(9), brazil),
    Paper("br_cnpj", ["CNPJ", "CNPJ n\u00ba"], ["#" * 14,
                                                "##.###.###/####-##"],
          of(num(8), "0001"), brazil),
    Paper("ar_cuit", ["CUIT", "CUIL", "C.U.I.T."], ["#" * 11, "##-########-#"],
          of(one(["20", "27", "30"]), num(8)),
          down([5, 4, 3, 2, 7, 6, 5, 4, 3, 2], 11)),
    Paper("cl_rut", ["RUT", "RUN", "R.U.T.", "Rol \u00danico Tributario"],
          ["########-#", "##.###.###-#"], num(8, "12"),
          down([3, 2, 7, 6, 5, 4, 3, 2], 11, "0123456789K")),
    Paper("mx_curp", ["CURP", "Clave CURP"], ["#" * 18], mexican, curp),
    Paper("mx_clabe", ["CLABE", "CLABE interbancaria"], ["#" * 18],
          of(one(["002", "012", "014", "021", "072"]), num(14)),
          lambda b: str(-sum(int(c) * w % 10 for c, w in
                             zip(b, [3, 7, 1] * 6)) % 10)),
    Paper("ec_ci", ["C\u00e9dula", "Cedula de identidad", "C.I."],
          ["#" * 10, "#########-#"], of(one(["17", "09", "01"]),
                                        one("012345"), num(6)), luhn),
    Paper("uy_cedula", ["C\u00e9dula", "C.I.", "Cedula de identidad"],
          ["#.###.###-#", "########"], num(7, "12345"),
          down([2, 9, 8, 7, 6, 3, 4], 10)),
    Paper("do_cedula", ["C\u00e9dula", "Cedula"], ["###-#######-#", "#" * 11],
          of(one(["001", "031", "402"]), num(7)), luhn),
    Paper("pe_ruc", ["RUC", "R.U.C."], ["#" * 11],
          of(one(["10", "20"]), num(8)),
          lambda b: str((11 - total(
              b, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 10)),
    Paper("us_npi", ["NPI", "NPI number", "National Provider Identifier"],
          ["#" * 10], num(9, "12"), lambda b: luhn("80840" + b)),
    Paper("us_aba_routing", ["Routing number", "ABA", "RTN", "ABA routing no"],
          ["#" * 9], of(one(["02", "11", "12", "26", "07"]), num(6)),
          down([3, 7, 1] * 3, 10)),
    Paper("us_ssn", ["SSN", "Social Security Number", "Soc Sec No", "SS#",
                     "social"], ["###-##-####", "### ## ####", "#" * 9],
          lambda r: "%03d%02d%04d" % (
              r.choice([r.randint(100, 665), r.randint(667, 899)]),
              r.randint(1, 99), r.randint(1, 9999)), plain),
    Paper("uk_nino", ["National Insurance number", "NINO", "NI number",
                      "N.I. No."], ["#########", "## ## ## ## #"],
          of(one("ABCEGHJLMNPRSTWXYZ"), one("ABCEGHJKLMNPRSTWXYZ"), num(6),
             one("ABCD")), plain),
    Paper("in_pan", ["PAN", "PAN card", "Permanent Account Number"],
          ["#" * 10], of(char(U, 3), "P", char(U, 1), num(4), char(U, 1)),
          plain),
    Paper("ca_sin", ["SIN", "Social Insurance Number", "S.I.N.", "NAS"],
          ["#" * 9, "### ### ###", "###-###-###"], num(8, "1234567"), luhn),
    Paper("au_tfn", ["TFN", "Tax File Number"], ["#" * 9, "### ### ###"],
          num(8, "12345678"), lambda b: next((d for d in D if total(
              b + d, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 == 0), None)),
    Paper("au_abn", ["ABN", "Australian Business Number"],
          ["#" * 11, "## ### ### ###"], num(9), abn),
    Paper("au_medicare", ["Medicare", "Medicare number", "Medicare card"],
          ["#" * 10, "#### ##### #"],
          num(8, "23456"), lambda b: str(total(
              b, [1, 3, 7, 9] * 2) % 10) + "1"),
    Paper("nz_ird", ["IRD", "IRD number", "IRD No"], ["#" * 9, "###-###-###"],
          of("0", one("56789"), num(6)),
          lambda b: (lambda r: str(r) if r < 10 else None)(
              -total(b, [3, 2, 7, 6, 5, 4, 3, 2]) % 11)),
    Paper("ru_inn", ["\u0418\u041d\u041d", "INN"], ["#" * 12, "#" * 10],
          num(10, "123457"), both(
              up([7, 2, 4, 10, 3, 5, 9, 4, 6, 8], 11, "01234567890"),
              up([3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8], 11, "01234567890"))),
    Paper("ru_snils", ["\u0421\u041d\u0418\u041b\u0421", "SNILS"],
          ["###-###-### ##", "#" * 11], num(9, "1"), snils),
    Paper("ua_rntrc", ["\u0420\u041d\u041e\u041a\u041f\u041f",
                       "\u0406\u041f\u041d", "IPN"], ["#" * 10],
          num(9, "23"), lambda b: str(total(
              b, [-1, 5, 7, 9, 4, 6, 10, 5, 7]) % 11 % 10)),
    Paper("kz_iin", ["\u0418\u0418\u041d", "\u0416\u0421\u041d", "IIN"],
          ["#" * 12], lambda r: day(r, 1940, 1999).strftime("%y%m%d") +
          r.choice("34") + num(4)(r),
          lambda b: (lambda s: str(s) if s < 10 else None)(
              total(b, range(1, 12)) % 11)),
    Paper("is_kennitala", ["Kennitala", "kt."], ["######-####", "#" * 10],
          lambda r: day(r, 1940, 1999).strftime("%d%m%y") +
          "%02d" % r.randint(20, 99),
          lambda b: (lambda c: c + "9" if c else None)(
              down([3, 2, 7, 6, 5, 4, 3, 2], 11)(b))),
    Paper("imei", ["IMEI", "IMEI number", "Device IMEI", "IMEI/MEID"],
          ["#" * 15, "##-######-######-#"],
          of(one(["35", "86", "01"]), num(12)), luhn),
    Paper("vin", ["VIN", "Vehicle Identification Number", "Chassis number",
                  "Fahrgestellnummer", "N\u00b0 de ch\u00e2ssis"], ["#" * 17],
          of(one(["1HG", "WVW", "JTD", "5YJ", "WBA"]),
             char("ABCDEFGHJKLMNPRSTVWXYZ" + D, 5),
             one("ABCDEFGHJKLMNPR"), char(U[:8] + D, 1), num(6)), vin),
    Paper("isin", ["ISIN", "ISIN code", "Wertpapier"], ["#" * 12],
          of(one(["US", "DE", "GB", "FR", "CH"]), num(9)), isin),
    Paper("lei", ["LEI", "Legal Entity Identifier"], ["#" * 20],
          of(one(["5493", "5299", "2138"]), "00", char(ALNUM, 12)), iso97),
    Paper("swift_bic", ["BIC", "SWIFT", "BIC/SWIFT", "SWIFT code"],
          ["########", "###########"],
          of(char(U, 4), one(["DE", "GB", "FR", "US", "NL"]), char(U, 2)),
          plain),
]


ISSUED = ("au_medicare",)  # a digit behind the check that nothing checks


def written(rng, paper, value):
    """One of the ways that have as many places as the value."""
    ways = [w for w in paper.ways if w.count("#") == len(value)] or \
        ["#" * len(value)]
    it = iter(value)
    return "".join(next(it) if c == "#" else c for c in rng.choice(ways))


def whole(paper, body):
    """Body and check; a check may put itself elsewhere and give all."""
    c = paper.check(body)
    if c is None:
        return None
    return c if len(c) > len(body) else body + c


def value(rng, paper):
    for _ in range(200):
        body = paper.body(rng)
        v = whole(paper, body)
        if v is not None:
            return body, v
    raise ValueError(paper.kind)


def wrong(rng, paper, body, v):
    """One digit is another, and the check says so."""
    if paper.check is plain:
        return None
    last = len(v) - (paper.kind in ISSUED)
    for _ in range(50):
        at = rng.choice([i for i, c in enumerate(v[:last]) if c in D])
        bad = v[:at] + rng.choice(D.replace(v[at], "")) + v[at + 1:]
        same = [b for b in (body, bad[:len(body)]) if whole(paper, b) == bad]
        if v.startswith(body) and not same:
            return bad
    return None
