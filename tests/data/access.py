"""Writes databases of Access: what our reader is tested with.

No program that makes such files is in Debian, so this is our own; mdb-export of
mdbtools reads what it writes. Kinds: "jet3" (Access 97), "jet4" (2000) and
"ace" (2007). It writes what readers need: definitions, maps of pages, rows.

    d = Database("jet4")
    d.table("customers", [("id", LONG), ("card", TEXT)], [(1, "x"), ...])
    open("a.mdb", "wb").write(d.bytes())
"""
import struct
import sys
import zlib

BOOL, BYTE, SHORT, LONG, MONEY, FLOAT, DOUBLE, DATE = range(1, 9)
BINARY, TEXT, OLE, MEMO = range(9, 13)
GUID, DECIMAL = 15, 16
SIZES = {BOOL: 0, BYTE: 1, SHORT: 2, LONG: 4, MONEY: 8, FLOAT: 4, DOUBLE: 8,
         DATE: 8, GUID: 16, DECIMAL: 17}
FORMATS = {BYTE: "<B", SHORT: "<h", LONG: "<i", FLOAT: "<f", DOUBLE: "<d",
           DATE: "<d"}


def rc4(key, data):
    s, j, out = list(range(256)), 0, bytearray()
    for i in range(256):
        j = (j + s[i] + key[i % len(key)]) & 255
        s[i], s[j] = s[j], s[i]
    i = j = 0
    for b in data:
        i = (i + 1) & 255
        j = (j + s[i]) & 255
        s[i], s[j] = s[j], s[i]
        out.append(b ^ s[(s[i] + s[j]) & 255])
    return bytes(out)


def attached(end, data, packed=True):
    """As a field of attachments has it; end: of the name, "txt"."""
    end = (end + "\0").encode("utf-16-le")
    data = struct.pack("<III", 12 + len(end), 1, len(end) // 2) + end + data
    if packed:
        data = zlib.compress(data)
    return struct.pack("<II", packed, len(data)) + data


class Gone(tuple):
    """A row that was deleted."""


class Moved(tuple):
    """A row that lies in another page than it did first."""


class Database:
    def __init__(self, kind="jet4", key=0, scale=2):
        self.kind, self.key, self.scale = kind, key, scale
        self.wide = kind != "jet3"
        self.size = 4096 if self.wide else 2048
        self.head = 14 if self.wide else 10
        self.pages = [bytearray(self.size) for _ in range(3)]
        self.listed = []

    # ---- pages of rows

    def page(self):
        self.pages.append(bytearray(self.size))
        return len(self.pages) - 1

    def fill(self, number, owner, rows):
        """Rows (bytes, flags) into a page."""
        p, end = self.pages[number], self.size
        p[0:2] = b"\1\1"
        p[4:8] = owner if isinstance(owner, bytes) else struct.pack("<I", owner)
        struct.pack_into("<H", p, self.head - 2, len(rows))
        for i, (data, flags) in enumerate(rows):
            end -= len(data)
            p[end:end + len(data)] = data
            struct.pack_into("<H", p, self.head + 2 * i, end | flags)
        free = end - self.head - 2 * len(rows)
        assert free >= 0
        struct.pack_into("<H", p, 2, free)

    def spread(self, owner, rows):
        """Rows into as many pages as they need; where each one lies."""
        number, some, room, where = None, [], 0, []
        for data, flags in rows:
            if number is None or len(data) + 2 > room or len(some) == 255:
                if number is not None:
                    self.fill(number, owner, some)
                number, some, room = self.page(), [], self.size - self.head
            where.append(number << 8 | len(some))
            some.append((data, flags))
            room -= len(data) + 2
        if number is not None:
            self.fill(number, owner, some)
        return where

    def long(self, data):
        """The twelve bytes of a long value, and what is behind them."""
        if len(data) <= 64:
            return struct.pack("<III", len(data) | 1 << 31, 0, 0) + data
        most = self.size - self.head - 2
        if len(data) <= most:
            at = self.spread(b"LVAL", [(data, 0)])[0]
            return struct.pack("<III", len(data) | 1 << 30, at, 0)
        at, most = 0, most - 4
        for i in reversed(range(0, len(data), most)):
            at = self.spread(b"LVAL", [(struct.pack("<I", at) +
                                        data[i:i + most], 0)])[0]
        return struct.pack("<III", len(data), at, 0)

    # ---- rows

    def text(self, s):
        if not self.wide:
            return s.encode("cp1252", "replace")
        if len(s) > 2 and all(0 < ord(c) < 256 for c in s):
            return b"\xff\xfe" + s.encode("latin-1")
        return s.encode("utf-16-le")

    def value(self, kind, v):
        if kind in FORMATS:
            return struct.pack(FORMATS[kind], v)
        if kind == MONEY:
            return struct.pack("<q", round(v * 10000))
        if kind == DECIMAL:
            n = abs(round(v * 10 ** self.scale))
            return bytes([0x80 * (v < 0)]) + b"".join(
                struct.pack("<I", n >> 32 * i & 0xffffffff)
                for i in (3, 2, 1, 0))
        if kind == TEXT:
            return self.text(v)
        if kind == MEMO:
            return self.long(self.text(v) if len(v) < 1000 else v.encode(
                "utf-16-le" if self.wide else "cp1252"))
        return self.long(v) if kind == OLE else v

    def row(self, columns, values):
        count = "<H" if self.wide else "<B"
        fixed, var, mask = b"", [], bytearray((len(columns) + 7) // 8)
        for i, ((_, kind), v) in enumerate(zip(columns, values)):
            there = v is not None and v is not False
            mask[i // 8] |= there << i % 8
            if kind in SIZES:
                fixed += (self.value(kind, v) if there and kind != BOOL
                          else bytes(SIZES[kind]))
            else:
                var.append(self.value(kind, v) if there else b"")
        row = struct.pack(count, len(columns)) + fixed
        if not var:
            return row + mask
        offsets = []
        for v in var:
            offsets.append(len(row))
            row += v
        offsets.append(len(row))
        if self.wide:
            row += b"".join(struct.pack("<H", o) for o in reversed(offsets))
            return row + struct.pack("<H", len(var)) + mask
        jumps, n = [], 0
        while n != (len(row) + len(offsets) + n + 1 + len(mask) - 1) // 256:
            n += 1
        for k in range(1, n + 1):
            jumps.append(next((i for i, o in enumerate(offsets)
                               if o >= 256 * k), 255))
        return (row + bytes(o & 255 for o in reversed(offsets)) +
                bytes(reversed(jumps)) + bytes([len(var)]) + mask)

    # ---- tables

    def map(self, pages):
        start = min(pages) if pages else 0
        bits = bytearray(64 if self.wide else 128)
        for p in pages:
            bits[(p - start) // 8] |= 1 << (p - start) % 8
        return b"\0" + struct.pack("<I", start) + bytes(bits)

    def definition(self, columns, rows, maps, system=False):
        var = sum(k not in SIZES for _, k in columns)
        n = len(columns)
        kind = 0x53 if system else 0x4e
        tail = struct.pack("<BHHHIIII", kind, n, var, n, 0, 0, maps << 8,
                           maps << 8 | 1)
        if self.wide:
            head = struct.pack("<IIIIB3xI8x", 0, 1625, rows, 0, 1, 0)
        else:
            head = struct.pack("<III", 0, rows, 0)
        body, fixed, which = head + tail, 0, 0
        for i, (name, k) in enumerate(columns):
            is_fixed = k in SIZES
            length = SIZES.get(k, 0 if k in (OLE, MEMO) else 255)
            misc = 18 | self.scale << 8 if k == DECIMAL else 0x409
            at, off = (0, fixed) if is_fixed else (which, 0)
            if self.wide:
                body += struct.pack("<BIHHHHHBBIHH", k, 1625, i, at, i, misc, 0,
                                    2 | is_fixed, 1, 0, off, length)
            else:
                misc = misc if k == DECIMAL else 1252
                body += struct.pack("<BHHHHHHBHH", k, i, at, i, 0x409, misc, 0,
                                    2 | is_fixed, off, length)
            fixed += SIZES.get(k, 0)
            which += not is_fixed
        for name, _ in columns:
            raw = name.encode("utf-16-le" if self.wide else "cp1252")
            body += struct.pack("<H" if self.wide else "<B", len(raw)) + raw
        body += b"\xff\xff"
        return struct.pack("<I", len(body) + 8) + body[4:]

    def define(self, number, body):
        room = self.size - 8
        pieces = [body[i:i + room] for i in range(0, len(body), room)]
        numbers = [number] + [self.page() for _ in pieces[1:]]
        for i, piece in enumerate(pieces):
            p = self.pages[numbers[i]]
            p[0:2] = b"\2\1"
            p[2:4] = b"\0\0" if self.wide else b"VC"
            struct.pack_into("<I", p, 4,
                             numbers[i + 1] if i + 1 < len(pieces) else 0)
            p[8:8 + len(piece)] = piece

    def table(self, name, columns, rows, number=None, system=False):
        number = number or self.page()
        data = []
        for r in rows:
            raw = self.row(columns, r)
            if isinstance(r, Moved):
                raw = struct.pack("<I", self.spread(number,
                                                    [(raw, 0x8000)])[0])
                data.append((raw, 0x4000))
            else:
                data.append((raw, 0x8000 if isinstance(r, Gone) else 0))
        where = self.spread(number, data)
        pages = sorted({w >> 8 for w in where})
        owned = [i for i, p in enumerate(self.pages)
                 if p[0] == 1 and p[4:8] == struct.pack("<I", number)]
        maps = self.page()
        self.fill(maps, 0, [(self.map(owned), 0), (self.map([]), 0)])
        self.define(number, self.definition(columns, len(rows), maps, system))
        self.listed.append((number, name, -(1 << 31) if system else 0))
        return pages

    def bytes(self):
        columns = [("Id", LONG), ("ParentId", LONG), ("Type", SHORT),
                   ("DateCreate", DATE), ("DateUpdate", DATE), ("Flags", LONG),
                   ("Name", TEXT), ("Owner", BINARY), ("LvProp", OLE)]
        rows = [(n, 1, 1, 39000.0, 39000.0, flags, name, None, None)
                for n, name, flags in
                self.listed + [(2, "MSysObjects", -(1 << 31))]]
        self.table("MSysObjects", columns, rows, 2, True)
        self.fill(1, 0, [(self.map([]), 0)])
        p = self.pages[0]
        p[0:4] = b"\0\1\0\0"
        p[4:20] = (b"Standard ACE DB\0" if self.kind == "ace"
                   else b"Standard Jet DB\0")
        p[0x14] = {"jet3": 0, "jet4": 1, "ace": 2}[self.kind]
        struct.pack_into("<HI", p, 0x3c, 1252, self.key)
        n = 128 if self.wide else 126
        p[0x18:0x18 + n] = rc4(b"\xc7\xda\x39\x6b", p[0x18:0x18 + n])
        out = [bytes(p)]
        for i, p in enumerate(self.pages[1:], 1):
            out.append(rc4(struct.pack("<I", self.key ^ i), p) if self.key
                       else bytes(p))
        return b"".join(out)


def sample(kind, key, card, files, count=120):
    """One of each: what the scenario looks for."""
    d = Database(kind, key)
    here, number = "card %s" % card, int(card.replace(" ", ""))
    columns = [("id", LONG), ("name", TEXT), ("card", TEXT), ("n", DOUBLE),
               ("m", MONEY), ("d", DECIMAL), ("paid", BOOL), ("notes", MEMO),
               ("f", OLE), ("born", DATE)]
    rows = []
    for i in range(1, count + 1):
        r = [i, "name %d" % i, "x", float(i), i / 4, -i / 100, i % 2 == 0,
             None, None, 30000.0 + i]
        if i == 88:
            r[2] = here
        if i == 89:
            r[2] = "\u043a\u0430\u0440\u0442\u0430 " + card if d.wide else here
        if i == 90:
            r[3] = float(number)
        if i == 91:
            r[4] = float(number // 1000) + 0.5
            r[5] = number
        if i == 92:
            r[7] = "short %s" % here
        if i == 93:
            r[7] = "words " * 500 + here
        if i == 94:
            r[7] = "words " * 5000 + here
        if i == 95:
            r[8] = files
        if i == 96:
            r[8] = files + bytes(9000)
        kind = Gone if i in (100, 101) else Moved if i == 97 else tuple
        if i in (97, 101):
            r[2] = here
        rows.append(kind(r))
    d.table("customers", columns, rows)
    d.table("f_1_Files", [("FileName", TEXT), ("FileData", OLE)], [
        ("a.zip", attached("zip", files)),
        ("b.zip", attached("zip", files, False))])
    many = [("c%d" % i, TEXT) for i in range(90)]
    d.table("wide", many, [["x" * (i % 9) for i in range(88)] + [None, here]])
    return d.bytes()


def seed(kind, key):
    """The least that has everything."""
    d = Database(kind, key)
    columns = [("id", LONG), ("name", TEXT), ("yes", BOOL), ("b", BYTE),
               ("s", SHORT), ("m", MONEY), ("f", FLOAT), ("d", DOUBLE),
               ("day", DATE), ("bin", BINARY), ("ole", OLE), ("memo", MEMO),
               ("g", GUID), ("dec", DECIMAL)]
    d.table("all", columns, [
        (1, "\u00e4 name", True, 200, -3, -12.5, 0.5, 4111111111111111.0,
         46348.25, b"in line", b"inner file, which is long enough to be one",
         "a memo", bytes(range(16)), -1234.56),
        (2, "\u0416 x\ty" if d.wide else "x\ty", False, None, None, 0.0001,
         None, None, -1.0, bytes(40), b"file " * 600, "line one\nline two",
         None, 10 ** 24 + 0.25),
        Gone((3, "was deleted", None, None, None, None, None, None, None, None,
              None, None, None, None)),
        Moved((4, "was moved", None, None, None, None, None, None, None, None,
               None, "long " * 1000, None, None)),
    ])
    d.table("f_1_Files", [("FileName", TEXT), ("FileData", OLE)], [
        ("a.txt", attached("txt", b"packed and attached " * 300)),
        ("b.txt", attached("txt", b"attached as it is", False))])
    p = d.page()
    d.pages[p][0] = 0
    d.pages[p][100:120] = b"what a page has left"
    return d.bytes()


if __name__ == "__main__" and sys.argv[1] == "--seeds":
    for k in ("jet3", "jet4", "ace"):
        for key in (0, 0x12345678):
            with open("%s/%s%s.mdb" % (sys.argv[2], k, "-key" * bool(key)),
                      "wb") as out:
                out.write(seed(k, key))
elif __name__ == "__main__":
    name, kind, key, card, path = sys.argv[1:6]
    with open(name, "wb") as out:
        out.write(sample(kind, int(key), card, open(path, "rb").read()))
