"""Answers checks with pyspf: a JSON object a line on stdin, a JSON array of result and explanation a line on stdout."""
import json
import sys

import spf

zones = {}


def lookup(name, qtype, tcpfallback=True, timeout=30):
    held = zones.get(name.lower(), {})
    if held.get('failure'):
        raise spf.TempError('DNS failure')
    values = held.get(qtype, [])
    if qtype == 'TXT':
        return [((name, qtype), (value.encode('utf-8'),)) for value in values]
    if qtype == 'MX':
        return [((name, qtype), tuple(value)) for value in values]
    return [((name, qtype), value) for value in values]


spf.DNSLookup = lookup

for line in sys.stdin:
    case = json.loads(line)
    zones = case['zones']
    try:
        result, _, why = spf.query(i=case['ip'], s=case['mailFrom'], h=case['helo'], receiver='mx.example.org', strict=True, querytime=0).check()
    except Exception as error:  # pyspf gives up on what it did not foresee
        result, why = 'crash', repr(error)
    print(json.dumps([result, why]), flush=True)
