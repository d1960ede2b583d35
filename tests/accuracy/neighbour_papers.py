"""The papers of neighbours.py: threads, tickets, talks, pay slips, statements.

{v} stands for the value, {t} for its title, {n} for a number of no meaning.
What else is in them is there because such papers have it: names, dates, sums,
quoted lines, numbers of tickets and of pages.
"""

# mail threads: the value stands in a quoted reply, behind > signs, under a
# forwarded head, or in a signature
THREADS = {
    "en": [
        "[external]\nFrom: Ola Berg\nSubject: RE: joining form\n\nDone, "
        "thanks.\n\nOn Tue, 3 Mar 2026 at 14:02, Pia Lind wrote:\n> Hi Ola,\n>"
        "\n> {t}: {v}\n> Start date 01/04/2026\n>\n> Regards\n",
        "On 3 Mar 2026, at 14:02, Pia Lind wrote:\n\n>> could you confirm the "
        "{t} for me?\n> Sure. It is {v}.\n\nGreat, that's all.\n",
        "-----Original Message-----\nFrom: Pia Lind\nSent: 03 March 2026 14:02"
        "\nTo: HR\nSubject: details\n\nPlease update the {t} of Mrs Lind to "
        "{v} (it was wrong on slip no. {n}).\n",
        "Begin forwarded message:\n\n| {t} = {v}\n| phone ext. 214\n",
    ],
    "de": [
        "Am 03.03.2026 um 14:02 schrieb Pia Lind:\n> Hallo zusammen,\n> \n> "
        "meine {t} lautet {v}, Eintritt war der 01.04.2026.\n> \n> Gr\u00fc"
        "\u00dfe\n\nDanke, ist eingetragen.\n",
        "Von: Pia Lind\nGesendet: Dienstag, 3. M\u00e4rz 2026 14:02\nAn: "
        "Lohnb\u00fcro\nBetreff: AW: Stammdaten ({n})\n\nAnbei wie "
        "gew\u00fcnscht:\n- {t}: {v}\n- Steuerklasse: I\n",
        ">> Was fehlt noch?\n> Nur noch die {t}.\n{v}\n-- \nPia Lind\n",
    ],
    "fr": [
        "Le mar. 3 mars 2026 \u00e0 14:02, Pia Lind a \u00e9crit :\n> Bonjour,"
        "\n>\n> {t} : {v}\n> Cordialement\n\nMerci, c'est not\u00e9.\n",
        "De : Pia Lind\nEnvoy\u00e9 : mardi 3 mars 2026\nObjet : RE: dossier "
        "{n}\n\nVoici mon {t} {v}, merci de corriger la fiche.\n",
    ],
    "it": [
        "Il giorno mar 3 mar 2026 alle 14:02 Pia Lind ha scritto:\n> Ciao,\n> "
        "{t}: {v}\n> grazie\n\nRicevuto.\n",
        "Da: Pia Lind\nInviato: marted\u00ec 3 marzo 2026\nOggetto: R: pratica "
        "{n}\n\nIl mio {t} \u00e8 {v}.\n",
    ],
    "es": [
        "El mar, 3 mar 2026 a las 14:02, Pia Lind escribi\u00f3:\n> Hola:\n> "
        "{t}: {v}\n> Un saludo\n\nRecibido.\n",
        "De: Pia Lind\nEnviado: martes, 3 de marzo de 2026\nAsunto: RV: alta "
        "{n}\n\nEl {t} del trabajador es {v}.\n",
    ],
    "pt": [
        "Em ter., 3 de mar. de 2026 \u00e0s 14:02, Pia Lind escreveu:\n> Bom "
        "dia,\n> {t}: {v}\n> Obrigada\n\nOk.\n",
        "Segue o {t} correto: {v}. O do processo {n} estava errado.\n",
    ],
    "nl": [
        "Op di 3 mrt 2026 om 14:02 schreef Pia Lind:\n> Hallo,\n> {t}: {v}\n> "
        "Groet\n\nVerwerkt.\n",
        "Van: Pia Lind\nOnderwerp: FW: dossier {n}\n\nMijn {t} is {v}.\n",
    ],
    "sv": [
        "Den tis 3 mars 2026 kl 14:02 skrev Pia Lind:\n> Hej,\n> {t}: {v}\n> "
        "Mvh\n\nTack!\n",
    ],
    "no": [
        "tir. 3. mar. 2026 kl. 14:02 skrev Pia Lind:\n> Hei,\n> {t}: {v}\n> "
        "Hilsen\n\nTakk!\n",
    ],
    "fi": [
        "ti 3. maalisk. 2026 klo 14.02 Pia Lind kirjoitti:\n> Hei,\n> {t}: {v}"
        "\n\nKiitos!\n",
    ],
    "pl": [
        "W dniu 3.03.2026 o 14:02, Pia Lind pisze:\n> Dzie\u0144 dobry,\n> "
        "{t}: {v}\n> Pozdrawiam\n\nOtrzymali\u015bmy.\n",
        "Temat: Odp: umowa {n}\n\nM\u00f3j {t} to {v}.\n",
    ],
    "cs": [
        "Dne 3. 3. 2026 v 14:02 Pia Lind napsala:\n> Dobr\u00fd den,\n> {t}: "
        "{v}\n\nD\u011bkujeme.\n",
    ],
    "tr": [
        "3 Mart 2026 Sal\u0131 14:02 tarihinde Pia Lind yazd\u0131:\n> Merhaba,"
        "\n> {t}: {v}\n\nTe\u015fekk\u00fcrler.\n",
    ],
    "ru": [
        "3 \u043c\u0430\u0440\u0442\u0430 2026 \u0433., 14:02, Pia Lind:\n> "
        "\u0417\u0434\u0440\u0430\u0432\u0441\u0442\u0432\u0443\u0439\u0442"
        "\u0435,\n> {t}: {v}\n",
    ],
}

# tickets in the marks that help desks use
TICKETS = [
    "h3. Customer data\n||Field||Value||\n|{t}|{v}|\n|Tariff|basic|\n",
    "*{t}:* {v}\n*Priority:* P3\n*Ticket:* HD-{n}\n",
    "**{t}**: `{v}`\n\n- [ ] call back\n- [x] #{n} linked\n",
    "| Field | Value |\n|---|---|\n| {t} | {v} |\n| Ticket | HD-{n} |\n",
    "[HD-{n}] Comment #4 by p.lind (internal), 2026-03-03 14:02\nCaller gave "
    "{t} {v} and asked for a copy.\n",
    "Custom field \"{t}\" changed from (none) to \"{v}\" by p.lind\n",
    "Requester:\tOla Berg\n{t}:\t{v}\nGroup:\tTier 2\nSLA:\t4 h\n",
    "{{\"ticket\":{{\"id\":{n},\"fields\":[{{\"label\":\"{t}\",\"value\":"
    "\"{v}\"}}],\"tags\":[\"hr\"]}}}}\n",
    "<p><b>{t}</b>:&nbsp;{v}<br>Ticket HD-{n}</p>\n",
    "Q: {t}?\nA: {v}\n\nQ: How did you hear of us?\nA: a friend\n",
]

# talks: each with its own head of a line
TALKS = [
    "(14:02:11) Visitor {n}: my {t} is {v}\n(14:02:40) Agent Pia: one moment\n",
    "Pia Lind  2:02 PM\n{t}?\n\nOla Berg  2:03 PM\n{v}\n",
    "[14:02] <pia> {t}?\n[14:03] <ola> {v}\n[14:03] <pia> thx\n",
    "14:02 - Ola Berg: {t} {v}\n14:03 - Pia Lind: \U0001f44d\n",
    "Ola: hi, i need to change my address\nBot: Please type your {t}.\nOla: "
    "{v}\nBot: Thank you. Your case is {n}.\n",
    "{{\"from\":\"visitor\",\"ts\":17725{n},\"text\":\"{t}: {v}\"}}\n",
    "AGENT: And the {t}, please? CALLER: Yes, that's {v}. AGENT: Thank you.\n",
]

# pay slips and personnel files, values beside and below their titles
SLIPS = {
    "en": [
        "PAY ADVICE                       Period 03/2026\nEmployee: Ola Berg   "
        "     Emp. no.: {n}\n{t}: {v}    Tax code: 1257L\nGross      3,214.00  "
        "  Net    2,480.17\n",
        "Emp No  Name        {t}            Gross\n00{n}  Berg, Ola   {v}  "
        "3214.00\n",
        "a {t}\n{v}\n1 Wages, tips, other compensation\n48214.00\n",
        "employee_no,last_name,first_name,{t},gross,net\n{n},Berg,Ola,{v},"
        "3214.00,2480.17\n",
        "EMP|{n}|BERG|OLA|{t}|{v}|20260331\n",
    ],
    "de": [
        "Abrechnung der Brutto/Netto-Bez\u00fcge f\u00fcr M\u00e4rz 2026\nPers."
        "-Nr. {n}    {t} {v}    Steuerklasse 1\nGesamtbrutto 3.214,00\n",
        "Personalnummer;Name;Vorname;{t};Eintritt;Brutto\n{n};Berg;Ola;{v};"
        "01.04.2019;3214,00\n",
        "{t}\n{v}\nKinderfreibetr\u00e4ge\n0,5\n",
    ],
    "fr": [
        "BULLETIN DE PAIE    P\u00e9riode du 01/03/2026 au 31/03/2026\n"
        "Matricule {n}      {t} {v}\nSalaire de base  151,67  14,20\n",
        "Matricule;Nom;Pr\u00e9nom;{t};Brut\n{n};BERG;Ola;{v};2154,00\n",
        "{t}     :  {v}\nEmploi : technicien\n",
    ],
    "it": [
        "CEDOLINO PAGA  Marzo 2026\nMatr. {n}  BERG OLA  {t} {v}\nLivello 4  "
        "Ore 168\n",
        "{t}\n{v}\nData assunzione 01/04/2019\n",
    ],
    "es": [
        "RECIBO DE SALARIOS   Periodo: 01/03/2026 a 31/03/2026\nTrabajador: "
        "Ola Berg   {t}: {v}   Grupo cot. 5\n",
        "C\u00f3digo;Apellidos;Nombre;{t};L\u00edquido\n{n};Berg;Ola;{v};"
        "1480,17\n",
    ],
    "pt": [
        "RECIBO DE VENCIMENTO   03/2026\nN\u00ba {n}  Ola Berg   {t}: {v}\n"
        "L\u00edquido 1.480,17\n",
    ],
    "nl": [
        "LOONSTROOK maart 2026\nPersoneelsnr {n}   {t} {v}   Loonheffing wit\n",
        "Personeelsnr;Naam;{t};Bruto\n{n};Berg;{v};3214,00\n",
    ],
    "pl": [
        "LISTA P\u0141AC nr {n}/03/2026\nBerg Ola   {t}: {v}   etat 1/1\n",
        "Nazwisko;Imi\u0119;{t};Brutto\nBerg;Ola;{v};6214,00\n",
    ],
}

# messages between machines that carry persons: HL7, FHIR, cards, directories
MESSAGES = [
    "<identifier><use value=\"official\"/><type><text value=\"{t}\"/></type>"
    "<value value=\"{v}\"/></identifier>\n",
    "{{\"identifier\": [{{\"type\": {{\"text\": \"{t}\"}}, \"value\": \"{v}\""
    "}}], \"active\": true}}\n",
    "BEGIN:VCARD\nVERSION:3.0\nFN:Ola Berg\nNOTE:{t} {v}\nREV:20260303T140211Z"
    "\nEND:VCARD\n",
    "BEGIN:VEVENT\nSUMMARY:Onboarding Ola Berg\nDESCRIPTION:{t}: {v}\\nroom "
    "2.14\nDTSTART:20260401T080000Z\nEND:VEVENT\n",
    "dn: uid=oberg,ou=people,dc=fjord,dc=example\ncn: Ola Berg\ndescription: "
    "{t}: {v}\nuidNumber: {n}\n",
]

# ---- accounts --------------------------------------------------------------

# what a bank writes about an account
STATEMENTS = [
    ":20:STARTUMS\n:25:{v}\n:28C:00003/001\n:60F:C260303EUR1214,00\n",
    ":50K:/{v}\nOLA BERG\nFJORDVEIEN 4\n:71A:SHA\n",
    ":59:/{v}\nPIA LIND\n:70:INVOICE {n}\n",
    "<CdtrAcct><Id><IBAN>{v}</IBAN></Id></CdtrAcct>\n<RmtInf><Ustrd>Rg {n}"
    "</Ustrd></RmtInf>\n",
    "<BANKACCTTO><BANKID>x<ACCTID>{v}<ACCTTYPE>CHECKING</BANKACCTTO>\n",
    ":86:166?00SEPA-UEBERWEISUNG?20Rechnung {n}?30KVARSE22XXX?31{v}?32PIA LIND"
    "\n",
    "03.03. 03.03. SEPA-Lastschrift Stadtwerke IBAN {v} Mandat M{n} 84,20-\n",
    "IBAN : {v}   BIC : KVARSE22XXX\nTitulaire : OLA BERG\n",
    "Buchungstag;Valuta;Empf\u00e4nger;Konto;Betrag\n03.03.2026;03.03.2026;Pia "
    "Lind;{v};-84,20\n",
    "FII+BF+{v}:OLA BERG+KVARSE22XXX:25:5'\nMOA+9:84.20:EUR'\n",
    "> Zahlung bitte an\n> {v}\n> bis 14.03.\n",
    "Data;Opis;Rachunek;Kwota\n2026-03-03;przelew;{v};-84,20\n",
]
NO_ACCOUNTS = [
    "RF18 5390 0754 7034 ref {n}\n", "+++090/9337/55493+++\n",
    "viite 1234 56789 01234 56789\n", "KID 0012345678911{n}\n",
    "EREF+NOTPROVIDED MREF+DE00ZZZ0000{n} CRED+\n",
    "end-to-end id FR2026030314021199{n}\n", "UETR {u}\n",
    "mandate AT26030314{n}ZZ9988\n", "BIC KVARSE22XXX\n",
    ":61:2603030303DR84,20NMSC{n}//BE0303{n}\n",
]

# ---- cards -----------------------------------------------------------------

# orders, desks and tills; {d} are the digits with nothing between
TILLS = [
    "Guarantee: {b} {v} exp 09/28\nArr 04 Apr  Dep 07 Apr  2A 0C\n",
    "FP CC{x}{d}/0928/N{n}\n", "CC {b}: {v}  EXP: 0928  AUTH: {n}\n",
    "Zahlart: {b}\nNummer: {v}\ng\u00fcltig bis: 09/28\n",
    "{b} / {v} / 09-28 / Ola Berg\n",
    "name on card: OLA BERG\n{v}\n09/28  214\n",
    "DE002={d} DE003=000000 DE004=000000008420\n",
    "F002 n16 {d}\nF004 n12 000000008420\n",
    "Agent: card number please?\nCaller: {v}\nAgent: expiry?\nCaller: 09/28\n",
    "> > > my {b} is {v}\n> > which one do we charge?\n> that one\n",
    "{b}-{d}\n", "{{\"pan\":\"{d}\",\"exp\":\"2809\",\"tid\":\"{n}\"}}\n",
    "<Card><Number>{v}</Number><Exp>0928</Exp></Card>\n",
    "date,merchant,card,amount\n2026-03-03,Kvarn,{v},84.20\n2026-03-04,Fjord,"
    "{v},12.00\n",
    "Pagato con {b} {v} il 03/03/2026 EUR 84,20\n",
    "Carte {b} n\u00b0 {v}, expire fin 09/28\n",
    "{b} **** was replaced by {v} on 03.03.2026\n",
    "Karta: {v} wa\u017cna do 09/28\n",
    "OLA BERG            {v}     09/28     Y\n",
    "RES{n}  BERG/OLA MR  {b}  {v}  0928  GTD\n",
]
NO_TILLS = [
    "{b} 4{m}******1{m}\n", "RRN 6063{w}\n", "AUTH {m} STAN {m}\n",
    "acquirer ref 7453{w}{w}0\n", "ticket 220-{w}\n", "mandate M{w}{m}\n",
    "batch {w} total 84.20\n", "{b} xxxx-xxxx-xxxx-{n}\n",
    "loyalty points {w}\n", "order 4{w}{m}\n",
    "e-ticket 125 {w}\n", "PNR K7QX{n} seg 2\n",
]

# ---- secrets ---------------------------------------------------------------

# where a password is written down; {u} is somebody's name
HIDDEN = [
    "db01.fjord.internal:5432:billing:{u}:{v}\n",  # .pgpass
    "machine ftp.kvarn.example login {u} password {v}\n",
    "machine ftp.kvarn.example\n  login {u}\n  password {v}\n",
    "[client]\nuser={u}\npassword={v}\n",
    "CREATE USER '{u}'@'%' IDENTIFIED BY '{v}';\n",
    "ALTER ROLE {u} WITH LOGIN PASSWORD '{v}';\n",
    "define('DB_PASSWORD', '{v}');\n",
    "$db['default']['password'] = '{v}';\n",
    "    'password' => '{v}',\n    'charset' => 'utf8mb4',\n",
    "curl -u {u}:{v} https://api.fjord.example/v1/items\n",
    "sshpass -p '{v}' ssh {u}@10.4.2.9\n",
    "mysql -h db01 -u{u} -p'{v}' billing < dump.sql\n",
    "requirepass {v}\nmaxmemory 2gb\n",
    "$p = ConvertTo-SecureString '{v}' -AsPlainText -Force\n",
    "net use z: \\\\nas01\\hr /user:{u} {v}\n",
    "jdbc:postgresql://db01/billing?user={u}&password={v}&ssl=true\n",
    "Server=db01;Database=hr;User Id={u};Password={v};Encrypt=yes\n",
    "postgres://{u}:{v}@db01.fjord.internal/billing\n",
    "smtp_user = {u}\nsmtp_pass = {v}\n",
    "ansible_ssh_pass: \"{v}\"\nansible_user: {u}\n",
    "variable \"db_password\" {{\n  default = \"{v}\"\n}}\n",
    "  - name: MYSQL_PASSWORD\n    value: {v}\n",
    "<add key=\"SmtpPassword\" value=\"{v}\" />\n",
    "<property name=\"password\">{v}</property>\n",
    "set password {v}\nset retries 3\n",
    "username {u} privilege 15 password 0 {v}\n",
    "snmp-server community {v} RO\n",
    "wpa_passphrase={v}\nssid=kvarn-guest\n",
    "        psk=\"{v}\"\n        key_mgmt=WPA-PSK\n",
    "Your new password is {v} - please change it at first login.\n",
    "> login {u}\n> pw {v}\n> (vpn as always)\n",
    "Zugangsdaten Portal\nBenutzer: {u}\nPasswort: {v}\n",
    "Das Passwort lautet: {v}\n", "Le mot de passe est {v}\n",
    "La contrase\u00f1a es {v}\n", "La password \u00e8 {v}\n",
    "Has\u0142o: {v}\nLogin: {u}\n", "L\u00f6senord: {v}\n",
    "user: {u} / pass: {v}\n", "{u} / {v} (password for the till)\n",
    "Ola: whats the wifi password\nPia: {v}\n",
    "WiFi: kvarn-guest, password: {v}\n",
    "export PGPASSWORD='{v}'\npg_dump billing\n",
    "echo '{v}' | sudo -S true  # password\n",
    "AUTH_PASSWORD: {v}  # rotate in May\n",
    "userPassword: {v}\nobjectClass: person\n",
    "bindpw {v}\nbinddn cn=proxy,dc=fjord,dc=example\n",
    "password={v}&grant_type=password&username={u}\n",
    "{{\"login\": \"{u}\", \"password\": \"{v}\"}}\n",
    "host;login;password\ndb01;{u};{v}\n",
]
NO_HIDDEN = [
    "I forgot my password, can you reset it?\n",
    "Passwort zur\u00fccksetzen: Ticket HD-{n}\n",
    "The password you gave us does not work any more.\n",
    "password expires in {n} days\n", "New password: (hidden)\n",
    "the pass code is on the back of your card\n",
    "pw: see vault\n", "password: as discussed by phone\n",
    "Password reset link sent to o.berg\n", "secret shopper visit {n}\n",
    "token ring network was replaced in 1998\n",
    "Kennwort: siehe Umschlag\n", "mot de passe oubli\u00e9 ?\n",
    "password = os.environ[\"DB_PASSWORD\"]\n",
    "requirepass ${{REDIS_PASSWORD}}\n", "bindpw <password>\n",
    "IDENTIFIED BY '...'\n", "curl -u \"$USER:$PASS\" https://x.example\n",
    "Password must contain 1 digit and 1 sign\n",
    "api key rotated on 2026-03-03 by p.lind\n",
    "set password policy strong\n", "default password is printed on the box\n",
    "auth token invalid (401), correlation {u}\n",
    "machine learning login page password field\n",
    "set username and password in the panel\n",
    "password hash mismatch for user {n}\n",
]
