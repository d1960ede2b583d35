#!/usr/bin/env bash
# 59_wire_more: what 59_wire_faults does, with fewer faults, for a mailbox over
# POP3 (Dovecot), a directory (OpenLDAP), and what servers of our own play:
# MongoDB and SQL Server.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/wire.sh"
. "$(dirname "$0")/dovecot.sh"
scenario_begin
OBJECTS=300
LANES=30 # they wait more than they work
TYPES='card_*'
kinds=(pop3 ldap mongo tds)
for k in "${kinds[@]}"; do PORT["$k"]=$(free_port); done
base='dc=example,dc=org'
login() { # NAME USER PASSWORD
	jq -n --arg u "$2" --arg p "$3" '{user: $u, password: $p}' >"$W/$1.json"
	chmod 600 "$W/$1.json"
}
for k in pop3 tds; do
	login "$k.login" anna 'a made-up one'
	login "$k.wrong" anna 'another one'
done
login ldap.login "cn=admin,$base" 'a made-up one'
login ldap.wrong "cn=admin,$base" 'another one'
login mongo.login clerk "a clerk's own"
login mongo.wrong clerk 'another one'

serve_pop3() {
	local s=$W/pop3 me=nobody group=nogroup i
	if [ "$(id -u)" -ne 0 ]; then
		me=$(id -un) group=$(id -gn)
	fi
	mkdir -p "$s/run" "$s/mail/"{cur,new,tmp}
	for ((i = 0; i < OBJECTS; i++)); do
		printf 'From: a@example.org\nSubject: x\n\nvisa 4111 1111 1111 1111, no. %d\n%0300d\n' \
		    "$i" 0 >"$s/mail/new/1.$i"
	done
	dovecot_conf "$s" pop3 "$me" "$group" "maildir:$s/mail"
	echo 'anna:a made-up one' >"$s/users"
	chown -R "$me:$group" "$s" && chmod 755 "$s"
	start_pop3
}
start_pop3() {
	exec dovecot -F -c "$W/pop3/conf" >>"$W/pop3/out" 2>&1
}
serve_ldap() {
	local s=$W/ldap i
	mkdir -p "$s/data"
	cat >"$s/conf" <<-C
	include /etc/ldap/schema/core.schema
	include /etc/ldap/schema/cosine.schema
	pidfile $s/pid
	modulepath /usr/lib/ldap
	moduleload back_mdb.la
	database mdb
	maxsize 67108864
	suffix "$base"
	rootdn "cn=admin,$base"
	rootpw "a made-up one"
	directory $s/data
	dbnosync
	C
	{
		printf 'dn: %s\nobjectClass: domain\ndc: example\n' "$base"
		for ((i = 0; i < OBJECTS; i++)); do
			printf '\ndn: cn=%d,%s\nobjectClass: person\ncn: %d\nsn: x\ndescription: visa 4111 1111 1111 1111, %0300d\n' \
			    "$i" "$base" "$i" 0
		done
	} >"$s/fill"
	/usr/sbin/slapadd -q -f "$s/conf" -l "$s/fill" >"$s/out" 2>&1
	exec /usr/sbin/slapd -f "$s/conf" -d 0 \
	    -h "ldap://127.0.0.1:${PORT["ldap"]}" >"$s/log" 2>&1
}
serve_mongo() {
	exec python3 "$TOP/tests/scenario/mongod.py" "${PORT["mongo"]}" \
	    "$W/mongo.log" 500 2>"$W/mongo.err"
}
serve_tds() {
	exec python3 "$TOP/tests/scenario/tds.py" "${PORT["tds"]}" 6000 \
	    "$W/tds.log" >"$W/tds.err" 2>&1
}
for k in "${kinds[@]}"; do
	serve_"$k" &
	PIDS["$k"]=$!
done
for k in "${kinds[@]}"; do
	wait_for 15 listening "127.0.0.1:${PORT["$k"]}" ||
		{ echo "no server: $k"; exit 1; }
done

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
	start_pop3
}
wire_interrupt pop3 KILL return_pop3 pop3
wire_come_back pop3
scenario_end
