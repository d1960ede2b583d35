# Sourced: servers on loopback that hold the same objects, for scenarios that
# start many of them side by side. The files beside this have a family each.
#
#   serve_KIND     prepares $W/KIND and becomes the server: for the background
#   start_KIND     becomes it again, where it was prepared
#   server_ports KIND...    gives each a port, which is its PORT[KIND]
#   servers_start KIND...   all of them; each is PIDS[KIND]
#   servers_wait KIND...    until they are there and full
#
# Of the scenario are
#   OBJECTS        how many objects it holds; each has what note() says
#   D              a folder of files: $D/in has the objects, by make_objects
secret='a made-up one' # of anna, where a server asks who comes
root=$([ "$(id -u)" -eq 0 ] && echo 1)
printf -v words '%0300d' 0
words=${words//0/x}
declare -A PORT=()

note() { # NUMBER
	echo "visa 4111 1111 1111 1111, no. $1 $words"
}
note_lines() { # the same, as text has it
	printf 'visa 4111 1111 1111 1111, no. %d\n%0300d\n' "$1" 0
}
make_objects() {
	local i
	mkdir -p "$D/in"
	for ((i = 0; i < OBJECTS; i++)); do note_lines $i >"$D/in/$i.txt"; done
}
login() { # NAME USER PASSWORD: a credential
	jq -n --arg u "$2" --arg p "$3" '{user: $u, password: $p}' >"$W/$1.json"
	chmod 600 "$W/$1.json"
}
as() { # USER COMMAND...: no server of tables runs as root
	local user=$1
	shift
	if [ -n "$root" ]; then
		exec setpriv --reuid="$user" --regid="$user" --clear-groups "$@"
	else
		exec "$@"
	fi
}
own() { # USER FOLDER
	[ -z "$root" ] || chown -R "$1": "$2"
}
server_ports() { # KIND...: each has another one
	local k port
	while read -r k port; do PORT["$k"]=$port; done \
		< <(paste -d' ' <(printf '%s\n' "$@") <(free_port $#))
}
servers_start() {
	local k
	for k; do
		"serve_$k" &
		PIDS["$k"]=$!
	done
}
server_is_up() { # some say when they are full
	listening "127.0.0.1:${PORT["$1"]}" &&
		[ ! -e "$W/$1.filling" ]
}
servers_wait() {
	local k
	for k; do
		wait_for 30 server_is_up "$k" || { echo "no server: $k"; return 1; }
	done
}
# In the background of a server that is filled when it runs.
filling() { # KIND COMMAND...
	local kind=$1
	shift
	: >"$W/$kind.filling"
	("$@" && rm "$W/$kind.filling") >"$W/$kind.fill" 2>&1 &
}
