import { isWithin, joinName, labelsOf, type Name, ROOT } from '../../rr/name.js'
import type { DmarcPolicy } from '../../spec.js'
import type { SpfAnswer } from '../spf/evaluate/dns.js'
import { type DmarcRecord, readDmarc, readVersioned } from './read-dmarc.js'

/** Asks DNS for the TXT records of a name; CNAMEs are followed by whoever answers. */
export type TxtDns = (name: Name, type: 'TXT') => Promise<SpfAnswer<'TXT'>>

/** A name that was asked on the way up, and what it has. */
export interface WalkStep {
  /** The domain; its policy is at `_dmarc` below it. */
  readonly domain: Name
  /** The policies there; more than one count as none (RFC 9989 §4.10). */
  readonly values: readonly string[]
  /** The policy, where there is exactly one and receivers take it. */
  readonly record?: DmarcRecord
}

/** What a tree walk finds. */
export interface TreeWalk {
  readonly steps: readonly WalkStep[]
  /** The step whose policy applies to the domain; undefined where none does. */
  readonly policy?: WalkStep
  /** What identifiers have to share to be aligned, relaxed (RFC 9989 §4.10.2); the domain itself where no policy is found. */
  readonly organizational: Name
  /** Why it could not be walked to its end: receivers try again later. */
  readonly failure?: string
}

/** Labels of the longest name that is asked after the first one, so that a walk takes at most eight questions. */
const MOST_LABELS = 7

/**
 * Finds the DMARC policy of a domain and its organizational domain, from the domain up (RFC 9989 §4.10). Throws what `dns` throws.
 */
export async function walkTree(domain: Name, dns: TxtDns): Promise<TreeWalk> {
  const steps: WalkStep[] = []
  for (const name of namesOnTheWay(domain)) {
    const answer = await dns(joinName('_dmarc', name), 'TXT')
    if (answer.kind === 'failure')
      return { steps, organizational: domain, failure: answer.why ?? `${joinName('_dmarc', name)} TXT is not answered` }
    const step = stepOf(name, answer.kind === 'answer' ? answer.records : [])
    steps.push(step)
    const psd = step.record?.psd
    if (psd === 'n' || (psd === 'y' && name !== domain)) break
  }
  const organizational = organizationalOf(domain, steps)
  const found = steps.filter(({ record }) => record !== undefined)
  const policy =
    found.find((step) => step.domain === domain) ??
    found.find((step) => step.domain === organizational) ??
    found.find(({ record }) => record?.psd === 'y')
  return { steps, organizational, ...(policy && { policy }) }
}

/** The domain and those above it, the long ones left out (RFC 9989 §4.10). */
function namesOnTheWay(domain: Name): Name[] {
  const labels = labelsOf(domain)
  const above = labels.slice(Math.max(1, labels.length - MOST_LABELS))
  return domain === ROOT ? [] : [domain, ...above.map((_, index) => `${above.slice(index).join('.')}.` as Name)]
}

function stepOf(domain: Name, texts: readonly string[]): WalkStep {
  const values = texts.filter((value) => readVersioned(value).value !== undefined)
  const [only, ...others] = values
  const record = only === undefined || others.length > 0 ? undefined : readDmarc(only).value
  return { domain, values, ...(record && { record }) }
}

/** RFC 9989 §4.10.2. */
function organizationalOf(domain: Name, steps: readonly WalkStep[]): Name {
  const found = steps.filter(({ record }) => record !== undefined)
  const sealed = found.find(({ record }) => record?.psd === 'n')
  if (sealed) return sealed.domain
  const suffix = found.find((step) => step.record?.psd === 'y' && step.domain !== domain)
  if (suffix) return labelBelow(suffix.domain, domain)
  return found.at(-1)?.domain ?? domain
}

function labelBelow(suffix: Name, domain: Name): Name {
  const labels = labelsOf(domain)
  return `${labels.slice(labels.length - labelsOf(suffix).length - 1).join('.')}.` as Name
}

const WEAKER: Readonly<Record<DmarcPolicy, DmarcPolicy>> = { reject: 'quarantine', quarantine: 'none', none: 'none' }

/**
 * What the policy of a step asks for mail from a domain (RFC 9989 §4.7): `sp` and `np` are for those below, and with `t=y` it is one
 * level weaker.
 *
 * @param exists whether the domain is in DNS at all
 */
export function askedPolicy({ domain: at, record }: WalkStep, domain: Name, exists = true): DmarcPolicy {
  if (!record) return 'none'
  const { policy, subdomains = policy, nonexistent = subdomains, testing } = record
  const asked = at === domain ? policy : exists ? subdomains : nonexistent
  return testing ? WEAKER[asked] : asked
}

/** Whether two domains share an organizational domain, which relaxed alignment wants; `strict` wants the same domain (RFC 9989 §4.4). */
export function areAligned(
  [from, organizationalOfFrom]: readonly [Name, Name],
  [authenticated, organizationalOfOther]: readonly [Name, Name],
  mode: 'relaxed' | 'strict',
): boolean {
  if (from === authenticated) return true
  return mode === 'relaxed' && organizationalOfFrom === organizationalOfOther && isWithin(from, organizationalOfFrom)
}
