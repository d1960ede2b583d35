# Sourced behind common.sh: PostgreSQL, MariaDB, Firebird: a table "notes" each,
# which anna may read; and a server of our own that plays SQL Server, with what
# tds.py has. A scenario that wants more there redefines
#   more_sql KIND   prints what is said behind the rows
more_sql() { :; }
notes_table() {
	echo 'create table notes(id int not null primary key, note varchar(400));'
}
notes_rows() {
	local i
	for ((i = 0; i < OBJECTS; i++)); do
		echo "insert into notes values ($i, '$(note $i)');"
	done
}

# ---- PostgreSQL; for ODBC as well, under that name ----
pg_bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
prepare_pgsql() { # KIND
	local s=$W/$1
	mkdir "$s" && own postgres "$s" && echo "$secret" >"$s.password" &&
		chmod 644 "$s.password" &&
		(as postgres "$pg_bin/initdb" -D "$s/data" -A scram-sha-256 \
		    -U anna -N --pwfile="$s.password" -E UTF8 --locale=C) \
		    >"$s.init" 2>&1
}
fill_pgsql() { # KIND
	{ notes_table; notes_rows; more_sql "$1"; } >"$W/$1.sql"
	wait_for 15 "$pg_bin/pg_isready" -q -h 127.0.0.1 -p "${PORT["$1"]}" &&
		PGPASSWORD=$secret psql -q -1 -v ON_ERROR_STOP=1 -h 127.0.0.1 \
		    -p "${PORT["$1"]}" -U anna -d postgres -f "$W/$1.sql"
}
start_pgsql() { # KIND
	as postgres "$pg_bin/postgres" -D "$W/$1/data" -p "${PORT["$1"]}" \
	    -c listen_addresses=127.0.0.1 -c "unix_socket_directories=$W/$1" \
	    -c fsync=off >>"$W/$1.log" 2>&1
}
serve_pgsql() { # [KIND]
	local kind=${1:-pgsql}
	prepare_pgsql "$kind" || return
	filling "$kind" fill_pgsql "$kind"
	start_pgsql "$kind"
}

# ---- MariaDB ----
maria() { mariadb --no-defaults -S "$W/mysql/sock" -u root "$@"; }
fill_mysql() {
	{
		echo "create user anna identified by '$secret'; create database shop;"
		echo 'grant select on shop.* to anna; use shop;'
		notes_table
		echo 'begin;'
		notes_rows
		more_sql mysql
		echo 'commit;'
	} >"$W/mysql.sql"
	wait_for 30 test -S "$W/mysql/sock" && wait_for 10 maria -e 'select 1' &&
		maria <"$W/mysql.sql"
}
serve_mysql() {
	local s=$W/mysql
	mkdir "$s" && own mysql "$s" || return
	(as mysql mariadb-install-db --no-defaults --datadir="$s/data" \
	    --auth-root-authentication-method=normal --skip-test-db) \
	    >"$W/mysql.init" 2>&1
	filling mysql fill_mysql
	as mysql mariadbd --no-defaults --datadir="$s/data" \
	    --port="${PORT["mysql"]}" --bind-address=127.0.0.1 \
	    --socket="$s/sock" --pid-file="$s/pid" --tmpdir="$s" \
	    --skip-name-resolve --log-warnings=2 \
	    --innodb-flush-log-at-trx-commit=0 >"$W/mysql.log" 2>&1
}

# ---- Firebird ----
firebird_env() { # COMMAND...
	local s=$W/firebird
	env "FIREBIRD=$s" "FIREBIRD_TMP=$s" "FIREBIRD_LOCK=$s/lock" "$@"
}
# It says what fails, and goes on without -bail.
isql() { firebird_env isql-fb -q -bail -ch UTF8 -i /dev/stdin; }
prepare_firebird() {
	local s=$W/firebird lib f
	lib=$(dirname "$(ls -d /usr/lib/*/firebird/3.0/plugins | head -n 1)")
	mkdir -p "$s/lock"
	for f in plugins intl firebird.msg plugins.conf; do ln -s "$lib/$f" "$s/"; done
	cat >"$s/firebird.conf" <<-END
	ServerMode = Classic
	SecurityDatabase = $s/security.fdb
	AuthServer = Srp256, Srp
	UserManager = Srp
	END
	echo "shop = $s/shop.fdb" >"$s/databases.conf"
	isql <<-END &&
	create database '$s/security.fdb' user 'SYSDBA' page_size 8192;
	input '/usr/share/firebird/3.0/security.sql';
	commit;
	create user SYSDBA password 'made-up-1';
	create user ANNA password '$secret';
	commit;
	END
	{
		echo "create database '$s/shop.fdb' user 'SYSDBA' page_size 16384 default character set utf8;"
		notes_table
		echo 'commit;'
		notes_rows
		more_sql firebird
		echo 'commit; grant select on notes to user anna; commit;'
	} | isql
}
start_firebird() { # it listens where it is told only behind inetd
	exec env "FIREBIRD=$W/firebird" "FIREBIRD_TMP=$W/firebird" \
	    "FIREBIRD_LOCK=$W/firebird/lock" python3 \
	    "$TOP/tests/scenario/inetd.py" "${PORT["firebird"]}" \
	    "$(command -v firebird || echo /usr/sbin/firebird)" \
	    >>"$W/firebird.log" 2>&1
}
serve_firebird() {
	prepare_firebird >"$W/isql.log" 2>&1 && start_firebird
}

serve_tds() {
	exec python3 "$TOP/tests/scenario/tds.py" "${PORT["tds"]}" 6000 \
	    "$W/tds.log" >"$W/tds.err" 2>&1
}
