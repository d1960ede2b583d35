#!/usr/bin/env python3
"""Writes chars_table.c: character sets of one byte, as the C library has them.

chars_make.py >chars_table.c

chars.c has all names. Left to the C library are sets of more than one byte, one
that composes a character of several (TCVN), and what a code page may be called:
an LHA archive says the number of the one that its names are in, and libarchive
then asks the C library, which can load nothing any more."""
import ctypes
import re
import sys

LEFT = {"TCVN", "MAC-CYRILLIC"}  # the second: CP10007
libc = ctypes.CDLL(None, use_errno=True)
libc.iconv_open.restype = ctypes.c_void_p
libc.iconv.restype = ctypes.c_size_t
libc.iconv.argtypes = [ctypes.c_void_p] + [ctypes.c_void_p] * 4


def point(cd, byte):
    """What one byte stands for; None: it stands for nothing by itself."""
    raw = ctypes.create_string_buffer(bytes([byte]), 1)
    out = ctypes.create_string_buffer(16)
    src = ctypes.c_void_p(ctypes.addressof(raw))
    dst = ctypes.c_void_p(ctypes.addressof(out))
    left, room = ctypes.c_size_t(1), ctypes.c_size_t(16)
    libc.iconv(cd, None, None, None, None)
    got = libc.iconv(cd, ctypes.byref(src), ctypes.byref(left),
                     ctypes.byref(dst), ctypes.byref(room))
    if got == ctypes.c_size_t(-1).value:
        if ctypes.get_errno() != 84:  # EILSEQ: no character
            return None
        return 0xfffd
    text = out.raw[:16 - room.value].decode("utf-8")
    return ord(text) if len(text) == 1 and ord(text) < 0x10000 else None


def table(name):
    cd = libc.iconv_open(b"UTF-8", name.encode())
    if cd in (None, ctypes.c_void_p(-1).value):
        sys.exit(f"{name}: the C library has no such set")
    points = [point(cd, b) for b in range(256)]
    return None if None in points else points


def names():
    text = open(sys.path[0] + "/chars.c", encoding="utf-8").read()
    body = text[text.index("} rows[] = {"):]
    return re.findall(r'^    \{"([^"]+)"', body[:body.index("\n};")], re.M)


def main():
    rows, out = [], ["/* Made by chars_make.py. */",
                     '#include "extract/mail/chars_table.h"', "",
                     "#include <stddef.h>", "#include <string.h>", ""]
    for name in names():
        left = name in LEFT or re.match(r"CP\d", name)
        points = None if left else table(name)
        if points is None:
            continue
        first = 0x80 if points[:128] == list(range(128)) else 0
        word = "of_" + re.sub(r"\W", "_", name.lower())
        out.append(f"static const uint16_t {word}[{256 - first}] = {{")
        for i in range(first, 256, 8):
            out.append("\t" + " ".join(f"0x{p:04x}," for p in points[i:i + 8]))
        out += ["};", ""]
        rows.append(f'    {{"{name}", {first}, {word}}},')
    out += ["static const struct chars_table tables[] = {", *rows, "};", "",
            "const struct chars_table *", "chars_table(const char *name)", "{",
            "\tfor (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)",
            "\t\tif (strcmp(tables[i].name, name) == 0)",
            "\t\t\treturn &tables[i];", "\treturn NULL;", "}"]
    print("\n".join(out))


main()
