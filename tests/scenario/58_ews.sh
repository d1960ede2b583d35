#!/bin/bash
# Exchange Web Services, as a server of our own on loopback plays them over TLS
# (ews.py): NTLM, basic and OAuth, pages, impersonation, a busy server, answers
# that are cut, items without MIME, wrong passwords.
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
python3 -B "$TOP/tests/scenario/ews.py" "$PORT" "$CONTENT" "$S" 2>>"$S/err" &
PIDS[exchange]=$!
wait_for 10 listening "127.0.0.1:$PORT"

cred() { # NAME JQ-OBJECT
	jq -n --rawfile ca "$S/cert.pem" --arg at "$AT" "{ca: \$ca} + $2" \
		>"$W/$1.json"
	chmod 600 "$W/$1.json"
}
cred right '{user: "scanner", password: "Wrong-Horse-7"}'
cred wrong '{user: "scanner", password: "Wrong-Horse-8"}'
cred app '{client_id: "app", client_secret: "Made-Up-7",
	sign_in: ($at + "/login/exchange/{tenant}")}'
scan() { # NAME CREDENTIAL TARGET [OPTION...]
	local name=$1 with=$2 target=$3
	shift 3
	timeout 60 trawl scan --coverage "$W/$name.cov" --option pause=50ms \
		--credential "$W/$with.json" "$@" "$target" \
		>"$W/$name" 2>"$W/$name.err"
}
why() { # NAME PATH REASON
	jq -en --arg p "$2" --arg r "$3" 'any(inputs;
		(.path // "" | startswith($p)) and .reason == $r)' \
		"$W/$1.cov" >/dev/null
}
asked() { jq -en "any(inputs; $1)" "$S/log" >/dev/null; }
count() { jq -n "[inputs | select($1)] | length" "$S/log"; }
cards() { jq -r 'select(.type | startswith("card")) | .path' "$W/$1" |
	sort -u; }

# What is to be read: all but two, and 30 bytes of the one that is cut.
BYTES=$(python3 -B - 1 2 "$S" <<P
import sys
sys.path.insert(0, "$TOP/tests/scenario")
import ews
print(sum(len(m) for f, of in ews.MAIL.items() for i, m in enumerate(of)
          if not (f == "Inbox" and i in (2, 6))) + 30)
P
)

A=ews://127.0.0.1:$PORT/anna@example.org
scan all right "$A"
check 'each message, with its folder and what it is about' eval '
	[ "$(cards all | grep -c "/Inbox/Hello .?id=")" -eq 5 ]'
check 'an attachment in a folder of a folder' eval '
	cards all | grep -q "/Inbox/Bills/Bill?id="'
check 'the end of a large one, in a folder with an odd name' eval '
	cards all | grep -q "/Inbox/Large <&>/large?id="'
check 'each in full, but one that is cut and one that has no MIME' \
	tallied "$W/all.cov" "cut 10 8 0 1 1 $BYTES"
check 'an answer that is cut is said' why all "$A/Inbox/Hello 2" io
check 'an item that has no MIME is said' \
	why all "$A/Inbox/Hello 6" unsupported
check 'the user acts for the mailbox' \
	asked '.impersonated and .box == "anna@example.org"'
check 'each item was asked for once, but where the server was busy' eval '
	[ "$(count .item)" -le 12 ]'
check 'NTLM signed in a connection, not each request' eval '
	[ "$(count ".tried == \"NTLM\"")" -lt "$(count .who)" ]'
check 'a message is a target, too' eval '
	p=$(cards all | grep "Hello 3") &&
	scan one right "$p" && [ "$(cards one)" = "$p" ]'
check 'one level of it: folders, and nothing that lies in them' eval '
	timeout 20 trawl targets probe --credential "$W/right.json" "$A" \
	    >"$W/probe" 2>&1 && grep -q " $A/Inbox/$" "$W/probe" &&
	! grep -q "Hello" "$W/probe"'
traced --coverage /dev/null --option pause=50ms --credential "$W/right.json" "$A/Inbox/Large <&>"
check 'in little memory, and nothing of it touches the disk' sparing 1
check 'a folder is read alone' eval '
	scan folder right "$A/Inbox/Bills" && [ "$(cards folder | wc -l)" -eq 1 ]'
check 'what the owner shared is read without acting for him' eval '
	: >"$S/log"
	scan shared right "$A/Inbox/Bills" --option access=delegate &&
	asked ".box == \"anna@example.org\"" && ! asked .impersonated'
: >"$S/log"
check 'a wrong password is said' eval '
	! scan wrong wrong "$A" && grep -q "refused this user" "$W/wrong.err"'
check 'and tried three times at most' eval '
	n=$(count ".tried == \"NTLM\""); [ "$n" -ge 1 ] && [ "$n" -le 3 ]'
echo private >"$S/orders"
check 'a right that is missing is said' eval '
	! scan private right "$A" &&
	grep -q "ErrorImpersonateUserDenied" "$W/private.err"'
echo basic >"$S/orders"
check 'basic, where the server has no other' eval '
	scan basic right "$A/Inbox/Bills" && [ "$(cards basic | wc -l)" -eq 1 ]'
rm "$S/orders"
check 'OAuth' eval '
	scan app app "$A/Inbox/Bills" && [ "$(cards app | wc -l)" -eq 1 ] &&
	asked ".tenant == \"example.org\""'
check 'a mailbox that is not there is said' eval '
	! scan none right "ews://127.0.0.1:$PORT/x@example.org" &&
	grep -q "ErrorNonExistentMailbox" "$W/none.err"'
export TRAWL_CACHE=$W/cache
for i in 1 2; do
	scan "again$i" right "$A/Inbox/Bills" --types card_amex --skip-unchanged
done
check 'an item with the same change key is read once' eval '
	tallied "$W/again1.cov" "whole 1 1 0 0 0" &&
	tallied "$W/again2.cov" "cut 1 0 1 0 0"'
check 'no secret in what is written' eval '
	! grep -rqE "Made-Up-7|Wrong-Horse" "$W"/*.err "$W"/*.cov'
check 'the server had no trouble of its own' eval '! grep -q Error "$S/err"'
scenario_end
