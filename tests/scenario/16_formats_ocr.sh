#!/bin/bash
# Pictures by ImageMagick with a planted card in their points: found where a
# scan is asked to read them, not looked for where it is not, and what is
# missing for it is said at the start.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/formats.sh"
formats_begin
need img2pdf gs zip
CARD='4539 1488 0343 6467'
LABEL="Please charge the card number\n$CARD\nvalid until 12/29"

# picture FILE OPTION...: that label, as ImageMagick draws and stores it
picture() {
	local file=$1
	shift
	/usr/bin/convert -background white -fill black -font DejaVu-Sans \
	    -pointsize 10 -density 150 label:"$LABEL" -bordercolor white \
	    -border 20 -alpha remove -alpha off -depth 8 "$@" +set label -strip "$S/$file"
}
T='text of the picture'
for kind in png jpg gif webp bmp tif; do
	picture x.$kind
	want x.$kind "$T"
done
picture skew.png -rotate 3
want skew.png "$T"
picture black.png -negate
want black.png "$T"
picture poor.jpg -quality 60
want poor.jpg "$T"
/usr/bin/convert -size 400x200 xc:white "$S/x.tif" -depth 8 -alpha off \
    -compress Group4 "$S/two.tif"
want two.tif "page 2 → $T"
zip -qj "$S/in.zip" "$S/x.png"
want in.zip "x.png → $T"

# Pages that are pictures: as scanners pack them, and as gs draws them.
img2pdf "$S/x.jpg" -o "$S/jpeg.pdf"
img2pdf "$S/skew.png" -o "$S/deflate.pdf"
img2pdf "$S/two.tif" -o "$S/fax.pdf"
for kind in jpeg deflate; do want $kind.pdf "page 1 → $T"; done
want fax.pdf "page 2 → $T"
# draws FILE DEVICE OPTION...
draws() {
	local file=$1 device=$2
	shift 2
	gs -q -dNOPAUSE -dBATCH -r120 -sDEVICE="$device" \
	    -sOutputFile="$S/$file" "$@" -c "/Helvetica findfont 14 scalefont \
	    setfont 72 700 moveto (card $CARD) show showpage"
	want "$file" "page 1 → $T"
}
draws lzw.pdf pdfimage8 -sCompression=LZW
draws runs.pdf pdfimage24 -sCompression=RLE
draws inks.pdf pdfimage32 -sCompression=Flate
# points of one bit as PostScript has them, and a fax of each kind of these
/usr/bin/python3 - "$S/x.png" "$W/bits.ps" <<'P'
import sys
from PIL import Image
m = Image.open(sys.argv[1]).convert("1", dither=0)
w, h = m.size
with open(sys.argv[2], "w") as f:
    f.write("%%!PS\n/s %d string def\n50 400 translate %d %d scale\n"
            "%d %d 1 [%d 0 0 -%d 0 %d] {currentfile s readhexstring pop}\n"
            "image\n" % ((w + 7) // 8, w, h, w, h, w, h, h))
    f.write(m.tobytes().hex() + "\nshowpage\n")
P
fax() {
	gs -q -dNOPAUSE -dBATCH -sDEVICE=pdfwrite -sOutputFile="$S/$1" \
	    -c "<</MonoImageFilter /CCITTFaxEncode /MonoImageDict <<$2>>>> \
	    setdistillerparams" -f "$W/bits.ps"
}
fax one.pdf "/K 0 /EndOfLine true"
fax two.pdf "/K 4 /EndOfLine true"
fax four.pdf "/K -1"
for kind in one two four; do want $kind.pdf "page 1 → $T"; done
fax bare.pdf "/K 0"

SCAN=(--ocr "eng,deu")
check "all are found, at their places" found_all
check "every object is accounted for" adds_up
for f in x.png x.jpg two.tif in.zip jpeg.pdf deflate.pdf fax.pdf four.pdf; do
	check "$f is fully read" full "$f"
done

none() {
	trawl scan --types card_visa "$S" >"$W/none" 2>&1 &&
	    ! grep -q card_visa "$W/none"
}
check "a fax without ends of lines is said not to be" noted bare.pdf "" \
    unsupported

check "nobody asked: nothing is looked for in points" none

pages() {
	trawl scan --types card_visa --coverage "$W/ledger" "$S/fax.pdf" \
	    >/dev/null 2>&1 && noted fax.pdf "" media
}
check "and of pages that are pictures this is said" pages

fails() {
	! trawl scan --ocr eng,qqq "$S" >"$W/said" 2>&1 &&
	    grep -q tesseract-ocr-qqq "$W/said"
}
check "a language that is missing is named with its package" fails

check "trawl extract shows what is read" \
    bash -c 'trawl extract --ocr eng "$1/x.png" | grep -q "$2"' - "$S" "$CARD"

SCAN=(--ocr eng --limit image_pixels=1000)
: >"$W/wanted"
check "nothing is found in what is too large" found_all
check "which is said" noted x.png "" bytes

# The same by order of a master: off unless asked for, and an agent that lacks
# something says so instead of leaving it out.
mkdir "$W/few"
cp "$S/x.png" "$S/fax.pdf" "$W/few"
ordered() { # OPTION...: how the task ended, and its message
	timeout 60 trawl-master scan --data "$M" --all --path "$W/few" \
	    --types card_visa --wait "$@" >"$W/order" 2>&1
}
found_by_order() {
	ordered --ocr eng,deu && export_findings "$W/export" &&
	    jq -r '[.path, .place] | @tsv' "$W/export" | sort >"$W/got" &&
	    printf "$W/few/%s\t%s\n" fax.pdf "page 2 → $T" x.png "$T" |
	    diff - "$W/got"
}
unread_by_order() {
	ordered && trawl-master export --data "$M" --format jsonl \
	    --coverage "$W/ledger" >"$W/export" && ! [ -s "$W/export" ] &&
	    jq_any '.reason == "media" or any(.notes[]?; .reason == "media")' \
	    "$W/ledger"
}
refused_by_agent() {
	! ordered --ocr eng,qqq && grep -q tesseract-ocr-qqq "$W/order"
}
check "a master and an agent" eval \
    'master_init && master_start && agent_enroll a && agent_start a'
check "an order that does not ask leaves points alone, and says so of pages" \
    unread_by_order
check "an order that names languages finds what is in points" found_by_order
check "a language that an agent lacks ends the scan with its package" \
    refused_by_agent
named_wrong() {
	! ordered --ocr ../eng && grep -q "names of languages" "$W/order"
}
check "a name that is none is refused" named_wrong

scenario_end
