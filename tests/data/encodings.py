#!/usr/bin/env python3
"""Made-up cards in every encoding.  encodings.py DIR

Writes the files and DIR.truth: file, type, offset and length of the original
bytes, one finding a line."""
import base64
import os
import quopri
import subprocess
import sys
import tempfile

CARD = "4111 1111 1111 1111"
BARE = CARD.replace(" ", "")
out = []


def put(name, data, *found, codec="utf-8", kind="card_visa"):
    """found: stretches of text that are one finding each, as they stand"""
    raw = data if isinstance(data, bytes) else data.encode(codec)
    at = 0
    with open(os.path.join(DIR, name), "wb") as f:
        f.write(raw)
    for want in found:
        w = want if isinstance(want, bytes) else want.encode(codec)
        at = raw.index(w, at)
        out.append("%s\t%s\t%d\t%d" % (name, kind, at, len(w)))
        at += len(w)


def digits(zero, s):
    return "".join(chr(ord(zero) + int(c)) if c.isdigit() else c for c in s)


def covered(whole, part):
    """The base64 characters that hold some of part within whole"""
    enc = base64.b64encode(whole).decode()
    a = whole.index(part)
    b = a + len(part)
    return enc, enc[a * 8 // 6:-(-b * 8 // 6)]


DIR = sys.argv[1]
os.makedirs(DIR, exist_ok=True)
put("plain", "card %s\n" % CARD, CARD)
for codec in "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be":
    put(codec, "the card is %s, and no other\n" % CARD, CARD, codec=codec)
    put(codec + "-mark", "\ufeffcard %s\n" % CARD, CARD, codec=codec)
for name, zero in ("full-width", "\uff10"), ("arabic", "\u0660"), \
        ("extended-arabic", "\u06f0"), ("devanagari", "\u0966"):
    put(name, "\u20ac card %s.\n" % digits(zero, CARD), digits(zero, CARD))
    put(name + "-16", "\ufeff\u20ac card %s.\n" % digits(zero, CARD),
        digits(zero, CARD), codec="utf-16-le")
for name, c in ("no-break", "\u00a0"), ("narrow", "\u202f"), ("thin", "\u2009"), \
        ("hyphen", "\u2010"), ("en-dash", "\u2013"), ("minus", "\u2212"):
    put(name, "\u20ac card %s.\n" % CARD.replace(" ", c), CARD.replace(" ", c))
put("no-break-1252", "card %s.\n" % CARD.replace(" ", "\u00a0"),
    CARD.replace(" ", "\u00a0"), codec="cp1252")
for codec in "utf-16-le", "utf-16-be":  # other programs appended lines
    wide = "\ufefffirst line, nothing in it\n".encode(codec)
    line = ("card %s,\n" % CARD).encode()
    put("appended-" + codec, wide + line, CARD.encode())
    put("bare-" + codec, wide + BARE.encode(), BARE.encode())
    put("between-" + codec, wide + line + wide + b"\n" + wide + line +
        ("\u043a\u0430\u0440\u0442\u0430 %s\n" % CARD).encode(codec) + line,
        CARD.encode(), CARD.encode(), CARD.encode(codec), CARD.encode())
    put("moved-" + codec, wide + b"\n" + ("card %s\n" % CARD).encode(codec),
        CARD.encode(codec))
program = open("/bin/true", "rb").read()
for codec in "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be":
    for at in 4096, 4097, 4099:  # within a program, wherever it begins
        put("program-%s-%d" % (codec, at), program[:at] + b"\xff\xff" +
            ("card %s" % CARD).encode(codec) + b"\xff\xff" + program[at:],
            CARD, codec=codec)
with tempfile.TemporaryDirectory() as d:  # a disk that nobody mounts
    disk = os.path.join(d, "disk")
    os.mkdir(os.path.join(d, "files"))
    with open(os.path.join(d, "files", "plain.txt"), "w") as f:
        f.write("x" * 5000 + "\ncard %s\n" % CARD)
    with open(os.path.join(d, "files", "wide.txt"), "wb") as f:
        f.write(("\ufeffcard %s\r\n" % CARD).encode("utf-16-le"))
    with open(disk, "wb") as f:
        f.truncate(2 << 20)
    subprocess.run(["/sbin/mkfs.ext4", "-q", "-O", "^has_journal", "-d",
                    os.path.join(d, "files"), disk], check=True)
    raw = open(disk, "rb").read()
put("disk", raw, *sorted((CARD.encode(c) for c in ("ascii", "utf-16-le")),
                         key=raw.index))
for codec in "cp037", "cp500":
    put(codec, "THE CARD IS %s, AND NO OTHER\n" % CARD, CARD, codec=codec)
    put(codec + "-bare", BARE, BARE, codec=codec)
put("cp037-long", "%s\n" % ("RECORD" * 9) * 60000 + CARD + "\n", CARD, codec="cp037")
for codec in "cp1251", "koi8-r", "iso8859-5":
    put(codec, "\u043d\u043e\u043c\u0435\u0440 \u043a\u0430\u0440\u0442\u044b %s\n" % CARD,
        CARD, codec=codec)
# found by the words before them alone, in pages that nobody names
for kind, words, value, codecs in (
        ("ru_passport", "фамилия, имя и паспорт: ", "66 07 049661",
         "cp1251 koi8-r iso8859-5 cp866 mac-cyrillic"),
        ("jp_passport", "お客様の旅券番号は、", "TH8466046",
         "cp932 euc-jp iso2022-jp"),
        ("cn_passport", "客户的姓名和护照号：", "E53480839", "gbk gb18030"),
        ("tw_passport", "客戶的姓名和護照號碼：", "312345678", "big5"),
        ("kr_passport", "고객님의 여권번호 ", "M61630273", "euc-kr")):
    for codec in codecs.split():
        put("%s-%s" % (kind, codec), "%s%s\n" % (words, value), value,
            codec=codec, kind=kind)
put("late", "a line of ASCII\n" * 1000 + "паспорт: 66 07 049661\n",
    "66 07 049661", codec="cp1251", kind="ru_passport")
put("said", "<html><meta charset=koi8-r><p>паспорт</p> 66 07 049661</html>\n",
    "66 07 049661", codec="koi8-r", kind="ru_passport")
put("bad-utf8", "паспорт: ".encode() + b"\xff 66 07 049661\n", "66 07 049661",
    kind="ru_passport")
put("percent", "q=1&card%%20%s&x=2\n" % CARD.replace(" ", "%20"),
    CARD.replace(" ", "%20"))
put("percent-all", "q=" + "".join("%%%02x" % ord(c) for c in BARE) + "\n",
    "".join("%%%02x" % ord(c) for c in BARE))
put("percent-near", "card%%20number%%3D%s&cvv=1\n" % BARE, BARE)
put("percent-twice", "card%%2520%s\n" % BARE.replace("1111", "%2531111", 1))
put("quoted", "card=3D%s\n" % BARE, BARE)
put("quoted-blank", "card %s\n" % CARD.replace(" ", "=20"), CARD.replace(" ", "=20"))
put("quoted-break", "a line that is as long as folded lines are, %s=\r\n%s end\r\n" %
    (BARE[:7], BARE[7:]), BARE[:7] + "=\r\n" + BARE[7:])
put("quoted-utf8", quopri.encodestring(("card %s\n" % CARD.replace(" ", "\u00a0"))
                                       .encode()),
    CARD.replace(" ", "=C2=A0"))
put("base64", "v: %s\n" % base64.b64encode(BARE.encode()).decode(),
    base64.b64encode(BARE.encode()).decode().rstrip("="))
enc, part = covered(b"the number of the card is " + CARD.encode() + b", thank you", CARD.encode())
put("base64-field", '{"v":"%s"}\n' % enc, part)
put("base64-data", "<img src=\"data:text/plain;base64,%s\">\n" % enc, part)
put("base64-16", "\ufeffv: %s\n" % enc, part, codec="utf-16-le")
put("base64-twice", "v: %s\n" % base64.b64encode(enc.encode()).decode())
body = b"Some lines of a mail, every one of them as long as it should be.\n" * 3
body += b"card " + CARD.encode() + b"\n" + body
lines = base64.encodebytes(body).replace(b"\n", b"\r\n")
for pre in b"Content-Transfer-Encoding: base64\r\n\r\n", b"x" * (3 << 20) + b"\n":
    enc, part = covered(body, CARD.encode())
    flat = lines.replace(b"\r\n", b"")
    a = flat.index(part.encode())
    # where the same characters stand among the line breaks
    at = [i for i, c in enumerate(lines) if c not in b"\r\n"]
    put("base64-lines-%d" % len(pre), pre + lines + b"\r\n",
        lines[at[a]:at[a + len(part) - 1] + 1])
put("both-ways", "card %s and card%%20of %s.\n" % (CARD, BARE), CARD, BARE)
put("long", "%41 and some text. " * 200000 + "card%%20%s\n" % CARD, CARD)
with open(DIR + ".truth", "w") as f:
    f.write("\n".join(out) + "\n")
