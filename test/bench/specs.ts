import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A spec of a hosting company: so many domains on a few hosts, each domain in a zone of its own. */
export function hostingSpec(domains: number, provider: string, { keys = true }: { keys?: boolean } = {}): string {
  const names = Array.from({ length: domains }, (_, index) => `customer${index}.example`)
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
    `  dkim: ${keys ? '{ algorithms: [ed25519] }' : 'false'}`,
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
export async function writeKeyIndexes(directory: string, domains: number): Promise<void> {
  for (let index = 0; index < domains; index++) {
    const folder = join(directory, `customer${index}.example`)
    await mkdir(folder, { recursive: true })
    const publicKey = Buffer.alloc(32, `key ${index}`).toString('base64')
    const keys = [{ selector: 's202611', algorithm: 'ed25519', state: 'active', created: '2026-11-22', publicKey }]
    await writeFile(join(folder, 'public.json'), `${JSON.stringify({ version: 1, keys }, null, 2)}\n`)
  }
}
