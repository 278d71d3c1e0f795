"""Drives one octoDNS provider class for mailsync: a JSON line in on stdin, a JSON line out on what was stdout.

    {"id": 1, "op": "open", "name": "gandi", "class": "octodns_gandi.GandiProvider", "options": {...}}
    {"id": 2, "op": "zones"}
    {"id": 3, "op": "read", "zone": "example.com."}
    {"id": 4, "op": "prepare", "zone": "example.com."}            as read, and gives a handle
    {"id": 5, "op": "commit", "handle": 4, "edits": [...]}        plans and applies on the same provider object
    {"id": 6, "op": "release", "handle": 4}

Each answer is {"id": n, "result": ...} or {"id": n, "error": {...}}. Requests are worked on at the same time, each with a
provider object of its own, because plugins remember what they have read. The process ends with its stdin.
"""

import json
import os
import re
import signal
import sys
import threading

# Ctrl-C is for mailsync, which finishes the write that is under way.
signal.signal(signal.SIGINT, signal.SIG_IGN)
# Whatever a plugin or one of its children prints goes to stderr, and nobody else reads the requests.
REPLIES = os.dup(1)
REQUESTS = os.fdopen(os.dup(0), 'rb')
os.dup2(2, 1)
_nothing = os.open(os.devnull, os.O_RDONLY)
os.dup2(_nothing, 0)
sys.stdout = sys.stderr
# The folder of this file holds no modules.
if sys.path and sys.path[0] == os.path.dirname(os.path.abspath(__file__)):
    del sys.path[0]

THREADS = 16
MOST_TEXT = 2000
# Types of which a value is a mapping (octodns-fields.ts).
FIELDED = ('CAA', 'MX', 'SRV', 'TLSA')
# A character of a TXT value in presentation format.
TOKEN = re.compile(r'\\\d{3}|\\.|.', re.DOTALL)
_replying = threading.Lock()
_seen = threading.local()


def die_with_parent():
    """Linux also kills a process that is stuck in code which never lets the thread run that reads stdin."""
    try:
        import ctypes

        ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGKILL, 0, 0, 0)
    except Exception:
        return
    if os.getppid() == 1:
        os._exit(1)


def reply(message):
    line = (json.dumps(message, default=str) + '\n').encode('ascii')
    with _replying:
        sent = 0
        while sent < len(line):
            sent += os.write(REPLIES, line[sent:])


class Refused(Exception):
    """What the bridge itself has to say; `kind` is known to mailsync (errors.ts)."""

    def __init__(self, kind, text='', **more):
        super().__init__(text)
        self.kind = kind
        self.more = more


def watch_http():
    """Remembers the last reply of each thread: plugins lose the status of an error, and some swallow the error."""
    try:
        from requests.adapters import HTTPAdapter
    except ImportError:
        return
    send = HTTPAdapter.send

    def watched(self, request, *args, **kwargs):
        try:
            response = send(self, request, *args, **kwargs)
        except Exception as error:
            _seen.http = {'exception': error}
            raise
        _seen.http = {'response': response}
        return response

    HTTPAdapter.send = watched


class Parsed(str):
    """A TXT value in octoDNS's own text, and the strings it was cut into."""

    pieces = None


def watch_txt():
    """
    octoDNS joins the strings of a TXT value and takes quotes off its ends, also where they are part of the value. Here the
    strings are kept beside the value, and a value read from presentation format stays as it was read. And it cuts long
    values inside escapes and characters, and without an end where one ends in a backslash (1.22): here it does not.
    """
    import dns.rdata
    from octodns.record import chunked
    from octodns.record.chunked import _ChunkedValue
    from octodns.record.rr import RdataParseError

    def escaped(octets):
        return octets.decode('utf-8', 'surrogateescape').replace(';', '\\;')

    from_text = _ChunkedValue.from_rdata_text.__func__

    def from_rdata_text(cls, rdata):
        try:
            strings = dns.rdata.from_text('IN', 'TXT', rdata).strings
        except Exception:
            return from_text(cls, rdata)
        try:
            text = from_text(cls, rdata)
        except RdataParseError:
            text = escaped(b''.join(strings))
        value = Parsed(text)
        if text == escaped(b''.join(strings)):
            value.pieces = [escaped(part) for part in strings]
        return value

    def process(cls, values):
        processed = []
        for value in values:
            if isinstance(value, Parsed):
                pieces = value.pieces
                kept = cls(value)
            else:
                bare = value[1:-1] if value and value[0] == '"' else value
                pieces = bare.split('" "')
                kept = cls(''.join(pieces))
            if pieces is not None and len(pieces) > 1:
                kept.pieces = pieces
            processed.append(kept)
        return processed

    def cut(value, value_type, most):
        pieces, size = [[]], 0
        for token in TOKEN.findall(value.replace('"', '\\"')):
            octets = 1 if token[0] == '\\' else len(token.encode('utf-8', 'surrogateescape'))
            if size + octets > most:
                pieces.append([])
                size = 0
            pieces[-1].append(token)
            size += octets
        return value_type('"%s"' % '" "'.join(''.join(piece) for piece in pieces))

    chunked._legacy_chunked_value = cut
    _ChunkedValue.from_rdata_text = classmethod(from_rdata_text)
    _ChunkedValue.process = classmethod(process)


def failure(error, phase):
    """An exception as data: its class and its own text, and what the last HTTP reply said."""
    if isinstance(error, Refused):
        return {'kind': error.kind, 'text': str(error)[:MOST_TEXT], 'phase': phase, **error.more}
    last = getattr(_seen, 'http', {})
    response = getattr(error, 'response', None)
    status, retry_after, body = None, None, ''
    if isinstance(response, dict):  # botocore
        meta = response.get('ResponseMetadata') or {}
        status = meta.get('HTTPStatusCode')
        body = str((response.get('Error') or {}).get('Code') or '')
    else:
        answered = response if getattr(response, 'status_code', None) else last.get('response')
        if answered is not None and answered.status_code >= 400:
            status = answered.status_code
            retry_after = answered.headers.get('Retry-After')
            body = (answered.text or '')[:500]
    chain, one = [], error
    while one is not None and len(chain) < 8:
        chain += [klass.__name__ for klass in type(one).__mro__ if klass not in (Exception, BaseException, object)]
        one = one.__cause__ or one.__context__
    if status is None and 'exception' in last:
        chain += [klass.__name__ for klass in type(last['exception']).__mro__]
    return {
        'kind': 'exception',
        'phase': phase,
        'class': type(error).__name__,
        'classes': chain,
        'text': told(error)[:MOST_TEXT],
        'status': status,
        'retryAfter': retry_after,
        'body': body,
    }


def told(error):
    """`'data'` alone, as a KeyError has it, says nothing."""
    named = type(error).__module__ == 'builtins' and type(error) is not Exception
    return '%s: %s' % (type(error).__name__, error) if named else str(error)


class Bridge:
    def __init__(self):
        self.prepared = {}

    def open(self, request):
        try:
            import octodns
            import octodns.provider.base
        except ImportError as error:
            raise Refused('no-octodns', str(error), version='%d.%d' % sys.version_info[:2])
        import importlib
        import logging
        import warnings

        warnings.simplefilter('ignore')
        # What they warn of has nothing to do with the error that is told with the end of stderr.
        logging.getLogger().setLevel(logging.ERROR)
        try:
            from octodns.record.chunked import _ChunkedValue
            from octodns.record.rr import Rrset  # noqa: F401  of 1.22

            _ChunkedValue.from_rdata_text
        except (ImportError, AttributeError):
            raise Refused('old-octodns', str(getattr(octodns, '__version__', '')))
        watch_http()
        watch_txt()
        module_name, _, class_name = request['class'].rpartition('.')
        try:
            module = importlib.import_module(module_name)
        except ModuleNotFoundError as error:
            missing = error.name or ''
            if missing == module_name or module_name.startswith(missing + '.'):
                raise Refused('no-module', str(error), module=module_name)
            raise
        try:
            self.plugin = getattr(module, class_name)
        except AttributeError:
            near = [
                name
                for name, value in vars(module).items()
                if isinstance(value, type)
                and issubclass(value, octodns.provider.base.BaseProvider)
                and value.__module__.partition('.')[0] == module_name.partition('.')[0]
            ]
            raise Refused('no-class', class_name, module=module_name, classes=sorted(near))
        if not all(callable(getattr(self.plugin, name, None)) for name in ('populate', 'plan', 'apply')):
            raise Refused('no-provider', class_name)
        self.name = request['name']
        self.options = request['options']
        try:
            provider = self.fresh()
        except TypeError as error:
            raise Refused('options', str(error))
        lowest = getattr(provider, 'min_ttl', None)
        return {
            'octodns': octodns.__version__,
            'supports': sorted(str(one) for one in provider.SUPPORTS),
            'multivaluePtr': bool(provider.SUPPORTS_MULTIVALUE_PTR),
            **({'minTtl': lowest} if isinstance(lowest, int) else {}),
        }

    def fresh(self):
        from copy import deepcopy

        _seen.http = {}
        return self.plugin(self.name, **deepcopy(self.options))

    def zones(self, _request):
        provider = self.fresh()
        if not hasattr(provider, 'list_zones'):
            raise Refused('no-list')
        try:
            return [str(name) for name in provider.list_zones()]
        except NotImplementedError:
            raise Refused('no-list')

    def read(self, request):
        _, _, answer = self.populated(request['zone'])
        return answer

    def prepare(self, request):
        provider, zone, answer = self.populated(request['zone'])
        self.prepared[request['id']] = (provider, zone)
        return {'handle': request['id'], **answer}

    def release(self, request):
        self.prepared.pop(request['handle'], None)
        return {}

    def populated(self, name):
        from octodns.zone import Zone

        provider = self.fresh()
        zone = Zone(name, [])
        exists = provider.populate(zone, target=False, lenient=True)
        self.require_whole()
        records = list(zone.records)
        if exists or records:
            served = True
        else:
            served = self.is_listed(zone.name, exists)
        return provider, zone, {'served': served, 'records': [described(record) for record in records]}

    def require_whole(self):
        """A plugin that swallows an error of its API shows a zone without what it did not get."""
        last = getattr(_seen, 'http', {})
        if 'exception' in last:
            raise last['exception']
        response = last.get('response')
        if response is not None and response.status_code >= 400 and response.status_code != 404:
            response.raise_for_status()

    def is_listed(self, name, exists):
        """`populate` says False, or nothing, for a zone that is not there and mostly also for one that is empty."""
        from octodns.idna import idna_encode

        try:
            listed = self.zones({})
        except Refused:
            return exists is None
        return name in {idna_encode(one if one.endswith('.') else one + '.') for one in listed}

    def commit(self, request):
        provider, existing = self.prepared.pop(request['handle'])
        _seen.http = {}
        request['phase'] = 'plan'
        edits = {(edit['name'], edit['type']): edit for edit in request['edits']}
        before = {(record.name, record._type): record for record in existing.records}
        plan = provider.plan(desired_zone(provider, existing, edits))
        changes = plan.changes if plan else []
        if plan and plan.meta:
            raise Refused('meta', str(plan.meta))
        planned = {(change.record.name, change.record._type): change for change in changes}
        for key, change in planned.items():
            if not same(change.existing, before.get(key)):
                raise Refused('moved', record=list(key))
        others = [key for key in planned if key not in edits]
        if others:
            raise Refused('others', records=[list(key) for key in sorted(others)])
        left = [key for key in edits if key not in planned]
        if left:
            raise Refused('left', records=[list(key) for key in left])
        if provider.apply_disabled:
            raise Refused('disabled')
        for key, edit in edits.items():
            if 'before' in edit:
                # A plugin that names what it deletes writes it, so it has to be spelled as what is written.
                texts = {'name': key[0], 'type': key[1], 'ttl': before[key].ttl, 'values': edit['before']}
                planned[key].existing = made(existing, texts, before[key])
        # octoDNS deletes first; mailsync makes before it breaks.
        plan.changes = [planned[key] for key in edits]
        plan.exists = True
        request['phase'] = 'apply'
        provider.apply(plan)
        return {}


def same(a, b):
    return a is b or (a is not None and b is not None and a.data == b.data)


def desired_zone(provider, existing, edits):
    from octodns.zone import Zone

    desired = Zone(existing.name, [])
    before = {}
    for record in existing.records:
        key = (record.name, record._type)
        before[key] = record
        is_kept = key not in edits and (provider.SUPPORTS_ROOT_NS or key != ('', 'NS'))
        if is_kept:
            desired.add_record(record, lenient=True)
    for key, edit in edits.items():
        if 'values' in edit:
            desired.add_record(made(desired, edit, before.get(key)), lenient=True)
    return desired


def made(zone, edit, before):
    from octodns.record import Record

    _type, values = edit['type'], edit['values']
    data = {'type': _type, 'ttl': edit['ttl'], 'values': values}
    if _type == 'CNAME' or len(values) == 1:
        data['value'] = values[0]
        del data['values']
    if before is not None and before.octodns:
        is_kept = edit['ttl'] == before.ttl
        data['octodns'] = before.octodns if is_kept else without_key(before.octodns, 'auto-ttl')
    record = Record.new(zone, edit['name'], data, lenient=True)
    if _type == 'TXT':
        # As they are: octoDNS would take quotes off their ends.
        record.values = sorted(record._value_type(value) for value in values)
    return record


def described(record):
    """A record as mailsync reads it (convert.ts)."""
    _type = record._type
    values = record.values if hasattr(record, 'values') else [record.value]
    shown = {'name': record.fqdn, 'type': _type, 'ttl': record.ttl}
    if getattr(record, 'dynamic', None) or getattr(record, 'geo', None):
        shown['lock'] = 'dynamic'
    elif has_flag(record.octodns, 'proxied'):
        shown['lock'] = 'proxied'
    if _type == 'TXT':
        shown['values'] = [str(value) for value in values]
        pieces = {index: value.pieces for index, value in enumerate(values) if getattr(value, 'pieces', None)}
        if pieces:
            shown['pieces'] = pieces
    elif _type in FIELDED:
        shown['values'] = [dict(value) for value in values]
    else:
        shown['values'] = [text_of(value) for value in values]
    return shown


def text_of(value):
    try:
        return str(value.to_rdata_text())
    except Exception:
        return str(value)


def without_key(data, name):
    if not isinstance(data, dict):
        return data
    return {key: without_key(value, name) for key, value in data.items() if key != name}


def has_flag(data, flag):
    return isinstance(data, dict) and any(
        value is True if key == flag else has_flag(value, flag) for key, value in data.items()
    )


def work(bridge, request):
    request['phase'] = request['op']
    try:
        reply({'id': request['id'], 'result': getattr(bridge, request['op'])(request)})
    except BaseException as error:
        reply({'id': request['id'], 'error': failure(error, request['phase'])})


def main():
    from concurrent.futures import ThreadPoolExecutor

    bridge = Bridge()
    pool = ThreadPoolExecutor(max_workers=THREADS)
    for line in REQUESTS:
        request = json.loads(line)
        if request['op'] == 'open':
            work(bridge, request)
        else:
            pool.submit(work, bridge, request)
    os._exit(0)


if __name__ == '__main__':
    die_with_parent()
    main()
