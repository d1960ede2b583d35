"""How users of fake-data libraries write their records down, and sentences
made from templates. A record is a list of (words of the key, value); every
layout takes several and gives the text with marks around each value.
"""
import re

BEGIN, END = "\x01", "\x02"


def snake(words):
    return words.replace(" ", "_")


def camel(words):
    head, *rest = words.split(" ")
    return head + "".join(w.capitalize() for w in rest)


def title(words):
    return " ".join(w if w.isupper() else w.capitalize()
                    for w in words.split(" "))


def marked(value, escape=None):
    return BEGIN + (escape(value) if escape else value) + END


def c_like(v):
    return v.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n")


def single(v):
    return v.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")


def sql(v):
    return v.replace("'", "''")


def xml(v):
    return v.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;")


def sheet(v):
    """A cell is in quotes when it must be."""
    return v.replace("\"", "\"\"")


def cell(v, sep):
    quote = "\"" if re.search("[\"\n%s]" % sep, v) else ""
    return quote + marked(v, sheet) + quote


def pairs(record, name, form, joined, escape=None):
    return joined.join(form.replace("{k}", name(k)).replace(
        "{v}", marked(v, escape)) for k, v in record)


def each(records, name, form, joined, frame, between, escape=None):
    """Each record of its pairs, in a frame with {r} and {n}, its number."""
    return between.join(
        frame.replace("{n}", str(i + 1)).replace(
            "{r}", pairs(r, name, form, joined, escape))
        for i, r in enumerate(records))


def json_array(name):
    return lambda rs: "[\n" + each(rs, name, "    \"{k}\": \"{v}\"", ",\n",
                                   "  {\n{r}\n  }", ",\n", c_like) + "\n]\n"


def table(name, sep):
    def write(rs):
        keys = [k for k, _ in rs[0]]
        return "\n".join([sep.join(name(k) for k in keys)] +
                         [sep.join(cell(v, sep) for _, v in r) for r in rs]
                         ) + "\n"
    return write


def quoted_table(rs):
    return "\n".join(
        [",".join("\"%s\"" % camel(k) for k, _ in rs[0])] +
        [",".join("\"" + marked(v, sheet) + "\"" for _, v in r) for r in rs]
    ) + "\n"


def inserts(rs):
    names = ", ".join(snake(k) for k, _ in rs[0])
    return "".join("INSERT INTO users (%s) VALUES (%s);\n" % (
        names, ", ".join("'" + marked(v, sql) + "'" for _, v in r))
        for r in rs)


def insert_many(rs):
    names = ", ".join("`%s`" % snake(k) for k, _ in rs[0])
    return "INSERT INTO `customers` (%s) VALUES\n%s;\n" % (names, ",\n".join(
        "(%s)" % ",".join("'" + marked(v, sql) + "'" for _, v in r)
        for r in rs))


def frame_print(rs):
    """As a data frame prints itself: columns of one width."""
    keys = [snake(k) for k, _ in rs[0]]
    wide = [max(len(r[i][1].replace("\n", "\\n")) for r in rs)
            for i in range(len(keys))]
    wide = [max(w, len(k)) for w, k in zip(wide, keys)]
    lines = ["   " + "  ".join(k.rjust(w) for k, w in zip(keys, wide))]
    for n, r in enumerate(rs):
        cells = []
        for (_, v), w in zip(r, wide):
            v = v.replace("\n", "\\n")
            cells.append(" " * (w - len(v)) + marked(v))
        lines.append("%d  " % n + "  ".join(cells))
    return "\n".join(lines) + "\n"


def markdown(rs):
    keys = [title(k) for k, _ in rs[0]]
    return "\n".join(["| " + " | ".join(keys) + " |",
                      "|" + "---|" * len(keys)] +
                     ["| " + " | ".join(marked(v.replace("\n", ", "))
                                        for _, v in r) + " |" for r in rs]
                     ) + "\n"


def lines(name, form, joined="\n"):
    return lambda rs: each(rs, name, form, joined, "{r}", "\n\n") + "\n"


LAYOUTS = {
    "json camel": json_array(camel), "json snake": json_array(snake),
    "jsonl": lambda rs: each(rs, camel, "\"{k}\":\"{v}\"", ",", "{{r}}", "\n",
                             c_like) + "\n",
    "jsonl snake": lambda rs: each(rs, snake, "\"{k}\": \"{v}\"", ", ",
                                   "{{r}}", "\n", c_like) + "\n",
    "console": lambda rs: "[\n" + each(rs, camel, "    {k}: '{v}'", ",\n",
                                       "  {\n{r}\n  }", ",\n", single) + "\n]\n",
    "const": lambda rs: "export const users: User[] = [" + each(
        rs, camel, "{k}: \"{v}\"", ", ", "{ {r} }", ",\n", c_like) + "];\n",
    "csv camel": table(camel, ","), "csv snake": table(snake, ","),
    "csv title": table(title, ";"), "tsv": table(snake, "\t"),
    "csv quoted": quoted_table,
    "repr": lambda rs: "[" + each(rs, snake, "'{k}': '{v}'", ", ", "{{r}}",
                                  ", ", single) + "]\n",
    "pprint": lambda rs: each(rs, snake, "'{k}': '{v}'", ",\n ", "{{r}}", "\n",
                              single) + "\n",
    "dataclass": lambda rs: each(rs, snake, "{k}='{v}'", ", ", "User({r})",
                                 "\n", single) + "\n",
    "ordered": lambda rs: each(rs, snake, "('{k}', '{v}')", ", ",
                               "OrderedDict([{r}])", "\n", single) + "\n",
    "hash": lambda rs: each(rs, snake, ":{k}=>\"{v}\"", ", ", "{{r}}", "\n",
                            c_like) + "\n",
    "hash new": lambda rs: each(rs, snake, "{k}: \"{v}\"", ", ", "{{r}}", "\n",
                                c_like) + "\n",
    "model": lambda rs: each(rs, snake, "{k}: \"{v}\"", ", ",
                             "#<User id: {n}, {r}>", "\n", c_like) + "\n",
    "create": lambda rs: each(rs, snake, "  {k}: '{v}'", ",\n",
                              "User.create!(\n{r}\n)", "\n", single) + "\n",
    "print_r": lambda rs: "Array\n(\n" + each(
        rs, camel, "            [{k}] => {v}", "\n",
        "    [{n}] => Array\n        (\n{r}\n        )\n", "\n") + "\n)\n",
    "var_export": lambda rs: "array (\n" + each(
        rs, camel, "    '{k}' => '{v}'", ",\n", "  {n} => \n  array (\n{r},\n  )",
        ",\n", single) + ",\n)\n",
    "php": lambda rs: "<?php\nreturn [\n" + each(
        rs, snake, "'{k}' => '{v}'", ", ", "    [{r}]", ",\n", single) +
    "\n];\n",
    "var_dump": lambda rs: each(
        rs, camel, "  [\"{k}\"]=>\n  string(12) \"{v}\"", "\n",
        "array(9) {\n{r}\n}", "\n") + "\n",
    "insert": inserts, "insert many": insert_many,
    "xml": lambda rs: "<?xml version=\"1.0\"?>\n<users>\n" + each(
        rs, camel, "\0<{k}>{v}</{k}>", "\n", "  <user id=\"{n}\">\n{r}\n  </user>",
        "\n", xml).replace("\0", "    ") + "\n</users>\n",
    "xml attributes": lambda rs: "<users>\n" + each(
        rs, snake, "{k}=\"{v}\"", " ", "  <user {r}/>", "\n", xml) +
    "\n</users>\n",
    "yaml": lambda rs: each(rs, snake, "  {k}: {v}", "\n", "user_{n}:\n{r}",
                            "\n\n", lambda v: v.replace("\n", " ")) + "\n",
    "yaml quoted": lambda rs: each(rs, snake, "  {k}: \"{v}\"", "\n  ",
                                   "-\n  {r}", "\n", c_like) + "\n",
    "fixture": lambda rs: "[\n" + each(
        rs, snake, "      \"{k}\": \"{v}\"", ",\n", "  {\n    \"model\": \"shop."
        "customer\",\n    \"pk\": {n},\n    \"fields\": {\n{r}\n    }\n  }", ",\n",
        c_like) + "\n]\n",
    "frame": frame_print, "markdown": markdown,
    "lines": lines(title, "{k}: {v}"), "snake lines": lines(snake, "{k}: {v}"),
    "pipes": lines(camel, "{k}={v}", " | "),
    "form": lambda rs: each(rs, camel, "{k}={v}", "&", "{r}", "\n",
                            lambda v: v.replace(" ", "+").replace("\n", "%0A")
                            ) + "\n",
    "log": lambda rs: each(rs, camel, "{k}={v}", " ",
                           "2026-11-23 10:4{n}:07 INFO seeded user {r}", "\n",
                           ) + "\n",
}


def spans(text):
    """The text without marks, and where each value stood."""
    out, found, size = [], [], 0
    for piece in re.split("([\x01\x02])", text):
        if piece == BEGIN:
            start = size
        elif piece == END:
            found.append((start, size - start))
        else:
            out.append(piece)
            size += len(piece)
    return "".join(out), found


# ---- sentences -------------------------------------------------------------

SENTENCES = """
My card number is {cc} and it expires {exp}.
How do I change the address linked to my credit card to {addr}?
Please charge {cc}, exp {exp}, cvv {cvv}.
I lost my credit card {cc}, please block it today.
Can you tell me why the payment with {cc} was declined?
The purchase was made with card {cc} in {city}.
{cc} is the card I used for the booking.
Is there a fee for withdrawing cash with {cc}?
What is the limit for card {cc}?
My new card came today: {cc}. The old one can be destroyed.
The total was put on the Mastercard {cc} of {name}.
Refund the order to {cc} please
Card: {cc}, Name: {name}
Could you send a replacement for {cc} to {addr}?
I would like to remove my kid as an authorized user from card {cc}.
Someone used {cc} without my permission on Monday.
Please transfer to {iban}.
Send the rent to {iban} before Friday, thanks!
My IBAN is {iban} and the BIC is {bic}.
You can wire the money to my account {iban}.
{name} asked for a refund to {iban}.
Please update my billing account to {iban}.
The invoice is payable to {iban} within 14 days.
Why was {iban} debited twice?
I never opened the account {iban} myself.
How can I check my balance for account {acct}?
How can I reach you if my account {acct} is locked?
Please close my bank account number {acct}.
Wire it to account number {acct}, routing {aba}.
Call me at {phone}.
You can reach {name} at {phone}.
Please call {phone} after 5 pm.
My phone number has changed to {phone}.
Is {phone} still your number?
I tried {phone} three times, nobody answered the phone
Text me on my cell: {phone}
For questions dial {phone} or write to {email}.
His office number is {phone}.
Fax the papers to {phone}, attention {name}.
I forgot my password, my email is {email}.
Send the report to {email} and {email}.
{email} wants to unsubscribe.
Contact: {name} <{email}>
What are the opening hours? Answer to {email}
My social security number is {ssn}.
{ssn} is my SSN, can you see the application?
I need to update my SSN to {ssn} after a typo.
Employee {name}, SSN {ssn}, starts on Monday.
The applicant's social security number, {ssn}, could not be verified.
The request came from {ip}.
Please whitelist {ip} in the firewall.
Login from {ip} was blocked for user {user}.
The device has the MAC address {mac} and IP {ip}.
My password is {pw}, why does it not work?
Your temporary password is {pw}
I set the wifi password to {pw} yesterday.
login: {user} password: {pw}
The password for {user} was reset to {pw}.
Use {user} / {pw} to sign in
Please send 0.2 BTC to {btc}.
My bitcoin wallet is {btc}.
Donations: {btc}
Transfer the tokens to {eth} on Ethereum.
My ETH address is {eth}
My name is {name} and I live at {addr}.
Mr. {name} moved to {addr} last year.
Ship the parcel to {name}, {addr}.
Dear {name}, your order has shipped.
Patient {name} was born on {dob}.
Her date of birth is {dob}.
I was born on {dob} in {city}.
DOB: {dob}
{name}'s birthday is {dob}
My driver license number is {dl}.
The VIN of the car is {vin}.
Her passport number is {pass}.
My NHS number is {nhs}.
We shipped it with routing number {aba} on the check.
[de] Meine Kreditkartennummer lautet {cc}, gültig bis {exp}.
[de] Bitte überweisen Sie den Betrag auf {iban}.
[de] Rufen Sie mich bitte unter {dephone} an.
[de] Mein Passwort ist {pw}
[de] Ich bin am {dedob} geboren.
[de] Bitte sperren Sie die Karte {cc} sofort.
[de] Meine Steuer-ID ist {idnr}.
[fr] Mon numéro de carte est {cc}, elle expire le {exp}.
[fr] Merci de virer le montant sur {iban}.
[fr] Appelez-moi au {frphone}.
[fr] Mon mot de passe est {pw}
[fr] Je suis né le {dedob}.
[fr] Mon numéro de sécurité sociale est {nir}.
[es] Mi número de tarjeta es {cc} y caduca en {exp}.
[es] Por favor, transfiera el dinero a {iban}.
[es] Llámame al {esphone}.
[es] Mi contraseña es {pw}
[es] Mi DNI es {dni}.
[it] Il numero della mia carta è {cc}.
[it] Puoi fare il bonifico su {iban}?
[it] Il mio codice fiscale è {cf}.
[it] La mia password è {pw}
[pt] O número do meu cartão é {cc}.
[pt] Meu CPF é {cpf}.
[pt] Minha senha é {pw}
[nl] Mijn creditcardnummer is {cc}.
[nl] Maak het bedrag over naar {iban}.
[nl] Mijn BSN is {bsn}.
[pl] Mój numer karty to {cc}.
[pl] Mój PESEL to {pesel}.
[sv] Mitt kortnummer är {cc}.
[sv] Mitt personnummer är {pnr}.
[fi] Korttini numero on {cc}.
[fi] Henkilötunnukseni on {hetu}.
[tr] Kart numaram {cc}.
[tr] T.C. kimlik numaram {tckn}.
[ru] Номер моей карты {cc}.
[ru] Мой пароль: {pw}
[zh] 我的信用卡号是{cc}。
[zh] 我的身份证号码是{ric}。
[zh] 请拨打{zhphone}联系我。
[ja] カード番号は{cc}です。
[ko] 제 카드 번호는 {cc}입니다.
[ko] 주민등록번호는 {rrn}입니다.
[ar] رقم بطاقتي هو {cc}
[he] מספר הכרטיס שלי הוא {cc}
[hi] मेरा कार्ड नंबर {cc} है
""".strip().split("\n")
