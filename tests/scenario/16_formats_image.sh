#!/bin/bash
# Pictures by Pillow, written into by exiftool: the card is found where it was
# written, also behind the picture and in a picture within a zip; sound is said
# not to be read.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/formats.sh"
formats_begin
need exiftool zip

P=$W/plain
mkdir "$P"
/usr/bin/python3 - "$P" <<'P'
import struct, sys, wave
from PIL import Image
red, blue = (Image.new("RGB", (8, 8), c) for c in ("red", "blue"))
for kind in ("jpg", "png", "gif", "tif", "webp"):
    red.save(sys.argv[1] + "/x." + kind)
red.save(sys.argv[1] + "/two.tif", save_all=True, append_images=[blue])
with wave.open(sys.argv[1] + "/x.wav", "wb") as w:
    w.setnchannels(1)
    w.setsampwidth(2)
    w.setframerate(8000)
    w.writeframes(struct.pack("<h", 0) * 800)
P

# written NAME FROM PLACE TAG...
written() {
	local name=$1 from=$2 place=$3
	shift 3
	exiftool -q -q "$@" "$P/$from" -o "$S/$name"
	want "$name" "$place"
}
for kind in jpg png tif; do
	written exif.$kind x.$kind EXIF "-EXIF:ImageDescription=card $CARD"
	written iptc.$kind x.$kind IPTC "-IPTC:Caption-Abstract=card $CARD"
done
written user.jpg x.jpg EXIF "-EXIF:UserComment=card $CARD"
written xp.jpg x.jpg EXIF "-XPComment=card $CARD"
written comment.jpg x.jpg comment "-Comment=card $CARD"
written comment.gif x.gif comment "-Comment=card $CARD"
written comment.png x.png comment "-PNG:Comment=card $CARD"
written packed.png x.png comment -z "-PNG:Description=card $CARD"
written second.tif two.tif "page 2 → EXIF" "-IFD1:ImageDescription=card $CARD"
for kind in jpg png gif tif; do
	exiftool -q -q "-XMP-dc:Description=card $CARD" "$P/x.$kind" \
	    -o "$S/xmp.$kind"
	cat "$P/x.$kind" "$I/a.txt" >"$S/behind.$kind"
done
cp "$P/x.webp" "$P/x.wav" "$S"
for kind in jpg png gif; do
	want behind.$kind "behind the picture"
done
rm "$S/behind.tif" # a TIFF has no end
zip -qj "$S/in.zip" "$S/exif.jpg"
want in.zip "exif.jpg → EXIF"
head -c 300 "$S/exif.jpg" >"$S/cut.jpg"

# XMP is read as XML, in which a place may stand as well
all() {
	trawl scan --types card_visa --format jsonl --coverage "$W/ledger" \
	    "$S" >"$W/found" 2>"$W/said" || return 1
	jq -r --arg s "$S/" '[(.path | ltrimstr($s)), .place] | @tsv' \
	    "$W/found" | sed 's/\tXMP.*/\tXMP/' | sort -u >"$W/got"
	for kind in jpg png gif tif; do want xmp.$kind XMP; done
	sort -u "$W/wanted" | diff - <(grep -v '^cut.jpg' "$W/got")
}
check "all are found, at their places" all
check "every object is accounted for" adds_up
check "a whole one is fully read" full exif.jpg
check "and one with nothing in it" full x.webp
check "one that is cut is said to be" noted cut.jpg "" truncated
check "sound is said not to be read" noted x.wav "" media

scenario_end
