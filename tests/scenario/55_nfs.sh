#!/usr/bin/env bash
# 55_nfs: folders that a real NFS-Ganesha exports, in versions 3 and 4: values,
# formats and odd names are found at their places, what others may not read in
# the name of its owner; a server that dies half-way, delays, or is not one.
# It needs root: the servers run in a network namespace, since neither rpcbind
# nor mountd can be kept on loopback otherwise.
#   FILES=1000   in one folder; 100,000 in `make torture`
if [ "$(id -u)" -eq 0 ] && [ -z "${NFS_INSIDE:-}" ]; then
	NFS_INSIDE=1 exec unshare --net --mount -- "$0" "$@"
fi
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/trace.sh"
scenario_begin
FILES=${FILES:-$([ -n "${TORTURE:-}" ] && echo 100000 || echo 1000)}
FEW=1000 # of those that are read over slow lines
BOUND=$([ -n "${TORTURE:-}" ] && echo 1800 || echo 60) # seconds
MIB=${MIB:-$([ -n "${TORTURE:-}" ] && echo 1024 || echo 160)}
D=$W/exports
ip link set lo up
mkdir -p "$D"/{one,two}/sub "$D/many" "$D/few" "$D/big" "$D/one/inner" "$W/run"
mount -t tmpfs none /run

# ---- what it holds ----
echo 'visa 4111 1111 1111 1111' >"$D/one/card.txt"
echo 'card number 5500005555555559' >"$D/one/sub/odd %name?#.txt"
printf 'visa 4111 1111 1111 1111\n' >"$D/one/sub/$(printf 'sch\303\266n \377')"
(cd "$D/one" && zip -q box.zip card.txt)
python3 - "$D/one/letter.docx" <<'P'
import sys
sys.path.append("/usr/lib/python3/dist-packages")
import docx
d = docx.Document()
d.add_paragraph("card number 5500005555555559")
d.save(sys.argv[1])
P
ln -s card.txt "$D/one/link"
mkfifo "$D/one/pipe"
: >"$D/one/empty"
echo 'visa 4111 1111 1111 1111' >"$D/one/private.txt"
chown 4321:4321 "$D/one/private.txt"
chmod 600 "$D/one/private.txt"
mkdir "$D/one/closed"
echo 'visa 4111 1111 1111 1111' >"$D/one/closed/inside.txt"
chown -R 4322:4322 "$D/one/closed"
chmod 700 "$D/one/closed"
echo 'card number 5500005555555559' >"$D/two/sub/other.txt"
python3 - "$D" "$FILES" "$MIB" "$FEW" <<'P'
import os, sys
top, files, mib = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
for folder, n in ("many", files), ("few", int(sys.argv[4])):
    for i in range(n):
        with open(f"{top}/{folder}/{i}.txt", "w") as f:
            f.write(f"visa 4111 1111 1111 1111, no. {i}\n")
line = b"nothing to see in this line of a large file, go on\n"
os.mkdir(f"{top}/half")
with open(f"{top}/half/a.txt", "wb") as f:
    f.write(b"visa 4111 1111 1111 1111\n" + line * 4900) # 250 KB
with open(f"{top}/half/b.txt", "wb") as f:
    f.write(b"visa 4111 1111 1111 1111\n")
with open(f"{top}/big/large.txt", "wb") as f:
    block = line * 20000
    while f.tell() < mib << 20:
        f.write(block)
    f.write(b"visa 4111 1111 1111 1111\n")
P

find "$D/many" -type f -exec touch -d "1 hour ago" {} +

# ---- the servers ----
export_of() { # NUMBER PATH PSEUDO MORE
	echo "EXPORT{Export_Id=$1;Path=$2;Pseudo=$3;Access_Type=RO;" \
	    "Squash=No_Root_Squash;Filesystem_id=1.$1;FSAL{Name=VFS;}$4}"
}
cat >"$W/ganesha.conf" <<C
NFS_CORE_PARAM{Protocols=3,4;NFS_Port=2049;MNT_Port=20048;
	Enable_NLM=false;Enable_RQUOTA=false;Enable_UDP=false;}
NFSv4{Graceless=true;RecoveryBackend=fs;RecoveryRoot=$W/run;Only_Numeric_Owners=true;}
$(export_of 1 "$D/one" /one 'SecType=sys;')
$(export_of 2 "$D/two" /two 'SecType=sys;')
$(export_of 3 "$D/two/sub" /two/sub 'SecType=sys;')
$(export_of 4 "$D/many" /many 'SecType=sys;')
$(export_of 9 "$D/few" /few 'SecType=sys;')
$(export_of 5 "$D/big" /big 'SecType=sys;')
$(export_of 8 "$D/half" /half 'SecType=sys;')
$(export_of 6 "$D/one/inner" /kerberos 'SecType=krb5;')
$(export_of 7 "$D/one/sub" /secure 'SecType=sys;PrivilegedPort=true;')
C
bound() { ss -ltnH "sport = :$1" | grep -q .; }
start_server() {
	ganesha.nfsd -F -f "$W/ganesha.conf" -L "$W/server.log" \
	    -p "$W/pid" >>"$W/server.out" 2>&1 &
	PIDS["ganesha"]=$!
	wait_for 10 bound 2049 && wait_for 10 bound 20048 &&
		wait_for 10 answers
}
answers() { trawl targets test "nfs://127.0.0.1$D/one" >/dev/null 2>&1; }

scan() { # URL OPTION...
	timeout "$BOUND" trawl scan --format jsonl --types 'card_*' \
	    --coverage "$W/ledger" "$@" >"$W/out" 2>"$W/err"
}
found() { # N
	[ "$(wc -l <"$W/out")" -eq "$1" ] ||
		{ cat "$W/out" "$W/err" "$W/ledger"; false; }
}
says() { grep -q -- "$1" "$W/err" || { cat "$W/err"; false; }; }
named() { grep -q -- "$1" "$W/ledger" || { cat "$W/ledger"; false; }; }
at() { # PATH [PLACE]
	jq -s -e --arg p "$1" --arg w "${2:-}" \
	    'any(.[]; .path == $p and (.place | contains($w)))' \
	    "$W/out" >/dev/null || { cat "$W/out"; false; }
}

rpcbind -w -f >"$W/rpcbind.log" 2>&1 &
PIDS["rpcbind"]=$!
wait_for 5 bound 111
start_server || { cat "$W/server.out" "$W/server.log"; exit 1; }

# ---- both versions alike ----
whole() { # VERSION PATH
	local u=nfs://127.0.0.1$2
	scan "$u" --option "version=$1" && found 7 &&
		at "$u/sub/odd %25name%3F%23.txt" && at "$u/box.zip" card.txt &&
		at "$u/letter.docx" && at "$u/closed/inside.txt" &&
		named 'private.txt.*in the name of its owner, uid 4321' &&
		named 'closed/inside.txt.*in the name of that folder' &&
		named '"reason":"link"' && named '"reason":"special"'
}
counted() { # as the server itself counts files and their bytes
	local n bytes
	n=$(find "$D/one" -not -type d -not -type l | wc -l)
	bytes=$(find "$D/one" -type f -printf '%s\n' |
		awk '{ s += $1 } END { print s }')
	named "\"objects\":$n,\"bytes\":$bytes,"
}
alone() { # VERSION PATH: without the owner
	scan "nfs://127.0.0.1$2" --option "version=$1" --option owner=no
	found 5 && named '"reason":"denied".*refused to uid 65534' &&
		[ "$(grep -c '"reason":"denied","text"' "$W/ledger")" -ge 2 ]
}
as_user() {
	scan "nfs://127.0.0.1$2/private.txt" --option "version=$1" \
	    --option owner=no --option uid=4321 --option gid=4321 && found 1
}
many() {
	scan "nfs://127.0.0.1$2" --option "version=$1" && found "$FILES" &&
		[ "$(jq -r .path "$W/out" | sort -u | wc -l)" -eq "$FILES" ] &&
		named "\"objects\":$FILES,"
}
again() { # a path as it was printed is a target
	local p
	p=$(jq -r .path "$W/out" | grep odd)
	scan "$p" --option "version=$1" && found 1
}
unchanged() { # what held no American Express card is not read twice
	for _ in 1 2; do
		timeout "$BOUND" trawl scan --types card_amex --skip-unchanged \
		    --coverage "$W/ledger" --option "version=$1" \
		    "nfs://127.0.0.1$2" >"$W/out" 2>"$W/err"
	done
	named "\"full\":0,\"unchanged\":$FILES,"
}
for v in 3 4; do
	top=$([ $v -eq 3 ] && echo "$D" || echo)
	check "v$v: values, formats and odd names" whole $v "$top/one"
	check "v$v: as many objects and bytes as there are" counted
	check "v$v: a printed path finds the same file" again $v
	check "v$v: what is refused is named" alone $v "$top/one"
	check "v$v: as another user" as_user $v "$top/one"
	check "v$v: $FILES small files, each once" many $v "$top/many"
	check "v$v: what did not change is not read again" unchanged $v "$top/many"
done

# ---- the server's own tree ----
exports() { # each once, also the one inside another
	trawl targets probe --option version=3 nfs://127.0.0.1/ >"$W/out" &&
		grep -q "$D/one/\$" "$W/out" && grep -q "$D/two/\$" "$W/out" &&
		! grep -q 'two/sub' "$W/out" && trawl targets probe \
		--option version=4 nfs://127.0.0.1/ >"$W/out" &&
		grep -q '/two/$' "$W/out" && grep -q '/secure/$' "$W/out"
}
check "a server shows what it exports" exports
everything() { # VERSION
	scan nfs://127.0.0.1/ --option "version=$1" \
	    --option 'exclude=*/many,many,*/few,few,*/big,big,secure'
	at "$2/two/sub/other.txt" && at "$2/one/card.txt" &&
		[ "$(jq -r .path "$W/out" | grep -c 'other.txt$')" -eq 1 ]
}
check "v3: all exports, each once" everything 3 "nfs://127.0.0.1$D"
check "v4: all exports, each once" everything 4 nfs://127.0.0.1

# ---- what a server refuses ----
refused() { # URL WORDS OPTION...
	local u=$1 words=$2
	shift 2
	! scan "$u" "$@" && found 0 && says "$words"
}
check "v3: a wrong export is told" refused nfs://127.0.0.1/none \
	'refuses /none' --option version=3
check "v4: a wrong export is told" refused nfs://127.0.0.1/none \
	'nothing at /none' --option version=4
check "auto: a wrong export is told" refused nfs://127.0.0.1/none \
	'nothing at /none'
check "v4: a server that wants Kerberos is told" refused \
	nfs://127.0.0.1/kerberos 'wants Kerberos' --option version=4
check "v3: a server that wants Kerberos is told" refused \
	"nfs://127.0.0.1$D/one/inner" Kerberos --option version=3
check "a bad option is told" refused nfs://127.0.0.1/one 'option uid' \
	--option uid=anna
check "a closed port is told" refused nfs://127.0.0.1:1/one 'port 1'
low() { # both ways: from a port below 1024, and from none
	scan nfs://127.0.0.1/secure --option version=4 && found 2 || return 1
	setpriv --bounding-set=-net_bind_service --inh-caps=-net_bind_service \
	    timeout 60 trawl scan --option version=4 nfs://127.0.0.1/secure \
	    >"$W/out" 2>"$W/err"
	[ ! -s "$W/out" ] && says 'port below 1024'
}
check "a server that wants low ports has one" low
mounted() { # a file system of its own, below the export
	mount -t tmpfs none "$D/one/inner" || return
	echo 'visa 4111 1111 1111 1111' >"$D/one/inner/deep.txt"
	scan "nfs://127.0.0.1/one" --option version=4
	umount "$D/one/inner"
	found 7
}
check "what is mounted below an export is not mixed up with it" mounted

# ---- large, cut, killed ----
large() { # VERSION URL
	traced --option "version=$1" "$2/large.txt" && sparing 1 &&
		[ "$(wc -l <"$W/traced.out")" -eq 1 ]
}
check "v3: a large file in little memory, and nothing of it touches the disk" \
	large 3 "nfs://127.0.0.1$D/big"
check "v4: a large file in little memory, and nothing of it touches the disk" \
	large 4 nfs://127.0.0.1/big
relay() { # FAULT:AMOUNT: $R is a port that leads to the server
	: >"$W/relay.log" # what the last one said is not of this one
	python3 "$TOP/tests/scenario/spoiler.py" "2049:$1" >"$W/relay.log" &
	PIDS["relay"]=$!
	wait_for 30 grep -q listening "$W/relay.log"
	R=$(cut -d' ' -f3 "$W/relay.log")
}
half() { # it breaks in the middle of it: what came is read, the rest told
	relay end:200000
	scan "nfs://127.0.0.1:$R/half" --option version=4
	stop_one relay
	echo "$(grep -c '^connection' "$W/relay.log") connections"
	found 2 && tallied "$W/ledger" 'cut 2 1 0 1 0'
}
check "a small file whose connection always breaks is read as far as it came" \
	half
far_away() { # 5 ms each way: one at a time would need 10 ms for each
	local from to
	relay delay:5
	from=$(date +%s%N)
	scan "nfs://127.0.0.1:$R/few" --option version=4
	to=$(date +%s%N)
	stop_one relay
	echo "$FEW files, 10 ms there and back: $(((to - from) / 1000000)) ms"
	found "$FEW" && [ $(((to - from) / 1000000)) -lt $((FEW * 10 / 3)) ]
}
check "many small files over a link with delay, many at a time" far_away
begun() { [ "$(wc -l <"$W/out")" -gt 50 ]; }
begin() { # over a slow link and at a pace, so that there is a middle
	: >"$W/out"
	trawl scan --format jsonl --types 'card_*' --coverage "$W/ledger" \
	    --option rate=250 "$@" >"$W/out" 2>"$W/err" &
	SCAN=$!
	wait_for 10 begun || return
	kill -9 "${PIDS["ganesha"]}"
	wait "${PIDS["ganesha"]}" 2>/dev/null
	unset 'PIDS["ganesha"]'
	[ "$(wc -l <"$W/out")" -lt "$FEW" ]
}
restarted() { # the server dies half-way and comes back
	relay delay:30
	begin "nfs://127.0.0.1:$R/few" --option version=4 || return
	start_server
	wait $SCAN
	stop_one relay
	found "$FEW" &&
		[ "$(jq -r .path "$W/out" | sort -u | wc -l)" -eq "$FEW" ]
}
check "a server that dies and comes back is taken up again" restarted
dead() { # it dies and stays away: the end comes, and is told
	local from=$SECONDS
	relay delay:30
	begin "nfs://127.0.0.1:$R/few" --option version=4 \
	    --option connect_timeout=1 --option answer_timeout=1 || return
	wait $SCAN
	stop_one relay
	echo "given up after $((SECONDS - from)) s: $(cat "$W/err")"
	[ $((SECONDS - from)) -le 15 ] && named '"whole":false' &&
		[ "$(jq -r .path "$W/out" | sort | uniq -d | wc -l)" -eq 0 ]
}
check "a server that stays away is given up and told" dead
scenario_end
