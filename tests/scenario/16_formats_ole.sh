#!/bin/bash
# Office documents from before 2007, made by LibreOffice and xlwt: the card is
# found with its place.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/formats.sh"
formats_begin
need soffice ssconvert /usr/bin/python3

convert() { # TO FILTER FILE
	HOME=$W timeout 120 soffice --headless --convert-to "$1:$2" \
	    --outdir "$S" "$3" >/dev/null 2>&1
}
ns='xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
xmlns:presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0"
xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2"
xmlns:dc="http://purl.org/dc/elements/1.1/"
xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"
office:version="1.2"'
type=application/vnd.oasis.opendocument
document() { # KIND BODY
	printf '<?xml version="1.0" encoding="UTF-8"?><office:document %s
office:mimetype="%s.%s">%s</office:document>' "$ns" "$type" "$1" "$2"
}
# What every document says of itself, and a property with a name of one's own.
meta="<office:meta><dc:title>card $CARD</dc:title><meta:user-defined
meta:name=\"Карта\" meta:value-type=\"string\">card $CARD</meta:user-defined>
</office:meta>"
frame='<draw:frame svg:x="1cm" svg:y="1cm" svg:width="9cm" svg:height="3cm"'

document text "$meta<office:automatic-styles><style:style style:name=\"H\"
style:family=\"text\"><style:text-properties text:display=\"none\"/>
</style:style><style:page-layout style:name=\"p\"/></office:automatic-styles>
<office:master-styles><style:master-page style:name=\"Standard\"
style:page-layout-name=\"p\"><style:header><text:p>card $CARD</text:p>
</style:header></style:master-page></office:master-styles>
<office:body><office:text><text:p>Main<text:note text:note-class=\"footnote\">
<text:note-citation>1</text:note-citation><text:note-body><text:p>card $CARD
</text:p></text:note-body></text:note></text:p><text:p>x<office:annotation>
<text:p>card $CARD</text:p></office:annotation></text:p><text:p>Привет
<text:span text:style-name=\"H\">card $CARD</text:span></text:p></office:text>
</office:body>" >"$W/words.fodt"
convert doc 'MS Word 97' "$W/words.fodt"
for place in 'paragraph 3' footnote header comment properties; do
	want words.doc "$place"
done

document presentation "$meta<office:body><office:presentation>
<draw:page draw:name=\"a\">$frame><draw:text-box><text:p>one</text:p>
</draw:text-box></draw:frame></draw:page><draw:page draw:name=\"b\">$frame>
<draw:text-box><text:p>card $CARD</text:p></draw:text-box></draw:frame>
<presentation:notes>$frame presentation:class=\"notes\"><draw:text-box><text:p>
card $CARD Привет</text:p></draw:text-box></draw:frame></presentation:notes>
</draw:page></office:presentation></office:body>" >"$W/slides.fodp"
convert ppt 'MS PowerPoint 97' "$W/slides.fodp"
want slides.ppt 'slide 2'
want slides.ppt 'slide 2 notes'
want slides.ppt properties

document spreadsheet "$meta<office:body><office:spreadsheet>
<table:table table:name=\"Данные\"><table:table-row><table:table-cell
office:value-type=\"string\"><office:annotation><text:p>card $CARD</text:p>
</office:annotation><text:p>a</text:p></table:table-cell></table:table-row>
</table:table></office:spreadsheet></office:body>" >"$W/cells.fods"
convert xls 'MS Excel 97' "$W/cells.fods"
want cells.xls 'Данные!A1 comment'
want cells.xls properties

/usr/bin/python3 - "$S/book.xls" "$CARD" <<'P'
import sys, xlwt
book = xlwt.Workbook()
a = book.add_sheet("First")
a.write(0, 0, "name")
a.write(0, 1, "card")
a.write(1, 1, 4111111111111111)
b = book.add_sheet("Sheet2")
b.visibility = 1
b.write(13, 2, "card " + sys.argv[2])
c = book.add_sheet("Long")
for i in range(3000):
    c.write(i, 0, "string %d \u0436 %s" % (i, "x" * (i % 97)))
c.write(3000, 3, "card  " + sys.argv[2])
book.save(sys.argv[1])
P
want book.xls 'Sheet2!C14'
want book.xls 'Long!D3001'
want book.xls 'First!B2'

# Excel 5 and 95 is what Gnumeric still writes; nobody writes Word 6 any more.
/usr/bin/python3 - "$W/old.xlsx" "$CARD" <<'P'
import sys, openpyxl
from openpyxl.comments import Comment
book = openpyxl.Workbook()
a = book.active
a.title = "First"
a["A1"], a["B1"], a["B2"] = "name", "card", 4111111111111111
a["B3"] = "Grüße card " + sys.argv[2]
a["B5"].comment = Comment("card " + sys.argv[2], "x")
b = book.create_sheet("Sheet2")
b.sheet_state = "hidden"
b["C14"] = "card " + sys.argv[2]
b.oddHeader.center.text = "card " + sys.argv[2]
c = book.create_sheet("Long")
for i in range(1, 500):
    c.cell(i, 1, "string %d %s" % (i, "x" * (i % 97)))
c.cell(500, 4, "card " + sys.argv[2])
book.properties.title = "card " + sys.argv[2]
book.save(sys.argv[1])
P
HOME=$W ssconvert -T Gnumeric_Excel:excel_biff7 "$W/old.xlsx" "$S/excel5.xls" \
	2>/dev/null
for place in First!B2 First!B3 'First!B5 comment' Sheet2!C14 'Sheet2 header' \
    Long!D500 properties; do
	want excel5.xls "$place"
done
want excel5.xls Book # the comment once more, in records of its drawing

check "cards in old documents are found with their places" found_all
for f in words.doc slides.ppt cells.xls book.xls excel5.xls; do
	check "$f is fully read" full "$f"
done

# Cut and mutated, every one still ends, and what is before the damage is read.
/usr/bin/python3 - "$S" <<'P'
import glob, random, sys
random.seed(1)
for path in sorted(glob.glob(sys.argv[1] + "/*.*")):
    data = open(path, "rb").read()
    for i in range(12):
        d = bytearray(data)
        for _ in range(20):
            d[random.randrange(len(d))] = random.randrange(256)
        if i % 3 == 0:
            d = d[:random.randrange(600, len(d))]
        with open("%s.%d" % (path, i), "wb") as f:
            f.write(d)
P
trawl scan --types card_visa --coverage "$W/ledger" "$S" >/dev/null 2>&1
check "every damaged document ends as one of the ledger" adds_up
no_crash() { ! jq_any 'any(.notes[]?; .reason == "crashed")' "$W/ledger"; }
check "none of them crashes a reader" no_crash
scenario_end
