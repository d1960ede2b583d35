#!/usr/bin/env python3
"""lha.py CODEPAGE FILE: an LHA archive on stdout (level 2, stored) of one file
whose name, "café.txt", is in the code page that the archive names."""
import struct
import sys

page = int(sys.argv[1])
data = open(sys.argv[2], "rb").read()
name = "café.txt".encode(f"cp{page}")


def crc16(b):
    c = 0
    for x in b:
        c ^= x
        for _ in range(8):
            c = c >> 1 ^ (0xa001 if c & 1 else 0)
    return c


def head(crc):
    parts = [b"\0" + struct.pack("<H", crc), b"\1" + name,
             b"\x46" + struct.pack("<I", page)]
    more = b"".join(struct.pack("<H", len(p) + 2) + p for p in parts)
    rest = (b"-lh0-" + struct.pack("<III", len(data), len(data), 1600000000)
            + b"\x20\2" + struct.pack("<H", crc16(data)) + b"U" + more + b"\0\0")
    return struct.pack("<H", len(rest) + 2) + rest


sys.stdout.buffer.write(head(crc16(head(0))) + data + b"\0")
