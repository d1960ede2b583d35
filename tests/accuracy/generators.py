"""Cases of a tenth writer: who tries a scanner with made data.

Records as the users of fake-data libraries write them down (generator_forms.py)
with values in the formats of those libraries (generator_values.py), names,
addresses, phones and passwords of python's Faker in all its locales when it is
there (Debian's python3-fake-factory), its text blocks and profiles, and sentences
made from templates. Only what is valid is wanted where a type has a check;
what a library makes with a wrong one is a near miss, and so is whatever else
stands in the records: hashes, ISBN, UUID, prices, stamps.
"""
import random
import re
import sys
from collections import namedtuple

import auditor_sums as sums
import banks
import coins as chain
import generator_forms as forms
import generator_values as rows

Shown = namedtuple("Shown", "group id how text at length want")
Value = namedtuple("Value", "group kind want text")
Field = namedtuple("Field", "words make")

FIRST = """Mia Jonas Kaela Reginald Trinity Esteban Tamara Ramona Darius Otto
Josefina Magnus Leonora Ephraim Gianni Vernie Cornelius Aisha Byron Lucile Petra
Samson Tania Aurelio Nola Clement Henriette Ibrahim Yolanda Gustavo""".split()
LAST = """Wolff Turner Mayert Kunde Haley Ledner Fay Grant Kuhlman Raynor Weber
Gerlach Lind Beatty Anderson Hickle Casper Maggio Prohaska Upton Crona Sanders
Okafor Nakamura Silva Rossi Novak Larsen Dubois Moreno""".split()
STREETS = ["#### (Maeve~Harbor~Jefferson~Vine~Homenick) (Street~Port~Lane~Drive)",
           "[1-9]#### (Micah~Eino~Marvin~Rice) (Road~Court~Avenue~Terrace)",
           "[1-9]## W (Overpass~Main) Street",
           "[1-9]### (Maeve~Dooley~Ferry) (Port~Spurs~Fords~Knolls) (Apt. ~Suite )"
           "[1-9]##", "(Kirchweg~Lindenstraße~Bergstraße~Koloniestraße) [1-9]#",
           "[1-9]# (Rue~Boulevard~Place) (Presbourg~Mouffetard~Vaneau)",
           "Calle (Moreno~Olivares~Zamora), [1-9]#"]
CITIES = ["West Horaceshire", "Lake Krisport", "Hameln", "Manresa", "Novska"]
HOSTS = ["gmail.com", "hotmail.com", "yahoo.com", "example.org", "example.net",
         "kuhlman-haley.biz", "web.de", "libero.it", "yahoo.co.jp",
         "schaefer.info", "lind.name"]
PASSWORDS = ["[A-Za-z0-9_]{15}", "[A-Za-z][A-Z][a-z][0-9][!@#$%^&*()_+][A-Za-z0-9]"
             "{5}", "[!-&*-}][A-Za-z0-9][!-&*-}][a-z]{3}[A-Z]{2}[0-9]{2}[a-z]",
             "[A-Za-z0-9]{12}", "[A-Z][a-z][0-9][A-Z][a-z]{2}[0-9][A-Z][a-z]{2}"
             "[A-Z][0-9]"]
PHONES = r"""(919)###-####x###
(###)###-####x###
###-###-####x####
###.###.####x###
001-###-###-####x#####
+1-###-###-####x####
(###)###-####
###-###-####
###-###-#### x#####
(###) ###-####
1-###-###-#### x###
###.###.####
(###) ###-#### x####
+1##########
+49(0)#### ######
+49(0)##########
(0####) ######
+49-0###-########
(0####) #######
+43-1-#######
+41 (0)## ### ## ##
07# ### ## ##
+33 (0)# ## ## ## ##
0# ## ## ## ##
0[67]########
+34 [6-9]## ## ## ##
[6-9]##.###.###
+39 ## #######
+39 ### ## ## ####
+31(0)##-#######
06 ########
0### ### ###
+32(0)## #######
0468/### ###
+44(0)##########
0151 496 0###
(0306)9990###
+44 07### ######
+353 ## #######
+61 ### ### ###
(07).####.####
(03) ### ####
+64## ### ####
+7 (9##) ###-##-##
+7 9## ### ####
8 (9##) ###-##-##
+38 (0##) ###-##-##
(0##) ###-##-##
+48 ### ### ###
##-###-##-##
+420 [67]## ### ###
+421 9## ### ###
+36 70/###-####
(06)##/###-####
+385 91 ### ###
0## ### ###
+386 4# ### ###
+40 7## ### ###
02########
+359(0)#########
+30 69## ######
+90 (5##) #######
+90-###-###-##-##
(0###) ### ## ##
+45 ## ## ## ##
+46 (0)## ### ## ##
08-### ### ##
+47 ## ## ## ##
+358 ## #######
+370 ### #####
+371 2#######
+372 5### ####
+62 (0###) ### ####
(+62) ### #### ####
+91-###-#######
+91 9#########
+977 ### #######
+98 9## ### ####
0## #### ####
+972-5#-#######
+962 7 #### ####
+55 (##) 9####-####
(##) 9####-####
+52 55 #### ####
(351) 9## ### ###
+351 91#######
080-####-####
0#-####-####
010-####-####
1[38]#########
0##-########
+886 9## ### ###
09##-######
+66 # #### ####
+233#########
0803 ### ####
+27 8# ### ####
(099) ### ####
+995 5## ## ## ##
(+995) 5## ######
+374 9# ######
+84 ### #### ###
+960-#######
+382 6# ### ###""".replace("(", r"\(").split("\n")


# ---- fields ----------------------------------------------------------------

def key(rng, words):
    return rng.choice(words.split("|"))


def with_check(rng, group, row):
    kind, words, template, holds = row

    def make(wrong):
        value = rows.good(rng, template, holds)
        off = rows.near(rng, value, holds) if wrong and holds else None
        return Value(group, kind, off is None, off or value)
    return Field(key(rng, words), make)


def card(rng):
    names = rng.choice(rows.CARD_NAMES)

    def make(wrong):
        kind, template = rng.choice(rows.CARDS)
        value = rows.good(rng, template, sums.luhn)
        while wrong and value[16:] and value.isdigit() and sums.luhn(value[:16]):
            value = rows.good(rng, template, sums.luhn)
        if wrong:
            value = rows.near(rng, value, sums.luhn)
        return Value("card", kind, not wrong, value)
    return Field(names, make)


def iban(rng):
    """Half with what the country checks inside, half as the libraries."""
    def make(wrong):
        value = rows.iban(rng, rng.choice(sorted(rows.IBANS)))
        if rng.random() < 0.5:
            value = banks.account(rng, rng.choice(sorted(banks.REGISTRY)))
        inside = banks.INSIDE.get(value[:2])
        if wrong:
            value = rows.near(rng, value, sums.iban)
        elif inside and inside(value[4:]) != value[4:]:
            return Value(None, "iban of no bank", False, value)
        elif rng.random() < 0.3:
            value = rows.fours(value)
        return Value("iban", "iban", not wrong, value)
    return Field(key(rng, "iban|account iban|bank iban|iban number"), make)


def person(rng):
    words = rng.choice(["name", "first name", "last name", "full name",
                        "customer name", "account holder", "card holder name"])

    def make(_):
        text = rng.choice(FIRST) + " " + rng.choice(LAST)
        if words in ("first name", "last name"):
            text = text.split()[words == "last name"]
        elif rng.random() < 0.15:
            text = rng.choice(["Mr. ", "Mrs. ", "Dr. ", "Ms. "]) + text
        return Value("person", "person_name", True, text)
    return Field(words, make)


def simple(rng, group, kind, words, templates):
    """What a template makes is one, whatever its digits are."""
    def make(_):
        return Value(group, kind, True, rows.fill(rng, rng.choice(templates)))
    return Field(key(rng, words), make)


def mail(rng):
    def make(_):
        user = "%s%s%s" % (rng.choice(FIRST), rng.choice("._") +
                           rng.choice(LAST), rng.choice(["", "7", "46"]))
        return Value("email", "email", True, rng.choice([user, user.lower()]) +
                     "@" + rng.choice(HOSTS))
    return Field(key(rng, "email|mail|email address|free email|safe email"),
                 make)


def born(rng):
    def make(_):
        y, m, d = rng.randint(1940, 2004), rng.randint(1, 12), \
            rng.randint(1, 28)
        return Value("birth", "date_of_birth", True, rng.choice(
            ["%d-%02d-%02d", "%d-%02d-%02dT10:24:29.185Z",
             "%d-%02d-%02d 00:00:00"]) % (y, m, d))
    return Field(key(rng, "birthdate|date of birth|dob|birthday|birth date"),
                 make)


def coin(rng):
    which = rng.choice(["bitcoin", "litecoin", "ethereum"])

    def make(wrong):
        if which == "ethereum":
            return Value("crypto", "coin", True,
                         "0x" + rows.fill(rng, "[0-9a-f]{40}"))
        version = {"bitcoin": "00", "litecoin": "30"}[which]
        value = chain.base58check(version, rng.randbytes(20))
        if wrong:  # as the libraries that only look alike
            at = rng.randrange(4, 20)
            value = value[:at] + ("q" if value[at] != "q" else "p") + \
                value[at + 1:]
        return Value("crypto", "coin", not wrong, value)
    return Field(which + " address", make)


def address(rng):
    if rng.random() < 0.6:
        return simple(rng, "address", "street_address", "street address|street|"
                      "address|address line 1|billing address", STREETS)
    return simple(rng, "address", "postal_code", "zip code|postcode|zip|"
                  "postal code", ["[1-9]####", "[1-9]####-####", "@#@ #@#",
                                  "(DH~KY~SY)[1-9] #[ABDEFGHJL]{2}", "[1-9]### @@",
                                  "[1-9]#-###", "[1-9]#####"])


def other(rng):
    words, template = rng.choice(rows.OTHERS)

    def make(_):
        return Value(None, words, False, rows.fill(rng, template))
    return Field(key(rng, words), make)


def secret(rng):
    if rng.random() < 0.6:
        return simple(rng, "secret", "password", "password|passwd|user password|"
                      "plain password|pwd", PASSWORDS)
    return simple(rng, "secret", "token", "api key|access token|auth token|"
                  "secret key|api token|client secret|session token",
                  ["[A-Za-z0-9]{32}", "[0-9a-f]{40}", "[A-Za-z0-9_]{24}"])


def deck(rng, table):
    """The rows in another order, again and again."""
    while True:
        yield from rng.sample(table, len(table))


# ---- records ---------------------------------------------------------------

def fields(rng, decks):
    """Which fields the records of a file have."""
    got = [person(rng), mail(rng), card(rng),
           with_check(rng, "id", next(decks["id"])),
           with_check(rng, "id", next(decks["id"])),
           simple(rng, "phone", "phone", "phone|phone number|mobile|cell phone|"
                  "phone no|work phone|telephone|home phone|contact number",
                  [next(decks["phone"]), next(decks["phone"])]),
           other(rng), other(rng)]
    bank = next(decks["bank"])
    got += rng.sample([
        iban(rng), with_check(rng, "bank", bank), secret(rng), secret(rng),
        address(rng), born(rng), coin(rng),
        simple(rng, "ip", "ip", "ip|ipv4|ip address|last ip|current sign in ip",
               ["[1-9]#.1##.[1-9]#.[1-9]#", "1[1-6]#.2[0-4]#.#.[1-9]"]),
        simple(rng, "ip", "ip", "ipv6|ip|ip v6 address",
               ["[1-9a-f][0-9a-f]{3}(:[0-9a-f]{4}){7}".replace(
                   "(:[0-9a-f]{4}){7}", ":[1-9a-f][0-9a-f]{3}" * 7)]),
        simple(rng, "mac", "mac", "mac|mac address",
               ["[0-9a-f][02468ace]" + ":[0-9a-f]{2}" * 5]),
        simple(rng, "id_plain", *(lambda r: (r[0], r[1], [r[2]]))(
            next(decks["plain"]))), other(rng)], 5)
    seen, out = set(), [Field("id", None)]
    for f in rng.sample(got, len(got)):
        if f.words not in seen:
            seen.add(f.words)
            out.append(f)
    return out


STRAY = ("card", "iban", "phone", "email", "crypto", "secret", "id")


def told(value, how, text, at, length):
    """What is wanted of a value, and what it must not be taken for."""
    if value.group is not None:
        yield Shown(value.group, value.kind, how, text, at, length, value.want)
    if value.group in ("bank", "id", "id_plain", "address", "birth"):
        near = ("card", "phone", "secret")
    elif value.group is None:
        near = [g for g in STRAY if not (g == "card" and
                value.kind.startswith(("cvv", "expires"))) and
                not value.kind.startswith(g)]
    else:
        near = [g for g in ("card", "phone", "secret") if g != value.group]
    for group in near:
        yield Shown(group, "*", how, text, at, length, False)


def records(rng, n):
    decks = {"id": deck(rng, rows.IDS), "bank": deck(rng, rows.BANK),
             "plain": deck(rng, rows.PLAIN), "phone": deck(rng, PHONES)}
    for how, write in list(forms.LAYOUTS.items()) * n * 2:
        have, wrong = fields(rng, decks), rng.random() < 0.2
        made = [[Value(None, None, False, str(i + 1)) if f.make is None else
                 f.make(wrong) for f in have] for i in range(3)]
        text, found = forms.spans(write([
            [(f.words, v.text) for f, v in zip(have, row)] for row in made]))
        flat = [v for row in made for v in row]
        if len(flat) != len(found):
            raise ValueError(how)
        for value, (at, length) in zip(flat, found):
            if value.kind is not None:
                yield from told(value, how, text, at, length)


# ---- sentences -------------------------------------------------------------

def in_sentences(rng):
    def of(words):
        row = next(x for x in rows.IDS if words in x[1].split("|"))
        return with_check(rng, "id", row)

    def phone(*plans):
        return simple(rng, "phone", "phone", "phone", plans)
    return {
        "cc": card(rng), "iban": iban(rng), "phone": phone(*PHONES),
        "dephone": phone(r"\(0####) ######", r"+49\(0)#### ######", "0#### #######"),
        "frphone": phone("0# ## ## ## ##", r"+33 \(0)# ## ## ## ##"),
        "esphone": phone("+34 6## ### ###", "6## ## ## ##"),
        "zhphone": phone("13#########", "18#########"),
        "email": mail(rng), "dob": born(rng),
        "name": Field("", lambda _: Value(None, None, False, "%s %s" % (
            rng.choice(FIRST), rng.choice(LAST)))),
        "addr": simple(rng, "address", "street_address", "a", STREETS),
        "dedob": simple(rng, "birth", "date_of_birth", "",
                        ["[12]#.0[1-9].19[5-9]#"]),
        "ip": simple(rng, "ip", "ip", "", ["1[1-6]#.2[0-4]#.#.[1-9]"]),
        "mac": simple(rng, "mac", "mac", "", ["0[0-9]" + ":[0-9a-f]{2}" * 5]),
        "pw": simple(rng, "secret", "password", "", PASSWORDS),
        "acct": simple(rng, "bank", "us_bank_account", "", ["#{8}", "[1-9]#{9}"]),
        "eth": simple(rng, "crypto", "coin", "", ["0x[0-9a-f]{40}"]),
        "btc": Field("", lambda _: Value("crypto", "coin", True,
                     chain.base58check("00", rng.randbytes(20)))),
        "dl": simple(rng, "id_plain", rows.PLAIN[2][0], "", ["@#{7}"]),
        "pass": simple(rng, "id_plain", rows.PLAIN[4][0], "", ["[1-9]#{8}"]),
        "aba": with_check(rng, "bank", rows.BANK[1]),
        "bic": with_check(rng, "bank", rows.BANK[0]),
        "ssn": of("social security number"), "vin": of("vin"),
        "nhs": of("nhs number"), "idnr": of("steuer id"), "nir": of("nir"),
        "dni": of("dni"), "cf": of("codice fiscale"), "cpf": of("cpf"),
        "bsn": of("bsn"), "pesel": of("pesel"), "pnr": of("personnummer"),
        "hetu": of("hetu"), "tckn": of("tckn"), "ric": of("id number cn"),
        "rrn": of("resident registration number"),
    }


PLAIN = {"exp": "(0[1-9]~1[0-2])/(2[7-9]~3#)", "cvv": "###",
         "city": "(Lake Krisport~Hameln~Novska)", "user": "(mia~jonas~kaela)_[1-9]#"}


def sentences(rng, n):
    for sentence in forms.SENTENCES * n * 2:
        have, wrong, values = in_sentences(rng), rng.random() < 0.2, []

        def put(m):
            if m[1] in PLAIN:
                return rows.fill(rng, PLAIN[m[1]])
            values.append(have[m[1]].make(wrong))
            return forms.marked(values[-1].text)
        line = re.sub(r"\{(\w+)\}", put, re.sub(r"^\[\w+\] ", "", sentence))
        text, found = forms.spans(line + rng.choice(["\n", ""]))
        for value, (at, length) in zip(values, found):
            if value.kind is not None:
                yield from told(value, "sentence", text, at, length)


# ---- python's Faker --------------------------------------------------------

def library():
    sys.path.append("/usr/lib/python3/dist-packages")  # Debian's
    try:
        import faker
        from faker.config import AVAILABLE_LOCALES
        return faker.Faker, sorted(AVAILABLE_LOCALES)
    except ImportError:
        return None, []
    finally:
        sys.path.pop()


BLOCKS = ["{v}", "Card:\n{v}\n", "{v}\n\n{v2}", "{'card': {r}}\n",
          "payment method\n--------------\n{v}--------------\n"]


def full_card(rng, fake, how):
    """The block of four lines that it prints."""
    text = fake.credit_card_full()
    form = rng.choice(BLOCKS).replace("{v2}", fake.credit_card_full())
    shown = text.replace("\n", "\\n")
    form = form.replace("{r}", "'" + shown.replace("'", "\\'") + "'")
    form = form.replace("{v}", text)
    for m in re.finditer(r"(?<!\d)\d{12,19}(?!\d)", form):
        if m[0].startswith("0"):
            continue  # no brand begins so
        yield Shown("card", "card", how + " full", form, m.start(), len(m[0]),
                    True)


def profile(rng, fake, how):
    """As profile() prints itself."""
    values = {"ssn": fake.ssn(), "residence": fake.address(),
              "username": fake.user_name(), "name": fake.name(),
              "mail": fake.free_email()}
    text = "{'job': '%s', 'company': '%s', 'ssn': '%s', 'residence': %r, " \
        "'current_location': (Decimal('-31.8570425'), Decimal('46.622110')), " \
        "'blood_group': 'AB-', 'website': ['https://reed-rhodes.info/'], " \
        "'username': '%s', 'name': %r, 'sex': 'M', 'mail': '%s', 'birthdate': " \
        "datetime.date(%d, %d, %d)}\n" % (
            "Charity officer", "Gallagher and Simpson", values["ssn"],
            values["residence"], values["username"], values["name"],
            values["mail"], rng.randint(1940, 2004), rng.randint(1, 12),
            rng.randint(1, 28))
    for group, kind, what in (
            ("person", "person_name", repr(values["name"])[1:-1]),
            ("email", "email", values["mail"])):
        yield Shown(group, kind, how + " profile", text, text.index(what),
                    len(what), True)


def of_locale(rng, fake, locale):
    layout = rng.choice(sorted(forms.LAYOUTS))
    made = [[("name", Value("person", "person_name", True, fake.name())),
             ("phone_number".replace("_", " "),
              Value("phone", "phone", True, fake.phone_number())),
             ("email", Value("email", "email", True, fake.email())),
             ("credit card number", Value("card", "card", True,
                                          card_of(fake))),
             ("password", Value("secret", "password", True, fake.password())),
             ("ipv4", Value("ip", "ip", True, fake.ipv4())),
             ("user name", Value(None, "user name", False, fake.user_name())),
             ("md5", Value(None, "md5", False, fake.md5())),
             ("isbn13", Value(None, "isbn13", False, fake.isbn13()))]
            for _ in range(2)]
    text, found = forms.spans(forms.LAYOUTS[layout](
        [[(k, v.text) for k, v in row] for row in made]))
    flat = [v for row in made for _, v in row]
    for value, (at, length) in zip(flat, found):
        yield from told(value, locale + " " + layout, text, at, length)


def card_of(fake):
    while True:
        number = fake.credit_card_number()
        if not number.startswith("0"):
            return number


def by_faker(rng, n):
    make, locales = library()
    for locale in locales * n:
        fake = make(locale)
        fake.seed_instance(rng.randrange(1 << 30))
        yield from full_card(rng, fake, locale)
        yield from profile(rng, fake, locale)
        yield from of_locale(rng, fake, locale)


def suites(seed, n):
    rng = random.Random("generators %d" % seed)
    yield from records(rng, n)
    yield from sentences(rng, n)
    yield from by_faker(rng, n)
