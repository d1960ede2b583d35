#!/bin/bash
# Web sites from a real nginx on loopback (plain, TLS with an authority of its
# own, sign-in; NTLM from a Squid before it, whose answers Samba's ntlm_auth
# proves), and what no good server does from a small rough one: bodies that are
# cut, circles, pauses that are asked for, wrong passwords counted.
. "$(dirname "$0")/lib.sh"
scenario_begin
PATH=$PATH:/usr/sbin
S=$W/srv
mkdir -p "$S/www/a/b" "$S/www/docs" "$S/www/private" "$S/www/in"
PORT=$(free_port) TLS=$(free_port) ROUGH=$(free_port)
URL=http://127.0.0.1:$PORT

# ---- the site ----
cat >"$S/www/index.html" <<-H
	<html><head><base href="/a/"><script>var card = "4111 1111 1111 1111";
	</script></head><body><!-- visa 4012 8888 8888 1881 -->
	<a href="b/page.html">one</a> <a href="/docs/?sort=1&amp;x=2">two</a>
	<a href="/docs/?x=2&amp;sort=1&amp;utm_source=mail">two</a>
	<a href="/private/secret.html">not for crawlers</a>
	<a href="/circle/1">circle</a> <a href="/away">away</a>
	<a href="/large.txt">large</a> <a href="/nowhere">nowhere</a>
	<form action="/in/"><input name=q></form></body></html>
H
echo '<a href="../../">up</a><p>mastercard 5500005555555559</p>' \
	>"$S/www/a/b/page.html"
echo '<p>visa 4111 1111 1111 1111</p>' |
	tee "$S/www/private/secret.html" "$S/www/in/index.html" \
	"$S/www/docs/index.html" >"$S/www/alone.html"
printf 'User-agent: *\nDisallow: /private/\nSitemap: /map.xml.gz\n' \
	>"$S/www/robots.txt"
printf '<urlset><url><loc>%s/alone.html</loc></url></urlset>' "$URL" |
	gzip >"$S/www/map.xml.gz"
python3 - "$S/www/large.txt" <<-'P'
	import sys
	with open(sys.argv[1], "wb") as f:
	    f.write(b"nothing to see in this line of a large file\n" * 200000)
	    f.write(b"visa 4111 1111 1111 1111\n")
P
printf 'ann:%s\n' "$(openssl passwd -apr1 'Wrong-Horse-7')" >"$S/users"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
	-subj '/CN=authority of this test' -keyout "$S/ca.key" -out "$S/ca.pem" \
	2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	-subj '/CN=localhost' -keyout "$S/key.pem" -out "$S/csr" 2>/dev/null
openssl x509 -req -in "$S/csr" -CA "$S/ca.pem" -CAkey "$S/ca.key" -days 2 \
	-extfile <(echo 'subjectAltName=DNS:localhost') -out "$S/cert.pem" \
	2>/dev/null
cat >"$S/nginx.conf" <<-C
	daemon off; pid $S/pid; error_log $S/error; worker_processes 1;
	events { }
	http {
		access_log $S/log; gzip on; gzip_types text/plain;
		client_body_temp_path $S/t1; proxy_temp_path $S/t2;
		fastcgi_temp_path $S/t3; uwsgi_temp_path $S/t4;
		scgi_temp_path $S/t5; include /etc/nginx/mime.types;
		server {
			listen 127.0.0.1:$PORT; listen 127.0.0.1:$TLS ssl;
			ssl_certificate $S/cert.pem;
			ssl_certificate_key $S/key.pem;
			root $S/www;
			location /in/ { auth_basic x; auth_basic_user_file $S/users; }
			location = /circle/1 { return 302 /circle/2; }
			location = /circle/2 { return 302 /circle/1; }
			location = /away { return 301 http://127.0.0.2:$PORT/; }
		}
	}
C
chmod -R a+rX "$S"
nginx -c "$S/nginx.conf" 2>/dev/null &
PIDS[nginx]=$!
wait_for 10 listening "127.0.0.1:$PORT"

# ---- the same site behind NTLM ----
NTLM=$(free_port)
N=$W/squid
mkdir -p "$N"/{private,lock,state,cache,run}
cat >"$N/smb.conf" <<-C
	[global]
	workgroup = MADEUP
	netbios name = FRONT
	private dir = $N/private
	lock directory = $N/lock
	state directory = $N/state
	cache directory = $N/cache
	pid directory = $N/run
	log file = $N/samba
C
cat >"$N/conf" <<-C
	http_port 127.0.0.1:$NTLM accel defaultsite=front.example no-vhost
	cache_peer 127.0.0.1 parent $PORT 0 no-query originserver name=inner
	auth_param ntlm program /usr/bin/ntlm_auth --configfile=$N/smb.conf --helper-protocol=squid-2.5-ntlmssp --domain=MADEUP --username=ann --password=Wrong-Horse-7
	auth_param ntlm children 4 startup=1
	acl known proxy_auth REQUIRED
	http_access allow known
	http_access deny all
	cache deny all
	logformat plain %>Hs %un %rp
	access_log stdio:$N/log plain
	cache_log $N/trouble
	pid_filename $N/pid
	coredump_dir $N
	shutdown_lifetime 0 seconds
	visible_hostname front.example
C
[ "$(id -u)" -ne 0 ] || chown -R proxy:proxy "$N"
squid -N -f "$N/conf" >"$N/out" 2>&1 &
PIDS[squid]=$!

# ---- a rough server ----
cat >"$W/rough.py" <<'P'
import hashlib, http.server, re, sys, time
CARD = b"visa 4111 1111 1111 1111\n"
BODY = CARD + b"x" * 400000 + b"\n" + CARD
seen = {}
class H(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *a): pass
    def out(self, code, body=b"", **head):
        self.send_response(code)
        for k, v in head.items(): self.send_header(k.replace("_", "-"), v)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def digest(self):
        a = self.headers.get("Authorization", "")
        f = dict(re.findall(r'(\w+)="?([^",]+)"?', a))
        h = lambda s: hashlib.md5(s.encode()).hexdigest()
        return a.startswith("Digest") and f["response"] == h(":".join([
            h("ann:x:Wrong-Horse-7"), f["nonce"], f["nc"], f["cnonce"],
            f["qop"], h("GET:" + f["uri"])]))
    def do_GET(self):
        n = seen[self.path] = seen.get(self.path, 0) + 1
        if self.path == "/":
            links = "cut snapped resumed busy".split()
            self.out(200, "".join(f"<a href={l}>" for l in links).encode(),
                     Content_Type="text/html")
        elif self.path == "/cut":            # no word of which version it is
            self.send_response(200)
            self.send_header("Content-Length", str(len(BODY)))
            self.end_headers()
            self.wfile.write(BODY[:300000])
            self.close_connection = True
        elif self.path == "/snapped":        # the same, of a small one
            self.send_response(200)
            self.send_header("Content-Length", "90000")
            self.end_headers()
            self.wfile.write(CARD + BODY[:60000 - len(CARD)])
            self.close_connection = True
        elif self.path == "/resumed":
            r = re.match(r"bytes=(\d+)-", self.headers.get("Range", ""))
            at = int(r[1]) if r else 0
            self.send_response(206 if r else 200)
            if r: self.send_header("Content-Range",
                                   f"bytes {at}-{len(BODY)-1}/{len(BODY)}")
            self.send_header("ETag", '"one"')
            self.send_header("Content-Length", str(len(BODY) - at))
            self.end_headers()
            self.wfile.write(BODY[at:] if r else BODY[:300000])
            self.close_connection = True
        elif self.path == "/busy":
            if n == 1: self.out(429, Retry_After="1")
            else: self.out(200, CARD)
        elif self.path == "/digest/":
            if self.digest(): self.out(200, CARD, Content_Type="text/plain")
            else: self.out(401, WWW_Authenticate=
                           'Digest realm="x", qop="auth", nonce="made-up"')
        elif self.path == "/silent/": time.sleep(30)
        else: self.out(404)
s = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), H)
s.daemon_threads = True
s.serve_forever()
P
python3 "$W/rough.py" "$ROUGH" &
PIDS[rough]=$!
wait_for 10 listening "127.0.0.1:$ROUGH"

cred() { printf '%s' "$2" >"$W/$1.json"; chmod 600 "$W/$1.json"; }
cred right '{"user":"ann","password":"Wrong-Horse-7"}'
cred wrong '{"user":"ann","password":"Wrong-Horse-8"}'
cred domain '{"user":"MADEUP\\ann","password":"Wrong-Horse-7"}'
python3 -c 'import json, sys
print(json.dumps({"ca": open(sys.argv[1]).read()}))' "$S/ca.pem" >"$W/ca.json"
chmod 600 "$W/ca.json"

scan() { # NAME ARGUMENT...
	local name=$1
	shift
	timeout 60 trawl scan --coverage "$W/$name.cov" "$@" \
		>"$W/$name" 2>"$W/$name.err"
}
found() { jq -r '[.path, .type] | @tsv' "$W/$1" | sort; }
why() { # NAME PATH REASON
	jq -es --arg p "$2" --arg r "$3" \
		'any(.[]; .path == $p and .reason == $r)' "$W/$1.cov" >/dev/null
}

# ---- a whole site ----
scan site "$URL/"
cat >"$W/want" <<-W
	$URL/	card_visa
	$URL/	card_visa
	$URL/a/b/page.html	card_mastercard
	$URL/alone.html	card_visa
	$URL/docs/?sort=1&x=2	card_visa
	$URL/large.txt	card_visa
W
check 'links, scripts, comments, a packed sitemap: each with its place' \
	diff "$W/want" <(found site)
check 'each read to its end' tallied "$W/site.cov" "cut 8 5 0 0 3 $(cd "$S/www" &&
	cat index.html a/b/page.html alone.html docs/index.html large.txt | wc -c)"
check 'one address in two spellings is read once' \
	logged "$S/log" 'GET /docs/' 1
check 'what robots.txt forbids is named and not asked for' eval '
	why site "$URL/private/secret.html" denied &&
	! grep -q secret.html "$S/log"'
check 'a circle of redirects is named' why site "$URL/circle/2" loop
check 'a redirect out of the target is not followed' \
	why site "$URL/away" link
check 'what needs a password is named' why site "$URL/in/" denied
check 'robots.txt may be left aside' eval '
	scan all --option robots=ignore "$URL/" &&
	found all | grep -q private/secret.html'
check 'how deep is for the user to say' eval '
	scan flat --option depth=0 "$URL/" && [ "$(wc -l <"$W/flat")" -eq 2 ]'
# 8.4 MiB of which a quarter of a second's worth may come at once
began=${EPOCHREALTIME/./}
scan slow --option depth=0 --option bandwidth=8MiB "$URL/large.txt"
check 'no more bytes a second come than the target is to give' \
	test $((${EPOCHREALTIME/./} - began)) -ge 750000 -a \
	"$(found slow | wc -l)" -eq 1
check 'what is no bandwidth is told' eval '
	! scan slow --option bandwidth=fast "$URL/large.txt" &&
	grep -q "bandwidth is bytes a second" "$W/slow.err" "$W/slow.cov"'

# ---- a site again ----
export TRAWL_CACHE=$W/cache
again() { # NAME
	scan "$1" --types card_amex --skip-unchanged "$URL/"
}
find "$S/www" -type f -exec touch -d '2026-01-02 03:04:05' {} +
again first
again second
echo '<a href="../../">up</a><p>amex 378282246310005 </p>' \
	>"$S/www/a/b/page.html"
touch -d '2026-01-02 03:04:06' "$S/www/a/b/page.html"
again third
check 'what did not change is not read again, and leads on nevertheless' eval '
	tallied "$W/first.cov" "cut 8 5 0 0 3" &&
	tallied "$W/second.cov" "cut 8 0 5 0 3" &&
	tallied "$W/third.cov" "cut 8 1 4 0 3"'
check 'an edited page of the same length is' \
	test "$(found third)" = "$URL/a/b/page.html	card_amex"

# ---- signing in ----
check 'basic sign-in' eval '
	scan basic --credential "$W/right.json" "$URL/in/" &&
	grep -q card_visa "$W/basic"'
check 'digest sign-in' eval '
	scan digest --credential "$W/right.json" \
		"http://127.0.0.1:$ROUGH/digest/" &&
	grep -q card_visa "$W/digest"'
: >"$S/log"
scan refused --credential "$W/wrong.json" "$URL/in/"
check 'a wrong password is said' grep -q 'refused this user' "$W/refused.err"
check 'and sent three times at most' logged "$S/log" '- ann .* 401 ' 1 3
check 'no secret in what is written' \
	eval '! grep -rq Wrong-Horse "$W"/*.err "$W"/*.cov'

wait_for 20 listening "127.0.0.1:$NTLM" || cat "$N/out" "$N/trouble"
check 'NTLM sign-in' eval '
	scan ntlm --credential "$W/right.json" --option sitemaps=no \
		"http://127.0.0.1:$NTLM/docs/" &&
	tallied "$W/ntlm.cov" "whole 1 1 0 0 0" && grep -q card_visa "$W/ntlm"'
check 'by a name with its domain, no other way wanted' eval '
	scan domain --credential "$W/domain.json" --option auth=ntlm \
		"http://127.0.0.1:$NTLM/docs/" && grep -q card_visa "$W/domain"'
check 'as whom it was proved to be' \
	grep -q "^200 MADEUP.*ann /docs/" "$N/log"
check 'no other way where only that is wanted' eval '
	! scan nobasic --credential "$W/right.json" --option auth=ntlm \
		"$URL/in/" && ! grep -q card_visa "$W/nobasic"'
: >"$N/log"
scan ntlmwrong --credential "$W/wrong.json" "http://127.0.0.1:$NTLM/"
check 'what NTLM refuses is said' grep -q 'refused this user' "$W/ntlmwrong.err"
# a sign-in is three answers of 401: bare, with a challenge, refused
check 'and tried three times at most' logged "$N/log" '^401 ' 3 9

# ---- TLS ----
scan strange "https://localhost:$TLS/"
check 'a certificate of a stranger is refused in one sentence' \
	grep -q 'certificate of localhost.* is not to be trusted' "$W/strange.err"
check 'and read with its authority' eval '
	scan tls --credential "$W/ca.json" --option depth=0 \
		"https://localhost:$TLS/" && grep -q card_visa "$W/tls"'

# ---- a rough server ----
scan rough --option tries=2 "http://127.0.0.1:$ROUGH/"
check 'a body that is cut is read up to there, and that is said' \
	why rough "http://127.0.0.1:$ROUGH/cut" io
check 'a small one too: what came of it is read, and how far' eval '
	grep -q "/snapped.*card_visa" "$W/rough" &&
	test "$(jq -r "select(.path // \"\" | endswith(\"/snapped\")) |
		[.coverage, .reason, .size, .read] | join(\" \")" \
		"$W/rough.cov")" = "partial io 90000 60000"'
check 'the others in full' tallied "$W/rough.cov" 'cut 5 3 0 2 0'
check 'one that can be gone on with is read whole' \
	test "$(grep -c /resumed "$W/rough")" -eq 2
check 'a server that asks for a pause gets it' grep -q /busy "$W/rough"
scan silent --option answer_timeout=1 --option idle_timeout=1 \
	--option tries=1 "http://127.0.0.1:$ROUGH/silent/"
check 'a server that says nothing is not waited for' \
	grep -q 'took too long' "$W/silent.err"
scan nobody --option tries=1 http://127.0.0.1:1/
check 'a server that is not there is said' \
	grep -q 'cannot be reached' "$W/nobody.err"
scenario_end
