import { checkHost } from '../../../records/families/spf/evaluate/check-host.js'
import { heeded, isSpfValue, networkText, readSpf } from '../../../records/families/spf/read-spf.js'
import { relays } from '../../../records/relays/index.js'
import { type Address, heldAddress, isPublic } from '../../../records/rr/address.js'
import { isWithin, type Name, ROOT, withoutDot } from '../../../records/rr/name.js'
import { rdataTexts } from '../../../records/rr/rrset.js'
import { guessedSelectors } from '../../observe/mail-questions.js'
import type { DnsView } from '../view/dns-view.js'
import type { CheckedDomain, CheckedHost, Scope, Sender } from './scope.js'

/** What DNS tells of domains that are in no spec. @param today `YYYY-MM-DD` */
export async function foundScope(names: readonly Name[], dns: DnsView, today: string): Promise<Scope> {
  const selectors = usualSelectors(today)
  const found = await Promise.all(names.map((name) => foundDomain(name, dns, selectors)))
  const hosts = new Map<Name, CheckedHost>()
  for (const { hosts: own } of found)
    for (const host of own)
      hosts.set(host.name, { ...host, mailOf: [...(hosts.get(host.name)?.mailOf ?? []), ...(host.mailOf ?? [])] })
  const zones = await Promise.all(
    names.map((name) =>
      dns.zone(name).then(
        ({ zone }) => zone,
        () => name,
      ),
    ),
  )
  return {
    domains: found.map(({ domain }) => domain),
    hosts: [...hosts.values()],
    zones: [...new Set(zones)].map((name) => ({ name })),
    records: new Map(),
  }
}

/** Those of the relay catalogue first. */
function usualSelectors(today: string): string[] {
  const ofRelays = relays.flatMap(({ dkim }) => dkim.flat().map(({ selector }) => selector))
  const { common, monthly } = guessedSelectors(today)
  return [...new Set([...ofRelays.filter((selector) => !selector.includes('{')), ...common, ...monthly])]
}

async function foundDomain(
  name: Name,
  dns: DnsView,
  selectors: readonly string[],
): Promise<{ readonly domain: CheckedDomain; readonly hosts: readonly CheckedHost[] }> {
  const mx = await dns.look(name, 'MX')
  const exchanges = mx.kind === 'answer' ? mx.rrset.rdata.map(({ exchange }) => exchange) : []
  const targets = exchanges.filter((exchange) => exchange !== ROOT)
  const spf = await spfOf(name, dns)
  const senders = await sendersOf(name, targets, spf, dns)
  const sends =
    spf === undefined
      ? targets.length > 0
      : spf.directives.some(({ kind, qualifier }) => kind !== 'all' || qualifier === '+')
  return {
    domain: { name, sends, senders, keys: selectors.map((selector) => ({ selector })) },
    hosts: targets.map((host) => ({
      name: host,
      receives: true,
      mailOf: [name],
      sends: senders.filter(({ helo }) => helo === host),
    })),
  }
}

async function spfOf(name: Name, dns: DnsView) {
  const look = await dns.look(name, 'TXT')
  const [value] = look.kind === 'answer' ? rdataTexts(look.rrset).filter(isSpfValue) : []
  return value === undefined ? undefined : readSpf(value).value
}

/**
 * Who sends for sure: single addresses that the SPF names, and the MX hosts below the domain itself that it lets pass. Others' MX hosts
 * mostly only receive.
 */
async function sendersOf(
  name: Name,
  targets: readonly Name[],
  spf: Awaited<ReturnType<typeof spfOf>>,
  dns: DnsView,
): Promise<Sender[]> {
  if (spf === undefined) return []
  const own = targets.filter((host) => isWithin(host, name))
  const ofHosts = await Promise.all(
    own.map(async (host): Promise<Sender[]> => {
      const looks = await Promise.all([dns.look(host, 'A'), dns.look(host, 'AAAA')])
      const addresses = looks.flatMap((look) =>
        look.kind === 'answer' ? (look.rrset.rdata as readonly Address[]) : [],
      )
      return addresses.map((address) => ({ address, helo: host }))
    }),
  )
  const single = heeded(spf).flatMap((directive): Sender[] => {
    const address =
      'network' in directive && directive.qualifier === '+' ? heldAddress(networkText(directive)) : undefined
    return address === undefined ? [] : [{ address }]
  })
  const candidates = new Map<Address, Sender>()
  for (const sender of [...single, ...ofHosts.flat()]) candidates.set(sender.address, sender)
  const passing = await Promise.all(
    [...candidates.values()].map(async (sender) => {
      const { result } = await checkHost({ ip: sender.address, mailFrom: `postmaster@${withoutDot(name)}` }, dns.spf)
      return result === 'pass' && isPublic(sender.address) ? [sender] : []
    }),
  )
  return passing.flat()
}
