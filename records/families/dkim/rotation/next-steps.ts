import { isEverywhere, laterThan } from '../../key-sight.js'
import { type DkimAlgorithm, isUsable, keyId } from '../dkim-key.js'
import { freeSelectors } from './free-selectors.js'
import type { RotationPolicy } from './policy.js'
import type { RingKey } from './ring-key.js'
import type { RingView } from './ring-view.js'
import { isAbout, markOf, type Step, type Wait } from './step.js'

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
  const found = placed(
    view,
    [...algorithms].flatMap((algorithm) => ofAlgorithm(view, algorithm)),
  )
  return {
    steps: found.filter((one): one is Step => 'kind' in one),
    waits: found.filter((one): one is Wait => 'reason' in one),
  }
}

type Found = readonly (Step | Wait)[]

/**
 * New keys with the fixed selectors they take; what is left without one waits for it. Where too few are free, compromised keys
 * that do not sign make room: nobody is to trust what was signed with them, and without a new key no other would ever go.
 */
function placed(view: RingView, found: Found): Found {
  const wanted = found.filter((one) => 'kind' in one && one.kind === 'create').length
  if (view.selectors === undefined || wanted === 0) return found
  const { free, next } = freeSelectors(view, view.selectors)
  const leaving = free.length >= wanted ? [] : view.keys.filter(isExposedAside)
  const wait: Wait = { reason: 'selector', ...(next === undefined ? {} : { until: next }) }
  return [
    ...leaving.map((key): Step => ({ kind: 'revoke', algorithm: key.algorithm, ...markOf(key) })),
    ...found
      .filter((one) => !leaving.some((key) => isAbout(one, key)))
      .map((one) => {
        if (!('kind' in one) || one.kind !== 'create') return one
        const mark = free.shift()
        return mark === undefined ? wait : { ...one, ...mark }
      }),
  ]
}

function isExposedAside({ state, times }: RingKey): boolean {
  return times.compromised !== undefined && (state === 'published' || state === 'retiring')
}

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
    signing && !isEverywhere(sightOf(keyId(signing))) ? [{ reason: 'servers', ...markOf(signing) }] : []
  if (next) return [...held, ...forward(view, next, signing, mustTurn)]
  if (mustTurn) return [...held, { kind: 'create', algorithm }]
  if (policy.every === undefined) return held
  if (!signing) return [{ kind: 'create', algorithm }]
  const from = turnOf(signing, policy) - policy.publishAhead - sightOf(keyId(signing)).ttl
  if (now >= from) return [...held, { kind: 'create', algorithm }]
  return [...held, { reason: 'age', ...markOf(signing), until: from }]
}

function forward(view: RingView, next: RingKey, signing: RingKey | undefined, mustTurn: boolean): Found {
  const { policy, now, sightOf } = view
  const { algorithm, times } = next
  const mark = markOf(next)
  const sight = sightOf(keyId(next))
  if (!isEverywhere(sight))
    return [
      ...(times.visible === undefined ? [] : [{ kind: 'unsee', algorithm, ...mark } as const]),
      { reason: 'servers', ...mark },
    ]
  if (times.visible === undefined) return [{ kind: 'see', algorithm, ...mark }]
  if (mustTurn) return [{ kind: 'sign', algorithm, ...mark }]
  if (policy.every === undefined) return [{ reason: 'use', ...mark }]
  const waits = [
    { reason: 'ahead', until: times.published + policy.publishAhead },
    { reason: 'ttl', until: times.visible + sight.ttl },
    { reason: 'turn', until: signing ? turnOf(signing, policy) : 0 },
  ] as const
  const [longest] = [...waits].sort((a, b) => b.until - a.until)
  if (longest === undefined || now >= longest.until) return [{ kind: 'sign', algorithm, ...mark }]
  return [{ ...longest, ...mark }]
}

function turnOf({ times }: RingKey, { every = Number.POSITIVE_INFINITY }: RotationPolicy): number {
  return (times.signing ?? times.published) + every
}

/** A key whose algorithm left the spec. */
function leave(view: RingView, key: RingKey): Found {
  const { state, algorithm } = key
  if (state !== 'published' && state !== 'signing') return []
  const isCovered = view.keys.some(
    (one) => isSound(one) && view.algorithms.includes(one.algorithm) && isEverywhere(view.sightOf(keyId(one))),
  )
  return [
    isCovered || view.isCovered ? { kind: 'retire', algorithm, ...markOf(key) } : { reason: 'other', ...markOf(key) },
  ]
}

/** What becomes of a key that signs no more. */
function end(view: RingView, key: RingKey, keys: readonly RingKey[], isWanted: boolean): Found {
  const { policy, now } = view
  const { state, algorithm, times } = key
  const mark = markOf(key)
  if (state === 'retiring') {
    const until = times.compromised === undefined ? (times.retiring ?? now) + policy.drain : now
    if (now < until) return [{ reason: 'drain', ...mark, until }]
    const signing = (isWanted ? keys : view.keys).findLast(isSound)
    const isCovered = signing === undefined ? view.isCovered : isEverywhere(view.sightOf(keyId(signing)))
    return [isCovered ? { kind: 'revoke', algorithm, ...mark } : { reason: 'successor', ...mark }]
  }
  if (state !== 'revoked' && state !== 'gone') return []
  const shown = view.selectors === undefined ? reveal(view, key) : rest(view, key)
  if (state === 'gone') return shown
  const until = (times.revoked ?? now) + policy.revokeFor
  return [...shown, now >= until ? { kind: 'remove', algorithm, ...mark } : { reason: 'revoked', ...mark, until }]
}

/** A fixed selector rests from when no server shows its last key. */
function rest(view: RingView, key: RingKey): Found {
  if (key.times.withdrawn !== undefined) return reveal(view, key)
  const isWithdrawn = isEverywhere(view.sightOf(keyId(key)))
  const { algorithm } = key
  return [isWithdrawn ? { kind: 'withdraw', algorithm, ...markOf(key) } : { reason: 'servers', ...markOf(key) }]
}

/** Only once nobody can verify with the key any more may everybody sign with it. */
function reveal({ policy, now, sightOf }: RingView, key: RingKey): Found {
  const { algorithm, times, holder } = key
  const mark = markOf(key)
  if (!policy.reveal || times.revealed !== undefined || holder === 'elsewhere') return []
  const sight = sightOf(keyId(key))
  if (times.withdrawn === undefined)
    return isEverywhere(sight) ? [{ kind: 'withdraw', algorithm, ...mark }] : [{ reason: 'servers', ...mark }]
  const until = times.withdrawn + sight.ttl
  return [now >= until ? { kind: 'reveal', algorithm, ...mark } : { reason: 'hidden', ...mark, until }]
}

function isSigning({ state }: RingKey): boolean {
  return state === 'signing'
}

function isSound(key: RingKey | undefined): boolean {
  return key?.state === 'signing' && key.times.compromised === undefined
}
