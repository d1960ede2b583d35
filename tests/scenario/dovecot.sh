# Sourced: Dovecot for one protocol, in a folder and for a user of the scenario's.
dovecot_conf() { # FOLDER PROTOCOL USER GROUP MAIL-LOCATION; PORT has the port
	local s=$1
	cat >"$s/conf" <<-C
	base_dir = $s/run
	state_dir = $s/run
	instance_name = trawl-${PORT["$2"]}
	default_internal_user = $3
	default_internal_group = $4
	default_login_user = $3
	log_path = $s/log
	auth_verbose = yes
	auth_failure_delay = 0
	protocols = $2
	listen = 127.0.0.1
	ssl = no
	disable_plaintext_auth = no
	mail_location = $5
	mail_uid = $3
	mail_gid = $4
	first_valid_uid = 1
	mail_max_userip_connections = 100
	passdb {
	  driver = passwd-file
	  args = scheme=PLAIN username_format=%u $s/users
	}
	userdb {
	  driver = static
	  args = uid=$3 gid=$4 home=$s
	}
	service $2-login {
	  chroot =
	  inet_listener $2 {
	    port = ${PORT["$2"]}
	  }
	  inet_listener ${2}s {
	    port = 0
	  }
	}
	service anvil {
	  chroot =
	}
	C
}
