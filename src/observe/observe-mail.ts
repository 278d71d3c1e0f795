import type { PublicDns } from '../../providers/dns/client/public-dns.js'
import { type DelegatedZone, rrsetIn } from '../../providers/dns/client/zone-finder.js'
import { MailsyncError } from '../../records/error.js'
import { readDmarc } from '../../records/families/dmarc/read-dmarc.js'
import { type Address, isPublic } from '../../records/rr/address.js'
import { joinName, type Name, zoneOf } from '../../records/rr/name.js'
import { reverseName } from '../../records/rr/reverse.js'
import type { AnyRRset } from '../../records/rr/rrset.js'
import { Holdings } from '../import/holdings/holdings.js'
import { namesAt } from '../import/holdings/names-at.js'
import {
  domainQuestions,
  guessedSelectors,
  guesses,
  hostQuestions,
  type Selectors,
  zoneQuestions,
} from './mail-questions.js'
import { type ZoneAsker, zoneAsker } from './zone-asker.js'

/** What everybody can see in DNS about some mail domains. DNS is asked for names, and lists none: there may be more. */
export interface MailInDns {
  /** The zones of the domains, and the reverse zones with the very same name servers, with what was found in them. */
  readonly zones: ReadonlyMap<Name, ZoneInDns>
  /** The domains that do not exist. */
  readonly missing: readonly Name[]
  readonly pointers: readonly Pointer[]
  /**
   * The domains that have a DKIM key, whatever its selector: something is below their `_domainkey` (RFC 8020). A zone with a
   * wildcard, which answers for every name, does not tell.
   */
  readonly withKeys: readonly Name[]
  /** The DKIM selectors that were tried at each domain. */
  readonly selectors: Selectors
  /** How many names and types were asked for. */
  readonly asked: number
  /** What the reader should know: name servers that disagree, or do not answer. */
  readonly remarks: readonly string[]
}

export interface ZoneInDns {
  readonly nameServers: readonly Name[]
  readonly rrsets: readonly AnyRRset[]
}

/** The names an address leads to. */
export interface Pointer {
  readonly address: Address
  /** Undefined where they could not be looked up. */
  readonly names: readonly Name[] | undefined
}

export interface ObserveRun {
  /** `YYYY-MM-DD`. */
  readonly today: string
  readonly signal: AbortSignal
}

/** Looks at everything about mail that has a name one can guess. Throws where a zone cannot be found or read. */
export async function observeMail(
  dns: PublicDns,
  domains: readonly Name[],
  { today, signal }: ObserveRun,
): Promise<MailInDns> {
  const selectors = guessedSelectors(today)
  const found = await Promise.all(domains.map((domain) => dns.zones.find(domain, signal)))
  const askers = new Map<Name, ZoneAsker>()
  await Promise.all(
    [...new Map(found.map((zone) => [zone.zone, zone])).values()].map(async (zone) => {
      askers.set(zone.zone, await zoneAsker(dns, zone, signal))
    }),
  )
  const missing = await missingDomains(domains, askers)
  const present = domains.filter((domain) => !missing.includes(domain))
  for (const zone of [...askers.keys()])
    if (!present.some((domain) => zoneOf(domain, askers) === zone)) askers.delete(zone)
  await askEach(askers, present, (domain, { zone }) => [...zoneQuestions(zone), ...domainQuestions(domain)])
  await Promise.all(present.map((domain) => askerOf(domain, askers)?.guess(guesses(domain, selectors))))
  const addresses = await askHosts(askers, present)
  await askReports(askers, present)
  const [pointers, reverse] = await askPointers(dns, addresses, [...askers.values()], signal)
  const all = [...askers.values(), ...reverse]
  return {
    zones: new Map(
      all.map((asker) => [
        asker.zone,
        { nameServers: asker.nameServers.map(({ name }) => name), rrsets: asker.rrsets() },
      ]),
    ),
    missing,
    pointers,
    withKeys: present.filter((domain) => hasKeys(domain, askers)),
    selectors,
    asked: all.reduce((sum, asker) => sum + asker.asked().length, 0),
    remarks: all.flatMap((asker) => asker.remarks()),
  }
}

type Askers = ReadonlyMap<Name, ZoneAsker>

function askerOf(name: Name, askers: Askers): ZoneAsker | undefined {
  const zone = zoneOf(name, askers)
  return zone === undefined ? undefined : askers.get(zone)
}

function hasKeys(domain: Name, askers: Askers): boolean {
  const asker = askerOf(domain, askers)
  const hasWildcard = asker?.rrsets().some(({ name }) => name.startsWith('*.'))
  return hasWildcard === false && asker?.lacks(joinName('_domainkey', domain)) === false
}

async function missingDomains(domains: readonly Name[], askers: Askers): Promise<Name[]> {
  await askEach(askers, domains, (name) => [{ name, type: 'MX' }])
  return domains.filter((domain) => askerOf(domain, askers)?.lacks(domain) !== false)
}

async function askEach(
  askers: Askers,
  names: readonly Name[],
  questions: (name: Name, asker: ZoneAsker) => Parameters<ZoneAsker['ask']>[0],
): Promise<void> {
  await Promise.all(
    [...askers.values()].map((asker) =>
      asker.ask(names.filter((name) => askerOf(name, askers) === asker).flatMap((name) => questions(name, asker))),
    ),
  )
}

function holdingsOf(askers: Askers): Holdings {
  return new Holdings(new Map([...askers].map(([zone, asker]) => [zone, asker.rrsets()])))
}

/** Asks about the hosts that MX and SPF lead to inside of the zones, and those that these lead to; gives their addresses. */
async function askHosts(askers: Askers, domains: readonly Name[]): Promise<Address[]> {
  const hosts = new Set<Name>()
  for (let names = domains; names.length > 0; ) {
    const holdings = holdingsOf(askers)
    names = [...new Set(names.flatMap((name) => namesAt(name, holdings)))].filter((name) => !hosts.has(name))
    await askEach(askers, names, hostQuestions)
    for (const name of names) hosts.add(name)
  }
  const holdings = holdingsOf(askers)
  const found = [...hosts].flatMap((host) => {
    const at = holdings.addressesAt(host)
    return 'addresses' in at ? at.addresses : []
  })
  return [...new Set(found)]
}

/** Whether the domains that reports go to say that they want them (RFC 9990 §4). */
async function askReports(askers: Askers, domains: readonly Name[]): Promise<void> {
  const holdings = holdingsOf(askers)
  const pairs = domains.flatMap((domain) =>
    holdings
      .texts(joinName('_dmarc', domain))
      .flatMap((text) => readDmarc(text).value ?? [])
      .flatMap(({ rua, ruf }) =>
        [...rua, ...ruf].flatMap(({ address }) => (address ? { domain, to: address.domain } : [])),
      ),
  )
  const names = pairs.flatMap(({ domain, to }) => [
    joinName(`${domain}_report._dmarc`, to),
    joinName('*._report._dmarc', to),
  ])
  await askEach(askers, names, (name) => [{ name, type: 'TXT' }])
}

/** The PTRs of addresses; and the reverse zones that have the very name servers of one of `own`, which the same hands write to. */
async function askPointers(
  dns: PublicDns,
  addresses: readonly Address[],
  own: readonly ZoneAsker[],
  signal: AbortSignal,
): Promise<[Pointer[], ZoneAsker[]]> {
  const known = new Set(own.map(serversText))
  const reverse = new Map<Name, Promise<ZoneAsker>>()
  const pointers = addresses.filter(isPublic).map(async (address): Promise<Pointer> => {
    const question = { name: reverseName(address), type: 'PTR' }
    const answer = await unlessUnavailable(dns.resolver.resolve(question, signal))
    const zone = await unlessUnavailable(dns.zones.find(question.name, signal))
    if (zone && known.has(serversText(zone))) {
      const asker = reverse.get(zone.zone) ?? zoneAsker(dns, zone, signal)
      reverse.set(zone.zone, asker)
      await (await asker).ask([...zoneQuestions(zone.zone), question])
    }
    return { address, names: answer && pointersIn(answer.answer) }
  })
  return [await Promise.all(pointers), await Promise.all(reverse.values())]
}

function serversText({ nameServers }: DelegatedZone): string {
  return nameServers
    .map(({ name }) => name)
    .sort()
    .join(' ')
}

/** A CNAME before it may lead into a classless zone (RFC 2317). */
function pointersIn(answer: readonly AnyRRset[]): Name[] {
  return answer.flatMap((rrset) => rrsetIn([rrset], rrset.name, 'PTR')?.rdata ?? [])
}

async function unlessUnavailable<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (error instanceof MailsyncError && error.code !== 'cancelled') return undefined
    throw error
  }
}
