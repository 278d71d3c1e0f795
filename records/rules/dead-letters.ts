import type { Finding } from '../finding.js'
import { groupBy } from '../group.js'
import { displayName, type Name, ROOT, zoneOf } from '../rr/name.js'
import type { Domain } from '../spec.js'
import type { RuleInput } from './rule.js'
import { answers, isVoid, type ZoneView } from './zone-view.js'

/** A name that letters are sent to and that takes none. */
export interface DeadLetters {
  readonly to: Name
  /** Why it takes none, as in `which has no MX`. */
  readonly why: string
  /** Those whose letters they are. */
  readonly domains: readonly [Domain, ...Domain[]]
}

/**
 * Tells of a zone that was read which names in it are sent letters and take none: there is neither MX nor address (RFC 5321
 * §5.1), or a null MX that this spec does not want.
 *
 * @param recipients where letters about a domain go
 */
export function deadLetters(
  recipients: (domain: Domain) => readonly Name[],
  tell: (letters: DeadLetters) => Finding,
): (view: ZoneView) => Finding[] {
  // Once for all zones: every domain of a fleet may name the same mailbox.
  const known = new WeakMap<readonly Domain[], ReadonlyMap<Name | undefined, readonly Letter[]>>()
  const lettersOf = ({ domains, zones }: RuleInput): ReadonlyMap<Name | undefined, readonly Letter[]> => {
    const letters = domains.flatMap((domain) => recipients(domain).map((to) => ({ to, domain })))
    return groupBy(letters, ({ to }) => zoneOf(to, zones))
  }
  return (view) => {
    const found = known.get(view.input.domains) ?? lettersOf(view.input)
    known.set(view.input.domains, found)
    return [...groupBy(found.get(view.zone.name) ?? [], ({ to }) => to)].flatMap(([to, letters]) => {
      const [first, ...others] = letters.map(({ domain }) => domain)
      const why = noMailAt(view, to)
      return why === undefined || first === undefined ? [] : [tell({ to, why, domains: [first, ...others] })]
    })
  }
}

interface Letter {
  readonly to: Name
  readonly domain: Domain
}

function noMailAt(view: ZoneView, name: Name): string | undefined {
  if (!answers(view, name, 'MX') || view.records.some(({ purpose, rrset }) => purpose === 'mx' && rrset.name === name))
    return undefined
  const exchanges = view.zone.get(view.zone.source(name), 'MX')?.rdata ?? []
  if (exchanges.length > 0)
    return exchanges.every(({ exchange }) => exchange === ROOT)
      ? 'whose MX is the null MX: it takes no mail (RFC 7505 §3)'
      : undefined
  return isVoid(view, name) ? 'which has neither MX nor address: no mail reaches it (RFC 5321 §5.1)' : undefined
}

/** `example.com`, or `example.com and 2 more`. */
export function whoseLetters([first, ...others]: DeadLetters['domains']): string {
  const name = displayName(first.name)
  return others.length === 0 ? name : `${name} and ${others.length} more`
}
