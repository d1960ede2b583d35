#!/usr/bin/env bash
# 56_directory: every entry of a real OpenLDAP is read, page by page, past its
# limits as far as it lets us; what is found has its DN and attribute, a server
# that goes away half-way is taken up again, and nothing on it is changed.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/trace.sh"
scenario_begin
MIB=${MIB:-200}
ENTRIES=${ENTRIES:-$([ -n "${TORTURE:-}" ] && echo 200000 || echo 3000)}
host=127.0.0.1
port=$(free_port)
tls=$(free_port)
other=$(free_port)
vast=$(free_port)
void=$(free_port)
D=$W/slapd
mkdir -p "$D/data"
base='dc=example,dc=org'

make_certificate() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	    -subj '/CN=a test' -addext "subjectAltName=IP:$host" -days 2 \
	    -keyout "$D/key.pem" -out "$D/cert.pem" 2>"$D/openssl.log"
}

configure() {
	cat >"$D/conf" <<-END
	include /etc/ldap/schema/core.schema
	include /etc/ldap/schema/cosine.schema
	include /etc/ldap/schema/inetorgperson.schema
	pidfile $D/pid
	modulepath /usr/lib/ldap
	moduleload back_mdb.la
	TLSCertificateFile $D/cert.pem
	TLSCertificateKeyFile $D/key.pem
	sizelimit 700
	database mdb
	maxsize 1073741824
	suffix "$base"
	rootdn "cn=admin,$base"
	rootpw "a made-up one"
	directory $D/data
	dbnosync
	limits dn.exact="cn=reader,$base" size.soft=unlimited size.hard=unlimited size.pr=unlimited size.prtotal=unlimited
	access to dn.subtree="ou=hidden,$base" by * none
	access to attrs=userPassword by dn.exact="cn=reader,$base" read by anonymous auth by * none
	access to * by * read
	END
}

fill() {
	python3 - "$ENTRIES" >"$D/fill.ldif" <<-'END'
	import base64, io, sys, zipfile
	count = int(sys.argv[1])
	base = "dc=example,dc=org"
	b64 = lambda b: base64.b64encode(b).decode()
	f = io.BytesIO()
	with zipfile.ZipFile(f, "w", zipfile.ZIP_DEFLATED) as z:
	    z.writestr("x.csv", "name,card\nAnna,4111111111111111\n")
	print("dn: %s\nobjectClass: domain\ndc: example\n" % base)
	for ou in ("people", "hidden"):
	    print("dn: ou=%s,%s\nobjectClass: organizationalUnit\nou: %s\n" % (ou, base, ou))
	print("dn: cn=reader,%s\nobjectClass: person\ncn: reader\nsn: r\nuserPassword: a reader's own\n" % base)
	print("dn: cn=secret,ou=hidden,%s\nobjectClass: person\ncn: secret\nsn: s\ndescription: card 378282246310005\n" % base)
	print("dn: ou=far,%s\nobjectClass: referral\nobjectClass: extensibleObject\nou: far\n"
	      "ref: ldap://127.0.0.2:9/ou=far,dc=example,dc=org\n" % base)
	def person(cn, *more):
	    print("dn:: " + b64(("cn=%s,ou=people,%s" % (cn.replace(",", "\\,"), base)).encode()))
	    print("objectClass: inetOrgPerson\ncn:: %s\nsn: x" % b64(cn.encode()))
	    print("\n".join(more) + "\n")
	person("Anna Müller", "description: card 4111 1111 1111 1111", "description: a second one",
	       "jpegPhoto:: " + b64(f.getvalue()))
	person("Large", "jpegPhoto:: " + b64(b"\x00words that say nothing " * 150000 + b"card 5555555555554444"))
	person("a,b?c#d", "employeeNumber:: " + b64(b"card 6011111111111117"))
	for n in range(count - 9):
	    person("user %d" % n, "mail: user%d@example.org" % n, "userPassword: made-up-%d" % n)
	END
	/usr/sbin/slapadd -q -f "$D/conf" -l "$D/fill.ldif" >"$D/fill.log" 2>&1
}

listens() { (exec 3<>"/dev/tcp/$host/$1") 2>/dev/null; }
serve() {
	/usr/sbin/slapd -f "$D/conf" -d stats \
	    -h "ldap://$host:$port ldaps://$host:$tls" >>"$D/log" 2>&1 &
	PIDS[slapd]=$!
	wait_for 15 listens "$port" && wait_for 5 listens "$tls"
}
dump() { /usr/sbin/slapcat -f "$D/conf" 2>/dev/null; }

credential() {
	jq -n --arg u "$1" --arg p "$2" --rawfile ca "$D/cert.pem" \
	    '{user: $u, password: $p, ca: $ca}' >"$W/login.json"
	chmod 600 "$W/login.json"
}

scan() {
	trawl scan --format jsonl --jobs 1 --types 'card_*' \
	    --credential "$W/login.json" --coverage "$W/coverage.jsonl" \
	    "$@" >"$W/found.jsonl" 2>"$W/said"
}
found() { jq -s -e --arg p "$1" --arg w "$2" --arg t "$3" \
	'any(.[]; .path == $p and .place == $w and .type == $t)' \
	"$W/found.jsonl" >/dev/null; }
total() { jq -r "select(.totals) | .totals.$1" "$W/coverage.jsonl"; }
summary() { jq -r '[.path, .place, .type, .match] | @tsv' "$W/found.jsonl" | sort; }
told() { grep -q -e "$1" "$W/said" "$W/coverage.jsonl"; }
refused() { ! scan "$db" && told "$1"; }
asked() { [ "$(grep -c 'SRCH base="cn=' "$D/log")" -ge "$1" ]; }

make_certificate && configure && fill && serve || { cat "$D/fill.log" "$D/log"; exit 1; }
db=ldap://$host:$port
people="ou=people,$base"
credential "cn=reader,$base" "a reader's own"
dump >"$W/before"
# All but what is hidden, and the referral, which is no object.
seen=$(($(grep -c '^dn:' "$W/before") - 3))
check 'all that a server holds is read' scan "$db"
dump >"$W/after"
check 'nothing on the server is changed' cmp "$W/before" "$W/after"
check 'as many entries as it holds' test "$(total full)" = "$seen"
check 'an attribute of an entry is found by its DN' \
    found "$db/cn=Anna Müller,$people" description card_visa
check 'a file in an attribute is opened' \
    found "$db/cn=Anna Müller,$people" 'jpegPhoto → x.csv → row 2 card' card_visa
check 'a large one is read to its end' found "$db/cn=Large,$people" jpegPhoto card_mastercard
check 'whatever characters the DN has' \
    bash -c "jq -r .path '$W/found.jsonl' | grep -q 'cn=a.*b%3Fc%23d,ou=people'"
check 'what another server holds is named' told '"ldap://127.0.0.2:9/ou=far.*"reason":"link"'
check 'and what may not be seen is not' \
    bash -c "! grep -q hidden '$W/found.jsonl'"
summary >"$W/all"

check 'one entry alone' scan "$db/cn=Large,$people"
check 'is found by its own name' found "$db/cn=Large,$people" jpegPhoto card_mastercard
check 'entries are chosen by a filter' scan "$db/$base" --option 'filter=(cn=Anna*)'
check 'and no other is read' test "$(total full)" = 1
check 'attributes are chosen' scan "$db/$people" --option attributes=mail,cn
check 'and no other is read either' test ! -s "$W/found.jsonl"
scan "$db/cn=reader,$base"
plain=$(total bytes)
check 'operational attributes are asked for' scan "$db/cn=reader,$base" --option operational=yes
check 'and read only then' test "$(total bytes)" -gt "$plain"
check 'it is read over TLS, too' scan "ldaps://$host:$tls/$people" --option 'filter=(cn=A*)'
check 'with the same result' found "ldaps://$host:$tls/cn=Anna Müller,$people" description card_visa
check 'and with StartTLS' scan "$db/$people" --option 'filter=(cn=A*)' --option tls=yes
check 'with the same' found "$db/cn=Anna Müller,$people" description card_visa

echo '{}' >"$W/login.json"
scan "$db/$base"
check 'without a name the limit of the server is told' told '"reason":"members".*700 entries'
check 'with as many as it gives' test "$(total full)" = 700

# The server goes away when a third was read, and comes back.
credential "cn=reader,$base" "a reader's own"
: >"$D/log"
scan "$db" &
PIDS[scan]=$!
wait_for 20 asked $((ENTRIES / 3))
kill -9 "${PIDS[slapd]}"
wait "${PIDS[slapd]}" 2>/dev/null
serve
wait "${PIDS[scan]}"
unset 'PIDS[scan]'
summary >"$W/again"
cp "$W/coverage.jsonl" "$W/cut.jsonl"
check 'a server that went away half-way is taken up again' cmp "$W/all" "$W/again"
check 'and each entry is there once' test "$(total full)" = "$seen"

# Entries that are as large as may be, and larger than a session, in a directory
# of their own.
vast_entries() {
	printf 'dn: %s\nobjectClass: domain\ndc: example\n\n' "$base"
	printf 'dn: cn=reader,%s\nobjectClass: person\ncn: reader\nsn: r\n' "$base"
	printf "userPassword: a reader's own\n\n"
	for n in 30 "$MIB" 1; do
		printf 'dn: cn=a%d,%s\nobjectClass: inetOrgPerson\ncn: a%d\n' "$n" "$base" "$n"
		printf 'sn: card 5555555555554444\njpegPhoto:: '
		head -c "$((n << 20))" /dev/zero | tr '\0' a | base64 -w 0
		printf '\n\n'
	done
}
serve_vast() {
	sed "s,$D/data,$D/vast,; s,$D/pid,&.vast," "$D/conf" >"$D/vast.conf"
	mkdir "$D/vast"
	vast_entries | /usr/sbin/slapadd -q -f "$D/vast.conf" >"$D/fill.log" 2>&1 || return
	/usr/sbin/slapd -f "$D/vast.conf" -d 0 -h "ldap://$host:$vast" >>"$D/log" 2>&1 &
	PIDS[vast]=$!
	wait_for 15 listens "$vast"
}
serve_vast || cat "$D/fill.log"
traced --credential "$W/login.json" --coverage /dev/null "ldap://$host:$vast"
check 'entries beside one that is larger than a session are read' test \
    "$(jq -r .path "$W/traced.out" | sed 's/.*cn=\(a[0-9]*\),.*/\1/' | sort -u | tr '\n' ' ')" = 'a1 a30 '
check 'in little memory, and nothing of it touches the disk' sparing 1
check 'the large one is named' eval '! scan "ldap://$host:$vast/cn=a$MIB,$base"; told "larger than the 32 MiB"'

: >"$D/log"
credential "cn=reader,$base" 'another one'
check 'a wrong password is told' refused 'Invalid credentials'
check 'and was tried once' logged "$D/log" 'tag=97 err=49' 1
credential "cn=reader,$base" "a reader's own"
db=ldap://$host:$port/dc=nowhere
check 'a base that is not there is told' refused 'there is no entry dc=nowhere'
jq '.ca = ""' "$W/login.json" >"$W/no-ca.json"
chmod 600 "$W/no-ca.json"
mv "$W/no-ca.json" "$W/login.json"
db=ldaps://$host:$tls
check 'a certificate of nobody is refused' refused "Can't contact\|certificate\|Connect"
python3 "$TOP/tests/scenario/ldap_void.py" "$void" "$D/void.log" 2>"$D/void.err" &
PIDS[void]=$!
wait_for 10 listens "$void"
db=ldap://$host:$void/$base
check 'a list of empty pages without an end is told' refused 'empty pages'
check 'and ends' test "$(grep -c search "$D/void.log")" -lt 1010
db=ldap://$host:$other
check 'a server that is not there is told' refused 'refuses connections'
scenario_end
