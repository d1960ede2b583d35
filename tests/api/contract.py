"""openapi.yaml against the running server: every answer is held against the
schema of its operation, and at the end every operation must have been called.

Cases stand in cases.py; this file is what they stand on.
"""
import json
import os
import re
import sys
import urllib.parse

import yaml

from client import Client
from shape import check, merged, resolve

METHODS = ('get', 'post', 'patch', 'delete')
GUARDS = {
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
}


class Wrong(Exception):
    pass


def must(good, words, *args):
    if not good:
        raise Wrong(words % args if args else words)


class Operation:
    def __init__(self, method, path, spec, shared):
        self.method = method.upper()
        self.path = path
        self.id = spec['operationId']
        self.spec = spec
        self.permission = spec['x-permission']
        self.params = shared + spec.get('parameters', [])
        self.good = 0  # answers below 400 that fitted


class Contract:
    def __init__(self, file):
        with open(file, 'rb') as f:
            self.bytes = f.read()
        self.root = yaml.safe_load(self.bytes)
        self.ops = {}
        for path, item in self.root['paths'].items():
            shared = [self.of(p) for p in item.get('parameters', [])]
            for method in METHODS:
                if method in item:
                    op = Operation(method, path, item[method], shared)
                    op.params = [self.of(p) for p in op.params]
                    self.ops[op.id] = op

    def of(self, thing):
        return resolve(self.root, thing['$ref']) if '$ref' in thing else thing

    def response(self, op, status):
        responses = op.spec['responses']
        found = responses.get(str(status))
        if found is None and status >= 400:
            found = responses['default']
        must(found is not None, '%s: status %d is not in the contract',
             op.id, status)
        return self.of(found)

    def hold(self, op, answer):
        """What came must be what the contract says of this status."""
        spec = self.response(op, answer.status)
        content = spec.get('content')
        kind = (answer.header('Content-Type') or '').split(';')[0]
        if not content or op.method == 'HEAD':
            must(answer.body == b'', '%s: a body with %d', op.id,
                 answer.status)
            return
        must(kind in content, '%s: %d is %r, not one of %s', op.id,
             answer.status, kind, list(content))
        schema = content[kind]['schema']
        if kind in ('application/json', 'application/problem+json'):
            wrong = check(schema, answer.json(), self.root, strict=True)
            must(not wrong, '%s: %s', op.id, '; '.join(wrong[:5]))
        for name, header in spec.get('headers', {}).items():
            must(answer.header(name) or name == 'Set-Cookie',
                 '%s: the header %s is missing', op.id, name)


class Door:
    """A client that knows the contract."""

    def __init__(self, contract, address, source='127.0.0.1'):
        self.contract = contract
        self.client = Client(address, source)

    def url(self, op, path, query):
        url = op.path
        for name, value in (path or {}).items():
            url = url.replace('{%s}' % name,
                              urllib.parse.quote(str(value), safe=''))
        must('{' not in url, '%s: the path is not filled', op.id)
        if query:
            url += '?' + (query if isinstance(query, str) else
                          urllib.parse.urlencode(query, doseq=True))
        return url

    def __call__(self, op_id, want=None, path=None, query=None, body=None,
                 headers=None, raw=None):
        """want: the status; None: any below 300."""
        op = self.contract.ops[op_id]
        answer = self.client.request(op.method, self.url(op, path, query),
                                     body, headers, raw)
        must(answer.status == want if want else answer.status < 300,
             '%s: %d instead of %s: %s', op_id, answer.status,
             want or 'success', answer.body[:300])
        self.contract.hold(op, answer)
        for name, value in GUARDS.items():
            must(answer.header(name) == value, '%s: header %s is %r', op_id,
                 name, answer.header(name))
        must("default-src 'none'" in
             (answer.header('Content-Security-Policy') or ''),
             '%s: no CSP', op_id)
        must(answer.header('Cache-Control') == 'no-store',
             '%s: it may be stored', op_id)
        if answer.status < 400:
            op.good += 1
        else:
            must(answer.json()['status'] == answer.status,
                 '%s: the problem has another status', op_id)
            must(answer.json()['instance'] == answer.header('X-Request-Id'),
                 '%s: the problem names another request', op_id)
        return answer

    def get(self, op_id, **more):
        return self(op_id, **more).json()


def routes(file):
    """The table of router.c: (method, path) to its permission and params."""
    with open(file) as f:
        text = f.read()
    table = text[text.index('routes[] = {'):]
    table = table[:table.index('\n};')]
    table = re.sub(r'\s+', ' ', table)
    found = {}
    for m in re.finditer(r'\{METHOD_(\w+), (V1 )?"([^"]*)", PERM_(\w+), '
                         r'LANE_\w+, ([A-Z_| 0]+), "([^"]*)", r_\w+\}', table):
        method, v1, path, perm, flags, params = m.groups()
        found[method, ('/api/v1' if v1 else '') + path] = (
            perm.lower(), set(params.split()), flags)
    must(len(found) == table.count('{METHOD_'), 'router.c is not understood')
    return found


FILTER = {'q', 'under'} | {s + n for s in ('', '-') for n in (
    'risk', 'type', 'category', 'target', 'agent', 'state', 'group')} | {'scan'}


def compare(contract, table):
    """The contract and the server's table name the same operations."""
    yield 'every operation has a route and every route an operation', lambda: \
        must({(o.method, o.path) for o in contract.ops.values()} ==
             set(table), 'they differ: %s',
             sorted({(o.method, o.path) for o in contract.ops.values()} ^
                    set(table)))

    def permissions():
        for o in contract.ops.values():
            must(table[o.method, o.path][0] == o.permission,
                 '%s: %s in the table', o.id, table[o.method, o.path][0])

    def parameters():
        for o in contract.ops.values():
            perm, params, flags = table[o.method, o.path]
            want = set(params)
            if 'ROUTE_FILTER' in flags:
                want |= FILTER
            if 'ROUTE_PAGE' in flags:
                want |= {'limit', 'cursor'}
            have = {p['name'] for p in o.params if p['in'] == 'query'}
            must(want == have, '%s: parameters differ: %s', o.id,
                 sorted(want ^ have))
            must(('ROUTE_ONCE' in flags) ==
                 any(p['name'] == 'Idempotency-Key' for p in o.params),
                 '%s: Idempotency-Key', o.id)
    yield 'permissions are those of the contract', permissions
    yield 'query parameters are those of the contract', parameters

    def examples():
        for o in contract.ops.values():
            for status, r in o.spec['responses'].items():
                for kind, c in contract.of(r).get('content', {}).items():
                    if 'example' in c:
                        wrong = check(c['schema'], c['example'],
                                      contract.root, strict=True)
                        must(not wrong, '%s: example: %s', o.id, wrong)
            body = o.spec.get('requestBody')
            if body:
                c = body['content']['application/json']
                wrong = check(c['schema'], c['example'], contract.root,
                              strict=True)
                must(not wrong, '%s: example: %s', o.id, wrong)
        for name, s in contract.root['components']['schemas'].items():
            if 'example' in s:
                wrong = check(s, s['example'], contract.root, strict=True)
                must(not wrong, '%s: example: %s', name, wrong)
    yield 'examples keep to their schemas', examples


class Run:
    def __init__(self):
        self.failed = 0
        self.results = os.environ.get('TRAWL_RESULTS', os.devnull)

    def one(self, name, fn, *args):
        try:
            fn(*args)
            verdict = 'pass'
        except Exception as e:  # every failure is a result, none ends the run
            verdict = 'fail'
            self.failed += 1
            kind = '' if isinstance(e, Wrong) else type(e).__name__ + ': '
            print('     ', kind + str(e)[:2000])
            if kind and os.environ.get('TRACE'):
                import traceback
                traceback.print_exc()
        print(verdict, name)
        with open(self.results, 'a') as f:
            f.write('%s api: %s\n' % (verdict, name))


def main():
    import cases
    top = os.environ['TOP']
    contract = Contract(os.path.join(top, 'schema/api/openapi.yaml'))
    table = routes(os.path.join(top, 'master/api/router.c'))
    run = Run()
    for name, fn in compare(contract, table):
        run.one(name, fn)
    world = cases.World(contract, os.environ)
    for name, fn in cases.all_cases():
        run.one(name, fn, world)
    for op in contract.ops.values():
        run.one('%s was answered with success' % op.id,
                lambda: must(op.good > 0, '%s was never', op.id))
    sys.exit(1 if run.failed else 0)


if __name__ == '__main__':
    sys.stdout.reconfigure(line_buffering=True)
    main()
