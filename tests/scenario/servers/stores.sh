# Sourced behind common.sh: Azurite, whose kinds are blob, queue and table, Apache
# with WebDAV over $D as kind dav, and what brings the files below a folder to
# Azurite, or to the OpenStack Swift that swift.sh starts. $W/azure.json,
# $W/openstack.json and $W/dav.json are credentials for theirs.
azure_name=madeup
azure_key=$(openssl rand -base64 64 | tr -d '\n')
credential() { # NAME JSON
	printf '%s' "$2" >"$W/$1.json"
	chmod 600 "$W/$1.json"
}
prepare_azurite() {
	make -s -C "$TOP" azurite >"$W/npm.log" 2>&1 || cat "$W/npm.log"
	credential azure "{\"password\":\"$azure_key\"}"
}
start_azurite() {
	AZURITE_ACCOUNTS=$azure_name:$azure_key exec node \
	    "$TOP/tests/azurite/node_modules/azurite/dist/src/azurite.js" \
	    --silent --location "$W/azurite" --skipApiVersionCheck \
	    --blobHost 127.0.0.1 --blobPort "${PORT["blob"]}" \
	    --queueHost 127.0.0.1 --queuePort "${PORT["queue"]}" \
	    --tableHost 127.0.0.1 --tablePort "${PORT["table"]}" \
	    >>"$W/azurite.log" 2>&1
}
fill_azure() { # FOLDER
	PYTHONDONTWRITEBYTECODE=1 python3 "$TOP/tests/scenario/azure_fill.py" \
	    "$azure_name" "$azure_key" "${PORT["blob"]}" "${PORT["queue"]}" \
	    "${PORT["table"]}" "$1"
}
empty_azure() { # SERVICE: what it holds goes, container by container
	PYTHONDONTWRITEBYTECODE=1 python3 "$TOP/tests/scenario/azure_empty.py" \
	    "$azure_name" "$azure_key" "${PORT["blob"]}" "${PORT["queue"]}" \
	    "${PORT["table"]}" "$1"
}
fill_swift() { # FOLDER
	credential openstack '{"user":"test:tester","password":"testing"}'
	python3 "$TOP/tests/scenario/swift_fill.py" \
	    "http://127.0.0.1:$SWIFT_PORT" "$1"
}
empty_swift() { # the objects, and then their container; two may do it at once
	python3 "$TOP/tests/scenario/swift_empty.py" "http://127.0.0.1:$SWIFT_PORT"
}

prepare_apache() {
	local s=$W/apache m modules=/usr/lib/apache2/modules
	mkdir -p "$s/lock" "$s/none"
	printf 'anna:%s\n' "$(openssl passwd -apr1 "$secret")" >"$s/users"
	login dav anna "$secret"
	for m in mpm_event unixd alias authn_core authn_file authz_core \
	    authz_user auth_basic dav dav_fs; do
		[ ! -e "$modules/mod_$m.so" ] || # it is built in
			echo "LoadModule ${m}_module $modules/mod_$m.so"
	done >"$s/conf"
	cat >>"$s/conf" <<-C
	ServerRoot $s
	ServerName localhost
	PidFile $s/pid
	Mutex file:$s/lock
	ErrorLog $s/error
	Listen 127.0.0.1:${PORT["dav"]}
	StartServers 1
	ServerLimit 4
	ThreadsPerChild 32
	MaxRequestWorkers 128
	DavLockDB $s/lock/db
	DocumentRoot $s/none
	Alias /dav $D
	<Location />
		Dav On
		AuthType Basic
		AuthName x
		AuthUserFile $s/users
		Require valid-user
	</Location>
	C
	if [ -n "$root" ]; then
		printf 'User nobody\nGroup nogroup\n' >>"$s/conf"
		chown -R nobody "$s/lock"
	fi
	chmod -R a+rX "$s" "$D"
}
start_apache() {
	exec apache2 -d "$W/apache" -f "$W/apache/conf" -DFOREGROUND \
	    2>>"$W/apache/error"
}
serve_dav() {
	prepare_apache && start_apache
}
