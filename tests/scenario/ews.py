"""Exchange Web Services as their public reference describes them, on loopback
over TLS: folders and items in pages, MIME, impersonation, NTLM bound to its
connection, a server that is busy.

  ews.py PORT CONTENT_PORT FOLDER      as clouds.py, whose world it shares
"""
import base64, hashlib, hmac, re, struct, threading
import xml.etree.ElementTree as et
from xml.sax.saxutils import escape, quoteattr
import clouds
from clouds import Answer, LARGE, MAIL, ident, note, ordered, path_of, times

USER, PASSWORD = "scanner", "Wrong-Horse-7"
T = "{http://schemas.microsoft.com/exchange/services/2006/types}"
M = "{http://schemas.microsoft.com/exchange/services/2006/messages}"
S = "{http://schemas.xmlsoap.org/soap/envelope/}"
MAIL["Inbox/Large <&>"] = [b"Subject: large\r\n\r\n" + LARGE]
BOXES = {"anna@example.org", "scanner@example.org"}


def md4(data):
    """RFC 1320; hashlib has it no more where OpenSSL 3 does not want to."""
    rot = lambda x, n: (x << n | x >> 32 - n) & 0xffffffff
    n = len(data)
    data += b"\x80" + b"\0" * ((55 - n) % 64) + struct.pack("<Q", n * 8)
    h = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]
    rounds = [
        (lambda x, y, z: x & y | ~x & z, 0, range(16), (3, 7, 11, 19)),
        (lambda x, y, z: x & y | x & z | y & z, 0x5a827999,
         [i % 4 * 4 + i // 4 for i in range(16)], (3, 5, 9, 13)),
        (lambda x, y, z: x ^ y ^ z, 0x6ed9eba1,
         (0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15),
         (3, 9, 11, 15))]
    for at in range(0, len(data), 64):
        x = struct.unpack("<16I", data[at:at + 64])
        a, b, c, d = h
        for f, k, order, shifts in rounds:
            for i, j in enumerate(order):
                v = (a + (f(b, c, d) & 0xffffffff) + x[j] + k) & 0xffffffff
                a, b, c, d = d, rot(v, shifts[i % 4]), b, c
        h = [(p + q) & 0xffffffff for p, q in zip(h, (a, b, c, d))]
    return struct.pack("<4I", *h)


assert md4(b"abc").hex() == "a448017aaf21d8525fc10ae87aa6729d"

CHALLENGE = bytes(range(8))
INFO = b"".join(struct.pack("<HH", k, len(v)) + v for k, v in (
    (2, "D".encode("utf-16le")), (1, "S".encode("utf-16le")))) + b"\0" * 4


def ntlm_challenge():
    name = "D".encode("utf-16le")
    flags = 0x00000001 | 0x200 | 0x80000 | 0x800000 | 0x4
    return (b"NTLMSSP\0" + struct.pack("<IHHI", 2, len(name), len(name), 56) +
            struct.pack("<I", flags) + CHALLENGE + b"\0" * 8 +
            struct.pack("<HHI", len(INFO), len(INFO), 56 + len(name)) +
            b"\0" * 8 + name + INFO)


def ntlm_proved(message):
    def field(at):
        n, _, off = struct.unpack("<HHI", message[at:at + 8])
        return message[off:off + n]
    answer, domain, user = field(20), field(28), field(36)
    user = user.decode("utf-16le")
    key = hmac.new(md4(PASSWORD.encode("utf-16le")),
                   user.upper().encode("utf-16le") + domain, "md5").digest()
    want = hmac.new(key, CHALLENGE + answer[16:], "md5").digest()
    return user == USER and hmac.compare_digest(want, answer[:16])


def sign_in(h):
    """Who it is; NTLM is remembered for the connection."""
    have = h.headers.get("Authorization", "")
    way = have.partition(" ")[0]
    if way == "Bearer":
        clouds.signed("exchange", h.headers)
        return "app"
    if ordered("basic"):
        note({"tried": way})
        want = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if have == "Basic " + want:
            return USER
        raise Answer(401, b"", WWW_Authenticate='Basic realm="x"')
    if getattr(h, "proved", None):
        return h.proved
    if way != "NTLM":
        raise Answer(401, b"", WWW_Authenticate="NTLM")
    message = base64.b64decode(have[5:])
    if message[8] == 1:
        raise Answer(401, b"", WWW_Authenticate="NTLM " + base64.b64encode(
            ntlm_challenge()).decode())
    note({"tried": way})
    if not ntlm_proved(message):
        raise Answer(401, b"", WWW_Authenticate="NTLM")
    h.proved = USER
    return USER


# ---- answers ----
def soap(body, code=200):
    raise Answer(code, (
        '<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s='
        f'"{S[1:-1]}"><s:Header><h:ServerVersionInfo xmlns:h="{T[1:-1]}" '
        'MajorVersion="15"/></s:Header><s:Body>' + body +
        "</s:Body></s:Envelope>").encode(), Content_Type="text/xml")


def respond(verb, inner, code="NoError", more=""):
    kind = "Success" if code == "NoError" else "Error"
    soap(f'<m:{verb}Response xmlns:m="{M[1:-1]}" xmlns:t="{T[1:-1]}">'
         f'<m:ResponseMessages><m:{verb}ResponseMessage ResponseClass="{kind}">'
         + more + f"<m:ResponseCode>{code}</m:ResponseCode>{inner}"
         f"</m:{verb}ResponseMessage></m:ResponseMessages>"
         f"</m:{verb}Response>")


def busy(verb):
    respond(verb, "", "ErrorServerBusy",
            "<m:MessageText>The server cannot service this request right now."
            "</m:MessageText><m:MessageXml><t:Value Name="
            '"BackOffMilliseconds">300</t:Value></m:MessageXml>')


def paged(verb, view, all, holder):
    at, most = int(view.get("Offset")), int(view.get("MaxEntriesReturned"))
    part = all[at:at + min(most, clouds.PAGE)]
    last = at + len(part) >= len(all)
    respond(verb, f'<m:RootFolder IndexedPagingOffset="{at + len(part)}" '
            f'TotalItemsInView="{len(all)}" IncludesLastItemInRange='
            f'"{str(last).lower()}"><t:{holder}>' + "".join(part) +
            f"</t:{holder}></m:RootFolder>")


def folder_of(ask):
    f = ask.find(f".//{T}FolderId")
    return "" if f is None else path_of(f.get("Id"))


def find_folder(ask):
    inside = folder_of(ask)
    head = inside + "/" if inside else ""
    paged("FindFolder", ask.find(f"{M}IndexedPageFolderView"), [
        f"<t:Folder><t:FolderId Id={quoteattr(ident(n))} ChangeKey='A'/>"
        f"<t:DisplayName>{escape(n[len(head):])}</t:DisplayName></t:Folder>"
        for n in sorted(MAIL)
        if n.startswith(head) and "/" not in n[len(head):]], "Folders")


def find_item(ask):
    inside = folder_of(ask)
    if inside == "Inbox" and times("find item") == 1:
        busy("FindItem")
    all = []
    for i, b in enumerate(MAIL[inside]):
        subject = re.search(rb"Subject: (.*)\r", b)[1].decode()
        kind = "Task" if subject == "Hello 6" else "Message"
        all.append(
            f"<t:{kind}><t:ItemId Id={quoteattr(ident(f'{inside}	{i}'))} "
            f"ChangeKey='B'/><t:Subject>{escape(subject)}</t:Subject>"
            f"<t:Size>{len(b)}</t:Size><t:DateTimeReceived>2026-01-02T03:04:05Z"
            f"</t:DateTimeReceived></t:{kind}>")
    paged("FindItem", ask.find(f"{M}IndexedPageItemView"), all, "Items")


def get_item(ask):
    folder, i = path_of(ask.find(f".//{T}ItemId").get("Id")).split("\t")
    body = MAIL[folder][int(i)]
    note({"item": f"{folder} {i}"})
    if times("get item") in (3, 4):
        busy("GetItem")
    if b"Subject: Hello 6" in body:
        respond("GetItem", "<m:Items/>", "ErrorUnsupportedMimeConversion",
                "<m:MessageText>Not for tasks.</m:MessageText>")
    if folder == "Inbox" and i == "2" and times("cut item") == 1:
        # the answer ends too soon, and nothing says how long it should be
        raise Answer(200, b"<s:Envelope><m:ResponseCode>NoError"
                     b"</m:ResponseCode><t:MimeContent>" +
                     base64.b64encode(body)[:40], Transfer="chunked")
    respond("GetItem", "<m:Items><t:Message><t:ItemId Id='x'/>"
            '<t:MimeContent CharacterSet="UTF-8">' +
            base64.b64encode(body).decode() +
            "</t:MimeContent></t:Message></m:Items>")


def exchange(h, path, q):
    if h.path != "/EWS/Exchange.asmx":
        raise Answer(404)
    who = sign_in(h)
    root = et.fromstring(h.body)
    sid = root.find(f"{S}Header//{T}PrimarySmtpAddress")
    shared = root.find(f"{S}Body//{T}EmailAddress")
    box = sid if sid is not None else shared
    note({"who": who, "impersonated": sid is not None,
          "box": None if box is None else box.text})
    ask = root.find(f"{S}Body")[0]
    verb = ask.tag[len(M):]
    if box is not None and box.text not in BOXES:
        respond(verb, "", "ErrorNonExistentMailbox",
                "<m:MessageText>No mailbox with such guid.</m:MessageText>")
    if ordered("private") and sid is not None:
        respond(verb, "", "ErrorImpersonateUserDenied",
                "<m:MessageText>No right to impersonate.</m:MessageText>")
    {"FindFolder": find_folder, "FindItem": find_item,
     "GetItem": get_item}[verb](ask)


clouds.SERVICES["EWS"] = exchange

if __name__ == "__main__":
    other = clouds.serve(clouds.CONTENT)
    threading.Thread(target=other.serve_forever, daemon=True).start()
    clouds.serve(clouds.PORT).serve_forever()
