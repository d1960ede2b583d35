#!/usr/bin/env bash
# 59_wire_faults: every kind of target over connections that are delayed, cut,
# closed, stalled, filled with noise or mute, by a relay before its real server:
# each scan ends by itself, found everything or says what it did not read, gives
# nothing twice, and a password that is refused is not sent again and again.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/wire.sh"
. "$(dirname "$0")/dovecot.sh"
scenario_begin
PATH=$PATH:/usr/sbin
OBJECTS=${OBJECTS:-$([ -n "${TORTURE:-}" ] && echo 3000 || echo 300)}
D=$W/data
mkdir -p "$D/in"
secret='a made-up one'
root=$([ "$(id -u)" -eq 0 ] && echo 1)

# ---- the same objects everywhere ----
python3 - "$D/in" "$OBJECTS" <<'P'
import sys
top, count = sys.argv[1], int(sys.argv[2])
for i in range(count):
    with open(f"{top}/{i}.txt", "w") as f:
        f.write(f"visa 4111 1111 1111 1111, no. {i}\n" + "words " * 60 + "\n")
P
credential() { # NAME PASSWORD
	jq -n --arg p "$2" '{user: "anna", password: $p}' >"$W/$1.json"
	chmod 600 "$W/$1.json"
}
credential login "$secret"
credential wrong 'another one'

# ---- the servers, side by side ----
serve_ssh() {
	local s=$W/ssh
	mkdir -p "$s" && chmod 711 "$s" && mkdir -p /run/sshd 2>/dev/null
	ssh-keygen -q -t ed25519 -N '' -f "$s/host" &&
		ssh-keygen -q -t ed25519 -N '' -f "$s/key" || return
	printf '%s\n' "Port ${PORT["ssh"]}" 'ListenAddress 127.0.0.1' \
	    "HostKey $s/host" "AuthorizedKeysFile $s/key.pub" 'StrictModes no' \
	    'PermitRootLogin yes' 'Subsystem sftp internal-sftp' \
	    'MaxStartups 100' "PidFile $s/pid" >"$s/config"
	jq -n --arg k "$s/key" '{key_file: $k}' >"$W/ssh.json"
	chmod 600 "$W/ssh.json"
	exec /usr/sbin/sshd -D -e -f "$s/config" 2>"$s/log"
}
serve_http() {
	local s=$W/http
	mkdir -p "$s"
	cat >"$s/conf" <<-C
	daemon off; pid $s/pid; error_log $s/error; worker_processes 1;
	events { }
	http { access_log $s/log; client_body_temp_path $s/1;
		proxy_temp_path $s/2; fastcgi_temp_path $s/3;
		uwsgi_temp_path $s/4; scgi_temp_path $s/5;
		server { listen 127.0.0.1:${PORT["http"]}; root $D;
			autoindex on; auth_basic x; auth_basic_user_file $s/users; } }
	C
	printf 'anna:%s\n' "$(openssl passwd -apr1 "$secret")" >"$s/users"
	chmod -R a+rX "$s" "$D"
	exec nginx -c "$s/conf" 2>"$s/out"
}
serve_imap() {
	local s=$W/imap me=$1 group=$2
	mkdir -p "$s/run" "$s/mail/INBOX/"{cur,new,tmp}
	python3 - "$D/in" "$s/mail/INBOX/new" <<-'P'
	import os, sys
	for name in os.listdir(sys.argv[1]):
	    text = open(os.path.join(sys.argv[1], name)).read()
	    with open(os.path.join(sys.argv[2], "1." + name), "w") as f:
	        f.write(f"From: a@example.org\nSubject: x\n\n{text}")
	P
	dovecot_conf "$s" imap "$me" "$group" \
	    "maildir:$s/mail:LAYOUT=fs:INBOX=$s/mail/INBOX"
	echo "anna:$secret" >"$s/users"
	chown -R "$me:$group" "$s" && chmod 755 "$s"
	start_imap
}
start_imap() {
	exec dovecot -F -c "$W/imap/conf" >>"$W/imap/out" 2>&1
}
as() { # USER COMMAND...
	local user=$1
	shift
	if [ -n "$root" ]; then
		setpriv --reuid="$user" --regid="$user" --clear-groups "$@"
	else
		"$@"
	fi
}
printf -v words '%0300d' 0
rows() { # SQL that fills a table from the same objects
	echo "create table notes(id int primary key, note text);"
	for ((i = 0; i < OBJECTS; i++)); do
		echo "insert into notes values ($i, 'visa 4111 1111 1111 1111, no. $i ${words//0/x}');"
	done
}
serve_pgsql() {
	local s=$W/pgsql bin
	bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
	mkdir "$s"
	[ -z "$root" ] || chown postgres: "$s"
	echo "$secret" >"$W/pg.password"
	chmod 644 "$W/pg.password"
	as postgres "$bin/initdb" -D "$s/data" -A scram-sha-256 -U anna -N \
	    --pwfile="$W/pg.password" -E UTF8 --locale=C >"$W/pg.init" 2>&1
	rows >"$W/pg.sql"
	(wait_for 15 "$bin/pg_isready" -q -h 127.0.0.1 -p "${PORT["pgsql"]}" &&
		PGPASSWORD=$secret psql -q -1 -h 127.0.0.1 \
		    -p "${PORT["pgsql"]}" -U anna -d postgres -f "$W/pg.sql" &&
		touch "$W/pg.ready") &
	[ -z "$root" ] || set -- setpriv --reuid=postgres --regid=postgres \
		--clear-groups
	exec "$@" "$bin/postgres" -D "$s/data" -p "${PORT["pgsql"]}" \
	    -c listen_addresses=127.0.0.1 -c "unix_socket_directories=$s" \
	    -c fsync=off >"$W/pgsql.log" 2>&1
}
serve_redis() {
	local s=$W/redis
	mkdir "$s"
	printf '%s\n' "bind 127.0.0.1" "port ${PORT["redis"]}" "dir $s" \
	    'save ""' "user anna on \">$secret\" ~* +@all" \
	    "requirepass \"$secret\"" "logfile $s/log" >"$s/conf"
	(wait_for 10 listening "127.0.0.1:${PORT["redis"]}"
	for ((i = 0; i < OBJECTS; i++)); do
		echo "set note:$i \"visa 4111 1111 1111 1111, no. $i $words\""
	done | REDISCLI_AUTH=$secret redis-cli -p "${PORT["redis"]}" \
	    >"$s/fill" && touch "$W/redis.ready") &
	exec redis-server "$s/conf" >"$s/out" 2>&1
}
serve_mysql() {
	local s=$W/mysql
	mkdir "$s"
	[ -z "$root" ] || chown mysql: "$s"
	as mysql mariadb-install-db --no-defaults --datadir="$s/data" \
	    --auth-root-authentication-method=normal --skip-test-db \
	    >"$W/mysql.init" 2>&1
	{
		echo "create user anna identified by '$secret'; create database shop;"
		echo "grant select on shop.* to anna; use shop; begin;"
		rows
		echo 'commit;'
	} >"$W/mysql.sql"
	(wait_for 30 test -S "$s/sock" &&
		wait_for 10 mariadb --no-defaults -S "$s/sock" -u root \
		    -e 'select 1' >"$W/mysql.ping" 2>&1 &&
		mariadb --no-defaults -S "$s/sock" -u root <"$W/mysql.sql" &&
		touch "$W/mysql.ready") &
	[ -z "$root" ] || set -- setpriv --reuid=mysql --regid=mysql \
		--clear-groups
	exec "$@" mariadbd --no-defaults --datadir="$s/data" \
	    --port="${PORT["mysql"]}" --bind-address=127.0.0.1 \
	    --socket="$s/sock" --pid-file="$s/pid" --tmpdir="$s" \
	    --skip-name-resolve --log-warnings=2 \
	    --innodb-flush-log-at-trx-commit=0 >"$W/mysql.log" 2>&1
}
serve_smb() {
	local s=$W/smb
	mkdir -p "$s"/{private,lock,state,cache,pid,ncalrpc}
	cat >"$s/conf" <<-C
	[global]
	server role = standalone server
	interfaces = 127.0.0.1/8
	bind interfaces only = yes
	private dir = $s/private
	lock directory = $s/lock
	state directory = $s/state
	cache directory = $s/cache
	pid directory = $s/pid
	ncalrpc dir = $s/ncalrpc
	passdb backend = smbpasswd:$s/smbpasswd
	log file = $s/log
	log level = 1 auth_audit:3
	load printers = no
	disable spoolss = yes
	server services = smb
	smb ports = ${PORT["smb"]}
	[files]
	path = $D
	C
	printf '%s\n%s\n' "$secret" "$secret" |
		smbpasswd -c "$s/conf" -s -a root >"$s/passwd.log" 2>&1
	jq -n --arg p "$secret" '{user: "root", password: $p}' >"$W/smb.json"
	chmod 600 "$W/smb.json"
	exec setsid smbd -F --no-process-group -s "$s/conf" </dev/null >"$s/out" 2>&1
}
serve_nfs() {
	cat >"$W/nfs.conf" <<-C
	NFS_CORE_PARAM{Protocols=4;NFS_Port=${PORT["nfs"]};Bind_addr=127.0.0.1;
		Enable_NLM=false;Enable_RQUOTA=false;Enable_UDP=false;}
	NFSv4{Graceless=true;RecoveryBackend=fs;RecoveryRoot=$W/nfs;}
	EXPORT{Export_Id=1;Path=$D;Pseudo=/data;Access_Type=RO;
		SecType=sys;Filesystem_id=1.1;FSAL{Name=VFS;}}
	C
	mkdir "$W/nfs"
	exec ganesha.nfsd -F -f "$W/nfs.conf" -L "$W/nfs.log" -p "$W/nfs.pid" \
	    >"$W/nfs.out" 2>&1
}

kinds=(ssh http imap pgsql mysql redis)
[ -z "$root" ] || kinds+=(smb nfs) # whose servers want root
[ -z "${KINDS:-}" ] || read -ra kinds <<<"$KINDS" # to look at one of them
for k in "${kinds[@]}"; do PORT["$k"]=$(free_port) WANT["$k"]=$OBJECTS; done
if [ -n "$root" ]; then
	mail=(nobody nogroup)
else
	mail=("$(id -un)" "$(id -gn)")
fi
for k in "${kinds[@]}"; do
	case $k in imap) serve_imap "${mail[@]}" ;; *) serve_$k ;; esac &
	PIDS["$k"]=$!
done
ready() {
	case $1 in
	pgsql) [ -e "$W/pg.ready" ] ;;
	mysql | redis) [ -e "$W/$1.ready" ] ;;
	*) listening "127.0.0.1:${PORT["$1"]}" ;;
	esac
}
for k in "${kinds[@]}"; do
	wait_for 30 ready "$k" || { echo "no server: $k"; exit 1; }
done

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
	start_imap
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
