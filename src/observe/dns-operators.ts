import { type Name, parentOf, ROOT } from '../../records/rr/name.js'

/** Who runs name servers (RFC 9499: DNS operator), and the adapter that writes there. */
export interface DnsOperator {
  /** As people call it. */
  readonly title: string
  /** `manual` where there is no API that is of use, or none that is known here. */
  readonly class: 'cloudflare' | 'route53' | 'hetzner' | 'octodns' | 'manual'
  /** For `octodns`: what its `provider` block needs. */
  readonly octodns?: OctodnsPlugin
}

export interface OctodnsPlugin {
  /** On PyPI. */
  readonly package: string
  readonly class: string
  /** Those that the constructor wants. */
  readonly options: readonly string[]
}

const native = (title: string, type: 'cloudflare' | 'route53' | 'hetzner'): DnsOperator => ({ title, class: type })
const panel = (title: string): DnsOperator => ({ title, class: 'manual' })
const octodns = (title: string, module: string, type: string, ...options: string[]): DnsOperator => ({
  title,
  class: 'octodns',
  octodns: { package: module.replaceAll('_', '-'), class: `${module}.${type}`, options },
})

const CLOUDFLARE = native('Cloudflare', 'cloudflare')
const HETZNER = native('Hetzner', 'hetzner')
const AZURE = octodns('Azure DNS', 'octodns_azure', 'AzureProvider', 'sub_id', 'resource_group')
const CLOUDNS = octodns('ClouDNS', 'octodns_cloudns', 'ClouDNSProvider', 'auth_id', 'auth_password')
const DESEC = octodns('deSEC', 'octodns_desec', 'DesecProvider', 'token')
const DNSIMPLE = octodns('DNSimple', 'octodns_dnsimple', 'DnsimpleProvider', 'token', 'account')
const EASYDNS = octodns('easyDNS', 'octodns_easydns', 'EasyDnsProvider', 'token', 'api_key')
const EXOSCALE = octodns('Exoscale', 'octodns_exoscale', 'ExoscaleProvider', 'auth_key', 'auth_secret', 'auth_zone')
const GCORE = octodns('Gcore', 'octodns_gcore', 'GCoreProvider', 'token')
const INFOMANIAK = octodns('Infomaniak', 'octodns_infomaniak', 'InfomaniakProvider', 'token')
const INWX = octodns('INWX', 'octodns_inwx', 'INWXProvider', 'username', 'api_password')
const OVH = octodns(
  'OVHcloud',
  'octodns_ovh',
  'OvhProvider',
  'endpoint',
  'application_key',
  'application_secret',
  'consumer_key',
)
const SELECTEL = octodns('Selectel', 'octodns_selectel', 'SelectelProvider', 'token')
const TRANSIP = octodns('TransIP', 'octodns_transip', 'TransipProvider', 'account', 'key')
const ULTRA = octodns('UltraDNS', 'octodns_ultra', 'UltraProvider', 'account', 'username', 'password')
const AKAMAI = octodns(
  'Akamai Edge DNS',
  'octodns_edgedns',
  'AkamaiProvider',
  'client_secret',
  'host',
  'access_token',
  'client_token',
)
const IONOS = panel('IONOS')

/** By the domain that the names of the name servers end in. Classes and options as of the packages' newest versions, 2026-11. */
const BY_SUFFIX: Readonly<Record<string, DnsOperator>> = {
  'ns.cloudflare.com': CLOUDFLARE,
  'foundationdns.com': CLOUDFLARE,
  'foundationdns.net': CLOUDFLARE,
  'foundationdns.org': CLOUDFLARE,
  'ns.hetzner.com': HETZNER,
  'ns.hetzner.de': HETZNER,
  'azure-dns.com': AZURE,
  'azure-dns.net': AZURE,
  'azure-dns.org': AZURE,
  'azure-dns.info': AZURE,
  'akam.net': AKAMAI,
  'bunny.net': octodns('bunny.net', 'octodns_bunny', 'BunnyProvider', 'api_key'),
  'cloudns.net': CLOUDNS,
  'constellix.com': octodns('Constellix', 'octodns_constellix', 'ConstellixProvider', 'api_key', 'secret_key'),
  'constellix.net': octodns('Constellix', 'octodns_constellix', 'ConstellixProvider', 'api_key', 'secret_key'),
  'desec.io': DESEC,
  'desec.org': DESEC,
  'digitalocean.com': octodns('DigitalOcean', 'octodns_digitalocean', 'DigitalOceanProvider', 'token'),
  'dnsimple.com': DNSIMPLE,
  'dnsimple-edge.net': DNSIMPLE,
  'dnsimple-edge.org': DNSIMPLE,
  'dnsmadeeasy.com': octodns('DNS Made Easy', 'octodns_dnsmadeeasy', 'DnsMadeEasyProvider', 'api_key', 'secret_key'),
  'easydns.com': EASYDNS,
  'easydns.net': EASYDNS,
  'easydns.org': EASYDNS,
  'exoscale.com': EXOSCALE,
  'exoscale.ch': EXOSCALE,
  'exoscale.net': EXOSCALE,
  'exoscale.io': EXOSCALE,
  'gandi.net': octodns('Gandi', 'octodns_gandi', 'GandiProvider', 'token'),
  'gcorelabs.net': GCORE,
  'gcdn.services': GCORE,
  'infomaniak.ch': INFOMANIAK,
  'infomaniak.com': INFOMANIAK,
  'inwx.de': INWX,
  'inwx.eu': INWX,
  'inwx.com': INWX,
  'mythic-beasts.com': octodns(
    'Mythic Beasts',
    'octodns_mythicbeasts',
    'MythicBeastsProvider',
    'api_key',
    'api_secret',
  ),
  'nsone.net': octodns('NS1', 'octodns_ns1', 'Ns1Provider', 'api_key'),
  'ovh.net': OVH,
  'ovh.ca': OVH,
  'anycast.me': OVH,
  'dom.scw.cloud': octodns('Scaleway', 'octodns_scaleway', 'ScalewayProvider', 'token'),
  'selectel.org': SELECTEL,
  'selectel.ru': SELECTEL,
  'transip.net': TRANSIP,
  'transip.nl': TRANSIP,
  'transip.eu': TRANSIP,
  'ultradns.com': ULTRA,
  'ultradns.net': ULTRA,
  'ultradns.org': ULTRA,
  'ultradns.biz': ULTRA,
  'cafe24.com': panel('Cafe24'),
  'dns-parking.com': panel('Hostinger'),
  'domaincontrol.com': panel('GoDaddy'),
  'first-ns.de': panel('Hetzner Robot'),
  'second-ns.com': panel('Hetzner Robot'),
  'second-ns.de': panel('Hetzner Robot'),
  'gabia.net': panel('Gabia'),
  'gabia.io': panel('Gabia'),
  'gabia.co.kr': panel('Gabia'),
  'googledomains.com': panel('Squarespace'),
  'he.net': panel('Hurricane Electric'),
  'linode.com': panel('Linode'),
  'name.com': panel('Name.com'),
  'netcup.net': panel('netcup'),
  'one.com': panel('one.com'),
  'registrar-servers.com': panel('Namecheap'),
  'rzone.de': panel('Strato'),
  'squarespacedns.com': panel('Squarespace'),
  'ui-dns.com': IONOS,
  'ui-dns.org': IONOS,
  'ui-dns.de': IONOS,
  'ui-dns.biz': IONOS,
  'vultr.com': panel('Vultr'),
  'wixdns.net': panel('Wix'),
}

/** Names whose pattern is more than a suffix. */
const BY_PATTERN: readonly (readonly [RegExp, DnsOperator])[] = [
  [/\.awsdns-\d+\.(?:com|net|org|co\.uk)\.$/, native('Amazon Route 53', 'route53')],
  [
    /^ns-cloud-[a-e]\d\.googledomains\.com\.$/,
    octodns('Google Cloud DNS', 'octodns_googlecloud', 'GoogleCloudProvider', 'project'),
  ],
]

/** Who runs these name servers, each once; undefined for one that nobody here knows. */
export function operatorsOf(nameServers: readonly Name[]): (DnsOperator | undefined)[] {
  const found = nameServers.map(operatorOf)
  return found.filter((one, index) => found.findIndex((other) => other?.title === one?.title) === index)
}

function operatorOf(nameServer: Name): DnsOperator | undefined {
  const known = BY_PATTERN.find(([pattern]) => pattern.test(nameServer))?.[1]
  if (known) return known
  for (let name = parentOf(nameServer); name !== ROOT; name = parentOf(name)) {
    const suffix = name.slice(0, -1)
    if (Object.hasOwn(BY_SUFFIX, suffix)) return BY_SUFFIX[suffix]
  }
  return undefined
}

/** The one operator of a zone whose name servers are all of one; undefined where nobody knows it, or they are of several. */
export function soleOperator(nameServers: readonly Name[]): DnsOperator | undefined {
  const [operator, ...others] = operatorsOf(nameServers)
  return others.length === 0 ? operator : undefined
}

/** What is known of a provider class of octoDNS; undefined where it is none of these. */
export function octodnsPlugin(className: string): OctodnsPlugin | undefined {
  const all = [...Object.values(BY_SUFFIX), ...BY_PATTERN.map(([, operator]) => operator)]
  return all.find(({ octodns }) => octodns?.class === className)?.octodns
}
