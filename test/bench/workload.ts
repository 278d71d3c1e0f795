import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Zones as a hosting company has them. Each has 12 RRsets beside SOA and NS: six of mailsync (MX, the apex TXT that SPF
 * shares with a stranger's token, DMARC, two DKIM keys, the manifest) and six of others.
 */
export function zoneNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `customer${index}.example`)
}

const FOREIGN = [
  ['', 'A', '198.51.100.10'],
  ['', 'AAAA', '2001:db8:0:10::10'],
  ['autodiscover', 'CNAME', 'autodiscover.hosting.example.'],
  ['ftp', 'A', '198.51.100.11'],
  ['shop', 'A', '198.51.100.12'],
  ['www', 'CNAME', 'web.hosting.example.'],
] as const
const TOKEN = 'hosting-site-verification=Zm9yZWlnbi12YWx1ZS0wMDAx'

/** What stands in each zone before mailsync, as lines of a master file. */
export const FOREIGN_LINES = [
  ...FOREIGN.map(([name, type, value]) => `${name || '@'} 3600 IN ${type} ${value}`),
  `@ 3600 IN TXT "${TOKEN}"`,
].join('\n')

/** The same as an octoDNS file. */
export const FOREIGN_YAML = `---
'':
- type: A
  value: 198.51.100.10
- type: AAAA
  value: 2001:db8:0:10::10
- type: TXT
  value: ${TOKEN}
autodiscover:
  type: CNAME
  value: autodiscover.hosting.example.
ftp:
  type: A
  value: 198.51.100.11
shop:
  type: A
  value: 198.51.100.12
www:
  type: CNAME
  value: web.hosting.example.
`

/** The spec of all zones: ten mail hosts, and two of them for each domain. */
export function workloadSpec(count: number, provider: string): string {
  const names = zoneNames(count)
  const hosts = Array.from(
    { length: 10 },
    (_, index) =>
      `  mx${index}.customer0.example: { addresses: [198.18.0.${index + 1}, 2001:db8::${index + 1}], reverse: false }`,
  )
  return [
    'providers:',
    `  dns: ${provider}`,
    'zones:',
    ...names.map((name) => `  ${name}.: { targets: [dns] }`),
    'defaults:',
    '  dkim: { algorithms: [rsa-2048, ed25519] }',
    '  dmarc: { policy: quarantine, rua: [dmarc@customer0.example] }',
    'hosts:',
    ...hosts,
    'domains:',
    ...names.map(
      (name, index) =>
        `  ${name}:\n    mx: [mx${index % 10}.customer0.example, { host: mx${(index + 1) % 10}.customer0.example, preference: 50 }]\n    spf: { include: [_spf.relay.example], all: fail }`,
    ),
    '',
  ].join('\n')
}

/** Public indexes as `dkim generate` writes them, with made-up public keys: a benchmark of DNS is none of key making. */
export async function writeKeyIndexes(directory: string, count: number): Promise<void> {
  for (const [index, name] of zoneNames(count).entries()) {
    const folder = join(directory, name)
    await mkdir(folder, { recursive: true })
    const keys = publicKeys(index).map((key) => ({ ...key, state: 'active', created: '2026-11-22' }))
    await writeFile(join(folder, 'public.json'), `${JSON.stringify({ version: 1, keys }, null, 2)}\n`)
  }
}

/** The made-up public keys of a zone, in base64. */
export function publicKeys(index: number): { selector: string; algorithm: string; publicKey: string }[] {
  return [
    { selector: 's202611e', algorithm: 'ed25519', publicKey: Buffer.alloc(32, `key ${index}`).toString('base64') },
    { selector: 's202611', algorithm: 'rsa-2048', publicKey: madeUpRsaKey(index).toString('base64') },
  ]
}

/** A SubjectPublicKeyInfo of 2048 bits, whose modulus is no product of primes. */
function madeUpRsaKey(index: number): Buffer {
  const head = '30820122300d06092a864886f70d01010105000382010f003082010a0282010100'
  const modulus = Buffer.alloc(256, `modulus ${index} `)
  modulus.writeUInt8(0xc1, 0)
  modulus.writeUInt8(0xc1, 255)
  return Buffer.concat([Buffer.from(head, 'hex'), modulus, Buffer.from('0203010001', 'hex')])
}
