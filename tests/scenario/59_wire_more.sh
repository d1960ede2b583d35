#!/usr/bin/env bash
# 59_wire_more: what 59_wire_faults does, with fewer faults, for a mailbox over
# POP3 (Dovecot), a directory (OpenLDAP), and what servers of our own play:
# MongoDB and SQL Server.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/wire.sh"
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

url_of() { # KIND PORT
	case $1 in
	pop3) echo "pop3://127.0.0.1:$2/" ;;
	ldap) echo "ldap://127.0.0.1:$2/" ;;
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

faults=(delay:10/all cut:40000:1/all truncate:40000:1/all stall:40000:1/all
	garbage:40000:1/some cut:20:1/some garbage:0/none close/none mute/none)
wire_plan
for k in "${kinds[@]}"; do
	for n in 60 400; do wire_add "$k" none "cut:$n" wrong; done
done
wire_relays
wire_run
wire_check

# ---- Dovecot ends under way and comes back ----
wire_slowly() { more+=(--option rate=60); }
return_pop3() { # a server takes its time
	sleep 4
	start_dovecot pop3
}
wire_interrupt pop3 KILL return_pop3 pop3
wire_come_back pop3
scenario_end
