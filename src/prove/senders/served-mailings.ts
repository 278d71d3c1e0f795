import pLimit from 'p-limit'
import { sendingAddresses } from '../../../records/families/host/host.js'
import type { SpfDns } from '../../../records/families/spf/evaluate/dns.js'
import { isSpfValue, lookupsOf } from '../../../records/families/spf/read-spf.js'
import { displayName, isWithin, joinName, type Name, parentOf, withoutDot } from '../../../records/rr/name.js'
import { beforeOf, keyOf, rdataTexts } from '../../../records/rr/rrset.js'
import type { Session } from '../../session.js'
import { addressOf } from '../judge.js'
import type { SpecMailing } from '../mailing.js'
import { domainMessages, isMailDomain } from '../mailings.js'
import type { OrderedChange } from '../ordered-changes.js'
import type { ProofRow } from '../proof.js'
import type { KeyPlace, SignedMessage } from '../signed-domain.js'
import { passes } from '../verdict.js'
import { type ServedSender, servedSenders, spfAt } from './served-senders.js'

/** A mailing of a sender that the SPF served now lets pass, whatever the spec says of it. */
export type ServedMailing = SpecMailing & { readonly term: string }

export interface ServedMailingsInput {
  readonly session: Pick<Session, 'spec' | 'compiled' | 'keys'>
  /** Chosen domains; all where none is. */
  readonly chosen: readonly Name[]
  readonly changes: readonly OrderedChange[]
  /** What the spec means; nothing of it is found again. */
  readonly known: readonly SpecMailing[]
  /** As it is served before the plan. */
  readonly dns: SpfDns
  /** As it will be. */
  readonly after: SpfDns
  readonly place: KeyPlace
  /** Seconds since 1970. */
  readonly now: number
}

/** Senders that are judged of one domain; those whose term goes come first. */
const MOST_OF_DOMAIN = 16
/** Domains that are looked at at the same time. */
const PARALLEL = 16

/**
 * Mail from those that the SPF served now lets send, of each domain of whose SPF, DKIM or DMARC the plan changes something:
 * what a plan takes away is not in the spec any more. Domains that leave it are among them.
 */
export async function servedMailings(input: ServedMailingsInput): Promise<ServedMailing[]> {
  const changed = input.changes.filter(({ change }) => change.kind !== 'create')
  if (changed.length === 0) return []
  const isTouched = touchOf(changed, input.dns)
  const messagesOf = domainMessages(input.session, input.place, input.now)
  const known = new Set(input.known.map((mailing) => `${mailing.domain} ${addressOf(mailing)}`))
  const limit = pLimit(PARALLEL)
  const found = await Promise.all(
    domainsOf(input, changed).map((domain) =>
      limit(async () => {
        const { name, flattens } = domain
        if (!(await isTouched(domain))) return []
        // What relays take out of their own networks is theirs to say.
        const isChain = (target: Name): boolean => flattens && /^_spf\d+\./.test(target) && isWithin(target, name)
        const senders = await servedSenders(name, input.dns, isChain)
        const others = senders.filter(({ ip }) => !known.has(`${name} ${ip}`))
        if (others.length === 0) return []
        const [messages, then] = await Promise.all([messagesOf(name), spfAt(name, input.after)])
        const staying = new Set(then?.directives.map(({ text }) => text))
        const goingFirst = others.toSorted((a, b) => Number(staying.has(a.term)) - Number(staying.has(b.term)))
        return goingFirst
          .slice(0, MOST_OF_DOMAIN)
          .map((sender) => mailingOf(name, sender, messages, hostAt(sender.ip, input.session, changed)))
      }),
    ),
  )
  return found.flat()
}

/** The row of such a mailing: none where the plan does it no harm, and marked where it is the SPF that it takes away. */
export function servedRow(row: ProofRow, { term }: ServedMailing): ProofRow[] {
  if (!passes(row.now.spf) || row.broken === undefined) return []
  return [passes(row.after.spf) ? row : { ...row, servedTerm: term }]
}

function mailingOf(
  domain: Name,
  { ip, term, of }: ServedSender,
  messages: readonly SignedMessage[],
  owner: Name | undefined,
): ServedMailing {
  const isForeign = /^\+?(include:|redirect=)/i.test(term)
  const host = isForeign ? undefined : owner
  return {
    domain,
    sender: { ip, mailFrom: `postmaster@${withoutDot(domain)}`, helo: withoutDot(host ?? domain) },
    of: isForeign ? `${term} (${of})` : host === undefined ? of : displayName(host),
    // A relay signs with keys of its own.
    ...(isForeign ? { messages: [], isRelayed: true as const } : { messages }),
    term,
  }
}

/** The host that has an address in the spec, or had it until this plan. */
function hostAt(ip: string, { spec }: Pick<Session, 'spec'>, changed: readonly OrderedChange[]): Name | undefined {
  const host = spec.hosts.find((one) => sendingAddresses(one).some((address) => address === ip))
  if (host) return host.name
  const gone = changed.map(({ change }) => beforeOf(change))
  return gone.find((rrset) => rrset && /^A(AAA)?$/.test(rrset.type) && rdataTexts(rrset).includes(ip))?.name
}

interface LookedAt {
  readonly name: Name
  /** Whether the spec says that it sends no mail: others' records do not matter to it then. */
  readonly isParked: boolean
  readonly flattens: boolean
}

/** The domains of the spec, and those that leave it with this plan; names of hosts are none. */
function domainsOf({ session: { spec }, chosen }: ServedMailingsInput, changed: readonly OrderedChange[]): LookedAt[] {
  const own = spec.domains
    .filter(({ name }) => isMailDomain(name) && (chosen.length === 0 || chosen.includes(name)))
    .map(({ name, mail, spf }) => ({
      name,
      isParked: mail === 'none',
      flattens: mail !== 'none' && spf !== false && spf.flatten.length > 0,
    }))
  if (chosen.length > 0) return own
  const keys = new Set(changed.map(({ key }) => key))
  const known = new Set([...spec.domains, ...spec.hosts].map(({ name }) => name))
  const isHost = (name: Name): boolean =>
    (['A', 'AAAA'] as const).some((type) => keys.has(keyOf({ name, type }))) &&
    !keys.has(keyOf({ name, type: 'MX' })) &&
    !keys.has(keyOf({ name: joinName('_dmarc', name), type: 'TXT' }))
  const gone = changed.flatMap(({ change }) => {
    const before = beforeOf(change)
    if (before?.type !== 'TXT' || !rdataTexts(before).some(isSpfValue)) return []
    const { name } = before
    return isMailDomain(name) && !known.has(name) && !isHost(name) ? [{ name, isParked: false, flattens: false }] : []
  })
  return [...own, ...gone]
}

/** Whether the plan changes what a domain's mail depends on: its own records, or those that its SPF names. */
function touchOf(changed: readonly OrderedChange[], dns: SpfDns): (domain: LookedAt) => Promise<boolean> {
  const names = new Set(changed.map(({ key }) => key.split(' ')[0] as Name))
  const signing = new Set([...names].flatMap((name) => name.split('._domainkey.')[1] ?? []))
  const isUnderPolicy = (name: Name): boolean => {
    for (let above = name; above !== '.'; above = parentOf(above)) if (names.has(joinName('_dmarc', above))) return true
    return false
  }
  return async ({ name, isParked }) => {
    if (names.has(name) || signing.has(name) || isUnderPolicy(name)) return true
    const record = isParked ? undefined : await spfAt(name, dns)
    return record !== undefined && lookupsOf(record).some(({ target }) => target !== undefined && names.has(target))
  }
}
