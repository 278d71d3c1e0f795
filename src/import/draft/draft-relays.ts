import { isSpfValue } from '../../../records/families/spf/read-spf.js'
import { relayNamed, relays } from '../../../records/relays/index.js'
import { relayOfInclude } from '../../../records/relays/known-by.js'
import { type RecognisedRelay, recognise, type SeenBelow, type SeenInDns } from '../../../records/relays/recognise.js'
import type { Relay } from '../../../records/relays/relay.js'
import { relayRecords } from '../../../records/relays/relay-records.js'
import { isWithin, joinName, type Name, parseName, relativeTo, withoutDot } from '../../../records/rr/name.js'
import type { Holdings } from '../holdings/holdings.js'
import type { DomainDraft, RelayDraft } from './draft.js'
import { remark } from './remark.js'

/** Those that want a name below the domain first: another, for which it may be left out, could take it for its own. */
const IN_ORDER: readonly Relay[] = [...relays].sort((a, b) => rank(a) - rank(b))

function rank({ names }: Relay): number {
  return names.some(({ optional }) => optional === undefined) ? 0 : 1
}

/**
 * The draft with its relays by their names, where DNS has just the records that these make; the rest stays as it is written.
 *
 * @param domains those that are imported: what is at one of them is its own
 */
export function withRelays(draft: DomainDraft, domains: readonly Name[], holdings: Holdings): DomainDraft {
  if (draft.parked) return draft
  const { mx, spf, keys } = draft
  const first: SeenInDns = {
    domain: draft.name,
    includes: spf === false ? undefined : spf.include,
    keys,
    mx: Array.isArray(mx) ? mx : [],
    below: namesBelow(draft.name, domains, holdings),
  }
  const found: (RecognisedRelay & Required<Pick<RelayDraft, 'literal'>>)[] = []
  const left = IN_ORDER.reduce((seen, relay) => {
    const one = recognise(relay, seen)
    if (one === undefined) return seen
    const rest = without(seen, one)
    const include = (seen.includes ?? []).filter((include) => !rest.includes?.includes(include))
    const keys = seen.keys.filter((key) => !rest.keys.includes(key))
    found.push({ ...one, literal: { include, keys, ...(one.receives ? { mx } : {}) } })
    return rest
  }, first)
  const others = found.some(({ receives }) => receives) ? undefined : mx
  return {
    ...draft,
    mx: others,
    spf: spf === false ? false : { ...spf, include: left.includes ?? [] },
    keys: keys.filter((key) => left.keys.includes(key)),
    relays: found
      .sort((a, b) => relays.indexOf(a.relay) - relays.indexOf(b.relay))
      .map(({ relay, told, receives, literal }) => ({ ...relayDraft(relay, told, receives, others), literal })),
    remarks: [...draft.remarks, ...aboutOthers(left)],
  }
}

/** The draft with what there is in place of one of its relays. */
export function withoutRelay(draft: DomainDraft, name: string): DomainDraft {
  const gone = draft.relays.find((relay) => relay.name === name)
  const { include = [], keys = [], mx = draft.mx } = gone?.literal ?? {}
  const { spf } = draft
  return {
    ...draft,
    mx,
    spf: spf === false ? false : { ...spf, include: [...spf.include, ...include].sort() },
    keys: [...draft.keys, ...keys].sort((a, b) => (a.selector < b.selector ? -1 : 1)),
    relays: withMx(
      draft.relays.filter((relay) => relay !== gone),
      mx,
    ),
  }
}

/** Relays beside these MX; that one receives stays so where there are none. */
export function withMx(drafts: readonly RelayDraft[], mx: DomainDraft['mx']): RelayDraft[] {
  return drafts.flatMap((draft) => {
    const relay = relayNamed(draft.name)
    const receives = mx === undefined && (draft.mx ?? relay?.mx?.usual === true)
    return relay ? [{ ...draft, ...relayDraft(relay, draft.told, receives, mx) }] : []
  })
}

/** As a spec has it: whether it receives is said where the default is another. */
export function relayDraft(
  relay: Relay,
  told: RelayDraft['told'],
  receives: boolean,
  mx: DomainDraft['mx'],
): RelayDraft {
  const usual = relay.mx?.usual === true && mx === undefined
  const isDefault = relay.mx === undefined || receives === usual
  return { name: relay.name, told, ...(isDefault ? {} : { mx: receives }) }
}

/** The names below a domain that have records of one of its relays. */
export function namesOfRelay({ name, told }: RelayDraft, domain: Name): Name[] {
  const relay = relayNamed(name)
  const wanted = relay && relayRecords(relay, { told, domain: withoutDot(domain), receives: false })
  return (wanted?.names ?? []).map(({ label }) => joinName(label, domain))
}

function without(seen: SeenInDns, { relay, told, receives }: RecognisedRelay): SeenInDns {
  const wanted = relayRecords(relay, { told, domain: withoutDot(seen.domain), receives })
  const include = wanted.include === undefined ? undefined : parseName(wanted.include)
  const selectors = new Set(wanted.keys.map(({ selector }) => selector))
  const labels = new Set(wanted.names.map(({ label }) => label))
  return {
    ...seen,
    includes: seen.includes?.filter((one) => one !== include),
    keys: seen.keys.filter(({ selector }) => !selectors.has(selector)),
    mx: receives ? [] : seen.mx,
    below: seen.below.filter(({ label }) => !labels.has(label)),
  }
}

/** CNAMEs below the domain, and names that have an MX and an SPF of one include. */
function namesBelow(domain: Name, domains: readonly Name[], holdings: Holdings): SeenBelow[] {
  const keys = joinName('_domainkey', domain)
  return holdings.within(domain).flatMap((set): SeenBelow[] => {
    if (set.name === domain || set.locked !== undefined || isWithin(set.name, keys) || domains.includes(set.name))
      return []
    const label = relativeTo(domain, set.name)
    const alias = set.type === 'CNAME' ? holdings.get(set.name, 'CNAME')?.rdata[0] : undefined
    if (alias !== undefined) return [{ label, cname: alias }]
    const mx = set.type === 'MX' ? holdings.get(set.name, 'MX')?.rdata : undefined
    const include = mx && onlyInclude(holdings.texts(set.name))
    return mx && include ? [{ label, mx, include }] : []
  })
}

function onlyInclude(texts: readonly string[]): Name | undefined {
  const [spf, ...others] = texts.filter(isSpfValue)
  const [, name] = /^v=spf1 include:(\S+) ~all$/i.exec(spf ?? '') ?? []
  const include = name === undefined || others.length > 0 ? undefined : parseName(name)
  return typeof include === 'string' ? include : undefined
}

/** Includes of relays that are left as they are. */
function aboutOthers({ includes = [] }: SeenInDns): DomainDraft['remarks'] {
  const lines = includes.flatMap((include) => {
    const relay = relayOfInclude(withoutDot(include))
    return relay ? [`${withoutDot(include)}  ${relay.title}: mailsync relays ${relay.name}`] : []
  })
  return lines.length === 0
    ? []
    : [remark('relays', 'Relays whose includes stay under spf, because not all that they want is here:', lines)]
}
