#!/bin/bash
# PDFs by the tools that people use: the card is found on its page, and in the
# note, form, outline, properties and attachment where it stands; encrypted by
# the empty password, packed, turned, without its end, within a zip.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/formats.sh"
formats_begin
need qpdf gs groff zip

A='→'

# document FILE WHERE: two pages by reportlab, the card in one place of them
document() {
	/usr/bin/python3 - "$1" "$2" "$CARD" <<'P'
import sys
from reportlab.pdfgen import canvas
name, where, card = sys.argv[1:]
c = canvas.Canvas(name, pageCompression=1, invariant=1)
c.setTitle("card " + card if where == "properties" else "an invoice")
c.bookmarkPage("one")
c.addOutlineEntry("card " + card if where == "outline" else "one", "one")
c.drawString(100, 700, "The first page.")
c.showPage()
c.drawString(100, 700, "card")
if where == "page":
    c.drawString(130, 700, card)
if where == "pieces":
    for i, part in enumerate(card.split()):
        c.drawString(130 + 32 * i, 700, part)
if where == "letters":
    x = 130
    for letter in card:
        c.drawString(x, 700, letter)
        x += c.stringWidth(letter, "Helvetica", 12)
if where == "turned":
    c.rotate(90)
    c.drawString(130, -300, "card " + card)
if where == "drawn":
    c.beginForm("stamp")
    c.drawString(130, 650, "card " + card)
    c.endForm()
    c.doForm("stamp")
if where == "note":
    c.textAnnotation("card " + card, [100, 100, 200, 200])
if where == "form":
    c.acroForm.textfield(name="card", tooltip="card", value=card,
                         x=100, y=500, width=200, height=20)
c.showPage()
c.save()
P
}

for where in page pieces letters turned drawn; do
	document "$S/$where.pdf" $where
	want $where.pdf "page 2"
done
document "$S/note.pdf" note
want note.pdf "page 2 $A annotation"
document "$S/form.pdf" form
want form.pdf "page 2 $A form"
for where in outline properties; do
	document "$S/$where.pdf" $where
	want $where.pdf $where
done

P=$S/page.pdf
qpdf "$S/note.pdf" --object-streams=generate "$S/packed.pdf"
want packed.pdf "page 2 $A annotation"
qpdf "$P" --linearize "$S/linear.pdf"
qpdf "$P" --allow-weak-crypto --encrypt "" o 40 -- "$S/rc4_40.pdf"
qpdf "$P" --allow-weak-crypto --encrypt "" o 128 --use-aes=n -- "$S/rc4.pdf"
qpdf "$P" --allow-weak-crypto --encrypt "" o 128 --use-aes=y -- "$S/aes.pdf"
qpdf "$P" --object-streams=generate --encrypt "" o 256 -- "$S/aes_256.pdf"
qpdf "$P" --encrypt secret o 256 -- "$S/locked.pdf"
qpdf "$P" --stream-data=uncompress "$S/plain.pdf"
head -c -400 "$P" >"$S/cut.pdf"
zip -qj "$S/in.zip" "$P"
for f in linear rc4_40 rc4 aes aes_256 plain cut; do
	want $f.pdf "page 2"
done
want in.zip "page.pdf $A page 2"

document "$W/none.pdf" none
qpdf "$W/none.pdf" --add-attachment "$I/a.txt" -- "$S/attached.pdf"
want attached.pdf "attachment $A a.txt"

printf '.bp 2\nThe card is %s today.\n' "$CARD" |
	groff -Tpdf >"$S/groff.pdf"
want groff.pdf "page 2"
gs -q -sDEVICE=pdfwrite -o "$S/gs.pdf" "$P"
want gs.pdf "page 2"
/usr/bin/python3 - "$S/cairo.pdf" "$CARD" <<'P'
import sys, cairo
s = cairo.PDFSurface(sys.argv[1], 400, 400)
c = cairo.Context(s)
c.set_font_size(12)
c.move_to(20, 100)
c.show_text("nothing")
c.show_page()
c.move_to(20, 100)
c.show_text("card " + sys.argv[2])
c.show_page()
s.finish()
P
want cairo.pdf "page 2"

check "all are found, at their places" found_all
check "every object is accounted for" adds_up
check "a whole one is fully read" full page.pdf
check "one without its end is said to be damaged" \
    noted cut.pdf "" malformed
check "one with a password is said to be encrypted" \
    noted locked.pdf "" encrypted

# with the password it opens
printf 'wrong\nsecret\n' >"$W/passwords"
SCAN=(--passwords "$W/passwords")
want locked.pdf "page 2"
check "a password of the list opens it" found_all

# Damaged at random: every one ends, none costs a worker.
mkdir "$W/kinds"
mv "$S"/{page,form,packed,aes,aes_256,attached,groff,gs,cairo}.pdf "$W/kinds"
rm "$S"/*
mutants() {
	python3 - "$W/kinds" "$S" "${TORTURE:+2000}" <<'P'
import os, random, sys
src, out = sys.argv[1:3]
kinds = sorted(os.listdir(src))
for i in range(int(sys.argv[3] or 270)):
    random.seed(i)
    k = kinds[i % len(kinds)]
    b = bytearray(open(os.path.join(src, k), "rb").read())
    for _ in range(random.randrange(1, 30)):
        at = random.randrange(len(b))
        how = random.randrange(4)
        if how == 0: b[at] ^= 1 << random.randrange(8)
        elif how == 1: b[at] = random.choice(b"0123456789<>[]()/% ")
        elif how == 2: b[at:at + 4] = b"9999"[:len(b[at:at + 4])]
        else: b[at:at] = b[at // 2:at // 2 + 40]
    if i % 4 == 3: b = b[:random.randrange(1, len(b))]
    open(os.path.join(out, "%d-%s" % (i, k)), "wb").write(b)
P
}
check "mutants are made" mutants
survives() {
	trawl scan --types card_visa --format jsonl --coverage "$W/ledger" \
	    "$S" >"$W/found" 2>"$W/said"
}
check "a scan of mutants ends" survives
check "every mutant is accounted for" adds_up
crashed() { jq_any '.reason == "crashed" or .reason == "time"' "$W/ledger"; }
check "none crashed a worker" eval '! crashed'

scenario_end
