#!/usr/bin/env python3
"""A directory on loopback that lets everybody in and answers every search with
an empty page and that there is one more, for tests.  ldap_void.py PORT LOG"""
import socket
import sys
import threading


def tlv(tag, *parts):
    body = b"".join(parts)
    return bytes([tag, 0x81, len(body)]) + body


def result(tag):
    return tlv(tag, b"\x0a\x01\0", tlv(4), tlv(4))


PAGED = tlv(0xA0, tlv(0x30, tlv(4, b"1.2.840.113556.1.4.319"),
                      tlv(4, tlv(0x30, b"\x02\x01\0", tlv(4, b"one more")))))


def serve(s, log):
    f = s.makefile("rb")
    while head := f.read(2):
        size = head[1]
        if size & 0x80:
            size = int.from_bytes(f.read(size & 0x7F), "big")
        body = f.read(size)
        number, what = body[:2 + body[1]], body[2 + body[1]]
        if what == 0x60:
            s.sendall(tlv(0x30, number, result(0x61)))
        elif what == 0x63:
            log.write("search\n")
            s.sendall(tlv(0x30, number, result(0x65), PAGED))


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
with open(sys.argv[2], "w", buffering=1) as log:
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0], log), daemon=True).start()
