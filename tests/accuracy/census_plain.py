"""Numbers without a check digit: passports, licences, numbers of taxes and of
persons. kind, templates (see census.made), titles; a line each, as offices and
papers have them."""

TEXT = """
ad_nrt;F-#{6}-@,F#{6}@;NRT|Número de registre tributari
ae_emirates_id;784-19[6-9]#-#{7}-#,78419[6-9]#{9};Emirates ID|EID|ID No|رقم الهوية
ae_trn;100#{12};TRN|TRN No.|Tax Registration Number
al_nipt;[J-L][0-3]#{7}@;NIPT|NUIS|NIPT/NUIS
ao_nif;5#{9};NIF|Nº contribuinte
ar_dni;[23]#.###.###,[23]#{7};DNI|D.N.I.|DNI N°|Documento
at_businessid;FN #{6}[a-z],FN#{6}[a-z];Firmenbuchnummer|Firmenbuch|FN
at_passport;[A-Z]#{7};Reisepassnummer|Reisepass|Austrian passport
at_drivers_license;#{8};Führerscheinnummer|Führerschein-Nr.|Führerschein
au_bank_account;0[1-9]#-### #{8};BSB and account|BSB|BSB/Account
au_passport;[PRL]A#{7},[NE]#{7};Australian passport|Passport (AU)|passport no
au_drivers_license;#{8};Driver licence|NSW driver licence|licence no
az_passport;[AC]#{8};Pasport|Azerbaijan passport
be_passport;E[A-Z]#{6};Paspoortnummer|Numéro de passeport|Belgian passport
be_drivers_license;#{10};Rijbewijsnummer|Permis de conduire|rijbewijs
bg_passport;3#{8};Паспорт №|Паспорт|Bulgarian passport
bg_drivers_license;28#{7};Свидетелство за управление|driving licence
br_rg;##.###.###-#;RG|R.G.|Registro Geral
br_passport;[FG][A-Z]#{6};Passaporte|Nº do passaporte|Brazilian passport
br_license_plate;[A-Z]{3}#[A-J]##,[A-Z]{3}-####;Placa|Placa do veículo
by_passport;(MP|AB|KH|HB)#{7};Паспорт|Belarus passport|Номер паспорта
ca_pst;PST-10##-####;PST|BC PST
ca_bank_account;#{5}-00[1-6]-#{7};Transit/institution/account|Bank account
ca_passport;[A-H][A-Z]#{6};Canadian passport|Passport No.|Passeport canadien
ca_drivers_license;[A-Z]####-#{5}-[4-9]##(01|12)##;Ontario driver's licence|DL Number|permis de conduire
ca_postal_code;[KLMNP]#[ABCEGHJ] #[ABCEGHJ]#;Postal code|Code postal|postal_code
ch_passport;[XF]#{7};Reisepass|Passeport suisse|Swiss passport
cn_passport;E[A-HJ-NP-Z]#{7},[EG]#{8};护照号|护照号码|Chinese passport|Passport No
co_cc;1.0##.###.###,[1-9]#{7};Cédula de ciudadanía|C.C.|CC|Cédula
cr_cpf;[1-7]-0###-####;Cédula|Cédula de identidad|Número de cédula
cu_ni;[4-9]#(01|05|12)(11|21)[0-8]####;Carné de identidad|CI|Número de identidad
cy_id_card;00#{8};Δελτίο ταυτότητας|Αρ. Ταυτότητας|Identity card no
cy_passport;K#{8};Διαβατήριο|Cyprus passport
cz_passport;[34]#{7};Číslo pasu|Cestovní pas|Czech passport
cz_drivers_license;E[A-Z] #{6};Řidičský průkaz|Číslo ŘP
de_stnr;##/###/#{5},###/###/#{5},##/#{3}/#{5};Steuernummer|St.-Nr.|StNr|Steuer-Nr.
de_bsnr;[1-9]#{8};BSNR|Betriebsstättennummer
de_drivers_license;[A-Z]#{3}[A-Z0-9]{6}#;Führerscheinnummer|Führerschein-Nr.|Fahrerlaubnis
de_handelsregisternummer;Amtsgericht München HRB #{6},HRB #{5} Amtsgericht Köln;Handelsregister|Registergericht
de_license_plate;(M|B|HH|KA)-[A-Z]{2} [1-9]###,(M|B|S) [A-Z]{2} [1-9]##;Kennzeichen|Kfz-Kennzeichen|amtl. Kennzeichen
de_postal_code;[1-9]####;PLZ|Postleitzahl
de_wkn;[A-H]#[A-HJ-NP-Z]##[A-Z];WKN|Wertpapierkennnummer
dk_cpr;<%d%m%y>-[0-3]###,<%d%m%y>[0-3]###;CPR|CPR-nr.|CPR-nummer|Personnummer
dk_passport;2#{8};Pasnummer|Pas nr.|Danish passport
dk_drivers_license;[1-3]#{7};Kørekort|Kørekortnummer
do_ncf;E31#{10},B01#{8};NCF|e-NCF
dz_nif;0000#{11},099#{12};NIF|رقم التعريف الجبائي
ee_passport;K[A-Z]?#{7},K#{7};Passi number|Pass|Estonian passport
eg_nid;2[5-9]#(01|05|11)(05|14|27)(01|02|12|21)#{5};الرقم القومي|رقم قومي|National ID
eg_tn;###-###-###;الرقم الضريبي|التسجيل الضريبي|Tax number
es_passport;[A-Z]{3}#{6};Pasaporte|Nº de pasaporte|Número de pasaporte
es_cae;ES000(28|08)(HA|H7)##[A-Z]X;CAE|Código de actividad
fi_passport;[FP][A-Z]#{7};Passin numero|Passi|Finnish passport
fi_veronumero;1#{11};Veronumero
fr_cni;#{12},[A-Z0-9]{4}#[A-Z]##[A-Z];Carte d'identité|CNI|N° CNI|Carte nationale d'identité
fr_passport;##[A-Z]{2}#{5};Passeport|N° de passeport|Passeport n°
fr_drivers_license;##(02|06|11)(75|13|69)#{6};Permis de conduire|N° de permis|Permis n°
fr_rna;W75#{7},W##1#{6};RNA|N° RNA|Association
ge_pn;01#{9};პირადი ნომერი|Personal No|Personal number
gr_id_card;[Α-Ω]{0}A[BHKMNP] #{6},A[BHKMNP]#{6},A[BHKMNP]-#{6};Α.Δ.Τ.|Αριθμός ταυτότητας|ΑΔΤ|Greek ID card
gr_passport;A[A-Z]#{7};Διαβατήριο|Αρ. Διαβατηρίου|Greek passport
gr_drivers_license;[1-4]#{8};Άδεια οδήγησης|Δίπλωμα οδήγησης
hr_id_card;1#{8};Osobna iskaznica|Broj osobne iskaznice
hr_passport;[0-3]#{8};Putovnica|Broj putovnice
hu_passport;B[A-Z]#{7},B[A-Z]#{6};Útlevél|Útlevélszám|Hungarian passport
hu_drivers_license;[A-C][A-Z]#{6};Jogosítvány|Vezetői engedély
id_nik;(32|33|31|35)7[1-9]0[1-5](02|15|28|45|61)(01|06|11)[5-9]#000#;NIK|No. KTP|Nomor Induk Kependudukan|KTP
id_passport;[A-CX]#{7};Paspor|No. Paspor|Nomor paspor
ie_passport;P[A-Z]#{7};Irish passport|Passport number
ie_postal_code;(D02|T12|H91|A65) [ACDEFHKNPRTVWXY][0-9][ACDEFHKNPRTVWXY][0-9];Eircode|Postcode
il_bank_account;(10|11|12)-#{3}-#{6};חשבון בנק|מספר חשבון
in_passport;[A-PR-WY][1-9]#{6};Passport No|Indian passport|पासपोर्ट|Passport No.
in_drivers_license;(MH|KA|DL)(01|12|14)20(05|11|19)#{7},(MH|KA)-(01|12)-20(11|19)#{7};Driving Licence No|DL No|DL No.
in_license_plate;(MH|KA|DL)(01|12|20)[A-Z]{2}####,(MH|KA) (01|12) [A-Z]{2} ####;Vehicle No|Registration No|Vehicle number
in_ifsc;(HDFC|SBIN|ICIC|UTIB)0#{6};IFSC|IFSC code|IFS Code
in_upi;(rahul@|priya.k@|9845012345@)(okhdfcbank|ybl|paytm|oksbi);UPI|UPI ID|VPA
in_abha;91-####-####-####,91#{12};ABHA|ABHA Number|Health ID
is_vat;[1-9]#{4},1#{5};VSK|VSK nr.|VSK-númer
it_id_card;C[A-Z]#{5}[A-Z]{2},A[A-Z]#{7};Carta d'identità|C.I. n.|Carta d'identità n.|CIE
it_passport;Y[AB]#{7};Passaporto|Passaporto n.|Numero passaporto
it_drivers_license;U1[A-Z0-9]#{6}[A-Z],[A-Z]{2}#{7}[A-Z];Patente|Patente n.|Patente di guida
it_aic;0[2-4]#{7};AIC|A.I.C. n.|Codice AIC
jm_passport;A#{7};Jamaican passport|Passport No
jp_bank_account;00[01][1-9]-#{3}-#{7};口座番号|銀行口座
jp_drivers_license;[3-9]0[0-9]{2}#{8};運転免許証番号|免許証番号|免許証
jp_residence_card;[A-Z]{2}#{8}[A-Z]{2};在留カード番号|在留カード|Residence card
jp_passport;[TM][A-Z]#{7};旅券番号|パスポート|Japanese passport
ke_pin;[AP]0#{8}[A-Z];KRA PIN|PIN No|PIN
ke_id;[1-3]#{7};ID No|National ID Kenya|Kitambulisho
kr_drivers_license;(11|12|13|26)-##-#{6}-##;운전면허번호|면허번호|운전면허
kr_passport;[MSR]#{8},M#{3}[A-Z]####;여권번호|여권|Korean passport
kz_passport;N#{8};Паспорт|Төлқұжат|Kazakhstan passport
li_peid;0000#{7},1#{6};PEID|PEID-Nr.
lk_nic;[5-9]#[0-2][1-9]#{5}V,19[6-9]#[0-2][1-9]#{6};NIC|NIC No|National Identity Card
lt_passport;[2-5]#{7};Pasas|Paso numeris|Paso Nr.
lv_passport;L[VZ]#{7};Pase|Pases numurs|Pases Nr.
ly_nid;[12]19[5-9]#{8};الرقم الوطني|National number
ma_cin;[A-Z]{2}#{6},[A-Z]#{6};CIN|C.I.N|CNIE|N° CIN|بطاقة التعريف الوطنية
mk_id_card;[A-Z]#{7};Лична карта|ID card
mt_id_card;#{7}M,0#{6}[GMA];ID Card No|I.D. Card|Maltese ID
mt_passport;1#{6};Maltese passport|Passport No.
mx_passport;[GN]#{8};Pasaporte|Núm. de pasaporte|Pasaporte mexicano
mx_ine;[BCDFGLMPRSTV]{6}[5-9]#(01|06|11)(05|18|27)(09|14|15)[HM]#00;Clave de elector|INE|Credencial para votar
my_nric;<%y%m%d>-(01|08|10|14)-####,<%y%m%d>(01|08|10|14)####;MyKad|NRIC|IC No|No. K/P|Kad Pengenalan
my_passport;[AHK]#{8};Pasport|No. Pasport|Malaysian passport
mz_bi;11#{10}[A-Z];BI|Bilhete de identidade|BI nº
ng_nin;[1-9]#{10};NIN|National Identification Number|NIN No
ng_bvn;22#{9};BVN|Bank Verification Number|BVN No
ng_license_plate;(ABC|LSR|KJA|IKJ)-###[A-Z]{2};Plate number|Plate No|Number plate
nl_identiteitskaartnummer;[NSI][A-NP-Z][A-NP-Z0-9]{6}#;Paspoortnummer|Documentnummer|ID-kaart|Nummer identiteitskaart
nl_drivers_license;[3-5]#{9};Rijbewijsnummer|Rijbewijs|Rijbewijsnr.
nl_license_plate;[GHJKL][A-Z]-###-[BDFGH],##-[BDFGH]{3}-#;Kenteken|Kentekennummer
np_citizenship;##-0#-7#-#{5};Citizenship No|नागरिकता नं|Citizenship Certificate No
nz_passport;L[A-NP-Z]#{6};New Zealand passport|NZ passport|Passport number
nz_drivers_license;[A-F][A-Z]#{6};NZ driver licence|Driver licence number
om_vat;OM1100#{6};VATIN|VAT|VATIN OM
pe_ce;00#{7};Carné de extranjería|CE|Carnet de extranjería
ph_tin;[1-9]##-###-###-000,[1-9]##-###-###;TIN|TIN No.|BIR TIN
ph_umid;####-#{7}-#;UMID|CRN|UMID No
ph_sss;(03|33|34)-#{7}-#;SSS|SSS No.|SSS Number
ph_passport;P#{7}[ABC];Philippine passport|Passport No.
pk_cnic;[1-6]####-#{7}-[1-9];CNIC|CNIC No|NIC|قومی شناختی کارڈ
pk_ntn;[0-9]{7}-#;NTN|NTN No|National Tax Number
pl_drivers_license;#{5}/##/####;Prawo jazdy|Nr prawa jazdy
pt_passport;[CN][A-Z]?#{6},C[A-Z]#{6};Passaporte|N.º de passaporte|Passaporte português
pt_drivers_license;(L|P|AV)-#{7} #,(SE|L)-#{6};Carta de condução|N.º carta de condução
py_cedula;[1-6].###.###,[1-6]#{6};Cédula de identidad|C.I. N°|CI
qa_qid;2[5-9]#(356|586|050|608)#{5};QID|QID No|Qatar ID|رقم البطاقة الشخصية
ro_onrc;J(12|40|08)/####/20(05|11|19);Nr. Reg. Com.|Registrul Comerțului|J
ro_passport;05#{7},0#{7};Pașaport|Nr. pașaport|Pasaport
ru_passport;4[05] [01]# #{6},4[05][01]# #{6},4[05][01]#{7};Паспорт|Серия и номер паспорта|паспорт РФ|паспортные данные
ru_passport_intl;7[0-5] #{7};Загранпаспорт|Заграничный паспорт
sa_vat;3#{13}3;VAT No|الرقم الضريبي|VAT Registration Number
se_passport;[3-9]#{7};Passnummer|Pass nr|Swedish passport
sg_passport;[KE]#{7}[A-Z];Singapore passport|Passport No.
si_passport;P[ABC]#{7};Potni list|Številka potnega lista
sk_passport;[BP][A-Z]?#{7},B[A-Z]#{7};Cestovný pas|Číslo pasu
sm_coe;[12]#{4};COE|C.O.E.
th_passport;A[A-C]#{7};หนังสือเดินทาง|เลขหนังสือเดินทาง|Thai passport
tn_mf;#{7}[A-HJ-N]/[AP]/[MC]/000,#{7}[A-HJ-N][AP][MC]000;Matricule fiscal|MF|M.F.|Matricule fiscale
tr_passport;[US]#{8};Pasaport No|Pasaport|Turkish passport
tr_license_plate;(34|06|35) [A-Z]{2} ####,(34|06|35) [A-Z]{3} ###;Plaka|Araç plakası
tw_passport;3#{8};護照號碼|護照|Taiwan passport
ua_passport;00#{7};Паспорт|Номер паспорта|ID-картка
uk_passport;[1-9]#{8};UK passport|Passport number|British passport
uk_drivers_license;(MORGA|SMITH|JONES)[6-9](01|52|11)(05|18|27)#[A-Z]{2}9[A-Z]{2};Driving licence|Driver number|DVLA driver no
uk_postal_code;(SW1A|EC1A|M1|B33|LS1) #[ABDEFGHJLNPQRSTUWXYZ]{2};Postcode|Post code|postcode
uk_license_plate;[A-EG-HJ-PR-Y][A-Y](05|12|19|68|71) [A-HJ-PR-Z]{3};Registration|Vehicle reg|Number plate|VRN
uk_company;0[1-9]#{6},(SC|NI|OC)#{6};Company number|Registered in England No.|Company No|Companies House
uk_sort_code;(20|40|60)-##-## #{8},##-##-##;Sort code|Sort code and account|Sort Code / Account
us_itin;9##-7#-####;ITIN|Individual Taxpayer Identification Number|ITIN No
us_ein;(12|27|46|83)-#{7};EIN|Employer Identification Number|Federal Tax ID|FEIN
us_ptin;P0#{7};PTIN|Preparer PTIN
us_bank_account;#{10},#{12};Account number|Bank account|Checking account no|Acct #
us_passport;[1-9]#{8},[ABC]#{8};US passport|U.S. Passport|Passport Number|Passport #
us_drivers_license;[A-Z]#{7},[A-Z]#{12},#{8};Driver's License|Driver License No|DL #|Drivers license number
us_mbi;[1-9][AC-HJ-KM-NP-RT-Y][AC-HJ-KM-NP-RT-Y]#-[AC-HJ-KM-NP-RT-Y][0-9]#-[AC-HJ-KM-NP-RT-Y]{2}##,[1-9][AC-HJ-KM-NP-RT-Y][0-9]#[AC-HJ-KM-NP-RT-Y]##[AC-HJ-KM-NP-RT-Y]{2}##;MBI|Medicare Beneficiary Identifier|Medicare ID|Medicare Number
us_ndc;#{5}-####-##,0####-####-##;NDC|NDC code|National Drug Code
us_dod_id;[1-9]#{9};DoD ID|DoD ID Number|EDIPI
us_uscis_a_number;A#{9},A###-###-###,A# ### ###{0};A-Number|Alien Registration Number|USCIS#|A#
us_green_card;(MSC|LIN|SRC|WAC|EAC|IOE)#{10};Green card|Receipt number|USCIS receipt number|I-485 receipt
us_postal_code;[1-9]####-####;ZIP|ZIP code|zip
uy_nie;#{9};NIE|Número de identidad extranjero
uz_passport;A[A-D]#{7};Pasport|Паспорт|Uzbekistan passport
ve_cdi;V-[1-2]#.###.###,V[12]#{7},E-8#{7};Cédula de identidad|C.I.|Cédula|CI
vn_cccd;0(01|79|48)[0-3][5-9]#{7};CCCD|Số CCCD|Căn cước công dân|CMND/CCCD
vn_passport;[BCN]#{7};Hộ chiếu|Số hộ chiếu
za_vat;4#{9};VAT No|VAT number|VAT Reg No
za_passport;[AM]#{8};South African passport|Passport No
ie_drivers_license;##[0-9]#{6};Irish driving licence|Driver number
hr_drivers_license;[1-9]#{7};Vozačka dozvola|Broj vozačke dozvole
lt_drivers_license;[1-9]#{7};Vairuotojo pažymėjimas|Vairuotojo pažymėjimo Nr.
lv_drivers_license;A[A-Z]{2}#{6};Vadītāja apliecība|driving licence
ro_drivers_license;[A-Z]#{8};Permis de conducere|Permis conducere
si_drivers_license;#{9};Vozniško dovoljenje|Št. vozniškega dovoljenja
sk_drivers_license;[A-Z]#{7};Vodičský preukaz|Číslo vodičského preukazu
ee_drivers_license;[A-Z]{2}#{6};Juhiluba|Juhiloa number
am_passport;A[A-Z]#{7};Անձնագիր|Armenian passport
mt_drivers_license;[A-Z]{2} #{6};Driving licence Malta|Maltese driving licence
lu_passport;J[A-Z0-9]{6}#;Passeport luxembourgeois|Luxembourg passport
cy_drivers_license;#{12};Άδεια οδήγησης|Cyprus driving licence
"""


def rows():
    for line in TEXT.strip().splitlines():
        kind, shapes, titles = line.split(";")
        if shapes:
            yield kind, [s.replace("?", "") for s in shapes.split(",")
                         if "{0}" not in s], titles.split("|")
