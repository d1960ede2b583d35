#!/bin/bash
# Azure Storage from Azurite on loopback, which checks signatures: blobs of all
# kinds, snapshots, tiers, pages of lists; messages that are only peeked at;
# tables whose rows differ; wrong keys and SAS. And, from a small rough server,
# pauses that are asked for and bodies that are cut.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/trace.sh"
scenario_begin
make -s -C "$TOP" azurite >"$W/npm.log" 2>&1 || cat "$W/npm.log"
NAME=madeup KEY=$(openssl rand -base64 64 | tr -d '\n')
BLOB=$(free_port) QUEUE=$(free_port) TABLE=$(free_port) ROUGH=$(free_port)
AZURITE_ACCOUNTS=$NAME:$KEY node \
	"$TOP/tests/azurite/node_modules/azurite/dist/src/azurite.js" \
	--silent --inMemoryPersistence --skipApiVersionCheck \
	--blobHost 127.0.0.1 --blobPort "$BLOB" --queueHost 127.0.0.1 \
	--queuePort "$QUEUE" --tableHost 127.0.0.1 --tablePort "$TABLE" \
	>"$W/azurite.log" 2>&1 &
PIDS[azurite]=$!

# ---- what it holds, put there by a signer of its own ----
cat >"$W/put.py" <<'P'
import base64, io, json, sys, threading, urllib.parse as up, zipfile
from azure_put import Account
many = int(sys.argv[6])
ask = Account(*sys.argv[1:6]).ask
card = b"visa 4111 1111 1111 1111\n"
pack = io.BytesIO()
with zipfile.ZipFile(pack, "w") as z: z.writestr("in.txt", card)
def put(c, key, body, kind="BlockBlob", head={}, params={}):
    ask("blob", "PUT", f"{c}/{up.quote(key)}", params,
        {"x-ms-blob-type": kind, "Content-Type": "text/plain", **head}, body)
if sys.argv[7:] in (["edit"], ["mend"]): # as long as it was
    put("cards", "one", card.replace(b"v", b"V") if "edit" in sys.argv else card)
    sys.exit()
if len(sys.argv) > 7:
    ask("blob", "PUT", "vast", {"restype": "container"})
    put("vast", "large.txt", b"nothing to see in this line of a large object\n"
        * (22795 * int(sys.argv[7])) + card)
    sys.exit()
for c in ("cards", "other", "pages"):
    ask("blob", "PUT", c, {"restype": "container"})
large = b"nothing to see in this line of a large object\n" * 100000
put("cards", "odd/a b+c&d=%25\u00e9.txt", card)
put("cards", "large.txt", large + card)
put("cards", "empty", b"")
put("cards", "one", card)
put("cards", "one.more", card)
put("cards", "pack.zip", pack.getvalue())
put("cards", "shot", card)
ask("blob", "PUT", "cards/shot", {"comp": "snapshot"})
put("cards", "shot", b"no more of it\n")
put("cards", "cold", card, head={"x-ms-access-tier": "Archive"})
put("cards", "log", b"", "AppendBlob")
ask("blob", "PUT", "cards/log", {"comp": "appendblock"}, {}, card)
put("cards", "disk", b"", "PageBlob", {"x-ms-blob-content-length": "1024"})
ask("blob", "PUT", "cards/disk", {"comp": "page"}, {
    "x-ms-page-write": "update", "x-ms-range": "bytes=0-511"},
    card + b"\n" * (512 - len(card)))
put("other", "x", card)
todo = [("pages", "%05d" % i) for i in range(many)]
def work():
    while True:
        try: c, k = todo.pop()
        except IndexError: return
        put(c, k, card)
all = [threading.Thread(target=work) for _ in range(4)]
[t.start() for t in all]; [t.join() for t in all]
def message(q, text):
    ask("queue", "POST", q + "/messages", {}, {"Content-Type":
        "application/xml"}, ("<QueueMessage><MessageText>" + text +
        "</MessageText></QueueMessage>").encode())
for q in ("orders", "short"): ask("queue", "PUT", q)
for i in range(40): message("orders", "visa 4111 1111 1111 1111")
message("short", base64.b64encode(card).decode())
message("short", "nothing")
J = {"Content-Type": "application/json", "Accept": "application/json"}
ask("table", "POST", "Tables", {}, J, b'{"TableName":"People"}')
ask("table", "POST", "Tables", {}, J, b'{"TableName":"Vacant"}')
for i in range(60):
    row = {"PartitionKey": "p%d" % (i // 30), "RowKey": "r%02d" % i, "age": i}
    if i % 2: row["card"] = "4111 1111 1111 1111"
    if i == 59: row["late"] = "4012 8888 8888 1881"
    if i == 7:
        row["file@odata.type"] = "Edm.Binary"
        row["file"] = base64.b64encode(pack.getvalue()).decode()
    ask("table", "POST", "People", {}, J, json.dumps(row).encode())
P
wait_for 30 eval 'listening "127.0.0.1:$BLOB" && listening "127.0.0.1:$TABLE"'
MANY=60 PAGE=25 BOUND=120 MIB=${MIB:-150}
[ -z "${TORTURE:-}" ] || MANY=10000 PAGE=250 BOUND=1800
put() {
	PYTHONPATH=$TOP/tests/scenario PYTHONDONTWRITEBYTECODE=1 \
	timeout "$BOUND" python3 "$W/put.py" "$NAME" "$KEY" "$BLOB" "$QUEUE" \
		"$TABLE" "$MANY" "$@" || echo 'the objects could not be put' >&2
}
put

# Shared access signatures: one that may list and read, one that ran out.
sas() { # END PERMISSIONS
	python3 - "$NAME" "$KEY" "$1" "$2" <<-'P'
		import base64, hmac, sys, urllib.parse
		name, key, end, may = sys.argv[1:]
		f = dict(sp=may, ss="b", srt="sco", se=end, spr="https,http",
		         sv="2020-10-02")
		text = "\n".join([name, may, f["ss"], f["srt"], "", end, "",
		                  f["spr"], f["sv"], ""])
		sig = hmac.new(base64.b64decode(key), text.encode(), "sha256")
		f["sig"] = base64.b64encode(sig.digest()).decode()
		print(urllib.parse.urlencode(f))
	P
}
SAS=$(sas 2040-01-01T00:00:00Z rl)
cred() { printf '%s' "$2" >"$W/$1.json"; chmod 600 "$W/$1.json"; }
cred right "{\"password\":\"$KEY\"}"
cred wrong '{"password":"V3JvbmctSG9yc2UtOA=="}'
cred nokey '{"password":"Wrong Horse 8"}'
cred sas "{\"token\":\"?$SAS\"}"
cred old "{\"token\":\"$(sas 2020-01-01T00:00:00Z rl)\"}"
scan() { # NAME CREDENTIAL ARGUMENT...
	local name=$1 cred=$2
	shift 2
	timeout "$BOUND" trawl scan --coverage "$W/$name.cov" \
		--credential "$W/$cred.json" --option tries=2 "$@" \
		>"$W/$name" 2>"$W/$name.err"
}
paths() { jq -r .path "$W/$1" | LC_ALL=C sort; }
why() { # NAME PATH REASON
	jq -es --arg p "$2" --arg r "$3" \
		'any(.[]; .path == $p and .reason == $r)' "$W/$1.cov" >/dev/null
}
E=endpoint=http://127.0.0.1:$BLOB/$NAME
A=azure://$NAME

# ---- blobs ----
scan all right "$A/cards?$E"
cat >"$W/want" <<-W
	$A/cards/disk?$E
	$A/cards/large.txt?$E
	$A/cards/log?$E
	$A/cards/odd/a b+c&d=%2525é.txt?$E
	$A/cards/one.more?$E
	$A/cards/one?$E
	$A/cards/pack.zip?$E
W
check 'block, append and page blobs, odd names, a zip' \
	diff "$W/want" <(paths all)
check 'a name is shown as it can be given again' eval '
	p=$(paths all | grep odd) && scan odd right "$p" &&
	[ "$(paths odd)" = "$p" ]'
check 'all of them in full, the archived one not at all' \
	tallied "$W/all.cov" 'cut 10 9 0 0 1 4601323'
check 'what is archived is named' why all "$A/cards/cold?$E" denied
check 'a snapshot is read when it is wanted, and can be named' eval '
	scan shots right "$A/cards/sh?$E&snapshots=yes" &&
	p=$(paths shots) && [[ $p == *"&snapshot="* ]] &&
	scan shot right "$p" && [ "$(paths shot)" = "$p" ]'
check 'every container of the account, every page of its lists' eval '
	scan account right "$A/?$E&page=$PAGE" &&
	[ "$(paths account | uniq | wc -l)" -eq $((8 + MANY)) ] &&
	[ "$(wc -l <"$W/account")" -eq $((8 + MANY)) ]'
check 'and each in full' \
	tallied "$W/account.cov" \
	"cut $((11 + MANY)) $((10 + MANY)) 0 0 1 $((4601348 + 25 * MANY))"
for i in 1 2 3; do
	[ $i -lt 3 ] || put edit
	scan "twice$i" right "$A/cards?$E" --types card_amex --skip-unchanged
done
check 'a blob of the same ETag is not read again, one put anew is' eval '
	tallied "$W/twice1.cov" "cut 10 9 0 0 1" &&
	tallied "$W/twice2.cov" "cut 10 0 9 0 1" &&
	tallied "$W/twice3.cov" "cut 10 1 8 0 1"'
put mend
put "$MIB"
traced --credential "$W/right.json" "$A/vast?$E"
check "a blob of $MIB MiB is read to its end" grep -q vast/large.txt "$W/traced.out"
check 'in little memory, and nothing of it touches the disk' sparing 1
check 'a whole name is that blob alone' eval '
	scan one right "$A/cards/one?$E" && [ "$(wc -l <"$W/one")" -eq 1 ]'
check 'a shared access signature' eval '
	scan sas sas "$A/cards?$E" && [ "$(wc -l <"$W/sas")" -eq 7 ]'
check 'one level for who chooses' eval '
	timeout 20 trawl targets probe --credential "$W/right.json" \
		"$A/cards?$E" >"$W/probe" 2>&1 && grep -q "odd/" "$W/probe" &&
	! grep -q "c&d" "$W/probe"'

# ---- what is refused ----
scan wrong wrong "$A/cards?$E"
check 'a wrong key is said' grep -q 'key or SAS is wrong' "$W/wrong.err"
scan nokey nokey "$A/cards?$E"
check 'what is no key is said' test -s "$W/nokey.err"
scan old old "$A/cards?$E"
check 'a SAS that ran out is said' grep -q 'has run out' "$W/old.err"
scan none right "$A/nothing-here?$E"
check 'a container that is not there is said' \
	grep -q 'ContainerNotFound' "$W/none.err"
scan clear sas "$A/cards?endpoint=http://blob.example/"
check 'a SAS does not go to another host in clear' \
	grep -q 'in clear' "$W/clear.err"
check 'no secret in what is written' eval '
	! grep -rqE "sig=|Wrong.Horse|V3Jvbmct" "$W"/*.err "$W"/*.cov "$W/sas"'

# ---- queues ----
EQ=endpoint=http://127.0.0.1:$QUEUE/$NAME
Q=azure-queue://$NAME
scan queues right "$Q/?$EQ"
check 'messages of each queue, in base64 too' eval '
	[ "$(paths queues | grep -c /orders/)" -eq 32 ] &&
	[ "$(paths queues | grep -c /short/)" -eq 1 ]'
check 'how many of them were seen is said' \
	grep -q '32 of about 40 messages were seen' "$W/queues.cov"
check 'of messages that are not shown nothing is said to be whole' \
	tallied "$W/queues.cov" 'cut 34 34 0 0 0 811'
scan again right "$Q/orders?$EQ"
check 'none is hidden: all can be seen again' \
	test "$(paths again | wc -l)" -eq 32

# ---- tables ----
ET=endpoint=http://127.0.0.1:$TABLE/$NAME
T=azure-table://$NAME
scan table right "$T/People?$ET&page=25"
check 'rows of every page, with their keys' eval '
	[ "$(jq -r .place "$W/table" | grep -c "card, key p[01], r")" -eq 30 ]'
check 'a column that comes late, a file in a row' eval '
	jq -r .place "$W/table" | grep -q "late, key p1, r59" &&
	jq -r .place "$W/table" | grep -q "file, key p0, r07.*in.txt"'
check 'and all of it' tallied "$W/table.cov" 'whole 1 1 0 0 0'
check 'all tables' eval '
	scan tables right "$T/?$ET" && [ "$(wc -l <"$W/tables")" -eq 32 ]'
check 'Shared Key Lite for tables' eval '
	scan tablelite right "$T/People?$ET&signature=lite" &&
	[ "$(wc -l <"$W/tablelite")" -eq 32 ]'
scan notable right "$T/Nothing?$ET"
check 'a table that is not there is said' test -s "$W/notable.err"

# ---- a rough server ----
cat >"$W/rough.py" <<'P'
import http.server, re, sys
CARD = b"visa 4111 1111 1111 1111\n"
BODY = CARD + b"x" * 700000 + b"\n" + CARD
seen = {}
class H(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *a): pass
    def out(self, code, body=b"", head={}, cut=None):
        self.send_response(code)
        for k, v in head.items(): self.send_header(k, v)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:cut])
        if cut: self.close_connection = True
    def do_GET(self):
        p = self.path
        n = seen[p] = seen.get(p, 0) + 1
        if "comp=list" in p:
            if n == 1: return self.out(503, b"", {"Retry-After": "1"})
            last = "marker=two" in p
            self.out(200, ("<?xml version='1.0'?><EnumerationResults><Blobs>" +
                "".join(f"<Blob><Name>{b}</Name><Properties><Content-Length>9"
                "</Content-Length></Properties></Blob>"
                for b in (("c", "gone") if last else ("a", "b"))) +
                "</Blobs><NextMarker>" + ("" if last else "two") +
                "</NextMarker></EnumerationResults>").encode())
        elif p.endswith("/gone"):
            self.out(409, b"", {"x-ms-error-code": "BlobBeingRehydrated"})
        elif p.endswith("/b"):
            r = re.match(r"bytes=(\d+)-", self.headers.get("Range", ""))
            at = int(r[1]) if r else 0
            self.out(206 if r else 200, BODY[at:], {"ETag": '"0x1"',
                "Content-Range": f"bytes {at}-{len(BODY)-1}/{len(BODY)}"},
                None if r else 400000)
        else: self.out(200, CARD)
s = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), H)
s.daemon_threads = True
s.serve_forever()
P
python3 "$W/rough.py" "$ROUGH" &
PIDS[rough]=$!
wait_for 10 listening "127.0.0.1:$ROUGH"
R="endpoint=http://127.0.0.1:$ROUGH/r"
scan rough right "$A/c?$R"
check 'a pause is kept, a body that is cut is gone on with, nothing twice' eval '
	[ "$(paths rough | sed "s/?.*//" | xargs -n1 basename | tr -d "\n")" = abbc ]'
check 'the one that cannot be had is not read, the others in full' \
	tallied "$W/rough.cov" 'cut 4 3 0 0 1 700110'
check 'what one blob suffers from is said of it' \
	grep -q 'BlobBeingRehydrated' "$W/rough.cov"
scenario_end
