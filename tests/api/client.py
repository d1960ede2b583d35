"""One HTTPS client: no library that follows, retries or repairs anything."""
import http.client
import json
import socket
import ssl
import time

TLS = ssl.create_default_context()
TLS.check_hostname = False
TLS.verify_mode = ssl.CERT_NONE


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers  # list of pairs, as they came
        self.body = body

    def header(self, name):
        for key, value in self.headers:
            if key.lower() == name.lower():
                return value
        return None

    def json(self):
        return json.loads(self.body.decode('utf-8'))


class Client:
    """address: host:port. source: the address to come from (127.0.0.x), so that
    limits by address can be told apart."""

    def __init__(self, address, source='127.0.0.1'):
        self.host, port = address.rsplit(':', 1)
        self.port = int(port)
        self.address = address
        self.source = source
        self.cookie = None
        self.bearer = None
        self.same_origin = True
        self.conn = None
        self.used = 0

    def connect(self, timeout=30):
        return http.client.HTTPSConnection(
            self.host, self.port, timeout=timeout, context=TLS,
            source_address=(self.source, 0))

    def heads(self, headers, method):
        h = {}
        if self.bearer:
            h['Authorization'] = 'Bearer ' + self.bearer
        elif self.cookie:
            h['Cookie'] = '__Host-sid=' + self.cookie
        if self.same_origin and method != 'GET':
            h['Sec-Fetch-Site'] = 'same-origin'
        h.update(headers or {})
        return {k: v for k, v in h.items() if v is not None}

    def request(self, method, path, body=None, headers=None, raw=None):
        """body: an object, sent as JSON; raw: bytes, sent as they are. One
        connection is kept; what the server has closed is opened again."""
        head = self.heads(headers, method)
        data = raw
        if body is not None:
            data = json.dumps(body).encode('utf-8')
            head.setdefault('Content-Type', 'application/json')
        if self.conn is None or self.conn.sock is None or \
                time.monotonic() - self.used > 30:
            self.close()
            self.conn = self.connect()
        try:
            self.conn.request(method, path, body=data, headers=head)
            got = self.conn.getresponse()
            answer = Answer(got.status, got.getheaders(), got.read())
        except Exception:
            self.close()
            raise
        self.used = time.monotonic()
        return answer

    def close(self):
        if self.conn is not None:
            self.conn.close()
        self.conn = None

    def open(self, path, headers=None):
        """A live stream: the connection and the response whose body goes on."""
        conn = self.connect(timeout=20)
        conn.request('GET', path, headers=self.heads(headers, 'GET'))
        return conn, conn.getresponse()

    def send(self, raw, timeout=10):
        """Bytes as they are over TLS; what comes back until the end."""
        with socket.create_connection((self.host, self.port), timeout,
                                      (self.source, 0)) as s:
            with TLS.wrap_socket(s) as t:
                got = b''
                try:
                    t.sendall(raw)
                except OSError:
                    pass  # refused before all of it came: by which answer?
                try:
                    while True:
                        part = t.recv(65536)
                        if not part:
                            return got
                        got += part
                except (TimeoutError, socket.timeout, OSError):
                    return got
