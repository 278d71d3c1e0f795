import { describe, expect, test } from 'vitest'
import { diffZone } from '../../../records/diff.js'
import type { MailRecord } from '../../../records/families/mail-record.js'
import type { Name } from '../../../records/rr/name.js'
import { opaque, type RRset } from '../../../records/rr/rrset.js'
import { zoneWith } from '../../../records/rr/zone.js'
import { changes, diff, manifestAfter, record, ZONE } from '../zone-fixtures.js'

const mail = record('host', 'mail 3600 A 192.0.2.1')
const SPF = 'v=spf1 ip4:192.0.2.1 ~all'
const spf = record('spf', `@ 3600 TXT ${SPF}`)
const theirs = (fields: string): string => `v=mailsync1; owner=other; ${fields}`
const collisions = (result: ReturnType<typeof diff>): string[] =>
  result.collisions.map(({ rule, message }) => `${rule}: ${message}`)

describe('another owner in the same zone', () => {
  test.each([
    ['and is there as wanted', ['mail 3600 A 192.0.2.1']],
    ['and is other', ['mail 3600 A 192.0.2.9']],
    ['and is not there', []],
  ])('has what we want %s: refused, both owners named', (_, actual) => {
    const result = diff({ desired: [mail], actual, manifests: [theirs('host.A=mail')] })
    expect(collisions(result)).toEqual([
      'foreign-owner: mail.example.com. A belongs to the mailsync owner "other", and this spec\'s owner is "default"',
    ])
  })

  test('loses nothing of its own, and its manifest stays as it is', () => {
    const actual = ['nat 60 A 192.0.2.2', `@ 60 TXT v=spf1 -all | google=1`]
    const result = diff({ desired: [mail], actual, owned: 'mx.MX=@', manifests: [theirs('host.A=nat; spf.TXT=@')] })
    expect(changes(result)).toEqual(['+ mail.example.com. A 3600 192.0.2.1'])
    expect(manifestAfter(result)).toEqual(['v=mailsync1; owner=default; host.A=mail', theirs('host.A=nat; spf.TXT=@')])
  })

  test('who took over what was ours keeps it, and we forget it', () => {
    const result = diff({ actual: ['mail 60 A 192.0.2.1'], owned: 'host.A=mail', manifests: [theirs('host.A=mail')] })
    expect(changes(result)).toEqual([])
    expect(manifestAfter(result)).toEqual([theirs('host.A=mail')])
  })

  test('may share an RRset with us, each with its own purpose', () => {
    const result = diff({
      desired: [spf],
      actual: ['@ 60 TXT v=DKIM1; p=x | google=1'],
      manifests: [theirs('dkim.TXT=@')],
    })
    expect(collisions(result)).toEqual([])
    expect(changes(result)).toEqual([`~ example.com. TXT 60 google=1 | v=DKIM1; p=x | ${SPF} (2 kept)`])
  })
})

describe('with ownership: false', () => {
  const nobody = { owner: false } as const

  test('what is wanted is written, and nothing is remembered', () => {
    const result = diff({ desired: [mail] }, nobody)
    expect(changes(result)).toEqual(['+ mail.example.com. A 3600 192.0.2.1'])
    expect(manifestAfter(result)).toBeUndefined()
  })

  test('whatever differs is adopted, for nothing is ours', () => {
    const result = diff({ desired: [mail], actual: ['mail 3600 A 192.0.2.9'] }, nobody)
    expect(changes(result)).toEqual(['~! mail.example.com. A 3600 192.0.2.1'])
  })

  test('nothing is deleted, and nothing counted', () => {
    const result = diff({ actual: ['mail 3600 A 192.0.2.9'] }, nobody)
    expect(result).toMatchObject({ edits: [], removed: [], owned: [], claimed: [] })
  })

  test('what a mailsync owner has is refused', () => {
    const result = diff({ desired: [mail], owned: 'host.A=mail' }, nobody)
    expect(collisions(result)).toEqual([
      'foreign-owner: mail.example.com. A belongs to the mailsync owner "default", and this spec\'s owner is none',
    ])
  })
})

describe('a run that is only about a part of the spec', () => {
  test('deletes nothing, and what we own besides stays ours', () => {
    const result = diff(
      { desired: [mail], actual: ['nat 60 A 192.0.2.2', '@ 60 TXT v=spf1 -all'], owned: 'host.A=nat; spf.TXT=@' },
      { partial: true },
    )
    expect(changes(result)).toEqual(['+ mail.example.com. A 3600 192.0.2.1'])
    expect(manifestAfter(result)).toEqual(['v=mailsync1; owner=default; host.A=mail,nat; spf.TXT=@'])
    expect(result.removed).toEqual([])
  })
})

describe('a manifest of a later mailsync', () => {
  test.each([
    ['beside ours', 'host.A=mail', [mail]],
    ['alone, where the spec wants nothing any more', undefined, []],
  ])('%s: nothing may be written', (_, owned, desired) => {
    const result = diff({ desired, manifests: ['v=mailsync2; owner=default; x'], ...(owned ? { owned } : {}) })
    expect(collisions(result)).toEqual(['later-manifest: the manifest of example.com. was written by a later mailsync'])
  })
})

describe('what stands in the way of a record', () => {
  test('a CNAME at its name', () => {
    const result = diff({ desired: [mail], actual: ['mail 60 CNAME other.example.net.'] })
    expect(collisions(result)).toEqual([
      'cname-collision: mail.example.com. is a CNAME of other.example.net., and no other record can stand beside one (RFC 1034 §3.6.2)',
    ])
  })

  test.each([
    ['sub', 'at its name'],
    ['mail.sub', 'above its name'],
    ['a.b.sub', 'far above its name'],
  ])('a delegation %s', (label) => {
    const result = diff({
      desired: [record('host', `${label} 60 A 192.0.2.1`)],
      actual: ['sub 3600 NS ns.example.net.', '@ 3600 NS ns.example.net.'],
    })
    expect(collisions(result)).toEqual([
      expect.stringMatching(/^below-delegation: .* lies in sub\.example\.com\., which/),
    ])
  })

  test.each([
    [
      'an address beside an ALIAS',
      record('host', 'mail 60 A 192.0.2.1'),
      opaque('mail.example.com.' as Name, 'ALIAS', 60),
      'alias-collision',
    ],
    [
      'a key below a DNAME',
      record('dkim', 's1._domainkey 60 TXT v=DKIM1; p='),
      opaque('_domainkey.example.com.' as Name, 'DNAME', 60),
      'below-dname',
    ],
  ])('%s', (_, wanted, there, rule) => {
    const { collisions: found } = diffZone({
      zone: zoneWith(ZONE, [there]),
      desired: [wanted],
      owner: 'default',
      manifestTtl: 300,
    })
    expect(found.map((finding) => finding.rule)).toEqual([rule])
  })

  test('the CNAME of an address that is delegated (RFC 2317) names the zone to declare', () => {
    const zone = '2.0.192.in-addr.arpa.' as Name
    const name = `10.${zone}` as Name
    const cname: RRset = { type: 'CNAME', name, ttl: 60, rdata: [`10.0/26.${zone}` as Name] }
    const ptr: MailRecord = {
      rrset: { type: 'PTR', name, ttl: 60, rdata: ['mail.example.com.' as Name] },
      purpose: 'ptr',
      from: [],
    }
    const { collisions: found } = diffZone({
      zone: zoneWith(zone, [cname]),
      desired: [ptr],
      owner: 'default',
      manifestTtl: 300,
    })
    expect(found).toMatchObject([
      { rule: 'ptr-delegated', hint: expect.stringContaining(`declare the zone 0/26.${zone}`) },
    ])
  })

  test('an RRset that the provider has locked', () => {
    const result = diff({ desired: [mail], actual: ['mail 60 A 192.0.2.1'], locked: 'mail.example.com. A' })
    expect(collisions(result)).toEqual(['locked-rrset: mail.example.com. A cannot be written: an alias'])
  })

  test('and nothing else: a CNAME, a delegation or a locked RRset beside it', () => {
    const result = diff({
      desired: [mail],
      actual: [
        'www 60 CNAME mail.example.com.',
        'ail 60 NS ns.example.net.',
        'mail 60 AAAA 2001:db8::1',
        '@ 3600 NS ns.example.net.',
      ],
      locked: 'mail.example.com. AAAA',
    })
    expect(collisions(result)).toEqual([])
  })

  test('and each that does is told, in the order of the records', () => {
    const result = diff({
      desired: [record('host', 'z 60 A 192.0.2.1'), mail],
      actual: ['mail 60 CNAME x.example.', 'z 60 CNAME x.example.'],
    })
    expect(result.collisions.map(({ message }) => message.split(' ')[0])).toEqual([
      'mail.example.com.',
      'z.example.com.',
    ])
  })
})

describe('what is ours and not wanted any more', () => {
  test('is left alone where the provider has locked it', () => {
    const result = diff({ actual: ['mail 60 A 192.0.2.1'], owned: 'host.A=mail', locked: 'mail.example.com. A' })
    expect(changes(result)).toEqual([])
    expect(manifestAfter(result)).toEqual([])
  })
})

describe('the manifest itself', () => {
  test.each([
    ['is a CNAME', '_mailsync 60 CNAME x.example.', undefined, 'cname-collision'],
    ['is locked', '_mailsync 60 TXT x', '_mailsync.example.com. TXT', 'locked-rrset'],
  ])('%s: nothing is written, as nothing could be remembered', (_, actual, locked, rule) => {
    const result = diff({ desired: [mail], actual: [actual], ...(locked ? { locked } : {}) })
    expect(result.collisions.map((one) => one.rule)).toEqual([rule])
  })

  test('is in nobody’s way with ownership: false', () => {
    expect(diff({ desired: [mail], actual: ['_mailsync 60 CNAME x.example.'] }, { owner: false }).collisions).toEqual(
      [],
    )
  })
})
