#!/usr/bin/env bash
# 59_wire_faults: every kind of target over connections that are delayed, cut,
# closed, stalled, filled with noise or mute, by a relay before its real server:
# each scan ends by itself, found everything or says what it did not read, gives
# nothing twice, and a password that is refused is not sent again and again.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/wire.sh"
. "$(dirname "$0")/vanish.sh"
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
login bert bert "$secret"

# Of tables that will be dropped each is larger than what is read at once.
GOING=4000
more_sql() { # KIND
	local t numbers='generate_series(1, %d) as s(seq)' of=''
	[ "$1" != mysql ] || numbers='seq_1_to_%d' of=shop.
	echo "create user bert $([ "$1" = mysql ] && echo identified by || echo password) '$secret';"
	for t in going later; do
		echo "create table $t(id int not null primary key, note varchar(400));"
		# shellcheck disable=SC2059
		printf "insert into $t select seq, concat('visa 4111 1111 1111 1111, no. ', seq, ' $words') from $numbers;\n" "$GOING"
		echo "grant select on $of$t to bert;"
	done
}

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
# ---- one level of them ----
for k in imap/INBOX redis/0; do
	at=${k%/*}://127.0.0.1:${PORT["${k%/*}"]:-}
	[ "${at##*:}" = '' ] || wire_probe "${k%/*}" "$at/" "$at/${k#*/}/"
done
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
# ---- what is deleted while it is read ----
going=()
for k in ssh smb nfs pgsql mysql; do # a link of a web site that leads nowhere is no object
	[ -z "${PORT["$k"]:-}" ] || going+=("$k")
done
for k in ssh smb nfs; do cp -r "$D/in" "$D/of-$k"; done
chmod -R a+rX "$D"
vanish_url() { # KIND
	local url
	url=$(url_of "$1" "$(wire_port "$1")" '' login)
	case $1 in
	pgsql | mysql) echo "${url%/notes}" ;;
	imap) echo "$url" ;;
	*) echo "${url/\/in/\/of-$1}" ;;
	esac
}
vanish_as() { # KIND
	case $1 in pgsql | mysql) echo bert ;; *) echo login ;; esac
}
vanish_slowly() { # KIND
	case $1 in
	pgsql | mysql) more+=(--option include=going,later) ;;
	imap) more+=(--option rate=40 --option include=going,later) ;;
	*) more+=(--option rate=40) ;;
	esac
}
# Who reads a table keeps it: it goes when his sessions are ended while somebody
# waits to drop it.
drop_pgsql() {
	PGPASSWORD=$secret psql -q -At -h 127.0.0.1 -p "${PORT["pgsql"]}" \
	    -U anna -d postgres -c "$1"
}
is_waited() { [ "$(drop_pgsql "select count(*) from pg_locks where not granted")" -gt 0 ]; }
vanish_pgsql() {
	drop_pgsql 'drop table going, later' &
	wait_for 10 is_waited
	drop_pgsql "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'bert'"
	wait $!
}
is_held() { maria -e 'show processlist' | grep -q 'metadata lock'; }
vanish_mysql() {
	maria -e 'drop table shop.going, shop.later' &
	wait_for 10 is_held
	maria -e 'kill user bert'
	wait $!
}
vanish_imap() {
	curl -sS "imap://127.0.0.1:${PORT["imap"]}/" -u "anna:$secret" -X 'DELETE going'
}
vanish_ssh() { rm -r "$D/of-ssh"; }
vanish_smb() { rm -r "$D/of-smb"; }
vanish_nfs() { rm -r "$D/of-nfs"; }
for k in "${going[@]}"; do
	case $k in pgsql | mysql) wire_hold "$k" 600000 ;; esac
	vanish "$k" &
done
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
if [ -n "${PORT["imap"]:-}" ]; then # folders that were not there before
	M=$W/imap/mail
	cp -a "$M/INBOX" "$M/going" && rm -f "$M"/going/dovecot*
	install -d -o "$(stat -c %u "$M")" -g "$(stat -c %g "$M")" "$M/later/"{,cur,new,tmp}
	cp -a "$M/going/cur/1.0"* "$M/later/cur/"
	going+=(imap)
	vanish imap
	check 'imap: and the folder behind it is read' \
	    grep -q '/later/1"' "$W/of-imap.out"
fi
for k in "${going[@]}"; do
	WANT["$k"]=$OBJECTS
	case $k in pgsql | mysql) WANT["$k"]=$((2 * GOING)) ;; esac
done
vanish_check "${going[@]}"
if [ -n "${PORT["http"]:-}" ]; then
	few() { # robots.txt and sitemaps are asked for, too
		[ "$(grep -c ' - anna .* 401 ' "$W/http/log")" -le \
		    $((3 * $(grep -c '^http.*wrong$' <(printf '%s\n' "${jobs[@]}")))) ]
	}
	check "http: no password that is refused goes out more than three times" few
fi
scenario_end
