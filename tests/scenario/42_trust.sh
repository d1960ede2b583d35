#!/bin/bash
# Who is refused before an application byte, and how soon a live agent is cut
# off: certificates of another CA, expired ones, none, old TLS, a foreign
# protocol, a token used twice; an unverified, a blocked and a removed agent.
. "$(dirname "$0")/lib.sh"
scenario_begin

# key and certificate $W/$1.pem, signed by CA $2.key/$2.pem from $3 to $4
certificate() {
	mkdir -p "$W/ca-$1/new"
	: >"$W/ca-$1/index"
	cat >"$W/ca-$1/conf" <<-C
		[ca]
		default_ca = own
		[own]
		dir = $W/ca-$1
		database = $W/ca-$1/index
		new_certs_dir = $W/ca-$1/new
		rand_serial = yes
		default_md = sha256
		policy = any
		x509_extensions = agent
		[any]
		commonName = optional
		[agent]
		extendedKeyUsage = clientAuth
		subjectAltName = URI:trawl://agent/1
	C
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$W/$1.key" -subj "/CN=agent 1" -out "$W/$1.csr" &&
		openssl ca -batch -notext -config "$W/ca-$1/conf" -cert "$2.pem" \
			-keyfile "$2.key" -in "$W/$1.csr" -out "$W/$1.pem" \
			-startdate "$3" -enddate "$4"
} >>"$W/openssl.log" 2>&1

other_ca() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$W/other.key" -out "$W/other.pem" -days 30 \
		-subj "/CN=another CA" >>"$W/openssl.log" 2>&1
}

# NAME OPTION...: the peer hears nothing and is closed at once
refused() {
	local name=$1 line
	shift
	line=$(python3 "$TOP/tests/scenario/peer.py" "$AGENTS" "$@" \
		--send 10000000010000000000000000000000 --wait 8)
	case $line in
	*" received=0 end=closed"*) return 0 ;;
	esac
	echo "$name: $line"
	return 1
}

ask() { python3 "$TOP/tests/scenario/ask.py" "$M" "$@" >"$W/answer" 2>&1; }

connected() { # an established connection of the agent to the master
	[ -n "$(ss -Htn state established dport = ":${AGENTS##*:}")" ]
}
cut_off() { ! connected; }

now_ms() { date +%s%3N; }

cut_within_a_second() { # OP JSON
	local start
	wait_for 10 connected || return 1
	ask "$@" || return 1
	start=$(head -1 "$W/answer")
	wait_for 3 cut_off || return 1
	echo "cut after $(($(now_ms) - start)) ms"
	[ $(($(now_ms) - start)) -le 1000 ]
}

at_work() { trawl-agent status --state "$W/a1" >>"$W/status.log" 2>&1; }

refused_for_good() { # the agent was told, and says so
	local code=0
	trawl-agent status --state "$W/a1" >>"$W/status.log" 2>&1 || code=$?
	[ "$code" -eq 7 ]
}

state_of() { trawl-master agents --data "$M" | awk -v id="$1" '$1 == id {print $2}'; }
state_is() { [ "$(state_of "$1")" = "$2" ]; }

check "master starts" eval 'master_init && master_start'

other_ca
certificate stranger "$W/other" 20200101000000Z 20400101000000Z
certificate expired "$M/ca/ca" 20200101000000Z 20200201000000Z
certificate early "$M/ca/ca" 20390101000000Z 20400101000000Z
certificate unknown "$M/ca/ca" 20200101000000Z 20400101000000Z
for name in stranger expired early unknown; do
	check "certificate made: $name" test -s "$W/$name.pem"
	check "refused before any answer: $name" refused "$name" \
		--cert "$W/$name.pem" --key "$W/$name.key"
done
check "TLS 1.2 is refused" refused tls12 --tls12
check "another protocol is refused" refused alpn --alpn http/1.1
check "no protocol is refused" refused noalpn --alpn ""

token=$(trawl-master token --data "$M" | grep -o 'trawl1:[^ ]*' | head -1)
check "a token enrols one agent" \
	trawl-agent enroll --state "$W/a1" "$token" >>"$W/a1.log" 2>&1
check "the same token enrols no second" eval \
	'! trawl-agent enroll --state "$W/a2" "$token" >"$W/a2.log" 2>&1'
check "and it is said why" grep -qi token "$W/a2.log"
check "no second agent stands in the list" eval '[ -z "$(state_of 2)" ]'

agent_start a1
check "the agent connects" wait_for 10 connected
# once more, without its certificate: what holds for it holds as before
master_stop
check "the master is back" master_start
check "the agent comes back" wait_for 30 at_work
check "a blocked agent is cut off within a second" \
	cut_within_a_second agent.block '{"id": 1}'
check "it stays out and says so" wait_for 10 refused_for_good
check "it is shown as blocked" state_is 1 blocked
check "it gets no work" eval \
	'! trawl-master scan --data "$M" --agent 1 --path /etc/hostname >>"$W/scan.log" 2>&1'
ask agent.unblock '{"id": 1}'
agent_stop a1
agent_start a1
check "an unblocked agent comes back" wait_for 10 connected
check "a removed agent is cut off within a second" \
	cut_within_a_second agent.remove '{"id": 1}'
check "it stays out and says so" wait_for 10 refused_for_good
agent_stop a1

trawl-agent enroll --state "$W/a3" --master "$AGENTS" >"$W/a3.log" 2>&1 &
PIDS[a3]=$!
unverified() {
	id=$(trawl-master agents --data "$M" | awk '$2 == "unverified" {print $1}')
	[ -n "$id" ]
}
check "an agent without a token waits as unverified" wait_for 10 unverified
check "it shows its fingerprint" grep -qE '([0-9A-F]{4} ){3}' "$W/a3.log"
check "it gets no work" eval \
	'! trawl-master scan --data "$M" --agent "$id" --path /etc/hostname >>"$W/scan.log" 2>&1'
check "it has no certificate" eval '! test -s "$W/a3/agent.pem"'
check "an admin verifies it" ask agent.verify "{\"id\": $id}"
check "it goes on by itself" wait_for 20 test -s "$W/a3/agent.pem"
scenario_end
