#!/usr/bin/env python3
"""Deletes entries of a directory on loopback, one after the other: for tests.
ldap_delete.py PORT USER PASSWORD <DNS"""
import socket
import sys


def tlv(tag, *parts):
    body = b"".join(parts)
    n = len(body)
    size = bytes([n]) if n < 128 else b"\x82" + n.to_bytes(2, "big")
    return bytes([tag]) + size + body


def ask(s, number, what):
    s.sendall(tlv(0x30, tlv(2, number.to_bytes(4, "big")), what))
    got = s.recv(4096)  # small: one piece on loopback
    code = got[got.index(b"\x0a\x01") + 2]
    if code:
        sys.exit(f"request {number}: result {code}")


port, user, password = sys.argv[1:4]
with socket.create_connection(("127.0.0.1", int(port)), 10) as s:
    ask(s, 1, tlv(0x60, b"\x02\x01\x03", tlv(4, user.encode()), tlv(0x80, password.encode())))
    for n, dn in enumerate(sys.stdin.read().split("\n")):
        if dn:
            ask(s, n + 2, tlv(0x4A, dn.encode()))
