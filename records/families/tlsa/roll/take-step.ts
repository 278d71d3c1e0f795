import type { RollStep } from './next-steps.js'
import type { RollKey, RollState } from './roll-key.js'

/** The keys of a host after a step, taken at `now` (seconds since 1970). Pure, and taking it again changes nothing. */
export function takeRollStep(keys: readonly RollKey[], step: RollStep, now: number): readonly RollKey[] {
  const { kind, association, certificate } = step
  const isIt = (key: RollKey): boolean => key.association === association
  switch (kind) {
    case 'keep':
      return [
        ...keys.filter((key) => !isIt(key)),
        { association, certificate, state: 'serving', times: { published: now, serving: now } },
      ]
    case 'publish':
      return keys.some(isIt)
        ? keys.map((key) => (isIt(key) ? { ...key, certificate } : key))
        : [...keys, { association, certificate, state: 'published', times: { published: now } }]
    case 'see':
    case 'unsee':
      return keys.map((key) =>
        isIt(key)
          ? { ...key, times: { ...key.times, visible: kind === 'see' ? (key.times.visible ?? now) : undefined } }
          : key,
      )
    case 'retire':
      return keys.map((key) => (isIt(key) ? inState(key, 'retiring', now) : key))
    case 'remove':
      return keys.filter((key) => !isIt(key))
    case 'install':
    case 'serve':
      return served(takeRollStep(keys, { ...step, kind: 'publish' }, now), step, now)
  }
}

/** Of a certificate the server has one key: the one that it had retires. */
function served(keys: readonly RollKey[], { association, certificate }: RollStep, now: number): readonly RollKey[] {
  return keys.map((key) => {
    if (key.association === association) return key.state === 'serving' ? key : inState(key, 'serving', now)
    return key.certificate === certificate && key.state === 'serving' ? inState(key, 'retiring', now) : key
  })
}

function inState(key: RollKey, state: RollState, now: number): RollKey {
  const { retiring: _, ...times } = key.times // A key that serves again did not retire.
  return key.state === state ? key : { ...key, state, times: { ...times, [state]: now } }
}
