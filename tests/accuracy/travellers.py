"""Cases of a fifth writer: exports, chats, logs, forms, dumps and prints.

Nothing here reads a catalogue file or another writer's tables. Numbers are made
from the rules that offices publish (travel_rules.py), keys by the shapes that
vendors document; around them stands what real files have around such values,
and among the near misses what real files are full of: order numbers, hashes,
stamps, versions, ids of rows.
"""
import base64
import hashlib
import random
import re
import uuid
from collections import namedtuple

import travel_rules as rules
from travel_rules import DIGITS, digits, luhn

Shown = namedtuple("Shown", "group id how text at length want")

# {v} the value, {t} its title, {k} the title as a key, {c} the same in camels,
# {K} in capitals, {n} a number of no meaning
LAYOUTS = {
    "export": [
        "customer_id;created;{k};status\n{n};2026-02-11;{v};open\n",
        "Nr.,{t},Betrag\n1,{v},\"17,20\"\n",
        "\"uid\"\t\"{k}\"\t\"tier\"\n\"u-{n}\"\t\"{v}\"\t\"gold\"\n",
        "{k}|branch|opened\n{v}|014|2019-06-01\n",
        "first;last;{t};mail sent\nOla;Berg;{v};no\n",
    ],
    "dump": [
        "INSERT INTO `client` (`id`,`{k}`,`vip`) VALUES ({n},'{v}',0);\n",
        "COPY public.client (id, {k}, vip) FROM stdin;\n{n}\t{v}\tf\n\\.\n",
        "db.clients.insertOne({{ _id: {n}, {c}: \"{v}\", vip: false }})\n",
        "UPDATE client SET {k} = '{v}' WHERE id = {n};\n",
    ],
    "settings": [
        "client:\n  name: Berg\n  {k}: \"{v}\"\n  vip: no\n",
        "[client]\n{k} = {v}\nvip = 0\n",
        "client.{c}={v}\nclient.vip=false\n",
        "{{\n  \"client\": {{\n    \"{c}\": \"{v}\",\n    \"vip\": false\n"
        "  }}\n}}\n",
        "<client><{c}>{v}</{c}><vip>0</vip></client>\n",
        "<client vip=\"0\" {c}=\"{v}\"/>\n",
    ],
    "log": [
        "Feb 11 07:41:09 app02 billing: {k}={v} state=kept\n",
        "2026-02-11T07:41:09.120Z DEBUG c.a.ClientForm - {t}: {v}\n",
        "{{\"ts\":\"2026-02-11T07:41:09Z\",\"msg\":\"kept\",\"{k}\":\"{v}\"}}\n",
        "POST /client/save body: {{\"{c}\":\"{v}\"}} 201 4ms\n",
    ],
    "form": [
        "{t} .............. {v}\nSignature ..............\n",
        "Section B\n{t}:\n{v}\nSection C\n",
        "|  {t}  |  {v}  |\n|  Signed  |  yes  |\n",
        "{t}            {v}            Page 1 of 2\n",
        "Name    Ola Berg\n{t}    {v}\nDate    11 February 2026\n",
        "<tr><td>{t}</td><td>{v}</td></tr>\n",
    ],
    "chat": [
        "[11/02/2026, 07:41] Ola: {t}: {v}\n[11/02/2026, 07:42] Pia: got it\n",
        "pia: what's your {t}?\nola: {v}\n",
        "> please send the {t} once more\n{t} is {v}, sorry for the delay\n",
        "Hello Pia,\n\n{t}: {v}\n\nBest wishes\nOla\n",
        "Thanks for calling. We noted {t} {v} for you.\n",
    ],
    "code": [
        "    {c} = \"{v}\";  // from the ticket\n",
        "const sample = {{ {c}: '{v}' }};\n",
        "assert client.{k} == \"{v}\"\n",
        "curl -d '{k}={v}' http://localhost:8080/client\n",
    ],
}


def key_of(title):
    return re.sub(r"[\W_]+", "_", title.lower()).strip("_")


def camel_of(title):
    head, *rest = key_of(title).split("_")
    return head + "".join(x[:1].upper() + x[1:] for x in rest)


def lay(rng, layout, title, value):
    text = layout.format(v="\0", t=title, k=key_of(title), c=camel_of(title),
                         K=key_of(title).upper(), n=rng.randint(10, 9999))
    at = text.index("\0")
    return text.replace("\0", value), at


def around(rng, group, kind, titles, value, want, hows=None):
    for how in hows or LAYOUTS:
        text, at = lay(rng, rng.choice(LAYOUTS[how]), rng.choice(titles),
                       value)
        yield Shown(group, kind, how, text, at, len(value), want)


def another_digit(rng, text):
    at = rng.choice([i for i, c in enumerate(text) if c in DIGITS])
    return text[:at] + rng.choice([d for d in DIGITS if d != text[at]]) + \
        text[at + 1:]


# ---- ids -------------------------------------------------------------------

def ids(rng, n):
    for rule in rules.CHECKED:
        for _ in range(n):
            value = rule.make(rng)
            shown = rules.written(rng, rule, value)
            yield from around(rng, "id", rule.kind, rule.titles, shown, True)
            for _ in range(20):
                bad = another_digit(rng, value)
                if not rule.holds(bad):
                    break
            else:
                continue
            shown = rules.written(rng, rule, bad)
            yield from around(rng, "id", rule.kind, rule.titles, shown, False,
                              ["export", "settings", "form", "chat"])
            longer = value[:-1] + digits(rng, 2) + value[-1]
            yield from around(rng, "id", rule.kind, rule.titles, longer, False,
                              ["log", "chat"])


def plain_ids(rng, n):
    for rule in rules.PLAIN:
        for _ in range(n):
            shown = rules.written(rng, rule, rule.make(rng))
            yield from around(rng, "id_plain", rule.kind, rule.titles, shown,
                              True)
            # the same under a title of something else
            yield from around(rng, "id_plain", rule.kind,
                              ["Order", "Batch", "Part no", "Ticket"], shown,
                              False, ["export", "chat", "log"])


# ---- cards -----------------------------------------------------------------

CARD_TITLES = ["Card", "card no", "PAN", "Credit card number", "cc_number",
               "Card on file", "Zahlungskarte", "Kartennr. Karte",
               "N\u00b0 de carte", "Tarjeta", "Numero di carta", "Debit card",
               "cardNumber", "Kreditkort", "Nr karty", "Kart numaras\u0131"]
# prefix, lengths, how its digits are grouped
ISSUERS = [
    ("card_visa", "4", 16, "4444"), ("card_visa", "4", 16, "4444"),
    ("card_mastercard", "52", 16, "4444"), ("card_mastercard", "2345", 16,
                                            "4444"),
    ("card_amex", "34", 15, "465"), ("card_amex", "37", 15, "465"),
    ("card_discover", "6011", 16, "4444"), ("card_discover", "6489", 16,
                                            "4444"),
    ("card_diners", "3012", 14, "464"), ("card_diners", "36", 14, "464"),
    ("card_jcb", "3561", 16, "4444"), ("card_unionpay", "6222", 16, "4444"),
    ("card_unionpay", "6214", 19, "44443"), ("card_visa", "4", 19, "44443"),
    ("card_maestro", "6763", 16, "4444"), ("card_mir", "2203", 16, "4444"),
    ("card_rupay", "6521", 16, "4444"), ("card_elo", "636368", 16, "4444"),
    ("card_troy", "979204", 16, "4444"),
]
APART = ["  ", " - ", "/", "\t", "+", "_", ".", "\u00a0", "\u2009", "\u2013"]
GLUED = ["PAN{v}EXP0928", "card:{v}exp", "card{v}", "visa_{v}_2028",
         "CARD={v}CVV", "carte{v}"]


def card_value(rng, prefix, n):
    body = prefix + digits(rng, n - 1 - len(prefix))
    return body + luhn(body)


def in_groups(value, groups, sep):
    out, at = [], 0
    for g in map(int, groups):
        out.append(value[at:at + g])
        at += g
    return sep.join(out)


def cards(rng, n):
    for kind, prefix, count, groups in ISSUERS * n:
        value = card_value(rng, prefix, count)
        for sep in ("", " ", "-"):
            shown = in_groups(value, groups, sep) if sep else value
            yield from around(rng, "card", kind, CARD_TITLES, shown, True)
        shown = in_groups(value, groups, rng.choice(APART))
        yield from around(rng, "card", kind, CARD_TITLES, shown, True,
                          ["chat", "form"])
        halves = in_groups(value, groups, " ")
        at = halves.index(" ", 6)
        yield from around(rng, "card", kind, CARD_TITLES,
                          halves[:at] + "\n" + halves[at + 1:], True,
                          ["chat"])
        text = rng.choice(GLUED).format(v="\0")
        at = text.index("\0")
        yield Shown("card", kind, "glued", text.replace("\0", value), at,
                    len(value), True)
        yield from no_cards(rng, kind, value, groups)


def no_cards(rng, kind, value, groups):
    bad = value[:-1] + str((int(value[-1]) + rng.randint(1, 9)) % 10)
    for sep in ("", " ", "-", "  ", "/"):
        shown = in_groups(bad, groups, sep) if sep else bad
        yield from around(rng, "card", kind, CARD_TITLES, shown, False,
                          ["export", "chat", "form"])
    for text in ("card%sexp" % bad, "PAN" + bad, "sha1 %sa9f" % value,
                 "%s%s" % (value, digits(rng, 5)), "0.%s" % value,
                 "a%sb" % value, "x-%s-%s" % (digits(rng, 4), bad)):
        yield Shown("card", kind, "none", text + "\n", 0, len(text), False)


# what real files are full of
NOTHING = [
    "order {d16}", "trace_id={h32}", "{u}", "at {ms} ms", "{us}",
    "build 20260211074109", "commit {h40}", "sha256:{h64}", "v{d1}.{d2}.{d3}",
    "invoice {d10} of 2026", "tracking no 1Z{D16}", "ISBN 978-{d1}-{d4}-"
    "{d4}-{d1}", "0x{h16}", "{d6}-{d6}", "row {d9}", "lot {d4}-{d4}-{d4}",
    "\"etag\": \"{h32}\"", "{b64}", "{d3}.{d3}.{d3}.{d3} is no address",
    "ean {d13}", "seq={d12}", "offset {d11}", "X-Request-Id: {u}",
    "{d2}:{d2}:{d2}.{d6}", "\"size\": {d10}", "inode {d8} links 1",
    "AS{d5} peer {d7}", "order no. {d4} {d4} {d4} {d4} {d4}",
    "table\n{d4} {d4} {d4} {d4}\n{d4} {d4} {d4} {d4}\n",
]


def filled(rng, text):
    def one(m):
        kind, size = m[1], int(m[2] or 0)
        if kind == "u":
            return str(uuid.UUID(int=rng.getrandbits(128), version=4))
        if kind == "h":
            return hashlib.sha256(str(rng.random()).encode()).hexdigest()[
                :size]
        if kind == "ms":
            return str(rng.randint(1577836800000, 1767225600000))
        if kind == "us":
            return str(rng.randint(1577836800000000, 1767225600000000))
        if kind == "b":
            return base64.b64encode(rng.randbytes(48)).decode()
        return digits(rng, size)
    return re.sub(r"\{(us|ms|[udDhb])(\d*)\}", one, text)


def nothing(rng, n):
    for text in NOTHING * n * 4:
        text = filled(rng, text)
        for group, kind in (("card", "card_visa"), ("id", "us_npi"),
                            ("phone", "phone"), ("secret", ""),
                            ("iban", "iban"), ("ip", "ip_address")):
            yield Shown(group, kind, "nothing", text + "\n", 0, len(text),
                        False)


# ---- accounts, mail, machines, phones --------------------------------------

def accounts(rng, n):
    titles = ["IBAN", "Account (IBAN)", "Bank details", "Pay to",
              "Kontoverbindung", "Compte \u00e0 cr\u00e9diter",
              "Rekeningnr.", "Cuenta de abono", "konto", "c/c beneficiario"]
    for country in list(rules.IBANS) * n:
        value = rules.iban(rng, country)
        fours = " ".join(value[i:i + 4] for i in range(0, len(value), 4))
        for shown in (value, fours, value.lower()):
            yield from around(rng, "iban", "iban", titles, shown, True)
        yield Shown("iban", "iban", "bare", fours + "\n", 0, len(fours), True)
        bad = value[:2] + "%02d" % ((int(value[2:4]) + rng.randint(1, 90)) %
                                    97 + 2) + value[4:]
        if rules.iban_holds(bad):
            continue
        yield from around(rng, "iban", "iban", titles, bad, False,
                          ["export", "chat", "form"])
        yield from around(rng, "iban", "iban", titles, value[:-1], False,
                          ["export", "chat"])


PEOPLE = ["ola.berg", "p_ia", "info", "kundendienst", "r.o'neill", "a-m.k",
          "x9", "no-reply", "ola+news", "Pia.Lind.77", "dev_null", "q"]
HOSTS = ["fjord.example", "mail.bergwerk.de", "post.uni-ulm.de", "kvarn.se",
         "shop24.co.nz", "ministerie.nl", "sub.a-b.org", "office.gov.pl",
         "tiny.dev", "klinik.swiss", "paris.fr", "corp.com.br"]


def mails(rng, n):
    for _ in range(n * 12):
        value = rng.choice(PEOPLE) + "@" + rng.choice(HOSTS[1:])
        yield from around(rng, "email", "email",
                          ["Mail", "contact", "Reply-To", "Adresse", "login",
                           "owner", "cc"], value, True)
    for text in ("@param", "a@b", "ola@", "@2x", "left-pad@1.3.0", "ssh ola@box",
                 "user@@x.com", "ola@-x.org", "<@U04AB>", "x@1.2.3.4.5"):
        for _ in range(n * 2):
            yield Shown("email", "email", "none", "see %s here\n" % text, 4,
                        len(text), False)


def machines(rng, n):
    titles = ["client address", "peer", "host", "IP", "remote", "origin"]
    for _ in range(n * 10):
        four = "%d.%d.%d.%d" % (rng.choice([11, 45, 77, 94, 130, 195, 217]),
                                rng.randint(100, 255), rng.randint(0, 255),
                                rng.randint(100, 255))
        six = "2a%02x:%x:%x::%x" % tuple(rng.randint(1, 255)
                                         for _ in range(4))
        for value in (four, six):
            yield from around(rng, "ip", "ip_address", titles, value, True)
        for text in ("version %s" % four.replace("1", "0"),
                     four + "." + digits(rng, 2), "oid 1.3.6.1.4.1.%s" % four,
                     "%d.300.1.2" % rng.randint(1, 99), "v" + four):
            yield Shown("ip", "ip_address", "none", text + "\n", 0, len(text),
                        False)


# as numbering plans have them: 0 is any digit, N is 2 to 9
PHONES = [
    ("Telefon", ["+49 30 N0000000", "+49 (0)171 0000000", "0049 89 N000000",
                 "030/N0000000", "0171-N000000"]),
    ("T\u00e9l\u00e9phone", ["+33 6 N0 00 00 00", "06 N0 00 00 00",
                             "+33 (0)1 4N 00 00 00"]),
    ("Phone", ["+1 415-N00-0000", "(415) N00-0000", "415.N00.0000",
               "+1 (212) N00 0000", "1-800-N00-0000"]),
    ("Mobile", ["+44 7700 900000", "07911 N00000", "+44 (0)20 7N00 0000"]),
    ("Tel\u00e9fono", ["+34 612 N0 00 00", "612 N00 000", "+52 55 N000 0000"]),
    ("Telefono", ["+39 347 N000000", "+39 02 N000000", "347 N000000"]),
    ("Telefoon", ["+31 6 N0000000", "06-N0000000", "+31 20 N00 0000"]),
    ("Telefon", ["+48 60N 000 000", "60N 000 000", "+46 70 N00 00 00"]),
    ("Mobile no.", ["+91 98N00 00000", "98N0000000", "+61 4N0 000 000"]),
    ("Tel", ["+81 90-N000-0000", "090-N000-0000", "+86 138 N000 0000"]),
    ("\u0422\u0435\u043b\u0435\u0444\u043e\u043d",
     ["+7 916 N00-00-00", "8 (916) N00-00-00"]),
    ("Celular", ["+55 11 9N000-0000", "(11) 9N000-0000"]),
]


def phones(rng, n):
    for title, plans in PHONES * n:
        for plan in plans:
            at = plan.find("N") if "N" in plan else plan.index("9")
            shown = plan[:at] + re.sub(
                "[0N]", lambda m: rng.choice(
                    "23456789" if m[0] == "N" else DIGITS), plan[at:])
            yield from around(rng, "phone", "phone", [title], shown, True)


# ---- secrets ---------------------------------------------------------------

HEXES, LOW = "0123456789abcdef", "abcdefghijklmnopqrstuvwxyz0123456789"
B62 = LOW + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
URL64 = B62 + "-_"


def of(rng, alphabet, n):
    return "".join(rng.choice(alphabet) for _ in range(n))


def keys(rng):
    """(vendor, key): the marks are cut, so that no scanner takes this file."""
    def a(alphabet, n):
        return of(rng, alphabet, n)
    return [
        ("aws_access", "AK" + "IA" + a("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
                                       16)),
        ("github_fine", "github_" + "pat_" + a(B62, 22) + "_" + a(B62, 59)),
        ("gitlab_pat", "gl" + "pat-" + a(URL64, 20)),
        ("slack_token", "xo" + "xp-" + digits(rng, 12) + "-" +
         digits(rng, 12) + "-" + digits(rng, 12) + "-" + a(HEXES, 32)),
        ("slack_app", "xa" + "pp-1-A" + a(B62[26:], 10).upper() + "-" +
         digits(rng, 13) + "-" + a(HEXES, 64)),
        ("stripe", "sk_" + "live_" + a(B62, 99)),
        ("stripe_webhook", "wh" + "sec_" + a(B62, 32)),
        ("sendgrid", "S" + "G." + a(URL64, 22) + "." + a(URL64, 43)),
        ("gcp_api", "AI" + "za" + a(URL64, 35)),
        ("npm", "np" + "m_" + a(B62, 36)),
        ("openai", "sk-" + "svcacct-" + a(URL64, 58) + "T3Blbk" + "FJ" +
         a(URL64, 58)),
        ("anthropic", "sk-" + "ant-api03-" + a(URL64, 93) + "AA"),
        ("huggingface", "hf" + "_" + a(B62[:26], 34)),
        ("digitalocean", "do" + "o_v1_" + a(HEXES, 64)),
        ("databricks", "da" + "pi" + a(HEXES, 32) + "-2"),
        ("shopify", "sh" + "pss_" + a(HEXES, 32)),
        ("telegram", digits(rng, 9).replace("0", "7") + ":AA" + a(URL64, 33)),
        ("mailchimp", a(HEXES, 32) + "-us" + "21"),
        ("vault", "hv" + "s." + a(URL64, 24)),
        ("doppler", "dp." + "st.prd." + a(B62, 43)),
        ("linear", "lin_" + "api_" + a(B62, 40)),
        ("grafana", "gl" + "sa_" + a(B62, 32) + "_" + a(HEXES, 8)),
        ("postman", "PM" + "AK-" + a(HEXES, 24) + "-" + a(HEXES, 34)),
        ("dockerhub", "dckr_" + "pat_" + a(URL64, 27)),
        ("pulumi", "pu" + "l-" + a(HEXES, 40)),
        ("rubygems", "ruby" + "gems_" + a(HEXES, 48)),
        ("planetscale", "psc" + "ale_pw_" + a(URL64, 43)),
        ("age", "AGE-" + "SECRET-KEY-1" +
         a("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58)),
        ("newrelic", "NR" + "AK-" + a(B62[26:], 27).upper()),
        ("sentry", "sntr" + "ys_" + base64.b64encode(
            b'{"iat":1700000000.1,"url":"https://sentry.io","org":"x"}'
        ).decode().rstrip("=") + "_" + a(B62, 43)),
        ("tailscale", "ts" + "key-auth-" + a(B62, 12) + "CNTRL-" +
         a(B62, 32)),
        ("figma", "fi" + "gd_" + a(URL64, 40)),
        ("notion", "nt" + "n_" + digits(rng, 11) + a(B62, 35)),
        ("airtable", "pa" + "t" + a(B62, 14) + "." + a(HEXES, 64)),
        ("square", "EA" + "AA" + a(URL64, 60)),
        ("atlassian", "AT" + "ATT3xFfGF0" + a(URL64, 176) + "=" +
         a(HEXES, 8).upper()),
        ("supabase", "sb" + "p_" + a(HEXES, 40)),
        ("jwt", base64.urlsafe_b64encode(b'{"typ":"JWT","alg":"ES256"}')
         .decode().rstrip("=") + "." + base64.urlsafe_b64encode(
             b'{"iss":"fjord","sub":"%d"}' % rng.randint(10, 99999))
         .decode().rstrip("=") + "." + a(URL64, 86)),
        ("microsoft_teams", "https://fjord.webhook.office.com/webhookb2/" +
         "%s@%s/IncomingWebhook/%s/%s" % (uid(rng), uid(rng), a(HEXES, 32),
                                          uid(rng))),
    ]


def uid(rng):
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


PASSWORDS = ["db_password", "smtp.password", "MYSQL_ROOT_PASSWORD", "passwd",
             "adminPassword", "client_secret", "apiSecret", "signing-key",
             "auth.token", "LDAP_BIND_PW", "Passwort", "Kennwort",
             "mot_de_passe", "contrasena", "has\u0142o", "wachtwoord",
             "\u043f\u0430\u0440\u043e\u043b\u044c", "senha"]
GIVEN = ["{k}={v}\n", "{k}: {v}\n", "  {k}: \"{v}\"\n", "{k} = '{v}'\n",
         "\"{k}\": \"{v}\",\n", "-e {k}={v} \\\n", "set {k} {v}\n",
         "<{k}>{v}</{k}>\n", "export {k}=\"{v}\"\n", "{k}\t{v}\n"]
NO_SECRETS = [
    "password = prompt('Password: ')", "token: {{{{ vault_token }}}}",
    "api_key=$API_KEY", "secret_key = config.get('secret')",
    "password: changeme", "passwd: ******", "apiKey: process.env.KEY",
    "The password must be at least 12 characters long.", "token = next(it)",
    "password_hash_rounds = 12", "keyboard = 'qwertz'", "author: Ola Berg",
    "secret santa list for 2026", "AUTH_TOKEN=<token>", "key: 3f2a",
    "pass: true", "tokenizer = 'cl100k_base'", "monkey = {u}",
    "cacheKey = '{h32}'", "\"sha512-{b64}\"", "revision: {h40}",
    "api_key: str = None", "public_key_fingerprint: {h40}",
    "foreign_key = 'client_id'", "password = getpass.getpass()",
    "primaryKey: '{u}'", "X-Amz-Date: 20260211T074109Z",
]


def passwords(rng):
    yield of(rng, B62, 8) + rng.choice("!$%&?") + digits(rng, 2)
    yield of(rng, LOW, 5).title() + "-" + of(rng, B62, 6) + "#"
    yield of(rng, B62, 32)
    yield of(rng, HEXES, 40)


def secrets(rng, n):
    for _ in range(n):
        for vendor, key in keys(rng):
            for title in ("token", "value", "key for ola"):
                yield from around(rng, "vendor", vendor, [title], key, True,
                                  ["settings", "log", "chat", "code"])
            cut = key[:12]
            yield Shown("vendor", vendor, "none", "see " + cut + "... below\n",
                        4, len(cut), False)
        for title in PASSWORDS:
            for value in passwords(rng):
                layout = rng.choice(GIVEN)
                text = layout.format(k=title, v="\0")
                if layout.startswith("<") and not title.isascii():
                    continue
                yield Shown("secret", "", "given", text.replace("\0", value),
                            text.index("\0"), len(value), True)
        for text in NO_SECRETS * 3:
            text = filled(rng, text.replace("{{{{", "{{").replace("}}}}",
                                                                  "}}"))
            yield Shown("secret", "", "none", text + "\n", 0, len(text),
                        False)


def suites(rng, n):
    rng = random.Random(rng.random())
    for make in (ids, plain_ids, cards, accounts, mails, machines, phones,
                 secrets, nothing):
        yield from make(rng, n)
