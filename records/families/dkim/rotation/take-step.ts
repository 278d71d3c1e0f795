import { isUsable } from '../dkim-key.js'
import type { KeyTimes, RingKey } from './ring-key.js'
import { isAbout, type Step } from './step.js'

/** A step that changes the index alone: a key that is to be created has to be made first. */
export type IndexStep = Exclude<Step, { readonly kind: 'create' }>

/**
 * The keys of a domain after a step, taken at `now` (seconds since 1970). Pure, and taking it again changes nothing. Of an algorithm one key signs:
 * where another one begins to, those that did retire, or are revoked where they are compromised.
 */
export function takeStep<Key extends Omit<RingKey, 'domain'>>(
  keys: readonly Key[],
  step: IndexStep,
  now: number,
): Key[] {
  const { kind } = step
  const isAt = (key: Key): boolean => isAbout(step, key)
  if (kind !== 'sign') return keys.map((key) => (isAt(key) ? moved(key, kind, now) : key))
  return keys.map((key) => {
    if (isAt(key)) return key.state === 'signing' ? key : inState(without(key, 'retiring'), 'signing', now)
    if (key.algorithm !== step.algorithm || !isUsable(key)) return key
    if (key.times.compromised !== undefined) return inState(key, 'revoked', now)
    return key.state === 'signing' ? inState(key, 'retiring', now) : key
  })
}

function moved<Key extends Omit<RingKey, 'domain'>>(
  key: Key,
  kind: Exclude<IndexStep['kind'], 'sign'>,
  now: number,
): Key {
  const at = (times: Partial<KeyTimes>): Key => ({ ...key, times: { ...key.times, ...times } })
  switch (kind) {
    case 'see':
      return at({ visible: key.times.visible ?? now })
    case 'unsee':
      return at({ visible: undefined })
    case 'withdraw':
      return at({ withdrawn: key.times.withdrawn ?? now })
    case 'reveal':
      return at({ revealed: key.times.revealed ?? now })
    case 'retire':
      return inState(key, 'retiring', now)
    case 'revoke':
      return inState(key, 'revoked', now)
    case 'remove':
      return inState(key, 'gone', now)
  }
}

/** A key that signs again did not retire. */
function without<Key extends Omit<RingKey, 'domain'>>(key: Key, time: 'retiring'): Key {
  const { [time]: _, ...times } = key.times
  return { ...key, times }
}

function inState<Key extends Omit<RingKey, 'domain'>>(key: Key, state: RingKey['state'], now: number): Key {
  return key.state === state ? key : { ...key, state, times: { ...key.times, [state]: now } }
}
