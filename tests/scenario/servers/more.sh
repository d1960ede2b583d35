# Sourced behind common.sh: Redis, OpenLDAP, where "cn=admin,$base" comes in, and
# a server of our own that plays MongoDB, with what mongod.py has.
base='dc=example,dc=org'

fill_redis() {
	local i
	wait_for 10 listening "127.0.0.1:${PORT["redis"]}"
	for ((i = 0; i < OBJECTS; i++)); do
		echo "set note:$i \"$(note $i)\""
	done | REDISCLI_AUTH=$secret redis-cli -p "${PORT["redis"]}"
}
serve_redis() {
	local s=$W/redis
	mkdir "$s"
	printf '%s\n' "bind 127.0.0.1" "port ${PORT["redis"]}" "dir $s" \
	    'save ""' "user anna on \">$secret\" ~* +@all" \
	    "requirepass \"$secret\"" "logfile $s/log" >"$s/conf"
	filling redis fill_redis
	exec redis-server "$s/conf" >"$s/out" 2>&1
}
serve_ldap() {
	local s=$W/ldap i
	mkdir -p "$s/data"
	cat >"$s/conf" <<-C
	include /etc/ldap/schema/core.schema
	include /etc/ldap/schema/cosine.schema
	pidfile $s/pid
	modulepath /usr/lib/ldap
	moduleload back_mdb.la
	database mdb
	maxsize 67108864
	suffix "$base"
	rootdn "cn=admin,$base"
	rootpw "$secret"
	directory $s/data
	dbnosync
	C
	{
		printf 'dn: %s\nobjectClass: domain\ndc: example\n' "$base"
		for ((i = 0; i < OBJECTS; i++)); do
			printf '\ndn: cn=%d,%s\nobjectClass: person\ncn: %d\nsn: x\ndescription: %s\n' \
			    "$i" "$base" "$i" "$(note $i)"
		done
	} >"$s/fill"
	/usr/sbin/slapadd -q -f "$s/conf" -l "$s/fill" >"$s/out" 2>&1
	exec /usr/sbin/slapd -f "$s/conf" -d 0 \
	    -h "ldap://127.0.0.1:${PORT["ldap"]}" >"$s/log" 2>&1
}
serve_mongo() {
	exec python3 "$TOP/tests/scenario/mongod.py" "${PORT["mongo"]}" \
	    "$W/mongo.log" 500 2>"$W/mongo.err"
}
