#!/usr/bin/env bash
# 59_wire_clouds: what 59_wire_faults does, with fewer faults, for clouds and for
# Exchange, as servers of our own play them over TLS (clouds_wire.py). Their
# tokens are over after 40 requests each time. And a server that is killed and
# comes back, with no memory of the tokens that it gave.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/wire.sh"
scenario_begin
OBJECTS=60
LANES=20 # they wait more than they work
S=$W/srv R=$W/restarted # folders of two servers; one of them is killed
mkdir -p "$S" "$R"
kinds=(onedrive gdrive dropbox box gmail ews)
at=$(free_port) again=$(free_port)
for k in "${kinds[@]}"; do PORT["$k"]=$at WANT["$k"]=$OBJECTS; done
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
	-subj '/CN=a test' -addext 'subjectAltName=IP:127.0.0.1' \
	-keyout "$S/key.pem" -out "$S/cert.pem" 2>"$S/openssl.log"
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 \
	-out "$S/robot.pem" 2>>"$S/openssl.log"
openssl pkey -in "$S/robot.pem" -pubout -out "$S/public.pem"
cp "$S"/*.pem "$R"
serve() { # PORT FOLDER
	python3 -B "$TOP/tests/scenario/clouds_wire.py" "$1" "$OBJECTS" "$2" \
		2>>"$2/err" &
	PIDS["$1"]=$!
}
serve "$at" "$S"
serve "$again" "$R"
wait_for 10 listening "127.0.0.1:$at" && wait_for 10 listening "127.0.0.1:$again" ||
	{ tail "$S/err"; exit 1; }

cred() { # FILE PORT JQ-OBJECT
	jq -n --rawfile ca "$S/cert.pem" --rawfile key "$S/robot.pem" \
		--arg at "https://127.0.0.1:$2" "{ca: \$ca} + $3" >"$1"
	chmod 600 "$1"
}
where() { # SERVICE SIGN-IN
	echo "{endpoint: (\$at + \"/$1\"), sign_in: (\$at + \"/login/$2\")}"
}
client='{client_id: "app", client_secret: "Made-Up-7"}'
robot='{client_email: "robot@example.org", private_key: $key, type: "service_account"}'
credential() { # KIND PORT FILE
	case $1 in
	onedrive) cred "$3" "$2" "$client + $(where graph 'microsoft/{tenant}')" ;;
	gdrive | gmail) cred "$3" "$2" "$robot + $(where google google)" ;;
	dropbox) cred "$3" "$2" "{client_id: \"app\", refresh_token: \"rt-d\"} +
		$(where dropbox dropbox)" ;;
	box) cred "$3" "$2" "$client + {enterprise_id: \"12\"} + $(where box box)" ;;
	ews) cred "$3" "$2" '{user: "scanner", password: "Wrong-Horse-7"}' ;;
	app) cred "$3" "$2" "$client + {sign_in: (\$at + \"/login/exchange/{tenant}\")}" ;;
	esac
}
url_of() { # KIND PORT
	case $1 in
	onedrive) echo onedrive://contoso.example/anna@example.org/Many ;;
	gdrive) echo "gdrive://anna@example.org/My Drive" ;;
	ews) echo "ews://127.0.0.1:$2/anna@example.org" ;;
	*) echo "$1://anna@example.org" ;;
	esac
}
wire_options() { # INDEX KIND WANT CREDENTIAL
	local as=$2
	[ "$4" = login ] || as=$4
	credential "$as" "${RELAY["$1"]}" "$W/job/$1.json"
	more=(--credential "$W/job/$1.json" --option pause=50ms)
	[ "$3" != none ] || more+=(--option tries=2)
}
faults=(stall:20000:2/all mute/none delay:10/all cut:20000:4/all
	truncate:20000:4/all garbage:20000:4/some garbage:0/none close/none)
wire_sent() { echo 0; } # no secret is wrong here
wire_plan_by_fault
wire_add ews all none app
wire_relays

# ---- a server that dies ----
slowly() { # KIND: it waits for half a minute, if a busy machine needs it
	local as=$1 f=$W/slow.$1
	[ "$1" != ews ] || as=app
	credential "$as" "$again" "$f.json"
	: >"$f.out"
	timeout -k 1 "$BOUND" trawl scan --format jsonl --types card_visa --jobs 1 \
	    --credential "$f.json" --option rate=20 --option pause=300ms \
	    --option tries=8 --option resumes=8 \
	    --coverage "$f.ledger" "$(url_of "$1" "$again")" >"$f.out" 2>"$f.err"
	echo $? >"$f.end"
}
all_began() {
	local k
	for k in "${kinds[@]}"; do test -s "$W/slow.$k.out" || return 1; done
}
die() {
	wait_for 30 all_began
	kill -9 "${PIDS["$again"]}" && wait "${PIDS["$again"]}" 2>"$W/killed"
	grep -c sign_in "$R/log" >"$W/signs"
	serve "$again" "$R"
}
for k in "${kinds[@]}"; do slowly "$k" & done
wire_run &
running=$!
die
wait $running
wire_check
survived() { # KIND
	local f=$W/slow.$1
	wait_for "$BOUND" test -s "$f.end" || return 1
	echo "$1: $(wc -l <"$f.out") found, code $(<"$f.end"): $(head -n 1 "$f.err")"
	[ "$(jq -r .path "$f.out" | sort -u | wc -l)" -eq "$OBJECTS" ] &&
		[ "$(wc -l <"$f.out")" -eq "$OBJECTS" ] &&
		grep -q '"whole":true' "$f.ledger"
}
for k in "${kinds[@]}"; do
	check "$k: a server that is killed and comes back is read whole" survived "$k"
done
check 'with tokens that it gave since' \
	test "$(grep -c sign_in "$R/log")" -gt "$(<"$W/signs")"
check 'a token of Exchange that is over is renewed' \
	test "$(grep -c '"sign_in": "exchange"' "$S/log")" -ge 2
check 'the server had no trouble of its own' eval '! grep -E "^[A-Z][a-z]+Error" "$S/err"'
scenario_end
