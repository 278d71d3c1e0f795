import { joinName, labelsOf, type Name, parentOf } from '../../rr/name.js'
import type { DmarcPolicy } from '../../spec.js'
import { type DmarcRecord, readDmarc, readVersioned } from './read-dmarc.js'

/** The TXT values at a name; `failure` where nobody answered. */
export type AskTexts = (name: Name) => Promise<readonly string[] | { readonly failure: string }>

/** What receivers apply to mail from a domain. */
export interface AppliedPolicy {
  /** The domain whose policy it is: the one asked about, its organizational domain, or a public suffix above it. */
  readonly of: Name
  readonly record: DmarcRecord
  readonly text: string
  /** What is to become of mail of exactly the domain that was asked about, which exists: `p` or `sp`. */
  readonly policy: DmarcPolicy
}

export type Walked<Found> = Found | { readonly failure: string }

/** A longer name goes on with its last seven labels after itself (RFC 9989 §4.10). */
const MOST_LABELS = 8

/**
 * The policy of a domain as receivers find it: its own, else that of its organizational domain, else that of the public suffix
 * (RFC 9989 §4.10.1). Undefined where there is none, and DMARC does not apply.
 */
export async function discoverPolicy(domain: Name, ask: AskTexts): Promise<Walked<AppliedPolicy | undefined>> {
  const own = await recordAt(domain, ask)
  if (own && 'failure' in own) return own
  if (own) return { ...own, policy: own.record.policy }
  const found = await walkUp(domain, ask)
  if ('failure' in found) return found
  const organization = organizationOf(domain, found)
  const applied = found.find(({ of }) => of === organization) ?? found.find(({ record }) => record.psd === 'y')
  return applied && { ...applied, policy: applied.record.subdomains ?? applied.record.policy }
}

/** The organizational domain of a name: names of one are the same under relaxed alignment (RFC 9989 §4.10.2). */
export async function organizationalDomain(domain: Name, ask: AskTexts): Promise<Walked<{ readonly name: Name }>> {
  const found = await walkUp(domain, ask)
  return 'failure' in found ? found : { name: organizationOf(domain, found) }
}

/** The policies at a name and above it, up to one that says where the organization ends. */
async function walkUp(domain: Name, ask: AskTexts): Promise<Walked<readonly Found[]>> {
  const found: Found[] = []
  for (const name of walk(domain)) {
    const one = await recordAt(name, ask)
    if (one && 'failure' in one) return one
    if (one) found.push(one)
    if (one && (one.record.psd === 'n' || (one.record.psd === 'y' && name !== domain))) break
  }
  return found
}

type Found = Pick<AppliedPolicy, 'of' | 'record' | 'text'>

/** The names whose policies are asked for, from the domain up to below the root. */
export function walk(domain: Name): Name[] {
  const labels = labelsOf(domain).length
  const next = labels > MOST_LABELS ? lastLabels(domain, MOST_LABELS - 1) : parentOf(domain)
  return labels === 0 ? [] : [domain, ...(labels === 1 ? [] : walk(next))]
}

function lastLabels(name: Name, count: number): Name {
  return labelsOf(name).length <= count ? name : lastLabels(parentOf(name), count)
}

/** The one policy at a name: several are as good as none (RFC 9989 §4.10). */
async function recordAt(of: Name, ask: AskTexts): Promise<Walked<Found | undefined>> {
  const texts = await ask(joinName('_dmarc', of))
  if ('failure' in texts) return texts
  const [text, ...others] = texts.filter((value) => readVersioned(value).value !== undefined)
  if (text === undefined || others.length > 0) return undefined
  const { value: record } = readDmarc(text)
  return record && { of, record, text }
}

/** RFC 9989 §4.10.2. */
function organizationOf(domain: Name, found: readonly Found[]): Name {
  const own = found.find(({ record }) => record.psd === 'n')
  if (own) return own.of
  const suffix = found.find(({ of, record }) => record.psd === 'y' && of !== domain)
  if (suffix) return childOf(suffix.of, domain)
  return found.at(-1)?.of ?? domain
}

/** The name one label below an ancestor of a domain, towards it. */
function childOf(ancestor: Name, domain: Name): Name {
  return parentOf(domain) === ancestor ? domain : childOf(ancestor, parentOf(domain))
}
