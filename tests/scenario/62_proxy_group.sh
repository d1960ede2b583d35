#!/bin/bash
# Two proxies of a group serve one target over a real OpenSSH server. The one
# that reads it is killed: back in time it goes on with its task, and when it
# stays away the other one has it; killed both, the target waits with the reason.
# Who comes back late drops what it had. One that is there and hangs loses its
# target, too; one whose server is only slow does not. What one cannot reach the
# other one tries. Of one server so many targets are read at a time as are
# allowed. The rest that a late server is given is told to the master. Each time the export is
# what `trawl scan` finds, each finding once.
. "$(dirname "$0")/lib.sh"
scenario_begin
ME=$(id -un)
S=$W/srv
mkdir -p "$S" "$W/data/sub"
chmod 711 "$S"
SSH=$(free_port)
SFTP=sftp://$ME@127.0.0.1:$SSH
export TRAWL_PROXY_AWAY=1s # in place of minutes
export TRAWL_PROXY_HUNG=3s TRAWL_SERVER_TARGETS=2

# Made up: the card is the test number of its brand.
for i in $(seq 30); do
	{
		echo "visa 4111 1111 1111 1111, no. $i"
		head -c 80000 /dev/zero | tr '\0' . # large enough for a stream
	} >"$W/data/sub/$i.txt"
done
(cd "$W/data/sub" && zip -q - 1.txt 2.txt | head -c 200) >"$W/data/cut.zip"
# Its answers come in a trickle from the midst of the folder on for as long as
# $S/hold is there, so that nobody comes to the end before it is to.
cat >"$S/sftp" <<-P
	#!/usr/bin/env python3
	import os, subprocess, sys, time
	server = subprocess.Popen(["/usr/lib/openssh/sftp-server"],
	                          stdout=subprocess.PIPE)
	given = 0
	while data := server.stdout.read1(65536):
	    while data and given > 1200000 and os.path.exists("$S/hold"):
	        time.sleep(0.2)
	        data = data[os.write(1, data[:16]):]
	    if os.path.exists("$S/late"):
	        time.sleep(1)
	    given += os.write(1, data)
P
chmod 755 "$S/sftp"
ssh-keygen -q -t ed25519 -N '' -f "$S/host"
ssh-keygen -q -t ed25519 -N '' -f "$S/key"
cat >"$S/sshd" <<-C
	Port $SSH
	ListenAddress 127.0.0.1
	HostKey $S/host
	PidFile none
	AuthorizedKeysFile $S/key.pub
	StrictModes no
	PermitRootLogin yes
	Subsystem sftp $S/sftp
C
[ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd
/usr/sbin/sshd -D -e -f "$S/sshd" 2>>"$S/log" &
PIDS[sshd]=$!
wait_for 10 listening "127.0.0.1:$SSH" || { cat "$S/log"; exit 1; }
PIN=$(ssh-keygen -lf "$S/host" | cut -d' ' -f2)
umask 077
SSH2=$(free_port) # nobody listens there yet
THERE=sftp://$ME@127.0.0.1:$SSH2
printf '{"%s/": {"key_file": "%s"}, "%s/": {"key_file": "%s"}}' \
	"$SFTP" "$S/key" "$THERE" "$S/key" >"$S/cred.json"
umask 022

# ---- master, proxies, their group ----
ask() { python3 "$TOP/tests/scenario/ask.py" "$M" "$@" | tail -n 1; }
number() { grep -o '[0-9]*'; }
db() { sqlite3 -cmd '.timeout 5000' "$M/db/trawl.db" "$1"; }
join() { # NAME
	local token
	token=$(trawl-master token --data "$M" | grep -o 'trawl1:[^ ]*' | head -1)
	trawl-proxy-agent enroll --state "$W/$1" "$token" >>"$W/$1.log" 2>&1 &&
		trawl-proxy-agent credential add files "$S/cred.json" \
			--state "$W/$1" >>"$W/$1.log" 2>&1
}
start() { # NAME
	trawl-proxy-agent run --state "$W/$1" --reconnect-base 100ms \
		--reconnect-cap 500ms --scanner-retry 100ms >>"$W/$1.log" 2>&1 &
	PIDS[$1]=$!
}
dies() { # NAME
	kill -9 $(tree_pids "${PIDS[$1]}") 2>/dev/null
	wait "${PIDS[$1]}" 2>/dev/null
	unset "PIDS[$1]"
}
both_there() { [ "$(db 'SELECT sum(online) FROM agent')" = 2 ]; }
check "master starts" eval 'master_init && master_start'
check "two proxies enrol" eval 'join p1 && join p2'
start p1 && start p2
check "both connect" wait_for 20 both_there
group=$(ask proxies.create '{"name": "dmz", "members": [1, 2]}' | number)

# ---- what is looked at ----
begin() { # NAME: its own folder, so that nothing was found there before
	cp -r "$W/data" "$W/$1"
	id=$(ask remote.create "{\"url\": \"$SFTP$W/$1\",
		\"credential\": \"files\", \"reader\": \"group:$group\",
		\"options\": {\"host_key\": \"$PIN\"}}" | number)
	touch "$S/hold"
	ask scan.create "{\"targets\": [$id]}" >>"$W/scan.log"
}
last() { db "SELECT $1 FROM task ORDER BY id DESC LIMIT 1"; }
found() { # how many findings of the target there are at least
	[ "$(db "SELECT count(*) FROM finding WHERE target = $id")" -ge "$1" ]
}
reads() { # AGENT
	[ "$(last 'agent || " " || state')" = "$1 2" ]
}
over() { [ "$(last state)" -ge 4 ]; }
whole() { # NAME: done, and the export is that of a scan nobody disturbed
	[ "$(last state)" = 4 ] || return 1
	[ -s "$W/$1.want" ] || trawl scan --format jsonl --option "host_key=$PIN" \
		--credential "$S/cred.json" "$SFTP$W/$1" >"$W/$1.want" 2>/dev/null
	export_findings "$W/all" && grep -F "$SFTP$W/$1/" "$W/all" >"$W/got"
	python3 "$TOP/tests/scenario/same.py" "$W/$1.want" "$W/got"
}
not_read() { # what is not read in full stands once
	[ "$(db "SELECT count(*) FROM ledger JOIN task ON task.id = ledger.task
		WHERE target = $id")" = 1 ]
}
both() { check "$1: the export is that of trawl scan" whole "$2" &&
	check "$1: so is what was not read" not_read; }

# ---- back in time ----
begin restart
check "the first one reads" wait_for 20 reads 1
check "it finds something" wait_for 20 found 5
before=$(last id)
dies p1 && start p1
rm "$S/hold"
check "killed and started again it comes to an end" wait_for 40 over
check "as the same task of the same proxy" \
	[ "$(last 'id || " " || agent')" = "$before 1" ]
both "restarted" restart

# ---- away ----
begin away
check "the first one reads again" wait_for 20 reads 1
check "it finds something again" wait_for 20 found 5
dies p1
check "the second one has the task" wait_for 20 reads 2
start p1
told() { grep -q 'task is told to stop' "$W/p1.log"; }
check "back late, the first one is told to drop it" wait_for 20 told
rm "$S/hold"
check "the second one comes to an end" wait_for 40 over
both "taken over" away

# ---- both ----
begin none
check "the first one reads a third time" wait_for 20 reads 1
check "and finds something" wait_for 20 found 5
dies p2 && dies p1
waits() { # queued, and the sentence
	[ "$(last state)" = 1 ] && trawl-master scans --data "$M" --running \
		>"$W/scans" && last message | grep -q \
	'^the proxy .* is away; no other proxy of group dmz that reads sftp:// is there$'
}
check "with both dead it waits and says why" wait_for 20 waits
start p2
check "the one that comes back has the task" wait_for 20 reads 2
start p1
dropped() { [ "$(grep -c 'task is told to stop' "$W/p1.log")" = 2 ]; }
check "the first one drops it once more" wait_for 20 dropped
rm "$S/hold"
check "the second one comes to this end, too" wait_for 40 over
both "both killed" none
both "what was taken over before" away

# ---- there, and hung ----
freeze() { # NAME PROGRAM: its processes of that program
	local p n=0
	for p in $(tree_pids "${PIDS[$1]}"); do
		[ "$(cat "/proc/$p/comm")" = "$2" ] || continue
		kill -STOP "$p" && frozen=$p && n=$((n + 1))
	done
	[ "$n" = 1 ]
}
both_told() { [ "$(grep -c 'task is told to stop' "$W/p1.log")" = 3 ]; }
check "both are there again" wait_for 20 both_there
begin hung
check "the first one reads a fourth time" wait_for 20 reads 1
check "and finds something, too" wait_for 20 found 5
check "who directs its scan is stopped" freeze p1 trawl-pscanner
check "the second one has that task" wait_for 20 reads 2
check "the first one is told to drop it" wait_for 20 both_told
hung=$frozen
rm "$S/hold"
check "the second one comes to its end" wait_for 40 over
both "hung" hung

# ---- not reached from there ----
HERE=$SFTP SFTP=$THERE
begin nowhere
rm "$S/hold"
check "what nobody listens for comes to an end" wait_for 20 over
refused="127.0.0.1, port $SSH2, refuses connections: [^;]*"
check "as failed, with what each of them said" eval \
	'[ "$(last state)" = 6 ] && last message | grep -qx "[^:]*: $refused; [^:]*: $refused"'
kill -STOP $(tree_pids "${PIDS[p2]}")
begin there
rm "$S/hold"
queued_at_2() { [ "$(last 'agent || " " || state')" = "2 1" ]; }
check "what the first one cannot reach the second one gets" \
	wait_for 20 queued_at_2
/usr/sbin/sshd -D -e -f "$S/sshd" -p "$SSH2" 2>>"$S/log" &
PIDS[sshd2]=$!
check "now somebody listens" wait_for 10 listening "127.0.0.1:$SSH2"
kill -CONT $(tree_pids "${PIDS[p2]}")
check "the second one comes to the end of it" wait_for 40 over
check "and it is told who could not" eval \
	'last message | grep -qx "[^:]*: $refused; [^:]*: it was read from there"'
both "read from elsewhere" there
SFTP=$HERE

# ---- three folders of one server, two proxies ----
sessions() { # that the server serves
	local p n=0
	for p in $(tree_pids "${PIDS[sshd]}"); do
		[ "$(cat "/proc/$p/comm" 2>/dev/null)" != sftp-server ] || n=$((n + 1))
	done
	echo "$n"
}
touch "$S/hold"
ids=
for i in 1 2 3; do
	cp -r "$W/data" "$W/share$i"
	ids+=${ids:+,}$(ask remote.create "{\"url\": \"$SFTP$W/share$i\",
		\"credential\": \"files\", \"reader\": \"group:$group\",
		\"options\": {\"host_key\": \"$PIN\"}}" | number)
done
ask scan.create "{\"targets\": [$ids]}" >>"$W/scan.log"
of_three() { # the state of each, and who has it
	db "SELECT group_concat(state || ':' || ifnull(agent, 0), ' ') FROM task
		WHERE target IN ($ids) ORDER BY id"
}
two_read() { [ "$(of_three)" = "2:1 2:2 1:0" ] && [ "$(sessions)" = 2 ]; }
check "two of three folders of one server are read, by a proxy each" \
	wait_for 20 two_read
check "the third one waits and says for what" eval \
	'last message | grep -q "^127.0.0.1:$SSH has enough to do: of one server 2 targets"'
check "no more than two sessions stand" [ "$(sessions)" = 2 ]
rm "$S/hold"
all_three() { [ "$(of_three | grep -o '4:[12]' | wc -l)" = 3 ]; }
check "then all three come to their end" wait_for 40 all_three
for i in 1 2 3; do
	id=$(cut -d, -f$i <<<"$ids")
	check "share $i is found as trawl scan finds it" found 31
done

# ---- late from a while on ----
for i in $(seq 60); do # small ones: what is asked alone says most
	mkdir -p "$W/late/$i"
	for j in 1 2 3 4 5 6; do
		echo "visa 4111 1111 1111 1111, no. $i.$j" >"$W/late/$i/$j.txt"
	done
done
id=$(ask remote.create "{\"url\": \"$SFTP$W/late\", \"credential\": \"files\",
	\"reader\": \"group:$group\",
	\"options\": {\"host_key\": \"$PIN\", \"rate\": \"60\"}}" | number)
ask scan.create "{\"targets\": [$id]}" >>"$W/scan.log"
check "a server answers as usual" wait_for 20 found 5
touch "$S/late"
rests() { cat "$W"/p?.log | grep -q 'answers much later than usual'; }
check "then much later, and is given rest" wait_for 20 rests
rm "$S/late"
check "its scan comes to an end" wait_for 40 over
check "the master knows for how long" [ "$(last 'rested_ms BETWEEN 1 AND 60000')" = 1 ]

ended() { ! kill -0 "$hung" 2>/dev/null; } # it was asked first
check "by now the first one has ended what hung" wait_for 20 ended
stop_one p1
begin still
check "the second one reads alone" wait_for 20 reads 2
check "and finds what there is" wait_for 20 found 5
check "its reader is stopped" freeze p2 trawl-source
stands() {
	[ "$(last state)" = 1 ] && last message | grep -q \
	'^the proxy .* does not get on; no other proxy of group dmz that reads sftp:// is there$'
}
check "with nobody else the scan says so" wait_for 20 stands
kill -CONT "$frozen"
check "let go it goes on" wait_for 20 reads 2
rm "$S/hold"
check "and comes to the end" wait_for 40 over
both "stopped for a while" still
stop_one p2
scenario_end
