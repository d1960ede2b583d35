"""Secrets as their vendors publish the formats, made by chance.

A line of MARKED: vendor, then parts of a token that says by itself whose it is
(vendor| when no type bears that name); of NAMED: vendor, title, parts of one that only its name tells; of LOOSE: title
and parts of one that is nobody's. Parts are text, or so many characters of a
class: x hex, X capital hex, d digits, l small letters and digits, u capitals
and digits, w letters and digits, b those with - and _, a those with + and /.
"""
import base64
import re
import string
import uuid

from strangers import DIGITS

CLASS = {"x": "0123456789abcdef", "X": "0123456789ABCDEF", "d": DIGITS,
         "l": string.ascii_lowercase + DIGITS,
         "u": string.ascii_uppercase + DIGITS,
         "w": string.ascii_letters + DIGITS,
         "b": string.ascii_letters + DIGITS + "-_",
         "a": string.ascii_letters + DIGITS + "+/",
         "q": "qpzry9x8gf2tvdw0s3jn54khce6mua7l"}

MARKED = """
adobe p8e- l32
age AGE-SECRET-KEY-1 Q58
airtable pat w14 . x64
alibaba LTAI w20
anthropic sk-ant-api03- b93 AA
anthropic sk-ant-admin01- b93 AA
artifactory AKCp w69
atlassian ATATT3 b186
atlassian ATCTT3 b186
aws AKIA U16
aws ASIA U16
aws ABSK a109
azure w3 8Q~ w34
buildkite bkua_ x40
circleci CCIPAT_ w22 _ x40
clickhouse 4b1d w38
clojars CLOJARS_ l60
cloudflare v1.0- x24 - x146
confluent cflt w60
databricks dapi x32
databricks dose x32
defined dnkey- U26 - U52
digitalocean dop_v1_ x64
digitalocean doo_v1_ x64
digitalocean dor_v1_ x64
discord https://discord.com/api/webhooks/1 d17 / b68
dockerhub dckr_pat_ b27
doppler dp.pt. w43
doppler dp.st.prd. w43
doppler dp.sa. w43
doppler dp.ct. w43
dropbox sl. b135
duffel duffel_test_ b43
duffel duffel_live_ b43
dynatrace dt0c01. u24 . u64
easypost EZAK w54
facebook EAA w120
figma figd_ b40
flutterwave FLWSECK_TEST- x32 -X
flyio fo1_ b43
frameio fio-u- b64
gcp AIza b35
github gho_ w36
github ghu_ w36
github ghs_ w36
github ghr_ w76
github github_pat_ w22 _ w59
gitlab glpat- b20
gitlab gldt- b20
gitlab glrt- b20
gitlab glptt- x40
gitlab gloas- x64
gitlab glcbt-1_ b20
gitlab GR1348941 b20
gitlab glsoat- b20
gitlab glimt- b25
gitlab glft- b20
gocardless live_ b40
google GOCSPX- b28
google ya29. b120
grafana glc_eyJ a80
grafana eyJrIjoi a80
groq gsk_ w52
harness pat. b22 . x24 . w20
vault hvs. b92
vault hvb. b140
heroku HRKU-AA b58
hubspot pat-na1- g
huggingface hf_ L34
huggingface api_org_ L34
infracost ico- w32
intra42 s-s4t2ud- x64
jwt J
langfuse sk-lf- g
langsmith lsv2_pt_ x32 _ x10
launchdarkly sdk- g
linear lin_api_ w40
lob live_ x35
mailchimp x32 -us12
mailgun key- x32
mapbox sk.eyJ w60 . b22
mercury secret-token:mercury_production_wma_ w44 _yrucrem
maxmind w6 _ w29 _mmk
netlify nfp_ w36
newrelic NRAK- u27
newrelic NRJS- x19
newrelic NRII- b32
ngrok 2 w26 _ w21
notion ntn_ d11 w35
notion secret_ w43
npm npm_ w36
nuget oy2 l43
nvidia nvapi- b64
octopus API- u26
onepassword ops_eyJ a250
openai sk-proj- b74 T3BlbkFJ b74
openai sk- w20 T3BlbkFJ w20
openrouter sk-or-v1- x64
openshift sha256~ b43
perplexity pplx- w48
planetscale pscale_tkn_ b43
planetscale pscale_pw_ b43
planetscale pscale_oauth_ b43
plaid access-production- g
posthog phx_ w43
postman PMAK- x24 - x34
prefect pnu_ l36
pulumi pul- x40
pypi pypi-AgEIcHlwaS5vcmc b150
razorpay rzp_live_ w14
readme rdme_ l70
replicate r8_ w37
resend re_ w8 _ w24
rubygems rubygems_ x48
scalingo tk-us- b48
sendgrid SG. b22 . b43
sendinblue xkeysib- x64 - w16
sentry sntryu_ x64
shippo shippo_live_ x40
shopify shpat_ x32
shopify shpss_ x32
shopify shpca_ x32
shopify shppa_ x32
slack xoxb- d12 - d12 - w24
slack xoxp- d12 - d12 - d12 - x32
slack xapp-1-A u10 - d13 - x64
slack xoxe-1- w147
slack https://hooks.slack.com/services/T u8 /B u10 / w24
sonar squ_ x40
sonar sqp_ x40
sourcegraph sgp_ x16 _ x40
square sq0atp- b22
square EAAA b60
stripe sk_live_ w24
stripe rk_live_ w99
stripe sk_test_ w24
stripe whsec_ w32
supabase sbp_ x40
tailscale tskey-auth-k w10 CNTRL - w32
tavily tvly- w32
telegram 6 d9 :AA b33
terraform w14 .atlasv1. b67
twilio SK x32
twitch live_ d9 _ w30
typeform tfp_ b44 _ l13
vercel vcp_ w56
voyage pa- b43
xai xai- w80
yandex AQVN b35
yandex y0_ b55
yandex YC b38
zapier https://hooks.zapier.com/hooks/catch/ d7 / l7
postgres| postgres://svc: w14 @db.acme.io/app
mongo| mongodb+srv://svc: w14 @c0.acme.io
rails_master| config.master_key= x32
teams https://acme.webhook.office.com/webhookb2/ g @ g /IncomingWebhook/ x32 / g
private_key P
""".strip().splitlines()

NAMED = """
adafruit adafruit_api_key b32
algolia algolia_api_key x32
alibaba alibaba_secret_key l30
asana asana_client_secret l32
auth0 AUTH0_CLIENT_SECRET b64
aws aws_secret_access_key a40
azure azure_storage_account_key a86 ==
beamer beamer_api_token b_ b43
bitbucket bitbucket_client_secret b32
bugsnag bugsnag_api_key x32
circleci circle_token x40
cloudflare cloudflare_api_key b40
codecov codecov_token g
coinbase coinbase_access_token b64
contentful contentful_delivery_token b43
datadog datadog_api_key x32
datadog DD_APP_KEY x40
discord discord_bot_token MTA w22 . b6 . b38
discord discord_client_secret b32
droneci droneci_access_token l32
dropbox dropbox_api_secret l15
elastic elastic_api_key a58 ==
etsy etsy_api_key l24
facebook facebook_app_secret x32
fastly fastly_api_token b32
finicity finicity_client_secret l20
firebase fcm_server_key AAAA w7 : b140
freshdesk freshdesk_api_key w20
gitter gitter_access_token b40
heroku heroku_api_key g
honeycomb honeycomb_api_key w32
hubspot hubspot_api_key g
ibm ibm_cloud_api_key b44
influxdb influxdb_token b86 ==
intercom intercom_api_key w59 =
jenkins jenkins_api_token x34
kraken kraken_api_key a86 ==
kucoin kucoin_secret_key g
launchdarkly launchdarkly_access_token b40
linkedin linkedin_client_secret w16
linode linode_token x64
mailgun mailgun_signing_key x32 - x8 - x8
mailjet mailjet_api_secret x32
mattermost mattermost_token l26
messagebird messagebird_api_token w25
mixpanel mixpanel_secret x32
netlify netlify_token b43
newrelic newrelic_api_key x32
okta okta_api_token 00 b40
opsgenie opsgenie_api_key g
pagerduty pagerduty_api_key w20
paypal paypal_client_secret b80
plaid plaid_secret_key x30
pusher pusher_app_secret x20
rapidapi rapidapi_key w50
rollbar rollbar_access_token x32
salesforce salesforce_client_secret X64
sendbird sendbird_access_token x40
shodan shodan_api_key w32
snowflake snowflake_password w14 !
snyk snyk_token g
spotify spotify_client_secret x32
square square_access_token EAAA b60
sumologic sumologic_access_key w64
splunk splunk_hec_token g
travisci travis_token w22
trello trello_api_key x32
twilio twilio_auth_token x32
twitch twitch_client_secret l30
twitter twitter_api_secret w50
vercel vercel_token w24
wandb WANDB_API_KEY x40
yandex yandex_access_token w40
zendesk zendesk_secret_key w40
zoom zoom_client_secret w32
""".strip().splitlines()

LOOSE = """
api_key w32
apikey x40
client_secret b40
auth_token x40
access_token w36
secret_key w50
SECRET w32
token b48
session_secret x64
signing_key a43 =
encryption_key x64
private_token w24
password w10 !7
db_password w12 #
DATABASE_PASSWORD w16
admin_password w9 $9
root_password w14
smtp_password w16
passwd w11 &
user_pass w8 !x
Passwort w9 ?7
mot_de_passe w9 *3
contrase\u00f1a w9 %2
hasło w9 !4
senha w10 @1
credentials w24
webhook_secret w32
refresh_token b64
bearer_token w40
service_key x32
app_secret x32
master_key x32
""".strip().splitlines()

LINES = ["{k} = \"{v}\"\n", "{k}: {v}\n", "export {K}='{v}'\n", "{K}={v}\n",
         "{{\"{k}\": \"{v}\", \"on\": true}}\n", "const {k} = \"{v}\";\n",
         "  {k}: '{v}'\n", "<setting name=\"{k}\" value=\"{v}\" />\n",
         "<{k}>{v}</{k}>\n", "ENV {K} {v}\n", "set {K}={v}\r\n",
         "    {k} => \"{v}\",\n", "val {k}: String = \"{v}\"\n",
         "the {k} is {v} (prod)\n", "+  {k}: \"{v}\"\n", "{k}|{v}\n",
         "tool --{k}={v} run\n", "var {k} string = \"{v}\"\n",
         "resource.{k} = \"{v}\"\n", "os.environ[\"{K}\"] = \"{v}\"\n"]


def one(rng, part):
    m = re.fullmatch(r"([xXdluwbaQULq])(\d+)", part)
    if part == "g":
        return str(uuid.UUID(int=rng.getrandbits(128), version=4))
    if part == "J":
        return ".".join([
            base64.urlsafe_b64encode(b'{"alg":"RS256","typ":"JWT"}').decode(),
            base64.urlsafe_b64encode(b'{"sub":"%d","exp":17%d}' % (
                rng.randint(1000, 9999), rng.randint(10 ** 7, 10 ** 8 - 1))
            ).decode().rstrip("="), one(rng, "b86")])
    if part == "P":
        body = "\n".join(one(rng, "a64") for _ in range(12))
        return "-----BEGIN RSA PRIVATE " + "KEY-----\nMIIE" + body[4:] + \
            "\n-----END RSA PRIVATE " + "KEY-----"
    if not m:
        return part
    stock = {"Q": CLASS["q"].upper(), "U": string.ascii_uppercase + "234567",
             "L": string.ascii_letters}.get(m[1]) or CLASS[m[1]]
    return "".join(rng.choice(stock) for _ in range(int(m[2])))


def github(rng, body):
    """The last six characters are a checksum of the rest."""
    import zlib
    head, rest = body[:4], body[4:-6]
    crc, out = zlib.crc32(rest.encode()), ""
    stock = DIGITS + string.ascii_uppercase + string.ascii_lowercase
    for _ in range(6):
        crc, r = divmod(crc, 62)
        out = stock[r] + out
    return head + rest + out


def keys(rng):
    """(vendor or nothing, title or nothing, value)"""
    for line in MARKED:
        vendor, *parts = line.split()
        value = "".join(one(rng, p) for p in parts)
        if vendor in ("github", "npm") and value[3:4] == "_":
            value = github(rng, value)
        if vendor.endswith("|"):
            vendor = ""
        yield vendor, "", value
    for line in NAMED:
        vendor, title, *parts = line.split()
        yield vendor, title, "".join(one(rng, p) for p in parts)
    for line in LOOSE:
        title, *parts = line.split()
        yield "", title, "".join(one(rng, p) for p in parts)


def titles(rng, vendor, title):
    if not title:
        return ["token", "key", "value", vendor + "_token", "auth"]
    camel = title.lower().split("_")
    camel = camel[0] + "".join(x.capitalize() for x in camel[1:])
    return [title, title.lower(), title.replace("_", "-"), camel]


DECOYS = [
    "password = input('Password: ')", "token = os.getenv(\"API_TOKEN\")",
    "api_key: {{ secrets.API_KEY }}", "secret = vault.read('kv/app')",
    "password: changeme", "apiKey: 'your-api-key-here'", "key: {u}",
    "\"resolved\": \"https://r.example/pkg.tgz#{h}\"", "sha256:{h}{m}",
    "commit {h}", "ETag: W/\"{m}\"", "request_id={u}", "trace {m} span {s}",
    "\"integrity\": \"sha512-{b}==\"", "id = \"{m}\"", "uuid: {u}",
    "password_hash_algorithm = argon2id", "secret_name = \"db-credentials\"",
    "token_type: bearer", "if password != confirm_password:",
    "access_token_lifetime = 3600", "key_file = /etc/ssl/private/app.key",
    "passwd: x", "password: \"\"", "secret: null", "auth: none",
    "public_key = \"{b}\"", "checksum = {m}", "fingerprint {f}",
    "data-testid=\"login-password-input\"", "<input type=\"password\">",
    "PasswordAuthentication no", "tokenizer = AutoTokenizer()",
    "secretKeyRef: {{name: db, key: url}}", "API_KEY=${{API_KEY}}",
    "https://user:password@example.com/", "monkey = 'banana'",
    "cache_key = f\"user:{s}\"", "primary_key: customer_id",
    "git checkout {h}", "image: app@sha256:{h}{m}", "go.sum h1:{c}=",
    "passphrase: <redacted>", "client_id: {m}", "tenant_id = {u}",
    "token = <TOKEN>", "password=$(cat /run/secrets/db)", "sort_key = name",
    "Your password must not be 'Summer2024!'", "nonce-{m}", "sid={s}",
]


def decoys(rng):
    for text in DECOYS:
        for mark, part in (("{u}", "g"), ("{h}", "x40"), ("{m}", "x32"),
                           ("{s}", "x16"), ("{b}", "a86"), ("{c}", "a43")):
            text = text.replace(mark, one(rng, part))
        text = text.replace("{f}", ":".join(one(rng, "x2") for _ in range(20)))
        yield text.replace("{{", "{").replace("}}", "}")
