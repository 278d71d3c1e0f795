import type { DkimPublicKey } from '../../records/families/dkim/dkim-key.js'
import type { Name } from '../../records/rr/name.js'
import { rsaKey } from '../render/plan/plans.js'
import type { World } from './html-world.js'

const HEAD = `providers:
  cloudflare: { class: memory }
  dns1: { class: memory }
`

function key(selector: string, algorithm: DkimPublicKey['algorithm'], publicKey: string): DkimPublicKey {
  return { domain: 'example.com.' as Name, selector, algorithm, state: 'signing', publicKey }
}

const ED = key('s202611-ed25519', 'ed25519', '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=')

/** A company that moves: a new backup host, a NAT that is gone, a stricter policy, a parked domain, another that leaves. */
export const MOVE: World = {
  before: `${HEAD}zones:
  example.com.: { targets: [cloudflare] }
  example.net.: { targets: [cloudflare] }
  old.example.: { targets: [cloudflare] }
  2.0.192.in-addr.arpa.: { targets: [dns1] }
defaults: { dmarc: { rua: [dmarc@example.com] } }
hosts:
  mail.example.com:
    addresses: [192.0.2.10, 2001:db8::10]
    egress: [198.51.100.7]
  web.example.com: { addresses: [192.0.2.80] }
domains:
  example.com:
    mx: [mail.example.com]
    spf: { hosts: [web.example.com], include: [spf.mailjet.com, _spf.google.com] }
    dmarc: { policy: quarantine, adkim: strict }
  example.net: { mx: [mail.example.com], dkim: false }
  old.example: { mx: [mail.example.com], dkim: false }
`,
  spec: `${HEAD}zones:
  example.com.: { targets: [cloudflare] }
  example.net.: { targets: [cloudflare] }
  old.example.: { targets: [cloudflare] }
  parked.example.: { targets: [cloudflare] }
  2.0.192.in-addr.arpa.: { targets: [dns1] }
  xn--bcher-kva.example.: { targets: [dns1] }
defaults: { dmarc: { rua: [dmarc@example.com] } }
hosts:
  mail.example.com:
    addresses: [192.0.2.10, 2001:db8::10]
  mx2.example.com:
    addresses: [192.0.2.11]
    egress: [203.0.113.0]
  web.example.com: { addresses: [192.0.2.80], reverse: false }
domains:
  example.com:
    mx: [mail.example.com, mx2.example.com, { host: backup.example.org, preference: 50 }]
    spf: { hosts: [web.example.com], include: [_spf.google.com], all: fail }
    dmarc: { policy: reject, adkim: strict, subdomains: quarantine, testing: true }
  example.net: { mx: [mail.example.com], dkim: false }
  bücher.example: { mx: [mail.example.com, mx2.example.com], dkim: false }
  parked.example: { mail: none }
`,
  keysBefore: [key('s202605', 'rsa-2048', rsaKey('kP4mayQz')), ED],
  keys: [key('s202611', 'rsa-2048', rsaKey('zW9novRt')), ED],
  strangers: [
    {
      type: 'TXT',
      name: 'example.com.' as Name,
      ttl: 3600,
      rdata: [
        'v=spf1 ip4:192.0.2.10 ip4:192.0.2.80 ip4:198.51.100.7 ip6:2001:db8::10 include:_spf.google.com include:spf.mailjet.com ~all',
        'google-site-verification=3lVqZ0cC0bXkq',
        'MS=ms71738291',
      ],
    },
    {
      type: 'MX',
      name: 'xn--bcher-kva.example.' as Name,
      ttl: 300,
      rdata: [{ preference: 10, exchange: 'mx.oldhoster.example.' as Name }],
    },
  ],
}

/** The same, and one zone cannot be read. */
export const BROKEN: World = { ...MOVE, unreadable: ['example.net.'] }

/** Nothing differs. */
export const QUIET: World = {
  spec: MOVE.before as string,
  before: MOVE.before as string,
  keys: MOVE.keysBefore ?? [],
  keysBefore: MOVE.keysBefore ?? [],
}

/** One domain, nothing in DNS yet, no key made. */
export const FIRST: World = {
  spec: `providers: { dns: { class: memory } }
zones: { example.com.: { targets: [dns] } }
hosts: { mail.example.com: { addresses: [192.0.2.10] } }
domains: { example.com: { mx: [mail.example.com] } }
`,
}

/** Fifty domains on a few hosts and relays. */
export const FIFTY: World = { spec: many(50), before: many(47) }

/** So many domains that a page of all of them could not be read. */
export function many(count: number): string {
  const domains = Array.from({ length: count }, (_, index) => {
    const relay = index % 7 === 0 ? ', include: [_spf.google.com]' : index % 5 === 0 ? ', include: [amazonses.com]' : ''
    const mx = index % 11 === 0 ? '[mx2.example.com]' : '[mx1.example.com, mx2.example.com]'
    if (index % 13 === 12) return `  d${index}.example: { mail: none }`
    const policy = index % 3 === 0 ? 'reject' : 'quarantine'
    return `  d${index}.example: { mx: ${mx}, spf: { hosts: [out.example.com]${relay} }, dkim: false, dmarc: { policy: ${policy} } }`
  })
  return `${HEAD}zones:
  example.com.: { targets: [cloudflare] }
  2.0.192.in-addr.arpa.: { targets: [dns1] }
${Array.from({ length: count }, (_, index) => `  d${index}.example.: { targets: [cloudflare] }`).join('\n')}
hosts:
  mx1.example.com: { addresses: [192.0.2.1, 2001:db8::1] }
  mx2.example.com: { addresses: [192.0.2.2] }
  out.example.com: { addresses: [192.0.2.3], egress: [198.51.100.3] }
domains:
${domains.join('\n')}
`
}
