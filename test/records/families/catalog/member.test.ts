import fc from 'fast-check'
import { expect, it } from 'vitest'
import { memberName, withoutListed } from '../../../../records/families/catalog/member.js'
import type { MailRecord } from '../../../../records/families/mail-record.js'
import { labelsOf, type Name } from '../../../../records/rr/name.js'
import { zoneWith } from '../../../../records/rr/zone.js'

const catalog = 'catalog.invalid.' as Name
const zone = (text: string): Name => text as Name

it('an entry can be read by people', () => {
  expect(memberName(zone('example.com.'), catalog)).toBe('example-com.zones.catalog.invalid.')
  expect(memberName(zone('mail-eu.example.'), catalog)).toBe('mail--eu-example.zones.catalog.invalid.')
})

it('two zones never have one entry, and each has a label that DNS allows', () => {
  const label = fc.stringMatching(/^[a-z0-9_/-]{1,40}$/)
  const name = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => zone(`${labels.join('.')}.`))
  fc.assert(
    fc.property(fc.uniqueArray(name, { minLength: 2, maxLength: 30 }), (zones) => {
      const entries = zones.map((one) => memberName(one, catalog))
      expect(new Set(entries).size).toBe(zones.length)
      for (const entry of entries) {
        expect(labelsOf(entry)).toHaveLength(4)
        expect(labelsOf(entry)[0]?.length).toBeLessThanOrEqual(63)
      }
    }),
  )
})

it('what looks alike, and what is too long, has an entry of its own', () => {
  const names = ['a.-b.example.', 'a-.b.example.', 'a--b.example.', 'a.b.example.', 'a-b.example.', 'xn--a.example.']
  const long = ['x'.repeat(63), 'y'.repeat(63)].flatMap((label) => [`${label}.example.`, `${label}.a.example.`])
  const entries = [...names, ...long, '.', 'root.'].map((name) => memberName(zone(name), catalog))
  expect(new Set(entries).size).toBe(entries.length)
})

const record = (name: string, member: string): MailRecord => ({
  rrset: { type: 'PTR', name: zone(name), ttl: 60, rdata: [zone(member)] },
  purpose: 'catalog',
  from: ['zones', catalog, 'catalog'],
})

it('a zone that somebody entered is left to him, with its properties; our own entry stays', () => {
  const ours = record('a-example.zones.catalog.invalid.', 'a.example.')
  const theirs = record('b-example.zones.catalog.invalid.', 'b.example.')
  const group: MailRecord = {
    ...theirs,
    rrset: { type: 'TXT', name: zone(`group.${theirs.rrset.name}`), ttl: 60, rdata: ['mail'] },
  }
  const held = zoneWith(catalog, [ours.rrset, record('u1.zones.catalog.invalid.', 'b.example.').rrset])
  expect(withoutListed([ours, theirs, group], held)).toEqual([ours])
})

it('our own entry stays where somebody enters the zone a second time', () => {
  const ours = record('a-example.zones.catalog.invalid.', 'a.example.')
  const held = zoneWith(catalog, [ours.rrset, record('u1.zones.catalog.invalid.', 'a.example.').rrset])
  expect(withoutListed([ours], held)).toEqual([ours])
})
