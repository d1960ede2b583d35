"""Cases of a seventh writer: clerks who go down the published list of types.

Each number of clerk_rows.txt under its English name and its short one, bare,
in a line, a table, a sentence, JSON and XML, with one digit off and two digits
swapped; each secret of clerk_keys.txt as vendors' pages tell to set it; and
cards, accounts, addresses and phones. Nothing here reads a catalogue file,
another writer's tables or the detector.
"""
import base64
import datetime
import json
import os
import re
import string
import uuid
import zlib
from collections import namedtuple

import clerk_checks
from clerk_checks import luhn, front97

HERE = os.path.dirname(os.path.abspath(__file__))
Shown = namedtuple("Shown", "group id how text at length want")
Row = namedtuple("Row", "id name template forms check")
DIGITS = string.digits
WORD = string.ascii_letters + DIGITS
STOCK = {"w": WORD, "x": "0123456789abcdef", "X": "0123456789ABCDEF",
         "d": DIGITS, "low": string.ascii_lowercase + DIGITS,
         "up": string.ascii_uppercase + DIGITS, "url": WORD + "-_",
         "b64": WORD + "+/", "up32": string.ascii_uppercase + "234567",
         "bech": "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L",
         "django": string.ascii_lowercase + DIGITS + "!@$%^&*(-_=+)"}


def lines(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as f:
        return [[x.strip() for x in line.split(" |")] for line in f
                if line.strip() and not line.startswith("#")]


def rows():
    for line in lines("clerk_rows.txt"):
        line = (line + [""] * 5)[:5]
        check = eval(line[4], vars(clerk_checks)) if line[4] else None
        yield Row(*line[:3], [x for x in line[3].split(";") if x], check)


# ---- a value by its template -----------------------------------------------

def some(rng, stock, n):
    return "".join(rng.choice(stock) for _ in range(n))


def named(rng, what):
    if what == "idnr":  # one digit twice, one not at all
        out = rng.sample(DIGITS, 9)
        out.insert(rng.randint(3, 9), out[0])
        return "".join(out) if out[0] != "0" else named(rng, what)
    if what == "siren":
        b = rng.choice("345678") + some(rng, DIGITS, 7)
        return b + luhn(b)
    if what == "uuid":
        return str(uuid.UUID(int=rng.getrandbits(128), version=4))
    if what == "discord":
        first = base64.b64encode(some(rng, "123456789", 18).encode()).decode()
        return first + "." + some(rng, STOCK["url"], 6) + "." + \
            some(rng, STOCK["url"], 38)
    if what == "jwt":
        def shut(o):
            return base64.urlsafe_b64encode(json.dumps(o).encode()).decode() \
                .rstrip("=")
        return ".".join([shut({"alg": "HS256", "typ": "JWT"}),
                         shut({"sub": some(rng, DIGITS, 8)}),
                         some(rng, STOCK["url"], 43)])
    if what.startswith("crc:"):  # what follows ghp_ and npm_
        body = some(rng, WORD, int(what[4:]))
        n, out = zlib.crc32(body.encode()), ""
        alphabet = DIGITS + string.ascii_uppercase + string.ascii_lowercase
        for _ in range(6):
            out = alphabet[n % 62] + out
            n //= 62
        return body + out
    if ":" in what:
        kind, n = what.split(":")
        return some(rng, STOCK[kind], int(n))
    day = datetime.date(1950, 1, 1) + datetime.timedelta(
        rng.randint(0, 49 * 365))
    return day.strftime(what)


def of_class(rng, inside):
    stock = re.sub("(.)-(.)", lambda m: "".join(
        map(chr, range(ord(m[1]), ord(m[2]) + 1))), inside)
    return rng.choice(stock)


PIECE = re.compile(r"(#|@|\[[^]]*\]|\((?:[^()]|\([^()]*\))*\)|<[^>]*>|.)"
                   r"(?:\{(\d+)(?:,(\d+))?\}|(\?))?")


def choices(inside):
    out, depth = [""], 0
    for c in inside:
        depth += (c in "([") - (c in ")]")
        if c == "|" and depth == 0:
            out.append("")
        else:
            out[-1] += c
    return out


def made(rng, template):
    out = ""
    for piece, low, high, maybe in PIECE.findall(template):
        n = rng.randint(0, 1) if maybe else 1
        if low:
            n = rng.randint(int(low), int(high or low))
        for _ in range(n):
            if piece == "#":
                out += rng.choice(DIGITS)
            elif piece == "@":
                out += rng.choice(string.ascii_uppercase)
            elif piece[0] == "[" and len(piece) > 1:
                out += of_class(rng, piece[1:-1])
            elif piece[0] == "(" and len(piece) > 1:
                out += made(rng, rng.choice(choices(piece[1:-1])))
            elif piece[0] == "<" and len(piece) > 1:
                out += named(rng, piece[1:-1])
            else:
                out += piece
    return out


def complete(row, raw):
    """The value with its check characters in, or None."""
    spots = [i for i, c in enumerate(raw) if c == "="]
    if row.check is None:
        return raw, spots
    marks = row.check(raw.replace("=", ""))
    if marks is None or len(marks) != len(spots):
        return None, spots
    out = list(raw)
    for i, c in zip(spots, marks):
        out[i] = c
    return "".join(out), spots


def value_of(rng, row):
    for _ in range(200):
        value, spots = complete(row, made(rng, row.template))
        if value is not None:
            return value, spots
    raise ValueError(row.id + ": no value")


def holds(row, value, spots):
    raw = "".join("=" if i in spots else c for i, c in enumerate(value))
    try:
        return complete(row, raw)[0] == value
    except (ValueError, IndexError, KeyError):
        return False


def off(rng, row, value, spots, swap):
    """One digit off, or two that are swapped; None when it is valid too."""
    first = 2 if value[:2].isalpha() else 0
    digits = [i for i, c in enumerate(value) if c in DIGITS and i >= first]
    for _ in range(30):
        i = rng.choice(digits)
        out = list(value)
        if swap:
            if i + 1 not in digits or out[i] == out[i + 1]:
                continue
            out[i], out[i + 1] = out[i + 1], out[i]
        else:
            out[i] = rng.choice(DIGITS.replace(out[i], ""))
        bad = "".join(out)
        if not holds(row, bad, spots):
            return bad
    return None


def written(rng, row, value):
    forms = [f.lstrip("!") for f in row.forms]
    plain = [] if any(f[0] == "!" for f in row.forms) else [None]
    form = rng.choice(plain + forms * 2)
    if form is None or form.count("x") != len(value):
        return value
    rest = iter(value)
    return re.sub("x", lambda m: next(rest), form)


# ---- what stands around ----------------------------------------------------

def titles(row):
    """Those that say which one it is: in full, in short, its id."""
    full = re.sub(r" \([^)]*\)", "", row.name)
    out = [full, full, row.id.split("|")[0]]
    short = re.search(r"\(([^)/]*)\)", row.name)
    if short and len(short[1]) > 2:
        out.append(short[1])
    words = full.split()
    if len(words) == 2 and words[1].isupper():
        out.append(words[1])
    return out


def key(title):
    return re.sub("[^0-9A-Za-z]+", "_", title).strip("_").lower()


def camel(title):
    first, *more = re.findall("[0-9A-Za-z]+", title)
    out = first.lower()
    for x in more:  # two in large letters are never one behind the other
        out += x.capitalize() if out[-1].isupper() else x[:1].upper() + x[1:]
    return out


TITLED = ["{t}: {v}\n", "{t} {v}\n", "{t} = {v}\n", "{t}:\t{v}\n",
          "{t} no. {v}\n", "{t}: {v}, issued 2019-04-11\n",
          "Name: M. Oduya\n{t}: {v}\nCity: Lund\n", "{k}={v}\n",
          "{t}\n{v}\n", "| {t} | {v} |\n"]
TEXT = ["Please note that the {t} of the applicant is {v} and must be kept "
        "with the file.\n",
        "We have received your {t} {v} and will get back to you shortly.\n",
        "The customer (M. Oduya, {t} {v}) called on Friday about her order.\n",
        "My {t} is {v}, thanks for looking into this.\n",
        "Attached are the forms of Ms Oduya. {t}: {v}. She lives in Lund.\n"]
DATA = ["<{c}>{v}</{c}>\n", "{c}: {v}\n", "  \"{c}\": \"{v}\",\n",
        "INSERT INTO people (id, name, {k}) VALUES (17, 'M. Oduya', '{v}');\n",
        "<td>{t}</td><td>{v}</td>\n",
        "<input name=\"{k}\" value=\"{v}\">\n"]
DECOYS = ["Order {v} shipped\n", "part {v} of the manual\n",
          "Invoice {v} is due\n", "build {v} passed\n", "{v}\n"]


def at_mark(text, value):
    at = text.index("\0")
    return text.replace("\0", value), at


def in_line(rng, stock, title, value):
    return at_mark(rng.choice(stock).format(
        t=title, k=key(title), c=camel(title), v="\0"), value)


def in_table(rng, title, value):
    sep = rng.choice([",", ";", "\t"])
    head = rng.choice([title, key(title), title.upper()])
    return at_mark(sep.join(["id", "name", head, "city"]) + "\n" +
                   sep.join(["17", "M. Oduya", "\0", "Lund"]) + "\n" +
                   sep.join(["18", "K. Brandt", "", "Turku"]) + "\n", value)


def in_json(rng, title, value):
    name = rng.choice([key(title), camel(title), title])
    return at_mark(json.dumps({"id": 17, name: "@V@", "city": "Lund"},
                              indent=rng.choice([None, 2])).replace(
        "@V@", "\0") + "\n", value)


def around(rng, title, value):
    yield "titled", *in_line(rng, TITLED, title, value)
    yield "csv", *in_table(rng, title, value)
    yield "text", *in_line(rng, TEXT, title, value)
    yield "json", *in_json(rng, title, value)
    yield "data", *in_line(rng, DATA, title, value)


# ---- numbers ---------------------------------------------------------------

def ids(rng, n):
    for row in list(rows()) * n:
        group = "id" if row.check else "id_plain"
        for _ in range(2):
            value, spots = value_of(rng, row)
            shown = written(rng, row, value)
            for how, text, at in around(rng, rng.choice(titles(row)), shown):
                yield Shown(group, row.id, how, text, at, len(shown), True)
        if row.check:
            yield from with_check(rng, row)
        else:
            shown = written(rng, row, value)
            text, at = at_mark(rng.choice(DECOYS).format(v="\0"), shown)
            yield Shown(group, row.id, "decoy", text, at, len(shown), False)


def with_check(rng, row):
    value, spots = value_of(rng, row)
    shown = written(rng, row, value)
    yield Shown("id_bare", row.id, "bare", shown + "\n", 0, len(shown), True)
    for swap in (False, True):
        bad = off(rng, row, value, spots, swap)
        if bad is None:
            continue
        shown = written(rng, row, bad)
        yield Shown("id_bare", row.id, "off", shown + "\n", 0, len(shown),
                    False)
        for how, text, at in around(rng, titles(row)[0], shown):
            yield Shown("id", row.id, "off", text, at, len(shown), False)


# ---- cards, accounts, addresses --------------------------------------------

CARDS = [("card_visa", "4", 16), ("card_visa", "4539", 13),
         ("card_visa", "4", 19), ("card_mastercard", "5[1-5]", 16),
         ("card_mastercard", "2[3-6]", 16), ("card_amex", "3[47]", 15),
         ("card_discover", "6011", 16), ("card_discover", "65", 16),
         ("card_diners", "36", 14), ("card_diners", "30[0-5]", 14),
         ("card_jcb", "35[3-8]", 16), ("card_unionpay", "62[0-5]", 16),
         ("card_unionpay", "62[0-5]", 19), ("card_rupay", "6521", 16),
         ("card_mir", "220[0-4]", 16), ("card_troy", "9792", 16),
         ("card_elo", "(636368|636297|509048)", 16),
         ("card_hipercard", "606282", 16), ("card_verve", "50610[0-9]", 16),
         ("card_verve", "50610[0-9]", 19)]
SHY_CARDS = [("card_maestro", "(5018|5020|6304|6759|6761)", 16),
             ("card_maestro", "(5018|6304)", 13),
             ("card_maestro", "(6759|6761)", 18), ("card_uatp", "1[0-9]", 15)]
CARD_TITLES = ["Card number", "Credit card", "card_number", "PAN", "cc",
               "Payment card number", "creditCardNumber", "Card no"]


def grouped(rng, value):
    sizes = {15: [4, 6, 5], 14: [4, 6, 4]}.get(len(value), [4] * 5)
    out, at = [], 0
    for s in sizes:
        out.append(value[at:at + s])
        at += s
    return rng.choice([" ", "-", " "]).join(x for x in out if x)


def cards(rng, n):
    for kind, prefix, size in (CARDS + SHY_CARDS) * n * 2:
        body = made(rng, prefix)
        body += some(rng, DIGITS, size - 1 - len(body))
        good = body + luhn(body)
        wrong = body + rng.choice(DIGITS.replace(good[-1], ""))
        i = rng.randint(6, size - 3)
        swapped = good[:i] + good[i + 1] + good[i] + good[i + 2:]
        for value, want in ((good, True), (wrong, False), (swapped, False)):
            if not want and (luhn(value[:-1]) == value[-1] or (
                    size == 19 and luhn(value[:15]) == value[15])):
                continue  # it holds, or is a card and the code on its back
            shown = rng.choice([value, grouped(rng, value)])
            if (kind, prefix, size) in CARDS:
                yield Shown("card", kind, "bare", shown + "\n", 0, len(shown),
                            want)
            for how, text, at in around(rng, rng.choice(CARD_TITLES), shown):
                yield Shown("card", kind, how, text, at, len(shown), want)


ACCOUNTS = {"DE": "#{18}", "AT": "#{16}", "CH": "#{17}", "GB": "NWBK#{14}",
            "IE": "AIBK#{14}", "DK": "#{14}", "LT": "#{16}", "LU": "#{16}",
            "GR": "#{23}", "CY": "#{24}", "SA": "#{20}", "AE": "#{19}",
            "SE": "#{20}", "RO": "BTRL[0-9A-Z]{16}", "LV": "HABA#{13}",
            "UA": "#{25}", "PK": "MEZN#{16}", "QA": "DOHB#{21}",
            "KW": "NBOK#{22}", "GE": "TB#{16}", "KZ": "#{16}", "BY":
            "AKBB#{20}", "SV": "CENR#{20}", "LI": "#{17}", "AZ": "NABZ#{20}"}
ACCOUNT_TITLES = ["IBAN", "iban", "Bank account", "Account number (IBAN)",
                  "beneficiary_iban", "Account"]


def accounts(rng, n):
    for land, template in list(ACCOUNTS.items()) * n:
        body = made(rng, template)
        good = land + front97(land, body) + body
        wrong = good[:-1] + rng.choice(DIGITS.replace(good[-1], ""))
        for value, want in ((good, True), (wrong, False)):
            shown = rng.choice([value, re.sub("(.{4})(?=.)", r"\1 ", value)])
            yield Shown("iban", "iban", "bare", shown + "\n", 0, len(shown),
                        want)
            for how, text, at in around(rng, rng.choice(ACCOUNT_TITLES),
                                        shown):
                yield Shown("iban", "iban", how, text, at, len(shown), want)


PHONES = ["+1 [2-9]##-555-####", "+44 20 7[0-9]## ####", "+49 30 #######",
          "+33 1 4# ## ## ##", "+39 06 #######", "+34 91 ### ## ##",
          "+81 3-####-####", "+86 138 #### ####", "+91 98### #####",
          "+55 11 9####-####", "+7 495 ###-##-##", "+61 2 9### ####",
          "+4915#########", "+447[4-9]########", "+1[2-9][1-9]#555####",
          "+31 20 ### ####", "+41 44 ### ## ##", "+48 22 ### ## ##",
          "+46 8 ### ### ##", "+353 1 ### ####", "+972 3-###-####",
          "+971 4 ### ####", "+65 6### ####", "+852 2### ####",
          "+27 11 ### ####", "+90 212 ### ## ##", "+30 21# ### ####"]
HOME_PHONES = ["(212) 555-####", "212-555-####", "020 7946 0###",
               "030 2345####", "01 42 ## ## ##", "06 12 ## ## ##",
               "(011) 4###-####", "03-1234-####", "0171 234####",
               "011-2345-####"]
PHONE_TITLES = ["Phone", "Telephone", "Mobile", "phone_number", "Tel",
                "Mobile number", "Contact number", "Phone number"]
HOSTS = ["acme-corp.net", "kvarn.se", "example-shop.co.uk", "mail.fjord.no",
         "uni-lund.edu"]


def reached(rng, group, kind, value, names, bare=True):
    if bare:
        yield Shown(group, kind, "bare", value + "\n", 0, len(value), True)
    for how, text, at in around(rng, rng.choice(names), value):
        yield Shown(group, kind, how, text, at, len(value), True)


NO_PHONES = ["version 4.{3}.{3}", "ISBN 978-3-{2}-{6}-1", "{4}-{2}-{2} 10:22",
             "ticket {8}", "{3} {3} {3} rows", "SKU {4}-{4}", "{4}/{6}",
             "size 20 {4} {4} bytes", "{2}:{2}:{2} {4}", "{10}"]
NO_MAILS = ["user@", "@example", "foo@bar", "a@b@c", "@media print",
            "git@{4}", "x @ y.com", "name@host.{3}"]
NO_HOSTS = ["1.2.3", "{3}.400.1.1", "v10.2.30.4.5", "1:2", "12:34:56",
            "Section 4.3.2.1.7", "a::b::c", "std::vector"]


def contacts(rng, n):
    for plan in PHONES * n:
        yield from reached(rng, "phone", "phone", made(rng, plan),
                           PHONE_TITLES)
    for plan in HOME_PHONES * n * 2:
        yield from reached(rng, "phone", "phone", made(rng, plan),
                           PHONE_TITLES, False)
    for host in HOSTS * n * 3:
        value = some(rng, string.ascii_lowercase, 6) + rng.choice(
            [".", "_", "+", ""]) + some(rng, WORD, 3) + "@" + host
        yield from reached(rng, "email", "email", value,
                           ["Email", "E-mail address", "contact", "email"])
    for template in ["[1-9]#.1##.[1-9]#.[1-9]#", "2001:db9:[1-9a-f]{4}::1",
                     "8[0-9].2[0-4]#.#.1[0-9]",
                     "2a02:[1-9a-f]{3}:[1-9a-f]{4}:#::[1-9a-f]{2}"] * n * 3:
        yield from reached(rng, "ip", "ip_address", made(rng, template),
                           ["IP address", "client_ip", "Server", "ip"])
    for group, stock in (("phone", NO_PHONES), ("email", NO_MAILS),
                         ("ip", NO_HOSTS)):
        for text in stock * n * 2:
            text = re.sub(r"\{(\d+)\}", lambda m: some(
                rng, "123456789", int(m[1])), text) + "\n"
            yield Shown(group, group, "none", text, 0, len(text), False)


# ---- secrets ---------------------------------------------------------------

SET = ["export {k}={v}\n", "export {k}=\"{v}\"\n", "{k}={v}\n", "{k}: {v}\n",
       "{k} = \"{v}\"\n", "setx {k} \"{v}\"\n", "{k}='{v}'\n",
       "docker run -e {k}={v} acme/app\n", "$env:{k} = \"{v}\"\n",
       "os.environ[\"{k}\"] = \"{v}\"\n", "process.env.{k} = '{v}';\n",
       "{{\"{l}\": \"{v}\"}}\n", "  {l}: \"{v}\"\n",
       "env:\n  - name: {k}\n    value: \"{v}\"\n",
       "fly secrets set {k}={v}\n", "gh secret set {k} --body \"{v}\"\n",
       "variable \"{l}\" {{\n  default = \"{v}\"\n}}\n",
       "heroku config:set {k}={v}\n", "<add key=\"{k}\" value=\"{v}\" />\n",
       "# {k}\n{k} := \"{v}\"\n", "ENV {k}={v}\n", "{k}|{v}|prod\n"]
WORTHLESS = ["{k}=<your-key-here>\n", "{k}=${{{k}}}\n", "export {k}=xxxxxxxx\n",
             "{k}: {{{{ secrets.{k} }}}}\n", "{k} = os.environ[\"{k}\"]\n",
             "{k}=changeme\n", "{k}=\n", "echo ${k}\n",
             "Set {k} to the value shown in the dashboard.\n",
             "{k}: \"********\"\n", "{k}=your_api_key\n"]


def secrets(rng, n):
    for vendor, name, template in lines("clerk_keys.txt") * n:
        for line in rng.sample(SET, 4):
            value = re.sub("<([^>]*)>", lambda m: named(rng, m[1]), template)
            if not re.fullmatch(r"\w+", name):
                line = "{k}={v}\n" if "/" in name else "{k} {v}\n"
            text, at = at_mark(line.format(k=name, l=name.lower(), v="\0"),
                               value)
            for group, kind in (("vendor", vendor), ("secret", "")):
                yield Shown(group, kind, "set", text, at, len(value), True)
        text = rng.choice(WORTHLESS).format(k=name)
        yield Shown("secret", "", "none", text, 0, len(text), False)


def suites(rng, n):
    for some_cases in (ids, cards, accounts, contacts, secrets):
        yield from some_cases(rng, n)
