import { MailsyncError } from '../../records/error.js'
import { isDmarcValue } from '../../records/families/dmarc/read-dmarc.js'
import { isSpfValue } from '../../records/families/spf/read-spf.js'
import type { Address } from '../../records/rr/address.js'
import { displayName, joinName, labelsOf, type Name, ROOT } from '../../records/rr/name.js'
import type { Gathered } from '../import/source/gather.js'
import { type Problem, SpecErrors, unplaced } from '../problem.js'
import { inert } from '../render/inert.js'
import { shortValue } from '../render/value/short-value.js'
import type { Questions } from './questions.js'

/** What DNS shows of a domain and its mail, to whoever asks. */
export interface DnsView {
  /** The zone that holds the domain. */
  readonly zone: Name
  readonly nameServers: readonly Name[]
  readonly gathered: Gathered
  /** The names that addresses lead back to; without an address where that could not be found out. */
  readonly pointers: ReadonlyMap<Address, readonly Name[]>
  /** Whether there is a DKIM key, at a selector that was asked for or another. */
  readonly hasKeys: boolean
  /** What else the reader should know: name servers that disagree, or do not answer. */
  readonly remarks: readonly string[]
  /** The adapter that seems to fit the name servers, with options as a spec has them. */
  readonly guess?: ProviderGuess
}

export interface ProviderGuess {
  /** Who it is, as people call it. */
  readonly title?: string
  readonly class: string
  readonly options: Readonly<Record<string, unknown>>
}

/** Asks DNS. Throws `unavailable` or `timeout` where it does not answer, and `zone-not-found` where there is no such domain. */
export type LookAtDns = (domain: Name) => Promise<DnsView>

/** The names of DKIM keys that were seen, without the domain. */
export function selectorsSeen(domain: Name, { gathered }: Pick<DnsView, 'gathered'>): string[] {
  const folder = joinName('_domainkey', domain)
  return gathered.holdings
    .within(folder)
    .filter(({ name, type }) => name !== folder && (type === 'TXT' || type === 'CNAME'))
    .map(({ name }) => labelsOf(name).slice(0, -labelsOf(folder).length).join('.'))
}

/** What was seen, a line each. */
export function viewLines(domain: Name, view: DnsView): string[] {
  const { nameServers, guess } = view
  const { holdings } = view.gathered
  const mx = (holdings.get(domain, 'MX')?.rdata ?? []).map(({ preference, exchange }) => {
    const found = holdings.addressesAt(exchange)
    const at = 'addresses' in found ? ` (${found.addresses.join(', ')})` : ''
    return `${preference} ${exchange === ROOT ? '.' : displayName(exchange)}${at}`
  })
  const dmarcName = joinName('_dmarc', domain)
  const alias = holdings.get(dmarcName, 'CNAME')?.rdata[0]
  const dmarc = alias === undefined ? holdings.texts(dmarcName).filter(isDmarcValue) : [`CNAME ${displayName(alias)}`]
  const selectors = selectorsSeen(domain, view)
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['zone', [displayName(view.zone)]],
    ['servers', [nameServers.map(displayName).join(', ') + (guess ? `: ${guess.title}, class ${guess.class}` : '')]],
    ['MX', mx],
    ['SPF', holdings.texts(domain).filter(isSpfValue)],
    ['DKIM', selectors.length > 0 || !view.hasKeys ? selectors : ['keys with selectors that cannot be guessed']],
    ['DMARC', dmarc],
  ]
  const lines = rows.map(([name, values]) => {
    const shown = values.map((value) => inert(shortValue(value))).join(', ')
    return `  ${name.padEnd(8)}${shown === '' ? (name === 'DKIM' ? 'none with a usual selector' : 'none') : shown}`
  })
  return [...lines, ...view.remarks.map((remark) => `  ${inert(remark)}`)]
}

const WITHOUT = '--no-dns goes on without a look at DNS'

/** A zone that was told, where DNS shows another. */
export function zoneProblems(domain: Name, told: Name | undefined, seen: Name): Problem[] {
  if (told === undefined || told === seen) return []
  return [unplaced('name', `--zone: ${displayName(domain)} is in the zone ${seen} in DNS, not in ${told}`, WITHOUT)]
}

/** What DNS shows; undefined where it is not to be looked at, or does not answer and that is no matter. */
export async function seenInDns(
  domain: Name,
  look: LookAtDns | undefined,
  questions: Questions | undefined,
): Promise<DnsView | undefined> {
  try {
    return await look?.(domain)
  } catch (error) {
    if (error instanceof SpecErrors)
      throw new SpecErrors(error.problems.map((problem) => ({ ...problem, hint: `${problem.hint}; ${WITHOUT}` })))
    if (!(error instanceof MailsyncError) || error.code === 'cancelled') throw error
    const { code, message, where, hint } = error
    if (questions && (await questions.confirm(`DNS cannot be asked: ${message}. Go on without it?`, true)))
      return undefined
    throw new MailsyncError(code, message, {
      where,
      cause: error,
      hint: [...(hint === undefined ? [] : [hint]), '--resolver ADDRESS asks another resolver', WITHOUT].join('; '),
    })
  }
}
