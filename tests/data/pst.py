"""Writes Outlook stores, after [MS-PST]: what our reader is tested with.

No program that makes such stores is in Debian, so this is our own; readpst and
pffexport read what it writes. Three kinds: "ansi" (Outlook 97), "wide" (2003)
and "large" (2013, pages of 4 KiB and packed blocks). It writes what readers
need: both trees, maps of used space, sums, heaps, properties, tables; nothing
is ever freed but what free() says.

    s = Store("wide", crypt=1)
    inbox = s.folder("Inbox", s.top)
    s.message(inbox, subject="s", body="b", files=[("a.txt", b"...")])
    open("a.pst", "wb").write(s.bytes())
"""
import struct
import sys
import zlib

FORWARD = bytes.fromhex(
    "41361362a8216ebbf416cc047f64e85d1ef2cb2a74c55e35d295479e962d9a884c7d"
    "843fdbac31b6485ff6c4d8398be7233b388ec8c1df25b120a546604e9cfbaad35651"
    "457c550007c92b9d859b09a08fadb30f63ab894bd7a7155a716642bf264a6b98faea"
    "7753b270052cfd593a867ece06eb827857c78d43afb41cd45bcde2e9274fc3087280"
    "cfb0eff5286dbe304d3492d50e3c2232e5e4f99fc2d10a8112e1ee918376e397e661"
    "8a1779a4b7dc907a5c8c02a6ca69de501a1193b9528758fced1d37491b6ae0293399"
    "bd6cd994f340546ff0c673b8d63e6518441fdd6710f10c19ecae03a1147ba90bfff8"
    "a3c0a201f72ebc2468750dfeba2fb5d0da3d")
MIDDLE = bytes.fromhex(
    "14530f56b3c87a9ceb65481716159f02cc547c83000d0c0ba262a876dbd9edc7c5a4"
    "dcac8574d6d0a79bae9a967166c36399b8dd73928e847da55ed15d93b15751508089"
    "52944f4e0a6bbc8d7f6e47464140440111cb033ff7f4e1a98f3c3af9fbf019308209"
    "2ec99da08649ee6f4d6dc42d813425871b88aafc06a11238fd4c4272641337246a75"
    "7743ffe6b44b365ce4d8353d45b92cecb7312b290768a30e697b189e2139be281a5b"
    "78f523ca2ab0af3efe048ce7e5983295d3f64ae8a6eae9f3d52f7020f21f0567ad55"
    "10cecde3273bdabad7c226d4911dd21c2233f8faf15aefcf90b68bb5bdc0bf08971e"
    "6ce261e0c6c159abbb58de5fdf60797eb28a")
BACK = bytes(FORWARD.index(i) for i in range(256))

BINARY, OBJECT, LONG, WIDE, BYTES8 = 0x102, 0x0d, 0x03, 0x1f, 0x1e
MANY = 0x1000
STORE, NAMES, ROOT, TOP, DELETED = 0x21, 0x61, 0x122, 0x8022, 0x8062


def crc(data):
    return zlib.crc32(data, 0xffffffff) ^ 0xffffffff


def sign(at, bid):
    v = (at ^ bid) & 0xffffffff
    return (v >> 16 ^ v) & 0xffff


def cyclic(data, key):
    w = (key ^ key >> 16) & 0xffff
    out = bytearray()
    for b in data:
        low, high = w & 255, w >> 8 & 255
        b = MIDDLE[(FORWARD[(b + low) & 255] + high) & 255]
        out.append((BACK[(b - high) & 255] - low) & 255)
        w = (w + 1) & 0xffff
    return bytes(out)


class Heap:
    """Items in blocks; the first is what it is all about."""

    def __init__(self, store, client):
        self.s, self.client = store, client
        self.blocks, self.bits = [[]], 14 if store.large else 11
        self.left = self.room(0)

    def room(self, n):
        return self.s.block_max - (12 if n == 0 else 66) - 64

    def add(self, data):
        if len(data) + 2 > self.left:
            self.blocks.append([])
            self.left = self.room(len(self.blocks) - 1)
        self.blocks[-1].append(data)
        self.left -= len(data) + 2
        return len(self.blocks) - 1 << 5 + self.bits | len(self.blocks[-1]) << 5

    def pieces(self, root):
        for n, items in enumerate(self.blocks):
            head = 12 if n == 0 else 66 if n % 128 == 8 else 2
            body, at = b"".join(items), [head]
            for i in items:
                at.append(at[-1] + len(i))
            body += b"\0" * (at[-1] % 2)
            where = head + len(body)
            body += struct.pack("<HH%dH" % len(at), len(items), 0, *at)
            if n == 0:
                yield struct.pack("<HBBII", where, 0xec, self.client, root,
                                  0) + body
            else:
                yield struct.pack("<H", where) + b"\0" * (head - 2) + body


class Store:
    def __init__(self, kind="wide", crypt=0, password=None, leaf=400,
                 small=False):
        self.kind, self.crypt, self.leaf = kind, crypt, leaf
        self.wide, self.large = kind != "ansi", kind == "large"
        self.text = WIDE if self.wide else BYTES8
        self.id = "<Q" if self.wide else "<I"
        self.number = 8 if self.wide else 4
        self.page = 4096 if self.large else 512
        self.trailer = 24 if self.large else 16 if self.wide else 12
        self.align = 512 if self.large else 64
        self.block_max = 65536 - 24 if self.large else 8192 - self.trailer
        self.map_at = 0x22000 if self.large else 0x4400
        self.map_bytes = 4072 if self.large else 496
        self.cover = self.map_bytes * 8 * self.align
        self.out = bytearray(564 if small else self.map_at)
        self.used, self.blocks, self.nodes, self.bid = [], [], [], 4
        self.maps, self.index = [], 0x410
        self.top = TOP
        uid = bytes(range(16))
        props = {(0x3001, self.text): "Personal Folders",
                 (0x35e0, BINARY): b"\0" * 4 + uid + struct.pack("<I", TOP)}
        if password is not None:
            props[0x67ff, LONG] = crc(password.encode())
        self.node(STORE, 0, *self.properties(props))
        word = "Card number".encode("utf-16-le")
        self.node(NAMES, 0, *self.properties({
            (1, LONG): 251, (2, BINARY): uid,
            (3, BINARY): struct.pack("<IHH", 0, 7, 0),
            (4, BINARY): struct.pack("<I", len(word)) + word + b"\0\0"}))
        self.node(ROOT, ROOT, *self.properties({(0x3001, self.text): ""}))
        self.folder("Top of Personal Folders", ROOT, TOP)
        self.folder("Deleted Items", TOP, DELETED)

    # ---- space

    def place(self, n, align):
        while True:
            at = -(-len(self.out) // align) * align
            if at < self.map_at:  # no map knows of this: it makes small files
                end = at + n if at + n <= self.map_at else self.map_at
                self.out += bytes(at - len(self.out))
                if end == at + n:
                    return at
                self.out += bytes(end - len(self.out))
                continue
            start = (at - self.map_at) // self.cover * self.cover + self.map_at
            if start not in self.maps:
                self.maps.append(start)
                self.out += bytes(start + self.page - len(self.out))
                self.used.append((start, self.page))
            elif at + n > start + self.cover:
                self.out += bytes(start + self.cover - len(self.out))
            else:
                self.out += bytes(at - len(self.out))
                self.used.append((at, n))
                return at

    def write(self, data, align):
        at = self.place(len(data), align)
        self.out += data
        return at

    def block(self, data, internal=False):
        assert 0 < len(data) <= self.block_max
        bid, self.bid = self.bid | 2 * internal, self.bid + 4
        size, stored = len(data), data
        if self.large and len(zlib.compress(data)) < size:
            stored = zlib.compress(data)
        if not internal and self.crypt == 1:
            stored = stored.translate(FORWARD)
        elif not internal and self.crypt == 2:
            stored = cyclic(stored, bid & 0xffffffff)
        n = len(stored)
        whole = -(-(n + self.trailer) // self.align) * self.align
        at = self.place(whole, self.align)
        tail = struct.pack("<HH", n, sign(at, bid))
        if self.wide:
            tail += struct.pack("<IQ", crc(stored), bid)
            tail += struct.pack("<HHI", 0, size, 0) * self.large
        else:
            tail += struct.pack("<II", bid, crc(stored))
        self.out += stored + bytes(whole - n - self.trailer) + tail
        self.blocks.append((bid, at, n, size))
        return bid

    def free(self, bid):
        """A block that nobody refers to any more; its bytes stay."""
        for b in [b for b in self.blocks if b[0] == bid]:
            whole = -(-(b[2] + self.trailer) // self.align) * self.align
            self.blocks.remove(b)
            self.used = [u for u in self.used if u != (b[1], whole)]

    # ---- trees of blocks

    def listed(self, bids, level, total):
        return self.block(struct.pack("<BBHI", 1, level, len(bids), total) +
                          b"".join(struct.pack(self.id, b) for b in bids),
                          True)

    def data(self, pieces):
        """A node's bytes, a block for each piece."""
        pieces = [p for p in pieces if p]
        if not pieces:
            return 0
        bids = [(self.block(p), len(p)) for p in pieces]
        most = (self.block_max - 8) // self.number
        if len(bids) == 1:
            return bids[0][0]
        lists = []
        for i in range(0, len(bids), most):
            some = bids[i:i + most]
            total = sum(n for _, n in some)
            lists.append((self.listed([b for b, _ in some], 1, total), total))
        if len(lists) == 1:
            return lists[0][0]
        return self.listed([b for b, _ in lists], 2, sum(n for _, n in lists))

    def cut(self, data):
        return [data[i:i + self.block_max]
                for i in range(0, len(data), self.block_max)]

    def subs(self, nodes):
        """Nodes below a node: number, data, nodes below."""
        if not nodes:
            return 0
        nodes, size = sorted(nodes), 3 * self.number
        most, lists = (self.block_max - 8) // size, []
        pad = b"\0" * 4 * self.wide
        for i in range(0, len(nodes), most):
            some = nodes[i:i + most]
            lists.append((some[0][0], self.block(
                struct.pack("<BBH", 2, 0, len(some)) + pad +
                b"".join(struct.pack("<3" + self.id[1], *n) for n in some),
                True)))
        if len(lists) == 1:
            return lists[0][1]
        return self.block(
            struct.pack("<BBH", 2, 1, len(lists)) + pad +
            b"".join(struct.pack("<2" + self.id[1], *n) for n in lists), True)

    def node(self, nid, parent, data, subs=0):
        self.nodes.append((nid, data, subs, parent))

    def next(self, kind):
        self.index += 1
        return self.index << 5 | kind

    # ---- properties and tables

    def raw(self, kind, v):
        if kind & MANY:
            texts = [self.raw(kind & ~MANY, t) for t in v]
            at, head = 4 + 4 * len(texts), struct.pack("<I", len(texts))
            for t in texts:
                head += struct.pack("<I", at)
                at += len(t)
            return head + b"".join(texts)
        if isinstance(v, bytes):
            return v
        return v.encode("utf-16-le" if kind == WIDE else "cp1252")

    def value(self, heap, below, kind, v):
        """Where a value lies: an item, or a node below."""
        if kind in (LONG, 0x0b, 0x02):
            return v
        v = self.raw(kind, v)
        if len(v) == 0:
            return 0
        if len(v) <= 3580:
            return heap.add(v)
        nid = self.next(0x1f)
        below.append((nid, self.data(self.cut(v)), 0))
        return nid

    def properties(self, props, below=()):
        """Blocks of a node that holds properties {(id, type): value}."""
        heap, below, leaf = Heap(self, 0xbc), list(below), []
        for (pid, kind), v in sorted(props.items()):
            leaf.append(struct.pack("<HHI", pid, kind,
                                    self.value(heap, below, kind, v)))
        leaves = [leaf[i:i + self.leaf] for i in range(0, len(leaf), self.leaf)]
        level, root = 0, 0
        if len(leaves) > 1:
            level = 1
            root = heap.add(b"".join(
                one[0][:2] + struct.pack("<I", heap.add(b"".join(one)))
                for one in leaves))
        elif leaves:
            root = heap.add(b"".join(leaves[0]))
        top = heap.add(struct.pack("<BBBBI", 0xb5, 2, 6, level, root))
        return self.data(heap.pieces(top)), self.subs(below)

    def table(self, rows):
        """Blocks of a table of rows {(id, type): value}, numbers within."""
        heap, below = Heap(self, 0x7c), []
        columns = [(0x67f2, LONG), (0x67f3, LONG)]
        columns += sorted({c for r in rows for c in r} - set(columns))
        bits = 4 * len(columns)
        size = bits + (len(columns) + 7) // 8
        matrix, index = b"", b""
        for n, r in enumerate(rows):
            r = {(0x67f2, LONG): n, (0x67f3, LONG): 1, **r}
            mask = bytearray(size - bits)
            for i, c in enumerate(columns):
                there = c in r
                matrix += struct.pack(
                    "<I", self.value(heap, below, c[1], r[c]) if there else 0)
                mask[i // 8] |= (0x80 >> i % 8) * there
            matrix += mask
            index += struct.pack("<II" if self.wide else "<IH",
                                 r[0x67f2, LONG], n)
        records = heap.add(index) if index else 0
        tree = heap.add(struct.pack("<BBBBI", 0xb5, 4, 4 if self.wide else 2,
                                    0, records))
        if len(matrix) <= 3580:
            place = heap.add(matrix) if matrix else 0
        else:
            place = self.next(0x1f)
            most = self.block_max // size * size
            below.append((place, self.data(
                [matrix[i:i + most].ljust(self.block_max, b"\0")
                 if i + most < len(matrix) else matrix[i:]
                 for i in range(0, len(matrix), most)]), 0))
        top = heap.add(struct.pack("<BB4HIII", 0x7c, len(columns), bits, bits,
                                   bits, size, tree, place, 0) +
                       b"".join(struct.pack("<HHHBB", c[1], c[0], 4 * i, 4, i)
                                for i, c in enumerate(columns)))
        return self.data(heap.pieces(top)), self.subs(below)

    # ---- folders and messages

    def folder(self, name, parent, nid=None):
        nid = nid or self.next(2)
        self.node(nid, parent, *self.properties(
            {(0x3001, self.text): name, (0x3602, LONG): 0,
             (0x3603, LONG): 0, (0x360a, 0x0b): 1}))
        return nid

    def attachment(self, n, name, data):
        props = {(0x3705, LONG): 1, (0x3707, self.text): name,
                 (0x3704, self.text): name, (0x0e20, LONG): 1}
        if isinstance(data, bytes):
            props[0x3701, BINARY] = data
            return self.properties(props)
        nid = self.next(4)
        props[0x3705, LONG] = 5
        props[0x3701, OBJECT] = struct.pack("<II", nid, 1)
        return self.properties(props, [(nid, *self.parts(**data))])

    def parts(self, subject="", body=None, html=None, rtf=None, files=(),
              to=(), headers=None, more=None):
        t, below = self.text, []
        props = {(0x1a, t): "IPM.Note", (0x37, t): subject, (0x0e07, LONG): 1,
                 (0x0c1a, t): "A", (0x0c1f, t): "a@example.org",
                 **(more or {})}
        for key, v in (((0x1000, t), body), ((0x1013, BINARY), html),
                       ((0x1009, BINARY), rtf), ((0x7d, t), headers)):
            if v is not None:
                props[key] = v
        if to:
            below.append((0x692, *self.table(
                [{(0x0c15, LONG): 1, (0x3001, t): n, (0x3002, t): "SMTP",
                  (0x3003, t): a} for n, a in to])))
        rows = []
        for n, (name, data) in enumerate(files):
            nid = (n + 1 << 10) | 5
            below.append((nid, *self.attachment(n, name, data)))
            rows.append({(0x3704, t): name, (0x3705, LONG): 1,
                         (0x67f2, LONG): nid})
        if rows:
            below.append((0x671, *self.table(rows)))
        return self.properties(props, below)

    def message(self, folder, hidden=False, **parts):
        self.node(self.next(8 if hidden else 4), folder, *self.parts(**parts))

    # ---- the file

    def tree(self, kind, entries):
        """Pages of a tree from the leaves up: its root."""
        level, most = 0, 4056 if self.large else 488 if self.wide else 496
        while True:
            size, pages = len(entries[0][1]), []
            for i in range(0, len(entries), most // size):
                some = entries[i:i + most // size]
                bid, self.bid = self.bid, self.bid + 4
                body = b"".join(e for _, e in some).ljust(most, b"\0")
                if self.large:
                    body += struct.pack("<HHBB10x", len(some), most // size,
                                        size, level)
                else:
                    body += struct.pack("<BBBB", len(some), most // size, size,
                                        level) + b"\0" * 4 * self.wide
                at = self.place(self.page, self.page)
                tail = struct.pack("<BBH", kind, kind, sign(at, bid))
                if self.wide:
                    tail += struct.pack("<IQ", crc(body), bid)
                    tail += b"\0" * 8 * self.large
                else:
                    tail += struct.pack("<II", bid, crc(body))
                self.out += body + tail
                pages.append((some[0][0], bid, at))
            if len(pages) == 1:
                return pages[0][1:]
            entries = [(k, struct.pack("<3" + self.id[1], k, b, a))
                       for k, b, a in pages]
            level += 1

    def map(self, start):
        bits = bytearray(self.map_bytes)
        for at, n in self.used:
            if start <= at < start + self.cover:
                for u in range((at - start) // self.align,
                               (at - start + n) // self.align):
                    bits[u // 8] |= 0x80 >> u % 8
        if self.wide:
            p = bytes(bits) + struct.pack("<BBHIQ", 0x84, 0x84, 0, crc(bits),
                                          start)
        else:
            bits = b"\0" * 4 + bits
            p = bytes(bits) + struct.pack("<BBHII", 0x84, 0x84, 0, start,
                                          crc(bits))
        self.out[start:start + len(p)] = p

    def listings(self):
        """What each folder says of what is in it: rows by number."""
        t = self.text
        for f in [n[0] for n in self.nodes if n[0] & 31 == 2]:
            inside = [n[0] for n in self.nodes
                      if n[3] == f and n[0] != f]
            for kind, of in ((0x0d, 2), (0x0e, 4), (0x0f, 8)):
                self.node(f & ~31 | kind, 0, *self.table(
                    [{(0x67f2, LONG): n, (0x3001, t): "x"}
                     for n in sorted(inside) if n & 31 == of]))

    def bytes(self):
        self.listings()
        if self.large:
            blocks = [(b, struct.pack("<QQHHHH", b, at, n, size, 2, 0))
                      for b, at, n, size in self.blocks]
        else:
            blocks = [(b, struct.pack("<2%sHH" % self.id[1], b, at, n, 2) +
                       b"\0" * 4 * self.wide)
                      for b, at, n, _ in self.blocks]
        nodes = [(n, struct.pack("<3%sI" % self.id[1], n, d, s, p) +
                  b"\0" * 4 * self.wide) for n, d, s, p in self.nodes]
        nbt = self.tree(0x81, sorted(nodes))
        bbt = self.tree(0x80, sorted(blocks))
        self.out += bytes(-len(self.out) % self.page)
        for start in self.maps:
            self.map(start)
        version = {"ansi": 15, "wide": 23, "large": 36}[self.kind]
        head = struct.pack("<2sHHBB8x", b"SO" if self.large else b"SM",
                           version, 19, 1, 1)
        root = struct.pack("<4%s" % self.id[1], len(self.out), (self.maps or [0])[-1],
                           0, 0) + b"".join(
                               struct.pack("<2" + self.id[1], *r)
                               for r in (nbt, bbt)) + b"\2\0\0\0"
        if self.wide:
            head += struct.pack("<QQI128x8x4x", 0, self.bid, 1) + root
            head = head.ljust(248, b"\0") + b"\xff" * 256
            head += struct.pack("<BBHQ", 0x80, self.crypt, 0, self.bid)
            head += struct.pack("<I", crc(head[:516])) + bytes(36)
        else:
            head += struct.pack("<III128x4x", self.bid, self.bid, 1) + root
            head = head + b"\xff" * 256 + struct.pack("<BBH", 0x80, self.crypt,
                                                      0) + bytes(48)
        head = b"!BDN" + struct.pack("<I", crc(head[:471])) + head
        self.out[:len(head)] = head
        return bytes(self.out)


def sample(kind, crypt, card, attached, count=50):
    """One of each: what the scenario looks for."""
    s = Store(kind, crypt, password="secret")
    inbox = s.folder("Inbox", s.top)
    paid = s.folder("B\u00fccher", inbox)
    here = "card %s" % card
    for i in range(1, count + 1):
        files = [("scan.zip", attached)] if i == 42 else ()
        s.message(inbox, subject=here if i == 7 else "n %d" % i,
                  body=("%s\r\n" % here if i == 8 else "words\r\n"),
                  to=[("B", "b@example.org")], files=files)
    s.message(paid, subject="html", html=b"<p>%s</p>" % here.encode())
    s.message(paid, subject="inner", files=[("forwarded", {
        "subject": "within", "body": here, "files": [("in.zip", attached)]})])
    s.message(paid, subject="to", to=[("B", "b@example.org"),
                                      (here, "c@example.org")])
    s.message(paid, subject="header", body="b",
              headers="From: a@example.org\r\nX-Card: %s\r\n\r\n" % here)
    s.message(paid, subject="named", more={(0x8000, s.text): here})
    s.message(DELETED, subject="deleted", body=here)
    s.message(0x7fe2, subject="nobody's", body=here)
    s.message(inbox, hidden=True, subject="rule", body=here)
    s.message(paid, subject="long", body="words " * 40000 + here)
    s.message(paid, subject="large",
              files=[("large.bin", b"words " * 60000 + here.encode())])
    s.free(s.block(b"a mail that was deleted: " + here.encode()))
    return s.bytes()


def seed(kind, crypt, small=True):
    """The least that has everything."""
    s = Store(kind, crypt, password="secret", leaf=5, small=small)
    inbox = s.folder("Inbox", s.top)
    s.message(inbox, subject="\1\5Re: first", body="the body",
              to=[("B", "b@example.org"), ("C", "c@example.org")],
              headers="X-A: b\r\n\r\n", html=b"<p>marked</p>",
              more={(0x8000, s.text): "own", (0x8001, 0x101f): ["x1", "x2"]},
              files=[("a.txt", b"attached"), ("in", {"body": "within"})])
    s.message(inbox, subject="second", files=[("b.txt", b"words " * 2000)])
    s.message(DELETED, subject="third")
    s.message(0x7fe2, subject="fourth")
    s.free(s.block("some freed words".encode("utf-16-le")))
    return s.bytes()


def bomb():
    """Lists whose entries are one block."""
    s = Store("wide", small=True)
    piece = s.block(b"words " * 1300)
    one = s.listed([piece] * 1000, 1, 7800000)
    many = s.listed([one] * 1000, 2, 0)
    s.message(TOP, subject="before")
    for _ in range(3):
        s.node(s.next(4), TOP, many)
    return s.bytes()


if __name__ == "__main__" and sys.argv[1] == "--seeds":
    for k in ("wide", "ansi", "large"):
        for c in (0, 1, 2):
            with open("%s/%s%d.pst" % (sys.argv[2], k, c), "wb") as out:
                out.write(seed(k, c))
    for n, b in (("maps", seed("wide", 1, False)), ("bomb", bomb())):
        with open("%s/%s.pst" % (sys.argv[2], n), "wb") as out:
            out.write(b)
elif __name__ == "__main__":
    name, kind, crypt, card, attached = sys.argv[1:6]
    with open(name, "wb") as out:
        out.write(sample(kind, int(crypt), card, open(attached, "rb").read()))
