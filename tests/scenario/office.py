"""Sources of office documents with a planted card, for 16_formats_office.sh:
flat OpenDocument, which LibreOffice turns into every other kind, documents by
python-docx and openpyxl, and what none of them writes, as zips of XML."""
import base64
import os
import sys
import zipfile

# where Debian puts modules, whatever python this is
sys.path.append("/usr/lib/python3/dist-packages")

OUT, CARD = sys.argv[1:3]
DIGITS = CARD.replace(" ", "")
NS = " ".join(
    f'xmlns:{p}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"'
    for p, n in [("office", "office"), ("style", "style"), ("text", "text"),
                 ("table", "table"), ("draw", "drawing"), ("meta", "meta"),
                 ("presentation", "presentation"), ("number", "datastyle"),
                 ("fo", "xsl-fo-compatible"), ("svg", "svg-compatible")]) + \
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"' \
    ' xmlns:xlink="http://www.w3.org/1999/xlink"' \
    ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
META = f"""<office:meta><dc:title>title {CARD}</dc:title>
<meta:user-defined meta:name="Number">{DIGITS}</meta:user-defined></office:meta>"""
NOTE = f"""<office:annotation><dc:creator>Ann</dc:creator><dc:date>2026-01-02T03:04:05</dc:date>
<text:p>comment {CARD}</text:p></office:annotation>"""
CHANGE = """<office:change-info><dc:creator>Ann</dc:creator><dc:date>2026-01-02T03:04:05</dc:date></office:change-info>"""


def put(name, text):
    with open(os.path.join(OUT, name), "w") as f:
        f.write(text)


def flat(kind, body, styles=""):
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document {NS} office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.{kind}">
{META}{styles}<office:body>{body}</office:body></office:document>"""


put("text.fodt", flat("text", f"""<office:text>
<text:tracked-changes>
<text:changed-region text:id="c1"><text:deletion>{CHANGE}<text:p>9</text:p></text:deletion></text:changed-region>
<text:changed-region text:id="c2"><text:insertion>{CHANGE}</text:insertion></text:changed-region>
<text:changed-region text:id="c3"><text:deletion>{CHANGE}<text:p>gone {CARD}</text:p></text:deletion></text:changed-region>
</text:tracked-changes>
<text:p>first</text:p>
<text:p>runs 4111<text:s/>1<text:span text:style-name="B">111 11</text:span>11 1111</text:p>
<text:p>hidden <text:span text:style-name="H">{CARD}</text:span></text:p>
<text:p>noted{NOTE} here</text:p>
<text:p>foot<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>note {CARD}</text:p></text:note-body></text:note></text:p>
<text:p>changed 4111 1111 1111 111<text:change text:change-id="c1"/><text:change-start text:change-id="c2"/>1<text:change-end text:change-id="c2"/></text:p>
<text:p>cut<text:change text:change-id="c3"/> short</text:p>
<table:table table:name="T"><table:table-column table:number-columns-repeated="2"/>
<table:table-row><table:table-cell office:value-type="string"><text:p>name</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>card</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell office:value-type="string"><text:p>A</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>{DIGITS}</text:p></table:table-cell></table:table-row></table:table>
<text:p>last</text:p></office:text>""", f"""
<office:automatic-styles>
<style:style style:name="B" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="H" style:family="text"><style:text-properties text:display="none"/></style:style>
<style:page-layout style:name="L"><style:page-layout-properties/><style:header-style/><style:footer-style/></style:page-layout>
</office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="L">
<style:header><text:p>head {CARD}</text:p></style:header><style:footer><text:p>foot {CARD}</text:p></style:footer>
</style:master-page></office:master-styles>"""))

put("sheet.fods", flat("spreadsheet", f"""<office:spreadsheet>
<table:table table:name="People">
<table:table-row><table:table-cell office:value-type="string"><text:p>name</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>card</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell office:value-type="string"><text:p>A</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="{DIGITS}"><text:p>4.11E+15</text:p></table:table-cell></table:table-row>
<table:table-row table:visibility="collapse"><table:table-cell table:number-columns-repeated="2"/><table:table-cell office:value-type="string"><text:p>hidden {CARD}</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="10"><table:table-cell/></table:table-row>
<table:table-row><table:table-cell office:value-type="string">{NOTE}<text:p>see</text:p></table:table-cell>
<table:table-cell table:number-columns-repeated="26"/><table:table-cell office:value-type="string"><text:p>{CARD}</text:p></table:table-cell></table:table-row>
</table:table>
<table:table table:name="Dark side" table:style-name="X"><table:table-row><table:table-cell office:value-type="string"><text:p>{CARD}</text:p></table:table-cell></table:table-row></table:table>
</office:spreadsheet>""", f"""<office:automatic-styles>
<style:style style:name="X" style:family="table"><style:table-properties table:display="false"/></style:style></office:automatic-styles>"""))


def slide(name, text, notes):
    return f"""<draw:page draw:name="{name}" draw:master-page-name="M">
<draw:frame svg:width="10cm" svg:height="2cm" svg:x="1cm" svg:y="1cm"><draw:text-box><text:p>{text}</text:p></draw:text-box></draw:frame>
<presentation:notes><draw:frame presentation:class="notes" svg:width="10cm" svg:height="2cm" svg:x="1cm" svg:y="9cm"><draw:text-box><text:p>{notes}</text:p></draw:text-box></draw:frame></presentation:notes>
</draw:page>"""


put("show.fodp", flat("presentation", f"""<office:presentation>
{slide("one", "plain", "plain")}
{slide("two", "4111 1<text:span>111 1111</text:span> 1111", "plain")}
{slide("three", "plain", "notes " + CARD)}
</office:presentation>""", """<office:automatic-styles><style:page-layout style:name="L"><style:page-layout-properties/></style:page-layout></office:automatic-styles>
<office:master-styles><style:master-page style:name="M" style:page-layout-name="L"/></office:master-styles>"""))


def by_python_docx():
    import docx
    d = docx.Document()
    p = d.add_paragraph()
    for run in ("runs 4111 1", "111 11", "11 1111 end"):
        p.add_run(run)
    t = d.add_table(2, 2)
    for i, text in enumerate(("name", "card", "A", DIGITS)):
        t.cell(i // 2, i % 2).text = text
    d.sections[0].header.paragraphs[0].text = "head " + CARD
    d.sections[0].footer.paragraphs[0].text = "foot " + CARD
    d.core_properties.comments = CARD
    d.save(os.path.join(OUT, "python.docx"))


def by_openpyxl():
    import openpyxl
    from openpyxl.comments import Comment
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "People"
    ws.append(["name", "card"])
    ws.append(["A", int(DIGITS)])
    ws["C14"] = CARD
    ws["D3"] = f'=CONCATENATE("{CARD}","")'
    ws["A4"].comment = Comment("comment " + CARD, "me")
    dark = wb.create_sheet("Dark side")
    dark.sheet_state = "veryHidden"
    dark["AB7"] = CARD
    dark.row_dimensions[7].hidden = True
    ws.oddHeader.center.text = "x " + CARD
    wb.properties.keywords = CARD
    wb.save(os.path.join(OUT, "python.xlsx"))


def pack(name, members, cut=0):
    path = os.path.join(OUT, name)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        for member, text in members:
            z.writestr(member, text)
    if cut:
        with open(path, "r+b") as f:
            f.truncate(os.path.getsize(path) - cut)


def repack(source, name, change, cut=0):
    """A document of others with some members changed or added."""
    members = []
    with zipfile.ZipFile(os.path.join(OUT, source)) as z:
        for i in z.infolist():
            members.append((i.filename, change(i.filename, z.read(i))))
    pack(name, [m for m in members if m[1] is not None], cut)


def by_hand():
    types = ("[Content_Types].xml", "<Types/>")
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    pack("changes.docx", [types, ("word/document.xml", f"""<w:document {w}><w:body>
<w:p><w:r><w:t>was </w:t></w:r><w:r><w:t>4111 1111 1111 111</w:t></w:r><w:del w:id="1"><w:r><w:delText>2</w:delText></w:r></w:del><w:ins w:id="2"><w:r><w:t>1</w:t></w:r></w:ins></w:p>
<w:p><w:del w:id="3"><w:r><w:delText>{CARD}</w:delText></w:r></w:del></w:p>
<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>{CARD}</w:t></w:r></w:p>
<w:p><w:r><w:instrText>HYPERLINK "{CARD}"</w:instrText></w:r></w:p>
<w:p><wp:docPr descr="picture of {CARD}"/><w:r><w:t>x</w:t></w:r></w:p>
</w:body></w:document>""".replace("wp:docPr", "w:docPr"))])
    x = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    r = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    pack("numbers.xlsx", [
        types,
        ("xl/workbook.xml", f'<workbook {x} {r}><sheets><sheet name="Q3" sheetId="1" r:id="rId9"/></sheets></workbook>'),
        ("xl/_rels/workbook.xml.rels", '<Relationships><Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/other.xml"/></Relationships>'),
        ("xl/sharedStrings.xml", f'<sst {x}><si><r><t>4111 1111</t></r><r><t xml:space="preserve"> 1111 1111</t></r></si><si><t>deleted {CARD}</t></si></sst>'),
        ("xl/worksheets/other.xml", f"""<worksheet {x}><sheetData>
<row r="2"><c r="B2"><v>4.111111111111111E+15</v></c><c r="C2" t="s"><v>0</v></c></row>
<row r="3"><c r="A3" t="inlineStr"><is><r><t>41111111</t></r><r><t>11111111</t></r></is></c></row>
</sheetData></worksheet>""")])
    repack("python.xlsx", "broken.xlsx", lambda n, s: s, cut=40)
    repack("python.docx", "cut.docx", lambda n, s:
           s[:s.rindex(b"11 1111 end") + 11]
           if n == "word/document.xml" else s)
    repack("python.docx", "bomb.docx", lambda n, s:
           b'<!DOCTYPE a [<!ENTITY a "' + b"x" * 100 + b'">' + b"".join(
               b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10)
               for i in range(9)) + b"]><a>&j;</a>"
           if n == "word/document.xml" else s)
    m = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    pack("locked.odt", [
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("content.xml", os.urandom(300)),
        ("META-INF/manifest.xml", f"""<manifest:manifest {m}>
<manifest:file-entry manifest:full-path="content.xml" manifest:size="900"><manifest:encryption-data/></manifest:file-entry>
</manifest:manifest>""")])
    inner = open(os.path.join(OUT, "python.xlsx"), "rb").read()
    pack("object.pptx", [types, ("ppt/presentation.xml", "<p/>"),
                         ("ppt/embeddings/book.xlsx", inner)])


def rtf():
    hexed = lambda b: b.hex()
    u32 = lambda n: n.to_bytes(4, "little")
    data = f"card: {CARD}\n".encode()
    package = b"\2\0a.txt\0C:\\a.txt\0\0\0\3\0" + u32(4) + b"tmp\0" + \
        u32(len(data)) + data
    ole = u32(0x501) + u32(2) + u32(8) + b"Package\0" + u32(0) + u32(0) + \
        u32(len(package)) + package
    put("hand.rtf", r"""{\rtf1\ansi\ansicpg1251\deff0{\fonttbl{\f0\fcharset204 Arial;}}
first\par
4111 {\b 1111} 11{\i 11} 1111\par
{\v %s}\par
{\*\hidden %s}x\par
\'34111 1111\u160?1111 \u49?111\par
{\object\objemb{\*\objdata %s}{\result r}}\par
{\header %s\par}last\par}""" % (CARD, CARD, hexed(ole), CARD))


by_python_docx()
by_openpyxl()
by_hand()
rtf()
