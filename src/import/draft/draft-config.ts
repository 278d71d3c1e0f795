import { MailsyncError } from '../../../records/error.js'
import { compareNames, type Name, zoneOf } from '../../../records/rr/name.js'
import { reverseOwners } from '../../../records/rr/reverse.js'
import { DEFAULT_TTL } from '../../config/build.js'
import { ownersOf } from '../holdings/holdings.js'
import type { Gathered } from '../source/gather.js'
import type { ProviderDraft } from '../source/source.js'
import { draftDomain } from './domains/draft-domain.js'
import type { Draft, HostDraft } from './draft.js'
import { withRelays } from './draft-relays.js'
import { hostDrafter } from './hosts/draft-host.js'
import { findHosts } from './hosts/host-names.js'
import { remark } from './remark.js'

const ONLY_SENDS =
  'No MX leads here: an SPF names it, and it may be a web server as well. Its addresses are used, and never written.'

/** The spec that says what was gathered about these domains, before it was tried. */
export function draftSpec(domains: readonly Name[], gathered: Gathered, provider: ProviderDraft): Draft {
  const owner = soleOwner(gathered)
  const draftHost = hostDrafter(gathered)
  const hosts = findHosts(domains, owner, gathered).map(({ name, addresses, onlySends }) => {
    const host = draftHost(name, addresses)
    const about = onlySends ? [remark('publish' as const, ONLY_SENDS)] : []
    const draft = { ...host, publish: !onlySends, remarks: [...about, ...host.remarks] }
    return [name, domains.includes(name) ? withoutHelo(draft) : draft] as const
  })
  const byName = new Map(hosts)
  const drafts = domains.map((name) =>
    withRelays(draftDomain(name, gathered.holdings, byName), domains, gathered.holdings),
  )
  const spfDomains = new Set(drafts.filter(({ spf, parked }) => parked || spf !== false).map(({ name }) => name))
  const withHelo = hosts.map(
    ([name, host]) => [name, spfDomains.has(name) ? { ...host, heloSpf: true } : host] as const,
  )
  const byDomain = new Map(drafts.map((draft) => [draft.name, draft]))
  return { provider, owner, ttl: DEFAULT_TTL, hosts: new Map(withHelo), domains: byDomain }
}

/** At the name of a domain stands the domain's SPF, or none of ours; and its CAA are the domain's. */
function withoutHelo({ caa: _, ...host }: HostDraft): HostDraft {
  const remarks = host.remarks.filter(({ key }) => key !== 'helo_spf' && key !== 'caa')
  return { ...host, egress: [], heloSpf: false, remarks }
}

/** The zones a spec with these hosts has to declare: those of the domains, the hosts, and last those of the PTR it keeps. */
export function declaredZones({ hosts, several }: Draft, { holdings, own }: Gathered): Name[] {
  const ownerOf = reverseOwners([...holdings.zones.keys()])
  const forward = [...hosts.values()].flatMap(({ name }) => zoneOf(name, holdings.zones) ?? [])
  const reverse = [...hosts.values()].flatMap((host) =>
    host.reverse === 'auto' ? host.addresses.flatMap((address) => ownerOf(address)?.zone ?? []) : [],
  )
  const others = several?.zones ?? []
  return [...new Set([...[...own, ...forward].sort(compareNames), ...reverse.sort(compareNames), ...others])]
}

function soleOwner({ holdings, own }: Gathered): string | undefined {
  const owners = [...own].flatMap((zone) => ownersOf(zone, holdings.zones.get(zone) ?? []))
  const [owner, ...others] = new Set(owners)
  if (owner === undefined || (others.length === 0 && /^[A-Za-z0-9._-]{1,63}$/.test(owner))) return owner
  throw new MailsyncError(
    'guard',
    `specs of mailsync already write into these zones; their owners: ${[owner, ...others].join(', ')}`,
    { hint: 'add the domains to one of those specs' },
  )
}
