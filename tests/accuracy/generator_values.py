"""What fake-data libraries make, row by row: the group that it counts in, the
type, the names that users give the field, the formats, and the rule of its
check digit. Formats are those of the libraries, values are made here.

A template: # a digit, @ a capital, ~ between choices in round brackets, classes
in square ones, {n} repeats what stands before, \\ takes the next as it is.
"""
import re

import auditor_sums as a
import rival_sums as r

DIGITS = "0123456789"
UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
HETU = "0123456789ABCDEFHJKLMNPRSTUVWXY"
PIECE = re.compile(r"\\(.)|(\[[^]]+\]|#|@)(?:\{(\d+)\})?|\(([^)]+)\)|(.)", re.S)


def stock(spec):
    return "".join("".join(map(chr, range(ord(m[1]), ord(m[2]) + 1)))
                   if m[1] else m[3]
                   for m in re.finditer(r"(.)-(.)|(.)", spec))


def norwegian_firm(v):
    return (a.dot(v, (3, 2, 7, 6, 5, 4, 3, 2)) + int(v[8])) % 11 == 0


def fill(rng, template):
    out = ""
    for plain, spec, times, choice, one in PIECE.findall(template):
        if spec:
            chars = {"#": DIGITS, "@": UPPER}.get(spec) or stock(spec[1:-1])
            out += "".join(rng.choice(chars) for _ in range(int(times or 1)))
        elif choice:
            out += fill(rng, rng.choice(choice.split("~")))
        else:
            out += plain or one
    return out


def bare(value):
    return re.sub(r"[^0-9A-Za-z]", "", value).upper()


def good(rng, template, holds):
    for _ in range(20000):
        value = fill(rng, template)
        if holds is None or holds(bare(value)):
            return value
    raise ValueError("nothing holds: " + template)


def near(rng, value, holds):
    """One digit is another, and the check fails."""
    places = [i for i, c in enumerate(value) if c.isdigit()]
    for _ in range(200):
        at = rng.choice(places[2:])
        other = rng.choice([d for d in DIGITS if d != value[at]])
        wrong = value[:at] + other + value[at + 1:]
        if not holds(bare(wrong)):
            return wrong
    return None


# ---- cards -----------------------------------------------------------------

CARD_NAMES = ["credit card number", "credit card", "card number", "cc number",
              "creditcard", "card", "payment card", "credit card no",
              "billing card number", "debit card"]
CARDS = [
    # numbers without signs between, brands by their leading digits
    ("card_visa", "4#{15}"), ("card_visa", "4#{12}"), ("card_visa", "4#{18}"),
    ("card_mastercard", "5[1-5]#{14}"), ("card_mastercard", "222[1-9]#{12}"),
    ("card_amex", "3[47]#{13}"), ("card_discover", "(6011#{12}~65#{14})"),
    ("card_diners", "(30[0-5]#{11}~3[68]#{12})"),
    ("card_jcb", "35(2[89]~[3-8]#)#{12}"), ("card_jcb", "(2131~1800)#{11}"),
    ("card_maestro", "(5018~5020~5038~6304~6759~6761~6762~6763~6390)#{8}"),
    ("card_visa", "(4539~4556~4916~4532~4929~4485~4716)#{12}"),
    # in groups
    ("card_visa", "4###-####-####-####"), ("card_visa", "4### #### #### ####"),
    ("card_mastercard", "5[1-5]##-####-####-####"),
    ("card_mastercard", "2(2[3-9]#~[3-6]##)-####-####-####"),
    ("card_amex", "3[47]##-######-#####"), ("card_amex", "3[47]## ###### #####"),
    ("card_discover", "(6011~65##~64[4-9]#)-####-####-####"),
    ("card_diners", "(30[0-5]#~36##~38##)-######-####"),
    ("card_jcb", "35[3-8]#-####-####-####"),
    ("card_maestro", "6759-####-####-####"),
    ("card_maestro", "6759-####-####-####-##"),
    ("card_maestro", "(6304~6706~6771~6709)#{12}"),
    ("card_dankort", "5019-####-####-####"),
]

# ---- accounts --------------------------------------------------------------

# Structures of the registry; n digits, a letters, c both.
IBANS = {
    "AD": "#{20}", "AE": "#{19}", "AL": "#{24}", "AT": "#{16}", "AZ": "@{4}#{20}",
    "BA": "#{16}", "BE": "#{12}", "BG": "@{4}#{14}", "BH": "@{4}#{14}",
    "BR": "#{23}@[1-9]", "CH": "#{17}", "CR": "0#{17}", "CY": "#{24}",
    "CZ": "#{20}", "DE": "#{18}", "DK": "#{14}", "DO": "[A-Z0-9]{4}#{20}",
    "EE": "#{16}", "ES": "#{20}", "FI": "#{14}", "FR": "#{23}", "GB": "@{4}#{14}",
    "GE": "@{2}#{16}", "GI": "@{4}#{15}", "GR": "#{23}", "GT": "#{24}",
    "HR": "#{17}", "HU": "#{24}", "IE": "@{4}#{14}", "IL": "#{19}", "IS": "#{22}",
    "IT": "@#{22}", "JO": "@{4}#{22}", "KW": "@{4}#{22}", "KZ": "#{16}",
    "LB": "#{24}", "LI": "#{17}", "LT": "#{16}", "LU": "#{16}", "LV": "@{4}#{13}",
    "MC": "#{23}", "MD": "[A-Z0-9]{2}#{18}", "ME": "#{18}", "MK": "#{15}",
    "MT": "@{4}#{23}", "NL": "@{4}#{10}", "NO": "#{11}", "PK": "@{4}#{16}",
    "PL": "#{24}", "PS": "@{4}#{21}", "PT": "#{21}", "QA": "@{4}#{21}",
    "RO": "@{4}#{16}", "RS": "#{18}", "SA": "#{20}", "SE": "#{20}", "SI": "#{15}",
    "SK": "#{20}", "SM": "@#{22}", "TN": "#{20}", "TR": "#{5}0#{16}",
    "UA": "#{25}", "VG": "@{4}#{16}", "XK": "#{16}",
}


def iban(rng, land):
    body = fill(rng, IBANS[land])
    return next(v for v in ("%s%02d%s" % (land, c, body)
                            for c in range(2, 99)) if a.iban(v))


def fours(value):
    return re.sub("(.{4})(?=.)", r"\1 ", value)


BANK = [
    ("swift_bic", "bic|swift bic|swift|swift code",
     "@{4}(DE~FR~GB~NL~ES~AT~CH~PL~SE~US)[A-Z2-9]{2}(~XXX~###)", None),
    ("us_aba_routing", "routing number|bank routing number|aba|routing",
     "(0[1-9]~1[0-2]~2[1-9]~3[0-2])#{7}", a.us_aba),
    ("us_bank_account", "account number|bank account number|bank account",
     "#{8}", None),
    ("us_bank_account", "account number|bank account|checking account",
     "[1-9]#{9}", None),
    ("iso11649", "creditor reference|reference",
     "RF##[1-9]#{9}", lambda v: a.mod97(v[4:] + v[:4])),
    ("mx_clabe", "clabe|cuenta clabe", "(002~012~014~021~072)#{15}",
     a.mx_clabe),
    ("uk_sort_code", "sort code", "[1-9]#-##-##", None),
]

# ---- numbers of persons and firms ------------------------------------------

BORN = "([5-9]#0[1-9][0-2][1-8])"      # YYMMDD
YBORN = "([0-2][1-8]0[1-9][5-9]#)"     # DDMMYY
IDS = [
    ("us_ssn", "ssn|social security number|ssn number|id number valid",
     "[1-57]##-[1-9]#-[1-9]###", a.us_ssn),
    ("ca_sin", "ssn|sin|social insurance number", "[1-79]## ### ###", a.luhn),
    ("uk_nino", "nino|national insurance number|ni number",
     "(AB~CE~JG~SN)######[A-D]", None),
    ("ch_ssn", "ssn|ahv13|avs13|ahv number", "756.####.####.##", a.ch_ahv),
    ("ee_ik", "ssn|isikukood", "[34]" + BORN + "#{4}", r.baltic),
    ("fi_hetu", "ssn|personal identity number|hetu|henkilotunnus",
     YBORN + "-###[%s]" % HETU, a.fi_hetu),
    ("hr_oib", "ssn|oib|croatian id", "#{11}", a.hr_oib),
    ("il_idnr", "ssn|teudat zehut|il id number", "[0-3]#{8}", a.il_id),
    ("kr_rrn", "ssn|resident registration number|rrn", BORN + "-[12]#{6}",
     a.kr_rrn),
    ("nl_bsn", "ssn|bsn|id number nl", "[1-3]#{8}", a.nl_bsn),
    ("be_nn", "ssn|rrn|rijksregisternummer", BORN + "#{5}", a.be_nn),
    ("no_fodselsnummer", "ssn|fodselsnummer|personal identity number",
     YBORN + "#{5}", a.no_fnr),
    ("pl_pesel", "ssn|pesel", BORN + "#{5}", a.pl_pesel),
    ("br_cpf", "ssn|cpf|brazilian citizen number", "#{11}", a.br_cpf),
    ("br_cpf", "cpf|citizen number", "###.###.###-##", a.br_cpf),
    ("br_cnpj", "cnpj|brazilian company number", "##.###.###/0001-##",
     a.br_cnpj),
    ("se_personnummer", "ssn|personnummer|personal identity number",
     BORN + "-####", a.se_pnr),
    ("cn_ric", "ssn|id card|id number cn", "(110101~310104~440305~510107)19"
     + BORN + "###[0-9X]", a.cn_ric),
    ("de_idnr", "steuer id|tax id|idnr", "[1-9]#{10}", a.de_idnr),
    ("at_vnr", "ssn|svnr|sozialversicherungsnummer", "[1-9]###" + YBORN,
     a.at_vnr),
    ("es_nif", "dni|spanish citizen number|nif", "[1-9]#{7}-@", a.es_dni),
    ("es_nie", "nie|spanish foreign citizen number", "[XYZ]-#{7}-@", a.es_nie),
    ("cl_rut", "rut|chilean id|full rut", "[1-2]#{7}-[0-9K]", a.cl_rut),
    ("za_idnr", "id number za|south african id number|sa id", BORN +
     "####08#", a.za_id),
    ("lv_pk", "personal identity number lv|personas kods", YBORN + "-1####",
     r.lv_pk),
    ("tr_tckimlik", "tc no|tc kimlik no|tckn", "[1-9]#{10}", a.tr_tckn),
    ("th_pin", "id number th|thai id|national id th", "[1-8]#{12}", a.th_pin),
    ("it_codicefiscale", "codice fiscale|tax id|fiscal code",
     "[BCDFGLMNPRSTVZ]{6}[5-9]#[ABCDEHLMPRST]0[1-9][A-IL][1-9]##@", a.it_cf),
    ("it_vat", "partita iva|vat id|vat number", "IT0#{6}(0[1-9]#~100)#",
     lambda v: a.it_vat(v[2:])),
    ("pt_nif", "taxpayer identification number|nif|contribuinte",
     "[125]#{8}", a.pt_nif),
    ("ro_cnp", "cnp|personal numeric code", "[12]" + BORN + "(0[1-9]~[1-3]#)"
     "####", a.ro_cnp),
    ("lt_asmens", "personal identity number lt|asmens kodas", "[34]" + BORN +
     "####", r.baltic),
    ("ru_inn", "inn|russian tax number", "77#{8}", r.ru_inn),
    ("fr_siren", "siren|french siren number", "[3-8]#{8}", a.luhn),
    ("fr_siret", "siret|french siret number",
     "[3-8]## ### ### 000##", lambda v: a.luhn(v) and a.luhn(v[:9])),
    ("fr_nir", "nir|french insee number|numero securite sociale",
     "[12][5-9]#0[1-9](7[58]~13~69)#{8}", a.fr_nir),
    ("pl_nip", "nip|numer nip|pl nip", "[5-9]#{9}",
     a.pl_nip),
    ("pl_regon", "regon|polish register of national economy", "#{9}",
     a.pl_regon),
    ("cz_ico", "ico|czech organisation number", "[2-7]#{7}", r.cz_ico),
    ("no_orgnr", "norwegian organisation number|organisasjonsnummer|orgnr",
     "[89]#{8}", norwegian_firm),
    ("se_orgnr", "swedish organisation number|organisationsnummer",
     "55[2-9]#{3}-####", a.luhn),
    ("au_abn", "abn|australian business number", "[1-9]#{10}", a.au_abn),
    ("sg_nric", "nric|singapore id", "[ST][5-9]#{6}@", a.sg_nric),
    ("uk_nhs", "nhs number|nhs", "[4-7]## ### ####", a.uk_nhs),
    ("us_npi", "npi|npi number", "1#{9}", a.us_npi),
    ("ar_cuit", "cuit|cuil", "(20~27~30)-#{8}-#", a.ar_cuit),
    ("bg_egn", "egn|ssn", BORN + "#{4}", a.bg_egn),
    ("pe_ruc", "ruc", "(10~20)#{9}", r.pe_ruc),
    ("kz_iin", "iin|individual identification number", BORN + "[34]#{5}",
     r.kz_iin),
    ("cz_rc", "rodne cislo|birth number", "[5-9]#0[1-9][0-2][1-8]/####",
     a.cz_rc),
    ("vin", "vin|vehicle vin|chassis number",
     "[1-5][A-HJ-NPR-Z0-9]{7}[0-9X][A-HJ-NPR-TV-Y1-9][A-HJ-NPR-Z]#{6}", a.vin),
    ("imei", "imei|device imei", "[3-8]#{14}", a.luhn),
    ("imei", "imei", "##-######-######-#", a.luhn),
]
# names of the rules that carry no check in these libraries
PLAIN = [
    ("us_ein", "ein|employer id|company ein", "[1-9]#-#{7}"),
    ("uk_license_plate|license_plate", "license plate|vehicle registration|vrm",
     "@{2}[0-6][1-9](~ )@{3}"),
    ("us_drivers_license|drivers_license_generic",
     "driver license|driving licence|drivers license", "@#{7}"),
    ("uk_drivers_license|drivers_license_generic",
     "driving licence|british driving licence|licence number",
     "[B-Z]{5}[5-9]0[1-9][0-2][1-8][0-9]@{2}9@{2}"),
    ("passport_generic|us_passport", "passport|passport number|passport no",
     "[1-9]#{8}"),
    ("passport_generic|de_passport|it_passport|pl_passport|es_passport",
     "passport number|passport", "@{2}#{7}"),
]

# ---- what is none ----------------------------------------------------------

OTHERS = [
    ("uuid|user id|guid", "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab]"
     "[0-9a-f]{3}-[0-9a-f]{12}"),
    ("md5|checksum", "[0-9a-f]{32}"), ("sha1|commit sha", "[0-9a-f]{40}"),
    ("isbn|book isbn", "978-[0-9]-##-######-#"), ("isbn10", "#-####-####-#"),
    ("ean|ean13|barcode|upc", "[1-9]#{12}"), ("ean8", "[1-9]#{7}"),
    ("asin", "B00[A-Z0-9]{7}"), ("sku|product code", "@{3}-####"),
    ("amount|price|balance", "[1-9]##.##"), ("cvv|cvc|card cvv", "###"),
    ("expires|exp|card expiry|credit card expire", "(0[1-9]~1[0-2])/(2[7-9]~3#)"),
    ("latitude", "-3[0-9].[0-9]{4}"), ("longitude", "1[0-7]#.[0-9]{4}"),
    ("port", "[1-5]####"), ("user agent", "Mozilla/5.0 (Windows NT 6.#; rv:1.9.2)"
     " Gecko/20##-0[1-9]-1# 0#:5#:4# Firefox/3.#".replace("(", "\\(").replace(
         ")", "\\)")),
    ("created at|updated at", "202[0-6]-0[1-9]-1#T1#:2#:3#.###Z"),
    ("last login|date", "202[0-6]-0[1-9]-1# 1#:2#:3#"),
    ("semver|version", "[1-9].1#.1#"), ("seat|flight number", "(BA~LH)####"),
    ("slug", "(quia~sed~aut)-(velit~rerum)-(ab~et)"), ("color", "\\#[0-9a-f]{6}"),
    ("ulid", "01[A-HJKMNP-TV-Z0-9]{24}"), ("nanoid", "[A-Za-z0-9_]{21}"),
    ("timestamp|unix time", "1[4-7]#{8}"), ("epoch ms", "1[4-7]#{11}"),
    ("order id|order number", "[1-9]#{9}"), ("duns number", "##-###-####"),
    ("image url|avatar", "https://picsum.photos/seed/[A-Za-z0-9]{8}/640/480"),
]
