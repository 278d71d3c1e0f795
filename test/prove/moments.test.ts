import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Name } from '../../records/rr/name.js'
import { type Change, keyOf, subjectOf } from '../../records/rr/rrset.js'
import { type Moment, moments } from '../../src/prove/moments.js'
import { type AnswerChange, answerChangeOf, isBy, type OrderedChange } from '../../src/prove/ordered-changes.js'

const rrset = (name: string, value: string) =>
  ({ type: 'TXT', name: `${name}.example.com.` as Name, ttl: 300, rdata: [value] }) as const
const create = (name: string): Change => ({ kind: 'create', after: rrset(name, 'new') })
const update = (name: string): Change => ({ kind: 'update', before: rrset(name, 'old'), after: rrset(name, 'new') })

const ordered = (change: Change, place: Partial<OrderedChange> = {}): AnswerChange =>
  answerChangeOf({
    change,
    key: keyOf(subjectOf(change)),
    zone: 'example.com.',
    provider: 'dns',
    stage: 0,
    turn: 0,
    ...place,
  })
const names = ({ hidden }: Moment) => hidden.map(({ key }) => key.split('.')[0]).join(' ')
const nobody = () => false

describe('what a receiver may see while a plan is carried out', () => {
  it('what changes may be old or new, each for itself: caches know no order', () => {
    const changes = [ordered(update('a')), ordered(update('b'), { turn: 1 })]
    expect(moments(changes, nobody).map(names).sort()).toEqual(['a', 'b'])
  })

  it('what is new and written first is there when what follows is', () => {
    const changes = [ordered(create('included')), ordered(update('spf'), { turn: 1 })]
    expect(moments(changes, nobody).map(names)).toEqual(['spf'])
  })

  it('what is written at once with it too', () => {
    expect(moments([ordered(create('included')), ordered(update('spf'))], nobody).map(names)).toEqual(['spf'])
  })

  it('but not where it was asked for before: that nothing was there is remembered', () => {
    const changes = [ordered(create('included')), ordered(update('spf'), { turn: 1 })]
    expect(
      moments(changes, (key) => key.startsWith('included'))
        .map(names)
        .sort(),
    ).toEqual(['included', 'spf'])
  })

  it('nor across zones that are written side by side', () => {
    const changes = [ordered(create('included')), ordered(update('spf'), { zone: 'example.net.' })]
    expect(moments(changes, nobody).map(names).sort()).toEqual(['included', 'spf'])
  })

  it('one stage is over before the next begins, in every zone', () => {
    const changes = [ordered(create('included')), ordered(update('spf'), { zone: 'example.net.', stage: 1 })]
    expect(moments(changes, nobody).map(names)).toEqual(['spf'])
  })

  it('of many changes, what stood there may be remembered while what it led to is gone', () => {
    const old = Array.from({ length: 8 }, (_, index) => ordered(update(`old${index}`), { stage: 1, turn: index }))
    const gone = ordered(update('gone'), { stage: 2 })
    const seen = moments([ordered(create('included')), ...old, gone], nobody).map(names)
    expect(seen).toContain(names({ hidden: old }))
  })

  it('of many changes, each two of them may be remembered together, up to a bound', () => {
    const many = (length: number) => Array.from({ length }, (_, index) => ordered(update(`n${index}`), { turn: index }))
    const seen = moments(many(9), nobody).map(names)
    for (let first = 0; first < 9; first += 1)
      for (let second = first + 1; second < 9; second += 1) expect(seen).toContain(`n${first} n${second}`)
    expect(moments(many(60), nobody).length).toBeLessThan(60 * 3 + 121)
  })

  it('an answer between two writes is seen beside what is not written then, and remembered until all is', () => {
    const between = [{ zone: 'example.com.', provider: 'dns', stage: 0, turn: 1, answer: undefined }]
    const half = { ...ordered(update('half'), { turn: 2 }), between }
    const changes = [ordered(update('first')), half, ordered(update('last'), { turn: 3 })]
    const midway = moments(changes, nobody).filter((moment) => moment.midway)
    expect(midway.map(names)).toEqual(['last', ''])
    expect(midway.map((moment) => moment.midway?.key)).toEqual(['half.example.com. TXT', 'half.example.com. TXT'])
  })

  it('is never all old or all new, and never new before what had to be there', () => {
    const change = fc.record({
      isNew: fc.boolean(),
      zone: fc.constantFrom('a.', 'b.'),
      stage: fc.nat(2),
      turn: fc.nat(3),
    })
    fc.assert(
      fc.property(fc.array(change, { maxLength: 9 }), (drawn) => {
        const changes = drawn.map(({ isNew, ...place }, index) =>
          ordered(isNew ? create(`n${index}`) : update(`n${index}`), place),
        )
        for (const { hidden } of moments(changes, nobody)) {
          expect(hidden.length).toBeGreaterThan(0)
          expect(hidden.length).toBeLessThan(changes.length)
          for (const one of hidden.filter(({ before }) => before === undefined))
            for (const other of changes) if (isBy(one, other)) expect(hidden).toContain(other)
        }
      }),
    )
  })
})
