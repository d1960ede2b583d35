#!/bin/bash
# Targets on other hosts through a master and a proxy agent: files over a real
# OpenSSH server and a web site of a real nginx. What the master exports is what
# `trawl scan` finds, also when reader, director or the whole proxy are killed;
# a credential stays where it is kept and is shown to nobody but its targets;
# nothing that is read or kept secret is written to the proxy's disk.
#   KILLS=4   how often each is killed; 60 in `make torture`
. "$(dirname "$0")/lib.sh"
scenario_begin
PATH=$PATH:/usr/sbin
KILLS=${KILLS:-$([ -n "${TORTURE:-}" ] && echo 60 || echo 4)}
ME=$(id -un)
S=$W/srv
C=$W/proxy/credentials
mkdir -p "$S/www" "$W/data/sub"
chmod 711 "$S"
SSH=$(free_port) WEB_PORT=$(free_port)
SFTP=sftp://$ME@127.0.0.1:$SSH
SITE=http://127.0.0.1:$WEB_PORT
MARK=only-in-the-content-4471
PASSWORD=Wrong-Horse-7-$RANDOM

# ---- what there is to find ----
python3 - "$W/data/large.csv" <<-'P'
	import sys
	with open(sys.argv[1], "w") as f: # large enough for a stream
	    f.write("no,name,email,card\n")
	    for i in range(9000):
	        card = "4111 1111 1111 1111" if i % 100 == 0 else "none"
	        f.write("%d,made up %d,user%d@mail.example,%s\n" % (i, i, i, card))
P
for i in $(seq 150); do
	echo "$MARK visa 4111 1111 1111 1111, no. $i" >"$W/data/sub/$i.txt"
done
(cd "$W/data/sub" && zip -q ../some.zip 1.txt 2.txt)
for i in $(seq 20); do
	echo "<p>$MARK mastercard 5500005555555559</p>" >"$S/www/$i.html"
	echo "<a href=\"$i.html\">$i</a>" >>"$S/www/index.html"
done

# ---- servers ----
ssh-keygen -q -t ed25519 -N '' -f "$S/host"
ssh-keygen -q -t ed25519 -N '' -f "$S/key"
cat >"$S/sshd" <<-C
	Port $SSH
	ListenAddress 127.0.0.1
	HostKey $S/host
	PidFile none
	AuthorizedKeysFile $S/key.pub
	StrictModes no
	PermitRootLogin yes
	Subsystem sftp internal-sftp
C
[ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd
/usr/sbin/sshd -D -e -f "$S/sshd" 2>>"$S/log" &
PIDS[sshd]=$!
printf 'ann:%s\n' "$(openssl passwd -apr1 "$PASSWORD")" >"$S/users"
cat >"$S/nginx" <<-C
	daemon off; pid $S/pid; error_log $S/error; worker_processes 1;
	events { }
	http {
		access_log off; client_body_temp_path $S/t1; proxy_temp_path $S/t2;
		fastcgi_temp_path $S/t3; uwsgi_temp_path $S/t4;
		scgi_temp_path $S/t5; include /etc/nginx/mime.types;
		server { listen 127.0.0.1:$WEB_PORT; root $S/www;
			auth_basic x; auth_basic_user_file $S/users; }
	}
C
chmod -R a+rX "$S/www" "$S/users"
nginx -c "$S/nginx" -e "$S/error" &
PIDS[nginx]=$!
wait_for 10 listening "127.0.0.1:$SSH" &&
	wait_for 10 listening "127.0.0.1:$WEB_PORT" || { cat "$S/log"; exit 1; }
PIN=$(ssh-keygen -lf "$S/host" | cut -d' ' -f2)

# ---- without a master ----
umask 077
cat >"$S/cred.json" <<-J
	{"$SFTP/": {"key_file": "$S/key"},
	 "$SITE/": {"user": "ann", "password": "$PASSWORD"}}
J
umask 022
direct() { # FILE URL...
	local to=$1
	shift
	trawl scan --format jsonl --credential "$S/cred.json" \
		--option "host_key=$PIN" "$@" >"$to" 2>"$to.err"
}
check "trawl scan reads both" direct "$W/want" "$SFTP$W/data" "$SITE/"

# ---- master and proxy ----
ask() { python3 "$TOP/tests/scenario/ask.py" "$M" "$@" | tail -n 1; }
proxy() { trawl-proxy-agent "$@" --state "$W/proxy"; }
proxy_start() {
	trawl-proxy-agent run --state "$W/proxy" --reconnect-base 100ms \
		--reconnect-cap 1s --scanner-retry 100ms >>"$W/proxy.log" 2>&1 &
	PIDS[proxy]=$!
}
connected() { proxy status >"$W/status"; }
add_target() { # URL CREDENTIAL OPTIONS; its id
	ask remote.create "{\"url\": \"$1\", \"credential\": \"$2\",
		\"options\": {$3}}" | grep -o '[0-9]*'
}
order() { # IDS [MORE]
	ask scan.create "{\"targets\": [$1] ${2:-}}" >>"$W/scan.log"
}
all_done() {
	trawl-master scans --data "$M" --running 2>/dev/null | grep -q '^0 '
}
same() { # WANT PREFIX...
	local want=$1 args=() p
	shift
	for p in "$@"; do args+=(-e "\"path\":\"$p"); done
	export_findings "$W/all" && grep -F "${args[@]}" "$W/all" >"$W/got"
	python3 "$TOP/tests/scenario/same.py" "$want" "$W/got"
}
why_failed() { # TASK TEXT
	sqlite3 "$M/db/trawl.db" "SELECT message FROM task WHERE id = $1" |
		grep -F -- "$2"
}

check "master starts" eval 'master_init && master_start'
token=$(trawl-master token --data "$M" | grep -o 'trawl1:[^ ]*' | head -1)
check "proxy enrols" eval 'proxy enroll "$token" >>"$W/proxy.log" 2>&1'
check "a credential is taken in" proxy credential add files "$S/cred.json"
listed() {
	proxy credential list >"$W/list" && grep -q "$SFTP/.*key" "$W/list" &&
		! grep -F -e "$PASSWORD" -e "$S/key" "$W/list"
}
check "it is listed without a value" listed
unscoped() {
	! echo '{"user": "ann", "password": "x"}' |
		proxy credential add bare 2>"$W/err" && grep -q 'which targets' "$W/err"
}
check "one without a scope is not kept" unscoped
proxy_start
check "proxy connects" wait_for 20 connected

# ---- the road ----
files=$(add_target "$SFTP$W/data" files "\"host_key\": \"$PIN\"")
site=$(add_target "$SITE/" "" "")
order "$files, $site"
check "the scan of both ends" wait_for 60 all_done
check "the export equals trawl scan" same "$W/want" "$SFTP" "$SITE"

# ---- what is refused ----
unpinned=$(add_target "$SFTP$W/data/sub" files "")
stray=$(add_target "sftp://$ME@localhost:$SSH$W/data" files "")
order "$unpinned, $stray"
check "targets that cannot be read end" wait_for 60 all_done
check "an unknown host key is shown by its fingerprint" why_failed 3 \
	"host_key=$PIN"
check "a credential is not shown out of its scope" why_failed 4 "not meant"
check "what was found before stands" same "$W/want" "$SFTP" "$SITE"

# ---- deaths ----
players() {
	local p
	for p in $(tree_pids "${PIDS[proxy]:-0}"); do
		case $1:$(cat "/proc/$p/comm" 2>/dev/null) in
		reader:trawl-source* | director:trawl-pscanner) echo "$p" ;;
		esac
	done
}
kill_one() {
	local all
	if [ "$1" = proxy ]; then
		all=$(tree_pids "${PIDS[proxy]}")
		kill -9 $all 2>/dev/null
		wait "${PIDS[proxy]}" 2>/dev/null
		proxy_start
		return
	fi
	all=$(players "$1")
	[ -n "$all" ] && kill -9 $(shuf -n1 <<<"$all") 2>/dev/null
}
disturb() { # WHO: its own folder, so that nothing was found there before
	local n=0 end=$((SECONDS + 10 * KILLS)) id
	cp -r "$W/data" "$W/by-$1"
	id=$(add_target "$SFTP$W/by-$1" files "\"host_key\": \"$PIN\"")
	order "$id" ', "bytes_per_second": 200000'
	while [ "$n" -lt "$KILLS" ] && ! all_done; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep "0.$((RANDOM % 8 + 2))"
		kill_one "$1" && n=$((n + 1))
	done
	echo "$n kills of $1"
	wait_for 90 all_done && [ "$n" -gt 0 ]
}
for who in reader director proxy; do
	check "a scan goes on after deaths of the $who" disturb $who
	direct "$W/want.$who" "$SFTP$W/by-$who"
	check "what was found is all there, once ($who)" \
		same "$W/want.$who" "$SFTP$W/by-$who"
done

# ---- where things go ----
quiet() { # every process of the proxy, while it reads
	local p
	for p in $(tree_pids "${PIDS[proxy]}"); do
		tr '\0' '\n' <"/proc/$p/cmdline" 2>/dev/null
		tr '\0' '\n' <"/proc/$p/environ" 2>/dev/null
	done >"$W/open"
	! grep -F -e "$PASSWORD" -e "$MARK" "$W/open"
}
traced() {
	stop_one proxy
	cp -r "$W/data" "$W/traced"
	strace -f -qq -yy -s 1048576 -o "$W/trace" -e signal=none \
		-e trace=openat,open,creat,write,writev,pwrite64,pwritev,pwritev2 \
		"$BUILD/trawl-proxy-agent" run --state "$W/proxy" \
		--reconnect-base 100ms >>"$W/proxy.log" 2>&1 &
	PIDS[strace]=$!
	id=$(add_target "$SFTP$W/traced" files "\"host_key\": \"$PIN\"")
	order "$id, $site"
	wait_for 90 all_done
	local result=$?
	kill $(tree_pids "${PIDS[strace]}" | sed -n 2p)
	wait "${PIDS[strace]}" 2>/dev/null
	unset "PIDS[strace]"
	return $result
}
check "a scan ends under strace" traced
writes_nothing() { # to a file (memory that is shared has no path of a disk)
	grep -E 'write(v|64|v2)?\([0-9]+<(/|\S*\(deleted)' "$W/trace" |
		grep -vE '<(/dev/|/memfd:|/secretmem)' >"$W/written"
	test -s "$W/written" || return 1 # it sees what is spooled
	! grep -F -e "$MARK" -e "$PASSWORD" -e 'OPENSSH PRIVATE' "$W/written"
}
check "neither content nor credential is written to disk" writes_nothing
opens_nothing() { # but its own folder, the cache, the null device
	! grep -E 'O_(WRONLY|RDWR|CREAT)' "$W/trace" |
		grep -vE ' = -1 |/dev/null|/dev/tty|/proc/' |
		grep -vF -e "$W/proxy" -e "${TRAWL_CACHE:-.cache/trawl}" \
			-e /.cache/trawl -e /var/cache/trawl
}
check "no file is opened for writing but its own" opens_nothing
nowhere() {
	! grep -rlaF -e "$PASSWORD" -e "$(sed -n 3p "$S/key")" "$M" \
		"$W"/*.log "$W/proxy/spool" "$W/proxy/tasks"
}
check "no credential in the master's folder, spool, orders, logs" nowhere
proxy_start
check "proxy connects again" wait_for 20 connected
cp -r "$W/data" "$W/slow"
slow=$(add_target "$SFTP$W/slow" files "\"host_key\": \"$PIN\"")
order "$slow" ', "bytes_per_second": 200000'
reading() { [ -n "$(players reader)" ]; }
check "a reader is at work" wait_for 20 reading
signed_in() { # whose process of the server then says for whom it is
	local p
	for p in $(tree_pids "${PIDS[sshd]}"); do
		! grep -qa "^sshd: $ME@" "/proc/$p/cmdline" || return 0
	done
	return 1
}
check "it has signed in" wait_for 20 signed_in
# Its server stands still, so that the scan cannot end while it is looked at.
server() { # SIGNAL PID: to it and all that it began
	local p
	kill "-$1" "$2"
	for p in $(cat "/proc/$2/task/$2/children"); do server "$1" "$p"; done
}
server STOP "${PIDS[sshd]}"
check "no credential in arguments or environments" quiet
silent() { # all through the scan
	python3 "$TOP/tests/scenario/sockets.py" "${PIDS[proxy]}"
}
check "no process of the proxy listens" silent

# ---- pause, stop ----
scan=$(trawl-master scans --data "$M" --running |
	sed -n 's/^ *\([0-9][0-9]*\) .*/\1/p' | tail -n 1)
frozen() { # nothing is read any more
	local p
	for p in $(players reader); do
		grep -q '^State:.T' "/proc/$p/status" || return 1
	done
	reading
}
ask scan.pause "{\"id\": $scan}" >>"$W/scan.log"
check "a paused scan stops its reader" wait_for 10 frozen
server CONT "${PIDS[sshd]}"
ask scan.resume "{\"id\": $scan}" >>"$W/scan.log"
check "one that goes on ends" wait_for 60 all_done
direct "$W/want.slow" "$SFTP$W/slow"
check "and has found all" same "$W/want.slow" "$SFTP$W/slow"
stop_one proxy
gone_all() { ! pgrep -f "^trawl-source.*$W" >/dev/null; }
check "nothing of the proxy is left" gone_all
scenario_end
