# Sourced: an OpenStack Swift on loopback, with its own API and that of S3.
#
#   swift_start DIR [FILTERS FILE]   sets SWIFT_PORT, or takes it; user
#                      test:tester, key testing, unless FILTERS of FILE say
#                      who may come in
#
# One of everything, one replica, no daemon that repairs. /etc/swift/swift.conf
# is that of the package.
swift_rings() {
	local dir=$1 kind
	local -A port=()
	for kind in account container object; do
		port[$kind]=$(free_port)
		cat >"$dir/$kind.conf" <<-C
			[DEFAULT]
			bind_ip = 127.0.0.1
			bind_port = ${port[$kind]}
			workers = 0
			user = $(id -un)
			swift_dir = $dir
			devices = $dir/devices
			mount_check = false
			log_address = $dir/none
			fallocate_reserve = 0
			[pipeline:main]
			pipeline = $kind-server
			[app:$kind-server]
			use = egg:swift#$kind
		C
	done
	/usr/bin/python3 - "$dir" "${port[account]}" "${port[container]}" \
		"${port[object]}" <<-'P'
		import sys
		from swift.common.ring import RingBuilder
		kinds = ["account", "container", "object"]
		for kind, port in zip(kinds, sys.argv[2:]):
		    b = RingBuilder(4, 1, 0)
		    b.add_dev(dict(region=1, zone=1, ip="127.0.0.1", port=int(port),
		                   replication_ip="127.0.0.1", device="d1", meta="",
		                   replication_port=int(port), weight=1.0))
		    b.rebalance()
		    b.get_ring().save("%s/%s.ring.gz" % (sys.argv[1], kind))
	P
}

swift_start() {
	local dir=$1 filters=${2:-s3api tempauth} more=${3:-/dev/null} kind memory
	SWIFT_PORT=${SWIFT_PORT:-$(free_port)} memory=$(free_port)
	mkdir -p "$dir/devices/d1"
	swift_rings "$dir"
	cat >"$dir/proxy.conf" <<-C
		[DEFAULT]
		bind_ip = 127.0.0.1
		bind_port = $SWIFT_PORT
		workers = 0
		user = $(id -un)
		swift_dir = $dir
		log_address = $dir/none
		[pipeline:main]
		pipeline = catch_errors cache listing_formats $filters bulk slo dlo versioned_writes symlink proxy-server
		[app:proxy-server]
		use = egg:swift#proxy
		account_autocreate = true
		conn_timeout = 10
		error_suppression_limit = 1000
		[filter:catch_errors]
		use = egg:swift#catch_errors
		[filter:cache]
		use = egg:swift#memcache
		memcache_servers = 127.0.0.1:$memory
		# a busy machine is slow: tokens are not forgotten for that
		connect_timeout = 10
		pool_timeout = 10
		io_timeout = 10
		error_suppression_limit = 1000
		[filter:listing_formats]
		use = egg:swift#listing_formats
		[filter:s3api]
		use = egg:swift#s3api
		max_bucket_listing = ${S3_PAGE:-100}
		location = made-up-1
		[filter:tempauth]
		use = egg:swift#tempauth
		user_test_tester = testing .admin
		[filter:versioned_writes]
		use = egg:swift#versioned_writes
		allow_object_versioning = true
		[filter:symlink]
		use = egg:swift#symlink
		[filter:bulk]
		use = egg:swift#bulk
		[filter:slo]
		use = egg:swift#slo
		[filter:dlo]
		use = egg:swift#dlo
	C
	cat "$more" >>"$dir/proxy.conf"
	memcached -l 127.0.0.1 -p "$memory" -u "$(id -un)" >>"$dir/log" 2>&1 &
	PIDS[memcached]=$!
	for kind in account container object proxy; do
		swift-$kind-server "$dir/$kind.conf" >>"$dir/log" 2>&1 &
		PIDS[swift-$kind]=$!
	done
	wait_for 60 listening "127.0.0.1:$SWIFT_PORT"
}
