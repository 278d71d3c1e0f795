"""A provider class whose zones are a JSON file, and that goes wrong as it is told to."""

import json
import logging
import os
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

from octodns.provider import ProviderException
from octodns.provider.base import BaseProvider
from octodns.record import Record, Update


class FaultyForbidden(ProviderException):
    pass


class FaultyRateLimitError(ProviderException):
    pass


class FaultyHttpError(Exception):
    def __init__(self, status):
        super().__init__('busy')
        self.response = SimpleNamespace(status_code=status, headers={'Retry-After': '0'}, text='come back later')


class NotAProvider:
    pass


# Two reads that are under way at the same time, or a broken barrier.
PAIR = threading.Barrier(2)


class FaultyProvider(BaseProvider):
    SUPPORTS_GEO = False
    SUPPORTS_DYNAMIC = False
    SUPPORTS_ROOT_NS = False
    SUPPORTS = {'A', 'AAAA', 'CNAME', 'MX', 'SRV', 'TXT'}

    def __init__(self, id, store, fault='', token=None, pid=None, apply_disabled=False):
        self.log = logging.getLogger('FaultyProvider')
        super().__init__(id, apply_disabled=apply_disabled)
        self.store = store
        self.fault = fault
        self.token = token
        if pid:
            # The bridge makes a provider an operation: whoever reads meanwhile never finds half a number.
            new = f'{pid}.{threading.get_ident()}'
            with open(new, 'w') as fh:
                fh.write(str(os.getpid()))
            os.replace(new, pid)
            # Every process there ever was.
            with open(f'{pid}.all', 'a') as fh:
                fh.write(f'{os.getpid()}\n')

    def zones(self):
        with open(self.store) as fh:
            return json.load(fh)

    def list_zones(self):
        if self.fault == 'no-list':
            raise NotImplementedError('this API has no list')
        return list(self.zones())

    def populate(self, zone, target=False, lenient=False):
        if self.fault == 'print':
            print('{"id": 1, "result": "rubbish"}')
            os.write(1, b'rubbish\n')
            subprocess.run(['echo', 'rubbish'])
            sys.stdout.flush()
        elif self.fault == 'eat':
            sys.stdin.read()
        elif self.fault == 'flood':
            for _ in range(2000):
                os.write(2, b'flood ' * 4000)
        elif self.fault == 'hang-read':
            time.sleep(1000)
        elif self.fault == 'spin-read':
            # Holds the lock of the interpreter: no other thread runs.
            import re

            re.match(r'(a+)+$', 'a' * 64 + 'b')
        elif self.fault == 'die-read':
            sys.stderr.write('the last words\n')
            sys.stderr.flush()
            os._exit(7)
        elif self.fault == 'forbid':
            raise FaultyForbidden(f'no rights for {self.token} here')
        elif self.fault == 'limit':
            raise FaultyRateLimitError('slow down')
        elif self.fault == 'busy-read':
            self._be_busy(429)
        elif self.fault == 'bug':
            raise KeyError('zone')
        elif self.fault == 'meet':
            PAIR.wait(timeout=20)
        elif target and self.fault.startswith('rival '):
            # octoDNS reads a second time when it plans; somebody was quicker.
            self._put(zone.name, json.loads(self.fault.removeprefix('rival ')))
        records = self.zones().get(zone.name)
        for data in records or []:
            data = dict(data)
            name = data.pop('name')
            zone.add_record(Record.new(zone, name, data, source=self, lenient=lenient), lenient=lenient)
        # Also for a zone that is there, and empty.
        return bool(records)

    def _be_busy(self, status):
        """Twice in the life of the store."""
        with open(self.store + '.calls', 'a+') as fh:
            fh.write('.')
            if fh.tell() <= 2:
                raise FaultyHttpError(status)

    def _extra_changes(self, existing, desired, changes):
        if self.fault != 'extra':
            return []
        return [Update(record, record) for record in existing.records if record.name == 'www']

    def _plan_meta(self, existing, desired, changes):
        return {'plan': 'business'} if self.fault == 'meta' else None

    def _include_change(self, change):
        return self.fault != 'leave'

    def _apply(self, plan):
        if self.fault == 'lie':
            return
        for index, change in enumerate(plan.changes):
            if self.fault == 'busy-write':
                self._be_busy(503)
            if index == 1:
                self._fail()
            self._write(plan.desired.name, change)

    def _write(self, zone, change):
        data = {'name': change.record.name, 'type': change.record._type}
        if change.new:
            data.update(change.new.data)
        self._put(zone, data)

    def _put(self, zone, record):
        """In place of what has its name and type; one without a value is taken away."""
        zones = self.zones()
        records = [data for data in zones[zone] if (data['name'], data['type']) != (record['name'], record['type'])]
        if 'value' in record or 'values' in record:
            records.append(record)
        zones[zone] = records
        with open(self.store + '.new', 'w') as fh:
            json.dump(zones, fh)
        os.replace(self.store + '.new', self.store)

    def _fail(self):
        if self.fault == 'throw-write':
            raise ProviderException('the second one does not work')
        if self.fault == 'time-out-write':
            raise TimeoutError('timed out')
        if self.fault == 'hang-write':
            time.sleep(1000)
        if self.fault == 'die-write':
            os._exit(9)
