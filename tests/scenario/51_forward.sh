#!/usr/bin/env bash
# 51_forward: a web site behind a forward proxy (squid): its name is known to
# the proxy alone, in plain and through a tunnel; sign-in by digest, in clear
# only where a person said so; a wrong password, which is sent once.
. "$(dirname "$0")/lib.sh"
scenario_begin
PATH=$PATH:/usr/sbin
S=$W/srv
mkdir -p "$S/www"
PORT=$(free_port) TLS=$(free_port) DIGEST=$(free_port) BASIC=$(free_port)
site=http://site.example:$PORT
card='visa 4111 1111 1111 1111'

# ---- the site ----
echo "<p>$card</p><a href=large.txt>more</a>" >"$S/www/index.html"
(seq 1 200000; echo "$card") >"$S/www/large.txt"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
	-subj '/CN=site.example' -addext 'subjectAltName=DNS:site.example' \
	-keyout "$S/key.pem" -out "$S/cert.pem" 2>/dev/null
cat >"$S/nginx.conf" <<-C
	daemon off; pid $S/pid; error_log $S/error; worker_processes 1;
	events { }
	http {
		access_log $S/log; include /etc/nginx/mime.types;
		client_body_temp_path $S/t1; proxy_temp_path $S/t2;
		fastcgi_temp_path $S/t3; uwsgi_temp_path $S/t4;
		scgi_temp_path $S/t5;
		server {
			listen 127.0.0.1:$PORT; listen 127.0.0.1:$TLS ssl;
			ssl_certificate $S/cert.pem;
			ssl_certificate_key $S/key.pem;
			root $S/www;
		}
	}
C
chmod -R a+rX "$S"
nginx -c "$S/nginx.conf" 2>/dev/null &
PIDS[nginx]=$!

# ---- the proxies ----
echo "ann:$(openssl passwd -apr1 'Made-Up-7')" >"$W/basic.users"
echo 'ann:Made-Up-7' >"$W/digest.users"
echo '127.0.0.1 site.example' >"$W/hosts"
chmod a+r "$W"/*.users "$W/hosts"

# squid KIND PORT: its log has the user's name in each line
serve_proxy() {
	local helper=/usr/lib/squid/basic_ncsa_auth
	[ "$1" = basic ] || helper='/usr/lib/squid/digest_file_auth'
	mkdir -p "$W/$1"
	cat >"$W/$1.conf" <<-C
	http_port 127.0.0.1:$2
	visible_hostname proxy.example
	hosts_file $W/hosts
	pid_filename $W/$1/pid
	cache_log $W/$1/cache.log
	coredump_dir $W/$1
	logformat short %Ss/%>Hs %un %rm %ru
	access_log stdio:$W/$1/log short
	cache deny all
	shutdown_lifetime 1 seconds
	pinger_enable off
	auth_param $1 program $helper $W/$1.users
	auth_param $1 realm made up
	acl known proxy_auth REQUIRED
	http_access allow known
	http_access deny all
	C
	chmod 777 "$W/$1"
	squid -N -f "$W/$1.conf" >"$W/$1.out" 2>&1 &
	PIDS[$1]=$!
}
serve_proxy digest "$DIGEST"
serve_proxy basic "$BASIC"
for p in "$PORT" "$DIGEST" "$BASIC"; do wait_for 20 listening "127.0.0.1:$p"; done

# ---- scans ----
credential() {
	jq -n --arg u "$1" --arg p "$2" --rawfile ca "$S/cert.pem" \
	    '{proxy_user: $u, proxy_password: $p, ca: $ca}' >"$W/login.json"
	chmod 600 "$W/login.json"
}

scan() {
	local proxy=$1
	shift
	timeout 60 trawl scan --format jsonl --jobs 1 --credential "$W/login.json" \
	    --option proxy="http://127.0.0.1:$proxy" --option robots=off \
	    --coverage "$W/coverage.jsonl" "$@" >"$W/found.jsonl" 2>"$W/said"
}

both() { jq -s -e --arg s "$1" '[.[] | select(.type == "card_visa").path] | sort ==
	[$s + "/", $s + "/large.txt"]' "$W/found.jsonl" >/dev/null; }
whole() { jq -s -e '.[-1].totals.whole' "$W/coverage.jsonl" >/dev/null; }
told() { grep -q "$1" "$W/said" "$W/coverage.jsonl"; }
refused() { ! scan "$@" && told 'the proxy on the way to .* wants to know who asks'; }
asked() { logged "$W/$1/log" "${@:2}"; } # PROXY PATTERN LEAST [MOST]

credential ann Made-Up-7
check 'a site is read through a proxy that alone knows its name' scan "$DIGEST" "$site/"
check 'all of it' whole
check 'what it holds is found' both "$site"
check 'by somebody whom the proxy knows' asked digest '/200 ann GET' 2 99
check 'and over TLS, in a tunnel' scan "$DIGEST" "https://site.example:$TLS/"
check 'all of it, too' both "https://site.example:$TLS"
check 'that the proxy saw as one' asked digest '/200 ann CONNECT' 1 99

check 'no password goes in clear by itself' refused "$BASIC" "$site/"
check 'none did' asked basic ' ann ' 0
check 'it does where a person said so' scan "$BASIC" "$site/" --option proxy_auth=basic
check 'and all is read' both "$site"

credential ann Another-One
check 'a wrong password is told' refused "$BASIC" "$site/" --option proxy_auth=basic
check 'in a tunnel as well' refused "$BASIC" "https://site.example:$TLS/" --option proxy_auth=basic
check 'and was sent once each time' asked basic '/407 ann ' 0 2
check 'nobody reads what was said of it' bash -c "! grep -q Another-One '$W'/said '$W'/coverage.jsonl"
gone_proxy() { ! scan "$(free_port)" "$site/" && told 'cannot be reached\|not reached'; }
check 'a proxy that is not there is told' gone_proxy
check 'what is no proxy is told' bash -c "! trawl scan --option proxy=ftp://x '$site/' 2>'$W/said'"
check 'in words' told 'the option proxy is the address of a proxy'
scenario_end
