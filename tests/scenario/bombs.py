#!/usr/bin/env python3
"""Small files that ask for much.  bombs.py OUT"""
import bz2
import gzip
import io
import lzma
import os
import struct
import sys
import tarfile
import zipfile
import zlib

OUT = sys.argv[1]
MIB = 1 << 20


def put(name, data):
    with open(os.path.join(OUT, name), "wb") as f:
        f.write(data)


def zipped(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in members:
            z.writestr(name, data)
    return out.getvalue()


def flat():
    zeros = b"\0" * (32 * MIB)
    put("flat.zip", zipped([("zeros", zeros)]))
    # members that overlap: the directory names the same bytes again and again
    one = zipped([("a", zeros)])
    at = one.index(b"PK\1\2")
    end = one.index(b"PK\5\6")
    entry = one[at:end]
    n = 20000
    put("overlap.zip", one[:at] + entry * n + struct.pack(
        "<IHHHHIIH", 0x06054b50, 0, 0, n, n, len(entry) * n, at, 0))
    put("flat.gz", gzip.compress(zeros, 9))
    put("twice.gz", gzip.compress(gzip.compress(zeros * 8, 9), 9))
    put("flat.bz2", bz2.compress(zeros))
    put("flat.xz", lzma.compress(zeros, preset=1))
    # a dictionary of nearly 4 GiB is asked for
    xz = bytearray(lzma.compress(b"text " * 99, format=lzma.FORMAT_ALONE))
    xz[1:5] = struct.pack("<I", 0xfffffff0)
    put("dictionary.lzma", bytes(xz))
    put("flat.tar.xz", lzma.compress(tar(32), preset=1))


def tar(mib):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as t:
        i = tarfile.TarInfo("zeros")
        i.size = mib * MIB
        t.addfile(i, io.BytesIO(bytes(i.size)))
    return out.getvalue()


def nested():
    data = b"\0" * (8 * MIB)
    for _ in range(12):
        data = zipped([("%d.zip" % i, data) for i in range(8)])
    put("nested.zip", data)
    data = b"text"
    for _ in range(300):
        data = gzip.compress(data, 1)
    put("deep.gz", data)
    data = b"Subject: x\n\ntext\n"
    for i in range(300):
        data = b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (i, i) + \
            data + b"\n--b%d--\n" % i
    put("deep.eml", b"From: a@example.org\nSubject: x\n" + data)


def xml():
    lol = '<!DOCTYPE d [<!ENTITY a "ha">' + "".join(
        '<!ENTITY %s "%s">' % (chr(98 + i), ("&%s;" % chr(97 + i)) * 10)
        for i in range(12)) + "]>"
    text = '<?xml version="1.0"?>%s<d>&m;</d>' % lol
    put("entities.xml", text.encode())
    big = '<!DOCTYPE d [<!ENTITY a "%s">]><d>%s</d>' % ("x" * 50000, "&a;" * 50000)
    put("quadratic.xml", big.encode())
    types = '<?xml version="1.0"?><Types/>'
    body = text.replace("<d>", '<w:document xmlns:w="x"><w:p><w:r><w:t>').replace(
        "</d>", "</w:t></w:r></w:p></w:document>")
    put("entities.docx", zipped([("[Content_Types].xml", types), ("word/document.xml", body)]))
    deep = "<w:document>" + "<w:p>" * 500000
    put("deep.docx", zipped([("[Content_Types].xml", types), ("word/document.xml", deep)]))
    attrs = "<w:document><w:p " + " ".join("a%d='x'" % i for i in range(200000)) + ">"
    put("attributes.docx", zipped([("[Content_Types].xml", types), ("word/document.xml", attrs)]))
    cells = "<worksheet><sheetData>" + '<row r="1048576"><c r="XFD1048576"/></row>' * 300000
    put("cells.xlsx", zipped([("[Content_Types].xml", types),
                              ("xl/worksheets/sheet1.xml", cells)]))
    rows = ('<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:'
            'office:1.0"><table:table table:name="T"><table:table-row '
            'table:number-rows-repeated="1048576"><table:table-cell '
            'table:number-columns-repeated="16384"><text:p>4111 1111 1111 1111</text:p>'
            '</table:table-cell></table:table-row></table:table></office:document-content>')
    put("repeated.ods", zipped([("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
                                ("content.xml", rows)]))
    put("deep.html", b"<div>" * 400000)
    put("deep.json", b"[" * 3000000)
    put("deep.yaml", b"".join(b" " * i + b"a:\n" for i in range(1500)))
    put("aliases.yaml", b"a: &a [x,x]\n" + b"".join(
        b"%c: &%c [*%c,*%c,*%c,*%c]\n" % ((98 + i, 98 + i) + (97 + i,) * 4) for i in range(20)))
    put("groups.rtf", b"{\\rtf1 " + b"{" * 1000000)


def pdf(name, content, extra=b""):
    z = zlib.compress(content, 9)
    put(name, b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R"
        b"/Y 6 0 R>>>>/Contents 4 0 R>>endobj\n5 0 obj<</Type/Font/Subtype/Type1"
        b"/BaseFont/Helvetica>>endobj\n" + extra +
        b"4 0 obj<</Length %d/Filter/FlateDecode>>stream\n" % len(z) + z +
        b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")


def pdfs():
    pdf("parens.pdf", b"BT /F 9 Tf " + b"(" * 2000000)
    put("parens-lines.pdf", b"%PDF-1.4\n1 0 obj<</A " + b"(\n" * 500000)
    pdf("parens-escaped.pdf", b"BT /F 9 Tf " + b"(\\(\n" * 500000)
    put("comments.pdf", b"%PDF-1.4\n" + b"1 0 obj%" * 300000)
    put("open.pdf", b"%PDF-1.4\n" + b"1 0 obj (" * 200000)
    put("parens-plain.pdf", b"%PDF-1.4\n1 0 obj\n" + b"(" * 3000000)
    put("arrays.pdf", b"%PDF-1.4\n1 0 obj\n" + b"[" * 3000000)
    put("dicts.pdf", b"%PDF-1.4\n1 0 obj\n" + b"<<" * 1500000)
    put("hex.pdf", b"%PDF-1.4\n1 0 obj\n" + b"<a" * 1500000)
    put("dictionaries.pdf", b"%PDF-1.4\n" + b"".join(
        b"%d 0 obj<</A<</B<</C(" % i for i in range(100000)))
    put("streams.pdf", b"%PDF-1.4\n" + b"".join(
        b"%d 0 obj<</Length 9>>stream\n" % i for i in range(200000)))
    form = b"/X Do /Y Do"
    pdf("forms.pdf", form, b"6 0 obj<</Type/XObject/Subtype/Form/Resources<</XObject"
        b"<</X 6 0 R/Y 6 0 R>>>>/Length %d>>stream\n" % len(form) + form +
        b"\nendstream endobj\n")
    kids = b"2 0 R " * 100000
    put("pages.pdf", b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type"
        b"/Pages/Kids[" + kids + b"]>>endobj\ntrailer<</Root 1 0 R>>")
    z = zlib.compress(zlib.compress(b"(x) Tj " * (8 * MIB), 9), 9)
    put("filters.pdf", b"%%PDF-1.4\n1 0 obj<</Length %d/Filter[" % len(z) +
        b"/FlateDecode " * 2 + b"]>>stream\n" + z + b"\nendstream endobj\n")


def images():
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(
            ">I", zlib.crc32(kind + data))
    text = zlib.compress(b"\0" * (32 * MIB), 9)
    put("huge.png", b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(
        ">IIBBBBB", 0x7fffffff, 0x7fffffff, 16, 6, 0, 0, 0)) +
        chunk(b"zTXt", b"Comment\0\0" + text) + chunk(b"IDAT", text) + chunk(b"IEND", b""))
    put("huge.bmp", b"BM" + struct.pack("<IHHIIiiHHIIiiII", 100, 0, 0, 54, 40, 0x7fffffff,
                                        0x7fffffff, 1, 32, 0, 0, 0, 0, 0, 0) + b"\0" * 100)
    put("huge.gif", b"GIF89a\xff\xff\xff\xff\x80\0\0" + b"\0" * 6 + (
        b"\x2c\0\0\0\0\xff\xff\xff\xff\0\x02\x02\x4c\x01\0") * 100000)
    # a directory that is its own next one, and a million entries
    put("circle.tif", b"II*\0\x08\0\0\0" + b"\x01\0" + struct.pack(
        "<HHII", 0x100, 4, 1, 0x7fffffff) + b"\x08\0\0\0")
    put("huge.tif", b"II*\0\x08\0\0\0" + b"\xff\xff" + struct.pack(
        "<HHII", 0x10e, 2, 0x7fffffff, 8) * 65535)


def many():
    t = tarfile.TarInfo("")
    with gzip.open(os.path.join(OUT, "million.tar.gz"), "wb", compresslevel=1) as f:
        block = bytearray()
        for i in range(1000001):
            t.name = "f%d" % i if i % 1000 == 0 else t.name
            block += t.tobuf(tarfile.USTAR_FORMAT) if i % 1000 == 0 else block[-512:]
            if i % 1000 == 999:
                f.write(block)
                block.clear()
        f.write(block + bytes(1024))


flat()
nested()
xml()
pdfs()
images()
many()
