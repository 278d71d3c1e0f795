import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Name } from '../../records/rr/name.js'
import { afterOf, type Change, changeBetween, keyOf, type RRset, subjectOf } from '../../records/rr/rrset.js'
import { zoneWith } from '../../records/rr/zone.js'
import type { OrderedChange } from '../../src/prove/ordered-changes.js'
import { zoneAnswers } from '../../src/prove/zone-answers.js'

const APEX = 'example.com.' as Name
const at = (labels: string): Name => (labels === '' ? APEX : `${labels}.${APEX}`) as Name
const txt = (labels: string, value = labels): RRset => ({ type: 'TXT', name: at(labels), ttl: 60, rdata: [value] })
const a = (labels: string, value: string): RRset => ({
  type: 'A',
  name: at(labels),
  ttl: 60,
  rdata: [value as never],
})
const create = (after: RRset): Change => ({ kind: 'create', after })
const remove = (before: RRset): Change => ({ kind: 'delete', before })
const turns = (changes: readonly Change[]): OrderedChange[] =>
  changes.map((change, turn) => ({
    change,
    key: keyOf(subjectOf(change)),
    zone: APEX,
    provider: 'dns',
    stage: 0,
    turn,
  }))
const text = (rrset: RRset | undefined) => (rrset ? `${keyOf(rrset)} ${rrset.rdata.join(' ')}` : 'nothing')
const answers = (held: readonly RRset[], ...changes: Change[]) => {
  const changeAt = zoneAnswers(zoneWith(APEX, held), turns(changes))
  return (labels: string, type: RRset['type']) => {
    const change = changeAt(at(labels), type)
    return change && [change.before, ...change.between.map(({ answer }) => answer), change.after].map(text).join(' → ')
  }
}

describe('what a zone with wildcards answers while it changes (RFC 4592)', () => {
  it('a name that comes to exist loses the wildcard, for every type', () => {
    const changed = answers([a('*', '192.0.2.1')], create(txt('mail')))
    expect(changed('mail', 'A')).toBe('mail.example.com. A 192.0.2.1 → nothing')
    expect(changed('mail', 'TXT')).toBe('nothing → mail.example.com. TXT mail')
    expect(changed('other', 'A')).toBeUndefined()
  })

  it('so do the empty names above it, and all below them', () => {
    const changed = answers([a('*', '192.0.2.1')], create(txt('_dmarc.mail')))
    expect(changed('mail', 'A')).toBe('mail.example.com. A 192.0.2.1 → nothing')
    expect(changed('deep.mail', 'A')).toBe('deep.mail.example.com. A 192.0.2.1 → nothing')
  })

  it('a name that goes gets the wildcard back', () => {
    const changed = answers([a('*', '192.0.2.1'), txt('*'), txt('old')], remove(txt('old')))
    expect(changed('old', 'A')).toBe('nothing → old.example.com. A 192.0.2.1')
    expect(changed('old', 'TXT')).toBe('old.example.com. TXT old → old.example.com. TXT *')
  })

  it('but not while a name below it stays', () => {
    expect(answers([a('*', '192.0.2.1'), txt('old'), txt('x.old')], remove(txt('old')))('old', 'A')).toBeUndefined()
  })

  it('where the record of a name comes after the name, nothing is answered in between', () => {
    const changed = answers([a('*', '192.0.2.1')], create(txt('mail')), create(a('mail', '192.0.2.2')))
    expect(changed('mail', 'A')).toBe('mail.example.com. A 192.0.2.1 → nothing → mail.example.com. A 192.0.2.2')
  })

  it('below a delegation the zone says nothing', () => {
    const cut: RRset = { type: 'NS', name: at('sub'), ttl: 60, rdata: [at('ns')] } as never
    expect(answers([a('*', '192.0.2.1'), cut], create(txt('x.sub')))('x.sub', 'TXT')).toBeUndefined()
  })

  it('is what the zone would answer that is left after each write, whatever it held', () => {
    const labels = fc
      .array(fc.constantFrom('a', 'b', '*'), { minLength: 1, maxLength: 3 })
      // A wildcard stands first, or it is none.
      .filter((parts) => parts.lastIndexOf('*') <= 0)
      .map((parts) => parts.join('.'))
    const rrset = fc
      .tuple(labels, fc.constantFrom('A', 'TXT'), fc.nat(1))
      .map(([owner, type, value]): RRset => (type === 'A' ? a(owner, `192.0.2.${value}`) : txt(owner, String(value))))
    const sets = fc.uniqueArray(rrset, { selector: keyOf, maxLength: 6 })
    fc.assert(
      fc.property(sets, sets, (held, wanted) => {
        const keys = [...new Set([...held, ...wanted].map(keyOf))]
        const changes = turns(
          keys.flatMap(
            (key) =>
              changeBetween(
                held.find((one) => keyOf(one) === key),
                wanted.find((one) => keyOf(one) === key),
              ) ?? [],
          ),
        )
        const states = changes.map((_, index) => written(held, changes.slice(0, index + 1)))
        const changeAt = zoneAnswers(zoneWith(APEX, held), changes)
        for (const owner of ['a', 'b', 'a.b', 'b.a', 'a.a.a', 'x', 'x.a', 'x.y.b'])
          for (const type of ['A', 'TXT'] as const) {
            const all = [held, ...states].map((rrsets) => text(answered(rrsets, at(owner), type)))
            const distinct = all.filter((one, index) => one !== all[index - 1])
            const change = changeAt(at(owner), type)
            const told = change
              ? [change.before, ...change.between.map(({ answer }) => answer), change.after].map(text)
              : distinct.slice(0, 1)
            expect(told).toEqual(distinct)
          }
      }),
      { numRuns: 500 },
    )
  })
})

function written(held: readonly RRset[], changes: readonly OrderedChange[]): RRset[] {
  const changed = new Map(held.map((one) => [keyOf(one), one] as [string, RRset | undefined]))
  for (const { key, change } of changes) changed.set(key, afterOf(change))
  return [...changed.values()].flatMap((one) => one ?? [])
}

/** RFC 4592, slowly: the name itself, or the wildcard right below the closest name that exists. */
function answered(rrsets: readonly RRset[], name: Name, type: string): RRset | undefined {
  const exists = (one: string): boolean =>
    one === APEX || rrsets.some((rrset) => rrset.name === one || rrset.name.endsWith(`.${one}`))
  const found = (owner: string): RRset | undefined => {
    const rrset = rrsets.find((one) => one.name === owner && one.type === type)
    return rrset && ({ ...rrset, name } as RRset)
  }
  if (exists(name)) return found(name)
  let above: string = name
  while (!exists(above)) above = above.slice(above.indexOf('.') + 1)
  return found(`*.${above}`)
}
