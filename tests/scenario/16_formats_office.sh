#!/bin/bash
# Office documents as LibreOffice, python-docx and openpyxl write them, and what
# none of them writes, by hand: the card is found wherever people leave it, with
# its place, hidden, deleted, in notes, comments, properties and objects; and
# before the damage in what is damaged.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/formats.sh"
formats_begin
need soffice python3

check "sources are made" python3 "$TOP/tests/scenario/office.py" "$S" "$CARD"

convert() { # KIND SOURCE...
	local kind=$1
	shift
	timeout 120 soffice --headless "-env:UserInstallation=file://$W/lo" \
	    --convert-to "$kind" --outdir "$S" "$@" >>"$W/soffice.log" 2>&1
}
each_kind() {
	local k
	for k in odt docx rtf; do
		convert "$k" "$S/text.fodt" && [ -s "$S/text.$k" ] || return 1
	done
	for k in ods xlsx; do
		convert "$k" "$S/sheet.fods" && [ -s "$S/sheet.$k" ] || return 1
	done
	for k in odp pptx; do
		convert "$k" "$S/show.fodp" && [ -s "$S/show.$k" ] || return 1
	done
}
check "LibreOffice writes all kinds" each_kind

wants() { # PLACE FILE...
	local place=$1 f
	shift
	for f; do want "$f" "$place"; done
}

wants properties text.{fodt,odt,docx,rtf} sheet.{fods,ods,xlsx} \
    show.{fodp,odp,pptx} {python,cut,bomb}.docx {python,broken}.xlsx
# text: runs, hidden, changed, deleted, a table, notes, comments
wants 'paragraph 2' text.{fodt,odt,docx,rtf} hand.rtf
wants 'paragraph 3' text.{fodt,odt,docx,rtf} hand.rtf
wants 'paragraph 6' text.{fodt,odt,docx,rtf}
wants 'paragraph 7 before changes' text.{docx,rtf}
wants 'deleted text 2' text.{fodt,odt}
wants 'table 1 row 2' text.{fodt,odt,docx} python.docx
wants 'paragraph 9' text.rtf
wants 'comment 1' text.{fodt,odt,docx,rtf}
wants 'note 1' text.{fodt,odt,rtf}
wants 'footnote 1' text.docx
wants 'header 1' text.{fodt,odt,rtf} hand.rtf
wants 'footer 1' text.{fodt,odt,rtf}
wants 'header 2' text.rtf
wants 'footer 2' text.rtf
wants header {text,python,cut,bomb}.docx
wants footer {text,python,cut,bomb}.docx
wants 'paragraph 1' {python,cut,changes}.docx
wants 'paragraph 2 before changes' changes.docx
wants 'paragraph 3' changes.docx
wants 'paragraph 4' changes.docx hand.rtf
wants 'paragraph 5' changes.docx hand.rtf
wants 'object 1 → a.txt' hand.rtf
# sheets: numbers as numbers (LibreOffice writes 15 digits of them into xlsx),
# hidden rows and sheets, comments, formulas, strings that no cell has
wants 'People!B2' sheet.{fods,ods} {python,broken}.xlsx
wants 'People!C3' sheet.{fods,ods,xlsx}
wants 'People!AB14' sheet.{fods,ods,xlsx}
wants 'People!A14 comment' sheet.{fods,ods,xlsx}
wants 'Dark side!A1' sheet.{fods,ods,xlsx}
for at in 'People!C14' 'People!D3 formula' 'People!A4 comment' \
    'People header' 'Dark side!AB7'; do
	wants "$at" {python,broken}.xlsx
	want object.pptx "ppt/embeddings/book.xlsx → $at"
done
want object.pptx 'ppt/embeddings/book.xlsx → People!B2'
want object.pptx 'ppt/embeddings/book.xlsx → properties'
wants 'Q3!B2' numbers.xlsx
wants 'Q3!C2' numbers.xlsx
wants 'Q3!A3' numbers.xlsx
wants 'shared string 2' numbers.xlsx
# slides
wants 'slide 2' show.{fodp,odp,pptx}
wants 'slide 3 notes' show.{fodp,odp,pptx}

check "the card is found in every place" found_all
check "every object is in the ledger" adds_up
check "a broken list of members is told" noted broken.xlsx "" truncated
check "XML that is cut is told" noted cut.docx "" truncated
check "entities are not followed, and told" noted bomb.docx "" unsupported
check "what is encrypted is told" noted locked.odt content.xml encrypted
for f in text.docx sheet.xlsx show.pptx text.odt sheet.ods show.odp text.rtf \
    text.fodt numbers.xlsx hand.rtf; do
	check "$f is fully read" full "$f"
done

scenario_end
