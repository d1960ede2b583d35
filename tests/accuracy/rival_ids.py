"""Numbers of persons and firms as a benchmark of another product has them.

Each row: type | tongue | English labels | labels of the country | head of a
column | shape, an expression | ways to write it. CHECKED adds the rule of
rival_sums.py that it must keep; PLAIN has none. Several labels stand with ;.
"""
from collections import namedtuple

import rival_sums as s
from rival_sums import (dot, last, luhn, zero)

Row = namedtuple("Row", "kind tongue english native head shape ways holds")
YMD = r"[4-9]\d(0[1-9]|1[0-2])(0[1-9]|1\d|2[0-8])"
DMY = r"(0[1-9]|1\d|2[0-8])(0[1-9]|1[0-2])[4-9]\d"

CHECKED = """
ar_cuit|es|CUIT number;Argentine CUIT|CUIT;N\u00famero de CUIT;CUIL|cuit|(20|23|27|30)\\d{9}|xx-xxxxxxxx-x|zero((5,4,3,2,7,6,5,4,3,2,1))
at_vnr|de|Austrian social security number;Social insurance number (AT)|SVNR;Sozialversicherungsnummer;SV-Nummer|svnr|[1-9]\\d{3}DMY|xxxx xxxxxx|s.at_vnr
at_vat|de|Austrian VAT ID|UID-Nummer;UID;Umsatzsteuer-ID|uid_nummer|ATU\\d{8}||s.at_vat
au_abn|en|ABN;Australian Business Number|ABN|abn|[1-9]\\d{10}|xx xxx xxx xxx|s.au_abn
au_acn|en|ACN;Australian Company Number|ACN|acn|[01]\\d{8}|xxx xxx xxx|last(range(8,0,-1),10)
au_tfn|en|TFN;Tax File Number|Tax file no|tfn|[1-9]\\d{8}|xxx xxx xxx|zero((1,4,3,7,5,8,6,9,10))
au_medicare|en|Medicare number;Medicare card number|Medicare no|medicare_number|[2-6]\\d{8}1|xxxx xxxxx x|medicare
be_nn|nl|Belgian national number;National register number|Rijksregisternummer;INSZ;Num\u00e9ro national|rijksregisternummer|YMD\\d{5}|xx.xx.xx-xxx.xx|s.be_nn
be_vat|fr|Belgian VAT number;Enterprise number|Num\u00e9ro d'entreprise;Ondernemingsnummer;BTW-nummer|btw_nummer|BE0[2-7]\\d{8}|xxxxxx.xxx.xxx|s.be_vat
bg_egn|bg|EGN;Bulgarian personal number|\u0415\u0413\u041d;\u0415\u0434\u0438\u043d\u0435\u043d \u0433\u0440\u0430\u0436\u0434\u0430\u043d\u0441\u043a\u0438 \u043d\u043e\u043c\u0435\u0440|egn|YMD\\d{4}||last((2,4,8,5,10,9,7,3,6),11,0,False)
bg_vat|bg|EIK;Bulgarian company number;BULSTAT|\u0415\u0418\u041a;\u0411\u0423\u041b\u0421\u0422\u0410\u0422|eik|[12]\\d{8}||s.bg_eik
br_cpf|pt|CPF;Brazilian CPF number|CPF;N\u00famero do CPF;CPF do cliente|cpf|\\d{11}|xxx.xxx.xxx-xx|s.two_marks(range(10,1,-1),range(11,1,-1))
br_cnpj|pt|CNPJ;CNPJ number|CNPJ;CNPJ da empresa|cnpj|\\d{8}000[1-9]\\d\\d|xx.xxx.xxx/xxxx-xx|s.two_marks((5,4,3,2,9,8,7,6,5,4,3,2),(6,5,4,3,2,9,8,7,6,5,4,3,2))
br_pis|pt|PIS number;PIS/PASEP|PIS;PIS/PASEP;NIS|pis_pasep|1[2-6]\\d{9}|xxx.xxxxx.xx-x|last((3,2,9,8,7,6,5,4,3,2),11,0)
br_cns|pt|CNS;Brazilian health card|Cart\u00e3o Nacional de Sa\u00fade;Cart\u00e3o SUS|cns|[12]\\d{10}00[01]\\d|xxx xxxx xxxx xxxx|zero(range(15,0,-1))
ca_sin|en|SIN;Social Insurance Number|NAS;Num\u00e9ro d'assurance sociale|sin|[1-79]\\d{8}|xxx-xxx-xxx;xxx xxx xxx|luhn
ca_bn,ca_gst|en|Business number;CRA business number|Num\u00e9ro d'entreprise|business_number|[1-8]\\d{8}RT0001|xxxxxxxxx xx xxxx|luhn9
ch_ssn|de|AHV number;Swiss social security number|AHV-Nummer;AHV-Nr.;Num\u00e9ro AVS|ahv_nummer|756\\d{10}|xxx.xxxx.xxxx.xx|s.ean
ch_uid|de|Swiss UID;Swiss company number|UID;Unternehmens-Identifikationsnummer|uid|CHE\\d{9}|xxx-xxx.xxx.xxx|s.ch_uid
cl_rut|es|RUT;Chilean RUT|RUT;RUN;Rol \u00danico Tributario|rut|[5-9]\\d{6}[\\dK]~1\\d{7}[\\dK]|xx.xxx.xxx-x;x.xxx.xxx-x|s.cl_rut
cn_ric|zh|Chinese ID number;Resident identity card number|\u8eab\u4efd\u8bc1\u53f7;\u8eab\u4efd\u8bc1\u53f7\u7801;\u516c\u6c11\u8eab\u4efd\u53f7\u7801|id_card_no|(110101|310104|440305|330106|510107)19[5-9]\\d(0[1-9]|1[0-2])(0[1-9]|1\\d|2[0-8])\\d{3}[\\dX]||s.eleven_two
cn_uscc|zh|Unified Social Credit Code;USCC|\u7edf\u4e00\u793e\u4f1a\u4fe1\u7528\u4ee3\u7801;\u4fe1\u7528\u4ee3\u7801|uscc|91(110108|310115|440300)MA[0-9A-HJ-NPQRTUWXY]{8}||s.cn_uscc
co_nit|es|NIT;Colombian NIT|NIT;N\u00famero de NIT|nit|[89]\\d{9}|xxx.xxx.xxx-x;xxxxxxxxx-x|s.co_nit
cz_rc|cs|Czech birth number|Rodn\u00e9 \u010d\u00edslo;R\u010c;rodn\u00e9 \u010d.|rodne_cislo|[6-9]\\d(0[1-9]|1[0-2]|5[1-9])(0[1-9]|1\\d|2[0-8])\\d{4}|xxxxxx/xxxx|div11
cz_ico|cs|Czech company ID;ICO|I\u010cO;I\u010c|ico|[1-9]\\d{7}||s.cz_ico
de_idnr|de|German tax ID;Tax identification number (Germany)|Steuer-ID;Steueridentifikationsnummer;IdNr.|steuer_id|[1-9]\\d{10}|xx xxx xxx xxx|s.de_idnr
de_vat|de|German VAT number;VAT ID|USt-IdNr.;Umsatzsteuer-Identifikationsnummer;USt-ID|ust_id|DE[1-9]\\d{8}|xx xxxxxxxxx;xx xxx xxx xxx|eleven_de
de_kvnr|de|German health insurance number|Krankenversichertennummer;KVNR;Versichertennummer|kvnr|[A-Z]\\d{9}||s.de_kvnr
de_rvnr|de|German pension insurance number|Rentenversicherungsnummer;RVNR;Sozialversicherungsnummer|rv_nummer|(1[0-9]|5[0-9]|6[0-5])DMY[A-Z]\\d{3}|xx xxxxxx x xxx|s.de_rvnr
de_id_card|de|German ID card number|Personalausweisnummer;Ausweisnummer;Personalausweis-Nr.|ausweisnummer|L[CFGHJKLMNPRTVWXYZ0-9]{8}\\d||s.seven_three_one
dk_vat|da|CVR number;Danish company number|CVR-nummer;CVR nr.;CVR|cvr|[1-9]\\d{7}|xx xx xx xx|zero((2,7,6,5,4,3,2,1))
do_cedula|es|Dominican ID card;Cedula|C\u00e9dula;C\u00e9dula de identidad y electoral|cedula|(001|031|402)\\d{8}|xxx-xxxxxxx-x|luhn
do_rnc|es|RNC;Dominican tax number|RNC|rnc|[145]\\d{8}|x-xx-xxxxx-x|s.do_rnc
ec_ci|es|Ecuador ID card|C\u00e9dula de identidad;C\u00e9dula de ciudadan\u00eda;C.I.|cedula|(0[1-9]|1\\d|2[0-4])[0-5]\\d{7}|xxxxxxxxx-x|luhn
ee_ik|et|Estonian personal code|Isikukood|isikukood|[34]YMD\\d{4}||s.baltic
es_nif|es|DNI;Spanish DNI number;NIF|DNI;NIF;N\u00ba DNI|dni|\\d{8}[A-Z]|xxxxxxxx-x|s.es_nif
es_nie|es|NIE;Spanish foreigner number|NIE;N\u00famero de identidad de extranjero|nie|[XYZ]\\d{7}[A-Z]|x-xxxxxxx-x|s.es_nie
es_cif|es|CIF;Spanish company tax ID|CIF;NIF de la empresa|cif|[AB]\\d{8}|x-xxxxxxxx|s.es_cif
es_nss|es|Spanish social security number|N\u00famero de la Seguridad Social;N\u00ba Seguridad Social;NAF|nss|(08|28|41|46)\\d{10}|xx/xxxxxxxx/xx;xx xxxxxxxx xx|s.es_nss
es_ccc|es|Spanish bank account;CCC|CCC;C\u00f3digo cuenta cliente;Cuenta bancaria|ccc|(2100|0049|0182)\\d{16}|xxxx xxxx xx xxxxxxxxxx;xxxx-xxxx-xx-xxxxxxxxxx|s.es_ccc
fi_hetu|fi|Finnish personal identity code;HETU|Henkil\u00f6tunnus;Hetu|henkilotunnus|DMY-\\d{3}[0-9A-Y]||s.fi_hetu
fi_ytunnus|fi|Finnish business ID;Business ID|Y-tunnus|y_tunnus|[0-3]\\d{6}-\\d||last((7,9,10,5,8,4,2))
fr_nir|fr|French social security number;INSEE number|Num\u00e9ro de s\u00e9curit\u00e9 sociale;N\u00b0 de s\u00e9curit\u00e9 sociale;NIR|nir|[12][4-9]\\d(0[1-9]|1[0-2])(13|33|59|69|75)\\d{8}|x xx xx xx xxx xxx xx|s.fr_nir
fr_siren|fr|SIREN;SIREN number|SIREN;Num\u00e9ro SIREN;N\u00b0 SIREN|siren|[3-8]\\d{8}|xxx xxx xxx|luhn
fr_siret|fr|SIRET;SIRET number|SIRET;Num\u00e9ro SIRET;N\u00b0 SIRET|siret|[3-8]\\d{8}000\\d\\d|xxx xxx xxx xxxxx|siret
fr_vat|fr|French VAT number;VAT number (France)|Num\u00e9ro de TVA;TVA intracommunautaire;N\u00b0 TVA|tva|FR\\d\\d[3-8]\\d{8}|xx xx xxx xxx xxx;xxxx xxxxxxxxx|s.fr_vat
gr_vat|el|AFM;Greek tax number|\u0391\u03a6\u039c;\u0391.\u03a6.\u039c.|afm|[0-9]\\d{8}||s.gr_afm
gr_amka|el|AMKA;Greek social security number|\u0391\u039c\u039a\u0391|amka|DMY\\d{5}||luhn
hk_id,hk_id_plain|zh|HKID;Hong Kong identity card|\u9999\u6e2f\u8eab\u4efd\u8b49;\u8eab\u4efd\u8b49\u865f\u78bc|hkid|[A-HKMPR-Z]\\d{6}[0-9A]|xxxxxxx(x)|s.hk_id
hr_oib|hr|OIB;Croatian personal number|OIB;Osobni identifikacijski broj|oib|\\d{11}||s.eleven_ten
hu_taj|hu|TAJ number;Hungarian social security number|TAJ sz\u00e1m;TAJ;T\u00e1rsadalombiztos\u00edt\u00e1si azonos\u00edt\u00f3 jel|taj_szam|[01]\\d{8}|xxx-xxx-xxx;xxx xxx xxx|s.hu_taj
hu_tax_id|hu|Hungarian tax ID|Ad\u00f3azonos\u00edt\u00f3 jel;Ad\u00f3azonos\u00edt\u00f3|adoazonosito|8[2-5]\\d{8}||last(range(1,10),11,None,False)
id_npwp|id|NPWP;Indonesian tax number|NPWP;Nomor Pokok Wajib Pajak|npwp|[0-9]\\d{8}(0\\d\\d|4\\d\\d)000|xx.xxx.xxx.x-xxx.xxx|luhn9
ie_pps|en|PPS number;PPSN;Personal Public Service Number|PPS No.|ppsn|\\d{7}[A-W]~\\d{7}[A-W]A||s.ie_pps
il_idnr|he|Israeli ID number;Teudat Zehut|\u05ea\u05e2\u05d5\u05d3\u05ea \u05d6\u05d4\u05d5\u05ea;\u05de\u05e1\u05e4\u05e8 \u05d6\u05d4\u05d5\u05ea;\u05ea.\u05d6.|teudat_zehut|[0-3]\\d{8}||luhn
in_aadhaar|hi|Aadhaar number;Aadhaar;UIDAI number|\u0906\u0927\u093e\u0930 \u0938\u0902\u0916\u094d\u092f\u093e;\u0906\u0927\u093e\u0930|aadhaar|[2-9]\\d{11}|xxxx xxxx xxxx;xxxx-xxxx-xxxx|s.verhoeff
in_gstin|en|GSTIN;GST number|GST No.|gstin|(07|19|27|29|33)[A-Z]{3}[CPHF][A-Z]\\d{4}[A-Z]1Z[0-9A-Z]||s.luhn36
ir_nid|fa|Iranian national ID;National code|\u06a9\u062f \u0645\u0644\u06cc;\u0634\u0645\u0627\u0631\u0647 \u0645\u0644\u06cc|code_melli|[0-4]\\d{9}|xxx-xxxxxx-x|s.ir_nid
is_kennitala|is|Icelandic ID number|Kennitala;kt.|kennitala|DMY[2-9]\\d{2}9|xxxxxx-xxxx|zero((3,2,7,6,5,4,3,2,1,0))
it_codicefiscale|it|Italian fiscal code;Codice Fiscale|Codice fiscale;C.F.;Cod. Fisc.|codice_fiscale|(RSS|BNC|FRR|LMN)(MRA|LGU|GPP|NNA)[4-9]\\d[ABCDEHLMPRST](0[1-9]|1\\d|2[0-8]|4[1-9]|5\\d)(H501|F205|L219|F839)[A-Z]||s.it_cf
it_vat|it|Italian VAT number;Partita IVA|Partita IVA;P.IVA;P. IVA|partita_iva|0\\d{6}(058|015|001|063)\\d||luhn
jp_in|ja|My Number;Japanese individual number|\u30de\u30a4\u30ca\u30f3\u30d0\u30fc;\u500b\u4eba\u756a\u53f7|my_number|\\d{12}|xxxx xxxx xxxx;xxxx-xxxx-xxxx|s.jp_my_number
jp_cn|ja|Japanese corporate number;Corporate number|\u6cd5\u4eba\u756a\u53f7|corporate_number|\\d{13}||s.jp_cn
kr_rrn|ko|Resident registration number;RRN|\uc8fc\ubbfc\ub4f1\ub85d\ubc88\ud638;\uc8fc\ubbfc\ubc88\ud638|rrn|YMD[12]\\d{6}|xxxxxx-xxxxxxx|s.kr_rrn
kr_brn|ko|Korean business registration number|\uc0ac\uc5c5\uc790\ub4f1\ub85d\ubc88\ud638;\uc0ac\uc5c5\uc790\ubc88\ud638|brn|[1-6]\\d\\d(8[1-9]|[0-7][1-9])\\d{5}|xxx-xx-xxxxx|s.kr_brn
kz_iin|kk|IIN;Kazakhstan individual number|\u0416\u0421\u041d;\u0418\u0418\u041d|iin|YMD[3-4]\\d{5}||s.kz_iin
lt_asmens|lt|Lithuanian personal code|Asmens kodas;a. k.|asmens_kodas|[34]YMD\\d{4}||s.baltic
lv_pk|lv|Latvian personal code|Personas kods;P.k.|personas_kods|DMY1\\d{4}|xxxxxx-xxxxx|s.lv_pk
lu_nin|fr|Luxembourg national ID|Matricule;Num\u00e9ro matricule|matricule|19YMD\\d{5}||s.lu_nin
mx_curp|es|CURP;Mexican CURP|CURP;Clave \u00danica de Registro de Poblaci\u00f3n|curp|[B-HL-T][AEIOU][B-HL-T][B-HL-T]YMD[HM](DF|JC|NL|MC)[B-DF-HJ-N]{3}0\\d||s.mx_curp
mx_clabe|es|CLABE;CLABE number|CLABE;CLABE interbancaria|clabe|(002|012|014|021|072)180\\d{12}|xxx xxx xxxxxxxxxxx x|s.mx_clabe
mx_nss|es|Mexican social security number;IMSS number|NSS;N\u00famero de Seguridad Social;N\u00famero de afiliaci\u00f3n IMSS|nss|\\d{2}[7-9]\\d[5-9]\\d{6}|xx-xx-xx-xxxx-x|luhn
nl_bsn|nl|BSN;Dutch citizen service number|BSN;Burgerservicenummer;Sofinummer|bsn|[1-9]\\d{8}|xxxx.xx.xxx;xxx xxx xxx|zero((9,8,7,6,5,4,3,2,-1))
nl_vat|nl|Dutch VAT number|BTW-nummer;BTW-id;btw nr|btw_nummer|NL[1-9]\\d{8}B0\\d||nlvat
no_fodselsnummer|no|Norwegian national ID number|F\u00f8dselsnummer;Personnummer;fnr|fodselsnummer|DMY[0-4]\\d{4}|xxxxxx xxxxx|s.no_fnr
no_orgnr|no|Norwegian organisation number|Organisasjonsnummer;Org.nr.|orgnr|[89]\\d{8}|xxx xxx xxx|last((3,2,7,6,5,4,3,2))
no_kontonr|no|Norwegian bank account|Kontonummer;Kontonr|kontonummer|(15|36|60|97)\\d{9}|xxxx.xx.xxxxx|last((5,4,3,2,7,6,5,4,3,2))
nz_ird|en|IRD number;NZ tax number|IRD No.|ird_number|(1[0-2]\\d|[4-9]\\d)\\d{6}|xxx-xxx-xxx;xx-xxx-xxx|s.nz_ird
pe_ruc|es|RUC;Peruvian RUC|RUC;N\u00b0 RUC|ruc|(10|20)\\d{9}||s.pe_ruc
pl_pesel|pl|PESEL;PESEL number|PESEL;Nr PESEL;Numer PESEL|pesel|YMD\\d{5}||zero((1,3,7,9,1,3,7,9,1,3,1),10)
pl_nip|pl|NIP;Polish tax number|NIP;Numer NIP|nip|[1-9]\\d{9}|xxx-xxx-xx-xx;xxx-xx-xx-xxx|last((6,5,7,2,3,4,5,6,7),11,None,False)
pl_regon|pl|REGON;Polish company number|REGON;Numer REGON|regon|[0-3]\\d{8}||last((8,9,2,3,4,5,6,7),11,0,False)
pt_nif|pt|Portuguese tax number;NIF Portugal|NIF;Contribuinte;N\u00famero de contribuinte|nif|[125]\\d{8}|xxx xxx xxx|s.pt_nif
pt_niss|pt|Portuguese social security number|NISS;N\u00famero de Seguran\u00e7a Social|niss|1[12]\\d{9}||s.pt_niss
ro_cnp|ro|CNP;Romanian personal code|CNP;Cod numeric personal|cnp|[12]YMD(0[1-9]|[1-3]\\d|4[0-6])\\d{4}||s.ro_cnp
ro_cui|ro|CUI;Romanian company code|CUI;CIF;Cod unic de \u00eenregistrare|cui|RO[1-9]\\d{7}||s.ro_cui
yu_jmbg|sr|JMBG;Serbian personal number|JMBG;\u0408\u041c\u0411\u0413;Mati\u010dni broj|jmbg|(0[1-9]|1\\d|2[0-8])(0[1-9]|1[0-2])9[4-9]\\d(71|50|10|18)\\d{4}||s.jmbg
rs_pib|sr|PIB;Serbian tax number|PIB;\u041f\u0418\u0411|pib|1\\d{8}||s.eleven_ten
ru_inn|ru|INN;Russian taxpayer number|\u0418\u041d\u041d|inn|(77|78|50|66)\\d{8}~(77|78|50|66)\\d{10}||s.ru_inn
ru_snils|ru|SNILS;Russian pension number|\u0421\u041d\u0418\u041b\u0421|snils|[01]\\d{10}|xxx-xxx-xxx xx;xxx-xxx-xxx-xx|s.ru_snils
ru_ogrn|ru|OGRN;Russian company register number|\u041e\u0413\u0420\u041d|ogrn|1(02|15|20)77\\d{8}||s.ru_ogrn
sa_id|ar|Saudi national ID;Iqama number|\u0631\u0642\u0645 \u0627\u0644\u0647\u0648\u064a\u0629;\u0631\u0642\u0645 \u0627\u0644\u0625\u0642\u0627\u0645\u0629;\u0627\u0644\u0647\u0648\u064a\u0629 \u0627\u0644\u0648\u0637\u0646\u064a\u0629|iqama|[12]\\d{9}||luhn
se_personnummer|sv|Swedish personal number;Personnummer|Personnummer;Personnr|personnummer|YMD\\d{4}|xxxxxx-xxxx|luhn
se_orgnr|sv|Swedish organisation number|Organisationsnummer;Org.nr|orgnr|5[5-6][2-9]\\d{7}|xxxxxx-xxxx|luhn
sg_nric|en|NRIC;Singapore NRIC;FIN|NRIC No.;NRIC/FIN|nric|[STFG]\\d{7}[A-Z]||s.sg_nric
si_vat|sl|Slovenian tax number|Dav\u010dna \u0161tevilka;ID za DDV|davcna_stevilka|SI[1-9]\\d{7}||s.si_tax
sk_vat|sk|Slovak VAT number|I\u010c DPH;DI\u010c|ic_dph|SK[12]0[2-47]\\d{7}||div11
th_pin|th|Thai national ID|\u0e40\u0e25\u0e02\u0e1b\u0e23\u0e30\u0e08\u0e33\u0e15\u0e31\u0e27\u0e1b\u0e23\u0e30\u0e0a\u0e32\u0e0a\u0e19;\u0e40\u0e25\u0e02\u0e1a\u0e31\u0e15\u0e23\u0e1b\u0e23\u0e30\u0e0a\u0e32\u0e0a\u0e19|thai_id|[1-5]\\d{12}|x-xxxx-xxxxx-xx-x;x xxxx xxxxx xx x|s.th_pin
tr_tckimlik|tr|Turkish ID number;TC Kimlik|T.C. Kimlik No;TC Kimlik No;Kimlik numaras\u0131|tc_kimlik_no|[1-9]\\d{10}||s.tr_tckn
tr_vkn|tr|Turkish tax number|Vergi Kimlik No;VKN;Vergi numaras\u0131|vergi_no|\\d{10}||s.tr_vkn
tw_nid|zh|Taiwan ID number;National ID (Taiwan)|\u8eab\u5206\u8b49\u5b57\u865f;\u8eab\u5206\u8b49\u7d71\u4e00\u7de8\u865f|national_id|[A-Z][12]\\d{8}||s.tw_nid
tw_ubn|zh|Taiwan unified business number;UBN|\u7d71\u4e00\u7de8\u865f;\u7d71\u7de8|tax_id|[1-9]\\d{7}||s.tw_ubn
ua_rntrc|uk|Ukrainian tax number;RNOKPP|\u0420\u041d\u041e\u041a\u041f\u041f;\u0406\u041f\u041d|rnokpp|[23]\\d{9}||s.ua_tax
uk_nhs|en|NHS number;NHS No|NHS no.|nhs_number|[4-7]\\d{9}|xxx xxx xxxx;xxx-xxx-xxxx|last(range(10,1,-1))
uk_vat|en|UK VAT number;VAT registration number|VAT Reg No|vat_number|GB[1-9]\\d{8}|xx xxx xxxx xx;xx xxxxxxxxx|s.uk_vat
uk_utr|en|UTR;Unique Taxpayer Reference|UTR number|utr|[1-9]\\d{9}|xxxxx xxxxx|s.uk_utr
us_aba_routing|en|Routing number;ABA routing number|ABA;Routing no.|routing_number|(0[1-9]|1[0-2]|2[1-9]|3[0-2])\\d{7}||zero((3,7,1,3,7,1,3,7,1),10)
us_npi|en|NPI;NPI number|National Provider Identifier|npi|[12]\\d{9}||s.us_npi
us_dea|en|DEA number;DEA registration|DEA no.|dea_number|[ABFGM][A-Z]\\d{7}||s.us_dea
uy_cedula|es|Uruguayan ID card|C\u00e9dula de identidad;C.I.|cedula|[1-6]\\d{7}|x.xxx.xxx-x|s.uy_ci
uy_rut|es|Uruguayan RUT|RUT|rut|2[01]\\d{6}001\\d||s.uy_rut
ve_rif|es|RIF;Venezuelan RIF|RIF;Registro de Informaci\u00f3n Fiscal|rif|[VJG]\\d{9}|x-xxxxxxxx-x|s.ve_rif
za_idnr|en|South African ID number;SA ID|ID No.;Identity number|id_number|YMD\\d{4}[01]8\\d|xxxxxx xxxx xxx|luhn
by_unp|ru|UNP;Belarus tax number|\u0423\u041d\u041f|unp|[1-7]\\d{8}||s.by_unp
md_idno|ro|IDNO;Moldovan company number|IDNO;Cod fiscal|idno|10\\d{11}||s.md_idno
gt_nit|es|Guatemalan NIT|NIT|nit|[1-9]\\d{6,7}[\\dK]|xxxxxxx-x|s.gt_nit
py_ruc|es|Paraguayan RUC|RUC|ruc|80\\d{7}|xxxxxxxx-x|s.py_ruc
in_epic|en|Voter ID;EPIC number|Voter card no.|voter_id|[A-Z]{3}\\d{7}||s.luhn
mx_rfc|es|RFC;Mexican RFC|RFC;Registro Federal de Contribuyentes|rfc|[B-HL-T][AEIOU][B-HL-T][B-HL-T]YMD[A-Z1-9]{2}[0-9A]||s.mx_rfc
de_drivers_license|de|German driving licence|F\u00fchrerschein;F\u00fchrerscheinnummer|fuehrerschein|[BFN]0\\d[0-9A-Z]{6}[0-9X]\\d||s.de_license
pl_id_card|pl|Polish ID card|Dow\u00f3d osobisty;Nr dowodu osobistego;Seria i numer dowodu|dowod_osobisty|[A-D][A-Z]{2}\\d{6}|xxx xxxxxx|s.pl_id
imei|en|IMEI;IMEI number|IMEI|imei|(35|86|01)\\d{13}|xx-xxxxxx-xxxxxx-x|luhn
iccid|en|ICCID;SIM number|ICCID|iccid|89(49|44|01|33)\\d{15}||luhn
vin|en|VIN;Vehicle identification number|Fahrgestellnummer;FIN;Num\u00e9ro de ch\u00e2ssis|vin|[1-5][A-HJ-NPR-Z]{2}[A-HJ-NPR-Z0-9]{5}[0-9X][A-HJ-NPR-TV-Y1-9][A-HJ-NPR-Z]\\d{6}||s.vin
isin|en|ISIN;ISIN code|ISIN|isin|(US|DE|FR|GB|CH)[0-9]{10}||s.isin
lei|en|LEI;Legal Entity Identifier|LEI-Code|lei|(5493|9695|2138)00[0-9A-Z]{12}\\d\\d||s.ninety_seven
iso6346|en|Container number;Shipping container|Containernummer|container_no|(MSC|HLX|TGH|CMA)U\\d{7}|xxxx xxxxxx x;xxxx xxxxxxx|s.iso6346
imo|en|IMO number;Ship IMO|IMO|imo_number|9\\d{6}||s.imo
"""

PLAIN = """
us_ssn|en|SSN;Social Security Number;Social security no.|Social|ssn|([1-6]\\d[1-9])(0[1-9]|[1-9]\\d)\\d{3}[1-9]|xxx-xx-xxxx
us_itin|en|ITIN;Individual Taxpayer ID|ITIN no.|itin|9\\d\\d(7\\d|8[0-8])\\d{4}|xxx-xx-xxxx
us_ein|en|EIN;Employer Identification Number|FEIN|ein|(2[0-7]|4[5-8]|8[1-8])\\d{7}|xx-xxxxxxx
us_mbi|en|MBI;Medicare Beneficiary ID|Medicare number|mbi|[1-9][AC-HJKMNP-RT-Y]\\d\\d[AC-HJKMNP-RT-Y]\\d\\d[AC-HJKMNP-RT-Y]{2}\\d\\d|xxxx-xxx-xxxx
us_passport|en|US passport;Passport number|Passport No.|passport_number|[1-6]\\d{8}|
us_drivers_license|en|Driver's license;Driver license number|DL number|drivers_license|[A-CEF]\\d{7}|
us_bank_account|en|Bank account number;Account number|Acct no.|account_number|\\d{10}|
uk_nino|en|National Insurance number;NI number;NINO|NI No.|nino|(AB|CE|JK|PR|WX)\\d{6}[A-D]|xx xx xx xx x
uk_passport|en|UK passport number|British passport|passport_no|[1-5]\\d{8}|
uk_drivers_license|en|UK driving licence;Driving licence number|DVLA number|driving_licence|(SMITH|BROWN|JONES)[5-8](0[1-9]|1[0-2])(0[1-9]|1\\d|2[0-8])\\d[A-Z]{2}9[A-Z]{2}|
uk_sort_code|en|Sort code|Bank sort code|sort_code|[1-9]\\d{5}|!xx-xx-xx
in_pan|en|PAN;PAN card;Permanent Account Number|PAN No.|pan_number|[A-Z]{3}P[A-Z]\\d{4}[A-Z]|
in_passport|en|Indian passport|Passport No.|passport_no|[J-NPRSTUV][1-9]\\d{5}[1-9]|
id_nik|id|NIK;Indonesian ID number|NIK;No. KTP;Nomor Induk Kependudukan|nik|(3171|3273|3578)0\\d(0[1-9]|1\\d|2[0-8])(0[1-9]|1[0-2])[6-9]\\d000\\d|
my_nric|ms|MyKad number;Malaysian IC number|No. Kad Pengenalan;No. KP|ic_no|YMD(01|08|10|14)\\d{4}|xxxxxx-xx-xxxx
pk_cnic|ur|CNIC;Pakistani CNIC|\u0634\u0646\u0627\u062e\u062a\u06cc \u06a9\u0627\u0631\u0688 \u0646\u0645\u0628\u0631|cnic|[1-7][1-7]\\d{10}[1-9]|xxxxx-xxxxxxx-x
vn_cccd|vi|Vietnamese citizen ID;CCCD|S\u1ed1 CCCD;C\u0103n c\u01b0\u1edbc c\u00f4ng d\u00e2n|cccd|0(01|79|31)[01][6-9]\\d{7}|
dk_cpr|da|CPR number;Danish CPR|CPR-nummer;CPR-nr.;Personnummer|cpr|DMY[0-3]\\d{3}|xxxxxx-xxxx
co_cc|es|Colombian citizen ID|C\u00e9dula de ciudadan\u00eda;C.C.|cedula|1[01]\\d{8}|x.xxx.xxx.xxx
ar_dni|es|Argentine DNI|DNI;Documento Nacional de Identidad|dni|[1-4]\\d{7}|xx.xxx.xxx
pe_cui|es|Peruvian DNI|DNI;Documento Nacional de Identidad|dni|[1-7]\\d{7}|
ph_sss|en|SSS number;Philippine SSS|SSS No.|sss_no|(0[1-9]|3[34])\\d{8}|xx-xxxxxxx-x
ph_tin|en|Philippine TIN;BIR TIN|TIN|tin|[1-9]\\d{8}000|xxx-xxx-xxx-xxx
ph_philhealth|en|PhilHealth number|PhilHealth No.|philhealth|[0-2]\\d{11}|xx-xxxxxxxxx-x
ng_nin|en|Nigerian NIN;NIN|National Identification Number|nin|[1-9]\\d{10}|
ng_bvn|en|BVN;Bank Verification Number|BVN|bvn|22\\d{9}|
ke_id|en|Kenyan ID number|Kitambulisho|id_number|[1-3]\\d{7}|
ke_pin|en|KRA PIN|KRA PIN No.|kra_pin|A\\d{9}[A-Z]|
gh_card|en|Ghana Card number|Ghana Card|ghana_card|GHA\\d{10}|xxx-xxxxxxxxx-x
lk_nic|en|Sri Lankan NIC;NIC number|NIC No.|nic|[6-9]\\d[0-3]([0-5]\\d)\\d{4}V|
bd_nid|bn|Bangladesh NID|\u099c\u09be\u09a4\u09c0\u09af\u09bc \u09aa\u09b0\u09bf\u099a\u09af\u09bc\u09aa\u09a4\u09cd\u09b0|nid|[2-9]\\d{9}|
mx_ine|es|INE voter key;Clave de elector|Clave de elector|clave_elector|[B-HL-T]{6}YMD(09|14|19)[HM]\\d{3}|
br_rg|pt|Brazilian RG|RG;Registro Geral|rg|[1-5]\\d{8}|!xx.xxx.xxx-x
fr_cni|fr|French national ID card|Carte nationale d'identit\u00e9;CNI;N\u00b0 CNI|cni|(0[4-9]|1\\d)(0[1-9]|1[0-2])(751|691|331)\\d{5}|
fr_passport|fr|French passport|Passeport;Num\u00e9ro de passeport|passeport|\\d\\d[A-Z]{2}\\d{5}|
fr_drivers_license|fr|French driving licence|Permis de conduire;N\u00b0 de permis|permis_conduire|\\d\\d[A-Z]{2}\\d{5}|
it_passport|it|Italian passport|Passaporto;Numero passaporto|passaporto|Y[AB]\\d{7}|
it_id_card|it|Italian identity card|Carta d'identit\u00e0;CIE|carta_identita|C[A-Z]\\d{5}[A-Z]{2}|
it_drivers_license|it|Italian driving licence|Patente;Patente di guida|patente|U1[A-Z0-9]{5}\\d{2}[A-Z]|
es_passport|es|Spanish passport|Pasaporte;N\u00famero de pasaporte|pasaporte|[A-Z]{3}\\d{6}|
de_passport|de|German passport|Reisepass;Reisepassnummer;Pass-Nr.|reisepass|C[CFGHJKLMNPRTVWXYZ0-9]{8}|
de_stnr|de|German tax number|Steuernummer;St.-Nr.;StNr|steuernummer|[1-9]\\d{10}|!xxx/xxxx/xxxx;xxx/xxx/xxxxx
de_handelsregisternummer|de|German trade register number|Handelsregisternummer;HRB-Nummer|handelsregister|HRB[1-9]\\d{4}|!xxx xxxxx
nl_kvk|nl|Dutch chamber of commerce number;KvK number|KvK-nummer;KVK nr|kvk|[1-8]\\d{7}|
nl_drivers_license|nl|Dutch driving licence|Rijbewijsnummer;Rijbewijs|rijbewijs|[45]\\d{9}|
au_passport|en|Australian passport|Passport No.|passport_no|(N|P[A-E])\\d{7}|
au_drivers_license|en|Australian driver licence|Driver licence no.|driver_licence|[1-9]\\d{8}|
ca_passport|en|Canadian passport|Passport no.|passport_no|[A-Z]{2}\\d{6}|
ca_drivers_license|en|Ontario driver's licence;Canadian driver's licence|Permis de conduire|drivers_licence|[A-Z]\\d{8}YMD|xxxxx-xxxxx-xxxxx
br_passport|pt|Brazilian passport|Passaporte|passaporte|[FG][A-Z]\\d{6}|
jp_passport|ja|Japanese passport|\u30d1\u30b9\u30dd\u30fc\u30c8\u756a\u53f7;\u65c5\u5238\u756a\u53f7|passport_no|T[A-Z]\\d{7}|
kr_passport|ko|Korean passport|\uc5ec\uad8c\ubc88\ud638|passport_no|M\\d{8}|
cn_passport|zh|Chinese passport|\u62a4\u7167\u53f7;\u62a4\u7167\u53f7\u7801|passport_no|E[A-H1-9]\\d{7}|
ru_passport|ru|Russian passport|\u041f\u0430\u0441\u043f\u043e\u0440\u0442;\u0421\u0435\u0440\u0438\u044f \u0438 \u043d\u043e\u043c\u0435\u0440 \u043f\u0430\u0441\u043f\u043e\u0440\u0442\u0430|passport|45(0\\d|1\\d)\\d{6}|!xx xx xxxxxx;xxxx xxxxxx
swift_bic|en|BIC;SWIFT code|BIC;BIC/SWIFT|bic|(DEUT|BNPA|CHAS|BARC)(DE|FR|US|GB)(FF|PP|33|22)(XXX|500)?|
eg_nid|ar|Egyptian national ID|\u0627\u0644\u0631\u0642\u0645 \u0627\u0644\u0642\u0648\u0645\u064a|national_id|2[6-9]\\d(0[1-9]|1[0-2])(0[1-9]|1\\d|2[0-8])(01|02|12|21)\\d{5}|
medical_record_number|en|MRN;Medical record number|Patient MRN|mrn|[1-9]\\d{6,7}|
"""


def medicare(v):
    return last((1, 3, 7, 9, 1, 3, 7, 9), 10, None, False)(v[:9])


def luhn9(v):
    return luhn(v[:9])


def siret(v):
    return luhn(v[:9]) and luhn(v)


def div11(v):
    return int(v.lstrip("SK")) % 11 == 0


def eleven_de(v):
    return s.eleven_ten(v[2:])


def nlvat(v):
    return zero((9, 8, 7, 6, 5, 4, 3, 2, -1))(v[2:11])


def shaped(expression):
    return expression.replace("YMD", YMD).replace("DMY", DMY)


def rows(table):
    for line in table.strip().splitlines():
        f = line.split("|")
        # a shape may have | within brackets: glue what was cut
        while f[5].count("(") > f[5].count(")"):
            f[5:7] = ["|".join(f[5:7])]
        holds = eval("|".join(f[7:])) if table is CHECKED else None
        ways = [w for w in f[6].split(";") if w]
        yield Row(f[0].replace(",", "|"), f[1], f[2].split(";"), f[3].split(";"), f[4],
                  shaped(f[5]), ways, holds)
