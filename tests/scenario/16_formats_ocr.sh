#!/bin/bash
# Pictures by ImageMagick with a planted card in their points: found where a
# scan is asked to read them, not looked for where it is not, and what is
# missing for it is said at the start.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/formats.sh"
formats_begin
need exiftool img2pdf zip
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

SCAN=(--ocr eng,deu)
check "all are found, at their places" found_all
check "every object is accounted for" adds_up
for f in x.png x.jpg two.tif in.zip; do
	check "$f is fully read" full "$f"
done

none() {
	trawl scan --types card_visa "$S" >"$W/none" 2>&1 &&
	    ! grep -q card_visa "$W/none"
}
check "nobody asked: nothing is looked for in points" none

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

scenario_end
