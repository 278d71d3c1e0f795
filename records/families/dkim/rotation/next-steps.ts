import { isEverywhere, type KeySight, laterThan } from '../../key-sight.js'
import { type DkimAlgorithm, isUsable } from '../dkim-key.js'
import type { RotationPolicy } from './policy.js'
import type { RingKey } from './ring-key.js'
import type { Step, Wait } from './step.js'

/** The keys of one domain, and all that decides what becomes of them. */
export interface RingView {
  readonly keys: readonly RingKey[]
  /** Those of the spec. */
  readonly algorithms: readonly DkimAlgorithm[]
  readonly policy: RotationPolicy
  /** Seconds since 1970. */
  readonly now: number
  /** Of every key. */
  readonly sightOf: (selector: string) => KeySight
}

export interface NextSteps {
  readonly steps: readonly Step[]
  readonly waits: readonly Wait[]
}

/**
 * What is to be done with the keys of a domain now, and what the others wait for. Pure. Each algorithm turns on its own, one
 * key after the other; taking the steps and asking again gives those that follow from them.
 *
 * A key signs only once every server shows it, and has for as long as anybody may remember that it did not; no key is revoked
 * before the one that signs is shown everywhere. A compromised key waits for neither times nor TTLs, only to be replaced.
 */
export function nextSteps(view: RingView): NextSteps {
  const later = laterThan(
    view.now,
    view.keys.flatMap(({ times }) => Object.values(times) as (number | undefined)[]),
  )
  if (later !== undefined) return { steps: [], waits: [{ reason: 'clock', until: later }] }
  const algorithms = new Set([...view.algorithms, ...view.keys.map(({ algorithm }) => algorithm)])
  const found = [...algorithms].flatMap((algorithm) => ofAlgorithm(view, algorithm))
  return {
    steps: found.filter((one): one is Step => 'kind' in one),
    waits: found.filter((one): one is Wait => 'reason' in one),
  }
}

type Found = readonly (Step | Wait)[]

function ofAlgorithm(view: RingView, algorithm: DkimAlgorithm): Found {
  const keys = view.keys
    .filter((key) => key.algorithm === algorithm)
    .sort((a, b) => a.times.published - b.times.published || (a.selector < b.selector ? -1 : 1))
  const isWanted = view.algorithms.includes(algorithm)
  return [
    ...(isWanted ? turn(view, keys, algorithm) : keys.flatMap((key) => leave(view, key))),
    ...keys.flatMap((key) => end(view, key, keys, isWanted)),
  ]
}

/** The key that signs, and the one that comes after it. */
function turn(view: RingView, keys: readonly RingKey[], algorithm: DkimAlgorithm): Found {
  const { policy, now, sightOf } = view
  const signing = keys.findLast(isSigning)
  const next = keys.find(({ state, times }) => state === 'published' && times.compromised === undefined)
  const mustTurn = keys.some((key) => isUsable(key) && key.times.compromised !== undefined) && !isSound(signing)
  const held: Found =
    signing && !isEverywhere(sightOf(signing.selector)) ? [{ reason: 'servers', selector: signing.selector }] : []
  if (next) return [...held, ...forward(view, next, signing, mustTurn)]
  if (mustTurn) return [...held, { kind: 'create', algorithm }]
  if (policy.every === undefined) return held
  if (!signing) return [{ kind: 'create', algorithm }]
  const from = turnOf(signing, policy) - policy.publishAhead - sightOf(signing.selector).ttl
  if (now >= from) return [...held, { kind: 'create', algorithm }]
  return [...held, { reason: 'age', selector: signing.selector, until: from }]
}

function forward(view: RingView, next: RingKey, signing: RingKey | undefined, mustTurn: boolean): Found {
  const { policy, now, sightOf } = view
  const { selector, algorithm, times } = next
  const sight = sightOf(selector)
  if (!isEverywhere(sight))
    return [
      ...(times.visible === undefined ? [] : [{ kind: 'unsee', algorithm, selector } as const]),
      { reason: 'servers', selector },
    ]
  if (times.visible === undefined) return [{ kind: 'see', algorithm, selector }]
  if (mustTurn) return [{ kind: 'sign', algorithm, selector }]
  if (policy.every === undefined) return [{ reason: 'use', selector }]
  const waits = [
    { reason: 'ahead', until: times.published + policy.publishAhead },
    { reason: 'ttl', until: times.visible + sight.ttl },
    { reason: 'turn', until: signing ? turnOf(signing, policy) : 0 },
  ] as const
  const [longest] = [...waits].sort((a, b) => b.until - a.until)
  if (longest === undefined || now >= longest.until) return [{ kind: 'sign', algorithm, selector }]
  return [{ ...longest, selector }]
}

function turnOf({ times }: RingKey, { every = Number.POSITIVE_INFINITY }: RotationPolicy): number {
  return (times.signing ?? times.published) + every
}

/** A key whose algorithm left the spec. */
function leave(view: RingView, { state, selector, algorithm }: RingKey): Found {
  if (state !== 'published' && state !== 'signing') return []
  const isCovered = view.keys.some(
    (key) => isSound(key) && view.algorithms.includes(key.algorithm) && isEverywhere(view.sightOf(key.selector)),
  )
  return [isCovered ? { kind: 'retire', algorithm, selector } : { reason: 'other', selector }]
}

/** What becomes of a key that signs no more. */
function end(view: RingView, key: RingKey, keys: readonly RingKey[], isWanted: boolean): Found {
  const { policy, now } = view
  const { state, selector, algorithm, times } = key
  if (state === 'retiring') {
    const until = times.compromised === undefined ? (times.retiring ?? now) + policy.drain : now
    if (now < until) return [{ reason: 'drain', selector, until }]
    const signing = (isWanted ? keys : view.keys).findLast(isSound)
    const isCovered = signing !== undefined && isEverywhere(view.sightOf(signing.selector))
    return [isCovered ? { kind: 'revoke', algorithm, selector } : { reason: 'successor', selector }]
  }
  if (state !== 'revoked' && state !== 'gone') return []
  const shown = reveal(view, key)
  if (state === 'gone') return shown
  const until = (times.revoked ?? now) + policy.revokeFor
  return [...shown, now >= until ? { kind: 'remove', algorithm, selector } : { reason: 'revoked', selector, until }]
}

/** Only once nobody can verify with the key any more may everybody sign with it. */
function reveal({ policy, now, sightOf }: RingView, { selector, algorithm, times, holder }: RingKey): Found {
  if (!policy.reveal || times.revealed !== undefined || holder === 'elsewhere') return []
  const sight = sightOf(selector)
  if (times.withdrawn === undefined)
    return isEverywhere(sight) ? [{ kind: 'withdraw', algorithm, selector }] : [{ reason: 'servers', selector }]
  const until = times.withdrawn + sight.ttl
  return [now >= until ? { kind: 'reveal', algorithm, selector } : { reason: 'hidden', selector, until }]
}

function isSigning({ state }: RingKey): boolean {
  return state === 'signing'
}

function isSound(key: RingKey | undefined): boolean {
  return key?.state === 'signing' && key.times.compromised === undefined
}
