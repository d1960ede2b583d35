#!/usr/bin/env bash
# 59_wire_slow: servers that answer far later than they used to, for a while, by
# a relay before them: they are given rest, it is told, and all is found; and the
# option rate over a whole scan. A session of each way to ask: many requests ahead
# (SFTP; entries of LDAP, which it never lets us wait for until it is slow), calls
# side by side (HTTP), hands of their own (SMB), commands in a row (Redis).
. "$(dirname "$0")/lib.sh"
for part in common files more; do
	. "$(dirname "$0")/servers/$part.sh"
done
scenario_begin
PATH=$PATH:/usr/sbin
OBJECTS=${OBJECTS:-360}
RATE=90 # so that there is a while
D=$W/data

make_objects
for ((i = 0; i < 60; i++)); do # what is asked alone says most
	mkdir "$D/in/f$i" && mv "$D"/in/"$i".txt "$D"/in/*[0-9]"$(printf %02d "$i")".txt \
		"$D/in/f$i"
done
login login anna "$secret"
login ldap "cn=admin,$base" "$secret"

kinds=(ssh http redis ldap)
[ -z "$root" ] || kinds+=(smb) # whose server wants root
[ -z "${KINDS:-}" ] || read -ra kinds <<<"$KINDS"
for k in "${kinds[@]}"; do PORT["$k"]=$(free_port); done
servers_start "${kinds[@]}"
servers_wait "${kinds[@]}" || exit 1
relays_up() { [ "$(cat "$W"/relay.* | grep -c listening)" -eq ${#kinds[@]} ]; }
for k in "${kinds[@]}"; do # each of them becomes slow when its scan is under way
	ms=1000
	[ "$k" != smb ] || ms=600 # it asks several times for each file
	[ "$k" != ldap ] || ms=2000 # a third of a second's objects is asked ahead
	python3 "$TOP/tests/scenario/spoiler.py" "${PORT["$k"]}:slow:$ms" \
	    >"$W/relay.$k" &
	PIDS["relay.$k"]=$!
done
wait_for 20 relays_up || exit 1

PIN=$(ssh-keygen -lf "$W/ssh/host" 2>/dev/null | cut -d' ' -f2)
scan() { # KIND
	local url more=(--credential "$W/login.json") p
	read -r _ _ p <"$W/relay.$1"
	case $1 in
	ssh)
		url=sftp://$(id -un)@127.0.0.1:$p$D/in
		more=(--credential "$W/ssh.json" --option "host_key=$PIN") ;;
	http) url=http://127.0.0.1:$p/in/ ;;
	redis) url=redis://127.0.0.1:$p/0 ;;
	ldap)
		url=ldap://127.0.0.1:$p/
		more=(--credential "$W/ldap.json" --option tls=no) ;;
	smb)
		url=smb://127.0.0.1:$p/files/in
		more=(--credential "$W/smb.json") ;;
	esac
	trawl scan --format jsonl --jobs 1 --types card_visa "${more[@]}" \
	    --option rate=$RATE --coverage "$W/$1.ledger" "$url" \
	    >"$W/$1.out" 2>"$W/$1.err"
}
told() { grep -q 'answers much later than usual: it is given rest' "$W/$1.err"; }
late=() # Redis has so much asked ahead that at this rate we never wait
for k in "${kinds[@]}"; do [ "$k" = redis ] || late+=("$k"); done
declare -A first=(["ldap"]=150) # what is usual is known by then
begun() { [ -e "$W/$1.out" ] && [ "$(wc -l <"$W/$1.out")" -gt "${first["$1"]:-0}" ]; }
become_slow() { # KIND: until it has its rest
	wait_for 30 begun "$1"
	kill -USR1 "${PIDS["relay.$1"]}"
	wait_for 20 told "$1"
	kill -USR1 "${PIDS["relay.$1"]}"
}
for k in "${kinds[@]}"; do
	scan "$k" &
	PIDS["scan.$k"]=$!
done
for k in "${late[@]}"; do
	become_slow "$k" &
	PIDS["slow.$k"]=$!
done
for k in "${kinds[@]}"; do wait "${PIDS["scan.$k"]}"; done

# [seconds, seconds of rest]
times() { jq -c 'select(.totals).totals | [.seconds, .rested_seconds]' "$W/$1.ledger"; }
rested() {
	echo "$1: $(wc -l <"$W/$1.out") found, $(times "$1")"
	told "$1" && [ "$(wc -l <"$W/$1.out")" -eq "$OBJECTS" ] &&
		jq -e 'select(.totals).totals | .rested_seconds > 0.2 and
			.rested_seconds < .seconds and .whole' "$W/$1.ledger"
}
kept() { # all is found, and but for what a burst of a quarter of a second lets through
	[ "$(wc -l <"$W/$1.out")" -eq "$OBJECTS" ] &&
		times "$1" | jq -e ".[0] >= ($OBJECTS - $RATE / 4 - 1) / $RATE"
}
for k in "${late[@]}"; do
	check "$k: a server that becomes slow is given rest, which is told" rested "$k"
done
for k in "${kinds[@]}"; do
	check "$k: no more than its rate a second" kept "$k"
done
scenario_end
