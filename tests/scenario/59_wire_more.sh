#!/usr/bin/env bash
# 59_wire_more: what 59_wire_faults does, with fewer faults, for a mailbox over
# POP3 (Dovecot), a directory (OpenLDAP), and what servers of our own play:
# MongoDB and SQL Server.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/wire.sh"
. "$(dirname "$0")/vanish.sh"
for part in common mail tables more; do
	. "$(dirname "$0")/servers/$part.sh"
done
scenario_begin
OBJECTS=300
LANES=30 # they wait more than they work
TYPES='card_*'
kinds=(pop3 ldap mongo tds)
for k in "${kinds[@]}"; do PORT["$k"]=$(free_port); done
for k in pop3 tds; do
	login "$k.login" anna "$secret"
	login "$k.wrong" anna 'another one'
done
login ldap.login "cn=admin,$base" "$secret"
login ldap.wrong "cn=admin,$base" 'another one'
login mongo.login clerk "a clerk's own"
login mongo.wrong clerk 'another one'

servers_start "${kinds[@]}"
servers_wait "${kinds[@]}" || exit 1

goods= # of those that are to last
url_of() { # KIND PORT
	case $1${goods:+.goods} in
	mongo.goods) echo "mongodb://127.0.0.1:$2/depot/goods" ;;
	tds.goods) echo "mssql://127.0.0.1:$2/shop/dbo/goods" ;;
	pop3*) echo "pop3://127.0.0.1:$2/" ;;
	ldap*) echo "ldap://127.0.0.1:$2/" ;;
	mongo) echo "mongodb://127.0.0.1:$2/shop/people" ;;
	tds) echo "mssql://127.0.0.1:$2/shop/dbo/orders" ;;
	esac
}
wire_options() { # INDEX KIND WANT CREDENTIAL
	more=(--credential "$W/$2.$4.json" --option tls=no)
}
# what is there to be found, without a relay
for k in "${kinds[@]}"; do
	trawl scan --format jsonl --types "$TYPES" --option tls=no \
	    --credential "$W/$k.login.json" --coverage "$W/$k.cov" \
	    "$(url_of "$k" "${PORT["$k"]}")" >"$W/$k.all" 2>"$W/$k.said"
	WANT["$k"]=$(wc -l <"$W/$k.all")
	check "$k: ${WANT["$k"]} findings, all read" \
	    grep -q '"whole":true' "$W/$k.cov"
done

# ---- one level of them ----
at() { echo "$1://127.0.0.1:${PORT["$2"]}"; }
wire_probe pop3 "$(at pop3 pop3)/" # it has no levels
wire_probe ldap "$(at ldap ldap)/" "$(at ldap ldap)/$base/"
wire_probe mongo "$(at mongodb mongo)/" "$(at mongodb mongo)"/{depot,other,shop}/
wire_probe mongo "$(at mongodb mongo)/shop" "$(at mongodb mongo)"/shop/{fs.files,people,vault}/
wire_probe tds "$(at mssql tds)/" "$(at mssql tds)/shop/"
wire_probe tds "$(at mssql tds)/shop/dbo" \
    "$(at mssql tds)/shop/dbo/"{'Customers ]x',bare,cut,denied,goods,loose,mute,orders,scans}

faults=(delay:10/all cut:40000:1/all truncate:40000:1/all stall:40000:1/all
	garbage:40000:1/some cut:20:1/some garbage:0/none close/none mute/none)
wire_plan
for k in "${kinds[@]}"; do
	for n in 60 400; do wire_add "$k" none "cut:$n" wrong; done
done
wire_relays
wire_run
wire_check

# ---- servers that end under way and come back ----
goods=1
again=(pop3 mongo tds)
WANT["mongo"]=1500 WANT["tds"]=3000 # each has a card
wire_slowly() { # KIND
	case $1 in
	mongo | tds) ;;
	*) more+=(--option rate=60) ;;
	esac
}
return_pop3() { # a server takes its time
	sleep 4
	start_dovecot pop3
}
for k in mongo tds; do wire_hold "$k" 400000; done
wire_interrupt pop3 KILL return_pop3 pop3
wire_interrupt mongo KILL serve_mongo mongo
wire_interrupt tds KILL serve_tds tds
wire_come_back "${again[@]}"

# ---- what is deleted while it is read ----
vanish_url() { # KIND
	local port=${PORT["$1"]}
	[ "$1" != tds ] || port=$(wire_port tds) # a relay that holds back the rest
	url_of "$1" "$port"
}
vanish_slowly() { # KIND
	case $1 in
	mongo) more+=(--option bandwidth=400KiB) ;;
	ldap) more+=(--option rate=60) ;;
	esac
}
vanish_begun() { # KIND OUTPUT
	case $1 in
	mongo) [ "$(tail -n "+$before" "$W/mongo.log" | grep -c getMore)" -gt 2 ] ;;
	tds) wire_under_way tds ;;
	*) test -s "$2" ;;
	esac
}
stop_one relay.tds
rm -f "$W/held.tds"
wire_hold tds 400000
before=$(($(wc -l <"$W/mongo.log") + 1))
vanish_mongo() { kill -USR1 "${PIDS["mongo"]}"; }
vanish_tds() { kill -USR1 "${PIDS["tds"]}"; }
vanish_ldap() {
	{ printf "cn=%d,$base\n" $(seq 0 $((OBJECTS - 1))); echo "$base"; } |
		python3 "$TOP/tests/scenario/ldap_delete.py" "${PORT["ldap"]}" \
		    "cn=admin,$base" "$secret"
}
for k in mongo ldap tds; do vanish "$k" & done
vanish_check mongo ldap tds
check 'tds: and as a table that is gone, not as one that cannot be read' \
    grep -q '"reason":"vanished"' "$W/of-tds.ledger"
scenario_end
