import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type DayEvidence, daysOf, startOf } from '../../../../../records/families/dmarc/ramp/day.js'
import { nextRampStep, type RampView } from '../../../../../records/families/dmarc/ramp/next-step.js'
import { type RampPolicy, STAGES, type Stage, stageOf } from '../../../../../records/families/dmarc/ramp/ramp-policy.js'

const POLICY: RampPolicy = { goal: 'reject', from: 'none', days: 5, failing: 1, messages: 100 }
const TODAY = 20_000
/** Noon of today. */
const NOW = startOf(TODAY) + 43_200

function days(numbers: readonly number[], more: Partial<DayEvidence> = {}): DayEvidence[] {
  return numbers.map((ago) => ({ day: TODAY - ago, published: 'none', messages: 100, failing: 0, ...more }))
}

const next = (view: Partial<RampView>) =>
  nextRampStep({ policy: POLICY, state: undefined, days: days([5, 4, 3, 2, 1]), now: NOW, ...view })

test('enough days of reports show that little fails: one step, never two', () => {
  expect(next({})).toEqual({
    kind: 'step',
    to: 'quarantine',
    evidence: { first: TODAY - 5, last: TODAY - 1, days: 5, messages: 500, failing: 0 },
  })
})

test('each step needs evidence of its own: of days after the one before it, under its policy', () => {
  const state = { stage: 'quarantine', since: startOf(TODAY - 6) + 100 } as const
  const shown = days([5, 4, 3, 2, 1], { published: 'quarantine' })
  expect(next({ state, days: shown })).toMatchObject({ kind: 'step', to: 'reject' })
  expect(next({ state, days: days([5, 4, 3, 2, 1]) })).toEqual({ kind: 'wait', reason: 'unpublished', shown: ['none'] })
  const later = { ...state, since: startOf(TODAY - 3) + 100 }
  expect(next({ state: later, days: shown })).toMatchObject({ kind: 'wait', reason: 'days', evidence: { days: 2 } })
})

test('at the goal nothing is left to do, whatever reports say', () => {
  expect(next({ state: { stage: 'reject', since: 0 }, days: [] })).toEqual({ kind: 'done' })
  expect(next({ policy: { ...POLICY, goal: 'quarantine' }, state: { stage: 'reject', since: 0 } })).toEqual({
    kind: 'done',
  })
})

test('a gap is no evidence: days without reports are waited for', () => {
  expect(next({ days: days([5, 4, 1]) })).toMatchObject({
    kind: 'wait',
    reason: 'days',
    until: startOf(TODAY + 2),
    evidence: { days: 3 },
  })
  expect(next({ days: days([9, 7, 5, 3, 1]) })).toMatchObject({ kind: 'step', evidence: { first: TODAY - 9, days: 5 } })
})

test('nor is what was long ago, or is not over yet, or has not been', () => {
  expect(next({ days: days([40, 39, 38, 37, 36]) })).toEqual({ kind: 'wait', reason: 'silence' })
  expect(next({ days: days([4, 3, 2, 1, 0]) })).toMatchObject({ reason: 'days', evidence: { days: 4 } })
  expect(next({ days: days([-1, -2, -3, -4, -5]) })).toEqual({ kind: 'wait', reason: 'silence' })
})

test('only the latest days count: what failed before them was mended', () => {
  const mended = [...days([10, 9, 8], { failing: 50 }), ...days([5, 4, 3, 2, 1])]
  expect(next({ days: mended })).toMatchObject({ kind: 'step' })
  expect(next({ days: [...days([6], { failing: 50 }), ...days([4, 3, 2, 1])] })).toMatchObject({ reason: 'failing' })
})

test('too much fails, or there is too little mail to judge', () => {
  expect(next({ days: days([5, 4, 3, 2, 1], { failing: 1 }) })).toMatchObject({ kind: 'step' })
  expect(next({ days: [...days([5], { failing: 6 }), ...days([4, 3, 2, 1])] })).toMatchObject({
    kind: 'wait',
    reason: 'failing',
  })
  expect(next({ days: days([5, 4, 3, 2, 1], { messages: 19 }) })).toMatchObject({ kind: 'wait', reason: 'messages' })
  expect(next({ days: days([5, 4, 3, 2, 1], { messages: 0 }) })).toMatchObject({ kind: 'wait', reason: 'messages' })
})

test('a policy that is only tested, or that reports do not tell, is not the one of the stage', () => {
  expect(next({ days: days([5, 4, 3, 2, 1], { published: undefined }) })).toEqual({
    kind: 'wait',
    reason: 'unpublished',
    shown: [undefined],
  })
})

test('a clock that is behind the last step waits for it', () => {
  const state = { stage: 'quarantine', since: NOW + 3600 } as const
  expect(next({ state })).toEqual({ kind: 'wait', reason: 'clock', until: NOW + 3600 })
})

test('the policy is never beyond the goal, and begins where it is said', () => {
  expect(stageOf({ goal: 'quarantine', from: 'none' }, { stage: 'reject', since: 0 })).toBe('quarantine')
  expect(stageOf({ goal: 'reject', from: 'quarantine' }, undefined)).toBe('quarantine')
  expect(stageOf({ goal: 'reject', from: 'quarantine' }, { stage: 'none', since: 0 })).toBe('none')
})

test('the days of a report: by UTC, by another midnight, of an hour, of several days', () => {
  const begin = startOf(TODAY)
  expect(daysOf(begin, begin + 86_399)).toEqual([TODAY])
  expect(daysOf(begin, begin + 86_400)).toEqual([TODAY])
  expect(daysOf(begin + 7 * 3600, begin + 31 * 3600 - 1)).toEqual([TODAY])
  expect(daysOf(begin - 9 * 3600, begin + 15 * 3600 - 1)).toEqual([TODAY])
  expect(daysOf(begin + 3600, begin + 7200)).toEqual([TODAY])
  expect(daysOf(begin, begin + 3 * 86_400 - 1)).toEqual([TODAY, TODAY + 1, TODAY + 2])
})

const anyDay = fc.record<DayEvidence>({
  day: fc.integer({ min: TODAY - 60, max: TODAY + 5 }),
  published: fc.constantFrom<(Stage | undefined)[]>(...STAGES, undefined),
  messages: fc.nat(1000),
  failing: fc.nat(20),
})
const anyView = fc.record<RampView>({
  policy: fc.record({
    goal: fc.constantFrom('quarantine' as const, 'reject' as const),
    from: fc.constantFrom('none' as const, 'quarantine' as const),
    days: fc.integer({ min: 1, max: 10 }),
    failing: fc.constantFrom(0, 0.5, 1, 10),
    messages: fc.integer({ min: 1, max: 2000 }),
  }),
  state: fc.option(
    fc.record({ stage: fc.constantFrom(...STAGES), since: fc.integer({ min: NOW - 60 * 86_400, max: NOW + 86_400 }) }),
    { nil: undefined },
  ),
  days: fc.array(anyDay, { maxLength: 60 }),
  now: fc.constant(NOW),
})

test('whatever the reports: a step goes one stage on, to the goal at most, and rests on as many days as it needs', () => {
  fc.assert(
    fc.property(anyView, (view) => {
      const found = nextRampStep(view)
      if (found.kind !== 'step') return
      const { policy, state } = view
      expect(STAGES.indexOf(found.to)).toBe(STAGES.indexOf(stageOf(policy, state)) + 1)
      expect(STAGES.indexOf(found.to)).toBeLessThanOrEqual(STAGES.indexOf(policy.goal))
      const { days: number, first, last, messages, failing } = found.evidence
      expect(number).toBe(policy.days)
      expect(last).toBeLessThan(TODAY)
      expect(startOf(first)).toBeGreaterThan(state?.since ?? 0)
      expect(messages).toBeGreaterThanOrEqual(policy.messages)
      expect(failing * 100).toBeLessThanOrEqual(policy.failing * messages)
    }),
  )
})

test('whatever the reports: once a step is taken, none follows from the same ones', () => {
  fc.assert(
    fc.property(anyView, (view) => {
      const found = nextRampStep(view)
      if (found.kind !== 'step') return
      expect(nextRampStep({ ...view, state: { stage: found.to, since: NOW } }).kind).not.toBe('step')
    }),
  )
})

test('whatever the reports: one more that fails never brings a step nearer', () => {
  fc.assert(
    fc.property(anyView, fc.nat(), (view, at) => {
      const changed = view.days.map((day, index) =>
        index === at % view.days.length ? { ...day, failing: day.failing + 1 } : day,
      )
      if (nextRampStep({ ...view, days: changed }).kind === 'step') expect(nextRampStep(view).kind).toBe('step')
    }),
  )
})
