#!/bin/bash
# Messages, mailboxes and what they hold, made by programs that are not ours:
# the card is found with its place; what is encrypted or cut is reported.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/formats.sh"
formats_begin
need /usr/bin/python3 uuencode mpack openssl zip readpst

(cd "$I" && zip -q ../a.zip a.txt)
/usr/bin/python3 - "$S" "$W/a.zip" "$CARD" <<'P'
import base64, mailbox, sys
from email.message import EmailMessage
d, zipped, card = sys.argv[1], open(sys.argv[2], "rb").read(), sys.argv[3]

def message(subject="s"):
    m = EmailMessage()
    m["From"] = "a@example.org"
    m["To"] = "b@example.org"
    m["Subject"] = subject
    return m

def write(name, m):
    with open(d + "/" + name, "wb") as f:
        f.write(m if isinstance(m, bytes) else m.as_bytes())

m = message("\u00e4 card " + card)
m.set_content("nothing\n")
write("subject.eml", m)
m = message()
m.set_content("see\n")
m.add_attachment(zipped, maintype="application", subtype="zip",
                 filename="f\u00fc\u00dfe.zip")
write("attached.eml", m)
inner = m
m = message()
m.set_content("\u00e4 see\n", cte="quoted-printable")
m.add_alternative("<p>card %s</p>" % card, subtype="html", cte="base64")
write("html.eml", m)
m = message()
m.set_content("forwarded\n")
m.add_attachment(inner)
write("forwarded.eml", m)
box = mailbox.mbox(d + "/box")
for i in range(50):
    m = message("n %d" % i)
    m.set_content("From %d on\n" % i)
    if i == 41:
        m.add_attachment(zipped, maintype="application", subtype="zip",
                         filename="scan.zip")
    box.add(m)
box.flush()
folder = mailbox.Maildir(d + "/maildir")
key = folder.add(mailbox.MaildirMessage(inner))
with open(d + "/../key", "w") as f:
    f.write("new/" + key)
words = {"utf-16": "card", "utf-7": "card", "koi8-r": "\u043a\u0430\u0440\u0442\u0430",
         "windows-1251": "\u043a\u0430\u0440\u0442\u0430", "big5": "\u5361\u865f",
         "iso-2022-jp": "\u30ab\u30fc\u30c9", "shift_jis": "\u30ab\u30fc\u30c9",
         "euc-jp": "\u30ab\u30fc\u30c9", "gb18030": "\u5361\u53f7",
         "euc-kr": "\uce74\ub4dc", "iso-8859-15": "card \u20ac"}
for name, word in words.items():
    body = "%s %s\n" % (word, card)
    write("in_%s.eml" % name,
          b"From: a@example.org\nTo: b@example.org\nSubject: s\n"
          b"Content-Type: text/plain; charset=\"" + name.encode() + b"\"\n"
          b"Content-Transfer-Encoding: base64\n\n" +
          base64.encodebytes(body.encode(name)))
    with open(d + "/../charsets", "a") as f:
        f.write(name + "\n")
whole = inner.as_bytes()
write("cut.eml", whole[:whole.rindex(b"\n--")][:-7])
b = inner.get_boundary().encode()
write("boundary.eml", whole.replace(b"--" + b, b"--other"))
P
want subject.eml 'header Subject'
want attached.eml 'füße.zip → a.txt'
want html.eml 'html body'
want forwarded.eml 'attached message → füße.zip → a.txt'
want box 'message 42 → scan.zip → a.txt'
want "maildir/$(cat "$W/key")" 'füße.zip → a.txt'
want boundary.eml 'füße.zip → a.txt'
want cut.eml 'füße.zip → a.txt'
while read -r name; do
	want "in_$name.eml" body
done <"$W/charsets"

{
	printf 'From: a@example.org\nTo: b@example.org\nSubject: s\n\nsee\n'
	uuencode "$I/a.txt" notes.txt
} >"$S/uu.eml"
want uu.eml notes.txt
mpack -s subject -o "$S/mpack.eml" "$W/a.zip"
want mpack.eml 'a.zip → a.txt'

openssl req -x509 -newkey rsa:2048 -nodes -keyout "$W/k.pem" -out "$W/c.pem" \
    -days 9 -subj /CN=x 2>/dev/null
printf 'Content-Type: text/plain\n\ncard %s\n' "$CARD" >"$W/part"
head=(-subject s -from a@example.org -to b@example.org)
openssl cms -encrypt -in "$W/part" "${head[@]}" -out "$S/sealed.eml" "$W/c.pem"
openssl cms -sign -nodetach -in "$W/part" "${head[@]}" -signer "$W/c.pem" \
    -inkey "$W/k.pem" -out "$S/signed.eml"
want signed.eml 'smime.p7m → signed content → body'

# Stores are of our own making: another reader must see in them what we do.
pst=$TOP/tests/data/pst.py
for kind in ansi wide large; do
	for crypt in 0 1 2; do
		f=$kind$crypt.pst
		python3 "$pst" "$S/$f" $kind $crypt "$CARD" "$W/a.zip"
		want $f 'Inbox/7 → subject'
		want $f 'Inbox/8 → body'
		want $f 'Inbox/42 → scan.zip → a.txt'
		want $f 'Inbox/hidden 1 → body'
		want $f 'Inbox/Bücher/1 → html body → line 1 p'
		want $f 'Inbox/Bücher/2 → forwarded → body'
		want $f 'Inbox/Bücher/2 → forwarded → in.zip → a.txt'
		want $f 'Inbox/Bücher/3 → recipient 2 name'
		want $f 'Inbox/Bücher/4 → header X-Card'
		want $f 'Inbox/Bücher/5 → property 8000'
		want $f 'Inbox/Bücher/6 → body'
		want $f 'Inbox/Bücher/7 → large.bin'
		want $f 'Deleted Items/1 → body'
		want $f 'orphaned/1 → body'
	done
done
for f in ansi0.pst ansi1.pst wide0.pst wide1.pst; do
	want $f 'unused space'
done
# -j0: its children would race for the numbers of the files
readpst -j0 -D -S -e -o "$W" "$S/wide1.pst" >/dev/null 2>&1
seen_by_readpst() {
	local d="$W/Personal Folders" n
	n=$(find "$d/Inbox" -maxdepth 1 -name '*.eml' | wc -l)
	# what it numbers begins with the folders within and hidden messages
	((n == 51)) && grep -rq "$CARD" "$d/Deleted Items" &&
		grep -q "$CARD" "$d/Inbox/Bücher/6.eml"
}
check "readpst reads the stores that are made here" seen_by_readpst

check "cards in mail are found with their places" found_all
check "what is sealed is reported" noted sealed.eml smime.p7m encrypted
check "a boundary that nobody declared is" noted boundary.eml '' malformed
check "parts that do not end are" noted cut.eml '' truncated
check "a mailbox is fully read" full box
check "a store with a password is" full wide1.pst
check "messages within messages are" full forwarded.eml
check "every message ends as one of the ledger" adds_up

# A large mailbox goes by in little memory.
python3 - "$S/large" <<'P'
import sys
head = b"From a@b Thu Jan  1 00:00:00 2026\nFrom: a@b\nTo: c@d\nSubject: s\n\n"
body = b"words that say nothing at all, and then some more of them\n" * 500
with open(sys.argv[1], "wb") as f:
    for i in range(7000):
        f.write(head + body + b"\n")
P
little() {
	(ulimit -v 1500000 && trawl scan --types card_visa --coverage \
	    "$W/ledger" "$S/large" >/dev/null 2>&1) && full large
}
check "a mailbox of 200 MB is streamed" little
scenario_end
