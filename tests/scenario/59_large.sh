#!/usr/bin/env bash
# 59_large: one object far larger than a session may hold, of a web site (nginx),
# over SSH (OpenSSH) and in a mailbox by both of its ways (Dovecot), read side by
# side: a card at its end is found, no reader's memory grows beyond 128 MiB, and
# neither they nor the director or its workers open any file for writing. Other
# kinds have the same where their servers run (trace.sh).
#   MIB=256   of the object; 2048 in `make torture`. The message has a quarter.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/trace.sh"
scenario_begin
PATH=$PATH:/usr/sbin
MIB=${MIB:-$([ -n "${TORTURE:-}" ] && echo 2048 || echo 256)}
ME=$(id -un)
S=$W/srv
CARD='visa 4111 1111 1111 1111'
http=$(free_port) ssh=$(free_port) imap=$(free_port) pop3=$(free_port)
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
	protocols = imap pop3
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
	service pop3-login {
	  chroot =
	  inet_listener pop3 {
	    port = $pop3
	  }
	  inet_listener pop3s {
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
for p in "$http" "$ssh" "$imap" "$pop3"; do
	wait_for 15 listening "127.0.0.1:$p" || exit 1
done

# ---- all of them at once ----
urls=("http://127.0.0.1:$http/large.txt" "sftp://$ME@127.0.0.1:$ssh$S/www/large.txt"
	"imap://127.0.0.1:$imap/" "pop3://127.0.0.1:$pop3/")
jq -n --arg k "$S/key" --arg h "${urls[1]}" --arg m "${urls[2]}" \
	--arg p "${urls[3]}" '{user: "anna", password: "a made-up one"} as $anna |
	{($h): {key_file: $k}, ($m): $anna, ($p): $anna}' >"$W/login.json"
chmod 600 "$W/login.json"
PIN=$(ssh-keygen -lf "$S/host" | cut -d' ' -f2)
trawl scan --types 'card_*' "$S/host.pub" >"$W/warm" 2>&1 # compiled once
traced --credential "$W/login.json" --option "host_key=$PIN" "${urls[@]}"
for u in "${urls[@]}"; do
	check "${u%%:*}: the end of it is read" \
		grep -qF "\"path\":\"$u" "$W/traced.out"
done
check "no reader has more than 128 MiB, and no file is opened for writing" \
	sparing 4
scenario_end
