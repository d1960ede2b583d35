#!/usr/bin/env python3
"""A server that speaks TDS 5.0 as ASE does, for tests: sign-in with a password
under a key of RSA, capabilities, language commands, results with text and image columns,
errors.  tds5.py PORT LOG

Statements are answered by SQLite, as those of tds.py are; the catalogue is made
of the system tables of ASE, as far as we ask for them. Longer cells than SET
TEXTSIZE said are cut, as ASE does."""
import base64
import hashlib
import os
import random
import re
import socket
import sqlite3
import struct
import sys
import threading

import tds

USER, PASSWORD = "anna", "a made-up one"
PACKET = 2048
LINE = b"words that say nothing\n"
LARGE = {"words": 0x23, "scan": 0x22}  # columns of text and image, by name
TYPES = ["int", "varchar", "text", "image"]


def cards(first, middle, last, size):
    half = LINE * (size // 2 // len(LINE))
    return b"".join((f"card {first}\n".encode(), half, f"card {middle}\n".encode(), half, f"card {last}\n".encode()))


def database():
    db = sqlite3.connect(":memory:", check_same_thread=False)
    db.execute("ATTACH ':memory:' AS dbo")
    keys = {}
    db.create_function("index_col", 4, lambda table, index, n, user: keys[table][n - 1] if n <= len(keys[table]) else None)
    db.create_function("DATALENGTH", 1, lambda v: None if v is None else len(v))
    db.executescript("""
        CREATE TABLE sysdatabases(name); INSERT INTO sysdatabases VALUES ('shop'), ('master'), ('tempdb');
        CREATE TABLE sysusers(uid, name); INSERT INTO sysusers VALUES (1, 'dbo');
        CREATE TABLE sysobjects(id INTEGER PRIMARY KEY, name, uid, type);
        CREATE TABLE sysindexes(id, indid, status);
        CREATE TABLE syscolumns(id, name, usertype, colid);
        CREATE TABLE systypes(usertype, name);""")
    db.executemany("INSERT INTO systypes VALUES (?, ?)", enumerate(TYPES))

    def table(name, columns, key, rows):
        described = ", ".join(f'"{c}" {"TEXT" if t in ("varchar", "text") else "BLOB" if t == "image" else "INTEGER"}' for c, t in columns)
        db.execute(f"CREATE TABLE dbo.{name}({described})")
        db.executemany(f"INSERT INTO dbo.{name} VALUES ({', '.join('?' * len(columns))})", rows)
        number = db.execute("INSERT INTO sysobjects(name, uid, type) VALUES (?, 1, 'U')", (name,)).lastrowid
        db.executemany("INSERT INTO syscolumns VALUES (?, ?, ?, ?)", [(number, c, TYPES.index(t), n) for n, (c, t) in enumerate(columns)])
        keys[name] = key
        if key:
            db.execute("INSERT INTO sysindexes VALUES (?, 1, 2048)", (number,))

    table("orders", [("region", "varchar"), ("id", "int"), ("card", "varchar")], ["region", "id"],
          [("nos"[n % 3], n, "5555555555554444" if n == 5000 else None) for n in range(1, 25001)])
    table("papers", [("words", "text"), ("scan", "image"), ("id", "int"), ("note", "varchar")], ["id"], [
        (cards(4111111111111111, 5555555555554444, 6011111111111117, 24 << 20).decode(), b"card 378282246310005\n" * 2, 1, "card 3530111333300000"),
        (None, cards(4111111111111111, 5555555555554444, 6011111111111117, 36 << 20), 2, "card 30569309025904"),
        ("card 378282246310005", None, 3, None)])
    table("loose", [("words", "text")], [], [("small",), (cards(378282246310005, 4012888888881881, 30569309025904, 2 << 20).decode(),)])
    table("denied", [("note", "varchar")], [], [])
    return db


# ---- tokens ----

def done(rows=0, status=0x10):
    return struct.pack("<BHHI", 0xFD, status, 0, rows)


def error(number, words, severity=14):
    body = struct.pack("<IBB", number, 1, severity) + b"\x05ZZZZZ" + struct.pack("<BHH", 0, 0, len(words)) + words.encode()
    body += b"\x07fixture\x00" + struct.pack("<H", 1)
    return struct.pack("<BH", 0xE5, len(body)) + body


def signed_in():
    words = b"Fixture"
    ack = b"\x05\x05\0\0\0" + bytes([len(words)]) + words + b"\x0f\0\0\0"
    charset = b"\x03\x04utf8\x05iso_1"
    can = b"\x01\x0e" + b"\xff" * 14 + b"\x02\x0e" + bytes(14)
    return b"".join((struct.pack("<BH", 0xE3, len(charset)), charset, struct.pack("<BH", 0xAD, len(ack)), ack,
                     struct.pack("<BH", 0xE2, len(can)), can, done(0, 0)))


def type_of(name, values):
    if name in LARGE:
        return LARGE[name]
    return 0x26 if any(isinstance(v, int) for v in values) else 0x27


def described(name, kind):
    out = bytes([len(name)]) + name.encode() + struct.pack("<BIB", 0x20, 0, kind)
    if kind in LARGE.values():
        return out + struct.pack("<IH", 1 << 30, 6) + b"papers" + b"\0"
    return out + (b"\x08" if kind == 0x26 else b"\xff") + b"\0"


def cell(v, kind, longest):
    if v is None:
        return b"\0"
    if kind == 0x26:
        return b"\x08" + struct.pack("<q", v)
    raw = v if isinstance(v, bytes) else str(v).encode()
    if kind == 0x27:
        return bytes([len(raw)]) + raw
    raw = raw[:longest]
    return b"\x10" + bytes(24) + struct.pack("<I", len(raw)) + raw


def answer(db, sql, session):
    if size := re.search(r"SET TEXTSIZE (\d+)", sql):
        session["longest"] = int(size[1])
    if re.match(r"(IF|SET|BEGIN|COMMIT|ROLLBACK|USE)\b", sql, re.I):
        return done(0, 0)
    if "[dbo].[denied]" in sql:
        return error(229, "SELECT permission denied on object denied") + done(0, 2)
    try:
        got = db.execute(tds.plain(sql.replace("master..", "")))
        rows = got.fetchall()
    except sqlite3.Error as e:
        print(e, tds.plain(sql), flush=True)
        return error(102, f"{e}", 15) + done(0, 2)
    names = [d[0][:30] for d in got.description]
    kinds = [type_of(n, [r[i] for r in rows]) for i, n in enumerate(names)]
    form = struct.pack("<H", len(names)) + b"".join(map(described, names, kinds))
    out = [struct.pack("<BH", 0xEE, len(form)), form]
    for r in rows:
        out.append(b"\xd1" + b"".join(cell(v, k, session["longest"]) for v, k in zip(r, kinds)))
    return b"".join(out) + done(len(rows))


# ---- a password under the key of the server (OAEP of PKCS #1 v2.2, SHA-1) ----

def prime(bits):
    while True:
        p = random.getrandbits(bits) | 3 << bits - 2 | 1
        if p % 65537 != 1 and all(pow(a, p - 1, p) == 1 for a in (2, 3, 5, 7)):
            return p


def der(tag, body):
    size = len(body)
    return bytes([tag] + ([size] if size < 128 else [0x81, size])) + body


class Key:
    def __init__(self):
        p, q = prime(512), prime(512)
        self.n, self.d = p * q, pow(65537, -1, (p - 1) * (q - 1))
        numbers = b"".join(der(2, v.to_bytes(v.bit_length() // 8 + 1, "big")) for v in (self.n, 65537))
        text = base64.b64encode(der(0x30, numbers)).decode()
        lines = "\n".join(text[i:i + 64] for i in range(0, len(text), 64))
        self.pem = f"-----BEGIN RSA PUBLIC KEY-----\n{lines}\n-----END RSA PUBLIC KEY-----\n".encode()

    def opened(self, sealed):
        def masked(raw, seed):
            mask = b"".join(hashlib.sha1(seed + struct.pack(">I", i)).digest() for i in range(len(raw) // 20 + 1))
            return bytes(a ^ b for a, b in zip(raw, mask))
        raw = pow(int.from_bytes(sealed, "big"), self.d, self.n).to_bytes(128, "big")
        seed = masked(raw[1:21], raw[21:])
        return masked(raw[21:], seed)[20:].lstrip(b"\0")[1:]


def negotiate(key, nonce):
    form = struct.pack("<H", 3) + struct.pack("<BBIB", 0, 0, 0, 0x26) + b"\x04\0"
    form += b"".join(struct.pack("<BBIBIB", 0, 0, 0, 0xE1, len(v), 0) for v in (key.pem, nonce))
    values = b"\x04\x01\0\0\0" + b"".join(struct.pack("<I", len(v)) + v for v in (key.pem, nonce))
    ack = b"\x07\x05\0\0\0\x07Fixture\x0f\0\0\0"
    return (struct.pack("<BH", 0xAD, len(ack)) + ack + b"\x65\x03\x01\x1e\0" + struct.pack("<BH", 0xEC, len(form)) +
            form + b"\xd7" + values + done(0, 0))


# ---- packets ----

def exactly(s, n):
    got = bytearray()
    while len(got) < n:
        more = s.recv(n - len(got))
        if not more:
            raise ConnectionError
        got += more
    return bytes(got)


def receive(s):
    body, last = b"", 0
    while not last:
        kind, status, size = struct.unpack(">BBH", exactly(s, 8)[:4])
        body += exactly(s, size - 8)
        last = status & 1
    return kind, body


def send(s, body):
    out = bytearray()
    for i in range(0, len(body), PACKET - 8):
        piece = body[i:i + PACKET - 8]
        out += struct.pack(">BBHHBB", 4, int(i + len(piece) == len(body)), len(piece) + 8, 0, 0, 0) + piece
    s.sendall(out)


def word(body, at):
    return body[at:at + body[at + 30]].decode()


def serve(s, db, lock, log, key):
    session, nonce, user = {"longest": 32768}, os.urandom(32), ""
    try:
        while True:
            kind, body = receive(s)
            if kind == 2:
                user = word(body, 31)
                print("password in clear" if word(body, 62) else "no password in clear", file=log, flush=True)
                send(s, negotiate(key, nonce))
            elif kind == 15 and body[0] == 0x65:
                good = (user, key.opened(body[-128:])) == (USER, nonce + PASSWORD.encode())
                print("login", user, "good" if good else "refused", file=log, flush=True)
                send(s, signed_in() if good else error(4002, "Login failed.") + done(0, 2))
            elif kind == 15 and body[0] == 0x21:
                size = struct.unpack_from("<I", body, 1)[0]
                sql = body[6:5 + size].decode()
                print(sql, file=log, flush=True)
                with lock:
                    out = answer(db, sql, session)
                send(s, out)
            else:
                print("unknown", kind, body[:8], flush=True)
                send(s, done(0, 0x22))
    except (ConnectionError, OSError):
        pass
    s.close()


def main():
    db, lock, log, key = database(), threading.Lock(), open(sys.argv[2], "w"), Key()
    listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0], db, lock, log, key), daemon=True).start()


main()
