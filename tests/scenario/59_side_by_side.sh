#!/usr/bin/env bash
# 59_side_by_side: targets on other hosts are read at the same time, four of
# them, whatever becomes of one: servers that answer only when four of them have
# been asked, and say how many were at once; of one server two of them.
. "$(dirname "$0")/lib.sh"
scenario_begin

cat >"$W/servers.py" <<'P'
import http.server, sys, threading
together = threading.Barrier(4, timeout=20)
pair, third = threading.Barrier(2, timeout=20), threading.Event()
lock, here, most = threading.Lock(), 0, 0
class Site(http.server.BaseHTTPRequestHandler):
    def log_message(self, *a): pass
    def do_GET(self):
        global here, most
        name = self.path.rstrip("0123456789")
        body = b"visa 4111 1111 1111 1111\n" * 300
        if self.path == "/most":
            body = b"%d" % most
        elif self.path == "/here":
            body = b"%d" % here
        elif name == "/reset":
            most = 0
            third.clear()
        elif name in ("/", "/pair"):
            with lock:
                here += 1
                most = max(most, here)
                if here > 2: third.set()
            try:
                (together if name == "/" else pair).wait()
                if name != "/": third.wait(0.4) # would be asked now
            except threading.BrokenBarrierError:
                self.send_error(503)
                return
            with lock:
                here -= 1
        elif self.path != "/alone":
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.wfile.write(body)
for _ in range(8):
    s = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    s.daemon_threads = True
    threading.Thread(target=s.serve_forever).start()
    print(s.server_port, flush=True)
P
python3 "$W/servers.py" >"$W/ports" &
PIDS[servers]=$!
all_up() { [ "$(wc -l <"$W/ports")" -eq 8 ]; }
wait_for 10 all_up || exit 1
mapfile -t ports <"$W/ports"
urls=("${ports[@]/#/http://127.0.0.1:}")
urls=("${urls[@]/%//}")
mkdir "$W/here"
echo 'visa 4111 1111 1111 1111' >"$W/here/one.txt"

scan() { # NAME ARGUMENT...: its exit code is in NAME.code
	local name=$1
	shift
	timeout 60 trawl scan --format jsonl --types card_visa \
		--coverage "$W/$name.cov" --option tries=1 "$@" \
		>"$W/$name" 2>"$W/$name.err"
	echo $? >"$W/$name.code"
}
scan all "http://127.0.0.1:1/" "${urls[@]:0:4}" "$W/here" "${urls[@]:4}"
each() { # of them has its findings, all in whole lines
	local u
	for u in "${urls[@]}"; do
		[ "$(jq -r .path "$W/all" | grep -cx "$u")" -eq 300 ] || return 1
	done
	[ "$(jq -r .path "$W/all" | grep -c one.txt)" -eq 1 ] &&
		[ "$(wc -l <"$W/all")" -eq 2401 ]
}
check 'servers that wait for each other are all read' each
check 'four at a time' test "$(curl -s "${urls[0]}most")" -eq 4
check 'objects are not mixed' test \
	"$(jq -r .path "$W/all" | uniq | wc -l)" -eq 9
check 'one that cannot be reached is told' \
	grep -q '127.0.0.1:1/: .*cannot be reached' "$W/all.err"
check 'the ledger counts all of them' tallied "$W/all.cov" 'cut 10 9 0 0 1'
check 'and the exit code is that of an error' grep -qx 1 "$W/all.code"

curl -s "${urls[0]}reset" >"$W/reset"
scan pairs "${urls[0]}pair"{1..6}
check 'of one server all are read, in pairs' eval '
	tallied "$W/pairs.cov" "whole 6 6 0 0 0" &&
	[ "$(curl -s "${urls[0]}most")" -eq 2 ]'

alone=("${urls[@]/%/alone}")
scan good --fail-on-findings "${alone[@]}"
check 'what was read to its end is no error' eval '
	grep -qx 3 "$W/good.code" && tallied "$W/good.cov" "whole 8 8 0 0 0"'
scan one --jobs 1 --format table "${alone[@]}"
check 'one worker reads them in their order' diff \
	<(printf '%s\n' "${alone[@]}") <(grep -o 'http://[^ ]*alone' "$W/one" | uniq)

# ---- three wait for a fourth, which nobody asks ----
trawl scan "${urls[@]:0:3}" >"$W/stopped" 2>"$W/stopped.err" &
PIDS[stopped]=$!
asked() { [ "$(curl -s "${urls[0]}here")" -eq 3 ]; }
wait_for 15 asked
stopped() {
	kill -INT "${PIDS[stopped]}" && wait_for 10 gone "${PIDS[stopped]}"
	grep -q 'stopped before the end' "$W/stopped.err"
}
check 'a scan that is stopped ends all of them' stopped
scenario_end
