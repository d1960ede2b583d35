#!/bin/bash
# Containers of a real OpenStack Swift whose users a real Keystone lets in: its
# catalogue, the region that is wanted, a token that is taken back half-way, who
# is refused.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/swift.sh"
scenario_begin
PATH=$PATH:/usr/sbin
K=$W/keystone
PORT=$(free_port) SWIFT_PORT=$(free_port)
AT=http://127.0.0.1:$PORT/v3
SECRET='te"st\ing'
mkdir "$K"
printf '%s' "$SECRET" >"$K/secret"

/usr/bin/python3 "$TOP/tests/scenario/keystoned.py" "$K" "$PORT" \
	"http://127.0.0.1:$SWIFT_PORT" >"$K/out" 2>&1 &
PIDS[keystone]=$!

# ---- Swift, which asks it about the token of every request ----
cat >"$W/filters" <<-C
	[filter:authtoken]
	paste.filter_factory = keystonemiddleware.auth_token:filter_factory
	www_authenticate_uri = $AT
	auth_url = $AT
	interface = public
	auth_type = password
	username = ann
	password = $SECRET
	user_domain_id = default
	project_name = shop
	project_domain_id = default
	delay_auth_decision = False
	token_cache_time = -1
	[filter:keystoneauth]
	use = egg:swift#keystoneauth
	operator_roles = admin, member
C
swift_start "$W/swift" 'authtoken keystoneauth' "$W/filters"
wait_for 60 listening "127.0.0.1:$PORT" || { cat "$K/out" "$K/log"; exit 1; }

# ---- what it holds ----
cat >"$W/put.py" <<'P'
import json, sys, time, urllib.error, urllib.request as u
at, root, secret = sys.argv[1:4]
def ask(method, url, head, body=b""):
    for n in range(40):
        try:
            return u.urlopen(u.Request(url, data=body, method=method,
                                       headers=head), timeout=20)
        except urllib.error.URLError as e:
            if n == 39 or getattr(e, "code", 503) < 500: raise
            time.sleep(0.25)
home = {"domain": {"name": "Default"}}
r = ask("POST", at + "/auth/tokens", {"Content-Type": "application/json"},
    json.dumps({"auth": {"identity": {"methods": ["password"], "password": {
    "user": {"name": "ann", "password": secret, **home}}},
    "scope": {"project": {"name": "shop", **home}}}}).encode())
token = {"X-Auth-Token": r.headers["X-Subject-Token"]}
ask("PUT", root + "/cards", token)
for i in range(24):
    ask("PUT", f"{root}/cards/{i:02}", token, b"visa 4111 1111 1111 1111\n")
P
timeout 60 /usr/bin/python3 "$W/put.py" "$AT" \
	"http://127.0.0.1:$SWIFT_PORT/v1/AUTH_$(cat "$K/project")" "$SECRET" ||
	echo 'the objects could not be put' >&2

cred() { # NAME USER PASSWORD
	jq -n --arg u "$2" --arg p "$3" '{user: $u, password: $p}' >"$W/$1.json"
	chmod 600 "$W/$1.json"
}
cred right cay "$SECRET"
cred wrong cay Wrong-Horse-8
cred stranger ben "$SECRET"
scan() { # NAME CREDENTIAL TARGET
	timeout 60 trawl scan --coverage "$W/$1.cov" \
		--credential "$W/$2.json" --option tries=2 "$3" \
		>"$W/$1" 2>"$W/$1.err"
}
read_once() { # NAME: each of the 24, and nothing twice
	tallied "$W/$1.cov" "whole 24 24 0 0 0 600" &&
		[ "$(wc -l <"$W/$1")" -eq 24 ] &&
		[ "$(jq -r .path "$W/$1" | sort -u | wc -l)" -eq 24 ]
}
Q="auth=$AT&project=shop"
check 'the account is found in the catalogue, and all of it is read' eval '
	scan all right "swift:///?$Q&region=here&page=10" && read_once all'
check 'with one sign-in' test "$(wc -l <"$K/signed")" -eq 1

# Lists and half of the objects are asked for by then.
: >"$K/signed"
echo 20 >"$K/take"
check 'a token that is taken back half-way: the scan goes on, nothing twice' \
	eval 'scan taken right "swift:///?$Q&region=here&page=10" &&
	read_once taken'
check 'Keystone took it back, and was asked for one more' eval '
	grep -q "^204" "$K/taken" && [ "$(wc -l <"$K/signed")" -eq 2 ]'

check 'the store of another region is asked where that is wanted' eval '
	! scan there right "swift://cards?$Q&region=there" &&
	grep -q "127.0.0.1:1.* cannot be reached" "$W/there.err"'
check 'a region that is not in the catalogue is said' eval '
	! scan nowhere right "swift://cards?$Q&region=nowhere" &&
	grep -q "are project and region right" "$W/nowhere.err"'
check 'a wrong password is said' eval '
	! scan wrong wrong "swift://cards?$Q&region=here" &&
	grep -q "refused this user" "$W/wrong.err"'
check 'a user without a role in the project is refused' eval '
	! scan stranger stranger "swift://cards?$Q&region=here" &&
	grep -q "refused this user" "$W/stranger.err"'
check 'a project that is not there is refused' eval '
	! scan other right "swift://cards?auth=$AT&project=other&region=here" &&
	grep -q "refused this user" "$W/other.err"'
check 'no secret in what is written' eval '
	! grep -rqE "te.?\"st|Wrong-Horse" "$W"/*.err "$W"/*.cov'
scenario_end
