import { describe, expect, test } from 'vitest'
import { diffZone } from '../../../records/diff.js'
import { zoneWith } from '../../../records/rr/zone.js'
import { changes, diff, manifestAfter, record, ZONE, type Zone } from '../zone-fixtures.js'

const SPF = 'v=spf1 ip4:192.0.2.1 ~all'
const OLD = 'v=spf1 ip4:192.0.2.99 ~all'

interface Case extends Zone {
  readonly title: string
  /** `+` create, `~` update, `-` delete, `!` adopts. */
  readonly becomes: readonly string[]
  /** Undefined: it stays as it is. */
  readonly manifest?: readonly string[]
}

const mail = record('host', 'mail 3600 A 192.0.2.1')
const spf = record('spf', `@ 3600 TXT ${SPF}`)
const dmarc = record('dmarc', '_dmarc 3600 TXT v=DMARC1; p=none')
const ours = (fields: string): string => `v=mailsync1; owner=default; ${fields}`

const wholeSets: readonly Case[] = [
  {
    title: 'wanted, and nothing there: created',
    desired: [mail],
    becomes: ['+ mail.example.com. A 3600 192.0.2.1'],
    manifest: [ours('host.A=mail')],
  },
  {
    title: 'wanted and ours, but somebody removed it: created again',
    desired: [mail],
    owned: 'host.A=mail',
    becomes: ['+ mail.example.com. A 3600 192.0.2.1'],
  },
  {
    title: 'wanted, and there as wanted: nothing but the claim',
    desired: [mail],
    actual: ['mail 3600 A 192.0.2.1'],
    becomes: [],
    manifest: [ours('kept.host.A=mail')],
  },
  {
    title: 'wanted, there as wanted, and ours: nothing at all',
    desired: [mail],
    actual: ['mail 3600 A 192.0.2.1'],
    owned: 'host.A=mail',
    becomes: [],
  },
  {
    title: 'wanted, other, and ours: updated',
    desired: [mail],
    actual: ['mail 3600 A 192.0.2.9'],
    owned: 'host.A=mail',
    becomes: ['~ mail.example.com. A 3600 192.0.2.1'],
  },
  {
    title: 'wanted, of another TTL, and ours: updated',
    desired: [mail],
    actual: ['mail 60 A 192.0.2.1'],
    owned: 'host.A=mail',
    becomes: ['~ mail.example.com. A 3600 192.0.2.1'],
  },
  {
    title: 'wanted, other, and not ours: adopted',
    desired: [mail],
    actual: ['mail 3600 A 192.0.2.9 | 192.0.2.1'],
    becomes: ['~! mail.example.com. A 3600 192.0.2.1'],
    manifest: [ours('host.A=mail')],
  },
  {
    title: 'wanted, only the TTL other, and not ours: adopted',
    desired: [mail],
    actual: ['mail 60 A 192.0.2.1'],
    becomes: ['~! mail.example.com. A 3600 192.0.2.1'],
    manifest: [ours('host.A=mail')],
  },
  {
    title: 'no longer wanted, and ours: deleted, and the manifest with it',
    actual: ['mail 3600 A 192.0.2.1'],
    owned: 'host.A=mail',
    becomes: ['- mail.example.com. A'],
    manifest: [],
  },
  {
    title: 'no longer wanted, ours, and already gone: forgotten',
    owned: 'host.A=mail,nat',
    desired: [record('host', 'nat 3600 A 192.0.2.2')],
    actual: ['nat 3600 A 192.0.2.2'],
    becomes: [],
    manifest: [ours('host.A=nat')],
  },
  {
    title: 'not wanted, and not ours: untouched',
    actual: ['www 3600 A 192.0.2.80', 'mail 3600 A 192.0.2.1'],
    becomes: [],
  },
]

const ownValues: readonly Case[] = [
  {
    title: 'wanted beside strangers: they stay, and so does their TTL',
    desired: [spf],
    actual: ['@ 60 TXT google=1 | MS=2'],
    becomes: [`~ example.com. TXT 60 MS=2 | google=1 | ${SPF} (2 kept)`],
    manifest: [ours('spf.TXT=@')],
  },
  {
    title: 'wanted and there beside strangers, of their TTL: nothing but the claim',
    desired: [spf],
    actual: [`@ 60 TXT google=1 | ${SPF}`],
    becomes: [],
    manifest: [ours('kept.spf.TXT=@')],
  },
  {
    title: 'alone and ours, of another TTL: updated',
    desired: [spf],
    actual: [`@ 60 TXT ${SPF}`],
    owned: 'spf.TXT=@',
    becomes: [`~ example.com. TXT 3600 ${SPF}`],
  },
  {
    title: 'other and ours: its value alone is replaced',
    desired: [spf],
    actual: [`@ 60 TXT google=1 | ${OLD}`],
    owned: 'spf.TXT=@',
    becomes: [`~ example.com. TXT 60 google=1 | ${SPF} (1 kept)`],
  },
  {
    title: 'other and not ours: adopted, strangers stay',
    desired: [spf],
    actual: [`@ 60 TXT google=1 | ${OLD}`],
    becomes: [`~! example.com. TXT 60 google=1 | ${SPF} (1 kept)`],
    manifest: [ours('spf.TXT=@')],
  },
  {
    title: 'two SPF of somebody’s, which no receiver accepts: adopted, made one',
    desired: [spf],
    actual: [`@ 60 TXT ${OLD} | v=spf1 -all | google=1`],
    becomes: [`~! example.com. TXT 60 google=1 | ${SPF} (1 kept)`],
    manifest: [ours('spf.TXT=@')],
  },
  {
    title: 'no longer wanted: its value goes, strangers stay',
    actual: [`@ 60 TXT google=1 | ${SPF}`],
    owned: 'spf.TXT=@',
    becomes: ['~ example.com. TXT 60 google=1 (1 kept)'],
    manifest: [],
  },
  {
    title: 'no longer wanted, changed by somebody since: goes all the same, it is ours',
    actual: [`@ 60 TXT google=1 | ${OLD}`],
    owned: 'spf.TXT=@',
    becomes: ['~ example.com. TXT 60 google=1 (1 kept)'],
    manifest: [],
  },
  {
    title: 'no longer wanted and alone: the RRset goes',
    actual: [`@ 60 TXT ${SPF}`],
    owned: 'spf.TXT=@',
    becomes: ['- example.com. TXT'],
    manifest: [],
  },
  {
    title: 'somebody’s SPF where the spec wants none and we own none: untouched',
    actual: [`@ 60 TXT google=1 | ${OLD}`],
    becomes: [],
  },
  {
    title: 'two purposes at different names of one type do not mix',
    desired: [spf, dmarc],
    actual: ['_dmarc 60 TXT v=DMARC1; p=reject', '@ 60 TXT v=DMARC1; p=reject'],
    owned: 'dmarc.TXT=_dmarc',
    becomes: [
      `~ example.com. TXT 60 v=DMARC1; p=reject | ${SPF} (1 kept)`,
      '~ _dmarc.example.com. TXT 3600 v=DMARC1; p=none',
    ],
    manifest: [ours('spf.TXT=@; dmarc.TXT=_dmarc')],
  },
]

describe.each([
  ['a whole RRset', wholeSets],
  ['a value among others', ownValues],
])('%s', (_, cases) => {
  test.each(cases)('$title', ({ becomes, manifest, ...zone }) => {
    const result = diff(zone)
    expect(changes(result)).toEqual(becomes)
    expect(manifestAfter(result)).toEqual(manifest)
    expect(result.collisions).toEqual([])
  })
})

test('what was already as wanted and becomes ours is counted, and what is ours is not', () => {
  const actual = ['mail 3600 A 192.0.2.1', `@ 60 TXT google=1 | ${SPF}`, '_dmarc 60 TXT v=DMARC1; p=none']
  expect(diff({ desired: [mail, spf, dmarc], actual, owned: 'host.A=mail' })).toMatchObject({
    claimed: [{ purpose: 'spf' }],
    owned: [{ name: 'mail.example.com.' }],
  })
})

describe('what was there before mailsync, as the spec wants it', () => {
  const actual = ['mail 3600 A 192.0.2.1']
  const owned = 'kept.host.A=mail'

  test('is left as it is when it leaves the spec, and is named', () => {
    const result = diff({ actual, owned })
    expect(changes(result)).toEqual([])
    expect(result.left).toEqual([{ name: 'mail.example.com.', type: 'A', purpose: 'host', claimed: true }])
    expect(result.removed).toEqual([])
    expect(manifestAfter(result)).toEqual([])
  })

  test('stays told apart while it is wanted', () => {
    expect(manifestAfter(diff({ desired: [mail], actual, owned }))).toBeUndefined()
  })

  test('is changed with the spec, and from then on written by mailsync', () => {
    const result = diff({ desired: [record('host', 'mail 3600 A 192.0.2.2')], actual, owned })
    expect(changes(result)).toEqual(['~ mail.example.com. A 3600 192.0.2.2'])
    expect(manifestAfter(result)).toEqual([ours('host.A=mail')])
  })
})

describe('a value that means the same in other words', () => {
  const spelt = 'v=DMARC1;p=none;'

  test('is claimed, not adopted, and stays as it is spelt', () => {
    const result = diff({ desired: [dmarc], actual: [`_dmarc 3600 TXT ${spelt}`] })
    expect(changes(result)).toEqual([])
    expect(result.claimed).toHaveLength(1)
    expect(manifestAfter(result)).toEqual([ours('kept.dmarc.TXT=_dmarc')])
  })

  test('is not rewritten for its spelling when its TTL changes', () => {
    const result = diff({ desired: [dmarc], actual: [`_dmarc 60 TXT ${spelt}`], owned: 'dmarc.TXT=_dmarc' })
    expect(changes(result)).toEqual([`~ _dmarc.example.com. TXT 3600 ${spelt}`])
  })
})

test('strings that a stranger cut elsewhere go back with their borders, and two that differ in them alone stay two', () => {
  const strangers = [
    ['path=/a', 'q=1', ''],
    ['path=/', 'aq=1'],
  ]
  const apex = { type: 'TXT', name: ZONE, ttl: 60, rdata: strangers } as const
  const { edits } = diffZone({ zone: zoneWith(ZONE, [apex]), desired: [spf], owner: 'default', manifestTtl: 300 })
  expect(edits[0]).toMatchObject({ change: { after: { rdata: expect.arrayContaining([...strangers, SPF]) } }, kept: 2 })
})

test('what is deleted is counted, and what is only forgotten is not', () => {
  const owned = 'host.A=mail,gone; spf.TXT=@,gone; dmarc.TXT=_dmarc'
  const actual = ['mail 3600 A 192.0.2.1', '@ 60 TXT google=1', '_dmarc 60 TXT v=DMARC1; p=none']
  const { removed, owned: before } = diff({ actual, owned })
  expect(removed.map(({ name, purpose }) => `${purpose} ${name}`)).toEqual([
    'host mail.example.com.',
    'dmarc _dmarc.example.com.',
  ])
  expect(before).toHaveLength(5)
})

test('an edit says where the spec asks for it, and what each purpose had and gets', () => {
  const { edits } = diff({ desired: [spf], actual: [`@ 60 TXT google=1 | ${OLD}`], owned: 'spf.TXT=@' })
  expect(edits[0]?.edits).toEqual([
    {
      slot: { name: 'example.com.', type: 'TXT', purpose: 'spf' },
      from: spf.from,
      before: [OLD],
      after: [SPF],
      adopts: false,
    },
  ])
})

test('changes come in zone order, the manifest last, whatever order the input has', () => {
  const desired = [dmarc, record('host', 'b 60 A 192.0.2.2'), record('mx', '@ 60 MX 10 b.example.com.'), mail, spf]
  const actual = ['@ 60 TXT x', 'b 60 A 192.0.2.3']
  const forwards = diff({ desired, actual })
  expect(changes(forwards).map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
    '+ example.com. MX',
    '~ example.com. TXT',
    '+ _dmarc.example.com. TXT',
    '~! b.example.com. A',
    '+ mail.example.com. A',
  ])
  expect(forwards.edits.at(-1)?.edits).toEqual([])
  expect(diff({ desired: [...desired].reverse(), actual: [...actual].reverse() })).toEqual(forwards)
})
