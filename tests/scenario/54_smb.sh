#!/bin/bash
# Shares of a real Samba on loopback: whole servers, hidden and administrative
# shares, encryption, both ports, names of every kind, what may not be read, the
# server's own links in a circle, a server that dies half-way; and nothing is
# changed in them. It needs root: ports 445 and 139, names and users are those
# of a name space of its own, Samba becomes its users, and what it starts ends
# with this.
if [ -z "${ALONE:-}" ]; then
	ALONE=1 exec unshare --net --mount --pid --fork --kill-child --mount-proc \
		-- bash "$0"
fi
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/trace.sh"
scenario_begin
PATH=$PATH:/usr/sbin:/sbin
S=$W/srv
D=$W/data
COUNT=${COUNT:-$([ -n "${TORTURE:-}" ] && echo 100000 || echo 3000)}
BOUND=$([ -n "${TORTURE:-}" ] && echo 1800 || echo 120) # seconds
mount --make-rprivate /
ip link set lo up

# One user more, who may read little.
ME=anna
mkdir -p "$S"
{ cat /etc/passwd; echo "anna:x:4242:4242::$D:/bin/sh"; } >"$S/passwd"
chmod 644 "$S/passwd"
mount --bind "$S/passwd" /etc/passwd
URL=smb://$ME@127.0.0.1

# ---- the server ----
mkdir -p "$S"/{private,lock,state,cache,pid,ncalrpc} "$D" "$D.c" "$D.h" "$D.e" "$D.s" "$D.g" "$D.t"
configure() { # NAME LINE...
	cat >"$S/$1.conf" <<-C
	[global]
	workgroup = MADEUP
	server role = standalone server
	interfaces = 127.0.0.1/8
	bind interfaces only = yes
	private dir = $S/private
	lock directory = $S/lock
	state directory = $S/state
	cache directory = $S/cache
	pid directory = $S/pid
	ncalrpc dir = $S/ncalrpc
	passdb backend = smbpasswd:$S/smbpasswd
	log file = $S/log
	log level = 1 auth_audit:3
	ntlm auth = ntlmv2-only
	load printers = no
	disable spoolss = yes
	server services = smb
	smb ports = 445 139
	$(printf '%s\n' "${@:2}")
	[files]
	path = $D
	read only = no
	[open]
	path = $D.g
	guest ok = yes
	[C\$]
	path = $D.c
	[hidden\$]
	path = $D.h
	browseable = no
	[sealed]
	path = $D.e
	smb encrypt = required
	[slow]
	path = $D.s
	vfs objects = offline
	[streams\$]
	path = $D.t
	vfs objects = streams_xattr
	streams_xattr:prefix = user.DosStream.
	streams_xattr:store_stream_type = no
	[other]
	path = $W/dfs
	msdfs root = yes
	C
}
start_server() { # NAME
	setsid smbd -F --no-process-group -s "$S/$1.conf" </dev/null >>"$S/out" 2>&1 &
	PIDS["smbd"]=$!
	wait_for 10 listening 127.0.0.1:445
}
stop_server() { # SIGNAL
	local pids
	pids=$(tree_pids "${PIDS["smbd"]}")
	# shellcheck disable=SC2086
	kill "$1" $pids 2>/dev/null
	wait "${PIDS["smbd"]}" 2>/dev/null
}
configure plain 'map to guest = bad user' 'realm = MADE.TEST' 'kerberos method = dedicated keytab' \
	"dedicated keytab file = $S/keytab"
configure few 'max smbd processes = 6'
configure old 'server min protocol = NT1' 'server max protocol = NT1'
printf 'Wrong-Horse-7\nWrong-Horse-7\n' |
	smbpasswd -c "$S/plain.conf" -s -a $ME >"$S/smbpasswd.log" 2>&1

# A realm of Kerberos, and a name for this host: an address has no ticket.
K=(env "KRB5_CONFIG=$S/krb5.conf" "KRB5_KDC_PROFILE=$S/kdc.conf")
make_realm() {
	{ cat /etc/hosts; echo '127.0.0.1 files.made.test'; } >"$S/hosts"
	mount --bind "$S/hosts" /etc/hosts
	printf '%s\n' '[libdefaults]' 'default_realm = MADE.TEST' \
		'dns_lookup_kdc = false' >"$S/krb5.conf"
	cat >"$S/kdc.conf" <<-C
	[realms]
	MADE.TEST = {
		database_name = $S/principal
		key_stash_file = $S/stash
		kdc_listen = 127.0.0.1:8888
		kdc_tcp_listen = 127.0.0.1:8888
		disable_pac = true
	}
	[logging]
	kdc = FILE:$S/kdc.log
	C
	"${K[@]}" kdb5_util create -s -r MADE.TEST -P 'a made-up one' || return
	printf '%s\n' "addprinc -pw Wrong-Horse-7 +requires_preauth $ME" \
		'addprinc -randkey cifs/files.made.test' \
		"ktadd -k $S/keytab cifs/files.made.test" \
		"ktadd -norandkey -k $S/$ME.keytab $ME" \
		"addprinc -randkey stranger" \
		"ktadd -k $S/stranger.keytab stranger" |
		"${K[@]}" kadmin.local -r MADE.TEST
}
start_realm() {
	"${K[@]}" krb5kdc -n -r MADE.TEST </dev/null >>"$S/kdc.out" 2>&1 &
	PIDS["kdc"]=$!
	wait_for 10 listening 127.0.0.1:8888
}
make_realm >"$S/realm.log" 2>&1 || cat "$S/realm.log"

# ---- what it holds ----
LONG=$(printf 'long%.0s' $(seq 58))
mkdir -p "$D/sub/deep" "$D/other" "$D/many" "$D/formats" "$W/dfs"
echo 'visa 4111 1111 1111 1111' |
	tee "$D/card.txt" "$D/sub/häßlich – 日本語 %41#1.txt" \
	"$D/sub/ends with a dot." "$D/sub/deep/$LONG" "$D/other/once.txt" \
	"$D/denied.txt" "$D.c/boot.txt" "$D.h/hidden.txt" "$D.e/sealed.txt" \
	"$D/held.txt" "$D.s/cold.txt" "$D.g/guest.txt" \
	"$W/dfs/plain.txt" "$D.t/a.txt" >/dev/null
ln -s .. "$D/sub/loop"
ln -s ../other "$D/sub/twin"
ln -s 'msdfs:127.0.0.1\files' "$W/dfs/elsewhere"
mkfifo "$D/pipe"
: >"$D/empty"
python3 - "$D" "$COUNT" <<-'P'
	import os, sys, zipfile
	d, n = sys.argv[1], int(sys.argv[2])
	card = "visa 4111 1111 1111 1111\n"
	with zipfile.ZipFile(d + "/formats/a.zip", "w") as z:
	    z.writestr("in/b.txt", card)
	w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	with zipfile.ZipFile(d + "/formats/c.docx", "w") as z:
	    z.writestr("[Content_Types].xml", "<Types/>")
	    z.writestr("word/document.xml", f'<w:document xmlns:w="{w}"><w:body>'
	               f"<w:p><w:r><w:t>{card}</w:t></w:r></w:p></w:body></w:document>")
	for i in range(n):
	    with open(f"{d}/many/{i}.txt", "w") as f:
	        f.write(f"visa 4111 1111 1111 1111, no. {i}\n")
	for name in "a.txt", "b.txt", "b.txt.old":
	    with open(f"{d}.t/{name}", "a"):
	        pass
	    for stream in "Zone.Identifier", "notes":  # Samba ends them by a NUL
	        os.setxattr(f"{d}.t/{name}", "user.DosStream." + stream,
	                    card.encode() + b"\0")
	line = b"nothing to see in this line of a large file, go on\n" * 20000
	os.mkdir(d + "/half")
	for name in "a", "b":
	    with open(f"{d}/half/{name}.txt", "wb") as f:
	        f.write(card.encode() + line[:250000])
	with open(d + "/large.txt", "wb") as f:
	    while f.tell() < 200 << 20:
	        f.write(line)
	    f.write(card.encode())
P
find "$D/many" -type f -exec touch -d "1 hour ago" {} +
chmod -R a+rX "$W"
chmod 711 "$W"
chmod 600 "$D/denied.txt"
sleep 0.01
touch "$W/stamp"

cred() { # NAME JSON
	(umask 077 && printf '%s' "$2" >"$W/$1.json")
}
cred right '{"password": "Wrong-Horse-7"}'
cred wrong '{"password": "Right-Horse-7"}'
scan() { # URL ARGUMENT...
	timeout "$BOUND" trawl scan --format jsonl --types 'card_*' \
		--credential "$W/right.json" --coverage "$W/ledger" "$@" \
		>"$W/out" 2>"$W/err"
}
found() { # N
	[ "$(wc -l <"$W/out")" -eq "$1" ] ||
		{ head -n 20 "$W/out"; cat "$W/err"; false; }
}
says() { grep -q -- "$1" "$W/err" || { cat "$W/err"; false; }; }
why() { # PATH REASON
	jq -es --arg p "$URL/$1" --arg r "$2" \
		'any(.[]; .path == $p and .reason == $r)' "$W/ledger" \
		>/dev/null || { cat "$W/ledger"; false; }
}

start_server plain || { cat "$S/out"; exit 1; }

# ---- who is who ----
refused() {
	! timeout 60 trawl scan --credential "$W/wrong.json" "$URL/files" \
		>"$W/out" 2>"$W/err" && says 'refused the sign-in' &&
		logged "$S/log" 'NT_STATUS_WRONG_PASSWORD' 1
}
check "a wrong password is said, and sent once" refused
whole_refused() {
	! timeout 60 trawl scan --credential "$W/wrong.json" "$URL/" \
		>"$W/out" 2>"$W/err" && says 'refused the sign-in'
}
check "a list of shares without a password is not taken for a sign-in" \
	whole_refused
domain() {
	scan "smb://MADEUP;$ME@localhost/files/card.txt" && found 1
}
check "a domain may be named" domain

nobody() { # who says no name
	trawl scan --format jsonl --types 'card_*' smb://127.0.0.1/open \
		>"$W/out" 2>"$W/err"
	found 1 || return 1
	! trawl targets test smb://127.0.0.1/files 2>"$W/err"
}
check "a share that is open to everybody is read without a name" nobody

# ---- what is there ----
walk() {
	scan "$URL/files" --option exclude=many,half,large.txt || true
	found 8 && grep -q "sub/häßlich – 日本語 %2541%231.txt" \
		"$W/out" && grep -q "sub/deep/$LONG" "$W/out" &&
		[ "$(jq -r .path "$W/out" | sort -u | wc -l)" -eq \
		8 ]
}
check "each file once, by the name it has" walk
check "a link to a folder above ends there" why files/sub/loop loop
check "a second name of a folder is no second folder" eval '
	why files/sub/twin link || why files/other link'
check "what may not be read is named" why files/denied.txt denied
formats() {
	grep -q '"place":"in/b.txt"' "$W/out" &&
		grep -q 'formats/c.docx' "$W/out"
}
check "files in files are read" formats
again() { # a path as it was printed is a target
	local p
	p=$(jq -r .path "$W/out" | grep 日本)
	scan "$p" && found 1 && [ "$(jq -r .path "$W/out")" = "$p" ]
}
check "a printed path finds the same file" again
server() {
	scan "$URL/" --option exclude=many,half,large.txt || true
	found 11 && why 'C$' mount && why other/elsewhere mount &&
		grep -q 127.0.0.1/sealed/sealed.txt "$W/out" &&
		! grep -q '/hidden' "$W/ledger" "$W/out"
}
check "a whole server: its disk shares, hidden and DFS ones named" server
by_name() {
	scan "$URL/C\$" && found 1 && scan "$URL/hidden\$" && found 1
}
check "hidden and administrative shares are read by name" by_name
counts() {
	scan "$URL/files/many" && found "$COUNT" &&
		[ "$(jq -s '.[-1].totals.objects' "$W/ledger")" -eq "$COUNT" ] &&
		[ "$(jq -s '.[-1].totals.bytes' "$W/ledger")" -eq \
		"$(find "$D/many" -type f -exec cat {} + | wc -c)" ]
}
check "$COUNT small files: objects and bytes as the server has them" counts
not_again() { # what held no American Express card is not read twice
	for _ in 1 2; do
		timeout "$BOUND" trawl scan --types card_amex --skip-unchanged \
			--credential "$W/right.json" --coverage "$W/ledger" \
			"$URL/files/many" >"$W/out" 2>"$W/err"
	done
	grep -q "\"full\":0,\"unchanged\":$COUNT," "$W/ledger"
}
check "what did not change and held nothing is not read again" not_again
held() { # a program has it open and lets nobody else
	/usr/bin/python3 - $ME <<-'P' >"$W/held" 2>&1 &
		import sys, time
		from samba.credentials import Credentials
		from samba.samba3 import libsmb_samba_internal as smb
		from samba.samba3 import param
		lp = param.get_context()
		lp.load("/dev/null")
		c = Credentials()
		c.guess(lp)
		c.set_username(sys.argv[1])
		c.set_password("Wrong-Horse-7")
		c.set_domain("MADEUP")
		s = smb.Conn("127.0.0.1", "files", lp, creds=c)
		s.create("held.txt", DesiredAccess=0x120089, ShareAccess=0,
		         CreateDisposition=1)
		print("held", flush=True)
		time.sleep(60)
	P
	PIDS["holder"]=$!
	wait_for 10 grep -q held "$W/held" || { cat "$W/held"; return 1; }
	scan "$URL/files" --option include=held.txt || true
	stop_one holder
	found 0 && why files/held.txt io && scan "$URL/files/held.txt" && found 1
}
check "a file that another program keeps for itself is named" held
offline() {
	scan "$URL/slow" || true
	found 0 && why slow/cold.txt mount &&
		scan "$URL/slow" --option offline=yes && found 1
}
check "what lies on slow storage is named, and read when asked" offline
streams() { # each by its name, where a file has it
	unlisted() { [ "$(grep -c "streams cannot be listed.*$1" "$W/ledger")" -eq 1 ]; }
	scan "$URL/streams\$" && found 1 && unlisted 'not read' &&
		grep -q '"whole":true' "$W/ledger" &&
		scan "$URL/streams\$" --option streams=notes,none,Zone.Identifier &&
		found 7 && [ "$(jq -s '.[-1].totals.objects' "$W/ledger")" -eq 9 ] &&
		grep -q '/streams$/b.txt:notes"' "$W/out" || return 1
	scan "$URL/streams\$/b.txt:notes" && found 1 &&
		scan "$URL/files/sub/deep" --option streams=notes && found 1
}
check "alternate data streams are read when they are named" streams
missing() {
	scan "$URL/none" || true
	why none vanished && { scan "$URL/files/none" || true; } &&
		why files/none vanished
}
check "a share or folder that is not there is named" missing
chosen() {
	scan "$URL/files" --option 'include=card.txt' && found 1 &&
		scan "$URL/files/sub" --option max_size=1 && found 0
}
check "options choose what is read" chosen
asked() {
	local c=(--credential "$W/right.json")
	trawl targets test "${c[@]}" "$URL/files" >"$W/out" 2>"$W/err" &&
		grep -q 'can be read' "$W/out" &&
		trawl targets probe "${c[@]}" "$URL/" >"$W/out" 2>"$W/err" &&
		grep -q '/sealed/$' "$W/out" && ! grep -q 'IPC' "$W/out" &&
		trawl targets probe "${c[@]}" "$URL/files" >"$W/out" 2>"$W/err" &&
		grep -q '/files/sub/$' "$W/out" || return 1
	! trawl targets test "$URL:1/" 2>"$W/err" && says 'refuses connections'
}
check "a target can be tested and looked at first" asked

# ---- how it is spoken ----
netbios() { scan "$URL:139/files/card.txt" && found 1; }
check "port 139 with its NetBIOS session" netbios
encrypted() {
	scan "$URL/files/card.txt" --option encrypt=required && found 1 &&
		scan "$URL/sealed" && found 1
}
check "encrypted because the server or the user wants it" encrypted
ticket() { # CREDENTIAL
	timeout 60 trawl scan --format jsonl --types 'card_*' --credential \
		"$W/$1.json" --option auth=kerberos --option realm=MADE.TEST \
		--option kdc=127.0.0.1:8888 \
		"smb://$ME@files.made.test/files/card.txt" \
		>"$W/out" 2>"$W/err"
}
kerberos() {
	ticket right && found 1 && grep -q 'for cifs/files.made.test' \
		"$S/kdc.log" || return 1
	! ticket wrong && says 'refused the sign-in' &&
		[ "$(grep -c PREAUTH_FAILED "$S/kdc.log")" -le 1 ]
}
start_realm && check "a Kerberos ticket instead of a password's hash" kerberos
keytab() {
	cred keyed "{\"keytab\": \"$(base64 "$S/$ME.keytab" | tr -d '\n')\"}"
	cred filed "{\"keytab_file\": \"$S/$ME.keytab\"}"
	cred strange "{\"keytab_file\": \"$S/stranger.keytab\"}"
	chmod 600 "$S"/*.keytab
	: >"$S/kdc.log"
	ticket keyed && found 1 && ticket filed && found 1 &&
		grep -q 'for cifs/files.made.test' "$S/kdc.log" || return 1
	! ticket strange && says "no Kerberos ticket for $ME@MADE.TEST"
}
check "a keytab instead of a password" keytab

# ---- a large one: bounded memory ----
look_at_session() { # a reader and its hands together, KiB
	local p now
	now=$(for p in $(tree_pids "$1"); do
		grep -qs '^trawl-source' "/proc/$p/comm" || continue
		awk '/^Pss:/ { print $2 }' "/proc/$p/smaps_rollup" 2>/dev/null
	done | awk '{ n += $1 } END { print n + 0 }')
	[ "$now" -le "$SESSION" ] || SESSION=$now
}
large() {
	SESSION=0
	traced --credential "$W/right.json" "$URL/files/large.txt"
	echo "peak of all its readers: $SESSION KiB"
	[ "$SESSION" -gt 0 ] && [ "$SESSION" -le "$SPARING_KIB" ] &&
		unwritten && [ "$(wc -l <"$W/traced.out")" -eq 1 ]
}
check "a file of 200 MiB in little memory, and nothing of it touches the disk" \
	large
speed() { # the same bytes to nowhere, by the plain client
	local t0 t1 t2
	t0=$(date +%s%N)
	smbclient -s /dev/null -U "$ME%Wrong-Horse-7" //127.0.0.1/files \
		-c 'get large.txt /dev/null' >/dev/null 2>&1
	t1=$(date +%s%N)
	scan "$URL/files/large.txt"
	t2=$(date +%s%N)
	echo "200 MiB: smbclient $(((t1 - t0) / 1000000)) ms," \
		"trawl scan $(((t2 - t1) / 1000000)) ms"
	found 1
}
check "its speed beside smbclient's is shown" speed

# ---- a server that dies, a line that is bad ----
spoilt() { # FAULT[:AMOUNT]: what a relay in between does
	local port code
	: >"$W/relay"
	/usr/bin/python3 "$TOP/tests/scenario/spoiler.py" "445:$1" \
		>"$W/relay" 2>&1 &
	PIDS["relay"]=$!
	wait_for 10 grep -q '^listening' "$W/relay" || return 9
	port=$(awk '/^listening/ { print $3 }' "$W/relay")
	scan "$URL:$port/files/${2:-formats}" --option answer_timeout=2 \
		--option connect_timeout=2 --option "sessions=${3:-2}"
	code=$?
	stop_one relay
	return $code
}
bad_line() {
	! spoilt mute && found 0 && grep -q '"reason":"time"' "$W/ledger" ||
		{ cat "$W/ledger"; return 1; }
	! spoilt close && found 0 && spoilt none && found 2 &&
		spoilt delay:5 && found 2
}
check "a silent server and a cut line are said, a slow one is read" bad_line
half() { # it breaks in the middle of each: what came is read, the rest told
	spoilt end:150000 half 1
	echo "$(grep -c '^connection' "$W/relay") connections"
	found 2 && tallied "$W/ledger" 'cut 2 0 0 2 0'
}
check "small files whose connection always breaks are read as far as they came" \
	half
cut_off() {
	trawl scan --format jsonl --types 'card_*' --credential \
		"$W/right.json" "$URL/files/many" >"$W/out" 2>"$W/err" &
	local pid=$! cut=
	while [ -z "$cut" ] && ! gone $pid; do
		if [ "$(wc -l <"$W/out")" -gt 500 ]; then
			cut=1
			stop_server -9
			start_server plain
		fi
	done
	wait $pid
	[ -n "$cut" ] && found "$COUNT" &&
		[ "$(jq -r .path "$W/out" | sort -u | wc -l)" -eq "$COUNT" ]
}
check "a server that is killed half-way and comes back" cut_off
stop_server -TERM
start_server few
fewer() {
	local want
	want=$(find "$D/many" -name '9*.txt' | wc -l)
	scan "$URL/files/many" --option 'include=9*.txt' && found "$want" &&
		[ "$(grep -c 'lets in fewer sessions' "$W/err")" -eq 1 ]
}
check "a server with fewer sessions than wanted is read by those" fewer
stop_server -TERM
start_server old
spoken() {
	! scan "$URL/files/card.txt" && says 'SMB 1 is refused' &&
		scan "$URL/files/card.txt" --option smb1=yes --option signing=no &&
		found 1
}
check "a server that speaks SMB 1 only is refused unless it is allowed" spoken
stop_server -TERM

# ---- each dialect, and servers that demand what others offer ----
only() { # FIRST LAST DIALECT, of what a server speaks
	echo "server min protocol = $1"
	echo "server max protocol = $2"
}
configure smb2 "$(only SMB2_10 SMB2_10)"
configure smb3 "$(only SMB3_00 SMB3_00)"
configure signed 'server signing = mandatory'
configure sealed "$(only SMB3_11 SMB3_11)" 'smb encrypt = required'
whole() { # NAME
	start_server "$1" || return
	scan "$URL/files" --option exclude=many,half,large.txt || true
	found 8 && why files/denied.txt denied
}
for dialect in smb2 smb3 signed sealed; do
	check "a server that speaks $dialect alone is read whole" whole $dialect
	stop_server -TERM
done

untouched() {
	[ -z "$(find "$D" "$D.c" "$D.h" "$D.e" "$D.s" -newer "$W/stamp")" ] &&
		[ -z "$(find "$D" "$D.c" "$D.h" "$D.e" "$D.s" -cnewer "$W/stamp")" ]
}
check "nothing was changed in the shares" untouched
scenario_end
