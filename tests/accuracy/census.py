"""Numbers of countries that papers.py does not have, with their check digits.

Written from the rules that the offices publish, and from no catalogue file.
"""
import re

import papers
from census_checks import (
    inside, tail, behind, cbu, austrian, voter, licence, court, chain10, uscc,
    colombian, cypriot, ico, german_health, mrz, cif, ccc, cups, creditor,
    french_vat, rib, ghana, base36, iran, company_jp, business_kr, luxembourg,
    latvian, latvian_vat, macedonian, mexican_tax, portuguese_card, reverse11,
    turkish_tax, taiwan_firm, ukraine_firm, dea, venezuela, freight, cusip,
    sedol, nhi, rf)
from papers import Paper, D, U, down, iso11_10, iso97, luhn, mod97
from papers import staged, total, up


def made(rng, template):
    """# a digit, @ a capital, [A-F3] a class, (a|b) a choice, <%y%m%d> a day,
    x{3} three times; all else is itself."""
    out, last = [], ""

    def one(item):
        if item == "#":
            return rng.choice(D)
        if item == "@":
            return rng.choice(U)
        if item[0] == "<":
            return papers.day(rng, 1945, 1999).strftime(item[1:-1])
        if item[0] == "(":
            return rng.choice(item[1:-1].split("|"))
        if item[0] == "[":
            stock = re.sub(r"(.)-(.)", lambda m: "".join(map(chr, range(
                ord(m[1]), ord(m[2]) + 1))), item[1:-1])
            return rng.choice(stock)
        return item
    for token in re.findall(r"<[^>]*>|\([^)]*\)|\[[^]]*\]|\{\d+\}|.",
                            template):
        if token[0] == "{":
            out += [one(last) for _ in range(int(token[1:-1]) - 1)]
        else:
            out.append(one(token))
            last = token
    return "".join(out)


def tpl(template):
    return lambda rng: made(rng, template)


def paper(kind, titles, ways, template, check):
    ways = [w if w.strip(D) else "#" * int(w)
            for w in ways.split("|")]
    return Paper(kind, titles.split("|"), ways, tpl(template), check)


CENSUS = [
    paper("ar_cbu", "CBU|Clave bancaria uniforme|CBU de la cuenta",
          "22|######## ##############", "(007|011|285|072)#{17}", cbu),
    paper("at_tin", "Abgabenkontonummer|Steuernummer|St.Nr.|tax number",
          "9|##-###/####", "(03|12|59|98)#{6}", luhn),
    paper("at_vat", "UID-Nummer|UID|ATU-Nr.|VAT ID|Umsatzsteuer-ID",
          "11|### ########", "ATU#{7}", austrian),
    paper("au_acn", "ACN|A.C.N.|Australian Company Number",
          "9|### ### ###", "[06]#{7}", down(range(8, 0, -1), 10)),
    paper("be_vat", "BTW-nummer|BTW|Ondernemingsnummer|Num\u00e9ro "
          "d'entreprise|N\u00b0 TVA|VAT BE|KBO",
          "12|## ####.###.###|##.####.###.###", "BE0[2-7]#{6}",
          behind(2, mod97)),
    paper("be_ogm_vcs", "Mededeling|Communication|OGM|structured reference",
          "+++###/####/#####+++|***###/####/#####***", "[1-9]#{9}",
          lambda b: "%02d" % (int(b) % 97 or 97)),
    paper("be_eid", "eID|Kaartnummer|Num\u00e9ro de carte d'identit\u00e9|"
          "Identiteitskaart", "###-#######-##|12", "59[0-4]#{7}",
          lambda b: "%02d" % (int(b) % 97 or 97)),
    paper("bg_pnf", "\u041b\u041d\u0427|LNCh|\u041b\u0438\u0447\u0435\u043d "
          "\u043d\u043e\u043c\u0435\u0440 \u043d\u0430 "
          "\u0447\u0443\u0436\u0434\u0435\u043d\u0435\u0446", "10", "[17]#{8}",
          up([21, 19, 17, 13, 11, 9, 7, 3, 1], 10)),
    paper("bg_vat", "\u0414\u0414\u0421 \u2116|\u0415\u0418\u041a|"
          "\u0411\u0423\u041b\u0421\u0422\u0410\u0422|VAT|EIK",
          "11|## ### ### ###", "BG[128]#{7}",
          behind(2, staged(range(1, 9), range(3, 11)))),
    paper("br_cnh", "CNH|N\u00ba CNH|Carteira de habilita\u00e7\u00e3o|"
          "Registro CNH", "11", "[0-8]#{8}", licence),
    paper("br_pis", "PIS|PIS/PASEP|NIS|PIS n\u00ba", "11|###.#####.##-#",
          "1[2-7]#{8}", down([3, 2, 9, 8, 7, 6, 5, 4, 3, 2], 11,
                             "01234567890")),
    paper("br_titulo", "T\u00edtulo de eleitor|T\u00edtulo eleitoral|"
          "titulo_eleitor", "12|#### #### ####", "#{8}(05|08|12|21)", voter),
    paper("br_processo", "Processo|Processo n\u00ba|Autos",
          "#######-##.####.#.##.####", "0#{6}20(19|21|23)8(26|19)0#{3}", court),
    paper("by_unp", "\u0423\u041d\u041f|UNP|\u0423\u041d\u041d", "9",
          "[1-7]#{7}", up([29, 23, 19, 17, 13, 7, 5, 3], 11)),
    paper("ca_bn", "Business Number|BN|GST/HST No.|CRA business number",
          "15|##### #### ## ####|#########-##-####|######### ######", "[178]#{7}"
          "(RC|RP)0001", tail(6, luhn)),
    paper("ca_gst", "GST|GST/HST|HST number|TPS|GST No.",
          "15|##### #### ## ####|######### ######", "[178]#{7}RT0001",
          tail(6, luhn)),
    paper("ca_bc_phn", "PHN|Personal Health Number|BC Services Card",
          "10|#### ### ###", "9#{8}",
          behind(1, down([2, 4, 8, 5, 10, 9, 7, 3], 11))),
    paper("ca_ohip", "OHIP|Health card number|Ontario health card|OHIP No.",
          "10|#### ### ###|####-###-###", "[1-9]#{8}", luhn),
    paper("ch_uid", "UID|IDE|Unternehmens-ID|Handelsregister-Nr.",
          "12|###-###.###.###", "CHE[1-4]#{7}",
          behind(3, down([5, 4, 3, 2, 7, 6, 5, 4], 11))),
    paper("ch_esr", "Referenz|QR-Referenz|Referenznummer|R\u00e9f\u00e9rence",
          "27|## ##### ##### ##### ##### #####", "[1-9]#{25}", chain10),
    paper("cn_uscc", "\u7edf\u4e00\u793e\u4f1a\u4fe1\u7528\u4ee3\u7801|USCC|"
          "\u4fe1\u7528\u4ee3\u7801|Unified Social Credit Code", "18",
          "91(110000|310115|440300)#{8}[0-9A-HJ]", uscc),
    paper("co_nit", "NIT|N.I.T.|NIT del proveedor|Nit No.",
          "#########-#|###.###.###-#", "[89]#{8}", colombian),
    paper("cy_vat", "\u0391\u03a6\u03a4|\u0391\u03c1. \u03a6\u03a0\u0391|TIC|"
          "VAT No|VAT number", "11|## #########", "CY[10]0#{6}",
          behind(2, cypriot)),
    paper("cz_ico", "I\u010cO|I\u010c|IC|I\u010cO:", "8", "[2-6]#{6}", ico),
    paper("cz_vat", "DI\u010c|DIC|VAT", "10", "CZ[2-6]#{6}", behind(2, ico)),
    paper("cz_bankaccount", "\u010c\u00edslo \u00fa\u010dtu|\u00fa\u010det|"
          "\u010d. \u00fa\u010dtu|Bankovn\u00ed spojen\u00ed", "##########/####",
          "[1-9]#{8}(0100|0800|2010|0300)", tail(4, lambda b: next(
              (d for d in D if total(b + d, [6, 3, 7, 9, 10, 5, 8, 4, 2, 1])
               % 11 == 0), None))),
    paper("de_kvnr", "KVNR|Versichertennummer|Krankenversichertennummer|"
          "Vers.-Nr.", "10", "[A-Z][1-9]#{7}", german_health),
    paper("de_lanr", "LANR|Arztnummer|Arzt-Nr.|Lebenslange Arztnummer", "9",
          "[1-9]#{5}(01|34|47)", tail(2, down([4, 9] * 3, 10))),
    paper("de_id_card", "Personalausweisnummer|Personalausweis|Ausweis-Nr.|"
          "Perso-Nr.|German ID card", "10",
          "[LMNPRTVWXY][CFGHJKLMNPRTVWXYZ0-9]{3}#[CFGHJKLMNPRTVWXYZ0-9]{4}",
          mrz),
    paper("de_passport", "Reisepass-Nr.|Passnummer|Reisepass|Pass-Nr.|"
          "German passport", "10",
          "[CFGHJK][CFGHJKLMNPRTVWXYZ0-9]{3}#[CFGHJKLMNPRTVWXYZ0-9]{4}", mrz),
    paper("de_leitweg", "Leitweg-ID|LeitwegID|BT-10", "########-#####-##",
          "0[4-9]011000#{5}", iso97),
    paper("dk_vat", "CVR|CVR-nr.|CVR nr|SE-nr.|Moms", "8|## ## ## ##|##-##-##-##",
          "[1-3]#{6}", down([2, 7, 6, 5, 4, 3, 2], 11)),
    paper("do_rnc", "RNC|R.N.C.|RNC emisor", "9|#-##-#####-#", "(1|4)#{7}",
          lambda b: str((10 - total(b, [7, 9, 8, 6, 5, 4, 3, 2]) % 11) % 9 +
                        1)),
    paper("ec_ruc", "RUC|R.U.C.|RUC No.", "13|#############",
          "(17|09|01)[0-5]#{6}001", tail(3, luhn)),
    paper("ee_registrikood", "Registrikood|Reg. kood|\u00c4riregistri kood|"
          "Registry code", "8", "1#{6}",
          staged(range(1, 8), range(3, 10))),
    paper("ee_vat", "KMKR|KMKR nr|K\u00e4ibemaksukohustuslase number|VAT",
          "11|## #########", "EE10#{6}",
          behind(2, down([3, 7, 1, 3, 7, 1, 3, 7], 10))),
    paper("es_cif", "CIF|C.I.F.|NIF|CIF/NIF|C.I.F. n\u00ba",
          "9|#-########|#-#######-#", "[ABHQ](28|08|46)#{5}", cif),
    paper("es_ccc", "CCC|N\u00ba de cuenta|C\u00f3digo cuenta cliente|"
          "Cuenta corriente", "20|#### #### ## ##########|####-####-##-"
          "##########", "(2100|0049|0182|2038)#{14}", ccc),
    paper("es_cups", "CUPS|C\u00f3digo CUPS|Punto de suministro",
          "20|## #### #### #### #### ##", "ES00(21|31|22)#{12}", cups),
    paper("eu_at_02", "Gl\u00e4ubiger-ID|Creditor ID|Gl\u00e4ubiger-"
          "Identifikationsnummer|Creditor identifier", "18|## ## ### ###########",
          "DEZZZ0#{10}", creditor),
    paper("eu_ehic", "EHIC|European health insurance card|Kennnummer der Karte|"
          "N\u00b0 de carte", "20", "80(276|040|246)#{14}", luhn),
    paper("fi_ytunnus", "Y-tunnus|Business ID|FO-nummer|LY-tunnus",
          "#######-#", "[0-3]#{6}", down([7, 9, 10, 5, 8, 4, 2], 11)),
    paper("fi_vat", "ALV-numero|ALV nro|ALV-tunniste|VAT FI", "10|## ########",
          "FI[0-3]#{6}", behind(2, down([7, 9, 10, 5, 8, 4, 2], 11))),
    paper("fr_nif", "Num\u00e9ro fiscal|N\u00b0 fiscal|SPI|Identifiant fiscal|"
          "Num\u00e9ro fiscal de r\u00e9f\u00e9rence",
          "13|## ## ### ### ###", "[0-3]#{9}",
          lambda b: "%03d" % (int(b) % 511)),
    paper("fr_vat", "N\u00b0 TVA|TVA intracommunautaire|TVA|N\u00b0 TVA intracom"
          "|VAT FR", "13|## ## ### ### ###|#### ### ### ###",
          "[3-8]#{7}", french_vat),
    paper("fr_rib", "RIB|Relev\u00e9 d'identit\u00e9 bancaire|Coordonn\u00e9es "
          "bancaires", "23|##### ##### ########### ##",
          "(30004|20041|30003|10278)#{16}", rib),
    paper("gh_tin", "TIN|TIN Number|GRA TIN|Ghana TIN", "11", "[PCG]00#{7}",
          ghana),
    paper("gn_nifp", "NIFp|NIF|Num\u00e9ro d'identification fiscale", "9",
          "[1-9]#{7}", luhn),
    paper("gt_nit", "NIT|N.I.T.|Nit cliente", "#######-#|########", "[1-9]#{6}",
          down(range(8, 1, -1), 11, "0123456789K")),
    paper("gt_cui", "CUI|DPI|No. de DPI|CUI/DPI", "13|#### ##### ####",
          "[1-3]#{7}(01|05|09)(01|02|04)", tail(4, up(range(2, 10), 11))),
    paper("hr_jmbag", "JMBAG|Mati\u010dni broj studenta", "10", "00(36|67|69)"
          "#{5}", luhn),
    paper("hu_vat", "K\u00f6z\u00f6ss\u00e9gi ad\u00f3sz\u00e1m|EU "
          "ad\u00f3sz\u00e1m|Ad\u00f3sz\u00e1m|VAT HU", "10|##-########",
          "HU1#{6}", behind(2, down([9, 7, 3, 1, 9, 7, 3], 10))),
    paper("hu_personal_id", "Szem\u00e9lyi sz\u00e1m|Szem\u00e9lyi "
          "azonos\u00edt\u00f3|personal id HU", "11|#-######-####",
          "[12]<%y%m%d>#{3}", up(range(1, 11), 11)),
    paper("id_npwp", "NPWP|No. NPWP|Nomor NPWP",
          "15|##.###.###.#-###.###", "0[1-9]#{6}(015|091|606)000",
          tail(6, luhn)),
    paper("ie_vat", "VAT No.|VAT number|VAT Reg No|VAT IE", "10|## ########",
          "IE[3-9]#{6}", behind(2, up(range(8, 1, -1), 23,
                                      "WABCDEFGHIJKLMNOPQRSTUV"))),
    paper("il_hp", "\u05d7.\u05e4.|\u05d7\"\u05e4|\u05d7\u05e4|Company No|H.P.",
          "9|##-#######", "51#{6}", luhn),
    paper("in_gstin", "GSTIN|GST No|GSTIN/UIN|GST number",
          "15", "(27|29|07|33)[A-Z]{3}[CPHF][A-Z]#{4}[A-Z]1Z", base36),
    paper("in_vid", "VID|Virtual ID|Aadhaar VID", "16|#### #### #### ####",
          "[2-9]#{14}", papers.verhoeff),
    paper("in_epic", "EPIC|EPIC No|Voter ID|Election card",
          "10", "(ABC|WKH|GDN|XUA)#{6}", behind(3, luhn)),
    paper("ir_nid", "\u06a9\u062f \u0645\u0644\u06cc|\u0634\u0645\u0627\u0631"
          "\u0647 \u0645\u0644\u06cc|National code|code melli|Kart-e Melli",
          "10|###-######-#", "(001|005|228|127)#{6}", iran),
    paper("jp_cn", "\u6cd5\u4eba\u756a\u53f7|Corporate Number|"
          "\u6cd5\u4eba\u756a\u53f7\uff1a", "13|#-####-####-####",
          "(01|70|12)0#{9}", company_jp),
    paper("kr_brn", "\uc0ac\uc5c5\uc790\ub4f1\ub85d\ubc88\ud638|BRN|"
          "\uc0ac\uc5c5\uc790\ubc88\ud638|Business registration number",
          "###-##-#####|10", "[1-6]##(81|86|05)#{4}", business_kr),
    paper("kw_civil_id", "Civil ID|Civil ID No|\u0627\u0644\u0631\u0642\u0645 "
          "\u0627\u0644\u0645\u062f\u0646\u064a", "12", "2<%y%m%d>#{4}",
          down([2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], 11)),
    paper("lt_vat", "PVM kodas|PVM mok\u0117tojo kodas|PVM|VAT LT", "11",
          "LT[1-9]#{6}1", behind(2, staged(range(1, 9),
                                           [3, 4, 5, 6, 7, 8, 9, 1]))),
    paper("lu_vat", "TVA|N\u00b0 TVA|No. TVA|VAT LU", "10|## ### ### ##",
          "LU[12]#{5}", behind(2, lambda b: "%02d" % (int(b) % 89))),
    paper("lu_nin", "Matricule|N\u00b0 matricule|Num\u00e9ro d'identification "
          "nationale|CNS", "13|#### ## ## ### ##", "<%Y%m%d>#{3}", luxembourg),
    paper("lv_pk", "Personas kods|p.k.|personas kods:|Latvian personal code",
          "######-#####|11", "<%d%m%y>1#{3}", latvian),
    paper("lv_vat", "PVN|PVN re\u0123. nr.|PVN maks\u0101t\u0101ja nr.|VAT LV",
          "13|## ###########", "LV[4-9]#{9}", behind(2, latvian_vat)),
    paper("ma_ice", "ICE|I.C.E.|ICE n\u00b0|Identifiant commun de l'entreprise",
          "15", "00[1-3]#{6}0000", lambda b: "%02d" % (-int(b) * 100 % 97)),
    paper("md_idno", "IDNO|IDNP|Cod fiscal|IDNO/Cod fiscal", "13",
          "10(02|03|18)6#{7}", up([7, 3, 1] * 4, 10)),
    paper("me_pib", "PIB|Pib|Poreski identifikacioni broj", "8", "0[23]#{5}",
          lambda b: str((11 - total(b, range(8, 1, -1)) % 11) % 11 % 10)),
    paper("mk_edb", "\u0415\u0414\u0411|EDB|\u0414\u0430\u043d\u043e\u0447\u0435"
          "\u043d \u0431\u0440\u043e\u0458", "13", "40[0-9]{2}00[0-9]{6}",
          macedonian),
    paper("mt_vat", "VAT No|VAT Reg. No.|VAT number|VAT MT", "10|## ####-####",
          "MT1#{5}", behind(2, lambda b: "%02d" % (37 - total(
              b, [3, 4, 6, 7, 8, 9]) % 37))),
    paper("mx_rfc", "RFC|R.F.C.|RFC del receptor|R.F.C",
          "13|####-######-###|#### ###### ###",
          "[BCDGLM][AEIO][BCLMR][ABCDLM]<%y%m%d>[A-Z1-9]{2}", mexican_tax),
    paper("mx_nss", "NSS|N.S.S.|N\u00famero de seguridad social|IMSS",
          "11|##-##-##-####-#", "(12|43|78|90)(85|92|99)(68|75|80)#{4}", luhn),
    paper("nl_vat", "BTW-nummer|BTW-id|BTW nr.|VAT NL|btw",
          "14|## #### ## ### ###", "NL[0-2]#{7}B(01|02)",
          lambda b: (lambda c: b[:10] + c + b[10:] if c else None)(
              up(range(9, 1, -1), 11)(b[2:10]))),
    paper("no_kontonr", "Kontonummer|Konto|Kontonr.|Bankkonto",
          "####.##.#####|11|#### ## #####", "[1-9]#{9}",
          down([5, 4, 3, 2, 7, 6, 5, 4, 3, 2], 11)),
    paper("no_orgnr", "Org.nr.|Organisasjonsnummer|Orgnr|Foretaksregisteret",
          "9|### ### ###", "[89]#{7}", down([3, 2, 7, 6, 5, 4, 3, 2], 11)),
    paper("no_vat", "MVA|MVA-nr.|Org.nr.|VAT NO", "12|### ### ### ###",
          "[89]#{7}MVA", tail(3, down([3, 2, 7, 6, 5, 4, 3, 2], 11))),
    paper("nz_nhi", "NHI|NHI number|NHI No.|National Health Index", "7",
          "[A-HJ-NP-Z]{3}#{3}", nhi),
    paper("pe_cui", "DNI|D.N.I.|CUI|DNI N\u00b0", "########-#", "[0147]#{7}",
          lambda b: "65432110987"[total(b, [3, 2, 7, 6, 5, 4, 3, 2]) % 11]),
    paper("pl_id_card", "Dow\u00f3d osobisty|Nr dowodu|Seria i nr dowodu|"
          "Numer dowodu osobistego", "9|### ######", "[A-D][A-Z][A-Z]#{5}",
          inside(3, lambda b: str(total(b, [7, 3, 1, 7, 3, 1, 7, 3]) % 10))),
    paper("pt_cc", "Cart\u00e3o de Cidad\u00e3o|CC n\u00ba|N.\u00ba do "
          "cart\u00e3o de cidad\u00e3o", "12|######## # ###", "1#{8}Z[XYZ]",
          portuguese_card),
    paper("pt_niss", "NISS|Seguran\u00e7a Social|N\u00ba Seg. Social", "11",
          "1[12]#{8}", lambda b: str(9 - total(
              b, [29, 23, 19, 17, 13, 11, 7, 5, 3, 2]) % 10)),
    paper("pt_nib", "NIB|N\u00ba de conta|N.I.B.",
          "21|#### #### ########### ##", "(0035|0033|0010|0007)#{15}", iso97),
    paper("py_ruc", "RUC|R.U.C.|RUC N\u00b0", "########-#", "80#{6}", reverse11),
    paper("ro_cui", "CUI|CIF|C.U.I.|Cod fiscal|Cod unic",
          "8|########", "[1-4]#{6}", lambda b: str(
              total(b, [5, 3, 2, 1, 7, 5, 3, 2][-len(b):]) * 10 % 11 % 10)),
    paper("rs_pib", "PIB|\u041f\u0418\u0411|PIB:|Poreski broj", "9", "10#{6}",
          iso11_10),
    paper("ru_ogrn", "\u041e\u0413\u0420\u041d|OGRN", "13",
          "10[2-9](77|78|50)#{7}", lambda b: str(int(b) % 11 % 10)),
    paper("sa_id", "National ID|\u0631\u0642\u0645 \u0627\u0644\u0647\u0648\u064a"
          "\u0629|Iqama|Iqama No|\u0631\u0642\u0645 \u0627\u0644\u0625\u0642\u0627"
          "\u0645\u0629", "10", "[12]#{8}", luhn),
    paper("se_orgnr", "Org.nr|Organisationsnummer|Orgnr|Org nr",
          "######-####|10", "55(6|9)#{6}", luhn),
    paper("se_vat", "Momsregnr|VAT-nummer|Momsregistreringsnummer|VAT SE",
          "14|## ######-####", "SE55(6|9)#{6}01",
          lambda b: b[:-2] + luhn(b[2:-2]) + b[-2:]),
    paper("sg_uen", "UEN|UEN No.|ROC|Business registration", "10",
          "20(05|12|19)#{5}", lambda b: "ZKCMDNERGWH"[total(
              b, [10, 8, 6, 4, 9, 7, 5, 3, 1]) % 11]),
    paper("si_vat", "Dav\u010dna \u0161tevilka|ID za DDV|DDV|VAT SI",
          "10|## ########", "SI[1-9]#{6}", behind(2, lambda b: (
              lambda r: None if r == 11 else str(r % 10))(
                  11 - total(b, range(8, 1, -1)) % 11))),
    paper("sk_vat", "I\u010c DPH|IC DPH|DI\u010c|VAT SK", "12|## ##########",
          "SK20[234789]#{6}", behind(2, lambda b: next(
              (d for d in D if int(b + d) % 11 == 0), None))),
    paper("sv_dui", "DUI|N\u00b0 DUI|Documento \u00danico de Identidad",
          "########-#", "0#{7}", down(range(9, 1, -1), 10)),
    paper("tr_vkn", "Vergi No|VKN|Vergi Kimlik No|Vergi numaras\u0131", "10",
          "[1-9]#{8}", turkish_tax),
    paper("tw_ubn", "\u7d71\u4e00\u7de8\u865f|\u7d71\u7de8|UBN|GUI number", "8",
          "[1-9]#{6}", taiwan_firm),
    paper("ua_edrpou", "\u0404\u0414\u0420\u041f\u041e\u0423|EDRPOU|"
          "\u043a\u043e\u0434 \u0404\u0414\u0420\u041f\u041e\u0423", "8",
          "(0|1|2|3|4)#{6}", ukraine_firm),
    paper("uk_vat", "VAT No|VAT Reg No|VAT Registration Number|VAT number|"
          "VAT GB", "11|## ### #### ##", "GB[1-9]#{6}",
          behind(2, lambda b: "%02d" % (97 - total(
              b, range(8, 1, -1)) % 97))),
    paper("uk_chi", "CHI|CHI number|CHI No", "10|### ### ####", "<%d%m%y>#{3}",
          down(range(10, 1, -1), 11)),
    paper("uk_sedol", "SEDOL|SEDOL code", "7", "B[0-9BCDFGHJKLMNPQRSTVWXYZ]{3}"
          "##", sedol),
    paper("us_dea", "DEA|DEA Number|DEA #|DEA Reg No", "9", "[ABFM][A-Z]#{6}",
          dea),
    paper("uy_rut", "RUT|R.U.T.|RUT empresa", "12|##-######-###-#", "21[1-9]#{5}"
          "001", down([4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2], 11)),
    paper("uz_pinfl", "PINFL|JSHSHIR|\u041f\u0418\u041d\u0424\u041b|"
          "\u0416\u0428\u0428\u0418\u0420", "14", "[34]<%d%m%y>#{6}",
          up([7, 3, 1] * 5, 10)),
    paper("ve_rif", "RIF|R.I.F.|RIF:", "10|#-########-#", "[VJG](0|1|2|3)#{7}",
          venezuela),
    paper("vn_mst", "MST|M\u00e3 s\u1ed1 thu\u1ebf|Ma so thue|Tax code", "10",
          "0[1-3]#{7}", lambda b: (lambda r: str(r) if r < 10 else None)(
              10 - total(b, [31, 29, 23, 19, 17, 13, 7, 5, 3]) % 11)),
    paper("za_tin", "Income tax number|Tax reference number|Tax ref no|"
          "SARS reference", "10", "[0-39]#{8}", luhn),
    paper("imo", "IMO|IMO No|IMO number|Ship IMO", "7", "9#{5}",
          up([7, 6, 5, 4, 3, 2], 10)),
    paper("iso6346", "Container No|Container|Container number|CNTR",
          "11|#### ###### #", "(MSK|CSQ|TCL|HLX)U#{6}", freight),
    paper("iccid", "ICCID|SIM card|SIM no|SIM-Karte", "19|#### #### #### #### ###",
          "89(49|44|33|1)(02|10)#{12}", luhn),
    paper("cusip", "CUSIP|CUSIP No|CUSIP number", "9", "#{6}[A-Z1-9]#", cusip),
    paper("figi", "FIGI|OpenFIGI|figi_code", "12",
          "BBG00#[BCDFGHJKLMNPQRSTVWXYZ0-9]{5}",
          lambda b: cusip(b)),
    paper("iso11649", "Reference|Creditor reference|RF|Viite|Referenz",
          "25|#### #### #### #### #### #### #", "#{21}", rf),
]



def german_tax(rng):
    """Ten digits in which one comes twice and one is missing."""
    stock = rng.sample(D, 9)
    stock.append(rng.choice(stock))
    rng.shuffle(stock)
    return german_tax(rng) if stock[0] == "0" else "".join(stock)


CENSUS.append(Paper(
    "de_idnr", ["Steuer-ID", "IdNr.", "Steueridentifikationsnummer", "IdNr",
                "Steuerliche Identifikationsnummer", "German tax ID"],
    ["#" * 11, "## ### ### ###"], german_tax, iso11_10))


def wrong(rng, paper, v):
    """One digit is another, and no body has this check."""
    def right(bad):
        n = len(paper.body(rng))
        for at in range(n + 1):
            b = bad[:at] + bad[at + len(bad) - n:]
            try:
                if papers.whole(paper, b) == bad:
                    return True
            except (ValueError, KeyError, IndexError):
                pass
        return False
    for _ in range(50):
        at = rng.choice([i for i, c in enumerate(v) if c in D])
        bad = v[:at] + rng.choice(D.replace(v[at], "")) + v[at + 1:]
        if not right(bad):
            return bad
    return None
