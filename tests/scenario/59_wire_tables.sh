#!/usr/bin/env bash
# 59_wire_tables: what 59_wire_faults does, with fewer faults, for databases whose
# servers or clients are large: Firebird, Derby over DRDA, and PostgreSQL through
# the driver of its ODBC. And each of them is killed while a table is read, and
# comes back.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/wire.sh"
for part in common tables; do . "$(dirname "$0")/servers/$part.sh"; done
scenario_begin
export HOME=$W # no settings of whoever runs this
OBJECTS=300
LANES=20 # they wait more than they work
kinds=(firebird derby odbc)
for k in "${kinds[@]}"; do PORT["$k"]=$(free_port) WANT["$k"]=$OBJECTS; done
for k in "${kinds[@]}"; do
	login "$k.login" anna "$secret"
	login "$k.wrong" anna 'another-one'
done
# ---- the servers, side by side ----
prepare_derby() {
	mkdir "$W/derby" && mkfifo "$W/orders" || return
	cat >"$W/derby/derby.properties" <<-END
	derby.connection.requireAuthentication=true
	derby.authentication.provider=BUILTIN
	derby.user.owner=made up
	derby.user.anna=$secret
	derby.database.readOnlyAccessUsers=anna
	derby.system.durability=test
	derby.drda.startNetworkServer=true
	derby.drda.host=127.0.0.1
	derby.drda.portNumber=${PORT["derby"]}
	END
	{
		enter_derby
		echo 'autocommit off; create schema shop; set schema shop;'
		notes_table
		notes_rows
		echo "commit; values 'it is full';"
	} >"$W/derby.sql"
}
enter_derby() { echo "connect 'jdbc:derby:shop;create=true;user=owner;password=made up';"; }
start_derby() {
	exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx192m \
	    -Dderby.system.home="$W/derby" \
	    -cp /usr/share/java/derby.jar:/usr/share/java/derbynet.jar:/usr/share/java/derbytools.jar \
	    org.apache.derby.tools.ij <"$W/orders" >>"$W/derby.log" 2>&1
}
fill_derby() { wait_for 60 grep -q '^it is full' "$W/derby.log"; }

start_odbc() { start_pgsql odbc; }
start() { # KIND
	"start_$1" &
	PIDS["$1"]=$!
}
prepare_derby && start derby && exec 9<>"$W/orders" || exit 1
cat "$W/derby.sql" >&9 &
prepare_pgsql odbc &
made=$!
prepare_firebird >"$W/isql.log" 2>&1 || { tail "$W/isql.log"; exit 1; }
wait $made || { tail "$W/odbc.init"; exit 1; }
start firebird
start odbc
fill_pgsql odbc && fill_derby || { echo 'a table is not full'; exit 1; }
servers_wait "${kinds[@]}" || exit 1

url_of() { # KIND PORT
	case $1 in
	firebird) echo "firebird://127.0.0.1:$2/shop/NOTES" ;;
	derby) echo "derby://127.0.0.1:$2/shop/SHOP/NOTES" ;;
	odbc) echo "odbc://127.0.0.1:$2/postgres/public/notes" ;;
	esac
}
wire_options() { # INDEX KIND WANT CREDENTIAL
	more=(--credential "$W/$2.$4.json")
	[ "$2" = odbc ] || return 0
	# it waits once for the answer and once for the driver to give up
	more+=(--option answer_timeout=2 --option 'driver=PostgreSQL Unicode' --option
	    'connect=DRIVER={driver};SERVERNAME={host};PORT={port};DATABASE={database};UID={user};PWD={password};UseDeclareFetch=1;Fetch=50;ReadOnly=1')
}
at=derby://127.0.0.1:${PORT["derby"]}/shop
wire_probe derby "$at/SHOP" "$at/SHOP/NOTES"
at=odbc://127.0.0.1:${PORT["odbc"]}/postgres
wire_probe odbc "$at/public" "$at/public/notes"
faults=(stall:40000:1/all mute/none delay:10/all cut:40000:1/all truncate:40000:1/all
	garbage:40000:1/some cut:20:1/some garbage:0/none close/none)
wire_plan_by_fault
for k in "${kinds[@]}"; do
	for n in 60 400; do wire_add "$k" none "cut:$n" wrong; done
done
wire_excused() { # noise in a cell is a cell: what encrypts, proves nothing
	[ "$1 ${2%%:*} $3" = 'firebird garbage 1' ]
}
wire_relays
wire_run
wire_check

# ---- servers that die while they send a table; Firebird's does in 54_firebird ----
dying=(derby odbc)
begin_scan() { # KIND: it stands still behind so many bytes
	local k=$1 more
	wire_hold "$k" 60000
	wire_options '' "$k" '' login
	trawl scan --format jsonl --jobs 1 --types card_visa --coverage "$W/dead.$k.ledger" \
	    "${more[@]}" "$(url_of "$k" "$(wire_port "$k")")" >"$W/dead.$k.out" 2>"$W/dead.$k.err" &
	PIDS["scan.$k"]=$!
}
die() { # KIND
	local its pid=${PIDS["$1"]}
	wait_for 20 test -e "$W/held.$1" || return
	mapfile -t its < <(pgrep -P "$pid")
	kill -9 "$pid" && wait "$pid" 2>>"$W/killed"
	are_gone() { ! kill -0 "$pid" "${its[@]}" 2>"$W/gone"; }
	wait_for 20 are_gone && start "$1" || return
	[ "$1" != derby ] || enter_derby >&9 # which starts its server
}
survived() { # KIND
	wait "${PIDS["scan.$1"]}"
	unset "PIDS[scan.$1]"
	echo "$1: $(head -n 1 "$W/dead.$1.err")"
	[ "$(wc -l <"$W/dead.$1.out")" -eq "$OBJECTS" ] &&
		[ "$(jq -r .place "$W/dead.$1.out" | sort -u | wc -l)" -eq "$OBJECTS" ] &&
		grep -q '"whole":true' "$W/dead.$1.ledger"
}
for k in "${dying[@]}"; do begin_scan "$k"; done
for k in "${dying[@]}"; do check "$k: its server is killed" die "$k"; done
for k in "${dying[@]}"; do
	check "$k: it comes back, and each row is read once" survived "$k"
done
scenario_end
