#!/usr/bin/env bash
# 59_large: one object far larger than a session may hold, of a web site (nginx),
# over SSH (OpenSSH) and in a mailbox (Dovecot), read side by side: a card at its
# end is found, no reader's memory grows beyond 128 MiB, and neither they nor the
# director or its workers open any file for writing.
#   MIB=256   of the object; 2048 in `make torture`. The message has a quarter.
. "$(dirname "$0")/lib.sh"
scenario_begin
PATH=$PATH:/usr/sbin
MIB=${MIB:-$([ -n "${TORTURE:-}" ] && echo 2048 || echo 256)}
ME=$(id -un)
S=$W/srv
CARD='visa 4111 1111 1111 1111'
http=$(free_port) ssh=$(free_port) imap=$(free_port)
mkdir -p "$S/www" "$S/run" "$S/mail/"{cur,new,tmp}
chmod 755 "$S"
# mostly a hole, but lines often enough that nothing is taken for binary
python3 - "$S/www/large.txt" "$MIB" "$S/mail/new/1.large" "$CARD" <<'P'
import sys
path, mib, mail, card = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
line = b"nothing to see in this line of a large file\n" * 23831  # 1 MiB
with open(path, "wb") as f:
    for at in range(0, mib, 32):
        f.seek(at << 20)
        f.write(line)
    f.seek(mib << 20)
    f.write(b"\n" + card.encode() + b"\n")
with open(mail, "wb") as f:
    f.write(b"From: a@example.org\nSubject: large\n\n")
    for _ in range(mib // 4):
        f.write(line)
    f.write(card.encode() + b"\n")
P
chmod -R a+rX "$S/www"

# ---- servers ----
cat >"$S/nginx" <<-C
	daemon off; pid $S/pid; error_log $S/error; worker_processes 1;
	events { }
	http { access_log off; client_body_temp_path $S/t1; proxy_temp_path $S/t2;
		fastcgi_temp_path $S/t3; uwsgi_temp_path $S/t4; scgi_temp_path $S/t5;
		types { text/plain txt; }
		server { listen 127.0.0.1:$http; root $S/www; } }
C
nginx -c "$S/nginx" -e "$S/error" &
PIDS[nginx]=$!
ssh-keygen -q -t ed25519 -N '' -f "$S/host"
ssh-keygen -q -t ed25519 -N '' -f "$S/key"
printf '%s\n' "Port $ssh" 'ListenAddress 127.0.0.1' "HostKey $S/host" \
	"AuthorizedKeysFile $S/key.pub" 'StrictModes no' 'PidFile none' \
	'PermitRootLogin yes' 'Subsystem sftp internal-sftp' >"$S/sshd"
[ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd
/usr/sbin/sshd -D -e -f "$S/sshd" 2>"$S/sshd.log" &
PIDS[sshd]=$!
if [ "$(id -u)" -eq 0 ]; then
	me=nobody group=nogroup
else
	me=$ME group=$(id -gn)
fi
cat >"$S/dovecot" <<-C
	base_dir = $S/run
	state_dir = $S/run
	instance_name = trawl-$imap
	default_internal_user = $me
	default_internal_group = $group
	default_login_user = $me
	log_path = $S/log
	protocols = imap
	listen = 127.0.0.1
	ssl = no
	disable_plaintext_auth = no
	mail_location = maildir:$S/mail
	mail_uid = $me
	mail_gid = $group
	first_valid_uid = 1
	passdb {
	  driver = passwd-file
	  args = scheme=PLAIN username_format=%u $S/users
	}
	userdb {
	  driver = static
	  args = uid=$me gid=$group home=$S
	}
	service imap-login {
	  chroot =
	  inet_listener imap {
	    port = $imap
	  }
	  inet_listener imaps {
	    port = 0
	  }
	}
	service anvil {
	  chroot =
	}
C
echo 'anna:a made-up one' >"$S/users"
chown -R "$me:$group" "$S/run" "$S/mail" "$S/users" && touch "$S/log" &&
	chown "$me" "$S/log"
dovecot -F -c "$S/dovecot" >"$S/dovecot.log" 2>&1 &
PIDS[dovecot]=$!
for p in "$http" "$ssh" "$imap"; do
	wait_for 15 listening "127.0.0.1:$p" || exit 1
done

# ---- all three at once ----
urls=("http://127.0.0.1:$http/large.txt" "sftp://$ME@127.0.0.1:$ssh$S/www/large.txt"
	"imap://127.0.0.1:$imap/")
jq -n --arg k "$S/key" --arg h "${urls[1]}" --arg m "${urls[2]}" \
	'{($h): {key_file: $k}, ($m): {user: "anna", password: "a made-up one"}}' \
	>"$W/login.json"
chmod 600 "$W/login.json"
PIN=$(ssh-keygen -lf "$S/host" | cut -d' ' -f2)
trawl scan --types card_visa "$S/host.pub" >"$W/warm" 2>&1 # compiled once
strace -f --seccomp-bpf -qq -o "$W/trace" -e signal=none \
	-e trace=open,openat,openat2,creat,mkdir,mkdirat,rename,renameat,link,linkat \
	"$BUILD/trawl" scan --format jsonl --types card_visa \
	--credential "$W/login.json" --option "host_key=$PIN" "${urls[@]}" \
	>"$W/out" 2>"$W/err" &
PIDS[scan]=$!
declare -A PEAK=()
look() { # every reader's peak, by its number
	local p now
	for p in $(tree_pids "${PIDS[scan]}"); do
		grep -qs '^trawl-source' "/proc/$p/comm" || continue
		now=$(awk '/VmHWM/ { print $2 }' "/proc/$p/status" 2>/dev/null)
		[ "${now:-0}" -le "${PEAK["$p"]:-0}" ] || PEAK["$p"]=$now
	done
}
until gone "${PIDS[scan]}"; do
	look
	sleep 0.05
done
unset 'PIDS[scan]'
cat "$W/err"
for u in "${urls[@]}"; do
	check "${u%%:*}: the end of it is read" grep -qF "\"path\":\"$u" "$W/out"
done
small() {
	echo "peaks of the readers, KiB: ${PEAK[*]}"
	[ ${#PEAK[@]} -eq 3 ] &&
		[ "$(printf '%s\n' "${PEAK[@]}" | sort -n | tail -n 1)" -le 131072 ]
}
check "no reader has more than 128 MiB" small
opened() { # for writing: but the null device and what the kernel makes up
	test -s "$W/trace" || return 1
	! grep -E 'O_(WRONLY|RDWR|CREAT|TMPFILE)|creat\(|mkdir|rename|link' \
	    "$W/trace" |
		grep -vE ' = -1 |"/dev/(null|tty)"|"/proc/' |
		grep -vF -e "${TRAWL_CACHE:-/.cache/trawl}" -e /.cache/trawl \
		    -e /var/cache/trawl
}
check "no file is opened for writing" opened
scenario_end
