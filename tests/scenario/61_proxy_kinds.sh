#!/bin/bash
# 61_proxy_kinds: every family of targets through a master and a proxy agent, from
# real servers (of MongoDB and SQL Server: from those of our own). What arrives at
# the master are the findings of `trawl scan`, each at its place, and the same
# coverage; the keeper, not the director, starts the program of each kind; none
# of them takes more memory than a session may, and nothing touches the disk.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/trace.sh"
. "$(dirname "$0")/swift.sh"
for part in common files mail tables more stores; do
	. "$(dirname "$0")/servers/$part.sh"
done
scenario_begin
PATH=$PATH:/usr/sbin
export HOME=$W # no settings of whoever runs this
OBJECTS=20
D=$W/data
MIB=136 # more than a reader may take
declare -A SCAN=()
make_objects
mkdir "$D/big"
{ yes 'words that say nothing' | head -c ${MIB}M; note 1; } >"$D/big/large.txt"

# ---- the servers, side by side ----
more_sql() { # KIND: one large text; many, which a driver might take at once
	case $1 in
	firebird) cat <<-S ;;
		create table large(id int not null primary key, note blob sub_type text);
		insert into large select 1, list(rpad('', 8000, 'words that say nothing '), '') || ' card 6011111111111117'
		    from (select 1 x from notes a, notes b, notes c, notes d rows $((MIB * 131)));
		commit; grant select on large to user anna;
	S
	pgsql) cat <<-S ;;
		set default_toast_compression = 'lz4';
		create table large(id int primary key, note text);
		insert into large select n, repeat('words that say nothing ', 91180) || ' card 6011111111111117'
		    from generate_series(1, $MIB / 2) n;
	S
	esac
}
started=(dav imap pop3 pgsql mysql firebird tds redis ldap mongo)
[ -z "$root" ] || started+=(smb nfs) # whose servers want root
kinds=("${started[@]}" s3 swift blob queue table odbc)
large=(firebird odbc)
[ -z "$root" ] || large+=(smb)
server_ports "${kinds[@]}"
PORT["odbc"]=${PORT["pgsql"]}
for k in imap pop3 pgsql mysql odbc firebird tds redis; do
	login $k anna "$secret"
done
login ldap "cn=admin,$base" "$secret"
login mongo clerk "a clerk's own"
prepare_azurite
start_azurite &
PIDS["azurite"]=$!
servers_start "${started[@]}"
SWIFT_PORT=${PORT["s3"]} PORT["swift"]=${PORT["s3"]}
swift_start "$W/swift" || exit 1
fill_swift "$D/in" &
filled=$!
azurite_is_up() {
	local k
	for k in blob queue table; do server_is_up $k || return 1; done
}
wait_for 30 azurite_is_up && fill_azure "$D/in" && wait $filled || exit 1
servers_wait "${started[@]}" || exit 1
echo "$SECONDS s: the servers are there"

# ---- the targets ----
url_of() { # KIND
	local at=127.0.0.1:${PORT["${1%-large}"]}
	local here=endpoint=http://$at
	case $1 in
	s3) echo "s3://cards?$here&region=made-up-1" ;;
	swift) echo "swift://cards?auth=http://$at/auth/v1.0" ;;
	blob) echo "azure://$azure_name/cards?$here/$azure_name" ;;
	queue) echo "azure-queue://$azure_name/?$here/$azure_name" ;;
	table) echo "azure-table://$azure_name/?$here/$azure_name" ;;
	dav) echo "dav://$at/dav/in/" ;;
	imap | pop3) echo "$1://$at/" ;;
	pgsql | odbc) echo "$1://$at/postgres/public/notes" ;;
	mysql) echo "mysql://$at/shop/notes" ;;
	firebird) echo "firebird://$at/shop/NOTES" ;;
	tds) echo "mssql://$at/shop/dbo/orders" ;;
	mongo) echo "mongodb://$at/shop/people" ;;
	ldap) echo "ldap://$at/$base" ;;
	redis) echo "redis://$at/0" ;;
	smb) echo "smb://$at/files/in" ;;
	nfs) echo "nfs://$at/data/in" ;;
	smb-large) echo "smb://$at/files/big" ;;
	firebird-large) echo "firebird://$at/shop/LARGE" ;;
	odbc-large) echo "odbc://$at/postgres/public/large" ;;
	esac
}
options_of() { # KIND: NAME=VALUE
	case ${1%-large} in
	odbc) echo 'driver=PostgreSQL Unicode' ;;
	nfs) echo version=4 ;;
	tds | mongo | ldap) echo tls=no ;;
	esac
}
# Where a credential may be shown, with what must stand there literally.
scope_of() { # KIND
	local url
	url=$(url_of "$1")
	case $1 in
	s3 | swift | blob | queue | table) echo "$url" ;;
	odbc) echo "${url%/public/*}?driver=PostgreSQL%20Unicode" ;;
	tds | mongo | ldap) echo "${url%%"${url#*://*/}"}?tls=no" ;;
	*) echo "${url%%"${url#*://*/}"}" ;;
	esac
}
credential_of() { # KIND
	case $1 in
	nfs) ;;
	s3 | swift) echo openstack ;;
	blob | queue | table) echo azure ;;
	*) echo "${1%-large}" ;;
	esac
}

# ---- without a master ----
direct() { # KIND
	local more=() o c
	while read -r o; do more+=(--option "$o"); done < <(options_of "$1")
	c=$(credential_of "$1")
	[ -z "$c" ] || more+=(--credential "$W/$c.json")
	trawl scan --format jsonl --types 'card_*' --coverage "$W/$1.cov" \
	    "${more[@]}" "$(url_of "$1")" >"$W/$1.want" 2>"$W/$1.err"
}
directly() { # three at a time
	local k pids=()
	for k in "${kinds[@]}"; do
		direct "$k" &
		pids+=($!)
		[ ${#pids[@]} -lt 3 ] || { wait "${pids[@]}"; pids=(); }
	done
	[ ${#pids[@]} -eq 0 ] || wait "${pids[@]}"
}

# ---- master and proxy ----
ask() { python3 "$TOP/tests/scenario/ask.py" "$M" "$@" | tail -n 1; }
proxy() { trawl-proxy-agent "$@" --state "$W/proxy"; }
connected() { proxy status >"$W/status"; }
keep() { # KIND: its credential, for its scope
	local c
	c=$(credential_of "$1")
	[ -z "$c" ] || jq --arg s "$(scope_of "$1")" '{($s): .}' "$W/$c.json" |
		proxy credential add "$1"
}
keep_all() {
	local k
	for k in "${kinds[@]}"; do keep "$k" || return; done
}
add_target() { # KIND; its id
	ask remote.create "$(jq -nc --arg u "$(url_of "$1")" \
	    --arg c "$([ -z "$(credential_of "$1")" ] || echo "${1%-large}")" \
	    --arg o "$(options_of "$1")" '{url: $u, credential: $c, options:
	    ($o | split("\n") | map(split("=") | {(.[0]): .[1]}) | add // {})}')" |
		grep -o '[0-9]*'
}
order() { # KIND
	SCAN["$1"]=$(ask scan.create "{\"targets\": [$(add_target "$1")],
		\"types\": [\"card_*\"]}" | jq .id)
	[ -n "${SCAN["$1"]}" ]
}
order_all() {
	local k
	for k in "${large[@]/%/-large}" "${kinds[@]}"; do
		order "$k" || { echo "$k"; return 1; }
		look_at_readers "${PIDS["strace"]}" # the first are at work
	done
}
# Every process of it is traced: what it starts, and which files it opens.
proxy_start() {
	strace -f -z --seccomp-bpf -qq -o "$W/trace" -e signal=none \
	    -e trace=execve,clone,clone3,vfork,"$OPENS" \
	    "$BUILD/trawl-proxy-agent" run --state "$W/proxy" \
	    --reconnect-base 100ms >>"$W/proxy.log" 2>&1 &
	PIDS["strace"]=$!
}
all_done() {
	local i
	for i in 1 2 3 4 5; do
		look_at_readers "${PIDS["strace"]}"
		sleep 0.03
	done
	trawl-master scans --data "$M" --running 2>/dev/null | grep -q '^0 '
}

directly
echo "$SECONDS s: trawl scan has read each"
check "master starts" eval 'master_init && master_start'
token=$(trawl-master token --data "$M" | grep -o 'trawl1:[^ ]*' | head -1)
check "proxy enrols" eval 'proxy enroll "$token" >>"$W/proxy.log" 2>&1'
check "it takes a credential in for each kind" keep_all
proxy_start
check "proxy connects" wait_for 20 connected
check "a scan of each kind is ordered" order_all
check "they end" wait_for 120 all_done
echo "$SECONDS s: all of it is read"
supervisor=$(tree_pids "${PIDS["strace"]}" | sed -n 2p)
kill "$supervisor"
wait "${PIDS["strace"]}" 2>/dev/null
unset 'PIDS["strace"]'

# ---- each kind ----
example_of() { # KIND: an object and a place that must be among the findings
	local u
	u=$(url_of "$1")
	case $1 in
	smb | nfs) echo "$u/7.txt" ;;
	dav) echo "${u}7.txt" ;;
	s3 | swift | blob) echo "${u/\/cards?/\/cards\/in/7.txt?}" ;;
	table) echo "${u/\/\?/\/Tablein?} row 20 text, key p, 9.txt" ;;
	queue | pop3) ;; # the server names them
	imap) echo "${u}INBOX/7" ;;
	redis) echo "$u/note:7" ;;
	ldap) echo "${u%/*}/cn=7,$base description" ;;
	firebird) echo "$u row 8 NOTE, key 7" ;;
	tds) echo "$u row 3667 card, key o, 5000" ;;
	mongo) echo "$u anna, address.cards[1].number" ;;
	*) echo "$u row 8 note, key 7" ;;
	esac
}
totals() { # FILE
	jq -c 'select(.totals) | .totals |
	    [.whole, .objects, .full, .partial, .unread, .bytes]' "$1"
}
exported() { # KIND: what its scan has found, and all was read
	trawl-master export --data "$M" --scan "${SCAN["$1"]}" \
	    --coverage "$W/$1.got.cov" >"$W/$1.got" || return
	echo "$(wc -l <"$W/$1.got") findings, $(totals "$W/$1.got.cov")"
	jq -se '.[-1].totals | .whole and .objects > 0 and
	    .objects == .full' "$W/$1.got.cov" >/dev/null
}
has() { # KIND "PATH PLACE"
	jq -r '.path + " " + .place' "$W/$1.got" | grep -qF "$2"
}
arrived() { # KIND: as many as there are, where they are, all of it read
	local many=$OBJECTS
	case $1 in mongo) many=6 ;; tds) many=1 ;; esac
	exported "$1" && [ "$(wc -l <"$W/$1.got")" -eq $many ] &&
		has "$1" "$(example_of "$1")" &&
		[ "$(totals "$W/$1.cov")" = "$(totals "$W/$1.got.cov")" ] &&
		python3 "$TOP/tests/scenario/same.py" "$W/$1.want" "$W/$1.got" ||
		{ cat "$W/$1.err" "$W/$1.cov"; return 1; }
}
for k in "${kinds[@]}"; do
	check "$k: all findings at their places, all of it read" arrived $k
done
large_one() { # KIND
	local u many=1
	u=$(url_of "$1")
	case $1 in odbc-large) many=$((MIB / 2)) ;; esac
	exported "$1" && head -n 1 "$W/$1.got" && [ "$(wc -l <"$W/$1.got")" -eq $many ]
}
for k in "${large[@]}"; do
	check "$k: $MIB MiB, and what stands at their end" large_one "$k-large"
done

# ---- what it took ----
# The memory of such processes is closed: only root sees the names in a trace.
[ -n "$root" ] || scenario_end
sed -n 's,^\([0-9]*\) *execve("[^"]*/\(trawl-source[a-z-]*\)".* = 0$,\1 \2,p' \
    "$W/trace" >"$W/readers" # number and program of each
programs() {
	printf 'trawl-source%s\n' '' -data -firebird -nfs -odbc -smb -sql
}
by_keeper() { # a reader for each scan, and nobody else's child
	local p
	[ "$(wc -l <"$W/readers")" -ge ${#SCAN[@]} ] || return 1
	while read -r p _; do
		grep -qE "^$supervisor .*(clone|fork).* = $p$" "$W/trace" || return 1
	done <"$W/readers"
}
check "the keeper has started a reader for each" by_keeper
check "each of the program of its kind" diff <(programs) \
    <(cut -d' ' -f2 "$W/readers" | sort -u)
looked_at() { # those of large objects were seen at work
	local k p seen
	for k in "${large[@]}"; do
		seen=
		for p in "${!PEAK[@]}"; do
			! grep -qx "$p trawl-source-$k" "$W/readers" || seen=1
		done
		[ -n "$seen" ] || { echo "not seen: $k"; return 1; }
	done
}
check "readers of large objects are seen" looked_at
check "none of them takes more than 128 MiB" none_is_large
# Supervisor and link keep orders and results; nobody else writes.
link=$(sed -n 's,^\([0-9]*\) *execve([^[]*\["[^"]*"[., ]*"link".*,\1,p' "$W/trace")
sed -i "/^$supervisor /d; /^$link /d" "$W/trace"
check "who reads and who looks at it opens no file for writing" unwritten
scenario_end
