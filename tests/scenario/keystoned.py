"""Keystone, the real one, on loopback: made and served by one process.

    keystoned.py FOLDER PORT SWIFT

Who there is: ann, who runs everything; cay, a member of the project shop; ben,
who has no role. The password of each is in FOLDER/secret. The catalogue has a
store in region here, at SWIFT, and one in region there, where nothing listens.
The id of the project is left in FOLDER/project.

Each time that cay signs in, a line goes to FOLDER/signed. Where FOLDER/take
says a number, the token of her next sign-in is taken back by herself once the
store has asked about it that often; FOLDER/taken has Keystone's answer.
"""
import io, json, os, sys, uuid
import wsgiref.simple_server as simple, wsgiref.util
from cryptography.fernet import Fernet

folder, port, swift = sys.argv[1], int(sys.argv[2]), sys.argv[3]
secret = open(folder + "/secret").read()
os.mkdir(folder + "/keys", 0o700)
for n in "01":
    with open(f"{folder}/keys/{n}", "wb") as f: f.write(Fernet.generate_key())
with open(folder + "/keystone.conf", "w") as f: f.write(f"""
[DEFAULT]
log_file = {folder}/log
use_stderr = false
[database]
connection = sqlite:///{folder}/base
[token]
provider = fernet
[fernet_tokens]
key_repository = {folder}/keys
[fernet_receipts]
key_repository = {folder}/keys
[credential]
key_repository = {folder}/keys
[identity]
password_hash_rounds = 4
[cache]
enabled = true
backend = oslo_cache.dict
""")
os.environ["OS_KEYSTONE_CONFIG_FILES"] = folder + "/keystone.conf"
sys.argv = sys.argv[:1]
from keystone.common import provider_api, sql
from keystone.resource.backends.base import NULL_DOMAIN_ID
from keystone.resource.backends.sql_model import Project
from keystone.server.wsgi import initialize_public_application

app = initialize_public_application()
P = provider_api.ProviderAPIs
new = lambda **is_: {"id": uuid.uuid4().hex, "enabled": True, **is_}

# ---- its tables as its own models have them; the root of all domains ----
with sql.session_for_write() as s:
    sql.ModelBase.metadata.create_all(s.get_bind())
    s.add(Project(id=NULL_DOMAIN_ID, name=NULL_DOMAIN_ID, enabled=False,
                  domain_id=NULL_DOMAIN_ID, is_domain=True, description=""))

# ---- who there is, and what the catalogue says ----
home = new(id="default", name="Default")
shop = new(name="shop", domain_id="default")
P.resource_api.create_domain(home["id"], home)
P.resource_api.create_project(shop["id"], shop)
for name, role in (("ann", "admin"), ("cay", "member"), ("ben", None)):
    user = P.identity_api.create_user(new(name=name, password=secret,
                                          domain_id="default"))
    if role:
        has = {"id": uuid.uuid4().hex, "name": role}
        P.role_api.create_role(has["id"], has)
        P.assignment_api.add_role_to_user_and_project(user["id"], shop["id"],
                                                      has["id"])
for region in ("here", "there"):
    P.catalog_api.create_region({"id": region})
account = "/v1/AUTH_$(project_id)s"
for kind, places in (
        ("identity", {"here": f"http://127.0.0.1:{port}/v3"}),
        ("object-store", {"there": "http://127.0.0.1:1" + account,
                          "here": swift + account})):
    service = new(type=kind, name=kind)
    P.catalog_api.create_service(service["id"], service)
    for region, url in places.items():
        end = new(interface="public", region_id=region, url=url,
                  service_id=service["id"])
        P.catalog_api.create_endpoint(end["id"], end)


class Door:
    """What stands before Keystone: it counts, and takes a token back."""

    token, left = None, 0

    def __call__(self, environ, start):
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        if path != "/v3/auth/tokens":
            return app(environ, start)
        if method == "POST":
            return self.signs_in(environ, start)
        if environ.get("HTTP_X_SUBJECT_TOKEN") == self.token and self.token:
            self.left -= 1
            if self.left == 0:
                self.take_back()
        return app(environ, start)

    def signs_in(self, environ, start):
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        environ["wsgi.input"] = io.BytesIO(body)
        who = json.loads(body)["auth"]["identity"]["password"]["user"]

        def started(status, head, *more):
            if who.get("name") == "cay" and status.startswith("201"):
                self.signed(dict(head)["X-Subject-Token"])
            return start(status, head, *more)
        return app(environ, started)

    def signed(self, token):
        with open(folder + "/signed", "a") as f: f.write("cay\n")
        try: self.left = int(open(folder + "/take").read())
        except FileNotFoundError: return
        self.token = token
        os.remove(folder + "/take")

    def take_back(self):
        environ = {"REQUEST_METHOD": "DELETE", "PATH_INFO": "/v3/auth/tokens",
                   "HTTP_X_AUTH_TOKEN": self.token,
                   "HTTP_X_SUBJECT_TOKEN": self.token}
        wsgiref.util.setup_testing_defaults(environ)
        with open(folder + "/taken", "a") as f:
            for _ in app(environ, lambda status, *_: f.write(status + "\n")):
                pass


class Quiet(simple.WSGIRequestHandler):
    def log_message(self, *a): pass


with open(folder + "/project", "w") as f: f.write(shop["id"])
simple.make_server("127.0.0.1", port, Door(), handler_class=Quiet
                   ).serve_forever()
