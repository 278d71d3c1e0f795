import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { MailRecord } from '../../../records/families/mail-record.js'
import { slotOf } from '../../../records/families/slot.js'
import { changes, diff, manifestAfter, record, type Zone } from '../zone-fixtures.js'

const wanted = record('caa', '@ 3600 CAA 0 issue "letsencrypt.org"')
const other = record('caa', '@ 3600 CAA 0 iodef "mailto:pki@example.com"')
const stranger = '0 issue "sectigo.com"'
const named = (one: MailRecord): string => `@:${slotOf(one).digest}`
const written = `caa.CAA=${named(wanted)}`
const ours = (fields: string): string => `v=mailsync1; owner=default; ${fields}`

interface Case extends Zone {
  readonly title: string
  readonly becomes: readonly string[]
  readonly manifest?: readonly string[]
  readonly left?: number
}

/** Of CAA no text tells whose a value is: only what the manifest remembers is ours. */
const cases: readonly Case[] = [
  {
    title: 'wanted, and nothing there: created',
    desired: [wanted],
    becomes: ['+ example.com. CAA 3600 0 issue "letsencrypt.org"'],
    manifest: [ours(written)],
  },
  {
    title: 'wanted beside a stranger’s: added, the stranger’s octets and the TTL stay',
    desired: [wanted],
    actual: ['@ 60 CAA 0 ISSUE "Sectigo.com "'],
    becomes: ['~ example.com. CAA 60 0 ISSUE "Sectigo.com " | 0 issue "letsencrypt.org" (1 kept)'],
    manifest: [ours(written)],
  },
  {
    title: 'wanted, and there before us, in another spelling and with another TTL: claimed as it is, never adopted',
    desired: [wanted],
    actual: ['@ 60 CAA 0 ISSUE "letsencrypt.org"'],
    becomes: [],
    manifest: [ours(`kept.${written}`)],
  },
  {
    title: 'wanted, and there twice: claimed as it is',
    desired: [wanted],
    actual: ['@ 60 CAA 0 ISSUE "letsencrypt.org" | 0 issue "letsencrypt.org"'],
    becomes: [],
  },
  {
    title: 'a second value beside one that was there before us: the TTL stays, and each is remembered as what it is',
    desired: [wanted, other],
    actual: ['@ 60 CAA 0 issue "letsencrypt.org"'],
    becomes: ['~ example.com. CAA 60 0 iodef "mailto:pki@example.com" | 0 issue "letsencrypt.org"'],
    manifest: [ours(`caa.CAA=${named(other)}; kept.${written}`)],
  },
  {
    title: 'ours alone, with another TTL: updated',
    desired: [wanted],
    actual: ['@ 60 CAA 0 issue "letsencrypt.org"'],
    owned: written,
    becomes: ['~ example.com. CAA 3600 0 issue "letsencrypt.org"'],
  },
  {
    title: 'written by us and no longer wanted: taken away, the stranger’s stays',
    actual: [`@ 60 CAA 0 issue "letsencrypt.org" | ${stranger}`],
    owned: written,
    becomes: [`~ example.com. CAA 60 ${stranger} (1 kept)`],
    manifest: [],
  },
  {
    title: 'written by us and no longer wanted, alone: deleted',
    actual: ['@ 60 CAA 0 issue "letsencrypt.org"'],
    owned: written,
    becomes: ['- example.com. CAA'],
    manifest: [],
  },
  {
    title: 'claimed and no longer wanted: left as it is',
    actual: ['@ 60 CAA 0 issue "letsencrypt.org"'],
    owned: `kept.${written}`,
    becomes: [],
    manifest: [],
    left: 1,
  },
  {
    title: 'another CA instead of ours: exchanged, the stranger’s stays',
    desired: [other],
    actual: [`@ 60 CAA 0 issue "letsencrypt.org" | ${stranger}`],
    owned: written,
    becomes: [`~ example.com. CAA 60 0 iodef "mailto:pki@example.com" | ${stranger} (1 kept)`],
    manifest: [ours(`caa.CAA=${named(other)}`)],
  },
  { title: 'a stranger’s alone: untouched', actual: [`@ 60 CAA ${stranger}`], becomes: [] },
  {
    title: 'nothing is owned: what was wanted once stays',
    actual: ['@ 60 CAA 0 issue "letsencrypt.org"'],
    becomes: [],
  },
]

describe('values that are slots of their own', () => {
  test.each(cases)('$title', ({ becomes, manifest, left = 0, ...zone }) => {
    const found = diff(zone)
    expect(changes(found)).toEqual(becomes)
    if (manifest) expect(manifestAfter(found)).toEqual(manifest)
    expect(found.left).toHaveLength(left)
    expect(found.collisions).toEqual([])
  })

  test('what another owner wrote is refused, what stands beside it is not', () => {
    const manifests = [`v=mailsync1; owner=other; ${written}`]
    const actual = ['@ 60 CAA 0 issue "letsencrypt.org"']
    expect(diff({ desired: [wanted], actual, manifests }).collisions).toMatchObject([{ rule: 'foreign-owner' }])
    expect(diff({ desired: [other], actual, manifests }).collisions).toEqual([])
  })

  test('whatever is wanted, had and written before: strangers’ values stay, and a second look finds nothing to do', () => {
    const values = ['0 issue "a.example"', '0 issue "b.example"', '0 issuewild ";"', '128 issue "a.example"', '0 x "y"']
    const some = fc.subarray(values)
    const spelt = (value: string, isOdd: boolean): string => (isOdd ? value.replace('issue', 'ISSUE') : value)
    fc.assert(
      fc.property(some, some, some, fc.boolean(), (want, have, wrote, isOdd) => {
        const desired = want.map((value) => record('caa', `@ 3600 CAA ${value}`))
        const held = have.map((value) => spelt(value, isOdd))
        const names = wrote.map((value) => named(record('caa', `@ 3600 CAA ${value}`)))
        const owned = names.length > 0 ? `caa.CAA=${names.join(',')}` : undefined
        const actual = held.length > 0 ? [`@ 60 CAA ${held.join(' | ')}`] : []
        const found = diff({ desired, actual, ...(owned !== undefined && { owned }) })
        const edit = found.edits.find(({ edits }) => edits.length > 0)
        const after = edit ? ('after' in edit.change ? edit.change.after.rdata : []) : undefined
        const texts = after?.map((one) => {
          const { flags, tag, value } = one as { flags: number; tag: string; value: string }
          return `${flags} ${tag} ${JSON.stringify(value)}`
        })
        const result = texts ?? held
        const strangers = have.filter((value) => !wrote.includes(value)).map((value) => spelt(value, isOdd))
        expect(result).toEqual(expect.arrayContaining(strangers))
        expect(found.edits.flatMap(({ edits }) => edits).filter(({ adopts }) => adopts)).toEqual([])
        const gone = result.filter((value) => wrote.map((one) => spelt(one, isOdd)).includes(value))
        expect(
          gone.every((value) => want.map((one) => spelt(one, isOdd)).includes(value) || want.includes(value)),
        ).toBe(true)
        const ttl = edit && 'after' in edit.change ? edit.change.after.ttl : 60
        const memory = manifestAfter(found) ?? (owned === undefined ? [] : [ours(owned)])
        const again = diff({
          desired,
          actual: result.length > 0 ? [`@ ${ttl} CAA ${result.join(' | ')}`] : [],
          manifests: memory,
        })
        expect(changes(again)).toEqual([])
        expect(manifestAfter(again)).toBeUndefined()
      }),
      { numRuns: 500 },
    )
  })
})
