"""What an auditor asks a scanner for: numbers, their titles, how they are made.

type | tongue | titles; | template | ways to write it; | rule. In a template #
is a digit, @ a capital, [..] one of these; YMD and DMY are dates. An x in a way
is the next character. No rule: it has no check digit.
"""
import auditor_sums as s

YMD = "[4-9]#0[1-9]1#"
DMY = "1#0[1-9][4-9]#"

ROWS = """
us_ssn|en|SSN;Social Security #;Soc. Sec. No.;SSN/TIN;SS#;Social Security Number;ssn_nbr;Taxpayer SSN|[1-7]##[1-8]#[1-9]###|!xxx-xx-xxxx|
us_ein|en|EIN;Employer Identification Number;Federal EIN;FEIN;Employer ID No.;IRS EIN|[2-6][0-7][1-9]######|!xx-xxxxxxx|
us_itin|en|ITIN;Individual Taxpayer ID;ITIN No.;Taxpayer ID (ITIN)|9##[78]#####|!xxx-xx-xxxx|
us_aba_routing|en|Routing number;ABA routing #;RTN;Bank routing no.;ABA;Routing/Transit|[01][1-9]#######|xxxxxxxxx|us_aba
us_npi|en|NPI;NPI #;National Provider Identifier;Provider NPI;Rendering NPI|1#########|xxxxxxxxxx|us_npi
us_dea|en|DEA;DEA #;DEA number;DEA Reg. No.;Prescriber DEA|[AB]@#######|xxxxxxxxx|us_dea
us_mbi|en|MBI;Medicare Beneficiary Identifier;Medicare ID;Medicare number|[1-9][AC-HJKMNP][0-9]#[AC-HJKMNP][0-9]#[AC-HJKMNP][AC-HJKMNP]##|xxxx-xxx-xxxx;xxxxxxxxxxx|
us_passport|en|US Passport No.;U.S. Passport Number;US passport #;Passport (USA)|[4-6]########|xxxxxxxxx|
us_drivers_license|en|Driver's License #;DL No.;Drivers license number;CA DL;Driver license (California)|[A-HN-Y]#######|xxxxxxxx|
uk_nino|en|NI Number;National Insurance No.;NINO;N.I. Number;National Insurance #|[ACEHJLMPRSTWXY][ACEHJLMPRSTWXY]######[ABCD]|xx xx xx xx x;xxxxxxxxx|
uk_nhs|en|NHS No.;NHS Number;NHS #;Patient NHS number|[4-7]#########|xxx xxx xxxx;xxxxxxxxxx|uk_nhs
uk_vat|en|VAT Reg No;VAT number;VAT Registration No.;UK VAT No.|GB[1-9]########|xx xxx xxxx xx;xxxxxxxxxxx|uk_vat
ca_sin|en|SIN;Social Insurance No.;SIN #;Social Insurance Number;Canadian SIN|[1-79]########|xxx-xxx-xxx;xxx xxx xxx|luhn
au_tfn|en|TFN;Tax File No.;Tax File Number;TFN #|[1-9]########|xxx xxx xxx;xxxxxxxxx|au_tfn
au_abn|en|ABN;A.B.N.;Australian Business No.;ABN #|[1-9]##########|xx xxx xxx xxx;xxxxxxxxxxx|au_abn
au_medicare|en|Medicare No.;Medicare card no;Medicare #;Medicare Card Number|[2-6]########[1-9]|xxxx xxxxx x;xxxxxxxxxx|au_medicare
nz_ird|en|IRD No.;IRD number;IRD #;Inland Revenue no|1[0-4]#######|xxx-xxx-xxx;xxxxxxxxx|nz_ird
ie_pps|en|PPS No.;PPSN;PPS Number;Personal Public Service No.|#######@|xxxxxxxx|ie_pps
za_idnr|en|SA ID No.;South African ID;RSA ID Number;ID number (South Africa)|YMD####[01]8#|xxxxxxxxxxxxx;xxxxxx xxxx xxx|za_id
in_aadhaar|en|Aadhaar No.;Aadhaar #;Aadhar Number;UIDAI No;Aadhaar Card|[2-9]###########|xxxx xxxx xxxx;xxxxxxxxxxxx|verhoeff
in_pan|en|PAN No.;PAN Card;Permanent Account Number;Income Tax PAN|@@@[PCHFT]@####@|xxxxxxxxxx|
in_gstin|en|GSTIN;GST No.;GST IN;GSTIN/UIN;GST Number|[0-2][1-9]@@@P@####@1Z[0-9A-Z]|xxxxxxxxxxxxxxx|in_gstin
sg_nric|en|NRIC;NRIC No.;NRIC/FIN;FIN no;Singapore IC|[STFG]#######@|xxxxxxxxx|sg_nric
my_nric|ms|MyKad No.;No. Kad Pengenalan;NRIC (Malaysia);IC No.;No. KP|YMD[01][1-9]####|xxxxxx-xx-xxxx|
hk_id|en|HKID;HKID No.;Hong Kong ID;HK Identity Card No.|[A-HKPRVYZ]######[0-9A]|!xxxxxxx(x)|hk_id
il_idnr|he|Teudat Zehut;Israeli ID No.;\u05ea\u05e2\u05d5\u05d3\u05ea \u05d6\u05d4\u05d5\u05ea;\u05de\u05e1\u05e4\u05e8 \u05d6\u05d4\u05d5\u05ea|[0-3]########|xxxxxxxxx|il_id
th_pin|th|Thai ID;Thai National ID No.;\u0e40\u0e25\u0e02\u0e1b\u0e23\u0e30\u0e08\u0e33\u0e15\u0e31\u0e27\u0e1b\u0e23\u0e30\u0e0a\u0e32\u0e0a\u0e19|[1-8]############|x-xxxx-xxxxx-xx-x;xxxxxxxxxxxxx|th_pin
cn_ric|zh|PRC ID No.;Chinese ID card no;\u8eab\u4efd\u8bc1;\u8eab\u4efd\u8bc1\u53f7\u7801;\u5c45\u6c11\u8eab\u4efd\u8bc1|[13][1-3]0[1-4]0[1-6]19[5-9]#0[1-9]1####[0-9X]|xxxxxxxxxxxxxxxxxx|cn_ric
jp_in|ja|My Number;Individual Number (Japan);\u30de\u30a4\u30ca\u30f3\u30d0\u30fc;\u500b\u4eba\u756a\u53f7|[1-9]###########|xxxx xxxx xxxx;xxxxxxxxxxxx|jp_my
kr_rrn|ko|RRN;Korean RRN;\uc8fc\ubbfc\ub4f1\ub85d\ubc88\ud638;\uc8fc\ubbfc\ubc88\ud638|YMD[12]######|!xxxxxx-xxxxxxx|kr_rrn
tw_nid|zh|Taiwan ID No.;ROC ID;\u8eab\u5206\u8b49\u5b57\u865f;\u570b\u6c11\u8eab\u5206\u8b49|[A-Z][12]########|xxxxxxxxxx|tw_nid
de_idnr|de|Steuer-ID;Steuer-IdNr.;Steuerliche Identifikationsnummer;IdNr;TIN (DE)|[1-9]##########|xx xxx xxx xxx;xxxxxxxxxxx|de_idnr
de_id_card|de|Personalausweis-Nr.;Ausweis-Nr.;Personalausweisnummer;Personalausweis|L[CFGHJKLMNPRTVWXYZ0-9]######[CFGHJK]#|xxxxxxxxxx|de_id_card
de_rvnr|de|RV-Nummer;Rentenversicherungsnr.;SV-Nummer;Versicherungsnummer (DRV)|[1-6][02-9]DMY@###|xx xxxxxx x xxx;xxxxxxxxxxxx|de_rvnr
de_kvnr|de|Krankenversichertennr.;KV-Nummer;Versicherten-Nr.;eGK-Nummer|@#########|xxxxxxxxxx|de_kvnr
at_vnr|de|SV-Nr.;Sozialversicherungsnummer;VSNR;SVNR (AT)|[1-9]###DMY|xxxx xxxxxx;xxxxxxxxxx|at_vnr
ch_ssn|de|AHV-Nr.;AHV Nummer;AHVN13;No AVS;Sozialversicherungsnr. (CH)|756##########|xxx.xxxx.xxxx.xx|ch_ahv
fr_nir|fr|N\u00b0 S\u00e9cu;Num\u00e9ro de S\u00e9curit\u00e9 sociale;NIR;No SS;N\u00b0 INSEE|[12][4-9]#0[1-9][1-9][1-5]########|x xx xx xx xxx xxx xx;xxxxxxxxxxxxxxx|fr_nir
fr_vat|fr|N\u00b0 TVA intracom.;TVA intracommunautaire;Num\u00e9ro de TVA;VAT No. (FR)|FR##[3-8]########|xx xx xxx xxx xxx;xxxxxxxxxxxxx|fr_vat
fr_siren|fr|SIREN;N\u00b0 SIREN;RCS;No Siren|[3-8]########|xxx xxx xxx;xxxxxxxxx|luhn
fr_siret|fr|SIRET;N\u00b0 SIRET;Siret (si\u00e8ge)|[3-8]########000##|xxx xxx xxx xxxxx;xxxxxxxxxxxxxx|siret
es_nif|es|DNI;D.N.I.;N\u00ba DNI;DNI/NIF;NIF titular|########@|xxxxxxxx-x;xxxxxxxxx;xx.xxx.xxx-x|es_dni
es_nie|es|NIE;N.I.E.;N\u00ba NIE;NIE/TIE|[XYZ]#######@|x-xxxxxxx-x;xxxxxxxxx|es_nie
it_codicefiscale|it|Codice Fiscale;C.F.;Cod. Fisc.;Cod. fiscale;CF|[B-DF-HL-NPR-T]{6}[4-9]#[ABCDEHLMPRST]1#[A-L]###@|xxxxxxxxxxxxxxxx|it_cf
it_vat|it|P.IVA;Partita IVA;P. IVA;Part. IVA|[01]#########[0-9]|xxxxxxxxxxx|it_piva
nl_bsn|nl|BSN;Burgerservicenr.;BSN-nummer;Burgerservicenummer;Sofinummer|[1-9]########|xxxxxxxxx;xxxx.xx.xxx|nl_bsn
be_nn|nl|Rijksregisternr.;RRN;INSZ;NISS;N\u00b0 registre national|YMD#####|xx.xx.xx-xxx.xx;xxxxxxxxxxx|be_nn
be_vat|nl|BTW-nr.;Ondernemingsnr.;BTW nummer;N\u00b0 d'entreprise|BE0[4-8]########|xx xxxx.xxx.xxx;xxxxxxxxxxxx|be_vat
pl_pesel|pl|PESEL;Nr PESEL;Numer PESEL;PESEL klienta|YMD#####|xxxxxxxxxxx|pl_pesel
pl_nip|pl|NIP;Nr NIP;NIP firmy;Numer NIP|[1-9]#########|xxx-xxx-xx-xx;xxxxxxxxxx|pl_nip
pl_regon|pl|REGON;Nr REGON;Numer REGON|[0-3]########|xxxxxxxxx|pl_regon
pt_nif|pt|NIF;N.\u00ba contribuinte;Contribuinte n.\u00ba;N\u00famero de contribuinte|[12]########|xxx xxx xxx;xxxxxxxxx|pt_nif
br_cpf|pt|CPF;CPF n\u00ba;CPF/MF;N\u00ba do CPF|###########|xxx.xxx.xxx-xx;xxxxxxxxxxx|br_cpf
br_cnpj|pt|CNPJ;CNPJ/MF;CNPJ n\u00ba;Inscri\u00e7\u00e3o CNPJ|########0001##|xx.xxx.xxx/xxxx-xx|br_cnpj
ar_cuit|es|CUIT;C.U.I.T.;CUIT/CUIL;CUIL N\u00ba|(20~23~24~27~30~33)#########|xx-xxxxxxxx-x;xxxxxxxxxxx|ar_cuit
cl_rut|es|RUT;R.U.T.;Rut cliente;RUT/RUN|[1-9]#######[0-9K]|xx.xxx.xxx-x;xxxxxxxx-x|cl_rut
mx_clabe|es|CLABE;CLABE interbancaria;Cuenta CLABE|0[1-7]2[1-9]##############|xxxxxxxxxxxxxxxxxx|mx_clabe
mx_curp|es|CURP;Clave CURP;C.U.R.P.|[B-DF-H][AEIO][B-Z][B-Z]YMD[HM](DF~JC~NL)[B-DF-H]{3}0#|xxxxxxxxxxxxxxxxxx|mx_curp
ro_cnp|ro|CNP;Cod numeric personal;CNP client|[1-2]YMD[1-3]#####|xxxxxxxxxxxxx|ro_cnp
cz_rc|cs|Rodn\u00e9 \u010d\u00edslo;R.\u010d.;RC;rod. \u010d\u00edslo|[6-9]#0[1-9]1#####|xxxxxx/xxxx|cz_rc
hr_oib|hr|OIB;OIB broj;Osobni identifikacijski broj|[1-9]##########|xxxxxxxxxxx|hr_oib
bg_egn|bg|\u0415\u0413\u041d;EGN;\u0415\u0413\u041d No|YMD####|xxxxxxxxxx|bg_egn
gr_vat|el|\u0391\u03a6\u039c;\u0391.\u03a6.\u039c.;AFM|[01]########|xxxxxxxxx|gr_afm
fi_hetu|fi|Henkil\u00f6tunnus;HETU;Hetu|DMY-###[0-9A-Y]|xxxxxxxxxxx|fi_hetu_dash
se_personnummer|sv|Personnr;Personnummer;Pers. nr;Personnr.|[4-9]#0[1-9]1#####|xxxxxx-xxxx|se_pnr
no_fodselsnummer|no|F\u00f8dselsnr.;F\u00f8dselsnummer;Personnummer (NO)|DMY#####|xxxxxx xxxxx;xxxxxxxxxxx|no_fnr
dk_cpr|da|CPR-nr.;CPR nr;CPR-nummer;Personnummer (CPR)|DMY####|!xxxxxx-xxxx|
tr_tckimlik|tr|T.C. Kimlik No;TC Kimlik No;TCKN;Kimlik numaras\u0131|[1-9]##########|xxxxxxxxxxx|tr_tckn
ru_inn|ru|\u0418\u041d\u041d;\u0418\u041d\u041d \u0444\u0438\u0437\u043b\u0438\u0446\u0430;INN|[1-7][1-9]##########|xxxxxxxxxxxx|ru_inn
ru_snils|ru|\u0421\u041d\u0418\u041b\u0421;SNILS;\u043d\u043e\u043c\u0435\u0440 \u0421\u041d\u0418\u041b\u0421|1##########|xxx-xxx-xxx xx|ru_snils
vin|en|VIN;VIN #;Vehicle Identification No.;Chassis no. (VIN)|1(HG~FT~GC)[CFBE][MAPS]#[0-9][0-9A-HJ][0-9X][ABCDEFG][A-HJ]######|xxxxxxxxxxxxxxxxx|vin
imei|en|IMEI;IMEI No.;IMEI 1;Device IMEI;IMEI#|35#############|xx-xxxxxx-xxxxxx-x;xxxxxxxxxxxxxxx|luhn
isin|en|ISIN;ISIN Code;Security ISIN|(US~GB~DE)[0-9]{9}#|xxxxxxxxxxxx|isin
de_passport|de|Reisepass-Nr.;Reisepassnummer;Pass-Nr. (DE)|C[CFGHJK]#######|xxxxxxxxx|
uk_passport|en|UK Passport No.;British passport number;UK passport #|[1-5]########|xxxxxxxxx|
in_passport|en|Indian Passport No.;India passport #|[J-PR-WY][1-9]#####[1-9]|xxxxxxxx|
ca_passport|en|Canadian Passport No.;Canada passport number|[A-H]@######|xxxxxxxx|
passport_generic|en|Passport #;Passport No.;Passport Number;PASSPORT NO|[A-HK-N]@######[1-9]|xxxxxxxxx|
uk_drivers_license|en|Driving licence no.;DVLA licence number;UK driving licence|[BDFGHKLM]{5}[1-9]0[1-9]1##[A-K][A-K]9[A-H][A-H]|xxxxxxxxxxxxxxxx|
es_passport|es|Pasaporte espa\u00f1ol;N\u00ba pasaporte;Pasaporte (ESP)|(AAA~PAB~XDC)######|xxxxxxxxx|
swift_bic|en|SWIFT/BIC;BIC;SWIFT code;BIC/SWIFT;Swift|(DEUT~COBA~BNPA~CHAS~BARC~HSBC)(DE~FR~US~GB)[2-9A-Z][2-9A-NP-Z]{,XXX}|xxxxxxxx|
us_bank_account|en|Acct #;Bank Account No.;Account Number;Checking account;Savings acct no.|[1-9]#########[0-9]|xxxxxxxxxxx|
uk_sort_code|en|Sort Code;Bank sort code;Sort code / branch|[1-6]#[1-6]###|!xx-xx-xx|
"""


class Row:
    def __init__(self, line):
        kind, self.tongue, titles, self.template, ways, rule = line.split("|")
        self.kind = kind
        self.titles = titles.split(";")
        self.must = ways.startswith("!")
        self.ways = [w for w in ways.lstrip("!").split(";") if "x" in w]
        self.template = self.template.replace("YMD", YMD).replace("DMY", DMY)
        self.holds = special(rule) if rule else None


def special(rule):
    if rule == "it_piva":
        return lambda v: s.luhn(v) and 1 <= int(v[7:10]) <= 100
    if rule == "fi_hetu_dash":
        return lambda v: s.fi_hetu(v[:6] + v[7:])
    if rule == "us_aba":
        return lambda v: s.us_aba(v) and 1 <= int(v[:2]) <= 12
    if rule == "siret":
        return lambda v: s.luhn(v) and s.luhn(v[:9])
    return getattr(s, rule)


def rows():
    return [Row(x) for x in ROWS.strip().splitlines()]
