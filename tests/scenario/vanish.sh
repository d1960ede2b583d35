# Sourced behind wire.sh: what is deleted on its server while it is read. What
# came before stands, nothing is there twice, what was not read is named as gone,
# and the scan ends by itself.
#
# A scenario says
#   vanish_url KIND     the target, of which something goes
#   vanish_KIND         deletes it
#   vanish_as KIND      the credential
#   vanish_slowly KIND  adds to `more` what makes a scan last seconds
#   vanish_begun KIND OUTPUT  whether enough of it was read
vanish_as() { echo login; }
vanish_begun() { wire_under_way "$@"; }
vanish_slowly() { more+=(--option rate=40); }
vanish() { # KIND
	local more=() v=$W/of-$1 url
	url=$(vanish_url "$1")
	wire_options '' "$1" all "$(vanish_as "$1")"
	vanish_slowly "$1"
	: >"$v.out"
	timeout -k 1 "$BOUND" trawl scan --format jsonl --jobs 1 \
	    --types "${TYPES:-card_visa}" --coverage "$v.ledger" "${more[@]}" \
	    "$url" >"$v.out" 2>"$v.err" &
	local pid=$!
	wait_for 30 vanish_begun "$1" "$v.out"
	"vanish_$1" >"$v.log" 2>&1
	wait $pid
	echo $? >"$v.end"
}
# Of an object that was being read it is told as a part.
vanished() { # KIND WANT
	local v=$W/of-$1 n twice
	wait_for "$BOUND" test -s "$v.end" || return 1
	n=$(wc -l <"$v.out")
	twice=$(jq -r '.path + " " + .place + " " + (.offset | tostring)' \
	    "$v.out" | sort | uniq -d | wc -l)
	echo "$1: $n found, code $(<"$v.end"):" \
	    "$(jq -c 'select(.totals).totals | [.objects, .unread, .reasons]' "$v.ledger")"
	[ "$(<"$v.end")" -le 2 ] && [ "$n" -gt 0 ] && [ "$n" -lt "$2" ] &&
		[ "$twice" -eq 0 ] && grep -q '"whole":false' "$v.ledger" &&
		grep -qE '"reason":"vanished"|"partial":[1-9]' "$v.ledger"
}
vanish_check() { # KIND...
	local k
	for k; do
		check "$k: what is deleted while it is read is told, what was read stands" \
		    vanished "$k" "${WANT["$k"]}"
	done
}
