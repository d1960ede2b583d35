#!/bin/bash
# Files of another host over SSH, from a real OpenSSH server on loopback: every
# way to sign in, host keys, what cannot be read, many and large files, a worker
# that is killed over a stream; and nothing is written while all that goes on.
#   FILES=5000   in one folder; 100,000 in `make torture`
. "$(dirname "$0")/lib.sh"
scenario_begin
FILES=${FILES:-$([ -n "${TORTURE:-}" ] && echo 100000 || echo 5000)}
BOUND=$([ -n "${TORTURE:-}" ] && echo 1800 || echo 60) # seconds
ME=$(id -un)
S=$W/ssh
mkdir -p "$S" "$W/data/sub" "$W/many"
chmod 711 "$S"
PORT=$(free_port)
URL=sftp://$ME@127.0.0.1:$PORT

# ---- the server ----
for kind in ed25519 ecdsa; do
	ssh-keygen -q -t $kind -N '' -f "$S/host_$kind"
done
ssh-keygen -q -t ed25519 -N '' -f "$S/ed25519"
ssh-keygen -q -t ecdsa -N 'made up words' -f "$S/ecdsa"
ssh-keygen -q -t rsa -b 2048 -N '' -f "$S/rsa"
ssh-keygen -q -t rsa -b 2048 -N 'made up words' -m PEM -f "$S/rsapem"
ssh-keygen -q -t rsa -b 3072 -N 'made up words' -f "$S/rsalock"
ssh-keygen -q -t rsa -b 2048 -N '' -f "$S/host_rsa"
ssh-keygen -q -t ed25519 -N '' -f "$S/stranger"
ssh-keygen -q -t ed25519 -N 'made up words' -Z aes256-gcm@openssh.com \
	-f "$S/sealed"
cat "$S"/{ed25519,ecdsa,rsa,rsapem,rsalock}.pub >"$S/allowed"
cat >"$S/config" <<-C
	Port $PORT
	ListenAddress 127.0.0.1
	HostKey $S/host_ed25519
	PidFile $S/pid
	AuthorizedKeysFile $S/allowed
	StrictModes no
	PermitRootLogin yes
	Subsystem sftp internal-sftp
	MaxAuthTries 10
	LogLevel VERBOSE
	SetEnv PATH=$S/bin:/usr/bin:/bin
C

# As root a name space of its own gives the server a user with a password.
start_server() { # CONFIG
	if [ "$(id -u)" -eq 0 ]; then
		unshare -m bash -c '
		mount --make-rprivate / && mount --bind "$1/passwd" /etc/passwd &&
		mount --bind "$1/shadow" /etc/shadow &&
		mount --bind "$1/pam" /etc/pam.d/sshd && . "$1/mounts" &&
		exec /usr/sbin/sshd -D -e -f "$2"' - "$S" "$1" 2>>"$S/log" &
	else
		/usr/sbin/sshd -D -e -f "$1" 2>>"$S/log" &
	fi
	PIDS["sshd"]=$!
	wait_for 10 listening "127.0.0.1:$PORT"
}
stop_server() {
	kill "${PIDS["sshd"]}" && wait_for 5 gone "${PIDS["sshd"]}"
}
grep -v '^HostKey' "$S/config" >"$S/bare"
if [ "$(id -u)" -eq 0 ]; then
	mkdir -p /run/sshd
	hash=$(openssl passwd -6 'Wrong-Horse-7')
	{ cat /etc/passwd; echo "guest7:x:4242:4242::$W/data:/bin/sh"; } \
		>"$S/passwd"
	{ cat /etc/shadow; echo "guest7:$hash:19000:0:99999:7:::"; } \
		>"$S/shadow"
	printf '%s required pam_unix.so\n' auth account session >"$S/pam"
	# a sudo that allows everything, or nothing
	mkdir -p "$S/bin" "$W/own"
	install -m 4755 "$(command -v env)" "$S/as_root"
	cat >"$S/bin/sudo" <<-M
		#!/bin/sh
		[ "\$1" = -n ] && [ ! -e "$S/refuses" ] || exit 1
		shift
		exec "$S/as_root" "\$@"
	M
	chmod 755 "$S/bin" "$S/bin/sudo" "$W/own"
	mkdir -p "$W/other" "$W/host/"{"in memory",kernel,again}
	echo 'visa 4111 1111 1111 1111' | tee "$W/host/disk" >"$W/other/card"
	cat >"$S/mounts" <<-M
		mount -t tmpfs -o size=1m none "$W/host/in memory" &&
		mount -t proc none "$W/host/kernel" &&
		mount --bind "$W/other" "$W/host/again" &&
		cp "$W/other/card" "$W/host/in memory" &&
		mount -t tmpfs -o size=1m none /usr/local/share &&
		mkdir -p /usr/local/share/trawl/catalogue &&
		cp "$W/other/card" /usr/local/share &&
		cp "$W/other/card" /usr/local/share/trawl/catalogue
	M
	chmod 644 "$S/passwd" "$S/pam"
	chmod 640 "$S/shadow"
	echo 'UsePAM yes' >>"$S/config"
	{ cat "$S/config"; echo 'KbdInteractiveAuthentication no'; } >"$S/config1"
	{ cat "$S/config"; echo 'PasswordAuthentication no'; } >"$S/config2"
	cat - "$S/config" >"$S/config5" <<-C
		PasswordAuthentication yes
		AuthenticationMethods publickey,password
	C
else
	cp "$S/config" "$S/config1"
fi
for p in /usr/lib /usr/libexec; do
	[ -x $p/openssh/sftp-server ] && program=$p/openssh/sftp-server
done
{ grep -v '^Subsystem' "$S/bare"; cat -; } >"$S/config3" <<-C
	HostKey $S/host_rsa
	Ciphers chacha20-poly1305@openssh.com
	RekeyLimit 16M
	Subsystem sftp $program -e -l DEBUG1 2>>$S/asked
C
cat - "$S/bare" >"$S/config4" <<-C
	HostKey $S/host_rsa
	HostKeyAlgorithms ssh-rsa
	KexAlgorithms diffie-hellman-group14-sha1
	Ciphers aes128-cbc
	MACs hmac-sha1
C

# ---- what it holds ----
echo 'visa 4111 1111 1111 1111' >"$W/data/card.txt"
echo 'card number 5500005555555559' >"$W/data/sub/odd %name?#.txt"
ln -s card.txt "$W/data/link"
mkfifo "$W/data/pipe"
: >"$W/data/empty"
for i in $(seq "$FILES"); do
	echo "visa 4111 1111 1111 1111, no. $i" >"$W/many/$i.txt"
done
python3 - "$W/large.txt" <<-'P'
	import sys
	line = b"nothing to see in this line of a large file, go on\n"
	with open(sys.argv[1], "wb") as f:
	    block = line * 20000
	    while f.tell() < 200 << 20:
	        f.write(block)
	    f.write(b"visa 4111 1111 1111 1111\n")
P

cred() { # NAME JSON
	(umask 077 && printf '%s' "$2" >"$S/$1.json")
}
scan() { # CREDENTIAL URL OPTION...
	local c=$1 u=$2
	shift 2
	timeout "$BOUND" trawl scan --format jsonl --types 'card_*' \
		--credential "$S/$c.json" "$@" "$u" >"$W/out" 2>"$W/err"
}
found() { # N
	[ "$(wc -l <"$W/out")" -eq "$1" ] || { cat "$W/out" "$W/err"; false; }
}
says() { grep -q -- "$1" "$W/err" || { cat "$W/err"; false; }; }

start_server "$S/config1" || { cat "$S/log"; exit 1; }
cred ed25519 "{\"key_file\": \"$S/ed25519\"}"
cred ecdsa "{\"key_file\": \"$S/ecdsa\", \"passphrase\": \"made up words\"}"
cred rsa "{\"key_file\": \"$S/rsa\"}"
cred rsapem "{\"key_file\": \"$S/rsapem\", \"passphrase\": \"made up words\"}"
cred rsalock "{\"key_file\": \"$S/rsalock\", \"passphrase\": \"made up words\"}"
cred unlocked "{\"key_file\": \"$S/rsalock\", \"passphrase\": \"other words\"}"
cred sealed "{\"key_file\": \"$S/sealed\", \"passphrase\": \"made up words\"}"
cred both "{\"user\": \"guest7\", \"key_file\": \"$S/ed25519\", \"password\": \"Wrong-Horse-7\"}"
cred stranger "{\"key_file\": \"$S/stranger\"}"
cred agent '{"agent": true}'
cred password '{"user": "guest7", "password": "Wrong-Horse-7"}'
cred wrong '{"user": "guest7", "password": "Right-Horse-7"}'
cp "$S/ed25519.json" "$S/open.json" && chmod 644 "$S/open.json"

# ---- who is who ----
PIN=$(ssh-keygen -lf "$S/host_ed25519" | cut -d' ' -f2)
unapproved() { ! scan ed25519 "$URL$W/data" && found 0 && says "$PIN"; }
check "an unknown host key is shown and not taken" unapproved
export HOST_KEY=host_key=$PIN
by() { scan "$1" "$URL$W/data/card.txt" --option "$HOST_KEY" && found 1; }
for way in ed25519 ecdsa rsa rsapem rsalock; do
	check "sign-in by a key: $way" by $way
done
refused() {
	! scan "$1" "$URL$W/data/card.txt" --option "$HOST_KEY" && found 0 &&
		says "$2"
}
check "a key whose passphrase is wrong is named" refused unlocked 'passphrase is wrong'
check "a key whose lock is not known is named" refused sealed 'ssh-keygen -p -Z'
check "a key that is not allowed is refused" refused stranger 'refused the sign'
check "a credential that others may read is refused" refused open 'chmod 600'
changed() {
	! scan ed25519 "$URL$W/data" --option host_key=SHA256:AAAA &&
		says 'not the one that was approved'
}
check "a changed host key is refused" changed
if [ "$(id -u)" -eq 0 ]; then
	guest() { # CREDENTIAL
		scan "$1" "sftp://127.0.0.1:$PORT$W/data/card.txt" \
			--option "$HOST_KEY"
	}
	check "sign-in by password" guest password
	no_more() {
		! guest wrong && says 'refused the sign' &&
			logged "$S/log" 'Failed password' 1 3
	}
	check "a wrong password is sent at most three times" no_more
else
	with_agent() {
		eval "$(ssh-agent -s)" >/dev/null
		ssh-add -q "$S/rsa" && by agent
		local code=$?
		ssh-agent -k >/dev/null
		return $code
	}
	check "sign-in by an agent" with_agent
fi

# ---- what is there ----
walk() {
	scan ed25519 "$URL$W/data" --option "$HOST_KEY" --coverage "$W/ledger"
	found 2 && grep -q 'odd %25name%3F%23.txt' "$W/out" &&
		grep -q '"reason":"link"' "$W/ledger" &&
		grep -q '"reason":"special"' "$W/ledger"
}
check "folders are walked, links and pipes named" walk
again() { # a path as it was printed is a target
	local p
	p=$(jq -r .path "$W/out" | grep odd)
	scan ed25519 "$p" --option "$HOST_KEY" && found 1
}
check "a printed path finds the same file" again
missing() {
	scan ed25519 "$URL$W/none" --option "$HOST_KEY" --coverage "$W/ledger"
	grep -q '"reason":"vanished"' "$W/ledger"
}
check "a target that is not there is named" missing
if [ "$(id -u)" -eq 0 ]; then
	denied() {
		chmod 600 "$W/data/card.txt"
		guest password
		scan password "sftp://127.0.0.1:$PORT$W/data" \
			--option "$HOST_KEY" --coverage "$W/ledger"
		chmod 644 "$W/data/card.txt"
		found 1 && grep -q '"reason":"denied"' "$W/ledger"
	}
	check "a file that may not be read is named" denied
fi
asked() {
	local t="--credential $S/ed25519.json --option $HOST_KEY"
	# shellcheck disable=SC2086
	trawl targets test $t "$URL$W/data" >"$W/out" 2>"$W/err" &&
		grep -q 'can be read' "$W/out" &&
		trawl targets probe $t "$URL$W/data" >"$W/out" 2>"$W/err" &&
		grep -q '/data/sub/$' "$W/out" && grep -q 'link' "$W/out" &&
		! grep -q 'odd' "$W/out" || return 1
	! trawl targets test "sftp://$ME@127.0.0.1:1/" 2>"$W/err" &&
		says 'refuses connections'
}
check "a target can be tested and looked at first" asked
many() {
	scan ed25519 "$URL$W/many" --option "$HOST_KEY" && found "$FILES" &&
		[ "$(jq -r .path "$W/out" | sort -u | wc -l)" -eq "$FILES" ]
}
check "$FILES small files, each once" many
not_again() { # what held no American Express card is not read twice
	find "$W/many" -type f -exec touch -d '1 hour ago' {} +
	for i in 1 2; do
		timeout "$BOUND" trawl scan --types card_amex --skip-unchanged \
			--credential "$S/ed25519.json" --option "$HOST_KEY" \
			--coverage "$W/ledger.$i" "$URL$W/many" >"$W/out" 2>"$W/err"
	done
	grep -q "\"full\":$FILES,\"unchanged\":0" "$W/ledger.1" &&
		grep -q "\"full\":0,\"unchanged\":$FILES" "$W/ledger.2" || return 1
	echo 'card 3782 822463 10005' >"$W/many/$(ls "$W/many" | head -n 1)"
	timeout "$BOUND" trawl scan --types card_amex --skip-unchanged \
		--credential "$S/ed25519.json" --option "$HOST_KEY" \
		--coverage "$W/ledger" "$URL$W/many" >"$W/out" 2>"$W/err"
	found 1 && grep -q "\"full\":1,\"unchanged\":$((FILES - 1))" "$W/ledger"
}
check "what did not change and held nothing is not read again" not_again

# ---- a large one: bounded memory, nothing written, a killed worker ----
reader_of() { # the trawl-source of a scan
	pgrep -P "$1" -x trawl-source
}
large() {
	trawl scan --format jsonl --types 'card_*' --option "$HOST_KEY" \
		--credential "$S/ed25519.json" "$URL$W/large.txt" \
		>"$W/out" 2>"$W/err" &
	local pid=$! peak=0 now worker killed=
	while ! gone $pid; do
		now=$(awk '/VmHWM/ { print $2 }' \
			"/proc/$(reader_of $pid)/status" 2>/dev/null)
		[ "${now:-0}" -gt "$peak" ] && peak=$now
		if [ -z "$killed" ] && [ "${now:-0}" -gt 0 ]; then
			worker=$(tree_pids $pid | while read -r p; do
				grep -qx trawl-worker "/proc/$p/comm" \
					2>/dev/null && echo "$p"; done | head -1)
			[ -n "$worker" ] && kill -9 "$worker" && killed=1
		fi
		sleep 0.02
	done
	wait $pid
	echo "peak of trawl-source: $peak KiB; a worker was killed: ${killed:-no}"
	[ "$peak" -gt 0 ] && [ "$peak" -le 131072 ] && [ -n "$killed" ] && found 1
}
check "a file of 200 MiB, its worker killed once, in little memory" large

whole_host() {
	scan ed25519 "ssh://$ME@127.0.0.1:$PORT$W/data" --option "$HOST_KEY" &&
		found 2
}
check "ssh:// reads the host as its user sees it" whole_host

if [ "$(id -u)" -eq 0 ]; then
	as_root() { # OPTION...
		(umask 077 && echo 'visa 4111 1111 1111 1111' >"$W/own/card")
		scan password "ssh://127.0.0.1:$PORT$W/own" --option "$HOST_KEY" \
			--coverage "$W/ledger" "$@"
	}
	by_sudo() { # OPTION...
		as_root "$@"
		found 0 && grep -q '"reason":"denied"' "$W/ledger" || return 1
		as_root --option sudo=yes "$@" && found 1 || return 1
		: >"$S/refuses"
		! as_root --option sudo=yes "$@" && found 0 &&
			says 'sudo must allow .* without a password' || return 1
		rm "$S/refuses"
	}
	check "sudo reads what the user may not, and its refusal is told" by_sudo
	left_out() {
		found 2 && ! grep -q 'memory' "$W/out" &&
			[ "$(grep -c '"reason":"mount"' "$W/ledger")" -eq 2 ] &&
			grep -q 'is in memory.*mounts=yes' "$W/ledger" &&
			grep -q 'made up by the kernel' "$W/ledger"
	}
	mounts() { # of the server's name space
		local u=ssh://$ME@127.0.0.1:$PORT$W/host
		scan ed25519 "$u" --option "$HOST_KEY" --coverage "$W/ledger"
		left_out || return 1
		scan ed25519 "$u" --option "$HOST_KEY" --option mounts=yes \
			--coverage "$W/ledger"
		found 3 && grep -q 'made up by the kernel' "$W/ledger" ||
			return 1
		scan ed25519 "$u/in%20memory" --option "$HOST_KEY" && found 1 &&
			! scan ed25519 "$u" --option "$HOST_KEY" \
				--option mounts=2 && says 'option mounts'
	}
	check "of what is mounted on a host its disks are read" mounts
	as_local() { # OPTION...
		unshare -m bash -c 'mount --make-rprivate / && . "$1" && shift &&
			exec trawl scan --format jsonl --types "card_*" "$@"' - \
			"$S/mounts" --coverage "$W/ledger" "$@" \
			>"$W/out" 2>"$W/err"
	}
	alike() {
		as_local "$W/host"
		left_out || return 1
		as_local --option mounts=yes "$W/host"
		found 3 || return 1
		as_local "$W/host/in memory"
		found 1
	}
	check "an agent leaves out the same of its own host" alike
fi

own() { # FOUND NAMED PATH: Trawl is installed on that host, too
	scan ed25519 "ssh://$ME@127.0.0.1:$PORT$3" --option "$HOST_KEY" \
		--coverage "$W/ledger"
	found "$1" && [ "$(grep -c '"reason":"own"' "$W/ledger")" -eq "$2" ] &&
		jq -e 'select(.totals).totals.whole' "$W/ledger"
}
mkdir -p "$W/home/.cache/trawl"
for f in patterns-1a2c clean-00 notes; do
	echo 'visa 4111 1111 1111 1111' >"$W/home/.cache/trawl/$f"
done
check "of a cache of Trawl what is not its own is read" own 1 2 "$W/home"
if [ "$(id -u)" -eq 0 ]; then
	check "the catalogue of a Trawl there is named and not read" \
		own 1 1 /usr/local/share
	check "it is when somebody names it" own 1 0 /usr/local/share/trawl/catalogue
fi

chosen() {
	scan ed25519 "$URL$W/data" --option "$HOST_KEY" --option exclude=sub &&
		found 1 && scan ed25519 "$URL$W/data" --option "$HOST_KEY" \
		--option 'include=odd*' && found 1 && grep -q odd "$W/out"
}
check "options choose what is read" chosen

cut_off() { # its server process, or the reader itself, dies under way
	trawl scan --format jsonl --types 'card_*' --option "$HOST_KEY" \
		--credential "$S/ed25519.json" "$URL$W/many" \
		>"$W/out" 2>"$W/err" &
	local pid=$! cuts=0 p
	while ! gone $pid && [ $cuts -lt 2 ]; do
		[ "$(wc -l <"$W/out")" -gt $((cuts * 1500)) ] || continue
		if [ $cuts -eq 0 ]; then
			p=$(pgrep -P "${PIDS["sshd"]}" | tail -1)
		else
			p=$(reader_of $pid)
		fi
		[ -n "$p" ] && kill -9 "$p" 2>/dev/null && cuts=$((cuts + 1))
	done
	wait $pid
	echo "cut off $cuts times"
	[ $cuts -gt 0 ] && found "$FILES" &&
		[ "$(jq -r .path "$W/out" | sort -u | wc -l)" -eq "$FILES" ]
}
check "a connection that is cut is taken up again" cut_off

untouched() {
	strace -f -qq -o "$W/trace" -e trace=%file,openat,write,pwrite64 \
		-e signal=none trawl scan --format jsonl --types 'card_*' \
		--option "$HOST_KEY" --credential "$S/ed25519.json" \
		"$URL$W/data" >"$W/out" 2>"$W/err"
	found 2 || return 1
	# opened for writing: no file but the null device and the cache
	! grep -E 'open(at)?\(.*(O_WRONLY|O_RDWR|O_CREAT)' "$W/trace" |
		grep -vE '/dev/null|/dev/tty|\.cache/trawl|= -1 '
}
check "no file is opened for writing" untouched

secret() { # in no argument, no environment
	trawl scan --types 'card_*' --option "$HOST_KEY" \
		--credential "$S/ecdsa.json" "$URL$W/large.txt" \
		>"$W/out" 2>"$W/err" &
	local pid=$! p code
	wait_for 10 reader_of $pid >/dev/null
	p=$(reader_of $pid)
	cat "/proc/$p/cmdline" "/proc/$pid/cmdline" "/proc/$p/environ" \
		>"$W/seen" 2>/dev/null
	kill $pid
	wait $pid 2>/dev/null
	[ -s "$W/seen" ] && ! grep -aq 'made up words' "$W/seen"
}
check "a passphrase is in no argument and no environment" secret

if [ "$(id -u)" -eq 0 ]; then
	stop_server
	start_server "$S/config2"
	check "sign-in by a question for the password" guest password
	stop_server
	start_server "$S/config5"
	check "sign-in by a key and then a password" guest both
fi

# ---- other servers ----
stop_server
start_server "$S/config3"
HOST_KEY=host_key=$(ssh-keygen -lf "$S/host_rsa" | cut -d' ' -f2)
check "a server with an RSA key alone" by rsa
sealed_otherwise() {
	scan ed25519 "$URL$W/large.txt" --option "$HOST_KEY" && found 1
}
check "ChaCha20 alone, with new keys all the time" sealed_otherwise
few_questions() { # 200 MiB: 9 small pieces and large ones, of 255 KiB
	[ "$(grep -c ' len 32768$' "$S/asked")" -le 20 ] &&
		[ "$(grep -c ' len 261120$' "$S/asked")" -le 810 ]
}
check "a large file is asked for in large pieces" few_questions
stop_server
start_server "$S/config4"
old() {
	refused ed25519 'sha1=yes' &&
		scan ed25519 "$URL$W/data/card.txt" --option "$HOST_KEY" \
			--option sha1=yes && found 1
}
check "a server that knows SHA-1 alone is read when that is allowed" old

# ---- a host without SFTP ----
if [ "$(id -u)" -eq 0 ]; then
	stop_server
	grep -v '^Subsystem' "$S/config1" >"$S/config6"
	echo "mount --bind /dev/null $program" >>"$S/mounts"
	start_server "$S/config6"
	HOST_KEY=host_key=$PIN
	H=ssh://$ME@127.0.0.1:$PORT
	mkdir -p "$W/odd/it's"
	echo 'visa 4111 1111 1111 1111' | tee "$W/odd/-n" "$W/odd/\$(id)" \
		"$W/odd/it's/"$'two\nlines\n' "$W/odd/it's/"$'\xff\xfe' \
		"$W/odd/card" >/dev/null
	ln -s card "$W/odd/link"
	mkfifo "$W/odd/pipe"
	: >"$W/odd/empty"
	chmod 700 "$W/odd/it's" && chmod 600 "$W/odd/card"
	commands() {
		! scan ed25519 "$H$W/odd" --option "$HOST_KEY" --option by=sftp &&
			says 'offers no SFTP' || return 1
		scan ed25519 "$H$W/odd" --option "$HOST_KEY" --coverage "$W/ledger"
		found 5 && grep -q 'xff.*xfe' "$W/out" &&
			grep -q 'two%0Alines%0A' "$W/out" &&
			grep -q '"reason":"link"' "$W/ledger" &&
			grep -q '"reason":"special"' "$W/ledger"
	}
	check "a host without SFTP is read by commands" commands
	old_find() { # one that knows what POSIX says, and no more
		printf '#!/bin/sh\n%s\nexec /usr/bin/find "$@"\n' \
			'for a; do [ "$a" != -printf ] || exit 1; done' \
			>"$S/bin/find"
		chmod 755 "$S/bin/find"
		commands
		local code=$?
		rm "$S/bin/find"
		return $code
	}
	check "... also when its find has no -printf" old_find
	why_not() {
		scan password "ssh://127.0.0.1:$PORT$W/odd" \
			--option "$HOST_KEY" --coverage "$W/ledger"
		found 2 && grep '"denied"' "$W/ledger" | grep -q 'odd/card' &&
			grep '"denied"' "$W/ledger" | grep -q "it's" || return 1
		scan ed25519 "$H$W/none" --option "$HOST_KEY" \
			--coverage "$W/ledger"
		grep -q '"reason":"vanished"' "$W/ledger"
	}
	check "... what may not be read, or is not there, is named" why_not
	check "... sudo reads what the user may not, by find and cat" by_sudo
	check "... its mounts are left out as with SFTP" mounts
	URL=$H
	check "... 200 MiB, its worker killed once, in little memory" large
	check "... a connection that is cut is taken up again" cut_off
fi
scenario_end
