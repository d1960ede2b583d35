#!/usr/bin/env python3
"""One file of each kind with one card in it.  nested_inner.py OUT WORK

Makes them in OUT, by the programs that people use where Debian has one, and
prints for each "NAME TAB PLACE TAB PLACE": where in it the card is to be found,
and where when whatever it lies in gives it no name."""
import email.message
import json
import mailbox
import os
import shutil
import sqlite3
import struct
import subprocess
import sys
import wave

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "data"))
import access  # noqa: E402
import pst  # noqa: E402

OUT, WORK = (os.path.abspath(a) for a in sys.argv[1:3])
CARD = "4111 1111 1111 1111"
HERE_IT_IS = "card " + CARD
places, nameless = {}, {}


def put(name, data, place=""):
    with open(os.path.join(OUT, name), "wb") as f:
        f.write(data)
    places[name] = place


def made(name, place="", unnamed=None):
    """It is there already."""
    assert os.path.getsize(os.path.join(OUT, name)) > 0, name
    places[name] = place
    if unnamed is not None:
        nameless[name] = unnamed


def run(*command, cwd=OUT, **more):
    subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, **more)


def at(name):
    return os.path.join(OUT, name)


# ---- text, in every encoding

def paragraphs():
    with open(os.path.join(HERE, "..", "data", "paragraphs.tsv"), encoding="utf-8") as f:
        for line in f:
            if not line.startswith("#"):
                yield line.rstrip("\n").split("\t")


def texts():
    plain = "name: A\ncard: %s\nnothing else\n" % CARD
    for name, codec in (("utf8", "utf-8"), ("mark", "utf-8-sig"),
                        ("utf16", "utf-16"), ("wide-le", "utf-16-le"),
                        ("wide-be", "utf-16-be"), ("utf32", "utf-32"),
                        ("utf32-be", "utf-32-be"), ("ebcdic", "cp037")):
        put("text-%s.txt" % name, plain.encode(codec))
    for language, charsets, text in paragraphs():
        for charset in charsets.split():
            body = "%s\n%s %s\n%s\n" % (text, "card", CARD, text)
            wide = subprocess.run(["iconv", "-f", "UTF-8", "-t", charset],
                                  input=body.encode(), check=True, capture_output=True)
            put("text-%s-%s.txt" % (language, charset.lower()), wide.stdout)
    for name, zero in (("full-width", 0xff10), ("arabic", 0x660)):
        digits = "".join(chr(zero + int(c)) if c != " " else c for c in CARD)
        put("digits-%s.txt" % name, ("card %s\n" % digits).encode())
    put("percent.txt", b"q=card%20" + b"%20".join(CARD.encode().split()) + b"\n")
    put("quoted.txt", b"A first line of text that is long enough to be bro=\n"
        b"ken, =C3=A4 card=20" + CARD.replace(" ", "=20").encode() + b" and=\n more\n")
    import base64
    put("base64.txt", b"value: " + base64.b64encode(
        ("the number of the card is %s, thank you" % CARD).encode()) + b"\n")


# ---- office documents

def by_libraries():
    import docx
    import openpyxl
    import xlwt
    d = docx.Document()
    d.add_paragraph("first")
    p = d.add_paragraph("card ")
    for run_of_it in (CARD[:6], CARD[6:12], CARD[12:]):
        p.add_run(run_of_it)
    d.save(at("python.docx"))
    made("python.docx", "paragraph 2")
    book = openpyxl.Workbook()
    book.active.title = "First"
    book.create_sheet("Sheet2")["C14"] = HERE_IT_IS
    book.save(at("python.xlsx"))
    made("python.xlsx", "Sheet2!C14")
    book = xlwt.Workbook()
    book.add_sheet("First").write(0, 0, "name")
    book.add_sheet("Sheet2").write(13, 2, HERE_IT_IS)
    book.save(at("book.xls"))
    made("book.xls", "Sheet2!C14")
    run("ssconvert", "-T", "Gnumeric_Excel:excel_biff7", "python.xlsx", "five.xls",
        env=dict(os.environ, HOME=WORK))
    made("five.xls", "Sheet2!C14")
    run("ssconvert", "-T", "Gnumeric_OpenCalc:odf", "python.xlsx", "sheet.ods",
        env=dict(os.environ, HOME=WORK))
    made("sheet.ods", "Sheet2!C14")


NAMES = " ".join('xmlns:%s="urn:oasis:names:tc:opendocument:xmlns:%s:1.0"' % (a, b)
                 for a, b in (("office", "office"), ("text", "text"), ("table", "table"),
                              ("draw", "drawing"), ("svg", "svg-compatible"),
                              ("presentation", "presentation")))


def flat(kind, body):
    return ('<?xml version="1.0" encoding="UTF-8"?><office:document %s '
            'office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.%s">'
            "<office:body><office:%s>%s</office:%s></office:body></office:document>"
            % (NAMES, kind, kind, body, kind)).encode()


def by_libreoffice():
    page = ('<draw:page draw:name="%s"><draw:frame svg:x="1cm" svg:y="1cm" '
            'svg:width="9cm" svg:height="3cm"><draw:text-box><text:p>%s</text:p>'
            "</draw:text-box></draw:frame></draw:page>")
    put("words.fodt", flat("text", "<text:p>first</text:p><text:p>%s</text:p>" % HERE_IT_IS),
        "paragraph 2")
    put("slides.fodp", flat("presentation", page % ("a", "one") + page % ("b", HERE_IT_IS)),
        "slide 2")
    for source, ends in (("words.fodt", ("odt", "rtf", "doc", "docx")),
                         ("slides.fodp", ("odp", "ppt", "pptx"))):
        for end in ends:
            run("soffice", "--headless", "-env:UserInstallation=file://%s/lo" % WORK,
                "--convert-to", end, "--outdir", OUT, at(source), timeout=120)
            made(source.split(".")[0] + "." + end, places[source])


# ---- documents, pictures

def documents():
    from reportlab.pdfgen import canvas
    c = canvas.Canvas(at("page.pdf"), pageCompression=1, invariant=1)
    c.drawString(100, 700, "The first page.")
    c.showPage()
    c.drawString(100, 700, HERE_IT_IS)
    c.save()
    made("page.pdf", "page 2")
    run("qpdf", "page.pdf", "--object-streams=generate", "--encrypt", "", "o", "256",
        "--", "locked.pdf")
    made("locked.pdf", "page 2")
    run("qpdf", "page.pdf", "--linearize", "linear.pdf")
    made("linear.pdf", "page 2")


def pictures():
    from PIL import Image
    red = Image.new("RGB", (8, 8), "red")
    for end, tag, place in (("jpg", "EXIF:ImageDescription", "EXIF"),
                            ("png", "EXIF:ImageDescription", "EXIF"),
                            ("tif", "EXIF:ImageDescription", "EXIF"),
                            ("gif", "Comment", "comment")):
        red.save(at("plain." + end))
        run("exiftool", "-q", "-%s=%s" % (tag, HERE_IT_IS), "plain." + end,
            "-o", "picture." + end)
        os.unlink(at("plain." + end))
        made("picture." + end, place)
    exif = Image.Exif()
    exif[0x10e] = HERE_IT_IS
    red.save(at("picture.webp"), exif=exif)
    made("picture.webp", "EXIF")
    with wave.open(at("sound.wav"), "wb") as w:
        w.setparams((1, 2, 8000, 0, "NONE", ""))
        w.writeframes(bytes(1600))
    with open(at("sound.wav"), "ab") as f:
        note = HERE_IT_IS.encode() + b"\0"
        f.write(b"LIST" + struct.pack("<I", 12 + len(note)) + b"INFOICMT" +
                struct.pack("<I", len(note)) + note)
    with open(at("sound.wav"), "r+b") as f:
        f.seek(4)
        f.write(struct.pack("<I", os.path.getsize(at("sound.wav")) - 8))
    made("sound.wav")


# ---- mail

def message(subject="s", body="see\n"):
    m = email.message.EmailMessage()
    m["From"], m["To"], m["Subject"] = "a@example.org", "b@example.org", subject
    m.set_content(body)
    return m


def tnef(files):
    """After [MS-OXTNEF]: a text, and files by their names"""
    def attribute(level, kind, data):
        return struct.pack("<BII", level, kind, len(data)) + data + \
            struct.pack("<H", sum(data) & 0xffff)
    out = struct.pack("<IH", 0x223e9f78, 1) + attribute(1, 0x00018004, b"a subject\0")
    for name, data in files:
        out += attribute(2, 0x00069002, bytes(14))
        out += attribute(2, 0x00018010, name.encode() + b"\0")
        out += attribute(2, 0x0006800f, data)
    return out


def outlook(path, files, body="see"):
    """A .msg after [MS-OXMSG], its compound file by libgsf"""
    folder = path + ".d"
    os.mkdir(folder)

    def write(name, data):
        os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
        with open(os.path.join(folder, name), "wb") as f:
            f.write(data)
    write("__properties_version1.0", bytes(32))
    write("__substg1.0_0037001F", "s".encode("utf-16-le"))
    write("__substg1.0_1000001F", body.encode("utf-16-le"))
    for i, (name, data) in enumerate(files):
        at_it = "__attach_version1.0_#%08X/" % i
        write(at_it + "__properties_version1.0", bytes(8))
        write(at_it + "__substg1.0_3707001F", name.encode("utf-16-le"))
        write(at_it + "__substg1.0_37010102", data)
    run("gsf", "createole", path, *sorted(os.listdir(folder)), cwd=folder)
    shutil.rmtree(folder)


def store(files, body="see"):
    s = pst.Store("wide", crypt=1)
    s.message(s.folder("Inbox", s.top), subject="s", body=body, files=files)
    return s.bytes()


def mails():
    put("mail.eml", message(body=HERE_IT_IS + "\n").as_bytes(), "body")
    m = message()
    m.add_alternative("<p>\u00e4 %s</p>" % HERE_IT_IS, subtype="html", cte="base64")
    put("html.eml", m.as_bytes(), "html body")
    box = mailbox.mbox(at("box.mbox"))
    for i in range(5):
        box.add(message("n %d" % i, HERE_IT_IS if i == 2 else "see"))
    box.close()
    made("box.mbox", "message 3 \u2192 body")
    put("winmail.dat", tnef([("a.txt", HERE_IT_IS.encode())]), "a.txt")
    outlook(at("mail.msg"), [], HERE_IT_IS)
    made("mail.msg", "body")
    put("store.pst", store((), HERE_IT_IS), "Inbox/1 \u2192 body")


# ---- data

def tables():
    import yaml
    rows = [{"id": i, "name": "name %d" % i, "card": HERE_IT_IS if i == 7 else "none"}
            for i in range(1, 12)]
    db = sqlite3.connect(at("shop.db"))
    db.execute("CREATE TABLE customers(id INTEGER PRIMARY KEY, name TEXT, card TEXT)")
    db.executemany("INSERT INTO customers VALUES(:id, :name, :card)", rows)
    db.commit()
    db.close()
    made("shop.db", "row 7 customers.card")
    for option, name, place in (("-csv", "shop.csv", "row 8 card"),
                                ("-tabs", "shop.tsv", "row 8 card"),
                                ("-json", "shop.json", "[6].card")):
        with open(at(name), "wb") as f:
            f.write(subprocess.run(
                ["sqlite3", option, "-header", "shop.db", "SELECT * FROM customers"],
                cwd=OUT, check=True, capture_output=True).stdout)
        made(name, place)
    put("shop.sql", subprocess.run(["sqlite3", "shop.db", ".dump"], cwd=OUT, check=True,
                                   capture_output=True).stdout, "line 10 customers")
    put("shop.ndjson", "".join(json.dumps(r) + "\n" for r in rows).encode(), "line 7 card")
    put("shop.yaml", yaml.safe_dump({"customers": rows}).encode(),
        "line 20 customers[6].card")
    put("shop.ini", ("[pay]\nname = x\n\n[cards]\ncard = %s\n" % HERE_IT_IS).encode(),
        "line 5 cards.card")
    put("shop.xml", ('<?xml version="1.0"?>\n<customers>\n<customer id="1">\n'
                     "<card>%s</card>\n</customer>\n</customers>\n" % HERE_IT_IS).encode(),
        "line 4 customers/customer/card")
    put("shop.html", ("<!DOCTYPE html>\n<html><head><title>x</title></head>\n<body>\n"
                      "<p>%s</p>\n</body></html>\n" % HERE_IT_IS).encode(),
        "line 4 html/body/p")
    put("server.log", "".join("2026-01-0%d 12:00:00 INFO pay: %s\n" % (
        i, HERE_IT_IS if i == 4 else "nothing") for i in range(1, 9)).encode(), "line 4")


def bases():
    import avro.datafile
    import avro.io
    import avro.schema
    import dbf
    t = dbf.Table(at("shop.dbf"), "name C(20); card C(30)", dbf_type="db3")
    t.open(dbf.READ_WRITE)
    for i in range(1, 12):
        t.append({"name": "n", "card": HERE_IT_IS if i == 7 else "x"})
    t.close()
    made("shop.dbf", "row 7 CARD")
    for kind in ("jet3", "jet4", "ace"):
        d = access.Database(kind)
        d.table("customers", [("id", access.LONG), ("card", access.TEXT)],
                [(i, HERE_IT_IS if i == 7 else "x") for i in range(1, 12)])
        put(kind + ".mdb", d.bytes(), "row 7 customers.card")
    schema = avro.schema.parse(json.dumps({
        "type": "record", "name": "customer",
        "fields": [{"name": "name", "type": "string"}, {"name": "card", "type": "string"}]}))
    with avro.datafile.DataFileWriter(open(at("shop.avro"), "wb"), avro.io.DatumWriter(),
                                      schema, codec="deflate") as w:
        for i in range(1, 12):
            w.append({"name": "n", "card": HERE_IT_IS if i == 7 else "x"})
    made("shop.avro", "block 1")


# ---- archives: one card in each

def packed():
    folder = os.path.join(WORK, "one")
    os.mkdir(folder)
    for name, text in (("a.txt", "name: A\ncard: %s\nthe end\n" % CARD), ("b.txt", "plain text\n")):
        with open(os.path.join(folder, name), "w", encoding="ascii") as f:
            f.write(text)
    import nested_outer
    outer = nested_outer.Outer(folder, WORK)
    for kind in nested_outer.ARCHIVES:
        name = "inner." + kind.end
        kind.make(outer, at(name), ["a.txt", "b.txt"])
        packer = nested_outer.PACKERS.get(kind.end)
        made(name, kind.place(name, "a.txt", 1),
             packer and packer + nested_outer.ARROW + "a.txt")
    for kind in nested_outer.STREAMS:
        name = "a.txt." + kind.end
        kind.make(outer, at(name), "a.txt")
        made(name, kind.place(name, "a.txt", 1), nested_outer.PACKERS.get(kind.end))


def main():
    for make in (texts, by_libraries, by_libreoffice, documents, pictures, mails,
                 tables, bases, packed):
        make()
    # what was only needed on the way
    for name in os.listdir(OUT):
        if name not in places:
            os.unlink(at(name))
    for name, place in sorted(places.items()):
        print("%s\t%s\t%s" % (name, place, nameless.get(name, place)))


if __name__ == "__main__":
    main()
