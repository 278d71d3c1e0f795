import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { families, purposes } from '../../records/families/index.js'
import { slotKey } from '../../records/families/mail-record.js'
import {
  editManifests,
  interimManifest,
  isLaterManifest,
  isManifestName,
  manifestName,
  type OwnedSlot,
  readManifests,
} from '../../records/manifest.js'
import type { Name } from '../../records/rr/name.js'
import { octetLength } from '../../records/rr/octets.js'
import type { RRType } from '../../records/rr/rdata.js'
import { isKnown, type RRset, rdataTexts } from '../../records/rr/rrset.js'
import { type Zone, zoneWith } from '../../records/rr/zone.js'

const ZONE = 'example.com.' as Name
const slot = (name: string, type: RRType, purpose: OwnedSlot['purpose'], claimed = false): OwnedSlot => ({
  name: name as Name,
  type,
  purpose,
  claimed,
})
const held = (rdata: readonly string[]): RRset => ({ type: 'TXT', name: manifestName(ZONE), ttl: 120, rdata })

/** A zone that holds manifests, and the same once it says what an owner has. */
const zoneOf = (rrsets: readonly RRset[]): Zone => zoneWith(ZONE, rrsets)
function remembering(zone: Zone, slots: readonly OwnedSlot[], owner = 'default'): Zone {
  const edits = editManifests(zone, owner, slots, 3600)
  const changed = edits.map(({ before, after }) => (after ?? before)?.name)
  return zoneOf([
    ...zone.rrsets.filter(isKnown).filter(({ name }) => !changed.includes(name)),
    ...edits.flatMap(({ after }) => after ?? []),
  ])
}
const valuesIn = (zone: Zone): string[] => zone.rrsets.filter(isKnown).flatMap(rdataTexts)
const written = (slots: readonly OwnedSlot[], values: readonly string[] = [], owner = 'default'): string[] =>
  valuesIn(remembering(zoneOf(values.length === 0 ? [] : [held(values)]), slots, owner))

test('a manifest says in one line what an owner has written', () => {
  const slots = [
    slot('_dmarc.example.com.', 'TXT', 'dmarc'),
    slot('nat.example.com.', 'A', 'host'),
    slot('nat.example.com.', 'AAAA', 'host'),
    slot('example.com.', 'TXT', 'spf'),
    slot('mail.example.com.', 'AAAA', 'host'),
    slot('mail.example.com.', 'A', 'host'),
    slot('mail.example.com.', 'TXT', 'spf'),
    slot('example.com.', 'MX', 'mx'),
  ]
  expect(written(slots)).toEqual([
    'v=mailsync1; owner=default; host.A=mail,nat; host.AAAA=mail,nat; mx.MX=@; spf.TXT=@,mail; dmarc.TXT=_dmarc',
  ])
})

test('its name is _mailsync, at the apex of the zone', () => {
  expect(manifestName(ZONE)).toBe('_mailsync.example.com.')
})

describe('what else stands there', () => {
  const others = ['v=mailsync1; owner=other; mx.MX=@', 'v=mailsync10; anything', 'a stranger’s note']

  test('stays, and so does the TTL', () => {
    const [edit] = editManifests(zoneOf([held(others)]), 'default', [slot('example.com.', 'MX', 'mx')], 3600)
    expect(edit?.after).toMatchObject({ ttl: 120, rdata: [...others, 'v=mailsync1; owner=default; mx.MX=@'] })
  })

  test('is all that is left when nothing is owned any more', () => {
    expect(written([], [...others, 'v=mailsync1; owner=default; mx.MX=@'])).toEqual(others)
  })

  test('and where there is nothing else, the manifest goes', () => {
    const before = held(['v=mailsync1; owner=default; mx.MX=@'])
    expect(editManifests(zoneOf([before]), 'default', [], 3600)).toEqual([{ before, after: undefined }])
  })

  test('belongs to the owner it names, letter for letter', () => {
    const owners = readManifests(ZONE, ['v=mailsync1; owner=a; mx.MX=@', 'v=mailsync1; owner=ab; host.A=mail'])
    expect([...owners.keys()]).toEqual(['a', 'ab'])
    expect(owners.get('ab')).toEqual([slot('mail.example.com.', 'A', 'host')])
  })
})

describe('a later manifest', () => {
  test.each(['v=mailsync2; owner=default', 'v=mailsync10', 'v=mailsync1'])('is told by its version: %s', (value) => {
    expect(isLaterManifest(value)).toBe(true)
  })

  test.each(['v=mailsync1; owner=x', 'v=mailsync', 'v=spf1 -all', ' v=mailsync2'])('is not %s', (value) => {
    expect(isLaterManifest(value)).toBe(false)
  })
})

test.each([
  ['a purpose of a later version', 'arc.TXT=_arc'],
  ['a type that its purpose is never written as', 'mx.NS=@; host.TXT=a; spf.A=a; ptr.CNAME=a'],
  ['a name that is none', 'mx.MX=a..b'],
  ['a field without names', 'mx.MX='],
  ['a value of its own without its digest', 'caa.CAA=@'],
  ['a digest that is none', 'caa.CAA=@:5d41'],
  ['a digest of a whole RRset', 'spf.TXT=@:5d41402abc4b'],
  ['a name with two digests', 'caa.CAA=@:5d41402abc4b:5d41402abc4b'],
  ['no field at all', 'hello'],
])('%s is left out, and the rest is read', (_, field) => {
  const slots = readManifests(ZONE, [`v=mailsync1; owner=default; ${field}; mx.MX=@`]).get('default')
  expect(slots).toEqual([slot('example.com.', 'MX', 'mx')])
})

describe('whatever is owned', () => {
  const label = fc.oneof(
    fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/),
    fc.constantFrom('_dmarc', 's202611-ed25519._domainkey', 'xn--bcher-kva', '0/25', 'a'.repeat(63)),
  )
  const name = fc
    .array(label, { maxLength: 3 })
    .chain((labels) => fc.constantFrom(labels, ['*', ...labels]))
    .map((labels) => [...labels, ZONE].join('.') as Name)
  const slots = fc.uniqueArray(
    fc.constantFrom(...purposes).chain((purpose) =>
      fc.record<OwnedSlot>({
        name,
        type: fc.constantFrom(...families[purpose].types),
        purpose: fc.constant(purpose),
        claimed: fc.boolean(),
        ...(families[purpose].meaningOf && { digest: fc.constantFrom('5d41402abc4b', '0123456789ab') }),
      }),
    ),
    { maxLength: 120, selector: slotKey, size: 'max' },
  )
  const owner = fc.stringMatching(/^[A-Za-z0-9._-]{1,63}$/)
  const keys = (list: readonly OwnedSlot[] | undefined): string[] =>
    (list ?? []).map((one) => `${slotKey(one)} ${one.claimed}`).sort()

  test('is read back, from as many values as it takes, each within what providers hold', () => {
    fc.assert(
      fc.property(slots, slots, owner, owner, (ours, theirs, us, them) => {
        fc.pre(us !== them)
        const values = written(ours, [...written(theirs, [], them), 'a stranger'], us)
        const read = readManifests(ZONE, [...values].reverse())
        expect(keys(read.get(us))).toEqual(keys(ours))
        expect(keys(read.get(them))).toEqual(keys(theirs))
        expect(values).toContain('a stranger')
        expect(Math.max(...values.map(octetLength))).toBeLessThanOrEqual(500)
      }),
      { numRuns: 200 },
    )
  })

  test('is written the same in whatever order it is given', () => {
    fc.assert(
      fc.property(slots, (ours) => {
        expect(written([...ours].reverse())).toEqual(written(ours))
      }),
    )
  })

  test('is split where it is long, each value complete in itself', () => {
    const many = Array.from({ length: 300 }, (_, index) => slot(`host-${index}.example.com.`, 'A', 'host'))
    const values = written(many)
    expect(values.length).toBeGreaterThan(1)
    for (const value of values) expect(value).toMatch(/^v=mailsync1; owner=default; host\.A=host-\d+,/)
    expect(readManifests(ZONE, values).get('default')).toHaveLength(300)
  })
})

describe('a manifest too large for one name', () => {
  const slots = (count: number): OwnedSlot[] =>
    Array.from({ length: count }, (_, index) => [
      slot(`d${index}.example.com.`, 'MX', 'mx'),
      slot(`d${index}.example.com.`, 'TXT', 'spf'),
      slot(`_dmarc.d${index}.example.com.`, 'TXT', 'dmarc', index % 7 === 0),
    ]).flat()

  test('is spread over names below, none of which holds more than any provider takes', () => {
    const zone = remembering(zoneOf([]), slots(1000))
    for (const rrset of zone.rrsets.filter(isKnown)) {
      expect(isManifestName(ZONE, rrset.name)).toBe(true)
      expect(rdataTexts(rrset).join('').length).toBeLessThanOrEqual(4000)
    }
    expect(zone.rrsets.length).toBeGreaterThan(10)
    expect(readManifests(ZONE, valuesIn(zone)).get('default')).toHaveLength(3000)
  })

  test('changes at one name for one record more', () => {
    const zone = remembering(zoneOf([]), slots(1000))
    const more = [...slots(1000), slot('new.example.com.', 'MX', 'mx')]
    expect(editManifests(zone, 'default', more, 3600)).toHaveLength(1)
  })

  test('stays spread for one record less, and comes together at one name once half of it is gone', () => {
    const all = slots(300)
    const isSpread = (count: number): boolean => remembering(zoneOf([]), all.slice(0, count)).rrsets.length > 1
    const border = all.findIndex((_, count) => isSpread(count))
    expect(border).toBeGreaterThan(10)
    let zone = remembering(zoneOf([]), all.slice(0, border))
    for (let count = border - 1; zone.rrsets.length > 1; count--) {
      const edits = editManifests(zone, 'default', all.slice(0, count), 3600)
      zone = remembering(zone, all.slice(0, count))
      if (zone.rrsets.length > 1) expect(edits).toHaveLength(1)
      else expect(count).toBeLessThan(border * 0.7)
      expect(readManifests(ZONE, valuesIn(zone)).get('default')).toHaveLength(count)
    }
    expect(editManifests(zone, 'default', all.slice(0, border - 1), 3600)).toHaveLength(1)
  })

  test('that a former version cut into longer values stays as it is, but for the names whose records change', () => {
    const head = 'v=mailsync1; owner=default; '
    const joined = (values: readonly string[]): string[] =>
      values.length === 0
        ? []
        : [
            head +
              values
                .slice(0, 3)
                .map((value) => value.slice(head.length))
                .join('; '),
            ...joined(values.slice(3)),
          ]
    const zone = zoneOf(
      remembering(zoneOf([]), slots(1000))
        .rrsets.filter(isKnown)
        .map((rrset) => ({ type: 'TXT', name: rrset.name, ttl: 3600, rdata: joined(rdataTexts(rrset)) })),
    )
    expect(Math.max(...valuesIn(zone).map(octetLength))).toBeGreaterThan(1000)
    expect(editManifests(zone, 'default', slots(1000), 3600)).toEqual([])
    const edits = editManifests(zone, 'default', slots(999), 3600)
    expect(edits.length).toBeGreaterThan(0)
    expect(edits.length).toBeLessThanOrEqual(2)
    for (const { after } of edits)
      for (const value of after === undefined ? [] : rdataTexts(after))
        expect(octetLength(value)).toBeLessThanOrEqual(500)
    const after = remembering(zone, slots(999))
    expect(readManifests(ZONE, valuesIn(after)).get('default')).toHaveLength(2997)
    expect(editManifests(after, 'default', slots(999), 3600)).toEqual([])
  })

  test('that a former version kept at one name is moved when it next changes, and not before', () => {
    const old = held(
      slots(1000)
        .filter(({ claimed }) => !claimed)
        .map(
          ({ purpose, type, name }) =>
            `v=mailsync1; owner=default; ${purpose}.${type}=${name.slice(0, -ZONE.length - 1)}`,
        ),
    )
    const owned = readManifests(ZONE, old.type === 'TXT' ? old.rdata : []).get('default') ?? []
    expect(editManifests(zoneOf([old]), 'default', owned, 3600)).toEqual([])
    const after = remembering(zoneOf([old]), [...owned, slot('new.example.com.', 'MX', 'mx')])
    expect(after.find(`${manifestName(ZONE)} TXT`)).toBeUndefined()
    expect(readManifests(ZONE, valuesIn(after)).get('default')).toHaveLength(owned.length + 1)
  })
})

test('while a write of several parts is under way, nothing that was or will be owned is forgotten', () => {
  const before = held(['v=mailsync1; owner=default; host.A=old', 'a stranger'])
  const after = held(['v=mailsync1; owner=default; host.A=new; mx.MX=@', 'a stranger'])
  const interim = interimManifest(ZONE, 'default', { before, after }, ({ purpose }) => purpose === 'host')
  expect(interim?.rdata).toEqual(['a stranger', 'v=mailsync1; owner=default; host.A=new,old; kept.mx.MX=@'])
})
