#!/usr/bin/env python3
"""Writes charset_page.c: pages of characters, and how often letters are.

charset_make.py >charset_page.c

The pages are those of Python. How often a letter is in a language is counted in
the translations that are installed (/usr/share/locale/*/LC_MESSAGES/*.mo; a
desktop has some hundred): only numbers are taken from them. Other translations
give slightly other numbers; tests/unit/extract/test_charset.c says what is good
enough."""
import collections
import glob
import math
import struct
import sys
import unicodedata

LATIN = "de fr es pt it nl da sv nb fi is ca"
MIDDLE = "pl cs sk hu hr sl ro"
# name, other names, codec, quarter bits that it must be better by, own script
PAGES = [
    ("windows-1252", "cp1252 iso88591 latin1 ascii usascii", "cp1252", 0, 0, LATIN),
    ("windows-1250", "cp1250", "cp1250", 8, 0, MIDDLE),
    ("iso-8859-2", "latin2", "iso8859-2", 10, 0, MIDDLE),
    ("windows-1254", "cp1254 iso88599 latin5", "cp1254", 8, 0, "tr"),
    ("windows-1257", "cp1257 iso885913 latin7", "cp1257", 16, 0, "lt lv et pl"),
    ("iso-8859-15", "latin9", "iso8859-15", 6, 0, LATIN),
    ("macintosh", "macroman xmacroman", "mac_roman", 48, 0, LATIN),
    ("cp850", "ibm850 cp437 ibm437", "cp850", 40, 0, LATIN),
    ("cp852", "ibm852", "cp852", 48, 0, MIDDLE),
    ("windows-1251", "cp1251", "cp1251", 0, 1, "ru uk bg sr be"),
    ("koi8-r", "", "koi8-r", 1, 1, "ru bg"),
    ("koi8-u", "", "koi8-u", 2, 1, "uk be"),
    ("iso-8859-5", "cyrillic", "iso8859-5", 16, 1, "ru uk bg sr be"),
    ("cp866", "ibm866", "cp866", 4, 1, "ru uk be bg"),
    ("x-mac-cyrillic", "maccyrillic", "mac_cyrillic", 24, 1, "ru uk bg sr be"),
    ("windows-1253", "cp1253", "cp1253", 0, 1, "el"),
    ("iso-8859-7", "greek", "iso8859-7", 2, 1, "el"),
    ("windows-1255", "cp1255 iso88598 iso88598i hebrew", "cp1255", 8, 1, "he"),
    ("windows-1256", "cp1256", "cp1256", 8, 1, "ar"),
]
# kind in charset.h, name, other names, codec, language
PAIRS = [
    ("SJIS", "shift_jis", "sjis xsjis windows31j cp932", "cp932", "ja"),
    ("EUC_JP", "euc-jp", "xeucjp ujis", "euc_jp", "ja"),
    ("GBK", "gb18030", "gbk gb2312 cp936 euccn", "gbk", "zh_CN"),
    ("BIG5", "big5", "big5hkscs cp950", "cp950", "zh_TW"),
    ("EUC_KR", "euc-kr", "ksc56011987 cp949 uhc windows949", "cp949", "ko"),
]
OFTEN = 320  # pairs of bytes that are counted
MARKS = ("\u2018\u2019\u201a\u201c\u201d\u201e\u2013\u2014\u2026\u00ab\u00bb"
         "\u2039\u203a\u00a0\u20ac\u00a7\u00b0\u2116\u00a9\u00ae\u00b7\u2022"
         "\u00bf\u00a1\u00ba\u00aa\u00b4\u00a3")
OTHER = 48  # quarter bits of a letter that a language does not have


def strings(path):
    d = open(path, "rb").read()
    if d[:4] != b"\xde\x12\x04\x95":
        return
    n, _, table = struct.unpack("<III", d[8:20])
    for i in range(1, n):
        size, at = struct.unpack_from("<II", d, table + 8 * i)
        yield d[at:at + size].decode("utf-8", "replace")


def counted(lang):
    n = collections.Counter()
    names = [lang, "pt_BR"] if lang == "pt" else [lang]
    for name in names:
        for f in glob.glob("/usr/share/locale/%s/LC_MESSAGES/*.mo" % name):
            for s in strings(f):
                n.update(c for c in unicodedata.normalize("NFC", s)
                         if ord(c) > 127)
    return n


def kind(c):
    """l lower, u upper, o letter without case, p mark, s sign, x none"""
    k = unicodedata.category(c)
    if c == "\ufffd" or k == "Cc":
        return "x"
    if k in ("Ll", "Lu"):
        return k[1]
    if k in ("Lo", "Mn", "Lm"):
        return "o"
    return "p" if c in MARKS else "s"


def bits(share):
    return min(OTHER, round(-4 * math.log2(share)))


def letters(lang):
    n = {c: v for c, v in counted(lang).items() if kind(c) in "luo"}
    total = sum(n.values())
    share = {c: v / total for c, v in n.items() if v / total > 0.0001}
    for c in list(share):  # headlines are of upper case
        u = c.upper()
        if len(u) == 1 and u != c:
            share[u] = max(share.get(u, 0), share[c] * 0.03)
    return sorted((ord(c), bits(v * 0.94)) for c, v in share.items()
                  if ord(c) < 0x10000)


def rows(cells, n, indent="\t"):
    for i in range(0, len(cells), n):
        yield indent + ", ".join(cells[i:i + n]) + ","


def c_name(name):
    return name.replace("-", "_").lower()


def main():
    out = ["/* Made by charset_make.py. */", '#include "extract/charset.h"',
           "", "/* clang-format off */", ""]
    langs = sorted({l for p in PAGES for l in p[5].split()})
    for l in langs:
        out.append("static const struct charset_letter letters_%s[] = {" % l)
        out += rows(["{0x%04x, %d}" % x for x in letters(l)], 5)
        out += ["};", ""]
    for name, also, codec, prior, own, page_langs in PAGES:
        chars = [bytes([b]).decode(codec, "replace") for b in range(128, 256)]
        kinds = "".join(map(kind, chars))
        n = c_name(name)
        out.append("static const uint16_t chars_%s[128] = {" % n)
        out += rows(["0x%04x" % ord(c) for c in chars], 8)
        out += ["};", "", "static const char kinds_%s[] =" % n]
        out += ['\t"%s"' % kinds[i:i + 64] for i in (0, 64)]
        out[-1] += ";"
        out += ["", "static const struct charset_language langs_%s[] = {" % n]
        out += ["\t{letters_%s, sizeof(letters_%s) / sizeof(letters_%s[0])},"
                % (l, l, l) for l in page_langs.split()]
        out += ["\t{NULL, 0},", "};", ""]
    for k, name, also, codec, lang in PAIRS:
        n = collections.Counter()
        for c, v in counted(lang).items():
            b = c.encode(codec, "ignore")
            if len(b) == 2:
                n[b[0] << 8 | b[1]] += v
        total = sum(n.values())
        most = sorted((code, bits(v / total)) for code, v in n.most_common(OFTEN))
        out.append("static const struct charset_letter pairs_%s[] = {" % k.lower())
        out += rows(["{0x%04x, %d}" % x for x in most], 5)
        out += ["};", ""]
    out += ["/* clang-format on */", "", "const struct charset charsets[] = {"]
    for name, also, codec, prior, own, _ in PAGES:
        n = c_name(name)
        out.append('    {.name = "%s",\n     .also = "%s",\n     .chars = chars_%s,\n'
                   "     .kinds = kinds_%s,\n     .langs = langs_%s,\n"
                   "     .prior = %d,\n     .own_script = %s},"
                   % (name, also, n, n, n, prior, "true" if own else "false"))
    out += ["};", "const size_t charset_count = "
            "sizeof(charsets) / sizeof(charsets[0]);", "",
            "const struct charset charset_pairs[] = {"]
    for k, name, also, codec, lang in PAIRS:
        p = "pairs_%s" % k.lower()
        out.append('    {.name = "%s",\n     .also = "%s",\n     .pair = PAIR_%s,\n'
                   "     .often = {%s,\n\t       sizeof(%s) / sizeof(%s[0])}},"
                   % (name, also, k, p, p, p))
    out += ["};"]
    sys.stdout.write("\n".join(out) + "\n")


main()
