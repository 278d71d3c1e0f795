import ipaddr from 'ipaddr.js'
import { once } from '../../records/once.js'
import type { Address } from '../../records/rr/address.js'

/** Somebody whom many have their addresses from. */
interface Holder {
  readonly name: string
  /** Of providers that set the PTR there. */
  readonly classes: readonly string[]
  /** Where the PTR is set there. */
  readonly place: string
  readonly networks: string
}

/**
 * Large networks that registries have allotted to one company each for years, written down in November 2026 and far from complete.
 * An address can have been sold or lent since then, so what comes of it is only ever told as likely.
 */
const HOLDERS: readonly Holder[] = [
  {
    name: 'Amazon Web Services',
    classes: ['ec2'],
    place: 'EC2 console, Elastic IPs, "Update reverse DNS"; the A record must be there first',
    networks:
      '3.0.0.0/8 18.128.0.0/9 34.192.0.0/10 44.192.0.0/10 52.0.0.0/10 54.64.0.0/11 54.144.0.0/12 54.160.0.0/11 2600:1f00::/24 2406:da00::/24 2a05:d000::/25',
  },
  {
    name: 'Google Cloud',
    classes: ['gcp'],
    place: 'the network interface of the instance, "Public DNS PTR record"; the domain must be verified first',
    networks:
      '34.64.0.0/10 35.184.0.0/13 35.192.0.0/12 35.208.0.0/12 35.224.0.0/12 104.154.0.0/15 104.196.0.0/14 130.211.0.0/16 2600:1900::/28',
  },
  {
    name: 'Microsoft Azure',
    classes: ['azure'],
    place: '`az network public-ip update --reverse-fqdn`; the A record must be there first',
    networks:
      '13.64.0.0/11 20.33.0.0/16 20.36.0.0/14 20.40.0.0/13 20.48.0.0/12 20.64.0.0/10 40.64.0.0/10 52.145.0.0/16 52.146.0.0/15 52.148.0.0/14 52.152.0.0/13 52.160.0.0/11 104.40.0.0/13 104.208.0.0/13 2603:1000::/24',
  },
  {
    name: 'Hetzner',
    classes: ['hetzner', 'hetzner-robot'],
    place: 'Hetzner Console, the server, Networking, "Edit reverse DNS"; of a dedicated server: Robot, IPs',
    networks:
      '5.9.0.0/16 46.4.0.0/16 65.21.0.0/16 65.108.0.0/15 78.46.0.0/15 88.99.0.0/16 88.198.0.0/16 94.130.0.0/16 95.216.0.0/15 116.202.0.0/15 135.181.0.0/16 136.243.0.0/16 138.201.0.0/16 144.76.0.0/16 148.251.0.0/16 157.90.0.0/16 159.69.0.0/16 162.55.0.0/16 167.235.0.0/16 168.119.0.0/16 176.9.0.0/16 178.63.0.0/16 188.40.0.0/16 195.201.0.0/16 2a01:4f8::/31',
  },
  {
    name: 'OVHcloud',
    classes: ['ovh'],
    place:
      'OVHcloud Control Panel, Network, Public IP addresses, "Modify the reverse path"; the A record must be there first',
    networks:
      '51.254.0.0/15 54.36.0.0/14 91.121.0.0/16 92.222.0.0/16 94.23.0.0/16 137.74.0.0/16 144.217.0.0/16 145.239.0.0/16 147.135.0.0/16 149.56.0.0/16 149.202.0.0/16 151.80.0.0/16 158.69.0.0/16 164.132.0.0/16 167.114.0.0/16 176.31.0.0/16 178.32.0.0/15 188.165.0.0/16 192.99.0.0/16 2001:41d0::/32 2607:5300::/32',
  },
  {
    name: 'DigitalOcean',
    classes: ['digitalocean'],
    place: 'the name of the Droplet is the PTR: rename it to the host name',
    networks:
      '104.131.0.0/16 104.236.0.0/16 138.68.0.0/16 138.197.0.0/16 139.59.0.0/16 142.93.0.0/16 157.230.0.0/16 157.245.0.0/16 159.65.0.0/16 159.89.0.0/16 159.203.0.0/16 165.22.0.0/16 165.227.0.0/16 167.71.0.0/16 167.99.0.0/16 178.128.0.0/16 188.166.0.0/16 206.189.0.0/16 2604:a880::/32 2a03:b0c0::/32',
  },
  {
    name: 'Linode (Akamai)',
    classes: ['linode'],
    place: 'Cloud Manager, the Linode, Network, "Edit RDNS"; the A record must be there first',
    networks: '45.33.0.0/17 45.79.0.0/16 139.162.0.0/16 172.104.0.0/15 2600:3c00::/28 2a01:7e00::/31',
  },
  {
    name: 'Vultr',
    classes: ['vultr'],
    place: 'the instance, Settings, IPv4 or IPv6, "Reverse DNS"',
    networks: '45.32.0.0/16 45.63.0.0/17 45.76.0.0/15 108.61.0.0/16 149.28.0.0/16 2001:19f0::/32',
  },
  {
    name: 'Scaleway',
    classes: ['scaleway'],
    place: 'Scaleway console, the flexible IP, "Edit reverse DNS"; the A record must be there first',
    networks: '51.15.0.0/16 51.158.0.0/15 62.210.0.0/16 163.172.0.0/16 195.154.0.0/16 2001:bc8::/32',
  },
]

const networks = once(() =>
  HOLDERS.flatMap((holder) => holder.networks.split(' ').map((cidr) => ({ holder, network: ipaddr.parseCIDR(cidr) }))),
)

function holderOf(address: Address): Holder | undefined {
  const parsed = ipaddr.parse(address)
  return networks().find(({ network: [base, bits] }) => base.kind() === parsed.kind() && parsed.match(base, bits))
    ?.holder
}

/** With which providers mailsync can set the reverse names itself, as a sentence with a space behind it; empty where that cannot be told. */
export function ownerText(addresses: readonly Address[]): string {
  const [first, ...others] = new Set(addresses.map(holderOf))
  if (first === undefined || others.length > 0) return ''
  const classes = first.classes.map((type) => `\`class: ${type}\``).join(' or ')
  return `They look like addresses of ${first.name}: with the name of a provider of ${classes} here, mailsync sets it. `
}

/** Whom to ask about the reverse names of some addresses, as far as it can be told without a look-up. */
export function holderText(addresses: readonly Address[]): string {
  const [first, ...others] = new Set(addresses.map(holderOf))
  if (first === undefined || others.length > 0) return 'your ISP or hosting provider: whoever gave you the address'
  return `${first.name}, as it looks by the network: ${first.place}`
}
