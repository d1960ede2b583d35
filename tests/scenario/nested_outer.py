#!/usr/bin/env python3
"""What holds files, around every file of a folder.
nested_outer.py IN WORK OUT <places

Standard input is what nested_inner.py printed of the folder IN. Makes one file
in OUT of each kind that holds many, with all of them in it, and of each that
holds one, as many as there are; prints "FILE TAB PLACE" for each card."""
import collections
import os
import shutil
import sqlite3
import struct
import subprocess
import sys
import zipfile
import zlib

ARROW = " \u2192 "
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "data"))


class Outer:
    def __init__(self, folder, work):
        self.folder, self.work = folder, work

    def run(self, *command, cwd=None, **more):
        done = subprocess.run(command, cwd=cwd or self.folder, check=True,
                              capture_output=True, **more)
        return done.stdout

    def read(self, name):
        with open(os.path.join(self.folder, name), "rb") as f:
            return f.read()

    def files(self, names):
        return [(n, self.read(n)) for n in names]


# make(outer, path, names); place(file, name, number of the name from 1)
Kind = collections.namedtuple("Kind", "end make place")


def write(path, data):
    with open(path, "wb") as f:
        f.write(data)


def command(*words):
    """PATH and the names stand where the command has PATH and NAMES."""
    def make(o, path, names):
        line = []
        for w in words:
            line += names if w == "NAMES" else [path if w == "PATH" else w]
        o.run(*line)
    return make


def filtered(*words):
    def make(o, path, names):
        tar = o.run("tar", "cf", "-", *names)
        write(path, subprocess.run(words, input=tar, check=True, capture_output=True).stdout)
    return make


def plain(file, name, number):
    return name


def in_tar(file, name, number):
    return file.rsplit(".", 1)[0] + ARROW + name


def within(words):
    """words: with NAME and NUMBER in them"""
    def place(file, name, number):
        return words.replace("NAME", name).replace("NUMBER", str(number))
    return place


# ---- archives

def cpio(o, path, names):
    write(path, o.run("cpio", "-o", "-H", "newc", input="\n".join(names).encode()))


def jar(o, path, names):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n")
        for n in names:
            z.write(os.path.join(o.folder, n), n)


def lha(o, path, names):
    o.run("jlha", "aq", path + ".lzh", *names)
    os.replace(path + ".lzh", path)


def rar4(o, path, names):
    """Stored: nothing in Debian packs one, but bsdtar and lsar read what this is."""
    def block(kind, flags, body):
        head = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
        return struct.pack("<H", zlib.crc32(head) & 0xffff) + head
    out = b"Rar!\x1a\x07\0" + block(0x73, 0, bytes(6))
    for n, data in o.files(names):
        out += block(0x74, 0x8000, struct.pack(
            "<IIBIIBBHI", len(data), len(data), 3, zlib.crc32(data), 0x5a210000, 20,
            0x30, len(n), 0o100644) + n.encode()) + data
    write(path, out + block(0x7b, 0x4000, b""))


def rar5(o, path, names):
    def number(v):
        out = bytearray()
        while v >= 128:
            out.append(v & 127 | 128)
            v >>= 7
        return bytes(out) + bytes([v])

    def block(body):
        head = number(len(body)) + body
        return struct.pack("<I", zlib.crc32(head)) + head
    out = b"Rar!\x1a\x07\1\0" + block(number(1) + number(0) + number(0))
    for n, data in o.files(names):
        out += block(number(2) + number(2) + number(len(data)) + number(4) +
                     number(len(data)) + number(0o100644) +
                     struct.pack("<I", zlib.crc32(data)) + number(0) + number(1) +
                     number(len(n)) + n.encode()) + data
    write(path, out + block(number(5) + number(0) + number(0)))


def rpm(o, path, names):
    top = os.path.join(o.work, "rpm-" + os.path.basename(path))
    os.makedirs(top)
    with open(top + "/p.spec", "w", encoding="utf-8") as f:
        f.write("Name: sample\nVersion: 1\nRelease: 1\nSummary: A sample\nLicense: none\n"
                "BuildArch: noarch\n%%description\nA sample.\n%%install\n"
                "mkdir -p %%{buildroot}/srv\n%s%%files\n%s" % (
                    "".join("cp %%{_sourcedir}/%s %%{buildroot}/srv/\n" % n for n in names),
                    "".join("/srv/%s\n" % n for n in names)))
    # what is packed is data: nothing of it is stripped, asked or compressed
    o.run("rpmbuild", "-bb", "--quiet", "--define", "_topdir " + top, "--define",
          "_rpmdir " + top, "--define", "_sourcedir " + o.folder, "--define",
          "__os_install_post %{nil}", "--define", "_binary_payload w9.gzdio", "--define",
          "_build_id_links none", "--define", "__find_requires %{nil}", "--define",
          "_use_internal_dependency_generator 0", "--define", "debug_package %{nil}",
          top + "/p.spec")
    os.replace(top + "/noarch/sample-1-1.noarch.rpm", path)


def deb(o, path, names):
    top = os.path.join(o.work, "deb-" + os.path.basename(path))
    os.makedirs(top + "/DEBIAN", 0o755)
    os.mkdir(top + "/srv")
    for n, data in o.files(names):
        write(top + "/srv/" + n, data)
    write(top + "/DEBIAN/control", b"Package: sample\nVersion: 1\nArchitecture: all\n"
          b"Maintainer: A <a@example.com>\nDescription: x\n")
    o.run("dpkg-deb", "-Zxz", "-z1", "--build", top, path)


def iso(o, path, names):
    o.run("genisoimage", "-quiet", "-R", "-o", path, "-graft-points", *names)


ARCHIVES = [
    Kind("zip", command("zip", "-q", "PATH", "NAMES"), plain),
    Kind("jar", jar, plain),
    Kind("tar", command("tar", "cf", "PATH", "NAMES"), plain),
    Kind("tar.gz", filtered("gzip"), in_tar),
    Kind("tar.bz2", filtered("bzip2"), in_tar),
    Kind("tar.xz", filtered("xz", "-1"), in_tar),
    Kind("tar.zst", filtered("zstd", "-q"), in_tar),
    Kind("tar.lz4", filtered("lz4", "-q"), in_tar),
    Kind("7z", command("7zz", "a", "-bd", "-mx=1", "PATH", "NAMES"), plain),
    Kind("v4.rar", rar4, plain),
    Kind("v5.rar", rar5, plain),
    Kind("cab", command("gcab", "-c", "PATH", "NAMES"), plain),
    Kind("iso", iso, plain),
    Kind("cpio", cpio, plain),
    Kind("ar", command("ar", "rcS", "PATH", "NAMES"), plain),
    Kind("xar", command("bsdtar", "cf", "PATH", "--format", "xar", "NAMES"), plain),
    Kind("lzh", lha, plain),
    Kind("rpm", rpm, within("payload" + ARROW + "gzip" + ARROW + "./srv/NAME")),
    Kind("deb", deb, within("data.tar.xz" + ARROW + "data.tar" + ARROW + "./srv/NAME")),
]


# ---- one file each

def stream(*words):
    def make(o, path, name):
        write(path, o.run(*words, input=o.read(name)))
    return make


def gzip(o, path, name):
    write(path, o.run("gzip", "-cf", name))


def zlib_stream(o, path, name):
    write(path, zlib.compress(o.read(name), 9))


STREAMS = [
    Kind("gz", gzip, plain),
    Kind("bz2", stream("bzip2", "-c"), plain),
    Kind("xz", stream("xz", "-1", "-c"), plain),
    Kind("zst", stream("zstd", "-q", "-c"), plain),
    Kind("lz4", stream("lz4", "-q", "-c"), plain),
    Kind("zlib", zlib_stream, within("zlib")),
]


# ---- mail

def eml(o, path, names):
    import nested_inner
    m = nested_inner.message()
    for n, data in o.files(names):
        m.add_attachment(data, maintype="application", subtype="octet-stream", filename=n)
    write(path, m.as_bytes())


def mbox(o, path, names):
    import mailbox
    import nested_inner
    box = mailbox.mbox(path)
    for n, data in o.files(names):
        m = nested_inner.message()
        m.add_attachment(data, maintype="application", subtype="octet-stream", filename=n)
        box.add(m)
    box.close()


def uuencoded(o, path, names):
    out = b"From: a@example.org\nTo: b@example.org\nSubject: s\n\nsee\n"
    for n in names:
        out += o.run("uuencode", n, n) + b"\n"
    write(path, out)


def signed(o, path, names):
    """By S/MIME, opaque: what is within is a message in DER"""
    part = os.path.join(o.work, "signed.part")
    eml(o, part, names)
    key, cert = (os.path.join(o.work, "signed" + end) for end in (".key", ".pem"))
    o.run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key,
          "-out", cert, "-days", "9", "-subj", "/CN=x")
    o.run("openssl", "cms", "-sign", "-nodetach", "-in", part, "-subject", "s", "-from",
          "a@example.org", "-to", "b@example.org", "-signer", cert, "-inkey", key,
          "-out", path)


def winmail(o, path, names):
    import nested_inner
    write(path, nested_inner.tnef(o.files(names)))


def msg(o, path, names):
    import nested_inner
    nested_inner.outlook(path, o.files(names))


def store(o, path, names):
    import nested_inner
    write(path, nested_inner.store(o.files(names)))


# ---- documents and databases

def into(document, folder):
    """A document that exists, and in it the files as embedded objects"""
    def make(o, path, names):
        write(path, o.read(document))
        top = os.path.join(o.work, "in-" + document)
        os.makedirs(os.path.join(top, folder))
        for n, data in o.files(names):
            write(os.path.join(top, folder, n), data)
        o.run("zip", "-q", path, *[folder + "/" + n for n in names], cwd=top)
    return make


def u32(n):
    return struct.pack("<I", n)


def package(name, data):
    """What the Packager of Windows makes of a file"""
    name = name.encode()
    return (b"\2\0" + name + b"\0C:\\" + name + b"\0\0\0\3\0" + u32(4) + b"tmp\0" +
            u32(len(data)) + data)


def rtf(o, path, names):
    out = b"{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Arial;}}\nfirst\\par\n"
    for n, data in o.files(names):
        data = package(n, data)
        ole = (u32(0x501) + u32(2) + u32(8) + b"Package\0" + u32(0) + u32(0) +
               u32(len(data)) + data)
        out += b"{\\object\\objemb{\\*\\objdata " + ole.hex().encode() + b"}{\\result r}}\n"
    write(path, out + b"last\\par}\n")


def compound(o, path, names):
    """As a document of Word keeps objects, by libgsf"""
    top = path + ".d"
    for i, (n, data) in enumerate(o.files(names)):
        os.makedirs("%s/ObjectPool/_%d" % (top, i))
        data = package(n, data)
        write("%s/ObjectPool/_%d/\1Ole10Native" % (top, i), u32(len(data)) + data)
    o.run("gsf", "createole", path, "ObjectPool", cwd=top)
    shutil.rmtree(top)


def pdf(o, path, names):
    words = []
    for n in names:
        words += ["--add-attachment", n, "--key=" + n, "--"]
    o.run("qpdf", "page.pdf", *words, path)


def sqlite(o, path, names):
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE files(id INTEGER PRIMARY KEY, name TEXT, data BLOB)")
    db.executemany("INSERT INTO files(name, data) VALUES(?, ?)", o.files(names))
    db.commit()
    db.close()


def jet(kind, packed):
    def make(o, path, names):
        import access
        d = access.Database(kind)
        rows = [(n, access.attached(n.rsplit(".")[-1], data, packed) if packed is not None
                 else data) for n, data in o.files(names)]
        table = "files" if packed is None else "f_1_Files"
        d.table(table, [("FileName", access.TEXT), ("FileData", access.OLE)], rows)
        write(path, d.bytes())
    return make


def document(folder):
    return within(folder + "/NAME")


DOCUMENTS = [
    Kind("eml", eml, plain),
    Kind("mbox", mbox, within("message NUMBER" + ARROW + "NAME")),
    Kind("uu.eml", uuencoded, plain),
    Kind("signed.eml", signed, within("smime.p7m" + ARROW + "signed content" + ARROW + "NAME")),
    Kind("dat", winmail, plain),
    Kind("msg", msg, plain),
    Kind("pst", store, within("Inbox/1" + ARROW + "NAME")),
    Kind("docx", into("words.docx", "word/embeddings"), document("word/embeddings")),
    Kind("xlsx", into("python.xlsx", "xl/embeddings"), document("xl/embeddings")),
    Kind("pptx", into("slides.pptx", "ppt/embeddings"), document("ppt/embeddings")),
    Kind("odt", into("words.odt", "Objects"), document("Objects")),
    Kind("ods", into("sheet.ods", "Objects"), document("Objects")),
    Kind("rtf", rtf, within("object NUMBER" + ARROW + "NAME")),
    Kind("doc", compound, within("ObjectPool/_INDEX" + ARROW + "NAME")),
    Kind("pdf", pdf, within("attachment" + ARROW + "NAME")),
    Kind("db", sqlite, within("row NUMBER files.data")),
    Kind("jet3.mdb", jet("jet3", None), within("row NUMBER files.FileData")),
    Kind("jet4.mdb", jet("jet4", None), within("row NUMBER files.FileData")),
    Kind("accdb", jet("ace", True), within("row NUMBER f_1_Files.FileData")),
]
# what a stream is called that was given no name; gzip writes its own down
PACKERS = {"bz2": "bzip2", "xz": "xz", "zst": "zstd", "lz4": "lz4", "tar.gz": "gzip",
           "tar.bz2": "bzip2", "tar.xz": "xz", "tar.zst": "zstd", "tar.lz4": "lz4"}
NAMELESS = ("db", "jet3.mdb", "jet4.mdb", "accdb", "zlib")
# what these documents say themselves
OWN = {"docx": "words.docx", "xlsx": "python.xlsx", "pptx": "slides.pptx",
       "odt": "words.odt", "ods": "sheet.ods", "pdf": "page.pdf"}


def main():
    folder, work, out = (os.path.abspath(a) for a in sys.argv[1:4])
    rows = [line.rstrip("\n").split("\t") for line in sys.stdin]
    o, names = Outer(folder, work), [r[0] for r in rows]

    def say(kind, file, number, row):
        place = kind.place(file, row[0], number).replace("INDEX", str(number - 1))
        inner = row[2 if kind.end in NAMELESS else 1]
        print("%s\t%s" % (file, ARROW.join(p for p in (place, inner) if p)))
    for kind in ARCHIVES + DOCUMENTS:
        file = "all." + kind.end
        kind.make(o, os.path.join(out, file), names)
        for number, row in enumerate(rows, 1):
            say(kind, file, number, row)
            if OWN.get(kind.end) == row[0]:
                print("%s\t%s" % (file, row[1]))
        if kind.end == "rpm":  # file(1) describes pictures by their EXIF
            print("%s\theader" % file)
    for kind in STREAMS:
        for number, row in enumerate(rows, 1):
            file = row[0] + "." + kind.end
            kind.make(o, os.path.join(out, file), row[0])
            say(kind, file, number, row)


if __name__ == "__main__":
    main()
