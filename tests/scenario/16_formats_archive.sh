#!/bin/bash
# Archives and compressed streams, made by the tools that people use: the card
# is found with its place, in each, in each within each, in what is encrypted
# with a password of the list, and before the damage in what is damaged. Bombs
# end within their budgets.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/formats.sh"
formats_begin
need zlib-flate 7zz ar bsdtar bzip2 cpio gcab genisoimage gzip jlha lz4 rpmbuild xz zip zstd

# pack KIND FILE...: an archive of the files of this folder on stdout
pack() {
	local kind=$1
	shift
	case $kind in
	tar) tar cf - "$@" ;;
	v7) bsdtar cf - --format v7tar "$@" ;;
	pax) bsdtar cf - --format pax "$@" ;;
	tgz) tar czf - "$@" ;;
	tbz2) tar cf - "$@" | bzip2 ;;
	txz) tar cf - "$@" | xz ;;
	tzst) tar cf - "$@" | zstd -q ;;
	tlz4) tar cf - "$@" | lz4 -q ;;
	cpio) printf '%s\n' "$@" | cpio -o -H newc 2>/dev/null ;;
	oldcpio) printf '%s\n' "$@" | cpio -o -H bin 2>/dev/null ;;
	zip) zip -q - "$@" ;;
	7z | iso | cab | ar | lha | xar | ppmd | bcj2)
		local t
		t=$(mktemp -d "$W/pack.XXXXXX")
		case $kind in
		7z) 7zz a -bd "$t/x" "$@" >/dev/null && mv "$t"/x* "$t/x.out" ;;
		ppmd) 7zz a -bd -m0=PPMd "$t/x" "$@" >/dev/null && mv "$t"/x* "$t/x.out" ;;
		bcj2) 7zz a -bd -m0=BCJ2 -m1=LZMA -m2=LZMA -m3=LZMA -mb0:1 \
		    -mb0s1:2 -mb0s2:3 "$t/x" "$@" >/dev/null && mv "$t"/x* "$t/x.out" ;;
		iso) genisoimage -quiet -R -o "$t/x.out" -graft-points \
		    "${@/%/}" 2>/dev/null ;;
		cab) gcab -c "$t/x.out" "$@" ;;
		ar) ar rcS "$t/x.out" "$@" 2>/dev/null ;;
		lha) jlha aq "$t/x.lzh" "$@" >/dev/null && mv "$t/x.lzh" "$t/x.out" ;;
		xar) bsdtar cf "$t/x.out" --format xar "$@" ;;
		esac
		cat "$t/x.out"
		rm -rf "$t"
		;;
	esac
}

# the way to a member of such an archive: what stands between
between() { # KIND NAME-OF-THE-ARCHIVE
	case $1 in
	tgz | tbz2 | txz | tzst | tlz4) printf '%s' "${2%.*} → " ;;
	esac
}
suffix() {
	case $1 in
	tgz) echo tar.gz ;; tbz2) echo tar.bz2 ;; txz) echo tar.xz ;;
	tzst) echo tar.zst ;; tlz4) echo tar.lz4 ;; lha) echo lzh ;;
	*) echo "$1" ;;
	esac
}

ALL='tar v7 pax tgz tbz2 txz tzst tlz4 cpio oldcpio zip 7z ppmd bcj2 iso cab ar
lha xar'

each_kind() {
	local k f
	for k in $ALL; do
		f=one.$(suffix "$k")
		[ -e "$S/$f" ] && f=one-$k.$(suffix "$k")
		(cd "$I" && pack "$k" a.txt b.txt) >"$S/$f" || return 1
		want "$f" "$(between "$k" "$f")a.txt"
	done
}
check "an archive of each kind is made" each_kind

# every nesting of two
each_pair() {
	local o n inner outer
	for n in $ALL; do
		inner=in.$(suffix "$n")
		mkdir -p "$W/pair"
		(cd "$I" && pack "$n" b.txt a.txt) >"$W/pair/$inner" || return 1
		for o in $ALL; do
			outer=$o-$n.$(suffix "$o")
			(cd "$W/pair" && pack "$o" "$inner") >"$S/$outer" || return 1
			want "$outer" \
			    "$(between "$o" "$outer")$inner → $(between "$n" "$inner")a.txt"
		done
		rm -r "$W/pair"
	done
}
check "each within each is made" each_pair

single_streams() {
	local t
	for t in gzip:gz bzip2:bz2 xz:xz zstd:zst lz4:lz4; do
		${t%:*} -q -c "$I/a.txt" >"$S/a.txt.${t#*:}" || return 1
		cat "$S/a.txt.${t#*:}" "$S/a.txt.${t#*:}" >"$S/two.${t#*:}"
		want "a.txt.${t#*:}" a.txt
		want "two.${t#*:}" two
	done
	zlib-flate -compress=9 <"$I/a.txt" >"$S/a.txt.zlib" || return 1
	want a.txt.zlib zlib
	(cd "$I" && pack zip a.txt) >"$W/app.zip" || return 1
	{ printf '#!/usr/bin/env python3\n' && cat "$W/app.zip"; } >"$S/app.pyz"
	want app.pyz a.txt
	# gzip writes down the name
	sed -i 's/^two.gz\ttwo$/two.gz\ta.txt/' "$W/wanted"
}
check "compressed files are made" single_streams

# a worker can load no converter for the names any more
code_pages() {
	local n
	for n in 437 850 1252; do
		tests/scenario/lha.py "$n" "$I/a.txt" >"$S/page$n.lzh" || return 1
		want "page$n.lzh" café.txt
	done
}
check "archives that name a code page are made" code_pages

deep() {
	(cd "$I" && pack tar sub/c.txt) >"$W/deep.tar"
	(cd "$W" && pack 7z deep.tar) >"$W/deep.7z"
	(cd "$W" && pack zip deep.7z) >"$S/deep.zip"
	want deep.zip 'deep.7z → deep.tar → sub/c.txt'
}
check "tar in 7z in zip is made" deep

package() {
	mkdir -p "$W/rpm"
	cat >"$W/rpm/p.spec" <<'P'
Name: sample
Version: 1
Release: 1
Summary: A sample
License: none
BuildArch: noarch
%description
A sample.
%install
mkdir -p %{buildroot}/srv
cp %{_sourcedir}/a.txt %{buildroot}/srv/
%files
/srv/a.txt
P
	rpmbuild -bb --quiet --define "_topdir $W/rpm" --define "_rpmdir $W/rpm" \
	    --define "_sourcedir $I" "$W/rpm/p.spec" >/dev/null 2>&1
	mv "$W"/rpm/noarch/*.rpm "$S/p.rpm" || return 1
	want p.rpm "payload → $(payload_kind) → ./srv/a.txt"
	mkdir -p "$W/deb/DEBIAN" "$W/deb/srv"
	cp "$I/a.txt" "$W/deb/srv/"
	printf 'Package: sample\nVersion: 1\nArchitecture: all\nMaintainer: A <a@example.com>\nDescription: x\n' \
	    >"$W/deb/DEBIAN/control"
	chmod 755 "$W/deb/DEBIAN"
	dpkg-deb -Zxz --build "$W/deb" "$S/p.deb" >/dev/null || return 1
	want p.deb 'data.tar.xz → data.tar → ./srv/a.txt'
}
payload_kind() {
	rpm -qp --qf '%{PAYLOADCOMPRESSOR}' "$S/p.rpm" 2>/dev/null
}
check "packages are made" package

encrypted() {
	(cd "$I" && zip -q -P secret "$S/enc-info.zip" a.txt &&
	    7zz a -bd -tzip -psecret "$S/enc-crypto.zip" a.txt >/dev/null &&
	    7zz a -bd -tzip -psecret -mem=AES256 "$S/enc-aes.zip" a.txt >/dev/null &&
	    7zz a -bd -psecret "$S/enc.7z" a.txt >/dev/null &&
	    7zz a -bd -psecret -mhe=on "$S/enc-head.7z" a.txt >/dev/null)
	printf 'wrong\nsecret\n' >"$W/passwords"
	want enc-info.zip a.txt
	want enc-crypto.zip a.txt
	want enc-aes.zip a.txt
}
check "encrypted archives are made" encrypted

rare() {
	local m
	for m in BZip2 LZMA PPMd Deflate64; do
		for _ in 1 2 3 4 5 6 7 8; do cat "$I/b.txt" "$I/a.txt"; done >"$W/long.txt"
		(cd "$W" && 7zz a -bd -tzip -mm=$m "$S/rare-$m.zip" long.txt >/dev/null) ||
			return 1
		want "rare-$m.zip" long.txt
	done
}
check "zips by rare methods are made" rare

# names in the page of the system that wrote them, without a word of which
named() {
	local row page name kind
	mkdir "$W/named" || return 1
	for row in 'CP866:Клиенты и карты.txt' 'CP850:Müller Gehälter.txt' \
	    'CP932:カード番号.txt' 'GBK:银行卡号和客户名单.txt'; do
		page=${row%%:*} name=${row#*:}
		cp "$I/a.txt" "$W/named/$name"
		for kind in zip gnutar; do
			(cd "$W/named" && LC_ALL=C.UTF-8 bsdtar cf "$S/$page.$kind" \
			    --format "$kind" --options "$kind:hdrcharset=$page" \
			    "$name") || return 1
		done
		want "$page.zip" "$name"
		want "$page.gnutar" "$name"
	done
}
check "archives with names in old pages are made" named

damaged() {
	(cd "$I" && pack tar a.txt b.txt sub) >"$W/t.tar"
	# the header of b.txt is gone, a.txt and sub/c.txt are whole
	cp "$W/t.tar" "$S/hurt.tar"
	printf 'XXXX' | dd of="$S/hurt.tar" bs=1 seek=1024 conv=notrunc 2>/dev/null
	want hurt.tar a.txt
	want hurt.tar sub/c.txt
	head -c 1200 "$W/t.tar" >"$S/cut.tar"
	want cut.tar a.txt
	(cd "$I" && pack 7z a.txt b.txt) | head -c 100 >"$S/first.7z.001"
	awk 'BEGIN { srand(1); for (i = 0; i < 60000; i++)
	    printf "%x %x\n", rand() * 65536, rand() * 65536 }' >"$W/many.txt"
	cat "$I/a.txt" "$W/many.txt" >"$W/large.txt"
	local t
	for t in gzip:gz bzip2:bz2 zstd:zst lz4:lz4 xz:xz; do
		# small blocks, so that some are whole
		case $t in
		bzip2*) bzip2 -1 -c "$W/large.txt" ;;
		lz4*) lz4 -q -B4 -c "$W/large.txt" ;;
		*) ${t%:*} -q -c "$W/large.txt" ;;
		esac | head -c 120000 >"$S/cut.${t#*:}"
		want "cut.${t#*:}" "$([ "${t%:*}" = gzip ] && echo large.txt || echo cut)"
	done
	# behind the end
	{ (cd "$I" && pack tar b.txt); cat "$I/a.txt"; } >"$S/behind.tar"
	want behind.tar ""
	{ bzip2 -c "$I/b.txt"; cat "$I/a.txt"; } >"$S/behind.bz2"
	want behind.bz2 ""
	head -c 100000 /dev/zero | gzip -n >"$S/zeros.gz"
}
check "damaged archives are made" damaged

SCAN=(--passwords "$W/passwords")
check "each card is found where it is, and nowhere else" found_all
check "every object is accounted for" adds_up
check "a 7z with a password is said to be encrypted" noted enc.7z a.txt encrypted
check "one whose list is encrypted, too" noted enc-head.7z '' encrypted
check "damage is noted" noted hurt.tar '' malformed
check "a cut is noted" noted cut.tar '' truncated
check "a first volume is noted" noted first.7z.001 '' volume
for f in cut.bz2 cut.zst cut.lz4 cut.xz; do
	check "$f is noted" noted $f cut truncated
done
check "zeros in a gzip are fully read" full zeros.gz
check "so is a plain tar" full one.tar
check "and what was encrypted and opened" full enc-aes.zip

SCAN=()
no_passwords() {
	grep -v '^enc-' "$W/wanted" >"$W/w" && mv "$W/w" "$W/wanted"
	found_all
}
check "without passwords what is encrypted is not found" no_passwords
check "and noted" noted enc-aes.zip a.txt encrypted
check "every object is accounted for again" adds_up

# ---- what is read, as lines
lines() {
	trawl extract "$S/deep.zip" >"$W/lines" &&
	    jq_any '.place == "deep.7z → deep.tar → sub/c.txt" and .offset == 0
	    and (.text | contains($c))' "$W/lines" --arg c "$CARD"
}
check "trawl extract shows what a scan reads" lines
refused() {
	trawl extract --limit depth=1 "$S/deep.zip" >"$W/lines" &&
	    jq_any '.reason == "depth" and .place == "deep.7z" and
	    .parser == "7z"' "$W/lines"
}
check "and what it does not" refused

# ---- bombs
rm -rf "$S" && mkdir "$S"
: >"$W/wanted"
bombs() {
	python3 - "$S" <<'P'
import io, os, sys, tarfile, zipfile, gzip
s = sys.argv[1]
with zipfile.ZipFile(s + "/flat.zip", "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr("zeros", b"\0" * (200 << 20))
b = io.BytesIO()
inner = b"\0" * (16 << 20)
for level in range(12):
    b = io.BytesIO()
    with zipfile.ZipFile(b, "w", zipfile.ZIP_DEFLATED) as z:
        for i in range(8):
            z.writestr("%d.zip" % i, inner)
    inner = b.getvalue()
open(s + "/nested.zip", "wb").write(inner)
# a million members, itself among them
t = tarfile.TarInfo("")
with gzip.open(s + "/million.tar.gz", "wb", compresslevel=1) as f:
    for i in range(999999):
        t.name = "f%d" % i
        f.write(t.tobuf(tarfile.USTAR_FORMAT))
    f.write(b"\0" * 1024)
P
}
check "bombs are made" bombs
within_budget() {
	/usr/bin/time -f '%M %e' -o "$W/cost" trawl scan --types card_visa \
	    --format jsonl --coverage "$W/ledger" --limit seconds=60 "$S" \
	    >"$W/found" 2>"$W/said" || return 1
	cat "$W/cost"
	awk '{ exit !($1 < 600000 && $2 < 300) }' "$W/cost"
}
check "bombs end within their budgets" within_budget
check "every bomb is accounted for" adds_up
partly() { ! full "$1"; }
check "the nested one is noted" partly nested.zip
check "a million members are fully read" full million.tar.gz

# ---- mutants
rm -rf "$S" && mkdir "$S"
mutants() {
	local k
	mkdir -p "$W/whole"
	for k in $ALL; do
		(cd "$I" && pack "$k" a.txt b.txt sub/c.txt) >"$W/whole/$k"
	done
	python3 - "$W/whole" "$S" "${TORTURE:+2000}" <<'P'
import os, random, sys
random.seed(4)
whole, out = sys.argv[1:3]
n = int(sys.argv[3] or 40)
for k in os.listdir(whole):
    d = open(os.path.join(whole, k), "rb").read()
    for i in range(n):
        b = bytearray(d)
        how = random.randrange(4)
        for _ in range(random.randrange(1, 30)):
            at = random.randrange(len(b))
            if how == 0: b[at] ^= 1 << random.randrange(8)
            elif how == 1: b[at] = random.randrange(256)
            elif how == 2: b[at:at + 4] = b"\xff" * len(b[at:at + 4])
        if how == 3: b = b[:random.randrange(len(b))]
        open(os.path.join(out, "%s-%d" % (k, i)), "wb").write(b)
P
}
check "mutants are made" mutants
survives() {
	trawl scan --types card_visa --format jsonl --coverage "$W/ledger" "$S" \
	    >"$W/found" 2>"$W/said"
}
check "a scan of mutants ends" survives
check "every mutant is accounted for" adds_up
crashed() { jq_any '.reason == "crashed" or .reason == "time"' "$W/ledger"; }
check "none crashed a worker" eval '! crashed'

scenario_end
