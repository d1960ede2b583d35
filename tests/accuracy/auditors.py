"""Cases of a ninth writer: an auditor who has read the public standards.

Numbers of auditor_rows.py, with the rules of auditor_sums.py, secrets of
auditor_keys.txt, and cards, accounts, phones, addresses and coins stand in eighty
layouts (auditor_forms.py): at the ends of a file, several a line, in brackets,
quotes, Markdown, attributes, statements, logs and talks, under the titles that
forms print: "Acct #", "SSN/TIN", "P.IVA". Near misses: one digit off, in the
same layouts. It reads no catalogue and nothing of another writer.
"""
import hashlib
import os
import random
import re
from collections import namedtuple

import auditor_forms as forms
import auditor_rows
import auditor_sums as sums

HERE = os.path.dirname(os.path.abspath(__file__))
Shown = namedtuple("Shown", "group id how text at length want")
DIGITS = "0123456789"
UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LOWER = UPPER.lower()
B58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
EACH = 2     # values of a type, for each n
LAYOUTS = 5  # a value


# ---- values ----------------------------------------------------------------

def stock(text):
    out = ""
    while text:
        if text[1:2] == "-" and len(text) > 2:
            out += "".join(map(chr, range(ord(text[0]), ord(text[2]) + 1)))
            text = text[3:]
        else:
            out, text = out + text[0], text[1:]
    return out


PIECE = re.compile(r"\[([^]]+)\](?:\{(\d+)\})?|\(([^)]+)\)|\{,(\w+)\}|(.)")


def made(rng, template):
    out = ""
    for chars, times, choice, tail, one in PIECE.findall(template):
        if chars:
            out += "".join(rng.choice(stock(chars))
                           for _ in range(int(times or 1)))
        elif choice:
            out += rng.choice(choice.split("~"))
        elif tail:
            out += rng.choice(["", tail])
        else:
            out += rng.choice({"#": DIGITS, "@": UPPER}.get(one, one))
    return out


def holds(rule, value):
    try:
        return rule(value)
    except (ValueError, IndexError):
        return False


def good_value(rng, row):
    while True:
        value = made(rng, row.template)
        if row.holds is None or holds(row.holds, value):
            return value


def near_value(rng, rule, value):
    places = [i for i, c in enumerate(value) if c.isdigit() and i > 1]
    for _ in range(50):
        i = rng.choice(places)
        bad = value[:i] + rng.choice(DIGITS.replace(value[i], "")) + \
            value[i + 1:]
        if not holds(rule, bad):
            return bad
    return None


def fill(way, value):
    if way.count("x") != len(value):
        return value
    rest = iter(value)
    return re.sub("x", lambda m: next(rest), way)


def placed(rng, group, kind, titles, tongue, good, near, count=LAYOUTS):
    for form in rng.sample(forms.FORMS, count):
        title = rng.choice(titles)
        for value, want in ((good, True), (near, False)):
            if value is None:
                continue
            how, text, at = forms.put(rng, form, title, tongue, value)
            yield Shown(group, kind, how, text, at, len(value), want)


# ---- ids -------------------------------------------------------------------

def ids(rng, n):
    for row in auditor_rows.rows():
        for _ in range(n * EACH):
            good = good_value(rng, row)
            near = near_value(rng, row.holds, good) if row.holds else None
            if row.must or (row.ways and rng.random() < 0.6):
                way = rng.choice(row.ways)
                good, near = fill(way, good), near and fill(way, near)
            group = "id" if row.holds else "id_plain"
            if row.kind == "passport_generic":
                group = "paper"
            yield from placed(rng, group, row.kind, row.titles, row.tongue,
                              good, near)
            if row.holds:
                how, text, at = forms.alone(rng, good)
                yield Shown("id_bare", row.kind, how, text, at, len(good),
                            True)


# ---- cards -----------------------------------------------------------------

# As generators of test data and the issuers' own pages have them.
CARDS = [("card_visa", "4", 16), ("card_visa", "4", 16), ("card_visa", "4", 13),
         ("card_visa", "4", 19), ("card_mastercard", "5[1-5]", 16),
         ("card_mastercard", "2[3-6]", 16), ("card_mastercard", "222[1-9]", 16),
         ("card_amex", "3[47]", 15), ("card_discover", "6011", 16),
         ("card_discover", "65", 16), ("card_diners", "30[0-5]", 14),
         ("card_diners", "36", 14), ("card_diners", "38", 14),
         ("card_jcb", "35[3-8]", 16), ("card_jcb", "(2131~1800)", 15),
         ("card_unionpay", "62[2-5]", 16), ("card_unionpay", "62[2-5]", 19),
         ("card_maestro", "(5018~5020~5038~6304~6759~6761)", 16),
         ("card_mir", "220[0-4]", 16), ("card_troy", "9792", 16),
         ("card_elo", "(636368~504175~650031)", 16),
         ("card_rupay", "(6521~508500~607385)", 16),
         ("card_hipercard", "606282", 16), ("card_verve", "506099", 16)]
# they need a word
SHY = [("card_maestro", "(5018~5020~5038~5612~5893~6304~6759~6390)", 12),
       ("card_maestro", "(6304~6759)", 13), ("card_maestro", "6761", 18),
       ("card_uatp", "1", 15), ("card_diners", "36", 16)]
CARD_TITLES = {
    "en": ["Card no.", "PAN", "Card #", "Credit card", "CC#", "Card Number",
           "Debit card no.", "Payment card", "cc_num", "Credit Card No",
           "Card on file", "CardNumber"],
    "de": ["Kreditkartennummer", "Kartennr.", "Kreditkarte", "Karten-Nr."],
    "fr": ["N\u00b0 de carte", "Num\u00e9ro de carte", "Carte bancaire",
           "CB"],
    "es": ["N\u00ba de tarjeta", "Tarjeta de cr\u00e9dito", "Tarjeta n\u00ba"],
    "it": ["Carta di credito", "Numero carta", "N. carta"],
    "pt": ["Cart\u00e3o n\u00ba", "N\u00famero do cart\u00e3o"],
    "nl": ["Creditcardnr.", "Kaartnummer"], "pl": ["Nr karty", "Karta"],
    "ru": ["\u041d\u043e\u043c\u0435\u0440 \u043a\u0430\u0440\u0442\u044b",
           "\u041a\u0430\u0440\u0442\u0430"],
    "zh": ["\u5361\u53f7", "\u4fe1\u7528\u5361\u53f7"],
    "ja": ["\u30ab\u30fc\u30c9\u756a\u53f7",
           "\u30af\u30ec\u30b8\u30c3\u30c8\u30ab\u30fc\u30c9"],
    "tr": ["Kart no", "Kredi kart\u0131 no"], "sv": ["Kortnummer", "Kortnr"],
}


def grouped(rng, value):
    sizes = {14: (4, 6, 4), 15: (4, 6, 5)}.get(len(value), (4,) * 5)
    out, at = [], 0
    for size in sizes:
        out.append(value[at:at + size])
        at += size
    return rng.choice([" ", "-", " "]).join(x for x in out if x)


def card_value(rng, prefix, size):
    body = made(rng, prefix)
    body += "".join(rng.choice(DIGITS) for _ in range(size - 1 - len(body)))
    return next(body + c for c in DIGITS if sums.luhn(body + c))


def cards(rng, n):
    for kind, prefix, size in (CARDS + SHY) * n * EACH:
        good = card_value(rng, prefix, size)
        near = near_value(rng, sums.luhn, good)
        while size == 19 and sums.luhn(near[:16]):
            near = near_value(rng, sums.luhn, good)  # a card and its code
        if rng.random() < 0.5:
            good, near = grouped(rng, good), grouped(rng, near)
        tongue = rng.choice(list(CARD_TITLES) + ["en"] * 6)
        yield from placed(rng, "card", kind, CARD_TITLES[tongue], tongue, good,
                          near)
        if (kind, prefix, size) in CARDS:
            for value, want in ((good, True), (near, False)):
                how, text, at = forms.alone(rng, value)
                yield Shown("card", kind, how, text, at, len(value), want)


# ---- accounts --------------------------------------------------------------

IBANS = {"DE": "#{18}", "AT": "#{16}", "CH": "#{17}", "GB": "@{4}#{14}",
         "IE": "@{4}#{14}", "DK": "#{14}", "LT": "#{16}", "LU": "#{16}",
         "GR": "#{23}", "CY": "#{24}", "SE": "#{20}", "RO": "@{4}#{16}",
         "LV": "@{4}#{13}", "TR": "#{5}0#{16}", "SA": "#{20}", "AE": "#{19}",
         "MT": "@{4}#{23}", "PK": "@{4}#{16}", "IL": "#{19}", "GE": "@{2}#{16}",
         "KZ": "#{16}", "UA": "#{25}", "QA": "@{4}#{21}", "BG": "@{4}#{14}"}
IBAN_TITLES = {"en": ["IBAN", "IBAN No.", "IBAN #", "Acct (IBAN)",
                      "Beneficiary IBAN", "Account no."],
               "de": ["IBAN", "Bankverbindung", "Konto (IBAN)", "IBAN-Nr."],
               "fr": ["IBAN", "N\u00b0 IBAN", "Compte"],
               "es": ["IBAN", "Cuenta IBAN"], "it": ["IBAN", "Conto"],
               "nl": ["IBAN", "Rekeningnr."], "pl": ["IBAN", "Nr konta"]}


def iban_value(rng, land):
    body = made(rng, re.sub(r"([#@])\{(\d+)\}",
                            lambda m: m[1] * int(m[2]), IBANS[land]))
    return next(v for v in ("%s%02d%s" % (land, c, body) for c in
                            range(2, 99)) if sums.iban(v))


def accounts(rng, n):
    for land in list(IBANS) * n * EACH:
        good = iban_value(rng, land)
        near = near_value(rng, sums.iban, good)
        if rng.random() < 0.5:
            good, near = (re.sub("(.{4})(?=.)", r"\1 ", v)
                          for v in (good, near))
        tongue = rng.choice(list(IBAN_TITLES))
        yield from placed(rng, "iban", "iban", IBAN_TITLES[tongue], tongue,
                          good, near)
        for value, want in ((good, True), (near, False)):
            how, text, at = forms.alone(rng, value)
            yield Shown("iban", "iban", how, text, at, len(value), want)


# ---- phones and addresses --------------------------------------------------

PHONES = ["+1 ([2-9]1[2-9]) [2-9]##-####", "+1-[2-9]1[2-9]-[2-9]##-####",
          "+1.[2-9]1[2-9].[2-9]##.####", "001-[2-9]1[2-9]-[2-9]##-####",
          "+44 (0)20 7### ####", "+44 7[4-9]## ######", "+49 (0)30 [1-9]######",
          "+49-89-[1-9]######", "+33 (0)1 4# ## ## ##", "+33 6 ## ## ## ##",
          "+39 02 [1-9]######", "+34 6## ## ## ##", "+31 6 [1-5]#######",
          "+32 2 [2-7]## ## ##", "+41 79 [2-9]## ## ##", "+43 1 [2-9]######",
          "+48 [56]## ### ###", "+420 [67]## ### ###", "+46 70 ### ## ##",
          "+47 [49]## ## ###", "+45 [2-9]# ## ## ##", "+358 40 #######",
          "+351 9[1236]# ### ###", "+30 69# ### ####", "+90 53# ### ## ##",
          "+7 (9[0-5]#) ###-##-##", "+380 67 ### ## ##", "+91 [7-9]#### #####",
          "+91-[7-9]#########", "+86 13# #### ####", "+81 90-####-####",
          "+82 10-####-####", "+852 [5-9]### ####", "+65 [89]### ####",
          "+61 4## ### ###", "+64 21 ### ####", "+55 (11) 9####-####",
          "+52 55 [1-9]### ####", "+54 9 11 ####-####", "+27 8[1-4] ### ####",
          "+234 80# ### ####", "+20 10 #### ####", "+971 50 ### ####",
          "+972-5[0-4]-###-####"]
HOME = [("en", "([2-9]1[2-9]) [2-9]##-####"), ("en", "[2-9]1[2-9]-[2-9]##-####"),
        ("en", "[2-9]1[2-9].[2-9]##.####"),
        ("en", "[2-9]1[2-9]-[2-9]##-####x###"),
        ("en", "([2-9]1[2-9])[2-9]##-####"), ("en", "07[4-9]## ######"),
        ("en", "020 7### ####"), ("en", "0[28] 9### ####"),
        ("de", "030 [1-9]######"), ("de", "0171/#######"),
        ("de", "0[1-9]11 / ## ## ##"), ("fr", "06 ## ## ## ##"),
        ("fr", "01.4#.##.##.##"), ("es", "6## ### ###"), ("es", "91 ### ## ##"),
        ("it", "02 [1-9]######"), ("it", "34# ### ####"),
        ("nl", "06-[1-5]#######"), ("pl", "[56]## ### ###"),
        ("pt", "9[1236]# ### ###"), ("sv", "070-### ## ##"),
        ("ja", "03-####-####"), ("ja", "090-####-####"),
        ("zh", "13#########"), ("ru", "8 (9[0-5]#) ###-##-##"),
        ("tr", "053# ### ## ##")]
PHONE_TITLES = {
    "en": ["Phone", "Tel.", "Mobile", "Cell #", "Contact no.", "Phone #",
           "Fax", "Call", "Home phone", "Work tel", "Telephone No."],
    "de": ["Tel.", "Telefon", "Handy", "Mobil", "Rufnummer", "Tel.-Nr."],
    "fr": ["T\u00e9l.", "T\u00e9l\u00e9phone", "Portable", "Mobile"],
    "es": ["Tel.", "Tel\u00e9fono", "M\u00f3vil", "Tfno."],
    "it": ["Tel.", "Telefono", "Cellulare", "Cell."],
    "nl": ["Tel.", "Telefoon", "Mobiel"], "pl": ["Tel.", "Telefon", "Kom."],
    "pt": ["Tel.", "Telefone", "Telem\u00f3vel"], "sv": ["Tel", "Mobil"],
    "ja": ["\u96fb\u8a71", "\u96fb\u8a71\u756a\u53f7", "TEL"],
    "zh": ["\u7535\u8bdd", "\u624b\u673a", "\u8054\u7cfb\u7535\u8bdd"],
    "ru": ["\u0422\u0435\u043b.", "\u0422\u0435\u043b\u0435\u0444\u043e\u043d",
           "\u041c\u043e\u0431."], "tr": ["Tel", "Telefon", "GSM"]}
MAIL_HOSTS = ["gmail.com", "acme-industrial.co.uk", "mail.kvarn.se", "tu-wien.ac.at",
              "firma.example.de", "sub.domain.corp.io", "startup.ai",
              "museum.museum", "xn--bcher-kva.example.org"]
MAIL_USERS = ["{a}", "{a}.{b}", "{a}_{b}", "{a}+{b}", "{a}-{b}", "{a}{d}",
              "{i}.{b}", "{a}.{b}+shop", "o'{a}", "{a}%{b}"]
NO_MAIL = ["@{a}", "{a}@", "{a}@{b}", "{a} at {b} dot com", "{a}@.com",
           "import '@{a}/{b}'", "@{a}({b})", "{a}@1.2.3", "npm i {a}@^2.1.0",
           "git@", "user@host", "{a}@localhost", "x@y"]
IPS = ["[1-9]#.1##.[1-9]#.[1-9]#", "1[013-9]#.2[0-4]#.#.[1-9]",
       "10.#.[1-9]#.1##", "192.168.#.1##", "172.1[6-9].#.[1-9]#",
       "2a0[0-9]:[1-9a-f][0-9a-f]{3}:[1-9a-f]{3}::[1-9a-f]{2}",
       "2001:4[0-9a-f]{3}:[1-9a-f]{4}:#:#:[1-9a-f]{3}:[1-9a-f]{2}:1",
       "fe80::[1-9a-f]{4}:[1-9a-f]{3}:fe[0-9a-f]{2}:[1-9a-f]{4}",
       "2606:4700:[1-9a-f]{4}::[1-9a-f]{4}"]
NO_IP = ["version 1.{d}.3", "v{d}.2.3.4-rc1", "3.14.15.92.65", "256.{d}.1.1",
         "1.2.3.3{d}9", "12:30:{d}0", "Chapter 2.1.3.4.{d}", "a::b", "::",
         "OID 1.3.6.1.4.1.311", "std::{a}::{b}", "0{d}.0{d}.2026"]
NO_PHONE = ["ISBN 978-3-16-1484{d}0-0", "2026-11-{d}3", "lines 1200-1250",
            "12345-6789{d}", "v20.11.{d}", "1,234,56{d}", "0x12345{d}",
            "192.168.1.{d}", "sha 1234567{d}", "scale 1:2500{d}",
            "id=8412{d}773", "$ 1 200 450.{d}0", "run 20261123-1405{d}",
            "Zeile 1004 bis 1018{d}", "[34{d}, 120, 455, 2093]"]
NAMES = ["mara", "jonas", "li", "oduya", "ferrante", "szabo", "okoye", "petra"]


def reached(rng, group, kind, titles, tongue, value, count=3):
    for form in rng.sample(forms.FORMS, count):
        how, text, at = forms.put(rng, form, rng.choice(titles), tongue, value)
        yield Shown(group, kind, how, text, at, len(value), True)


def named(rng, template):
    return template.replace("{a}", rng.choice(NAMES)).replace(
        "{b}", rng.choice(NAMES)).replace("{i}", rng.choice(LOWER)).replace(
            "{d}", rng.choice("123456789"))


def parens(rng, template):
    """Round brackets are the phones' own here."""
    return made(rng, template.replace("(", "\1").replace(")", "\2")) \
        .replace("\1", "(").replace("\2", ")")


def contacts(rng, n):
    for plan in PHONES * n:
        value, tongue = parens(rng, plan), rng.choice(list(PHONE_TITLES))
        yield from reached(rng, "phone", "phone", PHONE_TITLES[tongue], tongue,
                           value)
        how, text, at = forms.alone(rng, value)
        yield Shown("phone", "phone", how, text, at, len(value), True)
    for tongue, plan in HOME * n:
        yield from reached(rng, "phone", "phone", PHONE_TITLES[tongue], tongue,
                           parens(rng, plan))
    for user in MAIL_USERS * n * 2:
        value = named(rng, user) + "@" + rng.choice(MAIL_HOSTS)
        yield from reached(rng, "email", "email", ["E-mail", "Mail", "Contact",
                                                   "cc", "reply-to"], "en",
                           value, 5)
    for plan in IPS * n * 2:
        yield from reached(rng, "ip", "ip_address",
                           ["IP", "Client IP", "src", "Remote addr", "Host"],
                           "en", made(rng, plan), 4)
    for group, texts in (("phone", NO_PHONE), ("email", NO_MAIL),
                         ("ip", NO_IP)):
        for text in texts * n * 2:
            text = named(rng, rng.choice(["{}\n", "see {} for more\n",
                                          "// {}\n"]).replace("{}", text))
            yield Shown(group, group, "none", text, 0, len(text), False)


# ---- coins -----------------------------------------------------------------

def base58(payload, alphabet=B58):
    raw = payload + hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    number, out = int.from_bytes(raw, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        out = alphabet[rest] + out
    return alphabet[0] * (len(raw) - len(raw.lstrip(b"\0"))) + out


RIPPLE = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"
BECH = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def polymod(values):
    chk = 1
    for v in values:
        top, chk = chk >> 25, (chk & 0x1ffffff) << 5 ^ v
        for i, g in enumerate((0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                               0x2a1462b3)):
            chk ^= g if top >> i & 1 else 0
    return chk


def segwit(rng, hrp, version, size):
    bits = "".join("{:08b}".format(rng.randrange(256)) for _ in range(size))
    bits += "0" * (-len(bits) % 5)
    data = [version] + [int(bits[i:i + 5], 2) for i in range(0, len(bits), 5)]
    head = [ord(c) >> 5 for c in hrp] + [0] + [ord(c) & 31 for c in hrp]
    end = polymod(head + data + [0] * 6) ^ (1 if version == 0 else 0x2bc830a3)
    data += [end >> 5 * (5 - i) & 31 for i in range(6)]
    return hrp + "1" + "".join(BECH[d] for d in data)


def coins(rng, n):
    for kind, titles, make in (
            ("bitcoin_address", ["BTC", "Bitcoin address", "Pay to"],
             lambda: base58(b"\0" + rng.randbytes(20))),
            ("bitcoin_address", ["BTC wallet", "Donate BTC"],
             lambda: base58(b"\5" + rng.randbytes(20))),
            ("bitcoin_address", ["BTC", "Segwit address"],
             lambda: segwit(rng, "bc", 0, 20)),
            ("bitcoin_address", ["Taproot", "BTC address"],
             lambda: segwit(rng, "bc", 1, 32)),
            ("ethereum_address", ["ETH", "Ethereum address", "Wallet"],
             lambda: "0x" + made(rng, "[0-9a-f]{40}")),
            ("litecoin_address", ["LTC", "Litecoin"],
             lambda: base58(b"\x30" + rng.randbytes(20))),
            ("dogecoin_address", ["DOGE", "Dogecoin address"],
             lambda: base58(b"\x1e" + rng.randbytes(20))),
            ("tron_address", ["TRX", "TRON address", "USDT (TRC20)"],
             lambda: base58(b"\x41" + rng.randbytes(20))),
            ("ripple_address", ["XRP", "XRP address", "Ripple"],
             lambda: base58(b"\0" + rng.randbytes(20), RIPPLE)),
            ("bitcoin_wif", ["WIF", "Private key (WIF)"],
             lambda: base58(b"\x80" + rng.randbytes(32) + b"\1"))):
        for _ in range(n * 2):
            value = make()
            end = value[-1]
            near = value[:-1] + ("2" if end != "2" else "3")
            yield from placed(rng, "crypto", kind, titles, "en", value,
                              None if kind == "ethereum_address" else near, 4)
            how, text, at = forms.alone(rng, value)
            yield Shown("crypto", kind, how, text, at, len(value), True)


# ---- secrets ---------------------------------------------------------------

def keys():
    with open(os.path.join(HERE, "auditor_keys.txt"), encoding="utf-8") as f:
        for line in f:
            if line.strip() and not line.startswith("#"):
                yield line.rstrip("\n").split(" ", 2)


def secrets(rng, n):
    for vendor, name, template in list(keys()) * n:
        value = made(rng, template)
        for form in rng.sample(forms.SETTINGS, 4):
            how, text, at = forms.set_to(form, name, value)
            yield Shown("vendor", vendor, how, text, at, len(value), True)
            yield Shown("secret", "", how, text, at, len(value), True)
        if not name.startswith("~"):
            text = forms.empty(rng, name)
            yield Shown("secret", "", "none", text, 0, len(text), False)
    for template in forms.PASSWORDS * n * 2:
        value = rng.choice([
            made(rng, "[A-Z][a-z]{6}[0-9]{3}[!#*+]"),
            made(rng, "[a-zA-Z0-9]{14}"),
            made(rng, "[a-z]{4}-[a-z]{5}-[a-z]{4}-[0-9]{2}"),
            made(rng, "[a-zA-Z0-9]{5}[#*!_][a-zA-Z0-9]{5}[+.][a-zA-Z]{4}[0-9]")])
        at = template.index("@@")
        yield Shown("secret", "", "password", template.replace("@@", value),
                    at, len(value), True)
    for text in forms.NO_PASSWORDS * n * 2:
        yield Shown("secret", "", "none", made_text(rng, text), 0,
                    len(text), False)


def made_text(rng, text):
    return re.sub(r"<(\w)(\d+)>", lambda m: "".join(
        rng.choice({"h": "0123456789abcdef", "d": DIGITS,
                    "b": UPPER + LOWER + DIGITS}[m[1]])
        for _ in range(int(m[2]))), text)


def suites(seed, n):
    rng = random.Random(seed)
    for some in (ids, cards, accounts, contacts, coins, secrets):
        yield from some(rng, n)
