#include "source/kind.h"

#include <string.h>

#include "base/str.h"
#include "source/url.h"

/* Of a forward proxy; see the options proxy and proxy_auth. */
#define WAY " proxy_user proxy_password"

const struct kind kinds[] = {
    {
	.scheme = "sftp",
	.title = "files over SFTP",
	.ports = "22",
	.form = "sftp://USER@HOST[:PORT]/PATH",
	.access = "user password key passphrase agent",
	.options =
	    "host_key accept_host_key sha1 include exclude max_size newer "
	    "older rate",
	.versions = true,
	.honesty = KIND_PRODUCT,
	.tested = "OpenSSH 9.2",
    },
    {
	.scheme = "ssh",
	.title = "a Unix host over SSH",
	.ports = "22",
	.form = "ssh://USER@HOST[:PORT]/PATH",
	.access = "user password key passphrase agent",
	.options = "host_key accept_host_key sha1 by sudo mounts include "
		   "exclude max_size newer older rate",
	.versions = true,
	.honesty = KIND_PRODUCT,
	.tested = "OpenSSH 9.2",
    },
    {
	.scheme = "nfs",
	.title = "folders that a server exports over NFS",
	.ports = "2049, 111",
	.form = "nfs://HOST[:PORT]/EXPORT/PATH",
	.access = "",
	.options = "version uid gid owner mounts nfs_port mount_port include "
		   "exclude max_size newer older rate",
	.versions = true,
	.honesty = KIND_PRODUCT,
	.tested = "NFS-Ganesha 4.3, versions 3 and 4.0",
	.reader = "trawl-source-nfs",
    },
    {
	.scheme = "smb",
	.title = "files of a share of Windows or Samba",
	.ports = "445, 139",
	.form = "smb://[DOMAIN;]USER@HOST[:PORT]/[SHARE[/PATH]]",
	.access = "user password keytab",
	.options = "domain auth realm kdc encrypt signing smb1 links offline "
		   "sessions streams include exclude max_size newer older rate",
	.versions = true,
	.honesty = KIND_PRODUCT,
	.tested = "Samba 4.17, also with a realm of MIT Kerberos",
	.reader = "trawl-source-smb",
    },
    {
	.scheme = "imap",
	.title = "a mailbox over IMAP",
	.ports = "143",
	.form = "imap://USER@HOST[:PORT]/[FOLDER]",
	.access = "user password token client_id client_secret "
		  "refresh_token client_email private_key tenant sign_in ca",
	.options = "include exclude since before rate",
	.versions = true,
	.honesty = KIND_PRODUCT,
	.tested = "Dovecot 2.3",
    },
    {
	.scheme = "imaps",
	.title = "a mailbox over IMAP with TLS",
	.ports = "993",
	.form = "imaps://USER@HOST[:PORT]/[FOLDER]",
	.access = "user password token client_id client_secret "
		  "refresh_token client_email private_key tenant sign_in ca",
	.options = "include exclude since before rate",
	.versions = true,
	.honesty = KIND_PRODUCT,
	.tested = "Dovecot 2.3",
    },
    {
	.scheme = "pop3",
	.title = "a mailbox over POP3",
	.ports = "110",
	.form = "pop3://USER@HOST[:PORT]/",
	.access = "user password token client_id client_secret "
		  "refresh_token client_email private_key tenant sign_in ca",
	.options = "rate",
	.versions = true,
	.honesty = KIND_PRODUCT,
	.tested = "Dovecot 2.3",
    },
    {
	.scheme = "pop3s",
	.title = "a mailbox over POP3 with TLS",
	.ports = "995",
	.form = "pop3s://USER@HOST[:PORT]/",
	.access = "user password token client_id client_secret "
		  "refresh_token client_email private_key tenant sign_in ca",
	.options = "rate",
	.versions = true,
	.honesty = KIND_PRODUCT,
	.tested = "Dovecot 2.3",
    },
    {
	.scheme = "ews",
	.title = "a mailbox of Exchange by its web services",
	.ports = "443",
	.form = "ews://HOST[:PORT]/MAILBOX[/FOLDER]",
	.access = "user password client_id client_secret refresh_token token "
		  "tenant sign_in ca" WAY,
	.options = "access auth include exclude newer older certificate "
		   "ca_file proxy proxy_auth rate sessions",
	.versions = true,
	.honesty = KIND_FIXTURE,
	.tested = "a server of ours with NTLM, basic and OAuth",
    },
    {
	.scheme = "http",
	.title = "a web site",
	.ports = "80",
	.form = "http://HOST[:PORT]/[FOLDER]",
	.access = "user password token cookie ca" WAY,
	.options = "depth pages hosts within include exclude robots sitemaps "
		   "auth certificate ca_file proxy proxy_auth rate sessions",
	.versions = true,
	.honesty = KIND_PRODUCT,
	.tested = "nginx 1.22; NTLM: Squid 5.7 with Samba 4.17",
    },
    {
	.scheme = "https",
	.title = "a web site over TLS",
	.ports = "443",
	.form = "https://HOST[:PORT]/[FOLDER]",
	.access = "user password token cookie ca" WAY,
	.options = "depth pages hosts within include exclude robots sitemaps "
		   "auth certificate ca_file proxy proxy_auth rate sessions",
	.versions = true,
	.honesty = KIND_PRODUCT,
	.tested = "nginx 1.22; NTLM: Squid 5.7 with Samba 4.17",
    },
    {
	.scheme = "s3",
	.title = "a bucket of S3 or of a store like it",
	.ports = "443",
	.form = "s3://BUCKET/[PREFIX][?endpoint=URL&region=NAME]",
	.access = "user password token ca" WAY,
	.options =
	    "endpoint region style versions include exclude max_size "
	    "newer older certificate ca_file proxy proxy_auth rate sessions",
	.versions = true,
	.honesty = KIND_PROTOCOL,
	.tested = "OpenStack Swift 2.30 (s3api)",
    },
    {
	.scheme = "azure",
	.title = "blobs of Azure Storage",
	.ports = "443",
	.form = "azure://ACCOUNT/[CONTAINER/[PREFIX]][?endpoint=URL]",
	.access = "password token ca" WAY,
	.options = "endpoint signature page snapshots versions include exclude "
		   "max_size newer older "
		   "certificate ca_file proxy proxy_auth rate sessions",
	.versions = true,
	.honesty = KIND_PROTOCOL,
	.tested = "Azurite 3.31",
    },
    {
	.scheme = "azure-queue",
	.title = "messages in queues of Azure Storage",
	.ports = "443",
	.form = "azure-queue://ACCOUNT/[QUEUE][?endpoint=URL]",
	.access = "password token ca" WAY,
	.options = "endpoint signature certificate ca_file proxy proxy_auth "
		   "rate sessions",
	.honesty = KIND_PROTOCOL,
	.tested = "Azurite 3.31",
    },
    {
	.scheme = "azure-table",
	.title = "rows in tables of Azure Storage",
	.ports = "443",
	.form = "azure-table://ACCOUNT/[TABLE][?endpoint=URL]",
	.access = "password token ca" WAY,
	.options = "endpoint signature page certificate ca_file proxy "
		   "proxy_auth rate sessions",
	.honesty = KIND_PROTOCOL,
	.tested = "Azurite 3.31",
    },
    {
	.scheme = "swift",
	.title = "containers of OpenStack Swift",
	.ports = "443",
	.form = "swift://[CONTAINER/[PREFIX]]?auth=URL",
	.access = "user password api_key ca" WAY,
	.options = "auth project domain region page include exclude max_size "
		   "newer older tls certificate ca_file proxy proxy_auth rate "
		   "sessions",
	.versions = true,
	.honesty = KIND_PRODUCT,
	.tested = "OpenStack Swift 2.30, Keystone 22; Rackspace's sign-in: a "
		  "server of ours",
    },
    {
	.scheme = "dav",
	.title = "files over WebDAV",
	.ports = "80",
	.form = "dav://USER@HOST[:PORT]/PATH",
	.access = "user password token ca" WAY,
	.options = "include exclude max_size newer older auth tls "
		   "certificate ca_file proxy proxy_auth rate sessions",
	.versions = true,
	.honesty = KIND_PRODUCT,
	.tested = "Apache 2.4 (mod_dav)",
    },
    {
	.scheme = "davs",
	.title = "files over WebDAV with TLS",
	.ports = "443",
	.form = "davs://USER@HOST[:PORT]/PATH",
	.access = "user password token ca" WAY,
	.options = "include exclude max_size newer older auth tls "
		   "certificate ca_file proxy proxy_auth rate sessions",
	.versions = true,
	.honesty = KIND_PRODUCT,
	.tested = "Apache 2.4 (mod_dav)",
    },
    {
	.scheme = "onedrive",
	.title = "files of people at Microsoft 365",
	.ports = "443",
	.form = "onedrive://TENANT/[USER[/FOLDER]]",
	.access = "client_id client_secret refresh_token token tenant "
		  "endpoint sign_in ca" WAY,
	.options = "cloud include exclude max_size newer older ca_file proxy "
		   "proxy_auth rate "
		   "sessions",
	.versions = true,
	.honesty = KIND_FIXTURE,
	.tested = "a server of ours with Graph's answers",
    },
    {
	.scheme = "sharepoint",
	.title = "libraries of SharePoint Online",
	.ports = "443",
	.form = "sharepoint://HOST/[sites/NAME[/LIBRARY]]",
	.access = "client_id client_secret refresh_token token tenant "
		  "endpoint sign_in ca" WAY,
	.options = "cloud include exclude max_size newer older ca_file proxy "
		   "proxy_auth rate "
		   "sessions",
	.versions = true,
	.honesty = KIND_FIXTURE,
	.tested = "a server of ours with Graph's answers",
    },
    {
	.scheme = "outlook",
	.title = "mail of Exchange Online",
	.ports = "443",
	.form = "outlook://TENANT/[USER[/FOLDER]]",
	.access = "client_id client_secret refresh_token token tenant "
		  "endpoint sign_in ca" WAY,
	.options = "cloud include exclude newer older ca_file proxy proxy_auth "
		   "rate sessions",
	.versions = true,
	.honesty = KIND_FIXTURE,
	.tested = "a server of ours with Graph's answers",
    },
    {
	.scheme = "gdrive",
	.title = "files of Google Drive",
	.ports = "443",
	.form = "gdrive://USER@DOMAIN/[My Drive[/FOLDER]]",
	.access = "client_email private_key client_id client_secret "
		  "refresh_token token endpoint sign_in ca" WAY,
	.options = "include exclude max_size newer older ca_file proxy "
		   "proxy_auth rate sessions",
	.versions = true,
	.honesty = KIND_FIXTURE,
	.tested = "a server of ours with Drive's answers",
    },
    {
	.scheme = "gcs",
	.title = "a bucket of Google Cloud Storage",
	.ports = "443",
	.form = "gcs://BUCKET/[PREFIX]",
	.access = "client_email private_key client_id client_secret "
		  "refresh_token token endpoint sign_in ca" WAY,
	.options = "include exclude max_size newer older ca_file proxy "
		   "proxy_auth rate sessions",
	.versions = true,
	.honesty = KIND_FIXTURE,
	.tested = "a server of ours with its answers",
    },
    {
	.scheme = "gmail",
	.title = "mail of Gmail",
	.ports = "443",
	.form = "gmail://USER@DOMAIN/",
	.access = "client_email private_key client_id client_secret "
		  "refresh_token token endpoint sign_in ca" WAY,
	.options = "since before query ca_file proxy proxy_auth rate sessions",
	.versions = true,
	.honesty = KIND_FIXTURE,
	.tested = "a server of ours with its answers",
    },
    {
	.scheme = "dropbox",
	.title = "files of Dropbox",
	.ports = "443",
	.form = "dropbox://USER@DOMAIN/[FOLDER]",
	.access = "client_id client_secret refresh_token token endpoint "
		  "content sign_in ca" WAY,
	.options = "include exclude max_size newer older ca_file proxy "
		   "proxy_auth rate sessions",
	.versions = true,
	.honesty = KIND_FIXTURE,
	.tested = "a server of ours with its answers",
    },
    {
	.scheme = "box",
	.title = "files of Box",
	.ports = "443",
	.form = "box://USER@DOMAIN/[FOLDER]",
	.access = "client_id client_secret enterprise_id user_id "
		  "refresh_token token endpoint sign_in ca" WAY,
	.options = "include exclude max_size newer older ca_file proxy "
		   "proxy_auth rate sessions",
	.versions = true,
	.honesty = KIND_FIXTURE,
	.tested = "a server of ours with its answers",
    },
    {
	.scheme = "pgsql",
	.title = "tables of PostgreSQL",
	.ports = "5432",
	.form = "pgsql://USER@HOST[:PORT]/[DATABASE[/SCHEMA[/TABLE]]]",
	.access = "user password ca",
	.options = "include exclude views sample rate statement_timeout "
		   "lock_timeout tls",
	.honesty = KIND_PRODUCT,
	.tested = "PostgreSQL 15",
	.reader = "trawl-source-sql",
    },
    {
	.scheme = "mysql",
	.title = "tables of MariaDB or MySQL",
	.ports = "3306",
	.form = "mysql://USER@HOST[:PORT]/[DATABASE[/TABLE]]",
	.access = "user password ca",
	.options = "include exclude views sample rate statement_timeout "
		   "lock_timeout tls",
	.honesty = KIND_PRODUCT,
	.tested = "MariaDB 10.11",
	.reader = "trawl-source-sql",
    },
    {
	.scheme = "mariadb",
	.title = "tables of MariaDB or MySQL",
	.ports = "3306",
	.form = "mariadb://USER@HOST[:PORT]/[DATABASE[/TABLE]]",
	.access = "user password ca",
	.options = "include exclude views sample rate statement_timeout "
		   "lock_timeout tls",
	.honesty = KIND_PRODUCT,
	.tested = "MariaDB 10.11",
	.reader = "trawl-source-sql",
    },
    {
	.scheme = "mssql",
	.title = "tables of SQL Server or Azure SQL",
	.ports = "1433",
	.form = "mssql://USER@HOST[:PORT]/[DATABASE[/SCHEMA[/TABLE]]]",
	.access = "user password ca",
	.options = "include exclude views sample rate lock_timeout tls",
	.honesty = KIND_FIXTURE,
	.tested = "our own server of TDS 7.4, also over TLS",
	.reader = "trawl-source-sql",
    },
    {
	.scheme = "sybase",
	.title = "tables of SAP ASE (Sybase)",
	.ports = "5000, 3638",
	.form = "sybase://USER@HOST[:PORT]/[DATABASE[/SCHEMA[/TABLE]]]",
	.access = "user password ca",
	.options = "include exclude views sample rate lock_timeout tls",
	.honesty = KIND_FIXTURE,
	.tested = "our own server of TDS 5.0, without TLS",
	.reader = "trawl-source-sql",
    },
    {
	.scheme = "derby",
	.title = "tables of Apache Derby",
	.ports = "1527",
	.form = "derby://USER@HOST[:PORT]/DATABASE[/SCHEMA[/TABLE]]",
	.access = "user password ca",
	.options = "include exclude views sample rate tls",
	.honesty = KIND_PRODUCT,
	.tested = "Apache Derby 10.14",
	.reader = "trawl-source-sql",
    },
    {
	.scheme = "drda",
	.title = "tables of DB2, by its own protocol, without a driver",
	.ports = "50000",
	.form = "drda://USER@HOST[:PORT]/DATABASE[/SCHEMA[/TABLE]]",
	.access = "user password ca",
	.options = "include exclude views sample rate tls",
	.honesty = KIND_PROTOCOL,
	.tested = "Apache Derby 10.14; DB2's own catalogue on no server",
	.reader = "trawl-source-sql",
    },
    {
	.scheme = "mongodb",
	.title = "collections of MongoDB",
	.ports = "27017",
	.form = "mongodb://[USER@]HOST[:PORT]/[DATABASE[/COLLECTION]]",
	.access = "user password ca",
	.options = "auth views tls include exclude rate",
	.honesty = KIND_FIXTURE,
	.tested = "a server of ours, as libmongoc 1.23 speaks with it",
	.reader = "trawl-source-data",
    },
    {
	.scheme = "ldap",
	.title = "entries of a directory",
	.ports = "389",
	.form = "ldap://HOST[:PORT]/[BASE DN]",
	.access = "user password ca",
	.options = "filter attributes operational scope tls rate",
	.honesty = KIND_PRODUCT,
	.tested = "OpenLDAP 2.5",
	.reader = "trawl-source-data",
    },
    {
	.scheme = "ldaps",
	.title = "entries of a directory over TLS",
	.ports = "636",
	.form = "ldaps://HOST[:PORT]/[BASE DN]",
	.access = "user password ca",
	.options = "filter attributes operational scope tls rate",
	.honesty = KIND_PRODUCT,
	.tested = "OpenLDAP 2.5",
	.reader = "trawl-source-data",
    },
    {
	.scheme = "redis",
	.title = "keys of Redis",
	.ports = "6379",
	.form = "redis://[USER@]HOST[:PORT][/DATABASE[/KEY]]",
	.access = "user password ca",
	.options = "include exclude rate",
	.honesty = KIND_PRODUCT,
	.tested = "Redis 7.0",
	.reader = "trawl-source-data",
    },
    {
	.scheme = "rediss",
	.title = "keys of Redis over TLS",
	.ports = "6379",
	.form = "rediss://[USER@]HOST[:PORT][/DATABASE[/KEY]]",
	.access = "user password ca",
	.options = "include exclude rate",
	.honesty = KIND_PRODUCT,
	.tested = "Redis 7.0",
	.reader = "trawl-source-data",
    },
    {
	.scheme = "firebird",
	.title = "tables of Firebird",
	.ports = "3050",
	.form = "firebird://USER@HOST[:PORT]/DATABASE[/TABLE]",
	.access = "user password",
	.options = "include exclude views sample rate tls",
	.honesty = KIND_PRODUCT,
	.tested = "Firebird 3.0",
	.reader = "trawl-source-firebird",
    },
    {
	.scheme = "oracle",
	.title = "tables of Oracle, by its ODBC driver",
	.ports = "1521",
	.form = "oracle://USER@HOST[:PORT]/SERVICE[/SCHEMA[/TABLE]]",
	.access = "user password",
	.options = "driver server connect include exclude views sample rate "
		   "statement_timeout tls",
	.honesty = KIND_UNTESTED,
	.tested = "",
	.reader = "trawl-source-odbc",
    },
    {
	.scheme = "db2",
	.title = "tables of DB2, by its ODBC driver",
	.ports = "50000",
	.form = "db2://USER@HOST[:PORT]/DATABASE[/SCHEMA[/TABLE]]",
	.access = "user password",
	.options = "driver server connect include exclude views sample rate "
		   "statement_timeout tls",
	.honesty = KIND_UNTESTED,
	.tested = "",
	.reader = "trawl-source-odbc",
    },
    {
	.scheme = "informix",
	.title = "tables of Informix, by its ODBC driver",
	.ports = "9088",
	.form = "informix://USER@HOST[:PORT]/DATABASE[/SCHEMA[/TABLE]]",
	.access = "user password",
	.options = "driver server connect include exclude views sample rate "
		   "statement_timeout tls",
	.honesty = KIND_UNTESTED,
	.tested = "",
	.reader = "trawl-source-odbc",
    },
    {
	.scheme = "teradata",
	.title = "tables of Teradata, by its ODBC driver",
	.ports = "1025",
	.form = "teradata://USER@HOST[:PORT]/DATABASE[/SCHEMA[/TABLE]]",
	.access = "user password",
	.options = "driver server connect include exclude views sample rate "
		   "statement_timeout tls",
	.honesty = KIND_UNTESTED,
	.tested = "",
	.reader = "trawl-source-odbc",
    },
    {
	.scheme = "tibero",
	.title = "tables of Tibero, by its ODBC driver",
	.ports = "8629",
	.form = "tibero://USER@HOST[:PORT]/DATABASE[/SCHEMA[/TABLE]]",
	.access = "user password",
	.options = "driver server connect include exclude views sample rate "
		   "statement_timeout tls",
	.honesty = KIND_UNTESTED,
	.tested = "",
	.reader = "trawl-source-odbc",
    },
    {
	.scheme = "hana",
	.title = "tables of SAP HANA, by its ODBC driver",
	.ports = "30015",
	.form = "hana://USER@HOST[:PORT]/DATABASE[/SCHEMA[/TABLE]]",
	.access = "user password",
	.options = "driver server connect include exclude views sample rate "
		   "statement_timeout tls",
	.honesty = KIND_UNTESTED,
	.tested = "",
	.reader = "trawl-source-odbc",
    },
    {
	.scheme = "odbc",
	.title = "tables of any database with an ODBC driver",
	.ports = "of the driver",
	.form = "odbc://USER@HOST:PORT/DATABASE[/SCHEMA[/TABLE]]",
	.access = "user password",
	.options = "driver server connect include exclude views sample rate "
		   "statement_timeout tls",
	.honesty = KIND_PRODUCT,
	.tested =
	    "PostgreSQL 15 (psqlodbc), MariaDB 10.11 (MariaDB Connector/ODBC)",
	.reader = "trawl-source-odbc",
    },
    {0},
};

const struct kind_kin kind_kin[] = {
    {"HCL Notes and Domino", "imaps pop3s https",
     "with Domino's IMAP, POP3 or HTTP task running; a mail file by imaps"},
    {"Nextcloud, ownCloud", "davs", "at /remote.php/dav/files/USER/"},
    {"Rackspace Cloud Files", "swift",
     "auth=https://identity.api.rackspacecloud.com/v2.0, region, user and "
     "api_key; tested against a server of ours"},
    {"MinIO, Ceph, Wasabi and other stores like S3", "s3",
     "with the option endpoint"},
    {"Amazon RDS and Aurora, Azure Database, Cloud SQL", "pgsql mysql mssql",
     ""},
    {"Microsoft Active Directory", "ldaps", ""},
    {"Valkey, KeyDB", "rediss redis", ""},
    {0},
};

const struct kind *
kind_find(struct span scheme)
{
	for (const struct kind *k = kinds; k->scheme != NULL; k++)
		if (str_is(scheme, k->scheme))
			return k;
	return NULL;
}

const char *
kind_reader(const struct kind *k)
{
	return k->reader == NULL ? "trawl-source" : k->reader;
}

uint16_t
kind_port(const struct kind *k, const struct url *u)
{
	uint64_t port = 0;

	if (strstr(k->form, "HOST") == NULL || u->host.len == 0)
		return 0;
	if (u->port != 0)
		return u->port;
	for (const char *c = k->ports; *c >= '0' && *c <= '9'; c++)
		port = port * 10 + (uint64_t)(*c - '0');
	return (uint16_t)port;
}

const char *
kind_honesty(enum kind_honesty h)
{
	static const char *const words[] = {
	    [KIND_PRODUCT] = "tested against the product",
	    [KIND_PROTOCOL] = "tested against a protocol-compatible server",
	    [KIND_FIXTURE] = "tested against our own fixture",
	    [KIND_UNTESTED] = "untested",
	};

	return words[h];
}
