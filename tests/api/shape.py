"""The part of JSON Schema 2020-12 that openapi.yaml uses, and nothing else.

check(schema, value, root) gives a list of what is wrong, each with the place
in the value. A keyword that is not known is an error of the schema itself, so
that nothing is passed over in silence.
"""
import re

KNOWN = {
    '$ref', 'type', 'enum', 'properties', 'required', 'additionalProperties',
    'items', 'minItems', 'maxItems', 'minLength', 'maxLength', 'pattern',
    'minimum', 'maximum', 'allOf', 'anyOf', 'format',
    'description', 'example', 'examples', 'default', 'title',
}
TYPES = {
    'object': lambda v: isinstance(v, dict),
    'array': lambda v: isinstance(v, list),
    'string': lambda v: isinstance(v, str),
    'integer': lambda v: isinstance(v, int) and not isinstance(v, bool),
    'number': lambda v: isinstance(v, (int, float)) and not isinstance(v, bool),
    'boolean': lambda v: isinstance(v, bool),
    'null': lambda v: v is None,
}
FORMATS = {
    'date-time': re.compile(
        r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$').match,
    'date': re.compile(r'\d{4}-\d\d-\d\d$').match,
}


def resolve(root, ref):
    at = root
    for part in ref[2:].split('/'):
        at = at[part]
    return at


def merged(root, schema):
    """Properties of a schema with its references and allOf taken together."""
    if '$ref' in schema:
        return merged(root, resolve(root, schema['$ref']))
    props = dict(schema.get('properties', {}))
    for part in schema.get('allOf', []):
        props.update(merged(root, part))
    return props


def check(schema, value, root, at='$', strict=False):
    """strict: a property that the schema does not name is wrong too."""
    wrong = []
    unknown = set(schema) - KNOWN
    if unknown:
        return ['%s: keywords not known: %s' % (at, sorted(unknown))]
    if '$ref' in schema:
        return check(resolve(root, schema['$ref']), value, root, at, strict)
    for part in schema.get('allOf', []):
        wrong += check(part, value, root, at)
    if 'anyOf' in schema:
        tries = [check(s, value, root, at, strict) for s in schema['anyOf']]
        if not any(t == [] for t in tries):
            wrong.append('%s: fits none of anyOf: %s' % (at, tries))
    kinds = schema.get('type')
    if kinds is not None:
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if not any(TYPES[k](value) for k in kinds):
            return wrong + ['%s: %r is not %s' % (at, value, kinds)]
    if 'enum' in schema and value not in schema['enum']:
        wrong.append('%s: %r is not one of %s' % (at, value, schema['enum']))
    if isinstance(value, str):
        wrong += text(schema, value, at)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        if value < schema.get('minimum', value):
            wrong.append('%s: %r is below %r' % (at, value, schema['minimum']))
        if value > schema.get('maximum', value):
            wrong.append('%s: %r is above %r' % (at, value, schema['maximum']))
        if isinstance(value, int) and abs(value) >= 2 ** 53:
            wrong.append('%s: %r is not safe as a JSON number' % (at, value))
    elif isinstance(value, list):
        if not schema.get('minItems', 0) <= len(value) <= \
                schema.get('maxItems', len(value)):
            wrong.append('%s: %d items' % (at, len(value)))
        for i, item in enumerate(value):
            wrong += check(schema.get('items', {}), item, root,
                           '%s[%d]' % (at, i), strict)
    elif isinstance(value, dict):
        wrong += members(schema, value, root, at, strict)
    return wrong


def text(schema, value, at):
    wrong = []
    if not schema.get('minLength', 0) <= len(value) <= \
            schema.get('maxLength', len(value)):
        wrong.append('%s: %d characters' % (at, len(value)))
    if 'pattern' in schema and not re.search(schema['pattern'], value):
        wrong.append('%s: %r does not fit %s' % (at, value, schema['pattern']))
    if 'format' in schema and not FORMATS[schema['format']](value):
        wrong.append('%s: %r is no %s' % (at, value, schema['format']))
    return wrong


def members(schema, value, root, at, strict):
    wrong = ['%s: %s is missing' % (at, name)
             for name in schema.get('required', []) if name not in value]
    known = merged(root, schema)
    for name, item in value.items():
        if name in schema.get('properties', {}):
            wrong += check(schema['properties'][name], item, root,
                           at + '.' + name, strict)
        elif name not in known and (
                schema.get('additionalProperties') is False or
                (strict and known)):
            wrong.append('%s: %s is not known' % (at, name))
    return wrong
