#!/bin/bash
# Clouds, as a server of our own on loopback plays them over TLS (clouds.py):
# small pages, tokens that are over soon, pauses, content on another host that
# must see no token, bodies that are cut, wrong secrets.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/trace.sh"
scenario_begin
S=$W/srv
mkdir -p "$S"
PORT=$(free_port) CONTENT=$(free_port)
AT=https://127.0.0.1:$PORT
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
	-subj '/CN=a test' -addext 'subjectAltName=IP:127.0.0.1' \
	-keyout "$S/key.pem" -out "$S/cert.pem" 2>"$S/openssl.log"
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 \
	-out "$S/robot.pem" 2>>"$S/openssl.log"
openssl pkey -in "$S/robot.pem" -pubout -out "$S/public.pem"
start() {
	python3 -B "$TOP/tests/scenario/clouds.py" "$PORT" "$CONTENT" "$S" \
		2>>"$S/err" &
	PIDS[clouds]=$!
	wait_for 10 listening "127.0.0.1:$PORT"
	wait_for 10 listening "127.0.0.1:$CONTENT"
}
start

cred() { # NAME JQ-OBJECT
	jq -n --rawfile ca "$S/cert.pem" --rawfile key "$S/robot.pem" \
		--arg at "$AT" "{ca: \$ca} + $2" >"$W/$1.json"
	chmod 600 "$W/$1.json"
}
client='{client_id: "app", client_secret: "Made-Up-7"}'
where() { # SERVICE SIGN-IN
	echo "{endpoint: (\$at + \"/$1\"), sign_in: (\$at + \"/login/$2\")}"
}
cred ms "$client + $(where graph 'microsoft/{tenant}')"
cred ms_wrong "{client_id: \"app\", client_secret: \"Wrong-8\"} +
	$(where graph 'microsoft/{tenant}')"
cred ms_person "{client_id: \"app\", refresh_token: \"rt-0\"} +
	$(where graph 'microsoft/{tenant}')"
cred google "{client_email: \"robot@example.org\", private_key: \$key,
	type: \"service_account\", token_uri: \"https://elsewhere.example/\"} +
	$(where google google)"
cred google_wrong "{client_email: \"other@example.org\", private_key: \$key,
	type: \"service_account\"} + $(where google google)"
cred dropbox "{client_id: \"app\", refresh_token: \"rt-d\"} +
	$(where dropbox dropbox)"
cred box "$client + {enterprise_id: \"12\"} + $(where box box)"
cred box_person "{client_id: \"app\", refresh_token: \"rt-b\", note: \"a\\/\u00e9\"} +
	$(where box box)"

scan() { # NAME CREDENTIAL TARGET [OPTION...]
	local name=$1 with=$2 target=$3
	shift 3
	timeout 60 trawl scan --coverage "$W/$name.cov" --option pause=50ms \
		--credential "$W/$with.json" "$@" "$target" \
		>"$W/$name" 2>"$W/$name.err"
}
found() { jq -r '[.path, .type] | @tsv' "$W/$1" | sort; }
why() { # NAME PATH REASON
	jq -en --arg p "$2" --arg r "$3" \
		'any(inputs; .path == $p and .reason == $r)' "$W/$1.cov" >/dev/null
}
many() { # PREFIX: what stands in the folder of many
	seq -f '%02.0f' 0 24 | sed "s,.*,$1/&.txt	card_visa,"
}
files() { # PREFIX LARGE-TOO
	echo "$1/Documents/Old & odd/50%25 é.txt	card_visa"
	echo "$1/Documents/busy.txt	card_visa"
	echo "$1/Documents/cut.txt	card_visa" # in what came of it
	echo "$1/Documents/large.txt	card_visa"
	echo "$1/one.txt	card_visa"
	many "$1/Many"
}
signs() { jq -s "map(select(.sign_in == \"$1\")) | length" "$S/log"; }
asked() { jq -en "any(inputs; $1)" "$S/log" >/dev/null; }
same() { diff <(sort "$W/want") <(found "$1"); }

# What the server holds, by its own account.
read -r BYTES MAILS < <(python3 -B - 1 2 "$S" <<P
import sys
sys.path.insert(0, "$TOP/tests/scenario")
import clouds
print(clouds.BYTES,
      sum(len(m) for f in clouds.MAIL.values() for m in f))
P
)

# ---- Microsoft: files ----
D=onedrive://contoso.example/anna@example.org
scan drive ms onedrive://contoso.example/
{ files "$D"; echo "$D/Documents/a.docx	card_visa"; } >"$W/want"
check 'the files of everybody, page by page, each at its place' same drive
check 'each in full, but one that is cut and one that is no file' \
	tallied "$W/drive.cov" "cut 33 31 0 1 1 $BYTES"
check 'a body that is cut is said' why drive "$D/Documents/cut.txt" io
check 'what is no file is said' why drive "$D/Notes" unsupported
check 'what lies elsewhere is said' why drive "$D/Theirs" link
check 'the host of the content saw no token' \
	eval '! asked ".here == false and .secret"'
check 'tokens that were over were renewed, and not more often' eval '
	[ "$(signs microsoft)" -ge 2 ] && [ "$(signs microsoft)" -le 6 ]'
check 'the customer is asked about by name' \
	asked '.tenant == "contoso.example"'
p="$D/Documents/Old & odd/50%25 é.txt"
check 'a place is a target, too' eval '
	scan odd ms "$p" && [ "$(jq -r .path "$W/odd")" = "$p" ]'
traced --coverage /dev/null --option pause=50ms --credential "$W/ms.json" "$D/Documents"
check 'in little memory, and nothing of it touches the disk' sparing 1
check 'a folder is read alone, with a filter' eval '
	scan some ms "$D/Many" --option include="1*.txt" &&
	[ "$(wc -l <"$W/some")" -eq 10 ]'
check 'what is not there is said' eval '
	! scan none ms "$D/Nowhere" && grep -q "nothing of that name" "$W/none.err"'
: >"$S/log"
check 'a wrong secret is said' eval '
	! scan wrong ms_wrong "$D" &&
	grep -q "invalid_client: AADSTS7000215" "$W/wrong.err"'
check 'and was sent once' test "$(signs microsoft)" -eq 1
check 'a person who allowed it once is enough' eval '
	scan person ms_person "$D/one.txt" && [ "$(wc -l <"$W/person")" -eq 1 ]'
echo refuse >"$S/orders"
: >"$S/log"
check 'tokens that are refused at once are not asked for without end' eval '
	! scan refused ms "$D" && [ "$(signs microsoft)" -le 3 ]'
echo forbid >"$S/orders"
check 'a folder that nobody may list is named, the others are read' eval '
	scan forbid ms "$D"; why forbid "$D/Many" denied &&
	grep -q one.txt "$W/forbid"'
rm "$S/orders"

# ---- Microsoft: sites, mail ----
H=sharepoint://contoso.sharepoint.com
scan sites ms "$H/"
P="$H/sites/team/Shared Documents"
{ files "$P"; echo "$P/Documents/a.docx	card_visa"; } >"$W/want"
check 'the libraries of all sites' same sites
check 'each in full but what is cut' \
	tallied "$W/sites.cov" "cut 32 31 0 1 0 $BYTES"
check 'one library alone' eval '
	scan library ms "$P/Many" && [ "$(wc -l <"$W/library")" -eq 25 ]'
scan mail ms outlook://contoso.example/anna@example.org/
check 'each message, with its folder and what it is about' eval '
	[ "$(jq -r .path "$W/mail" | grep "/Inbox/Hello .?id=" | sort -u |
		wc -l)" -eq 7 ]'
check 'all mail in full' tallied "$W/mail.cov" "whole 9 9 0 0 0 $MAILS"
check 'an attachment in a folder of a folder' eval '
	grep card_mastercard "$W/mail" | grep -q "/Inbox/Bills/Bill?id="'
check 'a message is a target, too' eval '
	p=$(jq -r .path "$W/mail" | grep "Hello 3" | head -1) &&
	scan one ms "$p" && [ "$(jq -r .path "$W/one" | sort -u)" = "$p" ]'

# ---- Google ----
G=gdrive://anna@example.org
scan google google "$G/"
{ files "$G/My Drive"; echo "$G/My Drive/Documents/Plan	card_visa"
	echo "$G/Shared with me/lent.txt	card_visa"
	seq -f '%02.0f' 0 24 | sed "s,.*,$G/Team %2F all/&.txt	card_visa,"
} >"$W/want"
check 'own files, shared drives, what others share, documents exported' \
	same google
check 'each in full but what is cut' \
	tallied "$W/google.cov" "cut 58 57 0 1 0 $((BYTES + 26 * 25))"
check 'a body that is cut is said here, too' \
	why google "$G/My Drive/Documents/cut.txt" io
check 'the service account acts for the person, and says so by its key' \
	asked '.claims.sub == "anna@example.org"'
: >"$S/log"
check 'a key that is not taken is said, before any list' eval '
	! scan gwrong google_wrong "$G/" &&
	grep -q "invalid_client" "$W/gwrong.err" && ! asked "(.path // \"\") | test(\"/drive/\")"'
check 'and was shown once' test "$(signs google)" -eq 1
scan bucket google gcs://cards
{ files gcs://cards; echo "gcs://cards/Documents/a.docx	card_visa"; } >"$W/want"
check 'a bucket' same bucket
check 'with as many bytes' \
	tallied "$W/bucket.cov" "cut 32 31 0 1 0 $BYTES"
traced --coverage /dev/null --option pause=50ms --credential "$W/google.json" gcs://cards/Documents
check 'in little memory here, too, and nothing touches the disk' sparing 1
check 'a prefix of it' eval '
	scan prefix google gcs://cards/Many/1 && [ "$(wc -l <"$W/prefix")" -eq 10 ]'
check 'a bucket that is not there is said' eval '
	! scan nothing google gcs://others &&
	grep -q "does not exist" "$W/nothing.err"'

scan gmail google gmail://anna@example.org/
check 'messages of Gmail, out of the JSON around them' eval '
	[ "$(grep -c card_visa "$W/gmail")" -eq 7 ] &&
	[ "$(grep -c card_mastercard "$W/gmail")" -eq 1 ]'
check 'as many bytes as they have outside of it' \
	tallied "$W/gmail.cov" "whole 9 9 0 0 0 $MAILS"

# ---- Dropbox, Box ----
B=dropbox://anna@example.org
scan dropbox dropbox "$B/"
{ files "$B"; echo "$B/Documents/a.docx	card_visa"; } >"$W/want"
check 'files of Dropbox' same dropbox
check 'each in full but what is cut' \
	tallied "$W/dropbox.cov" "cut 32 31 0 1 0 $BYTES"
B=box://anna@example.org
scan box box "$B/"
{ files "$B"; echo "$B/Documents/a.docx	card_visa"; } >"$W/want"
check 'files of Box' same box
check 'each in full but what is cut' \
	tallied "$W/box.cov" "cut 32 31 0 1 0 $BYTES"
check 'a link of Box is said' why box "$B/Page" link

# ---- a token that is replaced at each use ----
kept() { jq -r .refresh_token "$W/box_person.json"; }
person() { # TARGET...: the same file again
	timeout 60 trawl scan --coverage /dev/null --option pause=50ms \
		--credential "$W/box_person.json" "$@" \
		>"$W/person" 2>"$W/person.err"
}
jq -c 'del(.refresh_token)' "$W/box_person.json" >"$W/rest"
check 'a token that the service replaces is good for one scan' \
	person "$B/one.txt"
check 'the file has the next one' eval '[[ $(kept) == rt-made-up-* ]]'
check 'and for the next, of two targets' \
	eval 'was=$(kept); person "$B/one.txt" "$B/Many" &&
	[ "$(jq -r .path "$W/person" | grep -c .)" -eq 26 ] && [ "$was" != "$(kept)" ]'
check 'a question about a target uses one up, too' eval '
	was=$(kept); trawl targets test --credential "$W/box_person.json" "$B/" \
		>"$W/person" 2>"$W/person.err" && [ "$was" != "$(kept)" ] && person "$B/one.txt"'
check 'nothing else in the file is another' eval '
	jq -c "del(.refresh_token)" "$W/box_person.json" | cmp - "$W/rest" &&
	[ "$(stat -c %a "$W/box_person.json")" = 600 ] && ! ls -A "$W" | grep -q "^.new-"'
jq --arg f "$W/alone.token" '.refresh_token_file = $f | del(.refresh_token)' \
	"$W/box_person.json" >"$W/box_file.json"
(umask 077; printf %s "$(kept)" >"$W/alone.token")
chmod 600 "$W/box_file.json"
check 'one that stands in a file of its own is replaced there' eval '
	scan alone box_file "$B/one.txt" && scan alone box_file "$B/one.txt" &&
	[[ $(cat "$W/alone.token") == rt-made-up-* && $(cat "$W/alone.token") != $(kept) ]]'
jq --arg t "$(cat "$W/alone.token")" '.refresh_token = $t' "$W/box_person.json" >"$W/last"
chmod 600 "$W/last"
exec 9<"$W/last"
rm "$W/last"
check 'where it cannot be written that is said, and the scan goes on' eval '
	trawl scan --coverage /dev/null --option pause=50ms --credential /dev/fd/9 \
		"$B/one.txt" >"$W/last" 2>"$W/last.err" && grep -q card_visa "$W/last" &&
	grep -q "the service replaced its refresh_token" "$W/last.err"'
exec 9<&-

# ---- the same of a proxy, which keeps the credential ----
ask() { python3 "$TOP/tests/scenario/ask.py" "$M" "$@" | tail -n 1; }
proxy() { trawl-proxy-agent "$@" --state "$W/proxy"; }
connected() { proxy status >"$W/status"; }
all_done() {
	trawl-master scans --data "$M" --running 2>/dev/null | grep -q '^0 '
}
in_store() {
	jq -r '."box://anna@example.org/".refresh_token' \
		"$W/proxy/credentials/box.json"
}
far() { # findings of so many scans by then
	ask scan.create "{\"targets\": [$id]}" >>"$W/scan.log" &&
		wait_for 20 all_done && export_findings "$W/far" &&
		[ "$(grep -c card_visa "$W/far")" -eq 1 ]
}
check 'a master and a proxy start' eval '
	master_init && master_start && proxy enroll "$(trawl-master token \
		--data "$M" | grep -o "trawl1:[^ ]*" | head -1)" >>"$W/proxy.log" 2>&1'
jq 'del(.refresh_token_file) |
	{"box://anna@example.org/": (. + {refresh_token: "rt-p"})}' \
	"$W/box_file.json" | proxy credential add box >>"$W/proxy.log"
jq '{"dropbox://anna@example.org/": .}' "$W/dropbox.json" |
	proxy credential add drop >>"$W/proxy.log"
trawl-proxy-agent run --state "$W/proxy" --reconnect-base 100ms \
	>>"$W/proxy.log" 2>&1 &
PIDS[proxy]=$!
check 'the proxy connects' wait_for 20 connected
id=$(ask remote.create "{\"url\": \"$B/one.txt\", \"credential\": \"box\"}" |
	grep -o '[0-9]*')
check 'a scan by a proxy uses one token up' far
check 'which keeps the next one' eval 'was=$(in_store); [[ $was == rt-made-up-* ]]'
check 'so that another scan goes through' eval 'far && [ "$was" != "$(in_store)" ]'
check 'and the master has seen none' eval '! grep -rqa "rt-made-up" "$M" "$W/proxy.log"'
drop=$(ask remote.create '{"url": "dropbox://anna@example.org/", "credential": "drop"}' |
	grep -o '[0-9]*')
dropped() { # SINCE: whether it was asked from a position
	: >"$S/log"
	ask scan.create "{\"targets\": [$drop], \"types\": [\"card_amex\"],
		\"skip_unchanged\": true}" >>"$W/scan.log" && wait_for 20 all_done &&
		[ "$(jq -rs 'map(select(.changes) | .since != "") | first' "$S/log")" = "$1" ]
}
check 'a proxy lists all of Dropbox' dropped false
check 'and the next scan asks it for what changed' dropped true
stop_one proxy

# ---- rescans ----
export TRAWL_CACHE=$W/cache
unchanged() { jq 'select(.totals).totals.unchanged' "$W/$1.cov"; }
again() { # CREDENTIAL TARGET EDITED: twice, then with files that were edited
	local i
	for i in 1 2 3; do
		[ $i -lt 3 ] || echo edit >"$S/orders"
		scan "again$i" "$1" "$2" --types card_amex --skip-unchanged
	done
	rm "$S/orders"
	echo "  unchanged: $(unchanged again1) $(unchanged again2) $(unchanged again3)"
	[ "$(unchanged again1)" -eq 0 ] && [ "$(unchanged again2)" -ge 9 ] &&
		[ "$(unchanged again3)" -eq $(($(unchanged again2) - $3)) ]
}
check 'an edited file of the same size and time is read again: OneDrive' \
	again ms "$D" 1
check 'SharePoint' again ms "$P" 1
check 'Drive, where two show it' again google "$G/" 2
check 'Cloud Storage' again google gcs://cards 1
check 'Dropbox' again dropbox dropbox://anna@example.org/ 1
check 'Box' again box box://anna@example.org/ 1
check 'mail is read once: Outlook' again ms outlook://contoso.example/ 0
check 'Gmail' again google gmail://anna@example.org/ 0

# ---- changes alone ----
amex() { # NAME CREDENTIAL TARGET ORDER...
	local name=$1 with=$2 target=$3
	shift 3
	: >"$S/log"
	echo "$*" >"$S/orders"
	scan "$name" "$with" "$target" --types card_amex --skip-unchanged
	rm "$S/orders"
	jq -r 'select(.totals).totals | "  objects \(.objects), unchanged \(.unchanged)"' \
		"$W/$name.cov"
}
objects() { jq 'select(.totals).totals.objects' "$W/$1.cov"; }
no_folder() { # none was listed
	! asked '(.path // "") | test("children|list_folder$")'
}
since() { # a drive was asked about, from a position or (none) anew
	jq -es 'any(.[]; has("changes") and (.since == "") == ('"$1"'))' "$S/log" >/dev/null
}
follows() { # CREDENTIAL TARGET: what was moved, removed, added
	local n
	n=$(objects again3)
	amex moved "$1" "$2" move drop fresh
	[ "$(jq -r .path "$W/moved")" = "${2%/}/Documents/fresh.txt" ] &&
		[ "$(objects moved)" -eq "$n" ] && no_folder && since false && ! since true &&
		[ "$(unchanged moved)" -eq $(($(unchanged again2) - 3)) ]
}
shifts() { # a folder of another name: each of its files is another object
	amex shifted "$1" "$2" move drop fresh shift
	[ "$(objects shifted)" -eq "$(objects moved)" ] && no_folder &&
		[ "$(unchanged shifted)" -eq $(($(unchanged moved) - 21)) ] &&
		amex shifted2 "$1" "$2" move drop fresh shift && since false &&
		[ "$(unchanged shifted2)" -eq "$(($(unchanged again2) - 1))" ]
}
forgets() {
	amex forgot "$1" "$2" move drop fresh shift forget
	[ "$(objects forgot)" -eq "$(objects moved)" ] && since true &&
		[ "$(unchanged forgot)" -eq "$(unchanged shifted2)" ] &&
		[ "$(jq -r .path "$W/forgot")" = "${2%/}/Documents/fresh.txt" ]
}
as_listed() { # the same objects as a scan that asks for each folder
	echo "move drop fresh" >"$S/orders"
	scan plain "$1" "$2" --types card_amex
	rm "$S/orders"
	[ "$(objects plain)" -eq "$(objects moved)" ] &&
		diff <(found plain) <(found moved)
}
for who in "ms $D" "dropbox dropbox://anna@example.org/"; do
	again $who 1
	check "a rescan asks for what changed: ${who% *}" follows $who
	check 'and has the objects of a scan that lists all' as_listed $who
	check 'a folder that got another name' shifts $who
	check 'a position that was forgotten: all is listed anew' forgets $who
done
check 'no name of what stood there lies in the cache' eval '
	ls "$W/cache" | grep -q "^clean-.*\.0$" &&
	! grep -qaiE "fresh.txt|documents|lastmodified|delta" "$W/cache"/clean-*'

# ---- what must not be ----
check 'an option leads no secret elsewhere' eval '
	! scan leak ms "$D" --option endpoint=https://127.0.0.1:1/ &&
	grep -q "said by the credential" "$W/leak.err"'
check 'no secret in what is written' eval '
	! grep -rqE "Made-Up-7|Wrong-8|PRIVATE|rt-" "$W"/*.err "$W"/*.cov'
check 'the server had no trouble of its own' eval '! grep -q Error "$S/err"'
scenario_end
