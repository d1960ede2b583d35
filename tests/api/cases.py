"""The cases, in the order in which they run. A case is a function whose name is
a sentence that is true; it takes the world: the doors and what is known so far.
"""
import atexit
import csv
import http.client
import http.server
import io
import json
import os
import random
import socket
import ssl
import subprocess
import threading
import time
import urllib.parse

from client import TLS, Client
from contract import Door, must

PASSWORD = 'a long enough pass phrase'
CASES = []


def case(fn):
    CASES.append((fn.__name__.replace('_', ' '), fn))
    return fn


def all_cases():
    return CASES


class World:
    def __init__(self, contract, env):
        self.contract = contract
        self.web = env['WEB']
        self.plain = env['PLAIN']
        self.code = env['CODE']
        self.order_scan = env['SCAN_PATH']
        self.slow_scan = env['SLOW_PATH']  # 20 MB
        self.door = Door(contract, self.web)  # the admin
        self.known = {}

    def visitor(self, source='127.0.0.1'):
        return Door(self.contract, self.web, source)

    def findings(self, **query):
        return self.door.get('listFindings', query=query)

    def every(self, op, limit=2, path=None, **query):
        """All items of a list, page by page."""
        items, cursor, pages = [], None, 0
        while True:
            q = dict(query, limit=limit)
            if cursor:
                q['cursor'] = cursor
            page = self.door.get(op, query=q, path=path)
            must(len(page['items']) <= limit, 'a page is too long')
            items += page['items']
            cursor = page['next']
            pages += 1
            must(pages < 2000, 'the pages have no end')
            if not cursor:
                return items


def soon(fn, seconds=20):
    """fn until it is true; a bound, not a delay."""
    end = time.monotonic() + seconds
    while True:
        got = fn()
        if got:
            return got
        must(time.monotonic() < end, 'it did not happen in %d s', seconds)
        time.sleep(0.05)


# ---- before anybody is there ------------------------------------------------

@case
def a_new_server_says_that_it_must_be_set_up(w):
    state = w.visitor().get('getState')
    must(state['setup_required'] is True, 'it does not')
    must(state['signed_in'] is False, 'somebody is signed in')
    with socket.create_connection(tuple(
            [w.web.rsplit(':', 1)[0], int(w.web.rsplit(':', 1)[1])])) as s:
        with TLS.wrap_socket(s) as t:
            import hashlib
            digest = hashlib.sha256(t.getpeercert(True)).hexdigest().upper()
    pairs = ':'.join(digest[i:i + 2] for i in range(0, 64, 2))
    must(state['fingerprint'] == pairs, 'another certificate')


@case
def without_a_session_nothing_is_shown_or_done(w):
    v = w.visitor()
    for op in w.contract.ops.values():
        if op.permission == 'none':
            continue
        path = {p['name']: '1' for p in op.params if p['in'] == 'path'}
        body = {} if 'requestBody' in op.spec else None
        a = v(op.id, 401, path=path, body=body)
        must('Bearer' in (a.header('WWW-Authenticate') or ''), op.id)
    for secret in ('x', 'A' * 43, 'A' * 44, 'A' * 4000):
        v.client.cookie = secret
        v('getSession', 401)
    v.client.cookie = None
    for secret in ('', 'x', 'A' * 43):
        v.client.bearer = secret or None
        v('getSession', 401)


@case
def set_up_wants_the_code_a_name_and_twelve_characters(w):
    v = w.visitor('127.0.0.9')
    good = {'code': w.code, 'name': 'Anna', 'password': PASSWORD}

    def wrong(status, pointer, **change):
        body = {k: x for k, x in dict(good, **change).items() if x is not None}
        p = v('postSetup', status, body=body).json()
        if pointer:
            must([e['pointer'] for e in p['errors']] == [pointer],
                 'pointers: %r', p)
    wrong(400, '/password', password='elevenchars')
    wrong(400, '/password', password='ééééé')
    wrong(400, '/password', password='x' * 257)
    wrong(400, '/password', password=None)
    wrong(400, '/name', name='')
    wrong(400, '/name', name='two\nlines')
    wrong(400, '/name', name=7)
    wrong(400, '/rôle'.encode().decode(), **{'rôle': 'admin'})
    wrong(403, None, code='AAAA-BBBB-CCCC')
    must(v.get('getState')['setup_required'] is True, 'it is set up')


@case
def a_change_from_another_site_is_refused(w):
    v = w.visitor()
    v.client.same_origin = False
    body = {'code': w.code, 'name': 'Mallory', 'password': PASSWORD}
    for headers in ({}, {'Sec-Fetch-Site': 'cross-site'},
                    {'Sec-Fetch-Site': 'none'},
                    {'Sec-Fetch-Site': 'same-site'},
                    {'Origin': 'https://evil.example'},
                    {'Origin': 'null'},
                    {'Origin': 'http://' + w.web},
                    {'Sec-Fetch-Site': 'cross-site',
                     'Origin': 'https://' + w.web}):
        v('postSetup', 403, body=body, headers=headers)
    v.client.same_origin = True
    v('postSetup', 415, raw=json.dumps(body).encode(),
      headers={'Content-Type': 'text/plain'})
    v('postSetup', 415, raw=json.dumps(body).encode())
    must(v.get('getState')['setup_required'] is True, 'it is set up')


@case
def the_code_makes_the_first_user_and_signs_in(w):
    w.door.client.same_origin = False
    a = w.door('postSetup', 201, headers={'Origin': 'https://' + w.web},
               body={'code': w.code, 'name': 'Anna', 'password': PASSWORD})
    w.door.client.same_origin = True
    cookie = a.header('Set-Cookie')
    must(cookie and cookie.startswith('__Host-sid='), 'cookie: %r', cookie)
    parts = [p.strip() for p in cookie.split(';')]
    for flag in ('Secure', 'HttpOnly', 'SameSite=Strict', 'Path=/'):
        must(flag in parts, '%s is missing in %r', flag, cookie)
    must(not any(p.lower().startswith('domain') for p in parts), cookie)
    w.door.client.cookie = parts[0].split('=', 1)[1]
    must(len(w.door.client.cookie) >= 43, 'a short secret')
    must(PASSWORD.encode() not in a.body, 'the password came back')
    s = w.door.get('getSession')
    must(s['user']['name'] == 'Anna' and s['kind'] == 'cookie', s)
    must(set(s['permissions']) == {'read', 'triage', 'scan', 'manage'}, s)
    must(w.door.get('getState')['signed_in'] is True, 'not signed in')
    must(w.visitor().get('getState')['setup_required'] is False, 'still')


@case
def the_code_is_burnt(w):
    w.visitor()('postSetup', 409, body={
        'code': w.code, 'name': 'Bert', 'password': PASSWORD})


# ---- sign-in ----------------------------------------------------------------

@case
def a_wrong_name_and_a_wrong_password_look_the_same(w):
    v = w.visitor('127.0.0.2')
    took, texts = {}, set()
    for name in ('Anna', 'Nobody'):
        for _ in range(3):
            began = time.monotonic()
            a = v('postSession', 401,
                  body={'name': name, 'password': 'not the password'})
            took[name] = min(took.get(name, 99), time.monotonic() - began)
            texts.add(a.json()['detail'])
            must(a.header('Set-Cookie') is None, 'a cookie')
    must(len(texts) == 1, 'texts: %r', texts)
    ratio = took['Nobody'] / took['Anna']
    # Without the work it would be a fiftieth; the machine may be busy.
    must(0.25 < ratio < 4, 'an unknown name takes %.2f times as long', ratio)


@case
def attempts_are_limited_by_account(w):
    body = {'name': 'Somebody', 'password': 'wrong'}
    for i in range(16):
        c = w.visitor('127.0.0.%d' % (20 + i)).client
        a = c.request('POST', '/api/v1/session', body)
        if i < 5:
            must(a.status == 401, '%d at attempt %d', a.status, i)
        if a.status == 429:
            break
    must(a.status == 429, 'there is no limit')
    must(int(a.header('Retry-After')) >= 1, 'Retry-After')


@case
def attempts_are_limited_by_address(w):
    v = w.visitor('127.0.0.40')
    for i in range(10):
        v('postSession', 401, body={'name': 'n%d' % i, 'password': 'wrong'})
    a = v('postSession', 429, body={'name': 'Anna', 'password': PASSWORD})
    must(0 < int(a.header('Retry-After')) <= 300, 'Retry-After')
    # The same person from elsewhere is not kept out.
    w.visitor('127.0.0.41')('postSession', 201, body={
        'name': 'anna', 'password': PASSWORD})


@case
def a_script_signs_in_for_a_bearer_token(w):
    v = w.visitor('127.0.0.3')
    a = v('postSession', 201, body={'name': 'Anna', 'password': PASSWORD,
                                    'bearer': True})
    must(a.header('Set-Cookie') is None, 'a cookie was set')
    v.client.bearer = a.json()['token']
    v.client.same_origin = False  # a script sends no such header
    must(v.get('getSession')['kind'] == 'bearer', 'kind')
    v('postToken', 201, body={'name': 'by a script'})
    v.client.bearer = 'A' * 43
    v.client.cookie = w.door.client.cookie
    # With a token the cookie does not count, be it good.
    a = v.client.request('GET', '/api/v1/session', headers={
        'Authorization': 'Bearer ' + 'A' * 43,
        'Cookie': '__Host-sid=' + w.door.client.cookie})
    must(a.status == 401, 'the cookie counted')
    v.client.cookie = None
    v.client.bearer = None


@case
def signing_out_ends_the_session_and_its_stream(w):
    v = w.visitor('127.0.0.4')
    a = v('postSession', 201, body={'name': 'Anna', 'password': PASSWORD})
    v.client.cookie = a.header('Set-Cookie').split(';')[0].split('=', 1)[1]
    conn, stream = v.client.open('/api/v1/events')
    must(stream.status == 200, 'stream: %d', stream.status)
    must(stream.readline() == b': hello\n', 'no hello')
    a = v('deleteSession', 204)
    must('Max-Age=0' in a.header('Set-Cookie'), 'the cookie stays')
    while stream.readline():
        pass  # it ends, or the read times out
    conn.close()
    v('getSession', 401)


# ---- limits and malformed requests -------------------------------------------

@case
def bodies_are_limited_in_size_depth_and_shape(w):
    d = w.door
    head = {'Content-Type': 'application/json'}
    large = b'{"name":"' + b'x' * (1024 * 1024) + b'"}'
    d('postToken', 413, raw=large, headers=head)
    deep = b'{"name":' + b'[' * 40 + b']' * 40 + b'}'
    d('postToken', 400, raw=deep, headers=head)
    for raw in (b'{', b'[]', b'1', b'{"a":1,"a":2}', b'{"name":"\xff"}',
                b'{"name":"\\u0000"}', b'{} {}', b'\xef\xbb\xbf{}', b' '):
        d('postToken', 400, raw=raw, headers=head)
    d('postToken', 400, raw=b'', headers=head)
    p = d('postToken', 400, body={'uses': 0, 'hours': 'x', 'else': 1}).json()
    must({e['pointer'] for e in p['errors']} ==
         {'/uses', '/hours', '/else'}, p)


@case
def a_chunked_body_above_the_limit_is_refused_too(w):
    parts = b''.join(b'10000\r\n' + b'x' * 65536 + b'\r\n'
                     for _ in range(20)) + b'0\r\n\r\n'
    got = w.door.client.send(
        b'POST /api/v1/tokens HTTP/1.1\r\nHost: ' + w.web.encode() +
        b'\r\nCookie: __Host-sid=' + w.door.client.cookie.encode() +
        b'\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/json'
        b'\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n' + parts)
    must(got.startswith(b'HTTP/1.1 413'), 'answer: %r', got[:80])


@case
def heads_are_limited_and_bad_ones_refused(w):
    host = b'Host: ' + w.web.encode() + b'\r\nConnection: close\r\n'
    send = w.visitor().client.send
    got = send(b'GET /api/v1/state HTTP/1.1\r\n' + host + b'X: ' +
               b'y' * 70000 + b'\r\n\r\n')
    must(got[:12] in (b'HTTP/1.1 431', b'HTTP/1.1 413', b'HTTP/1.1 400', b''),
         'large head: %r', got[:60])
    got = send(b'GET /api/v1/state?' + b'a' * 70000 + b' HTTP/1.1\r\n' + host +
               b'\r\n')
    must(got[:12] in (b'HTTP/1.1 414', b'HTTP/1.1 431', b'HTTP/1.1 400', b''),
         'long line: %r', got[:60])
    for line in (b'GET', b'\0\0\0', b'GET / HTTP/9.9', b'PRI * HTTP/2.0'):
        got = send(line + b'\r\n' + host + b'\r\n')
        must(not got.startswith(b'HTTP/1.1 2'), '%r: %r', line, got[:60])
    # It is still there.
    w.visitor()('getState')


@case
def paths_and_queries_that_are_not_well_formed_are_refused(w):
    c = w.door.client
    for path, want in (('/api/v1/findings?q=%', 400),
                       ('/api/v1/findings?q=%zz', 400),
                       ('/api/v1/findings?q=a%00b', 400),
                       ('/api/v1/findings?q=%ff', 400),
                       ('/api/v1/targets/%00', 400),
                       ('/api/v1/nothing', 404),
                       ('/api/v1/', 404), ('/api', 404),
                       ('/api/v1/findings/0', 404),
                       ('/api/v1/findings/01', 404),
                       ('/api/v1/findings/9223372036854775808', 404),
                       ('/api/v1/findings/x', 404)):
        a = c.request('GET', path)
        must(a.status == want, '%s: %d instead of %d', path, a.status, want)
        must(a.header('Content-Type') == 'application/problem+json', path)


@case
def another_method_is_answered_with_those_that_are_allowed(w):
    paths = {}
    for op in w.contract.ops.values():
        paths.setdefault(op.path, set()).add(op.method)
    for path, methods in paths.items():
        for other in ('PUT', 'DELETE', 'PATCH', 'OPTIONS', 'POST'):
            if other in methods:
                continue
            a = w.door.client.request(other, path.replace('{id}', '1'))
            must(a.status == 405, '%s %s: %d', other, path, a.status)
            allow = {m.strip() for m in a.header('Allow').split(',')}
            must(allow - {'HEAD'} == methods, '%s: %s', path, allow)


@case
def parameters_that_are_not_known_or_out_of_range_are_named(w):
    for op, query, pointer in (
            ('listFindings', 'colour=red', '?colour'),
            ('listFindings', 'risk=enormous', '?risk'),
            ('listFindings', '-state=broken', '?-state'),
            ('listFindings', 'target=x', '?target'),
            ('listFindings', 'sort=colour', '?sort'),
            ('listFindings', 'at=-1', '?at'),
            ('listFindings', 'limit=0', '?limit'),
            ('listFindings', 'limit=201', '?limit'),
            ('listFindings', 'under=nothing', '?under'),
            ('listFindings', 'under=t:1&target=1', '?under'),
            ('listScans', 'state=sleeping', '?state'),
            ('listAgents', 'state=removed', '?state'),
            ('listAgents', 'q=x', '?q'),
            ('getOverview', 'x=1', '?x'),
            ('getFacets', 'sort=risk', '?sort'),
            ('exportFindings', 'format=pdf', '?format')):
        p = w.door(op, 400, query=query).json()
        must([e['pointer'] for e in p['errors']] == [pointer], '%s: %r',
             query, p)
    for cursor in ('x', 'AAAA', 'A' * 100, '%20', 'A' * 12000):
        w.door('listFindings', 400, query={'cursor': cursor})


# ---- agents and tokens -------------------------------------------------------

@case
def a_token_is_shown_once_and_can_be_taken_back(w):
    before = w.door.get('listTokens')['items']
    a = w.door('postToken', 201, body={'name': 'for a test', 'uses': 3,
                                       'hours': 2, 'group': 'Payments'})
    token = a.json()
    must(token['token'].startswith('trawl1:'), 'token: %r', token)
    must(token['token'] in token['command'], 'the command lacks the token')
    must(token['uses'] == 3 and token['uses_left'] == 3, token)
    listed = w.door('listTokens')
    must(token['token'].rsplit(':', 1)[1].encode() not in listed.body,
         'the secret is in the list')
    must(len(listed.json()['items']) == len(before) + 1, 'it is not listed')
    row = [t for t in listed.json()['items'] if t['id'] == token['id']][0]
    for key in row:
        must(key == 'created' or row[key] == token[key], '%s differs', key)
    w.door('deleteToken', 204, path={'id': token['id']})
    w.door('deleteToken', 404, path={'id': token['id']})
    must(len(w.door.get('listTokens')['items']) == len(before), 'it stayed')


@case
def the_same_key_does_a_thing_once(w):
    before = len(w.door.get('listTokens')['items'])
    head = {'Idempotency-Key': 'key-of-this-test'}
    a = w.door('postToken', 201, body={'uses': 2}, headers=head)
    b = w.door('postToken', 201, body={'uses': 2}, headers=head)
    must(a.body == b.body, 'another answer')
    must(len(w.door.get('listTokens')['items']) == before + 1, 'done twice')
    w.door('postToken', 422, body={'uses': 4}, headers=head)
    w.door('postToken', 400, body={'uses': 2},
           headers={'Idempotency-Key': 'short'})
    # What failed is not kept.
    head = {'Idempotency-Key': 'another-key'}
    w.door('postToken', 400, body={'uses': -1}, headers=head)
    w.door('deleteToken', 204, path={'id': a.json()['id']})


@case
def the_enrolled_agent_is_listed(w):
    page = w.door.get('listAgents')
    must([a['state'] for a in page['items']] == ['unverified', 'verified'],
         'those that wait come first: %r', page['items'])
    agent = page['items'][1]
    must(agent['online'], agent)
    must(page['items'][0]['load'] is None, 'load of one that never came')
    end = time.monotonic() + 20
    while agent['load'] is None:
        must(time.monotonic() < end, 'no load of one that is connected')
        time.sleep(0.05)
        page = w.door.get('listAgents')
        agent = page['items'][1]
    must(page['summary'] == {'total': 2, 'online': 1, 'unverified': 1,
                             'blocked': 0, 'outdated': 0}, page['summary'])
    must(w.every('listAgents', limit=1) == page['items'], 'pages')
    must(agent['version'] == w.door.get('getState')['version'], agent)
    w.known['agent'] = agent['id']
    one = w.door.get('getAgent', path={'id': agent['id']})
    must(one['fingerprint'] == agent['fingerprint'], one)
    w.door('getAgent', 404, path={'id': '999999'})
    must(w.door.get('listAgents', query='state=blocked')['items'] == [], 'x')
    must(len(w.door.get('listAgents', query='state=blocked&state=verified')
             ['items']) == 1, 'states are not alternatives')


@case
def the_types_are_listed_with_a_tag(w):
    a = w.door('listTypes')
    ids = {t['id'] for t in a.json()['items']}
    must({'card_visa', 'us_ssn'} <= ids, 'types: %s', sorted(ids)[:20])
    tag = a.header('ETag')
    must(tag and tag.startswith('"'), 'tag: %r', tag)
    w.door('listTypes', 304, headers={'If-None-Match': tag})
    w.door('listTypes', 304, headers={'If-None-Match': '"x", W/' + tag})
    w.door('listTypes', 200, headers={'If-None-Match': '"x"'})


# ---- a scan ------------------------------------------------------------------

@case
def a_scan_that_cannot_be_is_refused(w):
    good = {'agents': [w.known['agent']], 'paths': ['/srv']}
    for change, status in (({'paths': ['srv']}, 400), ({'paths': []}, 400),
                           ({'paths': ['/x' * 3000]}, 400),
                           ({'agents': ['0']}, 400),
                           ({'all': True}, 400), ({'types': ['A B']}, 400),
                           ({'min_confidence': 101}, 400),
                           ({'agents': ['999999']}, 404)):
        w.door('postScan', status, body=dict(good, **change))
    w.door('postScan', 400, body={'paths': ['/srv']})


@case
def limits_of_an_order_are_those_of_the_one_table(w):
    good = {'agents': [w.known['agent']], 'paths': ['/srv']}
    table = {r['name']: r for r in w.door.get('listLimits')['items']}
    must({'depth', 'members', 'output', 'seconds', 'ocr_seconds'} <=
         set(table), table)
    depth = table['depth']
    must((depth['low'], depth['high'], depth['default'], depth['unit']) ==
         (1, 16, 8, 'count'), depth)
    must(table['output']['high'] is None, table['output'])
    for limits, pointer, words in (
            ({'depth': 17}, '/limits/depth', '1 to 16'),
            ({'depth': 0}, '/limits/depth', '1 to 16'),
            ({'members': 5, 'deep': 3}, '/limits/deep', 'not known'),
            ({'a/b': 3}, '/limits/a~1b', 'not known'),
            ({'depth': '4'}, '/limits/depth', 'whole number'),
            ({'output': -1}, '/limits/output', 'whole number'),
            ([4], '/limits', 'object'),
            ({'x%d' % i: 1 for i in range(33)}, '/limits', 'members')):
        got = w.door('postScan', 400, body=dict(good, limits=limits)).json()
        must([e for e in got['errors'] if e['pointer'] == pointer and
              words in e['detail']], '%r: %r', limits, got)


@case
def languages_of_an_order_are_good_names(w):
    good = {'agents': [w.known['agent']], 'paths': ['/srv']}
    for ocr, pointer in (
            (['../eng'], '/ocr/0'), (['eng', ''], '/ocr/1'),
            (['eng deu'], '/ocr/0'), (['x' * 33], '/ocr/0'),
            ('eng', '/ocr'), (['eng'] * 9, '/ocr')):
        got = w.door('postScan', 400, body=dict(good, ocr=ocr)).json()
        must([e for e in got['errors'] if e['pointer'] == pointer],
             '%r: %r', ocr, got)


@case
def a_scan_runs_to_its_end(w):
    a = w.door('postScan', 201, body={
        'name': 'Contract', 'agents': [w.known['agent']],
        'paths': [w.order_scan]})
    scan = a.json()
    w.known['scan'] = scan['id']
    must(a.header('Location') == '/api/v1/scans/' + scan['id'], 'Location')
    must(scan['state'] in ('queued', 'running', 'done'), scan)

    def over():
        got = w.door.get('getScan', path={'id': scan['id']})
        return got if got['state'] in ('done', 'failed', 'stopped') else None
    got = soon(over, 60)
    must(got['state'] == 'done', got)
    must(got['ended'] and got['progress']['done_objects'] > 0, got)
    must(got['paths'] == [w.order_scan], got['paths'])
    must([t['agent'] for t in got['tasks']] == [w.known['agent']], got)
    w.door('pauseScan', 409, path={'id': scan['id']})
    w.door('resumeScan', 409, path={'id': scan['id']})
    w.door('stopScan', 409, path={'id': scan['id']})
    w.door('getScan', 404, path={'id': '999999'})
    listed = w.door.get('listScans')
    must(listed['items'][0]['id'] == scan['id'], 'it is not first')
    must(w.door.get('listScans', query='state=running')['items'] == [], 'x')
    must(len(w.door.get('listScans', query='state=done')['items']) == 1, 'y')


@case
def what_was_not_read_is_in_the_coverage(w):
    rows = w.every('listCoverage', path={'id': w.known['scan']})
    must(any(r['path'].endswith('/broken.zip') for r in rows), rows)
    odd = [r for r in rows if r['path'].endswith('/places.zip')]
    must([(r['number'], r['place'], r['parser'], r['reason']) for r in odd] ==
         [(0, 'one.txt', 'zip', 'unsupported'),
          (1, 'two.txt', 'zip', 'unsupported')], 'places: %r', odd)
    must(odd[0]['detail'] and odd[0]['coverage'] == 'partial', odd[0])
    must((odd[0]['members'], odd[0]['members_unread'], odd[0]['places']) ==
         (3, 2, 2), odd[0])
    w.known['unread'] = rows
    by = {}
    for r in rows:
        by[r['reason']] = by.get(r['reason'], 0) + 1
    scan = w.door.get('getScan', path={'id': w.known['scan']})
    errors = {}
    for e in scan['errors']:
        errors[e['reason']] = errors.get(e['reason'], 0) + e['count']
    must(errors == by, 'errors: %r, rows: %r', scan['errors'], by)
    reason = rows[0]['reason']
    some = w.every('listCoverage', path={'id': w.known['scan']},
                   reason=reason)
    must(len(some) == by[reason], 'the filter by reason')
    w.door('listCoverage', 400, path={'id': w.known['scan']},
           query='reason=boredom')
    w.door('listCoverage', 404, path={'id': '999999'})
    target = rows[0]['target']
    must(w.every('listCoverage', path={'id': w.known['scan']},
                 target=target) == rows, 'the filter by target')
    w.door('listCoverage', 400, path={'id': w.known['scan']},
           query='target=x')
    must(w.every('listCoverage', path={'id': w.known['scan']},
                 target='999999') == [], 'another target')


@case
def totals_of_coverage_are_those_of_its_rows(w):
    rows = w.known['unread']
    scan = w.door.get('getScan', path={'id': w.known['scan']})
    sums = scan['coverage']
    first = [r for r in rows if r['number'] == 0]
    must(not sums['whole'], sums)
    must(sums['places'] + sums['left_out'] == len(rows), sums)
    must(sums['full'] + sums['partial'] + sums['unread'] == sums['objects'] ==
         scan['progress']['done_objects'], sums)
    must(sums['partial'] == sum(r['coverage'] == 'partial' for r in first),
         sums)
    must(sums['unread_bytes'] == sum(
        r['size'] - r['read'] for r in first if r['read'] < r['size']), sums)
    must(sums['members'] >= 3 and sums['members_unread'] >= 2, sums)
    must(sum(r['places'] for r in sums['reasons']) == len(rows), sums)
    must(sum(r['partial'] + r['unread'] for r in sums['reasons']) ==
         len(first), sums)
    node = w.door.get('getTarget', path={'id': 't:' + rows[0]['target']})
    must(node['scan'] == w.known['scan'] and node['coverage'] == sums,
         'of the target: %r', node['coverage'])
    must(node['problems'] == sums['partial'] + sums['unread'] +
         sums['folders'], node['problems'])


@case
def the_ledger_can_be_taken_away_as_a_file(w):
    rows = w.known['unread']
    path = {'id': w.known['scan']}
    a = w.door('exportCoverage', path=path)
    must('attachment' in a.header('Content-Disposition'), 'disposition')
    lines = [json.loads(line) for line in a.body.decode().splitlines()]
    last, scan = lines.pop(), w.door.get('getScan', path=path)
    must(last['totals'] == scan['coverage'], last)
    for key in ('name', 'state', 'created_by', 'started', 'ended', 'paths',
                'types'):
        must(last[key] == scan[key], (key, last[key], scan[key]))
    must(last['targets'] == [a['host'] for a in scan['agents']], last)
    must([x['path'] for x in lines] ==
         [r['path'] for r in rows if r['number'] == 0], 'paths')
    odd = [x for x in lines if x['path'].endswith('/places.zip')][0]
    must([(n['place'], n['parser']) for n in odd['notes']] ==
         [('one.txt', 'zip'), ('two.txt', 'zip')], odd)
    must(odd['scan'] == w.known['scan'] and odd['agent'], odd)
    table = list(csv.DictReader(io.StringIO(
        w.door('exportCoverage', path=path,
               query='format=csv').body.decode())))
    must([(r['path'], r['place'], r['reason']) for r in table] ==
         [(r['path'], ("'" if r['place'][:1] == '=' else '') + r['place'],
           r['reason']) for r in rows], 'csv: %r', table)
    w.door('exportCoverage', 400, path=path, query='format=pdf')
    w.door('exportCoverage', 400, path=path, query='target=x')
    w.door('exportCoverage', 404, path={'id': '999999'})


@case
def a_scan_keeps_to_the_limits_of_its_order(w):
    scan = w.door('postScan', 201, body={
        'name': 'Tight', 'agents': [w.known['agent']],
        'paths': [w.order_scan + '/places.zip'],
        'limits': {'members': 1, 'depth': 8}}).json()['id']

    def over():
        got = w.door.get('getScan', path={'id': scan})
        return got if got['state'] in ('done', 'failed', 'stopped') else None
    got = soon(over, 60)
    must(got['state'] == 'done' and got['limits'] == {'members': 1}, got)
    rows = w.every('listCoverage', path={'id': scan})
    must('members' in {r['reason'] for r in rows}, rows)


@case
def an_agent_without_a_language_says_which_package_has_it(w):
    scan = w.door('postScan', 201, body={
        'name': 'Pictures', 'agents': [w.known['agent']],
        'paths': [w.order_scan], 'ocr': ['qqq', 'zzz']}).json()['id']

    def over():
        got = w.door.get('getScan', path={'id': scan})
        return got if got['state'] in ('done', 'failed', 'stopped') else None
    got = soon(over, 60)
    must(got['state'] == 'failed' and got['ocr'] == ['qqq', 'zzz'], got)
    must('tesseract-ocr-qqq' in got['tasks'][0]['message'], got['tasks'])
    must(w.door.get('getScan', path={'id': w.known['scan']})['ocr'] == [],
         'not asked for')


@case
def what_held_nothing_and_did_not_change_is_read_once(w):
    # files of a package: nobody has written them a moment ago. A limit of its
    # own makes it another scan than the last run's, which may be remembered
    body = {'name': 'Again', 'agents': [w.known['agent']],
            'paths': ['/usr/include/linux/usb'], 'types': ['card_amex'],
            'limits': {'members': random.randrange(1000, 10 ** 6)},
            'skip_unchanged': True}

    def scanned():
        scan = w.door('postScan', 201, body=body).json()['id']

        def over():
            got = w.door.get('getScan', path={'id': scan})
            return got if got['state'] in ('done', 'failed') else None
        got = soon(over, 60)
        must(got['state'] == 'done' and got['skip_unchanged'], got)
        return got['coverage']
    first, second = scanned(), scanned()
    must(first['objects'] > 5 and first['unchanged'] == 0 and
         first['whole'], first)
    must(second['unchanged'] == second['objects'] == first['objects'] and
         second['full'] == 0 and not second['whole'], second)


# ---- targets on other hosts ----------------------------------------------------

@case
def kinds_of_targets_are_told_with_what_they_were_tested_against(w):
    kinds = {k['scheme']: k for k in w.door.get('listKinds')['items']}
    sftp = kinds['sftp']
    must('22' in sftp['ports'] and 'host_key' in sftp['options'], sftp)
    must('password' in sftp['access'], sftp)
    must(sftp['honesty'] == 'product' and 'OpenSSH' in sftp['tested'], sftp)
    for k in kinds.values():
        must(k['form'].split(':')[0] == k['scheme'], k)
        must(k['tested'] or k['honesty'] == 'untested', k)


@case
def groups_of_proxies_are_made_named_and_removed(w):
    g = w.door('postProxyGroup', 201, body={'name': 'dmz'}).json()
    must(g['name'] == 'dmz' and g['members'] == [] and g['targets'] == 0, g)
    w.door('postProxyGroup', 409, body={'name': 'DMZ'})
    w.door('postProxyGroup', 422, body={'members': []})
    w.door('postProxyGroup', 422, body={'name': 'two\nlines'})
    # Its agent reads no other host.
    w.door('postProxyGroup', 404, body={
        'name': 'odd', 'members': [w.known['agent']]})
    other = w.door('postProxyGroup', 201, body={'name': 'other'}).json()
    path = {'id': other['id']}
    w.door('patchProxyGroup', 409, path=path, body={'name': 'dmz'})
    got = w.door.get('patchProxyGroup', path=path, body={'name': 'Other'})
    must(got['name'] == 'Other', got)
    names = [x['name'] for x in w.door.get('listProxyGroups')['items']]
    must(names == ['dmz', 'Other'], names)
    w.door('deleteProxyGroup', 204, path=path)
    w.door('deleteProxyGroup', 404, path=path)
    w.known['dmz'] = g['id']


@case
def a_target_on_another_host_never_holds_a_secret(w):
    def refused(words, status=422, **body):
        p = w.door('postRemoteTarget', status, body=body).json()
        must(words in p['detail'] or words in str(p.get('errors')), p)
        for secret in ('hunter2', 'BEGIN'):
            must(secret not in json.dumps(p), 'it is repeated: %r', p)
    keep = 'trawl-proxy-agent credential add'
    refused(keep, url='sftp://svc:hunter2@files.example/srv')
    refused(keep, url='s3://bucket/x?secret=hunter2')
    refused(keep, url='s3://bucket/x?endpoint=https://u:hunter2@s3.example')
    refused(keep, url='sftp://svc@files.example/', options={
        'password': 'hunter2'})
    refused(keep, url='sftp://svc@files.example/', options={
        'host_key': '-----BEGIN hunter2'})
    refused('no option colour', url='sftp://svc@files.example/', options={
        'colour': 'red'})
    refused('must be a text', 400, url='sftp://svc@files.example/', options={
        'host_key': 1})
    refused('kind', url='gopher://files.example/')
    refused('well formed', url='files.example')
    refused('no such proxy', 404, url='sftp://svc@files.example/',
            reader='proxy:99')
    refused('reader', url='sftp://svc@files.example/', reader='group:x')
    must(w.door.get('listRemoteTargets')['total'] == 0, 'one was kept')


@case
def a_target_on_another_host_is_added_changed_and_found_in_the_tree(w):
    a = w.door('postRemoteTarget', 201, body={
        'url': 'sftp://svc@files.example/srv', 'group': 'Sales',
        'credential': 'files', 'reader': 'group:' + w.known['dmz'],
        'options': {'exclude': '*.iso', 'host_key': ''}})
    t = a.json()
    path = {'id': t['id']}
    must(a.header('Location') == '/api/v1/remote-targets/' + t['id'], 'where')
    must(t['name'] == 'files.example/srv' and t['kind'] == 'sftp', t)
    must(t['options'] == {'exclude': '*.iso', 'host_key': ''}, t)
    must(t['reader_name'] == 'dmz' and t['last'] is None, t)
    w.door('postRemoteTarget', 409, body={'url': t['url']})
    got = w.door.get('patchRemoteTarget', path=path, body={
        'name': 'File server', 'options': {}})
    must(got['name'] == 'File server' and got['options'] == {}, got)
    must(got['credential'] == 'files' and got['reader'] == t['reader'], got)
    must(w.door.get('getRemoteTarget', path=path) == got, 'another one')
    must(w.every('listRemoteTargets') == [got], 'the list')
    w.door('patchRemoteTarget', 400, path=path, body={'url': 'sftp://x/'})
    w.door('patchRemoteTarget', 404, path={'id': '99999'}, body={'name': 'x'})
    w.door('deleteProxyGroup', 409, path={'id': w.known['dmz']})
    node = w.door.get('getTarget', path={'id': 't:' + t['id']})
    must(node['url'] == t['url'] and node['name'] == 'File server', node)
    must(node['online'] is None and node['agent'] is None, node)
    groups = [n['name'] for n in w.every('listTargets')]
    must('Sales' in groups, groups)
    w.known['remote'] = t['id']


@case
def a_scan_of_a_target_waits_for_a_proxy_and_says_why(w):
    for body in ({'targets': ['99999']},):
        w.door('postScan', 404, body=body)
    w.door('postScan', 400, body={'targets': [w.known['remote']],
                                  'paths': ['/srv']})
    scan = w.door('postScan', 201, body={
        'targets': [w.known['remote']]}).json()
    must(scan['state'] == 'queued', scan)
    must(scan['agents'] == [{'id': None, 'host': 'File server'}], scan)
    task = w.door.get('getScan', path={'id': scan['id']})['tasks'][0]
    must(task['agent'] is None and task['proxy'] is None, task)
    must(task['url'] == 'sftp://svc@files.example/srv', task)
    must(task['message'] == 'no proxy of group dmz is verified', task)
    last = w.door.get('getRemoteTarget', path={'id': w.known['remote']})['last']
    must(last['scan'] == scan['id'] and last['message'] == task['message'],
         last)
    # While it waits, what is wanted of it can change, and it says so.
    w.door('patchRemoteTarget', 200, path={'id': w.known['remote']},
           body={'reader': 'any'})
    task = w.door.get('getScan', path={'id': scan['id']})['tasks'][0]
    must(task['message'] == 'no proxy is verified', task)
    w.door('deleteRemoteTarget', 409, path={'id': w.known['remote']})
    w.door('pauseScan', 202, path={'id': scan['id']})
    got = w.door('resumeScan', 202, path={'id': scan['id']}).json()
    must(got['state'] == 'queued', got)
    got = w.door('stopScan', 202, path={'id': scan['id']}).json()
    must(got['state'] == 'stopped', got)


@case
def a_target_that_is_removed_keeps_its_place_for_its_address(w):
    path = {'id': w.known['remote']}
    w.door('deleteRemoteTarget', 204, path=path)
    w.door('getRemoteTarget', 404, path=path)
    must(w.door.get('getTarget', path={'id': 't:' + path['id']}), 'the node')
    again = w.door('postRemoteTarget', 201, body={
        'url': 'sftp://svc@files.example/srv', 'name': 'Again'}).json()
    must(again['id'] == path['id'], 'another target')
    w.door('deleteProxyGroup', 204, path={'id': w.known['dmz']})
    w.door('deleteRemoteTarget', 204, path=path)
    must('Sales' not in [n['name'] for n in w.every('listTargets')],
         'an empty group is shown')
    fresh = w.door('postRemoteTarget', 201, body={
        'url': 'sftp://svc@never.example/', 'reader': 'any'}).json()
    w.door('deleteRemoteTarget', 204, path={'id': fresh['id']})
    w.door('getTarget', 404, path={'id': 't:' + fresh['id']})


@case
def a_running_scan_can_be_paused_resumed_and_stopped(w):
    scan = w.door('postScan', 201, body={
        'name': 'Slow', 'agents': [w.known['agent']],
        'paths': [w.slow_scan], 'bytes_per_second': 500000}).json()['id']

    def state(*want):
        def look():
            got = w.door.get('getScan', path={'id': scan})['state']
            must(got in want or got in ('queued', 'running', 'paused'), got)
            return got in want
        soon(look, 30)
    state('running')
    w.door('pauseScan', 202, path={'id': scan})
    state('paused')
    w.door('resumeScan', 202, path={'id': scan})
    state('running', 'queued')
    w.door('stopScan', 202, path={'id': scan})
    state('stopped')


# ---- findings ----------------------------------------------------------------

@case
def findings_come_in_pages_that_meet(w):
    whole = w.findings(limit=200)
    must(len(whole['items']) >= 5 and whole['next'] is None, whole['total'])
    must(whole['total'] == len(whole['items']) and whole['total_exact'],
         'total: %r of %d', whole['total'], len(whole['items']))
    for sort in ('risk', '-risk', 'matches', '-matches', 'path', '-path',
                 'found', '-found'):
        once = [f['id'] for f in w.findings(limit=200, sort=sort)['items']]
        paged = [f['id'] for f in w.every('listFindings', sort=sort)]
        must(once == paged, '%s: pages differ from the whole', sort)
        must(len(set(once)) == len(once) == whole['total'], '%s: ids', sort)
    rows = w.findings(limit=200, sort='-matches')['items']
    counts = [f['matches'] for f in rows]
    must(counts == sorted(counts, reverse=True), 'matches: %r', counts)
    order = ['critical', 'high', 'medium', 'low']
    risks = [order.index(f['risk'])
             for f in w.findings(limit=200, sort='risk')['items']]
    must(risks == sorted(risks), 'risks: %r', risks)
    third = w.findings(limit=2, at=3)
    must([f['id'] for f in third['items']] ==
         [f['id'] for f in w.findings(limit=200)['items'][3:5]], 'at=3')
    w.known['rows'] = rows


@case
def a_cursor_is_good_for_its_own_list_only(w):
    next_one = w.findings(limit=2)['next']
    w.door('listFindings', 400, query={'cursor': next_one, 'sort': 'path'})
    w.door('listFindings', 400, query={'cursor': next_one,
                                       'risk': 'critical'})
    w.door('listScans', 400, query={'cursor': next_one})
    w.door('listFindings', 400, query={'cursor': next_one[:-2] + 'xx'})
    w.door('listFindings', 400, query={'cursor': next_one, 'at': 5})


@case
def every_filter_keeps_what_it_says(w):
    rows = w.known['rows']

    def same(query, keep):
        got = {f['id'] for f in w.findings(limit=200, **query)['items']}
        want = {f['id'] for f in rows if keep(f)}
        must(got == want, '%r: %d rows instead of %d', query, len(got),
             len(want))
        facets = w.door.get('getFacets', query=query)
        must(sum(v['count'] for v in facets['risk']) >= len(want), query)
    first = rows[0]
    for key in ('risk', 'type', 'category', 'target', 'agent', 'state',
                'scan', 'group'):
        if first[key] == '':
            continue
        same({key: first[key]}, lambda f: f[key] == first[key])
        if key != 'scan':
            same({'-' + key: first[key]}, lambda f: f[key] != first[key])
    same({'type': 'card_*'}, lambda f: f['type'].startswith('card_'))
    two = sorted({f['type'] for f in rows})[:2]
    same({'type': two}, lambda f: f['type'] in two)
    same({'type': two, '-type': two[0]}, lambda f: f['type'] == two[1])
    name = os.path.basename(first['path'])
    same({'q': name.upper()}, lambda f: name in f['path'])
    same({'q': 'no such text'}, lambda f: False)
    same({'under': 't:' + first['target']},
         lambda f: f['target'] == first['target'])


@case
def facets_agree_with_the_list(w):
    rows = w.known['rows']
    facets = w.door.get('getFacets')
    for key in ('risk', 'type', 'category', 'target', 'agent', 'state',
                'group'):
        want = {}
        for f in rows:
            want[f[key]] = want.get(f[key], 0) + 1
        got = {v['value']: v['count'] for v in facets[key]}
        must(got == want, '%s: %r instead of %r', key, got, want)
    ranks = ['critical', 'high', 'medium', 'low']
    seen = [v['value'] for v in facets['risk']]
    must(seen == sorted(seen, key=ranks.index), 'the worst is not first: %r', seen)
    one = rows[0]['type']
    facets = w.door.get('getFacets', query={'type': one})
    must(len(facets['type']) == len({f['type'] for f in rows}),
         'other values of the field itself are gone')


@case
def a_finding_shows_its_matches_masked(w):
    for row in w.known['rows']:
        a = w.door('getFinding', path={'id': row['id']})
        f = a.json()
        for key in row:
            must(f[key] == row[key], '%s differs', key)
        matches = w.every('listMatches', path={'id': row['id']}, limit=3)
        must(len(matches) == row['matches'], '%d of %d matches',
             len(matches), row['matches'])
        must(f['items'] == matches[:20], 'the first ones differ')
        must([c['kind'] for c in f['breadcrumb']][-1] == 'file', f)
        must(f['history'] and f['history'][-1]['what'] == 'found', f)
        must(all(o['path'] == row['path'] and o['id'] != row['id']
                 for o in f['others']), f['others'])
        for m in matches:
            must(m['masked'] in m['context'], '%r is not in %r', m['masked'],
                 m['context'])
            digits = ''.join(c for c in m['context'] if c.isdigit())
            for clear in os.environ['CLEAR'].split():
                must(clear not in digits, 'a clear value is shown')
        must(w.door('getFinding', 304, path={'id': row['id']},
                    headers={'If-None-Match': a.header('ETag')}).body == b'',
             'a body with 304')
    w.door('getFinding', 404, path={'id': '999999'})
    w.door('listMatches', 404, path={'id': '999999'})


@case
def a_decision_wants_the_version_that_was_seen(w):
    path = {'id': w.known['rows'][0]['id']}
    tag = w.door('getFinding', path=path).header('ETag')
    body = {'state': 'confirmed'}
    w.door('patchFinding', 428, path=path, body=body)
    w.door('patchFinding', 412, path=path, body=body,
           headers={'If-Match': '"finding-1-0"'})
    w.door('patchFinding', 412, path=path, body=body,
           headers={'If-Match': 'W/' + tag})
    w.door('patchFinding', 400, path=path, body={'state': 'gone'},
           headers={'If-Match': tag})
    a = w.door('patchFinding', path=path, body=body,
               headers={'If-Match': tag})
    must(a.json()['state'] == 'confirmed', a.json()['state'])
    must(a.header('ETag') != tag, 'the tag stayed')
    must(a.json()['history'][0]['what'] == 'decided' and
         a.json()['history'][0]['actor'] == 'Anna', a.json()['history'])
    w.door('patchFinding', 412, path=path, body={'state': 'open'},
           headers={'If-Match': tag})
    must(w.findings(state='confirmed')['total'] == 1, 'the list')
    w.door('patchFinding', path=path, body={'state': 'open'},
           headers={'If-Match': '*'})
    w.door('patchFinding', 404, path={'id': '999999'}, body=body,
           headers={'If-Match': '*'})


@case
def many_findings_are_decided_at_once(w):
    total = w.findings()['total']
    cards = w.findings(type='card_*')['total']
    say = {'filter': 'type=card_*', 'state': 'false_positive'}
    dry = w.door.get('bulkFindings', body=dict(say, dry_run=True))
    must(dry == {'matched': cards, 'changed': 0, 'dry_run': True}, dry)
    must(w.findings(state='open')['total'] == total, 'a dry run changed it')
    w.door('bulkFindings', 409, body=dict(say, expected_count=cards + 1))
    must(w.findings(state='open')['total'] == total, 'it changed all the same')
    done = w.door.get('bulkFindings', body=dict(say, expected_count=cards))
    must(done['changed'] == cards, done)
    must(w.findings(state='false_positive')['total'] == cards, 'the list')
    ids = [f['id'] for f in w.findings(state='false_positive',
                                       limit=200)['items']]
    done = w.door.get('bulkFindings', body={'ids': ids, 'state': 'open'})
    must(done['changed'] == cards, done)
    must(w.findings(state='open')['total'] == total, 'not all are open')
    w.door('bulkFindings', 400, body={'state': 'open'})
    w.door('bulkFindings', 400, body=dict(say, ids=ids))
    w.door('bulkFindings', 400, body=dict(say, filter='colour=red'))
    w.door('bulkFindings', 400, body=dict(say, state='gone'))


@case
def the_export_has_each_match_once(w):
    a = w.door('exportFindings')
    must('attachment' in a.header('Content-Disposition'), 'disposition')
    lines = [json.loads(line) for line in a.body.decode().splitlines()]
    must(len(lines) == sum(f['matches'] for f in w.known['rows']),
         '%d lines', len(lines))
    schema = w.contract.root['components']['schemas']['ExportLine']
    from shape import check
    for line in lines:
        wrong = check(schema, line, w.contract.root, strict=True)
        must(not wrong, '%s', wrong)
    order = [(x['path'], x['place'], x['offset'], x['type']) for x in lines]
    must(len(set(order)) == len(order), 'a match twice')
    some = w.door('exportFindings', query={'type': 'us_ssn'})
    got = [json.loads(line) for line in some.body.decode().splitlines()]
    must(got == [x for x in lines if x['type'] == 'us_ssn'], 'the filter')
    rows = list(csv.DictReader(io.StringIO(
        w.door('exportFindings', query='format=csv').body.decode())))
    must(len(rows) == len(lines), 'csv: %d rows', len(rows))
    must([r['path'] for r in rows] == [x['path'] for x in lines], 'csv paths')
    formulas = [r for r in rows if r['place'].startswith("'=")]
    must(formulas and not any(r['place'][:1] in '=+-@' and r['place']
                              for r in rows), 'formulas are not guarded')


@case
def the_tree_adds_up(w):
    seen = {'file': 0}

    def walk(parent, node):
        total = 0
        for n in w.every('listTargets', parent=parent):
            total += n['findings']
            detail = w.door.get('getTarget', path={'id': n['id']})
            must(detail['breadcrumb'][-1]['id'] == n['id'], detail)
            must(sum(r['count'] for r in detail['risks']) == n['findings'],
                 'risks of %s: %r', n['id'], detail['risks'])
            if n['kind'] == 'file':
                seen['file'] += 1
                under = w.findings(under=n['id'])['total']
                must(under == n['findings'], 'under %s: %d', n['id'], under)
            else:
                walk(n['id'], n)
        must(node is None or total == node['findings'],
             '%s: %d below, %r of its own', parent, total, node)
    walk('', None)
    must(seen['file'] == len({f['path'] for f in w.known['rows']}),
         '%d files', seen['file'])
    # The hosts that are in no group are a node as well.
    lonely = w.door.get('getTarget', path={'id': 'g:'})
    must(sum(r['count'] for r in lonely['risks']) == lonely['findings'], lonely)
    w.door('getTarget', 404, path={'id': 't:999999'})
    w.door('getTarget', 404, path={'id': 'x'})
    w.door('listTargets', 404, query='parent=x')


@case
def the_overview_agrees_with_the_lists(w):
    o = w.door.get('getOverview')
    rows = w.known['rows']
    must(o['figures']['open']['value'] == len(rows), o['figures']['open'])
    must(o['figures']['critical']['value'] ==
         sum(f['risk'] == 'critical' for f in rows), o['figures'])
    must(o['figures']['coverage']['total'] == 1 and
         o['figures']['coverage']['value'] == 1, o['figures']['coverage'])
    must(o['agents'] == {'total': 2, 'online': 1, 'unverified': 1}, o)
    must(sum(sum(r['cells']) for r in o['heat']['rows']) == len(rows),
         o['heat'])
    must(o['targets'][0]['findings'] == len(rows), o['targets'])
    must(len(o['recent']) == min(5, len(rows)), o['recent'])
    days = o['trend']['days']
    must(len(days) == len(o['trend']['open']) == len(o['trend']['critical'])
         and days == sorted(days) and days, o['trend'])
    must(o['trend']['open'][-1] == len(rows), o['trend']['open'][-3:])
    # Days before the first are absent: everything here is of today (or of the
    # minute before midnight).
    must(len(days) <= 2, days)
    closed = o['figures']['remediated']
    must(closed['series'][-1] == closed['value'] and closed['change'] is None,
         closed)


# ---- live --------------------------------------------------------------------

class Stream:
    def __init__(self, client, last=None):
        self.conn, self.answer = client.open(
            '/api/v1/events', {'Last-Event-ID': last} if last else None)

    def event(self, *kinds):
        """The next event of a kind; comments are passed over."""
        end = time.monotonic() + 20
        while time.monotonic() < end:
            fields = {}
            while True:
                line = self.answer.readline().decode()
                must(line != '', 'the stream has ended')
                if line == '\n':
                    break
                name, _, value = line.rstrip('\n').partition(': ')
                fields[name] = value
            if 'event' in fields and fields['event'] in kinds:
                fields['data'] = json.loads(fields['data'])
                return fields
        must(False, 'no event of %s', kinds)

    def close(self):
        self.conn.close()


@case
def changes_come_as_events(w):
    s = Stream(w.door.client)
    w.contract.ops['getEvents'].good += s.answer.status == 200
    must(s.answer.getheader('Content-Type') == 'text/event-stream', 'type')
    must(s.answer.getheader('Cache-Control') == 'no-store', 'cache')
    must(s.answer.getheader('X-Accel-Buffering') == 'no', 'buffering')
    w.door('blockAgent', path={'id': w.known['agent']})
    e = s.event('agent')
    must(e['data']['id'] == w.known['agent'] and
         e['data']['state'] == 'blocked', e)
    must(w.door.get('getAgent', path={'id': w.known['agent']})['state'] ==
         'blocked', 'the agent')
    w.door('blockAgent', 409, path={'id': w.known['agent']})
    w.door('unblockAgent', path={'id': w.known['agent']})
    second = s.event('agent')
    s.close()
    # Who comes back gets what was missed, and only that.
    s = Stream(w.door.client, e['id'])
    again = s.event('agent', 'reset')
    must(again['id'] == second['id'], '%r instead of %r', again, second)
    s.close()
    s = Stream(w.door.client, '00000000-7')
    must(s.event('reset')['data'] == {}, 'no reset')
    s.close()
    soon(lambda: w.door.get('getAgent', path={'id': w.known['agent']})
         ['online'])


@case
def a_scan_is_told_while_it_runs(w):
    s = Stream(w.door.client)
    scan = w.door('postScan', 201, body={
        'agents': [w.known['agent']], 'paths': [w.order_scan]}).json()['id']
    schema = {'$ref': '#/components/schemas/Progress'}
    from shape import check
    while True:
        e = s.event('scan')
        wrong = check(schema, e['data']['progress'], w.contract.root,
                      strict=True)
        must(not wrong, '%s', wrong)
        if e['data']['id'] == scan and e['data']['state'] == 'done':
            break
    s.close()


@case
def hundreds_of_streams_are_served_and_let_go(w):
    def streams():
        text = w.door('getMetrics').body.decode()
        return int([x for x in text.splitlines()
                    if x.startswith('trawl_http_streams ')][0].split()[1])
    sources = ['127.0.0.%d' % (100 + i // 40) for i in range(200)]
    many = []
    for source in sources:
        c = Client(w.web, source)
        c.cookie = w.door.client.cookie
        many.append(Stream(c))
    must(all(s.answer.status == 200 for s in many), 'not all')
    soon(lambda: streams() >= 200)
    w.door('blockAgent', path={'id': w.known['agent']})
    for s in many:
        must(s.event('agent')['data']['state'] == 'blocked', 'another state')
    w.door('unblockAgent', path={'id': w.known['agent']})
    for s in many:
        s.close()
    soon(lambda: streams() < 10, 40)
    soon(lambda: w.door.get('getAgent', path={'id': w.known['agent']})
         ['online'])


# ---- a proxy --------------------------------------------------------------------

class Site(http.server.BaseHTTPRequestHandler):
    """A web site with one page that holds something."""

    def do_GET(self):
        body = b'<p>visa card 4111 1111 1111 1111</p>'
        self.send_response(200 if self.path == '/' else 404)
        self.send_header('Content-Type', 'text/html')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def of_proxy(w, agent):
    return w.door.get('getAgent', path={'id': agent})


@case
def a_proxy_says_what_it_reads_and_is_no_host_to_scan(w):
    site = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Site)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    w.known['site'] = 'http://127.0.0.1:%d/' % site.server_address[1]
    token = w.door('postToken', 201, body={}).json()['token']
    state = os.path.join(os.path.dirname(w.order_scan), 'px')
    with open(state + '.log', 'wb') as log:
        subprocess.run(['trawl-proxy-agent', 'enroll', '--state', state,
                        token], stdout=log, stderr=log, timeout=60, check=True)
        proxy = subprocess.Popen(
            ['trawl-proxy-agent', 'run', '--state', state, '--reconnect-base',
             '100ms', '--reconnect-cap', '1s'], stdout=log, stderr=log)
    atexit.register(lambda: (proxy.terminate(), proxy.wait(20)))
    got = soon(lambda: [a for a in w.every('listAgents') if a['kinds']])[0]
    must(got['program'] == 'trawl-proxy-agent', got)
    must({'sftp', 'http'} <= set(got['kinds']), got['kinds'])
    must(got['target'] is None and got['credentials'] == [], got)
    w.known['proxy'] = got['id']
    w.door('postScan', 409, body={'agents': [got['id']], 'paths': ['/srv']})


@case
def a_group_of_it_reads_a_target_and_what_is_found_is_the_targets(w):
    g = w.door('postProxyGroup', 201, body={
        'name': 'loop', 'members': [w.known['proxy']]}).json()
    must([m['id'] for m in g['members']] == [w.known['proxy']], g)
    t = w.door('postRemoteTarget', 201, body={
        'url': w.known['site'], 'name': 'Shop',
        'reader': 'group:' + g['id']}).json()
    # The second one refuses to talk: one failing target is no failed scan.
    bad = w.door('postRemoteTarget', 201, body={
        'url': 'sftp://svc@127.0.0.1:1/', 'reader': 'any'}).json()
    scan = w.door('postScan', 201, body={
        'targets': [t['id'], bad['id']]}).json()['id']

    def over():
        got = w.door.get('getScan', path={'id': scan})
        return got if got['state'] not in ('queued', 'running') else None
    got = soon(over, 60)
    must(got['state'] == 'partial', got)
    good, failed = got['tasks']
    must(good['state'] == 'done' and good['host'] == 'Shop', good)
    must(good['url'] == w.known['site'] and good['proxy'], good)
    must(failed['state'] == 'failed' and '127.0.0.1' in failed['message'],
         failed)
    rows = w.findings(scan=scan)['items']
    must([(r['target'], r['type'], r['host']) for r in rows] ==
         [(t['id'], 'card_visa', 'Shop')], rows)
    must(rows[0]['path'].startswith(w.known['site']), rows)
    must(got['coverage']['full'] >= 1, got['coverage'])
    last = w.door.get('getRemoteTarget', path={'id': bad['id']})['last']
    must(last['state'] == 'failed' and last['message'] == failed['message'],
         last)
    # Again: the same finding, not another.
    scan = w.door('postScan', 201, body={'targets': [t['id']]}).json()['id']
    must(soon(over, 60)['state'] == 'done', 'the second scan')
    again = w.findings(target=t['id'])['items']
    must([r['id'] for r in again] == [rows[0]['id']], again)
    w.known['shop'] = t['id']


@case
def a_target_is_tried_and_looked_into_by_a_proxy(w):
    path = {'id': w.known['shop']}
    a = w.door('testRemoteTarget', 202, path=path).json()
    must(a['state'] == 'waiting' and a['entries'] == [], a)
    must(a['proxy'] == of_proxy(w, w.known['proxy'])['name'], a)

    def done():
        got = w.door.get('getTry', path={'id': a['id']})
        return got if got['state'] == 'done' else None
    got = soon(done, 60)
    must(got['status'] == 'good' and got['entries'] == [], got)
    must(w.door.get('getTry', path={'id': a['id']})['proxy'] == a['proxy'],
         'another one')
    w.door('getTry', 404, path={'id': '99999'})
    w.door('probeRemoteTarget', 422, path=path,
           body={'path': 'http://elsewhere.example/'})
    a = w.door('probeRemoteTarget', 202, path=path,
               body={'path': w.known['site']}).json()
    got = soon(done, 60)
    must(got['status'] == 'good' and not got['more'], got)
    must(all(e['path'].startswith(w.known['site']) for e in got['entries']),
         got)
    w.door('patchRemoteTarget', 200, path=path, body={'credential': 'none'})
    p = w.door('testRemoteTarget', 409, path=path).json()
    must('the credential none' in p['detail'], p)


@case
def a_proxy_that_is_blocked_leaves_its_tasks_to_others(w):
    path = {'id': w.known['shop']}
    w.door('patchRemoteTarget', 200, path=path, body={
        'credential': '', 'reader': 'proxy:' + w.known['proxy']})
    w.door('blockAgent', 200, path={'id': w.known['proxy']})
    scan = w.door('postScan', 201, body={'targets': [w.known['shop']]}).json()
    task = w.door.get('getScan', path={'id': scan['id']})['tasks'][0]
    must(task['state'] == 'queued' and 'is not verified' in task['message'],
         task)
    w.door('deleteAgent', 204, path={'id': w.known['proxy']})
    w.door('stopScan', 202, path={'id': scan['id']})
    must(w.findings(target=w.known['shop'])['total'] == 1, 'it is gone')


# ---- files, heads, doors ------------------------------------------------------

@case
def the_contract_is_served_as_it_is(w):
    a = w.visitor()('getContract')
    must(a.body == w.contract.bytes, 'other bytes')


@case
def the_metrics_are_well_formed(w):
    a = w.door('getMetrics')
    names = set()
    for line in a.body.decode().splitlines():
        if line.startswith('#'):
            must(line.split()[1] in ('HELP', 'TYPE'), line)
            continue
        name, value = line.rsplit(' ', 1)
        float(value)
        must(name not in names, 'twice: %s', name)
        names.add(name)
    must('trawl_core_up' in names, 'core')
    must('trawl_core_up 1' in a.body.decode().splitlines(), 'core is away')
    must('trawl_findings{state="open",risk="critical"}' in names, 'findings')


@case
def head_gives_the_head_only(w):
    for path in ('/api/v1/state', '/api/v1/findings'):
        a = w.door.client.request('HEAD', path)
        must(a.status == 200 and a.body == b'', '%s: %d', path, a.status)
        must(int(a.header('Content-Length')) > 0, 'length')
    for path in ('/api/v1/events', '/api/v1/findings/export'):
        a = w.door.client.request('HEAD', path)
        must(a.status == 405, '%s: %d', path, a.status)


@case
def the_console_is_served_under_a_strict_policy(w):
    c = w.visitor().client
    a = c.request('GET', '/')
    must(a.status in (200, 404), 'status %d', a.status)
    csp = a.header('Content-Security-Policy')
    if a.status == 404:
        must(os.environ.get('CONSOLE') == '0', 'there is no console')
        return
    for word in ("default-src 'none'", "script-src 'self'",
                 "require-trusted-types-for 'script'",
                 "frame-ancestors 'none'", "base-uri 'none'"):
        must(word in csp, '%s is missing', word)
    must('unsafe' not in csp, csp)
    must(a.header('Cache-Control') == 'no-cache', a.header('Cache-Control'))
    must(c.request('GET', '/', headers={
        'If-None-Match': a.header('ETag')}).status == 304, 'no 304')
    must(c.request('GET', '/findings/17').body == a.body, 'a view')
    must(c.request('GET', '/missing.js').status == 404, 'missing.js')
    must(c.request('POST', '/').status == 405, 'POST')
    must(c.request('HEAD', '/').body == b'', 'HEAD')
    asset = a.body.decode().split('/assets/')[1].split('"')[0]
    plain = c.request('GET', '/assets/' + asset)
    must('immutable' in plain.header('Cache-Control'), 'not immutable')
    for coding, name in (('br', 'br'), ('gzip', 'gzip')):
        b = c.request('GET', '/assets/' + asset,
                      headers={'Accept-Encoding': coding})
        if b.header('Content-Encoding'):
            must(b.header('Content-Encoding') == name, coding)
            must(len(b.body) < len(plain.body), 'no smaller')
        must(b.header('Vary') == 'Accept-Encoding', 'Vary')
    import gzip
    b = c.request('GET', '/assets/' + asset,
                  headers={'Accept-Encoding': 'gzip'})
    if b.header('Content-Encoding') == 'gzip':
        must(gzip.decompress(b.body) == plain.body, 'other bytes')


@case
def the_plain_door_leads_to_the_other(w):
    host, port = w.plain.rsplit(':', 1)

    def ask(path, name):
        conn = http.client.HTTPConnection(host, int(port), timeout=10)
        conn.putrequest('GET', path, skip_host=True)
        if name is not None:
            conn.putheader('Host', name)
        conn.endheaders()
        got = conn.getresponse()
        got.read()
        conn.close()
        return got.status, got.getheader('Location')
    web = w.web.rsplit(':', 1)[1]
    must(ask('/a%20b?c=d', 'scan.example') ==
         (308, 'https://scan.example:%s/a%%20b?c=d' % web), 'a')
    must(ask('/', 'scan.example:80') ==
         (308, 'https://scan.example:%s/' % web), 'b')
    must(ask('/', '[::1]:80') == (308, 'https://[::1]:%s/' % web), 'c')
    must(ask('/', 'evil"><x')[0] == 400, 'd')
    must(ask('/', None)[0] == 400, 'e')


@case
def only_tls_1_2_and_1_3_are_spoken(w):
    host, port = w.web.rsplit(':', 1)

    def hello(low, high):
        ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        ctx.check_hostname = False
        ctx.verify_mode = ssl.CERT_NONE
        ctx.set_ciphers('ALL:@SECLEVEL=0')
        ctx.minimum_version, ctx.maximum_version = low, high
        with socket.create_connection((host, int(port)), 10) as s:
            with ctx.wrap_socket(s) as t:
                return t.version()
    v = ssl.TLSVersion
    must(hello(v.TLSv1_3, v.TLSv1_3) == 'TLSv1.3', '1.3')
    must(hello(v.TLSv1_2, v.TLSv1_2) == 'TLSv1.2', '1.2')
    import warnings
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        for old in (v.TLSv1, v.TLSv1_1):
            try:
                got = hello(old, old)
            except (ssl.SSLError, OSError):
                continue
            must(False, '%s was accepted', got)


@case
def too_many_requests_are_slowed_down(w):
    c = Client(w.web, '127.0.0.77')
    for _ in range(12000):
        last = c.request('GET', '/api/v1/nothing')
        if last.status == 429:
            break
    must(last.status == 429, 'never')
    must(int(last.header('Retry-After')) >= 1, 'Retry-After')
    c.close()
    # Others are not slowed down by it.
    w.visitor('127.0.0.78')('getState')


@case
def a_connection_is_kept_from_one_request_to_the_next(w):
    c = w.visitor().client
    for method, path in (('GET', '/'), ('GET', '/missing.js'),
                         ('GET', '/api/v1/state'), ('GET', '/api/v1/nothing'),
                         ('PUT', '/api/v1/state'), ('HEAD', '/api/v1/state'),
                         ('GET', '/api/v1/session')):
        a = c.request(method, path)
        must(a.header('Connection') != 'close', '%s %s closes it', method,
             path)
        must(c.conn.sock is not None, '%s %s has closed it', method, path)


# ---- the end of an agent -------------------------------------------------------

@case
def an_unverified_agent_is_verified_by_its_fingerprint(w):
    waiting = soon(lambda: [a for a in w.door.get(
        'listAgents', query='state=unverified')['items']])[0]
    path = {'id': waiting['id']}
    must(w.door.get('getOverview')['agents']['unverified'] == 1, 'overview')
    w.door('verifyAgent', 412, path=path, body={'fingerprint': 'ABCD'})
    w.door('verifyAgent', 400, path=path, body={'fingerprint': ''})
    got = w.door.get('verifyAgent', path=path,
                     body={'fingerprint': waiting['fingerprint']})
    must(got['state'] == 'verified', got)
    w.door('verifyAgent', 409, path=path)


@case
def a_removed_agent_is_gone_but_not_what_it_found(w):
    before = w.findings()['total']
    w.door('deleteAgent', 204, path={'id': w.known['agent']})
    w.door('deleteAgent', 404, path={'id': w.known['agent']})
    w.door('getAgent', 404, path={'id': w.known['agent']})
    must(w.findings()['total'] == before, 'findings are gone')
