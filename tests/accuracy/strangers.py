"""Cases as people write them who never saw the catalogue.

Nothing here reads a catalogue file: brands, lengths, titles and check digits
are written down once more. Each suite yields Shown: what is in the text, where,
and whether it is what it looks like.
"""
import string
import sys
from collections import namedtuple

import banks
import coins

DIGITS = string.digits
Shown = namedtuple("Shown", "group id how text at length want")


def luhn_digit(body):
    total = 0
    for i, ch in enumerate(reversed(body)):
        d = int(ch) * (2 if i % 2 == 0 else 1)
        total += d // 10 + d % 10
    return str(-total % 10)


def numeric(rng, n):
    return "".join(rng.choice(DIGITS) for _ in range(n))


def off_by_one(rng, text):
    """One digit is another."""
    at = rng.choice([i for i, ch in enumerate(text) if ch.isdigit()])
    other = rng.choice([d for d in DIGITS if d != text[at]])
    return text[:at] + other + text[at + 1:]


def cut(value, sizes, sep):
    out, at = [], 0
    for n in sizes:
        out.append(value[at:at + n])
        at += n
    return sep.join(out)


# ---- where a value stands --------------------------------------------------

# {v} is the value, {t} a title, {k} the title as a key
PLACES = {
    "bare": ["{v}", "{v}\n", "\n\n{v}\n"],
    "titled": ["{t}: {v}", "{t} {v}", "{t} - {v}", "{t}={v}", "{t}:\t{v}\n",
               "{t} : {v}.", "{t} # {v}", "{t}: '{v}'", "* {t}: {v}\n",
               "{t} ({v})", "**{t}:** {v}", "{t}:{v};"],
    "csv": ["id,{k},city\n17,{v},Springfield\n",
            "id;{k};city\n17;{v};Springfield\n",
            "id\t{k}\tcity\n17\t{v}\tSpringfield\n",
            "\"id\",\"{k}\",\"city\"\n\"17\",\"{v}\",\"Springfield\"\n",
            "{k},note\n{v},ok\n"],
    "code": ["{{\"row\": 7, \"{k}\": \"{v}\"}}\n", "{{\"{k}\":\"{v}\"}}",
             "<row><{k}>{v}</{k}></row>\n", "<row {k}=\"{v}\"/>\n",
             "row:\n  {k}: {v}\n  city: Springfield\n", "{k}: \"{v}\"\n",
             "{k} = {v}\n", "[row]\n{k}={v}\n",
             "INSERT INTO people ({k}, city) VALUES ('{v}', 'Springfield');\n",
             "2026-01-05 10:11:12 INFO saved {k}={v} in 12 ms\n"],
    "table": ["| {t} | City |\n|---|---|\n| {v} | Springfield |\n",
              "{t}   City\n----------   ----\n{v}   Springfield\n"],
    "text": ["Hello, my {t} is {v}, please use it.",
             "As agreed on the phone I send you the {t} ({v}) of my wife.",
             "The {t} we have on file is {v}. Is that still right?",
             "We could not read your {t} \"{v}\" - please send it again.",
             "Please find below the details.\n\n{t} {v}\n\nKind regards\nAnna"],
}


def place(rng, how, value, title):
    """(text, where the value begins)."""
    key = title.lower()
    for ch in " -.#/'":
        key = key.replace(ch, "_")
    key = key.strip("_")
    style = rng.randrange(3)
    if style == 1:  # camelCase
        head, *rest = key.split("_")
        key = head + "".join(x[:1].upper() + x[1:] for x in rest)
    text = rng.choice(PLACES[how]).format(v="\0", t=title, k=key)
    at = text.index("\0")
    return text.replace("\0", value), at


def around(rng, group, kind, value, titles, want, hows=None):
    for how in hows or PLACES:
        text, at = place(rng, how, value, rng.choice(titles))
        yield Shown(group, kind, how, text, at, len(value), want)


# ---- cards -----------------------------------------------------------------

CARD_TITLES = [
    "Card number", "Card no", "Card No.", "Credit card", "CC", "cc num", "PAN",
    "Card #", "Credit Card Number", "Debit card", "card_number", "Visa/MC",
    "Kreditkarte", "Kartennummer", "Carte bancaire", "Num\u00e9ro de carte",
    "Tarjeta de cr\u00e9dito", "N\u00famero de tarjeta",
    "Cart\u00e3o de cr\u00e9dito", "Carta di credito", "Numero carta",
    "Creditcard", "Numer karty", "\u041d\u043e\u043c\u0435\u0440 "
    "\u043a\u0430\u0440\u0442\u044b", "Payment card", "kreditkort",
]
# brand: (prefixes, lengths)
BRANDS = {
    "card_visa": (["4"], [16, 16, 16, 16, 13, 19]),
    "card_mastercard": (["51", "52", "53", "54", "55", "2221", "2500", "2720"],
                        [16]),
    "card_amex": (["34", "37"], [15]),
    "card_discover": (["6011", "644", "649", "650"], [16]),
    "card_diners": (["300", "305", "36", "38"], [14]),
    "card_jcb": (["3528", "3555", "3589"], [16]),
    "card_unionpay": (["6221", "6250", "6283"], [16, 19, 17, 18]),
    "card_maestro": (["5018", "5020", "5038", "6304", "6759", "6761"],
                     [16, 16, 18, 19]),
    "card_mir": (["2200", "2204"], [16]),
}
GROUPS = {13: [(13,), (4, 4, 5), (4, 3, 3, 3)], 14: [(14,), (4, 6, 4)],
          15: [(15,), (4, 6, 5)], 16: [(16,), (4, 4, 4, 4)],
          17: [(17,), (4, 4, 4, 4, 1)], 18: [(18,), (4, 4, 4, 4, 2)],
          19: [(19,), (4, 4, 4, 4, 3)]}
CARD_ONLY = [  # ways that only cards are written
    "Paid by card {v} on 12/26.", "{v}|{d}|123\n", "card={v}&exp=1226",
    "https://shop.example/pay?card={v}&amount=12.50",
    "{v}, {w}\n", "{v} {w}\n", "{v}\n{w}\n", "track2=;{c}=27121010000000001?",
    "%B{c}^DOE/JANE^2712101000000000?", "**** {v} ****", "number\u00a0{v}",
    "charge {v} for $20.00", "\u00ab{v}\u00bb", "<b>{v}</b>", "card:{v}",
    "[{v}]", "{{pan:{v}}}", "\t{v}\t", "{v};{d};999;Jane Doe", "(card {v})",
    "my card is {v}!", "is {v} your card?", "{v}. Thank you", "{v}/{d}/123",
]


def card(rng, brand):
    prefixes, lengths = BRANDS[brand]
    n = rng.choice(lengths)
    body = rng.choice(prefixes)
    body += numeric(rng, n - 1 - len(body))
    return body + luhn_digit(body)


def card_written(rng, value):
    sizes = rng.choice(GROUPS[len(value)])
    sep = rng.choice([" ", " ", "-", "-", ".", "\u00a0", "\u2011"]) \
        if len(value) == 16 else rng.choice(" -")
    return cut(value, sizes, sep)


def cards(rng, n):
    for _ in range(n):
        for brand in BRANDS:
            value = card(rng, brand)
            shown = card_written(rng, value)
            yield from around(rng, "card", brand, shown, CARD_TITLES, True)
            other = card_written(rng, card(rng, "card_visa"))
            shape = rng.choice(CARD_ONLY)
            text = shape.format(v="\0", w=other, d="12/27", c="\0")
            shown = value if "{c}" in shape else shown
            at = text.index("\0")
            yield Shown("card", brand, "card", text.replace("\0", shown), at,
                        len(shown), True)
            bad = off_by_one(rng, value)
            if luhn_digit(bad[:-1]) == bad[-1]:
                continue
            # sixteen and three: a card and the code on its back
            if len(bad) == 19 and luhn_digit(bad[:15]) == bad[15]:
                continue
            yield from around(rng, "card", brand, card_written(rng, bad),
                              CARD_TITLES, False)


# ---- accounts --------------------------------------------------------------

IBAN_TITLES = [
    "IBAN", "IBAN", "IBAN No.", "iban_number", "Account", "Account number",
    "Bank account", "Beneficiary IBAN", "Pay to", "Konto", "Kontonummer",
    "Bankverbindung", "Compte bancaire", "RIB", "Cuenta bancaria",
    "Coordinate bancarie", "Rekeningnummer", "Numer konta", "Conta",
    "bank_details", "Debtor account", "refund to", "SEPA account",
]


def account_written(rng, value):
    """Whole or in fours; as a bank's paper has it or as people type."""
    form = rng.randrange(6)
    fours = [value[i:i + 4] for i in range(0, len(value), 4)]
    if form < 3:
        return value
    return (" " if form < 5 else rng.choice(["-", "\u00a0"])).join(fours)


def accounts(rng, n):
    for _ in range(n):
        for country in banks.REGISTRY:
            value = banks.account(rng, country)
            yield from around(rng, "iban", "iban", account_written(rng, value),
                              IBAN_TITLES, True)
            for bad in (off_by_one(rng, value), banks.wrong_length(rng, value),
                        banks.wrong_class(rng, value),
                        banks.wrong_inside(rng, value)):
                if bad is not None:
                    yield from around(rng, "iban", "iban",
                                      account_written(rng, bad), IBAN_TITLES,
                                      False, ["bare", "titled", "csv"])


# ---- numbers of phones, addresses of machines ------------------------------

PHONE_TITLES = {
    "": ["Phone", "Tel", "Tel.", "Telephone", "Mobile", "Cell", "Phone number",
         "Mobile no", "Contact number", "Fax", "phone_number", "home phone",
         "work_phone", "Telephone number", "Mobile phone", "Call"],
    "DE": ["Telefon", "Handy", "Telefonnummer", "Mobil", "Tel."],
    "AT": ["Telefon", "Handy"], "CH": ["Telefon", "T\u00e9l\u00e9phone"],
    "FR": ["T\u00e9l\u00e9phone", "T\u00e9l", "Portable"],
    "ES": ["Tel\u00e9fono", "M\u00f3vil"], "MX": ["Tel\u00e9fono", "Celular"],
    "AR": ["Tel\u00e9fono", "Celular"], "IT": ["Telefono", "Cellulare"],
    "PT": ["Telefone", "Telem\u00f3vel"], "BR": ["Telefone", "Celular"],
    "NL": ["Telefoon", "Mobiel"], "PL": ["Telefon", "Nr telefonu"],
    "CZ": ["Telefon", "Mobil"], "SE": ["Telefon", "Mobil"],
    "DK": ["Telefon", "Tlf"], "NO": ["Telefon", "Mobil"],
    "FI": ["Puhelin", "Puh"], "TR": ["Telefon", "Cep"],
    "RU": ["\u0422\u0435\u043b\u0435\u0444\u043e\u043d",
           "\u0442\u0435\u043b"],
}
REGIONS = ("US CA GB DE FR ES IT PT BR NL BE PL CZ SK HU RO BG GR AT CH SE DK "
           "NO FI IE RU UA TR IL AE SA EG ZA NG KE IN CN JP KR AU NZ MX AR CL "
           "CO ID MY SG TH VN PH PK HK").split()


def phones(rng, n):
    """Numbers that the public numbering plans say are valid."""
    sys.path.append("/usr/lib/python3/dist-packages")  # Debian's
    try:
        import phonenumbers as p
    except ImportError:
        return
    finally:
        sys.path.pop()
    forms = [p.PhoneNumberFormat.E164, p.PhoneNumberFormat.INTERNATIONAL,
             p.PhoneNumberFormat.NATIONAL]
    kinds = [p.PhoneNumberType.MOBILE, p.PhoneNumberType.FIXED_LINE]
    for region in REGIONS:
        for k in range(n * 2):
            example = p.example_number_for_type(region, kinds[k % 2])
            for _ in range(200):
                text = str(example.national_number)
                text = text[:-5] + numeric(rng, 5)
                try:
                    number = p.parse(text, region)
                except p.NumberParseException:
                    continue
                if p.is_valid_number(number):
                    break
            else:
                continue
            for form in forms:
                shown = p.format_number(number, form)
                hows = None if form != forms[2] else \
                    ["titled", "csv", "code", "text"]
                titles = PHONE_TITLES[""] + PHONE_TITLES.get(region, []) * 2
                yield from around(rng, "phone", "phone", shown, titles, True,
                                  hows)
    others = ["Order {}", "Invoice no: {}", "2026{}", "{}", "id {}", "$ {}",
              "version 1.{}", "total {}", "{} bytes"]
    for _ in range(n * 40):
        value = numeric(rng, rng.choice([7, 8, 9, 10, 11]))
        text = rng.choice(others).format(value)
        yield Shown("phone", "phone", "other", text, text.index(value),
                    len(value), False)


NAMES = ["anna", "bob.smith", "j.doe", "maria_lopez", "li.wei", "o'neil",
         "info", "first.last+tag", "x", "a-b", "user123", "kim99", "m\u00fcller",
         "sales-eu", "no_reply", "J.R.R.T"]
HOSTS = ["example.com", "mail.example.org", "corp77.co.uk", "firma.de",
         "uni-x.edu", "sub.dept.gov.au", "web.io", "x1.museum", "b\u00fcro.at",
         "shop.online", "kontor.berlin", "acme.technology", "foo.xn--p1ai",
         "host-1.fr", "EXAMPLE.COM"]
MAIL_TITLES = ["E-mail", "Email", "Mail", "Contact", "e-mail address",
               "Courriel", "Correo", "user", "login", "to", "reply-to"]
NO_MAIL = ["user@localhost", "git@github", "icon@2x.png", "a@b", "@example.com",
           "name@.com", "pkg@1.2.3", "foo@bar.notatld", "a..b@example.com",
           "x@-example.com", "me@@example.com", "npm install left@4.0.1",
           "@media screen", "sprite@3x.jpg", "u@h:22"]


def mails(rng, n):
    for _ in range(n * 12):
        value = rng.choice(NAMES) + "@" + rng.choice(HOSTS)
        yield from around(rng, "email", "email", value, MAIL_TITLES, True)
        for form in ("<%s>", "mailto:%s", "Anna <%s>,", "%s;b@example.net",
                     "[%s]", "\"%s\"", "%s.", "to=%s&x=1", "(%s)"):
            text = form % value
            yield Shown("email", "email", "text", text, text.index(value),
                        len(value), True)
    for value in NO_MAIL * n:
        text, at = place(rng, rng.choice(["bare", "text"]), value, "note")
        yield Shown("email", "email", "other", text, at, len(value), False)


IP_TITLES = ["IP", "IP address", "ip_addr", "client ip", "src", "host",
             "remote_addr", "server", "Address", "gateway"]


def hosts(rng, n):
    for _ in range(n * 20):
        q = [rng.randint(1, 223)] + [rng.randint(0, 255) for _ in range(3)]
        while q[0] in (10, 127, 192, 172, 169, 100) or max(q) < 100:
            q = [rng.randint(1, 223)] + [rng.randint(0, 255) for _ in range(3)]
        four = ".".join(map(str, q))
        g = ["%x" % rng.randint(0x2001, 0x2fff)] + \
            ["%x" % rng.randint(0, 65535) for _ in range(7)]
        six = ":".join(g)
        short = ":".join(g[:3]) + "::" + ":".join(g[6:])
        for value in (four, six, short):
            yield from around(rng, "ip", "ip_address", value, IP_TITLES, True)
        for form in ("http://%s/x", "%s:8080", "%s - - [05/Jan/2026]",
                     "connect to %s failed", "%s/24"):
            text = form % four
            yield Shown("ip", "ip_address", "text", text, text.index(four),
                        len(four), True)
        bad = list(q)
        bad[rng.randrange(4)] = rng.randint(256, 999)
        for value in (".".join(map(str, bad)), four + ".7",
                      "v" + ".".join(str(x % 20) for x in q), six + ":1:2"):
            text, at = place(rng, rng.choice(["bare", "text"]), value, "note")
            yield Shown("ip", "ip_address", "other", text, at, len(value),
                        False)


def adapters(rng, n):
    for _ in range(n * 10):
        raw = [rng.randint(1, 254) & 0xfe] + \
            [rng.randint(0, 255) for _ in range(5)]
        hexed = ["%02x" % x for x in raw]
        if rng.random() < 0.5:
            hexed = [x.upper() for x in hexed]
        for value in (":".join(hexed), "-".join(hexed),
                      ".".join(a + b for a, b in
                               zip(hexed[::2], hexed[1::2]))):
            yield from around(rng, "mac", "mac_address", value,
                              ["MAC", "MAC address", "hwaddr", "device"], True)
        for value in (":".join(hexed[:5]), ":".join(hexed + hexed[:2]),
                      ":".join(hexed[:5]) + ":g1"):
            text, at = place(rng, "bare", value, "note")
            yield Shown("mac", "mac_address", "other", text, at, len(value),
                        False)


COIN_TITLES = ["Wallet", "Address", "BTC", "wallet address", "send to",
               "crypto wallet", "deposit_address", "Donate", "payout address"]
WORTH = {"bitcoin_wif": ["Private key", "WIF", "key"],
         "bitcoin_xprv": ["xprv", "Master key", "extended key"],
         "bip39_seed": ["Seed phrase", "Recovery phrase", "mnemonic"],
         "nostr_key": ["nostr key", "nsec", "private key"],
         "solana_address": ["Solana", "SOL address", "Phantom wallet"],
         "monero_address": ["XMR", "Monero address"]}


def wallets(rng, n, folder):
    for kind, make in coins.makers(rng, folder):
        titles = WORTH.get(kind, COIN_TITLES)
        for _ in range(n):
            value = make()
            hows = None if kind != "solana_address" else \
                ["titled", "csv", "code", "text"]
            yield from around(rng, "crypto", kind, value, titles, True, hows)
            bad = coins.broken(rng, value, folder)
            if bad is not None and kind != "solana_address":
                yield from around(rng, "crypto", kind, bad, titles, False,
                                  hows)


def suites(rng, n, folder):
    yield from cards(rng, n)
    yield from accounts(rng, n)
    yield from phones(rng, n)
    yield from mails(rng, n)
    yield from hosts(rng, n)
    yield from adapters(rng, n)
    yield from wallets(rng, n, folder)
