#!/usr/bin/env python3
"""A server that speaks TDS 7.4 as SQL Server does, for tests: sign-in, language
batches, results, errors.  tds.py PORT ROWS LOG [CERT KEY]

With a certificate all is encrypted, the sign-in first: TLS is shaken hands on
inside of packets and then stands below them (MS-TDS 2.2.6.5).

Statements are answered by SQLite after what is particular to T-SQL is taken
out, so that paging, comparisons and the catalogue are a real engine's. Three
tables are faulty: the connection ends in the middle of the third answer from
`cut`, and, as if that was whole, behind all rows from `mute`; `denied` is
refused. Told so by SIGUSR1, it ends who is there and drops `goods`."""
import re
import signal
import socket
import sqlite3
import ssl
import struct
import sys
import threading

USER, PASSWORD = "anna", "a made-up one"
COLLATION = bytes.fromhex("0904d00034")
PACKET = 4096
GOODS = 3000
cuts = {"left": 3}
peers = set()
log = None


def database(rows):
    db = sqlite3.connect("file:shop?mode=memory&cache=shared", uri=True, check_same_thread=False)
    for name in ("dbo", "INFORMATION_SCHEMA", "sys"):
        db.execute(f"ATTACH ':memory:' AS {name}")
    db.create_function("DATALENGTH", 1, lambda v: None if v is None else len(v) if isinstance(v, bytes) else 2 * len(str(v)))
    db.create_function("HAS_DBACCESS", 1, lambda n: int(n != "secret"))
    db.executescript("""
        CREATE TABLE sys.databases(name, state, database_id, snapshot_isolation_state);
        INSERT INTO sys.databases VALUES ('shop', 0, 5, 0), ('master', 0, 1, 0), ('secret', 0, 6, 0);
        CREATE TABLE INFORMATION_SCHEMA.TABLES(TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE);
        CREATE TABLE INFORMATION_SCHEMA.COLUMNS(TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, DATA_TYPE,
            CHARACTER_MAXIMUM_LENGTH, ORDINAL_POSITION);
        CREATE TABLE INFORMATION_SCHEMA.TABLE_CONSTRAINTS(CONSTRAINT_SCHEMA, CONSTRAINT_NAME, TABLE_SCHEMA,
            TABLE_NAME, CONSTRAINT_TYPE);
        CREATE TABLE INFORMATION_SCHEMA.KEY_COLUMN_USAGE(CONSTRAINT_SCHEMA, CONSTRAINT_NAME, TABLE_SCHEMA,
            TABLE_NAME, COLUMN_NAME, ORDINAL_POSITION);""")
    fill(db, rows)
    return db


def table(db, name, columns, key, rows, kind="BASE TABLE"):
    """columns: (name, data type, longest, type of SQLite)"""
    described = ", ".join(f'"{c[0]}" {c[3]}' for c in columns)
    primary = ", PRIMARY KEY (%s)" % ", ".join(f'"{k}"' for k in key) if key else ""
    quoted = name.replace('"', '""')
    db.execute(f'CREATE TABLE dbo."{quoted}"({described}{primary})')
    db.executemany(f'INSERT INTO dbo."{quoted}" VALUES ({",".join("?" * len(columns))})', rows)
    db.execute("INSERT INTO INFORMATION_SCHEMA.TABLES VALUES ('dbo', ?, ?)", (name, kind))
    for i, c in enumerate(columns):
        db.execute("INSERT INTO INFORMATION_SCHEMA.COLUMNS VALUES ('dbo', ?, ?, ?, ?, ?)", (name, c[0], c[1], c[2], i + 1))
    if key:
        db.execute("INSERT INTO INFORMATION_SCHEMA.TABLE_CONSTRAINTS VALUES ('dbo', ?, 'dbo', ?, 'PRIMARY KEY')", (f"PK_{name}", name))
    for i, k in enumerate(key):
        db.execute("INSERT INTO INFORMATION_SCHEMA.KEY_COLUMN_USAGE VALUES ('dbo', ?, 'dbo', ?, ?, ?)", (f"PK_{name}", name, k, i + 1))


def fill(db, rows):
    whole, text = ("id", "int", None, "INTEGER"), ("card", "nvarchar", 40, "TEXT")
    orders = [("region", "nvarchar", 9, "TEXT COLLATE NOCASE"), whole, ("note", "varchar", 99, "TEXT"), text]
    table(db, "orders", orders, ("region", "id"),
          [("nNoOsS"[n % 6], n, f"nothing {n}", "5555555555554444" if n == 5000 else None) for n in range(1, rows + 1)])
    table(db, "Customers ]x", [whole, ("Card Number", "ntext", 1073741823, "TEXT")], ("id",),
          [(42, "4111 1111 1111 1111"), (43, None)])
    table(db, "bare", [("a", "nvarchar", 40, "TEXT"), ("b", "nvarchar", 40, "TEXT")], (),
          [(f"x{n}", "y") for n in range(3000)] + [("card number é", "378282246310005")])
    table(db, "scans", [whole, ("file", "varbinary", -1, "BLOB"), ("text", "nvarchar", -1, "TEXT")], ("id",),
          [(1, b"name,card\nAnna,4111111111111111\n", None),
           (2, None, "words that say nothing " * 300000 + " card 6011111111111117")])
    table(db, "loose", [("text", "nvarchar", -1, "TEXT")], (),
          [("small",), ("words that say nothing " * 60000 + " card 6011000990139424",)])
    table(db, "cut", [whole, text], ("id",),
          [(n, "3530111333300000" if n == 30000 else None) for n in range(1, 45001)])
    table(db, "mute", [text], (), [("3056930902590" + str(n % 10),) for n in range(50)])
    table(db, "denied", [text], (), [])
    table(db, "goods", [whole, ("note", "varchar", 400, "TEXT")], ("id",),
          [(n, f"visa 4111 1111 1111 1111, no. {n} {'x' * 300}") for n in range(1, GOODS + 1)])
    db.execute("UPDATE dbo.mute SET card = '30569309025904' WHERE rowid = 3")


def without_convert(sql):
    """CONVERT(type, what, style) is what."""
    while (at := sql.find("CONVERT(")) >= 0:
        depth, parts, i = 0, [at + 8], at + 8
        while depth >= 0:
            c = sql[i]
            if c == "'":
                i = sql.index("'", i + 1)
            depth += (c == "(") - (c == ")")
            if depth == 0 and c == ",":
                parts.append(i + 1)
            i += 1
        parts.append(i)
        sql = sql[:at] + "(" + sql[parts[1]:parts[2] - 1] + ")" + sql[i:]
    return sql


def plain(sql):
    sql = without_convert(re.sub(r"\bN('(?:[^']|'')*')", r"\1", sql))
    sql = re.sub(r"\[((?:[^\]]|\]\])*)\]", lambda m: '"' + m[1].replace("]]", "]").replace('"', '""') + '"', sql)
    sql = re.sub(r"\b0x([0-9a-fA-F]*)\b", r"X'\1'", sql).replace("COUNT_BIG", "COUNT")
    sql = re.sub(r"ORDER BY \(SELECT NULL\) OFFSET (\d+) ROWS FETCH NEXT 1 ROWS ONLY", r"LIMIT 1 OFFSET \1", sql)
    top = re.match(r"SELECT TOP \(?(\d+)\)? ", sql)
    return "SELECT " + sql[top.end():] + " LIMIT " + top[1] if top else sql


# ---- tokens ----

def utf16(s):
    return s.encode("utf-16-le")


def b_varchar(s):
    return bytes([len(s)]) + utf16(s)


def done(rows, status=0x10):
    return struct.pack("<BHHQ", 0xFD, status, 0xC1, rows)


def error(number, words, severity=14):
    body = struct.pack("<IBB", number, 1, severity) + struct.pack("<H", len(words)) + utf16(words)
    body += b_varchar("fixture") + b_varchar("") + struct.pack("<I", 1)
    return struct.pack("<BH", 0xAA, len(body)) + body


def signed_in():
    ack = bytes([1, 0x74, 0, 0, 4]) + b_varchar("Fixture") + bytes([16, 0, 0, 0])
    size = bytes([4]) + b_varchar(str(PACKET)) + b_varchar(str(PACKET))
    collation = bytes([7, 5]) + COLLATION + bytes([0])
    out = b"".join(struct.pack("<BH", 0xE3, len(e)) + e for e in (size, collation))
    return out + struct.pack("<BH", 0xAD, len(ack)) + ack + done(0, 0)


def column_type(values):
    values = [v for v in values if v is not None]
    if any(isinstance(v, bytes) for v in values):
        return "max bytes" if any(len(v) > 8000 for v in values) else "bytes"
    if values and all(isinstance(v, int) for v in values):
        return "number"
    return "max text" if any(len(str(v)) > 4000 for v in values) else "text"


def described(name, kind):
    info = {
        "number": bytes([0x26, 8]),
        "text": b"\xe7" + struct.pack("<H", 8000) + COLLATION,
        "max text": b"\xe7\xff\xff" + COLLATION,
        "bytes": b"\xa5" + struct.pack("<H", 8000),
        "max bytes": b"\xa5\xff\xff",
    }[kind]
    return struct.pack("<IH", 0, 9) + info + b_varchar(name[:100])


def cell(v, kind):
    if kind == "number":
        return b"\0" if v is None else b"\x08" + struct.pack("<q", v)
    if v is None:
        return b"\xff" * (8 if kind.startswith("max") else 2)
    raw = v if isinstance(v, bytes) else utf16(str(v))
    if not kind.startswith("max"):
        return struct.pack("<H", len(raw)) + raw
    out = struct.pack("<Q", len(raw))
    for i in range(0, len(raw), 30000):
        out += struct.pack("<I", len(raw[i:i + 30000])) + raw[i:i + 30000]
    return out + bytes(4)


def answer(db, sql):
    """Tokens, and how the connection ends behind them, if it does."""
    if sql.startswith("SET "):
        print(sql, flush=True)
    if re.match(r"(IF|SET|BEGIN|COMMIT|USE) ", sql, re.I):
        return done(0, 0), ""
    if '[dbo].[denied]' in sql:
        return error(229, "The SELECT permission was denied on the object 'denied'.") + done(0, 2), ""
    try:
        got = db.execute(plain(sql))
    except sqlite3.Error as e:
        if str(e).startswith("no such table"):
            return error(208, "Invalid object name '%s'." % str(e).split()[-1], 16) + done(0, 2), ""
        return error(102, f"{e}: {plain(sql)}", 15) + done(0, 2), ""
    names, rows = [d[0] for d in got.description], got.fetchall()
    kinds = [column_type(r[i] for r in rows) for i in range(len(names))]
    out = bytearray(b"\x81" + struct.pack("<H", len(names)) + b"".join(map(described, names, kinds)))
    cut = "[dbo].[cut]" in sql and "COUNT" not in sql
    cuts["left"] -= cut
    for n, r in enumerate(rows):
        if cut and cuts["left"] == 0 and n == 2000:
            return bytes(out), "torn"
        out += b"\xd1" + b"".join(map(cell, r, kinds))
    if "[dbo].[mute]" in sql and "COUNT" not in sql:
        return bytes(out), "mute"
    return bytes(out) + done(len(rows)), ""


# ---- packets ----

class Peer:
    def __init__(self, s):
        self.s, self.tls = s, None

    def arrived(self):
        more = self.s.recv(65536)
        if not more:
            raise ConnectionError
        return more

    def read(self, n):
        while self.tls:
            try:
                return self.tls.read(n)
            except ssl.SSLWantReadError:
                self.inside.write(self.arrived())
        return self.s.recv(n)

    def exactly(self, n):
        got = bytearray()
        while len(got) < n:
            more = self.read(n - len(got))
            if not more:
                raise ConnectionError
            got += more
        return bytes(got)

    def secure(self, context):
        self.inside, self.outside = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls, shaken = context.wrap_bio(self.inside, self.outside, server_side=True), False
        while not shaken:
            self.inside.write(self.receive()[1])
            try:
                tls.do_handshake()
                shaken = True
            except ssl.SSLWantReadError:
                pass
            if self.outside.pending:
                self.send(self.outside.read(), kind=0x12)
        self.tls = tls

    def receive(self):
        body, last = b"", ""
        while not last:
            kind, status, size = struct.unpack(">BBH", self.exactly(8)[:4])
            body += self.exactly(size - 8)
            last = status & 1
        return kind, body

    def send(self, body, torn=False, kind=4):
        out = bytearray()
        for i in range(0, len(body), PACKET - 8):
            piece = body[i:i + PACKET - 8]
            last = not torn and i + len(piece) == len(body)
            out += struct.pack(">BBHHBB", kind, int(last), len(piece) + 8, 0, 1, 0) + piece
        if self.tls:
            self.tls.write(out)
            out = self.outside.read()
        self.s.sendall(out)


def prelogin(encrypts):
    options = [(0, bytes([16, 0, 0, 0, 0, 0])), (1, b"\x03" if encrypts else b"\x02"), (2, b"\0"), (3, b""), (4, b"\0")]
    at, head, data = 5 * len(options) + 1, b"", b""
    for number, value in options:
        head += struct.pack(">BHH", number, at + len(data), len(value))
        data += value
    return head + b"\xff" + data


def login(body):
    def word(at, unmask=False):
        where, n = struct.unpack_from("<HH", body, at)
        raw = body[where:where + 2 * n]
        if unmask:
            raw = bytes(((b ^ 0xA5) >> 4 | (b ^ 0xA5) << 4) & 0xFF for b in raw)
        return raw.decode("utf-16-le")
    return word(40), word(44, True), word(68), body[26]


def drop_goods(db, lock):
    # nobody drops what is being read: who reads it is ended before
    with lock:
        for s in list(peers):
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        db.execute("DROP TABLE dbo.goods")
        for name in ("TABLES", "COLUMNS", "TABLE_CONSTRAINTS", "KEY_COLUMN_USAGE"):
            db.execute(f"DELETE FROM INFORMATION_SCHEMA.{name} WHERE TABLE_NAME = 'goods'")
        db.commit()


def serve(s, db, lock, context):
    peer = Peer(s)
    peers.add(s)
    try:
        while True:
            kind, body = peer.receive()
            if kind == 0x12:
                peer.send(prelogin(context is not None))
                if context:
                    peer.secure(context)
            elif kind == 0x10:
                user, password, base, flags = login(body)
                good = (user, password) == (USER, PASSWORD)
                print("login", user, base, "good" if good else "refused",
                      "read-only" if flags & 0x20 else "", file=log, flush=True)
                if good and base not in ("", "shop", "master"):
                    peer.send(error(4060, f'Cannot open database "{base}".', 11) + done(0, 2))
                elif good:
                    peer.send(signed_in())
                else:
                    peer.send(error(18456, f"Login failed for user '{user}'.") + done(0, 2))
            elif kind == 0x01:
                skip = struct.unpack_from("<I", body)[0]
                with lock:
                    out, end = answer(db, body[skip:].decode("utf-16-le"))
                peer.send(out, end == "torn")
                if end:
                    break
            else:
                peer.send(done(0, 0x22))
    except (ConnectionError, OSError) as e:
        if isinstance(e, ssl.SSLError):
            print("tls", e, file=log, flush=True)
    peers.discard(s)
    s.close()


def main():
    global log
    port, rows = int(sys.argv[1]), int(sys.argv[2])
    log = open(sys.argv[3], "w")
    db, lock = database(rows), threading.Lock()
    context = None
    if sys.argv[4:]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(*sys.argv[4:6])
    signal.signal(signal.SIGUSR1, lambda *_: threading.Thread(target=drop_goods, args=(db, lock)).start())
    listener = socket.create_server(("127.0.0.1", port))
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0], db, lock, context), daemon=True).start()


if __name__ == "__main__":
    main()
