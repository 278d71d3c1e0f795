import { isEverywhere, type KeySight, laterThan } from '../../key-sight.js'
import type { RollKey } from './roll-key.js'

/** A certificate of the spec, as it is on this machine. Each key is named by its TLSA record. */
export interface RollCertificate {
  /** As the spec names it. */
  readonly certificate: string
  /** The key that its renewal has; absent where the certificate is not on this machine. */
  readonly renewed?: string | undefined
  /** The key of what is installed for the server; absent where nothing is, or on another machine. */
  readonly installed?: string | undefined
  /** The installed certificate has the key of the renewed one, and is another: it was renewed with the same key. */
  readonly isOutdated?: boolean
}

/** The keys of one host, and all that decides what becomes of them. */
export interface RollView {
  readonly keys: readonly RollKey[]
  readonly certificates: readonly RollCertificate[]
  /** Keys that DNS shows beside, of the kind that is rolled: they were there before mailsync was. */
  readonly found: readonly string[]
  /** Keys with which the server was seen to answer; undefined where it could not be asked. */
  readonly served: readonly string[] | undefined
  /** Seconds since 1970. */
  readonly now: number
  readonly sightOf: (association: string) => KeySight
  /** Whether every server was asked, and none has TLSA of the host. */
  readonly isUnpublished: boolean
}

/**
 * What is to be done with a key now.
 *
 * - `keep`: it is in DNS, and stays while it may be the one that the server uses. `publish`: it is to be in DNS.
 * - `see`, `unsee`: every server shows it from now on, or no longer.
 * - `install`: the server gets its certificate. `serve`: the server has it already.
 * - `retire`: its certificate left the spec. `remove`: it leaves DNS.
 */
export interface RollStep {
  readonly kind: 'keep' | 'publish' | 'see' | 'unsee' | 'install' | 'serve' | 'retire' | 'remove'
  readonly association: string
  readonly certificate: string
}

/**
 * Why nothing is done with a key yet.
 *
 * - `servers`: not every server shows it. `ahead`: it is in DNS, and until then somebody may remember that it was not.
 * - `drain`: the server may be going on with it until then. `served`: the server was seen to answer with it.
 * - `successor`: the key that the server uses now is not shown everywhere, so this one stays.
 * - `elsewhere`: its certificate is on another machine. `clock`: something was done later than it is now.
 */
export interface RollWait {
  readonly reason: 'servers' | 'ahead' | 'drain' | 'served' | 'successor' | 'elsewhere' | 'clock'
  /** Absent where the whole host waits. */
  readonly association?: string
  /** Seconds since 1970; absent where no time tells. */
  readonly until?: number
}

export interface NextRollSteps {
  readonly steps: readonly RollStep[]
  readonly waits: readonly RollWait[]
}

type Found = readonly (RollStep | RollWait)[]

/** How many TTLs a key is in DNS before the server uses it, and after (RFC 7671 §8.1). */
const TTLS = 2

/**
 * What is to be done with the keys of a host now, and what the others wait for. Pure. Taking the steps and asking again gives
 * those that follow from them.
 *
 * A certificate is installed only once every server shows its key, and has for two TTLs: then no sender remembers a TLSA RRset
 * without it. The key before it leaves DNS two TTLs after the server got the new one, unless the server still answers with it.
 * Where DNS has no TLSA yet there is nothing to wait for: the server gets the certificate first, and DNS tells of it then.
 */
export function nextRollSteps(view: RollView): NextRollSteps {
  const later = laterThan(
    view.now,
    view.keys.flatMap(({ times }) => Object.values(times) as (number | undefined)[]),
  )
  if (later !== undefined) return { steps: [], waits: [{ reason: 'clock', until: later }] }
  const declared = new Set(view.certificates.map(({ certificate }) => certificate))
  const [first] = view.certificates
  const before: Found =
    first === undefined || view.keys.length > 0
      ? []
      : view.found.map((association) => ({ kind: 'keep', association, certificate: first.certificate }))
  const found =
    before.length > 0
      ? before
      : [
          ...view.certificates.flatMap((certificate) => ofCertificate(view, certificate)),
          ...view.keys.filter(({ certificate }) => !declared.has(certificate)).flatMap((key) => leave(view, key)),
        ]
  return {
    steps: found.filter((one): one is RollStep => 'kind' in one),
    waits: found.filter((one): one is RollWait => 'reason' in one),
  }
}

function ofCertificate(view: RollView, certificate: RollCertificate): Found {
  const { certificate: name, renewed, installed, isOutdated = false } = certificate
  const own = view.keys.filter((key) => key.certificate === name)
  const declared = view.certificates.map((one) => one.certificate)
  const isKnown = (association: string): boolean =>
    view.keys.some((key) => key.association === association && declared.includes(key.certificate))
  const step = (kind: RollStep['kind'], association: string): RollStep => ({ kind, association, certificate: name })
  if (own.length === 0 && view.isUnpublished && renewed !== undefined) return [step('install', renewed)]
  const unknown = [...new Set([installed, renewed])].filter((one) => one !== undefined).filter((one) => !isKnown(one))
  if (unknown.length > 0) return unknown.map((association) => step('publish', association))
  return own.flatMap((key): Found => {
    const { association, state } = key
    if (association === renewed && (association !== installed || isOutdated || state !== 'serving'))
      return forward(view, key, installed)
    if (association === installed && state !== 'serving') return [step('serve', association)]
    if (state === 'serving') return sighted(view, key)
    if (state === 'retiring') return drain(view, key, own)
    if (renewed === undefined) return [...sighted(view, key), wait('elsewhere', key)]
    return isUsed(view, association) ? [wait('served', key)] : [step('remove', association)]
  })
}

/** Whether some server may answer with a key. */
function isUsed({ served, certificates }: RollView, association: string): boolean {
  return served?.includes(association) === true || certificates.some(({ installed }) => installed === association)
}

/** Since when every server shows a key, and whether that is still so. */
function sighted(view: RollView, { association, certificate, times }: RollKey): Found {
  if (!isEverywhere(view.sightOf(association)))
    return [
      ...(times.visible === undefined ? [] : [{ kind: 'unsee', association, certificate } as const]),
      { reason: 'servers', association },
    ]
  return times.visible === undefined ? [{ kind: 'see', association, certificate }] : []
}

/**
 * The key of a renewed certificate, on its way to the server. One that the server has already waits for nothing; a run that was killed
 * may have installed it, and not have had it read.
 */
function forward(view: RollView, key: RollKey, installed: string | undefined): Found {
  const { association, certificate, times } = key
  const install: RollStep = { kind: 'install', association, certificate }
  if (association === installed || view.served?.includes(association)) return [install]
  const seen = sighted(view, key)
  if (seen.length > 0 || times.visible === undefined) return seen
  const until = times.visible + TTLS * view.sightOf(association).ttl
  return view.now >= until ? [install] : [wait('ahead', key, until)]
}

/** A key that the server does not use any more. */
function drain(view: RollView, key: RollKey, others: readonly RollKey[]): Found {
  const { association, certificate, times } = key
  const until = (times.retiring ?? view.now) + TTLS * view.sightOf(association).ttl
  if (view.now < until) return [wait('drain', key, until)]
  if (isUsed(view, association)) return [wait('served', key)]
  const isCovered = others.some((one) => one.state === 'serving' && isEverywhere(view.sightOf(one.association)))
  return [isCovered ? { kind: 'remove', association, certificate } : wait('successor', key)]
}

/** A key whose certificate left the spec. */
function leave(view: RollView, key: RollKey): Found {
  const { association, certificate, state } = key
  const others = view.keys.filter((one) => view.certificates.some((other) => other.certificate === one.certificate))
  if (state === 'retiring') return drain(view, key, others)
  const isCovered = others.some((one) => one.state === 'serving' && isEverywhere(view.sightOf(one.association)))
  return [isCovered ? { kind: 'retire', association, certificate } : wait('successor', key)]
}

function wait(reason: RollWait['reason'], { association }: RollKey, until?: number): RollWait {
  return { reason, association, ...(until !== undefined && { until }) }
}
