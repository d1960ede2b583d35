#!/usr/bin/env bash
# 59_wire_stores: what 59_wire_faults does, for stores of objects and WebDAV:
# S3 and Swift (OpenStack Swift), blobs, queues and tables (Azurite), Apache. And
# then each server is ended under way and comes back, and what it holds deleted.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/wire.sh"
. "$(dirname "$0")/vanish.sh"
. "$(dirname "$0")/swift.sh"
for part in common stores; do . "$(dirname "$0")/servers/$part.sh"; done
scenario_begin
PATH=$PATH:/usr/sbin
S3_PAGE=6  # objects of a list
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
has() { [[ " ${kinds[*]} " == *" $1 "* ]]; }
azure() { has blob || has queue || has table; }

# ---- the same objects everywhere ----
D=$W/data
mkdir "$D"
python3 - "$D" "$OBJECTS" <<'P'
import os, sys
top, count = sys.argv[1], int(sys.argv[2])
for i in range(count):
    os.makedirs(f"{top}/{i % 4}", exist_ok=True)
    with open(f"{top}/{i % 4}/{i}.txt", "w") as f:
        f.write(f"visa 4111 1111 1111 1111, no. {i}\n" + "words " * 500 + "\n")
P
if azure; then
	prepare_azurite
	start_azurite &
	PIDS["azurite"]=$!
fi
if has dav; then
	prepare_apache
	start_apache &
	PIDS["apache"]=$!
	wait_for 15 listening "127.0.0.1:${PORT["dav"]}" || exit 1
fi
if has s3 || has swift; then
	swift_start "$W/swift" || exit 1
	fill_swift "$D" &
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
	fill_azure "$D" || exit 1
fi
[ -z "${put:-}" ] || wait "$put" || exit 1

url_of() { # KIND PORT
	local here=endpoint=http://127.0.0.1:$2
	case $1 in
	s3) echo "s3://cards?$here&region=made-up-1" ;;
	swift) echo "swift://cards?auth=http://127.0.0.1:$2/auth/v1.0&page=6" ;;
	blob) echo "azure://$azure_name/cards?$here/$azure_name&page=6" ;;
	queue) echo "azure-queue://$azure_name/?$here/$azure_name" ;;
	table) echo "azure-table://$azure_name/?$here/$azure_name&page=2" ;;
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

# ---- one level of what 57_azure does not look at ----
for k in queue table; do
	name=$k
	[ "$k" = queue ] || name=Table
	! has "$k" || wire_probe "$k" "$(url_of "$k" "${PORT["$k"]}")" \
	    "azure-$k://$azure_name/$name"{0..3}"/?$(url_of "$k" "${PORT["$k"]}" | cut -d'?' -f2)"
done

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
[ ${#some[@]} -eq 0 ] || wire_interrupt apache KILL start_apache "${some[@]}"
mapfile -t some < <(those blob queue table) # by TERM: then it writes all
[ ${#some[@]} -eq 0 ] || wire_interrupt azurite TERM start_azurite "${some[@]}"
wire_come_back "${kinds[@]}"

# ---- and at last what they hold is deleted while it is read ----
vanish_url() { url_of "$1" "${PORT["$1"]}"; }
vanish_slowly() { # KIND
	case $1 in
	queue | table) more+=(--option rate=1) ;;
	*) more+=(--option rate=2) ;;
	esac
}
# S3 and Swift read the same container: it goes when both have begun.
vanish_begun() { # KIND OUTPUT
	local k shared
	case $1 in s3 | swift) shared=$(those s3 swift) ;; *) shared=$1 ;; esac
	for k in $shared; do test -s "$W/of-$k.out" || return 1; done
}
vanish_s3() { empty_swift; }
vanish_swift() { empty_swift; }
vanish_blob() { empty_azure blob; }
vanish_queue() { empty_azure queue; }
vanish_table() { empty_azure table; }
vanish_dav() { rm -r "$D"/*; }
for k in "${kinds[@]}"; do vanish "$k" & done
vanish_check "${kinds[@]}"
scenario_end
