"""Cases of a third writer, who knows neither the catalogue nor the two others.

Numbers of census.py and papers.py, secrets of keyring.py, and cards, accounts,
phones, mails, machines and coins as tickets, exports, dumps, chats, logs and
settings have them. Near misses: a digit off, too long, or a piece of a UUID, a
hash, a timestamp, a version. Each suite yields strangers.Shown.
"""
import uuid

import census
import census_plain
import keyring
import papers
import strangers
from strangers import DIGITS, Shown, numeric

# {v} value, {t} title, {k} key, {n} a number of no meaning
FRAMES = {
    "bare": ["{v}", "{v}\n", "\"{v}\"", "- {v}\n"],
    "titled": ["{t}: {v}", "{t}: {v}\n", "{t} {v}", "{t}:{v}", "{t} = {v}",
               "{t}\t{v}\n", "{t} is {v}", "{t} - {v}", "{t} (required): {v}",
               "\u2022 {t}: {v}\n", "{t} no. {v}", "{t} \u2192 {v}",
               "*{t}*: `{v}`", "{t}:\n{v}\n", "{t}\n\n  {v}\n", "{t}; {v}"],
    "csv": ["name,{k},joined\nKim Doe,{v},2019\nAda Low,,2020\n",
            "{k};name;amount\n{v};Kim;14,50\n", "id,{t},note\n4,{v},\n",
            "\"name\",\"{t}\"\r\n\"Kim\",\"{v}\"\r\n", "name\t{k}\tcity\n"
            "Kim\t{v}\tOslo\n", "row|{k}|state\n1|{v}|new\n2||new\n",
            "last_name,first_name,{k}\nDoe,Kim,{v}\n",
            "customer_{k},status\n{v},active\n"],
    "json": ["{{\"customer\": {{\"name\": \"Kim\", \"{k}\": \"{v}\"}}}}",
             "{{\"{k}\": \"{v}\", \"active\": true}}\n",
             "[{{\"type\": \"{t}\", \"value\": \"{v}\"}}]",
             "{{\n  \"person\": {{\n    \"ids\": {{\n      \"{k}\": \"{v}\"\n"
             "    }}\n  }}\n}}\n", "person:\n  {k}: \"{v}\"\n  since: 2019\n",
             "<person><{k}>{v}</{k}></person>",
             "<field name=\"{k}\">{v}</field>", "{{'{k}': '{v}'}}",
             "[customer]\n{k} = {v}\nactive = yes\n"],
    "log": ["2026-02-03T10:20:30Z INFO user={n} {k}={v} ok\n",
            "Feb  3 10:20:30 web app[{n}]: {t} {v} accepted\n",
            "[WARN] lookup failed for {k} {v}\n",
            "10:20:30.123 DEBUG c.e.Reg - {t}: {v}\n",
            "UPDATE customers SET {k} = '{v}' WHERE id = {n};\n",
            "INSERT INTO c (id, {k}) VALUES ({n}, '{v}');\n",
            "GET /api/find?{k}={v}&page=2 200\n"],
    "text": ["Dear Ms Low, your {t} {v} has been recorded.",
             "Kim said the {t} was {v} but nobody checked.",
             "Please quote {t} {v} in all letters to us.",
             "I lost the card; the {t} on it was {v}, I believe.",
             "The applicant (born in Oslo, {t}: {v}) moved last year.",
             "Can you look up {v}? It should be the {t}.",
             "We have your {t} as {v}; let us know if that is wrong."],
}
# sentences of the language of a country
TONGUES = {
    "de at ch li": ["Meine {t} lautet {v}, bitte notieren.",
                    "Sehr geehrte Frau Low, Ihre {t} ist {v}.",
                    "{t} {v} wurde am Montag gepr\u00fcft."],
    "fr be lu mc": ["Mon {t} est le {v}, merci.", "Veuillez noter le {t} {v}.",
                    "{t} : {v}"],
    "es ar cl co mx pe uy ve ec gt do py cr sv cu": [
        "Mi {t} es {v}, gracias.", "Titular con {t} {v}, domiciliado en Lugo.",
        "{t} n\u00famero {v}"],
    "it sm": ["Il mio {t} \u00e8 {v}, grazie.", "{t} n. {v}",
              "Il sottoscritto, {t} {v}, dichiara"],
    "pt br ao mz": ["O meu {t} \u00e9 {v}, obrigado.", "portador do {t} {v}",
                    "{t} n\u00ba {v}"],
    "nl": ["Mijn {t} is {v}, alvast bedankt.", "Uw {t}: {v}"],
    "pl": ["M\u00f3j {t} to {v}.", "{t}: {v}, Warszawa"],
    "ru by kz ua bg": ["{t}: {v}, \u041c\u0438\u043d\u0441\u043a",
                       "\u0432\u043e\u0442 {t} {v}"],
    "cn tw hk": ["\u6211\u7684{t}\u662f{v}\u3002", "{t}\uff1a{v}"],
    "jp": ["{t}\u306f{v}\u3067\u3059\u3002", "{t}\uff1a{v}"],
    "kr": ["{t}\ub294 {v}\uc785\ub2c8\ub2e4.", "{t}: {v}"],
    "tr": ["{t} {v} olan m\u00fc\u015fteri", "{t}: {v}"],
    "dk no se": ["Mit {t} er {v}.", "{t}: {v}, Oslo"],
    "fi ee": ["{t} on {v}.", "{t}: {v}"],
    "hu ro cz sk si hr rs me mk": ["{t}: {v}", "{t} {v}, Brno"],
}
WITHIN = ["{u}", "session {u} closed", "sha1 {h}", "ETag: \"{h}\"",
          "ts={e} seq={v}", "order {v}", "Order no. {v}", "v{a}.{b}.{c}",
          "build-{v}", "ISBN 978{w}", "tracking {v}", "{e}", "0.{v}",
          "https://example.com/item/{v}", "ticket #{v}", "{h}{h}",
          "invoice {v} paid", "image-{v}.png", "{v}.{w}", "rev {v}"]


def key_of(rng, title):
    words = "".join(" " if c in " -/#:'()\"\u2019" else "" if c == "." else c
                    for c in title.lower()).split() or ["x"]
    style = rng.randrange(4)
    if style == 0:
        return words[0] + "".join(w.capitalize() for w in words[1:])
    if style == 1:
        return "_".join(words).upper()
    return "_".join(words) if style == 2 else "-".join(words)


def tongue(kind):
    for countries, frames in TONGUES.items():
        if kind.split("_")[0] in countries.split():
            return frames
    return FRAMES["text"]


def put(rng, shape, value, title):
    text = shape.format(v="\0", t=title, k=key_of(rng, title),
                        n=rng.randint(1, 999))
    at = text.index("\0")
    return text.replace("\0", value), at


def around(rng, group, kind, value, titles, want, hows):
    for how in hows:
        frames = tongue(kind) if how == "tongue" else FRAMES[how]
        text, at = put(rng, rng.choice(frames), value, rng.choice(titles))
        yield Shown(group, kind, how, text, at, len(value), want)


def noise(rng, group, kind, length):
    text = rng.choice(WITHIN).format(
        u=uuid.UUID(int=rng.getrandbits(128), version=4),
        h="%040x" % rng.getrandbits(160), v=numeric(rng, length),
        w=numeric(rng, 10), e=rng.randint(1500000000000, 1899999999999),
        a=rng.randint(1, 99), b=rng.randint(0, 99), c=rng.randint(0, 9999))
    return Shown(group, kind, "noise", text, 0, len(text), False)


TITLED = ["titled", "csv", "json", "log", "text", "tongue"]
# Three digits more are a branch, or its own shape
BRANCHES = ("vn_mst", "uk_vat", "swift_bic", "is_kennitala")


def numbers(rng, n):
    for _ in range(n):
        for p in papers.PAPERS + census.CENSUS:
            group = "id_plain" if p.check is papers.plain else "id"
            _, v = papers.value(rng, p)
            yield from around(rng, group, p.kind, papers.written(rng, p, v),
                              p.titles, True, TITLED)
            if group == "id":
                yield from around(rng, "id_bare", p.kind,
                                  papers.written(rng, p, v), p.titles, True,
                                  ["bare"])
                bad = census.wrong(rng, p, v) if p in census.CENSUS else \
                    papers.wrong(rng, p, papers.value(rng, p)[0], v)
                if bad is not None:
                    yield from around(rng, group, p.kind,
                                      papers.written(rng, p, bad), p.titles,
                                      False, TITLED + ["bare"])
            if p.kind not in BRANCHES:
                yield from around(rng, group, p.kind, v + numeric(rng, 3),
                                  p.titles, False, ["titled", "json"])
            yield noise(rng, group, p.kind, len(v))
        for kind, shapes, titles in census_plain.rows():
            for shape in shapes:
                v = census.made(rng, shape)
                yield from around(rng, "id_plain", kind, v, titles, True,
                                  TITLED)
            yield noise(rng, "id_plain", kind, rng.randint(7, 12))


def passports(rng, n):
    """Titles that say which paper and which country, in plain English."""
    for _ in range(n):
        for kind, shapes, titles in census_plain.rows():
            if not kind.endswith(("_passport", "_drivers_license")):
                continue
            what = ["Passport No", "Passport number", "passport", "Passport #",
                    "passport_number"] if kind.endswith("_passport") else [
                        "Driver's licence", "Driving licence number",
                        "driver_license", "Drivers License #", "DL number"]
            v = census.made(rng, rng.choice(shapes))
            yield from around(rng, "paper", kind, v, what, True,
                              ["titled", "csv", "json", "log", "text"])


# ---- what no country gives --------------------------------------------------

CARD = ["Card number", "card_number", "Credit card", "CC number", "PAN",
        "Card", "card no", "Kartennummer", "Num\u00e9ro de carte",
        "N\u00famero de tarjeta", "Numero carta", "cardNo", "creditCardNumber",
        "Payment card", "Kortnummer", "Debit card number"]
IBAN = ["IBAN", "Iban", "iban_no", "Account", "Bank account (IBAN)",
        "Kontoverbindung", "beneficiary_account", "Compte", "Cuenta",
        "Conto corrente", "rekening", "IBAN code"]
PHONE = ["Phone", "phone_number", "Mobile", "Tel", "Tel.", "Telephone no",
         "Cell phone", "contact_phone", "Work phone", "Fax", "WhatsApp",
         "Mobile phone", "Home phone", "telefon", "T\u00e9l", "Telefono",
         "Tel\u00e9fono", "Celular", "Handy", "Telefoonnummer",
         "Numer telefonu", "\u0422\u0435\u043b\u0435\u0444\u043e\u043d",
         "emergency contact number"]
MAIL = ["E-mail", "email", "Email address", "mail", "e_mail", "contactEmail",
        "Correo electr\u00f3nico", "Adresse e-mail"]
IP = ["IP", "ip_address", "client_ip", "remote addr", "Source IP", "host",
      "IPv4", "last login from", "srcip"]
COIN = ["wallet", "BTC address", "Address", "wallet_address", "Send to",
        "crypto address", "payout", "donation address"]
EVERYWHERE = ["bare", "titled", "csv", "json", "log", "text"]


def again(rng, shown, group, titles, n):
    """The values of a stranger's cases, in frames of this file."""
    seen = {}
    for s in shown:
        value = s.text[s.at:s.at + s.length]
        if s.how in ("other", "near") or (value, s.want) in seen:
            continue
        seen[value, s.want] = s
        bare = s.how != "bare" and group == "phone" and value[0] != "+"
        hows = [h for h in EVERYWHERE if not (bare and h in ("bare", "log"))]
        name = titles(s.id) if callable(titles) else titles
        yield from around(rng, group, s.id, value, name, s.want,
                          rng.sample(hows, min(n, len(hows))))


def coin_titles(kind):
    return strangers.WORTH.get(kind, COIN)


SPOIL = ["{v}", "count {v}", "{v} bytes", "id={v}", "order {v}", "0x{v}",
         "page {v}", "{v} ms", "part {v}", "\u20ac {v}", "zip {v}"]


def spoiled(rng, n):
    """Numbers of every length that mean nothing."""
    for _ in range(n * 60):
        size = rng.randint(7, 20)
        text = rng.choice(SPOIL).format(v=numeric(rng, size))
        yield Shown(rng.choice(["card", "phone", "iban"]), "", "noise", text, 0,
                    len(text), False)


def secrets(rng, n):
    for _ in range(n):
        for vendor, title, value in keyring.keys(rng):
            for shape in rng.sample(keyring.LINES, 3):
                key = rng.choice(keyring.titles(rng, vendor, title))
                text = shape.format(k=key, K=key.upper().replace("-", "_"),
                                    v="\0")
                at = text.index("\0")
                text = text.replace("\0", value)
                group = "vendor" if vendor else "secret"
                yield Shown(group, vendor, "line", text, at, len(value), True)
                if vendor:
                    yield Shown("secret", vendor, "line", text, at, len(value),
                                True)
        for text in keyring.decoys(rng):
            yield Shown("secret", "", "other", text + "\n", 0, len(text),
                        False)


def suites(rng, n, folder):
    yield from numbers(rng, n)
    yield from passports(rng, n)
    yield from again(rng, strangers.cards(rng, n * 4), "card", CARD, 4)
    yield from again(rng, strangers.accounts(rng, n), "iban", IBAN, 4)
    yield from again(rng, strangers.phones(rng, n), "phone", PHONE, 2)
    yield from again(rng, strangers.mails(rng, n), "email", MAIL, 3)
    yield from again(rng, strangers.hosts(rng, n), "ip", IP, 3)
    yield from again(rng, strangers.wallets(rng, n, folder), "crypto",
                     coin_titles, 3)
    yield from spoiled(rng, n)
    yield from secrets(rng, n)
