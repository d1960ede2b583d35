#!/usr/bin/env bash
# 59_wire_faults: every kind of target over connections that are delayed, cut,
# closed, stalled, filled with noise or mute, by a relay before its real server:
# each scan ends by itself, found everything or says what it did not read, gives
# nothing twice, and a password that is refused is not sent again and again.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/wire.sh"
for part in common files mail tables more; do
	. "$(dirname "$0")/servers/$part.sh"
done
scenario_begin
PATH=$PATH:/usr/sbin
OBJECTS=${OBJECTS:-$([ -n "${TORTURE:-}" ] && echo 3000 || echo 300)}
D=$W/data

# ---- the same objects everywhere ----
make_objects
login login anna "$secret"
login wrong anna 'another one'

# ---- the servers, side by side ----
kinds=(ssh http imap pgsql mysql redis)
[ -z "$root" ] || kinds+=(smb nfs) # whose servers want root
[ -z "${KINDS:-}" ] || read -ra kinds <<<"$KINDS" # to look at one of them
for k in "${kinds[@]}"; do PORT["$k"]=$(free_port) WANT["$k"]=$OBJECTS; done
servers_start "${kinds[@]}"
servers_wait "${kinds[@]}" || exit 1

# ---- what happens to their connections ----
faults=(none/all delay:10/all cut:40000:1/all truncate:40000:1/all stall:40000:1/all
	garbage:40000:1/some cut:20:1/some cut:70000/some
	stall:20/none garbage:0/none truncate:20/none close/none mute/none)
wire_plan
# a refused password, its answer cut off at many places
for k in "${kinds[@]}"; do
	case $k in ssh | smb | nfs) continue ;; esac
	for n in 1 30 60 120 200 400; do
		wire_add "$k" none "cut:$n" wrong
	done
done
wire_relays

# Its index is made by whoever comes first, alone.
[ -z "${PORT["imap"]:-}" ] || curl -s "imap://127.0.0.1:${PORT["imap"]}/INBOX?ALL" -u "anna:$secret" \
	>"$W/imap.first" || exit 1

PIN=$(ssh-keygen -lf "$W/ssh/host" 2>/dev/null | cut -d' ' -f2)
url_of() { # KIND PORT INDEX CREDENTIAL
	case $1 in
	ssh) echo "sftp://$(id -un)@127.0.0.1:$2$D/in" ;;
	http) # in the server's log each has a name of its own
		[ "$4" = login ] && echo "http://127.0.0.1:$2/in/" ||
			echo "http://127.0.0.1:$2/in/$3.txt" ;;
	imap) echo "imap://127.0.0.1:$2/" ;;
	pgsql) echo "pgsql://127.0.0.1:$2/postgres/public/notes" ;;
	mysql) echo "mysql://127.0.0.1:$2/shop/notes" ;;
	redis) echo "redis://127.0.0.1:$2/0" ;;
	smb) echo "smb://127.0.0.1:$2/files/in" ;;
	nfs) echo "nfs://127.0.0.1:$2/data/in?version=4" ;;
	esac
}
wire_options() { # INDEX KIND WANT CREDENTIAL
	case $2 in
	ssh) more=(--credential "$W/ssh.json" --option "host_key=$PIN") ;;
	smb) more=(--credential "$W/smb.json" --option sessions=2) ;;
	nfs) ;;
	*) more=(--credential "$W/$4.json") ;;
	esac
}
wire_softer() { # a statement that was begun cannot go on
	[ "$1 $2 ${3##*:}" = 'pgsql all 1' ] && echo some || echo "$2"
}
wire_excused() { # noise in a cell is a cell: without TLS nobody can tell
	[ "$1 ${2%%:*} $3" = 'mysql garbage 1' ]
}
# A password that is refused, or whose answer is lost, goes out three times.
wire_sent() { # INDEX KIND
	if [ "$2" = http ]; then
		grep -c " - anna .*/in/$1.txt .* 401 " "$W/http/log"
	else
		grep -c "connection $1 " "$W/relays"
	fi
}
# ---- folders that are taken away while they are read ----
folders=()
for k in ssh smb nfs; do # a link of a web site that leads nowhere is no object
	[ -z "${PORT["$k"]:-}" ] || folders+=("$k")
done
for k in "${folders[@]}"; do cp -r "$D/in" "$D/of-$k"; done
chmod -R a+rX "$D"
vanish() { # KIND
	local more=() v=$W/of-$1 url
	url=$(url_of "$1" "${PORT["$1"]}" '' login)
	wire_options '' "$1" '' login
	: >"$v.out"
	trawl scan --format jsonl --jobs 1 --types card_visa --option rate=40 \
	    --coverage "$v.ledger" "${more[@]}" "${url/\/in/\/of-$1}" \
	    >"$v.out" 2>"$v.err" &
	local pid=$!
	wait_for 30 test -s "$v.out"
	rm -r "$D/of-$1"
	wait $pid
	echo $? >"$v.end"
}
for k in "${folders[@]}"; do vanish "$k" & done
wire_run
wire_check
# ---- servers that end under way and come back ----
wire_slowly() { more+=(--option rate=60); }
return_imap() { # a server takes its time
	sleep 4
	start_dovecot imap
}
returning=()
for k in http imap; do # of others, in their own scenarios
	[ -z "${PORT["$k"]:-}" ] || returning+=("$k")
done
for k in "${returning[@]}"; do
	case $k in
	http) wire_interrupt http KILL serve_http http ;;
	imap) wire_interrupt imap KILL return_imap imap ;;
	esac
done
wire_come_back "${returning[@]}"
vanished() { # KIND: what came before is there, once; the rest is told
	local v=$W/of-$1 n
	wait_for "$BOUND" test -s "$v.end" || return 1
	n=$(wc -l <"$v.out")
	echo "$1: $n found, code $(<"$v.end"):" \
	    "$(jq -c 'select(.totals).totals | [.objects, .unread, .reasons]' "$v.ledger")"
	[ "$n" -gt 0 ] && [ "$n" -lt "$OBJECTS" ] &&
		[ "$(jq -r .path "$v.out" | sort | uniq -d | wc -l)" -eq 0 ] &&
		grep -q '"whole":false' "$v.ledger"
}
for k in "${folders[@]}"; do
	check "$k: a folder that vanishes is told, what was read stands" \
	    vanished "$k"
done
if [ -n "${PORT["http"]:-}" ]; then
	few() { # robots.txt and sitemaps are asked for, too
		[ "$(grep -c ' - anna .* 401 ' "$W/http/log")" -le \
		    $((3 * $(grep -c '^http.*wrong$' <(printf '%s\n' "${jobs[@]}")))) ]
	}
	check "http: no password that is refused goes out more than three times" few
fi
scenario_end
