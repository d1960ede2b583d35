"""Cases as other people than those of strangers.py write them.

Mails, chats, invoices, forms, tables with many rows, tickets and logs in many
tongues, around numbers of papers.py, cards, accounts, phones, addresses and
secrets. Nothing here reads the catalogue. Each suite yields strangers.Shown.
"""
import base64
import json
import string
import uuid

import papers
import strangers
from strangers import DIGITS, Shown, cut, luhn_digit, numeric, off_by_one

# {v} the value, {t} its title, {k} the title as a key, {n} a number of another
# kind
PLACES = {
    "chat": ["[14:02] ana: {t} {v}", "<bob> hey, {t} is {v} ok?",
             "Anna: whats your {t}?\nBob: {v}\n", "{v} <- {t}",
             "sure!! {t}: {v} :)", "@kim pls use {v} as {t}"],
    "mail": ["From: Jo <jo@example.net>\nSubject: {t}\n\nHi Kim,\n\nhere it "
             "comes: {t} {v}.\n\nBest\nJo\n",
             "Dear team,\n\n> What is the {t}?\n\n{v}\n\nThanks\n",
             "Re: your request\n\n  {t} .......... {v}\n  Status ....... open"],
    "invoice": ["Invoice 2026-118\nDate 05.01.2026\n{t}: {v}\nTotal 118.20\n",
                "Bill to: Acme Ltd\n{t} {v}\nQty  Price\n2    14.00\n",
                "Customer 88213 / {t} {v} / due 2026-03-31"],
    "form": ["<label for=\"{k}\">{t}</label><input id=\"{k}\" name=\"{k}\" "
             "value=\"{v}\">",
             "<tr><th>{t}</th><td>{v}</td></tr>\n", "<dt>{t}<dd>{v}\n",
             "<p><b>{t}</b><br/>{v}</p>", "[x] {t}: [ {v} ]"],
    "keys": ["{k}={v}\nmode=fast\n", "export {k}=\"{v}\"\n", "--{k}={v}",
             "?{k}={v}&lang=en", "{{'{k}': '{v}', 'n': 3}}",
             "{{\"a\": {{\"b\": [{{\"{k}\": \"{v}\"}}]}}}}",
             "<{k} type=\"x\">{v}</{k}>", "  - {k}: {v}\n    n: 3\n",
             "user.{k} = '{v}';", "level=info {k}={v} dur=8ms"],
    "rows": ["no,name,{k}\n1,Ada,{v}\n", "name|{t}|city\nAda|{v}|Bern\n",
             "\"Name\";\"{t}\"\n\"Ada\";\"{v}\"\n",
             "{t},City,Amount\n{v},Bern,12.50\n", "name\t{t}\nAda\t{v}\n"],
    "text": ["Please note that the {t} of the applicant, {v}, has changed.",
             "{v} is the {t} we hold for you.",
             "We ran {v} ({t}) through the system twice.",
             "For the {t} use {v} and nothing else.",
             "My husband's {t} would be {v}, mine follows.",
             "In der Akte steht als {t} {v} vermerkt.",
             "Le dossier mentionne {t} {v} depuis 2019.",
             "El cliente con {t} {v} no ha contestado.",
             "Il cliente con {t} {v} non ha risposto.",
             "O cliente com {t} {v} ainda n\u00e3o respondeu.",
             "Klient, kt\u00f3rego {t} to {v}, nie odpowiada.",
             "De klant met {t} {v} heeft niet gereageerd.",
             "\u0423 \u043a\u043b\u0438\u0435\u043d\u0442\u0430 {t} {v}."],
    "bare": ["{v}", " {v} \n", "{v}\r\n"],
}
# A near miss stands among what is no paper of anybody.
OTHERS = ["order {v}", "Invoice No. {v}", "ticket #{v}", "sku={v}", "ISBN {v}",
          "build {v} passed", "tracking number {v}", "Article {v} is sold out",
          "part no. {v}", "total: {v} bytes", "seq={v} ack=1", "batch {v}"]


def key_of(rng, title):
    words = "".join(" " if c in " -/#:'()" else "" if c == "." else c
                    for c in title.lower()).split()
    if rng.random() < 0.3 and title.isascii():
        return words[0] + "".join(w.capitalize() for w in words[1:])
    return rng.choice("_-_").join(words)


def place(rng, how, value, title):
    shape = rng.choice(PLACES[how])
    text = shape.format(v="\0", t=title, k=key_of(rng, title))
    at = text.index("\0")
    return text.replace("\0", value), at


def around(rng, group, kind, value, titles, want, hows):
    for how in hows:
        text, at = place(rng, how, value, rng.choice(titles))
        yield Shown(group, kind, how, text, at, len(value), want)


TITLED = ["chat", "mail", "invoice", "form", "keys", "rows", "text"]
# What people say who do not know what the paper is called.
SOMEBODY = ["National ID", "national id no", "ID number", "ID No", "ID No.",
            "Identity number", "Identification number", "Personal ID",
            "Citizen ID", "Government ID", "ID card number", "Ausweisnummer",
            "Personenkennzahl", "Personalausweis Nr.",
            "Num\u00e9ro d'identit\u00e9",
            "Num\u00e9ro d'identification", "Documento de identidad",
            "N\u00famero de identificaci\u00f3n", "N\u00famero de identidad",
            "Carta d'identit\u00e0 n.", "Numero di identificazione",
            "N\u00famero de identifica\u00e7\u00e3o", "Documento de identidade",
            "Identiteitsnummer", "Numer identyfikacyjny",
            "Osobn\u00ed \u010d\u00edslo", "Kimlik numaras\u0131",
            "Identifikationsnummer", "ID-nummer",
            "\u0438\u0434\u0435\u043d\u0442\u0438\u0444\u0438\u043a\u0430"
            "\u0446\u0438\u043e\u043d\u043d\u044b\u0439 "
            "\u043d\u043e\u043c\u0435\u0440", "\u8eab\u4efd\u8bc1\u53f7\u7801",
            "nomor identitas", "s\u1ed1 \u0111\u1ecbnh danh"]
PERSONAL = ("pl_pesel fr_nir es_nif es_nie it_codicefiscale nl_bsn be_nn "
            "se_personnummer no_fodselsnummer fi_hetu ee_ik lt_asmens cz_rc "
            "ro_cnp bg_egn gr_amka hr_oib yu_jmbg ch_ssn tr_tckimlik il_idnr "
            "za_idnr in_aadhaar cn_ric hk_id tw_nid kr_rrn jp_in sg_nric "
            "th_pin br_cpf cl_rut mx_curp ec_ci uy_cedula do_cedula kz_iin "
            "is_kennitala").split()


def numbers(rng, n):
    for _ in range(n):
        for p in papers.PAPERS:
            group = "id_plain" if p.check is papers.plain else "id"
            body, v = papers.value(rng, p)
            yield from around(rng, group, p.kind, papers.written(rng, p, v),
                              p.titles, True, TITLED)
            bad = papers.wrong(rng, p, body, v)
            if bad is not None:
                bad = papers.written(rng, p, bad)
                yield from around(rng, group, p.kind, bad, p.titles, False,
                                  TITLED + ["bare"])
            text = rng.choice(OTHERS).format(v=numeric(rng, rng.randint(8, 14)))
            yield Shown(group, p.kind, "other", text, 0, len(text), False)
            if p.kind not in PERSONAL:
                continue
            yield from around(rng, "somebody", p.kind,
                              papers.written(rng, p, v), SOMEBODY, True,
                              ["chat", "form", "keys", "rows", "text"])
            if bad is not None:
                yield from around(rng, "somebody", p.kind, bad, SOMEBODY,
                                  False, ["form", "keys", "text"])


# ---- cards -----------------------------------------------------------------

PAN = ["Card", "card no.", "Card Number", "Credit Card", "Visa", "Mastercard",
       "Amex", "CC#", "cc_number", "pan", "cardNumber", "Kreditkartennummer",
       "Num\u00e9ro de la carte", "Tarjeta", "N\u00ba de tarjeta", "Carta n.",
       "Cart\u00e3o", "Karta", "Kart no", "Kart numaras\u0131",
       "\u0411\u0430\u043d\u043a\u043e\u0432\u0441\u043a\u0430\u044f "
       "\u043a\u0430\u0440\u0442\u0430", "\u30ab\u30fc\u30c9\u756a\u53f7",
       "\u5361\u53f7", "Kaartnummer", "kortnummer", "Bankkort",
       "payment method"]


def cards(rng, n):
    more = dict(strangers.BRANDS)
    more["card_rupay"] = (["6070", "6521", "8172"], [16])
    more["card_troy"] = (["9792"], [16])
    more["card_elo"] = (["636368", "438935", "504175"], [16])
    more["card_verve"] = (["506101", "650010"], [16, 19])
    for _ in range(n):
        for brand, (prefixes, lengths) in more.items():
            size = rng.choice(lengths)
            body = rng.choice(prefixes)
            body += numeric(rng, size - 1 - len(body))
            v = body + luhn_digit(body)
            shown = strangers.card_written(rng, v)
            yield from around(rng, "card", brand, shown, PAN, True, PLACES)
            rows = [v] + [numeric(rng, size - 1) for _ in range(2)]
            rows = [rows[0]] + [x + luhn_digit(x) for x in rows[1:]]
            text = "id,ref\n" + "".join("%d,%s\n" % r for r in
                                        enumerate(rows))
            yield Shown("card", brand, "column", text, text.index(v), size,
                        True)
            bad = off_by_one(rng, v)
            if luhn_digit(bad[:-1]) != bad[-1] and \
                    luhn_digit(bad[:15]) != bad[15:16]:  # a card and its code
                yield from around(rng, "card", brand,
                                  strangers.card_written(rng, bad), PAN,
                                  False, PLACES)
    for _ in range(n * 12):
        stamp = str(rng.randint(1500000000, 1790000000))
        for text in ("{\"ts\": %s%s}" % (stamp, numeric(rng, 3)),
                     "%s%s INFO ok" % (stamp, numeric(rng, 6)),
                     str(uuid.UUID(int=rng.getrandbits(128))),
                     "x = 0.%s" % numeric(rng, 16), "-%s.5" % numeric(rng, 13),
                     "%s_add_user.rb" % ("2026" + numeric(rng, 10)),
                     "sha1 " + "".join(rng.choice("0123456789abcdef")
                                       for _ in range(40)),
                     "id %s" % numeric(rng, 17), numeric(rng, 21)):
            yield Shown("card", "card_visa", "other", text, 0, len(text),
                        False)


# ---- phones, mail, machines ------------------------------------------------

CALLS = {"": ["Phone", "Tel", "phone", "Mobile", "Contact", "Call us at",
              "call me on", "Ph", "Ph.", "Tel no", "Cell:", "mob", "T", "M",
              "WhatsApp", "Emergency contact", "Fax", "telephone", "Office",
              "Landline", "phoneNumber", "Daytime phone", "Hotline"],
         "DE": ["Telefon", "Tel.-Nr.", "Handynr.", "Mobilnummer",
                "R\u00fcckruf",
                "erreichbar unter"],
         "FR": ["T\u00e9l.", "Num\u00e9ro de t\u00e9l\u00e9phone", "Mobile",
                "joignable au"],
         "ES": ["Tfno.", "N\u00famero de tel\u00e9fono", "M\u00f3vil",
                "Llamar al"],
         "IT": ["Tel.", "Cell.", "Numero di telefono", "Recapito telefonico"],
         "BR": ["Tel.", "Celular", "Fone", "Telefone para contato"],
         "NL": ["Tel.", "Mobiel nummer", "Telefoonnummer"],
         "PL": ["tel.", "kom.", "Numer telefonu"],
         "TR": ["Telefon", "Cep tel", "GSM"], "JP": ["\u96fb\u8a71", "TEL"],
         "CN": ["\u7535\u8bdd", "\u624b\u673a\u53f7"],
         "RU": ["\u0422\u0435\u043b.", "\u041c\u043e\u0431."],
         "KR": ["\uc804\ud654", "\ud734\ub300\ud3f0"]}
NO_PHONE = ["2026-{0:02d}-{1:02d}", "{1:02d}.{0:02d}.2026", "{0}/{1}/2026",
            "v{0}.{1}.{2}", "{2}.{0}.{1}.{2}", "10.{2}.{0}.{1}",
            "2026-{0:02d}-{1:02d} {0:02d}:{1:02d}:{1:02d}", "ISBN 978-3-16-"
            "{3:06d}-{0}", "Room {2}-{1}", "{3:06d}.{2}", "pages {2}-{3}",
            "EUR {0} {2}.{1:02d}", "{0:03d}-{1:02d}-{3:04d}", "order {3}-{4}",
            "{3} {4}", "{4}", "{0}{4}", "lat {0}.{3}, lon {1}.{3}", "#{4}",
            "zip 9{3:04d}-{3:04d}", "{3}-{3}-{3}-{3}", "0x{4}", "{4}ms",
            "grid 123 456 {3:04d}", "serial {0:03d}-{1:03d}-{3:04d}",
            "NHS number {nhs}", "medical record 555-{1:03d}-{3:04d}"]


def nhs(rng):
    p = next(x for x in papers.PAPERS if x.kind == "uk_nhs")
    v = papers.value(rng, p)[1]
    return cut(v, (3, 3, 4), rng.choice(" -"))


def phones(rng, n):
    for s in strangers.phones(rng, 1):
        if not s.want:
            continue
        value = s.text[s.at:s.at + s.length]
        digits = "".join(c for c in value if c in DIGITS)
        if value.startswith("+"):
            again = rng.choice([value, value.replace(" ", "."), value.replace(
                " ", "-"), "+" + digits, "00" + digits, value.replace(
                    " ", "\u00a0")])
            hows = ["bare", "chat", "text"] if again[0] == "+" else ["chat"]
        else:
            again = rng.choice([value, digits, value.replace(" ", "-"),
                                value.replace("-", " "), value.replace(
                                    " ", ".")])
            hows = ["chat", "mail", "form", "keys", "rows"]
        titles = CALLS[""] + sum((v for k, v in CALLS.items() if k), [])
        if s.how in ("titled", "bare", "text"):
            yield from around(rng, "phone", "phone", again, titles, True,
                              [rng.choice(hows)])
    for form in NO_PHONE * n * 2:
        text = form.format(rng.randint(1, 12), rng.randint(1, 28),
                           rng.randint(100, 999), rng.randint(1000, 9999),
                           rng.randint(10 ** 6, 10 ** 10), nhs=nhs(rng))
        yield Shown("phone", "phone", "other", text, 0, len(text), False)
    for _ in range(n * 8):
        v = nhs(rng)
        yield from around(rng, "phone", "phone", v,
                          ["NHS number", "NHS No", "Patient", "H&C number",
                           "CHI", "policy number", "case no", "member id"],
                          False, ["chat", "form", "keys", "rows", "text"])


FIRST = ["ana.silva", "j_kim", "o.brien-smith", "r2d2", "kontakt", "team+eu",
         "Z.Novak", "m.muller", "x.y.z", "hr_dept", "n.o'hara", "a1", "%d"]
LAST = ["gmail.com", "yahoo.co.jp", "posteo.de", "mail.ru", "uni-bonn.de",
        "a.b.c.org", "kpn.nl", "xn--mller-kva.de", "start.app", "city.gov.uk",
        "my-shop.store", "ya.ru", "orange.fr", "abc.info", "dept.ac.nz", "t.co"]
NO_MAIL = ["user@host", "@decorator", "a@b.c", "git@10", "foo@@bar.com",
           "x@y.invalidtldname", "price @5.99", "2@3.4", "logo@2x.webp",
           "me@.org", "jo @ example.com", "react@18.2.0", "@types/node@20.1",
           "a@b_c.d", "name@-bad-.com", "user@exa mple.com", "b@..de",
           "img@1.5x.jpeg", "key@0x41.0", "root@web01:~#", "v@1.0.0-beta.2"]


def mails(rng, n):
    for _ in range(n * 10):
        value = rng.choice(FIRST).replace("%d", numeric(rng, 5)) + "@" + \
            rng.choice(LAST)
        yield from around(rng, "email", "email", value,
                          ["email", "Mail", "E-Mail", "from", "owner",
                           "Kontakt",
                           "user name", "courriel"], True, PLACES)
    for value in NO_MAIL * n:
        yield from around(rng, "email", "email", value, ["note", "ref"], False,
                          ["chat", "text"])


def hosts(rng, n):
    for _ in range(n * 8):
        q = [rng.choice([8, 23, 52, 81, 93, 104, 151, 178, 203, 212])] + \
            [rng.randint(0, 255) for _ in range(3)]
        q[rng.randint(1, 3)] = rng.randint(100, 255)
        four = ".".join(map(str, q))
        g = ["%x" % rng.choice([0x2001, 0x2a02, 0x2607])] + \
            ["%x" % rng.randint(1, 65535) for _ in range(7)]
        six = [":".join(g), ":".join(g[:4]) + "::1", g[0] + "::" + g[1],
               ":".join(g).upper(), ":".join(x.zfill(4) for x in g),
               ":".join(g[:6]) + "::" + g[7], "::ffff:" + four]
        for value in (four, rng.choice(six)):
            yield from around(rng, "ip", "ip_address", value,
                              ["IP", "ip", "source", "Server", "client_ip",
                               "X-Forwarded-For", "peer", "addr"], True,
                              PLACES)
        for form in ("[%s]:443", "from %s port 22 ssh2", "%s,", "(%s)",
                     "inet %s/24 brd", "tcp://%s:6379", "A %s\n",
                     "%s:53 -> 9.9.9.9:53"):
            text = form % four
            yield Shown("ip", "ip_address", "text", text, text.index(four),
                        len(four), True)
        for form in ("version {0}.{1}.{2}.{3}", "1.3.6.1.4.1.{1}.{2}",
                     "section {0}.1.2.3", "v{0}.{1}.{2}.{3}", "{0}.{1}.{2}",
                     "{0}.{1}.{2}.{3}.{0}", "{0}.{1}.{2}.3{3:03d}",
                     "lib-{0}.{1}.{2}.{3}.tar.gz", "0{0}.0{1}.{2}.{3}",
                     "a::b::c", "std::vector", "12:30:45", "FFFF::FFFF::1",
                     "Chrome/{2}.0.{3}.{1}", "{0}.256.{1}.{2}",
                     "Release {0}.{1}.{2}.{3} notes", "Firmware: {0}.0.{1}.7",
                     "build {0}.{1}.{2}.{3}", "fe80:::1", "1:2:3:4:5:6:7:8:9"):
            text = form.format(*[rng.randint(1, 250) for _ in range(4)])
            yield Shown("ip", "ip_address", "other", text, 0, len(text), False)


# ---- accounts --------------------------------------------------------------

def accounts(rng, n):
    for s in strangers.accounts(rng, n):
        if s.how not in ("titled", "bare"):
            continue
        value = s.text[s.at:s.at + s.length]
        yield from around(rng, "iban", "iban", value,
                          ["IBAN", "iban", "Account", "Bank", "Konto-Nr.",
                           "N\u00ba cuenta", "Compte", "C/C", "Rekening",
                           "payee", "Bankverbindung", "nr rachunku"], s.want,
                          ["chat", "form", "keys", "rows", "text", "mail"])


# ---- secrets ---------------------------------------------------------------

LOW, HEX = string.ascii_lowercase + DIGITS, "0123456789abcdef"
B62 = string.ascii_letters + DIGITS
B64 = B62 + "-_"
# what its name must have; parts: text, or (alphabet, length)
VENDORS = [
    ("aws_access", "AKIA", ("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)),
    ("aws_access", "ASIA", ("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)),
    ("gitlab", "glpat-", (B64, 20)), ("gitlab", "glrt-", (B64, 20)),
    ("slack", "xox", "b-", (DIGITS, 12), "-", (DIGITS, 12), "-", (B62, 24)),
    ("slack", "https://hooks.slack.com/services/T", (B62[26:], 8), "/B",
     (B62[26:], 8), "/", (B62, 24)),
    ("stripe", "sk_", "live_", (B62, 24)),
    ("stripe", "rk_", "live_", (B62, 24)),
    ("sendgrid", "SG.", (B64, 22), ".", (B64, 43)),
    ("gcp", "AI", "za", (B64, 35)), ("google", "GOCSPX-", (B64, 28)),
    ("openai", "sk-", "proj-", (B64, 74), "T3Blbk", "FJ", (B64, 74)),
    ("anthropic", "sk-ant-", "api03-", (B64, 93), "AA"),
    ("huggingface", "hf_", (B62[:52], 34)), ("digitalocean", "dop_v1_",
                                             (HEX, 64)),
    ("databricks", "dapi", (HEX, 32)), ("shopify", "shpat_", (HEX, 32)),
    ("twilio", "SK", (HEX, 32)), ("telegram", (DIGITS[1:], 10), ":AA",
                                  (B64, 33)),
    ("mailgun", "key-", (HEX, 32)), ("mailchimp", (HEX, 32), "-us14"),
    ("pypi", "pypi-AgEIcHlwaS5vcmc", (B64, 150)), ("vault", "hvs.", (B64, 92)),
    ("doppler", "dp.pt.", (B62, 43)), ("square", "sq0csp-", (B64, 43)),
    ("newrelic", "NRAK-", (B62[26:], 27)), ("linear", "lin_api_", (B62, 40)),
    ("grafana", "glsa_", (B62, 32), "_", (HEX, 8)),
    ("postman", "PMAK-", (HEX, 24), "-", (HEX, 34)),
    ("terraform", (B62, 14), ".atlasv1.", (B64, 67)),
    ("discord", "https://discord.com/api/webhooks/", (DIGITS[1:], 18), "/",
     (B64, 68)), ("figma", "figd_", (B64, 40)),
    ("notion", "ntn_", (DIGITS, 11), (B62, 35)),
    ("flyio", "fo1_", (B64, 43)), ("planetscale", "pscale_tkn_", (B64, 43)),
    ("pulumi", "pul-", (HEX, 40)), ("rubygems", "rubygems_", (HEX, 48)),
    ("dockerhub", "dckr_pat_", (B64, 27)), ("sentry", "sntryu_", (HEX, 64)),
    ("atlassian", "ATATT3", (B64, 186)), ("replicate", "r8_", (B62, 37)),
    ("groq", "gsk_", (B62, 52)), ("age", "AGE-SECRET-KEY-1",
                                  ("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58)),
]
# led by a name: title, vendor or nothing, parts
NAMED = [
    ("aws_secret_access_key", "aws", (B62 + "/+", 40)),
    ("datadog_api_key", "datadog", (HEX, 32)),
    ("heroku_api_key", "heroku", (HEX, 8), "-", (HEX, 4), "-4", (HEX, 3),
     "-a", (HEX, 3), "-", (HEX, 12)),
    ("cloudflare_api_token", "cloudflare", (B64, 40)),
    ("TWILIO_AUTH_TOKEN", "twilio", (HEX, 32)),
    ("okta_token", "okta", "00", (B64, 40)),
    ("algolia_admin_key", "algolia", (HEX, 32)),
    ("circleci_token", "circleci", (HEX, 40)),
    ("facebook_app_secret", "facebook", (HEX, 32)),
    ("api_key", "", (B62, 32)), ("client_secret", "", (B64, 36)),
    ("auth_token", "", (HEX, 40)), ("secret_key", "", (B62, 48)),
    ("access_token", "", (B62, 30)), ("private_token", "", (B62, 24)),
    ("db_password", "", (B62 + "!#%*", 14)), ("password", "", (B62, 10), "!",
                                             (DIGITS, 2)),
    ("passwd", "", (LOW, 6), "$", (B62, 7)), ("encryption_key", "", (HEX, 64)),
    ("webhook_secret", "", (B62, 32)),
    ("Passwort", "", (B62, 9), "#", (LOW, 3)),
    ("contrase\u00f1a", "", (B62, 9), "%", (LOW, 3)),
    ("mot de passe", "", (B62, 9), "*", (LOW, 3)),
]
LINES = ["{k} = \"{v}\"\n", "{k}: {v}\n", "export {K}={v}\n",
         "{{\"{k}\": \"{v}\"}}\n", "const {k} = '{v}';\n", "{K}={v}\n",
         "  {k}: \"{v}\" # prod\n", "<add key=\"{k}\" value=\"{v}\"/>\n",
         "    .set_{k}(\"{v}\")\n", "docker run -e {K}={v} app\n",
         "Hi, the new {k} is {v} - keep it safe\n", "{k} := \"{v}\"\n",
         "'{k}' => '{v}',\n", "--{k} {v}\n", "{K}: '{v}'\n"]
NO_SECRET = [
    "password = os.environ['DB_PASSWORD']", "api_key = \"YOUR_API_KEY\"",
    "secret: ${SECRET}", "token = get_token()", "password: ********",
    "passwd=xxxxxxxx", "api_key: <your key here>", "{{ .Values.password }}",
    "\"integrity\": \"sha512-{b}==\"", "commit {h}", "md5 {m}", "id: {u}",
    "data:image/png;base64,iVBORw0KGgo{b}", "etag: \"{m}\"", "key: value",
    "password must have eight characters", "api_key_id = 17",
    "public_key = ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{c}",
    "password = None", "token_url = https://auth.example.com/token",
    "secretName: my-app-tls", "def check_password(password):",
    "client_id = {u}", "revision = '{h}'", "access_token = request.args['t']",
    "checksum sha256 {h}{m}", "image@sha256:{h}{m}", "PASSWORD_MIN_LENGTH=12",
    "AKIAIOSFODNN7", "sk_live_", "ghp_short", "auth_token: null",
    "key = \"primary_key\"", "password_field = 'user_password'",
]


def made(rng, parts):
    return "".join(p if isinstance(p, str) else
                   "".join(rng.choice(p[0]) for _ in range(p[1]))
                   for p in parts)


def secrets(rng, n):
    import zlib
    for _ in range(n):
        fixed = [(name, made(rng, parts)) for name, *parts in VENDORS]
        body = made(rng, [(B62, 30)])
        crc = zlib.crc32(body.encode())
        tail = ""
        for _ in range(6):
            crc, r = divmod(crc, 62)
            tail = (DIGITS + string.ascii_uppercase +
                    string.ascii_lowercase)[r] + tail
        fixed.append(("github", "gh" + "p_" + body + tail))
        head = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}')
        load = base64.urlsafe_b64encode(json.dumps(
            {"sub": numeric(rng, 9), "iat": 1700000000}).encode())
        fixed.append(("jwt", head.decode().rstrip("=") + "." + load.decode()
                      .rstrip("=") + "." + made(rng, [(B64, 43)])))
        for name, value in fixed:
            for k in ["token", "key", name + "_key", "credential"]:
                yield line(rng, "vendor", name, k, value)
        for k, vendor, *parts in NAMED:
            for _ in range(3):
                yield line(rng, "vendor" if vendor else "secret", vendor, k,
                           made(rng, parts))
        for text in NO_SECRET:
            for mark, parts in (("{b}", [(B62, 84)]), ("{h}", [(HEX, 40)]),
                                ("{m}", [(HEX, 32)]), ("{c}", [(B62, 43)])):
                text = text.replace(mark, made(rng, parts))
            text = text.replace("{u}", str(uuid.UUID(int=rng.getrandbits(128),
                                                     version=4)))
            yield Shown("secret", "", "other", text + "\n", 0, len(text),
                        False)


def line(rng, group, kind, key, value):
    shape = rng.choice(LINES)
    text = shape.format(k=key, K=key.upper().replace(" ", "_"), v="\0")
    at = text.index("\0")
    return Shown(group, kind, "line", text.replace("\0", value), at,
                 len(value), True)


def suites(rng, n):
    yield from numbers(rng, n)
    yield from cards(rng, n)
    yield from phones(rng, n)
    yield from mails(rng, n)
    yield from hosts(rng, n)
    yield from accounts(rng, max(1, n // 3))
    yield from secrets(rng, n)
