#!/usr/bin/env python3
"""A folder of input that is not as it should be.  badinput.py [--remove] DIR

Every readable file holds one made-up card number that passes the check digit."""
import gzip
import io
import os
import random
import socket
import struct
import sys
import zipfile

CARD = "paid with card 4111 1111 1111 1111 today\n"
LONG = "0123456789" * 5
DEPTH = 100


def archive(members, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as z:
        for name, content in members:
            z.writestr(zipfile.ZipInfo(name), content, method)
    return bytearray(out.getvalue())


def patch(data, find, offset, value):
    """Set a 16 or 32 bit field in every header that begins with `find`"""
    at = data.find(find)
    while at >= 0:
        data[at + offset:at + offset + len(value)] = value
        at = data.find(find, at + 4)
    return data


def both(data, local, central, value):
    return patch(patch(data, b"PK\3\4", local, value), b"PK\1\2", central, value)


def deep(top):
    here = os.open(top, os.O_RDONLY)
    for _ in range(DEPTH):
        os.mkdir(LONG, dir_fd=here)
        below = os.open(LONG, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    fd = os.open("deep-file", os.O_WRONLY | os.O_CREAT, 0o644, dir_fd=here)
    os.write(fd, CARD.encode())
    os.close(fd)
    os.close(here)


def remove_deep(top):
    """Folder by folder from the top: the whole is too long for a path"""
    fd = os.open(top, os.O_RDONLY)
    while LONG in os.listdir(fd):
        below = LONG + "/" + LONG
        if LONG in os.listdir(os.path.join(top, LONG)):
            os.rename(below, "next", src_dir_fd=fd, dst_dir_fd=fd)
        else:
            os.unlink(LONG + "/deep-file", dir_fd=fd)
        os.rmdir(LONG, dir_fd=fd)
        if "next" in os.listdir(fd):
            os.rename("next", LONG, src_dir_fd=fd, dst_dir_fd=fd)
    os.close(fd)


def plain(put):
    put("plain.txt", CARD.encode())
    put("zzz-last.txt", CARD.encode())
    put("latin1.txt", "für ".encode("latin-1") + CARD.encode())
    put("utf16.txt", CARD.encode("utf-16-le"))
    put("utf32.txt", ("é " + CARD).encode("utf-32"))
    put("one-byte", b"4")
    put("empty", b"")
    put(b"not-utf8-\xff\xfe.txt", CARD.encode())
    put(b"new\nline\x1b[31m.txt", CARD.encode())


def packed(put, text):
    inner = archive([("c.txt", CARD)])
    nested = bytes(archive([("in.zip", bytes(inner))]))
    out = io.BytesIO()
    with gzip.GzipFile("nested.zip", "wb", fileobj=out) as g:
        g.write(nested)
    put("nested.zip.gz", out.getvalue())
    out = io.BytesIO()
    with gzip.GzipFile("log", "wb", fileobj=out) as g:
        g.write((text + CARD).encode())
    put("log.gz", out.getvalue())
    put("cut.gz", gzip.compress((CARD + text).encode())[:-5000])
    put("cut.zip", archive([("a.txt", CARD), ("b.txt", text)])[:-5000])
    liar = archive([("liar.txt", CARD)])
    put("liar.zip", both(liar, 22, 24, struct.pack("<I", 7)))
    put("locked.zip", both(archive([("x.txt", CARD)]), 6, 8, b"\1\0"))
    put("strange.zip", both(archive([("x.txt", CARD)]), 8, 10, b"\x63\0"))
    zeros = bytes(60 << 20)
    put("bomb.zip", archive([("z%d" % i, zeros) for i in range(3)]))
    bomb = bytes(archive([("z", zeros)]))
    for _ in range(3):
        bomb = bytes(archive([("n%d.zip" % i, bomb) for i in range(10)]))
    put("bomb2.zip", bomb)
    data = CARD.encode()
    for _ in range(12):
        data = gzip.compress(data)
    put("deep.gz", data)


def main():
    top = sys.argv[-1]
    if sys.argv[1] == "--remove":
        return remove_deep(top)

    def put(name, data):
        root = os.fsencode(top)
        name = name if isinstance(name, bytes) else name.encode()
        with open(os.path.join(root, name), "wb") as f:
            f.write(data)

    text = "".join(random.Random(1).choices("abcdefghij \n", k=300000))
    plain(put)
    packed(put, text)
    with open(os.path.join(top, "sparse.img"), "wb") as f:
        f.seek(5 << 30)
        f.write(CARD.encode())
        f.truncate(10 << 30)
    os.mkfifo(os.path.join(top, "pipe"))
    s = socket.socket(socket.AF_UNIX)
    fd = os.open(top, os.O_RDONLY)
    s.bind("/proc/self/fd/%d/socket" % fd)
    os.close(fd)
    os.symlink("plain.txt", os.path.join(top, "link"))
    os.symlink("loop", os.path.join(top, "loop"))
    os.mkdir(os.path.join(top, "up"))
    os.symlink("..", os.path.join(top, "up", "again"))
    put("secret", CARD.encode())
    os.chmod(os.path.join(top, "secret"), 0)
    os.mkdir(os.path.join(top, "closed"))
    put("closed/inside", CARD.encode())
    os.chmod(os.path.join(top, "closed"), 0)
    deep(top)


main()
