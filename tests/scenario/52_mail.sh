#!/usr/bin/env bash
# 52_mail: a mailbox on a real Dovecot is read message by message over TLS, its
# cards are found with folder and message, and nothing in it is marked.
. "$(dirname "$0")/lib.sh"
scenario_begin
MESSAGES=${MESSAGES:-$([ -n "${TORTURE:-}" ] && echo 10000 || echo 1500)}
host=127.0.0.1
imap=$(free_port)
imaps=$(free_port)
pop3s=$(free_port)
gives=$(free_port)
says=$(free_port)
D=$W/dovecot
mail=$D/mail

# A CA of our own and a certificate for the address.
make_certificate() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	    -subj '/CN=a test' -addext "subjectAltName=IP:$host" -days 2 \
	    -keyout "$D/key.pem" -out "$D/cert.pem" 2>"$D/openssl.log"
}

# Who reads mail is root here; the server gives the folder to its own user.
configure() {
	local me=$1 group=$2
	cat >"$D/dovecot.conf" <<-END
	base_dir = $D/run
	state_dir = $D/run
	instance_name = trawl-$imap
	default_internal_user = $me
	default_internal_group = $group
	default_login_user = $me
	log_path = $D/log
	protocols = imap pop3
	listen = $host
	ssl = yes
	ssl_cert = <$D/cert.pem
	ssl_key = <$D/key.pem
	auth_mechanisms = plain login xoauth2
	disable_plaintext_auth = yes
	mail_location = maildir:$mail:LAYOUT=fs:INBOX=$mail/INBOX
	mail_uid = $me
	mail_gid = $group
	first_valid_uid = 1
	passdb {
	  driver = oauth2
	  mechanisms = xoauth2
	  args = $D/oauth.conf
	}
	passdb {
	  driver = passwd-file
	  mechanisms = plain login
	  args = scheme=PLAIN username_format=%u $D/users
	}
	userdb {
	  driver = static
	  args = uid=$me gid=$group home=$D allow_all_users=yes
	}
	service imap-login {
	  chroot =
	  inet_listener imap {
	    port = $imap
	  }
	  inet_listener imaps {
	    port = $imaps
	    ssl = yes
	  }
	}
	service pop3-login {
	  chroot =
	  inet_listener pop3 {
	    port = 0
	  }
	  inet_listener pop3s {
	    port = $pop3s
	    ssl = yes
	  }
	}
	service anvil {
	  chroot =
	}
	END
	cat >"$D/oauth.conf" <<-END
	introspection_mode = auth
	introspection_url = http://$host:$says/
	username_attribute = user
	active_attribute = active
	active_value = true
	END
	echo 'anna:a made-up one' >"$D/users"
	mkdir -p "$D/run"
	chown -R "$me:$group" "$D"
	chmod 755 "$D"
}

fill_mailbox() {
	python3 - "$mail" "$MESSAGES" <<-'END'
	import base64, os, sys
	mail, count = sys.argv[1], int(sys.argv[2])
	def put(folder, name, text):
	    for sub in ("cur", "new", "tmp"):
	        os.makedirs(os.path.join(mail, folder, sub), exist_ok=True)
	    with open(os.path.join(mail, folder, "new", name), "w", newline="") as f:
	        f.write(text)
	head = "From: a@example.org\r\nTo: b@example.org\r\nSubject: %s\r\n"
	for n in range(count):
	    card = "\r\nMy card number is 4111 1111 1111 1111.\r\n" if n == 6 else ""
	    put("INBOX", "1.%06d.a" % n, head % "a word" + "\r\nNothing %d.\r\n%s" % (n, card))
	csv = base64.encodebytes(b"name,card\nAnna,5555555555554444\n").decode()
	put("Entw&APw-rfe", "1.1.a", head % "with a file" + "MIME-Version: 1.0\r\n"
	    "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nSee there.\r\n--x\r\n"
	    "Content-Type: text/csv; name=q3.csv\r\nContent-Transfer-Encoding: base64\r\n"
	    "Content-Disposition: attachment; filename=q3.csv\r\n\r\n" + csv + "--x--\r\n")
	line = "words that say nothing at all, and then some more of them\r\n"
	put("INBOX/Large", "1.1.a", head % "large" + "\r\n" + line * 700000
	    + "Card number 378282246310005\r\n")
	END
}

# When the server got them: the first hundred on the last day of a year, in an
# hour that is of that day in every zone.
date_mailbox() {
	local f
	for f in "$mail"/INBOX/new/1.0000*.a; do
		touch -d '2025-12-31 12:00:00 UTC' "$f"
	done
}

serve() {
	dovecot -F -c "$D/dovecot.conf" >"$D/out" 2>&1 &
	PIDS[dovecot]=$!
	wait_for 10 listens "$imaps"
}

listens() { (exec 3<>"/dev/tcp/$host/$1") 2>/dev/null; }

# What the server keeps of each message: its folder, name and flags. POP3 has no
# way to open a mailbox that leaves "new" alone; flags stand behind ":2,".
marks() {
	(cd "$mail" && find . -type f -path '*/[cn][ue][rw]/*' |
	    sed 's,/new/\|/cur/,/,; s/:2,$//' | sort)
}
whereabouts() { (cd "$mail" && find . -type f -path '*/[cn][ue][rw]/*' | sort); }

# What the server counts by itself: messages and their bytes as IMAP has them;
# and how many are new.
server() { # FIELD FOLDER
	doveadm -c "$D/dovecot.conf" -f flow mailbox status -u anna "$1" "$2" |
	    sed "s/.* $1=//" | awk '{n += $1} END {print n + 0}'
}

scan() {
	trawl scan --format jsonl --credential "$W/login.json" \
	    --coverage "$W/coverage.jsonl" "$@" >"$W/found.jsonl" 2>"$W/said"
}

found() { jq -s -e --arg p "$1" --arg t "$2" \
	'any(.[]; .path == $p and .type == $t)' "$W/found.jsonl" >/dev/null; }

credential() {
	jq -n --arg p "$1" --rawfile ca "$D/cert.pem" \
	    '{user: "anna", password: $p, ca: $ca}' >"$W/login.json"
	chmod 600 "$W/login.json"
}

mkdir -p "$D"
make_certificate
fill_mailbox
date_mailbox
if [ "$(id -u)" -eq 0 ]; then
	configure nobody nogroup
else
	configure "$(id -un)" "$(id -gn)"
fi
serve || { cat "$D/out" "$D/log"; exit 1; }
marks >"$W/before"
whereabouts >"$W/before.imap"

inbox=imaps://anna@$host:$imaps
credential 'a made-up one'
check 'the whole mailbox is read' scan "$inbox"
for i in 1 2; do
	scan --types card_amex --skip-unchanged "$inbox"
	cp "$W/coverage.jsonl" "$W/twice$i"
done
check 'a message that held nothing is not read again' eval '
	tallied "$W/twice1" "whole $((MESSAGES + 2)) $((MESSAGES + 2)) 0 0 0" &&
	tallied "$W/twice2" "cut $((MESSAGES + 2)) 1 $((MESSAGES + 1)) 0 0"'
scan "$inbox"
count=$(server messages '*')
check 'and all of it: as many messages and bytes as the server counts' \
	tallied "$W/coverage.jsonl" "whole $count $count 0 0 0 $(server vsize '*')"
check 'which are those that were put' test "$count" -eq $((MESSAGES + 2))
check 'each is as new to the server as it was' test "$(server unseen '*')" = "$count"
check 'a card in a message has its folder and number' found "$inbox/INBOX/7" card_visa
check 'one in an attachment of a folder with an umlaut too' found "$inbox/Entwürfe/1" card_mastercard
check 'one behind 40 MiB of a message too' found "$inbox/INBOX/Large/1" card_amex
whereabouts >"$W/after.imap"
check 'over IMAP nothing was even moved' cmp "$W/before.imap" "$W/after.imap"
check 'over POP3 the inbox is read' scan "pop3s://anna@$host:$pop3s/"
check 'every message of it in full' \
	tallied "$W/coverage.jsonl" "whole $MESSAGES $MESSAGES 0 0 0 $(server vsize INBOX)"
check 'and its card is found' test "$(jq -r .type "$W/found.jsonl" | grep card)" = card_visa
for i in 1 2; do
	scan --types card_amex --skip-unchanged "pop3s://anna@$host:$pop3s/"
	cp "$W/coverage.jsonl" "$W/pop$i"
done
says_versions() { # KIND WORDS
	trawl targets | sed -n "/^$1 /,/^\$/p" | grep -q "when scanned again: $2"
}
check 'which kinds can tell is said' eval '
	says_versions pop3 "--skip-unchanged" && says_versions redis "all is read"'
check 'nor is one read again whose id it keeps' eval '
	tallied "$W/pop1" "whole $MESSAGES $MESSAGES 0 0 0" &&
	tallied "$W/pop2" "cut $MESSAGES 0 $MESSAGES 0 0"'
marks >"$W/after"
check 'nothing is marked or deleted' cmp "$W/before" "$W/after"
slow() { # what is asked for ahead may come sooner
	scan --option rate=1000 "$inbox/INBOX" &&
	    jq -e "select(.totals) | .totals.seconds >= ($MESSAGES - 400) / 1000
		and .totals.full >= $MESSAGES" "$W/coverage.jsonl" >/dev/null
}
check 'no more messages a second than the target allows' slow
check 'what is no rate is told' eval '! scan --option rate=fast "$inbox" &&
	grep -q "objects a second" "$W/said"'
of_year() {
	doveadm -c "$D/dovecot.conf" search -u anna mailbox INBOX \
	    since 30-Dec-2025 before 1-Jan-2026 | wc -l
}
check 'days: as many messages as the server finds' eval '
	scan --option since=2025-12-30 --option before=2026-01-01 "$inbox" &&
	[ "$(of_year)" -eq 100 ] && tallied "$W/coverage.jsonl" "whole 100 100 0 0 0"'
check 'and by what the target was narrowed is in the totals' eval '
	[ "$(jq -c "select(.totals).totals.narrowed" "$W/coverage.jsonl")" = \
	    "{\"since\":\"2025-12-30\",\"before\":\"2026-01-01\"}" ]'
check 'a card of another day is not among them' eval '
	scan --option since=2026-01-01 "$inbox/INBOX" &&
	! found "$inbox/INBOX/7" card_visa'
check 'what is no day is told' eval '! scan --option since=2026-02-31 "$inbox" &&
	grep -q "since is a day" "$W/said"'
check 'folders by pattern' eval '
	scan --option "include=Entw*,Large" "$inbox" &&
	tallied "$W/coverage.jsonl" "whole 2 2 0 0 0"'
check 'what is below an excluded folder is not read' eval '
	scan --option exclude=INBOX "$inbox" &&
	tallied "$W/coverage.jsonl" "whole 1 1 0 0 0"'
check 'one folder alone is read alone' scan "$inbox/INBOX/Large"
check 'and nothing else' test "$(jq -r .path "$W/found.jsonl" | sort -u)" = "$inbox/INBOX/Large/1"
check 'the port in clear is made private first' scan "imap://anna@$host:$imap/Entwürfe"

# ---- by tokens, each of which is good for one sign-in ----
cat >"$W/tokens.py" <<'END'
import http.server, json, ssl, sys, threading, urllib.parse
gives, says, cert, key, log = sys.argv[1:]
given, used = 0, set()
def note(*words):
    with open(log, "a") as f: print(*words, file=f)
class H(http.server.BaseHTTPRequestHandler):
    def log_message(self, *a): pass
    def out(self, code, what):
        body = json.dumps(what).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def do_POST(self):                  # RFC 6749, 6
        global given
        n = int(self.headers["Content-Length"])
        q = dict(urllib.parse.parse_qsl(self.rfile.read(n).decode()))
        if q != {"grant_type": "refresh_token", "client_id": "trawl",
                 "client_secret": "Made-Up-7", "refresh_token": "rt-made-up"}:
            note("refused")
            return self.out(400, {"error": "invalid_grant"})
        given += 1
        note("given")
        self.out(200, {"access_token": "at-%d" % given, "expires_in": 3600,
                       "token_type": "Bearer"})
    def do_GET(self):                   # whether a token still holds
        token = self.headers["Authorization"].split(" ")[1]
        good = token == "at-%d" % given and token not in used
        used.add(token)
        note("good" if good else "over")
        self.out(200, {"active": good, "user": "anna"})
def serve(port, tls):
    s = http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), H)
    if tls:
        c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        c.load_cert_chain(cert, key)
        s.socket = c.wrap_socket(s.socket, server_side=True)
    s.serve_forever()
threading.Thread(target=serve, args=(says, False), daemon=True).start()
serve(gives, True)
END
python3 "$W/tokens.py" "$gives" "$says" "$D/cert.pem" "$D/key.pem" \
	"$W/tokens" 2>"$W/tokens.err" &
PIDS[tokens]=$!
wait_for 10 eval 'listens "$gives" && listens "$says"'
python3 "$TOP/tests/scenario/spoiler.py" "$imaps:cut:2000000:1" \
	"$pop3s:cut:100000:1" >"$W/relays" 2>"$W/relays.err" &
PIDS[relays]=$!
wait_for 10 eval '[ "$(grep -c listening "$W/relays")" -eq 2 ]'
relay() { awk -v i="$1" '$1 == "listening" && $2 == i { print $3 }' "$W/relays"; }
by_token() { # REFRESH-TOKEN
	jq -n --arg r "$1" --rawfile ca "$D/cert.pem" --arg s "https://$host:$gives/" \
	    '{client_id: "trawl", client_secret: "Made-Up-7", refresh_token: $r,
	    sign_in: $s, ca: $ca}' >"$W/login.json"
	: >"$W/tokens"
}
heard() { [ "$(tr '\n' ' ' <"$W/tokens")" = "$1 " ] || { cat "$W/tokens"; false; }; }
by_token rt-made-up
check 'a token is had by what the credential holds' eval '
	scan "$inbox/Entwürfe" && heard "given good"'
by_token rt-made-up
check 'one that ended is had anew, and the scan goes on where it stood' eval '
	scan "imaps://anna@$host:$(relay 0)/INBOX/Large" &&
	tallied "$W/coverage.jsonl" "whole 1 1 0 0 0" &&
	grep -q card_amex "$W/found.jsonl" && heard "given good over given good"'
by_token rt-made-up
check 'over POP3 too' eval '
	scan "pop3s://anna@$host:$(relay 1)/" &&
	tallied "$W/coverage.jsonl" "whole $MESSAGES $MESSAGES 0 0 0" &&
	heard "given good over given good"'
by_token rt-another
check 'a sign-in that is refused is told, and not tried again' eval '
	! scan "$inbox" && grep -q "sign-in was refused (400 invalid_grant)" "$W/said" &&
	heard refused'
check 'no token stands in what was said' \
	eval '! grep -rqE "rt-|at-[0-9]|Made-Up-7" "$W/said" "$W/coverage.jsonl"'
: >"$D/log"

credential 'another one'
refused() { ! scan "$inbox" && grep -q "$1" "$W/said"; }
check 'a wrong password is told' refused 'uthentication failed'
check 'and was tried once' logged "$D/log" 'auth failed' 1
check 'no password stands in what was said' bash -c "! grep -rq 'another one' '$W/said' '$W/coverage.jsonl'"
credential 'a made-up one'
jq 'del(.ca)' "$W/login.json" >"$W/bare.json" && cat "$W/bare.json" >"$W/login.json"
check 'a certificate that nobody vouches for is refused' refused 'certificate'
scenario_end
