"""Clouds as their public references describe them, on loopback over TLS.

  clouds.py PORT CONTENT_PORT FOLDER

FOLDER holds cert.pem, key.pem and public.pem (of the service account). What
is asked goes to FOLDER/log as JSON, a line each; FOLDER/orders may change how
the server behaves (see `ordered`). Lists come in small pages, tokens are over
after some requests, and content lies on another port that must not see one.
"""
import base64, http.server, io, json, os, re, ssl, subprocess, sys, threading
import time, urllib.parse, zipfile, zlib

PORT, CONTENT, FOLDER = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
THERE = f"https://127.0.0.1:{CONTENT}"
PAGE = 3            # entries of a page
asked = threading.local()  # .at: where whoever asks sees this server
CARD = b"visa 4111 1111 1111 1111\n"
LIVES = 40          # requests that a token is good for
lock = threading.Lock()
tokens = {}         # token -> [service, requests left]
seen = {}           # (path) -> times
states, pages = [], {}  # what was told of a drive by a position; what is to be
refreshed = dict.fromkeys(["rt-0", "rt-b", "rt-p"], True)  # each for one use


def docx(text):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("[Content_Types].xml", "<Types xmlns='http://schemas."
                   "openxmlformats.org/package/2006/content-types'/>")
        z.writestr("word/document.xml", "<w:document xmlns:w='http://schemas."
                   "openxmlformats.org/wordprocessingml/2006/main'><w:body>"
                   f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body>"
                   "</w:document>")
    return out.getvalue()


def mail(subject, text, name=None):
    body = (f"From: a@example.org\r\nTo: b@example.org\r\n"
            f"Subject: {subject}\r\nMIME-Version: 1.0\r\n")
    if name is None:
        return (body + "\r\n" + text + "\r\n").encode()
    inner = base64.encodebytes(text.encode()).decode().replace("\n", "\r\n")
    return (body + "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
            "\r\nSee there.\r\n--x\r\nContent-Type: text/csv; name=" + name +
            "\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: "
            "attachment; filename=" + name + "\r\n\r\n" + inner +
            "--x--\r\n").encode()


LARGE = b"nothing to see in this line of a large file\n" * 60000 + CARD
DOCX = docx("visa 4012 8888 8888 1881")
# What people have: path -> bytes; None is a folder.
FILES = {
    "Documents/a.docx": DOCX,
    "Documents/large.txt": LARGE,
    "Documents/Old & odd/50% \u00e9.txt": CARD,
    "Documents/cut.txt": CARD + b"x" * 200000,
    "Documents/busy.txt": CARD,
    "Documents/empty.txt": b"",
    "one.txt": CARD,
}
FRESH = "Documents/fresh.txt"  # comes later
for i in range(25):
    FILES[f"Many/{i:02}.txt"] = CARD
BYTES = sum(map(len, FILES.values()))
FILES[FRESH] = b"amex 3782 822463 10005\n"
MAIL = {
    "Inbox": [mail(f"Hello {i}", CARD.decode()) for i in range(7)],
    "Inbox/Bills": [mail("Bill", "name,card\nAnna,5555555555554444\n",
                         "q3.csv")],
    "Sent Items": [mail("", "nothing")],
}


class Answer(Exception):
    def __init__(self, code, body=b"", **head):
        self.code, self.head = code, head
        self.body = body if isinstance(body, bytes) else json.dumps(
            body).encode()
        if not isinstance(body, bytes):
            self.head.setdefault("Content_Type", "application/json")


def note(what):
    with open(FOLDER + "/log", "a") as f:
        f.write(json.dumps(what) + "\n")


def ordered(word):
    try:
        return word in open(FOLDER + "/orders").read().split()
    except FileNotFoundError:
        return False


def times(key):
    with lock:
        seen[key] = seen.get(key, 0) + 1
        return seen[key]


# ---- signing in ----
def verify(jwt):
    """The claims of a service account's assertion, when it signed them."""
    head, claims, mark = jwt.split(".")
    raw = lambda s: base64.urlsafe_b64decode(s + "=" * (-len(s) % 4))
    if json.loads(raw(head)) != {"alg": "RS256", "typ": "JWT"}:
        return None
    where = f"{FOLDER}/mark.{threading.get_ident()}"
    with open(where, "wb") as f:
        f.write(raw(mark))
    done = subprocess.run(
        ["openssl", "dgst", "-sha256", "-verify", FOLDER + "/public.pem",
         "-signature", where], input=(head + "." + claims).encode(),
        stdout=subprocess.DEVNULL)
    return json.loads(raw(claims)) if done.returncode == 0 else None


def token(service, form):
    note({"sign_in": service, "grant": form.get("grant_type"),
          "scope": form.get("scope"), "tenant": form.get("tenant")})
    kind = form.get("grant_type")
    more = {}
    if kind == "client_credentials":
        ok = form.get("client_secret") == "Made-Up-7"
    elif kind == "refresh_token" and service == "dropbox":
        ok = form.get("refresh_token") == "rt-d"    # it stays good there
    elif kind == "refresh_token":
        ok = refreshed.pop(form.get("refresh_token"), False)
        if ok:
            more["refresh_token"] = f"rt-made-up-{times('refresh')}"
            refreshed[more["refresh_token"]] = True
    else:
        c = verify(form.get("assertion", "a.b.c"))
        ok = (c is not None and c["iss"] == "robot@example.org" and
              c["aud"] == f"{asked.at}/login/google" and
              c["exp"] - c["iat"] <= 3600)
        note({"claims": c})
    if not ok:
        raise Answer(401, {"error": "invalid_client", "error_description":
                           "AADSTS7000215: an invalid secret was given",
                           "error_codes": [7000215]})
    name = f"t{times('token')}"
    tokens[name] = [service, LIVES]
    raise Answer(200, {"token_type": "Bearer", "expires_in": 3599,
                       "access_token": name, **more})


def signed(service, head):
    have = head.get("Authorization", "")
    t = tokens.get(have[7:]) if have.startswith("Bearer ") else None
    if t is None or t[0] != service or t[1] <= 0 or ordered("refuse"):
        raise Answer(401, {"error": {"code": "InvalidAuthenticationToken",
                                     "message": "it is over"}})
    t[1] -= 1


# ---- pages, folders ----
def paged(all, at):
    at = int(at or 0)
    more = at + PAGE < len(all)
    return all[at:at + PAGE], str(at + PAGE) if more else None


def tree():
    """Where each file stands now: its path, and the one that it began with."""
    out = {p: p for p in FILES if p != FRESH or ordered("fresh")}
    if ordered("drop"):
        del out["Many/05.txt"]
    if ordered("move"):
        out["Documents/moved.txt"] = out.pop("Many/03.txt")
    if ordered("shift"):
        out = {re.sub("^Many/", "Lots/", p): o for p, o in out.items()}
    return out


def began(folder):
    return re.sub("^Lots$", "Many", folder)


def children(files, folder):
    """(name, path that it began with, is a folder) in a folder."""
    if ordered("shift"):
        folder = re.sub("^Many$", "Lots", folder)
    out, head = {}, folder + "/" if folder else ""
    for p, o in files.items():
        if p.startswith(head):
            name, slash, _ = p[len(head):].partition("/")
            out[name] = (name, began(head + name) if slash else o, bool(slash))
    return [out[k] for k in sorted(out)]


# ---- what changed ----
def changes(key, now, at, gone):
    """A page of what is another since a position; the position, or (more)."""
    if ordered("forget") and at.isdigit():
        return None, None, None
    if ":" in at:
        n, offset = map(int, at.split(":"))
        todo = pages[n]
    else:
        before = states[int(at)] if at else {}
        todo = [gone(before[k]) for k in before if k not in now]
        todo += [v for k, v in now.items() if before.get(k) != v]
        with lock:
            states.append(now)
            n, offset = len(states) - 1, 0
            pages[n] = todo
    more = offset + 20 < len(todo)
    note({"changes": key, "since": at})
    return (todo[offset:offset + 20],
            f"{n}:{offset + 20}" if more else str(n), more)


def content(path):
    """What a file holds now: one may be edited, and be as long and as old."""
    body = FILES.get(path)
    return body[::-1] if path == "one.txt" and ordered("edit") else body


def tag(path, of=0):
    return of + zlib.crc32(content(path))


def ident(path):
    return base64.urlsafe_b64encode(path.encode()).decode().rstrip("=")


def path_of(ident_):
    if ident_ == "root":
        return ""
    try:
        return base64.urlsafe_b64decode(
            ident_ + "=" * (-len(ident_) % 4)).decode()
    except ValueError:
        raise Answer(404, {"error": {"code": "itemNotFound"}})


WHEN = "2026-01-02T03:04:05Z"


# ---- Microsoft Graph ----
USERS = {"u-1": "anna@example.org", "u-2": "ben@example.org"}


def graph_items(drive, folder, q, at):
    out = []
    for name, path, is_folder in children(tree(), folder):
        o = {"id": ident(path), "name": name, "lastModifiedDateTime": WHEN,
             "parentReference": {"driveId": drive}}
        if is_folder:
            o["folder"] = {"childCount": 1}
        else:
            o.update(size=len(FILES[path]), file={}, cTag=f"c:{tag(path)}")
        out.append(o)
    if folder == "" and drive == "d-1":
        out += [{"id": "n1", "name": "Notes", "package": {"type": "oneNote"},
                 "parentReference": {"driveId": drive}},
                {"id": "l1", "name": "Theirs", "remoteItem": {"id": "x"},
                 "parentReference": {"driveId": drive}}]
    if at is None:
        return out
    graph_list(out, q, at)


def graph_delta(drive, q, at):
    """As of OneDrive for Business: no cTag, ids of parents, no paths."""
    now = {"r": {"id": "r", "name": "root", "root": {}, "folder": {},
                 "parentReference": {"driveId": drive}}}

    def below(folder, up):
        for o in graph_items(drive, folder, q, None):
            o["parentReference"] = {"driveId": drive, "id": up, "x": "y"}
            if "cTag" in o:
                o["eTag"] = "e" + o.pop("cTag")
            now[o["id"]] = o
            if "folder" in o:
                below(path_of(o["id"]), o["id"])
    below("", "r")
    part, place, more = changes(drive, now, q.get("token", ""), lambda o: {
        "id": o["id"], "deleted": {"state": "deleted"}})
    if part is None:
        raise Answer(410, {"error": {"code": "resyncRequired"}},
                     Location=f"{asked.at}{at}")
    raise Answer(200, {"value": part, "@odata.nextLink" if more else
                       "@odata.deltaLink": f"{asked.at}{at}?token={place}"})


def graph_list(all, q, path):
    part, more = paged(all, q.get("$skiptoken"))
    answer = {"@odata.context": "x", "value": part}
    if more:
        answer["@odata.nextLink"] = (
            f"{asked.at}{path}?$skiptoken={more}&$top=500")
    raise Answer(200, answer)


def graph_mail(user, rest, q, path):
    if m := re.fullmatch(r"/mailFolders", rest):
        graph_list([{"id": ident(n), "displayName": n}
                    for n in MAIL if "/" not in n], q, path)
    if m := re.fullmatch(r"/mailFolders/([^/]+)/childFolders", rest):
        head = path_of(m[1]) + "/"
        graph_list([{"id": ident(n), "displayName": n[len(head):]}
                    for n in MAIL if n.startswith(head)], q, path)
    if m := re.fullmatch(r"/mailFolders/([^/]+)/messages", rest):
        folder = path_of(m[1])
        graph_list([{"id": ident(f"{folder}\t{i}"), "receivedDateTime": WHEN,
                     "changeKey": f"CQ{zlib.crc32(b)}",
                     "subject": re.search(rb"Subject: (.*)\r", b)[1].decode()}
                    for i, b in enumerate(MAIL[folder])], q, path)
    if m := re.fullmatch(r"/messages/([^/]+)/\$value", rest):
        folder, i = path_of(m[1]).split("\t")
        raise Answer(200, MAIL[folder][int(i)], Content_Type="text/plain",
                     Transfer="chunked")


def graph(h, path, q):
    signed("microsoft", h.headers)
    full = "/graph" + path
    if times("graph") == 7:
        raise Answer(429, {"error": {"code": "TooManyRequests"}},
                     Retry_After="1")
    if path == "/users":
        graph_list([{"id": k, "userPrincipalName": v}
                    for k, v in USERS.items()], q, full)
    if m := re.fullmatch(r"/users/([^/]+)(/.*)?", path):
        user = urllib.parse.unquote(m[1])
        user = {v: k for k, v in USERS.items()}.get(user, user)
        if user not in USERS:
            raise Answer(404, {"error": {"code": "Request_ResourceNotFound",
                                         "message": "no such user"}})
        if m[2] is None:
            raise Answer(200, {"id": user, "userPrincipalName": USERS[user]})
        if m[2] == "/drive/root/children":
            if user != "u-1":  # nobody made a drive for him
                raise Answer(404, {"error": {"code": "ResourceNotFound"}})
            graph_items("d-1", "", q, full)
        if m[2] == "/drive/root/delta" and user == "u-1":
            graph_delta("d-1", q, full)
        if user == "u-1":
            graph_mail(user, m[2], q, full)
        raise Answer(404, {"error": {"code": "MailboxNotEnabledForRESTAPI"}})
    if path == "/sites":
        graph_list([{"id": "s,1", "name": "team", "webUrl":
                     "https://contoso.sharepoint.com/sites/team"},
                    {"id": "s,2", "name": "x", "webUrl":
                     "https://contoso-my.sharepoint.com/x"}], q, full)
    if path == "/sites/s%2C1/drives":
        graph_list([{"id": "d-2", "name": "Shared Documents"}], q, full)
    if path == "/sites/s%2C1/sites":
        graph_list([], q, full)
    if m := re.fullmatch(r"/drives/([^/]+)/root/delta", path):
        graph_delta(m[1], q, full)
    if m := re.fullmatch(r"/drives/([^/]+)/root/children", path):
        graph_items(m[1], "", q, full)
    if m := re.fullmatch(r"/drives/([^/]+)/items/([^/]+)/children", path):
        if ordered("forbid") and path_of(m[2]) == "Many":
            raise Answer(403, {"error": {"code": "accessDenied"}})
        graph_items(m[1], path_of(m[2]), q, full)
    if m := re.fullmatch(r"/drives/([^/]+)/items/([^/]+)/content", path):
        raise Answer(302, b"", Location=f"{there()}/get/{m[2]}?tempauth=x%2By")
    raise Answer(404, {"error": {"code": "itemNotFound"}})


# ---- Google ----
def google(h, path, q):
    signed("google", h.headers)
    n = times("google")
    if n in (5, 6):
        raise Answer(403, {"error": {"code": 403, "message": "slowly", "errors":
                     [{"reason": "userRateLimitExceeded"}]}})
    if path == "/drive/v3/drives":
        part, more = paged([{"id": "Many-drive", "name": "Team / all"}],
                           q.get("pageToken"))
        raise Answer(200, {"drives": part})
    if path == "/drive/v3/files":
        return drive_files(q)
    if m := re.fullmatch(r"/drive/v3/files/([^/]+)/export", path):
        raise Answer(200, DOCX if "wordprocessing" in q["mimeType"] else b"",
                     Transfer="chunked")
    if m := re.fullmatch(r"/drive/v3/files/([^/]+)", path):
        send(h, path_of(m[1]))
    if path == "/gmail/v1/users/me/messages":
        all = [{"id": ident(f"{f}\t{i}")} for f in MAIL
               for i in range(len(MAIL[f]))]
        part, more = paged(all, q.get("pageToken"))
        raise Answer(200, {"messages": part, **(
            {"nextPageToken": more} if more else {})})
    if m := re.fullmatch(r"/gmail/v1/users/me/messages/([^/]+)", path):
        folder, i = path_of(m[1]).split("\t")
        raise Answer(200, {"id": m[1], "labelIds": ["INBOX"], "snippet": "x",
                           "raw": base64.urlsafe_b64encode(
                               MAIL[folder][int(i)]).decode()})
    if m := re.fullmatch(r"/storage/v1/b/([^/]+)/o", path):
        return objects(m[1], q)
    if m := re.fullmatch(r"/storage/v1/b/([^/]+)/o/([^/]+)", path):
        send(h, urllib.parse.unquote(m[2]))
    raise Answer(404, {"error": {"code": 404, "message": "not found"}})


def drive_files(q):
    m = re.match(r"'(.*)' in parents and trashed=false", q["q"])
    out = []
    if m is None:
        out = [{"id": ident("one.txt"), "name": "lent.txt", "mimeType":
                "text/plain", "size": "25", "modifiedTime": WHEN,
                "md5Checksum": f"{tag('one.txt'):032x}"}]
    else:
        folder = "Many" if m[1] == "Many-drive" else path_of(m[1])
        for name, path, is_folder in children(tree(), folder):
            o = {"id": ident(path), "name": name, "modifiedTime": WHEN}
            if is_folder:
                o["mimeType"] = "application/vnd.google-apps.folder"
            elif name == "a.docx":
                o.update(name="Plan", mimeType="application/vnd.google-apps"
                         ".document", version="7")
            else:
                o.update(mimeType="text/plain", size=str(len(FILES[path])),
                         md5Checksum=f"{tag(path):032x}")
            out.append(o)
    part, more = paged(out, q.get("pageToken"))
    raise Answer(200, {"files": part, **(
        {"nextPageToken": more} if more else {})})


def objects(bucket, q):
    if bucket != "cards":
        raise Answer(404, {"error": {"code": 404, "message":
                           "The specified bucket does not exist."}})
    names = sorted(p for p in tree() if p.startswith(q.get("prefix", "")))
    part, more = paged(names, q.get("pageToken"))
    raise Answer(200, {"items": [
        {"name": p, "size": str(len(FILES[p])), "updated": WHEN,
         "generation": str(tag(p, 10 ** 15))}
        for p in part], **({"nextPageToken": more} if more else {})})


# ---- Dropbox ----
def dropbox(h, path, q):
    signed("dropbox", h.headers)
    if path == "/2/files/download":
        send(h, path_of(json.loads(q["arg"])["path"][3:]))
    ask = json.loads(h.body)
    at = 0
    if ask.get("recursive") or ask.get("cursor", "").startswith("all "):
        dropbox_changes(ask.get("cursor", "all ")[4:])
    if path == "/2/files/list_folder":
        folder = path_of(ask["path"][3:]) if ask["path"] else ""
    elif path == "/2/files/list_folder/continue":
        folder, at = path_of(ask["cursor"]).split("\t")
    else:
        raise Answer(404)
    if times("dropbox") == 3:
        raise Answer(429, {"error_summary": "too_many_requests/.."},
                     Retry_After="1")
    if folder == "Many" and ordered("forbid"):
        raise Answer(409, {"error_summary": "path/not_found/..."})
    part, more = paged(dropbox_items(folder), at)
    out = dropbox_items(folder)
    raise Answer(200, {"entries": part, "cursor": ident(
        f"{folder}\t{more or len(out)}"), "has_more": more is not None})


def dropbox_items(folder):
    out = []
    for name, p, is_folder in children(tree(), folder):
        o = {".tag": "folder" if is_folder else "file", "name": name,
             "id": "id:" + ident(p)}
        if not is_folder:
            o.update(size=len(FILES[p]), server_modified=WHEN,
                     is_downloadable=True, rev=f"01{tag(p):016x}")
        out.append(o)
    return out


def dropbox_changes(at):
    now = {}

    def below(folder, up):
        for o in dropbox_items(folder):
            o["path_lower"] = f"{up}/{o['name']}".lower()
            now[o["path_lower"]] = o
            if o[".tag"] == "folder":
                below(path_of(o["id"][3:]), o["path_lower"])
    below("", "")
    part, place, more = changes("dropbox", now, at, lambda o: {
        ".tag": "deleted", "name": o["name"], "path_lower": o["path_lower"]})
    if part is None:
        raise Answer(409, {"error_summary": "reset/..", "error": {
            ".tag": "reset"}})
    raise Answer(200, {"entries": part, "cursor": "all " + place,
                       "has_more": more})


# ---- Box ----
def box(h, path, q):
    signed("box", h.headers)
    if m := re.fullmatch(r"/2.0/files/([^/]+)/content", path):
        raise Answer(302, b"", Location=f"{there()}/get/{m[1]}")
    m = re.fullmatch(r"/2.0/folders/([^/]+)/items", path)
    if m is None or q.get("usemarker") != "true":
        raise Answer(404, {"type": "error", "message": "Not Found"})
    out = []
    folder = "" if m[1] == "0" else path_of(m[1])
    for name, p, is_folder in children(tree(), folder):
        o = {"type": "folder" if is_folder else "file", "name": name,
             "id": ident(p), "modified_at": WHEN}
        if not is_folder:
            o.update(size=len(FILES[p]), sha1=f"{tag(p):040x}")
        out.append(o)
    if folder == "":
        out.append({"type": "web_link", "id": "w1", "name": "Page"})
    part, more = paged(out, q.get("marker"))
    raise Answer(200, {"entries": part, "limit": 3, "next_marker": more or ""})


# ---- content ----
def there():
    return THERE


def send(h, path):
    body = content(path)
    if body is None:
        raise Answer(404, {"error": {"message": "gone"}})
    if path.endswith("busy.txt") and times("busy") == 1:
        raise Answer(503, b"", Retry_After="1")
    if path.endswith("cut.txt"):     # no word of which version it is
        raise Answer(200, body, Cut=100000)
    if path.endswith("large.txt"):   # the first time cut, then gone on with
        r = re.match(r"bytes=(\d+)-", h.headers.get("Range", ""))
        if r:
            at = int(r[1])
            raise Answer(206, body[at:], ETag='"1"', Content_Range=
                         f"bytes {at}-{len(body) - 1}/{len(body)}")
        raise Answer(200, body, ETag='"1"', Cut=len(body) // 2)
    raise Answer(200, body, ETag='"1"')


class H(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 20
    wbufsize = 65536    # an answer in one piece: no waiting for an ACK
    disable_nagle_algorithm = True

    def log_message(self, *a):
        pass

    def out(self, a):
        self.send_response(a.code)
        cut = a.head.pop("Cut", None)
        chunked = a.head.pop("Transfer", None)
        for k, v in a.head.items():
            self.send_header(k.replace("_", "-"), str(v))
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(len(a.body)))
        self.end_headers()
        body = a.body if cut is None else a.body[:cut]
        if chunked:
            self.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
                             if body else b"0\r\n\r\n")
        else:
            self.wfile.write(body)
        self.close_connection = self.close_connection or cut is not None

    def answer(self):
        path, _, query = self.path.partition("?")
        q = {k: v[0] for k, v in urllib.parse.parse_qs(query).items()}
        asked.at = f"https://{self.headers['Host']}"
        n = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(n)
        here = self.server.server_address[1] == PORT
        note({"path": self.path, "here": here,
              "secret": "Authorization" in self.headers})
        if not here and "Authorization" in self.headers:
            raise Answer(400, b"this is no place for secrets")
        if path.startswith("/get/") and there() == asked.at:
            send(self, path_of(path[5:]))
        if not here:
            raise Answer(404)
        if m := re.fullmatch(r"/login/(\w+)(/.*)?", path):
            form = {k: v[0] for k, v in
                    urllib.parse.parse_qs(body.decode()).items()}
            form["tenant"] = (m[2] or "")[1:]
            token(m[1], form)
        for service, handler in SERVICES.items():
            if path.startswith("/" + service + "/"):
                self.body = body
                handler(self, path[len(service) + 1:], q)
        raise Answer(404)

    def do_GET(self):
        try:
            self.answer()
        except Answer as a:
            self.out(a)

    do_POST = do_GET


SERVICES = {"graph": graph, "google": google, "dropbox": dropbox, "box": box}


def serve(port):
    s = http.server.ThreadingHTTPServer(("127.0.0.1", port), H)
    s.daemon_threads = True
    ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ctx.load_cert_chain(FOLDER + "/cert.pem", FOLDER + "/key.pem")
    s.socket = ctx.wrap_socket(s.socket, server_side=True,
                               do_handshake_on_connect=False)
    return s


if __name__ == "__main__":
    other = serve(CONTENT)
    threading.Thread(target=other.serve_forever, daemon=True).start()
    serve(PORT).serve_forever()
