"""The layouts in which an auditor hides a value: {L} its title, {k} the name
that a program gives it, {c} the same in camel case, {v} the value, {s} a
sentence of the tongue, {o} and {p} other people's things beside it.
"""
import re

FORMS = [
    # titles and what joins them to the value
    "{L}: {v}\n", "{L}:{v}\n", "{L} = {v}\n", "{L} - {v}\n", "{L}\t{v}\n",
    "{L} {v}\n", "{L} : {v}\n", "{L} -> {v}\n", "{L}: \"{v}\"\n",
    "{L} ({v})\n", "{L}: [{v}]\n", "**{L}:** {v}\n", "- **{L}**: `{v}`\n",
    "{L} ............ {v}\n", "{L} (required): {v}\n", "[x] {L}: {v}\n",
    "{L}:\n{v}\n", "{L}\n\n{v}\n", "{L}:\u00a0{v}\n", "{L} is {v}\n",
    # the ends of a file
    "{L}: {v}", "\ufeff{L}: {v}\r\n", "{v} is the {L}.\n", "... {L} {v}",
    # several a line
    "Name: {o}; {L}: {v}; City: {p}\n", "{o} | {L}: {v} | {p}\n",
    "{o} / {L} {v} / {p}\n", "{L}: {v}, ref 4471, {p}\n",
    "1. {o} - {L}: {v}\n2. {p} - n/a\n",
    # tables
    "| {L} | Name |\n|---|---|\n| {v} | {o} |\n",
    "| Field | Value |\n|:--|--:|\n| {L} | {v} |\n| City | {p} |\n",
    "Name;{L};City\n{o};{v};{p}\n", "\"Name\",\"{k}\"\n\"{o}\",\"{v}\"\n",
    "{k}\tname\n{v}\t{o}\n", "name,{k},city\n{o},{v},{p}\n{p},,{o}\n",
    "<table><tr><th>{L}</th></tr><tr><td>{v}</td></tr></table>\n",
    "<dl><dt>{L}</dt><dd>{v}</dd></dl>\n",
    "+----+----------------------+\n| id | {k} |\n+----+----------------------+"
    "\n|  1 | {v} |\n+----+----------------------+\n",
    # data
    "{\"{k}\": \"{v}\"}\n", "{\"id\":7,\"{c}\":\"{v}\",\"ok\":true}\n",
    "{'{k}': '{v}', 'n': 1}\n", "[{\"name\": \"{L}\", \"value\": \"{v}\"}]\n",
    "{\"event\":\"save\",\"data\":{\"{c}\":[\"{v}\"]}}\n",
    "{k}: {v}\n", "person:\n  - {k}: '{v}'\n    city: {p}\n",
    "[person]\n{k} = \"{v}\"\n", "<{c}>{v}</{c}>\n",
    "<person name=\"{o}\" {k}=\"{v}\"/>\n",
    "<ns:{c} xsi:type=\"xs:string\">{v}</ns:{c}>\n",
    "<field key=\"{k}\" value=\"{v}\" />\n",
    "<input type=\"text\" id=\"{k}\" value=\"{v}\">\n",
    # statements, logs, code
    "INSERT INTO people (id, {k}, city) VALUES (9, '{v}', '{p}');\n",
    "INSERT INTO `t` (`name`,`{k}`) VALUES ('{o}','{v}'),('{p}',NULL);\n",
    "UPDATE people SET {k} = '{v}' WHERE id = 9;\n",
    "SELECT * FROM people WHERE {k}='{v}' LIMIT 1;\n",
    "2026-11-23T10:41:07Z INFO saved user=77 {k}={v} ms=12\n",
    "[23/Nov/2026:10:41:07 +0000] \"GET /p?{k}={v}&x=1 HTTP/1.1\" 200\n",
    "Nov 23 10:41:07 web1 app[311]: {k}=\"{v}\" status=ok\n",
    "10:41:07,114 WARN [pool-2] o.x.Person - {c}: '{v}' rejected\n",
    "{k} = \"{v}\"\n", "const {c} = '{v}';\n", "person.{c} = \"{v}\";\n",
    "set{C}(\"{v}\");\n", "    {k}: str = '{v}'  # example\n",
    # talk
    "10:41 <mia> my {L} is {v}\n10:42 <jon> thx\n",
    "Mia: what is your {L}?\nJon: {v}\n",
    "> {L}?\n{v}\n\nBest,\n{o}\n", "@jon the {L} is {v}, ok?\n",
    "hi, its {v} ({L}) cheers\n",
    # sentences
    "Please use {L} {v} for this request.\n",
    "Our records show {v} as the {L} of {o}.\n",
    "The {L} on the form ({v}) could not be read.\n",
    "We received the {L}, {v}, on Monday.\n",
    "{s}\n", "{s} {o}\n", "{s}\n",
]
BARE = ["{v}\n", "{v}", "\"{v}\"\n", "- {v}\n", "({v})\n", "[{v}]\n", "{v},\n",
        "* {v}\n", "'{v}'\n", "<b>{v}</b>\n"]

TONGUES = {
    "de": ["Meine {L} ist {v}.", "{o} hat uns die {L} {v} mitgeteilt."],
    "fr": ["Mon {L} est le {v}.", "Veuillez noter le {L} {v} pour ce dossier."],
    "es": ["Mi {L} es {v}.", "Adjunto copia del {L} {v} del cliente."],
    "it": ["Il mio {L} \u00e8 {v}.", "Si comunica il {L} {v} del titolare."],
    "nl": ["Mijn {L} is {v}.", "Wij hebben {L} {v} genoteerd."],
    "pl": ["M\u00f3j {L} to {v}.", "Klient poda\u0142 {L} {v}."],
    "pt": ["O meu {L} \u00e9 {v}.", "Segue o {L} {v} do cliente."],
    "ro": ["{L} este {v}."], "cs": ["Moje {L} je {v}."],
    "hr": ["Moj {L} je {v}."], "sv": ["Mitt {L} \u00e4r {v}."],
    "no": ["Mitt {L} er {v}."], "da": ["Mit {L} er {v}."],
    "fi": ["{L} on {v}."], "tr": ["{L} bilgim {v} \u015feklindedir."],
    "ru": ["\u041c\u043e\u0439 {L}: {v}.",
           "\u0423\u043a\u0430\u0436\u0438\u0442\u0435 {L} {v} \u0432 \u0437"
           "\u0430\u044f\u0432\u043b\u0435\u043d\u0438\u0438."],
    "bg": ["\u041c\u043e\u044f\u0442 {L} \u0435 {v}."],
    "el": ["\u03a4\u03bf {L} \u03b5\u03af\u03bd\u03b1\u03b9 {v}."],
    "zh": ["\u6211\u7684{L}\u662f{v}\u3002", "{L}\uff1a{v}"],
    "ja": ["{L}\u306f{v}\u3067\u3059\u3002", "{L}\uff1a{v}"],
    "ko": ["{L}\ub294 {v} \uc785\ub2c8\ub2e4."],
    "th": ["{L} \u0e04\u0e37\u0e2d {v}"], "he": ["{L} \u05e9\u05dc\u05d9 {v}"],
    "ms": ["{L} saya ialah {v}."],
    "en": ["Kindly confirm the {L} {v} at your earliest convenience.",
           "I think my {L} was {v} back then."],
}
OTHERS = ["Mia Lund", "J. Okoye", "Petra", "Li Na"]
PLACES = ["Graz", "Leeds", "Porto", "Turku"]


def snake(title):
    words = re.split(r"[\s.:()/#&'*+-]+", re.sub(
        r"\b(\w)\.(?=\w\.)", r"\1", title.lower()))
    words = [w for w in words if w]
    return "_".join(words) or "value"


def put(rng, form, title, tongue, value):
    said = rng.choice(TONGUES[tongue]) if "{s}" in form else ""
    text = form.replace("{s}", said)
    name = snake(title)
    camel = re.sub("_(.)", lambda m: m[1].upper(), name)
    for mark, what in (("{L}", title), ("{k}", name), ("{c}", camel),
                       ("{C}", camel[:1].upper() + camel[1:]),
                       ("{o}", rng.choice(OTHERS)),
                       ("{p}", rng.choice(PLACES))):
        text = text.replace(mark, what)
    return form[:24].strip(), text.replace("{v}", value), text.index("{v}")


def alone(rng, value):
    form = rng.choice(BARE)
    return "bare", form.replace("{v}", value), form.index("{v}")


# ---- secrets ---------------------------------------------------------------

SETTINGS = [
    "{K}={v}\n", "{K}=\"{v}\"\n", "export {K}='{v}'\n", "{k}: {v}\n",
    "  {k}: \"{v}\"\n", "{\"{k}\": \"{v}\"}\n", "{\"{c}\":\"{v}\",\"n\":1}\n",
    "{k} = '{v}'\n", "const {c} = \"{v}\";\n", "var {c} = \"{v}\"\n",
    "{c} := \"{v}\"\n", "private String {c} = \"{v}\";\n",
    "define('{K}', '{v}');\n", "<add key=\"{K}\" value=\"{v}\"/>\n",
    "<{c}>{v}</{c}>\n", "ENV {K}={v}\n", "ENV {K} {v}\n", "ARG {K}={v}\n",
    "docker run -e {K}={v} img\n", "kubectl create secret generic x "
    "--from-literal={K}={v}\n", "- name: {K}\n  value: \"{v}\"\n",
    "ENV['{K}'] = '{v}'\n", "os.environ['{K}'] = '{v}'\n",
    "process.env.{K} = \"{v}\"\n", "${c} = '{v}';\n", "'{k}' => '{v}',\n",
    "-D{k}={v}\n", "{K} = \"{v}\" # rotate me\n", "set {K}={v}\r\n",
    "$env:{K} = '{v}'\n", "mia: the {w} is {v}\n", "{w}: `{v}`\n",
    "| {K} | `{v}` |\n", "--{d} {v}\n", "--{d}={v}\n",
    "INSERT INTO settings (name, value) VALUES ('{K}', '{v}');\n",
    "{ \"key\": \"{K}\", \"value\": \"{v}\" }\n",
]
EMPTY = ["{K}=\n", "{K}=${{K}}\n", "{k}: <{k}>\n", "{K}=\"your-{d}-here\"\n",
         "{k} = os.getenv('{K}')\n", "{k}: ${{ secrets.{K} }}\n",
         "{K}=xxxxxxxxxxxx\n", "{c}: process.env.{K},\n", "{K}=REPLACE_ME\n",
         "echo \"{K} is not set\"\n", "{k} = var.{k}\n", "{K}=****\n",
         "{k}: !vault secret/data/{k}\n", "{c} = getSecret(\"{d}\");\n"]


def names(name):
    name = name.lstrip("~")
    low = name.lower()
    camel = re.sub("_(.)", lambda m: m[1].upper(), low)
    return {"K": name, "k": low, "c": camel, "d": low.replace("_", "-"),
            "w": low.replace("_", " ")}


def set_to(form, name, value):
    text = form
    for mark, what in names(name).items():
        text = text.replace("{%s}" % mark, what)
    return form[:24].strip(), text.replace("{v}", value), text.index("{v}")


def empty(rng, name):
    text = rng.choice(EMPTY)
    for mark, what in names(name).items():
        text = text.replace("{%s}" % mark, what)
    return text


PASSWORDS = [
    "DB_PASSWORD=@@\n", "password: @@\n", "spring.datasource.password=@@\n",
    "postgres://svc:@@@db.kvarn.se:5432/app\n",
    "mysql://root:@@@10.0.4.2/shop\n", "redis://:@@@cache.kvarn.se:6379/0\n",
    "amqp://mq:@@@mq.kvarn.se:5672\n", "smtp://mailer:@@@smtp.kvarn.se:587\n",
    "Server=db1;Database=app;User Id=sa;Password=@@;\n",
    "jdbc:sqlserver://db1;user=sa;password=@@;encrypt=true\n",
    "Data Source=db1;Uid=app;Pwd=@@;\n", "curl -u admin:@@ https://x.kvarn.se/\n",
    "machine git.kvarn.se login mia password @@\n",
    "sshpass -p '@@' ssh root@10.0.4.2\n", "mysql -uroot -p'@@' shop\n",
    "define('DB_PASSWORD', '@@');\n", "PGPASSWORD=@@ psql -h db1\n",
    "WIFI:T:WPA;S:office;P:@@;;\n", "network={\n  ssid=\"lab\"\n  psk=\"@@\"\n}\n",
    "Passwort: @@\n", "Kennwort: @@\n", "mot de passe : @@\n",
    "contrase\u00f1a: @@\n", "senha: @@\n", "has\u0142o: @@\n",
    "wachtwoord: @@\n", "\u043f\u0430\u0440\u043e\u043b\u044c: @@\n",
    "\u5bc6\u7801\uff1a@@\n", "parola: @@\n", "l\u00f6senord: @@\n",
    "mia: the wifi password is @@\n", "user: mia\npass: @@\n",
    "login mia / pw @@\n", "<password>@@</password>\n",
    "<property name=\"password\" value=\"@@\"/>\n", "ALTER USER app WITH "
    "PASSWORD '@@';\n", "CREATE USER 'app'@'%' IDENTIFIED BY '@@';\n",
    "requirepass @@\n", "admin_password = \"@@\"\n", "adminPassword: '@@',\n",
    "net use z: \\\\fs1\\share /user:mia @@\n", "ansible_ssh_pass=@@\n",
    "\"password\":\"@@\"\n", "keystore.password=@@\n", "PIN/Password: @@\n",
    "auth = ('mia', '@@')\n", "smbclient //fs1/share -U mia%@@\n",
    "ldapsearch -D cn=admin -w @@ -b dc=x\n", "unzip -P @@ backup.zip\n",
    "pwd: @@\n", "SA_PASSWORD: \"@@\"\n", "your temporary password: @@\n",
]
NO_PASSWORDS = [
    "password = os.environ['DB_PASSWORD']\n", "password: ********\n",
    "Enter password:\n", "password: string;\n", "passwordResetUrl = '/reset'\n",
    "commit <h40>\n", "ETag: \"<h32>\"\n", "sha256:<h64>\n",
    "\"integrity\": \"sha512-<b86>==\"\n", "uuid: <h8>-<h4>-4<h3>-a<h3>-<h12>\n",
    "password = input('Password: ')\n", "if password == confirm:\n",
    "Passwords must have 12 characters.\n", "password: ${DB_PASSWORD}\n",
    "forgot your password?\n", "token = request.headers.get('X-Token')\n",
    "api_key: str\n", "secretKeyRef:\n  name: db\n  key: password\n",
    "background: url(data:image/png;base64,iVBORw0KGgo<b40>)\n",
    "checksum md5 <h32> file.tar\n", "key: primary\n", "secret: false\n",
    "image: app@sha256:<h64>\n", "password_hash_rounds = 12\n",
    "curl -u $USER:$PASS https://x.kvarn.se/\n", "private_key_path = '~/.ssh/id'"
    "\n", "access_token_expires_in = 3600\n", "mysql -uroot -p shop\n",
    "postgres://user:password@localhost/db\n", "authToken: undefined\n",
]
