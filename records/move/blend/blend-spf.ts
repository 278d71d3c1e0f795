import { sendingAddresses } from '../../families/host/host.js'
import { hasAll, readSpf, type SpfDirective, type SpfQualifier, type SpfRecord } from '../../families/spf/read-spf.js'
import { familyOf } from '../../rr/address.js'
import { type Name, parseName } from '../../rr/name.js'
import { type RRset, rdataTexts } from '../../rr/rrset.js'
import type { RuleInput } from '../../rules/rule.js'
import type { Host } from '../../spec.js'

/** What two SPF records are blended with: the specs that they are of. */
export interface SpfSides {
  readonly old: Pick<RuleInput, 'hosts' | 'domains'>
  readonly goal: Pick<RuleInput, 'hosts' | 'domains'>
}

/**
 * An SPF record that passes everybody whom one of two does, however old what a receiver knows of other names is: a host of ours
 * that has other addresses now is named by all of them, where a term only leads to its name. What neither passes gets the milder answer.
 *
 * @param records at least one that can be read; the first one leads
 */
export function blendSpf(name: Name, records: readonly string[], sides: SpfSides): string {
  const read = records.flatMap((text) => readSpf(text).value ?? [])
  const [first] = read
  const directives = read.flatMap((record) => record.directives).filter(({ kind }) => kind !== 'all')
  const passes = directives.filter(({ qualifier }) => qualifier === '+')
  const networks = [
    ...passes.flatMap((one) => ('network' in one ? [bare(one)] : [])),
    ...directives.flatMap((one) => movedAddresses(name, one, sides)),
  ]
  const redirects = read.map((record) => (hasAll(record) ? undefined : record.redirect))
  const isSameEnd = redirects.every((redirect) => redirect !== undefined && redirect === redirects[0])
  return [
    'v=spf1',
    ...[...new Set(networks)].sort(),
    ...new Set(passes.flatMap((one) => ('network' in one ? [] : [bare(one)]))),
    ...new Set(
      isSameEnd ? [] : redirects.flatMap((redirect) => (redirect === undefined ? [] : [`include:${redirect}`])),
    ),
    ...new Set(directives.flatMap((one) => (one.qualifier === '+' ? [] : [one.text]))),
    isSameEnd ? `redirect=${redirects[0]}` : `${mildest(read)}all`,
    ...(first?.explanation === undefined ? [] : [`exp=${first.explanation}`]),
  ].join(' ')
}

/** Whether a record leads to a name whose addresses move, and so passes others than it did. */
export function leansOnMoved({ name, ...rrset }: RRset, sides: SpfSides): boolean {
  const [text = ''] = rdataTexts({ name, ...rrset } as RRset)
  return (readSpf(text).value?.directives ?? []).some((one) => movedAddresses(name, one, sides).length > 0)
}

function bare({ text }: SpfDirective): string {
  return text.replace(/^\+/, '')
}

const MILD: readonly SpfQualifier[] = ['+', '?', '~', '-']

/** The end of a redirect is not known: `~`. A record that ends without `all` says nothing (RFC 7208 §4.7). */
function mildest(records: readonly SpfRecord[]): SpfQualifier {
  const ends = records.map(
    (record) =>
      record.directives.find(({ kind }) => kind === 'all')?.qualifier ?? (record.redirect === undefined ? '?' : '~'),
  )
  return MILD.find((qualifier) => ends.includes(qualifier)) ?? '~'
}

/** The addresses, as terms, of hosts that a term leads to and that have others in the other spec. */
function movedAddresses(name: Name, directive: SpfDirective, { old, goal }: SpfSides): string[] {
  if ((directive.kind !== 'a' && directive.kind !== 'mx') || directive.qualifier !== '+') return []
  const target = directive.domain === undefined ? name : parseName(directive.domain)
  if (typeof target !== 'string') return []
  const names = directive.kind === 'a' ? [target] : [...mxOf(target, old), ...mxOf(target, goal)]
  return names.flatMap((host) => {
    const both = [old.hosts.get(host), goal.hosts.get(host)]
    return isMoved(both) ? both.flatMap((one) => (one ? sendingAddresses(one).map(term) : [])) : []
  })
}

function mxOf(target: Name, { domains }: SpfSides['old']): Name[] {
  const mx = domains.find(({ name }) => name === target)?.mx
  return Array.isArray(mx) ? mx.map(({ host }) => host) : []
}

/** Whether a host of both specs has other addresses in the new one. */
function isMoved([a, b]: readonly (Host | undefined)[]): boolean {
  if (!a || !b) return false
  const textOf = (host: Host): string => JSON.stringify(host.addresses.map(({ value }) => value).sort())
  return textOf(a) !== textOf(b)
}

function term(address: Parameters<typeof familyOf>[0]): string {
  return `ip${familyOf(address)}:${address}`
}
