#!/usr/bin/env bash
# 59_wire_stores: what 59_wire_faults does, for stores of objects and WebDAV:
# S3 and Swift (OpenStack Swift), blobs, queues and tables (Azurite), Apache. And
# then each server is ended under way and comes back.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/wire.sh"
. "$(dirname "$0")/swift.sh"
scenario_begin
PATH=$PATH:/usr/sbin
OBJECTS=16 # in four folders, queues or tables where there are such
LANES=30 # they wait more than they work
kinds=(s3 swift blob queue table dav)
[ -z "${KINDS:-}" ] || read -ra kinds <<<"$KINDS" # to look at some of them
for k in "${kinds[@]}"; do PORT["$k"]=$(free_port) WANT["$k"]=$OBJECTS; done
for k in blob queue table dav; do
	PORT["$k"]=${PORT["$k"]:-$(free_port)}
done
SWIFT_PORT=$(free_port)
PORT["s3"]=$SWIFT_PORT PORT["swift"]=$SWIFT_PORT
NAME=madeup KEY=$(openssl rand -base64 64 | tr -d '\n')
make -s -C "$TOP" azurite >"$W/npm.log" 2>&1 || cat "$W/npm.log"
credential() { # NAME JSON
	printf '%s' "$2" >"$W/$1.json"
	chmod 600 "$W/$1.json"
}
credential openstack '{"user":"test:tester","password":"testing"}'
credential azure "{\"password\":\"$KEY\"}"
credential dav '{"user":"ann","password":"a made-up one"}'

# ---- the servers ----
serve_azurite() {
	AZURITE_ACCOUNTS=$NAME:$KEY exec node \
	    "$TOP/tests/azurite/node_modules/azurite/dist/src/azurite.js" \
	    --silent --location "$W/azurite" --skipApiVersionCheck \
	    --blobHost 127.0.0.1 --blobPort "${PORT["blob"]}" \
	    --queueHost 127.0.0.1 --queuePort "${PORT["queue"]}" \
	    --tableHost 127.0.0.1 --tablePort "${PORT["table"]}" \
	    >>"$W/azurite.log" 2>&1
}
configure_apache() {
	local s=$W/apache m modules=/usr/lib/apache2/modules
	mkdir -p "$s/lock" "$s/none"
	printf 'ann:%s\n' "$(openssl passwd -apr1 'a made-up one')" >"$s/users"
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
	Alias /dav $W/data
	<Location />
		Dav On
		AuthType Basic
		AuthName x
		AuthUserFile $s/users
		Require valid-user
	</Location>
	C
	if [ "$(id -u)" -eq 0 ]; then
		printf 'User nobody\nGroup nogroup\n' >>"$s/conf"
		chown -R nobody "$s/lock"
	fi
	chmod -R a+rX "$s" "$W/data"
}
serve_apache() {
	exec apache2 -d "$W/apache" -f "$W/apache/conf" -DFOREGROUND \
	    2>>"$W/apache/error"
}
has() { [[ " ${kinds[*]} " == *" $1 "* ]]; }
azure() { has blob || has queue || has table; }

# ---- the same objects everywhere ----
mkdir "$W/data"
python3 - "$W/data" "$OBJECTS" <<'P'
import os, sys
top, count = sys.argv[1], int(sys.argv[2])
for i in range(count):
    os.makedirs(f"{top}/{i % 4}", exist_ok=True)
    with open(f"{top}/{i % 4}/{i}.txt", "w") as f:
        f.write(f"visa 4111 1111 1111 1111, no. {i}\n" + "words " * 500 + "\n")
P
cat >"$W/put_swift.py" <<'P'
import os, sys, time, urllib.error, urllib.request
site, top = sys.argv[1:]
def ask(method, url, head, body=None):
    for n in range(60):
        try:
            return urllib.request.urlopen(urllib.request.Request(
                url, data=body, headers=head, method=method), timeout=20)
        except urllib.error.URLError:
            if n == 59: raise
            time.sleep(0.25)
r = ask("GET", site + "/auth/v1.0",
        {"X-Auth-User": "test:tester", "X-Auth-Key": "testing"})
head = {"X-Auth-Token": r.headers["X-Auth-Token"]}
root = r.headers["X-Storage-Url"] + "/cards"
ask("PUT", root, head)
for at, _, names in os.walk(top):
    for name in names:
        with open(os.path.join(at, name), "rb") as f:
            ask("PUT", f"{root}/{os.path.basename(at)}/{name}", head, f.read())
P
cat >"$W/put_azure.py" <<'P'
import json, os, sys
from azure_put import Account
top = sys.argv[6]
ask = Account(*sys.argv[1:6]).ask
J = {"Content-Type": "application/json", "Accept": "application/json"}
X = {"Content-Type": "application/xml"}
ask("blob", "PUT", "cards", {"restype": "container"})
for at, _, names in os.walk(top):
    folder = os.path.basename(at)
    if not names: continue
    ask("queue", "PUT", "queue" + folder)
    ask("table", "POST", "Tables", {}, J,
        json.dumps({"TableName": "Table" + folder}).encode())
    for name in names:
        with open(os.path.join(at, name)) as f: text = f.read()
        ask("blob", "PUT", f"cards/{folder}/{name}", {},
            {"x-ms-blob-type": "BlockBlob", "Content-Type": "text/plain"},
            text.encode())
        ask("queue", "POST", f"queue{folder}/messages", {}, X,
            ("<QueueMessage><MessageText>" + text +
             "</MessageText></QueueMessage>").encode())
        ask("table", "POST", "Table" + folder, {}, J, json.dumps(
            {"PartitionKey": "p", "RowKey": name, "text": text}).encode())
P
if azure; then
	serve_azurite &
	PIDS["azurite"]=$!
fi
if has dav; then
	configure_apache
	serve_apache &
	PIDS["apache"]=$!
	wait_for 15 listening "127.0.0.1:${PORT["dav"]}" || exit 1
fi
if has s3 || has swift; then
	swift_start "$W/swift" || exit 1
	python3 "$W/put_swift.py" "http://127.0.0.1:$SWIFT_PORT" "$W/data" &
	put=$!
fi
azurite_up() {
	local k
	for k in blob queue table; do
		listening "127.0.0.1:${PORT["$k"]}" || return 1
	done
}
if azure; then
	wait_for 30 azurite_up || exit 1
	PYTHONPATH=$TOP/tests/scenario PYTHONDONTWRITEBYTECODE=1 \
	    python3 "$W/put_azure.py" "$NAME" "$KEY" "${PORT["blob"]}" \
	    "${PORT["queue"]}" "${PORT["table"]}" "$W/data" || exit 1
fi
[ -z "${put:-}" ] || wait "$put" || exit 1

url_of() { # KIND PORT
	local here=endpoint=http://127.0.0.1:$2
	case $1 in
	s3) echo "s3://cards?$here&region=made-up-1" ;;
	swift) echo "swift://cards?auth=http://127.0.0.1:$2/auth/v1.0" ;;
	blob) echo "azure://$NAME/cards?$here/$NAME" ;;
	queue) echo "azure-queue://$NAME/?$here/$NAME" ;;
	table) echo "azure-table://$NAME/?$here/$NAME&page=2" ;;
	dav) echo "dav://127.0.0.1:$2/dav/" ;;
	esac
}
wire_options() { # INDEX KIND
	more=(--option pause=50ms --option "tries=${TRIES:-3}")
	case $2 in
	s3 | swift) more+=(--credential "$W/openstack.json") ;;
	dav) more+=(--credential "$W/dav.json") ;;
	*) more+=(--credential "$W/azure.json") ;;
	esac
}

# A list breaks off at 3000 bytes, an object or a later list at 8000.
faults=(mute/none stall:3000:1/all garbage:0/none close/none delay:10/all
	cut:3000:1/all truncate:3000:1/all cut:8000:3/all garbage:8000:2/some)
wire_plan_by_fault
wire_relays
wire_run
wire_check

# ---- each server is ended under way, and comes back ----
wire_slowly() { # KIND: of some a request brings several objects
	local rate=4
	case $1 in queue | table) rate=2 ;; esac
	more+=(--option "rate=$rate" --option pause_max=300ms)
}
TRIES=100
start_swift() { # what clients talk to
	exec swift-proxy-server "$W/swift/proxy.conf" >>"$W/swift/log" 2>&1
}
those() { # of these kinds, which are there
	local k
	for k; do has "$k" && echo "$k"; done
}
mapfile -t some < <(those s3 swift)
[ ${#some[@]} -eq 0 ] ||
	wire_interrupt swift-proxy KILL start_swift "${some[@]}"
mapfile -t some < <(those dav)
[ ${#some[@]} -eq 0 ] || wire_interrupt apache KILL serve_apache "${some[@]}"
mapfile -t some < <(those blob queue table) # by TERM: then it writes all
[ ${#some[@]} -eq 0 ] || wire_interrupt azurite TERM serve_azurite "${some[@]}"
wire_come_back "${kinds[@]}"
scenario_end
