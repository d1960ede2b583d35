#!/bin/bash
# WebDAV from a real Apache (mod_dav) on loopback: folders by folders, odd
# names, basic and digest sign-in, TLS; and what no good server does from a
# small rough one: hrefs of another host, a server that ends half-way.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/trace.sh"
scenario_begin
PATH=$PATH:/usr/sbin
S=$W/srv
MODULES=/usr/lib/apache2/modules
mkdir -p "$S/open/a b/c" "$S/open/z" "$S/basic" "$S/digest" "$S/lock" \
	"$S/none"
PORT=$(free_port) TLS=$(free_port) ROUGH=$(free_port)
CARD='visa 4111 1111 1111 1111'
MIB=${MIB:-256}

# ---- the server ----
for n in 1 2 3; do echo "$CARD" >"$S/open/$n.txt"; done
echo "$CARD" | tee "$S/open/a b/c/100% #1?&+é.txt" "$S/open/a b/Q'uo\"te.txt" \
	"$S/basic/x.txt" "$S/digest/x.txt" "$S/open/z/last.txt" >/dev/null
: >"$S/open/empty"
(cd "$S/open" && zip -qj "$S/open/z/deep.zip" 1.txt)
python3 - "$S/open/large.txt" <<-'P'
	import sys
	with open(sys.argv[1], "wb") as f:
	    f.write(b"nothing to see in this line of a large file\n" * 200000)
	    f.write(b"visa 4111 1111 1111 1111\n")
P
mkdir "$S/vast"
python3 - "$S/vast/large.txt" "$MIB" <<-'P' # mostly a hole
	import sys
	with open(sys.argv[1], "wb") as f:
	    for at in range(0, int(sys.argv[2]), 32):
	        f.seek(at << 20)
	        f.write(b"nothing to see in this line of a large file\n" * 23831)
	    f.seek(int(sys.argv[2]) << 20)
	    f.write(b"\nvisa 4111 1111 1111 1111\n")
P
mkdir "$S/open/closed"
echo "$CARD" >"$S/open/closed/secret.txt"
printf 'ann:%s\n' "$(openssl passwd -apr1 'Wrong-Horse-7')" >"$S/users"
printf 'ann:x:%s\n' "$(printf 'ann:x:Wrong-Horse-7' | md5sum | cut -c1-32)" \
	>"$S/digests"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
	-subj '/CN=localhost' -addext 'subjectAltName=DNS:localhost' \
	-keyout "$S/key.pem" -out "$S/cert.pem" 2>/dev/null
{
	echo "ServerRoot $S"
	echo "ServerName localhost"
	# which of them are built in differs
	for m in mpm_event unixd log_config alias authn_core authn_file \
		authz_core authz_user auth_basic auth_digest dav dav_fs ssl; do
		[ ! -e "$MODULES/mod_$m.so" ] ||
			echo "LoadModule ${m}_module $MODULES/mod_$m.so"
	done
	cat <<-C
		PidFile $S/pid
		Mutex file:$S/lock
		ErrorLog $S/error
		LogFormat "%r %u %>s" plain
		CustomLog $S/log plain
		Listen 127.0.0.1:$PORT
		Listen 127.0.0.1:$TLS
		StartServers 1
		ServerLimit 2
		ThreadsPerChild 16
		MaxRequestWorkers 32
		DavLockDB $S/lock/db
		DocumentRoot $S/none
		Alias /dav $S/open
		Alias /vast $S/vast
		Alias /basic $S/basic
		Alias /digest $S/digest
		<Location />
			Dav On
			Require all granted
		</Location>
		<Location /dav/closed>
			Require all denied
		</Location>
		<Location /basic>
			AuthType Basic
			AuthName x
			AuthUserFile $S/users
			Require valid-user
		</Location>
		<Location /digest>
			AuthType Digest
			AuthName x
			AuthDigestDomain /digest
			AuthUserFile $S/digests
			Require valid-user
		</Location>
		<VirtualHost 127.0.0.1:$TLS>
			SSLEngine on
			SSLCertificateFile $S/cert.pem
			SSLCertificateKeyFile $S/key.pem
		</VirtualHost>
	C
} >"$S/conf"
if [ "$(id -u)" -eq 0 ]; then
	printf 'User nobody\nGroup nogroup\n' >>"$S/conf"
	chown -R nobody "$S/lock"
fi
chmod -R a+rX "$S"
apache2 -d "$S" -f "$S/conf" -DFOREGROUND 2>>"$S/error" &
PIDS[apache]=$!
wait_for 10 listening "127.0.0.1:$PORT" || { cat "$S/error"; exit 1; }

# ---- a rough server ----
cat >"$W/rough.py" <<'P'
import http.server, os, re, sys
CARD = b"visa 4111 1111 1111 1111\n"
log = open(sys.argv[2], "a", 1)
HEAD = '<?xml version="1.0"?><D:multistatus xmlns:D="DAV:">'
def one(href, folder):
    kind = "<D:resourcetype><D:collection/></D:resourcetype>" if folder else \
        "<D:resourcetype/><D:getcontentlength>25</D:getcontentlength>"
    return (f"<D:response><D:href>{href}</D:href><D:propstat><D:prop>{kind}"
            "</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>"
            "<D:propstat><D:prop><D:getetag/></D:prop>"
            "<D:status>HTTP/1.1 404 No</D:status></D:propstat></D:response>")
class H(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *a): pass
    def out(self, code, body=b""):
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def take(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        log.write(f"{self.command} {self.path} {self.headers.get('Depth')}\n")
    def do_PROPFIND(self):
        self.take()
        p = self.path
        if p == "/far/":        # by the name it has behind another server
            self.out(207, (HEAD + one("http://inside.example:81/far/", True) +
                one("http://inside.example:81/far/a%20b.txt", False) +
                one("/far/../etc/passwd", False) + one("/far/sub", True) +
                one("/elsewhere/x", False) + "</D:multistatus>").encode())
        elif p == "/far/sub/":  # a list that is torn
            self.out(207, (HEAD + one(p, True) + one(p + "x", False)).encode())
        elif re.match(r"/many/\d*/?$", p):
            n = p.split("/")[2]
            if n: body = "".join(one(f"{p}{i:03d}", False) for i in range(40))
            else: body = "".join(one(f"/many/{i:02d}/", True) for i in range(9))
            self.out(207, (HEAD + one(p, True) + body +
                           "</D:multistatus>").encode())
        else: self.out(404)
    def do_GET(self):
        self.take()
        if os.path.exists(sys.argv[2] + ".die") and self.path > "/many/04/02":
            os._exit(0)
        self.out(200, CARD)
s = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), H)
s.daemon_threads = True
s.serve_forever()
P
rough() {
	python3 "$W/rough.py" "$ROUGH" "$W/rough.log" &
	PIDS[rough]=$!
	wait_for 10 listening "127.0.0.1:$ROUGH"
}
rough

cred() { printf '%s' "$2" >"$W/$1.json"; chmod 600 "$W/$1.json"; }
cred right '{"user":"ann","password":"Wrong-Horse-7"}'
cred wrong '{"user":"ann","password":"Wrong-Horse-8"}'
python3 -c 'import json, sys
print(json.dumps({"ca": open(sys.argv[1]).read()}))' "$S/cert.pem" >"$W/ca.json"
chmod 600 "$W/ca.json"
scan() { # NAME ARGUMENT...
	local name=$1
	shift
	timeout 60 trawl scan --coverage "$W/$name.cov" "$@" \
		>"$W/$name" 2>"$W/$name.err"
}
paths() { jq -r .path "$W/$1" | LC_ALL=C sort; }
why() { # NAME PATH REASON
	jq -es --arg p "$2" --arg r "$3" \
		'any(.[]; .path == $p and .reason == $r)' "$W/$1.cov" >/dev/null
}
U=dav://127.0.0.1:$PORT

# ---- a tree ----
scan all "$U/dav/"
cat >"$W/want" <<-W
	$U/dav/1.txt
	$U/dav/2.txt
	$U/dav/3.txt
	$U/dav/a b/Q'uo"te.txt
	$U/dav/a b/c/100%25 %231%3F&+é.txt
	$U/dav/large.txt
	$U/dav/z/deep.zip
	$U/dav/z/last.txt
W
check 'every file of every folder, odd names and members of a zip too' \
	diff "$W/want" <(paths all)
bytes() { find "$@" -type f -printf '%s\n' | awk '{n += $1} END {print n + 0}'; }
check 'each in full, of all but a folder that is closed' \
	tallied "$W/all.cov" \
	"cut 9 9 0 0 0 $(($(bytes "$S/open") - $(bytes "$S/open/closed")))"
check 'a name is shown as it can be given again' eval '
	p=$(paths all | grep "%25") && scan one "$p" && [ "$(paths one)" = "$p" ]'
check 'a folder without its slash is the folder' eval '
	scan bare "$U/dav/z" && [ "$(paths bare | wc -l)" -eq 2 ]'
check 'a folder that may not be listed is named' \
	why all "$U/dav/closed/" denied
check 'folders are asked for one by one, and nothing is changed or locked' eval '
	! grep -vE "^(PROPFIND|GET) " "$S/log" && [ ! -s "$S/lock/db.dir" ]'
: >"$S/log"
# of a file that is a second old Apache calls the ETag weak
find "$S/open" -type f -exec touch -d '2026-01-02 03:04:05' {} +
for i in 1 2 3; do
	[ $i -lt 3 ] || touch -d '2026-01-02 03:04:06' "$S/open/z/last.txt"
	scan "twice$i" --types card_amex --skip-unchanged "$U/dav/"
done
check 'a file of the same ETag is not read again, one that changed is' eval '
	tallied "$W/twice1.cov" "cut 9 9 0 0 0" &&
	tallied "$W/twice2.cov" "cut 9 0 9 0 0" &&
	tallied "$W/twice3.cov" "cut 9 1 8 0 0"'
: >"$S/log"
check 'include, exclude, size' eval '
	scan some --option "exclude=a b,z" --option max_size=1k "$U/dav/" &&
	[ "$(paths some | wc -l)" -eq 3 ] && ! grep -q "PROPFIND /dav/z" "$S/log"'
check 'one level for who chooses' eval '
	timeout 20 trawl targets probe "$U/dav/" >"$W/probe" 2>&1 &&
	grep -q "a b/" "$W/probe" && grep -q "1.txt" "$W/probe" &&
	! grep -q "last.txt" "$W/probe"'

traced "$U/vast/"
check "a file of $MIB MiB is read to its end" grep -q vast/large.txt "$W/traced.out"
check 'in little memory, and nothing of it touches the disk' sparing 1

# ---- signing in ----
check 'basic' eval '
	scan basic --credential "$W/right.json" "$U/basic/" &&
	grep -q card_visa "$W/basic"'
check 'digest' eval '
	scan digest --credential "$W/right.json" --option auth=digest \
		"$U/digest/" && grep -q card_visa "$W/digest"'
: >"$S/log"
scan refused --credential "$W/wrong.json" "$U/basic/"
check 'a wrong password is said' grep -q 'refused this user' "$W/refused.err"
sent=$(grep -c ' ann 401' "$S/log")
check 'and sent three times at most' test "$sent" -ge 1 -a "$sent" -le 3
scan none "$U/basic/"
check 'a folder that wants a password says so' \
	grep -q 'asks for a user' "$W/none.err"
scan clear --credential "$W/right.json" dav://dav.example/
check 'a password does not go to another host in clear' \
	grep -q 'in clear' "$W/clear.err"
check 'TLS with its authority' eval '
	scan tls --credential "$W/ca.json" "davs://localhost:$TLS/dav/z/" &&
	[ "$(paths tls | wc -l)" -eq 2 ]'
scan strange "davs://localhost:$TLS/dav/"
check 'a certificate of a stranger is refused' \
	grep -q 'is not to be trusted' "$W/strange.err"
scan absent "$U/dav/nothing/"
check 'a folder that is not there is said' \
	grep -q 'no such folder' "$W/absent.err"
check 'no secret in what is written' \
	eval '! grep -rq Wrong-Horse "$W"/*.err "$W"/*.cov'

# ---- a rough server ----
R=dav://127.0.0.1:$ROUGH
scan far --option tries=1 "$R/far/"
check 'hrefs of another host are read at the server that was named' \
	test "$(paths far)" = "$R/far/a b.txt"
check 'in full, and the whole is not said to be whole' \
	tallied "$W/far.cov" 'cut 1 1 0 0 0 25'
check 'what is not in the folder is not read' \
	eval '! grep -qE "etc|elsewhere" "$W/rough.log"'
check 'a list that is torn is told of' why far "$R/far/sub/" io
touch "$W/rough.log.die"
(
	wait_for 20 grep -q '/many/04/02' "$W/rough.log"
	wait_for 5 eval '! listening "127.0.0.1:$ROUGH"'
	rm "$W/rough.log.die"
	exec python3 "$W/rough.py" "$ROUGH" "$W/rough.log"
) &
PIDS[again]=$!
scan many --option tries=30 --option pause=100ms --option pause_max=200ms \
	"$R/many/"
check 'a server that ends half-way and comes back: all of it, nothing twice' \
	eval '[ "$(paths many | uniq | wc -l)" -eq 360 ] &&
	[ "$(paths many | wc -l)" -eq 360 ]'
check 'and each in full' tallied "$W/many.cov" 'whole 360 360 0 0 0 9000'

# ---- larger counts ----
if [ -n "${TORTURE:-}" ]; then
	mkdir -p "$S/open/many/"{1..10} && for d in "$S"/open/many/*; do
		for n in {1..1000}; do echo "$CARD" >"$d/$n.txt"; done
	done
	chmod -R a+rX "$S/open/many"
	scan torture "$U/dav/many/"
	check 'ten thousand files, each once' eval '
		[ "$(paths torture | uniq | wc -l)" -eq 10000 ] &&
		[ "$(wc -l <"$W/torture")" -eq 10000 ]'
	check 'and each in full' tallied "$W/torture.cov" \
		"whole 10000 10000 0 0 0 $(bytes "$S/open/many")"
fi
scenario_end
