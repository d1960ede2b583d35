"""Cases of an eighth writer: the benchmark of another product.

Each number of rival_ids.py is drawn from its shape until the rule of
rival_sums.py lets it pass, and put into the same wrappings as every other: a
bare line, an English label, one of the country, a column, a field of JSON, a
sentence in its tongue; near misses, one digit changed, in the same. Secrets of
rival_keys.txt stand in env files, YAML, JSON, commands and code. Nothing here
reads a catalogue file, another writer's tables or the detector.
"""
import json
import os
import random
import re
from collections import namedtuple

import rival_ids
from rival_sums import luhn, ninety_seven

HERE = os.path.dirname(os.path.abspath(__file__))
Shown = namedtuple("Shown", "group id how text at length want")
DIGITS = "0123456789"
VALUES = 3  # of a type, for each n


# ---- values: a shape read backwards ----------------------------------------

def draw(rng, tree):
    """A text that an expression takes: the few things that shapes have."""
    out = ""
    for op, arg in tree:
        op = str(op)
        if op == "LITERAL":
            out += chr(arg)
        elif op == "IN":
            out += rng.choice(members(arg))
        elif op == "MAX_REPEAT":
            low, high, inner = arg
            out += "".join(draw(rng, inner)
                           for _ in range(rng.randint(low, high)))
        elif op == "SUBPATTERN":
            out += draw(rng, arg[-1])
        elif op == "BRANCH":
            out += draw(rng, rng.choice(arg[1]))
    return out


def members(parts):
    out = ""
    for op, arg in parts:
        if str(op) == "LITERAL":
            out += chr(arg)
        elif str(op) == "RANGE":
            out += "".join(map(chr, range(arg[0], arg[1] + 1)))
        elif str(op) == "CATEGORY":
            out += DIGITS
    return out


def parsed(expression):
    try:
        from re import _parser as parser
    except ImportError:  # before Python 3.11
        import sre_parse as parser
    return parser.parse(expression)


class Maker:
    def __init__(self, rng, row):
        self.rng, self.row = rng, row
        self.shape = row.shape.replace("~", "|")
        self.tree = parsed(self.shape)

    def holds(self, value):
        try:
            return re.fullmatch(self.shape, value) is not None and \
                (self.row.holds is None or self.row.holds(value))
        except (ValueError, IndexError, KeyError):
            return False

    def value(self):
        while True:
            value = draw(self.rng, self.tree)
            if self.holds(value):
                return value

    def near(self, value):
        """One digit is another, and the rule knows."""
        first = 2 if value[:2].isalpha() else 0
        places = [i for i, c in enumerate(value) if c in DIGITS and i >= first]
        for _ in range(60):
            i = self.rng.choice(places)
            bad = value[:i] + self.rng.choice(DIGITS.replace(value[i], "")) + \
                value[i + 1:]
            try:
                if not self.row.holds(bad):
                    return bad
            except (ValueError, IndexError, KeyError):
                pass
        return None

    def written(self, value):
        must = [w[1:] for w in self.row.ways if w[0] == "!"]
        ways = [w for w in must or self.row.ways
                if w.count("x") == len(value)]
        if not ways or (not must and self.rng.random() < 0.5):
            return value
        rest = iter(value)
        return re.sub("x", lambda m: next(rest), self.rng.choice(ways))


# ---- wrappings -------------------------------------------------------------

SENTENCES = {
    "en": ["Please update the record, the {t} is {v} as of today.",
           "Her {t} {v} was printed on the letter we sent last week.",
           "Can you confirm that {v} is the correct {t}?"],
    "de": ["Meine {t} lautet {v}, bitte vermerken Sie das.",
           "Bitte geben Sie bei R\u00fcckfragen die {t} {v} an."],
    "fr": ["Voici mon {t} : {v}, merci de le noter.",
           "Le {t} du client est le {v}."],
    "es": ["Mi {t} es {v}, gracias por su ayuda.",
           "Adjunto el {t} {v} del titular."],
    "pt": ["O meu {t} \u00e9 {v}, obrigado.",
           "Segue o {t} {v} do titular do contrato."],
    "it": ["Il mio {t} \u00e8 {v}, grazie.",
           "Indichiamo il {t} {v} del cliente."],
    "nl": ["Mijn {t} is {v}, graag verwerken.",
           "Op de brief staat {t} {v} vermeld."],
    "pl": ["M\u00f3j {t} to {v}, prosz\u0119 o aktualizacj\u0119.",
           "W umowie podano {t} {v}."],
    "cs": ["Moje {t} je {v}, d\u011bkuji."],
    "sk": ["Moje {t} je {v}, \u010fakujem."],
    "sv": ["Mitt {t} \u00e4r {v}, tack."], "da": ["Mit {t} er {v}, tak."],
    "no": ["Mitt {t} er {v}, takk."], "fi": ["{t} on {v}, kiitos."],
    "et": ["Minu {t} on {v}, ait\u00e4h."], "lt": ["Mano {t} yra {v}."],
    "lv": ["Mans {t} ir {v}, paldies."], "hu": ["A {t} {v}, k\u00f6sz\u00f6n\u00f6m."],
    "ro": ["{t} al clientului este {v}."], "hr": ["Moj {t} je {v}, hvala."],
    "sl": ["Moja {t} je {v}, hvala."], "sr": ["Moj {t} je {v}, hvala."],
    "tr": ["M\u00fc\u015fterinin {t} bilgisi {v} olarak kay\u0131tl\u0131."],
    "ru": ["\u041c\u043e\u0439 {t} {v}, \u0441\u043f\u0430\u0441\u0438\u0431\u043e."],
    "uk": ["\u041c\u0456\u0439 {t} {v}, \u0434\u044f\u043a\u0443\u044e."],
    "bg": ["\u041c\u043e\u044f\u0442 {t} \u0435 {v}."],
    "kk": ["\u041c\u0435\u043d\u0456\u04a3 {t} {v}."],
    "el": ["\u03a4\u03bf {t} \u03bc\u03bf\u03c5 \u03b5\u03af\u03bd\u03b1\u03b9 {v}."],
    "zh": ["\u6211\u7684{t}\u662f{v}\u3002", "{t}\uff1a{v}\uff0c\u8bf7\u6838\u5bf9\u3002"],
    "ja": ["{t}\u306f{v}\u3067\u3059\u3002", "{t}\uff1a{v}"],
    "ko": ["\uc81c {t}\ub294 {v}\uc785\ub2c8\ub2e4."],
    "th": ["{t} {v} \u0e04\u0e23\u0e31\u0e1a"],
    "ar": ["{t} \u0647\u0648 {v}"], "fa": ["{t} \u0645\u0646 {v} \u0627\u0633\u062a"],
    "he": ["{t} \u05e9\u05dc\u05d9 \u05d4\u05d5\u05d0 {v}"],
    "hi": ["\u092e\u0947\u0930\u093e {t} {v} \u0939\u0948\u0964"],
    "vi": ["{t} c\u1ee7a t\u00f4i l\u00e0 {v}."], "is": ["{t} m\u00edn er {v}."],
    "id": ["{t} saya adalah {v}."], "ms": ["{t} saya ialah {v}."],
    "ur": ["\u0645\u06cc\u0631\u0627 {t} {v} \u06c1\u06d2"],
    "bn": ["\u0986\u09ae\u09be\u09b0 {t} {v}"],
}
PEOPLE = ["Ivo Lindqvist", "Mara Okafor", "Chen Wei", "Lucia Ferrante"]
TOWNS = ["Malmo", "Porto", "Graz", "Leeds"]


def split(text, value):
    at = text.index("\0")
    return text.replace("\0", value), at


def wrapped(rng, english, native, head, tongue, value):
    """(how, text, where) of each wrapping; bare is the caller's."""
    label, own = rng.choice(english), rng.choice(native)
    yield "label", *split("%s: \0\n" % label, value)
    yield "native", *split("%s: \0\n" % own, value)
    who, town = rng.choice(PEOPLE), rng.choice(TOWNS)
    head = rng.choice([head, head.upper(), label, own])
    yield "csv", *split("name,%s,city\n%s,\0,%s\n" % (head, who, town), value)
    name = rng.choice([head, re.sub("_(.)", lambda m: m[1].upper(), head)])
    text = json.dumps({"name": who, name: "@@", "city": town},
                      ensure_ascii=False, indent=rng.choice([None, 4]))
    yield "json", *split(text.replace("@@", "\0") + "\n", value)
    said = rng.choice(SENTENCES["en"]).replace("{t}", label)
    yield "sentence", *split(said.replace("{v}", "\0") + "\n", value)
    said = rng.choice(SENTENCES[tongue]).replace("{t}", own)
    yield "own tongue", *split(said.replace("{v}", "\0") + "\n", value)


def both(rng, group, kind, labels, good, near):
    for value, want in ((good, True), (near, False)):
        if value is None:
            continue
        for how, text, at in wrapped(rng, *labels, value):
            yield Shown(group, kind, how, text, at, len(value), want)


def alone(group, kind, value, want):
    return Shown(group, kind, "bare", value + "\n", 0, len(value), want)


# ---- ids -------------------------------------------------------------------

def ids(rng, n):
    for row in rival_ids.rows(rival_ids.CHECKED):
        maker = Maker(rng, row)
        labels = (row.english, row.native, row.head, row.tongue)
        for _ in range(n * VALUES):
            good = maker.value()
            bad = maker.near(good)
            good, bad = maker.written(good), bad and maker.written(bad)
            yield from both(rng, "id", row.kind, labels, good, bad)
            yield alone("id_bare", row.kind, good, True)
            if bad:
                yield alone("id_bare", row.kind, bad, False)


def plain_ids(rng, n):
    for row in rival_ids.rows(rival_ids.PLAIN):
        maker = Maker(rng, row)
        labels = (row.english, row.native, row.head, row.tongue)
        for _ in range(n * VALUES):
            value = maker.written(maker.value())
            yield from both(rng, "id_plain", row.kind, labels, value, None)
            # alone it is nothing that anybody could tell
            if value.isdigit():
                yield alone("id_plain", row.kind, value, False)


# ---- cards and accounts ----------------------------------------------------

CARDS = [("card_visa", r"4\d{15}"), ("card_visa", r"4\d{12}"),
         ("card_visa", r"4\d{18}"), ("card_mastercard", r"5[1-5]\d{14}"),
         ("card_mastercard", r"(222[1-9]|2[3-6]\d\d|271\d)\d{12}"),
         ("card_amex", r"3[47]\d{13}"), ("card_discover", r"6011\d{12}"),
         ("card_discover", r"64[4-9]\d{13}"), ("card_jcb", r"35[3-8]\d{13}"),
         ("card_diners", r"3(0[0-5]|[68]\d)\d{11}"),
         ("card_unionpay", r"62[2-5]\d{13}"), ("card_unionpay", r"62\d{17}"),
         ("card_maestro", r"(5018|6304|6759)\d{12}"),
         ("card_mir", r"220[0-4]\d{12}"), ("card_rupay", r"6521\d{12}"),
         ("card_elo", r"(636368|509040)\d{10}"),
         ("card_troy", r"9792\d{12}")]
CARD_LABELS = [
    ("en", ["Card number", "Credit card number", "PAN"],
     ["CC no.", "Payment card"], "card_number"),
    ("de", ["Card no"], ["Kartennummer", "Kreditkartennummer"],
     "kartennummer"),
    ("fr", ["Card no"], ["Num\u00e9ro de carte", "Carte bancaire"],
     "numero_carte"),
    ("es", ["Card no"], ["N\u00famero de tarjeta", "Tarjeta"],
     "numero_tarjeta"),
    ("pt", ["Card no"], ["N\u00famero do cart\u00e3o"], "cartao"),
    ("it", ["Card no"], ["Numero carta", "Carta di credito"], "numero_carta"),
    ("nl", ["Card no"], ["Kaartnummer", "Creditcardnummer"], "kaartnummer"),
    ("pl", ["Card no"], ["Numer karty"], "nr_karty"),
    ("ru", ["Card no"], ["\u041d\u043e\u043c\u0435\u0440 "
                         "\u043a\u0430\u0440\u0442\u044b"], "card_no"),
    ("zh", ["Card no"], ["\u5361\u53f7", "\u94f6\u884c\u5361\u53f7"],
     "card_no"),
    ("ja", ["Card no"], ["\u30ab\u30fc\u30c9\u756a\u53f7"], "card_no"),
    ("ko", ["Card no"], ["\uce74\ub4dc\ubc88\ud638"], "card_no"),
    ("tr", ["Card no"], ["Kart numaras\u0131"], "kart_no"),
]


def fours(rng, value):
    sep = rng.choice(" -")
    sizes = {14: (4, 6, 4), 15: (4, 6, 5)}.get(len(value), (4,) * 5)
    out, at = [], 0
    for n in sizes:
        out.append(value[at:at + n])
        at += n
    return sep.join(x for x in out if x)


def cards(rng, n):
    for kind, shape in CARDS:
        row = rival_ids.Row(kind, "", [], [], "", shape, [], luhn)
        maker = Maker(rng, row)
        for _ in range(n * VALUES):
            good = maker.value()
            bad = maker.near(good)
            # sixteen and three: a card and the code on its back
            while len(bad) == 19 and luhn(bad[:16]):
                bad = maker.near(good)
            if rng.random() < 0.5:
                good, bad = fours(rng, good), fours(rng, bad)
            tongue, english, native, head = rng.choice(CARD_LABELS)
            yield from both(rng, "card", kind, (english, native, head, tongue),
                            good, bad)
            yield alone("card", kind, good, True)
            yield alone("card", kind, bad, False)


# Countries whose numbers have no check digits of their own inside.
IBANS = {"DE": r"\d{18}", "AT": r"\d{16}", "CH": r"\d{17}", "CY": r"\d{24}",
         "GB": r"(NWBK|BARC|LOYD)\d{14}", "IE": r"(AIBK|BOFI)\d{14}",
         "GR": r"\d{23}", "LT": r"\d{16}", "LV": r"(HABA|UNLA)[0-9]{13}",
         "LU": r"\d{16}", "DK": r"\d{14}", "SE": r"\d{20}",
         "RO": r"(BTRL|RNCB)[0-9A-Z]{16}", "SA": r"80\d{18}",
         "AE": r"03\d{17}", "UA": r"3\d{24}", "LI": r"\d{17}",
         "QA": r"QNBA[0-9]{21}", "KW": r"NBOK\d{22}", "JO": r"ARAB\d{22}"}
IBAN_LABELS = (["IBAN", "Bank account (IBAN)", "Account"],
               ["IBAN", "Kontonummer", "Compte", "Cuenta", "Conto"], "iban")


def accounts(rng, n):
    for land, shape in IBANS.items():
        row = rival_ids.Row("iban", "", [], [], "", land + r"\d\d" + shape, [],
                            lambda v: ninety_seven(v[4:] + v[:4]))
        maker = Maker(rng, row)
        for _ in range(n * VALUES):
            good = maker.value()
            bad = maker.near(good)
            if rng.random() < 0.5:
                good, bad = (re.sub("(.{4})(?=.)", r"\1 ", v)
                             for v in (good, bad))
            yield from both(rng, "iban", "iban", IBAN_LABELS + ("en",), good,
                            bad)
            yield alone("iban", "iban", good, True)
            yield alone("iban", "iban", bad, False)


# ---- secrets ---------------------------------------------------------------

SETTINGS = [
    ("env", "{K}={v}\n"), ("env", "{K}=\"{v}\"\nLOG_LEVEL=info\n"),
    ("shell", "export {K}='{v}'\n"), ("shell", "{K}={v} ./deploy.sh\n"),
    ("yaml", "app:\n  {k}: {v}\n  debug: false\n"),
    ("yaml", "env:\n  {K}: '{v}'\n"),
    ("json", "{{\n  \"debug\": false,\n  \"{k}\": \"{v}\"\n}}\n"),
    ("json", "{{\"{c}\":\"{v}\"}}\n"),
    ("code", "const {c} = \"{v}\";\n"), ("code", "{k} = '{v}'  # prod\n"),
    ("code", "private static final String {K} = \"{v}\";\n"),
    ("code", "    client = Client({k}=\"{v}\")\n"),
    ("code", "${c} = '{v}';\n"), ("code", "{C} := \"{v}\"\n"),
    ("chat", "here is the {w}: {v}\n"),
    ("toml", "[service]\n{k} = \"{v}\"\n"), ("properties", "app.{k}={v}\n"),
]
NOTHING = ["{K}=\n", "{K}=${{{K}}}\n", "{K}=<{w}>\n", "{k}: changeme\n",
           "{k} = os.getenv(\"{K}\")\n", "{k}: {{{{ .Values.{c} }}}}\n",
           "\"{k}\": \"YOUR_{K}\"\n", "{K}=xxxxxxxxxxxxxxxxxxxx\n",
           "# set {K} before you start\n", "const {c} = config.get('{k}');\n"]


def keys():
    with open(os.path.join(HERE, "rival_keys.txt"), encoding="utf-8") as f:
        for line in f:
            if line.strip() and not line.startswith("#"):
                yield line.rstrip("\n").split(" ", 3)


def named(name):
    head, *rest = name.lower().split("_")
    camel = head + "".join(x.capitalize() for x in rest)
    return {"K": name, "k": name.lower(), "c": camel,
            "C": camel[:1].upper() + camel[1:],
            "w": name.lower().replace("_", " ")}


def secrets(rng, n):
    for vendor, bare, name, shape in keys():
        tree = parsed(shape)
        for _ in range(n * VALUES):
            value = draw(rng, tree)
            for how, line in rng.sample(SETTINGS, 4):
                text, at = split(line.format(v="\0", **named(name)), value)
                for group, kind in (("vendor", vendor), ("secret", "")):
                    yield Shown(group, kind, how, text, at, len(value), True)
            if bare == "+":  # its prefix says whose it is
                yield alone("vendor", vendor, value, True)
        text = rng.choice(NOTHING).format(**named(name))
        yield Shown("secret", "", "nothing", text, 0, len(text), False)


def suites(seed, n):
    rng = random.Random(seed)
    for some in (ids, plain_ids, cards, accounts, secrets):
        yield from some(rng, n)
