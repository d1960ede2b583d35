# Sourced behind common.sh: OpenSSH, nginx, Samba, NFS-Ganesha. The last two
# want root. $W/ssh.json and $W/smb.json are credentials for theirs.
serve_ssh() {
	local s=$W/ssh
	mkdir -p "$s" && chmod 711 "$s" && mkdir -p /run/sshd 2>/dev/null
	ssh-keygen -q -t ed25519 -N '' -f "$s/host" &&
		ssh-keygen -q -t ed25519 -N '' -f "$s/key" || return
	printf '%s\n' "Port ${PORT["ssh"]}" 'ListenAddress 127.0.0.1' \
	    "HostKey $s/host" "AuthorizedKeysFile $s/key.pub" 'StrictModes no' \
	    'PermitRootLogin yes' 'Subsystem sftp internal-sftp' \
	    'MaxStartups 100' "PidFile $s/pid" >"$s/config"
	jq -n --arg k "$s/key" '{key_file: $k}' >"$W/ssh.json"
	chmod 600 "$W/ssh.json"
	exec /usr/sbin/sshd -D -e -f "$s/config" 2>"$s/log"
}
serve_http() {
	local s=$W/http
	mkdir -p "$s"
	cat >"$s/conf" <<-C
	daemon off; pid $s/pid; error_log $s/error; worker_processes 1;
	events { }
	http { access_log $s/log; client_body_temp_path $s/1;
		proxy_temp_path $s/2; fastcgi_temp_path $s/3;
		uwsgi_temp_path $s/4; scgi_temp_path $s/5;
		server { listen 127.0.0.1:${PORT["http"]}; root $D;
			autoindex on; auth_basic x; auth_basic_user_file $s/users; } }
	C
	printf 'anna:%s\n' "$(openssl passwd -apr1 "$secret")" >"$s/users"
	chmod -R a+rX "$s" "$D"
	exec nginx -c "$s/conf" 2>"$s/out"
}
serve_smb() {
	local s=$W/smb
	mkdir -p "$s"/{private,lock,state,cache,pid,ncalrpc}
	cat >"$s/conf" <<-C
	[global]
	server role = standalone server
	interfaces = 127.0.0.1/8
	bind interfaces only = yes
	private dir = $s/private
	lock directory = $s/lock
	state directory = $s/state
	cache directory = $s/cache
	pid directory = $s/pid
	ncalrpc dir = $s/ncalrpc
	passdb backend = smbpasswd:$s/smbpasswd
	log file = $s/log
	log level = 1 auth_audit:3
	load printers = no
	disable spoolss = yes
	server services = smb
	smb ports = ${PORT["smb"]}
	[files]
	path = $D
	C
	printf '%s\n%s\n' "$secret" "$secret" |
		smbpasswd -c "$s/conf" -s -a root >"$s/passwd.log" 2>&1
	login smb root "$secret"
	exec setsid smbd -F --no-process-group -s "$s/conf" </dev/null >"$s/out" 2>&1
}
serve_nfs() {
	cat >"$W/nfs.conf" <<-C
	NFS_CORE_PARAM{Protocols=4;NFS_Port=${PORT["nfs"]};Bind_addr=127.0.0.1;
		Enable_NLM=false;Enable_RQUOTA=false;Enable_UDP=false;}
	NFSv4{Graceless=true;RecoveryBackend=fs;RecoveryRoot=$W/nfs;}
	EXPORT{Export_Id=1;Path=$D;Pseudo=/data;Access_Type=RO;
		SecType=sys;Filesystem_id=1.1;FSAL{Name=VFS;}}
	C
	mkdir "$W/nfs"
	exec ganesha.nfsd -F -f "$W/nfs.conf" -L "$W/nfs.log" -p "$W/nfs.pid" \
	    >"$W/nfs.out" 2>&1
}
