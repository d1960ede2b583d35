# Sourced: kinds of targets over connections that a relay before their servers
# spoils (spoiler.py). Each scan must end by itself, have found everything or say
# what it did not read, give nothing twice, and send no refused password often.
#
# A scenario sets `kinds`, `faults` (FAULT/WANT), PORT and WANT (findings) of
# each kind, and says
#   url_of KIND PORT
#   wire_options INDEX KIND WANT CREDENTIAL   adds to the array `more`
#   wire_softer KIND WANT FAULT    what is wanted of this one, if not WANT
#   wire_excused KIND FAULT N      whether N findings may be missing unsaid
#   wire_sent INDEX KIND           how often a wrong password went out
#   wire_slowly KIND               adds to `more` what makes a scan last seconds
# WANT what is asked of a fault: all (everything is found in the end), some (what
# is missing is told), none (nothing can be read, which is told)
LANES=${LANES:-12}
BOUND=60 # seconds for one scan, on a busy machine
declare -A PORT=() WANT=() RELAY=() HOLD=()
jobs=() specs=()

wire_add() { # KIND WANT FAULT CREDENTIAL
	jobs+=("$*")
	specs+=("${PORT["$1"]}:$3")
}
wire_plan() { # every fault with every kind
	local k f
	for k in "${kinds[@]}"; do
		for f in "${faults[@]}"; do
			wire_add "$k" "${f#*/}" "${f%/*}" login
		done
	done
}
wire_plan_by_fault() { # those that wait longest may stand first
	local k f
	for f in "${faults[@]}"; do
		for k in "${kinds[@]}"; do
			wire_add "$k" "${f#*/}" "${f%/*}" login
		done
	done
}
wire_relays() {
	local i port
	python3 "$TOP/tests/scenario/spoiler.py" "${specs[@]}" >"$W/relays" &
	PIDS["relays"]=$!
	all_up() { [ "$(grep -c listening "$W/relays")" -eq ${#specs[@]} ]; }
	wait_for 10 all_up || exit 1
	while read -r _ i port; do RELAY["$i"]=$port; done \
		< <(grep listening "$W/relays")
}
# Seconds. Only who falls silent is waited for, and a sign-in that is wanted may
# take what it takes on a busy machine: none is lost for being slow.
wire_patience() { # WANT FAULT NAME
	case $1.$2.$3 in
	none.*) echo 2 ;;
	*.connect | *.sign_in | *.none.* | *.delay:*.* | \
	*.cut:*.* | *.truncate:*.*)
		echo 40 ;;
	*) echo 4 ;;
	esac
}
wire_scan() { # INDEX KIND WANT FAULT CREDENTIAL
	local j=$W/job/$1 from=$SECONDS more=() name patience
	wire_options "$1" "$2" "$3" "$5"
	for name in connect sign_in answer idle; do
		patience=$(wire_patience "$3" "$4" "$name")
		more+=(--option "${name}_timeout=$patience")
	done
	timeout -k 1 "$BOUND" trawl scan --format jsonl --jobs 1 \
	    --types "${TYPES:-card_visa}" --coverage "$j.ledger" "${more[@]}" \
	    "$(url_of "$2" "${RELAY["$1"]}" "$1" "$5")" >"$j.out" 2>"$j.err"
	echo "$? $((SECONDS - from))" >"$j.end"
}
wire_run() { # all of them, so many at a time
	local i running=0
	mkdir -p "$W/job"
	for i in "${!jobs[@]}"; do
		# shellcheck disable=SC2086
		wire_scan "$i" ${jobs[$i]} &
		running=$((running + 1))
		if [ $running -ge "$LANES" ]; then
			wait -n
			running=$((running - 1))
		fi
	done
	for i in "${!jobs[@]}"; do
		wait_for $((BOUND + 5)) test -s "$W/job/$i.end"
	done
}

wire_good() { # INDEX KIND WANT FAULT CREDENTIAL
	local j=$W/job/$1 code seconds n twice links all=${WANT["$2"]}
	read -r code seconds <"$j.end"
	n=$(wc -l <"$j.out")
	twice=$(jq -r '.path + " " + .place + " " + (.offset | tostring)' \
	    "$j.out" | sort | uniq -d | wc -l)
	links=$(grep -c "connection $1 " "$W/relays")
	echo "${jobs[$1]}: $n found, $seconds s, $links connections, code $code:" \
	    "$(head -n 1 "$j.err" | cut -c1-150)"
	[ "$code" -le 2 ] && [ "$twice" -eq 0 ] || return 1
	[ "$5" = login ] || [ "$(wire_sent "$1" "$2")" -le 3 ] || return 1
	case $(wire_softer "$2" "$3" "$4") in
	all) [ "$n" -eq "$all" ] ;;
	some)
		[ "$n" -eq "$all" ] ||
			wire_excused "$2" "$4" $((all - n)) ||
			grep -q '"whole":false' "$j.ledger" ;;
	none) [ "$n" -eq 0 ] && grep -q '"whole":false' "$j.ledger" &&
		grep -q '127.0.0.1' "$j.err" ;;
	esac
}
wire_fine() { # KIND
	local i code=0
	for i in "${!jobs[@]}"; do
		[ "${jobs[$i]%% *}" = "$1" ] || continue
		# shellcheck disable=SC2086
		wire_good "$i" ${jobs[$i]} || { code=1; echo "  ^ WRONG"; }
	done
	return $code
}
wire_check() {
	local k
	for k in "${kinds[@]}"; do
		check "$k: every fault ends, and is told or mended" wire_fine "$k"
	done
}
# One level of a target is listed, each of it by its own address.
wire_probed() { # KIND TARGET ADDRESS...
	local more=()
	wire_options '' "$1" all login
	trawl targets probe "${more[@]}" "$2" >"$W/probe.$1" 2>"$W/probe.err" &&
		diff <(shift 2; [ $# -eq 0 ] || printf '%s\n' "$@") \
		    <(sed -E 's/^ *(-|[0-9.]+ [A-Za-z]+)  //' "$W/probe.$1") ||
		{ cat "$W/probe.err"; return 1; }
}
wire_probe() { # KIND TARGET ADDRESS...
	check "$1: one level is listed" wire_probed "$@"
}
# ---- a scan that is under way ----
# Of a large object nothing is heard before its end: its first connection stands
# still instead, behind so many bytes, until the server ends it.
wire_hold() { # KIND BYTES
	HOLD["$1"]=$(free_port)
	python3 "$TOP/tests/scenario/relay.py" "${HOLD["$1"]}" "${PORT["$1"]}" \
	    "$2" "$W/held.$1" &
	PIDS["relay.$1"]=$!
	wait_for 10 listening "127.0.0.1:${HOLD["$1"]}"
}
wire_port() { echo "${HOLD["$1"]:-${PORT["$1"]}}"; }
wire_under_way() { # KIND OUTPUT
	if [ -n "${HOLD["$1"]:-}" ]; then
		test -e "$W/held.$1"
	else
		test -s "$2"
	fi
}
# ---- a server that ends under way and comes back ----
wire_again() { # KIND
	local more=() j=$W/again.$1
	wire_options '' "$1" all login
	wire_slowly "$1"
	timeout -k 1 "$BOUND" trawl scan --format jsonl --jobs 1 \
	    --types "${TYPES:-card_visa}" --coverage "$j.ledger" "${more[@]}" \
	    "$(url_of "$1" "$(wire_port "$1")" '' login)" >"$j.out" 2>"$j.err"
	echo $? >"$j.end"
}
wire_deaf() { ! listening "127.0.0.1:${PORT["$1"]}"; }
# When scans of all these kinds have found something, their server, which is
# PIDS[NAME] with all below it, is ended, and START starts it again.
wire_interrupt() { # NAME SIGNAL START KIND...
	local name=$1 signal=$2 start=$3 k its
	shift 3
	for k; do wire_again "$k" & done
	for k; do wait_for 30 wire_under_way "$k" "$W/again.$k.out"; done
	for k; do wc -l <"$W/again.$k.out" >"$W/again.$k.before"; done
	mapfile -t its < <(tree_pids "${PIDS["$name"]}")
	kill "-$signal" "${its[@]}"
	wait "${PIDS["$name"]}" 2>>"$W/killed"
	for k; do wait_for 10 wire_deaf "$k"; done
	"$start" &
	PIDS["$name"]=$!
}
wire_returned() { # KIND: some was found before, all in the end, each once
	local j=$W/again.$1 n twice
	wait_for "$BOUND" test -s "$j.end" || return 1
	n=$(wc -l <"$j.out")
	twice=$(jq -r '.path + " " + .place + " " + (.offset | tostring)' \
	    "$j.out" | sort | uniq -d | wc -l)
	echo "$1: $(<"$j.before") found before, $n in all, code $(<"$j.end"):" \
	    "$(head -n 1 "$j.err" | cut -c1-150)"
	[ -z "${HOLD["$1"]:-}" ] || test -e "$W/held.$1" || return 1
	[ "$(<"$j.before")" -lt "${WANT["$1"]}" ] && [ "$twice" -eq 0 ] &&
		[ "$n" -eq "${WANT["$1"]}" ] &&
		grep -q '"whole":true' "$j.ledger"
}
wire_come_back() { # KIND...
	local k
	for k; do
		check "$k: a server that ends and comes back: all of it, once" \
		    wire_returned "$k"
	done
}
# Without a word of the scenario: nothing softer, nothing excused; a password is
# sent with each connection.
wire_softer() { echo "$2"; }
wire_excused() { false; }
wire_sent() { grep -c "connection $1 " "$W/relays"; }
