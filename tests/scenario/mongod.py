#!/usr/bin/env python3
"""A server that speaks MongoDB's protocol (OP_MSG, OP_QUERY for the greeting,
SCRAM-SHA-256), for lack of one in Debian: mongod.py PORT LOG DOCUMENTS [CERT KEY].
It knows the commands of who reads, logs each by name, and projections as JSON,
and refuses all others;
DROP_AFTER in the environment closes connections after so many batches, once;
with HEAVY it holds nothing but a file of so many MiB and documents of 15. Told so
by SIGUSR1, it drops the collection of GOODS while it is read."""

import base64
import hashlib
import hmac
import io
import json
import os
import secrets
import signal
import socket
import ssl
import struct
import sys
import threading
import zipfile

USER, PASSWORD = "clerk", "a clerk's own"
GOODS = ("depot", "goods")
SALT, ROUNDS = b"0123456789abcdefghijklmnopqr", 4096


class Oid(bytes):
    pass


class Date(int):
    pass


def cstring(s):
    return s.encode() + b"\0"


def element(name, v):
    """One element of a document: its kind, name and value."""
    n = cstring(name)
    if isinstance(v, bool):
        return b"\x08" + n + bytes([v])
    if isinstance(v, Date):
        return b"\x09" + n + struct.pack("<q", v)
    if isinstance(v, int):
        small = -(2**31) <= v < 2**31
        return (b"\x10" + n + struct.pack("<i", v)) if small else (
            b"\x12" + n + struct.pack("<q", v))
    if isinstance(v, float):
        return b"\x01" + n + struct.pack("<d", v)
    if isinstance(v, Oid):
        return b"\x07" + n + bytes(v)
    if isinstance(v, bytes):
        return b"\x05" + n + struct.pack("<iB", len(v), 0) + v
    if isinstance(v, str):
        return b"\x02" + n + struct.pack("<i", len(v.encode()) + 1) + cstring(v)
    if isinstance(v, dict):
        return b"\x03" + n + encode(v)
    if isinstance(v, list):
        return b"\x04" + n + encode({str(i): x for i, x in enumerate(v)})
    if v is None:
        return b"\x0a" + n
    raise TypeError(type(v))


def encode(doc):
    body = b"".join(element(k, v) for k, v in doc.items())
    return struct.pack("<i", len(body) + 5) + body + b"\0"


def decode(raw, at=0):
    """A document and where it ends."""
    end = at + struct.unpack_from("<i", raw, at)[0]
    at += 4
    doc = {}
    while raw[at]:
        kind = raw[at]
        stop = raw.index(b"\0", at + 1)
        name = raw[at + 1:stop].decode()
        at = stop + 1
        if kind == 0x01:
            v, at = struct.unpack_from("<d", raw, at)[0], at + 8
        elif kind == 0x02:
            n = struct.unpack_from("<i", raw, at)[0]
            v, at = raw[at + 4:at + 3 + n].decode(), at + 4 + n
        elif kind in (0x03, 0x04):
            v, at = decode(raw, at)
            v = list(v.values()) if kind == 0x04 else v
        elif kind == 0x05:
            n = struct.unpack_from("<i", raw, at)[0]
            v, at = raw[at + 5:at + 5 + n], at + 5 + n
        elif kind == 0x07:
            v, at = Oid(raw[at:at + 12]), at + 12
        elif kind == 0x08:
            v, at = bool(raw[at]), at + 1
        elif kind == 0x0A:
            v = None
        elif kind == 0x10:
            v, at = struct.unpack_from("<i", raw, at)[0], at + 4
        elif kind in (0x09, 0x11, 0x12):
            v, at = struct.unpack_from("<q", raw, at)[0], at + 8
        else:
            raise ValueError(hex(kind))
        doc[name] = v
    return doc, end


def order(key):
    """Numbers before texts before ids, as the real one has it."""
    kinds = {int: 0, float: 0, str: 1, Oid: 2}
    return kinds[type(key)], key


def holdings(count):
    f = io.BytesIO()
    with zipfile.ZipFile(f, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("x.csv", "name,card\nAnna,4111111111111111\n")
    people = [{"_id": n, "name": "nobody %d" % n, "born": Date(n * 1000),
               "score": n / 7, "more": {"flags": [True, None, n]}}
              for n in range(count - 4)]
    people += [
        {"_id": "anna", "address": {"cards": [{"number": "nothing"},
                                              {"number": "card 4111 1111 1111 1111"}]}},
        {"_id": Oid(bytes.fromhex("64b1f0a2c3d4e5f601234567")),
         "note": "card 5555555555554444", "photo": f.getvalue()},
        {"_id": "large", "text": "words that say nothing " * 100000 + "card 378282246310005"},
        {"_id": 2**40, "number": 6011111111111117, "card": "6011111111111117"},
    ]
    csv = b"name,card\n" + b"nobody,none\n" * 50000 + b"Anna,4111111111111111\n"
    size = 255 * 1024
    chunks = [{"_id": i, "files_id": 1, "n": i, "data": csv[i * size:(i + 1) * size]}
              for i in range((len(csv) + size - 1) // size)]
    return {
        "shop": {
            "people": people,
            "fs.files": [{"_id": 1, "length": len(csv), "filename": "q3.csv"},
                         {"_id": 2, "length": 0, "filename": "empty.txt"}],
            "fs.chunks": chunks,
            "vault": [{"_id": 1, "card": "4111111111111111"}],
        },
        GOODS[0]: {GOODS[1]: [{"_id": n, "card": "card 4111 1111 1111 1111",
                               "text": "words " * 150} for n in range(1500)]},
        "other": {"things": [{"_id": 1, "card": "card 4111111111111111"}]},
        "local": {"log": [{"_id": 1, "card": "card 4111111111111111"}]},
    }


def heavy(mib):
    """One piece, and one text, stand for many: they are never changed."""
    size = 255 * 1024
    piece = (b"words that say nothing\n" * 12000)[:size]
    count = (mib << 20) // size
    chunks = [{"_id": i, "files_id": 1, "n": i, "data": piece} for i in range(count)]
    chunks.append({"_id": count, "files_id": 1, "n": count, "data": b"card 378282246310005\n"})
    text = "words that say nothing " * (15 * 45590)
    return {"vast": {
        "fs.files": [{"_id": 1, "length": count * size + 21, "filename": "a.txt"}],
        "fs.chunks": chunks,
        "wide": [{"_id": i, "text": text} for i in range(2)] +
                [{"_id": 2, "text": text + "card 4111111111111111"}],
    }}


def without(v, way):
    """A value without what stands at the way, in all elements of lists."""
    if isinstance(v, list):
        return [without(x, way) for x in v]
    if not isinstance(v, dict) or way[0] not in v:
        return v
    v = dict(v)
    if len(way) == 1:
        del v[way[0]]
    else:
        v[way[0]] = without(v[way[0]], way[1:])
    return v


def only(v, ways):
    if isinstance(v, list):
        return [only(x, ways) for x in v if isinstance(x, (dict, list))]
    kept = {}
    for name, x in v.items():
        below = [w[1:] for w in ways if w[0] == name]
        if [] in below:
            kept[name] = x
        elif below and isinstance(x, (dict, list)):
            kept[name] = only(x, below)
    return kept


def project(doc, fields):
    ways = [name.split(".") for name in fields]
    if any(a != b and b[:len(a)] == a for a in ways for b in ways):
        raise Refused(31249, "Path collision")
    if len(set(fields.values())) > 1:
        raise Refused(31254, "Cannot do exclusion in inclusion projection")
    if fields and all(fields.values()):
        return only(doc, ways + [["_id"]])
    for way in ways:
        doc = without(doc, way)
    return doc


BATCH_BYTES = 16 << 20


def weight(doc):
    return sum(len(v) for v in doc.values() if isinstance(v, (bytes, str))) + 64


VIEWS = {("shop", "seen"): "people"}


class Refused(Exception):
    def __init__(self, code, words):
        super().__init__(words)
        self.code = code


class Session:
    def __init__(self, server, sock):
        self.server, self.sock = server, sock
        self.signed = False
        self.cursors = {}
        self.scram = None

    def exactly(self, n):
        got = b""
        while len(got) < n:
            piece = self.sock.recv(n - len(got))
            if not piece:
                raise ConnectionError
            got += piece
        return got

    def serve(self):
        while True:
            size, number, _, code = struct.unpack("<iiii", self.exactly(16))
            body = self.exactly(size - 16)
            if code == 2004:  # OP_QUERY
                name = body.index(b"\0", 4)
                doc, _ = decode(body, name + 9)
                answer = encode(self.answer(doc))
                head = struct.pack("<iiii", 36 + len(answer), 0, number, 1)
                self.sock.sendall(head + struct.pack("<iqii", 0, 0, 0, 1) + answer)
            elif code == 2013:  # OP_MSG
                assert body[4] == 0
                doc, _ = decode(body, 5)
                answer = struct.pack("<I", 0) + b"\0" + encode(self.answer(doc))
                self.sock.sendall(struct.pack("<iiii", 16 + len(answer), 0, number, 2013)
                                  + answer)
            else:
                raise ConnectionError

    def answer(self, doc):
        name = next(iter(doc))
        self.server.log(name)
        call = getattr(self, "do_" + name.lower(), None)
        try:
            if call is None:
                raise Refused(59, "no such command: '%s'" % name)
            if not self.signed and name.lower() not in (
                    "hello", "ismaster", "saslstart", "saslcontinue", "endsessions"):
                raise Refused(13, "command %s requires authentication" % name)
            return dict(call(doc), ok=1.0)
        except Refused as e:
            return {"ok": 0.0, "errmsg": str(e), "code": e.code}

    def do_hello(self, doc):
        return {"ismaster": True, "isWritablePrimary": True, "maxBsonObjectSize": 16 << 20,
                "maxMessageSizeBytes": 48000000, "maxWriteBatchSize": 100000,
                "minWireVersion": 0, "maxWireVersion": 17, "readOnly": False,
                "saslSupportedMechs": ["SCRAM-SHA-256"]}

    do_ismaster = do_hello

    def do_saslstart(self, doc):
        if doc["mechanism"] != "SCRAM-SHA-256":
            raise Refused(18, "Authentication failed.")
        bare = doc["payload"].decode().split(",", 2)[2]
        fields = dict(f.split("=", 1) for f in bare.split(","))
        nonce = fields["r"] + secrets.token_hex(8)
        first = "r=%s,s=%s,i=%d" % (nonce, base64.b64encode(SALT).decode(), ROUNDS)
        self.scram = (fields["n"], nonce, bare, first)
        return {"conversationId": 1, "done": False, "payload": first.encode()}

    def do_saslcontinue(self, doc):
        if self.scram is None:  # the empty last step
            return {"conversationId": 1, "done": True, "payload": b""}
        user, nonce, bare, first = self.scram
        self.scram = None
        text = doc["payload"].decode()
        without, proof = text.rsplit(",p=", 1)
        salted = hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), SALT, ROUNDS)
        sign = lambda k, m: hmac.new(k, m, "sha256").digest()
        key = sign(salted, b"Client Key")
        said = ",".join((bare, first, without)).encode()
        want = bytes(a ^ b for a, b in zip(
            key, sign(hashlib.sha256(key).digest(), said)))
        if user != USER or base64.b64decode(proof) != want or nonce not in without:
            self.server.log("refused")
            raise Refused(18, "Authentication failed.")
        self.signed = True
        v = base64.b64encode(sign(sign(salted, b"Server Key"), said)).decode()
        return {"conversationId": 1, "done": True, "payload": b"v=" + v.encode()}

    def do_connectionstatus(self, doc):
        return {"authInfo": {}}

    def do_endsessions(self, doc):
        return {}

    def do_killcursors(self, doc):
        return {"cursorsKilled": doc["cursors"]}

    def do_listdatabases(self, doc):
        return {"databases": [{"name": n} for n in self.server.held]}

    def do_listcollections(self, doc):
        names = self.server.held.get(doc["$db"], {})
        found = [{"name": n, "type": "collection"} for n in names]
        found += [{"name": n, "type": "view"} for b, n in VIEWS if b == doc["$db"]]
        return {"cursor": {"id": 0, "ns": doc["$db"] + ".$cmd.listCollections",
                           "firstBatch": found}}

    def of(self, base, name):
        if (base, name) == ("shop", "vault"):
            raise Refused(13, "not authorized on shop to execute command")
        name = VIEWS.get((base, name), name)
        return self.server.held.get(base, {}).get(name, [])

    def do_count(self, doc):
        return {"n": len(self.of(doc["$db"], doc["count"]))}

    def do_find(self, doc):
        docs = self.of(doc["$db"], doc["find"])
        docs = [d for d in docs if all(d.get(k) == v
                                       for k, v in doc.get("filter", {}).items())]
        for key in doc.get("sort", {}):
            docs = sorted(docs, key=lambda d: order(d[key]))
        if "min" in doc:
            assert doc["hint"] == {"_id": 1}
            docs = [d for d in docs if order(d["_id"]) >= order(doc["min"]["_id"])]
        if "projection" in doc:
            self.server.log("projection %s.%s %s" % (
                doc["$db"], doc["find"], json.dumps(doc["projection"])))
            docs = [project(d, doc["projection"]) for d in docs]
        return self.batch(doc["$db"] + "." + doc["find"], docs,
                          doc.get("batchSize", 101), "firstBatch")

    def do_getmore(self, doc):
        if doc["getMore"] not in self.cursors:
            raise Refused(43, "cursor id %d not found" % doc["getMore"])
        space, docs = self.cursors.pop(doc["getMore"])
        if space == ".".join(GOODS) and not self.of(*GOODS):
            raise Refused(175, "collection dropped. UUID")
        return self.batch(space, docs, doc.get("batchSize", 101), "nextBatch")

    def batch(self, space, docs, size, name):
        if self.server.must_drop():
            raise ConnectionError
        number, sum = 0, 0
        for i, doc in enumerate(docs[:size]):
            sum += weight(doc)
            if sum > BATCH_BYTES and i > 0:
                size = i
                break
        if len(docs) > size:
            number = secrets.randbits(40) + 1
            self.cursors[number] = (space, docs[size:])
        return {"cursor": {"id": number, "ns": space, name: docs[:size]}}


class Server:
    def __init__(self, port, log, count, tls):
        mib = int(os.environ.get("HEAVY", "0"))
        self.held = heavy(mib) if mib else holdings(count)
        self.file = open(log, "a", buffering=1)
        self.drop = int(os.environ.get("DROP_AFTER", "0"))
        self.listener = socket.create_server(("127.0.0.1", port), backlog=16)
        self.tls = None
        if tls:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(*tls)

    def drop_goods(self, *_):
        self.held[GOODS[0]].pop(GOODS[1], None)

    def log(self, word):
        self.file.write(word + "\n")

    def must_drop(self):
        """True once, when enough batches went out."""
        self.drop -= 1
        return self.drop == 0

    def one(self, sock):
        try:
            with self.tls.wrap_socket(sock, server_side=True) if self.tls else sock as s:
                Session(self, s).serve()
        except (OSError, ssl.SSLError):
            pass

    def run(self):
        while True:
            sock, _ = self.listener.accept()
            threading.Thread(target=self.one, args=(sock,), daemon=True).start()


server = Server(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4:6])
signal.signal(signal.SIGUSR1, server.drop_goods)
server.run()
