# Sourced behind common.sh: Dovecot, for one protocol each.
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
serve_dovecot() { # PROTOCOL FOLDER LOCATION: the messages are put into FOLDER
	local s=$W/$1 me=nobody group=nogroup i
	[ -n "$root" ] || { me=$(id -un) group=$(id -gn); }
	mkdir -p "$s/run" "$2/"{cur,new,tmp}
	for ((i = 0; i < OBJECTS; i++)); do
		{
			printf 'From: a@example.org\nSubject: x\n\n'
			note_lines $i
		} >"$2/new/1.$i"
	done
	dovecot_conf "$s" "$1" "$me" "$group" "$3"
	echo "anna:$secret" >"$s/users"
	chown -R "$me:$group" "$s" && chmod 755 "$s"
	start_dovecot "$1"
}
start_dovecot() { # PROTOCOL
	exec dovecot -F -c "$W/$1/conf" >>"$W/$1/out" 2>&1
}
serve_imap() {
	local mail=$W/imap/mail
	serve_dovecot imap "$mail/INBOX" "maildir:$mail:LAYOUT=fs:INBOX=$mail/INBOX"
}
serve_pop3() { serve_dovecot pop3 "$W/pop3/mail" "maildir:$W/pop3/mail"; }
